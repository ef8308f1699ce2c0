"""The steps of the workbook: each a function of a plan and the reference that gives blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbook.blocks import Step

if TYPE_CHECKING:
    from workbook.plan import Plan
    from workbook.reference import Reference

TITLES = {
    "start": "Start",
    "needs": "Needs assessment",
    "ambitions": "Five-year ambitions",
    "budget": "Budget scope and five-year money",
    "decommissioning": "Decommissioning checks",
    "plan": "The plan",
}


def _steps() -> dict[str, Callable[[Plan, Reference], Step]]:
    from workbook.steps.ambitions import ambitions
    from workbook.steps.budget import budget
    from workbook.steps.decommissioning import decommissioning
    from workbook.steps.needs import needs
    from workbook.steps.start import start
    from workbook.steps.summary import plan_page

    return {
        "start": start,
        "needs": needs,
        "ambitions": ambitions,
        "budget": budget,
        "decommissioning": decommissioning,
        "plan": plan_page,
    }


def run(step_id: str, plan: Plan, reference: Reference) -> Step:
    """One step of a plan. KeyError for a step that does not exist."""
    return _steps()[step_id](plan, reference)
