"""The live thread: need, ambition, scheme, money, stopped service and outcome as one plan.

Each rule looks for one kind of broken or doubtful link and says it in a
sentence, with what to do and where. A rule is a function of the context that
yields findings; its name is not shown, its code is. "blocks" stands in the way
of sign-off, "doubt" needs a second look, "note" is for information.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from workbook.blocks import SEVERITIES, Block, Finding, Heading, Severity, Words
from workbook.plan import Plan
from workbook.plan.sections import Ambition, Scheme, Service
from workbook.reference import Reference
from workbook.steps import decommissioning, lines, standing
from workbook.steps.money import Money, financial_year_of, money
from workbook.steps.needs import segment_holds
from workbook.steps.scope import appraised
from workbook.words import day, financial_year, listed, number, plural
from workbook.words import money as pounds

_ORDER = list(SEVERITIES)


@dataclass(frozen=True)
class Context:
    """A plan with what is worked out from it, worked out at most once."""

    plan: Plan
    reference: Reference

    @cached_property
    def money(self) -> Money:
        return money(self.plan, self.reference)

    @cached_property
    def outlooks(self) -> dict[int, lines.Outlook | None]:
        group = standing.peers_of(self.plan, self.reference)
        return {
            n: lines.outlook(self.plan, self.reference, a, group)
            for n, a in enumerate(self.plan.ambitions.items)
        }

    @cached_property
    def funded(self) -> list[Scheme]:
        return [s for s in self.plan.budget.schemes if s.funded]

    @cached_property
    def stopping(self) -> list[Service]:
        return [s for s in self.plan.decommissioning.services if s.decision == "stop"]


Rule = Callable[[Context], Iterator[Finding]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Register a rule; the order here is the order on the page within one severity."""
    RULES.append(function)
    return function


def findings(plan: Plan, reference: Reference) -> list[Finding]:
    """Every broken or doubtful link of a plan, the blocking ones first."""
    return list(_findings(plan.model_dump_json(), reference, reference.stamp))


@lru_cache(maxsize=4)
def _findings(plan_json: str, reference: Reference, stamp: object) -> tuple[Finding, ...]:
    context = Context(Plan.model_validate_json(plan_json), reference)
    found = [finding for each in RULES for finding in each(context)]
    return tuple(sorted(found, key=lambda f: _ORDER.index(f.severity)))


def of_step(plan: Plan, reference: Reference, step: str) -> list[Block]:
    """The findings of one step under their heading, for the end of its page."""
    own = [f for f in findings(plan, reference) if f.step == step]
    if own:
        return [Heading("What is broken or in doubt", f"{step}-findings"), *own]
    return [
        Heading("What is broken or in doubt", f"{step}-findings"),
        Words(("Nothing that the workbook can see. It checks links and figures, not judgement.",)),
    ]


def of_service(plan: Plan, reference: Reference, service: Service) -> list[Finding]:
    """The findings that concern one service considered for stopping."""
    index = plan.decommissioning.services.index(service)
    here = f"/decommissioning/services/{index}"
    return [f for f in findings(plan, reference) if f.path == here or f.path.startswith(here + "/")]


def _found(code: str, severity: Severity, sentence: str, remedy: str, step: str, path: str) -> Finding:
    return Finding(code, severity, sentence, remedy, step, path)


# --- need to ambition ----------------------------------------------------------------


@rule
def nothing_decided(c: Context) -> Iterator[Finding]:
    """An empty plan is no plan: there is nothing to sign."""
    if not c.plan.needs.priorities:
        yield _found(
            "no-priority",
            "blocks",
            "The plan names no priority yet.",
            "Choose at least one need to put first, with the reason.",
            "needs",
            "/needs/priorities",
        )
    if not any(is_set(a) for a in c.plan.ambitions.items):
        yield _found(
            "no-ambition",
            "blocks",
            "The plan sets no ambition yet.",
            "Choose a level for at least one ambition, or say it in words.",
            "ambitions",
            "/ambitions/items",
        )


