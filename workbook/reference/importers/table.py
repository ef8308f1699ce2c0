"""A file as a table of text cells: CSV, tab-separated, or the fitting sheet of a workbook."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
import re
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from workbook.errors import BadInput, Fault
from workbook.reference.importers import geojson, listing
from workbook.untrusted import refuse_unsafe_workbook
from workbook.words import listed, plural

_SAVE_AS_CSV = "Open it in a spreadsheet and save it as 'CSV UTF-8 (comma delimited)', then try again."
_KINDS_OF_FILE = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or another Office file"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)
_RAGGED = "A comma inside a cell needs quotation marks round the cell; a row that broke off needs its rest."
_LARGEST_FILE = 10**9  # bytes
_LARGEST_UNPACKED = 600 * 10**6  # bytes
_MOST_ROWS = 1_048_576  # of a sheet
_MOST_COLUMNS = 16_384  # of a sheet
_MOST_CELLS = 20_000_000  # a gigabyte or two of memory; the largest file of the publishers has a million
_LONGEST_CELL = 131_072  # letters; a spreadsheet takes 32,767
_MOST_BRACKETS = 6_000_000  # of JSON: each is a list or an object in memory
# A formula whose result is an empty text says so (t="str"); spreadsheet programs store every result.
_UNRESOLVED = re.compile(
    rb'<c r="([A-Z]{1,9}[0-9]{1,9})"(?![^>]{0,300}t="str")[^>]{0,300}><f[^>]{0,300}>[^<]{0,9000}</f>(?:<v\s{0,9}/>|<v></v>)?</c>'
)
_FOREIGN = re.compile(rb"[\x80-\xff]")
_NOT_CURLY = re.compile(rb"[\x80-\x90\x95\x98-\xff]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class Table:
    """The cells of a file as text. The frame's index is the row as a spreadsheet counts it."""

    file: str
    sha256: str
    frame: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)  # the other sheets of a workbook
    beside: dict[str, list[Table]] = field(
        default_factory=dict
    )  # files that tell more of this one, by format

    @property
    def columns(self) -> list[str]:
        return list(self.frame.columns)


def read(path: str | Path) -> Table:
    """The table in a file.

    Raises:
        BadInput: there is no such file, or what it holds is no table; names the file and the remedy.
    """
    path = Path(path)
    content = _content(path)
    digest = hashlib.sha256(content).hexdigest()
    faults: list[Fault] = []
    sheets: dict[str, list[list[str]]] = {}
    if content.startswith(b"PK\x03\x04"):
        rows = _sheet_rows(path.name, content, faults, sheets)
    elif geojson.is_one(content):
        _refuse_deep(path.name, content)
        rows = geojson.rows(path.name, content)
    elif listing.is_one(content):
        _refuse_deep(path.name, content)
        rows = listing.rows(path.name, content)
    else:
        rows = _text_rows(path.name, content, faults)
    return Table(path.name, digest, _frame(path.name, rows, faults), faults, sheets)


def _content(path: Path) -> bytes:
    try:
        state = path.stat()
        if stat.S_ISCHR(state.st_mode) or state.st_size > _LARGEST_FILE:
            raise BadInput(
                f"{path.name} is larger than {_LARGEST_FILE // 10**6:,} MB, which no table of figures for areas is.",
                "Save only the rows and columns that are needed.",
            )
        content = path.read_bytes()
    except IsADirectoryError:
        raise BadInput(f"{path.name} is a folder.", "Name the files inside it instead.") from None
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", "Check the name and the folder.") from None
    except OSError as error:
        raise BadInput(
            f"{path.name} cannot be read: {error.strerror}.", "Check that you may open it."
        ) from None
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise BadInput(f"{path.name} is empty.", "Download or save it again.")
    return content


def _refuse_deep(name: str, content: bytes) -> None:
    """JSON takes many times its size in memory, so what it would take is counted first."""
    if content.count(b"[") + content.count(b"{") > _MOST_BRACKETS:
        raise BadInput(
            f"{name} holds millions of points or entries, far more than a page can show.",
            "Download super-generalised (BSC) or ultra-generalised (BUC) boundaries, or fewer entries.",
        )


def _refuse_many(name: str, cells: int) -> None:
    if cells > _MOST_CELLS:
        raise BadInput(
            f"{name} holds more than {_MOST_CELLS // 10**6} million cells, which no table of figures for areas does.",
            "Save only the rows and columns that are needed.",
        )


def _refuse_wide(name: str, columns: int) -> None:
    if columns > _MOST_COLUMNS:
        raise BadInput(
            f"{name} has a row of {columns:,} cells; a spreadsheet has {_MOST_COLUMNS:,} columns.",
            "Save only the columns that are needed; a comma inside a cell needs quotation marks round it.",
        )


