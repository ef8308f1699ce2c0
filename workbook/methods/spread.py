"""The range of areas on one figure: the ends, and the middle half."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

MINIMUM_AREAS = 5


class Spread(NamedTuple):
    """The best and worst area and the quarter points, in the unit of the figure.

    ``p25`` and ``p75`` are those of the values in rising order, whatever is better.
    """

    best: float
    worst: float
    p25: float
    p75: float


def spread(values: Iterable[float | None], polarity: str) -> Spread | None:
    """The range of the known ``values``; None with fewer than five areas.

    Polarity "low" makes the smallest the best; "high" and "none" the largest.
    Quarter points are interpolated between neighbours (NumPy's default, type 7).
    """
    known = np.array([v for v in values if v is not None], dtype=float)
    known = known[np.isfinite(known)]
    if len(known) < MINIMUM_AREAS:
        return None
    low, p25, p75, high = (float(x) for x in np.quantile(known, [0, 0.25, 0.75, 1]))
    best, worst = (low, high) if polarity == "low" else (high, low)
    return Spread(best, worst, p25, p75)
