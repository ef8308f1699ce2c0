"""Current figures from the publishers' open services, by way of the same importer as files by hand.

Only ``workbook data update`` comes here. Everything else works without a network.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.errors import BAD_INPUT, DONE, BadInput, FaultyFile, Unreachable, UsageError
from workbook.reference import importers
from workbook.reference.update.fetch import Web
from workbook.reference.update.publishers import MIRROR, Download, Publishers, Wanted
from workbook.reference.update.shelf import Kept, Shelf
from workbook.words import day, listed, plural

if TYPE_CHECKING:
    from workbook.reference.catalogue import Reference

__all__ = ["MIRROR", "Brought", "Update", "Web", "update"]

TAKEN, UNCHANGED, EMPTY, FAILED = "taken", "unchanged", "nothing published", "failed"


@dataclass(frozen=True)
class Brought:
    """What came of one file. ``vintage`` is the span of years in it; ``published`` a date (ISO) or blank."""

    file: str
    publisher: str
    indicators: tuple[str, ...]
    areas: str
    address: str
    state: str
    vintage: str = ""
    published: str = ""
    sentence: str = ""

    def as_record(self) -> dict[str, Any]:
        """For a program."""
        return {**self.__dict__, "indicators": list(self.indicators)}


@dataclass(frozen=True)
class Update:
    """What came of an update, file by file."""

    files: tuple[Brought, ...]
    said: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0, or 4 where a file could not be brought (the others were)."""
        return BAD_INPUT if any(f.state == FAILED for f in self.files) else DONE

    def sentence(self) -> str:
        """The whole of it in a sentence."""
        counts = {
            state: sum(f.state == state for f in self.files) for state in (TAKEN, UNCHANGED, EMPTY, FAILED)
        }
        words = {
            TAKEN: "brought new figures",
            UNCHANGED: "unchanged",
            EMPTY: "not published for these areas",
            FAILED: "could not be brought",
        }
        parts = [f"{n} {words[state]}" for state, n in counts.items() if n]
        return f"{plural(len(self.files), 'file')}: {listed(parts) or 'nothing to bring'}."

    def as_record(self) -> dict[str, Any]:
        """For a program."""
        return {"files": [f.as_record() for f in self.files], "said": list(self.said)}


def update(
    reference: Reference,
    areas: Sequence[str] = (),
    *,
    only: Collection[str] = (),
    source: str | None = None,
    mirror: str | None = None,
    say: Callable[[str], None] = lambda _: None,
    web: Web | None = None,
) -> Update:
    """Bring current figures for areas and their peers; without areas, what was brought before.

    ``only`` limits it to some indicators, ``source`` to one publisher. Files are those of every area of a
    kind, so peers, the country and the spread of areas come with them. A file that failed does not stop
    the others.

    Raises:
        UsageError: no area is named and nothing was brought before; an unknown source.
        UnknownArea, UnknownIndicator: nobody knows it.
        Unreachable: none of the publishers can be reached.
        BadInput: the folder of the downloads may not be written.
    """
    publishers = Publishers(reference.data) if mirror is None else Publishers(reference.data, mirror)
    shelf = Shelf(reference.home)
    wanted = _wanted(reference, publishers, shelf, areas, only, source)
    work = _Work(reference, shelf, web or Web(say), say)
    for said in wanted.said:
        say(said)
    if wanted.downloads:
        shelf.ready()
    files = [work.bring(d, n, len(wanted.downloads)) for n, d in enumerate(wanted.downloads, start=1)]
    if files and work.unreachable and all(f.state == FAILED for f in files):
        raise _no_network(work.unreachable, publishers)
    return Update(tuple(files), wanted.said)


