"""What the comparison of a figure works out, as figures for results.json."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Cell, Result
from workbook.steps.standing import Standing
from workbook.words import plural

_Figure = tuple[str, str, Cell, str, str]  # name in the id, label, value, unit, method


def results_of(s: Standing) -> list[Result]:
    """Value with limits, benchmark, peer median, fifth and trend of one figure, of the period of its value."""
    i = s.indicator
    return [
        Result(f"needs.{i.id}.{name}", label, value, unit, s.own.period, how, i.source)
        for name, label, value, unit, how in (*_own(s), *_beside(s))
    ]


def _own(s: Standing) -> Iterator[_Figure]:
    """The area's figure with its limits and direction."""
    i, own = s.indicator, s.own
    how = "As published" if not own.approximate else "As published; interval made from the count"
    yield "value", i.name, own.value, i.unit, how
    yield "lower", f"{i.name}, lower limit (95%)", own.lower, i.unit, how
    yield "upper", f"{i.name}, upper limit (95%)", own.upper, i.unit, how
    points = "Slope of the last five points, chi-square at 99.8%"
    yield "trend", f"{i.name}, recent trend", s.trend.direction, "", points


def _beside(s: Standing) -> Iterator[_Figure]:
    """The area's figure beside the benchmark, its peers and all areas."""
    i, areas = s.indicator, plural(s.areas, "area")
    published = "As published, or the median of all areas"
    yield "benchmark", f"{i.name}, {s.benchmark_label}", s.benchmark, i.unit, published
    median = f"Median of {plural(len(s.peers), 'peer')}"
    yield "peer-median", f"{i.name}, peer median", s.peer_median, i.unit, median
    against = "95% interval against the benchmark"
    yield "comparison", f"{i.name}, against benchmark", s.versus_benchmark, "", against
    yield "fifth", f"{i.name}, fifth among the areas", s.quintile, "", f"1 is the best of five; {areas}"
    edge = f"The value that just belongs to the best fifth of {areas}"
    yield "best-fifth", f"{i.name}, edge of the best fifth", s.best_fifth, i.unit, edge
