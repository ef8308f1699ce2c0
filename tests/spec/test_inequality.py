"""Slope and relative index of inequality: exact lines, a second route, and a fixed seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import inequality

FIVE = [100, 300, 200, 250, 150]


def ends(found):
    return {"slope": found.slope, "ratio": found.ratio, "most": found.most, "least": found.least}


def groups(values, half, kind, populations=tuple(FIVE)):
    return {
        "values": list(values),
        "lowers": [v - half for v in values],
        "uppers": [v + half for v in values],
        "populations": list(populations),
        "kind": kind,
    }


GUIDE = [
    Formula(
        "Slope and relative index of inequality",
        inequality.index,
        "line through the groups at the middle of their share of the population, weighted by population\n"
        "slope = line at 1 (least disadvantaged) - line at 0 (most)        ratio = line at 1 / line at 0\n"
        "straight on the logarithm for rates, on the logit for proportions, as it is for means",
        "How far apart the best and the worst off are, over all groups and not only the two at the ends. The interval is "
        "the middle 95 % of 10,000 draws of every group's value from its own interval, with a fixed seed.",
        "5 to 100 groups, each with people and a figure with its interval; a rate above zero, a proportion between 0 and 1. "
        "Otherwise a sentence says why not. No difference is a slope of 0 and a ratio of 1. The profiles fit the line to the "
        "values themselves unless asked otherwise: with transform False it is done so here.",
        "Low and Low 2004; PHEindicatormethods (phe_sii, transform = TRUE).",
        [
            Example(
                "five groups of life expectancy on 70 + 8x",
                groups([70.4, 72.0, 74.0, 75.8, 77.4], 0.5, "mean"),
                {"slope": 8, "ratio": 78 / 70, "most": 70, "least": 78},
                "the line itself",
            ),
            Example(
                "equal groups",
                groups([300] * 5, 20, "rate"),
                {"slope": 0, "ratio": 1, "most": 300, "least": 300},
                "no difference",
                1e-9,
            ),
            Example(
                "rates that fall by the same share, from 200 to 100",
                groups([200 * 0.5**x for x in (0.05, 0.25, 0.5, 0.725, 0.925)], 5, "rate"),
                {"slope": -100, "ratio": 0.5, "most": 200, "least": 100},
                "the curve itself",
            ),
        ],
        pick=ends,
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


PEOPLE = np.array([100, 300, 200, 250, 150.0])


def test_midpoints_by_hand():
    assert inequality.midpoints(PEOPLE) == pytest.approx([0.05, 0.25, 0.5, 0.725, 0.925])


@pytest.mark.parametrize(
    ("kind", "line", "slope", "ratio"),
    [
        ("mean", lambda x: 70 + 8 * x, 8, 78 / 70),
        ("rate", lambda x: 200 * np.exp(-0.5 * x), 200 * (np.exp(-0.5) - 1), np.exp(-0.5)),
        ("proportion", lambda x: 1 / (1 + np.exp(1 - x)), 0.5 - 1 / (1 + np.e), 0.5 * (1 + np.e)),
    ],
)
def test_groups_on_a_straight_line_give_it_back(kind, line, slope, ratio):
    y = line(inequality.midpoints(PEOPLE))
    found = inequality.index(y, y * 0.99, y * 1.01, PEOPLE, kind, repeats=500)
    assert found.slope == pytest.approx(slope)
    assert found.ratio == pytest.approx(ratio)
    assert found.slope_lower < found.slope < found.slope_upper
    assert found.ratio_lower < found.ratio < found.ratio_upper


def test_the_line_is_the_weighted_fit():
    y = np.array([60, 66, 63, 70, 71.0])
    gradient, start = np.polyfit(inequality.midpoints(PEOPLE), y, 1, w=np.sqrt(PEOPLE))
    found = inequality.index(y, y - 1, y + 1, PEOPLE, "mean", repeats=10)
    assert (found.slope, found.ratio) == pytest.approx((gradient, (start + gradient) / start))


def test_the_interval_agrees_with_theory_and_repeats_exactly():
    y = np.array([60, 66, 63, 70, 71.0])
    one = inequality.index(y, y - 1.96, y + 1.96, PEOPLE, "mean")
    assert one == inequality.index(y, y - 1.96, y + 1.96, PEOPLE, "mean")
    x, w = inequality.midpoints(PEOPLE), PEOPLE / PEOPLE.sum()
    turn = w * (x - w @ x) / (w @ (x - w @ x) ** 2)
    assert (one.slope_upper - one.slope_lower) / 3.92 == pytest.approx(np.sqrt((turn**2).sum()), rel=0.03)


@pytest.mark.parametrize(
    ("values", "people", "kind", "words"),
    [
        ([1, 2, 3, 4], [1] * 4, "mean", "5 to 100 groups"),
        ([1, 2, 3, 4, 5], [1, 1, 0, 1, 1], "mean", "population above zero"),
        ([0, 2, 3, 4, 5], [1] * 5, "rate", "above zero"),
        ([0.1, 0.2, 0.3, 0.4, 1.0], [1] * 5, "proportion", "between 0 and 1"),
    ],
)
def test_what_does_not_fit_is_refused(values, people, kind, words):
    with pytest.raises(ValueError, match=words):
        inequality.index(values, values, values, people, kind)


VALUES = st.lists(st.floats(0.05, 0.95), min_size=5, max_size=20)


@given(st.floats(0.05, 0.9), st.integers(5, 20), st.sampled_from(["rate", "proportion", "mean"]))
def test_equal_groups_have_no_inequality(value, n, kind):
    people = np.arange(1, n + 1)
    found = inequality.index([value] * n, [value * 0.95] * n, [value * 1.05] * n, people, kind, repeats=200)
    assert (found.slope, found.ratio) == pytest.approx((0, 1), abs=1e-9)
    assert found.slope_lower < 0 < found.slope_upper and found.ratio_lower < 1 < found.ratio_upper


@given(VALUES, st.sampled_from(["rate", "proportion", "mean"]))
def test_groups_in_the_other_order_turn_the_slope_round(values, kind):
    values, people = np.array(values), np.ones(len(values))
    one = inequality.index(values, values * 0.99, values * 1.01, people, kind, repeats=10)
    back = inequality.index(values[::-1], values[::-1] * 0.99, values[::-1] * 1.01, people, kind, repeats=10)
    assert back.slope == pytest.approx(-one.slope, abs=1e-9)
    assert back.ratio == pytest.approx(1 / one.ratio)


def test_a_rate_in_another_unit_has_the_same_ratio():
    y = np.array([300, 280, 220, 200, 160.0])
    one, other = (inequality.index(k * y, k * y * 0.9, k * y * 1.1, PEOPLE, "rate") for k in (1, 1000))
    assert other.ratio == pytest.approx(one.ratio) and other.ratio_lower == pytest.approx(one.ratio_lower)
    assert other.slope == pytest.approx(1000 * one.slope)


def test_without_transformation_the_line_is_fitted_to_the_rates_themselves():
    y = np.array([300, 280, 220, 200, 160.0])
    gradient, start = np.polyfit(inequality.midpoints(PEOPLE), y, 1, w=np.sqrt(PEOPLE))
    found = inequality.index(y, y * 0.9, y * 1.1, PEOPLE, "rate", transform=False)
    assert (found.slope, found.most) == pytest.approx((gradient, start))
    assert found.slope_lower < gradient < found.slope_upper


def test_the_curve_runs_from_end_to_end():
    y = np.array([300, 280, 220, 200, 160.0])
    at, line = inequality.curve(y, PEOPLE, "rate", points=50)
    found = inequality.index(y, y * 0.9, y * 1.1, PEOPLE, "rate")
    assert (at[0], at[-1]) == (0, 1)
    assert (line[0], line[-1]) == pytest.approx((found.most, found.least))


def test_wider_intervals_of_the_groups_widen_that_of_the_index():
    y = np.array([60, 66, 63, 70, 71.0])
    narrow, wide = (inequality.index(y, y - h, y + h, PEOPLE, "mean") for h in (1, 3))
    assert wide.slope_upper - wide.slope_lower > 2 * (narrow.slope_upper - narrow.slope_lower)


def test_a_suppressed_group_is_said_and_a_sound_one_is_not():
    y = [60, 66, None, 70, 71]
    assert "suppressed or missing" in inequality.why_not(y, y, y, PEOPLE, "mean")
    assert inequality.why_not([1, 2, 3, 4, 5], [0.5] * 5, [6] * 5, PEOPLE, "rate") == ""
