"""What is ours, as something that can be drawn in a notebook: a plan at a glance, changes, what became of a file."""

from __future__ import annotations

from typing import Any

from workbook.blocks import Block, Column, Step, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Budget
from workbook.words import day, listed, plural


def blocks_of(thing: Any) -> list[Block | Step]:
    """The blocks that show a thing: itself where it is one, else words and tables made of it."""
    if isinstance(thing, Plan):
        return [at_a_glance(thing)]
    name = type(thing).__name__
    if name == "Change":
        from workbook.plan.difference import said

        return [Words((said(thing),))]
    if name == "Report":
        return [_taken(thing)]
    return [thing]


def at_a_glance(plan: Plan) -> Table:
    """What a plan is, and how much of it there is: facts and counts, no judgement."""
    area = f"{plan.area.name} ({plan.area.code})"
    rows = [
        ("Plan", plan.title or "without a title"),
        ("Area", f"{area}: synthetic, made up" if plan.area.synthetic else area),
        ("Years", f"{plan.horizon} from base year {plan.base_year}, to {plan.last_year}"),
        ("Revision", _saved(plan)),
        ("Needs", plural(len(plan.needs.priorities), "priority", "priorities")),
        ("Ambitions", _ambitions(plan)),
        ("Budget", _budget(plan.budget)),
        ("Decommissioning", f"{plural(len(plan.decommissioning.services), 'service')} considered"),
        (
            "Look at it",
            "wb.needs(plan), wb.ambitions(plan), wb.budget(plan), wb.decommissioning(plan), "
            "wb.plan_page(plan), wb.findings(plan)",
        ),
    ]
    return table(
        "plan-at-a-glance",
        "The plan at a glance",
        [Column("what", "What"), Column("words", "In this plan")],
        [{"what": what, "words": words} for what, words in rows],
    )


def _saved(plan: Plan) -> str:
    if plan.saved is None:
        return f"{plan.revision}, not saved" if plan.revision else "not saved yet"
    by = f" by {plan.saved.by}" if plan.saved.by else ""
    return f"{plan.revision}, saved{by} on {day(plan.saved.at)}"


def _ambitions(plan: Plan) -> str:
    measured = sum(bool(a.measure) for a in plan.ambitions.items)
    levels = sum(bool(a.levels) for a in plan.ambitions.items)
    return f"{plural(measured, 'ambition')} with a measure, {levels} with a level of its own"


def _budget(budget: Budget) -> str:
    return listed((plural(len(budget.lines), "line"), plural(len(budget.schemes), "scheme")))


def _taken(report: Any) -> Words:
    """What became of a file that was taken or checked."""
    standing = [str(f) for f in report.faults]
    said = report.said or (
        f"{report.file}: {report.format}, {plural(report.rows, 'row')}; "
        + ("it would be refused." if report.refused else "no fault stands in the way of importing it."),
    )
    return Words((*said, *standing))
