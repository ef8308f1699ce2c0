"""The page on value for money: the schemes in order, what the money does most with, what of the funded does least."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget import value_tables as tables
from workbook.steps.budget.value import PER, Candidate, candidates, options
from workbook.steps.budget.value_judged import Judged, believed_words, judged
from workbook.steps.budget.value_tables import SOURCE, points_words
from workbook.words import money as pounds
from workbook.words import number, plural, signed, some

_LAST = 10  # of what is funded already, shown from the least value
_SCORED = (
    "Each person scores what an option does for one person who gets it, from 0 to 100 for the most that any option "
    "does, and how likely it is to work here. Score alone first; then talk about where the scores differ."
)
_METHOD = (
    "Value is benefit to one person (0 to 100) times people a year times the chance that it works here, in points a "
    "year (STAR, socio-technical allocation of resources): 100 points are one person who has the whole benefit for "
    "certain. The cost of a year is the running cost in full plus the set-up cost spread evenly over the plan; "
    "capital and savings are not in it."
)


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """What the scores say, and the questions that ask for them."""
    found = judged(plan, reference)
    blocks: list[Block] = [*_scores(plan, reference), Heading("Value for money", "value")]
    if found is None:
        blocks.append(Words((_nothing(plan),), "note"))
    else:
        results += _results(found)
        blocks += [
            Words(tuple(_in_words(found))),
            tables.frontier(found),
            *tables.option_tables(found),
            *tables.variant_table(found),
            *_believed_part(found),
            tables.rectangles(found),
        ]
    blocks += _backwards(plan, reference)
    return [*blocks, asking.ask(plan, reference, "/budget/value/money", detail=True)]


def _scores(plan: Plan, reference: Reference) -> list[Block]:
    """Who gave which score: asked before what the scores say."""
    return [
        Heading("Benefit scores", "value-scores"),
        Words((_SCORED,)),
        *tables.score_table(plan, reference),
        asking.ask(plan, reference, "/budget/value/scores", detail=True),
    ]


def _nothing(plan: Plan) -> str:
    if not plan.budget.value.scores:
        return (
            "Nobody has scored a scheme yet. A score takes one figure for each scheme: what it does for one person who "
            "gets it, from 0 to 100 for the most that any scheme does, and how likely it is to work here."
        )
    return "No scored scheme says how many people it reaches, so no scheme can be compared."


# --- in words -------------------------------------------------------------------


def _in_words(found: Judged) -> list[str]:
    schemes = len(found.options)
    many = f"{plural(len(found.compared), 'scheme')} of {schemes} can be compared, scored by {plural(len(found.respondents), 'person', 'people')}."
    said = [*_choice_words(found), f"{many} {_METHOD}"]
    if found.views is None:
        said.append("One person's scores show no spread: ask others before this is relied on.")
    return said


def _choice_words(found: Judged) -> list[str]:
    money = f"{pounds(found.money)} a year"
    whose = (
        f"The money there is for new schemes is {money}"
        if found.given
        else f"The plan does not say what money there is for new schemes, so what the funded ones cost stands in: {money}"
    )
    if found.spent:
        names = some([f"“{found.options[n].name}”" for n in found.spent], 4)
        whose += f"; {names} cannot be compared and are taken as spent" if len(found.spent) > 1 else (
            f"; {names} cannot be compared and is taken as spent"
        )  # fmt: skip
    if found.chosen.why:
        return [f"{whose}. {found.chosen.why} So no choice is shown."]
    cost, value = found.totals(found.funded)
    best_cost, best_value = found.totals(found.chosen.funded)
    more = f" ({signed(100 * (best_value / value - 1), 0)})" if value else ""
    said = (
        f"{whose}. The plan funds {plural(int(found.funded.sum()), 'scheme')} for {pounds(cost)} a year with "
        f"{points_words(value)}; the choice that does most for the money is "
        f"{plural(int(found.chosen.funded.sum()), 'scheme')} for {pounds(best_cost)} with {points_words(best_value)}"
        f"{more}. {_differences(found)} The scores are judgements, and so is the decision: this shows what would "
        "have to be explained, not what to do."
    )
    if cost > found.money + 0.5:
        said += f" The funded schemes cost {pounds(cost - found.money)} more than that money."
    return [said, _solved_words(found)]


def _differences(found: Judged) -> str:
    pairs = list(zip(found.options, found.chosen.funded.tolist(), strict=True))
    more = [f"“{o.name}”" for o, inside in pairs if inside and not o.funded]
    less = [f"“{o.name}”" for o, inside in pairs if o.funded and not inside]
    if not more and not less:
        return "The two are the same."
    parts = []
    if more:
        parts.append(f"holds {some(more, 5)}, which the plan does not fund")
    if less:
        parts.append(f"leaves out {some(less, 5)}, which it does")
    return f"That choice {', and '.join(parts)}."


def _solved_words(found: Judged) -> str:
    """Exact against the order by ratio, and what the next pound buys."""
    _, best = found.totals(found.chosen.funded)
    _, simple = found.totals(found.greedy)
    how = (
        "Each scheme is funded whole or not at all, and the choice is solved exactly"
        if found.chosen.proven
        else "Each scheme is funded whole or not at all; the choice is the best found in the time allowed and not proven to be the best"
    )
    lost = best - simple
    against = (
        f"going down the order of value for cost would lose {points_words(lost)} ({number(100 * lost / best, 1)}%)"
        if best and lost > 0.5
        else "going down the order of value for cost comes to the same"
    )
    left = found.money - found.totals(found.chosen.funded)[0]
    waiting = [found.options[n] for n in found.order if not found.chosen.funded[n]]
    following = (
        f" {pounds(max(left, 0))} is left over. The next scheme in the order is “{waiting[0].name}”: each further £1,000 "
        f"there buys {number(waiting[0].per, 1)} points."
        if waiting
        else " Every scheme that can be compared is in it."
    )
    return f"{how}; {against}.{following}"


def _believed_part(found: Judged) -> list[Block]:
    if not found.believed:
        return []
    return [
        Heading(
            "What would have to be believed for the next to come into the best choice",
            "value-believed",
            level=3,
        ),
        Words(("One change at a time, and all else as it is:",)),
        Words(tuple(believed_words(b) for b in found.believed), "list"),
    ]


def _backwards(plan: Plan, reference: Reference) -> list[Block]:
    """The chain read backwards, over everything that is funded."""
    found = candidates(plan, reference)
    if not found:
        return []
    unscored = sum(o.funded and o.cost > 0 for o in options(plan, reference)) - len(found)
    weak = sum(c.beaten for c in found)
    said = (
        f"The same order read backwards: what is funded already, the least value for each pound first. "
        f"{plural(weak, 'entry', 'entries').capitalize()} of {len(found)} would release money for which a scheme that waits buys more. "
        f"{plural(unscored, 'funded entry', 'funded entries').capitalize()} cannot be compared, because scores, people or cost are missing. "
        "What stands here is a question for step 4, where it goes through the gate: no service is stopped by a score."
    )
    heading = Heading("What of the funded does least for its cost", "value-backwards", level=3)
    return [heading, Words((said,)), _least_table(found)]


def _least_table(found: Sequence[Candidate]) -> Table:
    rows = [
        {
            "name": c.name,
            "kind": {"scheme": "scheme", "service": "service", "line": "budget line"}[c.kind],
            "cost": c.cost,
            "value": c.value,
            "per": c.per,
            "beaten": "yes" if c.beaten else "no",
            "considered": c.considered or "not yet",
        }
        for c in found[:_LAST]
    ]
    return table(
        "value-backwards",
        f"Funded already, with the least value: {PER}",
        [
            Column("name", "What is funded"),
            Column("kind", "Kind"),
            Column("cost", "Cost a year", "£000s", 0),
            Column("value", "Value a year", "points", 0),
            Column("per", "Points for £1,000", "", 1),
            Column("beaten", "Does a waiting scheme buy more?"),
            Column("considered", "In step 4"),
        ],
        rows,
        source=SOURCE,
        note=f"The last {len(rows)} of {len(found)}." if len(found) > len(rows) else "",
    )


def _results(found: Judged) -> list[Result]:
    cost, value = found.totals(found.funded)
    best_cost, best_value = found.totals(found.chosen.funded)
    entries = [
        ("value-plan", "Value of the funded schemes", value, "points a year"),
        ("value-plan-cost", "Cost of the funded schemes a year, set-up spread", cost, "£000s"),
    ]
    if not found.chosen.why:
        entries += [
            ("value-best", "Value of the choice that does most for the money", best_value, "points a year"),
            ("value-best-cost", "Cost of that choice", best_cost, "£000s"),
        ]
    return [
        Result(id, label, amount, unit, "a year, at full scale", _METHOD, SOURCE)
        for id, label, amount, unit in entries
    ]
