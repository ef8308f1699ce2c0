"""Nothing is lost: undo and history, two people on one plan, lost lines, dead kernels and servers, signed plans."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import serving
from tests.browser.pages import Guide, Visit, arrived, saved, settled, violations
from workbook.plan import edit, history, store

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Go = Callable[..., Visit]


@dataclass
class Served(Guide):
    """A server that can be killed and started again where it was."""

    port: int = 0
    process: subprocess.Popen | None = field(default=None, repr=False)

    def start(self) -> None:
        self.process = serving.start(self.home, self.port)

    def kill_kernels(self) -> None:
        for pid in serving.kernels(self.process.pid):
            os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("state")
    port = serving.free_port()
    server = Served(f"http://127.0.0.1:{port}", home, home / "server.log", port)
    server.start()
    yield server
    serving.stop(server.process)


def other(path: Path, place: str, value: object, by: str = "Ada") -> None:
    """Somebody else saves, on another machine."""
    store.write(edit.put(store.read(path), place, value), path, by=by)


def active(page: Any) -> str:
    return page.evaluate("document.activeElement.id")


def fill(page: Any, label: str, value: str) -> Any:
    """Type into a field and leave it by the keyboard."""
    control = page.get_by_label(label)
    control.fill(value)
    control.press("Tab")
    return control


def told(page: Any, words: str) -> None:
    """Wait until a screen reader is told words."""
    page.locator('[role="status"]', has_text=words).first.wait_for(state="attached")


def clean(page: Any) -> bool:
    """Whether axe finds nothing on a page that has caught up with its plan."""
    settled(page)
    found = violations(page)
    assert found == []
    return True


# --- undo, history, name ---------------------------------------------------------------------


def test_changes_are_undone_and_done_again_by_keyboard_also_after_a_reload(guide: Served, visit: Go) -> None:
    path = guide.plan("undo")
    before = store.read(path).title
    page = visit(guide.step("start", "undo")).page
    title = fill(page, "Title of the plan", "Mine")
    saved(page, 2)
    fill(page, "Years ahead", "7")
    saved(page, 3)
    settled(page)
    page.reload()
    arrived(page)
    page.get_by_role("button", name="Undo: Years ahead").press("Enter")
    saved(page, 4)
    told(page, "Undone: Years ahead")
    page.get_by_role("button", name="History").focus()
    page.keyboard.press("Control+z")
    saved(page, 5)
    assert (store.read(path).title, title.input_value()) == (before, before)
    page.keyboard.press("Control+Shift+z")
    saved(page, 6)
    assert (store.read(path).title, title.input_value()) == ("Mine", "Mine")
    title.focus()
    title.press("Control+z")
    page.wait_for_timeout(500)
    assert store.read(path).revision == 6, "in a text field Ctrl+Z is the browser's own"


def test_what_somebody_changed_since_is_not_undone(guide: Served, visit: Go) -> None:
    path = guide.plan("since")
    page = visit(guide.step("start", "since")).page
    fill(page, "Title of the plan", "Mine")
    saved(page, 2)
    other(path, "/title", "Theirs")
    page.get_by_role("button", name="Undo: Title of the plan").click()
    page.get_by_role("alert").filter(has_text="cannot be taken back").wait_for()
    assert store.read(path).title == "Theirs"


def test_an_earlier_revision_is_found_and_gone_back_to_by_keyboard(guide: Served, visit: Go) -> None:
    path = guide.plan("past")
    before = store.read(path).title
    other(path, "/title", "By Ada")
    page = visit(guide.step("budget", "past", "why-together")).page
    button = page.get_by_role("button", name="History")
    button.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="History of changes")
    panel.locator("summary", has_text="Ada (unverified)").press("Enter")
    panel.get_by_text("to “By Ada”").wait_for()
    assert clean(page)
    page.keyboard.press("Escape")
    assert active(page) == "wg-history"
    panel.wait_for(state="hidden")
    button.press("Enter")
    panel.locator("summary", has_text="revision 1").press("Enter")
    panel.get_by_role("button", name="Go back to this revision number 1").press("Enter")
    asked = page.get_by_role("dialog", name="Go back to revision 1?")
    asked.get_by_text("Title of the plan changed from “By Ada”").wait_for()
    assert clean(page)
    asked.get_by_role("button", name="Yes, go back to it").press("Enter")
    saved(page, 3)
    assert store.read(path).title == before
    assert history.plan_at(path, 2).title == "By Ada", "going back loses nothing"
    assert active(page) == "wg-history"


def test_the_name_is_asked_once_and_stands_in_nobodys_way(guide: Served, visit: Go) -> None:
    path = guide.plan("named")
    page = visit(guide.step("start", "named")).page
    fill(page, "Title of the plan", "One")
    page.get_by_role("group", name="Notice").get_by_label("Your name", exact=True).wait_for()
    assert active(page) == "q-purpose", "whoever types is not interrupted"
    assert clean(page)
    page.get_by_role("group", name="Notice").get_by_label("Your name", exact=True).fill("Grace")
    page.get_by_role("button", name="Keep my name").click()
    fill(page, "Title of the plan", "Two")
    page.locator("#wg-saved", has_text="by Grace (unverified)").wait_for()
    assert page.get_by_role("button", name="Keep my name").count() == 0
    assert (store.read(path).saved.by, store.read(path).saved.verified) == ("Grace", False)


# --- two people, two tabs ----------------------------------------------------------------------


def test_two_tabs_are_put_together_and_each_hears_of_the_other(guide: Served, visit: Go) -> None:
    path = guide.plan("tabs")
    one, two = (visit(guide.step("start", "tabs")).page for _ in range(2))
    purpose = two.get_by_label("What the plan is for")
    purpose.focus()
    purpose.press("Control+End")
    two.keyboard.type(" Typed meanwhile")
    fill(one, "Years ahead", "7")
    saved(one, 2)
    told(two, "Years ahead changed from 5 to 7")
    expect(two.get_by_label("Years ahead")).to_have_value("7")
    assert purpose.input_value().endswith("Typed meanwhile")
    assert active(two) == "q-purpose"
    purpose.press("Tab")
    saved(two, 3)
    assert store.read(path).purpose.endswith("Typed meanwhile")
    assert store.read(path).horizon == 7


def test_where_two_changed_one_place_a_person_chooses_also_after_a_reload(guide: Served, visit: Go) -> None:
    path = guide.plan("both")
    page = visit(guide.step("start", "both")).page
    title = page.get_by_label("Title of the plan")
    title.focus()
    page.keyboard.type("Mine ")
    other(path, "/title", "Theirs")
    told(page, "Meanwhile Ada")
    title.press("Tab")
    page.get_by_role("alert").filter(has_text="Somebody else changed the same place").wait_for()
    assert "Mine" in title.input_value()
    page.reload()
    page.get_by_role("button", name="Compare and choose").press("Enter")
    choice = page.get_by_role("region", name="Two people changed the same place")
    assert "Ada (unverified)" in choice.inner_text()
    assert clean(page)
    choice.get_by_role("button", name="Save this choice").press("Enter")
    choice.get_by_text("Choose one of the two for: Title of the plan").wait_for()
    choice.get_by_role("radio", name="Yours").press("Space")
    choice.get_by_role("button", name="Save this choice").press("Enter")
    saved(page, 3)
    assert "Mine" in store.read(path).title
    assert active(page) == "q-title"
    assert choice.count() == 0


def test_what_is_saved_between_drawing_and_connecting_is_shown(guide: Served, visit: Go) -> None:
    path = guide.plan("gap")
    page = visit(guide.step("start", "gap")).page

    def late(route: Any) -> None:
        other(path, "/title", "In the gap")
        route.continue_()

    page.route("**/host.js*", late)
    page.reload()
    expect(page.get_by_label("Title of the plan")).to_have_value("In the gap")
    page.unroute("**/host.js*")


# --- lost lines ----------------------------------------------------------------------------------


def test_a_line_that_falls_silent_is_said_and_what_is_typed_is_saved_when_it_is_back(
    guide: Served, visit: Go
) -> None:
    path = guide.plan("silent")
    made = visit(guide.step("start", "silent"))
    page = made.page
    page.wait_for_timeout(1000)
    page.evaluate("navigator.sendBeacon = () => true")
    os.kill(guide.process.pid, signal.SIGSTOP)  # as a laptop asleep
    try:
        page.get_by_role("alert").filter(has_text="Connection lost").wait_for()
        title = fill(page, "Title of the plan", "Typed in the dark")
        assert title.is_editable()
        assert clean(page)
    finally:
        os.kill(guide.process.pid, signal.SIGCONT)
    saved(page, 2)
    page.get_by_role("alert").filter(has_text="Connection lost").wait_for(state="detached")
    assert store.read(path).title == "Typed in the dark"
    made.faults.clear()  # the lost connection is what this test is about


def test_a_page_on_which_nobody_types_keeps_its_line(guide: Served, visit: Go) -> None:
    """The server pings every thirty seconds: a line is cut then, or never."""
    path = guide.plan("quiet")
    page = visit(guide.step("start", "quiet")).page
    lines: list[Any] = []
    cut: list[Any] = []
    page.on("websocket", lambda line: (lines.append(line), line.on("close", lambda ended: cut.append(ended))))
    page.reload()
    arrived(page)
    page.wait_for_timeout(35_000)  # what is tested is that nothing happens
    assert lines and not cut
    assert page.get_by_role("alert").count() == 0
    fill(page, "Title of the plan", "After a while")
    saved(page, 2)
    assert store.read(path).title == "After a while"


def test_a_killed_kernel_loses_nothing_that_was_typed(guide: Served, visit: Go) -> None:
    path = guide.plan("kernel")
    made = visit(guide.step("start", "kernel"))
    page = made.page
    fill(page, "Title of the plan", "Before")
    saved(page, 2)
    guide.kill_kernels()
    page.get_by_role("alert").filter(has_text="Connection lost").wait_for()
    fill(page, "Title of the plan", "Typed in the dark")
    page.keyboard.type("Not left yet")
    assert store.read(path).title == "Before"
    page.get_by_role("button", name="Reload the page").click()
    page.locator("#wg-saved", has_text="Saved: revision 4").wait_for()
    plan = store.read(path)
    assert plan.title == "Typed in the dark"
    assert "Not left yet" in plan.purpose
    made.faults.clear()


def test_a_killed_server_loses_nothing_that_was_typed(guide: Served, visit: Go) -> None:
    path = guide.plan("server")
    made = visit(guide.step("start", "server"))
    page = made.page
    fill(page, "Years ahead", "7")
    saved(page, 2)
    guide.kill()
    page.get_by_role("alert").filter(has_text="Connection lost").wait_for()
    fill(page, "Title of the plan", "Typed in the dark")
    guide.start()
    page.get_by_role("alert").filter(has_text="when you reload the page").wait_for()
    page.get_by_role("button", name="Reload the page").click()
    saved(page, 3)
    assert (store.read(path).title, store.read(path).horizon) == ("Typed in the dark", 7)
    made.faults.clear()


def test_a_page_that_is_left_in_the_middle_of_typing_saves(guide: Served, visit: Go) -> None:
    path = guide.plan("left")
    page = visit(guide.step("start", "left")).page
    page.locator("#wg-saved", has_text="Saved").wait_for()
    page.wait_for_timeout(1000)
    page.get_by_label("Title of the plan").fill("Half")
    page.goto("about:blank")
    until = time.monotonic() + 20
    while time.monotonic() < until and store.read(path).title != "Half":
        time.sleep(0.2)
    assert store.read(path).title == "Half"


def test_a_page_that_is_closed_in_the_middle_of_an_upload_changes_nothing(guide: Served, visit: Go) -> None:
    path = guide.plan("upload")
    page = visit(guide.step("budget", "upload", "all")).page
    page.wait_for_timeout(1000)
    box = page.locator('input[type="file"][id$="-file"]').first
    box.evaluate(
        "e => { for (let up = e.parentElement; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true; }"
    )
    box.set_input_files({"name": "rows.csv", "mimeType": "text/csv", "buffer": b"name,cost\n" * 100_000})
    box.locator("xpath=ancestor::*[.//button[@data-action='rows-in']][1]").locator(
        '[data-action="rows-in"]'
    ).click()
    page.goto("about:blank")
    again = visit(guide.step("start", "upload")).page
    fill(again, "Title of the plan", "After")
    saved(again, 2)
    assert store.read(path).title == "After"


# --- refused values ------------------------------------------------------------------------------


def test_a_refused_value_stays_over_views_and_a_reload(guide: Served, visit: Go) -> None:
    path = guide.plan("refused")
    page = visit(guide.step("start", "refused")).page
    year = fill(page, "Base year", "soon")
    summary = page.get_by_role("group", name="Problems")
    summary.get_by_role("link", name="Base year").wait_for()
    page.reload()
    summary.get_by_role("link", name="Base year").wait_for()
    assert year.input_value() == "soon"
    assert year.get_attribute("aria-invalid") == "true"
    fill(page, "Base year", "2024")
    saved(page, 2)
    assert not summary.is_visible()
    assert store.read(path).base_year == 2024


# --- closed to changes ---------------------------------------------------------------------------


def test_a_signed_plan_is_read_only_until_it_is_reopened(guide: Served, visit: Go) -> None:
    path = guide.plan("signed")
    other(path, "/sign_off/approver/name", "C. Chief")
    page = visit(guide.step("start", "signed")).page
    other(path, "/sign_off/approver/signed", "2026-11-20")
    page.get_by_text("C. Chief, Chief executive, integrated care board signed this plan").first.wait_for()
    title = page.get_by_label("Title of the plan")
    expect(title).not_to_be_editable()
    assert title.input_value() != ""
    assert clean(page)
    page.get_by_role("button", name="Reopen the plan").press("Enter")
    asked = page.get_by_role("dialog", name="Reopen the plan?")
    assert clean(page)
    asked.get_by_role("button", name="Yes, reopen the plan").press("Enter")
    asked.get_by_text("Error: Say why").wait_for()
    asked.get_by_label("Why is it opened again?").fill("A figure was wrong.")
    asked.get_by_role("button", name="Yes, reopen the plan").press("Enter")
    saved(page, 4)
    expect(title).to_be_editable()
    plan = store.read(path)
    assert plan.sign_off.approver.signed is None
    assert plan.decisions[-1].rationale == "A figure was wrong."
    fill(page, "Title of the plan", "Open again")
    saved(page, 5)


def test_names_of_people_are_removed_on_the_page(guide: Served, visit: Go) -> None:
    path = guide.plan("people")
    other(path, "/title", "Changed", by="Zora Neale")
    page = visit(guide.step("start", "people")).page
    page.get_by_role("button", name="History").press("Enter")
    page.get_by_role("button", name="Remove names of people").press("Enter")
    panel = page.get_by_role("dialog", name="Remove names of people")
    panel.get_by_role("button", name="Remove the ticked names").press("Enter")
    panel.get_by_text("Error: Tick the names").wait_for()
    panel.get_by_role("checkbox", name="Zora Neale").press("Space")
    assert clean(page)
    panel.get_by_role("button", name="Remove the ticked names").press("Enter")
    page.get_by_role("button", name="Yes, remove them").press("Enter")
    panel.get_by_text("Removed in").wait_for()
    kept = "".join(store.content(file).decode() for file in [path, *store.revisions(path)])
    assert "Zora" not in kept
