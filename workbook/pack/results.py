"""Every derived figure of a pack as data: what stands in results.json.

``results`` are the figures that steps name themselves; an id is fixed and stands for the same figure in every pack.
``tables`` are the tables that are printed, with every figure in them; the id of a cell is the table's, then the row,
then the column. What the families of ids mean (method, status, limits, what they were worked out from) is data: ``data/results.csv``. The file
keeps to ``data/results.schema.json``; docs/results.md explains it to readers.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from workbook import __version__, paths
from workbook.blocks import Cell, Column, Figure, Result, Step, Table
from workbook.pack.written import as_bytes
from workbook.plan.model import Plan
from workbook.render.text import is_number
from workbook.words import day, financial_year

SCHEMA_VERSION = 1
PROGRAM = "commissioning-workbook"

# Columns that say what a row is about; their words are no figures.
_ABOUT = frozenset({"period", "year", "unit", "source", "range", "status", "start", "own"})
# For a column, those that hold its limits.
_LIMITS = {
    "value": ("lower", "upper"), "middle": ("low", "high"), "p50": ("p10", "p90"), "mean": ("low", "high"),
}  # fmt: skip
_YEAR = re.compile(r"(?:.*_|[a-z])?((?:19|20)\d\d)")
_SAID = re.compile(r"(?:under |over |[-+<>])?£?\d.{0,40}")  # text that reads as a figure: "12 to 14", "£3m"


@dataclass(frozen=True)
class Family:
    """What figures whose id fits ``pattern`` have in common; templates name others of the same family."""

    pattern: re.Pattern[str]
    what: str
    method_id: str
    status: str  # confirmed, assumed, or "lines": as the budget lines of the plan are
    period: str
    lower: str
    upper: str
    interval: str
    factors: tuple[str, ...]
    reason: str
    always: tuple[str, ...]


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """The families of data/results.csv, in order: the first that fits an id is its own."""
    with (paths.shipped("data") / "results.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_family(row) for row in csv.DictReader(file))


def _family(row: dict[str, str]) -> Family:
    lists = {name: tuple(filter(None, row.pop(name).split("; "))) for name in ("factors", "always")}
    return Family(pattern=re.compile(row.pop("pattern")), **row, **lists)  # type: ignore[arg-type]


@lru_cache(maxsize=20_000)
def family(id: str) -> Family:
    """The family an id belongs to; the last one takes what no other does."""
    return next(f for f in families() if f.pattern.fullmatch(id))


def results(plan: Plan, steps: Mapping[str, Step], reference: Any = None) -> dict[str, Any]:
    """What results.json holds: the plan, the area, and every figure with unit, period, method, factors and source.

    A figure that could not be worked out has the value None and a ``reason`` in words; it is never left out.
    """
    making = _Making(plan, steps, reference)
    return {
        "schema_version": SCHEMA_VERSION,
        "area": plan.area.model_dump(mode="json"),
        "plan": {
            "title": plan.title,
            "revision": plan.revision,
            "base_year": plan.base_year,
            "last_year": plan.last_year,
        },
        "program": f"{PROGRAM} {__version__}",
        "results": making.figures(),
        "tables": making.tables(),
        "findings": [asdict(f) for f in steps["plan"].findings()] if "plan" in steps else [],
    }


def as_file(plan: Plan, steps: Mapping[str, Step], reference: Any = None) -> bytes:
    """:func:`results` as results.json holds it."""
    return as_bytes(results(plan, steps, reference))


class _Making:
    """The figures of one plan being put together."""

    def __init__(self, plan: Plan, steps: Mapping[str, Step], reference: Any) -> None:
        self.plan, self.steps = plan, steps
        self.area = plan.area.code
        self.sources = _sources(steps, reference)
        self.of_words = {row["source"]: row for row in reversed(self.sources.values())}
        self.measures = {f"ambition-{a.number}": a.measure for a in plan.ambitions.items}
        self.revision = _revision(plan)
        self.periods = _periods(plan)
        self.lines = (
            "assumed" if any(line.status != "confirmed" for line in plan.budget.lines) else "confirmed"
        )
        self.named: dict[str, tuple[str, Result]] = {}
        for step in steps.values():
            for result in step.results:
                self.named.setdefault(result.id, (step.id, result))

    def figures(self) -> list[dict[str, Any]]:
        return [*(self.figure(step, result) for step, result in self.named.values()), *self.absent()]

    def tables(self) -> list[dict[str, Any]]:
        """Every table that prints figures, once, in reading order."""
        found: dict[str, tuple[str, Table]] = {}
        for step in self.steps.values():
            for block in step.blocks:
                table = block.table if isinstance(block, Figure) else block
                if isinstance(table, Table):
                    found.setdefault(f"{step.id}.table.{table.id}", (step.id, table))
        made = (self.table(step, id, table) for id, (step, table) in found.items())
        return [table for table in made if table is not None]

    # --- figures that steps name ------------------------------------------------------

    def figure(self, step: str, result: Result) -> dict[str, Any]:
        known = family(result.id)
        value = finite(result.value)
        made: dict[str, Any] = {"id": result.id, "label": result.label, "value": value}
        if value is None:
            made["reason"] = said(known.reason)
        self.limits(made, known, result.id)
        return made | {
            "unit": result.unit,
            "period": result.period or self.periods.get(known.period, known.period),
            "area": self.area,
            "step": step,
            "method": result.method,
            "method_id": known.method_id,
            "factors": [*self.factors(known, result.id), *own_factors(result)],
            "status": self.status(known.status),
            **self.source(result.source, result.id),
        }

    def limits(self, made: dict[str, Any], known: Family, id: str) -> None:
        """The limits of a figure, where there are any."""
        if known.lower:
            lower, upper = (self.value(_fill(known.pattern, id, t)) for t in (known.lower, known.upper))
            if lower is not None or upper is not None:
                made.update(lower=lower, upper=upper, interval=known.interval)

    def factors(self, known: Family, id: str) -> Iterator[dict[str, Any]]:
        """The figures with an id of their own that this one was worked out from."""
        for template in known.factors:
            of = _fill(known.pattern, id, template)
            if (held := self.named.get(of)) and of != id:
                yield {"id": of, "label": held[1].label, "value": finite(held[1].value)}

    def value(self, id: str) -> Cell:
        held = self.named.get(id)
        return finite(held[1].value) if held else None

    def absent(self) -> Iterator[dict[str, Any]]:
        """Figures every plan has, of which this one could not be worked out, with the reason."""
        for known in families():
            for template in known.always:
                for id in self.wanted(template):
                    if id not in self.named:
                        step = "ambitions" if id.startswith("ambition") else "budget"
                        yield self.figure(
                            step, Result(id, known.what, None, "", "", "Not worked out", "This plan")
                        )

    def wanted(self, template: str) -> list[str]:
        last = self.plan.last_year
        if "{ambition}" not in template:
            return [template.format(last=last)]
        return [template.format(ambition=a.number, last=last) for a in self.plan.ambitions.items]

    # --- figures that tables print ------------------------------------------------------

    def table(self, step: str, id: str, table: Table) -> dict[str, Any] | None:
        """A printed table with its figures; None where it prints none."""
        columns = [c for n, c in enumerate(table.columns) if n and holds_figures(table, n)]
        if not columns:
            return None
        known = family(id)
        return {
            "id": id,
            "label": table.title,
            "area": self.area,
            "step": step,
            "method": known.what,
            "method_id": known.method_id,
            "status": self.status(known.status),
            **self.source(table.source or "Inputs of this plan and figures on hand", id),
            "cells": list(self.cells(id, table, columns)),
        }

    def cells(self, id: str, table: Table, columns: list[Column]) -> Iterator[dict[str, Any]]:
        """The figures of a table, row by row."""
        known, place = family(id), {c.name: n for n, c in enumerate(table.columns)}
        usual = self.periods.get(known.period, known.period)
        described = [(c, place[c.name], self.unit(c, id), year_of(c), _ends(c, place)) for c in columns]
        no_figure = said(table.missing)
        for row, key in zip(table.rows, row_keys(table), strict=True):
            row_unit = str(row[place["unit"]] or "") if "unit" in place else ""
            row_period = _row_period(row, place)
            own = self.own_status(row, place)
            for column, n, unit, year, ends in described:
                value = finite(row[n])
                made: dict[str, Any] = {
                    "id": f"{id}.{key}.{column.name}",
                    "label": f"{row[0]}, {column.label}",
                    "value": value,
                    "unit": unit or row_unit,
                    "period": year or row_period or usual,
                }
                if value is None:
                    made["reason"] = no_figure
                if ends and (is_number(row[ends[0]]) or is_number(row[ends[1]])):
                    made |= {"lower": finite(row[ends[0]]), "upper": finite(row[ends[1]])}
                    made["interval"] = known.interval or "Range"
                if own:
                    made["status"] = own
                yield made

    def unit(self, column: Column, id: str) -> str:
        """The unit of a column; levels of an ambition by year are in that of its measure."""
        if column.unit or not id.startswith("ambitions.table."):
            return column.unit
        baseline = self.named.get(f"ambition-{id.rpartition('-')[2]}.baseline")
        return baseline[1].unit if baseline else ""

    def own_status(self, row: Sequence[Cell], place: Mapping[str, int]) -> str:
        """The status that a row states of itself."""
        if self.plan.area.synthetic or "status" not in place:
            return ""
        word = str(row[place["status"]] or "").lower()
        return word if word in ("confirmed", "assumed", "synthetic") else ""

    # --- what both have ----------------------------------------------------------------

    def status(self, of: str) -> str:
        """Whether a figure is made up, rests on an assumption, or is published or counted."""
        if self.plan.area.synthetic:
            return "synthetic"
        return self.lines if of == "lines" else of

    def source(self, words: str, id: str) -> dict[str, Any]:
        """The source with the licence and the period of its publication; for inputs, the plan's revision."""
        parts = id.split(".")
        indicator = self.measures.get(parts[0], "") if parts[0] in self.measures else ".".join(parts[1:-1])
        row = self.sources.get(indicator) or self.of_words.get(words)
        if row is None:
            return {"source": words or "This plan", "licence": None, "vintage": self.revision}
        return {"source": words, "licence": row.get("licence") or None, "vintage": row.get("vintage") or None}


