"""Figures that look to be in the wrong unit: 100 or 1,000 times too large or too small.

A share typed as a percentage, pounds among thousands of pounds: the figure then
lies a whole factor away from all others. It is suspected and asked about, never
put right in silence. Our own rule, made to suspect seldom: see
:func:`factor_suspected`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

FACTORS = (100.0, 1000.0, 0.01, 0.001)
FEWEST = 5  # other figures to hold a value against
NEIGHBOURS = 4  # other years of a series of its own


class Step(NamedTuple):
    """A series that changes unit: from the entry at ``at`` on, figures are ``factor`` times those before."""

    at: int
    factor: float


def factor_suspected(value: float | None, others: ArrayLike, fewest: int = FEWEST) -> float | None:
    """How many times too large ``value`` looks: 100, 1000, 0.01, 0.001, or None.

    0.01 means a hundred times too small; ``value / factor`` is what it would be.
    ``others`` (any shape) are the figures of comparable areas, or of other years.
    Suspected where all of this holds, on a log scale:

    - ``value`` lies beyond the others' range by more than ten times the end it
      is nearest to, so that no merely unusual area is suspected;
    - divided by the factor it lies within the others' range;
    - of the factors that bring it there, this one brings it nearest to their median.

    None for a value that is missing, zero or of the other sign, and with fewer
    than ``fewest`` others of the value's sign: a log scale knows neither.
    """
    if value is None or not math.isfinite(value) or value == 0:
        return None
    known = np.asarray(others, dtype=float).ravel() * math.copysign(1, value)
    known = known[np.isfinite(known) & (known > 0)]
    if len(known) < fewest:
        return None
    logs, own = np.log10(known), math.log10(abs(value))
    low, high, middle = float(logs.min()), float(logs.max()), float(np.median(logs))
    if low - 1 <= own <= high + 1:
        return None
    moved = {factor: own - math.log10(factor) for factor in FACTORS}
    fitting = {f: abs(m - middle) for f, m in moved.items() if low - 1e-9 <= m <= high + 1e-9}
    return min(fitting, key=lambda f: fitting[f]) if fitting else None


def points_suspected(values: ArrayLike) -> list[float | None]:
    """For each entry of one series, how many times too large it looks beside the other entries.

    ``values`` (years,); at least four other known entries are needed. Entries
    that agree with each other and not with the rest hide each other: see
    :func:`step_suspected`.
    """
    own = np.asarray(values, dtype=float).ravel()
    return [factor_suspected(float(v), np.delete(own, i), NEIGHBOURS) for i, v in enumerate(own)]


def step_suspected(values: ArrayLike) -> Step | None:
    """Where a series changes its unit once and stays there; None where it does not.

    ``values`` (years,), in order of time, with at least two known entries on
    either side. A step is a move of at least ten times, with all entries on one
    side within a factor of ten of each other, that dividing by 100 or 1,000 (or
    multiplying) brings down to less than the square root of ten. Which side is
    wrong cannot be told.
    """
    own = np.asarray(values, dtype=float).ravel()
    places = np.flatnonzero(np.isfinite(own) & (own > 0))
    logs = np.log10(own[places])
    for cut in range(2, len(logs) - 1):
        before, after = logs[:cut], logs[cut:]
        if np.ptp(before) > 1 or np.ptp(after) > 1:
            continue
        move = float(np.median(after) - np.median(before))
        nearest = min(FACTORS, key=lambda f: abs(move - math.log10(f)))
        apart = min(abs(float(after.min() - before.max())), abs(float(before.min() - after.max())))
        if abs(move) >= 1 and apart >= 1 and abs(move - math.log10(nearest)) < 0.5:
            return Step(int(places[cut]), nearest)
    return None
