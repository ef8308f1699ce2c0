"""Figures in the wrong unit: suspected where they must be, and seldom where they need not."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import doubt

PERCENTAGES = [12.1, 13.5, 14.0, 15.2, 16.3, 17.1]

GUIDE = [
    Formula(
        "A figure in the wrong unit",
        doubt.factor_suspected,
        "suspected where the value lies more than 10 times beyond the others' range, and value / f lies within it\n"
        "for f = 100, 1,000, 1/100 or 1/1,000; of several, the one that comes nearest to the others' median",
        "A share among percentages, pounds among thousands of pounds. It is asked about, never put right in silence.",
        "None with fewer than five others, for zero, a missing value, or one of another sign. A merely unusual area is not "
        "suspected.",
        "Our own.",
        [
            Example("0.15 among percentages", {"value": 0.15, "others": PERCENTAGES}, 0.01, "15 lies among 12 to 17"),
            Example("1,500 among percentages", {"value": 1500, "others": PERCENTAGES}, 100.0, "15 lies among them"),
            Example("£14,200 among thousands", {"value": 14_200, "others": PERCENTAGES}, 1000.0, "14.2 lies among them"),
            Example("40 among percentages: unusual, no more", {"value": 40, "others": PERCENTAGES}, None, "the rule"),
            Example("700 among percentages: no factor fits", {"value": 700, "others": PERCENTAGES}, None, "7 and 0.7 do not"),
            Example("four others", {"value": 1500, "others": PERCENTAGES[:4]}, None, "the rule"),
        ],
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


ALIKE = st.lists(st.floats(10, 60), min_size=5, max_size=20)


@given(ALIKE, st.data(), st.sampled_from(doubt.FACTORS))
def test_a_figure_of_the_others_times_a_factor_is_suspected_of_just_that(others, data, factor):
    value = data.draw(st.floats(min(others), max(others)))
    assert doubt.factor_suspected(value, others) is None
    assert doubt.factor_suspected(value * factor, others) == factor


@given(ALIKE, st.floats(1.01, 600))
def test_nothing_within_ten_times_the_range_is_suspected(others, value):
    if min(others) / 10 <= value <= max(others) * 10:
        assert doubt.factor_suspected(value, others) is None


@given(ALIKE, st.floats(1e-4, 1e6), st.floats(1e-3, 1e3))
def test_the_unit_of_all_together_does_not_matter(others, value, times):
    one = doubt.factor_suspected(value, others)
    other = doubt.factor_suspected(value * times, [o * times for o in others])
    if not any(abs(abs(math.log10(value / o)) % 1) < 1e-9 for o in others):
        assert other == one


@pytest.mark.parametrize("value", [None, math.nan, math.inf, 0, -1500])
def test_what_a_logarithm_does_not_know_is_not_suspected(value):
    assert doubt.factor_suspected(value, PERCENTAGES) is None


def test_figures_below_zero_are_held_against_those_below_zero():
    assert doubt.factor_suspected(-1500, [-p for p in PERCENTAGES]) == 100


def test_areas_of_very_different_size_do_not_make_each_other_suspect():
    populations = np.geomspace(3000, 9_000_000, 40)
    for i, value in enumerate(populations):
        assert doubt.factor_suspected(value, np.delete(populations, i)) is None


def test_one_year_of_a_series_in_another_unit():
    assert doubt.points_suspected([12, 13, 1250, 12.4, 12.8]) == [None, None, 100, None, None]
    assert doubt.points_suspected([12, 13, 0.125, None, 12.4, 12.8]) == [None, None, 0.01, None, None, None]
    assert doubt.points_suspected([12, 1300, 13]) == [None] * 3
    assert doubt.points_suspected([]) == []


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([12, 13, 12.5, 1240, 1250], (3, 100.0)),
        ([1200, 1300, 12, 13], (2, 0.01)),
        ([12, None, 13, 12.5, 12_400, 12_500], (4, 1000.0)),
        ([12, 13, 12.5, 12.4, 12.5], None),
        ([12, 13, 12.5, 25, 26], None),
        ([1, 2, 4, 8, 16, 32, 64, 128, 256], None),  # growth is no step
        ([12, 1300], None),
    ],
)
def test_a_series_that_changes_its_unit_says_from_when(values, step):
    found = doubt.step_suspected(values)
    assert (found if found is None else tuple(found)) == step


@pytest.mark.real
def test_real_figures_are_not_suspected(real):
    """Treatable mortality of some 190 areas and 14 years, preventable cardiovascular mortality of some 300: none."""
    table = pd.read_csv(real / "ccg_outcomes" / "ccg_avoidable_mortality_2004_2019.csv")
    number = table.select_dtypes("number").columns
    year = next(c for c in table.columns if "year" in c.lower())
    suspected = 0
    for _, group in table.groupby(year):
        for column in (c for c in number if "treatable" in c.lower() or "avoidable" in c.lower()):
            values = group[column].dropna().to_numpy(dtype=float)
            suspected += sum(
                doubt.factor_suspected(v, np.delete(values, i)) is not None for i, v in enumerate(values)
            )
    assert suspected == 0


@pytest.mark.real
def test_a_real_figure_in_another_unit_is_nearly_always_suspected(real):
    """Every area of a year in turn, a hundred or a thousand times too large or too small, beside the others."""
    table = pd.read_csv(real / "ccg_outcomes" / "ccg_avoidable_mortality_2004_2019.csv")
    values = table.loc[table["year"] == 2018, "treatable_mortality_rate"].dropna().to_numpy(dtype=float)
    for factor in doubt.FACTORS:
        found = [doubt.factor_suspected(v * factor, np.delete(values, i)) for i, v in enumerate(values)]
        # The lowest and the highest area, so moved, lie outside the others' range by a hair.
        assert found.count(factor) >= len(values) - 2
        assert set(found) <= {factor, None}
