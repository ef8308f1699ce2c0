"""What a page works out from figures alone is worked out once, until an import changes the figures.

A page is worked out anew after every change of a plan, and most changes touch few of its parts. A part that
follows from figures and from a few places of the plan is kept under those places.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from workbook.reference import Reference

T = TypeVar("T")
_MOST = 1024  # of each kind of work
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
        while len(held) > _MOST:
            held.popitem(last=False)
    return found
