"""The tables of a plan: which lists can go out to a spreadsheet and come back, worked out from the schema.

Nothing here is kept by hand but the ways by which entries without a short name are told apart. A field that is
added to a section of the plan is a column of its table at once, with its label, hint, unit and limits.

The lists of the sections in ``ROOTS`` become tables in four shapes:

* ``rows``: a list of entries (schemes, income); a list inside an entry is a table of its own whose first column
  is the short name of that entry (effects of schemes, destinations of services);
* ``named``: entries under names (answers under the ids of their questions, equality groups);
* ``values``: a number under each name (weights);
* ``scores``: one score in each row (the responses of the scope: who, option, criterion, score).
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from workbook.plan.edit import bare
from workbook.plan.model import Plan

ROOTS = ("budget", "decommissioning")
TAKEN_FROM = "taken out of"  # begins the row of the notes that names the plan
Shape = Literal["rows", "named", "values", "scores"]
Kind = Literal["text", "number", "integer", "yesno", "choice", "date", "list"]

# By which fields entries without a short name are told apart when rows are added to those that are there.
_KEYS = {
    "organisations": ("name",),
    "income": ("organisation", "year"),
    "schemes-effects": ("ambition",),
    "fund-contributions": ("partner", "pot"),
    "fund-pots": ("pot",),
    "fund-partners": ("partner",),
    "contracts-shares": ("partner",),
    "value-scores": ("respondent", "option"),
    "services-shunted": ("organisation",),
    "services-destinations": ("group",),
    "services-quality": ("area",),
    "quality-bands": ("name",),
}


@dataclass(frozen=True)
class Column:
    """One column: where its value stands in an entry, and what may stand in it.

    ``role`` is "field" for a field of the entry, "parent" for the short name of the entry it belongs to, "key"
    for the name it stands under, "words" for words that help a reader and are not read back.
    """

    path: tuple[str, ...]
    label: str
    kind: Kind = "text"
    help: str = ""
    unit: str = ""
    role: str = "field"
    required: bool = False  # the schema cannot do without
    needed: bool = False  # a complete plan needs it
    empty_is_none: bool = False
    whole_default: Any = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    inner: Kind = "text"  # of the items of a list
    least: float | None = None
    most: float | None = None
    adapter: Any = None

    @property
    def name(self) -> str:
        """The name by which programs know the column: "cost" of "pilot" is "pilot.cost"."""
        return ".".join(self.path)

    @property
    def heading(self) -> str:
        """The label with its unit, as it stands in the first row."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def share(self) -> bool:
        """Whether it is a share from 0 to 1, for which 45% may be written."""
        kinds = (self.kind, self.inner if self.kind == "list" else self.kind)
        return "number" in kinds and self.least == 0 and self.most == 1

    @property
    def per_cent(self) -> bool:
        return self.unit.startswith("%")

    @property
    def year(self) -> bool:
        """Whether it is a financial year, for which 2026/27 may be written."""
        return self.kind == "integer" and self.least == 1990


@dataclass(frozen=True)
class Table:
    """One table: ``name`` is that of its sheet and of its CSV file."""

    name: str
    title: str
    thing: str  # what one entry is called
    pointer: str  # of the list, for a table inside entries that of the entries' list
    field: str  # of the entry that holds it; "" at the top
    shape: Shape
    columns: tuple[Column, ...]
    model: type[BaseModel] | None = None
    parent: str = ""
    key: tuple[str, ...] = ()

    @property
    def has_id(self) -> bool:
        return self.model is not None and "id" in self.model.model_fields and self.shape == "rows"

    @property
    def fields(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.role == "field")

    def column(self, role: str) -> Column | None:
        """The one column of a role, where the table has it."""
        return next((c for c in self.columns if c.role == role), None)


@cache
def tables() -> dict[str, Table]:
    """Every table by its name, entries before what stands inside them."""
    found: dict[str, Table] = {}
    for root in ROOTS:
        info = Plan.model_fields[root]
        for table in _walk(bare(info.annotation), f"/{root}"):
            found[table.name] = table
    return found


