"""The pack of a plan, made from its page: the documents a board reads, ready to open or to keep.

Packs lie in ``packs/NAME`` beside the folder of plans, and each as one file in ``packs/_zip``, a name that no plan can
have. Making one is long work (``work.py``) and goes on when its page is closed.
"""

from __future__ import annotations

import base64
import json
import sys
import zipfile
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbook import paths, words
from workbook.errors import BadInput
from workbook.guide.giving import work
from workbook.guide.way import addresses

WHERE = "pack"  # the place on the page
_ZIPS = "_zip"
_LISTED = 20  # blocking findings
_WHOLE = "All of these and the working behind them, in one file"

# What is offered on the page, in the order in which people ask for it: what it is for, and its kind.
_OFFERED = {
    "plan.html": ("To read in the browser: one file, works without a network", "web page"),
    "plan.pdf": ("To print and to send", "PDF"),
    "plan.docx": ("To edit", "Word document"),
    "case-for-change.pdf": ("The case for change, for partners and the public", "PDF"),
    "case-for-change.docx": ("The same to edit", "Word document"),
    "tables.xlsx": ("Every table and every answer", "spreadsheet"),
    "submission.xlsx": ("Submission sheets, and what they still lack", "spreadsheet"),
    "plan.json": ("The plan itself, as data", "JSON"),
    "results.json": ("Every figure with its unit, method and source", "JSON"),
}


def folder() -> Path:
    """Where packs made from the page lie."""
    return paths.home() / "packs"


def zipped(name: str) -> Path:
    """Where the pack of a plan lies as one file."""
    return folder() / _ZIPS / f"{name}.zip"


def job(plan: Path, name: str) -> work.Job:
    """The making of the pack of a plan."""
    command = ("-m", "workbook.guide.giving.packing", str(plan), name)
    return work.Job(f"pack {plan}", "Making the pack", command, WHERE, goes_on=True)


# --- on the page --------------------------------------------------------------------


def section(name: str, revision: int) -> str:
    """The part of the page that offers the pack."""
    return (
        '<section class="wg-card wg-out" aria-label="The plan pack"><h2>The plan pack</h2>'
        "<p>All documents of this plan: a page to read, a PDF, a Word document, a spreadsheet, and the data "
        "behind them. It takes half a minute or so, and you can go on working. While findings block sign-off, every page "
        "is marked DRAFT.</p>"
        '<p><button type="button" data-action="pack">Make the pack</button></p>'
        f'{work.place(WHERE)}<div id="wg-pack">{offered(name, revision)}</div></section>'
    )


def offered(name: str, revision: int) -> str:
    """What the pack that is there holds, its status, and whether the plan has moved on since; "" without one."""
    made = folder() / name
    about = _about(made)
    if about is None:
        return ""
    listed = "".join(_file(made / file, name, *told) for file, told in _OFFERED.items())
    whole = _file(zipped(name), name, _WHOLE, "ZIP") if "blocks" in about else ""
    title = f"The pack of revision {_printed(about.get('revision'))}"
    return (
        f'<div role="group" aria-label="{title}"><h3 tabindex="-1">{title}</h3>{_stale(about, revision)}{_status(about, name)}'
        f'<ul class="wg-files">{whole}{listed}</ul></div>'
    )


def _printed(revision: Any) -> str:
    return str(revision) if isinstance(revision, int) else "unknown"


def _stale(about: dict[str, Any], revision: int) -> str:
    of = about.get("revision")
    later = revision - of if isinstance(of, int) else 0
    if later <= 0:
        return ""
    return (
        f'<p class="wg-alert">Out of date: the plan was saved {words.plural(later, "time")} since. '
        "Make the pack again before it is sent.</p>"
    )


def _status(about: dict[str, Any], name: str) -> str:
    """DRAFT said plainly, with what blocks."""
    if about.get("status") != "DRAFT":
        said = {"FOR SIGN-OFF": "For sign-off: no finding blocks it.", "SIGNED OFF": "Signed off."}
        return f"<p>{said.get(str(about.get('status')), '')}</p>"
    blocking = [f for f in about.get("blocks", []) if isinstance(f, dict)]
    count = about.get("blocking") or len(blocking)
    if not blocking:
        return f"<p><strong>DRAFT.</strong> {words.plural(count, 'finding')} {_block(count)} sign-off.</p>"
    items = "".join(f"<li>{_way(f, name)}</li>" for f in blocking[:_LISTED])
    more = f"<li>And {len(blocking) - _LISTED} more.</li>" if len(blocking) > _LISTED else ""
    return (
        f"<details><summary><strong>DRAFT:</strong> {words.plural(count, 'finding')} {_block(count)} sign-off"
        f"</summary><ul>{items}{more}</ul></details>"
    )


