"""Names of people in a plan: every one found, and taken out of the plan and of all that is kept of it."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.unit import any_plan
from workbook.errors import BadInput, StaleWrite, WorkbookError
from workbook.paths import shipped
from workbook.plan import Plan, edit, history, names, store
from workbook.plan.identity import extra
from workbook.plan.sections import BenefitScore, Response

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
DEMO = store.read(shipped("data") / "demo" / "demo.plan.json")
ADA, GRACE = "Ada Lovelace", "Grace O’Hopper"


def signed() -> Plan:
    """A plan in which two people are named: in fields that ask for them, for roles, and in running text."""
    plan = edit.add(edit.add(DEMO, "/decisions"), "/assumptions")
    last = len(plan.decisions) - 1
    for pointer, value in (
        ("/sign_off/analyst/name", ADA),
        ("/sign_off/approver/name", GRACE),
        ("/assumptions/0/by", ADA),
        (f"/decisions/{last}/made_by", f"{ADA} and {GRACE} with the board"),
        ("/budget/schemes/0/owner", ADA),
        (
            "/budget/schemes/0/description",
            f"As ada  lovelace's paper says; Lovelaces and Adam are others. {ADA}!",
        ),
        ("/needs/answers/CST-10.1/evidence", "A talk with Grace O'Hopper"),
    ):
        plan = edit.put(plan, pointer, value)
    plan = plan.model_copy(deep=True)
    plan.budget.value.scores = [
        BenefitScore(respondent=ADA, option="scheme:a"),
        BenefitScore(respondent=GRACE, option="scheme:a"),
    ]
    plan.budget.scope.responses = [Response(respondent=ADA), Response(respondent=GRACE)]
    return plan


def marked(model: type[BaseModel] = Plan, at: str = "") -> Iterator[tuple[str, object]]:
    """Every field of the schema that is marked as holding names."""
    for name, info in model.model_fields.items():
        kind, place = edit.bare(info.annotation), f"{at}/{name}"
        if mark := extra(info).get("names"):
            yield place, mark
        while typing.get_origin(kind) in (list, dict):
            inner = typing.get_args(kind)
            kind, place = edit.bare(inner[-1]), f"{place}/{'0' if len(inner) == 1 else 'CST-10.1'}"
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from marked(kind, place)


def test_the_fields_that_name_people_are_marked_in_the_schema() -> None:
    found = dict(marked())
    people = {place for place, mark in found.items() if mark is True}
    assert people == {
        "/saved/by",
        "/assumptions/0/by",
        "/budget/scope/responses/0/respondent",
        "/budget/value/scores/0/respondent",
        *(f"/sign_off/{role}/name" for role in ("commissioner", "analyst", "assurer", "approver")),
    }
    assert {"/decisions/0/made_by", "/budget/schemes/0/owner", "/needs/answers/CST-10.1/owner"} <= set(found)
    assert set(found.values()) == {True, "perhaps"}


def test_a_field_for_a_person_that_is_not_marked_would_be_noticed() -> None:
    """Whoever adds a field called by, owner or respondent has to say whether it names people."""
    told = {"by", "owner", "respondent", "made_by", "taken_by", "decides", "ratifies"}
    found = set(dict(marked()))

    def fields(model: type[BaseModel]) -> Iterator[tuple[type[BaseModel], str]]:
        for name, info in model.model_fields.items():
            yield model, name
            kind = edit.bare(info.annotation)
            while typing.get_origin(kind) in (list, dict):
                kind = edit.bare(typing.get_args(kind)[-1])
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from fields(kind)

    missing = [(m, n) for m, n in fields(Plan) if n in told and "names" not in extra(m.model_fields[n])]
    assert found
    assert not missing


def test_everybody_named_is_listed_with_every_place() -> None:
    found = {person.name: person for person in names.named(signed())}
    ada, grace = found[ADA], found[GRACE]
    assert ada.sure
    assert set(ada.paths) == {
        "/sign_off/analyst/name",
        "/assumptions/0/by",
        f"/decisions/{len(DEMO.decisions)}/made_by",
        "/budget/schemes/0/owner",
        "/budget/schemes/0/description",
        "/budget/value/scores/0/respondent",
        "/budget/scope/responses/0/respondent",
    }
    assert "Scheme “Find and treat high blood pressure”: owner" in ada.places
    assert "/needs/answers/CST-10.1/evidence" in grace.paths
    assert not found["Clinical lead for diabetes"].sure
    assert found["Demonstration"].places == ("Saved by",)


def test_a_removed_name_is_gone_from_every_field_and_text_and_nothing_else() -> None:
    plan = signed()
    away = names.without(plan, [ADA])
    told = store.to_json(away)
    assert "Lovelace" not in told.replace("Lovelaces", "")
    assert "lovelace" not in told
    assert away.budget.schemes[0].description == (
        "As name removed's paper says; Lovelaces and Adam are others. name removed!"
    )
    assert away.decisions[-1].made_by == f"name removed and {GRACE} with the board"
    assert away.sign_off.approver.name == GRACE
    assert away.revision == plan.revision
    assert [p.name for p in names.named(away) if "removed" in p.name] == [
        f"name removed and {GRACE} with the board"
    ]
    assert names.without(plan, ["Nobody At All"]) == plan


def test_a_single_word_is_replaced_in_text_only_as_it_is_spelt() -> None:
    plan = edit.put(DEMO, "/sign_off/analyst/name", "Will")
    plan = edit.put(plan, "/purpose", "We will see. Will wrote this; Willow did not. A. Will")
    away = names.without(plan, ["will"])
    assert away.sign_off.analyst.name == "name removed"
    assert away.purpose == "We name removed see. Will wrote this; Willow did not. A. Will"
    away = names.without(plan, ["Will"], instead="-")
    assert away.purpose == "We will see. - wrote this; Willow did not. A. -"


def test_people_who_scored_stay_told_apart() -> None:
    away = names.without(signed(), [ADA, GRACE])
    assert [s.respondent for s in away.budget.value.scores] == ["name removed 1", "name removed 2"]
    assert [r.respondent for r in away.budget.scope.responses] == ["name removed 1", "name removed 2"]
    one = names.without(signed(), [ADA])
    other = names.without(one, [GRACE])
    assert [s.respondent for s in other.budget.value.scores] == ["name removed", "name removed 1"]


def test_a_text_that_grows_beyond_its_field_is_cut() -> None:
    plan = edit.put(DEMO, "/title", "Al " * 99 + "Al")
    assert len(names.without(plan, ["Al"]).title) <= 300


@given(seed=st.integers(0, 10_000))
def test_names_can_be_taken_out_of_any_plan(seed: int) -> None:
    plan = any_plan.drawn(seed)
    found = [person.name for person in names.named(plan)]
    away = names.without(plan, found)
    assert Plan.model_validate(away.model_dump()) == away
    left = {person.name for person in names.named(away)} & {name for name in found if name.strip()}
    assert not left


# --- files -----------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A plan of five revisions saved by two people; from the third on Ada is named in it."""
    path = tmp_path / "a.plan.json"
    plan = store.create(DEMO.model_copy(update={"revision": 0}), path, by=ADA, at=AT)
    plan = store.write(plan, path, by=GRACE, at=AT)
    for n in range(3):
        new = signed().model_copy(update={"revision": plan.revision, "title": f"Title {n}"})
        plan = store.write(new, path, by=ADA, at=AT)
    return path


