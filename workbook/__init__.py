"""The commissioning workbook: need, ambition, scheme, money and stopped service as one plan.

What an analyst needs from Python stands here and is imported only when asked
for, so that ``workbook --help`` stays fast::

    import workbook as wb
    plan = wb.open_plan("north.plan.json")
    wb.needs(plan)
"""

import sys

# jsonschema tries to import rfc3987_syntax, which builds a grammar for some two
# seconds, to check a string format that nothing here uses. uv leaves the package
# out (pyproject.toml); this line does the same for plain pip.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__version__ = "0.1.0"
