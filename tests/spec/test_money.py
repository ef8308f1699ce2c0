"""Growth, phasing of schemes, and printed figures that must agree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.methods import growth, phasing, rounding

# --- roll forward -------------------------------------------------------------


def test_one_year_by_hand():
    frame = growth.roll_forward(1000, 0.01, 0.02, 0.0415, 0.02)
    row = frame.iloc[0]
    assert row["demographic"] == pytest.approx(10)
    assert row["other"] == pytest.approx(1010 * 0.02)
    assert row["price"] == pytest.approx(1030.2 * 0.0415)
    assert row["efficiency"] == pytest.approx(-1030.2 * 1.0415 * 0.02)
    assert row["total"] == pytest.approx(1000 * 1.01 * 1.02 * 1.0415 * 0.98)


def test_uplift_of_4_15_and_efficiency_of_2_net_to_2_07_compounded():
    frame = growth.roll_forward(100, [0, 0], 0, 0.0415, 0.02)
    assert list(frame["year_index"]) == [1, 2]
    assert frame["total"].iloc[0] == pytest.approx(102.067)
    assert frame["price_factor"].iloc[1] == pytest.approx(1.0415**2)


def test_no_growth_changes_nothing():
    frame = growth.roll_forward(500, [0, 0, 0], 0, 0, 0)
    assert (frame["total"] == 500).all() and (frame[["demographic", "price", "efficiency"]] == 0).all().all()


fractions = st.floats(-0.2, 0.2)


@given(
    st.floats(0, 1e7),
    st.lists(st.tuples(fractions, fractions, fractions, fractions), min_size=1, max_size=10),
)
def test_contributions_add_up_to_the_change(base, years):
    frame = growth.roll_forward(base, *zip(*years, strict=True))
    parts = frame[["baseline", "demographic", "other", "price", "efficiency"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(frame["total"].to_numpy(), rel=1e-12, abs=1e-6)


def test_series_of_different_length_are_refused():
    with pytest.raises(ValueError, match="same number of years"):
        growth.roll_forward(100, [0.1, 0.1], [0.1] * 3, 0, 0)


def test_reductions_multiply_and_ranges_add_as_squares():
    assert growth.combined(0.1, 0.2) == pytest.approx(0.28)
    assert growth.add_ranges([0, 0], [3 * 2.563103, 4 * 2.563103]) == pytest.approx(5, rel=1e-6)


# --- phasing ------------------------------------------------------------------

YEARS = [2025, 2026, 2027, 2028, 2029]


def test_a_scheme_year_by_year_by_hand():
    frame = phasing.scheme(YEARS, 2026, [0.5, 1], 100, 40, 200, 0.6, 0)
    assert list(frame["set_up"]) == [0, 100, 0, 0, 0]
    assert list(frame["running"]) == [0, 20, 40, 40, 40]
    assert list(frame["released"]) == [0, 100, 200, 200, 200]
    assert list(frame["cashed"]) == [0, 60, 120, 120, 120]
    assert list(frame["double_running"]) == [0] * 5
    assert list(frame["net"]) == [0, -60, 80, 80, 80]


@pytest.mark.parametrize(
    ("months", "double_running"),
    [(0, [0, 0, 0, 0, 0]), (6, [0, 60, 0, 0, 0]), (12, [0, 120, 0, 0, 0]), (18, [0, 120, 60, 0, 0])],
)
def test_double_running_costs_the_saving_of_its_months(months, double_running):
    frame = phasing.scheme(YEARS, 2026, [], 0, 0, 200, 0.6, months)
    assert list(frame["double_running"]) == pytest.approx(double_running)
    assert frame["double_running"].sum() == pytest.approx(200 * 0.6 * months / 12)


def test_what_is_not_cashable_saves_nothing():
    frame = phasing.scheme(YEARS, 2025, [1], 10, 5, 1000, 0, 12)
    assert frame["released"].iloc[0] == 1000 and (frame["cashed"] == 0).all()
    assert (frame["double_running"] == 0).all() and (frame["net"] < 0).all()


def test_no_start_year_and_a_start_before_the_plan():
    assert (phasing.scheme(YEARS, None, [1], 10, 5, 100, 1).drop(columns="year") == 0).all().all()
    early = phasing.scheme(YEARS, 2024, [0.2, 0.7, 1], 10, 100, 0, 0)
    assert list(early["running"]) == pytest.approx([70, 100, 100, 100, 100])
    assert early["set_up"].sum() == 0


def test_a_pilot_that_ends_leaves_no_negative_double_running():
    frame = phasing.scheme(YEARS, 2025, [1, 0], 0, 10, 100, 1, 6)
    assert (frame["double_running"] >= 0).all() and list(frame["running"]) == [10, 0, 0, 0, 0]


@given(
    st.lists(st.floats(0, 1), max_size=5).map(sorted),
    st.integers(0, 60),
    st.floats(0, 1000),
    st.floats(0, 1),
)
def test_a_rising_ramp_never_cashes_more_than_it_releases(ramp, months, saving, share):
    frame = phasing.scheme(YEARS, 2025, ramp, 0, 0, saving, share, months)
    assert (frame["cashed"] <= frame["released"] + 1e-9).all()
    assert (frame["double_running"] <= frame["cashed"] + 1e-9).all()
    assert (np.diff(frame["net"]) >= -1e-6).all()


# --- printed figures ----------------------------------------------------------


def test_half_the_last_digit_either_way():
    assert rounding.interval(12.3, 1) == pytest.approx((12.25, 12.35))
    assert rounding.interval(1200, -2) == (1150, 1250)


# Devon (FRAMEWORKS ODR-14): population in thousands, pounds a head, total in millions, as printed.
DEVON = [
    ("0-16 mostly healthy", 128.9, 550, 70.9),
    ("0-16 chronic conditions", 13.0, 1384, 18.0),
    ("0-16 severe mental illness", 1.2, 3815, 4.5),
    ("0-16 cancer", 0.1, 11199, 1.2),
    ("0-16 disability", 2.3, 11526, 26.0),
    ("0-16 vulnerable children", 2.9, 22922, 66.8),
    ("16-69 mostly healthy", 372.6, 569, 212.1),
    ("16-69 chronic conditions", 194.4, 1379, 268.0),
    ("16-69 severe mental illness", 7.8, 7052, 55.1),
    ("16-69 dementia", 0.4, 6539, 2.8),
    ("16-69 cancer", 18.8, 2764, 51.9),
    ("16-69 physical disability", 3.1, 12422, 36.9),
    ("16-69 learning disability", 2.7, 29767, 80.9),
    ("70+ mostly healthy", 15.4, 1679, 25.8),
    ("70+ chronic conditions", 74.1, 3193, 236.7),
    ("70+ severe mental illness", 1.0, 13465, 13.5),
    ("70+ dementia", 5.6, 15264, 84.7),
    ("70+ cancer", 20.7, 4089, 64.5),
    ("70+ physical disability", 12.2, 18595, 226.8),
    ("70+ learning disability", 0.3, 32717, 9.8),
]


def test_exactly_two_of_devons_twenty_cells_cannot_hold():
    broken = {
        n
        for n, people, head, total in DEVON
        if not rounding.product_holds(people, 1, head, 0, total, 1, 0.001).holds
    }
    assert broken == {"16-69 physical disability", "70+ cancer"}


def test_the_range_that_the_cancer_cell_allows():
    check = rounding.product_holds(20.7, 1, 4089, 0, 64.5, 1, 0.001)
    assert (check.lower, check.upper) == pytest.approx((84.4, 84.9), abs=0.06)


def test_sums_of_rounded_parts():
    assert rounding.sum_holds([33.3, 33.3, 33.3], 1, 100.0, 1).holds
    assert not rounding.sum_holds([33.3, 33.3, 33.3], 1, 100.2, 1).holds
    assert rounding.sum_holds([0.1] * 3, 1, 0.3, 1).holds


@given(st.floats(0.1, 1000), st.floats(0.1, 1000))
def test_a_true_product_always_holds_however_it_was_rounded(a, b):
    assert rounding.product_holds(round(a, 1), 1, round(b), 0, round(a * b, 1), 1).holds
