"""The twelve tasks of docs/tasks.md, each done by keyboard alone and by what controls are and what they are called."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.keyboard import Keyboard
from tests.browser.pages import Guide, Visit, arrived, settled, until
from workbook.plan import Plan, edit, rows, store
from workbook.reference import Reference
from workbook.steps.new import new_plan

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Go = Callable[..., Visit]

BOARD = "E54000050"
FIGURES = (
    "indicator,indicator_name,area,period,value,unit,polarity\n"
    f"local-falls,People seen by the falls clinic,{BOARD},2023/24,410,people,none\n"
    f"local-falls,People seen by the falls clinic,{BOARD},2024/25,412,people,none\n"
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _open(visit: Go, guide: Guide, step_id: str, name: str, view: str = "") -> Keyboard:
    page = visit(guide.step(step_id, name, view)).page
    arrived(page)
    return Keyboard(page)


def _holds(path: Path, what: Callable[[Plan], Any]) -> None:
    """Wait until the plan on disk is so."""
    for _ in range(300):
        if what(store.read(path)):
            return
        time.sleep(0.1)
    raise AssertionError("the plan was not saved so")


def _to_view(keys: Keyboard, section: str, title: str) -> None:
    """By the menu to a view that stands folded in a section."""
    menu = keys.page.get_by_role("navigation", name="Steps of the workbook")
    keys.unfold(section, within=menu)
    keys.press("link", re.compile(f"^{re.escape(title)}"), within=menu)
    until(keys.page, "() => /^H[1-6]$/.test(document.activeElement.tagName)")


def test_task_01_start_a_plan(guide: Guide, visit: Go) -> None:
    page = visit(f"{guide.address}/").page
    keys = Keyboard(page)
    keys.press("button", "Make the plan")
    problems = page.get_by_role("group", name="Problems")
    problems.get_by_role("link").first.wait_for()
    assert problems.evaluate("e => e.contains(document.activeElement)"), "what is missing takes the focus"
    keys.write("combobox", "Area", "Northmere (synthetic) (SYN01)")
    keys.write("textbox", "Title of the plan", "Plan of Northmere", exact=True)
    keys.press("button", "Make the plan")
    page.wait_for_url("**plan=plan-of-northmere*")
    arrived(page)
    about = page.get_by_role("region", name="This plan")
    assert "Plan of Northmere" in about.inner_text()
    assert "Synthetic: made up" in about.inner_text()
    assert (guide.home / "plans" / "plan-of-northmere.plan.json").is_file()


def test_task_02_import_figures(guide: Guide, visit: Go) -> None:
    guide.plan("board", lambda: new_plan(BOARD, Reference.open(guide.home)))
    keys = _open(visit, guide, "start", "board")
    page = keys.page
    keys.file(
        "Bring in files as their publishers give them",
        {"name": "falls.csv", "mimeType": "text/csv", "buffer": FIGURES.encode()},
    )
    keys.press("button", "Read the files")
    page.get_by_role("button", name="Bring these figures in").wait_for()
    assert page.get_by_text("falls.csv").count(), "it says what the file is before anything is taken"
    keys.press("button", "Bring these figures in")
    page.get_by_role("group", name="The figures were brought in").wait_for()
    page.get_by_role("row", name=re.compile("1 measure.*falls.csv.*2023 to 2024")).wait_for()


def test_task_03_choose_a_priority(guide: Guide, visit: Go) -> None:
    path = guide.plan("priority")
    keys = _open(visit, guide, "needs", "priority")
    _to_view(keys, "What could be better", "Priorities")
    keys.press("button", "Add a priority")
    _holds(path, lambda plan: len(plan.needs.priorities) == 6)
    until(keys.page, "() => document.activeElement.tagName === 'INPUT'")
    keys.page.keyboard.type("Warm homes in winter")
    keys.page.keyboard.press("Tab")
    _holds(path, lambda plan: plan.needs.priorities[-1].title == "Warm homes in winter")
    settled(keys.page)
    keys.write("textbox", re.compile("^Owner"), "Director of public health", last=True)
    _holds(path, lambda plan: plan.needs.priorities[-1].owner == "Director of public health")
    settled(keys.page)
    finding = keys.page.get_by_text(re.compile("Warm homes in winter.*no ambition", re.S))
    finding.first.wait_for(state="attached")


def test_task_04_set_an_ambition_with_a_reason(guide: Guide, visit: Go) -> None:
    path = guide.plan("ambition")
    keys = _open(visit, guide, "ambitions", "ambition", "ambition-1")
    chart = keys.page.get_by_role("group", name=re.compile("^Years of life lost")).first
    before = chart.inner_html()
    keys.pick("Level chosen", "Hold the baseline")
    _holds(path, lambda plan: plan.ambitions.items[0].line == "hold")
    reason = "Two years without growth in the workforce"
    keys.write("textbox", re.compile("^Why this level"), reason)
    _holds(path, lambda plan: plan.ambitions.items[0].reason == reason)
    settled(keys.page)
    assert chart.inner_html() != before, "the chart follows the level"


def test_task_05_score_the_scope_with_a_colleagues_answers(guide: Guide, visit: Go) -> None:
    path = guide.plan("scores")
    keys = _open(visit, guide, "budget", "scores", "scope-options")
    before = len(store.read(path).budget.scope.responses)
    keys.press("button", "Add a response")
    _holds(path, lambda plan: len(plan.budget.scope.responses) == before + 1)
    until(keys.page, "() => document.activeElement.tagName === 'INPUT'")
    keys.page.keyboard.type("C. Colleague")
    keys.page.keyboard.press("Tab")
    _holds(path, lambda plan: plan.budget.scope.responses[-1].respondent == "C. Colleague")
    settled(keys.page)
    keys.press("link", re.compile("^Where people differ"))
    until(keys.page, "() => /^H[1-6]$/.test(document.activeElement.tagName)")
    assert keys.page.get_by_role("heading", name="Where people differ").count() == 1


def test_task_06_add_schemes_from_a_spreadsheet(guide: Guide, visit: Go) -> None:
    path = guide.plan("schemes")
    before = len(store.read(path).budget.schemes)
    new = [
        {"id": f"new-{n}", "name": f"New scheme {n}", "owner": "Director", "set_up_cost": n} for n in (1, 2)
    ]
    sheet = rows.workbook(
        Plan(area={"code": "X", "name": "X"}, base_year=2025, budget={"schemes": new}), ["schemes"]
    )
    keys = _open(visit, guide, "budget", "schemes", "schemes")
    keys.unfold(re.compile("^Spreadsheet.*: Schemes$"))
    keys.file("Bring in from a spreadsheet", {"name": "two.xlsx", "mimeType": XLSX, "buffer": sheet})
    keys.press("checkbox", "Add and change only: take no rows out", "Space", last=True)
    keys.press("button", re.compile("^Read the file.*Schemes"))
    keys.page.get_by_text("2 new, 0 changed, 0 removed").wait_for()
    assert store.read(path).revision == 1, "nothing is saved before it is confirmed"
    keys.press("button", "Bring in these rows")
    _holds(path, lambda plan: len(plan.budget.schemes) == before + 2)


def test_task_07_stop_a_service(guide: Guide, visit: Go) -> None:
    path = guide.plan("service")
    keys = _open(visit, guide, "decommissioning", "service", "services")
    keys.press("button", "Add a service")
    _holds(path, lambda plan: len(plan.decommissioning.services) == 4)
    until(keys.page, "() => document.activeElement.tagName === 'INPUT'")
    keys.page.keyboard.type("Riverside clinic")
    keys.page.keyboard.press("Tab")
    _holds(path, lambda plan: plan.decommissioning.services[-1].name == "Riverside clinic")
    settled(keys.page)
    _to_view(keys, "Riverside clinic", "Nine principles of decommissioning")
    asked = re.compile("^Riverside clinic: .*9 questions|^Nine principles.*9 questions")
    if (
        keys.page.locator("summary").filter(has_text=asked).count()
    ):  # of many questions those of a service are folded
        keys.unfold(asked)
        keys.page.get_by_role("group", name="Answer", exact=True).first.wait_for()
    keys.pick("Answer", "Yes")
    _holds(
        path, lambda plan: any(a.answer == "yes" for a in plan.decommissioning.services[-1].answers.values())
    )


def test_task_08_resolve_three_findings(guide: Guide, visit: Go) -> None:
    path = guide.plan("findings")
    keys = _open(visit, guide, "plan", "findings", "findings")
    page = keys.page
    listed = guide.step("plan", "findings", "findings")
    for said, keystrokes in (
        ("is marked confirmed, but the price uplift", ["Tab", "ArrowDown"]),
        ("before its notice allows", [*"10102027", "Tab"]),
        ("leaves 460 people a year without a place", ["Tab", "Space"]),
    ):
        revision = store.read(path).revision
        keys.press("link", re.compile(re.escape(said)))
        page.wait_for_url(re.compile("(3_budget|4_decommissioning)"))
        arrived(page)
        until(
            page,
            "() => Boolean(document.activeElement.closest('#wg-content')) && document.activeElement.id !== ''",
        )
        for key in keystrokes:
            page.keyboard.press(key)
        _holds(path, lambda plan, before=revision: plan.revision > before)
        settled(page)
        page.goto(listed)
        arrived(page)
        settled(page)
        page.get_by_role("link", name=re.compile(re.escape(said))).first.wait_for(state="detached")


def test_task_09_find_an_earlier_revision(guide: Guide, visit: Go) -> None:
    path = guide.plan("earlier")
    before = store.read(path).title
    store.write(edit.put(store.read(path), "/title", "Quite another title"), path, by="A. Planner")
    keys = _open(visit, guide, "start", "earlier")
    page = keys.page
    keys.press("button", "History")
    panel = page.get_by_role("dialog", name="History of changes")
    panel.get_by_text("A. Planner (unverified)").wait_for()
    keys.unfold("A. Planner (unverified)", within=panel)
    panel.get_by_text("Quite another title").first.wait_for()
    keys.unfold("revision 1", within=panel)
    keys.press(
        "button",
        re.compile("^Go back to this revision, ?number 1|^Go back to this revision number 1"),
        within=panel,
    )
    page.get_by_role("dialog", name="Go back to revision 1?").wait_for()
    keys.press("button", "Yes, go back to it")
    _holds(path, lambda plan: plan.title == before)
    assert store.read(path).revision == 3, "it is saved as a new revision, and nothing is lost"
    field = page.get_by_role("textbox", name="Title of the plan")
    until(page, "title => [...document.querySelectorAll('input')].some((e) => e.value === title)", before)
    assert field.input_value() == before


def test_task_10_print(guide: Guide, visit: Go) -> None:
    guide.plan("printed")
    keys = _open(visit, guide, "ambitions", "printed", "ambition-1")
    page = keys.page
    # What the browser would put on paper at that moment: its headings.
    page.evaluate(
        "() => { window.printed = []; window.print = () => { window.printed.push("
        "[...document.querySelectorAll('#wg-content :is(h2, h3)')].map((h) => h.textContent)); }; }"
    )
    keys.press("button", "Print this part")
    until(page, "() => window.printed.length === 1")
    assert page.pdf().startswith(b"%PDF-")
    page.emulate_media(media="print")
    assert page.get_by_role("button", name="Print this part").count() == 0, "no controls on paper"
    assert page.get_by_role("textbox", name=re.compile("^Why this level")).count() == 1
    page.emulate_media(media="screen")
    keys.press("button", "Print the whole step")
    until(page, "() => window.printed.length === 2")
    part, whole = page.evaluate("window.printed")
    assert any(title.startswith("Ambition 7") for title in whole)
    assert not any(title.startswith("Ambition 7") for title in part)
    until(page, "() => document.activeElement.textContent === 'Print the whole step'")
    assert page.locator(".wg-page").get_attribute("data-view") == "ambition-1", "the part comes back"


def test_task_11_send_the_pack(guide: Guide, visit: Go) -> None:
    guide.plan("sent")
    keys = _open(visit, guide, "plan", "sent", "sign-off")
    page = keys.page
    keys.press("button", "Make the pack")
    link = page.get_by_role("link", name=re.compile("PDF"))
    link.first.wait_for(timeout=180_000)
    region = page.get_by_role("region", name="The plan pack")
    assert re.search("DRAFT|not a draft|Nothing blocks", region.inner_text()), "it says whether it is a draft"
    for name, begins in ((re.compile("ZIP"), b"PK"), (re.compile("PDF"), b"%PDF-")):
        target = keys.to("link", name, within=region)
        answer = page.request.get(page.evaluate("e => e.href", target.element_handle()))
        assert answer.ok
        assert answer.body().startswith(begins)


def test_task_12_come_back_tomorrow(guide: Guide, visit: Go) -> None:
    guide.plan("tomorrow")
    keys = _open(visit, guide, "start", "tomorrow")
    keys.write("textbox", "Your name (unverified)", "A. Planner")
    keys.write("textbox", "Title of the plan", "Where I left off", exact=False)
    keys.page.get_by_role("status").get_by_text("Saved: revision 2").wait_for()
    keys.page.context.close()

    page = visit(f"{guide.address}/").page
    again = Keyboard(page)
    entry = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Where I left off"))
    assert "A. Planner (unverified)" in entry.first.inner_text()
    again.press("link", "Where I left off")
    page.wait_for_url("**plan=tomorrow*")
    arrived(page)
    assert page.get_by_role("textbox", name="Title of the plan").input_value() == "Where I left off"
