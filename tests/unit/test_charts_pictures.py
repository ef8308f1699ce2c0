"""The pictures analysts know: spine, funnel, gradient, quadrant, segments, ranks.

Every one is valid, whole, legible without colour, and says what is missing.
"""

import json

import altair as alt
import pytest

from tests.unit.chart_sight import assert_whole_and_apart, rows_of, svg, words
from workbook import charts
from workbook.charts import labels
from workbook.charts.spine import LOOKS

LONG = "NHS Bath and North East Somerset, Swindon and Wiltshire Integrated Care Board"
UNIT = "deaths per 100,000"

SPINE = [
    {
        "name": "Deaths that health care could have avoided, under 75",
        "value": 102.1,
        "lower": 94,
        "upper": 110,
    }
    | {"benchmark": 85.1, "best": 60.2, "worst": 128.4, "p25": 96, "p75": 77}
    | {"judgement": "worse", "label": "102.1"},
    {"name": "Screening taken up", "value": 72.0, "lower": 70.5, "upper": 73.5, "benchmark": 71.2}
    | {"best": 80, "worst": 55, "p25": 68, "p75": 75, "judgement": "similar", "label": "72.0%"},
    {"name": "Population density", "value": 607, "lower": None, "upper": None, "benchmark": 434}
    | {"best": 900, "worst": 20, "p25": 200, "p75": 700, "judgement": "higher", "label": "607"},
]
LIMITS = [
    {
        "denominator": n,
        "lower95": 84 - d,
        "upper95": 84 + d,
        "lower998": 84 - 1.6 * d,
        "upper998": 84 + 1.6 * d,
    }
    for n, d in ((1_000, 200.0), (50_000, 24.0), (100_000, 17.0), (250_000, 11.0), (600_000, 7.0))
]
AREAS = [
    {"area": LONG, "value": 101.0, "denominator": 150_000, "own": True, "peer": False},
    {"area": "NHS Sunderland CCG", "value": 128.0, "denominator": 280_000, "own": False, "peer": True},
    {"area": "NHS Elsewhere CCG", "value": 80.0, "denominator": 100_000, "own": False, "peer": False},
    {"area": "NHS Nowhere CCG", "value": None, "denominator": 90_000, "own": False, "peer": False},
]
GROUPS = [
    {"category": name, "value": v, "lower": v - 2, "upper": v + 2, "share": s}
    for name, v, s in (
        ("Most deprived fifth", 31.0, 0.28),
        ("Second", 24.0, 0.24),
        ("Third", 18.0, 0.2),
        ("Fourth", 12.0, 0.16),
        ("Least deprived fifth", 7.0, 0.12),
    )
]
QUARTERS = [
    {"name": "Cancers and tumours", "spend_z": 2.4, "outcome_z": -1.0, "own": True},
    {"name": "Mental health", "spend_z": -1.4, "outcome_z": 1.2, "own": False},
    {"name": "Circulation", "spend_z": 0.2, "outcome_z": -0.4, "own": False},
]
SEGMENTS = [
    {
        "group": "Mostly healthy",
        "age": "0-16",
        "population": 128.9,
        "spend": 550,
        "total": 70.9,
        "holds": True,
    },
    {"group": "Dementia", "age": "0-16", "population": None, "spend": None, "total": None, "holds": None},
    {"group": "Cancer", "age": "70+", "population": 20.7, "spend": 4089, "total": 64.5, "holds": False},
    {"group": "All groups", "age": "All ages", "population": 877.5, "spend": 1774, "total": 1556.9}
    | {"holds": None, "whole": True},
]
RANKS = [
    {"name": "Smoking", "rank": 2, "low": 1, "high": 3, "share_first": 0.3},
    {"name": LONG, "rank": 1, "low": 1, "high": 2, "share_first": 0.697},
    {"name": "Diabetes", "rank": 3, "low": 2, "high": 3, "share_first": 0.003},
    {"name": "Falls", "rank": None, "low": None, "high": None},
]

