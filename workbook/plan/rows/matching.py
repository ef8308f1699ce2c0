"""Which table of the plan a sheet is, which of its columns are which, and what its cells hold."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from workbook.plan.rows import cells
from workbook.plan.rows.cells import Misfit, same
from workbook.plan.rows.reading import Sheet
from workbook.plan.rows.said import Said
from workbook.plan.rows.tables import Column, Table, tables
from workbook.words import listed

_ASIDE = {"notes"}
_TRIED_FOR = 8  # columns named in a remedy; more are no help


@dataclass
class Row:
    """One row as read: values by the path of their column; ``wrong`` holds the columns that could not be read."""

    sheet: Sheet
    number: int
    values: dict[tuple[str, ...], Any] = field(default_factory=dict)
    owner: str = ""
    key: str = ""
    wrong: set[tuple[str, ...]] = field(default_factory=set)

    def say(self, problem: str, remedy: str, column: str = "", severity: str = "refuses") -> None:
        self.sheet.say(problem, remedy, self.number, column, severity)


@dataclass
class Given:
    """A table as a file gives it."""

    table: Table
    sheet: Sheet
    columns: list[tuple[int, Column]]
    rows: list[Row]

    def has(self, path: tuple[str, ...]) -> bool:
        return any(c.path == path for _, c in self.columns)


def matched(sheets: list[Sheet], only: Collection[str] = ()) -> tuple[dict[str, Given], list[Said]]:
    """The tables that sheets give, in the order of the schema, and what is to be said of the sheets.

    ``only``: sheets of other tables are left alone, and that is said.
    """
    found: dict[str, Given] = {}
    for sheet in sheets:
        if same(sheet.stem) in _ASIDE or not sheet.header:
            continue
        table = _table_of(sheet)
        if table is None:
            continue
        if only and table.name not in only:
            sheet.said.clear()
            sheet.say(
                "The sheet is not for this list, so it was not read.", "Nothing needs doing.", severity="says"
            )
        elif table.name in found:
            other = found[table.name].sheet
            sheet.say(
                f"It is the list {table.name}, as is {other.name or other.file}.",
                "Put all rows of a list on one sheet, or bring the files in one after the other.",
            )
        else:
            columns = _columns(sheet, table)
            if not sheet.rows:
                sheet.say(
                    "The sheet has no rows, so the list stays as it is in the plan.",
                    "Nothing needs doing; entries are taken out one by one on the page.",
                    severity="says",
                )
                continue
            found[table.name] = Given(table, sheet, columns, _rows(sheet, columns))
    return {name: found[name] for name in tables() if name in found}, [
        said for s in sheets for said in s.said
    ]


def meant(sheets: list[Sheet], names: list[str]) -> list[Sheet]:
    """The sheets taken for the one of the tables ``names`` whose columns they have, by default the first."""
    for sheet in sheets:
        if same(sheet.stem) not in map(same, names):
            fits = {name: _fit(sheet, tables()[name]) for name in names}
            best = max(fits, key=lambda name: fits[name])
            sheet.table = best if fits[best] else names[0]
    return sheets


# --- sheets ---------------------------------------------------------------------


def _table_of(sheet: Sheet) -> Table | None:
    """The table by the name of the sheet or file, otherwise by the header."""
    called = same(re.sub(r"\s*\(\d+\)$", "", sheet.stem))
    for table in tables().values():
        if called == same(table.name):
            return table
    fitting = {t.name: fit for t in tables().values() if (fit := _fit(sheet, t))}
    best = [name for name, fit in fitting.items() if fit == max(fitting.values())]
    if len(best) == 1:
        return tables()[best[0]]
    if best:
        sheet.say(
            f"Its columns are those of {listed(best)} alike.",
            f"Name the {'sheet' if sheet.name else 'file'} after the list that is meant.",
        )
    else:
        close = difflib.get_close_matches(sheet.stem.casefold(), list(tables()), 1, 0.6)
        sheet.say(
            "It is none of the lists of a plan, by its name or by its columns."
            + (f" Is {close[0]} meant?" if close else ""),
            f"Name it after one of these: {', '.join(tables())}.",
        )
    return None


def _fit(sheet: Sheet, table: Table) -> float:
    """How well a header fits a table: 0 where it has a strange column, or lacks one that it needs."""
    known = [_column_of(table, heading) for heading in sheet.header if heading]
    needed = [c for c in table.columns if c.required and c.name != "id"]
    if None in known or any(c not in known for c in needed):
        return 0
    return len(known) + len(known) / (10 * len(table.columns))


def _column_of(table: Table, heading: str) -> Column | None:
    called = same(heading)
    for names in ("heading", "label", "name"):
        for column in table.columns:
            if called and called == same(getattr(column, names)):
                return column
    if called == "shortname":
        return table.column("parent")
    return None


def _columns(sheet: Sheet, table: Table) -> list[tuple[int, Column]]:
    found: list[tuple[int, Column]] = []
    for place, heading in enumerate(sheet.header):
        column = _column_of(table, heading)
        if column is None and not heading:
            if any(place < len(line) and not line[place].empty for _, line in sheet.rows):
                sheet.say(f"Column {place + 1} has no name.", "Name it or delete it.", 1)
        elif column is None:
            _say_unknown(sheet, table, heading)
        elif any(c is column for _, c in found):
            sheet.say("The column stands twice.", "Delete one of them.", 1, heading)
        elif column.role != "words":
            found.append((place, column))
    for column in table.columns:
        if column.required and column.role != "field" and all(c is not column for _, c in found):
            sheet.say(f"The column “{column.heading}” is missing.", f"Add it. {column.help}", 1)
    return found


def _say_unknown(sheet: Sheet, table: Table, heading: str) -> None:
    names = [c.heading for c in table.columns]
    close = difflib.get_close_matches(heading, names, 1, 0.5)
    meant = f"Is “{close[0]}” meant? " if close else ""
    others = "" if close else f" Columns of this list: {'; '.join(names[:_TRIED_FOR])} and so on."
    sheet.say(
        f"“{heading[:60]}” is no column of the list {table.name}.",
        f"{meant}Rename it or delete it.{others}",
        1,
        heading,
    )


# --- cells ----------------------------------------------------------------------


def _rows(sheet: Sheet, columns: list[tuple[int, Column]]) -> list[Row]:
    return [_row(sheet, number, line, columns) for number, line in sheet.rows]


def _row(sheet: Sheet, number: int, line: list[cells.Cell], columns: list[tuple[int, Column]]) -> Row:
    row = Row(sheet, number)
    for place, column in columns:
        cell = line[place] if place < len(line) else cells.Cell(None)
        try:
            value = cells.read(column, cell)
        except Misfit as misfit:
            row.say(f"{misfit.problem[:1].upper()}{misfit.problem[1:]}", misfit.remedy, column.heading)
            row.wrong.add(column.path)
            continue
        _hold(row, column, value)
    return row


def _hold(row: Row, column: Column, value: Any) -> None:
    if column.role == "parent":
        row.owner = str(value).strip()
    elif column.role == "key" and column.path == ("",):
        row.key = str(value).strip()
    else:
        row.values[column.path] = value
