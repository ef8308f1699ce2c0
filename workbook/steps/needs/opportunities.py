"""Question 4: what could be better, and what reaching the peers would mean in people and in pounds."""

from __future__ import annotations

import math
from dataclasses import replace

from workbook.blocks import Block, Column, Heading, Question, Result, Table, Words, table
from workbook.methods import intervals, opportunity
from workbook.methods.opportunity import Opportunity
from workbook.plan import Plan
from workbook.plan.sections import EventCost
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.naming import first_few
from workbook.steps.needs.answers import best_five
from workbook.steps.peers import MANY
from workbook.steps.standing import Reading, Standing
from workbook.words import listed, money, number, plural, some

_MOST_ROWS = 12
_TOO_MANY = (
    "No peers are on hand, only all areas of the same kind, and the best five of so many are no measure of "
    "what this area could do. Name peers, or bring a list of them."
)
_TO_BEST = "Gap to the mean of the best five peers times the population; interval from both standard errors"
_TO_MEDIAN = "Gap to the median of the peers times the population"
_SHRUNKEN = "The gap of the area's figure, drawn towards the peers by how uncertain it is, to the mean of the best five"


def part(plan: Plan, reference: Reference, standings: list[Standing], results: list[Result]) -> list[Block]:
    """The table of opportunities with what it does and does not say, and the question of what an event costs."""
    blocks: list[Block] = [Heading("What could be better", "opportunities")]
    if not standings:
        return [*blocks, Words(("Without figures no gap to other areas can be counted.",), "note")]
    found = [(s, gap_to_peers(s)) for s in standings]
    counted = [(s, gap) for s, gap in found if not gap.reason and gap.gap > 0 and math.isfinite(gap.people)]
    costs = {c.indicator: c for c in plan.needs.costs if c.amount is not None}
    for s, gap in counted:
        results += _results(s, gap, costs.get(s.indicator.id))
    blocks.append(_words(counted, found))
    if counted:
        blocks.append(_table(counted, costs))
    blocks.append(_costs(plan, reference))
    return blocks


def gap_to_peers(s: Standing) -> Opportunity:
    """The area's gap to its peers. ``people`` is NaN where no population or count stands behind the figure;
    ``reason`` says why nothing was worked out: among very many areas the best five are a matter of luck."""
    own = s.own
    found = _gap(s, own)
    if found.reason or len(s.peers) <= MANY:
        return found
    return replace(found, reason=_TOO_MANY)


def _gap(s: Standing, own: Reading) -> Opportunity:
    return opportunity.opportunity(
        own.value,
        _error(own),
        [p.value for p in s.peers],
        [_error(p) for p in s.peers],
        _denominator(s),
        s.indicator.per or 1,
        s.indicator.polarity,
    )


def _error(reading: Reading) -> float:
    if reading.lower is None or reading.upper is None:
        return math.nan
    return (reading.upper - reading.lower) / intervals.WIDTH


def _denominator(s: Standing) -> float:
    own, per = s.own, s.indicator.per
    if not per:
        return math.nan
    if own.denominator:
        return own.denominator
    if s.indicator.unit.startswith("years per"):  # the count is of deaths, the figure of years
        return math.nan
    return own.count / own.value * per if own.count and own.value else math.nan


def _results(s: Standing, gap: Opportunity, cost: EventCost | None) -> list[Result]:
    name, unit = s.indicator.name, s.indicator.counted_in
    figures = [
        ("opportunity", f"{name}, gap to the mean of the best five peers", gap.people, unit, _TO_BEST),
        ("opportunity-lower", f"{name}, the same, lower limit (95%)", gap.lower, unit, _TO_BEST),
        ("opportunity-upper", f"{name}, the same, upper limit (95%)", gap.upper, unit, _TO_BEST),
        ("opportunity-median", f"{name}, gap to the peer median", gap.median_people, unit, _TO_MEDIAN),
        ("opportunity-shrunken", f"{name}, gap after shrinking", gap.shrunken_people, unit, _SHRUNKEN),
    ]
    found = [
        Result(f"needs.{s.indicator.id}.{id}", label, value, unit, s.own.period, how, s.indicator.source)
        for id, label, value, unit, how in figures
    ]
    return found + (_pounds(s, gap, cost) if cost else [])


def _pounds(s: Standing, gap: Opportunity, cost: EventCost) -> list[Result]:
    worth = opportunity.pounds(gap, cost.amount)
    how = f"The gap in {s.indicator.counted_in} times £{number(cost.amount, 0)} an event; {cost.source or 'no source given'}"
    return [
        Result(
            f"needs.{s.indicator.id}.{id}",
            f"{s.indicator.name}, {label}",
            pounds / 1000,
            "£000s",
            s.own.period,
            how,
            cost.source or s.indicator.source,
        )
        for id, label, pounds in (
            ("opportunity-pounds", "gap to the best five peers in pounds", worth.value),
            ("opportunity-pounds-lower", "the same in pounds, lower limit (95%)", worth.lower),
            ("opportunity-pounds-upper", "the same in pounds, upper limit (95%)", worth.upper),
        )
    ]


