"""Where chapters begin a page, and how wide a column of years is drawn."""

from __future__ import annotations

from dataclasses import replace

from workbook.blocks import Column, Words, table
from workbook.render.columns import layout
from workbook.render.document import Document, Part, chapters

_LONG = Words(tuple("A sentence that fills a line of the page." for _ in range(60)))


def _document() -> Document:
    parts = tuple(Part(id, id.title(), (_LONG,)) for id in ("one", "two"))
    return Document("Title", "Area", "2019/20", "DRAFT", 1, None, "", False, (_LONG,), parts)


def test_long_chapters_begin_a_page_unless_the_document_flows():
    assert [c.follows for c in chapters(_document())] == [False, False, False]
    assert [c.follows for c in chapters(replace(_document(), flowing=True))] == [False, True, True]


def test_a_bold_year_is_not_broken_where_its_figures_are_shorter():
    """In Word a column of 99.7 under 2020 was too narrow for its heading: "202" and "0"."""
    years = [Column("y2019", "2019"), Column("y2020", "2020")]
    made = layout(table("levels", "Levels", years, [{"y2019": "100.2", "y2020": "9.7"}]))
    assert made.widths[1] >= 1.2 * len("2020")
