"""The three services of the demonstration plan that were considered for stopping, with every check answered."""

# ruff: noqa: E501 (a sentence of the plan stays on one line, so that a change of words reads as one)

from __future__ import annotations

from typing import Any

import demo_facts

Said = dict[str, tuple[str, str, str, str]]  # item: answer in words, evidence, owner, due

# The checks that are not settled, by service; every other one is.
_OPEN = {
    "walk-in-centre": {
        "partly": {"CST-13.1", "CST-13.2", "CST-13.3", "CST-13.5", "CST-13.6", "CST-13.8"}
        | {"CST-14.2", "CST-14.4", "CST-14.5"},
        "no": {"CST-13.7", "CST-14.3"},
    },
    "day-hospital": {"partly": {"CST-14.4"}},
}


def services() -> list[dict[str, Any]]:
    """One ready to stop, one with open questions, one to change."""
    return [_ward(), _walk_in(), _day_hospital()]


def _answers(service: str, said: Said) -> dict[str, dict[str, str | None]]:
    """The answers as their question bank takes them: in words, or yes, partly or no with the words as evidence."""
    found: dict[str, dict[str, str | None]] = {}
    for item, (answer, evidence, owner, due) in said.items():
        if demo_facts.answer_kind(item) == "yes-partly-no":
            evidence = f"{answer} {evidence}"
            answer = next((how for how, items in _OPEN.get(service, {}).items() if item in items), "yes")
        found[item] = {"answer": answer, "evidence": evidence, "owner": owner, "due": due or None}
    return found


# --- ready to stop --------------------------------------------------------------


def _ward() -> dict[str, Any]:
    return {
        "id": "ward-9",
        "name": "Ward 9, medical beds at Northmere General",
        "provider": "Northmere Hospitals",
        "line": "emergency-hospital",
        "owner": "Hospital chief operating officer",
        "decision": "stop",
        "reason": (
            "On an average day 17 of the 24 people on Ward 9 no longer need a hospital bed; they wait for care at "
            "home. Hospital at home gives them that care. The ward closes only when hospital at home has looked after "
            "60 people at a time for three months running, so the beds go after the need has gone and not before."
        ),
        "annual_cost": 5_120,
        "released": 4_480,
        "cashable": 3_970,
        "transition_cost": 620,
        "users": 1_140,
        "stop_date": "2027-09-30",
        "notice_date": "2026-12-01",
        "notice_months": 6,
        "contract_end": "2028-03-31",
        "staff_transfer": False,
        "residential": False,
        "assets": True,
        "beds_closed": 24,
        "substantial": True,
        "notified": "2026-02-12",
        "destinations": [
            {"group": "Frail older people who need daily care for a while", "people": 690, "goes_to": "Hospital at home", "capacity": "confirmed"},
            {"group": "People with a flare-up of chest illness", "people": 260, "goes_to": "Hospital at home", "capacity": "confirmed"},
            {"group": "People who are too ill for home", "people": 190, "goes_to": "Wards 7 and 11", "capacity": "confirmed"},
        ],
        "answers": _answers("ward-9", _ward_principles() | _ward_first()),
    }  # fmt: skip


