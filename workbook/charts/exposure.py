"""What each partner may have to find: a range bar for each part of its exposure, and for all of it together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.charts import marks
from workbook.charts.parts import (
    INK,
    LINE,
    MUTED,
    PALETTE,
    SHADES,
    SMALL,
    TEXT,
    WIDTH,
    Rows,
    Spec,
    chart,
    is_number,
    layer,
    pixel,
    short_name,
    text_width,
    wrapped,
)
from workbook.charts.scales import Scale, scaled_money

_STEP = 22  # pixels from one range to the next
_GAP = LINE + 10  # above the first range of a partner, for its name
_FIGURE = 42  # to the left of a range, for the figure at its lower end
_ENDS = ("p10", "p50", "p90")


def exposure(rows: Rows, *, unit: str) -> Spec:
    """Ranges of what is to be found, partner by partner, around a line at nothing.

    Rows: partner, part, p10, p50, p90 (in ``unit``; above zero is money to find, below
    zero money that comes back), together (bool: all parts of the partner, drawn heavier). The order is
    kept; a row without its three figures is left out. A range runs from P10 to P90 with a mark at P50
    and carries both ends in figures.
    """
    whole = [r for r in rows if all(is_number(r.get(k)) for k in _ENDS)]
    known, unit = scaled_money(whole, unit, *_ENDS)
    scale = Scale([0.0, *(float(r[k]) for r in known for k in _ENDS)], unit, zero=True, ticks=5)
    scale.title += ": right of 0 has to be found, left of 0 comes back"
    names = [wrapped(short_name(r["part"]), 28, 2) for r in known]
    placed, heads, height = _places(known, names)
    side = max((text_width(line) for lines in names for line in lines), default=0) + _FIGURE + 8
    wide = max(WIDTH - side - 60, 260)
    layers = [_frame(scale), _nothing(scale, wide, height)]
    layers += _ranges(placed, scale, wide) + _figures(placed, scale, wide)
    layers += _names(placed, names, heads, side)
    return chart(layers, wide, max(height, _STEP))


def _places(known: list[Any], names: list[list[str]]) -> tuple[list[Spec], list[Spec], float]:
    """Where each range and each partner's name stands down the page, and how far down they reach."""
    placed: list[Spec] = []
    heads: list[Spec] = []
    at = 0.0
    for row, lines in zip(known, names, strict=True):
        if not heads or heads[-1]["words"] != [str(row["partner"])]:
            heads.append({"y": at + LINE, "words": [str(row["partner"])]})
            at += _GAP
        step = max(_STEP, LINE * len(lines) + 6)
        placed.append({**row, "y": at + step / 2})
        at += step
    return placed, heads, at + 4


def _frame(scale: Scale) -> Spec:
    """A layer that carries the axis and nothing to be seen."""
    return layer([{"x": 0.0}], {"type": "point", "opacity": 0}, {"x": scale.x("x"), "y": {"value": 0}})


def _nothing(scale: Scale, wide: float, height: float) -> Spec:
    at = scale.across(0, wide)
    return marks.rules([{"x": at, "x2": at, "y": 0.0, "y2": height}], color=INK, weight=1.2)


def _ranges(placed: list[Spec], scale: Scale, wide: float) -> list[Spec]:
    bars = [
        {
            "x": scale.across(row["p10"], wide),
            "x2": max(scale.across(row["p90"], wide), scale.across(row["p10"], wide) + 1.5),
            "y": row["y"] - (5 if row.get("together") else 3),
            "y2": row["y"] + (5 if row.get("together") else 3),
            "fill": PALETTE[0] if row.get("together") else SHADES[1],
        }
        for row in placed
    ]
    middles = [
        {
            "x": scale.across(row["p50"], wide),
            "y": row["y"],
            **marks.look("diamond", "#ffffff", INK, 46 if row.get("together") else 34, 1.4),
        }
        for row in placed
    ]
    return [marks.boxes(bars), marks.symbols(middles)]


def _figures(placed: list[Spec], scale: Scale, wide: float) -> list[Spec]:
    """Both ends of each range in figures, left and right of it."""
    digits = 1 if "million" in scale.title else 0
    left = [
        {"x": scale.across(row["p10"], wide) - 6, "y": row["y"], "words": _said(row["p10"], digits)}
        for row in placed
    ]
    right = [
        {"x": scale.across(row["p90"], wide) + 7, "y": row["y"], "words": _said(row["p90"], digits)}
        for row in placed
    ]
    return [
        marks.words_at(left, align="right", size=SMALL, color=MUTED),
        marks.words_at(right, size=SMALL, color=MUTED),
    ]


def _said(value: float, digits: int) -> str:
    said = f"{abs(value):,.{digits}f}"
    return f"-{said}" if value < 0 and float(said.replace(",", "")) else said


def _names(placed: list[Spec], names: list[list[str]], heads: list[Spec], side: float) -> list[Spec]:
    layers = []
    for bold in (False, True):
        rows = [
            {"y": marks.centred(row["y"], name), "words": name}
            for row, name in zip(placed, names, strict=True)
            if bool(row.get("together")) == bold
        ]
        layers.append(_beside(rows, -_FIGURE, "right", bold=bold))
    whole: list[Mapping[str, Any]] = [{"y": h["y"], "words": h["words"][0]} for h in heads]
    return [*layers, _beside(whole, -side, "left", bold=True)]


def _beside(rows: list[Any], x: float, align: str, *, bold: bool) -> Spec:
    style = {"type": "text", "align": align, "baseline": "middle", "fontSize": TEXT, "color": INK}
    style |= {"lineHeight": LINE} | ({"fontWeight": "bold"} if bold else {})
    return layer(rows, style, {"x": {"value": x}, "y": pixel("y"), "text": {"field": "words"}})
