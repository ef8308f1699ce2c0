"""Fingertips figures (Office for Health Improvement and Disparities): the newer download with bare codes.

It comes as several files. The figures give an indicator by its number, an area by its code and a period by
the year in which it began; names, units, polarity and kinds of period stand in the lists beside it, which
are read where they are imported with the figures or lie in the same folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.fingertips_lists import (
    AREA_LIST,
    INDICATOR_LIST,
    SOURCE,
    Lists,
    kind_in,
    nameless,
    read_lists,
    sighting,
)
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator
from workbook.words import listed, plural

_FIGURES = {
    "value": "Value",
    "lower": "LowerCI",
    "upper": "UpperCI",
    "count": "Count",
    "denominator": "Denominator",
}
_KEY = ["IndicatorId", "AreaCode", "Sex", "Age", "CategoryType", "Category", "Year"]
_NETWORK = re.compile(r"U\d{5}")
# The year of the file is the one in which the period begins: 2018 is 2018/19 where a year is no calendar year.
_ACROSS_NEW_YEAR = {"financial", "financial year end point", "academic", "yearly"}
_IN_ONE_YEAR = {"calendar"}
_PARTS_OF_YEAR = {"quarterly", "monthly"}
_MOST_A_YEAR = 2  # two figures for a year are two editions; three are parts of the year


def read(table: Table, known: Known) -> Parsed:
    """One series an indicator (``ft-90362``), area, sex and age; categories (deprivation) beside them.

    A row that repeats an earlier one is kept once. Of two figures for the same thing, one that is blank or
    rounded gives way to the fuller one; where both differ, neither is taken. Figures of quarters and months,
    which the file does not tell apart, are left out, and so are periods of several years of unknown length.
    """
    faults = list[Fault]()
    lists = read_lists(table, faults)
    frame = _once_each(_keyed(table.frame, faults), faults)
    frame = _areas_only(frame, lists, faults)
    frame = _whole_years(frame, lists, faults)
    if frame.empty:
        remedy = "Download the indicators again for local authorities, boards or sub-ICB locations."
        return Parsed(faults=[*faults, Fault("No row holds a figure that can be filed.", remedy)])
    numbers = {name: check.numbers(frame, column, faults) for name, column in _FIGURES.items()}
    frame = _one_of_two(frame, numbers["value"], faults)
    numbers = {name: column[frame.index] for name, column in numbers.items()}
    _say_blanks(frame, faults)
    series = base.points(
        frame,
        indicator="ft-" + frame["IndicatorId"],
        area=frame["AreaCode"],
        period=frame["period"],
        year=frame["Year"].astype(int),
        sex=base.sexes(frame["Sex"]),
        age=frame["Age"].where(frame["Age"] != "", "All ages"),
        category_type=frame["CategoryType"],
        category=frame["Category"],
        note=base.note_where(check.suppressed(frame, "Value"), "suppressed"),
        **numbers,
    )
    series = base.settle(_own_limits(series, faults), faults, _FIGURES)
    measures = _measures(frame["IndicatorId"].unique(), lists, known, faults)
    return Parsed(_areas(frame, lists, known), series, indicators=measures, faults=faults)


def _keyed(frame: pd.DataFrame, faults: list[Fault]) -> pd.DataFrame:
    """The rows whose indicator, area and year can be read."""
    check.filled(frame, ["IndicatorId", "AreaCode", "Year"], faults)
    frame = frame.assign(
        IndicatorId=frame["IndicatorId"].str.replace(r"\.0+$", "", regex=True),
        CategoryType=frame["CategoryType"].str.strip('"'),
    )
    number = frame["IndicatorId"].str.fullmatch(r"[0-9]{1,9}")
    check.refuse(
        faults,
        frame[~number & (frame["IndicatorId"] != "")],
        "IndicatorId",
        lambda c: f"{check.shown(c['IndicatorId'])} is no indicator number.",
        "Download the file again from Fingertips; the column holds whole numbers.",
    )
    year = frame["Year"].str.fullmatch(r"(19|20)[0-9]{2}")
    check.refuse(
        faults,
        frame[~year & (frame["Year"] != "")],
        "Year",
        lambda c: f"{check.shown(c['Year'])} is no year.",
        "Download the file again from Fingertips; the column holds the year in which the period begins.",
    )
    return frame[number & year & (frame["AreaCode"] != "")]


# --- rows that say the same, or not ---------------------------------------------


def _once_each(frame: pd.DataFrame, faults: list[Fault]) -> pd.DataFrame:
    again = frame.duplicated()
    check.warn(
        faults,
        frame.index[again],
        None,
        "The row repeats an earlier one word for word",
        "It was kept once; nothing needs doing.",
    )
    return frame[~again]


def _one_of_two(frame: pd.DataFrame, value: pd.Series, faults: list[Fault]) -> pd.DataFrame:
    """Each thing once: the fuller of two figures that agree; of two that differ, neither."""
    twice = frame[frame.duplicated(_KEY, keep=False)]
    if twice.empty:
        return frame
    gone, blank, rounded, apart = list[int](), list[int](), list[int](), list[int]()
    for _, rows in twice.groupby(_KEY, sort=False):
        told = rows.loc[value[rows.index].notna(), "Value"]
        if len(told) == 0:
            gone += list(rows.index[1:])
            continue
        blank += list(rows.index.difference(told.index))
        fullest = max(told, key=len)
        if all(_rounds_to(fullest, text) for text in told):
            rounded += [row for row in told.index if row != told.index[list(told).index(fullest)]]
        else:
            apart += list(told.index)
    check.warn(
        faults,
        blank,
        "Value",
        "The row is blank where another one has a figure for the same thing",
        "The figure was kept; nothing needs doing.",
    )
    check.warn(
        faults,
        rounded,
        "Value",
        "The row rounds a figure that another one gives with more places",
        "The longer figure was kept; nothing needs doing.",
    )
    names = listed(sorted({f"indicator {i}" for i in frame.loc[apart, "IndicatorId"]}))
    check.warn(
        faults,
        apart,
        "Value",
        f"Two rows give different figures for the same thing, and the file does not say which holds ({names})",
        "Neither was taken. Look the figure up at the publisher and bring it in the template of local figures.",
    )
    return frame.drop(index=[*gone, *blank, *rounded, *apart])


def _rounds_to(full: str, short: str) -> bool:
    """Whether a figure is the other one rounded to the places that it shows."""
    places = len(short.partition(".")[2])
    try:
        return (abs(float(full) - float(short)) <= 0.5000001 * 10.0**-places and places >= 2) or full == short
    except ValueError:
        return full == short


def _say_blanks(frame: pd.DataFrame, faults: list[Fault]) -> None:
    check.warn(
        faults,
        frame.index[frame["Value"] == ""],
        "Value",
        "There is no value in this row",
        "It is kept as not available.",
    )


def _own_limits(series: pd.DataFrame, faults: list[Fault]) -> pd.DataFrame:
    """Limits that do not hold their own figure go: some of the publisher's are those of the count."""
    strange = (series["value"] < series["lower"]) | (series["value"] > series["upper"])
    strange |= series["lower"] > series["upper"]
    check.warn(
        faults,
        series.index[strange],
        "LowerCI",
        "The publisher's limits do not hold the figure they belong to",
        "The figure was taken without limits, with a note; the publisher's page may have them corrected.",
    )
    said = base.note_where(strange, "published limits left out: they do not hold the figure")
    blank = {limit: series[limit].mask(strange) for limit in ("lower", "upper")}
    return series.assign(**blank, note=base.notes(series["note"], said))


