"""Spend and outcome of one area, or of many, against comparators: four quarters and two boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook.charts import labels, marks
from workbook.charts.parts import (
    FAINT,
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
    is_number,
    layer,
    short_name,
    wrapped,
)
from workbook.charts.scales import lean_axis

_WIDE, _TALL = WIDTH - 40, 440
_REACH = 3.2  # standard deviations up and down that are always shown
_FARTHEST = 5.0  # beyond, a point stands at the edge and carries its figures
_NAMED = 14  # points that are named, at most

_QUARTERS = (
    ("lower spend", "better outcome"),
    ("higher spend", "better outcome"),
    ("lower spend", "worse outcome"),
    ("higher spend", "worse outcome"),
)


def quadrant(rows: Rows, *, spend_label: str = "spend per head", outcome_label: str = "outcome") -> Spec:
    """Points by spend (across) and outcome (up is better), in standard deviations from the comparators.

    Rows: name, spend_z, outcome_z (0 is the comparators' mean), own (bool), peer
    (bool, optional). Either the areas for one programme, the own area bold, or
    the programmes of one area, none of them own. The inner box holds what lies
    within 1 standard deviation on both, the outer within 2. Points outside the
    outer box are filled and named, then those outside the inner one, as far as
    there is room; the own point always. A point farther out than 5 stands at
    the edge with its figures.
    """
    known = [r for r in rows if is_number(r.get("spend_z")) and is_number(r.get("outcome_z"))]
    reach = max([_REACH, *(min(abs(float(r["outcome_z"])), _FARTHEST) + 0.3 for r in known)])
    across = max([_REACH, *(min(abs(float(r["spend_z"])), _FARTHEST) + 0.3 for r in known)])
    side = _TALL / 2 / reach  # pixels to one standard deviation, the same both ways
    side = min(side, _WIDE / 2 / across)
    points = _points(known, side)
    while any(_in_corner(p) for p in points) and side > 30:
        side *= 0.93
        points = _points(known, side)
    layers = [
        _frame(side, spend_label, outcome_label),
        *_boxes(side),
        *_quarters(),
        marks.symbols(points),
        *_box_names(side),
    ]
    return chart([*layers, *_names(points), *_legend(points)], _WIDE, _TALL)


def _points(known: Rows, side: float) -> list[dict[str, Any]]:
    return [_point(r, side) for r in sorted(known, key=lambda r: bool(r.get("own")))]


def _in_corner(point: dict[str, Any]) -> bool:
    """Whether a point stands on the name of a quarter."""
    return any(b[0] - 8 < point["x"] < b[2] + 8 and b[1] - 8 < point["y"] < b[3] + 8 for b in _corners())


def _point(row: Any, side: float) -> dict[str, Any]:
    spend, outcome = float(row["spend_z"]), float(row["outcome_z"])
    far = max(abs(spend), abs(outcome))
    own, peer = bool(row.get("own")), bool(row.get("peer"))
    colour = PALETTE[0] if own else INK if peer else MUTED
    fill = colour if far > 2 else "#ffffff"
    shape, size = ("diamond", 190) if own else ("square", 64) if peer else ("circle", 52)
    name = short_name(row.get("name", ""))
    if far > _FARTHEST:
        name += f" ({_signed(spend)}, {_signed(outcome)})"
    limit_x, limit_y = (_WIDE / 2 - 8) / side, (_TALL / 2 - 8) / side
    return {
        "x": _WIDE / 2 + max(min(spend, limit_x), -limit_x) * side,
        "y": _TALL / 2 - max(min(outcome, limit_y), -limit_y) * side,
        **marks.look(shape, fill, colour, size, 2.4 if own else 1.5),
        "name": name,
        "own": own,
        "peer": peer,
        "far": far,
    }


def _signed(z: float) -> str:
    return ("\u2212" if z < 0 else "+") + f"{abs(z):.1f}"


def _frame(side: float, spend: str, outcome: str) -> Spec:
    """An invisible point, which holds the axes in standard deviations."""

    def axis(pixels: float, title: str) -> Any:
        reach = pixels / 2 / side
        ticks = [t for t in range(-20, 21, 2) if abs(t) <= reach]
        scale = {"domain": [-reach, reach], "nice": False, "zero": False}
        style = lean_axis(ticks, title=title, grid=False)
        style["labelExpr"] = "datum.value ? format(datum.value, '+d') : '0'"
        return {"field": "zero", "type": "quantitative", "scale": scale, "axis": style}

    words = "standard deviations from the mean of the comparators"
    y = axis(_TALL, f"{outcome}, up is better ({words})")
    y["axis"] |= {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start"}
    y["axis"] |= {"titleBaseline": "bottom", "titleX": -24, "titleY": -10}
    x = axis(_WIDE, f"{spend}, higher to the right ({words})")
    return layer([{"zero": 0}], {"type": "point", "opacity": 0}, {"x": x, "y": y})


def _boxes(side: float) -> list[Spec]:
    centre_x, centre_y = _WIDE / 2, _TALL / 2
    rows = [
        {
            "x": centre_x - n * side,
            "x2": centre_x + n * side,
            "y": centre_y - n * side,
            "y2": centre_y + n * side,
        }
        for n in (2, 1)
    ]
    fills = [rows[0] | {"fill": "#f3f6f9"}, rows[1] | {"fill": "#e3eaf1"}]
    lines = [
        {"x": 0, "x2": _WIDE, "y": centre_y, "y2": centre_y},
        {"x": centre_x, "x2": centre_x, "y": 0, "y2": _TALL},
    ]
    edge = [{"x": 0, "x2": _WIDE, "y": 0, "y2": _TALL}]
    return [
        marks.boxes(fills),
        marks.boxes(edge, color=FAINT, filled=False),
        marks.boxes(rows[:1], color=MUTED, filled=False, strokeDash=[5, 3]),
        marks.boxes(rows[1:], color=MUTED, filled=False),
        marks.rules(lines, color=INK, weight=1.2),
    ]


def _box_names(side: float) -> list[Spec]:
    """Over the points: what the boxes are."""
    rows = [
        {"x": _WIDE / 2 + n * side - 3, "y": _TALL / 2 + n * side - 8, "words": f"{n} SD"} for n in (1, 2)
    ]
    return marks.over_marks(rows, align="right", size=SMALL, color=MUTED)


def _quarters() -> list[Spec]:
    left: list[Spec] = []
    right: list[Spec] = []
    for number, words in enumerate(_QUARTERS):
        y = 14 if number < 2 else _TALL - 14 - LINE
        row = {"y": y, "words": list(words)}
        (right if number % 2 else left).append(row | {"x": _WIDE - 8 if number % 2 else 8})
    style = {"size": TEXT, "color": MUTED, "bold": True}
    return [
        marks.words_at(left, align="left", **style),  # type: ignore[arg-type]
        marks.words_at(right, align="right", **style),  # type: ignore[arg-type]
    ]


def _corners() -> list[labels.Box]:
    """The room that the names of the quarters take."""
    tall, wide = 2 * LINE + 8, 110
    return [(x, y, x + wide, y + tall) for x in (0, _WIDE - wide) for y in (0, _TALL - tall)]


def _names(points: list[dict[str, Any]]) -> list[Spec]:
    """The own point's name first, then the others' from the outside in."""
    taken = [labels.around(p["x"], p["y"], 7 if p["own"] or p["peer"] else 5) for p in points]
    taken += [*_corners(), (0, _TALL / 2 - 1, _WIDE, _TALL / 2 + 1), (_WIDE / 2 - 1, 0, _WIDE / 2 + 1, _TALL)]
    few = len(points) <= _NAMED
    wanted = [p for p in points if p["own"] or few or p["far"] > 1]
    wanted.sort(key=lambda p: (not p["own"], -p["far"]))
    leaders: list[Spec] = []
    own: list[Spec] = []
    others: list[Spec] = []
    for point in wanted[:_NAMED]:
        words = wrapped(point["name"], 24)
        label = labels.beside(point["x"], point["y"], words, taken, (_WIDE, _TALL), must=point["own"] or few)
        if label is None:
            continue
        taken.append(label.box)
        leaders += [labels.leader(point["x"], point["y"], label)] if label.far else []
        (own if point["own"] else others).append({"x": label.x, "y": label.y, "words": words})
    return [
        marks.rules(leaders, weight=0.8),
        marks.words_at(others, size=SMALL),
        marks.words_at(own, color=PALETTE[0], bold=True),
    ]


def _legend(points: Sequence[dict[str, Any]]) -> list[Spec]:
    entries = []
    if any(p["own"] for p in points):
        entries.append((marks.look("diamond", "#ffffff", PALETTE[0], 130, 2.4), "this area"))
        if any(p["peer"] for p in points):
            entries.append((marks.look("square", "#ffffff", INK, 64, 1.5), "peers"))
        if any(not p["own"] and not p["peer"] for p in points):
            entries.append((marks.look("circle", "#ffffff", MUTED, 52, 1.5), "other areas"))
    if any(p["far"] > 2 for p in points):
        entries.append((marks.look("circle", MUTED, MUTED, 52, 1.5), "filled: more than 2 SD on either"))
    return marks.key(entries, _WIDE, -36) if entries else []
