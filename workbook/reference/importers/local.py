"""Local figures in the workbook's own template (``workbook data template local-figures``)."""

from __future__ import annotations

import re

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting, nearest
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator
from workbook.reference.template import COLUMNS

POLARITIES = ("low", "high", "none")
_FIGURES = {n: n for n in ("value", "lower", "upper", "count", "denominator")}


def read(table: Table, known: Known) -> Parsed:
    """The series of the template; areas must be known, and a new indicator must say what it is."""
    faults = list[Fault]()
    frame = _with_all_columns(table.frame)
    check.filled(frame, ["indicator", "area", "period"], faults)
    frame["indicator"] = frame["indicator"].str.strip().str.lower()
    frame = _without_example(frame, faults)
    if frame.empty:
        return Parsed(faults=faults)
    areas = _areas(frame, known, faults)
    codes = {given: sighting.code for given, sighting in areas.items()}
    period = base.read_periods(frame, "period", faults)
    numbers = {name: check.numbers(frame, column, faults) for name, column in _FIGURES.items()}
    _blank_values(frame, faults)
    series = base.points(
        frame,
        indicator=frame["indicator"],
        area=frame["area"].map(lambda given: codes.get(given, given)),
        period=period["period"],
        year=period["year"],
        sex=base.sexes(frame["sex"]),
        age=frame["age"].where(frame["age"] != "", "All ages"),
        category_type=frame["category_type"],
        category=frame["category"],
        note=base.notes(base.note_where(check.suppressed(frame, "value"), "suppressed"), frame["note"]),
        **numbers,
    )
    series["category_type"], series["category"] = base.set_aside(
        series, period, pd.Series(False, frame.index)
    )
    series = base.settle(series, faults, _FIGURES)
    return Parsed(
        areas={sighting.code: sighting for sighting in areas.values()},
        series=series,
        indicators=_indicators(frame, period, known, faults),
        faults=faults,
    )


def _with_all_columns(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{c: "" for c in COLUMNS if c not in frame.columns})


def _without_example(frame: pd.DataFrame, faults: list[Fault]) -> pd.DataFrame:
    """Refuse the template's own example row: it would pass for a real figure."""
    same = pd.Series(True, index=frame.index)
    for name, column in COLUMNS.items():
        if column.example:
            same &= frame[name] == column.example
    check.refuse(
        faults,
        frame[same],
        None,
        lambda c: "This is the example row of the template.",
        "Delete the row, or put your own figures in it.",
    )
    return frame[~same]


def _areas(frame: pd.DataFrame, known: Known, faults: list[Fault]) -> dict[str, Sighting]:
    found = {code: known.book.find(code) for code in frame["area"].unique() if code}
    unknown = {code for code, area in found.items() if area is None}
    near = {code: nearest(code, known.book.areas.values()) for code in unknown}
    for code in unknown:
        rows = frame[frame["area"] == code]
        meant = f"Did you mean {near[code]}? " if near[code] else ""
        check.refuse(
            faults,
            rows,
            "area",
            lambda c: f"There is no area {check.shown(c['area'])}.",
            f"{meant}Give the code of an area that 'workbook areas' lists.",
        )
    return {code: Sighting(a.kind, a.code, a.ods, a.name) for code, a in found.items() if a}


def _blank_values(frame: pd.DataFrame, faults: list[Fault]) -> None:
    check.warn(
        faults,
        frame.index[frame["value"] == ""],
        "value",
        "There is no value in this row",
        "It is kept as not available.",
    )


def _indicators(
    frame: pd.DataFrame, period: pd.DataFrame, known: Known, faults: list[Fault]
) -> list[Indicator]:
    years = period["years"].groupby(frame["indicator"]).max()
    made = []
    for id, rows in frame[frame["indicator"] != ""].groupby("indicator", sort=False):
        there = known.indicators.get(str(id))
        if there and there.status != "local":
            _not_another(rows, there, faults)
            made.append(there)
            continue
        made.append(_new(str(id), rows, there, int(years[id]), faults))
    return made


def _not_another(rows: pd.DataFrame, there: Indicator, faults: list[Fault]) -> None:
    if there.synthetic:
        faults.append(
            Fault(
                f"{there.id} belongs to the synthetic demonstration system.",
                "Give the indicator an id of its own, such as local-waiting-list.",
                int(rows.index[0]),
                "indicator",
            )
        )
    other = rows[(rows["unit"] != "") & (there.unit != "") & (rows["unit"] != there.unit)]
    check.refuse(
        faults,
        other.head(1),
        "unit",
        lambda c: f"{there.id} is kept in {there.unit!r}, and the row says {c['unit']!r}.",
        "Convert the figures, or give the indicator an id of its own.",
    )


def _new(id: str, rows: pd.DataFrame, there: Indicator | None, years: int, faults: list[Fault]) -> Indicator:
    first = int(rows.index[0])
    said = {c: next((v for v in rows[c] if v), "") for c in ("indicator_name", "unit", "polarity", "source")}
    said["indicator_name"] = said["indicator_name"] or (there.name if there else "")
    said["unit"] = said["unit"] or (there.unit if there else "")
    said["polarity"] = (said["polarity"] or (there.polarity if there else "")).lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9.\-]*", id):
        faults.append(
            Fault(
                f"{id!r} is no id.",
                "Use small letters, digits and hyphens: local-waiting-list.",
                first,
                "indicator",
            )
        )
    for column, words in (("indicator_name", "a name"), ("unit", "a unit")):
        if not said[column]:
            faults.append(
                Fault(
                    f"The indicator {id} is new and has no {column}.",
                    f"Give it {words} in this row, or use an id that 'workbook data list' shows.",
                    first,
                    column,
                )
            )
    if said["polarity"] not in POLARITIES:
        faults.append(
            Fault(
                f"The indicator {id} is new, and {said['polarity']!r} does not say which is better.",
                "Write low (a lower value is better), high, or none.",
                first,
                "polarity",
            )
        )
        said["polarity"] = "none"
    rate = re.search(r"per ([0-9]{1,3}(?:,?[0-9]{3}){0,3})$", said["unit"])
    per = 100 if said["unit"] == "%" else int(rate[1].replace(",", "")) if rate else 0
    return Indicator(
        id=id,
        name=said["indicator_name"] or id,
        unit=said["unit"],
        polarity=said["polarity"],
        per=per,
        status="local",
        period_years=years,
        source=said["source"] or FORMAT.source,
    )


FORMAT = Format(
    id="local",
    title="Local figures (the workbook's template)",
    required=tuple(name for name, column in COLUMNS.items() if column.required),
    optional=tuple(name for name, column in COLUMNS.items() if not column.required),
    read=read,
    strict=True,
    last=True,
    source="Local figures",
    licence="",
)
