"""Opportunity against peers: by hand, with the peers' own uncertainty, and shrunken."""

import math

import numpy as np
import pytest

from workbook.methods.opportunity import opportunity, shrink

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
