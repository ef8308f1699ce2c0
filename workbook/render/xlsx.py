"""The figures of a plan as a spreadsheet that follows the rules for accessible spreadsheets.

One table a sheet with its title, source and notes above it, a cover, a
contents list and a sheet of notes, laid out by gptables
(https://gptables.readthedocs.io). Figures are real numbers with their unit in
the heading. Whatever a person typed is written as text: no formula, link or
note mark is read out of it, which is why the sheet below replaces the parts of
gptables that look for them.
"""

from __future__ import annotations

import functools
import io
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from workbook.blocks import SEVERITIES, Cell, Column, Figure, Table, Tree
from workbook.render.document import (
    NO_FIGURES,
    SYNTHETIC,
    Document,
    Entry,
    chapters,
    findings,
    laid_out,
    made_with,
    moment,
    running_title,
    saved_words,
    status_words,
)
from workbook.render.text import (
    cell,
    clean,
    decimals,
    decimals_of,
    figures_only,
    is_missing,
    is_number,
    is_year,
)

_MISSING = "[x]"  # the shorthand that the rules for accessible spreadsheets give for "not available"
_LONGEST = 32_000  # characters; a cell holds 32,767
_WIDEST, _NARROWEST = 52, 9  # characters of a column
_COVER_TITLE = 52  # characters of 16 point bold type in a line of the cover
COMPLETENESS = "Completeness"  # the sheet of the table with that id


def page(document: Document) -> bytes:
    """The document's tables as XLSX, every table behind a chart included."""
    made = io.BytesIO()
    book = _book_class()(made, options={"in_memory": True})
    book.set_properties(_properties(document))
    notes = _Notes()
    sheets = _sheets(document, notes)
    _cover(book, document)
    _write(book, "Contents", _contents(sheets, document))
    if notes.texts:
        _write(book, "Notes", _notes(notes, document))
    for sheet in sheets:
        _write(book, sheet.name, sheet)
    book.close()
    return made.getvalue()


@dataclass
class _Notes:
    """Notes on columns, numbered over the whole workbook."""

    texts: list[str] = field(default_factory=list)

    def mark(self, text: str) -> str:
        """The mark of a note, the same for the same words: "[note 2]"."""
        if text not in self.texts:
            self.texts.append(text)
        return f"[note {self.texts.index(text) + 1}]"


@dataclass(frozen=True)
class _Sheet:
    """One sheet: what stands above its table, the headings, the cells and how figures are shown."""

    name: str
    title: str
    above: tuple[str, ...]
    source: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    formats: tuple[str, ...]  # of every column: a number format, or "" for words
    instructions: str = ""
    legend: tuple[str, ...] = ()


# --- what the sheets hold -------------------------------------------------------------


def _properties(document: Document) -> dict[str, Any]:
    return {
        "title": clean(f"{running_title(document)}: tables")[:255],
        "subject": clean(document.area)[:255],
        "author": clean(document.saved_by)[:255],
        "keywords": clean(document.status),
        "comments": clean(saved_words(document) + (f". {SYNTHETIC}" if document.synthetic else ""))[:255],
        "created": moment(document).replace(tzinfo=None),
    }


def _marks(document: Document) -> tuple[str, ...]:
    """What every sheet says of the plan: its status where it is a draft, and synthetic figures."""
    draft = (status_words(document),) if document.status == "DRAFT" else ()
    return draft + ((SYNTHETIC,) if document.synthetic else ())


def _sheets(document: Document, notes: _Notes) -> list[_Sheet]:
    """All sheets with tables: completeness and findings first, then the tables in reading order."""
    entries = {e.sheet: e for c in chapters(document) for e in c.entries if e.sheet}
    tables = [_sheet(entry, document, notes) for entry in entries.values()]
    first = [s for s in tables if s.name == COMPLETENESS]
    found = [_findings(document)] if findings(document) else []
    return first + found + [s for s in tables if s.name != COMPLETENESS]


