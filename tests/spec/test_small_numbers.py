"""Small numbers: what is hidden, what is rounded, and what a total gives away."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import small_numbers

GUIDE = [
    Formula(
        "Small numbers",
        small_numbers.protect,
        "1 to 7: hidden (*)        others: rounded to the nearest 5        0 stays 0",
        "Counts and averages below national level. Standardised rates and their intervals are exempt.",
        "A missing count stays missing and is not called hidden. The limits and the base differ by source and are arguments.",
        "NHS England (NHS Digital), disclosure control of hospital statistics below national level.",
        [
            Example("7 people", {"counts": 7}, {"values": NAN, "hidden": True}, "the rule"),
            Example("8 people", {"counts": 8}, {"values": 10, "hidden": False}, "the rule"),
            Example("1,002 people", {"counts": 1002}, {"values": 1000, "hidden": False}, "the rule"),
            Example(
                "another source: 1 to 4, not rounded",
                {"counts": 6, "high": 4, "base": 1},
                {"values": 6, "hidden": False},
                "the rule",
            ),
        ],
    ),
    Formula(
        "What else to hide, so that totals give nothing away",
        small_numbers.covered,
        "in a row or column with exactly one hidden figure, the smallest other above zero goes too, until none is left",
        "A table with totals by row and column.",
        "A hint and no proof: figures can also leak through other tables. Zeros are not hidden.",
        "Secondary suppression, Government Statistical Service guidance on tables.",
        [
            Example(
                "one cell of four hidden",
                {"counts": [[3, 20], [30, 40]], "hidden": [[True, False], [False, False]]},
                [[True, True], [True, True]],
            ),
            Example(
                "nothing hidden",
                {"counts": [[9, 20], [30, 40]], "hidden": [[False, False], [False, False]]},
                [[False, False], [False, False]],
            ),
        ],
        pick=lambda table: {"": table.tolist()},
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


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


@given(st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=3, max_size=6))
def test_no_row_or_column_gives_away_what_is_covered(rows):
    counts = np.array(rows)
    gone = small_numbers.covered(counts, small_numbers.protect(counts).hidden)
    assert (gone >= small_numbers.protect(counts).hidden).all()
    for axis in (0, 1):
        alone = np.expand_dims(small_numbers.given_away(gone, axis), axis)
        assert not (alone & ~gone & (counts > 0)).any()


@given(st.integers(0, 10_000), st.integers(1, 20), st.sampled_from([1, 5, 10]))
def test_what_is_shown_is_within_half_a_step(count, high, base):
    values, hidden = small_numbers.protect(count, high=high, base=base)
    assert bool(hidden) == (1 <= count <= high)
    if not hidden:
        assert abs(float(values) - count) <= base / 2


def test_the_smallest_other_goes_too_and_a_zero_does_not():
    more = small_numbers.also_hide(
        [[3, 9, 0, 20], [3, 4, 9, 9], [8, 9, 9, 9]], [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
    )
    assert more.tolist() == [[False, True, False, False], [False] * 4, [False] * 4]
    assert not small_numbers.also_hide([3, 0, 0], [True, False, False]).any()
