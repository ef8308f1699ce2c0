"""Spend beside outcome: z-scores by hand, the boxes, and when nothing can be said."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import quadrant

SPEND, OUTCOME = [80, 90, 100, 110, 120], [8, 9, 10, 11, 12]


def case(**more):
    return {
        "spend": 120,
        "outcome": 13,
        "spend_others": SPEND,
        "outcome_others": OUTCOME,
        "polarity": "low",
        **more,
    }


GUIDE = [
    Formula(
        "Spend and outcome",
        quadrant.standing,
        "z = (own - mean of comparators) / SD of comparators (n - 1), the outcome's sign turned so that up is better\n"
        "within 1: about the same        within 2: higher, better        beyond: much higher, much better",
        "A first look at a programme: where spend and outcome both lie off, ask why. It shows what to ask, not value for money.",
        "A sentence instead where no direction of the outcome is better, the area's own figure is missing, fewer than five "
        "comparators have one, or they do not differ.",
        "Public Health England, Spend and Outcome Tool (boxes at 1 and 2 standard deviations).",
        [
            Example("spend 120 and mortality 13 beside five areas", case(),
                    {"spend_z": 20 / 250**0.5, "outcome_z": -3 / 2.5**0.5, "spend": "higher", "outcome": "worse", "box": 1},
                    "SD √250 and √2.5: 1.26 and -1.90"),
            Example("the same figure where more is better", case(polarity="high"),
                    {"outcome_z": 3 / 2.5**0.5, "outcome": "better"}, "the sign turned"),
            Example("four comparators", case(outcome_others=OUTCOME[:4]),
                    {"spend_z": None, "sentence":
                     "Only 4 comparable areas have a figure for the outcome; at least 5 are needed."}, "the rule"),
        ],
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


@given(st.lists(st.floats(-1000, 1000), min_size=5, max_size=30, unique=True), st.floats(-1000, 1000))
def test_a_z_score_is_that_of_scipy(others, value):
    z = quadrant.z_score(value, others)
    if not math.isnan(z):
        assert z == pytest.approx(float(stats.zmap([value], others, ddof=1)[0]), rel=1e-6, abs=1e-9)


@given(st.floats(-4, 4), st.floats(0.1, 10), st.floats(-100, 100))
def test_the_unit_does_not_matter(z, scale, by):
    one = quadrant.z_score(100 + 10 * z, SPEND)
    assert quadrant.z_score((100 + 10 * z) * scale + by, [s * scale + by for s in SPEND]) == pytest.approx(
        one, abs=1e-6
    )


@pytest.mark.parametrize(
    ("z", "box", "words"),
    [
        (0, 0, "about the same"),
        (1, 0, "about the same"),
        (1.01, 1, "higher"),
        (-2, 1, "lower"),
        (-2.01, 2, "much lower"),
    ],
)
def test_the_boxes_end_at_one_and_two(z, box, words):
    assert quadrant.box(z) == box and quadrant.words(z, "lower", "higher") == words


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"polarity": "none"}, "No direction of this outcome is better"),
        ({"spend": None}, "no figure for spend"),
        ({"outcome": math.nan}, "no figure for the outcome"),
        ({"spend_others": [1, 2, None, 4, 5]}, "Only 4 comparable areas have a figure for spend"),
        ({"spend_others": [7] * 6}, "do not differ in spend"),
        ({"outcome_others": []}, "Only 0 comparable areas"),
    ],
)
def test_where_nothing_can_be_said_the_reason_is(more, words):
    found = quadrant.standing(**case(**more))
    assert found.spend_z is None and found.outcome_z is None and found.box is None and words in found.sentence


def test_the_sentence_names_both_standings():
    assert quadrant.standing(**case()).sentence == (
        "Beside 5 comparable areas, spend is higher and the outcome is worse."
    )
