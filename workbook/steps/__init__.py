"""The steps of the workbook: each a function of a plan and the reference that gives blocks."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from workbook.blocks import Step

if TYPE_CHECKING:
    from workbook.plan import Plan
    from workbook.reference import Reference
    from workbook.steps.parts import Worked

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

    The last of each step is kept: the start page and the plan page count what the others ask.
    """
    return worked(step_id, plan, reference).step


def worked(step_id: str, plan: Plan, reference: Reference) -> Worked:
    """One step of a plan with what each of its parts gave."""
    from workbook.steps.kept import text_of

    text = text_of(plan)
    key = (text, reference, reference.stamp)
    if found := _held.get((step_id, *key)):
        return found
    last = _last.get(step_id)
    if last is None or last[0] != key:
        last = _last[step_id] = key, _run(step_id, text, reference)
    return last[1]


_Key = tuple[str, "Reference", object]  # the plan as JSON, the reference, and when its figures changed
_last: dict[
    str, tuple[_Key, Worked]
] = {}  # of each step the one asked for last: a page is megabytes of objects
_held: dict[tuple[str, str, Reference, object], Worked] = {}


def hold(step_id: str, plan: Plan, reference: Reference) -> None:
    """Keep a step for as long as this process lives and all that are forked from it, which share its memory."""
    from workbook.steps.kept import text_of

    _held[(step_id, text_of(plan), reference, reference.stamp)] = worked(step_id, plan, reference)


def let_go() -> None:
    """Forget what was held: the figures have changed."""
    _held.clear()


def _run(step_id: str, plan_json: str, reference: Reference) -> Worked:
    from workbook.steps.kept import forget, settled
    from workbook.steps.parts import Assembly, Worked

    step = _steps()[step_id]
    with uncollected(), settled(plan_json) as plan:
        if not isinstance(step, Assembly):
            return Worked(step(plan, reference))
        found = step.whole(plan, reference)
        forget(plan, step.owns)
        return found


def glance(
    step_id: str, plan: Plan, reference: Reference, before: Worked, names: Sequence[str]
) -> Worked | None:
    """A step as it was ``before``, with the parts of these names as another plan gives them.

    None where the plan does not give them, or gives blocks of other names: then the whole step has to be worked out.
    """
    from workbook.steps.kept import settled, text_of
    from workbook.steps.parts import Assembly

    step = _steps()[step_id]
    if not isinstance(step, Assembly):
        return None
    with uncollected(), settled(text_of(plan)) as held:
        made = step.some(held, reference, names)
    return None if made is None else before.with_parts(made)


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