def _sheet(entry: Entry[Any], document: Document, notes: _Notes) -> _Sheet:
    block = entry.block
    table = (
        block.table if isinstance(block, Figure) else laid_out(block) if isinstance(block, Tree) else block
    )
    assert isinstance(table, Table)
    title = (block.title if isinstance(block, Figure) else "") or table.title
    marks = {c.name: notes.mark(f"{clean(c.label)}: {clean(c.note)}") for c in table.columns if c.note}
    about = (
        f"{clean(table.note)} {notes.mark(clean(table.note))}"
        if len(table.note) > _WIDEST * 3
        else clean(table.note)
    )
    gaps = any(is_missing(v) for row in table.rows for v in row)
    missing = (f"{_MISSING} means {clean(table.missing)}.",) if gaps or not table.rows else ()
    return _Sheet(
        name=entry.sheet,
        title=f"{entry.label}: {clean(title)}" if entry.label else clean(title),
        above=_marks(document),
        source=clean(table.source),
        headings=_unique(_heading(c, marks.get(c.name, "")) for c in table.columns),
        rows=_rows(table),
        formats=_formats(table),
        instructions=_instructions(bool(marks)) + (f" {about}" if about else ""),
        legend=missing,
    )


def _instructions(noted: bool) -> str:
    return "This sheet holds one table." + (" Notes are on the sheet Notes." if noted else "")


def _heading(column: Column, mark: str) -> str:
    unit = f"({clean(column.unit)})" if column.unit else ""
    return "\n".join(part for part in (clean(column.label) or "Column", unit, mark) if part)


def _unique(headings: Iterable[str]) -> tuple[str, ...]:
    """Headings of which no two are alike, capitals aside: a spreadsheet's table must not repeat one."""
    made: list[str] = []
    for wish in headings:
        name, n = wish, 2
        while name.casefold() in (m.casefold() for m in made):
            name, n = f"{wish} {n}", n + 1
        made.append(name)
    return tuple(made)


def _rows(table: Table) -> tuple[tuple[Any, ...], ...]:
    if not table.rows:
        return ((NO_FIGURES.rstrip("."), *[_MISSING] * (len(table.columns) - 1)),)
    places = [decimals(table, i) for i in range(len(table.columns))]
    return tuple(
        tuple(_value(c, v, p) for c, v, p in zip(table.columns, row, places, strict=True))
        for row in table.rows
    )


def _value(column: Column, value: Cell, places: int | None) -> str | int | float:
    """A figure as a number, everything else as text."""
    if is_missing(value):
        return _MISSING
    if is_number(value):
        return value
    return cell(column, value, places, _MISSING)[:_LONGEST]


def _formats(table: Table) -> tuple[str, ...]:
    """How each column's figures are shown; "" for a column of words."""
    figures = figures_only(table)
    made = []
    for i, column in enumerate(table.columns):
        values = [row[i] for row in table.rows if not is_missing(row[i])]
        if not figures[i]:
            made.append("")
        elif all(is_year(column, v) for v in values):
            made.append("0")
        else:
            places = decimals(table, i)
            made.append(_OWN if places is None else _shape(places))
    return tuple(made)


_OWN = "own"  # every figure of the column shows the decimals it has


def _shape(places: int) -> str:
    """The number format for so many decimals."""
    return "#,##0" + ("." + "0" * places if places else "")


def _findings(document: Document) -> _Sheet:
    rows = tuple(
        (SEVERITIES[f.severity], clean(f.sentence), clean(f.remedy) or _MISSING, clean(f.step), clean(f.code))
        for f in findings(document)
    )
    return _Sheet(
        name="Findings",
        title="Findings: what blocks sign-off, what is in doubt, what to note",
        above=_marks(document),
        source="",
        headings=("Severity", "Finding", "What to do", "Step", "Code"),
        rows=rows,
        formats=("",) * 5,
        instructions=_instructions(False),
        legend=(f"{_MISSING} means nothing to do.",) if any(r[2] == _MISSING for r in rows) else (),
    )


