"""Areas in order with their intervals, and figures in a shaded table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

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
    extent_of,
    is_number,
    known_rows,
    layer,
    pixel,
    point_of,
    short_name,
    text_mark,
    text_width,
    wrapped,
)
from workbook.charts.scales import Scale, ends_of, unit_words


def ranked(rows: Rows, *, unit: str, benchmark: float | None = None, benchmark_label: str = "") -> Spec:
    """Areas from the highest to the lowest value with whiskers, the own area bold.

    Rows: area, value, lower, upper, own (bool). Areas without a value stand
    below, marked "no figure". The benchmark is a dashed rule with its name.
    """
    known = sorted(known_rows(rows), key=lambda r: -r["value"])
    missing = [r for r in rows if not is_number(r.get("value"))]
    labels = [wrapped(short_name(r["area"]), 36) for r in [*known, *missing]]
    step = 2 * LINE + 2 if any(len(x) > 1 for x in labels) else 21
    extra = [float(benchmark)] if benchmark is not None and math.isfinite(benchmark) else []
    scale = Scale([*extent_of(known), *extra], unit)
    height = max(step * len(labels), step)
    places = [{**point_of(r), "at": (i + 0.5) * step} for i, r in enumerate(known)]
    layers = [part for value in extra for part in _benchmark(value, benchmark_label, scale, height)]
    layers += _ranked_marks(places, scale)
    layers += _row_labels(labels, [*known, *missing], step)
    layers += _no_figure(len(known), len(missing), step)
    room = max((text_width(line) for lines in labels for line in lines), default=0)
    return chart(layers, max(WIDTH - room - 16, 320), height)


def matrix(rows: Rows, *, unit: str) -> Spec:
    """A table of figures shaded by size. Rows: row, column, value, label, flagged (bool).

    The order of rows and columns is kept; a flagged cell has a heavy frame and
    a corner mark. The label is what is printed in the cell.
    """
    down = list(dict.fromkeys(str(r["row"]) for r in rows))
    across = list(dict.fromkeys(str(r["column"]) for r in rows))
    heads = [wrapped(name, 13) for name in across]
    sides = [wrapped(name, 22) for name in down]
    room = max((text_width(x) for lines in sides for x in lines), default=0) + 12
    wide = min(max((WIDTH - room) / max(len(across), 1), 62), 120)
    cells = [_cell(r, down, across, wide) for r in rows]
    return chart(_matrix_layers(cells, heads, sides, wide, unit), wide * len(across), CELL * len(down))


def _ranked_marks(places: list[Spec], scale: Scale) -> list[Spec]:
    layers = []
    for own in (False, True):
        rows = [p for p in places if bool(p.get("own")) == own]
        colour = PALETTE[0] if own else MUTED
        y = {"field": "at", "type": "quantitative", "scale": None, "axis": None}
        whisker = {"type": "rule", "color": colour, "strokeWidth": 2.4 if own else 1.4}
        ranged = [p for p in rows if "lower" in p]
        layers.append(layer(ranged, whisker, {"x": scale.x("lower"), "x2": {"field": "upper"}, "y": y}))
        mark = {"type": "point", "filled": True, "opacity": 1, "color": colour}
        mark |= {"shape": "diamond", "size": 130} if own else {"shape": "circle", "size": 48}
        layers.append(layer(rows, mark, {"x": scale.x("value"), "y": y}))
    return layers


def _row_labels(labels: list[list[str]], rows: Rows, step: float) -> list[Spec]:
    layers = []
    for own in (False, True):
        data = [
            {"at": (i + 0.5) * step - LINE / 2 * (len(lines) - 1), "words": lines}
            for i, (lines, row) in enumerate(zip(labels, rows, strict=True))
            if bool(row.get("own")) == own
        ]
        style = text_mark(color=PALETTE[0] if own else INK, align="right", baseline="middle", size=TEXT)
        style |= {"lineHeight": LINE} | ({"fontWeight": "bold"} if own else {})
        encoding = {"x": {"value": -10}, "y": pixel("at"), "text": {"field": "words"}}
        layers.append(layer(data, style, encoding))
    return layers


def _no_figure(known: int, missing: int, step: float) -> list[Spec]:
    if not missing:
        return []
    data = [{"at": (known + i + 0.5) * step, "words": "no figure"} for i in range(missing)]
    style = text_mark(color=MUTED, align="left", baseline="middle", size=SMALL) | {"fontStyle": "italic"}
    return [layer(data, style, {"x": {"value": 4}, "y": pixel("at"), "text": {"field": "words"}})]


def _benchmark(value: float, label: str, scale: Scale, height: float) -> list[Spec]:
    data = [{"value": value, "words": label or "benchmark"}]
    rule = {"type": "rule", "color": PALETTE[1], "strokeDash": [5, 3], "strokeWidth": 1.6}
    encoding = {"x": scale.x("value"), "y": {"value": -4}, "y2": {"value": height}}
    late = scale.high > scale.low and (value - scale.low) / (scale.high - scale.low) > 0.6
    style = text_mark(
        color=PALETTE[1],
        align="right" if late else "left",
        baseline="bottom",
        dx=3 if late else -3,
        size=SMALL,
    )
    words = {"x": scale.x("value"), "y": {"value": -6}, "text": {"field": "words"}}
    return [layer(data, rule, encoding), layer(data, style, words)]


CELL = 38


def _cell(row: Mapping[str, Any], down: list[str], across: list[str], wide: float) -> Spec:
    x, y = across.index(str(row["column"])) * wide, down.index(str(row["row"])) * CELL
    value: Any = row.get("value")
    label = row.get("label")
    return {
        "x": x + 1,
        "x2": x + wide - 1,
        "y": y + 1,
        "y2": y + CELL - 1,
        "middle": x + wide / 2,
        "centre": y + CELL / 2,
        "corner": x + wide - 9,
        "edge": y + 9,
        "value": float(value) if is_number(value) else None,
        "words": str(label if label is not None else ("" if value is None else value)),
        "flagged": bool(row.get("flagged")),
    }


def _matrix_layers(
    cells: list[Spec], heads: list[list[str]], sides: list[list[str]], wide: float, unit: str
) -> list[Spec]:
    values = [c["value"] for c in cells if c["value"] is not None]
    box = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}
    shade = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": list(ends_of(values)), "range": list(SHADES)},
        "legend": None,
    }
    layers = [
        layer([c for c in cells if c["value"] is None], {"type": "rect", "color": "#f4f4f4"}, box),
        layer([c for c in cells if c["value"] is not None], {"type": "rect"}, box | {"color": shade}),
    ]
    flagged = [c for c in cells if c["flagged"]]
    frame = {"type": "rect", "filled": False, "color": PALETTE[6], "strokeWidth": 2.5}
    mark = {
        "type": "point",
        "shape": "triangle-up",
        "filled": True,
        "size": 60,
        "color": PALETTE[6],
        "opacity": 1,
    }
    layers += [
        layer(flagged, frame, box),
        layer(flagged, mark, {"x": pixel("corner"), "y": pixel("edge")}),
    ]
    figure = text_mark(color=INK, align="center", baseline="middle", size=TEXT)
    layers.append(
        layer(cells, figure, {"x": pixel("middle"), "y": pixel("centre"), "text": {"field": "words"}})
    )
    return layers + _matrix_names(heads, sides, wide, unit, bool(flagged))


def _matrix_names(
    heads: list[list[str]], sides: list[list[str]], wide: float, unit: str, flagged: bool
) -> list[Spec]:
    tops = [
        {"x": (i + 0.5) * wide, "y": -8 - (LINE - 1) * (len(lines) - 1), "words": lines}
        for i, lines in enumerate(heads)
    ]
    lefts = [{"y": (i + 0.5) * CELL - LINE / 2 * (len(x) - 1), "words": x} for i, x in enumerate(sides)]
    across = text_mark(color=INK, align="center", baseline="bottom", size=SMALL, lineHeight=LINE - 1)
    beside = text_mark(color=INK, align="right", baseline="middle", size=SMALL, lineHeight=LINE)
    layers = [
        layer(tops, across, {"x": pixel("x"), "y": pixel("y"), "text": {"field": "words"}}),
        layer(lefts, beside, {"x": {"value": -8}, "y": pixel("y"), "text": {"field": "words"}}),
    ]
    notes = [unit_words(unit)] if unit else []
    notes += ["framed with a corner mark: flagged, see the notes"] if flagged else []
    below = [{"words": "; ".join(notes)}] if notes else []
    style = text_mark(color=MUTED, align="left", baseline="top", size=SMALL)
    place = {"x": {"value": 0}, "y": {"value": CELL * len(sides) + 8}, "text": {"field": "words"}}
    return [*layers, layer(below, style, place)]
