"""What differs between two packs, two revisions of a plan, or two batches: inputs, figures, findings, versions, files.

A change of a figure is traced to what may have caused it: the plan, the data or the program. Figures are compared by
their ids (see ``results``); what does not mean the same in both is not compared, and that is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from workbook import __version__
from workbook.blocks import SEVERITIES, Cell
from workbook.errors import BadInput
from workbook.pack import manifest, results
from workbook.plan import difference as inputs
from workbook.plan import store
from workbook.plan.model import Plan
from workbook.render.text import is_number
from workbook.steps import TITLES
from workbook.words import day, listed, number, plural

Cause = Literal["plan", "data", "program"]


@dataclass(frozen=True)
class Side:
    """One of the two: a plan with its figures and findings, and what they were made from and with."""

    name: str
    plan: Plan
    figures: Mapping[str, Any]  # what results.json holds
    version: str
    status: str = "DRAFT"
    data: str = ""  # fingerprint of the imported figures
    packages: Mapping[str, str] = field(default_factory=dict)
    series: tuple[Mapping[str, str], ...] = ()
    files: Mapping[str, str] | None = None  # SHA-256 by name; None for a plan that is no pack

    def __repr__(self) -> str:
        return f"<Side {self.name}: {self.plan!r}>"


@dataclass(frozen=True)
class Change:
    """A figure that differs as printed. ``years``: of a series by year, how many years changed with this one, the last."""

    id: str
    label: str
    step: str
    unit: str
    period: str
    before: Cell
    after: Cell
    years: int = 1

    @property
    def change(self) -> float | None:
        """After less before; None where one is no number."""
        if is_number(self.before) and is_number(self.after):
            return float(self.after) - float(self.before)
        return None

    @property
    def weight(self) -> float:
        """How much of the figure changed: 0 nothing, 1 all of it or to the other sign; words and new figures weigh 1."""
        if self.change is None:
            return 1.0
        size = max(abs(float(self.before or 0)), abs(float(self.after or 0)))
        return min(abs(self.change) / size, 1.0) if size else 0.0


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two sides. Lists are empty where nothing does."""

    old: Side
    new: Side
    comparable: bool  # whether figures mean the same in both
    not_compared: tuple[str, ...]  # sentences
    decided: tuple[inputs.Change, ...]
    changes: tuple[Change, ...]  # every figure that changed, the heaviest of each step first
    hidden: int  # figures that changed by less than is printed
    figures_new: tuple[Mapping[str, Any], ...]
    figures_gone: tuple[Mapping[str, Any], ...]
    tables: tuple[tuple[str, str, int, int, int], ...]  # step, title, cells changed, new, gone
    findings_gone: tuple[Mapping[str, str], ...]
    findings_new: tuple[Mapping[str, str], ...]
    findings_open: tuple[Mapping[str, str], ...]
    versions: tuple[tuple[str, str, str], ...]  # what, before, after
    files: tuple[tuple[str, str], ...]  # name, and "altered", "added" or "gone"

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """What changed of the things that figures follow from."""
        found: list[Cause] = []
        if self.decided:
            found.append("plan")
        if _other_data(self.old, self.new):
            found.append("data")
        if self.old.version != self.new.version or _other_packages(self.old, self.new):
            found.append("program")
        return tuple(found)

    @property
    def nothing(self) -> bool:
        """Whether nothing differs at all."""
        told = (self.decided, self.changes, self.hidden, self.figures_new, self.figures_gone, self.tables,
                self.findings_gone, self.findings_new, self.versions, self.files, self.not_compared)  # fmt: skip
        return not any(told)

    def as_record(self) -> dict[str, Any]:
        """The difference as JSON-ready data."""
        return {
            "schema_version": 1,
            "nothing_differs": self.nothing,
            "old": _about(self.old),
            "new": _about(self.new),
            "not_compared": list(self.not_compared),
            "follows_from": list(self.causes),
            "inputs": [vars(c) | {"said": inputs.said(c)} for c in self.decided],
            "figures": [vars(c) | {"change": c.change} for c in self.changes],
            "figures_below_printing": self.hidden,
            "figures_new": [_short(f) for f in self.figures_new],
            "figures_gone": [_short(f) for f in self.figures_gone],
            "tables": [
                dict(zip(("step", "title", "changed", "new", "gone"), row, strict=True))
                for row in self.tables
            ],
            "findings": {
                "gone": [dict(f) for f in self.findings_gone],
                "new": [dict(f) for f in self.findings_new],
                "still_open": [dict(f) for f in self.findings_open],
            },
            "versions": [dict(zip(("what", "before", "after"), row, strict=True)) for row in self.versions],
            "files": [{"name": name, "is": word} for name, word in self.files],
        }


