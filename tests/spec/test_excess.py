"""Events that would not be if every group did as well as the last: by hand, drawn, and at its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import excess

GUIDE = [
    Formula(
        "Events above the least deprived group's rate",
        excess.over_last,
        "events = sum over groups of people x (rate - last group's rate)\n"
        "variance = sum of (people x error)^2 over the other groups + (people of the others x last group's error)^2",
        "What a gradient means in people: how many fewer events there would be in the period if every group did as well as "
        "the least deprived one.",
        "Below zero where the last group does worst. Zero for a single group. Not a number where a figure is missing. "
        "It says nothing of what would bring the groups level.",
        "Population attributable number (Mackenbach and Kunst 1997).",
        [
            Example(
                "Fifths of 1,000 people each, 15, 10, 6, 5 and 3 %: (12 + 7 + 3 + 2) % of 1,000 is 240, of 390 in all.",
                {
                    "values": [15, 10, 6, 5, 3],
                    "lowers": [13.04, 8.04, 4.04, 3.04, 1.04],
                    "uppers": [16.96, 11.96, 7.96, 6.96, 4.96],
                    "populations": [1000] * 5,
                    "per": 100,
                },
                {
                    "events": 240,
                    # Every error is 1 percentage point, 10 people: four of them and once 40, root of 2,000.
                    "lower": 240 - 1.96 * math.sqrt(2000),
                    "upper": 240 + 1.96 * math.sqrt(2000),
                    "share": 240 / 390,
                },
            ),
        ],
        results=("events", "lower", "upper", "share"),
    )
]


@examples(GUIDE)
def test_worked_examples(formula: Formula, example: Example) -> None:
    check(formula, example)


def test_the_range_is_that_of_draws_from_each_groups_interval() -> None:
    values, errors, people = (
        np.array([15, 10, 6, 5, 3.0]),
        np.array([1.2, 0.9, 1.1, 0.7, 0.6]),
        np.arange(800, 1300, 100),
    )
    found = excess.over_last(values, values - 1.96 * errors, values + 1.96 * errors, people, 100)
    drawn = values + errors * np.random.default_rng(7).standard_normal((200_000, 5))
    events = ((drawn - drawn[:, -1:]) * people / 100).sum(axis=1)
    assert found.events == pytest.approx(events.mean(), rel=0.01)
    assert (found.lower, found.upper) == pytest.approx(np.quantile(events, [0.025, 0.975]), rel=0.02)


def test_a_missing_figure_gives_no_number() -> None:
    assert math.isnan(excess.over_last([5, math.nan, 3], [4, 4, 2], [6, 6, 4], [10, 10, 10], 100).events)


@given(st.floats(0.1, 99), st.lists(st.floats(1, 1e6), min_size=2, max_size=10))
def test_equal_groups_have_no_excess(value: float, people: list[float]) -> None:
    n = len(people)
    found = excess.over_last([value] * n, [value - 0.1] * n, [value + 0.1] * n, people, 100)
    assert found.events == pytest.approx(0, abs=1e-6)
    assert found.lower <= 0 <= found.upper
