"""Which budgets are planned together: the ladder of budgets against the criteria of ODR-12, and what follows."""

from __future__ import annotations

from dataclasses import replace

from workbook.blocks import Block, Heading, Item, Question, Result, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, ladder
from workbook.steps.budget import scope_doubt, scope_lines, scope_result, scope_why
from workbook.steps.budget.scope_lines import lines_in_scope, pounds
from workbook.steps.budget.scope_scores import Scored, scored, scores_of, weights_of
from workbook.steps.ladder import in_scope
from workbook.words import financial_year, listed, money, plural, some

__all__ = [
    "in_scope",
    "lines_in_scope",
    "part",
    "scored",
    "scores_of",
]


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """Why to plan together, the choice of scope, the budgets in and out of it, and what stands in the way."""
    found = scored(plan, reference)
    return [
        Heading("Which budgets to plan together", "scope"),
        *_in_short(plan, reference, found),
        *scope_why.harms(plan, reference),
        *_what_is_scored(plan, reference, found),
        *scope_result.part(plan, reference, found, results),
        *scope_doubt.part(plan, found, results),
        *_decision(plan, reference),
        *scope_lines.part(plan, reference, results),
        *scope_why.barriers(plan, reference),
    ]


def _in_short(plan: Plan, reference: Reference, found: Scored) -> list[Block]:
    """The answer first: the scope chosen, what of the spend it takes in, and where the scores put it."""
    chosen = plan.budget.scope.chosen
    inside = in_scope(plan, reference)
    said = []
    if inside:
        said.append(f"The scope chosen is {found.named(chosen)}{_taken_in(plan, reference)}.")
    elif not found.empty:
        said.append("No scope has been chosen yet.")
    if not found.empty:
        said.append(_standing(found, chosen))
    return [Words((" ".join(said),))] if said else []


def _taken_in(plan: Plan, reference: Reference) -> str:
    """ ": it takes in £1.70bn of the £1.89bn entered for 2025/26, 90%"."""
    lines = plan.budget.lines
    entered = sum(pounds(x.amount) for x in lines)
    if not entered:
        return ""
    within = sum(
        pounds(x.amount) for x, here in zip(lines, lines_in_scope(plan, reference), strict=True) if here
    )
    return (
        f": it takes in {money(within / 1000)} of the {money(entered / 1000)} entered for {financial_year(plan.base_year)}, "
        f"{100 * within / entered:.0f}%"
    )


def _standing(found: Scored, chosen: str) -> str:
    """Where the scores put the scope chosen, and which scores highest where that is another."""
    people = plural(len(found.personal), "person", "people")
    best = listed(map(found.named, found.winners))
    if chosen in found.winners:
        with_it = ", with others" if len(found.winners) > 1 else ""
        return f"Of {plural(len(found.ranked), 'scope')} scored by {people} it comes first{with_it}."
    score = f"{float(found.ranked['score'].iloc[0]):.0f} of 100"
    return f"By the scores of {people}, {best} {'leads' if len(found.winners) == 1 else 'lead'} with {score}."


def _what_is_scored(plan: Plan, reference: Reference, found: Scored) -> list[Block]:
    """The options, the criteria, their weights and the scores, each as amended here."""
    return [
        Heading("The options and how they are scored", "scope-options", 3),
        Words((_options_words(plan, found), *_set_aside(found))),
        asking.about(reference.framework("ODR-12")),
        asking.ask(plan, reference, "/budget/scope/options_out", detail=not plan.budget.scope.options_out),
        asking.ask(plan, reference, "/budget/scope/options", detail=True),
        asking.ask(plan, reference, "/budget/scope/criteria_out", detail=not plan.budget.scope.criteria_out),
        asking.ask(plan, reference, "/budget/scope/criteria", detail=True),
        _weights_question(plan, reference),
        asking.ask(plan, reference, "/budget/scope/ladder_reason"),
        _responses_question(plan, reference),
    ]


def _options_words(plan: Plan, found: Scored) -> str:
    """ "6 options, each on top of the one before, are scored against 8 criteria: 4 on impact, 4 on practicality"."""
    kinds = [
        f"{n} on {words}"
        for kind, words in (("impact", "impact"), ("practical", "practicality"))
        if (n := sum(c.group == kind for c in found.criteria))
    ]
    said = (
        f"{plural(len(found.options), 'option')}, each with all budgets of those before it, "
        f"{'is' if len(found.options) == 1 else 'are'} scored against "
        f"{plural(len(found.criteria), 'criterion', 'criteria')} ({listed(kinds)}), from 1, does not meet it, to 5, meets it fully."
    )
    turned = [c.label.lower() for c in found.criteria if c.reverse]
    if turned:
        said += f" A high score is worse on {listed(turned)}: it is turned round before it counts."
    said += f" {_weights_words(found)}"
    changes = _amended(plan)
    return f"{said[:1].upper()}{said[1:]}{f' Amended here: {listed(changes)}.' if changes else ''}"


