"""Many jobs on the cores of one machine, where no job can stop another.

Each worker is a process of its own, forked from a server that has the heavy
imports ready (:mod:`workbook.pack.preload`). A worker that crashes or takes too
long is ended and replaced; only the job it had fails. The server itself never
draws a chart: a child of a process that has drawn one hangs. Notebooks do not run
in the worker but in a child for each pack (:mod:`workbook.pack.apart`).
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.context import BaseContext
from typing import Any

from workbook.errors import WorkbookError, sentence
from workbook.pack import apart, stages

_AT, _DONE = "at", "done"  # what a worker says: where it is, and how it went


@dataclass(frozen=True)
class Outcome:
    """What became of one job: its result, or the sentence that says why there is none."""

    key: str
    result: Any = None
    problem: str = ""
    details: str = ""  # a traceback, for the people who look after the program
    seconds: float = 0.0
    step: str = ""  # in which it failed, where it was the working out of a step
    cell: int | None = None  # of that step's notebook, counted from 1


def cores() -> int:
    """The cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def run(
    jobs: Mapping[str, Mapping[str, Any]], task: str, *, workers: int | None = None, timeout: float = 300
) -> Iterator[Outcome]:
    """Call ``task`` ("module:function") with each job's keywords; outcomes come as they are ready.

    ``timeout`` is in seconds for one job. Leaving the loop early ends the workers.
    """
    context = _context()
    waiting = deque(jobs.items())
    crew = [_Worker(context, task, timeout) for _ in range(min(max(1, workers or cores()), len(jobs)))]
    try:
        for worker in crew:
            worker.give(*waiting.popleft())
        while busy := [worker for worker in crew if worker.key is not None]:
            yield from _ready(busy)
            for worker in busy:
                if worker.key is None and waiting:
                    worker.give(*waiting.popleft())
    finally:
        for worker in crew:
            worker.end()


class Kept:
    """One worker that is kept for job after job, where somebody else holds the queue: :meth:`do` waits for each."""

    def __init__(self, task: str, timeout: float = 300) -> None:
        self._worker = _Worker(_context(), task, timeout)

    def do(self, key: str, job: Mapping[str, Any]) -> Outcome:
        """The outcome of one job; after a crash or a job that took too long the next one has a new worker."""
        self._worker.give(key, job)
        while True:
            for outcome in _ready([self._worker]):
                return outcome

    def end(self) -> None:
        """End the worker with everything it started."""
        self._worker.end()


def _ready(busy: list[_Worker]) -> Iterator[Outcome]:
    """Wait for the next workers that finish, crash or run out of time."""
    patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
    watched = [handle for worker in busy for handle in (worker.pipe, worker.process.sentinel)]
    connection.wait(watched, timeout=patience)
    for worker in busy:
        outcome = worker.outcome()
        if outcome is not None:
            yield outcome


class _Worker:
    """One process and the job it has now."""

    def __init__(self, context: BaseContext, task: str, timeout: float) -> None:
        self._context, self._task, self._timeout = context, task, timeout
        self.key: str | None = None
        self._place = stages.Place()
        self._start()

    def _start(self) -> None:
        self.pipe, theirs = self._context.Pipe()
        self.process = self._context.Process(target=_serve, args=(theirs, self._task, dict(os.environ)))  # type: ignore[attr-defined]
        self.process.start()
        theirs.close()

    def give(self, key: str, job: Mapping[str, Any]) -> None:
        self.key, self._began, self._place = key, time.monotonic(), stages.Place()
        self.deadline = self._began + self._timeout
        with contextlib.suppress(OSError):  # a worker that is gone is met in outcome()
            self.pipe.send((key, dict(job)))

    def outcome(self) -> Outcome | None:
        """The outcome of the job where it is settled; a worker that is of no more use is replaced."""
        key, seconds = self.key or "", time.monotonic() - self._began
        try:
            while self.pipe.poll():
                kind, said = self.pipe.recv()
                if kind == _DONE:
                    self.key = None
                    result, problem, details, step, cell = said
                    return Outcome(key, result, problem, details, seconds, step, cell)
                self._place = stages.Place(*said)
        except (EOFError, OSError):
            return self._lost(key, self._manner_of_death(), seconds)
        if not self.process.is_alive():
            return self._lost(key, self._manner_of_death(), seconds)
        if time.monotonic() >= self.deadline:
            took = f"It took longer than {self._timeout:g} seconds and was stopped{self._while()}."
            return self._lost(key, took, seconds)
        return None

    def end(self) -> None:
        """End the process with everything it started."""
        self.pipe.close()
        if self.process.is_alive():
            with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
        self.process.join()

    def _manner_of_death(self) -> str:
        self.process.join(5)
        code = self.process.exitcode or 0
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return (
            f"The process that made it ended unexpectedly ({how}){self._while()}, perhaps for want of memory."
        )

    def _while(self) -> str:
        """What the worker had begun last: " while working out needs (cell 3 of its notebook)"."""
        words, step, cell = self._place
        if not words:
            return ""
        where = f" (cell {cell} of its notebook)" if cell is not None else ""
        return f" while {words}{where}" if step else f" while making {words}"

    def _lost(self, key: str, problem: str, seconds: float) -> Outcome:
        self.end()
        self.key = None
        self._start()
        return Outcome(key, problem=problem, seconds=seconds, step=self._place.step, cell=self._place.cell)


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["workbook.pack.preload"])
    return context


def _serve(pipe: connection.Connection, task: str, environment: dict[str, str]) -> None:
    """The life of a worker: one job after another, until the other end is gone."""
    os.environ.clear()  # the server keeps the environment it was started with, which may be another
    os.environ.update(environment)
    with contextlib.suppress(AttributeError, OSError):
        os.setsid()  # one group, so that what a job started ends with it; and no Ctrl-C from the terminal
    # What a library prints must not get into the results of the command.
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    apart.stand_by()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            _, job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            with stages.followed(lambda place: pipe.send((_AT, tuple(place)))):
                answer = _attempt(task, job)
            pipe.send((_DONE, answer))
        except (BrokenPipeError, ConnectionResetError):
            return


def _end_with_parent() -> None:
    """End this worker and all it started as soon as whoever gave it its jobs is gone, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    connection.wait([parent.sentinel])
    with contextlib.suppress(OSError, AttributeError):
        os.killpg(0, signal.SIGKILL)
    os._exit(70)


def _attempt(task: str, job: dict[str, Any]) -> tuple[Any, str, str, str, int | None]:
    """The result, or the sentence that says why there is none, with its traceback where it is a fault; step, cell."""
    module, function = task.split(":")
    try:
        return getattr(importlib.import_module(module), function)(**job), "", "", "", None
    except WorkbookError as error:
        return None, sentence(error), "", error.step, error.cell
    except (Exception, SystemExit) as error:
        return None, sentence(error), traceback.format_exc(), *stages.place()[1:]
