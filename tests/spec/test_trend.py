"""The recent trend (Fingertips rule): five points, 99.8 %, and when nothing can be said."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import trend

YEARS = [2018, 2019, 2020, 2021, 2022]


def series(values, half=1.96, polarity="low", years=tuple(YEARS)):
    values = list(values)
    return {
        "years": list(years),
        "values": values,
        "lowers": [v - half for v in values],
        "uppers": [v + half for v in values],
        "polarity": polarity,
    }


GUIDE = [
    Formula(
        "Recent trend",
        trend.recent,
        "weighted line through the last five yearly points, weight 1/se², se = (upper - lower)/3.92\n"
        "χ² = slope² / variance of the slope, against 9.5495 (99.8 %, one degree of freedom)\n"
        "and the slope keeps its sign when any one point is left out",
        "Whether a figure gets better or worse, by more than chance would explain.",
        "No trend, and a sentence why, with fewer than five points, a year missing, a figure suppressed, an interval "
        "missing, a break among the five, or periods that overlap. Without a better direction the trend is not judged. "
        "For proportions the profiles test the counts instead: on all their "
        "smoking series both agree.",
        "Fingertips technical guidance, Trend markers.",
        [
            Example(
                "falling by 2 a year, standard error 1",
                series([100, 98, 96, 94, 92]),
                {"direction": "decreasing", "judgement": "getting better", "chi_square": 40},
                "2² · 10, the sum of squares of five years about their middle",
            ),
            Example(
                "no steady direction",
                series([100, 100.5, 99.8, 100.1, 100]),
                {"direction": "no significant change", "judgement": "", "chi_square": 0.016},
                "slope -0.04: 0.04² · 10",
            ),
            Example(
                "one wild year",
                series([100, 100.2, 99.9, 99.8, 110]),
                {"direction": "no significant change", "chi_square": 38.416},
                "slope 1.96: 1.96² · 10",
            ),
            Example(
                "the open code's own example",
                {
                    "years": [1, 2, 3, 4, 5],
                    "values": [30.6, 30.2, 28, 24.6, 24.67],
                    "lowers": [28.98, 28.63, 26.44, 23.15, 23.16],
                    "uppers": [32.25, 31.9, 29.64, 26.19, 26.25],
                    "polarity": "low",
                },
                {"direction": "decreasing", "judgement": "getting better", "chi_square": 46.77},
                "weighted least squares by SciPy",
                0.005,
            ),
        ],
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


def recent(values, half=1.96, years=YEARS, **more):
    values = np.asarray(values, dtype=float)
    more.setdefault("polarity", "low")
    return trend.recent(years, values, values - half, values + half, **more)


@pytest.mark.parametrize(
    ("values", "polarity", "direction", "judgement"),
    [
        ([100, 98, 96, 94, 92], "low", "decreasing", "getting better"),
        ([100, 98, 96, 94, 92], "high", "decreasing", "getting worse"),
        ([92, 94, 96, 98, 100], "low", "increasing", "getting worse"),
        ([92, 94, 96, 98, 100], "high", "increasing", "getting better"),
        ([92, 94, 96, 98, 100], "none", "increasing", "no judgement"),
        ([100, 100.5, 99.8, 100.1, 100], "low", "no significant change", ""),
    ],
)
def test_direction_and_what_it_means(values, polarity, direction, judgement):
    found = recent(values, polarity=polarity)
    assert (found.direction, found.judgement) == (direction, judgement)
    assert found.points == 5 and found.reason.endswith(".")


def test_chi_square_by_hand():
    # Standard errors of 1: slope -2, sum of squares about the mean year 10, so 4 / (1 / 10) = 40.
    assert recent([100, 98, 96, 94, 92]).chi_square == pytest.approx(40)


def test_the_critical_value_divides():
    # With standard errors of 1 the chi-square is 10 x slope squared: 9.5495 at a slope of 0.97722.
    assert recent(np.arange(5) * 0.9771).direction == "no significant change"
    assert recent(np.arange(5) * 0.9773).direction == "increasing"


def test_unequal_intervals_weigh_as_in_a_weighted_fit():
    values, half = np.array([100, 97, 99, 92, 90.0]), np.array([2, 4, 8, 3, 2.0])
    found = trend.recent(YEARS, values, values - half, values + half, "low")
    (slope, _), covariance = optimize.curve_fit(
        lambda x, a, b: a * (x - 2020) + b, YEARS, values, sigma=2 * half / 3.92, absolute_sigma=True
    )
    assert found.chi_square == pytest.approx(slope**2 / covariance[0, 0], rel=1e-6)


def test_a_direction_that_rests_on_one_year_is_no_trend():
    found = recent([100, 100.2, 99.9, 99.8, 110])
    assert found.chi_square > trend.CRITICAL
    assert found.direction == "no significant change" and "single year" in found.reason


def test_only_the_last_five_points_count_in_any_order():
    years = [2022, 2010, 2018, 2019, 2020, 2021]
    found = recent([92, 500, 100, 98, 96, 94], years=years)
    assert found.direction == "decreasing" and "2018 to 2022" in found.reason


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"period_years": 3}, "overlaps"),
        ({"breaks": (2020,)}, "broken in 2020"),
    ],
)
def test_overlap_and_break_are_said(more, words):
    found = recent([100, 98, 96, 94, 92], **more)
    assert found.direction == "cannot be calculated" and found.judgement == ""
    assert words in found.reason and found.chi_square is None


def test_a_break_before_or_at_the_first_point_does_no_harm():
    assert recent([100, 98, 96, 94, 92], breaks=(2018,)).direction == "decreasing"
    assert recent([100, 98, 96, 94, 92], breaks=(2009, 2030)).direction == "decreasing"


def test_fewer_than_five_points():
    found = recent([100, 98, 96], years=[2020, 2021, 2022])
    assert "fewer than five points" in found.reason and found.points == 3
    assert trend.recent([], [], [], [], "low").direction == "cannot be calculated"


def test_gaps_suppressed_figures_and_missing_intervals():
    assert "year is missing" in recent([5, 4, 3, 2, 1], years=[2015, 2019, 2020, 2021, 2022]).reason
    assert "2020 is suppressed" in recent([5, 4, math.nan, 2, 1]).reason
    values = np.array([5, 4, 3, 2, 1.0])
    bare = trend.recent(YEARS, values, [None] * 5, [None] * 5, "low")
    assert "confidence interval is missing" in bare.reason
    assert "no width" in recent(values, half=0).reason


def table_of(rows):
    values = np.array(rows, dtype=float)
    return np.arange(2010, 2010 + values.shape[-1]), values, values - 1.5, values + 1.5


@given(
    st.lists(
        st.lists(st.one_of(st.just(math.nan), st.integers(80, 120)), min_size=8, max_size=8),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["low", "high", "none"]),
    st.sampled_from([(), (2012,), (2015, 2031), (2010, 2013, 2016)]),
)
def test_many_series_give_what_each_gives_alone(rows, polarity, breaks):
    years, values, low, high = table_of(rows)
    many = trend.recent_many(years, values, low, high, polarity, breaks)
    for i, row in enumerate(values):
        last = np.flatnonzero(np.isfinite(row)).max(initial=-1) + 1
        one = trend.recent(years[:last], row[:last], low[i][:last], high[i][:last], polarity, breaks)
        assert (many.direction[i], many.judgement[i]) == (one.direction, one.judgement)
        assert (many.reason[i] == "") == (one.chi_square is not None)
        if one.chi_square is not None:
            assert many.chi_square[i] == pytest.approx(one.chi_square, abs=1e-9)


def test_every_series_of_many_has_its_own_breaks_periods_and_direction():
    years, values, low, high = table_of([[100, 98, 96, 94, 92]] * 4)
    found = trend.recent_many(
        years,
        values,
        low,
        high,
        ["low", "high", "none", "low"],
        [[np.nan], [2012], [np.nan], [np.nan]],
        [1, 1, 1, 3],
    )
    assert found.judgement.tolist() == ["getting better", "", "no judgement", ""]
    assert found.reason.tolist() == ["", "the series was broken", "", "periods overlap"]
    assert found.slope[0] == pytest.approx(-2)


def test_many_series_say_why_there_is_no_trend():
    nan = math.nan
    years, values, low, high = table_of(
        [[1, 2, 3, 4, 5], [1, 2, nan, 4, 5], [nan] * 5, [5, 4, 3, 2, nan], [5, 4, 3, 2, 1]]
    )
    low[0], high[4, 2] = high[0], nan
    assert trend.recent_many(years, values, low, high).reason.tolist() == [
        "a confidence interval has no width",
        "a figure is suppressed or missing",
        "fewer than five points",
        "fewer than five points",
        "a confidence interval is missing",
    ]
    assert (
        trend.recent_many([2010, 2011, 2012, 2013, 2015], *(np.ones((2, 5)),) * 3).reason.tolist()
        == ["a year is missing"] * 2
    )
    assert trend.recent_many([], *(np.ones((2, 0)),) * 3).direction.tolist() == ["cannot be calculated"] * 2


@given(st.lists(st.floats(50, 150), min_size=5, max_size=5), st.floats(0.5, 20), st.floats(-1000, 1000))
def test_a_series_turned_round_or_moved_has_the_same_trend_turned_round_or_moved(values, half, by):
    one = recent(values, half)
    turned = recent([-v for v in values], half)
    moved = recent([v + by for v in values], half)
    assert turned.chi_square == pytest.approx(one.chi_square, abs=1e-6)
    assert moved.chi_square == pytest.approx(one.chi_square, rel=1e-3, abs=1e-6)


def test_the_critical_value_is_that_of_the_chi_square_distribution():
    assert stats.chi2.ppf(0.998, 1) == pytest.approx(trend.CRITICAL, abs=5e-5)
