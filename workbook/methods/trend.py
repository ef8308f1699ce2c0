"""The recent trend of an indicator (Fingertips rule).

A weighted straight line through the last five yearly points; the slope's
chi-square is held against 9.55 (99.8 %, one degree of freedom), and the slope
must keep its sign when any one point is left out. Source: Fingertips technical
guidance, Trend markers. (For proportions the profiles test counts instead of
values; on their own published series the two agree: tests/spec/test_published.py.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from workbook.methods.intervals import WIDTH

POINTS = 5
CRITICAL = 9.5495  # chi-square, 99.8 %, 1 degree of freedom

Direction = Literal["increasing", "decreasing", "no significant change", "cannot be calculated"]


@dataclass(frozen=True)
class Trend:
    """The trend, what it means, and why in a sentence.

    ``judgement`` is "" where nothing changed or nothing can be said, and "no
    judgement" where the measure has no better direction. ``points`` is how many
    points were looked at; ``chi_square`` is None where it was not worked out.
    """

    direction: Direction
    judgement: Literal["getting better", "getting worse", "no judgement", ""]
    reason: str
    chi_square: float | None
    points: int


def recent(
    years: ArrayLike,
    values: ArrayLike,
    lowers: ArrayLike,
    uppers: ArrayLike,
    polarity: str,
    breaks: Iterable[int] = (),
    period_years: int = 1,
) -> Trend:
    """The trend of the last five yearly points.

    All four series have one entry a year, in any order; ``lowers`` and
    ``uppers`` are 95 % limits. ``breaks`` are the years from which the figures
    can no longer be compared with those before. ``period_years`` is how many
    years one figure covers: figures of several years overlap and are no
    independent points, so no trend is worked out.
    """
    points = np.array([years, values, lowers, uppers], dtype=float).T
    points = points[np.argsort(points[:, 0])]
    if period_years > 1:
        return _none(
            f"Each figure covers {period_years} years and overlaps the next, "
            "so the points are not independent and no trend can be calculated.",
            len(points),
        )
    points, reason = _last_unbroken(points, breaks)
    if reason:
        return _none(reason, len(points))
    return _judge(points, polarity)


def _last_unbroken(points: np.ndarray, breaks: Iterable[int]) -> tuple[np.ndarray, str]:
    """The last five points since the last break, or why they do not serve."""
    if len(points) and (started := [b for b in breaks if points[0, 0] < b <= points[-1, 0]]):
        latest = max(started)
        points = points[points[:, 0] >= latest]
        if len(points) < POINTS:
            return points, (
                f"The series was broken in {latest} and has only {len(points)} of the "
                f"{POINTS} yearly points since then that a trend needs."
            )
    if len(points) < POINTS:
        return points, f"There are fewer than five points: {len(points)} of the {POINTS} that a trend needs."
    points = points[-POINTS:]
    return points, _fault(points)


def _fault(points: np.ndarray) -> str:
    """Why five points cannot carry a trend; "" where they can."""
    if not np.all(np.diff(points[:, 0]) == 1):
        return "A year is missing among the last five points, so no trend can be calculated."
    if not np.isfinite(points[:, 1]).all():
        hidden = ", ".join(f"{year:.0f}" for year in points[~np.isfinite(points[:, 1]), 0])
        return f"The figure of {hidden} is suppressed or missing, so no trend can be calculated."
    if not np.isfinite(points[:, 2:]).all():
        return "A confidence interval is missing among the last five points, so no trend can be calculated."
    if not (points[:, 3] > points[:, 2]).all():
        return "A confidence interval among the last five points has no width, so no trend can be calculated."
    return ""


def _judge(points: np.ndarray, polarity: str) -> Trend:
    slope, chi_square, steady = (float(part) for part in _tested(*points.T))
    span = f"{points[0, 0]:.0f} to {points[-1, 0]:.0f}"
    if chi_square < CRITICAL:
        return Trend(
            "no significant change",
            "",
            f"Over {span} the change is no larger than chance would explain.",
            chi_square,
            POINTS,
        )
    if not steady:
        return Trend(
            "no significant change",
            "",
            f"Over {span} the direction rests on a single year, so it is not called a trend.",
            chi_square,
            POINTS,
        )
    direction: Direction = "increasing" if slope > 0 else "decreasing"
    return Trend(
        direction,
        _meaning(direction, polarity),
        f"Over {span} the figures are {direction} by more than chance would explain.",
        chi_square,
        POINTS,
    )


def _meaning(direction: str, polarity: str) -> Literal["getting better", "getting worse", "no judgement"]:
    if polarity not in ("low", "high"):
        return "no judgement"
    return "getting better" if (direction == "increasing") == (polarity == "high") else "getting worse"


# --- many series at once --------------------------------------------------------


class Trends(NamedTuple):
    """Trends of many series; every field has the shape in front of the years.

    ``direction`` and ``judgement`` as in :class:`Trend`; ``chi_square`` and
    ``slope`` (a year, in the unit of the measure) are NaN where no trend could be
    worked out, and ``reason`` then says why ("" elsewhere).
    """

    direction: np.ndarray
    judgement: np.ndarray
    chi_square: np.ndarray
    slope: np.ndarray
    reason: np.ndarray


def recent_many(
    years: ArrayLike,
    values: ArrayLike,
    lowers: ArrayLike,
    uppers: ArrayLike,
    polarity: ArrayLike = "none",
    breaks: ArrayLike = (),
    period_years: ArrayLike = 1,
) -> Trends:
    """:func:`recent` for many series with common years.

    ``years`` (years,) in any order, each once; ``values`` and the 95 % limits
    (..., years), NaN where a series has no figure. A series ends at its last known
    value, and the five years up to it are looked at, so a value missing among them
    is a suppressed one. ``polarity`` and ``period_years`` broadcast against the
    shape in front of the years; ``breaks`` has shape (k,), or (..., k) where the
    series were broken in different years (fill up with NaN).
    """
    axis, y, low, high = _in_order(years, values, lowers, uppers)
    front = y.shape[:-1]
    if not len(axis):
        return _empty(front)
    known = np.isfinite(y)
    last = np.where(known.any(axis=-1), len(axis) - 1 - np.argmax(known[..., ::-1], axis=-1), -1)
    window = np.maximum(last[..., None] + np.arange(1 - POINTS, 1), 0)
    x = axis[window]
    y, low, high = (np.take_along_axis(part, window, axis=-1) for part in (y, low, high))
    reason = _reasons(last, x, y, low, high, breaks, np.broadcast_to(period_years, front))
    slope, chi_square, steady = _tested(x, y, low, high)
    works = reason == ""
    found = works & (chi_square >= CRITICAL) & steady
    direction = np.select(
        [~works, found & (slope > 0), found],
        ["cannot be calculated", "increasing", "decreasing"],
        "no significant change",
    )
    return Trends(
        direction,
        _meanings(found, slope, np.asarray(polarity)),
        np.where(works, chi_square, np.nan),
        np.where(works, slope, np.nan),
        reason,
    )


def _in_order(*parts: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The years in order and the three series after them, of one shape."""
    years, *series = (np.asarray(part, dtype=float) for part in parts)
    order = np.argsort(years)
    y, low, high = (part[..., order] for part in np.broadcast_arrays(*series))
    return years[order], y, low, high


