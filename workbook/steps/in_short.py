"""The plan in short: what a board reads first. What is decided, what it costs, what is open."""

from __future__ import annotations

from workbook.blocks import Block, Finding, Heading, Words
from workbook.plan import Plan
from workbook.plan.sections import Decision, Service
from workbook.reference import Reference
from workbook.steps import thread
from workbook.steps.budget import scope
from workbook.steps.budget.five_years import after_schemes, assumed_words, before_schemes
from workbook.steps.budget.gap import gap_words
from workbook.steps.budget.uncertainty import chance_words
from workbook.steps.decommissioning import gate
from workbook.steps.lines import Outlook, better
from workbook.steps.money.chance import simulated
from workbook.words import day, financial_year, listed, plural, some
from workbook.words import money as pounds

ROLES = ("commissioner", "analyst", "assurer", "approver")
_MOST_DECISIONS = 10
_MOST_SERVICES = 10
_MOST_NAMED = 4  # entries of which one finding is true
_MOST_OUTCOMES = 5
_MOST_NOT_HEARD = 3
_MOST_OPEN_A_STEP = 2  # so that one step does not crowd out the others
_GATES = {
    "ready": "its checks are met",
    "ready with conditions": "its checks are met, with conditions",
    "not ready": "its checks are not met",
}


