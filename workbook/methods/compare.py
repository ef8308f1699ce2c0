"""An area against a benchmark and among other areas.

Source: Fingertips technical guidance (comparison with a benchmark; quintiles).
``polarity`` says which direction is better: "low", "high", or "none" where no
judgement is due. :func:`judgement` and :func:`quintile` are for one figure,
:func:`judgements` and :func:`quintiles` for arrays of any shape; they agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

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
    they are. "not compared" where any of the four figures is missing or the limits
    stand the wrong way round. Do not call it for the benchmark itself.
    """
    if lower is None or upper is None or benchmark is None or not _all_known(value, lower, upper, benchmark):
        return "not compared"
    if lower > upper:
        return "not compared"
    if lower <= benchmark <= upper:
        return "similar"
    below = upper < benchmark
    if polarity == "low":
        return "better" if below else "worse"
    if polarity == "high":
        return "worse" if below else "better"
    return "lower" if below else "higher"


def judgements(
    value: ArrayLike, lower: ArrayLike, upper: ArrayLike, benchmark: ArrayLike, polarity: ArrayLike
) -> np.ndarray:
    """:func:`judgement` for arrays: words of the common shape.

    All five broadcast: ``benchmark`` may be one number, or one an indicator and
    year, and ``polarity`` one word or one an indicator. Missing figures (NaN,
    None) give "not compared".
    """
    v, low, high, middle = (np.asarray(part, dtype=float) for part in (value, lower, upper, benchmark))
    known = np.isfinite(v) & np.isfinite(low) & np.isfinite(high) & np.isfinite(middle) & (low <= high)
    below, above = known & (high < middle), known & (low > middle)
    better = np.asarray(polarity)
    less, more = better == "low", better == "high"
    return np.select(
        [~known, ~(below | above), (below & less) | (above & more), (below & more) | (above & less), below],
        ["not compared", "similar", "better", "worse", "lower"],
        "higher",
    )


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


def quintiles(values: ArrayLike, polarity: ArrayLike) -> np.ndarray:
    """:func:`quintile` of every value among those of its last axis (areas).

    ``values`` (..., areas), with whatever stands in front of the areas, such as
    indicator and year, ranked apart; ``polarity`` is one word or an array that
    broadcasts against that front. Floats of the same shape, 1 to 5, NaN where the
    value is missing or fewer than five areas are known.
    """
    x = np.asarray(values, dtype=float)
    high = np.asarray(polarity)[..., None] == "high"
    x = np.where(np.isfinite(x), np.where(high, -x, x), np.nan)
    known = np.isfinite(x)
    count = known.sum(axis=-1, keepdims=True)
    order = np.argsort(x, axis=-1, kind="stable")
    ahead = np.empty(x.shape)
    np.put_along_axis(ahead, order, _first_of_equals(np.take_along_axis(x, order, axis=-1)), axis=-1)
    size, over = np.divmod(count, 5)
    ends = [(i + 1) * size + np.minimum(i + 1, over) for i in range(4)]
    fifth = 1 + np.sum([ahead >= end for end in ends], axis=0)
    return np.where(known & (count >= MINIMUM_AREAS), fifth, np.nan)


def _first_of_equals(ranked: np.ndarray) -> np.ndarray:
    """How many values stand before each in rows in order, equal values all counting from their first."""
    places = np.arange(ranked.shape[-1])
    starts = np.ones(ranked.shape, dtype=bool)
    starts[..., 1:] = ranked[..., 1:] != ranked[..., :-1]
    return np.maximum.accumulate(np.where(starts, places, 0), axis=-1)


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


def need_index(
    weighted: ArrayLike, registered: ArrayLike, weighted_whole: ArrayLike, registered_whole: ArrayLike
) -> Any:
    """Need of a place beside the whole: (weighted / registered) of the place over the same of the whole.

    Populations in people, of any shapes that go together, one need component a
    time (general and acute, community, mental health...). 1.00 is average, 1.10
    means a tenth more need a head. NaN where a population is not above zero.
    Source: NHS England, allocations (need-weighted populations).
    """
    parts = (weighted, registered, weighted_whole, registered_whole)
    own, people, whole, all_people = (
        np.where(np.asarray(p, dtype=float) > 0, np.asarray(p, dtype=float), np.nan) for p in parts
    )
    index = np.asarray((own / people) / (whole / all_people))
    return float(index) if index.ndim == 0 else index


def _fifths(count: int) -> list[int]:
    """Where each fifth ends (exclusive) among ``count`` ranked areas."""
    size, over = divmod(count, 5)
    return [(i + 1) * size + min(i + 1, over) for i in range(5)]


def _known(values: Iterable[float | None]) -> list[float]:
    return [float(v) for v in values if v is not None and math.isfinite(v)]


def _all_known(*values: float | None) -> bool:
    return all(v is not None and math.isfinite(v) for v in values)
