"""The pictures and tables on value for money: rectangles, the frontier, the schemes in order, the scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workbook.blocks import Block, Column, Figure, Table, table
from workbook.charts import star as pictures
from workbook.methods import value as star
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.budget.value import Option, options
from workbook.steps.budget.value_judged import Judged
from workbook.words import listed, number, plural
from workbook.words import money as pounds

SOURCE = "Scores and schemes of this plan; value for money by STAR (CST-06)"
_PEOPLE = 6  # who scored, each with a column of the table of scores
_ROWS = 60  # of that table
_EACH = 40  # with more schemes than these, those on which plan and best choice part are shown first


def points_words(value: float) -> str:
    """Points to three figures: scores are no finer than that."""
    step = 10 ** max(math.floor(math.log10(abs(value))) - 2, 0) if value else 1
    return f"{number(round(value / step) * step, 0)} points"


def rectangles(found: Judged) -> Figure:
    """What each scheme does, as an area: people across, benefit times chance up."""
    ranked = sorted(found.compared, key=lambda o: (-o.value, o.index))
    top, whole = ranked[0], sum(o.value for o in ranked)
    rows = [
        {
            "name": o.name,
            "people": o.people,
            "height": o.benefit * o.chance,
            "words": f"{points_words(o.value)} for {pounds(o.cost)}",
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
        + "; ".join(f"{o.name} {points_words(o.value)} for {pounds(o.cost)} a year" for o in ranked[:10])
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
        SOURCE,
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


def frontier(found: Judged) -> Figure:
    """The schemes end to end by value for cost, with the plan and the best choice marked."""
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
        + "; ".join(f"{r['name']} {pounds(r['all_cost'])}, {points_words(r['all_value'])}" for r in rows[:10])
        + ("; and others. " if len(rows) > 10 else ". ")
        + f"The money there is: {pounds(found.money)}. The plan: {points_words(plan_value)} for {pounds(plan_cost)}.",
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
        SOURCE,
    )


def option_tables(found: Judged) -> list[Table]:
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
        source=SOURCE,
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


def score_table(plan: Plan, reference: Reference) -> list[Block]:
    """Every option that was scored, in one row: the mean of its scores, their ends, and each person's; none without scores."""
    given: dict[str, dict[str, float]] = {}
    for score in plan.budget.value.scores:
        if score.benefit is not None:
            given.setdefault(score.option, {})[score.respondent] = score.benefit
    scored = [o for o in options(plan, reference) if o.key in given]
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


def variant_table(found: Judged) -> list[Block]:
    """What each step from one variant to the next costs and buys; none where no scheme has variants."""
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
            source=SOURCE,
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
