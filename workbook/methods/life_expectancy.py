"""Life expectancy from an abridged life table (Chiang II), with its interval.

Source: Chiang 1978; Silcocks and others 2001 for the last band; as used by the
Office for National Statistics and in PHEindicatormethods.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from workbook.methods.intervals import z_value

STARTS = (0, 1, *range(5, 91, 5))  # 20 bands: under 1, 1-4, 5-9, ... 85-89, 90 and over
MINIMUM_PERSON_YEARS = 5000
WIDEST = 20  # years; an interval wider than this says nothing
FIRST_YEAR = 0.1  # the part of the year lived by those who die under one


def life_expectancy(
    deaths: ArrayLike,
    populations: ArrayLike,
    starts: ArrayLike = STARTS,
    confidence: float = 0.95,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Years left at the start of every band, with lower and upper limits.

    ``deaths`` and ``populations`` (person-years) have shape (bands,), ``starts``
    the age at which each band begins; the last is open. Three arrays of that
    shape: index 0 is life expectancy at birth. All NaN where there are fewer
    than 5,000 person-years in all, a band without people, more deaths than
    people in a band, or no death in the last band (its length is then unknown);
    NaN at the ages where the interval is wider than 20 years.
    """
    d, n = np.asarray(deaths, dtype=float), np.asarray(populations, dtype=float)
    ages = np.asarray(starts, dtype=float)
    if not (d.shape == n.shape == ages.shape):
        raise ValueError(f"{len(d)} deaths, {len(n)} populations and {len(ages)} bands do not agree")
    if not (
        n.sum() >= MINIMUM_PERSON_YEARS and (n > 0).all() and (d >= 0).all() and (d <= n).all() and d[-1] > 0
    ):
        nothing = np.full(len(d), np.nan)
        return nothing, nothing.copy(), nothing.copy()
    years, variance = _table(d, n, np.diff(ages), ages[0] == 0 and ages[1] == 1)
    half = z_value(confidence) * np.sqrt(variance)
    shown = 2 * half <= WIDEST
    return tuple(np.where(shown, part, np.nan) for part in (years, years - half, years + half))  # type: ignore[return-value]


def _table(d: np.ndarray, n: np.ndarray, width: np.ndarray, infants: bool) -> tuple[np.ndarray, np.ndarray]:
    """Expectation and its variance at each age."""
    rate = d / n
    lived = np.full(len(width), 0.5)
    lived[0] = FIRST_YEAR if infants else 0.5
    died = width * rate[:-1] / (1 + (1 - lived) * width * rate[:-1])
    died = np.minimum(died, 1.0)
    alive = np.append(1.0, np.cumprod(1 - died))
    spent = np.append(width * (alive[1:] + lived * (alive[:-1] - alive[1:])), alive[-1] / rate[-1])
    years = np.cumsum(spent[::-1])[::-1] / alive

    spread = np.where(d[:-1] > 0, died**2 * (1 - died) / np.maximum(d[:-1], 1e-300), 0.0)
    part = alive[:-1] ** 2 * ((1 - lived) * width + years[1:]) ** 2 * spread
    last = alive[-1] ** 2 / (d[-1] * rate[-1] ** 2)
    variance = np.cumsum(np.append(part, last)[::-1])[::-1] / alive**2
    return years, variance
