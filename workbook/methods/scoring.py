"""What a need scores on each criterion of the shortlist: numbers in, 0 (least reason to act) to 1 out.

NaN where the criterion cannot be told for a figure: the mean of the others then
stands for it, which is said beside the ranking.
"""

from __future__ import annotations

import math

from scipy.special import ndtr

from workbook.methods.intervals import WIDTH

ENOUGH_KINDS = 2  # so many kinds of people who spoke of a need are enough for the full score


def size(events: float | None, largest: float) -> float:
    """``events`` between area and peers (0 or below: the area is no worse); ``largest`` on the list.

    The logarithm of one more than the events, over that of the largest: ten
    times as many events make an equal step, because figures count unlike things.
    """
    if events is None or math.isnan(events):
        return math.nan
    if events <= 0 or largest <= 0:
        return 0.0
    return min(math.log1p(events) / math.log1p(largest), 1.0)


def significance(
    value: float, lower: float | None, upper: float | None, benchmark: float | None, polarity: str
) -> float:
    """Twice the chance that the area is truly worse than the benchmark, less one; never below 0.

    The chance comes from a normal distribution as wide as the 95 % interval on
    the side of the benchmark.
    """
    if lower is None or upper is None or benchmark is None or polarity not in ("low", "high"):
        return math.nan
    worse = value - benchmark if polarity == "low" else benchmark - value
    toward = value - lower if benchmark < value else upper - value
    if toward <= 0:
        return float(worse > 0)
    return max(0.0, 2 * float(ndtr(worse / toward * WIDTH / 2)) - 1)


def inequality(most: float, least: float, sure: bool, polarity: str) -> float:
    """How much worse the most deprived end of the fitted line is than the least, as a share of the higher end.

    ``sure``: the interval leaves out no difference. 0 where it does not, or
    where the most deprived do better.
    """
    if polarity not in ("low", "high") or min(most, least) < 0:
        return math.nan
    worse = most > least if polarity == "low" else most < least
    if not sure or not worse:
        return 0.0
    return 1 - min(most, least) / max(most, least)


def trend(judgement: str, direction: str) -> float:
    """1 getting worse, 0.5 no significant change, 0 getting better; NaN where no trend can be told."""
    known = {"getting worse": 1.0, "getting better": 0.0}
    if judgement in known:
        return known[judgement]
    return 0.5 if direction == "no significant change" else math.nan


def voice(kinds: int | None) -> float:
    """``kinds`` of people who spoke of it; None where the plan holds nobody's words at all."""
    return math.nan if kinds is None else min(kinds / ENOUGH_KINDS, 1.0)
