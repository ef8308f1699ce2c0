"""Spend and outcome side by side: how far each lies from comparable areas.

Both become z-scores against the comparators, the outcome turned so that up is
better, and fall into boxes at one and two standard deviations. The picture shows
what to ask. It is no measure of value for money: spend and outcome of one year
need have nothing to do with each other. Source: Spend and Outcome Tool of Public
Health England (quadrant chart with boxes at 1 and 2 standard deviations).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

FEWEST = 5  # comparators with a figure
NOTE = "This shows what to ask, not value for money."


@dataclass(frozen=True)
class Quadrant:
    """Where an area stands. ``spend_z`` and ``outcome_z`` are None where ``reason`` says why.

    ``spend`` and ``outcome`` are words ("higher", "much worse"), ``box`` is the
    outer box that either reaches: 0, 1 or 2 standard deviations. ``peers`` is how
    many comparators had both figures that were asked for, the fewer of the two.
    """

    spend_z: float | None
    outcome_z: float | None
    spend: str
    outcome: str
    box: int | None
    peers: int
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The reason where there is one, else both standings in words."""
        if self.reason:
            return self.reason
        return (
            f"Beside {self.peers} comparable areas, spend is {self.spend} and the outcome is {self.outcome}."
        )


def standing(
    spend: float | None,
    outcome: float | None,
    spend_others: ArrayLike,
    outcome_others: ArrayLike,
    polarity: str,
) -> Quadrant:
    """The area against its comparators (itself left out), spend and outcome.

    ``spend`` is per head, ``spend_others`` and ``outcome_others`` have shape (n,)
    each; missing figures are left out. ``polarity`` is that of the outcome: "low"
    or "high" is better. Without a direction, with fewer than five comparators for
    either, or where the area's own figure is missing, there are no z-scores but
    a reason.
    """
    money, result = _known(spend_others), _known(outcome_others)
    peers = min(len(money), len(result))
    reason = _why_not(spend, outcome, money, result, polarity)
    if reason or spend is None or outcome is None:
        return Quadrant(None, None, "", "", None, peers, reason)
    across = z_score(spend, money)
    up = z_score(outcome, result) * (1 if polarity == "high" else -1)
    return Quadrant(
        across,
        up,
        words(across, "lower", "higher"),
        words(up, "worse", "better"),
        max(box(across), box(up)),
        peers,
    )


def z_score(value: float, others: ArrayLike) -> float:
    """How many standard deviations (of a sample, n - 1) ``value`` lies above the mean of ``others``.

    NaN with fewer than two others, or where they do not differ.
    """
    known = _known(others)
    deviation = float(np.std(known, ddof=1)) if len(known) > 1 else 0.0
    if deviation <= 1e-12 * float(np.abs(known).max(initial=0.0)):
        return math.nan
    return (float(value) - float(known.mean())) / deviation


def box(z: float) -> int:
    """0 within one standard deviation (that included), 1 within two, 2 beyond."""
    return 0 if abs(z) <= 1 else 1 if abs(z) <= 2 else 2


def words(z: float, down: str, up: str) -> str:
    """A z-score in words: "about the same", "higher", "much higher"."""
    size = box(z)
    if size == 0:
        return "about the same"
    return ("" if size == 1 else "much ") + (up if z > 0 else down)


def _known(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float).ravel()
    return array[np.isfinite(array)]


def _why_not(
    spend: float | None, outcome: float | None, money: np.ndarray, result: np.ndarray, polarity: str
) -> str:
    if polarity not in ("low", "high"):
        return "No direction of this outcome is better, so it cannot be set against spend."
    if spend is None or not math.isfinite(spend):
        return "The area has no figure for spend."
    if outcome is None or not math.isfinite(outcome):
        return "The area has no figure for the outcome."
    for what, others in (("spend", money), ("the outcome", result)):
        if len(others) < FEWEST:
            return (
                f"Only {len(others)} comparable areas have a figure for {what}; at least {FEWEST} are needed."
            )
        if math.isnan(z_score(0.0, others)):
            return f"The comparable areas do not differ in {what}, so no distance can be given."
    return ""
