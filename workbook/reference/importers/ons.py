"""ONS local statistics ("Explore local statistics"): one row an area, indicator and period."""

from __future__ import annotations

import re

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting, kind_of
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator

_KINDS = {
    "nation": "country",
    "country": "country",
    "region": "region",
    "local authority district": "la",
    "county or unitary authority": "la",
    "combined authority or city region": "place",
}
_UNITS = {"yrs": "years", "rate per 100,000 population": "per 100,000"}
_PER = {"%": 100, "per 100,000": 100_000}
_TYPES = {"%": "proportion", "years": "years"}
_STATUS = {"u": "not published"}


def read(table: Table, known: Known) -> Parsed:
    """One series an indicator, ``ons-`` and its name; "Male ..." and "Female ..." say the sex."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["areacd", "areanm", "indicator", "period"], faults)
    period = base.read_periods(frame, "period", faults)
    sex = frame["indicator"].str.extract(r"^(Male|Female) ")[0].fillna("")
    ids = frame["indicator"].map({name: f"ons-{base.slug(name)}" for name in frame["indicator"].unique()})
    value, lower, upper = (check.numbers(frame, c, faults) for c in ("observation", "lci_95", "uci_95"))
    _say_blanks(frame, faults)
    series = base.points(
        frame,
        indicator=ids,
        area=frame["areacd"],
        period=period["period"],
        year=period["year"],
        sex=base.sexes(sex),
        value=value,
        lower=lower,
        upper=upper,
        note=base.notes(
            base.note_where(check.suppressed(frame, "observation"), "suppressed"),
            frame["status"].map(lambda s: _STATUS.get(s, s)),
            frame["notes"],
        ),
    )
    series = base.settle(series, faults, {"value": "observation", "lower": "lci_95", "upper": "uci_95"})
    return Parsed(
        areas=_areas(frame),
        series=series,
        indicators=_indicators(frame.assign(id=ids, years=period["years"]), known),
        faults=faults,
    )


def _areas(frame: pd.DataFrame) -> dict[str, Sighting]:
    firsts = frame.drop_duplicates("areacd")
    rows = firsts[["areacd", "areanm", "geography"]].itertuples(index=False, name=None)
    return {code: Sighting(_kind(code, geography), code, name=name) for code, name, geography in rows}


def _kind(code: str, geography: str) -> str:
    return kind_of(code) or _KINDS.get(geography.casefold(), "place")


def _say_blanks(frame: pd.DataFrame, faults: list[Fault]) -> None:
    check.warn(
        faults,
        frame.index[frame["observation"] == ""],
        "observation",
        "There is no figure in this row",
        "It is kept as not available, with the publisher's note.",
    )


def _indicators(frame: pd.DataFrame, known: Known) -> list[Indicator]:
    firsts = frame.drop_duplicates("id")[["id", "indicator", "unit", "years"]]
    return [_indicator(known, *row) for row in firsts.itertuples(index=False, name=None)]


def _indicator(known: Known, id: str, name: str, unit: str, years: int) -> Indicator:
    unit = _UNITS.get(unit.casefold(), unit)
    return base.measure(
        known,
        id,
        re.sub(r"\s*\(England\)\s*$", "", name),
        unit=unit,
        per=_PER.get(unit, 0),
        period_years=int(years),
        value_type=_TYPES.get(unit, ""),
        source=FORMAT.source,
    )


FORMAT = Format(
    id="ons",
    title="ONS local statistics",
    required=(
        "areacd",
        "areanm",
        "geography",
        "indicator",
        "period",
        "observation",
        "unit",
        "lci_95",
        "uci_95",
    ),
    optional=("measure", "status", "notes"),
    read=read,
    source="Explore local statistics, Office for National Statistics",
)
