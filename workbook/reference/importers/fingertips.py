"""Fingertips (Office for Health Improvement and Disparities): the CSV download with 26 or 27 columns."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting, kind_of
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator

_FIGURES = {
    "value": "Value",
    "lower": "Lower CI 95.0 limit",
    "upper": "Upper CI 95.0 limit",
    "count": "Count",
    "denominator": "Denominator",
}
_AGAINST_ENGLAND = "Compared to England value or percentiles"
# "A01b - Life expectancy at birth": the letters number the profile's page, not the indicator.
_PAGE = re.compile(r"^[A-E]\d{2}[a-z]?\s*-\s*")


def read(table: Table, known: Known) -> Parsed:
    """One series an indicator (``ft-90362``), area, sex and age; categories (deprivation) beside them.

    Clusters of areas, PHE centres and other groupings that the workbook has no
    kind for are said and left out.
    """
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["Indicator ID", "Area Code", "Time period"], faults)
    frame = frame.assign(id=_ids(frame, faults), code=frame["Area Code"].str.removeprefix("n"))
    frame = _areas_only(frame, faults)
    if frame.empty:
        remedy = "Download the indicator again for local authorities, boards or sub-ICB locations."
        return Parsed(
            faults=[*faults, Fault("No row is about an area that the workbook has a kind for.", remedy)]
        )
    period = base.read_periods(frame, "Time period", faults)
    numbers = {name: check.numbers(frame, column, faults) for name, column in _FIGURES.items()}
    _say_blanks(frame, faults)
    series = base.points(
        frame,
        indicator=frame["id"],
        area=frame["code"],
        period=period["period"],
        year=period["year"],
        sex=base.sexes(frame["Sex"]),
        age=frame["Age"].where(frame["Age"] != "", "All ages"),
        category_type=frame["Category Type"],
        category=frame["Category"],
        note=base.notes(base.note_where(check.suppressed(frame, "Value"), "suppressed"), frame["Value note"]),
        **numbers,
    )
    series["category_type"], series["category"] = base.set_aside(
        series, period, pd.Series(False, frame.index)
    )
    series = base.settle(series, faults, _FIGURES)
    return Parsed(_areas(frame), series, indicators=_indicators(frame, numbers, period, known), faults=faults)


def _ids(frame: pd.DataFrame, faults: list[Fault]) -> pd.Series:
    plain = frame["Indicator ID"].str.replace(r"\.0+$", "", regex=True)
    check.refuse(
        faults,
        frame[~plain.str.fullmatch(r"\d+") & (plain != "")],
        "Indicator ID",
        lambda c: f"{c['Indicator ID']!r} is no indicator number.",
        "Download the file again from Fingertips; the column holds whole numbers.",
    )
    return "ft-" + plain


def _kind(code: str, area_type: str) -> str:
    kind = kind_of(code)
    if kind == "ccg":
        return (
            "sub-icb"
            if "sub-location" in area_type.casefold() or "sub icb" in area_type.casefold()
            else "ccg"
        )
    if not kind and area_type.casefold() in ("gps", "gp", "general practice"):
        return "practice"
    return kind


def _areas_only(frame: pd.DataFrame, faults: list[Fault]) -> pd.DataFrame:
    pairs = frame[["code", "Area Type"]].drop_duplicates().itertuples(index=False, name=None)
    kinds = {pair: _kind(*pair) for pair in pairs}
    kind = pd.Series(
        [kinds[p] for p in zip(frame["code"], frame["Area Type"], strict=True)], index=frame.index
    )
    other = frame[(kind == "") & (frame["code"] != "")]
    check.warn(
        faults,
        other.index,
        "Area Type",
        f"The row is about {_some(other['Area Type'])}, for which the workbook has no kind of area",
        "The row is left out; the rows about areas are taken.",
    )
    return frame.assign(kind=kind).drop(other.index)


def _some(types: pd.Series) -> str:
    """The first few area types as words."""
    names = list(dict.fromkeys(types))
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")


def _areas(frame: pd.DataFrame) -> dict[str, Sighting]:
    # The newest name is the best one: sub-ICB locations carry the ODS code at the end of theirs.
    firsts = frame.sort_values("kind", kind="stable").drop_duplicates("code")
    ods = frame["AreaName"].str.extract(r" - ([A-Z0-9]{3,5})\s*$")[0].groupby(frame["code"]).first()
    rows = firsts[["code", "kind", "AreaName"]].itertuples(index=False, name=None)
    return {code: Sighting(kind, code, _plain(ods.get(code)), name) for code, kind, name in rows}


def _plain(text: object) -> str:
    return text if isinstance(text, str) else ""


def _say_blanks(frame: pd.DataFrame, faults: list[Fault]) -> None:
    check.warn(
        faults,
        frame.index[frame["Value"] == ""],
        "Value",
        "There is no value in this row",
        "It is kept as not available, with the publisher's note.",
    )


def _indicators(frame: pd.DataFrame, numbers: dict, period: pd.DataFrame, known: Known) -> list[Indicator]:
    polarity = _polarities(frame, numbers["value"])
    years = period["years"].groupby(frame["id"]).max()
    made = []
    for row in frame.drop_duplicates("id")[["id", "Indicator Name"]].itertuples(index=False, name=None):
        id, name = row[0], _PAGE.sub("", row[1])
        made.append(
            base.measure(
                known,
                id,
                name,
                polarity=polarity.get(id, "none"),
                period_years=int(years[id]),
                source=FORMAT.source,
                **_unit(name),
            )
        )
    return made


def _unit(name: str) -> dict:
    """The unit, where the indicator's own name says it: "rate / 1,000", "percentage of children"."""
    rate = re.search(r"(?:/|per)\s*(100,000|10,000|1,000)\b", name)
    if rate:
        return {"unit": f"per {rate[1]}", "per": int(rate[1].replace(",", ""))}
    if re.search(r"\bpercentage\b|\(%\)", name, flags=re.IGNORECASE):
        return {"unit": "%", "per": 100, "value_type": "proportion"}
    return {}


