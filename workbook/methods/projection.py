"""Lines from a baseline into the future: do nothing, hold, pledge, straight to a target.

The do-nothing line is where planning tools go wrong: a fitted trend carried on
in full misses by more than holding the last value does. Measured on real series
five years ahead, the line here (a smoothed level and half the drift that all
areas share) missed least: see :func:`backtest`, which works that out for any
panel. A panel is a data frame with one row a year (index: whole years) and one
column an area.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from workbook.methods.intervals import z_value

WINDOW = 7  # yearly points that the drift is taken from
POINTS = 5  # fewer than this carry no drift
LEVEL_POINTS = 3  # years in the smoothed level
DAMPING = 0.5  # the part of the drift that is carried on
CONFIDENCE = 0.80
PLEDGE = -0.032  # a year; the reduction that the 2014 quality premium asked for
UNCERTAIN_DRIFT = math.sqrt(1 / 12)  # deviation of a share of the drift that may be anything from 0 to 1


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


class Shared(NamedTuple):
    """What the areas of a panel have in common up to a base year.

    ``drift`` is the median area's log change a year; ``areas`` how many gave
    it; ``spread[n - 1]`` the standard deviation of an area's log move over n
    years, around what the line expects.
    """

    drift: float
    areas: int
    spread: np.ndarray


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

    Start: the mean of the last value and of the last three years' mean. Change:
    half the median area's yearly relative change over the last seven points.
    Interval (80 %): how far areas moved apart over as many years in the past,
    widened by how uncertain the common trend is, which all areas share and
    which is the larger risk.

    Only years up to ``base_year`` and since the last of ``breaks`` (years from
    which figures are no longer comparable) are used. A panel with one column
    works: nothing can then be pooled, and the method says so. With fewer than
    five points the last value is held, without an interval; with none the line
    is NaN. Zero and negative figures have no relative change and are treated as
    missing. ``ceiling`` caps the line and its limits (100 for a percentage).
    ``period_years`` above 1 says that each figure covers several years and
    overlaps the next: the common trend then looks calmer from year to year than
    it is, so its part of the interval is widened, and the note says that the
    band may still be too narrow. KeyError for an area that is not in the panel.
    """
    known = _usable(panel, base_year, breaks)
    common = shared(panel, base_year, horizon, breaks, period_years)
    path = _path(known[area], common, base_year, horizon, ceiling)
    overlaps = period_years > 1 and np.isfinite(path.lower).any()
    return replace(path, interval_note=_overlap_note(period_years)) if overlaps else path


def shared(
    panel: pd.DataFrame, base_year: int, horizon: int, breaks: Iterable[int] = (), period_years: int = 1
) -> Shared:
    """The drift and the spread that the areas of ``panel`` give; see :func:`do_nothing`."""
    logs = _usable(panel, base_year, breaks).apply(np.log)
    slopes = _slopes(logs.loc[base_year - WINDOW + 1 :])
    if not len(slopes):
        return Shared(math.nan, 0, np.full(horizon, np.nan))
    drift = float(np.median(slopes))
    return Shared(drift, len(slopes), _spread(logs, drift, horizon, period_years))


def _usable(panel: pd.DataFrame, base_year: int, breaks: Iterable[int]) -> pd.DataFrame:
    """Positive figures up to the base year and since the last break, one row for every year."""
    start = max((b for b in breaks if b <= base_year), default=-math.inf)
    index = panel.index.astype(int)
    wanted = [start <= year <= base_year for year in index]
    kept = panel.set_axis(index).loc[wanted].astype(float)
    if not len(kept):
        return kept
    return kept.where(kept > 0).reindex(range(kept.index.min(), base_year + 1))


def _slopes(logs: pd.DataFrame) -> np.ndarray:
    """Each area's mean log change a year, for areas with at least five points."""
    found = []
    for values in logs.to_numpy().T:
        at = np.flatnonzero(np.isfinite(values))
        if len(at) >= POINTS:
            found.append((values[at[-1]] - values[at[0]]) / (at[-1] - at[0]))
    return np.array(found)


def _spread(logs: pd.DataFrame, drift: float, horizon: int, period_years: int) -> np.ndarray:
    """Deviation of an area's log move over 1..horizon years, own and common part together."""
    values = logs.to_numpy()
    yearly = _row_medians(values[1:] - values[:-1])
    # A mean over k years moves from year to year with 1/k of the variance of single years.
    wobble = _typical_deviation(yearly) * math.sqrt(period_years)
    return np.array(
        [
            math.hypot(_own_spread(values, n), drift * n * UNCERTAIN_DRIFT, wobble * math.sqrt(n))
            for n in range(1, horizon + 1)
        ]
    )


def _typical_deviation(moves: np.ndarray) -> float:
    """Deviation by the median absolute deviation: one year of shock that passed does not set it."""
    return 1.4826 * float(np.median(np.abs(moves - np.median(moves)))) if len(moves) else 0.0


def _own_spread(values: np.ndarray, years: int) -> float:
    """How far areas moved apart over ``years``; a shorter past is stretched by the square root of time."""
    if values.shape[1] == 1:  # alone, the wobble of its own yearly changes is all there is
        return 0.0
    span = min(years, max(len(values) - 2, 1))
    moves = values[span:] - values[:-span]
    apart = (moves - _row_medians(moves, keep=True)[:, None]).ravel()
    apart = apart[np.isfinite(apart)]
    return float(np.sqrt(np.mean(apart**2)) * math.sqrt(years / span)) if len(apart) else 0.0


