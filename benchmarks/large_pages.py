"""The pages of a plan of 200 schemes and 60 services: their weight, the first usable control, and a change of a field.

Weight and changes in one process, the seconds of the processor; the control in Chromium against a running server::

    python benchmarks/large_pages.py --loads 3
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import machine
import pages
from large_plan import large_plan

from workbook import steps
from workbook.guide.answering.session import Session
from workbook.guide.way.addresses import NOTEBOOKS
from workbook.plan import store
from workbook.reference import Reference

# Places of different kinds: money that everything follows from, a word, an answer, something about a service.
CHANGED = {
    "budget": ("/budget/schemes/120/recurrent_cost", "/budget/schemes/3/owner", "/budget/lines/5/amount"),
    "decommissioning": ("/decommissioning/services/5/released", "/decommissioning/services/7/owner"),
}


def main() -> int:
    """Measure, print the table and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loads", type=int, default=3, help="loads of each page after one that is discarded")
    loads = parser.parse_args().loads
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("Chromium is missing: install it (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plans" / f"large{store.SUFFIX}"
        store.create(large_plan(Reference.open()), path)
        controls = _controls(Path(folder), chromium, loads)
        found = {step: {**_weighed(step, path), "control": controls[step]} for step in CHANGED}
    print(machine.table([("page", "megabytes", "first control s", "saved s", "caught up s"), *_rows(found)]))
    kept = machine.keep("large_pages", {"machine": machine.machine(), "loads": loads, "pages": found})
    print(f"Kept in {kept.relative_to(machine.ROOT)}")
    return 0


def _controls(home: Path, chromium: str, loads: int) -> dict[str, float]:
    """Seconds from the address to the first control that a person can use."""
    from playwright.sync_api import sync_playwright

    found = {}
    with (
        pages.ours({**os.environ, "WORKBOOK_HOME": str(home)}) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for step in CHANGED:
            url = f"{address}/voila/render/{NOTEBOOKS[step][0]}?plan=large"
            times = [pages._load(browser, url)["control"] for _ in range(loads + 1)][1:]
            found[step] = round(median(t for t in times if t is not None), 2)
        browser.close()
    return found


def _weighed(step: str, path: Path) -> dict[str, float]:
    """The page in megabytes, and what a change of a field takes until it is saved and until the page shows it."""
    steps._steps()
    session = Session(step, path)
    weight = len(session.page().encode()) / 1_000_000
    saved, shown = [], []
    for turn in range(3):
        for place in CHANGED[step]:
            value = 300 + turn if place.endswith(("cost", "amount", "released")) else f"Director {turn}"
            saved.append(_seconds(lambda p=place, v=value: session.change(p, v)))  # type: ignore[misc]
            shown.append(_seconds(session.catch_up))
    return {"megabytes": round(weight, 2), "saved": round(median(saved), 2), "shown": round(median(shown), 2)}


def _seconds(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _rows(found: dict[str, dict[str, float]]) -> list[tuple[str, ...]]:
    return [
        (step, *(f"{one[k]:.2f}" for k in ("megabytes", "control", "saved", "shown")))
        for step, one in found.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
