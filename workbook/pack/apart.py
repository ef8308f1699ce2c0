"""The notebooks of a pack in a process of their own, so that nothing they do reaches another pack.

Notebooks are code, and an organisation may add its own. A worker of a batch makes one pack after another,
and what a notebook left behind (a changed option of pandas, a function put in another's place, a thread, an
open file) would reach the next. So each pack's notebooks run in a child that ends with them::

    worker  draws the charts, writes the documents, lives as long as the batch
    stem    a copy of the worker from before it drew anything; it runs no notebook and waits
    child   a copy of the stem for one pack: runs its notebooks, asks the worker for charts, ends

Three are needed because a copy of a process that has drawn a chart hangs (the chart engine has threads,
and a copy has none of them). The child starts with everything imported and with what follows from figures alone
worked out, which the stem does once for the first pack.

Where a process cannot be copied (Windows), outside a batch, and with ordinary kernels, the notebooks run as
:mod:`workbook.pack.run` runs them.
"""

from __future__ import annotations

import contextlib
import gc
import json
import multiprocessing
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from workbook import errors
from workbook.errors import WorkbookError
from workbook.pack import stages

MOST_MEMORY = 4 << 30  # bytes that the notebooks of one pack may take besides what they start with
_PICTURE, _BEGUN, _CELL, _DONE, _REFUSED, _FAULT = (bytes([n]) for n in range(6))
_LONGEST = 1 << 26  # bytes of a message
_LATE = 0.02  # seconds between two looks at a child where the system cannot say when it ends

_stem: tuple[int, socket.socket] | None = None  # the process that may use it, and the line to it


class NotebookFault(Exception):
    """A fault of the program met in the child, in a line; the child's traceback is its note."""


def stand_by() -> None:
    """Make the stem. To be called at the start of a worker, before it draws anything or starts a thread."""
    global _stem
    if not hasattr(os, "fork") or not hasattr(socket, "send_fds") or threading.active_count() > 1:
        return
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        _let_go_of_files(theirs.fileno())
        _and_end(_wait_for_packs, theirs)
    theirs.close()
    _stem = (os.getpid(), ours)


def stands_by() -> bool:
    """Whether this process has a stem."""
    return _stem is not None and _stem[0] == os.getpid()


def run(plan_path: Path, out_dir: Path, begun: Callable[[str], None], folder: Path | None = None) -> None:
    """Run the notebooks of a plan in a child; they are in ``out_dir/notebooks`` afterwards.

    ``begun`` is told the id of each step, ``folder`` holds other notebooks than the shipped ones. Raises
    what the notebooks raised, and WorkbookError where the child ended before they were done.
    """
    if _stem is None:
        raise RuntimeError("there is no stem")
    stem = _stem[1]
    ours, theirs = socket.socketpair()
    with theirs, Connection(ours.detach()) as line:
        request = [str(plan_path), str(out_dir), str(folder) if folder else None]
        try:
            socket.send_fds(stem, [json.dumps(request).encode()], [theirs.fileno()])
        except OSError:
            _give_up()
        theirs.close()
        child = _Child(line, begun)
        child.settle(_attended(child, line, stem))


def _attended(child: _Child, line: Connection, stem: socket.socket) -> int:
    """Serve the child until the stem says how it ended, which is given: an exit code, or a signal below nought."""
    parent = multiprocessing.parent_process()
    ends: list[Any] = [stem, *([parent.sentinel] if parent else [])]
    while True:
        ready = connection.wait([*ends, *([] if line.closed else [line])])
        if stem in ready:
            break
        if ready != [line]:
            _give_up()  # whoever gave this worker its packs is gone
        if not child.hear():
            line.close()  # so that a child that still waits for a picture ends
    said = stem.recv(16)
    if not said:
        _give_up()
    while not line.closed and line.poll() and child.hear():  # what it said last
        pass
    return int(said)


def _give_up() -> NoReturn:
    """End this worker at once, where its stem is gone: another takes its place, and only the pack in hand fails."""
    os._exit(70)


class _Child:
    """What the worker knows of a child from what it says."""

    def __init__(self, line: Connection, begun: Callable[[str], None]) -> None:
        self._line, self._begun = line, begun
        self._step, self._done = "", False
        self._cell: int | None = None
        self._problem: Exception | None = None

    def hear(self) -> bool:
        """Take in one message; False where the child says no more."""
        try:
            message = self._line.recv_bytes(_LONGEST)
            self._answer(message[:1], message[1:])
        except (EOFError, OSError, ValueError):  # it has ended, or what it says makes no sense
            return False
        return True

    def _answer(self, kind: bytes, said: bytes) -> None:
        if kind == _PICTURE:
            self._line.send_bytes(_drawn(said))
        elif kind == _BEGUN:
            self._step = said.decode()
            self._begun(self._step)
        elif kind == _CELL:
            self._cell = int(said)
            stages.cell(self._cell)
        elif kind == _DONE:
            self._done = True
        else:
            self._problem = _problem(json.loads(said))

    def settle(self, ended: int) -> None:
        """Raise what went wrong, if anything did."""
        if self._problem is not None:
            raise self._problem
        if not self._done:
            how = f"signal {-ended}" if ended < 0 else f"exit code {ended}"
            raise WorkbookError(
                f"Step '{self._step}' could not be worked out: the process of its notebook ended "
                f"unexpectedly ({how}), perhaps for want of memory.",
                "Look for what the notebook does beyond its own figures.",
            ).at(self._step, self._cell)


