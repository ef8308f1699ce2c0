"""Notice periods (National Audit Office): three months, longer on three grounds."""

from datetime import date

import pytest

from workbook.methods.notice import add_months, earliest_end, left_to_year_end, year_end


@pytest.mark.parametrize(
    ("facts", "end", "words"),
    [
        ({}, date(2026, 4, 1), "3 months of notice are advised"),
        ({"contract_months": 1}, date(2026, 4, 1), "3 months of notice are advised"),
        ({"contract_months": 12}, date(2027, 1, 1), "contract asks for 12 months"),
        ({"staff_transfer": True}, date(2026, 7, 1), "Staff move"),
        ({"residential": True}, date(2026, 7, 1), "People live"),
        ({"assets": True}, date(2026, 7, 1), "Buildings or equipment"),
        ({"assets": True, "contract_months": 9}, date(2026, 10, 1), "contract asks for 9 months"),
        ({"assets": True, "longer_months": 8}, date(2026, 9, 1), "8 months are advised"),
    ],
)
def test_the_longest_period_counts_and_is_named(facts, end, words):
    found = earliest_end(date(2026, 1, 1), **facts)
    assert found.date == end
    assert words in " ".join(found.reasons)


def test_every_ground_that_asks_for_the_longest_period_is_named():
    _, reasons, _ = earliest_end(date(2026, 1, 1), staff_transfer=True, residential=True)
    assert len(reasons) == 2


@pytest.mark.parametrize(
    ("contract_end", "words"),
    [
        (date(2026, 2, 1), "extend it, or tell the provider"),
        (date(2026, 12, 1), "notice clause"),
        (date(2026, 4, 1), None),
    ],
)
def test_the_contracts_own_end_is_said_and_does_not_move_the_date(contract_end, words):
    found = earliest_end(date(2026, 1, 1), contract_end=contract_end)
    assert found.date == date(2026, 4, 1)
    assert (words in found.reasons[-1]) if words else len(found.reasons) == 1


@pytest.mark.parametrize(
    ("breaks", "end", "words"),
    [
        (False, date(2026, 12, 1), "cannot be ended sooner"),
        (True, date(2026, 4, 1), "needs its notice clause."),
        (None, date(2026, 4, 1), "it is assumed that it has one"),
    ],
)
def test_a_contract_without_a_break_bounds_the_date(breaks, end, words):
    found = earliest_end(date(2026, 1, 1), contract_end=date(2026, 12, 1), breaks=breaks)
    assert found.date == end
    assert found.by_notice == date(2026, 4, 1)
    assert words in found.reasons[-1]


def test_a_contract_that_ends_before_the_notice_bounds_nothing():
    found = earliest_end(date(2026, 1, 1), contract_end=date(2026, 2, 1), breaks=False)
    assert found.date == found.by_notice == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("given", "last", "left"),
    [
        (date(2026, 2, 1), date(2026, 3, 31), True),
        (date(2026, 2, 20), date(2026, 4, 30), True),
        (date(2026, 2, 1), date(2026, 3, 1), True),
        (date(2026, 1, 31), date(2026, 3, 31), False),
        (date(2026, 2, 1), date(2026, 2, 28), False),
        (date(2026, 2, 1), date(2026, 5, 1), False),
        (date(2025, 6, 1), date(2026, 3, 31), False),
    ],
)
def test_an_end_at_the_turn_of_the_year_on_late_notice_is_left_to_year_end(given, last, left):
    assert left_to_year_end(given, last) is left


def test_a_financial_year_ends_on_31_march():
    assert year_end(date(2026, 3, 31)) == date(2026, 3, 31)
    assert year_end(date(2026, 4, 1)) == date(2027, 3, 31)


def test_months_keep_to_the_end_of_a_shorter_month():
    assert add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert add_months(date(2025, 12, 15), 1) == date(2026, 1, 15)
