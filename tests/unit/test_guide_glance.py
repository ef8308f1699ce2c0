"""What is shown at once after a change is what the whole step gives: the same bytes, in every view of every step."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from workbook.guide.answering import session
from workbook.guide.answering.session import Session
from workbook.paths import shipped

# One change after another, in fields that reach far: a weight, a level, the money, a service, words, a choice.
CHANGES = {
    "needs": [
        ("/needs/shortlist/voice", "30"),
        ("/needs/shortlist/size", "0"),
        ("/needs/priorities/0/title", "Another name"),
    ],
    "ambitions": [
        ("/ambitions/items/0/levels/0/value", "2011"),
        ("/ambitions/items/1/owner", "A. Example"),
        ("/ambitions/items/0/line", ""),
    ],
    "budget": [
        ("/budget/schemes/0/recurrent_cost", "2345"),
        ("/budget/schemes/1/funded", False),
        ("/budget/schemes/0/name", "Another name"),
    ],
    "decommissioning": [
        ("/decommissioning/services/0/transition_cost", "321"),
        ("/decommissioning/services/0/decision", "keep"),
        ("/decommissioning/services/0/name", "Another name"),
    ],
}


@pytest.fixture
def plan(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    (tmp_path / "plans").mkdir()
    return shutil.copy(shipped("data") / "demo" / "demo.plan.json", tmp_path / "plans" / "demo.plan.json")


def drawn(block, uid):
    return uid + json.dumps(asdict(block), default=str)


@pytest.mark.parametrize("step", CHANGES)
def test_two_stages_give_what_one_gives(step, plan, tmp_path):
    views = [view.id for view in Session(step, Path(plan), draw=drawn).views.all]
    quick = 0
    for turn, view in enumerate(["all", *views]):
        path = tmp_path / "plans" / "one.plan.json"
        shutil.copy(shipped("data") / "demo" / "demo.plan.json", path)
        shown = Session(step, path, view=view, draw=drawn)
        # On the whole step all of them one after another, in each view one of them in turn.
        changes = CHANGES[step] if view == "all" else [CHANGES[step][turn % len(CHANGES[step])]]
        for place, value in changes:
            said = shown.change(place, value)
            if "did" not in said:
                assert said["errors"].get(place), f"{place}: {said}"
                continue
            page = dict(shown.containers)
            for seen in shown.glances():
                quick += len(seen["patches"])
                assert set(seen["patches"]) <= set(page)
                page |= seen["patches"]
            rest = shown.catch_up()
            page = {key: page.get(key, "") for key in rest["order"] or page} | rest["patches"]
            whole = Session(step, path, view=view, draw=drawn)
            assert json.dumps(page) == json.dumps(whole.containers), (view, place)
    assert quick, "no change was shown before the whole step"


def test_what_others_changed_waits_for_the_whole_step(plan):
    mine, theirs = (Session("budget", Path(plan), view="schemes", draw=drawn) for _ in range(2))
    theirs.change("/budget/schemes/1/recurrent_cost", "999")
    mine.change("/budget/schemes/0/recurrent_cost", "2345")
    assert list(mine.glances()) == []
    assert mine.catch_up()["patches"]


def test_a_part_that_fails_is_left_to_the_whole_step(plan, monkeypatch):
    shown = Session("budget", Path(plan), view="schemes", draw=drawn)
    shown.change("/budget/schemes/0/recurrent_cost", "2345")
    monkeypatch.setattr(session, "glance", lambda *_: 1 / 0)
    assert list(shown.glances()) == []
    assert shown.catch_up()["patches"]
