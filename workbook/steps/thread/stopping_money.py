"""Rules on the money of services that stop: figures that contradict, costs that nobody carries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from workbook.blocks import Finding
from workbook.methods import phasing
from workbook.plan.sections import Scheme, Service
from workbook.steps.decommissioning import money
from workbook.steps.money import counts_itself, financial_year_of, months_left
from workbook.steps.thread.context import Context, finding, rule
from workbook.steps.thread.stopping import ending, said, services
from workbook.words import day, financial_year, listed, number, plural
from workbook.words import money as pounds


@rule("stopping")
def cashable_above_released(c: Context) -> Iterator[Finding]:
    """More cashed than released, or more released than spent."""
    for here, service in services(c):
        for less, more, less_name, more_name in (
            (service.released, service.annual_cost, "releases", "costs"),
            (service.cashable, service.released, "cashes", "releases"),
        ):
            if less > more:
                yield said(
                    "money-of-stopping-contradicts",
                    "blocks",
                    f"“{service.name}” {less_name} {pounds(less)} a year but {more_name} only {pounds(more)}.",
                    "Correct the figures: cashable is part of released, and released is part of the cost.",
                    f"{here}/released",
                )


@rule("money", "stopping")
def stop_above_line(c: Context) -> Iterator[Finding]:
    """Services that cost more than the whole budget line they are paid from."""
    costs: dict[str, float] = {}
    for service in c.stopping:
        costs[service.line] = costs.get(service.line, 0.0) + service.annual_cost
    for line in c.plan.budget.lines:
        cost = costs.get(line.id, 0.0)
        if cost > line.amount:
            yield said(
                "stop-above-line",
                "blocks",
                f"The services to be stopped cost {pounds(cost)} a year, more than the whole budget line “{line.name}” ({pounds(line.amount)}).",
                "Check the cost of the services or the budget line they are paid from.",
                "/decommissioning/services",
            )


@rule("money", "stopping")
def service_twice(c: Context) -> Iterator[Finding]:
    """The same service of the same provider entered twice: its money and its users would count twice."""
    first: dict[tuple[str, str], str] = {}
    for here, service in services(c, "considering", "stop", "change"):
        alike = (service.name.strip().casefold(), service.provider.strip().casefold())
        if first.setdefault(alike, here) != here:
            yield said(
                "service-twice",
                "doubt",
                f"“{service.name}” is entered more than once among the services considered: its money and its users count twice.",
                "Take one of them out, or name what sets them apart.",
                f"{here}/name",
            )


@rule("money", "stopping")
def shunted_onto_nobody(c: Context) -> Iterator[Finding]:
    """A cost moved onto an organisation whose lines are not in the plan, or leave nothing to pay it with."""
    for here, service in ending(c):
        for cost in service.shunted:
            if cost.amount <= 0:
                continue
            problem = _cannot_carry(c, cost.organisation, cost.amount, service)
            if problem:
                yield said(
                    "shunted-not-carried",
                    "doubt",
                    f"Stopping “{service.name}” moves {pounds(cost.amount)} a year onto {cost.organisation}, {problem}.",
                    "Enter it in that organisation's budget with its agreement, or count it against the saving.",
                    f"{here}/shunted",
                )


def _cannot_carry(c: Context, name: str, amount: float, service: Service) -> str:
    """Why an organisation's money does not carry a cost, in words; "" where it may."""
    own = {line.id for line in c.plan.budget.lines if _same(line.organisation, name)}
    if not own:
        return "of which no budget line is in the plan"
    left = _left(c, name, own, service)
    if left is not None and left[1] < amount:
        year, rest = left
        have = f"leaves {pounds(rest)}" if rest >= 0 else f"is {pounds(-rest)} short"
        return f"whose income {have} after its lines in {financial_year(year)}"
    return ""


def _left(c: Context, name: str, own: set[str], service: Service) -> tuple[int, float] | None:
    """What an organisation's income leaves after its lines in the first full year without the service."""
    first = financial_year_of(service.stop_date) + 1 if service.stop_date else c.plan.base_year
    year = min(max(first, c.plan.base_year), c.plan.last_year)
    income = [i.amount for i in c.plan.budget.income if i.year == year and _same(i.organisation, name)]
    if not income:
        return None
    frame = c.money.lines
    spent = float(frame.loc[(frame["year"] == year) & frame["line"].isin(own), "total"].sum())
    return year, sum(income) - spent


@lru_cache(maxsize=4096)
def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


@rule("money", "stopping")
def transition_paid_by_nobody(c: Context) -> Iterator[Finding]:
    """A cost of closing that nobody is named for, or somebody of whom the plan knows nothing."""
    plan = c.plan
    known = {line.organisation.casefold() for line in plan.budget.lines if line.organisation}
    known |= {i.organisation.casefold() for i in plan.budget.income}
    known |= {o.name.casefold() for o in plan.budget.organisations}
    for here, service in ending(c):
        if service.transition_cost <= 0:
            continue
        payer = money.transition_with(plan, service)
        if payer == money.NO_LINE:
            problem = "and nobody is named who pays it"
        elif payer.casefold() not in known and payer.casefold() != service.provider.casefold():
            problem = f"paid by {payer}, of which neither income nor budget is in the plan"
        else:
            continue
        yield said(
            "transition-unpaid",
            "doubt",
            f"Closing “{service.name}” costs {pounds(service.transition_cost)} once, {problem}.",
            "Name who pays it, and enter it in that organisation's money.",
            f"{here}/transition_with",
        )


