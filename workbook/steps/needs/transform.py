"""Question 4, the middle: what is coming, how neighbours may join, and what the area already has."""

from __future__ import annotations

from workbook.blocks import Block, Heading, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking


def part(plan: Plan, reference: Reference) -> list[Block]:
    """The questions on what is coming, a line on commissioning with neighbours, and the questions on what is here already."""
    links = asking.priorities(plan)
    scan, assets = reference.framework("CST-10"), reference.framework("CST-12")
    return [
        Heading("What is coming, and what others do", "horizon", 3),
        *asking.bank(plan, scan, "/needs/answers", links),
        _together(reference),
        Heading("What is here already", "assets", 3),
        *asking.bank(plan, assets, "/needs/answers", links),
    ]


def _together(reference: Reference) -> Words:
    """Commissioning with neighbours is settled elsewhere; here it stands as one more place where change may come from."""
    framework = reference.framework("CST-11")
    question = framework.items[0].label
    return Words(
        (
            f"One more way, commissioning with neighbours, belongs to governance ({framework.id}): "
            f"{question[:1].lower()}{question[1:]} {framework.today}",
        ),
        "note",
    )
