"""What survey tools export, as responses of the scope."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.plan import Plan, rows

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "rows"
OPTIONS = {"ODR-12.r1": "Core health and care", "ODR-12.r2": "Plus primary care"}
CRITERIA = {"ODR-12.c6": "Data availability", "ODR-12.c7": "Legal complexity"}
TWO = {
    "Director of finance": {
        "ODR-12.r1": {"ODR-12.c6": 4, "ODR-12.c7": 2},
        "ODR-12.r2": {"ODR-12.c6": 5, "ODR-12.c7": 1},
    },
    "Director of public health": {
        "ODR-12.r1": {"ODR-12.c6": 3},
        "ODR-12.r2": {"ODR-12.c6": 4, "ODR-12.c7": 5},
    },
}


def brought(sheet: rows.Sheet, **more: object) -> tuple[dict[str, dict[str, dict[str, int]]], str]:
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    made = rows.bring(
        plan,
        [rows.responses(sheet, OPTIONS, CRITERIA, **more)],
        known={"scope_options": OPTIONS, "scope_criteria": CRITERIA},
    )
    return {r.respondent: r.scores for r in made.plan.budget.scope.responses}, "\n".join(map(str, made.said))


def table(*lines: str) -> rows.Sheet:
    [sheet] = rows.sheets_of("survey.csv", "\n".join(lines).encode())
    return sheet


@pytest.mark.parametrize("tool", ["microsoft-forms", "google-forms", "limesurvey", "surveymonkey", "long"])
def test_each_tool_gives_the_same_responses(tool: str):
    [sheet] = rows.sheets(FIXTURES / f"{tool}.csv")
    scores, said = brought(sheet)
    assert scores == TWO
    assert "example.org" not in said


@pytest.mark.parametrize("tool", ["microsoft-forms", "google-forms", "limesurvey", "surveymonkey"])
def test_what_could_tell_who_answered_is_left_out_and_said(tool: str):
    [sheet] = rows.sheets(FIXTURES / f"{tool}.csv")
    assert "Not kept, because it could tell who answered" in brought(sheet)[1]


def test_columns_that_name_the_criterion_only_are_taken_in_the_order_of_the_options():
    sheet = table("Role,Data availability,Legal complexity,Data availability2,Legal complexity2", "A,1,2,3,4")
    scores, said = brought(sheet)
    assert scores == {
        "A": {"ODR-12.r1": {"ODR-12.c6": 1, "ODR-12.c7": 2}, "ODR-12.r2": {"ODR-12.c6": 3, "ODR-12.c7": 4}}
    }
    assert "they were taken in the order of the options" in said


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("Strongly agree", 5), ("agree", 4), ("Neither agree nor disagree", 3), ("Disagree", 2), ("strongly disagree", 1),
        ("4 - mostly", 4), ("5: fully", 5), ("2 (a little)", 2), ("3.0", 3), ("A4", 4), ("AO05", 5), ("Mostly", 4), ("1", 1),
        ("4/5", 4), ("Not at all", 1),
    ],
)  # fmt: skip
def test_words_and_numbers_are_scores(cell: str, score: int):
    scores, _ = brought(table("Role,r1 [c6]", f"A,{cell}"))
    assert scores == {"A": {"ODR-12.r1": {"ODR-12.c6": score}}}


@pytest.mark.parametrize("cell", ["N/A", "Don't know", ""])
def test_no_opinion_is_no_score(cell: str):
    scores, _ = brought(table("Role,r1 [c6],r1 [c7]", f"A,{cell},3"))
    assert scores == {"A": {"ODR-12.r1": {"ODR-12.c7": 3}}}


@pytest.mark.parametrize("cell", ["6", "0", "3.5", "perhaps", "45"])
def test_what_is_no_score_is_refused_with_its_place(cell: str):
    with pytest.raises(rows.FaultyRows) as raised:
        brought(table("Role,r1 [c6]", f"A,{cell}"))
    assert f"row 2, column r1 [c6]: “{cell}” is not read as a score. Write 1 to 5" in str(
        raised.value.faults[0]
    )


def test_columns_that_are_not_recognised_are_named_with_what_would_be():
    _, said = brought(table("Role,r1 [c6],Any other comments?", "A,3,No"))
    assert "Not recognised and left out: Any other comments?." in said
    assert "ODR-12.r2 or Plus primary care" in said
    with pytest.raises(rows.FaultyRows, match="No column is recognised as the score"):
        brought(table("Role,Comments", "A,No"))


def test_people_without_a_role_are_numbered_and_an_address_is_no_role():
    scores, said = brought(table("Role,r1 [c6]", ",3", "a.person@example.org,4"))
    assert list(scores) == ["Respondent 1", "Respondent 2"]
    assert "The role is an e-mail address, which is not kept." in said
    assert "a.person" not in said


def test_two_people_of_one_role_stay_two():
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    sheet = rows.responses(table("Role,r1 [c6]", "GP,3", "GP,5"), OPTIONS, CRITERIA)
    made = rows.bring(plan, [sheet]).plan.budget.scope.responses
    assert [(r.respondent, r.scores["ODR-12.r1"]["ODR-12.c6"]) for r in made] == [("GP", 3), ("GP", 5)]


def test_own_names_of_options_are_recognised():
    scores, _ = brought(
        table("Role,The wide scope: Data availability", "A,3"), own={"The wide scope": "ODR-12.r2"}
    )
    assert scores == {"A": {"ODR-12.r2": {"ODR-12.c6": 3}}}


def test_an_unknown_option_of_the_long_form_is_refused():
    with pytest.raises(
        rows.FaultyRows, match=r"“Roads” is no option of this plan\. Write one of these: ODR-12\.r1"
    ):
        brought(table("Role,Option,Criterion,Score", "A,Roads,Data availability,3"))
