"""Step 1: needs assessment, along the four questions of a vision (CST-05)."""

from __future__ import annotations

import re

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Step, Table, Words, table
from workbook.methods import intervals, opportunity, rounding
from workbook.plan import Plan
from workbook.reference import Reference, printed
from workbook.steps import asking
from workbook.steps.frames import records
from workbook.steps.standing import Peers, Standing, peers_of, standing
from workbook.words import financial_year, listed, number, plural

_NOT_COMPARED = {"allocation", "population-mid-year"}
_MOST_TRENDS = 6
_AGES = (("0-19", 0, 19), ("20-64", 20, 64), ("65-84", 65, 84), ("85+", 85, 200))


def needs(plan: Plan, reference: Reference) -> Step:
    """What the population wants and needs, how services do, whom it concerns, what could change."""
    from workbook.steps.thread import of_step

    group = peers_of(plan, reference)
    standings = _standings(plan, reference, group)
    results: list[Result] = []
    blocks: list[Block] = [
        *_wants(plan, reference, results),
        *_performance(plan, reference, group, standings, results),
        *_segments(plan, reference),
        *_opportunities(plan, reference, standings, results),
        *of_step(plan, reference, "needs"),
    ]
    used = (*(s.indicator.id for s in standings), *group.series)
    return Step("needs", "Needs assessment", tuple(blocks), tuple(results), used)


def _standings(plan: Plan, reference: Reference, group: Peers) -> list[Standing]:
    wanted = plan.needs.indicators or _default_indicators(plan, reference)
    held = set(reference.available(plan.area.code))
    found = [standing(plan, reference, i, group) for i in wanted if i in held]
    return [s for s in found if s is not None]


def _default_indicators(plan: Plan, reference: Reference) -> list[str]:
    """The measures of the ambitions first, then every other figure on hand for the area."""
    bound = [a.measure for a in plan.ambitions.items if a.measure]
    named = [i for p in plan.needs.priorities for i in p.indicators]
    held = [i for i in reference.available(plan.area.code) if i not in _NOT_COMPARED]
    return list(dict.fromkeys([*bound, *named, *held]))


# --- 1 what the population wants and needs ---------------------------------------