def _ward_principles() -> Said:
    owner = "Hospital chief operating officer"
    return {
        "CST-13.1": ("Staff were told first, on 9 February 2026, by the chief nurse. Patients and families get a letter and a named contact; councillors, GPs and the local press were briefed the same week. The next step is told at the ward meeting each month.", "Communication log, February 2026 (synthetic).", owner, "2026-02-27"),
        "CST-13.2": ("The need is nursing, medicines and a steady hand for a week or two, not a bed. Hospital at home can take 90 people at a time by October 2027; Wards 7 and 11 keep 14 beds free for those who are too ill for home.", "Bed census of 14 days and capacity plan (synthetic).", owner, "2026-01-30"),
        "CST-13.3": ("Two open evenings, 46 bedside talks and a session with carers of people with dementia. Carers asked for a number to call at night and got it. Each group of users has a line under 'Where the need goes'.", "Engagement report, January 2026 (synthetic).", "Head of patient experience", "2026-01-30"),
        "CST-13.4": ("Two thirds of the people on this ward could be at home. Lying in bed makes older people weaker. The same money looks after more of them at home.", "Case for change, section 2 (synthetic).", owner, "2026-01-30"),
        "CST-13.5": ("All 38 staff are offered a post on another ward or in hospital at home. Quality and equality assessments are done; the largest risk is strain on carers. The trust keeps its other services; ambulance crews need the new route on their tablets.", "Quality and equality impact assessments, version 3 (synthetic).", "Hospital chief nurse", "2026-02-06"),
        "CST-13.6": ("The ward gives bed days to 1,140 people a year. For the same money hospital at home is expected to treat about 1,500, and people keep their strength. This is a comparison on synthetic figures.", "Value paper, January 2026 (synthetic).", "Chief finance officer, integrated care board", "2026-01-30"),
        "CST-13.7": ("Three risks are watched each week: nurses leaving early, a hard winter, and hospital at home filling slowly. If fewer than 60 people at a time are looked after at home by June 2027, the closing date moves by three months.", "Risk register, lines 14 to 16 (synthetic).", "Director of community services", "2026-03-31"),
        "CST-13.8": ("The ward costs £5.12m a year. £4.48m is released when it closes, of which £3.97m can be spent elsewhere; £0.64m is rent and overheads that stay. Closing costs £0.62m once.", "Finance working, agreed by both organisations (synthetic).", "Chief finance officer, integrated care board", "2026-02-20"),
        "CST-13.9": ("The board of the integrated care board decided on 26 March 2026 on the paper and both assessments; one member with an interest left the room. The joint committee on health scrutiny was consulted. A review follows twelve months after closing.", "Board minutes, item 8 (synthetic).", "Company secretary, integrated care board", "2026-03-26"),
    }  # fmt: skip


def _ward_first() -> Said:
    owner = "Hospital chief operating officer"
    return {
        "CST-14.1": ("24 beds, full on nearly every day, 1,140 people a year, average stay 7.6 days. Seven in ten patients come from the emergency department and are over 75.", "Ward profile 2024/25 (synthetic).", owner, "2025-12-12"),
        "CST-14.2": ("Yes. Northmere Community and Mental Health has run hospital at home for 30 people since 2024 and has recruited 12 of the 34 staff needed for 90.", "Recruitment report, March 2026 (synthetic).", "Director of community services", "2026-03-20"),
        "CST-14.3": ("Eighteen months' lead time, a training post for six nurses, shared records on tablets, and a guarantee that the first two years are paid by capacity and not by the patient.", "Mobilisation plan (synthetic).", "Director of community services", "2026-03-20"),
        "CST-14.4": ("Staff and running costs, yes: £3.97m. The building cannot be let; it becomes the discharge lounge, so its rent is stranded.", "Finance working (synthetic).", "Chief finance officer, integrated care board", "2026-02-20"),
        "CST-14.5": ("Yes. It stood on the same list as the new schemes when priorities were set in January 2026, and was the third of eleven to be chosen.", "Priority-setting record (synthetic).", "Director of strategy, integrated care board", "2026-01-30"),
    }  # fmt: skip


# --- open questions -------------------------------------------------------------


def _walk_in() -> dict[str, Any]:
    return {
        "id": "walk-in-centre",
        "name": "Quayside walk-in centre",
        "provider": "Quayside Health, a company owned by local doctors",
        "line": "emergency-hospital",
        "owner": "Director of urgent care",
        "decision": "considering",
        "reason": (
            "Half of the people seen here are seen again elsewhere within three days, and the new urgent treatment "
            "centre could see most of them once. But the walk-in centre is the only place where people without a GP "
            "are seen without questions, and nobody has yet said who will see them."
        ),
        "annual_cost": 3_080,
        "released": 2_760,
        "cashable": 2_490,
        "transition_cost": 340,
        "users": 31_400,
        # Planted: notice of six months from the end of June does not end in October.
        "stop_date": "2026-10-31",
        "notice_date": "2026-06-30",
        "notice_months": 6,
        "contract_end": "2027-03-31",
        "staff_transfer": True,
        "residential": False,
        "assets": True,
        "beds_closed": 0,
        "substantial": True,
        "notified": None,
        "destinations": [
            {"group": "People with a minor illness who have a GP", "people": 17_900, "goes_to": "Their own practice, same day", "capacity": "assumed"},
            {"group": "People with a minor injury", "people": 9_600, "goes_to": "Urgent treatment centre", "capacity": "confirmed"},
            # Not decided, so this is an open question and no finding yet.
            {"group": "People without a GP: newcomers, rough sleepers, boat crews", "people": 3_900, "goes_to": "", "capacity": "none"},
        ],
        "answers": _answers("walk-in-centre", _walk_in_principles() | _walk_in_first()),
    }  # fmt: skip


