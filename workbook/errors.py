"""Every error a person can meet, with its exit code and its remedy.

A message says what is wrong and where; the remedy says what to do about it.
The command line prints both and never a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from workbook.words import plural

DONE = 0
FAULT = 1
USAGE = 2
BLOCKED = 3
BAD_INPUT = 4
BATCH_FAILED = 5


class WorkbookError(Exception):
    """An error that is said in a sentence: what is wrong, and what to do."""

    exit_code = FAULT
    step = ""  # of a notebook that could not be worked out: the id of its step,
    cell: int | None = None  # and the cell, counted from 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        # A file may hold half a character; a sentence that quotes it is still printed.
        self.problem = problem.encode(errors="replace").decode()
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()

    def at(self, step: str, cell: int | None = None) -> Self:
        """The same error, which happened in this step and cell."""
        self.step, self.cell = step, cell
        return self

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows under the cell: the sentence; IPython asks for it in place of a traceback."""
        return [str(self)]

    def __reduce__(self) -> tuple[object, ...]:  # errors cross process borders in a batch
        return (_rebuild, (type(self), self.__dict__.copy()))


def _rebuild(kind: type[WorkbookError], state: dict) -> WorkbookError:
    error = kind.__new__(kind)
    Exception.__init__(error, state.get("problem", ""))
    error.__dict__.update(state)
    return error


def sentence(error: BaseException) -> str:
    """What a person is told of any error: its own sentence, or that the program met a fault."""
    if isinstance(error, WorkbookError):
        return str(error)
    return f"The program met a fault of its own ({type(error).__name__}: {error})."


class UsageError(WorkbookError):
    """The command was called with words that do not fit."""

    exit_code = USAGE


class BadInput(WorkbookError):
    """A file, a code or a value that cannot be used as it is."""

    exit_code = BAD_INPUT


class UnknownArea(BadInput):
    """An area code that neither the shipped list nor an import knows."""


class UnknownIndicator(BadInput):
    """An indicator that neither the catalogue nor an import knows."""


class Unreachable(BadInput):
    """A publisher that cannot be reached, because there is no network or it does not lead there."""


class NewerSchema(BadInput):
    """A plan written by a later version of the program."""


class StaleWrite(WorkbookError):
    """Somebody else saved the plan in the meantime."""


@dataclass(frozen=True)
class Fault:
    """One fault in a file. ``row`` counts from 1 with the header as row 1, as spreadsheets do."""

    problem: str
    remedy: str
    row: int | None = None
    column: str | None = None
    severity: str = "refuses"  # or "warns": said, but the file can be taken

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        return f"{where}: {self.problem} {self.remedy}" if where else f"{self.problem} {self.remedy}"


class FaultyFile(BadInput):
    """A file with faults, or several files; carries every fault of them."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        refusing = [f for f in faults if f.severity == "refuses"]
        listed = "\n".join(f"  {file}: {fault}" for fault in refusing[:50])
        more = f"\n  and {len(refusing) - 50} more" if len(refusing) > 50 else ""
        super().__init__(
            f"{file} was not taken: {plural(len(refusing), 'fault')}.\n{listed}{more}",
            "\nMend what is listed and try again; 'workbook data check FILE' lists every fault of a file.",
        )
        self.file = file
        self.faults = faults
