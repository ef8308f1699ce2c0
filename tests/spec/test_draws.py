"""Draws of uncertain amounts, as worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from workbook.methods import draws


def test_an_amount_comes_out_with_the_percentiles_it_went_in_with() -> None:
    values = draws.three_points(90, 100, 130, draws.uniform("price"))
    assert draws.percentiles(values) == pytest.approx((90, 100, 130), abs=0.1)


def test_percentiles_of_a_sum_are_no_sum_of_percentiles() -> None:
    one = draws.three_points(90, 100, 110, draws.uniform("one"))
    two = draws.three_points(90, 100, 110, draws.uniform("two"))
    found = draws.percentiles(one + two)
    # Independent normal spreads add as squares: 10 x the root of 2, not 20.
    assert found == pytest.approx((200 - 10 * 2**0.5, 200, 200 + 10 * 2**0.5), abs=0.4)


def test_another_amount_leaves_the_draws_of_the_first_alone() -> None:
    first = draws.uniform("price")
    draws.uniform("efficiency")
    assert np.array_equal(first, draws.uniform("price"))
    assert abs(np.corrcoef(first, draws.uniform("efficiency"))[0, 1]) < 0.03


def test_an_event_happens_as_often_as_its_chance() -> None:
    assert draws.happens(0.25, draws.uniform("strike")).mean() == pytest.approx(0.25, abs=1e-4)


def test_the_shares_of_the_spread_add_up_to_one() -> None:
    large = draws.three_points(-20, 0, 20, draws.uniform("large"))
    small = draws.three_points(-10, 0, 10, draws.uniform("small"))
    found = draws.shares_of_spread({"large": large, "small": small})
    assert found == pytest.approx({"large": 0.8, "small": 0.2}, abs=0.03)
    assert sum(found.values()) == pytest.approx(1)
    assert draws.shares_of_spread({"fixed": np.ones(5)}) == {"fixed": 0.0}


def test_points_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in this order"):
        draws.three_points(100, 90, 110, draws.uniform("price"))


def test_the_strata_are_those_that_the_draws_lie_in() -> None:
    assert np.array_equal(draws.strata("price"), (draws.uniform("price") * draws.DRAWS).astype(int))