# --- reading the two sides ----------------------------------------------------------------


def side(path: Path | str) -> Side:
    """A pack, or a plan whose figures are worked out now. Raises BadInput where it is neither."""
    path = Path(path)
    return of_pack(path) if path.is_dir() else of_plan(store.read(path), path.name)


def of_pack(folder: Path) -> Side:
    """A pack as it stands in its folder; raises BadInput where a file that is needed is missing or spoilt."""
    stated = manifest.read(folder)
    plan = store.read(folder / "plan.json")
    try:
        figures = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        if not isinstance(figures["results"], list):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(f"The figures of {folder} cannot be read.", "Make the pack again.") from None
    return Side(
        name=folder.name or str(folder),
        plan=plan,
        figures=figures,
        version=str(stated.get("version", "")),
        status=str(stated.get("status", "DRAFT")),
        data=str(stated.get("inputs", {}).get("data", "")),
        packages=stated.get("packages", {}),
        series=tuple(stated.get("data", ())),
        files=stated["files"],
    )


def of_plan(plan: Plan, name: str = "") -> Side:
    """A plan with its figures, worked out with the figures on hand and this version of the program."""
    from workbook import steps
    from workbook.pack import documents, make
    from workbook.pack.report import known

    made = {id: steps.run(id, plan, known()) for id in steps.TITLES}
    figures = results.results(plan, made, known())
    status = documents.status(plan, documents.findings(made))
    return Side(
        name=name or f"Revision {plan.revision}",
        plan=plan,
        figures=figures,
        version=__version__,
        status=status,
        data=make.inputs(plan)["data"],
        packages=manifest.versions(),
    )


# --- comparing ----------------------------------------------------------------------------


def difference(old: Side, new: Side) -> Difference:
    """Everything that differs between two sides, figures only where they mean the same in both."""
    same, refusals = _comparable(old, new)
    before, after = (_kept(s, refusals) if same else {} for s in (old, new))
    both = [(before[id], after[id]) for id in after if id in before and id not in _limits(after)]
    differing = [(a, b) for a, b in both if a["value"] != b["value"]]
    shown = [(a, b) for a, b in differing if printed(a, b)[0] != printed(a, b)[1]]
    one_area = old.plan.area.code == new.plan.area.code
    gone, added, still = _findings(old, new) if one_area else ((), (), ())
    return Difference(
        old=old,
        new=new,
        comparable=same,
        not_compared=tuple(refusals.values()),
        decided=tuple(inputs.difference(old.plan, new.plan))
        if old.plan.area.code == new.plan.area.code
        else (),
        changes=tuple(_by_weight(_change(a, b) for a, b in shown)),
        hidden=len(differing) - len(shown),
        figures_new=tuple(f for id, f in after.items() if id not in before),
        figures_gone=tuple(f for id, f in before.items() if id not in after),
        tables=tuple(_tables(old, new, refusals)) if same else (),
        findings_gone=gone,
        findings_new=added,
        findings_open=still,
        versions=tuple(_versions(old, new)),
        files=tuple(_files(old, new)),
    )


def _comparable(old: Side, new: Side) -> tuple[bool, dict[str, str]]:
    """Whether figures can be compared at all, and of what not, each with its sentence."""
    a, b = old.plan, new.plan
    if a.area.code != b.area.code:
        return False, {
            "area": f"The two are of different areas, {a.area.name} ({a.area.code}) and {b.area.name} ({b.area.code}): "
            "inputs, figures and findings were not compared."
        }
    if a.base_year != b.base_year:
        return False, {
            "base": f"The base year was {a.base_year} and is {b.base_year}: the years of the plan, and every figure that "
            "starts from them, mean something else. Figures were not compared; inputs were."
        }
    refusals = {}
    for ambition in b.ambitions.items:
        was = a.ambition(ambition.number)
        if was is not None and was.measure != ambition.measure:
            refusals[f"ambition-{ambition.number}"] = (
                f"Ambition {ambition.number} had the measure {was.measure or 'none'} and has "
                f"{ambition.measure or 'none'}: its figures were not compared."
            )
    return True, refusals


