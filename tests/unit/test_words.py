"""Figures and lists as words."""

import math
from datetime import date

import pytest

from workbook import words


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "printed"),
    [
        (12345, None, "", "12,345"),
        (1.44, None, "years", "1.44 years"),
        (1234, None, "£000s", "£1,234k"),
        (-1234, None, "£000s", "-£1,234k"),
        (12.3, None, "%", "12.3%"),
        (12.34, 2, "per 100,000", "12.34 per 100,000"),
        (1234.56, None, "", "1,234.56"),
        (5, 1, "£ million", "£5.0m"),
        (550, 0, "£ a head", "£550 a head"),
        (-0.04, 1, "%", "0.0%"),  # no minus before a zero
        (None, None, "%", "not available"),
        (math.nan, 1, "", "not available"),
    ],
)
def test_a_number_with_its_unit(value, decimals, unit, printed):
    assert words.number(value, decimals, unit) == printed


@pytest.mark.parametrize(
    ("change", "decimals", "unit", "printed"),
    [
        (3.24, 1, "%", "+3.2%"),
        (-3.24, 1, "%", "-3.2%"),
        (0.04, 1, "%", "0.0%"),  # no sign before a zero
        (-0.04, 1, "%", "0.0%"),
        (1234.5, 1, "%", "+1,234.5%"),
        (2, 0, "", "+2"),
        (3.2, 1, "per cent", "+3.2 per cent"),
        (None, 1, "%", "not available"),
        (math.nan, 1, "%", "not available"),
    ],
)
def test_a_change_has_its_sign(change, decimals, unit, printed):
    assert words.signed(change, decimals, unit) == printed


@pytest.mark.parametrize(
    ("thousands", "printed"),
    [
        (950, "£950k"),
        (999.4, "£999k"),
        (999.6, "£1.0m"),
        (12_400, "£12.4m"),
        (999_949, "£999.9m"),
        (999_950, "£1.00bn"),
        (-1_200_000, "-£1.20bn"),
        (-0.3, "£0k"),
        (None, "not available"),
    ],
)
def test_money_as_a_reader_says_it(thousands, printed):
    assert words.money(thousands) == printed


@pytest.mark.parametrize(("start", "printed"), [(2025, "2025/26"), (1999, "1999/00"), (2009, "2009/10")])
def test_financial_years(start, printed):
    assert words.financial_year(start) == printed


@pytest.mark.parametrize(
    ("items", "printed"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(items, printed):
    assert words.listed(items) == printed


def test_the_joint_can_be_or():
    assert words.listed(["yes", "no"], "or") == "yes or no"


@pytest.mark.parametrize(("count", "printed"), [(0, "no schemes"), (1, "1 scheme"), (3, "3 schemes")])
def test_plurals(count, printed):
    assert words.plural(count, "scheme") == printed


def test_an_odd_plural():
    assert words.plural(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("unit", "printed"),
    [
        ("%", "in %"),
        ("years per 100,000", "in years per 100,000"),
        ("per 100,000", "per 100,000"),
        ("out of 1", "out of 1"),
        ("as a ratio, 100 = as expected", "as a ratio, 100 = as expected"),
    ],
)
def test_what_values_are_counted_in(unit, printed):
    assert words.in_unit(unit) == printed


def test_a_unit_of_two_parts_stands_in_brackets():
    assert words.number(100, 1, "as a ratio, 100 = as expected") == "100.0 (as a ratio, 100 = as expected)"


def test_a_day():
    assert words.day(date(2026, 5, 14)) == "14 May 2026"


def test_of_a_long_list_the_first_are_named_and_the_others_counted() -> None:
    assert words.some(["a", "b", "c"], 3) == "a, b and c"
    assert words.some(["a", "b", "c", "d"], 3) == "a, b, c and 1 other"
    assert words.some(["a", "b", "c", "d", "e"], 3) == "a, b, c and 2 others"
