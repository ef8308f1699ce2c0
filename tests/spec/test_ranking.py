"""Ranking a shortlist: by hand, ties, gaps, and how stable the order is."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import ranking

WEIGHTS = {"size": 2.0, "inequality": 1.0, "voice": 1.0}
THREE = pd.DataFrame(
    {"size": [1.0, 0.5, 0.2], "inequality": [0.0, 0.5, 0.8], "voice": [0.2, 0.7, 0.2]},
    index=["heart disease", "falls", "asthma"],
)
SILENT = THREE.assign(voice=np.nan)

GUIDE = [
    Formula(
        "Weighted score",
        ranking.weighted,
        "Σ(weight · score) / Σ weight over the criteria for which the option has a score        scores from 0 to 1",
        "A shortlist of priorities by size, significance, inequality, trend and local voice.",
        "Weights need not add up to one. A criterion that nobody has a score for is left out and named; an option that lacks "
        "one is scored on its others; one without any has no score.",
        "Department for Communities and Local Government 2009, Multi-criteria analysis: a manual.",
        [
            Example("three conditions, size counts double", {"scores": THREE, "weights": WEIGHTS},
                    {"heart disease": 0.55, "falls": 0.55, "asthma": 0.35},
                    "(2 · 1 + 0 + 0.2)/4, (2 · 0.5 + 0.5 + 0.7)/4, (2 · 0.2 + 0.8 + 0.2)/4"),
            Example("local voice not yet asked", {"scores": SILENT, "weights": WEIGHTS},
                    {"heart disease": 2 / 3, "falls": 0.5, "asthma": 0.4}, "the same without voice, over 3"),
        ],
    ),
    Formula(
        "Rank",
        ranking.rank,
        "1 for the highest score; options that tie share the mean of their places",
        "The order of the shortlist.",
        "No rank without a score. Scores that agree to nine decimals tie.",
        "The same.",
        [
            Example("the same three", {"scores": THREE, "weights": WEIGHTS},
                    {"heart disease": 1.5, "falls": 1.5, "asthma": 3}, "0.55 twice, then 0.35"),
        ],
    ),
    Formula(
        "How stable the first place is",
        ranking.stability,
        "2,000 sets of weights from a Dirichlet distribution whose mean is the chosen weights (20 · weight each)\n"
        "share_first: share of sets in which the option comes first        low, high: ranks in the middle 90 % of sets\n"
        "one_low, one_high: ranks when any one weight is halved or doubled",
        "Weights are a judgement: shows whether the order would survive another, with a fixed seed.",
        "A tie for first counts in equal parts. A weight of 0 stays 0. An option without a score has none of this.",
        "Lahdelma and others 1998 (stochastic multicriteria acceptability analysis); the spread of the weights is our own.",
        [
            Example("one option is best throughout",
                    {"scores": pd.DataFrame({"size": [0.9, 0.2], "voice": [0.8, 0.1]}, index=["first", "second"]),
                     "weights": {"size": 1, "voice": 1}},
                    {"share_first": 1, "low": 1, "high": 1, "one_low": 1, "one_high": 1}, "no weights change it"),
            Example("two criteria of equal weight that disagree",
                    {"scores": pd.DataFrame({"size": [1.0, 0.0], "voice": [0.0, 1.0]}, index=["first", "second"]),
                     "weights": {"size": 1, "voice": 1}},
                    {"share_first": 0.5, "low": 1, "high": 2, "one_low": 1, "one_high": 2},
                    "symmetry: first wherever size weighs more than voice", 0.03),
        ],
        pick=lambda frame: frame.iloc[0].to_dict(),
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


SCORES = st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=2, max_size=6)
WEIGHTINGS = st.lists(st.floats(0.01, 10), min_size=3, max_size=3)


def tabled(rows):
    return pd.DataFrame(rows, columns=["a", "b", "c"], index=[f"option {i}" for i in range(len(rows))])


@given(SCORES, WEIGHTINGS, st.floats(0.01, 100))
def test_scaling_all_weights_changes_nothing(rows, weights, times):
    one, other = (dict(zip("abc", (w * k for w in weights), strict=True)) for k in (1, times))
    frame = tabled(rows)
    assert ranking.weighted(frame, other).to_numpy() == pytest.approx(ranking.weighted(frame, one).to_numpy())
    pd.testing.assert_frame_equal(
        ranking.stability(frame, other, draws=50)[["rank"]], ranking.stability(frame, one, draws=50)[["rank"]]
    )


@given(SCORES, WEIGHTINGS)
def test_ranks_are_those_of_scipy_and_add_up(rows, weights):
    frame, weighting = tabled(rows), dict(zip("abc", weights, strict=True))
    score = np.average(frame.to_numpy(), axis=1, weights=weights)
    assert ranking.weighted(frame, weighting).to_numpy() == pytest.approx(score)
    ranks = ranking.rank(frame, weighting)
    assert ranks.to_numpy() == pytest.approx(stats.rankdata(-np.round(score, 9)), abs=1e-9)
    assert ranks.sum() == pytest.approx(len(rows) * (len(rows) + 1) / 2)


@given(SCORES, WEIGHTINGS)
def test_shares_of_first_add_up_to_one_and_ranks_lie_in_order(rows, weights):
    found = ranking.stability(tabled(rows), dict(zip("abc", weights, strict=True)), draws=100)
    assert found["share_first"].sum() == pytest.approx(1)
    assert (found["low"] <= found["high"]).all() and (found["one_low"] <= found["one_high"]).all()
    assert (found["one_low"] <= found["rank"]).all() and (found["rank"] <= found["one_high"]).all()


@given(SCORES, WEIGHTINGS)
def test_an_option_that_is_better_throughout_is_never_behind(rows, weights):
    frame = tabled([*rows, [1.0, 1.0, 1.0]])
    found = ranking.stability(frame, dict(zip("abc", weights, strict=True)), draws=100)
    assert found["share_first"].iloc[-1] > 0 and found["rank"].iloc[-1] == found["rank"].min()


def test_the_drawn_weights_have_the_chosen_ones_as_mean_and_the_spread_said():
    # One option scores on a criterion of weight 1/4 alone: its score is the drawn weight itself, Beta(5, 15).
    drawn = ranking._drawn(np.array([0.25, 0.75, 0.0]), 20_000, 1, 20)
    assert drawn.mean(axis=0) == pytest.approx([0.25, 0.75, 0], abs=0.003)
    assert np.quantile(drawn[:, 0], [0.05, 0.95]) == pytest.approx(
        stats.beta.ppf([0.05, 0.95], 5, 15), abs=0.005
    )


def test_the_same_seed_gives_the_same_table_and_another_one_much_the_same():
    one, again, other = (ranking.stability(THREE, WEIGHTS, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert (one["share_first"] - other["share_first"]).abs().max() < 0.05


def test_a_criterion_without_information_is_left_out_and_said():
    assert ranking.left_out(SILENT, {**WEIGHTS, "trend": 1, "unused": 0}) == ["voice", "trend"]
    assert ranking.left_out(THREE, WEIGHTS) == []
    assert ranking.rank(SILENT, {**WEIGHTS, "trend": 1}).tolist() == [1, 2, 3]


def test_an_option_without_scores_has_no_rank_and_takes_no_place():
    gap = THREE.copy()
    gap.loc["falls"] = np.nan
    assert ranking.rank(gap, WEIGHTS).to_numpy() == pytest.approx([1, NAN, 2], nan_ok=True)
    found = ranking.stability(gap, WEIGHTS, draws=100)
    assert found.loc["falls"].isna().all() and found["share_first"].sum() == pytest.approx(1)
    nothing = THREE * np.nan
    assert ranking.stability(nothing, WEIGHTS, draws=10).isna().all(axis=None)


def test_halving_and_doubling_name_who_comes_first():
    found = ranking.sensitivity(THREE, WEIGHTS).set_index(["criterion", "change"])
    assert found.loc[("size", "halved"), "first"] == ("falls",)
    assert found.loc[("size", "doubled"), "first"] == ("heart disease",)
    assert found.loc[("", "all equal"), "first"] == ("falls",) and found["changes"].all()
    assert len(found) == 7


@pytest.mark.parametrize(
    ("scores", "weights", "words"),
    [
        (THREE * 2, WEIGHTS, "outside 0 to 1"),
        (THREE, {"size": -1}, "zero or more"),
        (THREE, {"size": 0}, "at least one is above zero"),
        (THREE, {"size": math.nan}, "zero or more"),
    ],
)
def test_what_cannot_be_is_refused(scores, weights, words):
    with pytest.raises(ValueError, match=words):
        ranking.rank(scores, weights)
