"""A calendar: one row a thing, its dates as symbols along one line of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from workbook.charts import marks
from workbook.charts.parts import (
    FAINT,
    FILLS,
    INK,
    LINE,
    MUTED,
    PALETTE,
    SHADES,
    SMALL,
    WIDTH,
    Rows,
    Spec,
    chart,
    text_width,
    wrapped,
)

# Shape and fill say the kind; colour only repeats it. The order is that of the key.
LOOKS = {
    "consulted": marks.look("triangle-up", "#ffffff", MUTED, 70, 1.6),
    "notified": marks.look("triangle-down", "#ffffff", MUTED, 70, 1.6),
    "decided": marks.look("diamond", INK, INK, 80, 1),
    "notice": marks.look("circle", "#ffffff", PALETTE[0], 80, 1.8),
    "earliest": marks.look("triangle-right", PALETTE[0], PALETTE[0], 90, 1),
    "last day": marks.look("square", INK, INK, 90, 1),
    "contract ends": marks.look("cross", FILLS[5], MUTED, 80, 1),
    "review": marks.look("diamond", "#ffffff", MUTED, 70, 1.4),
}
WORDS = {
    "consulted": "scrutiny consulted",
    "notified": "Secretary of State notified",
    "decided": "decision taken",
    "earliest": "earliest end",
}
_LABELLED = 8  # rows up to which each symbol carries its date
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GAP = 14
_SAID = 62  # pixels that "too early" takes at the right


def calendar(rows: Rows) -> Spec:
    """One row a thing, its dates as symbols; every 31 March is a line with its year.

    Rows: name; events, a list of {kind, day}: ``kind`` one of ``LOOKS``, ``day``
    a date. A bar runs from the notice to the earliest day. Where the last day
    lies before the earliest day, the row says "too early" in words. Up to eight
    rows carry the date at each symbol; more are read with the table behind.
    """
    table: list[dict[str, Any]] = [{"name": str(r.get("name", "")), "events": _events(r)} for r in rows]
    days = [on for r in table for _, on in r["events"]]
    if not days:
        return chart([], WIDTH, 30)
    left = min(max(text_width(n) for r in table for n in wrapped(r["name"], 28, lines=2)) + _GAP, 210)
    line = _Time(min(days), max(days), left, WIDTH - _SAID)
    labelled = len(table) <= _LABELLED
    for row in table:
        row["names"] = wrapped(row["name"], 28, lines=2)
        row["labels"] = _labels(row["events"], line) if labelled else []
    tall = _rows(table, labelled)
    layers = [*_grid(line, tall), *_spans(table, line), *_symbols(table, line), *_words(table)]
    kinds = [k for k in LOOKS if any(kind == k for r in table for kind, _ in r["events"])]
    return chart([*layers, *marks.key([(LOOKS[k], WORDS.get(k, k)) for k in kinds], WIDTH, -34)], WIDTH, tall)


class _Time:
    """Where a day stands across, in pixels; a twentieth of room at both ends."""

    def __init__(self, first: date, last: date, left: float, right: float) -> None:
        room = timedelta(days=max((last - first).days // 20, 20))
        self.first, self.last, self.left, self.right = first - room, last + room, left, right

    def at(self, on: date) -> float:
        share = (on - self.first).days / max((self.last - self.first).days, 1)
        return self.left + share * (self.right - self.left)

    def year_ends(self) -> list[date]:
        """Every 31 March in between; of many years some are left out."""
        ends = [date(y, 3, 31) for y in range(self.first.year, self.last.year + 1)]
        held = [d for d in ends if self.first <= d <= self.last]
        step = max(1, -(-len(held) * 62 // int(self.right - self.left)))
        return held[::step]


def _events(row: Mapping[str, Any]) -> list[tuple[str, date]]:
    found = [(str(e["kind"]), e["day"]) for e in row.get("events") or [] if isinstance(e.get("day"), date)]
    return sorted([(kind, on) for kind, on in found if kind in LOOKS], key=lambda e: e[1])


def _labels(events: list[tuple[str, date]], line: _Time) -> list[dict[str, Any]]:
    """The words at each symbol, each on the first level where it does not run into another."""
    ends: list[float] = []
    found = []
    for kind, on in events:
        words = f"{WORDS.get(kind, kind)} {on.day} {_MONTHS[on.month - 1]} {on.year}"
        wide = text_width(words, SMALL)
        start = min(max(line.at(on) - wide / 2, line.left - 6), line.right - wide + 8)
        level = next((n for n, end in enumerate(ends) if start > end + 8), len(ends))
        ends[level : level + 1] = [start + wide]
        found.append({"x": start, "level": level, "words": words})
    return found


def _rows(table: list[dict[str, Any]], labelled: bool) -> float:
    """Gives every row its middle; back comes how far down they reach."""
    at = 0.0
    for row in table:
        levels = 1 + max((w["level"] for w in row["labels"]), default=-1)
        names = LINE * len(row["names"]) + 8
        tall = max(names, (22 + levels * LINE if labelled else 20))
        row["top"], row["y"] = at, at + (12 if labelled else tall / 2)
        at += tall
        row["bottom"] = at
    return at


def _grid(line: _Time, tall: float) -> list[Spec]:
    ends = line.year_ends()
    rules = [{"x": line.at(d), "x2": line.at(d), "y": -4, "y2": tall} for d in ends]
    names = [{"x": line.at(d), "y": -14, "words": f"31 Mar {d.year}"} for d in ends]
    return [
        marks.rules(rules, color=FAINT, weight=1.4),
        marks.words_at(names, align="center", size=SMALL, color=MUTED),
    ]


def _spans(table: list[dict[str, Any]], line: _Time) -> list[Spec]:
    """The whole span of a row as a thin line, the time of notice as a thick one."""
    thin, thick = [], []
    for row in table:
        dates = dict(row["events"])
        days = list(dates.values())
        if days:
            thin.append({"x": line.at(min(days)), "x2": line.at(max(days)), "y": row["y"], "y2": row["y"]})
        if "notice" in dates and "earliest" in dates:
            ends = {"x": line.at(dates["notice"]), "x2": line.at(dates["earliest"])}
            thick.append(ends | {"y": row["y"] - 3, "y2": row["y"] + 3, "fill": SHADES[1]})
    return [marks.rules(thin, color=MUTED, weight=1), marks.boxes(thick)]


def _symbols(table: list[dict[str, Any]], line: _Time) -> list[Spec]:
    found = [{"x": line.at(on), "y": row["y"], **LOOKS[kind]} for row in table for kind, on in row["events"]]
    return [marks.symbols(found)]


def _words(table: list[dict[str, Any]]) -> list[Spec]:
    names = [
        {
            "x": 0,
            "y": row["top"] + 12 if row["labels"] else marks.centred(row["y"], row["names"]),
            "words": row["names"],
        }
        for row in table
    ]
    labels = [
        {"x": w["x"], "y": row["y"] + 15 + w["level"] * LINE, "words": w["words"]}
        for row in table
        for w in row["labels"]
    ]
    early = [
        {"x": WIDTH - _SAID + 6, "y": row["y"], "words": "too early"}
        for row in table
        if _too_early(row["events"])
    ]
    return [
        marks.words_at(names),
        marks.words_at(labels, size=SMALL, color=MUTED),
        marks.words_at(early, size=SMALL, color=PALETTE[1], bold=True),
    ]


def _too_early(events: list[tuple[str, date]]) -> bool:
    dates = dict(events)
    return "last day" in dates and "earliest" in dates and dates["last day"] < dates["earliest"]
