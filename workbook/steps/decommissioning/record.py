"""The record of a decision on one page: what, why, against what, by whom, and how it stood at the gate."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.steps.decommissioning import calendar, money, need
from workbook.steps.decommissioning.gate import Gate
from workbook.words import day, number, plural

DECIDED = {"stop": "To be stopped", "change": "To be changed", "keep": "To be kept"}
_MOST_WORDS = 520  # characters of one entry, so that a record keeps to its page
_MOST_POINTS = 5
_EMPTY = "not recorded"


def part(plan: Plan, reference: Reference, gates: list[Gate]) -> list[Block]:
    """One page a decided service, under one heading; nothing where none is decided."""
    services = plan.decommissioning.services
    held = [(s, g) for s, g in zip(services, gates, strict=True) if s.decision in DECIDED]
    if not held:
        return []
    blocks: list[Block] = [
        Heading("Records of the decisions", "records", new_page=True),
        Words(
            (
                f"{plural(len(held), 'decision').capitalize()}: what was decided, why, by whom, and how it stands.",
            ),
            "note",
        ),
    ]
    for place, (service, gate) in enumerate(held):
        # The first stands on the page that the heading opens.
        blocks += _record(plan, reference, service, gate, new_page=place > 0)
    return blocks


def _record(plan: Plan, reference: Reference, service: Service, gate: Gate, *, new_page: bool) -> list[Block]:
    record = service.record
    rows = {
        "Decision": f"{DECIDED[service.decision]}. Provider: {service.provider or 'not named'}. Owner: {service.owner or 'nobody named'}.",
        "Why": record.rationale or service.reason,
        "What else was considered": record.alternatives,
        "Dissent": record.dissent,
        "Conflicts of interest": record.conflicts,
        "Made by": record.made_by,
        "Taken by": _taken(service),
        "Dates": _dates(plan, reference, service),
        "Gate, as this plan stands": _gate_words(gate),
        "Money": money.words(service),
        "Need": need.placed_words(service) if service.users else "The number of users has not been entered.",
        "To be reviewed on": day(record.review_on) if record.review_on else "",
    }
    return [
        Heading(f"Record: {service.name}", f"record-{service.id}", 3, new_page),
        table(
            f"record-facts-{service.id}",
            f"Record of the decision on {service.name}",
            [Column("what", "Entry"), Column("said", "As recorded")],
            [{"what": what, "said": shortened(said) or _EMPTY} for what, said in rows.items()],
            source="Inputs of this plan",
        ),
    ]


def is_shortened(service: Service) -> bool:
    """Whether an entry of the record is too long for its page, so that it has to stand in full elsewhere."""
    return any(len(value) > _MOST_WORDS for value in vars(service.record).values() if isinstance(value, str))


def shortened(text: str) -> str:
    """At most so many characters, cut between words; what is cut stands in full among the answers."""
    if len(text) <= _MOST_WORDS:
        return text
    return f"{text[:_MOST_WORDS].rsplit(' ', 1)[0]} ... (in full among the answers)"


def _taken(service: Service) -> str:
    record = service.record
    when = f" on {day(record.taken_on)}" if record.taken_on else ""
    return (
        f"{record.taken_by or 'nobody named'}{when or ', date not recorded'}"
        if record.taken_by or when
        else ""
    )


def _dates(plan: Plan, reference: Reference, service: Service) -> str:
    named = {
        "consulted": "scrutiny consulted",
        "notified": "Secretary of State notified",
        "notice": "notice",
        "earliest": "earliest end",
        "last day": "last day",
        "contract ends": "contract ends",
    }
    found = [
        f"{named[kind]} {day(on)}" for kind, on in calendar.events(plan, reference, service) if kind in named
    ]
    said = "; ".join(found)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _gate_words(gate: Gate) -> str:
    said = gate.sentences[:_MOST_POINTS]
    left = len(gate.points) - len(said)
    more = f" And {number(left, 0)} more." if left > 0 else ""
    return f"{gate.verdict.capitalize()}. {' '.join(said)}{more}".strip()
