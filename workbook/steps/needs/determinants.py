"""What drives the priorities, and at which levels they are acted on (ODR-11)."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Words, table
from workbook.plan import Plan
from workbook.reference import FrameworkItem, Reference
from workbook.steps import asking
from workbook.words import listed

_GROUPS = ("determinants", "levels for action", "units of focus")
HEALTH_CARE = "ODR-11.d4"


def items(reference: Reference, group: str) -> list[FrameworkItem]:
    return [i for i in reference.framework("ODR-11").items if i.group == group]


def acted_on(plan: Plan, reference: Reference) -> list[Block]:
    """Priorities by what drives them; the three lists of the framework in one sentence each."""
    framework = reference.framework("ODR-11")
    determinants, levels, focus = (items(reference, group) for group in _GROUPS)
    return [
        Heading("What drives the priorities, and where they are acted on", "determinants", 3),
        Words(
            (
                f"Health is made by more than health care. What drives it: {_labels(determinants)}. "
                f"Levels to act at: {_labels(levels)}. Whom an action is for: {_labels(focus)}.",
            )
        ),
        *_matrix(plan, determinants, levels, focus),
        asking.about(framework),
    ]


def _labels(found: list[FrameworkItem]) -> str:
    return listed(item.label.lower() for item in found)


def _matrix(
    plan: Plan, determinants: list[FrameworkItem], levels: list[FrameworkItem], focus: list[FrameworkItem]
) -> list[Block]:
    if not plan.needs.priorities:
        return []
    columns = [
        Column("title", "Priority"),
        *(Column(item.id, item.label) for item in determinants),
        Column("levels", "Acted on at"),
        Column("focus", "For whom"),
    ]
    named = {item.id: item.label for item in (*levels, *focus)}
    rows = [
        {
            "title": p.title or p.id,
            **{item.id: "yes" if item.id in p.determinants else "" for item in determinants},
            "levels": listed(named[i].lower() for i in p.action_levels if i in named) or "not said",
            "focus": named.get(p.focus, "not said"),
        }
        for p in plan.needs.priorities
    ]
    note = "Said with each priority above. An empty cell: the priority is not said to be driven by it."
    return [
        table("determinants", "What drives each priority, and who acts", columns, rows, note=note, missing="")
    ]