def _weights_words(found: Scored) -> str:
    """Which criteria weigh most; weights are always local."""
    most, least = max(found.weights.values(), default=0), min(found.weights.values(), default=0)
    if most == least:
        return "All weigh the same."
    heaviest = [c.label.lower() for c in found.criteria if found.weights[c.id] == most]
    verb = "weighs" if len(heaviest) == 1 else "weigh"
    share = 100 * most / sum(found.weights.values())
    return f"The weights are local: {listed(heaviest)} {verb} most, {share:.0f}% {'' if len(heaviest) == 1 else 'each '}of all weight."


def _amended(plan: Plan) -> list[str]:
    scope = plan.budget.scope
    counts = (
        (len(scope.options_out), "rung left out", "rungs left out"),
        (len(scope.options), "rung of our own", "rungs of our own"),
        (len(scope.criteria_out), "criterion left out", "criteria left out"),
        (len(scope.criteria), "criterion of our own", "criteria of our own"),
    )
    return [plural(n, one, many) for n, one, many in counts if n]


def _set_aside(found: Scored) -> list[str]:
    """Scores of options and criteria that are no longer there: kept, and said."""
    if found.set_aside.empty:
        return []
    here = {o.id for o in found.options} | {c.id for c in found.criteria}
    gone = dict.fromkeys(
        str(id) for column in ("option", "criterion") for id in found.set_aside[column] if id not in here
    )
    return [
        f"The plan keeps {plural(len(found.set_aside), 'score')} of what is no longer there ({some(list(gone))}); they do "
        "not count, and count again when it comes back."
    ]


def _decision(plan: Plan, reference: Reference) -> list[Block]:
    return [
        Heading("The scope chosen", "scope-chosen", 3),
        asking.ask(plan, reference, "/budget/scope/chosen"),
        asking.ask(plan, reference, "/budget/scope/reason"),
    ]


def _weights_question(plan: Plan, reference: Reference) -> Question:
    """The weights of the criteria in force, as they are typed: also where all of them are nought."""
    given = plan.budget.scope.weights
    weights = weights_of(plan, reference)
    questions = tuple(
        Question(
            path=f"/budget/scope/weights/{c.id}",
            prompt=c.label,
            kind="number",
            answer=given.get(c.id, weights[c.id]),
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
        detail=True,  # the words above say which weigh most
    )


def _responses_question(plan: Plan, reference: Reference) -> Question:
    """The scores of each person: one group for every criterion, one number for every option."""
    question = asking.ask(plan, reference, "/budget/scope/responses")
    items = tuple(
        Item(item.label, (*item.questions, *_score_groups(plan, reference, n)))
        for n, item in enumerate(question.items)
    )
    return replace(
        question,
        items=items,
        detail=True,
        help=_scale_words(plan, reference),
    )


def _scale_words(plan: Plan, reference: Reference) -> str:
    turned = [c.label.lower() for c in ladder.criteria(plan, reference) if c.reverse]
    worst = f" For {listed(turned)} 5 is the worst: it is turned round before it counts." if turned else ""
    return f"1 does not meet the criterion, 5 meets it fully.{worst}"


def _score_groups(plan: Plan, reference: Reference, index: int) -> tuple[Question, ...]:
    """As the source has its grid: a row for each criterion, across it the options, so that they are compared."""
    given = plan.budget.scope.responses[index].scores
    base = f"/budget/scope/responses/{index}/scores"
    rungs = ladder.rungs(plan, reference)
    return tuple(
        Question(
            path=f"{base}/{c.id}",
            prompt=c.label,
            kind="group",
            help=c.help,
            items=(
                Item(
                    c.label,
                    tuple(
                        Question(
                            path=f"{base}/{rung.id}/{c.id}",
                            prompt=rung.label,
                            kind="integer",
                            answer=given.get(rung.id, {}).get(c.id),
                            unit="1 to 5",
                        )
                        for rung in rungs
                    ),
                ),
            ),
        )
        for c in ladder.criteria(plan, reference)
    )
