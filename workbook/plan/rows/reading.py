"""Files of rows as sheets of cells, read with distrust: a spreadsheet may come from anybody.

Refused whole, with a sentence: what is too large or unpacks to too much, what is no spreadsheet, markup that
declares entities. Refused by cell: formulas and error values, because nobody sees what they would turn into.
Said: hidden rows, columns and sheets. The importers of published figures read more kinds of file and keep cells
as text (``reference/importers/table.py``); here a cell keeps its type, so a date stays a date and text stays text.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import stat
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workbook.errors import BadInput
from workbook.plan.rows import cells
from workbook.plan.rows.cells import Cell
from workbook.plan.rows.said import Said
from workbook.untrusted import person_cells, person_column, person_text, refuse_unsafe_workbook
from workbook.words import listed, plural

LARGEST = 20_000_000  # bytes of a file
_LARGEST_UNPACKED = 200_000_000  # bytes
_MOST_CELLS = 5_000_000
_HEADER = 100_000  # letters of a first line that are looked at for what stands between cells
_MOST_ROWS = 50_000
_MOST_COLUMNS = 500
_MOST_SHEETS = 100
_AS_CSV = "Save it in a spreadsheet program as XLSX, or as 'CSV UTF-8 (comma delimited)', and bring in that."
_NAMES_ITS_MARK = re.compile(
    r"sep=([,;\t])\r?\n"
)  # a first line by which Excel knows what stands between cells
_ROW_TAG = re.compile(rb"<(?:\w{1,20}:)?row\b([^>]{0,2000})>")
_COLUMN_TAG = re.compile(rb"<(?:\w{1,20}:)?col\b([^>]{0,2000})/?>")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_NUMBERED = re.compile(rb"\br=[\"'](\d+)[\"']")
_MERGED = re.compile(rb"<(?:\w{1,20}:)?mergeCell\b[^>]{0,200}?\bref=[\"']([A-Z0-9:]{1,40})[\"']")


@dataclass
class Sheet:
    """A filled sheet, or a CSV file: its header and its rows, each with its number in the file."""

    file: str
    name: str  # of the sheet; "" for a CSV file
    header: list[str]
    rows: list[tuple[int, list[Cell]]]
    said: list[Said] = field(default_factory=list)
    table: str = ""  # the table that it is, where that is known from elsewhere

    @property
    def stem(self) -> str:
        """What the sheet calls itself: its name, or that of its file."""
        return self.table or self.name or Path(self.file).stem

    def say(
        self, problem: str, remedy: str, row: int | None = None, column: str = "", severity: str = "refuses"
    ) -> None:
        self.said.append(Said(self.file, problem, remedy, self.name, row, column, severity))


def sheets(path: Path | str) -> list[Sheet]:
    """The sheets in a file; those of every CSV file where ``path`` is a folder. Raises BadInput."""
    path = Path(path)
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() == ".csv")
        if not files:
            raise BadInput(
                f"The folder {path.name} holds no CSV file.", "Name a file, or the folder of an export."
            )
        return [sheet for file in files for sheet in sheets(file)]
    return sheets_of(path.name, _content(path))


def sheets_of(name: str, content: bytes) -> list[Sheet]:
    """The sheets in the bytes of a file called ``name``. Raises BadInput."""
    if len(content) > LARGEST:
        raise _too_large(name)
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise BadInput(f"{name} is empty.", "Save or export it again.")
    if content.startswith(b"PK\x03\x04"):
        return _workbook(name, content)
    return [_text(name, content)]


def _content(path: Path) -> bytes:
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST:
            raise _too_large(path.name)
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", "Check the name and the folder.") from None
    except OSError as error:
        raise BadInput(
            f"{path.name} cannot be read: {error.strerror}.", "Check that you may open it."
        ) from None


def _too_large(name: str) -> BadInput:
    return BadInput(
        f"{name} is larger than {LARGEST // 10**6} MB, which no list of a plan is.",
        "Save only the sheets that are to be brought in.",
    )


# --- CSV --------------------------------------------------------------------------


def _text(name: str, content: bytes) -> Sheet:
    if b"\x00" in content or content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG")):
        raise BadInput(f"{name} is neither a spreadsheet (XLSX) nor CSV text in UTF-8.", _AS_CSV)
    if (
        content[:500]
        .lstrip(b"\xef\xbb\xbf \t\r\n")
        .lower()
        .startswith((b"<!doctype", b"<html", b"<?xml", b"{"))
    ):
        raise BadInput(f"{name} is a web page or data of a program, not a table.", _AS_CSV)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{name} is not UTF-8 text: line {row} holds a letter in another encoding.", _AS_CSV
        ) from None
    try:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        lines = list(itertools.islice(found, _MOST_ROWS + 1))
    except csv.Error as error:
        raise BadInput(
            f"{name} cannot be read as a table: {error}.",
            "A quotation mark is probably left open; save it again.",
        ) from None
    if len(lines) > _MOST_ROWS:
        raise BadInput(
            f"{name} has more than {_MOST_ROWS:,} rows.", "Leave in only what is to be brought in."
        )
    if any(len(line) > _MOST_COLUMNS for line in lines):
        raise BadInput(
            f"{name} has a row of more than {_MOST_COLUMNS} cells.",
            "Delete the columns to the right of the last one that has a name.",
        )
    rows = [[_held(cells.unguarded(cell)) for cell in line] for line in lines]
    return _sheet(name, "", rows, first=2 if _NAMES_ITS_MARK.match(text) else 1)


def _delimiter(text: str) -> str:
    if told := _NAMES_ITS_MARK.match(text):
        return told[1]
    header = text.lstrip("\r\n")[:_HEADER].splitlines()[0]
    return max(",\t;", key=lambda d: len(next(csv.reader([header], delimiter=d), [])))


# --- XLSX -------------------------------------------------------------------------


def _workbook(name: str, content: bytes) -> list[Sheet]:
    _refuse_what_is_no_workbook(name, content)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        found = [_worksheet(name, sheet, book) for sheet in book.worksheets[:_MOST_SHEETS]]
    except BadInput:
        raise
    except Exception:  # openpyxl raises many kinds on damaged files, in words for programmers
        raise BadInput(f"{name} cannot be read as a spreadsheet: it is damaged.", _AS_CSV) from None
    return [sheet for sheet in found if sheet is not None]


def _refuse_what_is_no_workbook(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = set(archive.namelist())
    except Exception:  # damaged in one of many ways
        inside = {"xl/workbook.xml"}  # said below, with the rest of what may be wrong
    if "xl/workbook.xml" not in inside:
        raise BadInput(f"{name} is an archive or another document, not a spreadsheet.", _AS_CSV)
    refuse_unsafe_workbook(name, content, _LARGEST_UNPACKED)


def _worksheet(file: str, sheet: Any, book: Any) -> Sheet | None:
    sheet.reset_dimensions()  # the size a sheet states may be wrong
    faults: list[Said] = []
    rows = []
    held = 0
    for number, line in enumerate(itertools.islice(sheet.iter_rows(), _MOST_ROWS + 1), start=1):
        if number > _MOST_ROWS:
            raise BadInput(
                f"{file}, sheet {sheet.title}: there is something below row {_MOST_ROWS:,}.",
                "Delete the rows below the last one that is filled.",
            )
        held += len(line)
        if held > _MOST_CELLS or any(cell.value is not None for cell in line[_MOST_COLUMNS:]):
            raise BadInput(
                f"{file}, sheet {sheet.title}: there is something far to the right, beyond column {_MOST_COLUMNS}.",
                "Delete the columns to the right of the last one that has a name.",
            )
        rows.append([_cell(file, sheet.title, cell, faults) for cell in line[:_MOST_COLUMNS]])
    if not any(not cell.empty for row in rows for cell in row):
        return None
    made = _sheet(file, sheet.title, rows)
    if sheet.sheet_state != "visible":
        made.header, made.rows = [], []
        made.say(
            "The sheet is hidden, so nothing of it was read.",
            "Show it, if it is to be read.",
            severity="says",
        )
        return made
    made.said += faults
    _say_layout(made, _markup(book, sheet))
    return made


def _markup(book: Any, sheet: Any) -> bytes:
    path = getattr(sheet, "_worksheet_path", "")
    archive = getattr(book, "_archive", None)
    return archive.read(path) if archive is not None and path else b""


def _say_layout(sheet: Sheet, markup: bytes) -> None:
    """Hidden rows and columns are read, and said; merged cells hide what is below them, and are refused."""
    hidden = [
        int(m[1]) for tag in _ROW_TAG.findall(markup) if _HIDDEN.search(tag) and (m := _NUMBERED.search(tag))
    ]
    filled = {number for number, _ in sheet.rows}
    hidden = [n for n in hidden if n in filled]
    if hidden:
        more = f" and {len(hidden) - 10} more" if len(hidden) > 10 else ""
        sheet.say(
            f"Hidden rows were read too: {listed(hidden[:10])}{more}.",
            "Show them and look at them; delete what is not to be brought in.",
            hidden[0],
            severity="says",
        )
    if any(_HIDDEN.search(tag) for tag in _COLUMN_TAG.findall(markup)):
        sheet.say("Hidden columns were read too.", "Show them and look at them.", severity="says")
    for place in _MERGED.findall(markup)[:20]:
        sheet.say(
            f"Cells are merged ({place.decode()}), so only the first of them holds anything.",
            "Unmerge them and fill each cell.",
        )


def _cell(file: str, title: str, cell: Any, faults: list[Said]) -> Cell:
    value = cell.value
    if value is None:
        return Cell(None)
    kind = cell.data_type
    if kind == "f":
        faults.append(_refused(file, title, cell, "holds a formula, which the workbook does not work out"))
        return Cell(None)
    if kind == "e":
        faults.append(_refused(file, title, cell, f"holds the error {value}"))
        return Cell(None)
    if isinstance(value, str):
        return _held(value)
    if isinstance(value, bool):
        return Cell(value)
    if isinstance(value, datetime):
        return Cell(value.date())
    if isinstance(value, int | float):
        return Cell(value, "%" in str(cell.number_format))
    return Cell(value) if isinstance(value, date) else Cell(str(value))


def _held(text: str) -> Cell:
    """Text of a cell; blanks are nothing, unless they were written as ``_x0020_`` to mark an empty entry."""
    return Cell(cells.unescaped(text)) if text.strip() else Cell(None)


def _refused(file: str, title: str, cell: Any, what: str) -> Said:
    return Said(
        file,
        f"Cell {cell.coordinate} {what}.",
        "Replace it by its result: copy the cell and paste it as values.",
        title,
        cell.row,
        cell.column_letter,
    )


# --- rows -------------------------------------------------------------------------


def _sheet(file: str, name: str, rows: list[list[Cell]], first: int = 1) -> Sheet:
    """The header, in row ``first``, and the filled rows below it."""
    header = [cell.text.strip() for cell in rows[first - 1]] if len(rows) >= first else []
    while header and not header[-1]:
        header.pop()
    kept = [
        (n, row)
        for n, row in enumerate(rows[first:], start=first + 1)
        if any(cell.value is not None for cell in row)
    ]
    made = Sheet(file, name, header, kept)
    _refuse_people(made, rows[: first - 1])
    if not header:
        made.say("The first row has no column names.", "Put them in row 1, the rows below them.", 1)
        return made
    if len(header) == 1 and kept and sum(not c.empty for c in kept[0][1]) > 2:
        made.say(
            f"“{header[0][:60]}” stands alone in the first row, and the column names seem to stand in row {kept[0][0]}.",
            "Delete the rows above the column names.",
            1,
        )
        made.rows = []
        return made
    if stray := [n for n, row in kept if any(not c.empty for c in row[len(header) :])]:
        made.say(
            f"There is something to the right of the last column that has a name ({plural(len(stray), 'row')}).",
            "Name the column, or delete what stands there; a comma inside a cell of CSV needs quotation marks round it.",
            stray[0],
        )
    return made


_PEOPLE = (
    "Nothing about a patient comes into the workbook. Give totals or descriptions without persons, and delete this "
    "file from any place where it should not be."
)


def _refuse_people(sheet: Sheet, above: list[list[Cell]]) -> None:
    """A list about patients is refused as that, whatever else is wrong with it."""
    for place, column in enumerate(sheet.header):
        told = [
            cell.text for _, row in sheet.rows if place < len(row) and (cell := row[place]).value is not None
        ]
        what = person_column(column) or person_cells(list(dict.fromkeys([*told, column])))
        if what:
            raise BadInput(
                f"{sheet.file}: the column “{column[:60]}” holds {what}, so it is about people.", _PEOPLE
            )
    beside = [cell.text for _, row in sheet.rows for cell in row[len(sheet.header) :]]
    if any(person_text(text) for text in (*beside, *(cell.text for row in above for cell in row))):
        raise BadInput(f"{sheet.file} holds what tells of a person.", _PEOPLE)
