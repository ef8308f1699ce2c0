"""Confidence intervals of proportions, counts, rates and means.

The methods are those of the Office for Health Improvement and Disparities
(Technical guide: confidence intervals; open code PHEindicatormethods). All
functions take numbers or arrays of any shapes that go together (areas, years,
indicators) and return floats or arrays of the common shape; NaN or None in, NaN
out. ``confidence`` is a fraction: 0.95, or 0.998 for the outer limits of a funnel.
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
    """A proportion with its Wilson score interval, as fractions of 1: value, lower, upper.

    (2x + z^2 -+ z sqrt(z^2 + 4x(1 - x/n))) / (2(n + z^2)) for ``count`` x of ``n``.
    Neither need be whole. The interval never leaves 0 to 1 and has a width even
    at 0 and at ``n``. NaN where ``n`` is not positive or ``count`` lies outside 0
    to ``n``. Source: Wilson 1927; Newcombe 1998.
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
    """Limits of a count of events, lower and upper: exact Poisson below 10, Byar's approximation from 10 on.

    Byar: x(1 - 1/(9x) - z/(3 sqrt x))^3 and the same with x + 1 and a plus sign.
    A count that is not whole is allowed (a sum of shares). NaN for a negative or
    missing count; the lower limit of 0 is 0.
    Source: Breslow and Day 1987, volume II, page 69; Garwood 1936.
    """
    x = np.where(_floats(count) >= 0, _floats(count), np.nan)
    small = x < EXACT_BELOW
    lower, upper = _byar(np.where(small, EXACT_BELOW, x), confidence)
    lower[small], upper[small] = _exact(x[small], confidence)  # only there: the exact quantiles are slow
    return _plain(lower), _plain(upper)


def _exact(x: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Exact Poisson limits; the chi-square quantile of 2x degrees, halved, is a gamma quantile."""
    tail = (1 - confidence) / 2
    lower = np.where(x > 0, gammaincinv(np.where(x > 0, x, 1.0), tail), 0.0)
    return lower, gammaincinv(x + 1, 1 - tail)


def _byar(x: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Byar's approximation of the Poisson limits; new arrays of the shape of ``x``."""
    z = z_value(confidence)
    lower = x * (1 - 1 / (9 * x) - z / (3 * np.sqrt(x))) ** 3
    more = x + 1
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.array(lower), np.array(upper)


def rate(
    count: ArrayLike, denominator: ArrayLike, per: float = 100_000, confidence: float = 0.95
) -> tuple[Value, Value, Value]:
    """A crude rate per ``per`` of the denominator, with the interval of its count: value, lower, upper.

    The denominator is taken as known without error: people, or person-years where
    several years are put together. NaN where it is not positive, or for a
    negative count. Source: as :func:`count`.
    """
    x, base = np.broadcast_arrays(_floats(count), _floats(denominator))
    base = np.where(base > 0, base, np.nan)
    x = np.where(x >= 0, x, np.nan)
    lower, upper = _limits(x, confidence)
    return tuple(_plain(per * part / base) for part in (x, lower, upper))


def mean(
    mean: ArrayLike, sd: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> tuple[Value, Value, Value]:
    """A mean with Student's t interval: mean -+ t sd / sqrt(n), with n - 1 degrees of freedom.

    ``sd`` is the standard deviation of the ``n`` people measured (not of the
    mean), in the unit of the mean. NaN limits where fewer than two were measured
    or the deviation is negative. Source: Altman and others 2000, Statistics with
    confidence.
    """
    middle, deviation, size = np.broadcast_arrays(_floats(mean), _floats(sd), _floats(n))
    size = np.where(size >= 2, size, np.nan)
    deviation = np.where(deviation >= 0, deviation, np.nan)
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
