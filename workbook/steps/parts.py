"""A step is put together from parts: each a function of what the parts of that step share that gives neighbouring blocks.

A part can be worked out without the others. After a change the guide works out those that hold what a person looks at
(:func:`glance`), shows them, and then the whole step; what a part gave is not worked out a second time for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from workbook.blocks import Block, Figure, Heading, Question, Result, Step, Table
from workbook.steps.kept import once

if TYPE_CHECKING:
    from workbook.plan import Plan
    from workbook.reference import Reference

Results = list[Result]
Work = Callable[[Any, Results], Sequence[Block]]


class Desk:
    """What the parts of a step share, each thing worked out when the first of them asks for it."""

    def __init__(self, plan: Plan, reference: Reference) -> None:
        self.plan = plan
        self.reference = reference


@dataclass(frozen=True)
class Part:
    """Neighbouring blocks of a step: a name that is the step's only one, and how they are worked out.

    ``work`` takes the step's desk and a list for the figures it records.
    """

    name: str
    work: Work


@dataclass(frozen=True)
class Made:
    """What a part gave."""

    name: str
    blocks: tuple[Block, ...]
    results: tuple[Result, ...] = ()
    seconds: float = field(default=0.0, compare=False)  # how long it took


@dataclass(frozen=True)
class Assembly:
    """How a step is put together: what its parts share, which they are for a plan, and which series it used."""

    id: str
    title: str
    desk: Callable[[Plan, Reference], Desk]
    parts: Callable[[Any], Sequence[Part]]
    used: Callable[[Any], Sequence[str]] = lambda desk: ()

    def __call__(self, plan: Plan, reference: Reference) -> Step:
        """The step of a plan."""
        return self.whole(plan, reference).step

    def whole(self, plan: Plan, reference: Reference) -> Worked:
        """The step with what each of its parts gave."""
        desk = self._shared(plan, reference)
        made = tuple(self._made(desk, part) for part in self.parts(desk))
        results = tuple(result for one in made for result in one.results)
        return Worked(self._step(made, results, tuple(self.used(desk))), made)

    def some(self, plan: Plan, reference: Reference, names: Sequence[str]) -> dict[str, Made] | None:
        """The parts of these names; None where the plan does not give all of them."""
        desk = self._shared(plan, reference)
        found = {part.name: part for part in self.parts(desk)}
        if not set(names) <= set(found):
            return None
        return {name: self._made(desk, found[name]) for name in names}

    def owns(self, key: tuple[Hashable, ...]) -> bool:
        """Whether something was kept for the parts of this step alone, and not for other steps of the plan."""
        return key[:2] in (("desk", self.id), ("part", self.id))

    def _step(self, made: Sequence[Made], results: tuple[Result, ...], used: tuple[str, ...]) -> Step:
        return Step(self.id, self.title, tuple(block for one in made for block in one.blocks), results, used)

    def _shared(self, plan: Plan, reference: Reference) -> Desk:
        return once(plan, reference, ("desk", self.id), lambda: self.desk(plan, reference))

    def _made(self, desk: Desk, part: Part) -> Made:
        key: tuple[Hashable, ...] = ("part", self.id, part.name)
        return once(desk.plan, desk.reference, key, lambda: _made(desk, part))


def _made(desk: Desk, part: Part) -> Made:
    began = time.perf_counter()
    results: Results = []
    blocks = tuple(part.work(desk, results))
    return Made(part.name, blocks, tuple(results), time.perf_counter() - began)


@dataclass(frozen=True)
class Worked:
    """A step and what its parts gave, in order; a step without parts has none."""

    step: Step
    parts: tuple[Made, ...] = ()

    def among(self, places: range) -> tuple[Made, ...]:
        """The parts that hold blocks at these places of the step."""
        ends = accumulate(len(part.blocks) for part in self.parts)
        spans = ((part, end - len(part.blocks), end) for part, end in zip(self.parts, ends, strict=True))
        return tuple(part for part, first, end in spans if first < places.stop and places.start < end)

    def places(self, names: Sequence[str]) -> frozenset[int]:
        """Where the blocks of these parts stand in the step."""
        found: set[int] = set()
        first = 0
        for part in self.parts:
            if part.name in names:
                found.update(range(first, first + len(part.blocks)))
            first += len(part.blocks)
        return frozenset(found)

    def with_parts(self, other: dict[str, Made]) -> Worked | None:
        """The step with other ones in the place of some parts; None where blocks came, went or changed their names."""
        parts = tuple(other.get(part.name, part) for part in self.parts)
        if any(_names(a) != _names(b) for a, b in zip(parts, self.parts, strict=True) if a is not b):
            return None
        blocks = tuple(block for part in parts for block in part.blocks)
        return Worked(Step(self.step.id, self.step.title, blocks, self.step.results, self.step.series), parts)


def _names(part: Made) -> list[tuple[str, str]]:
    return [(type(block).__name__, _name(block)) for block in part.blocks]


def _name(block: Block) -> str:
    if isinstance(block, (Heading, Table, Figure)):
        return block.id
    return block.path if isinstance(block, Question) else ""
