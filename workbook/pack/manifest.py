"""The list of what is in a pack: the hash of every file, and the versions it was made with."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from stat import S_ISREG
from typing import Any

from workbook import __version__
from workbook.errors import BadInput
from workbook.pack.written import as_bytes

NAME = "manifest.json"
PROGRAM = "commissioning-workbook"
SCHEMA_VERSION = 1  # of data/manifest.schema.json
_LONGEST = 1 << 25  # bytes; a manifest has some thousands

# The packages whose version can change a figure or a byte of a pack.
PACKAGES = (
    "nbformat", "numpy", "pandas", "papermill", "pydantic",
    "python-docx", "scipy", "typst", "vl-convert-python", "xlsxwriter",
)  # fmt: skip


def as_json(data: Any) -> str:
    """JSON as packs hold it: readable, and the same text for the same data."""
    return as_bytes(data).decode()


def fingerprint(data: Any) -> str:
    """SHA-256 of data that JSON can hold, whatever the order of its keys."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a pack except its manifest, by path inside the pack."""
    files = (p for p in folder.rglob("*") if p.is_file() and p != folder / NAME)
    return {name: hash_of(folder / name) for name in sorted(p.relative_to(folder).as_posix() for p in files)}


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that matter, as far as they are installed."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def write(
    folder: Path, *, plan: Mapping[str, Any], status: str, data: Iterable[Any], inputs: Mapping[str, str]
) -> dict[str, Any]:
    """Write ``manifest.json`` last, over everything else in the folder; returns what it holds."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "program": PROGRAM,
        "version": __version__,
        "status": status,
        "plan": dict(plan),
        "inputs": dict(inputs),
        "packages": versions(),
        "data": list(data),
        "files": hashes(folder),
    }
    (folder / NAME).write_text(as_json(content), encoding="utf-8", newline="\n")
    return content


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a pack; raises BadInput where the folder is none."""
    try:
        content = json.loads(_text(folder / NAME))
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(
            f"{folder} is not a pack: it has no {NAME}.", "Give a folder made by 'workbook pack'."
        ) from None
    except (ValueError, OSError, RecursionError):
        raise BadInput(f"{folder / NAME} cannot be read.", "Make the pack again.") from None
    if not _is_manifest(content):
        raise BadInput(f"{folder / NAME} is not the manifest of a pack.", "Make the pack again.")
    return content


def _text(path: Path) -> str:
    """The text of a manifest; what could never end, or is far too long to be one, is not opened."""
    stat = path.stat()
    if not S_ISREG(stat.st_mode) or stat.st_size > _LONGEST:
        raise ValueError("no manifest")
    return path.read_text(encoding="utf-8")


def is_pack(folder: Path) -> bool:
    """Whether a folder was made by this program."""
    try:
        read(folder)
    except BadInput:
        return False
    return True


def _is_manifest(content: Any) -> bool:
    return (
        isinstance(content, dict)
        and content.get("program") == PROGRAM
        and isinstance(content.get("files"), dict)
    )


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
