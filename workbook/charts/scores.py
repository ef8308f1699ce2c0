"""Scores of options by several people: where each person stands, and two scores against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.charts import labels, marks
from workbook.charts.parts import (
    FAINT,
    INK,
    MUTED,
    PALETTE,
    SMALL,
    WIDTH,
    Rows,
    Spec,
    chart,
    is_number,
    text_width,
    wrapped,
)

_FULL = 100.0
_SIDE = 320  # pixels up


def opinions(rows: Rows) -> Spec:
    """One row an option, from 0 to 100: a circle for each person's own score and a diamond at the score of all.

    Rows: name, value (the score of all), own (the people's scores, a list), chosen (bool: the name is
    bold). Their order is kept. Circles of the same score stand over each other; a line joins the ends.
    """
    known = [dict(r) for r in rows if is_number(r.get("value"))]
    names = [wrapped(r.get("name", ""), 30) for r in known]
    places, tall = marks.middles(names, 30)
    room = max((text_width(line) for n in names for line in n), default=0) + 20
    width = max(WIDTH - room - 50, 240)
    people = [(y, _own(r)) for r, y in zip(known, places, strict=True)]
    spans = [
        {"x": _at(min(own), width), "x2": _at(max(own), width), "y": y, "y2": y} for y, own in people if own
    ]
    circles = [
        {"x": _at(v, width), "y": y} | marks.look("circle", "#ffffff", MUTED, 56, 1.5)
        for y, own in people
        for v in own
    ]
    diamonds = [
        {"x": _at(float(r["value"]), width), "y": y} | marks.look("diamond", PALETTE[0], "#ffffff", 150, 1)
        for r, y in zip(known, places, strict=True)
    ]
    figures = [
        {"x": width + 44, "y": y, "words": f"{float(r['value']):.0f}"}
        for r, y in zip(known, places, strict=True)
    ]
    layers = [
        *_grid(width, tall),
        marks.rules(spans, color="#aeb8c2", weight=5),
        marks.symbols(circles),
        marks.symbols(diamonds),
        *_row_names(known, names, places),
        marks.words_at(figures, align="right", color=PALETTE[0], bold=True),
        *_legend(bool(circles), -44, -room),
    ]
    return chart(layers, width, max(tall, 30))


def two_scores(rows: Rows, *, across: str, up: str) -> Spec:
    """Options by two scores from 0 to 100, each named and numbered in the order of the rows; the chosen one is a
    bold diamond.

    Rows: name, x, y, chosen (bool). Rows without both scores are left out.
    """
    known = [
        dict(r) | {"name": f"{n} {r.get('name', '')}"}
        for n, r in enumerate(rows, 1)
        if is_number(r.get("x")) and is_number(r.get("y"))
    ]
    low, high = _ends([float(r[k]) for r in known for k in ("x", "y")])
    for row in known:
        row["px"] = (float(row["x"]) - low) / (high - low) * WIDTH
        row["py"] = _SIDE - (float(row["y"]) - low) / (high - low) * _SIDE
    points = [{"x": r["px"], "y": r["py"]} | _point(r) for r in known]
    layers = [
        *_square(low, high, across, up),
        marks.symbols(points),
        *_beside(known),
    ]
    return chart(layers, WIDTH, _SIDE)


def _own(row: Mapping[str, Any]) -> list[float]:
    return [float(v) for v in row.get("own", ()) if is_number(v)]


def _at(score: float, width: float) -> float:
    return score / _FULL * width


def _grid(width: float, tall: float) -> list[Spec]:
    ticks = range(0, 101, 20)
    lines = [{"x": _at(t, width), "x2": _at(t, width), "y": 0, "y2": tall} for t in ticks] if tall else []
    heads = [{"x": _at(t, width), "y": -10, "words": str(t)} for t in ticks]
    title = [{"x": 0, "y": -26, "words": "score: 0 meets no criterion, 100 meets all fully"}]
    return [
        marks.rules(lines, color=FAINT),
        marks.words_at(heads, align="center", size=SMALL, color=MUTED),
        marks.words_at(title, size=SMALL, color=MUTED),
    ]


def _row_names(known: list[Spec], names: list[list[str]], places: list[float]) -> list[Spec]:
    rows = [
        {"x": -14, "y": marks.centred(y, lines), "words": lines, "bold": bool(r.get("chosen"))}
        for r, y, lines in zip(known, places, names, strict=True)
    ]
    return [
        marks.words_at([r for r in rows if not r["bold"]], align="right", color=INK),
        marks.words_at([r for r in rows if r["bold"]], align="right", color=INK, bold=True),
    ]


def _legend(people: bool, bottom: float, left: float) -> list[Spec]:
    entries = [(marks.look("diamond", PALETTE[0], "#ffffff", 130, 1), "score of all together")]
    if people:
        entries.append((marks.look("circle", "#ffffff", MUTED, 56, 1.5), "one person's own score"))
    return marks.key(entries, WIDTH, bottom, left)


def _ends(values: list[float]) -> tuple[float, float]:
    """The ends of both axes, in steps of ten with room around."""
    low, high = min(values, default=0.0), max(values, default=_FULL)
    low, high = max(0.0, (low - 4) // 10 * 10), min(_FULL, -(-(high + 4) // 10) * 10)
    return (low, high) if high - low >= 20 else (max(0.0, high - 20), max(high, 20.0))


def _square(low: float, high: float, across: str, up: str) -> list[Spec]:
    ticks = range(int(low), int(high) + 1, 10)
    share = [(t, (t - low) / (high - low)) for t in ticks]
    lines = [{"x": s * WIDTH, "x2": s * WIDTH, "y": 0, "y2": _SIDE} for _, s in share]
    lines += [{"x": 0, "x2": WIDTH, "y": _SIDE - s * _SIDE, "y2": _SIDE - s * _SIDE} for _, s in share]
    below = [{"x": s * WIDTH, "y": _SIDE + 14, "words": str(t)} for t, s in share]
    beside = [{"x": -8, "y": _SIDE - s * _SIDE, "words": str(t)} for t, s in share]
    return [
        marks.rules(lines, color=FAINT),
        marks.words_at(below, align="center", size=SMALL, color=MUTED),
        marks.words_at(beside, align="right", size=SMALL, color=MUTED),
        marks.words_at([{"x": 0, "y": -14, "words": f"up: {up}"}], size=SMALL, color=MUTED),
        marks.words_at(
            [{"x": WIDTH, "y": _SIDE + 32, "words": f"across: {across}"}],
            align="right",
            size=SMALL,
            color=MUTED,
        ),
    ]


def _point(row: Mapping[str, Any]) -> Spec:
    if row.get("chosen"):
        return marks.look("diamond", PALETTE[0], "#ffffff", 190, 1)
    return marks.look("circle", "#ffffff", PALETTE[0], 70, 1.8)


def _beside(known: list[Spec]) -> list[Spec]:
    taken = [labels.around(r["px"], r["py"], 8) for r in known]
    plain: list[Spec] = []
    bold: list[Spec] = []
    leaders: list[Spec] = []
    for row in sorted(known, key=lambda r: not r.get("chosen")):
        lines = wrapped(row.get("name", ""), 26)
        label = labels.beside(row["px"], row["py"], lines, taken, (WIDTH, _SIDE), must=True)
        if label is None:
            continue
        taken.append(label.box)
        leaders += [labels.leader(row["px"], row["py"], label)] if label.far else []
        (bold if row.get("chosen") else plain).append({"x": label.x, "y": label.y, "words": lines})
    return [
        marks.rules(leaders, weight=0.8),
        marks.words_at(plain, size=SMALL),
        marks.words_at(bold, size=SMALL, color=PALETTE[0], bold=True),
    ]
