"""Rows of a shipped CSV table as frozen dataclasses: column names are the fields' names."""

from __future__ import annotations

import csv
import dataclasses
import types
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from workbook.errors import BadInput

T = TypeVar("T")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as dictionaries; no rows where the file does not exist."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(handle)]


def load(kind: type[T], path: Path) -> list[T]:
    """Every row of ``path`` as one ``kind``.

    Raises:
        BadInput: a cell cannot be read as its field's type; names file, row and column.
    """
    return [build(kind, row, f"{path.name}, row {number}") for number, row in enumerate(rows(path), start=2)]


def build(kind: type[T], row: Mapping[str, str], where: str = "") -> T:
    """One row as one ``kind``; columns that are no fields are left aside, blanks take the default."""
    values: dict[str, Any] = {}
    for name, (hint, required) in _fields(kind).items():  # type: ignore[arg-type]
        text = row.get(name, "")
        if text == "" and not required:
            continue
        try:
            values[name] = convert(text, hint)
        except ValueError:
            raise BadInput(
                f"{where}: column {name} holds {text!r}.", "Put a value of the right kind there."
            ) from None
    return kind(**values)


def convert(text: str, hint: Any) -> Any:
    """The text of a cell as a value of the hinted type; tuples are separated by semicolons."""
    text = text.strip()
    if get_origin(hint) in (Union, types.UnionType):
        if text == "":
            return None
        hint = next(h for h in get_args(hint) if h is not type(None))
    if get_origin(hint) is tuple:
        return tuple(convert(part, get_args(hint)[0]) for part in text.split(";") if part.strip())
    if hint is bool:
        return _boolean(text)
    if hint is int:
        return int(float(text)) if text else 0
    if hint is float:
        return float(text)
    return text


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false", ""):
        raise ValueError(text)
    return text.lower() == "true"


@cache
def _fields(kind: Any) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {f.name: (hints[f.name], _required(f)) for f in dataclasses.fields(kind)}


def _required(field: dataclasses.Field) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """The values in their order, each once."""
    return tuple(dict.fromkeys(values))
