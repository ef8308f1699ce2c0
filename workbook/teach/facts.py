"""What a lesson is about: the figures of one indicator in one area, worked out when the lesson opens.

The words become the placeholders of a lesson, the figures its charts. Both come
from the same methods that a plan uses, so a lesson teaches what the workbook does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook import charts
from workbook.blocks import Column, Figure, table
from workbook.errors import BadInput
from workbook.methods import compare, projection, trend
from workbook.words import number

if TYPE_CHECKING:
    import pandas as pd

    from workbook.reference import Indicator, Reference

HORIZON = 5
SHORT = 3  # points of the short history, too few for a trend


@dataclass(frozen=True)
class Facts:
    """Placeholders with their words, and the charts by name."""

    words: dict[str, str]
    figures: dict[str, Figure]


class _Point(NamedTuple):
    """One yearly figure with its 95% limits."""

    year: int
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class _Material:
    """The series behind a lesson: the area's own, the country's, and those of all comparable areas."""

    area: str
    area_name: str
    country: str
    indicator: Indicator
    own: list[_Point]
    nation: list[_Point]
    alike: pd.DataFrame
    peers: tuple[str, ...]
    names: dict[str, str]
    source: str

    @property
    def year(self) -> int:
        """The base year: the last with a figure."""
        return self.own[-1].year

    @property
    def last(self) -> float:
        return self.own[-1].value

    @cached_property
    def panel(self) -> pd.DataFrame:
        """One row a year, one column a comparable area."""
        return self.alike.pivot_table(index="year", columns="area", values="value")

    @property
    def latest(self) -> dict[str, float]:
        """The comparable areas' figures of the base year."""
        rows = self.alike[self.alike["year"] == self.year]
        return dict(zip(rows["area"], (point.value for point in _points(rows)), strict=True))

    @property
    def nation_now(self) -> float:
        """The country's figure of the base year; NaN where there is none."""
        return next((point.value for point in self.nation if point.year == self.year), math.nan)

    def say(self, value: float) -> str:
        """A figure in the indicator's unit."""
        return number(value, self.indicator.decimals, self.indicator.unit)

    def between(self, low: float, high: float) -> str:
        """A range with its unit once, "2,111 to 2,428 per 100,000"; a pound sign stands before both."""
        first = self.say(low) if self.indicator.unit.startswith("£") else number(low, self.indicator.decimals)
        return f"{first} to {self.say(high)}"


def facts(area: str, indicator: str, reference: Reference) -> Facts:
    """Everything a lesson may name about an indicator in an area.

    Raises:
        BadInput: the area has fewer than five yearly figures of the indicator.
    """
    material = _material(area, indicator, reference)
    lines = _lines(material)
    words = _history_words(material) | _comparison_words(material) | _line_words(material, lines)
    return Facts(words, dict(_figures(material, lines)))


# --- the series -----------------------------------------------------------------


def _material(code: str, id: str, reference: Reference) -> _Material:
    area, indicator = reference.area(code), reference.indicator(id)
    own = _points(reference.series(id, area=code))
    if len(own) < projection.POINTS:
        raise BadInput(
            f"{area.name} has {len(own)} yearly figures of {indicator.name}, and a lesson needs "
            f"{projection.POINTS}.",
            "Choose another indicator or area in the lesson's file.",
        )
    country = next(a for a in reference.areas(kind="country") if a.synthetic == area.synthetic)
    return _Material(
        area=code,
        area_name=area.name,
        country=country.name,
        indicator=indicator,
        own=own,
        nation=_points(reference.series(id, area=country.code)),
        alike=reference.series(id, kind=area.kind).dropna(subset=["value"]),
        peers=reference.peers(code),
        names={a.code: a.name for a in reference.areas(kind=area.kind)},
        source=indicator.source,
    )


@dataclass(frozen=True)
class _Lines:
    """The lines side by side, one entry a year of the plan."""

    years: list[int]
    nothing: projection.Path
    hold: float
    peers: float
    best: float


def _lines(material: _Material) -> _Lines:
    nothing = projection.do_nothing(
        material.panel,
        material.area,
        material.year,
        HORIZON,
        material.indicator.break_years,
        ceiling=100 if material.indicator.unit == "%" else math.inf,
    )
    latest = material.latest
    peers = compare.median(latest.get(peer) for peer in material.peers)
    best = compare.quintile_threshold(latest.values(), material.indicator.polarity)
    return _Lines(
        years=[material.year + n for n in range(1, HORIZON + 1)],
        nothing=nothing,
        hold=material.last,
        peers=math.nan if peers is None else peers,
        best=math.nan if best is None else best,
    )


