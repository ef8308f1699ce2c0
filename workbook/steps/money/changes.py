"""What schemes and stopped services change of the money."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from workbook.methods import phasing
from workbook.plan import Plan
from workbook.plan.sections import Scheme, Service

STOPPING = ("stop", "change")
COSTS = ("set_up", "running", "double_running")  # what a scheme costs in a year, in parts


def financial_year_of(day: date) -> int:
    """The financial year a day falls in, by the year it starts: 31 March 2026 is in 2025."""
    return day.year if day.month >= 4 else day.year - 1


def months_left(day: date) -> int:
    """Whole months of the financial year that remain after a day: 30 September leaves six."""
    return (3 - day.month) % 12


def counted_share(plan: Plan, scheme: Scheme) -> float:
    """The cashable share that counts: none unless the scheme names a service that really stops.

    Capacity that stays open goes on costing what it costs.
    """
    return _counted(scheme, stopping(plan))


def stopping(plan: Plan) -> set[str]:
    """The services that stop or change."""
    return {s.id for s in plan.decommissioning.services if s.decision in STOPPING}


def _counted(scheme: Scheme, stopping: Collection[str]) -> float:
    return scheme.cashable_share if scheme.stops in stopping else 0.0


def counts_itself(plan: Plan, service: Service) -> bool:
    """Whether a stopped service's own cashable money counts: only where no funded scheme counts it already."""
    return service.decision == "stop" and service.id not in _claimed(plan)


def _claimed(plan: Plan) -> set[str]:
    return {s.stops for s in plan.budget.schemes if s.funded and s.cashable_share > 0 and s.gross_saving > 0}


def read_of_scheme(s: Scheme) -> tuple[object, ...]:
    """What the money takes from a scheme."""
    return (
        *(s.id, s.name, s.funded, s.line, s.start_year, *s.ramp, s.set_up_cost, s.recurrent_cost),
        *(s.gross_saving, s.cashable_share, s.double_running_months, s.stops, s.prevention),
    )


def read_of_service(s: Service) -> tuple[object, ...]:
    """What the money takes from a service."""
    return (
        *(s.id, s.name, s.decision, s.line, s.stop_date),
        *(s.released, s.cashable, s.transition_cost, s.transition_with),
        *((x.organisation, x.amount) for x in s.shunted),
    )


def organisation_of(plan: Plan) -> dict[str, str]:
    """The organisation that pays each budget line, by the line's short name."""
    return {line.id: line.organisation for line in plan.budget.lines}


def phased(plan: Plan, years: Sequence[int], late: int = 0) -> dict[str, np.ndarray]:
    """The amounts of every funded scheme by year, ``late`` whole years after their start: schemes x years."""
    funded = [s for s in plan.budget.schemes if s.funded]
    going = stopping(plan)
    return phasing.many(
        years,
        [None if s.start_year is None else s.start_year + late for s in funded],
        [s.ramp for s in funded],
        [s.set_up_cost for s in funded],
        [s.recurrent_cost for s in funded],
        [s.gross_saving for s in funded],
        [_counted(s, going) for s in funded],
        [s.double_running_months for s in funded],
    )


def schemes(plan: Plan, years: Sequence[int]) -> pd.DataFrame:
    """The funded schemes by year, each on the organisation of its budget line."""
    funded = [s for s in plan.budget.schemes if s.funded]
    amounts = phased(plan, years)
    pays = organisation_of(plan)
    columns: dict[str, object] = {
        name: np.repeat(np.array(values, dtype=object), len(years))
        for name, values in (
            ("scheme", [s.id for s in funded]),
            ("name", [s.name for s in funded]),
            ("organisation", [pays.get(s.line, "") for s in funded]),
        )
    }
    columns["prevention"] = np.repeat(np.array([s.prevention for s in funded], dtype=bool), len(years))
    columns["year"] = np.tile(np.array(years), len(funded))
    return pd.DataFrame(columns | {name: amounts[name].ravel() for name in phasing.AMOUNTS})


def services(plan: Plan, years: Iterable[int]) -> pd.DataFrame:
    """The services that stop, by year: what is cashed on the organisation of the line, and who pays for closing.

    ``released`` and ``moved`` (onto others) are not money of the plan: they say what step 4 shows beside the cashable part.
    """
    rows = []
    pays, claimed = organisation_of(plan), _claimed(plan)
    for service in plan.decommissioning.services:
        if service.decision != "stop" or service.stop_date is None:
            continue
        last = financial_year_of(service.stop_date)
        cashable = 0.0 if service.id in claimed else service.cashable
        payer = pays.get(service.line, "")
        for year in years:
            share = 0.0 if year < last else 1.0 if year > last else months_left(service.stop_date) / 12
            closing = service.transition_cost if year == last else 0.0
            rows.append(
                (
                    *(service.id, service.name, payer, service.transition_with or payer, year),
                    *(cashable * share, closing, max(service.released, service.cashable) * share),
                    sum(x.amount for x in service.shunted) * share,
                )
            )
    columns = ["service", "name", "organisation", "paid_by", "year", "cashable", "transition"]
    return pd.DataFrame(rows, columns=[*columns, "released", "moved"])
