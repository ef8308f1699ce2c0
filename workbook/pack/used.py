"""The series that a plan used, as files beside its documents."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook.blocks import Step
from workbook.pack.documents import series_used
from workbook.pack.summary import safe
from workbook.plan.model import Plan

_SOURCE_COLUMNS = ("file", "indicator", "name", "source", "licence", "vintage")


def write(folder: Path, plan: Plan, steps: Mapping[str, Step], reference: Any) -> list[dict[str, Any]]:
    """Write ``INDICATOR.csv`` for every series used and ``sources.csv``; returns the rows of the latter.

    A file holds the plan's area, its peers and the country, as they are on hand.
    """
    folder.mkdir()
    areas = areas_used(plan, reference)
    sources = []
    for indicator in series_used(steps):
        frame = reference.series(indicator, areas=areas)
        if frame.empty:
            continue
        file = f"{re.sub(r'[^A-Za-z0-9._-]+', '-', indicator)}.csv"
        _write(
            folder / file,
            list(frame.columns),
            frame.astype(object).where(frame.notna(), None).values.tolist(),
        )
        sources += [{"file": file, "indicator": indicator, **row} for row in reference.sources([indicator])]
    _write(
        folder / "sources.csv", _SOURCE_COLUMNS, [[row.get(c) for c in _SOURCE_COLUMNS] for row in sources]
    )
    return sources


def areas_used(plan: Plan, reference: Any) -> list[str]:
    """The plan's area, its peers, and the country it is compared with."""
    from workbook.steps.standing import peers_of

    countries = [a.code for a in reference.areas(kind="country") if a.synthetic == plan.area.synthetic]
    return list(dict.fromkeys([plan.area.code, *peers_of(plan, reference).codes, *countries]))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([safe(value) for value in row] for row in rows)
