"""The files as their publishers give them: each is accepted, and known figures come out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.reference import Reference, importers
from workbook.reference.check import SUPPRESSED

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
