"""NHS Outcomes Framework 1a: potential years of life lost from causes amenable to healthcare."""

from __future__ import annotations

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import ENGLAND, Sighting, kind_of
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator

ID = "pyll-amenable"
_AREAS = {"england", "region", "lower tier local authority", "upper tier local authority", "local authority"}
_FIGURES = {
    "value": "Indicator value",
    "lower": "Lower CI",
    "upper": "Upper CI",
    "count": "Observed deaths",
    "denominator": "Population",
}


def read(table: Table, known: Known) -> Parsed:
    """The years lost for England, regions and districts; breakdowns of England become categories."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["Year", "Breakdown", "Level", "Indicator value"], faults)
    areal = frame["Breakdown"].str.casefold().isin(_AREAS)
    england = ~areal | (frame["Breakdown"].str.casefold() == "england")
    period = base.read_periods(frame, "Year", faults)
    numbers = {name: check.numbers(frame, column, faults) for name, column in _FIGURES.items()}
    detail = frame["Level description"].where(frame["Level description"] != "", frame["Level"])
    series = base.points(
        frame,
        indicator=ID,
        area=frame["Level"].where(~england, ENGLAND),
        period=period["period"],
        year=period["year"],
        sex=base.sexes(frame["Gender"]),
        category_type=frame["Breakdown"].where(~areal, ""),
        category=detail.where(~areal, ""),
        note=base.note_where(check.suppressed(frame, "Indicator value"), "suppressed"),
        **numbers,
    )
    series = base.settle(series, faults, _FIGURES)
    return Parsed(_areas(frame[~england]), series, indicators=[_indicator(known)], faults=faults)


def _areas(frame: pd.DataFrame) -> dict[str, Sighting]:
    seen = {ENGLAND: Sighting("country", ENGLAND, name="England")}
    for row in frame.drop_duplicates("Level").itertuples():
        code, name = str(row.Level), str(frame.at[row.Index, "Level description"])
        seen[code] = Sighting(kind_of(code) or "la", code, name=name)
    return seen


def _indicator(known: Known) -> Indicator:
    return base.measure(
        known,
        ID,
        "Potential years of life lost from causes amenable to healthcare",
        unit="years per 100,000",
        polarity="low",
        per=100_000,
        status="discontinued",
        count_label="deaths",
        value_type="dsr",
        source=FORMAT.source,
    )


FORMAT = Format(
    id="nhsof-pyll",
    title="NHS Outcomes Framework 1a, potential years of life lost",
    required=(
        "Year",
        "Breakdown",
        "Level",
        "Level description",
        "Gender",
        *_FIGURES.values(),
        "Years of life lost",
    ),
    optional=("Period of coverage",),
    read=read,
    source="NHS Outcomes Framework, indicator 1a, NHS Digital",
)
