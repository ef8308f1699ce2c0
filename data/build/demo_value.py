"""What schemes of the demonstration do for whom, as four people scored it, and how they are built. All made up.

Run by ``demo_plan.py``, after the schemes are in the plan.
"""

# ruff: noqa: E501 (a sentence of the plan stays on one line, so that a change of words reads as one)

from __future__ import annotations

from typing import Any

# Scheme: people a year, months from decision to the first person helped, benefit, chance.
_SCHEMES: dict[str, tuple[int, int, int, float]] = {
    "blood-pressure": (21_500, 6, 22, 0.70),
    "stop-smoking-hospital": (6_200, 5, 38, 0.55),
    "lung-checks": (9_400, 14, 30, 0.65),
    "diabetes-one-stop": (14_800, 6, 9, 0.70),
    "deterioration": (3_900, 5, 30, 0.55),
    "hospital-at-home": (4_300, 16, 52, 0.65),
    "same-day-care": (38_000, 10, 8, 0.60),
    "care-home-rounds": (3_100, 4, 47, 0.70),
    "outpatients-on-request": (22_000, 5, 6, 0.75),
    "mental-health-crisis": (2_700, 13, 48, 0.55),
    "steady-steps": (5_600, 5, 36, 0.75),
    "fracture-clinic": (2_400, 12, 42, 0.75),
    "reablement": (5_200, 8, 55, 0.70),
    "falls-day-clinics": (2_300, 13, 30, 0.65),
    "talking-therapies": (6_900, 9, 34, 0.65),
    "good-company": (7_800, 5, 29, 0.55),
    "keep-your-gp": (46_000, 8, 8, 0.60),
    "quiet-wards": (18_000, 9, 5, 0.60),
    "warm-homes": (1_900, 24, 33, 0.55),
    "healthy-weight": (4_100, 20, 18, 0.40),
    "lung-checks-everywhere": (12_600, 20, 27, 0.55),
}

# How each of the four departs from the middle: by kind of scheme, in points of benefit.
_ROLES: dict[str, dict[str, int]] = {
    "Chief finance officer, integrated care board": {"good-company": -12, "same-day-care": 4, "reablement": 6, "quiet-wards": -3, "talking-therapies": -6},
    "Clinical lead for frailty": {"hospital-at-home": 10, "care-home-rounds": 11, "fracture-clinic": 8, "steady-steps": 5, "blood-pressure": -3},
    "Director of public health, council": {"blood-pressure": 10, "stop-smoking-hospital": 12, "good-company": 9, "warm-homes": 10, "same-day-care": -4},
    "Chair of the patients' forum": {"keep-your-gp": 11, "quiet-wards": 8, "mental-health-crisis": 9, "good-company": 6, "diabetes-one-stop": 4},
}  # fmt: skip

# What runs already: option, benefit by the four, people of a budget line.
_RUNNING: dict[str, tuple[tuple[int, int, int, int], int | None]] = {
    "service:ward-9": ((34, 28, 24, 40), None),
    "service:walk-in-centre": ((7, 6, 5, 14), None),
    "service:day-hospital": ((26, 38, 24, 35), None),
    "line:leisure": ((5, 9, 16, 12), 41_000),
    "line:housing-support": ((28, 34, 45, 38), 6_900),
    "line:healthy-lives": ((24, 26, 44, 27), 31_000),
}

_VARIANT: dict[str, Any] = {
    "id": "lung-checks-everywhere",
    "name": "Lung checks in every neighbourhood",
    "description": "The scanner goes to all neighbourhoods and not only to the eleven where lung cancer is found latest.",
    "owner": "Clinical lead for cancer",
    "funded": False,
    "priorities": ["early-death"],
    "ambitions": [1],
    "line": "planned-hospital",
    "set_up_cost": 1_900,
    "recurrent_cost": 6_150,
    "start_year": 2028,
    "ramp": [0.4, 0.8, 1.0],
    "evidence": "weak",
    "evidence_source": "Synthetic example; no effect claimed.",
    "prevention": True,
    "could_lose": "The eleven neighbourhoods, which would be served later.",
    "variant_of": "Lung checks",
    "intervention": "lung-screening",
}

_MONEY = 30_000  # £000s a year

