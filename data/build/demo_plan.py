"""Write the demonstration plan, ``data/demo/demo.plan.json``, and the pattern for 2018.

The plan is built through the program's own model, so it always validates, and every
figure in its texts is read from the synthetic series. Run ``demo_system.py`` first.

Run ``python data/build/demo_plan.py [FOLDER]``; the folder is ``data/demo`` unless given.
"""

# ruff: noqa: E501 (a sentence of the plan stays on one line, so that a change of words reads as one)

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import demo_checks
import demo_fund
import demo_library
import demo_money
import demo_pattern
import demo_scope
import demo_stopping
import demo_triangulation
import demo_value
from demo_facts import COUNTRY, OWN, Facts

from workbook import words
from workbook.plan import store
from workbook.plan.model import Plan

SAVED = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
SOURCE = "Synthetic demonstration system"
# Each adds its own part to the plan as data, in this order.
_PARTS = (demo_scope, demo_fund, demo_library, demo_triangulation, demo_value, demo_stopping)


def demonstration(facts: Facts) -> Plan:
    """The filled-in plan of Northmere."""
    _hold_to_the_story(facts)
    data: dict[str, Any] = {
        "revision": 1,
        "saved": {"by": "Demonstration", "verified": False, "at": SAVED},
        "title": "Northmere five-year commissioning plan, 2026/27 to 2030/31 (synthetic demonstration)",
        "area": {"code": OWN, "name": "Northmere (synthetic)", "kind": "synthetic", "synthetic": True},
        "base_year": 2025,
        "horizon": 5,
        "purpose": _purpose(),
        "vision": _vision(),
        "needs": _needs(facts),
        "ambitions": _ambitions(facts),
        "budget": _budget(),
        "decommissioning": {"services": demo_checks.services()},
        "assumptions": _assumptions(),
        "case": _case(),
        "decisions": _decisions(),
        "sign_off": _sign_off(),
    }
    for part in _PARTS:
        part.extend(data)
    return Plan.model_validate(data)


def _hold_to_the_story(facts: Facts) -> None:
    """Stop where the series no longer bears out what the texts say about them."""
    claims = {
        "treatable years of life lost are above country and peers": all(
            facts.apart("demo-pyll", b) and facts.value("demo-pyll") > b
            for b in (facts.value("demo-pyll", COUNTRY), facts.peer_median("demo-pyll"))
        ),
        "avoidable admissions are above the peers": facts.apart(
            "demo-avoidable-admissions", facts.peer_median("demo-avoidable-admissions")
        ),
        "falls are above the peers": facts.apart("demo-falls-65", facts.peer_median("demo-falls-65")),
        "reablement is below the peers": facts.apart("demo-reablement", facts.peer_median("demo-reablement")),
        "general practice is better than the peers": facts.apart(
            "demo-gp-experience", facts.peer_median("demo-gp-experience")
        ),
        "hospital experience is as in the country": not facts.apart(
            "demo-inpatient-experience", facts.value("demo-inpatient-experience", COUNTRY)
        ),
        "hospital deaths are as expected": not facts.apart("demo-hospital-deaths", 100),
        "loneliness is three times as common in the most deprived fifth": facts.value(
            "demo-loneliness", group="1 most deprived"
        )
        > 3 * facts.value("demo-loneliness", group="5 least deprived"),
        "smoking is down to the country's level": not facts.apart(
            "demo-smoking", facts.value("demo-smoking", COUNTRY)
        ),
        "early diagnosis is below the country": facts.apart(
            "demo-early-cancer", facts.value("demo-early-cancer", COUNTRY)
        ),
    }
    broken = [claim for claim, holds in claims.items() if not holds]
    if broken:
        raise SystemExit(f"The texts no longer fit the figures: {words.listed(broken)}.")


# --- what it is for -------------------------------------------------------------


def _purpose() -> str:
    return (
        "This plan says what the people of Northmere need, what will be better for them by 2030/31, what that costs, "
        "and which services make way for it. It is the one plan of the integrated care board and the council for the "
        "budgets they have agreed to plan together.\n\n"
        "Northmere does not exist. The area, its figures, its services and the effects of its schemes are made up to "
        "show how the workbook is used. A few faults were left in on purpose, so that the findings have something to "
        "find."
    )


def _vision() -> dict[str, Any]:
    return {
        "statement": (
            "Wherever you live in Northmere, you live longer in good health, you are looked after at home when home is "
            "the best place, and there is someone who knows you."
        ),
        "wants": [
            "Fewer of us die of illness that could have been treated",
            "More of us live well with the conditions we have, in body and mind",
            "Fewer of us end up in hospital for want of help at home",
            "More of us stay on our feet and in our own homes as we grow older",
            "None of us is left alone because of where we live",
        ],
        "means": [
            "Find illness early, first where it is found latest",
            "One team round each person with several conditions, led from general practice",
            "Care at home that is ready before hospital beds close",
            "One budget for what the board and the council pay for together",
        ],
    }


# --- needs ----------------------------------------------------------------------


