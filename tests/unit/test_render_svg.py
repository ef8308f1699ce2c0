"""Charts as pictures."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.unit import render_sample as sample
from workbook.render import fonts, svg

FIGURE = sample.bars()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def own_converter():
    yield svg.convert_with
    svg.convert_with(None)


def test_a_picture_announces_its_title_and_description():
    root = ElementTree.fromstring(svg.draw(FIGURE.spec, title=FIGURE.title, alt=FIGURE.alt, uid="u1"))
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby", "").split()
    assert [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == ids
    assert root.findtext(f"{SVG}title") == FIGURE.title
    assert root.findtext(f"{SVG}desc") == FIGURE.alt


def test_two_pictures_in_a_page_share_no_id():
    drawn = [svg.draw(sample.trend().spec, title="t", alt="a", uid=uid) for uid in ("a1", "a2")]
    ids = [set(re.findall(r'\bid="([^"]+)"', d)) for d in drawn]
    assert ids[0] and not ids[0] & ids[1]
    for text, own in zip(drawn, ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= own


def test_words_in_a_chart_are_no_markup_and_marks_have_no_role():
    drawn = svg.draw(FIGURE.spec, title=FIGURE.title, alt=FIGURE.alt, uid="u1")
    assert "<script" not in drawn
    assert drawn.count("role=") == 1 and "aria-roledescription" not in drawn


def test_only_the_shipped_family_is_named():
    drawn = svg.picture(FIGURE.spec)
    assert set(re.findall(r'font-family="([^"]+)"', drawn)) == {fonts.FAMILY}


def test_a_chart_is_drawn_once_in_a_process(own_converter):
    calls = []

    def convert(spec: str, config: dict) -> str:
        calls.append(spec)
        return '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="5"></svg>'

    own_converter(convert)
    for uid in ("a", "b"):
        svg.draw({"mark": "bar"}, title="t", alt="a", uid=uid)
    svg.picture({"mark": "line"})
    assert calls == ['{"mark":"bar"}', '{"mark":"line"}']


def test_png_is_as_large_as_asked_and_the_same_each_time():
    drawn = svg.picture(FIGURE.spec)
    width, height = svg.size(drawn)
    png = svg.png(drawn, scale=2)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (
        abs(int.from_bytes(png[16:20]) - 2 * width) <= 1 and abs(int.from_bytes(png[20:24]) - 2 * height) <= 1
    )
    svg._painted.clear()
    assert svg.png(drawn, scale=2) == png


def test_fonts_know_what_they_can_show():
    assert fonts.showable("Ünïcode £ € ≥ – “quoted”") == "Ünïcode £ € ≥ – “quoted”"
    assert fonts.showable("ok \U0001f600 \u4e2d\n") == "ok [grinning face] [U+4E2D]\n"


def test_the_fonts_licence_ships_with_them():
    names = {p.name for p in fonts.folder().iterdir()}
    assert {f"LiberationSans-{s}.ttf" for s in ("Regular", "Bold", "Italic", "BoldItalic")} <= names
    assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts.folder() / "LICENSE.txt").read_text()


def test_a_picture_does_not_depend_on_what_was_drawn_before() -> None:
    """The engine numbers its clips on from picture to picture; the bytes must not follow."""
    clipped = {
        "data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 3}]},
        "mark": {"type": "line", "clip": True},
        "encoding": {
            "x": {"field": "x", "type": "quantitative"},
            "y": {"field": "y", "type": "quantitative"},
        },
    }
    first = svg.picture(clipped)
    svg.picture({**clipped, "width": 222})
    svg._drawn.cache_clear()

    assert "clip-path" in first
    assert svg.picture(clipped) == first
