"""Step 2: five-year ambitions: for each bound measure the lines it could follow, and the level chosen."""

from __future__ import annotations

from workbook.blocks import Block, Heading, Result, Step, Words
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.ambitions import desk, level, measures, people, reading, schemes
from workbook.steps.ambitions.answers import answers
from workbook.steps.ambitions.measures import title_of
from workbook.steps.ambitions.results import results_of
from workbook.steps.lines import Outlook, outlook
from workbook.steps.standing import Peers, peers_of

__all__ = ["ambitions", "title_of"]

_FIRST = ("measure", "line", "levels", "in_words", "proxy", "proxy_reason")
_THEN = ("reason", "second_reason", "must_be_true", "owner", "priorities")
_SHOWN = ("measure", "line", "levels")  # the words and the table of an ambition say these too
_OF_A_FIGURE = ("line", "levels", "second_reason")  # asked once there is a measure
_STANDS_IN = ("proxy", "proxy_reason")  # asked where the ambition is in words


def ambitions(plan: Plan, reference: Reference) -> Step:
    """The seven ambitions, each with its measure, its lines, its level, its schemes, its owner and its reason."""
    from workbook.steps.thread import of_step

    group = peers_of(plan, reference)
    outlooks = [outlook(plan, reference, a, group) for a in plan.ambitions.items]
    results: list[Result] = []
    blocks: list[Block] = [
        Words(
            (
                "Seven ambitions for five years (Commissioning for outcomes, 2014), on five outcome domains. Every "
                "measure they had then has been replaced or broken, so each is bound to a figure you choose. The "
                "lines are possible ways for the figure to go; none of them is the answer.",
            )
        ),
        *reading.guide(plan, reference, outlooks),
        *(
            []
            if outlooks
            else [Words(("The plan holds no ambition. A new plan begins with all seven.",), "note")]
        ),
    ]
    for index, anchor in enumerate(_anchors(plan)):
        blocks += _ambition(plan, reference, index, anchor, outlooks[index], group)
        if found := outlooks[index]:
            results += results_of(found, anchor)
    blocks += [
        *people.citizens(plan, reference),
        *people.local_framework(plan, reference),
        *people.advice(plan, reference, outlooks),
        *measures.then_and_now(plan, reference),
        *schemes.which(plan, reference),
        *asking.local(plan, reference, "ambitions"),
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
    plan: Plan, reference: Reference, index: int, anchor: str, found: Outlook | None, group: Peers
) -> list[Block]:
    """One ambition: figure and picture, the answers, the table, the questions, and last the details."""
    ambition = plan.ambitions.items[index]
    blocks: list[Block] = [
        Heading(f"Ambition {ambition.number}: {title_of(reference, ambition.number)}", f"ambition-{anchor}")
    ]
    about = measures.introduced(plan, reference, ambition)
    stands_in = measures.stand_in(plan, reference, ambition, anchor, group)
    if found is None:
        none = measures.without_figures(plan, reference, ambition)
        first, then = (
            _questions(plan, reference, index, False, _FIRST),
            _questions(plan, reference, index, False, _THEN),
        )
        return [*blocks, Words((about,)), none, *first, *stands_in, *then]
    return [
        *blocks,
        *desk.where(plan, reference, found, anchor, about),
        answers(reference, found),
        desk.line_table(found, anchor),
        *stands_in,
        *_questions(plan, reference, index, True, (*_FIRST, *_THEN)),
        *_details(found, anchor),
    ]


def _details(found: Outlook, anchor: str) -> list[Block]:
    """What stands behind the answers on the schemes and on the way there."""
    blocks = [
        *schemes.delivered(found, anchor),
        *level.waypoints(found, anchor),
        *schemes.waterfall(found, anchor),
    ]
    return [Heading("Schemes and waypoints", f"details-{anchor}", 3), *blocks] if blocks else []


def _questions(
    plan: Plan, reference: Reference, index: int, figures: bool, names: tuple[str, ...]
) -> list[Block]:
    ambition: Ambition = plan.ambitions.items[index]
    return [
        asking.ask(
            plan,
            reference,
            f"/ambitions/items/{index}/{name}",
            prompt=f"Ambition {ambition.number}: levels by year" if name == "levels" else "",
            detail=figures and name in _SHOWN,
        )
        for name in names
        if _fits(ambition, name)
    ]


def _fits(ambition: Ambition, name: str) -> bool:
    """Whether a question makes sense for the ambition; what it holds already is always shown."""
    if getattr(ambition, name):
        return True
    if name in _OF_A_FIGURE:
        return bool(ambition.measure)
    in_words = not ambition.measure or ambition.number in measures.IN_WORDS
    return in_words or name not in _STANDS_IN
