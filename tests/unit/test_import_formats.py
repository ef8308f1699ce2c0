"""Every format on a small file made by hand: what is read, what is said, what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.reference import Reference, importers
from workbook.reference.importers import Report

FILES = Path(__file__).resolve().parent.parent / "fixtures" / "imports"
FORMAT_OF = {
    "fingertips.csv": "fingertips",
    "fingertips-27.csv": "fingertips",
    "fingertips-figures.csv": "fingertips-figures",
    "fingertips-indicators.csv": "fingertips-indicators",
    "fingertips-areas.csv": "fingertips-areas",
    "ons.csv": "ons",
    "ccg-mortality.csv": "ccg-mortality",
    "ccg-outcomes.csv": "ccg-outcomes",
    "ccg-allocations.csv": "ccg-allocations",
    "icb-need.csv": "icb-need",
    "icb-projection.csv": "icb-projection",
    "nhsof-pyll.csv": "nhsof-pyll",
    "local.csv": "local",
    "boundaries.geojson": "boundaries",
    "similar10-inputs.csv": "similar10-inputs",
    "similar10-list.csv": "similar10-list",
    "codes.csv": "codes",
    "lookup.csv": "lookup",
    "composition.csv": "composition",
    "question-bank.csv": "question-bank",
    "heec-inequality.csv": "heec-inequality",
    "imd-2025.csv": "imd-2025",
    "social-care.csv": "social-care",
    "qof-registers.csv": "qof-registers",
    "ccg-population.csv": "ccg-population",
    "life-expectancy-gap.csv": "life-expectancy-gap",
}


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home, data=FILES / "data")


def take(reference: Reference, *names: str) -> list[Report]:
    return importers.take([FILES / n for n in names], reference)


def said(report: Report) -> list[tuple[int | None, str | None]]:
    """Row and column of every warning."""
    assert not report.refused, report.faults
    return [(f.row, f.column) for f in report.faults]


@pytest.mark.parametrize(("name", "format"), FORMAT_OF.items())
def test_a_format_is_known_by_its_content_and_not_by_its_name(
    name: str, format: str, reference: Reference, tmp_path: Path
) -> None:
    disguised = tmp_path / "download (3).txt"
    disguised.write_bytes((FILES / name).read_bytes())
    report = importers.check(disguised, reference)
    assert report.format == format
    assert not report.refused


def test_every_format_has_a_file_made_by_hand() -> None:
    assert set(FORMAT_OF.values()) == set(importers.FORMATS)


def test_fingertips_gives_series_categories_units_and_polarity(reference: Reference) -> None:
    (report,) = take(reference, "fingertips.csv")
    assert said(report) == [(5, "Value"), (5, "Denominator"), (7, "Area Type")]
    own = reference.series("ft-90001", area="E06999901")
    assert own[["period", "year", "age"]].values.tolist() == [
        ["2020/21", 2020, "15+ yrs"],
        ["2021/22", 2021, "15+ yrs"],
    ]
    assert own.loc[0, ["value", "lower", "upper", "count", "denominator"]].tolist() == [
        25,
        22,
        28,
        250,
        10000,
    ]
    assert own["value"].isna().tolist() == [False, True]
    assert own.loc[1, "note"] == "Value not published for data quality reasons"
    assert reference.breakdown("ft-90001", "E92000001")["category"].tolist() == ["Most deprived decile"]
    indicator = reference.indicator("ft-90001")
    # The name says the unit; "Worse" above England's value says that low is good.
    assert (indicator.name, indicator.unit, indicator.polarity) == (
        "Invented rate / 1,000",
        "per 1,000",
        "low",
    )
    assert reference.indicator("ft-90002").period_years == 3


def test_the_older_fingertips_export_has_decimal_ids_and_marked_codes(reference: Reference) -> None:
    (report,) = take(reference, "fingertips-27.csv")
    assert said(report) == [(4, "Value"), (6, "Area Type")]
    assert reference.available("E38999901") == ["ft-90001"]
    # "nE38999901" is the same code, and the ODS code stands at the end of the location's name.
    assert reference.area("99A").name == "Northmoor and Fell"
    assert reference.area("99A").kind == "ccg"
    assert reference.series("ft-90001", area="E54999901")["value"].tolist() == [21]


def test_ons_gives_sexes_spans_and_notes(reference: Reference) -> None:
    (report,) = take(reference, "ons.csv")
    assert said(report) == [(4, "observation")]
    male = reference.series("ons-male-invented-health", kind="country")
    assert male[["period", "year", "sex", "value"]].values.tolist() == [["2011 - 13", 2011, "Male", 63.1]]
    assert reference.series("ons-male-invented-health", area="E06999901")["note"].tolist() == [
        "not published"
    ]
    habit = reference.indicator("ons-invented-habit-england")
    assert (habit.name, habit.unit, habit.per, habit.polarity) == ("Invented habit", "%", 100, "none")
    assert reference.series(habit.id)["period"].tolist() == ["year from Nov 2015"]
    assert reference.area("E07999901").kind == "la"


def test_mortality_gives_three_series_and_the_deaths_of_one(reference: Reference) -> None:
    (report,) = take(reference, "ccg-mortality.csv")
    assert said(report) == [(4, "ccg19cd")]
    treatable = reference.series("treatable-mortality", area="99A")
    assert treatable[["year", "value", "count"]].values.tolist() == [[2017, 100, 50.5], [2018, 95, 48]]
    assert reference.series("avoidable-mortality", area="99A")["count"].isna().all()
    # A row without a code, and rows without an ODS code, belong to the area of their name.
    assert reference.area("99B").code == "E38999902"
    assert reference.area("99B").name == "St Bede on Tarn"
    assert reference.series("preventable-mortality", area="99B")["year"].tolist() == [2004, 2018]


def test_allocations_are_filed_by_the_year_they_start_in(reference: Reference) -> None:
    (report,) = take(reference, "ccg-allocations.csv")
    assert said(report) == [(3, "ons_mid_year_population")]
    money = reference.series("allocation", area="99A")
    assert money[["period", "year", "value"]].values.tolist() == [
        ["2018/19", 2018, 100500],
        ["2019/20", 2019, 104200],
    ]
    assert reference.indicator("allocation").unit == "£000s"
    assert reference.series("population-mid-year", area="99A")["year"].tolist() == [2018]
    # 100,500 thousand pounds over 71,000 residents.
    heads = reference.series("allocation-per-head", area="99A")
    assert heads[["year", "value", "denominator"]].values.tolist() == [[2018, 1415.49, 71000]]
    assert reference.indicator("allocation-per-head").unit == "£ per head"


def test_outcomes_find_their_areas_by_name(reference: Reference) -> None:
    take(reference, "ccg-mortality.csv", "ccg-outcomes.csv")
    assert reference.series("ccgois-1.1", area="E38999901")["value"].tolist() == [2100]
    assert reference.series("ccgois-1.1", area="E92000001")["value"].tolist() == [2000]


def test_outcomes_name_areas_nobody_knows_and_file_them_under_their_name(reference: Reference) -> None:
    (report,) = take(reference, "ccg-outcomes.csv")
    warning = next(f for f in report.faults if "by name only" in f.problem)
    assert "NHS Unheard of & Far CCG" in warning.problem
    assert reference.area("CCG-UNHEARD-OF-AND-FAR").name == "Unheard of and Far"
    assert reference.series("ccgois-4.2")["note"].tolist() == ["provisional"]


def test_outcomes_keep_rolling_periods_out_of_the_yearly_series(reference: Reference) -> None:
    (report,) = take(reference, "ccg-outcomes.csv")
    assert (6, "period") in said(report)
    assert reference.series("ccgois-2.6")["period"].tolist() == ["2014/15", "2015/16"]
    rolling = reference.breakdown("ccgois-2.6", "CCG-NORTHMOOR-AND-FELL")
    assert rolling[["category_type", "category"]].values.tolist() == [
        ["Rolling period", "Jul 2015 - Jun 2016"]
    ]


def test_outcomes_of_several_conditions_are_several_indicators(reference: Reference) -> None:
    take(reference, "ccg-outcomes.csv")
    # The catalogue's 3.3a is about hip replacement, so that condition needs no suffix.
    assert reference.series("ccgois-3.3a")["value"].tolist() == [0.41]
    primary = reference.indicator("ccgois-3.3a-hip-replacements-primary")
    assert (primary.unit, primary.polarity) == ("points", "high")
    assert primary.name == "Patient reported outcome: Hip replacements - primary"


def test_a_suppressed_figure_is_kept_as_missing_and_noted(reference: Reference) -> None:
    (report,) = take(reference, "ccg-outcomes.csv")
    assert (7, "value") in said(report)
    liver = reference.series("ccgois-1.7")
    assert liver["value"].isna().all()
    assert liver["note"].tolist() == ["suppressed"]


def test_need_is_the_boards_weighted_share_over_its_share_of_people(reference: Reference) -> None:
    take(reference, "icb-need.csv")
    need = reference.need_index("E54999901").set_index("component")["index"]
    # Registered: 2,000 of 4,000. General and acute: 2,600 of 4,000, so 1.3; maternity: 900 of 4,000, so 0.45.
    assert need["general-and-acute"] == pytest.approx(1.3)
    assert need["maternity"] == pytest.approx(0.45)
    assert need["overall"] == pytest.approx(2300 / 2000 / (4000 / 4000))
    # An import stands before the shipped figure.
    assert reference.need_index("E54999902").set_index("component")["index"]["overall"] == pytest.approx(0.85)
    assert not [a for a in reference.areas() if a.kind == "practice"]


def test_a_projection_is_given_by_year_sex_and_age(reference: Reference) -> None:
    take(reference, "icb-projection.csv")
    people = reference.population("E54999901")
    assert people[people["year"] == 2024]["population"].tolist() == [1000, 120, 1050]
    assert people["year"].max() == 2025


def test_pyll_reads_thousands_and_keeps_breakdowns_of_england_apart(reference: Reference) -> None:
    (report,) = take(reference, "nhsof-pyll.csv")
    assert {f.column for f in report.faults} == {
        "Indicator value",
        "Lower CI",
        "Upper CI",
        "Population",
        "Observed deaths",
    }
    own = reference.series("pyll-amenable", area="E06999901")
    assert own[["year", "sex", "note"]].values.tolist() == [
        [2013, "Persons", "suppressed"],
        [2014, "Persons", ""],
    ]
    assert own.loc[1, ["value", "lower", "upper", "count", "denominator"]].tolist() == [
        3100,
        2900,
        3300,
        95,
        70000,
    ]
    assert reference.series("pyll-amenable", area="E06999901", sex="Male")["value"].tolist() == [3600]
    assert reference.series("pyll-amenable", area="E92000001")["value"].tolist() == [2800.5]
    parts = reference.breakdown("pyll-amenable", "E92000001")
    assert parts["category"].tolist() == ["20 to 24", "1 - Most deprived"]


def test_local_figures_bring_a_new_indicator_and_add_to_a_known_one(reference: Reference) -> None:
    (report,) = take(reference, "local.csv")
    assert said(report) == [(4, "value")]
    clinic = reference.indicator("local-falls-clinic")
    assert (clinic.name, clinic.unit, clinic.per, clinic.status) == (
        "People seen by the falls clinic",
        "per 100,000",
        100_000,
        "local",
    )
    assert clinic.source == "Activity return"
    own = reference.series("local-falls-clinic", area="E06999901")
    assert own["note"].tolist() == ["", "suppressed; Clinic closed in May"]
    assert reference.series("local-falls-clinic", area="E54999902")["value"].tolist() == [380.5]
    assert reference.series("treatable-mortality", area="E06999901")["value"].tolist() == [101.5]
    assert reference.indicator("treatable-mortality").source == "Test catalogue"


def test_outlines_are_simplified_and_neighbours_keep_one_border(reference: Reference) -> None:
    (report,) = take(reference, "boundaries.geojson")
    assert said(report) == []
    assert report.said == ("boundaries.geojson was taken: outlines of 2 areas.",)
    north, south = (reference.boundaries([code])[code] for code in ("E54999901", "E54999902"))
    # The hole is left out, the point 100 metres off the line goes, the speck of an island too.
    assert len(north) == 1
    assert len(south) == 2
    assert {tuple(p) for p in north[0]} == {(0, 54), (1, 54), (1, 55), (0, 55)}
    assert {(1, 54), (1, 55)} <= {tuple(p) for p in south[0]}
    assert all(ring[0] == ring[-1] for ring in (*north, *south))


def test_the_variables_of_similar_10_become_percentages(reference: Reference) -> None:
    (report,) = take(reference, "similar10-inputs.csv")
    assert said(report) == []
    assert len(report.series) == 11
    own = {
        v["indicator"]: reference.series(v["indicator"], area="99A")["value"].iloc[0] for v in report.series
    }
    assert own["similar10-imd"] == 30.5
    assert own["similar10-population"] == 158_000
    assert own["similar10-age-18-39"] == pytest.approx(27.3)
    assert own["similar10-rural"] == 0


def test_a_list_of_peers_comes_in_the_order_of_its_ranks(reference: Reference) -> None:
    take(reference, "similar10-list.csv")
    assert len(reference.peers("99A")) == 10
    assert reference.peers("99A")[:2] == ("E38999912", "99C")
    assert (
        reference.peers_from("99A")
        == "Similar 10 list of 2016, NHS England (imported from similar10-list.csv)"
    )
    (changed,) = reference.lineage("E38999912")
    assert (changed.old, changed.old_name, changed.kind) == ("E38999902", "NHS St Bede on Tarn", "continued")


def test_a_list_of_codes_brings_names_and_what_lies_within(reference: Reference) -> None:
    (report,) = take(reference, "codes.csv")
    assert said(report) == []
    area = reference.area("99D")
    assert (area.code, area.kind) == ("E38999908", "sub-icb")
    kept = [(li.new, li.kind, li.on) for li in reference.lineage("E38000009")]
    # The location kept the code of a group in July 2022; the board has a successor, and the chain leads there.
    assert kept == [
        ("E38000009", "continued", "2022-07-01"),
        ("E54999901", "within", ""),
        ("E54999903", "renamed", "2026-04-01"),
    ]
    assert [li.kind for li in reference.lineage("99D")][:1] == ["within"]
    assert reference.lineage("99D")[0].source == "Code list, sub-ICB locations of 2024 to boards of 2024"


def test_a_look_up_of_ones_own_leads_from_old_codes_to_new_ones(reference: Reference) -> None:
    take(reference, "lookup.csv", "ccg-mortality.csv")
    chain = [(li.old, li.new, li.kind) for li in reference.lineage("99A")]
    assert chain[:2] == [("E38999901", "E38999920", "merged"), ("E38999920", "E54999901", "within")]
    assert {li.old for li in reference.lineage("E38999920")} >= {"E38999901", "E38999902"}
    merged = reference.lineage("99B")[0]
    assert (merged.old_name, merged.new_name) == ("St Bede on Tarn", "Wider Northmoor")
    assert merged.source == "A look-up of your own"


def test_a_composed_area_has_its_members(reference: Reference) -> None:
    (report,) = take(reference, "composition.csv")
    assert said(report) == []
    area = reference.area("my-north")
    assert (area.name, area.kind, area.synthetic) == ("North cluster", "composed", False)
    assert reference.members("MY-NORTH") == ("E54999902", "E54999903")


def test_groups_of_deprivation_come_in_their_order_and_a_board_spelt_two_ways_is_one(
    reference: Reference,
) -> None:
    (report,) = take(reference, "heec-inequality.csv")
    assert said(report) == [(5, "ICB.NAME"), (6, "Indicator")]
    women = reference.breakdown("heec-life-expectancy-female", "E54999901")
    assert women[["category", "value", "sex"]].values.tolist() == [
        ["1 least deprived fifth", 83.5, "Female"],
        ["2", 82.5, "Female"],
        ["4 and 5 most deprived fifths", 80.4, "Female"],
    ]
    assert "not an official statistic" in women["note"].iloc[0]
    # The average in each row is England's, so a board has none.
    assert reference.series("heec-life-expectancy-female")["area"].tolist() == ["E92000001"]
    access = reference.breakdown("heec-survey-access", "QZA")
    assert access[access["year"] == 2024]["value"].tolist() == pytest.approx([77, 74, 70, 64])
    assert reference.indicator("heec-qof-diabetes").unit == "%"


def test_deprivation_gives_score_rank_and_shares(reference: Reference) -> None:
    (report,) = take(reference, "imd-2025.csv")
    assert said(report) == []
    assert reference.series("imd-2025-score", area="QZB")["value"].tolist() == [20.392]
    assert reference.series("imd-2025-most-deprived-tenth", area="E54999901")["value"].tolist() == [20.11]


def test_a_zero_that_no_council_can_have_is_not_taken_for_a_figure(reference: Reference) -> None:
    (report,) = take(reference, "social-care.csv")
    assert said(report) == [(3, "Value")]
    own = reference.series("ascof-quality-of-life", area="E06999901")
    assert own["year"].tolist() == [2021, 2022]
    assert own["value"].isna().tolist() == [True, False]
    assert reference.indicator("ascof-carer-quality-of-life").polarity == "high"
    assert reference.area("E10999901").region == "North East"


def test_registers_take_their_year_from_a_column_or_from_the_files_name(
    reference: Reference, tmp_path: Path
) -> None:
    (report,) = take(reference, "qof-registers.csv")
    assert said(report) == [(4, "prevalence")]
    failing = reference.series("qof-hf", area="99A")
    assert failing[["period", "value", "count", "denominator"]].values.tolist() == [
        ["2013/14", 0.8, 800, 100000]
    ]
    assert reference.series("qof-hf-heart-failure-due-to-lvd", area="99A")["value"].tolist() == [0.2]
    yearless = "\n".join(
        line.rsplit(",", 1)[0] for line in (FILES / "qof-registers.csv").read_text().splitlines()
    )
    (tmp_path / "qof_2014-15.csv").write_text(yearless)
    (tmp_path / "qof.csv").write_text(yearless)
    named = importers.check(tmp_path / "qof_2014-15.csv", reference)
    assert named.series[0]["last"] == "2014/15"
    nameless = importers.check(tmp_path / "qof.csv", reference)
    assert nameless.refused
    assert "put the year in the file's name" in nameless.faults[0].remedy


def test_registered_people_are_those_of_april(reference: Reference) -> None:
    (report,) = take(reference, "ccg-population.csv")
    assert said(report) == [(3, "quarter")]
    people = reference.population("99A")
    assert people["population"].sum() == sum(range(10, 100, 10)) + sum(range(11, 101, 10))
    assert people["age_group"].unique().tolist()[:2] == ["00-04", "05-14"]


def test_the_gap_in_life_expectancy_is_its_causes_added_up(reference: Reference, tmp_path: Path) -> None:
    (report,) = take(reference, "life-expectancy-gap.csv")
    assert said(report) == [(6, "Geography code")]
    parts = reference.breakdown("le-gap-within", "E06999901")
    assert parts[["category", "sex", "value"]].values.tolist() == [
        ["Cancer", "Male", 2.39],
        ["Circulatory", "Male", 0.85],
        ["External causes", "Male", -0.25],
    ]
    whole = reference.series("le-gap-within", area="E06999901", sex="Male")
    assert whole[["period", "value", "count"]].values.tolist() == [["2020 - 21", 2.99, 143]]
    lines = (FILES / "life-expectancy-gap.csv").read_text().splitlines()
    (tmp_path / "as-published.csv").write_text("\n".join(line.rsplit(",", 1)[0] for line in lines))
    published = importers.check(tmp_path / "as-published.csv", reference)
    assert published.refused
    assert "Add a column 'Period'" in published.faults[0].remedy
