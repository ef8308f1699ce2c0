"""Lines over years: a trend, and the paths that lead on from a base year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from workbook.charts import marks
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
    placed_at,
    point_of,
    rows_of,
    series_names,
    short_name,
    text_mark,
    text_width,
    wrapped,
)
from workbook.charts.scales import Scale, Years


def trend(rows: Rows, *, unit: str, breaks: Iterable[int] = ()) -> Spec:
    """Series over years. Rows: year, value, series, and lower and upper where there is an interval.

    The first series is the area's own and is drawn stronger. A break in the
    series is a dashed rule in front of its year, and no line runs across it. An
    interval is a band, at a point that stands alone a whisker. A year of the own
    series that is missing, or given without a value (suppressed, not published),
    leaves a gap with a cross at the foot, explained below the years.
    """
    known = known_rows(rows)
    names = series_names(known)
    years = Years([r["year"] for r in [*known, *_gaps(rows, names)]])
    splits = sorted(b for b in set(breaks) if years.first < b <= years.last)
    scale = Scale(extent_of(known), unit, headroom=bool(splits))
    width = WIDTH - label_room(names)
    layers = _bands(known, names, splits, years, scale)
    layers += _break_marks(splits, years, width)
    layers += _lines(known, names, splits, years, scale)
    layers += _end_labels(_ends(known, names), names, scale, width) + _gap_marks(rows, names, years)
    return _years_chart(layers, years, scale, width)


def paths(history: Rows, lines: Rows, *, unit: str, base_year: int, breaks: Iterable[int] = ()) -> Spec:
    """What was measured, and the lines that lead on from it.

    History: year, value, lower and upper where known. Lines: the same and
    series. Each line sets out from the figure of the base year, which a rule marks.
    A break in what was measured is a rule in front of its year, as in a trend.
    """
    past = [{**r, "series": "Measured"} for r in known_rows(history)]
    ahead = _from_base(known_rows(lines), past, base_year)
    names = ["Measured", *series_names(ahead)]
    rows = [*past, *ahead]
    years = Years([r["year"] for r in rows])
    scale = Scale(extent_of(rows), unit, headroom=True)
    width = WIDTH - label_room(names[1:])
    splits = sorted(b for b in set(breaks) if years.first < b <= base_year)
    layers = _bands(rows, names, splits, years, scale)
    for year in splits:  # named on the side away from the base year, where there is room
        left = years.share(year) > 0.2
        words = ("", "break in series") if left else ("break in series", "")
        layers += _marked_year(year - 0.5, words[0], years, before=words[1])
    layers += _marked_year(base_year, f"base year {base_year}", years, before="measured")
    layers += _lines(rows, names, splits, years, scale)
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


def _gaps(rows: Rows, names: list[str]) -> list[dict[str, Any]]:
    """The years of the own series that have no figure: given without a value, or left out in between.

    A series with more years left out than measured is taken as one of scattered years.
    """
    own = rows_of(rows, names[0]) if names else []
    known = sorted({int(r["year"]) for r in known_rows(own)})
    usual = min((b - a for a, b in pairwise(known)), default=1)
    absent = {int(r["year"]) for r in own} - set(known)
    between = set(range(known[0], known[-1], usual)) - set(known) if known else set()
    if len(between) < len(known):  # else the series was never meant for every year
        absent |= between
    return [{"year": year} for year in sorted(absent)]


def _gap_marks(rows: Rows, names: list[str], years: Years) -> list[Spec]:
    gaps = _gaps(rows, names)
    if not gaps:
        return []
    sign = {"type": "text", "text": "\u00d7", "fontSize": TEXT + 4, "color": MUTED, "baseline": "bottom"}
    words = [{"words": "\u00d7 no figure for the year: missing or suppressed"}]
    style = text_mark(color=MUTED, align="left", baseline="top", size=SMALL)
    return [
        layer(gaps, sign, {"x": years.x(), "y": {"value": HEIGHT - 1}}),
        layer(words, style, placed_at(0, HEIGHT + 26)),
    ]


_BREAK = "break in series"


def _break_marks(splits: list[int], years: Years, width: float) -> list[Spec]:
    """A rule in front of each break; its words lower where they would run into those before."""
    layers: list[Spec] = []
    ends: list[float] = []  # how far to the right each line of words is taken
    room = text_width(_BREAK, SMALL) + 10
    for year in splits:
        share = years.share(year - 0.5)
        left = share * width - (0 if share < _LATE else room)
        line = next((i for i, end in enumerate(ends) if left >= end), len(ends))
        ends[line : line + 1] = [left + room]
        layers += _marked_year(year - 0.5, _BREAK, years, drop=line * LINE)
    return layers


_LATE = 0.75  # from here on, words stand to the left of their rule


def _bands(rows: Rows, names: list[str], breaks: Sequence[int], years: Years, scale: Scale) -> list[Spec]:
    layers = []
    for i, name in enumerate(names):
        points = _with_interval(_segments(rows_of(rows, name), breaks))
        colour = PALETTE[i % len(PALETTE)]
        ends = {"x": years.x(), "y": scale.y("lower"), "y2": {"field": "upper"}}
        size = Counter(p["stretch"] for p in points)
        band = [p for p in points if size[p["stretch"]] > 1]
        alone = [p for p in points if size[p["stretch"]] == 1]
        if band:
            mark = {"type": "area", "color": colour, "opacity": 0.16 if i == 0 else 0.12}
            layers.append(layer(band, mark, ends | {"detail": {"field": "stretch", "type": "nominal"}}))
        if alone:
            layers.append(layer(alone, {"type": "rule", "color": colour, "strokeWidth": 1.4}, ends))
    return layers


def _with_interval(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points that have an interval, numbered anew where one without stands between them."""
    found: list[dict[str, Any]] = []
    number = 0
    for before, point in zip([None, *points], points, strict=False):
        if before and ("lower" not in before or before["stretch"] != point["stretch"]):
            number += 1
        if "lower" in point:
            found.append({**point, "stretch": number})
    return found


