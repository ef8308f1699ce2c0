"""Faulty files: each fault is met with row, column and remedy, all of them at once, and nothing is kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from workbook.errors import BadInput, Fault, FaultyFile
from workbook.reference import Reference, importers
from workbook.reference.importers import table
from workbook.untrusted import is_nhs_number

FILES = Path(__file__).resolve().parent.parent / "fixtures" / "imports"
HEADER = "indicator,indicator_name,area,period,value,lower,upper,count,denominator,unit,polarity"
FIRST = "local-a,A,E06999901,2020,10,9,11,5,50,%,low"


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home, data=FILES / "data")


@pytest.fixture
def faults_of(reference: Reference, tmp_path: Path):
    """The faults of a local file with these rows under the header."""

    def check(*rows: str, header: str = HEADER) -> list[Fault]:
        path = tmp_path / "figures.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        report = importers.check(path, reference)
        if report.refused:
            with pytest.raises(FaultyFile) as caught:
                importers.take([path], reference)
            assert caught.value.faults == report.faults
        assert reference.imports() == []
        return report.faults

    return check


def where(faults: list[Fault], severity: str = "refuses") -> list[tuple[int | None, str | None]]:
    return [(f.row, f.column) for f in faults if f.severity == severity]


def test_a_sound_file_has_no_faults(faults_of) -> None:
    assert faults_of(FIRST) == []


@pytest.mark.parametrize(
    ("row", "column", "problem", "remedy"),
    [
        ("local-a,,E06999901,2021,high,,,,,,", "value", "'high' is no number", "digits only"),
        ("local-a,,E06999901,2021,12%,,,,,,", "value", "'12%' is no number", "no sign"),
        ('local-a,,E06999901,2021,"1,23",,,,,,', "value", "'1,23' is no number", "digits only"),
        ("local-a,,E06999901,2021,inf,,,,,,", "value", "'inf' is no number", "digits only"),
        ("local-a,,E06999901,2021,1e999,,,,,,", "value", "'1e999' is too large", "Correct"),
        ("local-a,,E06999901,2021,٣٤,,,,,,", "value", "'٣٤' is no number", "digits only"),
        (f"local-a,,E06999901,2021,{'x' * 90_000},,,,,,", "value", f"'{'x' * 60}...' is no number", "digits"),
        (
            "local-a,,E06999901,2021,12,9,11,,,,",
            "value",
            "12 lies outside its own interval, 9 to 11",
            "Correct",
        ),
        ("local-a,,E06999901,2021,10,11,9,,,,", "lower", "runs from 11 to 9", "smaller limit first"),
        (
            "local-a,,E06999901,2021,10,,,5,0,,",
            "denominator",
            "denominator is zero, yet the value is 10",
            "leave both",
        ),
        ("local-a,,E06999901,2021,10,,,-5,50,,", "count", "-5 is below zero", "starts at zero"),
        (
            "local-a,,E06999902,2021,10,,,,,,",
            "area",
            "no area 'E06999902'",
            r"Did you mean E06999901 \(Northmoor\)",
        ),
        ("local-a,,E06999901,soon,10,,,,,,", "period", "'soon' is no period", "2024/25"),
        ("local-a,,E06999901,2020/22,10,,,,,,", "period", "'2020/22' is no period", "2024/25"),
        ("local-a,,,2021,10,,,,,,", "area", "cell is blank", "Fill it in"),
        (
            "local-a,,E06999901,2020,12,,,,,,",
            "value",
            "stands in row 2 with another figure",
            "delete the other",
        ),
        ("local-a,,E06999901,2021,10", None, "5 cells where the header has 11", "quotation marks"),
        ("local-b,,E06999901,2021,10,,,,,%,low", "indicator_name", "new and has no indicator_name", "a name"),
        ("local-b,B,E06999901,2021,10,,,,,,low", "unit", "new and has no unit", "a unit"),
        (
            "local-b,B,E06999901,2021,10,,,,,%,up",
            "polarity",
            "'up' does not say which is better",
            "low .*high",
        ),
        ("Local b!,B,E06999901,2021,10,,,,,%,low", "indicator", "'local b!' is no id", "small letters"),
        ("demo-falls,,E06999901,2021,10,,,,,,", "indicator", "synthetic demonstration", "id of its own"),
        ("treatable-mortality,,E06999901,2021,10,,,,,%,", "unit", "is kept in 'per 100,000'", "Convert"),
    ],
)
def test_a_fault_refuses_with_row_column_and_remedy(faults_of, row, column, problem, remedy) -> None:
    import re

    (fault,) = faults_of(FIRST, row)
    assert (fault.row, fault.column, fault.severity) == (3, column, "refuses")
    assert problem in fault.problem
    assert re.search(remedy, fault.remedy)


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ('local-a,,E06999901,2021,"1,234.5",,,,,,', "value", "'1,234.5' has thousands commas"),
        ("local-a,,E06999901,2021,*,,,,,,", "value", "suppressed figure"),
        ("local-a,,E06999901,2021,,,,,,,", "value", "no value in this row"),
        ("local-a,,E06999901,2021,,,,0,0,,", "denominator", "denominator is zero and there is no value"),
        ("local-a,,E06999901,2020,10,9,11,5,50,,", "value", "says the same as an earlier one"),
        ("local-a,,E06999901,2021,10,9,,,,,", "lower", "Only one of the two limits"),
    ],
)
def test_an_oddity_is_said_and_the_file_can_be_taken(faults_of, row, column, problem) -> None:
    faults = faults_of(FIRST, row)
    assert {f.severity for f in faults} == {"warns"}
    assert any(f.row == 3 and f.column == column and problem in f.problem for f in faults)


def test_all_faults_come_at_once_in_the_order_of_rows(faults_of) -> None:
    faults = faults_of(
        "local-a,A,E06999901,2020,ten,9,11,5,50,%,low",
        "local-a,,E99999999,2021,10,,,,,,",
        "local-a,,E06999901,2022,10,11,12,,,,",
        "local-a,,E06999901,2023,10,,,,0,,",
    )
    assert where(faults) == [(2, "value"), (3, "area"), (4, "value"), (5, "denominator")]


def test_the_same_area_under_two_codes_is_the_same_row_twice(faults_of) -> None:
    (fault,) = faults_of(
        "local-a,A,QZB,2020,10,,,,,%,low",
        "local-a,,E54999902,2020,11,,,,,,",
    )
    assert (fault.row, "row 2" in fault.problem) == (3, True)


def test_a_misspelt_column_of_the_template_is_refused(faults_of) -> None:
    (fault,) = faults_of(
        "local-a,A,E06999901,2020,10,9", header="indicator,indicator_name,area,period,value,lowr"
    )[:1]
    assert (fault.row, fault.column) == (1, "lowr")
    assert "lower" in fault.remedy


@pytest.mark.parametrize(
    "column", ["NHS number", "nhs_no", "Date of Birth", "DOB", "Postcode", "home_postcode", "surname"]
)
def test_columns_about_people_are_refused(faults_of, column: str) -> None:
    (fault,) = faults_of(
        "local-a,A,E06999901,2020,10,x", header=f"indicator,indicator_name,area,period,value,{column}"
    )[:1]
    assert (fault.row, fault.column) == (1, column)
    assert "about people" in fault.problem


def test_cells_about_people_are_refused_whatever_the_column_is_called(
    reference: Reference, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("reference,place\n9434765919,ZZ99 3AA\n9434765870,ZZ99 3AB\n")
    with pytest.raises(FaultyFile) as caught:
        importers.check(path, reference)
    assert [f.column for f in caught.value.faults] == ["reference", "place"]


def test_a_check_digit_tells_an_nhs_number() -> None:
    assert is_nhs_number("9434765919")  # the example number of the NHS Data Dictionary
    assert not is_nhs_number("9434765918")


def test_where_a_practice_stands_is_no_persons_postcode(reference: Reference) -> None:
    assert not importers.check(FILES / "icb-need.csv", reference).refused


# --- what is no table -----------------------------------------------------------


def _zip(member: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "problem", "remedy"),
    [
        (b"%PDF-1.7 ...", "is a PDF document", "CSV or XLSX"),
        (b"\x89PNG\r\n\x1a\n", "is a picture", "CSV or XLSX"),
        (_zip("figures.csv"), "is a compressed archive", "Unpack"),
        (_zip("word/document.xml"), "is a Word document", "CSV"),
        (_zip("xl/workbook.xml"), "cannot be read as a workbook", "save it as"),
        (b"PK\x03\x04 broken", "damaged archive", "again"),
        (b"\xd0\xcf\x11\xe0....", "old Excel file", "CSV UTF-8"),
        (b"\xff\xfea\x00,\x00", "UTF-16", "CSV UTF-8"),
        (b"a,b\n1,\x00\n", "binary file", "CSV UTF-8"),
        (b"", "is empty", "again"),
        (b"\xef\xbb\xbf", "is empty", "again"),
        (b" \n\n", "is empty", "again"),
        (b"<!DOCTYPE html><html>", "is a web page", "CSV file itself"),
        (b'{"a": 1}', "is JSON", "CSV"),
        (b"a,b\nNorth,caf\xe9\n", "row 2 holds a character in another encoding", "CSV UTF-8"),
        (b"just a letter\nto somebody\n", "no column names", "row 1"),
        (b"a,b\n", "column names but no rows", "at least one row"),
        (b'a,b\n1,"open\n', "cannot be read as a table", "quotation mark"),
        (b"colour,size\nred,1\n", "in no format the workbook knows", "workbook data template local-figures"),
        (b"area_code,year,sex,people\nE1,2020,Male,1\n", "comes nearest to icb-projection", "restore"),
    ],
)
def test_what_is_no_table_is_said_in_a_sentence(
    content: bytes, problem: str, remedy: str, reference: Reference, tmp_path: Path
) -> None:
    path = tmp_path / "thing.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        importers.take([path], reference)
    assert "thing.csv" in caught.value.problem
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == 4


def _book(path: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    """A workbook of these sheets, each a list of rows below the header."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in (HEADER.split(","), *rows):
            sheet.append(row)
    book.save(path)
    return path


