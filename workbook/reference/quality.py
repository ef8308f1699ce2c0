"""The matrix of quality impact as it ships: its bands and the areas of quality, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workbook.reference import records


@dataclass(frozen=True)
class QualityRow:
    """A band (``first``: the score from which it begins) or an area of quality (``help``: what is asked)."""

    kind: str
    id: str
    label: str
    first: int = 0
    help: str = ""
    source: str = ""


@lru_cache(maxsize=8)
def rows(data: Path, kind: str) -> tuple[QualityRow, ...]:
    """The rows of one kind, "band" or "area", in the order of the table in the folder ``data``."""
    return tuple(r for r in records.load(QualityRow, data / "quality_matrix.csv") if r.kind == kind)
