"""The kinds of block a step is made of.

A step knows nothing of where it is shown, and a renderer knows nothing of
commissioning: both know only these blocks. Every block is frozen, holds plain
values, and survives a journey through JSON unchanged, because the notebooks
record their blocks as JSON and the documents are built from those records.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any, Literal

from workbook.words import plural

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Heading:
    """A heading inside a step. ``level`` 2 opens a section; the step's title is level 1.

    ``new_page``: what follows stands on a page of its own where there are pages.
    """

    text: str
    id: str
    level: int = 2
    new_page: bool = False


@dataclass(frozen=True)
class Words:
    """Plain-text paragraphs, or the items of a list when ``style`` is "list"."""

    paragraphs: tuple[str, ...]
    style: Literal["plain", "lead", "list", "note"] = "plain"


@dataclass(frozen=True)
class Column:
    """A column of a table: what it holds, its unit, how many decimals are shown, a note."""

    name: str
    label: str
    unit: str = ""
    decimals: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of values under described columns. ``None`` means there is no figure.

    ``detail`` marks what only some readers look up: a page folds it, a document prints it in its annex.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str = ""
    note: str = ""
    missing: str = "not available"
    detail: bool = False

    def __repr__(self) -> str:
        columns = ", ".join(c.name for c in self.columns)
        return f"<Table {self.id}: {self.title!r}, {plural(len(self.rows), 'row')} of {columns}>"


@dataclass(frozen=True)
class Figure:
    """A chart: Vega-Lite spec, a title that states what it shows, words and table behind it."""

    id: str
    title: str
    spec: dict[str, Any]
    alt: str
    table: Table
    source: str = ""

    def __repr__(self) -> str:
        return f"<Figure {self.id}: {self.title!r}>"


@dataclass(frozen=True)
class Branch:
    """One entry of a nested list, with those that hang on it; ``broken`` where a link is missing or in doubt."""

    text: str
    branches: tuple[Branch, ...] = ()
    broken: bool = False


@dataclass(frozen=True)
class Tree:
    """A nested list: what hangs on what, readable without seeing."""

    id: str
    title: str
    branches: tuple[Branch, ...]


QuestionKind = Literal[
    "text", "long", "number", "integer", "yesno", "choice", "choices", "date", "check", "group", "rows"
]


@dataclass(frozen=True)
class Choice:
    """One of the answers a question offers."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """Something a person decides, bound to its place in the plan.

    ``path`` is a JSON pointer into the plan. ``answer`` is what the plan holds
    there now: a plain value; for kind "choices" a list of values; for kind
    "check" the dictionary of an answer with its evidence, owner and due date
    (``answer``, ``evidence``, ``owner``, ``due``, whose ``choices`` apply to
    ``answer``). Kinds "group" and "rows" hold ``items`` instead: one entry for
    a group, one for each row of a list, each a label and its own questions.
    ``links`` are the entries of the plan that the answer to a check may be tied to
    (its ``priority``); none where it is not asked.
    ``detail`` marks what the step shows in a table as well: a document prints
    it in its annex.
    """

    path: str
    prompt: str
    kind: QuestionKind = "text"
    answer: Any = None
    help: str = ""
    source: str = ""
    example: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    items: tuple[Item, ...] = ()
    item_name: str = ""
    links: tuple[Choice, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()  # (label, words): what good looks like, risk if skipped
    detail: bool = False


@dataclass(frozen=True)
class Item:
    """One row of a list question, or the one entry of a group."""

    label: str
    questions: tuple[Question, ...]


Severity = Literal["blocks", "doubt", "note"]

# The severities in order of weight, as they are shown.
SEVERITIES: dict[Severity, str] = {"blocks": "Blocks sign-off", "doubt": "In doubt", "note": "Note"}


@dataclass(frozen=True)
class Finding:
    """A broken or doubtful link said in a sentence, with what to do and where."""

    code: str
    severity: Severity
    sentence: str
    remedy: str
    step: str
    path: str = ""

    def __repr__(self) -> str:
        return f"<Finding {self.code}: {SEVERITIES[self.severity].lower()}: {self.sentence}>"


Block = Heading | Words | Table | Figure | Tree | Question | Finding


@dataclass(frozen=True)
class Result:
    """A derived figure as it goes into results.json."""

    id: str
    label: str
    value: Cell
    unit: str
    period: str
    method: str
    source: str
    factors: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What one step of the workbook shows and works out."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    results: tuple[Result, ...] = ()
    series: tuple[str, ...] = ()  # the indicators whose series were used

    def __repr__(self) -> str:
        counts = (
            (len(self.blocks), "block"),
            (len(self.findings()), "finding"),
            (len(self.results), "figure"),
        )
        return f"<Step {self.id}: {self.title!r}, {', '.join(plural(n, word) for n, word in counts)}>"

    def findings(self) -> tuple[Finding, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Finding))

    def questions(self) -> tuple[Question, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Question))

    def tables(self) -> tuple[Table, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Table))


def table(
    id: str,
    title: str,
    columns: list[Column],
    records: list[dict[str, Any]],
    *,
    source: str = "",
    note: str = "",
    missing: str = "not available",
    detail: bool = False,
) -> Table:
    """A table from one dictionary a row; a key that is absent, or NaN, prints as ``missing``."""
    rows = tuple(tuple(_plain(record.get(c.name)) for c in columns) for record in records)
    return Table(id, title, tuple(columns), rows, source, note, missing, detail)


def _plain(value: Any) -> Cell:
    """A cell as a plain Python value; NumPy and pandas scalars are unwrapped."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, (str, bool, int, float)):
        return value
    return str(value)


_KINDS = {
    kind.__name__: kind
    for kind in (
        Heading,
        Words,
        Column,
        Table,
        Figure,
        Branch,
        Tree,
        Choice,
        Question,
        Item,
        Finding,
        Result,
        Step,
    )
}


def to_record(step: Step) -> dict[str, Any]:
    """The step as JSON-ready data, what is as usual left out; :func:`from_record` gives the equal step back."""
    return _encode(step)


def from_record(record: dict[str, Any]) -> Step:
    """The step from the data that :func:`to_record` made."""
    step = _decode(record)
    if not isinstance(step, Step):
        raise ValueError("the record does not hold a step")
    return step


def _encode(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    usual = _USUAL.get(kind)
    if usual is not None:
        return {"block": kind.__name__} | {
            name: _encode(held)
            for name, default in usual
            if (held := getattr(value, name)) is not default and held != default
        }
    if isinstance(value, (list, tuple)):
        return [v if type(v) in _PLAIN else _encode(v) for v in value]  # most are cells, and there are many
    if isinstance(value, dict):
        return {str(k): v if type(v) in _PLAIN else _encode(v) for k, v in value.items()}
    return value


_PLAIN = {str, int, float, bool, type(None)}


def _usual(field: dataclasses.Field[Any]) -> Any:
    """What a field holds where nothing is said; for a field that must be said, something nothing equals."""
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


# The fields of each kind of block, with what they usually hold, which a record leaves out.
_USUAL: dict[type, tuple[tuple[str, Any], ...]] = {
    kind: tuple((f.name, _usual(f)) for f in dataclasses.fields(kind)) for kind in _KINDS.values()
}


# Fields that hold data as it is (charts, answers) and are not walked into tuples.
_RAW = {"spec", "answer", "factors"}


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return tuple([v if type(v) in _PLAIN else _decode(v) for v in value])
    if isinstance(value, dict) and value.get("block") in _KINDS:
        kind = _KINDS[value["block"]]
        return kind(**{k: v if k in _RAW else _decode(v) for k, v in value.items() if k != "block"})
    return value