def _needs(facts: Facts) -> dict[str, Any]:
    return {
        "indicators": [],
        "peers": [],
        "peers_reason": (
            "We kept the ten suggested peers. They were chosen by need, age and size; we looked at each and found none "
            "that we would not learn from."
        ),
        "costs": _costs(),
        "segments": _segments(),
        "voices": _voices(),
        "unseen": _unseen(),
        "shortlist": {
            "size": 20,
            "significance": 20,
            "inequality": 25,
            "trend": 10,
            "voice": 25,
            "reason": "The board asked in January 2026 that inequality and what people said weigh most; few trends here are long enough to weigh much.",
        },
        "priorities": _priorities(facts),
        "answers": _linked(
            _texts(_needs_answers(facts), "Director of strategy, integrated care board"),
            {
                "CFO-01.1": "loneliness",
                "CST-04.2": "early-death",
                "CST-08.2": "avoidable-stays",
                "CST-09.2": "avoidable-stays",
                "CST-10.1": "avoidable-stays",
                "CST-10.5": "falls",
                "CST-12.2": "mind-and-body",
                "CST-12.3": "falls",
            },
        ),
    }


def _segments() -> list[dict[str, Any]]:
    """Groups of need by age; each total is people times spend a head, rounded as printed."""
    rows = (
        ("healthy-children", "Mostly healthy", "0-19", "To grow up well", 185.4, 420),
        (
            "children-complex",
            "Complex needs of children",
            "0-19",
            "One plan and one person to call",
            6.4,
            11_900,
        ),
        ("healthy", "Mostly healthy", "20-64", "To stay well, and to be seen soon when ill", 313.8, 560),
        ("one-condition", "One long-term condition", "20-64", "To find and control it early", 139.0, 1_290),
        (
            "several-conditions",
            "Several long-term conditions",
            "20-64",
            "One team instead of four clinics",
            62.0,
            2_980,
        ),
        ("severe-mental-illness", "Severe mental illness", "20-64", "Care for the body as well", 8.9, 10_120),
        (
            "learning-disability",
            "Learning disability",
            "20-64",
            "A home, work and a yearly check",
            5.1,
            24_600,
        ),
        ("healthy-older", "Mostly healthy", "65+", "To stay on their feet and in company", 25.2, 1_590),
        (
            "one-condition-older",
            "One long-term condition",
            "65+",
            "To keep it from becoming two",
            48.5,
            2_025,
        ),
        (
            "several-conditions-older",
            "Several long-term conditions",
            "65+",
            "A plan for the day it gets worse",
            46.2,
            4_340,
        ),
        ("frail", "Frailty", "65+", "Help at home before a fall or a crisis", 52.6, 7_090),
        ("last-year", "Last year of life", "65+", "To die where they wish", 9.3, 13_900),
    )
    source = f"{SOURCE}: linked records 2024/25, each person once, spend that can be traced to a person"
    risk = _levels_of_risk()
    return [
        {
            "id": id,
            "name": f"{group}, {age}",
            "age": age,
            "group": group,
            "need": need,
            "population": people,
            "spend_per_head": head,
            "total": round(people * head / 1000, 1),
            "source": source,
        }
        | risk.get(id, {})
        for id, group, age, need, people, head in rows
    ]


def _levels_of_risk() -> dict[str, dict[str, Any]]:
    """Two segments by risk: in both the highest risk is not the highest gain, in one of them beyond doubt."""
    source = "Synthetic example: risk from counts by practice, effect made up, no study"
    names = ("level", "people", "risk", "scheme", "reached", "reduction", "reduction_low", "reduction_high")
    admission = (
        ("The highest 5%", 2_300, 58.0, "hospital-at-home", 0.6, 4.0, 0.0, 7.0),
        ("The next 15%", 6_900, 31.0, "keep-your-gp", 0.5, 18.0, 14.0, 22.0),
        ("The other 80%", 37_000, 9.0, "", None, None, None, None),
    )
    fall = (
        ("Fell twice or more in a year", 5_200, 22.0, "fracture-clinic", 0.5, 8.0, -2.0, 18.0),
        ("Fell once, or is unsteady", 14_000, 11.0, "steady-steps", 0.35, 24.0, 12.0, 35.0),
        ("The others", 33_400, 3.0, "steady-steps", 0.1, None, None, None),
    )
    events = {
        "several-conditions-older": ("An emergency admission within a year", admission),
        "frail": ("An emergency admission after a fall within a year", fall),
    }
    return {
        id: {
            "event": event,
            "levels": [dict(zip(names, row, strict=True)) | {"source": source} for row in rows],
        }
        for id, (event, rows) in events.items()
    }


def _voices() -> list[dict[str, Any]]:
    return [
        {
            "who": "Residents in six town halls and one market",
            "kind": "residents",
            "how": "Open meetings and a market stall",
            "asked": 212,
            "said": "Getting through to the practice on the telephone; waiting without knowing; too many letters. Many praised their own GP by name.",
            "not_heard": "People at work during the day, and nearly everyone under 25.",
            "when": "September and October 2025",
            "priority": "early-death",
        },
        {
            "who": "Carers of people who had been in hospital",
            "kind": "carers",
            "how": "Three evenings, and eleven by telephone",
            "asked": 38,
            "said": "'They sent him home on Friday and the help came on Wednesday.' Carers want one number to call, at night as well.",
            "not_heard": "Carers who do not call themselves so.",
            "when": "October 2025",
            "priority": "avoidable-stays",
        },
        {
            "who": "Falls group of the older people's forum",
            "kind": "patients",
            "how": "Two of their own meetings",
            "asked": 26,
            "said": "Fear of falling keeps people in. Classes are wanted, but not 'classes for the elderly', and not two buses away.",
            "not_heard": "People with dementia; a visit to two memory cafes is booked.",
            "when": "November 2025",
            "priority": "falls",
        },
        {
            "who": "Residents of Dockside and Upper Fell",
            "kind": "residents",
            "how": "Door to door with the voluntary sector",
            "asked": 164,
            "said": "'I talk to the telly.' People knew of no place that is warm, free and open after four.",
            "not_heard": "People who did not open the door: about half.",
            "when": "November 2025 to January 2026",
            "priority": "loneliness",
        },
        {
            "who": "People who use mental health services",
            "kind": "patients",
            "how": "Interviews by people who use the service themselves",
            "asked": 19,
            "said": "Clinics treat the chest and leave out the fear.",
            "not_heard": "Men of working age, who seldom come.",
            "when": "December 2025",
            "priority": "mind-and-body",
        },
        {
            "who": "Staff of the heart and lung clinics",
            "kind": "staff",
            "how": "Lunchtime meetings",
            "asked": 24,
            "said": "They see the fear and have nobody to turn to; they want someone in the room.",
            "not_heard": "Night staff and clerks.",
            "when": "December 2025",
            "priority": "mind-and-body",
        },
        {
            "who": "The two trusts and the care association",
            "kind": "providers",
            "how": "Meetings with the draft figures",
            "asked": 17,
            "said": "Staff are the limit, not money. They ask for five-year agreements and to hear of changes before the papers do.",
            "not_heard": "Small home care agencies without an office.",
            "when": "January 2026",
            "priority": "avoidable-stays",
        },
        {
            "who": "Council for voluntary service and nine of its members",
            "kind": "voluntary-sector",
            "how": "A round table",
            "asked": 14,
            "said": "People come for company and stay for help. Small grants for three years would do more than a large one for one.",
            "not_heard": "Groups without an address or a bank account.",
            "when": "January 2026",
            "priority": "loneliness",
        },
    ]


