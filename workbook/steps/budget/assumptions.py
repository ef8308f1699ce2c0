"""The dated assumptions that the money rests on: value, range, status, source, and which lines use each."""

from __future__ import annotations

import math
from typing import Any

from workbook.blocks import Block, Column, Heading, Words, table
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget.five_years import called
from workbook.steps.money import Money, Use
from workbook.words import financial_year, listed, number, plural, some

_MOST = 3  # budget lines named; of more the number is said


def part(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    """The assumptions in use, what the plan changed of them, and the questions."""
    blocks: list[Block] = [Heading("Assumptions", "assumptions")]
    if found.used:
        blocks.append(Words((_how_many(plan, found),)))
        blocks += _tables(plan, reference, found)
    else:
        blocks.append(Words(("None is used while there are no budget lines.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/assumptions")]


def _how_many(plan: Plan, found: Money) -> str:
    """How many assumptions the money rests on, how many of them nobody has confirmed, and how many are changed here."""
    used = {use.assumption.id: use for use in found.used}
    open_ = sum(use.assumption.status == "assumed" for use in used.values())
    changed = len({override.id for override in plan.assumptions})
    here = f"{plural(changed, 'assumption')} {'is' if changed == 1 else 'are'} changed in this plan" if changed else (
        "none is changed in this plan"
    )  # fmt: skip
    return (
        f"The money rests on {plural(len(used), 'dated assumption')}, of which {open_ or 'none'} "
        f"{'is' if open_ < 2 else 'are'} assumed and not confirmed; {here}."
    )


def _tables(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    """What is assumed in each year, and apart from it which lines use it and where it comes from: both are long."""
    rows = [*_of_people(plan, reference, found), *_dated(plan, found), *_own(plan)]
    return [
        table(
            "assumptions",
            "Assumptions used, by financial year",
            [
                Column("label", "Assumption"),
                Column("unit", "Unit"),
                *(Column(str(year), financial_year(year), decimals=2) for year in plan.years),
                Column("range", "Range in the last year"),
                Column("status", "Confirmed or assumed"),
            ],
            rows,
            note="Eight draws in ten fall in the range, which is that of the mean over the plan; what has none is held fixed. "
            "A year without a figure takes it from elsewhere. Sources, and which lines use each, stand apart.",
            missing="not used",
        ),
        table(
            "assumption-sources",
            "Which lines use an assumption, and where it comes from",
            [Column("label", "Assumption"), Column("lines", "Used by"), Column("source", "Source")],
            rows,
            detail=True,
        ),
    ]


def _dated(plan: Plan, found: Money) -> list[dict[str, Any]]:
    """One row an assumption, by its label."""
    grouped: dict[str, list[Use]] = {}
    for use in sorted(found.used, key=lambda used: (used.assumption.label, used.year)):
        grouped.setdefault(use.assumption.id, []).append(use)
    return [_row(plan, uses) for uses in grouped.values()]


def _row(plan: Plan, uses: list[Use]) -> dict[str, Any]:
    last = uses[-1]
    row: dict[str, Any] = {
        str(use.year): 100 * use.value if use.assumption.unit.startswith("%") else use.value for use in uses
    }
    said = {f"{use.status}, changed in this plan" if use.changed else use.status for use in uses}
    changed = [use.reason for use in uses if use.changed]
    sources = [use.assumption.source for use in uses if not use.changed]
    return row | {
        "label": last.assumption.label,
        "unit": last.assumption.unit,
        "range": _range(last),
        "status": listed(sorted(said)),
        "lines": _users(plan, list(dict.fromkeys(name for use in uses for name in use.lines))),
        "source": "; ".join(dict.fromkeys([*sources, *(reason or "no reason given" for reason in changed)])),
    }


def _range(use: Use) -> str:
    known = use.assumption
    if use.status == "confirmed" or known.low is None or known.high is None:
        return "none"
    # A value put in its place keeps the width of the range.
    off = (100 * use.value if known.unit.startswith("%") else use.value) - known.value
    return f"{number(known.low + off, 2)} to {number(known.high + off, 2)}"


def _users(plan: Plan, names: list[str]) -> str:
    if len(names) == len(plan.budget.lines):
        return "every line"
    return some(names, _MOST) if len(names) <= _MOST else f"{number(len(names))} lines"


def _of_people(plan: Plan, reference: Reference, found: Money) -> list[dict[str, Any]]:
    """The growth that comes from the projection: by people weighted by age, or alike."""
    weights = reference.age_weights()
    alike: dict[tuple[float, ...], list[str]] = {}
    for setting in set(found.rates.profile) & set(found.rates.people):
        grown = found.rates.people[setting]
        key = (bool(setting), *(grown.get(year, math.nan) for year in plan.years))
        alike.setdefault(key, []).append(setting)
    rows = []
    for key in sorted(alike):
        settings = sorted(alike[key])
        users = [
            line.name
            for line, profile in zip(plan.budget.lines, found.rates.profile, strict=True)
            if profile in settings
        ]
        sources = weights[weights["setting"].isin(settings)]["source"]
        weighted = (
            f", weighted by what people of each age cost: {listed(map(called, settings))}" if key[0] else ""
        )
        rows.append(
            {str(year): 100 * rate for year, rate in zip(plan.years, key[1:], strict=True) if rate == rate}
            | {
                "label": f"Growth of the population{weighted}",
                "unit": "% a year",
                "range": _error(reference, plan.last_year),
                "status": "assumed" if key[0] else "projected",
                "lines": _users(plan, users),
                "source": "; ".join(["The projection imported for this area", *dict.fromkeys(sources)]),
            }
        )
    return rows


def _error(reference: Reference, year: int) -> str:
    known = reference.assumption("population-growth-error", year)
    if known.low is None or known.high is None:
        return "none"
    return f"{number(-known.low, 2)} points below to {number(known.high, 2)} above"


_OWN = {"own_growth": "Other growth", "own_price": "Price uplift", "own_efficiency": "Efficiency"}


def _own(plan: Plan) -> list[dict[str, Any]]:
    """The rates that single lines have of their own."""
    return [
        {str(year): rate for year in plan.years}
        | {
            "label": f"{label} of this line alone",
            "unit": "% a year",
            "range": "none"
            if line.own_status == "confirmed"
            else "as wide as that of the assumption it replaces",
            "status": f"{line.own_status}, set for this line",
            "lines": line.name,
            "source": line.own_reason or "no reason given",
        }
        for line in plan.budget.lines
        for label, rate in _rates(line)
    ]


def _rates(line: BudgetLine) -> list[tuple[str, float]]:
    found = [(label, getattr(line, field)) for field, label in _OWN.items()]
    return [(label, rate) for label, rate in found if rate is not None]
