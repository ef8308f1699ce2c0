"""The lists that come with Fingertips figures by code: what an indicator's number and an area's code mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting, kind_of
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator
from workbook.words import listed

SOURCE = "Fingertips, Office for Health Improvement and Disparities"
INDICATOR_LIST = "fingertips-indicators"
AREA_LIST = "fingertips-areas"

_PRACTICE = re.compile(r"[A-HJ-NPVWY]\d{5}")
_VALUE_TYPES = {
    "proportion": "proportion",
    "crude rate": "crude rate",
    "count": "count",
    "directly standardised rate": "dsr",
    "indirectly standardised ratio": "isr",
    "indirectly standardised rate": "isr",
    "indirectly standardised proportion": "isr",
    "life expectancy": "years",
    "mean": "mean",
    "median": "median",
    "score": "index",
}
_LOW_IS_WORSE = re.compile(r"\blife expectancy\b", re.IGNORECASE)
_HIGH_IS_WORSE = re.compile(r"\b(mortality|deaths|obesity|overweight|smok\w+|suicide)\b", re.IGNORECASE)


@dataclass
class Lists:
    """What the lists beside the figures say."""

    indicators: dict[str, Indicator] = field(default_factory=dict)
    period_types: dict[str, str] = field(default_factory=dict)
    frequencies: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    area_types: dict[str, str] = field(default_factory=dict)


def kind_in(code: str, area_type: str) -> str:
    """The workbook's kind of an area, by the publisher's type or by its code; blank where there is none."""
    if area_type.casefold() == "gps" or (not area_type and _PRACTICE.fullmatch(code)):
        return "practice"
    kind = kind_of(code)
    return "sub-icb" if kind == "ccg" else kind  # the download began when locations had taken over the codes


def sighting(code: str, kind: str, name: str) -> Sighting:
    """The area as the list names it; a location carries its ODS code in its name."""
    there = base.sighting(code, name) if kind == "sub-icb" else None
    return Sighting(kind, code, there.ods if there else "", name)


def read_lists(table: Table, faults: list[Fault]) -> Lists:
    """What the lists beside a file of figures say, and in the faults which they are."""
    lists = Lists()
    for one in table.beside.get(INDICATOR_LIST, ()):
        for _, measure, row in told(one):
            number = row["IndicatorID"]
            lists.indicators[number] = _completed(lists.indicators.get(number), measure)
            lists.period_types.setdefault(number, row["PeriodType"])
            lists.frequencies.setdefault(number, row["Frequency"])
    for one in table.beside.get(AREA_LIST, ()):
        rows = one.frame[["AreaCode", "AreaName", "AreaType"]].itertuples(index=False, name=None)
        for code, name, kind in rows:
            lists.names.setdefault(code, name)
            lists.area_types.setdefault(code, kind)
    for form, what in (
        (INDICATOR_LIST, "Names, units and periods of indicators"),
        (AREA_LIST, "Names of areas"),
    ):
        files = [one.file for one in table.beside.get(form, ())]
        problem = f"{what} were read from {listed(files)}." if files else _MISSING[form]
        faults.append(
            Fault(problem, "Nothing needs doing." if files else _PUT_BESIDE[form], None, None, "warns")
        )
    return lists


_MISSING = {
    INDICATOR_LIST: "The list of indicators neither came with the file nor lies beside it.",
    AREA_LIST: "The list of areas neither came with the file nor lies beside it.",
}
_PUT_BESIDE = {
    INDICATOR_LIST: "Put it (ftnext_indicators.csv, ftnext_indicator_metadata.json) in the same folder, or name it too.",
    AREA_LIST: "Areas keep the names that are known, or their codes. Put it (ftnext_areas.csv) in the same folder.",
}


def told(table: Table) -> Iterable[tuple[int, Indicator, dict[str, str]]]:
    """Row, indicator and cells of each line of a list of indicators."""
    for at, cells in zip(table.frame.index, table.frame.to_dict("records"), strict=True):
        row = {str(column): str(cell) for column, cell in cells.items()}
        number = row["IndicatorID"]
        if re.fullmatch(r"[0-9]{1,9}", number) and row["IndicatorName"]:
            yield int(at), _measure(number, row), row


def _measure(number: str, row: dict[str, str]) -> Indicator:
    name = row["IndicatorName"]
    kind = _VALUE_TYPES.get(row["ValueType"].casefold(), row["ValueType"].casefold())
    unit, per = _unit(row["UnitLabel"], row["UnitValue"], kind)
    method = row["CiMethod"]
    stated = method and method.casefold() not in ("none", "no confidence intervals available")
    return Indicator(
        id=f"ft-{number}",
        name=name,
        unit=unit,
        per=per,
        polarity=_polarity(row["Polarity"], name)[0],
        value_type=kind,
        source=f"{SOURCE}; {row['DataSource']}" if row["DataSource"] else SOURCE,
        licence=base.OGL,
        note=f"Intervals: {method}." if stated and "see below" not in method else "",
    )


def _unit(label: str, size: str, kind: str) -> tuple[str, int]:
    if not label and kind == "proportion":
        return "%", 100
    if not label and kind in ("count", "years"):
        return ("years" if kind == "years" else ""), 0
    per = int(float(size)) if re.fullmatch(r"[0-9]+(\.0+)?", size) and float(size) > 1 else 0
    return label, per


def _polarity(text: str, name: str) -> tuple[str, bool]:
    """Low, high or none; and whether the list contradicts the indicator's own name, when none is safer."""
    told = {"low is good": "low", "high is good": "high"}.get(text.casefold(), "none")
    doubtful = (told == "low" and bool(_LOW_IS_WORSE.search(name))) or (
        told == "high" and bool(_HIGH_IS_WORSE.search(name))
    )
    return ("none" if doubtful else told), doubtful


