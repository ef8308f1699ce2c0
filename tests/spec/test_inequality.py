"""Slope and relative index of inequality: exact lines, a second route, and a fixed seed."""

import numpy as np
import pytest

from workbook.methods import inequality

PEOPLE = np.array([100, 300, 200, 250, 150.0])


def test_midpoints_by_hand():
    assert inequality.midpoints(PEOPLE) == pytest.approx([0.05, 0.25, 0.5, 0.725, 0.925])


@pytest.mark.parametrize(
    ("kind", "line", "slope", "ratio"),
    [
        ("mean", lambda x: 70 + 8 * x, 8, 78 / 70),
        ("rate", lambda x: 200 * np.exp(-0.5 * x), 200 * (np.exp(-0.5) - 1), np.exp(-0.5)),
        ("proportion", lambda x: 1 / (1 + np.exp(1 - x)), 0.5 - 1 / (1 + np.e), 0.5 * (1 + np.e)),
    ],
)
def test_groups_on_a_straight_line_give_it_back(kind, line, slope, ratio):
    y = line(inequality.midpoints(PEOPLE))
    found = inequality.index(y, y * 0.99, y * 1.01, PEOPLE, kind, repeats=500)
    assert found.slope == pytest.approx(slope)
    assert found.ratio == pytest.approx(ratio)
    assert found.slope_lower < found.slope < found.slope_upper
    assert found.ratio_lower < found.ratio < found.ratio_upper


def test_the_line_is_the_weighted_fit():
    y = np.array([60, 66, 63, 70, 71.0])
    gradient, start = np.polyfit(inequality.midpoints(PEOPLE), y, 1, w=np.sqrt(PEOPLE))
    found = inequality.index(y, y - 1, y + 1, PEOPLE, "mean", repeats=10)
    assert (found.slope, found.ratio) == pytest.approx((gradient, (start + gradient) / start))


def test_the_interval_agrees_with_theory_and_repeats_exactly():
    y = np.array([60, 66, 63, 70, 71.0])
    one = inequality.index(y, y - 1.96, y + 1.96, PEOPLE, "mean")
    assert one == inequality.index(y, y - 1.96, y + 1.96, PEOPLE, "mean")
    x, w = inequality.midpoints(PEOPLE), PEOPLE / PEOPLE.sum()
    turn = w * (x - w @ x) / (w @ (x - w @ x) ** 2)
    assert (one.slope_upper - one.slope_lower) / 3.92 == pytest.approx(np.sqrt((turn**2).sum()), rel=0.03)


@pytest.mark.parametrize(
    ("values", "people", "kind", "words"),
    [
        ([1, 2, 3, 4], [1] * 4, "mean", "5 to 100 groups"),
        ([1, 2, 3, 4, 5], [1, 1, 0, 1, 1], "mean", "population above zero"),
        ([0, 2, 3, 4, 5], [1] * 5, "rate", "above zero"),
        ([0.1, 0.2, 0.3, 0.4, 1.0], [1] * 5, "proportion", "between 0 and 1"),
    ],
)
def test_what_does_not_fit_is_refused(values, people, kind, words):
    with pytest.raises(ValueError, match=words):
        inequality.index(values, values, values, people, kind)
