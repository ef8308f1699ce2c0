"""Every kind of chart: valid, drawn without a warning, legible, and whole at the edges."""

import json
from itertools import pairwise

import altair as alt
import pytest

from tests.unit.chart_sight import assert_whole_and_apart, svg, words
from workbook import charts
from workbook.charts.parts import DASHES, FILLS, PALETTE, SHAPES, moved_apart
from workbook.charts.scales import Scale

UNIT = "deaths per 100,000"


def series(name, values, first=2010, half=None):
    rows = [{"year": first + i, "value": v, "series": name} for i, v in enumerate(values)]
    return [r | {"lower": r["value"] - half, "upper": r["value"] + half} if half else r for r in rows]


OWN = series("South Tyneside", [120, 115, 112, 108, 104, 101], half=12)
OTHERS = series("Median of peers", [110, 108, 104, 101, 99, 97])
LINES = series("Do nothing", [100, 99, 98], first=2016, half=8) + series(
    "Chosen level", [98, 95, 92], first=2016
)
AREAS = [
    {"area": "NHS South Tyneside CCG", "value": 101.0, "lower": 90.0, "upper": 112.0, "own": True},
    {"area": "NHS Sunderland CCG", "value": 97.0, "lower": 89.0, "upper": 105.0, "own": False},
    {"area": "NHS Nowhere CCG", "value": None, "lower": None, "upper": None, "own": False},
]
MONEY = [
    {"category": f"{y}/{y % 100 + 1}", "value": v * 1000, "series": s}
    for s, values in {"Acute": (170, 180), "Community": (40, 44)}.items()
    for y, v in zip((2025, 2026), values, strict=True)
]
STEPS = [
    {"label": "Spend in 2025/26", "amount": 300_000, "total": True},
    {"label": "Demographic growth", "amount": 14_200, "total": False},
    {"label": "Efficiency", "amount": -29_800, "total": False},
    {"label": "Spend in 2030/31", "amount": 284_400, "total": True},
]
CELLS = [
    {"row": "16-69", "column": "cancer", "value": 51.9, "label": "£51.9m", "flagged": False},
    {"row": "70+", "column": "cancer", "value": 64.5, "label": "£64.5m", "flagged": True},
    {"row": "70+", "column": "dementia", "value": None, "label": "", "flagged": False},
]
PEOPLE = [
    {"age": age, "sex": sex, "population": n, "year": year}
    for year in (2025, 2035)
    for sex in ("Male", "Female")
    for age, n in {"0-4": 5200, "5-9": 5500, "10-14": 5600}.items()
]