def _first_sheet(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with the text of its first sheet changed by hand."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


ROWS = [[*FIRST.split(",")[:3], str(year), 10] + [None] * 4 + ["%", "low"] for year in (2020, 2021)]


@pytest.mark.parametrize("stated", [b"", b'<dimension ref="A1"/>', b'<dimension ref="A1:XFD1048576"/>'])
def test_every_row_is_read_whatever_size_a_sheet_states(
    stated: bytes, reference: Reference, tmp_path: Path
) -> None:
    """Some programs leave the size out or state a wrong one; rows beyond it must not be lost."""
    path = _book(tmp_path / "figures.xlsx", [*ROWS, ["local-a", None, "E06999901", "2022", 4]])
    _first_sheet(path, lambda text: re.sub(rb"<dimension[^>]*/>", stated, text))
    report = importers.check(path, reference)
    assert not report.refused
    assert report.rows == 3


def test_figures_on_two_sheets_are_refused_and_not_half_read(reference: Reference, tmp_path: Path) -> None:
    path = _book(tmp_path / "figures.xlsx", ROWS[:1], ROWS[1:])
    (fault,) = importers.check(path, reference).faults
    assert fault.severity == "refuses"
    assert "read from the sheet 'Sheet' only; Sheet1 has the same columns" in fault.problem


def test_a_formula_that_nobody_worked_out_is_no_blank(reference: Reference, tmp_path: Path) -> None:
    path = _book(tmp_path / "figures.xlsx", [ROWS[0], [*ROWS[1][:4], "=E2*2", *ROWS[1][5:]]])
    with pytest.raises(BadInput, match="a formula without its result in cell E3.*save it"):
        importers.check(path, reference)
    _first_sheet(path, lambda text: re.sub(rb"</f>(<v></v>|<v ?/>)", b"</f><v>20</v>", text))
    assert not importers.check(path, reference).refused
    _first_sheet(path, lambda text: text.replace(b"<v>20</v>", b"<v></v>").replace(b'"E3"', b'"E3" t="str"'))
    assert not importers.check(path, reference).refused


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_LARGEST_UNPACKED", 1_000_000)
    path = _book(tmp_path / "figures.xlsx", ROWS)
    _first_sheet(path, lambda text: text.replace(b"<sheetData>", b"<sheetData>" + b" " * 1_000_000))
    with pytest.raises(BadInput, match="unpacks to more than 1 MB"):
        importers.check(path, reference)


def test_lines_may_end_as_old_spreadsheets_end_them(reference: Reference, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(f"{HEADER}\r{FIRST}\r", newline="")
    assert importers.check(path, reference).faults == []


def test_one_column_spelt_two_ways_is_refused(faults_of) -> None:
    faults = faults_of(f"{FIRST},11", header=f"{HEADER},Value")
    assert where(faults) == [(1, "Value")]
    assert "the same as value" in faults[0].problem


def test_a_unit_that_breaks_off_is_no_fault_of_the_program(faults_of) -> None:
    assert faults_of(FIRST.replace("%", '"per ,"')) == []


def test_a_missing_file_and_a_folder_are_said(reference: Reference, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        importers.check(tmp_path / "nowhere.csv", reference)
    with pytest.raises(BadInput, match="is a folder"):
        importers.check(tmp_path, reference)


def test_a_format_that_was_named_must_fit(reference: Reference) -> None:
    with pytest.raises(BadInput, match="is not in the format ons.*it lacks"):
        importers.check(FILES / "local.csv", reference, as_format="ons")
    with pytest.raises(BadInput, match="no format 'excel'.*The formats are fingertips"):
        importers.check(FILES / "local.csv", reference, as_format="excel")
    assert importers.check(FILES / "local.csv", reference, as_format="local").format == "local"


def test_a_column_a_publisher_added_is_said_and_not_read(reference: Reference, tmp_path: Path) -> None:
    lines = (FILES / "ccg-allocations.csv").read_text().splitlines()
    path = tmp_path / "a.csv"
    path.write_text("\n".join([lines[0] + ",growth", *(line + ",1" for line in lines[1:])]))
    report = importers.check(path, reference)
    assert ((1, "growth") in where(report.faults, "warns"), report.refused) == (True, False)


def test_one_area_with_two_codes_is_refused(reference: Reference, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text((FILES / "ccg-mortality.csv").read_text().replace("E38999901,99A", "E38999907,99A"))
    assert where(importers.check(path, reference).faults) == [(3, "ccg19cd")]


def test_a_download_without_any_area_is_refused(reference: Reference, tmp_path: Path) -> None:
    lines = (FILES / "fingertips.csv").read_text(encoding="utf-8-sig").splitlines()
    path = tmp_path / "clusters.csv"
    path.write_text("\n".join([lines[0], *(line for line in lines if "PHE centre" in line)]))
    report = importers.check(path, reference)
    assert report.refused
    assert any("local authorities, boards" in f.remedy for f in report.faults)


def test_rates_that_do_not_add_up_are_said(reference: Reference, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text((FILES / "ccg-mortality.csv").read_text().replace("290.0,95.0", "295.0,95.0"))
    report = importers.check(path, reference)
    assert (3, "avoidable_mortality_rate") in where(report.faults, "warns")
    assert not report.refused
