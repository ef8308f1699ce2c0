"""What a submission needs, read from data/submission.csv, and whether the plan holds it."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook.blocks import Result, Step
from workbook.pack.submission.common import NO_FIGURE, NOT_NAMED
from workbook.pack.submission.outcomes import anchors
from workbook.paths import shipped
from workbook.plan import Plan
from workbook.render.sheets import Grid, Link, Sheet, State, Value, layout, place
from workbook.render.text import clean
from workbook.steps import TITLES
from workbook.words import financial_year, some

COMPLETE = "Complete"


@dataclass(frozen=True)
class Field:
    """One row of data/submission.csv: what is needed, on which sheet and table, and where the plan holds it."""

    id: str
    sheet: str
    table: str
    title: str
    path: str
    field: str
    required: bool
    rule: str  # each entry, any entry, years of a result, ambitions with a measure
    missing: str
    step: str
    section: str


@dataclass(frozen=True)
class Held:
    """How far the plan holds a field: of how many entries, and the names of those without it."""

    field: Field
    entries: int
    lacking: tuple[str, ...]
    worded: tuple[
        str, ...
    ] = ()  # ambitions that stand in words on purpose: nothing to measure, but it is said
    unmeasured: int = 0  # how many of those are not among the entries

    @property
    def complete(self) -> bool:
        return self.entries > 0 and not self.lacking

    @property
    def asked(self) -> bool:
        """Whether there is anything it could be held for: what is counted is asked once there is a count."""
        return self.entries > 0 or "[" not in self.field.path

    @property
    def state(self) -> str:
        """ "Complete", "Missing", "Missing for 3 of 12", or that it is not given and not required."""
        if self.worded and (self.complete or not self.asked or not self.entries):
            every = self.entries + self.unmeasured
            return f"{COMPLETE} for {every - len(self.worded)} of {every}; {_in_words(self.worded)}"
        if self.complete:
            return COMPLETE
        if not self.asked:
            return "Not asked: no entry that it belongs to"
        if not self.entries:
            said = "no entry yet"
        elif len(self.lacking) == self.entries:
            said = "nowhere given" if self.entries > 1 else "not given"
        else:
            said = f"for {len(self.lacking)} of {self.entries}"
        said += f"; {_in_words(self.worded)}" if self.worded else ""
        return f"Missing: {said}" if self.field.required else f"Not required: {said}"


def _in_words(worded: Sequence[str]) -> str:
    """ "6 stand in words"."""
    return f"{len(worded)} {'stands' if len(worded) == 1 else 'stand'} in words"


@functools.cache
def fields() -> tuple[Field, ...]:
    """The fields of a submission in the order of the file."""
    with (shipped("data") / "submission.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Field(**{**row, "required": row["required"] == "yes"}) for row in rows)  # type: ignore[arg-type]


def held(plan: Plan, steps: Mapping[str, Step]) -> list[Held]:
    """Every field, and how far the plan holds it."""
    results = {r.id: r for step in steps.values() for r in step.results}
    return [_held(field, plan, results) for field in fields()]


def _held(field: Field, plan: Plan, results: Mapping[str, Result]) -> Held:
    if field.rule == "years":
        entries = [(financial_year(y), _given(results, field, y)) for y in (plan.base_year, *plan.years)]
    elif field.rule == "ambitions":
        entries = list(_of_ambitions(field, plan, results))
    else:
        entries = list(_entries(plan, field.path.strip("/").split("/")))
    lacking = tuple(name for name, filled in entries if not filled)
    if field.rule == "any" and len(lacking) < len(entries):
        lacking = ()
    worded = _worded(field, plan)
    return Held(field, len(entries), lacking, worded, len(worded) if field.rule == "ambitions" else 0)


def _worded(field: Field, plan: Plan) -> tuple[str, ...]:
    """The ambitions that stand in words, for a field that belongs to a measure."""
    if field.rule != "ambitions" and not field.path.endswith("/measure|in_words"):
        return ()
    return tuple(
        f"ambition {a.number}" for a in plan.ambitions.items if not a.measure and _filled(a.in_words)
    )


def _given(results: Mapping[str, Result], field: Field, year: int) -> bool:
    found = results.get(f"{field.path.removeprefix('result:')}.{year}")
    return found is not None and found.value is not None


def _of_ambitions(field: Field, plan: Plan, results: Mapping[str, Result]) -> Iterator[tuple[str, bool]]:
    """Every ambition not in words, and whether its result is there, as one figure or one a year.

    After a ``|`` in the path stands a field of the ambition that serves as well: a level may be entered year by year
    or be worked out from the line chosen.
    """
    stem, _, entered = field.path.partition("*")[2].removeprefix("[measure]").partition("|")
    for ambition, anchor in zip(plan.ambitions.items, anchors(plan), strict=True):
        if ambition.measure or not _filled(ambition.in_words):
            id = f"ambition-{anchor}{stem}"
            yearly = any(r.value is not None for key, r in results.items() if key.startswith(f"{id}."))
            own = bool(entered) and _filled(getattr(ambition, entered))
            yield f"ambition {ambition.number}", id in results or yearly or own


def _entries(value: Any, parts: Sequence[str], name: str = "the plan") -> Iterator[tuple[str, bool]]:
    """Every place that a path leads to: what the entry is called, and whether anything stands there.

    ``*`` is every entry of a list, ``*[funded]`` every one whose field of that name holds something; at the end
    ``a|b`` is held where either is.
    """
    first, *rest = parts
    every = re.fullmatch(r"\*(?:\[(\w+)\])?", first)
    if every:
        for n, entry in enumerate(value, 1):
            if not every[1] or _filled(getattr(entry, every[1])):
                yield from _entries(entry, rest, _called(entry, n))
    elif rest:
        yield from _entries(getattr(value, first), rest, name)
    else:
        yield name, any(_filled(getattr(value, field)) for field in first.split("|"))


def _filled(value: Any) -> bool:
    """Whether anything was entered; nought and no are what a field begins with."""
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _called(entry: Any, place: int) -> str:
    if hasattr(entry, "number"):
        return f"ambition {entry.number}"
    for field in ("name", "partner", "organisation"):
        if getattr(entry, field, ""):
            return clean(getattr(entry, field))
    return f"entry {place}"


_HEADINGS = (
    *("Sheet", "What is needed", "State", "What is missing", "Required"),
    *("Mend it in step", "Section", "Field on the page", "Go to"),
)


def sheet(found: Sequence[Held], sheets: Sequence[Sheet], above: tuple[str, ...]) -> Sheet:
    """The completeness sheet: what is missing first, each with where it is mended and a link to where it shows."""
    needed = [h for h in found if h.field.required and h.asked]
    done = sum(h.complete for h in needed)
    title = f"Completeness: {done} of {len(needed)} required fields of the submission are complete"
    rows = tuple(_row(h, sheets) for h in sorted(found, key=_weight))
    grid = Grid("completeness", title, _HEADINGS, rows, ("",) * len(_HEADINGS))
    key = "Green says complete and red says missing; the words say the same."
    other = "The answers that the steps ask for are another list: How complete the plan is, in the plan."
    return Sheet("Completeness", title, (grid,), (*above, key, other))


def _weight(held: Held) -> int:
    return 2 if not held.field.required or not held.asked else 1 if held.complete else 0


def _row(held: Held, sheets: Sequence[Sheet]) -> tuple[Value, ...]:
    field = held.field
    plain = not held.complete and not (field.required and held.asked)
    state: Value = held.state if plain else State(held.state, held.complete)
    what = "nothing" if held.complete else _lack(held)
    if held.worded:
        what = f"{what.rstrip('.')}. In words: {some(list(held.worded))}."
    return (
        *(field.sheet, field.title, state, what, "yes" if field.required else "no"),
        *(TITLES.get(field.step, field.step), field.section, field.field, _link(held, sheets)),
    )


def _lack(held: Held) -> str:
    if not held.lacking or held.lacking == ("the plan",) or len(held.lacking) == held.entries > 1:
        return held.field.missing
    return f"{held.field.missing} Not held for: {some(list(held.lacking))}."


def _link(held: Held, sheets: Sequence[Sheet]) -> Value:
    """A link to the first gap in the table of a field that is not complete, else to the table."""
    for sheet in sheets:
        for grid, head in zip(sheet.grids, layout(sheet).heads, strict=True):
            if grid.id == held.field.table:
                row, column = (0, 0) if held.complete else _gap(grid)
                here = place(sheet.name, head + row, column)
                return Link(here.replace("'", "").replace("!", " "), here)
    return Link("Cover A1", place("Cover"))


def _gap(grid: Grid) -> tuple[int, int]:
    """Row and column, counted from the headings, of the first cell without a figure or a name."""
    for r, row in enumerate(grid.rows, 1):
        for c, value in enumerate(row):
            if value in (NO_FIGURE, NOT_NAMED):
                return r, c
    return 0, 0
