"""Question 2: how health and services compare: with the country, with peers, over time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.methods import compare
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.naming import MOST_NAMED, first_few
from workbook.steps.needs import alike, geography, pictures
from workbook.steps.needs.answers import answers, looks_wrong
from workbook.steps.needs.history import short_trend, trend_figure
from workbook.steps.needs.opportunities import gap_to_peers
from workbook.steps.needs.results import results_of
from workbook.steps.peers import MANY
from workbook.steps.standing import Peers, Standing, counted, describes, interval_words
from workbook.words import listed, number, plural, some

__all__ = ["chosen", "part"]

_MOST_ANSWERED = 4  # figures that get their answers
_MOST_DRAWN = 2  # of those, how many get their trend as a picture: a page of many charts is slow
_MOST_ROWS = 20  # of the table of figures; the others stand in the spreadsheet
_LEAST_HISTORY = 3  # points, below which a trend is no picture
_LEAST_PEERS = 3
_OLD = 5  # years before the plan's base year, from which a figure is called old
_OF_THE_SERIES = ("count", "people", "areas", "status", "know", "source")

_STATUS = {
    "live": "published today",
    "successor": "successor of an ended series",
    "replaced": "replaced",
    "discontinued": "ended",
    "derived": "derived, not official",
    "synthetic": "synthetic",
    "local": "local figures",
}


def part(
    plan: Plan,
    reference: Reference,
    group: Peers,
    standings: list[Standing],
    results: list[Result],
) -> list[Block]:
    """Peers, the standing of every figure, the answers on the chosen ones, and the pictures."""
    blocks: list[Block] = [
        Heading("How health and services compare", "compare"),
        *alike.part(plan, reference, group, standings),
    ]
    if silent := _silent(plan, reference, standings):
        blocks.append(Words(silent, "note"))
    if not standings:
        told = (_nothing_words(plan), *geography.elsewhere(plan, reference))
        return [*blocks, Words(told, "note"), *geography.part(plan, reference, standings)]
    for s in standings:
        results.extend(results_of(s))
    return [
        *blocks,
        _verdicts(plan, standings),
        *(drawn := _drawn(plan, reference, standings)),
        _standing_table(plan, standings),
        *([] if drawn else [_series(reference, standings[:_MOST_ROWS])]),
        *_one_by_one(plan, reference, standings),
        *alike.why(plan, reference, group),
        *geography.part(plan, reference, standings),
    ]


def _drawn(plan: Plan, reference: Reference, standings: list[Standing]) -> list[Figure | Words]:
    """The spine chart with every figure behind it; nothing where too few figures have a range of areas."""
    return pictures.spine_figure(plan, first_ones(plan, standings), _behind(reference, standings))


def _series(reference: Reference, standings: list[Standing]) -> Table:
    """What stands behind each figure, where no chart has the table of everything behind it."""
    whole = _behind(reference, standings)
    kept = [n for n, c in enumerate(whole.columns) if c.name in ("name", *_OF_THE_SERIES)]
    return replace(
        whole,
        id="series",
        title="What stands behind each figure",
        columns=tuple(whole.columns[n] for n in kept),
        rows=tuple(tuple(row[n] for n in kept) for row in whole.rows),
        note=_boundaries(standings),
    )


def chosen(plan: Plan, standings: list[Standing]) -> list[Standing]:
    """The figures that are looked at closely: the first of each priority in turn, then the second of each; else
    the figures that stand out."""
    held = {s.indicator.id: s for s in standings}
    turns = zip_longest(*([i for i in p.indicators if i in held] for p in plan.needs.priorities))
    named = dict.fromkeys(id for turn in turns for id in turn if id is not None)
    return ([held[id] for id in named] or _told_most(plan, standings))[:_MOST_ANSWERED]


def _told_most(plan: Plan, standings: list[Standing]) -> list[Standing]:
    """Where the plan names none: the figures that stand out, those first of which most can be told; one without a
    better direction only where there is no other."""
    directed = [s for s in standings if s.indicator.polarity in ("low", "high")]
    return sorted(first_ones(plan, directed), key=_untold) or standings


def _untold(s: Standing) -> int:
    """How many of three things are missing: an interval, other areas, a past."""
    return (s.own.lower is None) + (s.areas < compare.MINIMUM_AREAS) + (len(s.history) < _LEAST_HISTORY)


# --- words ----------------------------------------------------------------------------


def _nothing_words(plan: Plan) -> str:
    return (
        f"No figures of how health and care do are on hand for {plan.area.name}, so nothing can be said of whether it does worse than elsewhere, "
        "whether it gets worse, how many people that concerns or what would be ambitious. Fetch current figures with "
        "'workbook data update', or bring files with 'workbook data import FILE': Fingertips, ONS local statistics and "
        "NHS England files are read as they are published."
    )


def _silent(plan: Plan, reference: Reference, standings: list[Standing]) -> tuple[str, ...]:
    """What is filed for the area and has no value to show: suppressed, or younger than the base year."""
    shown, asked = {s.indicator.id for s in standings}, set(plan.needs.indicators)
    held = [
        i
        for i in reference.available(plan.area.code)
        if i not in shown and (i in asked if asked else not describes(reference.indicator(i)))
    ]
    hidden: list[str] = []
    later: list[str] = []
    for id in held:
        years = reference.series(id, area=plan.area.code)["year"]
        (hidden if (years <= plan.base_year).any() else later).append(reference.indicator(id).name)
    said = []
    if hidden:
        said.append(
            f"Nothing can be said of {some(hidden, MOST_NAMED)}: up to {plan.base_year} every figure for the area "
            "is suppressed or missing."
        )
    if later:
        said.append(
            f"Left out, because {'its' if len(later) == 1 else 'their'} first figure is younger than the plan's base "
            f"year {plan.base_year}: {some(later, MOST_NAMED)}."
        )
    return tuple(said)


def _verdicts(plan: Plan, standings: list[Standing]) -> Words:
    """What stands out over all figures, before the tables."""
    lines = [_counts(standings), *_named(standings)]
    untold = [s.indicator.name for s in standings if s.versus_benchmark == "not compared"]
    if untold:
        lines.append(
            f"Without an interval or a benchmark nothing can be said of {some(untold, MOST_NAMED)}. "
            "An interval comes from the publisher, or from the count: import the file that has either."
        )
    if zeros := [s.indicator.name for s in standings if s.own.value == 0]:
        lines.append(
            f"A zero: {some(zeros, MOST_NAMED)}. Ask whether nothing happened or nothing was recorded."
        )
    if old := sum(plan.base_year - s.own.year >= _OLD for s in standings):
        lines.append(
            f"{old} of the figures {'is' if old == 1 else 'are'} {_OLD} years old or more in the plan's base year "
            f"{plan.base_year}: read the period of each, and look for newer ones ('workbook data update')."
        )
    undirected = [s.indicator.name for s in standings if s.indicator.polarity not in ("low", "high")]
    if undirected:
        lines.append(
            f"For {some(undirected, MOST_NAMED)} it is not known which direction is better, so no judgement is made."
        )
    lines += [
        f"Is the unit of {s.indicator.name} right? "
        + looks_wrong(s.suspicion, s.indicator.decimals, s.indicator.unit)
        for s in standings
        if s.suspicion
    ]
    lines.append(
        "Better and worse mean that the 95% interval of the area lies wholly on one side of the benchmark; "
        "similar means that the difference could be chance."
    )
    return Words(tuple(lines))


def _counts(standings: list[Standing]) -> str:
    """ "Of 16 figures compared here, 10 are worse than the benchmark beyond chance and 1 is better; 4 are getting worse." """
    verdicts = Counter(s.versus_benchmark for s in standings)
    worse, better = verdicts["worse"], verdicts["better"]
    falling = sum(s.trend.judgement == "getting worse" for s in standings)
    trends = f"{falling or 'none'} {'are' if falling > 1 else 'is'} getting worse over the last five points"
    compared = len(standings) - verdicts["not compared"]
    if not compared:
        return f"None of {plural(len(standings), 'figure')} can be compared with a benchmark; {trends}."
    return (
        f"Of {plural(compared, 'figure')} compared here, {worse or 'none'} {'are' if worse > 1 else 'is'} worse "
        f"than the benchmark beyond chance and {better or 'none'} {'are' if better > 1 else 'is'} better; {trends}."
    )


def _named(standings: list[Standing]) -> list[str]:
    """The worse ones by name; those that are getting worse as well stand first, in a sentence of their own."""
    worse = [s for s in standings if s.versus_benchmark == "worse"]
    both = [s.indicator.name for s in worse if s.trend.judgement == "getting worse"]
    rest = [s.indicator.name for s in worse if s.indicator.name not in both]
    slipping = [
        s.indicator.name for s in standings if s.trend.judgement == "getting worse" and s not in worse
    ]
    said = (
        ("Worse, and getting worse", both),
        ("Worse" if not both else "Worse, and not known to be getting worse", rest),
        ("Not worse, but getting worse", slipping),
    )
    return [f"{label}: {first_few(names)}." for label, names in said if names]


# --- tables ---------------------------------------------------------------------------


def first_ones(plan: Plan, standings: list[Standing]) -> list[Standing]:
    """The figures in the order in which they matter: those of the priorities, then of the ambitions, then what
    is worse and getting worse, worse, getting worse; the others as they come, those without a direction last."""
    named = {i: n for n, i in enumerate(i for p in plan.needs.priorities for i in p.indicators)}
    bound = {a.measure for a in plan.ambitions.items if a.measure}

    def weight(s: Standing) -> tuple[int, int, int]:
        worse = s.versus_benchmark == "worse"
        falling = s.trend.judgement == "getting worse"
        return (
            named.get(s.indicator.id, len(named)),
            0 if s.indicator.id in bound else 1,
            3 - 2 * worse - falling if s.indicator.polarity in ("low", "high") else 4,
        )

    return sorted(standings, key=weight)


def _standing_table(plan: Plan, standings: list[Standing]) -> Table:
    shown = standings if len(standings) <= _MOST_ROWS else first_ones(plan, standings)[:_MOST_ROWS]
    notes = [
        "The national value of the same period is the benchmark; where a file holds none, the median of all areas. "
        "Peers: their median.",
    ]
    fifths = any(s.quintile is not None for s in shown)
    if fifths:
        notes.append(
            f"Fifth: among all comparable areas, 1 the best; formed of {compare.MINIMUM_AREAS} areas or more."
        )
    if any(s.own.approximate for s in shown):
        notes.append("(approx.): the interval was made from the count, because the publisher gives none.")
    if know := [f"{s.indicator.name}: {_lower(words)}" for s in shown if (words := _to_know(s))]:
        notes.append(f"To know. {'. '.join(know[:MOST_NAMED])}.")
    if left := len(standings) - len(shown):
        notes.append(
            f"Shown are the {len(shown)} figures of the priorities and ambitions and those that stand out; {left} more "
            "stand in the spreadsheet, with what is behind each."
        )
    return table(
        "standing",
        "The area against its benchmark, its peers and its own past",
        [
            Column("name", "Figure"),
            Column("period", "Period"),
            Column("area", "Area (95% interval)"),
            Column("benchmark", "Against the benchmark"),
            *([Column("peers", "Against the peers")] if any(s.peers for s in shown) else []),
            *([Column("fifth", "Fifth")] if fifths else []),
            Column("trend", "Recent trend"),
        ],
        [_standing_row(s) for s in shown],
        source=some(list(dict.fromkeys(s.indicator.source for s in shown if s.indicator.source)), 6),
        note=" ".join(notes),
    )


def _standing_row(s: Standing) -> dict:
    """A figure's row as it is read, each comparison with what it is held against."""
    d, own = s.indicator.decimals, s.own
    interval = interval_words(own.lower, own.upper, d, own.approximate)
    unit = s.indicator.unit
    return {
        "name": f"{s.indicator.name} ({unit})" if unit else s.indicator.name,
        "period": own.period,
        "area": f"{number(own.value, d)} ({interval if own.lower is not None else 'no interval'})",
        "benchmark": _beside(s.versus_benchmark, s.benchmark, d),
        "peers": _beside(s.versus_peers, s.peer_median, d),
        "fifth": s.quintile,
        "trend": short_trend(s),
    }


