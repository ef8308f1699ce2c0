"""What every sheet of a submission is laid out by: one row a line, one column a year, the unit in the heading."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbook.plan import Plan
from workbook.render.sheets import Figure, Grid, Value, unique
from workbook.render.text import clean
from workbook.words import financial_year

NO_FIGURE = "no figure"
NOT_NAMED = "not named"
MONEY = "GBP 000s"


@dataclass(frozen=True)
class Line:
    """A row: words in front, the figure of every year (None or NaN where there is none), its decimals."""

    words: tuple[Value, ...]
    values: tuple[float | None, ...]
    decimals: int = 0


def by_year(
    id: str,
    title: str,
    front: Sequence[str],
    years: Sequence[str],
    lines: Iterable[Line],
    *,
    unit: str = "",
    above: tuple[str, ...] = (),
    nothing: str = "",
) -> Grid:
    """The lines as a table; ``nothing`` is the sentence of its one row where there are none.

    ``unit`` stands in the heading of each year; "" where a column of ``front`` says it row by row.
    """
    heads = (*front, *(f"{year}\n({unit})" if unit else year for year in years))
    rows = tuple(_row(line) for line in lines)
    empty = ((nothing, *[NO_FIGURE] * (len(heads) - 1)),)
    shapes = ("",) * len(front) + ("#,##0",) * len(years)
    return Grid(id, title, unique(heads), rows or empty, shapes, above)


def _row(line: Line) -> tuple[Value, ...]:
    words = (clean(word) if isinstance(word, str) else word for word in line.words)
    front = (NOT_NAMED if isinstance(word, str) and not word.strip() else word for word in words)
    return (*front, *(figure(value, line.decimals) for value in line.values))


def figure(value: float | None, decimals: int = 0) -> Value:
    """A figure, or the word that there is none. A whole number shows no decimals that it does not have."""
    if value is None or not math.isfinite(value):
        return NO_FIGURE
    return Figure(float(value), decimals)


def years_of(plan: Plan) -> tuple[str, ...]:
    """The base year and the years of the plan, as financial years."""
    return tuple(financial_year(year) for year in (plan.base_year, *plan.years))


def status(plan: Plan, given: Iterable[str], *, later: str = "") -> str:
    """ "Confirmed", "assumed" or "partly assumed" of the entries behind a line, and whether they are synthetic."""
    kinds = set(given)
    said = "not entered" if not kinds else kinds.pop() if len(kinds) == 1 else "partly assumed"
    return ", ".join(part for part in (said, later, "synthetic" if plan.area.synthetic else "") if part)


LATER = "later years worked out"  # of a line that is entered for the base year and rolled forward


def wide(frame_rows: Iterable[Mapping[str, float]], key: str) -> tuple[float, ...]:
    """One column of rows that are sorted by year."""
    return tuple(float(row[key]) for row in frame_rows)
