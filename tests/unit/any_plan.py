"""Any plan that the schema takes, drawn from a seed: every field at its limits, hostile words, links that lead nowhere."""

from __future__ import annotations

import random
import types
import typing
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbook.plan import Plan
from workbook.plan.edit import bare

SCRIPT = "<script>alert(1)</script>"
WORDS = (
    "",
    "Falls",
    "Council",
    "x" * 300,
    SCRIPT,
    "=1+1",
    "\u202eabc\u202c",
    "\U0001f9e1 مرحبا",
    "a\nb",
    "{{x}}",
    "$e^x$ #let x = 1",
    "*b* _i_ `c` [l](http://example.invalid)",
)
NUMBERS = (0, 0.1, 0.5, 1, 2, 100, 1e9, -1e9, 0.001, 1234.5, -50, 50, 33.333)
YEARS = (1990, 2024, 2025, 2026, 2026, 2027, 2028, 2030, 2100)
IDS = ("a", "b", "c", "d")
LADDER = ("ODR-12.r1", "ODR-12.r3", "ODR-12.r9", "a", "zz")
CRITERIA = ("ODR-12.c1", "ODR-12.c2", "ODR-12.c6", "a", "~0/1", "zz")
REFERS = {"scope_options": LADDER, "ladder": LADDER, "ladder_criteria": CRITERIA}
KEYS = {
    "weights": CRITERIA,
    "scores": LADDER,
    "scores of one option": CRITERIA,
    "equality": ("age", "disability", "martians", "~x/"),
}
QUESTIONS = ("CST-13.1", "CST-14.1", "CST-16.1", "NAO-01.3", "ODR-10.1", "XXX-99.z")
WHO = ("organisation", "partner", "payer", "provider", "host", "name", "stranded_with", "transition_with")
_KEPT = ("schema_version", "revision", "saved", "origin", "area")


def drawn(seed: int, area: str = "E54000050") -> Plan:
    """The plan of a seed: between empty and with every field, lists of none to five."""
    dice = random.Random(seed)
    draw = _Draw(dice, dice.choice((0.1, 0.3, 0.5, 0.8, 1)), dice.choice((1, 2, 3, 5)))
    data = draw.model(Plan, leave=_KEPT) | {"area": {"code": area, "name": f"Here {SCRIPT}"}}
    return Plan.model_validate(data)


class _Draw:
    def __init__(self, dice: random.Random, density: float, most: int) -> None:
        self.dice, self.density, self.most = dice, density, most

    def model(self, model: type[BaseModel], leave: tuple[str, ...] = ()) -> dict[str, Any]:
        return {
            name: self.value(typing.Annotated[info.annotation, info], name, info)
            for name, info in model.model_fields.items()
            if name not in leave and (info.is_required() or self.dice.random() < self.density)
        }

    def value(self, kind: Any, name: str, info: FieldInfo) -> Any:
        if _may_be_none(kind) and self.dice.random() < 0.3:
            return None
        plain = bare(kind)
        form, inner = typing.get_origin(plain), typing.get_args(plain)
        if form is typing.Literal:
            return self.dice.choice(inner)
        if form is list:
            return _distinct([self.value(inner[0], name, info) for _ in range(self.count(self.most))])
        if form is dict:
            below = "scores of one option" if name == "scores" else name
            keys = KEYS.get(name, QUESTIONS)
            return {self.dice.choice(keys): self.value(inner[1], below, info) for _ in range(self.count(3))}
        if issubclass(plain, BaseModel):
            return self.model(plain)
        return self.one(plain, name, info, *_limits(kind))

    def count(self, most: int) -> int:
        return self.dice.choice((0, 1, 1, 2, most))

    def one(self, plain: type, name: str, info: FieldInfo, low: float | None, high: float | None) -> Any:
        dice = self.dice
        if plain is bool:
            return dice.random() < 0.5
        if plain is date:
            near = date(2026, 4, 1) + timedelta(days=dice.randint(-800, 2000))
            return dice.choice((near, near, date(1990, 1, 1), date(2100, 12, 31)))
        if plain is int:
            if low == 1990:
                return dice.choice((*(2025,) * 6, 1990, 2100) if name == "base_year" else YEARS)
            low, high = int(low or 0), int(100 if high is None else high)
            return dice.choice((low, high, dice.randint(low, high)))
        if plain is float:
            ends = [end for end in (low, high) if end is not None]
            fits = [n for n in (*NUMBERS, *ends) if (low is None or n >= low) and (high is None or n <= high)]
            return dice.choice(fits)
        return self.text(name, info)

    def text(self, name: str, info: FieldInfo) -> str:
        if name == "id":
            return self.dice.choice(IDS)
        refers = (
            (info.json_schema_extra or {}).get("refers") if isinstance(info.json_schema_extra, dict) else ""
        )
        if refers:
            return self.dice.choice(REFERS.get(str(refers), (*IDS, "", "scheme:a", "line:b", "gone")))
        return self.dice.choice(("Board", "Council", *WORDS[-5:]) if name in WHO else WORDS)


def _distinct(entries: list[Any]) -> list[Any]:
    """Entries with short names, each name once."""
    if entries and isinstance(entries[0], dict) and "id" in entries[0]:
        return list({entry["id"]: entry for entry in entries}.values())
    return entries


def _may_be_none(kind: Any) -> bool:
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    return type(None) in typing.get_args(kind)


def _limits(kind: Any) -> tuple[float | None, float | None]:
    """The least and the most that a type takes, wherever in it they stand."""
    found: dict[str, float] = {}

    def walk(part: Any) -> None:
        if isinstance(part, FieldInfo):
            for inner in (*part.metadata, part.annotation):
                walk(inner)
        elif typing.get_origin(part) in (typing.Annotated, typing.Union, types.UnionType):
            for inner in typing.get_args(part):
                walk(inner)
        for end in ("ge", "le"):
            if not isinstance(part, FieldInfo) and getattr(part, end, None) is not None:
                found[end] = getattr(part, end)

    walk(kind)
    return found.get("ge"), found.get("le")
