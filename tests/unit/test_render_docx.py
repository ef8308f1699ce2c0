"""The editable plan: opens, is structured and described, inert, the same bytes each time."""

from __future__ import annotations

import io
import runpy
import zipfile
from dataclasses import replace
from datetime import datetime

import docx
import pytest
from docx.oxml.ns import qn

from tests.unit import render_sample as sample
from workbook.blocks import Column, Table
from workbook.paths import shipped
from workbook.render import docx as render
from workbook.render.columns import layout
from workbook.render.document import SYNTHETIC, chapters

BYTES = render.page(sample.document())
WORD = docx.Document(io.BytesIO(BYTES))
XML = zipfile.ZipFile(io.BytesIO(BYTES)).read("word/document.xml").decode()


def _all(tag: str) -> list:
    return list(WORD.element.body.iter(qn(tag)))


def _styled(name: str) -> list[str]:
    return [p.text for p in WORD.paragraphs if p.style.name == name]


def test_headings_are_headings():
    assert _styled("Title") == ["Five-year commissioning plan"]
    assert _styled("Heading 1") == ["Summary", "What people need", "Budget & schemes", "Sources and licences"]
    assert "How the area compares" in _styled("Heading 2") and len(_styled("Heading 3")) == 1


def test_every_style_used_is_in_the_template():
    known = {s.style_id for s in WORD.styles}
    used = {e.get(qn("w:val")) for tag in ("w:pStyle", "w:tblStyle") for e in _all(tag)}
    assert used <= known


def test_the_contents_list_has_its_entries_and_they_lead_somewhere():
    entries = [
        p.text for p in WORD.paragraphs if p.style.name.lower().startswith("toc ") and p.text != "Contents"
    ]
    assert entries[:3] == ["Summary", "What people need", "How the area compares"]
    marks = [e.get(qn("w:name")) for e in _all("w:bookmarkStart")]
    assert len(set(marks)) == len(marks) and max(map(len, marks)) <= 40
    assert {e.get(qn("w:anchor")) for e in _all("w:hyperlink")} <= set(marks)


def test_captions_are_numbered_by_fields_with_their_number_in_place():
    captions = [p for p in WORD.paragraphs if p.style.name.lower() == "caption"]
    labels = [e.label for c in chapters(sample.document()) for e in c.entries if e.label]
    assert len(captions) == len(labels)
    codes = [e.get(qn("w:instr")).split()[1] for e in _all("w:fldSimple") if "SEQ" in e.get(qn("w:instr"))]
    cached = [e.findtext(f"{qn('w:r')}/{qn('w:t')}") for e in _all("w:fldSimple")]
    assert [f"{c} {n}" for c, n in zip(codes, cached, strict=True)] == labels


def test_tables_repeat_their_heading_row_and_are_described():
    assert len(WORD.tables) == 6
    for table in WORD.tables:
        assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
        assert "rows; columns:" in properties.find(qn("w:tblDescription")).get(qn("w:val"))


def test_pictures_have_alternative_text():
    described = [e.get("descr") for e in _all("wp:docPr")]
    assert len(described) == len(WORD.inline_shapes) == 3
    assert described[0] == "Two falling lines; the own area stays below England."


def test_language_properties_and_dates_come_from_the_plan():
    core = WORD.core_properties
    assert (core.language, core.title) == ("en-GB", "Five-year commissioning plan, Northshire (synthetic)")
    assert (
        core.created.replace(tzinfo=None)
        == core.modified.replace(tzinfo=None)
        == datetime(2026, 5, 14, 10, 32)
    )
    assert (core.author, core.revision, core.keywords) == ("A. Planner <planner>", 7, "DRAFT")
    assert WORD.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"


