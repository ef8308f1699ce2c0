"""Zip containers (DOCX) whose bytes depend on what they hold and on nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

_FIRST = "[Content_Types].xml"  # readers expect it first


_PACKED = (".png", ".jpg", ".jpeg")  # packed already: packing them again costs time and saves nothing


def with_changed(package: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The package with one text file changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            held = old.read(info)
            new.writestr(
                info, change(held.decode("utf-8")).encode("utf-8") if info.filename == name else held
            )
    return made.getvalue()


def normalised(package: bytes) -> bytes:
    """The same files in a fixed order, without the time and machine they were written on."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != _FIRST, n)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            info.create_system = 0
            new.writestr(info, old.read(name), compresslevel=6)
    return made.getvalue()
