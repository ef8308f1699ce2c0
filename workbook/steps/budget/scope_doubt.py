"""How far people agree on the scope, and how firm the order is when the weights move."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.methods.appraisal import Tipping
from workbook.methods.draws import DRAWS
from workbook.plan import Plan
from workbook.steps.budget.scope_result import people_words
from workbook.steps.budget.scope_scores import Scored
from workbook.steps.frames import records
from workbook.words import listed, number, plural, some

_MOST_PEOPLE = 20  # rows of the table of people; more are summed up in words
_MOST_PLACES = 3
_WIDE = 2  # points of the five-point scale from which people are said to differ
# Schmidt 1997, Decision Sciences 28(3): what a coefficient of concordance is taken to mean.
_MEANING = (
    (0.9, "are almost the same"),
    (0.7, "are much the same"),
    (0.5, "are alike in part"),
    (0.3, "are little alike"),
    (0.0, "have next to nothing in common"),
)


def part(plan: Plan, found: Scored, results: list[Result]) -> list[Block]:
    """Disagreement and firmness; nothing where nobody has scored."""
    if found.empty:
        return []
    return [*_disagreement(plan, found, results), *_firmness(found, results)]


# --- between people ---------------------------------------------------------------------


def _disagreement(plan: Plan, found: Scored, results: list[Result]) -> list[Block]:
    heading = Heading("Where people differ", "scope-people", 3)
    if len(found.personal) < 2:
        return [
            heading,
            Words(("One person has scored, so nothing can be said of agreement.",), "note"),
            *_apart_words(found),
        ]
    blocks: list[Block] = [heading, Words(tuple(_agreement_words(found, results)))]
    blocks.append(_people_table(plan, found))
    return [*blocks, *_apart_words(found), _criteria_table(found)]


def _agreement_words(found: Scored, results: list[Result]) -> list[str]:
    w, people, options = found.agreement
    said = [_first_choices(found)]
    if math.isnan(w):
        said.append(
            "How far their orders agree cannot be measured: it needs at least two people who scored every option and "
            "do not tie them all."
        )
        return [" ".join(said)]
    meaning = next(words for least, words in _MEANING if w >= least or least == 0)
    results.append(
        Result(
            "budget.scope-agreement",
            "Agreement on the order of scopes (Kendall's W)",
            w,
            "",
            "",
            "Kendall's coefficient of concordance with ties, over people who scored every option",
            f"Own orders of {plural(people, 'person', 'people')}, {plural(options, 'option')}",
        )
    )
    said.append(
        f"Their {people} orders of {plural(options, 'option')} {meaning}: Kendall's W is {number(w, 2)}, where 1 "
        "is the same order for all and 0 no common order."
        if people == len(found.personal)
        else f"The orders of the {people} who scored every option, and not all the same, {meaning}: Kendall's W is "
        f"{number(w, 2)}, where 1 is the same order for all and 0 no common order."
    )
    return [" ".join(said)]


def _first_choices(found: Scored) -> str:
    """ "By their own scores and the common weights, 2 of 4 put Plus primary care first and 2 Plus housing"."""
    counts: dict[str, int] = {}
    for best in _own_firsts(found).values():
        counts[best] = counts.get(best, 0) + 1
    most = sorted(counts.items(), key=lambda c: -c[1])
    parts = [f"{n} {'puts' if n == 1 else 'put'} {name} first" for name, n in most]
    return f"Of {plural(len(found.personal), 'person', 'people')}, by their own scores and the common weights, {listed(parts)}."


def _own_firsts(found: Scored) -> dict[str, str]:
    """Each person's own first choice in words, several where they tie."""
    firsts = {}
    for person, row in found.personal.round(9).iterrows():
        best = row[row == row.max()].index
        firsts[str(person)] = some([found.named(str(o)) for o in best], 2)
    return firsts


def _people_table(plan: Plan, found: Scored) -> Table:
    """One row a person: the first choice, and where the winner and the chosen scope stand in that person's order."""
    ranks = found.personal.round(9).rank(axis=1, method="min", ascending=False)
    full = len(found.options) * len(found.criteria)
    firsts, given = _own_firsts(found), found.given.sum(axis=1)
    winner, chosen = found.winners[0], plan.budget.scope.chosen
    columns = [
        Column("person", "Person"),
        Column("first", "Own first choice"),
        Column("best", "Own score of it", "of 100", 0),
        Column("winner", f"Own rank of {found.label(winner)}", "", 0),
    ]
    if chosen and chosen != winner and chosen in ranks.columns:
        columns.append(Column("chosen", f"Own rank of {found.label(chosen)}", "", 0))
    columns.append(Column("given", f"Scores given, of {full}", "", 0))
    rows: list[dict[str, Any]] = [
        {
            "person": found.people.get(str(person), str(person)),
            "first": firsts[str(person)],
            "best": found.personal.loc[person].max(),
            "winner": ranks.loc[person, winner],
            "chosen": ranks.loc[person, chosen] if chosen in ranks.columns else None,
            "given": given[person],
        }
        for person in found.personal.index[:_MOST_PEOPLE]
    ]
    left = len(found.personal) - len(rows)
    return table(
        "scope-people",
        "Each person's own order, with the common weights",
        columns,
        rows,
        source="Scores of this plan",
        note=f"{plural(left, 'person', 'people')} more scored; the figures above count them."
        if left > 0
        else "",
        missing="not scored",
        detail=True,
    )