_USER = "User group, November 2025 (synthetic)."
_MODEL: dict[str, tuple[tuple[str, str], ...]] = {
    "hospital-at-home": (
        ("Partly: it acts at the first days of an illness, before the bed and not before the illness.", "Pathway, draft 4 (synthetic)."),
        ("Each person is asked on the last day whether they would choose it again.", _USER),
        ("Own care supported by technology: people read their own oxygen and pulse with a nurse on the line.", "Equipment list (synthetic)."),
        ("The practice holds the plan, the team works from it, and the ward's pharmacist stays with the person.", "Pathway, draft 4 (synthetic)."),
        ("Frail people over 75 with a chest illness. “I was ill at home and never alone with it.”", _USER),
        ("At home. Ward 9 closes at the end of September 2027.", "Step 4 of this plan."),
        ("It is no pilot: the first 60 places are a stage with a rule for going on.", "Board minutes, March 2026 (synthetic)."),
        ("That monitoring needs a bed.", "Workshop, October 2025 (synthetic)."),
    ),
    "reablement": (
        ("Yes, before people come to depend on care.", "Scheme description."),
        ("People say at twelve weeks what they can do again.", _USER),
        ("Individual care plans, written with the person in the first week.", "Team handbook (synthetic)."),
        ("One assessment is used by hospital, team and home care.", "Joint procedure, draft (synthetic)."),
        ("People leaving hospital with a new need. “They helped me do it myself.”", _USER),
        ("At home, seven days a week; no old capacity is taken out.", "Scheme description."),
        ("It is no pilot: it widens what runs on five days.", "Scheme description."),
        ("That recovery rests at the weekend.", "Staff meeting, September 2025 (synthetic)."),
    ),
    "mental-health-crisis": (
        ("Partly, before a crisis becomes an admission.", "Scheme description."),
        ("People say the next day whether they felt safe.", _USER),
        ("Peer support: people who have been there meet those who come.", "Charity's offer (synthetic)."),
        ("The crisis line, the houses and the community team share one plan for each person.", "Agreement, draft 2 (synthetic)."),
        ("Adults in distress who come in the evening. “Somebody sat with me who knew.”", _USER),
        ("In three houses; the emergency department keeps its team, so nothing is taken out.", "Scheme description."),
        ("One house is tested for a year, with numbers each month and users' accounts at six and twelve months.", "Evaluation note (synthetic)."),
        ("That distress has to be assessed before it is met.", "Workshop, October 2025 (synthetic)."),
    ),
    "blood-pressure": (
        ("Yes: before the first stroke or heart attack.", "Scheme description."),
        ("People say after six months whether they know their figure and feel in charge of it.", _USER),
        ("Education, and cuffs on loan.", "Scheme description."),
        ("Pharmacy, practice and outreach write to one record.", "Information agreement (synthetic)."),
        ("", ""),
        ("In pharmacies, workplaces and places of worship; nothing is taken out.", "Scheme description."),
        ("It is no pilot.", "Scheme description."),
        ("", ""),
    ),
}  # fmt: skip

_PILOT = {
    "pilot": True,
    "tests": "One house for a year: how many come, how many are admitted within a week, what they say at six and twelve months.",
    "cost": 480,
    "ends": "2027-09-30",
    "then": "Two more houses open if at least 60 in 100 who came would come again and admissions within a week are fewer than from the emergency department; otherwise the first one closes.",
}


def extend(plan: dict[str, Any]) -> None:
    """Add people, lead times, scores, a variant, a pilot and service models."""
    budget = plan["budget"]
    lung = next(s for s in budget["schemes"] if s["id"] == "lung-checks")
    lung["variant_of"] = _VARIANT["variant_of"]
    budget["schemes"].append(dict(_VARIANT))
    for scheme in budget["schemes"]:
        _extend_scheme(scheme)
    for line in budget["lines"]:
        people = _RUNNING.get(f"line:{line['id']}", ((), None))[1]
        if people:
            line["people"] = people
    budget["value"] = {"money": _MONEY, "scores": _scores()}
    for n in range(1, 9):  # asked of each scheme, and no longer of the whole step
        budget["answers"].pop(f"CST-16.{n}", None)
    plan["decisions"].append(_decision())


def _extend_scheme(scheme: dict[str, Any]) -> None:
    people, lead, _, _ = _SCHEMES[scheme["id"]]
    scheme |= {"people": people, "lead_time_months": lead}
    if scheme["id"] == "mental-health-crisis":
        scheme["pilot"] = dict(_PILOT)
    said = _MODEL.get(scheme["id"], ())
    scheme["answers"] = {
        f"CST-16.{n}": {"answer": answer, "evidence": evidence, "owner": scheme["owner"]}
        for n, (answer, evidence) in enumerate(said, start=1)
        if answer
    }


def _scores() -> list[dict[str, Any]]:
    found = []
    for place, (role, views) in enumerate(_ROLES.items()):
        for id, (_, _, benefit, chance) in _SCHEMES.items():
            lean = (-2, 1, 2, -1)[(place + len(id)) % 4]
            found.append(
                {
                    "respondent": role,
                    "option": f"scheme:{id}",
                    "benefit": max(benefit + views.get(id, 0) + lean, 1),
                    "chance": round(chance + (-0.05, 0, 0.05, 0)[(place + len(id)) % 4], 2),
                }
            )
        found += [
            {"respondent": role, "option": option, "benefit": benefits[place]}
            for option, (benefits, _) in _RUNNING.items()
        ]
    return found


def _decision() -> dict[str, Any]:
    return {
        "what": "Leave “Quiet nights and better goodbyes” unfunded for now, although it was scored higher for each pound than several schemes that are funded.",
        "rationale": "The four scores lie far apart, from hardly anything to a fifth of the scale, and hospital experience is as in the rest of the country. The scores are asked for again in autumn 2026, of patients on the wards.",
        "on": "2026-03-26",
        "made_by": "Joint planning group of board and council",
        "taken_by": "Board of the integrated care board",
        "dissent": "The chair of the patients' forum would have funded it.",
        "conflicts": "None declared.",
    }
