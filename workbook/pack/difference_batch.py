"""What differs between two batches: area by area, with those that are in one only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook import __version__
from workbook.blocks import Block, Column, Heading, Words, table
from workbook.errors import BadInput, WorkbookError
from workbook.pack import difference as packs
from workbook.pack import difference_page, manifest
from workbook.pack.difference import Difference
from workbook.render.document import Document, Part, Status
from workbook.words import number, plural, signed, some

SUMMARY = "summary.json"


@dataclass(frozen=True)
class Area:
    """One area of both batches. ``found`` is None where nothing differs; ``problem`` where it could not be compared."""

    key: str
    name: str
    found: Difference | None = None
    problem: str = ""


@dataclass(frozen=True)
class Runs:
    """Two batches: areas of both in the order of the second, and those that only one has."""

    old: Path
    new: Path
    areas: tuple[Area, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]
    synthetic: bool

    @property
    def changed(self) -> tuple[Area, ...]:
        return tuple(area for area in self.areas if area.found is not None)

    @property
    def problems(self) -> tuple[Area, ...]:
        return tuple(area for area in self.areas if area.problem)

    @property
    def nothing(self) -> bool:
        return not (self.changed or self.problems or self.gone or self.added)

    def as_record(self) -> dict[str, Any]:
        """The difference as JSON-ready data."""
        return {
            "schema_version": 1,
            "nothing_differs": self.nothing,
            "old": self.old.name,
            "new": self.new.name,
            "gone": list(self.gone),
            "added": list(self.added),
            "unchanged": [a.key for a in self.areas if a.found is None and not a.problem],
            "not_compared": [{"key": a.key, "problem": a.problem} for a in self.problems],
            "changed": {a.key: a.found.as_record() for a in self.changed if a.found},
        }


def is_batch(folder: Path) -> bool:
    """Whether a folder was written by a batch."""
    return (folder / SUMMARY).is_file()


def difference(old: Path, new: Path) -> Runs:
    """What differs between two batches; raises BadInput where a summary cannot be read."""
    before, after = (_rows(folder) for folder in (old, new))
    return Runs(
        old=old,
        new=new,
        areas=tuple(_area(old, new, before[key], row) for key, row in after.items() if key in before),
        gone=tuple(_called(row) for key, row in before.items() if key not in after),
        added=tuple(_called(row) for key, row in after.items() if key not in before),
        synthetic=any(row.get("synthetic") for row in (*before.values(), *after.values())),
    )


def _rows(folder: Path) -> dict[str, Mapping[str, Any]]:
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        return {row["key"]: row for row in summary["packs"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(f"{folder / SUMMARY} cannot be read.", "Run the batch again with --resume.") from None


def _called(row: Mapping[str, Any]) -> str:
    return f"{row.get('name') or row['key']} ({row.get('code') or row['key']})"


def _area(old: Path, new: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> Area:
    key, name = after["key"], _called(after)
    failed = [which for which, row in (("first", before), ("second", after)) if row.get("status") == "failed"]
    if len(failed) == 2:
        return Area(key, name, problem="No pack was made in either batch.")
    if failed:
        return Area(key, name, problem=f"No pack was made in the {failed[0]} batch.")
    try:
        if _alike(old / key, new / key):
            return Area(key, name)
        found = packs.difference(packs.of_pack(old / key), packs.of_pack(new / key))
    except WorkbookError as error:
        return Area(key, name, problem=str(error))
    return Area(key, name, None if found.nothing else found)


def _alike(old: Path, new: Path) -> bool:
    """Whether two packs are the same by their manifests, without reading the rest."""
    before, after = manifest.read(old), manifest.read(new)
    return before == after


# --- as a document ------------------------------------------------------------------------


def said(runs: Runs) -> str:
    """The difference in a sentence."""
    if runs.nothing:
        return difference_page.NOTHING
    same = len(runs.areas) - len(runs.changed) - len(runs.problems)
    words = f"{plural(len(runs.changed), 'area')} changed, {same or 'none'} did not"
    if runs.gone or runs.added:
        words += f"; {len(runs.added) or 'none'} came and {len(runs.gone) or 'none'} went"
    return f"{words[0].upper()}{words[1:]}."


def document(runs: Runs) -> Document:
    """The report on two batches: its date is that of the latest plan in the second."""
    changed = [area.found for area in runs.changed if area.found]
    latest = max((f.new.plan.saved.at for f in changed if f.new.plan.saved), default=None)
    status: Status = "DRAFT" if any(f.new.status == "DRAFT" for f in changed) else "FOR SIGN-OFF"
    return Document(
        title="What changed between two batches",
        area=plural(len(runs.areas) + len(runs.added), "area"),
        period="",
        status=status,
        revision=max((f.new.plan.revision for f in changed), default=0),
        saved=latest,
        saved_by="",
        synthetic=runs.synthetic,
        summary=tuple(_summary(runs)),
        parts=() if runs.nothing else tuple(_parts(runs)),
        version=__version__,
    )


def _summary(runs: Runs) -> Iterator[Block]:
    yield Words((f"Compared: the batch in {runs.old.name} with the one in {runs.new.name}.",), "note")
    if runs.nothing:
        yield Words(
            (f"{difference_page.NOTHING} All {plural(len(runs.areas), 'area')} are the same in both.",),
            "lead",
        )
        return
    yield Words((said(runs),), "lead")
    for names, words in ((runs.added, "Only in the second"), (runs.gone, "Only in the first")):
        if names:
            yield Words((f"{words}, {len(names)}: {some(names, 20)}.",))
    if runs.problems:
        yield Words(tuple(f"{area.name}: {area.problem}" for area in runs.problems[:20]), "list")
    versions = dict.fromkeys(row for area in runs.changed if area.found for row in area.found.versions)
    if versions:
        columns = [Column("what", "What"), Column("before", "Before"), Column("after", "After")]
        rows = [dict(zip(("what", "before", "after"), row, strict=True)) for row in list(versions)[:20]]
        yield table("versions", "Versions that differ in at least one area", columns, rows)


def _parts(runs: Runs) -> Iterator[Part]:
    changed = [(area, area.found) for area in runs.changed if area.found]
    if changed:
        yield Part("areas", "Areas that changed", (_areas(changed),))
        blocks = tuple(block for area, found in changed for block in _one(area, found))
        if blocks:
            yield Part("figures", "What changed most in each", blocks, listed=False)


def _areas(changed: list[tuple[Area, Difference]]) -> Block:
    columns = [
        Column("name", "Area"),
        Column("inputs", "Inputs changed"),
        Column("figures", "Figures changed"),
        Column("closed", "Findings closed"),
        Column("opened", "Findings opened"),
        Column("gap", "Money left over as planned, last year: change"),
        Column("causes", "Follows from"),
    ]
    rows = [
        {
            "name": area.name,
            "inputs": len(found.decided),
            "figures": len(packs.without_years(found.changes)),
            "closed": len(found.findings_gone),
            "opened": len(found.findings_new),
            "gap": _gap(found),
            "causes": ", ".join(found.causes) or "not known",
        }
        for area, found in changed
    ]
    note = (
        "Sorted as the batch is. Figures by year count once. differences.json has every figure of every area."
    )
    return table("areas", "Areas that changed", columns, rows, note=note, missing="not compared")


def _gap(found: Difference) -> str | None:
    id = f"budget.gap-after.{found.new.plan.last_year}"
    if not found.comparable:
        return None
    held = next((c for c in found.changes if c.id == id), None)
    if held is None or held.change is None:
        return "none"
    return signed(held.change, 0, held.unit)


_EACH = 5  # figures of an area that are told


def _one(area: Area, found: Difference) -> Iterator[Block]:
    """The figures of one area that changed most for their size, from all steps."""
    changes = sorted(packs.without_years(found.changes), key=lambda c: (-round(c.weight, 6), c.id))[:_EACH]
    if not changes and not found.not_compared:
        return
    yield Heading(area.name, f"area-{area.key}", 2)
    if found.not_compared:
        yield Words(found.not_compared, "list")
    if changes:
        rest = len(packs.without_years(found.changes)) - len(changes)
        yield table(
            f"area-{area.key}",
            f"{area.name}: figures that changed most for their size",
            [Column("label", "Figure"), Column("period", "Year"), *difference_page.BEFORE_AFTER],
            [{"label": c.label, "period": c.period, **difference_page.told(c)} for c in changes],
            note=f"{number(rest, 0)} more changed." if rest else "",
            missing="",
        )
