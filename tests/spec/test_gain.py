"""Who would gain most: by hand, with its range, and that highest risk is not highest gain."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import gain

GUIDE = [
    Formula(
        "Expected gain of a group",
        gain.expected,
        "avoided = people · risk · reach · reduction        per 1,000 people reached = 1,000 · risk · reduction\n"
        "low and high: the lowest and the highest product of risk and reduction that their ranges allow",
        "Which level of risk, or segment, would gain most from a scheme: from figures of groups only.",
        "The highest risk is not always the highest gain: risk counts only as far as the scheme lowers it there. The range has "
        "all at one end, so it is wider than an interval. Not available where a share is not one, or a figure is missing.",
        "Absolute risk reduction (Cook and Sackett 1995); Lewis 2015 on impactibility.",
        [
            Example("2,000 people, risk 0.3, reach 50 %, reduction 20 % (10 to 30)",
                    {"people": 2000, "risk": 0.3, "reach": 0.5, "reduction": 0.2, "reduction_low": 0.1,
                     "reduction_high": 0.3},
                    {"reached": 1000, "events": 300, "avoided": 60, "low": 30, "high": 90, "per_1000": 60,
                     "per_1000_low": 30, "per_1000_high": 90}, "2,000 · 0.3 · 0.5 · 0.2"),
            Example("three levels of risk",
                    {"people": [500, 5000, 20_000], "risk": [0.8, 0.3, 0.05], "reach": [0.6, 0.5, 0.2],
                     "reduction": [0.05, 0.2, 0.25]},
                    {"avoided": [12, 150, 50], "per_1000": [40, 60, 12.5]},
                    "the middle level gains most, not the highest risk"),
            Example("a reach that is no share", {"people": 100, "risk": 0.1, "reach": 60, "reduction": 0.1},
                    {"avoided": NAN, "per_1000": NAN}, "the rule"),
        ],
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


SHARE = st.floats(0, 1)


@given(st.floats(0, 1e6), st.floats(0, 3), SHARE, st.floats(-1, 1), SHARE, SHARE)
def test_the_gain_lies_in_its_range_and_is_the_product(people, risk, reach, reduction, below, above):
    low, high = reduction - below, min(reduction + above, 1)
    found = gain.expected(people, risk, reach, reduction, low, high)
    assert found.low <= found.avoided <= found.high
    assert float(found.avoided) == pytest.approx(people * risk * reach * reduction)
    assert float(found.avoided) == pytest.approx(float(found.reached * found.per_1000) / 1000)


@given(st.lists(st.tuples(st.floats(1, 1e5), SHARE, SHARE, SHARE), min_size=1, max_size=6))
def test_groups_add_up_and_splitting_one_changes_nothing(groups):
    people, risk, reach, reduction = (np.array(part) for part in zip(*groups, strict=True))
    whole = gain.total(gain.expected(people, risk, reach, reduction))
    halves = gain.expected(*(np.tile(part, 2) for part in (people / 2, risk, reach, reduction)))
    assert gain.total(halves) == pytest.approx(whole)


def test_both_ranges_together_stand_at_their_ends():
    found = gain.expected(1000, 0.2, 1, 0.5, 0.4, 0.6, 0.1, 0.3)
    assert (found.low, found.avoided, found.high) == pytest.approx((40, 100, 180))


def test_a_scheme_that_may_do_harm_has_a_range_below_zero():
    found = gain.expected(1000, 0.2, 1, 0.1, -0.1, 0.3)
    assert found.low == pytest.approx(-20) and found.high == pytest.approx(60)


def test_the_highest_risk_is_not_the_highest_gain():
    risk = [0.8, 0.3, 0.05]
    found = gain.expected(
        [500, 5000, 20_000], risk, [0.6, 0.5, 0.2], [0.05, 0.2, 0.25], [0, 0.15, 0.1], [0.06, 0.25, 0.4]
    )
    assert gain.most(found) == 1


def test_what_is_missing_is_left_out():
    found = gain.expected([100, None, 300], 0.1, 1, [0.5, 0.5, np.nan])
    assert gain.most(found) == 0 and gain.total(found)[0] == pytest.approx(5)
    nothing = gain.expected([None], 0.1, 1, 0.5)
    assert gain.most(nothing) is None and math.isnan(gain.total(nothing)[0])
