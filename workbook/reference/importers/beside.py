"""Files that tell more of another file: named in the same import, or lying in the same folder."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbook.errors import BadInput
from workbook.reference.importers import detect, table
from workbook.reference.importers.base import Format
from workbook.reference.importers.table import Table

_MOST_FILES = 200  # a folder of downloads may hold thousands
_LARGEST = 20_000_000  # bytes; the lists are far smaller
_START = 4_096


def find(one: Table, path: Path, form: Format, named: Iterable[tuple[Format, Table]]) -> None:
    """Put the files that ``form`` asks for beside the table: the ones of this import, or else of its folder."""
    for id in form.beside:
        there = [other for other_form, other in named if other_form.id == id]
        if there:
            one.beside[id] = there
    missing = [detect.FORMATS[id] for id in form.beside if id not in one.beside]
    if missing:
        for wanted, found in _in_folder(path, missing):
            one.beside.setdefault(wanted.id, []).append(found)


def _in_folder(path: Path, wanted: list[Format]) -> Iterator[tuple[Format, Table]]:
    try:
        names = sorted(p for p in path.parent.iterdir() if p.suffix.lower() in (".csv", ".json"))
    except OSError:
        return
    for other in itertools.islice((p for p in names if p.name != path.name), _MOST_FILES):
        if not _may_be_one(other, wanted):
            continue
        try:
            found = table.read(other)
            form = detect.format_of(found)
            detect.renamed(found, form)
        except BadInput:
            continue  # somebody else's file
        if form in wanted and not any(f.severity == "refuses" for f in found.faults):
            yield form, found


def _may_be_one(path: Path, wanted: list[Format]) -> bool:
    """Whether a file begins as one of the formats does; its first lines are enough to tell."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return False
        with path.open("rb") as file:
            start = file.read(_START).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    if start.lstrip().startswith("["):
        return True
    header = start.splitlines()[:1]
    columns = [c.strip(' "') for c in header[0].split(",")] if header else []
    return any(not form.missing(columns) for form in wanted)