def _unseen() -> list[dict[str, Any]]:
    """Groups that no figure tells apart: what else is known of them, and what will be done."""
    rows = (
        ("disability", "The learning disability team knows 1,240 adults by name; four in ten had no yearly check.", "Count every figure of the plan for them once a year.", "early-death"),
        ("dependence", "The drug and alcohol service sees 1,900 people a year; a third have no practice of their own.", "The service asks each of them for a blood pressure and a lung check.", "early-death"),
        ("carers", "Some 71,000 people by the census; the practices know 9,400.", "Ask at every discharge who helps at home, and write it down.", "avoidable-stays"),
        ("homeless", "The night shelter counts 90 people; most have no practice.", "The outreach nurse keeps a count of her own, without names.", "avoidable-stays"),
        ("traveller", "Three sites, some 60 families; nobody has asked them.", "The health visitor who is known there asks first.", "early-death"),
        ("rural", "The villages of Upper Fell have no bus after four.", "Show admissions by time to the nearest practice.", "loneliness"),
    )  # fmt: skip
    return [
        {"group": group, "known": known, "action": action, "priority": priority}
        for group, known, action, priority in rows
    ]


def _costs() -> list[dict[str, Any]]:
    source = "Synthetic example: average cost of the trust's own returns, 2024/25"
    return [
        {"indicator": "demo-avoidable-admissions", "amount": 2_450, "source": source},
        {"indicator": "demo-falls-65", "amount": 4_300, "source": source},
    ]


