"""The sheets of activity, workforce and capital: what the money buys, by budget line, scheme and year."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbook.methods import phasing
from workbook.pack.submission.common import LATER, MONEY, Line, by_year, status, years_of
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine, Scheme
from workbook.render.sheets import Grid
from workbook.steps.budget.resources import Measure, volume_of
from workbook.steps.budget.resources import by_year as measures
from workbook.steps.money import Money
from workbook.steps.money.changes import organisation_of

_STAFF = "whole-time equivalents"
_GROWN = "A line's count grows with its population and other growth, as its spend does before prices and efficiency."


def activity(plan: Plan, found: Money, totals: Sequence[Measure]) -> tuple[Grid, ...]:
    """Activity by what is counted, by budget line, and what schemes change of it; beds and how full they are."""
    held = [m for m in totals if m.id.startswith(("activity-", "bed", "occupancy"))]
    said = status(plan, (line.status for line in plan.budget.lines if line.activity is not None), later=LATER)
    kinds = ("Line", "Point of delivery", "Counted in", "Status")
    none = "The plan holds no activity."
    named = {line.id: line.name for line in plan.budget.lines}
    front = ("Budget line", "Point of delivery", "Counted in", "Status")
    changed = ("Scheme", "Budget line", "Counted in", "Status")
    return (
        by_year(
            *("activity-totals", "Activity as planned", kinds, years_of(plan)),
            (Line((m.label, "All", m.unit, said), m.values, m.decimals) for m in held),
            above=(_GROWN, "Funded schemes are counted in."),
            nothing=none,
        ),
        by_year(
            *("activity-lines", "Activity by budget line, before schemes", front, years_of(plan)),
            _of_lines(plan, found, "activity", lambda n: (n.name, _delivery(n), _counted(n))),
            above=("Point of delivery is the kind of growth that the line was given.",),
            nothing=none,
        ),
        by_year(
            *("activity-schemes", "What funded schemes change of activity", changed, years_of(plan)),
            _of_schemes(
                plan, found, "activity", lambda s: (s.name, named.get(s.line, ""), s.activity_unit or "units")
            ),
            nothing="No funded scheme of the plan changes activity.",
        ),
    )


def _counted(line: BudgetLine) -> str:
    return line.activity_unit or ("nothing entered" if line.activity is None else "units")


def _delivery(line: BudgetLine) -> str:
    """ "Acute, elective" of the growth assumption "acute-elective"."""
    first, _, rest = line.growth.replace("acute-ae", "acute-A&E").partition("-")
    shared = first == "acute" and rest
    return f"{first.capitalize()}, {rest}" if shared else line.growth.replace("-", " ").capitalize()


def workforce(plan: Plan, found: Money, totals: Sequence[Measure]) -> tuple[Grid, ...]:
    """Whole-time equivalents in all, by budget line, and what schemes change."""
    held = [m for m in totals if m.id == "staff"]
    said = status(plan, (line.status for line in plan.budget.lines if line.wte is not None), later=LATER)
    years, none = years_of(plan), "The plan holds no staff."
    pays = organisation_of(plan)
    above = (_GROWN, "The plan holds staff by budget line and scheme, not by staff group.")
    front = ("Organisation", "Budget line", "Status")
    return (
        by_year(
            *("workforce-totals", "Staff as planned", ("Organisation", "Line", "Status"), years),
            (Line(("All", m.label, said), m.values, 1) for m in held),
            unit=_STAFF,
            above=above,
            nothing=none,
        ),
        by_year(
            *("workforce-lines", "Staff by budget line, before schemes", front, years),
            _of_lines(plan, found, "wte", lambda line: (line.organisation, line.name), 1),
            unit=_STAFF,
            nothing=none,
        ),
        by_year(
            *(
                "workforce-schemes",
                "What funded schemes change of staff",
                ("Organisation", "Scheme", "Status"),
                years,
            ),
            _of_schemes(plan, found, "wte", lambda s: (pays.get(s.line, ""), s.name), 1),
            unit=_STAFF,
            nothing="No funded scheme of the plan changes staff.",
        ),
    )


def _of_lines(
    plan: Plan, found: Money, field: str, words: Callable[[BudgetLine], tuple[str, ...]], decimals: int = 0
) -> list[Line]:
    """A count of every budget line, grown with its volume; no figure where none was entered."""
    volume = volume_of(found)
    if all(getattr(line, field) is None for line in plan.budget.lines):
        return []
    return [
        Line(
            (*words(line), _stated(plan, line, field)),
            _none(len(found.years)) if (base := getattr(line, field)) is None else tuple(base * grown),
            decimals,
        )
        for line, grown in zip(plan.budget.lines, volume, strict=True)
    ]


def _stated(plan: Plan, line: BudgetLine, field: str) -> str:
    entered = getattr(line, field) is not None
    return status(plan, (line.status,), later=LATER) if entered else "not entered"


def _none(years: int) -> tuple[None, ...]:
    return (None,) * years


def _of_schemes(
    plan: Plan, found: Money, field: str, words: Callable[[Scheme], tuple[str, ...]], decimals: int = 0
) -> list[Line]:
    """What every funded scheme changes, by the share of it that is in effect."""
    years = list(found.years)
    return [
        Line(
            (*words(scheme), status(plan, ("assumed",))),
            tuple(getattr(scheme, field) * phasing.effect(years, scheme.start_year, scheme.ramp)),
            decimals,
        )
        for scheme in plan.budget.schemes
        if scheme.funded and getattr(scheme, field)
    ]


_CAPITAL = (
    "Capital stands beside the spend and is not part of it. The plan holds it for budget lines in the base year, and "
    "for a scheme once, in the year it starts; later capital of lines and the source of the money are not held."
)


def capital(plan: Plan, totals: Sequence[Measure]) -> tuple[Grid, ...]:
    """Capital in all, by budget line and by scheme."""
    held = [m for m in totals if m.id.startswith("capital-")]
    years, worked = years_of(plan), status(plan, ("worked out",))
    every, pays = (plan.base_year, *plan.years), organisation_of(plan)
    lines = [
        Line((n.organisation, n.name, status(plan, (n.status,))), (n.capital, *_none(len(plan.years))))
        for n in plan.budget.lines
        if n.capital
    ]
    schemes = [
        Line(
            (pays.get(s.line, ""), s.name, status(plan, ("assumed",))),
            tuple(s.capital * float(s.start_year == year) for year in every),
        )
        for s in plan.budget.schemes
        if s.funded and s.capital
    ]
    return (
        by_year(
            *("capital-totals", "Capital as planned", ("Organisation", "Line", "Status"), years),
            (Line(("All", m.label, worked), _held(m)) for m in held),
            unit=MONEY,
            above=(_CAPITAL,),
            nothing="The plan holds no capital.",
        ),
        by_year(
            *("capital-lines", "Capital of budget lines", ("Organisation", "Budget line", "Status"), years),
            lines,
            unit=MONEY,
            nothing="No budget line of the plan holds capital.",
        ),
        by_year(
            *("capital-schemes", "Capital of funded schemes", ("Organisation", "Scheme", "Status"), years),
            schemes,
            unit=MONEY,
            nothing="No funded scheme of the plan holds capital.",
        ),
    )


def _held(measure: Measure) -> tuple[float | None, ...]:
    """Of capital of lines, the base year only: the plan asks for no later one, and nought would say that there is none."""
    if measure.id == "capital-lines":
        return (measure.values[0], *_none(len(measure.values) - 1))
    return measure.values


def totals(plan: Plan, found: Money) -> list[Measure]:
    """Activity, staff, beds and capital of the plan by year, as the budget step works them out."""
    return measures(plan, found) if plan.budget.lines or plan.budget.schemes else []
