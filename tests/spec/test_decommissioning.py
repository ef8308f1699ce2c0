"""Step 4 part by part: the questions, the quality matrix, equality, drivers, dates, need, the gate, the record."""

from __future__ import annotations

import copy
import time
from datetime import date
from typing import Any

import pytest

from tests.spec.test_thread import sound
from workbook.blocks import Figure, Heading, Question, Table, Tree, Words
from workbook.plan import Plan, edit
from workbook.plan.sections import QualityImpact, Service
from workbook.reference import Reference
from workbook.reference import quality as shipped
from workbook.steps import decommissioning, needs, thread
from workbook.steps.decommissioning import (
    banks,
    calendar,
    candidates,
    drivers,
    equality,
    money,
    need,
    quality,
    record,
    side_by_side,
)

YES = {"answer": "yes"}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def service(**entry: Any) -> Service:
    return Service.model_validate({"id": "s", "name": "S"} | entry)


def plan_with(*services: dict[str, Any], **sections: Any) -> Plan:
    """The sound plan with these services in place of its own."""
    data = copy.deepcopy(sound())
    data["decommissioning"]["services"] = [
        {"id": f"s{n}", "name": f"S{n}"} | s for n, s in enumerate(services)
    ]
    data["budget"]["schemes"] = []
    return Plan.model_validate(data | sections)


def titles(blocks: Any) -> list[str]:
    return [b.title for b in blocks if isinstance(b, Table | Figure)]


def text_of(blocks: Any) -> str:
    return " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)


# --- what is asked -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "tests", "beds"),
    [
        ({}, False, False),
        ({"substantial": True}, True, False),
        ({"beds_closed": 5}, False, True),
        ({"substantial": True, "beds_closed": 5}, True, True),
    ],
)
def test_the_tests_of_service_change_and_of_beds_are_asked_where_they_belong(
    reference: Reference, facts: dict[str, Any], tests: bool, beds: bool
) -> None:
    groups = {a.item.group for a in banks.asked(reference, service(**facts)) if a.bank.id == "SCT-01"}
    assert ("four tests" in groups, "bed test" in groups) == (tests, beds)


def test_a_service_that_is_kept_is_asked_nothing(reference: Reference) -> None:
    assert banks.asked(reference, service(decision="keep")) == []
    step = decommissioning.decommissioning(plan_with({"decision": "keep", "reason": "Needed"}), reference)
    assert not [q for q in step.questions() if q.kind == "check"]


def test_one_condition_of_the_bed_test_is_enough(reference: Reference) -> None:
    answers = {"SCT-01.b1": {"answer": "no"}, "SCT-01.b2": YES}
    given = banks.standing(reference, service(beds_closed=5, answers=answers))
    assert not [item for how in ("no", "") for item in given[how] if item.startswith("SCT-01.b")]
    alone = banks.standing(reference, service(beds_closed=5, answers={"SCT-01.b1": {"answer": "no"}}))
    assert "SCT-01.b1" in alone["no"]


def test_the_stages_after_the_decision_are_asked_and_do_not_hold_it_up(reference: Reference) -> None:
    asked = [a for a in banks.asked(reference, service()) if a.bank.id == "NAO-01"]
    assert {a.item.group for a in asked} == {"Decide", "Plan", "Carry out", "Review"}
    assert {a.item.group for a in asked if a.counts} == {"Decide", "Plan"}


def test_a_question_carries_what_a_hurried_person_needs(reference: Reference) -> None:
    plan = plan_with({"substantial": True, "beds_closed": 5})
    found = banks.questions(plan, reference, 0, plan.decommissioning.services[0])
    asked = [q for q in found if isinstance(q, Question)]
    labels = {label for q in asked for label, _ in q.notes}
    assert labels == {"What good looks like", "The risk if it is skipped", "When time is short"}
    assert all(len(q.notes) == 3 for q in asked)
    assert all(edit.get(plan, q.path) is None for q in asked)


# --- quality ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "band"), [(1, "Low"), (3, "Low"), (4, "Moderate"), (6, "Moderate"), (8, "High"), (12, "High"), (15, "Extreme"), (25, "Extreme")]
)  # fmt: skip
def test_the_four_bands_that_ship(reference: Reference, score: int, band: str) -> None:
    assert quality.matrix(plan_with(), reference).band(score) == band