@rule
def peer_unknown(c: Context) -> Iterator[Finding]:
    for n, code in enumerate(c.plan.needs.peers):
        if not standing.known_code(c.reference, code):
            yield _found(
                "peer-unknown",
                "doubt",
                f"The peer “{code}” is no area that is known here, so it is left out."
                if code
                else "A peer has no code.",
                "Give the code of an area as 'workbook areas' lists it, or remove the entry.",
                "needs",
                f"/needs/peers/{n}",
            )


@rule
def need_without_ambition(c: Context) -> Iterator[Finding]:
    served = {p for a in c.plan.ambitions.items for p in a.priorities}
    for n, priority in enumerate(c.plan.needs.priorities):
        if priority.id not in served:
            yield _found(
                "need-without-ambition",
                "doubt",
                f"The priority “{priority.title}” has no ambition that serves it.",
                "Link an ambition to it, or say why it needs none.",
                "needs",
                f"/needs/priorities/{n}",
            )


@rule
def need_without_figure(c: Context) -> Iterator[Finding]:
    spoken = {v.priority for v in c.plan.needs.voices}
    for n, priority in enumerate(c.plan.needs.priorities):
        if not priority.indicators and priority.id not in spoken:
            yield _found(
                "need-without-figure",
                "doubt",
                f"The priority “{priority.title}” rests on no figure and on nothing that people said.",
                "Name a figure that shows it, or what people said.",
                "needs",
                f"/needs/priorities/{n}/indicators",
            )


@rule
def need_without_scheme(c: Context) -> Iterator[Finding]:
    served = {p for s in c.funded for p in s.priorities}
    for n, priority in enumerate(c.plan.needs.priorities):
        if priority.id not in served:
            yield _found(
                "need-without-scheme",
                "doubt",
                f"No funded scheme serves the priority “{priority.title}”.",
                "Fund a scheme for it, or take it off the list.",
                "needs",
                f"/needs/priorities/{n}",
            )


@rule
def segment_contradicts(c: Context) -> Iterator[Finding]:
    for n, segment in enumerate(c.plan.needs.segments):
        if segment_holds(segment.population, segment.spend_per_head, segment.total) is False:
            yield _found(
                "segment-contradicts",
                "doubt",
                f"For the segment “{segment.name}”, people times spend a head cannot give the total of "
                f"{number(segment.total, 1, '£ million')}.",
                "Check the three figures against their source.",
                "needs",
                f"/needs/segments/{n}",
            )


# --- ambition --------------------------------------------------------------------------


@rule
def ambition_without_scheme(c: Context) -> Iterator[Finding]:
    served = {number_ for s in c.funded for number_ in s.ambitions}
    for n, ambition in enumerate(c.plan.ambitions.items):
        if ambition.number not in served and is_set(ambition):
            waiting = [
                s.name for s in c.plan.budget.schemes if ambition.number in s.ambitions and not s.funded
            ]
            hint = f" ({listed(waiting)} would, but is not funded)" if waiting else ""
            yield _found(
                "ambition-without-scheme",
                "doubt",
                f"No funded scheme serves ambition {ambition.number}{hint}.",
                "Fund a scheme that serves it, or lower the ambition to what will happen anyway.",
                "ambitions",
                f"/ambitions/items/{n}",
            )


def is_set(ambition: Ambition) -> bool:
    """Whether a level, or an ambition in words, has been chosen."""
    return bool(ambition.levels or ambition.line or ambition.in_words)


@rule
def measure_not_on_hand(c: Context) -> Iterator[Finding]:
    for n, ambition in enumerate(c.plan.ambitions.items):
        if ambition.measure and c.outlooks[n] is None:
            yield _found(
                "measure-not-on-hand",
                "doubt",
                f"Ambition {ambition.number} is bound to {lines.name_of(c.reference, ambition.measure)}, which is not "
                f"on hand for {c.plan.area.name} up to {c.plan.base_year}, the base year.",
                "Import the file it comes from, bind another figure, or plan from a later base year.",
                "ambitions",
                f"/ambitions/items/{n}/measure",
            )


