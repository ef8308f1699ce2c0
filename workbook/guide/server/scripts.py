"""The scripts of a page as one text: a widget in JupyterLab carries a single module, and one file is fetched sooner."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
_IMPORT = re.compile(r'^import .*? from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@lru_cache(maxsize=4)
def joined(entry: str = "form.js") -> str:
    """A module with everything it imports, each module once and before those that use it.

    The modules share one scope then, so no two of them may give one name to different things (a test looks).
    """
    return "\n".join(_text(name) for name in order(entry))


def order(entry: str) -> list[str]:
    """The modules that one needs, those it imports first."""
    found: list[str] = []

    def visit(name: str) -> None:
        for needed in _IMPORT.findall((STATIC / name).read_text(encoding="utf-8")):
            if needed not in found:
                visit(needed)
        found.append(name)

    visit(entry)
    return list(dict.fromkeys(found))


def _text(name: str) -> str:
    return _EXPORT.sub("", _IMPORT.sub("", (STATIC / name).read_text(encoding="utf-8")))
