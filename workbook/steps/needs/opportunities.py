"""Question 4: what could be better, and what reaching the peers would mean."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Result, Table, table
from workbook.methods import intervals, opportunity
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.standing import Standing
from workbook.words import number


def part(plan: Plan, reference: Reference, standings: list[Standing], results: list[Result]) -> list[Block]:
    rows = [row for s in standings if (row := _opportunity_row(s, results))]
    blocks: list[Block] = [Heading("What could be better", "opportunities")]
    if rows:
        blocks.append(_opportunity_table(rows))
    return blocks


def _opportunity_row(s: Standing, results: list[Result]) -> dict | None:
    own = s.own
    denominator = own.denominator or (
        own.count / own.value * s.indicator.per if own.count and own.value else None
    )
    if s.indicator.polarity == "none" or not s.indicator.per or not denominator or len(s.peers) < 5:
        return None
    if own.lower is None or own.upper is None or any(p.lower is None or p.upper is None for p in s.peers):
        return None
    found = opportunity.opportunity(
        own.value,
        (own.upper - own.lower) / intervals.WIDTH,
        [p.value for p in s.peers],
        [(p.upper - p.lower) / intervals.WIDTH for p in s.peers],  # type: ignore[operator]
        denominator,
        s.indicator.per,
        s.indicator.polarity,
    )
    if found.reason or found.gap <= 0:
        return None
    results.append(
        Result(
            f"needs.{s.indicator.id}.opportunity",
            f"{s.indicator.name}, gap to the mean of the best five peers",
            found.people,
            s.counted_in,
            own.period,
            "Gap to the mean of the best five peers times the population; interval from both standard errors",
            s.indicator.source,
        )
    )
    return {
        "name": s.indicator.name,
        "period": own.period,
        "label": s.counted_in,
        "best": found.people,
        "interval": f"{number(found.lower, 0)} to {number(found.upper, 0)}",
        "median": max(found.median_people, 0),
        "shrunken": found.shrunken_people,
        "words": "this could be chance" if found.chance else "beyond chance",
    }


def _opportunity_table(rows: list[dict]) -> Table:
    return table(
        "opportunities",
        "What reaching the peers would mean, a year",
        [
            Column("name", "Figure"),
            Column("period", "Period"),
            Column("label", "Counted in"),
            Column("best", "To the best five peers", "", 0),
            Column("interval", "95% interval"),
            Column("median", "To the peer median", "", 0),
            Column(
                "shrunken",
                "Shrunken estimate",
                "",
                0,
                "pulled towards the peers by how uncertain the area's own figure is",
            ),
            Column("words", "Beyond chance?"),
        ],
        rows,
        note="Never add these up: the same people stand in several rows.",
    )
