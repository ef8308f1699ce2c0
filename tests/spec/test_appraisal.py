"""Option appraisal: scores of several people, weights, ties, sensitivity and dominance."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import appraisal

WEIGHTS = {"impact": 2.0, "ease": 1.0}


def scores(*rows):
    return pd.DataFrame(rows, columns=["respondent", "option", "criterion", "score"])


TWO_PEOPLE = scores(
    ("ann", "Alliance", "impact", 5),
    ("ann", "Alliance", "ease", 2),
    ("bob", "Alliance", "impact", 3),
    ("bob", "Alliance", "ease", 2),
    ("ann", "Lead provider", "impact", 3),
    ("ann", "Lead provider", "ease", 4),
    ("bob", "Lead provider", "impact", 3),
    ("bob", "Lead provider", "ease", 4),
)


MEANS = pd.DataFrame(
    {"impact": [4.0, 3.0], "ease": [2.0, 4.0]}, index=["Alliance", "Lead provider"]
)  # what the two people's scores come to
ORDERS = pd.DataFrame({"A": [90.0, 80.0, 60.0], "B": [50.0, 10.0, 90.0], "C": [10.0, 20.0, 30.0]})
TIED = pd.DataFrame({"A": [90.0, 80.0], "B": [50.0, 80.0], "C": [10.0, 20.0]})

# fmt: off
GUIDE = [
    Formula(
        "Score of an option",
        appraisal.appraise,
        "(Σ(weight · mean score of the criterion) / Σ weight - 1) / 4 · 100        scores 1 to 5; x becomes 6 - x where a high score is worse",
        "The scopes of the budget, scored by one person or many.",
        "A criterion that nobody scored for an option is left out there and the other weights stand for it. Ties share the better "
        "rank. The spread is the standard deviation of the people's own scores; there is none with one person.",
        "Department for Communities and Local Government 2009, Multi-criteria analysis: a manual.",
        [
            Example("two people, impact counts double", {"scores": TWO_PEOPLE, "weights": WEIGHTS},
                    {"Alliance": 58.3333333, "Lead provider": 58.3333333}, "(2 · 4 + 2)/3 and (2 · 3 + 4)/3, both 3.33"),
            Example("a high score for ease is worse", {"scores": TWO_PEOPLE, "weights": WEIGHTS, "reversed": ["ease"]},
                    {"Alliance": 75, "Lead provider": 41.6666667}, "(2 · 4 + 4)/3 = 4 and (2 · 3 + 2)/3 = 2.67"),
        ],
        pick=lambda frame: dict(zip(frame["option"], frame["score"], strict=True)),
    ),
    Formula(
        "What carries a lead",
        appraisal.gap_by_criterion,
        "share of weight · score of one option - share of weight · score of the other, criterion by criterion, of 100",
        "The reasons in words beside the order of scopes.",
        "The parts add up to the lead. Where an option was not scored on a criterion, the weight there is shared among its others.",
        "The formula above, taken apart.",
        [
            Example("impact weighs 3 and ease 1",
                    {"table": MEANS, "weights": {"impact": 3.0, "ease": 1.0}, "option": "Alliance", "other": "Lead provider"},
                    {"impact": 18.75, "ease": -12.5}, "0.75 · (75 - 50) and 0.25 · (25 - 75); the lead is 6.25"),
        ],
    ),
    Formula(
        "The weight at which a lead ends",
        appraisal.tipping,
        "the w nearest to the weight as set with (a₁ + w s₁)/(b₁ + w) = (a₂ + w s₂)/(b₂ + w)        a, b: the other criteria's sum and weights",
        "How firm the order of scopes is: the smallest change of one weight that lets another option draw level.",
        "Solved for each criterion and each rival, the others as set; no figure where no weight of that criterion does it, or where "
        "first place is shared already. A quadratic equation where an option lacks a criterion.",
        "Elementary algebra.",
        [
            Example("impact weighs 3 and ease 1", {"table": MEANS, "weights": {"impact": 3.0, "ease": 1.0}},
                    {"ease": 1.5, "impact": 2}, "12 + 2w = 9 + 4w and 4w + 2 = 3w + 4"),
        ],
        pick=lambda found: {t.criterion: t.needed for t in found},
    ),
    Formula(
        "Agreement between people (Kendall's W)",
        appraisal.agreement,
        "W = 12 Σ(R - mean R)² / (m² (n³ - n) - m Σ(t³ - t))        R: sum of an option's ranks; m people, n options, t tied options",
        "How far the people who scored the scopes put them in the same order.",
        "1 is the same order for all, 0 no common order. Only people who scored every option count. No figure with one person, "
        "one option, or where everybody ties all of them.",
        "Kendall and Babington Smith 1939, Annals of Mathematical Statistics 10(3); words for its size after Schmidt 1997, "
        "Decision Sciences 28(3).",
        [
            Example("three people, three options", {"own": ORDERS}, {"w": 4 / 9, "people": 3, "options": 3},
                    "rank sums 4, 6 and 8: 12 · 8 / (9 · 24)"),
            Example("one of two people ties two options", {"own": TIED}, {"w": 12 * 6.5 / (4 * 24 - 2 * 6)},
                    "rank sums 5.5, 4.5 and 2 from below, one tie of two"),
            Example("one person", {"own": ORDERS.head(1)}, {"w": NAN}),
        ],
    ),
]
# fmt: on


@examples(GUIDE)
def test_worked_examples(formula, example):
    check(formula, example)


def test_weighted_scores_by_hand():
    frame = appraisal.appraise(TWO_PEOPLE, WEIGHTS).set_index("option")
    # Alliance: (2 x 4 + 2) / 3 = 3.3333 -> 58.33; lead provider: (2 x 3 + 4) / 3 = 3.3333, the same
    assert frame["score"].to_dict() == pytest.approx(
        {"Alliance": 58.3333, "Lead provider": 58.3333}, abs=1e-3
    )
    assert list(frame["rank"]) == [1, 1]
    # Ann gives Alliance 75, Bob 41.67: a spread of 23.57
    assert frame.loc["Alliance", "spread"] == pytest.approx(23.570, abs=1e-3)
    assert frame.loc["Lead provider", "spread"] == 0 and frame.loc["Alliance", "respondents"] == 2


def test_a_reversed_criterion_counts_the_other_way():
    frame = appraisal.appraise(TWO_PEOPLE, WEIGHTS, reversed=["ease"])
    assert list(frame["option"]) == ["Alliance", "Lead provider"]
    assert frame["score"].iloc[0] == pytest.approx(((2 * 4 + 4) / 3 - 1) * 25)


def test_what_was_not_scored_is_left_out_and_one_person_has_no_spread():
    gap = scores(("ann", "A", "impact", 4), ("ann", "A", "ease", None), ("ann", "B", "ease", 1))
    frame = appraisal.appraise(gap, WEIGHTS).set_index("option")
    assert frame["score"].to_dict() == {"A": 75, "B": 0}
    assert math.isnan(frame.loc["A", "spread"])


def test_sensitivity_tells_which_weight_decides():
    frame = appraisal.sensitivity(TWO_PEOPLE, {"impact": 3.0, "ease": 1.0})
    changes = {(r.criterion, r.change): (r.winner, r.changes) for r in frame.itertuples()}
    assert changes["impact", "doubled"] == ("Alliance", False)
    assert changes["impact", "halved"] == ("Lead provider", True)
    assert changes["", "all equal"] == ("Lead provider", True)
    assert len(frame) == 5


def test_a_tie_names_both_winners():
    frame = appraisal.sensitivity(TWO_PEOPLE, {"impact": 1.0, "ease": 1.0})
    winner = frame.set_index(["criterion", "change"]).loc[("impact", "doubled"), "winner"]
    assert winner == "Alliance and Lead provider"


def test_dominated_options_and_who_beats_them():
    rows = [
        ("ann", o, c, s)
        for o, marks in {"A": (4, 4), "B": (4, 3), "C": (5, 1)}.items()
        for c, s in zip(WEIGHTS, marks, strict=True)
    ]
    assert appraisal.dominated(scores(*rows), WEIGHTS) == {"B": ["A"]}


@pytest.mark.parametrize("wrong", [0, 6])
def test_scores_and_weights_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="outside 1 to 5"):
        appraisal.appraise(scores(("ann", "A", "impact", wrong)), WEIGHTS)
    with pytest.raises(ValueError, match="at least one is above zero"):
        appraisal.appraise(TWO_PEOPLE, {"impact": 0.0, "ease": 0.0})


def test_a_criterion_that_nobody_scored_has_no_say_in_the_lead():
    table = pd.DataFrame({"impact": [4.0, 3.0], "ease": [np.nan, 5.0]}, index=["A", "B"])
    parts = appraisal.gap_by_criterion(table, WEIGHTS, "A", "B")
    # A: impact alone, 75. B: 2/3 of 50 and 1/3 of 100.
    assert parts == pytest.approx({"impact": 75 - 100 / 3, "ease": -100 / 3})


def test_personal_scores_keep_who_scored_only_part():
    own = appraisal.personal(TWO_PEOPLE.iloc[1:], WEIGHTS)
    assert own.loc["ann", "Alliance"] == 25  # ease alone
    assert own.loc["bob"].tolist() == pytest.approx([500 / 12, 175 / 3])


def test_places_where_people_lie_apart_come_first():
    first = appraisal.apart(TWO_PEOPLE, WEIGHTS).iloc[0]
    assert (first["option"], first["criterion"], first["low"], first["high"]) == ("Alliance", "impact", 3, 5)
    assert first["spread"] == pytest.approx(math.sqrt(2)) and first["people"] == 2


def test_who_scored_everything_the_same_and_how_much_was_given():
    alike = [("cy", o, c, 3) for o in ("Alliance", "Lead provider") for c in WEIGHTS]
    found = pd.concat([TWO_PEOPLE, scores(*alike)])
    assert appraisal.flat(found) == ["cy"]
    assert appraisal.flat(found.iloc[:-1]) == []  # three equal scores may be meant
    counts = appraisal.given(found.iloc[1:], ["Alliance", "Lead provider", "Neither"], list(WEIGHTS))
    assert counts.loc["ann"].tolist() == [1, 2, 0]


def test_no_weight_decides_where_first_place_is_shared_or_nothing_is_compared():
    assert appraisal.tipping(MEANS, {"impact": 2.0, "ease": 1.0}) == []
    assert appraisal.tipping(MEANS.head(1), {"impact": 3.0, "ease": 1.0}) == []


def test_weights_of_nought_on_all_that_was_scored_give_no_score():
    only_ease = scores(("ann", "A", "ease", 4), ("ann", "B", "ease", 2))
    weights = {"impact": 1.0, "ease": 0.0}
    assert appraisal.appraise(only_ease, weights).empty
    assert appraisal.sensitivity(only_ease, weights)["winner"].tolist()[:2] == ["", ""]


marks = st.integers(1, 5)
TABLES = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.lists(marks, min_size=3, max_size=3), min_size=n, max_size=n)
)


@given(TABLES, st.lists(st.integers(1, 30), min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_lead_ends_just_where_the_winner_changes(rows, given_weights):
    """Second route: on this side of the weight the winner is alone, on the far side it is not."""
    table = pd.DataFrame(rows, columns=list("xyz"), index=[f"o{n}" for n in range(len(rows))], dtype=float)
    weights = dict(zip("xyz", map(float, given_weights), strict=True))
    total = lambda w: (table * pd.Series(w)).sum(axis=1) / sum(w.values())  # noqa: E731
    winner = total(weights).idxmax()
    for tip in appraisal.tipping(table, weights):
        gap = lambda w, t=tip: (lambda s: s[winner] - s[t.option])(total({**weights, t.criterion: w}))  # noqa: E731
        assert gap(tip.needed) == pytest.approx(0, abs=1e-9)
        before = tip.weight + 0.999 * tip.change
        scores_before = total({**weights, tip.criterion: before})
        assert scores_before.idxmax() == winner
        if tip.needed > 0.01:
            root = optimize.brentq(
                gap, min(tip.weight, tip.needed) - 1e-3, max(tip.weight, tip.needed) + 1e-3
            )
            assert root == pytest.approx(tip.needed, rel=1e-6, abs=1e-6)


@given(TABLES, st.lists(st.integers(1, 30), min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_parts_of_a_lead_add_up_to_it(rows, given_weights):
    long = [("p", f"o{n}", c, v) for n, row in enumerate(rows) for c, v in zip("xyz", row, strict=True)]
    weights = dict(zip("xyz", map(float, given_weights), strict=True))
    found = appraisal.appraise(scores(*long), weights).set_index("option")["score"]
    parts = appraisal.gap_by_criterion(appraisal.means(scores(*long), weights), weights, "o0", "o1")
    assert sum(parts.values()) == pytest.approx(found["o0"] - found["o1"], abs=1e-9)


@given(
    st.integers(2, 6).flatmap(
        lambda m: st.lists(
            st.lists(st.integers(0, 6), min_size=4, max_size=4).filter(lambda r: len(set(r)) > 1),
            min_size=m,
            max_size=m,
        )
    )
)
@settings(max_examples=60, deadline=None)
def test_agreement_is_that_of_friedmans_test(rows):
    """Second route: W is Friedman's chi-square over m(n - 1), which SciPy corrects for ties."""
    own = pd.DataFrame(rows, dtype=float)
    chi = stats.friedmanchisquare(*own.to_numpy().T).statistic
    found = appraisal.agreement(own)
    assert found.w == pytest.approx(chi / (len(rows) * 3))
    assert -1e-9 <= found.w <= 1 + 1e-9


def test_the_same_order_is_full_agreement_and_opposite_orders_are_none():
    same = pd.DataFrame([[1.0, 2, 3], [10, 20, 30]])
    assert appraisal.agreement(same).w == 1
    assert appraisal.agreement(pd.DataFrame([[1.0, 2, 3], [3, 2, 1]])).w == 0
    assert math.isnan(appraisal.agreement(pd.DataFrame([[2.0, 2, 2], [5, 5, 5]])).w)
    assert appraisal.agreement(pd.DataFrame([[1.0, 2, 3], [1, np.nan, 3]])).people == 1
