"""The charts of what is not sure: valid, legible, in one unit, whole at the edges."""

import altair as alt
import pytest

from tests.unit.chart_sight import assert_whole_and_apart, svg, words
from workbook.charts.uncertainty import ranges, tornado

GAPS = [
    {
        "category": f"{2026 + n}/{27 + n}",
        "low": -40_000.0 * (n + 1),
        "middle": -5000.0,
        "high": 9000.0,
        "point": -2000.0,
    }
    for n in range(5)
]
CAUSES = [
    {"label": "Prices", "low": -164_000.0, "high": 104_000.0, "words": "53% of the spread"},
    {
        "label": "Growth and ageing of the population",
        "low": -21_000.0,
        "high": 0.0,
        "words": "1% of the spread",
    },
]


@pytest.mark.parametrize("rows", [GAPS, GAPS[:1], []])
def test_ranges_are_valid_and_whole(rows):
    spec = ranges(rows, unit="£000s")
    alt.LayerChart.from_dict(spec)
    assert svg(spec)
    if rows:
        assert_whole_and_apart(svg(spec))


@pytest.mark.parametrize("rows", [CAUSES, CAUSES[:1], []])
def test_causes_are_valid_and_whole(rows):
    spec = tornado(rows, unit="£000s")
    alt.LayerChart.from_dict(spec)
    assert svg(spec)
    if rows:
        assert_whole_and_apart(svg(spec))


def test_large_amounts_are_shown_in_millions_and_small_ones_are_not():
    assert "£ million" in words(ranges(GAPS, unit="£000s"))
    small = [{"category": "2026/27", "low": -9.0, "middle": 1.0, "high": 4.0}]
    assert "£ thousand" in words(ranges(small, unit="£000s"))


def test_a_year_without_figures_is_left_out_and_a_point_may_be_missing():
    rows = [*GAPS, {"category": "2031/32", "low": None, "middle": None, "high": None}]
    assert "2031/32" not in words(ranges(rows, unit="£000s"))
    assert svg(ranges([{k: v for k, v in GAPS[0].items() if k != "point"}], unit="£000s"))


def test_each_cause_says_its_share_and_on_which_side_it_is_worse():
    said = words(tornado(CAUSES, unit="£000s"))
    assert "53% of the spread" in said and "worse" in said and "better" in said
