"""How far apart the best and the worst off are: slope and relative index of inequality.

A weighted straight line through the groups, placed by their share of the
population. Source: Office for Health Improvement and Disparities, open code
PHEindicatormethods (phe_sii); Low and Low 2004.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
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
    the measure. ``ratio``: the first divided by the second. Both with an interval.
    ``most`` and ``least`` are the two ends of the fitted line, at 0 and 1 of the population.

    No difference is a slope of 0 and a ratio of 1."""

    slope: float
    slope_lower: float
    slope_upper: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    most: float
    least: float

    def times(self, scale: float) -> Inequality:
        """The same in another unit, ``scale`` of which make one of this; a ratio has no unit."""
        parts = ("slope", "slope_lower", "slope_upper", "most", "least")
        return replace(self, **{part: getattr(self, part) * scale for part in parts})


def index(
    values: ArrayLike,
    lowers: ArrayLike,
    uppers: ArrayLike,
    populations: ArrayLike,
    kind: Kind,
    confidence: float = 0.95,
    repeats: int = REPEATS,
    seed: int = SEED,
    transform: bool = True,
) -> Inequality:
    """Slope and relative index of inequality over groups from most to least disadvantaged.

    All four have shape (groups,), 5 to 100 of them; ``lowers`` and ``uppers``
    are 95 % limits. A straight line is fitted through the groups, each placed at
    the middle of its share of the population and weighted by that share; the
    index compares its ends. ``kind`` chooses the scale on which the line is
    straight and the groups vary: "rate" the logarithm (values above 0),
    "proportion" the logit (values between 0 and 1), "mean" the value itself.
    ``transform`` False fits the line to the values themselves (as the profiles
    do unless asked), and only draws on that scale. The interval comes from
    ``repeats`` draws of every group's value from its own interval, with a fixed
    seed, so that the same input gives the same interval. ValueError with the
    words of :func:`why_not` where the groups do not fit.
    """
    reason = why_not(values, lowers, uppers, populations, kind)
    if reason:
        raise ValueError(reason)
    y, low, high, people = (np.asarray(a, dtype=float) for a in (values, lowers, uppers, populations))
    middle, low, high = (_scaled(part, kind) for part in (y, low, high))
    error = (high - low) / (2 * z_value(0.95))
    draws = middle + error * _chance(repeats, len(y), seed)
    rows = np.vstack([middle, draws])
    best, worst = _ends(rows, people, kind) if transform else _ends(_unscaled(rows, kind), people, "mean")
    slopes, ratios = best - worst, best / worst
    tails = [(1 - confidence) / 2, 1 - (1 - confidence) / 2]
    found = (slopes[0], *np.quantile(slopes[1:], tails), ratios[0], *np.quantile(ratios[1:], tails))
    return Inequality(*(float(x) for x in (*found, worst[0], best[0])))


@lru_cache(maxsize=4)
def _chance(repeats: int, groups: int, seed: int) -> np.ndarray:
    """Standard normal draws, repeats x groups: the same for every figure, so they are made once."""
    return np.random.default_rng(seed).standard_normal((repeats, groups))


def why_not(
    values: ArrayLike, lowers: ArrayLike, uppers: ArrayLike, populations: ArrayLike, kind: Kind
) -> str:
    """Why :func:`index` cannot be worked out for these groups, as a sentence; "" where it can."""
    y, low, high, people = (np.asarray(a, dtype=float) for a in (values, lowers, uppers, populations))
    if not FEWEST <= len(y) <= MOST:
        return f"An index of inequality needs {FEWEST} to {MOST} groups, not {len(y)}."
    if not (people > 0).all():
        return "Every group needs a population above zero."
    if not np.isfinite([y, low, high]).all():
        return "Every group needs a figure with its interval; at least one is suppressed or missing."
    if kind == "rate" and not (np.array([y, low, high]) > 0).all():
        return "A rate and its limits must be above zero to be compared on a logarithmic scale."
    if kind == "proportion" and not ((np.array([y, low, high]) > 0) & (np.array([y, low, high]) < 1)).all():
        return "A proportion and its limits must lie between 0 and 1, neither included."
    return ""


def curve(
    values: ArrayLike, populations: ArrayLike, kind: Kind, points: int = 2
) -> tuple[np.ndarray, np.ndarray]:
    """The fitted line to draw: ``points`` places from 0 to 1 of the population, and its value there.

    Straight for a mean, so two points serve; bent for a rate or a proportion,
    whose line is straight on the logarithm or the logit: take 50.
    """
    y, people = np.asarray(values, dtype=float), np.asarray(populations, dtype=float)
    at = np.linspace(0, 1, points)
    gradient, start = _fitted(_scaled(y, kind)[None, :], people)
    return at, _unscaled(start[0] + gradient[0] * at, kind)


def midpoints(populations: ArrayLike) -> np.ndarray:
    """Where each group's middle stands when all people are lined up, 0 to 1."""
    share = np.asarray(populations, dtype=float) / np.sum(populations)
    return np.cumsum(share) - share / 2


def _ends(rows: np.ndarray, people: np.ndarray, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """The line's value at the least and at the most disadvantaged end, for each row of values."""
    gradient, start = _fitted(rows, people)
    return _unscaled(start + gradient, kind), _unscaled(start, kind)


def _fitted(rows: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and start of the line weighted by population, for each row of values."""
    x, weight = midpoints(people), people / people.sum()
    centre = (weight * x).sum()
    gradient = rows @ (weight * (x - centre)) / (weight * (x - centre) ** 2).sum()
    return gradient, rows @ weight - gradient * centre


def _scaled(values: np.ndarray, kind: Kind) -> np.ndarray:
    if kind == "rate":
        return np.log(values)
    if kind == "proportion":
        return np.log(values / (1 - values))
    return values


def _unscaled(values: np.ndarray, kind: Kind) -> np.ndarray:
    if kind == "rate":
        return np.exp(values)
    if kind == "proportion":
        return 1 / (1 + np.exp(-values))
    return values
