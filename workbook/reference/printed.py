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
    """Two printed figures that cannot both be true: where, the sentence, the source."""

    where: str
    sentence: str
    source: str
    place: str = ""  # the code of the place, where it concerns one


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
                )
            )
    return found


def _two_totals(reference: Reference) -> list[Contradiction]:
    """A commissioner's printed budget against the imported allocation of the same year (TDC-16)."""
    if "allocation" not in reference.available():
        return []
    held = reference.series("allocation", kind="ccg")
    found = []
    for row in _rows(reference.places()):
        if row["measure"] != "ccg-budget":
            continue
        name = reference.area(row["place"]).name.split(" (")[0] if row["part"] == "total" else row["part"]
        same = held[(held["area_name"].map(_plain) == _plain(name)) & (held["period"] == row["period"])]
        for value in same["value"]:
            if abs(value - row["value"]) > 0.5:
                found.append(
                    Contradiction(
                        f"{name}, budget {row['period']}",
                        f"{number(row['value'], 0, '£000s')} is printed and the imported allocation is "
                        f"{number(float(value), 0, '£000s')}: probably another scope. Name which one is meant.",
                        row["source"],
                    )
                )
    return found


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
