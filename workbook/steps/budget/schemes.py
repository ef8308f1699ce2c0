"""The schemes: what they cost, release and save."""

from __future__ import annotations

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.frames import by_year
from workbook.steps.money import Money, counted_share
from workbook.words import financial_year, listed, plural
from workbook.words import money as pounds


def part(plan: Plan, reference: Reference, found: Money, results: list[Result]) -> list[Block]:
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
        blocks.append(_scheme_table(plan, found))
        if len(found.schemes):
            blocks.append(_scheme_chart(plan, found))
    else:
        blocks.append(Words(("No schemes have been entered yet.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/budget/schemes", detail=True)]


def _scheme_table(plan: Plan, found: Money) -> Table:
    net = found.schemes.groupby("scheme")["net"].sum() if len(found.schemes) else pd.Series(dtype=float)
    rows = []
    for scheme in plan.budget.schemes:
        counted = counted_share(plan, scheme)
        rows.append(
            {
                "name": scheme.name,
                "funded": "funded" if scheme.funded else "not funded",
                "ambitions": listed(scheme.ambitions) or "none",
                "start": financial_year(scheme.start_year) if scheme.start_year else "not set",
                "set_up": scheme.set_up_cost,
                "running": scheme.recurrent_cost,
                "released": scheme.gross_saving,
                "cashable": scheme.gross_saving * counted,
                "net": float(net[scheme.id]) if scheme.id in net.index else None,
                "evidence": scheme.evidence,
                "owner": scheme.owner or "none named",
            }
        )
    return table(
        "schemes",
        "Schemes: cost, capacity released and what counts as saved",
        [
            Column("name", "Scheme"),
            Column("funded", "Funded?"),
            Column("ambitions", "Serves ambition"),
            Column("start", "Starts"),
            Column("set_up", "Set-up, once", "£000s", 0),
            Column("running", "Running cost a year", "£000s", 0),
            Column("released", "Capacity released a year", "£000s", 0),
            Column("cashable", "Counted as cashable a year", "£000s", 0),
            Column("net", f"Net over the plan, to {financial_year(plan.last_year)}", "£000s", 0),
            Column("evidence", "Evidence"),
            Column("owner", "Owner"),
        ],
        rows,
        source="Schemes of this plan",
        note="Net is cashed savings less set-up, running and double-running costs; below zero it costs.",
        missing="not funded",
    )


def _scheme_chart(plan: Plan, found: Money) -> Figure:
    names = {"set_up": "Set-up", "running": "Running", "double_running": "Double running"}
    totals = by_year(found.schemes.groupby("year")[[*names, "cashed"]].sum().reset_index())
    costs = {year: sum(row[name] for name in names) for year, row in totals.items() if year in plan.years}
    bars = [
        {"category": financial_year(year), "value": totals[year][key] / 1000, "series": label}
        for year in costs
        for key, label in names.items()
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
