"""Where the need of a service's users goes, the room there, and what is left for step 1."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.blocks import Block, Column, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Destination, Service
from workbook.words import number, plural


def has_place(destination: Destination) -> bool:
    """Whether a group has somewhere to go that is said to have capacity."""
    return bool(place_of(destination)) and destination.capacity != "none"


def place_of(destination: Destination) -> str:
    """Where a group goes, by name, or else by the scheme that takes it up."""
    return destination.goes_to or destination.scheme


def shortfall(destination: Destination) -> float:
    """People of a group whom the place has no room for; 0 where room for all is meant."""
    if not has_place(destination) or destination.room is None:
        return 0.0
    return max(destination.people - destination.room, 0.0)


def unplaced(service: Service) -> float:
    """People a year with no place to go at all: users less those sent somewhere that has capacity."""
    placed = sum(d.people for d in service.destinations if has_place(d))
    return max(service.users - placed, 0)


def unmet(service: Service) -> float:
    """People a year whose need nobody takes up: users less those with a place that has room for them."""
    taken = sum(d.people - shortfall(d) for d in service.destinations if has_place(d))
    return max(service.users - taken, 0)


def assumed(service: Service) -> float:
    """People a year whose place is named and whose room there nobody has confirmed."""
    return sum(d.people - shortfall(d) for d in service.destinations if has_place(d) and _is_assumed(d))


def _is_assumed(destination: Destination) -> bool:
    return destination.capacity == "assumed"


def sure_words(services: Sequence[Service]) -> str:
    """How sure it is that everybody has a place: "has a place to go", or that this is only assumed."""
    unsure = round(sum(assumed(s) for s in services))
    if not unsure:
        return "has a place to go"
    if unsure >= round(sum(s.users for s in services)):
        return "is assumed to have a place to go; no room has been confirmed"
    return (
        f"has a place to go, which for {number(unsure, 0)} is only assumed: their room has not been confirmed"
    )


def left_cell(service: Service) -> float | str:
    """The people without a place as a cell of a table; a nought that rests on assumed room says so."""
    left = unmet(service)
    return _NOUGHT_ASSUMED if round(assumed(service)) and not round(left) else left


_NOUGHT_ASSUMED = "0, room assumed"


def part(plan: Plan, service: Service) -> list[Block]:
    """The table of destinations with what is left; a sentence where none has been entered."""
    if not service.destinations:
        if not service.users:
            return [Words(("Who uses it, and where they would go, has not been entered yet.",))]
        return [
            Words(
                (f"No place has been named yet for the {number(service.users, 0)} people who use it a year.",)
            )
        ]
    return [destinations(service), *_returned(plan, service)]


def destinations(service: Service) -> Table:
    """Where each group of users goes, with the room there and how many are without a place."""
    rows = [
        {
            "group": d.group,
            "people": d.people,
            "to": d.goes_to or d.scheme or "nobody takes it up",
            "capacity": d.capacity,
            "room": number(d.room, 0) if d.room is not None else "not given",
            "short": _short_cell(d),
        }
        for d in service.destinations
    ]
    return table(
        f"destinations-{service.id}",
        f"{service.name}: where the need goes",
        [
            Column("group", "Group of users"),
            Column("people", "People a year", "", 0),
            Column("to", "Goes to"),
            Column("capacity", "Capacity there"),
            Column("room", "Room there, people a year"),
            Column("short", "Without a place", "", 0),
        ],
        rows,
        source="Inputs of this plan",
        note=placed_words(service),
    )


def _short_cell(destination: Destination) -> float | str:
    """How many of a group have no place; a nought that rests on assumed room says so."""
    if not has_place(destination):
        return destination.people
    short = shortfall(destination)
    unsure = _is_assumed(destination) and destination.people
    return _NOUGHT_ASSUMED if unsure and not round(short) else short


def placed_words(service: Service) -> str:
    """Whether every user has a place to go, in a sentence."""
    left = round(unmet(service))
    if not left:
        return f"Every one of the {number(service.users, 0)} users a year {sure_words([service])}."
    return (
        f"Of {number(service.users, 0)} users a year, {number(left, 0)} {'has' if left == 1 else 'have'} no place with "
        "capacity: the need goes back to step 1."
    )


def _returned(plan: Plan, service: Service) -> list[Block]:
    """Which priority of step 1 takes up what is left."""
    if round(unmet(service)) == 0 or service.decision not in ("stop", "change"):
        return []
    return [Words((f"What is left {taken_up(plan, service)}.",))]


def taken_up(plan: Plan, service: Service) -> str:
    """ "is taken up in step 1 by “Fewer people alone”", or that no priority takes it up."""
    titles = {p.id: p.title for p in plan.needs.priorities}
    title = titles.get(service.unmet_priority)
    return f"is taken up in step 1 by “{title}”" if title else "is taken up by no priority of step 1 yet"


def overview(plan: Plan) -> str:
    """One sentence on the need of all services that stop or change; empty where none does."""
    ending = [s for s in plan.decommissioning.services if s.decision in ("stop", "change") and s.users]
    if not ending:
        return ""
    left = sum(unmet(s) for s in ending)
    users = sum(s.users for s in ending)
    who = f"{plural(len(ending), 'service')} to be stopped or changed"
    if round(left) == 0:
        return f"Everybody who uses the {who} ({number(users, 0)} people a year) {sure_words(ending)}."
    return (
        f"Of {number(users, 0)} people a year who use the {who}, {number(left, 0)} have no place with room: their need "
        "goes back to step 1."
    )
