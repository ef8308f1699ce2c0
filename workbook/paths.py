"""Where things are: what ships with the program, and what belongs to the person using it."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from workbook.errors import BadInput

_PACKAGE = Path(__file__).resolve().parent


@cache
def shipped(name: str) -> Path:
    """The folder ``data``, ``notebooks`` or ``templates`` as it ships.

    In a checkout they stand at the top; an installed wheel carries them inside the package.
    """
    inside = _PACKAGE / "_shipped" / name
    return inside if inside.exists() else _PACKAGE.parent / name


def home() -> Path:
    """Where imported figures and plans live: ``WORKBOOK_HOME``, or a folder in the user's home."""
    given = os.environ.get("WORKBOOK_HOME")
    if not given:
        return Path.home() / "commissioning-workbook"
    try:
        return Path(given).expanduser()
    except RuntimeError:
        raise BadInput(f"WORKBOOK_HOME is {given}, and there is no such user.", "Give a folder.") from None


def plans() -> Path:
    """The folder of the guided workbook's plans."""
    return home() / "plans"
