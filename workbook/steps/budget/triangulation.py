"""Whether money, activity, staff, beds and capital of the plan tell the same story."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.methods import phasing
from workbook.methods import triangulation as method
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine, Scheme
from workbook.reference import Reference
from workbook.steps.money import Money, assumed, financial_year_of
from workbook.words import financial_year, listed, number, plural

Against = Literal["spend", "pay", "running cost", "released capacity"]


@dataclass(frozen=True)
class Check:
    """A product held against the money of the same entry. Money in £000s.

    ``kind`` and ``index``: where the entry stands in the plan. ``field``: its count. ``ceiling``: the product may be
    less than the money, of which it is only a part.
    """

    kind: Literal["lines", "schemes"]
    index: int
    name: str
    field: Literal["activity", "wte"]
    count: float
    unit: str
    each: float
    against: Against
    given: float
    product: float
    share: float
    agrees: bool
    ceiling: bool = False


def part(plan: Plan, reference: Reference, found: Money, results: list[Result]) -> list[Block]:
    """Nothing but a sentence while no line and no scheme carries anything to hold against the money."""
    blocks: list[Block] = [Heading("Money, activity, staff and beds together", "triangulation")]
    if not any(_carries(entry) for entry in _entries(plan)):
        return [*blocks, Words((_NOTHING,), "note")]
    tolerance = assumed(plan, reference, "triangulation-tolerance", plan.base_year)[1]
    found_checks = list(checks(plan, tolerance))
    beds = list(bedded(plan))
    years = by_year(plan, found)
    results += _results(found, years)
    high = assumed(plan, reference, "bed-occupancy-high", plan.base_year)[1]
    said = [*_said(plan, found_checks, beds, tolerance), *_fuller(found, years, high)]
    blocks.append(Words(tuple(said)))
    if found_checks:
        blocks.append(_check_table(found_checks))
    if beds:
        blocks.append(_bed_table(plan, beds))
    return [*blocks, _year_table(plan, years), *_programmes(plan)]


_NOTHING = (
    "Lines and schemes may carry activity and its price, staff and their cost, beds and capital. None does yet, so "
    "the money cannot be held against what it buys."
)


def _entries(plan: Plan) -> list[BudgetLine | Scheme]:
    return [*plan.budget.lines, *plan.budget.schemes]


def _carries(entry: BudgetLine | Scheme) -> bool:
    return any((entry.activity is not None, entry.wte is not None, entry.beds is not None, entry.capital))


# --- checks ---------------------------------------------------------------------


def checks(plan: Plan, tolerance: float) -> Iterator[Check]:
    """Every product that can be held against money: activity times price, staff times cost."""
    for n, line in enumerate(plan.budget.lines):
        yield from _of_line(n, line, tolerance)
    for n, scheme in enumerate(plan.budget.schemes):
        yield from _of_scheme(n, scheme, tolerance)


def _of_line(n: int, line: BudgetLine, tolerance: float) -> Iterator[Check]:
    if line.activity is not None and line.unit_price is not None:
        unit = line.activity_unit or "units"
        yield _check(
            "lines",
            n,
            line.name,
            "activity",
            line.activity,
            unit,
            line.unit_price,
            "spend",
            line.amount,
            tolerance,
        )
    if line.wte is not None and line.wte_cost is not None and line.pay_share is not None:
        pay = line.amount * line.pay_share
        yield _check("lines", n, line.name, "wte", line.wte, "staff", line.wte_cost, "pay", pay, tolerance)


def _of_scheme(n: int, scheme: Scheme, tolerance: float) -> Iterator[Check]:
    """What a scheme adds stands against its running cost, what it takes away against the capacity it releases."""
    if scheme.activity and scheme.unit_price is not None:
        against, given = _money_of(scheme, scheme.activity)
        unit = scheme.activity_unit or "units"
        yield _check(
            "schemes",
            n,
            scheme.name,
            "activity",
            abs(scheme.activity),
            unit,
            scheme.unit_price,
            against,
            given,
            tolerance,
        )
    if scheme.wte and scheme.wte_cost is not None:
        against, given = _money_of(scheme, scheme.wte)
        yield _check(
            "schemes",
            n,
            scheme.name,
            "wte",
            abs(scheme.wte),
            "staff",
            scheme.wte_cost,
            against,
            given,
            tolerance,
            True,
        )


def _money_of(scheme: Scheme, change: float) -> tuple[Against, float]:
    return (
        ("running cost", scheme.recurrent_cost) if change > 0 else ("released capacity", scheme.gross_saving)
    )


def _check(
    kind: Literal["lines", "schemes"],
    index: int,
    name: str,
    field: Literal["activity", "wte"],
    count: float,
    unit: str,
    each: float,
    against: Against,
    given: float,
    tolerance: float,
    ceiling: bool = False,
) -> Check:
    found = method.agreement(count, each, given, tolerance)
    agrees = found.agrees or (ceiling and found.difference <= 0)
    return Check(
        kind,
        index,
        name,
        field,
        count,
        unit,
        each,
        against,
        given,
        found.product,
        found.share,
        agrees,
        ceiling,
    )


@dataclass(frozen=True)
class Beds:
    """The beds of a budget line in the base year; ``occupancy`` as a fraction, NaN where it is not known."""

    index: int
    name: str
    beds: float
    bed_days: float | None
    occupancy: float


def bedded(plan: Plan) -> Iterator[Beds]:
    """The budget lines with beds or occupied bed days."""
    for n, line in enumerate(plan.budget.lines):
        if line.beds is not None or line.bed_days is not None:
            full = (
                method.occupancy(line.bed_days, line.beds or 0.0) if line.bed_days is not None else math.nan
            )
            yield Beds(n, line.name, line.beds or 0.0, line.bed_days, full)


def beds_by_service(plan: Plan) -> dict[str, tuple[float, float]]:
    """For each service that stops: the beds it closes, and those that the funded schemes naming it close.

    Under "": what funded schemes close without naming a service that stops.
    """
    stopped = {s.id: s for s in plan.decommissioning.services if s.decision in ("stop", "change")}
    found: dict[str, tuple[float, float]] = {id: (float(s.beds_closed), 0.0) for id, s in stopped.items()}
    for scheme in plan.budget.schemes:
        if scheme.funded and scheme.beds is not None and scheme.beds < 0:
            id = scheme.stops if scheme.stops in stopped else ""
            closed, claimed = found.get(id, (0.0, 0.0))
            found[id] = (closed, claimed - scheme.beds)
    return {id: pair for id, pair in found.items() if any(pair)}


# --- by year ----------------------------------------------------------------------


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
    prices and efficiency; what a funded scheme changes follows its ramp.
    """
    years = list(found.years)
    volume = _volume(found)
    effects = {s.id: phasing.effect(years, s.start_year, s.ramp) for s in plan.budget.schemes if s.funded}
    measures = [Measure("revenue", "Spend, as planned", "£000s", tuple(found.summary["spend_after"]))]
    measures += _activity(plan, volume, effects)
    staff = _grown(plan, volume, "wte") + _added(plan, effects, "wte", len(years))
    measures.append(
        Measure("staff", "Staff, if each does as much as today", "whole-time equivalents", _tuple(staff), 1)
    )
    beds = _beds(plan, years, effects)
    days = _grown(plan, volume, "bed_days")
    measures.append(Measure("beds", "Beds, as planned", "beds", _tuple(beds)))
    measures.append(
        Measure("bed-days", "Occupied bed days, before schemes take any away", "bed days", _tuple(days))
    )
    full = [100 * method.occupancy(d, b) if d else math.nan for d, b in zip(days, beds, strict=True)]
    measures.append(Measure("occupancy", "Occupancy, before schemes take bed days away", "%", tuple(full), 1))
    measures += _capital(plan, years)
    return [m for m in measures if any(v == v and v for v in m.values)]


