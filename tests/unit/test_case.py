"""The case for change: five items from the plan, what is missing said in a sentence, a document of its own."""

from __future__ import annotations

import html as escaping
from typing import Any

import pytest

from workbook.blocks import Figure, Heading, Question, Table, Words
from workbook.pack import documents
from workbook.paths import shipped
from workbook.plan import Plan, edit, store
from workbook.reference import Reference
from workbook.render import html
from workbook.render.document import Document, chapters
from workbook.steps import TITLES, case, run

AREA = {"code": "SYN01", "name": "Northmere", "kind": "synthetic", "synthetic": True}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.fixture(scope="module")
def demo() -> Plan:
    return store.read(shipped("data") / "demo" / "demo.plan.json")


def made(plan: Plan, reference: Reference) -> Document:
    steps = {step: run(step, plan, reference) for step in TITLES}
    return documents.case(plan, steps, reference, documents.document(plan, steps, reference))


@pytest.fixture(scope="module")
def written(demo: Plan, reference: Reference) -> Document:
    return made(demo, reference)


def plan(**changes: Any) -> Plan:
    return Plan.model_validate({"area": AREA, "base_year": 2024, **changes})


def words(document: Document, part: str = "") -> str:
    parts = [p for p in document.parts if not part or p.id == part]
    return " ".join(t for p in parts for b in p.blocks if isinstance(b, Words) for t in b.paragraphs)


def test_the_five_items_stand_in_their_order(written: Document, reference: Reference) -> None:
    items = [item.label for item in reference.framework("ODR-21").items]
    assert len(items) == 5
    assert [part.title for part in written.parts[:5]] == [f"{n}. {label}" for n, label in enumerate(items, 1)]
    assert [part.id for part in written.parts[5:]] == ["behind", "sources"]


def test_each_item_is_filled_from_the_plan(written: Document) -> None:
    assert "5 needs come first" in words(written, "case-1")
    assert "The plan funds 17 of 21 schemes" in words(written, "case-2")
    assert "is to stop on 30 September 2027" in words(written, "case-3")
    assert "Comments are taken until 30 June 2026 by: Joint planning office" in words(written, "case-4")
    assert "Northmere Hospitals has not agreed yet and is not bound." in words(written, "case-5")


def test_what_an_empty_plan_lacks_is_said_with_where_it_is_mended(reference: Reference) -> None:
    empty = made(plan(), reference)
    assert "No need has been put first yet." in words(empty, "case-1")
    assert "Without a need that is put first there is no reason for change to give." in words(empty, "case-1")
    assert "No scheme has been entered yet" in words(empty, "case-2")
    assert "No risk is written down, so none has an owner." in words(empty, "case-3")
    assert "Where to send comments and until when is not set." in words(empty, "case-4")
    assert "No partner is recorded as bound by this case." in words(empty, "case-5")
    assert "Nobody is named as the commissioner, the analyst, the assurer or the approver." in words(
        empty, "behind"
    )


def test_the_public_is_not_sent_to_pages_of_the_workbook(reference: Reference) -> None:
    led = plan(sign_off={"commissioner": {"post": "Chief officer"}})
    told = words(made(led, reference))
    assert "mended" not in told and "The workbook" not in words(made(led, reference), "case-3")
    assert "is not set. That is still to be set by the commissioner (Chief officer)." in told


def service(decision: str, **changes: Any) -> dict[str, Any]:
    return {"services": [{"id": "clinic", "name": "Old clinic", "decision": decision, **changes}]}


@pytest.mark.parametrize(
    ("services", "said", "unsaid"),
    [
        ({}, "sets out no change of a service. While that is so no formal consultation is needed", "14Z45"),
        (service("keep"), "sets out no change of a service", "14Z45"),
        (service("considering"), "Old clinic is still considered: should it stop or change", "14Z45"),
        (
            service("change"),
            "sets out a change of service: Old clinic. So it cannot be relied on",
            "no change of a",
        ),
        (service("stop"), "NHS Act 2006, section 14Z45", "no change of a service"),
        (service("stop"), "No change is called substantial in the plan", "not yet consulted"),
        (service("stop", substantial=True), "health scrutiny not yet consulted", "No change is called"),
        (
            service("stop", substantial=True, consulted="2026-01-22"),
            "health scrutiny consulted on 22 January 2026, Secretary of State not yet notified",
            "not yet consulted",
        ),
    ],
)
def test_whether_consultation_is_called_for_follows_from_the_services(
    services: dict[str, Any], said: str, unsaid: str
) -> None:
    told = " ".join(case.consultation(plan(decommissioning=services)))
    assert said in told
    assert unsaid not in told


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ([{"partner": "Board", "agreed_on": "2026-03-26"}], "Board has agreed."),
        ([{"partner": "Board"}], "Board has not agreed yet and is not bound."),
        (
            [{"partner": "Board"}, {"partner": "Council"}, {"partner": "Trust", "agreed_on": "2026-03-26"}],
            "1 of 3 partners has agreed. Board and Council have not agreed yet and are not bound.",
        ),
    ],
)
def test_who_is_bound_reads_as_english(bound: list[dict[str, Any]], said: str, reference: Reference) -> None:
    assert said in words(made(plan(case={"bound": bound}), reference), "case-5")


