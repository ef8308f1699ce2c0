"""Lines from a baseline into the future: do nothing, hold, pledge, straight to a target.

The do-nothing line is where planning tools go wrong: a fitted trend carried on
in full misses by more than holding the last value does. The line here missed
least of those that were tried on the past of published series (docs/backtest.md;
``backtest`` works it out for any panel): all areas together go on by half of
their common trend, and each keeps the standing among them that it had over the
last five years. A panel is a data frame with one row a year (index: whole
years) and one column an area.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from workbook.methods import pooled
from workbook.methods.intervals import z_value
from workbook.methods.pooled import CONFIDENCE, Pooled

POINTS = pooled.POINTS  # fewer than this carry no drift
PLEDGE = -0.032  # a year; the reduction that the 2014 quality premium asked for
VISIBLE = 0.02  # a start this far from the last figure is explained
FEW_MOVES = 10  # with fewer past changes, one in ten of them is nobody
FEW_AREAS = 5  # with fewer, none is set aside as odd


@dataclass(frozen=True)
class Path:
    """A projected line: one entry a year, in the unit of the series.

    ``lower`` and ``upper`` are NaN where there is no interval. ``level`` is
    where the line starts; ``drift`` the relative change a year that the areas
    had (-0.02 is two per cent down), of which half is carried on. ``method``
    and ``interval_note`` are sentences for the reader.
    """

    years: np.ndarray
    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    level: float
    drift: float
    method: str
    interval_note: str


def do_nothing(
    panel: pd.DataFrame,
    area: str,
    base_year: int,
    horizon: int,
    breaks: Iterable[int] = (),
    ceiling: float = math.inf,
    period_years: int = 1,
) -> Path:
    """What happens to ``area`` over ``horizon`` years after ``base_year`` if nothing changes.

    Start: where all areas stand (the mean of their last year and of their last
    three), and the area's own standing above or below that over its last five
    years. Change: half the yearly relative change that the areas had in common
    over the last seven years. Interval (80 %): how far areas moved apart from
    their standing, and how uncertain the common trend is, which all areas share
    and which is the larger risk; :mod:`workbook.methods.pooled` has the terms.

    Only years up to ``base_year`` and since the last of ``breaks`` (years from
    which figures are no longer comparable) are used. A panel with one column
    works: nothing can then be pooled, and the method says so. With fewer than
    five points the last value is held, without an interval; with none the line
    is NaN. Zero and negative figures have no relative change and are treated as
    missing. ``ceiling`` caps the line and its limits (100 for a percentage).
    ``period_years`` above 1 says that each figure covers several years and
    overlaps the next: the past then shows less of how the common trend can turn
    than it seems to, so more weight lies on what is assumed beforehand, and the
    note says so. KeyError for an area that is not in the panel.
    """
    known = usable(panel, base_year, breaks)
    column = known.columns.get_loc(area)
    own = known[area].dropna()
    years = np.arange(base_year + 1, base_year + horizon + 1)
    if not len(own):
        return _held(years, math.nan, "There is no figure up to the base year, so nothing can be projected.")
    common = pooled.pool(np.log(known.to_numpy()), horizon, period_years)
    if len(own) < POINTS or not common.areas:
        return _held(years, float(own.iloc[-1]), _too_few(len(own)))
    first = int(known.index[0])
    path = _path(common, float(common.standing[column]), years, years - (first + common.last), ceiling)
    path = replace(path, method=path.method + _start_note(path.level, float(own.iloc[-1])))
    return replace(path, interval_note=path.interval_note + _overlap_note(period_years))


def usable(panel: pd.DataFrame, base_year: int, breaks: Iterable[int] = ()) -> pd.DataFrame:
    """Positive figures up to the base year and since the last break, one row for every year."""
    start = max((b for b in breaks if b <= base_year), default=-math.inf)
    index = panel.index.astype(int)
    wanted = np.array([start <= year <= base_year for year in index], dtype=bool)
    kept = panel.set_axis(index)[wanted].astype(float)
    if not len(kept):
        return kept
    return kept.where(kept > 0).reindex(range(kept.index.min(), base_year + 1))


def band(common: Pooled, ahead: np.ndarray) -> np.ndarray:
    """The factor from the line to its upper 80 % limit, ``ahead`` years after the last common figure.

    The spread is known up to the panel's horizon; a series that ended before the base
    year reaches further, and its band is stretched by the square root of time.
    """
    horizon = len(common.spread)
    stretch = np.sqrt(np.maximum(ahead / horizon, 1))
    spread = np.interp(ahead, np.arange(1, horizon + 1), common.spread) * stretch
    return np.asarray(np.exp(z_value(CONFIDENCE) * spread))


def _path(common: Pooled, standing: float, years: np.ndarray, ahead: np.ndarray, ceiling: float) -> Path:
    """The line of one area from what the areas share and where it stands among them."""
    value = np.exp(common.at(ahead) + standing)
    factor = band(common, ahead)
    return Path(
        years,
        np.minimum(value, ceiling),
        np.minimum(value / factor, ceiling),
        np.minimum(value * factor, ceiling),
        math.exp(common.level + standing),
        math.expm1(common.drift),
        _method(common),
        _interval_note(common.areas),
    )


def _too_few(points: int) -> str:
    if points >= POINTS:
        return "The last value is held: no area has five comparable points in the last seven years."
    count = "1 comparable point is" if points == 1 else f"{points} comparable points are"
    return f"The last value is held: {count} too few to see a drift (five are needed)."


def _method(common: Pooled) -> str:
    yearly = math.expm1(common.drift) * 100
    way = f"{abs(yearly):.1f} % a year {'down' if yearly < 0 else 'up'}"
    if common.areas < 2:
        return (
            "Starts at the mean of the last value and the last three years' mean, and carries on half the "
            f"area's own change over up to seven points ({way}). "
            "Only this area's figures are known, so no pooling with other areas was possible."
        )
    return (
        f"All areas together go on by half the change that {common.areas} areas had in common over up to "
        f"seven years ({way}), and the area keeps the standing among them that it had over its last five years."
    )


def _start_note(level: float, last: float) -> str:
    """A word on a start that the eye finds away from the last figure."""
    if abs(level / last - 1) < VISIBLE:
        return ""
    side = "below" if level < last else "above"
    return f" It starts {side} the last figure, since a single year is partly chance."


def _interval_note(areas: int) -> str:
    if areas < 2:
        return (
            "The band should hold the figure in 8 cases of 10. It rests on this area's own past "
            "yearly changes alone and is rough."
        )
    return (
        "The band should hold the figure in 8 cases of 10. It is made of how areas moved away from their "
        "standing in the past and of how uncertain the common trend is."
    )


def _overlap_note(period_years: int) -> str:
    if period_years < 2:
        return ""
    return (
        f" Each figure covers {period_years} years and overlaps the next, so the past shows little of how the "
        "common trend can turn; the band leans on how common trends of other published series turned."
    )


def _held(years: np.ndarray, value: float, method: str) -> Path:
    nothing = np.full(len(years), np.nan)
    note = "No interval: there are too few points to make one."
    return Path(years, np.full(len(years), value), nothing, nothing.copy(), value, math.nan, method, note)


# --- lines that people choose -------------------------------------------------


def hold(baseline: float, years: int) -> np.ndarray:
    """The baseline in each of the ``years`` that follow: an array of that length."""
    return np.full(years, float(baseline))


def pledge(baseline: float, yearly_change: float = PLEDGE, years: int = 5) -> np.ndarray:
    """The baseline changed by the same fraction every year: baseline x (1 + change)^n, n = 1..years.

    The default takes 3.2 % off a year, as the quality premium of 2014 asked for
    years of life lost. Where more is better, hand in a change above zero.
    """
    return baseline * (1 + yearly_change) ** np.arange(1, years + 1)


def straight(baseline: float, target: float, years: int) -> np.ndarray:
    """Equal steps from the baseline to the target, which is met in the last of ``years``."""
    return baseline + (target - baseline) * np.arange(1, years + 1) / years


class Plausibility(NamedTuple):
    """How often the past held such a change: ``share`` of ``moves`` at least as good; the ``best``.

    ``share`` (0 to 1) and ``best`` (relative, -0.2 is 20 % down) are NaN where
    the panel holds no move of that length.
    """

    share: float
    moves: int
    best: float


def plausibility(
    panel: pd.DataFrame, area_change: float, horizon: int, polarity: str, breaks: Iterable[int] = ()
) -> Plausibility:
    """The share of past changes over ``horizon`` years that were at least as good as ``area_change``.

    ``area_change`` is relative to the start (-0.15 is 15 % down). Every area
    and every starting year of ``panel`` counts, unless a year of ``breaks``
    (from which figures are no longer comparable) lies between start and end.
    The moves overlap and are not independent: read the share as "hardly ever",
    "now and then", "often". With polarity "low" good means down, with "high"
    up; with "none" good is the direction of ``area_change`` itself.
    """
    moves = _moves(panel, horizon, set(breaks))
    if not len(moves):
        return Plausibility(math.nan, 0, math.nan)
    down = polarity == "low" or (polarity == "none" and area_change < 0)
    sign = -1.0 if down else 1.0
    reached = sign * moves >= sign * area_change - 1e-12
    return Plausibility(float(reached.mean()), len(moves), float(sign * (sign * moves).max()))


def _moves(panel: pd.DataFrame, horizon: int, breaks: set[int]) -> np.ndarray:
    """Every known relative change over ``horizon`` years that crosses no break."""
    found = _grid(panel, horizon, breaks).ravel()
    return found[np.isfinite(found)]


def _grid(panel: pd.DataFrame, horizon: int, breaks: set[int]) -> np.ndarray:
    """The relative changes over ``horizon`` years, one row an end year and one column an area; NaN where unknown."""
    years = panel.index.to_numpy(dtype=int)
    span = int(years.max() - years.min()) + 1 if len(years) else 0
    if span <= horizon:
        return np.empty((0, panel.shape[1]))
    figures = np.full((span, panel.shape[1]), math.nan)
    figures[years - years.min()] = panel.to_numpy(dtype=float)
    figures[~(figures > 0)] = math.nan
    moves = figures[horizon:] / figures[:-horizon] - 1
    ends = years.min() + horizon + np.arange(len(moves))
    broken = [any(end - horizon < b <= end for b in breaks) for end in ends]
    moves[np.array(broken, dtype=bool)] = math.nan
    return np.asarray(moves)


class EarlyWarning(NamedTuple):
    """The values that put a target in doubt while there is still time; see :func:`early_warning`.

    ``hard``: past it, reaching the target needs more than all but one in ten of
    ``moves`` past changes achieved. ``out_of_reach``: past it, more than all but
    one in a hundred, or all areas but one, did. Both in the unit of the series;
    "past" is above where ``worse`` is "above", else below. NaN with a
    ``reason``, a sentence, where none can be given.
    """

    hard: float
    out_of_reach: float
    worse: str
    moves: int
    reason: str = ""


def early_warning(
    panel: pd.DataFrame,
    target: float,
    base_value: float,
    horizon: int,
    at_year_index: int = 2,
    polarity: str = "low",
    breaks: Iterable[int] = (),
) -> EarlyWarning:
    """The values at year ``at_year_index`` beyond which ``target`` in year ``horizon`` is hard, or out of reach.

    What is left must then be done in ``horizon - at_year_index`` years. Every
    relative change over as many years in the past of every area of ``panel``
    counts, unless a year of ``breaks`` lies within it (as in
    :func:`plausibility`). A target T is hard to reach from T / (1 + m), with m
    the change that one move in ten achieved, and out of reach from the same
    with one in a hundred. With polarity "low" better means down, with "high"
    up; with "none" it is the direction from ``base_value`` to the target.

    The best move of all is no measure of what can be done: it is mostly the
    leap of one very small area, whose figure jumps by chance. So where five
    areas or more are known, "out of reach" asks for no more than the best that
    any area but the one with the best move achieved. That needs no knowledge of
    how large the areas are, and warns a little early rather than too late. It is
    never nearer than "hard".
    """
    down = polarity == "low" or (polarity == "none" and target < base_value)
    worse = "above" if down else "below"
    left = horizon - at_year_index
    reason = _no_warning(target, base_value, left, at_year_index)
    gains = np.empty((0, 0)) if reason else (-1.0 if down else 1.0) * _grid(panel, left, set(breaks))
    known = gains[np.isfinite(gains)]
    if not reason and not len(known):
        reason = f"No comparable area has figures {left} years apart, so no early-warning line can be drawn."
    if reason:
        return EarlyWarning(math.nan, math.nan, worse, 0, reason)
    good = float(np.quantile(known, 0.9))
    best = max(min(float(np.quantile(known, 0.99)), _second(gains)), good)
    few = f"Only {len(known)} past changes are known, so the line is rough." if len(known) < FEW_MOVES else ""
    sign = -1.0 if down else 1.0
    return EarlyWarning(target / (1 + sign * good), target / (1 + sign * best), worse, len(known), few)


def _second(gains: np.ndarray) -> float:
    """The best gain of any area but the one with the best of all; no limit where fewer than five areas are known."""
    heard = np.isfinite(gains).any(axis=0)
    if heard.sum() < FEW_AREAS:
        return math.inf
    return float(np.sort(np.nanmax(gains[:, heard], axis=0))[-2])


def _no_warning(target: float, base_value: float, left: int, at_year_index: int) -> str:
    """Why no line can be drawn whatever the past holds; "" where one may be."""
    if not (math.isfinite(target) and math.isfinite(base_value) and target > 0 and base_value > 0):
        return "An early-warning line needs a baseline and a target above zero."
    if at_year_index < 1 or left < 1:
        return "An early-warning line needs a year between the baseline and the target."
    return ""
