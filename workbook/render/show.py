"""Blocks and whole steps as HTML for the output of a notebook cell: one fragment that brings its own look."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from html import escape

from workbook.blocks import Block, Figure, Finding, Heading, Question, Step, Table
from workbook.render.html import fragment, style
from workbook.words import plural

Thing = Block | Step

_uids = itertools.count(1)  # ids are unique on a page, and a notebook shows many outputs on one
# Paper is white also where the notebook's own theme is dark: charts and marks are made for it.
_PAPER = (
    ".wb-shown-here { background: #fff; color: #1f2a33; padding: .6em 1em; font-family: var(--wb-font); line-height: 1.45; }"
    ".wb-shown-here .wb-table { color: inherit; }"
    # A notebook stripes its tables and sets every cell to the right; words read from the left.
    ".wb-shown-here .wb-table tr:nth-child(n), .wb-shown-here .wb-table thead { background: none; }"
    ".wb-shown-here .wb-table tr:nth-child(n) :is(th, td) { text-align: left; }"
    ".wb-shown-here .wb-table tr:nth-child(n) .wb-number { text-align: right; }"
    ".wb-shown-here dt { font-weight: normal; }"
    ".wb-section { border-top: 1px solid #c9d1d7; padding: .4em 0; }"
    ".wb-section > summary { cursor: pointer; font-weight: bold; font-size: 1.1em; padding: .3em 0; }"
)


class Shown:
    """Blocks that show themselves where a notebook displays them."""

    def __init__(self, blocks: Iterable[Thing]) -> None:
        self.blocks = tuple(blocks)

    def __repr__(self) -> str:
        return (
            f"<{plural(len(self.blocks), 'block')}: {', '.join(type(b).__name__ for b in self.blocks[:8])}>"
        )

    def _repr_html_(self) -> str:
        return html(self.blocks)


def html(things: Sequence[Thing]) -> str:
    """The things one below the other. A whole step is folded by its sections, so that it can be looked through."""
    drawn = "\n".join(_step(t) if isinstance(t, Step) else _block(t) for t in things)
    return f'<style>{style("blocks")}{_PAPER}</style>\n<div class="wb-shown-here">\n{drawn}\n</div>'


def _block(block: Block) -> str:
    return fragment(block, f"shown-{next(_uids)}")


def _step(step: Step) -> str:
    """Title and counts, then each section folded; what stands before the first section is open."""
    first, sections = _sections(step.blocks)
    opening = "".join(_block(b) for b in first)
    folded = "\n".join(_section(title, blocks) for title, blocks in sections)
    return f"<h2>{escape(step.title)}</h2><p>{escape(_counts(step))}</p>{opening}{folded}"


def _counts(step: Step) -> str:
    charts = sum(isinstance(b, Figure) for b in step.blocks)
    tables = sum(isinstance(b, Table) for b in step.blocks)
    asked = sum(isinstance(b, Question) for b in step.blocks)
    found = sum(isinstance(b, Finding) for b in step.blocks)
    parts = ((charts, "chart"), (tables, "table"), (asked, "question"), (found, "finding"))
    return f"{', '.join(plural(count, word) for count, word in parts)}. Open a section to read it."


def _section(title: str, blocks: list[Block]) -> str:
    inner = "".join(_block(b) for b in blocks)
    return f'<details class="wb-section"><summary>{escape(title)}</summary>{inner}</details>'


def _sections(blocks: Sequence[Block]) -> tuple[list[Block], list[tuple[str, list[Block]]]]:
    first: list[Block] = []
    sections: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level <= 2:
            sections.append((block.text, []))
        elif sections:
            sections[-1][1].append(block)
        else:
            first.append(block)
    return first, sections
