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

MINIMUM_COUNT = 10  # no rate is given that rests on fewer events


def direct(
    counts: ArrayLike,
    populations: ArrayLike,
    weights: ArrayLike = ESP2013,
    per: float = 100_000,
    confidence: float = 0.95,
    inflation: ArrayLike = 1.0,
    minimum: float = MINIMUM_COUNT,
) -> tuple[Any, Any, Any]:
    """Directly standardised rate per ``per`` with Dobson's interval: value, lower, upper.

    DSR = sum(w x / n) / sum(w); Var = sum(w^2 x / n^2) / sum(w)^2; limits
    DSR + sqrt(Var / X) (L - X), where X is the total count and L its limits.
    ``counts`` and ``populations`` have shape (..., bands), ``weights`` (bands,);
    the three results have the shape in front of the bands. Bands of age and sex
    together are simply more bands. All three are NaN where fewer than ``minimum``
    events (10) happened in all, or where a band has no population or no count
    (write 0 for none). ``inflation`` (a number, or one an area) multiplies the
    variance where one person can count repeatedly: see :func:`repeat_factor`;
    1 means independent events.
    """
    x, n, w = _banded(counts, populations, weights)
    value = (w * x / n).sum(axis=-1) / w.sum()
    variance = _floats(inflation) * (w**2 * x / n**2).sum(axis=-1) / w.sum() ** 2
    return _with_dobson(value, variance, x.sum(axis=-1), per, confidence, minimum)


def repeated(
    persons: ArrayLike,
    times: ArrayLike,
    populations: ArrayLike,
    weights: ArrayLike = ESP2013,
    per: float = 100_000,
    confidence: float = 0.95,
    minimum: float = MINIMUM_COUNT,
) -> tuple[Any, Any, Any]:
    """Directly standardised rate of events that can happen to one person repeatedly (admissions).

    ``persons`` has shape (..., bands, k): how many people in each band had the
    event ``times`` (k,) times, for instance 1, 2, 3. A band's events are
    x = sum(f p_f). The people are independent, their events are not, so the
    variance of a band's events is sum(f^2 p_f) instead of x, and
    Var = sum(w^2 sum(f^2 p_f) / n^2) / sum(w)^2. The rate is that of
    :func:`direct`; the interval is wider. Shapes, limits and edges as there.
    Source: PHEindicatormethods (calculate_dsr with events that are not
    independent); Stukel and others 1994.
    """
    people, often = _floats(persons), _floats(times)
    if people.shape[-1] != often.shape[-1]:
        raise ValueError(
            f"{people.shape[-1]} columns of people cannot take {often.shape[-1]} numbers of times"
        )
    events, squares = (people * often).sum(axis=-1), (people * often**2).sum(axis=-1)
    x, n, w = _banded(events, populations, weights)
    value = (w * x / n).sum(axis=-1) / w.sum()
    variance = (w**2 * squares / n**2).sum(axis=-1) / w.sum() ** 2
    return _with_dobson(value, variance, x.sum(axis=-1), per, confidence, minimum)


def repeat_factor(persons: ArrayLike, times: ArrayLike) -> Any:
    """By how much repeated events inflate the variance: sum(f^2 p_f) / sum(f p_f).

    ``persons`` (..., k) had the event ``times`` (k,) times. 1 where nobody had it
    twice; 2.2 means that the interval is sqrt(2.2) times as wide. For ``inflation``
    in :func:`direct` where the distribution is known for the area but not by
    band: exact if it is the same in every band. NaN where nobody had the event.
    """
    people, often = _floats(persons), _floats(times)
    events = (people * often).sum(axis=-1)
    return _plain((people * often**2).sum(axis=-1) / np.where(events > 0, events, np.nan))


