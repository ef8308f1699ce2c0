"""The lists of a plan as a spreadsheet or as CSV files, and templates to fill in.

A sheet holds one table from its first cell on, with a header row, a name and no merged cells; text cells are text,
dates are dates, and there is no formula anywhere. The sheet ``notes`` says what may stand in each column. Nothing
comes from the clock: the same plan gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from workbook.errors import BadInput, UsageError
from workbook.plan import edit
from workbook.plan.model import Plan
from workbook.plan.rows import cells
from workbook.plan.rows.tables import TAKEN_FROM, Column, Table, tables
from workbook.words import listed

Value = str | int | float | date | None
Grid = list[list[Value]]
_LONGEST = 32_767  # characters that a cell of a spreadsheet holds


class _Mark(str):
    """What stands in the first cell of an entry that holds nothing, so that its row is not taken for an empty one."""


_EMPTY_ENTRY = _Mark("_x0020_")
_STAMP = (1980, 1, 1, 0, 0, 0)
_VALIDATED = 5000  # rows that offer their choices
_FONT, _SIZE = "Arial", 12

HOW_TO = (
    "One sheet is one list of the plan; one row is one entry. Row 1 holds the column names: do not rename them.",
    "Columns may be left out or stand in another order: what a column would hold stays as it is in the plan.",
    "A sheet that is there replaces its list: rows that are not in it are taken out of the plan. To add and to "
    "change only, choose 'add and change' on the page, or --update on the command line.",
    "A sheet without rows, and a list without a sheet, leaves the plan's list as it is.",
    "A short name ties entries together and should not change. Left empty, it is made from the name.",
    "In place of the short name of another entry its name may be written, where only one entry is called so.",
    "Several values in one cell stand with ; between them. A semicolon inside a value is written \\;",
    "A share is written as 0.45 or 45%. Money has no pound sign and is in thousands where the column says £000s.",
    "A financial year is written as 2026 or 2026/27. A date is written as 2027-03-31 or 31/03/2027, day first.",
    "An empty cell means: not known. Write 0 where nought is meant.",
    "Formulas are refused: paste them as values.",
    "A file is taken whole or not at all; every fault is named with its sheet, row and column.",
    "Nothing about a patient belongs here: no names, NHS numbers or dates of birth.",
)


def chosen(only: Collection[str] = ()) -> list[Table]:
    """The tables of those names, and those inside their entries; all of them for none. Raises UsageError."""
    known = tables()
    wrong = [name for name in only if name not in known]
    if wrong:
        raise UsageError(f"There is no table {listed(wrong)}.", f"The tables are: {', '.join(known)}.")
    return [t for t in known.values() if not only or t.name in only or t.parent in only]


def grid(plan: Plan, table: Table, words: Mapping[str, str] | None = None) -> Grid:
    """The rows of a table, without the header. ``words`` are those of ids, to stand beside them."""
    found = [
        [_cell(column, entry, owner, key, words or {}) for column in table.columns]
        for owner, key, entry in entries(plan, table)
    ]
    return [row if any(v is not None for v in row) else [_EMPTY_ENTRY, *row[1:]] for row in found]


def entries(plan: Plan, table: Table) -> Iterable[tuple[str, Any, Any]]:
    """What a table holds: the short name of the owner, the name it stands under (or its two names), the entry."""
    held = edit.get(plan, table.pointer)
    owners: list[tuple[str, Any]] = (
        [(o.id, getattr(o, table.field)) for o in held] if table.parent else [("", held)]
    )
    for owner, inside in owners:
        if table.shape == "scores":
            yield from _scores(inside)
        elif isinstance(inside, dict):
            yield from ((owner, key, entry) for key, entry in inside.items())
        else:
            yield from ((owner, "", entry) for entry in inside)


def _scores(responses: list[Any]) -> Iterable[tuple[str, Any, Any]]:
    for number, response in enumerate(responses, start=1):
        if not response.scores:
            yield "", (number, response, None, None), None
        for option, scores in response.scores.items():
            if not scores:
                yield "", (number, response, option, None), None
            for criterion, score in scores.items():
                yield "", (number, response, option, criterion), score


def _cell(column: Column, entry: Any, owner: str, key: Any, words: Mapping[str, str]) -> Value:
    if isinstance(key, tuple):
        number, response, option, criterion = key
        own = {"#response": number, "#option": option, "#criterion": criterion, "scores": entry}
        value = own[column.name] if column.name in own else getattr(response, column.name)
    elif column.role == "parent":
        value = owner
    elif column.role == "key":
        value = key
    elif column.role == "words":
        value = words.get(key, "")
    elif isinstance(entry, BaseModel):
        value = entry
        for part in column.path:
            value = getattr(value, part)
    else:
        value = entry
    return cells.written(column, value)


# --- CSV --------------------------------------------------------------------------


def csv_files(
    plan: Plan | None, only: Collection[str] = (), words: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """One CSV file for each table, by its file name; only headers without a plan."""
    return {
        f"{table.name}.csv": _csv(table, grid(plan, table, words) if plan is not None else [])
        for table in chosen(only)
    }


def _csv(table: Table, rows: Grid) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([c.heading for c in table.columns])
    writer.writerows([_as_text(v) for v in row] for row in rows)
    # The byte-order mark makes spreadsheet programs read the pound sign as one.
    return text.getvalue().encode("utf-8-sig")


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return cells.guarded(str(value) if value is _EMPTY_ENTRY else cells.escaped(value))
    return value.isoformat() if isinstance(value, date) else repr(value)


# --- XLSX -------------------------------------------------------------------------


def workbook(plan: Plan | None, only: Collection[str] = (), words: Mapping[str, str] | None = None) -> bytes:
    """The spreadsheet with a sheet for each table and the notes; only headers without a plan. Raises BadInput."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    kept = chosen(only)
    for table in kept:
        rows = grid(plan, table, words) if plan is not None else []
        _sheet(book, table.name, [c.heading for c in table.columns], rows, list(table.columns))
    _notes(book, kept, plan)
    _tell(book, plan)
    content = io.BytesIO()
    book.save(content)
    return _same_bytes(content.getvalue())


