"""The pages on schemes and value for money: sums that add up, words that hold, and two hundred schemes."""

from __future__ import annotations

import copy
import itertools
import json
import time
from typing import Any

import altair
import numpy as np
import pytest

from tests.spec.test_thread_schemes import scores, whole
from workbook.blocks import Block, Figure, Question, Table, Words
from workbook.charts import star as pictures
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.budget import library, schemes, service_model, value, value_page
from workbook.steps.budget.value_judged import Believed, believed_words, judged
from workbook.steps.money import money


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def plan(change: dict[str, Any] | None = None) -> Plan:
    data = whole()
    data["budget"] |= change or {}
    return Plan.model_validate(data)


def tables(blocks: list[Block]) -> dict[str, Table]:
    return {b.id: b for b in blocks if isinstance(b, Table)}


def said(blocks: list[Block]) -> str:
    return " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)


def cells(table: Table) -> list[dict[str, Any]]:
    return [dict(zip((c.name for c in table.columns), row, strict=True)) for row in table.rows]


# --- value -------------------------------------------------------------------------


def test_cost_value_and_points_by_hand(reference: Reference) -> None:
    found = {o.id: o for o in value.options(plan(), reference) if o.kind == "scheme"}
    checks = found["checks"]  # 500 a year and 500 once over five years; scores 40 and 45, chance 0.5
    assert checks.cost == 600
    assert checks.value == pytest.approx(42.5 * 40_000 * 0.5)
    assert checks.per == pytest.approx(850_000 / 600)


def test_the_page_says_what_differs_and_what_would_have_to_be_believed(reference: Reference) -> None:
    blocks = value_page.part(plan(), reference, results := [])
    text = said(blocks)
    assert "The money there is for new schemes is £1.0m a year" in text
    assert "The two are the same." in text
    assert {r.id for r in results} >= {"value-plan", "value-best"}
    options = cells(tables(blocks)["value-options"])
    assert [o["name"] for o in options] == ["Balance classes", "Health checks", "Health checks with a van"]
    assert [o["method"] for o in options] == ["in", "in", "out"]
    variants = cells(tables(blocks)["value-variants"])
    assert "dominated: Health checks does as much or more" in variants[1]["state"]


def test_the_scores_stand_in_one_row_for_each_option(reference: Reference) -> None:
    data = whole()
    data["budget"]["value"]["scores"] = (
        scores("A", checks=40) + scores("B", checks=46) + scores("A", classes=10)
    )
    held = tables(value_page.part(Plan.model_validate(data), reference, []))["value-scores"]
    assert held.detail and [c.label for c in held.columns][-2:] == ["A", "B"]
    rows = {r["name"]: r for r in cells(held)}
    assert [rows["Health checks"][k] for k in ("mean", "low", "high", "by_0", "by_1")] == [43, 40, 46, 40, 46]
    assert rows["Balance classes"]["by_1"] is None


def test_a_plan_without_scores_asks_for_them_and_shows_no_empty_table(reference: Reference) -> None:
    blocks = value_page.part(plan({"value": {}}), reference, [])
    assert "Nobody has scored a scheme yet" in said(blocks)
    assert not tables(blocks)
    asked = [b.path for b in blocks if isinstance(b, Question)]
    assert asked == ["/budget/value/scores", "/budget/value/money"]


def test_a_funded_scheme_without_a_score_is_taken_as_spent(reference: Reference) -> None:
    some = scores(checks=40) + scores("Forum", checks=50)
    found = judged(plan({"value": {"money": 1_000, "scores": some}}), reference)
    assert found is not None and found.spent == (1,)
    assert found.chosen.funded.tolist() == [True, True, False]
    too_little = judged(plan({"value": {"money": 200, "scores": some}}), reference)
    assert too_little is not None and "costs more than there is" in too_little.chosen.why
    page = said(value_page.part(plan({"value": {"money": 200, "scores": some}}), reference, []))
    assert (
        "“Balance classes” cannot be compared and is taken as spent" in page and "no choice is shown" in page
    )


def test_without_money_the_cost_of_the_funded_stands_in(reference: Reference) -> None:
    found = judged(plan({"value": {"scores": whole()["budget"]["value"]["scores"]}}), reference)
    assert found is not None and not found.given and found.money == 900


def test_what_would_have_to_be_believed_is_said_each_alone() -> None:
    option = value.Option("scheme", "x", 0, "X", False, 400.0, 500.0, 40.0, 0.5, True, 3)
    nan = float("nan")
    text = believed_words(Believed(option, 61.2, 765.0, nan, 300.0))
    assert "“X” would come in with a benefit to one person of at least 62 (scored 40)" in text
    assert "at least 765 people a year (now 500) or a cost of at most £300k a year (now £400k)." in text
    assert "A better chance alone would not do." in text
    assert "by any one change" in believed_words(Believed(option, nan, nan, nan, nan))


