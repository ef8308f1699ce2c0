"""Question 2: how health and services compare: with the country, with peers, over time."""

from __future__ import annotations

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.standing import Peers, Standing, interval_words
from workbook.words import listed, number, plural

_MOST_TRENDS = 6


def part(
    plan: Plan, reference: Reference, group: Peers, standings: list[Standing], results: list[Result]
) -> list[Block]:
    blocks: list[Block] = [
        Heading("How health and services compare", "compare"),
        *([_peer_words(reference, group)] if standings else []),
        asking.ask(plan, reference, "/needs/peers"),
        asking.ask(plan, reference, "/needs/peers_reason"),
    ]
    if not standings:
        return [
            *blocks,
            Words(
                (
                    f"No figures are on hand for {plan.area.name}. Bring some with 'workbook data import FILE': "
                    "Fingertips, ONS local statistics and NHS England files are read as they are published.",
                ),
                "note",
            ),
        ]
    for s in standings:
        results.extend(_standing_results(s))
    blocks += [_standing_words(standings), _standing_table(standings), *_trends(plan, standings)]
    return blocks


_MOST_NAMED = 12


def _peer_words(reference: Reference, group: Peers) -> Words:
    """Who the area is compared with, by name where they are few, and how they were chosen."""
    if not group.codes:
        return Words(("No peers are on hand to compare with.",), "note")
    if len(group.codes) > _MOST_NAMED:
        return Words((f"{len(group.codes)} peers. How they were chosen: {group.how}.",), "note")
    names = "; ".join(reference.area(code).name for code in group.codes)  # names hold "and" themselves
    return Words(
        (f"{'Peer' if len(group.codes) == 1 else 'Peers'}: {names}. How chosen: {group.how}.",), "note"
    )


def _standing_words(standings: list[Standing]) -> Words:
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
        lines.append(f"Without an interval or a benchmark nothing can be said of {listed(untold, 'or')}.")
    if worsening:
        lines.append(f"Getting worse over the last five points: {listed(worsening)}.")
    lines.append(
        "Better and worse mean that the 95% interval of the area lies wholly on one side of the benchmark; "
        "similar means that the difference could be chance."
    )
    return Words(tuple(lines))


def _standing_table(standings: list[Standing]) -> Table:
    columns = [
        Column("name", "Figure"),
        Column("unit", "Unit"),
        Column("period", "Period"),
        Column("value", "Area"),
        Column("interval", "95% interval"),
        Column("benchmark", "Benchmark"),
        Column("versus", "Against benchmark"),
        Column("median", "Peer median"),
        Column("peers", "Against peers"),
        Column("trend", "Recent trend"),
    ]
    notes = [
        "The national value of the same period is the benchmark; where a file holds none, the median of all areas."
    ]
    if any(s.own.approximate for s in standings):
        notes.append("(approx.): the interval was made from the count, because the publisher gives none.")
    return table(
        "standing",
        "The area against its benchmark, its peers and its own past",
        columns,
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
        "trend": trend_words(s),
    }


def trend_words(s: Standing) -> str:
    """The recent trend in words; where none can be told, the reason."""
    if s.trend.direction == "cannot be calculated":
        reason = s.trend.reason.rstrip(".")
        return f"cannot be told: {reason[:1].lower()}{reason[1:]}"
    if s.trend.judgement in ("getting better", "getting worse"):
        return f"{s.trend.direction}, {s.trend.judgement}"
    return s.trend.direction


def _standing_results(s: Standing) -> list[Result]:
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


