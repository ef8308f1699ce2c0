"""The words that the renderer writes into a picture itself, beside what the chart engine writes."""

from __future__ import annotations

import json
import re

import pytest
import vl_convert

from workbook import charts
from workbook.charts import marks
from workbook.charts.parts import chart
from workbook.render import fonts, lettering, svg, theme

_ROW = {
    "name": "Emergency admissions for falls & <fractures>, people aged 65 and over",
    "value": 2907.0,
    "lower": 2850.0,
    "upper": 2965.0,
    "benchmark": 2500.0,
    "best": 1900.0,
    "worst": 3031.0,
    "p25": 2300.0,
    "p75": 2700.0,
    "judgement": "worse",
    "label": "2,907",
}
SPINE = charts.spine(
    [_ROW, {**_ROW, "name": "Short", "judgement": "better"}], benchmark_label="Synthetic country"
)
PLACES = [{"x": 40.256, "y": 20.0, "words": ["one", "“two” – more"]}, {"x": 10, "y": 70, "words": "three"}]


def _engine(spec: dict) -> str:
    return vl_convert.vegalite_to_svg(json.dumps(spec), config=theme.config(), allowed_base_urls=[])


def _texts(drawn: str) -> list[str]:
    return re.findall(r"<text.*?</text>", drawn)


@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("baseline", ["top", "middle", "bottom", "alphabetic"])
def test_words_stand_where_the_engine_puts_them(align: str, baseline: str) -> None:
    words = marks.words_at(PLACES, align=align, baseline=baseline, bold=baseline == "top", italic=True)
    spec = chart([words, *marks.over_marks(PLACES[:1], align=align)], 200, 100)
    assert len(lettering.taken_out(spec)[1]) == 3
    assert _texts(svg.picture(spec)) == _texts(_engine(spec))


def test_a_chart_of_many_words_is_the_one_the_engine_draws() -> None:
    bare, written = lettering.taken_out(SPINE)
    assert written and not [part for part in bare["layer"] if "words" in json.dumps(part["encoding"])
                            and part["data"]["values"]]  # fmt: skip
    ours, theirs = svg.picture(SPINE), _engine(SPINE)
    assert _texts(ours) == _texts(theirs) and "&lt;fractures&gt;" in ours
    for one, other in zip(svg.size(ours), svg.size(theirs), strict=True):
        assert other <= one <= other + 12


def test_words_at_places_of_a_scale_are_left_to_the_engine() -> None:
    spec = charts.bars([{"category": "a", "value": 1.0}], unit="people")
    assert lettering.taken_out(spec) == (spec, {})
    assert svg.picture(spec).count("<text") == _engine(spec).count("<text") > 2


@pytest.mark.parametrize("bold", [False, True])
def test_a_line_is_never_wider_than_its_box(bold: bool) -> None:
    """Measured in the shipped font itself."""
    shapes = pytest.importorskip("PIL.ImageFont")
    name = next(
        f
        for f in sorted(fonts.folder().glob("*.ttf"))
        if ("Bold" in f.name) == bold and "Italic" not in f.name
    )
    font = shapes.truetype(str(name), 1000)
    for line in ("Emergency admissions", "NHS West Yorkshire ICB", "1,535 to 1,682 years per 100,000", "fifth; ill (il)",
                 "Äußerst – “so” £5.50", "WAVY @ 100%", "not compared"):  # fmt: skip
        real = font.getlength(line) * 12 / 1000
        assert real - 0.1 <= lettering.width(line, 12, bold) <= 1.2 * real + 4, line
