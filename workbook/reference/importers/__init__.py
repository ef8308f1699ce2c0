"""Importers for files as their publishers give them, found by content and not by name.

``check`` reports every fault of a file at once and takes nothing. ``take`` takes
files: each whole or not at all.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.errors import BadInput, Fault, FaultyFile
from workbook.reference import check as cells
from workbook.reference.areas import Area, AreaBook, made_code
from workbook.reference.importers import beside, detect, doubts, table
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.detect import FORMATS
from workbook.reference.lineage import Link
from workbook.reference.store import BOUNDARY, KEY, MEMBER, NEED, PEER, POPULATION, Intake, Origin, Outcome
from workbook.words import listed, plural

if TYPE_CHECKING:
    import pandas as pd

    from workbook.reference.catalogue import Reference

__all__ = ["FORMATS", "Report", "check", "check_all", "take"]


@dataclass(frozen=True)
class Report:
    """What a file holds and what is wrong with it.

    ``series`` has one dictionary an indicator: indicator, name, areas, first,
    last, points. ``said`` are sentences on what taking the file did.
    """

    file: str
    format: str
    faults: list[Fault]
    rows: int
    series: list[dict[str, Any]]
    taken: bool = False
    said: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether a fault stands in the way of taking the file."""
        return any(f.severity == "refuses" for f in self.faults)


@dataclass
class _File:
    """A file on its way in."""

    table: table.Table
    format: Format
    parsed: Parsed = field(default_factory=Parsed)
    areas: dict[str, str] = field(default_factory=dict)
    person_level: bool = False

    @property
    def digest(self) -> str:
        """What tells whether the same was taken before: the file's own, with what was read beside it."""
        others = sorted(t.sha256 for tables in self.table.beside.values() for t in tables)
        if not others:
            return self.table.sha256
        return hashlib.sha256(" ".join([self.table.sha256, *others]).encode()).hexdigest()

    @property
    def faults(self) -> list[Fault]:
        found = [*self.table.faults, *self.parsed.faults]
        return sorted(found, key=lambda f: (f.row or 0, f.severity == "warns"))


def check(path: str | Path, reference: Reference, as_format: str | None = None) -> Report:
    """Every fault of a file, with row, column and remedy; nothing is taken.

    Raises:
        BadInput: the file is no table, or is in no format that is known.
    """
    files, _ = _read([path], reference, as_format)
    return _report(files[0])


def check_all(
    paths: Sequence[str | Path], reference: Reference, as_format: str | None = None
) -> list[Report]:
    """As :func:`check`, for files that are to be taken together: each may tell more of another."""
    files, _ = _read(paths, reference, as_format)
    return [_report(one) for one in files]


def take(paths: Sequence[str | Path], reference: Reference, as_format: str | None = None) -> list[Report]:
    """Take the files, each in one transaction, once all of them were found sound.

    The areas of all the files are known before any series is filed under them,
    so the order of the files does not matter.

    Raises:
        FaultyFile: a file has faults that refuse; carries every one, and nothing of any file was taken.
        BadInput: a file is no table, is in no format that is known, or cannot be kept.
    """
    with reference.store.turn():
        return _take_all(paths, reference, as_format)


def _take_all(paths: Sequence[str | Path], reference: Reference, as_format: str | None) -> list[Report]:
    files, book = _read(paths, reference, as_format)
    faulty = [f for f in files if _report(f).refused]
    if faulty:
        raise FaultyFile(listed(f.table.file for f in faulty), _all_faults(faulty))
    reports = []
    for one in files:
        reports.append(_take(one, book, reference))
        reference.refresh()
    return reports


def _all_faults(files: list[_File]) -> list[Fault]:
    if len(files) == 1:
        return files[0].faults
    return [replace(f, problem=f"in {one.table.file}: {f.problem}") for one in files for f in one.faults]


# --- reading --------------------------------------------------------------------


