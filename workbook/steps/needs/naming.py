"""What the page calls a figure."""

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
