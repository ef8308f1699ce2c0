"""CCG Outcomes Indicator Set as one tidy table; areas are given by name only."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import ENGLAND, Sighting, plain_name
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator

_ENGLAND_NAMES = {"england", "all registered patients in england"}
_ALL = {"", "all conditions"}


def read(table: Table, known: Known) -> Parsed:
    """One series an indicator and condition: ``ccgois-1.1``, ``ccgois-3.3a-hip-replacements-primary``.

    Rolling and provisional periods beside the financial years are kept as
    categories, so that no trend counts the same months twice.
    """
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["indicator", "period", "area_name"], faults)
    ids = _ids(frame, known)
    period = base.read_periods(frame, "period", faults)
    numbers = {c: check.numbers(frame, c, faults) for c in _FIGURES}
    series = base.points(
        frame,
        indicator=ids,
        area=_keys(frame),
        period=period["period"],
        year=period["year"],
        sex=base.sexes(frame["sex"]),
        value=numbers["value"],
        lower=numbers["lower_ci"],
        upper=numbers["upper_ci"],
        count=numbers["numerator"],
        denominator=numbers["denominator"],
        note=base.notes(
            base.note_where(check.suppressed(frame, "value"), "suppressed"),
            base.note_where(period["provisional"], "provisional"),
        ),
    )
    series["category_type"], series["category"] = _rolling(series, period, faults)
    series = base.settle(series, faults, _NAMES)
    return Parsed(_areas(frame), series, indicators=_indicators(frame, ids, known), faults=faults)


_FIGURES = ("value", "lower_ci", "upper_ci", "numerator", "denominator")
_NAMES = {
    "value": "value",
    "lower": "lower_ci",
    "upper": "upper_ci",
    "count": "numerator",
    "denominator": "denominator",
}


def _ids(frame: pd.DataFrame, known: Known) -> pd.Series:
    pairs = frame[["indicator", "condition"]].drop_duplicates().itertuples(index=False, name=None)
    ids = {(i, c): _id(i, c, known) for i, c in pairs}
    return pd.Series(
        [ids[p] for p in zip(frame["indicator"], frame["condition"], strict=True)], index=frame.index
    )


def _plain(indicator: str) -> str:
    return f"ccgois-{indicator.strip().lower()}"


def _id(indicator: str, condition: str, known: Known) -> str:
    """The indicator with its condition, unless the condition is what the catalogue's indicator is about."""
    there = known.indicators.get(_plain(indicator))
    about = there is not None and condition.casefold().removesuffix("s") in there.name.casefold()
    if about or condition.casefold() in _ALL:
        return _plain(indicator)
    return f"{_plain(indicator)}-{base.slug(condition)}"


def _keys(frame: pd.DataFrame) -> pd.Series:
    keys = {name: _key(name) for name in frame["area_name"].unique()}
    return frame["area_name"].map(keys)


def _key(name: str) -> str:
    return ENGLAND if name.strip().casefold() in _ENGLAND_NAMES else plain_name(name)


def _areas(frame: pd.DataFrame) -> dict[str, Sighting]:
    seen: dict[str, Sighting] = {}
    for name in frame["area_name"].unique():
        england = _key(name) == ENGLAND
        sighting = Sighting("country", ENGLAND, name="England") if england else Sighting("ccg", name=name)
        seen.setdefault(_key(name), sighting)
    return seen


def _rolling(series: pd.DataFrame, period: pd.DataFrame, faults: list[Fault]) -> tuple[pd.Series, pd.Series]:
    financial = (period["style"] == "financial").groupby(series["indicator"]).transform("any")
    kinds = base.set_aside(series, period, financial)
    check.warn(
        faults,
        series.index[kinds[0] == "Rolling period"],
        "period",
        "The period overlaps the financial years of the same indicator",
        "It is kept, but stays out of the yearly series.",
    )
    return kinds


def _indicators(frame: pd.DataFrame, ids: pd.Series, known: Known) -> list[Indicator]:
    firsts = frame.assign(id=ids).drop_duplicates("id")
    return [
        _indicator(str(r.id), str(r.indicator), str(r.title), str(r.condition), known)
        for r in firsts.itertuples()
    ]


def _indicator(id: str, number: str, title: str, condition: str, known: Known) -> Indicator:
    """The catalogue's indicator; one for a single condition takes unit and polarity from it."""
    whole = known.indicators.get(_plain(number))
    if id in known.indicators:
        return known.indicators[id]
    name = title if condition.casefold() in _ALL else f"{title}: {condition}"
    if whole is not None:
        return replace(whole, id=id, name=name, ambition=None)
    return Indicator(id, name, status="discontinued", source=FORMAT.source)


FORMAT = Format(
    id="ccg-outcomes",
    title="CCG Outcomes Indicator Set, tidy table",
    required=(
        "indicator",
        "title",
        "period",
        "area_name",
        "sex",
        "condition",
        *_FIGURES,
    ),
    optional=("expected", "years_of_life_lost", "source_file"),
    read=read,
    source="CCG Outcomes Indicator Set, NHS Digital",
)
