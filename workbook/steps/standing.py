"""How an area stands on one figure: against the country, its peers and its own past.

The needs step shows it and the ambition desk starts from it, so both quote the
same baseline. Figures after the plan's base year are left out: a plan stands on
what was known when it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbook.methods import compare, intervals, peers, trend
from workbook.plan import Plan
from workbook.reference import Indicator, Reference
from workbook.steps.frames import records

# Variables on hand for every clinical commissioning group once the allocation table is imported.
_LIKENESS = {"population-mid-year": 0.5, "allocation-per-head": 0.5}
_FOUND_BY = ("population-mid-year", "allocation")
_AT_LEAST = 5


@dataclass(frozen=True)
class Peers:
    """The areas an area is compared with, and how they were found."""

    codes: tuple[str, ...]
    how: str
    provisional: bool
    series: tuple[str, ...] = ()  # what they were found by


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
class Standing:
    """An area's latest reading beside the benchmark, its peers and its own past."""

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


def peers_of(plan: Plan, reference: Reference) -> Peers:
    """The plan's own peers, else the list that ships, else the areas most alike on what is on hand."""
    if plan.needs.peers:
        return Peers(
            tuple(plan.needs.peers), f"chosen locally: {plan.needs.peers_reason or 'no reason given'}", False
        )
    if shipped := reference.peers(plan.area.code):
        return Peers(tuple(shipped), "the peers listed for this area in the reference data", False)
    alike = _most_alike(plan, reference)
    if alike:
        return Peers(
            alike,
            "the ten areas most alike in population and allocation a head (provisional: the official "
            "list weighs eleven variables that are not on hand)",
            True,
            _FOUND_BY,
        )
    everyone = tuple(a.code for a in reference.areas(kind=plan.area.kind) if a.code != plan.area.code)
    return Peers(everyone, "every area of the same kind, because no list of peers is on hand", True)


def _most_alike(plan: Plan, reference: Reference) -> tuple[str, ...]:
    frame = _likeness(reference, plan.area.kind, plan.base_year)
    if plan.area.code not in frame.index or len(frame) <= _AT_LEAST:
        return ()
    return tuple(peers.similar(frame, _LIKENESS, plan.area.code))


def _likeness(reference: Reference, kind: str, year: int) -> pd.DataFrame:
    """Population and allocation a head of every area of a kind in a year; areas without either are left out."""
    columns = {}
    for name in _FOUND_BY:
        if name not in reference.available():
            return pd.DataFrame()
        rows = reference.series(name, kind=kind)
        columns[name] = rows[rows["year"] == year].set_index("area")["value"]
    frame = pd.DataFrame(columns).dropna()
    frame["allocation-per-head"] = 1000 * frame["allocation"] / frame["population-mid-year"]
    return frame[list(_LIKENESS)]


def standing(plan: Plan, reference: Reference, indicator_id: str, group: Peers) -> Standing | None:
    """How the plan's area stands on one indicator; None where no value up to the base year is on hand."""
    indicator = reference.indicator(indicator_id)
    own = readings(reference.series(indicator_id, area=plan.area.code), plan.base_year)
    if not own:
        return None
    latest = own[-1]
    everyone = _in_year(reference.series(indicator_id, kind=plan.area.kind), latest.year)
    beside = tuple(r for r in everyone if r.area in set(group.codes) and r.area != plan.area.code)
    median = compare.median([r.value for r in beside])
    benchmark, label = _benchmark(plan, reference, indicator_id, latest.year, everyone)
    values = [r.value for r in everyone]
    return Standing(
        indicator=indicator,
        own=latest,
        history=own,
        benchmark=benchmark,
        benchmark_label=label,
        peers=beside,
        peer_median=median,
        versus_benchmark=compare.judgement(
            latest.value, latest.lower, latest.upper, benchmark, indicator.polarity
        ),
        versus_peers=compare.judgement(latest.value, latest.lower, latest.upper, median, indicator.polarity),
        quintile=compare.quintile(latest.value, values, indicator.polarity),
        areas=len(values),
        best_fifth=compare.quintile_threshold(values, indicator.polarity),
        trend=_trend(indicator, own),
    )


def readings(rows: pd.DataFrame, last_year: int) -> tuple[Reading, ...]:
    """The rows of a series up to a year as readings; an interval that is missing is made from the count."""
    kept = rows[rows["value"].notna() & (rows["year"] <= last_year)]
    return tuple(_reading(row) for row in records(kept))


def panel(plan: Plan, reference: Reference, indicator_id: str) -> pd.DataFrame:
    """The series of every area of the plan's kind, years x areas, up to the base year."""
    rows = reference.series(indicator_id, kind=plan.area.kind)
    rows = rows[rows["year"] <= plan.base_year]
    return rows.pivot_table(index="year", columns="area", values="value")


def _reading(row: dict[str, Any]) -> Reading:
    lower, upper, count = _known(row["lower"]), _known(row["upper"]), _known(row["count"])
    approximate = False
    if lower is None and count is not None and count > 0:
        approximate = True
        low, high = intervals.from_count(row["value"], count)
        lower, upper = float(low), float(high)
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


def _in_year(rows: pd.DataFrame, year: int) -> tuple[Reading, ...]:
    return readings(rows[rows["year"] == year], year)


def _known(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _benchmark(
    plan: Plan, reference: Reference, indicator_id: str, year: int, everyone: tuple[Reading, ...]
) -> tuple[float | None, str]:
    """The country's value of the same year; where the file holds none, the median of the areas, said so."""
    for country in reference.areas(kind="country"):
        if country.synthetic != plan.area.synthetic:
            continue
        found = _in_year(reference.series(indicator_id, area=country.code), year)
        if found:
            return found[0].value, country.name
    if len(everyone) >= _AT_LEAST:
        middle = compare.median([r.value for r in everyone])
        return middle, f"median of {len(everyone)} areas (no national figure on hand)"
    return None, "no benchmark on hand"


def _trend(indicator: Indicator, own: tuple[Reading, ...]) -> trend.Trend:
    nothing = float("nan")
    return trend.recent(
        [r.year for r in own],
        [r.value for r in own],
        [nothing if r.lower is None else r.lower for r in own],
        [nothing if r.upper is None else r.upper for r in own],
        indicator.polarity,
        breaks=indicator.break_years,
        period_years=indicator.period_years,
    )
