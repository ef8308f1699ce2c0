"""People on the needs page: who was heard, who is left out, who would gain most, and the findings about it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.blocks import Figure, Question, Table, Words
from workbook.plan import Plan, edit
from workbook.reference import Reference, equality
from workbook.steps import run, thread
from workbook.steps.needs import gradients, inequality, people, risks
from workbook.steps.thread.needs import _untold

PRIORITY = {"id": "early", "title": "Earlier help", "indicators": ["demo-loneliness"]}
VOICES = [
    {"who": "Forum", "kind": "residents", "asked": 40, "not_heard": "The young", "priority": "early"},
    {"who": "Ward", "kind": "staff", "asked": 12, "not_heard": "Nights", "priority": "early"},
]
LEVELS = [
    {"level": "highest 5%", "people": 1000, "risk": 50, "reached": 0.5, "reduction": 10, "source": "Trial"},
    {"level": "next 15%", "people": 3000, "risk": 30, "reached": 0.5, "reduction": 30, "source": "Trial"},
]
SEGMENT = {"id": "frail", "name": "Frail", "event": "An emergency admission", "levels": LEVELS}
AGREED = {"CST-09.3": {"answer": "Counts only; agreed by the board"}}
UNSEEN = [{"group": "carers", "known": "Known to their practice", "action": "Ask at discharge"}]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def planned(area: str = "SYN01", **needs: Any) -> Plan:
    return Plan.model_validate(
        {
            "area": {"code": area, "name": "Northmere (synthetic)", "kind": "synthetic", "synthetic": True},
            "base_year": 2024,
            "needs": {"priorities": [PRIORITY], "voices": VOICES, "unseen": UNSEEN} | needs,
        }
    )


def words(plan: Plan, reference: Reference) -> str:
    blocks = run("needs", plan, reference).blocks
    return " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)


# --- who was heard ---------------------------------------------------------------


def test_the_words_say_who_was_asked_and_who_was_not() -> None:
    said = " ".join(people.heard(planned()).paragraphs)
    assert "2 entries on record, from residents and staff. 52 people were asked" in said
    assert "Not on record as asked: patients, carers, the voluntary sector or providers." in said


def test_nobody_heard_kinds_not_said_and_entries_without_a_number_are_said() -> None:
    assert "Nobody's words" in people.heard(planned(voices=[])).paragraphs[0]
    bare = " ".join(people.heard(planned(voices=[{"who": "Somebody"}])).paragraphs)
    assert "None says how many people were asked." in bare
    assert "cannot be told who is missing" in bare
    assert "1 entry does not say who was not heard." in bare
    assert "Nobody is on record on “Earlier help”." in bare
    half = people.heard(planned(voices=[VOICES[0], {"who": "Ward", "kind": "staff"}])).paragraphs[0]
    assert "40 people were asked in the 1 entry that says so" in half


def test_citizens_own_outcomes_of_step_2_are_pointed_to(reference: Reference) -> None:
    assert "None of their own outcomes is listed yet" in words(planned(), reference)
    plan = edit.put(edit.add(planned(), "/ambitions/citizens"), "/ambitions/citizens/0/outcome", "Company")
    assert "stands beside the seven ambitions in step 2, where they are kept: Company." in words(
        plan, reference
    )


# --- who is left out ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("Ethnic groups, broad", {"race"}),
        ("County & UA deprivation deciles in England (IMD2019)", {"deprivation"}),
        ("Sexuality", {"sexual-orientation"}),  # and not sex
        ("Sex", {"sex"}),
        ("Age", {"age"}),
        ("Language", set()),  # holds "age"
        ("Way of transport", set()),  # begins like "trans"
        ("Disability", {"disability"}),
        ("", set()),
    ],
)
def test_a_breakdown_tells_those_groups_apart_and_no_others(
    kind: str, seen: set[str], reference: Reference
) -> None:
    assert {g.id for g in reference.equality_groups() if g.seen_in(kind)} == seen


@pytest.mark.parametrize(
    ("sexes", "ages", "kinds"),
    [
        (["Persons", "Male", "Female"], ["All ages"], ("Sex",)),
        (["Female"], ["65+ yrs"], ()),  # women over 65 only
        (["Persons"], ["All ages", "18-64 yrs", "65+ yrs"], ("Age",)),
    ],
)
def test_a_figure_for_one_sex_or_age_only_tells_neither_apart(sexes, ages, kinds) -> None:
    assert equality.told_apart([], sexes, ages) == kinds


DECILES = [
    f"{name} deprived decile (IMD2019)"
    for name in (
        "Most", "Second most", "Third more", "Fourth more", "Fifth more",
        "Fifth less", "Fourth less", "Third less", "Second least", "Least",
    )
]  # fmt: skip


@pytest.mark.parametrize(
    "ordered",
    [
        DECILES,
        ["1 most deprived", "2", "3", "4", "5 least deprived"],
        ["1 - Most deprived", *map(str, range(2, 10)), "10 - Least deprived"],
        ["10 most deprived", *[str(n) for n in range(9, 1, -1)], "1 least deprived"],
        ["Most deprived quintile", "Second most deprived quintile", "Average deprived quintile",
         "Second least deprived quintile", "Least deprived quintile"],
        ["4 and 5 most deprived fifths", "3", "2", "1 least deprived fifth"],
    ],
)  # fmt: skip
def test_groups_by_deprivation_are_put_in_order_whatever_they_are_called(ordered: list[str]) -> None:
    assert equality.most_deprived_first(sorted(ordered)) == ordered
    assert equality.most_deprived_first(reversed(ordered)) == ordered


def test_groups_whose_order_cannot_be_told_are_not_guessed() -> None:
    assert equality.most_deprived_first(["North", "South"]) == []
    assert equality.most_deprived_first(["1", "1 again"]) == []
    assert equality.most_deprived_first([]) == []


def test_the_page_says_whom_no_figure_sees_and_what_the_plan_says_of_them(reference: Reference) -> None:
    said = words(planned(), reference)
    assert "No figure on hand tells apart" in said
    assert "sexual orientation" in said
    assert "The plan speaks of 1 of these" in said
    assert "the plan says nothing yet" in words(planned(unseen=[]), reference)


def test_a_gradient_is_drawn_and_said_in_people_first_priority_first(reference: Reference) -> None:
    blocks = run("needs", planned(), reference).blocks
    drawn = [b for b in blocks if isinstance(b, Figure) and b.id.startswith("gradient-")]
    assert drawn[0].id == "gradient-demo-loneliness"
    assert len(drawn) <= 2
    # 108, 79, 44, 35 and 24 of 729 people each: 290 in all against five times 24.
    # The published percentages are rounded to one decimal, hence 169 and not 170.
    assert "about 169 fewer" in drawn[0].alt
    row = next(t for t in run("needs", planned(), reference).tables() if t.id == "gradients").rows[0]
    assert row[0].startswith("Adults who often feel lonely")
    assert row[-1] == "worse, beyond chance"


def test_where_nothing_is_broken_down_one_line_says_what_to_import(reference: Reference) -> None:
    bare = planned(indicators=["demo-falls-65", "demo-pyll"])
    assert "No figure on hand is broken down by deprivation" in words(bare, reference)
    nowhere = Plan.model_validate({"area": {"code": "X1", "name": "Nowhere"}, "base_year": 2024})
    assert "No figure on hand is broken down by deprivation" in words(nowhere, reference)


def test_every_group_stands_in_the_table_or_is_named_as_unseen(reference: Reference) -> None:
    table = next(t for t in run("needs", planned(), reference).tables() if t.id == "equality-groups")
    groups = reference.equality_groups()
    told = {row[0] for row in table.rows}
    said = words(planned(), reference).casefold()
    assert told and all(g.label in told or g.label.casefold() in said for g in groups)
    assert all(count.endswith(" of 17") for _, count, *_ in table.rows)
    seen = inequality.seen_by_figure(planned(), reference, ["demo-loneliness", "demo-pyll"])
    assert seen == {"demo-loneliness": {"deprivation"}, "demo-pyll": {"sex"}}
    assert {g.id for g in groups} - {g.id for g in inequality.unseen(groups, seen)} == {"deprivation", "sex"}


# --- who would gain most -------------------------------------------------------------


def test_levels_are_ranked_by_gain_and_the_highest_risk_is_not_always_first(reference: Reference) -> None:
    found = risks.offers(planned(segments=[SEGMENT]))
    assert [o.level.level for o in found] == ["next 15%", "highest 5%"]
    # 30 % of 30 % and 10 % of 50 %, per 1,000 people reached.
    assert [o.per_1000 for o in found] == pytest.approx([90, 50])
    assert [o.avoided for o in found] == pytest.approx([3000 * 0.5 * 0.09, 1000 * 0.5 * 0.05])
    assert "the highest risk is not the highest gain" in words(planned(segments=[SEGMENT]), reference)


def test_it_is_not_said_where_the_highest_risk_gains_most(reference: Reference) -> None:
    levels = [LEVELS[0] | {"reduction": 40}, LEVELS[1]]
    assert "is not the highest gain" not in words(planned(segments=[SEGMENT | {"levels": levels}]), reference)


def test_ranges_that_overlap_are_said_to() -> None:
    levels = [LEVELS[0] | {"reduction_low": 0, "reduction_high": 25}, LEVELS[1] | {"reduction_low": 5}]
    segment = planned(segments=[SEGMENT | {"levels": levels}]).needs.segments[0]
    assert risks.highest_is_not_most(segment).endswith("it could be the other way round.")


@pytest.mark.parametrize(
    ("missing", "named"),
    [("people", "people"), ("risk", "the risk"), ("reached", "the share reached"), ("reduction", "avoided")],
)
def test_a_missing_figure_is_named_and_gives_no_gain(missing: str, named: str) -> None:
    levels = [LEVELS[0] | {missing: None}]
    offer = risks.offers(planned(segments=[SEGMENT | {"levels": levels}]))[0]
    assert named in offer.why
    assert math.isnan(offer.avoided)


def test_nothing_is_summed_over_segments(reference: Reference) -> None:
    plan = planned(segments=[SEGMENT, SEGMENT | {"id": "other", "name": "Other"}])
    for id in ("expected-gain", "segments"):
        table = next(t for t in run("needs", plan, reference).tables() if t.id == id)
        assert not any(
            "total" in str(row[0]).casefold() or str(row[0]).casefold() == "all" for row in table.rows
        )


def test_the_matrix_shows_ages_by_need_and_frames_what_cannot_be(reference: Reference) -> None:
    cells = [
        {
            "id": "a",
            "name": "A",
            "age": "0-19",
            "group": "Well",
            "population": 10,
            "spend_per_head": 500,
            "total": 5.0,
        },
        {
            "id": "b",
            "name": "B",
            "age": "65+",
            "group": "Frail",
            "population": 2,
            "spend_per_head": 7000,
            "total": 20.0,
        },
    ]
    blocks = run("needs", planned(segments=cells), reference).blocks
    figure = next(b for b in blocks if isinstance(b, Figure) and b.id == "segment-matrix")
    assert "People times spend cannot give the total of Frail, 65+." in figure.alt
    assert [row[-1] for row in figure.table.rows] == ["yes", "no: one of the three is wrong"]
    alone = run("needs", planned(segments=cells[:1]), reference).blocks
    assert not [b for b in alone if isinstance(b, Figure) and b.id == "segment-matrix"]


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "people": st.none() | st.floats(0, 1e6),
                "risk": st.none() | st.floats(0, 100),
                "reached": st.none() | st.floats(0, 1),
                "reduction": st.none() | st.floats(0, 100),
                "reduction_low": st.none() | st.floats(-100, 100),
                "reduction_high": st.none() | st.floats(0, 100),
            }
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_typed_the_levels_are_ranked_and_said(levels: list[dict[str, Any]]) -> None:
    plan = planned(
        segments=[SEGMENT | {"levels": [level | {"level": f"{n}"} for n, level in enumerate(levels)]}]
    )
    found = risks.offers(plan)
    known = [o.per_1000 for o in found if not math.isnan(o.per_1000)]
    assert known == sorted(known, reverse=True)
    assert all(math.isnan(o.per_1000) == bool(o.why) for o in found)
    results: list = []
    blocks = risks.part(plan, results)
    assert isinstance(blocks[0], Words)
    assert isinstance(blocks[1], Table)
    assert len(results) == len(known)


# --- findings ------------------------------------------------------------------------


def codes(plan: Plan, reference: Reference) -> dict[str, str]:
    return {f.code: f.severity for f in thread.findings(plan, reference) if f.step == "needs"}


OURS = (
    "voices-one-kind", "priority-unheard", "groups-unseen", "risk-without-governance",
    "gain-without-source", "gain-range-contradicts", "only-health-care", "link-to-nothing",
)  # fmt: skip

PLANTED: list[tuple[str, str, dict[str, Any]]] = [
    ("voices-one-kind", "doubt", {"voices": VOICES[:1]}),
    ("priority-unheard", "note", {"voices": [v | {"priority": ""} for v in VOICES]}),
    ("groups-unseen", "note", {"unseen": []}),
    ("risk-without-governance", "doubt", {"segments": [SEGMENT], "answers": {}}),
    ("gain-without-source", "doubt", {"segments": [SEGMENT | {"levels": [LEVELS[0] | {"source": ""}]}]}),
    (
        "gain-range-contradicts",
        "doubt",
        {"segments": [SEGMENT | {"levels": [LEVELS[0] | {"reduction_high": 5}]}]},
    ),
    ("only-health-care", "note", {"priorities": [PRIORITY | {"determinants": ["ODR-11.d4"]}]}),
    ("link-to-nothing", "blocks", {"priorities": [PRIORITY | {"segments": ["gone"]}]}),
    ("link-to-nothing", "blocks", {"priorities": [PRIORITY | {"focus": "gone"}]}),
    ("link-to-nothing", "blocks", {"unseen": [UNSEEN[0] | {"priority": "gone"}]}),
    ("link-to-nothing", "blocks", {"answers": {"CST-10.1": {"answer": "x", "priority": "gone"}}}),
]


def test_a_clean_plan_has_none_of_these_findings(reference: Reference) -> None:
    clean = planned(segments=[SEGMENT], answers=AGREED)
    assert not set(codes(clean, reference)) & set(OURS)


@pytest.mark.parametrize(
    ("code", "severity", "needs"), PLANTED, ids=[f"{p[0]}-{n}" for n, p in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found(
    code: str, severity: str, needs: dict[str, Any], reference: Reference
) -> None:
    assert (
        codes(planned(**({"segments": [SEGMENT], "answers": AGREED} | needs)), reference).get(code)
        == severity
    )


def test_every_code_is_planted() -> None:
    assert {code for code, _, _ in PLANTED} == set(OURS)


def test_acting_on_more_than_health_care_is_no_finding(reference: Reference) -> None:
    both = planned(priorities=[PRIORITY | {"determinants": ["ODR-11.d4", "ODR-11.d1"]}])
    assert "only-health-care" not in codes(both, reference)


ANSWER: Callable[[Plan, Reference], list[Question]] = lambda plan, reference: [  # noqa: E731
    q for q in run("needs", plan, reference).questions() if q.kind == "check"
]


def test_every_answer_of_this_page_can_be_tied_to_a_priority(reference: Reference) -> None:
    assert {q.path.rsplit("/", 1)[1] for q in ANSWER(planned(), reference) if not q.links} == set()


def test_an_entry_is_called_by_the_name_of_what_it_is_about(reference: Reference) -> None:
    plan = planned(
        costs=[{"indicator": "demo-falls-65", "amount": 4000}], segments=[SEGMENT | {"group": "Frailty"}]
    )
    items = {
        q.path: [i.label for i in q.items]
        for q in run("needs", plan, reference).questions()
        if q.kind == "rows"
    }
    assert items["/needs/unseen"] == ["Unpaid carers"]
    assert items["/needs/costs"] == [reference.indicator("demo-falls-65").name]
    assert items["/needs/segments"] == ["Frail"]


def test_one_reason_for_no_line_is_said_once_below_the_table(reference: Reference) -> None:
    """Four groups are too few for an index: the table keeps no column that says so in each row."""
    plan = planned()
    found = [
        replace(g, found=None, people=None, why="an index needs 5 to 100 groups, not 4", groups=bare(g))
        for g in gradients.gradients(plan, reference, [])
    ]
    table = inequality._gradient_table(found)
    assert [c.name for c in table.columns] == ["name", "period", "most", "least"]
    assert table.note.count("an index needs 5 to 100 groups, not 4") == 1
    apart = replace(found[0], groups=gradients.gradients(plan, reference, [])[0].groups)
    assert "beyond chance. No line is drawn" in inequality.meaning(apart)


def bare(g: gradients.Gradient) -> tuple:
    """The groups without their intervals."""
    return tuple((name, replace(r, lower=None, upper=None)) for name, r in g.groups)


def test_a_plan_whose_figures_tell_no_group_apart_says_none() -> None:
    assert _untold(19, 19) == "The figures on hand tell none of the 19 groups of people apart"
    assert _untold(3, 19) == "No figure on hand tells 3 of 19 groups of people apart"
