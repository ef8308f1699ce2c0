"""A kernel that was forked: its own surroundings, its line to the server, and then the kernel's loop."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import threading
from typing import Any

from workbook.guide.kernels import link


def live(message: dict[str, Any], line: socket.socket) -> None:
    """Be a kernel until it is shut down; never returns.

    ``message`` holds the ``arguments`` of ``ipykernel_launcher``, the ``environment`` and the ``folder``.
    The server learns of the end of this process by the end of ``line``, and this process likewise of the server's.
    """
    code = 1
    try:
        _surroundings(message)
        link.send(line, {"pid": os.getpid()})
        from workbook.guide.kernels import kernel

        app = kernel.made(message["arguments"])
        threading.Thread(target=_listen, args=(line,), daemon=True).start()
        link.send(line, {"up": True})
        app.start()
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc(file=sys.__stderr__)
    finally:
        # What the parent registered for its own end is not this process's to do.
        with contextlib.suppress(Exception):
            sys.__stderr__.flush()  # type: ignore[union-attr]
        os._exit(code)


def _surroundings(message: dict[str, Any]) -> None:
    os.setsid()  # one group, so that what a page started ends with it; and no Ctrl-C from the terminal
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    _take(message["environment"])
    with contextlib.suppress(OSError):
        os.chdir(message["folder"])
    gc.enable()


def _take(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _listen(line: socket.socket) -> None:
    """Take the surroundings of the page this kernel is given to; end with the server."""
    while True:
        try:
            message, _files = link.receive(line)
        except OSError:
            message = None
        if message is None:
            with contextlib.suppress(OSError):
                os.killpg(0, signal.SIGKILL)
            os._exit(0)
        if "environment" in message:
            _take(message["environment"])
            with contextlib.suppress(OSError):
                link.send(line, {"taken": True})
