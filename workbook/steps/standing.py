"""How an area stands on one figure: against the country, its peers and its own past.

The needs step shows it and the ambition desk starts from it, so both quote the
same baseline. Figures after the plan's base year are left out: a plan stands on
what was known when it was made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbook.methods import compare, doubt, intervals, trend
from workbook.plan import Plan
from workbook.reference import Indicator, Reference
from workbook.steps.frames import records
from workbook.steps.kept import kept
from workbook.steps.peers import Peers, beside, comparable, known_code, of_kind, peers_of
from workbook.words import number

__all__ = [
    "Hidden",
    "Peers",
    "Reading",
    "Standing",
    "Suspicion",
    "alongside",
    "comparable",
    "counted",
    "describes",
    "interval_words",
    "known_code",
    "panel",
    "peers_of",
    "readings",
    "standing",
    "suspected",
    "whole",
]

_AT_LEAST = 5
# Of the areas of the latest year: with fewer, a median moves because other areas make it up.
_NEARLY_ALL = 0.9
_FEWEST_PEERS = 3  # the median of one or two is that area or their mean
_SIZES = {"allocation", "allocation-per-head", "population-mid-year"}
_DESCRIBING = ("similar10-", "imd-")


@dataclass(frozen=True)
class Reading:
    """One value of a series with its interval. ``approximate``: the interval was made from the count."""

    area: str
    name: str
    year: int
    period: str
    value: float
    lower: float | None
    upper: float | None
    count: float | None
    denominator: float | None
    approximate: bool


@dataclass(frozen=True)
class Hidden:
    """A period whose figure is not shown, with the publisher's note ("suppressed", ...)."""

    period: str
    note: str


@dataclass(frozen=True)
class Suspicion:
    """A figure that looks ``factor`` times too large (0.01: a hundred times too small) beside ``others``."""

    factor: float
    period: str
    value: float
    others: str


