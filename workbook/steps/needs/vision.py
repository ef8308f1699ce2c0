"""The four questions of a vision (CST-05): each part of the page opens with one and ends with its answer."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.blocks import Block, Heading, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking


def framed(plan: Plan, reference: Reference, number: int, blocks: Sequence[Block]) -> list[Block]:
    """A part of the page with its question after the heading, and the answer asked at its end."""
    framework = reference.framework("CST-05")
    item = framework.items[number - 1]
    heading, rest = blocks[0], blocks[1:]
    assert isinstance(heading, Heading)
    question = f"Question {number} of {len(framework.items)}: {item.label[:1].lower()}{item.label[1:]}"
    return [
        heading,
        Words((question,), "lead"),
        *([asking.about(framework)] if number == 1 else []),
        *rest,
        Heading("What this says, in your words", f"vision-{number}", 3),
        *asking.one(plan, framework, item.id, "/needs/answers", asking.priorities(plan)),
    ]
