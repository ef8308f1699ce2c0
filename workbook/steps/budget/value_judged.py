"""What the scores say: which schemes the money does most with, how sure that is, what the next one lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbook.methods import value as star
from workbook.plan import Plan
from workbook.plan.sections import Scheme
from workbook.reference import Reference
from workbook.steps.budget.value import Option, options
from workbook.steps.kept import kept
from workbook.words import listed, number

_ASKED = 3  # options of which it is asked what they lack; one of many, because each is solved anew
_MANY = 60


@dataclass(frozen=True)
class Believed:
    """What one scheme that is left out would have to be, each alone; NaN where that alone would not do."""

    option: Option
    benefit: float
    people: float
    chance: float
    cost: float


@dataclass(frozen=True)
class Judged:
    """The schemes of a plan as the scores judge them. Arrays stand in the order of ``options`` and of the plan.

    A funded scheme that cannot be compared is taken as spent already: its place
    is in ``spent``. ``money`` in £000s a year; ``given`` whether the plan says
    it, or what the funded schemes cost stands in for it. ``views`` is None
    where fewer than two people scored.
    """

    options: tuple[Option, ...]
    respondents: tuple[str, ...]
    spent: tuple[int, ...]
    money: float
    given: bool
    order: tuple[int, ...]
    chosen: star.Chosen
    greedy: np.ndarray
    stages: tuple[star.Stage, ...]
    variants: tuple[tuple[str, tuple[star.Variant, ...]], ...]
    views: star.Views | None
    believed: tuple[Believed, ...]

    @property
    def compared(self) -> list[Option]:
        """The schemes of which benefit and people are known."""
        return [o for o in self.options if o.known]

    @property
    def funded(self) -> np.ndarray:
        """What the plan funds: bool, one for each of ``options``."""
        return np.array([o.funded for o in self.options], bool)

    def totals(self, which: np.ndarray) -> tuple[float, float]:
        """Cost (£000s a year) and value (points a year) of some of the schemes; no value where it is not known."""
        some = [o for o, inside in zip(self.options, which, strict=True) if inside]
        return sum(o.cost for o in some), sum(o.value for o in some if o.known)


def judged(plan: Plan, reference: Reference) -> Judged | None:
    """The judgement, worked out once for the same schemes, scores and money; None where no scheme can be compared."""
    schemes = tuple(o for o in options(plan, reference) if o.kind == "scheme")
    if not any(o.known for o in schemes):
        return None
    own = {o.key for o in schemes}
    scores = tuple(
        (s.respondent, s.option, s.benefit, s.chance) for s in plan.budget.value.scores if s.option in own
    )
    key = ("value", schemes, scores, plan.budget.value.money)
    return kept(reference, key, lambda: _judge(schemes, scores, plan.budget.value.money))


_Scores = Sequence[tuple[str, str, float | None, float | None]]


def _judge(schemes: tuple[Option, ...], scores: _Scores, given: float | None) -> Judged:
    value = np.array([o.value if o.known else 0.0 for o in schemes])
    cost = np.array([o.cost for o in schemes])
    money = given if given is not None else float(cost[[o.funded for o in schemes]].sum())
    group = [o.group for o in schemes]
    place = {o.id: n for n, o in enumerate(schemes)}
    after = [[place[a] for a in o.after if a in place] for o in schemes]
    spent = tuple(n for n, o in enumerate(schemes) if o.funded and not o.known)
    chosen = star.best(value, cost, money, group, after, spent)
    people, benefit, chance = _by_person(schemes, scores)
    views = None
    if len(people) > 1:
        values = star.resampled(benefit, chance, [o.people if o.known else 0.0 for o in schemes])
        values = np.where([o.known for o in schemes], values, 0.0)
        views = star.views(values, cost, money, group, after, spent)
    order = tuple(n for n in star.order(value, cost).tolist() if schemes[n].known)
    waiting = [n for n in order if not chosen.funded[n] and value[n] > 0] if not chosen.why else []
    asked = waiting[: _ASKED if len(schemes) <= _MANY else 1]
    return Judged(
        schemes,
        people,
        spent,
        money,
        given is not None,
        order,
        chosen,
        star.greedy(value, cost, money, group, after, spent),
        tuple(star.frontier(value, cost, group)),
        _variants(schemes, value, cost),
        views,
        tuple(
            _believed(schemes[n], star.needed(n, value, cost, money, group, after, spent, chosen))
            for n in asked
        ),
    )


def _by_person(schemes: Sequence[Option], scores: _Scores) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Who scored, and their scores of benefit and chance (people, schemes), NaN where there is none."""
    people = tuple(dict.fromkeys(who for who, _, benefit, _ in scores if benefit is not None))
    column, row = {o.key: n for n, o in enumerate(schemes)}, {who: n for n, who in enumerate(people)}
    benefit, chance = np.full((2, len(people), len(schemes)), np.nan)
    for who, option, helps, works in scores:
        if who in row:
            benefit[row[who], column[option]] = math.nan if helps is None else helps
            chance[row[who], column[option]] = math.nan if works is None else works
    return people, benefit, chance


