"""The steps of the workbook: each a function of a plan and the reference that gives blocks."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
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
    """One step of a plan. KeyError for a step that does not exist.

    The last few are kept: the start page and the plan page count what the others ask.
    """
    from workbook.steps.kept import text_of

    return _run(step_id, text_of(plan), reference, reference.stamp)


@lru_cache(maxsize=8)
def _run(step_id: str, plan_json: str, reference: Reference, stamp: object) -> Step:
    from workbook.steps.kept import settled

    with uncollected(), settled(plan_json) as plan:
        return _steps()[step_id](plan, reference)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: a page is tens of thousands of small objects that all stay, and none is in one.

    Also for the guide, while a person waits. Searching through them again and again took a fifth of the time of a large plan.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
