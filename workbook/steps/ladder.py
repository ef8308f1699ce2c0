"""The ladder of budgets and the criteria to score it by (ODR-12), as a plan has amended them."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.plan import Plan
from workbook.reference import FrameworkItem, Reference


@dataclass(frozen=True)
class Rung:
    """One option: the budgets named, on top of those of the rungs before it."""

    id: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class ScopeCriterion:
    """What an option is scored by; ``reverse``: a high score is worse and is turned round."""

    id: str
    label: str
    help: str = ""
    group: str = ""
    reverse: bool = False


def shipped_rungs(reference: Reference) -> list[FrameworkItem]:
    """The rungs as the source has them."""
    return [i for i in reference.framework("ODR-12").items if ".r" in i.id]


def shipped_criteria(reference: Reference) -> list[FrameworkItem]:
    """The criteria as the source has them."""
    return [i for i in reference.framework("ODR-12").items if ".c" in i.id]


def rungs(plan: Plan, reference: Reference) -> list[Rung]:
    """The options of this plan, each on top of the one before: the ladder less what is left out, then our own."""
    scope = plan.budget.scope
    kept = [i for i in shipped_rungs(reference) if i.id not in scope.options_out]
    return [Rung(i.id, i.label, i.help) for i in kept] + [
        Rung(o.id, o.name or o.id, o.help) for o in scope.options
    ]


def criteria(plan: Plan, reference: Reference) -> list[ScopeCriterion]:
    """The criteria of this plan: the eight less what is left out, then our own."""
    scope = plan.budget.scope
    kept = [i for i in shipped_criteria(reference) if i.id not in scope.criteria_out]
    return [ScopeCriterion(i.id, i.label, i.help, i.group, i.reverse) for i in kept] + [
        ScopeCriterion(c.id, c.name or c.id, c.help, c.kind, c.reverse) for c in scope.criteria
    ]


def in_scope(plan: Plan, reference: Reference) -> set[str]:
    """The rungs that the chosen scope takes in: the ladder is cumulative. Empty where none is chosen, or one left out."""
    steps = [r.id for r in rungs(plan, reference)]
    chosen = plan.budget.scope.chosen
    return set(steps[: steps.index(chosen) + 1]) if chosen in steps else set()
