"""Two people's changes to one plan, put together: everything of both, and a choice where both changed one place.

A merge looks at three plans: the one both began with, mine and theirs. A place that one side changed is taken from
that side. A place that both changed differently is a conflict: the merged plan holds theirs, and the conflict says what
stood there before, what is mine and what is theirs. So is an entry that one side took out and the other changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from workbook.errors import BadInput
from workbook.plan import wording
from workbook.plan.difference import below, deeper, where
from workbook.plan.faults import said
from workbook.plan.identity import NOT_DECIDED, Shape, has_short_name, shapes
from workbook.plan.lining_up import NOTHING, empty_added, lined_up
from workbook.plan.model import Plan
from workbook.plan.short_names import apart, fresh

GONE = "taken out"  # what a conflict says of an entry that one side removed


@dataclass(frozen=True)
class Conflict:
    """One place that both sides changed differently; the values in words, whole, "" for nothing.

    ``path`` is its JSON pointer in the merged plan. An entry that theirs took out has the place after the last entry
    of its list, where it would stand if mine were chosen.
    """

    path: str
    where: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """The plan of both sides, ready to be saved as the revision after theirs, and what has to be chosen."""

    plan: Plan
    conflicts: tuple[Conflict, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)  # what mine holds, by path


def merge(base: Plan, mine: Plan, theirs: Plan) -> Merged:
    """Everything that ``mine`` and ``theirs`` each changed of ``base``, with theirs where they contradict.

    Revision, and who saved it, are those of ``theirs``, so that the result can be saved after it. Two entries added on
    both sides both stay, under short names of their own; an entry of the same name added on both sides is one, and so
    is one known by what it is about (the income of one organisation in one year).
    """
    stamps = {name: getattr(theirs, name) for name in NOT_DECIDED}
    if mine.model_copy(update=stamps) == theirs:
        return Merged(theirs)
    mine = apart(base, mine, theirs)
    merging = _Merging(base, mine, theirs)
    parts = merging.group(Shape("group", Plan), base, mine, theirs, "", ())
    plan = _valid(parts | stamps, theirs, mine, merging)
    return Merged(plan, tuple(merging.conflicts), merging.values)


def settle(merged: Merged, choices: Mapping[str, str]) -> Plan:
    """The merged plan with mine at every place for which ``choices`` says "mine"; theirs elsewhere.

    Raises BadInput where a place is no conflict or a choice is neither "mine" nor "theirs".
    """
    known = {conflict.path: conflict for conflict in merged.conflicts}
    for path, choice in choices.items():
        if path not in known or choice not in ("mine", "theirs"):
            raise BadInput("That is no choice between two changes.", "Reload the page and choose again.")
    taken = [path for path in known if choices.get(path) == "mine"]
    if "" in taken:
        return merged.values[""].model_copy(update={n: getattr(merged.plan, n) for n in NOT_DECIDED})
    data = merged.plan.model_dump()
    for put in (_put, _take_out):  # what is taken out moves what stands behind it, so the last goes first
        for path in sorted(taken, key=_order, reverse=put is _take_out):
            put(data, path, merged.values[path])
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise BadInput(
            f"These choices do not fit together: {said(fault)}.", "Choose theirs in one of those places."
        ) from None


# --- part by part ----------------------------------------------------------------------------


class _Merging:
    """The conflicts met so far, and what mine holds there."""

    def __init__(self, base: Plan, mine: Plan, theirs: Plan) -> None:
        self.base, self.mine, self.theirs = (wording.names(plan) for plan in (base, mine, theirs))
        self.conflicts: list[Conflict] = []
        self.values: dict[str, Any] = {}

    def part(
        self, shape: Shape, base: Any, mine: Any, theirs: Any, path: str, crumbs: tuple[str, ...], name: str
    ) -> Any:
        """One part of the three plans; what only one side changed is taken as it is."""
        if _same(mine, base):
            return theirs
        if _same(theirs, base):
            return mine
        if _same(mine, theirs) and not empty_added(shape, base, mine):
            return theirs
        if shape.kind == "entries":
            return self.entries(shape, base, mine, theirs, path, deeper(crumbs, name, shape)[:-1])
        if shape.kind == "named":
            return self.named(shape, base, mine, theirs, path, crumbs, name)
        if shape.kind == "items":
            return _items(base, mine, theirs)
        if shape.kind == "group" and isinstance(mine, BaseModel) and isinstance(theirs, BaseModel):
            return self.group(shape, base, mine, theirs, path, deeper(crumbs, name, shape))
        return self.conflict(shape, base, mine, theirs, path, where(crumbs, wording.label(shape.info, name)))

    def group(
        self, shape: Shape, base: Any, mine: BaseModel, theirs: BaseModel, path: str, crumbs: tuple[str, ...]
    ) -> dict[str, Any]:
        """A section or an entry, field by field; where the base had none, every field was empty."""
        assert shape.model is not None
        empty = _empty(shape.model) if not isinstance(base, BaseModel) else {}
        return {
            name: self.part(
                inner,
                empty.get(name, NOTHING) if not isinstance(base, BaseModel) else getattr(base, name),
                getattr(mine, name),
                getattr(theirs, name),
                below(path, name),
                crumbs,
                name,
            )
            for name, inner in shapes(shape.model).items()
        }

    def conflict(self, shape: Shape, base: Any, mine: Any, theirs: Any, path: str, place: str) -> Any:
        told = (
            GONE if held is NOTHING and base is not NOTHING else wording.value(_plain(held), shape, known)
            for held, known in ((base, self.base), (mine, self.mine), (theirs, self.theirs))
        )
        self.conflicts.append(Conflict(path, place, *told))
        self.values[path] = mine
        return theirs

    def entries(
        self,
        shape: Shape,
        base: Any,
        mine: Sequence[BaseModel],
        theirs: Sequence[BaseModel],
        path: str,
        crumbs: tuple[str, ...],
    ) -> list[Any]:
        """A list of entries: those of both, in their order, or in mine where only mine is another."""
        assert shape.inner is not None
        rows = lined_up([] if base is NOTHING else base, mine, theirs)
        made: list[Any] = []
        lost: list[tuple[Any, Any]] = []
        for before, own, other in rows:
            row = next(held for held in (other, own, before) if held is not NOTHING)
            place, crumb = below(path, len(made)), wording.entry(row, len(made), self.theirs)
            if other is NOTHING and before is not NOTHING:  # theirs took it out
                if own is not NOTHING and own != before:
                    lost.append((before, own))
            elif own is NOTHING and before is not NOTHING:  # mine took it out
                if other != before:
                    made.append(
                        self.conflict(shape.inner, before, own, other, place, where((*crumbs, crumb)))
                    )
            elif own is NOTHING or other is NOTHING:
                made.append(row)
            elif own == other and not empty_added(shape.inner, before, own):
                made.append(other)
            else:
                made.append(self.group(shape.inner, before, own, other, place, (*crumbs, crumb)))
        for n, (before, own) in enumerate(lost):
            place, crumb = below(path, len(made) + n), wording.entry(own, n, self.mine)
            self.conflict(shape.inner, before, own, NOTHING, place, where((*crumbs, crumb)))
        return made

    def named(
        self, shape: Shape, base: Any, mine: Any, theirs: Any, path: str, crumbs: tuple[str, ...], name: str
    ) -> dict[str, Any]:
        """Answers under questions, weights under criteria: each by its name."""
        assert shape.inner is not None
        made: dict[str, Any] = {}
        base = {} if base is NOTHING else base
        for place in [*theirs, *(p for p in mine if p not in theirs)]:
            before, own, other = (side.get(place, NOTHING) for side in (base, mine, theirs))
            spoken = wording.named(place, shape.inner, self.theirs)
            held = self._under(
                shape.inner, before, own, other, below(path, place), crumbs, spoken, name, shape
            )
            if held is not NOTHING:
                made[place] = held
        return made

    def _under(
        self,
        inner: Shape,
        before: Any,
        own: Any,
        other: Any,
        path: str,
        crumbs: tuple[str, ...],
        spoken: str,
        name: str,
        shape: Shape,
    ) -> Any:
        if _same(own, other) or _same(own, before):
            return other
        if _same(other, before):
            return own
        if own is NOTHING or other is NOTHING or inner.kind == "value":
            title = wording.label(shape.info, name)
            return self.conflict(inner, before, own, other, path, where(crumbs, f"{title}, {spoken}"))
        if inner.kind == "named":
            return self.named(inner, before, own, other, path, (*crumbs, spoken), name)
        return self.group(inner, before, own, other, path, (*crumbs, spoken))


def _same(one: Any, other: Any) -> bool:
    return one is other or (one is not NOTHING and other is not NOTHING and bool(one == other))


def _plain(held: Any) -> Any:
    return None if held is NOTHING else held


def _empty(model: type[BaseModel]) -> dict[str, Any]:
    return {
        name: info.get_default(call_default_factory=True)
        for name, info in model.model_fields.items()
        if not info.is_required()
    }


def _items(base: Any, mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """Words or numbers that each stand for themselves: theirs, without what mine took out, with what mine added."""
    before = Counter([] if base is NOTHING else base)
    gone, added = before - Counter(mine), Counter(mine) - before
    kept = []
    for item in theirs:
        if gone[item] > 0:
            gone[item] -= 1
        else:
            kept.append(item)
    already = Counter(theirs) - before
    for item in mine:
        if added[item] > 0:
            added[item] -= 1
            if already[item] > 0:
                already[item] -= 1
            else:
                kept.append(item)
    return kept


# --- what comes out is a plan ------------------------------------------------------------------


def _valid(data: dict[str, Any], theirs: Plan, mine: Plan, merging: _Merging) -> Plan:
    """The plan that the parts make; where they do not fit together that part is theirs, and a conflict."""
    for _ in range(20):
        try:
            return Plan.model_validate(data)
        except ValidationError as error:
            way = [str(part) for part in error.errors(include_url=False)[0]["loc"]]
            _theirs_there(data, way, theirs, mine, merging)
    merging.conflicts, merging.values = [], {"": mine}
    merging.conflicts.append(Conflict("", "The whole plan", "", "as you have it", "as it was saved"))
    return theirs


def _theirs_there(
    data: dict[str, Any], way: Sequence[str], theirs: Plan, mine: Plan, merging: _Merging
) -> None:
    """Put theirs at the list that a fault lies in, and make of it one conflict."""
    shape, held, other, own = Shape("group", Plan), data, theirs, mine
    path = ""
    crumbs: tuple[str, ...] = ()
    for part in way:
        inner = shapes(shape.model)[part] if shape.model is not None and part in shapes(shape.model) else None
        if inner is None:
            break
        path = below(path, part)
        if inner.kind != "group" or not isinstance(held[part], dict):
            held[part] = getattr(other, part)
            merging.conflicts = [c for c in merging.conflicts if not f"{c.path}/".startswith(f"{path}/")]
            title = where(crumbs, wording.label(inner.info, part))
            merging.conflict(inner, None, getattr(own, part), getattr(other, part), path, title)
            return
        crumbs = deeper(crumbs, part, inner)
        shape, held, other, own = inner, held[part], getattr(other, part), getattr(own, part)


# --- choosing ----------------------------------------------------------------------------------


def _order(path: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in path.split("/")]


def _reached(data: Any, path: str) -> tuple[Any, str]:
    *way, last = [p.replace("~1", "/").replace("~0", "~") for p in path.split("/")[1:]]
    for part in way:
        data = data[int(part)] if isinstance(data, list) else data[part]
    return data, last


def _put(data: Any, path: str, value: Any) -> None:
    """Mine at a place; an entry that theirs took out goes to the end of its list."""
    if value is NOTHING:
        return
    inside, last = _reached(data, path)
    held, known_by_it = _dumped(value), isinstance(value, BaseModel) and has_short_name(type(value))
    if not isinstance(inside, list):
        inside[last] = held
    elif int(last) < len(inside):
        inside[int(last)] = held
    else:
        taken = {str(row.get("id")) for row in inside if isinstance(row, dict)}
        if known_by_it and held["id"] in taken:
            held["id"] = fresh(held["id"], taken)
        inside.append(held)


def _take_out(data: Any, path: str, value: Any) -> None:
    if value is NOTHING:
        inside, last = _reached(data, path)
        del inside[int(last) if isinstance(inside, list) else last]


def _dumped(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, list):
        return [_dumped(item) for item in value]
    return {k: _dumped(v) for k, v in value.items()} if isinstance(value, dict) else value
