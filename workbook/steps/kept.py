"""What a page works out from figures alone is worked out once, until an import changes the figures.

A page is worked out anew after every change of a plan, and most changes touch few of its parts. A part that
follows from figures and from a few places of the plan is kept under those places (:func:`kept`).

While the steps of one plan are worked out nobody changes it: :func:`settled` says so, and what several pages ask
of that plan is then worked out once for all of them (:func:`once`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from workbook.plan import Plan
from workbook.reference import Reference

T = TypeVar("T")
_MOST = 256  # of each kind of work
_FEW = 4  # of each kind that every change of a plan gives anew, and that is not small
_LARGE = frozenset({"chance", "money", "rates", "value"})
_found: dict[Hashable, OrderedDict[tuple[Hashable, ...], Any]] = {}
_lock = threading.Lock()  # held while looking and keeping, never during the work


def kept(reference: Reference, key: tuple[Hashable, ...], work: Callable[[], T]) -> T:
    """What ``work`` gave before for ``key``, else what it gives now; of many, those not asked for longest are let go.

    ``key`` begins with the kind of work and holds everything of the plan that it reads. A reference that does not say
    when its figures change is asked every time. What is kept is shared: nobody may change it.
    """
    stamp = getattr(reference, "stamp", None)
    if stamp is None:
        return work()
    whole = (reference, stamp, *key[1:])
    with _lock:
        held = _found.setdefault(key[0], OrderedDict())
        if whole in held:
            held.move_to_end(whole)
            before: T = held[whole]
            return before
    found = work()
    with _lock:
        held[whole] = found
        while len(held) > (_FEW if key[0] in _LARGE else _MOST):
            held.popitem(last=False)
    return found


@dataclass(frozen=True)
class _Settled:
    """A plan that nobody changes any more, its text, and what was worked out from it so far."""

    plan: Plan
    text: str
    found: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)


_now: ContextVar[_Settled | None] = ContextVar("plan being worked out", default=None)


@lru_cache(maxsize=2)
def _read(text: str) -> _Settled:
    return _Settled(Plan.model_validate_json(text), text)


@contextmanager
def settled(text: str) -> Iterator[Plan]:
    """The plan of that text, for as long as its steps are worked out; nobody may change it."""
    held = _read(text)
    before = _now.set(held)
    try:
        yield held.plan
    finally:
        _now.reset(before)


def text_of(plan: Plan) -> str:
    """The plan as JSON, written once where it is settled."""
    held = _now.get()
    return held.text if held and held.plan is plan else plan.model_dump_json()


def forget(plan: Plan, owned: Callable[[tuple[Hashable, ...]], bool]) -> None:
    """Let go of what was worked out once for a settled plan and is not asked for again; ``owned`` says which keys."""
    held = _now.get()
    if held is not None and held.plan is plan:
        for whole in [whole for whole in held.found if owned(whole[2:])]:
            del held.found[whole]


def once(plan: Plan, reference: Reference, key: tuple[Hashable, ...], work: Callable[[], T]) -> T:
    """What ``work`` gives for this plan: worked out once where the plan is settled, else every time.

    ``key`` begins with the kind of work. What is kept is shared: nobody may change it.
    """
    held, stamp = _now.get(), getattr(reference, "stamp", None)
    if held is None or held.plan is not plan or stamp is None:
        return work()
    whole = (reference, stamp, *key)
    if whole not in held.found:
        held.found[whole] = work()
    given: T = held.found[whole]
    return given
