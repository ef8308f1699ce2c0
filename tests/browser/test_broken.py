"""What clumsy hands and a changing disk do to an open page: nothing is called saved that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.pages import Guide, Visit, arrived, saved
from workbook.plan import store

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Go = Callable[..., Visit]


def typed(page: Any, label: str, value: str) -> None:
    """Fill in a field and leave it by the keyboard."""
    field = page.get_by_label(label)
    field.fill(value)
    field.press("Tab")


def problems(page: Any) -> Any:
    return page.get_by_role("group", name="Problems")


def test_a_text_that_is_far_too_long_stays_listed_while_others_are_saved(guide: Guide, visit: Go) -> None:
    path = guide.plan("far-too-long")
    page = visit(guide.step("start", "far-too-long")).page
    arrived(page)
    typed(page, "What the plan is for", "y" * 1_000_000)
    problems(page).get_by_role("link").wait_for()
    typed(page, "Years ahead", "7")
    saved(page, 2)
    assert problems(page).get_by_role("link").count() == 1
    typed(page, "What the plan is for", "Short")
    saved(page, 3)
    assert not problems(page).is_visible()
    assert store.read(path).purpose == "Short"


def test_a_plan_that_was_moved_away_takes_no_change_and_the_answer_is_kept(guide: Guide, visit: Go) -> None:
    path = guide.plan("moved-away")
    page = visit(guide.step("start", "moved-away")).page
    arrived(page)
    typed(page, "Years ahead", "7")
    saved(page, 2)
    away = path.rename(path.with_name("moved-away.aside"))
    typed(page, "Title of the plan", "Typed meanwhile")
    problems(page).get_by_role("link", name="moved, renamed or deleted").wait_for()
    assert not path.exists()
    away.rename(path)
    page.reload()
    saved(page, 3)
    assert store.read(path).title == "Typed meanwhile"