def test_bands_of_the_plans_own_stand_in_their_place(reference: Reference) -> None:
    own = {"bands": [{"name": "Red", "first": 15}, {"name": "Green", "first": 2}], "gate": 9}
    found = quality.matrix(plan_with(decommissioning={"quality": own}), reference)
    assert [found.band(s) for s in (1, 2, 14, 15)] == ["below the bands", "Green", "Green", "Red"]
    assert (found.gate, found.local) == (9, True)


def test_a_score_is_held_against_its_two_inputs() -> None:
    entry = QualityImpact(area="Safety", likelihood=3, impact=4, recorded=7)
    assert quality.contradictions(entry) == [
        "before mitigation the form says 7, and likelihood 3 times impact 4 is 12"
    ]
    assert quality.contradictions(QualityImpact(area="Safety", likelihood=3, recorded=7)) == []


def test_the_gate_of_the_matrix_asks_above_and_not_at_it(reference: Reference) -> None:
    found = quality.matrix(plan_with(), reference)
    at, above = ({"area": "a", "likelihood": 2, "impact": 4}, {"area": "b", "likelihood": 3, "impact": 3})
    assert [e.area for e in quality.above_gate(found, service(quality=[at, above]))] == ["b"]


def test_the_table_says_bands_in_words_and_what_to_note(reference: Reference) -> None:
    entry = {"area": "Safety", "likelihood": 2, "impact": 5, "likelihood_after": 3, "impact_after": 5}
    plan = plan_with({"quality": [entry]})
    (table,) = (
        b for b in quality.part(plan, reference, plan.decommissioning.services[0]) if isinstance(b, Table)
    )
    assert table.rows[0][2] == "2 × 5 = 10, high"
    assert table.rows[0][4] == "3 × 5 = 15, extreme"
    assert table.rows[0][5] == "above 8; higher after mitigation than before"


# --- equality and drivers -----------------------------------------------------------------


def test_every_group_is_asked_as_a_group_of_four_questions(reference: Reference) -> None:
    plan = plan_with({})
    found = equality.questions(plan, reference, 0, plan.decommissioning.services[0])
    assert len(found) == len(reference.equality_groups())
    for question in found:
        assert question.kind == "group"
        (item,) = question.items
        assert [q.path.rpartition("/")[2] for q in item.questions] == [
            "effect",
            "evidence",
            "missing",
            "mitigation",
        ]


def test_an_answer_about_a_group_is_put_in_its_place(reference: Reference) -> None:
    plan = plan_with({})
    path = (
        equality.questions(plan, reference, 0, plan.decommissioning.services[0])[3].items[0].questions[0].path
    )
    changed = edit.put(plan, path, "worse")
    group = reference.equality_groups()[3].id
    assert changed.decommissioning.services[0].equality[group].effect == "worse"


def test_not_known_needs_a_reason(reference: Reference) -> None:
    bare = {"age": {"effect": "not-known"}, "sex": {"effect": "not-known", "missing": "Nobody asks"}}
    left = equality.open_groups(reference, service(equality=bare))
    assert "Age" in left
    assert "Sex" not in left
    assert "1 " in equality.summary(reference, service(equality=bare))


def test_money_that_counts_while_the_evidence_does_not_is_said(reference: Reference) -> None:
    answers = {"DRV-01.6": YES, "DRV-01.5": {"answer": "no"}, "DRV-02.4": YES}
    said = drivers.imbalance(reference, service(answers=answers))
    assert said[0] == "Money is said to count, and clinical evidence, effect and safety are said not to."
    assert "the people affected are not heard" in said[1]
    balanced = answers | {"DRV-01.5": YES, "DRV-02.4": {"answer": "no"}}
    assert drivers.imbalance(reference, service(answers=balanced)) == []


# --- need --------------------------------------------------------------------------------


def placed(people: float, **more: Any) -> dict[str, Any]:
    return {"group": "All", "people": people, "goes_to": "There", "capacity": "confirmed"} | more


