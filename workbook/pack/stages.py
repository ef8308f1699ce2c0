"""What a pack is at while it is made, part by part, for whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Place(NamedTuple):
    """Where the making of a pack is: in words, in which step, in which cell of its notebook (counted from 1)."""

    words: str = ""
    step: str = ""
    cell: int | None = None


Say = Callable[[str, int, int], None]

_say: ContextVar[Say | None] = ContextVar("say", default=None)
_follow: ContextVar[Callable[[Place], None] | None] = ContextVar("follow", default=None)
_place: ContextVar[Place | None] = ContextVar("place", default=None)
_at: ContextVar[tuple[int, int]] = ContextVar("at", default=(0, 0))

_TITLES = {"start": "the area and its people", "plan": "the plan as a whole"}


@contextmanager
def heard(say: Say) -> Iterator[None]:
    """Tell ``say`` of every part of the packs made inside: what is being made, its number, how many there are."""
    given = _say.set(say)
    try:
        yield
    finally:
        _say.reset(given)


@contextmanager
def followed(follow: Callable[[Place], None]) -> Iterator[None]:
    """Tell ``follow`` of every part, step and cell that is begun inside, for a watch over what hangs."""
    given, before = _follow.set(follow), _place.set(Place())
    try:
        yield
    finally:
        _follow.reset(given)
        _place.reset(before)


def place() -> Place:
    """Where the making is now, as far as somebody follows it."""
    return _place.get() or Place()


def cell(number: int) -> None:
    """The next cell of a step's notebook is begun."""
    _go(place()._replace(cell=number))


def expect(parts: int) -> None:
    """A pack of so many parts is begun."""
    _at.set((0, parts))


def begin(words: str, step_id: str = "") -> None:
    """The next part is begun."""
    _go(Place(words, step_id))
    at, of = _at.get()
    _at.set((at + 1, max(of, at + 1)))
    say = _say.get()
    if say is not None:
        say(words, *_at.get())


def step(step_id: str) -> None:
    """The next part is the working out of a step."""
    begin(f"working out {_TITLES.get(step_id, step_id)}", step_id)


def _go(now: Place) -> None:
    _place.set(now)
    follow = _follow.get()
    if follow is not None:
        follow(now)
