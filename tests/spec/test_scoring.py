"""What a need scores on each criterion of the shortlist: by hand, at its limits, never outside 0 to 1."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import scoring

GUIDE = [
    Formula(
        "Score for size",
        scoring.size,
        "log(1 + events) / log(1 + largest on the list)",
        "How many people or events lie between the area and the median of its peers, from 0 (none) to 1 (the most).",
        "0 where the area does as well or better. Not available where nothing can be counted. Ten times as many events "
        "make an equal step, because figures count unlike things.",
        "Our own rule.",
        [
            Example("9 events, 99 the largest", {"events": 9, "largest": 99}, 0.5, "log 10 / log 100"),
            Example("better than the peers", {"events": -40, "largest": 100}, 0, "by rule"),
        ],
    ),
    Formula(
        "Score for being worse beyond chance",
        scoring.significance,
        "max(0, 2 · Φ((value - benchmark) / error) - 1)        error = half-width towards the benchmark / 1.96; sign by polarity",
        "How sure it is that the area is worse than the benchmark.",
        "0 where it is level or better. Not available without an interval, a benchmark, or a direction that is better.",
        "The normal distribution; our own rule.",
        [
            Example("the interval just leaves the benchmark out",
                    {"value": 100, "lower": 80, "upper": 120, "benchmark": 80, "polarity": "low"},
                    0.95, "a 95 % interval", 1e-4),
            Example("half way to the limit",
                    {"value": 100, "lower": 80, "upper": 120, "benchmark": 90, "polarity": "low"},
                    0.6729, "2 · Φ(0.98) - 1, from a table of the normal distribution", 1e-4),
        ],
    ),
    Formula(
        "Score for inequality",
        scoring.inequality,
        "1 - lower end / higher end        the ends of the fitted line, at the most and the least deprived",
        "How much worse it is at the most deprived end.",
        "0 where the interval of the slope holds no difference, or where the most deprived do better.",
        "The ends are those of the index of inequality; our own rule.",
        [
            Example("twice as bad", {"most": 20, "least": 10, "sure": True, "polarity": "low"}, 0.5, "1 - 10 / 20"),
            Example("could be chance", {"most": 20, "least": 10, "sure": False, "polarity": "low"}, 0, "by rule"),
        ],
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


@pytest.mark.parametrize(
    ("events", "largest", "expected"),
    [
        (0, 100, 0),  # the area is level with its peers
        (-40, 100, 0),  # or does better
        (100, 100, 1),  # the largest gap on the list
        (9, 99, 0.5),  # log 10 over log 100
        (None, 100, NAN),
        (NAN, 100, NAN),
        (5, 0, 0),
    ],
)
def test_the_score_for_size_at_its_limits(events: float | None, largest: float, expected: float) -> None:
    assert scoring.size(events, largest) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("value", "lower", "upper", "benchmark", "polarity", "expected"),
    [
        (100, 80, 120, 100, "low", 0),  # level
        (100, 80, 120, 80, "low", 0.95),  # the interval just leaves the benchmark out
        (100, 80, 120, 120, "low", 0),  # better than the benchmark
        (100, 80, 120, 120, "high", 0.95),  # the same figure where high is good
        (100, 90, 130, 90, "low", 0.95),  # only the side of the benchmark counts
        (100, 80, 120, 90, "low", 2 * stats.norm.cdf(10 * 1.96 / 20) - 1),
        (100, None, 120, 90, "low", NAN),
        (100, 80, 120, None, "low", NAN),
        (100, 80, 120, 90, "none", NAN),
        (100, 100, 100, 90, "low", 1),  # no width at all: it is worse
    ],
)
def test_only_the_side_of_the_interval_towards_the_benchmark_counts(
    value, lower, upper, benchmark, polarity, expected
) -> None:
    found = scoring.significance(value, lower, upper, benchmark, polarity)
    assert found == pytest.approx(expected, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize(
    ("most", "least", "sure", "polarity", "expected"),
    [
        (20, 10, True, "low", 0.5),  # twice as bad
        (20, 10, False, "low", 0),  # could be chance
        (10, 20, True, "low", 0),  # the most deprived do better
        (60, 80, True, "high", 0.25),  # a quarter short of the least deprived
        (20, 10, True, "none", NAN),
    ],
)
def test_only_a_gradient_against_the_most_deprived_beyond_chance_scores(
    most, least, sure, polarity, expected
) -> None:
    assert scoring.inequality(most, least, sure, polarity) == pytest.approx(expected, nan_ok=True)


def test_a_trend_scores_by_its_direction_and_voice_by_the_kinds_of_people() -> None:
    assert scoring.trend("getting worse", "increasing") == 1
    assert scoring.trend("", "no significant change") == 0.5
    assert scoring.trend("getting better", "decreasing") == 0
    assert math.isnan(scoring.trend("", "cannot be calculated"))
    assert [scoring.voice(k) for k in (0, 1, 2, 5)] == [0, 0.5, 1, 1]
    assert math.isnan(scoring.voice(None))


@given(
    st.floats(0, 1e7),
    st.floats(1, 1e7),
    st.floats(1, 1e4),
    st.floats(0.1, 1e3),
    st.floats(0.1, 1e3),
    st.floats(1, 1e4),
    st.sampled_from(["low", "high"]),
)
def test_every_score_lies_between_0_and_1(events, largest, value, below, above, benchmark, polarity) -> None:
    found = [
        scoring.size(events, largest),
        scoring.significance(value, value - below, value + above, benchmark, polarity),
        scoring.inequality(value, benchmark, True, polarity),
    ]
    assert all(0 <= score <= 1 for score in found)
