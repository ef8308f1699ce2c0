"""Question 3: the population in groups that help to plan, who is at risk, and who would gain most."""

from __future__ import annotations

from typing import Any

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.methods import rounding
from workbook.plan import Plan
from workbook.plan.sections import Segment
from workbook.reference import Reference, printed
from workbook.steps import asking, misprints
from workbook.steps.frames import records
from workbook.steps.needs import risks
from workbook.words import listed, number

_CHECKED = {True: "yes", False: "no: one of the three is wrong", None: "cannot be checked"}
# What the printed matrix of the source holds besides the two cells that contradict themselves (ODR-14).
_ODDITIES = (
    "The cell for adults with severe mental illness is labelled as children.",
    "Age 16 stands in two bands.",
    "The last two columns mean different things: disability and vulnerable children for the young, "
    "physical and learning disability for everybody else.",
)


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """The plan's groups, or the examples of the source where it has none; then the levels of risk and their gain."""
    links = asking.priorities(plan)
    grouping, risk = reference.framework("CST-08"), reference.framework("CST-09")
    return [
        Heading("The population in groups", "segments"),
        Words(
            (
                "People grouped by the nature of the problem, the care they get and the outcome they want. "
                "Never add groups up unless nobody is in two.",
            )
        ),
        *_own(plan, reference),
        asking.ask(plan, reference, "/needs/segments", detail=True),
        *([] if plan.needs.segments else _examples(reference)),
        *asking.bank(plan, grouping, "/needs/answers", links),
        Heading("Who is at risk, and who would gain most", "gain", 3),
        *risks.part(plan, results),
        *asking.bank(plan, risk, "/needs/answers", links),
    ]


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


# --- the plan's own segments --------------------------------------------------


def _own(plan: Plan, reference: Reference) -> list[Block]:
    """The matrix; the table only where the matrix cannot hold every segment, for both print the same figures."""
    if not plan.needs.segments:
        return []
    drawn = _matrix(plan)
    whole = drawn and all(s.age and s.group for s in plan.needs.segments)
    said = _remarks(plan, reference)
    return [*drawn, *said] if whole else [*drawn, _segment_table(plan), *said]


def _remarks(plan: Plan, reference: Reference) -> list[Block]:
    """What is easily misread in the segments of a place that the sources print."""
    said = printed.remarks(reference, plan.area.code)
    if not said:
        return []
    return [Words(("What is easily misread in the figures as printed:",)), Words(tuple(said), "list")]


def _matrix(plan: Plan) -> list[Block]:
    """Ages by groups of need, where at least two segments say both."""
    placed = [s for s in plan.needs.segments if s.age and s.group]
    if len(placed) < 2 or len({(s.age, s.group) for s in placed}) < len(placed):
        return []
    rows = [_cell(s) for s in placed]
    wrong = [f"{s.group}, {s.age}" for s, row in zip(placed, rows, strict=True) if row["holds"] is False]
    most = max(placed, key=lambda s: s.total or 0)
    title = (
        f"People, spend a head and total by age and need: most is spent on {most.group.lower()}, {most.age}"
    )
    said = [Words((_said_of(wrong),))] if wrong else []
    return [
        Figure(
            "segment-matrix",
            title if most.total else "People by age and need",
            charts.segment_matrix(rows),
            f"A table of cells, ages across and groups of need down, for {len(placed)} segments: "
            + "; ".join(_cell_words(s) for s in placed)
            + ". "
            + _said_of(wrong),
            _placed_table(placed, rows),
            listed(dict.fromkeys(s.source for s in placed if s.source)),
        ),
        *said,
    ]


def _cell(s: Segment) -> dict[str, Any]:
    return {
        "group": s.group,
        "age": s.age,
        "population": s.population,
        "spend": s.spend_per_head,
        "total": s.total,
        "holds": segment_holds(s.population, s.spend_per_head, s.total),
    }


def _cell_words(s: Segment) -> str:
    people = f"{number(s.population, 1)} thousand people" if s.population is not None else "people not given"
    total = number(s.total, 1, "£ million") if s.total is not None else "total not given"
    return f"{s.group}, {s.age}: {people}, {total}"


def _said_of(wrong: list[str]) -> str:
    if not wrong:
        return "No cell contradicts itself."
    return f"People times spend cannot give the total of {listed(wrong)}."


