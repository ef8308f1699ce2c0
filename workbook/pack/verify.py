"""A pack against its manifest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook.pack import manifest


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


def verify(folder: Path | str) -> Verification:
    """What was altered, what is missing and what was added; raises BadInput where there is no manifest."""
    folder = Path(folder)
    stated = manifest.read(folder)["files"]
    found = manifest.hashes(folder)
    return Verification(
        altered=tuple(name for name in found if name in stated and stated[name] != found[name]),
        missing=tuple(sorted(set(stated) - set(found))),
        added=tuple(name for name in found if name not in stated),
    )
