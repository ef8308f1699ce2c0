"""A new plan for an area, empty or from a pattern, and what follows when a level is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.blocks import Words
from workbook.errors import BadInput, UnknownArea, UnknownIndicator
from workbook.paths import shipped
from workbook.plan import Plan, edit, store
from workbook.reference import Reference, importers
from workbook.steps import TITLES, run, thread
from workbook.steps.consequences import follow
from workbook.steps.new import _scale, _scale_users, new_plan

PATTERN = shipped("data") / "demo" / "ccg-pattern.plan.json"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def test_an_empty_plan_takes_the_catalogues_measures_and_their_latest_year(reference: Reference) -> None:
    plan = new_plan("SYN02", reference)
    assert plan.base_year == 2024
    assert [a.measure.startswith("demo-") for a in plan.ambitions.items] == [True] * 7
    baseline = plan.ambitions.items[0].baseline
    assert baseline is not None
    own = reference.series("demo-pyll", area="SYN02")
    assert baseline.value == own[own["year"] == 2024]["value"].iloc[0]


def test_an_area_without_figures_gets_a_plan_in_words(reference: Reference) -> None:
    plan = new_plan("E54000008", reference)
    assert [a.measure for a in plan.ambitions.items] == [""] * 7
    assert plan.base_year == 2025


def test_an_unknown_area_and_an_unknown_indicator_are_said(reference: Reference) -> None:
    with pytest.raises(UnknownArea):
        new_plan("E99999999", reference)
    with pytest.raises(UnknownIndicator):
        new_plan("SYN01", reference, bind={1: "no-such-figure"})
    with pytest.raises(BadInput, match="has no figure for NHS Cheshire and Merseyside"):
        new_plan("E54000008", reference, bind={1: "demo-pyll"})


@pytest.mark.real
def test_a_pattern_is_fitted_to_the_areas_own_allocation(home: Path, real: Path) -> None:
    reference = Reference.open(home)
    importers.take(
        [
            real / "ccg_outcomes" / "ccg_avoidable_mortality_2004_2019.csv",
            real / "allocations" / "ccg_allocations_2013-14_to_2019-20.csv",
        ],
        reference,
    )
    pattern = store.read(PATTERN)
    plan = new_plan("00N", reference, pattern=pattern, base_year=2018, bind={1: "treatable-mortality"})
    group, council = (i.amount for i in plan.budget.income if i.year == 2018)
    assert group == 250_751  # the allocation of 2018/19, which is no council's money
    assert council == round(14_500 * 250_751 / 283_500)
    assert {entry.status for entry in plan.budget.income} == {"assumed"}
    assert plan.origin is not None
    assert plan.origin.money_factor == pytest.approx(250_751 / 283_500, abs=1e-6)
    said = {f.code: f.sentence for f in thread.findings(plan, reference)}
    assert "so that its NHS commissioner's income is this area's allocation" in said["money-from-pattern"]
    assert "base-year-does-not-reconcile" not in said
    baseline = plan.ambitions.items[0].baseline
    assert baseline is not None
    assert (baseline.value, baseline.period) == (100.7, "2018")


@pytest.mark.parametrize("factor", [0.813718, 0.983887, 1.56528])
def test_lines_that_were_paid_for_are_paid_for_after_rounding(factor: float) -> None:
    data = store.read(PATTERN).model_dump(mode="json")
    data["budget"]["lines"][1]["amount"] += 0.4  # the hospital's line is the largest and takes the difference
    data["budget"]["lines"][0]["amount"] -= 0.4
    _scale(data, factor)
    income = {i["organisation"]: i["amount"] for i in data["budget"]["income"] if i["year"] == 2018}
    for name, amount in income.items():
        assert (
            sum(line["amount"] for line in data["budget"]["lines"] if line["organisation"] == name) == amount
        )


def test_lines_that_did_not_add_up_are_left_so() -> None:
    data = store.read(PATTERN).model_dump(mode="json")
    data["budget"]["lines"][0]["amount"] += 500
    _scale(data, 2)
    spent = sum(line["amount"] for line in data["budget"]["lines"] if line["organisation"] != "Council")
    assert spent == 2 * (283_500 + 500)


def test_a_pattern_moves_with_the_base_year(reference: Reference) -> None:
    pattern = store.read(PATTERN)
    later = new_plan("SYN02", reference, pattern=pattern, base_year=pattern.base_year + 3)
    assert [s.start_year for s in later.budget.schemes] == [
        s.start_year + 3 if s.start_year else None for s in pattern.budget.schemes
    ]
    assert later.area.code == "SYN02"
    assert (
        later.saved == pattern.saved
    )  # a plan made in a batch carries the pattern's date, never the clock's


def chosen(reference: Reference, pointer: str, value: object, plan: Plan | None = None) -> Plan:
    before = plan or new_plan("SYN01", reference)
    return follow(edit.put(before, pointer, value), reference, pointer)


def test_choosing_a_line_sets_the_levels_and_records_the_baseline(reference: Reference) -> None:
    ambition = chosen(reference, "/ambitions/items/0/line", "hold").ambitions.items[0]
    assert [level.year for level in ambition.levels] == [2025, 2026, 2027, 2028, 2029]
    assert ambition.baseline is not None
    assert {level.value for level in ambition.levels} == {ambition.baseline.value}


def test_typing_a_level_makes_the_levels_the_plans_own(reference: Reference) -> None:
    held = chosen(reference, "/ambitions/items/0/line", "hold")
    typed = chosen(reference, "/ambitions/items/0/levels/4/value", 1700, held).ambitions.items[0]
    assert (typed.line, typed.levels[4].value, typed.levels[0].value) == (
        "own",
        1700,
        held.ambitions.items[0].levels[0].value,
    )


def test_another_measure_clears_what_was_chosen_on_the_old_one(reference: Reference) -> None:
    held = chosen(reference, "/ambitions/items/0/line", "own")
    held = edit.add(held, "/ambitions/items/0/levels")
    moved = chosen(reference, "/ambitions/items/0/measure", "demo-smoking", held).ambitions.items[0]
    assert moved.levels == []


def test_a_change_elsewhere_changes_nothing_else(reference: Reference) -> None:
    plan = new_plan("SYN01", reference)
    assert follow(plan, reference, "/needs/peers_reason") is plan


def test_a_plan_opens_where_its_figures_are_not_on_hand(home: Path) -> None:
    """The area and the measure are unknown here: the plan says what is missing and what was recorded."""
    elsewhere = Plan.model_validate(
        {
            "area": {"code": "X99", "name": "Elsewhere", "kind": "ccg"},
            "base_year": 2018,
            "ambitions": {
                "items": [
                    {
                        "number": 1,
                        "measure": "their-own-figure",
                        "levels": [{"year": 2023, "value": 90}],
                        "baseline": {
                            "value": 100.7,
                            "unit": "per 100,000",
                            "period": "2018",
                            "source": "Their register",
                        },
                    }
                ]
            },
        }
    )
    reference = Reference.open(home)
    words = " ".join(
        paragraph
        for block in run("ambitions", elsewhere, reference).blocks
        if isinstance(block, Words)
        for paragraph in block.paragraphs
    )
    assert "“their-own-figure” is not on hand for Elsewhere up to 2018" in words
    assert "100.7 per 100,000 (2018; Their register)" in words
    assert "2023: 90" in words
    for step in TITLES:
        assert run(step, elsewhere, reference).title


@pytest.mark.parametrize("factor", [1.193, 0.777, 0.5003])
def test_rounding_leaves_no_user_of_a_service_without_a_place(factor: float) -> None:
    groups = [{"people": 400.0}, {"people": 80.0}]
    service = {"users": 480.0, "destinations": groups}
    _scale_users(service, factor)
    assert sum(g["people"] for g in groups) == service["users"] == round(480 * factor)


def test_need_that_the_pattern_leaves_unmet_stays_so() -> None:
    service = {"users": 500.0, "destinations": [{"people": 400.0}]}
    _scale_users(service, 2.0)
    assert (service["users"], service["destinations"]) == (1000.0, [{"people": 800.0}])
