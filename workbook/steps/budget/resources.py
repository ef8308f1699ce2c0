"""What the money buys, year by year: activity, staff, beds and capital beside the spend."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from workbook.blocks import Column, Result, Table, table
from workbook.methods import phasing
from workbook.methods import triangulation as method
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine, Scheme
from workbook.steps.money import Money, financial_year_of
from workbook.words import financial_year, number


@dataclass(frozen=True)
class Measure:
    """One measure of the plan by year, the base year first."""

    id: str
    label: str
    unit: str
    values: tuple[float, ...]
    decimals: int = 0


def by_year(plan: Plan, found: Money) -> list[Measure]:
    """Revenue, activity, staff, beds and capital by year; only what somebody entered.

    Activity, staff and bed days of a line grow with its population and its other growth, as its spend does before
    prices and efficiency; what a funded scheme changes follows its ramp. Where no line states how many there are,
    what schemes and services change of them is called a change: nobody knows what it starts from.
    """
    years = list(found.years)
    volume = volume_of(found)
    effects = {s.id: phasing.effect(years, s.start_year, s.ramp) for s in plan.budget.schemes if s.funded}
    measures = [Measure("revenue", "Spend, as planned", "£000s", tuple(found.summary["spend_after"]))]
    measures += _activity(plan, volume, effects)
    staff = _grown(plan, volume, "wte") + _added(plan, effects, "wte", len(years))
    label = (
        "Staff, if each does as much as today" if _stated(plan, "wte") else f"Change of staff; {_UNSTATED}"
    )
    measures.append(Measure("staff", label, "whole-time equivalents", _tuple(staff), 1))
    beds = _beds(plan, years, effects)
    days = _grown(plan, volume, "bed_days")
    label = "Beds, as planned" if _stated(plan, "beds") else f"Change of beds; {_UNSTATED}"
    measures.append(Measure("beds", label, "beds", _tuple(beds)))
    measures.append(
        Measure("bed-days", "Occupied bed days, before schemes take any away", "bed days", _tuple(days))
    )
    full = [100 * method.occupancy(d, b) if d else math.nan for d, b in zip(days, beds, strict=True)]
    measures.append(Measure("occupancy", "Occupancy, before schemes take bed days away", "%", tuple(full), 1))
    measures += _capital(plan, years)
    return [m for m in measures if any(v == v and v for v in m.values)]


_UNSTATED = "no budget line states how many there are"


def _stated(plan: Plan, field: str) -> bool:
    return any(getattr(line, field) is not None for line in plan.budget.lines)


def _tuple(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def volume_of(found: Money) -> np.ndarray:
    """Growth of volume since the base year, 1 in it: lines x years."""
    rates = found.rates.value
    grown = np.cumprod((1 + rates["demographic"]) * (1 + rates["other"]), axis=1)
    return np.hstack([np.ones((len(grown), 1)), grown])


def _grown(plan: Plan, volume: np.ndarray, field: str, unit: str | None = None) -> np.ndarray:
    base = [
        float(getattr(line, field) or 0.0) if unit is None or line.activity_unit == unit else 0.0
        for line in plan.budget.lines
    ]
    return np.asarray(np.array(base) @ volume)


def _added(
    plan: Plan, effects: dict[str, np.ndarray], field: str, length: int, unit: str | None = None
) -> np.ndarray:
    total = np.zeros(length)
    for scheme in plan.budget.schemes:
        change = getattr(scheme, field)
        if scheme.funded and change and (unit is None or scheme.activity_unit == unit):
            total += change * effects[scheme.id]
    return total


def _activity(plan: Plan, volume: np.ndarray, effects: dict[str, np.ndarray]) -> list[Measure]:
    entries: list[BudgetLine | Scheme] = [*plan.budget.lines, *plan.budget.schemes]
    units = list(dict.fromkeys(e.activity_unit for e in entries if e.activity))
    return [
        Measure(
            f"activity-{n}",
            f"Activity: {unit or 'unit not named'}",
            unit or "units",
            _tuple(
                _grown(plan, volume, "activity", unit)
                + _added(plan, effects, "activity", volume.shape[1], unit)
            ),
        )
        for n, unit in enumerate(units, start=1)
    ]


def _beds(plan: Plan, years: list[int], effects: dict[str, np.ndarray]) -> np.ndarray:
    """Beds as planned: those of lines, what schemes change, and what services close that no scheme counts."""
    beds = np.full(len(years), sum(float(line.beds or 0.0) for line in plan.budget.lines))
    beds = beds + _added(plan, effects, "beds", len(years))
    claimed = {s.stops for s in plan.budget.schemes if s.funded and s.beds and s.beds < 0}
    for service in plan.decommissioning.services:
        if service.decision == "stop" and service.stop_date and service.id not in claimed:
            beds = beds - service.beds_closed * (np.array(years) > financial_year_of(service.stop_date))
    return np.maximum(beds, 0.0) if _stated(plan, "beds") else beds


def _capital(plan: Plan, years: list[int]) -> list[Measure]:
    lines = [sum(line.capital for line in plan.budget.lines), *[0.0] * (len(years) - 1)]
    schemes = [
        sum(s.capital for s in plan.budget.schemes if s.funded and s.start_year == year) for year in years
    ]
    return [
        Measure("capital-lines", "Capital of budget lines, beside the spend", "£000s", tuple(lines)),
        Measure("capital-schemes", "Capital of schemes, beside the spend", "£000s", tuple(schemes)),
    ]


def fuller(found: Money, years: list[Measure], high: float) -> list[str]:
    """From which year on all beds together are fuller than is asked about."""
    full = next((m.values for m in years if m.id == "occupancy"), ())
    over = [year for year, share in zip(found.years, full, strict=False) if share > 100 * high]
    if not over:
        return []
    return [
        f"All beds together would be more than {number(100 * high, 0)}% full from {financial_year(over[0])} on, and "
        f"{number(full[-1], 0)}% in {financial_year(found.years[-1])}, if bed days grow as their lines do and beds change as "
        "planned. Schemes and services have to take bed days away before they take beds away."
    ]


def year_table(plan: Plan, years: list[Measure]) -> Table:
    """Every measure by financial year from the base year on."""
    every = (plan.base_year, *plan.years)
    return table(
        "triangulation-years",
        "Revenue, activity, staff, beds and capital by financial year",
        [
            Column("label", "Measure"),
            Column("unit", "Unit"),
            *(Column(str(year), financial_year(year), decimals=0) for year in every),
        ],
        [
            {"label": m.label, "unit": m.unit}
            | {str(y): round(v, m.decimals) if v == v else None for y, v in zip(every, m.values, strict=True)}
            for m in years
        ],
        source="Budget lines, schemes and services of this plan",
        note="Activity, staff and bed days grow as the line does before prices and efficiency; schemes follow their ramp.",
    )


def results(found: Money, years: list[Measure]) -> list[Result]:
    """The measures by year as figures; revenue stands with the money already."""
    return [
        Result(
            f"budget.{m.id}.{year}",
            m.label,
            None if value != value else value,
            m.unit,
            financial_year(year),
            "Base year grown with the volume of its line, and what funded schemes change",
            "Inputs of this plan and dated assumptions",
        )
        for m in years
        if m.id != "revenue"
        for year, value in zip(found.years, m.values, strict=True)
    ]
