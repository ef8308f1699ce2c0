"""The audit of dependencies finds what is open, and says when it could not ask."""

from __future__ import annotations

import subprocess
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tools import audit

ROOT = Path(__file__).resolve().parent.parent.parent
HASH = f"--hash=sha256:{'0' * 64}"
REPORT = {
    "dependencies": [
        {"name": "sound", "version": "1", "vulns": []},
        {
            "name": "faulty",
            "version": "2",
            "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["3"]}],
        },
    ]
}


def test_what_is_committed_is_pinned_whole() -> None:
    assert audit.main(["--pins"]) == 0


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        f"numpy>=2 {HASH}",
        f"numpy==2.* {HASH}",
        "numpy==2.4.0",
        "numpy==2.4.0 --hash=md5:abc",
        f"numpy==2.4.0 --hash=sha256:abc {HASH}",
        f"numpy @ https://example.invalid/numpy {HASH}",
        "git+https://example.invalid/numpy",
        "-e .",
        "--index" + "-url https://example.invalid",
        "./numpy.whl",
    ],
)
def test_a_line_that_leaves_something_open_is_found(line: str) -> None:
    assert audit.unpinned(f"# said\npandas==3.1.1 ; python_version > '3' \\\n    {HASH}\n{line}\n")


def test_a_package_that_is_asked_for_and_not_pinned_is_found() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert audit.astray(settings, text) == []
    settings["project"]["dependencies"].append("left-open>=1")
    settings["tool"]["uv"]["constraint-dependencies"].append("numpy==0.0.1")
    said = "\n".join(audit.astray(settings, text))
    assert "requirements.txt lacks left-open" in said
    assert "pyproject.toml pins no version of left-open" in said
    assert "numpy is" in said
    settings["tool"]["uv"]["constraint-dependencies"].append("pandas>=3")
    settings["build-system"]["requires"].append("setuptools")
    assert "is no pin" in "\n".join(audit.astray(settings, text))


def test_an_advisory_stops_unless_it_was_judged_and_the_judgement_holds() -> None:
    assert audit.found(REPORT, set()) == ["faulty 2: PYSEC-1 (mended in 3)"]
    entry = {"id": "CVE-1", "reason": "The faulty function is never called.", "until": date(2026, 6, 1)}
    judged, wrong = audit.accepted({"accepted": [entry]}, date(2026, 6, 1))
    assert (audit.found(REPORT, judged), wrong) == ([], [])
    judged, wrong = audit.accepted({"accepted": [entry]}, date(2026, 6, 2))
    assert audit.found(REPORT, judged)
    assert "judge it anew" in wrong[0]


@pytest.mark.parametrize("lacks", ["id", "reason", "until"])
def test_a_judgement_says_why_and_until_when(lacks: str) -> None:
    entry: dict[str, Any] = {
        "id": "CVE-1",
        "reason": "The faulty function is never called.",
        "until": date(2026, 6, 1),
    }
    del entry[lacks]
    judged, wrong = audit.accepted({"accepted": [entry]}, date(2026, 1, 1))
    assert not judged
    assert "needs an id, a reason" in wrong[0]


@pytest.mark.parametrize("said", ["", "Traceback: connection refused", '{"dependencies": []}'])
def test_where_nobody_answers_it_says_so_and_does_not_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 1, said, ""))
    assert audit.main([]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("Advisories were not checked") == 1
    assert printed.err == ""


def test_an_advisory_that_is_found_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    monkeypatch.setattr(
        subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 1, json.dumps(REPORT), "")
    )
    assert audit.main([]) == 1
    assert "PYSEC-1" in capsys.readouterr().err
