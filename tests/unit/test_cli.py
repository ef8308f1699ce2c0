"""The command line as a program sees it: exit codes, what goes to stdout, what goes to stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.cli import main
from workbook.errors import BAD_INPUT, BLOCKED, DONE, USAGE
from workbook.paths import shipped
from workbook.plan import store

DEMO = shipped("data") / "demo" / "demo.plan.json"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    try:
        code = main([str(w) for w in words])
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("frobnicate",),
        ("new",),
        ("areas", "--on", "soon"),
        ("batch", "--out", "x"),
        ("batch", "--kind", "icb", "--out", "x", "--timeout", "0"),
        ("batch", "--kind", "icb", "--out", "x", "--workers", "-1"),
        ("batch", "--kind", "icb", "--out", "x", "--workers", "0"),
        ("new", "SYN01", "--out", "x.plan.json", "--base-year", "0"),
        ("new", "SYN01", "--out", "x.plan.json", "--base-year", "1989"),
        ("new", "SYN01", "--out", "x.plan.json", "--horizon", "16"),
        ("new", "SYN01", "--out", "x.plan.json", "--horizon", "-1"),
        ("open", "--port", "65536"),
    ],
)
def test_wrong_usage_is_code_2_and_a_sentence(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *words)
    assert code == USAGE
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        ("check", "none.plan.json"),
        ("pack", "none.plan.json", "--out", "x"),
        ("new", "E99999999", "--out", "x.plan.json"),
        ("new", "SYN01", "--out", "x.plan.json", "--bind", "1=nothing"),
        ("data", "check", "none.csv"),
        ("data", "import", "none.csv"),
        ("verify", "."),
        ("batch", "--areas", "none.txt", "--out", "x"),
        ("batch", "--plans", "none-*.plan.json", "--out", "x"),
    ],
)
def test_bad_input_is_code_4_with_the_name_and_nothing_written(
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(capsys, *words)
    assert code == BAD_INPUT
    assert out == ""
    assert err.count(".") >= 2  # what is wrong, and what to do
    assert sorted(p for p in tmp_path.rglob("*") if p.name != "x") == before


def test_findings_go_to_stdout_and_their_count_to_stderr(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    code, out, err = run(capsys, "check", DEMO, "--json")
    found = json.loads(out)
    assert code == DONE
    assert len(found) >= 10
    assert {"code", "severity", "sentence", "remedy", "step", "path"} <= set(found[0])
    assert f"{len(found)} findings, none of them blocking" in err


def test_blocking_findings_are_code_3(capsys: pytest.CaptureFixture[str], tmp_path: Path, home: Path) -> None:
    path = tmp_path / "empty.plan.json"
    assert run(capsys, "new", "SYN01", "--out", path)[0] == DONE
    code, out, _ = run(capsys, "check", path)
    assert code == BLOCKED
    assert "names no priority" in out


@pytest.mark.parametrize(
    "words",
    [
        ("SYN01", "--bind", "1=demo-smoking", "3=demo-obesity"),
        ("SYN01", "--bind", "1=demo-smoking", "--bind", "ambition-3=demo-obesity"),
        ("--bind", "1=demo-smoking", "3=demo-obesity", "SYN01"),
    ],
)
def test_measures_are_bound_however_they_are_written(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path, home: Path
) -> None:
    path = tmp_path / "a.plan.json"
    code, _, err = run(capsys, "new", *words, "--out", path, "--base-year", 2022, "--horizon", 3)
    assert code == DONE, err
    plan = store.read(path)
    assert (plan.base_year, plan.horizon, plan.revision) == (2022, 3, 1)
    assert [a.measure for a in plan.ambitions.items][:3:2] == ["demo-smoking", "demo-obesity"]


def test_the_areas_of_2025_26_are_listed_unless_another_day_is_asked_for(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert len(json.loads(run(capsys, "areas", "--kind", "icb", "--json")[1])) == 42
    assert len(json.loads(run(capsys, "areas", "--kind", "icb", "--on", "2026-04-01", "--json")[1])) == 36
    assert "NHS Devon ICB" in run(capsys, "areas", "--find", "devon")[1]


def test_what_is_on_hand_is_listed(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    held = json.loads(run(capsys, "data", "list", "--json")[1])
    assert {i["id"] for i in held["indicators"]} >= {"demo-pyll", "demo-smoking"}
    assert held["imports"] == []


@pytest.mark.parametrize("words", [["data", "list", "--all"], ["data", "list", "--all", "--json"]])
def test_a_terminal_without_the_letters_shows_them_another_way(words: list[str], home: Path) -> None:
    """A redirect in another language's encoding must not end in a fault."""
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "WORKBOOK_HOME": str(home)}
    run = subprocess.run(
        [sys.executable, "-m", "workbook.cli", *words], env=environment, capture_output=True, check=False
    )
    assert (run.returncode, b"fault" in run.stderr) == (0, False)
    if "--json" in words:
        assert any("£" in i["unit"] for i in json.loads(run.stdout)["indicators"])
