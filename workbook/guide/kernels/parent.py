"""The process from which kernels are forked: ``python -m workbook.guide.kernels.parent LINE``.

LINE is the number of an open socket to the server. Each message on it carries one end of a new kernel's own line;
the kernel is forked and speaks for itself there. This process has one thread, draws no chart, and ends with LINE.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

from workbook.guide.kernels import asking, child, link, warm

_LOOK = 2.0  # seconds between two looks whether an import changed the figures


class Parent:
    """Forks kernels when the server asks, and warms up when nobody does."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._generation = 0
        self._known: object = None
        self._work: Iterator[Callable[[], Any]] | None = None

    def run(self) -> None:
        """Until the server is gone; never returns."""
        self._begin()
        while True:
            ready, _, _ = select.select([self._line], [], [], 0 if self._work else _LOOK)
            if ready:
                self._fork()
            elif self._work:
                self._piece()
            elif self._stamp() != self._known:
                self._begin()

    def _begin(self) -> None:
        """Warm up: at the start, and anew once an import has changed the figures."""
        from workbook.steps import kept, let_go

        let_go()
        with contextlib.suppress(AttributeError):
            kept._found.clear()  # what was worked out from figures that are no more
        self._known = self._stamp()
        self._work = warm.pieces()

    def _piece(self) -> None:
        try:
            next(self._work)()  # type: ignore[arg-type]
        except StopIteration:
            self._work = None
            self._generation += 1
            warm.settle()
            link.send(self._line, {"warm": self._generation})
        except Exception as error:  # a page that cannot be drawn says so itself; here it only stays cold
            print(f"Warming up: {error}", file=sys.stderr)

    def _stamp(self) -> object:
        from workbook.guide.answering import session

        try:
            return session._open_reference().stamp
        except Exception:
            return None

    def _fork(self) -> None:
        message, files = link.receive(self._line, files=1)
        if message is None:
            os._exit(0)
        gc.freeze()
        if files and os.fork() == 0:
            self._line.close()
            child.live(message, socket.socket(fileno=files[0]))
        for number in files:
            os.close(number)


def main() -> None:
    """Import everything, then serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a kernel here: its line tells
    gc.disable()
    line = socket.socket(fileno=int(sys.argv[1]))
    warm.modules()
    if path := os.environ.get(asking.SOCKET):
        charts = asking.use(path, may_draw=False)
        os.register_at_fork(after_in_child=lambda: setattr(charts, "may_draw", True))
    link.send(line, {"ready": True})
    Parent(line).run()


if __name__ == "__main__":
    main()
