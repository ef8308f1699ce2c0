"""Lines over years: a trend, and the paths that lead on from a base year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from workbook.charts.parts import (
    DASHES,
    HEIGHT,
    LINE,
    MUTED,
    PALETTE,
    SHAPES,
    SMALL,
    TEXT,
    WIDTH,
    Rows,
    Spec,
    chart,
    colour_of,
    extent_of,
    known_rows,
    label_room,
    layer,
    moved_apart,
    pixel,
    point_of,
    rows_of,
    series_names,
    text_mark,
    wrapped,
)
from workbook.charts.scales import Scale, Years


def trend(rows: Rows, *, unit: str, breaks: Iterable[int] = ()) -> Spec:
    """Series over years. Rows: year, value, series, and lower and upper where there is an interval.

    The first series is the area's own and is drawn stronger. A break in the
    series is a dashed rule in front of its year, and no line runs across it.
    """
    known = known_rows(rows)
    names = series_names(known)
    years = Years([r["year"] for r in known])
    splits = sorted(b for b in set(breaks) if years.first < b <= years.last)
    scale = Scale(extent_of(known), unit, headroom=bool(splits))
    width = WIDTH - label_room(names)
    layers = _bands(known, names, splits, years, scale)
    for year in splits:
        layers += _marked_year(year - 0.5, "break in series", years)
    layers += _lines(known, names, splits, years, scale)
    layers += _end_labels(_ends(known, names), names, scale, width)
    return _years_chart(layers, years, scale, width)


def paths(history: Rows, lines: Rows, *, unit: str, base_year: int) -> Spec:
    """What was measured, and the lines that lead on from it.

    History: year, value, lower and upper where known. Lines: the same and
    series. Each line sets out from the figure of the base year, which a rule marks.
    """
    past = [{**r, "series": "Measured"} for r in known_rows(history)]
    ahead = _from_base(known_rows(lines), past, base_year)
    names = ["Measured", *series_names(ahead)]
    rows = [*past, *ahead]
    years = Years([r["year"] for r in rows])
    scale = Scale(extent_of(rows), unit, headroom=True)
    width = WIDTH - label_room(names[1:])
    layers = _bands(rows, names, [], years, scale)
    layers += _marked_year(base_year, f"base year {base_year}", years, before="measured")
    layers += _lines(rows, names, [], years, scale)
    layers += _end_labels(_ends(ahead, names[1:]), names, scale, width)
    return _years_chart(layers, years, scale, width)


def _years_chart(layers: list[Spec], years: Years, scale: Scale, width: float) -> Spec:
    """The layers over an invisible point, which holds the axes where there are no rows at all."""
    corner = [{"year": years.first, "value": scale.low}]
    frame = layer(corner, {"type": "point", "opacity": 0}, {"x": years.x(), "y": scale.y("value")})
    return chart([frame, *layers], width, HEIGHT)


def _segments(rows: Rows, breaks: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of one series by year, numbered by the stretches between gaps and breaks."""
    ordered = sorted(rows, key=lambda r: r["year"])
    gaps = [b["year"] - a["year"] for a, b in pairwise(ordered)]
    usual = min(gaps, default=1)
    stretch, found = 0, []
    for i, row in enumerate(ordered):
        before = ordered[i - 1]["year"] if i else row["year"]
        missing = i and gaps[i - 1] > usual and not ordered[i - 1].get("start")
        if missing or (i and any(before < b <= row["year"] for b in breaks)):
            stretch += 1
        found.append({**point_of(row), "year": row["year"], "stretch": stretch})
    return found


def _bands(rows: Rows, names: list[str], breaks: Sequence[int], years: Years, scale: Scale) -> list[Spec]:
    layers = []
    for i, name in enumerate(names):
        points = [p for p in _segments(rows_of(rows, name), breaks) if "lower" in p]
        if not points:
            continue
        mark = {"type": "area", "color": PALETTE[i % len(PALETTE)], "opacity": 0.16 if i == 0 else 0.12}
        encoding = {
            "x": years.x(),
            "y": scale.y("lower"),
            "y2": {"field": "upper"},
            "detail": {"field": "stretch", "type": "nominal"},
        }
        layers.append(layer(points, mark, encoding))
    return layers


