"""The scope of the budgets: options and criteria as amended, the result in words, and the lines to the pound."""

from __future__ import annotations

import copy
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spec.test_thread import sound
from workbook.blocks import Block, Figure, Heading, Question, Result, Table, Words
from workbook.plan import Plan, edit
from workbook.reference import Reference
from workbook.steps import ladder
from workbook.steps.budget import scope, scope_lines, scope_scores, scope_why

RUNGS = [f"ODR-12.r{n}" for n in range(1, 7)]
CRITERIA = [f"ODR-12.c{n}" for n in range(1, 9)]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def plan_with(**budget: Any) -> Plan:
    data = copy.deepcopy(sound())
    data["budget"] |= budget
    return Plan.model_validate(data)


def person(name: str, *scores: int, criteria: list[str] | None = None) -> dict[str, Any]:
    """One person's scores, the same for all criteria of a rung; legal complexity is scored the other way round."""
    asked = criteria or CRITERIA
    return {
        "respondent": name,
        "scores": {
            rung: {c: 6 - s if c == CRITERIA[6] else s for c in asked}
            for rung, s in zip(RUNGS, scores, strict=False)
        },
    }


def page(plan: Plan, reference: Reference) -> tuple[list[Block], list[Result]]:
    results: list[Result] = []
    return scope.part(plan, reference, results), results


def words_of(blocks: list[Block]) -> str:
    said = [p for b in blocks if isinstance(b, Words) for p in b.paragraphs]
    return "\n".join([*said, *(b.title for b in blocks if isinstance(b, Figure))])


def table_of(blocks: list[Block], id: str) -> list[dict[str, Any]]:
    for block in blocks:
        found = block.table if isinstance(block, Figure) else block
        if isinstance(found, Table) and found.id == id:
            return [dict(zip((c.name for c in found.columns), row, strict=True)) for row in found.rows]
    raise AssertionError(f"no table {id}")


# --- which lines are in ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rung", "own", "place", "inside"),
    [
        ("ODR-12.r1", "ladder", "in", True),
        ("ODR-12.r2", "ladder", "in", True),
        ("ODR-12.r3", "ladder", "out", False),
        ("ODR-12.r3", "in", "moved-in", True),
        ("ODR-12.r3", "out", "out", False),
        ("ODR-12.r1", "out", "moved-out", False),
        ("ODR-12.r1", "in", "in", True),
        ("", "ladder", "no-rung", False),
        ("", "in", "moved-in", True),
    ],
)
def test_a_line_is_in_by_its_rung_unless_it_says_otherwise(
    rung: str, own: str, place: str, inside: bool, reference: Reference
) -> None:
    line = {"id": "a", "name": "A", "organisation": "Board", "amount": 1, "rung": rung, "scope": own}
    plan = plan_with(lines=[line], scope={"chosen": "ODR-12.r2"})
    assert scope_lines.place_of(plan.budget.lines[0], scope.in_scope(plan, reference)) == place
    assert scope.lines_in_scope(plan, reference) == [inside]


def test_a_rung_left_out_takes_its_budgets_out_and_one_of_our_own_stands_on_top(reference: Reference) -> None:
    own = {"id": "transport", "name": "Plus transport"}
    plan = plan_with(
        scope={"options_out": ["ODR-12.r3", "ODR-12.r6"], "options": [own], "chosen": "transport"}
    )
    assert [r.id for r in ladder.rungs(plan, reference)] == [*(RUNGS[n] for n in (0, 1, 3, 4)), "transport"]
    assert scope.in_scope(plan, reference) == {*(RUNGS[n] for n in (0, 1, 3, 4)), "transport"}


def line(n: int, organisation: str, thousands: float, rung: str, own: str = "ladder") -> dict[str, Any]:
    return {
        "id": f"l{n}",
        "name": f"L{n}",
        "organisation": organisation,
        "amount": thousands,
        "rung": rung,
        "scope": own,
    }


