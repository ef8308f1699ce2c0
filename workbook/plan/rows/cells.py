"""One cell: how a value of a plan is written into it, and how what people type there is read back.

Reading is kind where there is no doubt ("45%", "£1,250", "31/03/2027", "2026/27" for a year, "Yes") and refuses
where there is one ("1,25", "1.2m", a year of two digits). A refusal is a :class:`Misfit`: what is wrong and what
to do about it, to which the caller adds file, sheet, row and column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workbook.plan.rows.tables import Column
from workbook.words import listed, number

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)")
# Wide signs too, and blanks before them: some spreadsheet programs take them alike.
_COMMAND = re.compile(r"'* *[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+(\.\d*)?|\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)
_THOUSANDS = re.compile("(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_BLANK = " \t\r\n\u00a0"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0"}
_NOTHING = "\\_"  # an item of a list that is the empty text


class Misfit(Exception):
    """A cell that cannot be read: what is wrong, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True)
class Cell:
    """What stands in a cell of a file: text, a number, yes or no, a date, or nothing.

    ``per_cent``: the spreadsheet shows the number as a percentage, 0.45 as 45%.
    """

    value: str | int | float | bool | date | None
    per_cent: bool = False

    @property
    def empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip(_BLANK))

    @property
    def text(self) -> str:
        """The value as it is quoted in a sentence, and as a text column takes it."""
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return self.value.isoformat() if isinstance(self.value, date) else str(self.value)


# --- writing --------------------------------------------------------------------


def written(column: Column, value: Any) -> str | int | float | date | None:
    """A value as it goes into its cell; None where the cell stays empty."""
    if value is None:
        return None
    if column.kind == "list":
        return joined(value) or None
    if column.kind == "yesno":
        return "yes" if value else "no"
    if column.kind in ("number", "integer"):
        return as_figure(value)
    if column.kind == "date":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    return str(value) or None


def as_figure(value: float | int) -> float | int:
    """A whole number without a decimal point."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return int(value) if whole else value


def joined(items: list[Any]) -> str:
    """The items of a list in one cell, with "; " between them; a semicolon in an item has a backslash before it."""
    return "; ".join(_item(i) for i in items)


def _item(value: Any) -> str:
    text = value if isinstance(value, str) else repr(as_figure(value))
    return text.replace("\\", "\\\\").replace(";", "\\;") or _NOTHING


def parted(text: str, also: str = "") -> list[str]:
    """The items that :func:`joined` put together; ``also`` names further separators, for numbers a comma."""
    items, item, held = [], "", False
    for letter in text:
        if held:
            item, held = item + "\\" + letter, False
        elif letter == "\\":
            held = True
        elif letter == ";" or letter in also:
            items.append(item)
            item = ""
        else:
            item += letter
    items.append(item + ("\\" if held else ""))
    found = [i.strip(_BLANK) for i in items]
    if found and not found[-1]:  # a separator after the last item is no further item
        found.pop()
    return ["" if i == _NOTHING else re.sub(r"\\([\\;])", r"\1", i) for i in found]


def escaped(text: str) -> str:
    """Text without the signs that no spreadsheet can hold: they are written as Excel writes them, ``_x000B_``."""
    return _UNFIT.sub(lambda m: "_x005F_x" if m[0] == "_x" else f"_x{ord(m[0]):04X}_", text)


def unescaped(text: str) -> str:
    """The text that :func:`escaped` was given; no code for half a character is taken."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda m: m[0] if 0xD800 <= int(m[1], 16) <= 0xDFFF else chr(int(m[1], 16)), text)


def guarded(text: str) -> str:
    """Text of a CSV file that no spreadsheet program takes for a command: an apostrophe stands before = + - @."""
    return f"'{text}" if _COMMAND.match(text) else text


def unguarded(text: str) -> str:
    """The text that :func:`guarded` was given."""
    return text[1:] if text.startswith("'") and _COMMAND.match(text) else text


# --- reading --------------------------------------------------------------------


def read(column: Column, cell: Cell) -> Any:
    """The value of a cell as the plan holds it. Raises Misfit."""
    if cell.empty and column.kind != "text":
        return _nothing(column)
    if column.kind == "list":
        return _list(column, cell)
    return _one(column, column.kind, cell)


def _nothing(column: Column) -> Any:
    if column.empty_is_none:
        return None
    if column.required:
        raise Misfit("the cell is empty.", f"Give {allowed(column)}; the workbook cannot do without.")
    return column.whole_default


def _list(column: Column, cell: Cell) -> list[Any]:
    figures = column.inner in ("number", "integer")
    if figures and isinstance(cell.value, int | float):
        return [_one(column, column.inner, cell)]
    items = parted(cell.text, "," if figures else "")
    return [_one(column, column.inner, Cell(item)) for item in items]


def _one(column: Column, kind: str, cell: Cell) -> Any:
    if kind == "number":
        return _figure(column, cell)
    if kind == "integer":
        return _whole(column, cell)
    if kind == "yesno":
        return _yesno(cell)
    if kind == "choice":
        return _choice(column, cell)
    return day(cell) if kind == "date" else cell.text


def _whole(column: Column, cell: Cell) -> int:
    year = re.fullmatch(r"\s*(\d{4})\s*[/-]\s*(\d{2}|\d{4})\s*", cell.text) if column.year else None
    if year:
        first, after = int(year[1]), int(year[2])
        if after not in (first + 1, (first + 1) % 100):
            raise Misfit(
                f"{_quoted(cell)} is no financial year.", "Write 2026/27, or the year it starts: 2026."
            )
        value: float = first
    else:
        value = _figure(column, cell)
    if not float(value).is_integer():
        raise Misfit(f"{_quoted(cell)} is not a whole number.", "Leave out the decimals.")
    return int(value)


