"""Comparison with a benchmark and quintiles (Fingertips rule)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.methods import compare


@pytest.mark.parametrize(
    ("lower", "upper", "polarity", "expected"),
    [
        (80, 90, "low", "better"),
        (80, 90, "high", "worse"),
        (80, 90, "none", "lower"),
        (110, 120, "low", "worse"),
        (110, 120, "high", "better"),
        (110, 120, "none", "higher"),
        (95, 105, "low", "similar"),
        (100, 110, "low", "similar"),  # a limit that touches the benchmark holds it
        (None, 90, "low", "not compared"),
        (80, math.nan, "low", "not compared"),
    ],
)
def test_the_interval_against_the_benchmark_of_100(lower, upper, polarity, expected):
    assert compare.judgement(85, lower, upper, 100, polarity) == expected


def test_without_a_benchmark_nothing_is_compared():
    assert compare.judgement(85, 80, 90, None, "low") == "not compared"


@pytest.mark.parametrize(
    ("value", "polarity", "fifth"),
    [
        (1, "low", 1),
        (3, "low", 1),
        (4, "low", 2),
        (12, "low", 5),
        (12, "high", 1),
        (1, "high", 5),
        (1, "none", 1),
    ],
)
def test_twelve_areas_divide_as_3_3_2_2_2(value, polarity, fifth):
    assert compare.quintile(value, range(1, 13), polarity) == fifth


def test_equal_values_stand_in_the_same_better_fifth():
    values = [1, 2, 2, 2, 5]
    assert compare.quintile(2, values, "low") == 2
    assert compare.quintile(5, values, "low") == 5


def test_fewer_than_five_areas_or_no_value_give_no_fifth():
    assert compare.quintile(1, [1, 2, 3, 4], "low") is None
    assert compare.quintile(1, [1, 2, 3, 4, None], "low") is None
    assert compare.quintile(None, [1, 2, 3, 4, 5], "low") is None
    assert compare.quintile_threshold([1, 2, 3, math.nan, 4], "low") is None


def test_threshold_is_the_last_value_of_the_best_fifth():
    assert compare.quintile_threshold(range(1, 13), "low") == 3
    assert compare.quintile_threshold(range(1, 13), "high") == 10


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=60), st.sampled_from(["low", "high"]))
def test_who_reaches_the_threshold_is_in_the_best_fifth(values, polarity):
    threshold = compare.quintile_threshold(values, polarity)
    assert compare.quintile(threshold, values, polarity) == 1
    worst = max(values) if polarity == "low" else min(values)
    if worst != threshold:
        assert compare.quintile(worst, values, polarity) > 1


def test_median_leaves_out_what_is_missing():
    assert compare.median([3, None, 1, math.nan, 10]) == 3
    assert compare.median([1, 2]) == 1.5
    assert compare.median([None]) is None