def _tuple(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def _volume(found: Money) -> np.ndarray:
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
    units = list(dict.fromkeys(e.activity_unit for e in _entries(plan) if e.activity))
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
    claimed = {s.stops for s in plan.budget.schemes if s.funded and s.beds}
    for service in plan.decommissioning.services:
        if service.decision == "stop" and service.stop_date and service.id not in claimed:
            beds = beds - service.beds_closed * (np.array(years) > financial_year_of(service.stop_date))
    return np.maximum(beds, 0.0)


def _capital(plan: Plan, years: list[int]) -> list[Measure]:
    lines = [sum(line.capital for line in plan.budget.lines), *[0.0] * (len(years) - 1)]
    schemes = [
        sum(s.capital for s in plan.budget.schemes if s.funded and s.start_year == year) for year in years
    ]
    return [
        Measure("capital-lines", "Capital of budget lines, beside the spend", "£000s", tuple(lines)),
        Measure("capital-schemes", "Capital of schemes, beside the spend", "£000s", tuple(schemes)),
    ]


# --- words and tables ---------------------------------------------------------------


def _said(plan: Plan, found: list[Check], beds: list[Beds], tolerance: float) -> list[str]:
    said = [
        f"Where a line or a scheme names what it buys, the product is held against its money; up to "
        f"{number(100 * tolerance, 1)}% apart is let pass. Staff of a scheme may cost less than the scheme, not more."
    ]
    off = [c.name for c in found if not c.agrees]
    if found:
        said.append(
            f"{plural(len(found), 'product')} can be checked; "
            + (f"these do not agree: {listed(dict.fromkeys(off))}." if off else "all agree.")
        )
    unnamed = sum(line.beds is not None and line.bed_days is None for line in plan.budget.lines)
    if beds and unnamed:
        said.append(
            f"{plural(unnamed, 'line')} with beds {'names' if unnamed == 1 else 'name'} no occupied bed days."
        )
    return said


def _fuller(found: Money, years: list[Measure], high: float) -> list[str]:
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


def _check_table(found: list[Check]) -> Table:
    return table(
        "triangulation",
        "What is bought, held against the money",
        [
            Column("name", "Line or scheme"),
            Column("what", "What"),
            Column("count", "How many a year", decimals=0),
            Column("each", "One costs", "£", 2),
            Column("product", "Product", "£000s", 0),
            Column("against", "Held against"),
            Column("given", "Which is", "£000s", 0),
            Column("share", "Difference", "%", 1),
            Column("verdict", "Agrees"),
        ],
        [
            {
                "name": c.name,
                "what": c.unit,
                "count": c.count,
                "each": c.each,
                "product": c.product,
                "against": c.against,
                "given": c.given,
                "share": 100 * c.share if math.isfinite(c.share) else None,
                "verdict": _verdict(c),
            }
            for c in found
        ],
        source="Budget lines and schemes of this plan",
        missing="nothing to compare with",
        detail=True,
    )


def _verdict(check: Check) -> str:
    if not check.agrees:
        return "no"
    return "yes, as a part of it" if check.ceiling and check.product < check.given else "yes"


def _bed_table(plan: Plan, beds: list[Beds]) -> Table:
    return table(
        "beds",
        f"Beds and how full they are, {financial_year(plan.base_year)}",
        [
            Column("name", "Budget line"),
            Column("beds", "Beds", decimals=0),
            Column("days", "Occupied bed days a year", decimals=0),
            Column("full", "Occupancy", "%", 1, f"of beds times {method.DAYS} days"),
        ],
        [
            {
                "name": b.name,
                "beds": b.beds,
                "days": b.bed_days,
                "full": 100 * b.occupancy if b.occupancy == b.occupancy else None,
            }
            for b in beds
        ],
        source="Budget lines of this plan",
        detail=True,
    )


def _year_table(plan: Plan, years: list[Measure]) -> Table:
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


def _programmes(plan: Plan) -> list[Block]:
    """Activity, staff, beds and capital by programme in the base year; nothing where no line names one."""
    grouped: dict[str, list[BudgetLine]] = {}
    for line in plan.budget.lines:
        if _carries(line):
            grouped.setdefault(line.programme, []).append(line)
    if not any(grouped):
        return []
    return [
        table(
            "triangulation-programmes",
            f"What each programme buys, {financial_year(plan.base_year)}",
            [
                Column("name", "Programme"),
                Column("spend", "Spend of these lines", "£000s", 0),
                Column("activity", "Activity a year"),
                Column("wte", "Staff", "whole-time equivalents", 0),
                Column("beds", "Beds", decimals=0),
                Column("capital", "Capital", "£000s", 0),
            ],
            [_programme(name, lines) for name, lines in grouped.items()],
            source="Budget lines of this plan that carry activity, staff, beds or capital",
            detail=True,
        )
    ]


def _programme(name: str, lines: list[BudgetLine]) -> dict[str, Any]:
    units: dict[str, float] = {}
    for line in lines:
        if line.activity:
            units[line.activity_unit] = units.get(line.activity_unit, 0.0) + line.activity
    return {
        "name": name or "none named",
        "spend": sum(line.amount for line in lines),
        "activity": listed(f"{number(amount, 0)} {unit or 'units'}" for unit, amount in units.items())
        or "none given",
        "wte": sum(line.wte or 0.0 for line in lines),
        "beds": sum(line.beds or 0.0 for line in lines),
        "capital": sum(line.capital for line in lines),
    }


def _results(found: Money, years: list[Measure]) -> list[Result]:
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
