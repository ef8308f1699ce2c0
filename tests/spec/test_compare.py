"""Comparison with a benchmark and quintiles (Fingertips rule)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import compare


def judged(**more):
    return {"value": 85, "lower": 80, "upper": 90, "benchmark": 100, "polarity": "low", **more}


GUIDE = [
    Formula(
        "Better or worse than the benchmark",
        compare.judgement,
        "similar where lower ≤ benchmark ≤ upper, otherwise better or worse by polarity",
        "Every figure with an interval, beside England or the middle of comparable areas.",
        "A limit that touches the benchmark holds it. Where no direction is better the words are lower and higher. "
        "Not compared where a figure is missing. The benchmark is not compared with itself.",
        "Fingertips technical guidance.",
        [
            Example("wholly below, low is better", judged(), "better"),
            Example("wholly below, high is better", judged(polarity="high"), "worse"),
            Example("wholly below, no direction is better", judged(polarity="none"), "lower"),
            Example("a limit touches", judged(upper=100), "similar"),
            Example("no interval", judged(lower=None, upper=None), "not compared"),
        ],
    ),
    Formula(
        "Which fifth",
        compare.quintile,
        "place among the n areas in fifths of n/5, the first ones holding one more where n does not divide (NTILE)",
        "Where the area stands among comparable areas of the same period, age and sex. 1 is the best fifth.",
        "Equal values stand in the same, the better, fifth. None with fewer than five areas.",
        "Fingertips technical guidance (quintiles).",
        [
            Example(
                "fourth of twelve (3 + 3 + 2 + 2 + 2)",
                {"value": 4, "values": range(1, 13), "polarity": "low"},
                2,
            ),
            Example(
                "the highest of twelve, high is better",
                {"value": 12, "values": range(1, 13), "polarity": "high"},
                1,
            ),
            Example("four areas", {"value": 1, "values": [1, 2, 3, 4], "polarity": "low"}, None),
        ],
    ),
    Formula(
        "Need index of a place",
        compare.need_index,
        "(weighted / registered of the place) / (weighted / registered of the whole)",
        "How much more need a head a place has than the whole, for each need component of the allocation formula.",
        "1.00 is average. Not available where a population is not above zero.",
        "NHS England, allocations.",
        [
            Example(
                "11,000 weighted of 10,000 registered",
                {"weighted": 11_000, "registered": 10_000, "weighted_whole": 900, "registered_whole": 900},
                1.1,
            ),
        ],
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


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


FIGURES = st.one_of(st.none(), st.floats(-100, 100))


@given(
    st.lists(
        st.tuples(FIGURES, FIGURES, FIGURES, FIGURES, st.sampled_from(["low", "high", "none"])), max_size=20
    )
)
def test_judgements_of_arrays_are_those_of_the_single_figures(rows):
    columns = list(zip(*rows, strict=True)) or [()] * 5
    assert list(compare.judgements(*columns)) == [compare.judgement(*row) for row in rows]


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=7, max_size=7), min_size=1, max_size=5
    ),
    st.sampled_from(["low", "high", "none"]),
)
def test_quintiles_of_arrays_are_those_of_the_single_figures(rows, polarity):
    found = compare.quintiles(np.array(rows, dtype=float), polarity)
    for row, fifths in zip(rows, found, strict=True):
        assert [None if math.isnan(f) else f for f in fifths] == [
            compare.quintile(v, row, polarity) for v in row
        ]


def test_each_indicator_takes_its_own_direction_and_benchmark():
    values = np.array([[1.0, 2, 3, 4, 5], [1, 2, 3, 4, 5]])
    assert compare.quintiles(values, ["low", "high"]).tolist() == [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]]
    found = compare.judgements(values, values - 0.5, values + 0.5, [[3], [1]], [["low"], ["high"]])
    assert found.tolist() == [
        ["better", "better", "similar", "worse", "worse"],
        ["similar", "better", "better", "better", "better"],
    ]


def test_limits_the_wrong_way_round_are_not_compared():
    assert compare.judgement(85, 90, 80, 100, "low") == "not compared"


@given(st.lists(st.integers(0, 1000), min_size=5, max_size=60, unique=True))
def test_fifths_of_different_values_differ_in_size_by_one_at_most(values):
    sizes = np.bincount(compare.quintiles(values, "low").astype(int), minlength=6)[1:]
    assert sizes.max() - sizes.min() <= 1 and (np.diff(sizes) <= 0).all()


def test_a_need_index_needs_people():
    assert math.isnan(compare.need_index(1, 0, 1, 1))
    assert compare.need_index([1, 2], [1, 1], 3, 2) == pytest.approx([2 / 3, 4 / 3])