# --- words ----------------------------------------------------------------------------


def _words(counted: list[tuple[Standing, Opportunity]], found: list[tuple[Standing, Opportunity]]) -> Words:
    lines = []
    best = best_five(found[0][0])  # all of them are held against the same peers
    sure = [s.indicator.name for s, gap in counted if not gap.chance]
    if len(counted) == 1 and sure:
        lines.append(f"One figure has a gap to {best}, and it is beyond chance: {sure[0]}.")
    elif counted and sure:
        lines.append(
            f"Of {plural(len(counted), 'figure')} with a gap to {best}, {len(sure)} "
            f"{'is' if len(sure) == 1 else 'are'} beyond chance; they stand first below."
        )
    elif counted:
        lines.append(
            "Every gap below could be chance: none is an opportunity that the figures alone can show."
        )
    else:
        lines.append(f"No gap to {best} can be counted in people or events.")
    if counted:
        lines.append(
            "Three estimates stand side by side, because each errs in its own way: the best five of the peers are "
            "partly the luckiest five; the median of the peers is a modest aim; the shrunken estimate takes off "
            "what of the area's own figure is likely to be chance."
        )
    lines += _left_out(found)
    return Words(tuple(lines))


def _left_out(found: list[tuple[Standing, Opportunity]]) -> list[str]:
    """Why figures have no row, the names under each reason together."""
    reasons: dict[str, list[str]] = {}
    for s, gap in found:
        if why := _why_not(gap, best_five(s)):
            reasons.setdefault(why, []).append(s.indicator.name)
    return [f"Not counted: {first_few(names)}. {why}" for why, names in reasons.items()]


def _why_not(gap: Opportunity, best: str) -> str:
    if gap.reason:
        return gap.reason
    if gap.gap <= 0:
        return f"There the area does as well as {best}, or better."
    if not math.isfinite(gap.people):
        return "There is a gap, but no count of people or events to put it in."
    return ""


# --- the table ------------------------------------------------------------------------


def _table(counted: list[tuple[Standing, Opportunity]], costs: dict[str, EventCost]) -> Table:
    costed = [costs[s.indicator.id] for s, _ in counted if s.indicator.id in costs]
    shown = sorted(counted, key=lambda found: found[1].chance)[:_MOST_ROWS]
    pounds = [Column("pounds", "Worth of reaching the best five")] if costed else []
    sources = listed(dict.fromkeys(c.source for c in costed if c.source))
    return table(
        "opportunities",
        f"What reaching the {'provisional ' if shown[0][0].provisional else ''}peers would have meant, in the period of each figure",
        [
            Column("name", "Figure"),
            Column("period", "Period"),
            Column("label", "Counted in"),
            Column("best", "To the best five peers", "", 0),
            Column("interval", "95% interval"),
            Column("median", "To the peer median", "", 0),
            Column(
                "shrunken",
                "Shrunken estimate",
                "",
                0,
                "pulled towards the peers by how uncertain the area's own figure is",
            ),
            *pounds,
            Column("words", "Beyond chance?"),
        ],
        [_row(s, gap, costs.get(s.indicator.id)) for s, gap in shown],
        source=some(list(dict.fromkeys(s.indicator.source for s, _ in shown if s.indicator.source)), 6),
        note="Never add these up: the same people stand in several rows. Counted among the people that the figure "
        "was measured on; for a survey, those who were asked. Beyond chance: the interval leaves out none, also after "
        "the luck of the best five is taken off."
        + (
            f" {plural(len(counted) - len(shown), 'more figure has', 'more figures have')} a gap."
            if len(counted) > len(shown)
            else ""
        )
        + (
            " Pounds are the gap times the cost of one event: what the events are worth, not cash that is released."
            f"{f' Costs: {sources}.' if sources else ''}"
            if costed
            else ""
        ),
        missing="no cost given",
    )


def _row(s: Standing, gap: Opportunity, cost: EventCost | None) -> dict:
    row = {
        "name": s.indicator.name,
        "period": s.own.period,
        "label": s.indicator.counted_in,
        "best": gap.people,
        "interval": f"{number(gap.lower, 0)} to {number(gap.upper, 0)}",
        "median": max(gap.median_people, 0),
        "shrunken": gap.shrunken_people,
        "words": "this could be chance" if gap.chance else "beyond chance",
    }
    if cost:
        worth = opportunity.pounds(gap, cost.amount)
        value, low, high = (money(pounds / 1000) for pounds in (worth.value, worth.lower, worth.upper))
        row["pounds"] = f"{value} ({low} to {high})"
    return row


def _costs(plan: Plan, reference: Reference) -> Question:
    return asking.ask(plan, reference, "/needs/costs", detail=bool(plan.needs.costs))