def at(pointer: str) -> list[Table]:
    """The table of the list at a place of the plan, and those inside its entries."""
    return [t for t in tables().values() if t.pointer == pointer]


# --- walking the schema -----------------------------------------------------------


def _walk(model: type[BaseModel], pointer: str) -> Iterator[Table]:
    for field, info in model.model_fields.items():
        kind = bare(info.annotation)
        if _is_model(kind):
            yield from _walk(kind, f"{pointer}/{field}")
        else:
            yield from _table(field, info, f"{pointer}/{field}")


def _table(field: str, info: FieldInfo, pointer: str) -> Iterator[Table]:
    inner = _inner(info.annotation)
    if inner is None:
        return
    shape = _shape(info.annotation)
    if shape is None:
        return
    name = _name(pointer)
    title = info.title or field
    model = bare(inner) if shape in ("rows", "named", "scores") else None
    columns = _columns_of(shape, model, info.annotation, title)
    yield Table(
        name, title, _thing(model, title), pointer, "", shape, columns, model, key=_KEYS.get(name, ())
    )
    if shape == "rows" and model is not None:
        yield from _inside(model, pointer, name)


def _inside(model: type[BaseModel], pointer: str, parent: str) -> Iterator[Table]:
    """The tables inside the entries of another."""
    for field, info in model.model_fields.items():
        inner, shape = _inner(info.annotation), _shape(info.annotation)
        if inner is None or shape is None:
            continue
        name, title = f"{parent}-{field}", info.title or field
        own = bare(inner) if shape == "rows" or shape == "named" else None
        thing = _thing(model, title)
        owner = Column(
            ("",),
            f"{thing}: short name",
            "text",
            f"Which {thing.lower()} the row belongs to.",
            "",
            "parent",
            True,
        )
        columns = (owner, *_columns_of(shape, own, info.annotation, title))
        yield Table(
            name, title, _thing(own, title), pointer, field, shape, columns, own, parent, _KEYS.get(name, ())
        )


def _shape(annotation: Any) -> Shape | None:
    kind = bare(annotation)
    inner = _inner(annotation)
    if inner is None:
        return None
    if typing.get_origin(kind) is list:
        if not _is_model(bare(inner)):
            return None
        return "scores" if _score_field(bare(inner)) else "rows"
    if _is_model(bare(inner)):
        return "named"
    return "values" if bare(inner) in (int, float) else None


def _inner(annotation: Any) -> Any:
    kind = bare(annotation)
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is list:
        return arguments[0]
    return arguments[1] if typing.get_origin(kind) is dict else None


def _score_field(model: type[BaseModel]) -> str:
    """The field that holds scores under two names, where a model has one."""
    for field, info in model.model_fields.items():
        inner = _inner(info.annotation)
        if inner is not None and typing.get_origin(bare(inner)) is dict:
            return field
    return ""


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _name(pointer: str) -> str:
    parts = pointer.split("/")[2:]
    return "-".join(parts) if len(parts) > 1 or parts[0] != "answers" else f"{pointer.split('/')[1]}-answers"


def _thing(model: type[BaseModel] | None, title: str) -> str:
    """What an entry is called: by the label of its name, which says it."""
    if model is not None and "name" in model.model_fields:
        return model.model_fields["name"].title or title
    return (
        re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).capitalize() if model else title.removesuffix("s")
    )


# --- columns ----------------------------------------------------------------------


def _columns_of(
    shape: Shape, model: type[BaseModel] | None, annotation: Any, title: str
) -> tuple[Column, ...]:
    if shape == "scores" and model is not None:
        return _score_columns(model)
    if shape == "values":
        value = FieldInfo.from_annotation(_inner(annotation))
        return (_key_column("For", annotation), _column(("",), value, title))
    assert model is not None
    columns = tuple(_fields(model))
    if shape == "named":
        words = Column(("#words",), "In words", "text", "For the reader: it is not read back.", role="words")
        return (_key_column("Id", annotation), words, *columns)
    return columns


