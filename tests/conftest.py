"""Common ground of the tests: a home of their own, the real figures, a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "data"
NO_FIGURES = "real figures are missing: no folder ../shared/data beside the checkout"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# The same examples on every run, and no failure because a machine is slow.
settings.register_profile("workbook", derandomize=True, deadline=None)
settings.load_profile("workbook")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked ``real`` or ``browser`` skip, with the reason, where what they need is missing."""
    no_figures = pytest.mark.skip(reason=NO_FIGURES)
    no_browser = pytest.mark.skip(reason="Chromium is missing: install it (Debian: apt-get install chromium)")
    required = os.environ.get("WORKBOOK_REQUIRE_BROWSER")
    for item in items:
        if item.get_closest_marker("real") and not REAL.is_dir():
            item.add_marker(no_figures)
        if item.get_closest_marker("browser") and not CHROMIUM and not required:
            item.add_marker(no_browser)


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the plans and figures of whoever runs it."""
    before = os.environ.get("WORKBOOK_HOME")
    os.environ["WORKBOOK_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield
    if before is None:
        del os.environ["WORKBOOK_HOME"]
    else:
        os.environ["WORKBOOK_HOME"] = before


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty WORKBOOK_HOME for one test."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("WORKBOOK_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real published figures (mark the test ``real``)."""
    if not REAL.is_dir():
        pytest.skip(NO_FIGURES)
    return REAL


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium, driven by Playwright (mark the test ``browser``).

    It is closed with its module: while Playwright is open its event loop counts
    as running, and notebooks could not be executed in the same process.
    """
    if not CHROMIUM:
        pytest.fail("WORKBOOK_REQUIRE_BROWSER is set and there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
