"""People registered with general practice by clinical commissioning group, quarter, sex and age band."""

from __future__ import annotations

import re

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table

_BANDS = ("0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
_QUARTER = re.compile(r"((?:19|20)\d\d)_(\d\d)-\d\d")
_TAKEN = "04"  # the quarter from April: one a year is kept, so that no year counts four times


def read(table: Table, known: Known) -> Parsed:
    """The population of the quarter from April of each year, by sex and the nine age bands."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["quarter", "ods_code", "ccg_name"], faults)
    found = frame["quarter"].map(_QUARTER.fullmatch)
    check.refuse(
        faults,
        frame[found.isna() & (frame["quarter"] != "")],
        "quarter",
        lambda c: f"{check.shown(c['quarter'])} is no quarter.",
        "Write it as 2013_04-06.",
    )
    spring = found.map(lambda m: bool(m) and m[2] == _TAKEN)
    check.warn(
        faults,
        frame.index[~spring & found.notna()],
        "quarter",
        "The quarter does not start in April",
        "It is left out: the population of a year is that of its first quarter.",
    )
    kept = frame[spring]
    parts = []
    for sex in ("Male", "Female"):
        for band in _BANDS:
            column = f"{sex} {band}"
            parts.append(
                pd.DataFrame(
                    {
                        "area": kept["ods_code"],
                        "year": [int(q[:4]) for q in kept["quarter"]],
                        "sex": sex,
                        "age_group": re.sub(r"^(\d)-(\d+)$", lambda m: f"0{m[1]}-{int(m[2]):02d}", band),
                        "population": check.numbers(kept, column, faults),
                    },
                    index=kept.index,
                )
            )
            check.not_negative(parts[-1], "population", faults, column)
    population = check.once(
        pd.concat(parts),
        ["area", "year", "sex", "age_group"],
        ["population"],
        faults,
        describe=lambda c: f"{c['sex'].lower()} aged {c['age_group']} in {c['area']}, {c['year']}",
    )
    names = kept.groupby("ods_code", sort=False)["ccg_name"].first()
    areas = {str(ods): Sighting("ccg", ods=str(ods), name=str(name)) for ods, name in names.items()}
    return Parsed(areas, population=population, faults=faults)


FORMAT = Format(
    id="ccg-population",
    title="People registered with general practice by CCG and quarter",
    required=("quarter", "ods_code", "ccg_name", *(f"{s} {b}" for b in _BANDS for s in ("Male", "Female"))),
    read=read,
    source="Numbers of patients registered at a GP practice, NHS Digital",
)