@pytest.mark.parametrize(
    ("destination", "left"),
    [
        (placed(100), 0),
        (placed(100, room=100), 0),
        (placed(100, room=70), 30),
        (placed(60, room=100), 40),
        (placed(100, capacity="none"), 100),
        (placed(100, goes_to="", scheme="x"), 0),
        (placed(100, goes_to=""), 100),
        (placed(130), 0),
    ],
)
def test_need_that_nobody_takes_up(destination: dict[str, Any], left: float) -> None:
    assert need.unmet(service(users=100, destinations=[destination])) == left


def test_what_is_left_comes_back_to_step_1(reference: Reference) -> None:
    plan = plan_with(
        {"decision": "stop", "users": 100, "destinations": [placed(60)], "unmet_priority": "early"},
        {"decision": "change", "users": 50, "destinations": []},
        {"decision": "considering", "users": 50},
    )
    blocks = needs.needs(plan, reference).blocks
    (table,) = (b for b in blocks if isinstance(b, Table) and b.id == "needs-returned-table")
    assert [(r[0], r[1], r[3]) for r in table.rows] == [
        ("S0", 40, "Earlier help"),
        ("S1", 50, "no priority yet"),
    ]


def test_where_every_need_has_a_place_nothing_comes_back(reference: Reference) -> None:
    blocks = needs.needs(Plan.model_validate(sound()), reference).blocks
    assert not [b for b in blocks if isinstance(b, Heading) and b.id == "needs-returned"]


# --- dates -----------------------------------------------------------------------------------


def test_a_contract_without_a_break_bounds_the_earliest_end(reference: Reference) -> None:
    facts = {"notice_date": "2025-06-01", "contract_end": "2027-03-31"}
    for given, end in (("no", date(2027, 3, 31)), ("yes", date(2025, 9, 1)), ("", date(2025, 9, 1))):
        plan = plan_with(facts | {"contract_break": given})
        found = decommissioning.earliest(plan, reference, plan.decommissioning.services[0])
        assert found is not None
        assert found.date == end


def test_the_calendar_holds_every_date_and_says_who_is_too_early(reference: Reference) -> None:
    plan = plan_with(
        {"notice_date": "2025-06-01", "stop_date": "2025-07-01", "contract_end": "2026-03-31"},
        {"notice_date": "2025-06-01", "stop_date": "2025-12-01"},
        {"decision": "keep", "stop_date": "2025-12-01"},
    )
    (figure,) = (b for b in calendar.overview(plan, reference) if isinstance(b, Figure))
    assert (
        figure.title == "When services can end: 1 of 2 services ends before the notice or the contract allows"
    )
    assert [row[0] for row in figure.table.rows] == ["S0", "S1"]
    assert "1 September 2025" in figure.table.rows[0]


# --- gate, record, page --------------------------------------------------------------------------


def test_one_open_point_is_a_condition_and_one_that_blocks_holds_up(reference: Reference) -> None:
    data = copy.deepcopy(sound())
    here = data["decommissioning"]["services"][0]
    here["answers"]["CST-13.4"] = {"answer": "partly"}
    (gate,) = decommissioning.gates(Plan.model_validate(data), reference)
    assert gate.verdict == "ready with conditions"
    here["answers"]["CST-13.4"] = {"answer": "no"}
    (gate,) = decommissioning.gates(Plan.model_validate(data), reference)
    assert gate.verdict == "not ready"
    assert [p.blocks for p in gate.points if p.group == "Questions"] == [True]


def test_the_gate_of_one_is_the_gate_among_all(reference: Reference) -> None:
    plan = plan_with({"decision": "stop"}, {"decision": "change", "users": 10}, {"decision": "keep"})
    for one, gate in zip(plan.decommissioning.services, decommissioning.gates(plan, reference), strict=True):
        assert decommissioning.gate(plan, reference, one) == (gate.verdict, gate.sentences)


def test_what_stands_in_the_way_is_listed_by_what_it_comes_from(reference: Reference) -> None:
    step = decommissioning.decommissioning(
        plan_with({"decision": "stop", "users": 10, "substantial": True}), reference
    )
    (tree,) = (b for b in step.blocks if isinstance(b, Tree))
    said = [branch.text.split(": ") for branch in tree.branches]
    blocking = [group for group, standing in said if standing == "blocks"]
    assert [group for group, _ in said][: len(blocking)] == blocking  # what blocks stands first
    assert blocking == [g for g in decommissioning.GROUPS if g in blocking]  # then the weightiest
    groups = {group for group, _ in said}
    assert {"Questions", "Tests and duties", "Where the need goes", "Notice and dates"} <= groups
    assert all(leaf.text for branch in tree.branches for leaf in branch.branches)