def _contents(sheets: list[_Sheet], document: Document) -> _Sheet:
    rows = tuple(({s.name: f"internal:'{s.name}'!A1"}, s.title) for s in sheets)
    return _Sheet(
        "Contents",
        "Contents",
        _marks(document),
        "",
        ("Sheet", "What it holds"),
        rows,
        ("", ""),
        _instructions(False),
    )


def _notes(notes: _Notes, document: Document) -> _Sheet:
    rows = tuple((f"note {n}", text) for n, text in enumerate(notes.texts, 1))
    return _Sheet(
        "Notes", "Notes", _marks(document), "", ("Note", "Text"), rows, ("", ""), _instructions(False)
    )


# --- writing them --------------------------------------------------------------------


def _cover(book: Any, document: Document) -> None:
    """The cover: what this is, its status, revision, sources and licences."""
    from gptables import Cover

    where = ", ".join(clean(part) for part in (document.area, document.period) if part)
    intro = [
        where,
        *([SYNTHETIC] if document.synthetic else []),
        status_words(document),
        clean(saved_words(document)),
    ]
    about = [
        "Figures are numbers; the unit stands in the heading of each column.",
        *map(clean, document.attribution),
    ]
    made = [made_with(document)] if document.version else []
    cover = Cover(clean(document.title), intro=intro, about=about + made)
    sheet = book.add_worksheet(cover.cover_label)
    sheet.write_cover(cover)
    sheet.set_row(0, 21 * _lines(cover.title, _COVER_TITLE))


def _write(book: Any, name: str, sheet: _Sheet) -> None:
    import pandas as pd
    from gptables import GPTable

    table = GPTable(
        table=pd.DataFrame(
            list(sheet.rows), columns=[h.replace("$$", "$ $") for h in sheet.headings], dtype=object
        ),
        table_name="table_" + "".join(c if c.isalnum() and c.isascii() else "_" for c in name.lower()),
        title=sheet.title,
        subtitles=list(sheet.above),
        source=f"Source: {sheet.source}" if sheet.source else None,
        instructions=sheet.instructions,
        legend=list(sheet.legend),
    )
    table.column_formats = sheet.formats
    table.is_completeness = name == COMPLETENESS
    book.add_worksheet(name).write_gptable(table, True)


