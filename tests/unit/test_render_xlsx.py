"""The spreadsheet: numbers are numbers, words are words, one described table a sheet."""

from __future__ import annotations

import io
import warnings
from datetime import datetime

import openpyxl
import pytest

from tests.unit import render_sample as sample
from workbook.blocks import Column, Table
from workbook.render import xlsx
from workbook.render.document import SYNTHETIC, Part

BYTES = xlsx.page(sample.document())
BOOK = openpyxl.load_workbook(io.BytesIO(BYTES))


def _table(book: openpyxl.Workbook, name: str) -> list[tuple]:
    """The cells of a sheet's table, headings first."""
    sheet = book[name]
    (table,) = sheet.tables.values()
    return [tuple(c.value for c in row) for row in sheet[table.ref]]


def _one(*tables: Table, **changes: object) -> openpyxl.Workbook:
    document = sample.document(summary=(), parts=(Part("p", "P", tables),), **changes)
    return openpyxl.load_workbook(io.BytesIO(xlsx.page(document)))


def test_sheets_come_in_reading_order_after_cover_contents_and_notes():
    assert BOOK.sheetnames[:6] == [
        "Cover",
        "Contents",
        "Notes",
        "Findings",
        "Summary trend figures",
        "Trend figures",
    ]
    listed = [row[0] for row in _table(BOOK, "Contents")[1:]]
    assert listed == BOOK.sheetnames[3:]
    links = {c.value: c.hyperlink.location for (c,) in BOOK["Contents"]["A5:A30"] if c.hyperlink}
    assert links["Long"] == "'Long'!A1"


def test_every_sheet_holds_one_table_says_what_it_is_and_freezes_its_headings():
    for sheet in BOOK.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert sheet["A1"].value and SYNTHETIC in [sheet[f"A{n}"].value for n in range(1, 5)]
        top = int("".join(c for c in table.ref.split(":")[0] if c.isdigit()))
        assert sheet.freeze_panes[1:] == str(top + 1)
        assert sheet[f"A{top - 1}"].value


def test_figures_are_numbers_with_their_unit_in_the_heading():
    head, first, second, *_ = _table(BOOK, "Long")
    assert head == (
        "Area",
        "Year",
        "Treatable mortality\n(per 100,000)\n[note 1]",
        "Population",
        "Share\n(%)",
        "Better than England",
    )
    assert first == ("Area 00", 2025, "[x]", 1234567, 0, "Yes")
    assert second[2] == 149.25 and isinstance(second[3], int)
    assert _table(BOOK, "Notes")[1] == (
        "note 1",
        "Treatable mortality: Standardised to the 2013 European population.",
    )
    formats = [c.number_format for c in BOOK["Long"][9]]
    assert formats[1:5] == ["0", "#,##0.0", "#,##0", "#,##0.0"]


def test_what_is_missing_is_explained_above_the_table():
    above = [BOOK["Long"][f"A{n}"].value for n in range(1, 8)]
    assert "[x] means not available." in above and "Source: Fingertips, 2025" in above


@pytest.mark.parametrize("typed", [*sample.HOSTILE[:5], "+1", "-1+2", "@sum", "---", "line one\nline two"])
def test_typed_text_is_text(typed: str):
    (name,) = (n for n in BOOK.sheetnames if n.startswith("Hostile"))
    cells = [c for row in BOOK[name].iter_rows() for c in row if c.value == typed]
    assert len(cells) == 2
    assert all(c.data_type == "s" and c.hyperlink is None for c in cells)


def test_no_cell_of_the_book_is_a_formula():
    assert all(c.data_type != "f" for sheet in BOOK.worksheets for row in sheet.iter_rows() for c in row)


def test_findings_have_their_sheet_and_a_plan_without_any_has_none():
    rows = _table(BOOK, "Findings")
    assert rows[0] == ("Severity", "Finding", "What to do", "Step", "Code")
    assert [r[0] for r in rows[1:]] == ["Blocks sign-off", "Blocks sign-off", "In doubt", "Note"]
    assert "Findings" not in _one(sample.wide_table(3)).sheetnames


def test_completeness_comes_first_and_marks_what_is_missing():
    table = Table(
        "completeness",
        "How complete",
        (Column("q", "Question"), Column("s", "State")),
        (("Vision", "Missing"),),
    )
    book = _one(sample.wide_table(3), table)
    assert book.sheetnames == ["Cover", "Contents", "Completeness", "Wide 3"]
    assert len(book["Completeness"].conditional_formatting) == 1


def test_headings_that_repeat_and_tables_without_rows_are_written():
    twice = Table("t", "T", (Column("a", "Cost", "£"), Column("b", "cost", "£")), ((1, 2.5),))
    empty = Table("e", "E", (Column("a", "A"), Column("b", "B")), ())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = _one(twice, empty)
    assert _table(book, "T")[0] == ("Cost\n(£)", "cost\n(£) 2")
    assert _table(book, "E")[1] == ("No figures on hand", "[x]")


def test_a_column_of_typed_figures_shows_the_decimals_each_has():
    book = _one(Table("t", "T", (Column("a", "A"), Column("c", "Cost")), (("x", 1250), ("y", 900.5))))
    assert [row[1].number_format for row in book["T"]["A6:B7"]] == ["#,##0", "#,##0.0"]


def test_properties_come_from_the_plan():
    made = BOOK.properties
    assert made.title == "Five-year commissioning plan, Northshire (synthetic): tables"
    assert made.created == datetime(2026, 5, 14, 10, 32)
    cover = [row[0].value for row in BOOK["Cover"].iter_rows()]
    assert "DRAFT: not signed off, not for decision" in cover and SYNTHETIC in cover


def test_the_same_plan_gives_the_same_bytes():
    assert xlsx.page(sample.document()) == BYTES


def test_a_nested_list_is_a_table_of_levels():
    rows = _table(BOOK, "Thread")
    assert rows[0] == ("Level", "Entry", "Hangs on", "State")
    assert [r[0] for r in rows[1:]] == [1, 2, 3, 4, 4, 1]
    assert rows[1][2:] == ("nothing above it", "Whole")
    assert rows[5][1:] == ("Outcome: not named", rows[3][1], "Broken or in doubt")