def test_the_chain_read_backwards_orders_all_that_is_funded(reference: Reference) -> None:
    data = whole()
    data["budget"]["lines"][0]["people"] = 50_000
    for option, benefit in (("line:acute", 30), ("service:clinic", 10)):
        data["budget"]["value"]["scores"].append(
            {"respondent": "Forum", "option": option, "benefit": benefit}
        )
    found = value.candidates(Plan.model_validate(data), reference)
    assert [c.id for c in found] == ["clinic", "acute", "checks", "classes"]
    assert found[0].per == pytest.approx(100 * 10 / 800)
    assert found[0].considered == "to be stopped" and found[0].beaten
    assert found[1].considered == "in part: “Old clinic”" and not found[3].considered
    assert all(a.per <= b.per for a, b in itertools.pairwise(found))


# --- schemes -------------------------------------------------------------------------


def test_costs_by_year_add_up_to_the_money_of_the_plan(reference: Reference) -> None:
    p = plan()
    found = money(p, reference)
    rows = cells(tables(schemes.part(p, reference, found, []))["schemes-by-year"])
    *each, total = rows
    for year in p.years:
        one = found.year(year)
        assert total[f"cost_{year}"] == pytest.approx(sum(r[f"cost_{year}"] for r in each))
        own = found.schemes[found.schemes["year"] == year]
        assert total[f"net_{year}"] == pytest.approx(own["net"].sum())
        assert total[f"cost_{year}"] <= one["scheme_cost"] + 1e-6


def test_a_part_that_costs_nothing_is_not_in_the_key_of_the_chart(reference: Reference) -> None:
    def parts(months: int) -> set[str]:
        data = whole()
        data["budget"]["schemes"][0] |= {"set_up_cost": 40, "double_running_months": months}
        own = Plan.model_validate(data)
        blocks = schemes.part(own, reference, money(own, reference), [])
        chart = next(b for b in blocks if isinstance(b, Figure) and b.id == "scheme-cost")
        return {
            part for part in ("Set-up", "Running", "Double running") if f'"{part}"' in json.dumps(chart.spec)
        }

    assert parts(0) == {"Set-up", "Running"}
    assert parts(6) == {"Set-up", "Running", "Double running"}


def test_what_no_scheme_states_has_no_total(reference: Reference) -> None:
    data = whole()
    data["budget"]["schemes"][0] |= {"beds": -8}
    own = Plan.model_validate(data)
    blocks = schemes.part(own, reference, money(own, reference), [])
    (found,) = (b for b in blocks if isinstance(b, Table) and b.id == "schemes-in-kind")
    together = dict(zip((c.name for c in found.columns), found.rows[-1], strict=True))
    assert together["beds"] == -8
    assert [together[k] for k in ("wte", "pay", "capital")] == [None, None, None]


def test_a_plan_without_schemes_has_a_sentence_and_its_question(reference: Reference) -> None:
    p = plan({"schemes": [], "value": {}})
    blocks = schemes.part(p, reference, money(p, reference), [])
    assert "No schemes have been entered yet." in said(blocks) and not tables(blocks)
    assert not tables(service_model.part(p, reference, []))


def test_the_prompts_are_asked_of_each_scheme_and_the_open_ones_are_named(reference: Reference) -> None:
    data = whole()
    answers = {f"CST-16.{n}": {"answer": "Yes"} for n in range(1, 9) if n != 8}
    data["budget"]["schemes"][0]["answers"] = answers
    blocks = service_model.part(Plan.model_validate(data), reference, [])
    asked = {b.path for b in blocks if isinstance(b, Question)}
    assert {f"/budget/schemes/{s}/answers/CST-16.{n}" for s in (0, 1) for n in range(1, 9)} <= asked
    assert "/budget/answers/PVW-05.1" in asked
    assert "No funded scheme answers this prompt: “Which habit does the scheme question?”" in said(blocks)
    row = cells(tables(blocks)["service-model"])[0]
    assert (row["answered"], row["open"], row["voice"]) == (7, "old habits", "Yes")


def test_the_account_of_how_long_change_takes_is_shown_as_one_account(reference: Reference) -> None:
    blocks = service_model.part(plan(), reference, [])
    assert "5 to 15 years" in said(blocks) and "one person's account" in said(blocks)
    slowest = cells(tables(blocks)["lead-times"])[0]
    assert (slowest["name"], slowest["years"]) == ("Health checks", 1.5)


