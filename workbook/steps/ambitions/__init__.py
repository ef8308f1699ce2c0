"""Step 2: five-year ambitions: for each bound measure the lines it could follow, and the level chosen."""

from __future__ import annotations

from workbook.blocks import Block, Heading, Result, Step, Words
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.ambitions import desk, level, measures, people, schemes
from workbook.steps.ambitions.measures import title_of
from workbook.steps.ambitions.results import results_of
from workbook.steps.lines import Outlook, outlook
from workbook.steps.standing import peers_of

__all__ = ["ambitions", "title_of"]

_ASKED = (
    "measure",
    "line",
    "levels",
    "in_words",
    "proxy",
    "proxy_reason",
    "reason",
    "second_reason",
    "must_be_true",
    "owner",
    "priorities",
)
_SHOWN = ("measure", "line", "levels")  # the words and the table of an ambition say these too
_STANDS_IN = ("proxy", "proxy_reason")  # asked where the ambition is in words


def ambitions(plan: Plan, reference: Reference) -> Step:
    """The seven ambitions, each with its measures, its lines, its level, its schemes, its owner and its reason."""
    from workbook.steps.thread import of_step

    group = peers_of(plan, reference)
    outlooks = [outlook(plan, reference, a, group) for a in plan.ambitions.items]
    results: list[Result] = []
    blocks: list[Block] = [
        Words(
            (
                "Seven ambitions for five years (Commissioning for outcomes, 2014), on five outcome domains. Every "
                "measure they had then has been replaced or broken, so each is bound to a figure you choose. The "
                "lines below are possible ways for the figure to go; none of them is the answer.",
            )
        )
    ]
    for index, anchor in enumerate(_anchors(plan)):
        blocks += _ambition(plan, reference, index, anchor, outlooks[index], results)
        blocks += measures.stand_in(plan, reference, plan.ambitions.items[index], anchor, group)
        blocks += _questions(plan, reference, index, bool(outlooks[index]))
    blocks += [
        *schemes.which(plan, reference),
        *people.citizens(plan, reference),
        *people.local_framework(plan, reference),
        *people.advice(plan, reference, outlooks),
        *of_step(plan, reference, "ambitions"),
    ]
    used = [a.measure for a, found in zip(plan.ambitions.items, outlooks, strict=True) if found]
    used += [a.proxy for a in plan.ambitions.items if a.proxy and a.proxy in reference.available()]
    return Step("ambitions", "Five-year ambitions", tuple(blocks), tuple(results), tuple(dict.fromkeys(used)))


def _anchors(plan: Plan) -> list[str]:
    """The number of each ambition; a number that stands twice is told apart by its place."""
    numbers = [a.number for a in plan.ambitions.items]
    return [f"{n}-{i}" if n in numbers[:i] else str(n) for i, n in enumerate(numbers)]


def _ambition(
    plan: Plan,
    reference: Reference,
    index: int,
    anchor: str,
    found: Outlook | None,
    results: list[Result],
) -> list[Block]:
    ambition = plan.ambitions.items[index]
    blocks: list[Block] = [
        Heading(f"Ambition {ambition.number}: {title_of(reference, ambition.number)}", f"ambition-{anchor}"),
        *measures.then_and_now(plan, reference, ambition, anchor),
    ]
    if found is None:
        return [*blocks, measures.without_figures(plan, reference, ambition)]
    results.extend(results_of(found, anchor))
    return [
        *blocks,
        *desk.side_by_side(plan, reference, found, anchor),
        *level.chosen(plan, found, anchor),
        *schemes.delivered(plan, found, anchor),
    ]


def _questions(plan: Plan, reference: Reference, index: int, figures: bool) -> list[Block]:
    ambition: Ambition = plan.ambitions.items[index]
    in_words = not ambition.measure or ambition.number in measures.IN_WORDS or bool(ambition.proxy)
    return [
        asking.ask(
            plan,
            reference,
            f"/ambitions/items/{index}/{name}",
            prompt=f"Ambition {ambition.number}: levels by year" if name == "levels" else "",
            detail=figures and name in _SHOWN,
        )
        for name in _ASKED
        if in_words or name not in _STANDS_IN
    ]
