"""How many people would be better off if the area did as well as its peers.

RightCare counts the gap to the mean of the best five of ten peers. Ignoring
how uncertain the peers' own figures are calls chance an opportunity in about
one case in eight (published criticism), so the peers' variance counts here,
and the median of the peers and a shrunken estimate stand beside the best five.
The best five are also partly the luckiest five: among areas that do not differ
at all, the gap would still look real in one case in ten. So whether a gap could
be chance is asked of the peers drawn towards their mean as well.
Opportunities of pathways that overlap are never added.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workbook.methods.intervals import z_value

BEST = 5
CHANCE = "This could be chance."


@dataclass(frozen=True)
class Opportunity:
    """The gap to peers, in the unit of the measure and in people or events.

    A gap is above zero where the area does worse. ``people`` and its limits
    never fall below zero. ``chance`` is True where the gap's interval reaches
    zero, or would once the luck of the best five is taken off; that includes an
    area that does no worse. NaN where ``reason`` says why nothing was worked out.
    """

    best_five: float
    median: float
    gap: float
    gap_lower: float
    gap_upper: float
    people: float
    lower: float
    upper: float
    chance: bool
    median_gap: float
    median_people: float
    median_chance: bool
    shrunken: float
    shrunken_people: float
    peers: int
    reason: str = ""

    @property
    def sentence(self) -> str:
        """ "This could be chance." where it could, the reason where there is one, otherwise ""."""
        return self.reason or (CHANCE if self.chance else "")


def opportunity(
    own: float,
    own_se: float,
    peers_values: ArrayLike,
    peers_se: ArrayLike | None,
    denominator: float,
    per: float,
    polarity: str,
    confidence: float = 0.95,
) -> Opportunity:
    """The opportunity of one area against its peers.

    ``own`` and ``peers_values`` (shape (n,), the area itself left out) are rates
    per ``per``, the ``_se`` their standard errors in the same unit (for the
    peers None, or NaN in places, where unknown: then taken as the area's own);
    ``denominator`` is the area's population. Peers without a figure are left
    out. Fewer than five peers, no better direction, or no figure of the area:
    NaN and a reason.
    """
    values, errors = _peers(peers_values, peers_se, own_se)
    reason = _why_not(own, own_se, len(values), polarity)
    if reason:
        return _nothing(reason, len(values))
    sign = 1.0 if polarity == "low" else -1.0
    best = np.argsort(sign * values, kind="stable")[:BEST]
    best_five, best_se = float(values[best].mean()), float(np.sqrt((errors[best] ** 2).sum()) / BEST)
    middle, middle_se = float(np.median(values)), _median_se(errors)
    z, scale = z_value(confidence), denominator / per

    gap, error = sign * (own - best_five), math.hypot(own_se, best_se)
    low, high = gap - z * error, gap + z * error
    lucky = sign * (float(_shrunken(values, errors)[best].mean()) - best_five)
    median_gap = sign * (own - middle)
    shrunken = shrink(own, own_se, values, errors)
    return Opportunity(
        best_five=best_five,
        median=middle,
        gap=gap,
        gap_lower=low,
        gap_upper=high,
        people=max(gap, 0.0) * scale,
        lower=max(low, 0.0) * scale,
        upper=max(high, 0.0) * scale,
        chance=low - max(lucky, 0.0) <= 0,
        median_gap=median_gap,
        median_people=max(median_gap, 0.0) * scale,
        median_chance=median_gap - z * math.hypot(own_se, middle_se) <= 0,
        shrunken=shrunken,
        shrunken_people=max(sign * (shrunken - best_five), 0.0) * scale,
        peers=len(values),
    )


@dataclass(frozen=True)
class Pounds:
    """An opportunity in pounds a year: the people or events of each estimate times their cost.

    ``value``, ``lower``, ``upper`` stand beside the best five, ``median`` and
    ``shrunken`` beside the other two estimates. ``chance`` as in
    :class:`Opportunity`. NaN where ``reason`` says why.
    """

    value: float
    lower: float
    upper: float
    median: float
    shrunken: float
    chance: bool
    reason: str = ""

    @property
    def sentence(self) -> str:
        """ "This could be chance." where it could, the reason where there is one, otherwise ""."""
        return self.reason or (CHANCE if self.chance else "")


def pounds(
    found: Opportunity, cost: float | None, cost_low: float | None = None, cost_high: float | None = None
) -> Pounds:
    """What an opportunity is worth at ``cost`` pounds for each person or event.

    ``cost_low`` and ``cost_high`` are the ends of what one may cost (the cost
    itself where not given): the lower limit is the fewest people at the lowest
    cost, the upper the most at the highest, so the interval is no narrower than
    that of the people. It is the value of the activity, not money that is set
    free: a saving counts only where capacity is taken out. NaN and a reason where
    the opportunity has none, or the cost is missing, below zero or out of order.
    """
    low, high = (cost if end is None else end for end in (cost_low, cost_high))
    reason = found.reason or _no_cost(cost, low, high)
    if reason or cost is None or low is None or high is None:
        nan = math.nan
        return Pounds(nan, nan, nan, nan, nan, True, reason)
    return Pounds(
        found.people * cost,
        found.lower * low,
        found.upper * high,
        found.median_people * cost,
        found.shrunken_people * cost,
        found.chance,
    )


def _no_cost(cost: float | None, low: float | None, high: float | None) -> str:
    if cost is None or low is None or high is None or not all(math.isfinite(c) for c in (cost, low, high)):
        return "What one event costs is not known, so the opportunity has no price."
    if not 0 <= low <= cost <= high:
        return "The costs of one event are below zero or out of order, so the opportunity has no price."
    return ""


def shrink(own: float, own_se: float, values: ArrayLike, errors: ArrayLike) -> float:
    """The area's value drawn towards the peers' mean by how noisy it is (empirical Bayes).

    The true spread between areas is what the observed variance leaves after
    taking off the mean sampling variance (method of moments, never below zero).
    """
    everyone = np.append(np.asarray(values, dtype=float), own)
    noise = np.append(np.asarray(errors, dtype=float), own_se)
    return float(_shrunken(everyone, noise)[-1])


def _shrunken(values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Each peer drawn towards the peers' mean by how noisy it is; see :func:`shrink`."""
    middle, spread = float(values.mean()), _true_spread(values, errors)
    if spread == 0:
        return np.where(errors > 0, middle, values)
    return middle + (values - middle) * spread / (spread + errors**2)


def _true_spread(values: np.ndarray, errors: np.ndarray) -> float:
    """The variance between areas that is left when the mean sampling variance is taken off."""
    return max(float(np.var(values, ddof=1)) - float(np.mean(errors**2)), 0.0)


def _peers(values: ArrayLike, errors: ArrayLike | None, own_se: float) -> tuple[np.ndarray, np.ndarray]:
    """Peers that have a figure, with a standard error for each."""
    known = np.asarray(values, dtype=float)
    se = np.full(known.shape, np.nan) if errors is None else np.asarray(errors, dtype=float)
    keep = np.isfinite(known)
    return known[keep], np.where(np.isfinite(se[keep]), se[keep], own_se)


def _median_se(errors: np.ndarray) -> float:
    """Standard error of a median of n figures: about 1.2533 times that of their mean."""
    return 1.2533 * float(np.sqrt((errors**2).sum())) / len(errors)


def _why_not(own: float, own_se: float, peers: int, polarity: str) -> str:
    if polarity not in ("low", "high"):
        return "No direction of this measure is better, so there is no opportunity to count."
    if own is None or own_se is None or not (math.isfinite(own) and math.isfinite(own_se)):
        return "The area has no figure with an interval, so no opportunity can be counted."
    if peers < BEST:
        known = {0: "No peer has", 1: "Only 1 peer has"}.get(peers, f"Only {peers} peers have")
        return f"{known} a figure; at least {BEST} are needed."
    return ""


def _nothing(reason: str, peers: int) -> Opportunity:
    nan = math.nan
    return Opportunity(nan, nan, nan, nan, nan, nan, nan, nan, True, nan, nan, True, nan, nan, peers, reason)
