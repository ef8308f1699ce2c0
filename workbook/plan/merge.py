"""Two people's changes to one plan, put together: everything of both, and a choice where both changed one place.

A merge looks at three plans: the one both began with, mine and theirs. A place that one side changed is taken from
that side. A place that both changed differently is a conflict: the merged plan holds theirs, and the conflict says what
stood there before, what is mine and what is theirs. So is an entry that one side took out and the other changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from workbook.errors import BadInput
from workbook.plan import wording
from workbook.plan.difference import below, deeper, where
from workbook.plan.faults import said
from workbook.plan.identity import NOT_DECIDED, Shape, called, extra, has_short_name, key, pairs, shapes
from workbook.plan.model import Plan

GONE = "taken out"  # what a conflict says of an entry that one side removed


class _Nothing:
    """What stands where nothing stands: an entry or an answer that a plan does not have."""

    def __repr__(self) -> str:
        return "nothing"


_NOTHING: Final = _Nothing()


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
    mine = _apart(base, mine, theirs)
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
        if _same(mine, theirs) and not _empty_added(shape, base, mine):
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
                empty.get(name, _NOTHING) if not isinstance(base, BaseModel) else getattr(base, name),
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
            GONE if held is _NOTHING and base is not _NOTHING else wording.value(_plain(held), shape, known)
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
        rows = _lined_up([] if base is _NOTHING else base, mine, theirs)
        made: list[Any] = []
        lost: list[tuple[Any, Any]] = []
        for before, own, other in rows:
            row = next(held for held in (other, own, before) if held is not _NOTHING)
            place, crumb = below(path, len(made)), wording.entry(row, len(made), self.theirs)
            if other is _NOTHING and before is not _NOTHING:  # theirs took it out
                if own is not _NOTHING and own != before:
                    lost.append((before, own))
            elif own is _NOTHING and before is not _NOTHING:  # mine took it out
                if other != before:
                    made.append(
                        self.conflict(shape.inner, before, own, other, place, where((*crumbs, crumb)))
                    )
            elif own is _NOTHING or other is _NOTHING:
                made.append(row)
            elif own == other and not _empty_added(shape.inner, before, own):
                made.append(other)
            else:
                made.append(self.group(shape.inner, before, own, other, place, (*crumbs, crumb)))
        for n, (before, own) in enumerate(lost):
            place, crumb = below(path, len(made) + n), wording.entry(own, n, self.mine)
            self.conflict(shape.inner, before, own, _NOTHING, place, where((*crumbs, crumb)))
        return made

    def named(
        self, shape: Shape, base: Any, mine: Any, theirs: Any, path: str, crumbs: tuple[str, ...], name: str
    ) -> dict[str, Any]:
        """Answers under questions, weights under criteria: each by its name."""
        assert shape.inner is not None
        made: dict[str, Any] = {}
        base = {} if base is _NOTHING else base
        for place in [*theirs, *(p for p in mine if p not in theirs)]:
            before, own, other = (side.get(place, _NOTHING) for side in (base, mine, theirs))
            spoken = wording.named(place, shape.inner, self.theirs)
            held = self._under(
                shape.inner, before, own, other, below(path, place), crumbs, spoken, name, shape
            )
            if held is not _NOTHING:
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
        if own is _NOTHING or other is _NOTHING or inner.kind == "value":
            title = wording.label(shape.info, name)
            return self.conflict(inner, before, own, other, path, where(crumbs, f"{title}, {spoken}"))
        if inner.kind == "named":
            return self.named(inner, before, own, other, path, (*crumbs, spoken), name)
        return self.group(inner, before, own, other, path, (*crumbs, spoken))


def _same(one: Any, other: Any) -> bool:
    return one is other or (one is not _NOTHING and other is not _NOTHING and bool(one == other))


def _plain(held: Any) -> Any:
    return None if held is _NOTHING else held


def _empty(model: type[BaseModel]) -> dict[str, Any]:
    return {
        name: info.get_default(call_default_factory=True)
        for name, info in model.model_fields.items()
        if not info.is_required()
    }


def _items(base: Any, mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """Words or numbers that each stand for themselves: theirs, without what mine took out, with what mine added."""
    before = Counter([] if base is _NOTHING else base)
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


# --- lists of entries ------------------------------------------------------------------------


def _lined_up(
    base: Sequence[BaseModel], mine: Sequence[BaseModel], theirs: Sequence[BaseModel]
) -> list[tuple[Any, Any, Any]]:
    """Every entry as (in the base, in mine, in theirs), in the order of the merged list."""
    from_mine, from_theirs = pairs(base, mine), pairs(base, theirs)
    both = _added_alike(mine, theirs, from_mine, from_theirs)
    # An entry of either list under one mark: its place in the base, or who added it.
    own = [_mark(j, from_mine, both, "mine") for j in range(len(mine))]
    other = [_mark(j, from_theirs, {}, "theirs") for j in range(len(theirs))]
    moved = [mark for mark in other if mark[0] == "base"]
    order = _interleaved(other, own) if moved != sorted(moved) else _interleaved(own, other)
    in_mine, in_theirs = dict(zip(own, mine, strict=True)), dict(zip(other, theirs, strict=True))
    before = {("base", i): row for i, row in enumerate(base)}
    return [(before.get(m, _NOTHING), in_mine.get(m, _NOTHING), in_theirs.get(m, _NOTHING)) for m in order]


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


def _added_alike(
    mine: Sequence[BaseModel],
    theirs: Sequence[BaseModel],
    from_mine: Mapping[int, int],
    from_theirs: Mapping[int, int],
) -> dict[int, int]:
    """Entries added on both sides that are one and the same: {place in mine: place in theirs}."""
    left = [j for j in range(len(theirs)) if j not in from_theirs]
    found = {}
    for j in (j for j in range(len(mine)) if j not in from_mine):
        if (i := next((i for i in left if _one_entry(mine[j], theirs[i])), None)) is not None:
            left.remove(i)
            found[j] = i
    return found


def _one_entry(one: BaseModel, other: BaseModel) -> bool:
    """Whether two people added the same entry: the same name, or about the same thing. An empty one never is."""
    if has_short_name(type(one)):
        return bool(called(one)) and called(one) == called(other)
    return key(one) is not None and key(one) == key(other)


# --- short names -----------------------------------------------------------------------------


def _empty_added(shape: Shape, base: Any, held: Any) -> bool:
    """Whether an empty entry was added anywhere in a part: two people who each added one mean to fill in two."""
    if base is _NOTHING or base == held:
        return False
    if shape.kind == "entries":
        found = pairs(base, held)
        return any(
            not _one_entry(row, row)
            if j not in found
            else _empty_added(Shape("group", type(row)), base[found[j]], row)
            for j, row in enumerate(held)
        )
    if shape.kind == "group" and isinstance(held, BaseModel) and isinstance(base, BaseModel):
        inside = shapes(type(held)).items()
        return any(_empty_added(inner, getattr(base, name), getattr(held, name)) for name, inner in inside)
    return False


def _apart(base: Plan, mine: Plan, theirs: Plan) -> Plan:
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


_UNREFERRED = (("budget", "contracts"), ("budget", "risks"))  # short names that no other field names


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
    alike = _added_alike(mine, theirs, from_mine, from_theirs)
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
    if value is _NOTHING:
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
    if value is _NOTHING:
        inside, last = _reached(data, path)
        del inside[int(last) if isinstance(inside, list) else last]


def _dumped(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, list):
        return [_dumped(item) for item in value]
    return {k: _dumped(v) for k, v in value.items()} if isinstance(value, dict) else value
