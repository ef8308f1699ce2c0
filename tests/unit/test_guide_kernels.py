"""Forked kernels, the chart process and what happens when any of them dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from workbook.guide import kernels
from workbook.guide.kernels import asking, charts, house, link
from workbook.guide.kernels.pool import Waiting
from workbook.render import svg

forks = pytest.mark.skipif(not kernels.possible(), reason="this system cannot fork kernels")
SPEC = '{"data":{"values":[{"a":1},{"a":2}]},"mark":"point","encoding":{"x":{"field":"a"}}}'


def _until(happened: Callable[[], Any], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(happened())


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


# --- messages ---------------------------------------------------------------------


def test_messages_arrive_whole_in_order_and_with_their_files() -> None:
    here, there = socket.socketpair()
    with here, there:
        long = {"text": "£" * 300_000}
        threading.Thread(target=lambda: [link.send(here, long), link.send(here, {"n": 2}, [0])]).start()
        assert link.receive(there) == (long, [])
        message, files = link.receive(there, files=1)
        assert message == {"n": 2} and len(files) == 1
        os.close(files[0])


def test_an_end_that_is_gone_is_noticed_at_once_even_with_a_time_limit() -> None:
    here, there = socket.socketpair()
    here.settimeout(30)
    began = time.monotonic()
    assert not link.gone(here)
    link.send(there, {})
    assert not link.gone(here), "something to read is a sign of life"
    link.receive(here)
    there.close()
    assert link.gone(here)
    assert link.receive(here) == (None, [])
    here.close()
    assert link.gone(here)
    assert time.monotonic() - began < 1


# --- the chart process --------------------------------------------------------------


def test_a_chart_is_drawn_once_for_all_who_ask_and_what_is_kept_is_bounded() -> None:
    drawn: list[str] = []

    def draw(config: str, spec: str) -> str:
        drawn.append(spec)
        time.sleep(0.05)
        if spec == "bad":
            raise ValueError("no chart")
        return spec * 100

    async def ask() -> None:
        kept = charts.Kept(draw, most=1_000)
        answers = await asyncio.gather(*(kept.picture(b"{}", b"abc") for _ in range(5)))
        assert answers == [b"+" + b"abc" * 100] * 5 and drawn == ["abc"]
        assert await kept.picture(b'{"other": 1}', b"abc") == answers[0] and len(drawn) == 2
        assert await kept.picture(b"{}", b"bad") == b"-no chart"
        assert await kept.picture(b"{}", b"bad") == b"-no chart" and drawn.count("bad") == 2
        for name in (b"def", b"ghi", b"jkl"):
            await kept.picture(b"{}", name)
        assert sum(len(one.result()) for one in kept._held.values()) <= 1_000
        before = len(drawn)
        await kept.picture(b"{}", b"abc")
        assert len(drawn) == before + 1, "what was let go is drawn again"

    asyncio.run(ask())


def test_where_nobody_answers_a_kernel_draws_itself_and_the_parent_of_kernels_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_RETURN", 0.0)
    monkeypatch.setattr(svg, "here", lambda spec, config: "drawn here")
    assert asking.Charts(str(tmp_path / "none")).convert(SPEC, {}) == "drawn here"
    with pytest.raises(ConnectionError):
        asking.Charts(str(tmp_path / "none"), may_draw=False).convert(SPEC, {})


# --- the processes -------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def held(home: Path) -> Iterator[house.House]:
    with house.opened() as made:
        assert made is not None
        assert _until(lambda: made.generation, 90)
        yield made


@pytest.fixture(autouse=True)
def _heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test before these, in the same process, may have set up its own logging and silenced all other logs."""
    monkeypatch.setattr(house.log, "disabled", False)


def _kernel(held: house.House, folder: Path) -> tuple[house.Forked, Any]:
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.connect import write_connection_file

    at, _info = write_connection_file(str(folder / "kernel.json"), ip=str(folder / "k"), transport="ipc")
    kernel = held.fork(["-f", at], {**os.environ, "MARK": "before"}, str(folder))
    client = BlockingKernelClient(connection_file=at)
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(20)
    return kernel, client


def _said(client: Any, code: str) -> str:
    said: list[str] = []
    reply = client.execute_interactive(
        code, timeout=30, output_hook=lambda m: said.append(m["content"].get("text", ""))
    )
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(said).strip()


@forks
@pytest.mark.slow
def test_a_forked_kernel_has_its_own_surroundings_and_everything_imported(
    held: house.House, tmp_path: Path
) -> None:
    kernel, client = _kernel(held, tmp_path)
    assert kernel.poll() is None and _lives(kernel.pid)
    assert _said(client, "import os; print(os.environ['MARK'], os.getcwd())") == f"before {tmp_path}"
    assert kernel.give({**os.environ, "MARK": "after"})
    assert _said(client, "print(os.environ['MARK'])") == "after"
    assert (
        _said(
            client,
            "import sys; print('workbook.guide.answering.page' in sys.modules, 'vl_convert' in sys.modules)",
        )
        == "True False"
    )
    kernel.kill()
    assert kernel.wait(10) and kernel.poll() and not kernel.give({})
    client.stop_channels()


