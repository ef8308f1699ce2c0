"""Seeded draws of amounts that are given as three points, so that sums carry their own percentiles.

Percentiles are never added. Each uncertain amount is drawn many times, the
amounts are put together draw by draw, and the percentiles are read from the
result. Every named amount has its own stream: one more amount in a plan leaves
the draws of the others as they were, and the same plan gives the same numbers
on every machine.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

DRAWS = 10_000
SEED = 2014
_Z90 = 1.2815515655446004


class Percentiles(NamedTuple):
    """What one draw in ten is below, half are below, and one in ten is above."""

    p10: float
    p50: float
    p90: float


def uniform(name: str, draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """Numbers between 0 and 1, one in each of ``draws`` equal strata, in an order that the name alone decides.

    Stratified (Latin hypercube, McKay and others 1979): the percentiles of a single
    amount come out as they went in, and those of sums need fewer draws.
    """
    stream = _stream(name, seed)
    return (stream.permutation(draws) + stream.random(draws)) / draws


def strata(name: str, draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """In which of the equal strata each draw of :func:`uniform` lies, 0 to ``draws`` - 1: enough, and quicker, for many names."""
    return _stream(name, seed).permutation(draws)


def _stream(name: str, seed: int) -> np.random.Generator:
    """The numbers of a name, by its checksum: the same in every run and on every machine, as Python's own hash is not.

    Two names in four thousand million share one; a test holds the numbers of some names to those of today.
    """
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))


def three_points(low: float, middle: float, high: float, share: np.ndarray) -> np.ndarray:
    """The values of an amount at the shares ``share`` (0 to 1) of its distribution.

    ``low``, ``middle`` and ``high`` are its 10th, 50th and 90th percentile: a normal
    curve with one spread below the middle and another above it, which meets all
    three. ValueError where they are not in this order.
    """
    if not low <= middle <= high:
        raise ValueError("low, middle and high must be in this order")
    z = ndtri(share)
    spread = np.where(z < 0, middle - low, high - middle) / _Z90
    return middle + spread * z


def happens(chance: float, share: np.ndarray) -> np.ndarray:
    """1 in the draws where an event of this chance happens, 0 in the others."""
    return (share < chance).astype(float)


def percentiles(values: np.ndarray) -> Percentiles:
    """P10, P50 and P90 of draws, along the first axis where there are several amounts."""
    return Percentiles(*np.percentile(values, (10, 50, 90), axis=0).tolist())


def shares_of_spread(factors: dict[str, np.ndarray]) -> dict[str, float]:
    """How much of the spread of a sum comes from each named part: its covariance with the sum over the sum's variance.

    The shares add up to one; a part that offsets others has a share below zero.
    Zeros where the sum does not vary.
    """
    total = np.sum(list(factors.values()), axis=0)
    spread = float(np.var(total))
    if not spread > 0:
        return dict.fromkeys(factors, 0.0)
    return {
        name: float(np.mean((v - v.mean()) * (total - total.mean()))) / spread for name, v in factors.items()
    }
