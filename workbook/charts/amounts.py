"""Amounts as bars from a zero line: by category, and as a waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from workbook.charts.parts import (
    FILLS,
    HEIGHT,
    INK,
    LINE,
    MUTED,
    PALETTE,
    SMALL,
    TEXT,
    WIDTH,
    Rows,
    Spec,
    chart,
    colour_of,
    is_number,
    known_rows,
    label_room,
    layer,
    moved_apart,
    pixel,
    series_names,
    text_mark,
    text_width,
    wrapped,
)
from workbook.charts.scales import Scale, scaled_money


def bars(rows: Rows, *, unit: str, stacked: bool = True) -> Spec:
    """Bars by category from a zero line. Rows: category, value, series; their order is kept.

    Stacked parts are named beside the last bar; side by side, a legend stands
    on top and the bars of a group keep its order from left to right.
    """
    known, unit = scaled_money(known_rows(rows), unit, "value")
    names = series_names(known)
    categories = list(dict.fromkeys(str(r["category"]) for r in known))
    data = [
        {"category": str(r["category"]), "value": r["value"], "series": str(r.get("series", ""))}
        for r in known
    ]
    scale = Scale(_bar_extent(data, stacked), unit, zero=True, headroom=len(names) == 1)
    if stacked:
        return _stacked(data, names, categories, scale)
    return _side_by_side(data, names, categories, scale)


def waterfall(rows: Rows, *, unit: str) -> Spec:
    """From one total to another by the amounts between. Rows: label, amount, total (bool).

    A total's amount is the whole it stands for; any other amount is added to
    what stands before. Every bar carries its figure, changes with their sign.
    """
    known, unit = scaled_money([r for r in rows if is_number(r.get("amount"))], unit, "amount")
    steps = _steps(known)
    scale = Scale(
        [0.0, *(s["from"] for s in steps), *(s["to"] for s in steps)], unit, zero=True, headroom=True
    )
    slot = WIDTH / max(len(steps), 1)
    for number, step in enumerate(steps):
        step |= {"x": number * slot + slot * 0.14, "x2": (number + 1) * slot - slot * 0.14}
        step |= {"middle": (number + 0.5) * slot, "next": (number + 1) * slot + slot * 0.14}
        step["name"] = wrapped(step.pop("label"), max(int(slot / 6.2), 6))
    return chart(_waterfall_layers(steps, scale), WIDTH, HEIGHT - 20)


def _stacked(data: list[Spec], names: list[str], categories: list[str], scale: Scale) -> Spec:
    room = label_room(names) if len(names) > 1 else 0
    width = WIDTH - room
    parts = _stack(data, names, categories)
    slot = width / max(len(categories), 1)
    for part in parts:
        left = categories.index(part["category"]) * slot
        fill = FILLS[names.index(part["series"]) % len(FILLS)]
        part |= {"x": left + slot * 0.15, "x2": left + slot * 0.85, "colour": fill}
    layers = [_bars(parts, scale, {"stroke": "white", "strokeWidth": 1})]
    layers += _baseline(scale, width) + _category_labels(categories, slot)
    if len(names) > 1:
        layers += _stack_labels(parts, names, scale, width)
    elif slot > 50:
        layers += _bar_figures(parts, scale)
    return chart(layers, width, HEIGHT)


def _bars(rows: list[Spec], scale: Scale, more: Spec) -> Spec:
    """Bars from "from" to "to" between two places across, each in its own colour."""
    encoding = {"x": pixel("x"), "x2": {"field": "x2"}, "y": scale.y("from"), "y2": {"field": "to"}}
    return layer(rows, {"type": "rect"} | more, encoding | {"color": colour_of("colour")})


def _stack(data: list[Spec], names: list[str], categories: list[str]) -> list[Spec]:
    """Each part with where it begins and ends; amounts below zero are stacked downwards."""
    parts = []
    for category in categories:
        edges = {True: 0.0, False: 0.0}
        for name in names:
            for row in data:
                if row["category"] == category and row["series"] == name:
                    start = edges[row["value"] >= 0]
                    edges[row["value"] >= 0] = start + row["value"]
                    parts.append({**row, "from": start, "to": start + row["value"]})
    return parts


def _bar_figures(parts: list[Spec], scale: Scale) -> list[Spec]:
    """The figure of each bar above it, where there is one series and room enough."""
    decimals = _amount_decimals([p["value"] for p in parts])
    data = [
        {"x": (p["x"] + p["x2"]) / 2, "top": max(p["to"], 0.0), "words": f"{p['value']:,.{decimals}f}"}
        for p in parts
    ]
    style = text_mark(color=INK, align="center", baseline="bottom", dy=-4, size=TEXT)
    return [layer(data, style, {"x": pixel("x"), "y": scale.y("top"), "text": {"field": "words"}})]


def _stack_labels(parts: list[Spec], names: list[str], scale: Scale, width: float) -> list[Spec]:
    """Each series' name beside its part of the last bar that has it."""
    last = {name: [p for p in parts if p["series"] == name][-1] for name in names}
    wanted = [scale.pixels((last[n]["from"] + last[n]["to"]) / 2, HEIGHT) for n in names]
    words = [wrapped(n, 24) for n in names]
    placed = moved_apart(wanted, [LINE * len(w) for w in words], HEIGHT)
    rows = [
        {
            "x": last[name]["x2"],
            "from": wanted[i],
            "at": placed[i],
            "first": placed[i] - LINE / 2 * (len(words[i]) - 1),
            "words": words[i],
            "colour": last[name]["colour"],
            "seen": last[name]["category"] == parts[-1]["category"] and bool(last[name]["value"]),
        }
        for i, name in enumerate(names)
    ]
    line = {"type": "rule", "color": MUTED, "strokeWidth": 0.8}
    way = {"x": pixel("x"), "x2": {"value": width + 10}, "y": pixel("from"), "y2": {"field": "at"}}
    key = {"type": "square", "filled": True, "size": 70, "opacity": 1}
    beside = {"x": {"value": width + 15}, "y": pixel("at"), "color": colour_of("colour")}
    style = text_mark(color=INK, align="left", baseline="middle", size=TEXT, lineHeight=LINE)
    place = {"x": {"value": width + 23}, "y": pixel("first"), "text": {"field": "words"}}
    return [
        layer([r for r in rows if r["seen"]], line, way),
        layer(rows, key, beside),
        layer(rows, style, place),
    ]


