"""Audit the dependencies: everything pinned, every file by its hash, and no advisory that nobody has judged.

``python tools/audit.py`` first checks the pins, which needs no network. It then asks an advisory service about the
versions of requirements.txt, by way of pip-audit. Where none can be reached it says in one line that advisories were
not checked, and does not fail. An advisory that is found fails, unless ``audit.toml`` beside this file lists it with a
reason and a day until which that holds. ``--pins`` checks the pins alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PIP_AUDIT = "pip-audit==2.10.1"
_SECONDS = 240
_PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]+\])?==([A-Za-z0-9.+!_-]+)(?:\s*;\s*(.+))?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def plain(name: str) -> str:
    """The name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


# --- pins ---------------------------------------------------------------------------


def unpinned(requirements: str) -> list[str]:
    """What is wrong with the lines of requirements.txt: not pinned, no hash, not from the index."""
    wrong = []
    for line in re.sub(r"\\\n\s*", " ", requirements).splitlines():
        text = line.partition(" #")[0].strip()
        if not text or text.startswith("#"):
            continue
        asked, _, rest = text.partition(" --hash=")
        hashes = [word for word in f"--hash={rest}".split() if rest]
        if not _PINNED.fullmatch(asked.strip()):
            wrong.append(f"requirements.txt: '{asked[:80]}' is no version of a package from the index")
        elif not hashes or not all(_HASH.fullmatch(word) for word in hashes):
            wrong.append(f"requirements.txt: {asked[:80]} has no whole hash")
    return wrong


def versions(requirements: str) -> dict[str, set[str]]:
    """The versions of each package in requirements.txt."""
    found: dict[str, set[str]] = {}
    for line in requirements.splitlines():
        if match := _PINNED.match(line.strip()):
            found.setdefault(plain(match[1]), set()).add(match[2])
    return found


def astray(pyproject: dict[str, Any], requirements: str) -> list[str]:
    """Where pyproject.toml and requirements.txt leave a version open or differ."""
    settings = pyproject["tool"]["uv"]
    pins = {}
    wrong = []
    for pin in (*settings["constraint-dependencies"], *settings["build-constraint-dependencies"]):
        match = _PINNED.fullmatch(pin)
        if match is None:
            wrong.append(f"pyproject.toml: '{pin}' is no pin")
        elif pin in settings["constraint-dependencies"]:
            pins[plain(match[1])] = match[2]
    there = versions(requirements)
    wrong += [
        f"requirements.txt: {name} is {', '.join(sorted(of))}, pyproject.toml pins {pins.get(name, 'none')}"
        for name, of in there.items()
        if of != {pins.get(name)}
    ]
    project = pyproject["project"]["dependencies"]
    wrong += [f"requirements.txt lacks {name}" for name in _names(project) if name not in there]
    groups = [asked for group in pyproject.get("dependency-groups", {}).values() for asked in group]
    wrong += [
        f"pyproject.toml pins no version of {name}"
        for name in _names([*project, *groups])
        if name not in pins
    ]
    built = pyproject["build-system"]["requires"]
    return wrong + [
        f"pyproject.toml: '{asked}' in build-system is no pin" for asked in built if "==" not in asked
    ]


def _names(asked: Iterable[Any]) -> list[str]:
    return [
        plain(match[0]) for text in asked if isinstance(text, str) and (match := re.match(r"[\w.-]+", text))
    ]


# --- advisories ---------------------------------------------------------------------


def accepted(listed: dict[str, Any], today: date) -> tuple[set[str], list[str]]:
    """The ids of advisories that were judged and still stand, and what is wrong with the list."""
    ids, wrong = set(), []
    for entry in listed.get("accepted", []):
        id, reason, until = entry.get("id", ""), str(entry.get("reason", "")).strip(), entry.get("until")
        if not id or len(reason) < 20 or not isinstance(until, date):
            wrong.append(
                f"audit.toml: {id or 'an entry'} needs an id, a reason in a sentence and a day 'until'"
            )
        elif until < today:
            wrong.append(f"audit.toml: {id} was accepted until {until}; judge it anew")
        else:
            ids.add(id)
    return ids, wrong


def found(report: dict[str, Any], judged: set[str]) -> list[str]:
    """The advisories of a pip-audit report that nobody has judged."""
    return [
        f"{package['name']} {package.get('version', '')}: {hit['id']}"
        f" (mended in {', '.join(hit.get('fix_versions') or []) or 'no version yet'})"
        for package in report.get("dependencies", [])
        for hit in package.get("vulns", [])
        if not judged & {hit["id"], *hit.get("aliases", [])}
    ]


def asked(requirements: Path) -> dict[str, Any] | str:
    """The report of pip-audit, or why there is none."""
    tool = next((found for name in ("uv", "pip-audit") if (found := shutil.which(name))), None)
    if tool is None:
        return "neither uv nor pip-audit is on this machine"
    start = [tool, "tool", "run", "--from", PIP_AUDIT, "pip-audit"] if Path(tool).stem == "uv" else [tool]
    words = ["--requirement", str(requirements), "--require-hashes", "--disable-pip", "--format", "json"]
    try:
        done = subprocess.run(
            [*start, *words, "--progress-spinner", "off", "--timeout", "10"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "NO_COLOR": "1"},
        )
        report = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return f"no answer within {_SECONDS} seconds"
    except (OSError, ValueError):
        return "no advisory service could be reached"
    return report if isinstance(report, dict) and report.get("dependencies") else "the answer held nothing"


def main(words: list[str]) -> int:
    requirements = ROOT / "requirements.txt"
    text = requirements.read_text(encoding="utf-8")
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    judged, wrong = accepted(
        tomllib.loads((ROOT / "tools" / "audit.toml").read_text(encoding="utf-8")), date.today()
    )
    wrong += unpinned(text) + astray(pyproject, text)
    if not wrong:
        print(f"Pins: {len(versions(text))} packages, each at one version with its hashes.")
    if "--pins" not in words:
        report = asked(requirements)
        if isinstance(report, str):
            print(f"Advisories were not checked: {report}.")
        else:
            wrong += found(report, judged)
            print(f"Advisories: {len(report['dependencies'])} packages were asked about.")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