@rule
def ambition_without_measure(c: Context) -> Iterator[Finding]:
    for n, ambition in enumerate(c.plan.ambitions.items):
        if not ambition.measure:
            said = bool(ambition.in_words)
            yield _found(
                "ambition-without-measure",
                "note" if said else "doubt",
                f"Ambition {ambition.number} has no measure{' and stands in words only' if said else ' and says nothing yet'}.",
                "Bind a figure to it where one exists."
                if said
                else "Bind a figure to it, or say it in words.",
                "ambitions",
                f"/ambitions/items/{n}/measure",
            )


@rule
def ambition_not_chosen(c: Context) -> Iterator[Finding]:
    for n, ambition in enumerate(c.plan.ambitions.items):
        if ambition.measure and not ambition.levels and not ambition.line:
            yield _found(
                "ambition-not-chosen",
                "doubt",
                f"Ambition {ambition.number} has a measure and no chosen level.",
                "Choose a line or set levels by year.",
                "ambitions",
                f"/ambitions/items/{n}/line",
            )


@rule
def ambition_below_nothing(c: Context) -> Iterator[Finding]:
    for n, found in c.outlooks.items():
        if found and found.chosen and lines.better(found, found.lines["do-nothing"].last, found.chosen.last):
            d = found.standing.indicator.decimals
            yield _found(
                "ambition-below-nothing",
                "doubt",
                f"Ambition {found.ambition.number} aims at {number(found.chosen.last, d)}, which is no better than "
                f"doing nothing ({number(found.lines['do-nothing'].last, d)}) by {found.years[-1]}.",
                "Aim higher, or say why the do-nothing line is too hopeful.",
                "ambitions",
                f"/ambitions/items/{n}/levels",
            )


@rule
def ambition_never_achieved(c: Context) -> Iterator[Finding]:
    for n, found in c.outlooks.items():
        if found and found.share_achieved == 0 and not found.ambition.second_reason:
            yield _found(
                "ambition-never-achieved",
                "doubt",
                f"Ambition {found.ambition.number} asks for more than any comparable area ever achieved in as many years.",
                "Give a second reason why it can be done here, or choose another level.",
                "ambitions",
                f"/ambitions/items/{n}/second_reason",
            )


@rule
def schemes_fall_short(c: Context) -> Iterator[Finding]:
    for n, found in c.outlooks.items():
        if not found or not found.chosen or found.lines["schemes"].values == found.lines["do-nothing"].values:
            continue
        delivered = found.lines["schemes"].last
        if lines.better(found, found.chosen.last, delivered):
            d = found.standing.indicator.decimals
            yield _found(
                "schemes-fall-short",
                "doubt",
                f"The funded schemes would bring ambition {found.ambition.number} to {number(delivered, d)}, "
                f"short of the {number(found.chosen.last, d)} chosen for {found.years[-1]}.",
                "Say what closes the rest, fund more, or choose another level.",
                "ambitions",
                f"/ambitions/items/{n}/must_be_true",
            )


@rule
def break_in_baseline(c: Context) -> Iterator[Finding]:
    for n, found in c.outlooks.items():
        if not found:
            continue
        i = found.standing.indicator
        late = [y for y in i.break_years if found.standing.own.year - 4 <= y <= found.standing.own.year]
        if late:
            yield _found(
                "break-in-baseline",
                "doubt",
                f"{i.name}, the measure of ambition {found.ambition.number}, breaks in {listed(late)}: "
                "figures before and after do not compare.",
                "Set the level from the figures after the break, or bind another measure.",
                "ambitions",
                f"/ambitions/items/{n}/measure",
            )


