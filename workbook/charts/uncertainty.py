"""Amounts that are not sure: a range for each year, and what each named cause does to one figure."""

from __future__ import annotations

from workbook.charts.parts import (
    FILLS,
    HEIGHT,
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
    text_mark,
    text_width,
    wrapped,
)
from workbook.charts.scales import Scale, scaled_money


def ranges(rows: Rows, *, unit: str) -> Spec:
    """A bar from low to high for each category, a stroke at its middle and a diamond at the point figure.

    Rows: category, low, middle, high, point (may be missing); their order is kept. Nought is a rule.
    """
    amounts = ("low", "middle", "high", "point")
    data, unit = scaled_money([r for r in rows if is_number(r.get("middle"))], unit, *amounts)
    scale = Scale([0.0, *(r[k] for r in data for k in amounts if k in r)], unit)
    slot = WIDTH / max(len(data), 1)
    for n, row in enumerate(data):
        row |= {"x": (n + 0.32) * slot, "x2": (n + 0.68) * slot, "at": (n + 0.5) * slot}
        row |= {"words": wrapped(row.pop("category"), max(int(slot / 6.2), 6)), "zero": 0}
    across = {"x": pixel("x"), "x2": {"field": "x2"}}
    bar = {"type": "rect", "color": SHADES[1]}
    layers = [layer(data, bar, across | {"y": scale.y("low"), "y2": {"field": "high"}})]
    stroke = {"type": "rule", "color": PALETTE[0], "strokeWidth": 3}
    layers.append(layer(data, stroke, across | {"y": scale.y("middle")}))
    nought = {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": scale.y("zero")}
    layers.append(layer([{"zero": 0}], {"type": "rule", "color": INK}, nought))
    mark = {
        "type": "point",
        "shape": "diamond",
        "filled": True,
        "size": 90,
        "opacity": 1,
        "color": PALETTE[1],
    }
    points = [r for r in data if "point" in r]
    layers.append(layer(points, mark, {"x": pixel("at"), "y": scale.y("point")}))
    names = text_mark(color=MUTED, align="center", baseline="top", size=SMALL, lineHeight=LINE - 1)
    below = {"x": pixel("at"), "y": {"value": HEIGHT + 8}, "text": {"field": "words"}}
    layers.append(layer([{"at": r["at"], "words": r["words"]} for r in data], names, below))
    return chart([*layers, *_key()], WIDTH, HEIGHT)


def tornado(rows: Rows, *, unit: str) -> Spec:
    """A bar for each cause from what it does at its low end to what it does at its high end, in the order given.

    Rows: label, low, high, words (printed beside the bar). Nought, where nothing changes, is a rule.
    """
    data, unit = scaled_money([r for r in rows if is_number(r.get("low"))], unit, "low", "high")
    scale = Scale([0.0, *(r[k] for r in data for k in ("low", "high"))], unit)
    step = 34
    labels = [wrapped(r.pop("label"), 26, lines=2) for r in data]
    room = max((text_width(line) for lines in labels for line in lines), default=0) + 16
    beside_room = max((text_width(str(r["words"])) for r in data), default=0) + 16
    width, height = max(WIDTH - room - beside_room, 260), step * max(len(data), 1)
    for n, row in enumerate(data):
        row |= {"top": n * step + 7, "foot": (n + 1) * step - 7, "at": (n + 0.5) * step}
    down = {"y": pixel("top"), "y2": {"field": "foot"}}
    layers = []
    for end, colour in (("low", FILLS[1]), ("high", FILLS[0])):
        sides = [r | {"zero": 0} for r in data]
        span = {"x": scale.x("zero"), "x2": {"field": end}}
        layers.append(layer(sides, {"type": "rect", "color": colour}, span | down))
    rule = {"x": scale.x("zero"), "y": {"value": 0}, "y2": {"value": height}}
    layers.append(layer([{"zero": 0}], {"type": "rule", "color": INK}, rule))
    for words, side, dx in (("worse", "right", -8), ("better", "left", 8)):
        said = text_mark(color=MUTED, align=side, baseline="bottom", dx=dx, size=SMALL)
        place = {"x": scale.x("zero"), "y": {"value": -2}, "text": {"field": "words"}}
        layers.append(layer([{"zero": 0, "words": words}], said, place))
    names = [
        {"at": r["at"] - LINE / 2 * (len(lines) - 1), "words": lines}
        for r, lines in zip(data, labels, strict=True)
    ]
    left = text_mark(color=INK, align="right", baseline="middle", size=TEXT, lineHeight=LINE)
    layers.append(layer(names, left, {"x": {"value": -10}, "y": pixel("at"), "text": {"field": "words"}}))
    right = text_mark(color=MUTED, align="left", baseline="middle", size=SMALL)
    beside = {"x": {"value": width + 10}, "y": pixel("at"), "text": {"field": "words"}}
    layers.append(layer([{"at": r["at"], "words": r["words"]} for r in data], right, beside))
    return chart(layers, width, height)


def _key() -> list[Spec]:
    """What bar, stroke and diamond mean, above the chart."""
    parts = (
        ("bar: eight draws in ten", "square", SHADES[1]),
        ("stroke: half of the draws are below", "stroke", PALETTE[0]),
        ("diamond: without uncertainty", "diamond", PALETTE[1]),
    )
    layers, at = [], 0.0
    for words, shape, colour in parts:
        mark = {"type": "point", "shape": shape, "filled": True, "opacity": 1, "size": 90, "color": colour}
        if shape == "stroke":
            mark |= {"strokeWidth": 3, "filled": False}
        above = {"y": {"value": -34}}
        layers.append(layer([{"x": at + 6}], mark, {"x": pixel("x")} | above))
        style = text_mark(color=INK, align="left", baseline="middle", size=TEXT)
        place = {"x": pixel("x"), "text": {"field": "words"}} | above
        layers.append(layer([{"x": at + 15, "words": words}], style, place))
        at += text_width(words) + 34
    return layers