def _priorities(f: Facts) -> list[dict[str, Any]]:
    return [
        {
            "id": "early-death",
            "title": "Fewer deaths from illness that can be treated",
            "reason": (
                f"In {f.figure('demo-pyll').period}, {f.bare('demo-pyll')} years of life for every 100,000 people were lost to "
                f"treatable illness (95% interval {f.span('demo-pyll')}), against {f.bare('demo-pyll', COUNTRY)} in the country and "
                f"{f.bare_peers('demo-pyll')} at the median of the peers: more than chance can explain. Cancer is found "
                f"early in {f.say('demo-early-cancer')} of cases, against {f.say('demo-early-cancer', COUNTRY)}. Smoking "
                f"has fallen from {f.say('demo-smoking', year=2015)} in 2015 to {f.say('demo-smoking')}, level with the "
                f"country's {f.say('demo-smoking', COUNTRY)}, so the gain from here has to come from finding and "
                "treating illness sooner."
            ),
            "indicators": ["demo-pyll", "demo-early-cancer", "demo-smoking", "demo-diabetes-care"],
            "segments": [
                "one-condition",
                "one-condition-older",
                "several-conditions",
                "several-conditions-older",
            ],
            "determinants": ["ODR-11.d1", "ODR-11.d3", "ODR-11.d4"],
            "action_levels": ["ODR-11.l1", "ODR-11.l2", "ODR-11.l5"],
            "focus": "ODR-11.u2",
            "owner": "Director of public health",
        },
        {
            "id": "avoidable-stays",
            "title": "Help at home before it becomes a hospital stay",
            "reason": (
                f"Emergency admissions that could have been avoided stand at {f.bare('demo-avoidable-admissions')} for every 100,000 "
                f"people ({f.span('demo-avoidable-admissions')}) in {f.figure('demo-avoidable-admissions').period}, against "
                f"{f.bare_peers('demo-avoidable-admissions')} at the median of the peers, and they have grown again since "
                f"the low of {f.bare('demo-avoidable-admissions', year=2020)} in 2020/21. Emergency stays fill "
                f"{f.bare('demo-emergency-bed-days')} bed days for every 1,000 people, against {f.bare('demo-emergency-bed-days', COUNTRY)} in "
                "the country. Carers told us why: help at home comes too late."
            ),
            "indicators": ["demo-avoidable-admissions", "demo-emergency-bed-days"],
            "segments": ["several-conditions-older", "frail", "last-year"],
            "determinants": ["ODR-11.d2", "ODR-11.d4"],
            "action_levels": ["ODR-11.l2", "ODR-11.l3"],
            "focus": "ODR-11.u2",
            "owner": "Chief medical officer, integrated care board",
        },
        {
            "id": "falls",
            "title": "Steady on our feet, and back home after hospital",
            "reason": (
                f"For every 100,000 people aged 65 and over there were {f.bare('demo-falls-65')} admissions after a fall "
                f"({f.span('demo-falls-65')}), against {f.bare_peers('demo-falls-65')} at the median of the peers, and the "
                "number of people over 65 grows every year. After reablement, "
                f"{f.say('demo-reablement')} are still at home three months later "
                f"({f.span('demo-reablement')}); the median of the peers is {f.say_peers('demo-reablement')}."
            ),
            "indicators": ["demo-falls-65", "demo-reablement", "demo-flu-vaccination"],
            "segments": ["healthy-older", "frail"],
            "determinants": ["ODR-11.d2", "ODR-11.d3", "ODR-11.d4"],
            "action_levels": ["ODR-11.l2", "ODR-11.l4", "ODR-11.l5"],
            "focus": "ODR-11.u2",
            "owner": "Director of adult social services",
        },
        {
            "id": "loneliness",
            "title": "Company and a place to go, first where it is missing most",
            "reason": (
                f"On average {f.say('demo-loneliness')} of adults often or always feel lonely "
                f"({f.span('demo-loneliness')}), against {f.say('demo-loneliness', COUNTRY)} in the country. The average "
                f"hides the need: {f.say('demo-loneliness', group='1 most deprived')} in the most deprived fifth of "
                f"neighbourhoods, {f.say('demo-loneliness', group='5 least deprived')} in the least deprived. In the "
                f"country that gap runs from {f.say('demo-loneliness', COUNTRY, group='1 most deprived')} to "
                f"{f.say('demo-loneliness', COUNTRY, group='5 least deprived')}."
            ),
            "indicators": ["demo-loneliness"],
            "segments": ["healthy", "healthy-older", "frail"],
            "determinants": ["ODR-11.d1", "ODR-11.d2"],
            "action_levels": ["ODR-11.l2", "ODR-11.l3", "ODR-11.l4"],
            "focus": "ODR-11.u1",
            "owner": "Head of community development, council",
        },
        {
            "id": "mind-and-body",
            "title": "Mind and body treated together",
            "reason": (
                "People with long-term conditions rate their health-related quality of life at "
                f"{f.say('demo-eq5d')} ({f.span('demo-eq5d')}, 1 is full health), against "
                f"{f.say('demo-eq5d', COUNTRY)} in the country, and the figure has fallen since 2015. Of every "
                f"100,000 adults {f.bare('demo-mental-health-access')} begin a talking therapy in a year; at the median of the peers "
                f"{f.bare_peers('demo-mental-health-access')}. Clinic staff asked for help with the fear that comes with "
                "illness."
            ),
            "indicators": ["demo-eq5d", "demo-mental-health-access", "demo-diabetes-care"],
            "segments": ["several-conditions", "severe-mental-illness"],
            "determinants": ["ODR-11.d1", "ODR-11.d4"],
            "action_levels": ["ODR-11.l2", "ODR-11.l5"],
            "focus": "ODR-11.u3",
            "owner": "Director of mental health",
        },
    ]


def _needs_answers(f: Facts) -> dict[str, tuple[str, str]]:
    return _taking_part() | _four_questions(f) | _grouping() | _horizon() | _assets()


def _taking_part() -> dict[str, tuple[str, str]]:
    return {
        "CST-04.1": ("A group of fourteen people who use services met five times and wrote the five wants of the vision. They asked for classes near home instead of at the hospital, and the scheme was changed. The group goes on every two months.", "Notes of the user group, 2025 (synthetic)."),
        "CST-04.2": ("People in Dockside and Upper Fell, people without a home, and people with a learning disability. The voluntary sector went door to door; an easy-read version was tested with a self-advocacy group.", "Engagement report, section 3 (synthetic)."),
        "CST-04.3": ("Forty-one lunch clubs, nine mosques and churches with open doors, a men's shed in each town, and some 71,000 people who care for someone.", "Map of community assets (synthetic)."),
        "CST-04.4": ("The council for voluntary service sits on the joint board, ran the door-to-door talks, and will hold the small grants.", "Agreement of March 2026 (synthetic)."),
        "CST-04.5": ("Both trusts, the care association and the company that runs the walk-in centre saw the figures in November 2025. The effect on each one's income is written in the finance paper.", "Provider meetings, November 2025 to February 2026 (synthetic)."),
        "CST-04.6": ("The board carries double running; the hospital keeps a third of what is released in the first two years; the council's share of reablement is paid back from fewer care home places. The share of risk is still to be settled.", "Draft risk agreement (synthetic)."),
        "CFO-01.1": ("Someone to talk to; a warm room; a bus that comes; to be told the truth; to stay in the house where the children grew up.", "Cards written by residents, 2025 (synthetic)."),
    }  # fmt: skip


