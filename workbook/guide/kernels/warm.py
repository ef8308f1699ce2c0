"""What the parent of the kernels has ready: modules, the reference, and a plan worked out and drawn once."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

MODULES = (
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "anywidget",
    "asyncio.selector_events",
    "comm",
    "faulthandler",
    "ipykernel.comm",
    "ipykernel.debugger",
    "ipykernel.displayhook",
    "ipykernel.heartbeat",
    "ipykernel.iostream",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.shellchannel",
    "ipykernel.subshell_manager",
    "ipykernel.zmqshell",
    "ipywidgets",
    "matplotlib_inline.backend_inline",
    "numpy",
    "pandas",
    "pdb",
    "psutil",
    "pydantic",
    "sqlite3",
    "tornado.platform.asyncio",
    "traitlets",
    "zmq.eventloop.zmqstream",
    "voila.utils",
    "workbook.guide.answering.page",
    "workbook.guide.answering.session",
    "workbook.guide.kernels.kernel",
    "workbook.guide.giving.packing",
    "workbook.plan.store",
    "workbook.reference",
    "workbook.render.html",
    "workbook.steps",
)


def modules() -> None:
    """Import what a page needs; a module that is missing is asked for by the page that needs it."""
    # The debugger of notebooks costs every kernel seven megabytes, and a page is never debugged.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def pieces(plans: int = 3) -> Iterator[Callable[[], Any]]:
    """The work of warming up, a second or less at a time, so that a kernel asked for meanwhile hardly waits.

    What is worked out from figures and what is drawn of it stays with the modules that keep it; the pages do not.
    """
    from workbook.steps import TITLES

    for path in _plans(plans):
        for step_id in TITLES:
            yield lambda s=step_id, p=path: _page(s, p)  # type: ignore[misc]


def _page(step_id: str, path: Any) -> None:
    """Work a step out and draw every view of it; a plan that cannot be read says so on its own page."""
    from workbook import steps
    from workbook.errors import WorkbookError
    from workbook.guide.answering.session import Session
    from workbook.guide.drawing.views import WHOLE

    with contextlib.suppress(WorkbookError, OSError):
        shown = Session(step_id, path, view=WHOLE)
        shown.page()
        steps.hold(step_id, shown.plan, shown._reference)


def _plans(most: int) -> list[Any]:
    """The demonstration plan, and those saved last: their areas are the ones asked for next."""
    from workbook import paths
    from workbook.plan import store

    demonstration = paths.shipped("data") / "demo" / f"demo{store.SUFFIX}"
    own = []
    with contextlib.suppress(OSError):
        own = sorted(
            paths.plans().glob(f"*{store.SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True
        )
    return [demonstration, *own[:most]]


def settle() -> None:
    """Nothing that is there now is ever collected, and what is to come does not lie among it.

    A kernel's first small objects would go into the gaps that warming up left everywhere in memory, and each of them
    would make the kernel copy a page of it. So the gaps are filled, and what is free at the end is given back.
    """
    gc.collect()
    _kept.append([_small(size, count) for size, count in _gaps().items()])
    with contextlib.suppress(OSError, AttributeError):  # another C library than that of most Linux systems
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    gc.freeze()


_kept: list[Any] = []
_ROW = re.compile(r"^\s*\d+\s+(\d+)\s+\d+\s+\d+\s+(\d+)\s*$", re.M)  # class, size, pools, in use, free


def _gaps() -> dict[int, int]:
    """How many places Python's allocator has free in pages it has begun, by their size in bytes."""
    if not hasattr(sys, "_debugmallocstats"):
        return {}
    with tempfile.TemporaryFile() as told:
        sys.stderr.flush()
        before = os.dup(2)
        try:
            os.dup2(told.fileno(), 2)
            sys._debugmallocstats()
        finally:
            os.dup2(before, 2)
            os.close(before)
        told.seek(0)
        text = told.read().decode(errors="replace")
    return {int(size): min(int(free), 500_000) for size, free in _ROW.findall(text)}


def _small(size: int, count: int) -> list[Any]:
    """So many objects of a size."""
    if size == 16:
        return [object() for _ in range(count)]
    if size == 32:
        return [n + 0.5 for n in range(count)]
    return [bytes(max(0, size - _EMPTY)) for _ in range(count)]


_EMPTY = sys.getsizeof(b"")
