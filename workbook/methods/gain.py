"""Who would gain most: what a scheme avoids among groups of different risk.

Expected gain of a group = people x risk x reach x reduction. The group at
highest risk is not always the one with most to gain: risk counts only as far
as the scheme lowers it there. Group figures are enough; nothing about a person
is needed. Source: expected events avoided = risk x relative risk reduction
(absolute risk reduction; Cook and Sackett 1995); on risk and gain being two
things, Lewis 2015, Impactibility models.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

PER = 1000  # people reached


class Gain(NamedTuple):
    """One entry a group, all of one shape; NaN where an input is missing or cannot be.

    ``reached``: people the scheme reaches. ``events``: events expected among
    them a year without it. ``avoided``, ``low``, ``high``: events a year that it
    avoids. ``per_1000``, ``per_1000_low``, ``per_1000_high``: the same per 1,000
    people reached, which is what a place on the scheme is worth in the group.
    """

    reached: np.ndarray
    events: np.ndarray
    avoided: np.ndarray
    low: np.ndarray
    high: np.ndarray
    per_1000: np.ndarray
    per_1000_low: np.ndarray
    per_1000_high: np.ndarray


def expected(
    people: ArrayLike,
    risk: ArrayLike,
    reach: ArrayLike,
    reduction: ArrayLike,
    reduction_low: ArrayLike | None = None,
    reduction_high: ArrayLike | None = None,
    risk_low: ArrayLike | None = None,
    risk_high: ArrayLike | None = None,
) -> Gain:
    """The expected gain of each group, with its range.

    ``people`` in the group; ``risk``: events a person a year (0 or more; above 1
    where one person can have several); ``reach``: the share of the group that
    the scheme reaches, 0 to 1; ``reduction``: the share of events it avoids in
    those reached, 1 at most, below zero where it does harm. Any shapes that go
    together, usually (groups,). ``low`` multiplies the low risk and the low
    reduction, ``high`` the high ones: the range in which all is at one end, wider
    than an interval would be. A low or high that is not given is the value
    itself. NaN for a group with a missing figure or one outside these bounds.
    """
    size, chance, part, effect = _arrays(people, risk, reach, reduction)
    good = (size >= 0) & (chance >= 0) & (part >= 0) & (part <= 1) & (effect <= 1)
    reached = np.where(good, size * part, np.nan)
    low, high = _worth(chance, effect, risk_low, risk_high, reduction_low, reduction_high)
    value = np.where(good, chance * effect, np.nan)
    low, high = np.where(good, low, np.nan), np.where(good, high, np.nan)
    return Gain(
        reached,
        reached * chance,
        reached * value,
        reached * low,
        reached * high,
        PER * value,
        PER * low,
        PER * high,
    )


def most(gain: Gain) -> int | None:
    """The place of the group with the highest gain per 1,000 people reached; None where none is known."""
    return None if np.isnan(gain.per_1000).all() else int(np.nanargmax(gain.per_1000))


def total(gain: Gain) -> tuple[float, float, float]:
    """Events a year avoided in all groups with low and high; the groups must not overlap.

    Groups without a figure are left out, so the total is then too low. NaN where
    no group has one.
    """
    if np.isnan(gain.avoided).all():
        return float("nan"), float("nan"), float("nan")
    return float(np.nansum(gain.avoided)), float(np.nansum(gain.low)), float(np.nansum(gain.high))


def _arrays(*parts: ArrayLike) -> list[np.ndarray]:
    return list(np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in parts)))


def _worth(
    risk: np.ndarray,
    effect: np.ndarray,
    risk_low: ArrayLike | None,
    risk_high: ArrayLike | None,
    effect_low: ArrayLike | None,
    effect_high: ArrayLike | None,
) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest product of risk and effect that the four ends allow."""
    risks = [risk if end is None else np.asarray(end, dtype=float) for end in (risk_low, risk_high)]
    effects = [effect if end is None else np.asarray(end, dtype=float) for end in (effect_low, effect_high)]
    corners = np.array(np.broadcast_arrays(*(r * e for r in risks for e in effects)))
    return corners.min(axis=0), corners.max(axis=0)
