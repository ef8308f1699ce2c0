"""Opportunity against peers: by hand, with the peers' own uncertainty, and shrunken."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods.opportunity import opportunity, pounds, shrink

TEN = [80, 82, 84, 86, 88, 100, 102, 104, 106, 108]


def case(**more):
    return {"own": 110, "own_se": 3, "peers_values": TEN, "peers_se": [4] * 10,
            "denominator": 200_000, "per": 100_000, "polarity": "low", **more}  # fmt: skip


GUIDE = [
    Formula(
        "What doing as well as peers would mean",
        opportunity,
        "best five of the ten: their mean        people = gap · population / per\n"
        "SE² = SE_own² + Σ SE_peer² / 25        chance where gap - 1.96 SE, less the luck of the best five, reaches 0\n"
        "luck = mean of the best five drawn towards the peers' mean - mean of the best five",
        "The gap to the best five of ten peers in people or events a year, with the peers' median and a shrunken "
        "estimate beside it.",
        "No figure without a better direction, without an interval of the area's own, or with fewer than five peers: a "
        "sentence says so. People never fall below 0. Opportunities of overlapping pathways are never added.",
        "RightCare (best five of ten); the published criticism that leaving out the peers' variance gives 12 % false alarms; "
        "the luck of the best five is our own.",
        [
            Example(
                "110 beside ten peers",
                case(),
                {
                    "best_five": 84,
                    "gap": 26,
                    "people": 52,
                    "lower": 38.3083,
                    "upper": 65.6917,
                    "chance": False,
                    "sentence": "",
                },
                "2 · (26 ∓ 1.959964 √(9 + 5 · 16/25))",
                5e-4,
            ),
            Example(
                "90 beside ten uncertain peers",
                case(own=90, own_se=2, peers_se=[8] * 10),
                {"gap": 6, "chance": True, "sentence": "This could be chance."},
                "1.96 √(4 + 5 · 64/25) = 8.0 is more than 6",
            ),
            Example(
                "four peers",
                case(peers_values=TEN[:4], peers_se=None),
                {"sentence": "Only 4 peers have a figure; at least 5 are needed."},
                "the rule",
            ),
        ],
    ),
    Formula(
        "The shrunken estimate",
        shrink,
        "mean + (own - mean) · T / (T + SE²)        T = variance between areas - mean SE², not below 0",
        "Draws a noisy figure towards the mean of the area and its peers by how noisy it is.",
        "A sure figure stays; where the areas differ by no more than noise, the mean stands.",
        "Empirical Bayes by the method of moments (Morris 1983).",
        [
            Example(
                "130 beside ten peers, all with SE 5",
                {"own": 130, "own_se": 5, "values": TEN, "errors": [5] * 10},
                126.3768,
                "mean 97.27, variance 225.82: 97.27 + 32.73 · 200.82 / 225.82",
                5e-4,
            ),
        ],
    ),
    Formula(
        "The opportunity in pounds",
        pounds,
        "value = people · cost        lower = fewest people · lowest cost        upper = most people · highest cost",
        "What the events of an opportunity cost a year. Not money set free: a saving counts only where capacity is taken out.",
        '"This could be chance" stays with it. Without a cost, or with costs out of order, a sentence instead.',
        "Our own; corners of two intervals, wider than an interval would be.",
        [
            Example(
                "52 people at £2,000 (1,500 to 2,500)",
                {"found": opportunity(**case()), "cost": 2000, "cost_low": 1500, "cost_high": 2500},
                {"value": 104_000, "lower": 57_462, "upper": 164_229, "chance": False},
                "52 · 2,000; 38.3083 · 1,500; 65.6917 · 2,500",
                1,
            ),
            Example(
                "no cost",
                {"found": opportunity(**case()), "cost": None},
                {
                    "value": NAN,
                    "sentence": "What one event costs is not known, so the opportunity has no price.",
                },
                "the rule",
            ),
        ],
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


PEERS = [80, 82, 84, 86, 88, 100, 102, 104, 106, 108]


def test_gap_people_and_interval_by_hand():
    found = opportunity(110, 3, PEERS, [4] * 10, denominator=200_000, per=100_000, polarity="low")
    assert (found.best_five, found.median) == (84, 94)
    assert found.gap == 26 and found.people == 52
    half = 1.959964 * math.sqrt(9 + 5 * 16 / 25)
    assert (found.gap_lower, found.gap_upper) == pytest.approx((26 - half, 26 + half), abs=1e-4)
    assert (found.lower, found.upper) == pytest.approx((2 * (26 - half), 2 * (26 + half)), abs=1e-4)
    assert not found.chance and found.sentence == ""
    assert found.median_people == pytest.approx(32)


def test_the_peers_uncertainty_can_turn_a_gap_into_chance():
    sure = opportunity(90, 2, PEERS, [0] * 10, 100_000, 100_000, "low")
    unsure = opportunity(90, 2, PEERS, [8] * 10, 100_000, 100_000, "low")
    assert sure.gap == unsure.gap == 6
    assert not sure.chance and unsure.chance and unsure.sentence == "This could be chance."


def test_areas_that_do_not_differ_are_seldom_called_an_opportunity():
    """Two thousand areas and their peers, all alike but for noise: at most 1 in 25, where the plain interval says 1 in 10."""
    rates = np.random.default_rng(1).normal(100, 1, (2000, 11))
    found = [opportunity(own, 1, peers, [1] * 10, 100_000, 100_000, "low") for own, *peers in rates]
    assert np.mean([o.gap_lower > 0 for o in found]) > 0.08
    assert np.mean([not o.chance for o in found]) < 0.04


def test_a_gap_to_peers_that_really_differ_stays():
    rates = np.random.default_rng(1).normal(0, 1, (500, 11)) + np.linspace(100, 90, 11)
    found = [opportunity(own, 1, peers, [1] * 10, 100_000, 100_000, "low") for own, *peers in rates]
    assert np.mean([not o.chance for o in found]) > 0.9


def test_more_is_better_turns_the_gap_round():
    found = opportunity(70, 1, PEERS, None, 1000, 100, "high")
    assert found.best_five == 104 and found.gap == 34 and found.people == 340


def test_who_does_better_has_no_opportunity():
    found = opportunity(60, 1, PEERS, [1] * 10, 100_000, 100_000, "low")
    assert found.gap < 0 and found.people == found.lower == found.upper == 0 and found.chance


@pytest.mark.parametrize(
    ("own", "own_se", "peers", "polarity", "words"),
    [
        (90, 2, PEERS, "none", "No direction"),
        (90, 2, PEERS[:4], "low", "Only 4 peers"),
        (90, 2, [80, math.nan, 82, 84, 86], "low", "Only 4 peers"),
        (math.nan, 2, PEERS, "low", "no figure with an interval"),
        (90, None, PEERS, "low", "no figure with an interval"),
    ],
)
def test_where_nothing_can_be_counted_the_reason_is_said(own, own_se, peers, polarity, words):
    found = opportunity(own, own_se, peers, None, 1000, 100, polarity)
    assert math.isnan(found.people) and found.chance and words in found.sentence


def test_a_noisy_figure_is_drawn_to_the_mean_and_a_sure_one_is_not():
    middle = np.mean([*PEERS, 130])
    assert shrink(130, 0, PEERS, [0] * 10) == pytest.approx(130)
    assert shrink(130, 1000, PEERS, [1000] * 10) == pytest.approx(middle)
    assert middle < shrink(130, 10, PEERS, [5] * 10) < 130


@given(st.floats(0.1, 100), st.floats(50, 150), st.floats(0.1, 10), st.floats(0.1, 10))
def test_the_interval_holds_the_people_and_the_pounds(cost, own, own_se, peers_se):
    found = opportunity(own, own_se, PEERS, [peers_se] * 10, 1e5, 1e5, "low")
    worth = pounds(found, cost, 0.8 * cost, 1.3 * cost)
    assert found.lower <= found.people <= found.upper
    assert worth.lower <= worth.value <= worth.upper and worth.chance == found.chance
    assert pounds(found, 2 * cost).value == pytest.approx(2 * pounds(found, cost).value)


@given(st.floats(50, 150), st.floats(0, 10))
def test_the_shrunken_estimate_lies_between_the_figure_and_the_mean(own, se):
    middle = np.mean([*PEERS, own])
    assert min(own, middle) - 1e-9 <= shrink(own, se, PEERS, [5] * 10) <= max(own, middle) + 1e-9


def test_the_shrunken_estimate_by_a_second_route():
    everyone = np.array([*PEERS, 130.0])
    between = everyone.var(ddof=1) - 25
    posterior = np.average([130, everyone.mean()], weights=[between, 25])
    assert shrink(130, 5, PEERS, [5] * 10) == pytest.approx(posterior)


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ((math.nan,), "not known"),
        ((-1,), "below zero"),
        ((10, 12, 20), "out of order"),
        ((10, None, 9), "out of order"),
    ],
)
def test_a_cost_that_cannot_be_has_a_sentence(costs, words):
    found = opportunity(110, 3, PEERS, [4] * 10, 1e5, 1e5, "low")
    worth = pounds(found, *costs)
    assert math.isnan(worth.upper) and words in worth.sentence


@pytest.mark.parametrize(
    ("known", "words"), [(0, "No peer has"), (1, "Only 1 peer has"), (4, "Only 4 peers have")]
)
def test_how_few_peers_there_are_is_said_in_one_and_in_many(known, words):
    found = opportunity(110, 3, PEERS[:known], None, 1e5, 1e5, "low")
    assert found.reason == f"{words} a figure; at least 5 are needed."


def test_without_an_opportunity_there_is_no_price_and_the_same_reason():
    nothing = opportunity(110, 3, PEERS[:3], None, 1e5, 1e5, "low")
    assert (
        pounds(nothing, 100).sentence
        == nothing.sentence
        == "Only 3 peers have a figure; at least 5 are needed."
    )
