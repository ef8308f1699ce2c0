"""Life expectancy: a case with a known answer, a simulation as second route, and the limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods.life_expectancy import STARTS, life_expectancy

# The example that the open code of the public health profiles carries, with the results of its own tests.
DEATHS = [17, 9, 4, 8, 20, 15, 24, 33, 50, 71, 100, 163, 263, 304, 536, 872, 1390, 1605, 1936, 1937]
POPULATIONS = [7060, 35059, 46974, 48489, 43219, 38561, 46009, 57208, 61435, 55601,
               50209, 56416, 46411, 39820, 37978, 37039, 33288, 23306, 11936, 11936]  # fmt: skip


def at_birth_and_65(found):
    years, lower, upper = found
    return {
        "at birth": years[0], "lower": lower[0], "upper": upper[0],
        "at 65": years[14], "lower at 65": lower[14], "upper at 65": upper[14],
    }  # fmt: skip


GUIDE = [
    Formula(
        "Life expectancy: Chiang's abridged life table",
        life_expectancy,
        "q = w M / (1 + (1 - a) w M)        M deaths a person-year, w years in the band, a the part of it lived by those who die\n"
        "e(x) = years lived from x on / alive at x        last band: 1/M\n"
        "variance: Σ alive² ((1 - a) w + e of the next)² q² (1 - q) / d, and alive² / (d M²) for the last band",
        "Life expectancy of an area from deaths and people in 20 bands (under 1, 1-4, 5-9 ... 90 and over).",
        "a is 0.1 in the first year of life and 0.5 elsewhere. No figure under 5,000 person-years, with a band without people, "
        "more deaths than people, or no death in the last band; none where the interval is wider than 20 years.",
        "Chiang 1968; Silcocks and others 2001 for the last band; Toson and Baker 2003 for 5,000; PHEindicatormethods.",
        [
            Example(
                "the open code's example",
                {"deaths": DEATHS, "populations": POPULATIONS},
                {
                    "at birth": 80.16960813,
                    "lower": 79.88268548,
                    "upper": 80.45653078,
                    "at 65": 18.76856852,
                    "lower at 65": 18.57570352,
                    "upper at 65": 18.96143352,
                },
                "the published results of PHEindicatormethods (there with z = 1.96)",
                5e-5,
            ),
        ],
        pick=at_birth_and_65,
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


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


PUBLISHED = [80.16960813, 79.36245674, 75.44193645, 70.47299936, 65.52909542, 60.67510088, 55.78835987,
             50.92752727, 46.06740425, 41.24505636, 36.49322717, 31.83343842, 27.26027992, 22.9719144,
             18.76856852, 14.95858336, 11.51684445, 8.618849241, 6.163942934, 6.16210635]  # fmt: skip


def test_every_age_is_as_published():
    assert life_expectancy(DEATHS, POPULATIONS)[0] == pytest.approx(PUBLISHED, abs=1e-6)


def test_many_areas_and_years_at_once_are_those_of_each():
    deaths = np.stack([np.array(DEATHS) * k for k in (0.5, 1, 1.5)])[:, None, :]
    together = life_expectancy(deaths, np.tile(POPULATIONS, (3, 2, 1)))
    assert all(part.shape == (3, 2, 20) for part in together)
    for i, k in enumerate((0.5, 1, 1.5)):
        for part, alone in zip(together, life_expectancy(np.array(DEATHS) * k, POPULATIONS), strict=True):
            assert part[i, 1] == pytest.approx(alone)


def test_one_faulty_area_does_not_spoil_the_others():
    deaths = np.array([DEATHS, DEATHS], dtype=float)
    deaths[0, 3] = np.nan
    years = life_expectancy(deaths, POPULATIONS)[0]
    assert np.isnan(years[0]).all() and years[1, 0] == pytest.approx(PUBLISHED[0])


@given(st.integers(0, 19), st.integers(1, 100))
def test_another_death_never_lengthens_life(band, more):
    deaths = np.array(DEATHS)
    worse = deaths.copy()
    worse[band] += more
    assert life_expectancy(worse, POPULATIONS)[0][0] <= life_expectancy(deaths, POPULATIONS)[0][0] + 1e-12


@given(st.integers(2, 40))
def test_more_people_at_the_same_rates_narrow_the_interval(times):
    _, lower, upper = life_expectancy(DEATHS, POPULATIONS)
    _, low, high = life_expectancy(np.array(DEATHS) * times, np.array(POPULATIONS) * times)
    assert (high[0] - low[0]) == pytest.approx((upper[0] - lower[0]) / times**0.5)


def test_the_wider_interval_of_99_8_per_cent_is_judged_by_that_of_95():
    years, lower, _ = life_expectancy(DEATHS, POPULATIONS, confidence=0.998)
    assert years[0] == pytest.approx(PUBLISHED[0])
    assert lower[0] == pytest.approx(
        80.16960813 - (80.16960813 - 79.88268548) / 1.959964 * 3.090232, abs=1e-5
    )
