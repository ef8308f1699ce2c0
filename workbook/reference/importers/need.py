"""NHS England's practice-level need-weighted populations, as a need index for each integrated care board."""

from __future__ import annotations

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table

REGISTERED = "Population"
COMPONENTS = {
    "G&A WP": ("general-and-acute", "General and acute"),
    "CS WP": ("community", "Community services"),
    "MH WP": ("mental-health", "Mental health"),
    "Mat WP": ("maternity", "Maternity"),
    "Health Ineq WP": ("health-inequalities", "Health inequalities"),
    "Prescr WP": ("prescribing", "Prescribing"),
    "Final WP": ("overall", "Overall"),
    "Primary Medical Care WP": ("primary-medical-care", "Primary medical care"),
    "Final PMC WP": ("primary-medical-care-overall", "Primary medical care, overall"),
}


def read(table: Table, known: Known) -> Parsed:
    """The need index of each board: (weighted / registered of the board) / (the same of England).

    The practices themselves are not kept.
    """
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["Practice_Code", "ICB", "ICBname"], faults)
    figures = pd.DataFrame({c: check.numbers(frame, c, faults) for c in (REGISTERED, *COMPONENTS)})
    for column in figures:
        check.not_negative(figures, str(column), faults, str(column))
    _say_empty(figures, faults)
    kept = check.once(
        figures.assign(practice=frame["Practice_Code"], icb=frame["ICB"]),
        ["practice"],
        ["icb", *figures.columns],
        faults,
        "Practice_Code",
        lambda c: f"practice {c['practice']}",
    )
    names = frame.groupby("ICB", sort=False)[["ICBname", "Region"]].first()
    areas = {
        str(row.Index): Sighting("icb", ods=str(row.Index), name=str(row.ICBname), region=str(row.Region))
        for row in names.itertuples()
    }
    return Parsed(areas, need=_index(kept), faults=faults)


def _index(practices: pd.DataFrame) -> pd.DataFrame:
    columns = [REGISTERED, *COMPONENTS]
    boards = practices.groupby("icb")[columns].sum()
    england = practices[columns].sum()
    parts = []
    for column, (component, label) in COMPONENTS.items():
        ratio = (boards[column] / boards[REGISTERED]) / (england[column] / england[REGISTERED])
        parts.append(
            pd.DataFrame(
                {"area": boards.index, "component": component, "label": label, "index": ratio.values}
            )
        )
    return pd.concat(parts, ignore_index=True)


def _say_empty(figures: pd.DataFrame, faults: list[Fault]) -> None:
    check.warn(
        faults,
        figures.index[figures[REGISTERED].fillna(0) == 0],
        REGISTERED,
        "The practice has no registered population",
        "It adds nothing to its board; nothing needs doing.",
    )


FORMAT = Format(
    id="icb-need",
    title="Need-weighted populations by GP practice",
    required=("Practice_Code", "ICB", "ICBname", "Region", REGISTERED, *COMPONENTS),
    optional=(
        "GP_Practice_Name",
        "Practice_Postcode",
        "Latitude",
        "Longitude",
        "CCG",
        "Former CCG",
        "PCN_Code",
        "PCN_Name",
        "LOC",
        "LOCname",
        "Rcode",
        "LAD",
        "LTLA",
        "LA",
        "UTLA",
        "Patients",
    ),
    harmless=("Practice_Postcode",),  # where a practice stands, not where anybody lives
    read=read,
    source="ICB allocations, need-weighted populations, NHS England",
)
