"""A filled-in pattern for plans of real areas as they were in 2018: no figure and no place is named in its texts.

``workbook batch --from`` makes one plan for each area from it; money is scaled for an
area of about £300m, in £000s, and every amount is marked as assumed. Nobody was asked for it: what
people said, the ward and the decision are marked as examples wherever they are printed.
"""

# ruff: noqa: E501 (a sentence of the plan stays on one line, so that a change of words reads as one)

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import demo_facts

from workbook.plan.model import Plan

_CCG = "Clinical commissioning group"
_COUNCIL = "Council"
_EXAMPLE = "Example from the pattern"
_NO_EFFECT = "Pattern; no effect claimed. Put the evidence for your area here."


def pattern() -> Plan:
    """The pattern plan, area left at the synthetic system."""
    return Plan.model_validate(
        {
            "revision": 1,
            "saved": {
                "by": "Demonstration",
                "verified": False,
                "at": datetime(2018, 10, 1, 12, 0, tzinfo=UTC),
            },
            "title": "Five-year commissioning plan, 2019/20 to 2023/24",
            "area": {
                "code": "SYN01",
                "name": "Northmere (synthetic)",
                "kind": "synthetic",
                "synthetic": True,
            },
            "base_year": 2018,
            "horizon": 5,
            "purpose": (
                "A first draft for the governing body, made from a pattern: the figures are the area's own. The schemes, "
                "amounts, services and decisions, and what people are said to want, are examples that local people replace "
                "before anything is decided."
            ),
            "vision": _vision(),
            "needs": {"voices": _voices(), "priorities": _priorities(), "answers": _answers()},
            "ambitions": {
                "items": _ambitions(),
                "citizens": [
                    {"outcome": f"{_EXAMPLE}: someone to talk to"},
                    {"outcome": f"{_EXAMPLE}: to be looked after at home"},
                ],
            },
            "budget": _budget(),
            "decommissioning": {"services": [_service()]},
            "decisions": _decisions(),
            "sign_off": _sign_off(),
        }
    )


def _vision() -> dict[str, Any]:
    return {
        "statement": "People here live longer in good health, and are looked after at home when home is the best place.",
        "wants": [
            "Fewer deaths from illness that can be treated",
            "Better lives with long-term conditions",
            "Less time in hospital that help at home could have spared",
        ],
        "means": [
            "Illness found early, first where it is found latest",
            "Help to get back on one's feet after hospital, on all days of the week",
            "Care at home ready before hospital beds close",
            "Every patient asked how it was, and told what changed",
        ],
    }


def _voices() -> list[dict[str, Any]]:
    """What an entry looks like; nobody was asked, and each says so in every field that is printed."""
    return [
        {
            "who": f"{_EXAMPLE}, nobody asked yet: patient groups of the GP practices",
            "kind": "patients",
            "said": "Example: people want to be seen soon by someone who knows them.",
            "not_heard": "Example: people without a GP, and most people under 25.",
            "asked": 0,
            "when": "Not asked yet",
            "priority": "early-death",
        },
        {
            "who": f"{_EXAMPLE}, nobody asked yet: carers of people who had been in hospital",
            "kind": "carers",
            "said": "Example: help at home came days after the person did.",
            "not_heard": "Example: carers who could not leave home.",
            "asked": 0,
            "when": "Not asked yet",
            "priority": "time-in-hospital",
        },
        {
            "who": f"{_EXAMPLE}, nobody asked yet: older people's forum",
            "kind": "residents",
            "said": "Example: we want to stay at home, and to know whom to call.",
            "not_heard": "Example: people with dementia.",
            "asked": 0,
            "when": "Not asked yet",
            "priority": "independence",
        },
    ]


