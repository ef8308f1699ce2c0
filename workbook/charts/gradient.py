"""The inequality gradient: groups by deprivation, as wide as their share of the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.charts import marks
from workbook.charts.parts import (
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
    moved_apart,
    pixel,
    text_width,
    wrapped,
)
from workbook.charts.scales import Scale

_ROOM = 96  # pixels to the right, for the names of the lines
_WIDE = WIDTH - _ROOM


def gradient(
    rows: Rows,
    *,
    unit: str,
    line: Sequence[tuple[float, float]] = (),
    benchmark: float | None = None,
    benchmark_label: str = "",
    line_label: str = "fitted line",
) -> Spec:
    """Groups side by side from most to least deprived, each as wide as its share of the people.

    Rows, in the order in which they shall stand: category, value with lower and
    upper where known (in ``unit``), share of the population (any scale: 0 to 1,
    per cent or people; without shares the groups are drawn equally wide and the
    chart says so). ``line``: the fitted line as points (cumulative share of the
    population 0 to 1, value in ``unit``), its two ends or more where it is curved;
    its ends carry their values. Bars rise from zero where the axis holds zero;
    otherwise the level of a group is a stroke as wide as the group.
    """
    fitted = [(float(x), float(v)) for x, v in line if is_number(x) and is_number(v)]
    centre = [float(benchmark)] if benchmark is not None and is_number(benchmark) else []
    y = Scale([*_figures(rows), *(v for _, v in fitted), *centre], unit, headroom=True)
    groups = _groups(rows)
    layers = [_frame(y), *_levels(groups, y), *_intervals(groups, y)]
    layers += _line(fitted, y) + _benchmark(centre, y) + _figure_words(groups, y)
    layers += _right_names(fitted, centre, line_label, benchmark_label, y)
    layers += _category_names(groups)
    return chart([*layers, *_foot(rows, groups)], _WIDE, HEIGHT)


def _figures(rows: Rows) -> list[float]:
    return [float(r[k]) for r in rows for k in ("value", "lower", "upper") if is_number(r.get(k))]


def _groups(rows: Rows) -> list[dict[str, Any]]:
    """The rows with where they begin and end across, in pixels."""
    shares = [float(r["share"]) if is_number(r.get("share")) and r["share"] > 0 else None for r in rows]
    parts = [s or 0.0 for s in shares] if all(shares) else [1.0] * len(shares)
    total, at, found = sum(parts) or 1.0, 0.0, []
    for row, part in zip(rows, parts, strict=True):
        wide = part / total * _WIDE
        found.append({**row, "x": at, "x2": at + wide, "middle": at + wide / 2})
        at += wide
    return found


def _frame(y: Scale) -> Spec:
    edges = [{"y": y.low}]
    return layer(edges, {"type": "point", "opacity": 0}, {"x": {"value": 0}, "y": y.y("y")})


def _levels(groups: list[dict[str, Any]], y: Scale) -> list[Spec]:
    known = [g for g in groups if is_number(g.get("value"))]
    tops = [{"x": g["x"] + 1, "x2": g["x2"] - 1, "y": y.pixels(g["value"], HEIGHT)} for g in known]
    if y.low <= 0 <= y.high:
        floor = y.pixels(0.0, HEIGHT)
        bars = [t | {"y": min(t["y"], floor), "y2": max(t["y"], floor), "fill": SHADES[1]} for t in tops]
        base = [{"x": 0, "x2": _WIDE, "y": floor, "y2": floor}]
        return [marks.boxes(bars), marks.rules(base)]
    edges = [{"x": g["x"], "x2": g["x"], "y": 0, "y2": HEIGHT} for g in groups[1:]]
    strokes = [t | {"y2": t["y"]} for t in tops]
    return [marks.rules(edges, weight=0.6, dash=[1, 3]), marks.rules(strokes, color=SHADES[1], weight=7)]


def _intervals(groups: list[dict[str, Any]], y: Scale) -> list[Spec]:
    whiskers, points = [], []
    for group in groups:
        if not is_number(group.get("value")):
            continue
        points.append(
            {"x": group["middle"], "y": y.pixels(group["value"], HEIGHT)}
            | marks.look("circle", INK, "#ffffff", 52, 1)
        )
        if is_number(group.get("lower")) and is_number(group.get("upper")):
            low, high = (y.pixels(group[k], HEIGHT) for k in ("lower", "upper"))
            x = group["middle"]
            whiskers.append({"x": x, "x2": x, "y": low, "y2": high})
            whiskers += [{"x": x - 4, "x2": x + 4, "y": end, "y2": end} for end in (low, high)]
    return [marks.rules(whiskers, color=INK, weight=1.6), marks.symbols(points)]


def _line(fitted: list[tuple[float, float]], y: Scale) -> list[Spec]:
    path = [{"x": x * _WIDE, "y": y.pixels(v, HEIGHT)} for x, v in fitted]
    mark = {"type": "line", "color": PALETTE[1], "strokeWidth": 2.4, "strokeDash": [7, 4]}
    return [layer(path, mark, {"x": pixel("x"), "y": pixel("y")})] if len(path) > 1 else []


def _benchmark(centre: list[float], y: Scale) -> list[Spec]:
    rows = [{"x": 0, "x2": _WIDE, "y": y.pixels(v, HEIGHT), "y2": y.pixels(v, HEIGHT)} for v in centre]
    return [marks.rules(rows, color=MUTED, weight=1.4, dash=[2, 2])] if rows else []


def _figure_words(groups: list[dict[str, Any]], y: Scale) -> list[Spec]:
    """The figure of every group at its foot, where the groups are wide enough; a gap says so always."""
    known = [float(g["value"]) for g in groups if is_number(g.get("value"))]
    decimals = _places(known)
    figures = [
        {"x": g["middle"], "y": HEIGHT - 9, "words": f"{g['value']:,.{decimals}f}"}
        for g in groups
        if is_number(g.get("value"))
    ]
    fits = all(
        text_width(f["words"]) < g["x2"] - g["x"] for f, g in zip(figures, _known(groups), strict=True)
    )
    clear = all(_lowest(g, y) < HEIGHT - 20 for g in _known(groups))
    gaps = [
        {"x": g["middle"], "y": HEIGHT - 9 - LINE, "words": ["no", "figure"]}
        for g in groups
        if not is_number(g.get("value"))
    ]
    return [
        marks.words_at(figures if fits and clear else [], align="center", size=TEXT),
        marks.words_at(gaps, align="center", size=SMALL, color=MUTED, italic=True),
    ]


def _known(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [g for g in groups if is_number(g.get("value"))]


def _lowest(group: Mapping[str, Any], y: Scale) -> float:
    """How far down a group's interval reaches, in pixels."""
    ends = [float(group[k]) for k in ("value", "lower") if is_number(group.get(k))]
    return y.pixels(min(ends), HEIGHT)


