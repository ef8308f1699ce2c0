"""A step is shown one view at a time: a section of it, or a part of a section where that is long.

A person sees one group of questions with the charts and tables that belong to it, and moves on; the whole step
stands on one page where somebody asks for it (:data:`WHOLE`), to print it or to search in it. A view is named by the
id of the heading it begins with, so its address stays the same while the plan grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile

from workbook.blocks import Block, Figure, Heading, Question, Step, Table
from workbook.guide.drawing import forms, later
from workbook.steps import asking

WHOLE = "all"
_SHORT_STEP = 12  # questions, charts and tables; a step with no more of them is one view
_LONG_SECTION = 8  # the same of a section; one with more is shown part by part


@dataclass(frozen=True)
class View:
    """Neighbouring blocks of a step; ``section`` is the title of the section that the view is a part of, or ""."""

    id: str
    title: str
    section: str
    blocks: tuple[Block, ...]
    first: int  # the place of the first of them among the blocks of the step

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Question))

    @property
    def span(self) -> range:
        """The places of the blocks among those of the step."""
        return range(self.first, self.first + len(self.blocks))

    @cached_property
    def answered(self) -> tuple[int, int]:
        """How many of its questions are answered, and how many there are."""
        return sum(map(asking.answered, self.questions)), len(self.questions)

    @cached_property
    def lacking(self) -> int:
        """How many answers are needed and not given."""
        return sum(len(asking.open_required(question)) for question in self.questions)


class Views:
    """The views of a step in reading order; one alone where the step is short."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.all = _views(step)
        self._at: dict[str, View] = {}
        for view in self.all:
            for question in view.questions:
                inside = forms.paths(question) if question.kind == "group" else [question.path]
                for place in inside:
                    self._at.setdefault(place, view)
        for view in self.all:  # an entry of which only parts are asked is where the first of them is
            for question in view.questions:
                entry = later.entry_of(question.path)
                if entry and self.asking(entry) is None:
                    self._at[entry] = view

    def asking(self, place: str) -> View | None:
        """The view that holds the question for a place of the plan, or for what lies above it."""
        while place and place not in self._at:
            place = place.rpartition("/")[0]
        return self._at.get(place)

    def chosen(self, wanted: str, at: str = "") -> View:
        """The view of that id, or the one that asks for the place ``at``, or the first."""
        if wanted == WHOLE:
            return View(WHOLE, self.step.title, "", self.step.blocks, 0)
        named = next((view for view in self.all if view.id == wanted), self.all[0])
        return self.asking(at) or named

    def neighbours(self, view: View) -> tuple[View | None, View | None]:
        """The views before and after one; none of the whole step."""
        n = self.number(view)
        if not n:
            return None, None
        return (self.all[n - 2] if n > 1 else None), (self.all[n] if n < len(self.all) else None)

    def number(self, view: View) -> int:
        """Where a view stands among them, from 1; 0 for the whole step."""
        return next((n for n, other in enumerate(self.all, start=1) if other.id == view.id), 0)


def _views(step: Step) -> tuple[View, ...]:
    if _weight(step.blocks) <= _SHORT_STEP:
        return (View(WHOLE, step.title, "", step.blocks, 0),)
    sections = _split(step.blocks, 0, 2)
    while len(sections) > 1 and not _weight(sections[0][1]):  # words that lead into the first section
        sections[:2] = [(0, sections[0][1] + sections[1][1])]
    return tuple(view for first, blocks in sections for view in _section(first, blocks))


def _section(first: int, blocks: tuple[Block, ...]) -> list[View]:
    """The views of a section; its heading is the last of those before its first question, chart or table."""
    opening = takewhile(lambda b: not _weight((b,)), blocks)
    above = [b for b in opening if isinstance(b, Heading) and b.level == 2]
    section = above[-1] if above else Heading("Overview", "overview")
    parts = _split(blocks, first, 3) if _weight(blocks) > _LONG_SECTION else [(first, blocks)]
    headings = [section, *(part[0] for _, part in parts[1:])]
    if len(parts) > 1 and not _weight(parts[0][1]):  # words that lead into the first part
        parts[:2] = [(first, parts[0][1] + parts[1][1])]
        del headings[0]
    return [
        View(
            heading.id,
            within(section.text, heading.text),
            "" if heading is section else section.text,
            part,
            at,
        )
        for heading, (at, part) in zip(headings, parts, strict=True)
        if isinstance(heading, Heading)
    ]


def within(section: str, heading: str) -> str:
    """A heading as it reads below its section, whose name it need not repeat: "Ward 9: the tests" is "The tests"."""
    rest = heading.removeprefix(f"{section}: ")
    return rest[:1].upper() + rest[1:]


def _split(blocks: tuple[Block, ...], first: int, level: int) -> list[tuple[int, tuple[Block, ...]]]:
    """The blocks cut before each heading of a level, with the place of the first block of each piece."""
    cuts = [n for n, b in enumerate(blocks) if n and isinstance(b, Heading) and b.level == level]
    return [(first + a, blocks[a:b]) for a, b in pairwise([0, *cuts, len(blocks)])]


def _weight(blocks: tuple[Block, ...]) -> int:
    return sum(isinstance(b, (Question, Figure, Table)) for b in blocks)
