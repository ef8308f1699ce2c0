"""Colours, dashes and the small pieces that every chart is made of."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]
Spec = dict[str, Any]

WIDTH, HEIGHT = 640, 300  # pixels
TEXT, SMALL, LINE = 12, 11, 14  # font sizes and the height of a line of text, in pixels

INK, MUTED, FAINT = "#1f2933", "#52606d", "#dfe4ea"

# Each at least 4.5:1 on white, and apart for the common kinds of colour blindness.
PALETTE = ("#1d5a96", "#b34700", "#0b7261", "#7d3c98", "#5b5f66", "#8a6100", "#a01745", "#2f4b1f")

DASHES = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [4, 2], [1, 3], [12, 3], [7, 2, 2, 2, 2, 2])

SHAPES = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
)

# From light to dark; the darkest still carries dark words.
SHADES = ("#eef3f8", "#8fb8dc")

# Fills of neighbouring parts of a stack differ in lightness as well as in hue.
FILLS = ("#1d5a96", "#d9730d", "#0b7261", "#a678bd", "#4a4e54", "#a88600", "#a01745", "#6f9a4c")


def layer(values: Sequence[Mapping[str, Any]], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": [dict(v) for v in values]}, "mark": mark, "encoding": encoding}


def chart(layers: Sequence[Spec], width: float, height: float) -> Spec:
    """The layers as one chart. They share their axes, so the first layer that has one carries it."""
    carried: set[str] = set()
    parts = [{**part, "encoding": _once(part["encoding"], carried)} for part in layers]
    return {"width": round(width), "height": height, "layer": parts, "view": {"stroke": None}}


def _once(encoding: Spec, carried: set[str]) -> Spec:
    """The encoding without the axes that an earlier layer carries; notes those that it carries."""
    kept = {}
    for channel, encoded in encoding.items():
        axis = encoded.get("axis")
        if axis and "labelExpr" not in axis:  # an expression would lose against another layer's format
            if channel in carried:
                encoded = {k: v for k, v in encoded.items() if k != "axis"}
            carried.add(channel)
        kept[channel] = encoded
    return kept


def colour_of(field: str) -> Spec:
    """A colour that stands in the data."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def pixel(field: str) -> Spec:
    """A place worked out here, in pixels."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def placed_at(x: float, y: float) -> Spec:
    return {"x": {"value": x}, "y": {"value": y}, "text": {"field": "words"}}


def text_mark(*, baseline: str, size: int, **more: Any) -> Spec:
    return {"type": "text", "baseline": baseline, "fontSize": size, **more}


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def known_rows(rows: Rows) -> list[dict[str, Any]]:
    return [dict(r) for r in rows if is_number(r.get("value"))]


def point_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's value, and its interval only where both ends are known."""
    point = {"value": float(row["value"])} | ({"own": True} if row.get("own") else {})
    if is_number(row.get("lower")) and is_number(row.get("upper")):
        point |= {"lower": float(row["lower"]), "upper": float(row["upper"])}
    return point


def extent_of(rows: Rows) -> list[float]:
    return [v for r in rows for k, v in point_of(r).items() if k != "own"]


def series_names(rows: Rows) -> list[str]:
    return list(dict.fromkeys(str(r.get("series", "")) for r in rows))


def rows_of(rows: Rows, name: str) -> list[dict[str, Any]]:
    return [dict(r) for r in rows if str(r.get("series", "")) == name]


def wrapped(text: Any, width: int, lines: int = 3) -> list[str]:
    """At most so many lines; what is longer ends in an ellipsis."""
    found = textwrap.wrap(str(text), width, max_lines=lines, placeholder=" \u2026", break_long_words=False)
    return found or [""]


def text_width(text: str, size: int = TEXT) -> float:
    """Pixels that a line of text takes, a little on the wide side."""
    return 0.56 * size * len(text)


def short_name(area: Any) -> str:
    """A long official name as charts show it."""
    name = str(area).strip()
    return name.removeprefix("NHS ").replace("Integrated Care Board", "ICB")


def label_room(names: list[str]) -> float:
    """Pixels that the labels beside a chart take."""
    lines = [line for name in names for line in wrapped(name, 24)]
    return max((text_width(line) for line in lines), default=0) + 26


def moved_apart(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Middles of labels, as near as may be to where they are wanted and none over another."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    edge = -math.inf
    for i in order:
        placed[i] = max(wanted[i], edge + heights[i] / 2)
        edge = placed[i] + heights[i] / 2
    edge = room + LINE
    for i in reversed(order):
        placed[i] = min(placed[i], edge - heights[i] / 2)
        edge = placed[i] - heights[i] / 2
    return placed