def held(folder: Path) -> str:
    """Everything that any file of a folder holds, unpacked."""
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            found.append(store.content(file).decode(errors="replace"))
    return "\n".join(found)


def test_a_forgotten_name_is_in_no_file_of_the_plan(path: Path) -> None:
    history.entries(path)
    assert ADA in held(path.parent)
    done = names.forget(path, [ADA], by="Clerk")
    assert (done.revisions, done.left) == (4, ())  # 1, 3, 4 and 5, which is kept now
    assert done.places > 20
    assert "lovelace" not in held(path.parent).replace("Lovelaces", "").casefold()
    plan = store.read(path)
    assert (plan.revision, plan.saved.by, plan.title) == (6, "Clerk", "Title 2")
    assert [e.by for e in history.entries(path)] == ["Clerk", *["name removed"] * 3, GRACE, "name removed"]
    assert history.plan_at(path, 2).saved.by == GRACE
    again = names.forget(path, [ADA])
    assert (again.revisions, again.places, again.revision) == (0, 0, 6)


def test_whoever_has_the_plan_open_cannot_save_the_name_again(path: Path) -> None:
    opened = store.read(path)
    names.forget(path, [ADA])
    with pytest.raises(StaleWrite):
        store.write(opened, path)


def test_whoever_removes_their_own_name_is_not_named_by_it(path: Path) -> None:
    names.forget(path, [ADA], by=ADA)
    assert ADA not in held(path.parent)


