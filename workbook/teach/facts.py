"""What a lesson is about: the figures of one indicator in one area, worked out when the lesson opens.

The words become the placeholders of a lesson, the figures its charts. Both are those
of the steps of a plan with one ambition, so a lesson teaches what the workbook does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook import charts
from workbook.blocks import Column, Figure, table
from workbook.errors import BadInput
from workbook.methods import projection, trend
from workbook.plan import Plan
from workbook.plan.model import AreaRef
from workbook.plan.sections import Ambition, Ambitions
from workbook.steps.lines import Line, Outlook, outlook
from workbook.steps.standing import Standing, peers_of
from workbook.steps.standing import panel as comparable_panel
from workbook.teach.chance import chance
from workbook.words import number

if TYPE_CHECKING:
    import pandas as pd

    from workbook.reference import Indicator, Reference

HORIZON = 5
SHORT = 3  # points of the short history, too few for a trend
_ANY = 7  # the number of the ambition; only that of ambition 1 would change its lines
_LINES = {
    "do-nothing": "Do nothing",
    "hold": "Hold",
    "peer-median": "Peer median",
    "best-quintile": "Best fifth",
}


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
    """What a plan would say of the area, and the series behind the charts."""

    plan: Plan
    found: Outlook
    nation: list[_Point]
    panel: pd.DataFrame
    alike: pd.DataFrame  # the comparable areas' figures of the base year

    @property
    def area_name(self) -> str:
        return self.plan.area.name

    @property
    def standing(self) -> Standing:
        return self.found.standing

    @property
    def indicator(self) -> Indicator:
        return self.standing.indicator

    @property
    def own(self) -> list[_Point]:
        return [_point(r.year, r.value, r.lower, r.upper) for r in self.standing.history]

    @property
    def year(self) -> int:
        """The base year: the last with a figure."""
        return self.standing.own.year

    @property
    def last(self) -> float:
        return self.standing.own.value

    def say(self, value: float | None) -> str:
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
    words = _history_words(material) | _comparison_words(material) | _line_words(material)
    by_chance, charts_of_chance = chance(material.plan, material.standing, material.say)
    return Facts(words | by_chance, dict(_figures(material)) | charts_of_chance)


# --- the series -----------------------------------------------------------------


def _material(code: str, id: str, reference: Reference) -> _Material:
    plan = _plan(code, id, reference)
    found = outlook(plan, reference, plan.ambitions.items[0], peers_of(plan, reference))
    assert found, "the plan was made for figures that are there"
    panel = comparable_panel(plan, reference, id)
    alike = reference.series(id, areas=list(panel.columns)).dropna(subset=["value"])
    return _Material(
        plan=plan,
        found=found,
        nation=_nation(plan, id, reference),
        panel=panel,
        alike=alike[alike["year"] == plan.base_year],
    )


def _plan(code: str, id: str, reference: Reference) -> Plan:
    """A plan of one ambition for the area: whatever a lesson says of it, a plan would say too."""
    area, indicator = reference.area(code), reference.indicator(id)
    years = reference.series(id, area=code).dropna(subset=["value"])["year"]
    if len(years) < projection.POINTS:
        raise BadInput(
            f"{area.name} has {len(years)} yearly figures of {indicator.name}, and a lesson needs "
            f"{projection.POINTS}.",
            "Choose another indicator or area in the lesson's file.",
        )
    return Plan(
        area=AreaRef(code=area.code, name=area.name, kind=area.kind, synthetic=area.synthetic),
        base_year=int(years.max()),
        horizon=HORIZON,
        ambitions=Ambitions(items=[Ambition(number=_ANY, measure=id)]),
    )


def _nation(plan: Plan, id: str, reference: Reference) -> list[_Point]:
    """The history of the country the area is compared with; none where it has no figures."""
    countries = [a for a in reference.areas(kind="country") if a.synthetic == plan.area.synthetic]
    return _points(reference.series(id, area=countries[0].code)) if countries else []


# --- words ----------------------------------------------------------------------


def _history_words(m: _Material) -> dict[str, str]:
    found, short = m.standing.trend, _short_trend(m)
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
    s = m.standing
    return {
        "country": s.benchmark_label,
        "country_value": m.say(s.benchmark),
        "judgement": s.versus_benchmark,
        "quintile": str(s.quintile) if s.quintile else "not formed",
        "areas": str(s.areas),
        "peers": str(len(s.peers)),
    }


def _line_words(m: _Material) -> dict[str, str]:
    nothing = m.found.lines["do-nothing"]
    lower, upper = nothing.lower[-1], nothing.upper[-1]
    peers, best = _known(m.standing.peer_median), _known(m.standing.best_fifth)
    reached = projection.plausibility(
        m.panel, best / m.last - 1, HORIZON, m.indicator.polarity, m.indicator.break_years
    )
    return {
        "target_year": str(m.found.years[-1]),
        "do_nothing": m.say(nothing.last),
        "do_nothing_plain": _plain(nothing.last),
        "do_nothing_lower": m.say(lower),
        "do_nothing_upper": m.say(upper),
        "do_nothing_interval": m.between(lower, upper),
        "do_nothing_lower_plain": _plain(lower),
        "do_nothing_upper_plain": _plain(upper),
        "do_nothing_change": _change(m.last, nothing.last),
        "do_nothing_method": nothing.how,
        "hold": m.say(m.last),
        "peer_median": m.say(peers),
        "peer_median_plain": _plain(peers),
        "best_fifth": m.say(best),
        "best_fifth_plain": _plain(best),
        "best_fifth_change": _change(m.last, best),
        "best_fifth_share": "none" if reached.share == 0 else number(100 * reached.share, 0, "%"),
        "past_moves": str(reached.moves),
        "best_move": _signed(reached.best),
    }


def _short_trend(m: _Material) -> trend.Trend:
    """The trend asked of the short history alone."""
    years, values, lowers, uppers = zip(*m.own[-SHORT:], strict=True)
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


def _figures(m: _Material) -> Iterator[tuple[str, Figure]]:
    """Each chart a lesson may ask for, under the name it asks by."""
    made: dict[str, Callable[[], Figure]] = {
        "short": lambda: _history(m, "short", m.own[-SHORT:], f"the last {SHORT} years"),
        "history": lambda: _history(m, "history", m.own, f"{m.own[0].year} to {m.year}"),
        "nation": lambda: _with_nation(m),
        "areas": lambda: _ranked(m),
        "lines": lambda: _paths(m),
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
    name = m.standing.benchmark_label
    rows = _rows(m.own, m.area_name) + _rows(m.nation, name)
    return _figure(
        m,
        "nation",
        f"{m.indicator.name}: {m.area_name} and {name}",
        charts.trend(rows, unit=m.indicator.unit, breaks=m.indicator.break_years),
        f"Two lines with 95% intervals. In {m.year} {m.area_name} stands at {m.say(m.last)}, "
        f"{name} at {m.say(m.standing.benchmark)}.",
        rows,
    )


def _ranked(m: _Material) -> Figure:
    frame = m.alike.sort_values("value")
    rows = [
        {"area": name, **point._asdict(), "own": code == m.standing.own.area}
        for name, code, point in zip(frame["area_name"], frame["area"], _points(frame), strict=True)
    ]
    s = m.standing
    place = 1 + next(i for i, row in enumerate(rows) if row["own"])
    return _figure(
        m,
        "areas",
        f"{m.indicator.name}, {len(rows)} areas, {m.year}",
        charts.ranked(rows, unit=m.indicator.unit, benchmark=s.benchmark, benchmark_label=s.benchmark_label),
        f"The areas in order of their figure. {m.area_name} is number {place} from the lowest.",
        rows,
        ("area", "Area"),
    )


def _paths(m: _Material) -> Figure:
    drawn = {label: m.found.lines[id] for id, label in _LINES.items() if id in m.found.lines}
    rows = [row for label, line in drawn.items() for row in _line_rows(label, line, m.found.years)]
    ends = ", ".join(f"{label} {m.say(line.last)}" for label, line in drawn.items())
    target = m.found.years[-1]
    return _figure(
        m,
        "lines",
        f"{m.indicator.name}, {m.area_name}: lines to {target}",
        charts.paths(_rows(m.own, m.area_name), rows, unit=m.indicator.unit, base_year=m.year),
        f"The history to {m.year} and the lines ahead. In {target}: {ends}.",
        rows,
    )


def _line_rows(label: str, line: Line, years: tuple[int, ...]) -> list[dict[str, Any]]:
    """A line year by year, with its interval where it has one."""
    nothing = (math.nan,) * len(years)
    limits = zip(years, line.values, line.lower or nothing, line.upper or nothing, strict=True)
    return _rows([_Point(*point) for point in limits], label)


def _rows(points: list[_Point], series: str) -> list[dict[str, Any]]:
    return [{**point._asdict(), "series": series} for point in points]


def _point(year: int, value: float, lower: float | None, upper: float | None) -> _Point:
    return _Point(year, value, _known(lower), _known(upper))


def _known(value: float | None) -> float:
    """The figure, or NaN where there is none."""
    return math.nan if value is None else value


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
    behind = table(f"lesson-{id}-table", title, columns, rows, source=m.indicator.source)
    return Figure(f"lesson-{id}", title, spec, alt, behind, m.indicator.source)
