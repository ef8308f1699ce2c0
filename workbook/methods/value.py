"""Value for money: what an option does for people against what it costs, and which set of options does most.

STAR (socio-technical allocation of resources): value = benefit to one person x
people x chance. Costs and the money there is share one unit; value has its own,
points: one person who has the whole benefit for certain is 100 points.

Airoldi, Morton, Smith and Bevan, STAR - people-powered prioritization, Medical
Decision Making 2014; incremental ratios as in Drummond and others, Methods for
the economic evaluation of health care programmes. All-or-nothing options are a
0/1 knapsack, solved exactly by HiGHS through SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from workbook.methods import draws, solver
from workbook.methods.solver import Rule

RESAMPLES = 2_000  # the standard error of a share is then 1.1 percentage points at most
SOLVED = 100  # draws for which the best choice is solved anew: a share is then out by 5 points as a rule
MOST_SOLVED = 40  # options: with more of them so many solutions take too long
_SCALE = 1e6  # what all values add up to for the solver, which stops at a gap of a millionth
_THRIFT = 1e-2  # what the cost of everything weighs against that: of equals the cheaper is taken
_SLACK = 1e-9


def points(benefit: ArrayLike, people: ArrayLike, chance: ArrayLike) -> np.ndarray:
    """Value: benefit to one person (0 to 100) x people a year x chance that it works (0 to 1).

    In points a year: 100 points are one person who has the whole benefit for
    certain. NaN where any of the three is unknown.
    """
    return np.asarray(benefit, float) * np.asarray(people, float) * np.asarray(chance, float)


def per_cost(value: ArrayLike, cost: ArrayLike) -> np.ndarray:
    """Value for one unit of cost. Without cost: infinite where there is value, NaN where there is none."""
    v, c = np.broadcast_arrays(np.asarray(value, float), np.asarray(cost, float))
    free = np.where(v > 0, np.inf, np.nan)
    return np.where(c > 0, v / np.where(c > 0, c, 1.0), free)


def order(value: ArrayLike, cost: ArrayLike) -> np.ndarray:
    """Places of the options from most to least value for a unit of cost.

    Of equals the cheaper stands first, then the one that was entered first;
    options without a ratio (NaN) stand last.
    """
    ratio, c = per_cost(value, cost), np.asarray(cost, float)
    ratio = np.where(np.isnan(ratio), -np.inf, ratio)
    return np.lexsort((np.arange(len(c)), c, -ratio))


class Chosen(NamedTuple):
    """Which options to fund: ``funded`` (options,) of bool, with their whole value and cost.

    ``proven``: no other choice does more. ``why``: a sentence where nothing can
    be chosen, else "".
    """

    funded: np.ndarray
    value: float
    cost: float
    proven: bool
    why: str = ""


def best(
    value: ArrayLike,
    cost: ArrayLike,
    money: float,
    group: Sequence[str] = (),
    after: Sequence[Sequence[int]] = (),
    must: Sequence[int] = (),
) -> Chosen:
    """The set of all-or-nothing options with the most value that ``money`` pays for: the 0/1 knapsack, solved exactly.

    ``group``: at most one of those with the same words is chosen; "" stands
    alone. ``after``: for each option the places of those it needs to be chosen
    too. ``must``: places that are chosen whatever they are worth. An option of
    no value is chosen only where it must be or another needs it. Of choices
    that differ in value by less than one part in a hundred million the cheaper
    is taken, and of options alike in everything the first.
    """
    return _best(np.asarray(value, float), np.asarray(cost, float), money, group, after, must)


def _best(
    v: np.ndarray,
    c: np.ndarray,
    money: float,
    group: Sequence[str],
    after: Sequence[Sequence[int]],
    must: Sequence[int],
    barred: Sequence[int] = (),
) -> Chosen:
    if not len(v):
        return Chosen(np.zeros(0, bool), 0.0, 0.0, True)
    scale = _SCALE / max(float(v[v > 0].sum()), _SLACK)
    thrift = _THRIFT / max(money, float(c.sum()) or 1.0)
    rules = _rules(len(v), group, after)
    rules.append(Rule(c, -np.inf, money))
    solved = solver.least(c * thrift - v * scale, rules, must, barred)
    if solved.chosen is None:
        return Chosen(np.zeros(len(v), bool), 0.0, 0.0, False, _impossible(c, money, group, after, must))
    funded = _first_of_equals(solved.chosen, v, c, group, after, must)
    return Chosen(funded, float(v[funded].sum()), float(c[funded].sum()), solved.proven)


def greedy(
    value: ArrayLike,
    cost: ArrayLike,
    money: float,
    group: Sequence[str] = (),
    after: Sequence[Sequence[int]] = (),
    must: Sequence[int] = (),
) -> np.ndarray:
    """Which options are funded by going down the order of value for cost and taking each that still fits.

    Arguments as in :func:`best`; ``value`` may be (options,) or (draws,
    options), and so is the result, of bool. An option whose forerunners are
    not in yet waits, and is looked at again after the others. What must be
    funded comes first, even where it costs more than there is.
    """
    v = np.atleast_2d(np.asarray(value, float))
    c, rows = np.asarray(cost, float), np.arange(len(v))
    number = np.unique(_names(group, v.shape[1]), return_inverse=True)[1]
    needs = _needs(after, v.shape[1])
    funded = np.zeros(v.shape, bool)
    taken = np.zeros((len(v), int(number.max(initial=-1)) + 1), bool)
    forced = _with_forerunners(must, after)
    funded[:, forced] = True
    taken[:, number[forced]] = True
    left = np.full(len(v), money - c[forced].sum())
    ways = np.stack([order(row, c) for row in v]) if len(v) == 1 else _orders(v, c)
    again = True
    while again:
        before = funded.sum()
        for option in ways.T:
            fits = (c[option] <= left + _SLACK) & (v[rows, option] > 0)
            fits &= ~taken[rows, number[option]]
            if needs.any():
                fits &= ~(needs[option] & ~funded).any(axis=1)
            funded[rows, option] |= fits
            taken[rows, number[option]] |= fits
            left -= np.where(fits, c[option], 0.0)
        again = bool(needs.any()) and funded.sum() > before
    return funded if np.ndim(value) > 1 else funded[0]


class Needed(NamedTuple):
    """From where on the best choice holds one option, all else as it is.

    ``value``: at least this; ``cost``: at most this. NaN where nothing would do.
    """

    value: float
    cost: float


def needed(
    place: int,
    value: ArrayLike,
    cost: ArrayLike,
    money: float,
    group: Sequence[str] = (),
    after: Sequence[Sequence[int]] = (),
    must: Sequence[int] = (),
    known: Chosen | None = None,
) -> Needed:
    """From which value, or below which cost, the option at ``place`` belongs to the best choice.

    Arguments as in :func:`best`; ``known`` is its answer, where it is at hand.
    The value: what the best choice is worth
    without it, less what the others can still be worth once this one is paid
    for. The cost: the money, less the least that the others can cost and still
    make up the difference. Both are solved exactly, and at both the choice is a tie.
    """
    v, c = np.asarray(value, float), np.asarray(cost, float)
    whole = known if known and not known.why and not known.funded[place] else None
    whole = whole or _best(v, c, money, group, after, must, barred=(place,))
    if whole.why:
        return Needed(np.nan, np.nan)
    forced = (*must, place)
    others = np.where(np.arange(len(v)) == place, 0.0, v)
    rest = best(others, c, money, group, after, forced)
    enough = np.nan if rest.why else max(whole.value - rest.value, 0.0)
    return Needed(enough, _price(place, others, c, money, whole.value - v[place], group, after, forced))


def _price(
    place: int,
    others: np.ndarray,
    cost: np.ndarray,
    money: float,
    least: float,
    group: Sequence[str],
    after: Sequence[Sequence[int]],
    forced: Sequence[int],
) -> float:
    """What is left of the money for the option at ``place`` where the others are worth ``least`` at the lowest cost."""
    c = np.where(np.arange(len(cost)) == place, 0.0, cost)
    size = max(float(others[others > 0].sum()), _SLACK)
    rules = _rules(len(c), group, after)
    enough = Rule(others / size * _SCALE, (least / size - _SLACK) * _SCALE, np.inf)
    scale = _SCALE / max(money, _SLACK)
    solved = solver.least(c * scale, [*rules, enough], forced)
    if solved.chosen is None:
        return float("nan")
    left = money - float(c[solved.chosen].sum())
    return left if left >= -_SLACK else float("nan")


class Variant(NamedTuple):
    """One of several versions of which only one can be chosen, against the one below it.

    ``state``: "kept"; "dominated", where another does at least as much for no
    more money; "extendedly dominated", where the step above it buys more for
    each pound than the step to it. ``against`` and ``by`` are places; -1 is
    doing nothing. The amounts are those of the step; NaN where it is not kept.
    """

    option: int
    state: Literal["kept", "dominated", "extendedly dominated"]
    against: int
    cost: float
    value: float
    ratio: float
    by: tuple[int, ...]


def variants(value: ArrayLike, cost: ArrayLike) -> list[Variant]:
    """Versions of one option by rising cost, with the value that each step up buys for its cost.

    Doing nothing, at no cost and no value, is the first of them. Versions that
    are alike: the first is kept.
    """
    v, c = np.asarray(value, float), np.asarray(cost, float)
    ranked = np.lexsort((np.arange(len(v)), -v, c)).tolist()
    by: dict[int, tuple[int, ...]] = {}
    line: list[int] = []  # neither costs more for less than another
    top, last = 0.0, -1
    for n in ranked:
        if v[n] <= top:
            by[n] = (last,)
        else:
            top, last = float(v[n]), n
            line.append(n)
    kept = _hull(line, v, c)
    for n in (n for n in line if n not in kept):
        below = max((k for k in kept if c[k] < c[n]), key=lambda k: c[k], default=-1)
        by[n] = (below, min((k for k in kept if c[k] > c[n]), key=lambda k: c[k]))
    before = dict(zip(kept, [-1, *kept], strict=False))
    return [_variant(n, before, by, v, c) for n in ranked]


def _hull(line: Sequence[int], v: np.ndarray, c: np.ndarray) -> list[int]:
    """Of points that rise in both, those on the upper edge seen from the origin."""
    edge: list[int] = []

    def slope(a: int, b: int) -> float:
        low_v, low_c = (v[a], c[a]) if a >= 0 else (0.0, 0.0)
        return float((v[b] - low_v) / (c[b] - low_c)) if c[b] > low_c else float("inf")

    for n in line:
        while edge and slope(edge[-1], n) > slope(edge[-2] if len(edge) > 1 else -1, edge[-1]) * (1 + 1e-12):
            edge.pop()
        edge.append(n)
    return edge


def _variant(
    n: int, before: dict[int, int], by: dict[int, tuple[int, ...]], v: np.ndarray, c: np.ndarray
) -> Variant:
    nan = float("nan")
    if n not in before:
        state: Literal["dominated", "extendedly dominated"] = (
            "dominated" if len(by[n]) == 1 else "extendedly dominated"
        )
        return Variant(n, state, -1, nan, nan, nan, by[n])
    low = before[n]
    more_v, more_c = float(v[n] - (v[low] if low >= 0 else 0)), float(c[n] - (c[low] if low >= 0 else 0))
    return Variant(n, "kept", low, more_c, more_v, float(per_cost(more_v, more_c)), ())


class Stage(NamedTuple):
    """One step of the frontier: the option that comes in, the variant it stands in for (-1: none), what the step adds."""

    option: int
    instead_of: int
    cost: float
    value: float


def frontier(value: ArrayLike, cost: ArrayLike, group: Sequence[str] = ()) -> list[Stage]:
    """The steps from nothing to everything worth having, the most value for a unit of cost first.

    Cumulative cost and value of the steps are the efficiency frontier, as if
    the last option could be funded in part; what must come first is not heeded.
    Variants of one group enter as steps from one to the next, dominated ones
    not at all; options of no value neither.
    """
    v, c = np.asarray(value, float), np.asarray(cost, float)
    members: dict[str, list[int]] = {}
    for n, name in enumerate(_names(group, len(v))):
        members.setdefault(name, []).append(n)
    stages = [
        Stage(places[s.option], places[s.against] if s.against >= 0 else -1, s.cost, s.value)
        for places in members.values()
        for s in variants(v[places], c[places])
        if s.state == "kept"
    ]
    ways = order([s.value for s in stages], [s.cost for s in stages]).tolist()
    return [stages[n] for n in ways]


class Views(NamedTuple):
    """What many people's scores leave open, over draws of the people: arrays (options,).

    ``p10``, ``p50``, ``p90`` of the value for a unit of cost; ``chosen``, the share
    of draws in which the best choice holds the option, NaN where it was not worked out.
    """

    p10: np.ndarray
    p50: np.ndarray
    p90: np.ndarray
    chosen: np.ndarray


def resampled(benefit: ArrayLike, chance: ArrayLike, people: ArrayLike) -> np.ndarray:
    """Value (draws, options) as it would be had other people been asked: the people who scored, drawn with replacement.

    ``benefit`` and ``chance`` (people who scored, options), NaN where somebody
    gave no score. Means over those drawn; where none of them scored an option,
    the mean over all. A chance that nobody gave is 1.
    """
    b, p = np.asarray(benefit, float), np.asarray(chance, float)
    who = len(b)
    picked = [(draws.uniform(f"respondent {n}", RESAMPLES) * who).astype(int) for n in range(who)]
    times = np.zeros((RESAMPLES, who))
    for pick in picked:
        times[np.arange(RESAMPLES), np.minimum(pick, who - 1)] += 1
    return points(_means(b, times, np.nan), np.asarray(people, float), _means(p, times, 1.0))


def views(
    values: np.ndarray,
    cost: ArrayLike,
    money: float,
    group: Sequence[str] = (),
    after: Sequence[Sequence[int]] = (),
    must: Sequence[int] = (),
) -> Views:
    """The spread of value for cost over draws (draws, options), and how often the best choice holds each option.

    The best choice is that of :func:`best`, solved anew for each draw that differs from the others: for all of them
    where these are a hundred at most (up to four people make 35), else for the first hundred draws. Not worked out
    for more than forty options, nor where nothing can be chosen.
    """
    low, middle, high = np.percentile(per_cost(values, cost), (10, 50, 90), axis=0)
    return Views(low, middle, high, _chosen_share(values, cost, money, group, after, must))


def _chosen_share(
    values: np.ndarray,
    cost: ArrayLike,
    money: float,
    group: Sequence[str],
    after: Sequence[Sequence[int]],
    must: Sequence[int],
) -> np.ndarray:
    unknown = np.full(values.shape[1], np.nan)
    if values.shape[1] > MOST_SOLVED:
        return unknown
    differing, times = np.unique(values, axis=0, return_counts=True)
    if len(differing) > SOLVED:
        differing, times = np.unique(values[:SOLVED], axis=0, return_counts=True)
    chosen = [best(row, cost, money, group, after, must) for row in differing]
    if any(c.why for c in chosen):
        return unknown
    return np.asarray(np.average([c.funded for c in chosen], axis=0, weights=times))


# --- inside ---------------------------------------------------------------------


def _rules(size: int, group: Sequence[str], after: Sequence[Sequence[int]]) -> list[Rule]:
    """At most one of each group; no option without its forerunners."""
    names = np.array([group[n] if group else "" for n in range(size)])
    rules: list[Rule] = [
        Rule((names == name).astype(float), -np.inf, 1.0) for name in dict.fromkeys(names.tolist()) if name
    ]
    for n, forerunners in enumerate(after):
        for before in forerunners:
            if before != n:
                row = np.zeros(size)
                row[n], row[before] = 1, -1
                rules.append(Rule(row, -np.inf, 0.0))
    return rules


def _impossible(
    cost: np.ndarray, money: float, group: Sequence[str], after: Sequence[Sequence[int]], must: Sequence[int]
) -> str:
    forced = _with_forerunners(must, after)
    named = [group[n] for n in forced if group and group[n]]
    if len(set(named)) < len(named):
        return "Two variants of one option have to be funded."
    if cost[forced].sum() > money:
        return "What has to be funded costs more than there is."
    return "No choice was found in the time allowed."


def _first_of_equals(
    funded: np.ndarray,
    value: np.ndarray,
    cost: np.ndarray,
    group: Sequence[str],
    after: Sequence[Sequence[int]],
    must: Sequence[int],
) -> np.ndarray:
    """Of options alike in value and cost and tied to nothing, those that were entered first."""
    tied = set(must) | {n for n, before in enumerate(after) if before} | {n for row in after for n in row}
    alike: dict[tuple[float, float], list[int]] = {}
    for n in range(len(value)):
        if n not in tied and not (group and group[n]):
            alike.setdefault((float(value[n]), float(cost[n])), []).append(n)
    for places in alike.values():
        funded[places] = np.arange(len(places)) < funded[places].sum()
    return funded


def _with_forerunners(places: Sequence[int], after: Sequence[Sequence[int]]) -> list[int]:
    """The options at these places with all that they need, and what those need."""
    found, waiting = set[int](), list(places)
    while waiting:
        n = waiting.pop()
        if n not in found:
            found.add(n)
            waiting += after[n] if after else ()
    return sorted(found)


def _names(group: Sequence[str], size: int) -> list[str]:
    """The group of each option; one that stands alone has a name of its own."""
    return [f"of {group[n]}" if group and group[n] else f"alone {n}" for n in range(size)]


def _needs(after: Sequence[Sequence[int]], size: int) -> np.ndarray:
    """(options, options): whether the first needs the second."""
    needs = np.zeros((size, size), bool)
    for n, forerunners in enumerate(after):
        needs[n, list(forerunners)] = True
    np.fill_diagonal(needs, False)
    return needs


def _orders(values: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """(draws, options): the order of each draw, ties as in :func:`order`."""
    cheap = np.argsort(cost, kind="stable")
    ratio = per_cost(values, cost)[:, cheap]
    return cheap[np.argsort(-np.where(np.isnan(ratio), -np.inf, ratio), axis=1, kind="stable")]


def _means(scores: np.ndarray, times: np.ndarray, nobody: float) -> np.ndarray:
    """(draws, options): means of the scores over the people drawn."""
    given = ~np.isnan(scores)
    filled = np.where(given, scores, 0.0)
    count = given.sum(axis=0)
    whole = np.where(count > 0, filled.sum(axis=0) / np.maximum(count, 1), nobody)
    drawn = times @ given
    return np.where(drawn > 0, (times @ filled) / np.maximum(drawn, 1), whole)