# --- words ----------------------------------------------------------------------


def _history_words(m: _Material) -> dict[str, str]:
    found = _trend(m, m.own)
    short = _trend(m, m.own[-SHORT:])
    first, last = m.own[0], m.own[-1]
    return {
        "area": m.area_name,
        "indicator": m.indicator.name,
        "unit": m.indicator.unit,
        "better": {"low": "lower", "high": "higher"}.get(m.indicator.polarity, "neither lower nor higher"),
        "first_year": str(first.year),
        "last_year": str(m.year),
        "first": m.say(first.value),
        "last": m.say(m.last),
        "last_plain": _plain(m.last),
        "lower": m.say(last.lower),
        "upper": m.say(last.upper),
        "interval": m.between(last.lower, last.upper),
        "change": _change(first.value, m.last),
        "points": str(len(m.own)),
        "direction": found.direction,
        "trend_judgement": found.judgement or "no change that could not be chance",
        "trend_reason": found.reason,
        "short_direction": short.direction,
        "short_reason": short.reason,
    }


def _comparison_words(m: _Material) -> dict[str, str]:
    last = m.own[-1]
    verdict = compare.judgement(last.value, last.lower, last.upper, m.nation_now, m.indicator.polarity)
    fifth = compare.quintile(m.last, m.latest.values(), m.indicator.polarity)
    return {
        "country": m.country,
        "country_value": m.say(m.nation_now),
        "judgement": verdict,
        "quintile": str(fifth) if fifth else "not formed",
        "areas": str(len(m.latest)),
        "peers": str(len(m.peers)),
    }


def _line_words(m: _Material, lines: _Lines) -> dict[str, str]:
    end, method = lines.nothing, lines.nothing.method
    need = lines.best / m.last - 1
    reached = projection.plausibility(m.panel, need, HORIZON, m.indicator.polarity, m.indicator.break_years)
    return {
        "target_year": str(lines.years[-1]),
        "do_nothing": m.say(end.value[-1]),
        "do_nothing_plain": _plain(end.value[-1]),
        "do_nothing_lower": m.say(end.lower[-1]),
        "do_nothing_upper": m.say(end.upper[-1]),
        "do_nothing_interval": m.between(end.lower[-1], end.upper[-1]),
        "do_nothing_lower_plain": _plain(end.lower[-1]),
        "do_nothing_upper_plain": _plain(end.upper[-1]),
        "do_nothing_change": _change(m.last, end.value[-1]),
        "do_nothing_method": method,
        "hold": m.say(lines.hold),
        "peer_median": m.say(lines.peers),
        "peer_median_plain": _plain(lines.peers),
        "best_fifth": m.say(lines.best),
        "best_fifth_plain": _plain(lines.best),
        "best_fifth_change": _change(m.last, lines.best),
        "best_fifth_share": "none" if reached.share == 0 else number(100 * reached.share, 0, "%"),
        "past_moves": str(reached.moves),
        "best_move": _signed(reached.best),
    }


def _trend(m: _Material, points: list[_Point]) -> trend.Trend:
    years, values, lowers, uppers = zip(*points, strict=True)
    i = m.indicator
    return trend.recent(
        years, values, lowers, uppers, i.polarity, breaks=i.break_years, period_years=i.period_years
    )


def _plain(value: float) -> str:
    """A number that can be compared with what somebody typed."""
    return f"{value:.6g}"


def _change(start: float, end: float) -> str:
    return _signed(end / start - 1) if start else _signed(math.nan)


def _signed(share: float) -> str:
    """ "12% lower", "3% higher", for a relative change."""
    if not math.isfinite(share):
        return "no change that can be given"
    size = number(100 * abs(share), 0, "%")
    return f"{size} {'lower' if share < 0 else 'higher'}" if size != "0%" else "the same"


# --- charts ---------------------------------------------------------------------


def _figures(m: _Material, lines: _Lines) -> Iterator[tuple[str, Figure]]:
    """Each chart a lesson may ask for, under the name it asks by."""
    made: dict[str, Callable[[], Figure]] = {
        "short": lambda: _history(m, "short", m.own[-SHORT:], f"the last {SHORT} years"),
        "history": lambda: _history(m, "history", m.own, f"{m.own[0].year} to {m.year}"),
        "nation": lambda: _with_nation(m),
        "areas": lambda: _ranked(m),
        "lines": lambda: _paths(m, lines),
    }
    for name, make in made.items():
        yield name, make()


