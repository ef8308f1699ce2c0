"""From a committed field to the changed chart on the page, in Chromium, on the demonstration plan.

For each step that has a chart and a field that drives it (``people.SPOTS``): the field is filled in and committed as
the browser does it when it is left, and the time runs until another picture stands on the page. Measured inside the
page, so that nothing of the test's own way counts::

    python benchmarks/changes.py --changes 30
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import machine
import pages
from people import SPOTS, Spot
from sessions import percentile

# Fills in the field, leaves it, and waits for the chart's block to hold another picture.
CHANGE = """([path, chart, value]) => new Promise((done) => {
  const field = document.querySelector(`[data-path="${path}"]`);
  const picture = () => document.getElementById(chart)?.querySelector("svg")?.outerHTML;
  const before = picture();
  const give = (found) => { clearTimeout(late); watch.disconnect(); done(found); };
  const late = setTimeout(() => give(null), 4000);
  const watch = new MutationObserver(() => {
    const now = picture();
    if (now && now !== before) {
      const made = performance.now();
      requestAnimationFrame(() => give({ made: made - began, painted: performance.now() - began }));
    }
  });
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  const began = performance.now();
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
})"""


def main() -> None:
    """Measure every step, print the table, keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--changes", type=int, default=30, help="of each field; three more before are discarded"
    )
    count = parser.parse_args().changes
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("Chromium is missing: install it (Debian: apt-get install chromium).")
    about = machine.machine()
    with (
        tempfile.TemporaryDirectory(prefix="workbook-bench-") as folder,
        pages.ours(pages.home(Path(folder))) as server,
    ):
        found = _steps(chromium, server, count)
    print(_table(found))
    kept = machine.keep("changes", {"machine": about, "changes": count, "steps": found})
    print(f"Kept in {kept.relative_to(machine.ROOT)}")


def _steps(chromium: str, server: str, count: int) -> dict[str, dict[str, Any]]:
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(pages.FLAGS))
        for spot in SPOTS:
            found[spot.step] = _step(browser, server, spot, count)
        browser.close()
    return found


def _step(browser: Any, server: str, spot: Spot, count: int) -> dict[str, Any]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(spot.address(server, "demo"))
    page.locator(f"#{spot.chart} svg").first.wait_for()
    page.wait_for_timeout(2000)
    times: list[float] = []
    unchanged = 0
    for turn in range(count + 3):
        seen = page.evaluate(CHANGE, [spot.path, spot.chart, spot.value(turn)])
        page.wait_for_timeout(300)  # what follows after the chart is not to meet the next change
        page.locator("#wg-content:not([aria-busy])").wait_for(state="attached", timeout=5000)
        if seen is None:
            unchanged += 1
        elif turn >= 3:
            times.append(seen["painted"])
    context.close()
    middle = {"median_ms": round(median(times)), "p95_ms": round(percentile(times, 0.95))} if times else {}
    return {"field": spot.path, "chart": spot.chart, "unchanged": unchanged, "measured": len(times), **middle}


def _table(found: dict[str, dict[str, Any]]) -> str:
    rows: list[tuple[str, ...]] = [
        ("step", "field", "changes", "picture as before", "median", "95th percentile")
    ]
    for step, one in found.items():
        rows.append(
            (
                step,
                one["field"],
                str(one["measured"]),
                str(one["unchanged"]),
                *(f"{one.get(k, '-')} ms" for k in ("median_ms", "p95_ms")),
            )
        )
    return machine.table(rows)


if __name__ == "__main__":
    main()
