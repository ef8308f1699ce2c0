"""The finance sheet: income, spend, investment, savings and what is left, by organisation, line and year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook.pack.submission.common import LATER, MONEY, Line, by_year, status, wide, years_of
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine
from workbook.render.sheets import Grid
from workbook.steps.frames import records
from workbook.steps.money import COSTS, Money
from workbook.words import financial_year

_SUMS = (  # of the summary, in the order of an account
    ("income", "Income"),
    ("spend", "Spend, if nothing changes"),
    ("efficiency", "of which: efficiency counted on (below zero saves)"),
    ("set_up", "Investment: set-up cost of schemes"),
    ("running", "Investment: running cost of schemes"),
    ("double_running", "Investment: double running"),
    ("transition", "Investment: closing of services"),
    ("scheme_cost", "Cost of schemes and closing, together"),
    ("released", "Capacity released by schemes, not all of it money"),
    ("not_cashed", "of which: saving that cannot be cashed"),
    ("cashed", "of which: saving that is cashed"),
    ("cashable", "Saving cashed by services that stop, not counted with a scheme"),
    ("saving", "Cashed savings, together"),
    ("spend_after", "Spend, as planned"),
    ("gap_before", "Surplus, or gap below zero, if nothing changes"),
    ("gap_after", "Surplus, or gap below zero, as planned"),
)
_OF_ORGANISATION = (
    ("income", "Income"),
    ("spend", "Spend, if nothing changes"),
    ("scheme_cost", "Cost of schemes and closing"),
    ("saving", "Cashed savings"),
    ("left", "Surplus, or gap below zero, as planned"),
)
_OF_SCHEME = (
    ("set_up", "Investment: set-up cost"),
    ("running", "Investment: running cost"),
    ("double_running", "Investment: double running"),
    ("released", "Capacity released"),
    ("not_cashed", "of which: cannot be cashed"),
    ("cashed", "of which: cashed"),
    ("net", "Net: cashed less cost"),
)
_FRONT = ("Organisation", "Programme", "Line", "Status")  # the columns before the years, alike in every table
_ALL = "All"
_NO_LINES = "The plan holds no budget lines."


def grids(plan: Plan, found: Money) -> tuple[Grid, ...]:
    """The tables of the sheet, the totals first."""
    return (
        _totals(plan, found),
        _organisations(plan, found),
        _lines(plan, found, "total", "finance-lines", "Spend by budget line, if nothing changes"),
        _lines(plan, found, "efficiency", "finance-efficiency", "Efficiency counted on, by budget line"),
        _schemes(plan, found),
        _closing(plan, found),
        _fund(plan),
    )


def _totals(plan: Plan, found: Money) -> Grid:
    sums = _summed(found)
    stated = _stated(plan)
    lines = (
        Line((_ALL, _ALL, label, stated.get(key, stated["spend"])), wide(sums, key))
        for key, label in _SUMS
        if plan.budget.lines or key in ("income", "gap_before", "gap_after")
    )
    above = ("Cash terms. Spend is after efficiency. A saving counts only where a service stops.",)
    title = "Income, spend and what is left"
    return by_year("finance-totals", title, _FRONT, years_of(plan), lines, unit=MONEY, above=above)


def _stated(plan: Plan) -> dict[str, str]:
    """How sure the sums are: as sure as what was entered."""
    income = status(plan, (row.status for row in plan.budget.income))
    spend = status(plan, (line.status for line in plan.budget.lines), later=LATER)
    worked = status(plan, ("worked out",))
    return {"income": income, "spend": spend} | dict.fromkeys(
        [key for key, _ in _SUMS if key not in ("income", "spend", "spend_after")], worked
    )


def _summed(found: Money) -> list[dict[str, Any]]:
    """The rows of the summary, with the sums over lines, schemes and services that it is made of."""
    lines = found.lines.groupby("year")["efficiency"].sum()
    parts = [*COSTS, "released", "cashed"]
    schemes = found.schemes.groupby("year")[parts].sum()
    services = found.services.groupby("year")[["transition", "cashable"]].sum()
    rows: list[dict[str, Any]] = []
    for row in records(found.summary):
        year = row["year"]
        more: dict[Any, Any] = {"efficiency": lines.get(year, 0.0)}
        more |= {k: schemes[k].get(year, 0.0) for k in parts} | {
            k: services[k].get(year, 0.0) for k in services
        }
        rows.append(row | more | {"not_cashed": more["released"] - more["cashed"]})
    return rows


def _organisations(plan: Plan, found: Money) -> Grid:
    lines = (
        Line((str(name), _ALL, label, _of(plan, str(name), key)), wide(rows, key))
        for name, rows in _grouped(found.organisations, "organisation").items()
        for key, label in _OF_ORGANISATION
        if plan.budget.lines or key == "income"
    )
    title = "Income and spend by organisation"
    return by_year(
        "finance-organisations", title, _FRONT, years_of(plan), lines, unit=MONEY, nothing=_NO_LINES
    )


def _of(plan: Plan, organisation: str, key: str) -> str:
    if key == "income":
        return status(plan, (i.status for i in plan.budget.income if i.organisation == organisation))
    if key == "spend":
        given = (line.status for line in plan.budget.lines if line.organisation == organisation)
        return status(plan, given, later=LATER)
    return status(plan, ("worked out",))


def _grouped(frame: Any, key: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of a frame by what one of its columns says, years in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(frame):
        found.setdefault(row[key], []).append(row)
    return found


def _lines(plan: Plan, found: Money, column: str, id: str, title: str) -> Grid:
    """Every budget line by year: one figure of it."""
    rows = _grouped(found.lines, "line")

    def said(line: BudgetLine) -> str:
        entered = column == "total"
        return status(plan, (line.status,), later=LATER) if entered else status(plan, ("worked out",))

    lines = (
        Line(
            (line.organisation, line.programme, line.name, said(line)),
            wide(rows[line.id], column),
        )
        for line in plan.budget.lines
    )
    front = ("Organisation", "Programme", "Budget line", "Status")
    return by_year(id, title, front, years_of(plan), lines, unit=MONEY, nothing=_NO_LINES)


def _schemes(plan: Plan, found: Money) -> Grid:
    above = ("Funded schemes only; a row is left out where it is nought in every year.",)
    front = ("Organisation", "Scheme", "Line", "Status")
    title, nothing = "Schemes: investment and savings", "No scheme of the plan is funded."
    lines = _scheme_lines(plan, found)
    return by_year(
        "finance-schemes", title, front, years_of(plan), lines, unit=MONEY, above=above, nothing=nothing
    )


def _scheme_lines(plan: Plan, found: Money) -> Iterator[Line]:
    said = status(plan, ("assumed",))
    for rows in _grouped(found.schemes, "scheme").values():
        rows = [row | {"not_cashed": row["released"] - row["cashed"]} for row in rows]
        for key, label in _OF_SCHEME:
            values = wide(rows, key)
            if any(values):
                yield Line((rows[0]["organisation"], rows[0]["name"], label, said), values)


def _closing(plan: Plan, found: Money) -> Grid:
    lines = (
        Line((rows[0][who], rows[0]["name"], label, status(plan, ("assumed",))), wide(rows, key))
        for rows in _grouped(found.services, "service").values()
        for key, label, who in (
            ("transition", "Closing, once", "paid_by"),
            ("cashable", "Saving cashed, not counted with a scheme", "organisation"),
        )
    )
    front = ("Organisation", "Service", "Line", "Status")
    title, nothing = "Services that stop", "The plan stops no service with a last day."
    return by_year("finance-closing", title, front, years_of(plan), lines, unit=MONEY, nothing=nothing)


_POTS = {
    "section-75": "Section 75: decided together",
    "aligned": "Aligned",
    "in-collaboration": "In collaboration",
}


def _fund(plan: Plan) -> Grid:
    """The pooled fund as it is agreed: it is held for one year only."""
    fund = plan.budget.fund
    lines = [
        Line((c.partner, _POTS.get(c.pot, c.pot), "Contribution", status(plan, (c.status,))), (c.amount,))
        for c in fund.contributions
    ]
    if fund.total is not None:
        lines.append(Line((_ALL, "All pots", "Fund as agreed", status(plan, ("agreed",))), (fund.total,)))
    front = ("Partner", "Pot", "Line", "Status")
    above = ("The plan holds the pooled fund for its base year only.",)
    title, nothing = (
        f"Pooled fund: {fund.name}" if fund.name else "Pooled fund",
        "The plan holds no pooled fund.",
    )
    year = (financial_year(plan.base_year),)
    return by_year("finance-fund", title, front, year, lines, unit=MONEY, above=above, nothing=nothing)
