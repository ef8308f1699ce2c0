"""A line with the effects of schemes upon it, and how sure that line still is.

Growth comes first: the line is what happens without the schemes. Effects then
multiply, because a second scheme can only avoid what the first has left: two of
-10 % make -19 %, not -20 %. Uncertainties are combined on the log scale, where
factors add up. METHODS section 3; the combination is our own, and the tests
hold it against simulation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

# A log scale knows no nought: for the band, the strongest effect leaves a thousandth.
_LEFT = 0.001


class Effect(NamedTuple):
    """A relative change of a measure at full scale (-0.02 is 2 % down) and the share in effect each year.

    ``low`` and ``high`` hold the effect in 8 cases of 10, in either order; NaN
    where no range is stated. ``reach`` is an array (years,) of shares from 0 to 1.
    """

    full: float
    low: float
    high: float
    reach: np.ndarray


class Applied(NamedTuple):
    """A line with effects upon it: arrays (years,), and ``amounts`` (effects, years).

    ``amounts`` is what each effect changes, in the unit of the line and in the
    order of the effects; they add up to the whole change.
    """

    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    amounts: np.ndarray


def applied(value: ArrayLike, lower: ArrayLike, upper: ArrayLike, effects: Sequence[Effect]) -> Applied:
    """The line ``value`` with 80 % limits, all (years,), and the ``effects`` upon it.

    value x (1 + effect 1 x reach) x (1 + effect 2 x reach) ...

    The limits: the distance of each factor from its own limit, on the log scale,
    squared, added up and rooted, below and above apart. That takes the errors of
    the line and of the effects to be independent of each other. An effect without
    a range adds nothing to the band, which is then too narrow; a range that leaves
    the effect out is stretched to it. Where the line has no limits (NaN) the
    result has none either, and the same where the line is not above zero.
    """
    start = np.asarray(value, dtype=float)
    low, high = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    running, amounts = start.copy(), []
    with np.errstate(divide="ignore", invalid="ignore"):
        down, up = np.log(start / low) ** 2, np.log(high / start) ** 2
    for effect in effects:
        amounts.append(running * effect.full * effect.reach)
        running = running + amounts[-1]
        below, above = _distances(effect)
        down, up = down + below**2, up + above**2
    return Applied(
        running,
        running / np.exp(np.sqrt(down)),
        running * np.exp(np.sqrt(up)),
        np.array(amounts).reshape(len(amounts), len(start)),
    )


def _distances(effect: Effect) -> tuple[np.ndarray, np.ndarray]:
    """How far the factor of an effect lies from its limits, on the log scale: below, above."""
    ends = [end for end in (effect.low, effect.high) if np.isfinite(end)]
    factors = [
        _factor(f, effect.reach) for f in (effect.full, min([effect.full, *ends]), max([effect.full, *ends]))
    ]
    middle, lowest, highest = np.log(factors)
    return middle - lowest, highest - middle


def _factor(change: float, reach: np.ndarray) -> np.ndarray:
    return np.maximum(1 + change * np.asarray(reach, dtype=float), _LEFT)
