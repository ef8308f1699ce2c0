"""Which format a file is in, by its column names."""

from __future__ import annotations

from workbook.errors import BadInput, Fault
from workbook.reference.importers import (
    allocations,
    boundaries,
    codes,
    composition,
    deprivation,
    fingertips,
    fingertips_figures,
    fingertips_lists,
    gap,
    heec,
    local,
    lookup,
    mortality,
    need,
    ons,
    outcomes,
    projection,
    pyll,
    question_bank,
    registered,
    registers,
    similar10,
    social_care,
)
from workbook.reference.importers.base import Format
from workbook.reference.importers.table import Table
from workbook.words import listed

#: Every format by its id, in the order in which the documentation lists them.
FORMATS: dict[str, Format] = {
    room.FORMAT.id: room.FORMAT
    for room in (
        *(
            fingertips,
            fingertips_figures,
            ons,
            mortality,
            outcomes,
            allocations,
            need,
            projection,
            registered,
            pyll,
        ),
        *(registers, social_care, gap, heec, deprivation),
    )
} | {
    form.id: form
    for form in (
        *(fingertips_lists.INDICATORS, fingertips_lists.AREAS),
        *(similar10.INPUTS, similar10.LIST, boundaries.FORMAT, codes.FORMAT),
        *(lookup.FORMAT, composition.FORMAT, question_bank.FORMAT, local.FORMAT),
    )
}


def format_of(table: Table, as_format: str | None = None) -> Format:
    """The format whose columns the table has: the one that asks for most, or the one that was named.

    Raises:
        BadInput: no format fits; says what the file has and what the nearest one lacks.
    """
    if as_format is not None:
        return _named(table, as_format)
    fitting = [f for f in FORMATS.values() if not f.missing(table.columns) and (not f.fits or f.fits(table))]
    if not fitting:
        raise _unknown(table)
    return max(fitting, key=lambda f: len(f.required))


def _named(table: Table, as_format: str) -> Format:
    if as_format not in FORMATS:
        raise BadInput(f"There is no format {as_format!r}.", f"The formats are {listed(FORMATS)}.")
    form = FORMATS[as_format]
    missing = form.missing(table.columns)
    if form.fits and not missing and not form.fits(table):
        raise BadInput(
            f"{table.file} is not in the format {form.id} ({form.title}).",
            "Leave out --as to have the format found, or name the right one.",
        )
    if missing:
        raise BadInput(
            f"{table.file} is not in the format {form.id} ({form.title}): it lacks {_columns(missing)}.",
            "Leave out --as to have the format found, or name the right one.",
        )
    return form


def _unknown(table: Table) -> BadInput:
    near = max(
        (f for f in FORMATS.values() if f.required),
        key=lambda f: 1 - len(f.missing(table.columns)) / len(f.required),
    )
    missing = near.missing(table.columns)
    start = f"{table.file} is in no format the workbook knows; it has the columns {_columns(table.columns)}."
    if len(missing) <= len(near.required) / 2:
        return BadInput(
            f"{start} It comes nearest to {near.id} ({near.title}), which also needs {_columns(missing)}.",
            "Download the whole table again, or restore the column names.",
        )
    return BadInput(
        start,
        "The formats are described in docs/data.md. Figures in any other shape can be copied into the "
        "template that 'workbook data template local-figures' writes.",
    )


def _columns(names: list[str]) -> str:
    shown = names[:8]
    return listed([*shown, f"{len(names) - 8} more"] if len(names) > 8 else shown)


def renamed(table: Table, form: Format) -> None:
    """Give the table's columns the format's spelling; columns it does not know are dropped and said."""
    if form.fits:
        return
    known = form.named(table.columns)
    names = _once(known, table)
    for column in table.columns:
        if column not in known and not form.quiet and (form.strict or any(table.frame[column] != "")):
            table.faults.append(_unknown_column(column, form))
    table.frame = table.frame[list(names)].rename(columns=names)
    for column in form.optional:
        if column not in table.frame:
            table.frame[column] = ""


def _once(names: dict[str, str], table: Table) -> dict[str, str]:
    """Each of the format's columns once: "Area Name" beside "AreaName" is the same column twice."""
    first: dict[str, str] = {}
    for column, meant in names.items():
        if meant in first:
            problem = f"The column is the same as {first[meant]}, spelt another way."
            table.faults.append(Fault(problem, "Delete or rename one of them.", 1, column))
        first.setdefault(meant, column)
    return {column: meant for meant, column in first.items()}


def _unknown_column(column: str, form: Format) -> Fault:
    if form.strict:
        known = listed([*form.required, *form.optional])
        return Fault(
            "The template has no such column.", f"Rename or delete it; the columns are {known}.", 1, column
        )
    return Fault(
        f"{form.title} has no such column.", "It is not read; nothing needs doing.", 1, column, "warns"
    )
