"""How far apart the best and the worst off are: slope and relative index of inequality.

A weighted straight line through the groups, placed by their share of the
population. Source: Office for Health Improvement and Disparities, open code
PHEindicatormethods (phe_sii); Low and Low 2004.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from workbook.methods.intervals import z_value

FEWEST, MOST = 5, 100  # groups
REPEATS = 10_000
SEED = 20_131

Kind = Literal["rate", "proportion", "mean"]


@dataclass(frozen=True)
class Inequality:
    """``slope``: the value at the least minus that at the most disadvantaged end, in the unit of
    the measure. ``ratio``: the first divided by the second. Both with an interval."""

    slope: float
    slope_lower: float
    slope_upper: float
    ratio: float
    ratio_lower: float
    ratio_upper: float


def index(
    values: ArrayLike,
    lowers: ArrayLike,
    uppers: ArrayLike,
    populations: ArrayLike,
    kind: Kind,
    confidence: float = 0.95,
    repeats: int = REPEATS,
    seed: int = SEED,
) -> Inequality:
    """Slope and relative index of inequality over groups from most to least disadvantaged.

    All four have shape (groups,), 5 to 100 of them; ``lowers`` and ``uppers``
    are 95 % limits. ``kind`` chooses the scale on which the line is straight:
    "rate" the logarithm (values above 0), "proportion" the logit (values
    between 0 and 1), "mean" the value itself. The interval comes from
    ``repeats`` draws of every group's value from its own interval, with a fixed
    seed, so that the same input gives the same interval. ValueError for too few
    or too many groups or a value that does not fit its scale.
    """
    y, low, high, people = (np.asarray(a, dtype=float) for a in (values, lowers, uppers, populations))
    if not FEWEST <= len(y) <= MOST:
        raise ValueError(f"an index of inequality needs {FEWEST} to {MOST} groups, not {len(y)}")
    if not (people > 0).all():
        raise ValueError("every group needs a population above zero")
    middle, low, high = (_scaled(part, kind) for part in (y, low, high))
    error = (high - low) / (2 * z_value(0.95))
    draws = middle + error * np.random.default_rng(seed).standard_normal((repeats, len(y)))
    best, worst = _ends(np.vstack([middle, draws]), people, kind)
    slopes, ratios = best - worst, best / worst
    tails = [(1 - confidence) / 2, 1 - (1 - confidence) / 2]
    slope_lower, slope_upper = np.quantile(slopes[1:], tails)
    ratio_lower, ratio_upper = np.quantile(ratios[1:], tails)
    return Inequality(
        *(float(x) for x in (slopes[0], slope_lower, slope_upper, ratios[0], ratio_lower, ratio_upper))
    )


def midpoints(populations: ArrayLike) -> np.ndarray:
    """Where each group's middle stands when all people are lined up, 0 to 1."""
    share = np.asarray(populations, dtype=float) / np.sum(populations)
    return np.cumsum(share) - share / 2


def _ends(rows: np.ndarray, people: np.ndarray, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """The line's value at the least and at the most disadvantaged end, for each row of values."""
    x, weight = midpoints(people), people / people.sum()
    centre = (weight * x).sum()
    gradient = rows @ (weight * (x - centre)) / (weight * (x - centre) ** 2).sum()
    start = rows @ weight - gradient * centre
    return _unscaled(start + gradient, kind), _unscaled(start, kind)


def _scaled(values: np.ndarray, kind: Kind) -> np.ndarray:
    if kind == "rate":
        if not (values > 0).all():
            raise ValueError("a rate and its limits must be above zero")
        return np.log(values)
    if kind == "proportion":
        if not ((values > 0) & (values < 1)).all():
            raise ValueError("a proportion and its limits must lie between 0 and 1")
        return np.log(values / (1 - values))
    return values


def _unscaled(values: np.ndarray, kind: Kind) -> np.ndarray:
    if kind == "rate":
        return np.exp(values)
    if kind == "proportion":
        return 1 / (1 + np.exp(-values))
    return values
