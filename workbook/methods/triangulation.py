"""Whether activity, staff, beds and money of one service tell the same story."""

from __future__ import annotations

from typing import NamedTuple

DAYS = 365


class Agreement(NamedTuple):
    """What a product gives, how far it is from the figure given, as a share of that, and whether that is near enough."""

    product: float
    difference: float
    share: float
    agrees: bool


def agreement(count: float, each: float, given: float, tolerance: float) -> Agreement:
    """How count x each compares with the money that is given.

    ``count``: activity or whole-time equivalents a year; ``each``: the price or cost of one in pounds;
    ``given`` in thousands of pounds, as the product; ``tolerance`` as a fraction (0.05 is 5 %).
    ``share`` is the difference as a share of what is given; where nothing is given it is
    infinite, or nought where the product is nought as well.
    """
    product = count * each / 1000
    difference = product - given
    nothing = float("inf") if difference else 0.0
    share = abs(difference) / abs(given) if given else nothing
    return Agreement(product, difference, share, share <= tolerance + 1e-12)


def occupancy(bed_days: float, beds: float, days: int = DAYS) -> float:
    """Occupied bed days as a share of those there are (1 is full); NaN without beds.

    More than 1 cannot be: a bed holds one person a day.
    """
    return bed_days / (beds * days) if beds > 0 else float("nan")
