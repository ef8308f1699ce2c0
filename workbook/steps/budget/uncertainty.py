"""How sure the five-year money is: the gap of each year over many draws, and what makes it unsure."""

from __future__ import annotations

from typing import Any

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.methods import draws
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget.five_years import gap_words
from workbook.steps.money import Money
from workbook.steps.money.chance import LABELS, Share, Simulation, counts, simulated
from workbook.words import financial_year, listed, number, plural, some
from workbook.words import money as pounds

ERROR = 0.01  # two standard errors of P10 or P90, as a share of the range: measured in tests/spec/test_monte_carlo.py
_LEAST = 0.005  # a factor with less of the spread than this is named with the others and not drawn


def part(plan: Plan, reference: Reference, found: Money, results: list[Result]) -> list[Block]:
    blocks: list[Block] = [Heading("How sure this is", "uncertainty")]
    if plan.budget.lines:
        drawn = simulated(plan, reference, found)
        results += _results(plan, drawn)
        blocks += [_how(), _said(plan, found, drawn)]
        if drawn.gaps:
            blocks.append(_ranges(plan, found, drawn))
        if drawn.factors:
            blocks.append(_causes(plan, drawn))
        blocks.append(_range_table(drawn))
    else:
        blocks.append(Words(("There is nothing to draw while there are no budget lines.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/budget/risks", detail=True)]


def _how() -> Words:
    return Words(
        (
            f"The five years were worked out {number(draws.DRAWS)} times. Each time, everything that is only assumed was "
            "drawn from its range, and spend was taken from income; the ranges of the parts are never added up. Prices, "
            "the population, efficiency and the delay of schemes are drawn once for all lines, other growth once for "
            "each kind of care, cost and savings once for each scheme, income once for each organisation. An error "
            "lasts: where prices rise faster than assumed, they do so in every year.",
            "Apart from that, nothing is taken to move with anything else. Where income follows prices, the true range is "
            "narrower; where one bad year delays schemes, cuts their savings and raises demand at once, it is wider. "
            f"Other draws of the same ranges would move the ends shown by about {ERROR:.0%} of the distance between them.",
        )
    )


def _said(plan: Plan, found: Money, drawn: Simulation) -> Words:
    said = [*_of_gap(plan, found, drawn), *_of_causes(drawn), *_of_risks(plan, drawn)]
    return Words(tuple(said))


def _of_gap(plan: Plan, found: Money, drawn: Simulation) -> list[str]:
    last, year = drawn.gaps.get(plan.last_year), financial_year(plan.last_year)
    if last is None or drawn.closed is None:
        return [f"No income is given for {year}, so neither the gap of that year nor its range is known."]
    undone = drawn.before[plan.last_year]
    return [
        f"If nothing is done, {_between(undone)} in {year}.",
        f"As planned, {_between(last)}; the middle of the draws is {gap_words(last.p50)}. {_chance(drawn.closed, year)}",
        _middle(found.year(plan.last_year)["gap_after"], last, drawn),
    ]


def _between(gap: draws.Percentiles) -> str:
    return (
        f"one draw in ten is worse than {gap_words(gap.p10)} and one in ten better than {gap_words(gap.p90)}"
    )


def _chance(closed: float, year: str) -> str:
    if closed < 0.005:
        return f"In fewer than one of 200 draws does income cover spend in {year}."
    if closed > 0.995:
        return f"In more than 199 of 200 draws income covers spend in {year}."
    return f"The chance that income covers spend in {year} is {100 * closed:.0f}%."


def _middle(point: float, last: draws.Percentiles, drawn: Simulation) -> str:
    """Why the middle of the draws is not the figure without uncertainty; less than the draws can tell is none."""
    off = last.p50 - point
    if abs(off) < max(0.02 * abs(point), ERROR * (last.p90 - last.p10), 50):
        return f"The middle of the draws agrees with the figure without uncertainty, {gap_words(point)}."
    why = []
    if drawn.risk_cost >= 0.5:
        why.append(f"risks cost {pounds(drawn.risk_cost)} on average, which the figure above does not hold")
    lopsided = [p for p in drawn.factors if _leans(p) * (1 if off > 0 else -1) > 0.2 * (p.high - p.low)]
    names = [LABELS[p.factor].lower() for p in lopsided if p.factor not in ("together", "risks")]
    if names:
        why.append(f"the range reaches further to one side for {listed(names)}")
    because = f": {'; '.join(why)}" if why else " because growth compounds"
    side = "worse" if off < 0 else "better"
    return (
        f"The figure without uncertainty is {gap_words(point)}; the middle of the draws is {pounds(abs(off))} "
        f"{side}{because}."
    )


def _leans(part: Share) -> float:
    """How much further a range reaches up than down."""
    return part.low + part.high - 2 * part.middle


def _of_causes(drawn: Simulation) -> list[str]:
    most = [p for p in sorted(drawn.factors, key=lambda p: -p.share) if p.factor != "together"][:3]
    most = [p for p in most if p.share >= _LEAST]
    if not most:
        return ["Nothing that the figures rest on has a range."]
    parts = [f"{LABELS[p.factor].lower()} ({100 * p.share:.0f}%)" for p in most]
    return [f"Most of the spread comes from {listed(parts)}."]


def _of_risks(plan: Plan, drawn: Simulation) -> list[str]:
    counted = sum(counts(risk) for risk in plan.budget.risks)
    said = []
    if counted:
        said.append(
            f"{plural(counted, 'risk').capitalize()} with a chance and a cost "
            f"{'adds' if counted == 1 else 'add'} {pounds(drawn.risk_cost)} a year on average; each may happen in any year."
        )
    if drawn.not_counted:
        said.append(f"Without a chance or a cost, and so not counted: {some(list(drawn.not_counted))}.")
    return said


def _ranges(plan: Plan, found: Money, drawn: Simulation) -> Figure:
    rows: list[dict[str, Any]] = [
        {
            "category": financial_year(year),
            "low": gap.p10,
            "middle": gap.p50,
            "high": gap.p90,
            "point": found.year(year)["gap_after"],
            "undone_low": drawn.before[year].p10,
            "undone_high": drawn.before[year].p90,
        }
        for year, gap in drawn.gaps.items()
    ]
    year, last = next(reversed(drawn.gaps.items()))
    return Figure(
        "gap-range",
        f"Left over in {financial_year(year)}: between {_signed(last.p10)} and {_signed(last.p90)} in eight draws of ten",
        charts.ranges(rows, unit="£000s"),
        "Income less spend as planned, by financial year, below zero a gap: "
        + "; ".join(f"{r['category']} {_signed(r['low'])} to {_signed(r['high'])}" for r in rows)
        + ".",
        table(
            "gap-range",
            "Left over: what the draws give",
            [
                Column("category", "Financial year"),
                Column("low", "As planned: one draw in ten is below", "£000s", 0, "below zero is a gap"),
                Column("middle", "Half are below", "£000s", 0),
                Column("high", "One in ten is above", "£000s", 0),
                Column("point", "Without uncertainty", "£000s", 0),
                Column("undone_low", "If nothing is done: one in ten is below", "£000s", 0),
                Column("undone_high", "If nothing is done: one in ten is above", "£000s", 0),
            ],
            rows,
        ),
        f"{number(draws.DRAWS)} seeded draws over the plan's lines, schemes, services and risks",
    )


def _signed(amount: float) -> str:
    return f"+{pounds(amount)}" if amount >= 0.5 else pounds(amount)


def _causes(plan: Plan, drawn: Simulation) -> Figure:
    shown = [p for p in drawn.factors if p.factor != "together" and p.share >= _LEAST] or [drawn.factors[0]]
    year = financial_year(plan.last_year)
    return Figure(
        "gap-causes",
        f"{LABELS[shown[0].factor]} move{'' if _plural(shown[0]) else 's'} what is left over in {year} most",
        charts.tornado(
            [
                {
                    "label": LABELS[p.factor],
                    "low": p.low,
                    "high": p.high,
                    "words": f"{100 * p.share:.0f}% of the spread",
                }
                for p in shown
            ],
            unit="£000s",
        ),
        f"What each cause alone does to what is left over in {year}, in eight draws of ten: "
        + "; ".join(f"{LABELS[p.factor]} {_signed(p.low)} to {_signed(p.high)}" for p in shown)
        + ".",
        table(
            "gap-causes",
            f"What each cause alone does to what is left over in {year}",
            [
                Column("label", "Cause"),
                Column("low", "One draw in ten is below", "£000s", 0),
                Column("middle", "Half are below", "£000s", 0),
                Column("high", "One in ten is above", "£000s", 0),
                Column("share", "Share of the whole spread", "%", 1),
            ],
            [
                {
                    "label": LABELS[p.factor],
                    "low": p.low,
                    "middle": p.middle,
                    "high": p.high,
                    "share": 100 * p.share,
                }
                for p in drawn.factors
            ],
            note="Against the figure without uncertainty. The shares add up to 100%; one below zero offsets others.",
        ),
        "Seeded draws with one cause varying at a time",
    )


def _plural(part: Share) -> bool:
    return part.factor in ("price", "risks")


def _range_table(drawn: Simulation) -> Table:
    return table(
        "ranges",
        "Ranges that are not those of a budget line",
        [
            Column("label", "What"),
            Column("low", "One in ten is below", decimals=1),
            Column("value", "Middle", decimals=1),
            Column("high", "One in ten is above", decimals=1),
            Column("unit", "Unit"),
            Column("status", "Confirmed or assumed"),
            Column("source", "Source"),
        ],
        [
            {
                "label": use.assumption.label,
                "low": use.assumption.low,
                "value": use.assumption.value,
                "high": use.assumption.high,
                "unit": use.assumption.unit,
                "status": "changed in this plan" if use.changed else use.status,
                "source": use.reason or use.assumption.source,
            }
            for use in drawn.uses
        ],
    )


def _results(plan: Plan, drawn: Simulation) -> list[Result]:
    method = f"{draws.DRAWS} seeded draws; percentiles read from the sum"
    source = "Inputs of this plan and dated assumptions with their ranges"
    found = [
        Result(
            f"budget.gap-{when}-{name}.{year}",
            f"Left over, {done}: {words}",
            float(value),
            "£000s",
            financial_year(year),
            method,
            source,
        )
        for when, done, gaps in (
            ("after", "as planned", drawn.gaps),
            ("before", "do nothing", drawn.before),
        )
        for year, gap in gaps.items()
        for name, words, value in (
            ("p10", "one draw in ten is below", gap.p10),
            ("p50", "half of the draws are below", gap.p50),
            ("p90", "one draw in ten is above", gap.p90),
        )
    ]
    year = financial_year(plan.last_year)
    if drawn.closed is not None:
        label = "Chance that income covers spend"
        found.append(Result("budget.gap-closed-chance", label, 100 * drawn.closed, "%", year, method, source))
    shares = {p.factor: 100 * p.share for p in drawn.factors}
    if shares:
        widest = max(shares.values())
        label = "Share of the spread of the gap that the widest cause brings"
        found.append(Result("budget.gap-spread", label, widest, "%", year, method, source, shares))
    return found
