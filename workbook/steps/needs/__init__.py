"""Step 1: needs assessment, along the four questions of a vision (CST-05)."""

from __future__ import annotations

from dataclasses import replace

from workbook.blocks import Block, Result, Step
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
from workbook.steps.standing import Peers, Standing, describes, peers_of, standing


def needs(plan: Plan, reference: Reference) -> Step:
    """What the population wants and needs, how services do, whom it concerns, what could change."""
    from workbook.steps.thread import of_step

    group = peers_of(plan, reference)
    standings = _standings(plan, reference, group)
    by_deprivation = gradients.gradients(plan, reference, standings)
    results: list[Result] = []
    parts: list[list[Block]] = [
        wants.part(plan, reference, results),
        [
            *performance.part(plan, reference, group, standings, results),
            *inequality.part(plan, reference, standings, by_deprivation, results),
            *spend.part(plan, reference, group),
            *sources.spend(plan, reference),
        ],
        [*segments.part(plan, reference, results), *returned.part(plan)],
        [
            *opportunities.part(plan, reference, standings, results),
            *transform.part(plan, reference),
            *shortlist.part(plan, reference, standings, by_deprivation, results),
        ],
    ]
    blocks = [block for n, part in enumerate(parts, 1) for block in vision.framed(reference, n, part)]
    used = (*(s.indicator.id for s in standings), *group.series)
    return Step(
        "needs",
        "Needs assessment",
        (
            *blocks,
            *vision.answers(plan, reference),
            *sources.part(reference),
            *asking.local(plan, reference, "needs"),
            *of_step(plan, reference, "needs"),
        ),
        tuple(results),
        used,
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
