"""History, differences and names on the command line: what is printed, what is changed, and the exit codes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbook.cli import main
from workbook.errors import BAD_INPUT, DONE, USAGE
from workbook.paths import shipped
from workbook.plan import edit, store

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
DEMO = store.read(shipped("data") / "demo" / "demo.plan.json")


@pytest.fixture
def path(tmp_path: Path, home: Path) -> Path:
    """A plan of three revisions, with a pack made from its page."""
    path = tmp_path / "north.plan.json"
    plan = store.create(DEMO.model_copy(update={"revision": 0}), path, by="Ada Lovelace", at=AT)
    plan = store.write(
        edit.put(plan, "/sign_off/analyst/name", "Grace Hopper"), path, by="Grace Hopper", at=AT
    )
    store.write(edit.put(plan, "/title", "Another title"), path, by="Clerk", verified=True, at=AT)
    (home / "packs" / "north").mkdir(parents=True)
    (home / "packs" / "north" / "manifest.json").write_text("{}")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    try:
        code = main([str(word) for word in words])
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_history_lists_who_saved_what_and_when(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "history", path)
    assert code == DONE
    assert [line.split()[0] for line in out.splitlines()] == ["3", "2", "1"]
    assert "31 March 2026 12:00 UTC" in out
    assert "Ada Lovelace (unverified)" in out
    assert "Clerk (" not in out
    assert "3 revisions" in err
    listed = json.loads(run(capsys, "history", path, "--json")[1])
    assert listed[-1] == {
        "revision": 1,
        "by": "Ada Lovelace",
        "verified": False,
        "at": "2026-03-31T12:00:00+00:00",
        "problem": "",
    }


def test_going_back_to_a_revision(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "history", path, "--back-to", 1)
    assert (code, store.read(path).revision, store.read(path).title) == (DONE, 4, DEMO.title)
    assert "as revision 4" in err
    code, out, err = run(capsys, "history", path, "--back-to", 99)
    assert (code, out) == (BAD_INPUT, "")
    assert "Revision 99 of north.plan.json is not kept" in err


def test_differences_of_revisions_and_of_plans(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "differences", path)
    assert code == DONE
    assert out.startswith(f"Title of the plan changed from “{DEMO.title[:40]}")
    _, out, err = run(capsys, "differences", path, "--from", 1)
    assert "Sign-off, analyst: name set to “Grace Hopper”." in out
    assert "2 changes: Title of the plan and Sign-off." in err
    assert len(run(capsys, "differences", path, "--from", 1, "--to", 2)[1].splitlines()) == 1
    demo = shipped("data") / "demo" / "demo.plan.json"
    found = json.loads(run(capsys, "differences", demo, path, "--json")[1])
    assert [change["path"] for change in found] == ["/title", "/sign_off/analyst/name"]
    assert {"kind", "where", "before", "after", "said"} <= set(found[0])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ("differences", "PLAN", "PLAN", "--from", "1"),
            USAGE,
            "--from and --to choose revisions of one plan",
        ),
        (("differences", "PLAN", "--to", "1"), BAD_INPUT, "no revision before 1"),
        (("differences", "PLAN", "--to", "9"), BAD_INPUT, "Revision 9"),
        (("history", "none.plan.json"), BAD_INPUT, "There is no file"),
        (("names", "none.plan.json"), BAD_INPUT, "There is no file"),
        (("names", "none.plan.json", "--remove", "Ada"), BAD_INPUT, "There is no file"),
        (("names", "PLAN", "--packs"), USAGE, "--packs goes with a name"),
        (("names", "PLAN", "--remove", " "), BAD_INPUT, "No name was given"),
        (("history", "PLAN", "--back-to", "one"), USAGE, "no whole number"),
    ],
)
def test_what_cannot_be_done_is_said(
    path: Path, words: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = path.read_bytes()
    found, out, err = run(capsys, *(str(path) if word == "PLAN" else word for word in words))
    assert (found, out) == (code, "")
    assert said in err
    assert path.read_bytes() == before


def test_names_are_listed_and_removed_from_all_that_is_kept(
    path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "names", path)
    assert code == DONE
    people, _, roles = out.partition("In fields for a role or a group:")
    assert "  Grace Hopper: Sign-off, analyst: name\n" in people
    assert "Clinical lead for diabetes" in roles
    assert roles.endswith("In earlier revisions only:\n  Ada Lovelace\n")
    listed = json.loads(run(capsys, "names", path, "--json")[1])
    assert listed["earlier"] == ["Ada Lovelace"]
    assert "Grace Hopper" in [person["name"] for person in listed["names"]]

    code, _, err = run(capsys, "names", path, "--remove", "Grace Hopper")
    assert code == DONE
    assert "; 2 kept revisions rewritten" in err
    assert "packs/north was made before and may hold a name" in err.replace("\\", "/")
    assert store.read(path).sign_off.analyst.name == "name removed"
    assert store.read(path).revision == 4

    code, _, err = run(capsys, "names", path, "--remove-all", "--packs")
    assert code == DONE
    assert "left alone" in err
    assert not (home / "packs" / "north").exists()
    everything = "".join(store.content(file).decode() for file in [path, *store.revisions(path)])
    assert not [name for name in ("Ada Lovelace", "Grace Hopper", "Clerk") if name in everything]
    assert "Clinical lead for diabetes" in everything
