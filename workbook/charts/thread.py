"""The thread of a plan: entries in columns, each tied to what follows from it; a missing link is drawn as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from workbook.charts.marks import boxes, centred, rules, symbols, words_at
from workbook.charts.marks import look as symbol
from workbook.charts.parts import FAINT, INK, LINE, MUTED, SMALL, Rows, Spec, chart, wrapped

_WIDE, _GUTTER = 112, 46  # pixels of a column and of the room between two
_CHARACTERS, _LINES = 18, 3  # of a name in its box
_APART, _HEAD, _KEY = 6, 34, 30  # pixels between boxes, above them and below
_STUB = 17  # pixels of a link that leads nowhere
_CROSS = "M-.6,-.6L.6,.6M.6,-.6L-.6,.6"
_MARK = symbol(_CROSS, "#a3261c", "#a3261c", 60, 2.2)
_WEIGHTS = ((1, 1.0), (3, 2.2), (9, 3.8))  # from so many entries on, the width of a link in pixels


def thread(columns: Sequence[str], nodes: Rows, links: Rows) -> Spec:
    """Columns of boxes from left to right, and the links between neighbouring columns.

    Nodes: id, column (from 0), name, and ``missing``: "before", "after", "both" or "" for the side on
    which a link is missing. Links: from, to (ids), count (how many entries it stands for) and broken.
    A link is as wide as it has entries; one that is broken is dashed and carries a cross at its
    middle; one that is missing ends in a cross beside its box.
    """
    placed, tall = _placed(len(columns), nodes, links)
    width = len(columns) * _WIDE + (len(columns) - 1) * _GUTTER
    shown = [{**n, **placed[str(n["id"])]} for n in nodes]
    ties = [_tie(link, placed) for link in links if str(link["from"]) in placed and str(link["to"]) in placed]
    return chart(
        [
            *_ties(ties),
            *_stubs(shown),
            boxes(shown, color="#ffffff", stroke=MUTED, strokeWidth=1),
            _names(shown),
            _heads(columns),
            *_key(ties, shown, tall),
        ],
        width,
        tall,
    )


def _placed(count: int, nodes: Rows, links: Rows) -> tuple[dict[str, Spec], float]:
    """Every box in pixels, its lines of text, and the height of the chart; columns are centred."""
    ordered = _ordered(count, nodes, links)
    lines = {str(n["id"]): wrapped(n["name"], _CHARACTERS, _LINES) for n in nodes}
    heights = [sum(_tall(lines[i]) + _APART for i in column) - _APART for column in ordered]
    room = max([*heights, LINE * 2])
    placed: dict[str, Spec] = {}
    for number, (column, height) in enumerate(zip(ordered, heights, strict=True)):
        # A short column is spread over the height, so that its links run level.
        free = (room - height) / max(len(column), 1)
        at = _HEAD + free / 2
        for i in column:
            left = number * (_WIDE + _GUTTER)
            bottom = at + _tall(lines[i])
            placed[i] = {"x": left, "y": at, "x2": left + _WIDE, "y2": bottom, "lines": lines[i]}
            at = bottom + _APART + free
    return placed, _HEAD + room + _KEY


def _tall(lines: Sequence[str]) -> float:
    return LINE * len(lines) + 8.0


def _ordered(count: int, nodes: Rows, links: Rows) -> list[list[str]]:
    """The boxes of every column, each near the middle of those it is tied to, so that few links cross."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for link in links:
        before[str(link["to"])].append(str(link["from"]))
        after[str(link["from"])].append(str(link["to"]))
    ordered = [[str(n["id"]) for n in nodes if n["column"] == number] for number in range(count)]
    rank = {i: _place(n, column) for column in ordered for n, i in enumerate(column)}
    for sides in (before, after, before):
        for column in ordered if sides is before else reversed(ordered):
            middle = {i: _mean([rank[o] for o in sides[i] if o in rank], rank[i]) for i in column}
            column.sort(key=middle.__getitem__)
            rank |= {i: _place(n, column) for n, i in enumerate(column)}
    return ordered