def _four_questions(f: Facts) -> dict[str, tuple[str, str]]:
    return {
        "CST-05.1": ("They want to be seen soon by someone who knows them, and to be looked after at home. They need, more than they say, illness to be found earlier: few people ask for a blood pressure check.", "Voices and figures of this chapter."),
        "CST-05.2": (
            f"General practice is liked better than elsewhere ({f.say('demo-gp-experience')} against "
            f"{f.say('demo-gp-experience', COUNTRY)} in the country), though satisfaction falls here as everywhere. "
            "Hospitals do about as well as others. Care that keeps people out of hospital does worse.",
            "Comparison tables of this chapter.",
        ),
        "CST-05.3": ("By need first and by age second: eight groups of need in three ages, each person in one cell only, so that they add up to the whole population.", "Linked records 2024/25 (synthetic)."),
        "CST-05.4": ("The largest are in the two groups with several conditions and with frailty: nearly one person in five, and more than two fifths of the money.", "Segments of this chapter."),
        "CST-06.1": ("Mostly on illness that is already advanced. The plan moves money towards finding illness early, and says from where.", "Budget chapter."),
        "CST-06.2": ("Spending on emergency care is above the peers even after need is taken out; spending on mental health below. We do not know why prescribing differs so much between practices.", "Finance comparison (synthetic)."),
    }  # fmt: skip


def _grouping() -> dict[str, tuple[str, str]]:
    return {
        "CST-08.1": ("Diabetes, heart failure and chronic lung disease are managed in the same steady way and share one team.", "Clinical forum, October 2025 (synthetic)."),
        "CST-08.2": ("Frailty before the age of 65 in the most deprived neighbourhoods, and people living for years after cancer.", "Linked records (synthetic)."),
        "CST-08.3": ("Not the very highest risk, who are known to every service, but the next tenth: people with two conditions, living alone, one admission in the past year.", "Review of 200 records by GPs (synthetic)."),
        "CST-09.1": ("People at risk of an emergency admission within twelve months, by the score that practices already use.", "Practice system (synthetic)."),
        "CST-09.2": ("Highest risk: hospital at home and a named nurse. Middle: one team and a care plan. Low: classes, checks, company.", "Service model (synthetic)."),
        "CST-09.3": ("Scores are made and seen inside the practice; the plan uses counts only. Agreed with the data protection officers of both organisations.", "Data protection assessment, 2025 (synthetic)."),
    }  # fmt: skip


def _horizon() -> dict[str, tuple[str, str]]:
    return {
        "CST-10.1": ("Hospital at home, weekly rounds in care homes and lung checks near home are used in several peers.", "Visits to three peers (synthetic)."),
        "CST-10.2": ("New medicines for obesity and early dementia will arrive within the plan. Their cost is not in it and is named as a risk.", "Medicines committee, January 2026 (synthetic)."),
        "CST-10.3": ("A delivery company's way of planning rounds is used for home visits.", "Pilot in one town (synthetic)."),
        "CST-10.4": ("Monitoring at home replaces some visits. One household in nine here has no internet, so each kit brings its own connection.", "Digital inclusion survey (synthetic)."),
        "CST-10.5": ("The community trust takes part in a trial of exercise after a first fall; results are due in 2027.", "Research register (synthetic)."),
        "CST-10.6": ("Three peers pay hospital and community services one sum for frailty. We watch and have not copied it.", "Peer network notes (synthetic)."),
    }  # fmt: skip


def _assets() -> dict[str, tuple[str, str]]:
    return {
        "CST-12.1": ("Millbrook is used for 22 hours a week; two clinics have lifts that fail. The walk-in centre's lease runs to 2029.", "Estates survey 2025 (synthetic)."),
        "CST-12.2": ("The new urgent treatment centre takes in the night pharmacy and the mental health team; two libraries offer rooms for clinics.", "One public estate list (synthetic)."),
        "CST-12.3": ("Leisure centres for strength and balance classes, school halls after four, a supermarket car park for the scanner.", "Room survey (synthetic)."),
    }  # fmt: skip


# --- ambitions --------------------------------------------------------------------


def _ambitions(f: Facts) -> dict[str, Any]:
    return {
        "items": [
            _years_of_life(f),
            _quality_of_life(f),
            _time_in_hospital(f),
            _at_home(f),
            _hospital_care(f),
            _outside_hospital(f),
            _hospital_deaths(f),
        ],
        "citizens": _citizens(),
        "answers": _ambition_answers(),
    }


def _ambition_answers() -> dict[str, dict[str, str]]:
    """Where the outcomes come from, and the advice of Provider voices, answered for this plan."""
    owner = "Chair of the joint board"
    said = {
        "ODR-06.1": ("", "From the needs chapter (years of life, admissions, falls, reablement), and from the cards residents wrote (company, warmth, the bus). Homes and transport belong to the council, which is why its budgets are in scope.", "Needs and ambitions chapters."),
        "PVW-07.1": ("partly", "Ambitions 1, 2 and 4 lie within what others have done. For 3 and 6 no comparable area has yet done it, and the plan says why we try.", "Ambition desk."),
        "PVW-07.2": ("yes", "Steady Steps begins in two towns with three instructors.", "Scheme plan (synthetic)."),
        "PVW-07.3": ("partly", "Money and governance are agreed for three years; users will judge the outcomes for the first time in 2027.", "Agreement of March 2026 (synthetic)."),
        "PVW-07.4": ("yes", "Grants are decided in the neighbourhood, the frailty team by the two towns it serves, beds by the board.", "Scheme of delegation (synthetic)."),
        "PVW-07.5": ("partly", "The council buys and runs reablement. Its own service is judged by the board, in public, once a year.", "Register of interests (synthetic)."),
    }  # fmt: skip
    return {
        item: {
            "answer": answer or words,
            "evidence": f"{words} {evidence}" if answer else evidence,
            "owner": owner,
        }
        for item, (answer, words, evidence) in said.items()
    }


