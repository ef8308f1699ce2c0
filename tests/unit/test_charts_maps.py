"""The map of an area among its peers: shape, thinning, hatching, and what tells the areas apart."""

import json
import math

import altair as alt
import pytest

from tests.unit.chart_sight import assert_whole_and_apart, rows_of, svg, words
from workbook import charts
from workbook.charts import projected

LONG = "NHS Bath and North East Somerset, Swindon and Wiltshire Integrated Care Board"
SQUARE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
HOLE = [(40.0, 40.0), (40.0, 60.0), (60.0, 60.0), (60.0, 40.0)]


def block(west, south, size=0.4):
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


AREAS = [
    {"code": "A", "name": LONG, "rings": [block(-2.4, 51.2)], "role": "own"},
    {"code": "B", "name": "NHS Devon Integrated Care Board", "rings": [block(-2.0, 51.2)], "role": "peer"},
    {"code": "C", "name": "NHS Dorset Integrated Care Board", "rings": [block(-1.6, 51.2)], "role": "peer"},
    {"code": "D", "name": "NHS Kent Integrated Care Board", "rings": [block(-2.4, 51.6)], "role": "other"},
    {"code": "E", "name": "NHS Nowhere Integrated Care Board", "rings": [], "role": "peer"},
]


@pytest.mark.parametrize("rows", [AREAS, AREAS[:1], AREAS[3:4], AREAS[4:], []])
def test_the_map_is_valid_whole_and_drawn_without_a_warning(rows, capfd):
    spec = charts.map_(rows)
    alt.Chart.from_dict(spec, validate=True)
    picture = svg(spec)
    noise = capfd.readouterr()
    assert noise.out == "" and noise.err == ""
    assert json.loads(json.dumps(spec)) == spec
    if rows:
        assert_whole_and_apart(picture)


def _areas(spec):
    return [r for r in rows_of(spec, "point") if str(r.get("shape", "")).startswith("M")]


def test_own_peers_and_others_differ_in_fill_outline_and_words():
    spec = charts.map_(AREAS)
    drawn = _areas(spec)
    assert len(drawn) == 4  # the one without a boundary is not drawn
    assert len({r["fill"] for r in drawn}) == 3
    weights = sorted({r["weight"] for r in drawn})
    assert len(weights) == 3 and drawn[-1]["weight"] == weights[-1]  # the own area on top, heaviest
    printed = words(spec)
    assert {"this area", "1", "2", "Devon ICB", "numbered, hatched: peers", "other areas"} <= set(printed)
    assert any("Wiltshire ICB" in w for w in printed)
    assert any("no boundary held" in w and "Nowhere ICB" in w for w in printed)


def test_hatching_lies_over_the_peers_alone():
    strokes = [r["path"] for r in rows_of(charts.map_(AREAS), "point") if "path" in r]
    assert len(strokes) == 3  # two peers and the square of the key
    assert not [r for r in rows_of(charts.map_(AREAS[:1]), "point") if "path" in r]


def test_values_are_shown_in_steps_with_a_key_and_a_missing_one_is_white():
    rows = [a | {"value": v} for a, v in zip(AREAS, (61.0, 80.0, 101.0, None, 77.0), strict=True)]
    spec = charts.map_(rows, unit="deaths per 100,000")
    printed = " | ".join(words(spec))
    assert "61.0 to 69.0 deaths per 100,000" in printed and "no figure" in printed
    assert "Devon ICB: 80.0" in printed and "Nowhere ICB: 77.0" in printed
    fills = [r["fill"] for r in _areas(spec)]
    assert len(set(fills)) == 4 and "#ffffff" in fills


def test_a_place_on_the_central_meridian_lies_on_the_axis():
    (x, y), (east, _), (_, north) = projected.projected([[-2, 52], [-1, 52], [-2, 53]])
    assert x == pytest.approx(0, abs=1e-12) and y == pytest.approx(-math.radians(52))
    assert east > 0 and north < y


def test_one_degree_has_its_true_length_in_both_directions():
    (_, _), (east, _) = projected.projected([[-2, 52], [-1, 52]])
    assert east == pytest.approx(math.radians(1) * math.cos(math.radians(52)), rel=1e-3)


def test_thinning_keeps_what_can_be_seen():
    fine = [
        (100 + 80 * math.cos(t / 500 * math.tau), 100 + 80 * math.sin(t / 500 * math.tau)) for t in range(500)
    ]
    (thin,) = projected.simplified([fine])
    assert len(thin) < 80
    assert abs(projected.area(thin)) == pytest.approx(math.pi * 80**2, rel=0.01)
    for x, y in thin:
        assert math.hypot(x - 100, y - 100) == pytest.approx(80, abs=0.8)


def test_islets_go_but_an_area_of_one_islet_stays():
    islet = [(200.0, 200.0), (202.0, 200.0), (202.0, 202.0)]
    assert projected.simplified([SQUARE, islet]) == [SQUARE]
    assert len(projected.simplified([islet])) == 1
    assert projected.simplified([[(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)]]) == []


def test_hatching_covers_the_area_and_leaves_holes_free():
    length = sum(math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in projected.hatched([SQUARE], 5))
    assert length * 5 == pytest.approx(100 * 100, rel=0.02)
    holed = sum(math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in projected.hatched([SQUARE, HOLE], 5))
    assert holed * 5 == pytest.approx(100 * 100 - 20 * 20, rel=0.03)
    for (x, y), (x2, y2) in projected.hatched([SQUARE, HOLE], 5):
        middle = ((x + x2) / 2, (y + y2) / 2)
        assert not (41 < middle[0] < 59 and 41 < middle[1] < 59)


def test_the_inner_point_lies_in_the_body_of_a_crooked_area():
    crooked = [(0.0, 0.0), (100.0, 0.0), (100.0, 10.0), (60.0, 10.0), (60.0, 80.0), (0.0, 80.0)]
    x, y = projected.inner_point([crooked])
    assert 15 < x < 45 and 20 < y < 65


def test_an_outline_is_written_from_place_to_place():
    assert projected.path([SQUARE]) == "M0,0l100,0 0,100 -100,0Z"
