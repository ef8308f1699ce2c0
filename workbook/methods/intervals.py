"""Confidence intervals of proportions, counts, rates and means.

The methods are those of the Office for Health Improvement and Disparities
(Technical guide: confidence intervals; open code PHEindicatormethods). All
functions take numbers or arrays and return floats or arrays of the same shape;
NaN in, NaN out. ``confidence`` is a fraction: 0.95, or 0.998 for the outer
limits of a funnel.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv, stdtrit

Value = Any  # a float for numbers in, an array for arrays in
WIDTH = 3.92  # a 95 % interval is 2 x 1.96 standard errors wide
EXACT_BELOW = 10  # counts smaller than this take the exact Poisson interval


def z_value(confidence: float = 0.95) -> float:
    """The standard normal deviate of a two-sided interval: 1.96 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a fraction between 0 and 1, not {confidence}")
    return NormalDist().inv_cdf(confidence + (1 - confidence) / 2)


def proportion(count: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Value, Value, Value]:
    """A proportion with its Wilson score interval, as fractions of 1.

    NaN where ``n`` is not positive or ``count`` lies outside 0 to ``n``.
    Source: Wilson 1927; Newcombe 1998.
    """
    x, size = np.broadcast_arrays(_floats(count), _floats(n))
    good = (size > 0) & (x >= 0) & (x <= size)
    x, size = np.where(good, x, np.nan), np.where(good, size, np.nan)
    z = z_value(confidence)
    value = x / size
    middle = 2 * x + z**2
    spread = z * np.sqrt(z**2 + 4 * x * (1 - value))
    scale = 2 * (size + z**2)
    # Rounding must not push a bound beyond what a proportion can be.
    lower = np.where(x == 0, 0.0, (middle - spread) / scale)
    upper = np.where(x == size, 1.0, (middle + spread) / scale)
    return _plain(value), _plain(np.where(good, lower, np.nan)), _plain(np.where(good, upper, np.nan))


def count(count: ArrayLike, confidence: float = 0.95) -> tuple[Value, Value]:
    """Limits of a count: exact Poisson below 10, Byar's approximation from 10 on.

    NaN for a negative or missing count; the lower limit of 0 is 0.
    Source: Breslow and Day 1987, volume II, page 69; Garwood 1936.
    """
    x = np.where(_floats(count) >= 0, _floats(count), np.nan)
    small = x < EXACT_BELOW
    exact_lower, exact_upper = _exact(np.where(small, x, 0.0), confidence)
    byar_lower, byar_upper = _byar(np.where(small, EXACT_BELOW, x), confidence)
    lower = np.where(small, exact_lower, byar_lower)
    upper = np.where(small, exact_upper, byar_upper)
    return _plain(lower), _plain(upper)


def _exact(x: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Exact Poisson limits; the chi-square quantile of 2x degrees, halved, is a gamma quantile."""
    tail = (1 - confidence) / 2
    lower = np.where(x > 0, gammaincinv(np.where(x > 0, x, 1.0), tail), 0.0)
    return lower, gammaincinv(x + 1, 1 - tail)


def _byar(x: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Byar's approximation of the Poisson limits."""
    z = z_value(confidence)
    lower = x * (1 - 1 / (9 * x) - z / (3 * np.sqrt(x))) ** 3
    more = x + 1
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return lower, upper


def rate(
    count: ArrayLike, denominator: ArrayLike, per: float = 100_000, confidence: float = 0.95
) -> tuple[Value, Value, Value]:
    """A crude rate per ``per`` of the denominator, with the interval of its count.

    NaN where the denominator is not positive.
    """
    x, base = np.broadcast_arrays(_floats(count), _floats(denominator))
    base = np.where(base > 0, base, np.nan)
    x = np.where(x >= 0, x, np.nan)
    lower, upper = _limits(x, confidence)
    return tuple(_plain(per * part / base) for part in (x, lower, upper))


def mean(
    mean: ArrayLike, sd: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> tuple[Value, Value, Value]:
    """A mean with Student's t interval; NaN limits where fewer than two were measured."""
    middle, deviation, size = np.broadcast_arrays(_floats(mean), _floats(sd), _floats(n))
    size = np.where(size >= 2, size, np.nan)
    t = stdtrit(size - 1, 1 - (1 - confidence) / 2)
    half = t * deviation / np.sqrt(size)
    return _plain(middle), _plain(middle - half), _plain(middle + half)


def from_count(value: ArrayLike, count: ArrayLike, confidence: float = 0.95) -> tuple[Value, Value]:
    """Approximate limits of a rate that is published with its count but without an interval.

    The limits of the count, scaled to the rate: ``value * limits / count``. For
    a standardised rate this leaves out how the weights widen the interval, so
    it is somewhat too narrow: call it approximate where it is shown. NaN where
    the count is missing or 0.
    """
    rates, x = np.broadcast_arrays(_floats(value), _floats(count))
    x = np.where(x > 0, x, np.nan)
    lower, upper = _limits(x, confidence)
    return _plain(rates * lower / x), _plain(rates * upper / x)


# ``rate`` and ``from_count`` name an argument "count", which hides the function there.
_limits = count


def _floats(value: ArrayLike) -> np.ndarray:
    """An array of floats; None becomes NaN."""
    return np.asarray(value, dtype=float)


def _plain(value: np.ndarray) -> Value:
    """A float for a single number, the array otherwise."""
    array = np.asarray(value)
    return float(array) if array.ndim == 0 else array