def _polarities(frame: pd.DataFrame, value: pd.Series) -> dict[str, str]:
    """Which is better, as the publisher's own comparisons with England imply it.

    An area judged "Better" with a value above England's says that high is good. Rows of regions are left
    out where the file holds smaller areas: a county's download repeats the county's comparison in them.
    """
    keys = ["id", "Time period", "Sex", "Age"]
    at = frame.assign(value=value)
    plain = at[(at["kind"] == "country") & (at["Category Type"] == "")]
    england = plain.groupby(keys)["value"].first().rename("england")
    judged = at[at[_AGAINST_ENGLAND].isin(["Better", "Worse"]) & (at["kind"] != "country")]
    smaller = judged[judged["kind"] != "region"]
    judged = (smaller if len(smaller) else judged).join(england, on=keys)
    above = (judged["value"] - judged["england"]).map(np.sign)
    votes = above.where(judged[_AGAINST_ENGLAND] == "Better", -above).groupby(judged["id"]).sum()
    return {str(id): "high" if vote > 0 else "low" for id, vote in votes.items() if vote}


FORMAT = Format(
    id="fingertips",
    title="Fingertips download",
    required=(
        "Indicator ID",
        "Indicator Name",
        "Area Code",
        "AreaName",
        "Area Type",
        "Sex",
        "Age",
        "Category Type",
        "Category",
        "Time period",
        *_FIGURES.values(),
        "Value note",
        _AGAINST_ENGLAND,
    ),
    optional=(
        "Parent Code",
        "Parent Name",
        "Lower CI 99.8 limit",
        "Upper CI 99.8 limit",
        "Recent Trend",
        "Compared to parent value or percentiles",
        "Column not used",
        "Time period Sortable",
        "New data",
        "Compared to goal",
        "Time period range",
    ),
    aliases={"Area Name": "AreaName", "Compared to percentiles": "Compared to parent value or percentiles"},
    read=read,
    source="Fingertips, Office for Health Improvement and Disparities",
)
