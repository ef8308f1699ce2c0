"""The five-year money many times over: by hand, against NumPy alone, and in its limits."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from workbook.blocks import Figure, Result, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.budget import uncertainty
from workbook.steps.money import money
from workbook.steps.money.chance import Simulation, simulated

FIXED = ("demographic-growth-default", "other-growth-acute", "price-uplift", "efficiency")
RANGED = (
    "efficiency-delivered",
    "income-follows-price",
    "income-drift",
    "scheme-cost-range",
    "savings-delivered",
    "scheme-delay",
)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def plan(loose: tuple[str, ...] = (), **budget: Any) -> Plan:
    """One line of 1,000 without growth; every assumption confirmed, and so held fixed, but those named."""
    values = {"efficiency-delivered": 100, "scheme-cost-range": 100, "savings-delivered": 100}
    overrides = [
        {
            "id": id,
            "value": values.get(id, 0),
            "status": "assumed" if id in loose else "confirmed",
            "reason": "by hand",
            "by": "x",
        }
        for id in (*FIXED, *RANGED)
    ]
    income = [
        {"organisation": "Board", "year": y, "amount": 1000, "status": "confirmed"} for y in range(2026, 2031)
    ]
    line = {"id": "a", "name": "Acute", "organisation": "Board", "amount": 1000, "growth": "acute"}
    services = budget.pop("services", [])
    return Plan.model_validate(
        {
            "area": {"code": "SYN01", "name": "Northmere", "kind": "synthetic", "synthetic": True},
            "base_year": 2025,
            "horizon": 5,
            "assumptions": overrides,
            "budget": {"lines": [line], "income": income} | budget,
            "decommissioning": {"services": services},
        }
    )


def run(plan: Plan, reference: Reference) -> Simulation:
    return simulated(plan, reference, money(plan, reference))


def test_where_everything_is_confirmed_every_draw_is_the_figure_itself(reference: Reference) -> None:
    found = run(plan(), reference)
    assert all(gap == pytest.approx((0, 0, 0)) for gap in found.gaps.values())
    assert found.closed == 1 and found.factors == ()


def test_a_price_that_is_off_is_off_in_every_year(reference: Reference) -> None:
    """0 % in place of 2.5 % keeps the range of 2026 on: one in ten is 0.7 points below, one in ten 1 point above."""
    found = run(plan(loose=("price-uplift",)), reference)
    for n, year in enumerate(range(2026, 2031), start=1):
        low, middle, high = found.gaps[year]
        assert (low, middle, high) == pytest.approx(
            (1000 - 1000 * 1.01**n, 0, 1000 - 1000 * 0.993**n), abs=0.3
        )
    assert found.closed == pytest.approx(0.5, abs=0.001)
    (only,) = found.factors
    assert only.factor == "price" and only.share == pytest.approx(1)


def test_price_and_growth_together_are_as_numpy_alone_gives_them(reference: Reference) -> None:
    found = run(plan(loose=("price-uplift", "other-growth-acute")), reference)
    random = np.random.default_rng(7)
    z = random.standard_normal((400_000, 2)) / 1.2815515655446004
    price = np.where(z[:, 0] < 0, 0.007, 0.01) * z[:, 0]
    other = 0.0018 * z[:, 1]  # 0.89 to 1.25 about 1.07
    left = 1000 - 1000 * ((1 + price) * (1 + other)) ** 5
    assert found.gaps[2030] == pytest.approx(tuple(np.percentile(left, (10, 50, 90))), abs=1.5)
    assert found.closed == pytest.approx((left >= -0.5).mean(), abs=0.01)
    shares = {part.factor: part.share for part in found.factors}
    assert sum(shares.values()) == pytest.approx(1)
    alone = {"price": (1 + price) ** 5, "other": (1 + other) ** 5}
    spread = left.var()
    for name, factor in alone.items():
        covered = np.cov(-1000 * factor, left)[0, 1] / spread
        assert shares[name] == pytest.approx(covered, abs=0.01)


def test_efficiency_that_is_confirmed_is_confirmed_as_asked(reference: Reference) -> None:
    """2 % asked in every year, half of it to 110 % of it delivered."""
    asked = plan(loose=("efficiency-delivered",)).model_dump(mode="json")
    next(o for o in asked["assumptions"] if o["id"] == "efficiency")["value"] = 2
    found = run(Plan.model_validate(asked), reference)
    low, middle, high = found.gaps[2030]
    assert (low, middle, high) == pytest.approx(
        tuple(1000 - 1000 * (1 - e) ** 5 for e in (0.01, 0.02, 0.022)), abs=0.3
    )
    assert [part.factor for part in found.factors] == ["efficiency"]


def test_income_drifts_only_where_it_is_assumed(reference: Reference) -> None:
    given = plan(loose=("income-drift",))
    assert run(given, reference).factors == ()
    data = given.model_dump(mode="json")
    for entry in data["budget"]["income"]:
        entry["status"] = "assumed"
    low, _, high = run(Plan.model_validate(data), reference).gaps[2030]
    assert (low, high) == pytest.approx((1000 * 0.997**5 - 1000, 1000 * 1.003**5 - 1000), abs=0.2)


def all_assumed(given: Plan) -> Plan:
    data = given.model_dump(mode="json")
    for entry in data["budget"]["income"]:
        entry["status"] = "assumed"
    return Plan.model_validate(data)


@pytest.mark.parametrize(("follows", "kept"), [(0, 1.0), (70, 0.3), (100, 0.0)])
def test_assumed_income_follows_its_share_of_what_prices_do(
    reference: Reference, follows: float, kept: float
) -> None:
    """1,000 of income and of spend: what prices add is left to find less the share that income follows."""
    data = plan(loose=("price-uplift",)).model_dump(mode="json")
    next(o for o in data["assumptions"] if o["id"] == "income-follows-price")["value"] = follows
    confirmed = Plan.model_validate(data)
    whole = run(confirmed, reference).gaps[2030]
    found = run(all_assumed(confirmed), reference).gaps[2030]
    assert (found.p10, found.p90) == pytest.approx((kept * whole.p10, kept * whole.p90), abs=1e-6)
    assert (whole.p10, whole.p90) == pytest.approx((1000 - 1000 * 1.01**5, 1000 - 1000 * 0.993**5), abs=0.3)


def test_how_far_income_follows_is_unsure_too_but_never_more_than_prices_do(reference: Reference) -> None:
    found = run(all_assumed(plan(loose=("price-uplift", "income-follows-price"))), reference)
    random = np.random.default_rng(11)
    z = random.standard_normal((400_000, 2)) / 1.2815515655446004
    moved = (1 + np.where(z[:, 0] < 0, 0.007, 0.01) * z[:, 0]) ** 5 - 1
    left = -1000 * moved * (1 - np.clip(0.3 * z[:, 1], 0, 1))  # 0 put in place of 70 keeps the width of 30
    assert found.gaps[2030] == pytest.approx(tuple(np.percentile(left, (10, 50, 90))), abs=1.5)
    (only,) = found.factors
    assert only.factor == "price" and only.share == pytest.approx(1)


SCHEME = {
    "id": "s",
    "name": "Scheme",
    "funded": True,
    "line": "a",
    "start_year": 2029,
    "recurrent_cost": 100,
    "gross_saving": 200,
    "cashable_share": 1,
    "stops": "clinic",
}
CLINIC = {"id": "clinic", "name": "Clinic", "decision": "stop", "line": "a", "stop_date": "2029-03-31"}


def test_a_scheme_costs_more_saves_less_and_comes_late(reference: Reference) -> None:
    def gap(loose: str) -> tuple[float, ...]:
        given = plan(loose=(loose,), schemes=[SCHEME], services=[CLINIC])
        return tuple(run(given, reference).gaps[2029])

    assert gap("scheme-cost-range") == pytest.approx((80, 100, 110), abs=0.2)  # 100 costs 90 to 120
    assert gap("savings-delivered") == pytest.approx((0, 100, 110), abs=0.2)  # 200 saves 100 to 210
    # Nine months late leaves a quarter of the net saving of 100 in the first year; never early.
    assert gap("scheme-delay") == pytest.approx((25, 100, 100), abs=0.2)


def test_a_risk_happens_as_often_as_it_says(reference: Reference) -> None:
    risk = {"id": "r", "name": "Strike", "owner": "x", "chance": 0.25, "cost_low": 40, "cost_high": 40}
    without = {"id": "q", "name": "Flood", "owner": "x", "chance": 0.25}
    found = run(plan(risks=[risk, without]), reference)
    assert found.closed == pytest.approx(0.75)
    assert found.risk_cost == pytest.approx(10)
    assert found.not_counted == ("Flood",)
    assert found.gaps[2030] == pytest.approx((-40, 0, 0))


def test_the_same_plan_gives_the_same_draws_and_another_scheme_leaves_prices_alone(
    reference: Reference,
) -> None:
    loose = ("price-uplift", "scheme-cost-range")
    one = run(plan(loose=loose), reference)
    assert one == run(plan(loose=loose), reference)
    two = run(plan(loose=loose, schemes=[SCHEME]), reference)
    price = [next(p for p in found.factors if p.factor == "price") for found in (one, two)]
    assert (price[0].low, price[0].high) == (price[1].low, price[1].high)


def test_without_income_the_gap_is_not_known_and_the_page_says_so(reference: Reference) -> None:
    given = plan(loose=("price-uplift",), income=[])
    found = run(given, reference)
    assert found.gaps == {} and found.closed is None
    said = uncertainty.answer(given, money(given, reference), found)
    assert "neither the gap of that year nor its range is known" in said


def test_the_page_says_gap_chance_and_causes(reference: Reference) -> None:
    given = plan(loose=("price-uplift", "other-growth-acute"))
    results: list[Result] = []
    blocks = uncertainty.part(given, reference, money(given, reference), results)
    said = " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)
    drawn = run(given, reference)
    said += uncertainty.answer(given, money(given, reference), drawn)
    closed = drawn.closed or 0
    assert 0.4 < closed < 0.5  # prices reach further up than down
    assert f"The chance that income covers spend in 2030/31 is {100 * closed:.0f}%." in said
    assert "Most of the spread comes from prices that income does not follow" in said
    assert [b.id for b in blocks if isinstance(b, Figure)] == ["gap-range", "gap-causes"]
    ids = {r.id for r in results}
    assert {"budget.gap-after-p10.2030", "budget.gap-after-p90.2026", "budget.gap-closed-chance"} <= ids
    (spread,) = [r for r in results if r.id == "budget.gap-spread"]
    assert sum(spread.factors.values()) == pytest.approx(100)


def test_the_chart_of_the_causes_its_table_and_the_sentence_rank_by_share(reference: Reference) -> None:
    given = plan(loose=("price-uplift", "other-growth-acute"))
    drawn = run(given, reference)
    uneven = tuple(
        dataclasses.replace(drawn.factors[0], factor=name, share=share)
        for name, share in (("price", 0.46), ("income", 0.08), ("other", 0.11), ("delay", 0.35))
    )
    found = uncertainty._causes(given, dataclasses.replace(drawn, factors=uneven))
    shares = [row[4] for row in found.table.rows]
    assert shares == [46, 35, 11, 8]
    drawn_words = str(found.spec)
    places = [drawn_words.index(f"{share:.0f}% of the spread") for share in shares]
    assert places == sorted(places)


def test_the_page_says_what_is_linked_and_what_is_not(reference: Reference) -> None:
    def said(given: Plan) -> str:
        blocks = uncertainty.part(given, reference, money(given, reference), [])
        return " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)

    given = plan(loose=("price-uplift",))
    assert "Income is entered as confirmed and stands whatever prices do." in said(given)
    data = all_assumed(given).model_dump(mode="json")
    data["assumptions"] = [o for o in data["assumptions"] if o["id"] != "income-follows-price"]
    words = said(Plan.model_validate(data))
    assert "Income that is only assumed follows 70% (40% to 100%) of what prices add to spend" in words
    assert (
        "a range is that of the mean over the plan" in words
        and "Not linked: schemes with each other" in words
    )


def test_why_the_middle_is_not_the_figure_is_said(reference: Reference) -> None:
    risk = {"id": "r", "name": "Strike", "owner": "x", "chance": 0.9, "cost_low": 400, "cost_high": 400}
    given = plan(risks=[risk])
    blocks = uncertainty.part(given, reference, money(given, reference), [])
    said = " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)
    assert "£400k worse: risks cost £360k on average" in said
