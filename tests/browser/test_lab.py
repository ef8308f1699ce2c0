"""JupyterLab as an analyst meets it: the start page, the launcher, a step's form under the standard widget manager."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbook.paths import shipped
from workbook.plan import store
from workbook.steps import TITLES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 60_000  # milliseconds


@dataclass
class Lab:
    """A running JupyterLab: its address with its token, and the home it works in."""

    address: str
    home: Path


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("lab")
    store.create(
        store.read(shipped("data") / "demo" / "demo.plan.json"), home / "plans" / "north.plan.json", by="Test"
    )
    settings = home / "settings"
    settings.mkdir()
    # Some machines that run tests have no other user; JupyterLab asks to be told so.
    (settings / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"allow_root": True}}))
    here = {"WORKBOOK_HOME": str(home), "JUPYTER_CONFIG_DIR": str(settings)}
    log = home / "lab.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "workbook.cli", "lab", "--no-browser"],
            env={**os.environ, **here},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            yield Lab(_address(server, log), home)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w+", log.read_text()):
            return found[0]
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


@pytest.fixture
def opened(chromium: Any, lab: Lab) -> Iterator[Callable[[], Any]]:
    """Open JupyterLab; at the end nothing went elsewhere and no script failed."""
    faults: list[str] = []
    contexts: list[Any] = []

    def go() -> Any:
        context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        own = lab.address.split("/lab")[0]
        allowed = (own, own.replace("http", "ws"), "data:", "blob:", "about:")
        page.on(
            "request",
            lambda r: None if r.url.startswith(allowed) else faults.append(f"foreign: {r.url}"),
        )
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda m: faults.append(f"console: {m.text}") if m.type == "error" else None)
        page.goto(lab.address)
        page.get_by_role("heading", name="The commissioning workbook in JupyterLab").wait_for()
        return page

    yield go
    for context in contexts:
        context.close()
    assert faults == []


def launcher(page: Any) -> Any:
    """The launcher, opened by its button."""
    page.keyboard.press("Control+Shift+L")
    cards = page.locator(".jp-LauncherCard")
    cards.first.wait_for()
    return cards


def run_all(page: Any) -> None:
    """Run every cell of the notebook in front, once its kernel is there."""
    page.get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).wait_for()
    page.locator(".jp-NotebookPanel:visible .jp-RenderedMarkdown").first.wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def test_the_start_page_leads_to_the_notebooks(opened: Callable[[], Any]) -> None:
    page = opened()
    names = [a.inner_text() for a in page.locator(".jp-MarkdownViewer a").all()]
    assert set(TITLES.values()) <= set(names)
    assert not page.get_by_text("Jupyter news").is_visible()
    page.get_by_role("link", name="Five-year ambitions").click()
    page.locator(".jp-NotebookPanel").get_by_role("heading", name="Five-year ambitions").wait_for()


def test_the_launcher_offers_every_step_and_the_tutorial(opened: Callable[[], Any]) -> None:
    cards = launcher(opened())
    cards.filter(has_text="New local step").wait_for()
    offered = [text.strip() for text in cards.all_inner_texts()]
    assert [t for t in TITLES.values() if t not in offered] == []
    assert "Tutorial: your own indicator and questions" in offered


def test_a_step_is_alive_under_the_standard_widget_manager_and_saves(
    opened: Callable[[], Any], lab: Lab
) -> None:
    """What Voilà's own scripts would draw too: the fallback where the workbook's server is not used."""
    page = opened()
    launcher(page).filter(has_text="Needs assessment").click()
    run_all(page)
    form = page.locator(".wg-page")
    form.get_by_role("button", name=re.compile("Northmere")).click()
    field = form.locator("textarea:visible").first
    field.wait_for()
    field.fill("Typed in JupyterLab")
    field.press("Tab")
    form.locator("#wg-saved", has_text=re.compile("^Saved: revision 2,")).wait_for()
    saved = store.read(lab.home / "plans" / "north.plan.json")
    assert saved.revision == 2
    assert "Typed in JupyterLab" in store.to_json(saved)


def test_a_new_local_step_is_a_copy_that_runs(opened: Callable[[], Any], lab: Lab) -> None:
    page = opened()
    launcher(page).filter(has_text="New local step").click()
    page.get_by_role("tab", name="local step 1.ipynb").wait_for()
    run_all(page)
    page.locator(".wb-shown-here svg").first.wait_for()
    page.locator(".wb-shown-here .wb-finding").first.wait_for()
    folder = lab.home / "notebooks"
    assert (folder / "local step 1.ipynb").exists()
    template = json.loads((folder / "templates" / "local_step.ipynb").read_text(encoding="utf-8"))
    assert not [c for c in template["cells"] if c.get("outputs")], "the template stays as it was"