def _walk_in_principles() -> Said:
    owner = "Director of urgent care"
    return {
        "CST-13.1": ("The provider knows that its contract is under review. Staff, users and councillors have not been told, because nothing is decided; they will be told together in May 2026.", "Letter to the provider, February 2026 (synthetic).", owner, "2026-05-15"),
        "CST-13.2": ("Nine in ten need advice or simple treatment on the day. Practices could see those who have a GP if 60 more appointments a day open, which is planned and not yet staffed. Who would see people without a GP is open.", "Count of two weeks at the door (synthetic).", owner, "2026-06-30"),
        "CST-13.3": ("A survey in the waiting room reached 212 people, nearly all with a home and a telephone. Rough sleepers and boat crews have not been asked.", "Waiting-room survey, December 2025 (synthetic).", "Head of patient experience", "2026-06-12"),
        "CST-13.4": ("People are seen twice for one problem, and the second place cannot see what the first one did.", "Record match of one month (synthetic).", owner, "2026-04-30"),
        "CST-13.5": ("The company would lose a third of its income and might hand back its out-of-hours contract too. The equality assessment is begun; the effect on people without a home is marked as not known.", "Equality impact assessment, draft (synthetic).", owner, "2026-06-30"),
        "CST-13.6": ("A visit costs £98 here and is planned to cost £83 at the new centre, on synthetic figures and before anyone is counted who goes to the emergency department instead.", "Value paper, draft (synthetic).", "Chief finance officer, integrated care board", "2026-05-29"),
        "CST-13.7": ("The main risk is that more people go to the emergency department. Nobody watches it yet: a dashboard is asked for, and the fall-back, keeping the evenings, is not priced.", "Risk register, line 22 (synthetic).", owner, "2026-05-29"),
        "CST-13.8": ("It costs £3.08m a year. £2.76m would be released, £2.49m of it cashable. The lease to 2029 would strand £0.32m a year. The one-off cost of £0.34m does not yet include redundancy.", "Finance working, draft (synthetic).", "Chief finance officer, integrated care board", "2026-05-29"),
        "CST-13.9": ("The board decides, in July 2026 at the earliest. Two GP members own shares in the company: they are named in the register of interests and will not take part.", "Register of interests (synthetic).", "Company secretary, integrated care board", "2026-07-30"),
    }  # fmt: skip


def _walk_in_first() -> Said:
    owner = "Director of urgent care"
    return {
        "CST-14.1": ("31,400 visits a year, 8am to 8pm every day, average wait 47 minutes; 12 in 100 visits are by people without a GP.", "Activity return 2024/25 (synthetic).", owner, "2026-02-27"),
        "CST-14.2": ("For injuries, yes: the urgent treatment centre. For illness, not yet: of 94 practices, 41 have offered extra same-day appointments.", "Practice survey, January 2026 (synthetic).", "Chair of the general practice forum", "2026-05-29"),
        "CST-14.3": ("Transfer of 27 staff, a way to register people without an address, and a bus stop at the new centre. None of these is settled.", "List of preparations (synthetic).", owner, "2026-06-30"),
        "CST-14.4": ("Staff and supplies, yes; the building, no, until the lease ends in 2029 or another tenant is found.", "Estates note (synthetic).", "Head of estates", "2026-05-29"),
        "CST-14.5": ("It was named when priorities were set, but only its cost was weighed and not what its users would lose.", "Priority-setting record (synthetic).", "Director of strategy, integrated care board", "2026-05-15"),
    }  # fmt: skip


# --- keep, and change -------------------------------------------------------------