def _citizens() -> list[dict[str, Any]]:
    cards = "Cards written by residents, autumn 2025 (synthetic)"
    rows = (
        ("I have someone to talk to", "How many say so when the link worker asks, and loneliness by neighbourhood", [2], "loneliness"),
        ("I know whom to call, at night too", "Carers asked again each autumn", [3, 6], "avoidable-stays"),
        ("My home is warm and safe", "Homes below 18 degrees in the winter visits", [3], "avoidable-stays"),
        ("I can get there without a car", "Appointments missed for want of transport", [6], "falls"),
        ("I do something that matters to me", "People say so; no figure will", [2], "mind-and-body"),
    )  # fmt: skip
    return [
        {"outcome": outcome, "who": cards, "sign": sign, "ambitions": ambitions, "priority": priority}
        for outcome, sign, ambitions, priority in rows
    ]


YEARS = list(range(2026, 2031))


def _ambition(f: Facts, number: int, measure: str, line: str, target: float, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "measure": measure,
        "line": line,
        "levels": f.path(measure, target, YEARS),
        "baseline": f.baseline(measure),
    } | more


def _years_of_life(f: Facts) -> dict[str, Any]:
    target = f.peer_median("demo-pyll")
    return _ambition(
        f, 1, "demo-pyll", "peer-median", target,
        in_words="Fewer people in Northmere die in middle age of a heart attack, a stroke or a cancer that could have been found and treated.",
        second_reason="Not needed: areas with much the same need have changed by as much in as many years.",
        reason=(
            f"From {f.bare('demo-pyll')} to {f.bare_peers('demo-pyll')} years of life lost for every 100,000 people by 2030: what half of our peers have reached "
            "today. It is a demanding aim that others with the same need have met, which is why we did not choose the "
            "best fifth of all areas, most of them far less deprived."
        ),
        must_be_true=(
            "Blood pressure is found and controlled in general practice; the lung checks reach the neighbourhoods where "
            "cancer is found latest; smoking goes on falling. The funded schemes get there "
            "only if their effects are as stated; if they are smaller, the rest rests on treatment that improves everywhere."
        ),
        owner="Director of public health",
        priorities=["early-death"],
    )  # fmt: skip


def _quality_of_life(f: Facts) -> dict[str, Any]:
    target = f.value("demo-eq5d") + 0.008
    return _ambition(
        f, 2, "demo-eq5d", "own", target,
        in_words="People with long-term conditions say that they can do more of what matters to them, and that somebody asked how they felt.",
        second_reason="Few areas have done it, but some have; nobody here had treated mind and body together before.",
        reason=(
            f"From {f.say('demo-eq5d')} to {f.print('demo-eq5d', target)}. The figure has been falling, so to halt it "
            "would already be a gain, and hardly any area has raised it. We chose a rise just large enough to be "
            "told from the survey's margin of error; the median of the peers "
            f"({f.say_peers('demo-eq5d')}) seemed out of reach in five years."
        ),
        must_be_true="Therapists can be recruited for the clinics, and people with several conditions get one team.",
        owner="Director of mental health",
        priorities=["mind-and-body"],
    )  # fmt: skip


def _time_in_hospital(f: Facts) -> dict[str, Any]:
    target = f.peer_median("demo-avoidable-admissions")
    return _ambition(
        f, 3, "demo-avoidable-admissions", "peer-median", target,
        in_words="Fewer people lie in a hospital bed because nobody could come to their home.",
        reason=(
            f"From {f.bare('demo-avoidable-admissions')} to {f.bare_peers('demo-avoidable-admissions')} admissions for every 100,000 people by 2030, the "
            "level of the middle one of our peers. Without the plan we expect it to stay about where it is."
        ),
        second_reason=(
            "No area in these figures has yet brought avoidable admissions down as far in as many years. We hold to it "
            "because hospital at home, care home rounds and reablement start within a year of each other and the beds really close, and "
            "because our figure starts higher than almost any. We shall review the level after two years, and lower it "
            "in the open if we must."
        ),
        must_be_true="Hospital at home looks after 90 people at a time by October 2027, and reablement starts within two days. The funded schemes bring us part of the way; the rest has to come from general practice and from whatever is learnt in the first two years.",
        owner="Chief medical officer, integrated care board",
        priorities=["avoidable-stays", "falls"],
    )  # fmt: skip


def _at_home(f: Facts) -> dict[str, Any]:
    target = round(f.peer_median("demo-reablement") + 2.3, 1)
    return _ambition(
        f, 4, "demo-reablement", "own", target,
        in_words="Three months after leaving hospital, more older people sit in their own chair.",
        second_reason="Not needed: areas with much the same need have changed by as much in as many years.",
        reason=(
            f"From {f.say('demo-reablement')} to {f.print('demo-reablement', target)}. Our figure lies below the median "
            f"of the peers ({f.say_peers('demo-reablement')}) by more than chance. Left alone it would probably drift "
            "to where they are today, as it does everywhere, so the level lies beyond that: what neighbours with "
            "seven-day services have reached."
        ),
        must_be_true="Ninety more care and therapy staff are found; home care agencies take on people after reablement.",
        owner="Director of adult social services",
        priorities=["falls"],
    )  # fmt: skip


def _hospital_care(f: Facts) -> dict[str, Any]:
    target = f.value("demo-inpatient-experience") + 1.5
    return _ambition(
        f, 5, "demo-inpatient-experience", "own", target,
        in_words="People leave hospital rested, and knowing what comes next.",
        second_reason="The figures since the new questionnaire are too few to say what others have achieved in as many years.",
        reason=(
            f"From {f.bare('demo-inpatient-experience')} to {f.print('demo-inpatient-experience', target)}. We are level "
            f"with the country ({f.bare('demo-inpatient-experience', COUNTRY)}). The questionnaire changed in 2020, so "
            "the rise from 2019 to 2020 is no improvement, and only the years since then were compared."
        ),
        must_be_true="Money is found for the ward scheme, which is not funded yet.",
        owner="Hospital chief nurse",
        priorities=["avoidable-stays"],
    )  # fmt: skip