def own_factors(result: Result) -> list[dict[str, Any]]:
    """The factors that a step names beside a figure; their ids stand below the figure's own."""
    return [
        {"id": f"{result.id}#{slug(name)}", "label": name, "value": finite(value)}
        for name, value in result.factors.items()
    ]


def holds_figures(table: Table, column: int) -> bool:
    """Whether a column of a table holds figures: a number somewhere, or nothing but text that reads as a figure."""
    if table.columns[column].name in _ABOUT:
        return False
    held = [row[column] for row in table.rows if row[column] not in (None, "")]
    if any(is_number(value) for value in held):
        return True
    return bool(held) and all(isinstance(value, str) and _SAID.fullmatch(value) for value in held)


def row_keys(table: Table) -> list[str]:
    """A short name for each row, no two alike: its first cell; where that comes twice, the next text cell with it."""
    first = [slug(str(row[0])) for row in table.rows]
    times = Counter(first)
    keys, seen = [], Counter[str]()
    for key, row in zip(first, table.rows, strict=True):
        if times[key] > 1:
            more = next((slug(str(cell)) for cell in row[1:] if isinstance(cell, str) and cell), "")
            key = f"{key}-{more}" if more else key
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}~{seen[key]}")
    return keys


@lru_cache(maxsize=20_000)
def slug(words: str) -> str:
    """Words as part of an id: "1 most deprived" is "1-most-deprived"."""
    return re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-") or "row"


