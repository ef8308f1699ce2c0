"""How firm a ranking is: the ranks that each option takes as the weights move."""

from __future__ import annotations

from workbook.charts import marks
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


def ranks(rows: Rows, *, range_label: str = "range of ranks as the weights move") -> Spec:
    """One row per option, from the first rank down: a bar over its ranks and a diamond at its own.

    Rows: name, rank (1 is first), low and high (the best and the worst rank it
    takes; whole numbers or quantiles), share_first (0 to 1, optional: in how many
    of the draws it came first, printed to the right). Options without a rank
    stand below, marked "not ranked".
    """
    known = sorted((dict(r) for r in rows if is_number(r.get("rank"))), key=lambda r: float(r["rank"]))
    missing = [dict(r) for r in rows if not is_number(r.get("rank"))]
    names = [wrapped(r.get("name", ""), 34) for r in [*known, *missing]]
    places, tall = marks.middles(names, 26)
    shares = any(is_number(r.get("share_first")) for r in known)
    room = max((text_width(line) for n in names for line in n), default=0) + 16
    width = max(WIDTH - room - (80 if shares else 0), 240)
    ends = [float(r[k]) for r in known for k in ("rank", "low", "high") if is_number(r.get(k))]
    last = max([len(known), 2, *ends])
    for row, y in zip(known, places, strict=False):
        row["y"] = y
    ranked, _ = marks.middles(names[: len(known)], 26)
    foot = ranked[-1] + 13 if ranked else 0.0
    layers = _grid(last, width, foot) + _bars(known, last, width)
    layers += _words(names, places, len(known)) + (_shares(known, width) if shares else [])
    legend = [(marks.look("diamond", PALETTE[0], PALETTE[0], 110), "rank with the weights as set")]
    if any("x2" in _range(r, last, width) for r in known):
        legend.append((marks.look("stroke", FAINT, "#aeb8c2", 240, 9), range_label))
    return chart([*layers, *(marks.key(legend, WIDTH, -44, -room) if known else [])], width, max(tall, 26))


def _across(rank: float, last: float, width: float) -> float:
    """Where a rank stands, in pixels; half a rank of room at both ends."""
    return (rank - 0.5) / last * width


def _grid(last: float, width: float, tall: float) -> list[Spec]:
    jump = max(1, -(-int(last) // 12))
    shown = [n for n in range(1, int(last) + 1) if n == 1 or n % jump == 0 or jump == 1]
    xs = [(_across(n, last, width), n) for n in shown]
    lines = [{"x": x, "x2": x, "y": 0, "y2": tall} for x, _ in xs] if tall else []
    heads = [{"x": x, "y": -10, "words": str(n)} for x, n in xs]
    title = [{"x": 0, "y": -26, "words": "rank (1 is first)"}] if tall else []
    return [
        marks.rules(lines, color=FAINT),
        marks.words_at(heads if tall else [], align="center", size=SMALL, color=MUTED),
        marks.words_at(title, size=SMALL, color=MUTED),
    ]


def _range(row: Spec, last: float, width: float) -> Spec:
    if not is_number(row.get("low")) or not is_number(row.get("high")):
        return {}
    low, high = sorted((float(row["low"]), float(row["high"])))
    return {"x": _across(low, last, width) - 4, "x2": _across(high, last, width) + 4}


def _bars(known: list[Spec], last: float, width: float) -> list[Spec]:
    bars = [
        _range(r, last, width) | {"y": r["y"] - 4.5, "y2": r["y"] + 4.5}
        for r in known
        if _range(r, last, width)
    ]
    points = [
        {"x": _across(float(r["rank"]), last, width), "y": r["y"]}
        | marks.look("diamond", PALETTE[0], "#ffffff", 120, 1)
        for r in known
    ]
    return [marks.boxes(bars, color="#aeb8c2", cornerRadius=3), marks.symbols(points)]


def _words(names: list[list[str]], places: list[float], known: int) -> list[Spec]:
    rows = [
        {"x": -12, "y": marks.centred(y, lines), "words": lines}
        for y, lines in zip(places, names, strict=True)
    ]
    gone = [{"x": 4, "y": y, "words": "not ranked"} for y in places[known:]]
    return [
        marks.words_at(rows, align="right", color=INK),
        marks.words_at(gone, size=SMALL, color=MUTED, italic=True),
    ]


def _shares(known: list[Spec], width: float) -> list[Spec]:
    rows = [
        {"x": width + 74, "y": r["y"], "words": _percent(float(r["share_first"]))}
        for r in known
        if is_number(r.get("share_first"))
    ]
    head = [{"x": width + 74, "y": -10, "words": "first in"}]
    return [
        marks.words_at(rows, align="right"),
        marks.words_at(head, align="right", size=SMALL, color=MUTED),
    ]


def _percent(share: float) -> str:
    """A share as whole per cent; what is not quite none or all does not read as none or all."""
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{100 * share:.0f}%"
