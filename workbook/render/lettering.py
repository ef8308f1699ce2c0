"""The words of a chart that stand at places known beforehand, written into the picture by ourselves.

The chart engine measures every word it draws, and that is most of what a chart with many words costs: a
spine chart of ten rows takes a quarter of a second with its words and a fiftieth without. A layer whose words stand at
pixels needs no measuring: the engine gets clear boxes of the same size in its place, which keep the
picture as large as it must be, and the words are put in their place afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from workbook.render import theme

Spec = dict[str, Any]

_PLACE = {"type": "quantitative", "scale": None, "axis": None}
_ENDS = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
_SIDES = {"left": ("start", 0.0), "center": ("middle", 0.5), "right": ("end", 1.0)}
_DROP = {
    "middle": 0.30,
    "top": 0.79,
    "bottom": -0.21,
    "alphabetic": 0.0,
}  # of the size, to the line of writing
_ABOVE = {"middle": 0.5, "top": 0.0, "bottom": 1.0, "alphabetic": 0.79}  # of the size, from there to the top
_KNOWN = {
    *("type", "align", "baseline", "fontSize", "lineHeight", "fontWeight", "fontStyle", "color"),
    *("stroke", "strokeWidth", "strokeJoin"),
}
_BOLD = 62  # thousandths of the size by which a bold letter is wider, at most

# How wide characters are, in thousandths of the size: those of Helvetica, which Liberation Sans keeps to.
_WIDTHS = {
    char: width
    for width, chars in {
        191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 334: "{}", 355: '"', 389: "*",
        469: "^", 500: "Jckszvxy", 556: "#$0123456789?_abdeghnopquL", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY",
        722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@",
    }.items()
    for char in chars
}  # fmt: skip
_OTHER = 700  # a letter with an accent, a dash, a sign


def width(line: str, size: float, bold: bool = False) -> float:
    """Pixels that a line of words takes, or a little more."""
    return (sum(_WIDTHS.get(c, _OTHER) for c in line) + (_BOLD * len(line) if bold else 0)) * size / 1000


def taken_out(spec: Spec) -> tuple[Spec, dict[int, str]]:
    """The chart with clear boxes for the words that stand at pixels, and the words as SVG by number of their layer."""
    layers = spec.get("layer")
    if not isinstance(layers, list):
        return spec, {}
    written = {n: _written(layer) for n, layer in enumerate(layers) if _stands_at_pixels(layer)}
    kept = [_boxes(layer) if n in written else layer for n, layer in enumerate(layers)]
    return {**spec, "layer": kept}, written


def put_back(svg: str, written: Mapping[int, str]) -> str:
    """The picture with the words in the place of their boxes."""

    def filled(found: re.Match[str]) -> str:
        number = int(found[1])
        if number not in written:
            return found[0]
        return f'<g class="mark-text role-mark layer_{number}_marks">{written[number]}</g>'

    return _BOXES.sub(filled, svg) if written else svg


_BOXES = re.compile(r'<g class="mark-rect role-mark layer_(\d+)_marks"[^>]*?(?:/>|(?<!/)>.*?</g>)', re.DOTALL)


def _stands_at_pixels(layer: Any) -> bool:
    """Whether a layer holds nothing but words whose places and looks are all given."""
    mark, encoding = layer.get("mark"), layer.get("encoding", {})
    if not isinstance(mark, dict) or mark.get("type") != "text" or not set(mark) <= _KNOWN:
        return False
    rows = layer.get("data", {}).get("values")
    return (
        encoding == {**{k: {"field": k, **_PLACE} for k in "xy"}, "text": {"field": "words"}}
        and bool(rows)
        and mark.get("align", "center") in _SIDES
        and mark.get("baseline", "middle") in _DROP
        and all(_number(r.get("x")) and _number(r.get("y")) and r.get("words") is not None for r in rows)
    )


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _lines(row: Mapping[str, Any]) -> list[str]:
    words = row["words"]
    return (
        [str(w) for w in words]
        if isinstance(words, Sequence) and not isinstance(words, str)
        else [str(words)]
    )


def _boxes(layer: Spec) -> Spec:
    """Clear boxes as large as the words of a layer."""
    mark = layer["mark"]
    encoding = {k: v for k, v in layer["encoding"].items() if k != "text"} | _ENDS
    rows = [_box(row, mark) for row in layer["data"]["values"]]
    return {"data": {"values": rows}, "mark": {"type": "rect", "fillOpacity": 0}, "encoding": encoding}


def _box(row: Mapping[str, Any], mark: Spec) -> dict[str, float]:
    lines, size = _lines(row), float(mark.get("fontSize", 12))
    wide = max(width(line, size, mark.get("fontWeight") == "bold") for line in lines)
    left = row["x"] - wide * _SIDES[mark.get("align", "center")][1]
    top = row["y"] - size * _ABOVE[mark.get("baseline", "middle")]
    tall = size + (len(lines) - 1) * float(mark.get("lineHeight", size + 2))
    found = {"x": left, "x2": left + wide, "y": top, "y2": top + tall}
    return {k: round(v, 2) for k, v in found.items()}


def _written(layer: Spec) -> str:
    return "".join(_text(row, layer["mark"]) for row in layer["data"]["values"])


def _text(row: Mapping[str, Any], mark: Spec) -> str:
    """One place with its words as SVG, one line below the other."""
    size, lines = mark.get("fontSize", 12), _lines(row)
    y = row["y"] + round(_DROP[mark.get("baseline", "middle")] * size)
    inner = escape(lines[0], quote=False)
    if len(lines) > 1:
        step = mark.get("lineHeight", size + 2)
        more = "".join(
            f'<tspan x="0" dy="{step:g}">{escape(line, quote=False)}</tspan>' for line in lines[1:]
        )
        inner = f"<tspan>{inner}</tspan>{more}"
    anchor = _SIDES[mark.get("align", "center")][0]
    place = f"{round(row['x'], 2):g},{round(y, 2):g}"
    return f'<text text-anchor="{anchor}" transform="translate({place})"{_look(mark, size)}>{inner}</text>'


def _look(mark: Spec, size: float) -> str:
    look = {
        "font-family": theme.FONT,
        "font-size": f"{size:g}px",
        "font-style": mark.get("fontStyle"),
        "font-weight": mark.get("fontWeight"),
        "fill": mark.get("color"),
        "stroke": mark.get("stroke"),
        "stroke-width": mark.get("strokeWidth"),
        "stroke-linejoin": mark.get("strokeJoin"),
    }
    return "".join(f' {name}="{escape(str(value))}"' for name, value in look.items() if value is not None)
