"""Changing one place of a plan, addressed by a JSON pointer such as ``/needs/priorities/0/title``.

Each function returns a new plan and leaves the one it was given alone. A value
that does not fit is refused with a sentence that names the field.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from workbook.errors import BadInput
from workbook.plan.faults import remedy, said
from workbook.plan.model import Plan

_NOT_TYPED = {"schema_version", "revision", "saved"}


def get(plan: Plan, pointer: str) -> Any:
    """The value at a place; None for an entry that a dictionary does not have yet."""
    value: Any = plan
    for part in _parts(pointer):
        value = _child(value, part, pointer)
    return value


def put(plan: Plan, pointer: str, value: Any) -> Plan:
    """The plan with ``value`` at a place."""
    parts = _parts(pointer)
    if not parts or parts[0] in _NOT_TYPED:
        raise BadInput(f"{pointer} cannot be changed.", "Change a question of a step.")
    data = plan.model_dump(mode="json")
    _place(data, parts, value, pointer)
    return _validated(data, pointer)


def add(plan: Plan, pointer: str) -> Plan:
    """The plan with a new, empty entry at the end of the list at ``pointer``."""
    data = plan.model_dump(mode="json")
    rows = _rows(data, pointer)
    rows.append(_blank(_entry_type(pointer), rows, plan))
    return _validated(data, pointer)


def remove(plan: Plan, pointer: str, index: int) -> Plan:
    """The plan without entry ``index`` (from 0) of the list at ``pointer``."""
    data = plan.model_dump(mode="json")
    rows = _rows(data, pointer)
    if not 0 <= index < len(rows):
        raise BadInput("That entry is no longer in the plan.", "Reload the page.")
    del rows[index]
    return _validated(data, pointer)


def field_of(pointer: str) -> FieldInfo:
    """The description of the field at a place: title, hint, unit, type."""
    info, _ = _described(general(pointer))
    if info is None:
        raise BadInput(f"There is no place {pointer} in a plan.", "Reload the page.")
    return info


def type_of(pointer: str) -> Any:
    """The type of the value at a place, without None and constraints."""
    return _described(general(pointer))[1]


def is_share(pointer: str) -> bool:
    """Whether a share from 0 to 1 stands at a place, for which 45% may be typed."""
    found = {limit: value for item in _constraints(field_of(pointer)) for limit, value in item.items()}
    return type_of(pointer) is float and (found.get("ge"), found.get("le")) == (0, 1)


def _constraints(kind: Any) -> Iterator[dict[str, Any]]:
    """The limits in a field or a type, also those of what may stand there beside None."""
    held: Any = getattr(kind, "metadata", None) or getattr(kind, "__metadata__", ())
    for item in held:
        if isinstance(item, FieldInfo):
            yield from _constraints(item)
        else:
            yield {name: value for name in ("ge", "le") if (value := getattr(item, name, None)) is not None}
    inner = [kind.annotation] if isinstance(kind, FieldInfo) else typing.get_args(kind)
    for part in inner if typing.get_origin(kind) not in (list, dict) else ():
        if not isinstance(part, FieldInfo):
            yield from _constraints(part)


def general(pointer: str) -> str:
    """The place in any entry of its list: ``/budget/schemes/17/name`` becomes ``/budget/schemes/0/name``."""
    return "/".join("0" if part.isdigit() else part for part in pointer.split("/"))


@lru_cache(maxsize=4096)
def _described(pointer: str) -> tuple[FieldInfo | None, Any]:
    """The description of the field that a place lies in (none for the whole plan), and its type."""
    info: FieldInfo | None = None
    kind: Any = Plan
    for part in _parts(pointer):
        kind = bare(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if part not in kind.model_fields:
                raise BadInput(f"There is no place {pointer} in a plan.", "Reload the page.")
            info = kind.model_fields[part]
            kind = info.annotation
        else:
            kind = _inner(kind, pointer)
    return info, bare(kind)


def _parts(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise BadInput(f"{pointer!r} is no place in a plan.", "Reload the page.")
    return [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]


def _child(value: Any, part: str, pointer: str) -> Any:
    if value is None:
        return None
    if isinstance(value, BaseModel) and part in type(value).model_fields:
        return getattr(value, part)
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    raise BadInput(f"There is no place {pointer} in this plan.", "Reload the page: it may have been removed.")


def _place(data: Any, parts: list[str], value: Any, pointer: str) -> None:
    for part in parts[:-1]:
        data = _into(data, part, pointer)
    last = parts[-1]
    if isinstance(data, list):
        if not (last.isdigit() and int(last) < len(data)):
            raise BadInput(f"There is no place {pointer} in this plan.", "Reload the page.")
        data[int(last)] = value
    elif isinstance(data, dict):
        data[last] = value
    else:
        raise BadInput(f"There is no place {pointer} in this plan.", "Reload the page.")


def _into(data: Any, part: str, pointer: str) -> Any:
    if isinstance(data, list) and part.isdigit() and int(part) < len(data):
        return data[int(part)]
    if isinstance(data, dict):
        if data.get(part) is None:
            data[part] = {}  # an answer not given yet, a signature not there yet
        return data[part]
    raise BadInput(f"There is no place {pointer} in this plan.", "Reload the page: it may have been removed.")


def _rows(data: Any, pointer: str) -> list[Any]:
    for part in _parts(pointer):
        data = _into(data, part, pointer)
    if not isinstance(data, list):
        raise BadInput(f"{pointer} is no list.", "Reload the page.")
    return data


def _validated(data: dict[str, Any], pointer: str) -> Plan:
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise BadInput(_sentence(error, pointer), remedy(error.errors(include_url=False)[0])) from None


def _sentence(error: ValidationError, pointer: str) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = "/" + "/".join(
        str(part) for part in first["loc"] if not str(part).startswith(("function", "constrained"))
    )
    try:
        label = field_of(place).title or place
    except BadInput:
        label = pointer
    return f"{label}: {said(first)}."


def bare(kind: Any) -> Any:
    """A type without its constraints and without None."""
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        rest = [k for k in typing.get_args(kind) if k is not type(None)]
        return bare(rest[0]) if len(rest) == 1 else kind
    return kind


def _inner(kind: Any, pointer: str) -> Any:
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is list:
        return arguments[0]
    if typing.get_origin(kind) is dict:
        return arguments[1]
    raise BadInput(f"There is no place {pointer} in a plan.", "Reload the page.")


def _entry_type(pointer: str) -> Any:
    return _inner(type_of(pointer), pointer)


def _blank(kind: Any, rows: list[Any], plan: Plan) -> Any:
    """An entry with nothing in it yet, but with what its type cannot do without."""
    model = bare(kind)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return _least(kind, plan)
    return {
        name: _fresh_id(model, rows)
        if name == "id"
        else _least(typing.Annotated[info.annotation, info], plan)
        for name, info in model.model_fields.items()
        if info.is_required()
    }


def _least(kind: Any, plan: Plan) -> Any:
    """The least value a field accepts: nothing, nought, one, the first year of the plan."""
    if typing.get_origin(bare(kind)) is typing.Literal:
        return typing.get_args(bare(kind))[0]
    accepts = TypeAdapter(kind).validate_python
    for guess in ("", 0, 1, plan.base_year + 1):
        try:
            accepts(guess, strict=True)
        except ValidationError:
            continue
        return guess
    raise TypeError(f"no empty value for {kind}")


def _fresh_id(kind: type[BaseModel], rows: list[Any]) -> str:
    stem = kind.__name__.lower().removeprefix("budget")
    taken = {row.get("id") for row in rows if isinstance(row, dict)}
    return next(
        f"{stem}-{n}" for n in range(len(rows) + 1, len(rows) + len(taken) + 2) if f"{stem}-{n}" not in taken
    )
