"""On which sheet of the spreadsheet a table of a document stands: those of one section together."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count

from workbook.blocks import Table
from workbook.render.sheets import LONGEST_NAME, sheet_name
from workbook.render.text import clean

ANSWERS = "Answers"  # the sheet of everything that was asked
COMPLETENESS = "Completeness"  # the sheet of the table with that id
# Sheets the workbook has besides, and the one name the spreadsheet program keeps for itself.
_TAKEN = {"cover", "contents", "notes", "findings", "history", "answers", "completeness"}
_MOST_TABLES = 6  # on one sheet
_LONG = 60  # rows: a table that has more stands alone
_ANNEX = "annex-"  # before the id of a heading that stands in a chapter too


@dataclass(frozen=True)
class _Section:
    id: str
    text: str


@dataclass
class Placing:
    """Gives every table its sheet, in reading order.

    Tables of one section of a chapter stand on one sheet, with those that the
    annex holds of the same section; from the seventh on, on the sheet of their
    part of the section. The same table twice stands once.
    """

    _homes: dict[str, tuple[_Section, _Section]] = field(default_factory=dict)
    _here: tuple[_Section, _Section] = (_Section("", ""), _Section("", ""))
    _names: dict[str, str] = field(default_factory=dict)  # of a section: the name of its sheet
    _sheets: dict[str, list[Table]] = field(default_factory=dict)

    def enter(self, id: str, text: str, level: int) -> None:
        """A part (level 1) or a heading begins."""
        home = self._homes.get(id.removeprefix(_ANNEX))
        own = _Section(id, text)
        self._here = home or ((own, own) if level <= 2 else (self._here[0], own))
        self._homes.setdefault(id, self._here)

    def place(self, table: Table) -> str:
        """The sheet of a table."""
        for name, tables in self._sheets.items():
            if table in tables:
                return name
        name = self._sheet_of(table)
        self._sheets.setdefault(name, []).append(table)
        return name

    def _sheet_of(self, table: Table) -> str:
        if table.id == COMPLETENESS.lower() and COMPLETENESS not in self._sheets:
            return COMPLETENESS
        if len(table.rows) > _LONG:
            return self._free(_as_name(table.id.replace("-", " ")))
        wishes = [self._name(section) for section in dict.fromkeys(self._here)]
        return next((name for name in wishes if self._has_room(name)), "") or self._further(wishes[-1])

    def _has_room(self, name: str) -> bool:
        return len(self._sheets.get(name, ())) < _MOST_TABLES

    def _name(self, section: _Section) -> str:
        if section.id not in self._names:
            self._names[section.id] = self._free(name_of(section.text, section.id))
        return self._names[section.id]

    def _further(self, name: str) -> str:
        """The first further sheet of that name with room: "Schemes 2"."""
        return next(further for further in _numbered(name) if self._has_room(further))

    def _free(self, name: str) -> str:
        """The name, or with a number where another sheet has it."""
        taken = {n.casefold() for n in (*self._names.values(), *self._sheets)}
        return next(wish for wish in chain((name,), _numbered(name)) if wish.casefold() not in taken)


def _numbered(name: str) -> Iterator[str]:
    """Names for further sheets of a section: "Schemes 2"."""
    short = textwrap.wrap(name, LONGEST_NAME - 4)[0]
    return (f"{short} {n}" for n in count(2))


def name_of(text: str, id: str) -> str:
    """The name of a section's sheet: its heading, else its beginning up to a colon or a comma, else its id in words."""
    whole = " ".join(clean(text).split())
    first = whole.partition(",")[0]
    words = re.sub(r"[-_\s]+", " ", clean(id)).strip()
    wishes = (whole, whole.partition(":")[0], first if " " in first else "", words)
    return _as_name(next((t for t in wishes if t and len(t) <= LONGEST_NAME), words or whole))


def _as_name(words: str) -> str:
    name = sheet_name(words[:1].upper() + words[1:])
    return f"{name} table"[:LONGEST_NAME] if name.casefold() in _TAKEN else name