def _trends(plan: Plan, standings: list[Standing]) -> list[Block]:
    """A trend for each figure a priority rests on, else for the first ones."""
    named = [i for p in plan.needs.priorities for i in p.indicators]
    ordered = sorted(
        standings, key=lambda s: named.index(s.indicator.id) if s.indicator.id in named else len(named)
    )
    chosen = [s for s in ordered if len(s.history) > 2]
    chosen = [s for s in chosen if s.indicator.id in named][:_MOST_TRENDS] or chosen[:2]
    title = "Trends behind the priorities" if any(s.indicator.id in named for s in chosen) else "Trends"
    blocks: list[Block] = [Heading(title, "trends", 3)] if chosen else []
    for s in chosen:
        blocks += [_trend_figure(plan, s)]
        if len(s.peers) >= 3:
            blocks += [_ranked_figure(plan, s)] if s is chosen[0] else []
    return blocks


def _trend_figure(plan: Plan, s: Standing) -> Figure:
    first, last = s.history[0], s.history[-1]
    d = s.indicator.decimals
    rows = [
        {"year": r.year, "value": r.value, "lower": r.lower, "upper": r.upper, "series": plan.area.name}
        for r in s.history
    ]
    if s.benchmark is not None:
        rows.append({"year": last.year, "value": s.benchmark, "series": s.benchmark_label})
    if s.peer_median is not None:
        rows.append({"year": last.year, "value": s.peer_median, "series": "Peer median"})
    breaks = tuple(y for y in s.indicator.break_years if first.year < y <= last.year)
    return Figure(
        f"trend-{s.indicator.id}",
        f"{s.indicator.name}: {trend_words(s) if s.trend.judgement else 'from ' + first.period + ' to ' + last.period}",
        charts.trend(rows, unit=s.indicator.unit, breaks=breaks),
        f"{s.indicator.name} in {plan.area.name}, {s.indicator.unit}: {number(first.value, d)} in {first.period}, "
        f"{number(last.value, d)} in {last.period}"
        + (f"; {s.benchmark_label}: {number(s.benchmark, d)}" if s.benchmark is not None else "")
        + (f"; the series breaks in {listed(breaks)}" if breaks else "")
        + ".",
        _history_table(s),
        s.indicator.source,
    )


def _history_table(s: Standing) -> Table:
    d = s.indicator.decimals
    return table(
        f"trend-{s.indicator.id}",
        f"{s.indicator.name}, year by year",
        [
            Column("period", "Period"),
            Column("value", "Value", s.indicator.unit, d),
            Column("lower", "Lower limit, 95%", s.indicator.unit, d),
            Column("upper", "Upper limit, 95%", s.indicator.unit, d),
            Column("count", s.indicator.count_label.capitalize() or "Count", "", 0),
        ],
        [
            {"period": r.period, "value": r.value, "lower": r.lower, "upper": r.upper, "count": r.count}
            for r in s.history
        ],
        source=s.indicator.source,
    )


def _ranked_figure(plan: Plan, s: Standing) -> Figure:
    rows = [
        {
            "area": r.name,
            "value": r.value,
            "lower": r.lower,
            "upper": r.upper,
            "own": r.area == plan.area.code,
        }
        for r in sorted([s.own, *s.peers], key=lambda r: r.value)
    ]
    place = next(n for n, r in enumerate(rows, 1) if r["own"])
    d = s.indicator.decimals
    return Figure(
        f"peers-{s.indicator.id}",
        f"{s.indicator.name} beside the peers, {s.own.period}",
        charts.ranked(rows, unit=s.indicator.unit, benchmark=s.benchmark, benchmark_label=s.benchmark_label),
        f"{plan.area.name} and {plural(len(s.peers), 'peer')}, lowest first: {plan.area.name} is number {place} of {len(rows)} "
        f"with {number(s.own.value, d)} {s.indicator.unit}; the peer median is {number(s.peer_median, d)}.",
        table(
            f"peers-{s.indicator.id}",
            f"{s.indicator.name}, area and peers",
            [
                Column("area", "Area"),
                Column("value", "Value", s.indicator.unit, d),
                Column("lower", "Lower limit, 95%", s.indicator.unit, d),
                Column("upper", "Upper limit, 95%", s.indicator.unit, d),
            ],
            rows,
            source=s.indicator.source,
        ),
        s.indicator.source,
    )
