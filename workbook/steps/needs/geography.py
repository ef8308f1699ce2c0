"""Where the area comes from: its old codes and successors, its parts, and what that means for its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.reference.lineage import Link
from workbook.steps.peers import name_of
from workbook.steps.standing import Standing, describes
from workbook.words import day, listed

_WHAT = {
    "merged": "merged into",
    "split": "split into",
    "renamed": "renamed as",
    "continued": "went on as",
    "within": "lies within",
}
_MOST_LINKS = 15


def part(plan: Plan, reference: Reference, standings: Sequence[Standing]) -> list[Block]:
    """The look-up of codes, the parts of a composed area, and the geography of each series; blank where
    there is nothing to tell."""
    links = reference.lineage(plan.area.code)
    members = reference.members(plan.area.code)
    if not links and not members:
        return []
    blocks: list[Block] = [Heading("Where the area comes from", "lineage", 3)]
    if members:
        blocks += _composed(plan, reference, members)
    if links:
        blocks += [_table(links), Words((_meaning(links, standings),))]
    return blocks


def _composed(plan: Plan, reference: Reference, members: tuple[str, ...]) -> list[Block]:
    names = "; ".join(name_of(reference, code) for code in members)
    lines = [
        f"{plan.area.name} is put together here from {len(members)} areas: {names}. Counts and populations are summed; "
        "a standardised figure is put together only where that is right.",
        "Its parts, and areas that share people with it, are never among those it is compared with.",
    ]
    refused = {
        id: why
        for id, why in reference.refused(plan.area.code).items()
        if not describes(reference.indicator(id))
    }
    blocks: list[Block] = [Words(tuple(lines))]
    if refused:
        blocks.append(_refused(reference, refused))
    return blocks


def _refused(reference: Reference, refused: dict[str, str]) -> Table:
    return table(
        "refused",
        "Figures that its parts have and that cannot be put together",
        [Column("name", "Figure"), Column("reason", "Why not")],
        [{"name": reference.indicator(id).name, "reason": reason} for id, reason in sorted(refused.items())],
    )


def _table(links: list[Link]) -> Table:
    return table(
        "lineage",
        "Codes and areas: what came from what",
        [
            Column("on", "When"),
            Column("old", "From"),
            Column("what", "What happened"),
            Column("new", "To"),
            Column("source", "Source"),
        ],
        [
            {
                "on": _when(link.on),
                "old": _named(link.old_name, link.old),
                "what": _WHAT.get(link.kind, link.kind),
                "new": _named(link.new_name, link.new),
                "source": link.source,
            }
            for link in links[:_MOST_LINKS]
        ],
        note=f"The first {_MOST_LINKS} of {len(links)}." if len(links) > _MOST_LINKS else "",
        missing="not known",
    )


def _when(on: str) -> str | None:
    try:
        return day(date.fromisoformat(on))
    except ValueError:
        return on or None


def _named(name: str, code: str) -> str:
    return f"{name} ({code})" if name and name != code else code


def _meaning(links: list[Link], standings: Sequence[Standing]) -> str:
    """What the changes mean for the series that are shown here."""
    kinds = {link.kind for link in links}
    said = []
    if kinds & {"merged", "split"}:
        said.append(
            "Where areas merged or split, a series before the change is of other people than after: compare across "
            "it only where the publisher has worked the past out anew."
        )
    if "continued" in kinds or "renamed" in kinds:
        said.append(
            "An area that went on under another name or code keeps its series; where its boundary moved, a small step "
            "in the figures may be the boundary."
        )
    if vintages := _vintages(standings):
        said.append(f"The figures here are published for these boundaries: {vintages}.")
    return " ".join(said) or "What it lies within is not compared with it: the same people stand in both."


def _vintages(standings: Sequence[Standing]) -> str:
    found: dict[str, list[str]] = {}
    for s in standings:
        if s.indicator.geography_vintage:
            found.setdefault(s.indicator.geography_vintage, []).append(s.indicator.name)
    if len(found) == 1:
        return next(iter(found))
    return "; ".join(
        f"{vintage} ({listed(names[:3])}{' and more' if len(names) > 3 else ''})"
        for vintage, names in found.items()
    )
