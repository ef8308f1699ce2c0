"""The tables of a plan as a spreadsheet that follows the rules for accessible spreadsheets.

A cover, a contents list that leads to every table, notes, what is missing, the
findings, then a sheet for each section of the plan with its tables (those
behind the charts too) below one another, and last everything that was asked, in
one long table. Figures are real numbers with their unit in the heading;
:mod:`workbook.render.book` says how a sheet is laid out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workbook.blocks import SEVERITIES, Cell, Column, Figure, Table, Tree
from workbook.render import answer_rows
from workbook.render.book import written
from workbook.render.document import (
    NO_FIGURES,
    SYNTHETIC,
    Chapter,
    Document,
    Entry,
    chapters,
    findings,
    laid_out,
    made_with,
    moment,
    running_title,
    saved_words,
    status_words,
)
from workbook.render.sheet_names import ANSWERS, COMPLETENESS
from workbook.render.sheets import (
    OWN,
    YEAR,
    Cover,
    Grid,
    Link,
    Sheet,
    State,
    Value,
    layout,
    place,
    shape_of,
    unique,
)
from workbook.render.text import cell, clean, decimals, figures_only, is_missing, is_number, is_year

_NOTHING = "nothing to say here"  # where a table prints the cell empty, which a spreadsheet must not
_MISSING = "[x]"  # the shorthand that the rules for accessible spreadsheets give for "not available"


def page(document: Document, more: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> bytes:
    """The document's tables as XLSX, every table behind a chart included; ``more`` blocks for the cover."""
    notes = _Notes()
    found = tuple(chapters(document))
    tables = [(sheet, _tables(entries, notes)) for sheet, entries in _by_sheet(found).items()]
    sheets = [_sheet(name, grids, entries, document) for name, (grids, entries) in tables]
    first = [s for s in sheets if s.name == COMPLETENESS]
    sheets = [*first, *_findings(document), *(s for s in sheets if s.name != COMPLETENESS)]
    sheets += _answers(document, found)
    front = [_contents(sheets, found, document), *_noted(notes, document)]
    return written(cover(document, "tables", more=more), [*front, *sheets], properties(document, "tables"))


@dataclass
class _Notes:
    """Notes on columns, numbered over the whole workbook."""

    texts: dict[str, int] = field(default_factory=dict)

    def mark(self, text: str) -> str:
        """The mark of a note, the same for the same words: "[note 2]"."""
        return f"[note {self.texts.setdefault(text, len(self.texts) + 1)}]"


# --- what every spreadsheet of a plan says of itself ------------------------------------


def properties(document: Document, what: str) -> dict[str, Any]:
    """The file's own description, for XlsxWriter; every date is the plan's."""
    return {
        "title": clean(f"{running_title(document)}: {what}")[:255],
        "subject": clean(document.area)[:255],
        "author": clean(document.saved_by)[:255] or "Commissioning workbook",
        "keywords": clean(document.status),
        "status": clean(document.status),
        "comments": clean(saved_words(document) + (f". {SYNTHETIC}" if document.synthetic else ""))[:255],
        "created": moment(document).replace(tzinfo=None),
    }


def marks(document: Document) -> tuple[str, ...]:
    """What every sheet says of the plan: its status where it is a draft, and synthetic figures."""
    draft = (status_words(document),) if document.status == "DRAFT" else ()
    return draft + ((SYNTHETIC,) if document.synthetic else ())