def _key_column(label: str, annotation: Any) -> Column:
    """The column of the name under which an entry stands."""
    names = TypeAdapter(typing.get_args(bare(annotation))[0])
    help = "The id of the question, group or criterion it stands for."
    return Column(("",), label, "text", help, role="key", required=True, adapter=names)


def _fields(model: type[BaseModel], before: tuple[str, ...] = (), prefix: str = "") -> Iterator[Column]:
    for field, info in model.model_fields.items():
        kind = bare(info.annotation)
        path = (*before, field)
        if _is_model(kind):
            yield from _fields(kind, path, f"{info.title}: ")
        elif _shape(info.annotation) is None and typing.get_origin(kind) is not dict:
            yield _column(path, info, prefix + (info.title or field))


def _column(path: tuple[str, ...], info: FieldInfo, label: str) -> Column:
    whole: Any = typing.Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    kind = _kind(bare(info.annotation))
    inner = _inner(info.annotation) if kind == "list" else whole
    least, most = _limits(inner)
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    return Column(
        path=path,
        label=label,
        kind=kind,
        help=info.description or "",
        unit=str(extra.get("unit", "")),
        required=info.is_required(),
        needed=bool(extra.get("needed")),
        empty_is_none=_optional(info.annotation),
        whole_default=default,
        choices=tuple(map(str, typing.get_args(bare(info.annotation)))) if kind == "choice" else (),
        refers=str(extra.get("refers", "")),
        inner=_kind(bare(inner)) if kind == "list" else kind,
        least=least,
        most=most,
        adapter=TypeAdapter(whole),
    )


def _kind(kind: Any) -> Kind:
    if typing.get_origin(kind) is typing.Literal:
        return "choice"
    if typing.get_origin(kind) is list:
        return "list"
    kinds: tuple[tuple[Any, Kind], ...] = (
        (bool, "yesno"),
        (int, "integer"),
        (float, "number"),
        (date, "date"),
    )
    return next((name for python, name in kinds if kind is python), "text")


def _optional(annotation: Any) -> bool:
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return typing.get_origin(annotation) in (typing.Union, types.UnionType) and type(None) in typing.get_args(
        annotation
    )


def _limits(annotation: Any) -> tuple[float | None, float | None]:
    """The least and the most that a number may be, wherever in the annotation they stand."""
    least = most = None
    waiting = [annotation]
    while waiting:
        part = waiting.pop()
        if typing.get_origin(part) is typing.Annotated:
            waiting += [typing.get_args(part)[0], *part.__metadata__]
        elif typing.get_origin(part) in (typing.Union, types.UnionType):
            waiting += list(typing.get_args(part))
        elif isinstance(part, FieldInfo):
            waiting += part.metadata
        else:
            low, high = getattr(part, "ge", None), getattr(part, "le", None)
            least = float(low) if isinstance(low, int | float) else least
            most = float(high) if isinstance(high, int | float) else most
    return least, most


def _score_columns(model: type[BaseModel]) -> tuple[Column, ...]:
    field = _score_field(model)
    fields = [c for c in _fields(model) if c.name != field]
    inner = _inner(_inner(model.model_fields[field].annotation))
    score = _column((field,), FieldInfo.from_annotation(inner), "Score")
    return (
        Column(
            ("#response",), "Response", "integer", "A number for each person; may be left empty.", least=1
        ),
        *fields,
        Column(("#option",), "Option", "text", "Its id, or its own words.", role="key"),
        Column(("#criterion",), "Criterion", "text", "Its id, or its own words.", role="key"),
        Column(
            score.path,
            "Score",
            "integer",
            "1 does not meet it, 5 meets it fully.",
            least=score.least,
            most=score.most,
        ),
    )
