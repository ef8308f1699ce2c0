"""The plan as a PDF under PDF/UA-1: tagged, with an outline, the same bytes for the same plan."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from workbook.blocks import SEVERITIES, Branch, Figure, Finding, Heading, Table, Tree, Words
from workbook.paths import shipped
from workbook.render import fonts, house, svg
from workbook.render.answers import Answers, Fact
from workbook.render.columns import layout
from workbook.render.document import (
    BROKEN,
    NO_FIGURES,
    SYNTHETIC,
    Chapter,
    Document,
    Entry,
    chapters,
    closing,
    made_with,
    moment,
    running_foot,
    running_head,
    running_title,
    saved_words,
    status_words,
)
from workbook.render.text import breakable, clean, column_notes, figures_only, is_missing, printed

_WIDTH = 760  # pixels of a chart that fills the line
_DENSE = 8.0  # points of a table that is looked up rather than read


def page(document: Document) -> bytes:
    """The document as a PDF. Characters the shipped fonts lack are given by name or number in square brackets."""
    import typst

    style = house.current()
    made = typst.compile(
        _template(),
        sys_inputs={"doc": json.dumps(_data(document))},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(moment(document).timestamp()),
        font_paths=fonts.shipped_only(style.fonts),
    )
    # Some readers warn of an entry that says what is so without it ("Suspects object is wrong type").
    return made.replace(_NO_SUSPECTS, b" " * len(_NO_SUSPECTS))


_NO_SUSPECTS = b"/Suspects false"


@functools.cache
def _template() -> bytes:
    return (shipped("templates") / "documents" / "plan.typ").read_bytes()


def _say(text: Any) -> str:
    """Text as the PDF can hold it."""
    return fonts.showable(breakable(clean(text)))


def _data(document: Document) -> dict[str, Any]:
    saved, style = moment(document), house.current()
    date = [saved.year, saved.month, saved.day, saved.hour, saved.minute, saved.second]
    return {
        "fonts": list(dict.fromkeys((style.family, fonts.FAMILY))),
        "colours": style.colours,
        "organisation": _say(style.organisation),
        "logo": {"bytes": list(style.logo), "kind": style.logo_kind, "alt": _say(style.logo_alt)},
        "cover": _say(style.cover),
        "footer": _say(style.footer),
        "title": _say(document.title),
        "running": _say(running_title(document)),
        "head": _say(running_head(document)),
        "foot": _say(running_foot(document)),
        "area": _say(document.area),
        "period": _say(document.period),
        "author": _say(document.saved_by),
        "date": date if document.saved else None,
        "draft": document.status == "DRAFT",
        "status_words": _say(status_words(document)),
        "synthetic": SYNTHETIC if document.synthetic else "",
        "saved": _say(saved_words(document)),
        "made": _say(made_with(document)),
        "attribution": [_say(a) for a in closing(document)],
        "chapters": [_chapter(c) for c in chapters(document)],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    entries = [_KINDS[type(e.block)](e) for e in chapter.entries]
    if chapter.dense:
        for entry in entries:
            entry |= {"size": min(entry["size"], _DENSE)} if entry["kind"] == "table" else {}
    return {
        "title": _say(chapter.title),
        "anchor": chapter.anchor,
        "follows": chapter.follows,
        "dense": chapter.dense,
        "listed": chapter.listed,
        "entries": entries,
    }


def _heading(entry: Entry[Heading]) -> dict[str, Any]:
    block = entry.block
    head = {"level": entry.level, "text": _say(block.text), "anchor": entry.anchor}
    return {"kind": "heading", **head, "new_page": block.new_page}


def _words(entry: Entry[Words]) -> dict[str, Any]:
    block = entry.block
    return {"kind": "words", "style": block.style, "paragraphs": [_say(p) for p in block.paragraphs]}


def _finding(entry: Entry[Finding]) -> dict[str, Any]:
    block = entry.block
    return {
        "kind": "finding",
        "severity": block.severity,
        "word": SEVERITIES[block.severity],
        "sentence": _say(block.sentence),
        "remedy": _say(block.remedy),
    }


def _tree(entry: Entry[Tree]) -> dict[str, Any]:
    block = entry.block
    return {"kind": "tree", "title": _say(block.title), "branches": [_branch(b) for b in block.branches]}


def _branch(branch: Branch) -> dict[str, Any]:
    mark = f"{BROKEN}: " if branch.broken else ""
    return {"mark": mark, "text": _say(branch.text), "branches": [_branch(b) for b in branch.branches]}


def _table(entry: Entry[Table]) -> dict[str, Any]:
    table = entry.block
    plan = layout(table)
    return {
        "kind": "table",
        "title": _say(table.title),
        "head": [{"label": _say(c.label), "unit": _say(c.unit)} for c in table.columns],
        "rows": [
            [None if is_missing(v) else _say(t) for t, v in zip(texts, values, strict=True)]
            for texts, values in zip(printed(table), table.rows, strict=True)
        ],
        "right": figures_only(table),
        "widths": list(plan.widths),
        "share": plan.share,
        "size": plan.points,
        "gap": 3 if plan.points < 9 else 4.5,
        "landscape": plan.landscape and bool(table.rows),
        "missing": _say(table.missing),
        "empty": NO_FIGURES,
        "notes": [_say(n) for n in column_notes(table)],
        "source": _say(table.source),
    }


def _figure(entry: Entry[Figure]) -> dict[str, Any]:
    figure = entry.block
    picture = svg.picture(figure.spec)
    behind = f'The figures behind this chart are in the spreadsheet, sheet "{entry.sheet}".'
    return {
        "kind": "figure",
        "title": _say(figure.title),
        "alt": fonts.showable(clean(figure.alt)) or _say(figure.title),
        "svg": fonts.showable(picture),
        "share": round(min(svg.size(picture)[0] / _WIDTH, 1), 3),
        "notes": [behind],
        "source": _say(figure.source),
    }


def _answers(entry: Entry[Answers]) -> dict[str, Any]:
    block = entry.block
    return {
        "kind": "answers",
        "title": _say(block.title),
        "facts": _facts(block.facts),
        "groups": [{"title": _say(g.title), "facts": _facts(g.facts)} for g in block.groups],
        "source": _say(block.source),
    }


def _facts(facts: tuple[Fact, ...]) -> list[dict[str, Any]]:
    return [
        {"label": _say(f.label), "paragraphs": [_say(p) for p in f.paragraphs], "short": f.short}
        for f in facts
    ]


_KINDS: dict[type, Callable[[Entry[Any]], dict[str, Any]]] = {
    Heading: _heading,
    Words: _words,
    Tree: _tree,
    Finding: _finding,
    Table: _table,
    Figure: _figure,
    Answers: _answers,
}
