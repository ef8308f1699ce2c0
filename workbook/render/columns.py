"""How wide a table's columns are drawn where the format does not find out by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbook.blocks import Table
from workbook.render.text import figures_only, heading, printed

_MANY = 8  # from so many columns on, type may be smaller
_TYPE, _SMALL_TYPE = 9.0, 7.5  # points
_UPRIGHT, _ACROSS = 170, 257  # millimetres of a line on A4, upright and across
_CHARACTER = 0.19  # millimetres that an average character takes for each point of type

_PADDING = 2.5  # characters of white space beside a cell
_WIDEST = 46  # no column asks for more characters; longer text runs over several lines


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
    needs, floors = _needs(table), _floors(table)
    points = _TYPE if len(needs) < _MANY else _SMALL_TYPE
    landscape = len(needs) >= _MANY and sum(floors) > _line(_UPRIGHT, points)
    line = _line(_ACROSS if landscape else _UPRIGHT, points)
    if sum(needs) <= line:
        return Layout(tuple(needs), round(max(sum(needs) / line, 0.3), 3), points, landscape)
    wants = [max(n - f, 0) for n, f in zip(needs, floors, strict=True)]
    portion = max(line - sum(floors), 0) / (sum(wants) or 1)
    widths = tuple(round(f + w * portion, 2) for f, w in zip(floors, wants, strict=True))
    return Layout(widths, 1.0, points, landscape)


def _line(millimetres: float, points: float) -> float:
    """Characters that fit a line."""
    return millimetres / (points * _CHARACTER)


def _needs(table: Table) -> list[float]:
    """Characters every column would like: its longest cell on one line, within reason."""
    texts = printed(table)
    needs = []
    for i, column in enumerate(table.columns):
        longest = max((len(line) for row in texts for line in row[i].split("\n")), default=0)
        head = len(heading(column)) / (2 if len(heading(column)) > 12 else 1)
        needs.append(min(max(longest, math.ceil(head), _word(heading(column))), _WIDEST) + _PADDING)
    return [round(n, 2) for n in needs]


def _floors(table: Table) -> list[float]:
    """Characters no column goes below: the whole of a figure, a third of words, the longest word."""
    texts = printed(table)
    figures = figures_only(table)
    floors = []
    for i, column in enumerate(table.columns):
        cells = [row[i] for row in texts]
        held = [len(c) if figures[i] else max(_word(c), math.ceil(len(c) / 3)) for c in cells]
        floors.append(min(max([*held, _word(heading(column))]), 18) + _PADDING)
    return floors


def _word(text: str) -> int:
    return max((len(w) for w in text.split()), default=1)
