"""A look-up of your own (``workbook data template lookup``): old codes and what became of them."""

from __future__ import annotations

import datetime

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import friendly_name
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.lineage import KINDS, onward_from
from workbook.reference.store import LINEAGE
from workbook.reference.template import LOOKUP
from workbook.words import listed


def read(table: Table, known: Known) -> Parsed:
    """Links between codes. Codes that carry names and a known kind of ONS code become areas."""
    faults = list[Fault]()
    frame = table.frame.assign(**{c: "" for c in LOOKUP if c not in table.frame.columns})
    check.refuse(
        faults,
        frame[(frame["old"] == LOOKUP["old"].example) & (frame["source"] == LOOKUP["source"].example)],
        None,
        lambda c: "This is the example row of the template.",
        "Delete the row, or put your own link in it.",
    )
    check.filled(frame, ["old", "new", "kind"], faults)
    frame["kind"] = frame["kind"].str.strip().str.casefold()
    check.refuse(
        faults,
        frame[~frame["kind"].isin([*KINDS, ""])],
        "kind",
        lambda c: f"{check.shown(c['kind'])} is no kind of change.",
        f"Write {listed(KINDS, 'or')}.",
    )
    check.refuse(
        faults,
        frame[(frame["old"] == frame["new"]) & (frame["old"] != "") & (frame["kind"] != "continued")],
        "new",
        lambda c: f"{c['old']} leads to itself.",
        "Give the code that came after, or write continued if the body kept its code.",
    )
    check.refuse(
        faults,
        frame[~frame["on"].map(_is_day)],
        "on",
        lambda c: f"{check.shown(c['on'])} is no day.",
        "Write the day as 2021-04-01, or leave the cell blank.",
    )
    _no_circles(frame, faults)
    for column in ("old_name", "new_name", "source"):
        frame[column] = frame[column].map(friendly_name)
    links = frame.rename(columns={"on": "on_date"})
    links["source"] = links["source"].where(links["source"] != "", FORMAT.source)
    links = check.once(
        links[list(LINEAGE)],
        ["old", "new", "kind"],
        ["on_date"],
        faults,
        "on",
        lambda c: f"the link from {c['old']} to {c['new']}",
    )
    return Parsed(_areas(frame), lineage=links, faults=faults)


def _no_circles(frame: pd.DataFrame, faults: list[Fault]) -> None:
    """Refuse a link that leads back to where it came from by way of the rows before it."""
    onward: dict[str, set[str]] = {}
    for row, old, new in zip(frame.index, frame["old"], frame["new"], strict=True):
        if not old or not new or old == new:
            continue
        if old in onward_from(new, onward):
            problem = f"{old} leads to {new}, and by the rows before {new} leads to {old}."
            faults.append(
                Fault(problem, "Delete the link that is wrong; no area comes after itself.", int(row), "new")
            )
        else:
            onward.setdefault(old, set()).add(new)


def _areas(frame: pd.DataFrame) -> dict[str, base.Sighting]:
    areas: dict[str, base.Sighting] = {}
    for code_column, name_column in (("old", "old_name"), ("new", "new_name")):
        for code, name in zip(frame[code_column], frame[name_column], strict=True):
            seen = base.sighting(code, name) if name else None
            if seen:
                areas.setdefault(code, seen)
    return areas


def _is_day(text: str) -> bool:
    try:
        return text == "" or (len(text) == 10 and bool(datetime.date.fromisoformat(text)))
    except ValueError:
        return False


FORMAT = Format(
    id="lookup",
    title="A look-up between codes (the workbook's template)",
    required=tuple(name for name, column in LOOKUP.items() if column.required),
    optional=tuple(name for name, column in LOOKUP.items() if not column.required),
    read=read,
    strict=True,
    source="A look-up of your own",
    licence="",
)
