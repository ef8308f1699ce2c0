"""A strip of gates: one row a thing, one column a matter, and in each cell how much stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from workbook.charts import marks
from workbook.charts.parts import (
    FAINT,
    INK,
    LINE,
    MUTED,
    PALETTE,
    SMALL,
    WIDTH,
    Rows,
    Spec,
    chart,
    text_width,
    wrapped,
)

# Shape and fill tell the cells apart without colour.
BLOCKS = marks.look("square", PALETTE[1], PALETTE[1], 190, 1)
OPEN = marks.look("square", "#ffffff", PALETTE[0], 170, 1.8)
CLEAR = marks.look("circle", "#ffffff", "#9aa5b1", 60, 1.4)
_ROW = 22


def strip(rows: Rows, columns: Sequence[str]) -> Spec:
    """One row a thing, one column a matter. Rows: name, verdict; cells, a list of {group, blocks, open}.

    A filled square carries the number of points that block, an outlined one the
    number of conditions (where both, both stand side by side), and a small ring
    says that nothing stands in the way. The verdict stands in words at the right.
    """
    table = [dict(r) | {"names": wrapped(r.get("name", ""), 30, lines=2)} for r in rows]
    at = _columns(table, columns)
    places, tall = marks.middles([r["names"] for r in table], _ROW, 8)
    blocking: list[Spec] = []
    open_: list[Spec] = []
    clear: list[Spec] = []
    for row, y in zip(table, places, strict=True):
        row["y"] = y
        _cells(row, at, blocking, open_, clear)
    layers = [
        *_heads(at, columns),
        marks.rules([{"x": 0, "x2": WIDTH, "y": y, "y2": y} for y in _between(places, tall)], color=FAINT),
        marks.symbols([{k: v for k, v in c.items() if k != "words"} for c in (*blocking, *open_, *clear)]),
        marks.words_at(_figures(blocking), align="center", size=SMALL, color="#ffffff", bold=True),
        marks.words_at(_figures(open_), align="center", size=SMALL),
        *_printed(table, at),
    ]
    entries = [(BLOCKS, "blocks"), (OPEN, "condition"), (CLEAR, "nothing in the way")]
    return chart([*layers, *marks.key(entries, WIDTH, at["heads"] - 24)], WIDTH, max(tall, _ROW))


def _columns(table: list[dict[str, Any]], columns: Sequence[str]) -> dict[str, Any]:
    names = max((text_width(line) for r in table for line in r["names"]), default=60.0)
    left = min(names, 230.0) + 16
    verdict = max((text_width(str(r.get("verdict", "")), SMALL) for r in table), default=40.0) + 8
    slot = (WIDTH - left - verdict) / max(len(columns), 1)
    heads = [wrapped(c, max(int(slot / 6.2), 7), lines=4) for c in columns]
    deepest = max((len(h) for h in heads), default=1)
    return {
        "slot": slot,
        "middles": {c: left + (n + 0.5) * slot for n, c in enumerate(columns)},
        "words": heads,
        "heads": -10.0 - LINE * (deepest - 1),
        "verdict": WIDTH - verdict + 8,
    }


def _heads(at: dict[str, Any], columns: Sequence[str]) -> list[Spec]:
    rows = [
        {"x": at["middles"][c], "y": -10 - LINE * (len(words) - 1), "words": words}
        for c, words in zip(columns, at["words"], strict=True)
    ]
    gate = [{"x": at["verdict"], "y": -10, "words": "gate"}]
    return [
        marks.words_at(rows, align="center", size=SMALL, color=MUTED),
        marks.words_at(gate, size=SMALL, color=MUTED),
    ]


def _cells(
    row: dict[str, Any], at: dict[str, Any], blocking: list[Spec], open_: list[Spec], clear: list[Spec]
) -> None:
    for cell in row.get("cells") or []:
        x = at["middles"].get(cell["group"])
        if x is None:
            continue
        blocks, conditions = int(cell.get("blocks") or 0), int(cell.get("open") or 0)
        apart = 9 if blocks and conditions else 0
        if blocks:
            blocking.append({"x": x - apart, "y": row["y"], "words": str(blocks), **BLOCKS})
        if conditions:
            open_.append({"x": x + apart, "y": row["y"], "words": str(conditions), **OPEN})
        if not blocks and not conditions:
            clear.append({"x": x, "y": row["y"], "words": "", **CLEAR})


def _figures(cells: list[Spec]) -> list[Spec]:
    return [{"x": c["x"], "y": c["y"] + 0.5, "words": c["words"]} for c in cells]


def _between(places: list[float], tall: float) -> list[float]:
    """The lines between rows, and one below the last."""
    return [(a + b) / 2 for a, b in pairwise(places)] + [tall]


def _printed(table: list[dict[str, Any]], at: dict[str, Any]) -> list[Spec]:
    names = [{"x": 0, "y": marks.centred(r["y"], r["names"]), "words": r["names"]} for r in table]
    said = [{"x": at["verdict"], "y": r["y"], "words": str(r.get("verdict", ""))} for r in table]
    return [marks.words_at(names), marks.words_at(said, size=SMALL, color=INK)]
