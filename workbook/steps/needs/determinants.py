"""What drives the priorities, and at which levels they are acted on (ODR-11)."""

from __future__ import annotations

from workbook.blocks import Block, Column, Words, table
from workbook.errors import UnknownIndicator
from workbook.plan import Plan
from workbook.reference import FrameworkItem, Reference
from workbook.steps.naming import called
from workbook.words import listed

_GROUPS = ("determinants", "levels for action", "units of focus")
HEALTH_CARE = "ODR-11.d4"


def items(reference: Reference, group: str) -> list[FrameworkItem]:
    return [i for i in reference.framework("ODR-11").items if i.group == group]


def in_words(reference: Reference) -> str:
    """The three lists of the framework in one paragraph."""
    determinants, levels, focus = (items(reference, group) for group in _GROUPS)
    return (
        f"Health is made by more than health care. What drives it: {_labels(determinants)}. "
        f"Levels to act at: {_labels(levels)}. Whom an action is for: {_labels(focus)}."
    )


def _labels(found: list[FrameworkItem]) -> str:
    return listed(item.label.lower() for item in found)


def chosen(plan: Plan, reference: Reference) -> list[Block]:
    """The priorities as the plan holds them: why, on which figures and segments, what drives them, who acts."""
    if not plan.needs.priorities:
        return []
    named = {item.id: item.label.lower() for group in _GROUPS for item in items(reference, group)}
    segments = {s.id: s.name for s in plan.needs.segments}
    figures = {i: _figure(plan, reference, i) for p in plan.needs.priorities for i in p.indicators}
    rows = [
        {
            "title": f"{p.title or p.id} ({p.owner[:1].lower()}{p.owner[1:]})"
            if p.owner
            else p.title or p.id,
            "rests": _said("Figures", [figures[i] for i in p.indicators])
            + _said("Segments", [segments[i] for i in p.segments if i in segments]),
            "driven": _said("", [named[i] for i in p.determinants if i in named]),
            "acts": _said("", [named[i] for i in p.action_levels if i in named])
            + _said("for", [named[p.focus]] if p.focus in named else []),
        }
        for p in plan.needs.priorities
    ]
    columns = [
        Column("title", "Priority and its owner"),
        Column("rests", "Shown by"),
        Column("driven", "Driven by"),
        Column("acts", "Acted on at"),
    ]
    why = [f"{p.title or p.id}: {p.reason}" for p in plan.needs.priorities if p.reason]
    return [
        *([Words(tuple(why), "list")] if why else []),
        table(
            "priorities",
            "The priorities: what shows them, what drives them, who acts",
            columns,
            rows,
            missing="not said",
        ),
    ]


def _figure(plan: Plan, reference: Reference, id: str) -> str:
    try:
        return called(plan, reference.indicator(id)).name
    except UnknownIndicator:  # the plan was made where the figure was on hand
        return f"“{id}”"


def _said(label: str, names: list[str]) -> str:
    if not names:
        return ""
    said = "; ".join(names)
    return (
        f"{label}: {said}. " if label in ("Figures", "Segments") else f" ({label} {said})" if label else said
    )
