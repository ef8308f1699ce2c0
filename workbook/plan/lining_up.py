"""The entries of two versions of a list lined up: which is which, which are new, and in which order they stand merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from workbook.plan.identity import Shape, called, has_short_name, key, pairs, shapes


class Nothing:
    """What stands where nothing stands: an entry or an answer that a plan does not have."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Final = Nothing()


def lined_up(
    base: Sequence[BaseModel], mine: Sequence[BaseModel], theirs: Sequence[BaseModel]
) -> list[tuple[Any, Any, Any]]:
    """Every entry as (in the base, in mine, in theirs), in the order of the merged list."""
    from_mine, from_theirs = pairs(base, mine), pairs(base, theirs)
    both = added_alike(mine, theirs, from_mine, from_theirs)
    # An entry of either list under one mark: its place in the base, or who added it.
    own = [_mark(j, from_mine, both, "mine") for j in range(len(mine))]
    other = [_mark(j, from_theirs, {}, "theirs") for j in range(len(theirs))]
    moved = [mark for mark in other if mark[0] == "base"]
    order = _interleaved(other, own) if moved != sorted(moved) else _interleaved(own, other)
    in_mine, in_theirs = dict(zip(own, mine, strict=True)), dict(zip(other, theirs, strict=True))
    before = {("base", i): row for i, row in enumerate(base)}
    return [(before.get(m, NOTHING), in_mine.get(m, NOTHING), in_theirs.get(m, NOTHING)) for m in order]


_Mark = tuple[str, int]


def _mark(place: int, known: Mapping[int, int], both: Mapping[int, int], side: str) -> _Mark:
    if place in known:
        return ("base", known[place])
    return ("theirs", both[place]) if place in both else (side, place)


def _interleaved(first: Sequence[_Mark], second: Sequence[_Mark]) -> list[_Mark]:
    """The first list, with what only the second has after what it follows there."""
    order = list(first)
    held = set(first)
    previous: _Mark | None = None
    for mark in second:
        if mark not in held:
            order.insert(order.index(previous) + 1 if previous is not None else 0, mark)
            held.add(mark)
        previous = mark
    return order


def added_alike(
    mine: Sequence[BaseModel],
    theirs: Sequence[BaseModel],
    from_mine: Mapping[int, int],
    from_theirs: Mapping[int, int],
) -> dict[int, int]:
    """Entries added on both sides that are one and the same: {place in mine: place in theirs}."""
    left = [j for j in range(len(theirs)) if j not in from_theirs]
    found = {}
    for j in (j for j in range(len(mine)) if j not in from_mine):
        if (i := next((i for i in left if one_entry(mine[j], theirs[i])), None)) is not None:
            left.remove(i)
            found[j] = i
    return found


def one_entry(one: BaseModel, other: BaseModel) -> bool:
    """Whether two people added the same entry: the same name, or about the same thing. An empty one never is."""
    if has_short_name(type(one)):
        return bool(called(one)) and called(one) == called(other)
    return key(one) is not None and key(one) == key(other)


def empty_added(shape: Shape, base: Any, held: Any) -> bool:
    """Whether an empty entry was added anywhere in a part: two people who each added one mean to fill in two."""
    if base is NOTHING or base == held:
        return False
    if shape.kind == "entries":
        found = pairs(base, held)
        return any(
            not one_entry(row, row)
            if j not in found
            else empty_added(Shape("group", type(row)), base[found[j]], row)
            for j, row in enumerate(held)
        )
    if shape.kind == "group" and isinstance(held, BaseModel) and isinstance(base, BaseModel):
        inside = shapes(type(held)).items()
        return any(empty_added(inner, getattr(base, name), getattr(held, name)) for name, inner in inside)
    return False
