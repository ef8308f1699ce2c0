"""Changing one place of a plan: the rest stays, and what does not fit is said by the field's name."""

from __future__ import annotations

import typing
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from workbook.errors import BadInput, WorkbookError
from workbook.plan import Plan, edit


def lists(model: type[BaseModel], at: str = "") -> Iterator[str]:
    """Every list of a plan, also those inside the entries of another, as "/needs/segments/0/levels"."""
    for name, info in model.model_fields.items():
        kind, place = edit.bare(info.annotation), f"{at}/{name}"
        if typing.get_origin(kind) is list:
            yield place
            kind, place = edit.bare(typing.get_args(kind)[0]), f"{place}/0"
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from lists(kind, place)


LISTS = tuple(lists(Plan))


def plan() -> Plan:
    return Plan.model_validate({"area": {"code": "SYN01", "name": "Northmere"}, "base_year": 2025})


def test_the_lists_are_those_of_the_model() -> None:
    assert {"/needs/segments", "/needs/segments/0/levels", "/ambitions/citizens/0/ambitions"} <= set(LISTS)


@pytest.mark.parametrize("pointer", LISTS)
def test_every_list_can_be_added_to_and_taken_from(pointer: str) -> None:
    before = plan()
    for outer in (p for p in LISTS if pointer.startswith(f"{p}/0/")):
        before = edit.add(before, outer)
    one = edit.add(before, pointer)
    two = edit.add(one, pointer)
    assert len(edit.get(two, pointer)) == 2
    assert edit.remove(edit.remove(two, pointer, 1), pointer, 0) == before


def test_new_entries_get_names_of_their_own() -> None:
    two = edit.add(edit.add(plan(), "/budget/schemes"), "/budget/schemes")
    first_gone = edit.remove(two, "/budget/schemes", 0)
    three = edit.add(first_gone, "/budget/schemes")
    names = [s.id for s in three.budget.schemes]
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        ("/base_year", "soon", "Base year: this is not a number"),
        ("/horizon", 99, "Years ahead: give 15 or less"),
        ("/budget/lines/0/amount", "12k", "Spend in the base year: this is not a number"),
        ("/budget/lines/0/amount", "nan", "Spend in the base year: this is not a number"),
        ("/decisions/0/on", "31/31/2026", "On: this is not a date"),
        ("/base_year", 1900, "Base year: give 1990 or more"),
        ("/budget/lines/0/amount", 2e9, "Spend in the base year: give 1,000,000,000 or less"),
        ("/budget/lines/7/amount", 1, "There is no place"),
        ("/revision", 7, "cannot be changed"),
        ("/saved/by", "me", "cannot be changed"),
        ("needs", 1, "no place in a plan"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_field(
    pointer: str, value: object, said: str
) -> None:
    before = edit.add(edit.add(plan(), "/budget/lines"), "/decisions")
    with pytest.raises(BadInput) as caught:
        edit.put(before, pointer, value)
    assert said in caught.value.problem
    assert caught.value.remedy


def test_an_answer_to_a_question_that_was_never_answered() -> None:
    after = edit.put(plan(), "/needs/answers/CST-10.1/answer", "Virtual wards")
    assert after.needs.answers["CST-10.1"].answer == "Virtual wards"
    assert edit.get(after, "/needs/answers/CST-10.2/answer") is None


def test_typed_numbers_and_dates_arrive_as_such() -> None:
    before = edit.add(edit.add(plan(), "/budget/lines"), "/decisions")
    after = edit.put(edit.put(before, "/budget/lines/0/amount", "1250.5"), "/decisions/0/on", "2026-04-01")
    assert after.budget.lines[0].amount == 1250.5
    assert str(after.decisions[0].on) == "2026-04-01"


@given(
    pointer=st.text(max_size=40),
    value=st.one_of(st.none(), st.text(max_size=20), st.integers(), st.lists(st.text(max_size=3))),
)
def test_any_place_and_value_gives_a_plan_or_a_sentence(pointer: str, value: object) -> None:
    for place in (pointer, "/" + pointer, "/needs/" + pointer, "/budget/scope/" + pointer):
        try:
            assert isinstance(edit.put(plan(), place, value), Plan)
        except WorkbookError as error:
            assert error.remedy
