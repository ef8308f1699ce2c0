"""What the parts of a plan are made of, and which entry of one plan is which of another.

Two plans are compared and merged part by part. A part has one of five shapes, read off the schema:

* ``group``: a section with fields of its own;
* ``entries``: a list of entries (schemes, income), told apart by short name or by what they are about;
* ``named``: entries or values under names (answers under their questions, weights under their criteria);
* ``items``: a list of words or numbers in which each stands for itself (priorities a scheme serves);
* ``value``: what is changed as a whole, also figures that mean nothing apart (a recorded baseline, a ramp).
"""

from __future__ import annotations

import typing
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbook.plan.edit import bare
from workbook.plan.model import AreaRef, Origin, Plan, Saved
from workbook.plan.sections import Recorded

Kind = Literal["group", "entries", "named", "items", "value"]
NOT_DECIDED = frozenset({"schema_version", "revision", "saved"})  # what saving sets, and nobody decides

_WHOLE: tuple[type[BaseModel], ...] = (AreaRef, Origin, Recorded, Saved)
_NAMES = ("name", "title")
# By what entries without a short name are told apart, the first that an entry has; several together where one is not enough.
_ABOUT = (
    ("organisation", "year"),
    ("respondent", "option"),
    ("partner", "pot"),
    ("who", "when"),
    ("number",),
    ("year",),
    ("ambition",),
    ("indicator",),
    ("partner",),
    ("pot",),
    ("respondent",),
    ("organisation",),
    ("group",),
    ("area",),
    ("name",),
    ("level",),
    ("outcome",),
    ("what",),
)


@dataclass(frozen=True)
class Shape:
    """The shape of one part; ``inner`` is that of what it holds, ``model`` the section or the entries' one."""

    kind: Kind
    model: type[BaseModel] | None = None
    inner: Shape | None = None
    info: FieldInfo | None = None  # the field it is the value of, with label and unit
    plain: Any = None  # the type of a value, or of one item of a list


@cache
def shapes(model: type[BaseModel]) -> dict[str, Shape]:
    """The fields of a section, each with its shape; of a plan those that people decide."""
    leave = NOT_DECIDED if model is Plan else frozenset()
    return {
        name: _shape(info.annotation, info) for name, info in model.model_fields.items() if name not in leave
    }


def _shape(annotation: Any, info: FieldInfo) -> Shape:
    kind = bare(annotation)
    if _is_model(kind):
        return Shape("value" if issubclass(kind, _WHOLE) else "group", kind, info=info, plain=kind)
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is list:
        item = bare(arguments[0])
        if _is_model(item):
            return Shape("entries", item, Shape("group", item, info=info, plain=item), info)
        return Shape("value" if item is float else "items", info=info, plain=item)
    if typing.get_origin(kind) is dict:
        return Shape("named", inner=_shape(arguments[1], info), info=info)
    return Shape("value", info=info, plain=kind)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@cache
def defaults(model: type[BaseModel]) -> dict[str, Any]:
    """What stands in each field of a section before anybody has filled it in; only to compare with."""
    return {
        name: None if info.is_required() else info.get_default(call_default_factory=True)
        for name, info in model.model_fields.items()
    }


# --- which entry is which ----------------------------------------------------------------


@cache
def about(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields by which entries of a kind are told apart."""
    fields = set(model.model_fields)
    if "id" in fields:
        return ("id", "from_year") if "from_year" in fields else ("id",)
    return next((names for names in _ABOUT if fields >= set(names)), ())


def has_short_name(model: type[BaseModel]) -> bool:
    """Whether entries of a kind have a short name of their own that others refer to."""
    info = model.model_fields.get("id")
    return info is not None and "refers" not in extra(info)


def extra(info: FieldInfo | None) -> dict[str, Any]:
    """What the schema says of a field beside label and limits: unit, source, what it refers to."""
    held = info.json_schema_extra if info is not None else None
    return held if isinstance(held, dict) else {}


def key(entry: BaseModel) -> Hashable:
    """What an entry is known by; None where that has not been filled in yet."""
    found = tuple(getattr(entry, name) for name in about(type(entry)))
    return found if any(part not in ("", None) for part in found) else None


def called(entry: BaseModel) -> str:
    """The name or title of an entry; "" where it has none."""
    for name in _NAMES:
        if isinstance(text := getattr(entry, name, None), str) and text:
            return text
    return ""


def pairs(old: Sequence[BaseModel], new: Sequence[BaseModel]) -> dict[int, int]:
    """Which entry of ``new`` is which of ``old``, by their places: {place in new: place in old}.

    By what they are known by, then by name or title, then what is equal; at last an entry without a short name by its
    place, if at least half of what is filled in is the same (one whose name was corrected).
    """
    pairing = _Pairing(old, new)
    pairing.by(key)
    pairing.by(lambda entry: called(entry) or None)
    pairing.equal()
    pairing.by_place()
    return pairing.found


class _Pairing:
    def __init__(self, old: Sequence[BaseModel], new: Sequence[BaseModel]) -> None:
        self.old, self.new = old, new
        self.left, self.open = dict.fromkeys(range(len(old))), dict.fromkeys(range(len(new)))
        self.found: dict[int, int] = {}

    def pair(self, j: int, i: int) -> None:
        self.found[j] = i
        del self.left[i], self.open[j]

    def by(self, name: Callable[[BaseModel], Hashable]) -> None:
        """Pair what is called the same; of several called so the equal ones first, then in their order."""
        if not self.left or not self.open:
            return
        before, after = self._grouped(self.old, self.left, name), self._grouped(self.new, self.open, name)
        for same, new in after.items():
            old = before.get(same, [])
            if len(old) > 1 or len(new) > 1:
                for j in new:
                    if (i := next((i for i in old if self.old[i] == self.new[j]), None)) is not None:
                        old.remove(i)
                        self.pair(j, i)
            for j, i in zip([j for j in new if j in self.open], old, strict=False):
                self.pair(j, i)

    @staticmethod
    def _grouped(
        rows: Sequence[BaseModel], places: dict[int, None], name: Callable[[BaseModel], Hashable]
    ) -> dict[Hashable, list[int]]:
        found: dict[Hashable, list[int]] = defaultdict(list)
        for n in places:
            if (called_so := name(rows[n])) is not None:
                found[called_so].append(n)
        return found

    def equal(self) -> None:
        for j in list(self.open):
            if (i := next((i for i in self.left if self.old[i] == self.new[j]), None)) is not None:
                self.pair(j, i)

    def by_place(self) -> None:
        for j in list(self.open):
            if j in self.left and not has_short_name(type(self.new[j])) and alike(self.old[j], self.new[j]):
                self.pair(j, j)


def alike(one: BaseModel, other: BaseModel) -> bool:
    """Whether at least half of what is filled in beside the name is the same; true where nothing is."""
    names = set(about(type(one)))
    filled = [(a, b) for name, a, b in _filled(one, other) if name not in names]
    return 2 * sum(a == b for a, b in filled) >= len(filled)


def _filled(one: BaseModel, other: BaseModel) -> Iterator[tuple[str, Any, Any]]:
    for name, empty in defaults(type(one)).items():
        a, b = getattr(one, name), getattr(other, name)
        if a != empty or b != empty:
            yield name, a, b
