"""Question 2, its end: the sources of 2014 and what has become of them, and the money as a whole."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Table, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking


def part(plan: Plan, reference: Reference) -> list[Block]:
    spend = reference.framework("CST-06")
    return [
        Heading("Looking at all the money", "total-spend", 3),
        asking.about(spend),
        *asking.bank(plan, spend, "/needs/answers", asking.priorities(plan)),
        _sources(reference),
    ]


def _sources(reference: Reference) -> Table:
    framework = reference.framework("CST-07")
    return table(
        "sources-of-2014",
        "Where figures came from in 2014, and where to look today",
        [Column("name", "Named in 2014"), Column("today", "What has become of it")],
        [{"name": item.label, "today": item.help} for item in framework.items],
        source=f"{framework.source}; {framework.id}",
        note=f"{framework.today} {framework.trap}",
    )
