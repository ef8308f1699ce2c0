"""Packs without notebooks: the steps worked out by calling them, the same documents written by the same renderers.

What ``packs.py`` compares the batch with, in the same kind of worker processes: ``python direct.py PATTERN OUT``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def build(plan_path: Path, out: Path) -> None:
    """The pack of a plan, whole but for its notebooks."""
    from workbook.pack import make

    make.run_notebooks = _worked_out  # type: ignore[assignment]
    make.make(plan_path, out)


def _worked_out(plan_path: Path, out_dir: Path, **_: Any) -> dict[str, Any]:
    from workbook.pack.report import known
    from workbook.pack.run import notebooks
    from workbook.plan import store
    from workbook.steps import run

    plan = store.read(plan_path)
    return {step_id: run(step_id, plan, known()) for step_id in notebooks()}


if __name__ == "__main__":
    from workbook.pack.batch import batch

    batch(plans=sys.argv[1], out=sys.argv[2], builder="direct:build", progress=False)
