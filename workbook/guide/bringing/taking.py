"""Files of official figures looked at, or taken: what the page has done in a process of its own.

``python -m workbook.guide.bringing.taking check FILE...`` says what the files hold and what is wrong with them; ``take`` takes
them. What both print is for ``work.py`` to read.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.errors import Fault, FaultyFile, WorkbookError
from workbook.guide.giving import work
from workbook.words import plural

if TYPE_CHECKING:
    from workbook.reference import Reference
    from workbook.reference.importers import Report

_LISTED = 40  # faults of a file on the page
_SERIES = 30  # measures of a file on the page


def check(paths: Sequence[Path]) -> dict[str, Any]:
    """What files hold and what is wrong with them, as the page is told."""
    from workbook.reference import Reference, importers

    work.say("looking at what they hold", 0, 0)
    reference = Reference.open()
    with suppress(WorkbookError):
        return {"files": [_record(report) for report in importers.check_all(paths, reference)]}
    # One of them is no file that is known: each is asked by itself, so that every one is told of.
    return {"files": [_alone(path, reference) for path in paths]}


def _alone(path: Path, reference: Reference) -> dict[str, Any]:
    from workbook.reference import importers

    try:
        return _record(importers.check(path, reference))
    except FaultyFile as error:
        return _faulty(path.name, error.faults)
    except WorkbookError as error:
        return _faulty(path.name, [Fault(error.problem, error.remedy)])


def _faulty(name: str, faults: Sequence[Fault]) -> dict[str, Any]:
    return {"name": name, "said": [], "series": [], "measures": 0, "refused": True, **_told(faults)}


def _record(report: Report) -> dict[str, Any]:
    from workbook.reference.importers import FORMATS

    known = FORMATS.get(report.format)
    said = f"{known.title if known else report.format}: {plural(report.rows, 'row')}."
    return {
        "name": report.file,
        "said": [said, *report.said],
        "series": report.series[:_SERIES],
        "measures": len(report.series),
        "refused": report.refused,
        **_told(report.faults),
    }


def _told(faults: Sequence[Fault]) -> dict[str, Any]:
    refusing = [f for f in faults if f.severity == "refuses"]
    warning = [f for f in faults if f.severity != "refuses"]
    kept = [*refusing[:_LISTED], *warning[:_LISTED]]
    return {
        "faults": [{"said": str(f), "refuses": f.severity == "refuses"} for f in kept],
        "refusing": len(refusing),
        "warnings": len(warning),
    }


def take(paths: Sequence[Path]) -> dict[str, Any]:
    """Take the files; what is told at the end."""
    from workbook.reference import Reference, importers

    work.say("taking them", 0, 0)
    reports = importers.take(paths, Reference.open())
    return {"files": [{"name": r.file, "said": list(r.said)} for r in reports]}


if __name__ == "__main__":
    _do = {"check": check, "take": take}[sys.argv[1]]
    sys.exit(work.run(lambda: _do([Path(p) for p in sys.argv[2:]])))
