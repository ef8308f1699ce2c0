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

    ``deaths`` and ``populations`` (person-years) have shape (..., bands), one
    table for every area in front; ``starts`` (bands,) is the age at which each
    band begins, the last open (90 and over). Three arrays of the first shape:
    index 0 of the last axis is life expectancy at birth. A table is all NaN where
    it has fewer than 5,000 person-years in all, a band without people, more
    deaths than people in a band, a missing figure, or no death in the last band
    (its length is then unknown); NaN at the ages where the 95 % interval is wider
    than 20 years. Those who die in a band live half of it, in the first year of
    life a tenth. The variance includes that of the last band.
    """
    d, n, ages = (np.asarray(part, dtype=float) for part in (deaths, populations, starts))
    if not d.shape[-1] == n.shape[-1] == len(ages):
        raise ValueError(
            f"{d.shape[-1]} deaths, {n.shape[-1]} populations and {len(ages)} bands do not agree"
        )
    d, n = np.broadcast_arrays(d, n)
    good = (
        (n.sum(axis=-1) >= MINIMUM_PERSON_YEARS)
        & ((n > 0) & (d >= 0) & (d <= n)).all(axis=-1)
        & (d[..., -1] > 0)
    )[..., None]
    d, n = np.where(good, d, np.nan), np.where(good, n, np.nan)
    years, variance = _table(d, n, np.diff(ages), ages[0] == 0 and ages[1] == 1)
    error = np.sqrt(variance)
    shown = 2 * z_value(0.95) * error <= WIDEST
    half = z_value(confidence) * error
    lower, upper = (np.where(shown, part, np.nan) for part in (years - half, years + half))
    return np.where(shown, years, np.nan), lower, upper


def _table(d: np.ndarray, n: np.ndarray, width: np.ndarray, infants: bool) -> tuple[np.ndarray, np.ndarray]:
    """Expectation and its variance at each age (last axis)."""
    rate = d / n
    lived = np.full(len(width), 0.5)
    lived[0] = FIRST_YEAR if infants else 0.5
    died = width * rate[..., :-1] / (1 + (1 - lived) * width * rate[..., :-1])
    died = np.minimum(died, 1.0)
    ones = np.ones((*died.shape[:-1], 1))
    alive = np.concatenate([ones, np.cumprod(1 - died, axis=-1)], axis=-1)
    safe = np.where(alive > 0, alive, np.nan)
    within = width * (alive[..., 1:] + lived * (alive[..., :-1] - alive[..., 1:]))
    spent = np.concatenate([within, alive[..., -1:] / rate[..., -1:]], axis=-1)
    years = _from_the_end(spent) / safe

    spread = np.where(d[..., :-1] > 0, died**2 * (1 - died) / np.maximum(d[..., :-1], 1e-300), 0.0)
    part = alive[..., :-1] ** 2 * ((1 - lived) * width + years[..., 1:]) ** 2 * spread
    last = alive[..., -1:] ** 2 / (d[..., -1:] * rate[..., -1:] ** 2)
    variance = _from_the_end(np.concatenate([part, last], axis=-1)) / safe**2
    return years, variance


def _from_the_end(parts: np.ndarray) -> np.ndarray:
    """Sums from each entry of the last axis to its end."""
    return np.cumsum(parts[..., ::-1], axis=-1)[..., ::-1]