def year_of(column: Column) -> str:
    """The year a column is of: "2026/27" where it is labelled so; nothing where it is of no single year."""
    found = _YEAR.fullmatch(column.name)
    if found is None:
        return ""
    label = re.search(r"(?:19|20)\d\d(?:/\d\d)?", column.label)
    return label.group() if label else found.group(1)


def _ends(column: Column, place: Mapping[str, int]) -> tuple[int, int] | None:
    """Where the limits of a column stand in a row."""
    lower, upper = _LIMITS.get(column.name, ("", ""))
    return (place[lower], place[upper]) if lower in place and upper in place else None


def _row_period(row: Sequence[Cell], place: Mapping[str, int]) -> str:
    for name in ("period", "year"):
        if name in place:
            return str(row[place[name]] or "")
    first = str(row[0])
    return first if re.fullmatch(r"(?:19|20)\d\d(?:/\d\d)?", first) else ""


def finite(value: Any) -> Cell:
    """A value as JSON can hold it: what is no number, or without end, is None."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def said(reason: str) -> str:
    """Why there is no figure, as a sentence."""
    words = reason.strip() or "Not available"
    return f"{words[0].upper()}{words[1:]}" + ("" if words.endswith(".") else ".")


@lru_cache(maxsize=8192)  # the plans of a batch have mostly the same figures
def _fill(pattern: re.Pattern[str], id: str, template: str) -> str:
    found = pattern.fullmatch(id)
    return found.expand(template) if found else template


def _sources(steps: Mapping[str, Step], reference: Any) -> dict[str, Mapping[str, str]]:
    """Source, licence and vintage of every series a step used, by indicator."""
    used: Iterable[str] = dict.fromkeys(id for step in steps.values() for id in step.series)
    if reference is None:
        return {}
    return dict(zip(used, reference.sources(list(used)), strict=True))


def _revision(plan: Plan) -> str:
    saved = f", saved on {day(plan.saved.at)}" if plan.saved else ""
    return f"Revision {plan.revision} of the plan{saved}"


def _periods(plan: Plan) -> dict[str, str]:
    first, last = financial_year(plan.years[0]), financial_year(plan.last_year)
    whole = first if first == last else f"{first} to {last}"
    return {"base": financial_year(plan.base_year), "last": last, "plan": whole, "": whole}
