"""The choice of all-or-nothing options against listing every choice: hundreds of cases, and those a solver's tolerance breaks."""

from __future__ import annotations

import numpy as np
import pytest

from workbook.methods import solver, value
from workbook.methods.solver import Rule

CASES = 240


def listed(v, c, money, group, after, must):
    """The most value of all choices that keep the rules and the least cost of those that reach it; None where none does."""
    size = len(v)
    bits = ((np.arange(1 << size)[:, None] >> np.arange(size)) & 1).astype(bool)
    fine = bits @ c <= money + 1e-9
    for name in set(group) - {""}:
        fine &= bits[:, [n for n in range(size) if group[n] == name]].sum(axis=1) <= 1
    for n, before in enumerate(after):
        for m in before:
            fine &= ~bits[:, n] | bits[:, m]
    for n in must:
        fine &= bits[:, n]
    if not fine.any():
        return None
    top = np.where(fine, bits @ v, -1).max()
    equal = fine & (bits @ v >= top - 1e-9 * max(1, top))
    return float(top), float(np.where(equal, bits @ c, np.inf).min())


def options(rng, kind, size):
    """Values and costs: small whole numbers, skewed amounts, values in proportion to cost (the hard kind), very large ones."""
    if kind == 0:
        return rng.integers(0, 200, size).astype(float), rng.integers(1, 100, size).astype(float)
    if kind == 1:
        return rng.lognormal(8, 2, size), np.round(rng.lognormal(6, 1.5, size), 3)
    if kind == 2:
        cost = rng.integers(1, 60, size) * 1000.0
        return cost * rng.choice([1.0, 1.0, 1.5], size), cost
    return rng.integers(0, 5000, size) * 37.5, rng.integers(0, 2_000_000, size).astype(float)


def rules(rng, size):
    group = [str(name) for name in rng.choice(["", "", "", "a", "b"], size)]
    after = [
        [int(rng.integers(n))] if n and rng.random() < 0.2 else []  # needs one entered before it
        for n in range(size)
    ]
    must = [int(rng.integers(size))] if rng.random() < 0.15 else []
    return group, after, must


def budget(rng, cost):
    """Some of the money; in every third case just what some choice costs, or a pound less."""
    if rng.random() < 1 / 3:
        return max(float(cost[rng.random(len(cost)) < 0.5].sum()) - rng.choice([0, 0.001]), 0.0)
    return float(np.round(cost.sum() * rng.uniform(0.1, 0.9)))


@pytest.mark.parametrize("kind", range(4))
def test_up_to_sixteen_options_as_by_listing_every_choice(kind):
    rng = np.random.default_rng([2014, kind])
    for _ in range(CASES // 4):
        v, c = options(rng, kind, int(rng.integers(1, 17)))
        group, after, must = rules(rng, len(v))
        money = budget(rng, c)
        found, expected = (way(v, c, money, group, after, must) for way in (value.best, listed))
        if expected is None:
            assert found.why and not found.funded.any()
            continue
        assert found.proven and not found.why
        assert (found.value, found.cost) == pytest.approx(expected, rel=1e-7)
        assert found.cost <= money + 1e-9


@pytest.mark.parametrize(
    ("v", "c", "money", "chosen"),
    [
        # Left alone, HiGHS called the first impossible and funded the second a pound above its money.
        ([37500, 40500, 34000], [25000, 27000, 34000], 51999.999, [1]),
        (
            [4500, 40000, 21000, 10000, 46000, 24000],
            [3000, 40000, 21000, 10000, 46000, 16000],
            49999.999,
            None,
        ),
        # With its presolve it lost the first option once the first and the last were barred from going together.
        (
            [64127.66, 1104.2, 18056.19, 5915.61, 11411.05, 45.1],
            [479.877, 465.448, 3243.836, 986.845, 1097.117, 442.386],
            922.262,
            [0],
        ),
    ],
)
def test_a_pound_too_little_is_too_little(v, c, money, chosen):
    found = value.best(v, c, money)
    top, cost = listed(np.array(v, float), np.array(c, float), money, [""] * len(v), [[]] * len(v), [])
    assert (found.value, found.cost, found.proven) == (top, cost, True)
    assert chosen is None or np.flatnonzero(found.funded).tolist() == chosen


def test_rules_that_no_choice_keeps_are_said_to_be_so():
    weights = np.array([2.0, 3.0])
    assert solver.least(np.ones(2), [Rule(weights, 2.5, 2.75)]) == (None, True)
    assert solver.least(np.ones(2), [Rule(weights, -np.inf, -0.5)]) == (None, True)
