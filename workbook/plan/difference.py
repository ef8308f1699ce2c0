"""What differs between two plans, place by place, in the words of the person who filled them in.

Entries are matched by what they are known by (see ``identity``), so that a list in another order has not changed and
an entry that moved is the same one. Who saved a plan, and when, is no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from workbook.plan import wording
from workbook.plan.identity import Shape, pairs, shapes
from workbook.plan.model import Plan
from workbook.words import plural, some

_SHOWN = 80  # characters of a value in a sentence
_NAMED = 4  # places named in a summary
_LATER = frozenset(
    {"budget", "needs", "ambitions", "decommissioning"}
)  # steps: what lies in them says enough


@dataclass(frozen=True)
class Change:
    """One place that differs.

    ``path`` is its JSON pointer in the new plan, for something taken out in the old one; ``where`` the place in words;
    ``before`` and ``after`` the values in words, whole, "" for nothing. ``typed`` values are words that somebody
    typed; in a sentence they stand between quotation marks. ``within`` is the entry or part it lies in.
    """

    path: str
    kind: Literal["changed", "added", "removed"]
    where: str
    before: str = ""
    after: str = ""
    typed: bool = False
    within: str = ""


def difference(old: Plan, new: Plan) -> list[Change]:
    """Every place in which ``new`` differs from ``old``, in the order of the plan."""
    return list(_Comparing(old, new).group(old, new, "", ()))


def said(change: Change) -> str:
    """One change as a sentence; long texts are shortened."""
    if change.kind == "added":
        return f"{change.where} was added."
    if change.kind == "removed":
        return f"{change.where} was taken out."
    before, after = (_short(text, change.typed) for text in (change.before, change.after))
    if not before:
        return f"{change.where} set to {after}."
    if not after:
        return f"{change.where} emptied; before: {before}."
    return f"{change.where} changed from {before} to {after}."


def summary(changes: Sequence[Change]) -> str:
    """Many changes in one sentence: how many, and where most of them are."""
    if not changes:
        return "Nothing was changed."
    if len(changes) == 1:
        return said(changes[0])
    places = Counter(change.within for change in changes)
    named = [place if times == 1 else f"{place} ({times})" for place, times in places.items()]
    return f"{plural(len(changes), 'change').capitalize()}: {some(named, _NAMED)}."


def _short(text: str, typed: bool) -> str:
    flat = " ".join(text.split())
    if len(flat) > _SHOWN:
        flat = f"{flat[:_SHOWN].rstrip()}..."
    return f"“{flat}”" if typed and flat else flat


def where(crumbs: Sequence[str], label: str = "") -> str:
    """A place in words: ``Scheme “Rapid response”, effect 3: effect, lower end``."""
    way = ", ".join(c if n == 0 else wording.lowered(c) for n, c in enumerate(crumbs))
    if way and label:
        return f"{way}: {label}"
    return way or label[:1].upper() + label[1:]


def below(path: str, part: str | int) -> str:
    """The JSON pointer of a part of the place at ``path``."""
    return f"{path}/{str(part).replace('~', '~0').replace('/', '~1')}"


def deeper(crumbs: tuple[str, ...], name: str, shape: Shape) -> tuple[str, ...]:
    """The way in words to the fields of a group; the steps themselves are left out where something lies deeper."""
    title = (shape.info.title if shape.info is not None else "") or name
    kept = tuple(crumb for crumb in crumbs if crumb not in _steps())
    return (*kept, title)


def _steps() -> frozenset[str]:
    return frozenset(Plan.model_fields[name].title or "" for name in _LATER)


def _items(held: Sequence[Any]) -> list[Any]:
    """What a list says, in any order; an empty line says nothing."""
    return sorted(item for item in held if item != "")


class _Comparing:
    """The two plans, and what their entries are called."""

    def __init__(self, old: Plan, new: Plan) -> None:
        self.old, self.new = wording.names(old), wording.names(new)

    def group(self, old: BaseModel, new: BaseModel, path: str, crumbs: tuple[str, ...]) -> Iterator[Change]:
        for name, shape in shapes(type(new)).items():
            a, b = getattr(old, name), getattr(new, name)
            if a is not b and a != b:
                yield from self.part(a, b, shape, below(path, name), crumbs, name)

    def part(
        self, a: Any, b: Any, shape: Shape, path: str, crumbs: tuple[str, ...], name: str
    ) -> Iterator[Change]:
        if shape.kind == "entries":
            yield from self.entries(a, b, path, deeper(crumbs, name, shape)[:-1])
        elif shape.kind == "named":
            yield from self.named(a, b, shape, path, crumbs, name)
        elif shape.kind == "group" and a is not None and b is not None:
            yield from self.group(a, b, path, deeper(crumbs, name, shape))
        elif shape.kind != "items" or _items(a) != _items(b):
            yield self.changed(a, b, shape, path, crumbs, wording.label(shape.info, name))

    def changed(self, a: Any, b: Any, shape: Shape, path: str, crumbs: tuple[str, ...], label: str) -> Change:
        before, after = wording.value(a, shape, self.old), wording.value(b, shape, self.new)
        within = crumbs[0] if crumbs else where((), label)
        return Change(path, "changed", where(crumbs, label), before, after, wording.is_text(shape), within)

    def entries(
        self, old: list[BaseModel], new: list[BaseModel], path: str, crumbs: tuple[str, ...]
    ) -> Iterator[Change]:
        found = pairs(old, new)
        for j, row in enumerate(new):
            called = (*crumbs, wording.entry(row, j, self.new))
            if j not in found:
                told = wording.value(row, _ROW, self.new)
                yield Change(below(path, j), "added", where(called), after=told, within=called[0])
            elif (before := old[found[j]]) != row:
                yield from self.group(before, row, below(path, j), called)
        kept = set(found.values())
        for i, row in enumerate(old):
            if i not in kept:
                called = (*crumbs, wording.entry(row, i, self.old))
                told = wording.value(row, _ROW, self.old)
                yield Change(below(path, i), "removed", where(called), before=told, within=called[0])

    def named(
        self,
        old: dict[str, Any],
        new: dict[str, Any],
        shape: Shape,
        path: str,
        crumbs: tuple[str, ...],
        name: str,
    ) -> Iterator[Change]:
        assert shape.inner is not None
        inner = shape.inner
        for key in [*new, *(key for key in old if key not in new)]:
            a, b = old.get(key), new.get(key)
            if a == b:
                continue
            place = below(path, key)
            about = wording.named(key, inner, self.new)
            if inner.kind == "value":
                title = wording.label(shape.info, name)
                yield self.changed(a, b, inner, place, crumbs, f"{title}, {about}")
            elif inner.kind == "named":
                yield from self.named(a or {}, b or {}, inner, place, (*crumbs, about), name)
            else:
                assert inner.model is not None
                yield from self.group(a or inner.model(), b or inner.model(), place, (*crumbs, about))


_ROW = Shape("group")
