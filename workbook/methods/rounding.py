"""Whether printed figures can all be true, each being rounded to its last digit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Check(NamedTuple):
    """Whether the printed total can hold, and the range that the other figures allow."""

    holds: bool
    lower: float
    upper: float


SLACK = 1e-9  # relative: binary fractions must not decide a case on the edge


def interval(value: float, decimals: int) -> tuple[float, float]:
    """What a figure printed with ``decimals`` can have been: half its last digit either way.

    ``decimals`` may be negative: 1,200 rounded to hundreds has -2.
    """
    half = 0.5 * 10.0**-decimals
    return value - half, value + half


def product_holds(
    a: float,
    a_decimals: int,
    b: float,
    b_decimals: int,
    total: float,
    total_decimals: int,
    scale: float = 1,
) -> Check:
    """Whether ``a * b * scale`` can give the printed ``total``.

    ``scale`` turns the product's unit into the total's: thousands of people
    times pounds a head is thousands of pounds, so 0.001 for a total in millions.
    """
    corners = [x * y * scale for x in interval(a, a_decimals) for y in interval(b, b_decimals)]
    return _against(min(corners), max(corners), total, total_decimals)


def sum_holds(parts: Sequence[float], decimals: int, total: float, total_decimals: int) -> Check:
    """Whether parts that are each rounded to ``decimals`` can add up to the printed ``total``."""
    ends = [interval(part, decimals) for part in parts]
    return _against(sum(low for low, _ in ends), sum(high for _, high in ends), total, total_decimals)


def _against(lower: float, upper: float, total: float, decimals: int) -> Check:
    """Two ranges hold together where they touch."""
    low, high = interval(total, decimals)
    slack = SLACK * max(abs(lower), abs(upper), abs(total), 1.0)
    return Check(low <= upper + slack and lower <= high + slack, lower, upper)
