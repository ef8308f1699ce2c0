"""Numbering, bookmarks, sheet names and the words of a document's state."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from datetime import datetime

import pikepdf

from tests.unit import render_sample as sample
from workbook.blocks import Column, Figure, Heading, Item, Question, Table, Words
from workbook.render import columns, docx, pdf
from workbook.render.document import (
    Part,
    chapters,
    closing,
    findings,
    moment,
    running_title,
    saved_words,
)


def _entries(**changes: object) -> list:
    return [e for c in chapters(sample.document(**changes)) for e in c.entries]


def test_figures_and_tables_are_numbered_in_reading_order():
    labels = [e.label for e in _entries() if isinstance(e.block, Figure)]
    assert labels == ["Figure 1", "Figure 2", "Figure 3"]
    numbers = [e.label for e in _entries() if isinstance(e.block, Table)]
    assert numbers == [f"Table {n}" for n in range(1, len(numbers) + 1)]


def test_bookmarks_and_sheet_names_are_unique_and_fit():
    entries = _entries()
    anchors = [e.anchor for e in entries] + [c.anchor for c in chapters(sample.document())]
    assert len(set(anchors)) == len(anchors)
    sheets = {e.sheet for e in entries if e.sheet}
    assert len({s.casefold() for s in sheets}) == len(sheets)
    assert all(len(s) <= 31 and not set(s) & set("[]:*?/\\'") for s in sheets)


def test_tables_of_a_section_share_a_sheet_and_the_seventh_stands_in_its_part_of_it():
    tables = [Table(f"t-{n}", "T", (Column("x", "X"),), ((n,),)) for n in range(9)]
    below = Heading("What stands below it", "below", 3)
    blocks = (
        Heading("How things are, in general and in every place", "things"),
        *tables[:6],
        below,
        *tables[6:],
    )
    sheets = [e.sheet for e in _entries(summary=(), parts=(Part("p", "P", blocks),)) if e.sheet]
    assert sheets == ["How things are"] * 6 + ["What stands below it"] * 3


def test_the_annex_puts_its_tables_with_those_of_the_same_section():
    one, other = (Table(id, id, (Column("x", "X"),), ((1,),)) for id in ("a", "b"))
    chapter = Part("p", "P", (Heading("Money", "money"), one))
    annex = Part("annex", "Annex", (Heading("P", "annex-p"), Heading("Money", "annex-money", 3), other))
    assert [e.sheet for e in _entries(summary=(), parts=(chapter, annex)) if e.sheet] == ["Money", "Money"]


def test_the_same_table_twice_has_one_place_a_long_one_its_own_and_no_name_is_taken_twice():
    one = Table("needs-a", "A", (Column("x", "X"),), ((1,),))
    long = Table("needs-long", "A", (Column("x", "X"),), ((2,),) * 61)
    parts = (
        Part("p", "P", (one, Heading("Contents", "c"), one, long)),
        *(Part(id, "Contents", (Table(id, "T", (Column("x", "X"),), ((id,),)),)) for id in "qr"),
    )
    sheets = [e.sheet for e in _entries(summary=(), parts=parts) if e.sheet]
    assert sheets == ["P", "P", "Needs long", "Contents table", "Contents table 2"]


def test_no_heading_level_is_skipped():
    levels = [e.level for e in _entries() if isinstance(e.block, Heading)]
    assert levels == [2, 2, 2, 3, 2]


def test_an_empty_part_is_left_out():
    made = chapters(sample.document(summary=(), parts=(Part("a", "A", ()), Part("b", "B", sample.needs()))))
    assert [c.title for c in made] == ["B"]


def test_findings_come_once_with_those_that_block_first():
    document = sample.document()
    found = findings(document)
    assert [f.severity for f in found] == ["blocks", "blocks", "doubt", "note"]
    twice = dataclasses.replace(document, parts=(*document.parts, document.parts[0]))
    assert findings(twice) == found


def test_dates_come_from_the_plan_and_never_from_the_clock():
    assert saved_words(sample.document()) == "Revision 7, saved on 14 May 2026 by A. Planner <planner>"
    assert saved_words(sample.document(saved=None)) == "Revision 7, not yet saved"
    assert moment(sample.document(saved=None)).year == 1980
    naive = datetime(2026, 5, 14, 10, 32)
    assert moment(sample.document(saved=naive)) == sample.SAVED


def test_the_title_names_the_area_once():
    assert running_title(sample.document()) == "Five-year commissioning plan, Northshire (synthetic)"
    assert running_title(sample.document(title="Northshire plan")) == "Northshire plan"


def test_attribution_stands_in_the_part_on_sources_where_there_is_one():
    document = sample.document()
    assert closing(document) == document.attribution
    assert closing(sample.document(parts=(Part("sources", "Sources", sample.needs()),))) == ()


def test_wide_tables_take_smaller_type_and_only_then_a_page_across():
    assert columns.layout(sample.wide_table(7)).points == 9
    twelve = columns.layout(sample.wide_table(12))
    assert twelve.points < 9 and not twelve.landscape
    assert columns.layout(sample.wide_table(22)).landscape


def test_a_narrow_table_does_not_fill_the_line_and_long_text_gets_the_room():
    narrow = Table("t", "T", (Column("a", "A"), Column("b", "B")), (("x", 1),))
    assert columns.layout(narrow).share < 0.5
    long = Table(
        "t",
        "T",
        (Column("q", "Q"), Column("a", "A"), Column("o", "O")),
        (("word " * 20, "word " * 60, "Owner"),),
    )
    question, answer, owner = columns.layout(long).widths
    assert answer > question > owner


def test_a_chapter_of_a_few_lines_follows_on_the_page_of_the_one_before():
    few = Part("few", "Few", (Words(("Nobody has signed the plan yet.",)),))
    many = Part("many", "Many", (Words(tuple(f"Line {n}" for n in range(20))),))
    drawn = Part("drawn", "Drawn", sample.needs())
    made = chapters(sample.document(summary=few.blocks, parts=(few, many, drawn, few)))
    assert [c.follows for c in made] == [False, True, False, False, True]


def test_short_chapters_share_a_page_in_pdf_and_word():
    parts = tuple(Part(f"p{n}", f"Chapter {n}", (Words(("One line.",)),)) for n in range(6))
    short = sample.document(summary=(Words(("Summary.",)),), parts=parts)
    assert len(pikepdf.open(io.BytesIO(pdf.page(short))).pages) == 3  # cover, chapters, sources
    with zipfile.ZipFile(io.BytesIO(docx.page(short))) as word:
        body = word.read("word/document.xml").decode()
    assert body.count('<w:pageBreakBefore w:val="0"/>') == len(parts)


def test_answers_do_not_say_the_title_of_their_chapter_again():
    long = tuple(
        Item(
            f"Decision {n}",
            (sample.question("Why", "long", "Because. " * 30), sample.question("On", "date", "2026-01-22")),
        )
        for n in (1, 2)
    )
    asked = Question("/decisions", "Decisions", "rows", items=long)
    parts = (Part("decisions", "Decisions", (asked,)), Part("other", "Other", (asked,)))
    made = chapters(sample.document(summary=(), parts=parts))
    assert [c.entries[0].block.title for c in made] == ["", "Decisions"]
