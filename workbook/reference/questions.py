"""Question banks: the frameworks of the sources, item by item, with what became of them since."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from workbook.errors import BadInput
from workbook.reference import records

#: What the ids of a person's own banks begin with; no id of a source does, so none can be mistaken for another.
LOCAL = "LOC-"
#: The steps whose pages ask a person's own banks.
BANK_STEPS = ("needs", "ambitions", "budget", "decommissioning")
#: What may be answered to the questions of a bank of one's own.
ANSWER_KINDS = ("yes-partly-no", "score-5", "score-10", "level-4")


@dataclass(frozen=True)
class FrameworkItem:
    """One item: what is asked, what good looks like, the risk if it is skipped."""

    id: str
    framework: str
    label: str
    group: str = ""
    help: str = ""
    good: str = ""
    risk: str = ""
    short_of_time: str = ""
    reverse: bool = False
    sub_aims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Framework:
    """One framework with its source year, its status today, and its items in the order of the source.

    ``count`` is the number of items the source states; a test holds it against ``items``.
    """

    id: str
    title: str
    source: str = ""
    source_year: int = 0
    status: str = "in use"
    today: str = ""
    checked_on: str = ""
    step: str = ""
    answer_kind: str = "none"
    count: int = 0
    trap: str = ""
    items: tuple[FrameworkItem, ...] = ()


def load(data: Path) -> dict[str, Framework]:
    """Every framework of ``frameworks.csv`` with its items from ``questions.csv``, by id."""
    items: dict[str, list[FrameworkItem]] = {}
    for item in records.load(FrameworkItem, data / "questions.csv"):
        items.setdefault(item.framework, []).append(item)
    frames = [
        records.build(
            Framework, {k: v for k, v in row.items() if k != "items"}, f"frameworks.csv, row {number}"
        )
        for number, row in enumerate(records.rows(data / "frameworks.csv"), start=2)
    ]
    return {f.id: replace(f, items=tuple(items.get(f.id, ()))) for f in frames}


def to_record(framework: Framework) -> dict[str, Any]:
    """The framework with its items as JSON-ready data; :func:`from_record` gives the equal one back."""
    return asdict(framework)


def from_record(record: dict[str, Any]) -> Framework:
    """The framework from what :func:`to_record` made."""
    items = tuple(
        FrameworkItem(**item | {k: tuple(item[k]) for k in ("sub_aims", "sources")})
        for item in record["items"]
    )
    return Framework(**record | {"items": items})


def one(id: str, known: dict[str, Framework]) -> Framework:
    """The framework with that id.

    Raises:
        BadInput: no such framework.
    """
    if id not in known:
        raise BadInput(
            f"There is no framework {id!r}.", "The table data/frameworks.csv lists those that are known."
        )
    return known[id]
