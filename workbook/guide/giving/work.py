"""Long work of a page: a pack, a spreadsheet of a whole plan, the import of a large file.

It is done by a process of its own, so that the page goes on answering. What the process says of itself goes, line by
line, to a file in ``WORKBOOK_HOME/work``: a page that moves to another view, or is opened anew, finds it there and goes
on showing it. A lock that only the process and nobody else holds tells that it is alive, however it ends.

Two sides: a page starts, follows and stops a :class:`Job` through :class:`Works`; the process says what it does by
:func:`say` and stands in :func:`run`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from workbook import paths
from workbook.errors import WorkbookError
from workbook.guide.answering import faults

Reply = dict[str, Any]

_LOOK = 0.25  # seconds between two looks at what the process said
_BEAT = 2.0  # seconds after which a page hears of it again though nothing new was said
_READ_OUT = 12.0  # seconds between two sentences that a screen reader reads out
_PATIENCE = 8.0  # seconds that a process has to end by itself
_WITHOUT_LOCKS = 15 * 60  # seconds after which work is taken for ended where files cannot be locked
_KEPT = 20  # pieces of work whose words are kept


@dataclass(frozen=True)
class Job:
    """A piece of long work. One of an id is done at a time, whoever starts it.

    ``command`` follows the interpreter (``-m``, module, arguments). ``goes_on``: it is finished though its page is
    closed; otherwise it is stopped with the page. ``where`` is the id of the place on the page that shows it.
    """

    id: str
    title: str
    command: tuple[str, ...]
    where: str
    goes_on: bool = False


@dataclass
class State:
    """What is known of a piece of work: what it does now, how far it is, and how it ended."""

    words: str = ""
    at: int = 0
    of: int = 0
    over: str = ""  # "done", "failed" or "stopped" once it has ended
    said: dict[str, Any] = field(default_factory=dict)  # what it left at its end

    def take(self, line: dict[str, Any]) -> None:
        """Take one line of what the process said."""
        if line.get("over"):
            self.over, self.said = str(line["over"]), line
        else:
            self.words, self.at, self.of = str(line["words"]), int(line["at"]), int(line["of"])

    @property
    def problem(self) -> str:
        return str(self.said.get("problem", ""))


# --- on the page --------------------------------------------------------------------


def place(where: str) -> str:
    """Where a page shows a piece of work; ``static/work.js`` fills it."""
    name = escape(where)
    return (
        f'<div class="wg-work" id="wg-work-{name}" data-work="{name}"></div>'
        f'<p class="wg-unseen" role="status" id="wg-work-{name}-said"></p>'
    )


class Works:
    """The long work of one page. ``send`` tells the page; ``ended`` of a start is called once with how it ended."""

    def __init__(self, send: Callable[[Reply], None]) -> None:
        self._send = send
        self._following: dict[str, asyncio.Task[None]] = {}
        self._own: dict[str, subprocess.Popen[bytes]] = {}
        self._stopped: set[str] = set()

    def start(self, job: Job, ended: Callable[[State], Reply]) -> Reply:
        """Begin a job, or follow the one of its id that is running already."""
        try:
            process = _begin(job)
        except OSError as error:
            return {"work": _shown(job, State(over="failed", said={"problem": _disk(error)}))}
        if process is not None:
            self._own[job.id] = process
        self._stopped.discard(job.id)
        return self.follow(job, ended)

    def follow(self, job: Job, ended: Callable[[State], Reply]) -> Reply:
        """Show a job that is running; nothing where none is."""
        state = now(job.id)
        if state is None or (state.over and job.id not in self._own):
            return {}
        if job.id not in self._following or self._following[job.id].done():
            self._following[job.id] = asyncio.get_running_loop().create_task(self._follow(job, ended))
        return {"work": _shown(job, state)}

    def stop(self, id: str) -> None:
        """Ask a job to stop; it says itself when it has."""
        if is_running(id):
            self._stopped.add(id)
            _end(id, self._own.get(id), signal.SIGTERM)
            with contextlib.suppress(RuntimeError):
                asyncio.get_running_loop().call_later(_PATIENCE, self._end_at_last, id)

    def is_busy(self, id: str) -> bool:
        """Whether a job of that id is running, here or for another page."""
        return is_running(id)

    def _end_at_last(self, id: str) -> None:
        if id in self._stopped and is_running(id):
            _end(id, self._own.get(id), getattr(signal, "SIGKILL", signal.SIGTERM))

    async def _follow(self, job: Job, ended: Callable[[State], Reply]) -> None:
        told, heard, read_out = "", time.monotonic(), 0.0
        while True:
            await asyncio.sleep(_LOOK)
            process = self._own.get(job.id)
            if process is not None:
                process.poll()  # lets a process that has ended go
            state = now(job.id)
            if state is None or (state.over and not is_running(job.id)):  # said, and gone: it can begin anew
                break
            moment = time.monotonic()
            if state.over:
                continue
            if state.words != told or moment - heard > _BEAT:
                aloud = state.words != told and moment - read_out > _READ_OUT
                read_out = moment if aloud else read_out
                told, heard = state.words, moment
                self._send({"re": "", "work": _shown(job, state, aloud=aloud)})
        self._own.pop(job.id, None)
        self._finish(job, self._last(job, state), ended)

    def _last(self, job: Job, state: State | None) -> State:
        if state is None:
            return State(over="failed", said={"problem": "What became of it is not known. Start it again."})
        if job.id in self._stopped and state.over == "failed" and not state.problem:
            return State(over="stopped")
        return state

    def _finish(self, job: Job, state: State, ended: Callable[[State], Reply]) -> None:
        try:
            reply = ended(state)
        except Exception as error:
            reply = {"alert": str(error) if isinstance(error, WorkbookError) else faults.sentence(error)}
        self._send({"re": "", **reply, "work": _shown(job, state)})


def _shown(job: Job, state: State, *, aloud: bool = False) -> Reply:
    """A piece of work as the page is told of it; ``aloud``: a screen reader reads it out."""
    told = {"done": "done", "stopped": "stopped", "failed": "not done"}.get(state.over, "")
    words = state.words or "starting"
    line = f"{job.title}: {told or words}."
    if state.over == "failed":
        line = state.problem or f"{job.title}: it ended before it was done. Start it again."
    return {
        "where": job.where,
        "title": job.title,
        "line": line,
        "at": state.at,
        "of": state.of,
        "over": state.over,
        "aloud": line if aloud or state.over else "",
    }


# --- the folder of a piece of work ----------------------------------------------------


def folder(id: str) -> Path:
    """Where the words of a piece of work lie; ids that differ have folders that differ."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", id).strip("-")[:40]
    return paths.home() / "work" / f"{plain}-{hashlib.sha256(id.encode(errors='replace')).hexdigest()[:10]}"


