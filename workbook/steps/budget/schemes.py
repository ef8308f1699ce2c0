"""The schemes: what they cost, release and save, by programme, by year, and in staff, beds and activity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.charts.largest import largest
from workbook.plan import Plan
from workbook.plan.sections import Scheme
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget import schemes_entered as entered
from workbook.steps.frames import by_year
from workbook.steps.money import COSTS, Money, counted_share
from workbook.words import financial_year, listed, number, plural
from workbook.words import money as pounds

_EACH = 40  # with more schemes than these, those not among the largest stand in sums only
_LARGEST = 10


def part(plan: Plan, reference: Reference, found: Money, results: list[Result]) -> list[Block]:
    """What the plan pays for: the schemes in sums and singly, by year, and what they take of staff, beds and capital."""
    blocks: list[Block] = [
        Heading("Schemes", "schemes"),
        Words(
            (
                "What the plan pays for. A saving counts only where a service really stops, because capacity that "
                "stays open goes on costing what it costs.",
            )
        ),
    ]
    if plan.budget.schemes:
        results += _results(plan, found)
        blocks += _pictures(plan, found)
    else:
        blocks.append(Words(("No schemes have been entered yet.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/budget/schemes", detail=True)]


def _pictures(plan: Plan, found: Money) -> list[Block]:
    many, ranked = len(plan.budget.schemes) > _EACH, _ranked(plan)
    blocks: list[Block] = [Words((_in_words(plan, found),))]
    if len(found.schemes):
        blocks.append(_scheme_chart(plan, found))
    if many:
        blocks.append(_by_programme(plan, found))
    if many and len(found.schemes):
        blocks.append(_ten_largest(plan))  # of few, the table shows as much
    blocks.append(replace(_scheme_table(plan, found), detail=many))
    if len(found.schemes):
        blocks.append(_net_by_year(plan, found))
    return [*blocks, *entered.in_kind(plan, ranked), entered.as_entered(plan, ranked)]


def whole_cost(scheme: Scheme, horizon: int) -> float:
    """Set-up cost, capital and the running cost of every year of the plan in full: by this schemes are ranked, £000s."""
    return scheme.set_up_cost + scheme.capital + scheme.recurrent_cost * horizon


def _ranked(plan: Plan) -> list[Scheme]:
    """The funded schemes, the dearest first, then the others the same way."""
    return sorted(plan.budget.schemes, key=lambda s: (not s.funded, -whole_cost(s, plan.horizon)))


def _shown(plan: Plan) -> list[Scheme]:
    return _ranked(plan)[:_EACH]


def _nets(found: Money) -> pd.Series:
    return found.schemes.groupby("scheme")["net"].sum() if len(found.schemes) else pd.Series(dtype=float)


def _in_words(plan: Plan, found: Money) -> str:
    funded = [s for s in plan.budget.schemes if s.funded]
    net = float(_nets(found).sum())
    said = (
        f"{plural(len(funded), 'scheme').capitalize()} of {len(plan.budget.schemes)} "
        f"{'is' if len(funded) == 1 else 'are'} funded"
    )
    if not funded:
        return f"{said}."
    released = sum(s.gross_saving for s in funded)
    cash = sum(s.gross_saving * counted_share(plan, s) for s in funded)
    return (
        f"{said}: {pounds(sum(s.set_up_cost for s in funded))} once to set up, "
        f"{pounds(sum(s.recurrent_cost for s in funded))} a year to run at full scale. They release capacity of "
        f"{pounds(released)} a year, of which {pounds(cash)} counts as cash. Over the plan, to "
        f"{financial_year(plan.last_year)}, they {'cost' if net < 0 else 'bring'} {pounds(abs(net))} net."
    )


# --- tables -----------------------------------------------------------------------


def programme_of(plan: Plan) -> dict[str, str]:
    """For each scheme its programme: that of its budget line, else the line's name, else that it has none."""
    lines = {line.id: line.programme or line.name for line in plan.budget.lines}
    return {s.id: lines.get(s.line) or "No budget line" for s in plan.budget.schemes}


def _sums(plan: Plan, schemes: Sequence[Scheme], nets: pd.Series) -> dict[str, Any]:
    return {
        "funded": len(schemes),
        "set_up": sum(s.set_up_cost for s in schemes),
        "running": sum(s.recurrent_cost for s in schemes),
        "capital": sum(s.capital for s in schemes),
        "released": sum(s.gross_saving for s in schemes),
        "cashable": sum(s.gross_saving * counted_share(plan, s) for s in schemes),
        "net": float(nets.reindex([s.id for s in schemes]).fillna(0).sum()),
    }