def _row_medians(moves: np.ndarray, keep: bool = False) -> np.ndarray:
    """The median area's move in each row; rows without any are dropped, or NaN with ``keep``."""
    medians = np.array([np.median(r[np.isfinite(r)]) if np.isfinite(r).any() else np.nan for r in moves])
    return medians if keep else medians[np.isfinite(medians)]


def _path(own: pd.Series, common: Shared, base_year: int, horizon: int, ceiling: float) -> Path:
    """The line of one area from its own figures and what the areas share."""
    years = np.arange(base_year + 1, base_year + horizon + 1)
    own = own.dropna()
    if not len(own):
        return _held(years, math.nan, "There is no figure up to the base year, so nothing can be projected.")
    last_year, last = int(own.index[-1]), float(own.iloc[-1])
    if len(own) < POINTS or not math.isfinite(common.drift):
        return _held(years, last, _too_few(len(own)))
    recent = own.loc[last_year - LEVEL_POINTS + 1 :]
    level = (last + float(recent.mean())) / 2
    ahead = years - last_year
    value = level * np.exp(DAMPING * common.drift * ahead)
    # The spread is known by the year ahead; older data than the base year start further back.
    stretch = np.sqrt(np.maximum(ahead / horizon, 1))
    spread = np.interp(ahead, np.arange(1, horizon + 1), common.spread) * stretch
    factor = np.exp(z_value(CONFIDENCE) * spread)
    return Path(
        years,
        np.minimum(value, ceiling),
        np.minimum(value / factor, ceiling),
        np.minimum(value * factor, ceiling),
        level,
        math.expm1(common.drift),
        _method(common),
        _interval_note(common.areas),
    )


def _too_few(points: int) -> str:
    if points >= POINTS:
        return "The last value is held: no area has five comparable points in the last seven years."
    count = "1 comparable point is" if points == 1 else f"{points} comparable points are"
    return f"The last value is held: {count} too few to see a drift (five are needed)."


def _method(common: Shared) -> str:
    yearly = math.expm1(common.drift) * 100
    way = f"{abs(yearly):.1f} % a year {'down' if yearly < 0 else 'up'}"
    start = "Starts at the mean of the last value and the last three years' mean"
    if common.areas < 2:
        return (
            f"{start}, and carries on half the area's own change over up to seven points ({way}). "
            "Only this area's figures are known, so no pooling with other areas was possible."
        )
    return (
        f"{start}, and carries on half the change that {common.areas} areas had in common "
        f"over up to seven points (in the middle {way})."
    )


def _interval_note(areas: int) -> str:
    if areas < 2:
        return (
            "The band should hold the figure in 8 cases of 10. It rests on this area's own past "
            "yearly changes alone and is rough."
        )
    return (
        "The band should hold the figure in 8 cases of 10. It is made of how areas moved over as many "
        "years in the past and of how uncertain the common trend is."
    )


def _overlap_note(period_years: int) -> str:
    return (
        f"Each figure covers {period_years} years and overlaps the next, so the past shows little of how the "
        "common trend can turn: on short series of this kind such bands have held fewer than half of the figures."
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
    if not len(panel):
        return np.array([])
    frame = panel.set_axis(panel.index.astype(int)).astype(float)
    frame = frame.where(frame > 0).reindex(range(frame.index.min(), frame.index.max() + 1))
    moves = frame / frame.shift(horizon) - 1
    whole = [not any(year - horizon < b <= year for b in breaks) for year in moves.index]
    found = moves.loc[whole].to_numpy().ravel()
    return found[np.isfinite(found)]


# --- how well the line did ----------------------------------------------------


def backtest(
    panel: pd.DataFrame,
    horizon: int = 5,
    breaks: Sequence[int] = (),
    first_origin: int | None = None,
    period_years: int = 1,
) -> pd.DataFrame:
    """How far each line missed when drawn in the past, from every possible base year.

    One row an origin: ``base_year``, ``areas``, ``do_nothing`` and ``hold``
    (mean absolute error as a share of the mean of what came), ``coverage`` (the
    share of areas whose figure fell inside the 80 % interval). An origin needs
    five points before it; ``first_origin`` asks for a later start.
    """
    frame = panel.set_axis(panel.index.astype(int)).sort_index()
    earliest = int(frame.index.min()) + POINTS - 1
    start = max(earliest, first_origin) if first_origin is not None else earliest
    rows = [
        _missed(frame, origin, horizon, breaks, period_years)
        for origin in range(start, int(frame.index.max()) - horizon + 1)
    ]
    return pd.DataFrame(rows, columns=["base_year", "areas", "do_nothing", "hold", "coverage"])


def _missed(
    frame: pd.DataFrame, origin: int, horizon: int, breaks: Sequence[int], period_years: int
) -> tuple[float, ...]:
    """The errors of one origin; NaN where no area can be judged."""
    common = shared(frame, origin, horizon, breaks, period_years)
    known = _usable(frame, origin, breaks)
    came = frame.loc[origin + horizon].astype(float)
    found = []
    for area in known.columns:
        path = _path(known[area], common, origin, horizon, math.inf)
        if np.isfinite(path.lower[-1]) and np.isfinite(came[area]):
            last = float(known[area].dropna().iloc[-1])
            found.append((path.value[-1], last, path.lower[-1], path.upper[-1], came[area]))
    if not found:
        return origin, 0, math.nan, math.nan, math.nan
    value, last_value, lower, upper, actual = np.array(found).T
    misses = [float(np.abs(line - actual).mean() / actual.mean()) for line in (value, last_value)]
    return origin, len(actual), *misses, float(((actual >= lower) & (actual <= upper)).mean())
