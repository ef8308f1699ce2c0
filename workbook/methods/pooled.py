"""What the areas of a panel have in common, and how far they move apart: the ground of the do-nothing line.

All figures here are natural logarithms in an array of one row a year and one
column an area; NaN where a figure is missing. An area's figure is then the sum
of the *common line* (what all areas did, year by year) and its *standing* (how
far above or below that line it is). The common line is carried forward by half
its slope, as the Theta method does (Assimakopoulos and Nikolopoulos 2000, which
won the M3 competition of forecasting methods; Hyndman and Billah 2003 showed
that it is smoothing with half the drift). The standing is the mean of five
years, so that one odd year does not set it.
"""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np

from workbook.methods.intervals import z_value

POINTS = 5  # yearly points that an area needs
CONFIDENCE = 0.80
UNCERTAIN_DRIFT = math.sqrt(1 / 12)  # deviation of a share of the drift that may be anything from 0 to 1
LONGEST_MOVE = 7  # years over which areas are watched moving apart


class Rule(NamedTuple):
    """The few numbers of the method; docs/backtest.md tries others and says what they would have cost.

    ``window``: years that the common slope is taken from. ``standing``: years
    in an area's standing. ``recent``: years in the mean that steadies the start
    of the common line. ``damping``: the part of the slope that is carried on.
    ``prior`` and ``prior_moves``: common lines of published series missed by
    about 5 % after five years (docs/backtest.md), so a deviation of 0.01 a year
    is assumed beforehand, with the weight of four independent yearly changes.
    """

    window: int = 7
    standing: int = 5
    recent: int = 3
    damping: float = 0.5
    prior: float = 0.01
    prior_moves: float = 4.0


RULE = Rule()


class Pooled(NamedTuple):
    """What a panel gives; see :func:`pool`.

    ``level`` (log) is where the common line starts, after ``last``, the row of
    its latest year; ``drift`` its log change a year; ``areas`` how many gave
    it. ``standing`` (one an area, NaN where the area has no figure) is added to
    the common line. ``spread[n - 1]`` is the standard deviation of what the
    line misses n years ahead, common and own part together.
    """

    level: float
    last: int
    drift: float
    areas: int
    standing: np.ndarray
    spread: np.ndarray

    def at(self, ahead: np.ndarray, rule: Rule = RULE) -> np.ndarray:
        """The common line ``ahead`` years after ``last`` (log)."""
        return self.level + rule.damping * self.drift * ahead


def pool(logs: np.ndarray, horizon: int, period_years: int = 1, rule: Rule = RULE) -> Pooled:
    """The common line, every area's standing and the spread up to ``horizon`` years ahead.

    ``logs``: years x areas. Areas with at least five figures in the last seven
    years make the common line; the others only get a standing. Where no area
    has that many, ``drift`` and ``spread`` are NaN and ``areas`` is 0.
    """
    wanted = np.isfinite(logs[-rule.window :]).sum(axis=0) >= POINTS
    if not wanted.any():
        nothing = np.full(horizon, np.nan)
        return Pooled(math.nan, len(logs) - 1, math.nan, 0, np.full(logs.shape[1], np.nan), nothing)
    common = _common(logs[:, wanted])
    last = int(np.flatnonzero(np.isfinite(common))[-1])
    upto = common[: last + 1]
    apart = logs[: last + 1] - upto[:, None]
    recent = upto[-rule.recent :]
    level = (upto[-1] + recent[np.isfinite(recent)].mean()) / 2
    drift = _slope(upto[-rule.window :])
    spread = _spread(upto, apart[:, wanted], drift, horizon, period_years, rule)
    return Pooled(level, last, drift, int(wanted.sum()), _standing(apart, rule.standing), spread)


def _common(logs: np.ndarray) -> np.ndarray:
    """The median area's figure each year, once each area's own mean is taken off; NaN in a year without any.

    Areas come and go between years; taking their own level off first keeps the
    line from moving because other areas are counted.
    """
    with warnings.catch_warnings():  # a year or an area without any figure is no fault
        warnings.simplefilter("ignore", RuntimeWarning)
        if np.isfinite(logs).all():
            line = np.median(logs, axis=1)
            return np.asarray(np.median(logs - np.mean(logs - line[:, None], axis=0), axis=1))
        line = np.nanmedian(logs, axis=1)
        for _ in range(3):
            own = np.nanmean(logs - line[:, None], axis=0)
            line = np.nanmedian(logs - own, axis=1)
        return np.asarray(line)


