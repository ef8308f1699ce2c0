"""The recent trend (Fingertips rule): five points, 99.8 %, and when nothing can be said."""

import math

import numpy as np
import pytest
from scipy import optimize

from workbook.methods import trend

YEARS = [2018, 2019, 2020, 2021, 2022]


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
