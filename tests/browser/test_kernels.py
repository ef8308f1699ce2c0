"""Pages on forked kernels in a real browser: a change reaches its chart, and no death of a process loses a page."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from workbook.guide import kernels
from workbook.guide.way.addresses import NOTEBOOKS
from workbook.paths import shipped
from workbook.plan import store

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see processes"),
]
LEVEL = "/ambitions/items/0/levels/0/value"


class Server:
    """A running server, its home and the processes below it."""

    def __init__(self, address: str, home: Path, process: subprocess.Popen[bytes], log: Path) -> None:
        self.address, self.home, self.process, self.log = address, home, process, log

    def page(self, name: str) -> str:
        """The view of an ambition with its chart, for a fresh copy of the demonstration plan."""
        path = self.home / "plans" / f"{name}{store.SUFFIX}"
        if not path.exists():
            store.create(store.read(shipped("data") / "demo" / f"demo{store.SUFFIX}"), path)
        notebook = NOTEBOOKS["ambitions"][0]
        return f"{self.address}/voila/render/{notebook}?plan={name}&view=ambition-1&at={LEVEL}"

    def parent(self) -> int:
        """The process that kernels are forked from; 0 where there is none."""
        return next((pid for pid in _below(self.process.pid) if "kernels.parent" in _words(pid)), 0)

    def charts(self) -> int:
        """The process that draws charts."""
        return next(pid for pid in _below(self.process.pid) if "kernels.charts" in _words(pid))


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _below(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == pid and words[0] != "Z":
            found.append(int(entry.parent.name))
    return sorted(found)


def _until(happened: Callable[[], Any], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.1)
    return bool(happened())


@contextmanager
def _serving(home: Path, kind: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "workbook.cli", "open", "--no-browser", "--port", str(port)],
            env={**os.environ, "WORKBOOK_HOME": str(home), "WORKBOOK_KERNELS": kind},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            assert _until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0), log.read_text()
            yield Server(f"http://127.0.0.1:{port}", home, process, log)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not kernels.possible():
        pytest.skip("this system cannot fork kernels")
    with _serving(tmp_path_factory.mktemp("forked"), "forked") as made:
        assert _until(lambda: len(_below(made.parent())) >= 2), "kernels wait for the first page"
        yield made


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(locale="en-GB")
    made = context.new_page()
    made.set_default_timeout(60_000)
    yield made
    context.close()


def _change(page: Any, value: str) -> None:
    """Fill in the level; the chart on the page becomes another one, and the change is saved."""
    chart = page.locator("#b-figure-ambition-1 svg").first
    before = chart.evaluate("e => e.outerHTML")
    field = page.locator(f'[data-path="{LEVEL}"]')
    field.fill(value)
    field.press("Tab")
    assert _until(lambda: chart.evaluate("e => e.outerHTML") != before), "the chart did not answer"


def test_a_page_on_a_forked_kernel_answers_and_is_saved(server: Server, page: Any) -> None:
    page.goto(server.page("one"))
    _change(page, "2000")
    saved = store.read(server.home / "plans" / f"one{store.SUFFIX}")
    assert saved.ambitions.items[0].levels[0].value == 2000
    assert all("ipykernel_launcher" not in _words(pid) for pid in _below(server.process.pid))


def test_a_kernel_that_dies_is_told_and_the_page_opens_again(server: Server, page: Any) -> None:
    page.goto(server.page("two"))
    _change(page, "2001")
    for pid in _below(server.parent()):
        os.kill(pid, signal.SIGKILL)
    page.get_by_text("Reload the page").first.wait_for()
    page.goto(server.page("two"))
    _change(page, "2002")


def test_charts_are_drawn_when_the_chart_process_has_died(server: Server, page: Any) -> None:
    page.goto(server.page("three"))
    os.kill(server.charts(), signal.SIGKILL)
    _change(page, "2003")


def test_pages_open_while_the_parent_of_the_kernels_is_gone_and_open_ones_go_on(
    server: Server, page: Any, chromium: Any
) -> None:
    page.goto(server.page("four"))
    _change(page, "2004")
    os.kill(server.parent(), signal.SIGKILL)
    other = chromium.new_context().new_page()
    other.set_default_timeout(60_000)
    other.goto(server.page("five"))
    _change(other, "2005")
    _change(page, "2006")
    other.context.close()
    assert server.log.read_text().count("pages start with ordinary kernels") == 1


def test_ordinary_kernels_serve_the_same_page(tmp_path: Path, page: Any) -> None:
    with _serving(tmp_path, "ordinary") as ordinary:
        page.goto(ordinary.page("one"))
        _change(page, "2000")
        assert ordinary.parent() == 0
        assert any("ipykernel_launcher" in _words(pid) for pid in _below(ordinary.process.pid))
