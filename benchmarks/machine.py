"""What a figure was measured on, and the one way results are kept."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
_PACKAGES = (
    "commissioning-workbook",
    "papermill",
    "nbconvert",
    "voila",
    "pandas",
    "vl-convert-python",
    "typst",
)


def machine() -> dict[str, Any]:
    """Cores, memory, load and the versions that matter; nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": date.today().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory, 1),
        "load_before": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in _PACKAGES},
    }


def compile_everything() -> None:
    """Bytecode for the environment and the workbook, so that neither side compiles while it is measured."""
    folders = [str(ROOT / "workbook"), *(p for p in sys.path if p.endswith("site-packages"))]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *folders], check=False, capture_output=True)


def slow_import_is_gone() -> bool:
    """Whether the environment is without the package that costs every command two seconds and a half."""
    try:
        metadata.version("rfc3987-syntax")
    except metadata.PackageNotFoundError:
        return True
    return False


def keep(name: str, found: dict[str, Any]) -> Path:
    """Write a result with its machine to ``benchmarks/results/NAME.json``."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return path


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows as a table in Markdown, the first row its header."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)
