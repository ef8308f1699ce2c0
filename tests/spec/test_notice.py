"""Notice periods (National Audit Office): three months, longer on three grounds."""

from datetime import date

import pytest

from workbook.methods.notice import add_months, earliest_end


@pytest.mark.parametrize(
    ("facts", "end", "words"),
    [
        ({}, date(2026, 4, 1), "3 months of notice are due"),
        ({"contract_months": 1}, date(2026, 4, 1), "3 months of notice are due"),
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
    _, reasons = earliest_end(date(2026, 1, 1), staff_transfer=True, residential=True)
    assert len(reasons) == 2


@pytest.mark.parametrize(
    ("contract_end", "words"),
    [
        (date(2026, 2, 1), "have to be extended"),
        (date(2026, 12, 1), "notice clause"),
        (date(2026, 4, 1), None),
    ],
)
def test_the_contracts_own_end_is_said_and_does_not_move_the_date(contract_end, words):
    found = earliest_end(date(2026, 1, 1), contract_end=contract_end)
    assert found.date == date(2026, 4, 1)
    assert (words in found.reasons[-1]) if words else len(found.reasons) == 1


def test_months_keep_to_the_end_of_a_shorter_month():
    assert add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert add_months(date(2025, 12, 15), 1) == date(2026, 1, 15)
