"""What was entered of the schemes beside their money: in words, and in activity, staff, beds and capital."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.blocks import Block, Column, Table, table
from workbook.plan import Plan
from workbook.plan.sections import Scheme
from workbook.words import listed, plural, signed

_ENTERED = 60  # schemes in words
_ROWS = 40  # schemes in kind


def as_entered(plan: Plan, ranked: Sequence[Scheme]) -> Table:
    """What was entered of each scheme beside its money, side by side."""
    lines = {line.id: line.name for line in plan.budget.lines}
    services = {s.id: s.name for s in plan.decommissioning.services}
    titles = {p.id: p.title for p in plan.needs.priorities}
    rows = [
        {
            "name": s.name,
            "what": s.description,
            "owner": s.owner,
            "serves": listed(titles.get(p) or p for p in s.priorities),
            "line": lines.get(s.line, s.line)
            + (f"; closes {services.get(s.stops, s.stops)}" if s.stops else ""),
            "effect": _effects_words(s),
            "time": _time_words(s),
            "lose": s.could_lose,
        }
        for s in ranked[:_ENTERED]
    ]
    left = len(ranked) - len(rows)
    return table(
        "schemes-entered",
        "The schemes as they were entered, beside their money",
        [
            Column("name", "Scheme"),
            Column("what", "What will change for people"),
            Column("owner", "Owner"),
            Column("serves", "Priorities it serves"),
            Column("line", "Budget line whose spend it changes"),
            Column("effect", "Effect on the ambition's measure, and where the evidence comes from"),
            Column("time", "Time it takes"),
            Column("lose", "Who could lose by it"),
        ],
        [{k: v or None for k, v in row.items()} for row in rows],
        source="Schemes of this plan",
        note=f"{left} more stand in the plan's file and in its export as rows." if left > 0 else "",
        missing="not said",
        detail=True,
    )


def _effects_words(scheme: Scheme) -> str:
    """ "ambition 3: -1.2% (-2.0% to -0.5%). Northmere audit"; "no effect stated" where there is none."""
    said = []
    for e in scheme.effects:
        if e.percent:
            known = e.low is not None and e.high is not None
            said.append(
                f"ambition {e.ambition}: {signed(e.percent)}"
                + (f" ({signed(e.low)} to {signed(e.high)})" if known else "")
            )
    return f"{'; '.join(said) or 'no effect stated'}. {scheme.evidence_source}".strip()


def _time_words(scheme: Scheme) -> str:
    """ "6 months from decision; 40% and 100% in effect; 3 months of double running"."""
    parts = [
        f"{plural(scheme.lead_time_months, 'month')} from decision"
        if scheme.lead_time_months is not None
        else "",
        f"{listed(f'{100 * share:.0f}%' for share in scheme.ramp)} in effect" if scheme.ramp else "",
        f"{plural(scheme.double_running_months, 'month')} of double running"
        if scheme.double_running_months
        else "",
    ]
    return "; ".join(p for p in parts if p)


_KINDS = ("activity", "wte", "beds", "capital")


def in_kind(plan: Plan, ranked: Sequence[Scheme]) -> list[Block]:
    """Activity, staff, beds and capital of the funded schemes that state any."""
    stated = [s for s in ranked if s.funded and any(getattr(s, k) for k in _KINDS)]
    if not stated:
        return []
    rows = [
        {
            "name": s.name,
            "activity": f"{signed(s.activity, 0, '')} {s.activity_unit}".strip() if s.activity else None,
            "wte": s.wte,
            "pay": s.wte * s.wte_cost / 1000 if s.wte and s.wte_cost else None,
            "beds": s.beds,
            "capital": s.capital or None,
        }
        for s in stated[:_ROWS]
    ]
    # What nobody states has no total: nought would say that the schemes take none.
    totals = {k: [getattr(s, k) for s in stated if getattr(s, k)] for k in ("wte", "beds", "capital")}
    totals["pay"] = [s.wte * s.wte_cost / 1000 for s in stated if s.wte and s.wte_cost]
    rows.append({"name": "All that state it"} | {k: sum(v) if v else None for k, v in totals.items()})
    return [
        table(
            "schemes-in-kind",
            "What the funded schemes take and free, at full scale: activity, staff, beds, capital",
            [
                Column("name", "Scheme"),
                Column("activity", "Change of activity a year"),
                Column("wte", "Change of staff", "whole-time equivalents", 1),
                Column("pay", "What those staff cost a year", "£000s", 0),
                Column("beds", "Change of beds", "", 0),
                Column("capital", "Capital, once", "£000s", 0),
            ],
            rows,
            source="Schemes of this plan",
            note=f"{len(stated)} of {plural(sum(s.funded for s in plan.budget.schemes), 'funded scheme')} "
            f"{'states' if len(stated) == 1 else 'state'} any. Activity is not added up: it counts different things.",
            missing="not stated",
            detail=True,
        )
    ]
