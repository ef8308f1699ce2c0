"""The first page in sentences: every count from none to many reads as English, every figure as worked out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from workbook.blocks import Block, Finding, Heading, Table, Tree, Words
from workbook.paths import shipped
from workbook.plan import Plan, store
from workbook.plan.model import Origin
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.steps import asking, decommissioning, in_short, on_a_page, run, telling, thread
from workbook.steps.budget import five_years
from workbook.steps.decommissioning import need
from workbook.steps.money import money
from workbook.steps.needs import wants

DEMO = shipped("data") / "demo" / "demo.plan.json"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.fixture(scope="module")
def demo() -> Plan:
    return store.read(DEMO)


def text(blocks: list[Block] | tuple[Block, ...]) -> str:
    return " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)


def said(plan: Plan, reference: Reference) -> str:
    return text(in_short.in_short(plan, reference, thread.Context(plan, reference)))


def finding(severity: Any) -> Finding:
    return Finding("x", severity, "A sentence.", "A remedy.", "needs")


@pytest.mark.parametrize(
    ("severities", "words"),
    [
        ([], "The workbook finds nothing broken. It checks links and figures, not judgement."),
        (["note"], "1 finding is for information; none blocks sign-off."),
        (["doubt", "doubt"], "2 findings are in doubt; none blocks sign-off."),
        (["blocks", "doubt", "note"], "1 finding blocks sign-off, 1 is in doubt and 1 is for information."),
        (["blocks", "blocks", "doubt"], "2 findings block sign-off and 1 is in doubt."),
    ],
)
def test_findings_are_counted_in_a_sentence(severities: list[str], words: str) -> None:
    assert in_short.finding_counts([finding(s) for s in severities]) == words


def test_the_summary_goes_from_need_to_what_is_to_be_decided(demo: Plan, reference: Reference) -> None:
    blocks = in_short.in_short(demo, reference, thread.Context(demo, reference))
    assert [b.text for b in blocks if isinstance(b, Heading)] == [
        "What people need", "What will be better", "What will be done", "What it costs", "What stops or changes",
        "What is uncertain", "What is open", "What the board is asked to decide",
    ]  # fmt: skip


def test_the_summary_is_written_from_the_figures_of_the_plan(demo: Plan, reference: Reference) -> None:
    words, found = said(demo, reference), money(demo, reference)
    gaps = [found.year(year)["gap_after"] for year in demo.years]
    assert "5 needs come first" in words
    assert "7 ambitions are set for 2030/31: 6 by a figure and 1 in words." in words
    assert "The plan funds 17 of 21 schemes" in words
    assert f"the worst year is 2027/28, with a gap of £{-min(gaps) / 1000:.1f}m" in words
    assert f"Over all 5 years there is a gap of £{-sum(gaps) / 1000:.1f}m" in words
    assert "Northmere Hospitals) is to stop on 30 September 2027; 1,140 people use it a year" in words
    assert "Whether Quayside walk-in centre stops, changes or stays." in words
    assert "Whether to approve the plan for use until 31 March 2027." in words


def test_no_paragraph_stands_twice_on_the_page_and_in_the_summary(demo: Plan, reference: Reference) -> None:
    page = run("plan", demo, reference)
    front = [b for b in page.blocks if isinstance(b, Words)]
    summary = [p for b in in_short.in_short(demo, reference, thread.Context(demo, reference))
               if isinstance(b, Words) for p in b.paragraphs]  # fmt: skip
    facts = next(b for b in page.blocks if isinstance(b, Table) and b.id == "plan-facts")
    assert len(summary) == len(set(summary))
    assert not set(summary) & {str(cell) for row in facts.rows for cell in row}
    assert front[0].paragraphs == (demo.vision.statement,)


def with_people(outcomes: list[str], not_heard: list[str], actions: list[str]) -> Plan:
    """A plan in which people named outcomes, some were not heard, and groups stay unseen."""
    return Plan.model_validate(
        {
            "area": {"code": "SYN01", "name": "Northmere", "kind": "synthetic", "synthetic": True},
            "base_year": 2025,
            "ambitions": {"citizens": [{"outcome": outcome} for outcome in outcomes]},
            "needs": {
                "voices": [{"who": "Residents", "not_heard": words} for words in not_heard],
                "unseen": [{"group": "carers", "action": action} for action in actions],
            },
        }
    )


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        (["My home is warm."], "What matters to people, in their words: “My home is warm”."),
        (list("abcdefg"), "in their words: “a”, “b”, “c”, “d”, “e” and 2 others."),
    ],
)
def test_what_people_named_for_themselves_stands_on_the_first_page(
    outcomes: list[str], words: str, reference: Reference
) -> None:
    assert words in said(with_people(outcomes, [], []), reference)
    assert "What matters to people" not in said(with_people([], [], []), reference)


@pytest.mark.parametrize(
    ("not_heard", "actions", "words"),
    [
        (["Under 25s.", ""], [], "Not heard when people were asked: “Under 25s”."),
        (list("abcde"), [], "Not heard when people were asked: “a”, “b”, “c” and 2 others."),
        ([], ["Ask."], "1 group that the figures cannot see is named, with what will be done to see them."),
        (
            [],
            ["Ask.", ""],
            "2 groups that the figures cannot see are named; nothing is planned yet for 1 of them.",
        ),
    ],
)
def test_who_was_not_heard_stands_with_what_is_open(
    not_heard: list[str], actions: list[str], words: str, reference: Reference
) -> None:
    assert words in telling.not_heard(with_people([], not_heard, actions))
    assert words in said(with_people([], not_heard, actions), reference)


def test_the_page_has_the_baseline_and_the_level_of_every_year(demo: Plan, reference: Reference) -> None:
    context = thread.Context(demo, reference)
    shown = next(
        b for b in run("plan", demo, reference).blocks if isinstance(b, Table) and b.id == "ambitions"
    )
    labels = [column.label for column in shown.columns]
    assert labels == [
        "Ambition and measure",
        "Baseline",
        *map(str, demo.years),
        f"Do nothing, {demo.last_year}",
    ]
    first, outlook = shown.rows[0], context.outlooks[0]
    assert first[0] == "1 Years of life lost from treatable causes (years per 100,000)"
    assert first[1] == f"{outlook.baseline:,.0f} (2024)"
    assert first[2:7] == tuple(f"{value:,.0f}" for value in outlook.chosen.values)
    assert first[7] == f"{outlook.lines['do-nothing'].last:,.0f}"


def test_an_ambition_in_words_stands_below_the_table(reference: Reference) -> None:
    words = "Every death in hospital is reviewed within six weeks, and the family's questions are answered."
    area = {"code": "SYN01", "name": "Northmere", "kind": "synthetic", "synthetic": True}
    items = [{"number": 7, "in_words": words}]
    plan = Plan.model_validate({"area": area, "base_year": 2024, "ambitions": {"items": items}})
    page = run("plan", plan, reference)
    assert not [b for b in page.blocks if isinstance(b, Table) and b.id == "ambitions"]
    assert (
        f"In words: 7 Real progress towards no avoidable deaths in hospital from problems in care: {words}"
        in text(page.blocks)
    )
    assert "1 ambition is set for 2029/30: 1 in words." in said(plan, reference)


def test_only_the_money_in_scope_is_said_to_be_planned_together(demo: Plan, reference: Reference) -> None:
    assert "Of £1.89bn spent in 2025/26, £1.70bn is planned together." in said(demo, reference)


def test_efficiency_that_the_money_counts_on_is_said_with_its_worth(demo: Plan, reference: Reference) -> None:
    found = money(demo, reference)
    last = found.lines[found.lines["year"] == demo.last_year]
    worth, gap = -last["efficiency"].sum(), found.year(demo.last_year)["gap_before"]
    words = five_years.before_schemes(demo, found)
    assert f"efficiency of 2.0% a year (assumed), worth £{worth / 1000:.1f}m" in words
    assert f"there would be a gap of £{(worth - gap) / 1000:.1f}m" in words


def test_a_pattern_budget_is_called_one_where_the_money_is_first_read(
    demo: Plan, reference: Reference
) -> None:
    borrowed = demo.model_copy(deep=True)
    borrowed = Plan.model_validate(
        {**borrowed.model_dump(), "origin": {"title": "Pattern", "area": "Elsewhere", "money_factor": 1.2}}
    )
    assert "The amounts are those of a pattern and not this area's own; all were multiplied so" in said(
        borrowed, reference
    )
    facts = next(
        b for b in run("plan", borrowed, reference).blocks if isinstance(b, Table) and b.id == "plan-facts"
    )
    assert "The money is that of a pattern and not" in dict(facts.rows)["Money"]
    unfitted = {**borrowed.model_dump(), "origin": {"title": "Pattern", "area": "Elsewhere"}}
    assert "pattern, as large as that of the area it was made for, and not this area's own" in said(
        Plan.model_validate(unfitted), reference
    )


def test_an_empty_plan_says_that_it_is_empty(reference: Reference) -> None:
    area = {"code": "E54000008", "name": "NHS Cheshire and Merseyside ICB", "kind": "icb"}
    items = [{"number": n} for n in range(1, 8)]
    plan = Plan.model_validate({"area": area, "base_year": 2025, "ambitions": {"items": items}})
    words = said(plan, reference)
    assert "this is an empty plan" in words
    assert "No decision is on record yet." in words
    page = run("plan", plan, reference)
    facts = dict(next(b for b in page.blocks if isinstance(b, Table) and b.id == "plan-facts").rows)
    assert facts["Money"] == "No budget has been entered yet."
    assert facts["What comes first"] == "No need has been put first yet."
    assert facts["Valid until"] == "No date is set after which the plan must not be used without review."
    assert not [b for b in page.blocks if isinstance(b, Table) and b.id == "ambitions"]


def test_completeness_names_the_ambition_and_shows_no_place_in_a_file(reference: Reference) -> None:
    area = {"code": "E54000008", "name": "NHS Cheshire and Merseyside ICB", "kind": "icb"}
    plan = Plan.model_validate({"area": area, "base_year": 2025, "ambitions": {"items": [{"number": 3}]}})
    table = next(
        b for b in run("plan", plan, reference).blocks if isinstance(b, Table) and b.id == "completeness"
    )
    assert ("Five-year ambitions", "Ambition 3", "Owner", "Missing") in table.rows
    assert not any(str(cell).startswith("/") for row in table.rows for cell in row)


def test_a_service_that_is_only_considered_does_not_stop(demo: Plan, reference: Reference) -> None:
    page = run("plan", demo, reference)
    (tree,) = (b for b in page.blocks if isinstance(b, Tree))
    (need,) = (b for b in tree.branches if b.text == "Need: Help at home before it becomes a hospital stay")
    told = [leaf for ambition in need.branches for scheme in ambition.branches for leaf in scheme.branches]
    (quayside,) = (b for b in told if "Quayside" in b.text)
    assert quayside.broken
    assert quayside.text == "Service that has to stop: Quayside walk-in centre, which is not decided."


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        (
            {"annual_cost": 5120, "released": 4480, "cashable": 3970, "transition_cost": 620},
            "Of £5.1m a year, stopping releases £4.5m and leaves £640k in costs that do not go away. "
            "Of what is released, £4.0m can be cashed and £510k cannot. It costs £620k once.",
        ),
        (
            {"annual_cost": 600, "released": 600, "cashable": 0},
            "Of £600k a year, stopping releases £600k. Of what is released, nothing can be cashed. "
            "No cost of closing is given.",
        ),
        ({}, "What it costs and releases has not been entered."),
    ],
)
def test_the_money_of_a_service_in_words(amounts: dict[str, float], words: str) -> None:
    service = Service.model_validate({"id": "s", "name": "S", "decision": "stop", **amounts})
    assert decommissioning._money_words(service) == words


@pytest.mark.parametrize(
    ("users", "placed", "words"),
    [
        (10, 10, "Every one of the 10 users a year has a place to go."),
        (10, 9, "Of 10 users a year, 1 has no place with capacity: the need goes back to step 1."),
        (10, 0, "Of 10 users a year, 10 have no place with capacity: the need goes back to step 1."),
    ],
)
def test_where_the_need_goes_in_words(users: int, placed: int, words: str) -> None:
    groups = [{"group": "All", "people": placed, "goes_to": "Elsewhere", "capacity": "confirmed"}]
    service = Service.model_validate({"id": "s", "name": "S", "users": users, "destinations": groups})
    assert decommissioning._placed_words(service) == words


@pytest.mark.parametrize(
    ("sure", "words"),
    [
        (0, "Every one of the 10 users a year is assumed to have a place to go; no room has been confirmed."),
        (6, "has a place to go, which for 4 is only assumed: their room has not been confirmed."),
        (10, "Every one of the 10 users a year has a place to go."),
    ],
)
def test_room_that_is_only_assumed_is_no_confirmed_place(sure: int, words: str) -> None:
    groups = [
        {"group": "A", "people": sure, "goes_to": "There", "capacity": "confirmed"},
        {"group": "B", "people": 10 - sure, "goes_to": "Elsewhere", "capacity": "assumed"},
    ]
    service = Service.model_validate({"id": "s", "name": "S", "users": 10, "destinations": groups})
    assert decommissioning._placed_words(service).endswith(words)
    shown = [row[-1] for row in need.destinations(service).rows]
    assert shown == [0, 0 if sure == 10 else "0, room assumed"]
    assert need.left_cell(service) == (0 if sure == 10 else "0, room assumed")


def test_a_service_that_stops_without_being_ready_is_said_and_asked(demo: Plan, reference: Reference) -> None:
    stopped = Service(id="ward", name="Ward", decision="stop")
    plan = demo.model_copy(
        update={"decommissioning": demo.decommissioning.model_copy(update={"services": [stopped]})}
    )
    blocking = sum(p.blocks for p in decommissioning.gate_of(plan, reference, stopped).points)
    told = said(plan, reference)
    assert blocking > 1
    assert f"At the gate: “Ward” is not ready: {blocking} points block." in told
    assert f"Whether “Ward” stops although {blocking} points block at its gate." in told
    kept = stopped.model_copy(update={"decision": "keep"})
    plan = demo.model_copy(
        update={"decommissioning": demo.decommissioning.model_copy(update={"services": [kept]})}
    )
    assert "At the gate" not in said(plan, reference)


def test_as_many_findings_are_left_as_are_counted(demo: Plan, reference: Reference) -> None:
    plan = demo.model_copy(update={"origin": Origin(title="Elsewhere", money_factor=1.5)})
    found = thread.findings(plan, reference)
    assert any(f.code == "money-from-pattern" for f in found)
    open_now = said(plan, reference)
    named = sum(f.sentence in open_now for f in found)
    assert f"{len(found) - named} more findings stand" in open_now


def test_a_joined_finding_stands_for_all_of_its_kind() -> None:
    words = [
        Finding("w", "note", f"Ambition {n} stands in words.", "Bind.", "ambitions") for n in range(1, 8)
    ]
    lone = [Finding("n", "doubt", f"“Need {n}” leads nowhere.", "Link it.", "needs") for n in range(12)]
    found = [*words, *lone]
    assert thread.joined(words, alone=3)[0].sentence.endswith(" 6 times more: ambitions 2, 3, 4, 5, 6 and 7.")
    told = thread.joined(found)
    assert told[:7] == words and len(told) == 8
    assert thread.left_out(found, told) == 0
    assert thread.left_out(found, told[:2]) == len(found) - 2
    assert thread.left_out(found, told[7:]) == len(words)


def test_what_is_left_on_the_page_stands_with_its_chance(demo: Plan, reference: Reference) -> None:
    context = thread.Context(demo, reference)
    row = on_a_page._money(demo, context)
    assert " if every assumption holds. " in row and telling.chance(demo, context) in row


def test_answers_asked_and_fields_of_the_submission_have_names_of_their_own(
    demo: Plan, reference: Reference
) -> None:
    tables = [b for b in run("plan", demo, reference).blocks if isinstance(b, Table)]
    (asked,) = (t for t in tables if t.id == "completeness")
    assert asked.title == "What is answered, and what is not"
    assert "submission.xlsx" in asked.note


def test_a_step_is_not_called_complete_while_its_checklists_are_open(
    demo: Plan, reference: Reference
) -> None:
    def said(plan: Plan) -> dict[str, tuple[Any, ...]]:
        tables = [b for b in run("plan", plan, reference).blocks if isinstance(b, Table)]
        rows = next(t.rows for t in tables if t.id == "completeness")
        return {row[0]: row[2:] for row in rows if row[1] == "Questions of checklists"}

    assert said(demo)["Decommissioning checks"][1] == "Complete"
    services = [s.model_copy(update={"answers": {}}) for s in demo.decommissioning.services]
    stopping = demo.decommissioning.model_copy(update={"services": services})
    answered, state = said(demo.model_copy(update={"decommissioning": stopping}))["Decommissioning checks"]
    assert re.fullmatch(r"\d+ of \d+ answered", answered) and re.fullmatch(r"\d+ open", state)


@pytest.mark.parametrize(("counted", "how"), [(False, "estimated"), (True, "projected")])
def test_people_are_estimated_and_not_counted(
    counted: bool, how: str, demo: Plan, reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = thread.Context(demo, reference)
    assert context.people
    if not counted:
        monkeypatch.setattr(Reference, "population", lambda *_: [])
    assert f"as {how} for {context.people_year}" in on_a_page._for_whom(demo, context)


@pytest.mark.parametrize(
    ("id", "words"),
    [("ccg-budget", "CCG budget"), ("gp-practices", "GP practices"), ("system-ccgs", "System CCGs")],
)
def test_printed_figures_have_names_that_people_use(id: str, words: str) -> None:
    assert wants.measure_name(id) == words


@pytest.mark.parametrize(
    ("band", "words"), [("00-04", "0-4"), ("05-09", "5-9"), ("10-14", "10-14"), ("90+", "90+")]
)
def test_age_bands_have_no_leading_zeros(band: str, words: str) -> None:
    assert wants._ages(band) == words


def test_a_gap_is_counted_in_the_same_thing_in_the_table_and_in_the_results(
    demo: Plan, reference: Reference
) -> None:
    step = run("needs", demo, reference)
    shown = next(b for b in step.blocks if isinstance(b, Table) and b.id == "opportunities")
    units = {r.label.partition(",")[0]: r.unit for r in step.results if r.id.endswith(".opportunity")}
    assert {str(row[0]).partition(",")[0]: row[2] for row in shown.rows} == units
    assert units["Years of life lost from treatable causes"] == "years of life"


def test_peers_are_named_one_by_one_and_it_is_said_how_they_were_chosen(
    demo: Plan, reference: Reference
) -> None:
    words = text(run("needs", demo, reference).blocks)
    assert "Peers: Brackenholt (synthetic); Elderwick Vale (synthetic);" in words
    assert "How chosen: by the synthetic system's own list." in words


def test_the_share_in_effect_is_told_year_by_year(demo: Plan, reference: Reference) -> None:
    ramp = asking.ask(demo, reference, "/budget/schemes/0/ramp")
    assert [item.label for item in ramp.items] == ["Year 1", "Year 2", "Year 3"]
