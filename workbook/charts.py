"""The kinds of chart, as plain Vega-Lite data: rows in, a specification out.

No chart carries a title or a theme: the page prints the title, the renderer
adds the theme. Every chart names its unit, is drawn with few and short labels
(measuring text is what makes drawing slow), and never tells series apart by
colour alone: lines differ in dash and marker and are labelled where they end,
stacks are labelled beside the last bar, an area of one's own is bold and
larger. Rows without a value are left out, and a line is interrupted where a
year is missing or a series was broken.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

Rows = Sequence[Mapping[str, Any]]
Spec = dict[str, Any]

WIDTH, HEIGHT = 640, 300
TEXT, SMALL, LINE = 12, 11, 14  # font sizes and the height of a line of text, in pixels

INK, MUTED, FAINT = "#1f2933", "#52606d", "#dfe4ea"
# Each at least 4.5:1 on white, and apart for the common kinds of colour blindness.
PALETTE = ("#1d5a96", "#b34700", "#0b7261", "#7d3c98", "#5b5f66", "#8a6100", "#a01745", "#2f4b1f")
DASHES = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [4, 2], [1, 3], [12, 3], [7, 2, 2, 2, 2, 2])
SHAPES = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
)
# Fills of neighbouring parts of a stack differ in lightness as well as in hue.
FILLS = ("#1d5a96", "#d9730d", "#0b7261", "#a678bd", "#4a4e54", "#a88600", "#a01745", "#6f9a4c")


def trend(rows: Rows, *, unit: str, breaks: Iterable[int] = ()) -> Spec:
    """Series over years. Rows: year, value, series, and lower and upper where there is an interval.

    The first series is the area's own and is drawn stronger. A break in the
    series is a dashed rule in front of its year, and no line runs across it.
    """
    known = _known(rows)
    names = _names(known)
    years = _Years([r["year"] for r in known])
    splits = sorted(b for b in set(breaks) if years.first < b <= years.last)
    scale = _Scale(_extent(known), unit, headroom=bool(splits))
    width = WIDTH - _label_room(names)
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
    past = [{**r, "series": "Measured"} for r in _known(history)]
    ahead = _from_base(_known(lines), past, base_year)
    names = ["Measured", *_names(ahead)]
    rows = [*past, *ahead]
    years = _Years([r["year"] for r in rows])
    scale = _Scale(_extent(rows), unit, headroom=True)
    width = WIDTH - _label_room(names[1:])
    layers = _bands(rows, names, [], years, scale)
    layers += _marked_year(base_year, f"base year {base_year}", years, before="measured")
    layers += _lines(rows, names, [], years, scale)
    layers += _end_labels(_ends(ahead, names[1:]), names, scale, width)
    return _years_chart(layers, years, scale, width)


def ranked(rows: Rows, *, unit: str, benchmark: float | None = None, benchmark_label: str = "") -> Spec:
    """Areas from the highest to the lowest value with whiskers, the own area bold.

    Rows: area, value, lower, upper, own (bool). Areas without a value stand
    below, marked "no figure". The benchmark is a dashed rule with its name.
    """
    known = sorted(_known(rows), key=lambda r: -r["value"])
    missing = [r for r in rows if not _number(r.get("value"))]
    labels = [_wrapped(_short(r["area"]), 36) for r in [*known, *missing]]
    step = 2 * LINE + 2 if any(len(x) > 1 for x in labels) else 21
    extra = [float(benchmark)] if benchmark is not None and math.isfinite(benchmark) else []
    scale = _Scale([*_extent(known), *extra], unit)
    height = max(step * len(labels), step)
    places = [{**_point(r), "at": (i + 0.5) * step} for i, r in enumerate(known)]
    layers = [part for value in extra for part in _benchmark(value, benchmark_label, scale, height)]
    layers += _ranked_marks(places, scale)
    layers += _row_labels(labels, [*known, *missing], step)
    layers += _no_figure(len(known), len(missing), step)
    room = max((_text_width(line) for lines in labels for line in lines), default=0)
    return {
        "width": max(WIDTH - int(room) - 16, 320),
        "height": height,
        "layer": layers,
        "view": {"stroke": None},
    }


def bars(rows: Rows, *, unit: str, stacked: bool = True) -> Spec:
    """Bars by category from a zero line. Rows: category, value, series; their order is kept.

    Stacked parts are named beside the last bar; side by side, a legend stands
    on top and the bars of a group keep its order from left to right.
    """
    known, unit = _scaled_money(_known(rows), unit)
    names = _names(known)
    categories = list(dict.fromkeys(str(r["category"]) for r in known))
    data = [
        {"category": str(r["category"]), "value": r["value"], "series": str(r.get("series", ""))}
        for r in known
    ]
    scale = _Scale(_bar_extent(data, stacked), unit, zero=True)
    if stacked:
        return _stacked(data, names, categories, scale)
    return _side_by_side(data, names, categories, scale)


def waterfall(rows: Rows, *, unit: str) -> Spec:
    """From one total to another by the amounts between. Rows: label, amount, total (bool).

    A total's amount is the whole it stands for; any other amount is added to
    what stands before. Every bar carries its figure, changes with their sign.
    """
    known, unit = _scaled_money([r for r in rows if _number(r.get("amount"))], unit, "amount")
    steps = _steps(known)
    scale = _Scale(
        [0.0, *(s["from"] for s in steps), *(s["to"] for s in steps)], unit, zero=True, headroom=True
    )
    slot = WIDTH / max(len(steps), 1)
    for number, step in enumerate(steps):
        step |= {"x": number * slot + slot * 0.14, "x2": (number + 1) * slot - slot * 0.14}
        step |= {"middle": (number + 0.5) * slot, "next": (number + 1) * slot + slot * 0.14}
        step["name"] = _wrapped(step.pop("label"), max(int(slot / 6.2), 6))
    return {
        "width": WIDTH,
        "height": HEIGHT - 20,
        "layer": _waterfall_layers(steps, scale),
        "view": {"stroke": None},
    }


def matrix(rows: Rows, *, unit: str) -> Spec:
    """A table of figures shaded by size. Rows: row, column, value, label, flagged (bool).

    The order of rows and columns is kept; a flagged cell has a heavy frame and
    a corner mark. The label is what is printed in the cell.
    """
    down = list(dict.fromkeys(str(r["row"]) for r in rows))
    across = list(dict.fromkeys(str(r["column"]) for r in rows))
    heads = [_wrapped(name, 13) for name in across]
    sides = [_wrapped(name, 22) for name in down]
    room = max((_text_width(x) for lines in sides for x in lines), default=0) + 12
    wide = min(max((WIDTH - room) / max(len(across), 1), 62), 120)
    cells = [_cell(r, down, across, wide) for r in rows]
    return {
        "width": round(wide * len(across)),
        "height": CELL * len(down),
        "layer": _matrix_layers(cells, heads, sides, wide, unit),
        "view": {"stroke": None},
    }


def pyramid(rows: Rows) -> Spec:
    """A population by age and sex: males to the left, females to the right.

    Rows: age, sex, population, year; ages from the youngest up. With two years
    the earlier is filled and the later is outlined; more years than two are not drawn.
    """
    years = sorted({r["year"] for r in rows})
    shown = years[:1] + years[1:][-1:]
    ages = list(dict.fromkeys(str(r["age"]) for r in rows))
    data = [_pyramid_row(r) for r in rows if r["year"] in shown and _number(r.get("population"))]
    scale = _Scale([0.0, *(abs(d["people"]) for d in data)], "people", zero=True, ticks=4)
    return {
        "width": WIDTH - 60,
        "height": max(15 * len(ages), 60),
        "layer": _pyramid_layers(data, ages, shown, scale),
        "view": {"stroke": None},
    }


# --- scales and axes ----------------------------------------------------------


class _Scale:
    """A value axis worked out beforehand: its ends, its ticks, its title."""

    def __init__(
        self,
        values: Iterable[float],
        unit: str,
        *,
        zero: bool = False,
        headroom: bool = False,
        ticks: int = 5,
    ) -> None:
        low, high = _ends_of(list(values))
        if zero or (low >= 0 and low < 0.3 * high):
            low, high = min(low, 0.0), max(high, 0.0)
        step = _nice_step((high - low) / ticks)
        # Below zero, as at the top, no tick is needed at the end, only a little room.
        self.low = low - 0.03 * (high - low) if low < 0 else math.floor(low / step + 1e-9) * step
        self.high = high + (0.1 if headroom else 0.03) * (high - self.low)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        self.ticks = [i * step for i in range(first, last + 1)]
        self.decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        self.title = _unit_words(unit)
        if self.low > 0:
            self.title += f" (axis starts at {self.low:,.{self.decimals}f})"

    def scale(self) -> Spec:
        return {"domain": [self.low, self.high], "nice": False, "zero": False}

    def y(self, field: str) -> Spec:
        """The encoding of a value that runs upwards. Every layer carries the same axis: they merge."""
        axis = _axis(self.ticks, self.decimals, title=self.title) | _TITLE_ON_TOP
        return {"field": field, "type": "quantitative", "scale": self.scale(), "axis": axis}

    def x(self, field: str) -> Spec:
        axis = _axis(self.ticks, self.decimals, title=self.title)
        return {"field": field, "type": "quantitative", "scale": self.scale(), "axis": axis}

    def pixels(self, value: float, height: float) -> float:
        return (self.high - value) / (self.high - self.low) * height

    def value(self, pixels: float, height: float) -> float:
        return self.high - pixels / height * (self.high - self.low)


class _Years:
    """The axis of whole years, with a little room at both ends."""

    def __init__(self, years: Sequence[int]) -> None:
        self.first, self.last = (min(years), max(years)) if years else (0, 1)
        self.edge = max(0.25, (self.last - self.first) * 0.02)

    def x(self, field: str = "year") -> Spec:
        axis = _axis(_year_ticks(self.first, self.last), grid=False)
        axis |= {"format": "d", "domain": True, "domainColor": MUTED}
        scale = {"domain": [self.first - self.edge, self.last + self.edge], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    def share(self, year: float) -> float:
        """How far along the axis a year stands, 0 to 1."""
        return (year - self.first + self.edge) / (self.last - self.first + 2 * self.edge)


# A short horizontal title above the axis is read at once; a turned one is not.
_TITLE_ON_TOP = {
    "titleAngle": 0,
    "titleAlign": "left",
    "titleAnchor": "start",
    "titleBaseline": "bottom",
    "titleX": -34,
    "titleY": -10,
}


def _axis(values: Sequence[float], decimals: int = 0, *, title: str | None = None, grid: bool = True) -> Spec:
    """An axis with exactly these ticks; the switches save measuring every label twice."""
    return {
        "values": list(values),
        "format": f",.{decimals}f",
        "title": title,
        "grid": grid,
        "gridColor": FAINT,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelColor": MUTED,
        "labelFontSize": SMALL,
        "titleColor": MUTED,
        "titleFontSize": SMALL,
        "titleFontWeight": "normal",
        "labelOverlap": False,
        "labelFlush": False,
        "labelBound": False,
        "labelAngle": 0,
        "labelLimit": 0,
        "titleLimit": 0,
    }


def _ends_of(values: list[float]) -> tuple[float, float]:
    """The smallest and largest value, kept apart so that an axis can be made of them."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if low == high:
        return (min(low, 0.0), max(high, 0.0)) if low else (0.0, 1.0)
    return low, high