def test_the_verdict_and_what_it_hangs_on_are_read_at_a_glance(reference: Reference) -> None:
    data = copy.deepcopy(sound())
    here = data["decommissioning"]["services"][0]
    (gate,) = decommissioning.gates(Plan.model_validate(data), reference)
    assert gate.headline == "Ready: nothing stands in the way."
    here["answers"]["CST-13.4"] = {"answer": "partly"}
    (gate,) = decommissioning.gates(Plan.model_validate(data), reference)
    assert gate.headline == "Ready with conditions: 1 condition (questions)."
    here["answers"]["CST-14.2"] = {"answer": "no"}
    (gate,) = decommissioning.gates(Plan.model_validate(data), reference)
    assert gate.headline == "Not ready: 1 point blocks (questions); 1 condition besides."
    assert "“Is there capacity and expertise in the market to take this up?”" in gate.sentences[0]


def test_what_a_table_shows_in_full_is_not_printed_a_second_time(reference: Reference) -> None:
    long = {"rationale": "word " * 600, "made_by": "A group"}
    plan = plan_with({"decision": "stop", "record": long}, {"decision": "stop"}, {"decision": "keep"})
    step = decommissioning.decommissioning(plan, reference)
    (form,) = (q for q in step.questions() if q.path == "/decommissioning/services")
    told = [{q.path.rpartition("/")[2] for q in item.questions if q.detail} for item in form.items]
    # A record too long for its page stands in full among the answers; a service that is kept has no tables.
    assert told == [{"destinations", "quality"}, {"destinations", "quality", "record"}, set()]


def test_a_service_without_a_name_is_called_by_its_place_and_cannot_pass(reference: Reference) -> None:
    data = copy.deepcopy(sound())
    data["decommissioning"]["services"][0]["name"] = " "
    plan = Plan.model_validate(data)
    (gate,) = decommissioning.gates(plan, reference)
    assert gate.headline == "Not ready: 1 point blocks (record)."
    step = decommissioning.decommissioning(plan, reference)
    assert "Service 1 (without a name)" in [b.text for b in step.blocks if isinstance(b, Heading)]
    (form,) = (q for q in step.questions() if q.path == "/decommissioning/services")
    assert [q.answer.strip() for q in form.items[0].questions if q.path.endswith("/name")] == [""]


def test_a_considered_service_is_told_ahead_what_will_be_asked(reference: Reference) -> None:
    (gate,) = decommissioning.gates(plan_with({"users": 10, "substantial": True}), reference)
    said = " ".join(gate.sentences)
    for words in (
        "no place to go yet",
        "has not been scored",
        "without an answer",
        "scrutiny",
        "Secretary of State",
    ):
        assert words in said


def test_a_record_names_what_was_not_recorded(reference: Reference) -> None:
    plan = plan_with({"decision": "stop", "record": {"dissent": "None", "made_by": "A group"}}, {})
    blocks = record.part(plan, reference, decommissioning.gates(plan, reference))
    assert [b.text for b in blocks if isinstance(b, Heading)] == ["Records of the decisions", "Record: S0"]
    (table,) = (b for b in blocks if isinstance(b, Table))
    facts = {str(r[0]): r[1] for r in table.rows}
    assert facts["Dissent"] == "None"
    assert facts["Conflicts of interest"] == facts["Taken by"] == "not recorded"


def test_every_record_stands_on_a_page_of_its_own(reference: Reference) -> None:
    plan = plan_with({"decision": "stop"}, {"decision": "keep"}, {"decision": "change"})
    blocks = record.part(plan, reference, decommissioning.gates(plan, reference))
    pages = [b.new_page for b in blocks if isinstance(b, Heading)]
    assert pages == [True, False, True, True]  # the first shares the page that the heading opens


def test_no_sentence_promises_a_page_or_a_question_that_a_document_may_not_have(reference: Reference) -> None:
    plan = plan_with({"decision": "stop"})
    blocks = record.part(plan, reference, decommissioning.gates(plan, reference))
    assert "a page of its own" not in text_of(blocks)
    assert "below" not in text_of(equality.part(reference, service()))


