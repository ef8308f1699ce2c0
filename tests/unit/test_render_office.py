"""The Word document and the spreadsheet as LibreOffice lays them out: whole, in order, nothing lost.

Word itself cannot be run here; what LibreOffice reads wrongly, other readers often do too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit import render_sample as sample
from workbook.blocks import Column, Finding, Heading, Table, Words
from workbook.render import docx, pdf, xlsx
from workbook.render.document import Document, Part, chapters

SOFFICE, PDFTOTEXT = shutil.which("soffice"), shutil.which("pdftotext")
REQUIRED = os.environ.get("WORKBOOK_REQUIRE_OFFICE")
pytestmark = pytest.mark.skipif(
    not (SOFFICE and PDFTOTEXT) and not REQUIRED,
    reason="LibreOffice or poppler is missing (Debian: libreoffice-writer-nogui, libreoffice-calc-nogui, poppler-utils)",
)
LONG = "unbroken" * 60
RIGHT_TO_LEFT = "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627"


def hostile() -> Document:
    """Every field with the longest word, another script and markup."""
    words = f"{LONG} {RIGHT_TO_LEFT} {sample.SCRIPT} {sample.TYPST}"
    blocks = (
        Heading(words, "h"),
        Words((words, words), "list"),
        Finding("c", "doubt", words, words, "needs"),
        Table(
            "t", words, (Column("a", words), Column("b", "B", "%")), ((words, 1.5), ("x", None)), source=words
        ),
    )
    return sample.document(
        title=words, area=words, saved_by=words, summary=(), parts=(Part("p", words, blocks),)
    )


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every document as the office program lays it out."""
    if not SOFFICE or not PDFTOTEXT:
        pytest.fail("WORKBOOK_REQUIRE_OFFICE is set and LibreOffice or poppler is missing")
    folder = tmp_path_factory.mktemp("office")
    (folder / "sample.docx").write_bytes(docx.page(sample.document()))
    (folder / "hostile.docx").write_bytes(docx.page(hostile()))
    (folder / "sample.pdf.typst").write_bytes(pdf.page(sample.document()))
    (folder / "hostile.pdf.typst").write_bytes(pdf.page(hostile()))
    (folder / "tables.xlsx").write_bytes(xlsx.page(sample.document()))
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    files = ["sample.docx", "hostile.docx", "tables.xlsx"]
    subprocess.run(
        [SOFFICE, home, "--headless", "--convert-to", "pdf", *files],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder


def _pages(file: Path) -> list[str]:
    """The words of every page, blanks left out."""
    assert PDFTOTEXT
    read = subprocess.run([PDFTOTEXT, "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True)
    assert not read.stderr, read.stderr.decode()
    return [re.sub(r"[\s\u200b\u202a-\u202e]", "", page) for page in read.stdout.decode().split("\f")[:-1]]


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_no_field_of_the_word_document_is_broken(laid_out: Path):
    words = "".join(_pages(laid_out / "sample.pdf"))
    assert "Error!" not in words and "Errorreferencesource" not in words.lower()
    assert not re.search(r"Page\d+of0|\bPage1of1\b", words)


def test_the_contents_list_is_filled(laid_out: Path):
    words = "".join(_pages(laid_out / "sample.pdf"))
    listed = words.partition("Contents")[2]
    for chapter in chapters(sample.document()):
        assert listed.find(_squeezed(chapter.title)) >= 0
    titles = [listed.index(_squeezed(c.title)) for c in chapters(sample.document())]
    assert titles == sorted(titles) and max(titles) < 600, "all in one list, in order"


def test_captions_follow_one_another_and_every_page_says_draft(laid_out: Path):
    pages = _pages(laid_out / "sample.pdf")
    words = "".join(pages)
    at = 0
    for entry in (e for c in chapters(sample.document()) for e in c.entries if e.label):
        found = words.find(_squeezed(f"{entry.label}: {entry.block.title}")[:40], at)
        assert found >= 0, f"{entry.label} is not where it should be"
        at = found
    assert all("DRAFT" in page for page in pages)


def test_the_word_document_has_about_as_many_pages_as_the_pdf(laid_out: Path):
    own, other = len(_pages(laid_out / "sample.pdf")), len(_pages(laid_out / "sample.pdf.typst"))
    assert 0.75 * other <= own <= 1.25 * other + 1


def test_a_heading_or_caption_never_ends_a_page(laid_out: Path):
    document = sample.document()
    ends = [
        _squeezed(e.block.text) for c in chapters(document) for e in c.entries if isinstance(e.block, Heading)
    ]
    for name in ("sample.pdf", "sample.pdf.typst"):
        for page in _pages(laid_out / name)[1:]:
            body, foot, _ = page.partition("Revision7")
            assert foot, "the foot of the page is told by another word now"
            assert not any(body.endswith(end) for end in ends)


@pytest.mark.parametrize("name", ["hostile.pdf", "hostile.pdf.typst"])
def test_hostile_text_stays_inside_the_page(laid_out: Path, name: str):
    """Every word lies within the paper's edges, and none of the long one is lost."""
    made = subprocess.run(
        [str(PDFTOTEXT), "-bbox", str(laid_out / name), "-"], capture_output=True, check=True
    ).stdout.decode()
    for page in re.findall(r"<page .*?</page>", made, re.DOTALL):
        width = float(re.search(r'width="([\d.]+)"', page)[1])  # type: ignore[index]
        right = [float(x) for x in re.findall(r'xMax="([\d.]+)"', page)]
        left = [float(x) for x in re.findall(r'xMin="([\d.]+)"', page)]
        assert right and max(right) <= width and min(left) >= 0
        height = float(re.search(r'height="([\d.]+)"', page)[1])  # type: ignore[index]
        up = [float(y) for y in re.findall(r'yMin="([\d.]+)"', page)]
        down = [float(y) for y in re.findall(r'yMax="([\d.]+)"', page)]
        assert max(down) <= height - 15 and min(up) >= 15, "nor into the margin at the top or the bottom"
    assert "".join(_pages(laid_out / name)).count("unbroken" * 6) >= 6


def test_the_spreadsheet_opens_and_no_figure_is_cut(laid_out: Path):
    words = "".join(_pages(laid_out / "tables.pdf"))
    assert "###" not in words, "a column is too narrow for its figures"
    assert "Err:" not in words and "#REF!" not in words and "#NAME?" not in words
    assert "Trendfigures" in words or "Treatablemortality" in words
