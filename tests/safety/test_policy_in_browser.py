"""The policy in a real browser: pages and packs work under it, and a hostile pack reaches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.safety.server import Server, running
from workbook.pack import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOKEN = "a-token-of-these-tests-0123456789"
HOSTILE = """<!DOCTYPE html><title>waiting</title><img src="http://evil.invalid/a.png"><iframe src="/"></iframe>
<script>
const found = [];
const tried = [
  () => fetch("/voila/render/0_start.ipynb").then(() => "fetched", () => ""),
  () => fetch("http://evil.invalid/").then(() => "fetched elsewhere", () => ""),
  () => { try { return document.cookie; } catch { return ""; } },
  () => { try { return localStorage.length >= 0 ? "storage" : ""; } catch { return ""; } },
  () => { try { return eval("'evaluated'"); } catch { return ""; } },
  () => new Promise((done) => {
    try { const s = new WebSocket(`ws://${location.host}/api/kernels/x/channels`); s.onopen = () => done("socket"); s.onerror = () => done(""); }
    catch { done(""); }
  }),
];
(async () => { for (const one of tried) found.push(await one()); document.title = "reached:" + found.filter(Boolean).join(); })();
</script>"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("policy")
    with running(home, WORKBOOK_TOKEN=TOKEN) as made:
        plan = made.plan("here")
        build(plan, home / "packs" / "here")
        (home / "packs" / "hostile").mkdir()
        (home / "packs" / "hostile" / "plan.html").write_text(HOSTILE)
        yield made


@pytest.fixture
def said(chromium: Any, server: Server) -> Iterator[tuple[Any, list[str]]]:
    """A page of a browser that has given the token, and what its console says."""
    context = chromium.new_context()
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.goto(f"http://127.0.0.1:{server.port}/?token={TOKEN}", timeout=90_000)
    assert "token" not in page.url
    heard.clear()
    yield page, heard
    context.close()


def troubles(heard: list[str]) -> list[str]:
    return [line for line in heard if "policy" in line.lower() or line.startswith("error")]


@pytest.mark.parametrize("step", ["1_needs", "3_budget"])
def test_a_page_works_under_the_policy(said: tuple[Any, list[str]], server: Server, step: str) -> None:
    page, heard = said
    page.goto(f"http://127.0.0.1:{server.port}/voila/render/{step}.ipynb?plan=here&view=all", timeout=90_000)
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    assert troubles(heard) == []


def test_the_page_of_a_pack_works_under_its_policy(said: tuple[Any, list[str]], server: Server) -> None:
    page, heard = said
    page.goto(f"http://127.0.0.1:{server.port}/packs/here/plan.html", timeout=90_000)
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    assert page.evaluate("getComputedStyle(document.body).fontFamily")
    assert troubles(heard) == []


def test_a_hostile_pack_reaches_nothing(said: tuple[Any, list[str]], server: Server) -> None:
    page, _ = said
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(f"http://127.0.0.1:{server.port}/packs/hostile/plan.html", timeout=90_000)
    for _try in range(100):
        if page.title().startswith("reached:"):
            break
        page.wait_for_timeout(100)
    assert page.title() == "reached:"
    assert [url for url in asked if not url.endswith("/packs/hostile/plan.html")] == []