def test_the_reconciliation_by_hand(reference: Reference) -> None:
    """A board and a council, to the pound: 100.001 + 50 in; 7.5 out by rung; 2.499 out by decision; the rest."""
    lines = [
        line(1, "Board", 100.001, "ODR-12.r1"),
        line(2, "Board", 50, "ODR-12.r4", "in"),
        line(3, "Board", 7.5, "ODR-12.r3"),
        line(4, "Council", 2.499, "ODR-12.r1", "out"),
    ]
    organisations = [
        {"name": "Board", "total": 157.501, "status": "confirmed"},
        {"name": "Council", "total": 10, "outside": "Roads and waste."},
    ]
    plan = plan_with(lines=lines, organisations=organisations, scope={"chosen": "ODR-12.r1"})
    blocks, results = page(plan, reference)
    board, council, everyone = table_of(blocks, "in-and-out")
    assert [board[k] for k in ("inside", "out", "moved", "left", "whole")] == [150.001, 7.5, 0, 0, 157.501]
    assert [council[k] for k in ("inside", "out", "moved", "left", "whole")] == [0, 0, 2.499, 7.501, 10]
    assert [everyone[k] for k in ("inside", "out", "moved", "left", "whole")] == [
        150.001,
        7.5,
        2.499,
        7.501,
        167.501,
    ]
    said = words_of(blocks)
    assert "Board's lines add up to its whole spend, to the pound." in said
    assert "Council: £7,501 of £10k is not entered as lines: Roads and waste." in said
    assert "£50k comes in and £2,499 stays out by the line's own decision" in said
    found = {r.id: r.value for r in results}
    assert (found["budget.in-scope"], found["budget.out-of-scope"]) == (150.001, 9.999)
    assert found["budget.in-scope.board"] == 150.001


def test_lines_above_the_whole_and_a_whole_that_is_not_given_are_said(reference: Reference) -> None:
    lines = [line(1, "Board", 12, "ODR-12.r1"), line(2, "Council", 5, "ODR-12.r1")]
    blocks, _ = page(plan_with(lines=lines, organisations=[{"name": "board", "total": 10}]), reference)
    said = words_of(blocks)
    assert "Board: the lines come to £12k, £2k more than the whole spend given." in said
    assert "No whole spend is given for Council" in said
    board, council, everyone = table_of(blocks, "in-and-out")
    assert board["left"] == -2 and council["left"] is None and everyone["whole"] is None


def test_organisations_of_like_names_keep_their_own_results(reference: Reference) -> None:
    lines = [line(n, who, n + 1, "ODR-12.r1") for n, who in enumerate(("A & B", "A B", "A-B", "\u00c5"))]
    _, results = page(plan_with(lines=lines), reference)
    ids = [r.id for r in results]
    assert len(set(ids)) == len(ids) == 2 + 4


MONEY = st.integers(0, 10**9).map(lambda pounds: pounds / 1000)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["Board", "Council", "Trust"]),
        MONEY,
        st.sampled_from([*RUNGS, ""]),
        st.sampled_from(["ladder", "in", "out"]),
    ),
    min_size=1,
    max_size=12,
)


@given(LINES, st.sampled_from(RUNGS), MONEY)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_organisation_adds_up_to_the_pound(
    reference: Reference, rows: list[Any], chosen: str, whole: float
) -> None:
    """Second route: decimal arithmetic on the amounts as typed."""
    lines = [line(n, who, amount, rung, own) for n, (who, amount, rung, own) in enumerate(rows)]
    plan = plan_with(lines=lines, organisations=[{"name": "Board", "total": whole}], scope={"chosen": chosen})
    for account in scope_lines.accounts(plan, reference):
        own = [Decimal(str(x["amount"])) * 1000 for x in lines if x["organisation"] == account.name]
        assert account.entered == sum(own)
        if account.name == "Board":
            assert account.left is not None and account.left + account.entered == round(whole * 1000)
    table = table_of(page(plan, reference)[0], "in-and-out")
    for row in table:
        if row["whole"] is not None:
            parts = [row[k] for k in ("inside", "out", "moved", "no_rung", "left") if k in row]
            assert round(sum(parts) * 1000) == round(row["whole"] * 1000)
    assert round(sum(r["amount"] for r in table_of(page(plan, reference)[0], "scope-lines")) * 1000) == sum(
        round(x["amount"] * 1000) for x in lines
    )


