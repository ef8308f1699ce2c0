"""Step 9: the plan on a page, the thread from need to outcome, decisions and sign-off."""

from __future__ import annotations

import math

from workbook.blocks import Block, Column, Heading, Question, Result, Step, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Reference
from workbook.steps import asking, departures, thread
from workbook.steps.ambitions import title_of
from workbook.steps.in_short import ROLES, finding_counts, in_short, signed_words
from workbook.steps.lines import WARNING_YEAR, Outlook
from workbook.steps.thread import followed
from workbook.words import financial_year, number


def plan_page(plan: Plan, reference: Reference) -> Step:
    """What a board reads first and what it signs."""
    context = thread.Context(plan, reference)
    blocks: list[Block] = [
        Heading("Plan on a page", "page"),
        *([Words((plan.vision.statement,), "lead")] if plan.vision.statement else []),
        *in_short(plan, reference, context),
        *_vision(plan),
        *_ambition_table(plan, reference, context),
        Heading("From need to outcome", "thread"),
        *_threads(plan, reference, context),
        Heading("Everything broken or in doubt", "findings"),
        *_findings(plan, reference),
        Heading("Decisions", "decisions"),
        *([] if plan.decisions else [Words(("No decision has been recorded yet.",), "note")]),
        asking.ask(plan, reference, "/decisions"),
        *departures.part(plan, reference),
        Heading("How complete the plan is", "completeness"),
        _completeness(plan, reference),
        Heading("Sign-off", "sign-off"),
        Words((signed_words(plan),)),
        *(asking.ask(plan, reference, f"/sign_off/{role}") for role in ROLES),
        *(
            asking.ask(plan, reference, f"/sign_off/{name}")
            for name in ("version", "review_by", "limits", "uncertainty")
        ),
    ]
    return Step("plan", "The plan", tuple(blocks), _results(plan, context))


def _vision(plan: Plan) -> list[Block]:
    blocks: list[Block] = []
    if plan.vision.wants:
        blocks += [Heading("What we want", "wants-on-page", 3), Words(tuple(plan.vision.wants), "list")]
    if plan.vision.means:
        blocks += [
            Heading("How we will get there", "means-on-page", 3),
            Words(tuple(plan.vision.means), "list"),
        ]
    return blocks


def _ambition_table(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    rows = [
        _ambition_row(reference, ambition, context.outlooks[n])
        for n, ambition in enumerate(plan.ambitions.items)
        if thread.is_set(ambition) or ambition.measure
    ]
    if not rows:
        return []
    warned = any(row.get("warning") for row in rows)
    watched = [Column("warning", f"Warning, {plan.base_year + WARNING_YEAR}")] if warned else []
    return [
        Heading("Ambitions", "ambitions-on-page", 3),
        table(
            "ambitions",
            f"Ambitions to {plan.last_year}",
            [
                Column("ambition", "Ambition"),
                Column("measure", "Measure"),
                Column("baseline", "Baseline"),
                Column("nothing", f"Do nothing, {plan.last_year}"),
                Column("chosen", f"Chosen, {plan.last_year}"),
                *watched,
                Column("owner", "Owner"),
            ],
            rows,
            note=_WARNED if warned else "",
            missing="no figure",
        ),
        *_in_words(plan, context),
    ]


def _in_words(plan: Plan, context: thread.Context) -> list[Block]:
    """The ambitions that no figure can say, in their own words: in a cell of a table they would be a column of syllables."""
    said = [
        f"Ambition {a.number}: {a.in_words}"
        for n, a in enumerate(plan.ambitions.items)
        if a.in_words and context.outlooks[n] is None
    ]
    return [Words(tuple(said))] if said else []


def _ambition_row(reference: Reference, ambition: Ambition, found: Outlook | None) -> dict[str, str | None]:
    row: dict[str, str | None] = {
        "ambition": f"{ambition.number} {title_of(reference, ambition.number)}",
        "owner": ambition.owner or "none named",
        "measure": "no figure on hand" if ambition.measure else "in words",
    }
    if found is None:
        return row | ({"chosen": "below the table"} if ambition.in_words else {})
    indicator = found.standing.indicator
    d = indicator.decimals
    return row | {
        "measure": f"{indicator.name} ({indicator.unit})",
        "baseline": f"{number(found.baseline, d)} ({found.standing.own.period})",
        "nothing": number(found.lines["do-nothing"].last, d),
        "chosen": number(found.chosen.last, d) if found.chosen else "not chosen",
        "warning": _warning(found),
    }


_WARNED = (
    "Warning: a figure past this one leaves a way to the level chosen that only one in ten past moves of comparable "
    "areas managed."
)


def _warning(found: Outlook) -> str | None:
    """ "above 2,185": the figure of the early year from which the level chosen is hard to reach."""
    warning = found.warning
    if warning is None or not math.isfinite(warning.hard):
        return None
    return f"{warning.worse} {number(warning.hard, found.standing.indicator.decimals)}"


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
    """Every step: the needed fields that are empty, or that there are none."""
    rows = [row for step in _steps(plan, reference) for row in _missing(step)]
    rows += _missing_for_sign_off(plan)
    return table(
        "completeness",
        "Needed fields, step by step",
        [
            Column("step", "Step"),
            Column("entry", "Entry"),
            Column("field", "Field"),
            Column("state", "State"),
        ],
        rows,
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
    return {"step": step, "entry": "Every entry", "field": "Every needed field", "state": "Complete"}


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
