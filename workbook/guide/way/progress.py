"""How far plans have come, kept from one visit to the next: working it out takes seconds, a list of plans must not.

What was worked out of a plan lies in ``cache/progress`` in ``WORKBOOK_HOME``, one small file a plan, under the hash of the
plan file, the state of the figures and the version of the program. What is not known yet the page asks for when it
is live, one step or one plan at a time, so that nobody waits for it (``static/progress.js``).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from workbook import __version__, paths
from workbook.guide.way import addresses
from workbook.plan import store
from workbook.plan.model import Plan
from workbook.steps.start import WORKED, Progress
from workbook.words import listed

_SHAPE = 1  # of the files; others are forgotten


@dataclass(frozen=True)
class Glance:
    """What a list of plans says of one: what it is, who saved it, how far it is.

    ``steps`` is empty where that is not worked out; ``fresh`` says whether it is that of the plan as it is now.
    """

    title: str
    area: str
    synthetic: bool
    revision: int
    at: str = ""  # when it was saved, ISO; "" where it never was
    by: str = ""
    verified: bool = False
    steps: tuple[Progress, ...] = ()
    fresh: bool = False

    @property
    def saved(self) -> datetime | None:
        return datetime.fromisoformat(self.at) if self.at else None


def glance(path: Path) -> Glance:
    """What is known of a plan without working anything out. Raises BadInput where the file is damaged."""
    content = store.content(path)
    kept = _kept(path)
    if kept is not None and kept[0] == _key(content):
        return replace(kept[1], fresh=bool(kept[1].steps))
    made = _of(store.read(path), kept[1].steps if kept else ())
    if not made.steps:  # nothing is lost by keeping it, and the next visit need not read the whole plan
        _keep(path, _key(content), made)
    return made


def steps(path: Path) -> tuple[Progress, ...]:
    """The progress of the steps of a plan as it was worked out last; empty where it never was."""
    kept = _kept(path)
    return kept[1].steps if kept else ()


def work_out(path: Path, reference: Any) -> Glance:
    """The progress of a plan as it is now, worked out and kept. Raises BadInput where the file is damaged."""
    known = glance(path)
    if known.fresh:
        return known
    from workbook.steps.start import progress

    content = store.content(path)
    plan = store.read(path)
    return keep(path, plan, progress(plan, reference), content)


def keep(path: Path, plan: Plan, rows: Sequence[Progress], content: bytes | None = None) -> Glance:
    """Keep what was worked out of a plan; ``content`` is that of its file, where it was read before."""
    made = replace(_of(plan, tuple(rows)), fresh=True)
    held = store.content(path) if content is None else content
    if content is not None or store.read(path).revision == plan.revision:
        _keep(path, _key(held), made)
    return made


# --- on the page of a plan ------------------------------------------------------

_begun: dict[
    Path, tuple[int, dict[str, Progress]]
] = {}  # by plan: its revision, and the steps worked out so far


def of_open(path: Path, plan: Plan, reference: Any) -> dict[str, Any]:
    """The state of the next step that is not worked out yet, for the menu; ``more`` where others are left.

    One step at a time, so that a change never waits for more than one of them.
    """
    known = glance(path)
    if known.fresh and known.revision == plan.revision:
        return {"parts": {f"wg-is-{row.step}": mark(row) for row in known.steps}}
    from workbook.steps import run, thread
    from workbook.steps.start import standing

    revision, rows = _begun.get(path, (-1, {}))
    rows = dict(rows) if revision == plan.revision else {}
    wanted = next(name for name in WORKED if name not in rows)
    rows[wanted] = standing(run(wanted, plan, reference), thread.findings(plan, reference))
    _begun[path] = (plan.revision, rows)
    left = len(rows) < len(WORKED)
    if not left:
        del _begun[path]
        keep(path, plan, [rows[name] for name in WORKED])
    return {"parts": {f"wg-is-{wanted}": mark(rows[wanted])}, "more": left}


_MARKS = {
    "done": "done",
    "in doubt": "doubt",
    "blocked": "blocked",
    "unfinished": "doubt",
    "not started": "open",
}


def mark(row: Progress | None, *, briefly: bool = False) -> str:
    """The state of a step in words, with a mark of its own shape; nothing where it is not known yet."""
    if row is None:
        return ""
    told = row.state if briefly else row.said
    words = told[:1].upper() + told[1:]
    return f'<span class="wg-state wg-is-{_MARKS[row.state]}"><span class="wg-unseen">: </span>{escape(words)}</span>'


def said(rows: Sequence[Progress]) -> str:
    """What is missing in a plan, in a sentence."""
    open_ = [row for row in rows if row.state in ("blocked", "unfinished")]
    new = [row for row in rows if row.state == "not started"]
    doubtful = [row for row in rows if row.state == "in doubt"]
    if len(new) == len(rows):
        return "Nothing is filled in yet."
    parts = [f"{_title(row)}: {row.said.partition(': ')[2]}" for row in open_]
    parts += [f"not started: {listed([_title(row) for row in new])}"] if new else []
    missing = f"Missing: {'; '.join(parts)}." if parts else "Nothing needed is missing."
    return f"{missing} In doubt: {listed([_title(row) for row in doubtful])}." if doubtful else missing


def _title(row: Progress) -> str:
    """The step as the menu calls it."""
    return addresses.NOTEBOOKS[row.step][1]


def _of(plan: Plan, rows: tuple[Progress, ...]) -> Glance:
    at, by, verified = (
        (plan.saved.at.isoformat(), plan.saved.by, plan.saved.verified) if plan.saved else ("", "", False)
    )
    title = plan.title or plan.area.name
    return Glance(title, plan.area.name, plan.area.synthetic, plan.revision, at, by, verified, rows)


# --- the files ------------------------------------------------------------------


def _file(path: Path) -> Path:
    """The file kept for a plan; two plans of one name in different folders have their own."""
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    return paths.home() / "cache" / "progress" / f"{name}.json"


def _key(content: bytes) -> str:
    from workbook.reference.store import Store

    about = f"{_SHAPE} {__version__} {Store(paths.home()).stamp()} ".encode()
    return hashlib.sha256(about + content).hexdigest()


def _kept(path: Path) -> tuple[str, Glance] | None:
    """What is kept of a plan with its key; None where nothing is, or nothing that can be read."""
    try:
        data = json.loads(_file(path).read_text(encoding="utf-8"))
        rows = tuple(Progress(**row) for row in data["glance"].pop("steps"))
        if data["shape"] != _SHAPE or any(row.step not in WORKED for row in rows):
            return None
        return str(data["key"]), Glance(**data["glance"], steps=rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _keep(path: Path, key: str, made: Glance) -> None:
    """Keep it for the next visit; a folder that cannot be written costs time, nothing else."""
    file = _file(path)
    told = {"shape": _SHAPE, "key": key, "glance": asdict(replace(made, fresh=False))}
    del told["glance"]["fresh"]  # type: ignore[attr-defined]
    aside = file.with_suffix(f".{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(told), encoding="utf-8")
        aside.replace(file)  # not flushed to the disk: what is lost here is worked out again
    except OSError:
        return