def test_a_scheme_is_held_against_the_entry_it_follows(reference: Reference) -> None:
    data = whole()
    data["budget"]["schemes"][0] |= {"intervention": "local"}
    text = said(library.part(Plan.model_validate(data), reference, []))
    assert "lead time 6 months, there 10 months" in text
    assert "an effect of -10.0%" not in text  # within the range there


# --- two hundred ------------------------------------------------------------------------


def many() -> Plan:
    """Two hundred schemes and sixty services, scored by six."""
    data, rng = whole(), np.random.default_rng(7)
    pattern = data["budget"]["schemes"][1] | {"intervention": "", "effects": []}
    data["budget"]["schemes"] = [
        pattern
        | {"id": f"s{n}", "name": f"Scheme {n}", "funded": n % 3 > 0, "people": int(rng.integers(50, 300))}
        | {"recurrent_cost": float(rng.integers(50, 5_000)), "variant_of": f"v{n // 3}" if n < 30 else ""}
        | {"after": [f"s{n - 7}"] if n % 20 == 19 else []}
        for n in range(200)
    ]
    service = data["decommissioning"]["services"][0]
    data["decommissioning"]["services"] = [
        copy.deepcopy(service) | {"id": f"c{n}", "name": f"Service {n}"} for n in range(60)
    ]
    data["budget"]["value"] = {
        "money": 150_000,
        "scores": [
            {"respondent": f"R{who}", "option": f"{kind}:{id}{n}", "benefit": float(rng.integers(1, 101))}
            for who in range(6)
            for kind, id, count in (("scheme", "s", 200), ("service", "c", 60))
            for n in range(count)
        ],
    }
    return Plan.model_validate(data)


def test_two_hundred_schemes_stay_readable_and_quick(reference: Reference) -> None:
    p = many()
    found = money(p, reference)
    started = time.perf_counter()
    blocks = [
        *schemes.part(p, reference, found, []),
        *service_model.part(p, reference, []),
        *value_page.part(p, reference, []),
    ]
    assert (
        time.perf_counter() - started < 3
    )  # a third of that on a free core; others may be at work beside it
    held = tables(blocks)
    assert len(held["schemes"].rows) == 40 and "160 more stand in the sums above" in held["schemes"].note
    sums = cells(held["schemes-by-programme"])
    assert sums[-1]["all"] == 200 == sum(r["all"] for r in sums[:-1])
    assert sums[-1]["running"] == pytest.approx(sum(r["running"] for r in sums[:-1]))
    by_year = cells(held["schemes-by-year"])
    assert by_year[-2]["name"].endswith("others")
    largest = next(b for b in blocks if isinstance(b, Figure) and b.id == "scheme-largest")
    assert len(largest.table.rows) == 10
    assert held["value-options"].detail and len(held["value-options"].rows) == 200
    assert {(r["plan"], r["method"]) for r in cells(held["value-apart"])} <= {
        ("funded", "out"),
        ("not funded", "in"),
    }
    assert len(held["value-apart"].rows) <= 40 and "often" not in cells(held["value-apart"])[0]
    assert "not solved anew for each draw" in held["value-apart"].note
    found_ = judged(p, reference)
    assert found_ is not None and found_.chosen.proven
    assert found_.totals(found_.greedy)[1] <= found_.totals(found_.chosen.funded)[1] + 1e-6


@pytest.mark.parametrize("count", [0, 1, 20, 200])
def test_the_pictures_are_valid_however_many_options_there_are(count: int) -> None:
    rows = [
        {"name": f"Scheme {n}", "cost": 10.0 + n, "value": 900.0 - n, "funded": n % 2 == 0}
        for n in range(count)
    ]
    frontier = pictures.triangles(
        rows, money=300.0, points=[{"name": "the plan", "cost": 10.0, "value": 5.0}]
    )
    boxes = pictures.rectangles(
        [r | {"people": 10 * n, "height": n % 100, "words": "x"} for n, r in enumerate(rows)]
    )
    for spec in (frontier, boxes):
        altair.Chart.from_dict(spec)
    named = [v for layer in frontier["layer"] for v in layer["data"]["values"] if v.get("n")]
    assert len(named) == min(count, 15)


def test_the_area_of_a_rectangle_is_its_value() -> None:
    rows = [
        {"name": "a", "people": 400, "height": 20, "words": "", "funded": True},
        {"name": "b", "people": 100, "height": 80, "words": "", "funded": True},
    ]
    spec = pictures.rectangles(rows)
    drawn = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "rect")["data"]["values"]
    areas = [(r["x2"] - r["x"]) * (r["y2"] - r["y"]) for r in drawn]
    assert areas[0] == pytest.approx(areas[1], rel=1e-3)
