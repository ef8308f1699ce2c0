"""Rules on needs: what the plan rests on, and whether anything follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps import standing
from workbook.steps.needs.segments import segment_holds
from workbook.steps.thread.context import Context, finding, is_set, rule
from workbook.words import number


@rule
def nothing_decided(c: Context) -> Iterator[Finding]:
    """An empty plan is no plan: there is nothing to sign."""
    if not c.plan.needs.priorities:
        yield finding(
            "no-priority",
            "blocks",
            "The plan names no priority yet.",
            "Choose at least one need to put first, with the reason.",
            "needs",
            "/needs/priorities",
        )
    if not any(is_set(a) for a in c.plan.ambitions.items):
        yield finding(
            "no-ambition",
            "blocks",
            "The plan sets no ambition yet.",
            "Choose a level for at least one ambition, or say it in words.",
            "ambitions",
            "/ambitions/items",
        )


@rule
def peer_unknown(c: Context) -> Iterator[Finding]:
    for n, code in enumerate(c.plan.needs.peers):
        if not standing.known_code(c.reference, code):
            yield finding(
                "peer-unknown",
                "doubt",
                f"The peer “{code}” is no area that is known here, so it is left out."
                if code
                else "A peer has no code.",
                "Give the code of an area as 'workbook areas' lists it, or remove the entry.",
                "needs",
                f"/needs/peers/{n}",
            )


@rule
def need_without_ambition(c: Context) -> Iterator[Finding]:
    served = {p for a in c.plan.ambitions.items for p in a.priorities}
    for n, priority in enumerate(c.plan.needs.priorities):
        if priority.id not in served:
            yield finding(
                "need-without-ambition",
                "doubt",
                f"The priority “{priority.title}” has no ambition that serves it.",
                "Link an ambition to it, or say why it needs none.",
                "needs",
                f"/needs/priorities/{n}",
            )


@rule
def need_without_figure(c: Context) -> Iterator[Finding]:
    spoken = {v.priority for v in c.plan.needs.voices}
    for n, priority in enumerate(c.plan.needs.priorities):
        if not priority.indicators and priority.id not in spoken:
            yield finding(
                "need-without-figure",
                "doubt",
                f"The priority “{priority.title}” rests on no figure and on nothing that people said.",
                "Name a figure that shows it, or what people said.",
                "needs",
                f"/needs/priorities/{n}/indicators",
            )


@rule
def need_without_scheme(c: Context) -> Iterator[Finding]:
    served = {p for s in c.funded for p in s.priorities}
    for n, priority in enumerate(c.plan.needs.priorities):
        if priority.id not in served:
            yield finding(
                "need-without-scheme",
                "doubt",
                f"No funded scheme serves the priority “{priority.title}”.",
                "Fund a scheme for it, or take it off the list.",
                "needs",
                f"/needs/priorities/{n}",
            )


@rule
def segment_contradicts(c: Context) -> Iterator[Finding]:
    for n, segment in enumerate(c.plan.needs.segments):
        if segment_holds(segment.population, segment.spend_per_head, segment.total) is False:
            yield finding(
                "segment-contradicts",
                "doubt",
                f"For the segment “{segment.name}”, people times spend a head cannot give the total of "
                f"{number(segment.total, 1, '£ million')}.",
                "Check the three figures against their source.",
                "needs",
                f"/needs/segments/{n}",
            )
