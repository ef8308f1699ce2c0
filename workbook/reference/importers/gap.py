"""Causes of the gap in life expectancy (segment tool): which deaths make it, and how many years each."""

from __future__ import annotations

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import ENGLAND, Sighting
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table

CATEGORY_TYPE = "Cause of death"
_YEARS = "Contribution to the gap (years)"
_DEATHS = "Total deaths"
#: comparison of the file: id, name
GAPS = {
    "within area": (
        "le-gap-within",
        "Gap in life expectancy between the most and the least deprived fifth of the area",
    ),
    "england": ("le-gap-england", "Gap in life expectancy between the area and England"),
}


def read(table: Table, known: Known) -> Parsed:
    """Two indicators by sex: years of the gap by cause as a breakdown, and the causes added up.

    The file names no period, so a column ``Period`` has to be added. Causes that narrow the gap are negative.
    """
    frame, faults = table.frame, list[Fault]()
    frame = _with_period(frame, faults)
    check.filled(frame, ["Comparison", "Geography code", "Cause of death", "Sex"], faults)
    frame = frame.assign(comparison=frame["Comparison"].str.casefold())
    check.refuse(
        faults,
        frame[~frame["comparison"].isin([*GAPS, ""])],
        "Comparison",
        lambda c: f"{check.shown(c['Comparison'])} is no comparison of the tool.",
        "Download the table again.",
    )
    areas = _areas(frame)
    left = ~frame["Geography code"].isin(areas) & (frame["Geography code"] != "")
    check.warn(
        faults,
        frame.index[left],
        "Geography code",
        "The area is of a kind that the workbook does not know",
        "It is left out.",
    )
    frame = frame[~left]
    period = base.read_periods(frame, "Period", faults)
    causes = base.points(
        frame,
        indicator=frame["comparison"].map(lambda c: GAPS.get(c, ("",))[0]),
        area=frame["Geography code"],
        period=period["period"],
        year=period["year"],
        sex=base.sexes(frame["Sex"]),
        value=check.numbers(frame, _YEARS, faults),
        count=check.numbers(frame, _DEATHS, faults),
        category_type=CATEGORY_TYPE,
        category=frame["Cause of death"],
    )
    causes = base.settle(causes, faults, {"value": _YEARS, "count": _DEATHS})
    series = pd.concat([causes, _added_up(causes)])
    indicators = [
        base.measure(
            known,
            id,
            name,
            unit="years",
            decimals=1,
            source=FORMAT.source,
            count_label="deaths",
            note="By cause as printed; the whole gap is the causes added up.",
        )
        for id, name in GAPS.values()
    ]
    return Parsed(areas, series, indicators=indicators, faults=faults)


def _with_period(frame: pd.DataFrame, faults: list[Fault]) -> pd.DataFrame:
    if (frame["Period"] != "").all():
        return frame
    faults.append(
        Fault(
            "No column says which years the deaths are of.",
            "Add a column 'Period' with the years that the tool's page gives, such as 2020 to 2021 (2020-21 would be the financial year).",
            1,
            "Period",
        )
    )
    return frame


def _areas(frame: pd.DataFrame) -> dict[str, Sighting]:
    firsts = frame.drop_duplicates("Geography code")
    pairs = zip(firsts["Geography code"], firsts["Geography"], strict=True)
    areas = {code: seen for code, name in pairs if (seen := base.sighting(code, name))}
    return areas | ({ENGLAND: Sighting("country", ENGLAND, name="England")} if ENGLAND in areas else {})


def _added_up(causes: pd.DataFrame) -> pd.DataFrame:
    """The gap itself, where every cause of it has a figure."""
    key = ["indicator", "area", "sex", "period"]
    groups = causes.groupby(key, sort=False)
    whole = causes[~causes.duplicated(key)].copy()
    sums = groups[["value", "count"]].sum(min_count=1).round(2)
    known = groups["value"].apply(lambda v: v.notna().all())
    at = pd.MultiIndex.from_frame(whole[key])
    whole["value"] = sums["value"].where(known).reindex(at).to_numpy()
    whole["count"] = sums["count"].reindex(at).to_numpy()
    whole["category_type"] = whole["category"] = ""
    whole["note"] = "the causes added up"
    return whole


FORMAT = Format(
    id="life-expectancy-gap",
    title="Causes of the gap in life expectancy (segment tool)",
    required=("Comparison", "Geography code", "Geography", "Cause of death", "Sex", _DEATHS, _YEARS),
    optional=("Period", "Excess deaths", "Percentage contribution to the gap (%)"),
    aliases={"Time period": "Period"},
    read=read,
    source="Segment tool, Office for Health Improvement and Disparities",
)
