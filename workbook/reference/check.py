"""Checks of the cells of a table: numbers, keys, intervals, denominators, and people.

Every check works on whole columns and adds to a list of faults; ``row`` is the
row as a spreadsheet counts it, which is the index of the frames here. A fault
that refuses is listed row by row; a warning is said once a column, with the
first row and how many more there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pandas as pd

from workbook.errors import Fault
from workbook.untrusted import person_cells, person_column
from workbook.words import plural

SUPPRESSED = {"*", "[c]", "<5", "<10"}
NO_FIGURE = {"", "-", "..", ":", "[x]", "[z]", "[u]", "n/a", "na", "null"}
# Digits of 0 to 9 only: \d would let other scripts' digits through, which pandas then reads as nothing.
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_THOUSANDS = r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
_LARGEST = 1e15  # no count, rate or sum of money in England comes near it

Faults = list[Fault]


def warn(faults: Faults, rows: Collection[int], column: str | None, problem: str, remedy: str) -> None:
    """One warning for all the rows that share it."""
    if not len(rows):
        return
    first, more = min(rows), len(rows) - 1
    tail = f" ({plural(more, 'more row')} alike)" if more else ""
    faults.append(Fault(f"{problem}{tail}.", remedy, int(first), column, "warns"))


def refuse(
    faults: Faults, frame: pd.DataFrame, column: str | None, problem: Callable[[pd.Series], str], remedy: str
) -> None:
    """One refusing fault for each row of ``frame``; ``problem`` says what is wrong with that row."""
    for row, cells in frame.iterrows():
        faults.append(Fault(problem(cells), remedy, int(row), column))  # type: ignore[call-overload]


def numbers(frame: pd.DataFrame, column: str, faults: Faults) -> pd.Series:
    """The column as floats; blank and suppressed cells are NaN.

    Thousands commas are read and said; any other text in a number cell refuses.
    """
    text = frame[column].str.strip()
    plain = text.str.fullmatch(_NUMBER)
    commas = ~plain & text.str.fullmatch(_THOUSANDS)
    hidden = text.str.lower().isin(SUPPRESSED)
    wrong = ~(plain | commas | hidden | text.str.lower().isin(NO_FIGURE))
    if commas.any():
        warn(
            faults,
            text.index[commas],
            column,
            f"{text[commas].iloc[0]!r} has thousands commas",
            "It was read as a number; nothing needs doing.",
        )
    if hidden.any():
        warn(
            faults,
            text.index[hidden],
            column,
            f"{text[hidden].iloc[0]!r} marks a suppressed figure",
            'It is kept as missing, with the note "suppressed".',
        )
    refuse(
        faults,
        frame[wrong],
        column,
        lambda cells: f"{shown(cells[column])} is no number.",
        "Put digits only there (no sign, unit or word), or leave the cell blank.",
    )
    values = text.where(plain, text.where(commas).str.replace(",", "", regex=False))
    read = pd.to_numeric(values, errors="coerce").astype(float)
    refuse(
        faults,
        frame[read.abs() > _LARGEST],
        column,
        lambda cells: f"{shown(cells[column])} is too large to be a figure.",
        "Correct the figure, or leave the cell blank.",
    )
    return read


def shown(text: str, most: int = 60) -> str:
    """What stands in a cell, in quotation marks, its end left out where it is long."""
    return repr(text if len(text) <= most else text[:most] + "...")


def suppressed(frame: pd.DataFrame, column: str) -> pd.Series:
    """Which cells of the column are marked as suppressed."""
    return frame[column].str.strip().str.lower().isin(SUPPRESSED)


def filled(frame: pd.DataFrame, columns: Sequence[str], faults: Faults) -> None:
    """Refuse every blank cell of columns that say what a row is about."""
    for column in columns:
        refuse(
            faults,
            frame[frame[column].str.strip() == ""],
            column,
            lambda cells: "The cell is blank.",
            "Fill it in, or delete the row.",
        )


def once(
    frame: pd.DataFrame,
    key: Sequence[str],
    values: Sequence[str],
    faults: Faults,
    column: str | None = None,
    describe: Callable[[pd.Series], str] | None = None,
) -> pd.DataFrame:
    """The frame with each key once.

    The same figure given twice is said and kept once; two different figures for
    the same thing refuse.
    """
    repeated = frame.duplicated(list(key), keep=False)
    if not repeated.any():
        return frame
    twice = frame[repeated]
    # By place and not by row: in a table with a column a year one row holds several figures.
    place = pd.Series(range(len(twice)), index=twice.index)
    first = place.groupby([twice[k] for k in key]).transform("min").to_numpy()
    mine, theirs = twice[list(values)], twice[list(values)].iloc[first].set_axis(twice.index)
    same = ((mine == theirs) | (mine.isna() & theirs.isna())).all(axis=1).to_numpy()
    later = first != place.to_numpy()
    warn(
        faults,
        twice.index[later & same],
        column,
        "The row says the same as an earlier one",
        "It was kept once; nothing needs doing.",
    )
    for at in (later & ~same).nonzero()[0]:
        what = describe(twice.iloc[at]) if describe else "the same thing"
        faults.append(
            Fault(
                f"{what[:1].upper()}{what[1:]} stands in row {twice.index[first[at]]} with another figure.",
                "Keep the row that is right and delete the other.",
                int(twice.index[at]),
                column,
            )
        )
    return frame[~frame.duplicated(list(key))]


def intervals(frame: pd.DataFrame, faults: Faults, names: dict[str, str]) -> None:
    """Refuse a value outside its own interval, and an interval that ends before it starts.

    ``names`` maps "value", "lower" and "upper" to the columns' names in the file.
    """
    lower, value, upper = frame["lower"], frame["value"], frame["upper"]
    slack = 1e-9 * value.abs().fillna(0) + 1e-12
    refuse(
        faults,
        frame[lower > upper],
        names["lower"],
        lambda c: f"The interval runs from {c['lower']:g} to {c['upper']:g}.",
        "Put the smaller limit first.",
    )
    outside = ((value < lower - slack) | (value > upper + slack)) & ~(lower > upper)
    refuse(
        faults,
        frame[outside],
        names["value"],
        lambda c: f"{c['value']:g} lies outside its own interval, {c['lower']:g} to {c['upper']:g}.",
        "Correct the value or its limits; one of the three is wrong.",
    )
    half = frame[lower.isna() != upper.isna()]
    warn(
        faults,
        half.index,
        names["lower"],
        "Only one of the two limits is given",
        "Give both limits or neither; the one that is there is kept.",
    )


def denominators(frame: pd.DataFrame, faults: Faults, column: str) -> None:
    """A denominator of zero: said where there is no value either, refused where there is one."""
    zero = frame[frame["denominator"] == 0]
    warn(
        faults,
        zero.index[zero["value"].isna()],
        column,
        "The denominator is zero and there is no value",
        "It is kept as not available; nothing needs doing.",
    )
    refuse(
        faults,
        zero[zero["value"].notna()],
        column,
        lambda c: f"The denominator is zero, yet the value is {c['value']:g}.",
        "Give the denominator the value was worked out with, or leave both cells blank.",
    )


def not_negative(frame: pd.DataFrame, column: str, faults: Faults, name: str) -> None:
    """Refuse counts, people and denominators below zero."""
    refuse(
        faults,
        frame[frame[column] < 0],
        name,
        lambda c: f"{c[column]:g} is below zero.",
        "A count of people or events starts at zero; correct the figure.",
    )


# --- people ---------------------------------------------------------------------

_REMEDY = (
    "Nothing about a patient comes into the workbook. Bring totals for areas instead, "
    "and delete this file from any place where it should not be."
)


def people(frame: pd.DataFrame, allowed: Collection[str] = ()) -> Faults:
    """Refusing faults for columns that are, or look, person-level; ``allowed`` ones are harmless."""
    faults: Faults = []
    for column in frame.columns:
        if column in allowed:
            continue
        what = person_column(column) or person_cells(frame[column].unique().tolist())
        if what:
            faults.append(Fault(f"The column holds {what}, so the file is about people.", _REMEDY, 1, column))
    return faults
