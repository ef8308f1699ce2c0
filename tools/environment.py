"""Generate environment.yml, for people who use conda, from pyproject.toml.

``python tools/environment.py`` writes the file; ``--check`` only says whether
it agrees. What the project asks for is pinned at the versions of
pyproject.toml; what those bring along is conda's to choose.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Packages that conda-forge does not carry, or not under the same name.
PIP_ONLY = {"axe-playwright-python", "playwright", "typst", "vl-convert-python"}
_HEADER = """\
# Written by tools/environment.py from pyproject.toml; do not edit by hand.
#   conda env create -f environment.yml && conda activate commissioning-workbook
"""


def direct(project: dict[str, Any]) -> list[str]:
    """The names of the packages the project asks for itself, to run and to develop."""
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return sorted({re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0].lower() for line in asked})


def pins(project: dict[str, Any]) -> dict[str, str]:
    """Every pinned package with its version."""
    return dict(line.split("==") for line in project["tool"]["uv"]["constraint-dependencies"])


def environment(project: dict[str, Any]) -> str:
    """The text of environment.yml."""
    pinned = pins(project)
    names = direct(project)
    conda = [f"{n}={pinned[n]}" for n in names if n not in PIP_ONLY]
    pip = [f"{n}=={pinned[n]}" for n in names if n in PIP_ONLY]
    lines = [
        f"name: {project['project']['name']}",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python{project['project']['requires-python']}",
        "  - pip",
        *(f"  - {line}" for line in conda),
        "  - pip:",
        *(f"      - {line}" for line in pip),
        "      - -e .",
    ]
    return _HEADER + "\n".join(lines) + "\n"


def main(words: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    path, text = ROOT / "environment.yml", environment(project)
    if "--check" in words:
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            raise SystemExit("environment.yml does not agree with pyproject.toml: run 'just pins'.")
        return
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