def in_short(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    """The first page: from the plan's own figures, in sentences."""
    return [
        Heading("In short", "in-short", 3),
        Words(tuple(_in_short(plan, context)), "list"),
        *_decided(plan, reference),
        *_costs(plan, reference, context),
        *_open(plan, reference),
    ]


def _in_short(plan: Plan, context: thread.Context) -> list[str]:
    said = [_aims(plan, context)]
    if plan.budget.lines:
        said.append(_left_over(plan, context))
    if plan.decommissioning.services:
        said.append(_services(plan.decommissioning.services))
    return [*said, _standing_of_the_plan(plan, context)]


def _aims(plan: Plan, context: thread.Context) -> str:
    """How many needs come first, how many ambitions are set, and how far the schemes carry them."""
    if not plan.needs.priorities and not any(map(thread.is_set, plan.ambitions.items)):
        return "Nothing has been put first and no ambition has been set yet: this is an empty plan."
    figures = [f for f in context.outlooks.values() if f and f.chosen]
    words = sum(thread.is_set(a) for a in plan.ambitions.items) - len(figures)
    kinds = [f"{len(figures)} by a figure"] if figures else []
    kinds += [f"{words} in words"] if words else []
    aims = (
        f"{plural(len(plan.needs.priorities), 'priority', 'priorities')} and "
        f"{plural(len(figures) + words, 'ambition')}{f' ({listed(kinds)})' if kinds else ''} for {plan.last_year}."
    )
    return f"{aims[:1].upper()}{aims[1:]}{_carried(figures)}"


def _left_over(plan: Plan, context: thread.Context) -> str:
    last = context.money.year(plan.last_year)
    income = "" if last["income"] != last["income"] else f", on income of {pounds(last['income'])}"
    whose = " The money is that of a pattern and not this area's own." if plan.origin else ""
    closed = simulated(plan, context.reference, context.money).closed
    chance = "" if closed is None else f" {chance_words(closed, financial_year(plan.last_year))}"
    return f"In {financial_year(plan.last_year)} the plan leaves {gap_words(last['gap_after'])}{income}.{chance}{whose}"


def _carried(figures: list[Outlook]) -> str:
    """How many of the levels chosen the effects stated for funded schemes reach."""
    if not figures:
        return ""
    if all(f.lines["schemes"].values == f.lines["do-nothing"].values for f in figures):
        return " No funded scheme states an effect on a level chosen."
    stated = [f for f in figures if f.lines["schemes"].values != f.lines["do-nothing"].values]
    enough = sum(_reached(f) for f in stated)
    parts = [(enough, "reach"), (len(stated) - enough, "fall short of")]
    said = [f"{verb} {plural(count, 'level', 'levels')}" for count, verb in parts if count]
    silent = len(figures) - len(stated)
    if silent:
        said.append(f"state no effect on {silent}")
    return f" Of the levels chosen, the funded schemes {listed(said)}."


def _reached(found: Outlook) -> bool:
    assert found.chosen is not None
    return not better(found, found.chosen.last, found.lines["schemes"].last)


def _services(services: list[Service]) -> str:
    kinds = {
        "stop": "to be stopped",
        "change": "to be changed",
        "considering": "still being considered",
        "keep": "to be kept",
    }
    counts = {kind: sum(s.decision == kind for s in services) for kind in kinds}
    if len(services) == 1:
        return f"One service was looked at: it is {kinds[services[0].decision]}."
    said = [f"{n} {'is' if n == 1 else 'are'} {kinds[kind]}" for kind, n in counts.items() if n]
    return f"Of {plural(len(services), 'service')} looked at, {listed(said)}."


def _standing_of_the_plan(plan: Plan, context: thread.Context) -> str:
    """Findings, signatures and whether figures are made up: how far the plan may be relied on."""
    found = thread.findings(plan, context.reference)
    said = [f"{finding_counts(found)}", signed_words(plan)]
    if plan.area.synthetic:
        said.append("All figures are synthetic: made up for demonstration.")
    return " ".join(said)


def finding_counts(found: list[Finding]) -> str:
    """ "2 findings block sign-off, 7 are in doubt and 1 is for information." """
    if not found:
        return "The workbook finds nothing broken. It checks links and figures, not judgement."
    verbs = {
        "blocks": ("blocks sign-off", "block sign-off"),
        "doubt": ("is in doubt", "are in doubt"),
        "note": ("is for information", "are for information"),
    }
    counts = {kind: sum(f.severity == kind for f in found) for kind in verbs}
    (first, n), *rest = [(kind, n) for kind, n in counts.items() if n]
    said = [f"{plural(n, 'finding')} {verbs[first][n != 1]}"]
    said += [f"{n} {verbs[kind][n != 1]}" for kind, n in rest]
    blocking = "" if counts["blocks"] else "; none blocks sign-off"
    return f"{listed(said)}{blocking}."


def signed_words(plan: Plan) -> str:
    """Who has signed and who has not, by role."""
    signed = [role for role in ROLES if getattr(plan.sign_off, role).signed]
    missing = [role for role in ROLES if role not in signed]
    if not signed:
        return "Nobody has signed the plan yet."
    said = f"Signed by the {listed(signed)}"
    return f"{said}, and not yet by the {listed(missing, 'or')}." if missing else f"{said}."


# --- what is decided -------------------------------------------------------------------


def _decided(plan: Plan, reference: Reference) -> list[Block]:
    blocks: list[Block] = [Heading("What is decided", "decided-on-page", 3)]
    if plan.needs.priorities:
        titles = "; ".join(p.title for p in plan.needs.priorities)
        blocks.append(Words((f"Put first: {titles}.",)))
    if plan.ambitions.citizens:
        blocks.append(Words((_named_by_people(plan),)))
    said = [_decision(d) for d in plan.decisions[:_MOST_DECISIONS]]
    services = plan.decommissioning.services
    said += [_service(plan, reference, s) for s in services[:_MOST_SERVICES]]
    said += [_more_services(services[_MOST_SERVICES:])] if services[_MOST_SERVICES:] else []
    if not said:
        return [*blocks, Words(("No decision has been recorded yet.",), "note")]
    left = len(plan.decisions) - _MOST_DECISIONS
    more = [f"{plural(left, 'more decision')} under “Decisions”."] if left > 0 else []
    return [*blocks, Words((*said, *more), "list")]


def _more_services(services: list[Service]) -> str:
    """Of many services the first are told one by one and the others counted, those to be stopped by name."""
    stopping = [s.name for s in services if s.decision == "stop"]
    names = f", among them to be stopped {some(stopping, _MOST_SERVICES)}" if stopping else ""
    return f"{plural(len(services), 'more service')} in step 4{names}."


def _named_by_people(plan: Plan) -> str:
    """ "What matters to people, in their words: “I have someone to talk to” and “My home is warm”." """
    outcomes = [c.outcome.rstrip(".") for c in plan.ambitions.citizens]
    return f"What matters to people, in their words: {_quoted(outcomes, _MOST_OUTCOMES)}."


def _quoted(said: list[str], most: int) -> str:
    """What people said in one line, each in quotation marks; of many the first ones and how many others."""
    return some([f"“{words}”" for words in said], most)


def _decision(decision: Decision) -> str:
    """ "Close Ward 9. (Board, 26 March 2026; one dissent recorded)" """
    facts = [decision.taken_by, day(decision.on) if decision.on else ""]
    where = ", ".join(fact for fact in facts if fact) or "nobody named"
    return f"{decision.what.rstrip('.')} ({where}{'; with dissent' if decision.dissent else ''})."


def _service(plan: Plan, reference: Reference, service: Service) -> str:
    decision = {
        "stop": "to be stopped",
        "change": "to be changed",
        "considering": "not decided yet",
        "keep": "to be kept",
    }[service.decision]
    ends = f" on {day(service.stop_date)}" if service.stop_date and service.decision == "stop" else ""
    return f"{service.name}: {decision}{ends}; {_GATES[gate(plan, reference, service)[0]]}."


# --- what it costs ---------------------------------------------------------------------


def _costs(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    heading = Heading("What it costs", "money-on-page", 3)
    if not plan.budget.lines:
        return [heading, Words(("No budget has been entered yet.",), "note")]
    pattern = [f.sentence for f in thread.findings(plan, reference) if f.code == "money-from-pattern"]
    return [
        heading,
        *(Words((f"{sentence} No amount below is this area's own.",), "note") for sentence in pattern),
        Words(
            (
                *_together(plan, reference),
                before_schemes(plan, context.money),
                after_schemes(plan, context.money),
                assumed_words(plan, context.money),
            )
        ),
    ]


def _together(plan: Plan, reference: Reference) -> list[str]:
    """How much of the money the chosen scope plans together; nothing where no scope is chosen."""
    if not scope.in_scope(plan, reference):
        return []
    within = sum(
        line.amount
        for line, inside in zip(plan.budget.lines, scope.lines_in_scope(plan, reference), strict=True)
        if inside
    )
    total = sum(line.amount for line in plan.budget.lines)
    if total - within <= 0.5:
        return [f"All {pounds(total)} spent in {financial_year(plan.base_year)} is planned together."]
    outside = f" The other {pounds(total - within)} stays outside the scope."
    return [
        f"Of {pounds(total)} spent in {financial_year(plan.base_year)}, {pounds(within)} is planned together.{outside}"
    ]


# --- what is open ------------------------------------------------------------------------


def _open(plan: Plan, reference: Reference) -> list[Block]:
    """The findings that weigh most, at most two of each step, and how many more there are."""
    found = thread.findings(plan, reference)
    # That the budget is a pattern's stands with the money.
    found = [f for f in found if f.code != "money-from-pattern"]
    told = thread.joined(found, _MOST_NAMED)
    shown = _chosen([f for f in told if f.severity != "note"])
    left = len(told) - len(shown)
    more = f"{'One more finding stands' if left == 1 else f'{left} more findings stand'} under “Everything broken or in doubt”."
    said = [*(f.sentence for f in shown), *([more] if shown and left else []), *_not_heard(plan)]
    return [Heading("What is open", "open-on-page", 3), Words(tuple(said), "list")] if said else []


def _not_heard(plan: Plan) -> list[str]:
    """Whom nobody has heard and whom no figure sees: a board should know before it agrees to priorities."""
    missing = [v.not_heard.rstrip(".") for v in plan.needs.voices if v.not_heard]
    said = [f"Not heard when people were asked: {_quoted(missing, _MOST_NOT_HEARD)}."] if missing else []
    unseen = plan.needs.unseen
    if unseen:
        open_ = sum(not u.action for u in unseen)
        done = (
            f"; nothing is planned yet for {open_} of them"
            if open_
            else ", with what will be done to see them"
        )
        groups, are = plural(len(unseen), "group"), "is" if len(unseen) == 1 else "are"
        said.append(f"{groups} that the figures cannot see {are} named{done}.")
    return [" ".join(said)] if said else []


def _chosen(found: list[Finding]) -> list[Finding]:
    """Every finding that blocks, then the first doubts of each step, in their order."""
    kept: list[Finding] = []
    for finding in found:
        alike = sum(k.step == finding.step and k.severity == finding.severity for k in kept)
        if finding.severity == "blocks" or alike < _MOST_OPEN_A_STEP:
            kept.append(finding)
    return kept
