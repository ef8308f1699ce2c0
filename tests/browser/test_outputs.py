"""What a page gives out and takes in, done in a browser: downloads, the pack, printing, official figures."""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.browser.pages import Guide, Visit, arrived, violations
from workbook.paths import shipped
from workbook.plan import store
from workbook.reference import Reference
from workbook.steps.new import new_plan

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOARD = "E54000050"
Go = Callable[..., Visit]

LOCAL = (
    "indicator,indicator_name,area,period,value,unit,polarity\n"
    f"local-falls,People seen by the falls clinic,{BOARD},2023/24,410,people,none\n"
    f"local-falls,People seen by the falls clinic,{BOARD},2024/25,412,people,none\n"
)


def _board(guide: Guide) -> str:
    guide.plan("board", lambda: new_plan(BOARD, Reference.open(guide.home)))
    return f"{guide.address}/voila/render/0_start.ipynb?plan=board"


def _download(page: Any, act: Callable[[], None]) -> tuple[str, bytes]:
    with page.expect_download(timeout=90_000) as found:
        act()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def _faults(page: Any) -> list[str]:
    """What axe finds with the page at its top, where no link stands half behind the bar at the foot."""
    page.evaluate("window.scrollTo(0, 0)")
    return violations(page)


def _until(page: Any, expression: str, timeout: int = 30_000) -> None:
    """Wait until something is true on the page; its policy lets no text be run that waits by itself."""
    for _ in range(timeout // 100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"it did not come true: {expression}")


def test_a_chart_is_kept_as_svg_png_and_csv_by_keyboard(visit: Go, guide: Guide) -> None:
    guide.plan("demo")
    page = visit(guide.step("needs", "demo")).page
    arrived(page)
    page.wait_for_timeout(1000)
    part = page.locator(".wg-block-figure .wg-get").first
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    assert _faults(page) == []
    kept = {}
    for form in ("SVG", "PNG", "CSV"):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.textContent")
        assert form in name and "download the chart “" in name, name
        kept[form] = _download(page, lambda: page.keyboard.press("Enter"))
    stem = re.fullmatch(r"demo-needs-([\w-]+)-r1\.svg", kept["SVG"][0])
    assert stem and kept["PNG"][0] == f"demo-needs-{stem[1]}-r1.png"
    root = ElementTree.fromstring(kept["SVG"][1])
    words = " ".join(e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Source: " in words and "revision 1 of " in words
    width, height = struct.unpack(">II", kept["PNG"][1][16:24])
    assert kept["PNG"][1].startswith(b"\x89PNG")
    assert (
        width == 2 * int(float(root.attrib["width"])) and abs(height - 2 * float(root.attrib["height"])) <= 2
    )
    rows = list(csv.reader(io.StringIO(kept["CSV"][1].decode("utf-8-sig"))))
    assert rows[0][-4:] == ["Table", "Source", "Notes", "Plan"] and len(rows) > 2


def test_the_tables_of_a_step_come_as_a_spreadsheet_and_the_page_goes_on(visit: Go, guide: Guide) -> None:
    guide.plan("tables")
    page = visit(guide.step("ambitions", "tables", view="")).page
    arrived(page)
    button = page.get_by_role("button", name="Download the tables of this step, XLSX")

    def ask() -> None:
        button.click()
        page.get_by_role("progressbar", name="Making the spreadsheet of this step").wait_for()
        page.locator("#wg-onward a").last.click()  # another view, while it is being made
        page.locator("#wg-content h2, #wg-content h3").first.wait_for()

    name, content = _download(page, ask)
    assert name == "tables-ambitions-tables-r1.xlsx"
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    page.get_by_text("Making the spreadsheet of this step: done.").first.wait_for()


def test_the_pack_is_stopped_made_found_again_and_stale(visit: Go, guide: Guide) -> None:
    path = guide.plan("packed")
    page = visit(guide.step("plan", "packed", view="")).page
    arrived(page)
    page.get_by_role("button", name="Make the pack").click()
    bar = page.get_by_role("progressbar", name="Making the pack")
    bar.wait_for()
    assert _faults(page) == []
    page.get_by_role("button", name=re.compile("^Stop")).press("Enter")
    over = page.locator("#wg-work-pack p", has_text="Making the pack: stopped.")
    over.wait_for()
    assert over.evaluate("e => e === document.activeElement")
    assert not (guide.home / "packs" / "packed").exists()
    assert not list((guide.home / "packs").glob(".packed.*"))
    page.get_by_role("button", name="Make the pack").click()
    bar.wait_for()
    page.goto(guide.step("plan", "packed", view=""))  # opened anew while it is made
    bar.wait_for()
    page.locator(".wg-work-over", has_text="Making the pack: done.").wait_for(timeout=120_000)
    assert page.locator("#wg-work-pack-said").inner_text() == "Making the pack: done."
    for link in page.locator("#wg-pack .wg-files a").all():
        assert re.search(r"\([\w ]+, [\d.,]+ [KM]B\)", link.inner_text())
        assert page.request.get(link.evaluate("a => a.href")).ok
    name, content = _download(page, lambda: page.get_by_role("link", name=re.compile("^packed.zip")).click())
    inside = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert name == "packed.zip" and {"packed/plan.pdf", "packed/manifest.json"} <= set(inside)
    assert _faults(page) == []
    plan = store.read(path)
    store.write(plan.model_copy(update={"title": "Another title"}), path)
    page.goto(guide.step("plan", "packed", view=""))
    page.get_by_text("Out of date: the plan was saved 1 time since.").wait_for()


def test_a_part_and_the_whole_step_are_printed(visit: Go, guide: Guide) -> None:
    guide.plan("print")
    page = visit(guide.step("plan", "print", view="")).page
    arrived(page)
    page.wait_for_timeout(1000)
    page.evaluate(
        "window.printed = []; window.print = () => window.printed.push(document.querySelectorAll('#wg-content h2').length); null"
    )
    before = page.locator(".wg-page").get_attribute("data-view")
    page.get_by_role("button", name="Print this part").click()
    whole = page.get_by_role("button", name="Print the whole step")
    whole.press("Enter")
    _until(page, "window.printed.length === 2")
    _until(page, f"document.querySelector('.wg-page').dataset.view === '{before}'")
    part, all_of_it = page.evaluate("window.printed")
    assert all_of_it > part
    _until(page, "document.activeElement.textContent === 'Print the whole step'")
    page.emulate_media(media="print")
    for hidden in (".wg-take", ".wg-get", ".wg-out"):
        assert page.locator(f"{hidden}:visible").count() == 0


def test_figures_are_brought_in_and_every_open_page_shows_them(
    visit: Go, guide: Guide, tmp_path: Path
) -> None:
    address = _board(guide)
    other = visit(f"{address.replace('0_start', '1_needs')}&view=all").page
    arrived(other)
    page = visit(address).page
    arrived(page)
    page.wait_for_timeout(1000)
    assert _faults(page) == []
    files = page.get_by_label("Bring in files as their publishers give them")
    page.get_by_role("button", name="Read the files").click()
    page.get_by_text("Choose a file first.").first.wait_for()

    people = tmp_path / "people.csv"
    people.write_text(f"NHS number,area,value\n9434765919,{BOARD},2\n")
    files.set_input_files(people)
    page.get_by_role("button", name="Read the files").press("Enter")
    refused = page.get_by_role("group", name="Problems of the files")
    refused.wait_for()
    assert "so the file is about people" in refused.inner_text()
    assert refused.evaluate("e => e === document.activeElement")
    assert _faults(page) == []

    mine = tmp_path / "mine.csv"
    mine.write_text(LOCAL)
    files.set_input_files(mine)
    page.get_by_role("button", name="Read the files").press("Enter")
    take = page.get_by_role("button", name="Bring these figures in")
    take.wait_for()
    assert _faults(page) == []
    take.press("Enter")
    page.get_by_role("group", name="The figures were brought in").wait_for()
    page.get_by_role("row", name=re.compile("1 measure.*mine.csv.*2023 to 2024")).wait_for()
    _until(
        other, "document.querySelector('#wg-content').textContent.includes('falls clinic')", timeout=40_000
    )


def test_the_sending_of_a_large_file_is_stopped(visit: Go, guide: Guide, tmp_path: Path) -> None:
    page = visit(_board(guide)).page
    arrived(page)
    page.wait_for_timeout(1000)
    large = tmp_path / "large.csv"
    large.write_text("indicator,area\n" + "x,y\n" * 9_000_000)
    page.get_by_label("Bring in files as their publishers give them").set_input_files(large)
    page.get_by_role("button", name="Read the files").click()
    page.get_by_role("progressbar", name="Sending the files").wait_for()
    page.get_by_role("button", name=re.compile("^Stop")).press("Enter")
    page.get_by_text("Sending the files: stopped. Nothing was kept.").first.wait_for()
    page.wait_for_timeout(1500)
    assert page.get_by_role("progressbar").count() == 0


def test_needs_lead_to_where_figures_are_brought_in(visit: Go, guide: Guide) -> None:
    address = _board(guide)
    page = visit(address.replace("0_start", "1_needs")).page
    arrived(page)
    page.get_by_role("link", name="See what is on hand and bring in official files").click()
    page.wait_for_url("**/0_start.ipynb?plan=board#figures")
    page.get_by_role("heading", name="Official figures").wait_for()


def test_a_phone_shows_it_all_without_scrolling_sideways(visit: Go, guide: Guide) -> None:
    guide.plan("phone")
    for address in (_board(guide), guide.step("plan", "phone", view="")):
        page = visit(address, 320, 640).page
        arrived(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert shipped("data").exists()
