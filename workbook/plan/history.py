"""The revisions of a plan: who saved which and when, what each changed, and the way back to any.

A revision is a file of the folder beside the plan, and the newest is the plan itself. To list thousands without opening
each, what is known of them is kept in ``index.json`` in that folder, beside the size and time of each file. It can be
deleted, damaged or out of date at any time: an entry that does not fit its file is read anew from the file.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from workbook.errors import BadInput, WorkbookError
from workbook.plan import store
from workbook.plan.difference import Change, difference
from workbook.plan.identity import NOT_DECIDED
from workbook.plan.merge import merge
from workbook.plan.model import Plan

INDEX = "index.json"
_SAVED = re.compile(r'"saved":\s*(?=\{)')
_HEAD = 2000  # characters: schema, revision and who saved it stand first in a plan the workbook wrote
_Stamp = tuple[int, int]  # size in bytes and time of change of a file


@dataclass(frozen=True)
class Entry:
    """One revision: who saved it and when; ``problem`` says why it cannot be opened, "" where it can."""

    revision: int
    by: str = ""
    verified: bool = False
    at: datetime | None = None
    problem: str = ""


def entries(path: Path | str) -> list[Entry]:
    """Every revision of a plan, the newest first, which is the plan as it is now.

    A damaged one is listed with what is wrong. Raises BadInput where there is neither a plan nor a revision.
    """
    path = Path(path)
    kept = _kept(path)
    if path.exists():
        now = _newest(path, kept)
        kept[now.revision] = now
    elif not kept:
        store.content(path)  # says that there is no such file
    return [kept[n] for n in sorted(kept, reverse=True)]


def plan_at(path: Path | str, revision: int) -> Plan:
    """The plan as it was in a revision. Raises BadInput where that is not kept or cannot be read."""
    return store.read(_file(Path(path), revision))


def changes(path: Path | str, revision: int) -> list[Change]:
    """What a revision changed against the one before it that is kept; nothing for the first."""
    path = Path(path)
    before = max((n for n in _numbers(path) if n < revision), default=None)
    now = plan_at(path, revision)
    return difference(plan_at(path, before), now) if before is not None else []


def back_to(path: Path | str, revision: int, *, by: str = "", verified: bool = False) -> Plan:
    """Save an earlier revision as the newest; everything after it stays in the history.

    Where the plan itself is damaged, it is kept beside the new one as ``NAME.plan.json.damaged``.
    Raises BadInput where the revision cannot be read, StaleWrite where somebody saved in between.
    """
    path = Path(path)
    return put_back(path, plan_at(path, revision), by=by, verified=verified)


def put_back(path: Path, plan: Plan, *, by: str = "", verified: bool = False) -> Plan:
    """Save an earlier state of a plan as its newest revision; a damaged file is kept beside it, as ``back_to`` says."""
    try:
        newest = store.read(path).revision
    except WorkbookError:
        # The damaged file stands for the revision after the last one kept, and its number is not used again.
        newest = max([plan.revision, *_numbers(path)]) + 1
        if path.exists():
            path.replace(path.with_name(f"{path.name}.damaged"))
    return store.write(plan.model_copy(update={"revision": newest}), path, by=by, verified=verified)


def undone(plan: Plan, before: Plan, after: Plan) -> Plan:
    """``plan`` without what was changed from ``before`` to ``after``; whatever else was changed stays.

    Raises BadInput naming the first place that has changed again since.
    """
    merged = merge(after, plan, before)
    if merged.conflicts:
        raise BadInput(
            f"That change cannot be taken back: it has been changed again since. {merged.conflicts[0].where}.",
            "Change it by hand, or go back to an earlier revision.",
        )
    return merged.plan.model_copy(update={name: getattr(plan, name) for name in NOT_DECIDED})


# --- files -----------------------------------------------------------------------------------


def _newest(path: Path, kept: Iterable[int]) -> Entry:
    """The plan as it is now; a damaged one stands for the revision after the last that is kept."""
    now = _read(path)
    return replace(now, revision=now.revision or max(kept, default=0) + 1)


def _numbers(path: Path) -> list[int]:
    """The numbers of the revisions that are kept, the newest left out."""
    return [store.number(kept) for kept in store.revisions(path)]


def _file(path: Path, revision: int) -> Path:
    files = {store.number(kept): kept for kept in store.revisions(path)}
    if path.exists():
        files[_newest(path, files).revision] = path
    if (kept := files.get(revision)) is None:
        raise BadInput(
            f"Revision {revision} of {path.name} is not kept.",
            f"Choose one that 'workbook history {path}' lists.",
        )
    return kept


def _kept(path: Path) -> dict[int, Entry]:
    """The earlier revisions, from the index where it fits the files, otherwise from the files."""
    shelf = store.shelf(path)
    known = _index(shelf)
    found: dict[str, tuple[_Stamp, Entry]] = {}
    for file in store.revisions(path):
        try:
            stamp = _stamp(file)
        except OSError:  # gone since the folder was listed
            continue
        held = known.get(file.name)
        entry = held[1] if held is not None and held[0] == stamp else _read(file, store.number(file))
        found[file.name] = (stamp, entry)
    if found != known:
        _keep_index(shelf, found)
    return {entry.revision: entry for _, entry in found.values()}


def _stamp(file: Path) -> _Stamp:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


def _read(file: Path, number: int | None = None) -> Entry:
    """Who saved a file and when, without reading the plan in it where the workbook wrote it."""
    try:
        text = store.content(file).decode("utf-8-sig")
        saved, revision = _head(text, whole=file.suffix != ".gz")
    except BadInput as error:
        return Entry(number or 0, problem=error.problem)
    except (ValueError, RecursionError):
        return Entry(number or 0, problem=f"{file.name} is damaged: it does not hold a plan.")
    try:
        at = datetime.fromisoformat(saved["at"]) if saved else None
        return Entry(number or revision, str(saved.get("by", "")), saved.get("verified") is True, at)
    except (KeyError, TypeError, ValueError):
        return Entry(number or revision, problem=f"{file.name} does not say when it was saved.")


def _head(text: str, whole: bool) -> tuple[dict[str, Any], int]:
    """Who saved a plan, and its revision. Raises ValueError where the text is no plan.

    A compressed file that unpacks is as it was written, so its first lines are enough; any other is read ``whole``.
    """
    start = text[:_HEAD]
    found, number = (
        _SAVED.search(start),
        re.search(r'\{\s*"schema_version": *\d+,\s*"revision": *(\d{1,15}),', start),
    )
    if found and number and not whole:
        with contextlib.suppress(ValueError):
            return json.JSONDecoder().raw_decode(start, found.end())[0], int(number[1])
    data = json.loads(text)
    if not isinstance(data, dict) or not isinstance(data.get("revision", 0), int):
        raise ValueError("no plan")
    saved = data.get("saved")
    return (saved if isinstance(saved, dict) else {}), data.get("revision", 0)


# --- the index -------------------------------------------------------------------------------


def _index(shelf: Path) -> dict[str, tuple[_Stamp, Entry]]:
    """What was known of the files when they were last listed; nothing where the index cannot be used."""
    found = {}
    try:
        for name, (size, time, entry) in json.loads((shelf / INDEX).read_text(encoding="utf-8")).items():
            at = datetime.fromisoformat(entry["at"]) if entry["at"] else None
            found[name] = ((int(size), int(time)), Entry(**{**entry, "at": at}))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return found


def _keep_index(shelf: Path, found: dict[str, tuple[_Stamp, Entry]]) -> None:
    """Keep what is known for the next time; where that cannot be, the files are read again then."""
    rows = {
        name: [*stamp, asdict(entry) | {"at": entry.at.isoformat() if entry.at else None}]
        for name, (stamp, entry) in found.items()
    }
    beside = shelf / f".{INDEX}.{os.getpid()}.part"
    with contextlib.suppress(OSError):
        try:
            beside.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
            beside.replace(shelf / INDEX)
        finally:
            beside.unlink(missing_ok=True)