_THAN = {"similar": "similar to", "not compared": "not compared with"}


def _beside(verdict: str, value: float | None, decimals: int) -> str | None:
    """ "worse than 1,877"; None where there is nothing to compare with."""
    if value is None:
        return None
    return f"{_THAN.get(verdict, f'{verdict} than')} {number(value, decimals)}"


def _figures_row(s: Standing) -> dict:
    """The same as figures and single words, for the spreadsheet."""
    d = s.indicator.decimals
    return {
        "name": s.indicator.name,
        "unit": s.indicator.unit,
        "period": s.own.period,
        "value": round(s.own.value, d),
        "interval": interval_words(s.own.lower, s.own.upper, d, s.own.approximate),
        "benchmark": None if s.benchmark is None else round(s.benchmark, d),
        "benchmark_is": s.benchmark_label,
        "versus": s.versus_benchmark,
        "median": None if s.peer_median is None else round(s.peer_median, d),
        "peers": s.versus_peers,
        "fifth": s.quintile,
        "trend": short_trend(s),
    }


# The table behind the comparison, column by column.
_BEHIND = (
    Column("name", "Figure"),
    Column("unit", "Unit"),
    Column("period", "Period"),
    Column("value", "Area"),
    Column("interval", "95% interval"),
    Column("benchmark", "Benchmark"),
    Column("benchmark_is", "Benchmark is"),
    Column("versus", "Against benchmark"),
    Column("median", "Peer median"),
    Column("peers", "Against peers"),
    Column("fifth", "Fifth"),
    Column("trend", "Recent trend"),
    Column("areas", "Areas compared", "", 0),
    Column("worst", "Worst area"),
    Column("p25", "Lower quarter point"),
    Column("p75", "Upper quarter point"),
    Column("best", "Best area"),
    Column("count", "Counted"),
    Column("people", "Among", "people", 0),
    Column("status", "The series"),
    Column("know", "To know"),
    Column("source", "Source"),
)


