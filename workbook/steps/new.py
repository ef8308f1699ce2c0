"""A new plan for an area: empty, or from a pattern."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.errors import BadInput
from workbook.plan import Plan
from workbook.plan.model import AreaRef, Origin
from workbook.plan.sections import Ambition, Recorded
from workbook.reference import Area, Reference
from workbook.steps.standing import readings

HORIZON = 5
_FIRST_PLAN = 2025  # base year where neither a pattern nor a figure says otherwise


def new_plan(
    code: str,
    reference: Reference,
    *,
    pattern: Plan | None = None,
    base_year: int | None = None,
    horizon: int | None = None,
    bind: Mapping[int, str] | None = None,
) -> Plan:
    """A plan for the area with that code, not saved yet.

    Without ``bind`` an ambition takes the catalogue's measure where the area
    has a series of it. Without ``base_year`` the plan starts from the latest
    year of its measures. From a pattern it takes every decision; its money is
    multiplied until the NHS commissioner's income is the area's own allocation, and the factor is recorded.
    Raises UnknownArea, UnknownIndicator, or BadInput for a measure without figures.
    """
    area = reference.area(code)
    bound = _bound(area, reference, dict(bind or {}), pattern)
    base = base_year or _latest(area, reference, bound) or (pattern.base_year if pattern else _FIRST_PLAN)
    plan = _from_pattern(area, reference, pattern, base) if pattern else _empty(area, base)
    plan = plan.model_copy(
        update={
            "base_year": base,
            "horizon": horizon or (pattern.horizon if pattern else HORIZON),
            "revision": 0,
        }
    )
    ambitions = [_rebound(a, bound, plan, pattern, reference) for a in plan.ambitions.items]
    plan.ambitions.items = ambitions
    return Plan.model_validate(plan.model_dump())


def _empty(area: Area, base: int) -> Plan:
    return Plan.model_validate(
        {
            "title": f"Five-year commissioning plan for {area.name}",
            "area": _ref(area).model_dump(),
            "base_year": base,
            "ambitions": {"items": [{"number": n} for n in range(1, 8)]},
        }
    )


def _ref(area: Area) -> AreaRef:
    return AreaRef(code=area.code, name=area.name, kind=area.kind, synthetic=area.synthetic)


# --- measures ------------------------------------------------------------------------


def _bound(area: Area, reference: Reference, given: dict[int, str], pattern: Plan | None) -> dict[int, str]:
    """The measure of each ambition: as asked for, else the pattern's, else the catalogue's; each on hand for the area."""
    held = set(reference.available(area.code))
    bound = {}
    for number_, text in given.items():
        indicator = reference.find_indicator(text)
        if indicator.id not in held:
            why = reference.refused(area.code).get(indicator.id, "")
            raise BadInput(
                f"{indicator.name} has no figure for {area.name}, so ambition {number_} cannot be bound to it. {why}".strip(),
                "Import the file it comes from, or bind another figure ('workbook data list' shows them).",
            )
        bound[number_] = indicator.id
    for ambition in pattern.ambitions.items if pattern else []:
        if ambition.measure in held:
            bound.setdefault(ambition.number, ambition.measure)
    for indicator in reference.indicators():
        if indicator.ambition and indicator.id in held:
            bound.setdefault(indicator.ambition, indicator.id)
    return bound


def _latest(area: Area, reference: Reference, bound: dict[int, str]) -> int | None:
    years = [
        int(rows["year"].max())
        for indicator in bound.values()
        if len(rows := reference.series(indicator, area=area.code).dropna(subset=["value"]))
    ]
    return max(years, default=None)


def _rebound(
    ambition: Ambition, bound: dict[int, str], plan: Plan, pattern: Plan | None, reference: Reference
) -> Ambition:
    """The ambition with its measure and the baseline it starts from; levels of another area do not carry over."""
    measure = bound.get(ambition.number, "")
    same_area = pattern is not None and pattern.area.code == plan.area.code and measure == ambition.measure
    if same_area:
        return ambition
    changes: dict[str, object] = {"measure": measure, "levels": [], "baseline": None}
    if not measure and ambition.line:
        changes["line"] = None
    if measure and ambition.line == "own":
        changes["line"] = None
    if measure:
        changes["baseline"] = recorded(plan, reference, measure)
    return ambition.model_copy(update=changes)


def recorded(plan: Plan, reference: Reference, measure: str) -> Recorded | None:
    """The area's figure up to the base year, as it is kept in the plan."""
    own = readings(reference.series(measure, area=plan.area.code), plan.base_year)
    if not own:
        return None
    indicator = reference.indicator(measure)
    latest = own[-1]
    return Recorded(
        value=latest.value, unit=indicator.unit, period=latest.period, source=indicator.source[:300]
    )


# --- money -----------------------------------------------------------------------------


def _from_pattern(area: Area, reference: Reference, pattern: Plan, base: int) -> Plan:
    moved = base - pattern.base_year
    factor = _money_factor(area, reference, pattern, base)
    data = pattern.model_dump(mode="json")
    data["area"] = _ref(area).model_dump()
    data["title"] = f"Five-year commissioning plan for {area.name}"
    data["origin"] = Origin(
        title=pattern.title, area=pattern.area.name, revision=pattern.revision, money_factor=factor
    ).model_dump()
    data["needs"]["peers"] = []
    data["needs"]["peers_reason"] = ""
    _scale(data, factor or 1.0)
    _move(data, moved)
    return Plan.model_validate(data)


