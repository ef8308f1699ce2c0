"""Publishers' lists of codes and look-ups between them: names of areas, and which lies within which.

The columns are known by how the publishers name them: the kind of area, two
digits of the year, and what stands there (CCG13CD, ccg21_name, icb24_code_nhs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.areas import Sighting, is_ons
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.lineage import LOCATIONS_FROM, is_group_code

_KINDS = {
    "ccg": "ccg",
    "sicbl": "sub-icb",
    "icb": "icb",
    "stp": "icb",
    "ltla": "la",
    "utla": "la",
    "lad": "la",
    "ctyua": "la",
    "region": "region",
    "rgn": "region",
    "nhser": "region",
    "ctry": "country",
}
_COLUMN = re.compile(
    rf"({'|'.join(_KINDS)})\s?(\d\d)?[ _]?(code nhs|code_nhs|code h|code_h|cdh|code|cd|name|nm)",
    re.IGNORECASE,
)
_ROLES = {"code": "code", "cd": "code", "name": "name", "nm": "name"}


@dataclass
class Group:
    """The columns of one kind of area: which of them is the ONS or ODS code, and which the name."""

    kind: str
    year: str
    columns: dict[str, str] = field(default_factory=dict)  # "code", "ods", "name" -> column


def groups(columns: list[str]) -> list[Group]:
    """The kinds of area that a list of codes is about, in the order of its columns."""
    found: dict[tuple[str, str], Group] = {}
    for column in columns:
        parts = _COLUMN.fullmatch(column.strip())
        if not parts:
            return []
        stem, year, role = parts[1].casefold(), parts[2] or "", parts[3].casefold().replace(" ", "_")
        group = found.setdefault((stem, year), Group(_KINDS[stem], f"20{year}" if year else ""))
        group.columns.setdefault(_ROLES.get(role, "ods"), column)
    return list(found.values())


def fits(table: Table) -> bool:
    """One or two kinds of area, each with a code, and no column of anything else."""
    found = groups(table.columns)
    return 1 <= len(found) <= 2 and all("code" in g.columns or "ods" in g.columns for g in found)


def read(table: Table, known: Known) -> Parsed:
    """Names of the areas; of two kinds, which area of the smaller kind lies within which of the larger."""
    frame, faults = table.frame, list[Fault]()
    found = sorted(
        groups(table.columns), key=lambda g: -frame[g.columns.get("code", g.columns.get("ods", ""))].nunique()
    )
    parts = [_cells(frame, group, faults) for group in found]
    region = parts[1]["name"] if len(found) == 2 and found[1].kind == "region" else None
    areas: dict[str, Sighting] = {}
    for group, cells in zip(found, parts, strict=True):
        regions = region if region is not None and group is found[0] else pd.Series("", index=frame.index)
        for code, ods, name, place in zip(cells["code"], cells["ods"], cells["name"], regions, strict=True):
            seen = base.sighting(code, name, ods, place) or Sighting(group.kind, code, ods, name, place)
            if (code or name) and (code or ods):
                areas.setdefault(code or ods, seen)
    links = [_locations(found[0], parts[0])] if found[0].kind == "sub-icb" else []
    if len(found) == 2:
        links.insert(0, _within(found, parts, faults))
    lineage = pd.concat(links) if links else None
    return Parsed(areas, lineage=lineage, faults=faults)


def _cells(frame: pd.DataFrame, group: Group, faults: list[Fault]) -> pd.DataFrame:
    cells = {role: frame[column] for role, column in group.columns.items()}
    blank = pd.Series("", index=frame.index)
    key = group.columns.get("code", group.columns.get("ods", ""))
    check.filled(frame, [key], faults)
    code, ods = cells.get("code", blank), cells.get("ods", blank)
    if "code" in cells and not code.map(is_ons).any():
        code, ods = blank, code  # a column called code that holds the codes of the NHS
    return pd.DataFrame({"code": code, "ods": ods, "name": cells.get("name", blank)})


def _key(cells: pd.DataFrame) -> pd.Series:
    return cells["code"].where(cells["code"] != "", cells["ods"])


def _within(found: list[Group], parts: list[pd.DataFrame], faults: list[Fault]) -> pd.DataFrame:
    small, large = parts
    rows = pd.DataFrame(
        {
            "old": _key(small),
            "old_name": small["name"],
            "new": _key(large),
            "new_name": large["name"],
            "on_date": "",
            "kind": "within",
            "source": _source(found),
        }
    )
    several = rows.drop_duplicates(["old", "new"]).groupby("old")["new"].transform("size") > 1
    check.warn(
        faults,
        several.index[several],
        None,
        "The area lies in two others of this list",
        "Both links are kept; figures are never split between them.",
    )
    return rows[rows["old"] != rows["new"]].drop_duplicates(["old", "new"])


def _locations(group: Group, cells: pd.DataFrame) -> pd.DataFrame:
    """The locations of boards that kept the code of a commissioning group in July 2022."""
    kept = cells[cells["code"].map(is_group_code)].drop_duplicates("code")
    return pd.DataFrame(
        {
            "old": kept["code"],
            "old_name": "clinical commissioning group " + kept["ods"].where(kept["ods"] != "", kept["code"]),
            "new": kept["code"],
            "new_name": kept["name"],
            "on_date": LOCATIONS_FROM,
            "kind": "continued",
            "source": _source([group]),
        }
    )


def _source(found: list[Group]) -> str:
    words = {"ccg": "clinical commissioning groups", "sub-icb": "sub-ICB locations", "icb": "boards"}
    words |= {"la": "councils", "region": "regions", "country": "countries"}
    named = " to ".join(" of ".join(filter(None, (words[g.kind], g.year))) for g in found)
    return f"Code list, {named}"


FORMAT = Format(
    id="codes",
    title="Code lists and look-ups of the publishers",
    required=(),
    read=read,
    fits=fits,
    source="Code lists, Office for National Statistics and NHS England",
)
