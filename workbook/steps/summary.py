"""Step 9: the plan on a page, the thread from need to outcome, decisions and sign-off."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Question, Result, Step, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, case, departures, on_a_page, signing, thread
from workbook.steps.in_short import finding_counts, in_short
from workbook.steps.thread import followed
from workbook.words import financial_year


def plan_page(plan: Plan, reference: Reference) -> Step:
    """What a board reads first and what it signs."""
    context = thread.Context(plan, reference)
    blocks: list[Block] = [
        Heading("Plan on a page", "page"),
        *on_a_page.page(plan, reference, context),
        Heading("Executive summary", "summary"),
        *in_short(plan, reference, context),
        Heading("From need to outcome", "thread"),
        *_threads(plan, reference, context),
        Heading("Everything broken or in doubt", "findings"),
        *_findings(plan, reference),
        Heading("Decisions", "decisions"),
        *([] if plan.decisions else [Words(("No decision has been recorded yet.",), "note")]),
        asking.ask(plan, reference, "/decisions"),
        *departures.part(plan, reference),
        *case.part(plan, reference, context),
        Heading("How complete the plan is", "completeness"),
        _completeness(plan, reference),
        *signing.part(plan, reference),
    ]
    return Step("plan", "The plan", tuple(blocks), _results(plan, context))


def _threads(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    """The thread drawn and as a nested list: what each need leads to, and where it breaks."""
    if not plan.needs.priorities:
        return [Words(("No priority has been chosen yet, so there is no thread to follow.",), "note")]
    found = followed.graph(plan, reference, context)
    return [followed.picture(plan, found), followed.tree(plan, reference, context)]


def _findings(plan: Plan, reference: Reference) -> list[Block]:
    """What is broken, by the link it concerns: first how many, then each, many of a kind as one."""
    links = thread.links(plan, reference)
    if not links:
        return [Words(("Nothing that the workbook can see. It checks links and figures, not judgement.",))]
    blocks: list[Block] = [Words((finding_counts(thread.findings(plan, reference)),))]
    if len(links) > 1:
        blocks.append(thread.counted(links))
    for n, link in enumerate(links):
        blocks += [Heading(link.title, f"findings-{n}", 3), *thread.joined(link.findings)]
    return blocks


_SIGNED_FOR = {
    "version": "Version",
    "review_by": "Valid until",
    "limits": "Limits of use",
    "uncertainty": "Uncertainty",
}


def _completeness(plan: Plan, reference: Reference) -> Table:
    """Every step: the answers it cannot do without that are missing, and how much of its checklists is answered."""
    rows = [row for step in _steps(plan, reference) for row in (*_missing(step), *_checklists(step))]
    rows += _missing_for_sign_off(plan)
    return table(
        "completeness",
        "What is answered, and what is not",
        [
            Column("step", "Step"),
            Column("entry", "Entry"),
            Column("field", "Field"),
            Column("state", "State"),
        ],
        rows,
        note="Questions of checklists may stay open; those that are stand as not answered yet where they are asked. The "
        "fields that a submission requires are another list: the sheet Completeness of submission.xlsx.",
    )


def _steps(plan: Plan, reference: Reference) -> list[Step]:
    from workbook.steps import run
    from workbook.steps.start import WORKED

    return [run(name, plan, reference) for name in WORKED if name != "plan"]


def _missing(step: Step) -> list[dict[str, str]]:
    rows = [
        _entry(step.title, label or _section(step, asked), question.prompt)
        for asked in step.questions()
        for label, question in asking.open_required(asked)
    ]
    return rows or [_complete(step.title)]


def _checklists(step: Step) -> list[dict[str, str]]:
    """How many questions of the step's checklists have an answer: complete is not said of a list nobody has looked at."""
    checks = [q for asked in step.questions() for q in asking.checks(asked)]
    if not checks:
        return []
    done = sum(map(asking.answered, checks))
    left = len(checks) - done
    return [
        {
            "step": step.title,
            "entry": "Questions of checklists",
            "field": f"{done:,} of {len(checks):,} answered",
            "state": f"{left:,} open" if left else "Complete",
        }
    ]


def _section(step: Step, asked: Question) -> str:
    """The heading a question stands under, which tells the ambitions apart."""
    heading = ""
    for block in step.blocks:
        if isinstance(block, Heading):
            heading = block.text
        if block is asked:
            break
    return heading.partition(":")[0] or asked.prompt


def _missing_for_sign_off(plan: Plan) -> list[dict[str, str]]:
    rows = [
        _entry("The plan", "Sign-off", label)
        for name, label in _SIGNED_FOR.items()
        if not getattr(plan.sign_off, name)
    ]
    return rows or [_complete("The plan")]


def _entry(step: str, entry: str, field: str) -> dict[str, str]:
    return {"step": step, "entry": entry, "field": field, "state": "Missing"}


def _complete(step: str) -> dict[str, str]:
    return {
        "step": step,
        "entry": "Every entry",
        "field": "Every answer that has to be given",
        "state": "Complete",
    }


def _results(plan: Plan, context: thread.Context) -> tuple[Result, ...]:
    found = thread.findings(plan, context.reference)
    return tuple(
        Result(
            f"plan.findings.{s}",
            label,
            sum(f.severity == s for f in found),
            "findings",
            period_of(plan),
            "Rules of the live thread",
            "This plan",
        )
        for s, label in thread.SEVERITIES.items()
    )


def period_of(plan: Plan) -> str:
    """The years planned for, as financial years."""
    return f"{financial_year(plan.base_year + 1)} to {financial_year(plan.last_year)}"