def _by_programme(plan: Plan, found: Money) -> Table:
    groups: dict[str, list[Scheme]] = {}
    programmes, nets = programme_of(plan), _nets(found)
    for scheme in plan.budget.schemes:
        groups.setdefault(programmes[scheme.id], []).append(scheme)
    rows = [
        {"name": name, "all": len(entries), **_sums(plan, [s for s in entries if s.funded], nets)}
        for name, entries in groups.items()
    ]
    rows.sort(key=lambda r: -r["running"])
    funded = [s for s in plan.budget.schemes if s.funded]
    rows.append({"name": "All schemes", "all": len(plan.budget.schemes), **_sums(plan, funded, nets)})
    return table(
        "schemes-by-programme",
        "Schemes by programme: the sums of those that are funded",
        [
            Column("name", "Programme or budget line"),
            Column("all", "Schemes", "", 0),
            Column("funded", "Funded", "", 0),
            Column("set_up", "Set-up, once", "£000s", 0),
            Column("running", "Running cost a year", "£000s", 0),
            Column("capital", "Capital, once", "£000s", 0),
            Column("released", "Capacity released a year", "£000s", 0),
            Column("cashable", "Counted as cashable a year", "£000s", 0),
            Column("net", f"Net over the plan, to {financial_year(plan.last_year)}", "£000s", 0),
        ],
        rows,
        source="Schemes of this plan",
        note="Net is cashed savings less set-up, running and double-running costs; below zero it costs.",
    )


def _scheme_table(plan: Plan, found: Money) -> Table:
    nets, shown = _nets(found), _shown(plan)
    rows = []
    for scheme in shown:
        rows.append(
            {
                "name": scheme.name,
                "ambitions": listed(scheme.ambitions) or "none",
                "start": _start(scheme),
                "set_up": scheme.set_up_cost,
                "running": scheme.recurrent_cost,
                "released": scheme.gross_saving,
                "cashable": scheme.gross_saving * counted_share(plan, scheme),
                "net": float(nets[scheme.id]) if scheme.id in nets.index else None,
                "evidence": scheme.evidence,
            }
        )
    left = len(plan.budget.schemes) - len(shown)
    return table(
        "schemes",
        "Schemes: cost, capacity released and what counts as saved, the dearest first",
        [
            Column("name", "Scheme"),
            Column("ambitions", "Ambition"),
            Column("start", "Starts"),
            Column("set_up", "Set-up, once", "£000s", 0),
            Column("running", "Running a year", "£000s", 0),
            Column("released", "Releases a year", "£000s", 0),
            Column("cashable", "Counts as cash", "£000s", 0),
            Column("net", f"Net, to {financial_year(plan.last_year)}", "£000s", 0),
            Column("evidence", "Evidence"),
        ],
        rows,
        source="Schemes of this plan",
        note="Ranked by set-up, capital and the running cost of all years. Releases: capacity, at full scale; what of it is "
        "counted as cash stands beside it. Net: cashed savings less set-up, running and double-running costs; below zero it costs."
        + (f" The funded schemes that cost most; {left} more stand in the sums above." if left else ""),
        missing="none",
    )


def _start(scheme: Scheme) -> str:
    if not scheme.funded:
        return "not funded"
    return financial_year(scheme.start_year) if scheme.start_year else "not set"


def _net_by_year(plan: Plan, found: Money) -> Table:
    """Cost and net of each funded scheme in each year; the smallest in one row where there are many."""
    frame = found.schemes.assign(cost=found.schemes[list(COSTS)].sum(axis=1))
    own = {
        str(id): {
            int(y): (float(c), float(n)) for y, c, n in zip(g["year"], g["cost"], g["net"], strict=True)
        }
        for id, g in frame.groupby("scheme")
    }
    ranked = [s for s in _ranked(plan) if s.id in own]
    rows = [_year_row(s.name, [own[s.id]], plan.years) for s in ranked[:_EACH]]
    if rest := [own[s.id] for s in ranked[_EACH:]]:
        rows.append(_year_row(plural(len(rest), "other"), rest, plan.years))
    rows.append(_year_row("All funded schemes", list(own.values()), plan.years))
    return table(
        "schemes-by-year",
        "What each funded scheme costs, and what it comes to net, year by year",
        [
            Column("name", "Scheme"),
            *(Column(f"cost_{y}", f"Cost {financial_year(y)}", "£000s", 0) for y in plan.years),
            *(Column(f"net_{y}", f"Net {financial_year(y)}", "£000s", 0) for y in plan.years),
        ],
        rows,
        source="Schemes of this plan",
        note="Cost is set-up, running and double running; net is cashed savings less cost, below zero where it costs.",
        detail=True,
    )


