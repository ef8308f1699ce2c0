"""The page on value for money: the schemes in order, what the money does most with, what of the funded does least."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.charts import star as pictures
from workbook.methods import value as star
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget.value import PER, Option, candidates, options
from workbook.steps.budget.value_judged import Judged, believed_words, judged
from workbook.words import listed, number, plural, signed, some
from workbook.words import money as pounds

_LAST = 10  # of what is funded already, shown from the least value
_PEOPLE = 6  # who scored, each with a column of the table of scores
_ROWS = 60  # of that table
_EACH = 40  # with more schemes than these, those on which plan and best choice part are shown first
_METHOD = (
    "Value is benefit to one person (0 to 100) times people a year times the chance that it works here, in points a "
    "year (STAR, socio-technical allocation of resources): 100 points are one person who has the whole benefit for "
    "certain. The cost of a year is the running cost in full plus the set-up cost spread evenly over the plan; "
    "capital and savings are not in it."
)
_SOURCE = "Scores and schemes of this plan; value for money by STAR (CST-06)"


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """What the scores say, and the questions that ask for them."""
    found = judged(plan, reference)
    blocks: list[Block] = [Heading("Value for money", "value")]
    if found is None:
        blocks.append(Words((_nothing(plan),), "note"))
    else:
        results += _results(found)
        blocks += [
            Words(tuple(_in_words(found))),
            _frontier(found),
            *_option_tables(found),
            *_variant_part(found),
            *_believed_part(found),
            _rectangles(found),
        ]
    blocks += [*_backwards(plan, reference), *_score_table(plan)]
    asked = ("/budget/value/money", "/budget/value/scores")
    return [*blocks, *(asking.ask(plan, reference, pointer, detail=True) for pointer in asked)]


def _nothing(plan: Plan) -> str:
    if not plan.budget.value.scores:
        return (
            "Nobody has scored a scheme yet. A score takes one figure for each scheme: what it does for one person who "
            "gets it, from 0 to 100 for the most that any scheme does, and how likely it is to work here."
        )
    return "No scored scheme says how many people it reaches, so no scheme can be compared."


def _points(value: float) -> str:
    """Points to three figures: scores are no finer than that."""
    step = 10 ** max(math.floor(math.log10(abs(value))) - 2, 0) if value else 1
    return f"{number(round(value / step) * step, 0)} points"


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
        f"{_points(value)}; the choice that does most for the money is "
        f"{plural(int(found.chosen.funded.sum()), 'scheme')} for {pounds(best_cost)} with {_points(best_value)}"
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
        f"going down the order of value for cost would lose {_points(lost)} ({number(100 * lost / best, 1)}%)"
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


# --- pictures and tables -----------------------------------------------------------


def _rectangles(found: Judged) -> Figure:
    ranked = sorted(found.compared, key=lambda o: (-o.value, o.index))
    top, whole = ranked[0], sum(o.value for o in ranked)
    rows = [
        {
            "name": o.name,
            "people": o.people,
            "height": o.benefit * o.chance,
            "words": f"{_points(o.value)} for {pounds(o.cost)}",
            "funded": o.funded,
        }
        for o in ranked
    ]
    most = pictures.MOST_ROWS
    shown = f" (the first {most} of {len(rows)} are drawn)" if len(rows) > most else ""
    return Figure(
        "value-star",
        f"“{top.name}” does most: {number(100 * top.value / whole if whole else 0, 0)}% of the value of all schemes scored{shown}",
        pictures.rectangles(rows),
        "Value of each scheme, most first: "
        + "; ".join(f"{o.name} {_points(o.value)} for {pounds(o.cost)} a year" for o in ranked[:10])
        + ("; and others." if len(ranked) > 10 else "."),
        table(
            "value-star",
            "Value of the schemes",
            [
                Column("name", "Scheme"),
                Column("people", "People a year", "people", 0),
                Column("height", "Benefit times chance", "points", 0),
                Column("words", "Value and cost a year"),
            ],
            rows,
        ),
        _SOURCE,
    )


def _stage_rows(found: Judged) -> list[dict[str, Any]]:
    rows, cost, value = [], 0.0, 0.0
    for stage in found.stages:
        option = found.options[stage.option]
        cost, value = cost + stage.cost, value + stage.value
        before = f" instead of {found.options[stage.instead_of].name}" if stage.instead_of >= 0 else ""
        rows.append(
            {
                "name": option.name + before,
                "cost": stage.cost,
                "value": stage.value,
                "per": stage.value / stage.cost if stage.cost else None,
                "all_cost": cost,
                "all_value": value,
                "funded": option.funded,
                "in_plan": "funded" if option.funded else "not funded",
            }
        )
    return rows


def _frontier(found: Judged) -> Figure:
    rows = _stage_rows(found)
    plan_cost, plan_value = found.totals(found.funded)
    best_cost, best_value = found.totals(found.chosen.funded)
    points = [{"name": "the plan", "cost": plan_cost, "value": plan_value}]
    if not found.chosen.why:
        points.append({"name": "the best choice", "cost": best_cost, "value": best_value})
    total = rows[-1]["all_value"] if rows else 0.0
    half = next((r for r in rows if r["all_value"] >= total / 2), None)
    title = (
        f"Half of all the value that was scored costs {pounds(half['all_cost'])} of {pounds(rows[-1]['all_cost'])} a year"
        if half
        else "No scheme that was scored has any value"
    )
    return Figure(
        "value-frontier",
        title,
        pictures.triangles(rows, money=found.money if found.money > 0 else None, points=points),
        "Schemes end to end, the most points for each pound first, with what they cost and add in all: "
        + "; ".join(f"{r['name']} {pounds(r['all_cost'])}, {_points(r['all_value'])}" for r in rows[:10])
        + ("; and others. " if len(rows) > 10 else ". ")
        + f"The money there is: {pounds(found.money)}. The plan: {_points(plan_value)} for {pounds(plan_cost)}.",
        table(
            "value-frontier",
            "The schemes in the order of value for cost, added up",
            [
                Column("name", "Step"),
                Column("cost", "Adds to cost a year", "£000s", 0),
                Column("value", "Adds value", "points", 0),
                Column("per", "Points for £1,000", "", 1),
                Column("all_cost", "Cost so far", "£000s", 0),
                Column("all_value", "Value so far", "points", 0),
                Column("in_plan", "In the plan"),
            ],
            rows,
            note="What must come first is not heeded here; variants enter as a step from one to the next.",
            missing="no cost",
        ),
        _SOURCE,
    )


def _option_tables(found: Judged) -> list[Table]:
    """Every scheme in the order of value for cost; of very many first those on which plan and best choice part."""
    places = [*found.order, *(n for n, o in enumerate(found.options) if not o.known)]
    if len(places) <= _EACH:
        return [_option_table(found, places)]
    whole = replace(_option_table(found, places), detail=True)
    apart = [n for n in found.order if found.options[n].funded != bool(found.chosen.funded[n])]
    if found.chosen.why or not apart:
        return [whole]
    part_ = _option_table(found, apart[:_EACH])
    title = "Schemes on which the plan and the best choice part, by value for their cost"
    left = len(apart) - _EACH
    note = f"{part_.note} {left} more are in the table of all schemes." if left > 0 else part_.note
    return [replace(part_, id="value-apart", title=title, note=note.strip()), whole]


def _option_table(found: Judged, places: Sequence[int]) -> Table:
    rows = [_option_row(found, n) for n in places]
    columns = [
        Column("name", "Scheme"),
        Column("per", "Points for £1,000", "", 1),
        Column("range", "Range of that"),
        Column("cost", "Cost a year", "£000s", 0),
        Column("plan", "In the plan"),
        Column("method", "In the best choice"),
        Column("often", "Best choice, in draws", "%", 0),
    ]
    solved = any(r["often"] is not None for r in rows)
    if not solved:
        columns = [c for c in columns if c.name != "often"]
    return table(
        "value-options",
        "Schemes by value for their cost",
        columns,
        rows,
        source=_SOURCE,
        note=_option_note(found, solved),
        missing="not known",
    )


def _option_note(found: Judged, solved: bool) -> str:
    if found.views is None:
        return ""
    said = "Range: the middle 80 in 100 of draws of the people who scored, with replacement."
    if solved:
        said += " In draws: in how many of those draws the best choice, solved anew, holds the scheme."
    elif len(found.options) > star.MOST_SOLVED:
        said += f" For more than {star.MOST_SOLVED} schemes the best choice is not solved anew for each draw."
    return f"{said} Both show how far the result rests on who was asked, and no other doubt."


def _option_row(found: Judged, n: int) -> dict[str, Any]:
    o, views = found.options[n], found.views
    known = o.known
    inside = "taken as spent" if n in found.spent else "in" if found.chosen.funded[n] else "out"
    return {
        "name": o.name,
        "cost": o.cost,
        "per": o.per if known else None,
        "range": _range(float(views.p10[n]), float(views.p90[n]))
        if views is not None and known and o.cost
        else None,
        "plan": "funded" if o.funded else "not funded",
        "method": "no choice" if found.chosen.why else inside,
        "often": 100 * float(views.chosen[n])
        if views is not None and known and not math.isnan(views.chosen[n])
        else None,
    }


# --- the scores -------------------------------------------------------------------


def _score_table(plan: Plan) -> list[Block]:
    """Every option that was scored, in one row: the mean of its scores, their ends, and each person's; none without scores."""
    given: dict[str, dict[str, float]] = {}
    for score in plan.budget.value.scores:
        if score.benefit is not None:
            given.setdefault(score.option, {})[score.respondent] = score.benefit
    scored = [o for o in options(plan) if o.key in given]
    if not scored:
        return []
    people = list(dict.fromkeys(s.respondent for s in plan.budget.value.scores))
    scored.sort(key=lambda o: (o.kind != "scheme", -(o.value if o.known else -1)))
    rows = [_score_row(o, given[o.key], people[:_PEOPLE]) for o in scored[:_ROWS]]
    left = [
        plural(n, one, many)
        for n, one, many in (
            (len(people) - _PEOPLE, "person more", "people more"),
            (len(scored) - _ROWS, "option more", "options more"),
        )
        if n > 0
    ]
    more = f" {listed(left).capitalize()} in the plan's file and in its export as rows." if left else ""
    return [
        table(
            "value-scores",
            "What was scored: benefit to one person, 0 to 100, by each person who scored",
            [
                Column("name", "Option"),
                Column("people", "People a year", "people", 0),
                Column("chance", "Chance", "%", 0),
                Column("value", "Value a year", "points", 0),
                Column("mean", "Benefit, mean", "", 0),
                Column("low", "Lowest", "", 0),
                Column("high", "Highest", "", 0),
                *(Column(f"by_{n}", who or "No name", "", 0) for n, who in enumerate(people[:_PEOPLE])),
            ],
            rows,
            source="Scores of this plan",
            note=f"The chance that it works here is a mean too; where nobody gave one it is taken as certain.{more}",
            missing="none",
            detail=True,
        )
    ]