@rule("money", "stopping")
def saved_for_one_costs_another(c: Context) -> Iterator[Finding]:
    """A service whose stop costs all together more than it saves: the saving is only moved."""
    if not c.stopping:
        return
    flow = money.stopping(c.plan)
    for here, service in services(c, "stop"):
        row = flow.row(int(here.rpartition("/")[2]))
        if row is None or service.released <= 0:
            continue
        whole = float(flow.net[row, :, -1].sum())
        if whole < -0.5:
            losing = [n for k, n in enumerate(flow.owners) if flow.net[row, k, -1] < -0.5]
            yield said(
                "shunted-beyond-saving",
                "doubt",
                f"Stopping “{service.name}” releases {pounds(service.released)} a year and costs {listed(losing)} more than that: "
                f"all together {pounds(-whole)} a year is lost in {financial_year(flow.years[-1])}.",
                "Count the whole system: a saving for one that costs another more is none.",
                f"{here}/shunted",
            )


@rule("money", "stopping")
def saving_beyond_plan(c: Context) -> Iterator[Finding]:
    """Cashable money of a service that closes too late for any of it to be counted."""
    for here, service in services(c, "stop"):
        last = service.stop_date
        if not last or service.cashable <= 0 or not counts_itself(c.plan, service):
            continue
        year = financial_year_of(last)
        if year > c.plan.last_year or (year == c.plan.last_year and months_left(last) == 0):
            yield said(
                "saving-beyond-plan",
                "doubt",
                f"“{service.name}” ends on {day(last)}, so none of its {pounds(service.cashable)} a year falls within the plan, "
                f"which ends with {financial_year(c.plan.last_year)}.",
                "Move the last day, or leave its money out of this plan's reasons.",
                f"{here}/stop_date",
            )


# --- the saving of a scheme, and the last day of the service that releases it ---------------

_HARDLY = 0.05  # a share of the full saving that a month given or taken away makes no matter of


@rule("schemes", "stopping")
def released_too_early(c: Context) -> Iterator[Finding]:
    """A scheme that counts savings while the service that releases them still runs."""
    for here, scheme, service in _released(c):
        years, cashed, doubled = _shares(c, scheme)
        closed = _closed(service, years)
        early = [k for k in range(len(years)) if cashed[k] - doubled[k] > closed[k] + _HARDLY]
        if early:
            k = early[0]
            months = round(12 * closed[k])
            partly = f", which leaves {plural(months, 'month')} of that year" if months else ""
            yield finding(
                "saving-before-stop",
                "doubt",
                f"“{scheme.name}” counts {_percent(cashed[k] - doubled[k])} of its saving in {financial_year(years[k])}, "
                f"but “{service.name}” runs until {_last(service)}{partly}.",
                "Let the ramp of the scheme follow the last day of the service.",
                "budget",
                f"{here}/ramp",
            )


@rule("schemes", "stopping")
def released_late(c: Context) -> Iterator[Finding]:
    """A saving that comes to its full amount only after a whole year in which the service was closed."""
    for here, scheme, service in _released(c):
        years, cashed, _ = _shares(c, scheme)
        late = (_closed(service, years) == 1) & (cashed < 1 - _HARDLY)
        if late.any():
            k = int(np.argmax(late))
            yield finding(
                "saving-after-stop",
                "note",
                f"“{scheme.name}” counts {_percent(cashed[k])} of its saving in {financial_year(years[k])}, "
                f"although “{service.name}”, which releases it, is closed for the whole of that year.",
                "Let the ramp of the scheme follow the last day of the service, or say why the money comes later.",
                "budget",
                f"{here}/ramp",
            )


@rule("schemes", "stopping")
def doubled_after_stop(c: Context) -> Iterator[Finding]:
    """Double running that is counted in a year in which the old service is closed from beginning to end."""
    for here, scheme, service in _released(c):
        years, _, doubled = _shares(c, scheme)
        after = np.where(_closed(service, years) == 1, doubled, 0.0)
        amount = float(after.sum()) * scheme.gross_saving * scheme.cashable_share
        if amount > 0.5:
            yield finding(
                "double-running-after-stop",
                "doubt",
                f"“{scheme.name}” counts {pounds(amount)} of double running from {financial_year(years[int(np.argmax(after > 0))])} on, "
                f"although nothing runs beside it once “{service.name}” has closed ({_last(service)}).",
                "Where the ramp follows the last day, it holds the double running already: enter no months of it.",
                "budget",
                f"{here}/double_running_months",
            )


def _released(c: Context) -> Iterator[tuple[str, Scheme, Service]]:
    """The funded schemes with a saving that a service is to release, with that service; both with their dates."""
    known = {service.id: service for _, service in ending(c) if service.stop_date}
    for n, scheme in enumerate(c.plan.budget.schemes):
        if scheme.funded and scheme.start_year and scheme.gross_saving * scheme.cashable_share > 0:
            service = known.get(scheme.stops)
            if service is not None:
                yield f"/budget/schemes/{n}", scheme, service


def _shares(c: Context, scheme: Scheme) -> tuple[list[int], np.ndarray, np.ndarray]:
    """The years of the plan, and of the full saving the shares that are cashed and that double running takes back."""
    years = list(range(c.plan.base_year, c.plan.last_year + 1))
    of = phasing.scheme(years, scheme.start_year, scheme.ramp, 0, 0, 1, 1, scheme.double_running_months)
    return years, of["cashed"].to_numpy(), of["double_running"].to_numpy()


def _closed(service: Service, years: list[int]) -> np.ndarray:
    """The share of each year in which the service is closed."""
    last = service.stop_date
    if last is None:
        return np.zeros(len(years))
    ends = financial_year_of(last)
    return np.array([0.0 if y < ends else 1.0 if y > ends else months_left(last) / 12 for y in years])


def _last(service: Service) -> str:
    return day(service.stop_date) if service.stop_date else ""


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)}%" if share > 0 else "none"
