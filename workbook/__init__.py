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


def start(step_id: str, plan_path: str = "", mode: str = "guide"):
    """The page of one step, for its notebook: forms in the guide, answers in a report."""
    if mode == "report":
        from workbook.pack.report import Page
    else:
        from workbook.guide.page import Page
    return Page(step_id, plan_path)


def open_plan(path):
    """The plan in a file."""
    from workbook.plan import store

    return store.read(path)
