"""Figures of the source documents as printed, and where they contradict themselves.

The tables ship exactly as their sources print them. What cannot be true is
said, never mended: which of two figures is the misprint is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbook.methods import rounding
from workbook.words import number

if TYPE_CHECKING:
    from workbook.reference.catalogue import Reference


@dataclass(frozen=True)
class Contradiction:
    """Two printed figures that cannot both be true: where, the sentence, the source.

    ``kind``: "product" (people x spend), "sum" (parts of a total), "risk" (share of risk against share of the
    fund), "two-totals" (two published totals of one body and year).
    """

    where: str
    sentence: str
    source: str
    place: str = ""  # the code of the place, where it concerns one
    kind: str = ""


def contradictions(reference: Reference) -> list[Contradiction]:
    """Everything in the printed tables that contradicts itself, each figure allowed half its last digit."""
    return [*_segments(reference), *_sums(reference), *_risk(reference), *_two_totals(reference)]


def _segments(reference: Reference) -> list[Contradiction]:
    """Thousands of people times pounds a head against millions of pounds (ODR-14)."""
    found = []
    for row in _rows(reference.segments()):
        figures = row["population_thousands"], row["spend_per_head"], row["total_m"]
        if row["total"] or any(figure != figure for figure in figures):
            continue
        people, spend, total = figures
        check = rounding.product_holds(people, 1, spend, 0, total, 1, scale=1 / 1000)
        if not check.holds:
            found.append(
                Contradiction(
                    f"Devon, {row['age']}, {row['segment'].lower()}",
                    f"{number(people, 1)} thousand people at {number(spend, 0, '£')} a head come to "
                    f"{number(check.lower, 1, '£ million')} to {number(check.upper, 1, '£ million')}, "
                    f"and {number(total, 1, '£ million')} is printed.",
                    row["source"],
                    "PLACE-devon",
                    "product",
                )
            )
    return found


def _sums(reference: Reference) -> list[Contradiction]:
    """The parts of a place against its total (TDC-16)."""
    table = reference.places()
    found = []
    for (place, measure), rows in table[table["value"].notna()].groupby(["place", "measure"]):
        parts, totals = rows[rows["part"] != "total"], rows[rows["part"] == "total"]
        if len(parts) < 2 or len(totals) != 1:
            continue
        total = totals.iloc[0]
        decimals = int(total["decimals"])
        if not rounding.sum_holds(list(parts["value"]), decimals, float(total["value"]), decimals).holds:
            found.append(
                Contradiction(
                    f"{reference.area(str(place)).name}, {measure}",
                    f"The parts add up to {number(float(parts['value'].sum()))}, "
                    f"and {number(float(total['value']))} is printed.",
                    str(total["source"]),
                    str(place),
                    "sum",
                )
            )
    return found


def _risk(reference: Reference) -> list[Contradiction]:
    """The commissioner's share of an overspend against its share of the pooled fund (TDC-08)."""
    printed = {(r["place"], r["measure"], r["part"]): r for r in _rows(reference.places())}
    found = []
    for (place, measure, part), fund in printed.items():
        risk = printed.get((place, "overspend-risk-share", "ccg"))
        budget = printed.get((place, "ccg-budget", "total"))
        if (measure, part) != ("pooled-fund", "total") or not (risk and budget):
            continue
        low, high = rounding.interval(fund["value"], int(fund["decimals"]))
        share = 100 * budget["value"] / fund["value"]
        lower, upper = 100 * budget["value"] / high, 100 * budget["value"] / low
        least, most = rounding.interval(risk["value"], int(risk["decimals"]))
        if upper < least or lower > most:
            found.append(
                Contradiction(
                    f"{reference.area(place).name}, pooled fund",
                    f"The commissioner bears {risk['printed']} of an overspend, called approximately in proportion "
                    f"to contributions, and its printed budget is {share:.0f}% of the fund. "
                    "Neither is derived from the other here.",
                    risk["source"],
                    place,
                    "risk",
                )
            )
    return found


def _two_totals(reference: Reference) -> list[Contradiction]:
    """A commissioner's printed budget against another published total of the same year (TDC-16).

    The other total is the imported allocation where there is one, else the rounded figure that ships.
    """
    rows = _rows(reference.places())
    shipped = {(r["place"], r["part"]): r for r in rows if r["measure"] == "ccg-allocation"}
    held = reference.series("allocation", kind="ccg") if "allocation" in reference.available() else None
    found = []
    for row in rows:
        if row["measure"] != "ccg-budget":
            continue
        name = reference.area(row["place"]).name.split(" (")[0] if row["part"] == "total" else row["part"]
        imported = _imported_totals(held, name, row)
        other = shipped.get((row["place"], row["part"]))
        for words in imported if imported or not other else _shipped_total(other, row):
            found.append(
                Contradiction(
                    f"{name}, budget {row['period']}", words, row["source"], row["place"], "two-totals"
                )
            )
    return found


def _imported_totals(held: Any, name: str, row: dict[str, Any]) -> list[str]:
    """One sentence for each imported allocation of that body and year that is another figure."""
    if held is None:
        return []
    same = held[(held["area_name"].map(_plain) == _plain(name)) & (held["period"] == row["period"])]
    return [
        f"{number(row['value'], 0, '£000s')} is printed and the imported allocation is "
        f"{number(float(value), 0, '£000s')}: probably another scope. Name which one is meant."
        for value in same["value"]
        if abs(value - row["value"]) > 0.5
    ]


def _shipped_total(other: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """The rounded total of the other series that ships, where it cannot be the printed one."""
    low, high = rounding.interval(other["value"], int(other["decimals"]))
    millions = row["value"] / 1000
    if low <= millions <= high:
        return []
    return [
        f"{number(millions, 1, '£ million')} is printed, and another published series ({other['source']}) gives "
        f"{number(other['value'], 1, '£ million')} for the same body and year: probably another scope. "
        "Name which one is meant."
    ]


def remarks(reference: Reference, place: str) -> list[str]:
    """What is easily misread in the printed segments of a place (ODR-14), each remark once with where it stands."""
    if place != "PLACE-devon":
        return []
    where: dict[str, list[str]] = {}
    for row in _rows(reference.segments()):
        if not row["total"] and row["note"] == row["note"] and row["note"]:
            where.setdefault(str(row["note"]), []).append(f"{row['segment']}, {row['age']}")
    return [f"{' and '.join(cells)}: {note}" for note, cells in where.items()]


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