def test_old_schemas_damaged_files_and_half_written_ones_are_searched_too(path: Path) -> None:
    shelf = store.shelf(path)
    old = {"schema_version": 1, "revision": 1, "ambitions": {"citizens": [f"{ADA} wants a warm home"]}}
    (shelf / "000001.json").write_text(json.dumps(old), encoding="utf-8")
    path.with_name("a.plan.json.damaged").write_text(f"{{ half a plan of {ADA}", encoding="utf-8")
    path.with_name(".a.plan.json.xyz.part").write_text(ADA, encoding="utf-8")
    (shelf / ".000004.json.gz.xyz.part").write_text(ADA, encoding="utf-8")
    (shelf / "000002.json.gz").write_bytes(b"\x1f\x8b nothing that unpacks")
    done = names.forget(path, [ADA])
    assert [Path(file).name for file in done.left] == ["000002.json.gz"]
    (shelf / "000002.json.gz").unlink()
    assert ADA not in held(path.parent)
    assert json.loads((shelf / "000001.json").read_text(encoding="utf-8"))["schema_version"] == 1
    assert path.with_name("a.plan.json.damaged").read_text() == "{ half a plan of name removed"


def test_a_plan_that_does_not_open_is_searched_as_it_is(path: Path) -> None:
    path.write_text(f'{{"schema_version": 99, "by": "{ADA}", "half": "\\ud800"}}', encoding="utf-8")
    names.forget(path, [ADA])
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "schema_version": 99,
        "by": "name removed",
        "half": "\ud800",
    }


def test_people_whom_only_earlier_revisions_name_are_listed(path: Path) -> None:
    plan = store.write(DEMO.model_copy(update={"revision": 5}), path, by="Clerk")
    assert {ADA, GRACE} <= set(names.earlier(path))
    assert "Clerk" not in names.earlier(path)
    names.forget(path, names.earlier(path), by="Clerk")
    assert names.earlier(path) == []
    assert "lovelace" not in held(path.parent).replace("Lovelaces", "").casefold()
    assert GRACE not in held(path.parent)
    assert store.read(path).budget == plan.budget


@pytest.mark.parametrize("given", [[], [""], ["  "]])
def test_no_name_is_no_removal(path: Path, given: list[str]) -> None:
    with pytest.raises(BadInput, match="No name was given"):
        names.forget(path, given)


def test_a_full_disk_loses_nothing_and_the_rest_is_done_the_next_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, left = os.fsync, [3]

    def filling(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", filling)
    with pytest.raises(WorkbookError, match="the disk is full"):
        names.forget(path, [ADA])
    monkeypatch.undo()
    assert [e.revision for e in history.entries(path)] == [6, 5, 4, 3, 2, 1]
    assert all(history.plan_at(path, n).area == DEMO.area for n in range(1, 7))
    names.forget(path, [ADA])
    assert ADA not in held(path.parent)


@pytest.mark.skipif(os.name != "posix", reason="a process is killed as POSIX does it")
def test_a_removal_that_is_killed_loses_nothing(path: Path) -> None:
    program = (
        "import os, signal, sys; from workbook.plan import names, store\n"
        "replace, left = os.replace, [int(sys.argv[2])]\n"
        "def killed(*args):\n"
        "    left[0] -= 1\n"
        "    if left[0] < 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    replace(*args)\n"
        "os.replace = killed\n"
        f"names.forget(sys.argv[1], [{ADA!r}])\n"
    )
    for n in (0, 1, 3):
        done = subprocess.run([sys.executable, "-c", program, str(path), str(n)], check=False)
        assert done.returncode == -signal.SIGKILL
        assert all(history.plan_at(path, e.revision).area == DEMO.area for e in history.entries(path))
        assert len(history.entries(path)) >= 5
    names.forget(path, [ADA])
    assert ADA not in held(path.parent)


def test_packs_made_from_the_page_are_named_and_deleted_when_asked(path: Path, home: Path) -> None:
    assert names.packs(path) == []
    pack = home / "packs" / "a"
    pack.mkdir(parents=True)
    (pack / "manifest.json").write_text("{}")
    (home / "packs" / "another").mkdir()
    assert names.packs(path) == [pack]
    assert names.delete_packs(path) == [pack]
    assert not pack.exists()
    assert (home / "packs" / "another").exists()
