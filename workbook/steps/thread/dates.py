"""Rules on dates and years that cross between steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from workbook.blocks import Finding
from workbook.steps.lines import WARNING_YEAR
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import day, financial_year, plural


@rule("stopping", "sign-off")
def signed_before_decided(c: Context) -> Iterator[Finding]:
    """The approver signed before a decision that the plan rests on was taken."""
    signed = c.plan.sign_off.approver.signed
    if not signed:
        return
    later = [d.on for d in c.plan.decisions if d.on and d.on > signed]
    if later:
        yield finding(
            "signed-before-decided",
            "doubt",
            f"The plan was signed on {day(signed)}, before {plural(len(later), 'decision')} that "
            f"{'it records was' if len(later) == 1 else 'it records were'} taken, the last on {day(max(later))}.",
            "Sign again, or say that the decisions change nothing that was signed.",
            "plan",
            "/sign_off/approver",
        )
    for n, service in enumerate(c.plan.decommissioning.services):
        taken = service.record.taken_on
        if taken and taken > signed:
            yield finding(
                "signed-before-decided",
                "doubt",
                f"The plan was signed on {day(signed)}, before the decision on “{service.name}” was taken on {day(taken)}.",
                "Sign again, or take the service out of what was signed.",
                "decommissioning",
                f"/decommissioning/services/{n}/record/taken_on",
            )


@rule("money", "sign-off")
def review_outside_the_years(c: Context) -> Iterator[Finding]:
    """The plan ceases to hold before its first year of money ends, or only after its last one has."""
    until = c.plan.sign_off.review_by
    if not until:
        return
    first, last = date(c.plan.base_year + 2, 3, 31), date(c.plan.last_year + 1, 3, 31)
    if until < first:
        start = financial_year(c.plan.base_year + 1)
        begun = until >= date(c.plan.base_year + 1, 4, 1)
        yield finding(
            "review-too-early",
            "note",
            f"The plan is valid until {day(until)}, before its first year, {start}, {'has ended' if begun else 'begins'}.",
            "Check the date: no outturn of the plan can be known by then.",
            "plan",
            "/sign_off/review_by",
        )
    elif until > last:
        yield finding(
            "review-too-late",
            "doubt",
            f"The plan is valid until {day(until)}, and its money ends on {day(last)}.",
            "Set a date within the years planned for.",
            "plan",
            "/sign_off/review_by",
        )


@rule("ambitions", "sign-off")
def warning_before_review(c: Context) -> Iterator[Finding]:
    """A figure would warn early that an ambition fails, and the plan is looked at only later."""
    until, year = c.plan.sign_off.review_by, c.plan.base_year + WARNING_YEAR
    warned = [f.ambition.number for f in c.outlooks.values() if f and f.warning]
    if until and warned and until > date(year + 2, 3, 31):
        yield finding(
            "warning-before-review",
            "note",
            f"The figures of {financial_year(year)} will show whether {plural(len(warned), 'ambition')} can still be reached, "
            f"and the plan is reviewed only by {day(until)}.",
            "Review earlier, or name who looks at the warnings in that year.",
            "plan",
            "/sign_off/review_by",
        )


@rule("ambitions", "money")
def baseline_after_base_year(c: Context) -> Iterator[Finding]:
    """An ambition was set on a figure that is later than the year the money starts from."""
    for n, ambition in enumerate(c.plan.ambitions.items):
        year = _YEAR.search(ambition.baseline.period) if ambition.baseline else None
        if ambition.baseline and year and int(year.group()) > c.plan.base_year:
            yield finding(
                "baseline-after-base-year",
                "doubt",
                f"Ambition {ambition.number} was set on a figure of {ambition.baseline.period}, and the money starts from "
                f"{financial_year(c.plan.base_year)}: part of what the schemes do may be in the baseline already.",
                "Move the base year on, or choose the level on the figure of the base year.",
                "ambitions",
                f"/ambitions/items/{n}/levels",
            )


_YEAR = re.compile(r"\b(19|20)\d\d\b")


@rule("money", "schemes")
def scheme_before_the_plan(c: Context) -> Iterator[Finding]:
    """A funded scheme has begun before the plan: its cost is in the base year's spend already."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        if scheme.funded and scheme.start_year is not None and scheme.start_year <= c.plan.base_year:
            yield finding(
                "scheme-before-plan",
                "doubt",
                f"“{scheme.name}” starts in {financial_year(scheme.start_year)}, and the plan's money begins after "
                f"{financial_year(c.plan.base_year)}: its cost is in that year's spend already and would count twice.",
                "Let the plan hold only what is still to come of it, or correct the year.",
                "budget",
                f"/budget/schemes/{n}/start_year",
            )