def _figure(column: Column, cell: Cell) -> float:
    if isinstance(cell.value, bool | date):
        raise Misfit(f"{_quoted(cell)} is not a number.", _numbers(column))
    if isinstance(cell.value, int | float):
        value, percent = cell.value, cell.per_cent
        value = 100 * value if percent and column.per_cent else value
        if percent and not (column.per_cent or column.share):
            raise Misfit(f"the cell shows {100 * value:g}% where a plain number is asked.", _numbers(column))
    else:
        value = _typed(column, cell)
    return _within(column, cell, value)


def _typed(column: Column, cell: Cell) -> float:
    """A number typed as text: thousands marked or not, with £ or %, brackets for what is below zero."""
    typed = _THOUSANDS.sub("", cell.text.strip().replace("\u2212", "-"))
    below = re.fullmatch(r"\((.*)\)", typed)
    plain = f"-{below[1]}" if below else typed
    plain = plain.replace("£", "", 1)
    percent = plain.endswith("%")
    plain = plain.removesuffix("%")
    if not re.search(r"\d", plain) or not _NUMBER.fullmatch(plain):
        raise Misfit(f"{_quoted(cell)} is not a number.", _numbers(column))
    if percent and not (column.per_cent or column.share):
        raise Misfit(f"{_quoted(cell)} is a percentage where a plain number is asked.", _numbers(column))
    value = float(plain.replace(",", ""))
    if value in (float("inf"), float("-inf")):
        raise Misfit(f"{_quoted(cell)} is too large.", _numbers(column))
    return float(f"{value / 100:.15g}") if percent and column.share else value


def _within(column: Column, cell: Cell, value: float) -> float:
    if column.share and 1 < value <= 100 and not _shown_as_percent(cell):
        raise Misfit(
            f"{_quoted(cell)} is more than 1, and this is a share from 0 to 1.",
            f"Write {number(value / 100)} or {number(value)}%, if that is meant.",
        )
    if column.least is not None and value < column.least:
        raise Misfit(f"{_quoted(cell)} is too low.", f"Give {allowed(column)}.")
    if column.most is not None and value > column.most:
        raise Misfit(f"{_quoted(cell)} is too high.", f"Give {allowed(column)}.")
    return value


def _shown_as_percent(cell: Cell) -> bool:
    return cell.per_cent or (isinstance(cell.value, str) and cell.value.strip().endswith("%"))


def _yesno(cell: Cell) -> bool:
    said = cell.text.strip().casefold()
    if said in _YES or said in _NO:
        return said in _YES
    raise Misfit(f"{_quoted(cell)} is neither yes nor no.", "Write yes or no.")


def _choice(column: Column, cell: Cell) -> str:
    said = same(cell.text)
    for choice in column.choices:
        if same(choice) == said or (said and same(choice.replace("section-75", "section-75-pooled")) == said):
            return choice
    raise Misfit(
        f"{_quoted(cell)} is not one of the choices.",
        f"Write {listed([c for c in column.choices if c], 'or')}.",
    )


def same(text: str) -> str:
    """Text as it is compared: small letters and digits only."""
    return re.sub(r"[\W_]+", "", text.casefold())


def day(cell: Cell) -> date:
    """A date: of a date cell, as 2027-03-31, as 31/03/2027 (day first) or as 31 March 2027. Raises Misfit."""
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    typed = cell.text.strip()
    remedy = "Write it as 2027-03-31, as 31/03/2027 or as 31 March 2027."
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", typed)
    numbers = tuple(map(int, parts.groups())) if parts else None
    if (parts := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", typed)) is not None:
        numbers = (int(parts[3]), int(parts[2]), int(parts[1]))
    parts = re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", typed)
    if parts and parts[2][:3].casefold() in _MONTHS:
        numbers = (int(parts[3]), _MONTHS.index(parts[2][:3].casefold()) + 1, int(parts[1]))
    try:
        found = date(*numbers) if numbers and isinstance(cell.value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise Misfit(f"{_quoted(cell)} is not a date.", remedy)
    if not 1990 <= found.year <= 2100:
        raise Misfit(f"the year is {found.year}.", "A plan holds dates from 1990 to 2100.")
    return found


def _quoted(cell: Cell) -> str:
    text = " ".join(cell.text.split())
    return f"“{text[:60]}{'...' if len(text) > 60 else ''}”"


def _numbers(column: Column) -> str:
    return f"Give {allowed(column)}, in digits and without letters."


def allowed(column: Column) -> str:
    """What may stand in a column, in words."""
    if column.kind == "list":
        each = {"number": "numbers", "integer": "whole numbers"}.get(column.inner, "texts")
        return f"{each}{_range(column)} with ; between them"
    words = {
        "text": "text",
        "number": f"a number{_range(column)}",
        "integer": f"a financial year, 2026 or 2026/27{_range(column)}"
        if column.year
        else f"a whole number{_range(column)}",
        "yesno": "yes or no",
        "date": "a date, as 2027-03-31 or 31/03/2027",
        "choice": listed([c for c in column.choices if c], "or"),
    }
    return words[column.kind]


def _range(column: Column) -> str:
    if column.share:
        return " from 0 to 1, or a percentage such as 45%"
    if column.year:
        return ""
    if column.least is None and column.most is None:
        return ""
    low, high = number(column.least), number(column.most)
    large = column.most is not None and column.most >= 100_000
    if large and column.least == 0:
        return ", 0 or more"
    return ", below zero too" if large else f" from {low} to {high}"
