"""Which budgets are planned together: the ladder of budgets against the eight criteria (ODR-12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Item, Question, Result, Words, table
from workbook.methods import appraisal
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, ladder
from workbook.steps.frames import records
from workbook.words import financial_year, listed, plural


def scores_of(plan: Plan) -> pd.DataFrame:
    """Every score as one row: respondent, option, criterion, score."""
    rows = [
        (f"{n} {r.respondent}", option, criterion, score)
        for n, r in enumerate(plan.budget.scope.responses, 1)
        for option, given in r.scores.items()
        for criterion, score in given.items()
    ]
    return pd.DataFrame(rows, columns=["respondent", "option", "criterion", "score"])


def appraised(plan: Plan, reference: Reference) -> pd.DataFrame:
    """The rungs of the ladder in order of their weighted score; empty where nobody has scored."""
    scores = scores_of(plan)
    return (
        scores
        if scores.empty
        else appraisal.appraise(scores, _weights(plan, reference), _reversed(plan, reference))
    )


def _weights(plan: Plan, reference: Reference) -> dict[str, float]:
    given = plan.budget.scope.weights
    weights = {c.id: given.get(c.id, 1.0) for c in ladder.criteria(plan, reference)}
    return weights if any(weights.values()) else dict.fromkeys(weights, 1.0)


def _reversed(plan: Plan, reference: Reference) -> list[str]:
    return [c.id for c in ladder.criteria(plan, reference) if c.reverse]


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """The choice of scope, then the budgets in and out of it."""
    return [*_choice(plan, reference, results), *in_and_out(plan, reference)]


def _choice(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    blocks: list[Block] = [
        Heading("Which budgets to plan together", "scope"),
        Words(
            (
                "Each rung of the ladder adds a budget to the ones before. It is scored against eight criteria, four "
                "on impact and four on practicality; one of them, legal complexity, runs the other way (a high score "
                "is worse) and is turned round before it counts. Weights are local.",
            )
        ),
    ]
    ranked = appraised(plan, reference)
    if len(ranked):
        blocks += _appraisal(plan, reference, ranked, results)
    else:
        blocks.append(Words(("Nobody has scored the options yet.",), "note"))
    blocks += [_weights_question(plan, reference), _responses_question(plan, reference)]
    blocks += [
        asking.ask(plan, reference, "/budget/scope/chosen"),
        asking.ask(plan, reference, "/budget/scope/reason"),
    ]
    blocks += [
        Heading("Why plan them together", "why-together", 3),
        Words(
            (
                "Eight harms of budgets that are planned apart. Integrate in proportion to what depends on what.",
            )
        ),
        asking.about(reference.framework("ODR-10")),
        *asking.bank(plan, reference.framework("ODR-10"), "/budget/answers"),
    ]
    return blocks


def _appraisal(plan: Plan, reference: Reference, ranked: pd.DataFrame, results: list[Result]) -> list[Block]:
    labels = {r.id: r.label for r in ladder.rungs(plan, reference)}
    people = len(plan.budget.scope.responses)
    rows = [{**row, "name": labels.get(str(row["option"]), row["option"])} for row in records(ranked)]
    for row in rows:
        results.append(
            Result(
                f"budget.scope.{row['option']}",
                f"Scope score, {row['name']}",
                row["score"],
                "of 100",
                "",
                "Weighted mean of the criteria's mean scores, legal complexity reversed",
                f"Scores of {plural(people, 'respondent')}",
            )
        )
    behind = table(
        "scope",
        "The ladder of budgets, best first",
        [
            Column("name", "Scope"),
            Column("score", "Score", "of 100", 0),
            Column("rank", "Rank", "", 0),
            Column("spread", "Spread between people", "points", 0),
            Column("respondents", "People", "", 0),
        ],
        rows,
        source=f"Scores of {plural(people, 'respondent')}, weights as set in this plan",
    )
    winner = rows[0]
    return [
        Figure(
            "scope",
            f"Highest score: {winner['name']}, {winner['score']:.0f} of 100",
            charts.bars(
                [{"category": r["name"], "value": r["score"], "series": "Score"} for r in rows],
                unit="of 100",
                stacked=False,
            ),
            "Scores of the options: " + "; ".join(f"{r['name']} {r['score']:.0f}" for r in rows) + ".",
            behind,
        ),
        _stability(plan, reference, labels),
    ]


def _stability(plan: Plan, reference: Reference, labels: dict[str, str]) -> Words:
    scores, weights, turned = scores_of(plan), _weights(plan, reference), _reversed(plan, reference)
    moved = appraisal.sensitivity(scores, weights, turned)
    changes = moved[moved["changes"]]
    names = {c.id: c.label for c in ladder.criteria(plan, reference)}
    if changes.empty:
        said = "The winner stays the same when any one weight is halved or doubled, and when all weights are equal."
    else:
        cases = [
            f"{names[row['criterion']]} {row['change']}" if row["criterion"] else "all weights equal"
            for row in records(changes)
        ]
        said = f"The ranking is not firm: the winner changes with {listed(cases)}."
    beaten = appraisal.dominated(scores, weights, turned)
    dominated = f" Beaten on every criterion: {listed(labels.get(o, o) for o in beaten)}." if beaten else ""
    return Words((said + dominated,))


def _weights_question(plan: Plan, reference: Reference) -> Question:
    weights = _weights(plan, reference)
    questions = tuple(
        Question(
            path=f"/budget/scope/weights/{c.id}",
            prompt=c.label,
            kind="number",
            answer=weights[c.id],
            help=c.help + (" Runs the other way: a high score is worse." if c.reverse else ""),
            source=asking.named(reference, "ODR-12"),
        )
        for c in ladder.criteria(plan, reference)
    )
    return Question(
        path="/budget/scope/weights",
        prompt="Weights of the criteria",
        kind="group",
        help="How much each criterion counts here. Equal unless changed.",
        source=asking.named(reference, "ODR-12"),
        items=(Item("Weights", questions),),
        detail=not plan.budget.scope.responses,  # weights without scores say nothing in a document
    )


def _responses_question(plan: Plan, reference: Reference) -> Question:
    """The scores of each person: one group for every rung, one number for every criterion."""
    question = asking.ask(plan, reference, "/budget/scope/responses")
    items = tuple(
        Item(item.label, (*item.questions, *_score_groups(plan, reference, n)))
        for n, item in enumerate(question.items)
    )
    return replace(
        question,
        items=items,
        detail=True,
        help="1 does not meet the criterion, 5 meets it fully; for legal complexity 5 is the most complex.",
    )


def _score_groups(plan: Plan, reference: Reference, index: int) -> tuple[Question, ...]:
    given = plan.budget.scope.responses[index].scores
    base = f"/budget/scope/responses/{index}/scores"
    return tuple(
        Question(
            path=f"{base}/{rung.id}",
            prompt=rung.label,
            kind="group",
            items=(
                Item(
                    rung.label,
                    tuple(
                        Question(
                            path=f"{base}/{rung.id}/{c.id}",
                            prompt=c.label,
                            kind="integer",
                            answer=given.get(rung.id, {}).get(c.id),
                            unit="1 to 5",
                        )
                        for c in ladder.criteria(plan, reference)
                    ),
                ),
            ),
        )
        for rung in ladder.rungs(plan, reference)
    )


def in_scope(plan: Plan, reference: Reference) -> set[str]:
    """The rungs that the chosen scope takes in: the ladder is cumulative."""
    steps = [r.id for r in ladder.rungs(plan, reference)]
    chosen = plan.budget.scope.chosen
    return set(steps[: steps.index(chosen) + 1]) if chosen in steps else set()


def in_and_out(plan: Plan, reference: Reference) -> list[Block]:
    inside = in_scope(plan, reference)
    blocks: list[Block] = [Heading("Budgets in and out", "in-and-out", 3)]
    if plan.budget.lines and inside:
        rows: list[dict[str, Any]] = []
        for organisation in dict.fromkeys(line.organisation or "not named" for line in plan.budget.lines):
            own = [line for line in plan.budget.lines if (line.organisation or "not named") == organisation]
            within = sum(line.amount for line in own if line.rung in inside)
            total = sum(line.amount for line in own)
            rows.append(
                {"organisation": organisation, "inside": within, "outside": total - within, "total": total}
            )
        rows.append(
            {"organisation": "All organisations"}
            | {key: sum(row[key] for row in rows) for key in ("inside", "outside", "total")}
        )
        blocks.append(
            table(
                "in-and-out",
                f"Budgets in and out of the chosen scope, {financial_year(plan.base_year)}",
                [
                    Column("organisation", "Organisation"),
                    Column("inside", "In scope", "£000s", 0),
                    Column("outside", "Outside", "£000s", 0),
                    Column("total", "Total", "£000s", 0),
                ],
                rows,
                source="Budget lines of this plan",
            )
        )
    bank = reference.framework("ODR-09")
    return [*blocks, asking.about(bank), *asking.bank(plan, bank, "/budget/answers")]
