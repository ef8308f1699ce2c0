"""Places and values of a plan in the words of the person who filled them in."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbook import words
from workbook.plan.identity import Shape, about, called, defaults, extra, shapes
from workbook.plan.model import Plan
from workbook.plan.sections import (
    AmbitionEffect,
    CitizenOutcome,
    Override,
    PoolShare,
    Response,
    Shunted,
    Unseen,
    Voice,
)

_THINGS: dict[type[BaseModel], str] = {
    AmbitionEffect: "Effect",
    CitizenOutcome: "Citizens' outcome",
    Override: "Assumption",
    PoolShare: "Share of the pool",
    Response: "Scores by",
    Shunted: "Cost that falls on",
    Unseen: "Unseen group",
    Voice: "Voice",
}
# The lists whose entries other fields name by their short name.
LISTS = {
    "priorities": ("needs", "priorities"),
    "segments": ("needs", "segments"),
    "lines": ("budget", "lines"),
    "schemes": ("budget", "schemes"),
    "interventions": ("budget", "interventions"),
    "services": ("decommissioning", "services"),
    "scope_options": ("budget", "scope", "options"),
    "ladder_criteria": ("budget", "scope", "criteria"),
}
_LONG_NAME = 60  # characters of a name in a sentence
_YEARS = 1990  # the least that a field for a year takes

Names = Mapping[str, Mapping[str, str]]  # what entries are called, by short name, for each list of LISTS


def names(plan: Plan) -> dict[str, dict[str, str]]:
    """What the entries are called that others refer to by short name."""
    found = {}
    for what, way in LISTS.items():
        rows: Any = plan
        for part in way:
            rows = getattr(rows, part)
        found[what] = {row.id: called(row) for row in rows}
    return found


# --- places --------------------------------------------------------------------------------


def label(info: FieldInfo | None, name: str = "") -> str:
    """The title of a field as it stands within a sentence."""
    return lowered(info.title or name) if info is not None else name


def lowered(text: str) -> str:
    """A title within a sentence; names and abbreviations keep their capital."""
    return text if text[1:2].isupper() or text.startswith("Secretary") else text[:1].lower() + text[1:]


def thing(model: type[BaseModel]) -> str:
    """What one entry of a kind is called: "Scheme", "Budget line"."""
    return _THINGS.get(model) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).capitalize()


def entry(row: BaseModel, index: int, known: Names) -> str:
    """An entry by kind and name: ``Scheme “Rapid response”``, ``Ambition 3``, ``Decision 2`` where it has no name."""
    kind = type(row)
    if name := called(row):
        return f"{thing(kind)} {_quoted(name)}"
    inside = shapes(kind)
    held = [
        (name, getattr(row, name))
        for name in about(kind)
        if name != "id" or "refers" in extra(inside[name].info)
    ]
    said = [value(v, inside[name], known) for name, v in held if v not in ("", None)]
    if not said:
        return f"{thing(kind)} {index + 1}"
    if all(isinstance(v, int) for _, v in held):
        return f"{thing(kind)} {said[0].removeprefix('ambition ')}"
    return f"{thing(kind)} {_quoted(', '.join(said))}"


def named(place: str, shape: Shape, known: Names) -> str:
    """What stands under a name: ``question CST-10.1``, ``criterion “Legal”``."""
    if shape.model is not None:
        what = "question" if shape.model.__name__ == "Answer" else "group"
        return f"{what} {place}"
    spoken = known.get("ladder_criteria", {}).get(place) or known.get("scope_options", {}).get(place)
    return _quoted(spoken) if spoken else place


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= _LONG_NAME else flat[:_LONG_NAME].rstrip() + '...'}”"


# --- values --------------------------------------------------------------------------------


def value(held: Any, shape: Shape, known: Names) -> str:
    """A value as it is read: "1 April 2026", "£250k", "yes", "2026/27"; "" for nothing."""
    if held is None or held == "" or held == [] or held == {}:
        return ""
    if isinstance(held, BaseModel):
        return _fields(held, known)
    if isinstance(held, dict):
        inner = shape.inner or shape
        return "; ".join(f"{k}: {text}" for k, v in held.items() if (text := value(v, inner, known)))
    if isinstance(held, list):
        inner = shape.inner or shape
        joint = "; " if shape.kind == "entries" else ", "
        return joint.join(text for item in held if (text := value(item, inner, known)))
    return _one(held, shape, known)


def _fields(row: BaseModel, known: Names) -> str:
    """Every field of an entry that is filled in, with its label."""
    told = []
    empty = defaults(type(row))
    for name, shape in shapes(type(row)).items():
        held, info = getattr(row, name), shape.info
        if held == empty[name] or (name == "id" and "refers" not in extra(info)):
            continue
        if text := value(held, shape, known):
            told.append(f"{info.title if info is not None else name}: {text}")
    return "; ".join(told)


def _one(held: Any, shape: Shape, known: Names) -> str:
    about_it = extra(shape.info)
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, datetime):
        return f"{words.day(held)}, {held:%H:%M} UTC"
    if isinstance(held, date):
        return words.day(held)
    if isinstance(held, int | float):
        if about_it.get("refers") == "ambitions" or _is_ambition(shape):
            return f"ambition {held}"
        if isinstance(held, int) and _is_year(shape):
            return words.financial_year(held) if "financial" in (_title(shape)).lower() else str(held)
        return _figure(held, str(about_it.get("unit", "")))
    text = str(held)
    if refers := str(about_it.get("refers", "")):
        return _referred(text, refers, known)
    return text.replace("-", " ") if typing.get_origin(shape.plain) is typing.Literal else text


def _figure(held: float, unit: str) -> str:
    """A figure with every decimal it has, so that two that differ are not printed alike."""
    if held == round(held, 4):
        return words.number(held, unit=unit)
    return ("-" if held < 0 else "") + words.with_unit(f"{abs(held):,.12g}", unit)


def is_text(shape: Shape) -> bool:
    """Whether a value is typed words, which a sentence puts between quotation marks."""
    return shape.kind in ("value", "items") and shape.plain is str and "refers" not in extra(shape.info)


def _title(shape: Shape) -> str:
    return (shape.info.title if shape.info is not None else "") or ""


def _is_ambition(shape: Shape) -> bool:
    return _title(shape) == "Ambition" and shape.plain is int


def _is_year(shape: Shape) -> bool:
    return shape.plain is int and shape.info is not None and _least(shape.info) == _YEARS


@cache
def _least_of(annotation: Any) -> float | None:
    if typing.get_origin(annotation) is typing.Annotated:
        for part in annotation.__metadata__:
            for limit in (part, *getattr(part, "metadata", ())):
                if isinstance(low := getattr(limit, "ge", None), int | float):
                    return float(low)
        return _least_of(typing.get_args(annotation)[0])
    inner = [_least_of(part) for part in typing.get_args(annotation) if part is not type(None)]
    return next((low for low in inner if low is not None), None)


def _least(info: FieldInfo) -> float | None:
    for limit in info.metadata:
        if isinstance(low := getattr(limit, "ge", None), int | float):
            return float(low)
    return _least_of(typing.cast(Any, info.annotation))


def _referred(text: str, refers: str, known: Names) -> str:
    """An entry by its name where one refers to it by its short name: ``“Rapid response”``."""
    what, _, id = text.partition(":") if refers == "valued" else ("", "", text)
    list_of = f"{what}s" if what else refers
    name = known.get(list_of, {}).get(id)
    return _quoted(name) if name else text