def _block(count: int) -> str:
    return "blocks" if count == 1 else "block"


def _way(finding: dict[str, Any], name: str) -> str:
    said = escape(f"{finding.get('sentence', '')} {finding.get('remedy', '')}".strip())
    step, path = str(finding.get("step", "")), str(finding.get("path", ""))
    if step not in addresses.NOTEBOOKS or not addresses.served():
        return said
    title = escape(addresses.NOTEBOOKS[step][1])
    return f'{said} <a href="{escape(addresses.of(step, name, at=path))}">Go to {title}</a>'


def _file(path: Path, name: str, what: str, kind: str) -> str:
    """A document by its name with its size; on the server a link, elsewhere a button that brings it."""
    try:
        size = words_of_size(path.stat().st_size)
    except OSError:
        return ""
    label = f"{escape(path.name)} ({kind}, {size})"
    if addresses.served():
        place = f"{_ZIPS}/{quote(path.name)}" if path.parent.name == _ZIPS else f"{quote(name)}/{path.name}"
        keep = " download" if path.suffix in (".zip", ".docx", ".xlsx", ".json") else ' target="_blank"'
        way = f'<a href="../../packs/{place}"{keep}>{label}</a>'
    else:
        way = f'<button type="button" class="wg-link" data-action="pack-file" data-file="{escape(path.name)}">{label}</button>'
    opens = " (opens in a new tab)" if addresses.served() and path.suffix in (".html", ".pdf") else ""
    return f'<li>{way}<span class="wg-hint"> {escape(what)}{opens}</span></li>'


def words_of_size(size: int) -> str:
    """A size as people say it: "2.4 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)):,} KB"
    return f"{size / 1_000_000:,.1f} MB"


def file(name: str, asked: str) -> dict[str, str]:
    """A document of the pack for a page that has no server of its own. Raises BadInput."""
    known = {**{f: folder() / name / f for f in _OFFERED}, zipped(name).name: zipped(name)}
    try:
        content = known[asked].read_bytes()
    except (KeyError, OSError):
        raise BadInput("That document is not there any more.", "Make the pack again.") from None
    kept = asked if asked.endswith(".zip") else f"{name}-{asked}"
    return {"name": kept, "content": base64.b64encode(content).decode()}


def _about(made: Path) -> dict[str, Any] | None:
    """What the manifest says of a pack, with what blocks it as far as it is known; None without a pack."""
    try:
        held = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
        about = dict(held["plan"]) | {"status": held.get("status", "")}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(_kept(made.name).read_text(encoding="utf-8"))
        if kept["revision"] == about.get("revision"):
            about["blocks"] = kept["blocks"]
    return about


def _kept(name: str) -> Path:
    return folder() / _ZIPS / f"{name}.json"


# --- in a process of its own ----------------------------------------------------------


def make(plan: Path, name: str) -> dict[str, Any]:
    """Make the pack of a plan and put it into one file; what is told at the end."""
    from workbook.pack import build, stages
    from workbook.pack.aside import told

    out = folder() / name
    parts = 0

    def say(said: str, at: int, of: int) -> None:
        nonlocal parts
        parts = of + 1  # the file of all comes last
        work.say(said, at, parts)

    with stages.heard(say):
        made = build(plan, out)
    blocks = [
        {"sentence": f.sentence, "remedy": f.remedy, "step": f.step, "path": f.path}
        for f in made.findings
        if f.severity == "blocks"
    ]
    work.say("one file of all", parts, parts)
    target = zipped(name)
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _zip(out, target)
        revision = json.loads((out / "plan.json").read_text(encoding="utf-8"))["revision"]
        _kept(name).write_text(json.dumps({"revision": revision, "blocks": blocks}), encoding="utf-8")
    return {"status": made.status, "seconds": round(made.seconds, 1)}


def _zip(made: Path, target: Path) -> None:
    """Every file of a pack in one, under a folder of its name; the same bytes for the same pack."""
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as whole:
            for path in sorted(p for p in made.rglob("*") if p.is_file()):
                inside = zipfile.ZipInfo(f"{made.name}/{path.relative_to(made).as_posix()}")
                inside.compress_type, inside.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                whole.writestr(inside, path.read_bytes())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(work.run(lambda: make(Path(sys.argv[1]), sys.argv[2])))
