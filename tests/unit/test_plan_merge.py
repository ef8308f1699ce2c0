"""Two people's changes to one plan: everything of both, and a choice where they contradict."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import any_plan
from workbook.errors import BadInput
from workbook.paths import shipped
from workbook.plan import Plan, edit, store
from workbook.plan.difference import difference
from workbook.plan.merge import GONE, merge, settle
from workbook.plan.sections import BenefitScore, Income

DEMO = store.read(shipped("data") / "demo" / "demo.plan.json")
SEEDS = st.integers(0, 100_000)


def with_(plan: Plan, *puts: tuple[str, object]) -> Plan:
    for pointer, value in puts:
        plan = edit.put(plan, pointer, value)
    return plan


def test_changes_of_two_places_are_both_kept() -> None:
    mine = with_(DEMO, ("/budget/schemes/0/owner", "Mine"))
    theirs = with_(DEMO, ("/budget/schemes/0/people", 5), ("/title", "Theirs"))
    merged = merge(DEMO, mine, theirs)
    assert merged.conflicts == ()
    assert merged.plan == with_(theirs, ("/budget/schemes/0/owner", "Mine"))


def test_the_result_can_be_saved_after_theirs() -> None:
    theirs = with_(DEMO, ("/title", "Theirs")).model_copy(update={"revision": 9})
    assert merge(DEMO, with_(DEMO, ("/purpose", "Mine")), theirs).plan.revision == 9


def test_one_place_changed_by_both_is_a_choice() -> None:
    mine = with_(DEMO, ("/budget/schemes/0/recurrent_cost", 100))
    theirs = with_(DEMO, ("/budget/schemes/0/recurrent_cost", 200))
    merged = merge(DEMO, mine, theirs)
    (conflict,) = merged.conflicts
    assert conflict.path == "/budget/schemes/0/recurrent_cost"
    assert conflict.where == "Scheme “Find and treat high blood pressure”: running cost a year, in full"
    assert (conflict.base, conflict.mine, conflict.theirs) == ("£2,350k", "£100k", "£200k")
    assert merged.plan == theirs
    assert settle(merged, {conflict.path: "theirs"}) == theirs
    assert settle(merged, {}) == theirs
    assert settle(merged, {conflict.path: "mine"}) == mine


@pytest.mark.parametrize("choices", [{"/title": "mine"}, {"/budget/schemes/0/owner": "nobody"}])
def test_a_choice_that_is_none_is_refused(choices: dict[str, str]) -> None:
    owner = "/budget/schemes/0/owner"
    merged = merge(DEMO, with_(DEMO, (owner, "Mine")), with_(DEMO, (owner, "Theirs")))
    with pytest.raises(BadInput, match="no choice"):
        settle(merged, choices)


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    both = with_(DEMO, ("/title", "New"), ("/budget/schemes/2/owner", ""))
    assert merge(DEMO, both, both.model_copy(deep=True)).conflicts == ()


def test_an_entry_that_theirs_took_out_and_mine_changed() -> None:
    mine = with_(DEMO, ("/budget/schemes/3/owner", "Mine"))
    theirs = edit.remove(DEMO, "/budget/schemes", 3)
    merged = merge(DEMO, mine, theirs)
    (conflict,) = merged.conflicts
    assert conflict.where == "Scheme “Diabetes checks in one visit”"
    assert conflict.path == f"/budget/schemes/{len(theirs.budget.schemes)}"
    assert conflict.theirs == GONE
    assert "Owner: Mine" in conflict.mine
    assert merged.plan == theirs
    back = settle(merged, {conflict.path: "mine"})
    assert back.budget.schemes[-1] == mine.budget.schemes[3]
    assert difference(back, mine) == []


def test_an_entry_that_mine_took_out_and_theirs_changed() -> None:
    mine = edit.remove(DEMO, "/budget/schemes", 3)
    theirs = with_(DEMO, ("/budget/schemes/3/owner", "Theirs"))
    merged = merge(DEMO, mine, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.mine) == ("/budget/schemes/3", GONE)
    assert merged.plan == theirs
    assert settle(merged, {conflict.path: "mine"}) == mine


def test_several_entries_taken_out_can_each_be_chosen() -> None:
    mine = with_(DEMO, *((f"/budget/schemes/{n}/owner", "Mine") for n in (2, 4, 6)))
    mine = edit.remove(mine, "/budget/schemes", 9)
    theirs = with_(DEMO, ("/budget/schemes/9/owner", "Theirs"))
    for n in (6, 4, 2):
        theirs = edit.remove(theirs, "/budget/schemes", n)
    merged = merge(DEMO, mine, theirs)
    assert len(merged.conflicts) == 4
    assert difference(settle(merged, {c.path: "mine" for c in merged.conflicts}), mine) == []
    some = settle(merged, {merged.conflicts[-1].path: "mine"})
    assert len(some.budget.schemes) == len(theirs.budget.schemes) + 1


def test_an_entry_nobody_else_touched_goes_when_one_side_takes_it_out() -> None:
    mine, theirs = edit.remove(DEMO, "/budget/schemes", 3), with_(DEMO, ("/budget/schemes/5/owner", "X"))
    merged = merge(DEMO, mine, theirs)
    assert merged.conflicts == ()
    assert merged.plan == with_(mine, ("/budget/schemes/4/owner", "X"))


def added(title: str, **puts: object) -> Plan:
    """The demonstration plan with a new scheme that a destination, a score and a later scheme refer to."""
    plan = edit.add(DEMO, "/budget/schemes")
    last = len(plan.budget.schemes) - 1
    id = plan.budget.schemes[last].id
    plan = with_(
        plan,
        (f"/budget/schemes/{last}/name", title),
        (f"/budget/schemes/{last}/people", puts.get("people", 1)),
        ("/budget/schemes/0/after", [*plan.budget.schemes[0].after, id]),
    )
    score = BenefitScore(respondent=title, option=f"scheme:{id}")
    plan = plan.model_copy(deep=True)
    plan.budget.value.scores = [*plan.budget.value.scores, score]
    return plan


def test_entries_added_on_both_sides_both_stay_and_keep_what_refers_to_them() -> None:
    mine, theirs = added("Mine"), added("Theirs")
    assert mine.budget.schemes[-1].id == theirs.budget.schemes[-1].id
    merged = merge(DEMO, mine, theirs)
    assert merged.conflicts == ()
    ids = {scheme.name: scheme.id for scheme in merged.plan.budget.schemes}
    assert len(set(ids.values())) == len(DEMO.budget.schemes) + 2
    assert ids["Theirs"] == theirs.budget.schemes[-1].id
    assert set(merged.plan.budget.schemes[0].after) >= {ids["Mine"], ids["Theirs"]}
    options = {score.respondent: score.option for score in merged.plan.budget.value.scores}
    assert options["Mine"] == f"scheme:{ids['Mine']}"
    assert options["Theirs"] == f"scheme:{ids['Theirs']}"


def test_an_entry_of_one_name_added_on_both_sides_is_one_and_what_differs_in_it_is_a_choice() -> None:
    mine, theirs = added("Same", people=5), added("Same", people=6)
    merged = merge(DEMO, mine, theirs)
    assert [c.path for c in merged.conflicts] == [f"/budget/schemes/{len(DEMO.budget.schemes)}/people"]
    assert merged.plan == theirs
    assert merge(DEMO, added("Same"), added("Same")).conflicts == ()


def test_empty_entries_added_in_two_tabs_are_two() -> None:
    mine = with_(edit.add(DEMO, "/budget/schemes"), ("/purpose", "Mine"))
    merged = merge(DEMO, mine, edit.add(DEMO, "/budget/schemes"))
    assert len(merged.plan.budget.schemes) == len(DEMO.budget.schemes) + 2
    voices = with_(edit.add(DEMO, "/needs/voices"), ("/purpose", "Mine"))
    assert (
        len(merge(DEMO, voices, edit.add(DEMO, "/needs/voices")).plan.needs.voices)
        == len(DEMO.needs.voices) + 2
    )


def test_the_income_of_one_year_added_on_both_sides_never_counts_twice() -> None:
    def income(amount: float) -> Plan:
        plan = DEMO.model_copy(deep=True)
        plan.budget.income = [*plan.budget.income, Income(organisation="New", year=2026, amount=amount)]
        return plan

    merged = merge(DEMO, income(1), income(2))
    assert [c.where for c in merged.conflicts] == ["Income “New, 2026/27”: income"]
    assert [i.amount for i in merged.plan.budget.income if i.organisation == "New"] == [2]


def test_a_new_short_name_and_an_entry_added_under_it_are_told_apart() -> None:
    mine = with_(DEMO, ("/budget/schemes/0/id", "brand-new"))
    theirs = with_(
        edit.add(DEMO, "/budget/schemes"), (f"/budget/schemes/{len(DEMO.budget.schemes)}/id", "brand-new")
    )
    merged = merge(DEMO, mine, theirs)
    assert {"brand-new", "brand-new-2"} <= {scheme.id for scheme in merged.plan.budget.schemes}


def test_lists_of_references_take_what_both_added_and_lose_what_either_took_out() -> None:
    place = "/budget/schemes/0/ambitions"
    base = with_(DEMO, (place, [1, 2, 3]))
    merged = merge(base, with_(base, (place, [2, 3, 5])), with_(base, (place, [1, 3, 6])))
    assert merged.conflicts == ()
    assert sorted(merged.plan.budget.schemes[0].ambitions) == [3, 5, 6]


def test_answers_and_scores_are_merged_one_by_one() -> None:
    one = "/needs/answers/CST-10.9"
    mine = with_(DEMO, (f"{one}/answer", "Yes"), (f"{one}/owner", "Me"))
    theirs = with_(DEMO, (f"{one}/evidence", "A paper"), (f"{one}/owner", "Them"))
    merged = merge(DEMO, mine, theirs)
    assert [c.path for c in merged.conflicts] == [f"{one}/owner"]
    answer = merged.plan.needs.answers["CST-10.9"]
    assert (answer.answer, answer.evidence, answer.owner) == ("Yes", "A paper", "Them")
    mine = with_(DEMO, ("/budget/scope/weights/ODR-12.c1", 1), ("/budget/scope/weights/ODR-12.c2", 2))
    theirs = with_(DEMO, ("/budget/scope/weights/ODR-12.c1", 3))
    merged = merge(DEMO, mine, theirs)
    assert [c.path for c in merged.conflicts] == ["/budget/scope/weights/ODR-12.c1"]
    assert merged.plan.budget.scope.weights["ODR-12.c2"] == 2


def test_a_name_taken_out_of_a_dictionary_by_one_and_changed_by_the_other() -> None:
    def without(plan: Plan) -> Plan:
        data = plan.model_dump()
        del data["budget"]["scope"]["weights"]["ODR-12.c1"]
        return Plan.model_validate(data)

    place = "/budget/scope/weights/ODR-12.c1"
    changed = with_(DEMO, (place, 3))
    merged = merge(DEMO, without(DEMO), changed)
    assert [(c.path, c.mine) for c in merged.conflicts] == [(place, GONE)]
    assert settle(merged, {place: "mine"}) == without(DEMO)
    merged = merge(DEMO, changed, without(DEMO))
    assert merged.plan == without(DEMO)
    assert difference(settle(merged, {place: "mine"}), changed) == []


def test_the_order_of_either_side_is_kept_where_only_that_changed_it() -> None:
    mine = DEMO.model_copy(deep=True)
    mine.budget.schemes.reverse()
    theirs = edit.remove(with_(DEMO, ("/budget/schemes/0/owner", "X")), "/budget/schemes", 3)
    ids = [scheme.id for scheme in merge(DEMO, mine, theirs).plan.budget.schemes]
    assert ids == [s.id for s in mine.budget.schemes if s.id != DEMO.budget.schemes[3].id]
    assert [s.id for s in merge(DEMO, theirs, mine).plan.budget.schemes] == ids


# --- properties ------------------------------------------------------------------------------


@cache
def drawn(seed: int) -> Plan:
    return any_plan.drawn(seed)


@given(base=SEEDS, other=SEEDS)
def test_a_merge_with_who_changed_nothing_is_what_the_other_has(base: int, other: int) -> None:
    one, two = drawn(base), drawn(other)
    assert merge(one, two, one).plan == two
    assert merge(one, one, two).plan == two
    assert merge(one, two, two).plan == two
    for merged in (merge(one, two, one), merge(one, one, two), merge(one, two, two)):
        assert merged.conflicts == ()


@given(base=SEEDS, mine=SEEDS, theirs=SEEDS)
def test_any_three_plans_merge_into_one_that_is_valid(base: int, mine: int, theirs: int) -> None:
    merged = merge(drawn(base), drawn(mine), drawn(theirs))
    assert Plan.model_validate(merged.plan.model_dump()) == merged.plan
    assert len({c.path for c in merged.conflicts}) == len(merged.conflicts)
    assert all(c.where and c.mine != c.theirs for c in merged.conflicts)
    for choice in ("mine", "theirs"):
        chosen = settle(merged, {c.path: choice for c in merged.conflicts})
        assert Plan.model_validate(chosen.model_dump()) == chosen
    assert settle(merged, {c.path: "theirs" for c in merged.conflicts}) == merged.plan


def _leaves() -> list[tuple[str, Callable[[random.Random], object]]]:
    """Places of the demonstration plan that take any text or number, with what to put there."""
    words, figures = lambda dice: f"Words {dice.random()}", lambda dice: dice.randrange(1, 10**6)
    found: list[tuple[str, Callable[[random.Random], object]]] = [("/purpose", words), ("/title", words)]
    for n in range(len(DEMO.budget.schemes)):
        found += [(f"/budget/schemes/{n}/{name}", words) for name in ("owner", "description", "could_lose")]
        found += [(f"/budget/schemes/{n}/{name}", figures) for name in ("recurrent_cost", "people")]
        found += [(f"/budget/schemes/{n}/answers/CST-16.{k}/answer", words) for k in range(1, 4)]
    for n in range(len(DEMO.decommissioning.services)):
        found += [(f"/decommissioning/services/{n}/{name}", words) for name in ("reason", "record/made_by")]
        found += [(f"/decommissioning/services/{n}/equality/{g}/evidence", words) for g in ("age", "sex")]
    found += [
        (f"/needs/answers/CST-10.{n}/{name}", words) for n in range(1, 5) for name in ("answer", "owner")
    ]
    found += [(f"/budget/income/{n}/amount", figures) for n in range(len(DEMO.budget.income))]
    return found


LEAVES = _leaves()


def edited(places: list[tuple[str, Callable[[random.Random], object]]], dice: random.Random) -> Plan:
    data = DEMO.model_dump()
    for pointer, value in places:
        *way, last = pointer.strip("/").split("/")
        inside = data
        for part in way:
            inside = inside[int(part)] if isinstance(inside, list) else inside.setdefault(part, {})
        inside[int(last) if isinstance(inside, list) else last] = value(dice)
    return Plan.model_validate(data)


@given(seed=SEEDS, many=st.integers(1, 6))
def test_changes_of_different_places_merge_without_a_choice_and_either_way_round(
    seed: int, many: int
) -> None:
    dice = random.Random(seed)
    places = dice.sample(LEAVES, 2 * many)
    mine, theirs = edited(places[:many], dice), edited(places[many:], dice)
    one, other = merge(DEMO, mine, theirs), merge(DEMO, theirs, mine)
    assert one.conflicts == other.conflicts == ()
    assert difference(one.plan, other.plan) == []
    mine_and_theirs = {(c.path, c.after) for side in (mine, theirs) for c in difference(DEMO, side)}
    assert {(c.path, c.after) for c in difference(DEMO, one.plan)} == mine_and_theirs


@given(seed=SEEDS, many=st.integers(1, 6), taken=st.integers(0, 2))
def test_nothing_of_either_side_is_lost_but_where_a_conflict_says_so(
    seed: int, many: int, taken: int
) -> None:
    dice = random.Random(seed)
    few = dice.sample(LEAVES, 8)
    sides = []
    for who in ("Mine", "Theirs"):
        side = edited(dice.sample(few, min(many, len(few))), dice)
        for _ in range(taken):
            side = edit.remove(side, "/budget/schemes", dice.randrange(len(side.budget.schemes)))
        side = edit.add(side, "/budget/schemes")
        sides.append(with_(side, (f"/budget/schemes/{len(side.budget.schemes) - 1}/name", who)))
    mine, theirs = sides
    merged = merge(DEMO, mine, theirs)
    # Whoever merges once more finds everything of theirs there, and of mine after every choice fell for mine.
    assert merge(DEMO, theirs, merged.plan).plan == merged.plan
    everything = settle(merged, {c.path: "mine" for c in merged.conflicts})
    again = merge(DEMO, mine, everything)
    assert difference(again.plan, everything) == []
    assert again.conflicts == ()
