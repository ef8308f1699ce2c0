"""Small numbers: figures that could point to a person are not shown.

Below national level, counts and averages that rest on 1 to 7 people become
"*" and other counts are rounded to 5; standardised rates and their intervals
are exempt. The limits differ by source and are arguments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

MARK = "*"


class Protected(NamedTuple):
    """Figures fit to be shown: NaN where ``hidden``."""

    values: np.ndarray
    hidden: np.ndarray


def protect(counts: ArrayLike, low: int = 1, high: int = 7, base: int = 5) -> Protected:
    """Counts with those from ``low`` to ``high`` hidden and the others rounded to ``base``.

    Any shape. Zero stays zero; a missing count stays missing and is not called
    hidden. Halves are rounded away from zero.
    """
    x = np.asarray(counts, dtype=float)
    hidden = (x >= low) & (x <= high)
    rounded = np.floor(x / base + 0.5) * base
    return Protected(np.where(hidden, np.nan, rounded), hidden)


def protect_values(values: ArrayLike, counts: ArrayLike, low: int = 1, high: int = 7) -> Protected:
    """Averages or crude percentages, hidden where they rest on ``low`` to ``high`` people."""
    x, n = np.broadcast_arrays(np.asarray(values, dtype=float), np.asarray(counts, dtype=float))
    hidden = (n >= low) & (n <= high)
    return Protected(np.where(hidden, np.nan, x), hidden)


def given_away(hidden: ArrayLike, axis: int = -1) -> np.ndarray:
    """Whether a hidden figure can be worked out from the total: exactly one is hidden along ``axis``."""
    return np.asarray(hidden, dtype=bool).sum(axis=axis) == 1
