"""The measurements, one after another: ``python benchmarks/run.py``, or only those named (packs, pages, methods, steps, large_pages,
sessions, changes; scale only when it is named, because it takes long)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run the scripts one after another; the exit code is the first that is not 0."""
    names = sys.argv[1:] or ["packs", "pages", "methods", "steps", "large_pages", "sessions", "changes"]
    for name in names:
        done = subprocess.run([sys.executable, str(HERE / f"{name}.py")])
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
