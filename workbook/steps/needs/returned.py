"""The need of people whose service stops and whom nobody takes up: it comes back here, to step 1."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.steps.decommissioning import named
from workbook.steps.decommissioning.need import has_place, place_of, shortfall, unmet
from workbook.words import listed, number, plural


def part(plan: Plan) -> list[Block]:
    """A table of the need handed back, with the priority that takes it up; nothing where none is."""
    services = [named(s, n) for n, s in enumerate(plan.decommissioning.services)]
    handed = [s for s in services if s.decision in ("stop", "change") and unmet(s) > 0.5]
    if not handed:
        return []
    titles = {p.id: p.title or p.id for p in plan.needs.priorities}
    rows = [
        {
            "service": s.name,
            "people": unmet(s),
            "who": _who(s),
            "priority": titles.get(s.unmet_priority, "no priority yet"),
        }
        for s in handed
    ]
    left = sum(s.unmet_priority not in titles for s in handed)
    said = f"{plural(len(handed), 'service')} to be stopped or changed {'leaves' if len(handed) == 1 else 'leave'} people without a place."
    if left:
        said += f" For {left} of them no priority takes the need up: add one below, or name it with the service in step 4."
    return [
        Heading("Needs handed back by services that stop", "needs-returned"),
        Words((said,)),
        table(
            "needs-returned-table",
            f"{number(sum(unmet(s) for s in handed), 0)} people a year are left without a place when services stop or change",
            [
                Column("service", "Service"),
                Column("people", "People a year", "", 0),
                Column("who", "Who they are"),
                Column("priority", "Priority that takes it up"),
            ],
            rows,
            source="Where the need goes, step 4 of this plan",
        ),
    ]


def _who(service: Service) -> str:
    """The groups without a place, or without room where they are sent."""
    named = [d.group for d in service.destinations if not has_place(d)]
    named += [f"{d.group} (no room at {place_of(d)})" for d in service.destinations if shortfall(d) > 0.5]
    return listed(named) or "groups not named"
