"""Question 4, the end: the figures on hand ranked by five criteria, how firm the order is, and the priorities."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.methods import ranking, scoring
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.frames import records
from workbook.steps.needs import determinants, people
from workbook.steps.needs.gradients import Gradient
from workbook.steps.needs.opportunities import gap_to_peers
from workbook.steps.standing import Standing
from workbook.words import listed, number, plural, some

CRITERIA = {
    "size": "Size",
    "significance": "Beyond chance",
    "inequality": "Inequality",
    "trend": "Trend",
    "voice": "Local voice",
}
FROM_FIGURES = ("size", "significance", "inequality", "trend")
_MOST_SHOWN = 8
_HOW = "Weighted mean of the criteria, each 0 to 1; weights as set in the plan"

# How each score is made, as the page says it.
RULES = {
    "size": "people or events a year between the area and the median of its peers, on a logarithmic scale from 0 "
    "(none) to 1 (the largest on the list); a survey counts only the people it asked",
    "significance": "how sure it is that the area is worse than the benchmark: 0 where it is level or better, "
    "0.95 where the 95% interval just leaves the benchmark out",
    "inequality": "how much worse it is at the most than at the least deprived end: 0 for no difference beyond chance, "
    "0.5 for twice as bad",
    "trend": "1 getting worse, 0.5 no change beyond chance, 0 getting better",
    "voice": f"1 where {scoring.ENOUGH_KINDS} kinds of people or more spoke of a priority that rests on the figure, 0.5 where "
    "one did, 0 where none did",
}

# The same in short, for the table on the page; the rules in full stand behind the chart.
IN_SHORT = {
    "size": "people or events to the median of the peers, on a logarithmic scale",
    "significance": "how sure it is that the area is worse than the benchmark",
    "inequality": "how much worse it is at the most deprived end",
    "trend": "1 getting worse, 0.5 no change beyond chance, 0 getting better",
    "voice": "how many kinds of people spoke of it",
}


def part(
    plan: Plan,
    reference: Reference,
    standings: list[Standing],
    gradients: list[Gradient],
    results: list[Result],
) -> list[Block]:
    """The ranking with its weights, then the priorities that the plan chose; ranks and scores go to ``results``."""
    return [
        Heading("A shortlist, by five criteria", "shortlist", 3),
        *_ranked(plan, reference, standings, gradients, results),
        Heading("Priorities", "priorities", 3),
        Words(
            (
                "Choose few, and say why. Each should show in a figure, in what people said, or both. "
                "The shortlist informs the choice; it does not make it.",
                determinants.in_words(reference),
            )
        ),
        *determinants.chosen(plan, reference),
        asking.ask(plan, reference, "/needs/priorities", detail=bool(plan.needs.priorities)),
    ]


def _ranked(
    plan: Plan,
    reference: Reference,
    standings: list[Standing],
    gradients: list[Gradient],
    results: list[Result],
) -> list[Block]:
    weights = asking.ask(plan, reference, "/needs/shortlist")
    judged = [s for s in standings if s.indicator.polarity in ("low", "high")]
    if len(judged) < 2:
        words = "A shortlist needs at least two figures on hand of which it is known which way is better."
        return [Words((words,), "note"), weights]
    scored = scored_needs(plan, judged, gradients)
    chosen = plan.needs.shortlist.model_dump(exclude={"reason"})
    if not any(chosen.values()):
        return [
            Words(("Every weight is zero, so nothing is ranked. Give at least one criterion a weight.",)),
            weights,
        ]
    ready = filled(scored, chosen)
    firm = ranking.stability(ready, chosen).assign(score=ranking.weighted(ready, chosen))
    names = {s.indicator.id: s.indicator.name for s in judged}
    order = firm[firm["rank"].notna()].sort_values("rank", kind="stable")
    if order.empty:
        return [Words(("No figure can be scored on a criterion that has a weight.",)), weights]
    if len(order) < 2:
        words = f"Only {names[order.index[0]]} can be scored, and one figure makes no order."
        return [Words((words,), "note"), weights]
    results += _results(order, names, judged)
    return [
        Words(tuple(_said(ready, chosen, order, names, len(standings) - len(judged)))),
        _figure(order, names, scored),
        _table(scored, order, names),
        weights,
    ]


# --- scores ---------------------------------------------------------------------


def scored_needs(plan: Plan, judged: list[Standing], gradients: list[Gradient]) -> pd.DataFrame:
    """One row a figure, by id, one column a criterion; NaN where a criterion cannot be told."""
    gaps = {s.indicator.id: _gap(s) for s in judged}
    known = [g for g in gaps.values() if not math.isnan(g)]
    largest = max(known, default=0.0)
    sloped = {g.indicator.id: g for g in gradients}
    rows = {}
    for s in judged:
        id, own, polarity = s.indicator.id, s.own, s.indicator.polarity
        rows[id] = {
            "size": scoring.size(gaps[id], largest),
            "significance": scoring.significance(own.value, own.lower, own.upper, s.benchmark, polarity),
            "inequality": _inequality(sloped.get(id)),
            "trend": scoring.trend(s.trend.judgement, s.trend.direction),
            "voice": scoring.voice(kinds_speaking(plan, id)),
        }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(CRITERIA))


def filled(scored: pd.DataFrame, weights: dict[str, float]) -> pd.DataFrame:
    """The scores that are ranked: a missing one takes the mean of the other figures on that criterion.

    So a figure neither gains nor loses by what is not known of it. One of which
    only the local voice is known stays out (NaN throughout), unless nothing else
    has a weight; a criterion that nobody is known on stays empty.
    """
    used = [criterion for criterion, weight in weights.items() if weight > 0]
    needed = [criterion for criterion in used if criterion in FROM_FIGURES] or used
    return scored.fillna(scored.mean()).where(scored[needed].notna().any(axis=1))


def _gap(s: Standing) -> float:
    """People or events between the area and the median of its peers; NaN where they cannot be counted."""
    found = gap_to_peers(s)
    return math.nan if found.reason else float(found.median_people)


def _inequality(g: Gradient | None) -> float:
    if g is None or g.found is None:
        return math.nan
    return scoring.inequality(g.found.most, g.found.least, g.sure, g.indicator.polarity)


def kinds_speaking(plan: Plan, indicator: str) -> int | None:
    """How many kinds of people spoke to a priority that rests on the figure; None where nobody's words are held."""
    if not people.records(plan):
        return None
    about = {p.id for p in plan.needs.priorities if indicator in p.indicators}
    return len({v.kind for v in people.records(plan) if v.priority in about})


