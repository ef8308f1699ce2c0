"""Life expectancy: a case with a known answer, a simulation as second route, and the limits."""

import numpy as np
import pytest

from workbook.methods.life_expectancy import STARTS, life_expectancy

PEOPLE = np.array([1200, 4800, *[6000] * 12, 5500, 5000, 4000, 2500, 1500, 900.0])
RATES = np.array([0.004, 0.0002, 0.0001, 0.0001, *np.geomspace(0.0003, 0.2, 16)])


def test_the_same_rate_at_every_age_gives_its_inverse():
    # Deaths a year lived are the same throughout, so the years lived are deaths / rate: 80 at every age.
    years, lower, upper = life_expectancy(PEOPLE * 50 / 80, PEOPLE * 50)
    assert years == pytest.approx(np.full(len(STARTS), 80))
    assert (lower < 80).all() and (upper > 80).all()


def test_two_bands_by_hand():
    # 0-9 and 10 and over: q = 10 x 0.02 / (1 + 0.5 x 10 x 0.02) = 0.2 / 1.1; then 1 / 0.05 = 20 years.
    years, _, _ = life_expectancy([200, 500], [10_000, 10_000], starts=[0, 10])
    q = 0.2 / 1.1
    assert years == pytest.approx([10 * (1 - q / 2) + (1 - q) * 20, 20])


def test_the_interval_agrees_with_a_simulation():
    expected = PEOPLE * RATES
    _, lower, upper = life_expectancy(expected, PEOPLE)
    draws = np.random.default_rng(7).poisson(expected, (2000, len(expected)))
    simulated = [life_expectancy(d, PEOPLE)[0][0] for d in draws]
    assert (upper[0] - lower[0]) / 3.92 == pytest.approx(np.nanstd(simulated), rel=0.06)


def test_what_cannot_be_worked_out_is_nan():
    deaths = PEOPLE * RATES
    assert np.isnan(life_expectancy(deaths / 20, PEOPLE / 20)[0]).all()  # under 5,000 person-years
    for index, value in ((-1, 0), (3, 1e9), (3, -1)):
        wrong = deaths.copy()
        wrong[index] = value
        assert np.isnan(life_expectancy(wrong, PEOPLE)[0]).all()
    with pytest.raises(ValueError, match="do not agree"):
        life_expectancy(deaths[:5], PEOPLE)


def test_an_interval_wider_than_twenty_years_is_not_shown():
    people = np.full(20, 260.0)
    years, _, _ = life_expectancy(np.full(20, 0.05), people)
    assert np.isnan(years[0])
