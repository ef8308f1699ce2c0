"""The real server of the workbook, started as a person starts it, and the processes below it."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 90  # seconds until a server listens


def _ends_with_its_test() -> None:
    """In the server, before it starts: Linux asks it to end when what started it is gone, however that ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(home: Path, port: int, *words: str, **environment: str) -> subprocess.Popen:
    """``workbook open`` for the plans of a home, once it listens; what it says is in ``server.log`` there."""
    log = home / "server.log"
    command = [sys.executable, "-m", "workbook.cli", "open", "--no-browser", "--port", str(port), *words]
    with log.open("a") as out:
        server = subprocess.Popen(
            command,
            env={**os.environ, "WORKBOOK_HOME": str(home), **environment},
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=_ends_with_its_test,
        )
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    stop(server)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def stop(server: subprocess.Popen) -> None:
    """Ask a server to end as Ctrl-C does, and end it where it does not."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)


@contextmanager
def served(home: Path, *words: str, **environment: str) -> Iterator[tuple[int, subprocess.Popen]]:
    """The port and the process of a server, until the block ends."""
    port = free_port()
    server = start(home, port, *words, **environment)
    try:
        yield port, server
    finally:
        stop(server)


def kernels(server: int) -> list[int]:
    """The processes that answer the pages of a server: forked ones and ordinary ones."""
    parents = {int(entry.name): _parent(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
    below = {server}
    for _ in range(4):
        below |= {pid for pid, parent in parents.items() if parent in below}
    forked = {pid for pid in below if _forks(pid) and _forks(parents[pid])}
    return [pid for pid in below - {server} if pid in forked or "ipykernel" in _command(pid)]


def _forks(pid: int) -> bool:
    return "kernels.parent" in _command(pid)


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
