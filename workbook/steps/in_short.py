"""The executive summary: the thread in connected sentences, what is uncertain, what is open, what is to be decided."""

from __future__ import annotations

from workbook.blocks import Block, Finding, Heading, Words
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.steps import telling, thread
from workbook.steps.budget import scope
from workbook.steps.budget.five_years import assumed_words
from workbook.steps.budget.gap import gap_words
from workbook.steps.decommissioning.gate import NOT_READY, Gate, gates
from workbook.steps.kept import once
from workbook.steps.money import money
from workbook.words import day, financial_year, listed, plural, some
from workbook.words import money as pounds

ROLES = ("commissioner", "analyst", "assurer", "approver")
_MOST_NAMED = 4  # entries of which one finding is true
_MOST_OPEN = 6  # findings told before the others are counted
_MOST_OPEN_A_STEP = 2  # so that one step does not crowd out the others
_MOST_SCHEMES = 4  # named of those that are not funded


def in_short(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    """One to two pages in sentences; a plan that holds nothing yet says so in one."""
    if is_empty(plan):
        return [Words((EMPTY,)), *_asked(plan, reference, context)]
    return [
        *_section("What people need", "need-in-short", telling.needs(plan, context)),
        *_section("What will be better", "aims-in-short", telling.aims(plan, context)),
        *_section(
            "What will be done",
            "schemes-in-short",
            [*telling.schemes(plan, context), *telling.outcome(plan, context)],
        ),
        *_section(
            "What it costs", "money-in-short", [*telling.money(plan, context), *_scope(plan, reference)]
        ),
        *_section(
            "What stops or changes", "stops-in-short", [*telling.stops(plan), *_at_the_gate(plan, reference)]
        ),
        *_section("What is uncertain", "uncertain-in-short", _uncertain(plan, context)),
        *_open(plan, reference),
        *_asked(plan, reference, context),
    ]


EMPTY = "No need, ambition, budget, scheme or service has been entered yet: this is an empty plan."


def is_empty(plan: Plan) -> bool:
    """Whether a plan holds no link of the thread yet."""
    return not (
        plan.needs.priorities
        or plan.needs.voices
        or plan.needs.unseen
        or plan.ambitions.citizens
        or any(map(thread.is_set, plan.ambitions.items))
        or plan.budget.lines
        or plan.budget.schemes
        or plan.decommissioning.services
    )


def _section(title: str, id: str, paragraphs: list[str]) -> list[Block]:
    return [Heading(title, id, 3), Words(tuple(paragraphs))] if paragraphs else []


def _scope(plan: Plan, reference: Reference) -> list[str]:
    """How much of the money the chosen scope plans together, and how much of it is only assumed."""
    if not plan.budget.lines:
        return []
    return [" ".join([*_together(plan, reference), assumed_words(plan, money(plan, reference))])]


def _uncertain(plan: Plan, context: thread.Context) -> list[str]:
    own = plan.sign_off.uncertainty.split("\n\n")[0]
    said = own or "The plan does not say in its own words what could make it wrong."
    return [*telling.sure(plan, context), said]


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


# --- the money of the scope ----------------------------------------------------------------


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


# --- what stops or changes -----------------------------------------------------------------

_ENDS = {"stop": "stops", "change": "changes"}


def _at_the_gate(plan: Plan, reference: Reference) -> list[str]:
    """The services that are to stop or change and are not ready for it."""
    held = _not_ready(plan, reference)
    said = [f"“{service.name}” is not ready: {_blocked(gate)}" for service, gate in held[:_MOST_NAMED]]
    left = len(held) - len(said)
    more = [f"{plural(left, 'more service is', 'more services are')} not ready"] if left else []
    return [f"At the gate: {'; '.join([*said, *more])}."] if held else []


def _blocked(gate: Gate) -> str:
    return plural(sum(p.blocks for p in gate.points), "point blocks", "points block")


def _not_ready(plan: Plan, reference: Reference) -> list[tuple[Service, Gate]]:
    """The services that are to stop or change and have a point that blocks."""
    services = plan.decommissioning.services
    if not any(s.decision in _ENDS for s in services):
        return []
    stood = once(plan, reference, ("gates in short",), lambda: gates(plan, reference))
    pairs = zip(services, stood, strict=True)
    return [(s, g) for s, g in pairs if s.decision in _ENDS and g.verdict == NOT_READY]


# --- what is open ------------------------------------------------------------------------


def _open(plan: Plan, reference: Reference) -> list[Block]:
    """The findings that weigh most, at most two of each step, how many more there are, and who was not heard."""
    found = thread.findings(plan, reference)
    # That the budget is a pattern's stands with the money.
    told = thread.joined(found, _MOST_NAMED)
    shown = _chosen([f for f in told if f.severity != "note" and f.code != "money-from-pattern"])[:_MOST_OPEN]
    left = thread.left_out(found, shown)
    more = f"{'One more finding stands' if left == 1 else f'{left} more findings stand'} under “Everything broken or in doubt”."
    said = [*(f.sentence for f in shown), *([more] if shown and left else []), *telling.not_heard(plan)]
    return [Heading("What is open", "open-in-short", 3), Words(tuple(said), "list")] if said else []


def _chosen(found: list[Finding]) -> list[Finding]:
    """Every finding that blocks, then the first doubts of each step, in their order."""
    kept: list[Finding] = []
    for finding in found:
        alike = sum(k.step == finding.step and k.severity == finding.severity for k in kept)
        if finding.severity == "blocks" or alike < _MOST_OPEN_A_STEP:
            kept.append(finding)
    return kept


# --- what is to be decided ---------------------------------------------------------------


def _asked(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    """What the board is asked: only what follows from a figure or a name of the plan."""
    said = [
        *_needs_asked(plan),
        *_levels_asked(plan, context),
        *_gap_asked(plan, context),
        *_unfunded_asked(plan),
        *_services_asked(plan.decommissioning.services),
        *_not_ready_asked(plan, reference),
        *_partners_asked(plan),
        *_findings_asked(plan, reference),
        *_approval_asked(plan),
    ]
    heading = Heading("What the board is asked to decide", "asked-in-short", 3)
    return [heading, Words((_decided(plan),)), *([Words(tuple(said), "list")] if said else [])]


def _decided(plan: Plan) -> str:
    """How many decisions are on record, and how many of them with dissent."""
    count = len(plan.decisions)
    if not count:
        return "No decision is on record yet."
    dissent = sum(bool(d.dissent) for d in plan.decisions)
    with_dissent = (
        f", {dissent} of them with dissent" if dissent and count > 1 else ", with dissent" if dissent else ""
    )
    if count == 1:
        return f"One decision is on record{with_dissent}; it stands under “Decisions”."
    return f"{count} decisions are on record{with_dissent}; each stands under “Decisions”."


def _needs_asked(plan: Plan) -> list[str]:
    return [] if plan.needs.priorities else ["Which needs come first: the plan names none yet."]


def _levels_asked(plan: Plan, context: thread.Context) -> list[str]:
    """Ambitions that are named without a level or words."""
    unset = [
        a.number
        for n, a in enumerate(plan.ambitions.items)
        if a.measure and not thread.is_set(a) and context.outlooks[n]
    ]
    if not plan.ambitions.items or not any(map(thread.is_set, plan.ambitions.items)):
        return ["Which ambitions to set for " + financial_year(plan.last_year) + ": the plan sets none yet."]
    if not unset:
        return []
    return [f"Which level to aim at in {'ambition' if len(unset) == 1 else 'ambitions'} {listed(unset)}."]


def _gap_asked(plan: Plan, context: thread.Context) -> list[str]:
    if not plan.budget.lines:
        return []
    gaps = {year: context.money.year(year)["gap_after"] for year in plan.years}
    last = gaps[plan.last_year]
    if last != last:
        return [f"Which income to count on for {financial_year(plan.last_year)}: none is entered."]
    if min(gaps.values()) > -0.5:
        return []
    worst = min(gaps, key=lambda year: gaps[year])
    return [
        f"Whether to accept {gap_words(gaps[worst])} in {financial_year(worst)}, or how it is to be closed."
    ]


def _unfunded_asked(plan: Plan) -> list[str]:
    waiting = [f"“{s.name}”" for s in plan.budget.schemes if not s.funded and s.name]
    if not waiting:
        return []
    verb = "stays" if len(waiting) == 1 else "stay"
    return [f"Whether {some(waiting, _MOST_SCHEMES)} {verb} unfunded."]


def _services_asked(services: list[Service]) -> list[str]:
    open_ = [s.name for s in services if s.decision == "considering"]
    verb = "stops, changes or stays" if len(open_) == 1 else "stop, change or stay"
    return [f"Whether {some(open_, _MOST_SCHEMES)} {verb}."] if open_ else []


def _not_ready_asked(plan: Plan, reference: Reference) -> list[str]:
    """Whether a service stops or changes although its gate says that it is not ready."""
    return [
        f"Whether “{service.name}” {_ENDS[service.decision]} although {_blocked(gate)} at its gate."
        for service, gate in _not_ready(plan, reference)[:_MOST_NAMED]
    ]


def _partners_asked(plan: Plan) -> list[str]:
    open_ = [b.partner for b in plan.case.bound if not b.agreed_on]
    if not open_:
        return []
    return [
        f"Whether to go on before {listed(open_)} {'has' if len(open_) == 1 else 'have'} agreed to be bound."
    ]


def _findings_asked(plan: Plan, reference: Reference) -> list[str]:
    found = thread.findings(plan, reference)
    blocking = [f for f in found if f.severity == "blocks"]
    doubt = [f for f in found if f.severity == "doubt"]
    said = []
    if blocking:
        which = telling.verb(blocking, "the finding that blocks", f"the {len(blocking)} findings that block")
        said.append(f"How {which} sign-off {telling.verb(blocking, 'is', 'are')} mended, and by whom.")
    if doubt:
        which = telling.verb(doubt, "the finding in doubt is", f"the {len(doubt)} findings in doubt are")
        said.append(f"Whether {which} accepted or mended.")
    return said


def _approval_asked(plan: Plan) -> list[str]:
    """Approval, where the approver has not signed."""
    until = plan.sign_off.review_by
    if plan.sign_off.approver.signed:
        return []
    valid = f" until {day(until)}" if until else ", and until which date: none is set"
    return [f"Whether to approve the plan for use{valid}."]
