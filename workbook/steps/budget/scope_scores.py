"""The scores of the scope's options as they stand: who scored what, what counts, and what comes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from workbook.methods import appraisal, ranking
from workbook.methods.appraisal import Agreement, Tipping
from workbook.methods.draws import DRAWS
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import ladder
from workbook.steps.kept import kept
from workbook.steps.ladder import Rung, ScopeCriterion

KINDS = {"impact": "impact", "practical": "practicality"}


def scores_of(plan: Plan) -> pd.DataFrame:
    """Every score that the plan holds as one row: respondent, option, criterion, score."""
    rows = [
        (f"{n} {r.respondent}", option, criterion, score)
        for n, r in enumerate(plan.budget.scope.responses, 1)
        for option, given in r.scores.items()
        for criterion, score in given.items()
    ]
    return pd.DataFrame(rows, columns=["respondent", "option", "criterion", "score"])


def weights_of(plan: Plan, reference: Reference) -> dict[str, float]:
    """The weight of each criterion in force: 1 unless given; all equal where every one given is nought."""
    given = plan.budget.scope.weights
    weights = {c.id: given.get(c.id, 1.0) for c in ladder.criteria(plan, reference)}
    return weights if any(weights.values()) else dict.fromkeys(weights, 1.0)


def all_zero(plan: Plan, reference: Reference) -> bool:
    """Whether every criterion in force was given a weight of nought."""
    given = plan.budget.scope.weights
    ours = ladder.criteria(plan, reference)
    return bool(ours) and not any(given.get(c.id, 1.0) for c in ours)


@dataclass(frozen=True)
class Scored:
    """The scores in force and what follows from them, each worked out at most once."""

    options: tuple[Rung, ...]
    criteria: tuple[ScopeCriterion, ...]
    people: dict[str, str]  # key of a response -> the name to show; in the order of the plan
    every: pd.DataFrame  # all scores of the plan
    scores: pd.DataFrame  # those of options and criteria in force, in the order of the ladder
    weights: dict[str, float]
    reversed: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether no score counts."""
        return self.ranked.empty

    def label(self, option: str) -> str:
        """The name of an option as a reader knows it."""
        return next((o.label for o in self.options if o.id == option), option)

    def named(self, option: str) -> str:
        """The label in quotation marks, as it stands in a sentence."""
        return f"“{self.label(option)}”"

    def criterion(self, id: str) -> str:
        """The name of a criterion as a reader knows it."""
        return next((c.label for c in self.criteria if c.id == id), id)

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """The options in order of their weighted score, see :func:`appraisal.appraise`; empty where nobody has scored."""
        if self.scores.empty:
            return pd.DataFrame(columns=["option", "score", "rank", "spread", "respondents"])
        return appraisal.appraise(self.scores, self.weights, self.reversed)

    @cached_property
    def means(self) -> pd.DataFrame:
        """Mean scores, option x criterion, see :func:`appraisal.means`."""
        return appraisal.means(self.scores, self.weights, self.reversed)

    @cached_property
    def personal(self) -> pd.DataFrame:
        """Each person's own score of each option, see :func:`appraisal.personal`."""
        return appraisal.personal(self.scores, self.weights, self.reversed)

    @cached_property
    def winners(self) -> list[str]:
        """The options of the first rank; more than one where they tie."""
        return [str(o) for o in self.ranked[self.ranked["rank"] == 1]["option"]]

    @cached_property
    def of_kind(self) -> dict[str, dict[str, float]]:
        """The scores on impact alone and on practicality alone: kind -> option -> score; empty without a weight."""
        return {kind: self._scores_of_kind(kind) for kind in KINDS}

    def _scores_of_kind(self, kind: str) -> dict[str, float]:
        weights = {c.id: self.weights[c.id] for c in self.criteria if c.group == kind}
        own = self.scores[self.scores["criterion"].isin(list(weights))]
        if own.empty or not any(weights.values()):
            return {}
        found = appraisal.appraise(own, weights, self.reversed)
        return dict(zip(found["option"].astype(str), found["score"].astype(float), strict=True))

    @cached_property
    def dominated(self) -> dict[str, list[str]]:
        """Options that no weights could put first, each with those that beat it, see :func:`appraisal.dominated`."""
        return appraisal.dominated(self.scores, self.weights, self.reversed)

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        """The order with one weight changed at a time, see :func:`appraisal.sensitivity`."""
        return appraisal.sensitivity(self.scores, self.weights, self.reversed)

    @cached_property
    def tipping(self) -> list[Tipping]:
        """The smallest change of each weight that ends the lead of the winner, see :func:`appraisal.tipping`."""
        return appraisal.tipping(self.means, self.weights)

    @cached_property
    def agreement(self) -> Agreement:
        """How alike people order the options, see :func:`appraisal.agreement`."""
        return appraisal.agreement(self._whole_opinions)

    @cached_property
    def _whole_opinions(self) -> pd.DataFrame:
        """The own scores of the people who scored every option that anybody scored, and not all the same."""
        return self.personal.drop(index=[p for p in self.flat if p in self.personal.index])

    @cached_property
    def apart(self) -> pd.DataFrame:
        """Where people stand furthest from each other, see :func:`appraisal.apart`."""
        return appraisal.apart(self.scores, self.weights)

    @cached_property
    def near(self) -> pd.DataFrame:
        """How the options fare when the weights move around those chosen."""
        return ranking.stability(self._out_of_one, self.weights, draws=DRAWS, top=1)

    @cached_property
    def anywhere(self) -> pd.DataFrame:
        """How they fare under any weights at all, each mix as likely as any other."""
        equal = dict.fromkeys(self._out_of_one.columns, 1.0)
        return ranking.stability(self._out_of_one, equal, draws=DRAWS, concentration=len(equal), top=1)

    @property
    def _out_of_one(self) -> pd.DataFrame:
        lowest, highest = appraisal.LOWEST, appraisal.HIGHEST
        return (self.means - lowest) / (highest - lowest)

    @cached_property
    def flat(self) -> list[str]:
        """The people who gave the same score to everything, see :func:`appraisal.flat`."""
        return [] if self.scores.empty else appraisal.flat(self.scores)

    @cached_property
    def given(self) -> pd.DataFrame:
        """How many criteria each person scored for each option."""
        return appraisal.given(self.every, [o.id for o in self.options], [c.id for c in self.criteria])

    @cached_property
    def part_only(self) -> dict[str, int]:
        """The people who scored something but not everything, with how many of their scores are missing."""
        full = len(self.options) * len(self.criteria)
        sums = self.given.sum(axis=1)
        return {str(p): full - int(n) for p, n in sums.items() if 0 < n < full}

    @cached_property
    def unscored(self) -> list[Rung]:
        """Options that nobody scored."""
        return [o for o in self.options if not int(self.given[o.id].sum())] if len(self.given) else []

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """The scores of options or criteria that are no longer there: kept in the plan, not counted."""
        return self.every.drop(index=self.scores.index)


