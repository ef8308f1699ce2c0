"""Quality impact: likelihood times impact, before and after what is done about it, for each area of quality."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.blocks import Block, Column, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import QualityImpact, Service
from workbook.reference import Reference
from workbook.reference import quality as shipped
from workbook.words import day, listed, number, plural

STEPS = range(1, 6)


@dataclass(frozen=True)
class Matrix:
    """The bands (name and first score, lowest first) and the score above which a full assessment is asked for."""

    bands: tuple[tuple[str, int], ...]
    gate: int
    local: bool
    source: str

    def band(self, score: int) -> str:
        """The band of a score; "below the bands" where none begins as low as that."""
        return next((name for name, first in reversed(self.bands) if score >= first), "below the bands")


def matrix(plan: Plan, reference: Reference) -> Matrix:
    """The matrix as it is used here: the plan's own bands, or the four that ship."""
    own = plan.decommissioning.quality
    ships = shipped.rows(reference.data, "band")
    bands = [(b.name, b.first) for b in own.bands] or [(b.label, b.first) for b in ships]
    source = own.reason if own.bands else listed(dict.fromkeys(b.source for b in ships))
    return Matrix(tuple(sorted(bands, key=lambda b: b[1])), own.gate, bool(own.bands), source)


def score(likelihood: int | None, impact: int | None) -> int | None:
    """Likelihood times impact; None where either is missing."""
    return None if likelihood is None or impact is None else likelihood * impact


def before(entry: QualityImpact) -> int | None:
    """The score before anything is done about it."""
    return score(entry.likelihood, entry.impact)


def after(entry: QualityImpact) -> int | None:
    """The score with what is done about it."""
    return score(entry.likelihood_after, entry.impact_after)


def contradictions(entry: QualityImpact) -> list[str]:
    """Where the score on the form is not the product of its two inputs, in words."""
    found = []
    for recorded, likelihood, impact, when in (
        (entry.recorded, entry.likelihood, entry.impact, "before mitigation"),
        (entry.recorded_after, entry.likelihood_after, entry.impact_after, "after mitigation"),
    ):
        right = score(likelihood, impact)
        if recorded is not None and right is not None and recorded != right:
            found.append(
                f"{when} the form says {recorded}, and likelihood {likelihood} times impact {impact} is {right}"
            )
    return found


def raised(entry: QualityImpact) -> bool:
    """Whether what is done about it leaves a higher score than before."""
    one, other = before(entry), after(entry)
    return one is not None and other is not None and other > one


def above_gate(found: Matrix, service: Service) -> list[QualityImpact]:
    """The areas whose score before mitigation asks for a full assessment."""
    return [e for e in service.quality if (before(e) or 0) > found.gate]


def not_scored(reference: Reference, service: Service) -> list[str]:
    """The areas that ship for which this service has no score; an area of one's own may stand beside them."""
    scored = {e.area.casefold() for e in service.quality if before(e) is not None}
    return [a.label for a in shipped.rows(reference.data, "area") if a.label.casefold() not in scored]


def part(plan: Plan, reference: Reference, service: Service) -> list[Block]:
    """The scores of one service with their bands in words, and what they ask for."""
    if not service.quality:
        areas = listed(a.label.lower() for a in shipped.rows(reference.data, "area"))
        return [Words((f"Quality impact has not been scored yet. The areas asked for: {areas}.",))]
    found = matrix(plan, reference)
    return [Words((_said(found, reference, service),)), _table(found, service)]


def _said(found: Matrix, reference: Reference, service: Service) -> str:
    above = above_gate(found, service)
    most = listed(f"{e.area.lower()} ({_fall(e)})" for e in sorted(above, key=lambda e: -(before(e) or 0)))
    said = (
        f"{plural(len(above), 'area scores', 'areas score').capitalize()} above {found.gate} before mitigation, which asks for a full assessment: "
        f"{f'made on {day(service.assessed)}' if service.assessed else 'none is recorded'}. "
        f"Before and after what is done about it: {most}."
        if above
        else f"No area scores above {found.gate}, so no full assessment is asked for."
    )
    missing = not_scored(reference, service)
    return f"{said} Not scored: {listed(m.lower() for m in missing)}." if missing else said


def _fall(entry: QualityImpact) -> str:
    """ "12 to 6", or what is missing of it."""
    later = after(entry)
    return f"{before(entry)} to {later if later is not None else 'a score not given'}"


def _table(found: Matrix, service: Service) -> Table:
    rows = [
        {
            "area": e.area,
            "effect": e.effect or "not said",
            "before": _banded(found, e.likelihood, e.impact),
            "mitigation": e.mitigation or "nothing is said",
            "after": _banded(found, e.likelihood_after, e.impact_after),
            "note": _note(found, e),
        }
        for e in service.quality
    ]
    return table(
        f"quality-{service.id}",
        f"{service.name}: quality impact, before and after what is done about it",
        [
            Column("area", "Area of quality"),
            Column("effect", "What could happen"),
            Column("before", "Score before"),
            Column("mitigation", "What is done about it"),
            Column("after", "Score after"),
            Column("note", "To note"),
        ],
        rows,
        source="Inputs of this plan",
        note="Score: likelihood (1 rare to 5 almost certain) times impact (1 negligible to 5 catastrophic).",
        missing="",
        detail=True,
    )


def _banded(found: Matrix, likelihood: int | None, impact: int | None) -> str:
    """ "3 × 4 = 12, high"; a missing input is said."""
    total = score(likelihood, impact)
    if total is None:
        return "not scored"
    return f"{likelihood} × {impact} = {total}, {found.band(total).lower()}"


def _note(found: Matrix, entry: QualityImpact) -> str:
    notes = [f"above {found.gate}"] if (before(entry) or 0) > found.gate else []
    notes += contradictions(entry)
    if raised(entry):
        notes.append("higher after mitigation than before")
    return "; ".join(notes)


def overview(plan: Plan, reference: Reference) -> list[Block]:
    """The matrix that is used here, and how many areas of all services fall into each of its cells."""
    services = [s for s in plan.decommissioning.services if s.quality]
    if not services:
        return []
    found = matrix(plan, reference)
    return [_grid(found, services)]


def _grid(found: Matrix, services: list[Service]) -> Table:
    counts: dict[tuple[int, int], int] = {}
    for entry in (e for s in services for e in s.quality):
        if entry.likelihood and entry.impact:
            place = (entry.likelihood, entry.impact)
            counts[place] = counts.get(place, 0) + 1
    rows = [
        {"likelihood": f"Likelihood {row}"}
        | {str(column): _cell(found, row * column, counts.get((row, column), 0)) for column in STEPS}
        for row in reversed(STEPS)
    ]
    whose = (
        "the plan's own bands"
        if found.local
        else "the bands that ship; those of your organisation may differ"
    )
    return table(
        "quality-matrix",
        "The matrix: score, band, and how many areas of quality fall there before mitigation",
        [Column("likelihood", ""), *(Column(str(i), f"Impact {i}") for i in STEPS)],
        rows,
        source=found.source,
        note=f"These are {whose}. A score above {number(found.gate, 0)} asks for a full assessment.",
        detail=True,
    )


def _cell(found: Matrix, total: int, count: int) -> str:
    held = f"; {plural(count, 'area')}" if count else ""
    return f"{total} {found.band(total).lower()}{held}"