def _wanted(
    reference: Reference,
    publishers: Publishers,
    shelf: Shelf,
    areas: Sequence[str],
    only: Collection[str],
    source: str | None,
) -> Wanted:
    if areas:
        return publishers.wanted(reference, areas, only, source)
    kept = {(k.publisher, k.series, k.area_type) for k in shelf.kept().values()}
    if not kept:
        raise UsageError(
            "No area is named, and nothing was brought before that could be brought up to date.",
            "Name an area: workbook data update E06000047.",
        )
    every = publishers.all_files(reference, only, source)
    return Wanted(tuple(d for d in every if (d.publisher.id, d.series, d.area_type) in kept))


def _no_network(errors: dict[str, Unreachable], publishers: Publishers) -> Unreachable:
    pages = listed(publishers.known[id].by_hand for id in errors)
    problems = " ".join(e.problem for e in errors.values())
    return Unreachable(
        f"{problems} Nothing was changed.",
        f"Everything else works without a network. Connect, or download the files on another machine from {pages} and bring "
        "them with 'workbook data import FILE'.",
    )


@dataclass
class _Work:
    """The files, one after another."""

    reference: Reference
    shelf: Shelf
    web: Web
    say: Callable[[str], None]

    def __post_init__(self) -> None:
        self.unreachable: dict[str, Unreachable] = {}

    def bring(self, download: Download, number: int, of: int) -> Brought:
        """One file: fetch, import, say."""
        names = {i.id: i.name for i in self.reference.indicators()}
        title = listed(names.get(i, i) for i in download.indicators)
        self.say(f"{number} of {of}: {title}, {download.words} ({download.publisher.name})")
        made = self._brought(download)
        self.say(f"  {made.sentence}")
        return made

    def _brought(self, download: Download) -> Brought:
        if download.publisher.id in self.unreachable:
            return _made(download, FAILED, "Not asked for, because the publisher cannot be reached.")
        try:
            kept, _ = self.shelf.bring(download, self.web)
        except Unreachable as error:
            self.unreachable[download.publisher.id] = error
            return _made(download, FAILED, str(error))
        except BadInput as error:
            return _made(download, FAILED, str(error))
        return self._imported(download, kept)

    def _imported(self, download: Download, kept: Kept) -> Brought:
        before = [i for i in self.reference.imports() if i["sha256"] == kept.sha256]
        if before:
            vintage, taken = before[-1]["vintage"], str(before[-1]["taken"])[:10]
            words = f"Unchanged since it was taken on {taken}: figures for {vintage}."
            return _made(download, UNCHANGED, words, vintage)
        path = self.shelf.path(kept.name)
        if _rows(path) < 2:
            return _made(download, EMPTY, f"Not published for {download.words}.")
        try:
            report = importers.take([path], self.reference)[0]
        except FaultyFile as error:
            self.shelf.forget(kept.name)  # so that a mended file is fetched, not this one remembered
            return _made(download, FAILED, str(error))
        except BadInput as error:
            self.shelf.forget(kept.name)
            remedy = f"Open {download.address} in a browser to see what the publisher sends there."
            return _made(download, FAILED, f"{error.problem} Nothing of it was taken. {remedy}")
        vintage = self.reference.imports()[-1]["vintage"]
        published = self._published(download)
        told = f", published {day(date.fromisoformat(published))}" if published else ""
        first = report.said[0] if report.said else "Taken."
        return _made(download, TAKEN, f"{first} Figures for {vintage}{told}.", vintage, published)

    def _published(self, download: Download) -> str:
        """The date of publication, where the publisher says it beside the file; blank where it does not."""
        if not download.about:
            return ""
        try:
            told = json.loads(self.web.read(download.about, download.hosts))
            return date.fromisoformat(str(told.get("dc:issued", ""))).isoformat()
        except (BadInput, ValueError, AttributeError):
            return ""


def _made(download: Download, state: str, sentence: str, vintage: str = "", published: str = "") -> Brought:
    return Brought(
        download.name,
        download.publisher.id,
        download.indicators,
        download.words,
        download.address,
        state,
        vintage,
        published,
        sentence,
    )


def _rows(path: Path) -> int:
    """How many lines a file has, as far as two."""
    with path.open("rb") as file:
        return sum(1 for _, line in zip(range(2), file, strict=False) if line.strip())
