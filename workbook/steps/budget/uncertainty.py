"""How sure the five-year money is: the gap of each year over many draws, and what makes it unsure."""

from __future__ import annotations

from typing import Any

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.methods import draws
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget.gap import gap_words
from workbook.steps.money import Money
from workbook.steps.money.assumed import spread
from workbook.steps.money.chance import FOLLOWS, LABELS, Share, Simulation, counts, simulated
from workbook.words import financial_year, listed, number, plural, some
from workbook.words import money as pounds

ERROR = 0.01  # two standard errors of P10 or P90, as a share of the range: measured in tests/spec/test_monte_carlo.py
_LEANS = 0.1  # a cause that leans by less than this part of what all do is not why the middle has moved
_LEAST = 0.005  # a factor with less of the spread than this is named with the others and not drawn


def part(plan: Plan, reference: Reference, found: Money, results: list[Result]) -> list[Block]:
    """The range of what is left over in each year, and which cause moves it most."""
    blocks: list[Block] = [Heading("How sure this is", "uncertainty")]
    if plan.budget.lines:
        drawn = simulated(plan, reference, found)
        results += _results(plan, drawn)
        blocks.append(_said(plan, found, drawn))
        if drawn.gaps:
            blocks.append(_ranges(found, drawn))
        if drawn.factors:
            blocks.append(_causes(plan, drawn))
        blocks += [_how(plan, drawn), _range_table(drawn)]
    else:
        blocks.append(Words(("There is nothing to draw while there are no budget lines.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/budget/risks", detail=True)]


def answer(plan: Plan, found: Money, drawn: Simulation) -> str:
    """What a board asks first: the gap of the last year, its range, its chance, and what moves it most."""
    last, year = drawn.gaps.get(plan.last_year), financial_year(plan.last_year)
    point = found.year(plan.last_year)["gap_after"]
    if last is None or drawn.closed is None:
        spend = pounds(found.year(plan.last_year)["spend_after"])
        return f"As planned, spend is {spend} in {year}. No income is given for it, so neither the gap of that year nor its range is known."
    said = f"As planned, {year} ends with {gap_words(point)}."
    if last.p90 - last.p10 < 0.5:
        return f"{said} Nothing that it rests on has a range. {chance_words(drawn.closed, year)}"
    return f"{said} Over the ranges of what is only assumed, {_between(last)}. {chance_words(drawn.closed, year)} {causes_words(drawn)}"


def _how(plan: Plan, drawn: Simulation) -> Words:
    return Words(
        (
            f"How it was drawn: the five years were worked out {number(draws.DRAWS)} times, each time with everything that is "
            "only assumed taken from its range, and percentiles were read from the result; those of the parts are never "
            f"added. Other draws of the same ranges would move the ends by about {ERROR:.0%} of the distance between them.",
            "Linked: prices, the population, efficiency and delay move all lines at once, other growth those of one kind of care. "
            "An error lasts for all years, so a range is that of the mean over the plan; a single year swings wider. "
            f"{_followed(plan, drawn)}",
            "Not linked: schemes with each other, and income with efficiency that falls short. If one bad year delays "
            "schemes, cuts their savings and raises demand at once, the range is wider than shown. No draw holds what would be "
            "decided on the way: it is how far money may drift before anybody acts.",
        ),
        "note",
    )


def _followed(plan: Plan, drawn: Simulation) -> str:
    """What income that is only assumed makes up of a change of prices."""
    if not any(i.status == "assumed" and i.year in plan.years for i in plan.budget.income):
        return "Income is entered as confirmed and stands whatever prices do." if plan.budget.income else ""
    use = next(use for use in drawn.uses if use.assumption.id == FOLLOWS)
    ends = [100 * min(max(use.value + off, 0.0), 1.0) for off in spread(use)]
    between = f" ({number(ends[0], 0)}% to {number(ends[1], 0)}%)" if ends[0] < ends[1] else ""
    return (
        f"Income that is only assumed follows {number(100 * use.value, 0)}%{between} of what prices add to spend or take "
        "from it; confirmed income stands."
    )


def _said(plan: Plan, found: Money, drawn: Simulation) -> Words:
    """What the answer on top leaves out: nothing done, the middle of the draws, the risks; causes where no income is known."""
    last = drawn.gaps.get(plan.last_year)
    said = [causes_words(drawn)]
    if last is not None:
        undone = _between(drawn.before[plan.last_year])
        point = found.year(plan.last_year)["gap_after"]
        said = [
            f"If nothing is done, {undone} in {financial_year(plan.last_year)}.",
            _middle(point, last, drawn),
        ]
    return Words((*said, *_of_risks(plan, drawn)))


def _between(gap: draws.Percentiles) -> str:
    return (
        f"one draw in ten is worse than {gap_words(gap.p10)} and one in ten better than {gap_words(gap.p90)}"
    )


def chance_words(closed: float, year: str) -> str:
    """How often income covers spend in a year; no firmer than the draws can tell."""
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
    side = 1 if off > 0 else -1
    leaning = {
        p.factor: max(_leans(p) * side, 0.0) for p in drawn.factors if p.factor not in ("together", "risks")
    }
    names = [
        LABELS[f].lower()
        for f, lean in leaning.items()
        if lean > _LEANS * max(sum(leaning.values()), abs(off))
    ]
    if names:
        turn = ("worse", "better") if off < 0 else ("better", "worse")
        why.append(f"{listed(names)} may turn out {turn[0]} by more than {turn[1]}")
    because = f": {'; '.join(why)}" if why else " because growth compounds"
    return (
        f"The figure without uncertainty, {gap_words(point)}, takes every assumption at the value entered; the middle of the "
        f"draws, {gap_words(last.p50)}, is {pounds(abs(off))} {'better' if off > 0 else 'worse'}{because}."
    )


def _leans(part: Share) -> float:
    """How much further a range reaches up than down."""
    return part.low + part.high - 2 * part.middle


def causes_words(drawn: Simulation) -> str:
    most = [p for p in _by_share(drawn) if p.factor != "together"][:3]
    most = [p for p in most if p.share >= _LEAST]
    if not most:
        return "Nothing that the figures rest on has a range."
    parts = [f"{LABELS[p.factor].lower()} ({100 * p.share:.0f}%)" for p in most]
    return f"Most of the spread comes from {listed(parts)}."


def _by_share(drawn: Simulation) -> list[Share]:
    """The causes by their share of the spread, as the sentence, the chart and its table all rank them."""
    return sorted(drawn.factors, key=lambda p: -p.share)


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


def _ranges(found: Money, drawn: Simulation) -> Figure:
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
        f"Left over in {financial_year(year)}: from {gap_words(last.p10)} to {gap_words(last.p90)} in eight draws of ten",
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
    ranked = _by_share(drawn)
    shown = [p for p in ranked if p.factor != "together" and p.share >= _LEAST] or ranked[:1]
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
        _causes_table(year, drawn),
        "Seeded draws with one cause varying at a time",
    )


def _causes_table(year: str, drawn: Simulation) -> Table:
    return table(
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
            for p in _by_share(drawn)
        ],
        note="Against the figure without uncertainty. The shares add up to 100%; one below zero offsets others.",
    )


def _plural(part: Share) -> bool:
    return part.factor in ("price", "risks")


def _range_table(drawn: Simulation) -> Table:
    return table(
        "money-ranges",
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
        detail=True,
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
