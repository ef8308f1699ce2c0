"""The recent trend of an indicator (Fingertips rule).

A weighted straight line through the last five yearly points; the slope's
chi-square is held against 9.55 (99.8 %, one degree of freedom), and the slope
must keep its sign when any one point is left out. Source: Fingertips technical
guidance, Recent trends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

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
    slope, variance = _slope(points)
    chi_square = slope**2 / variance
    steady = all(_slope(np.delete(points, i, axis=0))[0] * slope > 0 for i in range(len(points)))
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


def _slope(points: np.ndarray) -> tuple[float, float]:
    """Slope a year and its variance, each point weighted by 1 / standard error squared."""
    x, y = points[:, 0], points[:, 1]
    weight = (WIDTH / (points[:, 3] - points[:, 2])) ** 2
    middle = np.average(x, weights=weight)
    spread = float((weight * (x - middle) ** 2).sum())
    return float((weight * (x - middle) * y).sum()) / spread, 1 / spread


def _none(reason: str, points: int) -> Trend:
    return Trend("cannot be calculated", "", reason, None, points)
