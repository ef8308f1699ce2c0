"""The server's side: starts the parent of the kernels and the chart process, watches them, ends them with itself."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from workbook.guide import kernels
from workbook.guide.kernels import asking, link

log = logging.getLogger("workbook.kernels")
_START = 60.0  # seconds the parent may take to be ready to fork
_UP = 30.0  # seconds a forked kernel may take to be up
_AGAIN = 3  # so often a process is started again ...
_WITHIN = 600.0  # ... in so many seconds, then it is left alone


class NoFork(Exception):
    """No kernel could be forked; an ordinary one must do."""


class Helper:
    """A process beside the server that is started again when it dies, but not for ever.

    Between the two is one socket: the process ends when the server's end is closed, in whatever way that happens.
    """

    def __init__(self, module: str, arguments: Sequence[str], said: str, environment: dict[str, str]) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._environment = environment
        self._said = said
        self._starts: deque[float] = deque(maxlen=_AGAIN + 1)
        self._closing = False
        self.line: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.on_start: Callable[[socket.socket], None] = lambda line: None
        self.on_end: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Start it and watch it."""
        mine, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [*self._command, str(theirs.fileno())],
                env=self._environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.line = mine
        self._starts.append(time.monotonic())
        self.on_start(mine)
        threading.Thread(target=self._watch, args=(self.process, mine), daemon=True).start()

    def _watch(self, process: subprocess.Popen[bytes], line: socket.socket) -> None:
        process.wait()
        line.close()
        if self._closing:
            return
        self.on_end()
        often = len(self._starts) > _AGAIN and time.monotonic() - self._starts[0] < _WITHIN
        after = "It is left alone now." if often else "It is started again."
        log.warning("%s (exit code %s). %s", self._said, process.returncode, after)
        if not often:
            with contextlib.suppress(OSError):
                self.start()

    def close(self) -> None:
        """End it."""
        self._closing = True
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Forked:
    """A forked kernel as Jupyter looks at a process it started. Its line tells whether it lives."""

    stdin = stdout = stderr = None

    def __init__(self, line: socket.socket, pid: int, generation: int) -> None:
        self.line, self.pid, self.generation = line, pid, generation
        self.returncode: int | None = None
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """None while it lives."""
        if self.returncode is None and self._lock.acquire(
            blocking=False
        ):  # else it is being spoken to just now
            try:
                if link.gone(self.line):
                    self.returncode = 1
                    self.line.close()
            finally:
                self._lock.release()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it is gone."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.02)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it is gone: its number may be another's by then."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it with everything it started."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    terminate = kill

    def give(self, environment: dict[str, str]) -> bool:
        """Hand it the surroundings of the page it is for; whether it took them."""
        with self._lock, contextlib.suppress(OSError):
            self.line.settimeout(5)
            link.send(self.line, {"environment": environment})
            message, _files = link.receive(self.line)
            return bool(message and message.get("taken"))
        return False


class House:
    """What one server has beside it. ``fork`` gives kernels; ``generation`` counts how often the parent was warmed."""

    def __init__(self, folder: Path) -> None:
        self._charts_at = str(folder / "charts")
        environment = {
            **os.environ,
            asking.SOCKET: self._charts_at,
            "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
        }
        # Threads of the arithmetic library would have to be made anew in every kernel.
        self.parent = Helper(
            "workbook.guide.kernels.parent",
            [],
            "The process that pages are forked from has ended: pages start with ordinary kernels",
            {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **environment},
        )
        self.charts = Helper(
            "workbook.guide.kernels.charts",
            [self._charts_at],
            "The chart process has ended: pages draw their charts themselves meanwhile",
            environment,
        )
        self.generation = 0
        self.on_warm: Callable[[], object] = lambda: None
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._fails = 0
        self.parent.on_start = self._listen
        self.parent.on_end = self._lost

    def start(self) -> None:
        """Start both processes; neither is waited for."""
        self.charts.start()
        self.parent.start()

    def close(self) -> None:
        """End both; kernels that are still there end with their lines."""
        self._ready.clear()
        self.parent.close()
        self.charts.close()

    @property
    def usable(self) -> bool:
        """Whether it is worth asking for a fork."""
        process = self.parent.process
        return self._fails < _AGAIN and process is not None and process.poll() is None

    def fork(self, arguments: Sequence[str], environment: dict[str, str], folder: str) -> Forked:
        """A new kernel that is up. Waits for the parent where it is still starting. Raises NoFork."""
        if not self.usable or not self._ready.wait(_START) or not self.usable:
            raise NoFork
        mine, theirs = socket.socketpair()
        wanted = {"arguments": list(arguments), "environment": environment, "folder": folder}
        try:
            with theirs, self._lock:
                if self.parent.line is None:
                    raise NoFork
                link.send(self.parent.line, wanted, [theirs.fileno()])
            mine.settimeout(_UP)
            born, _files = link.receive(mine)
            up, _files = link.receive(mine) if born else (None, [])
        except OSError:
            up = None
        if not up:
            mine.close()
            self._fails += 1
            raise NoFork
        self._fails = 0
        return Forked(mine, int(born["pid"]), self.generation)

    def _listen(self, line: socket.socket) -> None:
        threading.Thread(target=self._hear, args=(line,), daemon=True).start()

    def _hear(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while (message := link.receive(line)[0]) is not None:
                if "ready" in message:
                    self._ready.set()
                if "warm" in message:
                    self.generation += 1
                    self.on_warm()

    def _lost(self) -> None:
        self._ready.clear()


current: House | None = None


@contextlib.contextmanager
def opened() -> Iterator[House | None]:
    """The house of this process while its server runs; None where kernels are ordinary ones."""
    global current
    if not kernels.possible():
        yield None
        return
    # A folder that only this person can enter; a short name, as a socket's path has room for a hundred letters.
    with tempfile.TemporaryDirectory(prefix="wbk-", ignore_cleanup_errors=True) as folder:
        house = House(Path(folder))
        try:
            house.start()
            current = house
        except OSError as error:
            log.warning("Kernels cannot be forked here (%s): pages start with ordinary ones.", error)
            house.close()
            yield None
            return
        try:
            yield house
        finally:
            current = None
            house.close()


def settings(house: House | None) -> dict[str, Any]:
    """What the server's configuration needs so that kernels come from the house; nothing without one."""
    if house is None:
        return {}
    from workbook.guide.kernels import client, pool, provisioner

    provisioner.offer()
    return {
        "KernelProvisionerFactory": {"default_provisioner_name": provisioner.NAME},
        "VoilaConfiguration": {"multi_kernel_manager_class": pool.Waiting},
        "KernelManager": {"client_factory": client.Client},
    }
