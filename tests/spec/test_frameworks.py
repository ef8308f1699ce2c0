"""The checklists of the sources are the product: each item is asked on a page, kept in the plan, printed in the pack."""

from __future__ import annotations

import html as escaping

import pytest

from workbook.blocks import Figure, Question, Table, Words
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
    "ODR-06": "ambitions",
    "PVW-07": "ambitions",
    "ODR-09": "budget",
    "ODR-10": "budget",
    "CFO-03": "budget",
    "CST-15": "budget",
    "TDC-08": "budget",
    "CST-16": "budget",
    "PVW-05": "budget",
    "CST-13": "decommissioning",
    "CST-14": "decommissioning",
    "NAO-01": "decommissioning",
    "SCT-01": "decommissioning",
    "SCT-02": "decommissioning",
    "DRV-01": "decommissioning",
    "DRV-02": "decommissioning",
}


# Accounts of places that the budget page tells, one row each.
TOLD = ("PVW-04", "PVW-06", "TDC-06", "TDC-07", "TDC-09")

# What the needs page shows without asking: in a table, in a figure's table, or in words.
SHOWN = ("CST-07", "CST-11", "CFO-12", "CFO-13", "ODR-11", "ODR-13", "ODR-14")


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
            "budget": {"schemes": [{"id": "checks", "name": "Health checks", "funded": True}]},
            "decommissioning": {
                "services": [{"id": "clinic", "name": "Old clinic", "substantial": True, "beds_closed": 4}]
            },
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


@pytest.mark.parametrize("framework", TOLD)
def test_every_account_is_told_on_the_budget_page(framework: str, plan: Plan, reference: Reference) -> None:
    (told,) = [t for t in run("budget", plan, reference).tables() if t.id == "cases"]
    places = [row[0] for row in told.rows]
    assert [c.title for c in reference.cases(framework) if c.title not in places] == []
    assert reference.framework(framework).step in ("budget", "library")


@pytest.mark.parametrize("framework", SHOWN)
def test_every_item_that_is_not_asked_is_shown(framework: str, plan: Plan, reference: Reference) -> None:
    """In the plan without segments and vision of this module: examples are shown only while there is nothing else."""
    shown = _read(run("needs", plan, reference).blocks)
    printed = _plain(html.page(_document(plan, reference)))
    for item in reference.framework(framework).items:
        for part in _parts(framework, item.label):
            assert part in shown, item.id
            assert part in printed, item.id


def _parts(framework: str, label: str) -> list[str]:
    """An item as the page words it: a case is a place and what was done, a cell a group and an age."""
    apart = {"CFO-12": ": ", "ODR-14": ", "}.get(framework)
    parts = label.split(apart, 1) if apart else [label]
    return [part.casefold() for part in parts]


def _read(blocks: tuple) -> str:
    """All that a page says outside its questions."""
    said: list[str] = []
    for block in blocks:
        if isinstance(block, Words):
            said += block.paragraphs
        table = block.table if isinstance(block, Figure) else block
        if isinstance(table, Table):
            said += [column.label for column in table.columns]
            said += [str(cell) for row in table.rows for cell in row]
    return "\n".join(said).casefold()


def _plain(page: str) -> str:
    return escaping.unescape(page).casefold()


def _document(plan: Plan, reference: Reference):
    return documents.document(plan, {step: run(step, plan, reference) for step in TITLES}, reference)


def test_every_cell_of_the_devon_matrix_stands_as_printed(plan: Plan, reference: Reference) -> None:
    blocks = run("needs", plan, reference).blocks
    figure = next(b for b in blocks if isinstance(b, Figure) and b.id == "devon-matrix")
    cells = [row for row in figure.table.rows if row[1] != "All segments"]
    assert len(cells) == 21
    assert [tuple(row[2:5]) for row in cells if row[1] == "Cancer" and row[0] == "70+"] == [
        (20.7, 4089, 64.5)
    ]
    assert sum("one of the three is wrong" in str(row[5]) for row in cells) == 2
    words = _read(blocks)
    assert "age 16 stands in two bands" in words
    assert "labelled as children" in words
    assert "mean different things" in words


def test_examples_give_way_to_the_plans_own(plan: Plan, reference: Reference) -> None:
    own = edit.put(edit.add(plan, "/needs/segments"), "/needs/segments/0/name", "Frail")
    own = edit.put(own, "/vision/statement", "At home as long as one wishes.")
    ids = {getattr(b, "id", "") for b in run("needs", own, reference).blocks}
    assert not ids & {"devon-matrix", "example-vision"}


@pytest.mark.parametrize("group", ["determinants", "levels for action", "units of focus"])
def test_determinants_levels_and_focus_can_be_chosen_for_a_priority(
    group: str, plan: Plan, reference: Reference
) -> None:
    field = {"determinants": "determinants", "levels for action": "action_levels", "units of focus": "focus"}
    wanted = [i.id for i in reference.framework("ODR-11").items if i.group == group]
    prioritised = edit.add(plan, "/needs/priorities")
    asked = next(
        inner
        for question in run("needs", prioritised, reference).questions()
        if question.path == "/needs/priorities"
        for inner in question.items[0].questions
        if inner.path == f"/needs/priorities/0/{field[group]}"
    )
    assert [choice.value for choice in asked.choices] == wanted
    chosen = edit.put(prioritised, asked.path, wanted[0] if asked.kind == "choice" else wanted)
    assert edit.get(Plan.model_validate_json(chosen.model_dump_json()), asked.path)


def test_the_four_questions_open_and_end_the_four_parts_in_their_order(
    plan: Plan, reference: Reference
) -> None:
    blocks = run("needs", plan, reference).blocks
    opened = [b.paragraphs[0].partition(":")[0] for b in blocks if isinstance(b, Words) and b.style == "lead"]
    assert opened == [f"Question {n} of 4" for n in range(1, 5)]
    asked = [b.path.rsplit("/", 1)[1] for b in blocks if isinstance(b, Question) and "/CST-05." in b.path]
    assert asked == [f"CST-05.{n}" for n in range(1, 5)]


def test_the_places_of_the_case_studies_show_their_printed_figures(reference: Reference) -> None:
    places = reference.places()
    for place in sorted(set(places["place"])):
        of = Plan.model_validate({"area": {"code": place, "name": "A place of the cases"}, "base_year": 2019})
        shown = _read(run("needs", of, reference).blocks)
        for printed in places.loc[places["place"] == place, "printed"]:
            assert str(printed).casefold() in shown, (place, printed)


def test_where_a_source_of_2014_went_is_said_beside_it(plan: Plan, reference: Reference) -> None:
    table = next(t for t in run("needs", plan, reference).tables() if t.id == "sources-of-2014")
    assert len(table.rows) == 7
    assert all(name and today for name, today in table.rows)