def _side_by_side(data: list[Spec], names: list[str], categories: list[str], scale: Scale) -> Spec:
    slot = WIDTH / max(len(categories), 1)
    bar = slot * 0.76 / max(len(names), 1)
    rows = []
    for row in data:
        number = names.index(row["series"])
        left = categories.index(row["category"]) * slot + slot * 0.12 + number * bar
        place = {"from": 0.0, "to": row["value"], "x": left + 1, "x2": left + bar - 1}
        rows.append({"value": row["value"], "colour": FILLS[number % len(FILLS)]} | place)
    layers = [_bars(rows, scale, {}), *_baseline(scale, WIDTH), *_category_labels(categories, slot)]
    if len(names) > 1:
        layers += _legend(names)
    elif slot > 50:
        layers += _bar_figures(rows, scale)
    return chart(layers, WIDTH, HEIGHT)


def _legend(names: list[str]) -> list[Spec]:
    """A legend above the chart, in the order in which the bars of a group stand."""
    rows: list[Spec] = []
    at = 0.0
    for i, name in enumerate(names):
        rows.append({"key": at + 6, "x": at + 15, "words": name, "colour": FILLS[i % len(FILLS)]})
        at += text_width(name) + 34
    key = {"type": "square", "filled": True, "size": 90, "opacity": 1}
    style = text_mark(color=INK, align="left", baseline="middle", size=TEXT)
    above = {"y": {"value": -34}}
    return [
        layer(rows, key, {"x": pixel("key"), "color": colour_of("colour")} | above),
        layer(rows, style, {"x": pixel("x"), "text": {"field": "words"}} | above),
    ]


def _category_labels(categories: list[str], slot: float) -> list[Spec]:
    data = [
        {"x": (i + 0.5) * slot, "words": wrapped(name, max(int(slot / 6.2), 6), lines=4)}
        for i, name in enumerate(categories)
    ]
    style = text_mark(color=MUTED, align="center", baseline="top", size=SMALL, lineHeight=LINE - 1)
    return [layer(data, style, {"x": pixel("x"), "y": {"value": HEIGHT + 8}, "text": {"field": "words"}})]


def _baseline(scale: Scale, width: float) -> list[Spec]:
    mark = {"type": "rule", "color": MUTED}
    encoding = {"x": {"value": 0}, "x2": {"value": width}, "y": scale.y("zero")}
    return [layer([{"zero": 0}], mark, encoding)]


def _bar_extent(data: list[Spec], stacked: bool) -> list[float]:
    if not stacked:
        return [0.0, *(row["value"] for row in data)]
    ends = [0.0]
    for _, group in groupby(sorted(data, key=lambda r: r["category"]), key=lambda r: r["category"]):
        values = [row["value"] for row in group]
        ends += [sum(v for v in values if v > 0), sum(v for v in values if v < 0)]
    return ends


def _steps(rows: Rows) -> list[dict[str, Any]]:
    """Where each bar begins and ends, and the words on it."""
    level, steps = 0.0, []
    for row in rows:
        total = bool(row.get("total"))
        start, end = (0.0, float(row["amount"])) if total else (level, level + row["amount"])
        kind = "total" if total else "up" if row["amount"] >= 0 else "down"
        steps.append(
            {"label": str(row["label"]), "kind": kind, "from": start, "to": end, "amount": row["amount"]}
        )
        level = end
    decimals = _amount_decimals([s["amount"] for s in steps])
    for step in steps:
        figure = f"{abs(step['amount']):,.{decimals}f}"
        sign = {"total": "\u2212" if step["amount"] < 0 else "", "up": "+", "down": "\u2212"}[step["kind"]]
        step |= {"words": sign + figure, "top": max(step["from"], step["to"])}
    return steps


def _amount_decimals(amounts: Sequence[float]) -> int:
    """One decimal where the smallest amount would otherwise be lost."""
    moved = [abs(a) for a in amounts if a]
    return 0 if not moved or min(moved) >= 20 or all(float(a).is_integer() for a in moved) else 1


def _waterfall_layers(steps: list[dict[str, Any]], scale: Scale) -> list[Spec]:
    height = HEIGHT - 20
    fills = {"total": "#3d4f61", "up": PALETTE[1], "down": PALETTE[0]}
    layers = [_bars([s | {"colour": fills[s["kind"]]} for s in steps], scale, {})]
    joints = {"x": pixel("x2"), "x2": {"field": "next"}, "y": scale.y("to")}
    layers.append(layer(steps[:-1], {"type": "rule", "color": MUTED, "strokeWidth": 0.8}, joints))
    figures = text_mark(color=INK, align="center", baseline="bottom", dy=-4, size=TEXT)
    layers.append(
        layer(steps, figures, {"x": pixel("middle"), "y": scale.y("top"), "text": {"field": "words"}})
    )
    names = text_mark(color=MUTED, align="center", baseline="top", size=SMALL, lineHeight=LINE - 1)
    below = {"x": pixel("middle"), "y": {"value": height + 8}, "text": {"field": "name"}}
    layers.append(layer(steps, names, below))
    return layers + _baseline(scale, WIDTH)
