"""Question 2: how health and services compare: with the country, with peers, over time."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.methods import compare
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.needs import alike, geography, pictures, spend
from workbook.steps.needs.answers import answers, looks_wrong
from workbook.steps.needs.history import short_trend, trend_figure
from workbook.steps.needs.opportunities import gap_to_peers
from workbook.steps.peers import MANY
from workbook.steps.standing import Peers, Standing, describes, interval_words
from workbook.words import listed, number, plural

__all__ = ["chosen", "part"]

_MOST_NAMED = 6  # figures named in one sentence
_MOST_ANSWERED = 4  # figures that get their answers
_MOST_DRAWN = 3  # of those, how many get their trend as a picture: a page of many charts is slow
_LEAST_HISTORY = 3  # points, below which a trend is no picture
_LEAST_PEERS = 3

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
        return [*blocks, Words((_nothing_words(plan),), "note"), *geography.part(plan, reference, standings)]
    for s in standings:
        results.extend(_results(s))
    return [
        *blocks,
        _verdicts(standings),
        _standing_table(standings),
        _series_table(reference, standings),
        *pictures.spine_figure(plan, standings),
        *_one_by_one(plan, reference, standings),
        *_among(plan, reference, standings),
        *spend.part(plan, reference, group),
        *alike.why(plan, reference, group),
        *geography.part(plan, reference, standings),
    ]


def chosen(plan: Plan, standings: list[Standing]) -> list[Standing]:
    """The figures that are looked at closely: the first of each priority in turn, then the second of each; else
    the first figures on hand."""
    held = {s.indicator.id: s for s in standings}
    turns = zip_longest(*([i for i in p.indicators if i in held] for p in plan.needs.priorities))
    named = dict.fromkeys(id for turn in turns for id in turn if id is not None)
    return ([held[id] for id in named] or standings)[:_MOST_ANSWERED]


# --- words ----------------------------------------------------------------------------


def _nothing_words(plan: Plan) -> str:
    return (
        f"No figures are on hand for {plan.area.name}. Bring some with 'workbook data import FILE': "
        "Fingertips, ONS local statistics and NHS England files are read as they are published."
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
            f"Nothing can be said of {listed(hidden, 'or')}: up to {plan.base_year} every figure for the area "
            "is suppressed or missing."
        )
    if later:
        said.append(
            f"Left out, because {'its' if len(later) == 1 else 'their'} first figure is younger than the plan's base "
            f"year {plan.base_year}: {listed(later)}."
        )
    return tuple(said)


def _verdicts(standings: list[Standing]) -> Words:
    """What stands out over all figures, before the tables."""
    worse = [s.indicator.name for s in standings if s.versus_benchmark == "worse"]
    worsening = [s.indicator.name for s in standings if s.trend.judgement == "getting worse"]
    verdict = (
        f"{len(worse) or 'none'} {'are' if len(worse) > 1 else 'is'} worse than the benchmark beyond chance"
    )
    lines = [
        f"Of {plural(len(standings), 'figure')} compared here, {verdict}{': ' + listed(worse) if worse else ''}."
    ]
    untold = [s.indicator.name for s in standings if s.versus_benchmark == "not compared"]
    if untold:
        of = listed(untold, "or") if len(untold) <= _MOST_NAMED else f"{len(untold)} of them"
        lines.append(f"Without an interval or a benchmark nothing can be said of {of}.")
    if zeros := [s.indicator.name for s in standings if s.own.value == 0]:
        lines.append(f"A zero: {listed(zeros)}. Ask whether nothing happened or nothing was recorded.")
    undirected = [s.indicator.name for s in standings if s.indicator.polarity not in ("low", "high")]
    if undirected:
        lines.append(
            f"For {listed(undirected)} it is not known which direction is better, so no judgement is made."
        )
    if worsening:
        lines.append(f"Getting worse over the last five points: {listed(worsening)}.")
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


# --- tables ---------------------------------------------------------------------------


def _standing_table(standings: list[Standing]) -> Table:
    notes = [
        "The national value of the same period is the benchmark; where a file holds none, the median of all areas.",
        f"Fifth: among all comparable areas, 1 the best; formed of {compare.MINIMUM_AREAS} areas or more.",
    ]
    if any(s.own.approximate for s in standings):
        notes.append("(approx.): the interval was made from the count, because the publisher gives none.")
    return table(
        "standing",
        "The area against its benchmark, its peers and its own past",
        [
            Column("name", "Figure"),
            Column("unit", "Unit"),
            Column("period", "Period"),
            Column("value", "Area"),
            Column("interval", "95% interval"),
            Column("benchmark", "Benchmark"),
            Column("versus", "Against benchmark"),
            Column("median", "Peer median"),
            Column("peers", "Against peers"),
            Column("fifth", "Fifth"),
            Column("trend", "Recent trend"),
        ],
        [_standing_row(s) for s in standings],
        source=listed(dict.fromkeys(s.indicator.source for s in standings if s.indicator.source)),
        note=" ".join(notes),
    )


def _standing_row(s: Standing) -> dict:
    d = s.indicator.decimals
    return {
        "name": s.indicator.name,
        "unit": s.indicator.unit,
        "period": s.own.period,
        "value": round(s.own.value, d),
        "interval": interval_words(s.own.lower, s.own.upper, d, s.own.approximate),
        "benchmark": None if s.benchmark is None else round(s.benchmark, d),
        "versus": s.versus_benchmark,
        "median": None if s.peer_median is None else round(s.peer_median, d),
        "peers": s.versus_peers,
        "fifth": s.quintile,
        "trend": short_trend(s),
    }


def _series_table(reference: Reference, standings: list[Standing]) -> Table:
    """What stands behind each figure: the events and people, and whether its series can be trusted over time.

    A status that is the same for all stands once, below.
    """
    statuses = [_status(reference, s) for s in standings]
    alike = len(set(statuses)) == 1
    rows = [
        {
            "name": s.indicator.name,
            "count": _counted(s),
            "people": s.own.denominator,
            "areas": s.areas,
            "status": status,
            "know": _to_know(s),
        }
        for s, status in zip(standings, statuses, strict=True)
    ]
    return table(
        "series",
        "What stands behind each figure",
        [
            Column("name", "Figure"),
            Column("count", "Counted"),
            Column("people", "Among", "people", 0),
            Column("areas", "Areas compared", "", 0),
            *([] if alike else [Column("status", "The series")]),
            Column("know", "To know"),
        ],
        rows,
        note=" ".join(
            filter(None, (f"Every series: {statuses[0]}." if alike else "", _boundaries(standings)))
        ),
        missing="not published",
    )


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
    return None if s.own.count is None else f"{number(s.own.count, 0)} {s.indicator.count_label}".strip()


def _status(reference: Reference, s: Standing) -> str:
    words = _STATUS.get(s.indicator.status, s.indicator.status)
    next_one = s.indicator.successor
    known = {i.id: i.name for i in reference.indicators()} if next_one else {}
    return f"{words}; today: {known.get(next_one, next_one)}" if next_one else words


def _to_know(s: Standing) -> str:
    """Breaks, overlapping periods, hidden figures, how the interval was made, and why no trend is told."""
    i, said = s.indicator, []
    if i.period_years > 1:
        said.append(f"each figure covers {i.period_years} years and overlaps the next")
    if breaks := [y for y in i.break_years if s.history[0].year < y <= s.own.year]:
        said.append(f"the series breaks in {listed(breaks)}")
    if s.hidden:
        said.append(f"not shown: {listed(h.period for h in s.hidden)}")
    if s.own.approximate:
        said.append("interval approximate, made from the count")
    if s.trend.direction == "cannot be calculated" and i.period_years == 1:
        said.append(s.trend.reason.rstrip(".").removesuffix(", so no trend can be calculated"))
    text = "; ".join(
        words[:1].lower() + words[1:] if n and words[1:2].islower() else words for n, words in enumerate(said)
    )
    return text[:1].upper() + text[1:] if text else "nothing to add"


# --- figure by figure -----------------------------------------------------------------


def _one_by_one(plan: Plan, reference: Reference, standings: list[Standing]) -> list[Block]:
    """For each chosen figure the questions an analyst is asked, answered; for the first ones their trend."""
    blocks: list[Block] = []
    for n, s in enumerate(chosen(plan, standings)):
        blocks.append(Heading(s.indicator.name, f"answers-{s.indicator.id}", 3))
        blocks.append(Words(answers(s, gap_to_peers(s)), "list"))
        if n < _MOST_DRAWN and len(s.history) >= _LEAST_HISTORY:
            blocks.append(trend_figure(plan, reference, s))
    return blocks


def _among(plan: Plan, reference: Reference, standings: list[Standing]) -> list[Block]:
    """The first chosen figure among the areas: in order, by size, on the map."""
    order = chosen(plan, standings)
    first = order[0]
    drawn = _LEAST_PEERS <= len(first.peers) <= MANY
    found: list[Block] = [pictures.ranked_figure(plan, first)] if drawn else []
    found += pictures.funnel_figure(plan, order)
    found += pictures.map_figure(plan, reference, first)
    return [Heading("Among the areas", "among", 3), *found] if found else []


# --- results --------------------------------------------------------------------------


def _results(s: Standing) -> list[Result]:
    i, own = s.indicator, s.own
    method = "As published" if not own.approximate else "As published; interval made from the count"
    figures = (
        ("value", i.name, own.value, i.unit, method),
        ("lower", f"{i.name}, lower limit (95%)", own.lower, i.unit, method),
        ("upper", f"{i.name}, upper limit (95%)", own.upper, i.unit, method),
        (
            "benchmark",
            f"{i.name}, {s.benchmark_label}",
            s.benchmark,
            i.unit,
            "As published, or the median of all areas",
        ),
        ("peer-median", f"{i.name}, peer median", s.peer_median, i.unit, f"Median of {len(s.peers)} peers"),
        (
            "comparison",
            f"{i.name}, against benchmark",
            s.versus_benchmark,
            "",
            "95% interval against the benchmark",
        ),
        (
            "fifth",
            f"{i.name}, fifth among the areas",
            s.quintile,
            "",
            f"1 is the best of five; {s.areas} areas",
        ),
        (
            "best-fifth",
            f"{i.name}, edge of the best fifth",
            s.best_fifth,
            i.unit,
            f"The value that just belongs to the best fifth of {s.areas} areas",
        ),
        (
            "trend",
            f"{i.name}, recent trend",
            s.trend.direction,
            "",
            "Slope of the last five points, chi-square at 99.8%",
        ),
    )
    return [
        Result(f"needs.{i.id}.{name}", label, value, unit, own.period, how, i.source)
        for name, label, value, unit, how in figures
    ]
