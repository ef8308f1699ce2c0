"""A map of an area among its peers: shade, hatching, outline and number tell them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.charts import labels, marks, projected
from workbook.charts.parts import (
    INK,
    LINE,
    MUTED,
    PALETTE,
    SMALL,
    WIDTH,
    Rows,
    Spec,
    chart,
    colour_of,
    is_number,
    layer,
    short_name,
    text_width,
    wrapped,
)

_TALL = 470
_KEY = 236  # pixels to the right, for the names
_ROLES = ("other", "peer", "own")  # drawn in this order, the own area last
_FILLS = {"own": PALETTE[0], "peer": "#c9dcee", "other": "#f4f5f6"}
_OUTLINES = {"own": (INK, 2.4), "peer": (INK, 1.2), "other": ("#9aa5b1", 0.5)}
_STEPS = ("#f1f5f9", "#cfe0ef", "#9fc1df", "#5b93c7", "#2f6ba3")  # five steps of a value
_NO_VALUE = "#ffffff"


def map_(rows: Rows, *, unit: str = "", decimals: int = 1) -> Spec:
    """The areas as polygons: the own dark with a heavy outline, peers hatched and numbered, others pale.

    Rows: code, name, rings (a list of rings of [longitude, latitude] in degrees,
    WGS84; islands and holes are rings of their own), role ("own", "peer" or
    "other"), value (optional, in ``unit``). With values the fill shows five steps
    of equal width and a key; the own area keeps its heavy outline, peers their
    hatching and numbers, and an area without a value stays white. The picture is
    framed around the areas that are given. The names stand to the right, the
    own area first, with their values. An area without rings is named there as
    not drawn. Boundaries are simplified to what the picture can show.
    """
    areas = sorted((dict(r) for r in rows), key=lambda r: _ROLES.index(_role(r)))
    shapes = [[projected.projected(ring) for ring in r.get("rings") or []] for r in areas]
    placed, (wide, tall) = projected.fitted(shapes, WIDTH - _KEY, _TALL)
    steps = _steps([float(r["value"]) for r in areas if is_number(r.get("value"))])
    for area, rings in zip(areas, placed, strict=True):
        area["drawn"] = projected.simplified(rings)
        area["fill"] = _fill(area, steps)
    _number(areas)
    layers = _shapes(areas, unit, decimals) + _hatching(areas, steps)
    layers += _numbers(areas, (wide, tall))
    layers += _side(areas, steps, wide + 24, unit, decimals)
    return chart(layers, WIDTH - _KEY if not areas else wide, max(round(tall), 60))


def _role(row: Mapping[str, Any]) -> str:
    role = str(row.get("role") or "other")
    return role if role in _ROLES else "other"


def _steps(values: list[float]) -> list[float]:
    """The lower ends of five steps of equal width, and the upper end; none where nothing differs."""
    if not values or min(values) == max(values):
        return []
    low, high = min(values), max(values)
    return [low + (high - low) * i / len(_STEPS) for i in range(len(_STEPS) + 1)]


def _fill(area: Mapping[str, Any], steps: list[float]) -> str:
    if not steps:
        return _FILLS[_role(area)]
    if not is_number(area.get("value")):
        return _NO_VALUE
    return _STEPS[min(sum(area["value"] >= s for s in steps[1:]), len(_STEPS) - 1)]


def _number(areas: list[dict[str, Any]]) -> None:
    """Peers that are drawn are numbered as they are listed: by name."""
    drawn = [a for a in areas if _role(a) == "peer" and a["drawn"]]
    peers = sorted(drawn, key=lambda a: short_name(a.get("name", "")))
    for number, area in enumerate(peers, 1):
        area["number"] = number


def _shapes(areas: list[dict[str, Any]], unit: str, decimals: int) -> list[Spec]:
    """Every area filled and outlined, in one layer: a symbol of size 4 is drawn in pixels, one to one."""
    rows = []
    for area in areas:
        if area["drawn"]:
            colour, weight = _OUTLINES[_role(area)]
            look = marks.look(projected.path(area["drawn"]), area["fill"], colour, 4, weight)
            rows.append({"x": 0, "y": 0, **look, "says": _said(area, unit, decimals)})
    return [marks.symbols(rows)] if rows else []


def _said(area: Mapping[str, Any], unit: str, decimals: int) -> str:
    """What a pointer over an area is told: its name, its value, and whether it is a peer."""
    name = str(area.get("name") or area.get("code", ""))
    value = area.get("value")
    words = marks.said(name, value, unit, decimals) if is_number(value) and value is not None else name
    return f"{words} (peer)" if _role(area) == "peer" else words


def _slanted(paths: Sequence[str], opacity: float) -> list[Spec]:
    """Hatching: thin lines, whole paths at a time."""
    rows = [{"path": path} for path in paths if path]
    mark = {"type": "point", "size": 4, "opacity": 1, "x": 0, "y": 0, "filled": False}
    mark |= {"stroke": INK, "strokeWidth": 0.7, "strokeOpacity": opacity}
    return [layer(rows, mark, {"shape": colour_of("path")})] if rows else []


def _hatching(areas: list[dict[str, Any]], steps: list[float]) -> list[Spec]:
    peers = [a["drawn"] for a in areas if _role(a) == "peer" and a["drawn"]]
    return _slanted([projected.strokes(projected.hatched(p)) for p in peers], 0.65 if steps else 0.5)


def _numbers(areas: list[dict[str, Any]], room: projected.Point) -> list[Spec]:
    """The peers' numbers on their areas, or beside them with a leader; the own area by words."""
    taken: list[labels.Box] = []
    discs, numbers, leaders, own = [], [], [], []
    for area in reversed(areas):
        if not area["drawn"] or _role(area) == "other":
            continue
        x, y = projected.inner_point(area["drawn"])
        if _role(area) == "own":
            label = _own_label(area["drawn"], (x, y), taken, room)
            taken += [label.box, labels.around(x, y, _DISC)]
            own.append({"x": label.x, "y": label.y, "words": _OWN_WORDS})
            leaders += [labels.leader(x, y, label)] if label.far else []
            continue
        at = _free(x, y, taken, room)
        taken.append(labels.around(*at, _DISC))
        discs.append({"x": at[0], "y": at[1], **marks.look("circle", "#ffffff", INK, 215, 0.8)})
        numbers.append({"x": at[0], "y": at[1], "words": str(area["number"])})
        if at != (x, y):
            leaders.append({"x": x, "y": y, "x2": at[0], "y2": at[1]})
    return [
        marks.rules(leaders, color="#ffffff", weight=4),
        marks.rules(leaders, color=INK, weight=1.2),
        marks.symbols(discs),
        marks.words_at(numbers, align="center", size=SMALL, bold=True),
        *marks.over_marks(own, bold=True),
    ]