# --- words and pictures ------------------------------------------------------------


def _said(
    scored: pd.DataFrame, weights: dict[str, float], order: pd.DataFrame, names: dict[str, str], without: int
) -> list[str]:
    lines = [_first(order, names), *_changes(scored, weights, order, names)]
    silent = [CRITERIA[c].lower() for c in ranking.left_out(scored, weights)]
    if silent:
        lines.append(
            f"{listed(silent).capitalize()} counts for nothing yet: no figure can be scored on it."
            if len(silent) == 1
            else f"{listed(silent).capitalize()} count for nothing yet: no figure can be scored on them."
        )
    if unknown := [name for id, name in names.items() if id not in order.index]:
        lines.append(f"Not ranked, because too little is known: {some(unknown)}.")
    if len(order) > _MOST_SHOWN:
        lines.append(
            f"The first {_MOST_SHOWN} of {len(order)} figures are shown; all stand in the table behind the chart."
        )
    if without:
        lines.append(
            f"{plural(without, 'figure is', 'figures are')} left out, because nobody has said which way is better."
        )
    return lines


def _first(order: pd.DataFrame, names: dict[str, str]) -> str:
    firsts = [str(id) for id in order.index[order["rank"] == order["rank"].min()]]
    leader = order.iloc[0]
    if len(firsts) > ranking.TOP:
        return f"{len(firsts)} figures share the first place: what is known does not tell them apart."
    said = f"{listed(f'“{names[id]}”' for id in firsts)} {'comes' if len(firsts) == 1 else 'come'} first"
    if len(order) <= ranking.TOP:
        return f"{said}, in {_of_100(leader['share_first'])} of 100 sets of weights near those chosen."
    return (
        f"{said}. With weights moved around those chosen, {'it' if len(firsts) == 1 else 'the first of them'} stays in "
        f"the first three in {_of_100(leader['share_top'])} of 100 sets and comes first in {_of_100(leader['share_first'])} of them."
    )


def _of_100(share: float) -> str:
    """A share as so many of 100; nearly all and nearly none do not read as all and none."""
    if 0 < share < 0.01:
        return "fewer than 1"
    return "more than 99" if 0.99 < share < 1 else number(100 * share, 0)


def _changes(
    scored: pd.DataFrame, weights: dict[str, float], order: pd.DataFrame, names: dict[str, str]
) -> list[str]:
    tried = ranking.sensitivity(scored, weights)
    changed = [row for row in records(tried) if row["changes"] and row["first"]]
    if not changed:
        return [
            "Halving or doubling any one weight, or giving all the same, leaves the first place as it is."
        ]
    told = [
        f"“{names[str(row['first'][0])]}” where "
        + (
            f"{CRITERIA[row['criterion']].lower()} is {row['change']}"
            if row["criterion"]
            else "all weigh the same"
        )
        for row in changed[:3]
    ]
    return [f"The first place goes to another: {'; '.join(told)}."]


def _rows(order: pd.DataFrame) -> list[dict[str, Any]]:
    """The figures in their order as dictionaries, each with its id."""
    return records(order.rename_axis("id").reset_index())