def now(id: str) -> State | None:
    """What is known of the work of an id; None where there was none."""
    there = folder(id)
    running = is_running(id)  # asked first: what it says last is there once it has ended
    try:
        lines = (there / "said.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    state = State()
    for line in lines:
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            state.take(json.loads(line))
    if not running and not state.over:
        state.over = "failed"
    return state if running or state.over else None


def is_running(id: str) -> bool:
    """Whether the process of a piece of work is alive."""
    there = folder(id)
    with _held(there) as free:
        return free is False


@contextlib.contextmanager
def _held(there: Path) -> Iterator[bool | int]:
    """The lock of a folder: its handle where it was free, False where a process holds it.

    Where files cannot be locked work counts as running until it has said that it is over, or for a quarter of an hour.
    """
    lock = there / "held"
    if not lock.exists():
        yield True
        return
    try:
        import fcntl
    except ImportError:
        yield not _young(there)
        return
    handle = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield handle
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _young(there: Path) -> bool:
    said = there / "said.jsonl"
    with contextlib.suppress(OSError):
        return (
            '"over"' not in said.read_text(encoding="utf-8")
            and time.time() - said.stat().st_mtime < _WITHOUT_LOCKS
        )
    return False


def _begin(job: Job) -> subprocess.Popen[bytes] | None:
    """Start the process of a job; None where one of its id is running."""
    there = folder(job.id)
    there.mkdir(parents=True, exist_ok=True)
    _clear(there.parent)
    (there / "held").touch()
    for _ in range(
        25
    ):  # one that looks holds the lock for a moment, one that has said its end is still going
        if not is_running(job.id) or not _has_ended(job.id):
            break
        time.sleep(0.02)
    with _held(there) as lock:
        if lock is False:
            return None
        kept = (lock,) if lock is not True and os.name == "posix" else ()
        with (there / "said.jsonl").open("wb") as said, (there / "log.txt").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *job.command],
                stdin=subprocess.DEVNULL if job.goes_on else subprocess.PIPE,
                stdout=said,
                stderr=log,
                pass_fds=kept,
                start_new_session=os.name == "posix",
                env=os.environ | {_BOUND: "" if job.goes_on else "1"},
            )
        (there / "pid").write_text(str(process.pid), encoding="ascii")
        return process