KINDS = {
    "spine": lambda rows=SPINE: charts.spine(rows),
    "funnel": lambda rows=AREAS: charts.funnel(
        rows,
        LIMITS if rows else [],
        unit=UNIT,
        benchmark=84,
        denominator_label="people",
        benchmark_label="England",
    ),
    "gradient": lambda rows=GROUPS: charts.gradient(
        rows, unit="%", line=[(0, 35.0), (1, 4.0)], benchmark=20.0, benchmark_label="England"
    ),
    "quadrant": lambda rows=QUARTERS: charts.quadrant(rows),
    "segments": lambda rows=SEGMENTS: charts.segment_matrix(rows),
    "ranks": lambda rows=RANKS: charts.ranks(rows),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_valid_and_drawn_without_a_warning(kind, capfd):
    spec = KINDS[kind]()
    alt.Chart.from_dict(spec, validate=True)
    assert "<svg" in svg(spec)
    noise = capfd.readouterr()
    assert noise.out == "" and noise.err == ""
    assert json.loads(json.dumps(spec)) == spec
    assert not {"config", "title", "$schema"} & set(spec)


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_still_give_a_chart(kind):
    spec = KINDS[kind]([])
    alt.Chart.from_dict(spec, validate=True)
    assert "<svg" in svg(spec)


@pytest.mark.parametrize("kind", KINDS)
def test_one_row_gives_a_chart(kind):
    rows = {"spine": SPINE, "funnel": AREAS, "gradient": GROUPS, "quadrant": QUARTERS, "segments": SEGMENTS}
    spec = KINDS[kind](rows.get(kind, RANKS)[:1])
    alt.Chart.from_dict(spec, validate=True)
    assert_whole_and_apart(svg(spec))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off_or_set_over_another_word(kind):
    assert_whole_and_apart(svg(KINDS[kind]()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_no_wider_than_the_page_asks(kind):
    picture = svg(KINDS[kind]())
    assert float(picture.split('width="')[1].split('"')[0]) <= 700


@pytest.mark.parametrize("kind", KINDS)
def test_bare_rows_say_what_they_can(kind):
    bare = {
        "spine": [{"name": "Only a name"}],
        "funnel": [{"area": "Only a name"}],
        "gradient": [{"category": "Only a name"}],
        "quadrant": [{"name": "Only a name"}],
        "segments": [{"group": "Only a name", "age": "0-16"}],
        "ranks": [{"name": "Only a name"}],
    }[kind]
    spec = KINDS[kind](bare)
    alt.Chart.from_dict(spec, validate=True)
    assert "<svg" in svg(spec)


# --- spine ---------------------------------------------------------------------------


def _spine_at(row):
    """Where the benchmark and the value of a row stand across."""
    spec = charts.spine([row])
    rule = next(r for r in rows_of(spec, "rule") if r["x"] == r["x2"])
    point = next(r for r in rows_of(spec, "point") if r["y"] > 0)
    return rule["x"], point["x"]


def test_worst_is_left_and_best_right_whichever_is_higher():
    centre, worse_death_rate = _spine_at(SPINE[0])
    assert worse_death_rate < centre
    centre, more_screening = _spine_at(SPINE[1])
    assert more_screening > centre


def test_the_farther_end_reaches_the_edge_and_lengths_keep_their_ratio():
    spec = charts.spine(SPINE[:1])
    outer = max(rows_of(spec, "rect"), key=lambda r: r["x2"] - r["x"])
    centre, _ = _spine_at(SPINE[0])
    left, right = centre - outer["x"], outer["x2"] - centre
    assert left / right == pytest.approx((128.4 - 85.1) / (85.1 - 60.2), rel=1e-3)


def test_each_judgement_has_its_own_sign_besides_its_colour():
    looks = [(x["shape"], x["fill"] == "#ffffff") for x in LOOKS.values()]
    assert len(set(looks)) == len(looks) == 6


def test_ends_are_low_and_high_where_neither_is_better():
    printed = words(charts.spine(SPINE))
    assert "low 20" in printed and "high 900" in printed
    assert "worst" in printed and "best" in printed


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ({"value": None}, "no figure"),
        ({"benchmark": None}, "none"),
        ({"best": None, "worst": None}, "range of areas not known"),
    ],
)
def test_a_missing_part_is_said_and_the_rest_kept(gone, said):
    printed = words(charts.spine([SPINE[0] | gone]))
    assert said in printed and any("health care" in w for w in printed)


def test_wide_figures_break_the_names_and_never_run_into_them():
    rows = [r | {"label": r["label"] + " per 100,000 people", "name": LONG} for r in SPINE]
    assert_whole_and_apart(svg(charts.spine(rows, benchmark_label="All clinical commissioning groups")))


def test_printed_figures_of_a_row_have_the_decimals_of_its_value():
    printed = words(charts.spine(SPINE))
    assert {"85.1", "128.4", "60.2", "71.2%", "80.0%", "434"} <= set(printed)


# --- funnel ---------------------------------------------------------------------------


def test_an_area_beyond_the_limits_is_filled_and_a_named_peer():
    spec = KINDS["funnel"]()
    points = {(r["role"]): r for r in rows_of(spec, "point") if "role" in r}
    assert points["peer"]["outside"] and points["peer"]["fill"] != "#ffffff"
    assert not points["own"]["outside"] and points["own"]["fill"] == "#ffffff"
    assert len({points[role]["shape"] for role in ("own", "peer", "other")}) == 3
    printed = words(spec)
    assert "Sunderland CCG" in printed and any("Wiltshire ICB" in w for w in printed)
    assert "filled: outside the 99.8% limits" in printed
    assert not any("Nowhere" in w for w in printed)


def test_every_line_of_the_funnel_is_named_and_the_dashed_differ():
    printed = words(KINDS["funnel"]())
    assert printed.count("95% limit") == printed.count("99.8% limit") == 2 and "England" in printed
    lines = [x for x in KINDS["funnel"]()["layer"] if x["mark"]["type"] == "line"]
    assert sorted("strokeDash" in x["mark"] for x in lines) == [False, False, True, True]


def test_limits_of_tiny_denominators_do_not_squeeze_the_areas():
    spec = KINDS["funnel"]()
    low, high = next(
        x["encoding"]["y"]["scale"]["domain"]
        for x in spec["layer"]
        if x["encoding"].get("y", {}).get("scale")
    )
    assert high < 200 and low >= 0
    for row in rows_of(spec, "line"):
        assert -1e-6 <= row["y"] <= spec["height"] + 1e-6


def test_without_limits_nothing_is_called_outside():
    spec = charts.funnel(AREAS, [], unit=UNIT, benchmark=None, denominator_label="people")
    assert not any("outside" in w or "limit" in w for w in words(spec))


def test_three_hundred_areas_keep_one_name_and_no_word_over_another():
    many = [AREAS[0]] + [
        {
            "area": f"Area {i}",
            "value": 84 + (i * 37 % 61 - 30),
            "denominator": 40_000 + 1_500 * i,
            "own": False,
        }
        | {"peer": i % 30 == 0}
        for i in range(300)
    ]
    spec = charts.funnel(many, LIMITS, unit=UNIT, benchmark=84, denominator_label="people")
    assert_whole_and_apart(svg(spec))
    assert len(json.dumps(spec)) < 150_000


# --- gradient ---------------------------------------------------------------------------


def test_groups_are_as_wide_as_their_share():
    wide = [r["x2"] - r["x"] + 2 for r in rows_of(KINDS["gradient"](), "rect")]
    assert [w / sum(wide) for w in wide] == pytest.approx([0.28, 0.24, 0.2, 0.16, 0.12], abs=0.002)


def test_shares_may_be_people_or_per_cent():
    people = [g | {"share": g["share"] * 350_000} for g in GROUPS]
    assert rows_of(KINDS["gradient"](people), "rect") == rows_of(KINDS["gradient"](), "rect")


def test_bars_start_at_zero_or_are_no_bars():
    assert rows_of(KINDS["gradient"](), "rect")
    high = [g | {"value": 80 + g["value"] / 10, "lower": None, "upper": None} for g in GROUPS]
    spec = charts.gradient(high, unit="years at birth")
    assert not rows_of(spec, "rect") and any("axis starts at" in w for w in words(spec))


def test_the_line_carries_the_values_of_its_ends_and_runs_over_all_people():
    spec = KINDS["gradient"]()
    assert any("fitted line" in w and "35.0 to" in w and "4.0" in w for w in words(spec))
    ends = [r["x"] for r in rows_of(spec, "line")]
    assert ends == [0, spec["width"]]


def test_unknown_shares_and_missing_groups_are_said():
    rows = [{k: v for k, v in g.items() if k != "share"} for g in GROUPS]
    rows[1] |= {"value": None, "lower": None, "upper": None}
    printed = words(charts.gradient(rows, unit="%"))
    assert "no figure" in printed
    assert any("drawn equally wide" in w for w in printed)


def test_ten_groups_of_long_names_do_not_run_into_each_other():
    rows = [
        {"category": f"Decile {i} of deprivation", "value": 50 - i, "share": s}
        for i, s in enumerate((20, 18, 15, 12, 10, 8, 6, 5, 4, 2), 1)
    ]
    assert_whole_and_apart(svg(charts.gradient(rows, unit="%")))


# --- quadrant ---------------------------------------------------------------------------


def test_the_quarters_are_named_and_better_is_up():
    spec = KINDS["quadrant"]()
    printed = words(spec)
    for less in ("lower", "higher"):
        for good in ("better", "worse"):
            assert f"{less} spend, {good} outcome" in printed
    assert {"1 SD", "2 SD", "Mental health", "Cancers and tumours"} <= set(printed)
    at = {r["name"]: r for r in rows_of(spec, "point") if "name" in r}
    assert at["Mental health"]["y"] < at["Circulation"]["y"] < at["Cancers and tumours"]["y"]
    assert at["Mental health"]["x"] < at["Circulation"]["x"] < at["Cancers and tumours"]["x"]


def test_boxes_are_square_and_a_point_beyond_two_is_filled():
    spec = KINDS["quadrant"]()
    sides = {round(r["x2"] - r["x"], 6): round(r["y2"] - r["y"], 6) for r in rows_of(spec, "rect")}
    box = [w for w, h in sides.items() if w == h]
    assert len(box) == 2 and max(box) == pytest.approx(2 * min(box))
    filled = {r["name"]: r["fill"] != "#ffffff" for r in rows_of(spec, "point") if "name" in r}
    assert filled == {"Cancers and tumours": True, "Mental health": False, "Circulation": False}


def test_a_point_far_outside_stands_at_the_edge_with_its_figures():
    rows = [*QUARTERS, {"name": "Neonates", "spend_z": 9.25, "outcome_z": -0.5, "own": False}]
    spec = charts.quadrant(rows)
    assert any("Neonates (+9.2, \u22120.5)" in w for w in words(spec))
    assert all(0 <= r["x"] <= spec["width"] for r in rows_of(spec, "point") if "name" in r)


def test_two_hundred_areas_name_the_own_and_the_farthest_only():
    many = [
        {
            "name": f"Area {i}",
            "spend_z": (i * 7919 % 401 - 200) / 100,
            "outcome_z": (i * 104729 % 397 - 198) / 100,
        }
        for i in range(200)
    ]
    spec = charts.quadrant([*many, QUARTERS[0]])
    assert_whole_and_apart(svg(spec))
    printed = words(spec)
    assert "Cancers and tumours" in printed and sum(w.startswith("Area") for w in printed) <= 13


# --- segments ---------------------------------------------------------------------------


def test_a_cell_prints_population_spend_and_total_and_an_empty_one_says_so():
    printed = words(KINDS["segments"]())
    assert {"\u00a370.9m", "128.9k \u00d7 \u00a3550", "no figure", "\u00a31,556.9m"} <= set(printed)


def test_a_contradiction_has_a_sign_a_frame_and_a_note():
    spec = KINDS["segments"]()
    assert words(spec).count("\u2260") == 1
    assert any("does not make the printed total" in w for w in words(spec))
    frames = [x for x in spec["layer"] if x["mark"].get("strokeWidth") == 2.6]
    assert len(frames[0]["data"]["values"]) == 1
    assert "\u2260" not in " ".join(words(charts.segment_matrix(SEGMENTS[:2])))


def test_a_sum_over_groups_is_not_shaded():
    shaded = [x for x in KINDS["segments"]()["layer"] if x["encoding"].get("color", {}).get("scale")]
    assert [r["total"] for r in shaded[0]["data"]["values"]] == [70.9, 64.5]


def test_a_cell_with_parts_missing_says_which():
    row = {"group": "A", "age": "0-16", "population": 12.0, "spend": None, "total": None, "holds": None}
    assert {"no total", "12.0k, no spend"} <= set(words(charts.segment_matrix([row])))


# --- ranks ---------------------------------------------------------------------------


def test_first_stands_on_top_and_a_range_spans_its_ranks():
    spec = KINDS["ranks"]()
    points = [r for r in rows_of(spec, "point") if r["y"] > 0]
    assert [p["x"] for p in points] == sorted(p["x"] for p in points)
    assert [p["y"] for p in points] == sorted(p["y"] for p in points)
    wide = [r["x2"] - r["x"] for r in rows_of(spec, "rect")]
    assert wide[1] > wide[0]  # ranks 1 to 3 against 1 to 2
    assert {"70%", "30%", "under 1%", "not ranked", "rank (1 is first)"} <= set(words(spec))


# --- labels ---------------------------------------------------------------------------


def test_a_label_takes_the_next_free_side():
    free = labels.beside(100, 100, ["Name"], [], (300, 300))
    assert free is not None and free.x > 100 and not free.far
    taken = labels.beside(100, 100, ["Name"], [free.box], (300, 300))
    assert taken is not None and taken.box[2] <= 100
    edge = labels.beside(295, 100, ["Name"], [], (300, 300))
    assert edge is not None and edge.box[2] <= 300


def test_a_label_without_room_is_left_out_unless_it_must_stand():
    everywhere = [(0.0, 0.0, 300.0, 300.0)]
    assert labels.beside(100, 100, ["Name"], everywhere, (300, 300)) is None
    assert labels.beside(100, 100, ["Name"], everywhere, (300, 300), must=True) is not None
