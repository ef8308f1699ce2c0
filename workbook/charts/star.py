"""Value for money (STAR): what each option does as a rectangle, and all of them end to end as a frontier.

A rectangle is as long as the people it reaches and as high as benefit x chance:
its area is its value. A triangle is as wide as the cost and as high as the
value: its slope is value for money. Laid end to end, the steepest first,
triangles make the frontier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.charts import labels, marks
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
    text_width,
    wrapped,
)
from workbook.charts.scales import Scale

_TALL, _ACROSS = 445, 440
_NAMED = 15  # steps that are named, at most
MOST_ROWS = 12  # rectangles, at most
_PITCH, _MOST = 30, 24  # pixels from row to row, and of the highest rectangle
IN, OUT = PALETTE[0], PALETTE[1]
_IN_FILL, _OUT_FILL = "#c9dcee", "#f6d9c2"
Marked = Mapping[str, Any]


def rectangles(rows: Rows) -> Spec:
    """One rectangle an option, in the order given. Rows: name, people, height (0 to 100), words, funded (bool).

    Of more than twelve the first twelve are drawn. ``words`` stand behind the
    rectangle. What is not funded is hollow.
    """
    known = [r for r in rows if is_number(r.get("people")) and is_number(r.get("height"))][:MOST_ROWS]
    names = [wrapped(r["name"], 34, lines=2) for r in known]
    left = max((text_width(line, SMALL) for lines in names for line in lines), default=0) + 12
    room = max((text_width(str(r.get("words", "")), SMALL) for r in known), default=0) + 14
    width = WIDTH + 80 - left - room
    most = max((float(r["people"]) for r in known), default=0) or 1.0
    highest = max((float(r["height"]) for r in known), default=0) or 1.0
    boxes, texts, figures = [], [], []
    for n, (row, name) in enumerate(zip(known, names, strict=True)):
        middle = (n + 0.5) * _PITCH
        half = max(float(row["height"]) / highest * _MOST, 1.0) / 2
        end = left + max(float(row["people"]) / most * width, 1.5)
        boxes.append(
            {"x": left, "x2": end, "y": middle - half, "y2": middle + half, "funded": row.get("funded")}
        )
        texts.append({"x": left - 8, "y": marks.centred(middle, name), "words": name})
        figures.append({"x": end + 7, "y": middle, "words": str(row.get("words", ""))})
    tall = _PITCH * max(len(known), 1)
    full = [{"x": left - 3, "x2": left - 3, "y": 0, "y2": tall}]
    layers = [
        marks.rules(full),
        marks.boxes([b | {"fill": IN} for b in boxes if b["funded"]]),
        marks.boxes([b for b in boxes if not b["funded"]], color=OUT, filled=False, strokeWidth=1.6),
        marks.words_at(texts, align="right", size=SMALL),
        marks.words_at(figures, size=SMALL, color=MUTED),
    ]
    entries = [
        (marks.look("square", IN, IN, 80), "funded in the plan"),
        (marks.look("square", "#ffffff", OUT, 80, 1.6), "not funded"),
    ]
    words = [{"x": 0, "y": -34, "words": "length: people a year; height: benefit x chance; area: value"}]
    key = marks.key(entries, WIDTH, -14)
    return chart([*layers, marks.words_at(words, size=SMALL, color=MUTED), *key], left + width + room, tall)


def triangles(
    rows: Rows, *, money: float | None = None, points: Sequence[Marked] = (), decimals: int = 1
) -> Spec:
    """The frontier: one triangle a step, end to end. Rows: name, cost (£000s), value (points), funded (bool).

    Rows come in their order, the steepest first. ``money`` (£000s) is drawn as
    the line beyond which there is none. ``points`` are choices to mark: name,
    cost, value. The steps with the most value are numbered, and named beside
    the chart.
    """
    steps = _end_to_end(rows)
    ends = [(float(p["cost"]) / 1000, float(p["value"]) / 1000) for p in points]
    across = Scale(
        [0.0, *(s["x1"] for s in steps), *(x for x, _ in ends), *([money / 1000] if money else [])],
        "£ million a year",
        zero=True,
    )
    up = Scale([0.0, *(s["y1"] for s in steps), *(y for _, y in ends)], "thousand points a year", zero=True)

    def place(x: float, y: float) -> tuple[float, float]:
        return across.across(x, _ACROSS), up.pixels(y, _TALL)

    slopes = [place(s["x"], s["y"]) + place(s["x1"], s["y1"]) for s in steps]
    layers = [
        _areas(steps, across, up),
        marks.rules([{"x": x, "y": y, "x2": x2, "y2": y2} for x, y, x2, y2 in slopes], color=MUTED, weight=1),
    ]
    taken: list[labels.Box] = []
    if money:
        at, _ = place(money / 1000, 0)
        layers += _limit(at, f"money there is: £{money / 1000:,.{decimals}f}m")
        taken += [(at - 2, 0, at + 2, _TALL), (at - 180, _TALL - 24, at + 180, _TALL)]
    dots = [place(s["x1"], s["y1"]) for s in steps]
    taken += [labels.around(x, y, 4) for x, y in dots]
    signs = [place(x, y) for x, y in ends]
    taken += [labels.around(x, y, 9) for x, y in signs]
    layers.append(marks.symbols(_dots(steps, dots, len(steps) <= 60)))
    layers += _names(steps, dots, taken)
    layers += _marked(points, signs)
    words = "a triangle: width is cost, height is value, slope is value for money"
    layers.append(marks.words_at([{"x": 0, "y": -LINE - 40, "words": words}], size=SMALL, color=MUTED))
    return chart(layers, _ACROSS, _TALL)


def _limit(at: float, said: str) -> list[Spec]:
    """A dashed line up, named at its foot on the side where the words have room."""
    before = at + 6 + text_width(said) > _ACROSS
    return [
        marks.rules([{"x": at, "x2": at, "y": 0, "y2": _TALL}], color=INK, weight=1.4, dash=(6, 4)),
        marks.words_at(
            [{"x": at - 6 if before else at + 6, "y": _TALL - 12, "words": said}],
            align="right" if before else "left",
            bold=True,
        ),
    ]


def _end_to_end(rows: Rows) -> list[dict[str, Any]]:
    """Where each triangle begins and ends, in £ million and thousand points."""
    steps: list[dict[str, Any]] = []
    x = y = 0.0
    for row in rows:
        if not (is_number(row.get("cost")) and is_number(row.get("value"))):
            continue
        x1, y1 = x + float(row["cost"]) / 1000, y + float(row["value"]) / 1000
        steps.append(
            {"name": str(row["name"]), "x": x, "y": y, "x1": x1, "y1": y1, "funded": bool(row.get("funded"))}
        )
        x, y = x1, y1
    return steps


def _areas(steps: Sequence[Marked], across: Scale, up: Scale) -> Spec:
    corners = [
        {"x": x, "top": top, "floor": s["y"], "step": n, "fill": _IN_FILL if s["funded"] else _OUT_FILL}
        for n, s in enumerate(steps)
        for x, top in ((s["x"], s["y"]), (s["x1"], s["y1"]))
    ]
    data = [{k: round(v, 4) if isinstance(v, float) else v for k, v in c.items()} for c in corners]
    encoding = {"x": across.x("x"), "y": up.y("top"), "y2": {"field": "floor"}, "color": colour_of("fill")}
    encoding["detail"] = {"field": "step", "type": "nominal"}
    return layer(data, {"type": "area", "line": False, "opacity": 1}, encoding)


def _dots(steps: Sequence[Marked], dots: Sequence[tuple[float, float]], large: bool) -> list[dict[str, Any]]:
    """The end of each step: filled where the plan funds it, hollow where not."""
    return [
        {"x": x, "y": y}
        | marks.look(
            "circle" if step["funded"] else "square",
            IN if step["funded"] else "#ffffff",
            IN if step["funded"] else OUT,
            44 if large else 14,
            1.6 if large else 1,
        )
        for step, (x, y) in zip(steps, dots, strict=True)
    ]


def _names(
    steps: Sequence[Marked], dots: Sequence[tuple[float, float]], taken: list[labels.Box]
) -> list[Spec]:
    """The steps with the most value: a number beside the dot, and their names in a list beside the chart."""
    wanted = sorted(sorted(range(len(steps)), key=lambda n: (steps[n]["y"] - steps[n]["y1"], n))[:_NAMED])
    figures: list[Spec] = []
    listed: list[Spec] = []
    for place, n in enumerate(wanted):
        said = str(place + 1)
        label = labels.beside(*dots[n], [said], taken, (_ACROSS, _TALL), must=True)
        if label is not None:
            taken.append(label.box)
            figures.append({"x": label.x, "y": label.y, "words": said})
        name = wrapped(steps[n]["name"], 34, lines=2)
        middle = 16 + (place + 0.5) * (_TALL - 16) / _NAMED
        listed.append(
            {"x": _ACROSS + 38, "y": marks.centred(middle, name), "words": name, "at": middle, "n": said}
        )
    numbers = [{"x": _ACROSS + 30, "y": row["at"], "words": row["n"]} for row in listed]
    which = f"the {_NAMED} of most value" if len(steps) > _NAMED else "in the order of value for cost"
    head = [{"x": _ACROSS + 20, "y": 6, "words": which}] if listed else []
    return [
        marks.words_at(figures, size=SMALL, bold=True),
        marks.words_at(numbers, align="right", size=SMALL, bold=True),
        marks.words_at(listed, size=SMALL),
        marks.words_at(head, size=SMALL, color=MUTED),
    ]


def _marked(points: Sequence[Marked], signs: Sequence[tuple[float, float]]) -> list[Spec]:
    """Choices beside the frontier, with a key on top."""
    looks = [
        marks.look(shape, fill, INK, 150, 2)
        for shape, fill in (("diamond", "#ffffff"), ("triangle-up", INK), ("cross", INK))
    ]
    chosen = list(zip(points, signs, looks, strict=False))
    entries = [
        (marks.look("circle", IN, IN, 44), "funded in the plan"),
        (marks.look("square", "#ffffff", OUT, 44, 1.6), "not funded"),
        *((mark | {"size": 90}, str(point["name"])) for point, _, mark in chosen),
    ]
    drawn = [{"x": x, "y": y} | mark for _, (x, y), mark in chosen]
    return [marks.symbols(drawn), *marks.key(entries, WIDTH, -LINE - 20)]
