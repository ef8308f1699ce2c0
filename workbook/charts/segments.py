"""Groups of people by age: how many, what is spent on each, and what that makes together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.charts import marks
from workbook.charts.parts import (
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
    pixel,
    text_width,
    wrapped,
)
from workbook.charts.scales import ends_of

_CELL = 2 * LINE + 16  # pixels from one row of cells to the next
_FRAME = PALETTE[6]


def segment_matrix(
    rows: Rows,
    *,
    population_unit: str = "thousand people",
    total_unit: str = "£ million",
) -> Spec:
    """A table of cells, ages across and groups down, shaded by the total spent.

    Rows: group, age, population (in ``population_unit``), spend (£ per head and
    year), total (in ``total_unit``), holds (False where population times spend
    does not make the total, True where it does, None where it could not be
    tried), whole (bool, optional: a sum over groups or ages, never shaded). The
    order of groups and ages is kept. A cell prints the total in bold, below it the
    people times the spend per head. One that contradicts itself has a heavy frame and the
    sign "\u2260"; one with no figure at all is dashed and says "no figure"; an age
    that a group does not have stays blank.
    """
    down = list(dict.fromkeys(str(r["group"]) for r in rows))
    across = list(dict.fromkeys(str(r["age"]) for r in rows))
    sides = [wrapped(name, 24) for name in down]
    room = max((text_width(line) for lines in sides for line in lines), default=0) + 14
    wide = min(max((WIDTH - room) / max(len(across), 1), 92), 150)
    cells = [_cell(r, down, across, wide) for r in rows]
    words = [_said(r, population_unit, total_unit) for r in rows]
    layers = _shaded(cells) + _frames(cells) + _figures(cells, words)
    layers += _sides(across, sides, wide)
    layers += _notes(cells, len(down), population_unit, total_unit, room)
    return chart(layers, wide * max(len(across), 1), _CELL * max(len(down), 1))


def _cell(row: Mapping[str, Any], down: list[str], across: list[str], wide: float) -> dict[str, Any]:
    x, y = across.index(str(row["age"])) * wide, down.index(str(row["group"])) * _CELL
    total = row.get("total")
    return {
        "x": x + 2,
        "x2": x + wide - 2,
        "y": y + 2,
        "y2": y + _CELL - 2,
        "total": float(total) if is_number(total) and total is not None else None,
        "empty": not any(is_number(row.get(k)) for k in ("population", "spend", "total")),
        "whole": bool(row.get("whole")),
        "broken": row.get("holds") is False,
    }


def _said(row: Mapping[str, Any], population_unit: str, total_unit: str) -> tuple[str, str]:
    """The total, and the line below it."""
    total, people, spend = (row.get(k) for k in ("total", "population", "spend"))
    money = {"£ million": "£{:,.1f}m", "£000s": "£{:,.0f}k"}.get(total_unit, "{:,.1f}")
    head = money.format(total) if is_number(total) else "no total"
    who = _people(people, population_unit) if is_number(people) else "no people given"
    if not is_number(spend):
        return head, who if row.get("whole") or not is_number(people) else f"{who}, no spend"
    return head, f"{who} \u00d7 £{spend:,.0f}"


def _people(people: Any, unit: str) -> str:
    return f"{people:,.1f}k" if unit == "thousand people" else f"{people:,.0f}"


def _shaded(cells: list[dict[str, Any]]) -> list[Spec]:
    plain = [c for c in cells if not c["whole"] and c["total"] is not None]
    shade = {
        "field": "total",
        "type": "quantitative",
        "scale": {"domain": list(ends_of([c["total"] for c in plain])), "range": list(SHADES)},
        "legend": None,
    }
    box = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}
    return [
        layer([_corners(c) | {"total": c["total"]} for c in plain], {"type": "rect"}, box | {"color": shade})
    ]


def _corners(cell: Mapping[str, Any]) -> Spec:
    return {k: cell[k] for k in ("x", "x2", "y", "y2")}


def _frames(cells: list[dict[str, Any]]) -> list[Spec]:
    empty = [_corners(c) for c in cells if c["empty"]]
    whole = [_corners(c) for c in cells if c["whole"]]
    partial = [_corners(c) for c in cells if c["total"] is None and not c["empty"] and not c["whole"]]
    broken = [_corners(c) for c in cells if c["broken"]]
    signs = [{"x": c["x2"] - 7, "y": c["y"] + 11, "words": "\u2260"} for c in broken]
    return [
        marks.boxes(empty, color=MUTED, filled=False, strokeDash=[3, 3], strokeWidth=0.8),
        marks.boxes([*whole, *partial], color=MUTED, filled=False, strokeWidth=0.8),
        marks.boxes(broken, color=_FRAME, filled=False, strokeWidth=2.6),
        marks.words_at(signs, align="right", size=TEXT + 4, color=_FRAME, bold=True),
    ]


def _figures(cells: list[dict[str, Any]], words: list[tuple[str, str]]) -> list[Spec]:
    totals, below, none = [], [], []
    for cell, (head, line) in zip(cells, words, strict=True):
        middle, centre = (cell["x"] + cell["x2"]) / 2, (cell["y"] + cell["y2"]) / 2
        if cell["empty"]:
            none.append({"x": middle, "y": centre, "words": "no figure"})
            continue
        totals.append({"x": middle, "y": centre - LINE / 2, "words": head})
        below.append({"x": middle, "y": centre + LINE / 2 + 1, "words": line})
    return [
        marks.words_at(totals, align="center", bold=True),
        marks.words_at(below, align="center", size=SMALL),
        marks.words_at(none, align="center", size=SMALL, color=MUTED, italic=True),
    ]


def _sides(across: list[str], sides: list[list[str]], wide: float) -> list[Spec]:
    heads = [{"x": (i + 0.5) * wide, "y": -12, "words": name} for i, name in enumerate(across)]
    lefts = [
        {"x": -8, "y": marks.centred((i + 0.5) * _CELL, lines), "words": lines}
        for i, lines in enumerate(sides)
    ]
    return [
        marks.words_at(heads, align="center", bold=True),
        marks.words_at(lefts, align="right", color=INK),
    ]


def _notes(
    cells: list[dict[str, Any]], count: int, population_unit: str, total_unit: str, room: float
) -> list[Spec]:
    if not cells:
        return []
    people = "people (k: thousand)" if population_unit == "thousand people" else population_unit
    lines = [
        f"bold: total in a year, {total_unit} (darker is more)",
        f"below it: {people} \u00d7 spend per head",
    ]
    if any(c["broken"] for c in cells):
        lines.append("\u2260 with a heavy frame: people times spend per head does not make the printed total")
    rows = [{"x": -room + 8, "y": _CELL * count + 14, "words": lines}]
    return [marks.words_at(rows, size=SMALL, color=MUTED)]
