"""Five-year money: what is spent, how it grows, what schemes cost and save, and the gap that is left.

All money in thousands of pounds (GBP 000s), cash, by financial year.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbook.plan import Plan
from workbook.reference import Assumption, Reference
from workbook.steps.frames import by_year
from workbook.steps.kept import kept
from workbook.steps.money import changes, organisations
from workbook.steps.money.assumed import Use, assumed, replaced
from workbook.steps.money.changes import COSTS, counted_share, counts_itself, financial_year_of, months_left
from workbook.steps.money.lines import FACTORS, Rates, forward, rates_of
from workbook.steps.money.people import population_growth

__all__ = [
    "COSTS",
    "FACTORS",
    "Money",
    "Use",
    "assumed",
    "counted_share",
    "counts_itself",
    "financial_year_of",
    "money",
    "months_left",
    "population_growth",
    "replaced",
]


@dataclass(frozen=True)
class Money:
    """Frames by financial year (``year``), the base year first.

    ``lines``: line, name, organisation, programme, provider, prevention, year, baseline, the four factors in
    money, total. ``income``: organisation, year, amount. ``schemes``: scheme, name, organisation, prevention,
    year and the amounts of :func:`workbook.methods.phasing.scheme`. ``services``: service, name, organisation,
    paid_by (who pays for closing), year, cashable, transition, released and moved (beside the money, not in it). ``organisations``: see
    :func:`workbook.steps.money.organisations.by_organisation`. ``summary``: year, income (NaN where none is
    given), spend, scheme_cost, saving, spend_after, gap_before, gap_after (income less spend; below zero is a
    gap), prevention_share. ``rates``: the yearly fractions behind ``lines``. ``used``: the assumptions
    behind them, and the lines that use each.
    """

    years: tuple[int, ...]
    lines: pd.DataFrame
    income: pd.DataFrame
    schemes: pd.DataFrame
    services: pd.DataFrame
    organisations: pd.DataFrame
    summary: pd.DataFrame
    rates: Rates
    used: tuple[Use, ...]

    def year(self, year: int) -> dict[str, float]:
        """The row of ``summary`` for one financial year."""
        return by_year(self.summary)[year]

    @property
    def assumptions(self) -> tuple[tuple[Assumption, int, float, bool], ...]:
        """Of each assumption used: it, the year, the value used, and whether a person changed it."""
        return tuple((use.assumption, use.year, use.value, use.changed) for use in self.used)


def money(plan: Plan, reference: Reference) -> Money:
    """The plan's five-year money. Empty frames where the plan has no budget lines.

    Worked out once for the same lines, schemes, services and assumptions: nobody may change the frames.
    """
    return kept(reference, ("money", *read(plan)), lambda: _money(plan, reference))


def read(plan: Plan) -> tuple[object, ...]:
    """Everything of the plan that its money follows from, to keep the money under."""
    return (
        *_read_of_lines(plan),
        *(changes.read_of_scheme(scheme) for scheme in plan.budget.schemes),
        *(changes.read_of_service(service) for service in plan.decommissioning.services),
    )


def _read_of_lines(plan: Plan) -> tuple[object, ...]:
    """The same without what schemes and services change: the rates of the lines follow from it."""
    return (
        plan.area.code,
        *plan.years,
        *(tuple(vars(line).values()) for line in plan.budget.lines),
        *(tuple(vars(row).values()) for row in (*plan.budget.income, *plan.assumptions)),
    )


def _money(plan: Plan, reference: Reference) -> Money:
    years = (plan.base_year, *plan.years)
    rates = kept(reference, ("rates", *_read_of_lines(plan)), lambda: rates_of(plan, reference))
    rolled = forward(plan, rates)
    schemes = changes.schemes(plan, years)
    services = changes.services(plan, years)
    income = pd.DataFrame(
        [(i.organisation, i.year, i.amount) for i in plan.budget.income],
        columns=["organisation", "year", "amount"],
    )
    split = organisations.by_organisation(years, rolled, income, schemes, services)
    summary = _summary(years, rolled, income, schemes, services)
    return Money(years, rolled, income, schemes, services, split, summary, rates, rates.used)


def _summary(
    years: tuple[int, ...],
    lines: pd.DataFrame,
    income: pd.DataFrame,
    schemes: pd.DataFrame,
    services: pd.DataFrame,
) -> pd.DataFrame:
    frame = pd.DataFrame({"year": list(years)}).set_index("year")
    frame["income"] = income.groupby("year")["amount"].sum()
    frame["spend"] = lines.groupby("year")["total"].sum() if len(lines) else 0.0
    cost = schemes.groupby("year")[list(COSTS)].sum().sum(axis=1)
    frame["scheme_cost"] = _on(cost, frame) + _on(services.groupby("year")["transition"].sum(), frame)
    frame["saving"] = _on(schemes.groupby("year")["cashed"].sum(), frame) + _on(
        services.groupby("year")["cashable"].sum(), frame
    )
    frame["spend_after"] = frame["spend"] + frame["scheme_cost"] - frame["saving"]
    frame["gap_before"] = frame["income"] - frame["spend"]
    frame["gap_after"] = frame["income"] - frame["spend_after"]
    preventive = _on(lines[lines["prevention"].astype(bool)].groupby("year")["total"].sum(), frame)
    on_schemes = (
        schemes[schemes["prevention"].astype(bool)].groupby("year")[["set_up", "running"]].sum().sum(axis=1)
    )
    frame["prevention_share"] = (preventive + _on(on_schemes, frame)) / frame["spend_after"].where(
        frame["spend_after"] > 0
    )
    return frame.reset_index()


def _on(values: pd.Series, frame: pd.DataFrame) -> pd.Series:
    return pd.to_numeric(values.reindex(frame.index)).fillna(0.0)
