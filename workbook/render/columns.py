"""How wide a table's columns are drawn where the format does not find out by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbook.blocks import Column, Table
from workbook.render.text import figures_only, heading, printed

_TYPE = 9.0  # points, while a table has fewer columns than _MANY
_MANY = 8
_SMALL_TYPES = (7.5, 7.0)
_UPRIGHT, _ACROSS = 170, 257  # millimetres of a line on A4, upright and across
_CHARACTER = 0.185  # millimetres that an average character takes for each point of type

_PADDING = 1.8  # characters of white space beside a cell
_LONGEST_TEXT = 220  # longer text asks for no more
_LONGEST_WORD = 16
_BOLD = 1.2  # headings are bold, and a word of them must not break


@dataclass(frozen=True)
class Layout:
    """Relative column widths, the share of the line they need, and the size of type."""

    widths: tuple[float, ...]
    share: float
    points: float
    landscape: bool


def layout(table: Table) -> Layout:
    """Widths in proportion to what the columns hold; a narrow table does not fill the line.

    A table of many columns takes smaller type, and a page across where even
    its longest words do not fit an upright one.
    """
    texts = printed(table)
    floors = _floors(table, texts)
    needs = [max(n, f) for n, f in zip(_needs(table, texts), floors, strict=True)]  # a bold year would break
    points, landscape = _type(len(needs), sum(floors))
    line = _line(_ACROSS if landscape else _UPRIGHT, points)
    if sum(needs) <= line:
        return Layout(tuple(needs), round(max(sum(needs) / line, 0.3), 3), points, landscape)
    wants = [max(n - f, 0) for n, f in zip(needs, floors, strict=True)]
    portion = max(line - sum(floors), 0) / (sum(wants) or 1)
    widths = tuple(round(f + w * portion, 2) for f, w in zip(floors, wants, strict=True))
    return Layout(widths, 1.0, points, landscape)


def _type(columns: int, floor: float) -> tuple[float, bool]:
    """The size of type, and whether the table needs a page across."""
    if columns < _MANY:
        return _TYPE, False
    fitting = [points for points in _SMALL_TYPES if floor <= _line(_UPRIGHT, points)]
    return (fitting[0], False) if fitting else (_SMALL_TYPES[0], True)


def _line(millimetres: float, points: float) -> float:
    """Characters that fit a line."""
    return millimetres / (points * _CHARACTER)


def _needs(table: Table, texts: list[list[str]]) -> list[float]:
    """Characters every column would like: its longest cell on one line.

    Where that is too much, room is shared in this proportion, so that long
    and short columns run over about as many lines.
    """
    needs = []
    for i, column in enumerate(table.columns):
        longest = max((len(line) for row in texts for line in row[i].split("\n")), default=0)
        needs.append(round(max(min(longest, _LONGEST_TEXT), _heading_need(column)) + _PADDING, 2))
    return needs


def _heading_need(column: Column) -> float:
    """Characters for the heading on two lines, its longest word whole."""
    words = heading(column)
    return max(math.ceil(len(words) / 2) if len(words) > 12 else len(words), _word(words))


def _floors(table: Table, texts: list[list[str]]) -> list[float]:
    """Characters no column goes below: the whole of a figure, the longest word of a text."""
    figures = figures_only(table)
    floors = []
    for i, column in enumerate(table.columns):
        held = [len(row[i]) if figures[i] and not row[i][:1].isalpha() else _word(row[i]) for row in texts]
        floors.append(min(max([*held, _BOLD * _word(heading(column))]), _LONGEST_WORD) + _PADDING)
    return floors


def _word(text: str) -> int:
    return max((len(w) for w in text.split()), default=1)
