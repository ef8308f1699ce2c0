"""Take the README's pictures from the running workbook: one page of each step, with the demonstration plan.

    uv run python tools/screenshots.py

Needs Chromium. The server listens on this machine only and is ended afterwards.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
# The step, its notebook, and the text of the heading that the picture starts from ("" for the top).
SHOTS = (
    ("start", "0_start", ""),
    ("needs", "1_needs", "Avoidable emergency admissions"),
    ("ambitions", "2_ambitions", "Ambition 1:"),
    ("budget", "3_budget", "Five years of money"),
    ("decommissioning", "4_decommissioning", ""),
    ("plan", "9_plan", ""),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("Chromium is missing.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as home:
        plans = Path(home) / "plans"
        plans.mkdir()
        shutil.copy(ROOT / "data" / "demo" / "demo.plan.json", plans / "demonstration.plan.json")
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "workbook.cli", "open", "--no-browser", "--port", str(port)],
            env={**os.environ, "WORKBOOK_HOME": home},
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                page = browser.new_page(viewport={"width": 1200, "height": 900})
                for step, notebook, heading in SHOTS:
                    take(page, port, step, notebook, heading)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    return 0


def take(page: Page, port: int, step: str, notebook: str, heading: str) -> None:
    """One picture of one screen, in few colours so that the repository stays small."""
    from PIL import Image

    page.goto(f"http://127.0.0.1:{port}/voila/render/{notebook}.ipynb?plan=demonstration", timeout=90_000)
    page.get_by_text("Saved: revision").wait_for(timeout=60_000)
    if heading:
        page.get_by_role("heading", name=heading).first.evaluate(
            "h => window.scrollTo(0, h.getBoundingClientRect().top + window.scrollY - 24)"
        )
    page.wait_for_timeout(800)
    out = PICTURES / f"step-{step}.png"
    page.screenshot(path=out)
    Image.open(out).convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(out, optimize=True)
    print(f"{out.relative_to(ROOT)}: {out.stat().st_size // 1024} kB")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server answers, whatever it answers."""
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError("the workbook did not start")


if __name__ == "__main__":
    sys.exit(main())
