"""Inequality data pack of a research centre: boards by group of deprivation.

Worked out by the Health Equity Evidence Centre from published figures of practices; it is no official
statistic. The groups are of practices, by the deprivation of their patients. The file does not name the
ends: life expectancy falls and smoking rises from quin_1 to quin_4_5, so quin_1 is the least deprived.
"""

from __future__ import annotations

import re

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import ENGLAND, Sighting, plain_name
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator
from workbook.words import listed

CATEGORY_TYPE = "Deprivation group"
GROUPS = {
    "quin_1": "1 least deprived fifth",
    "quin_2": "2",
    "quin_3": "3",
    "quin_4_5": "4 and 5 most deprived fifths",
}
NOTE = "Worked out by a research centre from published figures of practices; not an official statistic."
_SURVEY = "answers to the GP Patient Survey"
#: name in the file: id, name, unit, polarity, factor
_NAMED = {
    "Life_Expectancy_Female": (
        "life-expectancy-female",
        "Life expectancy at birth, women",
        "years",
        "high",
        1,
    ),
    "Life_Expectancy_Male": ("life-expectancy-male", "Life expectancy at birth, men", "years", "high", 1),
    "payment_per_patient_all": (
        "payment-per-patient",
        "Payments to practices per patient",
        "£ per patient",
        "none",
        1,
    ),
    "overall_pct": (
        "survey-overall",
        f"Good overall experience of general practice, {_SURVEY}",
        "%",
        "high",
        100,
    ),
    "access_pct": ("survey-access", f"Good experience of making an appointment, {_SURVEY}", "%", "high", 100),
    "continuity_pct": ("survey-continuity", f"Sees the preferred professional, {_SURVEY}", "%", "high", 100),
    "trust_pct": ("survey-trust", f"Confidence and trust in the professional, {_SURVEY}", "%", "high", 100),
    "child_imms": ("child-immunisation", "Childhood immunisation", "%", "high", 1),
    "% QOF points achieved": ("qof-points", "QOF points achieved", "%", "high", 1),
    "Smoking prevalence in adults (15+) - current smokers (QOF)": (
        "smoking",
        "Smoking recorded by general practice, 15 and over",
        "%",
        "low",
        1,
    ),
}
_CARE = re.compile(r"^(Women|IFCC|Last BP)")
_PREVALENCE = re.compile(r"^(.+): QOF prevalence \((.+)\)$")


def read(table: Table, known: Known) -> Parsed:
    """Breakdowns (``heec-...``) of boards and England by four groups; England's average as its series.

    Kept are measures whose unit is plain. Staff, appointments and admissions are left out: the file does
    not say what they are counted per.
    """
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["Year", "Indicator", "ICB.NAME"], faults)
    measures = {name: _measure(name) for name in frame["Indicator"].unique()}
    left = [name for name, found in measures.items() if found is None]
    unread = frame["Indicator"].isin(left)
    check.warn(
        faults,
        frame.index[unread],
        "Indicator",
        f"The file does not say what {len(left)} of its measures are counted per, such as {listed(left[:2])}",
        "They are left out.",
    )
    _say_spellings(frame, faults)
    frame = frame[~unread]
    period = base.read_periods(frame, "Year", faults)
    chosen = frame["Indicator"].map(measures)
    england = frame["ICB.NAME"].str.casefold() == "england"
    common = {
        "indicator": chosen.map(lambda m: f"heec-{m[0]}"),
        "area": frame["ICB.NAME"].map(_key),
        "period": period["period"],
        "year": period["year"],
        "sex": chosen.map(
            lambda m: {"men": "Male", "women": "Female"}.get(m[1].rsplit(", ", 1)[-1], "Persons")
        ),
        "note": NOTE,
    }
    factor = chosen.map(lambda m: m[4]).astype(float)
    parts = []
    for column, category in GROUPS.items():
        part = base.points(
            frame,
            value=check.numbers(frame, column, faults) * factor,
            category_type=CATEGORY_TYPE,
            category=category,
            **common,
        )
        parts.append(base.settle(part[part["value"].notna()], faults, {"value": column}))
    # avg is England's in every row of a year; a board's own average is not in the file.
    whole = base.points(frame, value=check.numbers(frame, "avg", faults) * factor, **common)
    parts.append(base.settle(whole[england], faults, {"value": "avg"}))
    series = pd.concat(parts)
    indicators = [_indicator(found, known) for found in measures.values() if found]
    return Parsed(_areas(frame), series, indicators=indicators, faults=faults)


def _measure(name: str) -> tuple[str, str, str, str, int] | None:
    if name in _NAMED:
        return _NAMED[name]
    prevalence = _PREVALENCE.match(name)
    if prevalence:
        illness, ages = prevalence.groups()
        return f"qof-{base.slug(illness)}", f"{illness} on GP registers, {ages}", "%", "none", 1
    if _CARE.match(name):
        return base.slug(name.split(" (denominator")[0]), name, "%", "high", 1
    return None


def _key(name: str) -> str:
    return ENGLAND if name.strip().casefold() == "england" else plain_name(name)


def _areas(frame: pd.DataFrame) -> dict[str, Sighting]:
    areas = {ENGLAND: Sighting("country", ENGLAND, name="England")}
    for name in frame["ICB.NAME"].unique():
        if _key(name) != ENGLAND:
            areas.setdefault(_key(name), Sighting("icb", name=f"NHS {name} ICB"))
    return areas


def _say_spellings(frame: pd.DataFrame, faults: list[Fault]) -> None:
    spelt: dict[str, list[str]] = {}
    for name in frame["ICB.NAME"].unique():
        spelt.setdefault(_key(name), []).append(name)
    for names in spelt.values():
        if len(names) > 1:
            faults.append(
                Fault(
                    f"One board is spelt {len(names)} ways: {listed(names)}.",
                    "They were taken as one; nothing needs doing.",
                    int(frame.index[frame["ICB.NAME"] == names[1]][0]),
                    "ICB.NAME",
                    "warns",
                )
            )


def _indicator(found: tuple[str, str, str, str, int], known: Known) -> Indicator:
    id, name, unit, polarity, _ = found
    return base.measure(
        known,
        f"heec-{id}",
        f"{name} (research data pack)",
        unit=unit,
        polarity=polarity,
        per=100 if unit == "%" else 0,
        source=FORMAT.source,
        note=f"{NOTE} By group of practices, without intervals or numbers of people.",
    )


FORMAT = Format(
    id="heec-inequality",
    title="Inequality data pack: boards by group of deprivation",
    required=("Year", "Indicator", "ICB.NAME", *GROUPS, "avg"),
    read=read,
    source="Data pack of the Health Equity Evidence Centre (derived; not an official statistic)",
    licence="as the research centre states; the published figures beneath it: Open Government Licence v3.0",
)
