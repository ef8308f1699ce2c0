"""Text and cells as every document prints them: one way to show a value, a date, a long word."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any, TypeGuard

from workbook import words
from workbook.blocks import Cell, Column, Table

# Characters no document format can hold: controls, halves of a character, and two never-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONG_WORD = re.compile(r"\S{29,}")
_ZERO_WIDTH_SPACE = "\u200b"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_YEARS = range(1900, 2201)


def clean(text: object) -> str:
    """The text without characters that would make a document unreadable; line ends as one kind."""
    plain = str(text)
    if plain.isprintable():  # as nearly every cell is, of the hundreds of thousands that a pack looks at
        return plain
    return _UNPRINTABLE.sub("", plain.replace("\r\n", "\n").replace("\r", "\n"))


def breakable(text: str) -> str:
    """The text with places to break in words too long for a line (addresses, codes)."""
    return _LONG_WORD.sub(lambda m: _ZERO_WIDTH_SPACE.join(_pieces(m.group())), text)


def short(text: str, most: int) -> str:
    """The text, cut where it has more than ``most`` characters, as in the head of every page."""
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def _pieces(word: str, size: int = 12) -> list[str]:
    return [word[i : i + size] for i in range(0, len(word), size)]


def paragraphs(text: object) -> tuple[str, ...]:
    """A typed text as its paragraphs: one for every line that holds something."""
    return tuple(line.strip() for line in clean(text).split("\n") if line.strip())


def day(moment: datetime) -> str:
    """ "14 May 2026"."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def iso_day(text: str) -> str:
    """An ISO date as a reader says it; anything else as it is."""
    try:
        return day(datetime.fromisoformat(text))
    except ValueError:
        return text


def slug(text: str) -> str:
    """Letters, digits and hyphens only, for ids and bookmarks."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether the cell holds a figure (a yes or no is none)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_missing(value: Cell) -> bool:
    """Whether the cell holds nothing: no figure, not a number, or blank text."""
    if isinstance(value, float):
        return not math.isfinite(value)
    return value is None or (isinstance(value, str) and not clean(value).strip())


def is_year(column: Column, value: Cell) -> bool:
    """Whether the cell is a calendar year, which takes no thousands comma."""
    named = "year" in f"{column.name} {column.label}".lower()
    return named and not column.unit and is_number(value) and value in _YEARS


def decimals(table: Table, index: int) -> int | None:
    """The decimals of a column as described; None where every figure shows the decimals it has.

    A column without a description whose figures were worked out (more decimals
    than anyone types) takes as many as its size asks for.
    """
    column = table.columns[index]
    if column.decimals is not None:
        return column.decimals
    column_values = (row[index] for row in table.rows)
    figures = [float(v) for v in column_values if is_number(v) and not is_missing(v)]
    if all(decimals_of(f) <= _MOST_TYPED for f in figures):
        return None
    largest = max(abs(f) for f in figures)
    return 3 if largest < 1 else 2 if largest < 10 else 1


_MOST_TYPED = 4


def decimals_of(figure: float) -> int:
    """The decimals that a figure has."""
    return len(f"{figure:.9f}".rstrip("0").partition(".")[2])


def cell(column: Column, value: Cell, places: int | None, missing: str) -> str:
    """A cell as it is printed; the unit stands in the column's heading."""
    if is_missing(value):
        return missing
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if not is_number(value):
        return clean(value)
    return str(int(value)) if is_year(column, value) else words.number(value, places)


def printed(table: Table) -> list[list[str]]:
    """Every cell of the table as it is printed, row by row."""
    places = [decimals(table, i) for i in range(len(table.columns))]
    return [
        [cell(c, v, p, table.missing) for c, v, p in zip(table.columns, row, places, strict=True)]
        for row in table.rows
    ]


def heading(column: Column) -> str:
    """A column's heading with its unit."""
    label = clean(column.label)
    unit = clean(column.unit)
    return f"{label} ({unit})" if unit and f"({unit})" not in label else label


def figures_only(table: Table) -> list[bool]:
    """For every column, whether it holds figures (set to the right) or words (set to the left)."""
    return [_holds_figures([row[i] for row in table.rows]) for i in range(len(table.columns))]


def _holds_figures(values: list[Cell]) -> bool:
    there = [v for v in values if not is_missing(v)]
    return bool(there) and all(is_number(v) for v in there)


def column_notes(table: Table) -> list[str]:
    """The notes on columns as sentences under the table, then the table's own note."""
    notes = [f"{clean(c.label)}: {clean(c.note)}" for c in table.columns if c.note]
    return notes + ([clean(table.note)] if table.note else [])
