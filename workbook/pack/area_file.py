"""The list of areas a batch is asked for: text with one code a line, or CSV with a column ``area``."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from workbook.errors import BadInput
from workbook.words import listed, plural

_COLUMN = "area"
_LONGEST_LINE = 100_000  # characters; a list of codes has short ones


@dataclass(frozen=True)
class AreaList:
    """The codes in the order of the file, each once, and what was noticed on the way."""

    codes: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read(path: Path) -> AreaList:
    """The codes of a file; blank lines and lines that begin with # are passed over.

    Raises BadInput where the file cannot be read, has no column "area" or holds no code.
    """
    path = Path(path)
    lines = [line for line in _text(path).splitlines() if line.strip() and not line.lstrip().startswith("#")]
    codes = [code for code in (_csv(lines, path) if _is_csv(lines) else _plain(lines)) if code]
    if not codes:
        raise BadInput(f"{path} holds no area code.", "Write one code a line, for instance QF7.")
    once = tuple(dict.fromkeys(codes))
    return AreaList(once, _notes(path, codes))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", "Check the name of the list of areas.") from None
    except UnicodeDecodeError:
        raise BadInput(
            f"{path} is not text in UTF-8.", "Save it as text or as 'CSV UTF-8' and try again."
        ) from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Give a text or CSV file.") from None


def _is_csv(lines: list[str]) -> bool:
    return bool(lines) and (_delimiter(lines[0]) in lines[0] or _name(lines[0]) == _COLUMN)


def _delimiter(header: str) -> str:
    """What parts the columns: a comma, or what spreadsheets of other languages write instead."""
    return max(",;\t", key=header.count)


def _plain(lines: list[str]) -> list[str]:
    return [line.split("#")[0].strip().strip('"') for line in lines]


def _csv(lines: list[str], path: Path) -> list[str]:
    if max(map(len, lines)) > _LONGEST_LINE:
        raise BadInput(f"{path} cannot be read as a table: a line is too long.", "Save it again as CSV.")
    try:
        rows = list(csv.reader(lines, delimiter=_delimiter(lines[0])))
    except csv.Error as error:
        raise BadInput(f"{path} cannot be read as a table: {error}.", "Save it again as CSV.") from None
    header = [_name(cell) for cell in rows[0]]
    if _COLUMN not in header:
        raise BadInput(
            f"{path} has no column '{_COLUMN}'; its columns are {listed(c.strip() for c in rows[0])}.",
            f"Name the column with the codes '{_COLUMN}'.",
        )
    place = header.index(_COLUMN)
    return [row[place].strip() for row in rows[1:] if len(row) > place]


def _name(cell: str) -> str:
    return cell.strip().strip('"').lower()


def _notes(path: Path, codes: list[str]) -> tuple[str, ...]:
    doubled = sorted(code for code, count in Counter(codes).items() if count > 1)
    if not doubled:
        return ()
    return (
        f"{path.name} names {plural(len(doubled), 'area')} more than once; taken once: {listed(doubled)}.",
    )
