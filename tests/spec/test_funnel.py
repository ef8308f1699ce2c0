"""Funnel limits: the tables of the open code, exact intervals as second route, and the edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import funnel, intervals

NO_LIMITS = {"lower95": NAN, "upper95": NAN, "lower998": NAN, "upper998": NAN}

GUIDE = [
    Formula(
        "Funnel limits",
        funnel.limits,
        "proportion: p ∓ z √(p(1 - p)/n)        z = 1.959964 for 95 %, 3.090232 for 99.8 %\n"
        "rate, ratio: the count whose exact Poisson interval just touches the expected count, over the denominator",
        "Whether an area lies further from the benchmark than its size explains. A point outside the limits is an area whose "
        "own interval leaves the benchmark out.",
        "Kept between 0 and 100 %; the lower limit of a rate is never below 0. Not available where the denominator or the "
        "benchmark is not above zero. A standardised rate is drawn at per · count / rate people.",
        "Office for Health Improvement and Disparities, PHEindicatormethods (calculate_funnel_limits).",
        [
            Example("80.64 % among 50 people",
                    {"benchmark": 80.642448, "denominators": 50, "per": 100, "kind": "proportion"},
                    {"lower95": 69.691035, "upper95": 91.593861, "lower998": 63.375595, "upper998": 97.909301},
                    "table of the open code", 1e-5),
            Example("the same among 10 people",
                    {"benchmark": 80.642448, "denominators": 10, "per": 100, "kind": "proportion"},
                    {"lower95": 56.154344, "upper95": 100, "lower998": 42.03259, "upper998": 100},
                    "table of the open code", 1e-5),
            Example("ratio, 121.6268 expected",
                    {"benchmark": 100, "denominators": 121.6268111, "per": 100, "kind": "ratio"},
                    {"lower95": 82.2187}, "table of the open code: 100 observed is the limit", 1e-3),
            Example("ratio, 81.3640 expected",
                    {"benchmark": 100, "denominators": 81.36400701, "per": 100, "kind": "ratio"},
                    {"upper95": 122.9045}, "table of the open code: 100 observed is the limit", 1e-3),
            Example("50 per 100,000 among 162,728 people",
                    {"benchmark": 50, "denominators": 162_728.01, "per": 100_000, "kind": "rate"},
                    {"upper95": 61.4522}, "81.364 expected, 100 the limit: 100 of 162,728", 1e-3),
            Example("nobody", {"benchmark": 50, "denominators": 0, "per": 100, "kind": "proportion"},
                    NO_LIMITS, "the rule"),
        ],
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


@given(st.integers(0, 400), st.floats(1, 300), st.sampled_from([0.95, 0.998]))
def test_a_rate_lies_outside_just_where_its_exact_interval_leaves_the_benchmark_out(count, expected, level):
    tail = (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    high = stats.chi2.ppf(1 - tail, 2 * count + 2) / 2
    found = funnel.limits(100, expected, 100, "ratio")
    lower, upper = (found.lower95, found.upper95) if level == 0.95 else (found.lower998, found.upper998)
    value = 100 * count / expected
    if min(abs(low - expected), abs(high - expected)) > 1e-6:
        assert (value > upper) == (low > expected)
        assert (value < lower) == (high < expected)


@given(st.integers(1, 3000), st.data(), st.floats(0.01, 0.99))
def test_a_proportion_lies_outside_just_where_its_wilson_interval_leaves_the_benchmark_out(n, data, share):
    count = data.draw(st.integers(0, n))
    value, low, high = intervals.proportion(count, n)
    found = funnel.limits(share, n, 1, "proportion")
    if min(abs(low - share), abs(high - share)) > 1e-9:
        assert (value > found.upper95) == (low > share)
        assert (value < found.lower95) == (high < share)


@given(st.floats(1, 99), st.sampled_from(["proportion", "rate", "ratio"]))
def test_limits_hold_the_benchmark_lie_in_order_and_close_in_as_areas_grow(benchmark, kind):
    found = funnel.limits(benchmark, np.geomspace(20, 1e6, 50), 100, kind)
    assert (found.lower998 <= found.lower95).all() and (found.upper95 <= found.upper998).all()
    assert (found.lower95 <= benchmark).all() and (benchmark <= found.upper95).all()
    assert (np.diff(found.upper95 - found.lower95) <= 1e-9).all()


def test_many_areas_keep_their_shape_and_their_places_are_words():
    found = funnel.limits(10, [[100, 1000], [1e5, np.nan]], 100, "proportion")
    assert found.upper95.shape == (2, 2)
    assert funnel.places([[10, 13], [11, 10]], found).tolist() == [
        ["within the limits", "above the 99.8 % limit"],
        ["above the 99.8 % limit", ""],
    ]
    small = funnel.limits(10, [1000, 1000, 1000], 100, "proportion")
    assert funnel.places([12, 8, 6], small).tolist() == [
        "above the 95 % limit",
        "below the 95 % limit",
        "below the 99.8 % limit",
    ]


def test_a_benchmark_that_cannot_be_has_no_limits_and_an_unknown_kind_is_refused():
    assert np.isnan(funnel.limits(120, [50], 100, "proportion").upper95).all()
    assert np.isnan(funnel.limits(0, [50], 100, "rate").upper95).all()
    with pytest.raises(ValueError, match="a proportion, a rate or a ratio"):
        funnel.limits(1, [1], 1, "mean")


def test_a_standardised_rate_is_drawn_at_its_effective_population():
    assert funnel.effective_population([100, 0, 5], [50, 10, 0], 100_000) == pytest.approx(
        [200_000, NAN, NAN], nan_ok=True
    )


def test_the_grid_spans_the_areas_and_leaves_out_what_has_no_size():
    assert funnel.grid([100, 0, np.nan, 10_000], 3) == pytest.approx([100, 1000, 10_000])
    assert funnel.grid([np.nan]).size == 0


@pytest.mark.parametrize("kind", ["rate", "proportion"])
def test_areas_that_differ_by_chance_have_a_dispersion_of_one_and_others_more(kind):
    draws = np.random.default_rng(3)
    people = draws.integers(2000, 50_000, 2000)
    count = draws.poisson(people * 0.02) if kind == "rate" else draws.binomial(people, 0.02)
    assert funnel.dispersion(100 * count / people, 2, people, 100, kind) == pytest.approx(1, abs=0.1)
    unlike = draws.poisson(people * 0.02 * draws.normal(1, 0.2, 2000))
    assert funnel.dispersion(100 * unlike / people, 2, people, 100, kind) > 3
    assert np.isnan(funnel.dispersion([1, 2, 3], 2, [10, 10, 10], 100, kind))


def test_many_areas_at_once_have_the_limits_of_each_alone():
    people = np.random.default_rng(2).uniform(1, 5e6, 3000)
    together = funnel.limits(300, people, 100_000, "rate")
    for i in range(0, 3000, 100):
        alone = funnel.limits(300, people[i], 100_000, "rate")
        for field in ("lower95", "upper95", "lower998", "upper998"):
            assert getattr(together, field)[i] == pytest.approx(getattr(alone, field), rel=1e-6)
