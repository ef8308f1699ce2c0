"""A plan with a numbered, hostile text in every field that takes text: one plan serves every field and every document."""

from __future__ import annotations

import random
import re
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from tests.unit.any_plan import _Draw
from workbook.paths import shipped
from workbook.plan import Plan, store
from workbook.plan.edit import bare, general

MARK = re.compile(r"q(\d{4})z")
#: What would do something, were it taken for more than text: in a page, a spreadsheet, a Word document, typst, a
#: notebook, a shell or a template. The number of the field stands in the middle, so that it survives a cut.
STARTS = ("=", "+", "-", "@", "\t=", "", "<", "'=", "\u202e", "|", "%")
TAILS = (
    '<script>alert("{m}")</script>',
    '"><img src=x onerror=alert("{m}")>',
    "'><svg onload=alert('{m}')><a href=javascript:alert(1)>{m}</a>",
    "</textarea></title></style></script><iframe src=//evil.invalid/{m}></iframe>",
    '" onmouseover="alert(1)" style="background:url(//evil.invalid/{m})" x="',
    'HYPERLINK("http://evil.invalid/{m}","{m}")',
    'cmd|\'/C calc\'!A0 {m} DDE("cmd";"/C calc")',
    "{m} [link](javascript:alert(1)) ![i](http://evil.invalid/x.png) <http://evil.invalid/{m}>",
    '#read("/etc/passwd") #link("http://evil.invalid")[{m}] #import "x.typ" $e^x$ @{m} <{m}> \\ `c` */ //',
    '{{ HYPERLINK "http://evil.invalid" }} {{{{7*7}}}} ${{7*7}} {{% x %}} <%= 7 %> {m}',
    "&lt;script&gt;{m}&#x3c;img src=x&#62; &amp;",
    "]]><!-- {m} --><?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "https://evil.invalid/{m} www.evil.invalid mailto:a@evil.invalid",
)


class Hostile:
    """The plan, and which field each number stands for."""

    def __init__(self, links: bool) -> None:
        """``links``: also in fields that name something else, which then lead nowhere."""
        self.places: dict[str, str] = {}  # number: place, with 0 for any entry
        self._links = links
        self._dice = random.Random(7)
        demo = store.read(shipped("data") / "demo" / "demo.plan.json").model_dump(mode="json")
        data = self._model(Plan, demo, "")
        self.plan = self._valid(data, demo)

    def _text(self, path: str, most: int | None) -> str:
        number = f"{len(self.places):04}"
        self.places[number] = path
        n = len(self.places)
        tail = TAILS[n % len(TAILS)].format(m=f"q{number}z")
        text = f"{STARTS[n % len(STARTS)]}q{number}z {tail}"
        return text[: most or 2000]

    def _model(self, model: type[BaseModel], held: Any, path: str) -> dict[str, Any]:
        held = held if isinstance(held, dict) else {}
        made = {}
        for name, info in model.model_fields.items():
            if path == "" and name in ("schema_version", "revision"):
                made[name] = held.get(name)
                continue
            made[name] = self._value(
                typing.Annotated[info.annotation, info], held.get(name), f"{path}/{name}", info
            )
        return made

    def _value(self, kind: Any, held: Any, path: str, info: FieldInfo) -> Any:
        plain = bare(kind)
        form, inner = typing.get_origin(plain), typing.get_args(plain)
        name = path.rpartition("/")[2]
        if isinstance(plain, type) and issubclass(plain, BaseModel):
            return self._model(plain, held or self._drawn(kind, name, info), path)
        if form is list:
            entries = held or self._drawn(kind, name, info) or self._drawn(kind, name, info)
            return [
                self._value(inner[0], entry, f"{path}/{n}", info) for n, entry in enumerate(entries or [])
            ]
        if form is dict:
            entries = held or self._drawn(kind, name, info) or {}
            return {
                key: self._value(inner[1], entry, f"{path}/{key}", info) for key, entry in entries.items()
            }
        if plain is str and takes_text(kind, info, self._links) and general(path) not in ("/area/code",):
            return self._text(path, _most(kind))
        return held if held is not None else self._drawn(kind, name, info)

    def _drawn(self, kind: Any, name: str, info: FieldInfo) -> Any:
        """Something that fits where the demonstration has nothing."""
        for _ in range(20):
            made = _Draw(self._dice, 1, 2).value(kind, name, info)
            if made not in (None, [], {}):
                return made
        return None

    def _valid(self, data: dict[str, Any], demo: dict[str, Any]) -> Plan:
        """The plan; a place that takes no such text, as a code does not, keeps what it had."""
        for _ in range(50):
            try:
                return Plan.model_validate(data)
            except ValidationError as error:
                for fault in error.errors():
                    _mend(data, demo, [part for part in fault["loc"] if part != "[key]"])
        raise AssertionError("no valid plan")


def takes_text(kind: Any, info: FieldInfo, links: bool) -> bool:
    """Whether a field takes any text: no pattern, no list to choose from, and no name of something else."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return "pattern=" not in repr(kind) and (links or not extra.get("refers"))


def text_fields(
    kind: Any = Plan, path: str = "", info: FieldInfo | None = None, seen: tuple = ()
) -> Iterator[str]:
    """The places of every field of a plan that takes text, with 0 for any entry and * for any key."""
    plain = bare(kind)
    form, inner = typing.get_origin(plain), typing.get_args(plain)
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        if plain in seen:
            return
        for name, below in plain.model_fields.items():
            yield from text_fields(
                typing.Annotated[below.annotation, below], f"{path}/{name}", below, (*seen, plain)
            )
    elif form is list:
        yield from text_fields(inner[0], f"{path}/0", info, seen)
    elif form is dict:
        yield from text_fields(inner[1], f"{path}/*", info, seen)
    elif plain is str and info is not None and takes_text(kind, info, True):
        yield path


def _most(kind: Any) -> int | None:
    found = re.search(r"max_length=(\d+)", repr(kind)) or re.search(r"MaxLen\(max_length=(\d+)", repr(kind))
    return int(found[1]) if found else None


def _mend(data: Any, demo: Any, place: list[Any]) -> None:
    for part in place[:-1]:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return
        demo = demo[part] if isinstance(demo, dict | list) and _has(demo, part) else None
    last = place[-1] if place else None
    if isinstance(data, list) and isinstance(last, int) and last < len(data):
        del data[last]
    elif isinstance(data, dict):
        if isinstance(demo, dict) and last in demo and demo[last] != data.get(last):
            data[last] = demo[last]
        else:
            data.pop(last, None)


def _has(held: Any, part: Any) -> bool:
    return part in held if isinstance(held, dict) else isinstance(part, int) and part < len(held)
