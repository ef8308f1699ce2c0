"""Lines into the future and changes between periods: the worked examples that the methods guide prints.

What else these formulas are held to is in test_projection.py, test_effects.py and test_backtest.py.
"""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import NAN, Example, Formula, check, examples
from workbook.methods import change, effects, projection, spread

STEPS = np.arange(7)
FALLING = pd.DataFrame({f"A{i}": (100 + 10 * i) * 0.98**STEPS for i in range(6)}, index=range(2012, 2019))
FIVE_APART = pd.DataFrame(
    {"A": [100, 80], "B": [100, 90], "C": [100, 95], "D": [100, 105]}, index=[2012, 2017]
)
THREE_APART = FIVE_APART.set_axis([2015, 2018])
ONE_LEAPT = THREE_APART.assign(E=[100.0, 50.0])
ALWAYS = np.ones(2)

GUIDE = [
    Formula(
        "Do nothing",
        projection.do_nothing,
        "log figure = common line + the area's standing\n"
        "common line: the mean of its last year and of its last three, then half its slope over seven years\n"
        "standing: the area's mean distance from the common line over five years",
        "What happens to a measure if nothing new is done.",
        "Needs five yearly figures above zero since the last break. The 80 % band holds how far areas move from their standing "
        "and how the common trend may turn.",
        "Theta method (Assimakopoulos and Nikolopoulos 2000) on the common line; chosen by trial on the past: backtest.md.",
        [
            Example("all areas fall by 2 % a year, A0 from 100",
                    {"panel": FALLING, "area": "A0", "base_year": 2018, "horizon": 5},
                    {"level": 100 * 0.98**5.5, "drift": -0.02,
                     "value": [100 * 0.98 ** (5.5 + n / 2) for n in range(1, 6)]},
                    "the mean of the last and of the last three in logarithms is half a year back; then 1 % a year"),
        ],
        pick=asdict,
    ),
    Formula(
        "A pledge",
        projection.pledge,
        "baseline · (1 + change)^n",
        "A fixed change a year, such as the 3.2 % off that the quality premium of 2014 asked for.",
        "Compounded, so five years of -3.2 % are -15.0 % and not -16 %.",
        "NHS England, Quality premium 2014/15.",
        [
            Example("2,000 years of life lost, five years", {"baseline": 2000},
                    [1936, 1874.048, 1814.078464, 1756.027953152, 1699.835058651136], "2,000 · 0.968, again and again"),
        ],
    ),
    Formula(
        "Straight to a target",
        projection.straight,
        "baseline + (target - baseline) · n / years",
        "Peer median, threshold of the best fifth, or a level typed in, reached in the last year.",
        "Equal steps in the unit of the measure.",
        "Our own.",
        [Example("from 100 to 90 in five years", {"baseline": 100, "target": 90, "years": 5}, [98, 96, 94, 92, 90])],
    ),
    Formula(
        "How plausible a level is",
        projection.plausibility,
        "share of past changes of comparable areas, over as many years, that were at least as good",
        "Whether comparable areas ever achieved such a change.",
        "Changes over a break do not count. They overlap in time: read the share as \"hardly ever\", \"now and then\", \"often\". "
        "Without a past of that length there is no share.",
        "Our own.",
        [
            Example("10 % down in five years; four areas moved by -20, -10, -5 and +5 %",
                    {"panel": FIVE_APART, "area_change": -0.1, "horizon": 5, "polarity": "low"},
                    {"share": 0.5, "moves": 4, "best": -0.2}, "two of four"),
            Example("a year that crosses a break",
                    {"panel": FIVE_APART, "area_change": -0.1, "horizon": 5, "polarity": "low", "breaks": [2015]},
                    {"share": NAN, "moves": 0, "best": NAN}, "the rule"),
        ],
    ),
    Formula(
        "Early warning",
        projection.early_warning,
        "hard: target / (1 + m), m the past change over the years that are left that one in ten achieved\n"
        "out of reach: the same with one in a hundred, or the best of all areas but one",
        "The value in year 2 beyond which the target of year 5 is hard to reach, or out of reach.",
        "The very best change is mostly a tiny area's chance, so where five areas or more are known the area that made it does not "
        "count for out of reach. A sentence instead where there is no past of that length; with fewer than ten past changes the line is called rough.",
        "Our own.",
        [
            Example("target 80 in year 5; in three years areas moved by -20, -10, -5 and +5 %",
                    {"panel": THREE_APART, "target": 80, "base_value": 100, "horizon": 5},
                    {"out_of_reach": 80 / 0.803, "hard": 80 / 0.83, "worse": "above", "moves": 4,
                     "reason": "Only 4 past changes are known, so the line is rough."},
                    "nine tenths of the way among 5, -5, -10, -20 is -17; ninety-nine hundredths is -19.7"),
            Example("the same with a fifth area, which halved",
                    {"panel": ONE_LEAPT, "target": 80, "base_value": 100, "horizon": 5},
                    {"out_of_reach": 80 / 0.62, "hard": 80 / 0.62, "worse": "above", "moves": 5,
                     "reason": "Only 5 past changes are known, so the line is rough."},
                    "hard: six tenths of the way from -20 to -50 is -38; the best of the others, -20, would be nearer than that"),
        ],
    ),
    Formula(
        "A line with the effects of schemes",
        effects.applied,
        "line · (1 + effect · reach) · (1 + effect · reach) ...\n"
        "band: distances from the limits in logarithms, squared, added and rooted, below and above apart",
        "Do nothing plus what the plan's funded schemes deliver: growth first, then effects one upon the other.",
        "Effects that overlap multiply: the second can only avoid what the first has left. An effect without a range adds "
        "nothing to the band, which is then too narrow.",
        "Open hospital demand model for the order; the combination is our own, held against simulation.",
        [
            Example("100 (90 to 110) with two effects of -10 %",
                    {"value": [100], "lower": [90], "upper": [110],
                     "effects": [effects.Effect(-0.1, NAN, NAN, np.ones(1))] * 2},
                    {"value": [81], "lower": [72.9], "upper": [89.1], "amounts": [[-10], [-9]]},
                    "0.9 · 0.9, not 0.8"),
            Example("an effect of -10 % that reaches half in the first year",
                    {"value": [100, 100], "lower": [90, 90], "upper": [110, 110],
                     "effects": [effects.Effect(-0.1, NAN, NAN, np.array([0.5, 1]))]},
                    {"value": [95, 90]}),
        ],
    ),
    Formula(
        "Change between two periods",
        change.between,
        "last - first ∓ 1.96 √(se₁² + se₂²), se = (upper - lower) / 3.92",
        "Series that carry no trend: too few points, or figures of several years that overlap.",
        "The two periods must share no year. Without an interval the change is given and whether it is chance is not.",
        "Altman and others 2000, Statistics with confidence.",
        [
            Example("from 100 (94.12 to 105.88) to 90 (82.16 to 97.84)",
                    {"first": 100, "first_limits": (94.12, 105.88), "last": 90, "last_limits": (82.16, 97.84)},
                    {"difference": -10, "lower": -19.7998, "upper": -0.2002, "percent": -10, "chance": False},
                    "errors 3 and 4, together 5", 1e-3),
            Example("without intervals", {"first": 100, "first_limits": (None, None), "last": 90, "last_limits": (80, 99)},
                    {"difference": -10, "lower": NAN, "chance": None}, "the rule"),
        ],
    ),
    Formula(
        "Range of areas",
        spread.spread,
        "best, worst and the quarter points of the known values (interpolated)",
        "The grey bars of a spine chart.",
        "None with fewer than five areas.",
        "NumPy's default quantile (Hyndman and Fan 1996, type 7).",
        [
            Example("1 to 9, low is better", {"values": range(1, 10), "polarity": "low"},
                    {"best": 1, "worst": 9, "p25": 3, "p75": 7}),
        ],
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


@given(st.floats(1, 1e4), st.floats(-0.2, 0.2), st.integers(1, 10))
def test_a_pledge_of_nothing_holds_and_any_other_compounds(baseline, yearly, years):
    assert projection.pledge(baseline, 0.0, years) == pytest.approx(projection.hold(baseline, years))
    path = projection.pledge(baseline, yearly, years)
    assert path[-1] == pytest.approx(baseline * np.prod(np.full(years, 1 + yearly)))


@given(st.floats(1, 1e4), st.floats(1, 1e4), st.integers(1, 10))
def test_equal_steps_end_on_the_target(baseline, target, years):
    path = np.concatenate([[baseline], projection.straight(baseline, target, years)])
    assert path[-1] == pytest.approx(target)
    assert np.ptp(np.diff(path)) == pytest.approx(0, abs=1e-6)


@given(st.lists(st.floats(0.01, 1000), min_size=5, max_size=30), st.sampled_from(["low", "high"]))
def test_the_quarter_points_lie_between_best_and_worst(values, polarity):
    found = spread.spread(values, polarity)
    low, high = sorted((found.best, found.worst))
    assert low <= found.p25 <= found.p75 <= high
    assert (found.best == min(values)) == (polarity == "low" or min(values) == max(values))


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(0.1, 50), st.floats(0.1, 50))
def test_a_change_back_is_the_change_turned_round(first, last, one, other):
    ahead = change.between(first, (first - one, first + one), last, (last - other, last + other))
    back = change.between(last, (last - other, last + other), first, (first - one, first + one))
    assert (back.difference, back.lower, back.upper) == pytest.approx(
        (-ahead.difference, -ahead.upper, -ahead.lower)
    )
    assert back.chance == ahead.chance
