"""Question banks of one's own: checked like the shipped ones, asked on their page, kept in the plan, printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbook.blocks import Heading, Question, Step, Words
from workbook.errors import FaultyFile
from workbook.paths import shipped
from workbook.plan import Plan, edit, store
from workbook.reference import Reference, importers, template
from workbook.reference.questions import ANSWER_KINDS, BANK_STEPS, LOCAL
from workbook.render import html
from workbook.steps import asking, run, thread

HEAD = "bank,title,step,answers,source,number,group,question,help,good,risk,short_of_time"
FIRST = "LOC-01-FRAILTY,Frailty,needs,yes-partly-no,Frailty network,1,Finding,Known?,A register.,Monthly,Falls,Ask three"
SECOND = "LOC-01-FRAILTY,,,,,2,Helping,Helped?,,,,"


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home)


@pytest.fixture
def plan() -> Plan:
    return store.read(shipped("data") / "demo" / "demo.plan.json")


def bank(folder: Path, *rows: str) -> Path:
    path = folder / "bank.csv"
    path.write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
    return path


def asked(step: Step) -> dict[str, Question]:
    return {q.path: q for q in step.questions() if LOCAL in q.path}


def test_a_bank_is_taken_with_its_questions_in_the_order_of_their_numbers(
    reference: Reference, tmp_path: Path
) -> None:
    (report,) = importers.take([bank(tmp_path, SECOND, FIRST)], reference)
    assert report.said == ("bank.csv was taken: 1 question bank with 2 questions.",)
    (own,) = reference.local_banks("needs")
    assert (own.id, own.title, own.source, own.status) == (
        "LOC-01-FRAILTY",
        "Frailty",
        "Frailty network",
        "local",
    )
    assert [(i.id, i.label, i.group) for i in own.items] == [
        ("LOC-01-FRAILTY.1", "Known?", "Finding"),
        ("LOC-01-FRAILTY.2", "Helped?", "Helping"),
    ]
    assert reference.framework("LOC-01-FRAILTY") == own


def test_no_source_has_an_id_that_a_bank_of_ones_own_could_have(reference: Reference) -> None:
    assert not [f.id for f in reference.frameworks() if f.id.upper().startswith(LOCAL)]
    assert not [i.id for f in reference.frameworks() for i in f.items if i.id.upper().startswith(LOCAL)]


def test_every_kind_of_answer_offers_something_to_choose() -> None:
    assert set(ANSWER_KINDS) == set(asking._ANSWERS)


def test_a_bank_is_asked_on_the_page_it_names_and_nowhere_else(
    reference: Reference, plan: Plan, tmp_path: Path
) -> None:
    before = {step: run(step, plan, reference) for step in BANK_STEPS}
    importers.take([bank(tmp_path, FIRST, SECOND)], reference)
    assert {s for s in BANK_STEPS if asked(run(s, plan, reference))} == {"needs"}
    step = run("needs", plan, reference)
    question = asked(step)["/needs/answers/LOC-01-FRAILTY.1"]
    assert question.prompt == "Known?"
    assert [c.label for c in question.choices] == ["Yes", "Partly", "No"]
    assert question.notes == (
        ("What good looks like", "Monthly"),
        ("The risk if it is skipped", "Falls"),
        ("When time is short", "Ask three"),
    )
    added = [b for b in step.blocks if b not in before["needs"].blocks and not isinstance(b, Question)]
    assert [b.text for b in added if isinstance(b, Heading)] == ["Questions of your own", "Frailty"]
    assert [b.paragraphs[0] for b in added if isinstance(b, Words)] == [
        "Frailty (LOC-01-FRAILTY): questions of your own. Source: Frailty network.",
        "Finding",
        "Helping",
    ]


@pytest.mark.parametrize("step", ["needs", "ambitions", "budget"])
def test_an_answer_is_kept_in_the_plan_and_printed(
    step: str, reference: Reference, plan: Plan, tmp_path: Path
) -> None:
    importers.take([bank(tmp_path, FIRST.replace(",needs,", f",{step},"))], reference)
    answer = {"answer": "partly", "evidence": "Audit of 14 practices", "owner": "Frailty lead"}
    place = f"/{step}/answers/LOC-01-FRAILTY.1"
    path = tmp_path / "mine.plan.json"
    store.create(edit.put(plan, place, answer), path)
    made = run(step, store.read(path), reference)
    assert asked(made)[place].answer["answer"] == "partly"
    page = "".join(html.fragment(b, f"b{n}") for n, b in enumerate(made.blocks))
    assert "Audit of 14 practices" in page
    codes = {f.code for f in thread.findings(store.read(path), reference)}
    assert "kept-but-not-asked" not in codes


def test_an_answer_outlives_its_bank_and_that_is_said(home: Path, plan: Plan) -> None:
    place = "/needs/answers/LOC-01-FRAILTY.1"
    found = thread.findings(edit.put(plan, place, {"answer": "yes"}), Reference.open(home))
    (note,) = [f for f in found if f.code == "kept-but-not-asked"]
    assert (note.severity, "LOC-01-FRAILTY.1" in note.sentence) == ("note", True)


def test_on_the_page_of_stopping_each_service_is_asked_and_the_gate_stays_as_it_was(
    reference: Reference, plan: Plan, tmp_path: Path
) -> None:
    before = run("decommissioning", plan, reference)
    importers.take([bank(tmp_path, FIRST.replace(",needs,", ",decommissioning,"))], reference)
    after = run("decommissioning", plan, reference)
    services = [n for n, s in enumerate(plan.decommissioning.services) if s.decision != "keep"]
    assert list(asked(after)) == [f"/decommissioning/services/{n}/answers/LOC-01-FRAILTY.1" for n in services]
    assert after.results == before.results


def test_a_later_file_replaces_a_bank_whole(reference: Reference, tmp_path: Path) -> None:
    importers.take([bank(tmp_path, FIRST, SECOND)], reference)
    (again,) = importers.take([bank(tmp_path, FIRST, SECOND)], reference)
    assert not again.taken
    (newer,) = importers.take([bank(tmp_path, FIRST.replace("Known?", "Are they known?"))], reference)
    assert newer.said[1:] == ("1 question bank of an earlier file replaced; answers in plans stay.",)
    assert [i.label for i in reference.framework("LOC-01-FRAILTY").items] == ["Are they known?"]


def test_a_bank_with_an_older_store_is_taken(home: Path, tmp_path: Path) -> None:
    import sqlite3

    from workbook.reference import store as kept

    reference = Reference.open(home)
    importers.take([bank(tmp_path, FIRST)], reference)
    with sqlite3.connect(home / kept.FILE) as connection:
        connection.execute("DROP TABLE bank")
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    assert Reference.open(home).local_banks("needs") == []
    importers.take([bank(tmp_path, FIRST)], Reference.open(home))
    assert len(Reference.open(home).local_banks("needs")) == 1


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (FIRST.replace("LOC-01-FRAILTY", "CST-04"), "bank", "LOC- and two digits"),
        (FIRST.replace("LOC-01-FRAILTY", "LOC-1"), "bank", "LOC- and two digits"),
        (FIRST.replace("LOC-01-FRAILTY", "LOC-01/B"), "bank", "LOC- and two digits"),
        (FIRST.replace("LOC-01-FRAILTY", "LOC-01-" + "X" * 40), "bank", "at most 40 letters"),
        (
            FIRST.replace(",needs,", ",contract,"),
            "step",
            "Write needs, ambitions, budget or decommissioning.",
        ),
        (FIRST.replace(",needs,", ",,"), "step", "does not say it"),
        (FIRST.replace("yes-partly-no", "maybe"), "answers", "Write yes-partly-no, score-5"),
        (FIRST.replace(",1,", ",one,"), "number", "whole number from 1 to 999"),
        (FIRST.replace(",1,", ",0,"), "number", "whole number from 1 to 999"),
        (FIRST.replace("Known?", ""), "question", "blank"),
        (FIRST.replace("Known?", "K" * 301), "question", "at most 300 letters"),
        (FIRST.replace("Frailty,needs", ",needs"), "title", "has no title"),
    ],
)
def test_what_is_wrong_with_a_bank_is_said_with_its_place(
    row: str, column: str, words: str, reference: Reference, tmp_path: Path
) -> None:
    report = importers.check(bank(tmp_path, row), reference, "question-bank")
    assert [(f.row, f.column) for f in report.faults] == [(2, column)]
    assert words in str(report.faults[0])
    with pytest.raises(FaultyFile):
        importers.take([bank(tmp_path, row)], reference)
    assert reference.local_banks("needs") == []


def test_two_questions_of_one_number_and_two_titles_are_refused(reference: Reference, tmp_path: Path) -> None:
    rows = (FIRST, FIRST.replace("Frailty,needs", "Falls,needs").replace("Known?", "Other?"))
    found = importers.check(bank(tmp_path, *rows), reference).faults
    assert [(f.row, f.column) for f in found] == [(3, "number"), (3, "title")]


def test_a_bank_larger_than_a_page_is_refused(reference: Reference, tmp_path: Path) -> None:
    rows = [FIRST, *(SECOND.replace(",2,", f",{n},") for n in range(2, 203))]
    (fault,) = importers.check(bank(tmp_path, *rows), reference).faults
    assert "202 questions" in fault.problem


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_template_is_refused_as_it_stands_and_taken_once_filled_in(
    ending: str, reference: Reference, tmp_path: Path
) -> None:
    path = template.write("question-bank", tmp_path / f"mine{ending}")
    report = importers.check(path, reference)
    assert [(f.row, f.problem) for f in report.faults] == [(2, "This is the example row of the template.")]


def test_markup_in_a_bank_stays_words(reference: Reference, plan: Plan, tmp_path: Path) -> None:
    importers.take([bank(tmp_path, FIRST.replace("Known?", "<b onclick=x>=1+1</b>"))], reference)
    (question,) = asked(run("needs", plan, reference)).values()
    shown = html.fragment(replace(question, answer={"answer": "yes"}), "b1")
    assert "<b onclick" not in shown
    assert "&lt;b onclick" in shown
