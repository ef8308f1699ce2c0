"""Rules on what stands in the wrong order within one entry: an end before its start, a low end above the high one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workbook.blocks import Finding
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import day, financial_year, listed, number

_RANGE = "Put the low end, the figure and the high end in order; below zero, -6 is lower than -1."
_DATES = "Mend one of the two dates."


@rule()
def ends_before_it_starts(c: Context) -> Iterator[Finding]:
    """A contract that ends before it began, a service that ends before its contract did, a review before the decision."""
    for n, service in enumerate(c.plan.decommissioning.services):
        start, here = service.contract_start, f"/decommissioning/services/{n}"
        crossed = (
            (start, service.contract_end, "contract_end", "its contract began", "its contract ends"),
            (start, service.stop_date, "stop_date", "its contract began", "its last day is"),
            (
                service.record.taken_on,
                service.record.review_on,
                "record/review_on",
                "the decision on it was taken",
                "the decision is to be reviewed",
            ),
        )
        for first, last, field, began, ends in crossed:
            if first and last and last < first:
                yield finding(
                    "ends-before-it-starts",
                    "doubt",
                    f"“{service.name}”: {began} on {day(first)}, and {ends} {_on(last, ends)}, before that.",
                    _DATES,
                    "decommissioning",
                    f"{here}/{field}",
                )


def _on(last: date, words: str) -> str:
    return day(last) if words.endswith(" is") else f"on {day(last)}"


@rule("assumptions", "money")
def assumption_for_no_year(c: Context) -> Iterator[Finding]:
    """A changed assumption whose years end before they begin, or lie outside the plan, changes nothing."""
    for n, own in enumerate(c.plan.assumptions):
        first = c.plan.base_year + 1 if own.from_year is None else own.from_year
        last = c.plan.last_year if own.to_year is None else own.to_year
        if first <= last and first <= c.plan.last_year and last >= c.plan.base_year:
            continue
        years = f"{financial_year(first)} to {financial_year(last)}"
        why = "ends before it begins" if last < first else "lies outside the years of the plan"
        yield finding(
            "assumption-for-no-year",
            "doubt",
            f"The change of the assumption {own.id} is for {years}, which {why}: it changes nothing.",
            "Correct the years, or take the change out.",
            "budget",
            f"/assumptions/{n}",
        )


@rule("stopping", "money")
def stopped_before_the_plan(c: Context) -> Iterator[Finding]:
    """A service that ended before the base year: nothing of it is in the spend that the plan starts from."""
    first = date(c.plan.base_year, 4, 1)
    for n, service in enumerate(c.plan.decommissioning.services):
        last = service.stop_date
        if service.decision == "stop" and last and last < first:
            yield finding(
                "stopped-before-plan",
                "doubt",
                f"“{service.name}” has its last day on {day(last)}, before the base year {financial_year(c.plan.base_year)} "
                "begins: the spend that the plan starts from does not hold it, and it releases nothing more.",
                "Correct the date, or take the service out.",
                "decommissioning",
                f"/decommissioning/services/{n}/stop_date",
            )


@rule()
def effect_out_of_order(c: Context) -> Iterator[Finding]:
    """An effect, of a scheme or of a local entry of the library, outside its own range, or a range that is reversed."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        for k, e in enumerate(scheme.effects):
            what = f"The effect of “{scheme.name}” on ambition {e.ambition}"
            yield from _range(what, (e.low, e.percent, e.high), f"/budget/schemes/{n}/effects/{k}/low")
    for n, entry in enumerate(c.plan.budget.interventions):
        points = (entry.effect_low, entry.effect, entry.effect_high)
        yield from _range(f"The effect of “{entry.name}”", points, f"/budget/interventions/{n}/effect_low")


def _range(what: str, points: Iterable[float | None], path: str) -> Iterator[Finding]:
    given = [p for p in points if p is not None]
    if given != sorted(given):
        yield finding(
            "effect-out-of-order",
            "doubt",
            f"{what} runs {listed([f'{number(p)}%' for p in given])}, which is not from low to high.",
            _RANGE,
            "budget",
            path,
        )
