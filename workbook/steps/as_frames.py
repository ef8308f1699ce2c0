"""What an analyst asks for in Python, as pandas frames that carry their units, titles and sources with them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd

from workbook.blocks import Figure, Step, Table
from workbook.errors import UsageError
from workbook.reference import Reference
from workbook.reference.areas import LISTED_ON
from workbook.words import some

_AREA = ["code", "name", "kind", "region", "ods", "valid_from", "valid_to", "synthetic", "source"]
_BETTER = {"low": "a lower value", "high": "a higher value"}


def frame_of(step: Step, id: str) -> pd.DataFrame:
    """A table of the step, or the figures behind one of its charts; a row a row, a column a column.

    ``attrs``: title, source, note, and ``units`` and ``labels`` by column. Raises UsageError, which names the nearest.
    """
    if not isinstance(step, Step):
        raise UsageError(
            f"A step is asked for, and {type(step).__name__} was given.", "Take one: wb.needs(plan)."
        )
    held = {b.id: b.table for b in step.blocks if isinstance(b, Figure)}
    held |= {b.id: b for b in step.blocks if isinstance(b, Table)}
    if id not in held:
        near = difflib.get_close_matches(id, held, n=5, cutoff=0.4) or list(held)
        raise UsageError(f"{step.title} has no table {id!r}.", f"It has {some(near)}.")
    return _frame(held[id])


def _frame(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame(list(table.rows), columns=[c.name for c in table.columns])
    frame.attrs = {
        "title": table.title,
        "source": table.source,
        "note": table.note,
        "units": {c.name: c.unit for c in table.columns},
        "labels": {c.name: c.label for c in table.columns},
    }
    return frame


def areas(reference: Reference, find: str, kind: str, on: str) -> pd.DataFrame:
    """The areas that fit, by kind and code; all columns are text but ``synthetic``."""
    day = None if on == "any" else on or LISTED_ON
    found = reference.areas(kind=kind or None, find=find or None, on=day)
    return pd.DataFrame([asdict(a) for a in found], columns=_AREA)


def indicators(reference: Reference, find: str, area: str) -> pd.DataFrame:
    """The indicators with figures on hand, one row each: id, name, unit, better, status, source."""
    code = reference.area(area).code if area else None
    held = [reference.indicator(id) for id in reference.available(code)]
    wanted = find.strip().casefold()
    rows = [
        {
            "id": i.id,
            "name": i.name,
            "unit": i.unit,
            "better": _BETTER.get(i.polarity, ""),
            "status": i.status,
            "source": i.source,
        }
        for i in held
        if wanted in i.id.casefold() or wanted in i.name.casefold()
    ]
    return pd.DataFrame(rows, columns=["id", "name", "unit", "better", "status", "source"])


def series(
    reference: Reference, indicator: str, area: str | Iterable[str] | None, sex: str | None, age: str | None
) -> pd.DataFrame:
    """The figures of :meth:`Reference.series`, with title, unit, source, licence and which is better in ``attrs``.

    Raises UnknownIndicator, or UnknownArea for a code that nobody knows.
    """
    found = reference.find_indicator(indicator)
    given = [area] if isinstance(area, str) else None if area is None else list(area)
    codes = None if given is None else [reference.area(code).code for code in given]
    frame = reference.series(found.id, areas=codes, sex=sex, age=age)
    (said,) = reference.sources([found.id])
    frame.attrs = {
        "id": found.id,
        "title": found.name,
        "unit": found.unit,
        "better": _BETTER.get(found.polarity, ""),
        "source": said["source"],
        "licence": said["licence"],
    }
    return frame
