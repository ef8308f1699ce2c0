"""Packs: Papermill runs, documents, batches.

::

    from workbook.pack import build
    made = build("north.plan.json", "packs/north")
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.pack.make import Pack


def build(plan_path: Path | str, out: Path | str, *, force: bool = True) -> Pack:
    """Make the pack of a plan in the folder ``out``; see :func:`workbook.pack.make.make`."""
    from workbook.pack.make import make

    return make(Path(plan_path), Path(out), force=force)
