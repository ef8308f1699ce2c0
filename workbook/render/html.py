"""Blocks as HTML: a fragment for the guided pages, and the plan as one file that needs nothing else."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Callable
from html import escape
from typing import Any

from workbook.blocks import (
    SEVERITIES,
    Block,
    Branch,
    Column,
    Figure,
    Finding,
    Heading,
    Question,
    Table,
    Tree,
    Words,
)
from workbook.paths import shipped
from workbook.render import house, svg
from workbook.render.answers import Answers, Fact, shown
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
    running_title,
    saved_words,
    status_words,
)
from workbook.render.text import clean, column_notes, figures_only, is_missing, printed

_SMALL = 3  # a table of so many columns fits a narrow screen; a wider one scrolls in its own region
_WIDE = 7
_WORTH_A_LIST = 5  # charts and tables; fewer are found without


def fragment(block: Block, uid: str) -> str:
    """One block as HTML; ``uid`` must be unique in the page, every id below carries it.

    A heading keeps its own id, so that links to a section go on working.
    """
    if isinstance(block, Heading):
        return _heading(Entry(block, block.id, level=block.level), 0)
    if isinstance(block, Question):
        made = shown((block,))
        return "".join(_draw(Entry(b, f"{uid}-{i}"), 0) for i, b in enumerate(made, 1))
    return _draw(Entry(block, uid), 0)


def page(document: Document) -> str:
    """The document as one self-contained page: nothing fetched, and one script where charts have points to read.

    The page's own policy lets that script run by its hash and no other.
    """
    parts = chapters(document)
    body = "\n".join(_chapter(part) for part in parts)
    script = script_text("points") if _POINT in body else ""
    return _PAGE.format(
        policy=policy_of(script),
        script=f"<script>{script}</script>\n" if script else "",
        title=_esc(running_title(document)),
        style=style("blocks") + style("page") + house.current().css() + _print_marks(document),
        status=_status(document),
        head=_head(document),
        contents=_contents(parts),
        body=body,
        foot=_foot(document),
    )


@functools.cache
def style(name: str) -> str:
    """A shipped style sheet by name: "blocks" for blocks anywhere, "page" for the whole page."""
    return (shipped("templates") / "documents" / f"{name}.css").read_text(encoding="utf-8")


@functools.cache
def script_text(name: str) -> str:
    """A shipped script by name."""
    return (shipped("templates") / "documents" / f"{name}.js").read_text(encoding="utf-8")


def policy_of(script: str) -> str:
    """What the page may load and run: its own style and pictures, and the one script."""
    run = f" script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}';"
    return f"default-src 'none';{run if script else ''} style-src 'unsafe-inline'; img-src data:"


_POINT = "</title></path>"  # a mark of a chart that says something of itself (render/svg.py)
_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<a class="wb-skip" href="#main">Skip to the plan</a>
<header>
{status}
{head}
</header>
<main id="main" class="wb-body" tabindex="-1">
{contents}
{body}
</main>
{foot}
{script}</body>
</html>
"""


def _esc(text: Any) -> str:
    return escape(clean(text))


# --- the page around the blocks ------------------------------------------------


def _print_marks(document: Document) -> str:
    """Status and synthetic mark in the margin of every printed page."""
    marks = [m for m in (document.status == "DRAFT" and "DRAFT", document.synthetic and SYNTHETIC) if m]
    words = " - ".join(marks)
    return (
        f'@page {{ @top-right {{ content: "{words}"; font-weight: bold; font-size: 9pt; }} }}\n'
        if words
        else ""
    )


def _status(document: Document) -> str:
    draft = " wb-status--draft" if document.status == "DRAFT" else ""
    bands = [f'<div class="wb-status{draft}"><p>{_esc(status_words(document))}</p></div>']
    if document.synthetic:
        bands.append(f'<div class="wb-synthetic"><p>{SYNTHETIC}</p></div>')
    return "\n".join(bands)


def _head(document: Document) -> str:
    where = ", ".join(_esc(p) for p in (document.area, document.period) if p)
    own = house.current()
    name = f'<p class="wb-organisation">{_esc(own.organisation)}</p>' if own.organisation else ""
    cover = f'<p class="wb-cover">{_esc(own.cover)}</p>' if own.cover else ""
    return (
        f'<div class="wb-head">{_logo(own)}{name}<p class="wb-area">{where}</p>\n'
        f'<h1>{_esc(document.title)}</h1>\n{cover}<p class="wb-saved">{_esc(saved_words(document))}</p></div>'
    )


def _logo(own: house.House) -> str:
    """The logo within the page, nothing where the house has none."""
    if not own.logo:
        return ""
    kind = {"svg": "svg+xml"}.get(own.logo_kind, own.logo_kind)
    held = base64.b64encode(own.logo).decode()
    return f'<img class="wb-logo" src="data:image/{kind};base64,{held}" alt="{_esc(own.logo_alt)}">'


