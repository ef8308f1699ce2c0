"""Step 2: five-year ambitions: for each bound measure the lines it could follow, and the level chosen."""

from __future__ import annotations

from functools import cached_property, partial

from workbook.blocks import Block, Heading, Words
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.ambitions import desk, level, measures, people, reading, schemes
from workbook.steps.ambitions.answers import answers
from workbook.steps.ambitions.measures import title_of
from workbook.steps.ambitions.results import results_of
from workbook.steps.lines import Outlook, outlook
from workbook.steps.parts import Assembly, Desk, Part, Results
from workbook.steps.standing import Peers, peers_of

__all__ = ["ambitions", "title_of"]

_FIRST = ("measure", "line", "levels", "in_words", "proxy", "proxy_reason")
_THEN = ("reason", "second_reason", "must_be_true", "owner", "priorities")
_SHOWN = ("measure", "line", "levels")  # the words and the table of an ambition say these too
_OF_A_FIGURE = ("line", "levels", "second_reason")  # asked once there is a measure
_STANDS_IN = ("proxy", "proxy_reason")  # asked where the ambition is in words


class _Desk(Desk):
    """What the parts share: the comparable areas, and the lines of each ambition, worked out when one is asked for."""

    @cached_property
    def group(self) -> Peers:
        return peers_of(self.plan, self.reference)

    @cached_property
    def outlooks(self) -> list[Outlook | None]:
        return [self.outlook(index) for index in range(len(self.plan.ambitions.items))]

    def outlook(self, index: int) -> Outlook | None:
        return outlook(self.plan, self.reference, self.plan.ambitions.items[index], self.group)


def _parts(desk: _Desk) -> list[Part]:
    """The seven ambitions, each with its measure, its lines, its level, its schemes, its owner and its reason."""
    each = [
        Part(f"ambition-{anchor}", partial(_one, index=index, anchor=anchor))
        for index, anchor in enumerate(_anchors(desk.plan))
    ]
    return [Part("opening", lambda d, _: _opening(d)), *each, *_AFTER]


_AFTER = (
    Part("citizens", lambda d, _: people.citizens(d.plan, d.reference)),
    Part("local-framework", lambda d, _: people.local_framework(d.plan, d.reference)),
    Part("advice", lambda d, _: people.advice(d.plan, d.reference, d.outlooks)),
    Part("then-and-now", lambda d, _: measures.then_and_now(d.plan, d.reference)),
    Part("which-schemes", lambda d, _: schemes.which(d.plan, d.reference)),
    Part("local", lambda d, _: asking.local(d.plan, d.reference, "ambitions")),
    Part("findings", lambda d, _: _findings(d)),
)


def _findings(desk: Desk) -> list[Block]:
    from workbook.steps.thread import of_step

    return of_step(desk.plan, desk.reference, "ambitions")


def _opening(desk: _Desk) -> list[Block]:
    none = Words(("The plan holds no ambition. A new plan begins with all seven.",), "note")
    return [
        Words(
            (
                "Seven ambitions for five years (Commissioning for outcomes, 2014), on five outcome domains. Every "
                "measure they had then has been replaced or broken, so each is bound to a figure you choose. The "
                "lines are possible ways for the figure to go; none of them is the answer.",
            )
        ),
        *reading.guide(desk.plan, desk.reference, desk.outlooks),
        *([] if desk.outlooks else [none]),
    ]


def _one(desk: _Desk, results: Results, index: int, anchor: str) -> list[Block]:
    found = desk.outlook(index)
    if found is not None:
        results += results_of(found, anchor)
    return _ambition(desk.plan, desk.reference, index, anchor, found, desk.group)


def _used(desk: _Desk) -> tuple[str, ...]:
    """The figures that the ambitions are measured by, or that stand in."""
    items = desk.plan.ambitions.items
    used = [a.measure for a, found in zip(items, desk.outlooks, strict=True) if found]
    used += [a.proxy for a in items if a.proxy and a.proxy in desk.reference.available()]
    return tuple(dict.fromkeys(used))


ambitions = Assembly("ambitions", "Five-year ambitions", _Desk, _parts, _used)


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
