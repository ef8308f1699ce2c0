"""Short names that two people gave to different entries in the meantime: one gets a new one, and what refers to it follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbook.plan import wording
from workbook.plan.identity import Shape, extra, pairs, shapes
from workbook.plan.lining_up import added_alike
from workbook.plan.model import Plan

_UNREFERRED = (("budget", "contracts"), ("budget", "risks"))  # short names that no other field names


def apart(base: Plan, mine: Plan, theirs: Plan) -> Plan:
    """Mine, with new short names for entries whose short name theirs gave to another entry in the meantime."""
    renamed: dict[str, dict[str, str]] = {}
    for what, way in wording.LISTS.items():
        if found := _clashing(*(_rows(plan, way) for plan in (base, mine, theirs))):
            renamed[what] = found
    for way in _UNREFERRED:
        if found := _clashing(*(_rows(plan, way) for plan in (base, mine, theirs))):
            renamed["/".join(way)] = found
    if not renamed:
        return mine
    lists = wording.LISTS | {"/".join(way): way for way in _UNREFERRED}
    data = mine.model_dump()
    for what, names in renamed.items():
        for row in _rows(data, lists[what]):
            row["id"] = names.get(row["id"], row["id"])
    _follow(data, Shape("group", Plan), renamed)
    return Plan.model_validate(data)


def _rows(held: Any, way: Sequence[str]) -> list[Any]:
    for part in way:
        held = held[part] if isinstance(held, dict) else getattr(held, part)
    return list(held)


def _clashing(base: list[Any], mine: list[Any], theirs: list[Any]) -> dict[str, str]:
    """New short names for entries that mine added: that of the same entry in theirs, or one that is not taken there."""
    before = {row.id for row in base}
    added = {row.id for row in mine} - before
    if not added:
        return {}
    from_mine, from_theirs = pairs(base, mine), pairs(base, theirs)
    alike = added_alike(mine, theirs, from_mine, from_theirs)
    both = alike | {j: k for j, i in from_mine.items() for k, other in from_theirs.items() if i == other}
    same = {mine[j].id: theirs[k].id for j, k in both.items()}
    others = {row.id for row in theirs}
    found = {mine[j].id: theirs[k].id for j, k in alike.items() if mine[j].id != theirs[k].id}
    taken = before | others | {row.id for row in mine}
    for id in sorted(added & others - set(found)):
        if same.get(id) != id:
            found[id] = fresh(id, taken)
            taken.add(found[id])
    return found


def fresh(id: str, taken: set[str]) -> str:
    """A short name like ``id`` that is not taken: "scheme-4" becomes "scheme-5", "north" becomes "north-2"."""
    stem, _, digits = id.rpartition("-")
    start = int(digits) if stem and digits.isdigit() and len(digits) < 9 else 1
    stem = (stem if stem and digits.isdigit() else id)[:50]
    return next(
        name for n in range(start + 1, start + len(taken) + 3) if (name := f"{stem}-{n}") not in taken
    )


def _follow(data: Any, shape: Shape, renamed: Mapping[str, Mapping[str, str]]) -> None:
    """What refers to an entry by its short name goes with it when that is a new one."""
    if shape.kind == "group" and shape.model is not None and isinstance(data, dict):
        for name, inner in shapes(shape.model).items():
            data[name] = _renamed(data.get(name), inner, name, renamed)


def _renamed(held: Any, shape: Shape, name: str, renamed: Mapping[str, Mapping[str, str]]) -> Any:
    if shape.kind == "entries" and shape.inner is not None:
        for row in held:
            _follow(row, shape.inner, renamed)
        return held
    if shape.kind == "named" and shape.inner is not None:
        names = {**renamed.get("scope_options", {}), **renamed.get("ladder_criteria", {})}
        if shape.inner.kind == "group":
            for row in held.values():
                _follow(row, shape.inner, renamed)
            return held
        return {names.get(k, k): _renamed(v, shape.inner, name, renamed) for k, v in held.items()}
    if shape.kind == "group":
        _follow(held, shape, renamed)
        return held
    refers = str(extra(shape.info).get("refers", ""))
    one: Callable[[Any], Any] = lambda id: _new_name(id, refers, renamed)  # noqa: E731 - used twice below
    return [one(item) for item in held] if isinstance(held, list) else one(held)


def _new_name(id: Any, refers: str, renamed: Mapping[str, Mapping[str, str]]) -> Any:
    if refers == "valued" and isinstance(id, str):
        what, _, rest = id.partition(":")
        return f"{what}:{renamed.get(f'{what}s', {}).get(rest, rest)}"
    return renamed.get(refers, {}).get(id, id) if isinstance(id, str) else id
