"""Rules on services that stop: where the need goes, the dates, the checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workbook.blocks import Finding, Severity
from workbook.methods import notice
from workbook.plan.sections import Destination, Scheme, Service
from workbook.steps import decommissioning
from workbook.steps.decommissioning import need
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import day, financial_year, listed, number, plural, some

STEP = "decommissioning"
Place = tuple[str, Service]


def services(c: Context, *decisions: str) -> Iterator[Place]:
    """The services with their pointers; only those with one of the decisions, where any is named."""
    for n, service in enumerate(c.plan.decommissioning.services):
        if not decisions or service.decision in decisions:
            yield f"/decommissioning/services/{n}", decommissioning.named(service, n)


def ending(c: Context) -> Iterator[Place]:
    """The services of which it has been decided that they stop or change."""
    return services(c, "stop", "change")


def severity(service: Service) -> Severity:
    """What is wrong with a service that stops blocks; with one that changes it is in doubt."""
    return "blocks" if service.decision == "stop" else "doubt"


def said(code: str, how: Severity, sentence: str, remedy: str, path: str) -> Finding:
    """A finding that is mended on the page on stopping."""
    return finding(code, how, sentence, remedy, STEP, path)


# --- where the need goes -----------------------------------------------------------


@rule("needs", "stopping")
def stop_without_destination(c: Context) -> Iterator[Finding]:
    """Users of a service that ends for whom no place is named: for information where a priority takes them up."""
    priorities = {p.id for p in c.plan.needs.priorities}
    for here, service in ending(c):
        left = need.unplaced(service)
        if service.users and left > 0.5:
            groups = [d.group for d in service.destinations if not need.has_place(d)]
            who = f": {listed(groups)}" if groups else ""
            yield said(
                "stop-without-destination",
                _nowhere(service, service.unmet_priority in priorities),
                f"“{service.name}” is to end, and the need of {number(left, 0)} of its {number(service.users, 0)} users a year goes nowhere{who}.",
                "Say which service takes it up and whether there is room, or return it to step 1 as a need.",
                f"{here}/destinations",
            )


def _nowhere(service: Service, handed_back: bool) -> Severity:
    if not service.destinations:
        return severity(service)
    return "note" if handed_back else "doubt"


@rule("needs", "stopping")
def unmet_without_priority(c: Context) -> Iterator[Finding]:
    """Need that is handed back to step 1 and that no priority there takes up."""
    known = {p.id for p in c.plan.needs.priorities}
    for here, service in ending(c):
        left = need.unmet(service)
        if service.users and left > 0.5 and service.unmet_priority not in known:
            lost = " The one named is not in the plan." if service.unmet_priority else ""
            yield said(
                "unmet-without-priority",
                "doubt",
                f"“{service.name}” leaves {number(left, 0)} people a year without a place, and no priority of step 1 takes their need up.{lost}",
                "Name the priority that takes it up, or find them a place with room.",
                f"{here}/unmet_priority",
            )


@rule("schemes", "stopping")
def destination_not_funded(c: Context) -> Iterator[Finding]:
    """People sent to a scheme that is not funded."""
    known = _schemes(c)
    for here, service in ending(c):
        for d in service.destinations:
            scheme = _scheme_of(known, d)
            if scheme is not None and not scheme.funded:
                yield said(
                    "destination-not-funded",
                    "doubt",
                    f"When “{service.name}” ends, {d.group.lower()} are to go to “{scheme.name}”, a scheme that is not funded.",
                    "Fund the scheme before the service stops, or name another place.",
                    f"{here}/destinations",
                )


Known = tuple[dict[str, Scheme], dict[str, Scheme]]


def _schemes(c: Context) -> Known:
    """The schemes by their short name and by their name."""
    schemes = c.plan.budget.schemes
    return {s.id: s for s in schemes}, {s.name.casefold(): s for s in schemes if s.name}


def _scheme_of(known: Known, destination: Destination) -> Scheme | None:
    """The scheme that takes a group up: the one named, or one of the same name as the place."""
    by_id, by_name = known
    return by_id.get(destination.scheme) or by_name.get(destination.goes_to.casefold())


@rule("schemes", "stopping")
def destination_too_late(c: Context) -> Iterator[Finding]:
    """A scheme that opens only after the service it replaces has closed."""
    known = _schemes(c)
    for here, service in ending(c):
        for d in service.destinations:
            scheme = _scheme_of(known, d)
            if not (scheme and scheme.funded and scheme.start_year and service.stop_date):
                continue
            opens = date(scheme.start_year, 4, 1)
            if opens > service.stop_date + timedelta(days=1):
                yield said(
                    "destination-too-late",
                    "doubt",
                    f"“{service.name}” ends on {day(service.stop_date)}; {d.group.lower()} "
                    f"are to go to “{scheme.name}”, which starts only in {financial_year(scheme.start_year)}.",
                    "Move the last day, start the scheme sooner, or say who looks after them in between.",
                    f"{here}/stop_date",
                )


@rule("schemes", "stopping")
def room_too_small(c: Context) -> Iterator[Finding]:
    """More people sent to a place than it has room for, one service at a time and all of them together."""
    known = _schemes(c)
    sent: dict[str, list[tuple[str, Service, Destination]]] = {}
    for here, service in ending(c):
        for d in service.destinations:
            if need.has_place(d):
                sent.setdefault(need.place_of(d).casefold(), []).append((here, service, d))
    for held in sent.values():
        here, service, first = held[0]
        people = sum(d.people for _, _, d in held)
        rooms = [d.room for _, _, d in held if d.room is not None]
        scheme = _scheme_of(known, first)
        reach = scheme.people if scheme and scheme.funded else None
        room = min([*(max(rooms) for _ in rooms[:1]), *([reach] if reach is not None else [])], default=None)
        if room is None or people <= room + 0.5:
            continue
        names = some([f"“{name}”" for name in dict.fromkeys(s.name for _, s, _ in held)], 4)
        yield said(
            "room-too-small",
            "doubt",
            f"{number(people, 0)} people a year from {names} are to go to “{need.place_of(first)}”, which has room for {number(room, 0)}.",
            "Make room there first, share them out among more places, or return the rest to step 1 as a need.",
            f"{here}/destinations",
        )


@rule("needs", "stopping")
def people_sent_beyond_users(c: Context) -> Iterator[Finding]:
    """More people shared out among places than use the service."""
    for here, service in ending(c):
        sent = sum(d.people for d in service.destinations)
        if sent > service.users + 0.5:  # also where nobody is said to use it
            yield said(
                "people-sent-beyond-users",
                "doubt",
                f"“{service.name}” has {number(service.users, 0)} users a year, and {number(sent, 0)} are shared out among the places they go to.",
                "Count each person once, or correct the number of users.",
                f"{here}/destinations",
            )


@rule("needs", "stopping")
def destination_stops_too(c: Context) -> Iterator[Finding]:
    """People sent to a service that is itself to be stopped."""
    closing = {s.name.casefold(): s for _, s in services(c, "stop") if s.name}
    for here, service in ending(c):
        for d in service.destinations:
            other = closing.get(d.goes_to.casefold())
            if other is not None and other is not service:
                yield said(
                    "destination-stops-too",
                    "doubt",
                    f"When “{service.name}” ends, {d.group.lower()} are to go to “{other.name}”, which is to be stopped as well.",
                    "Name a place that stays.",
                    f"{here}/destinations",
                )


@rule("schemes", "stopping")
def scheme_builds_on_it(c: Context) -> Iterator[Finding]:
    """A funded scheme that says in its own words that it works with a service that is to stop."""
    texts = [(s, f"{s.description} {s.pilot.tests}".casefold()) for s in c.funded]
    for here, service in services(c, "stop"):
        name = service.name.casefold()
        if len(name) < 5:  # a word as short as that stands in many sentences
            continue
        for scheme, text in texts:
            if name in text and scheme.stops != service.id:
                yield said(
                    "destination-of-scheme-stops",
                    "doubt",
                    f"The funded scheme “{scheme.name}” builds on “{service.name}”, which is to be stopped.",
                    "Change the scheme so that it does without, or keep the service.",
                    f"{here}/decision",
                )


# --- dates ----------------------------------------------------------------------------


@rule("stopping")
def stop_before_notice(c: Context) -> Iterator[Finding]:
    """A last day before the notice has run, or without any notice."""
    for here, service in services(c):
        first = decommissioning.earliest(c.plan, c.reference, service)
        if service.stop_date and first and service.stop_date < first.by_notice:
            yield said(
                "stop-before-notice",
                severity(service),
                f"“{service.name}” is to end on {day(service.stop_date)}, before its notice allows ({day(first.by_notice)}).",
                "Move the last day, or agree a shorter notice with the provider in writing.",
                f"{here}/stop_date",
            )
        elif service.decision == "stop" and service.stop_date and service.notice_date is None:
            yield said(
                "stop-without-notice",
                "doubt",
                f"“{service.name}” is to end on {day(service.stop_date)} and no notice has been given.",
                "Give notice in writing and enter the date.",
                f"{here}/notice_date",
            )


@rule("money", "stopping")
def stop_without_date(c: Context) -> Iterator[Finding]:
    """A service to be stopped of which nobody says when."""
    for here, service in services(c, "stop"):
        if service.stop_date is None:
            yield said(
                "stop-without-date",
                "doubt",
                f"“{service.name}” is to be stopped and has no last day, so none of its money is counted.",
                "Enter the last day of the service.",
                f"{here}/stop_date",
            )


@rule("stopping")
def contract_runs_on(c: Context) -> Iterator[Finding]:
    """A contract that cannot be ended sooner and runs beyond the last day goes on being paid."""
    for here, service in ending(c):
        ends, last = service.contract_end, service.stop_date
        if ends and last and ends > last and service.contract_break == "no":
            yield said(
                "contract-runs-on",
                severity(service),
                f"“{service.name}” is to end on {day(last)}, and its contract runs until {day(ends)} without a way to end it sooner.",
                "Move the last day to the end of the contract, or agree an earlier end and what it costs.",
                f"{here}/contract_break",
            )


@rule("stopping")
def left_to_year_end(c: Context) -> Iterator[Finding]:
    """An end at the turn of the financial year on notice given after January."""
    for here, service in services(c):
        given, last = service.notice_date, service.stop_date
        if given and last and service.decision != "keep" and notice.left_to_year_end(given, last):
            yield said(
                "left-to-year-end",
                "doubt",
                f"“{service.name}” ends on {day(last)} on notice of {day(given)}: a decision left to the end of the financial year.",
                "Give notice earlier, or move the last day well clear of 31 March.",
                f"{here}/notice_date",
            )


# --- what is asked ----------------------------------------------------------------------


@rule("stopping")
def stop_against_checks(c: Context) -> Iterator[Finding]:
    """A service to be stopped although questions are answered no, or not at all."""
    for here, service in services(c, "stop"):
        given = decommissioning.checks(c.plan, c.reference, service)
        if given["no"]:
            yield said(
                "stop-against-checks",
                "blocks",
                f"“{service.name}” is to be stopped although {plural(len(given['no']), 'check')} "
                f"({some(given['no'], 6)}) {'is' if len(given['no']) == 1 else 'are'} answered no.",
                "Settle what stands in the way, or keep the service for now.",
                f"{here}/answers",
            )
        if given[""]:
            asked = sum(map(len, given.values()))
            yield said(
                "stop-without-checks",
                "blocks" if len(given[""]) * 2 > asked else "doubt",
                f"“{service.name}” is to be stopped and {plural(len(given['']), 'check has', 'checks have')} no answer.",
                "Answer the checks before the decision is taken.",
                f"{here}/answers",
            )


# The rules on money, on impact and on the decision itself register themselves after these.
from workbook.steps.thread import stopping_decision, stopping_impact, stopping_money  # noqa: E402, F401
