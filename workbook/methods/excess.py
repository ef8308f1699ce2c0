"""How many events there are because groups do less well than one of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from workbook.methods.intervals import WIDTH


class Excess(NamedTuple):
    """``events`` above what the last group's rate would give (below zero: too few), with a 95 % range.

    ``share`` is the same out of all events of the groups together.
    """

    events: float
    lower: float
    upper: float
    share: float


def over_last(
    values: ArrayLike, lowers: ArrayLike, uppers: ArrayLike, populations: ArrayLike, per: float
) -> Excess:
    """Events of all groups less those they would have at the last group's rate.

    All four have shape (groups,); ``values`` count ``per`` people (100 for a
    percentage), ``lowers`` and ``uppers`` are their 95 % limits, and
    ``populations`` the people each value was counted among. The last group is
    the least disadvantaged one. Groups are taken as independent; the last one's
    own error moves every other group's comparison, and is counted so. NaN
    throughout where a figure is missing; ``share`` is NaN where nothing
    happened. Source: excess over a reference group (population attributable
    number; Mackenbach and Kunst 1997).
    """
    y, low, high, people = (np.asarray(a, dtype=float) for a in (values, lowers, uppers, populations))
    weight = people / per
    error = (high - low) / WIDTH
    events = float((weight * (y - y[-1])).sum())
    spread = float(np.sqrt(((weight * error)[:-1] ** 2).sum() + (weight[:-1].sum() * error[-1]) ** 2))
    half = WIDTH / 2 * spread
    total = float((weight * y).sum())
    share = events / total if total > 0 else float("nan")
    return Excess(events, events - half, events + half, share)
