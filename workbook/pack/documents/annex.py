"""What of a step stands in the annex of the plan: what was entered, and what is looked up rather than read.

``data/annex.csv`` says which blocks are looked up, and why: whoever wants another division changes the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import groupby

from workbook.blocks import Block, Figure, Finding, Heading, Question, Step, Table, Tree, Words
from workbook.paths import shipped
from workbook.steps import asking, thread


@dataclass(frozen=True)
class Place:
    """A row of the file: blocks of a kind whose id fits a pattern, in one step or ("*") in all."""

    step: str
    kind: str
    id: str

    def fits(self, step: str, kind: str, id: str) -> bool:
        return self.kind == kind and fnmatchcase(step, self.step) and fnmatchcase(id, self.id)


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """The rows of ``data/annex.csv``."""
    with (shipped("data") / "annex.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Place(row["step"], row["kind"], row["id"]) for row in csv.DictReader(file))


def left(step: Step) -> Step:
    """The step without what the file sends to the annex; a figure or table that is sent leaves its words."""
    gone = _sent(step)
    return replace(step, blocks=tuple(b for n, b in enumerate(step.blocks) if n not in gone))


def blocks(steps: Sequence[Step]) -> Iterator[Block]:
    """Step by step: everything entered in long lists, as it was entered, then what is looked up, by its headings."""
    for step in steps:
        entered, looked_up = _entered(step), list(_looked_up(step))
        if entered and looked_up and _titled(looked_up[0]) == entered[-1].prompt:
            looked_up = looked_up[1:]  # the list stands under that title already
        found = [*entered, *looked_up]
        if found:
            yield Heading(step.title, f"annex-{step.id}", 2)
            yield from _joined(found)


_ALONE = 3  # so many findings of one kind are looked up one by one


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with neighbouring findings of one kind told as one."""
    for _, run in groupby(blocks, key=lambda b: isinstance(b, Finding)):
        alike = list(run)
        found = [b for b in alike if isinstance(b, Finding)]
        yield from thread.joined(found, alone=_ALONE) if found else alike


def _titled(block: Block) -> str:
    return block.text if isinstance(block, Heading) else ""


def _sent(step: Step) -> set[int]:
    """The places of the blocks that the file sends to the annex."""
    gone: set[int] = set()
    below = 0  # the level of the heading whose section is sent, 0 outside of one
    for n, block in enumerate(step.blocks):
        if isinstance(block, Heading):
            if not below or block.level <= below:
                below = block.level if _fits(step.id, "section", block.id) else 0
            if block.id.endswith("-findings"):
                below = 0
        if below or _alone(step.id, block):
            gone.add(n)
    return gone


def _fits(step: str, kind: str, id: str) -> bool:
    return any(place.fits(step, kind, id) for place in places())


_ABOUT = re.compile(r"\([A-Z]{3}-\d{2}; source of \d{4}; ")


def _alone(step: str, block: Block) -> bool:
    """Whether a block is sent by itself."""
    if isinstance(block, Question) and block.kind == "check":
        item = block.path.rpartition("/")[2]
        return _fits(step, "checks", item) and not _fits(step, "keep", item)
    if isinstance(block, Words):
        about = block.style == "note" and all(_ABOUT.search(p) for p in block.paragraphs)
        return (about and _fits(step, "about", "any")) or _fits(step, "words", block.paragraphs[0])
    if isinstance(block, Finding):
        return _fits(step, "finding", block.severity)
    for kind, name in ((Table, "table"), (Figure, "figure"), (Tree, "tree")):
        if isinstance(block, kind):
            return _fits(step, name, block.id)
    return False


# --- what was entered -------------------------------------------------------------------

# Lists that a table of the step shows side by side, one row for each entry.
_SIDE_BY_SIDE = ("/budget/schemes", "/budget/value/scores")


def _entered(step: Step) -> list[Question]:
    # The levels of an ambition stand in its own table, year by year.
    if step.id in ("ambitions", "plan"):
        return []
    return [
        q
        for q in step.questions()
        if q.detail and q.items and q.kind == "rows" and q.path not in _SIDE_BY_SIDE
    ]


# --- what is looked up ------------------------------------------------------------------

_IN_PARTS = ("check", "group")
# The vision and the choices of a level are printed in full where they stand.
_DETAILS_OF = ("budget", "decommissioning")


def _looked_up(step: Step) -> Iterator[Block]:
    """Tables and checks to look things up in, by the headings of the step they stand under."""
    gone = _sent(step)
    open_: list[Heading] = []  # the headings above a block that are not in the annex yet
    level = 3
    for n, block in enumerate(step.blocks):
        if isinstance(block, Heading):
            if step.id != "plan" and block.id.endswith("-findings"):
                return
            open_, level = [block], 3
        elif n in gone or (step.id in _DETAILS_OF and _stands_below(block)):
            for heading in open_:
                yield Heading(heading.text, f"annex-{heading.id}", level)
            open_ = []
            yield replace(block, detail=False) if isinstance(block, Table) else block


def _stands_below(block: Block) -> bool:
    """Whether a chapter leaves a block to the annex by itself: a detailed table, or a check that was answered."""
    if isinstance(block, Table):
        return block.detail
    return isinstance(block, Question) and block.detail and block.kind in _IN_PARTS and _said(block)


def _said(question: Question) -> bool:
    """Whether anything was entered; of a check also its evidence, owner or date without an answer."""
    if question.kind == "check":
        return any((question.answer or {}).values())
    return asking.answered(question)
