"""Population projections by area, year, sex and five-year age group."""

from __future__ import annotations

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting, kind_of
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table

_AGE = r"(?:\d{1,2}\s*-\s*\d{1,2}|\d{1,2}\+|All ages)"


def read(table: Table, known: Known) -> Parsed:
    """The population of every area by year, sex and age group; an area's earlier projection is replaced."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["area_code", "year", "sex", "age_group", "population"], faults)
    check.refuse(
        faults,
        frame[~frame["age_group"].str.fullmatch(_AGE) & (frame["age_group"] != "")],
        "age_group",
        lambda c: f"{c['age_group']!r} is no age group.",
        "Write it as 00-04, 05-09 and so on, the last one as 90+.",
    )
    period = base.read_periods(frame, "year", faults)
    population = pd.DataFrame(
        {
            "area": frame["area_code"],
            "year": period["year"],
            "sex": base.sexes(frame["sex"]),
            "age_group": frame["age_group"].str.replace(" ", ""),
            "population": check.numbers(frame, "population", faults),
        },
        index=frame.index,
    )
    check.not_negative(population, "population", faults, "population")
    population = check.once(
        population,
        ["area", "year", "sex", "age_group"],
        ["population"],
        faults,
        "population",
        lambda c: f"{c['sex'].lower()} aged {c['age_group']} in {c['area']}, {c['year']}",
    )
    codes = frame["area_code"].unique()
    areas = {code: Sighting(kind_of(code) or "place", code) for code in codes if code}
    return Parsed(areas, population=population, faults=faults)


FORMAT = Format(
    id="icb-projection",
    title="Population projections by age and sex",
    required=("area_code", "year", "sex", "age_group", "population"),
    read=read,
    source="Subnational population projections, Office for National Statistics",
)
