"""Pages of an empty plan and of one with two hundred schemes and sixty services: light, accessible, usable by keyboard."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.pages import Guide, Visit, saved, settled, until, violations
from workbook.plan import store
from workbook.reference import Reference
from workbook.steps.new import new_plan

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from large_plan import large_plan

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEAVIEST = 2_000_000  # bytes of a page
PLAIN = re.compile(r"[A-Za-z]")


def large(guide: Guide) -> Path:
    return guide.plan("large", lambda: large_plan(Reference.open()))


def empty(guide: Guide) -> Path:
    return guide.plan("empty", lambda: new_plan("SYN01", Reference.open()))


@pytest.mark.parametrize("step_id", ["budget", "decommissioning", "plan"])
@pytest.mark.parametrize("plan", [empty, large])
def test_a_page_is_light_accessible_and_fits_a_narrow_screen(
    guide: Guide, visit: Callable[..., Visit], plan: Callable[[Guide], Path], step_id: str
) -> None:
    name = plan(guide).name.removesuffix(store.SUFFIX)
    page = visit(guide.step(step_id, name)).page
    page.locator("#wg-saved", has_text="Saved").wait_for()
    assert len(page.content().encode()) < HEAVIEST
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_left_out_comes_when_it_is_opened_by_keyboard(
    guide: Guide, visit: Callable[..., Visit]
) -> None:
    path = large(guide)
    page = visit(guide.step("decommissioning", "large")).page
    page.locator("#wg-saved", has_text="Saved").wait_for()
    part = page.locator('[data-later^="/decommissioning/services/7/answers/CST-13"]')
    assert PLAIN.search(part.locator("p").first.text_content() or ""), "closed, it says how the answers stand"
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    evidence = page.locator("#q-decommissioning-services-7-answers-CST-13-1-evidence")
    evidence.wait_for(state="attached")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY", "the focus stays where it was"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('fieldset').id").startswith(
        "q-decommissioning-services-7-"
    )
    page.evaluate("e => { location.hash = e }", "#q-decommissioning-services-7-answers-CST-13-1-evidence")
    until(page, "document.activeElement.id.endsWith('CST-13-1-evidence')")
    evidence.fill("Minutes of the board")
    evidence.press("Tab")
    saved(page, store.read(path).revision if store.read(path).revision > 1 else 2)
    settled(page)
    assert evidence.input_value() == "Minutes of the board"
    answer = store.read(path).decommissioning.services[7].answers["CST-13.1"]
    assert answer.evidence == "Minutes of the board"


def test_an_address_leads_into_a_part_of_a_very_long_list(guide: Guide, visit: Callable[..., Visit]) -> None:
    large(guide)
    page = visit(guide.step("budget", "large") + "#q-budget-value-scores-1203-benefit").page
    field = page.locator("#q-budget-value-scores-1203-benefit")
    field.wait_for()
    until(page, "document.activeElement.id === 'q-budget-value-scores-1203-benefit'")
    assert page.locator('[data-row="/budget/value/scores"]').count() == 100
