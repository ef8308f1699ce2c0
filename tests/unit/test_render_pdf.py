"""The plan as PDF: tagged, described, inert, the same bytes each time."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator

import pikepdf
import pytest

from tests.unit import render_sample as sample
from workbook.render import pdf
from workbook.render.document import SYNTHETIC, chapters

BYTES = pdf.page(sample.document())


@pytest.fixture(scope="module")
def opened() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(BYTES)) as file:
        yield file


def _elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure tree."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _elements(node["/K"])


def _words(data: bytes) -> list[str]:
    """The words of every page, blanks left out, through the fonts' own tables of characters."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return [_page_words(page) for page in file.pages]


def _page_words(page: pikepdf.Page) -> str:
    fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    said, now = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            now = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            codes = b"".join(bytes(p) for p in parts if isinstance(p, pikepdf.String))
            said += [now.get(codes[i : i + 2].hex(), "") for i in range(0, len(codes), 2)]
    return re.sub(r"[\s\u200b]", "", "".join(said))


def _characters(font: pikepdf.Object) -> dict[str, str]:
    """A font's codes (hexadecimal) and the characters they stand for."""
    table = font.ToUnicode.read_bytes().decode("ascii", "replace")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[code.lower()] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for n in range(int(last, 16) - int(first, 16) + 1):
                found[f"{int(first, 16) + n:04x}"] = chr(int(text, 16) + n)
    return found


def test_the_file_says_that_it_is_accessible(opened: pikepdf.Pdf):
    assert str(opened.Root.Lang) == "en-GB"
    assert bool(opened.Root.MarkInfo.Marked)
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    with opened.open_metadata() as meta:
        assert meta["pdfuaid:part"] == "1"
        assert meta["dc:title"] == "Five-year commissioning plan, Northshire (synthetic)"


def test_headings_tables_and_pictures_are_tagged(opened: pikepdf.Pdf):
    elements = list(_elements(opened.Root.StructTreeRoot.K))
    kinds = Counter(str(e.S) for e in elements)
    assert kinds["/H1"] == len(chapters(sample.document())) + 1  # and the sources at the end
    assert kinds["/H2"] and kinds["/Table"] and kinds["/TOC"] and kinds["/Caption"]
    assert kinds["/TH"] >= 6 + 8 + 12
    alts = [str(e.Alt) for e in elements if str(e.S) == "/Figure"]
    assert len(alts) == 3 and all(alts)
    assert "Two falling lines" in alts[0]


def test_the_outline_leads_to_the_parts(opened: pikepdf.Pdf):
    with opened.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles == ["Summary", "What people need", "Budget & schemes", "Sources and licences"]


def test_fonts_are_the_shipped_ones(opened: pikepdf.Pdf):
    names = {
        str(f.BaseFont).split("+")[1]
        for p in opened.pages
        for f in p.Resources.get("/Font", {}).values()  # type: ignore[union-attr]
    }
    assert names and all(n.startswith("LiberationSans") for n in names)


def test_status_and_synthetic_mark_stand_on_every_page():
    pages = _words(BYTES)
    assert len(pages) > 5
    for number, words in enumerate(pages, 1):
        assert words.count("DRAFT") >= 1
        assert SYNTHETIC.replace(" ", "") in words
        assert f"Page{number}of{len(pages)}" in words
        assert "Revision7,savedon14May2026" in words


def test_a_signed_plan_says_draft_nowhere():
    pages = _words(pdf.page(sample.document(status="SIGNED OFF", synthetic=False)))
    assert not any("DRAFT" in words or "Synthetic" in words for words in pages)


def test_typed_text_is_printed_as_typed():
    words = "".join(_words(BYTES))
    for typed in (sample.SCRIPT, sample.TYPST, "=HYPERLINK(", sample.LONG_WORD, sample.NOTE_MARK):
        assert re.sub(r"\s", "", typed) in words
    assert "Welldone[grinningface][U+4E2DU+6587]bell" in words, "no character is a box that says nothing"


def test_heading_rows_are_repeated_on_the_next_page():
    with_table = [w for w in _words(BYTES) if "BetterthanEngland" in w]
    assert len(with_table) == 2


def test_numbers_agree_with_the_other_formats():
    words = "".join(_words(BYTES))
    for entry in (e for c in chapters(sample.document()) for e in c.entries if e.label):
        assert f"{entry.label.replace(' ', '')}:" in words
    assert 'sheet"Howtheareacompares"' in words


def test_the_same_plan_gives_the_same_bytes_and_an_unsaved_one_no_date():
    assert pdf.page(sample.document()) == BYTES
    unsaved = pdf.page(sample.document(saved=None))
    assert b"19800101" not in unsaved and "notyetsaved" in _words(unsaved)[0]


def test_a_nested_list_is_tagged_list_in_list(opened: pikepdf.Pdf):
    def depth(node: pikepdf.Object, level: int = 0) -> int:
        if isinstance(node, pikepdf.Array):
            return max((depth(child, level) for child in node), default=level)
        if not isinstance(node, pikepdf.Dictionary):
            return level
        level += str(node.get("/S", "")) == "/L"
        return depth(node["/K"], level) if "/K" in node else level

    assert depth(opened.Root.StructTreeRoot.K) == 4
    words = "".join(_words(BYTES))
    assert words.count("Brokenorindoubt:") == 2 and "Brokenorindoubt:Need:waits" in words


def test_a_heading_can_open_a_page_of_its_own():
    opening = [w for w in _words(BYTES)[1:] if "Checks" in w and "Isthecaseforchange" in w]
    (page,) = opening
    assert page.partition("Checks")[0].endswith(SYNTHETIC.replace(" ", ""))
