"""The end of the page: which lists its questions come from, the sources of 2014, and the cases of 2014."""

from __future__ import annotations

from datetime import date

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Framework, Reference
from workbook.steps import asking
from workbook.words import day, listed

# The lists that the page asks or shows, in its order; examples carry their own note where they stand.
_LISTS = ("CST-05", "CFO-01", "CST-04", "CST-06", "CST-08", "CST-09", "CST-10", "CST-12", "ODR-11")


def spend(plan: Plan, reference: Reference) -> list[Block]:
    """Question 2, its end: the money as a whole."""
    framework = reference.framework("CST-06")
    return [
        Heading("Looking at all the money", "total-spend", 3),
        *asking.bank(plan, framework, "/needs/answers", asking.priorities(plan)),
    ]


def part(reference: Reference) -> list[Block]:
    """The lists that the questions come from and what has become of them, the sources, and the cases."""
    return [
        Heading("Where the questions and examples of this page come from", "question-lists"),
        _lists([reference.framework(id) for id in _LISTS]),
        _sources(reference),
        *_cases(reference),
    ]


def _lists(frameworks: list[Framework]) -> Table:
    """Each list with its year, its status and today's position: an old rule must not look like one that binds."""
    status = {f.status for f in frameworks}
    checked = listed(day(date.fromisoformat(d)) for d in sorted({f.checked_on for f in frameworks}))
    return table(
        "question-lists",
        "The lists of questions on this page, and what has become of them",
        [
            Column("title", "List"),
            Column("year", "Source of"),
            *([Column("status", "Status")] if len(status) > 1 else []),
            Column("today", "Today"),
        ],
        [
            {
                "title": f"{f.title} ({f.id})",
                "year": str(f.source_year),
                "status": f.status,
                "today": f.today,
            }
            for f in frameworks
        ],
        source=listed(dict.fromkeys(f.source.split(", theme")[0].split(", section")[0] for f in frameworks)),
        note=(f"Status of all: {next(iter(status))}. " if len(status) == 1 else "") + f"Checked {checked}.",
        missing="",
    )


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


def _cases(reference: Reference) -> list[Block]:
    framework = reference.framework("CFO-12")
    cases = "; ".join(item.label for item in framework.items)
    said = (
        f"{cases}.",
        f"{framework.today} A case is a question to ask, not evidence that it works here. Source: {framework.source}; "
        f"{framework.id}.",
    )
    return [
        Heading("Fourteen cases that commissioners were pointed to in 2014", "cases-of-2014", 3),
        Words(said),
    ]
