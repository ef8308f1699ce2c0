"""Step 0: where the plan stands, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.blocks import Block, Column, Heading, Question, Result, Step, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, thread
from workbook.words import financial_year, plural

WORKED = ("needs", "ambitions", "budget", "decommissioning", "plan")


@dataclass(frozen=True)
class Progress:
    """How far one step has come."""

    step: str
    title: str
    answered: int
    questions: int
    open_required: int
    blocking: int
    doubtful: int

    @property
    def state(self) -> str:
        if self.blocking:
            return "blocked"
        if not self.answered:
            return "not started"
        if self.open_required:
            return "unfinished"
        return "in doubt" if self.doubtful else "done"


def progress(plan: Plan, reference: Reference) -> list[Progress]:
    """The progress of every step that is filled in."""
    from workbook.steps import run

    found = thread.findings(plan, reference)
    rows = []
    for name in WORKED:
        step = run(name, plan, reference)
        questions = step.questions()
        own = [f for f in found if f.step == name]
        rows.append(
            Progress(
                name,
                step.title,
                sum(asking.answered(q) for q in questions),
                len(questions),
                sum(len(asking.open_required(q)) for q in questions),
                sum(f.severity == "blocks" for f in own),
                sum(f.severity == "doubt" for f in own),
            )
        )
    return rows


def start(plan: Plan, reference: Reference) -> Step:
    """Area, years, progress over all steps, and what is open."""
    found = thread.findings(plan, reference)
    blocking = sum(f.severity == "blocks" for f in found)
    doubtful = sum(f.severity == "doubt" for f in found)
    blocks: list[Block] = [
        Words(
            (
                f"A plan for {plan.area.name}, base year {financial_year(plan.base_year)}, "
                f"{plural(plan.horizon, 'year')} ahead to {financial_year(plan.last_year)}.",
                _open_words(blocking, doubtful),
            ),
            "lead",
        ),
        Heading("About this plan", "about"),
        *_about(plan, reference),
        Heading("How far the plan is", "progress"),
        _progress_table(progress(plan, reference)),
    ]
    if found:
        blocks += [Heading("What to look at first", "first"), *thread.joined(found)[:5]]
    results = tuple(
        Result(
            f"plan.{name}",
            f"{name.capitalize()} findings",
            count,
            "findings",
            "",
            "Rules of the thread",
            "This plan",
        )
        for name, count in (("blocking", blocking), ("doubtful", doubtful))
    )
    return Step("start", "Start", tuple(blocks), results)


def _open_words(blocking: int, doubtful: int) -> str:
    """How many links are broken or in doubt: "2 links are broken and block sign-off, and 14 are in doubt." """
    if not blocking:
        said = f"{plural(doubtful, 'link')} {'is' if doubtful == 1 else 'are'}"
        return f"No broken link blocks sign-off; {said} in doubt."
    broken = (
        "1 link is broken and blocks" if blocking == 1 else f"{plural(blocking, 'link')} are broken and block"
    )
    return f"{broken} sign-off, and {doubtful or 'none'} {'is' if doubtful == 1 else 'are'} in doubt."


def _progress_table(rows: list[Progress]) -> Table:
    return table(
        "progress",
        "Progress by step",
        [
            Column("title", "Step"),
            Column("state", "State"),
            Column("answered", "Questions answered", "", 0),
            Column("questions", "Questions", "", 0),
            Column("open_required", "Needed and empty", "", 0),
            Column("blocking", "Blocking", "", 0),
            Column("doubtful", "In doubt", "", 0),
        ],
        [{**vars(r), "state": r.state} for r in rows],
        note="Done means that nothing needed is empty and no link is in doubt; it does not mean that the plan is right.",
    )


def _about(plan: Plan, reference: Reference) -> list[Question]:
    return [asking.ask(plan, reference, f"/{name}") for name in ("title", "purpose", "base_year", "horizon")]
