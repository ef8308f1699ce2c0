"""The spine chart: many indicators of one area, each against the benchmark and the range of areas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workbook.charts import marks
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
    is_number,
    text_width,
    wrapped,
)

# Shape and fill say the judgement; colour only repeats it.
LOOKS = {
    "better": marks.look("circle", PALETTE[2], INK, 110, 1),
    "similar": marks.look("circle", "#ffffff", INK, 100, 1.8),
    "worse": marks.look("diamond", PALETTE[1], INK, 130, 1),
    "lower": marks.look("triangle-down", PALETTE[3], INK, 110, 1),
    "higher": marks.look("triangle-up", PALETTE[3], INK, 110, 1),
    "not compared": marks.look("cross", "#ffffff", MUTED, 90, 1.4),
}

_OUTER, _INNER = "#dfe4ea", "#aeb8c2"  # the range of all areas, and of the middle half
_GAP = 15
_LEAST = 170  # pixels that the spine itself keeps, however long the names


def spine(rows: Rows, *, benchmark_label: str = "England", value_label: str = "Value") -> Spec:
    """One row per indicator, every one turned so that the worst stands left and the best right.

    Rows: name, value, lower, upper (the interval), benchmark, best, worst, p25,
    p75 (among the areas), each in the indicator's own unit; judgement ("better",
    "similar", "worse", "lower", "higher" or "not compared"); label, the value as
    printed with its unit. Optional: benchmark_label, best_label, worst_label, as
    printed (else with the decimals of the label); polarity "none", where the ends
    are called low and high. The benchmark stands in the middle and the farther
    end reaches the edge: lengths compare within a row, never between rows. A row
    without a value, a benchmark or a range says so and keeps the rest.
    """
    table = [_row(r) for r in rows]
    at = _columns(table, benchmark_label, value_label)
    layers = _heads(at, benchmark_label, value_label) if table else []
    places, tall = marks.middles([r["names"] for r in table], 28)
    for row, y in zip(table, places, strict=True):
        row["y"] = y
    layers += _bars(table, at) + _points(table, at) + _printed(table, at)
    return chart(layers, at["width"], max(tall, 28))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is printed and drawn of a row; figures that are not known are None."""
    known = ("value", "lower", "upper", "benchmark", "best", "worst", "p25", "p75")
    found: dict[str, Any] = {k: float(row[k]) if is_number(row.get(k)) else None for k in known}
    judged = str(row.get("judgement") or "not compared")
    found["judgement"] = judged if judged in LOOKS else "not compared"
    printed = str(row.get("label") or "")
    found["label"] = printed if printed and found["value"] is not None else "no figure"
    for end in ("benchmark", "worst", "best"):
        found[f"{end}_label"] = str(row.get(f"{end}_label") or _like(found[end], printed))
    if row.get("polarity") == "none" or judged in ("lower", "higher"):
        found["worst_label"], found["best_label"] = _low_and_high(found)
    return found | {"name": str(row.get("name", "")), "figure": wrapped(found["label"], 15)}


def _like(value: float | None, printed: str) -> str:
    """A figure with as many decimals as the printed one, and its per cent sign."""
    if value is None:
        return ""
    digits = re.search(r"\d(?:[\d,]*\d)?(?:\.(\d+))?", printed)
    decimals = len(digits[1] or "") if digits else 1
    return f"{value:,.{decimals}f}" + ("%" if printed.endswith("%") else "")


def _low_and_high(row: Mapping[str, Any]) -> tuple[str, str]:
    """The ends of a row where neither is better."""
    ends = [("low " if i == 0 else "high ") + row[f"{e}_label"] for i, e in enumerate(("worst", "best"))]
    turned = row["best"] is not None and row["worst"] is not None and row["best"] < row["worst"]
    if turned:
        ends = ["high " + row["worst_label"], "low " + row["best_label"]]
    return (ends[0] if row["worst_label"] else "", ends[1] if row["best_label"] else "")


def _columns(table: list[dict[str, Any]], benchmark_label: str, value_label: str) -> dict[str, float]:
    """Where each column stands, in pixels; the spine takes what the words leave.

    Names are broken into lines that fit beside the figures of the widest row.
    """

    def widest(field: str, head: str) -> float:
        lines = [line for r in table for line in ([r[field]] if isinstance(r[field], str) else r[field])]
        return max([30.0, text_width(head, SMALL), *(text_width(line) for line in lines)])

    value = widest("figure", value_label)
    middle = widest("benchmark_label", max(wrapped(benchmark_label, 14), key=len))
    worst, best = widest("worst_label", "worst"), widest("best_label", "best")
    figures = value + middle + worst + 4 * _GAP
    fits = int((WIDTH - figures - best - _GAP - _LEAST) / text_width("x"))
    for row in table:
        row["names"] = wrapped(row["name"], max(min(fits, 30), 14), lines=4 if fits > 22 else 6)
    left = figures + max((text_width(line) for r in table for line in r["names"]), default=0)
    width = max(WIDTH, left + _LEAST + best + _GAP)
    return {
        "names": 0.0,
        "value": left - worst - middle - 2 * _GAP,
        "benchmark": left - worst - _GAP,
        "worst": left - _GAP / 2,
        "left": left,
        "right": width - best - _GAP / 2,
        "best": width - best,
        "width": width,
        "heads": -12.0 - LINE * (len(wrapped(benchmark_label, 14)) - 1),
    }


