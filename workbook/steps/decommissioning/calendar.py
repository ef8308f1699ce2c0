"""Notice, contract, consultation and decision on one calendar, with the earliest day on which a service may end."""

from __future__ import annotations

from datetime import date

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Table, Words, table
from workbook.methods import notice
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.words import day, plural

MOST_ROWS = 24  # of one picture, so that it fits a page
_CANNOT_KNOW = (
    "The earliest end counts notice and contract and assumes that notice was rightly served on its date. It cannot know "
    "what else the contract, a lease or the law ask for: involvement of users, health scrutiny, a call-in by the Secretary "
    "of State, consultation of staff (30 days before the first of 20 or more redundancies, 45 before the first of 100). "
    "It is no legal advice."
)
_BREAKS = {"yes": True, "no": False}


def earliest(plan: Plan, reference: Reference, service: Service) -> notice.Earliest | None:
    """The first day the service may end after its notice; None where no notice has been given."""
    if service.notice_date is None:
        return None
    year = service.notice_date.year
    return notice.earliest_end(
        service.notice_date,
        service.notice_months,
        staff_transfer=service.staff_transfer,
        residential=service.residential,
        assets=service.assets,
        contract_end=service.contract_end,
        breaks=_BREAKS.get(service.contract_break),
        minimum_months=int(reference.assumption("minimum-notice-months", year).value),
        longer_months=int(reference.assumption("minimum-notice-months-complex", year).value),
    )


def words(plan: Plan, reference: Reference, service: Service) -> str:
    """The date of notice, the earliest end and what sets it."""
    first = earliest(plan, reference, service)
    if first is None or service.notice_date is None:
        return "No date of notice is set."
    return f"Notice on {day(service.notice_date)}; the service may end on {day(first.date)} at the earliest. {' '.join(first.reasons)}"


def events(plan: Plan, reference: Reference, service: Service) -> list[tuple[str, date]]:
    """The dates of a service that are known: kind (as the picture knows it) and day, in order of time."""
    first = earliest(plan, reference, service)
    known = (
        ("consulted", service.consulted),
        ("notified", service.notified),
        ("decided", service.record.taken_on),
        ("notice", service.notice_date),
        ("earliest", first.date if first else None),
        ("last day", service.stop_date),
        ("contract ends", service.contract_end),
        ("review", service.record.review_on),
    )
    return sorted([(kind, on) for kind, on in known if on is not None], key=lambda e: e[1])


def overview(plan: Plan, reference: Reference) -> list[Block]:
    """The calendar of every service that has a date and is not kept, drawn and as a table."""
    held = [(s, events(plan, reference, s)) for s in plan.decommissioning.services if s.decision != "keep"]
    dated = [(s, found) for s, found in held if found]
    if not dated:
        return []
    parts = [dated[i : i + MOST_ROWS] for i in range(0, len(dated), MOST_ROWS)]
    return [
        Heading("Notice, contract and last day", "stopping-calendar"),
        *(_figure(plan, reference, n, len(parts), rows) for n, rows in enumerate(parts, 1)),
        Words((_CANNOT_KNOW,), "note"),
    ]


def _figure(
    plan: Plan,
    reference: Reference,
    number: int,
    of: int,
    dated: list[tuple[Service, list[tuple[str, date]]]],
) -> Figure:
    early = [s.name for s, found in dated if too_early(found)]
    said = (
        f"{len(early)} of {plural(len(dated), 'service')} {'ends' if len(early) == 1 else 'end'} before the notice or the contract allows"
        if early
        else "none ends before its notice allows"
    )
    part = f" (part {number} of {of})" if of > 1 else ""
    rows = [
        {"name": s.name, "events": [{"kind": kind, "day": on} for kind, on in found]} for s, found in dated
    ]
    shown = _table(number, dated)
    return Figure(
        f"calendar-{number}" if of > 1 else "calendar",
        f"When services can end: {said}{part}",
        charts.calendar(rows),
        "One row a service: its notice, the earliest day it may end, its last day and the end of its contract, with every 31 March marked.",
        shown,
        "Dates of this plan; minimum notice: National Audit Office, Decommissioning public services",
    )


def too_early(found: list[tuple[str, date]]) -> bool:
    """Whether the last day stands before the earliest day."""
    dates = dict(found)
    return "last day" in dates and "earliest" in dates and dates["last day"] < dates["earliest"]


def _table(number: int, dated: list[tuple[Service, list[tuple[str, date]]]]) -> Table:
    rows: list[dict[str, str | None]] = []
    for service, found in dated:
        dates = dict(found)
        last = dates.get("last day")
        row: dict[str, str | None] = {kind: day(on) for kind, on in found}
        ends = day(notice.year_end(last)) if last else None
        rows.append(row | {"name": service.name, "year end": ends})
    return table(
        f"calendar-dates-{number}",
        "The dates of each service",
        [
            Column("name", "Service"),
            Column("consulted", "Scrutiny consulted"),
            Column("notified", "Secretary of State notified"),
            Column("decided", "Decision taken"),
            Column("notice", "Notice"),
            Column("earliest", "Earliest end"),
            Column("last day", "Last day"),
            Column("year end", "Its financial year ends"),
            Column("contract ends", "Contract ends"),
        ],
        rows,
        source="Dates of this plan",
        note=(
            "Earliest end: the longest of the notice in the contract and the three months, or six where staff "
            "transfer, people live there or buildings are involved, that the National Audit Office advises; not "
            "before the end of a contract that cannot be ended sooner."
        ),
        missing="not set",
    )
