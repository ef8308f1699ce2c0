"""What joins the entries of a file: references that lead nowhere, dates that cross, ranges that are
reversed, schemes that wait in a circle.

An entry that the plan holds already, unchanged, is not held against the file: the checks of the plan name it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from workbook.plan.rows.tables import Column
from workbook.words import day, listed, number

if TYPE_CHECKING:
    from workbook.plan.rows.merging import Built

Ids = Callable[[str], dict[str, str] | None]
_IN_ORDER = (
    ("contract_start", "contract_end"),
    ("notice_date", "stop_date"),
    ("record.taken_on", "record.review_on"),
)
_FROM_LOW_TO_HIGH = (
    ("low", "percent", "high"),
    ("effect_low", "effect", "effect_high"),
    ("earned_low", "earned", "earned_high"),
    ("cost_low", "cost", "cost_high"),
    ("cost_low", "cost_high"),
)
_VALUED = {"scheme": "schemes", "service": "services", "line": "lines"}


def run(
    built: list[Built], ids: Ids, known: Mapping[str, Mapping[str, str]], schemes: list[dict[str, Any]]
) -> None:
    """Say what is wrong with the entries that are new or changed."""
    for made in built:
        if made.entry == made.before:
            continue
        _names(made)
        _dates(made)
        _ranges(made)
        for column in made.table.fields:
            if column.refers:
                _reference(made, column, ids)
        labels = known.get(made.table.name)
        if labels and made.row.key and made.row.key not in labels:
            made.row.say(f"There is no {made.row.key} to answer here.", nearest(made.row.key, labels), "Id")
    _circles([m for m in built if m.table.name == "schemes"], schemes)


def nearest(text: str, ids: Collection[str]) -> str:
    """What to do about an id that is not there."""
    close = difflib.get_close_matches(text, list(ids), 1, 0.6)
    if close:
        return f"Is {close[0]} meant? Mend the cell."
    if not ids:
        return "There are none yet; bring them in first, or empty the cell."
    few = list(ids)[:5]
    return f"Write one that is there ({listed(few, 'or')}{' and so on' if len(ids) > len(few) else ''}), or bring it in as well."


def _names(made: Built) -> None:
    for column in made.table.fields:
        if (
            column.required
            and column.kind == "text"
            and column.name != "id"
            and not _value(made.entry, column)
        ):
            made.row.say(
                "The cell is empty.", f"Give {column.label[:1].lower()}{column.label[1:]}.", column.heading
            )


def _value(entry: dict[str, Any], column: Column) -> Any:
    value: Any = entry
    for part in column.path:
        value = value[part]
    return value


def _dates(made: Built) -> None:
    columns = {c.name: c for c in made.table.fields}
    for first, last in _IN_ORDER:
        if first not in columns or last not in columns:
            continue
        start, end = _value(made.entry, columns[first]), _value(made.entry, columns[last])
        if start and end and end < start:
            made.row.say(
                f"{day(date.fromisoformat(end))} is before {day(date.fromisoformat(start))}, "
                f"the date under “{columns[first].label}”.",
                "Mend one of the two dates.",
                columns[last].heading,
            )


def _ranges(made: Built) -> None:
    columns = {c.name: c for c in made.table.fields}
    for names in _FROM_LOW_TO_HIGH:
        if not all(name in columns for name in names):
            continue
        given = [v for name in names if (v := _value(made.entry, columns[name])) is not None]
        if given != sorted(given):
            made.row.say(
                f"The range runs {listed([number(v) for v in given])}, which is not from low to high.",
                "Put the low end, the figure and the high end in order; below zero, -6 is lower than -1.",
                columns[names[0]].heading,
            )


def _reference(made: Built, column: Column, ids: Ids) -> None:
    value = _value(made.entry, column)
    before = _value(made.before, column) if made.before else None
    old = before if isinstance(before, list) else [before]
    for item in value if isinstance(value, list) else [value]:
        if item in ("", None) or item in old:
            continue
        what, text = column.refers, str(item)
        if what == "valued":
            kind, _, text = text.partition(":")
            what = _VALUED.get(kind, "")
        there = ids(what) if what else {}
        if there is not None and text not in there:
            made.row.say(
                f"There is no {text} among {what.replace('_', ' ') or 'what can be scored'}.",
                nearest(text, there),
                column.heading,
            )


def _circles(built: list[Built], schemes: list[dict[str, Any]]) -> None:
    """A scheme that, by what must come first, has to wait for itself."""
    after = {s["id"]: list(s.get("after") or []) for s in schemes if s.get("id")}
    for made in built:
        if made.entry == made.before:
            continue
        way = _way_back(made.entry["id"], after)
        if way:
            made.row.say(
                f"{made.entry['id']} waits for itself: {' after '.join(way)}.",
                "Take one of them out of what must come first.",
                next(c.heading for c in made.table.fields if c.name == "after"),
            )


def _way_back(start: str, after: Mapping[str, list[str]]) -> list[str]:
    """The shortest way from a scheme to itself over what must come before; empty where there is none."""
    ways, seen = [[start]], set()
    while ways:
        way = ways.pop(0)
        for first in after.get(way[-1], []):
            if first == start:
                return [*way, start]
            if first not in seen:
                seen.add(first)
                ways.append([*way, first])
    return []
