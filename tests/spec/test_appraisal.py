"""Option appraisal: scores of several people, weights, ties, sensitivity and dominance."""

import math

import pandas as pd
import pytest

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
