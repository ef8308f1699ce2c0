"""What a pack is at while it is made, part by part, for whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Say = Callable[[str, int, int], None]

_say: ContextVar[Say | None] = ContextVar("say", default=None)
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


def expect(parts: int) -> None:
    """A pack of so many parts is begun."""
    _at.set((0, parts))


def begin(words: str) -> None:
    """The next part is begun."""
    at, of = _at.get()
    _at.set((at + 1, max(of, at + 1)))
    say = _say.get()
    if say is not None:
        say(words, *_at.get())


def step(step_id: str) -> None:
    """The next part is the working out of a step."""
    begin(f"working out {_TITLES.get(step_id, step_id)}")
