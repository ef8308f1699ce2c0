"""Standardised rates: two bands worked by hand, and the edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import intervals, standardise

NEVER = {"value": NAN, "lower": NAN, "upper": NAN}
TWO_BANDS = {"populations": [1000, 500], "weights": [3, 1], "per": 1000}

GUIDE = [
    Formula(
        "Directly standardised rate: Dobson's interval",
        standardise.direct,
        "DSR = Σ(w x / n) / Σw        Var = Σ(w² x / n²) / (Σw)²\n"
        "limits: DSR + √(Var / X) · (L - X)        X all events, L the limits of that count",
        "Mortality and admissions by age band, weighted to the European Standard Population 2013 (19 bands).",
        "No rate where fewer than 10 events happened in all, or where a band has no population.",
        "Dobson and others 1991; Office for Health Improvement and Disparities, Technical guide: DSRs; "
        "PHEindicatormethods.",
        [
            Example(
                "two bands of weights 3 and 1",
                {"counts": [20, 30], **TWO_BANDS},
                {"value": 30, "lower": 22.1053, "upper": 39.7490},
                "Var = (9 · 20/1000² + 30/500²)/16; Byar's limits of 50 are 37.1081 and 65.9202",
                1e-3,
            ),
            Example(
                "one band is the crude rate",
                {"counts": [50], "populations": [1000], "weights": [7], "per": 1000},
                {"value": 50, "lower": 37.1081, "upper": 65.9202},
                "Byar's limits of 50",
                1e-3,
            ),
            Example("nine events", {"counts": [4, 5], **TWO_BANDS}, NEVER, "the rule"),
        ],
        ("value", "lower", "upper"),
    ),
    Formula(
        "The same for events that happen to one person repeatedly",
        standardise.repeated,
        "x = Σ f p_f        Var = Σ(w² Σ(f² p_f) / n²) / (Σw)²        p_f people had the event f times",
        "Emergency admissions, attendances: one patient may count many times, so events are not independent and "
        "the plain interval is too narrow.",
        "The rate is that of the formula above, and so is the interval where everybody had the event once.",
        "PHEindicatormethods (calculate_dsr, events that are not independent); Stukel and others 1994.",
        [
            Example(
                "20 and 30 admissions of 15 and 25 people",
                {"persons": [[10, 5], [20, 5]], "times": [1, 2], **TWO_BANDS},
                {"value": 30, "lower": 20.5485, "upper": 41.6717},
                "Var = (9 · 30/1000² + 40/500²)/16",
                1e-3,
            ),
            Example(
                "the same admissions, each of another person",
                {"persons": [[20, 0], [30, 0]], "times": [1, 2], **TWO_BANDS},
                {"value": 30, "lower": 22.1053, "upper": 39.7490},
                "the formula above",
                1e-3,
            ),
        ],
        ("value", "lower", "upper"),
    ),
    Formula(
        "How much repeated events inflate the variance",
        standardise.repeat_factor,
        "Σ(f² p_f) / Σ(f p_f)",
        "Multiplies the variance of a directly standardised rate where the repeats are known for the area "
        "but not by age band.",
        "1 where nobody had the event twice; not available where nobody had it.",
        "Variance of a compound Poisson count.",
        [
            Example(
                "70 people once, 20 twice, 10 three times",
                {"persons": [70, 20, 10], "times": [1, 2, 3]},
                240 / 140,
                "(70 + 80 + 90) / (70 + 40 + 30)",
            ),
            Example("everybody once", {"persons": [70, 0, 0], "times": [1, 2, 3]}, 1.0),
        ],
    ),
    Formula(
        "Potential years of life lost",
        standardise.years_lost,
        "Σ(w d L / n) / Σw        Var = Σ(w² Σ L² / n²) / (Σw)²        L years lost by each of d deaths",
        "Ambition 1: years lost from causes amenable to health care, standardised by age and sex "
        "(bands of both together).",
        "Not the variance of plain deaths: a death that loses 40 years weighs 1,600, not 40. "
        "No figure under 10 deaths in all.",
        "NHS Outcomes Framework, indicator 1a; variance of a weighted sum of Poisson counts (Dobson and others 1991). "
        "It gives the intervals published for England's women and men, 2003 to 2014 (tests/spec/test_published.py).",
        [
            Example(
                "20 deaths lose 40 years each, 30 lose 10",
                {"deaths": [20, 30], "remaining": [40, 10], **TWO_BANDS},
                {"value": 750, "lower": 500.3489, "upper": 1058.2910},
                "Var = (9 · 20 · 1600/1000² + 30 · 100/500²)/16 = 0.3/16",
                0.01,
            ),
        ],
        ("value", "lower", "upper"),
    ),
    Formula(
        "Indirectly standardised ratio",
        standardise.indirect,
        "100 · O / E, with the limits of the count O in place of O        E = Σ(n · standard's rate)",
        "Where an area's own events by age are not known or too few: observed against what the standard's rates "
        "would give.",
        "Only to be compared with the standard, not with another area's ratio. Not available where nothing is expected.",
        "Breslow and Day 1987; PHEindicatormethods.",
        [
            Example(
                "60 observed, 50 expected",
                {"observed": 60, "expected": 50},
                {"value": 120, "lower": 91.57, "upper": 154.47},
                "twice Byar's limits of 60",
                0.01,
            ),
            Example("nothing expected", {"observed": 5, "expected": 0}, NEVER, "the rule"),
        ],
        ("value", "lower", "upper"),
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


# Two bands with weights 3 and 1. Rates 20/1000 and 30/500; DSR = (3 x 0.02 + 1 x 0.06) / 4 = 0.03.
COUNTS, PEOPLE, WEIGHTS = [20, 30], [1000, 500], [3, 1]


def test_the_european_standard_population_has_19_bands_and_100_000_people():
    assert standardise.ESP2013.shape == (19,)
    assert standardise.ESP2013.sum() == 100_000


def test_direct_rate_and_dobson_interval_by_hand():
    value, lower, upper = standardise.direct(COUNTS, PEOPLE, WEIGHTS, per=1000)
    # Var = (9 x 20 / 1000^2 + 30 / 500^2) / 16 = 0.0003 / 16; Byar(50) = 37.1081 and 65.9202
    step = math.sqrt(0.0003 / 16 / 50)
    assert value == pytest.approx(30)
    assert lower == pytest.approx(1000 * (0.03 + step * (37.1081 - 50)), abs=1e-3)
    assert upper == pytest.approx(1000 * (0.03 + step * (65.9202 - 50)), abs=1e-3)


def test_one_band_is_the_crude_rate():
    value, lower, upper = standardise.direct([50], [1000], [7], per=1000)
    assert (value, lower, upper) == pytest.approx((50, 37.1081, 65.9202), abs=1e-3)


def test_no_rate_under_ten_events_unless_asked_and_none_without_people():
    assert all(math.isnan(part) for part in standardise.direct([4, 5], PEOPLE, WEIGHTS))
    value, lower, upper = standardise.direct([4, 5], PEOPLE, WEIGHTS, minimum=0)
    assert 0 < lower < value < upper
    assert math.isnan(standardise.direct(COUNTS, [1000, 0], WEIGHTS)[0])


def test_many_areas_at_once_and_repeated_events_widen():
    counts, people = np.tile(COUNTS, (3, 2, 1)), np.tile(PEOPLE, (3, 2, 1))
    value, lower, _ = standardise.direct(counts, people, WEIGHTS)
    assert value.shape == (3, 2) and np.ptp(value) == 0
    _, wider, _ = standardise.direct(COUNTS, PEOPLE, WEIGHTS, inflation=2)
    assert wider < lower[0, 0]


def test_bands_and_weights_must_agree():
    with pytest.raises(ValueError, match="2 age bands cannot take 19 weights"):
        standardise.direct(COUNTS, PEOPLE)


def test_years_of_life_lost_use_the_variance_of_years():
    # 20 deaths lose 40 years each and 30 lose 10: (3 x 20 x 40 / 1000 + 30 x 10 / 500) / 4 = 0.75 a head
    value, lower, upper = standardise.years_lost(COUNTS, [40, 10], PEOPLE, WEIGHTS, per=1000)
    assert value == pytest.approx(750)
    # Var = (9 x 20 x 1600 / 1000^2 + 30 x 100 / 500^2) / 16 = (0.288 + 0.012) / 16
    step = math.sqrt(0.3 / 16 / 50)
    assert lower == pytest.approx(750 + 1000 * step * (37.1081 - 50), abs=0.01)
    assert upper == pytest.approx(750 + 1000 * step * (65.9202 - 50), abs=0.01)


def test_indirect_ratio_of_observed_and_expected():
    expected = standardise.expected([200, 300], [10_000, 5_000], PEOPLE)
    assert expected == pytest.approx(20 + 30)
    value, lower, upper = standardise.indirect(60, expected)
    assert (value, lower, upper) == pytest.approx((120, 91.57, 154.46), abs=0.01)
    assert math.isnan(standardise.indirect(5, 0)[0])


BANDS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 10_000), st.integers(1, 7000)), min_size=1, max_size=19
)


@given(BANDS, st.integers(10, 500), st.integers(500, 20_000))
def test_the_same_rate_in_every_band_gives_the_crude_rate(bands, count, people):
    weights = [w for _, _, w in bands]
    value, lower, upper = standardise.direct([count] * len(bands), [people] * len(bands), weights)
    assert value == pytest.approx(1e5 * count / people)
    assert lower < value < upper


@given(BANDS, st.integers(1, 20_000))
def test_bands_of_equal_weight_and_size_give_the_crude_rate_and_its_interval(bands, people):
    counts = [x for x, _, _ in bands]
    found = standardise.direct(counts, [people] * len(bands), np.ones(len(bands)))
    if sum(counts) < standardise.MINIMUM_COUNT:
        assert all(math.isnan(part) for part in found)
    else:
        assert found == pytest.approx(intervals.rate(sum(counts), people * len(bands)))


@given(BANDS)
def test_the_rate_lies_in_its_interval_and_ten_times_the_events_narrow_it(bands):
    counts, people, weights = (np.array(part, dtype=float) for part in zip(*bands, strict=True))
    value, lower, upper = standardise.direct(counts, people, weights)
    if counts.sum() >= standardise.MINIMUM_COUNT:
        assert lower <= value <= upper
        more = standardise.direct(10 * counts, 10 * people, weights)
        assert more[0] == pytest.approx(value) and more[2] - more[1] < upper - lower


@given(BANDS)
def test_the_second_route_by_sums_written_out(bands):
    counts, people, weights = zip(*bands, strict=True)
    total = sum(counts)
    if total < standardise.MINIMUM_COUNT:
        return
    value = sum(w * x / n for x, n, w in bands) / sum(weights)
    variance = sum(x * (w / n) ** 2 for x, n, w in bands) / sum(weights) ** 2
    low = total * (1 - 1 / (9 * total) - stats.norm.ppf(0.975) / (3 * math.sqrt(total))) ** 3
    found = standardise.direct(counts, people, weights, per=1)
    assert found[:2] == pytest.approx((value, value + math.sqrt(variance / total) * (low - total)))


def test_the_interval_for_repeated_events_covers_what_a_simulation_gives():
    """Four thousand years of people who are admitted once, twice or three times: 95 in 100 intervals hold the true rate."""
    people, times, mean = np.array([2000, 1000, 500]), np.array([1, 2, 3]), np.array([60, 25, 15])
    weights, share = np.array([3, 2, 1.0]), np.array([0.6, 0.25, 0.15])
    persons = np.random.default_rng(4).poisson(mean[:, None] * share, (4000, 3, 3))
    truth = 1e5 * (weights * mean * (share @ times) / people).sum() / weights.sum()
    _, lower, upper = standardise.repeated(persons, times, people, weights)
    assert np.mean((lower <= truth) & (truth <= upper)) == pytest.approx(0.95, abs=0.015)
    plain = standardise.direct(persons @ times, people, weights)
    assert np.mean((plain[1] <= truth) & (truth <= plain[2])) < 0.87


@given(st.lists(st.integers(0, 50), min_size=3, max_size=3), st.integers(2, 6))
def test_one_factor_serves_where_people_repeat_alike_in_every_band(once, bands):
    times = [1, 2, 3]
    persons, populations = np.tile(once, (bands, 1)) * np.arange(1, bands + 1)[:, None], np.full(bands, 5000)
    weights = np.arange(1, bands + 1)
    by_band = standardise.repeated(persons, times, populations, weights)
    factor = standardise.repeat_factor(np.sum(persons, axis=0), times)
    by_factor = standardise.direct(persons @ np.array(times), populations, weights, inflation=factor)
    assert by_factor == pytest.approx(by_band, nan_ok=True)


def test_years_lost_that_differ_within_a_band_take_the_sum_of_their_squares():
    # Ten deaths of 30 years and ten of 50 in a band: mean 40, squares 10 x 900 + 10 x 2500 = 34,000 for 32,000.
    alike = standardise.years_lost([20, 30], [40, 10], PEOPLE, WEIGHTS)
    apart = standardise.years_lost([20, 30], [40, 10], PEOPLE, WEIGHTS, squares=[34_000, 3_000])
    assert apart[0] == alike[0] and apart[2] - apart[1] > alike[2] - alike[1]


def test_years_lost_cover_what_a_simulation_gives():
    deaths, years, people = np.array([15, 30, 40]), np.array([60, 30, 10]), np.array([9000, 7000, 4000])
    weights = np.array([5, 4, 2.0])
    drawn = np.random.default_rng(5).poisson(deaths, (4000, 3))
    value, lower, upper = standardise.years_lost(drawn, years, people, weights)
    truth = 1e5 * (weights * deaths * years / people).sum() / weights.sum()
    assert np.mean((lower <= truth) & (truth <= upper)) == pytest.approx(0.95, abs=0.015)
    assert np.std(value) == pytest.approx(
        1e5 * math.sqrt((weights**2 * deaths * years**2 / people**2).sum()) / weights.sum(), rel=0.03
    )


def test_more_people_in_a_band_of_low_rates_move_the_crude_and_not_the_standardised_rate():
    young, old = (
        standardise.direct([10, 80], [10_000, 1000], [5, 1]),
        standardise.direct([100, 8], [100_000, 100], [5, 1]),
    )
    assert young[0] == pytest.approx(old[0])