def _wants(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    ask = lambda pointer: asking.ask(plan, reference, pointer)  # noqa: E731
    return [
        Heading("What people want and need", "wants"),
        Words(
            (
                "Start from what people say and from who lives here. The questions follow the four that "
                "NHS England asked of a vision in 2014: what the population wants and needs, how services do, "
                "how to see the population in groups, and what could be transformed.",
            )
        ),
        asking.ask(plan, reference, "/vision", detail=True),
        ask("/needs/voices"),
        asking.about(reference.framework("CST-04")),
        *asking.bank(plan, reference.framework("CST-04"), "/needs/answers"),
        *_population(plan, reference, results),
        *_printed(plan, reference),
        *_need_index(plan, reference),
    ]


def _population(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    projected = reference.population(plan.area.code)
    heading = Heading("Who lives here, now and in five years", "population", 3)
    years = set(projected["year"])
    if not {plan.base_year, plan.last_year} <= years:
        missing = (
            f"No population projection is on hand for {plan.area.name} from {plan.base_year} to {plan.last_year}. "
            "Import the projection of integrated care boards, or a local one, to see it here."
        )
        return [heading, Words((missing,), "note")]
    shown = _by_age(projected, plan.base_year, plan.last_year)
    results += [_population_result(row, plan) for row in shown]
    total, older = shown[-1], shown[-2]
    words = (
        f"The population is projected to change from {number(total['now'], 0)} in {plan.base_year} to "
        f"{number(total['then'], 0)} in {plan.last_year} ({total['percent']:+.1f}%). People aged 85 and over: "
        f"{older['percent']:+.1f}%."
    )
    return [heading, Words((words,)), _pyramid(plan, projected, shown)]


def _pyramid(plan: Plan, projected: pd.DataFrame, shown: list[dict]) -> Figure:
    total, older = shown[-1], shown[-2]
    both = projected[projected["year"].isin([plan.base_year, plan.last_year])]
    bars = [
        {"age": _ages(r["age_group"]), "sex": r["sex"], "population": r["population"], "year": int(r["year"])}
        for r in records(both)
    ]
    return Figure(
        "population-pyramid",
        f"Population by age and sex, {plan.base_year} and {plan.last_year}",
        charts.pyramid(bars),
        f"Two outlines of the population of {plan.area.name} by five-year age band, men and women on either "
        f"side, for {plan.base_year} and {plan.last_year}. The total changes by {total['percent']:+.1f} per cent, "
        f"people aged 85 and over by {older['percent']:+.1f} per cent.",
        table(
            "population",
            "Population by age, now and at the end of the plan",
            [
                Column("age", "Age"),
                Column("now", str(plan.base_year), "people", 0),
                Column("then", str(plan.last_year), "people", 0),
                Column("change", "Change", "people", 0),
                Column("percent", "Change", "%", 1),
            ],
            shown,
            source=_population_source(plan),
        ),
        _population_source(plan),
    )


def _ages(band: str) -> str:
    """An age band without the zeros that only keep it in order: "05-09" is "5-9"."""
    return re.sub(r"\b0(?=\d)", "", str(band))


def _by_age(projected: pd.DataFrame, now: int, then: int) -> list[dict]:
    first = projected["age_group"].astype(str).str.extract(r"(\d+)")[0].astype(int)
    rows = []
    for label, low, high in (*_AGES, ("All ages", 0, 200)):
        kept = projected[(first >= low) & (first <= high)].groupby("year")["population"].sum()
        before, after = float(kept.get(now, 0)), float(kept.get(then, 0))
        change = 100 * (after / before - 1) if before else float("nan")
        rows.append({"age": label, "now": before, "then": after, "change": after - before, "percent": change})
    return rows


def _population_result(row: dict, plan: Plan) -> Result:
    return Result(
        f"needs.population-change.{row['age'].lower().replace(' ', '-').replace('+', '-plus')}",
        f"Population change, {row['age']}",
        row["percent"],
        "%",
        f"{plan.base_year} to {plan.last_year}",
        "Projected population of the last year over that of the base year, less one",
        _population_source(plan),
    )


def _population_source(plan: Plan) -> str:
    return "Synthetic projection" if plan.area.synthetic else "Imported population projection"


def _printed(plan: Plan, reference: Reference) -> list[Block]:
    """The figures of a place of the case studies, as their source prints them."""
    rows = records(reference.places()[reference.places()["place"] == plan.area.code])
    if not rows:
        return []
    said = [c.sentence for c in printed.contradictions(reference) if c.place == plan.area.code]
    blocks: list[Block] = [
        table(
            "printed",
            f"{plan.area.name}: the figures of the source, as printed",
            [
                Column("measure", "Figure"),
                Column("part", "Part"),
                Column("printed", "As printed"),
                Column("period", "Period"),
                Column("note", "To know"),
            ],
            [{**row, "measure": _measure_name(row["measure"])} for row in rows],
            source=rows[0]["source"],
            missing="none",
        )
    ]
    return [*blocks, Words(("What contradicts itself:", *said))] if said else blocks


def _measure_name(id: str) -> str:
    """The name of a printed figure as a reader says it: "ccg-budget" is "CCG budget"."""
    short = {"ccg": "CCG", "ccgs": "CCGs", "gp": "GP"}
    words = " ".join(short.get(word, word) for word in id.split("-"))
    return words[:1].upper() + words[1:]


def _need_index(plan: Plan, reference: Reference) -> list[Block]:
    index = reference.need_index(plan.area.code)
    if index.empty:
        return []
    return [
        table(
            "need-index",
            "Need a head compared with England, by component",
            [Column("label", "Component of need"), Column("index", "Index", "1.00 is England's average", 2)],
            records(index),
            source="NHS England, 2025/26 allocations: need-weighted over registered population, computed once per board",
        )
    ]


# --- 2 how services do -------------------------------------------------------------


def _performance(
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


def interval_words(lower: float | None, upper: float | None, decimals: int, approximate: bool = False) -> str:
    """ "3.1 to 4.4", with (approx.) where the publisher gave no interval."""
    if lower is None or upper is None:
        return "none published"
    return f"{number(lower, decimals)} to {number(upper, decimals)}{' (approx.)' if approximate else ''}"


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


# --- 3 the population in groups ----------------------------------------------------


def _segments(plan: Plan, reference: Reference) -> list[Block]:
    blocks: list[Block] = [
        Heading("The population in groups", "segments"),
        Words(
            (
                "Group people by the nature of the problem, the care they get and the outcome they want. "
                "Groups may overlap: never add them up unless they are drawn so that nobody is in two.",
            )
        ),
    ]
    if plan.needs.segments:
        blocks.append(_segment_table(plan))
    blocks.append(asking.ask(plan, reference, "/needs/segments", detail=True))
    blocks.append(asking.about(reference.framework("CST-08")))
    blocks += asking.bank(plan, reference.framework("CST-08"), "/needs/answers")
    examples = reference.framework("ODR-13")
    blocks += [
        Words(("Segments that others have used, for comparison; they overlap.",), "note"),
        Words(tuple(item.label for item in examples.items), "list"),
    ]
    return blocks


def decimals_of(value: float | None) -> int:
    """How many decimals a typed figure carries: 128.9 has one, 13 none."""
    text = f"{value:.6f}".rstrip("0") if value is not None else ""
    return len(text.partition(".")[2])


def segment_holds(population: float | None, spend: float | None, total: float | None) -> bool | None:
    """Whether thousands of people x spend a head can give the total in millions; None where one is missing."""
    if population is None or spend is None or total is None:
        return None
    return rounding.product_holds(
        population,
        max(1, decimals_of(population)),
        spend,
        decimals_of(spend),
        total,
        max(1, decimals_of(total)),
        scale=1 / 1000,
    ).holds


def _segment_table(plan: Plan) -> Table:
    """The groups; a check or a source that is the same for all of them stands once below."""
    words = {True: "yes", False: "no: one of the three is wrong", None: "cannot be checked"}
    found = [segment_holds(s.population, s.spend_per_head, s.total) for s in plan.needs.segments]
    sources = {s.source for s in plan.needs.segments}
    holds = Column("holds", "People x spend gives the total")
    return table(
        "segments",
        "Segments: people, spend a head and total",
        [
            Column("name", "Segment"),
            Column("population", "People", "thousands", 1),
            Column("spend_per_head", "Spend a head", "£", 0),
            Column("total", "Total spend", "£ million", 1),
            *([] if all(found) else [holds]),
            *([Column("source", "Source")] if len(sources) > 1 else []),
        ],
        [
            {**s.model_dump(), "holds": words[held]}
            for s, held in zip(plan.needs.segments, found, strict=True)
        ],
        source=sources.pop() if len(sources) == 1 else "",
        note=(
            "In every row people times spend gives the total, each figure allowed half of its last digit."
            if all(found)
            else "The check allows each figure half of its last printed digit."
        ),
    )


# --- 4 what could change ------------------------------------------------------------


def _opportunities(
    plan: Plan, reference: Reference, standings: list[Standing], results: list[Result]
) -> list[Block]:
    rows = [row for s in standings if (row := _opportunity_row(s, results))]
    blocks: list[Block] = [Heading("What could be better, and the priorities", "opportunities")]
    if rows:
        blocks.append(_opportunity_table(rows))
    blocks.append(asking.about(reference.framework("CST-10"), reference.framework("CST-12")))
    blocks += asking.bank(plan, reference.framework("CST-10"), "/needs/answers")
    blocks += asking.bank(plan, reference.framework("CST-12"), "/needs/answers")
    blocks += [
        Heading("Priorities", "priorities", 3),
        Words(("Choose few, and say why. Each should show in a figure, in what people said, or both.",)),
        asking.ask(plan, reference, "/needs/priorities"),
    ]
    return blocks


def _opportunity_row(s: Standing, results: list[Result]) -> dict | None:
    own = s.own
    denominator = own.denominator or (
        own.count / own.value * s.indicator.per if own.count and own.value else None
    )
    if s.indicator.polarity == "none" or not s.indicator.per or not denominator or len(s.peers) < 5:
        return None
    if own.lower is None or own.upper is None or any(p.lower is None or p.upper is None for p in s.peers):
        return None
    found = opportunity.opportunity(
        own.value,
        (own.upper - own.lower) / intervals.WIDTH,
        [p.value for p in s.peers],
        [(p.upper - p.lower) / intervals.WIDTH for p in s.peers],  # type: ignore[operator]
        denominator,
        s.indicator.per,
        s.indicator.polarity,
    )
    if found.reason or found.gap <= 0:
        return None
    results.append(
        Result(
            f"needs.{s.indicator.id}.opportunity",
            f"{s.indicator.name}, gap to the mean of the best five peers",
            found.people,
            s.counted_in,
            own.period,
            "Gap to the mean of the best five peers times the population; interval from both standard errors",
            s.indicator.source,
        )
    )
    return {
        "name": s.indicator.name,
        "period": own.period,
        "label": s.counted_in,
        "best": found.people,
        "interval": f"{number(found.lower, 0)} to {number(found.upper, 0)}",
        "median": max(found.median_people, 0),
        "shrunken": found.shrunken_people,
        "words": "this could be chance" if found.chance else "beyond chance",
    }


def _opportunity_table(rows: list[dict]) -> Table:
    return table(
        "opportunities",
        "What reaching the peers would mean, a year",
        [
            Column("name", "Figure"),
            Column("period", "Period"),
            Column("label", "Counted in"),
            Column("best", "To the best five peers", "", 0),
            Column("interval", "95% interval"),
            Column("median", "To the peer median", "", 0),
            Column(
                "shrunken",
                "Shrunken estimate",
                "",
                0,
                "pulled towards the peers by how uncertain the area's own figure is",
            ),
            Column("words", "Beyond chance?"),
        ],
        rows,
        note="Never add these up: the same people stand in several rows.",
    )


def period_of(plan: Plan) -> str:
    """The years planned for, as financial years."""
    return f"{financial_year(plan.base_year + 1)} to {financial_year(plan.last_year)}"