def _placed_table(placed: list[Segment], rows: list[dict[str, Any]]) -> Table:
    return table(
        "segment-matrix",
        "Segments by age and group of need",
        [
            Column("group", "Group of need"),
            Column("age", "Age"),
            Column("population", "People", "thousands", 1),
            Column("spend", "Spend a head", "£", 0),
            Column("total", "Total spend", "£ million", 1),
            Column("checked", "People x spend gives the total"),
            *([Column("need", "What this group needs")] if any(s.need for s in placed) else []),
        ],
        [
            row | {"checked": _CHECKED[row["holds"]], "need": s.need}
            for s, row in zip(placed, rows, strict=True)
        ],
        note="The check allows each figure half of its last digit. Segments may overlap: no sum is shown.",
    )


def _segment_table(plan: Plan) -> Table:
    """The groups; a check or a source that is the same for all of them stands once below."""
    found = [segment_holds(s.population, s.spend_per_head, s.total) for s in plan.needs.segments]
    sources = {s.source for s in plan.needs.segments}
    holds = Column("holds", "People x spend gives the total")
    return table(
        "segments",
        "Segments: people, spend a head and total",
        [
            Column("name", "Segment"),
            *([Column("need", "What this group needs")] if any(s.need for s in plan.needs.segments) else []),
            Column("population", "People", "thousands", 1),
            Column("spend_per_head", "Spend a head", "£", 0),
            Column("total", "Total spend", "£ million", 1),
            *([] if all(found) else [holds]),
            *([Column("source", "Source")] if len(sources) > 1 else []),
        ],
        [
            {**s.model_dump(exclude={"levels"}), "holds": _CHECKED[held]}
            for s, held in zip(plan.needs.segments, found, strict=True)
        ],
        source=sources.pop() if len(sources) == 1 else "",
        note=(
            "In every row people times spend gives the total, each figure allowed half of its last digit."
            if all(found)
            else "The check allows each figure half of its last printed digit."
        ),
    )


# --- examples, while the plan has none ------------------------------------------


def _examples(reference: Reference) -> list[Block]:
    """Segments that others have used, and one area's matrix as it was printed, with what cannot be true in it."""
    named = reference.framework("ODR-13")
    return [
        Heading("Examples from elsewhere", "segment-examples", 3),
        Words((f"Segments that others have used ({named.id}), for comparison; they overlap.",), "note"),
        Words(tuple(f"{item.label}. {item.help}".strip() for item in named.items), "list"),
        *_devon(reference),
    ]


def _devon(reference: Reference) -> list[Block]:
    framework = reference.framework("ODR-14")
    printed_rows = records(reference.segments())
    rows = [_devon_cell(r) for r in printed_rows if not r["total"]]
    wrong = [
        f"{c.where.removeprefix('Devon, ')}: {c.sentence}"
        for c in misprints.contradictions(reference)
        if c.where.startswith("Devon")
    ]
    return [
        asking.about(framework),
        Figure(
            "devon-matrix",
            "An example: Devon's people by age and need, 2016/17, as printed; two cells contradict themselves",
            charts.segment_matrix(rows),
            "A table of cells, three ages across and nine groups of need down, as the source prints them: "
            + "; ".join(_devon_words(r) for r in rows)
            + ". "
            + " ".join(wrong),
            _devon_table(printed_rows),
            framework.source,
        ),
        Words(("What cannot be true in it, or is easily misread:",)),
        Words((*wrong, *_ODDITIES), "list"),
    ]


def _devon_cell(row: dict[str, Any]) -> dict[str, Any]:
    people, spend, total = (
        None if row[k] != row[k] else float(row[k])
        for k in ("population_thousands", "spend_per_head", "total_m")
    )
    return {
        "group": row["segment"],
        "age": row["age"],
        "population": people,
        "spend": spend,
        "total": total,
        "holds": segment_holds(people, spend, total),
    }


def _devon_words(row: dict[str, Any]) -> str:
    if row["total"] is None:
        return f"{row['group']}, {row['age']}: empty"
    return f"{row['group']}, {row['age']}: {number(row['total'], 1, '£ million')}"


def _devon_table(rows: list[dict[str, Any]]) -> Table:
    cells = [
        row
        | {
            "holds": "" if row["total"] else _CHECKED[_devon_cell(row)["holds"]],
            "note": row["note"],
        }
        for row in rows
    ]
    return table(
        "devon-matrix",
        "Devon's segments as printed",
        [
            Column("age", "Age"),
            Column("segment", "Segment"),
            Column("population_thousands", "People", "thousands", 1),
            Column("spend_per_head", "Spend a head", "£", 0),
            Column("total_m", "Total spend", "£ million", 1),
            Column("holds", "People x spend gives the total"),
            Column("note", "To know"),
        ],
        cells,
        source=str(rows[0]["source"]),
        note="Every figure stands as it was printed; totals are the source's own. The check allows each figure "
        "half of its last digit.",
        missing="none printed",
    )
