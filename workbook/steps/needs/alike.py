"""Who the area is compared with, how they were chosen, and what makes them alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.peers import Peers, Variable, name_of
from workbook.steps.standing import Standing
from workbook.words import listed, number, plural

_MOST_NAMED = 12
_MOST_COLUMNS = 4


def part(plan: Plan, reference: Reference, group: Peers, standings: Sequence[Standing]) -> list[Block]:
    """The peers in words, and the questions that change them."""
    return [
        *([_words(reference, group, standings)] if standings else []),
        asking.ask(plan, reference, "/needs/peers"),
        asking.ask(plan, reference, "/needs/peers_reason"),
        asking.ask(plan, reference, "/needs/peer_variables", detail=True),
    ]


def why(plan: Plan, reference: Reference, group: Peers) -> list[Block]:
    """What makes the peers alike, where it is known what they were found by."""
    if not group.alike:
        return []
    return [Heading("Why these areas are peers", "alike", 3), _table(plan, reference, group)]


def _words(reference: Reference, group: Peers, standings: Sequence[Standing]) -> Words:
    """Who they are by name where they are few, how they were chosen, and which of them lack figures."""
    if not group.codes:
        return Words(
            ("No peers are on hand to compare with. Name some below, or bring a list of peers.",), "note"
        )
    if len(group.codes) > _MOST_NAMED:
        lines = [
            f"No list of peers is on hand, so the area is compared with all {len(group.codes)} of its kind, and nothing "
            "is counted against the best five. Name peers below, or import a list of them."
            if group.provisional
            else f"{len(group.codes)} peers. How chosen: {group.how}."
        ]
        missing = ""
    else:
        missing = _missing(reference, group, standings)
        names = "; ".join(name_of(reference, code) for code in group.codes)  # names hold "and" themselves
        lines = [f"{'Peer' if len(group.codes) == 1 else 'Peers'}: {names}. How chosen: {group.how}."]
    return Words((*lines, *([missing] if missing else [])), "note")


def _missing(reference: Reference, group: Peers, standings: Sequence[Standing]) -> str:
    """The peers whose figures are missing: named where none or only some of the figures here have them."""
    held = {code: sum(any(r.area == code for r in s.peers) for s in standings) for code in group.codes}
    without = [name_of(reference, code) for code, count in held.items() if count == 0]
    some = [
        f"{name_of(reference, code)} lacks {len(standings) - count}"
        for code, count in held.items()
        if 0 < count < len(standings)
    ]
    said = []
    if without:
        said.append(f"Peers without any figure to compare here: {_few(without)}.")
    if some:
        said.append(f"Of the {len(standings)} figures here {_few(some)}.")
    return " ".join(said)


def _few(names: list[str]) -> str:
    if len(names) > _MOST_NAMED:
        return f"{'; '.join(names[:6])}; and {len(names) - 6} more"
    return "; ".join(names)


def _table(plan: Plan, reference: Reference, group: Peers) -> Table:
    """The area and its peers with the figures they were found by, the weightiest first."""
    order = sorted(range(len(group.variables)), key=lambda n: -group.variables[n].share)
    kept = order[:_MOST_COLUMNS]
    own = {"area": plan.area.name, "distance": 0.0, **_values(group, group.own, kept)}
    rows = [
        {"area": name_of(reference, a.code), "distance": a.distance, **_values(group, a.values, kept)}
        for a in group.alike
    ]
    return table(
        "alike",
        f"What makes the peers alike: {plan.area.name} first, then the nearest",
        [
            Column("area", "Area"),
            Column("distance", "Distance", "", _places(a.distance for a in group.alike)),
            *(_column(n, group.variables[n]) for n in kept),
        ],
        [own, *rows],
        note=_note(group, order),
    )


def _places(distances: Iterable[float]) -> int:
    """Enough decimals that only the area itself is printed as 0; two areas of the same figures are 0 at any."""
    least = min((d for d in distances if d > 0), default=1.0)
    return next((p for p in (2, 3, 4, 5) if round(least, p) > 0), 6)


def _values(group: Peers, values: tuple[float, ...], kept: list[int]) -> dict[str, float]:
    return {f"v{n}": values[n] for n in kept}


def _column(n: int, variable: Variable) -> Column:
    return Column(f"v{n}", variable.label, variable.unit, variable.decimals)


def _note(group: Peers, order: list[int]) -> str:
    weights = listed(
        f"{group.variables[n].label} {number(100 * group.variables[n].share, 0)}%"
        + (f" ({group.variables[n].year})" if group.variables[n].year else "")
        for n in order
    )
    rest = len(order) - _MOST_COLUMNS
    more = (
        f" {plural(rest, 'further figure')} counted, but {'is' if rest == 1 else 'are'} not shown."
        if rest > 0
        else ""
    )
    return (
        "Distance: the weighted sum of squared differences after each figure is capped, square-rooted and "
        f"standardised; 0 is the same, smaller is more alike. Weights: {weights}.{more}"
    )
