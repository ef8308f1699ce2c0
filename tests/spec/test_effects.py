"""A line with the effects of schemes: growth first, overlapping effects multiplied, uncertainty on the log scale."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.methods.effects import Effect, applied

NONE = math.nan
FULL = np.ones(1)


def test_two_effects_multiply_and_the_amounts_say_who_did_what() -> None:
    # 1000 down by 10 % is 900; 10 % of what is left is 90.
    found = applied([1000], [900], [1100], [Effect(-0.1, NONE, NONE, FULL), Effect(-0.1, NONE, NONE, FULL)])
    assert found.value == pytest.approx([810])
    assert found.amounts == pytest.approx(np.array([[-100], [-90]]))


def test_an_effect_without_a_range_keeps_the_relative_width_of_the_band() -> None:
    found = applied([1000], [900], [1100], [Effect(-0.1, NONE, NONE, FULL)])
    assert (found.lower, found.upper) == (pytest.approx([810]), pytest.approx([990]))


def test_distances_from_the_limits_are_squared_added_and_rooted() -> None:
    # By hand: below, ln(1000/900) = 0.105361 and ln(0.9/0.8) = 0.117783, together 0.158032;
    # above, ln(1.1) = 0.095310 and ln(0.95/0.9) = 0.054067, together 0.109577.
    found = applied([1000], [900], [1100], [Effect(-0.1, -0.05, -0.2, FULL)])
    assert found.lower == pytest.approx([900 * math.exp(-0.158032)], rel=1e-5)
    assert found.upper == pytest.approx([900 * math.exp(0.109577)], rel=1e-5)


def test_the_share_in_effect_grows_with_the_ramp() -> None:
    found = applied([100] * 3, [90] * 3, [110] * 3, [Effect(-0.2, -0.3, -0.1, np.array([0, 0.5, 1]))])
    assert found.value == pytest.approx([100, 90, 80])
    assert (found.lower[0], found.upper[0]) == pytest.approx((90, 110))  # nothing is in effect yet


def test_no_effect_no_range_and_no_line() -> None:
    same = applied([50, 40], [45, 35], [55, 45], [])
    assert same.value.tolist() == [50, 40] and same.lower == pytest.approx([45, 35])
    assert same.amounts.shape == (0, 2)
    unsure = applied([50], [NONE], [NONE], [Effect(-0.1, -0.2, 0, FULL)])
    assert unsure.value == pytest.approx([45]) and np.isnan([unsure.lower, unsure.upper]).all()
    nothing = applied([0.0], [0.0], [0.0], [Effect(-0.1, NONE, NONE, FULL)])
    assert nothing.value == [0.0] and np.isnan(nothing.lower).all()


def test_an_effect_that_leaves_nothing_does_no_harm() -> None:
    found = applied([50], [40], [60], [Effect(-1.0, -1.0, -0.9, FULL)])
    assert found.value == pytest.approx([0]) and found.lower == pytest.approx([0])


def test_a_range_that_leaves_the_effect_out_is_stretched_to_it() -> None:
    found = applied([100], [100], [100], [Effect(-0.1, -0.3, -0.2, FULL)])
    assert found.value == pytest.approx([90]) and found.upper == pytest.approx([90])
    assert found.lower == pytest.approx([70])


def test_the_band_holds_eight_cases_of_ten_in_a_simulation() -> None:
    """The other route: draw the line and two effects from log-normals with these limits, and multiply."""
    z, draws, random = 1.2815515655446004, 200_000, np.random.default_rng(1)
    # Ranges that reach equally far below and above on the log scale.
    effects = [
        Effect(f, low, (1 + f) ** 2 / (1 + low) - 1, FULL) for f, low in ((-0.05, -0.09), (-0.1, -0.15))
    ]
    found = applied([100], [100 / 1.08], [108], effects)
    drawn = 100 * np.exp(random.normal(0, math.log(1.08) / z, draws))
    for effect in effects:
        spread = math.log((1 + effect.full) / (1 + effect.low)) / z
        drawn *= (1 + effect.full) * np.exp(random.normal(0, spread, draws))
    inside = np.mean((drawn >= found.lower[0]) & (drawn <= found.upper[0]))
    assert inside == pytest.approx(0.8, abs=0.004)


shares = st.floats(-0.9, 0.5)


@given(st.lists(st.tuples(shares, shares, shares, st.floats(0, 1)), max_size=5), st.floats(1, 1e4))
def test_the_band_holds_its_line_and_the_order_does_not_matter(rows: list[tuple], start: float) -> None:
    effects = [Effect(full, low, high, np.array([reach])) for full, low, high, reach in rows]
    one = applied([start], [start * 0.9], [start * 1.2], effects)
    other = applied([start], [start * 0.9], [start * 1.2], effects[::-1])
    assert one.lower <= one.value * (1 + 1e-9) and one.value <= one.upper * (1 + 1e-9)
    assert one.value == pytest.approx(other.value) and one.upper == pytest.approx(other.upper)
    assert one.amounts.sum() == pytest.approx(one.value[0] - start, abs=1e-6 * start)
    assert one.upper / one.value >= 1.2 * (1 - 1e-9)  # never surer than the line itself
