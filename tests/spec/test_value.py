"""Value for money: by hand, against every possible choice, and how it holds when many are asked."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import value

STAR = "STAR (Airoldi, Morton, Smith and Bevan 2014)"


def _chosen(found):
    return {"chosen": np.flatnonzero(found.funded).tolist(), "value": found.value, "cost": found.cost,
            "why": found.why}  # fmt: skip


def _states(found):
    states = ("kept", "dominated", "extendedly dominated")
    by_state = {state.split()[0]: [v.option for v in found if v.state == state] for state in states}
    return by_state | {"ratios": [v.ratio for v in found if v.state == "kept"]}


GUIDE = [
    Formula(
        "Value of an option",
        value.points,
        "points a year = benefit to one person (0 to 100) · people a year · chance",
        "What an option does for everybody, so that options for few and for many can be compared.",
        "Not available where one of the three is unknown. 100 points are one person who has the whole benefit for certain.",
        STAR,
        [
            Example("40 points for 500 people, works 3 times in 4", {"benefit": 40, "people": 500, "chance": 0.75}, 15_000),
            Example("nobody is reached", {"benefit": 40, "people": 0, "chance": 0.75}, 0),
            Example("benefit not scored", {"benefit": NAN, "people": 500, "chance": 0.75}, NAN),
        ],
    ),
    Formula(
        "Value for a unit of cost",
        value.per_cost,
        "value / cost",
        "The order in which money does most.",
        "Without cost it is infinite where there is value, and not available where there is none.",
        STAR,
        [
            Example("15,000 points for £300,000, in thousands", {"value": 15_000, "cost": 300}, 50),
            Example("neither value nor cost", {"value": 0, "cost": 0}, NAN),
        ],
    ),
    Formula(
        "The best choice",
        value.best,
        "most sum(value · x), x 0 or 1, with sum(cost · x) ≤ money\n"
        "at most one x of a group; x ≤ x of what it needs; x = 1 where it must be",
        "Which options to fund where each is funded whole or not at all.",
        "Solved exactly (branch and bound, HiGHS); after two seconds the best choice found so far is given and called not proven. "
        "Of equal choices the cheaper, of equal options the first. Where what must be funded costs too much there is a sentence and no choice.",
        "0/1 knapsack; worked by listing every choice",
        [
            Example("the order by ratio stops short: 60, 100 and 120 points for 10, 20 and 30; money 50",
                    {"value": [60, 100, 120], "cost": [10, 20, 30], "money": 50},
                    {"chosen": [1, 2], "value": 220, "cost": 50}, "the order by ratio takes the first two: 160"),
            Example("the last two are variants of one option",
                    {"value": [60, 100, 120], "cost": [10, 20, 30], "money": 50, "group": ["", "a", "a"]},
                    {"chosen": [0, 2], "value": 180, "cost": 40}),
            Example("the third needs the first",
                    {"value": [5, 100, 120], "cost": [10, 20, 30], "money": 40, "after": [[], [], [0]]},
                    {"chosen": [0, 2], "value": 125, "cost": 40}, "120 + 5 is more than 100 + 5"),
            Example("what must be costs too much", {"value": [1, 2], "cost": [60, 5], "money": 50, "must": [0]},
                    {"chosen": [], "why": "What has to be funded costs more than there is."}, "the rule"),
        ],
        pick=_chosen,
    ),
    Formula(
        "What would have to be believed",
        value.needed,
        "value: best choice without it - the most the others are worth once it is paid for\n"
        "cost: money - the least that the others cost and still make up the difference",
        "From which benefit, people, chance or cost on an option would come in: each alone, with the rest as it is.",
        "Not available where nothing would do. At the figure itself, in and out are worth the same.",
        "own; both solved exactly",
        [
            Example("the first of 60, 100 and 120 points for 10, 20 and 30; money 50",
                    {"place": 0, "value": [60, 100, 120], "cost": [10, 20, 30], "money": 50},
                    {"value": 100, "cost": 0},
                    "220 without it; with it 40 are left, which buy 120; at no cost it comes in beside the others"),
        ],
    ),
    Formula(
        "Variants of one option",
        value.variants,
        "step = (value - value of the variant below) / (cost - cost of the variant below)\n"
        "kept only where each step buys less for each pound than the one before",
        "Which versions of one option are worth a thought, and what each step up buys.",
        "Doing nothing is the first variant. Of variants alike the first is kept.",
        "Incremental ratios (Drummond and others)",
        [
            Example("costs 10, 20, 30, 25; values 50, 60, 120, 55",
                    {"value": [50, 60, 120, 55], "cost": [10, 20, 30, 25]},
                    {"kept": [0, 2], "dominated": [3], "extendedly": [1], "ratios": [5.0, 3.5]},
                    "50/10; then 70/20. The fourth costs more than the second and does less; the step to the second buys 1, "
                    "the step beyond it 6"),
        ],
        pick=_states,
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


OPTIONS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.integers(1, 30),
        st.sampled_from(["", "", "a", "b"]),
        st.integers(-9, 6),
    ),
    min_size=1,
    max_size=7,
)


def _arguments(rows):
    v, c, group, needs = (list(part) for part in zip(*rows, strict=True))
    after = [[n] if 0 <= n < len(v) and n != i else [] for i, n in enumerate(needs)]
    return np.array(v, float), np.array(c, float), group, after


def _by_listing(v, c, money, group, after):
    """The most value of all choices that keep the rules, by trying each."""
    top = 0.0
    for bits in itertools.product((False, True), repeat=len(v)):
        x = np.array(bits)
        names = [g for g, b in zip(group, bits, strict=True) if b and g]
        lacking = any(bits[i] and not bits[j] for i, row in enumerate(after) for j in row)
        if c[x].sum() <= money and len(set(names)) == len(names) and not lacking:
            top = max(top, v[x].sum())
    return top


@settings(max_examples=60, deadline=None)
@given(OPTIONS, st.integers(0, 120))
def test_the_best_choice_is_the_best_of_all_and_keeps_the_rules(rows, money):
    v, c, group, after = _arguments(rows)
    found = value.best(v, c, money, group, after)
    assert found.value == pytest.approx(_by_listing(v, c, money, group, after))
    assert found.proven and found.cost <= money
    for funded in (found.funded, value.greedy(v, c, money, group, after)):
        names = [g for g, f in zip(group, funded, strict=True) if f and g]
        assert len(set(names)) == len(names)
        assert all(funded[j] for i, row in enumerate(after) if funded[i] for j in row)
        assert c[funded].sum() <= money and v[funded].sum() <= found.value + 1e-9


@settings(max_examples=40, deadline=None)
@given(OPTIONS, st.integers(1, 120), st.integers(0, 6))
def test_just_above_what_is_needed_it_comes_in_and_just_below_it_does_not(rows, money, place):
    v, c, group, after = _arguments(rows)
    place %= len(v)
    needed = value.needed(place, v, c, money, group, after)
    if np.isnan(needed.value):
        return
    for change, comes_in in ((0.5, True), (-0.5, False)):
        believed = v.copy()
        believed[place] = needed.value + change
        if believed[place] > 0:
            found = value.best(believed, c, money, group, after)
            assert found.value == pytest.approx(_by_listing(believed, c, money, group, after))
            needed_by = any(place in row for row in after)
            assert found.funded[place] == comes_in or (needed_by and not comes_in)


def test_a_lower_cost_lets_it_in():
    v, c = np.array([60.0, 100, 120]), np.array([25.0, 20, 30])
    needed = value.needed(0, v, c, 55)
    assert needed.cost == pytest.approx(5)  # beside the other two, which cost 50
    for cost, comes_in in ((4.9, True), (5.1, False)):
        assert value.best(v, [cost, 20, 30], 55).funded[0] == comes_in


def test_ties_fall_the_same_way_every_time():
    assert value.best([5, 5, 5, 5], [2, 2, 2, 2], 4).funded.tolist() == [True, True, False, False]
    assert value.best([5, 5], [3, 2], 3).funded.tolist() == [False, True]  # as much value, less money
    assert value.order([5, 10, 5], [1, 2, 1]).tolist() == [0, 2, 1]  # the cheaper first, then as entered


def test_two_variants_that_must_be_are_said_and_nothing_is_chosen():
    found = value.best([1, 2], [1, 1], 9, group=["a", "a"], must=[0, 1])
    assert found.why == "Two variants of one option have to be funded." and not found.funded.any()
    assert value.best([], [], 5).funded.shape == (0,)


def test_without_groups_the_frontier_is_the_order_by_ratio():
    v, c = np.array([60.0, 100, 120, 0]), np.array([10.0, 20, 30, 5])
    assert [s.option for s in value.frontier(v, c)] == [0, 1, 2]
    steps = value.frontier([50, 60, 120, 55, 30], [10, 20, 30, 25, 5], ["a"] * 4 + [""])
    assert [(s.option, s.instead_of) for s in steps] == [(4, -1), (0, -1), (2, 0)]
    assert sum(s.cost for s in steps) == 35 and sum(s.value for s in steps) == 150


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 50)), min_size=1, max_size=12))
def test_the_frontier_bends_downwards_and_ends_at_the_best_of_each_group(rows):
    v, c = (np.array(part) for part in zip(*rows, strict=True))
    steps = value.frontier(v, c, ["a", "b"] * len(v))
    ratios = [s.value / s.cost for s in steps]
    assert all(a >= b * (1 - 1e-9) for a, b in itertools.pairwise(ratios))
    tops = [max(v[i::2].tolist(), default=0.0) for i in (0, 1)]
    assert sum(s.value for s in steps) == pytest.approx(sum(tops), abs=1e-6)


def test_many_people_of_one_mind_leave_no_spread_and_others_do():
    alike = np.full((4, 2), [50.0, 20.0])
    values = value.resampled(alike, np.full((4, 2), NAN), [10, 10])
    assert np.unique(values, axis=0).tolist() == [[500.0, 200.0]]
    apart = alike.copy()
    apart[:, 1] = [0, 10, 90, NAN]
    found = value.views(value.resampled(apart, np.full((4, 2), NAN), [10, 10]), [10, 10], 10)
    assert found.p10[0] == found.p90[0] == 50
    assert found.p10[1] < found.p50[1] < found.p90[1]
    assert 0 < found.chosen[1] < 0.5 and found.chosen.sum() == pytest.approx(1)


def test_how_often_an_option_is_chosen_is_by_the_best_choice_of_each_draw():
    """Two draws, money for one of two: each wins the draw in which it is worth more, however its ratio stands."""
    draws = np.array([[30.0, 50.0], [30.0, 20.0], [30.0, 50.0], [30.0, 50.0]])
    assert value.views(draws, [3, 10], 10).chosen.tolist() == [0.25, 0.75]
    for row in draws[:2]:  # going down the order would take the first each time
        assert value.greedy(row, [3, 10], 10).tolist() == [True, False]
    assert np.isnan(value.views(draws, [3, 10], 10, must=(0, 1)).chosen).all()  # nothing can be chosen
    many = np.ones((2, value.MOST_SOLVED + 1))
    assert np.isnan(value.views(many, np.ones(many.shape[1]), 10).chosen).all()


def test_the_draws_are_those_of_the_people_who_scored():
    """Two people, scores 0 and 100: both drawn alike in half of the draws, by the sum of chances."""
    values = value.resampled([[0.0], [100.0]], [[NAN], [NAN]], [1])
    means, counts = np.unique(values, return_counts=True)
    assert means.tolist() == [0, 50, 100]
    assert (counts / values.size).tolist() == pytest.approx([0.25, 0.5, 0.25], abs=0.03)


def test_one_way_down_the_order_is_the_same_for_one_draw_and_for_many():
    rng = np.random.default_rng(4)
    v, c = rng.integers(1, 90, (50, 12)).astype(float), rng.integers(1, 30, 12).astype(float)
    group, after = ["", "", "a", "a", "b", "b"] * 2, [[]] * 11 + [[2]]
    many = value.greedy(v, c, 70, group, after)
    assert all(
        (value.greedy(row, c, 70, group, after) == got).all() for row, got in zip(v, many, strict=True)
    )
