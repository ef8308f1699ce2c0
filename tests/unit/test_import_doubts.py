"""Figures in the wrong unit by 100 or 1,000: suspected and asked about, never mended."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from workbook.reference import Reference, importers

FILES = Path(__file__).resolve().parent.parent / "fixtures" / "imports"
HEAD = "indicator,indicator_name,area,period,value,unit,polarity"


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home, data=FILES / "data")


def local(path: Path, values: dict[int, float], unit: str = "%") -> Path:
    rows = [f"local-a,A,E06999901,{year},{value},{unit},low" for year, value in values.items()]
    path.write_text("\n".join((HEAD, *rows)) + "\n")
    return path


def asked(report: importers.Report) -> list[tuple[int | None, str]]:
    return [(f.row, f.problem) for f in report.faults if "Is the unit right" in f.remedy]


PLAIN = {2015: 44.1, 2016: 45.0, 2017: 43.2, 2018: 46.4, 2019: 45.5, 2020: 44.8}


def test_a_share_among_percentages_is_asked_about_and_kept_as_it_is(
    reference: Reference, tmp_path: Path
) -> None:
    (report,) = importers.take([local(tmp_path / "a.csv", PLAIN | {2021: 0.45})], reference)
    ((row, problem),) = asked(report)
    assert row == 8
    assert problem == "0.45 for A in E06999901 looks 100 times smaller than the other figures."
    assert report.taken
    assert reference.series("local-a")["value"].tolist()[-1] == 0.45


def test_a_whole_file_is_held_against_what_is_here(reference: Reference, tmp_path: Path) -> None:
    importers.take([local(tmp_path / "a.csv", PLAIN)], reference)
    shares = {year: round(value / 100, 4) for year, value in PLAIN.items()}
    report = importers.check(local(tmp_path / "b.csv", shares), reference)
    ((_, problem),) = asked(report)
    assert "look 100 times smaller than those that are here: their middle is 0.449" in problem
    assert asked(importers.check(local(tmp_path / "c.csv", PLAIN | {2021: 47.0}), reference)) == []


def test_a_thousand_times_too_large_is_asked_about(reference: Reference, tmp_path: Path) -> None:
    report = importers.check(local(tmp_path / "a.csv", PLAIN | {2021: 45_200}), reference)
    assert [p for _, p in asked(report)] == ["45,200 for A in E06999901 looks 1,000 times the other figures."]


def test_a_merely_unusual_figure_and_totals_are_left_alone(reference: Reference, tmp_path: Path) -> None:
    assert asked(importers.check(local(tmp_path / "a.csv", PLAIN | {2021: 90.0}), reference)) == []
    people = {2015: 1000, 2016: 1010, 2017: 1005, 2018: 990, 2019: 1002, 2020: 1001, 2021: 100_000}
    assert asked(importers.check(local(tmp_path / "b.csv", people, "people"), reference)) == []


def test_cells_formatted_as_per_cent_are_asked_about(reference: Reference, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD.split(","))
    for year in (2020, 2021):
        sheet.append(["local-a", "A", "E06999901", year, 0.45, "%", "low"])
        sheet.cell(sheet.max_row, 5).number_format = "0.0%"
    book.save(tmp_path / "a.xlsx")
    (report,) = importers.take([tmp_path / "a.xlsx"], reference)
    (fault,) = report.faults
    assert (fault.row, fault.column, fault.severity) == (2, "value", "warns")
    assert (
        fault.problem == "The cell is formatted as per cent: it shows 45% and holds 0.45 (1 more cell alike)."
    )
    assert reference.series("local-a")["value"].tolist() == [0.45, 0.45]


def test_a_share_that_is_more_than_all_is_asked_about_also_where_nothing_is_here(
    reference: Reference, tmp_path: Path
) -> None:
    text = (FILES / "fingertips-figures.csv").read_text()
    path = tmp_path / "a.csv"
    path.write_text(
        text.replace(",20.0558045901172,", ",2005.58045901172,").replace(",20.0558,", ",2005.58,")
    )
    (tmp_path / "list.csv").write_text((FILES / "fingertips-indicators.csv").read_text())
    (report,) = importers.take([path], reference)
    assert [p for _, p in asked(report)] == [
        "2,005.5805% is more than all, and Invented mortality answered is a share."
    ]
    assert report.taken