def _places(values: list[float]) -> int:
    """Decimals that keep the groups apart without a false precision."""
    largest = max((abs(v) for v in values), default=0)
    return 0 if largest >= 1000 else 1 if largest >= 1 else 3


def _right_names(
    fitted: list[tuple[float, float]], centre: list[float], line_label: str, label: str, y: Scale
) -> list[Spec]:
    """What the lines are, beside where they end; the fitted line with the values of its ends."""
    found: list[tuple[float, list[str], str]] = []
    if len(fitted) > 1:
        first, last = fitted[0][1], fitted[-1][1]
        places = _places([first, last])
        words = [*wrapped(line_label, 14), f"{first:,.{places}f} to", f"{last:,.{places}f}"]
        found.append((y.pixels(last, HEIGHT), words, PALETTE[1]))
    found += [(y.pixels(v, HEIGHT), wrapped(label or "benchmark", 14), MUTED) for v in centre]
    placed = moved_apart([f[0] for f in found], [LINE * len(f[1]) + 4 for f in found], HEIGHT)
    layers = []
    for (_, words, colour), at in zip(found, placed, strict=True):
        row = {"x": _WIDE + 10, "y": marks.centred(at, words), "words": words}
        layers.append(marks.words_at([row], size=SMALL, color=colour, bold=colour != MUTED))
    return layers


def _category_names(groups: list[dict[str, Any]]) -> list[Spec]:
    """The groups' names below, every second one lower where one line does not hold them."""
    words = [wrapped(g.get("category", ""), max(int((g["x2"] - g["x"]) / 6.2), 8), lines=4) for g in groups]
    widths = [max(text_width(line, SMALL) for line in w) + 6 for w in words]
    wanted = [g["middle"] for g in groups]
    single = moved_apart(wanted, widths, _WIDE + 20)
    tight = any(abs(a - b) > 12 for a, b in zip(single, wanted, strict=True))
    rows, leaders = [], []
    for turn in (0, 1) if tight else (0,):
        mine = [i for i in range(len(groups)) if not tight or i % 2 == turn]
        drop = turn * LINE * max((len(words[i]) for i in range(len(groups)) if i % 2 == 0), default=1)
        placed = moved_apart([groups[i]["middle"] for i in mine], [widths[i] for i in mine], _WIDE + 20)
        for i, x in zip(mine, placed, strict=True):
            rows.append({"x": x, "y": HEIGHT + 14 + drop, "words": words[i]})
            if tight:
                leaders.append({"x": groups[i]["middle"], "x2": x, "y": HEIGHT + 1, "y2": HEIGHT + 6 + drop})
    return [
        marks.rules(leaders, weight=0.7),
        marks.words_at(rows, align="center", size=SMALL, color=INK),
    ]


def _foot(rows: Rows, groups: list[dict[str, Any]]) -> list[Spec]:
    if not groups:
        return []
    shared = all(is_number(r.get("share")) and r["share"] > 0 for r in rows)
    words = "each group as wide as its share of the population"
    if not shared:
        words = "groups drawn equally wide: their shares of the population are not known"
    if any(is_number(g.get("lower")) and is_number(g.get("upper")) for g in groups):
        words += "; whiskers: 95% interval"
    style = {"align": "right", "size": SMALL, "color": MUTED}
    return [marks.words_at([{"x": WIDTH, "y": -30, "words": words}], **style)]  # type: ignore[arg-type]
