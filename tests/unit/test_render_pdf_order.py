"""What a screen reader meets in the PDF: tags, their nesting, and the order of the words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise

import pikepdf
import pytest

from tests.unit import render_sample as sample
from tests.unit.test_render_pdf import _characters, _elements
from workbook.blocks import Finding, Heading, Table, Words
from workbook.render import pdf
from workbook.render.document import SYNTHETIC, Entry, chapters, saved_words
from workbook.render.fonts import showable

Places = dict[tuple[int, int], str]


@pytest.fixture(scope="module")
def opened() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(pdf.page(sample.document()))) as file:
        yield file


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", showable(text))


def _said(page: pikepdf.Page) -> tuple[dict[int, str], str, str]:
    """The words of a page: by the number of their mark, of artifacts, and without either."""
    fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    marked: dict[int, str] = {}
    artifact, outside = "", ""
    stack: list[int | str | None] = []
    now: dict[str, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BMC", "BDC"):
            about = operands[1] if name == "BDC" else {}
            number = about.get("/MCID") if isinstance(about, pikepdf.Dictionary) else None
            stack.append(int(number) if number is not None else str(operands[0]))
        elif name == "EMC":
            stack.pop()
        elif name == "Tf":
            now = fonts[str(operands[0])]
        elif name in ("Tj", "TJ"):
            parts = operands[0] if name == "TJ" else operands
            codes = b"".join(bytes(p) for p in parts if isinstance(p, pikepdf.String))
            text = "".join(now.get(codes[i : i + 2].hex(), "") for i in range(0, len(codes), 2))
            inner = next((s for s in reversed(stack) if isinstance(s, int)), None)
            if inner is not None:
                marked[inner] = marked.get(inner, "") + text
            elif "/Artifact" in stack:
                artifact += text
            else:
                outside += text
    return marked, artifact, outside


def _read_out(file: pikepdf.Pdf) -> str:
    """All words in the order of the structure tree."""
    pages = {page.obj.objgen: _said(page)[0] for page in file.pages}

    def walk(node: pikepdf.Object, page: tuple[int, int] | None) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child, page)
        elif isinstance(node, pikepdf.Dictionary):
            page = node["/Pg"].objgen if "/Pg" in node else page
            if str(node.get("/Type", "")) == "/MCR":
                yield pages[page].get(int(node["/MCID"]), "") if page else ""
            elif "/K" in node:
                yield from walk(node["/K"], page)
        elif page is not None:
            yield pages[page].get(int(node), "")  # type: ignore[call-overload]

    return _squeezed("".join(walk(file.Root.StructTreeRoot.K, None)))


def _first_words(entry: Entry) -> str:
    """Words by which a block is known when it is read out; empty where its shape has none of its own."""
    block = entry.block
    if isinstance(block, Heading):
        return block.text
    if isinstance(block, Words):
        return block.paragraphs[0]
    if isinstance(block, Finding):
        return block.sentence
    return f"{entry.label}: {block.title}" if entry.label else ""


def test_words_are_read_in_the_order_of_the_document(opened: pikepdf.Pdf):
    heard = _read_out(opened)
    at = heard.index(_squeezed(sample.document().title))
    at = heard.index("Contents", at)
    at = heard.index(_squeezed(chapters(sample.document())[-1].title), at)  # past the contents list
    for chapter in chapters(sample.document()):
        at = heard.index(_squeezed(chapter.title), at)
        for entry in chapter.entries:
            words = _squeezed(_first_words(entry))
            found = heard.find(words, at)
            assert found >= 0, f"{words[:60]} is not read after what stands before it"
            at = found
            if isinstance(entry.block, Table) and entry.block.source and entry.block.rows:
                at = heard.index(_squeezed(f"Source: {entry.block.source}"), at)


def test_nothing_is_outside_the_tags_and_running_heads_are_not_read(opened: pikepdf.Pdf):
    heard = _read_out(opened)
    for page in opened.pages:
        _, artifact, outside = _said(page)
        assert not outside.strip()
        assert SYNTHETIC in artifact and "DRAFT" in artifact
        assert _squeezed(saved_words(sample.document())) in _squeezed(artifact)
    assert heard.count(_squeezed(saved_words(sample.document()))) == 1, "on the cover, and on no other page"


def test_headings_go_down_one_level_at_a_time(opened: pikepdf.Pdf):
    kinds = [str(e.S) for e in _elements(opened.Root.StructTreeRoot.K)]
    levels = [int(k[2:]) for k in kinds if re.fullmatch(r"/H[1-6]", k)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_headings_with_a_scope_and_rows_of_one_length(opened: pikepdf.Pdf):
    tables = [e for e in _elements(opened.Root.StructTreeRoot.K) if str(e.S) == "/Table"]
    assert len(tables) == sum(
        isinstance(e.block, Table) and bool(e.block.rows)
        for c in chapters(sample.document())
        for e in c.entries
    )
    for table in tables:
        inner = list(_elements(table["/K"]))
        scopes = [_attribute(e, "/Scope") for e in inner if str(e.S) == "/TH"]
        assert scopes and set(scopes) <= {"/Column", "/Both"}
        assert {str(e.S) for e in inner} >= {"/THead", "/TBody", "/TR", "/TH", "/TD"}
        rows = [e for e in inner if str(e.S) == "/TR"]
        assert len({sum(_span(c) for c in _cells(row)) for row in rows}) == 1


def _cells(row: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    return [e for e in _elements(row["/K"]) if str(e.S) in ("/TH", "/TD")]


def _span(cell: pikepdf.Dictionary) -> int:
    return int(_attribute(cell, "/ColSpan") or 1)


def _attribute(element: pikepdf.Dictionary, name: str) -> str:
    held = element.get("/A", pikepdf.Array([]))
    many = held if isinstance(held, pikepdf.Array) else [held]
    return next((str(a[name]) for a in many if isinstance(a, pikepdf.Dictionary) and name in a), "")


def test_lists_are_lists_and_pictures_are_described(opened: pikepdf.Pdf):
    elements = list(_elements(opened.Root.StructTreeRoot.K))
    for one in (e for e in elements if str(e.S) == "/L"):
        children = one["/K"] if isinstance(one["/K"], pikepdf.Array) else [one["/K"]]
        assert {str(c["/S"]) for c in children} <= {"/LI", "/L", "/Caption"}
    items = [e for e in elements if str(e.S) == "/LI"]
    assert items and all("/LBody" in {str(i.S) for i in _elements(e["/K"])} for e in items)
    assert all(str(e.Alt).strip() for e in elements if str(e.S) == "/Figure")


def test_no_reader_is_warned_of_a_needless_entry(opened: pikepdf.Pdf):
    assert opened.Root.MarkInfo["/Marked"]
    assert "/Suspects" not in opened.Root.MarkInfo


def test_a_source_does_not_stand_alone_on_the_next_page():
    """However many rows stand above it: the page with the source has a row of its table."""
    from workbook.blocks import Column

    columns = (Column("a", "Area"), Column("w", "Words that fill the line"))
    for count in range(34, 46):
        rows = tuple((f"Row{n}", "words " * 12) for n in range(count))
        table = Table("t", "T", columns, rows, source="Where it comes from")
        made = pdf.page(sample.document(summary=(table,), parts=()))
        with pikepdf.open(io.BytesIO(made)) as file:
            pages = [_squeezed("".join(_said(page)[0].values())) for page in file.pages]
        (last,) = (words for words in pages if "Source:Whereitcomesfrom" in words)
        assert re.search(r"Row\d", last), f"{count} rows"