def _apart_words(found: Scored) -> list[Block]:
    """The places where scores lie farthest apart, with who stands at which end."""
    wide = found.apart[found.apart["distance"] >= _WIDE]
    if wide.empty:
        if len(found.personal) < 2:
            return []
        return [Words(("Nowhere do two people differ by more than one point of five.",))]
    said = [_place(found, row) for row in records(wide.head(_MOST_PLACES))]
    more = len(wide) - len(said)
    others = f" ({plural(more, 'more place')} by {_WIDE} points or more)" if more > 0 else ""
    return [Words((f"People differ most here{others}:",)), Words(tuple(said), "list")]


def _place(found: Scored, row: dict[str, Any]) -> str:
    """ "Legal complexity of Plus housing: from 2 (director of public health) to 5 (chief finance officer)"."""
    own = found.scores[
        (found.scores["option"] == row["option"]) & (found.scores["criterion"] == row["criterion"])
    ]
    ends = []
    for value in (row["low"], row["high"]):
        who = [found.people.get(str(p), str(p)) for p in own[own["score"] == value]["respondent"]]
        named = listed(who) if len(who) <= 2 else plural(len(who), "person", "people")
        ends.append(f"{value:.0f} ({named})")
    return f"{found.criterion(row['criterion'])}, {found.named(row['option'])}: from {ends[0]} to {ends[1]}."


def _criteria_table(found: Scored) -> Table:
    """By criterion: how far apart people are on the whole, and on which option most."""
    rows: list[dict[str, Any]] = []
    for criterion in found.criteria:
        own = found.apart[found.apart["criterion"] == criterion.id]
        if own.empty:
            rows.append({"criterion": criterion.label})
            continue
        most = own.iloc[0]
        rows.append(
            {
                "criterion": criterion.label,
                "distance": own["distance"].mean(),
                "option": found.label(str(most["option"])) if most["distance"] else "all alike",
                "low": most["low"],
                "high": most["high"],
            }
        )
    return table(
        "scope-criteria",
        "Where people differ, by criterion",
        [
            Column("criterion", "Criterion"),
            Column("distance", "Lowest to highest score, mean over the options", "points of 5", 1),
            Column("option", "Widest for"),
            Column("low", "Lowest there", "", 0),
            Column("high", "Highest there", "", 0),
        ],
        rows,
        source=f"{people_words(found)}; scores as given, none turned round",
        missing="fewer than two scored",
        detail=True,
    )


# --- under other weights ------------------------------------------------------------------


def _firmness(found: Scored, results: list[Result]) -> list[Block]:
    """Whether the order holds when the weights move; nothing with one option."""
    if len(found.ranked) < 2:
        return []
    blocks: list[Block] = [
        Heading("How firm the order is", "scope-firm", 3),
        Words((_moved_words(found), *_tipping_words(found))),
        _win_shares(found, results),
    ]
    return [*blocks, _tipping_table(found)] if len(found.winners) == 1 else blocks


def _moved_words(found: Scored) -> str:
    """What happens when one weight is halved or doubled, or all are equal."""
    changes = found.sensitivity[found.sensitivity["changes"]]
    if changes.empty:
        return "The winner stays the same when any one weight is halved or doubled, and when all weights are equal."
    cases = [
        f"{found.criterion(row['criterion']).lower()} {row['change']}"
        if row["criterion"]
        else "all weights equal"
        for row in records(changes)
    ]
    return f"The winner is not firm: first place changes with {listed(cases)}."


def _tipping_words(found: Scored) -> list[str]:
    if len(found.winners) > 1:
        return ["First place is shared already: any change of weights may part the two."]
    if not found.tipping:
        return ["No change of a single weight takes first place from the winner."]
    first = found.tipping[0]
    return [
        f"The smallest change of one weight that ends the lead: {found.criterion(first.criterion).lower()} from "
        f"{number(first.weight, 1)} to {number(first.needed, 1)} ({_shares(found, first)}), where "
        f"{found.named(first.option)} draws level."
    ]


def _share_then(found: Scored, tip: Tipping) -> float | None:
    """The share of all weight that one criterion has when the lead ends; None where all weights are nought then."""
    rest = sum(found.weights.values()) - tip.weight
    return 100 * tip.needed / (rest + tip.needed) if rest + tip.needed > 0 else None


