"""The case for change as a document of its own: five items, told from the plan, with the pictures that carry them.

What the plan's page drafted stands here as it was recorded; pictures and tables come from the steps that worked them
out, so that nothing is worked out or drawn a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbook.blocks import Block, Figure, Heading, Question, Step, Table, Words
from workbook.pack.documents.common import in_prose, made, sections, sources_part
from workbook.plan.model import Plan
from workbook.render.document import Document, Part, placed
from workbook.steps.case import how_to_answer

_TITLE = "Case for change"

# What carries each item: figures and tables by their ids, from the step that made them. A name that
# ends in "*" is the first that begins with it.
_SHOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "case-1": (("needs", "spine"), ("needs", "voices"), ("needs", "gradient-*")),
    "case-2": (("plan", "ambitions"), ("budget", "waterfall")),
    "case-3": (("budget", "gap-range"),),
    "case-5": (("budget", "fund-pots"), ("budget", "exposure")),
}


def case(plan: Plan, steps: Mapping[str, Step], reference: Any, beside: Document | None = None) -> Document:
    """The case for change of a plan: what it is, its five items, who signs, where the figures come from.

    ``beside``: the document whose spreadsheet holds the figures behind the pictures.
    """
    step = steps["plan"]
    items = {id: below for id, below in sections(step, 3).items() if id.startswith("case-")}
    sources = reference.sources(list(steps["needs"].series) + list(steps["ambitions"].series))
    title = f"{_TITLE}: {plan.area.name}"
    parts = [_part(number, id, *found, steps) for number, (id, found) in enumerate(items.items(), 1)]
    parts += [_behind(step), sources_part(sources)]
    document = replace(made(plan, steps, title, _front(plan, step), parts, sources), flowing=True)
    return replace(document, placed=placed(beside)) if beside else document


def _front(plan: Plan, step: Step) -> Iterator[Block]:
    """What this document is, whether it needs consultation, and how to answer it."""
    if plan.vision.statement:
        yield Words((plan.vision.statement,), "lead")
    _, below = sections(step).get("case", (None, ()))
    yield from (b for b in below[:1] if isinstance(b, Words))
    yield Words((how_to_answer(plan),))
    if facts := _find([step], "plan-facts", Table):
        yield facts


def _part(number: int, id: str, heading: Heading, below: Sequence[Block], steps: Mapping[str, Step]) -> Part:
    """One item: its draft, what somebody added in words of their own, the pictures that carry it."""
    drafted = [b for b in below if not isinstance(b, Question)]
    own = [b for b in below if isinstance(b, Question) and b.kind == "check"]
    return Part(id, f"{number}. {heading.text}", (*drafted, *_own_words(own), *_carried(id, steps)))


def _carried(id: str, steps: Mapping[str, Step]) -> Iterator[Block]:
    for step_id, name in _SHOWN.get(id, ()):
        found = _find([steps[step_id]], name, (Figure, Table)) if step_id in steps else None
        if found is not None:
            yield found


def _own_words(asked: Iterable[Question]) -> Iterator[Block]:
    """What was added to an item, with what shows it, who answers for it and by when."""
    for question in asked:
        given: dict[str, str] = question.answer or {}
        if answer := given.get("answer"):
            yield Words(tuple(answer.split("\n\n")))
        facts = [f"{label}: {given[key]}" for key, label in _BESIDE if given.get(key)]
        if facts:
            yield Words((f"{'. '.join(facts)}.",), "note")


_BESIDE = (("evidence", "Evidence"), ("owner", "Who answers for it"), ("due", "To be settled by"))


def _find(steps: Iterable[Step], name: str, kind: Any) -> Any:
    """The first block of a kind whose id is the name, or begins with it where that ends in "*"."""
    start = name.removesuffix("*")
    for step in steps:
        for block in step.blocks:
            if isinstance(block, kind) and (
                block.id == start or (name != start and block.id.startswith(start))
            ):
                return block
    return None


def _behind(step: Step) -> Part:
    """Uncertainty, limits, how long it holds and who has signed, as the plan says it."""
    found = sections(step)
    blocks: list[Block] = []
    for id in ("uncertainty-statement", "limits", "validity", "sign-off"):
        if id in found:
            heading, below = found[id]
            blocks += [Heading(heading.text, f"behind-{id}", 2), *in_prose(below)]
    return Part("behind", "What stands behind this case", tuple(blocks))
