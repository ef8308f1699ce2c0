"""Rules on services that stop: where the need goes, the dates, the checks, the money."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.plan.sections import Service
from workbook.steps import decommissioning
from workbook.steps.money import financial_year_of
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import day, financial_year, listed, number, plural
from workbook.words import money as pounds


def _services(c: Context) -> Iterator[tuple[str, Service]]:
    for n, service in enumerate(c.plan.decommissioning.services):
        yield f"/decommissioning/services/{n}", service


@rule()
def stop_without_destination(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        if service.decision not in ("stop", "change") or not service.users:
            continue
        left = decommissioning.unmet(service)
        if left > 0.5:
            groups = [d.group for d in service.destinations if not d.goes_to or d.capacity == "none"]
            who = f": {listed(groups)}" if groups else ""
            whole = not service.destinations
            yield finding(
                "stop-without-destination",
                "blocks" if whole and service.decision == "stop" else "doubt",
                f"“{service.name}” is to end, and the need of {number(left, 0)} of its {number(service.users, 0)} users a year goes nowhere{who}.",
                "Say which service takes it up and whether there is room, or return it to step 1 as a need.",
                "decommissioning",
                f"{here}/destinations",
            )


@rule()
def destination_not_funded(c: Context) -> Iterator[Finding]:
    unfunded = {s.name.casefold() for s in c.plan.budget.schemes if not s.funded}
    for here, service in _services(c):
        if service.decision not in ("stop", "change"):
            continue
        for d in service.destinations:
            if d.goes_to.casefold() in unfunded:
                yield finding(
                    "destination-not-funded",
                    "doubt",
                    f"When “{service.name}” ends, {d.group.lower()} are to go to “{d.goes_to}”, a scheme that is not funded.",
                    "Fund the scheme before the service stops, or name another place.",
                    "decommissioning",
                    f"{here}/destinations",
                )


@rule()
def stop_before_notice(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        first = decommissioning.earliest(c.plan, c.reference, service)
        if service.stop_date and first and service.stop_date < first.date:
            yield finding(
                "stop-before-notice",
                "blocks" if service.decision == "stop" else "doubt",
                f"“{service.name}” is to end on {day(service.stop_date)}, before its notice allows ({day(first.date)}).",
                "Move the last day, or agree a shorter notice with the provider in writing.",
                "decommissioning",
                f"{here}/stop_date",
            )
        elif service.decision == "stop" and service.stop_date and service.notice_date is None:
            yield finding(
                "stop-without-notice",
                "doubt",
                f"“{service.name}” is to end on {day(service.stop_date)} and no notice has been given.",
                "Give notice in writing and enter the date.",
                "decommissioning",
                f"{here}/notice_date",
            )


@rule()
def stop_without_date(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        if service.decision == "stop" and service.stop_date is None:
            yield finding(
                "stop-without-date",
                "doubt",
                f"“{service.name}” is to be stopped and has no last day, so none of its money is counted.",
                "Enter the last day of the service.",
                "decommissioning",
                f"{here}/stop_date",
            )


@rule()
def stop_against_checks(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        if service.decision != "stop":
            continue
        given = decommissioning.checks(c.plan, c.reference, service)
        if given["no"]:
            yield finding(
                "stop-against-checks",
                "blocks",
                f"“{service.name}” is to be stopped although {plural(len(given['no']), 'check')} "
                f"({listed(given['no'])}) {'is' if len(given['no']) == 1 else 'are'} answered no.",
                "Settle what stands in the way, or keep the service for now.",
                "decommissioning",
                f"{here}/answers",
            )
        if given[""]:
            yield finding(
                "stop-without-checks",
                "blocks" if len(given[""]) > 7 else "doubt",
                f"“{service.name}” is to be stopped and {plural(len(given['']), 'check has', 'checks have')} no answer.",
                "Answer the checks before the decision is taken.",
                "decommissioning",
                f"{here}/answers",
            )


@rule()
def cashable_above_released(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        for less, more, less_name, more_name in (
            (service.released, service.annual_cost, "releases", "costs"),
            (service.cashable, service.released, "cashes", "releases"),
        ):
            if less > more:
                yield finding(
                    "money-of-stopping-contradicts",
                    "blocks",
                    f"“{service.name}” {less_name} {pounds(less)} a year but {more_name} only {pounds(more)}.",
                    "Correct the figures: cashable is part of released, and released is part of the cost.",
                    "decommissioning",
                    f"{here}/released",
                )


@rule()
def stop_above_line(c: Context) -> Iterator[Finding]:
    amounts = {line.id: line for line in c.plan.budget.lines}
    for line_id, line in amounts.items():
        cost = sum(s.annual_cost for s in c.stopping if s.line == line_id)
        if cost > line.amount:
            yield finding(
                "stop-above-line",
                "blocks",
                f"The services to be stopped cost {pounds(cost)} a year, more than the whole budget line “{line.name}” ({pounds(line.amount)}).",
                "Check the cost of the services or the budget line they are paid from.",
                "decommissioning",
                "/decommissioning/services",
            )


@rule()
def not_notified(c: Context) -> Iterator[Finding]:
    for here, service in _services(c):
        if service.substantial and service.decision == "stop" and service.notified is None:
            yield finding(
                "not-notified",
                "blocks",
                f"Stopping “{service.name}” is a substantial change of service, and the Secretary of State has not been notified.",
                "Notify, as has been asked since 31 January 2024, unless safety makes it urgent; enter the date.",
                "decommissioning",
                f"{here}/notified",
            )


@rule()
def released_too_early(c: Context) -> Iterator[Finding]:
    services = {s.id: s for s in c.plan.decommissioning.services}
    for n, scheme in enumerate(c.plan.budget.schemes):
        service = services.get(scheme.stops)
        if not (
            scheme.funded and service and service.stop_date and scheme.start_year and scheme.gross_saving
        ):
            continue
        if scheme.start_year < financial_year_of(service.stop_date):
            yield finding(
                "saving-before-stop",
                "doubt",
                f"“{scheme.name}” counts savings from {financial_year(scheme.start_year)}, but “{service.name}” runs until {day(service.stop_date)}.",
                "Let the ramp of the scheme start after the service has closed.",
                "budget",
                f"/budget/schemes/{n}/ramp",
            )
