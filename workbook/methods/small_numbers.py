"""Small numbers: figures that could point to a person are not shown.

Below national level, counts and averages that rest on 1 to 7 people become
"*" and other counts are rounded to 5; standardised rates and their intervals
are exempt. The limits differ by source and are arguments. Source: NHS England
(NHS Digital) disclosure control for Hospital Episode Statistics below national level.
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


def also_hide(counts: ArrayLike, hidden: ArrayLike, axis: int = -1) -> np.ndarray:
    """Which further figures to hide so that no total gives one away: bool, the shape of ``counts``.

    Where exactly one figure is hidden along ``axis``, the smallest other one above
    zero goes too (the first of equals); nothing where there is none. Totals
    themselves must not be among the ``counts``. A table with totals both ways
    needs a pass along each axis in turn until neither finds any more:
    :func:`covered` does that.
    """
    x, gone = np.broadcast_arrays(np.asarray(counts, dtype=float), np.asarray(hidden, dtype=bool))
    open_ = np.where(gone | ~(x > 0), np.inf, x)
    smallest = np.argmin(open_, axis=axis, keepdims=True)
    found = np.take_along_axis(open_, smallest, axis=axis)
    needed = np.expand_dims(given_away(gone, axis), axis) & np.isfinite(found)
    more = np.zeros(x.shape, dtype=bool)
    np.put_along_axis(more, smallest, needed, axis=axis)
    return more


def covered(counts: ArrayLike, hidden: ArrayLike) -> np.ndarray:
    """What to hide in a table whose rows and columns have totals, the first hidden figures included.

    ``counts`` (rows, columns) without the totals. A hint and no proof: figures can
    also leak through other tables.
    """
    gone = np.array(hidden, dtype=bool)
    while True:
        more = also_hide(counts, gone, -1)
        more |= also_hide(counts, gone | more, 0)
        if not more.any():
            return gone
        gone |= more
