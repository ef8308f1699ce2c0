"""The measures of the seven ambitions: those of 2014, what has become of them, and what can stand in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.reference import records

if TYPE_CHECKING:
    from workbook.reference.catalogue import Reference


@dataclass(frozen=True)
class AmbitionMeasure:
    """One measure of one ambition.

    ``measure`` and ``successor`` are ids of indicators; ``measure`` is blank in
    the row that says that there is no series. ``level`` is the kind of area it
    was published for ("none" where there is none). ``status`` is that of an
    indicator, or "proxy" (stands in) or "none" (no series). ``break_years`` are
    the first years after a break.
    """

    number: int
    measure: str
    name: str
    used_in_2014: bool = False
    level: str = ""
    status: str = ""
    successor: str = ""
    break_years: tuple[int, ...] = ()
    note: str = ""
    source: str = ""


def of_ambition(reference: Reference, number: int) -> list[AmbitionMeasure]:
    """The measures of one ambition, in the order of data/ambition_measures.csv."""
    return [m for m in _measures(reference.data) if m.number == number]


@lru_cache(maxsize=4)
def _measures(data: Path) -> tuple[AmbitionMeasure, ...]:
    return tuple(records.load(AmbitionMeasure, data / "ambition_measures.csv"))
