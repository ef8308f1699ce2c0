"""Intervals: published worked examples, SciPy as the second route, and the edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbook.methods import intervals


@pytest.mark.parametrize(
    ("count", "n", "value", "lower", "upper"),
    [
        (81, 263, 0.3080, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.1014, 0.0624, 0.1605),
        (0, 20, 0.0, 0.0, 0.1611),
        (1, 29, 0.0345, 0.0061, 0.1718),
        (20, 20, 1.0, 0.8389, 1.0),
    ],
)
def test_wilson_interval_as_published(count, n, value, lower, upper):
    assert intervals.proportion(count, n) == pytest.approx((value, lower, upper), abs=5e-5)


@pytest.mark.parametrize(("count", "n"), [(3, 0), (-1, 10), (11, 10), (math.nan, 10)])
def test_a_proportion_that_cannot_be_is_nan(count, n):
    assert all(math.isnan(part) for part in intervals.proportion(count, n))


@given(st.integers(1, 2000), st.data())
def test_a_proportion_lies_inside_its_interval_and_the_interval_inside_0_to_1(n, data):
    count = data.draw(st.integers(0, n))
    value, lower, upper = intervals.proportion(count, n)
    assert 0 <= lower <= value <= upper <= 1
    scipys = stats.binomtest(count, n).proportion_ci(method="wilson")
    assert (lower, upper) == pytest.approx((scipys.low, scipys.high), abs=1e-9)


@pytest.mark.parametrize("count", range(10))
def test_small_counts_take_the_exact_poisson_limits(count):
    lower, upper = intervals.count(count)
    assert lower == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0)
    assert upper == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2)


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [
        # By hand for 10: 10 (1 - 1/90 - 1.959964 / (3 sqrt 10))^3 and 11 (1 - 1/99 + 1.959964 / (3 sqrt 11))^3
        (10, 4.7874, 18.3915),
        (100, 81.3625, 121.6283),
    ],
)
def test_counts_from_ten_on_take_byars_limits(count, lower, upper):
    assert intervals.count(count) == pytest.approx((lower, upper), abs=1e-3)


@given(st.integers(0, 5000))
def test_byar_stays_close_to_exact_and_the_limits_rise_with_the_count(count):
    lower, upper = intervals.count(count)
    exact = stats.chi2.ppf(0.975, 2 * count + 2) / 2
    assert upper == pytest.approx(exact, rel=0.002)
    more_lower, more_upper = intervals.count(count + 1)
    assert lower <= count <= upper and more_lower > lower and more_upper > upper


def test_a_negative_count_has_no_limits_and_arrays_keep_their_shape():
    assert all(math.isnan(part) for part in intervals.count(-1))
    lower, upper = intervals.count(np.array([[0, 5], [10, np.nan]]))
    assert lower.shape == upper.shape == (2, 2)
    assert np.isnan(lower[1, 1]) and lower[0, 0] == 0


def test_a_crude_rate_carries_the_limits_of_its_count():
    value, lower, upper = intervals.rate(100, 200_000)
    assert (value, lower, upper) == pytest.approx((50.0, 40.6813, 60.8142), abs=1e-3)
    assert all(math.isnan(part) for part in intervals.rate(5, 0))


def test_a_mean_takes_students_t():
    # Ten people, mean 50, deviation 10: 50 +- 2.262157 x 10 / sqrt(10)
    assert intervals.mean(50, 10, 10, 0.95) == pytest.approx((50, 42.8464, 57.1536), abs=1e-3)
    assert math.isnan(intervals.mean(50, 10, 1)[1])


def test_a_rate_known_with_its_count_gets_an_approximate_interval():
    lower, upper = intervals.from_count(104.1, 135.5)
    low, high = intervals.count(135.5)
    assert (lower, upper) == pytest.approx((104.1 * low / 135.5, 104.1 * high / 135.5))
    assert lower < 104.1 < upper
    for count in (0, math.nan, None):
        assert all(math.isnan(part) for part in intervals.from_count(104.1, count))


def test_wider_confidence_gives_a_wider_interval_and_nonsense_is_refused():
    assert intervals.count(50, 0.998)[1] > intervals.count(50, 0.95)[1]
    with pytest.raises(ValueError, match="fraction between 0 and 1"):
        intervals.count(50, 95)