def _behind(reference: Reference, standings: list[Standing]) -> Table:
    """Every figure with all that is known of it: its standing, the range of areas, the events and people behind it,
    and whether its series can be trusted over time."""
    lowest = "Where no direction is better, worst and best are the lowest and the highest area."
    return table(
        "figures",
        "Every figure: its standing, the range of areas and what stands behind it",
        list(_BEHIND),
        [_behind_row(reference, s) for s in standings],
        note=" ".join(filter(None, (lowest, _boundaries(standings)))),
        missing="not published",
    )


def _behind_row(reference: Reference, s: Standing) -> dict[str, Any]:
    return _figures_row(s) | {
        "areas": s.areas,
        **_range_of(s),
        "count": _counted(s),
        "people": s.own.denominator,
        "status": _status(reference, s),
        "know": _to_know(s) or "nothing to add",
        "source": s.indicator.source,
    }


def _range_of(s: Standing) -> dict[str, float]:
    """The worst and best area and the quarter points, rounded as the figure is printed; nothing where there are too few."""
    among = pictures.spread_of(s)
    d = s.indicator.decimals
    return {k: round(v, d) for k, v in among._asdict().items() if v is not None} if among else {}


def _boundaries(standings: list[Standing]) -> str:
    """For which boundaries the figures are published, each with how many figures."""
    found = Counter(s.indicator.geography_vintage for s in standings if not s.indicator.synthetic)
    named = {vintage: count for vintage, count in found.items() if vintage}
    if len(named) == 1 and len(found) == 1:
        return f"Boundaries of all: {next(iter(named))}."
    said = "; ".join(f"{vintage} ({plural(count, 'figure')})" for vintage, count in named.items())
    return f"Boundaries: {said}." if said else ""


