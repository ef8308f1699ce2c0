"""An area against a benchmark and among other areas.

Source: Fingertips technical guidance (comparison with a benchmark; quintiles).
``polarity`` says which direction is better: "low", "high", or "none" where no
judgement is due.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

Polarity = Literal["low", "high", "none"]
Judgement = Literal["better", "similar", "worse", "lower", "higher", "not compared"]

MINIMUM_AREAS = 5  # quintiles of fewer areas are not formed


def judgement(
    value: float | None,
    lower: float | None,
    upper: float | None,
    benchmark: float | None,
    polarity: str,
) -> Judgement:
    """The area's interval against the benchmark's point value.

    "similar" where the interval holds the benchmark. Otherwise polarity turns
    lower and higher into better and worse; with polarity "none" they stay as
    they are. "not compared" where any of the four figures is missing. Do not
    call it for the benchmark itself.
    """
    if lower is None or upper is None or benchmark is None or not _all_known(value, lower, upper, benchmark):
        return "not compared"
    if lower <= benchmark <= upper:
        return "similar"
    below = upper < benchmark
    if polarity == "low":
        return "better" if below else "worse"
    if polarity == "high":
        return "worse" if below else "better"
    return "lower" if below else "higher"


def quintile(value: float | None, values: Iterable[float | None], polarity: str) -> int | None:
    """The fifth in which ``value`` stands among ``values`` (its own among them), as NTILE(5) cuts.

    1 is the best fifth, 5 the worst; with polarity "none", 1 is the lowest.
    Where the areas do not divide by five, the first fifths hold one more. Equal
    values stand in the same (the better) fifth. None with fewer than five areas
    or a missing value.
    """
    known = _known(values)
    if not _all_known(value) or value is None or len(known) < MINIMUM_AREAS:
        return None
    ahead = sum(other > value if polarity == "high" else other < value for other in known)
    return min(1 + sum(ahead >= end for end in _fifths(len(known))), 5)


def quintile_threshold(values: Iterable[float | None], polarity: str) -> float | None:
    """The value that just belongs to the best fifth: reach it and the area stands there.

    None with fewer than five areas. With polarity "none", the lowest fifth.
    """
    known = sorted(_known(values), reverse=polarity == "high")
    if len(known) < MINIMUM_AREAS:
        return None
    return known[_fifths(len(known))[0] - 1]


def median(values: Iterable[float | None]) -> float | None:
    """The middle of the known values; None where none is known."""
    known = sorted(_known(values))
    if not known:
        return None
    half = len(known) // 2
    return known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2


def _fifths(count: int) -> list[int]:
    """Where each fifth ends (exclusive) among ``count`` ranked areas."""
    size, over = divmod(count, 5)
    return [(i + 1) * size + min(i + 1, over) for i in range(5)]


def _known(values: Iterable[float | None]) -> list[float]:
    return [float(v) for v in values if v is not None and math.isfinite(v)]


def _all_known(*values: float | None) -> bool:
    return all(v is not None and math.isfinite(v) for v in values)