def _heads(at: dict[str, float], benchmark_label: str, value_label: str) -> list[Spec]:
    names = wrapped(benchmark_label, 14)
    right = [
        {"x": at["value"], "y": -12, "words": value_label},
        {"x": at["benchmark"], "y": at["heads"], "words": names},
        {"x": at["worst"], "y": -12, "words": "worst"},
    ]
    best = [{"x": at["best"], "y": -12, "words": "best"}]
    middle = [{"x": (at["left"] + at["right"]) / 2, "y": -12, "words": max(names, key=len)}]
    return [
        marks.words_at(right, align="right", size=SMALL, color=MUTED),
        marks.words_at(best, size=SMALL, color=MUTED),
        marks.words_at(middle if len(names) == 1 else [], align="center", size=SMALL, color=MUTED),
    ]


def _place(row: Mapping[str, Any], at: dict[str, float]) -> dict[str, float]:
    """Where each known figure of a row stands on the spine; empty where it has no range."""
    if row["best"] is None or row["worst"] is None:
        return {}
    figures = {
        k: row[k] for k in ("value", "lower", "upper", "best", "worst", "p25", "p75") if row[k] is not None
    }
    centre = row["benchmark"]
    if centre is None:  # nothing to stand in the middle: the range fills the spine
        centre = (min(figures.values()) + max(figures.values())) / 2
    reach = max(abs(v - centre) for v in figures.values()) or 1.0
    sign = 1 if row["best"] >= row["worst"] else -1
    half = (at["right"] - at["left"]) / 2 - 8
    middle = (at["left"] + at["right"]) / 2
    return {k: middle + sign * (v - centre) / reach * half for k, v in figures.items()}


def _bars(table: list[dict[str, Any]], at: dict[str, float]) -> list[Spec]:
    outer, inner, ticks = [], [], []
    middle = (at["left"] + at["right"]) / 2
    for row in table:
        place = _place(row, at)
        if place:
            outer.append(_bar(row["y"], place["worst"], place["best"], 8, _OUTER))
        if "p25" in place and "p75" in place:
            inner.append(_bar(row["y"], place["p25"], place["p75"], 8, _INNER))
        if place and row["benchmark"] is not None:
            ticks.append({"x": middle, "x2": middle, "y": row["y"] - 13, "y2": row["y"] + 13})
    return [marks.boxes([*outer, *inner]), marks.rules(ticks, color=INK, weight=1.6)]


def _bar(y: float, one: float, other: float, half: float, fill: str) -> Spec:
    return {"x": min(one, other), "x2": max(one, other), "y": y - half, "y2": y + half, "fill": fill}


def _points(table: list[dict[str, Any]], at: dict[str, float]) -> list[Spec]:
    whiskers, points, shown = [], [], []
    for row in table:
        place = _place(row, at)
        if "value" not in place:
            continue
        if "lower" in place and "upper" in place:
            whiskers.append({"x": place["lower"], "x2": place["upper"], "y": row["y"], "y2": row["y"]})
        points.append({"x": place["value"], "y": row["y"], **LOOKS[row["judgement"]]})
        shown.append(row["judgement"])
    return [
        marks.rules(whiskers, color=INK, weight=1.8),
        marks.symbols(points),
        *_legend(shown, table, at["heads"]),
    ]


def _legend(shown: list[str], table: list[dict[str, Any]], heads: float) -> list[Spec]:
    if not table:
        return []
    said = {"better": "better", "worse": "worse", "not compared": "not compared"}
    entries = [(LOOKS[name], said.get(name, name)) for name in LOOKS if name in shown]
    entries += [
        (marks.look("square", _INNER, _INNER, 110), "middle half of areas"),
        (marks.look("square", _OUTER, _OUTER, 110), "all areas"),
        (marks.look("stroke", INK, INK, 200, 1.8), "95% interval"),
    ]
    if not any(r["p25"] is not None and r["p75"] is not None for r in table):
        entries.pop(-3)
    if not any(r["lower"] is not None and r["upper"] is not None for r in table):
        entries.pop()
    return marks.key(entries, WIDTH, heads - 26)


def _printed(table: list[dict[str, Any]], at: dict[str, float]) -> list[Spec]:
    names = [{"x": at["names"], "y": marks.centred(r["y"], r["names"]), "words": r["names"]} for r in table]
    figures = [
        {"x": at["value"], "y": marks.centred(r["y"], r["figure"]), "words": r["figure"], "held": r["value"]}
        for r in table
    ]
    own = [f for f in figures if f.pop("held") is not None]
    gone = [f for f in figures if f not in own]
    right = [{"x": at["worst"], "y": r["y"], "words": r["worst_label"]} for r in table if r["worst_label"]]
    right += [{"x": at["benchmark"], "y": r["y"], "words": r["benchmark_label"] or "none"} for r in table]
    best = [{"x": at["best"], "y": r["y"], "words": r["best_label"]} for r in table if r["best_label"]]
    bare = [
        {"x": (at["left"] + at["right"]) / 2, "y": r["y"], "words": "range of areas not known"}
        for r in table
        if not _place(r, at)
    ]
    return [
        marks.words_at(names),
        marks.words_at(own, align="right", bold=True),
        marks.words_at(gone, align="right", color=MUTED, italic=True),
        marks.words_at(right, align="right", color=MUTED),
        marks.words_at(best, color=MUTED),
        marks.words_at(bare, align="center", size=SMALL, color=MUTED, italic=True),
    ]
