"""The rest of the gate for the demonstration's services: stages, tests, duties, drivers, quality, equality, records.

Everything is made up; the figures agree with the texts of ``demo_checks``.
"""

# ruff: noqa: E501 (a sentence of the plan stays on one line, so that a change of words reads as one)

from __future__ import annotations

from typing import Any

ICB = "Northmere Integrated Care Board"
HOSPITALS = "Northmere Hospitals"
COMMUNITY = "Northmere Community and Mental Health"

_OWNERS = {
    "ward-9": "Hospital chief operating officer",
    "walk-in-centre": "Director of urgent care",
    "day-hospital": "Director of community services",
}
_DUE = {"ward-9": "2026-03-26", "walk-in-centre": "2026-06-30", "day-hospital": "2026-03-12"}
# Answers other than yes, by service.
_OTHER: dict[str, dict[str, str]] = {
    "ward-9": {
        **dict.fromkeys(("NAO-01.14", "NAO-01.15", "NAO-01.16", "NAO-01.17", "NAO-01.18"), "partly"),
        **dict.fromkeys(("SCT-01.b2", "SCT-01.b3"), "partly"),
        **dict.fromkeys((f"DRV-02.{n}" for n in range(1, 9)), "no"),
        "DRV-01.4": "partly", "DRV-01.10": "partly", "DRV-02.6": "partly",
    },
    "walk-in-centre": {
        **dict.fromkeys((f"NAO-01.{n}" for n in (1, 2, 3, 5, 7, 10)), "partly"),
        **dict.fromkeys((f"NAO-01.{n}" for n in (6, 8, 9, *range(11, 20))), "no"),
        "SCT-01.1": "no", "SCT-01.2": "partly", "SCT-01.3": "partly", "SCT-01.4": "partly",
        "SCT-02.1": "partly", "SCT-02.2": "partly", "SCT-02.3": "no", "SCT-02.4": "no", "SCT-02.5": "no", "SCT-02.6": "no",
        **dict.fromkeys((f"DRV-01.{n}" for n in (1, 5, 11, 12, 14, 16)), "no"),
        **dict.fromkeys((f"DRV-01.{n}" for n in (3, 7, 8, 10, 13, 15)), "partly"),
        **dict.fromkeys((f"DRV-02.{n}" for n in (2, 3, 5, 6, 7)), "no"),
        "DRV-02.8": "partly",
    },
    "day-hospital": {
        **dict.fromkeys((f"NAO-01.{n}" for n in (14, 16, 17, 18, 19)), "partly"),
        "DRV-01.6": "no", "DRV-01.8": "partly", "DRV-01.16": "partly",
        **dict.fromkeys((f"DRV-02.{n}" for n in (2, 3, 4, 5, 6, 7, 8)), "no"),
        "DRV-02.1": "partly",
    },
}  # fmt: skip