# --- periods --------------------------------------------------------------------


def _whole_years(frame: pd.DataFrame, lists: Lists, faults: list[Fault]) -> pd.DataFrame:
    """The rows about one whole year, with the period as it is printed: 2018, or 2018/19."""
    kind = frame["IndicatorId"].map(lambda id: lists.period_types.get(id, "").casefold())
    parts = frame["IndicatorId"].isin(_of_parts(frame, lists))
    several = ~parts & kind.str.contains("multi-year", regex=False)
    for rows, what in ((parts, "quarters or months"), (several, "several years together")):
        _say_left_out(frame[rows], what, faults)
    kept = ~parts & ~several
    unsaid = kept & ~kind.isin(_ACROSS_NEW_YEAR | _IN_ONE_YEAR)
    check.warn(
        faults,
        frame.index[unsaid],
        "Year",
        "Nothing says whether the year is a calendar year or begins in April or September",
        "It is printed as it stands. "
        + (
            "The list of indicators does not have these; look the period up at the publisher."
            if lists.period_types
            else "Put the list of indicators (ftnext_indicators.csv) in the same folder and import the figures again."
        ),
    )
    year = frame["Year"]
    across = year + "/" + ((year.astype(int) + 1) % 100).map("{:02d}".format) if len(frame) else year
    return frame.assign(period=across.where(kind.isin(_ACROSS_NEW_YEAR), year))[kept]


