"""All services beside each other: the gate by what it comes from, drawn and as a table."""

from __future__ import annotations

from typing import Any

from workbook import charts
from workbook.blocks import Block, Column, Figure, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.steps.decommissioning import banks, calendar, need
from workbook.steps.decommissioning.gate import CONDITIONS, GROUPS, NOT_READY, READY, Gate
from workbook.words import day, listed, plural

MOST_ROWS = 24
DECISIONS = {
    "considering": "being considered",
    "stop": "to be stopped",
    "change": "to be changed",
    "keep": "to be kept",
}


def part(plan: Plan, reference: Reference, gates: list[Gate]) -> list[Block]:
    """How many are ready, the drawn strip of all gates, and the table with dates, money and need."""
    services = plan.decommissioning.services
    return [
        Words((_said(services, gates),), "lead"),
        *_strips(services, gates),
        _table(plan, reference, gates),
        *([banks.overview(reference, services)] if any(map(banks.is_asked, services)) else []),
    ]


def _said(services: list[Service], gates: list[Gate]) -> str:
    asked = [g for s, g in zip(services, gates, strict=True) if s.decision != "keep"]
    counts = [(sum(g.verdict == v for g in asked), v) for v in (READY, CONDITIONS, NOT_READY)]
    kept = len(services) - len(asked)
    said = listed(f"{n} {'is' if n == 1 else 'are'} {verdict}" for n, verdict in counts if n)
    keeps = f" {plural(kept, 'service is', 'services are').capitalize()} kept and not asked." if kept else ""
    if not asked:
        return keeps.strip()
    return f"Of {plural(len(asked), 'service')} that may stop or change, {said}.{keeps}"


def _strips(services: list[Service], gates: list[Gate]) -> list[Figure]:
    """The strip of every service that passes a gate, in parts that fit a page."""
    held = [(s, g) for s, g in zip(services, gates, strict=True) if s.decision != "keep"]
    parts = [held[i : i + MOST_ROWS] for i in range(0, len(held), MOST_ROWS)]
    return [_strip(rows, n, len(parts)) for n, rows in enumerate(parts, 1)]


def _strip(held: list[tuple[Service, Gate]], number: int, of: int) -> Figure:
    groups = [g for g in GROUPS if any(gate.count(g, blocking=b) for _, gate in held for b in (True, False))]
    rows: list[dict[str, Any]] = [
        {
            "name": service.name,
            "verdict": gate.verdict,
            "cells": [
                {"group": g, "blocks": gate.count(g, blocking=True), "open": gate.count(g, blocking=False)}
                for g in groups
            ],
        }
        for service, gate in held
    ]
    shown = table(
        f"gate-counts-{number}",
        "Points that stand in the way, by what they come from",
        [Column("name", "Service"), Column("verdict", "Gate"), *(Column(g, g) for g in groups)],
        [
            {"name": r["name"], "verdict": r["verdict"]}
            | {c["group"]: cell_words(c["blocks"], c["open"]) for c in r["cells"]}
            for r in rows
        ],
        source="Answers and findings of this plan",
    )
    worst = max(groups, key=lambda g: sum(gate.count(g, blocking=True) > 0 for _, gate in held), default="")
    many = sum(gate.count(worst, blocking=True) > 0 for _, gate in held) if worst else 0
    most = (
        f"most are held up by: {worst.lower()} ({many} of {len(held)})"
        if many > 1
        else "what stands in the way of each"
    )
    part = f" (part {number} of {of})" if of > 1 else ""
    return Figure(
        f"gate-strip-{number}" if of > 1 else "gate-strip",
        f"The gate: {most}{part}",
        charts.strip(rows, groups),
        (
            "One row a service, one column for each thing the gate looks at: a filled square with the number of points "
            "that block, an outlined one with the number of conditions, a ring where nothing stands in the way."
        ),
        shown,
        "Answers and findings of this plan",
    )


def cell_words(blocks: int, conditions: int) -> str:
    """ "2 points block, 1 condition"; "clear" where nothing stands in the way."""
    said = [plural(blocks, "point blocks", "points block")] if blocks else []
    said += [plural(conditions, "condition")] if conditions else []
    return ", ".join(said) or "clear"


def _table(plan: Plan, reference: Reference, gates: list[Gate]) -> Table:
    rows = []
    for service, gate in zip(plan.decommissioning.services, gates, strict=True):
        first = calendar.earliest(plan, reference, service)
        rows.append(
            {
                "name": service.name,
                "decision": DECISIONS[service.decision],
                "gate": gate.verdict if service.decision != "keep" else "not asked",
                "open": len(gate.points),
                "earliest": day(first.date) if first else "no notice set",
                "stop": day(service.stop_date) if service.stop_date else "not set",
                "cost": service.annual_cost,
                "released": service.released,
                "cashable": service.cashable,
                "unmet": need.left_cell(service),
            }
        )
    return table(
        "services",
        "The services side by side",
        [
            Column("name", "Service"),
            Column("decision", "Decision"),
            Column("gate", "Gate"),
            Column("open", "Points open", "", 0),
            Column("earliest", "Earliest end"),
            Column("stop", "Planned end"),
            Column("cost", "Cost a year", "£000s", 0),
            Column("released", "Released a year", "£000s", 0),
            Column("cashable", "Cashable a year", "£000s", 0),
            Column("unmet", "Need left unmet", "people a year", 0),
        ],
        rows,
        source="Services of this plan",
        note="Released and cashable in a full year. Earliest end: the notice, and the contract where it cannot be broken.",
    )