def _money_factor(area: Area, reference: Reference, pattern: Plan, base: int) -> float | None:
    """The area's allocation over the income of the pattern's NHS commissioner, both of the base year.

    A council's income is not part of an allocation, so it takes the same factor and not a share of it.
    """
    income = _commissioners_income(pattern)
    if not income or pattern.area.code == area.code or "allocation" not in reference.available(area.code):
        return None
    rows = reference.series("allocation", area=area.code)
    own = rows[rows["year"] == base]["value"].dropna()
    return round(float(own.iloc[0]) / income, 6) if len(own) else None


def _commissioners_income(pattern: Plan) -> float:
    """The largest income of the base year: where councils plan along, the NHS commissioner brings the most."""
    incomes: dict[str, float] = {}
    for entry in pattern.budget.income:
        if entry.year == pattern.base_year:
            incomes[entry.organisation] = incomes.get(entry.organisation, 0.0) + entry.amount
    return max(incomes.values(), default=0.0)


# What grows with the size of an area, list by list; a path through the plan, then the fields of each entry.
_SCALED: dict[str, tuple[str, ...]] = {
    "budget/organisations": ("total",),
    "budget/income": ("amount",),
    "budget/lines": ("amount", "activity", "wte", "beds", "bed_days", "capital", "people"),
    "budget/schemes": (
        *("set_up_cost", "recurrent_cost", "capital", "gross_saving"),
        *("people", "activity", "wte", "beds"),
    ),
    "budget/fund/contributions": ("amount",),
    "budget/fund/pots": ("amount",),
    "budget/fund/partners": ("most",),
    "budget/contracts": (*("value", "outcome_part", "cost_low", "cost", "cost_high", "bears_first", "pool"),),
    "budget/risks": ("cost_low", "cost_high"),
    "decommissioning/services": (
        *("annual_cost", "released", "cashable", "transition_cost"),
        "beds_closed",
    ),
}


def _scale(data: dict, factor: float) -> None:
    """Every amount of money and every count, times the factor, to the nearest thousand pounds, person or bed."""
    paid_for = _paid_for(data)
    for path, names in _SCALED.items():
        for entry in _at(data, path):
            _grow(entry, names, factor)
    _pay_for(data, paid_for)
    for entry in (data["budget"]["fund"], data["budget"]["value"]):
        _grow(entry, ("total", "money"), factor)
    for scheme in data["budget"]["schemes"]:
        _grow(scheme["pilot"], ("cost",), factor)
    for service in data["decommissioning"]["services"]:
        for cost in service["shunted"]:
            _grow(cost, ("amount",), factor)
        _scale_users(service, factor)


def _paid_for(data: dict) -> list[str]:
    """The organisations whose income of the base year is what their lines cost, to the pound."""
    lines, income = _lines_of(data), _base_income(data)
    return [
        name
        for name, amount in income.items()
        if lines.get(name) and round(1000 * (amount - sum(line["amount"] for line in lines[name]))) == 0
    ]


def _pay_for(data: dict, organisations: list[str]) -> None:
    """Puts what rounding took or added on the largest line, so that lines which were paid for still are."""
    lines, income = _lines_of(data), _base_income(data)
    for name in organisations:
        largest = max(lines[name], key=lambda line: line["amount"])
        largest["amount"] += income[name] - sum(line["amount"] for line in lines[name])


def _lines_of(data: dict) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for line in data["budget"]["lines"]:
        found.setdefault(line["organisation"], []).append(line)
    return found


def _base_income(data: dict) -> dict[str, float]:
    found: dict[str, float] = {}
    for entry in data["budget"]["income"]:
        if entry["year"] == data["base_year"]:
            found[entry["organisation"]] = found.get(entry["organisation"], 0.0) + entry["amount"]
    return found


def _at(data: dict, path: str) -> list[dict]:
    entry: Any = data
    for part in path.split("/"):
        entry = entry[part]
    return entry


def _grow(entry: dict, names: tuple[str, ...], factor: float) -> None:
    for name in names:
        if entry.get(name) is not None:
            entry[name] = float(round(entry[name] * factor))
    if "status" in entry and factor != 1:
        entry["status"] = "assumed"


def _scale_users(service: dict, factor: float) -> None:
    """A service's users and where they go, to the nearest person.

    Where the groups were all of its users they stay so: rounding must not leave
    a person without a place.
    """
    groups = service["destinations"]
    everyone = bool(groups) and sum(g["people"] for g in groups) == service["users"]
    service["users"] = float(round(service["users"] * factor))
    for group in groups:
        _grow(group, ("people", "room"), factor)
    if everyone:
        largest = max(groups, key=lambda g: g["people"])
        largest["people"] += service["users"] - sum(g["people"] for g in groups)


def _move(data: dict, years: int) -> None:
    """Every year and date of the pattern, moved with the base year."""
    if not years:
        return
    for entry in data["budget"]["income"]:
        entry["year"] += years
    for scheme in data["budget"]["schemes"]:
        if scheme["start_year"] is not None:
            scheme["start_year"] += years
        _move_dates(scheme["pilot"], ("ends",), years)
    for service in data["decommissioning"]["services"]:
        _move_dates(service, _SERVICE_DAYS, years)
        _move_dates(service["record"], ("taken_on", "review_on"), years)


_SERVICE_DAYS = (
    *("stop_date", "notice_date", "contract_start", "contract_end"),
    *("consulted", "notified", "assessed"),
)


def _move_dates(entry: dict, names: tuple[str, ...], years: int) -> None:
    for name in names:
        if entry[name]:
            entry[name] = _moved_date(entry[name], years)


def _moved_date(day: str, years: int) -> str:
    year, rest = int(day[:4]) + years, day[4:]
    return f"{year}-02-28" if rest == "-02-29" else f"{year:04d}{rest}"
