"""Plans on disk: read, create, save, and never lose one.

A plan is one JSON file, ``NAME.plan.json``. It is written to a temporary file
and moved into place, so a reader sees the old plan or the new one and nothing
between. The revision before is kept in ``NAME.revisions/``, compressed
(``000012.json.gz``, same plan, same bytes); those kept as plain JSON by earlier
versions are read as well. A writer that read an older revision than the one on
disk is refused, with the name of who saved in the meantime.

Every committed change is a revision. A thousand revisions of the demonstration
plan (213 kB as JSON) take 36 MB; two hundred and thirteen without compression.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import json
import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workbook.errors import BadInput, NewerSchema, StaleWrite, WorkbookError
from workbook.plan.edit import field_of
from workbook.plan.faults import said
from workbook.plan.migrations import migrate
from workbook.plan.model import SCHEMA_VERSION, Plan, Saved
from workbook.words import day, plural

SUFFIX = ".plan.json"
LARGEST = 20_000_000  # bytes; a plan of two hundred schemes is under one million
_SHOWN = 20  # faults of a file
_LEVEL = 6  # of compression: 3 ms for the demonstration plan; 9 takes twice that and saves 2%
_KEPT = re.compile(r"(\d+)\.json(?:\.gz)?")
_NAMES = ("name", "title", "partner", "organisation", "id")  # what an entry is called by


def read(path: Path | str) -> Plan:
    """The plan in a file, brought to the present schema.

    Raises BadInput (no file, no JSON, a wrong field, named) or NewerSchema.
    """
    path = Path(path)
    data = _json(path)
    version = data.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise BadInput(
            f"{path.name} is not a plan: it has no schema_version.",
            f"Give a file made by 'workbook new', usually NAME{SUFFIX}.",
        )
    if version > SCHEMA_VERSION:
        raise NewerSchema(
            f"{path.name} was written by a later version of the workbook "
            f"(plan schema {version}; this version reads up to {SCHEMA_VERSION}).",
            "Update the workbook and open the plan again; the file was left as it is.",
        )
    try:
        return Plan.model_validate(migrate(data))
    except ValidationError as error:
        raise BadInput(
            _faults(path.name, error, data),
            "Mend these places in the file, or go back to an earlier revision; the file was left as it is.",
        ) from None


def create(plan: Plan, path: Path | str, *, by: str = "", at: datetime | None = None) -> Plan:
    """Write a new plan as revision 1; refuses to write over a file that is there."""
    path = Path(path)
    with lock(path):
        if path.exists():
            raise BadInput(f"{path.name} is there already.", "Choose another name, or open that plan.")
        return place(plan, path, 1, by, False, at)


def write(
    plan: Plan, path: Path | str, *, by: str = "", verified: bool = False, at: datetime | None = None
) -> Plan:
    """Save the next revision of a plan and keep the one before.

    Raises StaleWrite when the file holds another revision than the one ``plan`` was read from.
    """
    path = Path(path)
    with lock(path):
        before = content(path) if path.exists() else None
        current = _held(path, before) if before is not None else None
        if current is not None and current.revision != plan.revision:
            raise StaleWrite(
                _stale(path, plan, current), "Open the plan again and repeat your change; nothing was lost."
            )
        saved, text = _stamped(plan, path, plan.revision + 1, by, verified, at)
        if before is not None:
            kept = shelf(path) / f"{plan.revision:06d}.json.gz"
            replace_file(kept, packed(before), called=path.name)
        return _put_down(saved, text, path)


def revisions(path: Path | str) -> list[Path]:
    """The earlier revisions kept for a plan, oldest first; one file each."""
    kept: dict[int, Path] = {}
    for file in sorted(
        shelf(path).glob("[0-9]*.json*")
    ):  # the compressed one, where a revision is there twice
        if _KEPT.fullmatch(file.name):
            kept[number(file)] = file
    return [kept[n] for n in sorted(kept)]


def number(kept: Path) -> int:
    """The number of a kept revision, which its file is named by."""
    found = _KEPT.fullmatch(kept.name)
    if found is None:
        raise BadInput(f"{kept.name} is no kept revision of a plan.", "Choose one from the history.")
    return int(found[1])


def content(path: Path) -> bytes:
    """The JSON in a plan file or a kept revision, taken out of its compression.

    Raises BadInput where it cannot be read, is damaged or too large. Of a compressed file that swells without end
    no more is unpacked than a plan may take.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(path)
        if path.suffix != ".gz":
            return path.read_bytes()
        with gzip.open(path) as file:
            unpacked = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise BadInput(
            f"There is no file {path}.", "Check the name, or make a plan with 'workbook new'."
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise BadInput(
            f"{path.name} is damaged: it cannot be unpacked.", "Choose another revision."
        ) from None
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.", "Give a plan file you may read."
        ) from None
    if len(unpacked) > LARGEST:
        raise _too_large(path)
    return unpacked


def packed(text: bytes) -> bytes:
    """The bytes of a kept revision: no clock and no name in them, so same plan, same bytes."""
    return gzip.compress(text, _LEVEL, mtime=0)


