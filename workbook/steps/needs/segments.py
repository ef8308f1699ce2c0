"""Question 3: the population in groups that help to plan."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.methods import rounding
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking


def part(plan: Plan, reference: Reference) -> list[Block]:
    blocks: list[Block] = [
        Heading("The population in groups", "segments"),
        Words(
            (
                "Group people by the nature of the problem, the care they get and the outcome they want. "
                "Groups may overlap: never add them up unless they are drawn so that nobody is in two.",
            )
        ),
    ]
    if plan.needs.segments:
        blocks.append(_segment_table(plan))
    blocks.append(asking.ask(plan, reference, "/needs/segments", detail=True))
    blocks.append(asking.about(reference.framework("CST-08")))
    blocks += asking.bank(plan, reference.framework("CST-08"), "/needs/answers")
    examples = reference.framework("ODR-13")
    blocks += [
        Words(("Segments that others have used, for comparison; they overlap.",), "note"),
        Words(tuple(item.label for item in examples.items), "list"),
    ]
    return blocks


def decimals_of(value: float | None) -> int:
    """How many decimals a typed figure carries: 128.9 has one, 13 none."""
    text = f"{value:.6f}".rstrip("0") if value is not None else ""
    return len(text.partition(".")[2])


def segment_holds(population: float | None, spend: float | None, total: float | None) -> bool | None:
    """Whether thousands of people x spend a head can give the total in millions; None where one is missing."""
    if population is None or spend is None or total is None:
        return None
    return rounding.product_holds(
        population,
        max(1, decimals_of(population)),
        spend,
        decimals_of(spend),
        total,
        max(1, decimals_of(total)),
        scale=1 / 1000,
    ).holds


def _segment_table(plan: Plan) -> Table:
    """The groups; a check or a source that is the same for all of them stands once below."""
    words = {True: "yes", False: "no: one of the three is wrong", None: "cannot be checked"}
    found = [segment_holds(s.population, s.spend_per_head, s.total) for s in plan.needs.segments]
    sources = {s.source for s in plan.needs.segments}
    holds = Column("holds", "People x spend gives the total")
    return table(
        "segments",
        "Segments: people, spend a head and total",
        [
            Column("name", "Segment"),
            Column("population", "People", "thousands", 1),
            Column("spend_per_head", "Spend a head", "£", 0),
            Column("total", "Total spend", "£ million", 1),
            *([] if all(found) else [holds]),
            *([Column("source", "Source")] if len(sources) > 1 else []),
        ],
        [
            {**s.model_dump(), "holds": words[held]}
            for s, held in zip(plan.needs.segments, found, strict=True)
        ],
        source=sources.pop() if len(sources) == 1 else "",
        note=(
            "In every row people times spend gives the total, each figure allowed half of its last digit."
            if all(found)
            else "The check allows each figure half of its last printed digit."
        ),
    )
