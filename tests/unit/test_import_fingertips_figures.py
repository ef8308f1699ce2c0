"""The newer Fingertips download: bare codes, with lists beside it that say what they mean."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from workbook.errors import BadInput, FaultyFile
from workbook.reference import Reference, importers

FILES = Path(__file__).resolve().parent.parent / "fixtures" / "imports"
FIGURES, INDICATORS, AREAS = (f"fingertips-{name}.csv" for name in ("figures", "indicators", "areas"))


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home, data=FILES / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of downloads with the figures alone."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    shutil.copy(FILES / FIGURES, folder)
    return folder


def problems(report: importers.Report) -> str:
    assert not report.refused, report.faults
    return "\n".join(str(f) for f in report.faults)


def test_the_lists_beside_it_say_names_units_polarity_and_periods(reference: Reference) -> None:
    (report,) = importers.take([FILES / FIGURES], reference)
    said = problems(report)
    assert "Names, units and periods of indicators were read from fingertips-indicators.csv" in said
    assert "Names of areas were read from fingertips-areas.csv" in said
    measure = reference.indicator("ft-90011")
    assert (measure.name, measure.unit, measure.per, measure.polarity, measure.value_type) == (
        "Invented admissions",
        "per 1,000",
        1000,
        "low",
        "crude rate",
    )
    assert measure.note == "Intervals: Byar's method."
    assert measure.source.endswith("Invented returns")
    assert reference.area("E06999901").name == "Northmoor"
    own = reference.series("ft-90011", area="E06999901")
    # The year is the one in which a financial year begins.
    assert own[["period", "year", "value"]].values.tolist() == [["2018/19", 2018, 25], ["2019/20", 2019, 27]]
    deciles = reference.breakdown("ft-90011", "E92000001")
    assert deciles["category_type"].tolist() == ["Invented deciles (2019, 4/21 geography)"]


def test_practices_are_taken_and_networks_left_out_and_both_are_said(reference: Reference) -> None:
    (report,) = importers.take([FILES / FIGURES], reference)
    assert "1 general practice stands in the file" in problems(report)
    assert "about NHS Primary Care Networks" in problems(report)
    assert (reference.area("A99901").name, reference.area("A99901").kind) == ("Invented Surgery", "practice")
    assert set(reference.series("ft-90011")["area"]) == {"E06999901", "E92000001", "A99901"}


def test_of_two_figures_the_fuller_is_kept_and_two_that_differ_both_go(reference: Reference) -> None:
    (report,) = importers.take([FILES / FIGURES], reference)
    own = reference.series("ft-90012", area="E06999901").set_index("period")
    assert own["value"].to_dict() == {"2020": 0.06, "2021": 22.5, "2022": 20.0558045901172}
    said = problems(report)
    for words in (
        "row 3: The row repeats an earlier one word for word",
        "row 10, column Value: The row rounds a figure",
        "row 11, column Value: Two rows give different figures for the same thing",
        "row 13, column Value: The row is blank where another one has a figure",
        "row 15, column LowerCI: The publisher's limits do not hold the figure",
    ):
        assert words in said
    # Limits of the count do not pass for limits of the share.
    assert own.loc["2020", ["lower", "upper"]].isna().all()
    assert "do not hold" in own.loc["2020", "note"]


def test_quarters_and_spans_of_unknown_length_are_left_out_and_said(reference: Reference) -> None:
    (report,) = importers.take([FILES / FIGURES], reference)
    assert reference.series("ft-90013").empty and reference.series("ft-90014").empty
    said = problems(report)
    assert "Indicator 90013 is about quarters or months" in said
    assert "Indicator 90014 is about several years together" in said


def test_three_figures_for_a_year_are_parts_of_it_also_where_no_list_says_so(
    reference: Reference, folder: Path
) -> None:
    (report,) = importers.take([folder / FIGURES], reference)
    assert reference.series("ft-90013").empty
    assert "Indicator 90013 is about quarters or months" in problems(report)


def test_an_indicator_whose_polarity_contradicts_its_name_is_not_judged(
    reference: Reference, folder: Path
) -> None:
    shutil.copy(FILES / INDICATORS, folder)
    importers.take([folder / FIGURES], reference)
    assert reference.indicator("ft-90012").polarity == "none"  # "High is good" of a mortality


def test_without_lists_codes_stay_and_the_lists_mend_it_later(reference: Reference, folder: Path) -> None:
    (report,) = importers.take([folder / FIGURES], reference)
    said = problems(report)
    assert "The list of indicators neither came with the file nor lies beside it" in said
    assert "Nothing says what indicator 90011" in said
    assert reference.indicator("ft-90011").name == "Fingertips indicator 90011"
    assert reference.series("ft-90011", area="E06999901")["period"].tolist() == ["2018", "2019"]
    # The list by itself brings the name; the figures, taken again with it beside, their periods.
    importers.take([FILES / INDICATORS], reference)
    assert reference.indicator("ft-90011").unit == "per 1,000"
    shutil.copy(FILES / INDICATORS, folder)
    (again,) = importers.take([folder / FIGURES], reference)
    assert again.taken
    assert "2018/19" in reference.series("ft-90011", area="E06999901")["period"].tolist()
    (third,) = importers.take([folder / FIGURES], reference)
    assert not third.taken


def test_lists_named_with_the_figures_come_before_those_of_the_folder(
    reference: Reference, folder: Path, tmp_path: Path
) -> None:
    shutil.copy(FILES / INDICATORS, folder)
    other = tmp_path / "renamed.csv"
    other.write_text((FILES / INDICATORS).read_text().replace("Invented admissions", "Another name"))
    reports = importers.take([folder / FIGURES, other], reference)
    assert reference.indicator("ft-90011").name == "Another name"
    assert "read from renamed.csv" in problems(reports[0])
    assert "descriptions of 4 indicators" in reports[1].said[0]


def test_the_list_in_json_says_the_same(reference: Reference, folder: Path) -> None:
    header, *rows = [
        [
            "indicatorID",
            "polarity",
            "valueType",
            "indicatorName",
            "periodType",
            "frequency",
            "unitLabel",
            "unitValue",
        ],
        [
            90011,
            "Low is good",
            "Crude rate",
            "Invented admissions",
            "Financial",
            "annually",
            "per 1,000",
            "1000",
        ],
    ]
    entries = [
        dict(zip(header, row, strict=True)) | {"associatedAreaCodes": ["E92000001"], "notes": None}
        for row in rows
    ]
    (folder / "metadata.json").write_text(json.dumps(entries))
    importers.take([folder / FIGURES], reference)
    assert (reference.indicator("ft-90011").name, reference.indicator("ft-90011").per) == (
        "Invented admissions",
        1000,
    )


def test_a_list_beside_it_that_is_broken_is_as_good_as_none(reference: Reference, folder: Path) -> None:
    (folder / "broken.json").write_bytes(b'[{"indicatorID": 1, "indicatorName": ')
    (folder / "other.csv").write_bytes(
        b"IndicatorID,IndicatorName,Polarity,ValueType,PeriodType,Frequency\n\xff\xfe\n"
    )
    (folder / "folder.csv").mkdir()
    (report,) = importers.take([folder / FIGURES], reference)
    assert "neither came with the file nor lies beside it" in problems(report)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",2019,24,", ",soon,24,", "row 4, column Year: 'soon' is no year"),
        ("90011,", "9x,", "row 2, column IndicatorId: '9x' is no indicator number"),
        (",27,270,", ",abc,270,", "row 4, column Value: 'abc' is no number"),
        (",27,270,", ",27,-270,", "row 4, column Count: -270 is below zero"),
        ("E06999901,4,1,2019", ",4,1,2019", "row 4, column AreaCode: The cell is blank"),
    ],
)
def test_a_faulty_cell_refuses_the_file_with_row_and_column(
    old: str, new: str, words: str, reference: Reference, folder: Path
) -> None:
    path = folder / FIGURES
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(FaultyFile) as refused:
        importers.take([path], reference)
    assert words in "\n".join(str(f) for f in refused.value.faults)
    assert not reference.imports()


def test_a_json_list_of_anything_else_is_refused(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for content in (b'[{"a": 1}]', b'[{"indicatorID": 1}]', b"[[[[", b'["indicatorID"]'):
        path.write_bytes(content)
        with pytest.raises(BadInput, match="JSON|table"):
            importers.check(path, Reference.open(home))


# --- the real file --------------------------------------------------------------


@pytest.mark.real
def test_the_real_download_is_taken_whole_with_its_duplicates_said(real: Path, home: Path) -> None:
    reference = Reference.open(home)
    path = real / "fingertips" / "ftnext_healthdata_6ea09e8f.csv"
    (report,) = importers.take([path], reference)
    said = problems(report)
    assert "repeats an earlier one word for word (2,492 more rows alike)" in said
    assert "30 general practices" in said
    assert sum(s["points"] for s in report.series) == 40_283
    falls = reference.series("ft-22401", area="E92000001", sex="Female").set_index("period")
    assert falls.loc["2018/19", "value"] == 2503.41872
    # The other download of the same publisher calls the year that begins in 2020 "2020/21".
    importers.take([real / "fingertips" / "Area_profiles_C.csv"], reference)
    delivery = reference.series("ft-93085", area="E92000001").set_index("period")
    assert delivery.loc["2020/21", "value"] == 9.6
