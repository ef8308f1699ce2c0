"""Nothing is lost: undo, history, two people on one plan, plans that are closed to changes, messages that are checked."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit import guide_step
from workbook.blocks import Block
from workbook.errors import BadInput
from workbook.guide.answering import messages
from workbook.guide.answering.page import Page
from workbook.guide.answering.session import Session
from workbook.guide.keeping import history, locks, saving
from workbook.plan import edit, store
from workbook.plan import history as revisions
from workbook.plan.history import Entry


def fragment(block: Block, uid: str) -> str:
    return f'<p id="{uid}">{type(block).__name__} {getattr(block, "title", "")}</p>'


@pytest.fixture
def path(tmp_path: Path, home: Path) -> Path:
    file = tmp_path / "test.plan.json"
    store.create(guide_step.plan(), file, by="Start")
    return file


def begin(path: Path) -> Session:
    return Session("needs", path, reference=object(), run=guide_step.run, draw=fragment, find=guide_step.find)


@pytest.fixture
def session(path: Path) -> Session:
    return begin(path)


def other(path: Path, place: str, value: object, by: str = "Ada") -> None:
    store.write(edit.put(store.read(path), place, value), path, by=by)


def signed(path: Path) -> None:
    for role in locks.ROLES:
        other(path, f"/sign_off/{role}/signed", "2026-03-27")
    other(path, "/sign_off/approver/name", "C. Chief")


# --- undo ------------------------------------------------------------------------------------


def test_a_change_says_what_it_is_called_and_is_taken_back(session: Session, path: Path) -> None:
    did = session.change("/purpose", "To plan")["did"]
    assert (did["revision"], did["called"]) == (2, "What the plan is for")
    reply = session.undo(2)
    assert store.read(path).purpose == ""
    assert reply["did"]["revision"] == 3
    session.undo(3)
    assert store.read(path).purpose == "To plan"


def test_rows_and_what_is_in_them_come_back(session: Session, path: Path) -> None:
    session.add("/needs/priorities")
    session.change("/needs/priorities/0/title", "Heart")
    removed = session.remove("/needs/priorities", 0)["did"]
    assert removed["called"] == "Priority “Heart” taken out"
    session.undo(removed["revision"])
    assert store.read(path).needs.priorities[0].title == "Heart"


def test_an_older_change_is_taken_back_and_later_ones_elsewhere_stay(session: Session, path: Path) -> None:
    session.change("/purpose", "To plan")
    session.change("/horizon", "7")
    session.undo(2)
    assert (store.read(path).purpose, store.read(path).horizon) == ("", 7)


def test_what_somebody_changed_since_is_not_undone_but_said(session: Session, path: Path) -> None:
    session.change("/purpose", "Mine")
    other(path, "/purpose", "Theirs")
    reply = session.undo(2)
    assert "cannot be taken back" in reply["alert"]
    assert (reply["undid"], "did" in reply) == (2, False)
    assert store.read(path).purpose == "Theirs"


def test_a_revision_that_is_not_kept_is_not_undone(session: Session, path: Path) -> None:
    for revision in (0, 1, 99, -1):
        with pytest.raises(BadInput):
            session.undo(revision)
    assert store.read(path).revision == 1


# --- two people ------------------------------------------------------------------------------


def test_changes_of_different_places_are_put_together(path: Path) -> None:
    one, two = begin(path), begin(path)
    one.change("/purpose", "One", by="One", base=1)
    reply = two.change("/horizon", "7", by="Two", base=1)
    assert "One" in reply["meanwhile"]
    assert (store.read(path).purpose, store.read(path).horizon) == ("One", 7)
    assert "conflict" not in reply


def test_one_place_changed_twice_is_a_choice_and_nothing_is_lost(session: Session, path: Path) -> None:
    other(path, "/purpose", "Theirs")
    reply = session.change("/purpose", "Mine", base=1)
    assert reply["conflict"] == {"name": "1", "path": "/purpose"}
    shown = reply["parts"]["wg-conflicts"]
    assert "Mine" in shown
    assert "Theirs" in shown
    assert "Ada (unverified)" in shown
    assert store.read(path).purpose == "Theirs"
    assert "What the plan is for" in session.settle("1", {})["unchosen"]["sentence"]
    assert session.settle("1", {"/purpose": "mine"})["settled"] == "1"
    assert store.read(path).purpose == "Mine"
    assert session._notices()["wg-conflicts"] == ""


def test_theirs_can_be_chosen_and_makes_no_revision(session: Session, path: Path) -> None:
    other(path, "/purpose", "Theirs")
    session.change("/purpose", "Mine", base=1)
    session.settle("1", {"/purpose": "theirs"})
    assert (store.read(path).purpose, store.read(path).revision) == ("Theirs", 2)


def test_a_third_change_before_the_choice_is_a_new_choice(session: Session, path: Path) -> None:
    other(path, "/purpose", "Theirs")
    session.change("/purpose", "Mine", base=1)
    other(path, "/purpose", "Third", by="Bo")
    reply = session.settle("1", {"/purpose": "mine"})
    assert reply["conflict"]["name"] == "1"
    assert "Third" in reply["parts"]["wg-conflicts"]
    session.settle("1", {"/purpose": "mine"})
    assert store.read(path).purpose == "Mine"


def test_a_row_that_somebody_took_out_keeps_what_was_typed_in_it(path: Path) -> None:
    session = begin(path)
    session.add("/needs/priorities")
    session.change("/needs/priorities/0/title", "Heart")
    session.catch_up()
    plan = store.read(path)
    store.write(edit.remove(plan, "/needs/priorities", 0), path, by="Ada")
    session.look()
    reply = session.change("/needs/priorities/0/owner", "Director", base=plan.revision)
    assert "taken out of the list" in reply["parts"]["wg-conflicts"]
    (place,) = re.findall(r'data-conflict="([^"]+)"', reply["parts"]["wg-conflicts"])
    session.settle("1", {place: "mine"})
    assert [(p.title, p.owner) for p in store.read(path).needs.priorities] == [("Heart", "Director")]


def test_a_place_in_a_list_is_that_of_the_page_although_rows_moved(session: Session, path: Path) -> None:
    for title in ("Heart", "Lungs"):
        session.add("/needs/priorities")
        session.change(f"/needs/priorities/{len(session.plan.needs.priorities) - 1}/title", title)
    shown = session.plan.revision
    store.write(edit.remove(store.read(path), "/needs/priorities", 0), path, by="Ada")
    session.change("/needs/priorities/1/owner", "Director", base=shown)
    assert [(p.title, p.owner) for p in store.read(path).needs.priorities] == [("Lungs", "Director")]


def test_somebody_quick_is_no_other_person(session: Session, path: Path) -> None:
    """Two changes of one field, the second sent before the page heard of the first."""
    session.change("/purpose", "One", base=1)
    reply = session.change("/purpose", "Two", base=1)
    assert "conflict" not in reply
    assert store.read(path).purpose == "Two"


def test_what_others_save_is_noticed_by_a_beat_and_told_once(session: Session, path: Path) -> None:
    assert session.look() == {}
    other(path, "/purpose", "Theirs")
    assert "Ada" in session.look()["meanwhile"]
    assert session.look() == {}
    assert "b-question-purpose" in session.catch_up()["patches"]


def test_a_file_nobody_touched_is_not_read(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving.store, "read", lambda path: pytest.fail("read"))
    assert not session.file.look()


def test_a_page_that_missed_parts_while_away_gets_all_of_it(session: Session) -> None:
    session.change("/purpose", "To plan")
    assert "page" in session.hello(1)
    assert session.hello(2) == {}


# --- history -----------------------------------------------------------------------------------


def test_the_history_is_cut_into_sittings() -> None:
    start = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    entries = [
        Entry(5, "Ada", False, start + timedelta(hours=3)),
        Entry(4, "Bo", False, start + timedelta(minutes=20)),
        Entry(3, "Ada", False, start + timedelta(minutes=10)),
        Entry(2, "Ada", False, start),
        Entry(1, "Ada", True, start),
    ]
    assert [[e.revision for e in sitting] for sitting in history.by_sitting(entries)] == [
        [5],
        [4],
        [3, 2],
        [1],
    ]


def test_the_panel_says_who_when_and_what_in_pieces(session: Session, path: Path) -> None:
    for n in range(60):
        session.change("/purpose", f"Purpose {n}", by="Ada <b>")
    html = history.panel(path)
    assert "Ada &lt;b&gt; (unverified)" in html
    assert "61 revisions" in html
    assert "revisions 12 to 61, the plan as it is now" in html
    assert "11 more" in html
    assert "revisions 2 to 11" in history.panel(path, 12)
    told = history.told(path, 12, 61)
    assert told.count("<h3>") == 50
    assert "“Purpose 58” to “Purpose 59”" in told
    assert 'data-revision="61"' not in told


def test_going_back_says_what_changes_and_loses_nothing(session: Session, path: Path) -> None:
    session.change("/purpose", "To plan")
    session.change("/horizon", "7")
    asked = session.back_asked(1)["back"]
    assert "Years ahead changed from 7 to 5" in asked["html"]
    assert asked["seen"] == 3
    other(path, "/title", "Theirs")
    assert "in the meantime" in session.back(1, seen=3)["alert"]
    session.back(1, seen=4, by="Me")
    now = store.read(path)
    assert (now.revision, now.purpose, now.horizon, now.saved.by) == (5, "", 5, "Me")
    assert revisions.plan_at(path, 3).purpose == "To plan"
    session.undo(5)
    assert store.read(path).purpose == "To plan"


def test_names_are_taken_out_of_plan_history_and_memory(session: Session, path: Path) -> None:
    session.change("/purpose", "As Zora Neale asked", by="Zora Neale")
    session.change("/horizon", "7", by="Bo")
    assert 'value="Zora Neale"' in session.names()["names"]
    reply = session.forget(["Zora Neale"], False, by="Bo")
    assert reply["forgot"]
    kept = "".join(store.content(f).decode() for f in [path, *store.revisions(path)])
    assert "Zora" not in kept
    assert "Zora" not in session.page()


# --- closed to changes -------------------------------------------------------------------------


def test_a_signed_plan_is_read_only_whatever_the_page_sends(path: Path) -> None:
    signed(path)
    session = begin(path)
    revision = store.read(path).revision
    assert "C. Chief signed this plan on 27 March 2026" in session.page()
    assert "signed" in session.change("/purpose", "x")["errors"]["/purpose"]
    for act in (
        lambda: session.add("/needs/priorities"),
        lambda: session.remove("/vision/wants", 0),
        lambda: session.undo(2),
        lambda: session.back(1, seen=revision),
        lambda: session.forget(["Ada"], False),
    ):
        with pytest.raises(BadInput):
            act()
    assert store.read(path).revision == revision


def test_fields_of_a_signed_plan_can_be_read_and_not_changed(path: Path) -> None:
    signed(path)
    html = "".join(begin(path).containers.values())
    controls = re.findall(r"<(?:input|textarea|select)\b[^>]*>", html)
    assert controls
    assert all(" readonly" in c or " disabled" in c for c in controls)
    assert all(" disabled" in b for b in re.findall(r'<button[^>]*data-action="(?:add|remove|clear)"', html))


def test_a_plan_signed_by_somebody_else_meanwhile_takes_no_change(session: Session, path: Path) -> None:
    signed(path)
    reply = session.change("/purpose", "x", base=1)
    assert "signed" in reply["errors"]["/purpose"]
    assert store.read(path).purpose == ""


def test_reopening_takes_the_signatures_back_as_a_decision(path: Path) -> None:
    signed(path)
    session = begin(path)
    with pytest.raises(BadInput):
        session.reopen("  ")
    reply = session.reopen("A figure was wrong.", by="Ada")
    plan = store.read(path)
    assert all(getattr(plan.sign_off, role).signed is None for role in locks.ROLES)
    assert plan.sign_off.approver.name == "C. Chief"
    decision = plan.decisions[-1]
    assert (decision.rationale, decision.taken_by, decision.on) == (
        "A figure was wrong.",
        "Ada",
        date.today(),
    )
    assert "approver 27 March 2026" in decision.what
    assert reply["parts"]["wg-lock"] == ""
    assert session.change("/purpose", "x")["revision"] == plan.revision + 1


def test_a_file_that_may_not_be_written_is_locked(path: Path) -> None:
    os.chmod(path, 0o444)
    session = begin(path)
    assert "may be read and not written" in session.page()
    assert "Reopen" not in session.page()
    assert "errors" in session.change("/purpose", "x")
    os.chmod(path, 0o644)
    session.look()
    assert session.behind
    session.catch_up()
    assert session.change("/purpose", "x")["revision"] == 2


# --- messages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "change",
        {},
        {"kind": 7},
        {"kind": "change", "path": 7},
        {"kind": "change", "path": "/" * 501},
        {"kind": "change", "path": "/purpose", "value": {"a": "b"}},
        {"kind": "change", "path": "/purpose", "value": "x" * 200_001},
        {"kind": "change", "path": "/purpose", "value": [["x"]]},
        {"kind": "remove", "path": "/vision/wants", "index": "0"},
        {"kind": "remove", "path": "/vision/wants", "index": True},
        {"kind": "hello", "revision": 1e9},
        {"kind": "settle", "name": "1", "choices": {"a": 1}},
        {"kind": "rows-in", "path": "/needs/priorities", "content": "x" * 8_000_001},
        {"kind": "ping", "else": {"deep": []}},
        {str(n): "x" for n in range(50)},
        {7: "x", "kind": "ping"},
    ],
)
def test_a_message_that_does_not_fit_is_refused(message: object) -> None:
    with pytest.raises(BadInput):
        messages.checked(message)


def test_a_page_says_what_it_refuses_and_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbook.guide.answering import session as module

    monkeypatch.setattr(module, "_run_step", guide_step.run)
    monkeypatch.setattr(module, "_open_reference", object)
    monkeypatch.setattr(module, "_find", guide_step.find)
    page = Page("needs", str(path))
    assert "does not know" in page.answer({"id": "1", "kind": "explode"})["alert"]
    assert "does not understand" in page.answer({"id": "2", "kind": "change", "value": {}})["alert"]
    outside = page.answer({"id": "3", "kind": "change", "path": "/budget/lines", "value": "x"})
    assert "not on this page" in outside["alert"]
    assert store.read(path).revision == 1


def test_every_message_that_saves_is_known() -> None:
    assert messages.SAVING - {"copy", "create", "restore"} <= set(messages.HANDLERS)
