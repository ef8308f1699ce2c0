"""What else changes in a plan when a person changes one place of it.

Choosing a line sets the levels by year, so that what is signed does not move
when the figures do; typing a level makes the levels the plan's own.
"""

from __future__ import annotations

import re

from workbook.plan import Plan
from workbook.plan.sections import Ambition, Level
from workbook.reference import Reference
from workbook.steps.lines import outlook
from workbook.steps.new import recorded
from workbook.steps.standing import peers_of

_PLACE = re.compile(r"^/ambitions/items/(\d+)/(measure|line|levels)\b")


def follow(plan: Plan, reference: Reference, pointer: str) -> Plan:
    """The plan with everything that follows from a change at ``pointer``."""
    place = _PLACE.match(pointer)
    if place is None:
        return plan
    index, changed = int(place[1]), place[2]
    ambition = plan.ambitions.items[index]
    if changed == "levels":
        following = ambition.model_copy(update={"line": "own" if ambition.levels else ambition.line})
    else:
        following = _on_line(
            plan, reference, ambition, keep=changed == "line" and ambition.line in (None, "own")
        )
    items = [following if n == index else item for n, item in enumerate(plan.ambitions.items)]
    return plan.model_copy(update={"ambitions": plan.ambitions.model_copy(update={"items": items})})


def _on_line(plan: Plan, reference: Reference, ambition: Ambition, keep: bool) -> Ambition:
    """The ambition with the levels of its line and the baseline they start from."""
    if keep:
        return ambition
    free = ambition.model_copy(update={"levels": [], "baseline": None})
    found = outlook(plan, reference, free, peers_of(plan, reference)) if ambition.measure else None
    if found is None:
        return free
    baseline = recorded(plan, reference, ambition.measure)
    if found.chosen is None:
        return free.model_copy(update={"baseline": baseline})
    decimals = found.standing.indicator.decimals
    levels = [
        Level(year=year, value=round(value, decimals))
        for year, value in zip(found.years, found.chosen.values, strict=True)
    ]
    return free.model_copy(update={"levels": levels, "baseline": baseline})