def _history(m: _Material, id: str, points: list[_Point], span: str) -> Figure:
    rows = _rows(points, m.area_name)
    first, last = m.say(points[0].value), m.say(points[-1].value)
    return _figure(
        m,
        id,
        f"{m.indicator.name}, {m.area_name}, {span}",
        charts.trend(rows, unit=m.indicator.unit, breaks=m.indicator.break_years),
        f"Line chart with 95% intervals. {first} in {points[0].year}, {last} in {points[-1].year}.",
        rows,
    )


def _with_nation(m: _Material) -> Figure:
    rows = _rows(m.own, m.area_name) + _rows(m.nation, m.country)
    return _figure(
        m,
        "nation",
        f"{m.indicator.name}: {m.area_name} and {m.country}",
        charts.trend(rows, unit=m.indicator.unit, breaks=m.indicator.break_years),
        f"Two lines with 95% intervals. In {m.year} {m.area_name} stands at {m.say(m.last)}, "
        f"{m.country} at {m.say(m.nation_now)}.",
        rows,
    )


def _ranked(m: _Material) -> Figure:
    frame = m.alike[m.alike["year"] == m.year].sort_values("value")
    rows = [
        {"area": m.names.get(code, code), **point._asdict(), "own": code == m.area}
        for code, point in zip(frame["area"], _points(frame), strict=True)
    ]
    place = 1 + next(i for i, row in enumerate(rows) if row["own"])
    return _figure(
        m,
        "areas",
        f"{m.indicator.name}, {len(rows)} areas, {m.year}",
        charts.ranked(rows, unit=m.indicator.unit, benchmark=m.nation_now, benchmark_label=m.country),
        f"The areas in order of their figure. {m.area_name} is number {place} from the lowest.",
        rows,
        ("area", "Area"),
    )


def _paths(m: _Material, lines: _Lines) -> Figure:
    ahead = lines.nothing
    limits = zip(lines.years, ahead.value.tolist(), ahead.lower.tolist(), ahead.upper.tolist(), strict=True)
    rows = _rows([_Point(*point) for point in limits], "Do nothing") + [
        {"year": year, "value": float(value), "series": name}
        for name, end in (("Hold", lines.hold), ("Peer median", lines.peers), ("Best fifth", lines.best))
        if math.isfinite(end)
        for year, value in zip(lines.years, projection.straight(m.last, end, HORIZON), strict=True)
    ]
    history = _rows(m.own, m.area_name)
    last = [row for row in rows if row["year"] == lines.years[-1]]
    ends = ", ".join(f"{row['series']} {m.say(row['value'])}" for row in last)
    return _figure(
        m,
        "lines",
        f"{m.indicator.name}, {m.area_name}: lines to {lines.years[-1]}",
        charts.paths(history, rows, unit=m.indicator.unit, base_year=m.year),
        f"The history to {m.year} and the lines ahead. In {lines.years[-1]}: {ends}.",
        rows,
    )


def _rows(points: list[_Point], series: str) -> list[dict[str, Any]]:
    return [{**point._asdict(), "series": series} for point in points]


def _points(frame: pd.DataFrame) -> list[_Point]:
    """The rows that have a figure, as plain numbers."""
    columns = frame.dropna(subset=["value"])[["year", "value", "lower", "upper"]]
    return [_Point(int(year), *rest) for year, *rest in columns.to_numpy(float).tolist()]


def _figure(
    m: _Material,
    id: str,
    title: str,
    spec: dict[str, Any],
    alt: str,
    rows: list[dict[str, Any]],
    named: tuple[str, str] = ("series", "Line"),
) -> Figure:
    unit, decimals = m.indicator.unit, m.indicator.decimals
    limits = (("value", "Value"), ("lower", "Lower limit"), ("upper", "Upper limit"))
    columns = [Column(*named), *(Column(name, label, unit, decimals) for name, label in limits)]
    if named[0] == "series":
        columns.insert(1, Column("year", "Year"))
    behind = table(f"lesson-{id}-table", title, columns, rows, source=m.source)
    return Figure(f"lesson-{id}", title, spec, alt, behind, m.source)
