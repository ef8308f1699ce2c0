"""How well the do-nothing line and simpler ones would have done in the past, on any panel.

A line is drawn from a past base year with only what was known then, and the
figures that came are held against it: a rolling origin. A panel is a data frame
with one row a year (index: whole years) and one column an area.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from workbook.methods import pooled
from workbook.methods.projection import band, usable

FIRST_POINTS = 6  # years of figures before the first base year
_WINDOW = 7  # points of the fitted trends
_RECENT = 3

# The lines that people draw instead; each from logs (years x areas) and the years ahead.
SIMPLE: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "hold": lambda logs, ahead: _latest(logs),
    "mean3": lambda logs, ahead: _mean(logs[-_RECENT:]),
    "loglinear": lambda logs, ahead: _trend(logs, float(ahead)),
    "damped8": lambda logs, ahead: _trend(logs, sum(0.8**n for n in range(1, ahead + 1))),
    "damped6": lambda logs, ahead: _trend(logs, sum(0.6**n for n in range(1, ahead + 1))),
}
LABELS = {
    "do_nothing": "do nothing",
    "hold": "hold the last value",
    "mean3": "three-year mean",
    "loglinear": "log-linear trend of 7 points",
    "damped8": "trend damped by 0.8",
    "damped6": "trend damped by 0.6",
}
COLUMNS = ("base_year", "areas", *LABELS, "coverage")


def backtest(
    panel: pd.DataFrame,
    horizon: int = 5,
    breaks: Sequence[int] = (),
    period_years: int = 1,
    first_points: int = FIRST_POINTS,
    rule: pooled.Rule = pooled.RULE,
) -> pd.DataFrame:
    """How far each line missed ``horizon`` years ahead, from every past base year that can be judged.

    One row a base year with at least ``first_points`` years of figures up to it
    (since the last break; a year counts once half of the areas have a figure): ``base_year``; ``areas`` that had a line and a
    figure; for each line of ``LABELS`` the mean absolute error as a share of
    the mean of what came (0.08 is 8 %); ``coverage``, the share of areas whose
    figure fell inside the 80 % band. A base year with a break between it and
    the year it looks to is left out, and so is one without any area to judge.
    """
    frame = panel.set_axis(panel.index.astype(int)).sort_index().astype(float)
    if not len(frame):
        return pd.DataFrame(columns=list(COLUMNS))
    rows = [
        _missed(frame, origin, horizon, breaks, period_years, first_points, rule)
        for origin in range(int(frame.index[0]), int(frame.index[-1]) - horizon + 1)
        if origin + horizon in frame.index and not any(origin < b <= origin + horizon for b in breaks)
    ]
    return pd.DataFrame([row for row in rows if row], columns=list(COLUMNS))


def summary(trials: pd.DataFrame) -> dict[str, float]:
    """The mean of each line's error over the base years, and the coverage over all areas and base years.

    NaN where there is no base year; ``points`` is the number of figures judged.
    """
    points = int(trials["areas"].sum())
    if not points:
        return dict.fromkeys((*LABELS, "coverage"), math.nan) | {"points": 0}
    held = float((trials["coverage"] * trials["areas"]).sum() / points)
    return {name: float(trials[name].mean()) for name in LABELS} | {"coverage": held, "points": points}


def best_simple(missed: dict[str, float]) -> str:
    """The name of the simple line with the least error."""
    return min(SIMPLE, key=lambda name: missed[name])


def _missed(
    frame: pd.DataFrame,
    origin: int,
    horizon: int,
    breaks: Sequence[int],
    period_years: int,
    first_points: int,
    rule: pooled.Rule,
) -> tuple[float, ...] | None:
    """One row of :func:`backtest`; None where the base year has too little behind it or nothing came."""
    known = usable(frame, origin, breaks)
    logs = np.log(known.to_numpy())
    full = np.isfinite(logs).mean(axis=1) >= 0.5
    if int(full.sum()) < first_points or origin not in frame.index:
        return None
    common = pooled.pool(logs, horizon, period_years, rule)
    ahead = np.array([len(logs) - 1 - common.last + horizon])
    came = frame.loc[origin + horizon].to_numpy()
    drawn = np.isfinite(logs).sum(axis=0) >= pooled.POINTS
    judged = drawn & np.isfinite(came) & np.isfinite(common.standing) & math.isfinite(common.drift)
    if not judged.any():
        return None
    came = came[judged]
    line = np.exp(common.at(ahead, rule) + common.standing[judged])
    factor = band(common, ahead)
    held = float(((came >= line / factor) & (came <= line * factor)).mean())
    lines = [line, *(np.exp(simple(logs[:, judged], horizon)) for simple in SIMPLE.values())]
    misses = [float(np.abs(drawn_line - came).mean() / came.mean()) for drawn_line in lines]
    return origin, int(judged.sum()), *misses, held


# --- the simple lines: missing figures are passed over ------------------------


def _latest(logs: np.ndarray) -> np.ndarray:
    return logs[len(logs) - 1 - np.argmax(np.isfinite(logs)[::-1], axis=0), np.arange(logs.shape[1])]


def _mean(logs: np.ndarray) -> np.ndarray:
    """The log of the mean figure; the latest one where none of the years has any."""
    known = np.isfinite(logs)
    total = np.where(known, np.exp(np.where(known, logs, 0.0)), 0.0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(total / known.sum(axis=0))


def _trend(logs: np.ndarray, steps: float) -> np.ndarray:
    """Each area's least-squares line through its last seven years, carried on by ``steps`` years' slope."""
    recent = logs[-_WINDOW:]
    known = np.isfinite(recent)
    count = known.sum(axis=0)
    at = np.arange(len(recent))[:, None]
    middle = (known * at).sum(axis=0) / count
    height = np.where(known, recent, 0.0).sum(axis=0) / count
    off = np.where(known, at - middle, 0.0)
    across = (off**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = (off * np.where(known, recent - height, 0.0)).sum(axis=0) / across
    slope = np.where(across > 0, slope, 0.0)
    return np.asarray(height + slope * (len(recent) - 1 - middle + steps))
