"""Dated assumptions as a plan uses them: the value that holds in a year, and whether a person replaced it."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.plan import Plan
from workbook.plan.sections import Override
from workbook.reference import Assumption, Reference


@dataclass(frozen=True)
class Use:
    """An assumption in one year: the value used, as a fraction where it is a percentage, and who says so.

    ``status``: that of the assumption, or of what a person put in its place. ``lines``: the names of the
    budget lines that use it; none where it is used by no line.
    """

    assumption: Assumption
    year: int
    value: float
    changed: bool
    status: str
    reason: str = ""
    lines: tuple[str, ...] = ()


def assumed(plan: Plan, reference: Reference, id: str, year: int) -> tuple[Assumption, float, bool]:
    """An assumption for a year, the value to use as a fraction where it is a percentage, and whether a person changed it.

    What a person put in its place holds from its first to its last year; without them in every year of the plan.
    """
    use = in_use(plan, reference, id, year)
    return use.assumption, use.value, use.changed


def in_use(plan: Plan, reference: Reference, id: str, year: int) -> Use:
    """:func:`assumed` with its status and the reason for a change."""
    assumption = reference.assumption(id, year)
    own = replaced(plan, id, year)
    value = own.value if own else assumption.value
    fraction = value / 100 if assumption.unit.startswith("%") else value
    if own:
        return Use(assumption, year, fraction, True, own.status, own.reason)
    return Use(assumption, year, fraction, False, assumption.status, assumption.source)


def replaced(plan: Plan, id: str, year: int) -> Override | None:
    """What a person put in place of an assumption for a year; of several the one that started last."""
    fitting = [
        own
        for own in plan.assumptions
        if own.id == id
        and (own.from_year is None or own.from_year <= year)
        and (own.to_year is None or year <= own.to_year)
    ]
    return max(fitting, key=lambda own: own.from_year or 0) if fitting else None


def spread(use: Use) -> tuple[float, float]:
    """How far below and above its value the 10th and the 90th percentile of an assumption lie, as fractions.

    Nought for a confirmed figure and where no range is known. A value that a person put in its place
    and called assumed keeps the width of the range that it replaced.
    """
    known = use.assumption
    if use.status == "confirmed" or known.low is None or known.high is None:
        return 0.0, 0.0
    scale = 100 if known.unit.startswith("%") else 1
    return min(known.low - known.value, 0.0) / scale, max(known.high - known.value, 0.0) / scale