def _variants(
    schemes: Sequence[Option], value: np.ndarray, cost: np.ndarray
) -> tuple[tuple[str, tuple[star.Variant, ...]], ...]:
    """The variants of each group with their places among all schemes, where at least two can be compared."""
    groups: dict[str, list[int]] = {}
    for n, option in enumerate(schemes):
        if option.group and option.known:
            groups.setdefault(option.group, []).append(n)

    def placed(places: list[int], found: star.Variant) -> star.Variant:
        back = [*places, -1]  # -1, doing nothing, stays -1
        return found._replace(
            option=back[found.option], against=back[found.against], by=tuple(back[b] for b in found.by)
        )

    return tuple(
        (name, tuple(placed(places, v) for v in star.variants(value[places], cost[places])))
        for name, places in groups.items()
        if len(places) > 1
    )


def _believed(option: Option, needed: star.Needed) -> Believed:
    def over(other: float) -> float:
        return needed.value / other if other else math.nan

    benefit = over(option.people * option.chance)
    chance = over(option.people * option.benefit)
    return Believed(
        option,
        benefit if benefit <= 100 else math.nan,
        over(option.benefit * option.chance),
        chance if chance <= 1 else math.nan,
        needed.cost,
    )


def believed_words(found: Believed) -> str:
    """What would have to be believed for a scheme to come in, in a sentence."""
    o = found.option
    cost = math.nan if math.isnan(found.cost) else math.floor(found.cost)
    asked = (
        (found.benefit, f"a benefit to one person of at least {_up(found.benefit)} (scored {number(o.benefit, 0)})"),
        (found.people, f"at least {_up(found.people)} people a year (now {number(o.people, 0)})"),
        (found.chance, f"a chance of at least {_up(found.chance * 100)}% (now {number(o.chance * 100, 0)}%)"),
        (cost, f"a cost of at most {number(cost, 0, '£000s')} a year (now {number(o.cost, 0, '£000s')})"),
    )  # fmt: skip
    ways = [said for value, said in asked if not math.isnan(value)]
    names = ("a higher benefit", "more people", "a better chance", "a lower cost")
    never = [name for name, (value, _) in zip(names, asked, strict=True) if math.isnan(value)]
    if not ways:
        return f"“{o.name}” would not come in by any one change of its benefit, its people, its chance or its cost."
    sentence = f"“{o.name}” would come in with {listed(ways, 'or')}."
    return f"{sentence} {listed(never, 'or').capitalize()} alone would not do." if never else sentence


def _up(value: float) -> str:
    """A least figure, rounded up so that it really does."""
    return number(math.ceil(round(value, 6)), 0) if value == value else ""


def dominated(plan: Plan, reference: Reference) -> list[tuple[Scheme, Scheme]]:
    """Each variant that another of its group beats, by as much value for no more money, with that other one."""
    found = judged(plan, reference)
    schemes = plan.budget.schemes
    return [
        (schemes[v.option], schemes[v.by[0]])
        for _, group in (found.variants if found else ())
        for v in group
        if v.state == "dominated" and v.by[0] >= 0
    ]
