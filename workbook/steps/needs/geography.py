"""Where the area comes from: its old codes and successors, its parts, and what that means for its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.reference.lineage import Link
from workbook.steps.naming import first_few
from workbook.steps.peers import known_code, name_of
from workbook.steps.standing import Standing, describes
from workbook.words import day, listed, plural

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
    refused = _refused_ones(plan, reference)
    if not links and not members and not refused:
        return []
    blocks: list[Block] = [Heading("Where the area comes from", "lineage", 3)]
    if members:
        blocks.append(_composed(plan, reference, members))
    blocks += _refused(reference, refused)
    if links:
        blocks += [_table(links), Words((_meaning(links, standings),))]
    return blocks


def elsewhere(plan: Plan, reference: Reference) -> list[str]:
    """The same body under another code, where that one has figures and the plan's has none: one sentence each."""
    own = known_code(reference, plan.area.code) or plan.area.code
    said = {}
    for link in reference.lineage(plan.area.code):
        if link.kind not in ("continued", "renamed") or own not in (link.old, link.new):
            continue
        other, name = (link.new, link.new_name) if link.old == own else (link.old, link.old_name)
        count = sum(not describes(reference.indicator(i)) for i in reference.available(other))
        if count:
            said[other] = (
                f"{plural(count, 'figure is', 'figures are')} on hand under its other code, {_named(name, other)}; "
                "its boundary may differ. A plan made for that code shows them."
            )
    return list(said.values())


def _refused_ones(plan: Plan, reference: Reference) -> dict[str, str]:
    return {
        id: why
        for id, why in reference.refused(plan.area.code).items()
        if not describes(reference.indicator(id))
    }


def _composed(plan: Plan, reference: Reference, members: tuple[str, ...]) -> Words:
    names = "; ".join(name_of(reference, code) for code in members)
    lines = [
        f"{plan.area.name} is put together here from {plural(len(members), 'area')}: {names}. Counts and populations are summed; "
        "a standardised figure is put together only where that is right.",
        "Its parts, and areas that share people with it, are never among those it is compared with.",
    ]
    return Words(tuple(lines))


def _refused(reference: Reference, refused: dict[str, str]) -> list[Table]:
    """The reasons, each once, with the figures it keeps from being put together."""
    if not refused:
        return []
    reasons: dict[str, list[str]] = {}
    for id, reason in sorted(refused.items()):
        reasons.setdefault(reason, []).append(reference.indicator(id).name)
    most_first = sorted(reasons.items(), key=lambda item: -len(item[1]))[:_MOST_LINKS]
    return [
        table(
            "refused",
            "Figures that its parts have and that cannot be put together",
            [Column("reason", "Why not"), Column("count", "Figures", "", 0), Column("names", "Which")],
            [
                {"reason": reason, "count": len(names), "names": first_few(names)}
                for reason, names in most_first
            ],
        )
    ]


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