def _problem(said: dict[str, Any]) -> Exception:
    """The error that a child met."""
    kind = getattr(errors, said["kind"], None)
    if isinstance(kind, type) and issubclass(kind, WorkbookError):
        error: Exception = kind.__new__(kind)
        error.__dict__.update({name: said[name] for name in ("problem", "remedy", "step", "cell")})
        return error
    if said.get("errno"):  # a full disk, which whoever moves the pack into place has the words for
        return OSError(said["errno"], said["strerror"])
    fault = NotebookFault(said["problem"].rstrip().rpartition("\n")[2])
    fault.add_note(said["problem"])
    return fault


def _drawn(spec: bytes) -> bytes:
    """The picture a child asked for, or why there is none."""
    from workbook.render import svg

    try:
        return b"+" + svg.drawn(spec.decode()).encode()
    except Exception as error:
        return b"-" + str(error).encode()


# --- the stem -----------------------------------------------------------------


def _wait_for_packs(line: socket.socket) -> None:
    """The life of a stem: one child after another, until the worker is gone."""
    os.setsid()  # what ends the worker's group leaves the stem, which then ends the child and all it started
    warm = False
    while True:
        words, handles, _, _ = socket.recv_fds(line, 1 << 16, 1)
        if not words:
            return
        plan, out, folder = json.loads(words)
        if not warm:
            _warm(Path(plan))
            warm = True
        pid = os.fork()
        if pid == 0:
            line.close()
            _and_end(_make, handles[0], Path(plan), Path(out), Path(folder) if folder else None)
        os.close(handles[0])
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        _wait_for_end(pid, line)
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _let_go_of_files(kept: int) -> None:
    """Lead every open file of the worker but one to nowhere, so that no notebook can write to another's line."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    with contextlib.suppress(OSError):
        for handle in map(int, os.listdir("/dev/fd")):
            if handle > 2 and handle not in (kept, nowhere):
                with contextlib.suppress(OSError):
                    os.fstat(handle)  # the one with which the folder was read is closed again
                    os.dup2(nowhere, handle)
    os.close(nowhere)


def _wait_for_end(pid: int, worker: socket.socket) -> None:
    """Wait until the child has ended or the worker is gone. The child stays to be waited for."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(pid)
        connection.wait([handle, worker])
        os.close(handle)
        return
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if connection.wait([worker], timeout=_LATE):
            return


def _warm(plan_path: Path) -> None:
    """Everything a child needs, once: the shell, the notebooks read, the steps of the first plan worked out."""
    from workbook.pack import engine
    from workbook.pack import run as notebooks
    from workbook.pack.report import known
    from workbook.plan import store
    from workbook.steps import run as step

    with contextlib.suppress(Exception):  # what is wrong with the plan is said when its notebooks run
        engine.warm()
        plan = store.read(plan_path)
        for step_id in notebooks.warm():
            step(step_id, plan, known())
    # What is there now is never collected, and its memory stays shared with the children.
    gc.collect()
    gc.freeze()


# --- the child ----------------------------------------------------------------


def _make(handle: int, plan_path: Path, out_dir: Path, folder: Path | None) -> None:
    """The life of a child: run the notebooks of one pack and say how it went."""
    from workbook.pack import run as notebooks
    from workbook.render import svg

    os.setpgid(0, 0)
    _end_with_parent()
    _bound_memory()
    line = Connection(handle)
    svg.pictures_by(lambda spec: _asked(line, spec))
    try:
        with stages.followed(lambda place: line.send_bytes(_CELL + str(place.cell).encode())):
            notebooks.run_here(
                plan_path, out_dir, lambda step_id: line.send_bytes(_BEGUN + step_id.encode()), folder
            )
    except WorkbookError as error:
        said = {"kind": type(error).__name__, "problem": error.problem, "remedy": error.remedy,
                "step": error.step, "cell": error.cell}  # fmt: skip
        line.send_bytes(_REFUSED + json.dumps(said).encode())
    except BaseException as error:
        said = {"kind": "", "problem": traceback.format_exc()}
        if isinstance(error, OSError):
            said |= {"errno": error.errno, "strerror": error.strerror}
        line.send_bytes(_FAULT + json.dumps(said).encode())
    else:
        line.send_bytes(_DONE)


def _asked(line: Connection, spec: str) -> str:
    """A picture drawn by the worker."""
    line.send_bytes(_PICTURE + spec.encode())
    answer = line.recv_bytes()
    if answer[:1] == b"-":
        raise ValueError(answer[1:].decode())
    return answer[1:].decode()


def _end_with_parent() -> None:
    """End when the stem ends, however it does; only Linux can be asked for it."""
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _bound_memory() -> None:
    """Let a notebook that takes memory without end meet an error before the machine does."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_MEMORY, most))


def _and_end(life: Callable[..., None], *given: Any) -> NoReturn:
    """Live and end, without the farewells of the process that was copied."""
    code = 70
    try:
        life(*given)
        code = 0
    except (BrokenPipeError, ConnectionResetError):  # whoever listened was ended, and with it the pack
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)