def _contents(parts: tuple[Chapter, ...]) -> str:
    items = "\n".join(f"<li>{_link(p.anchor, p.title)}{_below(p)}</li>" for p in parts)
    title = '<h2 id="contents-title">Contents</h2>'
    nav = f'<nav class="wb-contents" aria-labelledby="contents-title">{title}\n<ol>{items}</ol>'
    return f"{nav}{_shown(parts)}</nav>"


def _shown(parts: tuple[Chapter, ...]) -> str:
    """The charts and tables of the whole document by number and name, folded away."""
    entries = [e for p in parts for e in p.entries if isinstance(e.block, (Figure, Table)) and e.label]
    if len(entries) < _WORTH_A_LIST:
        return ""
    items = "".join(f"<li>{_link(e.anchor, f'{e.label}: {e.block.title}')}</li>" for e in entries)
    return (
        f'<details class="wb-shown"><summary>All {len(entries)} charts and tables</summary>'
        f"<ol>{items}</ol></details>"
    )


def _below(part: Chapter) -> str:
    items = "".join(
        f"<li>{_link(e.anchor, e.block.text)}</li>" for e in part.headings() if isinstance(e.block, Heading)
    )
    return f"<ol>{items}</ol>" if items else ""


def _link(anchor: str, text: str) -> str:
    return f'<a href="#{_esc(anchor)}">{_esc(text)}</a>'


def _chapter(part: Chapter) -> str:
    body = "\n".join(_draw(entry, 1) for entry in part.entries)
    name = _esc(part.anchor)
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{_esc(part.title)}</h2>\n{body}\n</section>'


def _foot(document: Document) -> str:
    lines = "".join(f"<li>{_esc(line)}</li>" for line in closing(document))
    sources = f"<h2>Sources and licences</h2><ul>{lines}</ul>" if lines else ""
    made = f"<p>{_esc(made_with(document))}</p>" if document.version else ""
    said = house.current().footer
    own = f"<p>{_esc(said)}</p>" if said else ""
    return f'<footer class="wb-foot">{sources}{own}<p>{_esc(saved_words(document))}</p>{made}</footer>'


# --- the blocks ------------------------------------------------------------------


def _draw(entry: Entry[Any], shift: int) -> str:
    """The block; ``shift`` is how many heading levels stand above the step's own."""
    drawers: dict[type, Callable[[Entry[Any], int], str]] = {
        Heading: _heading,
        Words: _words,
        Table: _table,
        Figure: _figure,
        Tree: _tree,
        Finding: _finding,
        Answers: _answers,
    }
    return drawers[type(entry.block)](entry, shift)


def _heading(entry: Entry[Heading], shift: int) -> str:
    level = min(entry.level + shift, 6)
    kind = ' class="wb-new-page"' if entry.block.new_page else ""
    return f'<h{level} id="{_esc(entry.anchor)}"{kind}>{_esc(entry.block.text)}</h{level}>'


def _words(entry: Entry[Words], shift: int) -> str:
    block = entry.block
    kind = {"lead": " wb-lead", "note": " wb-note"}.get(block.style, "")
    if block.style == "list":
        inner = "<ul>" + "".join(f"<li>{_lines(p)}</li>" for p in block.paragraphs) + "</ul>"
    else:
        inner = "".join(f"<p>{_lines(p)}</p>" for p in block.paragraphs)
    return f'<div class="wb-block wb-words{kind}">{inner}</div>'


def _lines(text: str) -> str:
    return _esc(text).replace("\n", "<br>")


def _caption(entry: Entry[Any], title: str) -> str:
    return f"{entry.label}: {_esc(title)}" if entry.label else _esc(title)


def _finding(entry: Entry[Finding], shift: int) -> str:
    block = entry.block
    remedy = f'<p class="wb-remedy">What to do: {_esc(block.remedy)}</p>' if block.remedy else ""
    return (
        f'<div class="wb-finding wb-finding--{_esc(block.severity)}" id="{_esc(entry.anchor)}">'
        f'<p class="wb-severity">{SEVERITIES[block.severity]}</p>'
        f"<p>{_esc(block.sentence)}</p>{remedy}</div>"
    )


def _tree(entry: Entry[Tree], shift: int) -> str:
    block, uid = entry.block, _esc(entry.anchor)
    inner = _branches(block.branches) or f'<p class="wb-note">{NO_FIGURES}</p>'
    return (
        f'<div class="wb-block wb-tree" id="{uid}" role="group" aria-labelledby="{uid}-c">'
        f'<p class="wb-caption" id="{uid}-c">{_esc(block.title)}</p>{inner}</div>'
    )


def _branches(branches: tuple[Branch, ...]) -> str:
    """A list; a broken branch is marked by words, by its bar and by its colour."""
    items = (
        f'<li class="wb-broken"><strong>{BROKEN}:</strong> {_lines(b.text)}{_branches(b.branches)}</li>'
        if b.broken
        else f"<li>{_lines(b.text)}{_branches(b.branches)}</li>"
        for b in branches
    )
    made = "".join(items)
    return f"<ul>{made}</ul>" if made else ""


