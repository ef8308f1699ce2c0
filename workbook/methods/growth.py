"""Spend rolled forward year by year, split into the factors that move it.

spend = baseline x demographic growth x other growth x price uplift x (1 - efficiency)

Growth comes first, then price, then efficiency on the grown and uplifted
amount, so each contribution is counted once and they add up to the change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from workbook.methods import draws

FACTORS = ("demographic", "other", "price", "efficiency")


def roll_forward(
    base: float, demographic: ArrayLike, other: ArrayLike, price: ArrayLike, efficiency: ArrayLike
) -> pd.DataFrame:
    """The spend of years 1 to h with the money each factor contributes, against the base year.

    ``base`` in any money unit; the four series hold yearly fractions (0.0415 is
    4.15 %; efficiency positive where it saves), one a year, all of one length,
    or single numbers for every year. Returns one row a year:
    ``year_index`` (1..h), ``baseline`` (= base), ``demographic``, ``other``,
    ``price``, ``efficiency`` (money; efficiency is negative), ``total``, and
    the compounded ``demographic_factor`` ... ``efficiency_factor``. In every
    row baseline + contributions = total exactly (up to floating point).
    """
    moves = _yearly(demographic, other, price, efficiency)
    money = rolled([base], *(moves[name][None, :] for name in FACTORS))
    length = len(moves["price"])
    columns: dict[str, np.ndarray] = {
        "year_index": np.arange(1, length + 1),
        "baseline": np.full(length, float(base)),
    }
    columns |= {name: money[name][0] for name in (*FACTORS, "total")}
    columns |= {f"{name}_factor": np.cumprod(_factor(name, moves[name])) for name in FACTORS}
    return pd.DataFrame(columns)


def rolled(
    base: ArrayLike, demographic: ArrayLike, other: ArrayLike, price: ArrayLike, efficiency: ArrayLike
) -> dict[str, np.ndarray]:
    """:func:`roll_forward` of many lines at once.

    ``base``: n amounts. The four arrays of yearly fractions: n rows, one column a year. Returns arrays of the
    same shape: the money that each factor contributes by each year, and the ``total``.
    """
    amount = np.asarray(base, dtype=float)[:, None]
    money: dict[str, np.ndarray] = {}
    for name, rates in zip(FACTORS, (demographic, other, price, efficiency), strict=True):
        grown = amount * np.cumprod(_factor(name, np.asarray(rates, dtype=float)), axis=-1)
        money[name] = grown - amount
        amount = grown
    return money | {"total": amount}


def _factor(name: str, rates: np.ndarray) -> np.ndarray:
    return 1 - rates if name == "efficiency" else 1 + rates


def _yearly(*series: ArrayLike) -> dict[str, np.ndarray]:
    """The four series as arrays of one length; a series of another length is refused."""
    arrays = [np.atleast_1d(np.asarray(s, dtype=float)) for s in series]
    length = max(len(a) for a in arrays)
    if any(len(a) not in (1, length) for a in arrays):
        raise ValueError("every series of yearly growth needs the same number of years")
    return {name: np.broadcast_to(a, length).copy() for name, a in zip(FACTORS, arrays, strict=True)}


def age_weighted(people: ArrayLike, weights: ArrayLike) -> np.ndarray:
    """Growth of demand on the year before, where people of each age count by what one of them costs.

    ``people``: one row a year, one column an age band. ``weights``: the relative cost of one person in each
    band, in any unit. Returns one fraction a year from the second on: the sum of people x weight against that
    of the year before, less one. With equal weights it is the growth of the population. NaN after a year
    whose weighted sum is zero.
    """
    needed = np.asarray(people, dtype=float) @ np.asarray(weights, dtype=float)
    before = np.where(needed[:-1] > 0, needed[:-1], np.nan)
    return needed[1:] / before - 1


def drifting(low: ArrayLike, middle: ArrayLike, high: ArrayLike, share: np.ndarray) -> np.ndarray:
    """Yearly rates in each of many draws, where an error lasts: one share of the distribution holds in every year.

    ``low``, ``middle`` and ``high``: the 10th, 50th and 90th percentile of the rate, one a year. ``share``: one
    number from 0 to 1 for each draw. Returns one row a draw, one column a year. A draw in which prices rise
    faster than assumed does so in each year, so errors build up; errors that were drawn anew each year
    would partly cancel, and the range of the last year would be too narrow.
    """
    columns: dict[tuple[float, float], np.ndarray] = {}
    found = []
    ends = zip(*(np.asarray(s, dtype=float).tolist() for s in (low, middle, high)), strict=True)
    for lowest, mid, highest in ends:
        key = (round(lowest - mid, 12), round(highest - mid, 12))
        if key not in columns:
            columns[key] = (
                draws.three_points(key[0], 0.0, key[1], share) if any(key) else np.zeros(len(share))
            )
        found.append(mid + columns[key])
    return np.stack(found, axis=1)


def combined(*fractions: float) -> float:
    """Reductions that overlap, together: they multiply and never add (0.10 and 0.20 give 0.28)."""
    return 1 - float(np.prod([1 - f for f in fractions]))


def add_ranges(lows: ArrayLike, highs: ArrayLike, z_span: float = 2 * 1.2815515655446004) -> float:
    """The standard deviation of a sum of independent amounts given as P10 to P90 ranges.

    Percentiles are never added: each range becomes a sigma, (P90 - P10) /
    (z90 - z10), and independent sigmas add as squares.
    """
    sigma = (np.asarray(highs, dtype=float) - np.asarray(lows, dtype=float)) / z_span
    return float(np.sqrt((sigma**2).sum()))
