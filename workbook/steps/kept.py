"""What a page works out from figures alone is worked out once, until an import changes the figures.

A page is worked out anew after every change of a plan, and most changes touch few of its parts. A part that
follows from figures and from a few places of the plan is kept under those places.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from workbook.reference import Reference

T = TypeVar("T")
_MOST = 512
_found: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()


def kept(reference: Reference, key: tuple[Hashable, ...], work: Callable[[], T]) -> T:
    """What ``work`` gave before for ``key``, else what it gives now; the oldest of many are let go.

    ``key`` names the work and holds everything of the plan that it reads. A reference that does not say when its
    figures change is asked every time. What is kept is shared: nobody may change it.
    """
    stamp = getattr(reference, "stamp", None)
    if stamp is None:
        return work()
    whole = (reference, stamp, *key)
    if whole not in _found:
        _found[whole] = work()
        while len(_found) > _MOST:
            _found.popitem(last=False)
    found: T = _found[whole]
    return found
