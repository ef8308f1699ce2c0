"""What the page calls a figure, and how it names many."""

from __future__ import annotations

from dataclasses import replace

from workbook.plan import Plan
from workbook.reference import Indicator

_MADE_UP = " (synthetic)"


def called(plan: Plan, indicator: Indicator) -> Indicator:
    """The indicator under its name as the page prints it.

    Where the area itself is synthetic, which every page and every source line
    says, its figures do not say it once more each time they are named.
    """
    if not (plan.area.synthetic and indicator.synthetic):
        return indicator
    return replace(indicator, name=indicator.name.removesuffix(_MADE_UP))


MOST_NAMED = 6  # in one sentence or one cell


def first_few(names: list[str]) -> str:
    """The names set apart by semicolons, since many hold commas; of many the first, and how many more there are."""
    more = len(names) - MOST_NAMED
    return "; ".join(names[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