def _empty(front: tuple[int, ...]) -> Trends:
    nothing, nan = np.full(front, ""), np.full(front, np.nan)
    return Trends(
        np.full(front, "cannot be calculated"),
        nothing,
        nan,
        nan.copy(),
        np.full(front, "fewer than five points"),
    )


def _reasons(
    last: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    breaks: ArrayLike,
    period_years: np.ndarray,
) -> np.ndarray:
    """Why a window of five cannot carry a trend; "" where it can."""
    broken_in = np.asarray(breaks, dtype=float)
    broken = ((broken_in > x[..., :1]) & (broken_in <= x[..., -1:])).any(axis=-1)
    return np.select(
        [
            period_years > 1,
            last < POINTS - 1,
            broken,
            (np.diff(x, axis=-1) != 1).any(axis=-1),
            ~np.isfinite(y).all(axis=-1),
            ~(np.isfinite(low) & np.isfinite(high)).all(axis=-1),
            ~(high > low).all(axis=-1),
        ],
        [
            "periods overlap",
            "fewer than five points",
            "the series was broken",
            "a year is missing",
            "a figure is suppressed or missing",
            "a confidence interval is missing",
            "a confidence interval has no width",
        ],
        "",
    )


def _meanings(found: np.ndarray, slope: np.ndarray, polarity: np.ndarray) -> np.ndarray:
    judged = (polarity == "low") | (polarity == "high")
    better = (slope > 0) == (polarity == "high")
    return np.select(
        [~found, ~np.broadcast_to(judged, found.shape), better],
        ["", "no judgement", "getting better"],
        "getting worse",
    )


def _tested(
    x: np.ndarray, y: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slope a year, its chi-square, and whether it keeps its sign without any one point.

    Along the last axis; each point weighs 1 / standard error squared, the error
    being (upper - lower) / 3.92.
    """
    x = x - x[..., :1]
    width = np.where(high > low, high - low, np.nan)
    weight = (WIDTH / width) ** 2
    slope, spread = _line(x, y, weight)
    without = [_line(x, y, np.where(np.arange(x.shape[-1]) == i, 0.0, weight))[0] for i in range(x.shape[-1])]
    steady = (np.array(without) * slope > 0).all(axis=0)
    return slope, slope**2 * spread, steady


def _line(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope of the weighted line and the weighted sum of squares of x, which is 1 / its variance."""
    apart = x - (weight * x).sum(axis=-1, keepdims=True) / weight.sum(axis=-1, keepdims=True)
    spread = (weight * apart**2).sum(axis=-1)
    safe = np.where(spread > 0, spread, np.nan)
    return (weight * apart * y).sum(axis=-1) / safe, spread


def _none(reason: str, points: int) -> Trend:
    return Trend("cannot be calculated", "", reason, None, points)