def _lines(rows: Rows, names: list[str], breaks: Sequence[int], years: Years, scale: Scale) -> list[Spec]:
    layers = []
    for i, name in reversed(list(enumerate(names))):  # the own series is drawn last, on top
        colour = PALETTE[i % len(PALETTE)]
        points = _segments(rows_of(rows, name), breaks)
        mark = {
            "type": "line",
            "color": colour,
            "strokeWidth": 2.6 if i == 0 else 1.8,
            "strokeDash": DASHES[i % len(DASHES)],
            "point": {
                "shape": SHAPES[i % len(SHAPES)],
                "size": 42 if i == 0 else 32 if len(points) > 1 else 70,
                "color": colour,
                "filled": True,
                "strokeDash": [1, 0],
            },
        }
        encoding = {
            "x": years.x(),
            "y": scale.y("value"),
            "detail": {"field": "stretch", "type": "nominal"},
        }
        layers.append(layer(points, mark, encoding))
    return layers


def _from_base(
    lines: list[dict[str, Any]], past: list[dict[str, Any]], base_year: int
) -> list[dict[str, Any]]:
    """The lines with the base year's figure put in front, so that they set out from it."""
    base = next((r["value"] for r in past if r["year"] == base_year), None)
    found: list[dict[str, Any]] = []
    for name in series_names(lines):
        own = rows_of(lines, name)
        if base is not None and min(r["year"] for r in own) > base_year:
            start = {"year": base_year, "value": base, "series": name, "start": True}
            found.append(start | _no_width(own, base))
        found.extend(own)
    return found


def _no_width(rows: Rows, value: float) -> dict[str, float]:
    """At the base year a band has no width yet."""
    return {"lower": value, "upper": value} if any("lower" in point_of(r) for r in rows) else {}


def _marked_year(year: float, words: str, years: Years, before: str = "") -> list[Spec]:
    """A dashed rule through the chart at a year, with words on the side where there is room."""
    at = [{"year": year, "words": words, "before": before}]
    rule = layer(at, {"type": "rule", "color": MUTED, "strokeDash": [4, 3]}, {"x": years.x()})
    right = before or years.share(year) < 0.75
    layers = [rule, _beside(at, "words", years, right=bool(right))]
    return [*layers, _beside(at, "before", years, right=False)] if before else layers


def _beside(at: list[Spec], field: str, years: Years, *, right: bool) -> Spec:
    style = text_mark(color=MUTED, align="left" if right else "right", baseline="top", dy=1, size=SMALL)
    encoding = {"x": years.x(), "y": {"value": 0}, "text": {"field": field}}
    return layer(at, style | {"dx": 5 if right else -5}, encoding)


def _ends(rows: Rows, names: list[str]) -> list[tuple[str, float, float]]:
    """Name, year and value at the last point of each series."""
    last = [(name, max(rows_of(rows, name), key=lambda r: r["year"])) for name in names]
    return [(name, float(r["year"]), float(r["value"])) for name, r in last]


def _end_labels(
    ends: list[tuple[str, float, float]], names: list[str], scale: Scale, width: float
) -> list[Spec]:
    """The names of the series to the right, moved apart, with a leader where one was moved."""
    words = [wrapped(name, 24) for name, _, _ in ends]
    wanted = [scale.pixels(value, HEIGHT) for _, _, value in ends]
    placed = moved_apart(wanted, [LINE * len(w) for w in words], HEIGHT)
    rows = [
        {
            "from": wanted[i],
            "at": placed[i],
            "first": placed[i] - LINE / 2 * (len(words[i]) - 1),
            "words": words[i],
            "colour": PALETTE[names.index(name) % len(PALETTE)],
            "own": name == names[0],
        }
        for i, (name, _, _) in enumerate(ends)
    ]
    leader = {"type": "rule", "strokeWidth": 0.8, "opacity": 0.7}
    way = {"x": {"value": width + 1}, "x2": {"value": width + 14}, "y": pixel("from"), "y2": {"field": "at"}}
    style = text_mark(align="left", baseline="middle", size=TEXT, lineHeight=LINE)
    place = {"x": {"value": width + 18}, "y": pixel("first"), "text": {"field": "words"}}
    colour = {"color": colour_of("colour")}
    return [
        layer(rows, leader, way | colour),
        layer([r for r in rows if r["own"]], style | {"fontWeight": "bold"}, place | colour),
        layer([r for r in rows if not r["own"]], style, place | colour),
    ]
