"""Long work of a page: a process of its own that says what it does, can be stopped, and is found again."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbook.guide.giving import work
from workbook.guide.giving.work import Job, State, Works

posix = pytest.mark.skipif(
    os.name == "nt", reason="without file locks and signals the work is told of otherwise"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr(work, "_LOOK", 0.05)
    return tmp_path


def job(body: str, tmp_path: Path, *, goes_on: bool = False, id: str = "a job") -> Job:
    """Work that a few lines of Python do."""
    script = tmp_path / f"{abs(hash((id, body)))}.py"
    lines = textwrap.indent(textwrap.dedent(body), "    ")
    script.write_text(
        "import sys, time\nfrom workbook.errors import BadInput\nfrom workbook.guide.giving import work\n"
        f"def do():\n{lines}\nsys.exit(work.run(do))\n",
        encoding="utf-8",
    )
    return Job(id, "Trying", (str(script),), "place", goes_on)


def done(job: Job, act: Callable[[Works], None] = lambda works: None) -> tuple[list[dict[str, Any]], State]:
    """Everything a page hears of a job, and how it ended. ``act`` does something once the work has begun to speak."""
    sent: list[dict[str, Any]] = []
    ends: list[State] = []

    async def follow() -> None:
        works = Works(sent.append)
        works.start(job, lambda state: ends.append(state) or {})
        acted = False
        until = time.monotonic() + 30
        while not ends and time.monotonic() < until:
            await asyncio.sleep(0.05)
            if not acted and any(reply["work"]["at"] for reply in sent):
                acted = True
                act(works)
        await asyncio.sleep(0.1)

    asyncio.run(follow())
    return [reply["work"] for reply in sent], ends[0]


def test_work_says_what_it_does_and_leaves_what_it_made(tmp_path: Path) -> None:
    body = """
    print("noise that a library makes")
    work.say("the first part", 1, 2)
    time.sleep(0.4)
    work.say("the second part", 2, 2)
    time.sleep(0.4)
    return {"file": "x.xlsx"}
    """
    told, state = done(job(body, tmp_path))
    assert state.over == "done" and state.said["file"] == "x.xlsx"
    assert [t["line"] for t in told if not t["over"]] == [
        "Trying: the first part.",
        "Trying: the second part.",
    ]
    assert (told[-1]["line"], told[-1]["over"], told[-1]["aloud"]) == (
        "Trying: done.",
        "done",
        "Trying: done.",
    )


def test_a_screen_reader_is_not_flooded(tmp_path: Path) -> None:
    body = """
    for n in range(1, 9):
        work.say(f"part {n}", n, 8)
        time.sleep(0.15)
    return {}
    """
    told, _ = done(job(body, tmp_path))
    assert len(told) > 4
    assert len([t for t in told if t["aloud"]]) == 2  # that it has begun, and that it is done


@posix
def test_work_that_is_stopped_clears_up_and_says_so(tmp_path: Path) -> None:
    left = tmp_path / "left"
    body = f"""
    try:
        work.say("long", 1, 2)
        time.sleep(60)
    finally:
        open({str(left)!r}, "w").close()
    return {{}}
    """
    told, state = done(job(body, tmp_path), lambda works: works.stop("a job"))
    assert state.over == "stopped" and told[-1]["line"] == "Trying: stopped."
    assert left.exists()
    assert not work.is_running("a job")


@posix
def test_what_was_stopped_can_be_begun_again_at_once(tmp_path: Path) -> None:
    body = """
    import atexit
    atexit.register(time.sleep, 0.3)  # what has said its end takes a moment to go
    work.say("long", 1, 2)
    time.sleep(0.5)
    return {}
    """
    one = job(body, tmp_path)
    ends: list[str] = []

    async def twice() -> None:
        works = Works(lambda reply: None)
        works.start(one, lambda state: ends.append(state.over) or {})
        while not (now := work.now(one.id)) or not now.at:
            await asyncio.sleep(0.05)
        works.stop(one.id)
        while not ((now := work.now(one.id)) and now.over):
            await asyncio.sleep(0.01)
        other = Works(lambda reply: None)  # another page, which sees no more than the words
        shown = other.start(one, lambda state: ends.append(state.over) or {})
        assert shown["work"]["over"] == ""
        while len(ends) < 2:
            await asyncio.sleep(0.05)

    asyncio.run(twice())
    assert "done" in ends


@posix
def test_a_fault_that_a_stop_was_taken_for_is_a_stop(tmp_path: Path) -> None:
    body = """
    work.say("long", 1, 2)
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        raise BadInput("The notebook met a fault of its own.")
    return {}
    """
    _, state = done(job(body, tmp_path), lambda works: works.stop("a job"))
    assert state.over == "stopped"


@posix
def test_work_that_does_not_heed_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_PATIENCE", 0.5)
    body = """
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    work.say("deaf", 1, 2)
    time.sleep(60)
    return {}
    """
    _, state = done(job(body, tmp_path), lambda works: works.stop("a job"))
    assert state.over == "stopped"


def test_a_fault_is_a_sentence_and_its_details_are_in_the_log(tmp_path: Path) -> None:
    told, state = done(job("raise BadInput('The disk is full.', 'Make room.')", tmp_path))
    assert state.over == "failed" and told[-1]["line"] == "The disk is full. Make room."
    told, _ = done(job("raise RuntimeError('secret path')", tmp_path))
    assert "reference number" in told[-1]["line"] and "secret" not in told[-1]["line"]
    assert "secret path" in (work.folder("a job") / "log.txt").read_text(encoding="utf-8")


def test_a_process_that_dies_without_a_word_is_told_of(tmp_path: Path) -> None:
    told, state = done(job("import os; work.say('x', 1, 2); time.sleep(0.3); os._exit(9)", tmp_path))
    assert state.over == "failed"
    assert told[-1]["line"] == "Trying: it ended before it was done. Start it again."


@posix
def test_another_page_finds_work_that_goes_on_and_does_not_start_it_twice(tmp_path: Path) -> None:
    count = tmp_path / "count"
    body = f"""
    open({str(count)!r}, "a").write("x")
    work.say("long", 1, 2)
    time.sleep(1.2)
    return {{}}
    """
    one = job(body, tmp_path, goes_on=True)
    first, second = Works(lambda reply: None), Works(lambda reply: None)
    ends: list[State] = []

    async def two() -> None:
        first.start(one, lambda state: {})
        while not (now := work.now(one.id)) or not now.at:
            await asyncio.sleep(0.05)
        assert second.is_busy(one.id)
        shown = second.start(one, lambda state: ends.append(state) or {})
        assert shown["work"]["line"] == "Trying: long."
        while not ends:
            await asyncio.sleep(0.05)

    asyncio.run(two())
    assert ends[0].over == "done" and count.read_text() == "x"


@posix
@pytest.mark.parametrize(("goes_on", "finishes"), [(True, True), (False, False)])
def test_what_becomes_of_work_when_its_page_is_killed(tmp_path: Path, goes_on: bool, finishes: bool) -> None:
    made = tmp_path / "made"
    body = f"work.say('long', 1, 2)\ntime.sleep(1.5)\nopen({str(made)!r}, 'w').close()\nreturn {{}}"
    one = job(body, tmp_path, goes_on=goes_on)
    page = (
        "import os, time, signal\nfrom workbook.guide.giving import work\n"
        f"work._begin(work.Job({one.id!r}, 'Trying', {one.command!r}, 'place', {goes_on}))\n"
        f"while not (s := work.now({one.id!r})) or not s.at: time.sleep(0.05)\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", page], check=False, timeout=30)
    until = time.monotonic() + 20
    while work.is_running(one.id) and time.monotonic() < until:
        time.sleep(0.05)
    state = work.now(one.id)
    assert state is not None and state.over == ("done" if finishes else "stopped")
    assert made.exists() is finishes


def test_lines_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    there = work.folder("x")
    there.mkdir(parents=True)
    lines = ["", "nonsense", "[1]", '{"words": 1}', json.dumps({"words": "fine", "at": 1, "of": 2}), '{"ov']
    (there / "said.jsonl").write_text("\n".join(lines), encoding="utf-8")
    state = work.now("x")
    assert state is not None and (state.words, state.over) == ("fine", "failed")
    assert work.now("y") is None


def test_folders_of_ids_differ_and_stay_inside(tmp_path: Path) -> None:
    ids = ["pack a", "pack-a", "../../x", "pack /a/b", "x" * 500]
    folders = {work.folder(id) for id in ids}
    assert len(folders) == len(ids)
    assert all(folder.parent == tmp_path / "work" for folder in folders)
