"""Spend rolled forward year by year, split into the factors that move it.

spend = baseline x demographic growth x other growth x price uplift x (1 - efficiency)

Growth comes first, then price, then efficiency on the grown and uplifted
amount, so each contribution is counted once and they add up to the change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

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
    moves["efficiency"] = -moves["efficiency"]
    factors = {name: np.cumprod(1 + moves[name]) for name in FACTORS}
    amount = np.full(len(factors["price"]), float(base))
    columns: dict[str, np.ndarray] = {"year_index": np.arange(1, len(amount) + 1), "baseline": amount.copy()}
    for name in FACTORS:
        grown = amount * factors[name]
        columns[name] = grown - amount
        amount = grown
    columns["total"] = amount
    columns |= {f"{name}_factor": factors[name] for name in FACTORS}
    return pd.DataFrame(columns)


def _yearly(*series: ArrayLike) -> dict[str, np.ndarray]:
    """The four series as arrays of one length; a series of another length is refused."""
    arrays = [np.atleast_1d(np.asarray(s, dtype=float)) for s in series]
    length = max(len(a) for a in arrays)
    if any(len(a) not in (1, length) for a in arrays):
        raise ValueError("every series of yearly growth needs the same number of years")
    return {name: np.broadcast_to(a, length).copy() for name, a in zip(FACTORS, arrays, strict=True)}


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
