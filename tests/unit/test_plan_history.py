"""The revisions of a plan: all of them listed, each told in words, and a way back that loses nothing."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import BadInput, StaleWrite, WorkbookError
from workbook.paths import shipped
from workbook.plan import Plan, edit, history, store
from workbook.plan.difference import said

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
DEMO = store.read(shipped("data") / "demo" / "demo.plan.json")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A plan of four revisions: created, titled, given a purpose, titled again."""
    path = tmp_path / "a.plan.json"
    plan = Plan.model_validate({"area": {"code": "SYN01", "name": "Northmere"}, "base_year": 2025})
    plan = store.create(plan, path, by="Ada", at=AT)
    for n, (pointer, value, by) in enumerate(
        [("/title", "First", "Ada"), ("/purpose", "Why", "Grace {x}"), ("/title", "Second", "Ada")]
    ):
        at = AT + timedelta(minutes=n + 1)
        plan = store.write(edit.put(plan, pointer, value), path, by=by, verified=n == 1, at=at)
    return path


def test_every_revision_is_listed_the_newest_first_with_who_and_when(path: Path) -> None:
    found = history.entries(path)
    assert [(e.revision, e.by, e.verified) for e in found] == [
        (4, "Ada", False),
        (3, "Grace {x}", True),
        (2, "Ada", False),
        (1, "Ada", False),
    ]
    assert [e.at for e in found] == [AT + timedelta(minutes=n) for n in (3, 2, 1, 0)]
    assert not any(e.problem for e in found)


def test_each_revision_says_what_it_changed(path: Path) -> None:
    told = [[said(c) for c in history.changes(path, n)] for n in (1, 2, 3, 4)]
    assert told == [
        [],
        ["Title of the plan set to “First”."],
        ["What the plan is for set to “Why”."],
        ["Title of the plan changed from “First” to “Second”."],
    ]
    with pytest.raises(BadInput, match="Revision 9 of a.plan.json is not kept"):
        history.changes(path, 9)


def test_going_back_saves_the_earlier_one_as_the_newest_and_loses_nothing(path: Path) -> None:
    before = {n: history.plan_at(path, n) for n in (1, 2, 3, 4)}
    back = history.back_to(path, 2, by="Grace", verified=True)
    assert (back.revision, back.title, back.purpose) == (5, "First", "")
    assert (back.saved.by, back.saved.verified) == ("Grace", True)
    assert store.read(path) == back
    assert {n: history.plan_at(path, n) for n in (1, 2, 3, 4)} == before


def test_going_back_when_somebody_saves_in_between_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = store.write

    def late(plan: Plan, path: Path, **who: object) -> Plan:
        monkeypatch.setattr(store, "write", write)
        write(store.read(path), path, by="Quick")
        return write(plan, path, by="Late")

    monkeypatch.setattr(store, "write", late)
    with pytest.raises(StaleWrite, match="Quick"):
        history.back_to(path, 1)
    assert store.read(path).title == "Second"


def test_a_damaged_plan_is_kept_beside_the_one_gone_back_to(path: Path) -> None:
    path.write_text("{ half a pl", encoding="utf-8")
    newest = history.entries(path)[0]
    assert (newest.revision, newest.at) == (4, None)
    assert "damaged" in newest.problem
    with pytest.raises(BadInput, match="a.plan.json is not a plan: it is not valid JSON"):
        history.plan_at(path, 4)
    assert history.back_to(path, 3).revision == 5
    assert path.with_name("a.plan.json.damaged").read_text() == "{ half a pl"
    path.unlink()
    assert [e.revision for e in history.entries(path)] == [3, 2, 1]
    assert history.back_to(path, 1).title == ""