def _outside_hospital(f: Facts) -> dict[str, Any]:
    target = f.value("demo-gp-experience")
    return _ambition(
        f, 6, "demo-gp-experience", "hold", target,
        in_words="People go on finding it easier than elsewhere to reach someone who knows them.",
        reason=(
            f"Hold {f.say('demo-gp-experience')}. It is well above the peers ({f.say_peers('demo-gp-experience')}), but it "
            f"was {f.say('demo-gp-experience', year=2015)} in 2015 and has fallen every year. To hold it would be to do "
            "what no area has done, and is ambition enough."
        ),
        second_reason=(
            "No comparable area has held its level in these years. We believe it can be done, because practices here "
            "agreed to it themselves and start from the strongest base."
        ),
        must_be_true="Practices can offer a named team to people with several conditions, and call back within the hour.",
        owner="Chair of the general practice forum",
        priorities=["early-death", "mind-and-body"],
    )  # fmt: skip


def _hospital_deaths(f: Facts) -> dict[str, Any]:
    """In words: no figure shows avoidable deaths, and one that stands in is watched."""
    return {
        "number": 7,
        "in_words": (
            "Every death in hospital is reviewed within six weeks, the family's questions are answered, and what was "
            "learnt is read out at the board four times a year. By 2028 nobody's decline goes unnoticed for more than "
            "an hour on any ward."
        ),
        "proxy": "demo-hospital-deaths",
        "proxy_reason": (
            "More deaths than expected would make us look. The ratio cannot show which deaths could have been avoided: "
            "it raises a question and never answers one."
        ),
        "reason": (
            "No figure shows avoidable deaths, so the ambition is in words. The ratio of observed to expected deaths "
            f"({f.say('demo-hospital-deaths')}, {f.span('demo-hospital-deaths')}, 100 is as expected) stands in for it: "
            "watched, and not chased."
        ),
        "must_be_true": "Wards have the staff to act on a warning at night, and families are heard.",
        "owner": "Hospital medical director",
        "priorities": ["early-death"],
    }


# --- money, decisions, sign-off -----------------------------------------------------


def _budget() -> dict[str, Any]:
    return {
        "scope": demo_money.scope(),
        "income": demo_money.income(),
        "lines": demo_money.lines(),
        "schemes": demo_money.schemes(),
        "fund": demo_money.fund(),
        "answers": _texts(demo_money.answers(), "Chief finance officer, integrated care board"),
    }


def _texts(said: dict[str, tuple[str, str]], owner: str) -> dict[str, dict[str, str]]:
    return {
        item: {"answer": answer, "evidence": evidence, "owner": owner}
        for item, (answer, evidence) in said.items()
    }


def _linked(answers: dict[str, dict[str, str]], priorities: dict[str, str]) -> dict[str, dict[str, str]]:
    """The answers, some of them tied to a priority."""
    return {
        item: said | ({"priority": priorities[item]} if item in priorities else {})
        for item, said in answers.items()
    }


def _assumptions() -> list[dict[str, Any]]:
    """Three dated assumptions replaced, each with its reason."""
    finance = "Chief finance officer, integrated care board"
    return [
        {
            "id": "price-uplift",
            "value": 2.8,
            "reason": "Pay awards of the last two years came in above the national figure; we plan for prices to rise a little faster.",
            "by": finance,
            "on": "2026-02-20",
        },
        {
            "id": "other-growth-prescribing",
            "value": 3.0,
            "reason": "New medicines for obesity and early dementia are expected within the plan; the medicines committee thinks 2 per cent too low.",
            "by": finance,
            "on": "2026-02-20",
        },
        {
            "id": "other-growth-social-care",
            "value": 2.0,
            "reason": "More people with a learning disability live longer and need support in their own homes.",
            "by": "Director of adult social services",
            "on": "2026-02-24",
        },
    ]


