"""Fixtures of the browser tests: a server for each module, pages that are watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.pages import PATIENCE, Guide, Visit, awake, running, watch


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """A running server with a home of its own."""
    with running(tmp_path_factory.mktemp("guide")) as found:
        yield found


@pytest.fixture
def visit(chromium: Any, guide: Guide) -> Iterator[Callable[..., Visit]]:
    """Open pages; at the end no request failed or went elsewhere, and the console is silent."""
    visits: list[Visit] = []

    def go(address: str, width: int = 1280, height: int = 900, **context: Any) -> Visit:
        made = Visit(
            chromium.new_context(
                viewport={"width": width, "height": height}, locale="en-GB", **context
            ).new_page()
        )
        made.page.set_default_timeout(PATIENCE)
        watch(made, guide.address)
        visits.append(made)
        made.page.goto(address)
        made.page.locator(".wg-page").wait_for()
        if context.get("java_script_enabled", True):
            awake(made.page)
        return made

    yield go
    faults = [fault for made in visits for fault in made.faults]
    for made in visits:
        made.page.context.close()
    assert faults == []