def test_a_damaged_revision_is_listed_with_its_problem_and_the_others_open(path: Path) -> None:
    kept = store.revisions(path)
    whole = kept[1].read_bytes()
    kept[1].write_bytes(whole[: len(whole) // 2])
    kept[0].write_bytes(store.packed(b'{"schema_version": 3, "revision": 1}'))
    found = {e.revision: e for e in history.entries(path)}
    assert "cannot be unpacked" in found[2].problem
    assert found[3].problem == found[4].problem == ""
    assert found[1].at is None
    with pytest.raises(BadInput, match="000002.json.gz is damaged"):
        history.plan_at(path, 2)
    with pytest.raises(BadInput):
        history.back_to(path, 2)
    assert store.read(path).revision == 4
    assert [said(c) for c in history.changes(path, 4)] == [
        "Title of the plan changed from “First” to “Second”."
    ]


def test_plans_kept_by_an_earlier_version_and_by_hand_are_listed(path: Path) -> None:
    kept = store.revisions(path)[0]
    data = json.loads(store.content(kept))
    (kept.parent / "000001.json").write_text(json.dumps(dict(reversed(data.items()))), encoding="utf-8")
    kept.unlink()
    assert [(e.revision, e.by) for e in history.entries(path)][-1] == (1, "Ada")
    assert history.plan_at(path, 1).revision == 1


def test_there_is_no_history_of_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        history.entries(tmp_path / "none.plan.json")
    with pytest.raises(BadInput):
        history.back_to(tmp_path / "none.plan.json", 1)


# --- the index -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "index", ["", "{", "[]", "null", '{"000001.json.gz": 1}', '{"000001.json.gz": [1, 2, {}]}', "[" * 9999]
)
def test_a_damaged_index_is_made_anew(path: Path, index: str) -> None:
    right = history.entries(path)
    file = store.shelf(path) / history.INDEX
    assert json.loads(file.read_text(encoding="utf-8"))
    file.write_text(index, encoding="utf-8")
    assert history.entries(path) == right
    assert len(json.loads(file.read_text(encoding="utf-8"))) == 3


def test_an_index_that_is_out_of_date_is_not_believed(path: Path) -> None:
    history.entries(path)
    first = store.revisions(path)[0]
    data = json.loads(store.content(first))
    data["saved"]["by"] = "Eve"
    first.write_bytes(store.packed(json.dumps(data).encode()))
    os.utime(first, ns=(1, 1))
    store.revisions(path)[1].unlink()
    assert [(e.revision, e.by) for e in history.entries(path)] == [(4, "Ada"), (3, "Grace {x}"), (1, "Eve")]


def test_the_history_is_read_where_the_index_cannot_be_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refused)
    assert len(history.entries(path)) == 4
    assert not (store.shelf(path) / history.INDEX).exists()


def test_two_thousand_revisions_are_listed_at_once(path: Path) -> None:
    shelf = store.shelf(path)
    kept = store.revisions(path)[0].read_bytes()
    for n in range(5, 2005):
        (shelf / f"{n:06d}.json.gz").write_bytes(kept)
    assert len(history.entries(path)) == 2004
    start = time.perf_counter()
    assert len(history.entries(path)) == 2004
    assert time.perf_counter() - start < 0.5


_junk = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=12) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_heads = st.fixed_dictionaries(
    {"schema_version": _junk, "revision": _junk},
    optional={"saved": _junk | st.fixed_dictionaries({"at": _junk, "by": _junk, "verified": _junk})},
)


@given(content=st.binary(max_size=80) | _heads.map(lambda head: json.dumps(head, indent=1).encode()))
@pytest.mark.parametrize("name", ["a.plan.json", "a.revisions/000002.json", "a.revisions/000002.json.gz"])
def test_any_content_of_a_file_is_listed_or_said_and_the_rest_stays_open(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("plans")
    path = folder / "a.plan.json"
    (folder / "a.revisions").mkdir()
    plan = Plan.model_validate({"area": {"code": "SYN01", "name": "Northmere"}, "base_year": 2025})
    store.create(plan, path, at=AT)
    (folder / "a.revisions" / "000001.json.gz").write_bytes(store.packed(path.read_bytes()))
    (folder / name).write_bytes(store.packed(content) if name.endswith("gz") else content)
    for _ in range(2):  # without the index, and with it
        found = history.entries(path)
        assert all(entry.at or entry.problem or entry.by == "" for entry in found)
        for entry in found:
            try:
                history.plan_at(path, entry.revision)
            except WorkbookError as error:
                assert error.problem
                assert error.remedy
    assert any(entry.revision == 1 for entry in found)


# --- taking one change back ------------------------------------------------------------------


def test_a_change_is_taken_back_and_what_came_after_stays() -> None:
    before = DEMO
    after = edit.put(before, "/budget/schemes/0/owner", "Wrong")
    later = edit.put(after, "/budget/schemes/1/owner", "Right").model_copy(update={"revision": 9})
    undone = history.undone(later, before, after)
    assert undone.budget.schemes[0].owner == before.budget.schemes[0].owner
    assert undone.budget.schemes[1].owner == "Right"
    assert undone.revision == 9
    assert history.undone(after, before, after) == before


def test_an_entry_taken_out_by_mistake_comes_back_to_its_place() -> None:
    after = edit.remove(DEMO, "/budget/schemes", 3)
    later = edit.put(after, "/budget/schemes/3/owner", "Somebody")
    undone = history.undone(later, DEMO, after)
    assert [s.id for s in undone.budget.schemes] == [s.id for s in DEMO.budget.schemes]
    assert undone.budget.schemes[4].owner == "Somebody"


def test_a_change_that_was_changed_again_cannot_be_taken_back() -> None:
    after = edit.put(DEMO, "/budget/schemes/0/owner", "Wrong")
    later = edit.put(after, "/budget/schemes/0/owner", "Another")
    with pytest.raises(BadInput, match="Find and treat high blood pressure”: owner") as caught:
        history.undone(later, DEMO, after)
    assert isinstance(caught.value, WorkbookError)
    added = edit.add(DEMO, "/budget/schemes")
    filled = edit.put(added, f"/budget/schemes/{len(DEMO.budget.schemes)}/name", "Filled in since")
    with pytest.raises(BadInput, match="Filled in since"):
        history.undone(filled, DEMO, added)
    assert history.undone(added, DEMO, added) == DEMO
