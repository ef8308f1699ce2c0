"""Dated assumptions: growth, price and efficiency, each with unit, range, source and status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbook.errors import BadInput


@dataclass(frozen=True)
class Assumption:
    """A figure the five-year projections rest on, and the years it holds for.

    ``to_year`` None means that it holds until another one takes over.
    ``status`` says whether a publisher has confirmed it or it is assumed.
    """

    id: str
    label: str
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None
    from_year: int = 0
    to_year: int | None = None
    status: str = "assumed"
    source: str = ""
    reference: str = ""
    applies_to: str = ""


def holding(id: str, year: int, known: Iterable[Assumption]) -> Assumption:
    """The assumption ``id`` that holds in ``year``; of several the one that started last.

    Raises:
        BadInput: no assumption of that id, or none that holds in that year.
    """
    same = [a for a in known if a.id == id]
    if not same:
        raise BadInput(
            f"There is no assumption {id!r}.", "The table data/assumptions.csv lists those that are known."
        )
    fitting = [a for a in same if a.from_year <= year and (a.to_year is None or year <= a.to_year)]
    if not fitting:
        years = ", ".join(f"{a.from_year} to {a.to_year or 'further notice'}" for a in same)
        raise BadInput(
            f"No value of {same[0].label!r} is known for {year}: it is given for {years}.",
            "Choose a year in that span, or enter a value for this year with a reason.",
        )
    return max(fitting, key=lambda a: a.from_year)
