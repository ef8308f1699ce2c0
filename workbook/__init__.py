"""The commissioning workbook: need, ambition, scheme, money and stopped service as one plan.

What an analyst needs from Python stands here and is imported only when asked
for, so that ``workbook --help`` stays fast::

    import workbook as wb
    plan = wb.open_plan("north.plan.json")
    wb.step("needs", plan).results
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.blocks import Step
    from workbook.guide.page import Page as GuidePage
    from workbook.pack.report import Page as ReportPage
    from workbook.plan import Plan

# jsonschema tries to import rfc3987_syntax, which builds a grammar for some two
# seconds, to check a string format that nothing here uses. uv leaves the package
# out (pyproject.toml); this line does the same for plain pip.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__version__ = "0.1.0"


def start(step_id: str, plan_path: str = "", mode: str = "guide") -> ReportPage | GuidePage:
    """The page of one step, for its notebook: forms in the guide, answers in a report."""
    if mode == "report":
        from workbook.pack import report

        return report.Page(step_id, plan_path)
    from workbook.guide import page

    return page.Page(step_id, plan_path)


def open_plan(path: Path | str) -> Plan:
    """The plan in a file."""
    from workbook.plan import store

    return store.read(path)


def step(step_id: str, plan: Plan) -> Step:
    """A step worked out from a plan and the figures on hand: its blocks, findings and results.

    ``step_id`` is one of :data:`workbook.steps.TITLES`; KeyError for any other.
    """
    from workbook.reference import Reference
    from workbook.steps import run

    return run(step_id, plan, Reference.open())
