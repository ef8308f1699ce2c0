"""How far plans have come is kept from one visit to the next, and the list of plans waits for none of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit import guide_step
from workbook.blocks import Finding
from workbook.errors import BadInput
from workbook.guide.way import chooser, plans, progress
from workbook.paths import shipped
from workbook.plan import edit, store
from workbook.reference import Reference
from workbook.steps import start
from workbook.steps.start import Progress


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.delenv(plans.OPENED, raising=False)
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    monkeypatch.setattr(chooser, "_tried", set())
    chooser._opened.cache_clear()
    made = tmp_path / "plans"
    made.mkdir()
    return made


@pytest.fixture
def demonstration(folder: Path) -> Path:
    path = folder / "demo.plan.json"
    path.write_bytes((shipped("data") / "demo" / "demo.plan.json").read_bytes())
    return path


def _row(step: str, **given: Any) -> Progress:
    of = {"answered": 0, "questions": 9, "open_required": 0, "blocking": 0, "doubtful": 0} | given
    return Progress(step, step.capitalize(), **of, begun=of["answered"] > 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "not started"),
        ({"open_required": 4, "blocking": 1}, "not started"),
        ({"answered": 3, "open_required": 4}, "unfinished: 4 answers needed"),
        ({"answered": 3, "open_required": 1, "blocking": 2}, "blocked: 2 broken links, 1 answer needed"),
        ({"answered": 9, "doubtful": 3}, "in doubt: 3 links"),
        ({"answered": 9}, "done"),
    ],
)
def test_a_step_says_its_state_in_words(given: dict[str, int], said: str) -> None:
    assert _row("needs", **given).said == said


def test_the_next_thing_is_the_first_step_that_is_not_done_those_in_doubt_last() -> None:
    done, doubt = (
        _row("needs", answered=9, first="x"),
        _row("ambitions", answered=9, doubtful=1, first="Look."),
    )
    new, blocked = _row("budget", first="Begin."), _row("needs", answered=2, blocking=1, first="Mend.")
    sign = _row("plan", answered=2, open_required=1, first="Sign.")
    assert start.next_thing([done, doubt, new, blocked]) == blocked
    assert start.next_thing([done, doubt, new]) == new
    assert start.next_thing([done, doubt]) == doubt
    assert start.next_thing([done, doubt, sign]) == doubt, "sign-off comes last"
    assert start.next_thing([done, sign]) == sign
    assert start.next_thing([done]) is None


def test_what_is_missing_is_one_sentence() -> None:
    rows = [_row("needs", answered=3, open_required=2), _row("budget"), _row("plan", answered=1, doubtful=1)]
    assert progress.said(rows) == (
        "Missing: Needs: 2 answers needed; not started: Budget. In doubt: The plan."
    )
    assert progress.said([_row("needs"), _row("budget")]) == "Nothing is filled in yet."
    assert progress.said([_row("needs", answered=9)]) == "Nothing needed is missing."


def test_what_was_worked_out_is_kept_until_the_plan_changes(demonstration: Path) -> None:
    assert not progress.glance(demonstration).fresh
    reference = Reference.open()
    made = progress.work_out(demonstration, reference)
    assert [row.step for row in made.steps] == list(start.WORKED)
    assert list(made.steps) == start.progress(store.read(demonstration), reference)
    assert progress.glance(demonstration) == made
    store.write(edit.put(store.read(demonstration), "/title", "Another"), demonstration)
    later = progress.glance(demonstration)
    assert (later.title, later.fresh, later.steps) == ("Another", False, made.steps)


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"shape": 1}', '{"shape": 1, "key": "", "glance": {"steps": [{}]}}']
)
def test_a_damaged_file_of_the_cache_costs_time_and_nothing_else(demonstration: Path, damage: str) -> None:
    progress.glance(demonstration)
    progress._file(demonstration).write_text(damage, encoding="utf-8")
    assert progress.glance(demonstration).title.startswith("Northmere")
    assert progress.steps(demonstration) == ()


def test_a_cache_that_cannot_be_written_is_no_fault(demonstration: Path) -> None:
    (demonstration.parent.parent / "cache").write_text("in the way", encoding="utf-8")
    assert progress.work_out(demonstration, Reference.open()).fresh


def test_a_damaged_plan_is_told(folder: Path) -> None:
    path = folder / "torn.plan.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BadInput):
        progress.glance(path)


def test_the_steps_of_an_open_plan_come_one_at_a_time_and_are_kept(demonstration: Path) -> None:
    plan, reference = store.read(demonstration), Reference.open()
    told = [progress.of_open(demonstration, plan, reference) for _ in start.WORKED]
    assert [next(iter(t["parts"])) for t in told] == [f"wg-is-{name}" for name in start.WORKED]
    assert [t["more"] for t in told] == [True, True, True, True, False]
    again = progress.of_open(demonstration, plan, reference)
    assert list(again["parts"]) == [f"wg-is-{name}" for name in start.WORKED] and not again.get("more")


def test_the_list_is_sorted_by_last_saved_says_what_is_missing_and_keeps_damaged_ones_last(
    folder: Path,
) -> None:
    for name in ("old", "new"):
        store.create(guide_step.plan(), folder / f"{name}.plan.json", by="A <b>Planner</b>")
    (folder / "torn.plan.json").write_text("{", encoding="utf-8")
    html = chooser.listing("start")
    assert html.index("plan=new") < html.index("plan=old") < html.index("torn")
    assert "A &lt;b&gt;Planner&lt;/b&gt; (unverified)" in html and html.count("is being worked out") == 2
    told = [chooser.progressed("start") for _ in range(3)]
    assert [t.get("more") for t in told] == [True, False, None]
    assert "Nothing is filled in yet." in "".join(told[0]["parts"].values())
    assert "is being worked out" not in chooser.listing("start")


def test_a_hundred_plans_are_listed_in_under_a_second(demonstration: Path) -> None:
    for n in range(99):
        (demonstration.parent / f"copy-{n}.plan.json").write_bytes(demonstration.read_bytes())
    chooser.listing("start")
    began = time.perf_counter()
    html = chooser.listing("start")
    assert time.perf_counter() - began < 1
    assert html.count("<li id=") == 100 and 'id="wg-search"' in html


def test_the_first_page_of_a_plan_leads_to_the_next_thing(demonstration: Path) -> None:
    step = start.start(store.read(demonstration), Reference.open())
    findings = [b for b in step.blocks if isinstance(b, Finding)]
    assert findings[0].code == "next" and findings[0].step in start.WORKED and findings[0].path


def test_a_plan_that_nobody_has_approved_is_not_done(demonstration: Path) -> None:
    rows = {row.step: row for row in start.progress(store.read(demonstration), Reference.open())}
    assert rows["plan"].said == "unfinished: 1 answer needed"
    assert rows["plan"].at == "/sign_off/approver/signed"
