"""Why the guide asks what it asks: for each view of a step the reason, where it is from, and an answer as an example."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from workbook.paths import shipped
from workbook.reference import records


@dataclass(frozen=True)
class Why:
    """One row of ``views.csv``; ``view`` is the id of a heading, with * for what an entry of the plan is called.

    ``example`` is made up for an area that does not exist; "" where a view asks nothing.
    """

    step: str
    view: str
    why: str
    source: str
    example: str = ""
    checked: str = ""


def load(data: Path) -> tuple[Why, ...]:
    """Every row of ``views.csv``, in its order."""
    return tuple(records.load(Why, data / "views.csv"))


@lru_cache(maxsize=4096)
def of(step: str, view: str) -> Why | None:
    """The reason for a view of a step: the row of that very id, or the first whose pattern it fits."""
    rows = [row for row in _shipped() if row.step == step]
    exact = (row for row in rows if row.view == view)
    return next(exact, next((row for row in rows if fnmatchcase(view, row.view)), None))


@lru_cache(maxsize=1)
def _shipped() -> tuple[Why, ...]:
    return load(shipped("data"))
