"""Allocations to clinical commissioning groups, thousands of pounds a financial year, and population."""

from __future__ import annotations

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting
from workbook.reference.importers.base import Format, Known, Parsed, measure, points, read_periods, settle
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator

ALLOCATION = "allocation_gbp_000s"
POPULATION = "ons_mid_year_population"


def read(table: Table, known: Known) -> Parsed:
    """Series ``allocation`` (GBP 000s), ``population-mid-year`` and ``allocation-per-head`` (GBP), by the
    year they start in. Heads are residents: the file has no registered population."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["ods_code", "ccg_name", "financial_year", ALLOCATION], faults)
    period = read_periods(frame, "financial_year", faults)
    parts = []
    for id, column in (("allocation", ALLOCATION), ("population-mid-year", POPULATION)):
        values = check.numbers(frame, column, faults)
        part = points(
            frame,
            indicator=id,
            area=frame["ods_code"],
            period=period["period"],
            year=period["year"],
            value=values,
        )
        check.not_negative(part, "value", faults, column)
        parts.append(settle(part, faults, {"value": column}))
    parts.append(_per_head(parts[0], parts[1]))
    _say_blanks(frame, faults)
    names = frame.groupby("ods_code", sort=False)["ccg_name"].first()
    return Parsed(
        areas={str(ods): Sighting("ccg", ods=str(ods), name=str(name)) for ods, name in names.items()},
        series=pd.concat([parts[0], parts[1][parts[1]["value"].notna()], parts[2]]),
        indicators=_indicators(known),
        faults=faults,
    )


def _per_head(allocated: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Pounds for each resident: the allocation over the ONS mid-year population of the same row."""
    mine = people["value"].reindex(allocated.index)
    heads = allocated.assign(
        indicator="allocation-per-head",
        value=(1000 * allocated["value"] / mine.where(mine > 0)).round(2),
        denominator=mine,
        note="allocation over residents (ONS mid-year population)",
    )
    return heads[heads["value"].notna()]


def _say_blanks(frame: pd.DataFrame, faults: list[Fault]) -> None:
    check.warn(
        faults,
        frame.index[frame[POPULATION] == ""],
        POPULATION,
        "The population is blank",
        "The allocation is taken without it; spend per head is not worked out for these years.",
    )


def _indicators(known: Known) -> list[Indicator]:
    return [
        measure(
            known,
            "allocation",
            "Allocation",
            unit="£000s",
            decimals=0,
            value_type="money",
            source=FORMAT.source,
        ),
        measure(
            known,
            "population-mid-year",
            "Population, mid-year",
            unit="people",
            decimals=0,
            value_type="count",
            source=FORMAT.source,
        ),
        measure(
            known,
            "allocation-per-head",
            "Allocation per resident",
            unit="£ per head",
            decimals=0,
            source=FORMAT.source,
        ),
    ]


FORMAT = Format(
    id="ccg-allocations",
    title="CCG allocations and population by financial year",
    required=("ods_code", "ccg_name", "financial_year", ALLOCATION, POPULATION),
    read=read,
    source="Allocations to clinical commissioning groups, NHS England",
)
