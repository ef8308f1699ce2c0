"""What the notebooks of one pack do reaches no other pack of the batch."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.notebook_tasks import BAD, shelf
from workbook.pack import workers
from workbook.paths import shipped

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the machine cannot fork")

PLAN = str(shipped("data") / "demo" / "demo.plan.json")
LEFT_BEHIND = ("thread", "process", "hang")  # would write their sign later, were they left to
ENDED = {
    "exit": "the process of its notebook ended unexpectedly (exit code 3)",
    "quiet exit": "the process of its notebook ended unexpectedly (exit code 0)",
    "segmentation": "the process of its notebook ended unexpectedly (signal 11)",
    "kill": "the process of its notebook ended unexpectedly (signal 9)",
    "memory": "MemoryError",
    "exception": "ValueError: seven",
    "leave": "SystemExit",
    "hang": "It took longer than",
    "stem": "The process that made it ended unexpectedly (exit code 70)",
}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def job(place: Path, name: str, bad: str = "") -> dict[str, str]:
    folder = shelf(place / "shelves" / name, bad, place / f"{bad}.sign")
    return {"plan": PLAN, "out": str(place / "out" / name), "folder": str(folder)}


def outcomes(jobs: dict, **settings) -> dict[str, workers.Outcome]:
    return {o.key: o for o in workers.run(jobs, "tests.batch.notebook_tasks:run", **settings)}


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """One worker that meets every bad notebook, and a good pack after each; the good ones' bytes by the bad."""
    place = tmp_path_factory.mktemp("isolation")
    jobs = {"first": job(place, "first")}
    for bad in [b for b in BAD if b != "hang"]:
        jobs[bad] = job(place, f"bad {bad}", bad)
        jobs[f"after {bad}"] = job(place, f"after {bad}")
    found = outcomes(jobs, workers=1, timeout=120)
    return place, found


def test_a_good_pack_is_the_same_whatever_went_before(batch):
    place, found = batch
    clean = contents(place / "out" / "first")
    assert len(clean) == 1
    after = [key for key in found if key.startswith("after ")]
    assert len(after) == len(BAD) - 1
    for key in after:
        assert found[key].problem == "", key
        assert contents(place / "out" / key) == clean, key


@pytest.mark.parametrize("bad", [b for b in BAD if b != "hang"])
def test_a_bad_notebook_fails_its_own_pack_or_none(batch, bad):
    problem = batch[1][bad].problem
    if bad in ENDED:
        assert ENDED[bad] in problem
        assert bad == "stem" or "Step 'bad' could not be worked out" in problem
    elif bad in ("module", "signals", "garbage"):
        pass  # its own pack may suffer from what it did
    else:
        assert problem == ""


def test_what_a_notebook_started_ends_with_its_pack(batch):
    place, _ = batch
    time.sleep(1.5)
    assert not [p.name for p in place.glob("*.sign")]


@pytest.mark.slow
def test_a_notebook_that_hangs_is_stopped_with_all_it_started(tmp_path, capfd):
    jobs = {"hang": job(tmp_path, "hang", "hang"), "next": job(tmp_path, "next")}
    found = outcomes(jobs, workers=1, timeout=8)
    assert "It took longer than 8 seconds" in found["hang"].problem
    assert found["next"].result == ["witness"]
    assert "Traceback" not in capfd.readouterr().err
    time.sleep(9)  # longer than what it started would have taken
    assert not (tmp_path / "hang.sign").exists()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").is_file(), reason="processes cannot be told apart here")
def test_a_batch_that_is_killed_takes_everything_with_it(tmp_path):
    mark = f"WORKBOOK_KILLED={tmp_path}"
    source = (
        f"from workbook.pack import workers\nlist(workers.run({{'hang': {job(tmp_path, 'hang', 'hang')!r}}}, "
    )
    batch = subprocess.Popen(
        [sys.executable, "-c", source + "'tests.batch.notebook_tasks:run'))"],
        env={**os.environ, "WORKBOOK_KILLED": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert _in_time(lambda: len(_marked(mark)) >= 6), "batch, server, worker, stem, child and what it started"
    batch.kill()
    batch.wait()
    assert _in_time(lambda: not _marked(mark))


def _in_time(so: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not so() and time.monotonic() < until:
        time.sleep(0.1)
    return so()


def _marked(mark: str) -> list[str]:
    """The processes with a word in their environment, Python's own tracker left out."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files cannot be counted here")
def test_nothing_is_left_of_a_batch(tmp_path):
    outcomes({"warm": job(tmp_path, "warm")}, workers=1)  # the server of the workers stays
    before = len(os.listdir("/proc/self/fd"))
    jobs = {name: job(tmp_path, name) for name in ("a", "b", "c")}
    found = list(workers.run(jobs, "tests.batch.notebook_tasks:processes", workers=2))
    started = {pid for outcome in found for pid in outcome.result}
    assert len(started) >= 4, "two workers, each with its stem"
    until = time.monotonic() + 5
    while any(map(_lives, started)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in started if _lives(pid)]
    assert len(os.listdir("/proc/self/fd")) == before


def _lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
