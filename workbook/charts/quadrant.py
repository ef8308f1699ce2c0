"""Spend and outcome of one area, or of many, against comparators: four quarters and two boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook.charts import labels, marks
from workbook.charts.parts import (
    FAINT,
    INK,
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

_QUARTERS = (("lower", "better"), ("higher", "better"), ("lower", "worse"), ("higher", "worse"))


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
    points = [_point(r, side) for r in sorted(known, key=lambda r: bool(r.get("own")))]
    layers = [
        _frame(side),
        *_boxes(side),
        *_quarters(spend_label, outcome_label),
        marks.symbols(points),
        *_box_names(side),
    ]
    return chart([*layers, *_names(points, side), *_legend(points)], _WIDE, _TALL)


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
        "says": f"{row.get('name', '')}: spend {_signed(spend)}, outcome {_signed(outcome)} standard deviations",
    }


def _signed(z: float) -> str:
    return ("\u2212" if z < 0 else "+") + f"{abs(z):.1f}"


def _frame(side: float) -> Spec:
    """An invisible point, which holds the axes in standard deviations."""

    def axis(pixels: float) -> Any:
        reach = pixels / 2 / side
        ticks = [t for t in range(-20, 21, 2) if abs(t) <= reach]
        scale = {"domain": [-reach, reach], "nice": False, "zero": False}
        style = lean_axis(ticks, grid=False)
        style["labelExpr"] = "datum.value ? format(datum.value, '+d') : '0'"
        return {"field": "zero", "type": "quantitative", "scale": scale, "axis": style}

    mark = {"type": "point", "opacity": 0}
    return layer([{"zero": 0}], mark, {"x": axis(_WIDE), "y": axis(_TALL)})


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


def _quarters(spend: str, outcome: str) -> list[Spec]:
    """The names of the quarters at the corners outside, where no point can stand, and the axes' names."""
    left: list[Spec] = []
    right: list[Spec] = []
    for number, (less, good) in enumerate(_QUARTERS):
        row = {"y": -13 if number < 2 else _TALL + 34, "words": f"{less} spend, {good} outcome"}
        (right if number % 2 else left).append(row | {"x": _WIDE if number % 2 else 0})
    unit = "standard deviations from the mean of the comparators"
    titles = [
        {"x": 0, "y": -33, "words": f"up: {outcome}, better upwards; across: {spend} ({unit})"},
    ]
    return [
        marks.words_at(left, size=TEXT, bold=True),
        marks.words_at(right, align="right", size=TEXT, bold=True),
        marks.words_at(titles, size=SMALL, color=MUTED),
    ]


def _lines_taken(side: float) -> list[labels.Box]:
    """The room that the axes and the names of the boxes take."""
    axes = [(0, _TALL / 2 - 1, _WIDE, _TALL / 2 + 1), (_WIDE / 2 - 1, 0, _WIDE / 2 + 1, _TALL)]
    corners = [(_WIDE / 2 + n * side, _TALL / 2 + n * side) for n in (1, 2)]
    return [*axes, *((x - 32, y - 16, x, y) for x, y in corners)]


def _names(points: list[dict[str, Any]], side: float) -> list[Spec]:
    """The own point's name first, then the others' from the outside in."""
    taken = [labels.around(p["x"], p["y"], 7 if p["own"] or p["peer"] else 5) for p in points]
    taken += _lines_taken(side)
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
    return marks.key(entries, _WIDE, -56) if entries else []