def test_the_six_budgets_and_the_two_left_out_have_their_lines(reference: Reference) -> None:
    lines = [
        line(1, "Board", 10, "ODR-12.r1") | {"growth": "acute"},
        line(2, "Board", 9, "ODR-12.r1") | {"growth": "social-care"},  # continuing care is the board's
        line(3, "Council", 8, "ODR-12.r1") | {"growth": "social-care"},
        line(4, "Council", 7, "ODR-12.r1") | {"growth": "public-health"},
        line(5, "Board", 6, "ODR-12.r2"),
        line(6, "Board", 5, "ODR-12.r3"),
        line(7, "Council", 4, "ODR-12.r4"),
        line(8, "Council", 3, "ODR-12.r6") | {"name": "Transport to day centres"},
        line(9, "Council", 2, "ODR-12.r6") | {"name": "Waste and roads"},
        line(10, "Council", 1, "ODR-12.r6") | {"name": "Arts"},
    ]
    plan = plan_with(lines=lines, scope={"chosen": "ODR-12.r2"})
    rows = table_of(page(plan, reference)[0], "budgets-in-question")
    assert [(r["lines"], r["inside"], r["outside"]) for r in rows] == [
        (2, 19, 0),
        (1, 7, 0),
        (2, 8, 4),
        (1, 6, 0),
        (1, 0, 5),
        (1, 0, 3),
        (1, 0, 2),
        (0, 0, 0),
        (1, 0, 1),
    ]


# --- what the scores say ------------------------------------------------------------------


def test_nothing_entered_shows_sentences_and_questions_and_no_table(reference: Reference) -> None:
    blocks, results = page(Plan.model_validate({"area": sound()["area"], "base_year": 2024}), reference)
    said = words_of(blocks)
    assert "Nobody has scored the options yet." in said and "No budget line has been entered yet" in said
    assert not [b for b in blocks if isinstance(b, (Table, Figure))] and results == []
    paths = [b.path for b in blocks if isinstance(b, Question)]
    for field in ("options_out", "options", "criteria_out", "criteria", "weights", "responses", "chosen"):
        assert f"/budget/scope/{field}" in paths
    assert "/budget/organisations" in paths


def test_the_order_its_reasons_and_the_rungs(reference: Reference) -> None:
    plan = plan_with(scope={"chosen": "ODR-12.r1", "responses": [person("CFO", 2, 5, 3, 3, 1, 1)]})
    blocks, results = page(plan, reference)
    rows = table_of(blocks, "scope")
    assert [r["name"] for r in rows][:2] == ["Plus primary care", "Plus specialised services"]
    assert [r["score"] for r in rows] == [100, 50, 50, 25, 0, 0]
    assert [r["rank"] for r in rows] == [1, 2, 2, 4, 5, 5]
    said = words_of(blocks)
    assert "The scope chosen, “Core health and care”, stands in place 4." in said
    assert "“Plus primary care” leads on impact and on practicality alike." in said
    assert "One person has scored, so nothing can be said of agreement." in said
    gains = [r["gain"] for r in table_of(blocks, "scope-rungs")]
    assert gains == [None, 75, -50, 0, -50, 0]
    assert "“Plus specialised services” is the first that takes more than it adds (-50.0 points)." in said
    shares = {r["name"]: r["any"] for r in table_of(blocks, "scope-firm")}
    assert shares["Plus primary care"] == 100 and sum(shares.values()) == pytest.approx(100)
    found = {r.id: r.value for r in results}
    assert found["budget.scope.ODR-12.r2"] == 100 and found["budget.scope.ODR-12.r1.rank"] == 4
    assert found["budget.scope.ODR-12.r2.first.near"] == 100


def test_the_part_leads_with_the_answer(reference: Reference) -> None:
    one = {"responses": [person("CFO", 2, 5, 3, 3, 1, 1)]}
    first = page(plan_with(scope=one | {"chosen": "ODR-12.r2"}), reference)[0][1]
    assert isinstance(first, Words)
    assert first.paragraphs[0].startswith("The scope chosen is “Plus primary care”")
    assert first.paragraphs[0].endswith("Of 6 scopes scored by 1 person it comes first.")
    other = page(plan_with(scope=one | {"chosen": "ODR-12.r1"}), reference)[0][1]
    assert isinstance(other, Words)
    assert other.paragraphs[0].endswith(
        "By the scores of 1 person, “Plus primary care” leads with 100 of 100."
    )
    none = page(plan_with(scope=one | {"chosen": ""}), reference)[0][1]
    assert isinstance(none, Words) and none.paragraphs[0].startswith("No scope has been chosen yet.")


