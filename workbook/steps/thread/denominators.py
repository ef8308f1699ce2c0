"""Rules on numbers of people and of pounds that one step gives otherwise than another."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import money as pounds
from workbook.words import number

# Counts of different sources and dates never agree to the head: so much more is taken for the same.
_ROOM = 1.02
_COVERED = 0.9
_THOUSAND = 1000


@rule("needs")
def segments_unlike_area(c: Context) -> Iterator[Finding]:
    """The people of the segments add up to more than live in the area, or leave many of them out."""
    sized = [s.population for s in c.plan.needs.segments if s.population]
    if not sized or not c.people:
        return
    together = sum(sized) * _THOUSAND
    living = f"the {number(c.people, 0)} people who live in {c.plan.area.name} in {c.people_year}"
    if together > c.people * _ROOM:
        yield finding(
            "segments-above-area",
            "doubt",
            f"The segments add up to {number(together, 0)} people, more than {living}.",
            "Let each person stand in one segment, or say which segments overlap and add none of them up.",
            "needs",
            "/needs/segments",
        )
    elif together < c.people * _COVERED and len(sized) > 1:
        yield finding(
            "segments-below-area",
            "note",
            f"The segments cover {number(together, 0)} of {living}.",
            "Add a segment for the others, or say whom the plan leaves out.",
            "needs",
            "/needs/segments",
        )


@rule("needs", "schemes")
def scheme_above_people(c: Context) -> Iterator[Finding]:
    """A funded scheme is to reach more people than its segment, or the area, has."""
    segments = {s.id: s for s in c.plan.needs.segments}
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not (scheme.funded and scheme.people):
            continue
        segment = segments.get(scheme.segment)
        if segment and segment.population:
            there, whose = segment.population * _THOUSAND, f"the segment “{segment.name}” has"
        elif c.people:
            there, whose = c.people, f"{c.plan.area.name} has in {c.people_year}"
        else:
            continue
        if scheme.people > there * _ROOM:
            yield finding(
                "scheme-above-people",
                "doubt",
                f"“{scheme.name}” is to reach {number(scheme.people, 0)} people a year, more than the "
                f"{number(there, 0)} that {whose}.",
                "Check both counts: people and contacts are easily confused.",
                "budget",
                f"/budget/schemes/{n}/people",
            )


@rule("needs", "money")
def line_above_people(c: Context) -> Iterator[Finding]:
    """A budget line is said to benefit more people than live in the area."""
    for n, line in enumerate(c.plan.budget.lines):
        if line.people and c.people and line.people > c.people * _ROOM:
            yield finding(
                "line-above-people",
                "doubt",
                f"The budget line “{line.name}” is said to benefit {number(line.people, 0)} people a year, more than the "
                f"{number(c.people, 0)} who live in {c.plan.area.name} in {c.people_year}.",
                "Count people once, whatever they use, or leave the field empty.",
                "budget",
                f"/budget/lines/{n}/people",
            )


@rule("money", "stopping")
def service_above_line(c: Context) -> Iterator[Finding]:
    """A service is used by more people than the whole budget line that pays it benefits."""
    served = {line.id: line for line in c.plan.budget.lines if line.people}
    for n, service in enumerate(c.plan.decommissioning.services):
        line = served.get(service.line)
        if line and line.people and service.users > line.people * _ROOM:
            yield finding(
                "service-above-line",
                "doubt",
                f"“{service.name}” is used by {number(service.users, 0)} people a year, and the whole budget line "
                f"“{line.name}” that pays for it by {number(line.people, 0)}.",
                "Count people in both places, or contacts in both.",
                "decommissioning",
                f"/decommissioning/services/{n}/users",
            )


@rule("needs", "money")
def segment_spend_above_budget(c: Context) -> Iterator[Finding]:
    """The spend on the segments of step 1 is more than the budget lines of step 3 hold."""
    segments = sum(s.total for s in c.plan.needs.segments if s.total) * _THOUSAND
    lines = sum(line.amount for line in c.plan.budget.lines)
    if lines and segments > 2 * lines:
        yield finding(
            "segment-spend-unlike-budget",
            "doubt",
            f"Step 1 puts {pounds(segments)} a year on the segments, more than twice the {pounds(lines)} "
            "of all budget lines in step 3.",
            "Check the units (step 1 is in £ million, step 3 in £000s), or name the budgets that are missing.",
            "needs",
            "/needs/segments",
        )
