"""Amounts as bars that lie down, one below the other: for names too long to stand under a bar."""

from __future__ import annotations

from workbook.charts import marks
from workbook.charts.parts import (
    MUTED,
    PALETTE,
    SMALL,
    WIDTH,
    Rows,
    Spec,
    chart,
    known_rows,
    text_width,
    wrapped,
)

_PITCH, _BAR = 30, 16


def largest(rows: Rows) -> Spec:
    """One bar a row, in the order given. Rows: name, value (not below zero), words that stand behind the bar."""
    known = known_rows(rows)
    names = [wrapped(r["name"], 36, lines=2) for r in known]
    left = max((text_width(line, SMALL) for lines in names for line in lines), default=0) + 12
    room = max((text_width(str(r.get("words", "")), SMALL) for r in known), default=0) + 14
    most = max((float(r["value"]) for r in known), default=0) or 1.0
    width = WIDTH + 80 - left - room
    bars, texts, figures = [], [], []
    for n, (row, name) in enumerate(zip(known, names, strict=True)):
        middle = (n + 0.5) * _PITCH
        end = left + max(float(row["value"]) / most * width, 1.0)
        bars.append(
            {"x": left, "x2": end, "y": middle - _BAR / 2, "y2": middle + _BAR / 2, "fill": PALETTE[0]}
        )
        texts.append({"x": left - 8, "y": marks.centred(middle, name), "words": name})
        figures.append({"x": end + 7, "y": middle, "words": str(row.get("words", ""))})
    tall = _PITCH * max(len(known), 1)
    layers = [
        marks.rules([{"x": left, "x2": left, "y": 0, "y2": tall}]),
        marks.boxes(bars),
        marks.words_at(texts, align="right", size=SMALL),
        marks.words_at(figures, size=SMALL, color=MUTED),
    ]
    return chart(layers, left + width + room, tall)
