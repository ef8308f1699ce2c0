"""Funnel plots: how far areas of each size may lie from a benchmark by chance alone.

The limits are the values at which an area's own interval would just touch the
benchmark, so a point outside them is an area whose 95 % (or 99.8 %) interval
leaves the benchmark out. Source: Office for Health Improvement and Disparities,
open code PHEindicatormethods (calculate_funnel_limits); Spiegelhalter 2005,
Funnel plots for comparing institutional performance (for the dispersion).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import pdtrik

from workbook.methods.intervals import z_value

Kind = Literal["proportion", "rate", "ratio"]

LEVELS = (0.95, 0.998)
SMOOTH = 10  # expected events from which the limit is a smooth curve of them
NODES = 400  # places at which that curve is worked out exactly
WITHIN = "within the limits"
FEWEST = 5  # areas whose dispersion is worth a number
WINSOR = 0.1  # the part of z-scores pulled in at either end before the dispersion is taken
_EDGE = NormalDist().inv_cdf(1 - WINSOR)
_BY_CHANCE = 1 - 2 * WINSOR - 2 * _EDGE * NormalDist().pdf(_EDGE) + 2 * WINSOR * _EDGE**2  # 0.68


class Funnel(NamedTuple):
    """Limits along ``denominators``, all of one shape, in the unit of the benchmark.

    NaN where the denominator is not above zero or the benchmark cannot be.
    """

    benchmark: float
    denominators: np.ndarray
    lower95: np.ndarray
    upper95: np.ndarray
    lower998: np.ndarray
    upper998: np.ndarray


def limits(benchmark: float, denominators: ArrayLike, per: float, kind: Kind) -> Funnel:
    """Control limits at 95 % and 99.8 % for areas of the given size.

    ``benchmark`` is what all would have, per ``per``: a percentage has per 100,
    a ratio of 100 per 100. ``denominators`` (any shape) are people for a
    proportion or a rate, and expected events for a ratio. For a standardised
    rate take the effective population: see :func:`effective_population`.

    - proportion p: p +- z sqrt(p (1 - p) / n), kept between 0 and ``per``
      (the share whose Wilson interval just touches p)
    - rate and ratio: the count whose exact Poisson interval just touches the
      expected count, over the denominator; the lower limit is never below 0

    NaN where nothing can be said: a denominator or benchmark that is not above
    zero, or a proportion above the whole.
    """
    if kind not in ("proportion", "rate", "ratio"):
        raise ValueError(f"a funnel is of a proportion, a rate or a ratio, not of {kind!r}")
    size = np.asarray(denominators, dtype=float)
    size = np.where((size > 0) & np.isfinite(size), size, np.nan)
    share = float(benchmark) / per
    if not (share > 0 and (kind != "proportion" or share <= 1)):
        size = np.full_like(size, np.nan)
    between = _binomial if kind == "proportion" else _poisson
    edges = [per * edge for level in LEVELS for edge in between(share, size, level)]
    return Funnel(float(benchmark), np.asarray(denominators, dtype=float), *edges)


def _binomial(share: float, size: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    half = z_value(confidence) * np.sqrt(share * (1 - share) / size)
    return np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)


def _poisson(share: float, size: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts (not only whole ones) whose exact Poisson limit is the expected count, over the size."""
    tail = (1 - confidence) / 2
    expected = share * size
    return np.maximum(_count(tail, expected), 0.0) / size, (1 + _count(1 - tail, expected)) / size


def _count(chance: float, expected: np.ndarray) -> np.ndarray:
    """The count up to which a Poisson variable with mean ``expected`` stays with ``chance``.

    The exact inverse is slow. Where it is asked for very often it is worked out at some hundred
    means and read off between them, right to a millionth part.
    """
    smooth = expected > SMOOTH
    if smooth.sum() <= 2 * NODES:
        return np.asarray(pdtrik(chance, expected))
    found = np.array(expected)
    found[~smooth] = pdtrik(chance, expected[~smooth])
    means = expected[smooth]
    nodes = np.geomspace(means.min(), means.max(), NODES)
    nodes[-1] = means.max()  # the last step of a geometric row may fall short by a bit
    deviations = (pdtrik(chance, nodes) - nodes) / np.sqrt(nodes)  # all but straight in the logarithm
    found[smooth] = means + np.sqrt(means) * np.interp(np.log(means), np.log(nodes), deviations)
    return found


def effective_population(counts: ArrayLike, rates: ArrayLike, per: float) -> np.ndarray:
    """The population at which a standardised rate would be crude: ``per * count / rate``.

    Any shape; NaN where the rate or the count is not above zero. It is the
    denominator to draw a standardised rate at, as the official funnels do.
    """
    x, value = np.broadcast_arrays(np.asarray(counts, dtype=float), np.asarray(rates, dtype=float))
    good = (x > 0) & (value > 0)
    return np.where(good, per * x / np.where(good, value, 1.0), np.nan)


def places(values: ArrayLike, funnel: Funnel) -> np.ndarray:
    """Where each value lies in the funnel drawn at its own denominator.

    Words of the values' shape: "within the limits", "above the 95 % limit",
    "above the 99.8 % limit", the same with "below", and "" where a value or its
    limits are missing. The words do not judge: see :mod:`compare` for polarity.
    """
    x = np.asarray(values, dtype=float)
    known = np.isfinite(x) & np.isfinite(funnel.lower95)
    return np.select(
        [
            ~known,
            x > funnel.upper998,
            x < funnel.lower998,
            x > funnel.upper95,
            x < funnel.lower95,
        ],
        [
            "",
            "above the 99.8 % limit",
            "below the 99.8 % limit",
            "above the 95 % limit",
            "below the 95 % limit",
        ],
        WITHIN,
    )


def grid(denominators: ArrayLike, points: int = 100) -> np.ndarray:
    """Sizes to draw the limits at: ``points`` of them from the smallest area to the largest.

    Spread evenly on a log scale, because funnels bend where areas are small.
    Empty where no denominator is above zero.
    """
    size = np.asarray(denominators, dtype=float)
    size = size[np.isfinite(size) & (size > 0)]
    return np.geomspace(size.min(), size.max(), points) if size.size else np.array([])


def dispersion(values: ArrayLike, benchmark: float, denominators: ArrayLike, per: float, kind: Kind) -> float:
    """How much more the areas differ than chance explains: about 1 where chance explains all.

    The mean squared z-score of the areas, the outer tenth at either end pulled
    in (Spiegelhalter 2005), over what that gives by chance. Well above 1 means that areas differ for reasons a
    funnel does not know, and many points outside it are no surprise. NaN with
    fewer than 5 areas.
    """
    x, size = np.broadcast_arrays(np.asarray(values, dtype=float), np.asarray(denominators, dtype=float))
    known = np.isfinite(x) & np.isfinite(size) & (size > 0)
    share = float(benchmark) / per
    if known.sum() < FEWEST or not share > 0 or (kind == "proportion" and share >= 1):
        return float("nan")
    y, n = x[known] / per, size[known]
    if kind == "proportion":  # the arcsine and the square root even out the variance
        z = 2 * np.sqrt(n) * (np.arcsin(np.sqrt(np.clip(y, 0, 1))) - np.arcsin(np.sqrt(share)))
    else:
        z = 2 * np.sqrt(n) * (np.sqrt(np.maximum(y, 0)) - np.sqrt(share))
    low, high = np.quantile(z, [WINSOR, 1 - WINSOR])
    return float(np.mean(np.clip(z, low, high) ** 2)) / _BY_CHANCE
