"""Step 0: where the plan stands, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.blocks import Block, Column, Finding, Heading, Question, Result, Step, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, thread
from workbook.words import financial_year, plural

_MOST_OPEN = 4  # findings in sight beside the next thing to do
WORKED = ("needs", "ambitions", "budget", "decommissioning", "plan")


@dataclass(frozen=True)
class Progress:
    """How far one step has come; ``first`` says what to do there first, ``at`` is its place in the plan where it has one."""

    step: str
    title: str
    answered: int
    questions: int
    open_required: int
    blocking: int
    doubtful: int
    first: str = ""
    at: str = ""
    begun: bool = True  # whether anything stands there besides what a new plan holds

    @property
    def state(self) -> str:
        if not self.begun:
            return "not started"
        if self.blocking:
            return "blocked"
        if self.open_required:
            return "unfinished"
        return "in doubt" if self.doubtful else "done"

    @property
    def said(self) -> str:
        """The state with what is open: "blocked: 2 broken links, 3 answers needed"."""
        counts = (
            (self.blocking, plural(self.blocking, "broken link")),
            (self.open_required, f"{plural(self.open_required, 'answer')} needed"),
            (self.doubtful, f"{plural(self.doubtful, 'link')} in doubt"),
        )
        if self.state in ("not started", "done"):
            return self.state
        if self.state == "in doubt":
            return f"in doubt: {plural(self.doubtful, 'link')}"
        return f"{self.state}: {', '.join(words for count, words in counts if count)}"


def progress(plan: Plan, reference: Reference) -> list[Progress]:
    """The progress of every step that is filled in."""
    from workbook.steps import run

    found = thread.findings(plan, reference)
    return [standing(run(name, plan, reference), found) for name in WORKED]


def standing(step: Step, found: Sequence[Finding]) -> Progress:
    """How far a step has come; ``found`` are the findings of the plan."""
    questions = step.questions()
    own = [f for f in found if f.step == step.id]
    blocking = [f for f in own if f.severity == "blocks"]
    doubtful = [f for f in own if f.severity == "doubt"]
    lacking = [needed for question in questions for needed in asking.open_required(question)]
    lacking += [("the approver", q) for q in map(_unsigned, questions) if q is not None]
    begun = any(map(_begun, questions))
    first, at = _first(blocking, lacking, doubtful) if begun else _begin(questions)
    return Progress(
        step=step.id,
        title=step.title,
        answered=sum(asking.answered(q) for q in questions),
        questions=len(questions),
        open_required=len(lacking),
        blocking=len(blocking),
        doubtful=len(doubtful),
        first=first,
        at=at,
        begun=begun,
    )


def _begun(question: Question) -> bool:
    """Whether somebody has answered: weights and limits, and the figures of the ambitions, stand in a new plan too."""
    if question.kind == "rows":
        return bool(question.items)
    if question.kind == "group":
        inside = (q for item in question.items for q in item.questions)
        return any(_begun(q) for q in inside if q.kind not in ("number", "integer"))
    return asking.answered(question) and not question.path.endswith("/measure")


def _unsigned(question: Question) -> Question | None:
    """The date on which the approver signs, where it is open: a plan that nobody has approved is not done."""
    if question.path != "/sign_off/approver":
        return None
    inside = (q for item in question.items for q in item.questions)
    return next((q for q in inside if q.path.endswith("/signed") and not asking.answered(q)), None)


def _first(
    blocking: list[Finding], lacking: list[tuple[str, Question]], doubtful: list[Finding]
) -> tuple[str, str]:
    """What to do first in a step that is begun, and where: what blocks, what is needed and empty, what is in doubt."""
    if blocking:
        return blocking[0].sentence, blocking[0].path
    if lacking:
        label, question = lacking[0]
        return f"“{question.prompt}”{f' of {label}' if label else ''} is needed and empty.", question.path
    return (doubtful[0].sentence, doubtful[0].path) if doubtful else ("", "")


def _begin(questions: Sequence[Question]) -> tuple[str, str]:
    """Where a step that is not started begins."""
    return (f"Begin with “{questions[0].prompt}”.", "") if questions else ("", "")  # on its first view


def next_thing(rows: Sequence[Progress]) -> Progress | None:
    """The step to go on with: the first that is not done, those in doubt last, and sign-off after all of them."""
    begun = any(row.begun for row in rows)
    states = [("blocked",), ("unfinished", "not started"), ("in doubt",)] if begun else [("not started",)]
    worked = [row for row in rows if row.step != "plan"]
    for among in (worked, rows):
        for wanted in states:
            for row in among:
                if row.state in wanted and row.first:
                    return row
    return None


def start(plan: Plan, reference: Reference) -> Step:
    """Area, years, progress over all steps, and what is open."""
    found = thread.findings(plan, reference)
    rows = progress(plan, reference)
    blocking = sum(f.severity == "blocks" for f in found)
    doubtful = sum(f.severity == "doubt" for f in found)
    following = next_thing(rows)
    blocks: list[Block] = [
        Words(
            (
                f"A plan for {plan.area.name}, base year {financial_year(plan.base_year)}, "
                f"{plural(plan.horizon, 'year')} ahead to {financial_year(plan.last_year)}.",
                _open_words(blocking, doubtful),
            ),
            "lead",
        ),
        *_next(following, found),
        Heading("How far the plan is", "progress"),
        _progress_table(rows),
        Heading("About this plan", "about"),
        *_about(plan, reference),
    ]
    rest = [f for f in thread.joined(found) if following is None or f.sentence != following.first]
    if rest:
        blocks += [Heading("What else is open", "first"), *rest[:_MOST_OPEN], *_more(len(rest) - _MOST_OPEN)]
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


def _next(row: Progress | None, found: Sequence[Finding]) -> list[Block]:
    """The next thing to do, with the way there; nothing where every step is done."""
    if row is None:
        return []
    same = next((f for f in found if f.sentence == row.first), None)
    severity, remedy = (same.severity, same.remedy) if same else ("note", "Go on from there.")
    return [
        Heading("What to do next", "next"),
        Finding("next", severity, f"{row.title}: {row.first}", remedy, row.step, row.at),
    ]


def _more(count: int) -> list[Block]:
    """How many more there are, and where all of them stand."""
    if count < 1:
        return []
    return [
        Words((f"{count} more: The plan lists all of them under “Everything broken or in doubt”.",), "note")
    ]


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
        [{**vars(r), "state": r.state[:1].upper() + r.state[1:]} for r in rows],
        note="Done means that nothing needed is empty and no link is in doubt; it does not mean that the plan is right.",
    )


def _about(plan: Plan, reference: Reference) -> list[Question]:
    return [asking.ask(plan, reference, f"/{name}") for name in ("title", "purpose", "base_year", "horizon")]