def _kept(side: Side, refusals: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """The figures of a side by id, without those that mean something else on the other.

    The start page counts what the page of the whole plan counts too: it is left out.
    """
    figures = side.figures["results"]
    return {f["id"]: f for f in figures if f["step"] != "start" and f["id"].split(".")[0] not in refusals}


def _limits(figures: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Ids that are limits of another figure: they change with it, and are not told beside it."""
    found = set()
    for id in figures:
        known = results.family(id)
        if known.lower and (match := known.pattern.fullmatch(id)):
            found |= {match.expand(known.lower), match.expand(known.upper)}
    return frozenset(found)


def _change(a: Mapping[str, Any], b: Mapping[str, Any]) -> Change:
    return Change(b["id"], b["label"], b["step"], b["unit"], b["period"], a["value"], b["value"])


def _by_weight(changes: Iterable[Change]) -> list[Change]:
    """By step in reading order, the heaviest first, and where they weigh the same, by id."""
    order = {id: n for n, id in enumerate(TITLES)}
    return sorted(changes, key=lambda c: (order.get(c.step, 9), -round(c.weight, 6), c.id))


_OF_A_YEAR = re.compile(r"(.+)\.((?:19|20)\d\d)")


def without_years(changes: Sequence[Change]) -> list[Change]:
    """One change for each series by year: that of its last year, with how many years changed."""
    series: dict[str, list[Change]] = {}
    for change in changes:
        found = _OF_A_YEAR.fullmatch(change.id)
        series.setdefault(found.group(1) if found else change.id, []).append(change)
    last = (max(group, key=lambda c: c.id) for group in series.values())
    return _by_weight(
        Change(**{**vars(c), "years": len(group)}) for c, group in zip(last, series.values(), strict=True)
    )


def printed(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, str]:
    """Both values as they are printed, to the same decimals."""
    decimals = decimals_of(a["value"], b["value"], b["unit"])
    return as_printed(a["value"], b["unit"], decimals), as_printed(b["value"], b["unit"], decimals)


def decimals_of(before: Cell, after: Cell, unit: str) -> int:
    """How many decimals two figures beside each other are printed to."""
    if unit.startswith("£000s"):
        return 0
    size = max((abs(float(v)) for v in (before, after) if is_number(v)), default=0.0)
    whole = all(float(v).is_integer() for v in (before, after) if is_number(v))
    if whole or size >= 1000:
        return 0
    return 1 if size >= 10 else 3 if unit == "out of 1" else 2


def as_printed(value: Cell, unit: str, decimals: int) -> str:
    """A value with its unit; "not available" for None, words as they are."""
    if value is None or is_number(value):
        return number(value, decimals, unit)
    return str(value)


def _tables(old: Side, new: Side, refusals: Mapping[str, str]) -> Iterator[tuple[str, str, int, int, int]]:
    """Of every printed table in which a cell differs as printed: how many changed, are new, are gone."""
    before, after = ({t["id"]: t for t in s.figures.get("tables", ())} for s in (old, new))
    away = tuple(f"-{id.removeprefix('ambition-')}" for id in refusals)
    for id in [*after, *(id for id in before if id not in after)]:
        if id.startswith("start.") or (away and id.startswith("ambitions.table.") and id.endswith(away)):
            continue
        a, b = ({c["id"]: c for c in side[id]["cells"]} if id in side else {} for side in (before, after))
        changed = sum(
            a[c]["value"] != b[c]["value"] and printed(a[c], b[c])[0] != printed(a[c], b[c])[1]
            for c in b
            if c in a
        )
        new_cells, gone = len(b.keys() - a.keys()), len(a.keys() - b.keys())
        if changed or new_cells or gone:
            about = after.get(id) or before[id]
            yield about["step"], about["label"], changed, new_cells, gone


Findings = tuple[Mapping[str, str], ...]
_WEIGHTS = list(SEVERITIES)


def _findings(old: Side, new: Side) -> tuple[Findings, Findings, Findings]:
    """Findings gone, new and still open. One whose sentence tells another figure now is still the same finding."""
    before, after = (list(s.figures.get("findings", ())) for s in (old, new))
    still: list[Mapping[str, str]] = []
    for same in (
        ("code", "sentence"),
        ("code", "step", "path"),
    ):  # a place moves where an entry before it went
        rest = []
        for finding in after:
            was = next((f for f in before if all(f[k] == finding[k] for k in same)), None)
            if was is None:
                rest.append(finding)
            else:
                before.remove(was)
                still.append(finding)
        after = rest
    weighed = (sorted(found, key=lambda f: _WEIGHTS.index(f["severity"])) for found in (before, after, still))
    gone, added, left = map(tuple, weighed)
    return gone, added, left


def _other_data(old: Side, new: Side) -> bool:
    if not old.data or not new.data:
        return bool(old.series and new.series and old.series != new.series)
    return old.data != new.data


def _other_packages(old: Side, new: Side) -> bool:
    return bool(old.packages and new.packages and dict(old.packages) != dict(new.packages))


def _versions(old: Side, new: Side) -> Iterator[tuple[str, str, str]]:
    """Versions of program, packages and data that differ."""
    if old.version != new.version:
        yield "The workbook", old.version, new.version
    if old.packages and new.packages:
        for name in sorted({*old.packages, *new.packages}):
            a, b = old.packages.get(name, "not there"), new.packages.get(name, "not there")
            if a != b:
                yield f"Package {name}", a, b
    before, after = ({row["indicator"]: row for row in s.series} for s in (old, new))
    if old.files is not None and new.files is not None:
        for id in [*after, *(id for id in before if id not in after)]:
            about = after.get(id) or before[id]
            a, b = (_vintage(side.get(id)) for side in (before, after))
            if a != b:
                yield f"Figures: {about['name']}", a, b
    if old.data and new.data and old.data != new.data:
        yield "Figures on hand", f"as of {old.data[:12]}", f"as of {new.data[:12]}"


def _vintage(row: Mapping[str, str] | None) -> str:
    return "not used" if row is None else row.get("vintage") or "no date given"


def _files(old: Side, new: Side) -> Iterator[tuple[str, str]]:
    if old.files is None or new.files is None:
        return
    for name in sorted({*old.files, *new.files}):
        if name not in new.files:
            yield name, "gone"
        elif name not in old.files:
            yield name, "added"
        elif old.files[name] != new.files[name]:
            yield name, "altered"


def _about(side: Side) -> dict[str, Any]:
    return {
        "name": side.name,
        "title": side.plan.title,
        "area": side.plan.area.code,
        "revision": side.plan.revision,
        "version": side.version,
    }


def _short(figure: Mapping[str, Any]) -> dict[str, Any]:
    return {name: figure[name] for name in ("id", "label", "value", "unit", "period")}


# --- said ----------------------------------------------------------------------------------


def known_as(side: Side) -> str:
    """ "revision 3 of 14 May 2026" """
    saved = f" of {day(side.plan.saved.at)}" if side.plan.saved else ""
    return f"revision {side.plan.revision}{saved}"


def attributed(found: Difference) -> str:
    """Where the changes of figures come from, in a sentence or two."""
    words = {
        "plan": f"the plan ({plural(len(found.decided), 'input')} changed)",
        "data": "the figures on hand",
        "program": "the program",
    }
    if not found.changes and not found.hidden and not found.tables:
        return ""
    if not found.causes:
        return (
            "Plan, figures on hand and program are the same, so no figure should differ: run 'workbook verify' on both "
            "to see whether one was altered."
        )
    if len(found.causes) == 1:
        others = [word for word in ("plan", "data", "program") if word != found.causes[0]]
        same = {"plan": "the plan", "data": "the figures on hand", "program": "the program"}
        return f"Every change of a figure follows from {words[found.causes[0]]}: {listed(same[o] for o in others)} are the same."
    return (
        f"Changes of figures may follow from {listed(words[c] for c in found.causes)}. To tell them apart, make a pack "
        "of the earlier plan with what is on hand now, and compare it with both."
    )
