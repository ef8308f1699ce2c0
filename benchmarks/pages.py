"""Time to the first chart and the first usable control of each dashboard, beside plain Voilà and beside Streamlit.

The workbook's server and ``voila`` with its usual "lab" template serve the same notebooks for the same plan, each page
in a new browser context with a kernel of its own. Streamlit serves a page with the same first chart and the same form
fields as the view that is opened (``streamlit_page.py``; it runs from a throw-away environment, made in a temporary
folder by ``uv venv`` and ``uv pip install streamlit altair pandas``). A control of the workbook counts as usable when
it is visible and the kernel has answered the form's first message, one of Streamlit when it is visible. The servers
take turns and have been up for some time::

    python benchmarks/pages.py --loads 3
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import machine
import streamlit_page

BIN = Path(sys.executable).parent
PLAN = machine.ROOT / "data" / "demo" / "demo.plan.json"
NOTEBOOKS = sorted((machine.ROOT / "notebooks").glob("[0-9]_*.ipynb"))
# The view of each step that is opened: one with a chart and fields, the whole step where no view has both.
VIEWS = {
    "start": "",
    "needs": "shortlist",
    "ambitions": "ambition-1",
    "budget": "schemes",
    "decommissioning": "all",
    "plan": "all",
}
CONTROL = "input:visible, select:visible, textarea:visible"
CHART = "svg[role=img]"
PATIENCE = 90  # seconds
WARM = 15  # seconds until the first kernels wait
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def main() -> None:
    """Measure every dashboard on both servers, print the table, keep the result."""
    options = _options()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("Chromium is missing: install it (Debian: apt-get install chromium).")
    machine.compile_everything()
    about = machine.machine()
    with tempfile.TemporaryDirectory(prefix="workbook-bench-") as folder:
        environment = home(Path(folder))
        with (
            ours(environment) as own,
            _plain(environment) as plain,
            _streamlit(Path(folder), about) as other,
        ):
            servers = {"workbook": own, "plain": plain, "streamlit": other}
            found = _pages(chromium, servers, options.loads)
    print(_table(found))
    kept = machine.keep("pages", {"machine": about, "loads": options.loads, **found})
    print(f"Kept in {kept.relative_to(machine.ROOT)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--loads", type=int, default=3, help="loads of each page; one more before is discarded"
    )
    return parser.parse_args()


def home(folder: Path) -> dict[str, str]:
    (folder / "plans").mkdir(parents=True)
    shutil.copy(PLAN, folder / "plans" / "demo.plan.json")
    return {**os.environ, "WORKBOOK_HOME": str(folder)}


# --- the two servers ------------------------------------------------------------


@contextmanager
def ours(environment: dict[str, str], warm: bool = True) -> Iterator[str]:
    port = _free_port()
    command = [BIN / "workbook", "open", "--port", str(port), "--no-browser"]
    with _server(command, environment, f"http://127.0.0.1:{port}") as address:
        if warm:
            _settle(address)
        yield address


def _settle(address: str) -> None:
    """Wait until the server has its kernels ready, as a server that runs for longer than ten seconds has."""
    urllib.request.urlopen(f"{address}/voila/render/0_start.ipynb", timeout=PATIENCE).read()
    time.sleep(WARM)


@contextmanager
def _plain(environment: dict[str, str]) -> Iterator[str]:
    port = _free_port()
    command = [BIN / "voila", machine.ROOT / "notebooks", "--no-browser", f"--port={port}", "--template=lab"]
    with _server(command, environment, f"http://127.0.0.1:{port}") as address:
        yield address


@contextmanager
def _streamlit(folder: Path, about: dict[str, Any]) -> Iterator[str]:
    program, about["versions"]["streamlit"] = streamlit_page.environment(folder / "streamlit")
    script = streamlit_page.write(folder / "page", VIEWS, PLAN)
    port = _free_port()
    command = streamlit_page.command(program, script, port)
    environment = streamlit_page.quiet_environment(folder)
    with _server(command, environment, f"http://127.0.0.1:{port}") as address:
        yield address


@contextmanager
def _server(command: list[Any], environment: dict[str, str], address: str) -> Iterator[str]:
    """Start a server, wait until it answers, and end it with everything it started."""
    running = subprocess.Popen(
        [str(word) for word in command],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(address, running)
        yield address
    finally:
        running.terminate()
        running.wait(20)


def _wait(address: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if running.poll() is not None:
            sys.exit(f"A server ended by itself with exit code {running.returncode}.")
        try:
            urllib.request.urlopen(f"{address}/voila/static/none", timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"Nothing answered at {address}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- the browser ----------------------------------------------------------------


Times = dict[str, float | None]


def _pages(chromium: str, servers: dict[str, str], loads: int) -> dict[str, dict[str, Times]]:
    """The median times of every page; the servers take turns, so that both meet the same machine."""
    from playwright.sync_api import sync_playwright

    found: dict[str, dict[str, Times]] = {name: {} for name in servers}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=list(FLAGS),
        )
        for notebook in NOTEBOOKS:
            times: dict[str, list[Times]] = {name: [] for name in servers}
            for _ in range(loads + 1):
                for name, address in servers.items():
                    times[name].append(_load(browser, _address(name, address, notebook), name == "streamlit"))
            for name in servers:
                kept = times[name][1:]  # the first load warms the disk
                found[name][notebook.stem] = {
                    key: _middle([t[key] for t in kept]) for key in ("chart", "control")
                }
        browser.close()
    return found


def _address(name: str, server: str, notebook: Path) -> str:
    step = notebook.stem.partition("_")[2]
    if name == "streamlit":
        return f"{server}/?step={step}"
    view = VIEWS[step]
    return f"{server}/voila/render/{notebook.name}?plan=demo{f'&view={view}' if view else ''}"


def _load(browser: Any, url: str, streamlit: bool = False) -> Times:
    """Seconds from navigation to the first chart and to the first usable control."""
    charts, controls = (streamlit_page.CHART, streamlit_page.CONTROL) if streamlit else (CHART, CONTROL)
    context = browser.new_context()
    page = context.new_page()
    answered: list[float] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda frame: _heard(frame, answered)))
    began = time.monotonic()
    page.goto(url, wait_until="commit", timeout=1000 * PATIENCE)
    chart: float | None = None
    control: float | None = None
    while time.monotonic() - began < PATIENCE:
        now = time.monotonic() - began
        if chart is None and page.locator(charts).first.is_visible():
            chart = now
        if control is None and (answered or streamlit) and page.locator(controls).first.is_visible():
            control = now if streamlit else max(now, answered[0] - began)
        if control is not None and (chart is not None or now > control + 1):
            break
        page.wait_for_timeout(10)
    context.close()
    return {"chart": chart, "control": control}


def _heard(frame: str | bytes, answered: list[float]) -> None:
    """Note when the kernel answers a message of the form: such an answer names what it replies to."""
    text = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
    if '"re":' in text.replace(" ", "") and "custom" in text:
        answered.append(time.monotonic())


def _middle(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 2) if known else None


def _table(found: dict[str, dict[str, Times]]) -> str:
    rows: list[tuple[str, ...]] = [
        (
            "dashboard",
            "first chart",
            "Streamlit",
            "plain Voilà",
            "first usable control",
            "Streamlit",
            "plain Voilà",
        )
    ]
    for notebook in NOTEBOOKS:
        times = [found[name][notebook.stem] for name in ("workbook", "streamlit", "plain")]
        cells = [one[key] for key in ("chart", "control") for one in times]
        rows.append((notebook.stem, *(f"{v:.2f} s" if v is not None else "none" for v in cells)))
    return machine.table(rows)


if __name__ == "__main__":
    main()
