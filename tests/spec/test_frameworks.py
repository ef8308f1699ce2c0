"""The checklists of the sources are the product: each item is asked on a page, kept in the plan, printed in the pack."""

from __future__ import annotations

import pytest

from workbook.pack import documents
from workbook.plan import Plan, edit
from workbook.reference import Reference
from workbook.render import html
from workbook.steps import TITLES, run

# The banks that the steps of this version ask, item by item, and how often for the plan below.
ASKED = {
    "CFO-01": "needs",
    "CST-04": "needs",
    "CST-05": "needs",
    "CST-06": "needs",
    "CST-08": "needs",
    "CST-09": "needs",
    "CST-10": "needs",
    "CST-12": "needs",
    "ODR-09": "budget",
    "ODR-10": "budget",
    "TDC-08": "budget",
    "CST-13": "decommissioning",
    "CST-14": "decommissioning",
}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan.model_validate(
        {
            "area": {
                "code": "SYN01",
                "name": "Northmere (synthetic)",
                "kind": "synthetic",
                "synthetic": True,
            },
            "base_year": 2024,
            "ambitions": {"items": [{"number": n} for n in range(1, 8)]},
            "decommissioning": {"services": [{"id": "clinic", "name": "Old clinic"}]},
        }
    )


@pytest.mark.parametrize(("framework", "step"), ASKED.items())
def test_every_item_is_asked_once_on_the_page_of_its_step(
    framework: str, step: str, plan: Plan, reference: Reference
) -> None:
    asked = [q.path.rsplit("/", 1)[1] for q in run(step, plan, reference).questions() if q.kind == "check"]
    of_framework = [item for item in asked if item.startswith(framework)]
    assert of_framework == [item.id for item in reference.framework(framework).items]


def test_every_answer_is_kept_and_printed(plan: Plan, reference: Reference) -> None:
    said = {}
    for step in set(ASKED.values()):
        for question in run(step, plan, reference).questions():
            if question.kind == "check":
                words = f"Said of {question.path.rsplit('/', 1)[1]}"
                said[question.path] = words
                plan = edit.put(plan, f"{question.path}/evidence", words)
                plan = edit.put(plan, f"{question.path}/answer", "partly" if question.choices else words)
    kept = Plan.model_validate_json(plan.model_dump_json())
    steps = {step: run(step, kept, reference) for step in TITLES}
    printed = html.page(documents.document(kept, steps, reference))
    assert len(said) == sum(len(reference.framework(f).items) for f in ASKED)
    assert [words for words in said.values() if f"{words}<" not in printed] == []


def test_the_seven_ambitions_stand_on_five_domains(reference: Reference) -> None:
    items = reference.framework("CFO-02").items
    assert len(items) == 7
    assert len({item.group for item in items}) == 5


def test_the_ladder_has_six_rungs_and_eight_criteria_in_the_form(plan: Plan, reference: Reference) -> None:
    scored = edit.add(plan, "/budget/scope/responses")
    paths = {
        below.path
        for question in run("budget", scored, reference).questions()
        if question.path == "/budget/scope/responses"
        for item in question.items
        for group in item.questions
        for entry in group.items
        for below in entry.questions
    }
    assert len(paths) == 6 * 8
    placed = edit.put(scored, min(paths), 4)
    assert placed.budget.scope.responses[0].scores["ODR-12.r1"]["ODR-12.c1"] == 4