def scored(plan: Plan, reference: Reference) -> Scored:
    """The scores of a plan; kept until they, the options, the criteria or the weights change."""
    key = ("scope-scores", plan.budget.scope.model_dump_json())
    return kept(reference, key, lambda: _scored(plan, reference))


def _scored(plan: Plan, reference: Reference) -> Scored:
    options, criteria = tuple(ladder.rungs(plan, reference)), tuple(ladder.criteria(plan, reference))
    every = scores_of(plan)
    order = {o.id: n for n, o in enumerate(options)}
    counted = every[every["option"].isin(order) & every["criterion"].isin([c.id for c in criteria])]
    counted = counted.sort_values("option", key=lambda o: o.map(order), kind="stable")
    return Scored(
        options=options,
        criteria=criteria,
        people=_people(plan),
        every=every,
        scores=counted,
        weights=weights_of(plan, reference),
        reversed=tuple(c.id for c in criteria if c.reverse),
    )


def _people(plan: Plan) -> dict[str, str]:
    """Each response under its key, with the name to show: two of one name are told apart by their number."""
    names = [r.respondent or "Somebody without a name" for r in plan.budget.scope.responses]
    often = Counter(names)
    return {
        f"{n} {r.respondent}": name if often[name] == 1 else f"{name} ({n})"
        for n, (r, name) in enumerate(zip(plan.budget.scope.responses, names, strict=True), 1)
    }
