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
        "The earliest end of a service",
        notice.earliest_end,
        "notice + the longest of: three months, what the contract asks for, six months where staff move, people live there or "
        "buildings are involved",
        "The date in a decommissioning plan.",
        "The contract's own end is said and does not move the date. The minimums are assumptions that can be changed.",
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
