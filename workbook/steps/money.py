"""Five-year money: what is spent, how it grows, what schemes cost and save, and the gap that is left.

All money in thousands of pounds (GBP 000s), cash, by financial year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from workbook.methods import growth, phasing
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine, Scheme, Service
from workbook.reference import Assumption, Reference
from workbook.steps.frames import by_year
from workbook.steps.kept import kept

FACTORS = ("demographic", "other", "price", "efficiency")


@dataclass(frozen=True)
class Money:
    """Frames by financial year (``year``), the base year first.

    ``lines``: line, name, year, baseline, the four factors in money, total.
    ``income``: organisation, year, amount. ``schemes``: scheme, name, year and
    the columns of :func:`workbook.methods.phasing.scheme`. ``services``:
    service, name, year, cashable, transition. ``summary``: year, income (NaN
    where none is given), spend, scheme_cost, saving, spend_after, gap_before,
    gap_after (income less spend; below zero is a gap), prevention_share.
    """

    years: tuple[int, ...]
    lines: pd.DataFrame
    income: pd.DataFrame
    schemes: pd.DataFrame
    services: pd.DataFrame
    summary: pd.DataFrame
    assumptions: tuple[tuple[Assumption, int, float, bool], ...]  # assumption, year, value used, overridden

    def year(self, year: int) -> dict[str, float]:
        """The row of ``summary`` for one financial year."""
        return by_year(self.summary)[year]


def financial_year_of(day: date) -> int:
    """The financial year a day falls in, by the year it starts: 31 March 2026 is in 2025."""
    return day.year if day.month >= 4 else day.year - 1


def money(plan: Plan, reference: Reference) -> Money:
    """The plan's five-year money. Empty frames where the plan has no budget lines.

    Worked out once for the same lines, schemes, services and assumptions: nobody may change the frames.
    """
    read = (plan.budget, plan.decommissioning, *plan.assumptions)
    key = ("money", plan.area.code, *plan.years, *(part.model_dump_json() for part in read))
    return kept(reference, key, lambda: _money(plan, reference))


def _money(plan: Plan, reference: Reference) -> Money:
    years = (plan.base_year, *plan.years)
    used: dict[tuple[str, int], tuple[Assumption, int, float, bool]] = {}
    people = population_growth(plan, reference)
    parts = [_line(plan, reference, line, people, used) for line in plan.budget.lines]
    lines = (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["line", "name", "year", "baseline", *FACTORS, "total", "prevention"])
    )
    schemes = _schemes(plan, years)
    services = _services(plan, years)
    income = pd.DataFrame(
        [(i.organisation, i.year, i.amount) for i in plan.budget.income],
        columns=["organisation", "year", "amount"],
    )
    summary = _summary(plan, years, lines, income, schemes, services)
    return Money(years, lines, income, schemes, services, summary, tuple(used.values()))


def assumed(plan: Plan, reference: Reference, id: str, year: int) -> tuple[Assumption, float, bool]:
    """An assumption for a year, the value to use as a fraction where it is a percentage, and whether a person changed it.

    What a person put in its place holds in every year of the plan.
    """
    assumption = reference.assumption(id, year)
    override = next((o for o in plan.assumptions if o.id == id), None)
    value = override.value if override else assumption.value
    return assumption, value / 100 if assumption.unit.startswith("%") else value, override is not None


def population_growth(plan: Plan, reference: Reference) -> dict[int, float]:
    """Growth of the area's population on the year before, as a fraction, from the projection where one is on hand.

    Mid-year figures: growth to mid-2026 moves the money of 2026/27. Where the
    projection leaves out years, the people in between lie on a straight line.
    """
    projected = reference.population(plan.area.code)
    if projected.empty:
        return {}
    totals = projected.groupby("year")["population"].sum()
    years = range(int(totals.index.min()), int(totals.index.max()) + 1)
    rates = totals.reindex(years).interpolate().pct_change()
    return dict(zip(years[1:], rates.tolist()[1:], strict=True))


def _line(
    plan: Plan, reference: Reference, line: BudgetLine, people: dict[int, float], used: dict
) -> pd.DataFrame:
    def fraction(id: str, year: int) -> float:
        assumption, value, changed = assumed(plan, reference, id, year)
        used.setdefault((id, year), (assumption, year, value, changed))
        return value

    def demographic(year: int) -> float:
        # An override of the default stands over the projection: a person decided it.
        overridden = any(o.id == "demographic-growth-default" for o in plan.assumptions)
        if year in people and not overridden:
            return people[year]
        return fraction("demographic-growth-default", year)

    rolled = growth.roll_forward(
        line.amount,
        [demographic(y) for y in plan.years],
        [fraction(f"other-growth-{line.growth}", y) for y in plan.years],
        [fraction("price-uplift", y) for y in plan.years],
        [fraction("efficiency", y) for y in plan.years],
    )
    base = pd.DataFrame([{"baseline": line.amount, **dict.fromkeys(FACTORS, 0.0), "total": line.amount}])
    frame = pd.concat([base, rolled[["baseline", *FACTORS, "total"]]], ignore_index=True)
    frame.insert(0, "year", [plan.base_year, *plan.years])
    frame.insert(0, "name", line.name)
    frame.insert(0, "line", line.id)
    frame["prevention"] = line.prevention
    return frame


def counted_share(plan: Plan, scheme: Scheme) -> float:
    """The cashable share that counts: none unless the scheme names a service that really stops.

    Capacity that stays open goes on costing what it costs.
    """
    stopping = {s.id for s in plan.decommissioning.services if s.decision in ("stop", "change")}
    return scheme.cashable_share if scheme.stops in stopping else 0.0


def _schemes(plan: Plan, years: Iterable[int]) -> pd.DataFrame:
    frames = []
    for scheme in plan.budget.schemes:
        if not scheme.funded:
            continue
        frame = phasing.scheme(
            list(years),
            scheme.start_year,
            scheme.ramp,
            scheme.set_up_cost,
            scheme.recurrent_cost,
            scheme.gross_saving,
            counted_share(plan, scheme),
            scheme.double_running_months,
        )
        frame.insert(0, "name", scheme.name)
        frame.insert(0, "scheme", scheme.id)
        frame["prevention"] = scheme.prevention
        frames.append(frame)
    columns = [
        "scheme",
        "name",
        "year",
        "set_up",
        "running",
        "double_running",
        "released",
        "cashed",
        "net",
        "prevention",
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def counts_itself(plan: Plan, service: Service) -> bool:
    """Whether a stopped service's own cashable money counts: only where no funded scheme counts it already."""
    claimed = {
        s.stops for s in plan.budget.schemes if s.funded and s.cashable_share > 0 and s.gross_saving > 0
    }
    return service.decision == "stop" and service.id not in claimed


