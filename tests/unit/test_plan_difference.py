"""What differs between two plans: every place once, in words, and nothing that is only in another order."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.large_plan import large_plan
from tests.unit import any_plan
from workbook.paths import shipped
from workbook.plan import Plan, edit, store
from workbook.plan.difference import difference, said, summary
from workbook.reference import Reference

DEMO = store.read(shipped("data") / "demo" / "demo.plan.json")
SCHEME = "Scheme “Find and treat high blood pressure”"
SERVICE = "Service “Ward 9, medical beds at Northmere General”"


def told(*puts: tuple[str, object]) -> list[str]:
    """What is said of the demonstration plan with values put at places."""
    plan = DEMO
    for pointer, value in puts:
        plan = edit.put(plan, pointer, value)
    return [said(change) for change in difference(DEMO, plan)]


@pytest.mark.parametrize(
    ("pointer", "value", "sentence"),
    [
        ("/base_year", 2024, "Base year changed from 2025 to 2024."),
        ("/sign_off/analyst/name", "Ada", "Sign-off, analyst: name set to “Ada”."),
        (
            "/budget/schemes/0/recurrent_cost",
            321.5,
            f"{SCHEME}: running cost a year, in full changed from £2,350k to £321.5k.",
        ),
        (
            "/budget/schemes/0/start_year",
            2029,
            f"{SCHEME}: starts in financial year changed from 2026/27 to 2029/30.",
        ),
        (
            "/budget/schemes/0/owner",
            "",
            f"{SCHEME}: owner emptied; before: “Clinical lead for heart disease”.",
        ),
        ("/budget/schemes/0/pilot/pilot", True, f"{SCHEME}, pilot: this is a pilot changed from no to yes."),
        (
            "/budget/schemes/0/priorities",
            [],
            f"{SCHEME}: priorities it serves emptied; before: “Fewer deaths from illness that can be treated”.",
        ),
        (
            "/budget/schemes/0/ramp",
            [0.5, 1],
            f"{SCHEME}: share in effect, year by year from the start changed",
        ),
        (
            "/budget/schemes/0/effects/0/low",
            -1.5,
            f"{SCHEME}, effect 1: effect, lower end changed from -3% to -1.5%.",
        ),
        (
            "/decommissioning/services/0/stop_date",
            "2027-04-01",
            f"{SERVICE}: last day of the service changed from 30 September 2027 to 1 April 2027.",
        ),
        (
            "/decommissioning/services/0/record/made_by",
            "Board",
            f"{SERVICE}, record of the decision: made by changed from “Urgent care board",
        ),
        (
            "/ambitions/items/0/levels/0/value",
            1.5,
            "Ambition 1, level 2026: level changed from 2,224 to 1.5.",
        ),
        ("/budget/scope/weights/ODR-12.c1", 50, "Scope: weights, ODR-12.c1 changed from 15 to 50."),
        (
            "/needs/answers/CST-10.1/answer",
            "Yes",
            "Needs, question CST-10.1: answer changed from “Hospital at",
        ),
        (
            "/budget/income/0/amount",
            1.5,
            "Income “Northmere Integrated Care Board, 2025/26”: income changed from £1,623,500k to £1.5k.",
        ),
        (
            "/budget/income/0/status",
            "assumed",
            "Income “Northmere Integrated Care Board, 2025/26”: confirmed or assumed changed",
        ),
    ],
)
def test_a_change_is_a_sentence_for_the_person_who_made_it(
    pointer: str, value: object, sentence: str
) -> None:
    (only,) = told((pointer, value))
    assert only.startswith(sentence)
    (change,) = difference(DEMO, edit.put(DEMO, pointer, value))
    assert change.path == pointer


def test_a_long_text_is_shortened_in_the_sentence_and_whole_beside_it() -> None:
    plan = edit.put(DEMO, "/vision/statement", "word " * 100)
    (change,) = difference(DEMO, plan)
    assert len(said(change)) < 250
    assert change.after == ("word " * 100).strip()
    assert change.before == DEMO.vision.statement


def test_an_entry_that_came_or_went_is_one_change_with_all_that_is_in_it() -> None:
    gone = edit.remove(DEMO, "/budget/schemes", 3)
    (change,) = difference(DEMO, gone)
    assert (change.kind, change.path) == ("removed", "/budget/schemes/3")
    assert said(change) == "Scheme “Diabetes checks in one visit” was taken out."
    assert "Running cost a year, in full: £960k" in change.before
    (back,) = difference(gone, DEMO)
    assert (back.kind, back.after, back.path) == ("added", change.before, "/budget/schemes/3")


def _swapped(plan: Plan) -> None:
    plan.budget.schemes.reverse()
    plan.budget.income.reverse()
    plan.budget.value.scores.reverse()
    plan.budget.schemes[0].priorities.reverse()
    plan.ambitions.items.reverse()


def _saved(plan: Plan) -> None:
    plan.revision = 77
    plan.saved = None


@pytest.mark.parametrize("change", [_swapped, _saved])
def test_another_order_or_who_saved_it_is_no_change(change: Callable[[Plan], None]) -> None:
    plan = DEMO.model_copy(deep=True)
    change(plan)
    assert plan != DEMO
    assert difference(DEMO, plan) == []


def test_an_entry_that_moved_and_changed_is_the_same_entry() -> None:
    plan = DEMO.model_copy(deep=True)
    plan.budget.schemes.reverse()
    plan.budget.schemes[-1].owner = "Somebody else"
    (change,) = difference(DEMO, plan)
    assert change.path == f"/budget/schemes/{len(plan.budget.schemes) - 1}/owner"


def test_an_entry_without_a_short_name_may_be_called_otherwise() -> None:
    (sentence,) = told(("/budget/scope/responses/1/respondent", "Chief executive"))
    assert "scored by changed from" in sentence


def test_an_entry_replaced_by_another_is_not_called_a_change_of_name() -> None:
    plan = DEMO.model_copy(deep=True)
    other = (
        edit.add(DEMO, "/decisions").decisions[-1].model_copy(update={"what": "Other", "rationale": "Why"})
    )
    plan.decisions[0] = other
    kinds = [change.kind for change in difference(DEMO, plan)]
    assert kinds == ["added", "removed"]


def test_a_summary_names_a_few_places() -> None:
    assert summary([]) == "Nothing was changed."
    one = edit.put(DEMO, "/base_year", 2024)
    assert summary(difference(DEMO, one)) == "Base year changed from 2025 to 2024."
    two = edit.put(one, "/budget/schemes/0/owner", "X")
    two = edit.put(two, "/budget/schemes/0/set_up_cost", 1)
    assert summary(difference(DEMO, two)) == f"3 changes: Base year and {SCHEME} (2)."


def test_two_hundred_schemes_are_compared_within_a_tenth_of_a_second() -> None:
    plan = large_plan(Reference.open())
    other = plan.model_copy(deep=True)
    for scheme in other.budget.schemes:
        scheme.recurrent_cost, scheme.owner = 1, "Somebody else"
    took = []
    for _ in range(3):
        start = time.perf_counter()
        found = difference(plan, other)
        took.append(time.perf_counter() - start)
    assert len(found) == 400
    assert min(took) < 0.1


@given(seed=st.integers(0, 10_000), other=st.integers(0, 10_000))
def test_any_two_plans_can_be_told_apart_in_words(seed: int, other: int) -> None:
    one, two = any_plan.drawn(seed), any_plan.drawn(other)
    assert difference(one, one.model_copy(deep=True)) == []
    found = difference(one, two)
    assert all(said(change).endswith(".") and change.where and change.path for change in found)
    assert all(change.before != change.after for change in found if change.kind == "changed")
    assert len({(change.kind, change.path) for change in found}) == len(found)
    for change in found:
        if change.kind != "removed":
            edit.get(two, change.path)