def _place(n: int, column: Sequence[str]) -> float:
    """How far down a column its entry number ``n`` stands, from 0 to 1."""
    return (n + 0.5) / len(column)


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _tie(link: Mapping[str, Any], placed: Mapping[str, Spec]) -> Spec:
    start, end = placed[str(link["from"])], placed[str(link["to"])]
    tie = {
        "x": start["x2"],
        "y": (start["y"] + start["y2"]) / 2,
        "x2": end["x"],
        "y2": (end["y"] + end["y2"]) / 2,
    }
    return tie | {"count": int(link.get("count", 1)), "broken": bool(link.get("broken"))}


def _ties(ties: Sequence[Spec]) -> list[Spec]:
    """The links: whole ones by width, broken ones dashed with a cross."""
    layers = []
    for n, (_, weight) in enumerate(_WEIGHTS):
        of_width = [t for t in ties if not t["broken"] and _step(t) == n]
        if of_width:
            layers.append(rules(of_width, color="#7b8794", weight=weight))
    broken = [t for t in ties if t["broken"]]
    if broken:
        layers.append(rules(broken, color="#a3261c", weight=1.6, dash=(5, 3)))
        layers.append(symbols([_middle(t) for t in broken]))
    return layers


def _step(tie: Spec) -> int:
    """The place of a link's width among the widths; below the first where it stands for no entry."""
    return sum(tie["count"] >= least for least, _ in _WEIGHTS) - 1


def _middle(tie: Spec) -> Spec:
    return {"x": (tie["x"] + tie["x2"]) / 2, "y": (tie["y"] + tie["y2"]) / 2, **_MARK}


def _stubs(shown: Sequence[Spec]) -> list[Spec]:
    """What leads nowhere: a short dashed line from the box, with a cross at its end."""
    ends = []
    for node in shown:
        y = (node["y"] + node["y2"]) / 2
        if node.get("missing") in ("after", "both"):
            ends.append({"x": node["x2"], "x2": node["x2"] + _STUB, "y": y, "y2": y})
        if node.get("missing") in ("before", "both"):
            ends.append({"x": node["x"], "x2": node["x"] - _STUB, "y": y, "y2": y})
    if not ends:
        return []
    crosses = [{"x": e["x2"], "y": e["y"], **_MARK} for e in ends]
    return [rules(ends, color="#a3261c", weight=1.6, dash=(5, 3)), symbols(crosses)]


def _names(shown: Sequence[Spec]) -> Spec:
    rows = [
        {"x": n["x"] + 6, "y": centred((n["y"] + n["y2"]) / 2, n["lines"]), "words": n["lines"]}
        for n in shown
    ]
    return words_at(rows, size=SMALL, color=INK)


def _heads(columns: Sequence[str]) -> Spec:
    rows = [
        {"x": n * (_WIDE + _GUTTER), "y": 8, "words": wrapped(name, _CHARACTERS, 2)}
        for n, name in enumerate(columns)
    ]
    return words_at(rows, size=SMALL, color=MUTED, bold=True)


def _key(ties: Sequence[Spec], shown: Sequence[Spec], tall: float) -> list[Spec]:
    """What the lines mean, as far as they are drawn."""
    y = tall - 8
    entries = []
    whole = [t for t in ties if not t["broken"]]
    if whole:
        wider = len({_step(t) for t in whole}) > 1
        entries.append((f"whole link{', wider for more entries' if wider else ''}", False))
    if any(t["broken"] for t in ties) or any(n.get("missing") for n in shown):
        entries.append(("broken or missing link", True))
    layers: list[Spec] = []
    for n, (words, broken) in enumerate(entries):
        x = n * 250.0
        line = [{"x": x, "x2": x + 26, "y": y, "y2": y}]
        layers.append(
            rules(line, color="#a3261c", weight=1.6, dash=(5, 3))
            if broken
            else rules(line, color="#7b8794", weight=2.2)
        )
        if broken:
            layers.append(symbols([{"x": x + 13, "y": y, **_MARK}]))
        layers.append(words_at([{"x": x + 32, "y": y, "words": words}], size=SMALL, color=MUTED))
    if not layers:
        layers.append(rules([{"x": 0, "x2": 0, "y": y, "y2": y}], color=FAINT))
    return layers