def _day_hospital() -> dict[str, Any]:
    return {
        "id": "day-hospital",
        "name": "Millbrook day hospital for older people",
        "provider": "Northmere Community and Mental Health",
        "line": "community-health",
        "owner": "Director of community services",
        "decision": "change",
        "reason": (
            "We looked at stopping it and decided not to. Its team is good and its users need what it does; what is "
            "wrong is the place, an hour by bus for most of them, and a day that is mostly waiting. The team moves to "
            "four clinics nearer home in 2027."
        ),
        "annual_cost": 1_890,
        "released": 600,
        "cashable": 0,
        "transition_cost": 310,
        "users": 2_300,
        "stop_date": None,
        "notice_date": None,
        "notice_months": 6,
        "contract_end": "2028-03-31",
        "staff_transfer": False,
        "residential": False,
        "assets": True,
        "beds_closed": 0,
        "substantial": False,
        "notified": None,
        "destinations": [
            {"group": "People who have fallen or are at risk", "people": 1_450, "goes_to": "Falls and frailty clinics in four towns", "capacity": "confirmed"},
            {"group": "People with Parkinson's disease", "people": 390, "goes_to": "Falls and frailty clinics in four towns", "capacity": "assumed"},
            # Planted: nobody has said where they will find company.
            {"group": "People who come mainly for company and a meal", "people": 460, "goes_to": "", "capacity": "none"},
        ],
        "answers": _answers("day-hospital", _day_hospital_principles() | _day_hospital_first()),
    }  # fmt: skip


def _day_hospital_principles() -> Said:
    owner = "Director of community services"
    return {
        "CST-13.1": ("Users and staff were told in January 2026 that the team stays and the place changes. The parish newsletter and two lunch clubs carried it.", "Newsletter, January 2026 (synthetic).", owner, "2026-01-30"),
        "CST-13.2": ("Assessment, exercise and medicines review in one visit; and, for one in five, company. The first needs this team; the second is better met near home.", "Case review of 80 users (synthetic).", owner, "2025-11-28"),
        "CST-13.3": ("Four afternoons with users and carers. They asked for shorter visits, transport booked with the clinic, and to keep the same nurses. All three are in the plan.", "Engagement notes, November 2025 (synthetic).", "Head of patient experience", "2025-12-19"),
        "CST-13.4": ("The service does not stop. What stops is the long journey and the wait.", "Case for change (synthetic).", owner, "2026-01-30"),
        "CST-13.5": ("Staff keep their jobs and work in four towns. People next to Millbrook travel further. The kitchen and its two staff move to the hospital.", "Quality and equality impact assessments, version 2 (synthetic).", owner, "2026-02-27"),
        "CST-13.6": ("The same team can see about 500 more people a year if nobody waits for a room. No saving is claimed.", "Clinic timetable (synthetic).", "Clinical lead for frailty", "2026-02-27"),
        "CST-13.7": ("A clinic room falls through, or transport is late. The team leader watches both; Millbrook stays open two days a week until all four clinics run.", "Risk register, line 31 (synthetic).", owner, "2026-06-30"),
        "CST-13.8": ("It costs £1.89m a year. £0.60m of capacity is freed and used to see more people; none of it is cash. Moving costs £0.31m once.", "Finance working (synthetic).", "Chief finance officer, integrated care board", "2026-02-20"),
        "CST-13.9": ("The provider decides with the agreement of the integrated care board's place committee, March 2026. A review follows after a year.", "Committee minutes (synthetic).", "Company secretary, integrated care board", "2026-03-12"),
    }  # fmt: skip


def _day_hospital_first() -> Said:
    owner = "Director of community services"
    return {
        "CST-14.1": ("2,300 people a year, mostly over 80, each about four times. A visit lasts five hours, of which care takes 70 minutes.", "Time study (synthetic).", owner, "2025-11-28"),
        "CST-14.2": ("No other provider has this team's skills. Rooms are offered by two practices, a leisure centre and a library.", "Room survey (synthetic).", "Head of estates", "2026-01-30"),
        "CST-14.3": ("Four rooms fitted out, tablets with the shared record, and transport booked with the clinic.", "Mobilisation plan (synthetic).", owner, "2026-09-30"),
        "CST-14.4": ("No money is released, and that is why it is not counted as a saving. The Millbrook building goes back to its owner in 2028.", "Finance working (synthetic).", "Chief finance officer, integrated care board", "2026-02-20"),
        "CST-14.5": ("Yes. It was weighed with the new schemes in January 2026 and kept.", "Priority-setting record (synthetic).", "Director of strategy, integrated care board", "2026-01-30"),
    }  # fmt: skip