def test_people_who_differ_are_named_where_they_differ(reference: Reference) -> None:
    one, two = person("Finance", 5, 4, 3, 2, 2, 1), person("Public health", 5, 4, 3, 2, 2, 1)
    two["scores"]["ODR-12.r4"]["ODR-12.c3"] = 5
    blocks, results = page(plan_with(scope={"responses": [one, two]}), reference)
    said = words_of(blocks)
    assert "Broader determinants of health, “Plus housing”: from 2 (Finance) to 5 (Public health)." in said
    assert (
        "Of 2 people, by their own scores and the common weights, 2 put “Core health and care” first." in said
    )
    w = next(r.value for r in results if r.id == "budget.scope-agreement")
    assert 0.9 < float(str(w)) <= 1 and "are almost the same: Kendall's W is" in said


def test_a_tie_at_the_top_is_said_and_no_weight_is_named(reference: Reference) -> None:
    blocks, _ = page(plan_with(scope={"responses": [person("CFO", 4, 4, 2, 2, 2, 2)]}), reference)
    said = words_of(blocks)
    assert "tie for first place" in said and "share the highest score, 75 of 100" in said
    assert "First place is shared already" in said
    shares = {r["name"]: r["any"] for r in table_of(blocks, "scope-firm")}
    assert shares["Core health and care"] == shares["Plus primary care"] == 50


def test_how_often_an_option_wins_under_any_weights_has_a_closed_form(reference: Reference) -> None:
    """A scores 4 and 2, B 3 and 4: A leads where its first weight is above two thirds, a third of all mixes."""
    first, second = CRITERIA[0], CRITERIA[4]
    scores = {RUNGS[0]: {first: 4, second: 2}, RUNGS[1]: {first: 3, second: 4}}
    plan = plan_with(
        scope={
            "options_out": RUNGS[2:],
            "criteria_out": [c for c in CRITERIA if c not in (first, second)],
            "weights": {first: 3, second: 1},
            "responses": [{"respondent": "CFO", "scores": scores}],
        }
    )
    blocks, _ = page(plan, reference)
    shares = {r["name"]: r["any"] for r in table_of(blocks, "scope-firm")}
    assert shares["Core health and care"] == pytest.approx(100 / 3, abs=1.5)
    tipping = {r["criterion"]: r["needed"] for r in table_of(blocks, "scope-tipping")}
    assert list(tipping.values()) == pytest.approx([2, 1.5])
    assert "first place changes with priorities of the needs assessment halved" in words_of(blocks)
    assert (
        "from 1.0 to 1.5 (from 25% of all weight to 33%), where “Plus primary care” draws level"
        in words_of(blocks)
    )


def test_criteria_of_one_kind_cannot_be_weighed_against_the_other(reference: Reference) -> None:
    blocks, _ = page(
        plan_with(scope={"criteria_out": CRITERIA[4:], "responses": [person("CFO", 4, 3, 2, 2, 2, 2)]}),
        reference,
    )
    assert "No criterion that counts is about practicality" in words_of(blocks)
    assert "scope-impact" not in [b.id for b in blocks if isinstance(b, Figure)]


def test_only_options_and_criteria_in_force_are_asked_and_nothing_is_lost(reference: Reference) -> None:
    own = {"id": "ready", "name": "Ready to start", "kind": "practical"}
    plan = plan_with(
        scope={
            "options_out": RUNGS[3:],
            "criteria_out": ["ODR-12.c8"],
            "criteria": [own],
            "responses": [person("CFO", 5, 4, 3, 2, 2, 1)],
        }
    )
    blocks, _ = page(plan, reference)
    (asked,) = [b for b in blocks if isinstance(b, Question) and b.path == "/budget/scope/responses"]
    paths = {q.path for i in asked.items for g in i.questions for e in g.items for q in e.questions}
    assert len(paths) == 3 * 8
    assert "/budget/scope/responses/0/scores/ODR-12.r1/ready" in paths
    said = words_of(blocks)
    assert "The plan keeps 27 scores of what is no longer there" in said  # 3 rungs x 8 and 3 x 1 criterion
    assert "Amended here: 3 rungs left out, 1 criterion left out and 1 criterion of our own." in said
    back = edit.put(edit.put(plan, "/budget/scope/options_out", []), "/budget/scope/criteria_out", [])
    assert scope_scores.scored(back, reference).set_aside.empty
    assert len(scope_scores.scored(back, reference).scores) == 48