def _priorities() -> list[dict[str, Any]]:
    return [
        {
            "id": "early-death",
            "title": "Fewer deaths from illness that can be treated",
            "reason": "The needs assessment shows how deaths from treatable illness stand against similar areas and how they have moved. Each one is a person who could have lived longer.",
            "owner": "Director of public health",
        },
        {
            "id": "time-in-hospital",
            "title": "Less time in hospital that could be spared",
            "reason": "Hospital takes the largest share of the money, and older people lose strength there. Help that comes sooner can spare some of it.",
            "owner": "Chair of the governing body",
        },
        {
            "id": "independence",
            "title": "Older people living at home",
            "reason": "The number of people over 75 grows in nearly every area, and help at home can spare many of them a move.",
            "owner": "Director of adult social services",
        },
    ]  # fmt: skip


_OWNER = "Director of commissioning"


def _answers() -> dict[str, dict[str, str]]:
    said = {
        "CST-05.1": "Example: to be seen soon, by someone who knows them, and to be looked after at home.",
        "CST-05.2": "See the comparison with similar areas in this chapter.",
        "CST-05.3": "By need rather than by age. Local linked records are to be used as soon as they are agreed.",
        "CST-05.4": "Finding illness earlier in general practice, and care at home for frail older people.",
    }
    return {
        item: {"answer": text, "evidence": "Pattern; replace with local evidence.", "owner": _OWNER}
        for item, text in said.items()
    }


_AMBITIONS: tuple[tuple[int, str, str, list[str]], ...] = (
    (1, "Deaths from treatable illness come down to what the middle one of our peers has reached, or stay below it where they are lower already.", "Director of public health", ["early-death"]),
    (2, "People with long-term conditions say that they live better, and that mind and body are treated together.", "Chair of the clinical forum", ["early-death"]),
    (3, "People are helped before an illness becomes an emergency, and spend less time in hospital.", "Chair of the governing body", ["time-in-hospital"]),
    (4, "More older people are still at home three months after leaving hospital.", "Director of adult social services", ["independence"]),
    (5, "People who have been in hospital say that they were treated with respect and knew what came next.", "Hospital chief nurse", ["time-in-hospital"]),
    (6, "People find it easy to reach their practice and trust it.", "Chair of the GP forum", ["early-death"]),
    (7, "Every death in hospital is reviewed, and what is learnt is acted on.", "Hospital medical director", ["time-in-hospital"]),
)  # fmt: skip


def _ambitions() -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "line": "peer-median" if number == 1 else None,
            "in_words": words,
            "reason": (
                "Where we stand behind similar areas, what half of them have reached can be reached here; where we stand ahead of them, we hold it."
                if number == 1
                else "In words until a measure is agreed; the direction is one that nobody disputes."
            ),
            "second_reason": (
                "Where no comparable area ever changed as much, the level is reviewed after two years."
                if number == 1
                else ""
            ),
            "must_be_true": "Staff can be found, and providers were told early what the plan means for them.",
            "owner": owner,
            "priorities": priorities,
        }
        for number, words, owner, priorities in _AMBITIONS
    ]


# id, name, organisation, provider, rung, amount, growth class, prevention
_LINES: tuple[tuple[str, str, str, str, int, int, str, bool], ...] = (
    ("acute", "Hospital care", _CCG, "Acute hospitals", 1, 142_000, "acute", False),
    ("community", "Community health services", _CCG, "Community services", 1, 27_500, "community", False),
    ("mental-health", "Mental health and learning disability", _CCG, "Mental health services", 1, 31_000, "mental-health", False),
    ("prescribing", "Medicines prescribed in primary care", _CCG, "Community pharmacies", 2, 34_000, "prescribing", False),
    ("primary-care", "General practice", _CCG, "GP practices", 2, 33_500, "primary-care", False),
    ("continuing-care", "Continuing healthcare", _CCG, "Care homes and home care agencies", 1, 15_500, "social-care", False),
    ("reablement", "Reablement and equipment", _COUNCIL, "Council", 1, 6_500, "social-care", True),
    ("public-health", "Stop smoking, falls and health checks", _COUNCIL, "Public health services", 1, 8_000, "public-health", True),
)  # fmt: skip