def _score_row(option: Option, given: dict[str, float], people: list[str]) -> dict[str, Any]:
    return {
        "name": option.name,
        "people": option.people,
        "chance": option.chance * 100 if option.chance_given else None,
        "value": option.value,
        "mean": option.benefit,
        "low": min(given.values()),
        "high": max(given.values()),
        **{f"by_{n}": given.get(who) for n, who in enumerate(people)},
    }


def _range(low: float, high: float) -> str:
    decimals = 0 if high >= 100 else 1
    return f"{number(low, decimals)} to {number(high, decimals)}"


def _variant_part(found: Judged) -> list[Block]:
    if not found.variants:
        return []
    rows = [
        {
            "group": name,
            "name": found.options[v.option].name,
            "state": _state_words(found, v),
            "cost": v.cost,
            "value": v.value,
            "per": v.ratio,
            "plan": "funded" if found.options[v.option].funded else "not funded",
        }
        for name, group in found.variants
        for v in group
    ]
    return [
        table(
            "value-variants",
            "Variants of which only one can be chosen: what each step up costs and buys",
            [
                Column("group", "Variants of"),
                Column("name", "Variant"),
                Column("state", "Against the others"),
                Column("cost", "Adds to cost a year", "£000s", 0),
                Column("value", "Adds value", "points", 0),
                Column("per", "Points for £1,000 of the step", "", 1),
                Column("plan", "In the plan"),
            ],
            rows,
            source=_SOURCE,
            note="A variant that another beats has no step of its own.",
            missing="no step",
        )
    ]