def cover(
    document: Document,
    what: str,
    about: tuple[str, ...] = (),
    more: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> Cover:
    """The cover: what this is, its status, revision, sources and licences; ``more`` blocks before the last."""
    where = ", ".join(clean(part) for part in (document.area, document.period) if part)
    state = [*([SYNTHETIC] if document.synthetic else []), status_words(document), saved_words(document)]
    reading = ["Figures are numbers; the unit stands in the heading of each column.", *about]
    made = [made_with(document)] if document.version else []
    return Cover(
        f"{document.title}: {what}",
        (
            ("", (where,)),
            ("Status", tuple(state)),
            ("How to read it", tuple(reading)),
            *more,
            ("Sources and licence", (*map(clean, document.attribution), *made) or ("The plan itself.",)),
        ),
    )


# --- the sheets ---------------------------------------------------------------------------


def _by_sheet(found: tuple[Chapter, ...]) -> dict[str, list[Entry[Any]]]:
    """The tables of each sheet in reading order, the same table once."""
    sheets: dict[str, dict[Table, Entry[Any]]] = {}
    for chapter in found:
        for entry in chapter.entries:
            if entry.sheet and entry.sheet != ANSWERS:
                sheets.setdefault(entry.sheet, {}).setdefault(_table(entry), entry)
    return {name: list(entries.values()) for name, entries in sheets.items()}


def _table(entry: Entry[Any]) -> Table:
    block = entry.block
    table = (
        block.table if isinstance(block, Figure) else laid_out(block) if isinstance(block, Tree) else block
    )
    assert isinstance(table, Table)
    return table


def _tables(entries: list[Entry[Any]], notes: _Notes) -> tuple[tuple[Grid, ...], list[Entry[Any]]]:
    return tuple(_grid(entry, notes) for entry in entries), entries


def _sheet(name: str, grids: tuple[Grid, ...], entries: list[Entry[Any]], document: Document) -> Sheet:
    noted = any("[note " in " ".join((*g.headings, *g.above)) for g in grids)
    title = grids[0].title if len(grids) == 1 else f"{name}: {_numbers(entries)}"
    return Sheet(name, title, grids, marks(document) + (("Notes are on the sheet Notes.",) if noted else ()))


def _numbers(entries: list[Entry[Any]]) -> str:
    """ "figure 11; tables 21 and 22" of what a sheet holds."""
    from workbook.words import listed

    made = []
    for kind in ("Figure", "Table"):
        found = [e.label.partition(" ")[2] for e in entries if e.label.startswith(kind)]
        if found:
            made.append(f"{kind.lower()}{'s' if len(found) > 1 else ''} {listed(found)}")
    return "; ".join([*made, *(clean(e.block.title) for e in entries if not e.label)])


def _grid(entry: Entry[Any], notes: _Notes) -> Grid:
    table = _table(entry)
    title = (entry.block.title if isinstance(entry.block, Figure) else "") or table.title
    heads = unique(
        _heading(c, notes.mark(f"{clean(c.label)}: {clean(c.note)}") if c.note else "") for c in table.columns
    )
    note = clean(table.note)
    gaps = any(is_missing(v) for row in table.rows for v in row)
    above = (
        note,
        f"{_MISSING} means {clean(table.missing) or _NOTHING}." if gaps or not table.rows else "",
        f"Source: {clean(table.source)}" if table.source else "",
    )
    name = f"{entry.label} {table.id}".strip()
    titled = f"{entry.label}: {clean(title)}" if entry.label else clean(title)
    rows = _rows(table, state=table.id == COMPLETENESS.lower())
    return Grid(name, titled, heads, rows, _shapes(table), above)


def _heading(column: Column, mark: str) -> str:
    unit = f"({clean(column.unit)})" if column.unit else ""
    return "\n".join(part for part in (clean(column.label) or "Column", unit, mark) if part)


def _rows(table: Table, state: bool = False) -> tuple[tuple[Value, ...], ...]:
    """The cells; of the table of what is missing (``state``), the last column by its fill too."""
    if not table.rows:
        return ((NO_FIGURES.rstrip("."), *[_MISSING] * (len(table.columns) - 1)),)
    described = [(c, decimals(table, i)) for i, c in enumerate(table.columns)]
    rows = (tuple(_value(c, v, p) for (c, p), v in zip(described, row, strict=True)) for row in table.rows)
    if not state:
        return tuple(rows)
    return tuple((*row[:-1], State(str(row[-1]), str(row[-1]) == "Complete")) for row in rows)


def _value(column: Column, value: Cell, places: int | None) -> str | int | float:
    """A figure as a number (a zero without a sign), everything else as text."""
    if is_missing(value):
        return _MISSING
    return value + 0 if is_number(value) else cell(column, value, places, _MISSING)


def _shapes(table: Table) -> tuple[str, ...]:
    """How each column's figures are shown; "" for a column of words."""
    return tuple(_shape(table, i) if held else "" for i, held in enumerate(figures_only(table)))


def _shape(table: Table, index: int) -> str:
    column = table.columns[index]
    if all(is_year(column, row[index]) for row in table.rows if not is_missing(row[index])):
        return YEAR
    places = decimals(table, index)
    return OWN if places is None else shape_of(places)


# --- the sheets around them ------------------------------------------------------------------


def _findings(document: Document) -> Iterator[Sheet]:
    rows = tuple(
        (SEVERITIES[f.severity], clean(f.sentence), clean(f.remedy) or _MISSING, clean(f.step), clean(f.code))
        for f in findings(document)
    )
    if rows:
        legend = (f"{_MISSING} means nothing to do.",) if any(r[2] == _MISSING for r in rows) else ()
        title = "Findings: what blocks sign-off, what is in doubt, what to note"
        heads = ("Severity", "Finding", "What to do", "Step", "Code")
        yield _single("Findings", title, heads, rows, document, legend)


def _answers(document: Document, found: tuple[Chapter, ...]) -> Iterator[Sheet]:
    tabled = {_table(e).id for c in found for e in c.entries if e.sheet and e.sheet != ANSWERS}
    rows = answer_rows.rows(document, tabled)
    if rows:
        title = "Answers: everything that was asked, step by step"
        about = ("Lists that have a table of their own are not said again here.",)
        yield _single(ANSWERS, title, answer_rows.HEADINGS, rows, document, about)


def _single(
    name: str,
    title: str,
    headings: tuple[str, ...],
    rows: tuple[tuple[Any, ...], ...],
    document: Document,
    above: tuple[str, ...] = (),
) -> Sheet:
    """A sheet of one table of words."""
    return Sheet(
        name, title, (Grid(name, title, headings, rows, ("",) * len(headings), above),), marks(document)
    )


def _noted(notes: _Notes, document: Document) -> Iterator[Sheet]:
    rows = tuple((f"note {n}", text) for text, n in notes.texts.items())
    if rows:
        yield _single("Notes", "Notes", ("Note", "Text"), rows, document)


def _contents(sheets: list[Sheet], found: tuple[Chapter, ...], document: Document) -> Sheet:
    """Every table with a link to where it stands, by the part of the plan it belongs to."""
    parts = {e.sheet: c.title for c in reversed(found) for e in reversed(c.entries) if e.sheet}
    parts |= dict.fromkeys((ANSWERS, "Findings"), "The whole plan")
    rows: list[tuple[Value, ...]] = []
    for sheet in sheets:
        for grid, head in zip(sheet.grids, layout(sheet).heads, strict=True):
            label, title = _parted(grid.title)
            here = Link(sheet.name, place(sheet.name)), Link(label, place(sheet.name, head))
            rows.append((parts[sheet.name], *here, title, len(grid.rows)))
    rows += _held_elsewhere({row[2].text for row in rows if isinstance(row[2], Link)}, sheets, found)
    heads = ("Part of the plan", "Sheet", "Table", "What it holds", "Rows")
    grid = Grid("Contents", "Contents", heads, tuple(rows), ("", "", "", "", "#,##0"))
    return Sheet("Contents", "Contents", (grid,), marks(document))


def _parted(title: str) -> tuple[str, str]:
    """ "Table 12" and what it is called; a table without a number is called so."""
    label, _, rest = title.partition(": ")
    return (label, rest) if re.fullmatch(r"(Table|Figure) [0-9]+", label) else ("Table", title)


def _held_elsewhere(
    listed: set[str], sheets: list[Sheet], found: tuple[Chapter, ...]
) -> Iterator[tuple[Value, ...]]:
    """Tables that a document numbers and the spreadsheet holds among the answers, or under another number."""
    names = {sheet.name for sheet in sheets}
    for chapter in found:
        for entry in chapter.entries:
            if entry.label and entry.label not in listed and entry.sheet in names:
                table = entry.block.table if isinstance(entry.block, Figure) else entry.block
                here = Link(entry.sheet, place(entry.sheet))
                yield chapter.title, here, entry.label, clean(entry.block.title), len(table.rows)
