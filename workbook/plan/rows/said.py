"""What is said of a file of rows: where, what is wrong and what to do, all of it and not just the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workbook.errors import BadInput
from workbook.words import plural

_LISTED = 200  # faults in the sentence of the error; it carries all of them


@dataclass(frozen=True)
class Said:
    """One sentence on a place of a file. ``row`` counts from 1 with the header as row 1, as spreadsheets do.

    ``severity`` "refuses" stands in the way of taking the file; "says" is only said.
    """

    file: str
    problem: str
    remedy: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    severity: str = "refuses"

    def __str__(self) -> str:
        parts = (
            self.file,
            f"sheet {self.sheet}" if self.sheet else "",
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column else "",
        )
        return f"{', '.join(p for p in parts if p)}: {self.problem} {self.remedy}".strip()

    def as_record(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


class FaultyRows(BadInput):
    """Files of rows with faults; nothing of them was taken. Carries every fault."""

    def __init__(self, faults: Sequence[Said], remarks: Sequence[Said] = ()) -> None:
        super().__init__(
            f"Nothing was changed: {plural(len(faults), 'fault')} in what was to be brought in.\n"
            + "\n".join(f"  {fault}" for fault in faults[:_LISTED])
            + (f"\n  and {len(faults) - _LISTED:,} more" if len(faults) > _LISTED else ""),
            "\nMend what is listed and bring the file in again.",
        )
        self.faults = list(faults)
        self.remarks = list(remarks)