def _state_words(found: Judged, v: Any) -> str:
    def name(place: int) -> str:
        return found.options[place].name if place >= 0 else "doing nothing"

    if v.state == "kept":
        return f"a step up from {name(v.against)}"
    if v.state == "dominated":
        return f"dominated: {name(v.by[0])} does as much or more for no more money"
    return f"dominated by extension: between {name(v.by[0])} and {name(v.by[1])} the money buys more at once"


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
    heading = Heading("What of the funded does least for its cost", "value-backwards", level=3)
    running = [o for o in options(plan) if o.funded and o.cost > 0]
    if not found:
        return []
    unscored = len(running) - len(found)
    weak = sum(c.beaten for c in found)
    said = (
        f"The same order read backwards: what is funded already, the least value for each pound first. "
        f"{plural(weak, 'entry', 'entries').capitalize()} of {len(found)} would release money for which a scheme that waits buys more. "
        f"{plural(unscored, 'funded entry', 'funded entries').capitalize()} cannot be compared, because scores, people or cost are missing. "
        "What stands here is a question for step 4, where it goes through the gate: no service is stopped by a score."
    )
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
    return [
        heading,
        Words((said,)),
        table(
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
            source=_SOURCE,
            note=f"The last {len(rows)} of {len(found)}." if len(found) > len(rows) else "",
        ),
    ]


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
        Result(id, label, amount, unit, "a year, at full scale", _METHOD, _SOURCE)
        for id, label, amount, unit in entries
    ]
