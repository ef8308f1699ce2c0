"""The pack of a plan, made from its page: the documents a board reads, ready to open or to keep.

The pack is made by a process of its own, so that the page goes on answering.
Packs lie in ``packs/NAME`` beside the folder of plans.
"""

from __future__ import annotations

import asyncio
import json
import sys
from html import escape
from pathlib import Path
from urllib.parse import quote

from workbook import paths, words
from workbook.errors import BLOCKED, DONE
from workbook.guide import faults

# What is offered on the page, in the order in which people ask for it.
_OFFERED = {
    "plan.html": "Read it in the browser (one file, works offline)",
    "plan.pdf": "PDF",
    "plan.docx": "Word document, to edit",
    "tables.xlsx": "Spreadsheet with every table",
    "plan.json": "The plan itself, as data",
    "results.json": "Every figure with its unit, method and source",
}


def folder() -> Path:
    """Where packs made from the page lie."""
    return paths.home() / "packs"


def section(name: str, revision: int) -> str:
    """The part of the page that offers the pack."""
    return (
        '<section class="wg-card" aria-label="The plan pack"><h2>The plan pack</h2>'
        "<p>All documents of this plan: a page to read, a PDF, a Word document, a spreadsheet, and the data "
        "behind them. While findings block sign-off, every page is marked DRAFT.</p>"
        '<button type="button" data-action="pack">Make the pack</button>'
        f'<div id="wg-pack" role="status">{offered(name, revision)}</div></section>'
    )


def offered(name: str, revision: int) -> str:
    """Links to the files of the pack that is there, and whether the plan has moved on since."""
    made = folder() / name
    if not (made / "manifest.json").is_file():
        return ""
    files = "".join(
        f'<li><a href="../../packs/{quote(name)}/{file}">{escape(label)}</a></li>'
        for file, label in _OFFERED.items()
        if (made / file).is_file()
    )
    of = _revision(made)
    later = revision - of if of is not None else 0
    stale = f" The plan was saved {words.plural(later, 'time')} since." if later > 0 else ""
    return f"<p>The pack of revision {of if of is not None else 'unknown'}:{stale}</p><ul>{files}</ul>"


async def make(plan: Path, name: str) -> str:
    """Make the pack of a plan; what the page shows then."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workbook.cli", "pack", str(plan), "--out", str(folder() / name)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode in (DONE, BLOCKED):
        return ""
    return faults.sentence(RuntimeError(said.decode(errors="replace")[-4000:]), "The pack could not be made.")


def _revision(made: Path) -> int | None:
    try:
        return int(json.loads((made / "plan.json").read_text(encoding="utf-8"))["revision"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
