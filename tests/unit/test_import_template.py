"""The template for local figures: it is written, documented, and read back."""

from __future__ import annotations

import errno
from pathlib import Path

import openpyxl
import pytest

from workbook.errors import BadInput, UsageError
from workbook.reference import Reference, importers, template

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = ROOT / "tests" / "fixtures" / "imports"


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home, data=FILES / "data")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_templates_example_row_cannot_pass_for_a_figure(
    ending: str, reference: Reference, tmp_path: Path
) -> None:
    path = template.write("local-figures", tmp_path / f"mine{ending}")
    report = importers.check(path, reference)
    assert [(f.row, f.problem) for f in report.faults] == [(2, "This is the example row of the template.")]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_full_disk_leaves_no_empty_file_in_the_way(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, _: bytes) -> int:
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / f"mine{ending}"
    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_bytes", full)
        with pytest.raises(BadInput, match="cannot be written: No space left"):
            template.write("local-figures", path)
    assert template.write("local-figures", path).stat().st_size


def test_a_filled_in_csv_template_is_taken(reference: Reference, tmp_path: Path) -> None:
    path = template.write("local-figures", tmp_path / "mine.csv")
    filled = path.read_text(encoding="utf-8-sig").replace("E38000163,South Tyneside", "E06999901,Northmoor")
    path.write_text(filled, encoding="utf-8")
    (report,) = importers.take([path], reference)
    assert (report.format, report.rows, report.faults) == ("local", 1, [])
    row = reference.series("local-falls-clinic").iloc[0]
    assert (row["period"], row["age"], row["value"]) == ("2024/25", "65+ yrs", 412.5)
    assert row["note"] == "Clinic closed in May"


def test_figures_typed_as_numbers_in_a_spreadsheet_are_read(reference: Reference, tmp_path: Path) -> None:
    path = template.write("local-figures", tmp_path / "mine.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["figures"]
    columns = list(template.COLUMNS)
    for name, value in {"area": "E06999901", "period": 2024, "value": 400, "upper": 457.5}.items():
        sheet.cell(2, columns.index(name) + 1, value)
    book.save(path)
    importers.take([path], reference)
    row = reference.series("local-falls-clinic").iloc[0]
    assert (row["period"], row["year"], row["value"], row["upper"]) == ("2024", 2024, 400, 457.5)


def test_the_notes_sheet_documents_every_column(tmp_path: Path) -> None:
    path = template.write("local-figures", tmp_path / "mine.xlsx")
    notes = openpyxl.load_workbook(path)["notes"]
    documented = {row[0]: row[1] for row in notes.iter_rows(min_row=2, values_only=True)}
    assert set(template.COLUMNS) <= set(documented)
    needed = {name for name, word in documented.items() if word == "always"}
    assert needed == {"indicator", "area", "period", "value"}


def test_the_documentation_describes_every_column_and_every_format() -> None:
    words = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    missing = [n for n in (*template.COLUMNS, *importers.FORMATS) if f"`{n}`" not in words]
    assert missing == []


def test_a_template_never_overwrites_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("my figures")
    with pytest.raises(BadInput, match="is there already"):
        template.write("local-figures", path)
    assert path.read_text() == "my figures"


def test_another_ending_or_name_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither in .csv nor in .xlsx"):
        template.write("local-figures", tmp_path / "mine.pdf")
    with pytest.raises(UsageError, match="no template 'budget'"):
        template.write("budget", tmp_path / "mine.csv")