def _shares(found: Scored, tip: Tipping) -> str:
    """ "from 10% to 25% of all weight"."""
    now = 100 * tip.weight / sum(found.weights.values())
    then = _share_then(found, tip)
    return f"from {now:.0f}% of all weight" + (f" to {then:.0f}%" if then is not None else "")


def _win_shares(found: Scored, results: list[Result]) -> Figure:
    """In how many draws of weights each option comes first: near those chosen, and any at all."""
    near, anywhere = found.near, found.anywhere
    rows: list[dict[str, Any]] = [
        {
            "name": found.label(option),
            "rank": near.loc[option, "rank"],
            "share_first": near.loc[option, "share_first"],
            "near": 100 * near.loc[option, "share_first"],
            "any": 100 * anywhere.loc[option, "share_first"],
            "low": near.loc[option, "low"],
            "high": near.loc[option, "high"],
            "one": _range(near.loc[option]),
        }
        for option in found.ranked["option"]
    ]
    source = f"{people_words(found)}; {DRAWS:,} seeded draws of weights"
    _record_firsts(found, rows, source, results)
    behind = _places_table(rows, source)
    best = max(rows, key=lambda r: r["near"])
    return Figure(
        "scope-firm",
        f"{best['name']} comes first in {_percent(best['near'])} of draws of weights near those set, and in "
        f"{_percent(best['any'])} under any weights",
        charts.ranks(rows, range_label="range of ranks in nine draws of ten, weights near those set"),
        "Share of draws in which each scope comes first, near the weights set and under any: "
        + "; ".join(f"{r['name']} {_percent(r['near'])} and {_percent(r['any'])}" for r in rows)
        + ".",
        behind,
        source,
    )


def _places_table(rows: list[dict[str, Any]], source: str) -> Table:
    shared = any(r["rank"] % 1 > 0 for r in rows)  # options that tie share the mean of their ranks
    return table(
        "scope-firm",
        "Places under other weights",
        [
            Column("name", "Scope"),
            Column("rank", "Rank as weighted", "", 1 if shared else 0),
            Column("near", "First under weights near those set", "% of draws", 0),
            Column("any", "First under any weights", "% of draws", 0),
            Column("low", "Best rank in nine draws of ten", "", 0),
            Column("high", "Worst rank in nine draws of ten", "", 0),
            Column("one", "Ranks with one weight halved or doubled"),
        ],
        rows,
        source=source,
        note=(
            "Near those set: a weight of a quarter moves between about 11% and 42% in nine draws of ten. Any weights: "
            "every mix of the criteria is as likely as any other."
        ),
    )


def _record_firsts(found: Scored, rows: list[dict[str, Any]], source: str, results: list[Result]) -> None:
    for option, row in zip(found.ranked["option"], rows, strict=True):
        for key, where in (("near", "weights near those set"), ("any", "any weights")):
            results.append(
                Result(
                    f"budget.scope.{option}.first.{key}",
                    f"Comes first under {where}, {row['name']}",
                    float(row[key]),
                    "%",
                    "",
                    "Share of draws of weights (Dirichlet) in which the option has the highest score",
                    source,
                )
            )


def _percent(share: float) -> str:
    """Whole per cent; what is not quite none or all does not read as none or all."""
    if 0 < share < 0.5:
        return "under 1%"
    return "over 99%" if 99.5 <= share < 100 else f"{share:.0f}%"


def _range(row: pd.Series) -> str:
    low, high = (number(float(row[k])) for k in ("one_low", "one_high"))
    return low if low == high else f"{low} to {high}"


def _tipping_table(found: Scored) -> Table:
    """By criterion: its weight, the weight at which the lead ends, and who draws level there."""
    by = {t.criterion: t for t in found.tipping}
    total = sum(found.weights.values())
    rows = [
        {
            "criterion": c.label,
            "weight": found.weights[c.id],
            "share": 100 * found.weights[c.id] / total,
            "needed": by[c.id].needed if c.id in by else None,
            "then": _share_then(found, by[c.id]) if c.id in by else None,
            "option": found.label(by[c.id].option) if c.id in by else "nobody at any weight",
        }
        for c in found.criteria
    ]
    return table(
        "scope-tipping",
        "The weight of each criterion at which the winner's lead ends, all others as set",
        [
            Column("criterion", "Criterion"),
            Column("weight", "Weight", "", 1),
            Column("share", "Share of all weight", "%", 0),
            Column("needed", "Lead ends at a weight of", "", 1),
            Column("then", "Share of all weight then", "%", 0),
            Column("option", "Draws level there"),
        ],
        rows,
        source=people_words(found),
        missing="none",
        detail=True,
    )