def _tell(book: Any, plan: Plan | None) -> None:
    book.properties.title = (
        f"Lists of the plan {plan.title or plan.area.name}" if plan else "Lists of a plan: template"
    )
    book.properties.creator = "Commissioning workbook"
    book.properties.created = book.properties.modified = datetime(*_STAMP)


def _notes(book: Any, kept: list[Table], plan: Plan | None) -> None:
    heads = ["Sheet", "Column", "What is allowed", "Needed", "What it is", "Name for programs"]
    rows: Grid = [
        ["how to use", f"rule {n}", None, None, rule, None] for n, rule in enumerate(HOW_TO, start=1)
    ]
    if plan is not None:
        name = f"{plan.title}, {plan.area.name}" if plan.title else plan.area.name
        rows.append([TAKEN_FROM, "plan", None, None, name, plan.area.code])
    for table in kept:
        for column in table.columns:
            rows.append(
                [
                    table.name,
                    column.heading,
                    _allowed(column),
                    _needed(column),
                    _about(table, column),
                    column.name,
                ]
            )
    _sheet(book, "notes", heads, rows, [])


def _allowed(column: Column) -> str:
    if column.role in ("parent",):
        return "the short name of an entry"
    if column.name == "id":
        return "small letters, digits and hyphens, 61 at most, each once"
    if column.refers:
        return f"{'ids' if column.kind == 'list' else 'an id'}: {column.refers.replace('_', ' ')}"
    return cells.allowed(column)


def _needed(column: Column) -> str:
    if column.name == "id":
        return "made from the name where empty"
    if column.required:
        return "always"
    return "for a complete plan" if column.needed else "if it applies"


def _about(table: Table, column: Column) -> str:
    return f"{table.title}. {column.help}".strip()


def _sheet(book: Any, name: str, heads: list[str], rows: Grid, columns: list[Column]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table as Marked

    sheet = book.create_sheet(name)
    empty: Grid = [[None] * len(heads)]
    body: Grid = [[*heads], *(rows or empty)]
    head, plain = Font(name=_FONT, size=_SIZE, bold=True), Font(name=_FONT, size=_SIZE)
    wrapped = Alignment(wrap_text=True, vertical="top")
    for r, row in enumerate(body, start=1):
        for c, value in enumerate(row, start=1):
            cell = sheet.cell(r, c)
            _fill(cell, value, name)
            cell.font, cell.alignment = head if r == 1 else plain, wrapped
    for c, title in enumerate(heads, start=1):
        letter = get_column_letter(c)
        sheet.column_dimensions[letter].width = _width(title, [row[c - 1] for row in rows])
        _prepare(sheet, letter, columns[c - 1] if columns else None)
    marked = Marked(
        displayName=re.sub(r"\W", "_", name), ref=f"A1:{get_column_letter(len(heads))}{len(body)}"
    )
    sheet.add_table(marked)
    sheet.freeze_panes = "C2" if len(heads) > 4 else "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _fill(cell: Any, value: Value, sheet: str) -> None:
    if value is None:
        return
    if isinstance(value, str):
        text = str(value) if value is _EMPTY_ENTRY else cells.escaped(value)
        if len(text) > _LONGEST:
            raise BadInput(
                f"A text of {len(text):,} characters on {sheet} does not fit into a cell of a spreadsheet.",
                "Take it out as CSV instead: name a folder.",
            )
        _as_words(cell, text)
    elif isinstance(value, float) and float(f"{value:.16g}") != value:
        _as_words(cell, repr(value))  # a spreadsheet keeps 16 digits of a number; as text all are kept
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def _as_words(cell: Any, text: str) -> None:
    cell.value = text
    cell.data_type = "s"  # also where it begins with =, or looks like an error
    cell.number_format = "@"


def _prepare(sheet: Any, letter: str, column: Column | None) -> None:
    """Text columns are text below the last row too, and short choices are offered."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if column is None:
        return
    if column.kind in ("text", "list", "choice", "yesno"):
        sheet.column_dimensions[letter].number_format = "@"
    if column.kind == "date":
        sheet.column_dimensions[letter].number_format = "yyyy-mm-dd"
    offered = ("yes", "no") if column.kind == "yesno" else tuple(c for c in column.choices if c)
    if not offered or len(",".join(offered)) > 250:
        return
    rule = DataValidation(type="list", formula1=f'"{",".join(offered)}"', allow_blank=True)
    rule.error, rule.errorTitle = f"Choose {listed(offered, 'or')}."[:250], "Not one of the choices"
    rule.showErrorMessage = True
    rule.add(f"{letter}2:{letter}{_VALIDATED}")
    sheet.add_data_validation(rule)


def _width(title: str, values: list[Value]) -> float:
    longest = max((len(str(v)) for v in values if v is not None), default=0)
    return (
        min(max(max((len(w) for w in title.split()), default=0) * 1.3, len(title) / 2, longest * 1.1, 12), 60)
        + 2
    )


def _same_bytes(content: bytes) -> bytes:
    """The archive again without the times at which its parts were written."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for member in given.infolist():
            data = given.read(member)
            if member.filename == "docProps/core.xml":  # the library writes the clock in when it saves
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", data)
            out.writestr(zipfile.ZipInfo(member.filename, _STAMP), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()