def _lines(rows: Rows, names: list[str], breaks: Sequence[int], years: Years, scale: Scale) -> list[Spec]:
    layers = []
    for i, name in reversed(list(enumerate(names))):  # the own series is drawn last, on top
        colour = PALETTE[i % len(PALETTE)]
        points = [_told(p, name, scale.unit) for p in _segments(rows_of(rows, name), breaks)]
        mark = {
            **marks.SAID,
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
            **marks.SAYS,
        }
        layers.append(layer(points, mark, encoding))
    return layers


def _told(point: dict[str, Any], name: str, unit: str) -> dict[str, Any]:
    """The point with what a pointer over it is told: "Own area, 2019: 160.2 per 100,000"."""
    return {**point, "says": marks.said(f"{name}, {point['year']}", point["value"], unit)}


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


def _marked_year(year: float, words: str, years: Years, before: str = "", drop: float = 0) -> list[Spec]:
    """A dashed rule through the chart at a year, with words on the side where there is room."""
    at = [{"year": year, "words": words, "before": before}]
    rule = layer(at, {"type": "rule", "color": MUTED, "strokeDash": [4, 3]}, {"x": years.x()})
    right = before or years.share(year) < _LATE
    layers = [rule, _beside(at, "words", years, right=bool(right), drop=drop)]
    return [*layers, _beside(at, "before", years, right=False)] if before else layers


def _beside(at: list[Spec], field: str, years: Years, *, right: bool, drop: float = 0) -> Spec:
    style = text_mark(color=MUTED, align="left" if right else "right", baseline="top", dy=1, size=SMALL)
    encoding = {"x": years.x(), "y": {"value": drop}, "text": {"field": field}}
    return layer(at, style | {"dx": 5 if right else -5}, encoding)


def _ends(rows: Rows, names: list[str]) -> list[tuple[str, float, float]]:
    """Name, year and value at the last point of each series."""
    last = [(name, max(rows_of(rows, name), key=lambda r: r["year"])) for name in names]
    return [(name, float(r["year"]), float(r["value"])) for name, r in last]


def _in_lines(name: str) -> list[str]:
    """A name in at most three lines; one that is longer gives up the usual words of its title."""
    lines = wrapped(name, 24)
    return wrapped(short_name(name), 24) if lines[-1].endswith("\u2026") else lines


def _end_labels(
    ends: list[tuple[str, float, float]], names: list[str], scale: Scale, width: float
) -> list[Spec]:
    """The names of the series to the right, moved apart, with a leader where one was moved."""
    words = [_in_lines(name) for name, _, _ in ends]
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
