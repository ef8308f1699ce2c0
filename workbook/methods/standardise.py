"""Rates standardised for age: direct (a rate) and indirect (a ratio).

Source: Dobson and others 1991; Office for Health Improvement and Disparities,
Technical guide: DSRs; open code PHEindicatormethods.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from workbook.methods.intervals import _floats, _plain
from workbook.methods.intervals import count as count_limits

# European Standard Population 2013, 19 bands: 0-4, 5-9, ... 85-89, 90 and over.
ESP2013 = np.array(
    [
        *(5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000),
        *(7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000),
    ],
    dtype=float,
)
ESP2013.setflags(write=False)

MINIMUM_COUNT = 10  # no interval is given for a rate that rests on fewer events


def direct(
    counts: ArrayLike,
    populations: ArrayLike,
    weights: ArrayLike = ESP2013,
    per: float = 100_000,
    confidence: float = 0.95,
    inflation: float = 1.0,
) -> tuple[Any, Any, Any]:
    """Directly standardised rate per ``per`` with Dobson's interval.

    ``counts`` and ``populations`` have shape (..., bands), ``weights`` (bands,);
    the three results have the shape in front of the bands. Limits are NaN where
    fewer than 10 events happened in all; everything is NaN where a band has no
    population. ``inflation`` multiplies the variance where one person can count
    repeatedly (admissions): 1 means independent events.
    """
    x, n = np.broadcast_arrays(_floats(counts), _floats(populations))
    w = _floats(weights)
    if x.shape[-1] != w.shape[-1]:
        raise ValueError(f"{x.shape[-1]} age bands cannot take {w.shape[-1]} weights")
    n = np.where(n > 0, n, np.nan)
    value = (w * x / n).sum(axis=-1) / w.sum()
    variance = inflation * (w**2 * x / n**2).sum(axis=-1) / w.sum() ** 2
    return _with_dobson(value, variance, x.sum(axis=-1), per, confidence)


def years_lost(
    deaths: ArrayLike,
    remaining: ArrayLike,
    populations: ArrayLike,
    weights: ArrayLike = ESP2013,
    per: float = 100_000,
    confidence: float = 0.95,
) -> tuple[Any, Any, Any]:
    """Potential years of life lost, directly standardised, per ``per``.

    ``deaths`` are counts by band, ``remaining`` the reference remaining years at
    each band (same shape, or (bands,)). Every death in a band counts the same
    years L, so the variance of a band's years is ``deaths * L**2``, not the
    plain count that the Dobson variance of deaths would use. Limits are NaN
    under 10 deaths in all.
    """
    d, n = np.broadcast_arrays(_floats(deaths), _floats(populations))
    years, w = _floats(remaining), _floats(weights)
    n = np.where(n > 0, n, np.nan)
    value = (w * d * years / n).sum(axis=-1) / w.sum()
    variance = (w**2 * d * years**2 / n**2).sum(axis=-1) / w.sum() ** 2
    return _with_dobson(value, variance, d.sum(axis=-1), per, confidence)


def _with_dobson(
    value: np.ndarray, variance: np.ndarray, total: np.ndarray, per: float, confidence: float
) -> tuple[Any, Any, Any]:
    """The Poisson limits of the total count, carried over to the weighted rate."""
    enough = total >= MINIMUM_COUNT
    safe = np.where(enough, total, np.nan)
    low, high = count_limits(safe, confidence)
    step = np.sqrt(variance / safe)
    lower, upper = value + step * (low - safe), value + step * (high - safe)
    return _plain(per * value), _plain(per * lower), _plain(per * upper)


def indirect(
    observed: ArrayLike, expected: ArrayLike, per: float = 100, confidence: float = 0.95
) -> tuple[Any, Any, Any]:
    """Indirectly standardised ratio: observed over expected, times ``per`` (100 is the standard).

    ``expected`` is what the area's population would have at the standard's
    rates. Interval: Byar or exact on the observed. NaN where nothing is expected.
    """
    o, e = np.broadcast_arrays(_floats(observed), _floats(expected))
    e = np.where(e > 0, e, np.nan)
    lower, upper = count_limits(o, confidence)
    return tuple(_plain(per * np.asarray(part) / e) for part in (o, lower, upper))


def expected(reference_counts: ArrayLike, reference_populations: ArrayLike, populations: ArrayLike) -> Any:
    """Events expected at the reference's rates: sum over the last axis (bands)."""
    rates = _floats(reference_counts) / np.where(
        _floats(reference_populations) > 0, _floats(reference_populations), np.nan
    )
    return _plain((rates * _floats(populations)).sum(axis=-1))