def _budget() -> dict[str, Any]:
    names = ("id", "name", "organisation", "provider", "rung", "amount", "growth", "prevention")
    lines = [dict(zip(names, line, strict=True)) for line in _LINES]
    return {
        "scope": {
            "chosen": "ODR-12.r2",
            "reason": "The core budgets and primary care: early diagnosis and long-term conditions are the work of general practice.",
        },
        "income": _income(),
        "lines": [line | {"rung": f"ODR-12.r{line['rung']}", "status": "assumed"} for line in lines],
        "schemes": _schemes(),
        "fund": {
            "contributions": [
                {"partner": _CCG, "pot": "section-75", "amount": 9_000},
                {"partner": _COUNCIL, "pot": "section-75", "amount": 6_000},
            ],
            "partners": [
                {"partner": _CCG, "overspend": 0.6, "underspend": 0.6},
                {"partner": _COUNCIL, "overspend": 0.4, "underspend": 0.4},
            ],
        },
    }


def _income() -> list[dict[str, Any]]:
    """Income that pays for the base year exactly and then grows by 2.6 per cent a year."""
    found = []
    for organisation in (_CCG, _COUNCIL):
        base = sum(line[5] for line in _LINES if line[2] == organisation)
        found += [
            {"organisation": organisation, "year": year, "amount": round(base * 1.026 ** (year - 2018))}
            for year in range(2018, 2024)
        ]
    return found


def _schemes() -> list[dict[str, Any]]:
    common = {
        "funded": True,
        "evidence": "none",
        "evidence_source": _NO_EFFECT,
        "start_year": 2019,
        "ramp": [0.4, 0.8, 1.0],
    }
    could_lose = "Nobody that is known of; to be asked of users and staff."
    return [
        common | {
            "id": "find-early", "name": "Find and treat illness early",
            "description": "Checks in pharmacies and practices, and follow-up until treatment works.",
            "owner": "Director of public health", "priorities": ["early-death"], "ambitions": [1, 2],
            "line": "primary-care", "set_up_cost": 90, "recurrent_cost": 620, "could_lose": could_lose, "prevention": True,
        },
        common | {
            "id": "care-at-home", "name": "Urgent care at home",
            "description": "Nurses, therapists and carers within two hours, so that a step-down ward is no longer needed.",
            "owner": "Director of community services", "priorities": ["time-in-hospital", "independence"],
            "ambitions": [3, 4], "line": "acute", "set_up_cost": 210, "recurrent_cost": 880, "gross_saving": 1_500,
            "cashable_share": 0.6, "stops": "step-down-ward", "beds": -20, "start_year": 2020, "ramp": [0.5, 1.0],
            "could_lose": "Carers at home, who take on more: each is offered an assessment.",
        },
        common | {
            "id": "back-home", "name": "Reablement seven days a week",
            "description": "Help to get back on one's feet starts within two days of leaving hospital.",
            "owner": "Director of adult social services", "priorities": ["independence"], "ambitions": [4],
            "line": "reablement", "set_up_cost": 60, "recurrent_cost": 540, "could_lose": could_lose, "prevention": True,
        },
        common | {
            "id": "heard", "name": "Asked and answered",
            "description": "Every patient is asked how it was, in hospital and in general practice, and told what changed.",
            "owner": "Hospital chief nurse", "priorities": ["time-in-hospital"], "ambitions": [5, 6, 7],
            "line": "acute", "set_up_cost": 40, "recurrent_cost": 150, "could_lose": could_lose,
        },
    ]  # fmt: skip