def _of_parts(frame: pd.DataFrame, lists: Lists) -> set[str]:
    """The indicators published more than once a year: the list says so, or a year has three figures."""
    told = {id for id, often in lists.frequencies.items() if often.casefold() in _PARTS_OF_YEAR}
    figures = frame[frame["Value"] != ""].groupby(_KEY, sort=False).size()
    many = figures[figures > _MOST_A_YEAR].index.get_level_values("IndicatorId")
    return told | set(many)


def _say_left_out(rows: pd.DataFrame, what: str, faults: list[Fault]) -> None:
    numbers = sorted(rows["IndicatorId"].unique(), key=int)
    check.warn(
        faults,
        rows.index,
        "Year",
        f"{listed(f'Indicator {n}' for n in numbers)} is about {what}, and the file says only the year",
        "The rows are left out. The CSV download of the indicator's profile names the whole period.",
    )


# --- areas ----------------------------------------------------------------------


def _areas_only(frame: pd.DataFrame, lists: Lists, faults: list[Fault]) -> pd.DataFrame:
    kinds = {code: kind_in(code, lists.area_types.get(code, "")) for code in frame["AreaCode"].unique()}
    kind = frame["AreaCode"].map(kinds)
    other = frame[kind == ""]
    types = dict.fromkeys(lists.area_types.get(c, "") or _type_by_code(c) for c in other["AreaCode"])
    check.warn(
        faults,
        other.index,
        "AreaCode",
        f"The row is about {listed(list(types)[:3])}, for which the workbook has no kind of area",
        "The row is left out; the rows about areas are taken.",
    )
    practices = sorted(code for code, found in kinds.items() if found == "practice")
    if practices:
        first = int(frame.index[frame["AreaCode"] == practices[0]][0])
        faults.append(
            Fault(
                f"{plural(len(practices), 'general practice')} {'stands' if len(practices) == 1 else 'stand'} in the "
                "file beside the larger areas.",
                "Taken too, as areas of the kind practice; nothing needs doing.",
                first,
                "AreaCode",
                "warns",
            )
        )
    return frame.assign(kind=kind).drop(other.index)


def _type_by_code(code: str) -> str:
    return "NHS Primary Care Networks" if _NETWORK.fullmatch(code) else f"areas such as {code}"


def _areas(frame: pd.DataFrame, lists: Lists, known: Known) -> dict[str, Sighting]:
    rows = frame.drop_duplicates("AreaCode")[["AreaCode", "kind"]].itertuples(index=False, name=None)
    return {code: sighting(code, kind, lists.names.get(code, "")) for code, kind in rows}


# --- indicators ---


def _measures(numbers: Iterable[str], lists: Lists, known: Known, faults: list[Fault]) -> list[Indicator]:
    made, bare = [], []
    for number in numbers:
        id = f"ft-{number}"
        there, told = known.indicators.get(id), lists.indicators.get(number)
        if there is None and told is None:
            bare.append(number)
        made.append(there or told or Indicator(id, nameless(id), source=SOURCE, licence=base.OGL))
    if bare:
        faults.append(
            Fault(
                f"Nothing says what {listed(f'indicator {n}' for n in bare)} measures: no name, no unit, "
                "no saying which way is better.",
                "It is kept under its number and not judged. Import a list of indicators that has it.",
                None,
                "IndicatorId",
                "warns",
            )
        )
    return made


FORMAT = Format(
    id="fingertips-figures",
    title="Fingertips figures by code",
    required=(
        "IndicatorId",
        "AreaCode",
        "Year",
        "Sex",
        "Age",
        "CategoryType",
        "Category",
        *_FIGURES.values(),
    ),
    optional=("Trend", "CategoryTypeId", "CategoryId", "SexID", "AgeID"),
    quiet=True,
    read=read,
    beside=(INDICATOR_LIST, AREA_LIST),
    source=SOURCE,
)