def to_json(plan: Plan) -> str:
    """The one way a plan is written down: same plan, same bytes."""
    return plan.model_dump_json(indent=1) + "\n"


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(content(path).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(
            f"{path.name} is not text in UTF-8.", f"Give a file made by the workbook, NAME{SUFFIX}."
        ) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a plain ValueError
        where = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise BadInput(
            f"{path.name} is not a plan: it is not valid JSON{where}.",
            "Undo the last edit by hand, or go back to a file in the folder of revisions beside it.",
        ) from None
    if not isinstance(data, dict):
        raise BadInput(f"{path.name} is not a plan.", f"Give a file made by 'workbook new', NAME{SUFFIX}.")
    return data


def _too_large(path: Path) -> BadInput:
    return BadInput(f"{path.name} is too large to be a plan.", f"Give a file NAME{SUFFIX}.")


def _faults(name: str, error: ValidationError, data: dict[str, Any]) -> str:
    """Every fault with its place, by pointer and in the words of the page; of many, the first twenty."""
    rows = [
        f"  {name}: /{'/'.join(str(part) for part in fault['loc'])}{_in_words(fault['loc'], data)}: {said(fault)}"
        for fault in error.errors(include_url=False, include_input=False)[:_SHOWN]
    ]
    if error.error_count() > _SHOWN:
        rows.append(f"  and {error.error_count() - _SHOWN:,} more")
    return (
        f"{name} holds {plural(error.error_count(), 'value that does not fit', 'values that do not fit')}:\n"
        + "\n".join(rows)
        + "\n"
    )


def _in_words(place: tuple[int | str, ...], data: Any) -> str:
    """A place as a reader knows it: the label of the field, and the name of the entry it belongs to."""
    try:
        label = field_of("/" + "/".join(str(part) for part in place)).title or ""
    except BadInput:  # what a plan does not have has no label
        label = ""
    called = ""
    for part in place:
        inside = data if isinstance(data, dict | list) else {}
        data = inside.get(part) if isinstance(inside, dict) else _item(inside, part)
        if isinstance(data, dict):
            called = next((v for k in _NAMES if isinstance(v := data.get(k), str) and v), called)
    words = " of ".join(w for w in (label, f"“{called[:60]}”" if called else "") if w)
    return f" ({words})" if words else ""


def _item(rows: list[Any], place: int | str) -> Any:
    return rows[place] if isinstance(place, int) and place < len(rows) else None


def _stale(path: Path, mine: Plan, current: _Held) -> str:
    saved = current.saved
    who = f"{saved.by or 'somebody'} on {day(saved.at)} at {saved.at:%H:%M} UTC" if saved else "somebody"
    return (
        f"{path.name} was not saved: you changed revision {mine.revision}, "
        f"but revision {current.revision} was saved by {who}."
    )


@dataclass(frozen=True)
class _Held:
    """What is known of a plan file: a digest of its bytes, its revision, and who saved it."""

    digest: bytes
    revision: int
    saved: Saved | None


_HELD: dict[
    Path, _Held
] = {}  # what this process wrote last; a file that is still the same need not be checked again
_MOST_HELD = 100


def _held(path: Path, text: bytes) -> _Held:
    """Revision and saver of the plan on disk. Raises BadInput where somebody else has put no plan there."""
    digest, known = blake2b(text).digest(), _HELD.get(path.absolute())
    if known is not None and known.digest == digest:
        return known
    current = read(path)
    return _Held(digest, current.revision, current.saved)


def place(plan: Plan, path: Path, revision: int, by: str, verified: bool, at: datetime | None = None) -> Plan:
    """Write a plan as a revision, for who holds its lock and has kept the one before."""
    return _put_down(*_stamped(plan, path, revision, by, verified, at), path)


def _stamped(
    plan: Plan, path: Path, revision: int, by: str, verified: bool, at: datetime | None
) -> tuple[Plan, bytes]:
    """The plan with revision and saver, and as it is written; what could not be read again is refused."""
    stamp = Saved(by=by, verified=verified, at=(at or datetime.now(UTC)).replace(microsecond=0))
    saved = plan.model_copy(update={"revision": revision, "saved": stamp})
    text = to_json(saved).encode()
    if len(text) > LARGEST:
        raise BadInput(
            f"{path.name} was not saved: the plan would take {len(text) // 10**6} MB, and {LARGEST // 10**6} MB is the "
            "most that can be opened again. The file on disk is as it was.",
            "Put in fewer entries: add small ones up, or make plans of their own.",
        )
    return saved, text


def _put_down(saved: Plan, text: bytes, path: Path) -> Plan:
    replace_file(path, text)
    if len(_HELD) >= _MOST_HELD:
        _HELD.clear()
    _HELD[path.absolute()] = _Held(blake2b(text).digest(), saved.revision, saved.saved)
    return saved


def replace_file(path: Path, content: bytes, called: str = "") -> None:
    """Write a file aside and move it into place whole; a full disk leaves the old one untouched."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # some file systems know no modes
            os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise _not_saved(called or path.name, path.parent, error) from None


def _mode(path: Path) -> int:
    """Who may read a file: as before, or as for any new file; a temporary one is for its maker alone."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)  # it can only be read by setting it
    os.umask(mask)
    return 0o666 & ~mask


def _not_saved(name: str, folder: Path, error: OSError) -> WorkbookError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return WorkbookError(
            f"{name} could not be saved: the disk is full. The file on disk is as it was.",
            "Make room and save again.",
        )
    return BadInput(
        f"{name} could not be saved: {error.strerror}. The file on disk is as it was.",
        f"Check that you may write in {folder}, or choose another name.",
    )


def shelf(path: Path | str) -> Path:
    """The folder of a plan's earlier revisions."""
    path = Path(path)
    return path.with_name(path.name.removesuffix(SUFFIX).removesuffix(".json") + ".revisions")


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Two writers of one plan take turns; the lock goes when the process ends, however it ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = open(path.with_name(f".{path.name}.lock"), "w")  # noqa: SIM115 - held by the with below
    except OSError as error:
        raise _not_saved(path.name, path.parent, error) from None
    with handle:
        try:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        except ImportError:  # Windows: the check of revisions still stands
            pass
        yield