@rule
def baseline_moved(c: Context) -> Iterator[Finding]:
    for n, found in c.outlooks.items():
        recorded = found.ambition.baseline if found else None
        if not found or not recorded or not recorded.value:
            continue
        if abs(found.baseline / recorded.value - 1) > 0.005:
            d = found.standing.indicator.decimals
            yield _found(
                "baseline-moved",
                "doubt",
                f"Ambition {found.ambition.number} was set on a baseline of {number(recorded.value, d)} "
                f"({recorded.period}); the figure on hand is now {number(found.baseline, d)} ({found.standing.own.period}).",
                "Look at the level again on the figure as it is now.",
                "ambitions",
                f"/ambitions/items/{n}/levels",
            )


# --- schemes ------------------------------------------------------------------------------


@rule
def scheme_without_ambition(c: Context) -> Iterator[Finding]:
    for n, scheme in enumerate(c.plan.budget.schemes):
        if scheme.funded and not scheme.ambitions and not scheme.priorities:
            yield _found(
                "scheme-without-ambition",
                "doubt",
                f"The funded scheme “{scheme.name}” serves no ambition and no priority.",
                "Link it to what it is for, or stop funding it.",
                "budget",
                f"/budget/schemes/{n}/ambitions",
            )


@rule
def saving_without_stop(c: Context) -> Iterator[Finding]:
    stopping = {s.id for s in c.plan.decommissioning.services if s.decision in ("stop", "change")}
    for n, scheme in enumerate(c.plan.budget.schemes):
        claimed = scheme.gross_saving * scheme.cashable_share
        if scheme.funded and claimed and scheme.stops not in stopping:
            named = "it names none" if not scheme.stops else "the one it names is not being stopped"
            yield _found(
                "saving-without-stop",
                "doubt",
                f"“{scheme.name}” claims a cashable saving of {pounds(claimed)} a year, but no service stops for it: {named}. "
                "The saving is not counted.",
                "Name the service whose capacity closes and take it through step 4, or drop the saving.",
                "budget",
                f"/budget/schemes/{n}/stops",
            )


@rule
def saving_above_service(c: Context) -> Iterator[Finding]:
    services = {s.id: s for s in c.plan.decommissioning.services}
    for service_id, service in services.items():
        claimed = sum(s.gross_saving * s.cashable_share for s in c.funded if s.stops == service_id)
        if claimed > max(service.cashable, service.released) > 0:
            index = c.plan.decommissioning.services.index(service)
            yield _found(
                "saving-counted-twice",
                "doubt",
                f"Schemes claim {pounds(claimed)} a year from closing “{service.name}”, which can release only {pounds(service.released)}.",
                "Share the saving out between the schemes so that it is counted once.",
                "decommissioning",
                f"/decommissioning/services/{index}/released",
            )


@rule
def effect_without_evidence(c: Context) -> Iterator[Finding]:
    for n, scheme in enumerate(c.plan.budget.schemes):
        if scheme.funded and scheme.effect and not scheme.evidence_source:
            yield _found(
                "effect-without-evidence",
                "doubt",
                f"“{scheme.name}” states an effect of {scheme.effect:+g}% and no source, so it counts for nothing.",
                "Name the publication or evaluation, or leave the effect empty.",
                "budget",
                f"/budget/schemes/{n}/evidence_source",
            )