# What is said of each question, for the three services in turn.
_SAID: dict[str, tuple[str, str, str]] = {
    "NAO-01.1": ("Bed days by need, with a forecast to 2031.", "Visits are counted; who should come and does not is not known.", "Users by need, with the growth of the over-80s."),
    "NAO-01.2": ("Outcomes beside hospital at home in two other places.", "Complaints and waits are known, what people got better from is not.", "Case review of 80 users; four rooms were looked at."),
    "NAO-01.3": ("One sheet, agreed by both organisations.", "Redundancy is missing from the draft.", "One sheet: no money is released in cash."),
    "NAO-01.4": ("Contract read by legal: six months' notice, and it may be ended before 2028.", "Contract and lease read; the lease binds until 2029.", "No contract ends: the provider stays."),
    "NAO-01.5": ("Decided in March for the autumn of the year after.", "Nothing is decided; a date in July 2026 is open.", "Decided in March for 2027."),
    "NAO-01.6": ("A list of 23 people and groups.", "No list has been made.", "A list of 14, users' families among them."),
    "NAO-01.7": ("Three: keep, shrink by half, close.", "Shorter hours were named and not worked out.", "Three: keep, close, move."),
    "NAO-01.8": ("A project group meets each fortnight.", "There is none before a decision.", "A project group meets each month."),
    "NAO-01.9": ("By group of users; the equipment is listed.", "None yet.", "By clinic; records are shared already."),
    "NAO-01.10": ("Five risks with owners.", "One risk of many is written down.", "Four risks with owners."),
    "NAO-01.11": ("Six months, on 1 December 2026, agreed.", "No notice has been given.", "No notice is needed: the provider stays."),
    "NAO-01.12": ("Legal, estates and workforce leads are named.", "Not yet.", "Estates lead named."),
    "NAO-01.13": ("The project group has a member from the patients' panel.", "Not yet.", "The project group, with two carers."),
    "NAO-01.14": ("Planned: a named nurse for each patient in the last month.", "Not yet.", "Planned: transport booked with each clinic."),
    "NAO-01.15": ("Planned: weekly calls until the last day.", "Not yet.", "The provider leads the change itself."),
    "NAO-01.16": ("Planned for autumn 2028.", "Not yet.", "Planned for spring 2028."),
    "NAO-01.17": ("Planned: a line from finance twice a year.", "Not yet.", "Planned; no money is promised."),
    "NAO-01.18": ("Planned: a page of lessons.", "Not yet.", "Planned: a session with staff and users."),
    "NAO-01.19": ("The urgent care board; above 95% of beds in use it looks again.", "Not yet.", "The frailty network; a trigger is still to be named."),
    "SCT-01.1": ("Two open evenings and 46 talks at the bedside, before the board decided.", "One survey in the waiting room, nobody without a home.", ""),
    "SCT-01.2": ("Nobody loses a choice of hospital; wards 7 and 11 stay.", "People without a practice would lose the only door that is open to them.", ""),
    "SCT-01.3": ("Summary of the clinical senate, with its limits.", "Half of the visits are seen again; what is missing is why.", ""),
    "SCT-01.4": ("Letter of the general practice forum.", "The forum is divided.", ""),
    "SCT-01.b1": ("Hospital at home open for 60 people at a time for three months first.", "", ""),
    "SCT-01.b2": ("Some: antibiotics by drip at home.", "", ""),
    "SCT-01.b3": ("Stays are longer than in like hospitals; this is not the reason given.", "", ""),
    "SCT-02.1": ("Users helped to shape the options.", "Asked once, by survey.", "Four afternoons with users and carers."),
    "SCT-02.2": ("Assessment before the board, version 3.", "A draft, with gaps.", "Assessment before the committee, version 2."),
    "SCT-02.3": ("Use by fifth of deprivation, before and after.", "Not yet: rough sleepers have not been counted.", "Travel by fifth of deprivation, before and after."),
    "SCT-02.4": ("Joint committee, 22 January 2026.", "Not yet.", "The change is not substantial; the committee was told."),
    "SCT-02.5": ("12 February 2026.", "Not yet.", "Not substantial: none is due."),
    "SCT-02.6": ("All 38 staff, from 9 February 2026.", "Staff have not been told.", "All staff, in January 2026; nobody changes employer."),
    "DRV-01.1": ("Use by deprivation is in the paper.", "Nobody has looked.", "Journeys from the poorest wards get shorter."),
    "DRV-01.2": ("It serves fewer avoidable stays.", "It fits urgent care in one place.", "It serves fewer falls."),
    "DRV-01.3": ("Hospital at home and two wards.", "For injuries, yes.", "Four rooms nearer home."),
    "DRV-01.4": ("The roof has ten years; rent is stranded.", "The lease binds until 2029.", "The building needs a lift."),
    "DRV-01.5": ("Fewer infections and falls at home.", "What the visits achieve is not known.", "Exercise works, the waiting does not."),
    "DRV-01.6": ("Said openly in the paper.", "A saving of £2.5m is asked for.", "No saving is claimed."),
    "DRV-01.7": ("More people for the same money.", "A visit costs more here, before knock-on cost.", "About 500 more people for the same money."),
    "DRV-01.8": ("£0.62m, once.", "£0.34m without redundancy.", "£0.31m, once."),
    "DRV-01.9": ("Two thirds could be looked after at home.", "Half are seen twice.", "None."),
    "DRV-01.10": ("Beds lie in the east; home care reaches both sides.", "Quayside has no other door.", "Four towns instead of one."),
    "DRV-01.11": ("Read and graded by the library.", "Not read yet.", "Read by the frailty network."),
    "DRV-01.12": ("More people treated in all.", "Not weighed.", "More people seen in all."),
    "DRV-01.13": ("Hospital at home, running since 2024.", "The urgent treatment centre, from 2026.", "Shared records on tablets."),
    "DRV-01.14": ("Carers' wish for a number at night is met.", "Only those with a telephone were asked.", "Three wishes, all in the plan."),
    "DRV-01.15": ("Quality scored both ways.", "Scored once, before mitigation.", "Quality scored both ways."),
    "DRV-01.16": ("Over-75s to 2031.", "New flats at the quay were not counted.", "Over-80s to 2031, in part."),
    "DRV-02.1": ("No: it is hard to do.", "Its contract is small and easy to end.", "Partly: the team was ready to move."),
    "DRV-02.2": ("No order was given.", "No order was given.", "No order was given."),
    "DRV-02.3": ("Posts are kept.", "Staff would transfer.", "Posts are kept."),
    "DRV-02.4": ("Carers were heard.", "Rough sleepers and boat crews have no voice here.", "Carers were heard."),
    "DRV-02.5": ("The same test for both providers.", "The same test for both providers.", "The provider stays."),
    "DRV-02.6": ("Two consultants were for it and one against; it is recorded.", "Doctors are on both sides.", "The team asked for it."),
    "DRV-02.7": ("Councillors were briefed, not asked.", "Two councillors are against.", "Councillors were briefed."),
    "DRV-02.8": ("None.", "A company owned by doctors would lose by it.", "None."),
}  # fmt: skip


