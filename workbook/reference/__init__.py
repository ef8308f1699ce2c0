"""What is known: areas, indicators and their series, dated assumptions, question banks, imports.

``Reference.open()`` gives what ships with the program together with what was
imported into ``WORKBOOK_HOME``. Names are looked up when they are first used,
so that listing areas needs neither pandas nor the importers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.reference.areas import Area
    from workbook.reference.assumptions import Assumption
    from workbook.reference.catalogue import Reference
    from workbook.reference.indicators import Indicator
    from workbook.reference.lineage import Link
    from workbook.reference.questions import Framework, FrameworkItem

__all__ = ["Area", "Assumption", "Framework", "FrameworkItem", "Indicator", "Link", "Reference"]

_ROOMS = {
    "Area": "areas",
    "Assumption": "assumptions",
    "Framework": "questions",
    "FrameworkItem": "questions",
    "Indicator": "indicators",
    "Link": "lineage",
    "Reference": "catalogue",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