def _year_row(
    name: str, some: Sequence[dict[int, tuple[float, float]]], years: Iterable[int]
) -> dict[str, Any]:
    """The cost and net by year of some schemes, added up."""
    row: dict[str, Any] = {"name": name}
    for year in years:
        row[f"cost_{year}"] = sum(s[year][0] for s in some)
        row[f"net_{year}"] = sum(s[year][1] for s in some)
    return row


# --- figures ----------------------------------------------------------------------


def _ten_largest(plan: Plan) -> Figure:
    funded = [s for s in _ranked(plan) if s.funded]
    top = funded[:_LARGEST]
    whole = sum(whole_cost(s, plan.horizon) for s in funded)
    part_ = sum(whole_cost(s, plan.horizon) for s in top)
    rows = [
        {
            "name": s.name,
            "value": (cost := whole_cost(s, plan.horizon)),
            "words": f"{pounds(cost)}, {number(100 * cost / whole if whole else 0, 0)}%",
        }
        for s in top
    ]
    share = number(100 * part_ / whole if whole else 0, 0)
    which = f"The {len(top)} largest of {len(funded)} funded schemes take" if len(funded) > len(top) else (
        f"{plural(len(top), 'funded scheme').capitalize()} {'takes' if len(top) == 1 else 'take'}"
    )  # fmt: skip
    return Figure(
        "scheme-largest",
        f"{which} {share}% of the money for schemes, “{top[0].name}” the most",
        largest(rows),
        "Set-up, capital and five full years of running cost: ".replace("five", str(plan.horizon))
        + "; ".join(f"{r['name']} {r['words']}" for r in rows)
        + ".",
        table(
            "scheme-largest",
            "The funded schemes that cost most",
            [
                Column("name", "Scheme"),
                Column("value", f"Set-up, capital and {plan.horizon} full years", "£000s", 0),
                Column("words", "And its share of all funded schemes"),
            ],
            rows,
        ),
        "Schemes of this plan",
    )


def _scheme_chart(plan: Plan, found: Money) -> Figure:
    names = dict(zip(COSTS, ("Set-up", "Running", "Double running"), strict=True))
    totals = by_year(found.schemes.groupby("year")[[*names, "cashed"]].sum().reset_index())
    costs = {year: sum(row[name] for name in names) for year, row in totals.items() if year in plan.years}
    # A part that costs nothing in any year has no bar, and its name in the key would be looked for.
    drawn = {key: label for key, label in names.items() if any(totals[year][key] for year in costs)} or names
    bars = [
        {"category": financial_year(year), "value": totals[year][key] / 1000, "series": label}
        for year in costs
        for key, label in drawn.items()
    ]
    funded = sum(s.funded for s in plan.budget.schemes)
    return Figure(
        "scheme-cost",
        f"{plural(funded, 'funded scheme')} cost {pounds(costs[plan.last_year])} in {financial_year(plan.last_year)}",
        charts.bars(bars, unit="£ million", stacked=True),
        "Cost of the funded schemes by financial year: "
        + "; ".join(f"{financial_year(year)} {pounds(cost)}" for year, cost in costs.items())
        + ".",
        table(
            "scheme-cost",
            "Cost and cashed savings of the funded schemes",
            [
                Column("label", "Financial year"),
                *(Column(key, label, "£000s", 0) for key, label in names.items()),
                Column("cashed", "Cashed savings", "£000s", 0),
            ],
            [{"label": financial_year(year), **row} for year, row in totals.items()],
        ),
        "Schemes of this plan",
    )


def _results(plan: Plan, found: Money) -> list[Result]:
    funded = [s for s in plan.budget.schemes if s.funded]
    entries = (
        ("schemes-set-up", "Set-up cost of the funded schemes, once", sum(s.set_up_cost for s in funded)),
        ("schemes-running", "Running cost of the funded schemes a year", sum(s.recurrent_cost for s in funded)),
        ("schemes-net", "Net of the funded schemes over the plan", float(_nets(found).sum())),
    )  # fmt: skip
    period = f"{financial_year(plan.years[0])} to {financial_year(plan.last_year)}"
    return [
        Result(id, label, value, "£000s", period, "Sums over the funded schemes", "Schemes of this plan")
        for id, label, value in entries
    ]