@rule
def effect_worsens(c: Context) -> Iterator[Finding]:
    """One percentage serves every ambition of a scheme: what is good for one measure may be bad for another."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not (scheme.funded and scheme.effect and scheme.evidence_source):
            continue
        for found in c.outlooks.values():
            if not found or found.ambition.number not in scheme.ambitions:
                continue
            polarity = found.standing.indicator.polarity
            if (polarity == "low" and scheme.effect > 0) or (polarity == "high" and scheme.effect < 0):
                yield _found(
                    "effect-worsens",
                    "doubt",
                    f"The effect of “{scheme.name}” ({scheme.effect:+g}%) makes the measure of ambition "
                    f"{found.ambition.number} worse.",
                    "Check the sign: below zero brings a figure down, above zero brings it up.",
                    "budget",
                    f"/budget/schemes/{n}/effect",
                )


@rule
def scheme_too_late(c: Context) -> Iterator[Finding]:
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not scheme.funded:
            continue
        if scheme.start_year is None:
            sentence = f"The funded scheme “{scheme.name}” has no starting year, so neither its cost nor its effect counts."
        elif scheme.start_year + max(len(scheme.ramp) - 1, 0) > c.plan.last_year:
            sentence = f"“{scheme.name}” reaches full scale only after the plan ends in {financial_year(c.plan.last_year)}."
        else:
            continue
        yield _found(
            "scheme-too-late",
            "doubt",
            sentence,
            "Set or move the start, or plan with less than its full effect.",
            "budget",
            f"/budget/schemes/{n}/start_year",
        )


@rule
def link_to_nothing(c: Context) -> Iterator[Finding]:
    """A reference to an entry that is not in the plan (any more)."""
    plan = c.plan
    priorities = {p.id for p in plan.needs.priorities}
    budget_lines = {line.id for line in plan.budget.lines}
    services = {s.id for s in plan.decommissioning.services}
    for n, ambition in enumerate(plan.ambitions.items):
        yield from _lost(
            f"Ambition {ambition.number}",
            ambition.priorities,
            priorities,
            "priority",
            "ambitions",
            f"/ambitions/items/{n}/priorities",
        )
    for n, scheme in enumerate(plan.budget.schemes):
        name, here = f"“{scheme.name}”", f"/budget/schemes/{n}"
        yield from _lost(name, scheme.priorities, priorities, "priority", "budget", f"{here}/priorities")
        yield from _lost(name, [scheme.line], budget_lines, "budget line", "budget", f"{here}/line")
        yield from _lost(name, [scheme.stops], services, "service", "budget", f"{here}/stops")
    for n, service in enumerate(plan.decommissioning.services):
        yield from _lost(
            f"“{service.name}”",
            [service.line],
            budget_lines,
            "budget line",
            "decommissioning",
            f"/decommissioning/services/{n}/line",
        )


def _lost(who: str, named: list[str], known: set[str], what: str, step: str, path: str) -> Iterator[Finding]:
    for name in named:
        if name and name not in known:
            yield _found(
                "link-to-nothing",
                "blocks",
                f"{who} points to the {what} “{name}”, which is not in the plan.",
                f"Choose a {what} that is there.",
                step,
                path,
            )


# --- money ---------------------------------------------------------------------------------


@rule
def gap_not_closed(c: Context) -> Iterator[Finding]:
    if not c.plan.budget.lines:
        return
    last = c.money.year(c.plan.last_year)
    if last["gap_after"] < -0.5:
        yield _found(
            "gap-not-closed",
            "doubt",
            f"In {financial_year(c.plan.last_year)} spend is {pounds(-last['gap_after'])} above income, "
            "schemes and stopped services included.",
            "Stop more, spend less, or agree with the bodies that pay how the gap is carried.",
            "budget",
            "/budget/lines",
        )


@rule
def income_missing(c: Context) -> Iterator[Finding]:
    if not c.plan.budget.lines:
        return
    given = {i.year for i in c.plan.budget.income}
    without = [financial_year(y) for y in c.plan.years if y not in given]
    if without:
        yield _found(
            "income-missing",
            "doubt",
            f"No income is given for {listed(without)}, so the gap of those years is not known.",
            "Give each organisation's income for each year, confirmed or assumed.",
            "budget",
            "/budget/income",
        )


@rule
def base_year_does_not_reconcile(c: Context) -> Iterator[Finding]:
    """Income and spend of each organisation in the base year."""
    income: dict[str, float] = {}
    for entry in c.plan.budget.income:
        if entry.year == c.plan.base_year:
            income[entry.organisation] = income.get(entry.organisation, 0) + entry.amount
    for organisation, amount in income.items():
        spend = sum(line.amount for line in c.plan.budget.lines if line.organisation == organisation)
        if spend and abs(spend - amount) > max(0.001 * amount, 0.5):
            yield _found(
                "base-year-does-not-reconcile",
                "doubt",
                f"{organisation} brings in {pounds(amount)} in {financial_year(c.plan.base_year)} and its lines add up to {pounds(spend)}.",
                "Enter the lines that are missing, or name the surplus or deficit.",
                "budget",
                "/budget/lines",
            )


@rule
def assumed_shown_as_confirmed(c: Context) -> Iterator[Finding]:
    for n, income in enumerate(c.plan.budget.income):
        if income.status != "confirmed" or income.year <= c.plan.base_year:
            continue
        uplift = c.reference.assumption("price-uplift", income.year)
        if uplift.status == "assumed":
            yield _found(
                "assumed-shown-as-confirmed",
                "doubt",
                f"The income of {income.organisation} for {financial_year(income.year)} is marked confirmed, "
                "but the price uplift of that year is only assumed.",
                "Mark it assumed until the settlement is published, or name the letter that confirms it.",
                "budget",
                f"/budget/income/{n}/status",
            )


@rule
def override_without_reason(c: Context) -> Iterator[Finding]:
    for n, override in enumerate(c.plan.assumptions):
        if not (override.reason and override.by):
            yield _found(
                "override-without-reason",
                "doubt",
                f"The assumption “{override.id}” was changed without a reason or a name.",
                "Say why it was changed, and by whom.",
                "budget",
                f"/assumptions/{n}",
            )


@rule
def money_from_pattern(c: Context) -> Iterator[Finding]:
    origin = c.plan.origin
    if origin and c.plan.budget.lines:
        how = (
            f"multiplied by {origin.money_factor:.3f} to fit this area's allocation"
            if origin.money_factor
            else "unchanged, because no allocation of this area is on hand"
        )
        yield _found(
            "money-from-pattern",
            "doubt",
            f"The budget is that of the pattern “{origin.title}”, {how}.",
            "Replace it by the area's own budget lines and income.",
            "budget",
            "/budget/lines",
        )


@rule
def risk_unlike_contribution(c: Context) -> Iterator[Finding]:
    pooled = c.plan.budget.pooled
    total = sum(p.amount for p in pooled)
    if not total or not any(p.risk_share for p in pooled):
        return
    partners = dict.fromkeys(p.partner for p in pooled)
    for partner in partners:
        share = sum(p.amount for p in pooled if p.partner == partner) / total
        # A partner with several entries bears one share of an overspend, given with any of them.
        risk = max(p.risk_share for p in pooled if p.partner == partner)
        if abs(share - risk) > 0.05:
            yield _found(
                "risk-unlike-contribution",
                "doubt",
                f"{partner} puts in {100 * share:.0f}% of the pooled fund and bears {100 * risk:.0f}% of an overspend.",
                "Agree it and write down why, or bring the two together.",
                "budget",
                "/budget/pooled",
            )


@rule
def scope_unlike_scores(c: Context) -> Iterator[Finding]:
    ranked = appraised(c.plan, c.reference)
    chosen = c.plan.budget.scope.chosen
    if ranked.empty or not chosen or chosen in set(ranked[ranked["rank"] == 1]["option"]):
        return
    if not c.plan.budget.scope.reason:
        yield _found(
            "scope-unlike-scores",
            "doubt",
            "The scope chosen is not the one that scores highest, and no reason is given.",
            "Say why, or choose the highest.",
            "budget",
            "/budget/scope/reason",
        )


# --- stopping -------------------------------------------------------------------------------


def _services(c: Context) -> Iterator[tuple[str, Service]]:
    for n, service in enumerate(c.plan.decommissioning.services):
        yield f"/decommissioning/services/{n}", service


@rule
def stop_without_destination(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        if service.decision not in ("stop", "change") or not service.users:
            continue
        left = decommissioning.unmet(service)
        if left > 0.5:
            groups = [d.group for d in service.destinations if not d.goes_to or d.capacity == "none"]
            who = f": {listed(groups)}" if groups else ""
            whole = not service.destinations
            yield _found(
                "stop-without-destination",
                "blocks" if whole and service.decision == "stop" else "doubt",
                f"“{service.name}” is to end, and the need of {number(left, 0)} of its {number(service.users, 0)} users a year goes nowhere{who}.",
                "Say which service takes it up and whether there is room, or return it to step 1 as a need.",
                "decommissioning",
                f"{here}/destinations",
            )


@rule
def destination_not_funded(c: Context) -> Iterator[Finding]:
    unfunded = {s.name.casefold() for s in c.plan.budget.schemes if not s.funded}
    for here, service in _services(c):
        if service.decision not in ("stop", "change"):
            continue
        for d in service.destinations:
            if d.goes_to.casefold() in unfunded:
                yield _found(
                    "destination-not-funded",
                    "doubt",
                    f"When “{service.name}” ends, {d.group.lower()} are to go to “{d.goes_to}”, a scheme that is not funded.",
                    "Fund the scheme before the service stops, or name another place.",
                    "decommissioning",
                    f"{here}/destinations",
                )


@rule
def stop_before_notice(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        first = decommissioning.earliest(c.plan, c.reference, service)
        if service.stop_date and first and service.stop_date < first.date:
            yield _found(
                "stop-before-notice",
                "blocks" if service.decision == "stop" else "doubt",
                f"“{service.name}” is to end on {day(service.stop_date)}, before its notice allows ({day(first.date)}).",
                "Move the last day, or agree a shorter notice with the provider in writing.",
                "decommissioning",
                f"{here}/stop_date",
            )
        elif service.decision == "stop" and service.stop_date and service.notice_date is None:
            yield _found(
                "stop-without-notice",
                "doubt",
                f"“{service.name}” is to end on {day(service.stop_date)} and no notice has been given.",
                "Give notice in writing and enter the date.",
                "decommissioning",
                f"{here}/notice_date",
            )


@rule
def stop_without_date(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        if service.decision == "stop" and service.stop_date is None:
            yield _found(
                "stop-without-date",
                "doubt",
                f"“{service.name}” is to be stopped and has no last day, so none of its money is counted.",
                "Enter the last day of the service.",
                "decommissioning",
                f"{here}/stop_date",
            )


@rule
def stop_against_checks(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        if service.decision != "stop":
            continue
        given = decommissioning.checks(c.plan, c.reference, service)
        if given["no"]:
            yield _found(
                "stop-against-checks",
                "blocks",
                f"“{service.name}” is to be stopped although {plural(len(given['no']), 'check')} "
                f"({listed(given['no'])}) {'is' if len(given['no']) == 1 else 'are'} answered no.",
                "Settle what stands in the way, or keep the service for now.",
                "decommissioning",
                f"{here}/answers",
            )
        if given[""]:
            yield _found(
                "stop-without-checks",
                "blocks" if len(given[""]) > 7 else "doubt",
                f"“{service.name}” is to be stopped and {plural(len(given['']), 'check has', 'checks have')} no answer.",
                "Answer the checks before the decision is taken.",
                "decommissioning",
                f"{here}/answers",
            )


@rule
def cashable_above_released(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        for less, more, less_name, more_name in (
            (service.released, service.annual_cost, "releases", "costs"),
            (service.cashable, service.released, "cashes", "releases"),
        ):
            if less > more:
                yield _found(
                    "money-of-stopping-contradicts",
                    "blocks",
                    f"“{service.name}” {less_name} {pounds(less)} a year but {more_name} only {pounds(more)}.",
                    "Correct the figures: cashable is part of released, and released is part of the cost.",
                    "decommissioning",
                    f"{here}/released",
                )


@rule
def stop_above_line(c: Context) -> Iterator[Finding]:
    amounts = {line.id: line for line in c.plan.budget.lines}
    for line_id, line in amounts.items():
        cost = sum(s.annual_cost for s in c.stopping if s.line == line_id)
        if cost > line.amount:
            yield _found(
                "stop-above-line",
                "blocks",
                f"The services to be stopped cost {pounds(cost)} a year, more than the whole budget line “{line.name}” ({pounds(line.amount)}).",
                "Check the cost of the services or the budget line they are paid from.",
                "decommissioning",
                "/decommissioning/services",
            )


@rule
def not_notified(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        if service.substantial and service.decision == "stop" and service.notified is None:
            yield _found(
                "not-notified",
                "blocks",
                f"Stopping “{service.name}” is a substantial change of service, and the Secretary of State has not been notified.",
                "Notify, as has been asked since 31 January 2024, unless safety makes it urgent; enter the date.",
                "decommissioning",
                f"{here}/notified",
            )


@rule
def released_too_early(c: Context) -> Iterator[Finding]:
    services = {s.id: s for s in c.plan.decommissioning.services}
    for n, scheme in enumerate(c.plan.budget.schemes):
        service = services.get(scheme.stops)
        if not (
            scheme.funded and service and service.stop_date and scheme.start_year and scheme.gross_saving
        ):
            continue
        if scheme.start_year < financial_year_of(service.stop_date):
            yield _found(
                "saving-before-stop",
                "doubt",
                f"“{scheme.name}” counts savings from {financial_year(scheme.start_year)}, but “{service.name}” runs until {day(service.stop_date)}.",
                "Let the ramp of the scheme start after the service has closed.",
                "budget",
                f"/budget/schemes/{n}/ramp",
            )


# --- people and sign-off -----------------------------------------------------------------------


@rule
def owner_missing(c: Context) -> Iterator[Finding]:
    plan = c.plan
    places = [
        ("needs", f"/needs/priorities/{n}/owner", f"The priority “{p.title}”", p.owner)
        for n, p in enumerate(plan.needs.priorities)
    ]
    places += [
        ("ambitions", f"/ambitions/items/{n}/owner", f"Ambition {a.number}", a.owner)
        for n, a in enumerate(plan.ambitions.items)
        if is_set(a)
    ]
    places += [
        ("budget", f"/budget/schemes/{n}/owner", f"The funded scheme “{s.name}”", s.owner)
        for n, s in enumerate(plan.budget.schemes)
        if s.funded
    ]
    places += [
        (
            "decommissioning",
            f"/decommissioning/services/{n}/owner",
            f"The service “{s.name}”" if s.name else "A service without a name",
            s.owner,
        )
        for n, s in enumerate(plan.decommissioning.services)
    ]
    for step, path, what, owner in places:
        if not owner:
            yield _found(
                "owner-missing",
                "doubt",
                f"{what} has no owner.",
                "Name the role that answers for it.",
                step,
                path,
            )


@rule
def assurer_is_analyst(c: Context) -> Iterator[Finding]:
    sign = c.plan.sign_off
    if sign.assurer.name and sign.assurer.name.casefold() == sign.analyst.name.casefold():
        yield _found(
            "assurer-is-analyst",
            "doubt",
            "The plan is assured by the person who did the work.",
            "Ask somebody else to check it.",
            "plan",
            "/sign_off/assurer",
        )


@rule
def valid_until_missing(c: Context) -> Iterator[Finding]:
    if c.plan.sign_off.approver.signed and not c.plan.sign_off.review_by:
        yield _found(
            "valid-until-missing",
            "doubt",
            "The plan is signed and does not say until when it holds.",
            "Enter the date after which it must not be used without review.",
            "plan",
            "/sign_off/review_by",
        )
