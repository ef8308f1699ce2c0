"""Rules on needs: what the plan rests on, and whether anything follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.plan import Plan
from workbook.steps import lines, standing
from workbook.steps.kept import kept
from workbook.steps.needs import determinants, inequality, people, risks
from workbook.steps.needs.answers import looks_wrong
from workbook.steps.needs.segments import segment_holds
from workbook.steps.peers import kin_of
from workbook.steps.thread.context import Context, finding, is_set, rule
from workbook.words import listed, number, some


@rule()
def nothing_decided(c: Context) -> Iterator[Finding]:
    """An empty plan is no plan: there is nothing to sign."""
    if not c.plan.needs.priorities:
        yield finding(
            "no-priority",
            "blocks",
            "The plan names no priority yet.",
            "Choose at least one need to put first, with the reason.",
            "needs",
            "/needs/priorities",
        )
    if not any(is_set(a) for a in c.plan.ambitions.items):
        yield finding(
            "no-ambition",
            "blocks",
            "The plan sets no ambition yet.",
            "Choose a level for at least one ambition, or say it in words.",
            "ambitions",
            "/ambitions/items",
        )


@rule()
def peer_unknown(c: Context) -> Iterator[Finding]:
    """A peer is no area that is known here."""
    for n, code in enumerate(c.plan.needs.peers):
        if not standing.known_code(c.reference, code):
            yield finding(
                "peer-unknown",
                "doubt",
                f"The peer “{code}” is no area that is known here, so it is left out."
                if code
                else "A peer has no code.",
                "Give the code of an area as 'workbook areas' lists it, or remove the entry.",
                "needs",
                f"/needs/peers/{n}",
            )


@rule("needs", "ambitions")
def need_without_ambition(c: Context) -> Iterator[Finding]:
    """A priority that no ambition serves."""
    served = {p for a in c.plan.ambitions.items for p in a.priorities}
    for n, priority in enumerate(c.plan.needs.priorities):
        if priority.id not in served:
            yield finding(
                "need-without-ambition",
                "doubt",
                f"The priority “{priority.title}” has no ambition that serves it.",
                "Link an ambition to it, or say why it needs none.",
                "needs",
                f"/needs/priorities/{n}",
            )


@rule()
def need_without_figure(c: Context) -> Iterator[Finding]:
    """A priority that rests on no figure and on nothing that people said."""
    spoken = {v.priority for v in people.records(c.plan)}
    for n, priority in enumerate(c.plan.needs.priorities):
        if not priority.indicators and priority.id not in spoken:
            yield finding(
                "need-without-figure",
                "doubt",
                f"The priority “{priority.title}” rests on no figure and on nothing that people said.",
                "Name a figure that shows it, or what people said.",
                "needs",
                f"/needs/priorities/{n}/indicators",
            )


@rule("needs", "schemes")
def need_without_scheme(c: Context) -> Iterator[Finding]:
    """A priority that no funded scheme serves."""
    served = {p for s in c.funded for p in s.priorities}
    for n, priority in enumerate(c.plan.needs.priorities):
        if priority.id not in served:
            waiting = [
                f"“{s.name}”" for s in c.plan.budget.schemes if priority.id in s.priorities and not s.funded
            ]
            would = f" ({some(waiting, 3)} would, but {'is' if len(waiting) == 1 else 'are'} not funded)"
            yield finding(
                "need-without-scheme",
                "doubt",
                f"No funded scheme serves the priority “{priority.title}”{would if waiting else ''}.",
                "Fund a scheme for it, or take it off the list.",
                "needs",
                f"/needs/priorities/{n}",
            )


@rule("needs", "schemes", "money")
def need_without_money(c: Context) -> Iterator[Finding]:
    """A priority is served by funded schemes that cost nothing."""
    for n, priority in enumerate(c.plan.needs.priorities):
        serving = [s for s in c.funded if priority.id in s.priorities]
        if serving and not any(s.set_up_cost or s.recurrent_cost or s.capital for s in serving):
            names = some([f"“{s.name}”" for s in serving])
            yield finding(
                "need-without-money",
                "doubt",
                f"No money goes to the priority “{priority.title}”: {names} {'has' if len(serving) == 1 else 'have'} no cost.",
                "Enter what the scheme costs, or say who pays for it instead.",
                "needs",
                f"/needs/priorities/{n}",
            )


@rule("needs", "ambitions")
def figure_of_another_ambition(c: Context) -> Iterator[Finding]:
    """A figure that shows a need is the measure of an ambition that is not said to serve it."""
    for n, priority in enumerate(c.plan.needs.priorities):
        serving = [a for a in c.plan.ambitions.items if priority.id in a.priorities]
        if not serving or any(a.measure in priority.indicators for a in serving):
            continue
        for ambition in c.plan.ambitions.items:
            if ambition.measure and ambition.measure in priority.indicators:
                named = listed(a.number for a in serving)
                yield finding(
                    "figure-of-another-ambition",
                    "doubt",
                    f"The priority “{priority.title}” rests on {lines.name_of(c.reference, ambition.measure)}, the measure of "
                    f"ambition {ambition.number}, and is linked to ambition {named} instead.",
                    "Link the ambition whose measure shows the need, or another figure.",
                    "needs",
                    f"/needs/priorities/{n}/indicators",
                )


@rule("needs")
def voice_without_priority(c: Context) -> Iterator[Finding]:
    """What people said speaks to no priority."""
    for n, voice in enumerate(c.plan.needs.voices):
        if c.plan.needs.priorities and voice.said and not voice.priority:
            yield finding(
                "voice-without-priority",
                "note",
                f"What “{voice.who}” said speaks to no priority of the plan.",
                "Link it to a priority, make a priority of it, or tell those who said it why not.",
                "needs",
                f"/needs/voices/{n}/priority",
            )


@rule()
def segment_contradicts(c: Context) -> Iterator[Finding]:
    """For a segment, people times spend a head is not its total."""
    for n, segment in enumerate(c.plan.needs.segments):
        if segment_holds(segment.population, segment.spend_per_head, segment.total) is False:
            yield finding(
                "segment-contradicts",
                "doubt",
                f"For the segment “{segment.name}”, people times spend a head cannot give the total of "
                f"{number(segment.total, 1, '£ million')}.",
                "Check the three figures against their source.",
                "needs",
                f"/needs/segments/{n}",
            )


@rule()
def one_kind_of_people(c: Context) -> Iterator[Finding]:
    """Who was heard: one kind of people only, or nobody on a priority."""
    voices = people.records(c.plan)
    kinds = people.kinds_heard(voices)
    if len(kinds) == 1 and all(v.kind == kinds[0] for v in voices):
        yield finding(
            "voices-one-kind",
            "doubt",
            f"Everybody whose words are in the plan is of one kind: {people.KINDS[kinds[0]]}.",
            "Ask others too, or say in the entries who was not heard and why.",
            "needs",
            "/needs/voices",
        )
    spoken = {voice.priority for voice in voices}
    for n, priority in enumerate(c.plan.needs.priorities):
        if voices and priority.id not in spoken:
            yield finding(
                "priority-unheard",
                "note",
                f"Nobody's words are on record on the priority “{priority.title}”.",
                "Link what people said to it, or ask those it concerns.",
                "needs",
                f"/needs/priorities/{n}",
            )


@rule()
def groups_unseen(c: Context) -> Iterator[Finding]:
    """Groups of people that no figure tells apart and of whom the plan says nothing."""
    plan = c.plan
    if plan.needs.unseen:
        return
    held = {*c.reference.available(plan.area.code), *c.reference.broken_down(plan.area.code)}
    seen = inequality.seen_by_figure(plan, c.reference, held.intersection(plan.needs.indicators) or held)
    groups = c.reference.equality_groups()
    missing = inequality.unseen(groups, seen)
    if seen and missing:
        yield finding(
            "groups-unseen",
            "note",
            f"{_untold(len(missing), len(groups))}, and the plan says nothing of them.",
            "Write down what is known of those who matter most here, and what will be done to see them.",
            "needs",
            "/needs/unseen",
        )


def _untold(missing: int, groups: int) -> str:
    if missing == groups:
        return f"The figures on hand tell none of the {groups} groups of people apart"
    return f"No figure on hand tells {missing} of {groups} groups of people apart"


@rule()
def risk_and_gain(c: Context) -> Iterator[Finding]:
    """Levels of risk: who agreed to their use, where the effect comes from, and whether its range can be."""
    plan = c.plan
    used = any(s.levels for s in plan.needs.segments)
    given = plan.needs.answers.get(risks.GOVERNANCE)
    if used and not (given and given.answer):
        yield finding(
            "risk-without-governance",
            "doubt",
            "Levels of risk are used, and nobody has said which rules on information apply and who agreed.",
            "Answer the question on information governance: the legal basis, who sees what, where the data stays.",
            "needs",
            f"/needs/answers/{risks.GOVERNANCE}",
        )
    for n, segment in enumerate(plan.needs.segments):
        for m, level in enumerate(segment.levels):
            here, where = f"/needs/segments/{n}/levels/{m}", f"“{level.level}” of “{segment.name}”"
            if level.reduction and not level.source:
                yield finding(
                    "gain-without-source",
                    "doubt",
                    f"For {where} the plan states that {level.reduction:g}% of events are avoided, and no source.",
                    "Name the study or evaluation, or leave empty what is avoided.",
                    "needs",
                    f"{here}/source",
                )
            if not risks.in_order(level):
                yield finding(
                    "gain-range-contradicts",
                    "doubt",
                    f"For {where} what is avoided does not lie between its lower and its upper end.",
                    "Put the three figures in order.",
                    "needs",
                    f"{here}/reduction",
                )


@rule()
def only_health_care(c: Context) -> Iterator[Finding]:
    """No priority acts on anything but health care."""
    named = {d for p in c.plan.needs.priorities for d in p.determinants}
    if named == {determinants.HEALTH_CARE}:
        yield finding(
            "only-health-care",
            "note",
            "No priority acts on anything but health care.",
            "Ask of each priority what else drives it: income, work, home, surroundings, habits.",
            "needs",
            "/needs/priorities",
        )


@rule("needs", "ambitions", "schemes")
def needs_link_to_nothing(c: Context) -> Iterator[Finding]:
    """A reference in the needs section to something that is not in the plan, or not known (any more)."""
    plan = c.plan
    known: dict[str, set[str]] = {
        "priority": {p.id for p in plan.needs.priorities},
        "segment": {s.id for s in plan.needs.segments},
        "scheme": {s.id for s in plan.budget.schemes},
        "group": {g.id for g in c.reference.equality_groups()},
        "driver, level or focus": {i.id for i in c.reference.framework("ODR-11").items},
    }
    for who, what, name, path in _references(plan):
        if name and name not in known[what]:
            yield finding(
                "link-to-nothing",
                "blocks",
                f"{who} points to the {what} “{name}”, which is not there.",
                f"Choose a {what} that is there.",
                "ambitions" if path.startswith("/ambitions") else "needs",
                path,
            )


def _references(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    """Who refers to what kind of entry, by which short name, and where."""
    for n, voice in enumerate(plan.needs.voices):
        yield f"What “{voice.who}” said", "priority", voice.priority, f"/needs/voices/{n}/priority"
    for n, unseen in enumerate(plan.needs.unseen):
        yield "A group that the figures cannot see", "group", unseen.group, f"/needs/unseen/{n}/group"
        yield (
            "A group that the figures cannot see",
            "priority",
            unseen.priority,
            f"/needs/unseen/{n}/priority",
        )
    for id, answer in plan.needs.answers.items():
        yield f"The answer to {id}", "priority", answer.priority, f"/needs/answers/{id}"
    for n, outcome in enumerate(plan.ambitions.citizens):
        yield f"“{outcome.outcome}”", "priority", outcome.priority, f"/ambitions/citizens/{n}/priority"
    for n, segment in enumerate(plan.needs.segments):
        for m, level in enumerate(segment.levels):
            path = f"/needs/segments/{n}/levels/{m}/scheme"
            yield f"“{level.level}” of “{segment.name}”", "scheme", level.scheme, path
    for n, priority in enumerate(plan.needs.priorities):
        here, who = f"/needs/priorities/{n}", f"“{priority.title}”"
        for name in priority.segments:
            yield who, "segment", name, f"{here}/segments"
        for field, names in (
            ("determinants", priority.determinants),
            ("action_levels", priority.action_levels),
            ("focus", [priority.focus]),
        ):
            for name in names:
                yield who, "driver, level or focus", name, f"{here}/{field}"


@rule()
def unit_suspected(c: Context) -> Iterator[Finding]:
    """A figure that the plan rests on and that looks to be in the wrong unit: asked, never put right in silence."""
    held = set(c.reference.available(c.plan.area.code))
    for id, path in _rests_on(c.plan).items():
        if id in held and (found := _suspected(c, id)):
            indicator = c.reference.indicator(id)
            looks = looks_wrong(found, indicator.decimals, indicator.unit)
            yield finding(
                "unit-suspected",
                "doubt",
                f"Is the unit of {indicator.name} right? {looks}",
                "Ask whoever supplied the figure, and import it again if it is wrong. Nothing was changed here.",
                "needs",
                path,
            )


def _suspected(c: Context, id: str) -> standing.Suspicion | None:
    key = ("suspected", c.plan.area.model_dump_json(), c.plan.base_year, id)
    return kept(c.reference, key, lambda: standing.suspected(c.plan, c.reference, id))


def _rests_on(plan: Plan) -> dict[str, str]:
    """The figures that the plan names, each with the place that names it first."""
    named = [(id, "/needs/indicators") for id in plan.needs.indicators]
    for n, priority in enumerate(plan.needs.priorities):
        named += [(id, f"/needs/priorities/{n}/indicators") for id in priority.indicators]
    for n, ambition in enumerate(plan.ambitions.items):
        named += [
            (ambition.measure, f"/ambitions/items/{n}/measure"),
            (ambition.proxy, f"/ambitions/items/{n}/proxy"),
        ]
    return {id: path for id, path in reversed(named) if id}


@rule()
def peer_shares_people(c: Context) -> Iterator[Finding]:
    """A peer shares people with the area itself."""
    kin = kin_of(c.reference, c.plan.area.code)
    for n, code in enumerate(c.plan.needs.peers):
        known = standing.known_code(c.reference, code)
        if known and known in kin:
            yield finding(
                "peer-shares-people",
                "doubt",
                f"The peer “{c.reference.area(known).name}” shares people with {c.plan.area.name}, so it is left out.",
                "Choose an area of other people: an area is not compared with its own people.",
                "needs",
                f"/needs/peers/{n}",
            )
