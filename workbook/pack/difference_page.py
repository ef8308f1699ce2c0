"""A difference as a document to read: what was decided anew, what followed, findings, versions and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from workbook.blocks import SEVERITIES, Block, Column, Heading, Table, Words, table
from workbook.pack import documents
from workbook.pack.difference import (
    Change,
    Difference,
    Side,
    as_printed,
    attributed,
    decimals_of,
    known_as,
    without_years,
)
from workbook.pack.written import as_bytes
from workbook.plan import difference as inputs
from workbook.plan.model import Plan
from workbook.render.document import Document, Part, Status
from workbook.steps import TITLES
from workbook.words import number, plural, some

NAMES = ("differences.html", "differences.pdf", "differences.docx", "differences.json")
STEPS = {id: title for id, title in TITLES.items() if id != "start"}  # nothing follows on the start page
_MOST = 40  # rows of a table that is read; differences.json has them all
_LONG = 240  # characters of a value that was typed
NOTHING = "Nothing differs."


def files(document: Document, record: Any) -> dict[str, Callable[[], bytes]]:
    """The files of a report, each with what writes it."""
    from workbook.render import docx, html, pdf

    return {
        "differences.html": lambda: html.page(document).encode(),
        "differences.pdf": lambda: pdf.page(document),
        "differences.docx": lambda: docx.page(document),
        "differences.json": lambda: as_bytes(record),
    }


def write(out: Path, document: Document, record: Any) -> list[Path]:
    """Write the report into a folder; an earlier report there is replaced, file by file."""
    from workbook.pack.aside import told
    from workbook.plan.store import replace_file

    made = {name: make() for name, make in files(document, record).items()}
    with told(out):
        out.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            replace_file(out / name, content)
    return [out / name for name in made]


def document(found: Difference) -> Document:
    """The report on two packs or two revisions; its dates are those of the later one."""
    new = found.new.plan
    parts = (
        Part("decided", "What was decided anew", tuple(_decided(found))),
        Part("followed", "What followed", tuple(_followed(found))),
        Part("findings", "Findings", tuple(_findings(found))),
        Part("versions", "Versions and files", tuple(_versions(found))),
    )
    return Document(
        title=f"What changed: {new.title or new.area.name}",
        area=new.area.name,
        period=documents.period(new),
        status=cast(Status, found.new.status),
        revision=new.revision,
        saved=new.saved.at if new.saved else None,
        saved_by="",
        synthetic=new.area.synthetic or found.old.plan.area.synthetic,
        summary=tuple(_summary(found)),
        parts=() if found.nothing else tuple(part for part in parts if part.blocks),
        version=found.new.version,
    )


# --- in short -----------------------------------------------------------------------------


def _summary(found: Difference) -> Iterator[Block]:
    yield Words((_compared(found),), "note")
    if found.nothing:
        yield Words((f"{NOTHING} Inputs, figures, findings, versions and files are the same.",), "lead")
        return
    yield Words((said(found),), "lead")
    if found.not_compared:
        yield Words(found.not_compared, "list")
    if attribution := attributed(found):
        yield Words((attribution,))
    if rows := _main(found):
        yield table(
            "main-figures",
            "What it comes to",
            [Column("label", "Figure"), *BEFORE_AFTER],
            rows,
            note="Money left over is negative where money is missing.",
        )


def _compared(found: Difference) -> str:
    a, b = found.old, found.new
    return f"Compared: {_named(a)} with {_named(b)}. Everything below says what the second has, against the first."


def _named(side: Side) -> str:
    return f"{side.name}, {known_as(side)}"


def said(found: Difference) -> str:
    """The difference in a sentence: "3 inputs and 24 figures changed; 2 findings closed and 1 opened; ..."."""
    if found.nothing:
        return NOTHING
    if found.old.plan.area.code != found.new.plan.area.code:
        return "The two are of different areas and were not compared."
    followed = without_years(found.changes)
    figures = (
        f" and {plural(len(followed), 'figure')} changed"
        if found.comparable
        else " changed; figures were not compared"
    )
    changed = f"{plural(len(found.decided), 'input')}{figures}"
    opened = (
        f"{plural(len(found.findings_gone), 'finding')} closed and {len(found.findings_new) or 'none'} opened"
    )
    words = f"{changed}; {opened}; {plural(len(found.findings_open), 'finding')} still open."
    return f"{words[0].upper()}{words[1:]}"


BEFORE_AFTER = (Column("before", "Before"), Column("after", "After"), Column("change", "Change"))


def _main(found: Difference) -> list[dict[str, Any]]:
    """The figures a reader asks for first, changed or not, in the last year of the plan."""
    last = found.new.plan.last_year
    if not found.comparable or found.old.plan.last_year != last:
        return []
    ids = [f"budget.spend-after.{last}", f"budget.gap-before.{last}", f"budget.gap-after.{last}"]
    refused = {n for n, a in _measures(found.old).items() if _measures(found.new).get(n) != a}
    for ambition in found.new.plan.ambitions.items:
        if ambition.number not in refused:
            ids += [f"ambition-{ambition.number}.{line}.{last}" for line in ("chosen", "schemes")]
    before, after = ({f["id"]: f for f in s.figures["results"]} for s in (found.old, found.new))
    return [
        {"label": f"{after[id]['label']}, {after[id]['period']}", **_both(before[id], after[id])}
        for id in ids
        if id in before and id in after and after[id]["value"] is not None
    ]


def _measures(side: Side) -> dict[int, str]:
    return {a.number: a.measure for a in side.plan.ambitions.items}


def _both(a: Any, b: Any) -> dict[str, str]:
    """Before, after and change as they are printed."""
    return told(Change(b["id"], b["label"], b["step"], b["unit"], b["period"], a["value"], b["value"]))


def told(change: Change) -> dict[str, str]:
    decimals = decimals_of(change.before, change.after, change.unit)
    before, after = (as_printed(value, change.unit, decimals) for value in (change.before, change.after))
    return {"before": before, "after": after, "change": _moved(change, decimals, before == after)}


def _moved(change: Change, decimals: int, same: bool) -> str:
    if same:
        return "none"
    if change.change is None:
        return ""
    unit = "percentage points" if change.unit == "%" else change.unit
    words = number(change.change, decimals, unit)
    return words if words.startswith("-") else f"+{words}"


# --- what was decided ---------------------------------------------------------------------


def _decided(found: Difference) -> Iterator[Block]:
    if not found.decided:
        if found.old.plan.area.code == found.new.plan.area.code:
            yield Words(("No input was changed.",))
        return
    for name, changes in _by_section(found.decided).items():
        yield Heading(_section(name), f"decided-{name}", 2)
        yield table(
            f"decided-{name}",
            f"{_section(name)}: {plural(len(changes), 'input')} changed",
            [Column("where", "Place in the plan"), Column("before", "Before"), Column("after", "After")],
            [_input(change) for change in changes[:_MOST]],
            note=_more(len(changes), "inputs"),
            missing="",
        )


def _by_section(changes: Sequence[inputs.Change]) -> dict[str, list[inputs.Change]]:
    found: dict[str, list[inputs.Change]] = {}
    for change in changes:
        found.setdefault(change.path.split("/")[1], []).append(change)
    return found


def _section(name: str) -> str:
    return Plan.model_fields[name].title or name.replace("_", " ").capitalize()


def _input(change: inputs.Change) -> dict[str, str]:
    before, after = (_cut(" ".join(text.split())) for text in (change.before, change.after))
    if change.kind == "added":
        return {
            "where": change.where,
            "before": "not there",
            "after": f"Added: {after}" if after else "Added",
        }
    if change.kind == "removed":
        return {"where": change.where, "before": before or "there", "after": "Taken out"}
    return {"where": change.where, "before": before or "empty", "after": after or "empty"}


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG].rstrip()}..."


def _more(count: int, what: str) -> str:
    rest = count - _MOST
    return f"{number(rest, 0)} more {what} stand in differences.json." if rest > 0 else ""


# --- what followed ------------------------------------------------------------------------


def _followed(found: Difference) -> Iterator[Block]:
    changes = without_years(found.changes)
    for step, title in STEPS.items():
        if own := [change for change in changes if change.step == step]:
            yield Heading(title, f"followed-{step}", 2)
            yield _figures(step, own)
    yield from _come_and_gone(found)
    if found.hidden:
        were = "and is" if found.hidden == 1 else "and are"
        words = f"{plural(found.hidden, 'figure')} changed by less than is printed, {were} not listed."
        yield Words((words,), "note")
    yield from _tables(found)


def _figures(step: str, changes: Sequence[Change]) -> Table:
    return table(
        f"figures-{step}",
        f"{STEPS[step]}: {plural(len(changes), 'figure')} changed",
        [
            Column("label", "Figure"),
            Column("period", "Year"),
            *BEFORE_AFTER,
            Column("years", "Years changed", decimals=0),
        ],
        [
            {"label": c.label, "period": c.period, **told(c), "years": c.years if c.years > 1 else None}
            for c in changes[:_MOST]
        ],
        note=" ".join(
            filter(
                None,
                (
                    "Those that changed most for their size stand first. Of a figure by year the last one that changed is shown.",
                    _more(len(changes), "figures"),
                ),
            )
        ),
        missing="",
    )


def _tables(found: Difference) -> Iterator[Block]:
    """Where in the pack figures differ, table by table."""
    if not found.tables:
        return
    rows = [
        {"step": _SHORT_NAMES.get(step, step), "title": title, "figures": _counted(changed, new, gone)}
        for step, title, changed, new, gone in found.tables
    ]
    yield Heading("Where to look", "tables", 2)
    yield table(
        "tables",
        "Printed tables in which figures differ",
        [Column("step", "Step"), Column("title", "Table"), Column("figures", "Figures")],
        rows,
        note="A row with another name counts as gone and new.",
    )


_SHORT_NAMES = {"needs": "Needs", "ambitions": "Ambitions", "budget": "Budget",
                "decommissioning": "Decommissioning", "plan": "The plan"}  # fmt: skip


def _counted(changed: int, new: int, gone: int) -> str:
    """ "30 changed, 5 gone" """
    counts = ((changed, "changed"), (new, "new"), (gone, "gone"))
    return ", ".join(f"{number(count, 0)} {word}" for count, word in counts if count)


def _come_and_gone(found: Difference) -> Iterator[Block]:
    for figures, words in (
        (found.figures_new, "New figures"),
        (found.figures_gone, "Figures no longer there"),
    ):
        if figures:
            labels = list(dict.fromkeys(figure["label"] for figure in figures))
            yield Words((f"{words}, {number(len(figures), 0)}: {some(labels, 12)}.",))


# --- findings -----------------------------------------------------------------------------


def _findings(found: Difference) -> Iterator[Block]:
    groups = (
        ("Closed", "closed", found.findings_gone),
        ("New", "new", found.findings_new),
    )
    for title, id, findings in groups:
        if findings:
            yield Heading(f"{title}: {plural(len(findings), 'finding')}", f"findings-{id}", 2)
            yield table(f"findings-{id}", f"Findings {id}", _FINDING, [_finding(f) for f in findings])
    if found.findings_open:
        yield Heading(f"Still open: {plural(len(found.findings_open), 'finding')}", "findings-open", 2)
        yield table(
            "findings-open", "Findings still open", _FINDING, [_finding(f) for f in found.findings_open]
        )


_FINDING = [Column("severity", "Weight"), Column("sentence", "Finding"), Column("remedy", "What to do")]


def _finding(finding: Any) -> dict[str, str]:
    return {**finding, "severity": SEVERITIES.get(finding["severity"], finding["severity"])}


# --- versions and files -------------------------------------------------------------------


def _versions(found: Difference) -> Iterator[Block]:
    if found.versions:
        yield table(
            "versions",
            "Versions that differ",
            [Column("what", "What"), Column("before", "Before"), Column("after", "After")],
            [dict(zip(("what", "before", "after"), row, strict=True)) for row in found.versions],
        )
    else:
        yield Words(("Program, packages and figures on hand are the same.",))
    for word in ("altered", "added", "gone"):
        if names := [name for name, is_ in found.files if is_ == word]:
            yield Words((f"Files {word}, {len(names)}: {some(names, 12)}.",))
