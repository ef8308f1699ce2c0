"""What the comparison of a figure works out, as figures for results.json."""

from __future__ import annotations

from workbook.blocks import Result
from workbook.steps.standing import Standing
from workbook.words import plural


def results_of(s: Standing) -> list[Result]:
    """Value with limits, benchmark, peer median, fifth and trend of one figure, of the period of its value."""
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
        (
            "peer-median",
            f"{i.name}, peer median",
            s.peer_median,
            i.unit,
            f"Median of {plural(len(s.peers), 'peer')}",
        ),
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
            f"1 is the best of five; {plural(s.areas, 'area')}",
        ),
        (
            "best-fifth",
            f"{i.name}, edge of the best fifth",
            s.best_fifth,
            i.unit,
            f"The value that just belongs to the best fifth of {plural(s.areas, 'area')}",
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