_CHECKS = {
    "CST-13.1": "Staff first, then users, carers, councillors and neighbouring services, with one named contact.",
    "CST-13.2": "Nursing and therapy for a week or two, which a team at home can give.",
    "CST-13.3": "Example, not held yet: talks at the bedside and two open evenings; what changes is written down for each group.",
    "CST-13.4": "Example: most patients on the ward no longer need a hospital bed and wait for help at home.",
    "CST-13.5": "Quality and equality assessments are made before the decision; staff are offered other posts.",
    "CST-13.6": "For the same money more people are looked after at home. To be checked on local figures.",
    "CST-13.7": "The team at home fills slowly, or nurses leave early. The last day of the ward moves if the team is not ready.",
    "CST-13.8": "See the amounts above; each is to be agreed by both organisations' finance officers.",
    "CST-13.9": "The governing body decides in public; members with an interest leave the room; a review follows after a year.",
    "SCT-01.b1": "Example, nothing counted yet: the team at home is staffed and open before the first bed closes.",
    "SCT-01.b3": "Example, to be checked: people stay longer than on comparable wards, and help at home is to mend that.",
    "CST-14.1": "To be described from the hospital's own records: who comes, how long they stay, what it costs.",
    "CST-14.2": "Example, not begun yet: the community provider shows that it can take all users before the date holds.",
    "CST-14.3": "Lead time, training and shared records; nothing closes before they are there.",
    "CST-14.4": "Staff and running costs can be released; the building may be stranded for a while.",
    "CST-14.5": "Yes, it stands in this plan beside the schemes that need its money.",
}


def _service() -> dict[str, Any]:
    return {
        "id": "step-down-ward",
        "name": "Example step-down ward",
        "provider": "Acute hospitals",
        "line": "acute",
        "owner": "Hospital chief operating officer",
        "decision": "stop",
        "reason": "Example: most people on it wait for help at home. Care at home gives them that help, and the ward closes after it.",
        "annual_cost": 1_700,
        "released": 1_500,
        "cashable": 900,
        "transition_cost": 150,
        "users": 480,
        "stop_date": "2020-09-30",
        "notice_date": "2019-12-02",
        "notice_months": 6,
        "contract_end": "2021-03-31",
        "assets": True,
        "beds_closed": 20,
        "bed_condition": "alternative",
        "destinations": [
            {"group": "Example: people who need care for a week or two", "people": 400, "goes_to": "Urgent care at home", "capacity": "assumed"},
            {"group": "Example: people too ill for home", "people": 80, "goes_to": "Other hospital wards", "capacity": "assumed"},
        ],
        "answers": {item: _check(item, text) for item, text in _CHECKS.items()},
    }  # fmt: skip


def _check(item: str, words: str) -> dict[str, str]:
    """A check as its question bank takes it; a pattern has settled none of them in full."""
    owner, evidence = "Hospital chief operating officer", "Pattern; replace with local evidence."
    if demo_facts.answer_kind(item) == "yes-partly-no":
        return {"answer": "partly", "evidence": f"{words} {evidence}", "owner": owner}
    return {"answer": words, "evidence": evidence, "owner": owner}


def _decisions() -> list[dict[str, Any]]:
    return [
        {
            "what": f"{_EXAMPLE}, nothing was decided: use the pattern as a first draft.",
            "rationale": "Example: it lets the governing body see its own figures beside a complete plan before local amounts are agreed.",
            "on": "2018-10-01",
            "made_by": "Example: planning team",
            "taken_by": "Example: chief officer",
            "conflicts": "Example: nobody was asked for conflicts yet.",
        }
    ]


def _sign_off() -> dict[str, Any]:
    return {
        "commissioner": {"post": "Chief officer"},
        "analyst": {"post": "Head of analysis"},
        "assurer": {"post": "Deputy chief finance officer"},
        "approver": {"post": "Chair of the governing body"},
        "version": "draft",
        "review_by": "2019-03-31",
        "limits": "A first draft made from a pattern, later than its dates say and from historic figures. Schemes, amounts, services, what people said and decisions are examples, not local evidence; nothing may be decided on them.",
        "uncertainty": "Amounts, effects and dates are placeholders. Figures of the area carry an interval where one is published or can be made from the count.",
    }
