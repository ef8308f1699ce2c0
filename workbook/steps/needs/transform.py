"""Question 4, the rest: what is coming, what the area already has, and which needs come first."""

from __future__ import annotations

from workbook.blocks import Block, Heading, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking


def part(plan: Plan, reference: Reference) -> list[Block]:
    return [*_horizon(plan, reference), *_assets(plan, reference), *_priorities(plan, reference)]


def _horizon(plan: Plan, reference: Reference) -> list[Block]:
    framework = reference.framework("CST-10")
    return [
        Heading("What is coming", "horizon", 3),
        asking.about(framework),
        *asking.bank(plan, framework, "/needs/answers", asking.priorities(plan)),
    ]


def _assets(plan: Plan, reference: Reference) -> list[Block]:
    framework = reference.framework("CST-12")
    return [
        Heading("What is here already", "assets", 3),
        asking.about(framework),
        *asking.bank(plan, framework, "/needs/answers", asking.priorities(plan)),
    ]


def _priorities(plan: Plan, reference: Reference) -> list[Block]:
    return [
        Heading("Priorities", "priorities", 3),
        Words(("Choose few, and say why. Each should show in a figure, in what people said, or both.",)),
        asking.ask(plan, reference, "/needs/priorities"),
    ]