def _slope(line: np.ndarray) -> float:
    """The least-squares slope a year of what is known of ``line``."""
    at = np.flatnonzero(np.isfinite(line))
    off = at - at.mean()
    return float((off * line[at]).sum() / (off**2).sum())


def _standing(apart: np.ndarray, years: int) -> np.ndarray:
    """The mean of each area's last ``years`` years that end with its own latest figure."""
    known = np.isfinite(apart)
    latest = len(apart) - 1 - np.argmax(known[::-1], axis=0)
    row = np.arange(len(apart))[:, None]
    used = known & (row > latest - years)
    with np.errstate(invalid="ignore"):
        return np.where(used, apart, 0.0).sum(axis=0) / np.where(used.any(axis=0), used.sum(axis=0), np.nan)


# --- how far it may miss ------------------------------------------------------


def _spread(
    common: np.ndarray, apart: np.ndarray, drift: float, horizon: int, period_years: int, rule: Rule
) -> np.ndarray:
    ahead = np.arange(1, horizon + 1)
    own = _own_variance(apart if apart.shape[1] > 1 else None, ahead, period_years, rule.standing)
    return np.sqrt(own + _common_variance(common, drift, ahead, period_years, rule))


def _common_variance(
    common: np.ndarray, drift: float, ahead: np.ndarray, period_years: int, rule: Rule
) -> np.ndarray:
    """What the common line may miss: any share of the drift, its wobble, and what such lines missed elsewhere.

    A short or overlapping past shows little of how a trend can turn. So what
    the panel shows counts with the number of its independent yearly changes,
    and what is assumed beforehand with ``prior_moves`` of them.
    """
    moves = np.diff(common)
    moves = moves[np.isfinite(moves)]
    # A mean over k years moves from year to year with 1/k of the variance of single years.
    wobble = _typical_deviation(moves) ** 2 * period_years
    shown = (drift * ahead * UNCERTAIN_DRIFT) ** 2 + wobble * ahead
    weight = len(moves) / period_years
    return (weight * shown + rule.prior_moves * (rule.prior * ahead) ** 2) / (weight + rule.prior_moves)


def _typical_deviation(moves: np.ndarray) -> float:
    """Deviation by the median absolute deviation: one year of shock that passed does not set it."""
    return 1.4826 * float(np.median(np.abs(moves - np.median(moves)))) if len(moves) else 0.0


def _own_variance(
    apart: np.ndarray | None, ahead: np.ndarray, period_years: int, standing: int
) -> np.ndarray:
    """What an area may move away from its standing: chance in a single year, and a slow walk.

    Two areas' paths part by twice the chance of a year however short the time,
    and by the walk in proportion to it; a straight line through the squared
    moves over one, two ... seven years tells them apart. Moves shorter than an
    overlapping period show neither and are left out.
    """
    if apart is None:  # alone, an area has nothing to stand apart from
        return np.zeros(len(ahead))
    spans = np.arange(min(period_years, len(apart) - 1), min(LONGEST_MOVE, len(apart) - 1) + 1)
    squared = np.array([_typical_square(apart[n:] - apart[:-n]) for n in spans])
    known = np.isfinite(squared)
    if not known.any():
        return np.zeros(len(ahead))
    chance, walk = _line(spans[known], squared[known], len(apart) - spans[known])
    # The mean of n years lies (n - 1)/2 years back on average, hence the further walk.
    back = (standing - 1) * (2 * standing - 1) / (6 * standing)
    lost = apart.shape[1] / (apart.shape[1] - 1)  # the areas' own middle was taken off
    return lost * (chance / 2 * (1 + 1 / standing) + walk * (ahead + back))


def _typical_square(moves: np.ndarray) -> float:
    """The variance of a normal distribution that holds 80 % of the moves, as the band is to do."""
    sizes = np.abs(moves[np.isfinite(moves)])
    return float((np.quantile(sizes, CONFIDENCE) / z_value(CONFIDENCE)) ** 2) if len(sizes) else math.nan


def _line(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Start and slope of the weighted least-squares line, neither below zero."""
    middle, height = np.average(x, weights=weight), np.average(y, weights=weight)
    off = x - middle
    across = float((weight * off**2).sum())
    slope = max(float((weight * off * (y - height)).sum()) / across, 0.0) if across else 0.0
    slope = min(slope, height / middle)
    return height - slope * middle, slope
