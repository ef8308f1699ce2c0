"""The dated assumptions that the money rests on."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.money import Money
from workbook.words import financial_year, listed


def part(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    blocks: list[Block] = [Heading("Assumptions", "assumptions")]
    if found.assumptions:
        blocks.append(_assumption_table(plan, found))
    else:
        blocks.append(Words(("None is used while there are no budget lines.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/assumptions")]


def _assumption_table(plan: Plan, found: Money) -> Table:
    rows: dict[str, dict] = {}
    for assumption, year, value, changed in sorted(found.assumptions, key=lambda used: used[0].label):
        row = rows.setdefault(
            assumption.id, {"label": assumption.label, "unit": assumption.unit, "status": set()}
        )
        row[str(year)] = 100 * value if assumption.unit.startswith("%") else value
        row["status"].add("changed in this plan" if changed else assumption.status)
        row["source"] = "the reason given below" if changed else assumption.source
    return table(
        "assumptions",
        "Assumptions used, by financial year",
        [
            Column("label", "Assumption"),
            Column("unit", "Unit"),
            *(Column(str(year), financial_year(year), decimals=2) for year in plan.years),
            Column("status", "Confirmed or assumed"),
            Column("source", "Source"),
        ],
        [{**row, "status": listed(sorted(row["status"]))} for row in rows.values()],
    )
