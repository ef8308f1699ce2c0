"""What the scores say: the order of the options, the reasons, impact against practicality, rung by rung."""

from __future__ import annotations

from typing import Any

from workbook.blocks import Block, Column, Figure, Heading, Result, Words, table
from workbook.charts.scores import opinions, two_scores
from workbook.methods import appraisal
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.budget.scope_lines import pounds
from workbook.steps.budget.scope_scores import KINDS, Scored
from workbook.steps.frames import records
from workbook.words import listed, number, plural, signed

_MOST_REASONS = 3
_FELT = 0.05  # points of 100 below which a criterion makes no difference


def part(plan: Plan, reference: Reference, found: Scored, results: list[Result]) -> list[Block]:
    """The result of the scoring; nothing where nobody has scored."""
    if found.empty:
        return [Words(("Nobody has scored the options yet.",), "note")]
    _record(found, results)
    return [
        Heading("What the scores say", "scope-result", 3),
        _order(plan, found),
        Words(tuple(_reasons(plan, found)), "list"),
        *_impact_and_practice(plan, found),
        *_rung_by_rung(plan, found),
    ]


def people_words(found: Scored) -> str:
    """ "4 people's scores, weights as set in this plan"."""
    n = found.scores["respondent"].nunique()
    return f"Scores of {plural(n, 'person', 'people')}, weights as set in this plan"


def _record(found: Scored, results: list[Result]) -> None:
    method = (
        "Weighted mean of the criteria's mean scores; criteria where a high score is worse are turned round"
    )
    source = people_words(found)
    for row in records(found.ranked):
        id, name = f"budget.scope.{row['option']}", found.label(row["option"])
        results.append(Result(id, f"Scope score, {name}", float(row["score"]), "of 100", "", method, source))
        results.append(
            Result(
                f"{id}.rank",
                f"Rank, {name}",
                int(row["rank"]),
                "",
                "",
                f"{method}; ties share a rank",
                source,
            )
        )


# --- the order ------------------------------------------------------------------------


def _order(plan: Plan, found: Scored) -> Figure:
    rows = [_row(plan, found, row) for row in records(found.ranked)]
    behind = table(
        "scope",
        "The ladder of budgets, best first",
        [
            Column("name", "Scope"),
            Column("rank", "Rank", "", 0),
            Column("score", "Score", "of 100", 0),
            Column("impact", "On impact alone", "of 100", 0),
            Column("practical", "On practicality alone", "of 100", 0),
            Column("lowest", "Lowest person", "of 100", 0),
            Column("highest", "Highest person", "of 100", 0),
            Column("spread", "Spread between people", "points", 0, "Standard deviation."),
            Column("people", "People", "", 0),
        ],
        rows,
        source=people_words(found),
    )
    said = "; ".join(
        f"{r['name']} {r['score']:.0f}"
        + (f" (people from {r['lowest']:.0f} to {r['highest']:.0f})" if r["people"] > 1 else "")
        for r in rows
    )
    return Figure(
        "scope",
        _title(found),
        opinions([{"name": r["name"], "value": r["score"], "own": r["own"], "chosen": r["chosen"]} for r in rows]),
        f"Score of each option of 100, best first: {said}.",
        behind,
        behind.source,
    )  # fmt: skip


def _row(plan: Plan, found: Scored, row: dict[str, Any]) -> dict[str, Any]:
    option = str(row["option"])
    own = found.personal[option].dropna().tolist()
    chosen = option == plan.budget.scope.chosen
    return {
        "name": found.label(option) + (" (chosen)" if chosen else ""),
        "rank": row["rank"],
        "score": row["score"],
        **{kind: found.of_kind[kind].get(option) for kind in KINDS},
        "lowest": min(own, default=None),
        "highest": max(own, default=None),
        "spread": row["spread"],
        "people": row["respondents"],
        "own": own,
        "chosen": chosen,
    }


def _title(found: Scored) -> str:
    best = float(found.ranked["score"].iloc[0])
    names = [found.named(o) for o in found.winners]
    if len(names) > 1:
        return f"{listed(names)} share the highest score, {best:.0f} of 100"
    if len(found.ranked) < 2:
        return f"Score of {names[0]}: {best:.0f} of 100"
    following = found.ranked.iloc[1]
    lead = best - float(following["score"])
    return f"{names[0]} scores highest, {best:.0f} of 100, {lead:.0f} ahead of {found.named(str(following['option']))}"