KINDS = {
    "trend": lambda rows=OWN + OTHERS: charts.trend(rows, unit=UNIT, breaks=(2013,)),
    "paths": lambda rows=OWN: charts.paths(rows, LINES if rows else [], unit=UNIT, base_year=2015),
    "ranked": lambda rows=AREAS: charts.ranked(rows, unit=UNIT, benchmark=95, benchmark_label="England"),
    "stacked bars": lambda rows=MONEY: charts.bars(rows, unit="£000s"),
    "bars side by side": lambda rows=MONEY: charts.bars(rows, unit="£000s", stacked=False),
    "waterfall": lambda rows=STEPS: charts.waterfall(rows, unit="£000s"),
    "matrix": lambda rows=CELLS: charts.matrix(rows, unit="£ million"),
    "pyramid": lambda rows=PEOPLE: charts.pyramid(rows),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_valid_and_drawn_without_a_warning(kind, capfd):
    spec = KINDS[kind]()
    alt.Chart.from_dict(spec, validate=True)
    assert "<svg" in svg(spec)
    noise = capfd.readouterr()
    assert noise.out == "" and noise.err == ""
    assert json.loads(json.dumps(spec)) == spec  # plain data, as the notebooks record it
    assert not {"config", "title", "$schema"} & set(spec)


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_still_give_a_chart(kind):
    spec = KINDS[kind]([])
    alt.Chart.from_dict(spec, validate=True)
    assert "<svg" in svg(spec)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off_or_set_over_another_word(kind):
    assert_whole_and_apart(svg(KINDS[kind]()))


# --- colour is never the only cue -----------------------------------------------


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", sorted({*PALETTE, *FILLS}))
def test_colours_stand_out_from_the_page(colour):
    assert 1.05 / (_luminance(colour) + 0.05) >= (4.5 if colour in PALETTE else 3)


def test_each_line_has_its_own_dash_and_marker_and_its_name():
    assert len({*map(tuple, DASHES)}) == len(DASHES) == len(PALETTE) == len(set(SHAPES))
    rows = [r for i in range(6) for r in series(f"Series {i}", [100 + i, 101 + i])]
    printed = words(charts.trend(rows, unit=UNIT))
    assert {f"Series {i}" for i in range(6)} <= set(printed)


def test_stack_parts_are_named_and_side_by_side_has_a_legend():
    for stacked in (True, False):
        assert {"Acute", "Community"} <= set(words(charts.bars(MONEY, unit="£000s", stacked=stacked)))


def test_a_flagged_cell_is_framed_marked_and_explained():
    printed = " ".join(words(charts.matrix(CELLS, unit="£ million")))
    assert "£64.5m" in printed and "flagged" in printed
    assert "flagged" not in " ".join(words(charts.matrix(CELLS[:1], unit="£ million")))


# --- what each kind says ----------------------------------------------------------


def test_a_break_is_named_and_no_line_runs_across_it():
    spec = charts.trend(OWN, unit=UNIT, breaks=(2013,))
    assert "break in series" in words(spec)
    lines = [x for x in spec["layer"] if x["mark"]["type"] == "line"]
    stretches = {p["year"]: p["stretch"] for p in lines[0]["data"]["values"]}
    assert stretches[2012] != stretches[2013] == stretches[2015]
    assert "break in series" not in words(charts.trend(OWN, unit=UNIT, breaks=(2010, 2030)))


def test_a_missing_year_interrupts_the_line():
    spec = charts.trend([r for r in OWN if r["year"] != 2012], unit=UNIT)
    line = next(x for x in spec["layer"] if x["mark"]["type"] == "line")
    assert {p["stretch"] for p in line["data"]["values"]} == {0, 1}


def test_breaks_close_together_are_both_named_one_below_the_other():
    spec = charts.trend(OWN, unit=UNIT, breaks=(2012, 2013))
    assert words(spec).count("break in series") == 2
    assert_whole_and_apart(svg(spec))


def test_a_gap_is_marked_at_the_foot_and_explained():
    held = [r | {"value": None} if r["year"] == 2012 else r for r in OWN if r["year"] != 2014]
    spec = charts.trend(held, unit=UNIT)
    marks = [x for x in spec["layer"] if x["mark"].get("text") == "\u00d7"]
    assert [r["year"] for r in marks[0]["data"]["values"]] == [2012, 2014]
    assert any("missing or suppressed" in w for w in words(spec))
    assert not any("suppressed" in w for w in words(charts.trend(OWN, unit=UNIT)))


def test_scattered_years_are_no_gaps():
    rows = [{"year": y, "value": 50.0 + i, "series": "a"} for i, y in enumerate((2001, 2011, 2015, 2016))]
    assert not any("suppressed" in w for w in words(charts.trend(rows, unit=UNIT)))


def test_a_suppressed_last_year_stays_on_the_axis():
    spec = charts.trend([*OWN, {"year": 2016, "value": None, "series": "South Tyneside"}], unit=UNIT)
    assert "2016" in words(spec) and any("suppressed" in w for w in words(spec))


def test_an_interval_is_a_band_and_at_a_lone_point_a_whisker():
    spec = charts.trend(OWN, unit=UNIT, breaks=(2011, 2012))
    bands = [x["data"]["values"] for x in spec["layer"] if x["mark"]["type"] == "area"]
    whiskers = [
        r["year"]
        for x in spec["layer"]
        if x["mark"]["type"] == "rule"
        for r in x["data"]["values"]
        if "lower" in r
    ]
    assert [p["year"] for p in bands[0]] == [2012, 2013, 2014, 2015] and whiskers == [2010, 2011]


def test_a_band_does_not_run_across_a_point_without_an_interval():
    rows = [{**r, "lower": None, "upper": None} if r["year"] == 2012 else r for r in OWN]
    spec = charts.trend(rows, unit=UNIT)
    band = next(x["data"]["values"] for x in spec["layer"] if x["mark"]["type"] == "area")
    assert {p["year"]: p["stretch"] for p in band} == {2010: 0, 2011: 0, 2013: 1, 2014: 1, 2015: 1}


def test_years_have_no_thousands_comma_and_the_last_is_shown():
    printed = words(charts.trend(series("a", range(100, 120), first=2001), unit=UNIT))
    assert "2020" in printed and not any("," in w for w in printed if w.startswith("2"))


def test_the_unit_is_said_and_so_is_an_axis_that_starts_above_zero():
    printed = " ".join(words(charts.trend(OWN, unit=UNIT)))
    assert "deaths per 100,000 (axis starts at " in printed
    assert "starts at" not in " ".join(words(charts.trend(series("a", [1, 50, 99]), unit="%")))


@pytest.mark.parametrize("kind", ["stacked bars", "bars side by side", "waterfall"])
def test_bars_start_at_zero_and_large_money_is_in_millions(kind):
    spec = KINDS[kind]()
    domains = [
        x["encoding"]["y"]["scale"]["domain"]
        for x in spec["layer"]
        if x["encoding"].get("y", {}).get("scale")
    ]
    assert domains and all(low == 0 for low, _ in domains)
    assert "£ million" in words(spec)


def test_paths_set_out_from_the_base_year_and_name_it():
    spec = charts.paths(OWN, LINES, unit=UNIT, base_year=2015)
    assert {"base year 2015", "measured", "Do nothing", "Chosen level"} <= set(words(spec))
    starts = [
        min(p["year"] for p in x["data"]["values"]) for x in spec["layer"] if x["mark"]["type"] == "line"
    ]
    assert sorted(starts) == [2010, 2015, 2015]


def test_a_year_between_the_base_and_the_first_year_ahead_does_not_interrupt_a_line():
    later = [{**r, "year": r["year"] + 1} for r in LINES]
    spec = charts.paths(OWN, later, unit=UNIT, base_year=2015)
    lines = [x["data"]["values"] for x in spec["layer"] if x["mark"]["type"] == "line"]
    assert all({p["stretch"] for p in line} == {0} for line in lines)


def test_a_break_in_what_was_measured_is_marked_before_the_lines_ahead():
    spec = charts.paths(OWN, LINES, unit=UNIT, base_year=2015, breaks=(2013, 2030))
    assert words(spec).count("break in series") == 1
    stretches = [
        {p["stretch"] for p in x["data"]["values"]} for x in spec["layer"] if x["mark"]["type"] == "line"
    ]
    assert sorted(map(len, stretches)) == [1, 1, 2]  # only the measured line is interrupted
    assert "break in series" not in words(charts.paths(OWN, LINES, unit=UNIT, base_year=2015))


def test_lines_that_start_nowhere_near_the_base_year_are_left_as_they_are():
    spec = charts.paths(OWN[:3], LINES, unit=UNIT, base_year=2015)  # no figure for 2015
    starts = [
        min(p["year"] for p in x["data"]["values"]) for x in spec["layer"] if x["mark"]["type"] == "line"
    ]
    assert sorted(starts) == [2010, 2016, 2016]


def test_areas_are_ranked_and_an_area_without_a_figure_is_said():
    printed = words(charts.ranked(AREAS[::-1], unit=UNIT, benchmark=95, benchmark_label="England"))
    assert {"South Tyneside CCG", "Nowhere CCG", "no figure", "England"} <= set(printed)
    places = [
        x["data"]["values"] for x in charts.ranked(AREAS, unit=UNIT)["layer"] if x["mark"]["type"] == "point"
    ]
    at = {p["value"]: p["at"] for rows in places for p in rows}
    assert at[101.0] < at[97.0]


def test_a_waterfall_carries_its_signs():
    printed = words(charts.waterfall(STEPS, unit="£000s"))
    assert {"300.0", "+14.2", "\u221229.8", "284.4"} <= set(printed)


def test_a_pyramid_shows_no_negative_people_and_names_both_years():
    printed = words(charts.pyramid(PEOPLE))
    assert {"Males", "Females", "filled: 2025, outlined: 2035"} <= set(printed)
    assert not any(w.startswith(("-", "\u2212")) for w in printed)


def test_typed_words_are_data():
    nasty = [{**r, "series": "<b>=1+1</b> & datum.value"} for r in OWN]
    assert any("=1+1" in w for w in words(charts.trend(nasty, unit=UNIT)))


@pytest.mark.parametrize("values", [[5, 5], [0, 0], [-3, -3], [0.0012, 0.0013], [1e9, 2e9], [-5, 5]])
def test_any_figures_make_an_axis(values):
    scale = Scale(values, "")
    hair = 1e-9 * (scale.high - scale.low)
    assert scale.low - hair <= min(values) and max(values) <= scale.high + hair and scale.low < scale.high
    assert 1 <= len(scale.ticks) <= 12
    assert len({f"{t:.{scale.decimals}f}" for t in scale.ticks}) == len(scale.ticks)


def test_ticks_are_printed_exactly():
    scale = Scale([10.2, 21.8], "")
    assert [round(t, scale.decimals) for t in scale.ticks] == pytest.approx(scale.ticks)
    assert Scale([0.0, 14.0], "").ticks[1] == 2.5
    assert Scale([0.0, 14.0], "").decimals == 1


@pytest.mark.parametrize("kind", ["trend", "paths", "ranked", "stacked bars", "waterfall", "pyramid"])
def test_one_layer_carries_the_title_of_an_axis_and_it_is_printed(kind):
    spec = KINDS[kind]()
    titles = [
        encoded["axis"]["title"]
        for part in spec["layer"]
        for encoded in part["encoding"].values()
        if (encoded.get("axis") or {}).get("title")
    ]
    assert titles and set(titles) <= set(words(spec))
    # A style that is lost with the axis would show as a turned title.
    assert "rotate(-90)" not in svg(spec)


def test_a_theme_does_not_thin_out_the_ticks():
    people = [{"age": "0-4", "sex": s, "population": 34_000, "year": 2025} for s in ("Male", "Female")]
    assert words(charts.pyramid(people)).count("20,000") == 2


def test_one_series_carries_its_figures():
    for stacked in (True, False):
        rows = [{"category": c, "value": v, "series": "Score"} for c, v in (("one", 76.4), ("two", 58.0))]
        assert {"76", "58"} <= set(words(charts.bars(rows, unit="of 100", stacked=stacked)))


def test_labels_are_moved_apart_and_stay_in_order():
    placed = moved_apart([50, 51, 52, 299, 300], [14] * 5, 300)
    assert placed == sorted(placed)
    assert all(b - a >= 14 - 1e-9 for a, b in pairwise(placed))
    assert placed[-1] <= 307