def _figure(entry: Entry[Figure], shift: int) -> str:
    block, uid = entry.block, _esc(entry.anchor)
    picture = svg.draw(block.spec, title=block.title, alt=block.alt, uid=entry.anchor)
    # Named apart from a table of the same title beside the chart.
    caption = f"{block.table.title or block.title} (figures of the chart)"
    table = _grid(block.table, f"{entry.anchor}-figures", caption)
    return (
        f'<figure class="wb-figure" id="{uid}">'
        f'<figcaption class="wb-caption" id="{uid}-c">{_caption(entry, block.title)}</figcaption>'
        f'<div class="wb-chart" role="group" aria-labelledby="{uid}-c" tabindex="0">{picture}</div>'
        f"{_source(block.source)}"
        f'<details class="wb-data"><summary>Show the figures</summary>{table}</details></figure>'
    )


def _source(source: str, notes: list[str] | None = None) -> str:
    lines = [f'<p class="wb-source">{_esc(note)}</p>' for note in notes or []]
    lines += [f'<p class="wb-source">Source: {_esc(source)}</p>'] if source else []
    return "".join(lines)


def _table(entry: Entry[Table], shift: int) -> str:
    grid = _grid(entry.block, entry.anchor, _title(entry))
    if entry.block.detail:
        summary = f"<summary>Show the table: {_esc(entry.block.title)}</summary>"
        grid = f'<details class="wb-data">{summary}{grid}</details>'
    return f'<div class="wb-block" id="{_esc(entry.anchor)}">{grid}</div>'


def _title(entry: Entry[Table]) -> str:
    return f"{entry.label}: {entry.block.title}" if entry.label else entry.block.title


def _grid(table: Table, uid: str, title: str) -> str:
    """The table with its caption, source and notes; a wide one scrolls in a region of its own."""
    name = f"{_esc(uid)}-caption"
    if not table.rows:
        return f'<p class="wb-caption">{_esc(title)}</p><p class="wb-note">{NO_FIGURES}</p>' + _source(
            table.source
        )
    right = figures_only(table)
    head = "".join(_head_cell(c, r) for c, r in zip(table.columns, right, strict=True))
    body = "".join(
        _row(texts, values, right) for texts, values in zip(printed(table), table.rows, strict=True)
    )
    inner = (
        f'<caption class="wb-caption" id="{name}"><span>{_esc(title)}</span></caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    width = len(table.columns)
    if width <= _SMALL:
        grid = f'<table class="wb-table wb-table--small">{inner}'
    else:
        kind = " wb-table--wide" if width > _WIDE else ""
        grid = (
            f'<div class="wb-scroll" role="region" aria-labelledby="{name}" tabindex="0">'
            f'<table class="wb-table{kind}">{inner}</div>'
        )
    return grid + _source(table.source, column_notes(table))


def _head_cell(column: Column, right: bool) -> str:
    if not column.label.strip():  # the corner above two sets of headings heads nothing
        return "<td></td>"
    unit = f' <span class="wb-unit">({_esc(column.unit)})</span>' if column.unit else ""
    kind = ' class="wb-number"' if right else ""
    return f'<th scope="col"{kind}>{_esc(column.label)}{unit}</th>'


def _row(texts: list[str], values: tuple[Any, ...], right: list[bool]) -> str:
    cells = [f'<th scope="row">{_lines(texts[0])}</th>']
    for text, value, number in zip(texts[1:], values[1:], right[1:], strict=True):
        kinds = [k for k, on in (("wb-number", number), ("wb-missing", is_missing(value))) if on]
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        cells.append(f"<td{kind}>{_lines(text)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _answers(entry: Entry[Answers], shift: int) -> str:
    block = entry.block
    groups = "".join(_group(g) for g in block.groups)
    title = f'<p class="wb-answers-title">{_esc(block.title)}</p>' if block.title else ""
    return f'<div class="wb-answers" id="{_esc(entry.anchor)}">{title}{_facts(block.facts)}{groups}{_source(block.source)}</div>'


def _group(group: Answers) -> str:
    title = f'<p class="wb-answers-title">{_esc(group.title)}</p>' if group.title else ""
    return f'<div class="wb-group">{title}{_facts(group.facts)}</div>'


def _facts(facts: tuple[Fact, ...]) -> str:
    return f'<dl class="wb-facts">{"".join(_fact(f) for f in facts)}</dl>' if facts else ""


def _fact(fact: Fact) -> str:
    kind = "" if fact.short else " wb-fact--long"
    words = "".join(f"<p>{_esc(p)}</p>" for p in fact.paragraphs)
    return f'<div class="wb-fact{kind}"><dt>{_esc(fact.label)}</dt><dd>{words}</dd></div>'
