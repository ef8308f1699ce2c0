"""Money held against what it buys: worked examples of the method, and of the page."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.blocks import Table, Words
from workbook.methods import triangulation
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.budget import resources
from workbook.steps.budget import triangulation as page
from workbook.steps.money import money

GUIDE = [
    Formula(
        "Activity times price against spend",
        triangulation.agreement,
        "product = count · each / 1,000        agrees where |product - given| / given is within the tolerance",
        "Whether activity and price, or staff and their cost, give the money of the same line.",
        "Where no money is given the difference has no share and nothing agrees but a product of nought.",
        "NHS planning practice: activity, workforce and finance plans are held against each other.",
        [
            Example("50,000 spells at £2,100 against £100,000k, tolerance 5 %",
                    {"count": 50_000, "each": 2100, "given": 100_000, "tolerance": 0.05},
                    {"product": 105_000, "difference": 5_000, "share": 0.05, "agrees": True}, "5,000 / 100,000"),
            Example("one pound more on each", {"count": 50_000, "each": 2101, "given": 100_000, "tolerance": 0.05},
                    {"product": 105_050, "difference": 5_050, "share": 0.0505, "agrees": False}, "5,050 / 100,000"),
        ],
        results=("product", "difference", "share", "agrees"),
    ),
    Formula(
        "Bed occupancy",
        triangulation.occupancy,
        "occupied bed days / (beds · 365)",
        "How full the beds of a line are over a year.",
        "Not available without beds; above 1 it cannot be, because a bed holds one person a day.",
        "Definition of NHS England's statistics on bed availability and occupancy.",
        [Example("100 beds, 33,580 bed days", {"bed_days": 33_580, "beds": 100}, 0.92, "33,580 / 36,500")],
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula: Formula, example: Example) -> None:
    check(formula, example)


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e5), st.floats(0, 0.5))
def test_money_that_is_the_product_always_agrees(count: float, each: float, tolerance: float) -> None:
    assert triangulation.agreement(count, each, count * each / 1000, tolerance).agrees


def test_nothing_given_has_no_share() -> None:
    assert triangulation.agreement(1, 1000, 0, 0.05).share == math.inf
    assert triangulation.agreement(0, 1000, 0, 0.05).agrees
    assert math.isnan(triangulation.occupancy(10, 0))


# --- the page ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def plan(line: dict[str, Any] | None = None, scheme: dict[str, Any] | None = None, **service: Any) -> Plan:
    overrides = [
        {"id": id, "value": value, "reason": "by hand", "by": "x"}
        for id, value in (
            ("demographic-growth-default", 1.0),
            ("other-growth-acute", 2.0),
            ("price-uplift", 5.0),
            ("efficiency", 4.0),
        )
    ]
    base = {"id": "a", "name": "Acute", "organisation": "Board", "amount": 1000, "growth": "acute"}
    change = {"id": "s", "name": "At home", "funded": True, "line": "a", "start_year": 2026, "ramp": [0.5, 1]}
    return Plan.model_validate(
        {
            "area": {"code": "SYN01", "name": "Northmere", "kind": "synthetic", "synthetic": True},
            "base_year": 2025,
            "horizon": 2,
            "assumptions": overrides,
            "budget": {
                "lines": [base | (line or {})],
                "schemes": [change | scheme] if scheme else [],
            },
            "decommissioning": {"services": [service] if service else []},
        }
    )


def measures(plan: Plan, reference: Reference) -> dict[str, tuple[float, ...]]:
    return {m.id: m.values for m in resources.by_year(plan, money(plan, reference))}


def test_activity_staff_and_bed_days_grow_with_volume_and_not_with_prices(reference: Reference) -> None:
    line = {"activity": 100, "activity_unit": "spells", "wte": 10, "beds": 5, "bed_days": 1000}
    found = measures(plan(line), reference)
    volume = 1.01 * 1.02
    assert found["activity-1"] == pytest.approx((100, 100 * volume, 100 * volume**2))
    assert found["staff"] == pytest.approx((10, 10 * volume, 10 * volume**2))
    assert found["bed-days"] == pytest.approx((1000, 1000 * volume, 1000 * volume**2))
    assert found["occupancy"] == pytest.approx([100 * v / (5 * 365) for v in found["bed-days"]])


def test_a_scheme_changes_beds_and_staff_along_its_ramp(reference: Reference) -> None:
    found = measures(plan({"beds": 20}, {"beds": -8, "wte": 4, "capital": 30}), reference)
    assert found["beds"] == pytest.approx((20, 16, 12))
    assert found["staff"] == pytest.approx((0, 2, 4))
    assert found["capital-schemes"] == pytest.approx((0, 30, 0))


def test_without_a_start_a_change_of_beds_or_staff_is_called_a_change(reference: Reference) -> None:
    given = plan({}, {"beds": -8, "wte": -4})
    found = {m.id: (m.label, m.values) for m in resources.by_year(given, money(given, reference))}
    assert found["beds"] == ("Change of beds; no budget line states how many there are", (0, -4, -8))
    assert found["staff"] == ("Change of staff; no budget line states how many there are", (0, -2, -4))


CLINIC = {"id": "w", "name": "Ward", "decision": "stop", "stop_date": "2026-09-30", "beds_closed": 6}


def test_beds_of_a_service_go_once_the_year_after_it_stops(reference: Reference) -> None:
    assert measures(plan({"beds": 20}, None, **CLINIC), reference)["beds"] == pytest.approx((20, 20, 14))
    claimed = plan({"beds": 20}, {"beds": -6, "stops": "w"}, **CLINIC)
    assert measures(claimed, reference)["beds"] == pytest.approx((20, 17, 14))  # once, by the scheme
    assert page.beds_by_service(claimed) == {"w": (6, 6)}
    opens = plan({"beds": 20}, {"beds": 4, "stops": "w"}, **CLINIC)
    assert measures(opens, reference)["beds"] == pytest.approx(
        (20, 22, 18)
    )  # what opens does not hide what closes


def test_the_page_says_what_does_not_agree(reference: Reference) -> None:
    line = {"activity": 100, "unit_price": 12_000, "programme": "Circulation", "capital": 40}
    results: list[Any] = []
    given = plan(line)
    blocks = page.part(given, reference, money(given, reference), results)
    tables = {b.id: b for b in blocks if isinstance(b, Table)}
    assert tables["triangulation"].rows[0][-1] == "no"
    assert tables["triangulation-programmes"].rows[0][0] == "Circulation"
    words = " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)
    assert "these do not agree: Acute" in words
    assert {r.id for r in results} >= {"budget.activity-1.2025", "budget.capital-lines.2025"}


def test_nothing_to_hold_is_a_sentence(reference: Reference) -> None:
    given = plan()
    blocks = page.part(given, reference, money(given, reference), [])
    assert len(blocks) == 2 and isinstance(blocks[1], Words)