def _text_rows(name: str, content: bytes, faults: list[Fault]) -> list[list[str]]:
    _refuse_other_files(name, content)
    try:
        text = _with_curly_quotes(content, faults) or content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{name} is not UTF-8 text: row {row} holds a character in another encoding.", _SAVE_AS_CSV
        ) from None
    try:
        delimiter = _delimiter(text)
        _refuse_many(name, text.count(delimiter) + text.count("\n") + text.count("\r"))
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        _refuse_wide(name, max(map(len, rows), default=0))
        return rows
    except csv.Error as error:
        raise BadInput(
            f"{name} cannot be read as a table: {error}.",
            "A quotation mark is probably left open, or the download broke off; save or download it again.",
        ) from None


def _with_curly_quotes(content: bytes, faults: list[Fault]) -> str:
    """Text whose only foreign bytes are the quotation marks and dashes of Windows programs; or blank.

    No other encoding uses these bytes for anything a table would hold. Letters with accents are another
    matter: they differ from encoding to encoding, so such a file is refused.
    """
    foreign = _FOREIGN.search(content)
    if foreign is None or _NOT_CURLY.search(content):
        return ""
    row = content.count(b"\n", 0, foreign.start()) + 1
    faults.append(
        Fault(
            "The file has quotation marks or dashes of an older Windows encoding.",
            "They were read as such; nothing needs doing.",
            row,
            None,
            "warns",
        )
    )
    return content.decode("cp1252")


def _refuse_other_files(name: str, content: bytes) -> None:
    for magic, what in _KINDS_OF_FILE:
        if content.startswith(magic):
            raise BadInput(f"{name} is {what}, not a table.", _remedy_for(what))
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise BadInput(
            f"{name} is a web page, not a table.",
            "The download probably led to a page about the file; fetch the CSV file itself.",
        )
    if start.startswith((b"{", b"[{")):
        raise BadInput(
            f"{name} is JSON, not a table and no GeoJSON collection of boundaries.",
            "Fetch the same data as CSV, or boundaries as GeoJSON.",
        )
    if content.startswith(_UTF16):
        raise BadInput(f"{name} is UTF-16 text, which spreadsheets call 'Unicode text'.", _SAVE_AS_CSV)
    if b"\x00" in content:
        raise BadInput(f"{name} is a binary file, not a table.", _SAVE_AS_CSV)


def _remedy_for(what: str) -> str:
    if "archive" in what:
        return "Unpack it and name the CSV file inside."
    if "Excel" in what:
        return _SAVE_AS_CSV
    return (
        "Fetch the same figures as CSV or XLSX, or type them into the template that "
        "'workbook data template local-figures' writes."
    )


def _delimiter(text: str) -> str:
    header = (
        io.StringIO(text, newline="").readline(_LONGEST_CELL).rstrip("\r\n")
    )  # old spreadsheets end lines with \r alone
    return max(",\t;", key=lambda d: len(next(csv.reader([header], delimiter=d), [])))


