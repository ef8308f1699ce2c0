"""Disease registers of general practice (QOF) by clinical commissioning group, one year a file."""

from __future__ import annotations

import re

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator

_FIGURES = {"value": "prevalence", "count": "disease_register_size", "denominator": "ccg_listsize"}
_ROUNDING = 0.01


def read(table: Table, known: Known) -> Parsed:
    """One series a register (``qof-dm``): people on the register as a share of the whole list, all ages."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["ccgcode", "indicator_group", "Register_description"], faults)
    period = base.read_periods(_with_year(table, faults), "year", faults)
    numbers = {name: check.numbers(frame, column, faults) for name, column in _FIGURES.items()}
    ids = _ids(frame)
    series = base.points(
        frame,
        indicator=ids,
        area=frame["ccgcode"],
        period=period["period"],
        year=period["year"],
        note=base.note_where(check.suppressed(frame, "prevalence"), "suppressed"),
        **numbers,
    )
    gap = (100 * series["count"] / series["denominator"] - series["value"]).abs()
    check.warn(
        faults,
        frame.index[gap > _ROUNDING],
        "prevalence",
        "The prevalence is not the register over the list",
        "It is kept as printed; ask the publisher which figure is right.",
    )
    series = base.settle(series, faults, _FIGURES)
    areas = {code: Sighting("ccg", ods=code) for code in frame["ccgcode"].unique() if code}
    return Parsed(areas, series, indicators=_indicators(frame, ids, known), faults=faults)


def _with_year(table: Table, faults: list[Fault]) -> pd.DataFrame:
    """The file has no column for its year: one that was added, or else the year in the file's own name."""
    frame = table.frame
    if (frame["year"] != "").any():
        return frame
    found = re.search(r"(?:19|20)\d\d[-_](?:20)?\d\d(?!\d)", table.file)
    if not found:
        faults.append(
            Fault(
                "No column says which year the registers are of, and the file's name has none.",
                "Add a column 'year' (2013/14 in each row), or put the year in the file's name: qof_2013-14.csv.",
                1,
                "year",
            )
        )
        return frame.assign(year="")
    year = found[0].replace("_", "-")
    faults.append(
        Fault(
            f"No column says which year the registers are of; {year} was read from the file's name.",
            "Add a column 'year' if that is wrong.",
            1,
            None,
            "warns",
        )
    )
    return frame.assign(year=year)


def _ids(frame: pd.DataFrame) -> pd.Series:
    """``qof-`` and the group; the later of several registers in a group add their own words."""
    pairs = frame[["indicator_group", "Register_description"]].drop_duplicates()
    later = pairs["indicator_group"].duplicated()
    ids = {
        (group, words): f"qof-{base.slug(group)}-{base.slug(words)}" if again else f"qof-{base.slug(group)}"
        for group, words, again in zip(
            pairs["indicator_group"], pairs["Register_description"], later, strict=True
        )
    }
    keys = zip(frame["indicator_group"], frame["Register_description"], strict=True)
    return pd.Series([ids[key] for key in keys], index=frame.index)


def _indicators(frame: pd.DataFrame, ids: pd.Series, known: Known) -> list[Indicator]:
    firsts = frame.assign(id=ids).drop_duplicates("id")
    return [
        base.measure(
            known,
            id,
            f"{re.sub(r' +', ' ', words)} on GP registers, share of people of all ages",
            unit="%",
            per=100,
            decimals=2,
            value_type="proportion",
            count_label="people",
            source=FORMAT.source,
            note="On the whole list, also where the register starts at an age. More people on a register may "
            "mean more illness or better diagnosis.",
        )
        for id, words in zip(firsts["id"], firsts["Register_description"], strict=True)
    ]


FORMAT = Format(
    id="qof-registers",
    title="Disease registers of general practice by CCG",
    required=("ccgcode", "indicator_group", "Register_description", *_FIGURES.values()),
    optional=("year",),
    aliases={"financial_year": "year"},
    read=read,
    source="Quality and Outcomes Framework, NHS Digital",
)
