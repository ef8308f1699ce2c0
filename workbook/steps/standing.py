"""How an area stands on one figure: against the country, its peers and its own past.

The needs step shows it and the ambition desk starts from it, so both quote the
same baseline. Figures after the plan's base year are left out: a plan stands on
what was known when it was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbook.errors import UnknownArea
from workbook.methods import compare, intervals, peers, trend
from workbook.plan import Plan
from workbook.reference import Indicator, Reference
from workbook.steps.frames import records
from workbook.words import number

# Variables on hand for every clinical commissioning group once the allocation table is imported.
_LIKENESS = {"population-mid-year": 0.5, "allocation-per-head": 0.5}
_FOUND_BY = ("population-mid-year", "allocation")
_AT_LEAST = 5

# The locations of 2022 took over the codes of the groups, so one year's figures hold both kinds.
_ONE_KIND = ("ccg", "sub-icb")
_COUNTY, _DISTRICT = "E10", "E07"
_OF_A_NATION = re.compile(r"[ENSW]\d{8}")


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

    @property
    def counted_in(self) -> str:
        """What a gap in the figure is counted in: "deaths", "admissions", "years of life"."""
        if self.indicator.unit.startswith("years per"):
            return "years of life"
        return self.indicator.count_label or "people"


def known_code(reference: Reference, code: str) -> str:
    """The code that an area is filed under, from any code it is known by; "" where it is not known."""
    try:
        return reference.area(code).code
    except UnknownArea:
        return ""


def peers_of(plan: Plan, reference: Reference) -> Peers:
    """The plan's own peers, else the list that ships, else the areas most alike on what is on hand."""
    if chosen := tuple(filter(None, (known_code(reference, code) for code in plan.needs.peers))):
        return Peers(
            chosen,
            f"locally, {'for the reason below' if plan.needs.peers_reason else 'and no reason is given'}",
            False,
        )
    if shipped := reference.peers(plan.area.code):
        return Peers(tuple(shipped), "the areas listed for this one in the reference data", False)
    alike = _most_alike(plan, reference)
    if alike:
        return Peers(
            alike,
            "the ten areas most alike in population and allocation a head (provisional: the official "
            "list weighs eleven variables that are not on hand)",
            True,
            _FOUND_BY,
        )
    everyone = tuple(code for code in _of_kind(plan, reference) if code != plan.area.code)
    return Peers(everyone, "every area of the same kind, because no list of peers is on hand", True)


def comparable(area: str, codes: Iterable[str]) -> list[str]:
    """Those of ``codes`` that may stand beside ``area``: of its nation, and none that lies within another.

    A county and its own districts are never compared, nor counted twice. A
    unitary authority, borough or city stands among counties where the figures
    are known for counties, else among districts.
    """
    near = [c for c in codes if _nation(c) == _nation(area)]
    with_districts = area.startswith(_DISTRICT) or not any(c.startswith(_COUNTY) for c in (area, *near))
    other_tier = _COUNTY if with_districts else _DISTRICT
    return [c for c in near if not c.startswith(other_tier)]


def _nation(code: str) -> str:
    """The letter of the nation in a nine-character code; "" for codes of people's own."""
    return code[0] if _OF_A_NATION.fullmatch(code) else ""


def _of_kind(plan: Plan, reference: Reference) -> list[str]:
    """The areas of the plan's kind: the kind that is known here, since a plan edited by hand may have lost it."""
    known = {area.code: area.kind for area in reference.areas()}
    own = known.get(plan.area.code, plan.area.kind)
    kinds = _ONE_KIND if own in _ONE_KIND else (own,)
    return [code for code, kind in known.items() if kind in kinds]


def _of_comparable_areas(plan: Plan, reference: Reference, indicator_id: str) -> pd.DataFrame:
    """The series of every area that the plan's may be compared with, its own among them."""
    own = reference.series(indicator_id, area=plan.area.code)["area"]
    rows = reference.series(indicator_id, areas=_of_kind(plan, reference))
    # Figures are filed under one code; a plan may name its area by another.
    code = own.iloc[0] if len(own) else plan.area.code
    return rows[rows["area"].isin(comparable(code, rows["area"].unique()))]


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
    own = readings(reference.series(indicator_id, area=plan.area.code), plan.base_year, indicator)
    if not own:
        return None
    latest = own[-1]
    everyone = _in_year(_of_comparable_areas(plan, reference, indicator_id), latest.year, indicator)
    beside = _beside(reference, group, latest, indicator, everyone)
    median = compare.median([r.value for r in beside])
    benchmark, label = _benchmark(plan, reference, indicator, latest.year, everyone)
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


def readings(rows: pd.DataFrame, last_year: int, indicator: Indicator | None = None) -> tuple[Reading, ...]:
    """The rows of a series up to a year as readings.

    A missing interval is made from the count where the indicator is a rate or a
    proportion; without ``indicator`` it stays missing.
    """
    kept = rows[rows["value"].notna() & (rows["year"] <= last_year)]
    return tuple(_reading(row, indicator) for row in records(kept))


def interval_words(lower: float | None, upper: float | None, decimals: int, approximate: bool = False) -> str:
    """ "3.1 to 4.4", with (approx.) where the publisher gave no interval."""
    if lower is None or upper is None:
        return "none published"
    return f"{number(lower, decimals)} to {number(upper, decimals)}{' (approx.)' if approximate else ''}"


def panel(plan: Plan, reference: Reference, indicator_id: str) -> pd.DataFrame:
    """The series of every comparable area, years x areas, up to the base year."""
    rows = _of_comparable_areas(plan, reference, indicator_id)
    rows = rows[rows["year"] <= plan.base_year]
    return rows.pivot_table(index="year", columns="area", values="value")


def _beside(
    reference: Reference, group: Peers, own: Reading, indicator: Indicator, everyone: tuple[Reading, ...]
) -> tuple[Reading, ...]:
    """The peers' readings of the same year. A peer that a person chose may be of any kind; one that was
    only found may not."""
    found = _in_year(reference.series(indicator.id, areas=group.codes), own.year, indicator)
    allowed = {r.area for r in (everyone if group.provisional else found)} - {own.area}
    return tuple(r for r in found if r.area in allowed)


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
    if count is None or count <= 0 or not indicator.per or indicator.value_type == "mean":
        return None, None
    if indicator.unit != "%" and indicator.value_type != "proportion":
        low, high = intervals.from_count(value, count)
    elif denominator and 0 <= value <= indicator.per:
        share = value / indicator.per
        low, high = (indicator.per * x for x in intervals.proportion(share * denominator, denominator)[1:])
    else:
        return None, None
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
    for country in reference.areas(kind="country"):
        if country.synthetic != plan.area.synthetic:
            continue
        found = _in_year(reference.series(indicator.id, area=country.code), year)
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
