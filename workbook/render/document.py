"""A document before it has a format: parts of blocks, figures and tables numbered in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from workbook.blocks import (
    SEVERITIES,
    Block,
    Branch,
    Cell,
    Column,
    Figure,
    Finding,
    Heading,
    Table,
    Tree,
    Words,
)
from workbook.render.answers import Answers, Shown, shown
from workbook.render.sheet_names import ANSWERS, Placing
from workbook.render.text import clean, day, short, slug

Status = Literal["DRAFT", "FOR SIGN-OFF", "SIGNED OFF"]

SYNTHETIC = "Synthetic figures: made up for demonstration"
NO_FIGURES = "No figures on hand."
BROKEN = "Broken or in doubt"  # said before a branch whose link is


@dataclass(frozen=True)
class Part:
    """One step of the plan as it stands in a document; ``dense`` where it is looked up rather than read,
    ``listed`` where its sections stand in the contents."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    dense: bool = False
    listed: bool = True


@dataclass(frozen=True)
class Document:
    """A plan as a document. Every printed date comes from ``saved``, never from the clock."""

    title: str
    area: str
    period: str
    status: Status
    revision: int
    saved: datetime | None
    saved_by: str
    synthetic: bool
    summary: tuple[Block, ...]
    parts: tuple[Part, ...]
    attribution: tuple[str, ...] = ()
    version: str = ""
    # Of a document beside the spreadsheet of another one: the id of each table, and its sheet.
    placed: tuple[tuple[str, str], ...] = ()
    flowing: bool = False  # too short for a page a chapter: only the first begins one
    besides: str = ""  # what whoever signs is to know besides the status

    @cached_property
    def in_order(self) -> tuple[Chapter, ...]:
        """Its chapters, put in order once for all formats."""
        return tuple(_chapters(self))


B = TypeVar("B", bound=Shown)


@dataclass(frozen=True)
class Entry(Generic[B]):
    """A block in its place: its bookmark, heading level, number and sheet in the spreadsheet."""

    block: B
    anchor: str
    level: int = 0  # of a heading: 2 is the level straight below the part's title
    label: str = ""  # "Figure 3", "Table 2"
    sheet: str = ""


@dataclass(frozen=True)
class Chapter:
    """A part with its entries in reading order."""

    title: str
    anchor: str
    entries: tuple[Entry[Any], ...]
    follows: bool = False  # on the page of the one before: too short for a page of its own
    dense: bool = False  # small type, answers run on
    listed: bool = True

    def headings(self) -> tuple[Entry[Heading], ...]:
        """The entries that stand in the contents list."""
        if not self.listed:
            return ()
        return tuple(e for e in self.entries if isinstance(e.block, Heading) and e.level == 2)


def chapters(document: Document) -> tuple[Chapter, ...]:
    """The document in reading order: the summary first, then every part that holds something."""
    return document.in_order


def _chapters(document: Document) -> Iterator[Chapter]:
    parts = (Part("summary", "Summary", document.summary), *document.parts)
    given = _Count()
    made = [_chapter(part, given) for part in parts if part.blocks]
    if document.placed:
        made = [_beside(chapter, dict(document.placed)) for chapter in made]
    yield from (
        replace(c, follows=n > 0 and (document.flowing or _lines(c) <= _SHORT)) for n, c in enumerate(made)
    )


def placed(document: Document) -> tuple[tuple[str, str], ...]:
    """On which sheet of the document's spreadsheet each table stands, by the table's id."""
    found: dict[str, str] = {}
    for entry in (e for chapter in chapters(document) for e in chapter.entries if e.sheet):
        block = entry.block.table if isinstance(entry.block, Figure) else entry.block
        found.setdefault(block.id, entry.sheet)
    return tuple(found.items())


def _beside(chapter: Chapter, sheets: dict[str, str]) -> Chapter:
    """The chapter with the sheets of another document's spreadsheet; none for what does not stand there."""
    entries = (
        replace(e, sheet=sheets.get(e.block.table.id, "")) if isinstance(e.block, Figure) else e
        for e in chapter.entries
    )
    return replace(chapter, entries=tuple(entries))


_SHORT = 22  # lines: less than half a page
_LINE = 90  # characters


def _lines(chapter: Chapter) -> float:
    """About how many lines a chapter fills."""
    return sum(_height(e.block) for e in chapter.entries)


