"""The funnel plot: areas of every size, and how far chance alone would scatter them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise, zip_longest
from typing import Any

from workbook.charts import labels, marks
from workbook.charts.parts import (
    DASHES,
    FAINT,
    HEIGHT,
    INK,
    LINE,
    MUTED,
    PALETTE,
    SMALL,
    WIDTH,
    Rows,
    Spec,
    chart,
    is_number,
    known_rows,
    layer,
    moved_apart,
    pixel,
    short_name,
    text_width,
    wrapped,
)
from workbook.charts.scales import Scale

_LIMITS = ("lower95", "upper95", "lower998", "upper998")
_TALL = HEIGHT + 60
_NAMED = 4  # peers outside the limits that are named, at most

_OTHER = marks.look("circle", "#ffffff", MUTED, 26, 1.1)
_PEER = marks.look("square", "#ffffff", INK, 56, 1.6)
_OWN = marks.look("diamond", "#ffffff", INK, 170, 2.4)


def funnel(
    rows: Rows,
    limits: Rows,
    *,
    unit: str,
    benchmark: float | None,
    denominator_label: str,
    benchmark_label: str = "",
) -> Spec:
    """Areas by size with the limits within which chance alone would leave them.

    Rows: area, value (in ``unit``), denominator (people or events, as
    ``denominator_label`` says), own and peer (bool). Limits, from the smallest
    denominator up: denominator, lower95, upper95, lower998, upper998, in
    ``unit``. An area outside the 99.8% limits is filled, any other is hollow;
    the own area is a large diamond with its name, peers are squares. Without
    limits all are hollow and the key says nothing of them. Limits of very small
    denominators that leave the picture are cut off.
    """
    known = [r for r in known_rows(rows) if is_number(r.get("denominator"))]
    lines = sorted(
        (dict(x) for x in limits if is_number(x.get("denominator"))), key=lambda x: float(x["denominator"])
    )
    centre = float(benchmark) if is_number(benchmark) and benchmark is not None else None
    x = Scale([0.0, *(r["denominator"] for r in known)], denominator_label, zero=True, ticks=5)
    lines = _up_to(lines, x.high)
    y = Scale(_extent(known, lines, centre), unit)
    names = _line_names(lines, centre, benchmark_label)
    width = WIDTH - max((text_width(w, SMALL) for n in names for w in n["words"]), default=0) - 22
    layers = [_frame(x, y)]
    layers += _limit_lines(lines, x, y, width) + _centre(centre, y, width)
    layers += _name_lines(names, x, y, width)
    points = _points(known, lines, x, y, width)
    layers += [
        marks.symbols(points),
        *_names(points, _on_lines(lines, centre, x, y, width), width),
        *_legend(points, width),
    ]
    return chart(layers, width, _TALL)


def _up_to(lines: list[dict[str, Any]], end: float) -> list[dict[str, Any]]:
    """The limits as far as the axis reaches, the last one on its end."""
    found = [x for x in lines if x["denominator"] <= end]
    last = {k: v for k in _LIMITS if (v := _limit_at(lines, k, end)) is not None}
    return [*found, {"denominator": end, **last}] if last and len(found) < len(lines) else found


def _frame(x: Scale, y: Scale) -> Spec:
    """An invisible point, which holds the axes."""
    corner = [{"x": x.low, "y": y.low}]
    return layer(corner, {"type": "point", "opacity": 0}, {"x": x.x("x"), "y": y.y("y")})


def _extent(known: Rows, lines: Rows, centre: float | None) -> list[float]:
    """The values, and the limits as far as they do not squeeze the values."""
    values = [float(r["value"]) for r in known] + ([centre] if centre is not None else [])
    least = min((r["denominator"] for r in known), default=0)
    edges = [float(x[k]) for x in lines for k in _LIMITS if is_number(x.get(k)) and x["denominator"] >= least]
    if not values:
        return edges
    low, high = min(values), max(values)
    last = [float(lines[-1][k]) for k in _LIMITS if is_number(lines[-1].get(k))] if lines else []
    room = 0.25 * max(high - low, max(last, default=0) - min(last, default=0))
    inside = [min(max(e, low - room), high + room) for e in edges]
    return [*values, *last, *(max(e, 0.0) if low >= 0 else e for e in inside)]


def _limit_lines(lines: Rows, x: Scale, y: Scale, width: float) -> list[Spec]:
    layers = []
    for name in _LIMITS:
        path = [
            {"x": x.across(line["denominator"], width), "y": y.pixels(line[name], _TALL)}
            for line in lines
            if is_number(line.get(name))
        ]
        mark = {"type": "line", "color": MUTED, "clip": True, "strokeWidth": 1.4}
        if name.endswith("95"):
            mark |= {"strokeDash": DASHES[1]}
        layers.append(layer(_inside(path), mark, {"x": pixel("x"), "y": pixel("y")}))
    return layers


def _inside(path: list[Spec]) -> list[Spec]:
    """The part of a line that the picture shows, ending at its edge."""
    found: list[Spec] = []
    for one, other in zip_longest(path, path[1:]):
        shown = 0 <= one["y"] <= _TALL
        if shown:
            found.append(one)
        if other is not None and shown != (0 <= other["y"] <= _TALL):
            edge = 0.0 if min(one["y"], other["y"]) < 0 else float(_TALL)
            part = (edge - one["y"]) / (other["y"] - one["y"])
            found.append({"x": one["x"] + part * (other["x"] - one["x"]), "y": edge})
    return found


def _centre(centre: float | None, y: Scale, width: float) -> list[Spec]:
    if centre is None:
        return []
    at = y.pixels(centre, _TALL)
    return [marks.rules([{"x": 0, "x2": width, "y": at, "y2": at}], color=PALETTE[1], weight=1.8)]


def _line_names(lines: Rows, centre: float | None, label: str) -> list[dict[str, Any]]:
    """The names of the lines, with the value and the denominator at which each ends."""
    said = {"95": "95% limit", "98": "99.8% limit"}
    found: list[dict[str, Any]] = [
        {"words": [said[k[-2:]]], "value": float(lines[-1][k]), "end": float(lines[-1]["denominator"])}
        for k in _LIMITS
        if lines and is_number(lines[-1].get(k))
    ]
    if centre is not None:
        found.append({"words": wrapped(label or "benchmark", 16), "value": centre, "end": None})
    return found


def _name_lines(names: list[dict[str, Any]], x: Scale, y: Scale, width: float) -> list[Spec]:
    """The names to the right, moved apart, each with a leader from the end of its line."""
    wanted = [y.pixels(n["value"], _TALL) for n in names]
    placed = moved_apart(wanted, [LINE * len(n["words"]) for n in names], _TALL)
    leaders: list[Spec] = []
    limits: list[Spec] = []
    centre: list[Spec] = []
    for name, start, at in zip(names, wanted, placed, strict=True):
        end = width if name["end"] is None else x.across(name["end"], width)
        leaders.append({"x": end + 2, "y": start, "x2": width + 12, "y2": at})
        row = {"x": width + 15, "y": marks.centred(at, name["words"]), "words": name["words"]}
        (centre if name["end"] is None else limits).append(row)
    return [
        marks.rules(leaders, color=FAINT),
        marks.words_at(limits, size=SMALL, color=MUTED),
        marks.words_at(centre, size=SMALL, color=PALETTE[1]),
    ]


def _points(known: Rows, lines: Rows, x: Scale, y: Scale, width: float) -> list[dict[str, Any]]:
    """Every area as a symbol; the own area last, on top of the others."""
    found = []
    for row in sorted(known, key=lambda r: (bool(r.get("own")), bool(r.get("peer")))):
        shape = _OWN if row.get("own") else _PEER if row.get("peer") else _OTHER
        outside = _outside(row, lines)
        fill = PALETTE[0] if row.get("own") else INK if row.get("peer") else MUTED
        found.append(
            {
                "x": x.across(row["denominator"], width),
                "y": y.pixels(row["value"], _TALL),
                **shape,
                **({"fill": fill} if outside else {}),
                **({"line": PALETTE[0]} if row.get("own") else {}),
                "name": str(row.get("area", "")),
                "role": "own" if row.get("own") else "peer" if row.get("peer") else "other",
                "outside": outside,
                "says": f"{marks.said(str(row.get('area', '')), row['value'], y.unit)}, "
                f"{x.unit} {row['denominator']:,.0f}",
            }
        )
    return found


def _outside(row: Mapping[str, Any], lines: Rows) -> bool:
    """Whether an area stands beyond the drawn 99.8% limits."""
    low, high = (_limit_at(lines, name, row["denominator"]) for name in ("lower998", "upper998"))
    return (low is not None and row["value"] < low) or (high is not None and row["value"] > high)


def _limit_at(lines: Rows, name: str, denominator: float) -> float | None:
    """The limit at a denominator, on the straight line between its neighbours; None beyond the ends."""
    known = [x for x in lines if is_number(x.get(name))]
    for one, other in pairwise(known):
        if one["denominator"] <= denominator <= other["denominator"]:
            wide = other["denominator"] - one["denominator"]
            part = (denominator - one["denominator"]) / wide if wide else 0.0
            return float(one[name] + part * (other[name] - one[name]))
    return next((float(x[name]) for x in known if x["denominator"] == denominator), None)


def _on_lines(lines: Rows, centre: float | None, x: Scale, y: Scale, width: float) -> list[labels.Box]:
    """The room that the lines take, in small boxes, so that no name stands on one."""
    path = [
        (
            x.across(a["denominator"] + part * (b["denominator"] - a["denominator"]), width),
            y.pixels(a[k] + part * (b[k] - a[k]), _TALL),
        )
        for a, b in pairwise(lines)
        for k in _LIMITS
        if is_number(a.get(k)) and is_number(b.get(k))
        for part in (0.0, 0.25, 0.5, 0.75)
    ]
    level = [] if centre is None else [(0.0, y.pixels(centre, _TALL) - 1, width, y.pixels(centre, _TALL) + 1)]
    return [*(labels.around(*p, 2) for p in path), *level]


def _names(points: list[dict[str, Any]], lines: list[labels.Box], width: float) -> list[Spec]:
    """The own area's name, and those of the peers that stand farthest outside, where there is room."""
    taken = [labels.around(p["x"], p["y"], 4 if p["role"] == "other" else 7) for p in points] + lines
    own = [p for p in points if p["role"] == "own"]
    peers = [p for p in points if p["role"] == "peer" and p["outside"]]
    found: dict[bool, list[Spec]] = {True: [], False: []}
    leaders = []
    for point in [*own, *peers[:_NAMED]]:
        is_own = point["role"] == "own"
        words = wrapped(short_name(point["name"]), 26 if is_own else 22)
        label = labels.beside(point["x"], point["y"], words, taken, (width, _TALL), must=is_own)
        if label is None:
            continue
        taken.append(label.box)
        found[is_own].append({"x": label.x, "y": label.y, "words": words})
        leaders += [labels.leader(point["x"], point["y"], label)] if label.far else []
    return [
        marks.rules(leaders, color=INK, weight=0.8),
        marks.words_at(found[False], size=SMALL),
        *marks.over_marks(found[True], color=PALETTE[0], bold=True),
    ]


def _legend(points: list[dict[str, Any]], width: float) -> list[Spec]:
    roles = {p["role"] for p in points}
    looks = {"own": _OWN | {"line": PALETTE[0]}, "peer": _PEER, "other": _OTHER}
    said = {"own": "this area", "peer": "peers", "other": "other areas"}
    entries = [(look, said[role]) for role, look in looks.items() if role in roles]
    if any(p["outside"] for p in points):
        entries.append((_OTHER | {"fill": MUTED, "size": 56}, "filled: outside the 99.8% limits"))
    return marks.key(entries, width + 60, -34) if entries else []