@forks
@pytest.mark.slow
def test_a_chart_by_the_chart_process_is_the_chart_drawn_here(held: house.House) -> None:
    line = asking.Charts(held._charts_at)
    assert line.convert(SPEC, {"background": "white"}) == svg.here(SPEC, {"background": "white"})
    with pytest.raises(ValueError, match=r"."):
        line.convert('{"mark": 3}', {})


@forks
@pytest.mark.slow
def test_the_chart_process_is_started_again_when_it_dies(
    held: house.House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    line = asking.Charts(held._charts_at, may_draw=False)
    before = line.convert(SPEC, {})
    assert held.charts.process is not None
    held.charts.process.kill()
    monkeypatch.setattr(asking, "_RETURN", 30.0)
    assert line.convert(SPEC, {}) == before
    assert sum("chart process" in record.message for record in caplog.records) == 1


@forks
@pytest.mark.slow
def test_an_import_makes_the_parent_warm_up_anew(held: house.House, home: Path) -> None:
    generation = held.generation
    (home / "reference.sqlite").touch()
    assert _until(lambda: held.generation > generation, 60)


@forks
@pytest.mark.slow
def test_when_the_parent_dies_one_line_says_so_and_ordinary_kernels_serve_until_it_is_back(
    held: house.House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kernel, client = _kernel(held, tmp_path)
    assert held.parent.process is not None
    held.parent.process.kill()
    assert _until(lambda: any("ordinary kernels" in record.message for record in caplog.records))
    assert _said(client, "print(1 + 1)") == "2", "a page that is open goes on"
    assert kernel.poll() is None
    assert _until(lambda: held.usable and held._ready.is_set(), 60), "and it is started again"
    kernel.kill()
    client.stop_channels()
    assert sum("ordinary kernels" in record.message for record in caplog.records) == 1


_SERVER = """
import json, os, sys, time
from workbook.guide.kernels import house
with house.opened() as held:
    from jupyter_client.connect import write_connection_file
    at, _ = write_connection_file(sys.argv[1] + "/k.json", ip=sys.argv[1] + "/k", transport="ipc")
    kernel = held.fork(["-f", at], dict(os.environ), "/")
    print(json.dumps([held.parent.process.pid, held.charts.process.pid, kernel.pid]), flush=True)
    time.sleep(600)
"""


@forks
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see processes")
def test_nothing_is_left_of_a_server_that_was_killed(home: Path, tmp_path: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    pids = json.loads(server.stdout.readline())
    assert all(map(_lives, pids))
    server.send_signal(signal.SIGKILL)
    server.wait()
    assert _until(lambda: not any(map(_lives, pids)), 10), [pid for pid in pids if _lives(pid)]


# --- ordinary kernels ------------------------------------------------------------------


def test_ordinary_kernels_are_chosen_by_name_and_where_the_system_cannot_fork(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORKBOOK_KERNELS", "ordinary")
    assert not kernels.possible()
    with house.opened() as made:
        assert made is None
        assert house.settings(made) == {}
    monkeypatch.delenv("WORKBOOK_KERNELS")
    monkeypatch.setattr(sys, "platform", "win32")
    assert not kernels.possible()


def test_where_no_fork_succeeds_an_ordinary_kernel_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_client.provisioning import LocalProvisioner

    from workbook.guide.kernels.provisioner import Provisioner

    class Broken:
        def fork(self, *_: Any) -> None:
            raise house.NoFork

    async def ordinary(self: Any, cmd: list[str], **_: Any) -> str:
        return f"ordinary {cmd[2]}"

    monkeypatch.setattr(house, "current", Broken())
    monkeypatch.setattr(LocalProvisioner, "launch_kernel", ordinary)
    made = Provisioner(kernel_id="1", kernel_spec=None)
    launched = made.launch_kernel([sys.executable, "-m", "ipykernel_launcher", "-f", "x"], env={})
    assert asyncio.run(launched) == "ordinary ipykernel_launcher"


def test_a_page_is_opened_although_a_waiting_kernel_died_and_is_being_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Pool(Waiting):
        def __contains__(self, kernel_id: object) -> bool:
            return True

        async def shutdown_kernel(self, *_: Any, **__: Any) -> None:
            raise asyncio.InvalidStateError(
                "Exception is not set."
            )  # as jupyter_client does in the middle of a restart

    async def asked() -> str:
        pool = Pool(size=0)
        pool._waiting = {"dead": cast(Any, SimpleNamespace(poll=lambda: 1))}
        return await pool.start_kernel(kernel_name="python3", env={"QUERY_STRING": "plan=x"})

    async def fresh(self: Any, **asked: Any) -> str:
        return "fresh"

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", fresh)
    assert asyncio.run(asked()) == "fresh"