def _has_ended(id: str) -> bool:
    state = now(id)
    return state is None or bool(state.over)


def _end(id: str, process: subprocess.Popen[bytes] | None, how: int) -> None:
    """Send a signal to the process of a piece of work that is running, and to those it started."""
    with contextlib.suppress(OSError, ValueError):
        if os.name == "posix":
            # Its lock is held, so the number is still its own.
            os.killpg(int((folder(id) / "pid").read_text(encoding="ascii")), how)
        elif process is not None:
            process.terminate()


def _clear(works: Path) -> None:
    """Let the words of long past work go."""
    with contextlib.suppress(OSError):
        import shutil

        old = sorted((p for p in works.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)[:-_KEPT]
        for past in old:
            with _held(past) as free:
                if free is not False:
                    shutil.rmtree(past, ignore_errors=True)


def _disk(error: OSError) -> str:
    return (
        f"It could not be started: {error.strerror or 'the disk did not take it'}. Make room and try again."
    )


# --- in the process -------------------------------------------------------------------

_BOUND = "WORKBOOK_WORK_BOUND"  # set where the work ends with its page
_out: int | None = None
_stopping = threading.Event()


def say(words: str, at: int = 0, of: int = 0) -> None:
    """Say what is being done now: "the PDF", part ``at`` of ``of``. Nothing outside of :func:`run`."""
    _tell({"words": words, "at": at, "of": of})


def run(do: Callable[[], dict[str, Any]]) -> int:
    """Do a piece of work in this process; what ``do`` gives back is told at the end. Returns the exit code."""
    global _out
    _out = os.dup(1)
    os.dup2(2, 1)  # whatever else is printed goes to the log
    signal.signal(signal.SIGTERM, _interrupt)
    if os.environ.get(_BOUND):
        threading.Thread(target=_watch, daemon=True).start()
    try:
        _tell({"over": "done", **do()})
        return 0
    except KeyboardInterrupt:
        _tell({"over": "stopped"})
        return 130
    except WorkbookError as error:
        if _stopping.is_set():  # what was stopped may have taken it for a fault of its own
            _tell({"over": "stopped"})
            return 130
        _tell({"over": "failed", "problem": str(error)})
        return error.exit_code
    except Exception as error:
        if _stopping.is_set():
            _tell({"over": "stopped"})
            return 130
        _tell({"over": "failed", "problem": faults.sentence(error, "It could not be done.")})
        return 1


def _tell(line: dict[str, Any]) -> None:
    if _out is not None:
        with contextlib.suppress(OSError):  # a full disk must not hide why
            os.write(_out, (json.dumps(line) + "\n").encode())


def _interrupt(*_: Any) -> None:
    _stopping.set()
    raise KeyboardInterrupt


def _watch() -> None:
    """Stop with the page: its end of the line closes when its process ends, however it ends."""
    with contextlib.suppress(OSError, ValueError):
        while os.read(0, 4096):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE)
    os._exit(130)