def extend(plan: dict[str, Any]) -> None:
    """Fill the three services' gate: answers, dates, money, quality, equality and record."""
    for place, service in enumerate(plan["decommissioning"]["services"]):
        service["answers"] |= _answers(service["id"], place, service)
        service |= _FACTS[service["id"]]
        service["quality"] = _QUALITY[service["id"]]
        service["equality"] = _equality(service["id"])
        for destination, more in zip(service["destinations"], _PLACES[service["id"]], strict=True):
            destination |= more


def _answers(id: str, place: int, service: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for item, said in _SAID.items():
        if not said[place]:
            continue
        found[item] = {
            "answer": _OTHER[id].get(item, "yes"),
            "evidence": f"{said[place]} (Synthetic.)",
            "owner": _OWNERS[id],
            "due": _DUE[id],
        }
    return found


_FACTS: dict[str, dict[str, Any]] = {
    "ward-9": {
        "contract_start": "2023-04-01",
        "contract_break": "yes",
        "stranded_with": HOSPITALS,
        "stranded_years": 3,
        "transition_with": ICB,
        "bed_condition": "alternative",
        "consulted": "2026-01-22",
        "assessed": "2026-02-06",
        "record": {
            "rationale": "Two thirds of the people on this ward could be at home, and lying in bed makes older people weaker. The same money looks after more of them at home. The ward closes only when hospital at home has looked after 60 people at a time for three months running.",
            "alternatives": "Keep all 24 beds: the money for hospital at home is then not there. Close 12: the ward's fixed cost stays and little is released.",
            "dissent": "The member for acute medicine would have kept twelve beds for another winter. Answered by the rule that the closing date moves if hospital at home fills slowly.",
            "conflicts": "One member is married to a ward manager, declared it and left the room.",
            "made_by": "Urgent care board, with both trusts and the council",
            "taken_by": ICB,
            "taken_on": "2026-03-26",
            "review_on": "2028-09-30",
        },
    },
    "walk-in-centre": {
        "contract_start": "2022-04-01",
        "contract_break": "yes",
        "stranded_with": "Quayside Health, a company owned by local doctors",
        "stranded_years": 3,
        "shunted": [
            {"organisation": HOSPITALS, "amount": 410, "why": "Some of those who have no GP will go to the emergency department."},
        ],
    },
    "day-hospital": {
        "contract_start": "2023-04-01",
        "transition_with": ICB,
        "record": {
            "rationale": "The team is good and its users need what it does. What is wrong is the place, an hour by bus for most, and a day that is mostly waiting.",
            "alternatives": "Stop it: nobody else has this team's skills. Leave it: the longest journeys stay with those least able to make them.",
            "dissent": "None at the meeting. The parish council has written that it wants to keep a room at Millbrook.",
            "conflicts": "None declared.",
            "made_by": "Frailty network",
            "taken_by": "Place committee of the integrated care board",
            "taken_on": "2026-03-12",
            "review_on": "2028-03-31",
        },
    },
}  # fmt: skip

_PLACES: dict[str, list[dict[str, Any]]] = {
    "ward-9": [{"scheme": "hospital-at-home", "room": 1_100}, {"scheme": "hospital-at-home", "room": 1_100}, {"room": 240}],
    "walk-in-centre": [{"room": 12_000}, {"scheme": "same-day-care", "room": 11_000}, {}],
    "day-hospital": [{"scheme": "falls-day-clinics", "room": 2_600}, {"scheme": "falls-day-clinics", "room": 2_600}, {}],
}  # fmt: skip


def _scored(
    area: str, effect: str, before: tuple[int, int], mitigation: str, after: tuple[int, int]
) -> dict[str, Any]:
    return {
        "area": area,
        "effect": effect,
        "likelihood": before[0],
        "impact": before[1],
        "recorded": before[0] * before[1],
        "mitigation": mitigation,
        "likelihood_after": after[0],
        "impact_after": after[1],
        "recorded_after": after[0] * after[1],
    }


_QUALITY = {
    "ward-9": [
        _scored("Safety", "Somebody gets worse at home and nobody sees it.", (3, 4), "Readings twice a day, a nurse within two hours, a bed kept on ward 7.", (2, 4)),
        _scored("Effectiveness", "People recover more slowly for want of exercise.", (2, 3), "Therapist on day two.", (1, 3)),
        _scored("Experience", "Carers are worn out.", (4, 3), "A number to call at night, and a sitter twice a week.", (2, 3)),
        _scored("Leadership and staff", "Nurses leave before the end.", (3, 3), "A post for each, agreed by June 2026.", (2, 2)),
        _scored("Sustainability", "The trust is left with rent it cannot shed.", (4, 2), "The rooms become the discharge lounge.", (3, 2)),
        _scored("Equity", "Homes that are damp or crowded are not fit for care.", (3, 3), "A bed in a care home instead, and the warm homes team.", (2, 2)),
    ],
    "walk-in-centre": [
        _scored("Safety", "People without a GP wait until they are very ill.", (4, 4), "An outreach nurse two evenings a week.", (3, 4)),
        _scored("Effectiveness", "The second visit falls away.", (2, 2), "Shared records at the new centre.", (1, 2)),
        _scored("Experience", "A bus ride further for Quayside.", (4, 2), "A bus stop at the new centre, not settled.", (3, 2)),
        _scored("Leadership and staff", "Staff leave when they hear of it.", (3, 3), "Told together, with the offer to transfer.", (2, 3)),
        _scored("Sustainability", "The company hands back its other contract.", (3, 4), "Nothing is agreed yet.", (3, 4)),
        _scored("Equity", "The loss falls on people without a home.", (5, 3), "A way to register without an address.", (3, 3)),
    ],
    "day-hospital": [
        _scored("Safety", "A clinic without a doctor on site.", (2, 3), "A doctor by telephone, and one clinic day a week with one.", (1, 3)),
        _scored("Effectiveness", "Less time for exercise.", (2, 2), "Classes in the same towns.", (1, 2)),
        _scored("Experience", "Shorter days, and less company.", (3, 2), "Link workers call on those who lived alone.", (2, 2)),
        _scored("Leadership and staff", "One team in four towns.", (2, 2), "A day together each month.", (1, 2)),
        _scored("Sustainability", "A room is withdrawn.", (2, 3), "Agreements for three years.", (1, 3)),
        _scored("Equity", "People next to Millbrook travel further.", (2, 3), "Transport booked with the clinic.", (1, 3)),
    ],
}  # fmt: skip

_NOT_SEEN = ("gender-reassignment", "sexual-orientation", "sex-work", "slavery")
_ASK = "Nobody is asked, and the numbers would be too small to show. The equality network will be asked in May 2026."
_NONE = {"effect": "none", "evidence": "Users by group for 2024/25 beside the area's people (synthetic)."}
_ALL = (
    *("age", "disability", "gender-reassignment", "marriage", "pregnancy", "race", "religion", "sex"),
    *("sexual-orientation", "deprivation", "carers", "homeless", "dependence", "migrants", "traveller"),
    *("justice", "sex-work", "slavery", "rural"),
)
_EQUALITY: dict[str, dict[str, dict[str, str]]] = {
    "ward-9": {
        "age": {"effect": "better", "evidence": "Nine in ten are over 75; at home they keep more of their strength (synthetic)."},
        "disability": {"effect": "better", "evidence": "People with dementia are less often confused at home (synthetic)."},
        "carers": {"effect": "worse", "evidence": "38 carers asked in October 2025 (synthetic).", "mitigation": "A number to call at night, and a sitter twice a week."},
        "homeless": {"effect": "worse", "evidence": "Care at home needs a home: eleven people in a year (synthetic).", "mitigation": "A bed in the step-down house."},
        "deprivation": {"effect": "none", "evidence": "Use by fifth of deprivation is level (synthetic)."},
    },
    "walk-in-centre": {
        "homeless": {"effect": "worse", "evidence": "12 in 100 visits are by people without a GP (synthetic)."},
        "migrants": {"effect": "not-known", "missing": "The survey did not reach boat crews; the seafarers' mission will be asked by June 2026."},
        "race": {"effect": "not-known", "missing": ""},
        "deprivation": {"effect": "worse", "evidence": "Half of the users live in the most deprived fifth (synthetic)."},
        "age": {"effect": "none", "evidence": "Users by age beside the new centre's (synthetic)."},
    },
    "day-hospital": {
        "age": {"effect": "better", "evidence": "Four in five are over 80 and travel less (synthetic)."},
        "disability": {"effect": "better", "evidence": "Rooms are step-free; Millbrook has no lift (synthetic)."},
        "rural": {"effect": "worse", "evidence": "61 people near Millbrook travel further (synthetic).", "mitigation": "Transport booked with the clinic."},
        "carers": {"effect": "better", "evidence": "Half a day instead of a whole one (synthetic)."},
    },
}  # fmt: skip


def _equality(id: str) -> dict[str, dict[str, str]]:
    """Every group for the services that are decided; what has been looked at so far for the one that is not."""
    if id == "walk-in-centre":
        return _EQUALITY[id]
    unseen = {group: {"effect": "not-known", "missing": _ASK} for group in _NOT_SEEN}
    return {group: dict(_NONE) for group in _ALL} | unseen | _EQUALITY[id]
