"""NHS England's Similar 10: the 11 variables of 2021 with their weights, and the list of peers of 2016."""

from __future__ import annotations

import functools

import pandas as pd

from workbook import paths
from workbook.errors import Fault
from workbook.reference import check, records
from workbook.reference.areas import Sighting
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator

YEAR = 2021  # registered patients of April 2021, as the file's sheet of descriptions says
_RANKS = range(1, 11)


@functools.cache
def variables() -> list[dict[str, str]]:
    """The rows of data/peer_variables.csv: indicator, label, weight, column of the file, factor."""
    return records.rows(paths.shipped("data") / "peer_variables.csv")


def read_inputs(table: Table, known: Known) -> Parsed:
    """One series a variable (``similar10-...``) for 2021; shares become percentages."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["CCGcode", "name"], faults)
    _weights(table, faults)
    parts = []
    for row in variables():
        column = row["column"]
        part = base.points(
            frame,
            indicator=row["indicator"],
            area=frame["CCGcode"],
            period=str(YEAR),
            year=YEAR,
            value=check.numbers(frame, column, faults) * float(row["factor"]),
        )
        check.not_negative(part, "value", faults, column)
        parts.append(base.settle(part, faults, {"value": column}))
    areas = {
        ods: Sighting("ccg", ods=ods, name=name)
        for ods, name in zip(frame["CCGcode"], frame["name"], strict=True)
    }
    return Parsed(areas, pd.concat(parts), indicators=_indicators(known), faults=faults)


def _indicators(known: Known) -> list[Indicator]:
    return [
        base.measure(
            known,
            row["indicator"],
            row["label"],
            unit=row["unit"],
            per=100 if row["unit"] == "%" else 0,
            source=INPUTS.source,
        )
        for row in variables()
    ]


def _weights(table: Table, faults: list[Fault]) -> None:
    """Say where the file's own weights differ from those the workbook works with."""
    for rows in table.sheets.values():
        if not rows or [c.casefold() for c in rows[0][:2]] != ["variable name", "weights"]:
            continue
        given = {row[0]: row[1] for row in rows[1:] if len(row) > 1}
        for row in variables():
            said = given.get(row["column"], "")
            if said and float(said) != float(row["weight"]):
                faults.append(
                    Fault(
                        f"The file weighs {row['label']} with {said}, the workbook with {row['weight']}.",
                        "Peers are worked out with the workbook's weight; change it in the plan if you mean the other.",
                        None,
                        row["column"],
                        "warns",
                    )
                )


def read_list(table: Table, known: Known) -> Parsed:
    """The ten peers of each group by rank, and the codes that changed between 2013 and 2016."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, ["CCG16CD", "CCG16CDH"], faults)
    names = {f"similar_ccg_{rank}": rank for rank in _RANKS}
    long = frame.melt(["CCG16CDH"], list(names), "column", "peer", ignore_index=False)
    long = long[long["peer"] != ""].assign(rank=lambda f: f["column"].map(names))
    alone = long[long["peer"] == long["CCG16CDH"]]
    check.refuse(
        faults,
        alone,
        None,
        lambda c: f"{c['peer']} is its own peer in column {c['column']}.",
        "Correct the code; a group is not compared with itself.",
    )
    peers = long.rename(columns={"CCG16CDH": "area"})[["area", "peer", "rank"]]
    peers = check.once(peers, ["area", "peer"], ["rank"], faults, describe=lambda c: f"{c['peer']} as a peer")
    areas = {
        ods: Sighting("ccg", code, ods, name)
        for code, ods, name in zip(frame["CCG16CD"], frame["CCG16CDH"], frame["CCG16NM"], strict=True)
    }
    areas |= {ods: Sighting("ccg", ods=ods) for ods in peers["peer"].unique() if ods not in areas}
    return Parsed(areas, peers=peers, lineage=_changed(frame), faults=faults)


def _changed(frame: pd.DataFrame) -> pd.DataFrame:
    changed = frame[(frame["CCG13CD"] != "") & (frame["CCG13CD"] != frame["CCG16CD"])]
    return pd.DataFrame(
        {
            "old": changed["CCG13CD"],
            "old_name": changed["CCG13NM"],
            "new": changed["CCG16CD"],
            "new_name": changed["CCG16NM"],
            "on_date": "",
            "kind": "continued",
            "source": "Similar 10 list of 2016, codes of 2013 and 2016",
        }
    )


INPUTS = Format(
    id="similar10-inputs",
    title="Similar 10 input data, 11 variables by CCG",
    required=("CCGcode", "name", *(row["column"] for row in variables())),
    read=read_inputs,
    source="Similar 10 CCG explorer tool, input data of April 2021, NHS England",
)
LIST = Format(
    id="similar10-list",
    title="Similar 10 list of 2016, ten peers for each CCG",
    required=("CCG16CD", "CCG16CDH", "CCG16NM", "CCG13CD", "CCG13NM", *(f"similar_ccg_{r}" for r in _RANKS)),
    read=read_list,
    source="Similar 10 list of 2016, NHS England",
)