def _nice_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(step * size for step in (1, 2, 2.5, 5, 10) if step * size >= rough * (1 - 1e-9))


def _unit_words(unit: str) -> str:
    return {"%": "per cent", "£000s": "£ thousand", "£m": "£ million"}.get(unit, unit)


def _scaled_money(rows: Rows, unit: str, field: str = "value") -> tuple[list[dict[str, Any]], str]:
    """Large amounts in thousands of pounds are shown in millions."""
    copies = [dict(r) for r in rows]
    if unit != "£000s" or max((abs(r[field]) for r in copies), default=0) < 10_000:
        return copies, unit
    return [{**r, field: r[field] / 1000} for r in copies], "£ million"


# --- lines over years -----------------------------------------------------------


def _years_chart(layers: list[Spec], years: _Years, scale: _Scale, width: float) -> Spec:
    """The layers over an invisible point, which holds the axes where there are no rows at all."""
    corner = [{"year": years.first, "value": scale.low}]
    frame = _layer(corner, {"type": "point", "opacity": 0}, {"x": years.x(), "y": scale.y("value")})
    return {"width": round(width), "height": HEIGHT, "layer": [frame, *layers], "view": {"stroke": None}}


def _year_ticks(first: int, last: int) -> list[int]:
    """Whole years, at most eight, counted back so that the last one is shown."""
    step = max(1, math.ceil((last - first + 1) / 8))
    return sorted(range(int(last), int(first) - 1, -step))