_OWN_WORDS = "this area"
_DISC = 9.0  # half the room of a number, in pixels


def _own_label(
    rings: list[projected.Ring], at: projected.Point, taken: list[labels.Box], room: projected.Point
) -> labels.Label:
    """On the area where it is large enough for the words, else beside it with a leader."""
    wide = text_width(_OWN_WORDS)
    start, end = projected.level_run(rings, at)
    inside = labels.Label(
        max(min(at[0], end - wide / 2), start + wide / 2) - wide / 2, at[1], (_OWN_WORDS,), False
    )
    if end - start > wide + 4:
        return inside
    xs, ys = zip(*max(rings, key=lambda ring: abs(projected.area(ring))), strict=True)
    bounds = (min(xs), min(ys), max(xs), max(ys))
    return labels.beside(*at, [_OWN_WORDS], [*taken, bounds], room, must=True) or inside


def _free(x: float, y: float, taken: list[labels.Box], room: projected.Point) -> projected.Point:
    """The point itself, or the nearest place around it where no other number stands."""
    for gap in (0.0, 18.0, 27.0, 36.0, 48.0, 60.0):
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7)):
            at = (x + gap * dx, y + gap * dy) if gap else (x, y)
            inside = 0 <= at[0] <= room[0] and 0 <= at[1] <= room[1]
            if (inside or not gap) and not any(_over(labels.around(*at, _DISC), box) for box in taken):
                return at
    return (x, y)


