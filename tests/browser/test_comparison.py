"""The page of plans side by side, in a browser: accessible, sorted by keyboard, filtered, whole without its script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.batch.test_comparison import SPREAD, many, pack, rows_of
from tests.browser.pages import violations
from workbook.pack import summary

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("batch")
    hostile = pack(8, name="<img src=x onerror=alert(1)>", status="draft")
    summary.write(out, rows_of([*many(*SPREAD), hostile, pack(9, {}, status="failed")]))
    return out


@pytest.fixture
def opened(chromium: Any, folder: Path, request: Any) -> Iterator[Any]:
    """The comparison at a width, with a list of everything the page asked for or complained of."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", **getattr(request, "param", {})
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("request", lambda r: faults.append(r.url) if not r.url.startswith(folder.as_uri()) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda message: faults.append(message.text)
    )  # what the page's policy stops is told there
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    page.goto((folder / "comparison.html").as_uri())
    yield page
    context.close()
    assert faults == []


def areas(page: Any) -> list[str]:
    """The codes in the first table that are shown, from the top."""
    return list(page.eval_on_selector_all(
        "table[data-sort] >> nth=0 >> tbody tr:not([hidden]) small", "all => all.map(e => e.textContent)"
    ))  # fmt: skip


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_is_cut_off(opened: Any, folder: Path, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    for file in ("comparison.html", "index.html"):
        opened.goto((folder / file).as_uri())
        assert violations(opened) == []
    opened.goto((folder / "comparison.html").as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_a_column_is_sorted_by_keyboard_and_said(opened: Any) -> None:
    head = opened.locator("table[data-sort]").first.get_by_role("columnheader", name="Change chosen")
    head.get_by_role("button").focus()
    opened.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert areas(opened)[0] == "A7"
    assert "ascending" in opened.locator("#said").inner_text()
    opened.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert areas(opened)[-1] == "A7"


def test_only_what_stands_out_and_words(opened: Any) -> None:
    opened.get_by_label("Only what stands out").check()
    told = opened.locator("#said")
    told.filter(has_text=re.compile(r"^1 area\b")).wait_for()
    assert areas(opened) == ["A7"]
    opened.get_by_label("Only what stands out").uncheck()
    opened.get_by_role("searchbox").fill("area 3")
    told.filter(has_text=re.compile(r"^1 area shown, 3 rows")).wait_for()
    assert areas(opened) == ["A3"]


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_without_its_script_every_table_stands_there(opened: Any) -> None:
    assert opened.locator("table[data-sort]").first.locator("tbody tr").count() == 8 + 1
    assert opened.locator("form").is_hidden()
