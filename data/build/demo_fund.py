"""The pooled fund and the fixed-income contract of the demonstration plan; every figure is made up."""

# ruff: noqa: E501 (a sentence of the plan stays on one line, so that a change of words reads as one)

from __future__ import annotations

from typing import Any

from demo_money import COMMUNITY, COUNCIL, ICB


def extend(plan: dict[str, Any]) -> None:
    """Add pots, host, way out, ranges and one contract. The shares of an overspend stay as planted: unlike the money."""
    budget = plan["budget"]
    fund = budget["fund"]
    fund |= {
        "name": "Northmere joint fund",
        "total": sum(c["amount"] for c in fund["contributions"]),
        "basis": "Gross spend of 2025/26 (synthetic), grants passed through left out.",
        "host": ICB,
        "pots": [
            _pot(fund, "section-75", "Joint board, binding on both partners", ""),
            _pot(fund, "aligned", "Joint board recommends", "Each organisation's own board"),
            _pot(fund, "in-collaboration", "Joint board recommends", "Integrated care board"),
        ],
        "spend_low": -1.5,
        "spend_high": 4.0,
        "spend_source": "Made up for this demonstration: as if from six years of outturn",
        "exit_months": 12,
        "exit": "Staff go back to the partner that employs them, contracts end or are taken over at their next break, and balances and debts are shared as overspends are (synthetic).",
    }
    underspend = {ICB: 0.55, COUNCIL: 0.45}
    for partner in fund["partners"]:
        partner["underspend"] = underspend[partner["partner"]]
        if partner["partner"] == COUNCIL:
            partner["most"] = 6_000
    budget["contracts"] = [_contract()]


def _pot(fund: dict[str, Any], pot: str, decides: str, ratifies: str) -> dict[str, Any]:
    amount = sum(c["amount"] for c in fund["contributions"] if c["pot"] == pot)
    return {"pot": pot, "amount": amount, "decides": decides, "ratifies": ratifies}


def _contract() -> dict[str, Any]:
    """Community and mental health services for a fixed sum: the two budget lines it is paid from add up to its value."""
    return {
        "id": "community-fixed",
        "name": "Fixed-income contract, community and mental health",
        "payer": ICB,
        "provider": COMMUNITY,
        "value": 151_940 + 171_380,
        "outcome_part": 3_000,
        "earned_low": 0.55,
        "earned": 0.75,
        "earned_high": 0.9,
        "cost_low": 318_900,
        "cost": 323_400,
        "cost_high": 332_100,
        "bears_first": 1_500,
        "pool": 6_000,
        "shares": [
            {"partner": ICB, "share": 0.5},
            {"partner": COMMUNITY, "share": 0.3},
            {"partner": COUNCIL, "share": 0.2},
        ],
        "gain_share": 0.5,
        "source": "Made up for this demonstration: as if from the provider's forecast and three years of outturn",
    }