def _over(a: labels.Box, b: labels.Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _side(
    areas: list[dict[str, Any]], steps: list[float], left: float, unit: str, decimals: int
) -> list[Spec]:
    """The names to the right: the own area, the numbered peers, what the fills mean, what is not drawn."""
    signs, strong, names, numbers, notes = [], [], [], [], []
    at = LINE / 2
    own = [a for a in areas if _role(a) == "own"]
    peers = sorted((a for a in areas if "number" in a), key=lambda a: a["number"])
    for area in [*own, *peers]:
        lines = wrapped(_with_value(area, unit, decimals), 27 if area in own else 31, lines=4)
        if area in own:
            look = marks.look("square", area["fill"], INK, 130, 2.4)
            signs.append({"x": left, "y": at, **look})
            strong.append({"x": left + 14, "y": at, "words": lines})
        else:
            numbers.append({"x": left + 6, "y": at, "words": str(area["number"])})
            names.append({"x": left + 14, "y": at, "words": lines})
        at += LINE * len(lines) + 4
    hatch: list[str] = []
    for look, words in _meanings(areas, steps, unit, decimals):
        lines = wrapped(words, 33)
        hatch += [_swatch(left, at + 6)] if "hatched" in words else []
        signs.append({"x": left, "y": at + 6, **look})
        notes.append({"x": left + 14, "y": at + 6, "words": lines})
        at += LINE * len(lines) + 3
    gone = [_with_value(a, unit, decimals) for a in areas if not a["drawn"]]
    if gone:
        lines = wrapped("Not drawn, no boundary held: " + "; ".join(gone), 36, lines=6)
        notes.append({"x": left, "y": at + 12, "words": lines})
    return [
        marks.symbols(signs),
        *_slanted(hatch, 0.7),
        marks.words_at(strong, bold=True),
        marks.words_at(numbers, align="right", size=SMALL, bold=True),
        marks.words_at(names, size=SMALL),
        marks.words_at(notes, size=SMALL, color=MUTED),
    ]


def _swatch(x: float, y: float) -> str:
    """The hatching of a square of the key."""
    square = [(x - 5.5, y - 5.5), (x + 5.5, y - 5.5), (x + 5.5, y + 5.5), (x - 5.5, y + 5.5)]
    return projected.strokes(projected.hatched([square], 4))


def _with_value(area: Mapping[str, Any], unit: str, decimals: int) -> str:
    """A name, and the value where the map shows values."""
    name = short_name(area.get("name") or area.get("code", ""))
    if not is_number(area.get("value")):
        return name
    return f"{name}: {area['value']:,.{decimals}f}" + ("%" if unit == "%" else "")


def _meanings(
    areas: list[dict[str, Any]], steps: list[float], unit: str, decimals: int
) -> list[tuple[Spec, str]]:
    found = []
    if any(_role(a) == "peer" for a in areas):
        fill = "#ffffff" if steps else _FILLS["peer"]
        found.append((marks.look("square", fill, INK, 130, 1.2), "numbered, hatched: peers"))
    if not steps:
        others = any(_role(a) == "other" for a in areas)
        pale = marks.look("square", _FILLS["other"], "#9aa5b1", 130, 0.8)
        return [*found, *([(pale, "other areas")] if others else [])]
    for fill, low, high in zip(_STEPS, steps, steps[1:], strict=False):
        words = f"{low:,.{decimals}f} to {high:,.{decimals}f}" + (
            f" {unit}" if fill == _STEPS[0] and unit else ""
        )
        found.append((marks.look("square", fill, MUTED, 130, 0.8), words))
    if any(not is_number(a.get("value")) and a["drawn"] for a in areas):
        found.append((marks.look("square", _NO_VALUE, MUTED, 130, 0.8), "no figure"))
    return found
