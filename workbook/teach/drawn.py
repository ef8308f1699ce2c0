"""The charts that a lesson may ask for by name: the series, its areas in order, and the lines ahead."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from workbook import charts
from workbook.blocks import Column, Figure, table
from workbook.steps.lines import Line
from workbook.teach.material import Material, Point, points_of

SHORT = 3  # points of the short history, too few for a trend
_LINES = {
    "do-nothing": "Do nothing",
    "hold": "Hold",
    "peer-median": "Peer median",
    "best-quintile": "Best fifth",
}


def figures(m: Material) -> Iterator[tuple[str, Figure]]:
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


def _history(m: Material, id: str, points: list[Point], span: str) -> Figure:
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


def _with_nation(m: Material) -> Figure:
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


def _ranked(m: Material) -> Figure:
    frame = m.alike.sort_values("value")
    rows = [
        {"area": name, **point._asdict(), "own": code == m.standing.own.area}
        for name, code, point in zip(frame["area_name"], frame["area"], points_of(frame), strict=True)
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


def _paths(m: Material) -> Figure:
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
    return _rows([Point(*point) for point in limits], label)


def _rows(points: list[Point], series: str) -> list[dict[str, Any]]:
    return [{**point._asdict(), "series": series} for point in points]


def _figure(
    m: Material,
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