def years_lost(
    deaths: ArrayLike,
    remaining: ArrayLike,
    populations: ArrayLike,
    weights: ArrayLike = ESP2013,
    per: float = 100_000,
    confidence: float = 0.95,
    squares: ArrayLike | None = None,
    minimum: float = MINIMUM_COUNT,
) -> tuple[Any, Any, Any]:
    """Potential years of life lost, directly standardised, per ``per``: value, lower, upper.

    ``deaths`` are counts by band (..., bands), ``remaining`` the reference
    remaining years L at each band (same shape, or (bands,)). For the NHS measure
    the bands are those of age and sex together. The variance of a band's years
    is sum(L^2) over its deaths, not the plain count that the Dobson variance of
    deaths would use: Var = sum(w^2 sum(L^2) / n^2) / sum(w)^2. Where deaths of one
    band lose different numbers of years, ``remaining`` is their mean and
    ``squares`` the sum of L^2 over the band's deaths; without it every death of
    a band counts the same. NaN as in :func:`direct`. Source: NHS Outcomes
    Framework indicator 1a (the measure); the variance is that of a sum of
    weighted Poisson counts (Dobson and others 1991), which gives the intervals
    published for England's women and men of 2003 to 2014.
    """
    d, n, w = _banded(deaths, populations, weights)
    years = _floats(remaining)
    squared = d * years**2 if squares is None else _floats(squares)
    value = (w * d * years / n).sum(axis=-1) / w.sum()
    variance = (w**2 * squared / n**2).sum(axis=-1) / w.sum() ** 2
    return _with_dobson(value, variance, d.sum(axis=-1), per, confidence, minimum)


def _banded(
    counts: ArrayLike, populations: ArrayLike, weights: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts and populations of one shape and the weights; NaN for what cannot be."""
    x, n = np.broadcast_arrays(_floats(counts), _floats(populations))
    w = _floats(weights)
    if x.shape[-1] != w.shape[-1]:
        raise ValueError(f"{x.shape[-1]} age bands cannot take {w.shape[-1]} weights")
    return np.where(x >= 0, x, np.nan), np.where(n > 0, n, np.nan), w


def _with_dobson(
    value: np.ndarray, variance: np.ndarray, total: np.ndarray, per: float, confidence: float, minimum: float
) -> tuple[Any, Any, Any]:
    """The Poisson limits of the total count, carried over to the weighted rate."""
    shown = total >= minimum
    safe = np.where(shown & (total > 0), total, np.nan)
    low, high = count_limits(safe, confidence)
    step = np.sqrt(variance / safe)
    lower, upper = value + step * (low - safe), value + step * (high - safe)
    return _plain(per * np.where(shown, value, np.nan)), _plain(per * lower), _plain(per * upper)


def indirect(
    observed: ArrayLike, expected: ArrayLike, per: float = 100, confidence: float = 0.95
) -> tuple[Any, Any, Any]:
    """Indirectly standardised ratio: observed over expected, times ``per`` (100 is the standard).

    Any shapes that go together; value, lower, upper. ``expected`` is what the
    area's population would have at the standard's rates: see :func:`expected`.
    With the standard's crude rate as ``per`` it is the indirectly standardised
    rate. Interval: exact (under 10) or Byar on the observed. NaN where nothing is
    expected. Ratios of two areas cannot be compared with each other, only with
    the standard. Source: Breslow and Day 1987; PHEindicatormethods.
    """
    o, e = np.broadcast_arrays(_floats(observed), _floats(expected))
    e, o = np.where(e > 0, e, np.nan), np.where(o >= 0, o, np.nan)
    lower, upper = count_limits(o, confidence)
    return tuple(_plain(per * np.asarray(part) / e) for part in (o, lower, upper))


def expected(reference_counts: ArrayLike, reference_populations: ArrayLike, populations: ArrayLike) -> Any:
    """Events expected at the reference's rates: sum over the last axis (bands).

    ``reference_counts`` and ``reference_populations`` have shape (bands,),
    ``populations`` (..., bands). NaN where a band of the reference has no population.
    """
    rates = _floats(reference_counts) / np.where(
        _floats(reference_populations) > 0, _floats(reference_populations), np.nan
    )
    return _plain((rates * _floats(populations)).sum(axis=-1))
