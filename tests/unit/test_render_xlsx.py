"""The spreadsheet: numbers are numbers, words are words, the tables of a section described on its sheet."""

from __future__ import annotations

import io
import warnings
from datetime import datetime

import openpyxl
import pytest

from tests.unit import render_sample as sample
from workbook import blocks
from workbook.blocks import Column, Table
from workbook.render import xlsx
from workbook.render.document import SYNTHETIC, Entry, Part

BYTES = xlsx.page(sample.document())
BOOK = openpyxl.load_workbook(io.BytesIO(BYTES))


def _table(book: openpyxl.Workbook, name: str) -> list[tuple]:
    """The cells of the table of a name ("table_3_long"), or of the only one of a sheet; headings first."""
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            if table.name == name or (sheet.title == name and len(sheet.tables) == 1):
                return [tuple(c.value for c in row) for row in sheet[table.ref]]
    raise AssertionError(f"no table {name} in {[t for s in book.worksheets for t in s.tables]}")


def _one(*tables: Table, **changes: object) -> openpyxl.Workbook:
    document = sample.document(summary=(), parts=(Part("p", "P", tables),), **changes)
    return openpyxl.load_workbook(io.BytesIO(xlsx.page(document)))


def test_sheets_are_the_sections_in_reading_order_and_the_contents_lead_to_every_table():
    assert BOOK.sheetnames == [
        *("Cover", "Contents", "Notes", "Findings", "Summary", "How the area compares", "What people said"),
        *("Budget schemes", "Schemes", "Answers"),
    ]
    ((part, sheet, table, title, rows),) = (r for r in _table(BOOK, "Contents") if r[2] == "Table 1")
    assert (part, sheet, table, title, rows) == (
        *("What people need", "How the area compares", "Table 1", "All areas compared with England", 25),
    )
    links = [(c.value, c.hyperlink.location) for (c,) in BOOK["Contents"]["C5:C30"] if c.hyperlink]
    target = BOOK["How the area compares"][dict(links)["Table 1"].rpartition("!")[2]]
    assert target.value == "Area"
    assert len(links) == sum(len(sheet.tables) for sheet in BOOK.worksheets[3:])


def test_every_sheet_says_what_it_is_and_keeps_its_headings_or_its_title_in_sight():
    for sheet in BOOK.worksheets[1:]:
        above = [sheet[f"A{n}"].value for n in range(1, 5)]
        assert above[0] and SYNTHETIC in above
        tops = [t.ref.split(":")[0][1:] for t in sheet.tables.values()]
        assert sheet.freeze_panes[1:] == (str(int(tops[0]) + 1) if len(tops) == 1 else "2")


def test_figures_are_numbers_with_their_unit_in_the_heading():
    head, first, second, *_ = _table(BOOK, "table_1_long")
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
    sheet = BOOK["How the area compares"]
    top = int(sheet.tables["table_1_long"].ref.split(":")[0][1:])
    assert [c.number_format for c in sheet[top + 2]][1:5] == ["0", "#,##0.0", "#,##0", "#,##0.0"]


def test_what_is_missing_is_explained_above_the_table():
    above = [c.value for (c,) in BOOK["How the area compares"]["A20:A25"]]
    assert "[x] means not available." in above and "Source: Fingertips, 2025" in above


def test_a_table_that_prints_an_empty_cell_says_what_the_mark_means():
    empty = blocks.table(
        "t", "T", [Column("who", "With whom"), Column("sum", "£")], [{"who": None, "sum": -0.0}], missing=""
    )
    grid = xlsx._grid(Entry(empty, "t", 0, "Table 1"), xlsx._Notes())
    assert "[x] means nothing to say here." in grid.above
    assert grid.rows == (("[x]", 0),)
    assert str(grid.rows[0][1]) == "0.0"  # no sign before a zero


def test_everything_that_was_asked_stands_in_one_long_table():
    head, *rows = _table(BOOK, "Answers")
    assert head[:6] == ("Step", "Section", "Entry", "Question", "Answer", "Unit")
    (full,) = (r for r in rows if r[3] == "Is the case for change written down?")
    assert full[4:] == (
        *("Partly", "none", "Board paper 12, March 2026 <script>alert(1)</script>", "Chief nurse"),
        *("30 September 2026", "TDC-01.1"),
    )
    assert any(r[4] == "not answered yet" for r in rows)


@pytest.mark.parametrize("typed", [*sample.HOSTILE[:5], "+1", "-1+2", "@sum", "---", "line one\nline two"])
def test_typed_text_is_text(typed: str):
    cells = [c for row in BOOK["Schemes"]["A27:B45"] for c in row if c.value == typed]
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
    assert book.sheetnames == ["Cover", "Contents", "Completeness", "P"]
    (cell,) = (c for row in book["Completeness"].iter_rows() for c in row if c.value == "Missing")
    assert cell.fill.fgColor.rgb == "FFFBD9D6" and cell.font.b


def test_headings_that_repeat_and_tables_without_rows_are_written():
    twice = Table("t", "T", (Column("a", "Cost", "£"), Column("b", "cost", "£")), ((1, 2.5),))
    empty = Table("e", "E", (Column("a", "A"), Column("b", "B")), ())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = _one(twice, empty)
    assert _table(book, "table_1_t")[0] == ("Cost\n(£)", "cost\n(£) 2")
    assert _table(book, "table_2_e")[1] == ("No figures on hand", "[x]")


def test_a_column_of_typed_figures_shows_the_decimals_each_has():
    book = _one(Table("t", "T", (Column("a", "A"), Column("c", "Cost")), (("x", 1250), ("y", 900.5))))
    assert [row[1].number_format for row in book["P"]["A6:B7"]] == ["#,##0", "#,##0.0"]


def test_properties_come_from_the_plan():
    made = BOOK.properties
    assert made.title == "Five-year commissioning plan, Northshire (synthetic): tables"
    assert made.created == datetime(2026, 5, 14, 10, 32)
    cover = [row[0].value for row in BOOK["Cover"].iter_rows()]
    assert "DRAFT: not signed off, not for decision" in cover and SYNTHETIC in cover


def test_the_same_plan_gives_the_same_bytes():
    assert xlsx.page(sample.document()) == BYTES


def test_a_nested_list_is_a_table_of_levels():
    rows = _table(BOOK, "table_thread")
    assert rows[0] == ("Level", "Entry", "Hangs on", "State")
    assert [r[0] for r in rows[1:]] == [1, 2, 3, 4, 4, 1]
    assert rows[1][2:] == ("nothing above it", "Whole")
    assert rows[5][1:] == ("Outcome: not named", rows[3][1], "Broken or in doubt")
