"""Who bears what of an over- or underspend and of a fixed-income contract: by hand, at the edges, and nothing lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import risk_share

THIRDS = [1 / 3, 2 / 3]


def _first(found):
    """One amount, as the guide prints it."""
    return {name: np.squeeze(part).tolist() for name, part in found._asdict().items()}


GUIDE = [
    Formula(
        "An overspend or underspend by agreed shares",
        risk_share.against_plan,
        "overspend:   borne = min(share of an overspend · overspend, cap)\n"
        "underspend:  gained = share of an underspend · underspend\n"
        "on nobody = amount - what the partners bear",
        "The pooled fund: what each partner has to find, or gets back. Below zero is money that comes back.",
        "Shares below one in all leave a rest that falls on nobody; shares above one are brought down in proportion. "
        "What is above a cap falls on nobody: it is not moved to another partner without an agreement that says so.",
        "Arithmetic; the shares of the example are those of Tameside and Glossop (King's Fund 2020, case 2).",
        [
            Example("£9.5m over, one third and two thirds", {"over": 9500, "bears": THIRDS, "gains": THIRDS},
                    {"parts": [9500 / 3, 19000 / 3], "unborne": 0}, "1 % of £950m"),
            Example("the same with a cap of £3,000k for the first partner",
                    {"over": 9500, "bears": THIRDS, "gains": THIRDS, "most": [3000, None]},
                    {"parts": [3000, 19000 / 3], "unborne": 9500 / 3 - 3000}),
            Example("shares that add up to 0.9", {"over": 1000, "bears": [0.5, 0.4], "gains": [0.5, 0.5]},
                    {"parts": [500, 400], "unborne": 100}),
            Example("shares that add up to 1.25: brought down to 0.6 and 0.4",
                    {"over": 1000, "bears": [0.75, 0.5], "gains": [0.5, 0.5]}, {"parts": [600, 400], "unborne": 0}),
            Example("£1m under plan, shares of a gain apart from those of a loss; a cap does not touch it",
                    {"over": -1000, "bears": [1, 0], "gains": [0.25, 0.75], "most": [0, 0]},
                    {"parts": [-250, -750], "unborne": 0}),
        ],
        pick=_first,
    ),
    Formula(
        "A fixed-income contract with outcomes and a risk pool",
        risk_share.settle,
        "income = value - outcome part + share earned · outcome part\n"
        "result = income - cost\n"
        "met by the pool = min(pool, loss - what the provider bears first), not below 0\n"
        "given back = share of a gain · surplus\n"
        "provider = result + met - given back;   payer = income - value\n"
        "payer - provider + those who fill the pool + on nobody = cost - value",
        "Block contracts: what provider, payer and those who fill the pool have to find in one year, or in each draw.",
        "The share earned is held between 0 and 1. A loss beyond the pool stays with the provider. Pool shares that do "
        "not add up to one leave part of the pool filled by nobody, and it is said.",
        "Arithmetic; contracts of this kind in King's Fund 2020, cases 1 and 2.",
        [
            Example("a loss of £800k: the provider bears £300k first, the pool meets £500k, halves",
                    {"value": 10_000, "outcome_part": 1_000, "earned": 0.7, "cost": 10_500, "bears_first": 300,
                     "pool": 2_000, "shares": [0.5, 0.5]},
                    {"income": 9_700, "result": -800, "met": 500, "fillers": [250, 250], "provider": -300, "payer": -300,
                     "unborne": 0}, "10,000 - 1,000 + 700"),
            Example("a loss above the pool stays with the provider",
                    {"value": 10_000, "outcome_part": 0, "earned": 1, "cost": 13_000, "bears_first": 0, "pool": 2_000,
                     "shares": [0.5, 0.5]},
                    {"met": 2_000, "provider": -1_000, "payer": 0, "fillers": [1_000, 1_000]}),
            Example("a surplus of £400k, a quarter of it given back",
                    {"value": 10_000, "outcome_part": 0, "earned": 1, "cost": 9_600, "pool": 2_000, "shares": [0.6, 0.4],
                     "gain_share": 0.25},
                    {"returned": 100, "fillers": [-60, -40], "provider": 300, "payer": 0}),
            Example("nobody has agreed to fill the pool",
                    {"value": 100, "outcome_part": 0, "earned": 1, "cost": 150, "pool": 40, "shares": [0, 0]},
                    {"met": 40, "unborne": 40, "fillers": [0, 0], "provider": -10}),
        ],
        pick=_first,
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


SHARE = st.floats(0, 1)
SUM = st.floats(0, 1e6)
PARTNERS = st.lists(st.tuples(SHARE, SHARE, st.none() | SUM), min_size=1, max_size=6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5), PARTNERS)
def test_what_partners_bear_and_what_nobody_bears_is_what_there_was(amounts, partners):
    bears, gains, most = zip(*partners, strict=True)
    found = risk_share.against_plan(amounts, bears, gains, most)
    assert found.parts.sum(axis=1) + found.unborne == pytest.approx(np.array(amounts), rel=1e-9, abs=1e-6)
    for amount, row, rest in zip(amounts, found.parts, found.unborne, strict=True):
        assert all(part * amount >= 0 for part in row)  # an overspend gives nobody a gain, nor the reverse
        assert rest * amount >= -1e-3  # and nothing is shared out that was not there
        assert all(cap is None or part <= cap + 1e-9 for part, cap in zip(row, most, strict=True))


@given(SUM, SHARE, SHARE, SUM, SUM, SUM, st.lists(SHARE, max_size=4), SHARE)
def test_what_everybody_bears_of_a_contract_is_its_cost_less_its_value(
    value, part, earned, cost, first, pool, shares, gain_share
):
    found = risk_share.settle(
        value, part * value, earned, cost, bears_first=first, pool=pool, shares=shares, gain_share=gain_share
    )
    borne = found.payer - found.provider + found.fillers.sum(axis=1) + found.unborne
    assert borne == pytest.approx(cost - value, rel=1e-9, abs=1e-6)
    assert 0 <= found.met[0] <= pool
    assert -part * value - 1e-6 <= found.payer[0] <= 1e-6
    if found.result[0] < 0:
        assert found.provider[0] >= found.result[0]
        assert found.met[0] == 0 or -found.provider[0] >= min(first, -found.result[0]) - 1e-6


def test_many_draws_are_settled_as_one_by_one():
    rng = np.random.default_rng(1)
    earned, cost = rng.uniform(0, 1, 200), rng.normal(1000, 80, 200)
    terms = {"bears_first": 10.0, "pool": 60.0, "shares": [0.5, 0.25, 0.25], "gain_share": 0.5}
    together = risk_share.settle(1000, 100, earned, cost, **terms)
    for n, (reached, spent) in enumerate(zip(earned, cost, strict=True)):
        alone = risk_share.settle(1000, 100, reached, spent, **terms)
        assert together.provider[n] == pytest.approx(alone.provider[0])
        assert together.fillers[n] == pytest.approx(alone.fillers[0])


def test_tenths_that_add_up_to_one_leave_nothing():
    assert risk_share.share(12_345.67, [0.1, 0.2, 0.7]).unborne[0] == 0
    assert risk_share.share(100, [1.0], [40]).unborne[0] == 60


def test_without_partners_all_of_it_falls_on_nobody():
    found = risk_share.share([100, -50], [])
    assert found.parts.shape == (2, 0) and found.unborne.tolist() == [100, -50]