def _read(
    paths: Sequence[str | Path], reference: Reference, as_format: str | None
) -> tuple[list[_File], AreaBook]:
    if not paths:
        raise BadInput("No file was named.", "Name the files to take.")
    book = reference.area_book()
    files = [_open(path, as_format) for path in paths]
    _put_beside(files, paths)
    known = Known({i.id: i for i in reference.indicators()}, book, reference.links())
    for last in (False, True):
        batch = [f for f in files if f.format.last is last and not f.person_level]
        for one in batch:
            one.parsed = one.format.read(one.table, known)
        _meet(batch, book)
        known = replace(known, links=[*known.links, *_links(batch, book)])
    for one in files:
        doubts.ask(one.parsed, one.areas, reference)
    return files, book


def _put_beside(files: list[_File], paths: Sequence[str | Path]) -> None:
    """The files that tell more of another one, of this import or of its folder."""
    named = [(f.format, f.table) for f in files if not f.person_level]
    for one, path in zip(files, paths, strict=True):
        if one.format.beside and not one.person_level:
            beside.find(one.table, Path(path), one.format, named)


def _links(files: list[_File], book: AreaBook) -> list[Link]:
    """The links that files of this import bring, for the files that are read after them."""
    rows = [row for f in files if f.parsed.lineage is not None for row in f.parsed.lineage.to_dict("records")]
    codes = {c: area.code if (area := book.find(c)) else c for row in rows for c in (row["old"], row["new"])}
    return [
        Link(
            codes[row["old"]],
            row["old_name"],
            codes[row["new"]],
            row["new_name"],
            row["on_date"],
            row["kind"],
            row["source"],
        )
        for row in rows
    ]


def _open(path: str | Path, as_format: str | None) -> _File:
    found = table.read(path)
    # People come first: a file about patients is refused as that, whatever else it is.
    try:
        form = detect.format_of(found, as_format)
    except BadInput:
        people = cells.people(found.frame)
        if people:
            raise FaultyFile(found.file, people) from None
        raise
    people = cells.people(found.frame, form.harmless)
    if people:
        found.faults = people
        return _File(found, form, person_level=True)
    detect.renamed(found, form)
    return _File(found, form)


def _meet(files: list[_File], book: AreaBook) -> None:
    """Make the areas of the files known, the ones with codes first, then resolve each file's own keys."""
    seen = [(one, key, s) for one in files for key, s in one.parsed.areas.items()]
    for one, _, sighting in sorted(seen, key=lambda x: (not x[2].code, not x[2].ods)):
        book.meet(sighting, one.format.source)
    for one, key, sighting in seen:
        one.areas[key] = book.meet(sighting, one.format.source)
    for one in files:
        _say_stand_ins(one)


def _say_stand_ins(one: _File) -> None:
    made = [s.name for key, s in one.parsed.areas.items() if one.areas[key] == made_code(s) and not s.code]
    if made:
        one.parsed.faults.append(
            Fault(
                f"{plural(len(made), 'area')} known by name only: {listed(made)}.",
                "The name stands in for a code until a file that has one (such as the allocations) is taken.",
                None,
                None,
                "warns",
            )
        )


# --- taking ---------------------------------------------------------------------


def _take(one: _File, book: AreaBook, reference: Reference) -> Report:
    report = _report(one)
    before = reference.store.same(one.digest, one.format.id)
    if before:
        said = (
            f"{one.table.file} holds what was taken on {before['taken'][:10]} already; nothing was changed."
        )
        return replace(report, taken=False, said=(said,))
    outcome = reference.store.take(_intake(one, book))
    return replace(report, taken=True, said=_sentences(one, report, outcome))


def _intake(one: _File, book: AreaBook) -> Intake:
    return Intake(
        origin=Origin(
            file=one.table.file,
            format=one.format.id,
            sha256=one.digest,
            rows=len(one.table.frame),
            source=one.format.source,
            licence=one.format.licence,
            vintage=_vintage(one.parsed),
            taken=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        ),
        series=_resolved(one.parsed.series, KEY, one.areas),
        population=_resolved(one.parsed.population, POPULATION[:-1], one.areas),
        need=_resolved(one.parsed.need, NEED[:2], one.areas),
        boundaries=_resolved(one.parsed.boundaries, BOUNDARY[:1], one.areas),
        peers=_resolved(one.parsed.peers, PEER[:2], one.areas),
        members=_resolved(one.parsed.members, MEMBER, one.areas),
        lineage=one.parsed.lineage,
        indicators=one.parsed.indicators,
        banks=one.parsed.banks,
        areas=_to_save(one, book),
        renamed=book.renamed,
    )