# --- the reasons ------------------------------------------------------------------------


def _reasons(plan: Plan, found: Scored) -> list[str]:
    """Why the winner is ahead of the next, where impact and practicality part, what is beaten throughout."""
    said = [*_lead(found), *_by_kind(found)]
    chosen = plan.budget.scope.chosen
    if chosen and chosen not in found.winners:
        said += _behind(found, chosen)
    return [*said, *_beaten(found)]


def _lead(found: Scored) -> list[str]:
    """What carries the winner over the next, criterion by criterion."""
    order = [str(o) for o in found.ranked["option"]]
    if len(found.winners) > 1:
        return [
            f"{listed(map(found.named, found.winners))} tie for first place: the scores do not tell them apart, so the "
            "reason for choosing one has to come from elsewhere."
        ]
    if len(order) < 2:
        return [f"Only {found.named(order[0])} has scores, so there is nothing to compare it with."]
    winner, following = order[:2]
    return [_against(found, winner, following)]


def _against(found: Scored, one: str, other: str) -> str:
    gaps = appraisal.gap_by_criterion(found.means, found.weights, one, other)
    lead = sum(gaps.values())
    fore, back = _named(found, gaps, 1), _named(found, gaps, -1)
    said = f"{found.named(one)} is {_points(lead)} of 100 ahead of {found.named(other)}."
    if fore:
        said += f" What speaks for it most: {listed(fore)}."
    if back:
        said += f" What speaks for {found.named(other)}: {listed(back)}."
    return said


def _named(found: Scored, gaps: dict[str, float], side: int) -> list[str]:
    """The criteria that weigh most on one side, with their points: "data availability (4.8 points)"."""
    felt = sorted((c for c in gaps if side * gaps[c] > _FELT), key=lambda c: -abs(gaps[c]))
    return [
        f"{'less ' if c in found.reversed else ''}{found.criterion(c).lower()} ({_points(abs(gaps[c]))})"
        for c in felt[:_MOST_REASONS]
    ]


def _points(gap: float) -> str:
    return f"{number(gap, 1)} {'point' if round(gap, 1) == 1 else 'points'}"


def _by_kind(found: Scored) -> list[str]:
    """Which option leads on impact alone and which on practicality alone."""
    best = {}
    for kind, scores in found.of_kind.items():
        if scores:
            top = round(max(scores.values()), 9)
            best[kind] = [o for o, v in scores.items() if round(v, 9) == top]
    if len(best) < len(KINDS):
        missing = listed([words for kind, words in KINDS.items() if kind not in best])
        return [
            f"No criterion that counts is about {missing}, so the two cannot be weighed against each other."
        ]
    same = [o for o in best["impact"] if o in best["practical"]]
    if same:
        return [f"{listed(map(found.named, same))} leads on impact and on practicality alike."]
    said = [
        f"{listed(map(found.named, best[kind]))} is highest on {words} alone ({max(found.of_kind[kind].values()):.0f} of 100)"
        for kind, words in KINDS.items()
    ]
    return [f"Impact and practicality pull apart: {listed(said)}."]


def _behind(found: Scored, chosen: str) -> list[str]:
    """Where the scope chosen stands, if it is not first."""
    ranks = found.ranked.set_index("option")["rank"]
    name = found.named(chosen)
    if chosen not in ranks.index:
        return [f"The scope chosen, {name}, has no score."]
    ahead = _against(found, found.winners[0], chosen)
    return [f"The scope chosen, {name}, stands in place {ranks[chosen]}. {ahead}"]


def _beaten(found: Scored) -> list[str]:
    """Options that no weights could bring to the top."""
    return [
        f"{found.named(option)} is beaten on every criterion, or equalled, by {listed(map(found.named, others))}: no "
        "weights could put it ahead."
        for option, others in found.dominated.items()
    ]


# --- impact against practicality ----------------------------------------------------------


