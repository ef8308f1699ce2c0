"""The money of stopping: released, cashed, stranded, over later, moved; worked by hand and by a second route."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import stopping
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.decommissioning import money
from workbook.steps.money import money as five_years

YEARS = [2026, 2027, 2028, 2029, 2030]
SOURCE = "National Audit Office, Decommissioning public services: count what is released, what stays and what moves."
# A ward that ends on 30 September 2027: six months of 2027/28 are left.
WARD = {"years": YEARS, "last_year": [2027], "months_left": [6]}
AMOUNTS = {"released": [4480], "cashable": [3970]}


def first_row(found):
    return {name: array[0].tolist() for name, array in found._asdict().items()}


GUIDE = [
    Formula(
        "A service that has stopped",
        stopping.in_effect,
        "0 before its last day's year, months left / 12 in it, 1 after it",
        "The share of each financial year in which a service no longer runs.",
        "A service without a last day never stops. A last day of 31 March leaves nothing of its year.",
        SOURCE,
        [
            Example("last day 30 September 2027", WARD, [0, 0.5, 1, 1, 1], "October to March: 6 of 12 months"),
            Example("last day 31 March 2028", WARD | {"months_left": [0]}, [0, 0, 1, 1, 1], "nothing of 2027/28 is left"),
        ],
        pick=lambda found: {"": found[0].tolist()},
    ),
    Formula(
        "What stopping releases, and what becomes of it",
        stopping.stopped,
        "released = capacity no longer used · share in effect = cashed + stranded + over later",
        "Which part can be spent elsewhere, which somebody goes on paying and for how long.",
        "The three parts add up to what is released, every year. Cashable above released strands nothing.",
        SOURCE,
        [
            Example("£4,480k released, £3,970k of it cashable, stranded without end",
                    WARD | AMOUNTS | {"stranded_years": [math.nan]},
                    {"released": [0, 2240, 4480, 4480, 4480], "cashed": [0, 1985, 3970, 3970, 3970],
                     "stranded": [0, 255, 510, 510, 510], "later": [0, 0, 0, 0, 0]}, "4,480 - 3,970 = 510; half of each in 2027/28"),
            Example("the lease runs out after two years",
                    WARD | AMOUNTS | {"stranded_years": [2]},
                    {"stranded": [0, 255, 510, 255, 0], "later": [0, 0, 0, 255, 510]}, "510 · (0.5, 1, 0.5): two years in all"),
        ],
        pick=first_row,
    ),
    Formula(
        "A cost that is paid once",
        stopping.once,
        "the whole amount in the financial year of the last day",
        "Redundancy, clearing the site, moving people: the cost of closing.",
        "A last day outside the years leaves it outside the table.",
        SOURCE,
        [Example("£620k in 2027/28", {"years": YEARS, "last_year": [2027], "amount": [620]}, [0, 620, 0, 0, 0])],
        pick=lambda found: {"": found[0].tolist()},
    ),
    Formula(
        "Amounts by who bears them",
        stopping.by_owner,
        "for each organisation the sum of the rows that are its own",
        "The same money, looked at organisation by organisation.",
        "The sum over organisations is the sum over services. An organisation without a row has nought.",
        SOURCE,
        [Example("two services with the first organisation, one with the second",
                 {"amounts": np.array([[1.0, 2], [10, 20], [5, 5]]), "owner": [0, 1, 0], "owners": 2},
                 {"first": [6, 7], "second": [10, 20]})],
        pick=lambda found: {"first": found[0].tolist(), "second": found[1].tolist()},
    ),
    Formula(
        "What stopping leaves with each organisation",
        stopping.net,
        "released - stranded - paid once - moved onto it",
        "Whether a saving for one is a cost for another.",
        "Over all organisations it is what the system gains: cashed + over later - paid once - moved.",
        SOURCE,
        [Example("a board that pays £4,480k less, a hospital left with £510k of overheads, a council with £60k of new cost",
                 {"released": np.array([4480.0, 0, 0]), "stranded": np.array([0, 510.0, 0]),
                  "transition": np.array([620.0, 0, 0]), "shunted": np.array([0, 0, 60.0])},
                 {"board": 3860, "hospital": -510, "council": -60}, "4,480 - 620")],
        pick=lambda found: dict(zip(("board", "hospital", "council"), found.tolist(), strict=True)),
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


def test_a_service_without_a_last_day_never_stops():
    assert not stopping.in_effect(YEARS, [math.nan], [0]).any()


def test_cashable_above_released_strands_nothing():
    found = stopping.stopped(YEARS, [2027], [6], [100], [120], [math.inf])
    assert found.stranded.min() >= 0
    assert found.released == pytest.approx(found.cashed)


AMOUNT = st.floats(0, 1e6)
SERVICE = st.tuples(
    st.integers(2020, 2034), st.integers(0, 11), AMOUNT, st.floats(0, 1), st.none() | st.integers(0, 12)
)


@given(st.lists(SERVICE, min_size=1, max_size=8))
def test_what_is_released_is_cashed_stranded_or_over(services):
    last, months, released, part, lasts = zip(*services, strict=True)
    cashable = [r * p for r, p in zip(released, part, strict=True)]
    ends = [math.inf if n is None else n for n in lasts]
    found = stopping.stopped(YEARS, last, months, released, cashable, ends)
    assert found.cashed + found.stranded + found.later == pytest.approx(found.released, abs=1e-6)
    assert min(array.min() for array in found) >= -1e-6
    without_end = [n is None for n in lasts]
    assert found.cashed[without_end] == pytest.approx(
        (found.released - found.stranded)[without_end], abs=1e-6
    )


@given(st.integers(2020, 2030), st.integers(0, 11), st.integers(0, 6), AMOUNT)
def test_what_is_stranded_for_so_many_years_is_paid_for_exactly_that_long(last, months, lasts, amount):
    long = list(range(2015, 2045))
    found = stopping.stopped(long, [last], [months], [amount], [0], [lasts])
    assert found.stranded.sum() == pytest.approx(amount * lasts, abs=1e-4)


@given(st.lists(SERVICE, min_size=1, max_size=6), st.randoms())
def test_the_organisations_together_are_the_system(services, random):
    last, months, released, part, _ = zip(*services, strict=True)
    found = stopping.stopped(
        YEARS,
        last,
        months,
        released,
        [r * p for r, p in zip(released, part, strict=True)],
        [math.inf] * len(services),
    )
    owner = [random.randrange(3) for _ in services]
    other = [random.randrange(3) for _ in services]
    gains, stays = stopping.by_owner(found.released, owner, 3), stopping.by_owner(found.stranded, other, 3)
    nothing = np.zeros_like(gains)
    assert stopping.net(gains, stays, nothing, nothing).sum(axis=0) == pytest.approx(
        found.cashed.sum(axis=0), abs=1e-4
    )


# --- the same money as the five years count --------------------------------------------


@pytest.fixture(scope="module")
def reference():
    return Reference.open()


def plan_of(services, schemes=()):
    return Plan.model_validate(
        {
            "area": {"code": "SYN01", "name": "N", "kind": "synthetic", "synthetic": True},
            "base_year": 2024,
            "budget": {
                "lines": [{"id": "acute", "name": "Acute", "organisation": "Board", "amount": 9_000}],
                "schemes": list(schemes),
            },
            "decommissioning": {"services": services},
        }
    )


SERVICES = [
    {"id": "a", "name": "A", "decision": "stop", "line": "acute", "annual_cost": 900, "released": 700, "cashable": 333.33,
     "transition_cost": 40, "stop_date": "2025-09-30", "shunted": [{"organisation": "Council", "amount": 12}]},
    {"id": "b", "name": "B", "decision": "stop", "released": 500, "cashable": 500, "stop_date": "2027-03-31", "stranded_years": 1},
    {"id": "c", "name": "C", "decision": "change", "released": 90, "cashable": 50, "stop_date": "2026-01-15", "transition_cost": 9},
    {"id": "d", "name": "D", "decision": "stop", "released": 80, "cashable": 60, "stop_date": "2026-12-31", "transition_cost": 5},
    {"id": "e", "name": "E", "decision": "stop", "released": 80, "cashable": 60},
    {"id": "f", "name": "F", "decision": "keep", "released": 80, "cashable": 60, "stop_date": "2026-12-31"},
]  # fmt: skip
CLAIMS = {
    "id": "s",
    "name": "S",
    "funded": True,
    "stops": "d",
    "gross_saving": 50,
    "cashable_share": 1,
    "start_year": 2027,
}


def test_the_five_year_money_counts_the_same_to_the_pound(reference):
    plan = plan_of(SERVICES, [CLAIMS])
    flow, frame = money.stopping(plan), five_years(plan, reference).services
    stops = [r for r, n in enumerate(flow.services) if plan.decommissioning.services[n].decision == "stop"]
    counted = [r for r in stops if flow.counted[r]]
    by_year = frame.groupby("year")[["cashable", "transition"]].sum()
    assert flow.cashed[counted].sum(axis=0) == pytest.approx(by_year["cashable"].to_numpy(), abs=0.0005)
    assert flow.once[stops].sum(axis=0) == pytest.approx(by_year["transition"].to_numpy(), abs=0.0005)
    assert [plan.decommissioning.services[flow.services[r]].id for r in stops if r not in counted] == ["d"]


def test_each_organisation_bears_its_own():
    plan = plan_of([SERVICES[0] | {"provider": "Trust"}])
    flow = money.stopping(plan)
    last = dict(zip(flow.owners, flow.net[0, :, -1], strict=True))
    assert last == pytest.approx({"Board": 700, "Trust": -(700 - 333.33), "Council": -12})
    assert flow.net[0, :, -1].sum() == pytest.approx(333.33 - 12)


def test_a_plan_without_services_has_no_money_of_stopping():
    flow = money.stopping(plan_of([]))
    assert flow.net.shape[0] == 0
    assert money.overview(plan_of([]), flow) == []
