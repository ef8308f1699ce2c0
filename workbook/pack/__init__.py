"""Packs: Papermill runs, documents, batches.

::

    from workbook.pack import build
    made = build("north.plan.json", "packs/north")
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.pack.make import Pack


def build(plan_path: Path | str, out: Path | str, *, force: bool = True) -> Pack:
    """Make the pack of a plan in the folder ``out``; see :func:`workbook.pack.make.make`."""
    from workbook.pack.make import make

    return make(Path(plan_path), Path(out), force=force)


class _Room(ModuleType):
    """This room can be called, because ``wb.pack`` names it as well as what it does."""

    def __call__(self, plan_path: Path | str, out: Path | str) -> Pack:
        """Make the pack of a plan, of a file or by its name in the folder of plans, in the folder ``out``."""
        import workbook

        return build(workbook._file_of(plan_path), out)


sys.modules[__name__].__class__ = _Room
