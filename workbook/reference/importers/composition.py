"""Areas made of others (``workbook data template composition``): a merged board, a cluster, a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Area, Sighting, family, nearest, plain_name
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.lineage import Link, onward_from
from workbook.reference.template import COMPOSITION
from workbook.words import listed

_CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
LONGEST_CODE = 40  # a code becomes the name of a folder in a batch
LONGEST_NAME = 120  # and a name stands in headings
_KIND_WORDS = {
    "icb": "an integrated care board",
    "ccg": "a clinical commissioning group or location",
    "la": "a council",
    "region": "a region",
    "country": "a country",
    "place": "a place",
    "synthetic": "a synthetic area",
}


def read(table: Table, known: Known) -> Parsed:
    """Composed areas with their members. Figures of an area are never counted twice: overlaps refuse."""
    frame, faults = table.frame, list[Fault]()
    check.refuse(
        faults,
        frame[
            (frame["code"] == COMPOSITION["code"].example) & (frame["name"] == COMPOSITION["name"].example)
        ],
        None,
        lambda c: "This is the example row of the template.",
        "Delete the row, or put your own area in it.",
    )
    check.filled(frame, ["code", "name", "member"], faults)
    frame = frame.assign(code=frame["code"].str.upper())
    found = {given: known.book.find(given) for given in frame["member"].unique() if given}
    _known_members(frame, found, known, faults)
    frame = frame.assign(found=frame["member"].map(lambda m: a.code if (a := found.get(m)) else ""))
    areas: dict[str, Sighting] = {}
    for code, rows in frame[frame["code"] != ""].groupby("code", sort=False):
        members = [known.book.areas[c] for c in rows["found"] if c]
        _own_code(str(code), rows, known, faults)
        _members(rows, members, known, faults)
        synthetic = bool(members) and all(a.synthetic for a in members)
        areas[str(code)] = Sighting("composed", str(code), name=rows["name"].iloc[0], synthetic=synthetic)
    _one_name_each(frame, known, faults)
    rows = frame[(frame["found"] != "") & (frame["code"] != "")].drop_duplicates(["code", "found"])
    for code in rows["found"].unique():
        areas[code] = Sighting(known.book.areas[code].kind, code)
    frame = pd.DataFrame({"area": rows["code"], "member": rows["found"]})
    return Parsed(areas, members=frame, faults=faults)


def _known_members(
    frame: pd.DataFrame, found: dict[str, Area | None], known: Known, faults: list[Fault]
) -> None:
    for given in (g for g, area in found.items() if area is None):
        near = nearest(given, known.book.areas.values())
        check.refuse(
            faults,
            frame[frame["member"] == given],
            "member",
            lambda c: f"There is no area {check.shown(c['member'])}.",
            f"{f'Did you mean {near}? ' if near else ''}Give the code of an area that 'workbook areas' lists.",
        )


def _own_code(code: str, rows: pd.DataFrame, known: Known, faults: list[Fault]) -> None:
    first = rows.head(1)
    there = known.book.find(code)
    check.refuse(
        faults,
        rows[~rows["name"].map(is_name) & (rows["name"] != "")],
        "name",
        lambda c: f"{check.shown(c['name'])} is no name that can be printed.",
        f"Write it on one line, in at most {LONGEST_NAME} letters, digits and ordinary signs.",
    )
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        check.refuse(
            faults,
            first,
            "code",
            lambda c: f"{check.shown(c['code'])} is no code.",
            f"Use at most {LONGEST_CODE} capital letters, digits and hyphens, such as MY-NORTH-CLUSTER.",
        )
    elif there is not None and there.kind != "composed":
        check.refuse(
            faults,
            first,
            "code",
            lambda c: f"{c['code']} is the code of {there.name} already.",
            "Give the composed area a code of its own, such as MY-NORTH-CLUSTER.",
        )
    other = rows[rows["name"] != rows["name"].iloc[0]]
    check.refuse(
        faults,
        other,
        "name",
        lambda c: f"{code} has the name {check.shown(rows['name'].iloc[0])} in an earlier row.",
        "Write the same name in every row of the area.",
    )


def is_name(text: str) -> bool:
    """Whether a text can stand in a heading: one line, nothing invisible, not too long."""
    return 0 < len(text) <= LONGEST_NAME and text.isprintable()


def _one_name_each(frame: pd.DataFrame, known: Known, faults: list[Fault]) -> None:
    """Two composed areas of one name could not be told apart on a page."""
    taken = {plain_name(a.name): a.code for a in known.book.areas.values() if a.kind == "composed"}
    firsts = frame.drop_duplicates("code")
    for row, code, name in zip(firsts.index, firsts["code"], firsts["name"], strict=True):
        holder = taken.setdefault(plain_name(name), code)
        if holder != code:
            problem = f"{holder} has that name already."
            faults.append(Fault(problem, "Give one of the two another name.", int(row), "name"))


def _members(rows: pd.DataFrame, members: list[Area], known: Known, faults: list[Fault]) -> None:
    twice = rows[(rows["found"] != "") & rows["found"].duplicated()]
    check.refuse(
        faults,
        twice,
        "member",
        lambda c: f"{c['member']} is a member of {c['code']} already.",
        "Name it once; its figures would count twice.",
    )
    first = int(rows.index[0])
    composed = rows[rows["found"].isin([a.code for a in members if a.kind == "composed"])]
    check.refuse(
        faults,
        composed,
        "member",
        lambda c: f"{c['member']} is itself made of other areas.",
        "Give the areas that it is made of instead.",
    )
    plain = list({a.code: a for a in members if a.kind != "composed"}.values())
    if len(rows) < 2:
        faults.append(
            Fault(
                f"{rows['code'].iloc[0]} has one member only.",
                "Give it two or more.",
                first,
                "member",
            )
        )
    for problem, remedy in _overlaps(plain, known.links):
        faults.append(Fault(f"{rows['code'].iloc[0]}: {problem}", remedy, first, "member"))


def _overlaps(members: list[Area], links: Iterable[Link]) -> list[tuple[str, str]]:
    """Why members cannot stand beside each other: another kind, one within the other, one after the other."""
    kinds = list(dict.fromkeys(family(a.kind) for a in members))
    if len(kinds) > 1:
        each = [next(a for a in members if family(a.kind) == kind) for kind in kinds]
        words = listed(f"{a.name} is {_KIND_WORDS.get(family(a.kind), a.kind)}" for a in each)
        return [
            (f"its members are of several kinds and may overlap: {words}.", "Take members of one kind only.")
        ]
    if any(a.synthetic for a in members) and not all(a.synthetic for a in members):
        return [("it mixes synthetic areas with real ones.", "Take the one or the other.")]
    onward: dict[str, set[str]] = {}
    for link in links:
        if link.old != link.new:
            onward.setdefault(link.old, set()).add(link.new)
    reach = {a.code: onward_from(a.code, onward) for a in members}
    found = []
    for one, two in combinations(members, 2):
        for part, whole in ((one, two), (two, one)):
            if whole.code in reach[part.code]:
                found.append(
                    (
                        f"{part.name} ({part.code}) lies within, or became, {whole.name} ({whole.code}).",
                        "Leave out one of the two; its people would count twice.",
                    )
                )
    return found or _county_and_district(members, reach)


def _county_and_district(members: list[Area], reach: dict[str, set[str]]) -> list[tuple[str, str]]:
    """A county beside a district whose county nobody told: it may be its own."""
    counties = [a for a in members if a.code.startswith("E10")]
    unplaced = [
        a for a in members if a.code.startswith("E07") and not any(c.startswith("E10") for c in reach[a.code])
    ]
    if not counties or not unplaced:
        return []
    return [
        (
            f"{counties[0].name} is a county and {unplaced[0].name} a district that may lie within it.",
            "Import a look-up of districts to counties first, or take districts only.",
        )
    ]


FORMAT = Format(
    id="composition",
    title="Areas made of others (the workbook's template)",
    required=tuple(COMPOSITION),
    read=read,
    strict=True,
    last=True,
    source="Composed by the user",
    licence="",
)
