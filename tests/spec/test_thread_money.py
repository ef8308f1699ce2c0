"""Rules on money as worked examples: a sound plan, one change that breaks one link, and one that does not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.spec.test_thread import SCHEME, SERVICE, append, at, codes, sound
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import thread

LINE = ("budget", "lines", 0)
INCOME = ("budget", "income")
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def both(*changes: Change) -> Change:
    def change(data: dict[str, Any]) -> None:
        for each in changes:
            each(data)

    return change


def override(id: str, value: float, **more: Any) -> Change:
    return at(assumptions=[{"id": id, "value": value, "reason": "By hand", "by": "CFO"} | more])


def grown(rate: float) -> Change:
    """Assumed income that grows by a rate from the confirmed 100 million of the base year."""

    def change(data: dict[str, Any]) -> None:
        for entry in data["budget"]["income"]:
            if entry["year"] > 2024:
                entry["amount"] = 100_000 * rate ** (entry["year"] - 2024)

    return change


COUNCIL = {"id": "care", "name": "Care", "organisation": "Council", "amount": 10, "growth": "other"}
RISK = {"id": "r", "name": "Strike", "owner": "Chair"}
# 100 million: 50,000 spells at 2,000 pounds; 60 million of pay: 1,000 people at 60,000 pounds.
SPELLS = {"activity": 50_000, "activity_unit": "spells", "unit_price": 2_000}
STAFF = {"wte": 1_000, "wte_cost": 60_000, "pay_share": 0.6}

PLANTED: list[tuple[str, str, Change]] = [
    ("base-year-does-not-reconcile", "doubt", at(*INCOME, 5, amount=100_000.001)),  # one pound
    ("money-without-organisation", "doubt", at(*LINE, organisation="")),
    ("money-without-organisation", "doubt", at(*SCHEME, line="")),
    ("money-without-organisation", "doubt", both(at(*SERVICE, line="", transition_cost=5))),
    ("organisation-without-income", "doubt", append("budget", "lines", **COUNCIL)),
    (
        "income-entered-twice",
        "doubt",
        append(*INCOME, organisation="Board", year=2024, amount=100_000, status="confirmed"),
    ),
    ("income-grows-fast", "doubt", grown(1.051)),
    (
        "negative-spend",
        "blocks",
        both(at(*LINE, amount=100), at(*SCHEME, gross_saving=400, cashable_share=1)),
    ),
    ("own-rates-without-reason", "doubt", at(*LINE, own_growth=2)),
    ("efficiency-above-achieved", "doubt", at(*LINE, own_efficiency=3.5, own_reason="A letter")),
    ("efficiency-above-achieved", "doubt", override("efficiency", 3.2)),
    ("efficiency-above-achieved", "doubt", override("efficiency", 3.2, from_year=2027, to_year=2027)),
    ("activity-unlike-spend", "doubt", at(*LINE, **SPELLS | {"unit_price": 2_101})),
    ("activity-unlike-spend", "doubt", at(*SCHEME, activity=1_000, unit_price=400)),  # 400k against 500k
    ("activity-unlike-spend", "doubt", at(*SCHEME, activity=-1_000, unit_price=400)),  # against 300k released
    ("staff-unlike-pay", "doubt", at(*LINE, **STAFF | {"wte": 900})),
    ("staff-unlike-pay", "doubt", at(*SCHEME, wte=10, wte_cost=60_000)),  # 600k in a scheme of 500k
    ("occupancy-impossible", "blocks", at(*LINE, beds=100, bed_days=36_501)),
    ("occupancy-impossible", "blocks", at(*LINE, bed_days=10)),
    ("occupancy-high", "doubt", at(*LINE, beds=100, bed_days=33_581)),
    ("beds-unlike-services", "doubt", at(*SCHEME, beds=-10)),
    ("beds-unlike-services", "doubt", both(at(*SCHEME, beds=-10), at(*SERVICE, beds_closed=12))),
    ("beds-unlike-services", "doubt", both(at(*SCHEME, beds=-10, stops=""))),
    ("beds-added-by-closing", "doubt", both(at(*SCHEME, beds=12), at(*SERVICE, beds_closed=12))),
    ("beds-closed-beyond", "blocks", both(at(*LINE, beds=10), at(*SERVICE, beds_closed=11))),
    ("capital-without-year", "doubt", at(*SCHEME, capital=50, start_year=None)),
    ("capital-without-year", "doubt", at(*SCHEME, capital=50, start_year=2030)),
    (
        "risk-cost-turned",
        "doubt",
        at("budget", risks=[RISK | {"chance": 0.1, "cost_low": 9, "cost_high": 3}]),
    ),
    ("risk-without-chance", "doubt", at("budget", risks=[RISK | {"cost_high": 3}])),
]

SILENT: list[tuple[str, Change]] = [
    ("base-year-does-not-reconcile", at(*INCOME, 5, amount=100_000.0004)),  # less than a pound
    ("income-entered-twice", append(*INCOME, organisation="Board", year=2025, amount=1, status="assumed")),
    ("income-grows-fast", grown(1.0499)),
    ("income-grows-fast", both(grown(1.06), at(*INCOME, 4, status="confirmed"))),
    ("negative-spend", at(*SCHEME, gross_saving=400, cashable_share=1)),
    ("own-rates-without-reason", at(*LINE, own_growth=2, own_reason="Agreed with the board")),
    ("efficiency-above-achieved", at(*LINE, own_efficiency=3, own_reason="A letter")),
    ("efficiency-above-achieved", override("efficiency", 3.2, from_year=2035)),
    ("activity-unlike-spend", at(*LINE, **SPELLS | {"unit_price": 2_099})),
    (
        "activity-unlike-spend",
        at(*LINE, activity=50_000),
    ),  # without a price there is nothing to hold it against
    ("activity-unlike-spend", at(*SCHEME, activity=1_000, unit_price=500)),
    ("staff-unlike-pay", at(*LINE, **STAFF)),
    ("staff-unlike-pay", at(*SCHEME, wte=5, wte_cost=60_000)),  # a scheme buys other things as well
    ("occupancy-high", at(*LINE, beds=100, bed_days=33_580)),  # 92%
    ("beds-unlike-services", both(at(*SCHEME, beds=-12), at(*SERVICE, beds_closed=12))),
    ("beds-unlike-services", both(at(*SCHEME, beds=-12, funded=False), at(*SERVICE, beds_closed=3))),
    ("beds-added-by-closing", both(at(*SCHEME, beds=-12), at(*SERVICE, beds_closed=12))),
    ("beds-added-by-closing", both(at(*SCHEME, beds=12, stops=""), at(*SERVICE, beds_closed=12))),
    ("beds-closed-beyond", both(at(*LINE, beds=11), at(*SERVICE, beds_closed=11))),
    ("capital-without-year", at(*SCHEME, capital=50)),
    ("risk-cost-turned", at("budget", risks=[RISK | {"chance": 0.1, "cost_low": 3, "cost_high": 9}])),
    ("risk-without-chance", at("budget", risks=[RISK])),
]


def names(rows: list[Any]) -> list[str]:
    return [f"{row[0]}-{n}" for n, row in enumerate(rows)]


@pytest.mark.parametrize(("code", "severity", "plant"), PLANTED, ids=names(PLANTED))
def test_a_broken_link_is_found_and_said(
    code: str, severity: str, plant: Change, reference: Reference
) -> None:
    data = copy.deepcopy(sound())
    plant(data)
    assert codes(data, reference).get(code) == severity
    (one, *_) = [f for f in thread.findings(Plan.model_validate(data), reference) if f.code == code]
    assert one.sentence.endswith(".") and one.remedy.endswith(".")
    assert one.path.startswith(("/budget", "/decommissioning", "/assumptions"))


@pytest.mark.parametrize(("code", "plant"), SILENT, ids=names(SILENT))
def test_what_holds_is_not_doubted(code: str, plant: Change, reference: Reference) -> None:
    data = copy.deepcopy(sound())
    plant(data)
    assert code not in codes(data, reference)


def test_a_pound_that_is_missing_is_said_in_pounds(reference: Reference) -> None:
    data = sound()
    at(*INCOME, 5, amount=100_000.001)(data)
    found = thread.findings(Plan.model_validate(data), reference)
    (one,) = [f for f in found if f.code == "base-year-does-not-reconcile"]
    assert "£1 apart" in one.sentence


def test_efficiency_above_the_long_run_is_a_note(reference: Reference) -> None:
    def noted(value: float) -> bool:
        data = sound()
        override("efficiency", value)(data)
        found = thread.findings(Plan.model_validate(data), reference)
        return any(f.code == "efficiency-above-average" and f.severity == "note" for f in found)

    assert noted(1.0)
    assert not noted(0.9)