def _sheet_rows(
    name: str, content: bytes, faults: list[Fault], others: dict[str, list[list[str]]]
) -> list[list[str]]:
    _refuse_other_archives(name, content)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        percent: dict[str, list[Fault]] = {sheet.title: [] for sheet in book.worksheets}
        sheets = {sheet.title: _cells(name, sheet, percent[sheet.title]) for sheet in book.worksheets}
        hidden = {sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"}
    except BadInput:
        raise
    except Exception:  # openpyxl raises many kinds on damaged files, in words for programmers
        raise BadInput(f"{name} cannot be read as a workbook.", _SAVE_AS_CSV) from None
    _refuse_unresolved(name, content)
    filled = {title: rows for title, rows in sheets.items() if any(any(row) for row in rows)}
    if not filled:
        raise BadInput(
            f"{name} has no filled sheet.", "Put the table on the first sheet, its header in row 1."
        )
    title = _table_among(filled, hidden, faults)
    faults += percent[title]
    others.update({other: rows for other, rows in filled.items() if other != title})
    return filled[title]


def _refuse_other_archives(name: str, content: bytes) -> None:
    try:
        members = {m.filename: m.file_size for m in zipfile.ZipFile(io.BytesIO(content)).infolist()}
    except zipfile.BadZipFile:
        raise BadInput(f"{name} is a damaged archive or workbook.", "Download or save it again.") from None
    if "xl/workbook.xml" not in members:
        kind = "a Word document" if "word/document.xml" in members else "a compressed archive (ZIP)"
        raise BadInput(f"{name} is {kind}, not a table.", "Unpack it, or save the table in it as CSV.")
    refuse_unsafe_workbook(name, content, _LARGEST_UNPACKED)


def _refuse_unresolved(name: str, content: bytes) -> None:
    """Programs that write formulas do not work them out; the cell would be read as blank."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            found = member.startswith("xl/worksheets/") and _UNRESOLVED.search(archive.read(member))
            if found:
                raise BadInput(
                    f"{name} holds a formula without its result in cell {found[1].decode()}.",
                    "Open it in a spreadsheet, save it, and try again.",
                )


def _cells(name: str, sheet: Any, faults: list[Fault]) -> list[list[str]]:
    """The rows of a sheet as text; a row that holds anything is as long as the first one at least.

    The size that a sheet states is not asked for: some programs leave it out or state it wrongly, and one
    stray cell in a far corner makes it a thousand million cells.
    """
    sheet.reset_dimensions()
    rows: list[list[str]] = []
    held = 0
    percent: dict[int, tuple[int, float, int]] = {}
    for number, found in enumerate(itertools.islice(sheet.iter_rows(), _MOST_ROWS), start=1):
        held += len(found)
        _refuse_many(name, held)
        values = [c.value for c in found]
        rows.append([_cell(v) for v in values] if any(values) else [])
        for place, value in enumerate(values):
            if isinstance(value, float | int) and "%" in str(getattr(found[place], "number_format", "")):
                first, shown, count = percent.get(place, (number, float(value), 0))
                percent[place] = (first, shown, count + 1)
    _say_percent(percent, rows[0] if rows else [], faults)
    width = len(rows[0]) if rows else 0
    _refuse_many(name, width * sum(1 for row in rows if row))
    return [row + [""] * (width - len(row)) if row else row for row in rows]


def _say_percent(percent: dict[int, tuple[int, float, int]], header: list[str], faults: list[Fault]) -> None:
    """A spreadsheet shows 45% for what it holds as 0.45: a factor of 100 that nobody sees."""
    for place, (first, value, count) in percent.items():
        alike = f" ({plural(count - 1, 'more cell')} alike)" if count > 1 else ""
        column = header[place] if place < len(header) else None
        faults.append(
            Fault(
                f"The cell is formatted as per cent: it shows {100 * value:g}% and holds {value:g}{alike}.",
                f"It was read as {value:g}. If {100 * value:g} is meant, type it in a cell of plain numbers.",
                first,
                column,
                "warns",
            )
        )


def _table_among(filled: dict[str, list[list[str]]], hidden: set[str], faults: list[Fault]) -> str:
    """The name of the sheet with the widest header: a notes sheet has one or two columns. Others like it are named."""
    # The notes of a template explain its columns, and may have more of their own.
    filled = {t: rows for t, rows in filled.items() if t.casefold() != "notes"} or filled
    # What nobody sees is no table to be read, unless there is no other.
    seen = {t: rows for t, rows in filled.items() if t not in hidden} or filled
    widths = {title: sum(1 for c in rows[0] if c) for title, rows in seen.items()}
    title = max(widths, key=lambda t: widths[t])
    alike = [t for t in filled if t != title and filled[t][0] == filled[title][0]]
    if alike:
        faults.append(
            Fault(
                f"The table was read from the sheet {title!r} only; {listed(alike)} has the same columns.",
                "Put all rows on one sheet, or save each sheet as a file of its own.",
            )
        )
    return title


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    if len(text) > _LONGEST_CELL:
        raise ValueError("no spreadsheet program writes a cell of this length")
    return text


def _frame(name: str, rows: list[list[str]], faults: list[Fault]) -> pd.DataFrame:
    header = [cell.strip() for cell in rows[0]]
    while header and not header[-1]:
        header.pop()
    if len(header) < 2:
        raise BadInput(
            f"{name} is no table: row 1 has no column names.",
            "Put the column names in row 1, the figures below.",
        )
    _check_header(header, faults)
    kept = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(c.strip() for c in row)]
    if not kept:
        raise BadInput(
            f"{name} has column names but no rows.", "Fill in at least one row, or download it again."
        )
    width = len(header)
    _refuse_many(name, width * len(kept))
    for number, row in kept:
        if len(row) < width or any(c.strip() for c in row[width:]):
            faults.append(
                Fault(
                    f"The row has {len(row)} cells where the header has {width}.",
                    _RAGGED,
                    number,
                )
            )
    cells = [[c.strip() for c in (row + [""] * width)[:width]] for _, row in kept]
    return pd.DataFrame(cells, columns=header, index=[number for number, _ in kept], dtype=str)


def _check_header(header: list[str], faults: list[Fault]) -> None:
    seen: set[str] = set()
    for position, column in enumerate(header, start=1):
        if not column:
            faults.append(Fault(f"Column {position} has no name.", "Name it or delete it.", 1))
            header[position - 1] = f"column {position}"
        elif column in seen:
            faults.append(Fault("The column name stands twice.", "Delete or rename one of them.", 1, column))
            header[position - 1] = f"{column} ({position})"
        seen.add(column)
