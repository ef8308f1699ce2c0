"""The plan as a document: a page, a summary, a chapter a step, what stands behind the plan, the annex, the sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbook.blocks import Block, Finding, Heading, Question, Step, Table, Words
from workbook.pack.documents import annex
from workbook.pack.documents.common import Sources, in_prose, made, sections, series_used, sources_part
from workbook.plan.model import Plan
from workbook.render.document import Document, Part

# The steps whose pages are chapters, in reading order. The start page is for the
# screen, and the page of the whole plan is split between the front and the back.
_CHAPTERS = ("needs", "ambitions", "budget", "decommissioning")
_FRONT = ("page", "summary")
_APART = "case"  # a document of its own


def document(plan: Plan, steps: Mapping[str, Step], reference: Any) -> Document:
    """The plan as a document, whose annex holds what is looked up rather than read."""
    sources = reference.sources(series_used(steps))
    title = plan.title or f"Commissioning plan for {plan.area.name}"
    return made(plan, steps, title, (), _parts(steps, sources), sources)


def _parts(steps: Mapping[str, Step], sources: Sources) -> Iterator[Part]:
    found = sections(steps["plan"])
    chapters = [steps[step_id] for step_id in _CHAPTERS if step_id in steps]
    back = [id for id in found if id not in (*_FRONT, _APART)]
    yield from (_section(found, id) for id in _FRONT if id in found)
    for step in chapters:
        yield Part(step.id, step.title, _chapter(step))
    yield from (_section(found, id) for id in back)
    yield Part(
        "annex",
        "Annex: what was entered",
        tuple(annex.blocks([*chapters, _behind(steps["plan"])])),
        dense=True,
    )
    yield sources_part(sources)


_CASE = (
    "The case for change, for partners and the public, is a document of its own beside this one: case-for-change.html, "
    ".pdf and .docx."
)


def _behind(step: Step) -> Step:
    """The plan's own page as far as this document holds it."""
    kept = [b for id, (heading, below) in sections(step).items() if id != _APART for b in (heading, *below)]
    return replace(step, blocks=tuple(kept))


def _section(found: Mapping[str, tuple[Heading, tuple[Block, ...]]], id: str) -> Part:
    """A section of the plan's own page as a part, its headings one level up."""
    heading, below = found[id]
    kept = _without_empty(in_prose(annex.left(Step("plan", "", (heading, *below))).blocks[1:]))
    inner = tuple(replace(b, level=b.level - 1) if isinstance(b, Heading) else b for b in kept)
    # Findings and the sentences of the summary are read in a row: one line of the contents leads to all of them.
    if id == "summary":
        inner = (*inner, Words((_CASE,), "note"))
    listed = id not in _FRONT and not any(isinstance(b, Finding) for b in inner)
    return Part(id, heading.text, inner, listed=listed)


def _chapter(step: Step) -> tuple[Block, ...]:
    """A step as a chapter: without the list of its findings, which the document gives once for all
    steps, and without what stands in the annex."""
    kept: list[Block] = []
    for block in annex.left(step).blocks:
        if isinstance(block, Heading) and block.id.endswith("-findings"):
            break
        if not (isinstance(block, (Question, Table)) and block.detail):
            kept.append(block)
    return _without_empty(kept)


def _without_empty(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks without headings that head nothing, nor those that headed only such ones."""
    kept = list(blocks)
    while len(read := [b for n, b in enumerate(kept) if not _heads_nothing(kept, n)]) < len(kept):
        kept = read
    return tuple(kept)


def _heads_nothing(blocks: list[Block], index: int) -> bool:
    """Whether a block is a heading with nothing below it but the next one of its level."""
    block = blocks[index]
    if not isinstance(block, Heading):
        return False
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    return below is None or (isinstance(below, Heading) and below.level <= block.level)
