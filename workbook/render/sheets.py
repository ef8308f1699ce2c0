"""What a spreadsheet is made of, before it is written: sheets, tables, cells, names, and where everything stands."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbook.render.text import clean

LONGEST = 32_000  # characters; a cell holds 32,767
LONGEST_NAME = 31  # characters of a sheet's name
LONGEST_HEAD = 250  # characters of a heading; a table's column holds 255
_WIDEST, _NARROWEST = 52, 9  # characters of a column
OWN = "own"  # the number format of a column in which every figure shows the decimals it has
YEAR = "0"


@dataclass(frozen=True)
class Link:
    """A cell that leads to a place in the workbook: ``target`` is "'Sheet'!A1"."""

    text: str
    target: str


@dataclass(frozen=True)
class State:
    """A cell that says in words, and by its fill too, whether something is in order."""

    text: str
    good: bool


@dataclass(frozen=True)
class Figure:
    """A figure that shows so many decimals whatever its column does."""

    value: float
    decimals: int


Value = str | int | float | Link | State | Figure


@dataclass(frozen=True)
class Grid:
    """One table: its name in the file, title, headings, cells, and the number format of each column ("" for words).

    ``above``: sentences between the title and the headings.
    """

    id: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    shapes: tuple[str, ...]
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its title in A1, sentences below that, and its tables."""

    name: str
    title: str
    grids: tuple[Grid, ...]
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cover:
    """The first sheet: a title, and blocks of lines each under a heading ("" for none)."""

    title: str
    blocks: tuple[tuple[str, tuple[str, ...]], ...]


def shape_of(places: int) -> str:
    """The number format for so many decimals."""
    return "#,##0" + ("." + "0" * places if places else "")


# --- names --------------------------------------------------------------------------


def sheet_name(text: str) -> str:
    """The text as a sheet's name: no odd characters, at most 31, cut at the end of a word."""
    words = " ".join(re.sub(r"[^\w ().,-]+", " ", clean(text)).split()).lstrip(" ,;-.")
    return (textwrap.wrap(words, LONGEST_NAME) or ["Table"])[0].rstrip(" ,;-.")


def place(sheet: str, row: int = 0, column: int = 0) -> str:
    """Where a link leads: "'Finance'!B7" of row 6 and column 1, counted from nought."""
    more, last = divmod(column, 26)
    letters = (chr(ord("A") + more - 1) if more else "") + chr(ord("A") + last)
    return f"'{sheet}'!{letters}{row + 1}"


def unique(headings: Iterable[str]) -> tuple[str, ...]:
    """Headings of which no two are alike, capitals aside: a spreadsheet's table must not repeat one."""
    made: list[str] = []
    seen: set[str] = set()
    for wish in headings:
        wish = wish[:LONGEST_HEAD] or "Column"
        name, n = wish, 2
        while name.casefold() in seen:
            name, n = f"{wish} {n}", n + 1
        seen.add(name.casefold())
        made.append(name)
    return tuple(made)


@dataclass
class TableNames:
    """The names of tables, of which no two in a file may be alike."""

    given: set[str] = field(default_factory=set)

    def of(self, id: str) -> str:
        plain = re.sub(r"[^a-z0-9]+", "_", id.lower()).strip("_")[:200]
        plain = plain if plain.startswith(("table_", "figure_")) else f"table_{plain}"
        name, n = plain, 2
        while name in self.given:
            name, n = f"{plain}_{n}", n + 1
        self.given.add(name)
        return name


# --- where things stand ---------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """Column widths in characters, and for every table of a sheet the row of its headings, counted from nought."""

    widths: tuple[float, ...]
    above: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]  # the sentences of every table, cut to the width of the sheet
    heads: tuple[int, ...]


def layout(sheet: Sheet) -> Layout:
    """Where the tables of a sheet stand."""
    widths = _widths(sheet.grids)
    room = int(max(sum(widths), 70))
    above = _cut((*sheet.above, _holds(len(sheet.grids))), room)
    row, lines, heads = 1 + len(above), [], []
    for grid in sheet.grids:
        lines.append(_cut(grid.above, room))
        row += len(lines[-1]) + titled(sheet)
        heads.append(row)
        row += len(grid.rows) + 2  # a row of nothing between tables
    return Layout(widths, above, tuple(lines), tuple(heads))


def titled(sheet: Sheet) -> int:
    """Rows for the title of a table: none where the sheet's own title says it."""
    return int(len(sheet.grids) > 1)


def _holds(count: int) -> str:
    if count == 1:
        return "This sheet holds one table."
    return f"This sheet holds {count} tables, one below another; a row of nothing stands between them."


def _cut(lines: Iterable[str], room: int) -> tuple[str, ...]:
    """The sentences, those too long for the width of the sheet on several rows."""
    return tuple(part for line in lines if line for part in _wrapped(clean(line)[:LONGEST], room))


def _widths(grids: Sequence[Grid]) -> tuple[float, ...]:
    """Column widths in characters: what a column of any table holds on one line, within reason."""
    made: list[float] = []
    for grid in grids:
        for i, (name, shape) in enumerate(zip(grid.headings, grid.shapes, strict=True)):
            longest = max((_length(row[i], shape) for row in grid.rows), default=0)
            head = max(max(map(len, name.split()), default=0), len(name.split("\n")[0]) / 2)
            wish = min(max(longest, head, _NARROWEST), _WIDEST) * 1.15 + 2
            if i < len(made):
                made[i] = max(made[i], wish)
            else:
                made.append(wish)
    return tuple(made)


def _length(value: Value, shape: str) -> int:
    if isinstance(value, str):  # as most are
        return len(value) if "\n" not in value else max(map(len, value.split("\n")))
    if isinstance(value, (Link, State)):
        return len(value.text)
    if isinstance(value, Figure):
        return len(f"{value.value:,.{value.decimals}f}")
    return len(f"{value:,.2f}" if "." in shape or shape == OWN else f"{value:,.0f}")


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a column so many characters wide."""
    if len(text) <= width and "\n" not in text:
        return 1
    return sum(len(_wrapped(line, max(int(width), 4))) for line in text.split("\n"))


@functools.lru_cache(maxsize=4096)  # the packs of a batch hold mostly the same sentences
def _wrapped(line: str, width: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(line, width)) or ("",)
