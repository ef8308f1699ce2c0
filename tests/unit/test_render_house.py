"""The house style: one file, from which every format takes its look, and colours that can be read."""

from __future__ import annotations

import io
import runpy
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from tests.unit import render_sample as sample
from workbook.errors import BadInput
from workbook.pack import make
from workbook.paths import shipped
from workbook.plan import store
from workbook.render import docx, fonts, house, html, pdf, svg

FOLDER = shipped("templates") / "documents"
OWN = """
[organisation]
name = "Northshire Council"
logo = "mark.svg"
logo_alt = "A green square"
[words]
cover = "Agreed in public."
footer = "Northshire, the open council"
[fonts]
word = "Verdana"
[colours]
accent = "#00553a"
[charts]
lines = ["#00553a", "#b34700", "#0b7261", "#7d3c98", "#5b5f66", "#8a6100", "#a01745", "#2f4b1f"]
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="#00553a"/></svg>'


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The house style of an organisation, in use."""
    (tmp_path / "mark.svg").write_text(LOGO, encoding="utf-8")
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    monkeypatch.setenv(house.VARIABLE, str(file))
    return file


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "style.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_the_contrast_of_two_colours_is_that_of_the_guideline():
    assert house.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert house.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known near miss
    assert house.contrast("#0b4f82", "#0b4f82") == 1


def test_the_shipped_style_is_that_of_the_style_sheet_and_of_the_word_template():
    plain = house.default()
    sheet = html.style("blocks")
    assert all(f"--wb-{name}: {colour};" in sheet for name, colour in plain.colours.items())
    made = runpy.run_path(str(FOLDER / "make_docx_template.py"))
    names = {
        "INK": "ink",
        "QUIET": "quiet",
        "RULE": "rule",
        "ACCENT": "accent",
        "RED": "blocks",
        "AMBER": "doubt",
    }
    assert {made[m] for m in names} == {plain.colours[n][1:].upper() for n in names.values()}
    assert f'"{plain.word_font}"' in made["DEFAULTS"] and plain.family == fonts.FAMILY


def test_the_page_takes_name_logo_words_and_colours_of_the_house(own: Path):
    page = html.page(sample.document())
    assert '<p class="wb-organisation">Northshire Council</p>' in page
    assert 'src="data:image/svg+xml;base64,' in page and 'alt="A green square"' in page
    assert "Agreed in public." in page and "Northshire, the open council" in page
    assert "--wb-accent: #00553a;" in page
    assert "#1d5a96" not in page, "the charts take the colours too"


def test_the_word_document_takes_them_too(own: Path):
    with zipfile.ZipFile(io.BytesIO(docx.page(sample.document()))) as made:
        styles = made.read("word/styles.xml").decode()
        body = made.read("word/document.xml").decode()
        foot = made.read("word/footer1.xml").decode()
    assert (
        '"00553A"' in styles and '"0B4F82"' not in styles and '"Verdana"' in styles and "Arial" not in styles
    )
    assert "Northshire Council" in body and 'descr="A green square"' in body and "Agreed in public." in body
    assert "Northshire, the open council" in foot