def _table(scored: pd.DataFrame, order: pd.DataFrame, names: dict[str, str]) -> Table:
    told = {row["id"]: row for row in _rows(scored)}
    rows = [
        {"name": names[row["id"]], "rank": row["rank"], "score": row["score"], **told[row["id"]]}
        | {"ranks": _range(row)}
        for row in _rows(order.head(_MOST_SHOWN))
    ]
    decimals = 0 if all(float(row["rank"]).is_integer() for row in rows) else 1
    return table(
        "shortlist",
        "The shortlist: figures on hand by five criteria",
        [
            Column("name", "Figure"),
            Column("rank", "Rank", "", decimals),
            *(Column(id, label, "", 2) for id, label in CRITERIA.items()),
            Column("score", "Together", "", 2),
            Column("ranks", "Ranks as weights move"),
        ],
        rows,
        source="Scored here from the figures above",
        note="Scores run from 0 to 1; a higher one is more reason to act. "
        + " ".join(f"{label}: {IN_SHORT[id]}." for id, label in CRITERIA.items())
        + " Where a score is not known, the mean of the other figures stands for it. A place on the list is not a verdict: a death and "
        "a lonely evening each count as one.",
        missing="not known",
    )


def _range(row: dict[str, Any]) -> str:
    return f"{number(row['low'])} to {number(row['high'])}"


def _figure(every: pd.DataFrame, names: dict[str, str], scored: pd.DataFrame) -> Figure:
    """The ranks of the first figures as the weights move; behind it every ranked figure with its scores."""
    order = every.head(_MOST_SHOWN)
    shown = _rows(order)
    drawn = ("rank", "low", "high", "share_first")
    said = "; ".join(f"{names[r['id']]} {number(r['rank'])} ({_range(r)})" for r in shown)
    return Figure(
        "shortlist-stability",
        f"How firm the order is: the first place is {_firmness(order)}",
        charts.ranks([{"name": names[r["id"]]} | {key: float(r[key]) for key in drawn} for r in shown]),
        "For each figure, its rank under the weights as set and the ranks it takes in nine of ten sets of weights near "
        f"them: {said}.",
        _whole(every, names, scored),
    )


def _firmness(order: pd.DataFrame) -> str:
    """How surely the first place is the first, in a word or two."""
    first = order.iloc[0]
    if (order["rank"] == first["rank"]).sum() > 1:
        return "shared"
    if first["share_first"] >= 0.9:
        return "firm"
    return "open" if first["share_first"] < 0.5 else "fairly firm"


def _whole(every: pd.DataFrame, names: dict[str, str], scored: pd.DataFrame) -> Table:
    """Every ranked figure: its scores, and its ranks as all weights or one of them move."""
    told = {row["id"]: row for row in _rows(scored)}
    rows = [
        {
            "name": names[row["id"]],
            "rank": number(row["rank"]),
            **{id: told[row["id"]][id] for id in CRITERIA},
            "score": row["score"],
            "ranks": _range(row),
            "one": f"{number(row['one_low'])} to {number(row['one_high'])}",
            "first": _of_100(row["share_first"]),
            "top": _of_100(row["share_top"]),
        }
        for row in _rows(every)
    ]
    return table(
        "shortlist-stability",
        "The whole shortlist: scores, and ranks as the weights move",
        [
            Column("name", "Figure"),
            Column("rank", "Rank as set"),
            *(Column(id, label, "", 2) for id, label in CRITERIA.items()),
            Column("score", "Together", "", 2),
            Column("ranks", "Ranks in nine of ten sets of weights"),
            Column("one", "Ranks when one weight is halved or doubled"),
            Column("first", "Comes first", "of 100 sets"),
            Column("top", "Among the first three", "of 100 sets"),
        ],
        rows,
        source="Scored here from the figures above",
        note=f"{number(ranking.DRAWS, 0)} sets of weights drawn around those chosen, the same every time. "
        "Scores run from 0 to 1. " + " ".join(f"{CRITERIA[id]}: {rule}." for id, rule in RULES.items()),
        missing="not known",
    )


def _results(order: pd.DataFrame, names: dict[str, str], judged: list[Standing]) -> list[Result]:
    of = {s.indicator.id: s for s in judged}
    found = []
    for row in _rows(order):
        s, name = of[row["id"]], names[row["id"]]
        for key, label, value in (
            ("shortlist-rank", "rank on the shortlist", float(row["rank"])),
            ("shortlist-score", "score on the shortlist", float(row["score"])),
            (
                "shortlist-top",
                "share of sets of weights in which it is among the first three",
                float(row["share_top"]),
            ),
        ):
            found.append(
                Result(
                    f"needs.{s.indicator.id}.{key}",
                    f"{name}, {label}",
                    value,
                    "",
                    s.own.period,
                    _HOW,
                    s.indicator.source,
                )
            )
    return found
