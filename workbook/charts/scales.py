"""Axes worked out beforehand: their ends, their few ticks, their titles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from workbook.charts.parts import FAINT, MUTED, SMALL, Rows, Spec, is_number


class Scale:
    """A value axis worked out beforehand: its ends, its ticks, its title."""

    def __init__(
        self,
        values: Iterable[float],
        unit: str,
        *,
        zero: bool = False,
        headroom: bool = False,
        ticks: int = 6,
    ) -> None:
        low, high = ends_of(list(values))
        if zero or (low >= 0 and low < 0.3 * high):
            low, high = min(low, 0.0), max(high, 0.0)
        step = _nice_step((high - low) / ticks)
        # Below zero, as at the top, no tick is needed at the end, only a little room.
        self.low = low - 0.03 * (high - low) if low < 0 else math.floor(low / step + 1e-9) * step
        self.high = high + (0.1 if headroom else 0.03) * (high - self.low)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        self.ticks = [i * step for i in range(first, last + 1)]
        self.decimals = _decimals(step)
        self.unit = self.title = unit_words(unit)
        if self.low > 0:
            self.title += f" (axis starts at {self.low:,.{self.decimals}f})"

    def scale(self) -> Spec:
        return {"domain": [self.low, self.high], "nice": False, "zero": False}

    def y(self, field: str) -> Spec:
        """The encoding of a value that runs upwards. Every layer carries the same axis: they merge."""
        axis = lean_axis(self.ticks, self.decimals, title=self.title) | TITLE_ON_TOP
        return {"field": field, "type": "quantitative", "scale": self.scale(), "axis": axis}

    def x(self, field: str) -> Spec:
        axis = lean_axis(self.ticks, self.decimals, title=self.title)
        return {"field": field, "type": "quantitative", "scale": self.scale(), "axis": axis}

    def pixels(self, value: float, height: float) -> float:
        return (self.high - value) / (self.high - self.low) * height

    def across(self, value: float, width: float) -> float:
        """Where a value stands from the left, in pixels."""
        return (value - self.low) / (self.high - self.low) * width


class Years:
    """The axis of whole years, with a little room at both ends."""

    def __init__(self, years: Sequence[int]) -> None:
        self.first, self.last = (min(years), max(years)) if years else (0, 1)
        self.edge = max(0.25, (self.last - self.first) * 0.02)

    def x(self, field: str = "year") -> Spec:
        axis = lean_axis(_year_ticks(self.first, self.last), grid=False)
        axis |= {"format": "d", "domain": True, "domainColor": MUTED}
        scale = {"domain": [self.first - self.edge, self.last + self.edge], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    def share(self, year: float) -> float:
        """How far along the axis a year stands, 0 to 1."""
        return (year - self.first + self.edge) / (self.last - self.first + 2 * self.edge)


# A short horizontal title above the axis is read at once; a turned one is not.
TITLE_ON_TOP = {
    "titleAngle": 0,
    "titleAlign": "left",
    "titleAnchor": "start",
    "titleBaseline": "bottom",
    "titleX": -34,
    "titleY": -10,
}


def lean_axis(
    values: Sequence[float], decimals: int = 0, *, title: str | None = None, grid: bool = True
) -> Spec:
    """An axis with exactly these ticks; the switches save measuring every label twice."""
    return {
        "values": list(values),
        "tickCount": len(values),  # a smaller count in the theme would thin them out
        "format": f",.{decimals}f",
        "title": title,
        "grid": grid,
        "gridColor": FAINT,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelColor": MUTED,
        "labelFontSize": SMALL,
        "titleColor": MUTED,
        "titleFontSize": SMALL,
        "titleFontWeight": "normal",
        "labelOverlap": False,
        "labelFlush": False,
        "labelBound": False,
        "labelAngle": 0,
        "labelLimit": 0,
        "titleLimit": 0,
    }


def _year_ticks(first: int, last: int) -> list[int]:
    """Whole years, at most eight, counted back so that the last one is shown."""
    step = max(1, math.ceil((last - first + 1) / 8))
    return sorted(range(int(last), int(first) - 1, -step))


def ends_of(values: list[float]) -> tuple[float, float]:
    """The smallest and largest value, kept apart so that an axis can be made of them."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if low == high:
        return (min(low, 0.0), max(high, 0.0)) if low else (0.0, 1.0)
    return low, high


def _decimals(step: float) -> int:
    """As few decimals as tell the ticks exactly: 2.5 needs one, 20 none."""
    return next((d for d in range(10) if math.isclose(step, round(step, d), rel_tol=1e-9)), 10)


def _nice_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(step * size for step in (1, 2, 2.5, 5, 10) if step * size >= rough * (1 - 1e-9))


def unit_words(unit: str) -> str:
    """A unit as an axis says it."""
    return {"%": "per cent", "£000s": "£ thousand", "£m": "£ million"}.get(unit, unit)


def scaled_money(rows: Rows, unit: str, *fields: str) -> tuple[list[dict[str, Any]], str]:
    """Copies of the rows with all amounts of the ``fields`` in one unit: large thousands of pounds become millions.

    A field that holds no number is left out of its row.
    """
    copies = [{k: v for k, v in r.items() if k not in fields or is_number(v)} for r in rows]
    if unit != "£000s" or max((abs(r[f]) for r in copies for f in fields if f in r), default=0) < 10_000:
        return copies, unit
    return [{k: v / 1000 if k in fields else v for k, v in r.items()} for r in copies], "£ million"
