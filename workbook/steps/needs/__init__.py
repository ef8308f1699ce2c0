"""Step 1: needs assessment, along the four questions of a vision (CST-05)."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from workbook.blocks import Block
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.naming import called
from workbook.steps.needs import (
    gradients,
    inequality,
    opportunities,
    performance,
    returned,
    segments,
    shortlist,
    sources,
    spend,
    transform,
    vision,
    wants,
)
from workbook.steps.parts import Assembly, Desk, Part, Work
from workbook.steps.standing import Peers, Standing, describes, peers_of, standing


class _Desk(Desk):
    """What the parts share: the comparable areas, how each figure stands beside them, and by deprivation."""

    @cached_property
    def group(self) -> Peers:
        return peers_of(self.plan, self.reference)

    @cached_property
    def standings(self) -> list[Standing]:
        return _standings(self.plan, self.reference, self.group)

    @cached_property
    def gradients(self) -> list[gradients.Gradient]:
        return gradients.gradients(self.plan, self.reference, self.standings)


def _question(number: int, name: str, work: Work) -> Part:
    """The part that begins one of the four questions, with the question below its heading."""
    return Part(name, lambda d, results: vision.framed(d.reference, number, work(d, results)))


# What the population wants and needs, how services do, whom it concerns, what could change.
_PARTS = (
    _question(1, "wants", lambda d, results: wants.part(d.plan, d.reference, results)),
    _question(
        2,
        "performance",
        lambda d, results: performance.part(d.plan, d.reference, d.group, d.standings, results),
    ),
    Part(
        "inequality",
        lambda d, results: inequality.part(d.plan, d.reference, d.standings, d.gradients, results),
    ),
    Part(
        "spend", lambda d, _: [*spend.part(d.plan, d.reference, d.group), *sources.spend(d.plan, d.reference)]
    ),
    _question(3, "segments", lambda d, results: segments.part(d.plan, d.reference, results)),
    Part("returned", lambda d, _: returned.part(d.plan)),
    _question(
        4,
        "opportunities",
        lambda d, results: opportunities.part(d.plan, d.reference, d.standings, results),
    ),
    Part("transform", lambda d, _: transform.part(d.plan, d.reference)),
    Part(
        "shortlist",
        lambda d, results: shortlist.part(d.plan, d.reference, d.standings, d.gradients, results),
    ),
    Part("answers", lambda d, _: vision.answers(d.plan, d.reference)),
    Part("sources", lambda d, _: sources.part(d.reference)),
    Part("local", lambda d, _: asking.local(d.plan, d.reference, "needs")),
    Part("findings", lambda d, _: _findings(d)),
)


def _findings(desk: Desk) -> list[Block]:
    from workbook.steps.thread import of_step

    return of_step(desk.plan, desk.reference, "needs")


needs = Assembly(
    "needs",
    "Needs assessment",
    _Desk,
    lambda desk: _PARTS,
    lambda desk: (*(s.indicator.id for s in desk.standings), *desk.group.series),
)


def _standings(plan: Plan, reference: Reference, group: Peers) -> list[Standing]:
    wanted = plan.needs.indicators or _default_indicators(plan, reference)
    held = set(reference.available(plan.area.code))
    found = [standing(plan, reference, i, group) for i in wanted if i in held]
    return [replace(s, indicator=called(plan, s.indicator)) for s in found if s is not None]


def _default_indicators(plan: Plan, reference: Reference) -> list[str]:
    """The measures of the ambitions first, then every other figure on hand for the area."""
    bound = [a.measure for a in plan.ambitions.items if a.measure]
    named = [i for p in plan.needs.priorities for i in p.indicators]
    held = [i for i in reference.available(plan.area.code) if not describes(reference.indicator(i))]
    return list(dict.fromkeys([*bound, *named, *held]))
