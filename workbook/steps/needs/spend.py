"""Spend and outcome of the same programme side by side: what to ask, not value for money."""

from __future__ import annotations

from dataclasses import replace

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Words, table
from workbook.methods import quadrant
from workbook.methods.quadrant import Quadrant
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.reference.comparison import SpendAndOutcome
from workbook.steps.peers import Peers
from workbook.steps.standing import Standing, standing
from workbook.words import listed, number

_NOTHING = (
    "Spend beside outcome: no programme has both on hand for {area}. Import figures of spend per head (the local-figures "
    "template takes them) for {area} and its peers; the programmes that can be drawn are: {programmes}."
)


_MADE_UP = " (synthetic)"
Placed = tuple[SpendAndOutcome, tuple[Standing, Standing], Quadrant]


def part(plan: Plan, reference: Reference, group: Peers) -> list[Block]:
    """The quadrant of the programmes whose spend and outcome are on hand; else one line on what to import."""
    known = {i.id: i for i in reference.indicators()}
    pairs = [
        p
        for p in reference.quadrants()
        if p.spend in known and known[p.spend].synthetic == plan.area.synthetic
    ]
    if plan.area.synthetic:  # the page says so once, not with each programme
        pairs = [replace(p, programme=p.programme.removesuffix(_MADE_UP)) for p in pairs]
    if not pairs:
        return []
    held = set(reference.available(plan.area.code))
    ready = [p for p in pairs if p.spend in held and p.outcome in held]
    if not ready:
        names = listed(dict.fromkeys(p.programme for p in pairs))
        return [Words((_NOTHING.format(area=plan.area.name, programmes=names),), "note")]
    found = [(p, both, _place(*both)) for p in ready if (both := _both(plan, reference, group, p))]
    drawn = [(p, both, place) for p, both, place in found if not place.reason]
    blocks: list[Block] = [Heading("Spend and outcome", "spend", 3)]
    if drawn:
        blocks.append(_figure(plan, drawn))
    said = (*_words(found), *_rests_on(group, drawn), quadrant.NOTE)
    return [*blocks, Words((" ".join(said),))]


def _words(found: list[Placed]) -> list[str]:
    """What stands out, programmes of one standing together; then why others cannot be placed."""
    together: dict[str, list[str]] = {}
    for pair, _, place in found:
        words = place.reason or f"spend {place.spend}, outcome {place.outcome}"
        together.setdefault(words, []).append(pair.programme)
    quiet = together.pop("spend about the same, outcome about the same", [])
    reasons = {place.reason for _, _, place in found if place.reason}
    said = [
        f"{listed(names)}: {words[:1].lower()}{words[1:].rstrip('.')}."
        for words, names in sorted(together.items(), key=lambda item: item[0] in reasons)
    ]
    if quiet:
        said.append(f"About where the peers are, on both: {listed(quiet)}.")
    return said


def _rests_on(group: Peers, drawn: list[Placed]) -> list[str]:
    """The figures behind each programme that stands out, or behind the only one, and whether its peers were found by them."""
    shown = drawn if len(drawn) == 1 else [placed for placed in drawn if _stands_out(placed[2])]
    found_by = {v.indicator for v in group.variables}
    said = [
        f"{pair.programme} rests on {_figure_of(spend)} and on {_figure_of(outcome)}."
        for pair, (spend, outcome), _ in shown
    ]
    chosen = [p.programme for p, _, place in shown if p.spend in found_by and place.spend == "about the same"]
    if chosen:
        said.append(
            f"The {'provisional ' if group.provisional else ''}peers were chosen by this spend among other figures"
            f"{f' ({listed(chosen)})' if len(shown) > 1 else ''}, so it is alike for that reason, and only the outcome compares."
        )
    if sources := _sources(shown):
        said.append(f"Sources: {sources}.")
    return said


def _stands_out(place: Quadrant) -> bool:
    return (place.spend, place.outcome) != ("about the same", "about the same")


def _figure_of(s: Standing) -> str:
    """ "Allocation per resident (£1,309 per head in 2018/19)"."""
    return f"{s.indicator.name} ({number(s.own.value, s.indicator.decimals, s.indicator.unit)} in {s.own.period})"


def _sources(shown: list[Placed]) -> str:
    found = dict.fromkeys(s.indicator.source for _, both, _ in shown for s in both if s.indicator.source)
    return "; ".join(found)


def _both(
    plan: Plan, reference: Reference, group: Peers, pair: SpendAndOutcome
) -> tuple[Standing, Standing] | None:
    spend = standing(plan, reference, pair.spend, group)
    outcome = standing(plan, reference, pair.outcome, group)
    return (spend, outcome) if spend and outcome else None


def _place(spend: Standing, outcome: Standing) -> Quadrant:
    return quadrant.standing(
        spend.own.value,
        outcome.own.value,
        [r.value for r in spend.peers],
        [r.value for r in outcome.peers],
        outcome.indicator.polarity,
    )


def _figure(plan: Plan, drawn: list[Placed]) -> Figure:
    alone = len(drawn) == 1
    rows = _areas(drawn[0][1]) if alone else _programmes(drawn)
    table_rows = [
        {
            "name": p.programme,
            "spend": spend.own.value,
            "spend_period": spend.own.period,
            "spend_is": q.spend,
            "outcome": f"{outcome.indicator.name}, {outcome.own.period}",
            "outcome_is": q.outcome,
            "peers": q.peers,
        }
        for p, (spend, outcome), q in drawn
    ]
    return Figure(
        "spend-outcome",
        f"{drawn[0][0].programme}: spend and outcome of {plan.area.name} and its peers"
        if alone
        else f"Spend and outcome of {plan.area.name}, programme by programme, beside its peers",
        charts.quadrant(rows),
        f"{plan.area.name} by spend (across) and outcome (up is better), in standard deviations from the mean of the peers: "
        + "; ".join(f"{p.programme}: spend {q.spend}, outcome {q.outcome}" for p, _, q in drawn)
        + ".",
        table(
            "spend-outcome",
            "Spend and outcome beside the peers",
            [
                Column("name", "Programme"),
                Column("spend", "Spend per head", "£", 0),
                Column("spend_period", "Period"),
                Column("spend_is", "Spend is"),
                Column("outcome", "Outcome"),
                Column("outcome_is", "Outcome is"),
                Column("peers", "Peers", "", 0),
            ],
            table_rows,
            note=quadrant.NOTE,
        ),
    )


def _programmes(drawn: list[Placed]) -> list[dict]:
    """One point a programme, none of them the area's alone."""
    return [
        {"name": p.programme, "spend_z": q.spend_z, "outcome_z": q.outcome_z, "own": False}
        for p, _, q in drawn
    ]


def _areas(pair: tuple[Standing, Standing]) -> list[dict]:
    """One point an area, all measured from the mean of the peers."""
    spend, outcome = pair
    results = {r.area: r.value for r in (outcome.own, *outcome.peers)}
    spends, outcomes = [r.value for r in spend.peers], [r.value for r in outcome.peers]
    sign = 1 if outcome.indicator.polarity == "high" else -1
    return [
        {
            "name": r.name,
            "spend_z": quadrant.z_score(r.value, spends),
            "outcome_z": sign * quadrant.z_score(results[r.area], outcomes),
            "own": r.area == spend.own.area,
            "peer": r.area != spend.own.area,
        }
        for r in (spend.own, *spend.peers)
        if r.area in results
    ]
