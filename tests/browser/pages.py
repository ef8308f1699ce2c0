"""The guided workbook as a person meets it: a running server, a page in a browser, and what goes wrong on it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.serving import kernels, served
from workbook.guide.way.addresses import NOTEBOOKS
from workbook.paths import shipped
from workbook.plan import Plan, store

PATIENCE = 60_000  # milliseconds; a kernel starts in two to five seconds on a slow machine
_STUCK = "position => document.querySelectorAll('.wg-bar, #wg-alerts').forEach(e => { e.style.position = position; })"
AXE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")


@dataclass
class Guide:
    """A running server and the home it serves."""

    address: str
    home: Path
    log: Path
    pid: int = field(default=0, kw_only=True)  # of the server

    def plan(self, name: str, make: Callable[[], Plan] | None = None) -> Path:
        """A plan under a name of its own, made where it is not there yet: a copy of the demonstration, or what ``make`` gives."""
        path = self.home / "plans" / f"{name}.plan.json"
        if not path.exists():
            store.create(make() if make else demonstration(), path)
        return path

    def step(self, step_id: str, name: str, view: str = "all") -> str:
        """The address of a step of a plan: the whole step on one page, or one view of it."""
        return f"{self.address}/voila/render/{NOTEBOOKS[step_id][0]}?plan={name}&view={view}"


def swept(*steps: str) -> list[Any]:
    """Every step as a parameter: those named are run by default, the others with the long sweep only."""
    return [step if step in steps else pytest.param(step, marks=pytest.mark.sweep) for step in NOTEBOOKS]


def demonstration() -> Plan:
    """The plan the project ships."""
    return store.read(shipped("data") / "demo" / "demo.plan.json")


@contextmanager
def running(home: Path) -> Iterator[Guide]:
    """A server for the plans of a home."""
    with served(home) as (port, server):
        yield Guide(f"http://127.0.0.1:{port}", home, home / "server.log", pid=server.pid)


@dataclass
class Visit:
    """One browser page and everything that went wrong on it."""

    page: Any
    faults: list[str] = field(default_factory=list)


def watch(visit: Visit, address: str) -> None:
    """Note what goes wrong: words on the console, failed answers, requests to anywhere but the server."""
    page, faults = visit.page, visit.faults
    page.on(
        "console", lambda m: faults.append(f"console: {m.text}") if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("requestfailed", lambda r: faults.append(f"failed: {r.url}") if "shutdown" not in r.url else None)
    # Files are chosen through the test from the start: asked for only when a chooser is expected, the request races the key.
    page.on("filechooser", lambda _chooser: None)
    page.on("response", lambda r: faults.append(f"{r.status}: {r.url}") if r.status >= 400 else None)

    def own(request: Any) -> None:
        if not request.url.startswith((address, address.replace("http", "ws"), "data:", "about:", "blob:")):
            faults.append(f"foreign: {request.url}")

    page.on("request", own)


def awake(page: Any) -> None:
    """Wait until the page is there and listens: what is pressed before its script runs is lost."""
    page.locator(".wg-page").wait_for()
    page.locator(".wg-opening").wait_for(state="detached")


def arrived(page: Any) -> None:
    """Wait until the page of a plan is there and listens."""
    awake(page)
    page.locator("#wg-saved", has_text="aved").wait_for()


def saved(page: Any, revision: int) -> None:
    """Wait until the page says that a revision is saved."""
    page.locator("#wg-saved", has_text=re.compile(rf"^Saved: revision {revision},")).wait_for()


def settled(page: Any) -> None:
    """Wait until what is shown is of the plan as it was saved last."""
    page.locator("#wg-content:not([aria-busy])").wait_for()


def until(page: Any, expression: str, arg: Any = None) -> None:
    """Wait until something is true on a page; its policy lets no text be run there that waits by itself."""
    for _ in range(PATIENCE // 100):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"it did not come true: {expression} {arg or ''}")


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and its best practices: the rule and the element."""
    from axe_playwright_python.sync_playwright import Axe

    options = {
        "runOnly": {"type": "tag", "values": list(AXE)},
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    # What sticks to an edge of the window lies over whatever is scrolled below it; a target is measured as it stands.
    page.evaluate(_STUCK, "static")
    found = Axe().run(page, options=options).response["violations"]
    page.evaluate(_STUCK, "")
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def kill_kernels(guide: Guide) -> None:
    """End the processes that answer the pages of a server, as a crash or a full memory does."""
    found = kernels(guide.pid)
    assert found, "there is no process of a kernel"
    for pid in found:
        os.kill(pid, signal.SIGKILL)
