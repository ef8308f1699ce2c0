"""Money forward, schemes year by year and notice: the worked examples that the methods guide prints."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import growth, notice, phasing


def last_year(frame):
    return frame.iloc[-1].to_dict()


def by_year(frame):
    return {name: frame[name].tolist() for name in frame}


GUIDE = [
    Formula(
        "Spend rolled forward",
        growth.roll_forward,
        "baseline · demographic growth · other growth · price uplift · (1 - efficiency)",
        "A budget line year by year, with what each factor adds in money.",
        "Applied in that order, so every contribution is counted once and they add up to the change.",
        "NHS planning practice; order as in the open hospital demand model (growth first).",
        [
            Example("£1,000k, 1 % people, 2 % other, 5 % price, 4 % efficiency",
                    {"base": 1000, "demographic": 0.01, "other": 0.02, "price": 0.05, "efficiency": 0.04},
                    {"demographic": 10, "other": 20.2, "price": 51.51, "efficiency": -43.2684, "total": 1038.4416},
                    "1,000 · 1 %, 1,010 · 2 %, 1,030.2 · 5 %, 1,081.71 · -4 %"),
        ],
        pick=last_year,
    ),
    Formula(
        "Many lines at once",
        growth.rolled,
        "as for one line, row by row",
        "All budget lines of a plan in one go.",
        "Gives what the formula for one line gives, for each row.",
        "As above.",
        [
            Example("£1,000k and £500k, two years of 1 % people, 2 % other, 5 % price, 4 % efficiency",
                    {"base": [1000, 500], "demographic": [[0.01, 0.01]] * 2, "other": [[0.02, 0.02]] * 2,
                     "price": [[0.05, 0.05]] * 2, "efficiency": [[0.04, 0.04]] * 2},
                    {"total": [[1038.4416, 1038.4416**2 / 1000], [519.2208, 1038.4416**2 / 2000]]},
                    "1,000 · 1.01 · 1.02 · 1.05 · 0.96, squared for two years; half of it for £500k"),
        ],
        pick=lambda found: {"total": found["total"].tolist()},
    ),
    Formula(
        "Growth of demand by age",
        growth.age_weighted,
        "Σ people · weight of this year / Σ people · weight of the year before - 1",
        "How much the spend of a kind of care grows because there are more people, and because they grow older.",
        "With equal weights it is the growth of the population. Not available after a year without people.",
        "Set by this workbook: the weights are data (data/age_weights.csv), assumed unless a row says otherwise.",
        [
            Example("900 people of weight 1 and 100 of weight 5; then 900 and 110",
                    {"people": [[900, 100], [900, 110]], "weights": [1, 5]}, {"": [50 / 1400]},
                    "900 + 500 = 1,400; 900 + 550 = 1,450; the population grew by 1 %, demand by 3.57 %"),
        ],
        pick=lambda found: {"": found.tolist()},
    ),
    Formula(
        "A rate that is not sure, for years on end",
        growth.drifting,
        "rate of each year at one share of its distribution, the same share in every year of a draw",
        "Prices, growth and efficiency in the draws of the five-year money.",
        "An error lasts: the range of the last year is that of five equal errors, not of five that partly cancel.",
        "Set by this workbook.",
        [
            Example("2 % with 1 % and 4 % as the ends, at the 10th, 50th and 90th percentile",
                    {"low": [0.01, 0.01], "middle": [0.02, 0.02], "high": [0.04, 0.04],
                     "share": np.array([0.1, 0.5, 0.9])},
                    {"": [[0.01, 0.01], [0.02, 0.02], [0.04, 0.04]]}, "the three points themselves, in both years"),
        ],
        pick=lambda found: {"": found.tolist()},
    ),
    Formula(
        "Reductions that overlap",
        growth.combined,
        "1 - (1 - a)(1 - b) ...",
        "Two schemes that avoid the same activity.",
        "They multiply and never add.",
        "Open hospital demand model.",
        [Example("10 % and 20 %", {"*": (0.1, 0.2)}, 0.28, "1 - 0.9 · 0.8")],
    ),
    Formula(
        "Ranges of a sum",
        growth.add_ranges,
        "σ = (P90 - P10) / 2.5631; independent amounts: √(Σ σ²)",
        "The uncertainty of several savings together.",
        "Percentiles are never added.",
        "Open hospital demand model (sigma from P10 and P90).",
        [
            Example("two ranges of 3 and 4 times 2.5631", {"lows": [0, 0], "highs": [3 * 2.563103131, 4 * 2.563103131]},
                    5.0, "√(3² + 4²)"),
        ],
    ),
    Formula(
        "A scheme year by year",
        phasing.scheme,
        "cashed = gross saving · share in effect · cashable share        net = cashed - set-up - running - double running",
        "What a scheme costs and saves; only capacity that is taken out counts as saved.",
        "Years before the start are zero. Double running costs what would otherwise be cashed, for so many months after each "
        "step of the ramp.",
        "Sources of the workbook: savings count only where capacity is taken out.",
        [
            Example("start 2026, half then all, set-up 5, running 30, saves 100 of which half can be cashed",
                    {"years": [2025, 2026, 2027], "start_year": 2026, "ramp": [0.5, 1], "set_up": 5, "recurrent": 30,
                     "gross_saving": 100, "cashable_share": 0.5},
                    {"set_up": [0, 5, 0], "running": [0, 15, 30], "released": [0, 50, 100], "cashed": [0, 25, 50],
                     "net": [0, 5, 20]}, "25 - 5 - 15; 50 - 30"),
        ],
        pick=by_year,
    ),
    Formula(
        "Amounts that come late",
        phasing.delayed,
        "between the amounts of n and of n + 1 whole years late, by the part of a year",
        "The cost and savings of schemes in draws in which they start late.",
        "No delay is longer than the last one given.",
        "Set by this workbook.",
        [
            Example("30, 60, 60 on time and 0, 30, 60 a year late; four months late",
                    {"by_whole_years": np.array([[30.0, 60, 60], [0, 30, 60]]), "months": np.array([4.0])},
                    {"": [[20, 50, 60]]}, "two thirds of the first and one third of the second"),
        ],
        pick=lambda found: {"": found.tolist()},
    ),
    Formula(
        "The earliest end of a service",
        notice.earliest_end,
        "notice + the longest of: three months, what the contract asks for, six months where staff move, people live there or "
        "buildings are involved",
        "The date in a decommissioning plan.",
        "A contract that may not be ended sooner bounds the date; otherwise its end is only said. The minimums are assumptions that can be changed.",
        "National Audit Office, Decommissioning public services.",
        [
            Example("notice on 1 January 2026", {"notice_date": date(2026, 1, 1)}, "2026-04-01"),
            Example("people live in the service", {"notice_date": date(2026, 1, 1), "residential": True}, "2026-07-01"),
        ],
        pick=lambda found: {"": found.date.isoformat()},
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


RATE = st.floats(-0.2, 0.2)


@given(st.floats(1, 1e6), RATE, RATE, RATE, RATE, st.integers(1, 10))
def test_the_contributions_add_up_to_the_change(base, demographic, other, price, efficiency, years):
    frame = growth.roll_forward(base, np.full(years, demographic), other, price, efficiency)
    parts = frame[["baseline", *growth.FACTORS]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(frame["total"].to_numpy())
    factor = (1 + demographic) * (1 + other) * (1 + price) * (1 - efficiency)
    assert frame["total"].iloc[-1] == pytest.approx(base * factor**years)


@given(st.lists(st.floats(0, 0.9), min_size=1, max_size=6))
def test_overlapping_reductions_never_exceed_their_sum_and_never_the_whole(parts):
    found = growth.combined(*parts)
    assert max(parts) - 1e-12 <= found <= min(sum(parts) + 1e-12, 1)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=8))
def test_a_sum_is_never_wider_than_its_ranges_added(ends):
    lows, widths = np.array(ends).T
    found = growth.add_ranges(lows, lows + widths)
    assert found <= growth.add_ranges([0], [widths.sum()]) + 1e-9


@given(
    st.lists(st.floats(1, 1e5), min_size=3, max_size=3),
    st.lists(st.floats(1, 1e5), min_size=3, max_size=3),
    st.floats(0.1, 50),
)
def test_equal_weights_give_the_growth_of_the_population(before, after, weight):
    found = growth.age_weighted([before, after], [weight] * 3)
    assert found[0] == pytest.approx(sum(after) / sum(before) - 1)


@given(st.floats(0, 0.05), st.floats(0, 0.05), st.integers(1, 6))
def test_a_drift_lasts_and_keeps_its_ends(below, above, years):
    share = (np.arange(1000) + 0.5) / 1000
    found = growth.drifting(np.full(years, -below), np.zeros(years), np.full(years, above), share)
    assert (found == found[:, :1]).all()
    assert np.percentile(found[:, 0], [10, 50, 90]) == pytest.approx([-below, 0, above], abs=2e-4)


RAMP = st.lists(st.floats(0, 1), max_size=4)


@given(st.lists(st.tuples(st.integers(2020, 2030), RAMP, st.integers(0, 40)), min_size=1, max_size=5))
def test_many_schemes_are_as_each_alone(rows):
    years = list(range(2024, 2031))
    starts, ramps, months = zip(*rows, strict=True)
    n = len(rows)
    found = phasing.many(years, starts, ramps, [5] * n, [30] * n, [100] * n, [0.5] * n, months)
    for i, (start, ramp, late) in enumerate(rows):
        alone = phasing.scheme(years, start, ramp, 5, 30, 100, 0.5, late)
        for name in phasing.AMOUNTS:
            assert found[name][i] == pytest.approx(alone[name].to_numpy())


@given(st.integers(0, 24))
def test_a_delay_of_whole_years_is_that_row(months):
    table = np.array([[3.0, 5, 9], [1, 3, 5], [0, 1, 3]])
    found = phasing.delayed(table, np.array([float(months)]))[0]
    if months % 12 == 0:
        assert found == pytest.approx(table[months // 12])
    assert (found <= table[0] + 1e-9).all() and (found >= table[2] - 1e-9).all()


def test_a_delay_may_differ_by_draw():
    table = np.arange(12.0).reshape(2, 3, 2)  # two draws, three delays, two years
    found = phasing.delayed(table, np.array([12.0, 6.0]))
    assert found.tolist() == [[2.0, 3.0], [7.0, 8.0]]