def _to_save(one: _File, book: AreaBook) -> dict[str, Area]:
    mine = set(one.areas.values()) | set(book.renamed.values())
    return {code: area for code, area in book.changed.items() if code in mine}


def _resolved(frame: pd.DataFrame | None, key: Sequence[str], areas: dict[str, str]) -> pd.DataFrame | None:
    """The frame with area codes for the file's own keys; two names of one area keep the first figure."""
    if frame is None:
        return None
    codes = {c: frame[c].map(areas) for c in ("area", "peer", "member") if c in frame}
    return frame.assign(**codes).drop_duplicates(list(key))


def _vintage(parsed: Parsed) -> str:
    """The span of years that the figures cover; files do not say when they were published."""
    frame = parsed.series if parsed.series is not None else parsed.population
    if frame is None or frame.empty:
        return ""
    first, last = int(frame["year"].min()), int(frame["year"].max())
    return f"{first} to {last}" if last > first else str(first)


def _sentences(one: _File, report: Report, outcome: Outcome) -> tuple[str, ...]:
    said = [f"{one.table.file} was taken: {_contents(one, report)}."]
    if outcome.replaced and report.series:
        said.append(f"{_series(outcome.replaced)} of an earlier file replaced by newer figures.")
    elif outcome.replaced and one.parsed.banks:
        said.append(
            f"{plural(outcome.replaced, 'question bank')} of an earlier file replaced; answers in plans stay."
        )
    elif outcome.replaced:
        said.append(f"What was here before for {plural(outcome.replaced, 'area')} was replaced.")
    if outcome.withdrawn:
        said.append(
            f"{plural(outcome.withdrawn, 'earlier point')} that the newer file lacks went with the old one."
        )
    return tuple(said)


def _series(count: int) -> str:
    return plural(count, "series", "series")


def _contents(one: _File, report: Report) -> str:
    parts = []
    if report.series:
        points = sum(s["points"] for s in report.series)
        parts.append(f"{plural(len(report.series), 'indicator')} with {points:,} points")
    if one.parsed.population is not None:
        areas = one.parsed.population["area"].nunique()
        parts.append(f"population of {plural(areas, 'area')}")
    if one.parsed.need is not None:
        parts.append(f"need index of {plural(one.parsed.need['area'].nunique(), 'area')}")
    for frame, what in ((one.parsed.boundaries, "outlines"), (one.parsed.peers, "peers")):
        if frame is not None and not frame.empty:
            parts.append(f"{what} of {plural(frame['area'].nunique(), 'area')}")
    if one.parsed.members is not None and not one.parsed.members.empty:
        parts.append(plural(one.parsed.members["area"].nunique(), "composed area"))
    if one.parsed.lineage is not None and not one.parsed.lineage.empty:
        parts.append(plural(len(one.parsed.lineage), "link between codes", "links between codes"))
    if one.parsed.banks:
        asked = sum(len(bank.items) for bank in one.parsed.banks)
        parts.append(f"{plural(len(one.parsed.banks), 'question bank')} with {plural(asked, 'question')}")
    if one.parsed.indicators and not report.series:
        parts.append(f"descriptions of {plural(len(one.parsed.indicators), 'indicator')}")
    return listed(parts) or f"names of {plural(len(one.areas), 'area')}, no figures"


def _report(one: _File) -> Report:
    return Report(one.table.file, one.format.id, one.faults, len(one.table.frame), _summary(one.parsed))


def _summary(parsed: Parsed) -> list[dict[str, Any]]:
    if parsed.series is None or parsed.series.empty:
        return []
    names = {i.id: i.name for i in parsed.indicators}
    groups = parsed.series.sort_values("year", kind="stable").groupby("indicator", sort=False)
    return [
        {
            "indicator": str(id),
            "name": names.get(str(id), str(id)),
            "areas": int(rows["area"].nunique()),
            "first": rows["period"].iloc[0],
            "last": rows["period"].iloc[-1],
            "points": len(rows),
        }
        for id, rows in groups
    ]
