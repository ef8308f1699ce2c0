"""Whether money, activity, staff, beds and capital of the plan tell the same story."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.methods import triangulation as method
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine, Scheme
from workbook.reference import Reference
from workbook.steps.budget import resources
from workbook.steps.money import Money, assumed
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
    years = resources.by_year(plan, found)
    results += resources.results(found, years)
    high = assumed(plan, reference, "bed-occupancy-high", plan.base_year)[1]
    said = [*_said(plan, found_checks, beds, tolerance), *resources.fuller(found, years, high)]
    blocks.append(Words(tuple(said)))
    if found_checks:
        blocks.append(_check_table(found_checks))
    if beds:
        blocks.append(_bed_table(plan, beds))
    return [*blocks, resources.year_table(plan, years), *_programmes(plan)]


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