def _services(plan: Plan, years: Iterable[int]) -> pd.DataFrame:
    rows = []
    for service in plan.decommissioning.services:
        if service.decision != "stop" or service.stop_date is None:
            continue
        last = financial_year_of(service.stop_date)
        cashable = service.cashable if counts_itself(plan, service) else 0.0
        for year in years:
            share = 0.0 if year < last else 1.0 if year > last else months_left(service.stop_date) / 12
            rows.append(
                {
                    "service": service.id,
                    "name": service.name,
                    "year": year,
                    "cashable": cashable * share,
                    "transition": service.transition_cost if year == last else 0.0,
                }
            )
    return pd.DataFrame(rows, columns=["service", "name", "year", "cashable", "transition"])


def months_left(day: date) -> int:
    """Whole months of the financial year that remain after a day: 30 September leaves six."""
    return (3 - day.month) % 12


def _summary(
    plan: Plan,
    years: tuple[int, ...],
    lines: pd.DataFrame,
    income: pd.DataFrame,
    schemes: pd.DataFrame,
    services: pd.DataFrame,
) -> pd.DataFrame:
    frame = pd.DataFrame({"year": list(years)}).set_index("year")
    frame["income"] = income.groupby("year")["amount"].sum()
    frame["spend"] = lines.groupby("year")["total"].sum() if len(lines) else 0.0
    cost = schemes.groupby("year")[["set_up", "running", "double_running"]].sum().sum(axis=1)
    frame["scheme_cost"] = _on(cost, frame) + _on(services.groupby("year")["transition"].sum(), frame)
    frame["saving"] = _on(schemes.groupby("year")["cashed"].sum(), frame) + _on(
        services.groupby("year")["cashable"].sum(), frame
    )
    frame["spend_after"] = frame["spend"] + frame["scheme_cost"] - frame["saving"]
    frame["gap_before"] = frame["income"] - frame["spend"]
    frame["gap_after"] = frame["income"] - frame["spend_after"]
    preventive = _on(lines[lines["prevention"].astype(bool)].groupby("year")["total"].sum(), frame)
    on_schemes = (
        schemes[schemes["prevention"].astype(bool)].groupby("year")[["set_up", "running"]].sum().sum(axis=1)
    )
    frame["prevention_share"] = (preventive + _on(on_schemes, frame)) / frame["spend_after"].where(
        frame["spend_after"] > 0
    )
    return frame.reset_index()


def _on(values: pd.Series, frame: pd.DataFrame) -> pd.Series:
    return pd.to_numeric(values.reindex(frame.index)).fillna(0.0)