def _impact_and_practice(plan: Plan, found: Scored) -> list[Block]:
    """A picture of impact against practicality; nothing where one of them has no weight."""
    impact, practical = found.of_kind["impact"], found.of_kind["practical"]
    both = [o for o in found.options if o.id in impact and o.id in practical]
    if len(both) < 2:
        return []
    rows = [
        {
            "name": o.label,
            "x": practical[o.id],
            "y": impact[o.id],
            "chosen": o.id == plan.budget.scope.chosen,
        }
        for o in both
    ]
    behind = table(
        "scope-impact",
        "Impact and practicality of each scope",
        [
            Column("name", "Scope"),
            Column("y", "Impact", "of 100", 0),
            Column("x", "Practicality", "of 100", 0),
        ],
        rows,
        source=people_words(found),
    )
    return [
        Figure(
            "scope-impact",
            _kinds_title(rows),
            two_scores(rows, across="score on practicality, of 100", up="score on impact, of 100"),
            "Impact and practicality of each scope, numbered from the core outwards: "
            + "; ".join(f"{r['name']} {r['y']:.0f} and {r['x']:.0f}" for r in rows)
            + ".",
            behind,
            behind.source,
        )
    ]


def _kinds_title(rows: list[dict[str, Any]]) -> str:
    first, last = rows[0], rows[-1]
    up = "gains" if last["y"] > first["y"] else "loses"
    along = "gains" if last["x"] > first["x"] else "loses"
    return (
        f"From the first scope to the widest, impact {up} {abs(last['y'] - first['y']):.0f} points and practicality "
        f"{along} {abs(last['x'] - first['x']):.0f}"
    )


# --- rung by rung ---------------------------------------------------------------------------


def _rung_by_rung(plan: Plan, found: Scored) -> list[Block]:
    """What each rung adds to the one below: in the scores, and in money."""
    scores = dict(zip(found.ranked["option"].astype(str), found.ranked["score"], strict=True))
    steps = [o for o in found.options if o.id in scores]
    if len(steps) < 2:
        return []
    spend: dict[str, int] = {}
    for line in plan.budget.lines:
        spend[line.rung] = spend.get(line.rung, 0) + pounds(line.amount)
    rows: list[dict[str, Any]] = []
    for n, option in enumerate(steps):
        below = steps[n - 1].id if n else ""
        rows.append(
            {"name": option.label, "spend": spend.get(option.id, 0) / 1000, "score": scores[option.id]}
            | ({"gain": scores[option.id] - scores[below]} if below else {})
            | ({kind: _gain(found.of_kind[kind], option.id, below) for kind in KINDS} if below else {})
        )
    return [
        table(
            "scope-rungs",
            "What each rung adds to the one below it",
            [
                Column("name", "Rung"),
                Column("spend", "Spend of its own lines", "£000s", 0),
                Column("score", "Score of the whole scope", "of 100", 0),
                Column("gain", "Change of score", "points", 1),
                Column("impact", "Of impact", "points", 1),
                Column("practical", "Of practicality", "points", 1),
            ],
            rows,
            source=f"{people_words(found)}; budget lines of this plan",
            note="People score each scope as a whole; the change is what they think one more budget adds.",
            missing="first rung",
            detail=True,
        ),
        Words((_climb(rows),)),
    ]


def _gain(scores: dict[str, float], option: str, below: str) -> float | None:
    return scores[option] - scores[below] if option in scores and below in scores else None


def _climb(rows: list[dict[str, Any]]) -> str:
    """Up to where each rung adds more than it takes."""
    gains = [(r["name"], float(r["gain"])) for r in rows[1:]]
    up = [(name, gain) for name, gain in gains if gain > _FELT]
    first_loss = next(((name, gain) for name, gain in gains if gain < -_FELT), None)
    if first_loss is None:
        return "Rung by rung: none takes anything from the score of the scope below it."
    said = f"Rung by rung: “{first_loss[0]}” is the first that takes more than it adds ({signed(first_loss[1], 1, '')} points)."
    after = [
        name
        for name, _ in up
        if [n for n, _ in gains].index(name) > [n for n, _ in gains].index(first_loss[0])
    ]
    if after:
        joined = listed(f"“{name}”" for name in after)
        said += (
            f" Above it, {joined} {'adds' if len(after) == 1 else 'add'} again: look at what is in between."
        )
    return said
