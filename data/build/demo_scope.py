"""The scope of the demonstration plan: whole spends, what is seen here and what stands in the way, a criterion of its own.

Made up, as everything of Northmere. Money in £000s.
"""

# ruff: noqa: E501 (a sentence of the plan stays on one line, so that a change of words reads as one)

from __future__ import annotations

from typing import Any

import demo_money

# --- whole spends ---------------------------------------------------------------

# The board's and the grant's lines add up to their whole spend; the council pays for more than health and care.
_COUNCIL_ELSEWHERE = 171_630
_COUNCIL_APART = (
    "Waste, roads, planning, libraries and home-to-school transport (£84,270k) and education passed through to schools "
    "(£87,360k): they meet health and care in few places, and joining them would cost more effort than it brings"
)


def _organisations(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    spend: dict[str, float] = {}
    for line in lines:
        spend[line["organisation"]] = spend.get(line["organisation"], 0) + line["amount"]
    return [
        {
            "name": demo_money.ICB,
            "total": spend[demo_money.ICB],
            "status": "confirmed",
            "source": "Board's budget book 2025/26, running costs spread over its lines (synthetic)",
        },
        {
            "name": demo_money.COUNCIL,
            "total": spend[demo_money.COUNCIL] + _COUNCIL_ELSEWHERE,
            "status": "confirmed",
            "outside": _COUNCIL_APART,
            "source": "Council's revenue budget 2025/26, without the public health grant (synthetic)",
        },
        {
            "name": demo_money.PUBLIC_HEALTH,
            "total": spend[demo_money.PUBLIC_HEALTH],
            "status": "confirmed",
            "source": "Public health grant determination 2025/26 (synthetic)",
        },
    ]


def _move_out(lines: list[dict[str, Any]]) -> None:
    """One line that is decided elsewhere, although its kind of budget is in scope."""
    (ambulance,) = (line for line in lines if line["id"] == "ambulance")
    ambulance["scope"] = "out"
    ambulance["scope_reason"] = "One contract for five systems, decided by their joint committee (synthetic)."


# --- a criterion of its own -------------------------------------------------------

_OWN = "people-to-run-it"
# Each person's scores, from the first rung to the sixth.
_OWN_SCORES = {
    "Chief finance officer, integrated care board": (5, 4, 3, 2, 2, 1),
    "Director of adult social services, council": (4, 2, 2, 5, 3, 1),
    "Director of public health, council": (4, 4, 2, 4, 3, 2),
    "Chair of the general practice forum": (4, 5, 2, 3, 1, 1),
}


def _own_criterion(scope: dict[str, Any]) -> None:
    scope["criteria"] = [
        {
            "id": _OWN,
            "name": "People to run it",
            "help": "Have we the finance, contract and data staff to run these budgets as one?",
            "kind": "practical",
        }
    ]
    scope["weights"][_OWN] = 5
    scope["ladder_reason"] = (
        "The joint committee added people to run it on 14 January 2026: vacancies stopped the last two attempts. "
        "Weights agreed the same day by the four who scored."
    )
    for response in scope["responses"]:
        for rung, score in enumerate(_OWN_SCORES[response["respondent"]], start=1):
            response["scores"][f"ODR-12.r{rung}"][_OWN] = score


# --- what is seen here, and what stands in the way ----------------------------------

# Item: yes, partly or no; what shows it; who answers for it.
_BARRIERS = {
    "CFO-03.1": ("partly", "The walk-in centre was kept twice because of who founded it; this plan decides it on use.", "Director of commissioning, integrated care board"),
    "CFO-03.2": ("partly", "Two of the three pots are shared; leisure and housing still plan on their own.", "Chair of the joint board"),
    "CFO-03.3": ("yes", "Outpatients are paid by attendance. The contract from 2026/27 pays follow-up by programme.", "Director of contracting, integrated care board"),
    "CFO-03.4": ("yes", "The public health grant pays for falls classes; the hospital budget gains.", "Chief finance officer, integrated care board"),
    "CFO-03.5": ("partly", "Four schemes act on avoidable admissions; the evaluation looks at them together.", "Head of population health analysis"),
    "CFO-03.6": ("partly", "Hospital, community and practices count falls three ways; one definition is agreed from April 2026.", "Head of population health analysis"),
    "CFO-03.7": ("yes", "Social care data come a quarter late and cannot be joined to health data before 2028.", "Chief information officer, council"),
    "CFO-03.8": ("partly", "For frail people seven providers share each pathway; payment follows the team, not its parts.", "Director of contracting, integrated care board"),
    "CFO-03.9": ("no", "Small voluntary groups are paid by grant and carry no risk.", ""),
    "CFO-03.10": ("yes", "Specialised and local commissioning meet in cancer and kidney pathways; one joint committee from 2026.", "Director of strategy, integrated care board"),
    "CFO-03.11": ("partly", "Two contracts are renewed in 2026/27 and one in 2027/28; not all at once.", "Director of contracting, integrated care board"),
    "CFO-03.12": ("partly", "This workbook's checks are used for the first time on the three services in step 4.", "Director of commissioning, integrated care board"),
}  # fmt: skip


def _barriers() -> dict[str, dict[str, str]]:
    return {
        item: {"answer": answer, "evidence": f"{shown} (synthetic)", "owner": owner}
        for item, (answer, shown, owner) in _BARRIERS.items()
    }


def _said_plainly(answers: dict[str, dict[str, str]]) -> None:
    """The harms as yes or partly, with what shows them beside it."""
    for item, given in answers.items():
        if item.startswith("ODR-10."):
            word, _, shown = given["answer"].partition(". ")
            given["answer"] = word.lower()
            given["evidence"] = f"{shown} {given['evidence']}"


def extend(plan: dict[str, Any]) -> None:
    """Add it to the plan as data."""
    budget = plan["budget"]
    budget["organisations"] = _organisations(budget["lines"])
    _own_criterion(budget["scope"])
    _move_out(budget["lines"])
    _said_plainly(budget["answers"])
    budget["answers"] |= _barriers()
