"""A batch on a Dask cluster: the same packs, made on other machines.

The machines share no folder. A plan travels to a worker as text; the worker makes the pack in a folder of its own
and sends its files back; here they are held against their manifest and moved into place whole. What a worker needs
besides is the same program and the same figures on hand, and it refuses a plan where either differs, because the pack
would be another one.

On a worker a pack is made by a process that is kept for pack after pack (:class:`workbook.pack.workers.Kept`), so
that one which crashes or hangs fails alone there as it does on one machine.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import multiprocessing
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from workbook.errors import BadInput, WorkbookError, sentence
from workbook.pack import batch, manifest, summary, workers
from workbook.pack.aside import aside
from workbook.pack.verify import verify
from workbook.pack.workers import Outcome
from workbook.plan import store
from workbook.words import listed

_ANSWER = 10.0  # seconds a scheduler has to answer, and a first worker to be there
_ALONE = 300.0  # seconds a batch waits while the cluster has no worker at all
_LOOK = 2.0  # seconds between two looks at the workers
_AHEAD = 2  # packs sent out for each thread of the cluster: one in hand, one waiting
_WORDS = {
    "plan": "the plan arrived altered",
    "data": "other figures are on hand there",
    "program": "another version of the workbook is installed there",
    "style": "another house style is set there",
    "packages": "other versions of packages are installed there",
}


def executor(address: str) -> batch.Executor:
    """What makes the packs of :func:`workbook.pack.batch.batch` on the cluster of the scheduler at ``address``.

    Raises BadInput where no scheduler or no worker answers, or where ``distributed`` is not installed.
    """

    def run(
        jobs: Mapping[str, Mapping[str, Any]], task: str, *, workers: int | None = None, timeout: float = 300
    ) -> Iterator[Outcome]:
        with _client(address) as client:
            yield from _Run(client, dict(jobs), timeout, workers).outcomes()

    return run


def _client(address: str) -> Any:
    """A client of the scheduler, once it has a worker."""
    try:
        from distributed import Client
        from distributed.comm.addressing import parse_address, parse_host_port
    except ImportError:
        raise BadInput(
            "A batch on a cluster needs the package 'distributed', which is not installed.",
            "Install the workbook with its extra 'cluster', here and on the workers.",
        ) from None
    try:
        # A client that meets this fault itself prints a traceback when it is thrown away.
        parse_host_port(parse_address(address)[1])
        client = Client(address, timeout=_ANSWER, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise BadInput(
            f"No Dask scheduler answers at {address}: {error}.",
            "Start one with 'dask scheduler' and give the address it prints, for instance tcp://host:8786.",
        ) from None
    try:
        client.wait_for_workers(1, timeout=_ANSWER)
    except TimeoutError:
        client.close()
        raise BadInput(
            f"The scheduler at {address} has no worker.",
            f"Start workers with 'dask worker {address} --nthreads 1', on each machine one for each core.",
        ) from None
    return client


class _Run:
    """One batch on a cluster. Packs are sent out a few at a time, so that those that are ready come back at once."""

    def __init__(
        self, client: Any, jobs: dict[str, Mapping[str, Any]], timeout: float, at_once: int | None
    ) -> None:
        self._client, self._jobs, self._timeout, self._at_once = client, jobs, timeout, at_once
        self._waiting = list(reversed(jobs))
        self._out: dict[Any, str] = {}  # what was sent out, by what is promised for it
        self._expected: dict[str, dict[str, Any]] = {}
        self._again: set[str] = set()  # what was sent out a second time

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each job, as it is known."""
        alone = 0.0
        try:
            while self._waiting or self._out:
                threads = self._threads()
                yield from self._send(max(1, threads) * _AHEAD)
                ready = self._ready()
                yield from filter(None, map(self._come_back, ready))
                alone = 0.0 if threads or ready else alone + _LOOK
                if alone > _ALONE:
                    yield from self._given_up("The cluster had no worker left.")
        except (OSError, TimeoutError):  # among them all of Dask's own faults of a line
            yield from self._given_up("The scheduler of the cluster went away.")
        finally:
            with contextlib.suppress(Exception):
                self._client.cancel(list(self._out), force=True)

    def _threads(self) -> int:
        if self._client.status != "running":
            raise OSError("the line to the scheduler is closed")
        return sum(self._client.nthreads().values())

    def _send(self, most: int) -> Iterator[Outcome]:
        """Send out what the cluster can use; a pack that is there already, or a plan that cannot be read, is settled."""
        most = min(most, self._at_once or most)
        while self._waiting and len(self._out) < most:
            key = self._waiting.pop()
            words = self._jobs[key]
            try:
                plan, expected, kept = _prepared(key, words)
            except Exception as error:
                yield Outcome(key, problem=sentence(error))
                continue
            if kept is not None:
                yield Outcome(key, kept)
                continue
            self._expected[key] = expected
            job = {"key": key, "plan": plan, "builder": words["builder"], "expected": expected}
            future = self._client.submit(
                on_worker, job, self._timeout, key=f"pack-{key}-{id(self)}", pure=False
            )
            self._out[future] = key

    def _ready(self) -> list[Any]:
        """The futures that are settled; waits a moment where none is."""
        from distributed import wait

        if not self._out:
            return []
        try:
            with self._client.as_current():
                return list(wait(list(self._out), timeout=_LOOK, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            return []

    def _come_back(self, future: Any) -> Outcome | None:
        """The outcome of a job; none where it is sent out once more."""
        key = self._out.pop(future)
        try:
            told = future.result()
        except Exception as error:  # its workers ended, or one has not this program
            if type(error).__name__ == "KilledWorker" and key not in self._again:
                self._again.add(key)  # Dask counts against a pack also what another did to their worker
                self._waiting.append(key)
                return None
            return Outcome(key, problem=_lost(error))
        if told.problem:
            return replace(told, key=key, result=None)
        try:
            row = _moved(told.result, Path(self._jobs[key]["out"]) / key, self._expected.pop(key))
        except Exception as error:
            return Outcome(key, problem=sentence(error), seconds=told.seconds)
        return Outcome(key, row, seconds=told.seconds)

    def _given_up(self, why: str) -> Iterator[Outcome]:
        """Everything that is left has failed, and ``--resume`` makes it later."""
        left = [*self._out.values(), *reversed(self._waiting)]
        self._out.clear()
        self._waiting.clear()
        for key in left:
            yield Outcome(key, problem=f"{why} Run the batch again with --resume.")


def _prepared(key: str, words: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """The plan of a job as text, what it must be made from, and its pack where one is there already."""
    from workbook.pack.make import inputs

    of = {name: value for name, value in words.items() if name not in ("key", "out", "builder", "resume")}
    target = Path(words["out"]) / key
    with batch.plan_file(key, **of) as path:
        read = store.read(path)
        kept = words.get("resume") and batch.made_before(path, target)
    expected = {**inputs(read), "packages": manifest.versions()}
    return store.to_json(read), expected, {**summary.read_pack(target), "kept": True} if kept else None


def _moved(files: bytes, target: Path, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Put the files that came back into place, whole and as their manifest says; gives the row of the summary."""
    with aside(target) as folder:
        with zipfile.ZipFile(io.BytesIO(files)) as archive:
            archive.extractall(folder)  # a name that leads out of the folder is kept inside by zipfile
        asked = {name: of for name, of in expected.items() if name != "packages"}
        if not verify(folder).whole or manifest.read(folder)["inputs"] != asked:
            raise WorkbookError(
                "The pack arrived damaged from the cluster.", "Run the batch again with --resume."
            )
    return summary.read_pack(target)


def _lost(error: Exception) -> str:
    kind = type(error).__name__
    if kind == "KilledWorker":
        return "Several workers of the cluster ended while they made it, perhaps for want of memory."
    return f"The cluster could not make it ({kind}: {error})."


# --- on a worker of the cluster -------------------------------------------------


def on_worker(job: Mapping[str, Any], timeout: float) -> Outcome:
    """Make one pack: its files as a ZIP, or the sentence that says why there is none, with its step and cell."""
    return _kept(timeout).do(job["key"], job)


_local = threading.local()


def _kept(timeout: float) -> workers.Kept:
    """The process that makes the packs of this thread of the cluster's worker."""
    if getattr(_local, "timeout", None) != timeout:
        if getattr(_local, "kept", None) is not None:
            _local.kept.end()
        _local.kept, _local.timeout = _begun(lambda: workers.Kept(f"{__name__}:made", timeout)), timeout
        atexit.register(_local.kept.end)
    return _local.kept


def _begun(make: Callable[[], workers.Kept]) -> workers.Kept:
    """Begin a process although the cluster's worker is one that may have no children.

    Dask's nanny marks it so, because such children would outlive it. Ours end by themselves when it is gone.
    """
    with _lock:
        mark = multiprocessing.current_process()._config  # type: ignore[attr-defined]
        mark["daemon"] = False  # for good: a process that crashed is replaced later
        return make()


_lock = threading.Lock()


def made(*, key: str, plan: str, builder: str, expected: Mapping[str, Any]) -> bytes:
    """Make the pack of a plan, in the kept process, and give its files as a ZIP in the order of their names."""
    from workbook.pack.make import inputs

    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        path, target = Path(folder) / f"{key}{store.SUFFIX}", Path(folder) / key
        path.write_text(plan, encoding="utf-8", newline="\n")
        _refuse_unless_same(expected, {**inputs(store.read(path)), "packages": manifest.versions()})
        module, function = builder.split(":")
        getattr(import_module(module), function)(path, target)
        return _zipped(target)


def _refuse_unless_same(expected: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    other = [_WORDS.get(name, name) for name in expected if expected[name] != here.get(name)]
    if other:
        raise BadInput(
            f"A worker of the cluster would make another pack: {listed(other)}.",
            "Bring its program, packages, house style and figures on hand in line with this machine's.",
        )


def _zipped(folder: Path) -> bytes:
    """Every file of a folder, as it is: most are compressed in themselves."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
    return made.getvalue()
