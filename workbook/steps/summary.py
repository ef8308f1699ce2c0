"""Step 9: the plan on a page, the thread from need to outcome, decisions and sign-off."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Result, Step, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, thread
from workbook.steps.ambitions import title_of
from workbook.steps.budget import gap_words
from workbook.steps.decommissioning import gate
from workbook.steps.lines import Outlook
from workbook.steps.needs import period_of
from workbook.words import financial_year, listed, number, plural
from workbook.words import money as pounds


def plan_page(plan: Plan, reference: Reference) -> Step:
    """What a board reads first and what it signs."""
    context = thread.Context(plan, reference)
    blocks: list[Block] = [
        Heading("Plan on a page", "page"),
        *_vision(plan),
        *_ambition_table(plan, reference, context),
        *_money(plan, context),
        *_stopping(plan, reference),
        Heading("From need to outcome", "thread"),
        *_threads(plan, context),
        Heading("Everything broken or in doubt", "findings"),
        *_findings(plan, reference),
        Heading("Decisions", "decisions"),
        asking.ask(plan, reference, "/decisions"),
        Heading("How complete the plan is", "completeness"),
        _completeness(plan, reference),
        Heading("Sign-off", "sign-off"),
        *(
            asking.ask(plan, reference, f"/sign_off/{role}")
            for role in ("commissioner", "analyst", "assurer", "approver")
        ),
        *(
            asking.ask(plan, reference, f"/sign_off/{name}")
            for name in ("version", "review_by", "limits", "uncertainty")
        ),
    ]
    return Step("plan", "The plan", tuple(blocks), _results(plan, context))


def _vision(plan: Plan) -> list[Block]:
    blocks: list[Block] = []
    if plan.vision.statement:
        blocks.append(Words((plan.vision.statement,), "lead"))
    if plan.vision.wants:
        blocks += [Heading("What we want", "wants-on-page", 3), Words(tuple(plan.vision.wants), "list")]
    if plan.vision.means:
        blocks += [
            Heading("How we will get there", "means-on-page", 3),
            Words(tuple(plan.vision.means), "list"),
        ]
    if plan.needs.priorities:
        blocks += [
            Heading("Priorities", "priorities-on-page", 3),
            Words(tuple(p.title for p in plan.needs.priorities), "list"),
        ]
    return blocks


def _ambition_table(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    rows = []
    for n, ambition in enumerate(plan.ambitions.items):
        found = context.outlooks[n]
        row = {
            "ambition": f"{ambition.number} {title_of(reference, ambition.number)}",
            "owner": ambition.owner or "none named",
            "measure": "in words" if not ambition.measure else "no figure on hand",
        }
        if found:
            d = found.standing.indicator.decimals
            row |= {
                "measure": f"{found.standing.indicator.name} ({found.standing.indicator.unit})",
                "baseline": f"{number(found.baseline, d)} ({found.standing.own.period})",
                "nothing": number(found.lines["do-nothing"].last, d),
                "chosen": number(found.chosen.last, d) if found.chosen else "not chosen",
            }
        elif ambition.in_words:
            row["chosen"] = ambition.in_words
        rows.append(row)
    if not rows:
        return []
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
                Column("owner", "Owner"),
            ],
            rows,
            missing="none",
        ),
    ]


def _money(plan: Plan, context: thread.Context) -> list[Block]:
    if not plan.budget.lines:
        return []
    first, last = context.money.year(plan.base_year), context.money.year(plan.last_year)
    schemes = context.funded
    year = financial_year(plan.last_year)
    return [
        Heading("Money", "money-on-page", 3),
        Words(
            (
                f"The budgets planned together spend {pounds(first['spend'])} in {financial_year(plan.base_year)}. If nothing "
                f"changes, spend reaches {pounds(last['spend'])} by {year}: {gap_words(last['gap_before'])} against income.",
                f"{plural(len(schemes), 'funded scheme')} and the closing of services cost {pounds(last['scheme_cost'])} in {year} "
                f"and cash {pounds(last['saving'])}. That leaves {gap_words(last['gap_after'])}.",
            )
        ),
    ]


def _stopping(plan: Plan, reference: Reference) -> list[Block]:
    services = plan.decommissioning.services
    if not services:
        return []
    words = tuple(
        f"{s.name}: {'to be stopped' if s.decision == 'stop' else s.decision if s.decision != 'change' else 'to be changed'}; "
        f"gate: {gate(plan, reference, s)[0]}."
        for s in services
    )
    return [Heading("Services considered for stopping", "stopping-on-page", 3), Words(words, "list")]


def _threads(plan: Plan, context: thread.Context) -> list[Block]:
    """One row for each priority: what it aims at, what is done, what it costs, what stops."""
    services = {s.id: s.name for s in plan.decommissioning.services}
    rows = []
    for priority in plan.needs.priorities:
        ambitions = [(n, a) for n, a in enumerate(plan.ambitions.items) if priority.id in a.priorities]
        schemes = [s for s in context.funded if priority.id in s.priorities]
        stops = dict.fromkeys(services[s.stops] for s in schemes if s.stops in services)
        outcomes = [words for n, _ in ambitions if (words := _outcome(context.outlooks[n]))]
        rows.append(
            {
                "need": priority.title,
                "ambitions": listed(a.number for _, a in ambitions) or "none",
                "schemes": listed(s.name for s in schemes) or "none funded",
                "money": sum(s.recurrent_cost for s in schemes),
                "stops": listed(stops) or "none",
                "outcome": "; ".join(outcomes) or "no figure",
            }
        )
    if not rows:
        return [Words(("No priority has been chosen yet, so there is no thread to follow.",), "note")]
    return [
        Words(("Each row follows one need through the plan. A gap in a row is a link that is missing.",)),
        table(
            "thread",
            "Each need, followed to its outcome",
            [
                Column("need", "Need"),
                Column("ambitions", "Ambition"),
                Column("schemes", "Funded schemes"),
                Column("money", "Running cost a year", "£000s", 0),
                Column("stops", "Service that stops"),
                Column("outcome", "Outcome aimed at"),
            ],
            rows,
            note="A scheme that serves several needs stands in several rows; do not add the cost up.",
        ),
    ]


def _outcome(found: Outlook | None) -> str:
    if not found or not found.chosen:
        return ""
    s, d = found.standing, found.standing.indicator.decimals
    return f"{s.indicator.name} from {number(found.baseline, d)} to {number(found.chosen.last, d)} by {found.years[-1]}"


def _findings(plan: Plan, reference: Reference) -> list[Block]:
    found = thread.findings(plan, reference)
    if not found:
        return [Words(("Nothing that the workbook can see. It checks links and figures, not judgement.",))]
    counts = [
        f"{sum(f.severity == s for f in found)} {label.lower()}"
        for s, label in thread.SEVERITIES.items()
        if any(f.severity == s for f in found)
    ]
    return [Words((f"Findings: {listed(counts)}.",)), *found]


_SIGNED_FOR = {
    "version": "Version",
    "review_by": "Valid until",
    "limits": "Limits of use",
    "uncertainty": "Uncertainty",
}


def _completeness(plan: Plan, reference: Reference) -> Table:
    rows = [*_missing_in_steps(plan, reference), *_missing_for_sign_off(plan)]
    if not rows:
        rows = [_entry("All steps", "All entries", "Every needed field", "/") | {"state": "Complete"}]
    return table(
        "completeness",
        "Needed fields that are empty",
        [
            Column("step", "Step"),
            Column("entry", "Entry"),
            Column("field", "Field"),
            Column("state", "State"),
            Column("path", "Place in the plan"),
        ],
        rows,
    )


def _missing_in_steps(plan: Plan, reference: Reference) -> list[dict[str, str]]:
    from workbook.steps import run
    from workbook.steps.start import WORKED

    return [
        _entry(step.title, label or asked.prompt, question.prompt, question.path)
        for step in (run(name, plan, reference) for name in WORKED if name != "plan")
        for asked in step.questions()
        for label, question in asking.open_required(asked)
    ]


def _missing_for_sign_off(plan: Plan) -> list[dict[str, str]]:
    return [
        _entry("The plan", "Sign-off", label, f"/sign_off/{name}")
        for name, label in _SIGNED_FOR.items()
        if not getattr(plan.sign_off, name)
    ]


def _entry(step: str, entry: str, field: str, path: str) -> dict[str, str]:
    return {"step": step, "entry": entry, "field": field, "state": "Missing", "path": path}


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