def _decisions() -> list[dict[str, Any]]:
    joint, board = "Joint planning group of board and council", "Board of the integrated care board"
    return [
        {
            "what": "Plan the core budgets and primary care together; leave housing, leisure and specialised services out for now.",
            "rationale": "Four people scored six options against eight criteria; this one came first, and stayed first when any one weight was doubled.",
            "on": "2026-01-22", "made_by": joint, "taken_by": f"{board}; cabinet of the council",
            "dissent": "The director of adult social services would have included housing.",
            "conflicts": "None declared.",
        },
        {
            "what": "Put five priorities first, and loneliness among them.",
            "rationale": "Four follow from the figures. Loneliness follows from the gap between neighbourhoods and from what people said, and none of the seven ambitions measures it.",
            "on": "2026-01-22", "made_by": joint, "taken_by": board,
            "dissent": "", "conflicts": "None declared.",
        },
        {
            "what": "Aim for the median of the peers, not the best fifth, on years of life lost and avoidable admissions.",
            "rationale": "Areas with the same need have reached it. The best fifth are mostly much less deprived.",
            "on": "2026-02-12", "made_by": "Clinical forum with the user group", "taken_by": board,
            "dissent": "Two clinicians asked for the best fifth on years of life lost.", "conflicts": "None declared.",
        },
        {
            "what": "Close Ward 9 at the end of September 2027, once hospital at home has looked after 60 people at a time for three months.",
            "rationale": "Two thirds of its patients could be at home. The Secretary of State was notified on 12 February 2026, and scrutiny consulted.",
            "on": "2026-03-26", "made_by": joint, "taken_by": board,
            "dissent": "One non-executive would wait for the winter of 2027.", "conflicts": "One member with an interest in the trust left the room.",
        },
        {
            "what": "Do not decide on the Quayside walk-in centre yet.",
            "rationale": "Nobody has said who will see people without a GP, and the notice does not fit the date proposed.",
            "on": "2026-03-26", "made_by": joint, "taken_by": board,
            "dissent": "", "conflicts": "Two GP members own shares in the company; they took no part.",
        },
        {
            "what": "Keep the Millbrook team and move it to four clinics nearer home.",
            "rationale": "The need is real and the team is good; only the place is wrong.",
            "on": "2026-03-12", "made_by": "Place committee with users and carers", "taken_by": "Northmere Community and Mental Health",
            "dissent": "", "conflicts": "None declared.",
        },
        {
            "what": "Take the plan forward although the five-year table still shows a gap.",
            "rationale": "Schemes cost more in the first years than they release. Several schemes stay because they prevent illness and save nothing that can be counted; the gap is shown and not hidden behind savings that nobody would make.",
            "on": "2026-03-26",
            "made_by": joint,
            "taken_by": f"{board}; cabinet of the council",
            "dissent": "The chief finance officer asked that no second-year scheme starts before the gap of its year is closed.",
            "conflicts": "None declared.",
        },
        {
            "what": "Leave the ward scheme for a better stay in hospital unfunded in 2026/27.",
            "rationale": "The money went to schemes for the first three priorities. It is first on the list if more is released.",
            "on": "2026-03-26", "made_by": joint, "taken_by": board,
            "dissent": "The hospital chief nurse: ambition 5 then has nothing behind it.", "conflicts": "None declared.",
        },
    ]  # fmt: skip


def _case() -> dict[str, Any]:
    board, council = "Northmere Integrated Care Board", "Northmere Council"
    return {
        "comments_to": "Joint planning office, Harbour House, Northmere NM1 1AA; 01632 960 000, 9 to 5 on weekdays",
        "comments_until": "2026-06-30",
        "questions": [
            "Are these the right five needs to put first, and which is missing?",
            "What would have to be in place before Ward 9 closes?",
            "Who in your street or practice would lose by this, and how could that be mended?",
        ],
        "comments_use": (
            "The joint planning group reads every comment in July 2026. What was said and what changed because of it "
            "goes to the board and the cabinet in September 2026, and can be read at the libraries."
        ),
        "involvement": (
            "The closing of Ward 9 changes a service: the council's health scrutiny is consulted on it by itself, and "
            "its users and staff are asked. For the rest, the joint planning group judged on 12 February 2026 that "
            "meetings in the five neighbourhoods and a letter to every practice are enough at this stage."
        ),
        "bound": [
            {
                "partner": board,
                "commits": "Pays for the schemes of its lines, and keeps Ward 9 open until hospital at home looks after "
                "60 people at a time.",
                "agreed_by": "Board",
                "agreed_on": "2026-03-26",
            },
            {
                "partner": council,
                "commits": "Pays into the pooled fund as shown, and bears its share of an overspend, at most £6.0m a year.",
                "agreed_by": "Cabinet",
                "agreed_on": "2026-03-26",
            },
            {
                "partner": "Northmere Hospitals",
                "commits": "Gives notice of nothing before the readiness checks are met.",
                "agreed_by": "",
            },
        ],
        "answers": {
            "ODR-21.3": {
                "answer": "The reward that no figure here holds is time: families who are rung in the evening instead of "
                "sitting in a corridor.",
                "evidence": "Told at the meetings of January 2026 (synthetic)",
                "owner": "Director of strategy, integrated care board",
            },
        },
    }


def _sign_off() -> dict[str, Any]:
    return {
        "commissioner": {
            "post": "Director of strategy, integrated care board",
            "signed": "2026-03-27",
            "statement": "Asked for the plan, says what it is for, and knows what it must not be used for.",
        },
        "analyst": {
            "post": "Head of population health analysis",
            "signed": "2026-03-27",
            "statement": "Figures read from the synthetic series of March 2026; methods as printed beside each figure.",
        },
        "assurer": {
            "post": "Deputy director of finance, council",
            "signed": "2026-03-30",
            "statement": "Recalculated the five-year money and three of the ambitions, and read the checks of all three services.",
        },
        "approver": {
            "post": "Chief executive, integrated care board",
            "statement": "To sign when the open findings are settled or accepted.",
        },
        "version": "1.0",
        "review_by": "2027-03-31",
        "limits": (
            "A demonstration. Nothing in it may be used to decide about a real place. In a real plan this space would "
            "say, for instance, that the figures are for planning across the whole area and not for judging a single "
            "provider, and that savings are not to be taken out of a contract before capacity is taken out."
        ),
        "uncertainty": (
            "What could make this plan wrong, largest first: prices and pay may rise faster than assumed; staff for "
            "care at home may not be found; the effects of schemes are unproven here; new medicines may cost more than "
            "any scheme saves; and a year like 2020 would upset every line. Each five-year figure is given with a range, "
            "and the range is wide because the common trend of all areas moves more than any one area."
        ),
    }


def write(folder: Path) -> None:
    """Write the demonstration plan and the pattern into the folder that holds the series."""
    facts = Facts(folder)
    for name, plan in (("demo", demonstration(facts)), ("ccg-pattern", demo_pattern.pattern())):
        (folder / f"{name}.plan.json").write_text(store.to_json(plan), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "demo")