def _counted(s: Standing) -> str | None:
    if s.indicator.value_type == "mean":  # its "count" is a sum of scores
        return "a mean" if s.own.denominator else None
    return None if s.own.count is None else f"{counted(s.own.count)} {s.indicator.count_label}".strip()


def _status(reference: Reference, s: Standing) -> str:
    words = _STATUS.get(s.indicator.status, s.indicator.status)
    next_one = s.indicator.successor
    known = {i.id: i.name for i in reference.indicators()} if next_one else {}
    return f"{words}; today: {known.get(next_one, next_one)}" if next_one else words


def _to_know(s: Standing) -> str:
    """Breaks, overlapping periods, hidden figures, an old or ended series; "" where there is nothing to add."""
    i, said = s.indicator, []
    if i.status in ("discontinued", "replaced"):
        said.append(f"the series is {_STATUS[i.status]}")
    if i.period_years > 1:
        said.append(f"each figure covers {i.period_years} years and overlaps the next")
    if breaks := [y for y in i.break_years if s.history[0].year < y <= s.own.year]:
        said.append(f"the series breaks in {listed(breaks)}")
    if s.hidden:
        said.append(f"not shown: {listed(h.period for h in s.hidden)}")
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# --- figure by figure -----------------------------------------------------------------


def _one_by_one(plan: Plan, reference: Reference, standings: list[Standing]) -> list[Block]:
    """For each chosen figure the questions an analyst is asked, answered, with its pictures below them."""
    order = chosen(plan, standings)
    first, funnel = order[0], pictures.funnel_figure(plan, order)
    funnel_of = next(
        (b.id.removeprefix("funnel-") for b in funnel if isinstance(b, Figure)), first.indicator.id
    )
    blocks: list[Block] = []
    for n, s in enumerate(order):
        blocks.append(Heading(s.indicator.name, f"answers-{s.indicator.id}", 3))
        if n < _MOST_DRAWN and len(s.history) >= _LEAST_HISTORY:
            blocks.append(trend_figure(plan, reference, s))
        blocks.append(Words(answers(s, gap_to_peers(s)), "list"))
        if s is first and not any(isinstance(b, Figure) for b in funnel):
            blocks += _in_order(plan, s)
        if s.indicator.id == funnel_of:
            blocks += funnel
    return [*blocks, *pictures.map_figure(plan, reference, first)]


def _in_order(plan: Plan, s: Standing) -> list[Block]:
    """The area and its peers in order, where no funnel plot shows them and there are few enough to name."""
    return [pictures.ranked_figure(plan, s)] if _LEAST_PEERS <= len(s.peers) <= MANY else []


# --- results --------------------------------------------------------------------------
