"""A pack against its manifest, and every pack of a batch against its own.

Whoever altered a pack may have put anything there, so nothing is followed or opened that is not a plain file
the manifest names: a link, a pipe or a folder in a file's place is an alteration, and a path that leads out of
the pack is a file that is missing from it.
"""

from __future__ import annotations

import os
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbook.errors import BadInput
from workbook.pack import manifest, summary
from workbook.words import plural


@dataclass(frozen=True)
class Verification:
    """The files of a pack that are not as its manifest says, by path inside the pack."""

    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every file is there, unaltered, and nothing was added."""
        return not (self.altered or self.missing or self.added)

    def lines(self) -> list[str]:
        """One line for each file: "altered: plan.html"."""
        return [f"{word}: {_shown(name)}" for word, names in asdict(self).items() for name in names]


@dataclass(frozen=True)
class Checked:
    """One pack that was looked at: its folder's name, and what differs or why it could not be compared."""

    key: str
    found: Verification = Verification()
    problem: str = ""

    @property
    def whole(self) -> bool:
        return self.found.whole and not self.problem


@dataclass(frozen=True)
class Report:
    """One pack, or the packs of a batch in the order of their folders' names."""

    folder: Path
    kind: str  # pack, batch
    packs: tuple[Checked, ...]

    @property
    def whole(self) -> bool:
        """Whether every pack is."""
        return all(pack.whole for pack in self.packs)

    def lines(self) -> list[str]:
        """What is said of each file; in a batch led by the pack's folder, and a whole pack is said too."""
        if self.kind == "pack":
            return self.packs[0].found.lines()
        return [f"{_shown(pack.key)}: {line}" for pack in self.packs for line in _of_pack(pack)]

    def sentence(self) -> str:
        """What it comes to."""
        if self.kind == "pack":
            return f"{self.folder} is {'' if self.whole else 'not '}as its manifest says."
        wrong = sum(not pack.whole for pack in self.packs)
        if not self.packs:
            return f"{self.folder} holds no packs: the batch made none."
        if not wrong:
            return f"{self.folder}: {plural(len(self.packs), 'pack')}, each as its manifest says."
        return f"{self.folder}: {wrong} of {plural(len(self.packs), 'pack')} not as the manifest says."

    def remedy(self) -> str:
        """What to do where something is not whole."""
        if self.kind == "pack":
            return "Make the pack again, or find out who changed it."
        return "Run the batch again with --resume, which makes those again, or find out who changed them."

    def as_record(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        packs = [
            {"key": _sayable(pack.key), "whole": pack.whole, "problem": _sayable(pack.problem)}
            | {word: list(map(_sayable, names)) for word, names in asdict(pack.found).items()}
            for pack in self.packs
        ]
        return {"kind": self.kind, "whole": self.whole, "packs": packs}


def verify(folder: Path | str) -> Verification:
    """What was altered, what is missing and what was added; raises BadInput where there is no manifest.

    A file that cannot be read counts as altered; an empty folder, a link or a pipe as added ("new/").
    """
    folder = Path(folder)
    stated = manifest.read(folder)["files"]
    wanted = {Path(name).parent.as_posix() for name in stated} | {"."}
    folders = {parent.as_posix() for name in wanted for parent in (Path(name), *Path(name).parents)}
    found = _entries(folder, folders)
    found.pop(manifest.NAME, None)
    altered = [name for name in found if name in stated and _hash(folder / name) != stated[name]]
    if (folder / manifest.NAME).is_symlink():
        altered.append(manifest.NAME)
    return Verification(
        altered=tuple(sorted(altered)),
        missing=tuple(sorted(set(stated) - set(found))),
        added=tuple(sorted(name for name in found if name not in stated)),
    )


def verify_all(folder: Path | str) -> Report:
    """The same of one pack, or of every pack in the folder of a batch; raises BadInput where it is neither."""
    folder = Path(folder)
    if os.path.lexists(folder / manifest.NAME):
        return Report(folder, "pack", (Checked(folder.name, verify(folder)),))
    made = _stated(folder)
    names = sorted({*made, *(name for name in _folders(folder) if _may_be_pack(folder / name, name))})
    if not names and not (folder / "summary.json").is_file():
        verify(folder)  # raises, with the sentence for a folder that is no pack
    return Report(folder, "batch", tuple(_checked(folder, name, name in made) for name in names))


def _checked(folder: Path, name: str, stated: bool) -> Checked:
    if stated and not (folder / name).is_dir():
        return Checked(name, problem="the pack is missing, which the batch's summary names")
    if name.startswith("."):
        return Checked(name, problem="left behind by a run that was killed; the next one clears it")
    try:
        return Checked(name, verify(folder / name))
    except BadInput as error:
        return Checked(name, problem=str(error))


def _of_pack(pack: Checked) -> list[str]:
    return [pack.problem] if pack.problem else pack.found.lines() or ["whole"]


def _stated(folder: Path) -> set[str]:
    """The folders of the packs that the summary of a batch says were made."""
    import json

    try:
        path = folder / "summary.json"
        if not path.is_file():
            return set()
        packs = json.loads(path.read_text(encoding="utf-8"))["packs"]
        found = {
            pack["key"] for pack in packs if pack["status"] in summary.STATUS and pack["status"] != "failed"
        }
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()
    return {key for key in found if isinstance(key, str) and Path(key).name == key and "\0" not in key}


def _folders(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(folder) if entry.is_dir()]
    except OSError:
        return []


def _may_be_pack(folder: Path, name: str) -> bool:
    """Whether a folder in a batch's is a pack, or what a killed run left of one."""
    from workbook.pack.aside import is_left

    return is_left(name) or os.path.lexists(folder / manifest.NAME)


def _entries(folder: Path, expected: set[str]) -> dict[str, None]:
    """Everything in a pack by path inside it, except folders that files of the manifest lie in. Links are not followed."""
    found: dict[str, None] = {}
    for place, folders, files in os.walk(folder):
        inside = Path(place).relative_to(folder)
        for name in folders:
            path = (inside / name).as_posix()
            if (folder / path).is_symlink():
                found[path] = None
            elif path not in expected:
                found[f"{path}/"] = None
        found |= {(inside / name).as_posix(): None for name in files}
    return {name: None for name in found if not (name.endswith("/") and _holds(name, found))}


def _holds(name: str, found: dict[str, None]) -> bool:
    """Whether something is named already that lies in a folder."""
    return any(other.startswith(name) and other != name for other in found)


def _hash(path: Path) -> str:
    """SHA-256 of a plain file; "" where it is none or cannot be read."""
    try:
        return manifest.hash_of(path) if stat.S_ISREG(path.lstat().st_mode) else ""
    except OSError:
        return ""


def _sayable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _shown(name: str) -> str:
    """A name as it can be printed on one line, whatever is in it."""
    return "".join(c if c.isprintable() else "?" for c in _sayable(name))