@functools.cache
def _book_class() -> Any:
    """The workbook of gptables with sheets that take every text as text."""
    from gptables.core.wrappers import GPWorkbook, GPWorksheet
    from xlsxwriter.workbook import Workbook

    class Sheet(GPWorksheet):
        """A sheet that writes typed words as words, and keeps its headings in sight."""

        def _parse_urls(self, sheet: Any) -> None:
            """No link is made out of text."""

        @staticmethod
        def _replace_reference(string: str, reference_order: list) -> str:
            return string  # nor a note: notes are numbered before they come here

        def _smart_write(self, row: int, col: int, data: Any, format_dict: dict, *args: Any) -> None:
            look = self._workbook.add_format(format_dict)
            if isinstance(data, dict):
                self._write_dict_as_url(self._workbook, row, col, data, format_dict)
            elif is_number(data):
                self.write_number(row, col, data, look)
            else:
                self.write_string(row, col, str(data), look)

        def _write_table_elements(self, pos: list, gptable: Any, auto_width: bool) -> list:
            top = gptable.data_range[0]
            rows = gptable.table.values.tolist()
            widths = _widths(list(gptable.table.columns), rows, gptable.column_formats)
            self._write_headings(top, gptable, widths)
            for r, values in enumerate(rows, top + 1):
                self._fit_height(r, values, widths)
                for c, (value, shape) in enumerate(zip(values, gptable.column_formats, strict=True)):
                    own = _shape(decimals_of(value)) if shape == _OWN and is_number(value) else shape
                    self._smart_write(r, c, value, _look(self.theme.data_format, own, c))
            self._mark_table(gptable)
            self._for_reading_and_printing(top, gptable)
            return [gptable.data_range[2] + 1, 0]

        def _fit_height(self, row: int, values: list[Any], widths: list[float]) -> None:
            lines = max(_lines(v, w) for v, w in zip(values, widths, strict=True))
            if lines > 1:
                self.set_row(row, _LINE_HEIGHT * lines)

        def _write_headings(self, top: int, gptable: Any, widths: list[float]) -> None:
            self._fit_height(top, list(gptable.table.columns), [w - 1 for w in widths])  # bold is wider
            for c, (name, shape) in enumerate(
                zip(gptable.table.columns, gptable.column_formats, strict=True)
            ):
                self._smart_write(top, c, name, _head_look(self.theme.column_heading_format, shape, c))
                self.set_column(c, c, widths[c])

        def _mark_table(self, gptable: Any) -> None:
            looks = [
                self._workbook.add_format(_head_look(self.theme.column_heading_format, shape, c))
                for c, shape in enumerate(gptable.column_formats)
            ]
            heads = [
                {"header": h, "header_format": f} for h, f in zip(gptable.table.columns, looks, strict=True)
            ]
            options = {
                "header_row": True,
                "autofilter": False,
                "columns": heads,
                "style": None,
                "name": gptable.table_name,
            }
            self.add_table(*gptable.data_range, options)

        def _for_reading_and_printing(self, top: int, gptable: Any) -> None:
            self.freeze_panes(top + 1, 1 if gptable.table.shape[1] > 5 else 0)
            self.repeat_rows(top)
            self.set_paper(9)
            self.set_landscape()
            self.fit_to_pages(1, 0)
            self.set_footer("&L&A&RPage &P of &N")
            if gptable.is_completeness:
                bold = self._workbook.add_format({"bold": True, "bg_color": "#fff1d6"})
                rule = {"type": "text", "criteria": "begins with", "value": "Missing", "format": bold}
                self.conditional_format(*gptable.data_range, rule)

    class Book(GPWorkbook):
        """A workbook of such sheets."""

        def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> Any:
            sheet = Workbook.add_worksheet(self, name, Sheet)
            sheet.theme = self.theme
            sheet._workbook = self
            sheet.hide_gridlines(2)
            return sheet

    return Book


def _head_look(base: dict[str, Any], shape: str, column: int) -> dict[str, Any]:
    """The format of a heading: set like the cells below it."""
    if shape:
        return {**base, "align": "right", "valign": "bottom"}
    return {**base, "align": "left", "valign": "bottom", "indent": 1 if column else 0}


def _look(base: dict[str, Any], shape: str, column: int) -> dict[str, Any]:
    """The format of a cell: figures to the right under their number format, words to the left."""
    if shape:
        shape = _shape(0) if shape == _OWN else shape
        return {**base, "align": "right", "num_format": shape, "valign": "top"}
    return {**base, "align": "left", "num_format": "@", "valign": "top", "indent": 1 if column else 0}


_LINE_HEIGHT = 15.75  # points of a line of 12 point type


def _widths(names: list[str], rows: list[list[Any]], shapes: tuple[str, ...]) -> list[float]:
    """Column widths in characters: what a column holds on one line, within reason."""
    made = []
    for i, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        longest = max((_length(row[i], shape) for row in rows), default=0)
        head = max(max((len(word) for word in name.split()), default=0), len(name.split("\n")[0]) / 2)
        made.append(min(max(longest, head, _NARROWEST), _WIDEST) * 1.15 + 2)
    return made


def _length(value: Any, shape: str) -> int:
    if isinstance(value, dict):
        return max(len(k) for k in value)
    if is_number(value):
        return len(f"{value:,.2f}" if "." in shape or shape == _OWN else f"{value:,.0f}")
    return max((len(line) for line in str(value).split("\n")), default=0)


def _lines(value: Any, width: float) -> int:
    """Lines that a text takes in a column so many characters wide."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, len(textwrap.wrap(line, max(int(width), 4)))) for line in value.split("\n"))
