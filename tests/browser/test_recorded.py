"""Every step from start to end by keyboard, on a wide screen and on a phone, recorded: a trace and a picture of each view.

The recordings lie in the folder that WORKBOOK_RECORDINGS names, otherwise in the temporary folder of the run.
`playwright show-trace FILE` plays a trace.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.keyboard import Keyboard
from tests.browser.pages import Guide, Visit, arrived, settled, swept, until
from workbook.guide.drawing.views import Views
from workbook.plan import store
from workbook.reference import Reference
from workbook.steps import run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCREENS = {"wide": (1280, 800), "phone": (360, 740)}
NARROW = 320
# One field of each kind, by what stands for it on the page, and what is typed.
KINDS = {
    "long": "textarea",
    "text": 'input[type="text"][data-kind="text"]',
    "number": 'input[data-kind="number"]',
    "integer": 'input[data-kind="integer"]',
    "date": 'input[type="date"]',
    "choice": "select[data-path]",
    "radio": 'input[type="radio"]:checked',  # the one that Tab leads to
    "tick": 'input[type="checkbox"][data-path]',
}


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("WORKBOOK_RECORDINGS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def recorded(page: Any, to: Path) -> Iterator[None]:
    """A trace of all that is done on a page, with pictures of it."""
    page.context.tracing.start(screenshots=True, snapshots=False)
    try:
        yield
    finally:
        page.context.tracing.stop(path=to)


def _fields(page: Any) -> dict[str, Any]:
    """The first field of each kind in what is shown, of those that are not folded away."""
    found = {}
    for kind, css in KINDS.items():
        here = page.locator(f"#wg-content {css}").locator("visible=true")
        if here.count():
            found[kind] = here.first
    return found


def _fill(keys: Keyboard, kind: str, field: Any) -> None:
    """Change a field by keyboard, so that the plan is another one than before; the focus is on it."""
    page = keys.page
    keys._step_to(field)
    if kind in ("long", "text"):
        page.keyboard.press("Control+End")
        page.keyboard.type(" Seen.")
    elif kind in ("number", "integer"):
        held = field.input_value().replace(",", "")
        page.keyboard.press("Control+A")
        page.keyboard.type(str(int(float(held or 0)) + (1 if float(held or 0) < 99 else -1)))
    elif kind == "date":
        page.keyboard.type("03032027")
    elif kind in ("radio", "choice"):
        last = field.evaluate(
            "e => e.tagName === 'SELECT' ? e.selectedIndex === e.options.length - 1 : "
            "e === [...document.getElementsByName(e.name)].at(-1)"
        )
        page.keyboard.press("ArrowUp" if last else "ArrowDown")
    else:
        page.keyboard.press("Space")
    page.keyboard.press("Tab")


def _saved_after(page: Any, revision: int) -> int:
    """The revision the page says is saved, once it is later than one; the plan may follow a change by more of them."""
    until(
        page,
        "before => { const said = /Saved: revision (\\d+)/.exec(document.getElementById('wg-saved').textContent); "
        "return Boolean(said) && Number(said[1]) > before; }",
        revision,
    )
    return int(page.locator(".wg-page").get_attribute("data-revision"))


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("step_id", swept("start"))
def test_a_step_is_done_from_start_to_end_by_keyboard(
    guide: Guide, visit: Callable[..., Visit], recordings: Path, step_id: str, screen: str
) -> None:
    name = f"{step_id}-{screen}"
    path = guide.plan(name)
    views = Views(run(step_id, store.read(path), Reference.open())).all
    made = visit(guide.step(step_id, name, view=""), *SCREENS[screen])
    page, keys = made.page, Keyboard(made.page)
    arrived(page)
    filled: dict[str, int] = {}
    seen: list[str] = []
    revision = store.read(path).revision
    with recorded(page, recordings / f"{name}.zip"):
        while True:
            here = page.locator(".wg-page").get_attribute("data-view")
            seen.append(here)
            assert page.locator("#wg-content :is(h2, h3)").count() or len(views) == 1, (
                f"{here} has no heading"
            )
            page.screenshot(path=recordings / f"{name}-{len(seen):02}-{here}.png")
            for width in (SCREENS[screen][0], *([NARROW] if screen == "phone" else [])):
                page.set_viewport_size({"width": width, "height": SCREENS[screen][1]})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (
                    f"{here} scrolls sideways"
                )
            page.set_viewport_size(dict(zip(("width", "height"), SCREENS[screen], strict=True)))
            for kind, field in _fields(page).items():
                if kind in filled:
                    continue
                _fill(keys, kind, field)
                revision = filled[kind] = _saved_after(page, revision)
                settled(page)
            if not keys.onward():
                break
            assert page.locator("#wg-saved").inner_text().startswith("Saved: revision")
    assert seen == [view.id for view in views], "every view was seen, in order"
    assert page.get_by_role("group", name="Problems").is_hidden()
    assert store.read(path).revision == revision
    if any(view.questions for view in views):
        assert filled, "there was a field to fill in"
    if step_id != "plan":
        onward = page.get_by_role("navigation", name="Back and on").get_by_role("listitem")
        assert onward.filter(has_text="Next step").count() == 1, "the end of a step leads to the next"
