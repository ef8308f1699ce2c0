"""Where a plan departs from what the workbook suggests or measures, each with the note that says why.

A planner may know better than a default, a score or a list, and then says so: every place where that is possible
has a field for the note. Here they stand together, for those who assure and sign the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook.blocks import Block, Column, Heading, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Override, ShortlistWeights
from workbook.reference import Reference
from workbook.steps import ladder
from workbook.steps.budget import library, scope_lines
from workbook.steps.budget.fund import risk_apart
from workbook.steps.budget.scope_scores import scored
from workbook.steps.decommissioning.gate import gates
from workbook.steps.naming import first_few
from workbook.words import day, financial_year, listed, number, plural


@dataclass(frozen=True)
class Departure:
    """One place where a plan goes its own way.

    ``suggested`` and ``chosen`` are words for a reader; ``note`` says why, "" where nobody has; ``by`` who answers
    for it and when, where the plan asks for that; ``path`` is the place of the note in the plan.
    """

    what: str
    suggested: str
    chosen: str
    note: str
    step: str
    path: str
    by: str = ""


def departures(plan: Plan, reference: Reference, *, findings: bool = True) -> list[Departure]:
    """Every departure of a plan, in the order of its steps.

    ``findings`` False leaves out what rests on the findings of the thread, for a rule of the thread that asks.
    """
    looks = _LOOKS if findings else [look for look in _LOOKS if look is not _stopped_before_ready]
    return [found for look in looks for found in look(plan, reference)]


def part(plan: Plan, reference: Reference) -> list[Block]:
    """The departures as a table under their heading."""
    found = departures(plan, reference)
    heading = Heading("Where the plan goes its own way", "departures")
    if not found:
        return [heading, Words(("The plan follows what the workbook suggests everywhere.",))]
    bare = sum(not d.note for d in found)
    lacking = f" {plural(bare, 'has', 'have')} no note yet." if bare else ""
    return [
        heading,
        Words(
            (
                f"The plan departs from what the workbook suggests in {plural(len(found), 'place')}. That may be right: "
                f"the note says why.{lacking}",
            )
        ),
        table(
            "departures",
            "Departures from what the workbook suggests, and why",
            [
                Column("what", "What"),
                Column("suggested", "Suggested"),
                Column("chosen", "In this plan"),
                Column("note", "Why"),
                Column("by", "Who, and when"),
            ],
            [{**vars(d), "note": d.note or "no note", "by": d.by or None} for d in found],
            note="History shows who changed a field and when; a name stands here only where the plan asks for one.",
            missing="not asked",
        ),
    ]


# --- needs ----------------------------------------------------------------------------------


def _peers(plan: Plan, reference: Reference) -> Iterator[Departure]:
    needs = plan.needs
    if needs.peers:
        names = first_few([_area(reference, code) for code in needs.peers])
        yield Departure(
            "Peers", "those of the list or method", names, needs.peers_reason, "needs", "/needs/peers_reason"
        )
    elif needs.peer_variables:
        used = first_few([v.indicator for v in needs.peer_variables])
        yield Departure(
            "Peers",
            "those of the list",
            f"found by {used}",
            needs.peers_reason,
            "needs",
            "/needs/peers_reason",
        )


def _area(reference: Reference, code: str) -> str:
    known = {area.code: area.name for area in reference.areas()}
    return known.get(code, code)


def _shortlist(plan: Plan, _: Reference) -> Iterator[Departure]:
    held, usual = plan.needs.shortlist, ShortlistWeights()
    fields = [name for name in ShortlistWeights.model_fields if name != "reason"]
    weights = {name: getattr(held, name) for name in fields}
    if len(set(weights.values())) == 1:
        return
    titles = {name: ShortlistWeights.model_fields[name].title or name for name in fields}
    own = [f"{titles[name]} {number(weight)}" for name, weight in weights.items()]
    yield Departure(
        "Weights of the shortlist",
        f"all alike, {number(usual.size)} each",
        "; ".join(own),
        held.reason,
        "needs",
        "/needs/shortlist/reason",
    )


# --- ambitions ------------------------------------------------------------------------------


def _own_levels(plan: Plan, _: Reference) -> Iterator[Departure]:
    for n, ambition in enumerate(plan.ambitions.items):
        if ambition.line == "own":
            last = max(ambition.levels, key=lambda level: level.year, default=None)
            aimed = f": {number(last.value)} in {last.year}" if last else ""
            yield Departure(
                f"Level of ambition {ambition.number}",
                "one of the lines that are drawn",
                f"levels of its own{aimed}",
                ambition.reason,
                "ambitions",
                f"/ambitions/items/{n}/reason",
                ambition.owner,
            )


# --- budget ---------------------------------------------------------------------------------


def _ladder(plan: Plan, reference: Reference) -> Iterator[Departure]:
    scope = plan.budget.scope
    labels = {i.id: i.label for i in (*ladder.shipped_rungs(reference), *ladder.shipped_criteria(reference))}
    gone = [labels[id] for id in (*scope.options_out, *scope.criteria_out) if id in labels]
    own = [o.name or o.id for o in scope.options] + [c.name or c.id for c in scope.criteria]
    weights = set(scored(plan, reference).weights.values())
    said = [
        *([f"left out: {first_few(gone)}"] if gone else []),
        *([f"added: {first_few(own)}"] if own else []),
        *(["weights of its own"] if len(weights) > 1 else []),
    ]
    if said:
        yield Departure(
            "Options, criteria and weights of the scope",
            "the published ladder, criteria weighing alike",
            "; ".join(said),
            scope.ladder_reason,
            "budget",
            "/budget/scope/ladder_reason",
        )


def _scope(plan: Plan, reference: Reference) -> Iterator[Departure]:
    found, chosen = scored(plan, reference), plan.budget.scope.chosen
    if found.empty or not chosen or chosen in found.winners:
        return
    yield Departure(
        "Scope chosen",
        listed(f"“{found.label(w)}”" for w in found.winners) + ", by the scores",
        f"“{found.label(chosen)}”",
        plan.budget.scope.reason,
        "budget",
        "/budget/scope/reason",
    )


def _lines_moved(plan: Plan, reference: Reference) -> Iterator[Departure]:
    inside = ladder.in_scope(plan, reference)
    for n, line in enumerate(plan.budget.lines):
        place = scope_lines.place_of(line, inside)
        if place in ("moved-in", "moved-out"):
            chosen = ("out", "in") if place == "moved-in" else ("in", "out")
            yield Departure(
                f"Scope of the budget line “{line.name}”",
                f"{chosen[0]}, by its kind",
                chosen[1],
                line.scope_reason,
                "budget",
                f"/budget/lines/{n}/scope_reason",
            )


def _rates(plan: Plan, _: Reference) -> Iterator[Departure]:
    for n, line in enumerate(plan.budget.lines):
        rates = {"growth": line.own_growth, "price": line.own_price, "efficiency": line.own_efficiency}
        own = [f"{name} {number(rate)}% a year" for name, rate in rates.items() if rate is not None]
        if own:
            yield Departure(
                f"Rates of the budget line “{line.name}”",
                "the dated assumptions",
                listed(own),
                line.own_reason,
                "budget",
                f"/budget/lines/{n}/own_reason",
            )


def _assumptions(plan: Plan, reference: Reference) -> Iterator[Departure]:
    for n, own in enumerate(plan.assumptions):
        year = own.from_year or plan.base_year + 1
        try:
            known = reference.assumption(own.id, year)
        except Exception:  # an id that is not known, or a year without one: the thread speaks of it
            continue
        unit = "%" if known.unit.startswith("%") else f" {known.unit}".rstrip()
        yield Departure(
            f"{known.label}, {_held(plan, own)}",
            f"{number(known.value, 2)}{unit} ({known.status})",
            f"{number(own.value, 2)}{unit} ({own.status})",
            own.reason,
            "budget",
            f"/assumptions/{n}/reason",
            ", ".join(filter(None, (own.by, day(own.on) if own.on else ""))),
        )


def _held(plan: Plan, own: Override) -> str:
    """ "2026/27 to 2028/29": the years in which an assumption is replaced."""
    first, last = own.from_year or plan.base_year + 1, own.to_year or plan.last_year
    return financial_year(first) if first == last else f"{financial_year(first)} to {financial_year(last)}"


def _effects(plan: Plan, reference: Reference) -> Iterator[Departure]:
    known = {entry.id: entry for entry in library.entries(plan, reference)}
    for n, scheme in enumerate(plan.budget.schemes):
        entry = known.get(scheme.intervention)
        words = library.differences(scheme, entry) if entry else ""
        if entry and words:
            yield Departure(
                f"Scheme “{scheme.name or scheme.id}”",
                f"as “{entry.name}” in the library",
                words.partition(": ")[2].removesuffix("."),
                scheme.evidence_source,
                "budget",
                f"/budget/schemes/{n}/evidence_source",
                scheme.owner,
            )


def _risk(plan: Plan, _: Reference) -> Iterator[Departure]:
    fund = plan.budget.fund
    for partner, share, risk in risk_apart(fund):
        yield Departure(
            f"Share of an overspend that {partner} bears",
            f"{share:.0f}%, as it pays in",
            f"{risk:.0f}%",
            fund.shares_reason,
            "budget",
            "/budget/fund/shares_reason",
        )


# --- decommissioning ------------------------------------------------------------------------


def _matrix(plan: Plan, _: Reference) -> Iterator[Departure]:
    own = plan.decommissioning.quality
    usual = type(own)()
    said = [
        *([f"{plural(len(own.bands), 'band')} of its own"] if own.bands else []),
        *([f"a full assessment above {own.gate}"] if own.gate != usual.gate else []),
    ]
    if said:
        yield Departure(
            "Matrix of the quality impact",
            f"the four bands that most use, a full assessment above {usual.gate}",
            "; ".join(said),
            own.reason,
            "decommissioning",
            "/decommissioning/quality/reason",
        )


def _stopped_before_ready(plan: Plan, reference: Reference) -> Iterator[Departure]:
    for n, (service, gate) in enumerate(
        zip(plan.decommissioning.services, gates(plan, reference), strict=True)
    ):
        if service.decision in ("stop", "change") and any(point.blocks for point in gate.points):
            blocking = sum(point.blocks for point in gate.points)
            yield Departure(
                f"Decision on “{service.name or service.id}”",
                f"not yet: {plural(blocking, 'point blocks', 'points block')} it",
                service.decision,
                service.record.rationale or service.reason,
                "decommissioning",
                f"/decommissioning/services/{n}/reason",
                service.record.taken_by,
            )


_LOOKS = (
    _peers,
    _shortlist,
    _own_levels,
    _ladder,
    _scope,
    _lines_moved,
    _rates,
    _assumptions,
    _effects,
    _risk,
    _matrix,
    _stopped_before_ready,
)
