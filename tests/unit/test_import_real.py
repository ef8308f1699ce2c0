"""The files as their publishers give them: each is accepted, and known figures come out of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from workbook.reference import Reference, importers
from workbook.reference.check import SUPPRESSED
from workbook.reference.importers import similar10

pytestmark = pytest.mark.real

ACCEPTED = {
    **{f"fingertips/Area_profiles_{letter}.csv": "fingertips" for letter in "ABCDEX"},
    "fingertips/smok_qof_prev_noGP.csv": "fingertips",
    "ons_els/adult-obesity-prevalence.csv": "ons",
    "ons_els/cancer-diagnosis-at-stage-1-and-2.csv": "ons",
    "ons_els/cigarette-smokers.csv": "ons",
    "ons_els/healthy-life-expectancy.csv": "ons",
    "ons_els/preventable-cardiovascular-mortality-england.csv": "ons",
    "ccg_outcomes/ccg_avoidable_mortality_2004_2019.csv": "ccg-mortality",
    "ccg_outcomes/ccgois_june2017_tidy.csv": "ccg-outcomes",
    "allocations/ccg_allocations_2013-14_to_2019-20.csv": "ccg-allocations",
    "allocations/ICB_tool_2025_2026.csv": "icb-need",
    "populations/snpp2018_principal_icb_england_quinary.csv": "icb-projection",
    "nhsof/NHSOF_1a.i_I01954_D.csv": "nhsof-pyll",
}


@pytest.fixture(scope="module")
def taken(
    real: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Reference, dict[str, importers.Report]]:
    """A reference with every real file taken in one call."""
    reference = Reference.open(tmp_path_factory.mktemp("figures"))
    reports = importers.take([real / name for name in ACCEPTED], reference)
    return reference, dict(zip(ACCEPTED, reports, strict=True))


@pytest.mark.parametrize(("name", "format"), ACCEPTED.items())
def test_the_file_is_taken(name: str, format: str, taken) -> None:
    report = taken[1][name]
    assert (report.format, report.taken, report.refused) == (format, True, False)


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_file_is_sound_by_itself(name: str, real: Path, home: Path) -> None:
    assert not importers.check(real / name, Reference.open(home)).refused


def test_south_tyneside_is_one_area_with_its_mortality_and_its_money(taken) -> None:
    reference, _ = taken
    assert reference.area("00N") == reference.area("E38000163")
    assert reference.area("00N").name == "South Tyneside"
    treatable = reference.series("treatable-mortality", area="00N").set_index("year")
    assert treatable.loc[2018, ["value", "count"]].tolist() == [100.7, 144.5]
    money = reference.series("allocation", area="E38000163").set_index("period")
    assert money.loc["2019/20", "value"] == 263_465


@pytest.mark.parametrize("reverse", [False, True])
def test_south_tyneside_is_found_whichever_file_comes_first(reverse: bool, real: Path, home: Path) -> None:
    files = [n for n, f in ACCEPTED.items() if f in ("ccg-mortality", "ccg-allocations", "ccg-outcomes")]
    reference = Reference.open(home)
    for name in sorted(files, reverse=reverse):
        importers.take([real / name], reference)
    for code in ("E38000163", "00N"):
        assert {"allocation", "treatable-mortality"} <= set(reference.available(code))
    assert not [a.code for a in reference.areas("ccg") if a.code.startswith("CCG-")]


def test_mortality_is_whole_for_191_areas(taken) -> None:
    frame = taken[0].series("treatable-mortality", kind="ccg")
    complete = frame[frame["year"].between(2005, 2018)].groupby("area").size()
    assert len(frame) == 2858
    assert (complete == 14).sum() == 191


def test_tamesides_years_of_life_lost(taken) -> None:
    row = taken[0].series("pyll-amenable", area="E08000008").set_index("year").loc[2014]
    assert row[["value", "lower", "upper", "count", "denominator"]].tolist() == [
        3743.3,
        3084.1,
        4414.9,
        280,
        167_000,
    ]


def test_suppressed_districts_are_missing_and_say_so(taken) -> None:
    frame = taken[0].series("pyll-amenable", kind="la")
    hidden = frame[frame["note"] == "suppressed"]
    assert len(hidden) > 0
    assert hidden["value"].isna().all()
    assert not frame["note"].isin(SUPPRESSED).any()


def test_deprivation_deciles_stand_beside_the_series(taken) -> None:
    parts = taken[0].breakdown("pyll-amenable", "E92000001")
    most = parts[
        (parts["category"] == "1 - Most deprived") & (parts["year"] == 2014) & (parts["sex"] == "Persons")
    ]
    assert most["value"].tolist() == [5092.5]
    assert taken[0].series("pyll-amenable", area="E92000001").groupby("year").size().max() == 1


def test_outcomes_have_one_point_a_year_and_area(taken) -> None:
    frame = taken[0].series("ccgois-2.6")
    assert frame["period"].str.fullmatch(r"\d{4}/\d{2}").all()
    west_sussex = frame[frame["area_name"] == "Coastal West Sussex"]
    assert west_sussex["value"].tolist()[:2] == [476, 684.3]
    assert len(west_sussex) == 6


def test_the_need_index_equals_the_one_that_ships(taken, real: Path, home: Path) -> None:
    shipped, computed = Reference.open(home), taken[0]
    boards = shipped.areas("icb", on="2025-10-01")
    assert len(boards) == 42
    for area in boards:
        ours = computed.need_index(area.code).set_index("component")["index"].sort_index()
        theirs = shipped.need_index(area.code).set_index("component")["index"].sort_index()
        assert ours.round(4).to_dict() == pytest.approx(theirs.round(4).to_dict(), abs=1.01e-4)
        assert len(ours) == 9


def test_healthy_life_expectancy_covers_three_years_a_point(taken) -> None:
    reference, _ = taken
    row = reference.series("ons-male-healthy-life-expectancy", area="K02000001").iloc[0]
    assert row[["period", "year", "sex", "value", "lower", "upper"]].tolist() == [
        "2011 - 13",
        2011,
        "Male",
        62.7,
        62.6,
        62.9,
    ]
    assert reference.indicator("ons-male-healthy-life-expectancy").period_years == 3


def test_smoking_keeps_one_age_group_for_all_areas(taken) -> None:
    frame = taken[0].series("ft-91547", area="E08000023")
    assert frame["age"].unique().tolist() == ["15+ yrs"]
    assert frame["year"].tolist() == list(range(2013, 2023))


def test_the_projection_holds_42_boards_and_england(taken) -> None:
    people = taken[0].population("QHM")
    assert sorted(people["year"].unique()) == list(range(2018, 2044))
    assert len(people) == 26 * 2 * 19


# --- who the areas are, what they became, and what stands beside them -------------

AREAS = {
    "boundaries/icb_april2023_BSC.geojson": "boundaries",
    "boundaries/subicb_april2023_BSC.geojson": "boundaries",
    "peers/April2021_Similar10CCG_InputData_HD.xlsx": "similar10-inputs",
    "peers/ccg_mappings_similar10_2016.csv": "similar10-list",
    "geography/CCG_APR_2013.csv": "codes",
    "geography/CCG_ICB_code.csv": "codes",
    "geography/ccg21_stp21_codes.csv": "codes",
    "geography/lookup_ltla23_region23.csv": "codes",
    "geography/lookup_ltla23_utla23.csv": "codes",
    "geography/sicbl22_icb22_codes.csv": "codes",
    "geography/sicbl24_icb24_codes.csv": "codes",
    "icb_inequality/heec_datapack_final_data.csv": "heec-inequality",
    "deprivation/imd2025_england_icb24.csv": "imd-2025",
    "deprivation/imd2025_england_ltla24.csv": "imd-2025",
    "ascof/oflog_ASC_data.csv": "social-care",
    "qof/qof_2013-14_prevalencebyccg.csv": "qof-registers",
    "populations/ccg_registered_population_quarterly_2013-2016.csv": "ccg-population",
    "allocations/ccg_allocations_2013-14_to_2019-20.csv": "ccg-allocations",
}


@pytest.fixture(scope="module")
def around(
    real: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Reference, dict[str, importers.Report]]:
    """A reference with the files about areas, taken in one call."""
    reference = Reference.open(tmp_path_factory.mktemp("areas"))
    reports = importers.take([real / name for name in AREAS], reference)
    return reference, dict(zip(AREAS, reports, strict=True))


@pytest.mark.parametrize(("name", "format"), AREAS.items())
def test_a_file_about_areas_is_taken(name: str, format: str, around) -> None:
    report = around[1][name]
    assert (report.format, report.taken, report.refused) == (format, True, False)
    assert not [f for f in report.faults if "Is the unit right" in f.remedy]


def test_no_published_figure_is_suspected_of_a_wrong_unit(taken) -> None:
    asked = [f.problem for r in taken[1].values() for f in r.faults if "Is the unit right" in f.remedy]
    assert len(asked) <= 3, asked


def test_the_outlines_of_42_boards_are_small_and_fit(around) -> None:
    reference, _ = around
    codes = [code for (code,) in reference.store.query("SELECT area FROM boundary WHERE area LIKE 'E54%'")]
    found = reference.boundaries(codes)
    assert len(found) == 42
    stored = reference.store.query("SELECT sum(length(rings)) FROM boundary WHERE area LIKE 'E54%'")
    assert stored[0][0] < 200_000
    owners: dict[tuple, int] = {}
    for rings in found.values():
        for ring in rings:
            assert ring[0] == ring[-1]
            assert all(-7 < x < 2 and 49 < y < 56 for x, y in ring)
            for one, two in itertools.pairwise(map(tuple, ring)):
                side = (min(one, two), max(one, two))
                owners[side] = owners.get(side, 0) + 1
    assert max(owners.values()) == 2  # each stretch of border has two boards at most
    assert sum(n == 2 for n in owners.values()) > 0.3 * len(owners)


def test_106_groups_have_the_11_variables(around) -> None:
    reference, reports = around
    assert len(reports["peers/April2021_Similar10CCG_InputData_HD.xlsx"].series) == 11
    own = reference.series("similar10-imd", area="00N")
    assert own["value"].tolist() == pytest.approx([31.922568])
    assert reference.series("similar10-age-18-39", area="00N")["value"].tolist() == pytest.approx(
        [27.3046], abs=1e-4
    )
    assert reference.series("similar10-population")["area"].nunique() == 106


def test_the_weights_of_the_file_are_those_that_ship(real: Path) -> None:
    import openpyxl

    sheet = openpyxl.load_workbook(real / "peers/April2021_Similar10CCG_InputData_HD.xlsx")[
        "Variable Descriptions"
    ]
    rows = [r for r in sheet.iter_rows(min_row=2, values_only=True) if isinstance(r[1], float)]
    shipped = {r["column"]: float(r["weight"]) for r in similar10.variables()}
    assert {name: weight for name, weight, *_ in rows} == shipped


def test_south_tyneside_has_its_ten_peers_of_2016(around) -> None:
    reference, _ = around
    peers = [reference.area(code).name for code in reference.peers("00N")]
    assert len(peers) == 10
    assert peers[0] == "South Sefton"
    assert reference.peers_from("00N").startswith("Similar 10 list of 2016, NHS England")


def test_a_group_of_2013_leads_to_the_board_of_2026(around) -> None:
    reference, _ = around
    chain = [(li.old, li.new, li.kind) for li in reference.lineage("E38000036")]  # Coastal West Sussex
    assert chain[0] == ("E38000036", "E38000213", "continued")
    # A table that gives the board's ODS code means the board of the shipped list, as figures by that code do.
    assert ("E38000213", "E54000064", "within") in chain
    assert chain[-1] == ("E54000064", "E54000069", "merged")
    kept = reference.lineage("00N")
    assert [(li.kind, li.on) for li in kept[:1]] == [("continued", "2022-07-01")]
    assert reference.area("E07000223").region == "South East"


def test_the_inequality_pack_has_four_groups_in_order(around) -> None:
    reference, _ = around
    women = reference.breakdown("heec-life-expectancy-female", "QHM")
    latest = women[women["year"] == women["year"].max()]
    assert latest["category"].tolist() == [
        "1 least deprived fifth",
        "2",
        "3",
        "4 and 5 most deprived fifths",
    ]
    assert latest["value"].is_monotonic_decreasing
    boards = {
        a for (a,) in reference.store.query("SELECT DISTINCT area FROM series WHERE indicator LIKE 'heec-%'")
    }
    assert len(boards) == 43  # 42 boards, two of them spelt two ways, and England


def test_deprivation_social_care_registers_and_money_stand_beside(around) -> None:
    reference, _ = around
    assert reference.series("imd-2025-score", kind="icb")["area"].nunique() == 42
    assert reference.series("imd-2025-score", kind="la")["area"].nunique() == 296
    care = reference.series("ascof-quality-of-life")
    assert care["area"].nunique() == 157
    assert (care["value"].dropna() > 0.1).all()  # the printed zeros are no figures
    diabetes = reference.series("qof-dm", area="00N")
    assert diabetes["period"].tolist() == ["2013/14"]
    registers = reference.store.query(
        "SELECT count(DISTINCT indicator) FROM series WHERE indicator LIKE 'qof-%'"
    )
    assert registers == [(24,)]
    heads = reference.series("allocation-per-head", area="00N")
    assert heads["value"].between(1000, 2500).all()
    assert reference.population("00N")["year"].unique().tolist() == [2013, 2014, 2015]


def test_the_gap_by_cause_is_taken_once_its_period_is_added(real: Path, home: Path, tmp_path: Path) -> None:
    published = real / "life_expectancy" / "phe_segment_tool_BroadCause.csv"
    reference = Reference.open(home)
    assert [f.column for f in importers.check(published, reference).faults if f.severity == "refuses"] == [
        "Period"
    ]
    header, *rows = published.read_text(encoding="utf-8-sig").splitlines()
    dated = tmp_path / "dated.csv"
    dated.write_text(
        "\n".join([f"{header},Period", *(f"{row},2020 to 2021" for row in rows)]), encoding="utf-8"
    )
    (report,) = importers.take([dated], reference)
    assert not report.refused
    men = reference.series("le-gap-within", area="E07000223", sex="Male")
    assert men["value"].tolist() == pytest.approx([6.23])  # Adur: eight causes, -0.25 to 2.39 years
    assert reference.breakdown("le-gap-within", "E07000223")["category"].nunique() == 8
