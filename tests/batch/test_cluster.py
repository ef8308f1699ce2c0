"""A batch on a Dask cluster: a scheduler and two workers as processes of their own, which die, hang and differ."""

from __future__ import annotations

import contextlib
import filecmp
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.batch.test_batch import plan
from workbook.cli import main
from workbook.errors import BadInput
from workbook.pack import cluster
from workbook.pack.batch import batch
from workbook.pack.verify import verify

pytest.importorskip("distributed")
ROOT = Path(__file__).parents[2]
FAKE = "tests.batch.fake_builders:build"
pytestmark = pytest.mark.slow


@dataclass
class Cluster:
    """A scheduler and its workers on this machine."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self) -> None:
        file = self.folder / "scheduler.json"
        self._run("scheduler", "--port", "0", "--scheduler-file", str(file))
        until(file.exists)
        until(lambda: bool(file.read_text()))
        self.address = json.loads(file.read_text())["address"]

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        return self._run("worker", self.address, "--nthreads", "1", "--no-nanny", **environment)

    def _run(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"]
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            made = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            )
        self.processes.append(made)
        return made

    def end(self) -> None:
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Cluster]:
    held = Cluster(tmp_path)
    held.begin()
    yield held
    held.end()


def run(made: Cluster, plans: list[Path], out: Path, **words: Any) -> Any:
    settings = {"builder": FAKE, "progress": False, **words}
    return batch(plans=plans, out=out, executor=cluster.executor(made.address), **settings)


def times_made(folder: Path) -> dict[str, int]:
    return {file.name: len(file.read_text().splitlines()) for file in folder.iterdir()}


def test_good_and_bad_plans_fare_as_on_one_machine(made: Cluster, tmp_path: Path) -> None:
    made.worker()
    titles = ["Plan", "draft", "crash", "fault", "refuse", "noisy", "hang"]
    plans = [plan(tmp_path, f"G{n}", title) for n, title in enumerate(titles)]
    (tmp_path / "broken.plan.json").write_text("{", encoding="utf-8")
    plans.append(tmp_path / "broken.plan.json")
    there = run(made, plans, tmp_path / "there", timeout=3)
    here = batch(plans=plans, out=tmp_path / "here", builder=FAKE, progress=False, timeout=3)
    assert [(row.key, row.status) for row in there.rows] == [(row.key, row.status) for row in here.rows]
    assert there.rows[:-1] == here.rows[:-1]
    assert "is not valid JSON" in there.rows[-1].problem, "met on this machine, before anything is sent"
    assert there.exit_code == here.exit_code == 5


def test_a_worker_that_is_killed_loses_nothing_and_nothing_that_is_there_is_made_again(
    made: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    doomed = made.worker(WORKBOOK_TEST_MARKS=str(marks))
    made.worker(WORKBOOK_TEST_MARKS=str(marks))
    plans = [plan(tmp_path, f"K{n:02}", "counted") for n in range(16)]
    there_before: set[str] = set()
    moved = cluster._moved

    def watched(files: bytes, target: Path, expected: Any) -> dict[str, Any]:
        row = moved(files, target, expected)
        if doomed.poll() is None:
            there_before.add(target.name)
            if len(there_before) == 4:
                os.killpg(doomed.pid, signal.SIGKILL)
                doomed.wait()
        return row

    monkeypatch.setattr(cluster, "_moved", watched)
    summary = run(made, plans, tmp_path / "out")
    assert not summary.failed
    assert len(summary.rows) == 16
    assert all(verify(tmp_path / "out" / row.key).whole for row in summary.rows)
    counted = times_made(marks)
    assert len(counted) == 16
    assert len(there_before) == 4
    assert all(counted[name] == 1 for name in there_before)
    assert sum(counted.values()) <= 16 + 2, (
        "only what the dead worker had in hand, or had not handed over, again"
    )


def test_a_worker_with_other_figures_makes_nothing(made: Cluster, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    file = sorted((ROOT / "tests" / "fixtures").rglob("*mortality*.csv"))[0]
    command = "import sys; from workbook.cli import main; sys.exit(main(sys.argv[1:]))"
    code = subprocess.run(
        [sys.executable, "-c", command, "data", "import", str(file)],
        env={**os.environ, "WORKBOOK_HOME": str(other)},
        capture_output=True,
        check=False,
    )
    assert code.returncode in (0, 3), code.stderr
    made.worker(WORKBOOK_HOME=str(other))
    [row] = run(made, [plan(tmp_path, "O1")], tmp_path / "out").rows
    assert row.status == "failed"
    assert "other figures are on hand there" in row.problem
    assert not (tmp_path / "out" / "O1").exists()


def test_what_is_whole_is_kept_and_only_the_rest_is_sent_out(made: Cluster, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    made.worker(WORKBOOK_TEST_MARKS=str(marks))
    plans = [plan(tmp_path, f"R{n}", "counted") for n in range(4)]
    run(made, plans, tmp_path / "out")
    (tmp_path / "out" / "R1" / "plan.html").write_text("altered", encoding="utf-8")
    shutil.rmtree(tmp_path / "out" / "R2")
    summary = run(made, plans, tmp_path / "out", resume=True)
    assert [row.kept for row in summary.rows] == [True, False, False, True]
    assert times_made(marks) == {"R0": 1, "R1": 2, "R2": 2, "R3": 1}


def test_a_scheduler_that_goes_away_leaves_sentences(made: Cluster, tmp_path: Path) -> None:
    made.worker()
    plans = [plan(tmp_path, f"S{n}", "hang" if n else "Plan") for n in range(3)]
    scheduler = made.processes[0]
    moved = cluster._moved

    def last(*words: Any) -> Any:
        row = moved(*words)
        os.killpg(scheduler.pid, signal.SIGKILL)
        return row

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cluster, "_moved", last)
        summary = run(made, plans, tmp_path / "out", timeout=60)
    assert [row.status for row in summary.rows] == ["complete", "failed", "failed"]
    assert all("--resume" in row.problem for row in summary.failed)


def test_no_scheduler_and_no_worker_are_said_in_time(
    made: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "_ANSWER", 2.0)
    with pytest.raises(BadInput, match="has no worker"):
        run(made, [plan(tmp_path, "N1")], tmp_path / "out")
    where = ["--out", str(tmp_path / "out2"), "--dask", "tcp://127.0.0.1:9"]
    assert main(["batch", "--plans", str(tmp_path / "*.plan.json"), *where]) == 4
    assert "No Dask scheduler answers" in capsys.readouterr().err


def test_whole_packs_have_the_bytes_they_have_here(made: Cluster, tmp_path: Path) -> None:
    made.worker()
    path = tmp_path / "demo.plan.json"
    shutil.copy(ROOT / "data" / "demo" / "ccg-pattern.plan.json", path)
    common = {"plans": [path], "progress": False}
    there = batch(out=tmp_path / "there", executor=cluster.executor(made.address), **common)
    here = batch(out=tmp_path / "here", **common)
    [row] = here.rows
    assert [r.problem for r in there.rows] == [""]
    names = sorted(
        p.relative_to(tmp_path / "here").as_posix() for p in (tmp_path / "here").rglob("*") if p.is_file()
    )
    same, differing, missing = filecmp.cmpfiles(tmp_path / "here", tmp_path / "there", names, shallow=False)
    assert (differing, missing) == ([], [])
    assert f"{row.key}/case-for-change.pdf" in same
