"""Rules on the money of services that stop: figures that contradict, costs that nobody carries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from workbook.blocks import Finding
from workbook.plan.sections import Service
from workbook.steps.decommissioning import money
from workbook.steps.money import counts_itself, financial_year_of, months_left
from workbook.steps.thread.context import Context, rule
from workbook.steps.thread.stopping import ending, said, services
from workbook.words import day, financial_year, listed
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
