"""Seeded draws: the same on every machine, as close to closed forms as is claimed, and moved by another seed as little as is said."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from scipy.stats import norm, qmc

from workbook.methods import draws, growth, phasing
from workbook.steps.budget import uncertainty

Z90 = norm.ppf(0.9)
UNEVEN = [(90, 100, 130), (40, 50, 55), (-5, 0, 9), (10, 10, 30), (200, 210, 220), (0, 3, 4)]


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("price", "a95957018eeeedc9"),
        ("fund: spend", "d5ad00d3847626d4"),
        ("risk: a 2030", "8a306fe53cab6070"),
    ],
)
def test_the_draws_of_a_name_are_these_and_no_others(name, digest):
    """Bytes in one order, and no use of Python's own hash, which differs from run to run."""
    assert hashlib.sha256(draws.uniform(name).astype("<f8").tobytes()).hexdigest()[:16] == digest


def test_every_draw_lies_in_its_own_stratum():
    found = np.sort(draws.uniform("price"))
    edges = np.arange(draws.DRAWS) / draws.DRAWS
    assert (found >= edges).all() and (found <= edges + 1 / draws.DRAWS).all()
    assert found[0] > 0 and found[-1] < 1


def test_many_names_are_drawn_apart_from_each_other():
    drawn = np.array([draws.uniform(f"scheme {n}: cost") for n in range(60)])
    off = np.corrcoef(drawn)[np.triu_indices(60, 1)]
    assert abs(off.mean()) < 0.001
    assert off.std() == pytest.approx(1 / np.sqrt(draws.DRAWS), rel=0.1)  # what chance alone would give
    assert abs(off).max() < 4.5 / np.sqrt(draws.DRAWS)


def test_a_sum_of_even_ranges_is_normal_by_the_closed_form():
    total = sum(draws.three_points(90, 100, 110, draws.uniform(f"n{n}")) for n in range(10))
    half = 10 * np.sqrt(10)
    expected = [1000 - half, 1000, 1000 + half]
    assert draws.percentiles(total) == pytest.approx(expected, abs=0.015 * 2 * half)
    # The same by sigmas that add as squares, as a sum of independent ranges is worked out without draws.
    assert growth.add_ranges([90] * 10, [110] * 10) * Z90 == pytest.approx(half)


def test_a_sum_of_uneven_ranges_is_that_of_quasi_random_points():
    total = sum(draws.three_points(*ends, draws.uniform(f"a{n}")) for n, ends in enumerate(UNEVEN))
    z = norm.ppf(qmc.Sobol(len(UNEVEN), seed=1).random_base2(16))
    other = sum(
        middle + np.where(z[:, n] < 0, middle - low, high - middle) * z[:, n] / Z90
        for n, (low, middle, high) in enumerate(UNEVEN)
    )
    expected = np.percentile(other, (10, 50, 90))
    assert draws.percentiles(total) == pytest.approx(expected, abs=0.015 * (expected[2] - expected[0]))
    # Middles of uneven ranges do not add up either: the longer tails pull the sum upwards.
    assert expected[1] > sum(middle for _, middle, _ in UNEVEN) + 5


def test_another_seed_moves_the_ends_by_as_little_as_the_page_says():
    """Two standard errors of P10 and P90 are about a hundredth of the range, of the middle about half of that."""
    found = np.array(
        [
            draws.percentiles(
                sum(draws.three_points(90, 100, 110, draws.uniform(f"n{n}", seed=seed)) for n in range(6))
            )
            for seed in range(60)
        ]
    )
    width = 20 * np.sqrt(6)
    twice = 2 * found.std(axis=0, ddof=1) / width
    assert twice[[0, 2]] == pytest.approx(uncertainty.ERROR, abs=0.005)
    assert twice[1] < 0.75 * uncertainty.ERROR
    assert found.mean(axis=0) == pytest.approx(
        [600 - width / 2, 600, 600 + width / 2], abs=0.002 * width
    )  # no bias


def test_the_share_of_the_spread_is_the_closed_form_of_squares():
    sizes = np.array([1.0, 2, 3, 4])
    parts = {str(n): draws.three_points(-s, 0, s, draws.uniform(f"part {n}")) for n, s in enumerate(sizes)}
    found = draws.shares_of_spread(parts)
    assert list(found.values()) == pytest.approx((sizes**2 / (sizes**2).sum()).tolist(), abs=0.02)
    assert sum(found.values()) == pytest.approx(1, abs=1e-12)


def test_without_spread_the_draws_are_the_calculation_itself():
    rng = np.random.default_rng(3)
    rates = rng.uniform(-0.02, 0.05, 5)
    drifted = growth.drifting(rates, rates, rates, draws.uniform("price"))
    assert np.ptp(drifted, axis=0).max() == 0 and drifted[0] == pytest.approx(rates, abs=1e-12)


def test_an_even_range_of_a_rate_leaves_the_middle_where_it_was_and_the_mean_above():
    rate = growth.drifting([0.01] * 5, [0.03] * 5, [0.05] * 5, draws.uniform("price"))
    spend = 1000 * np.prod(1 + rate, axis=1)
    assert np.median(spend) == pytest.approx(1000 * 1.03**5, abs=0.05)  # growth keeps the order of draws
    assert spend.mean() > 1000 * 1.03**5 + 1  # and compounding lifts the mean: P50 is what is shown


def test_many_lines_rolled_at_once_are_a_loop_over_lines_and_years():
    rng = np.random.default_rng(9)
    base, rates = rng.uniform(0, 1e6, 40), {name: rng.uniform(-0.2, 0.3, (40, 7)) for name in growth.FACTORS}
    found = growth.rolled(base, *rates.values())
    for n, amount in enumerate(base):
        for y in range(7):
            for name in growth.FACTORS:
                amount *= 1 - rates[name][n, y] if name == "efficiency" else 1 + rates[name][n, y]
            assert found["total"][n, y] == pytest.approx(amount)
            parts = sum(found[name][n, y] for name in growth.FACTORS)
            assert base[n] + parts == pytest.approx(amount)


def test_a_scheme_by_years_is_the_same_scheme_by_months():
    rng = np.random.default_rng(21)
    for _ in range(150):
        ramp = np.sort(rng.uniform(0, 1, int(rng.integers(0, 5)))).tolist()
        months, start = int(rng.integers(0, 40)), int(rng.integers(2024, 2030))
        frame = phasing.scheme(range(2024, 2036), start, ramp, 5, 30, 120, 0.5, months)

        def share(month, ramp=ramp):
            return 0.0 if month < 0 else (ramp or [1.0])[min(month // 12, len(ramp or [1.0]) - 1)]

        for row in frame.itertuples():
            held = range((row.year - start) * 12, (row.year - start + 1) * 12)
            assert row.cashed == pytest.approx(sum(5 * share(m) for m in held))
            assert row.double_running == pytest.approx(sum(5 * (share(m) - share(m - months)) for m in held))
            assert row.running == pytest.approx(sum(2.5 * share(m) for m in held))
