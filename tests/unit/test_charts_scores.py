"""The charts of scores: valid, every name legible, every person drawn, whole at the edges."""

import altair as alt
import pytest

from tests.unit.chart_sight import assert_whole_and_apart, svg, words
from workbook.charts.scores import opinions, two_scores

OPTIONS = [
    {"name": "Plus primary care (chosen)", "value": 76.2, "own": [71, 79, 80, 74], "chosen": True},
    {"name": "Plus housing", "value": 68.0, "own": [62, 80], "chosen": False},
    {"name": "A scope with a name that is much longer than any other of them all", "value": 0.0, "own": []},
    {"name": "Not scored", "value": None, "own": []},
]
PLACES = [
    {"name": "Core health and care", "x": 73.0, "y": 44.0, "chosen": False},
    {"name": "Plus primary care", "x": 67.5, "y": 83.5, "chosen": True},
    {"name": "Plus specialised services", "x": 32.5, "y": 75.6, "chosen": False},
    {"name": "Plus leisure services", "x": 35.0, "y": 76.1, "chosen": False},
    {"name": "Not scored", "x": None, "y": 3.0, "chosen": False},
]


def drawn(rows):
    return {"opinions": opinions(rows), "two scores": two_scores(rows, across="practicality", up="impact")}


@pytest.mark.parametrize("rows", [OPTIONS, PLACES, []])
def test_they_are_valid_and_drawn_without_a_warning(rows):
    for spec in drawn(rows).values():
        alt.LayerChart.from_dict(spec)
        assert svg(spec)


def test_every_option_with_a_score_is_named_once_and_nothing_is_cut_or_covered():
    people, places = opinions(OPTIONS), two_scores(PLACES, across="practicality", up="impact, of 100")
    assert "Plus housing" in words(people) and "Not scored" not in words(people)
    assert "2 Plus primary care" in words(places) and "Not scored" not in words(places)
    for spec in (people, places):
        assert_whole_and_apart(svg(spec))


def test_every_person_has_a_circle():
    layers = opinions(OPTIONS)["layer"]
    circles = [v for part in layers for v in part["data"]["values"] if v.get("shape") == "circle"]
    assert len(circles) == 6 + 1  # and one in the key


def test_scores_close_together_still_have_an_axis():
    spec = two_scores(
        [{"name": "A", "x": 50.0, "y": 50.0}, {"name": "B", "x": 50.0, "y": 50.0}], across="a", up="b"
    )
    points = [v for part in spec["layer"] for v in part["data"]["values"] if v.get("shape") == "circle"]
    assert len(points) == 2 and all(0 <= p["x"] <= 640 and 0 <= p["y"] <= 320 for p in points)
