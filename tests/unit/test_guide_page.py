"""The page of a step: one widget whose HTML is complete before any script runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit import guide_step
from workbook.errors import BadInput
from workbook.guide.answering import session
from workbook.guide.answering.page import Page
from workbook.guide.server import policies, scripts, serve
from workbook.guide.way import addresses, chooser, plans
from workbook.plan import store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    for name in ("QUERY_STRING", "VOILA_PREHEAT", plans.OPENED):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(session, "_run_step", guide_step.run)
    monkeypatch.setattr(session, "_open_reference", object)
    monkeypatch.setattr(session, "_find", guide_step.find)
    monkeypatch.setattr(chooser, "_areas", list)
    store.create(guide_step.plan(), tmp_path / "plans" / "north.plan.json")
    return tmp_path


def test_the_address_names_the_plan(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_STRING", "plan=north")
    monkeypatch.setenv("VOILA_REQUEST_URL", "http://127.0.0.1/voila/render/1_needs.ipynb?plan=anothers")
    html = Page("needs").widget.html
    assert 'data-plan="north"' in html
    assert "Better health for &lt;b&gt;Exampleton&lt;/b&gt;" in html
    assert "Synthetic: made up" in html
    assert '<a href="1_needs.ipynb?plan=north" aria-current="page">' in html


def test_without_a_plan_the_page_offers_those_there_are(home: Path) -> None:
    html = Page("needs").widget.html
    assert 'href="1_needs.ipynb?plan=north"' in html
    assert "Make the plan" not in html
    assert "Make the plan" in Page("start").widget.html


@pytest.mark.parametrize(
    "query", ["plan=..%2F..%2Fetc%2Fpasswd", "plan=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "plan=south"]
)
def test_a_plan_that_is_not_there_is_said_and_the_list_offered(
    home: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setenv("QUERY_STRING", query)
    html = Page("needs").widget.html
    assert 'role="alert"' in html
    assert "Choose one from the list" in html
    assert "<script" not in html


def test_a_plan_that_cannot_be_worked_out_is_given_a_way_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "plans" / "north.plan.json"
    first = store.read(path)
    store.write(first.model_copy(update={"purpose": "Fatal"}), path)

    def run(step_id, plan, reference):
        if plan.purpose == "Fatal":
            raise BadInput("There is no such peer.", "Choose another.")
        return guide_step.run(step_id, plan, reference)

    monkeypatch.setattr(session, "_run_step", run)
    monkeypatch.setenv("QUERY_STRING", "plan=north")
    page = Page("needs")
    assert "There is no such peer." in page.widget.html
    assert 'data-action="restore" data-name="north"' in page.widget.html
    assert page.answer({"id": "1", "kind": "restore", "name": "north"})["go"] == "1_needs.ipynb?plan=north"
    assert (store.read(path).revision, store.read(path).purpose) == (3, first.purpose)


def test_where_no_revision_opens_that_is_said_and_nothing_changes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "plans" / "north.plan.json"
    before = path.read_bytes()
    reply = Page("needs").answer({"id": "1", "kind": "restore", "name": "north"})
    assert "No earlier revision of north opens." in reply["alert"]
    assert path.read_bytes() == before


def test_a_notebook_parameter_wins_over_the_address(home: Path) -> None:
    assert 'data-plan="north"' in Page("needs", str(home / "plans" / "north.plan.json")).widget.html


def test_a_message_that_comes_twice_is_done_once(home: Path) -> None:
    page = Page("needs", str(home / "plans" / "north.plan.json"))
    add = {"id": "m1", "kind": "add", "path": "/needs/priorities"}
    assert page.answer(add) == page.answer(add)
    assert len(store.read(home / "plans" / "north.plan.json").needs.priorities) == 1


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "change"},
        {"kind": "change", "path": 7, "value": {"a": 1}},
        {"kind": "remove", "path": "/needs/priorities", "index": "x"},
        {"kind": "remove", "path": "/needs/priorities", "index": 4},
        {"kind": "add", "path": "/purpose"},
        {"kind": "open", "name": "../x"},
        {"kind": "hello", "revision": "x"},
    ],
)
def test_a_message_that_makes_no_sense_gets_a_sentence(home: Path, message: dict) -> None:
    path = home / "plans" / "north.plan.json"
    reply = Page("needs", str(path)).answer({"id": "m", **message})
    assert reply["alert"].endswith(".")
    assert "Traceback" not in reply["alert"]
    assert store.read(path).revision == 1


def test_an_unforeseen_fault_is_a_sentence_with_a_number_and_the_log_has_the_rest(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(session, "_run_step", lambda *_: 1 / 0)
    html = Page("needs", str(home / "plans" / "north.plan.json")).widget.html
    assert "reference number" in html
    assert "ZeroDivisionError" not in html
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_two_plans_of_one_title_can_be_told_apart(home: Path) -> None:
    store.create(guide_step.plan(), home / "plans" / "north-2.plan.json")
    html = Page("needs").widget.html
    assert "File: north<" in html
    assert "File: north-2<" in html


def test_an_area_nobody_knows_is_said_without_a_command(home: Path) -> None:
    said = chooser.faults_of({"area": "Exampelton", "horizon": "5"})["area"]
    assert "There is no area" in said
    assert "'workbook" not in said


def test_a_form_for_a_new_plan_says_every_fault_at_once(home: Path) -> None:
    reply = Page("start").answer(
        {"kind": "create", "values": {"area": "", "base_year": "soon", "horizon": "99"}}
    )
    assert set(reply["errors"]) == {"new-area", "new-base_year", "new-horizon"}


def test_the_widget_carries_its_html_beside_its_view(home: Path) -> None:
    page = Page("needs", str(home / "plans" / "north.plan.json"))
    bundle, _metadata = page.widget._repr_mimebundle_()
    assert bundle["text/html"] == page.widget.html
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == page.widget.model_id


def test_every_notebook_of_the_way_through_the_steps_is_shipped() -> None:
    from workbook.paths import shipped

    for notebook, _title in addresses.NOTEBOOKS.values():
        assert (shipped("notebooks") / notebook).is_file()


def test_pages_may_load_nothing_from_another_host() -> None:
    rules = policies.policy(8866)
    assert "default-src 'none'" in rules
    assert "script-src 'self';" in rules
    addresses = [word for word in rules.split() if "//" in word]
    assert addresses == ["ws://127.0.0.1:8866", "ws://localhost:8866;"]
    files = [
        *scripts.STATIC.glob("*"),
        *serve.paths.shipped("templates").glob("voila/**/*.j2"),
    ]
    assert len(files) >= 4
    for file in files:
        assert "http://" not in file.read_text(encoding="utf-8")
        assert "https://" not in file.read_text(encoding="utf-8")