def test_weights_of_nought_count_as_equal_and_are_shown_as_typed(reference: Reference) -> None:
    plan = plan_with(
        scope={"weights": dict.fromkeys(CRITERIA, 0), "responses": [person("CFO", 5, 4, 3, 2, 2, 1)]}
    )
    assert set(scope_scores.weights_of(plan, reference).values()) == {1}
    (asked,) = [
        b for b in page(plan, reference)[0] if isinstance(b, Question) and b.path == "/budget/scope/weights"
    ]
    assert {q.answer for q in asked.items[0].questions} == {0}


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([*RUNGS, "gone"]),
            st.dictionaries(st.sampled_from([*CRITERIA, "own", "gone"]), st.integers(1, 5)),
        ),
        max_size=4,
    ),
    st.lists(st.sampled_from(RUNGS), max_size=5),
    st.lists(st.sampled_from(CRITERIA), max_size=8),
    st.dictionaries(st.sampled_from(CRITERIA), st.floats(0, 100)),
    st.sampled_from(["", *RUNGS]),
)
@settings(max_examples=35, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_scores_however_patchy_break_the_page(
    reference: Reference, scores: list[Any], out: list[str], less: list[str], weights: Any, chosen: str
) -> None:
    responses = [{"respondent": "", "scores": s} for s in scores]
    plan = plan_with(
        scope={
            "responses": responses,
            "options_out": out,
            "criteria_out": less,
            "criteria": [{"id": "own", "name": "Own"}],
            "weights": weights,
            "chosen": chosen,
        }
    )
    blocks, results = page(plan, reference)
    assert all(
        p.strip() and "nan" not in p.split() for b in blocks if isinstance(b, Words) for p in b.paragraphs
    )
    assert len({r.id for r in results}) == len(results)


def test_many_people_and_lines_take_little_time(reference: Reference) -> None:
    """60 people and 200 lines; the bound is wide, for slow machines."""
    people = [person(f"P{n}", *((n * k) % 5 + 1 for k in range(1, 7))) for n in range(60)]
    lines = [line(n, f"Body {n % 7}", n, RUNGS[n % 6]) for n in range(200)]
    plan = plan_with(lines=lines, scope={"chosen": "ODR-12.r2", "responses": people})
    began = time.perf_counter()
    page(plan, reference)
    assert time.perf_counter() - began < 3


# --- why, and what stands in the way ---------------------------------------------------------


def test_the_harms_are_summed_up(reference: Reference) -> None:
    answers = {f"ODR-10.{n}": {"answer": a} for n, a in enumerate(("yes", "yes", "partly", "no"), 1)}
    said = words_of(scope_why.harms(plan_with(answers=answers), reference))
    assert (
        "Of the 8 harms of budgets that are planned apart, 2 are seen here, 1 in part, 1 not and 4 without"
        in said
    )
    assert "gaps open where responsibility is unclear" in said
    assert "say which are seen here" in words_of(scope_why.harms(plan_with(), reference))


def test_twelve_barriers_are_asked_in_five_groups(reference: Reference) -> None:
    answers = {
        "CFO-03.3": {"answer": "yes", "owner": "Director of contracting"},
        "CFO-03.7": {"answer": "partly"},
    }
    blocks = scope_why.barriers(plan_with(answers=answers), reference)
    assert [b.text for b in blocks if isinstance(b, Heading) and b.level == 4] == [
        "Path dependency",
        "Incentives",
        "Measures",
        "Complexity",
        "Capacity and capability",
    ]
    asked = [b.path for b in blocks if isinstance(b, Question)]
    assert asked == [f"/budget/answers/CFO-03.{n}" for n in range(1, 13)]
    said = words_of(blocks)
    assert "1 is seen here, 1 in part and 10 without an answer yet" in said
    assert "Met, and nobody answers for it yet: data are not robust or timely." in said
