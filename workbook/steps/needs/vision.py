"""The four questions of a vision (CST-05): answered first, for who reads only a page; each then opens its part."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.blocks import Block, Heading, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking


def answers(plan: Plan, reference: Reference) -> list[Block]:
    """The answers to all four in the planner's own words, and where on the page their ground stands."""
    framework = reference.framework("CST-05")
    asked = asking.bank(plan, framework, "/needs/answers", asking.priorities(plan))
    open_ones = not any(asking.answered(question) for question in asked)
    return [
        Heading("The four questions in short", "in-answer"),
        *([Words((_LATER,))] if open_ones else []),
        *asked,
    ]


_LATER = "Answer these last, in your own words, once the four parts before have been read."


def framed(reference: Reference, number: int, blocks: Sequence[Block]) -> list[Block]:
    """A part of the page with its question after the heading."""
    framework = reference.framework("CST-05")
    item = framework.items[number - 1]
    heading, rest = blocks[0], blocks[1:]
    assert isinstance(heading, Heading)
    question = f"Question {number} of {len(framework.items)}: {item.label[:1].lower()}{item.label[1:]}"
    return [heading, Words((question,), "lead"), *rest]
