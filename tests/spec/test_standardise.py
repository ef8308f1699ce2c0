"""Standardised rates: two bands worked by hand, and the edges."""

import math

import numpy as np
import pytest

from workbook.methods import standardise

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
