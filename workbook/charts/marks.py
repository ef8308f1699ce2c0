"""Marks placed in pixels: symbols, words, rules and boxes whose look stands in their rows.

One layer draws many looks, because every layer costs time of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.charts.parts import (
    INK,
    LINE,
    MUTED,
    SMALL,
    TEXT,
    Spec,
    colour_of,
    layer,
    pixel,
    text_mark,
    text_width,
)
from workbook.words import number

Marks = Sequence[Mapping[str, Any]]


def look(shape: str, fill: str, line: str, size: float = 60, weight: float = 1.4) -> Spec:
    """How a symbol looks: its shape, fill and outline, its area in square pixels, the outline's width."""
    return {"shape": shape, "fill": fill, "line": line, "size": size, "weight": weight}


# What a pointer over a mark is told: the words of the field ``says``, which the picture carries as titles of its parts.
SAID: Spec = {"aria": True}
SAYS: Spec = {"description": {"field": "says", "type": "nominal"}}


def said(name: str, value: float, unit: str, decimals: int | None = None) -> str:
    """ "Northshire: 160.2 per 100,000"; without ``decimals`` about four figures are shown."""
    size = abs(value)
    places = decimals if decimals is not None else 0 if size >= 1000 else 1 if size >= 10 else 2
    return f"{name}: {number(value, places, unit)}"


def trimmed(rows: Marks) -> list[Spec]:
    """The rows with places to a hundredth of a pixel: more is not seen, and fills the notebooks."""
    return [{k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()} for row in rows]


def symbols(rows: Marks) -> Spec:
    """Rows: x and y in pixels, a look, and ``says`` where a pointer over the symbol is told something."""
    mark: Spec = {"type": "point", "filled": True, "opacity": 1}
    encoding = {"x": pixel("x"), "y": pixel("y"), "shape": colour_of("shape")}
    encoding |= {"fill": colour_of("fill"), "stroke": colour_of("line")}
    encoding |= {"size": _plain("size"), "strokeWidth": _plain("weight")}
    if any(row.get("says") for row in rows):
        mark |= SAID
        encoding |= SAYS
    return layer(trimmed(rows), mark, encoding)


def words_at(
    rows: Marks,
    *,
    align: str = "left",
    baseline: str = "middle",
    size: int = TEXT,
    color: str = INK,
    bold: bool = False,
    italic: bool = False,
) -> Spec:
    """Rows: x and y in pixels, and words: a text or its lines. ``y`` is that of the first line."""
    style = text_mark(color=color, align=align, baseline=baseline, size=size)
    style |= {"lineHeight": LINE} | ({"fontWeight": "bold"} if bold else {})
    style |= {"fontStyle": "italic"} if italic else {}
    return layer(trimmed(rows), style, {"x": pixel("x"), "y": pixel("y"), "text": {"field": "words"}})


def over_marks(rows: Marks, **style: Any) -> list[Spec]:
    """A few words that stand over other marks: a white edge keeps them legible."""
    if not rows:
        return []
    behind = words_at(rows, **style)
    behind["mark"] |= {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return [behind, words_at(rows, **style)]


def middles(names: Sequence[Sequence[str]], least: float, around: float = 12) -> tuple[list[float], float]:
    """Where rows of one or more lines of text stand below each other, and how far down they reach."""
    heights = [max(least, LINE * len(lines) + around) for lines in names]
    found, at = [], 0.0
    for height in heights:
        found.append(at + height / 2)
        at += height
    return found, at


def rules(rows: Marks, *, color: str = MUTED, weight: float = 1, dash: Sequence[float] = ()) -> Spec:
    """Straight lines. Rows: x, y, x2, y2 in pixels."""
    mark = {"type": "rule", "color": color, "strokeWidth": weight}
    mark |= {"strokeDash": list(dash)} if dash else {}
    ends = {"x": pixel("x"), "y": pixel("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return layer(trimmed(rows), mark, ends)


def boxes(rows: Marks, **style: Any) -> Spec:
    """Rectangles. Rows: x, y, x2, y2 in pixels, and "fill" unless the style names a colour."""
    ends = {"x": pixel("x"), "y": pixel("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    fill = {} if "color" in style else {"color": colour_of("fill")}
    return layer(trimmed(rows), {"type": "rect"} | style, ends | fill)


def centred(y: float, lines: Sequence[str]) -> float:
    """Where the first of the lines stands so that all of them stand around ``y``."""
    return y - LINE / 2 * (len(lines) - 1)


def key(entries: Sequence[tuple[Spec, str]], width: float, bottom: float, left: float = 0) -> list[Spec]:
    """What the symbols mean, in lines from left to right, the last line at ``bottom`` (pixels)."""
    lines: list[list[Spec]] = [[]]
    at = left
    for symbol, words in entries:
        room = text_width(words, SMALL) + 30
        if lines[-1] and at + room > width + 12:
            lines.append([])
            at = left
        lines[-1].append({"at": at, "words": words, "symbol": symbol})
        at += room
    step = LINE + 4
    rows = [
        (entry, bottom - step * (len(lines) - 1 - number))
        for number, line in enumerate(lines)
        for entry in line
    ]
    signs = [{"x": e["at"] + 7, "y": y, **e["symbol"]} for e, y in rows]
    names = [{"x": e["at"] + 17, "y": y, "words": e["words"]} for e, y in rows]
    return [symbols(signs), words_at(names, size=SMALL)]


def _plain(field: str) -> Spec:
    """A quantity that stands in the data as it is drawn."""
    return {"field": field, "type": "quantitative", "scale": None, "legend": None}
