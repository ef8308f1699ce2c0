"""Small numbers: what is hidden, what is rounded, and what a total gives away."""

import math

import numpy as np
import pytest

from workbook.methods import small_numbers


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (12.5, 15), (13, 15), (1002, 1000)],
)
def test_one_to_seven_are_hidden_and_the_rest_rounded_to_five(count, shown):
    values, hidden = small_numbers.protect(count)
    assert bool(hidden) == (shown is None)
    assert math.isnan(values) if shown is None else values == shown


def test_a_missing_count_is_missing_and_not_hidden():
    values, hidden = small_numbers.protect([math.nan, 3])
    assert np.isnan(values).all() and list(hidden) == [False, True]


def test_other_limits_by_source():
    assert small_numbers.protect(4, high=4).hidden and not small_numbers.protect(5, high=4).hidden
    assert small_numbers.protect(14, base=1).values == 14


def test_averages_are_hidden_by_the_people_behind_them():
    values, hidden = small_numbers.protect_values([2.5, 3.5], [7, 8])
    assert list(hidden) == [True, False] and values[1] == 3.5


def test_a_single_hidden_cell_is_given_away_by_its_total():
    hidden = [[True, False, False], [True, True, False], [False, False, False]]
    assert list(small_numbers.given_away(hidden)) == [True, False, False]
