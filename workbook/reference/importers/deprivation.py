"""English Indices of Deprivation 2025, summaries for boards and councils."""

from __future__ import annotations

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table

YEAR = 2025
#: id: column, name, unit, factor, decimals
MEASURES = {
    "imd-2025-score": ("imd_average_score", "Deprivation score (2025)", "score", 1, 1),
    "imd-2025-rank": (
        "imd_rank_of_average_score",
        "Deprivation rank among areas of its kind (2025; 1 is most deprived)",
        "rank",
        1,
        0,
    ),
    "imd-2025-most-deprived-tenth": (
        "imd_proportion_of_lso_as_in_most_deprived_10_percent_nationally",
        "Small areas among the most deprived tenth of England (2025)",
        "%",
        100,
        1,
    ),
    "imd-2025-income": ("income_average_score", "People who are income deprived (2025)", "%", 100, 1),
    "imd-2025-employment": (
        "employment_average_score",
        "People of working age who are employment deprived (2025)",
        "%",
        100,
        1,
    ),
}


def read(table: Table, known: Known) -> Parsed:
    """Score, rank, share in the most deprived tenth, and two domains that are shares of people."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["area_code"], faults)
    parts = []
    for id, (column, _, _, factor, _) in MEASURES.items():
        part = base.points(
            frame,
            indicator=id,
            area=frame["area_code"],
            period=str(YEAR),
            year=YEAR,
            value=check.numbers(frame, column, faults) * factor,
        )
        check.not_negative(part, "value", faults, column)
        parts.append(base.settle(part, faults, {"value": column}))
    pairs = zip(frame["area_code"], frame["area_name"], strict=True)
    areas = {code: seen for code, name in pairs if (seen := base.sighting(code, name))}
    check.refuse(
        faults,
        frame[~frame["area_code"].isin(areas) & (frame["area_code"] != "")],
        "area_code",
        lambda c: f"{check.shown(c['area_code'])} is the code of no board or council.",
        "Bring the summary for integrated care boards or for local authorities.",
    )
    indicators = [
        base.measure(
            known,
            id,
            name,
            unit=unit,
            decimals=decimals,
            per=100 if unit == "%" else 0,
            value_type="proportion" if unit == "%" else "index",
            source=FORMAT.source,
            note="Not a measure of performance.",
        )
        for id, (_, name, unit, _, decimals) in MEASURES.items()
    ]
    return Parsed(areas, pd.concat(parts), indicators=indicators, faults=faults)


_KINDS = ("icb24", "ltla24", "lad24", "utla24", "ctyua24")

FORMAT = Format(
    id="imd-2025",
    title="English Indices of Deprivation 2025, summary by area",
    required=("area_code", "area_name", *(column for column, *_ in MEASURES.values())),
    aliases={f"{kind}_code": "area_code" for kind in _KINDS}
    | {f"{kind}_name": "area_name" for kind in _KINDS},
    read=read,
    quiet=True,
    source="English Indices of Deprivation 2025, Ministry of Housing, Communities and Local Government",
)
