"""How far a figure moved between two periods that share no year, and whether chance would explain it.

For series that carry no trend: too few points, or figures of several years that
overlap. Source: the difference of two independent estimates, standard errors
taken from their 95 % intervals (Altman and others 2000, Statistics with confidence).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from workbook.methods.intervals import WIDTH, z_value


class Change(NamedTuple):
    """Last less first, in the unit of the figure, with its 95 % interval; ``percent`` is of the first.

    ``chance`` is True where the interval holds zero. NaN limits, and chance None,
    where an interval is missing; NaN per cent where the first figure is not above zero.
    """

    difference: float
    lower: float
    upper: float
    percent: float
    chance: bool | None


def between(
    first: float,
    first_limits: tuple[float | None, float | None],
    last: float,
    last_limits: tuple[float | None, float | None],
) -> Change:
    """The change from ``first`` to ``last``, each with its 95 % limits.

    last - first -+ 1.96 sqrt(se1^2 + se2^2), se = (upper - lower) / 3.92. The two
    periods must not overlap: shared years would make the change look surer than it is.
    """
    difference = last - first
    percent = 100 * difference / first if first > 0 else math.nan
    one, other = _error(first_limits), _error(last_limits)
    if one is None or other is None:
        return Change(difference, math.nan, math.nan, percent, None)
    half = z_value() * math.hypot(one, other)
    low, high = difference - half, difference + half
    return Change(difference, low, high, percent, low <= 0 <= high)


def _error(limits: tuple[float | None, float | None]) -> float | None:
    lower, upper = limits
    if (
        lower is None
        or upper is None
        or not math.isfinite(lower)
        or not math.isfinite(upper)
        or upper < lower
    ):
        return None
    return (upper - lower) / WIDTH
