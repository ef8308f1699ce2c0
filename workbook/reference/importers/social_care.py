"""Adult social care measures by council (Office for Local Government, from ASCOF and workforce figures)."""

from __future__ import annotations

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting, kind_of
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator

#: code of the file: id, name, unit, polarity
MEASURES = {
    "ASC1": ("ascof-carer-quality-of-life", "Quality of life of unpaid carers", "out of 12", "high"),
    "ASC2": (
        "ascof-quality-of-life",
        "Quality of life from social care, adjusted for need",
        "out of 1",
        "high",
    ),
    "ASC3": ("ascof-information-users", "People using social care who find information easily", "%", "high"),
    "ASC4": ("ascof-information-carers", "Carers who find information easily", "%", "high"),
    "ASC5": (
        "ascof-short-term-services",
        "New users of short-term services who then need no ongoing support",
        "%",
        "high",
    ),
    "ASC6": ("ascof-requests", "Requests for support that led to a service", "per 100,000", "none"),
    "ASC7": ("ascof-workforce-turnover", "Turnover of the social care workforce", "%", "low"),
}


def read(table: Table, known: Known) -> Parsed:
    """One series a measure (``ascof-...``) by council and financial year; the file has no intervals."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["Financial year", "Local authority code", "Code"], faults)
    period = base.read_periods(frame, "Financial year", faults)
    check.refuse(
        faults,
        frame[~frame["Code"].isin([*MEASURES, ""])],
        "Code",
        lambda c: f"{check.shown(c['Code'])} is a measure the workbook does not know.",
        "Delete its rows, or bring them in the template for local figures.",
    )
    value = check.numbers(frame, "Value", faults)
    zero = (value == 0) & frame["Code"].isin(["ASC2", "ASC5"])
    check.warn(
        faults,
        frame.index[zero],
        "Value",
        "A value of exactly 0, which no council can have: it stands for a figure that was not given",
        "It is kept as not available; ask the publisher.",
    )
    series = base.points(
        frame,
        indicator=frame["Code"].map(lambda code: MEASURES.get(code, ("",))[0]),
        area=frame["Local authority code"],
        period=period["period"],
        year=period["year"],
        age="18+ yrs",
        value=value.mask(zero),
        note=base.notes(
            base.note_where(check.suppressed(frame, "Value"), "suppressed"),
            base.note_where(zero, "printed as 0 and taken as not given"),
        ),
    )
    series = base.settle(series, faults, {"value": "Value"})
    firsts = frame.drop_duplicates("Local authority code")
    areas = {
        code: Sighting(kind_of(code) or "la", code, name=name, region=region)
        for code, name, region in zip(
            firsts["Local authority code"], firsts["Local authority name"], firsts["Region"], strict=True
        )
    }
    return Parsed(areas, series, indicators=_indicators(known), faults=faults)


def _indicators(known: Known) -> list[Indicator]:
    return [
        base.measure(
            known,
            id,
            name,
            unit=unit,
            polarity=polarity,
            per={"%": 100, "per 100,000": 100_000}.get(unit, 0),
            decimals=3 if unit == "out of 1" else 1,
            source=FORMAT.source,
        )
        for id, name, unit, polarity in MEASURES.values()
    ]


FORMAT = Format(
    id="social-care",
    title="Adult social care measures by council",
    required=("Financial year", "Local authority code", "Local authority name", "Measure", "Code", "Value"),
    optional=("Region", "Grouping", "Entity_Name", "MEDIAN", "MADs_from_median", "rank_order"),
    read=read,
    source="Adult social care measures, Office for Local Government, from the Adult Social Care Outcomes Framework",
)
