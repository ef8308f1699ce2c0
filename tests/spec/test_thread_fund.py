"""The thread on fund and contracts: one planted fault for each rule, on a plan in which every link holds."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.spec.test_thread import append, at, codes, sound
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import thread

FUND = ("budget", "fund")
CONTRACT = {
    "id": "block",
    "name": "Hospital contract",
    "payer": "Board",
    "provider": "Trust",
    "value": 60_000,
    "outcome_part": 600,
    "earned_low": 0.6,
    "earned": 0.8,
    "earned_high": 0.95,
    "cost_low": 59_000,
    "cost": 60_000,
    "cost_high": 62_000,
    "bears_first": 200,
    "pool": 1_000,
    "shares": [{"partner": "Board", "share": 0.5}, {"partner": "Trust", "share": 0.5}],
    "source": "Outturn of five years",
}


def whole() -> dict[str, Any]:
    """The sound plan with a fund that is set up and a contract whose terms hold."""
    data = sound()
    data["budget"]["lines"][0]["provider"] = "Trust"
    data["budget"]["fund"] |= {
        "name": "Fund", "total": 1000, "host": "Board", "spend_low": -2, "spend_high": 4, "spend_source": "Outturn",
        "exit_months": 12, "exit": "Staff return, debts by shares.",
        "pots": [{"pot": "section-75", "amount": 1000, "decides": "Joint board"}],
    }  # fmt: skip
    data["budget"]["contracts"] = [copy.deepcopy(CONTRACT)]
    return data


def contract(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return at("budget", "contracts", 0, **changes)


def no_contributions(data: dict[str, Any]) -> None:
    """Shares of risk are known and contributions are not, as in the case of 2019/20."""
    data["budget"]["fund"] |= {"contributions": [], "pots": [], "total": 200_000}
    data["budget"]["organisations"] = [{"name": "Board", "total": 100_000}]
    data["budget"]["fund"]["partners"][0]["overspend"] = 2 / 3
    data["budget"]["fund"]["partners"][1]["overspend"] = 1 / 3


PLANTED: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("risk-unlike-contribution", at(*FUND, "partners", 0, overspend=0.3)),
    ("risk-unlike-spend", no_contributions),
    ("shares-not-one", at(*FUND, "partners", 0, overspend=0.58)),
    ("shares-not-one", at(*FUND, "partners", 0, underspend=0.7)),
    ("contributions-unlike-size", at(*FUND, total=1001)),
    ("contributions-unlike-size", at(*FUND, "pots", 0, amount=990)),
    ("partner-without-share", append(*FUND, "contributions", partner="County", amount=1)),
    ("share-without-contribution", append(*FUND, "partners", partner="County", overspend=0.001)),
    ("partner-twice", append(*FUND, "partners", partner="Board")),
    ("contribution-above-lines", at("budget", "lines", 0, scope="out")),
    ("host-not-partner", at(*FUND, host="Trust")),
    ("fund-without-exit", at(*FUND, exit="")),
    ("fund-without-exit", at(*FUND, exit_months=None)),
    ("ranges-out-of-order", at(*FUND, spend_low=5)),
    ("ranges-out-of-order", contract(cost_low=61_000)),
    ("ranges-out-of-order", contract(earned_high=0.7)),
    ("range-without-source", contract(source="")),
    ("contract-unlike-lines", contract(value=100_001, cost_high=1e6)),
    ("contract-unlike-lines", at("budget", "lines", 0, provider="Another trust")),
    ("payer-unknown", contract(payer="County")),
    ("payer-unknown", contract(payer="")),
    ("outcome-part-above-value", contract(value=500)),
    ("pool-above-stake", contract(pool=60_001)),
    ("pool-above-stake", at("budget", "lines", 0, amount=400)),
    ("pool-shares-not-one", contract(shares=[])),
    ("pool-shares-not-one", contract(shares=[{"partner": "Board", "share": 0.9}])),
    (
        "block-saving-not-cashable",
        at("budget", "schemes", 0, activity=-400, activity_unit="contacts"),
    ),
    ("outcomes-paid-not-measured", at("ambitions", "items", 0, line=None)),
]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def test_a_whole_fund_and_contract_give_no_doubt(reference: Reference) -> None:
    assert codes(whole(), reference) == {}


@pytest.mark.parametrize(("code", "plant"), PLANTED, ids=[f"{c}-{n}" for n, (c, _) in enumerate(PLANTED)])
def test_a_planted_fault_is_found_where_it_is(
    code: str, plant: Callable[[dict[str, Any]], None], reference: Reference
) -> None:
    data = whole()
    plant(data)
    found = [f for f in thread.findings(Plan.model_validate(data), reference) if f.code == code]
    assert found and all(f.severity == "doubt" for f in found)
    for finding in found:
        assert finding.sentence.endswith(".") and finding.remedy.endswith(".")
        assert finding.path.startswith("/budget/")


@pytest.mark.parametrize(
    ("code", "plant", "words"),
    [
        (
            "risk-unlike-spend",
            no_contributions,
            ("two thirds (66.7%)", "£100.0m", "2024/25", "50%", "£200.0m"),
        ),
        ("contributions-unlike-size", at(*FUND, total=1001), ("£1,000k", "£1,001k")),
        ("pool-shares-not-one", contract(shares=[]), ("£1.0m", "nobody fills it")),
        (
            "block-saving-not-cashable",
            at("budget", "schemes", 0, activity=-400, activity_unit="contacts"),
            ("£150k", "400 fewer contacts", "Hospital contract", "Trust"),
        ),
        ("contribution-above-lines", at("budget", "lines", 0, scope="out"), ("£600k", "£0k", "2024/25")),
    ],
)
def test_a_sentence_names_its_figures(
    code: str, plant: Callable[[dict[str, Any]], None], words: tuple[str, ...], reference: Reference
) -> None:
    data = whole()
    plant(data)
    sentence = next(
        f.sentence for f in thread.findings(Plan.model_validate(data), reference) if f.code == code
    )
    assert all(w in sentence for w in words), sentence


def test_a_reason_makes_a_difference_of_shares_a_note(reference: Reference) -> None:
    data = whole()
    at(*FUND, "partners", 0, overspend=0.5)(data)
    at(*FUND, "partners", 1, overspend=0.5)(data)
    assert codes(data, reference) == {"risk-unlike-contribution": "doubt"}
    data["budget"]["fund"]["shares_reason"] = "The council cannot carry a deficit"
    assert codes(data, reference) == {}


@pytest.mark.parametrize("pot", ["aligned", "in-collaboration"])
def test_pots_are_held_against_their_own_contributions(pot: str, reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"]["contributions"][1]["pot"] = pot
    data["budget"]["fund"]["pots"] = [
        {"pot": "section-75", "amount": 600},
        {"pot": pot, "amount": 400},
    ]
    assert codes(data, reference) == {}


def test_half_a_thousand_pounds_and_printed_thirds_are_let_pass(reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"]["total"] = 1000.4
    for partner, share in zip(data["budget"]["fund"]["partners"], (0.667, 0.333), strict=True):
        partner["overspend"] = partner["underspend"] = share
    data["budget"]["fund"]["contributions"][0]["amount"] = 650
    data["budget"]["fund"]["contributions"][1]["amount"] = 350
    assert codes(data, reference) == {}


def test_a_fund_that_nobody_lists_as_a_risk_is_noted(reference: Reference) -> None:
    data = whole()
    data["budget"]["risks"] = [{"id": "flood", "name": "A flood", "owner": "Director"}]
    found = {f.code for f in thread.findings(Plan.model_validate(data), reference)}
    assert "exposure-without-risk" in found
    data["budget"]["risks"][0]["name"] = "An overspend of the fund"
    found = {f.code for f in thread.findings(Plan.model_validate(data), reference)}
    assert "exposure-without-risk" not in found


def test_a_partner_whose_lines_are_not_entered_is_noted(reference: Reference) -> None:
    notes = {f.code: f.sentence for f in thread.findings(Plan.model_validate(whole()), reference)}
    assert notes["contribution-without-lines"].startswith("Council pays £400k")
    data = whole()
    append("budget", "lines", id="care", name="Care", organisation="Council", amount=400)(data)
    assert "contribution-without-lines" not in codes_of(data, reference)


def codes_of(data: dict[str, Any], reference: Reference) -> set[str]:
    """Every code, notes among them."""
    return {f.code for f in thread.findings(Plan.model_validate(data), reference)}


def test_a_service_that_ends_under_a_block_contract_is_noted(reference: Reference) -> None:
    found = {
        f.code: f.sentence
        for f in thread.findings(Plan.model_validate(whole()), reference)
        if f.severity == "note"
    }
    said = found["stop-under-block-contract"]
    assert "Old clinic" in said and "£200k" in said and "Hospital contract" in said
    data = whole()
    data["decommissioning"]["services"][0]["provider"] = "Another trust"
    notes = {f.code for f in thread.findings(Plan.model_validate(data), reference)}
    assert "stop-under-block-contract" not in notes


def test_two_totals_of_one_body_are_doubted_in_the_plan_of_that_place(reference: Reference) -> None:
    data = sound()
    data["area"] = {"code": "PLACE-south-tyneside", "name": "South Tyneside"}
    found = [
        f.sentence for f in thread.findings(Plan.model_validate(data), reference) if f.code == "two-totals"
    ]
    assert len(found) == 1 and "£332.8m" in found[0] and "£263.5m" in found[0]
