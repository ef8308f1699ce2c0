"""Pin every version: write the constraints in pyproject.toml and the hashed requirements.txt.

``python tools/pins.py`` brings both in line with pyproject.toml and changes as
few versions as it can; ``--upgrade`` takes the newest of everything. Needs uv.
The resolution is made in a temporary folder, because a lock file records
download addresses and these belong in no commit.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CONSTRAINTS = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
_HEADER = """\
# What the workbook needs to run, every version and every file by its hash.
# Written by tools/pins.py from the resolution that pyproject.toml pins; do not edit by hand.
#   pip install --no-deps --require-hashes -r requirements.txt && pip install --no-deps .
# The set is whole, so pip need not look for more; without --no-deps it would ask for
# rfc3987-syntax, which is left out on purpose (see pyproject.toml).
"""


def constraints(versions: dict[str, str]) -> str:
    """The block of pyproject.toml that pins each package at its version."""
    lines = "".join(f'    "{name}=={version}",\n' for name, version in sorted(versions.items()))
    return f"constraint-dependencies = [\n{lines}]\n"


def with_constraints(pyproject: str, versions: dict[str, str]) -> str:
    """The text of pyproject.toml with its pins replaced."""
    text, found = _CONSTRAINTS.subn(lambda _: constraints(versions), pyproject)
    if found != 1:
        raise SystemExit("pyproject.toml: expected exactly one block 'constraint-dependencies = ['.")
    return text


def locked(lock: Path) -> dict[str, str]:
    """Package and version as uv resolved them, the project itself left out."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return {p["name"]: p["version"] for p in packages if "registry" in p["source"]}


def resolve(pyproject: str, folder: Path) -> tuple[dict[str, str], str]:
    """The resolved set and the hashed requirements for the given pyproject.toml."""
    (folder / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    for name in ("README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    _uv("lock", folder=folder)
    exported = _uv(
        "export", "--locked", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate", folder=folder
    )
    return locked(folder / "uv.lock"), exported


def _uv(*words: str, folder: Path) -> str:
    """Run uv, without the pip settings of this machine that would add addresses of its own."""
    quiet = {k: v for k, v in os.environ.items() if k not in {"PIP_FIND_LINKS", "UV_FIND_LINKS"}}
    done = subprocess.run(["uv", *words], cwd=folder, env=quiet, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"uv {words[0]} failed; its message stands above.")
    return done.stdout


def main(words: list[str]) -> None:
    path = ROOT / "pyproject.toml"
    pyproject = path.read_text(encoding="utf-8")
    if "--upgrade" in words:
        pyproject = with_constraints(pyproject, {})
    with tempfile.TemporaryDirectory() as folder:
        try:
            versions, requirements = resolve(pyproject, Path(folder))
        except SystemExit as problem:
            raise SystemExit(f"{problem} A pin may stand in the way: try --upgrade.") from None
    path.write_text(with_constraints(pyproject, versions), encoding="utf-8")
    (ROOT / "requirements.txt").write_text(_HEADER + requirements, encoding="utf-8")
    print(f"{len(versions)} packages pinned.", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
