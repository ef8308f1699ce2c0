"""Intervals: published worked examples, SciPy as the second route, and the edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import intervals

GUIDE = [
    Formula(
        "Proportion: Wilson score interval",
        intervals.proportion,
        "(2x + z² ∓ z √(z² + 4x(1 - x/n))) / (2(n + z²))        x of n, z = 1.959964 for 95 %",
        "Percentages with a denominator: smoking, screening, a share of patients.",
        "The interval stays between 0 and 1 and has a width even at none or all. "
        "Not available where the denominator is not above zero or the count exceeds it.",
        "Wilson 1927; Newcombe 1998; as in the open code of the public health profiles (PHEindicatormethods).",
        [
            Example(
                "81 of 263",
                {"count": 81, "n": 263},
                {"value": 0.3080, "lower": 0.2553, "upper": 0.3662},
                "Newcombe 1998, table I",
                5e-5,
            ),
            Example(
                "15 of 148",
                {"count": 15, "n": 148},
                {"value": 0.1014, "lower": 0.0624, "upper": 0.1605},
                "Newcombe 1998, table I",
                5e-5,
            ),
            Example(
                "none of 20",
                {"count": 0, "n": 20},
                {"value": 0, "lower": 0, "upper": 0.1611},
                "Newcombe 1998, table I",
                5e-5,
            ),
            Example(
                "all of 20",
                {"count": 20, "n": 20},
                {"value": 1, "lower": 0.8389, "upper": 1},
                "1 less the interval of none of 20",
                5e-5,
            ),
            Example(
                "nobody asked", {"count": 3, "n": 0}, {"value": NAN, "lower": NAN, "upper": NAN}, "the rule"
            ),
        ],
        ("value", "lower", "upper"),
    ),
    Formula(
        "Count: exact below 10, Byar from 10",
        intervals.count,
        "below 10:  χ²(α/2; 2x) / 2  and  χ²(1 - α/2; 2x + 2) / 2\n"
        "from 10:   x(1 - 1/(9x) - z/(3√x))³  and  (x + 1)(1 - 1/(9(x + 1)) + z/(3√(x + 1)))³",
        "Deaths, admissions, any count of independent events; it carries the interval of every rate below.",
        "The lower limit of 0 is 0. Not available for a negative or missing count. A count that is not whole is allowed.",
        "Garwood 1936; Breslow and Day 1987, volume II, page 69; PHEindicatormethods.",
        [
            Example("no event", {"count": 0}, {"lower": 0, "upper": 3.6889}, "- ln 0.025, by hand", 5e-5),
            Example("5 events", {"count": 5}, {"lower": 1.6235, "upper": 11.6683}, "Garwood's tables", 5e-5),
            Example("10 events", {"count": 10}, {"lower": 4.7874, "upper": 18.3915}, within=1e-3),
            Example("100 events", {"count": 100}, {"lower": 81.3625, "upper": 121.6283}, within=1e-3),
        ],
        ("lower", "upper"),
    ),
    Formula(
        "Crude rate",
        intervals.rate,
        "per · x / n, with the limits of the count in place of x",
        "Events per 100,000 people or per 1,000 patients, not standardised for age.",
        "The denominator is taken as exact. Not available where it is not above zero.",
        "Breslow and Day 1987; PHEindicatormethods.",
        [
            Example(
                "100 deaths in 200,000 people",
                {"count": 100, "denominator": 200_000},
                {"value": 50, "lower": 40.6813, "upper": 60.8142},
                "half the limits of 100",
                1e-3,
            ),
            Example(
                "no denominator",
                {"count": 5, "denominator": 0},
                {"value": NAN, "lower": NAN, "upper": NAN},
                "the rule",
            ),
        ],
        ("value", "lower", "upper"),
    ),
    Formula(
        "Mean: Student's t",
        intervals.mean,
        "mean ∓ t(1 - α/2; n - 1) · sd / √n",
        "Scores and waiting times whose standard deviation is known.",
        "No limits where fewer than two were measured.",
        "Altman and others 2000, Statistics with confidence; PHEindicatormethods.",
        [
            Example(
                "ten people, mean 50, deviation 10",
                {"mean": 50, "sd": 10, "n": 10},
                {"value": 50, "lower": 42.8464, "upper": 57.1536},
                "50 ∓ 2.262157 · 10 / √10",
                1e-3,
            ),
            Example(
                "one person",
                {"mean": 50, "sd": 10, "n": 1},
                {"value": 50, "lower": NAN, "upper": NAN},
                "the rule",
            ),
        ],
        ("value", "lower", "upper"),
    ),
    Formula(
        "A rate published with its count but without an interval",
        intervals.from_count,
        "value · (limits of the count) / count",
        'Printed as "(approx.)": for a standardised rate it leaves out how the weights widen the interval. '
        "97 to 100 % of the published width on directly standardised mortality and admissions.",
        "Not available where the count is missing or 0.",
        "Our own.",
        [
            Example(
                "52 per 100,000 from 100 deaths",
                {"value": 52, "count": 100},
                {"lower": 42.3085, "upper": 63.2467},
                "0.52 of Byar's limits of 100",
                1e-3,
            ),
        ],
        ("lower", "upper"),
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


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


@given(st.integers(0, 10_000), st.sampled_from([10, 100]))
def test_the_interval_of_a_rate_narrows_as_events_and_people_grow(count, times):
    value, lower, upper = intervals.rate(count, 1_000_000)
    more = intervals.rate(times * count, times * 1_000_000)
    assert lower <= value <= upper
    assert more[0] == pytest.approx(value) and more[2] - more[1] < upper - lower


@given(st.floats(0.2, 20), st.integers(2, 400), st.floats(-50, 50))
def test_students_interval_is_that_of_scipy(sd, n, mean):
    value, lower, upper = intervals.mean(mean, sd, n)
    assert (lower, upper) == pytest.approx(stats.t.interval(0.95, n - 1, mean, sd / math.sqrt(n)), abs=1e-9)
    assert lower <= value <= upper


def test_exact_and_byar_meet_without_a_fall():
    lower, upper = intervals.count(np.array([9.999, 10, 10.001]))
    assert (np.diff(lower) > -0.03).all() and (np.diff(upper) > -0.03).all()


def test_a_deviation_below_zero_has_no_limits():
    assert math.isnan(intervals.mean(50, -1, 10)[1])


def test_areas_years_and_indicators_come_back_in_their_shape():
    counts, people = np.arange(24.0).reshape(2, 3, 4), np.full(4, 1000)
    for part in (*intervals.rate(counts, people), *intervals.proportion(counts, people)):
        assert part.shape == (2, 3, 4)
    assert intervals.rate(counts, people)[1][1, 2, 3] == intervals.rate(23, 1000)[1]
