"""A spreadsheet by the rules for accessible spreadsheets, written straight with XlsxWriter.

Every sheet begins in A1 with what it is, holds one table or a few below one
another, and marks each as a table with a name and a description for a screen
reader. No cell is merged, no row or column inside a table is left out, nothing
is said by colour alone. Whatever is given as text is written as text: no
formula and no link is read out of it.

Rules: Government Analysis Function, "Releasing statistics in spreadsheets"
(https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/).
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from typing import Any

from workbook.render.sheets import (
    LONGEST,
    LONGEST_HEAD,
    OWN,
    Cover,
    Figure,
    Grid,
    Layout,
    Link,
    Sheet,
    State,
    TableNames,
    Value,
    layout,
    lines_of,
    shape_of,
    titled,
)
from workbook.render.text import clean, decimals_of, is_number

_LINE_HEIGHT = 15.75  # points of a line of 12 point type
_NARROW = 1.1  # characters of a text for each unit of a column, which is the width of a digit
_MOST_LINES = 25  # of a row: a row may be 409 points high
_TITLE_HEIGHT = 24
_COVER = 72  # width of the cover: that of an upright page


def written(cover: Cover, sheets: Sequence[Sheet], properties: dict[str, Any]) -> bytes:
    """The workbook as XLSX: the cover, then the sheets; ``properties`` as XlsxWriter names them."""
    made = io.BytesIO()
    book = _book_class()(made, _options())
    book.set_properties(properties)
    looks = _Looks(book)
    _write_cover(book, looks, cover)
    names = TableNames()
    for sheet in sheets:
        _write(book, looks, names, sheet)
    book.close()
    return made.getvalue()


def _options() -> dict[str, Any]:
    """Text stays text, everything in Arial; made anew each time, as XlsxWriter writes into them."""
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {**_TYPE},
    }


_TYPE = {"font_name": "Arial", "font_size": 12, "font_scheme": False}


# --- how things look --------------------------------------------------------------------


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}
        self.title = self._of(bold=True, font_size=16, text_wrap=False)
        self.plain = self._of()
        self.below = self._of(bold=True, font_size=13)
        self.wrapped = self._of(text_wrap=True, valign="top")

    def _of(self, **look: Any) -> Any:
        key = tuple(look.items())
        if key not in self._made:
            self._made[key] = self._book.add_format({**_TYPE, **look})
        return self._made[key]

    def head(self, shape: str, column: int) -> Any:
        """The format of a heading: set like the cells below it."""
        side = {"align": "right"} if shape else {"align": "left", "indent": 1 if column else 0}
        return self._of(bold=True, text_wrap=True, valign="bottom", bottom=1, **side)

    def figure(self, shape: str) -> Any:
        return self._of(align="right", num_format=shape, valign="top")

    def words(self, column: int, shape: str = "") -> Any:
        side = {"align": "right"} if shape else {"align": "left", "indent": 1 if column else 0}
        return self._of(num_format="@", text_wrap=True, valign="top", **side)

    def link(self, column: int) -> Any:
        look = {"font_color": "#0b4f8a", "underline": 1, "indent": 1 if column else 0}
        return self._of(text_wrap=True, valign="top", align="left", **look)

    def state(self, good: bool, column: int) -> Any:
        fill, ink = ("#d7efdb", "#0d3b18") if good else ("#fbd9d6", "#6a0f0b")
        look = {"bg_color": fill, "font_color": ink, "bold": True, "indent": 1 if column else 0}
        return self._of(text_wrap=True, valign="top", align="left", **look)


# --- writing them ---------------------------------------------------------------------------


def _write_cover(book: Any, looks: _Looks, cover: Cover) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _COVER)
    title = clean(cover.title)[:LONGEST]
    sheet.set_row(0, 21 * min(lines_of(title, _COVER * 0.7), 10))
    sheet.write_string(0, 0, title, looks._of(bold=True, font_size=16, text_wrap=True, valign="top"))
    row = 1
    for heading, lines in cover.blocks:
        for text, look in [(heading, looks.below), *((line, looks.wrapped) for line in lines)]:
            if text:
                _write_line(sheet, row, clean(text)[:LONGEST], look)
                row += 1
    sheet.freeze_panes(1, 0)
    _for_printing(sheet, landscape=False)


def _write_line(sheet: Any, row: int, text: str, look: Any) -> None:
    sheet.write_string(row, 0, text, look)
    lines = lines_of(text, _COVER * _NARROW)
    if lines > 1:
        sheet.set_row(row, _LINE_HEIGHT * min(lines, _MOST_LINES))


def _write(book: Any, looks: _Looks, names: TableNames, sheet: Sheet) -> None:
    page, found = book.add_worksheet(sheet.name), layout(sheet)
    page.hide_gridlines(2)
    for column, width in enumerate(found.widths):
        page.set_column(column, column, width)
    page.set_row(0, _TITLE_HEIGHT)
    page.write_string(0, 0, clean(sheet.title)[:LONGEST], looks.title)
    for row, line in enumerate(found.above, 1):
        page.write_string(row, 0, line, looks.plain)
    for grid, lines, head in zip(sheet.grids, found.lines, found.heads, strict=True):
        top = head - len(lines)
        if titled(sheet):
            page.write_string(top - 1, 0, clean(grid.title)[:LONGEST], looks.below)
        for row, line in enumerate(lines, top):
            page.write_string(row, 0, line, looks.plain)
        _write_grid(page, looks, names.of(grid.id), grid, head, found.widths)
    _freeze(page, sheet, found)
    _for_printing(page)


def _write_grid(page: Any, looks: _Looks, name: str, grid: Grid, head: int, widths: Sequence[float]) -> None:
    heads = [looks.head(shape, c) for c, shape in enumerate(grid.shapes)]
    for c, (text, look) in enumerate(zip(grid.headings, heads, strict=True)):
        page.write_string(head, c, text, look)
    _fit(page, head, grid.headings, [w - 1 for w in widths])  # bold is wider
    for r, row in enumerate(grid.rows, head + 1):
        for c, (value, shape) in enumerate(zip(row, grid.shapes, strict=True)):
            _write_cell(page, looks, r, c, value, shape)
        _fit(page, r, row, widths)
    options = {
        "autofilter": len(grid.rows) > _FILTERED,
        "style": None,
        "name": name,
        "title": clean(grid.title)[:LONGEST_HEAD],
        "description": _described(grid),
        "columns": [{"header": h, "header_format": f} for h, f in zip(grid.headings, heads, strict=True)],
    }
    page.add_table(head, 0, head + len(grid.rows), len(grid.headings) - 1, options)


_FILTERED = 30  # rows from which on a table can be filtered by its headings


def _described(grid: Grid) -> str:
    """What a screen reader says of a table before it is read."""
    size = f"{len(grid.rows)} rows under {len(grid.headings)} headings: "
    return (size + "; ".join(" ".join(h.split()) for h in grid.headings))[:LONGEST_HEAD]


def _write_cell(page: Any, looks: _Looks, row: int, column: int, value: Value, shape: str) -> None:
    if isinstance(value, Link):
        page.write_url(row, column, f"internal:{value.target}", looks.link(column), value.text)
    elif isinstance(value, State):
        page.write_string(row, column, value.text, looks.state(value.good, column))
    elif isinstance(value, Figure):
        page.write_number(row, column, value.value, looks.figure(shape_of(value.decimals)))
    elif is_number(value):
        own = shape_of(decimals_of(value)) if shape in ("", OWN) else shape
        page.write_number(row, column, value, looks.figure(own))
    else:
        page.write_string(row, column, str(value)[:LONGEST], looks.words(column, shape))


def _fit(page: Any, row: int, values: Sequence[Value], widths: Sequence[float]) -> None:
    texts = (v.text if isinstance(v, (Link, State)) else v for v in values)
    lines = max(
        (lines_of(v, w * _NARROW) for v, w in zip(texts, widths, strict=False) if isinstance(v, str)),
        default=1,
    )
    if lines > 1:
        page.set_row(row, _LINE_HEIGHT * min(lines, _MOST_LINES))


def _freeze(page: Any, sheet: Sheet, found: Layout) -> None:
    """One table keeps its headings in sight, and a wide one its first column; several keep the sheet's title."""
    if len(sheet.grids) == 1:
        page.freeze_panes(found.heads[0] + 1, 1 if len(found.widths) > 5 and found.widths[0] < 45 else 0)
        page.repeat_rows(found.heads[0])
    else:
        page.freeze_panes(1, 0)
        page.repeat_rows(0)


def _for_printing(page: Any, *, landscape: bool = True) -> None:
    page.set_paper(9)
    if landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&RPage &P of &N")


@functools.cache
def _book_class() -> Any:
    """The workbook of XlsxWriter, which can also say in which language it is written."""
    from xlsxwriter.core import Core
    from xlsxwriter.packager import Packager
    from xlsxwriter.workbook import Workbook

    class WithLanguage(Core):
        def _write_dc_description(self) -> None:
            super()._write_dc_description()
            self._xml_data_element("dc:language", "en-GB")

    class Package(Packager):
        def _write_core_file(self) -> None:
            core = WithLanguage()
            core._set_properties(self.workbook.doc_properties)
            core._set_xml_writer(self._filename("docProps/core.xml"))
            core._assemble_xml_file()

    class Book(Workbook):
        def _get_packager(self) -> Any:
            return Package()

    return Book