def test_running_heads_say_draft_synthetic_and_revision():
    section = WORD.sections[0]
    head = "\n".join(p.text for p in section.header.paragraphs)
    assert "DRAFT" in head and SYNTHETIC in head
    assert "Revision 7, saved on 14 May 2026" in section.footer.paragraphs[0].text
    signed = docx.Document(io.BytesIO(render.page(sample.document(status="SIGNED OFF", synthetic=False))))
    assert all("DRAFT" not in p.text for p in (*signed.paragraphs, *signed.sections[0].header.paragraphs))


@pytest.mark.parametrize(
    "typed", [sample.SCRIPT, sample.FORMULA, sample.TYPST, sample.NOTE_MARK, sample.LONG_WORD]
)
def test_typed_text_is_text(typed: str):
    cells = {c.text for t in WORD.tables for r in t.rows for c in r.cells}
    assert typed in cells


def test_characters_that_xml_cannot_hold_are_left_out():
    assert "\x07" not in XML and "bell" in XML


def test_a_page_across_stands_between_upright_ones():
    parts = sample.document().parts
    wide = sample.document(
        parts=(parts[0].__class__("wide", "Wide", (sample.wide_table(22), sample.wide_table(3))),)
    )
    word = docx.Document(io.BytesIO(render.page(wide)))
    assert [s.page_width > s.page_height for s in word.sections] == [False, True, False]


def test_the_same_plan_gives_the_same_bytes():
    assert render.page(sample.document()) == BYTES


def test_the_template_is_what_its_script_makes(tmp_path):
    folder = shipped("templates") / "documents"
    made = tmp_path / "plan.docx"
    runpy.run_path(str(folder / "make_docx_template.py"))["write"](made)
    with zipfile.ZipFile(made) as new, zipfile.ZipFile(folder / "plan.docx") as kept:
        assert {n: new.read(n) for n in new.namelist()} == {n: kept.read(n) for n in kept.namelist()}


def test_a_table_of_small_type_is_written_in_the_size_its_widths_were_made_for():
    heads = tuple(Column(f"c{n}", "Organisation", "£000s") for n in range(8))
    table = Table("t", "T", heads, (tuple("2026/27" for _ in heads),))
    small = layout(table).points
    word = sample.document(summary=(table,), parts=())
    with zipfile.ZipFile(io.BytesIO(render.page(word))) as made:
        body = made.read("word/document.xml").decode()
    grid = body[body.index("<w:tbl>") : body.index("</w:tbl>")]
    assert small == 7
    assert grid.count('<w:pStyle w:val="TableTextSmallest"/>') == grid.count("<w:tc>")
    assert "<w:sz" not in grid, "sizes are said by styles, so that they can be changed in one place"


def test_a_nested_list_stands_in_levels_of_one_list_and_says_what_is_broken():
    levels = [
        (p._p.pPr.numPr.ilvl.val, p._p.pPr.numPr.numId.val, p.text)
        for p in WORD.paragraphs
        if p.style.name == "Tree Entry"
    ]
    assert [level for level, _, _ in levels] == [0, 1, 2, 3, 3, 0]
    assert {number for _, number, _ in levels} == {2}
    assert [text for _, _, text in levels if text.startswith("Broken or in doubt: ")] == [
        "Broken or in doubt: Outcome: not named",
        "Broken or in doubt: Need: waits",
    ]
    assert _styled("Tree Title") == ["From need to outcome"]


def test_a_heading_can_open_a_page_of_its_own():
    (checks,) = (p for p in WORD.paragraphs if p.style.name == "Heading 2" and p.text == "Checks")
    assert checks.paragraph_format.page_break_before is True


def test_a_tall_picture_leaves_its_title_room_on_the_page():
    plain = sample.trend("tall")
    tall = replace(plain, spec={**plain.spec, "width": 300, "height": 1400})
    word = docx.Document(io.BytesIO(render.page(sample.document(summary=(tall,), parts=()))))
    (picture,) = word.inline_shapes
    assert picture.height.cm <= 19.5
    assert picture.width / picture.height < 0.5, "its proportions are kept"
