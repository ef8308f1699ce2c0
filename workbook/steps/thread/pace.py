"""Rules on the pace of schemes: what must come first, pilots, and how long change takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workbook.blocks import Finding
from workbook.plan.sections import Scheme
from workbook.steps.budget import library, service_model
from workbook.steps.money import financial_year_of
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import day, financial_year, number, plural


@rule("schemes", "money")
def schemes_in_a_ring(c: Context) -> Iterator[Finding]:
    """Schemes that wait for each other: none of them can start."""
    schemes = c.plan.budget.schemes
    place = {s.id: n for n, s in enumerate(schemes)}
    for ring in rings({s.id: [a for a in s.after if a in place] for s in schemes}):
        names = [f"“{schemes[place[id]].name}”" for id in ring]
        sentence = (
            f"{names[0]} has itself as a scheme that must come first."
            if len(ring) == 1
            else f"These schemes wait for each other, so none can start: {' after '.join([*names, names[0]])}."
        )
        yield finding(
            "schemes-in-a-ring",
            "blocks",
            sentence,
            "Take one of these links out.",
            "budget",
            f"/budget/schemes/{place[ring[0]]}/after",
        )


def rings(after: dict[str, list[str]]) -> list[list[str]]:
    """Each ring of entries that wait for each other, once, as a list from one to the one it waits for."""
    done: set[str] = set()
    found = []
    for start in after:
        way: list[str] = []
        places: dict[str, int] = {}
        waiting = [(start, iter(after[start]))] if start not in done else []
        if waiting:
            way.append(start)
            places[start] = 0
        while waiting:
            here, rest = waiting[-1]
            step = next(rest, None)
            if step is None:
                done.add(here)
                del places[way.pop()]
                waiting.pop()
            elif step in places:
                found.append(way[places[step] :])
            elif step not in done:
                places[step] = len(way)
                way.append(step)
                waiting.append((step, iter(after[step])))
    return found


@rule("schemes", "money")
def forerunner_not_ready(c: Context) -> Iterator[Finding]:
    """A funded scheme whose forerunner is not funded, or starts after it."""
    schemes = {s.id: s for s in c.plan.budget.schemes}
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not scheme.funded:
            continue
        for first in (schemes[id] for id in scheme.after if id in schemes and id != scheme.id):
            here = f"/budget/schemes/{n}/after"
            if not first.funded:
                yield finding(
                    "forerunner-not-funded",
                    "doubt",
                    f"“{scheme.name}” is funded, and “{first.name}”, which must come first, is not.",
                    "Fund both, or neither, or say that it can do without.",
                    "budget",
                    here,
                )
            elif first.start_year and scheme.start_year and first.start_year > scheme.start_year:
                yield finding(
                    "forerunner-starts-later",
                    "doubt",
                    f"“{scheme.name}” starts in {financial_year(scheme.start_year)}, and “{first.name}”, which must come first, "
                    f"in {financial_year(first.start_year)}.",
                    "Bring the first forward or the second back.",
                    "budget",
                    here,
                )


@rule("schemes", "money")
def pilot_out_of_step(c: Context) -> Iterator[Finding]:
    """A pilot that ends before its scheme starts, beyond the plan, never, or after full scale is counted."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not (scheme.funded and scheme.pilot.pilot):
            continue
        if said := _pilot_words(c, scheme):
            code, sentence, remedy = said
            yield finding(code, "doubt", sentence, remedy, "budget", f"/budget/schemes/{n}/pilot/ends")


def _pilot_words(c: Context, scheme: Scheme) -> tuple[str, str, str] | None:
    ends, name = scheme.pilot.ends, f"The pilot “{scheme.name}”"
    if ends is None:
        return (
            "pilot-without-end",
            f"{name} has no last day, so the plan cannot say when it is spread or stopped.",
            "Say when it ends and what has to be shown by then.",
        )
    year = financial_year_of(ends)
    if scheme.start_year and ends < date(scheme.start_year, 4, 1):
        return (
            "pilot-dates-cross",
            f"{name} ends on {day(ends)}, before it starts in {financial_year(scheme.start_year)}.",
            "Check the start and the end.",
        )
    if year > c.plan.last_year:
        return (
            "pilot-dates-cross",
            f"{name} ends on {day(ends)}, after the plan does in {financial_year(c.plan.last_year)}: the plan never learns from it.",
            "End it earlier, or take it for a scheme of its own.",
        )
    full = service_model.full_scale(scheme)
    if full is not None and full <= year and _share(scheme) >= 1:
        return (
            "pilot-counted-in-full",
            f"{name} is counted at full scale from {financial_year(full)}, and ends only on {day(ends)}.",
            "Let the share in effect stay at the pilot's until it has shown what it had to.",
        )
    return None


def _share(scheme: Scheme) -> float:
    return scheme.ramp[-1] if scheme.ramp else 1.0


@rule("schemes", "money")
def starts_before_it_can(c: Context) -> Iterator[Finding]:
    """A start that leaves less time than the scheme's own lead time."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        earliest = service_model.earliest_start(c.plan, scheme)
        start = scheme.start_year
        if not scheme.funded or earliest is None or start is None or start <= c.plan.base_year:
            continue
        if start < earliest:
            yield finding(
                "starts-before-it-can",
                "doubt",
                f"“{scheme.name}” starts in {financial_year(start)} and takes {plural(scheme.lead_time_months or 0, 'month')} from the "
                f"decision to the first person helped: decided at the start of {financial_year(c.plan.years[0])}, that is in "
                f"{financial_year(earliest)} at the earliest.",
                "Move the start, or say in the plan what has been done already and shorten the lead time.",
                "budget",
                f"/budget/schemes/{n}/start_year",
            )


@rule("schemes", "stopping")
def faster_than_others_were(c: Context) -> Iterator[Finding]:
    """A lead time shorter than the library's, or a major change faster than the one account there is."""
    known = {i.id: i for i in library.entries(c.plan, c.reference)}
    given = c.plan.budget.answers.get(f"{service_model.ACCOUNT}.1")
    explained = bool(given and given.answer)
    low, high = service_model.ACCOUNT_YEARS
    services = {s.id: s.name for s in c.plan.decommissioning.services if s.decision in ("stop", "change")}
    for n, scheme in enumerate(c.plan.budget.schemes):
        mine, years = scheme.lead_time_months, service_model.years_of_change(scheme)
        if not scheme.funded or mine is None or years is None:
            continue
        entry = known.get(scheme.intervention)
        here = f"/budget/schemes/{n}/lead_time_months"
        if entry is not None and entry.lead_time_months is not None and mine < entry.lead_time_months:
            yield finding(
                "lead-time-short",
                "doubt",
                f"“{scheme.name}” allows {plural(mine, 'month')} from decision to the first person helped; “{entry.name}” took "
                f"{plural(entry.lead_time_months, 'month')} where it was done.",
                "Allow as long, or say what makes it faster here.",
                "budget",
                here,
            )
        if scheme.stops in services and years < low and not explained:
            yield finding(
                "major-change-fast",
                "note",
                f"“{scheme.name}” replaces “{services[scheme.stops]}” in {number(years, 1)} years from the decision to full scale. One leader's "
                f"account of major change is {low} to {high} years ({service_model.ACCOUNT}); it is one account, not a rule.",
                "Say who has done it as fast (the question on how long change takes), or allow more time.",
                "budget",
                here,
            )
