"""Everything that was asked, as rows of one long table: where, what, the answer, and what stands behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from workbook.blocks import Block, Cell, Heading, Question
from workbook.render.answers import check_parts, has_answer, said
from workbook.render.document import Document
from workbook.render.text import clean, slug

HEADINGS = ("Step", "Section", "Entry", "Question", "Answer", "Unit", "Evidence", "Owner", "Due", "Source")
NOT_ANSWERED = "not answered yet"
NONE = "none given"

Row = tuple[Cell, ...]


@dataclass
class _Where:
    """Where a question stands: the step, and the heading above it."""

    step: str
    section: str = ""
    annex: bool = False

    def pass_by(self, heading: Heading) -> None:
        text = clean(heading.text)
        if self.annex and heading.level == 2:  # the annex names its steps
            self.step, self.section = text, ""
        else:
            self.section = text


def rows(document: Document, tabled: Collection[str]) -> tuple[Row, ...]:
    """One row an answered question, and one a question that a complete plan needs and nobody answered.

    ``tabled``: the ids of tables of the document; a list of entries that is one of them is not said again.
    """
    made: list[Row] = []
    for id, title, blocks in _parts(document):
        where = _Where(clean(title), clean(title), annex=id == "annex")
        for block in blocks:
            if isinstance(block, Heading):
                where.pass_by(block)
            elif isinstance(block, Question):
                made += _rows(block, where, "", tabled)
    return tuple(dict.fromkeys(made))


def _parts(document: Document) -> Iterator[tuple[str, str, tuple[Block, ...]]]:
    yield "summary", "Summary", document.summary
    for part in document.parts:
        yield part.id, part.title, part.blocks


def _rows(question: Question, where: _Where, entry: str, tabled: Collection[str]) -> Iterator[Row]:
    if question.items and has_answer(question):
        for item in question.items:
            if {slug(question.path), slug(f"{question.path} {item.label}")}.isdisjoint(tabled):
                label = clean(item.label) if question.kind == "rows" else clean(question.prompt)
                below = ": ".join(dict.fromkeys(part for part in (entry, label) if part))
                for inner in item.questions:
                    yield from _rows(inner, where, below, tabled)
    elif has_answer(question) or question.required or question.kind == "check":
        yield _row(question, where, entry)


def _row(question: Question, where: _Where, entry: str) -> Row:
    held = dict(check_parts(question)) if question.kind == "check" and has_answer(question) else {}
    answer = held.get("Answer") if question.kind == "check" else said(question)
    return (
        where.step,
        where.section or where.step,
        entry or "the plan",
        clean(question.prompt),
        NOT_ANSWERED if answer is None else answer,
        clean(question.unit) or "none",
        held.get("Evidence", NONE),
        held.get("Owner", NONE),
        held.get("Due", NONE),
        clean(question.source) or NONE,
    )