def test_the_pdf_takes_them_too(own: Path):
    made = pdf.page(sample.document())
    with pikepdf.open(io.BytesIO(made)) as file:
        alts = [str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert "A green square" in alts
    assert made != pdf.page(sample.document(title="Another"))


def test_a_style_is_part_of_what_a_pack_is_made_from(own: Path):
    before = house.current().fingerprint
    assert before != house.default().fingerprint
    (own.parent / "mark.svg").write_text(LOGO.replace("80", "90"), encoding="utf-8")
    own.write_text(OWN + "\n", encoding="utf-8")
    assert house.current().fingerprint != before


def test_a_batch_taken_up_again_notices_another_style(own: Path, monkeypatch: pytest.MonkeyPatch):
    plan = store.read(shipped("data") / "demo" / "demo.plan.json")
    styled = make.inputs(plan)
    monkeypatch.delenv(house.VARIABLE)
    plain = make.inputs(plan)
    assert {name for name in plain if plain[name] != styled[name]} == {"style"}


def test_colours_of_charts_are_changed_and_nothing_else(own: Path):
    assert house.current().recoloured('<a fill="#1D5A96"/><b fill="#123456"/>') == (
        '<a fill="#00553a"/><b fill="#123456"/>'
    )
    assert house.default().recoloured("#1d5a96") == "#1d5a96"
    assert "#1d5a96" not in svg.picture(sample.trend().spec)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[colours]\nquiet = "#999999"', "contrast of 2.8 to 1"),
        ('[colours]\naccent = "blue"', "no colour"),
        ('[colours]\nfocus = "#303030"', "lighter colour"),
        ('[colour]\nink = "#000000"', "colour is not one of organisation"),
        ('[colours]\ninkk = "#000000"', "colours.inkk is not one of ink"),
        ("[words]\nfooter = 3", "not of the kind"),
        ('[charts]\nfills = ["#000000"]', "must hold 8 colours"),
        ('[organisation]\nlogo = "none.png"', "no PNG or SVG file"),
        ("[words", "is not TOML"),
        ('[fonts]\nfamily = "x\\"; y"', "no font's name"),
        ('[fonts]\nfolder = "nowhere"', "is not there"),
    ],
)
def test_a_style_that_cannot_be_used_is_refused_in_a_sentence(
    written: Callable[[str], Path], text: str, said: str
):
    with pytest.raises(BadInput) as refused:
        house.read(written(text))
    assert said in str(refused.value)


def test_a_logo_without_words_is_refused(written: Callable[[str], Path], tmp_path: Path):
    (tmp_path / "mark.svg").write_text(LOGO, encoding="utf-8")
    with pytest.raises(BadInput, match="say what the logo shows"):
        house.read(written('[organisation]\nlogo = "mark.svg"'))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mark.svg", b"<svg", "no SVG that can be drawn"),
        ("mark.svg", LOGO.encode("utf-16"), "no SVG that can be drawn"),
        ("mark.svg", b"", "no SVG that can be drawn"),
        ("mark.png", LOGO.encode(), "no PNG that can be drawn"),
        ("mark.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "no PNG that can be drawn"),
        ("mark.svg", LOGO.encode() + b" " * house.MOST_LOGO, "more than 500 kilobytes"),
    ],
)
def test_a_logo_that_no_document_could_show_is_refused(
    written: Callable[[str], Path], tmp_path: Path, name: str, content: bytes, said: str
):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=said):
        house.read(written(f'[organisation]\nlogo = "{name}"\nlogo_alt = "A mark"'))


def test_a_folder_in_the_place_of_a_style_and_a_folder_among_the_fonts(written, tmp_path: Path):
    with pytest.raises(BadInput, match="Is a directory"):
        house.read(tmp_path)
    (tmp_path / "letters" / "old").mkdir(parents=True)
    assert house.read(written('[fonts]\nfolder = "letters"')).fonts == str(tmp_path / "letters")


HOSTILE = '</style><script>alert(1)</script> #panic() $x$ \\" &amp; =1+1 \u202e\u0007 {{7*7}}'


def test_the_words_of_a_style_are_words_in_every_format(
    written: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "mark.svg").write_text(
        LOGO.replace("<rect", "<script>alert(1)</script><rect onload='alert(1)'"), encoding="utf-8"
    )
    words = HOSTILE.replace("\\", "\\\\").replace('"', '\\"').replace("\u0007", "\\u0007")
    file = written(
        f'[organisation]\nname = "{words}"\nlogo = "mark.svg"\nlogo_alt = "{words}"\n'
        f'[words]\ncover = "{words}"\nfooter = "{words}"\n'
    )
    monkeypatch.setenv(house.VARIABLE, str(file))
    page = html.page(sample.document())
    assert "<script>alert" not in page and "onload=" not in page
    assert "&lt;script&gt;alert(1)" in page
    with zipfile.ZipFile(io.BytesIO(docx.page(sample.document()))) as made:
        assert b"&lt;script&gt;alert(1)" in made.read("word/document.xml")
    assert pdf.page(sample.document()).startswith(b"%PDF")


def test_a_style_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="cannot be read"):
        house.read(tmp_path / "none.toml")