def test_a_long_entry_of_a_record_keeps_to_its_page() -> None:
    words = record.shortened("word " * 2000)
    assert len(words) < 600
    assert words.endswith("(in full among the answers)")


def test_a_cell_of_the_gate_says_what_it_counts() -> None:
    assert side_by_side.cell_words(1, 1) == "1 point blocks, 1 condition"
    assert side_by_side.cell_words(2, 0) == "2 points block"
    assert side_by_side.cell_words(0, 0) == "clear"


def test_side_by_side_counts_the_gates_in_words(reference: Reference) -> None:
    plan = plan_with({"decision": "stop"}, {"decision": "keep"}, {"decision": "keep"})
    blocks = side_by_side.part(plan, reference, decommissioning.gates(plan, reference))
    assert (
        text_of(blocks)
        == "Of 1 service that may stop or change, 1 is not ready. 2 services are kept and not asked."
    )


def test_a_plan_without_services_shows_a_sentence_and_its_questions(reference: Reference) -> None:
    step = decommissioning.decommissioning(plan_with(), reference)
    assert titles(step.blocks) == []
    assert "No service has been considered" in text_of(step.blocks)
    assert [q.path for q in step.questions()] == ["/decommissioning/services", "/decommissioning/quality"]


def test_the_page_says_where_a_saving_for_one_costs_another(reference: Reference) -> None:
    facts = {
        "decision": "stop",
        "line": "acute",
        "stop_date": "2025-09-30",
        "annual_cost": 900,
        "released": 700,
        "cashable": 500,
    }
    plan = plan_with(facts | {"provider": "Trust", "shunted": [{"organisation": "Council", "amount": 50}]})
    said = text_of(money.overview(plan, money.stopping(plan)))
    assert "Board pays £3.1m less" in said  # half a year and four years of £700k: £3,150k
    assert "Trust is left with £900k more and Council is left with £225k more" in said
    assert "all together stopping leaves £2.0m" in said


def big(count: int = 60) -> Plan:
    """Sixty services with everything filled in."""
    full = copy.deepcopy(sound()["decommissioning"]["services"][0])
    many = [
        full | {"id": f"s{n}", "name": f"Service {n}", "stop_date": f"202{6 + n % 3}-0{1 + n % 9}-15"}
        for n in range(count)
    ]
    return plan_with(*many)


def test_sixty_services_are_worked_out_in_half_a_second(reference: Reference) -> None:
    plan = big()
    thread.findings(plan, reference)  # they are the thread's own time
    decommissioning.decommissioning(plan_with({}), reference)
    start = time.process_time()
    step = decommissioning.decommissioning(plan, reference)
    assert time.process_time() - start < 1.0  # half a second where nothing else runs
    figures = [b for b in step.blocks if isinstance(b, Figure)]
    assert [len(f.table.rows) for f in figures if f.id.startswith("gate-strip")] == [24, 24, 12]
    assert len([b for b in step.blocks if isinstance(b, Question)]) > 60 * 60


def test_every_band_and_area_that_ships_names_its_source(reference: Reference) -> None:
    bands, areas = (shipped.rows(reference.data, kind) for kind in ("band", "area"))
    assert (len(bands), len(areas)) == (4, 6)
    assert [b.first for b in bands] == sorted(b.first for b in bands)
    assert bands[0].first == 1
    assert all(row.source for row in (*bands, *areas))
    assert all(a.help.endswith("?") for a in areas)


def test_what_is_weighed_least_is_named_until_somebody_looks_at_it(reference: Reference) -> None:
    line = {"id": "acute", "name": "Acute", "organisation": "Board", "amount": 1_000, "people": 100}
    scored = [{"respondent": "A", "option": "line:acute", "benefit": 10}]
    budget = {"lines": [line], "value": {"scores": scored}}
    plan = plan_with(budget=budget)
    assert "“Acute” buys" in text_of(candidates.part(plan, reference))
    assert candidates.part(plan_with(budget={"lines": [line]}), reference) == []
    considered = {"name": "Acute", "line": "acute"}
    assert "“Acute” buys" not in text_of(candidates.part(plan_with(considered, budget=budget), reference))
