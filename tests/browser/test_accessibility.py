"""WCAG 2.2 A and AA on every view of every step: empty, filled in, with errors, closed by a signature, connection lost.

axe looks at what a program can judge; the checks below look at what it leaves out. What is found, and what only a
person could find, is told in docs/accessibility.md, which holds the command that runs these tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages import Guide, Visit, arrived, demonstration, kill_kernels, swept, until, violations
from workbook.plan import Plan, edit
from workbook.reference import Reference
from workbook.steps.new import new_plan

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Go = Callable[..., Visit]

CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
SPACED = """on => {
  if (!window.wgSpaced) { window.wgSpaced = new CSSStyleSheet(); window.wgSpaced.replaceSync(`* { line-height: 1.5 !important;
    letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }`); }
  document.adoptedStyleSheets = on ? [window.wgSpaced] : [];
}"""
PHONE, MAGNIFIED, WIDE = (
    {"width": 320, "height": 640},
    {"width": 320, "height": 256},  # 1280 x 1024 at 400 %
    {"width": 1280, "height": 900},
)


def empty() -> Plan:
    return new_plan("SYN01", Reference.open())


def signed() -> Plan:
    plan = demonstration()
    for role in ("commissioner", "analyst", "assurer", "approver"):
        plan = edit.put(plan, f"/sign_off/{role}/signed", date(2026, 3, 31))
    return plan


def _narrow(page: Any) -> list[str]:
    """Sideways scrolling on a phone and at 400 %, and text that is cut off or runs out when it is set wider."""
    found = []
    for size in (PHONE, MAGNIFIED):
        page.set_viewport_size(size)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
            found.append(f"scrolls sideways at {size['width']} x {size['height']}: {width} px")
    page.evaluate(SPACED, True)
    if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
        found.append(f"scrolls sideways with wider text spacing: {width} px")
    page.set_viewport_size(WIDE)
    found += page.evaluate("() => workbookChecks.cut()")
    page.evaluate(SPACED, False)
    return found


def _look(page: Any, *, narrow: bool = True) -> list[str]:
    """Everything that is wrong with what a page shows."""
    page.evaluate(CHECKS)
    return violations(page) + page.evaluate("() => workbookChecks.all()") + (_narrow(page) if narrow else [])


def _walk(page: Any) -> list[str]:
    """What is wrong on the views of a step, from the first to the last."""
    wrong: list[str] = []
    for _ in range(120):
        here = page.locator(".wg-page").get_attribute("data-view")
        wrong += [f"{here}: {fault}" for fault in _look(page)]
        onward = page.locator("#wg-onward .wg-on a[data-view]")
        if not onward.count():
            return wrong
        wanted = onward.get_attribute("data-view")
        onward.click()
        until(
            page,
            "v => document.querySelector('.wg-page').dataset.view === v && document.activeElement.closest('#wg-content') !== null",
            wanted,
        )
    raise AssertionError("the step does not come to an end")


@pytest.mark.parametrize("step_id", swept("start"))
@pytest.mark.parametrize("plan", [demonstration, empty])
def test_every_view_of_a_step_is_accessible(
    guide: Guide, visit: Go, plan: Callable[[], Plan], step_id: str
) -> None:
    guide.plan(plan.__name__, plan)
    page = visit(guide.step(step_id, plan.__name__, view="")).page
    arrived(page)
    assert _walk(page) == []


@pytest.mark.parametrize("step_id", swept("start"))
def test_a_step_is_accessible_where_answers_are_wrong(guide: Guide, visit: Go, step_id: str) -> None:
    guide.plan("wrong")
    page = visit(guide.step(step_id, "wrong")).page
    arrived(page)
    page.locator("#wg-content details:not([data-later])").evaluate_all(
        "all => all.forEach(d => { d.open = true; })"
    )
    fields = page.locator("#wg-content input.wg-number")
    dates = page.locator("#wg-content input[type=date]")
    for n in range(min(3, fields.count())):
        fields.nth(n).fill("many")
        fields.nth(n).press("Tab")
    if not fields.count() and dates.count():
        dates.first.fill("0025-11-11")
        dates.first.blur()
    if fields.count() or dates.count():
        problems = page.get_by_role("group", name="Problems")
        problems.get_by_role("link").first.wait_for()
        invalid = page.locator("[aria-invalid=true]").first
        invalid.wait_for()
        described = (invalid.get_attribute("aria-describedby") or "").split()
        told = " ".join(page.locator(f"#{part}").inner_text() for part in described)
        assert "Error:" in told, "the error is part of the description, in words"
    assert _look(page) == []


@pytest.mark.parametrize("step_id", swept("start"))
def test_a_step_is_accessible_where_the_plan_is_signed(guide: Guide, visit: Go, step_id: str) -> None:
    guide.plan("signed", signed)
    page = visit(guide.step(step_id, "signed")).page
    arrived(page)
    page.get_by_role("button", name="Reopen the plan").wait_for()
    assert _look(page) == []


@pytest.mark.parametrize("step_id", swept("start"))
def test_a_step_is_accessible_where_the_connection_is_lost(guide: Guide, visit: Go, step_id: str) -> None:
    guide.plan("lost")
    made = visit(guide.step(step_id, "lost"))
    arrived(made.page)
    kill_kernels(guide)
    made.page.get_by_role("alert").get_by_text("Connection lost").wait_for()
    assert _look(made.page) == []
    made.faults.clear()  # the lost connection is what this test is about


def test_the_list_of_plans_is_accessible(guide: Guide, visit: Go) -> None:
    guide.plan("listed")
    page = visit(f"{guide.address}/").page
    page.get_by_role("button", name="Make the plan").wait_for()
    assert _look(page) == []
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_role("group", name="Problems").get_by_role("link").first.wait_for()
    assert _look(page) == []


def test_the_dialogs_are_accessible_and_give_the_focus_back(guide: Guide, visit: Go) -> None:
    guide.plan("dialogs", signed)
    page = visit(guide.step("start", "dialogs")).page
    arrived(page)
    for name in ("History", "Reopen the plan"):
        button = page.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog").wait_for()
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        assert _look(page, narrow=False) == []
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
        assert button.evaluate("e => e === document.activeElement"), "the focus goes back where it was"


def test_a_page_says_its_language_title_landmarks_and_where_one_is(guide: Guide, visit: Go) -> None:
    guide.plan("named")
    page = visit(guide.step("needs", "named", view="people")).page
    arrived(page)
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert re.search("Commissioning workbook", page.title())
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    names = page.get_by_role("navigation").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert all(names) and len(set(names)) == len(names), (
        "more than one navigation, each with a name of its own"
    )
    assert page.get_by_role("link", name="Needs").first.get_attribute("aria-current") == "page"
    assert page.locator("a[data-view][aria-current=true]").count() == 1


def test_what_happens_is_said_in_live_regions(guide: Guide, visit: Go) -> None:
    guide.plan("live")
    made = visit(guide.step("start", "live"))
    page = made.page
    arrived(page)
    title = page.get_by_label("Title of the plan")
    title.fill("Another title")
    title.press("Tab")
    page.get_by_role("status").get_by_text("Saved: revision 2").wait_for()
    kill_kernels(guide)
    page.get_by_role("alert").get_by_text("Connection lost").wait_for()
    made.faults.clear()  # the lost connection is meant


def test_the_focus_and_the_fields_are_seen_in_forced_colours(guide: Guide, visit: Go) -> None:
    guide.plan("forced")
    page = visit(guide.step("ambitions", "forced", view="ambition-1"), forced_colors="active").page
    arrived(page)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    borders = page.locator(
        "#wg-content :is(input[type=text], textarea, select), .wg-page button:not(.wg-link)"
    )
    thin = borders.evaluate_all(
        "all => all.filter(e => e.offsetParent && (getComputedStyle(e).borderStyle === 'none' || "
        "parseFloat(getComputedStyle(e).borderTopWidth) < 1)).map(e => e.outerHTML.slice(0, 120))"
    )
    assert thin == []
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_nothing_moves_for_those_who_ask_for_less_motion(guide: Guide, visit: Go) -> None:
    guide.plan("still")
    page = visit(guide.step("start", "still"), reduced_motion="reduce").page
    arrived(page)
    moving = page.locator("*").evaluate_all(
        "all => all.filter(e => { const s = getComputedStyle(e); return s.scrollBehavior === 'smooth' || "
        "(s.animationName !== 'none' && parseFloat(s.animationDuration) > 0.01) || parseFloat(s.transitionDuration) > 0.01; })"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    assert moving == []
