"""A question bank of your own (``workbook data template question-bank``): asked on the page of the step it names."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.table import Table
from workbook.reference.questions import ANSWER_KINDS, BANK_STEPS, LOCAL, Framework, FrameworkItem
from workbook.reference.template import QUESTION_BANK
from workbook.words import listed, plural

MOST_QUESTIONS = 200  # a page draws each of them
LONGEST_ID = 40
LONGEST_LINE = 300  # title, question, group: they stand in headings and labels
LONGEST_WORDS = 2_000
# The id of a bank becomes part of addresses and of the plan's own; none of the sources' ids begins with LOC-.
_ID = re.compile(rf"{LOCAL}[0-9]{{2}}(-[A-Z0-9]+)*")
_OF_BANK = ("title", "step", "answers", "source")  # given once a bank; the same wherever they stand
_LINES = ("title", "source", "group", "question")
_WORDS = ("help", "good", "risk", "short_of_time")


def read(table: Table, known: Known) -> Parsed:
    """The banks of the file, each with its questions in the order of their numbers."""
    faults = list[Fault]()
    frame = table.frame.assign(**{c: "" for c in QUESTION_BANK if c not in table.frame.columns})
    frame = frame.apply(lambda column: column.str.strip())
    check.refuse(
        faults,
        frame[(frame[list(QUESTION_BANK)] == [c.example for c in QUESTION_BANK.values()]).all(axis=1)],
        None,
        lambda c: "This is the example row of the template.",
        "Delete the row, or put your own question in it.",
    )
    check.filled(frame, ["bank", "number", "question"], faults)
    frame["bank"] = frame["bank"].str.upper()
    _lengths(frame, faults)
    _numbers(frame, faults)
    banks = [
        _bank(str(id), rows, faults) for id, rows in frame[frame["bank"] != ""].groupby("bank", sort=False)
    ]
    return Parsed(banks=banks, faults=faults)


def _lengths(frame: pd.DataFrame, faults: list[Fault]) -> None:
    """What stands in headings is one line of printable letters; longer words may have several lines."""
    limits = [*((c, LONGEST_LINE) for c in _LINES), *((c, LONGEST_WORDS) for c in _WORDS)]
    for column, most in limits:
        long = frame[column].str.len() > most
        if column in _LINES:
            long |= ~frame[column].map(str.isprintable)
        _too_long(frame[long], column, most, faults)


def _too_long(rows: pd.DataFrame, column: str, most: int, faults: list[Fault]) -> None:
    size = "one line of at most" if column in _LINES else "at most"
    check.refuse(
        faults,
        rows,
        column,
        lambda c: f"{check.shown(c[column])} cannot be printed there.",
        f"Write {size} {most:,} letters.",
    )


def _numbers(frame: pd.DataFrame, faults: list[Fault]) -> None:
    """A question is known by its bank and its number, so that its answers stay its own when words change."""
    whole = frame["number"].str.fullmatch("[1-9][0-9]{0,2}")
    check.refuse(
        faults,
        frame[~whole & (frame["number"] != "")],
        "number",
        lambda c: f"{check.shown(c['number'])} is no number of a question.",
        "Write a whole number from 1 to 999; it stays with the question for good.",
    )
    twice = whole & (frame["bank"] != "") & frame.duplicated(["bank", "number"])
    check.refuse(
        faults,
        frame[twice],
        "number",
        lambda c: f"{c['bank']} has a question {c['number']} already.",
        "Give each question of a bank a number of its own.",
    )


def _bank(id: str, rows: pd.DataFrame, faults: list[Fault]) -> Framework:
    """One bank of its rows, whatever is wrong with it; what is wrong is added to the faults."""
    if len(id) > LONGEST_ID or not _ID.fullmatch(id):
        check.refuse(
            faults,
            rows.head(1),
            "bank",
            lambda c: f"{check.shown(c['bank'])} is no id for a question bank of your own.",
            f"Write {LOCAL} and two digits, then a name in capital letters if you like, at most {LONGEST_ID} letters in all: "
            f"{QUESTION_BANK['bank'].example}.",
        )
    if len(rows) > MOST_QUESTIONS:
        faults.append(
            Fault(
                f"{id} holds {plural(len(rows), 'question')}.",
                f"A page asks at most {MOST_QUESTIONS}; make several banks of them.",
                int(rows.index[0]),
                "bank",
            )
        )
    said = {column: _said_once(column, id, rows, faults) for column in _OF_BANK}
    _one_of("step", said["step"], BANK_STEPS, rows, faults)
    _one_of("answers", said["answers"], ANSWER_KINDS, rows, faults)
    if not said["title"]:
        faults.append(
            Fault(
                f"{id} has no title.",
                "Give it one in its first row; it heads the questions on the page.",
                int(rows.index[0]),
                "title",
            )
        )
    sound = rows[rows["number"].str.fullmatch("[1-9][0-9]{0,2}") & (rows["question"] != "")]
    sound = sound.assign(place=sound["number"].astype(int)).sort_values("place", kind="stable")
    items = tuple(_item(id, row) for row in sound.to_dict("records"))
    return Framework(
        id=id,
        title=said["title"] or id,
        source=said["source"] or FORMAT.source,
        status="local",
        step=said["step"],
        answer_kind=said["answers"],
        count=len(items),
        items=items,
    )


def _item(bank: str, row: Mapping[Hashable, str]) -> FrameworkItem:
    return FrameworkItem(
        id=f"{bank}.{row['number']}",
        framework=bank,
        label=row["question"],
        group=row["group"],
        help=row["help"],
        good=row["good"],
        risk=row["risk"],
        short_of_time=row["short_of_time"],
    )


def _said_once(column: str, id: str, rows: pd.DataFrame, faults: list[Fault]) -> str:
    """What the rows of a bank say of the bank itself; two different things refuse."""
    given = rows[rows[column] != ""]
    if given.empty:
        return ""
    first = str(given[column].iloc[0])
    check.refuse(
        faults,
        given[given[column] != first],
        column,
        lambda c: f"{id} has {check.shown(first)} in an earlier row.",
        "Write the same in every row of the bank, or leave it blank after the first.",
    )
    return first


def _one_of(column: str, given: str, known: tuple[str, ...], rows: pd.DataFrame, faults: list[Fault]) -> None:
    if given in known:
        return
    problem = f"{check.shown(given)} is none of those known." if given else "The bank does not say it."
    faults.append(Fault(problem, f"Write {listed(known, 'or')}.", int(rows.index[0]), column))


FORMAT = Format(
    id="question-bank",
    title="A question bank of your own (the workbook's template)",
    required=tuple(name for name, column in QUESTION_BANK.items() if column.required),
    optional=tuple(name for name, column in QUESTION_BANK.items() if not column.required),
    read=read,
    strict=True,
    source="A question bank of your own",
    licence="",
)