def _height(block: Shown) -> float:
    if isinstance(block, Words):
        return sum(1.5 + len(p) // _LINE for p in block.paragraphs)
    if isinstance(block, Table):
        return 3 + sum(1 + max(len(str(c)) for c in row) // 30 for row in block.rows)
    if isinstance(block, Answers):
        own = sum(2 + sum(len(p) // _LINE for p in f.paragraphs) for f in block.facts)
        return 1 + own + sum(_height(group) for group in block.groups)
    if isinstance(block, Tree):
        return 2 + sum(1 + len(branch.text) // _LINE for _, branch, _ in walked(block))
    return {Heading: 2, Finding: 4}.get(type(block), _SHORT + 1)


@dataclass
class _Count:
    """What was given out so far: numbers, bookmarks, sheet names."""

    figures: int = 0
    tables: int = 0
    anchors: set[str] = field(default_factory=set)
    sheets: Placing = field(default_factory=Placing)

    def anchor(self, wish: str) -> str:
        name, n = wish, 2
        while name in self.anchors:
            name, n = f"{wish}-{n}", n + 1
        self.anchors.add(name)
        return name


def _chapter(part: Part, given: _Count) -> Chapter:
    anchor = given.anchor(slug(part.id))
    given.sheets.enter(part.id, part.title, 1)
    entries = tuple(_entries(shown(part.blocks, part.title), anchor, given, {id(b) for b in part.blocks}))
    return Chapter(clean(part.title), anchor, entries, dense=part.dense, listed=part.listed)


def _entries(blocks: Iterable[Shown], part: str, given: _Count, own: set[int]) -> Iterator[Entry[Any]]:
    """``own``: which blocks are the part's own, and not made of its questions."""
    level = 1
    for i, block in enumerate(blocks, 1):
        anchor = given.anchor(f"{part}-{slug(getattr(block, 'id', '') or str(i))}")
        if isinstance(block, Heading):
            level = max(2, min(block.level, level + 1))  # no level is skipped on the way down
            if i == 1:  # the part's own title stands above it already
                block = replace(block, new_page=False)
            given.sheets.enter(block.id, block.text, level)
            yield Entry(block, anchor, level=level)
        elif isinstance(block, Figure):
            given.figures += 1
            yield Entry(block, anchor, label=f"Figure {given.figures}", sheet=given.sheets.place(block.table))
        elif isinstance(block, Table):
            given.tables += 1
            asked = id(block) not in own and block.id.endswith(_OF_ANSWERS)
            sheet = ANSWERS if asked else given.sheets.place(block)
            yield Entry(block, anchor, label=f"Table {given.tables}", sheet=sheet)
        elif isinstance(block, Tree):
            yield Entry(block, anchor, sheet=given.sheets.place(laid_out(block)))
        else:
            yield Entry(block, anchor)


_OF_ANSWERS = ("-answers", "-groups")  # how the ids of tables of answered questions end


def walked(tree: Tree) -> Iterator[tuple[int, Branch, str]]:
    """Every branch in reading order: its level (1 the outermost), itself, and the words of what it hangs on."""

    def below(branches: tuple[Branch, ...], level: int, on: str) -> Iterator[tuple[int, Branch, str]]:
        for branch in branches:
            yield level, branch, on
            yield from below(branch.branches, level + 1, branch.text)

    return below(tree.branches, 1, "")


_TREE_COLUMNS = (
    *(Column("level", "Level"), Column("entry", "Entry"), Column("on", "Hangs on")),
    Column("state", "State"),
)


def laid_out(tree: Tree) -> Table:
    """A nested list as a table of one row a branch, for where nothing can be nested."""
    rows: list[tuple[Cell, ...]] = [
        (level, branch.text, on or "nothing above it", BROKEN if branch.broken else "Whole")
        for level, branch, on in walked(tree)
    ]
    note = "Level 1 hangs on nothing; an entry of a higher level hangs on the nearest one of a lower level above it."
    return Table(tree.id, tree.title, _TREE_COLUMNS, tuple(rows), note=note)


def running_title(document: Document) -> str:
    """The title with the area, unless the title names it already."""
    place = document.area.partition(" (")[0]
    named = not place or place.lower() in document.title.lower()
    return clean(document.title if named else f"{document.title}, {document.area}")


_HEAD_AND_FOOT = 110  # characters that the room at the head or the foot of a page holds


def running_head(document: Document) -> str:
    """The title at the head of every page: short enough to leave the page its room."""
    return short(running_title(document), _HEAD_AND_FOOT)


def running_foot(document: Document) -> str:
    """Revision, date and who saved it at the foot of every page, short enough too."""
    return short(saved_words(document), _HEAD_AND_FOOT)


def closing(document: Document) -> tuple[str, ...]:
    """The lines of attribution that still need a place: none where a part names the sources."""
    return () if any(part.id == "sources" for part in document.parts) else document.attribution


def made_with(document: Document) -> str:
    """What drew the document, or nothing where that is not known."""
    return f"Made with the commissioning workbook {clean(document.version)}" if document.version else ""


def findings(document: Document) -> list[Finding]:
    """Every finding of the document once, those that block sign-off first."""
    blocks = [*document.summary, *(b for part in document.parts for b in part.blocks)]
    once = dict.fromkeys(b for b in blocks if isinstance(b, Finding))
    return sorted(once, key=lambda f: list(SEVERITIES).index(f.severity))


def saved_words(document: Document) -> str:
    """ "Revision 3, saved on 14 May 2026 by A. Planner", or "not yet saved"."""
    if document.saved is None:
        return f"Revision {document.revision}, not yet saved"
    by = f" by {clean(document.saved_by)}" if document.saved_by else ""
    return f"Revision {document.revision}, saved on {day(document.saved)}{by}"


def status_words(document: Document) -> str:
    """The status as a sentence a reader cannot miss."""
    said = {
        "DRAFT": "DRAFT: not signed off, not for decision",
        "FOR SIGN-OFF": "For sign-off: no finding blocks this plan",
        "SIGNED OFF": "Signed off",
    }.get(document.status, document.status)
    return f"{said}; {document.besides}" if document.besides else said


def moment(document: Document) -> datetime:
    """The time that goes into a file's own dates; fixed where the plan was never saved."""
    saved = document.saved or datetime(1980, 1, 1, tzinfo=UTC)
    return (saved if saved.tzinfo else saved.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