@dataclass(frozen=True)
class Standing:
    """An area's latest reading beside the benchmark, its peers and its own past.

    ``everyone``: the comparable areas of the same year, the area among them.
    ``peer_median``: of three peers or more that have the figure, or of all where fewer were named.
    ``hidden``: later periods whose figure is suppressed or missing. ``provisional``: the peers were found by less than
    a list or a full set of variables.
    """

    indicator: Indicator
    own: Reading
    history: tuple[Reading, ...]
    benchmark: float | None
    benchmark_label: str
    peers: tuple[Reading, ...]
    peer_median: float | None
    versus_benchmark: str
    versus_peers: str
    quintile: int | None
    areas: int
    best_fifth: float | None
    trend: trend.Trend
    everyone: tuple[Reading, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    suspicion: Suspicion | None = None
    provisional: bool = False


def _of_comparable_areas(plan: Plan, reference: Reference, indicator_id: str) -> pd.DataFrame:
    """The series of every area that the plan's may be compared with, its own among them."""
    rows = reference.series(indicator_id, areas=of_kind(plan, reference))
    return rows[rows["area"].isin(beside(plan, reference, rows["area"].unique()))]


def standing(plan: Plan, reference: Reference, indicator_id: str, group: Peers) -> Standing | None:
    """How the plan's area stands on one indicator; None where no value up to the base year is on hand.

    Several parts of a page, and several pages, ask for the same one. It follows from the area, the base year, the
    peers and the figures, and from nothing else of a plan.
    """
    key = ("standing", plan.area.model_dump_json(), plan.base_year, indicator_id, group)
    return kept(reference, key, lambda: _worked_out(plan, reference, indicator_id, group))


def _worked_out(plan: Plan, reference: Reference, indicator_id: str, group: Peers) -> Standing | None:
    indicator = reference.indicator(indicator_id)
    past = reference.series(indicator_id, area=plan.area.code)
    past = past[past["year"] <= plan.base_year]
    own = readings(past, plan.base_year, indicator)
    if not own:
        return None
    latest = own[-1]
    everyone = _in_year(_of_comparable_areas(plan, reference, indicator_id), latest.year, indicator)
    alike = _of_peers(reference, group, latest, indicator, everyone)
    median = _median(group, alike)
    benchmark, label = _benchmark(plan, reference, indicator, latest.year, everyone)
    values = [r.value for r in everyone]
    return Standing(
        indicator=indicator,
        own=latest,
        history=own,
        benchmark=benchmark,
        benchmark_label=label,
        peers=alike,
        peer_median=median,
        versus_benchmark=compare.judgement(
            latest.value, latest.lower, latest.upper, benchmark, indicator.polarity
        ),
        versus_peers=compare.judgement(latest.value, latest.lower, latest.upper, median, indicator.polarity),
        quintile=compare.quintile(latest.value, values, indicator.polarity),
        areas=len(values),
        best_fifth=compare.quintile_threshold(values, indicator.polarity),
        trend=_trend(indicator, past[past["year"] <= latest.year], own),
        everyone=everyone,
        hidden=_hidden(past[past["year"] > latest.year]),
        suspicion=_suspicion(own, everyone),
        provisional=group.provisional,
    )


def readings(rows: pd.DataFrame, last_year: int, indicator: Indicator | None = None) -> tuple[Reading, ...]:
    """The rows of a series up to a year as readings.

    A missing interval is made from the count where the indicator is a rate or a
    proportion; without ``indicator`` it stays missing.
    """
    known = rows[rows["value"].notna() & (rows["year"] <= last_year)]
    return tuple(_reading(row, indicator) for row in records(known))


def interval_words(lower: float | None, upper: float | None, decimals: int, approximate: bool = False) -> str:
    """ "3.1 to 4.4", with (approx.) where the publisher gave no interval."""
    if lower is None or upper is None:
        return "none published"
    return f"{number(lower, decimals)} to {number(upper, decimals)}{' (approx.)' if approximate else ''}"


def whole(count: float) -> int:
    """A count as a whole number, a half upwards: 212.5 is 213, wherever it is printed."""
    return math.floor(count + 0.5)


def counted(count: float) -> str:
    """ "212"; "about 213" where the count was worked out from a rate and is no whole number."""
    return f"{'' if count == whole(count) else 'about '}{number(whole(count), 0)}"


def panel(plan: Plan, reference: Reference, indicator_id: str) -> pd.DataFrame:
    """The series of every comparable area, years x areas, up to the base year."""
    rows = _of_comparable_areas(plan, reference, indicator_id)
    rows = rows[rows["year"] <= plan.base_year]
    return rows.pivot_table(index="year", columns="area", values="value")


def _of_peers(
    reference: Reference, group: Peers, own: Reading, indicator: Indicator, everyone: tuple[Reading, ...]
) -> tuple[Reading, ...]:
    """The peers' readings of the same year. A peer that a person chose may be of any kind; one that was
    only found may not."""
    if group.provisional:
        wanted = set(group.codes) - {own.area}
        return tuple(r for r in everyone if r.area in wanted)
    found = _in_year(reference.series(indicator.id, areas=group.codes), own.year, indicator)
    return tuple(r for r in found if r.area != own.area)


def _median(group: Peers, alike: tuple[Reading, ...]) -> float | None:
    """The middle of the peers; None where too few of those that were found have the figure to speak of a middle."""
    if len(alike) < min(_FEWEST_PEERS, len(group.codes)):
        return None
    return compare.median([r.value for r in alike])


def _reading(row: dict[str, Any], indicator: Indicator | None) -> Reading:
    lower, upper, count = _known(row["lower"]), _known(row["upper"]), _known(row["count"])
    approximate = False
    if lower is None and upper is None and indicator:
        lower, upper = _made(indicator, float(row["value"]), count, _known(row["denominator"]))
        approximate = lower is not None
    return Reading(
        area=row["area"],
        name=row["area_name"],
        year=int(row["year"]),
        period=str(row["period"]),
        value=float(row["value"]),
        lower=lower,
        upper=upper,
        count=count,
        denominator=_known(row["denominator"]),
        approximate=approximate,
    )


def _made(
    indicator: Indicator, value: float, count: float | None, denominator: float | None
) -> tuple[float | None, float | None]:
    """95 % limits where the publisher gives none; None where the figure's kind allows none.

    The limits of a count would be far too wide for a percentage, and the
    "count" of a mean is a sum of scores: it says nothing of how sure the mean is.
    """
    if count is None or count < 0 or not indicator.per or indicator.value_type == "mean":
        return None, None
    if indicator.unit != "%" and indicator.value_type != "proportion":
        if count == 0:  # no rate to scale by: only the people say how large it might be
            return _of_none(denominator, indicator.per) if value == 0 else (None, None)
        low, high = intervals.from_count(value, count)
    elif denominator and 0 <= value <= indicator.per:
        share = value / indicator.per
        low, high = (indicator.per * x for x in intervals.proportion(share * denominator, denominator)[1:])
    else:
        return None, None
    return float(low), float(high)


def _of_none(denominator: float | None, per: float) -> tuple[float | None, float | None]:
    """Limits of a rate of which no event was counted."""
    if not denominator or denominator <= 0:
        return None, None
    _, low, high = intervals.rate(0, denominator, per)
    return float(low), float(high)


def _in_year(rows: pd.DataFrame, year: int, indicator: Indicator | None = None) -> tuple[Reading, ...]:
    return readings(rows[rows["year"] == year], year, indicator)


def _known(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _benchmark(
    plan: Plan, reference: Reference, indicator: Indicator, year: int, everyone: tuple[Reading, ...]
) -> tuple[float | None, str]:
    """The country's value of the same year; where the file holds none, the median of the areas, said so.

    A country is the benchmark and is not compared with itself.
    """
    if plan.area.kind == "country":
        return None, "no benchmark: the area is the country itself"
    countries = [a for a in reference.areas(kind="country") if a.synthetic == plan.area.synthetic]
    found = _in_year(reference.series(indicator.id, areas=[a.code for a in countries]), year)
    held = {r.area: r.value for r in found}
    for country in countries:
        if country.code in held:
            return held[country.code], country.name
    if len(everyone) >= _AT_LEAST:
        middle = compare.median([r.value for r in everyone])
        return middle, f"median of {len(everyone)} areas (no national figure on hand)"
    return None, "no benchmark on hand"


def _trend(indicator: Indicator, past: pd.DataFrame, own: tuple[Reading, ...]) -> trend.Trend:
    """The recent trend; a year whose figure is suppressed stays in, so that it is not skipped in silence."""
    nothing = float("nan")
    known = {r.year: r for r in own}
    years = sorted({int(year) for year in past["year"]})
    lower = [known[y].lower if y in known else None for y in years]
    upper = [known[y].upper if y in known else None for y in years]
    return trend.recent(
        years,
        [known[y].value if y in known else nothing for y in years],
        [nothing if limit is None else limit for limit in lower],
        [nothing if limit is None else limit for limit in upper],
        indicator.polarity,
        breaks=indicator.break_years,
        period_years=indicator.period_years,
    )


def _hidden(later: pd.DataFrame) -> tuple[Hidden, ...]:
    return tuple(
        Hidden(str(row["period"]), str(row["note"] or "")) for row in records(later[later["value"].isna()])
    )


def alongside(reference: Reference, s: Standing) -> tuple[dict[int, float], dict[int, float]]:
    """The past of the benchmark, and the median of the peers: one value a year, up to the area's latest.

    A median is of five areas or more, and of nine in ten or more of those that have the area's latest year; where the
    benchmark is the median of all areas, so is its past.
    """
    end = s.own.year
    country = next((a.code for a in reference.areas(kind="country") if a.name == s.benchmark_label), None)
    if s.benchmark is None:
        past: dict[int, float] = {}
    elif country:
        past = {r.year: r.value for r in readings(reference.series(s.indicator.id, area=country), end)}
    else:
        past = _medians(reference, s.indicator.id, s.everyone, end)
    return past, _medians(reference, s.indicator.id, s.peers, end)


def _medians(reference: Reference, id: str, among: tuple[Reading, ...], end: int) -> dict[int, float]:
    rows = reference.series(id, areas=[r.area for r in among]).dropna(subset=["value"])
    values: dict[int, list[float]] = {}
    for row in records(rows.loc[rows["year"] <= end, ["year", "value"]]):
        values.setdefault(int(row["year"]), []).append(float(row["value"]))
    fewest = max(_AT_LEAST, _NEARLY_ALL * len(among))
    found = {year: compare.median(known) for year, known in sorted(values.items()) if len(known) >= fewest}
    return {year: value for year, value in found.items() if value is not None}


def describes(indicator: Indicator) -> bool:
    """Whether a figure tells how large, how deprived or how costly an area is, rather than how well it does."""
    of_another_kind = indicator.value_type == "money" or indicator.id.startswith(_DESCRIBING)
    return indicator.id in _SIZES or (of_another_kind and indicator.polarity == "none")


def suspected(plan: Plan, reference: Reference, indicator_id: str) -> Suspicion | None:
    """Whether a figure of the area looks to be in the wrong unit, beside others or beside its own past."""
    own = readings(reference.series(indicator_id, area=plan.area.code), plan.base_year)
    if not own:
        return None
    everyone = _in_year(_of_comparable_areas(plan, reference, indicator_id), own[-1].year)
    return _suspicion(own, everyone)


def _suspicion(own: tuple[Reading, ...], everyone: tuple[Reading, ...]) -> Suspicion | None:
    """The first doubt found: the latest figure beside other areas, any beside the other years, a step in the series."""
    latest = own[-1]
    others = [r.value for r in everyone if r.area != latest.area]
    if factor := doubt.factor_suspected(latest.value, others):
        return Suspicion(
            factor, latest.period, latest.value, f"the figures of {len(others)} comparable areas"
        )
    values = [r.value for r in own]
    for reading, factor in zip(own, doubt.points_suspected(values), strict=True):
        if factor:
            return Suspicion(factor, reading.period, reading.value, "the area's figures of other years")
    if step := doubt.step_suspected(values):
        first = own[step.at]
        return Suspicion(step.factor, first.period, first.value, "the area's figures before")
    return None