def _completed(there: Indicator | None, told: Indicator) -> Indicator:
    """What is known of an indicator, its gaps filled by what a list tells."""
    if there is None:
        return told
    return replace(
        there,
        name=told.name if there.name == nameless(there.id) else there.name,
        unit=there.unit or told.unit,
        per=there.per or told.per,
        polarity=told.polarity if there.polarity == "none" and not there.value_type else there.polarity,
        value_type=there.value_type or told.value_type,
        source=told.source if there.source in ("", SOURCE) else there.source,
        note=there.note or told.note,
    )


def nameless(id: str) -> str:
    """What an indicator is called of which only the number is known."""
    return f"Fingertips indicator {id.removeprefix('ft-')}"


def read_indicators(table: Table, known: Known) -> Parsed:
    """The list of indicators by itself: what an import left without name or unit is completed."""
    faults = list[Fault]()
    check.filled(table.frame, ["IndicatorID", "IndicatorName"], faults)
    made: dict[str, Indicator] = {}
    doubtful = []
    for at, one, row in told(table):
        made[one.id] = _completed(made.get(one.id) or known.indicators.get(one.id), one)
        if _polarity(row["Polarity"], row["IndicatorName"])[1] and one.id not in known.indicators:
            doubtful.append((at, one.name, row["Polarity"]))
    for at, name, text in doubtful:
        faults.append(
            Fault(
                f"The list says {text!r} of {name}.",
                "That looks the wrong way round, so the indicator is shown without a judgement.",
                at,
                "Polarity",
                "warns",
            )
        )
    return Parsed(indicators=list(made.values()), faults=faults)


def read_areas(table: Table, known: Known) -> Parsed:
    """The list of areas by itself: names of councils, boards, locations and regions.

    Practices and networks get no place in the list of areas until figures are about them.
    """
    areas: dict[str, Sighting] = {}
    for code, name in zip(table.frame["AreaCode"], table.frame["AreaName"], strict=True):
        kind = kind_in(code, "")
        if kind and kind != "practice" and name:
            areas.setdefault(code, sighting(code, kind, name))
    return Parsed(areas)


INDICATORS = Format(
    id=INDICATOR_LIST,
    title="Fingertips list of indicators",
    required=("IndicatorID", "IndicatorName", "Polarity", "ValueType", "PeriodType", "Frequency"),
    optional=("UnitLabel", "UnitValue", "CiMethod", "DataSource"),
    quiet=True,
    read=read_indicators,
    source=SOURCE,
)

AREAS = Format(
    id=AREA_LIST,
    title="Fingertips list of areas",
    required=("AreaCode", "AreaName", "AreaType", "AreaTypeCode"),
    quiet=True,
    read=read_areas,
    source=SOURCE,
)
