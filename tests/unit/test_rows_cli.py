"""``workbook rows``: what is written, what is said, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbook import cli
from workbook.paths import shipped
from workbook.plan import store

SURVEYS = Path(__file__).resolve().parent.parent / "fixtures" / "rows"


@pytest.fixture
def path(tmp_path: Path, home: Path) -> Path:
    file = tmp_path / "demo.plan.json"
    file.write_bytes((shipped("data") / "demo" / "demo.plan.json").read_bytes())
    return file


@pytest.mark.parametrize("out", ["lists.xlsx", "lists"])
def test_what_goes_out_comes_back_and_changes_nothing(path: Path, tmp_path: Path, out: str) -> None:
    before = path.read_bytes()
    assert cli.main(["rows", "export", str(path), "--out", str(tmp_path / out)]) == 0
    assert cli.main(["rows", "import", str(path), str(tmp_path / out)]) == 0
    assert path.read_bytes() == before


def test_rows_are_saved_as_the_next_revision_and_the_one_before_is_kept(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    revision, count = store.read(path).revision, len(store.read(path).budget.risks)
    file = tmp_path / "risks.csv"
    file.write_text("Risk,Owner\nNobody comes,Director\n", encoding="utf-8")
    assert cli.main(["rows", "import", str(path), str(file), "--update", "--dry-run"]) == 0
    assert store.read(path).revision == revision
    assert cli.main(["rows", "import", str(path), str(file), "--update", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["saved"], told["revision"]) == (True, revision + 1)
    assert [(c["table"], c["new"]) for c in told["changes"]] == [("risks", 1)]
    assert len(store.read(path).budget.risks) == count + 1
    assert len(store.read(store.revisions(path)[-1]).budget.risks) == count


def test_faults_are_all_said_and_the_plan_is_left_alone(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    before = path.read_bytes()
    file = tmp_path / "lines.csv"
    file.write_text("Budget line,Spend in the base year (£000s)\nA,-1\nB,lots\n", encoding="utf-8")
    assert cli.main(["rows", "import", str(path), str(file)]) == 4
    said = capsys.readouterr().err
    assert "Nothing was changed: 2 faults." in said
    assert "lines.csv, row 2, column Spend in the base year (£000s): “-1” is too low." in said
    assert "lines.csv, row 3" in said
    assert cli.main(["rows", "import", str(path), str(file), "--json"]) == 4
    assert len(json.loads(capsys.readouterr().out)["faults"]) == 2
    assert path.read_bytes() == before


def test_a_survey_is_read_as_responses(path: Path) -> None:
    assert (
        cli.main(["rows", "import", str(path), str(SURVEYS / "google-forms.csv"), "--as", "responses"]) == 0
    )
    found = store.read(path).budget.scope.responses
    assert [r.respondent for r in found] == ["Director of finance", "Director of public health"]
    assert found[0].scores["ODR-12.r1"] == {"ODR-12.c6": 4, "ODR-12.c7": 2}
    assert "example.org" not in path.read_text(encoding="utf-8")


def test_an_answer_to_no_question_is_refused(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    file = tmp_path / "budget-answers.csv"
    file.write_text("Id,Answer\nCST-99.1,Yes\n", encoding="utf-8")
    assert cli.main(["rows", "import", str(path), str(file), "--update"]) == 4
    assert "There is no CST-99.1 to answer here." in capsys.readouterr().err


def test_a_template_is_written_once(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture) -> None:
    out = tmp_path / "t.xlsx"
    assert cli.main(["rows", "template", "--out", str(out), "--only", "schemes", "risks"]) == 0
    assert cli.main(["rows", "template", "--out", str(out)]) == 4
    assert "is there already" in capsys.readouterr().err
    assert cli.main(["rows", "template", "--out", str(tmp_path / "u.xlsx"), "--only", "skemes"]) == 2
    assert cli.main(["rows", "template", "--out", str(tmp_path / "u.ods")]) == 4
    assert cli.main(["rows", "export", str(tmp_path / "none.plan.json"), "--out", str(tmp_path / "u")]) == 4


def test_wrong_words_are_wrong_usage(path: Path, home: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["rows", "import", str(path)])
    assert stopped.value.code == 2


def test_what_is_right_by_row_and_does_not_add_up_is_told(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    plan = store.read(path)
    file = tmp_path / "fund-contributions.csv"
    paid = [f"{c.partner},{c.pot},{c.amount * 2}" for c in plan.budget.fund.contributions]
    file.write_text("\n".join(["Partner,Pot,Contribution (£000s)", *paid]), encoding="utf-8")
    assert cli.main(["rows", "import", str(path), str(file), "--dry-run", "--json"]) == 0
    told = capsys.readouterr()
    assert "The checks of the plan say: " in told.err
    assert any("contributions" in doubt.lower() for doubt in json.loads(told.out)["doubts"])
    assert store.read(path) == plan


def test_of_thousands_of_faults_two_hundred_are_printed_and_all_are_in_the_json(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    file = tmp_path / "risks.csv"
    file.write_text("Risk,Chance that it costs money in a year\n" + "A,often\n" * 1000, encoding="utf-8")
    assert cli.main(["rows", "import", str(path), str(file), "--json"]) == 4
    told = capsys.readouterr()
    assert len(told.err.splitlines()) < 210
    assert "and 800 more; --json lists them all" in told.err
    assert len(json.loads(told.out)["faults"]) == 1000
