"""Avoidable mortality by CCG: one row an area and year, with three rates and the deaths."""

from __future__ import annotations

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting, plain_name
from workbook.reference.importers.base import (
    Format,
    Known,
    Parsed,
    measure,
    note_where,
    points,
    read_periods,
    settle,
)
from workbook.reference.importers.table import Table
from workbook.reference.store import SERIES

RATES = {
    "avoidable-mortality": ("avoidable_mortality_rate", "Avoidable mortality"),
    "treatable-mortality": ("treatable_mortality_rate", "Treatable mortality"),
    "preventable-mortality": ("preventable_mortality_rate", "Preventable mortality"),
}
DEATHS = "treatable_mortality_deaths"
# The rates are printed to one decimal, so a sum of two may be 0.1 off, and a little for floating point.
_ROUNDING = 0.15


def read(table: Table, known: Known) -> Parsed:
    """Three series (treatable with its deaths) for every area; the file has no intervals."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["ccg_name", "year"], faults)
    areas, keys = _areas(frame, faults)
    period = read_periods(frame, "year", faults)
    deaths = check.numbers(frame, DEATHS, faults)
    values = {id: check.numbers(frame, column, faults) for id, (column, _) in RATES.items()}
    _adds_up(frame, values, faults)
    parts = []
    for id, (column, _) in RATES.items():
        part = points(
            frame,
            indicator=id,
            area=keys,
            period=period["period"],
            year=period["year"],
            value=values[id],
            note=note_where(check.suppressed(frame, column), "suppressed"),
            **({"count": deaths} if id == "treatable-mortality" else {}),
        )
        parts.append(settle(part, faults, {"value": column, "count": DEATHS}))
    indicators = [
        measure(
            known,
            id,
            name,
            unit="per 100,000",
            polarity="low",
            per=100_000,
            value_type="dsr",
            count_label="deaths" if id == "treatable-mortality" else "",
            source=FORMAT.source,
        )
        for id, (_, name) in RATES.items()
    ]
    return Parsed(areas, pd.concat(parts)[list(SERIES)], indicators=indicators, faults=faults)


def _areas(frame: pd.DataFrame, faults: list[Fault]) -> tuple[dict[str, Sighting], pd.Series]:
    """One sighting a name: rows of one area carry its code, its ODS code, both or neither."""
    keys = frame["ccg_name"].map(plain_name)
    areas = {}
    for key, rows in frame.groupby(keys, sort=False):
        codes = [c for c in dict.fromkeys(rows["ccg19cd"]) if c]
        ods = [c for c in dict.fromkeys(rows["ods_code"]) if c]
        _one_code(rows, codes, "ccg19cd", faults)
        _one_code(rows, ods, "ods_code", faults)
        areas[str(key)] = Sighting(
            "ccg", code=next(iter(codes), ""), ods=next(iter(ods), ""), name=rows["ccg_name"].iloc[0]
        )
    blank = frame.index[frame["ccg19cd"] == ""]
    check.warn(faults, blank, "ccg19cd", "The area code is blank", "The area was found by its name.")
    return areas, keys


def _one_code(rows: pd.DataFrame, codes: list[str], column: str, faults: list[Fault]) -> None:
    if len(codes) < 2:
        return
    check.refuse(
        faults,
        rows[~rows[column].isin(["", codes[0]])],
        column,
        lambda c: f"{c['ccg_name']!r} has code {c[column]} here and {codes[0]} in an earlier row.",
        "Correct the code or the name; one of them is wrong.",
    )


def _adds_up(frame: pd.DataFrame, values: dict[str, pd.Series], faults: list[Fault]) -> None:
    gap = values["treatable-mortality"] + values["preventable-mortality"] - values["avoidable-mortality"]
    check.warn(
        faults,
        frame.index[gap.abs() > _ROUNDING],
        "avoidable_mortality_rate",
        "Treatable and preventable do not add up to avoidable mortality",
        "The figures are kept as printed; ask the publisher which one is right.",
    )


FORMAT = Format(
    id="ccg-mortality",
    title="Avoidable, treatable and preventable mortality by CCG",
    required=("ccg19cd", "ods_code", "ccg_name", "year", *(column for column, _ in RATES.values()), DEATHS),
    read=read,
    source="Avoidable mortality by clinical commissioning group, Office for National Statistics",
)
