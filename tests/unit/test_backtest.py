"""The back-test of imported figures: the verb, its words, and the sentence beside a projection."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbook.cli import main
from workbook.errors import BAD_INPUT, DONE
from workbook.reference import Reference, backtest, importers

ROOT = Path(__file__).resolve().parents[2]
HEAD = "indicator,indicator_name,area,period,value,unit,polarity"
BOARDS = [area.code for area in Reference.open().areas(kind="icb", on="2025-10-01")]


def figures(path: Path, areas: int = 24, years: range = range(2004, 2019), name: str = "local-falls") -> Path:
    """A file of people's own figures: each board falls by 2 % a year and by chance."""
    rng = np.random.default_rng(4)
    rows = [
        f"{name},Falls,{code},{year},{(80 + n) * 0.98 ** (year - 2004) * rng.normal(1, 0.05):.2f},per 1 000,low"
        for n, code in enumerate(BOARDS[:areas])
        for year in years
    ]
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(w) for w in words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def imported(home: Path, tmp_path: Path) -> Reference:
    reference = Reference.open(home)
    importers.take([figures(tmp_path / "own.csv")], reference)
    return reference


def test_the_table_and_a_sentence_go_to_stdout(
    imported: Reference, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "data", "backtest")
    assert (code, err) == (DONE, "")
    row = next(line for line in out.splitlines() if line.startswith("local-falls"))
    assert row.split()[1:3] == ["24", "5"]  # base years 2009 to 2013
    assert "held by 80% band" in out.splitlines()[0]
    assert re.search(r"5 years ahead, the do-nothing line missed by \d+\.\d% on average over 1 series", out)


def test_json_holds_records_and_the_sentence(imported: Reference, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "data", "backtest", "--json", "--horizon", "3")
    record = json.loads(out)
    (row,) = record["series"]
    assert code == DONE
    assert (row["horizon"], row["areas"], row["origins"], row["first_base"]) == (3, 24, 7, 2009)
    assert 0 < row["mae_do_nothing"] < row["mae_hold"] < 0.2
    assert 0.6 < row["coverage"] <= 1
    assert record["sentence"].startswith("3 years ahead")


def test_nothing_imported_is_a_sentence_and_no_fault(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "data", "backtest")
    assert (code, out) == (DONE, "")
    assert "Nothing to test" in err
    assert "workbook data import" in err
    assert json.loads(run(capsys, "data", "backtest", "--json")[1])["series"] == []


def test_too_few_areas_or_years_are_nothing_to_test(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = Reference.open(home)
    importers.take([figures(tmp_path / "few.csv", areas=19)], reference)
    importers.take([figures(tmp_path / "short.csv", years=range(2010, 2019), name="local-slips")], reference)
    assert "at least 20 areas of one kind over at least 10 years" in run(capsys, "data", "backtest")[2]


def test_an_unknown_measure_is_named_with_what_is_near(
    imported: Reference, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "data", "backtest", "--series", "treatable-mortalty")
    assert (code, out) == (BAD_INPUT, "")
    assert "treatable-mortality" in err


def test_gaps_and_areas_of_another_nation_do_not_stop_it(home: Path) -> None:
    codes = [*(f"E080000{n:02d}" for n in range(22)), *(f"W060000{n:02d}" for n in range(5)), "N09000001"]
    assert backtest._one_nation(codes) == codes[:22]
    assert backtest._one_nation([]) == []
    assert list(backtest.panels(Reference.open(home))) == []


# --- words --------------------------------------------------------------------


def test_the_sentence_of_a_measure_that_was_tried() -> None:
    reference = Reference.open()
    said = backtest.sentence(reference, "treatable-mortality", 191)
    assert said == (
        "In a back-test on 191 CCGs from 5 base years (2010 to 2014), 5 years ahead, this line missed by 7.8% on "
        "average (holding the last value: 10.2%), and its 80% band held 83% of the figures that came."
    )
    assert backtest.sentence(reference, reference.indicator("treatable-mortality"), 191) == said


def test_the_sentence_of_another_measure_gives_the_range_and_few_areas_are_said() -> None:
    said = backtest.sentence(Reference.open(), "demo-anything", 1)
    assert said.startswith("This measure itself was not back-tested. On 9 published series")
    assert "4.1% to 11.6%" in said
    assert "30% to 88% by series" in said
    assert said.endswith("Here only 1 area could be pooled, so expect it to miss by more.")


def test_a_band_that_failed_says_why_beside_the_line() -> None:
    said = backtest.sentence(Reference.open(), "ft-91547", 312)
    assert said.endswith(
        "its 80% band held 30% of the figures that came: the common trend went another way than its half for most "
        "areas at once."
    )


def test_a_line_that_looks_further_than_the_trials_did_says_so() -> None:
    reference = Reference.open()
    said = backtest.sentence(reference, "treatable-mortality", 191, 8)
    assert said.endswith("Here it looks 8 years ahead, which was not tried, so expect it to miss by more.")
    assert "not tried" not in backtest.sentence(reference, "treatable-mortality", 191, 5)


def test_no_table_no_sentence(tmp_path: Path) -> None:
    assert backtest.sentence(Reference.open(tmp_path, tmp_path), "treatable-mortality", 191) == ""


def test_the_verdict_says_when_the_line_lost_and_where_the_band_failed() -> None:
    table = Reference.open().backtests()
    smoking = table[table["series"] == "ft-91547"]
    said = backtest.verdict(smoking)
    assert "no less than the best of the simple lines (log-linear trend of 7 points, 3.7%)" in said
    assert "it was too narrow" in said
    assert "the band held 30% (one base year" in said
    assert "about what it says" in backtest.verdict(table)


def test_the_page_shows_the_shipped_table() -> None:
    spec = importlib.util.spec_from_file_location("build_backtest", ROOT / "data" / "build" / "backtest.py")
    assert spec
    assert spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    table = pd.read_csv(ROOT / "data" / "backtest.csv")
    page = (ROOT / "docs" / "backtest.md").read_text(encoding="utf-8")
    assert "\n".join(build.main_table(table)) in page, "run data/build/backtest.py ../shared/data"