def test_nobody_bound_of_several(reference: Reference) -> None:
    told = words(
        made(plan(case={"bound": [{"partner": "Board"}, {"partner": "Council"}]}), reference), "case-5"
    )
    assert told.startswith("None of the 2 partners named has agreed. Board and Council have not agreed yet")


def test_who_pays_and_is_not_bound_is_named(reference: Reference) -> None:
    lines = [{"id": "beds", "name": "Beds", "organisation": "Council", "amount": 10}]
    bound = [{"partner": "Board", "agreed_on": "2026-03-26"}]
    told = words(made(plan(case={"bound": bound}, budget={"lines": lines}), reference), "case-5")
    assert "Council is in the plan's money and not among those bound." in told


def test_words_of_one_s_own_are_asked_kept_and_printed(reference: Reference) -> None:
    answered, said = plan(), []
    asked = [q for q in run("plan", answered, reference).questions() if q.path.startswith("/case/answers/")]
    for question in asked:
        item = question.path.rpartition("/")[2]
        said.append(f"Our own words on {item}")
        answered = edit.put(answered, f"{question.path}/answer", said[-1])
    assert [q.path.rpartition("/")[2] for q in asked] == [i.id for i in reference.framework("ODR-21").items]
    printed = html.page(made(Plan.model_validate_json(answered.model_dump_json()), reference))
    assert [line for line in said if f"{line}<" not in printed] == []


def test_every_field_of_the_case_is_asked_on_the_page_of_the_plan(demo: Plan, reference: Reference) -> None:
    asked = {q.path for q in run("plan", demo, reference).questions()}
    fields = set(type(demo.case).model_fields) - {"answers"}
    assert {f"/case/{name}" for name in fields} <= asked


def test_what_was_typed_is_text(reference: Reference) -> None:
    hostile = plan(case={"comments_to": "<script>alert(1)</script>", "bound": [{"partner": "<b>Board</b>"}]})
    printed = html.page(made(hostile, reference))
    assert "<script>alert(1)" not in printed
    assert escaping.escape("<b>Board</b>") in printed


def test_the_pictures_are_those_of_the_steps_and_name_the_sheet_of_the_plan(
    written: Document, demo: Plan, reference: Reference
) -> None:
    steps = {step: run(step, demo, reference) for step in TITLES}
    drawn = [b for step in steps.values() for b in step.blocks if isinstance(b, Figure)]
    entries = [e for c in chapters(written) for e in c.entries if isinstance(e.block, Figure)]
    of_plan = {
        e.block.id: e.sheet
        for c in chapters(documents.document(demo, steps, reference))
        for e in c.entries
        if isinstance(e.block, Figure)
    }
    assert len(entries) >= 5
    assert all(e.block in drawn for e in entries)
    assert {e.block.id: e.sheet for e in entries} == {e.block.id: of_plan[e.block.id] for e in entries}


def test_no_question_is_left_open_in_it_and_no_table_stands_twice(written: Document) -> None:
    blocks = [b for part in written.parts for b in part.blocks]
    left = [b.path for b in blocks if isinstance(b, Question) and not b.path.startswith("/sign_off/")]
    tables = [b.id for b in (*written.summary, *blocks) if isinstance(b, Table)]
    headings = [b.id for b in blocks if isinstance(b, Heading)]
    assert left == []
    assert len(tables) == len(set(tables))
    assert headings == ["behind-uncertainty-statement", "behind-limits", "behind-validity", "behind-sign-off"]


def test_the_same_plan_gives_the_same_bytes(demo: Plan, reference: Reference, written: Document) -> None:
    assert html.page(made(demo, reference)) == html.page(written)