def _segments(rows: Rows, breaks: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of one series by year, numbered by the stretches between gaps and breaks."""
    ordered = sorted(rows, key=lambda r: r["year"])
    gaps = [b["year"] - a["year"] for a, b in pairwise(ordered)]
    usual = min(gaps, default=1)
    stretch, found = 0, []
    for i, row in enumerate(ordered):
        before = ordered[i - 1]["year"] if i else row["year"]
        if i and (gaps[i - 1] > usual or any(before < b <= row["year"] for b in breaks)):
            stretch += 1
        found.append({**_point(row), "year": row["year"], "stretch": stretch})
    return found


def _bands(rows: Rows, names: list[str], breaks: Sequence[int], years: _Years, scale: _Scale) -> list[Spec]:
    layers = []
    for i, name in enumerate(names):
        points = [p for p in _segments(_of(rows, name), breaks) if "lower" in p]
        if not points:
            continue
        mark = {"type": "area", "color": PALETTE[i % len(PALETTE)], "opacity": 0.16 if i == 0 else 0.12}
        encoding = {
            "x": years.x(),
            "y": scale.y("lower"),
            "y2": {"field": "upper"},
            "detail": {"field": "stretch", "type": "nominal"},
        }
        layers.append(_layer(points, mark, encoding))
    return layers


def _lines(rows: Rows, names: list[str], breaks: Sequence[int], years: _Years, scale: _Scale) -> list[Spec]:
    layers = []
    for i, name in reversed(list(enumerate(names))):  # the own series is drawn last, on top
        colour = PALETTE[i % len(PALETTE)]
        mark = {
            "type": "line",
            "color": colour,
            "strokeWidth": 2.6 if i == 0 else 1.8,
            "strokeDash": DASHES[i % len(DASHES)],
            "point": {
                "shape": SHAPES[i % len(SHAPES)],
                "size": 42 if i == 0 else 30,
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
        layers.append(_layer(_segments(_of(rows, name), breaks), mark, encoding))
    return layers


def _from_base(
    lines: list[dict[str, Any]], past: list[dict[str, Any]], base_year: int
) -> list[dict[str, Any]]:
    """The lines with the base year's figure put in front, so that they set out from it."""
    base = next((r["value"] for r in past if r["year"] == base_year), None)
    found: list[dict[str, Any]] = []
    for name in _names(lines):
        own = _of(lines, name)
        if base is not None and min(r["year"] for r in own) > base_year:
            found.append({"year": base_year, "value": base, "series": name} | _no_width(own, base))
        found.extend(own)
    return found


def _no_width(rows: Rows, value: float) -> dict[str, float]:
    """At the base year a band has no width yet."""
    return {"lower": value, "upper": value} if any("lower" in _point(r) for r in rows) else {}


def _marked_year(year: float, words: str, years: _Years, before: str = "") -> list[Spec]:
    """A dashed rule through the chart at a year, with words on the side where there is room."""
    at = [{"year": year, "words": words, "before": before}]
    rule = _layer(at, {"type": "rule", "color": MUTED, "strokeDash": [4, 3]}, {"x": years.x()})
    right = before or years.share(year) < 0.75
    layers = [rule, _beside(at, "words", years, right=bool(right))]
    return [*layers, _beside(at, "before", years, right=False)] if before else layers


def _beside(at: list[Spec], field: str, years: _Years, *, right: bool) -> Spec:
    style = _words(color=MUTED, align="left" if right else "right", baseline="top", dy=1, size=SMALL)
    encoding = {"x": years.x(), "y": {"value": 0}, "text": {"field": field}}
    return _layer(at, style | {"dx": 5 if right else -5}, encoding)


# --- labels at the end of lines ---------------------------------------------------


def _ends(rows: Rows, names: list[str]) -> list[tuple[str, float, float]]:
    """Name, year and value at the last point of each series."""
    last = [(name, max(_of(rows, name), key=lambda r: r["year"])) for name in names]
    return [(name, float(r["year"]), float(r["value"])) for name, r in last]


def _end_labels(
    ends: list[tuple[str, float, float]], names: list[str], scale: _Scale, width: float
) -> list[Spec]:
    """The names of the series to the right, moved apart, with a leader where one was moved."""
    words = {name: _wrapped(name, 24) for name, _, _ in ends}
    heights = [LINE * len(words[name]) for name, _, _ in ends]
    wanted = [scale.pixels(value, HEIGHT) for _, _, value in ends]
    placed = _apart(wanted, heights, HEIGHT)
    layers = []
    for (name, year, value), at in zip(ends, placed, strict=True):
        colour = PALETTE[names.index(name) % len(PALETTE)]
        row = {"year": year, "value": value, "at": scale.value(at, HEIGHT), "words": words[name]}
        layers.append(_leader(row, scale, width, colour))
        shift = -LINE / 2 * (len(words[name]) - 1)
        style = _words(color=colour, align="left", baseline="middle", dy=shift, size=TEXT, lineHeight=LINE)
        style |= {"fontWeight": "bold"} if name == names[0] else {}
        encoding = {"x": {"value": width + 18}, "y": scale.y("at"), "text": {"field": "words"}}
        layers.append(_layer([row], style, encoding))
    return layers


def _leader(row: Spec, scale: _Scale, width: float, colour: str) -> Spec:
    mark = {"type": "rule", "color": colour, "strokeWidth": 0.8, "opacity": 0.7}
    encoding = {
        "x": {"value": width + 1},
        "x2": {"value": width + 14},
        "y": scale.y("value"),
        "y2": {"field": "at"},
    }
    return _layer([row], mark, encoding)


def _apart(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Middles of labels, as near as may be to where they are wanted and none over another."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    edge = -math.inf
    for i in order:
        placed[i] = max(wanted[i], edge + heights[i] / 2)
        edge = placed[i] + heights[i] / 2
    edge = room + LINE
    for i in reversed(order):
        placed[i] = min(placed[i], edge - heights[i] / 2)
        edge = placed[i] - heights[i] / 2
    return placed


def _label_room(names: list[str]) -> float:
    """Pixels that the labels beside a chart take."""
    lines = [line for name in names for line in _wrapped(name, 24)]
    return max((_text_width(line) for line in lines), default=0) + 26


# --- ranked areas -------------------------------------------------------------------


def _ranked_marks(places: list[Spec], scale: _Scale) -> list[Spec]:
    layers = []
    for own in (False, True):
        rows = [p for p in places if bool(p.get("own")) == own]
        colour = PALETTE[0] if own else MUTED
        y = {"field": "at", "type": "quantitative", "scale": None, "axis": None}
        whisker = {"type": "rule", "color": colour, "strokeWidth": 2.4 if own else 1.4}
        ranged = [p for p in rows if "lower" in p]
        layers.append(_layer(ranged, whisker, {"x": scale.x("lower"), "x2": {"field": "upper"}, "y": y}))
        mark = {"type": "point", "filled": True, "opacity": 1, "color": colour}
        mark |= {"shape": "diamond", "size": 130} if own else {"shape": "circle", "size": 48}
        layers.append(_layer(rows, mark, {"x": scale.x("value"), "y": y}))
    return layers


def _row_labels(labels: list[list[str]], rows: Rows, step: float) -> list[Spec]:
    layers = []
    for own in (False, True):
        data = [
            {"at": (i + 0.5) * step - LINE / 2 * (len(lines) - 1), "words": lines}
            for i, (lines, row) in enumerate(zip(labels, rows, strict=True))
            if bool(row.get("own")) == own
        ]
        style = _words(color=PALETTE[0] if own else INK, align="right", baseline="middle", size=TEXT)
        style |= {"lineHeight": LINE} | ({"fontWeight": "bold"} if own else {})
        encoding = {"x": {"value": -10}, "y": _pixel("at"), "text": {"field": "words"}}
        layers.append(_layer(data, style, encoding))
    return layers


def _no_figure(known: int, missing: int, step: float) -> list[Spec]:
    if not missing:
        return []
    data = [{"at": (known + i + 0.5) * step, "words": "no figure"} for i in range(missing)]
    style = _words(color=MUTED, align="left", baseline="middle", size=SMALL) | {"fontStyle": "italic"}
    return [_layer(data, style, {"x": {"value": 4}, "y": _pixel("at"), "text": {"field": "words"}})]


def _benchmark(value: float, label: str, scale: _Scale, height: float) -> list[Spec]:
    data = [{"value": value, "words": label or "benchmark"}]
    rule = {"type": "rule", "color": PALETTE[1], "strokeDash": [5, 3], "strokeWidth": 1.6}
    encoding = {"x": scale.x("value"), "y": {"value": -4}, "y2": {"value": height}}
    late = scale.high > scale.low and (value - scale.low) / (scale.high - scale.low) > 0.6
    style = _words(
        color=PALETTE[1],
        align="right" if late else "left",
        baseline="bottom",
        dx=3 if late else -3,
        size=SMALL,
    )
    words = {"x": scale.x("value"), "y": {"value": -6}, "text": {"field": "words"}}
    return [_layer(data, rule, encoding), _layer(data, style, words)]


# --- bars ---------------------------------------------------------------------------


def _stacked(data: list[Spec], names: list[str], categories: list[str], scale: _Scale) -> Spec:
    room = _label_room(names) if len(names) > 1 else 0
    width = WIDTH - room
    parts = _stack(data, names, categories)
    slot = width / max(len(categories), 1)
    for part in parts:
        left = categories.index(part["category"]) * slot
        part |= {"x": left + slot * 0.15, "x2": left + slot * 0.85}
    layers = []
    for i, name in enumerate(names):
        mark = {"type": "rect", "color": FILLS[i % len(FILLS)], "stroke": "white", "strokeWidth": 1}
        encoding = {
            "x": _pixel("x"),
            "x2": {"field": "x2"},
            "y": scale.y("from"),
            "y2": {"field": "to"},
        }
        layers.append(_layer([p for p in parts if p["series"] == name], mark, encoding))
    layers += _baseline(scale, width) + _category_labels(categories, slot)
    if len(names) > 1:
        layers += _stack_labels(parts, names, scale, width)
    elif slot > 50:
        layers += _bar_figures(parts, scale)
    return {"width": round(width), "height": HEIGHT, "layer": layers, "view": {"stroke": None}}


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


def _bar_figures(parts: list[Spec], scale: _Scale) -> list[Spec]:
    """The figure of each bar above it, where there is one series and room enough."""
    decimals = _amount_decimals([p["value"] for p in parts])
    data = [
        {"x": (p["x"] + p["x2"]) / 2, "top": max(p["to"], 0.0), "words": f"{p['value']:,.{decimals}f}"}
        for p in parts
    ]
    style = _words(color=INK, align="center", baseline="bottom", dy=-4, size=TEXT)
    return [_layer(data, style, {"x": _pixel("x"), "y": scale.y("top"), "text": {"field": "words"}})]


def _stack_labels(parts: list[Spec], names: list[str], scale: _Scale, width: float) -> list[Spec]:
    """Each series' name beside its part of the last bar that has it."""
    last = {name: [p for p in parts if p["series"] == name][-1] for name in names}
    wanted = [scale.pixels((last[n]["from"] + last[n]["to"]) / 2, HEIGHT) for n in names]
    words = [_wrapped(n, 24) for n in names]
    placed = _apart(wanted, [LINE * len(w) for w in words], HEIGHT)
    layers = []
    for i, name in enumerate(names):
        row = {"x": last[name]["x2"], "from": wanted[i], "at": placed[i], "words": words[i]}
        line = {"type": "rule", "color": MUTED, "strokeWidth": 0.8}
        encoding = {"x": _pixel("x"), "x2": {"value": width + 10}, "y": _pixel("from"), "y2": {"field": "at"}}
        if last[name]["category"] == parts[-1]["category"] and last[name]["value"]:
            layers.append(_layer([row], line, encoding))
        key = {"type": "square", "filled": True, "size": 70, "color": FILLS[i % len(FILLS)], "opacity": 1}
        layers.append(_layer([row], key, {"x": {"value": width + 15}, "y": _pixel("at")}))
        shift = -LINE / 2 * (len(words[i]) - 1)
        style = _words(color=INK, align="left", baseline="middle", dy=shift, size=TEXT, lineHeight=LINE)
        layers.append(
            _layer([row], style, {"x": {"value": width + 23}, "y": _pixel("at"), "text": {"field": "words"}})
        )
    return layers


def _side_by_side(data: list[Spec], names: list[str], categories: list[str], scale: _Scale) -> Spec:
    slot = WIDTH / max(len(categories), 1)
    bar = slot * 0.76 / max(len(names), 1)
    layers = []
    for i, name in enumerate(names):
        rows = [
            {"from": 0.0, "to": r["value"], "x": left + 1, "x2": left + bar - 1}
            for r in data
            if r["series"] == name
            for left in [categories.index(r["category"]) * slot + slot * 0.12 + i * bar]
        ]
        mark = {"type": "rect", "color": FILLS[i % len(FILLS)]}
        encoding = {"x": _pixel("x"), "x2": {"field": "x2"}, "y": scale.y("from"), "y2": {"field": "to"}}
        layers.append(_layer(rows, mark, encoding))
    layers += _baseline(scale, WIDTH) + _category_labels(categories, slot)
    if len(names) > 1:
        layers += _legend(names)
    return {"width": WIDTH, "height": HEIGHT, "layer": layers, "view": {"stroke": None}}


def _legend(names: list[str]) -> list[Spec]:
    """A legend above the chart, in the order in which the bars of a group stand."""
    at, layers = 0.0, []
    for i, name in enumerate(names):
        row = [{"x": at, "words": name}]
        key = {"type": "square", "filled": True, "size": 90, "color": FILLS[i % len(FILLS)], "opacity": 1}
        layers.append(_layer(row, key, {"x": {"value": at + 6}, "y": {"value": -34}}))
        style = _words(color=INK, align="left", baseline="middle", size=TEXT)
        encoding = {"x": {"value": at + 15}, "y": {"value": -34}, "text": {"field": "words"}}
        layers.append(_layer(row, style, encoding))
        at += _text_width(name) + 34
    return layers


def _category_labels(categories: list[str], slot: float) -> list[Spec]:
    data = [
        {"x": (i + 0.5) * slot, "words": _wrapped(name, max(int(slot / 6.2), 6))}
        for i, name in enumerate(categories)
    ]
    style = _words(color=MUTED, align="center", baseline="top", size=SMALL, lineHeight=LINE - 1)
    return [_layer(data, style, {"x": _pixel("x"), "y": {"value": HEIGHT + 8}, "text": {"field": "words"}})]


def _baseline(scale: _Scale, width: float) -> list[Spec]:
    mark = {"type": "rule", "color": MUTED}
    encoding = {"x": {"value": 0}, "x2": {"value": width}, "y": scale.y("zero")}
    return [_layer([{"zero": 0}], mark, encoding)]


def _bar_extent(data: list[Spec], stacked: bool) -> list[float]:
    if not stacked:
        return [0.0, *(row["value"] for row in data)]
    ends = [0.0]
    for _, group in groupby(sorted(data, key=lambda r: r["category"]), key=lambda r: r["category"]):
        values = [row["value"] for row in group]
        ends += [sum(v for v in values if v > 0), sum(v for v in values if v < 0)]
    return ends


# --- waterfall ----------------------------------------------------------------------


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
    """One decimal where the smallest change would otherwise be lost."""
    moved = [abs(a) for a in amounts if a]
    return 0 if not moved or min(moved) >= 100 or all(float(a).is_integer() for a in moved) else 1


def _waterfall_layers(steps: list[dict[str, Any]], scale: _Scale) -> list[Spec]:
    height = HEIGHT - 20
    layers = []
    fills = {"total": "#3d4f61", "up": PALETTE[1], "down": PALETTE[0]}
    for kind, colour in fills.items():
        rows = [s for s in steps if s["kind"] == kind]
        encoding = {"x": _pixel("x"), "x2": {"field": "x2"}, "y": scale.y("from"), "y2": {"field": "to"}}
        layers.append(_layer(rows, {"type": "rect", "color": colour}, encoding))
    joints = {"x": _pixel("x2"), "x2": {"field": "next"}, "y": scale.y("to")}
    layers.append(_layer(steps[:-1], {"type": "rule", "color": MUTED, "strokeWidth": 0.8}, joints))
    figures = _words(color=INK, align="center", baseline="bottom", dy=-4, size=TEXT)
    layers.append(
        _layer(steps, figures, {"x": _pixel("middle"), "y": scale.y("top"), "text": {"field": "words"}})
    )
    names = _words(color=MUTED, align="center", baseline="top", size=SMALL, lineHeight=LINE - 1)
    below = {"x": _pixel("middle"), "y": {"value": height + 8}, "text": {"field": "name"}}
    layers.append(_layer(steps, names, below))
    return layers + _baseline(scale, WIDTH)


# --- matrix ---------------------------------------------------------------------------

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
        "value": float(value) if _number(value) else None,
        "words": str(label if label is not None else ("" if value is None else value)),
        "flagged": bool(row.get("flagged")),
    }


def _matrix_layers(
    cells: list[Spec], heads: list[list[str]], sides: list[list[str]], wide: float, unit: str
) -> list[Spec]:
    values = [c["value"] for c in cells if c["value"] is not None]
    box = {"x": _pixel("x"), "x2": {"field": "x2"}, "y": _pixel("y"), "y2": {"field": "y2"}}
    shade = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": list(_ends_of(values)), "range": ["#eef3f8", "#8fb8dc"]},
        "legend": None,
    }
    layers = [
        _layer([c for c in cells if c["value"] is None], {"type": "rect", "color": "#f4f4f4"}, box),
        _layer([c for c in cells if c["value"] is not None], {"type": "rect"}, box | {"color": shade}),
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
        _layer(flagged, frame, box),
        _layer(flagged, mark, {"x": _pixel("corner"), "y": _pixel("edge")}),
    ]
    figure = _words(color=INK, align="center", baseline="middle", size=TEXT)
    layers.append(
        _layer(cells, figure, {"x": _pixel("middle"), "y": _pixel("centre"), "text": {"field": "words"}})
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
    across = _words(color=INK, align="center", baseline="bottom", size=SMALL, lineHeight=LINE - 1)
    beside = _words(color=INK, align="right", baseline="middle", size=SMALL, lineHeight=LINE)
    layers = [
        _layer(tops, across, {"x": _pixel("x"), "y": _pixel("y"), "text": {"field": "words"}}),
        _layer(lefts, beside, {"x": {"value": -8}, "y": _pixel("y"), "text": {"field": "words"}}),
    ]
    notes = [_unit_words(unit)] if unit else []
    notes += ["framed with a corner mark: flagged, see the notes"] if flagged else []
    below = [{"words": "; ".join(notes)}] if notes else []
    style = _words(color=MUTED, align="left", baseline="top", size=SMALL)
    place = {"x": {"value": 0}, "y": {"value": CELL * len(sides) + 8}, "text": {"field": "words"}}
    return [*layers, _layer(below, style, place)]


# --- population pyramid -----------------------------------------------------------------


def _pyramid_row(row: Mapping[str, Any]) -> Spec:
    male = str(row["sex"]).strip().lower().startswith("m")
    people = float(row["population"])
    return {"age": str(row["age"]), "people": -people if male else people, "year": row["year"]}


def _pyramid_layers(data: list[Spec], ages: list[str], years: list[int], scale: _Scale) -> list[Spec]:
    ticks = sorted({sign * t for t in scale.ticks for sign in (-1, 1)})
    axis = _axis(ticks, title="people") | {"labelExpr": "format(abs(datum.value), ',')"}
    x = {
        "field": "people",
        "type": "quantitative",
        "scale": {"domain": [-scale.high, scale.high], "nice": False},
        "axis": axis,
    }
    y_axis = _axis([]) | {"grid": False, "title": "age"} | _TITLE_ON_TOP
    y_axis.pop("values")
    y_axis.pop("format")
    y = {
        "field": "age",
        "type": "ordinal",
        "sort": ages[::-1],
        "scale": {"paddingInner": 0.12},
        "axis": y_axis,
    }
    layers = []
    for i, year in enumerate(years):
        colour = {"condition": {"test": "datum.people < 0", "value": "#5b93c7"}, "value": "#d9853b"}
        mark: Spec = {"type": "bar"}
        if i:
            mark |= {"filled": False, "stroke": INK, "strokeWidth": 1.4}
        encoding: Spec = {"x": x, "y": y} | ({} if i else {"color": colour})
        layers.append(_layer([d for d in data if d["year"] == year], mark, encoding))
    return layers + _sides(scale, years)


def _sides(scale: _Scale, years: list[int]) -> list[Spec]:
    """Males and females above their sides; the years between, as filled and outlined."""
    style = _words(color=INK, baseline="bottom", size=TEXT) | {"fontWeight": "bold"}
    width = WIDTH - 60
    layers = [
        _layer([{"words": words}], style | {"align": "center"}, _place(width * at, -8))
        for words, at in (("Males", 0.25), ("Females", 0.75))
    ]
    if len(years) > 1:
        words = f"filled: {years[0]}, outlined: {years[-1]}"
        note = _words(color=MUTED, align="center", baseline="bottom", size=SMALL)
        layers.append(_layer([{"words": words}], note, _place(width / 2, -8)))
    return layers


def _place(x: float, y: float) -> Spec:
    return {"x": {"value": x}, "y": {"value": y}, "text": {"field": "words"}}


# --- small parts --------------------------------------------------------------------------


def _layer(values: Sequence[Mapping[str, Any]], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": [dict(v) for v in values]}, "mark": mark, "encoding": encoding}


def _pixel(field: str) -> Spec:
    """A place worked out here, in pixels."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def _words(*, color: str, baseline: str, size: int, **more: Any) -> Spec:
    return {"type": "text", "color": color, "baseline": baseline, "fontSize": size, **more}


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _known(rows: Rows) -> list[dict[str, Any]]:
    return [dict(r) for r in rows if _number(r.get("value"))]


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's value, and its interval only where both ends are known."""
    point = {"value": float(row["value"])} | ({"own": True} if row.get("own") else {})
    if _number(row.get("lower")) and _number(row.get("upper")):
        point |= {"lower": float(row["lower"]), "upper": float(row["upper"])}
    return point


def _extent(rows: Rows) -> list[float]:
    return [v for r in rows for k, v in _point(r).items() if k != "own"]


def _names(rows: Rows) -> list[str]:
    return list(dict.fromkeys(str(r.get("series", "")) for r in rows))


def _of(rows: Rows, name: str) -> list[dict[str, Any]]:
    return [dict(r) for r in rows if str(r.get("series", "")) == name]


def _short(area: Any) -> str:
    """A long official name as charts show it."""
    name = str(area).strip()
    return name.removeprefix("NHS ").replace("Integrated Care Board", "ICB")


def _wrapped(text: Any, width: int) -> list[str]:
    """At most three lines; what is longer ends in an ellipsis."""
    return textwrap.wrap(str(text), width, max_lines=3, placeholder=" \u2026", break_long_words=False) or [""]


def _text_width(text: str) -> float:
    """Pixels that a line of text takes at the usual size, a little on the wide side."""
    return 0.56 * TEXT * len(text)
