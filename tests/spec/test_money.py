"""Five-year money by hand: one line, one scheme, one service, every assumption set."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.blocks import Block, Result, Table, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.budget import organisations
from workbook.steps.decommissioning import money as stopping
from workbook.steps.money import assumed, financial_year_of, money, months_left

# Every assumption is replaced, so that the figures below can be worked out on paper.
OVERRIDES = [
    {"id": "demographic-growth-default", "value": 1.0, "reason": "by hand", "by": "x"},
    {"id": "other-growth-acute", "value": 2.0, "reason": "by hand", "by": "x"},
    {"id": "price-uplift", "value": 5.0, "reason": "by hand", "by": "x"},
    {"id": "efficiency", "value": 4.0, "reason": "by hand", "by": "x"},
]


def plan(**budget: Any) -> Plan:
    services = budget.pop("services", [])
    return Plan.model_validate(
        {
            "area": {"code": "SYN01", "name": "Northmere", "kind": "synthetic", "synthetic": True},
            "base_year": 2025,
            "horizon": 2,
            "assumptions": OVERRIDES,
            "budget": {"lines": [{"id": "a", "name": "Acute", "amount": 1000, "growth": "acute"}]} | budget,
            "decommissioning": {"services": services},
        }
    )


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


CLINIC = {
    "id": "clinic",
    "name": "Clinic",
    "decision": "stop",
    "stop_date": "2026-09-30",
    "cashable": 40,
    "transition_cost": 7,
}
SCHEME = {
    "id": "s",
    "name": "Scheme",
    "funded": True,
    "start_year": 2026,
    "recurrent_cost": 30,
    "set_up_cost": 5,
}


def test_a_line_grows_by_four_factors_that_add_up(reference: Reference) -> None:
    lines = money(plan(), reference).lines.set_index("year")
    assert lines.loc[2026, "demographic"] == pytest.approx(10)  # 1000 x 1 %
    assert lines.loc[2026, "other"] == pytest.approx(20.2)  # 1010 x 2 %
    assert lines.loc[2026, "price"] == pytest.approx(51.51)  # 1030.2 x 5 %
    assert lines.loc[2026, "efficiency"] == pytest.approx(-43.2684)  # 1081.71 x -4 %
    assert lines.loc[2026, "total"] == pytest.approx(1038.4416)
    assert lines.loc[2027, "total"] == pytest.approx(1038.4416**2 / 1000)


def test_income_that_is_not_given_leaves_the_gap_unknown(reference: Reference) -> None:
    found = money(plan(income=[{"organisation": "Board", "year": 2026, "amount": 1000}]), reference)
    assert found.year(2026)["gap_before"] == pytest.approx(-38.4416)
    assert found.year(2027)["gap_before"] != found.year(2027)["gap_before"]


@pytest.mark.parametrize(
    ("stops", "services", "cashed"),
    [
        ("", [], 0),  # nobody stops anything
        ("clinic", [CLINIC | {"decision": "considering"}], 0),  # nothing is decided
        ("clinic", [CLINIC], 50),  # 100 x 0.5, once: the service's own 40 is not counted as well
    ],
)
def test_a_saving_counts_only_where_a_service_stops(
    stops: str, services: list[dict[str, Any]], cashed: float, reference: Reference
) -> None:
    scheme = SCHEME | {"gross_saving": 100, "cashable_share": 0.5, "stops": stops}
    assert money(plan(schemes=[scheme], services=services), reference).year(2027)["saving"] == pytest.approx(
        cashed
    )


def test_a_stopped_service_counts_from_the_day_after_its_last(reference: Reference) -> None:
    found = money(plan(services=[CLINIC]), reference)
    assert found.year(2025)["saving"] == 0
    assert found.year(2026)["saving"] == pytest.approx(20)  # October to March: six months of 40
    assert found.year(2027)["saving"] == pytest.approx(40)
    assert found.year(2026)["scheme_cost"] == pytest.approx(7)  # closing costs once


def test_a_scheme_that_is_not_funded_costs_nothing(reference: Reference) -> None:
    assert money(plan(schemes=[SCHEME | {"funded": False}]), reference).year(2026)["scheme_cost"] == 0
    assert money(plan(schemes=[SCHEME]), reference).year(2026)["scheme_cost"] == pytest.approx(35)
    assert money(plan(schemes=[SCHEME]), reference).year(2027)["scheme_cost"] == pytest.approx(30)


def test_the_prevention_share_is_of_spend_as_planned(reference: Reference) -> None:
    scheme = SCHEME | {"prevention": True}
    found = money(plan(schemes=[scheme]), reference)
    assert found.year(2025)["prevention_share"] == 0
    assert found.year(2027)["prevention_share"] == pytest.approx(30 / (1038.4416**2 / 1000 + 30))


@pytest.mark.parametrize(
    ("day", "year", "left"),
    [
        (date(2026, 3, 31), 2025, 0),
        (date(2026, 4, 30), 2026, 11),
        (date(2026, 9, 30), 2026, 6),
        (date(2026, 12, 31), 2026, 3),
    ],
)
def test_a_financial_year_runs_from_april_to_march(day: date, year: int, left: int) -> None:
    assert financial_year_of(day) == year
    assert months_left(day) == left


# --- assumptions replaced, and rates of a line's own --------------------------------


def changed(*overrides: dict[str, Any], **line: Any) -> Plan:
    data = plan().model_dump(mode="json")
    data["assumptions"] += overrides
    data["budget"]["lines"][0] |= line
    return Plan.model_validate(data)


LATER = {
    "id": "price-uplift",
    "value": 3.0,
    "from_year": 2027,
    "to_year": 2027,
    "reason": "A letter",
    "by": "x",
}


def test_a_change_holds_from_its_first_to_its_last_year(reference: Reference) -> None:
    held = changed(LATER | {"status": "confirmed"})
    found = money(held, reference)
    prices = {use.year: use for use in found.used if use.assumption.id == "price-uplift"}
    assert (prices[2026].value, prices[2027].value) == pytest.approx((0.05, 0.03))
    assert (prices[2026].status, prices[2027].status) == ("assumed", "confirmed")
    assert prices[2027].lines == ("Acute",) and prices[2027].reason == "A letter"
    total = 1038.4416 * 1.01 * 1.02 * 1.03 * 0.96
    assert found.lines.set_index("year").loc[2027, "total"] == pytest.approx(total)
    assert assumed(held, reference, "price-uplift", 2030)[1] == pytest.approx(0.05)


def test_a_line_may_have_rates_of_its_own(reference: Reference) -> None:
    own = {"own_growth": 0, "own_price": 10, "own_efficiency": 0, "own_reason": "Contract"}
    found = money(changed(**own, own_status="confirmed"), reference)
    lines = found.lines.set_index("year")
    assert lines.loc[2026, "total"] == pytest.approx(1000 * 1.01 * 1.10)
    assert {use.assumption.id for use in found.used} == {"demographic-growth-default"}
    assert not found.rates.high["price"].any() and not found.rates.low["price"].any()  # confirmed: held fixed


@pytest.mark.parametrize(
    ("kind", "rate"),
    [
        ("acute-ae", 1.31),
        ("acute-elective", 0.62),
        ("acute-non-elective", -0.14),
        ("acute-outpatients", 2.49),
    ],
)
def test_kinds_of_acute_care_grow_as_the_shipped_assumptions_say(
    kind: str, rate: float, reference: Reference
) -> None:
    lines = money(changed(growth=kind), reference).lines.set_index("year")
    assert lines.loc[2026, "other"] == pytest.approx(1010 * rate / 100)


# --- organisations -------------------------------------------------------------------


def shared() -> Plan:
    """Two organisations, a scheme and a service on their lines, one line of nobody's, closing paid by a third."""
    return plan(
        lines=[
            {"id": "a", "name": "Acute", "organisation": "Board", "amount": 1000, "growth": "acute"},
            {"id": "b", "name": "Care", "organisation": "Council", "amount": 300, "growth": "social-care"},
            {"id": "c", "name": "Lost", "amount": 7, "growth": "other"},
        ],
        income=[{"organisation": "Board", "year": y, "amount": 1100} for y in (2025, 2026, 2027)],
        schemes=[SCHEME | {"line": "b"}, SCHEME | {"id": "t", "name": "Adrift", "line": ""}],
        services=[CLINIC | {"line": "a", "transition_with": "Trust"}],
    )


def test_organisations_add_up_to_the_totals_to_the_pound(reference: Reference) -> None:
    found = money(shared(), reference)
    assert organisations.differences(found) == {}
    rows = found.organisations.set_index(["organisation", "year"])
    assert rows.loc[("Council", 2026), "scheme_cost"] == pytest.approx(35)
    assert rows.loc[("Board", 2026), "saving"] == pytest.approx(20)
    assert rows.loc[("Trust", 2026), "scheme_cost"] == pytest.approx(7)
    assert rows.loc[("", 2026), "scheme_cost"] == pytest.approx(35)
    assert rows.loc[("Board", 2026), "left"] == pytest.approx(1100 - 1038.4416 + 20)
    assert rows["left"].isna().groupby("organisation").all()["Council"]  # no income is given
    assert organisations.unplaced(shared(), found) == ["Lost", "Adrift"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "Board", "Council"]), st.floats(0, 1e6), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_whatever_is_entered_the_organisations_add_up(rows: list[tuple[str, float, bool]]) -> None:
    lines = [
        {"id": f"l{n}", "name": f"Line {n}", "organisation": o, "amount": amount, "growth": "acute"}
        for n, (o, amount, _) in enumerate(rows)
    ]
    schemes = [
        SCHEME | {"id": f"s{n}", "line": f"l{n}", "gross_saving": 90, "cashable_share": 1, "stops": "clinic"}
        for n, (_, _, has) in enumerate(rows)
        if has
    ]
    found = money(plan(lines=lines, schemes=schemes, services=[CLINIC | {"line": "l0"}]), Reference.open())
    assert organisations.differences(found) == {}


def test_the_years_in_which_an_organisation_ends_below_zero_are_named(reference: Reference) -> None:
    lines = [
        {"id": "a", "name": "Acute", "organisation": "Board", "amount": 1000, "growth": "acute"},
        {"id": "b", "name": "Care", "organisation": "Council", "amount": 300, "growth": "social-care"},
    ]
    income = [{"organisation": "Board", "year": y, "amount": 5000} for y in (2025, 2026, 2027)]
    income += [
        {"organisation": "Council", "year": y, "amount": a} for y, a in ((2025, 1), (2026, 100), (2027, 900))
    ]
    short = plan(lines=lines, income=income)
    found = money(short, reference)
    left = found.organisations.set_index(["organisation", "year"])["left"]
    said = words(organisations.part(short, found, []))
    # The base year is over and the last year stands in the table; only the year between is below zero.
    assert f"Council ends below zero: by £{-left['Council', 2026]:.0f}k in 2026/27." in said
    assert "Board ends" not in said
    by = f"£{-left['Council', 2026]:.0f}k"
    assert organisations.years_below_zero(short, found) == [
        f"Council ends below zero in 1 of the {len(short.years)} years, by {by} in 2026/27."
    ]
    alone = plan(lines=lines[1:], income=income[3:])
    assert (
        organisations.years_below_zero(alone, money(alone, reference)) == []
    )  # the plan's own total says it


# --- what step 4 shows beside ----------------------------------------------------------


WARD = {
    "id": "ward",
    "name": "Ward",
    "provider": "Trust",
    "line": "a",
    "decision": "stop",
    "stop_date": "2026-03-31",
    "released": 100,
    "cashable": 60,
    "shunted": [{"organisation": "Council", "amount": 8}],
}


def test_why_step_4_shows_more_than_is_counted_is_said_with_the_same_figures(reference: Reference) -> None:
    lines = [{"id": "a", "name": "Acute", "amount": 1000, "growth": "acute", "organisation": "Board"}]
    stops = plan(lines=lines, services=[WARD])
    found, flow = money(stops, reference), stopping.stopping(stops)
    last = found.services[found.services["year"] == stops.last_year]
    assert last["released"].sum() == pytest.approx(flow.released[:, -1].sum()) == pytest.approx(100)
    assert last["moved"].sum() == pytest.approx(flow.moved[:, -1].sum()) == pytest.approx(8)
    said = words(organisations.part(stops, found, []))
    assert "release £100k of what Board pays in 2027/28. Counted as saved here: £60k. The other £40k" in said
    assert "Trust goes on bearing it" in said and "Stopping moves £8k a year onto others" in said
    # A scheme that claims the saving is what is counted in its place.
    scheme = SCHEME | {"stops": "ward", "line": "a", "gross_saving": 90, "cashable_share": 0.5}
    claims = plan(lines=lines, services=[WARD], schemes=[scheme])
    said = words(organisations.part(claims, money(claims, reference), []))
    assert "Counted as saved here: £45k. The other £55k" in said


def test_where_all_that_is_released_is_cashed_there_is_nothing_to_explain(reference: Reference) -> None:
    lines = [{"id": "a", "name": "Acute", "amount": 1000, "growth": "acute", "organisation": "Board"}]
    whole = plan(lines=lines, services=[WARD | {"cashable": 100, "shunted": []}])
    assert "Step 4" not in words(organisations.part(whole, money(whole, reference), []))


def test_the_table_adds_up_and_says_that_nothing_is_apart(reference: Reference) -> None:
    lines = [
        {"id": n, "name": n, "amount": 100.4 * k, "growth": "acute", "organisation": n}
        for k, n in enumerate("abc", 1)
    ]
    income = [{"organisation": n, "year": 2027, "amount": 333.3} for n in "ab"]
    given = plan(lines=lines, income=income)
    found = money(given, reference)
    table = next(
        b for b in organisations.part(given, found, []) if isinstance(b, Table) and b.id == "organisations"
    )
    rows = {r[0]: r[1:] for r in table.rows}
    assert rows["c"][0] is None and rows["c"][-1] is None  # no income given: nothing is known to be left over
    assert rows["All, added up"][0] == pytest.approx(666.6)
    assert rows["All, added up"][-1] == pytest.approx(found.year(2027)["gap_after"])
    assert rows["Apart from the plan's totals"] == (0, 0, 0, 0, 0)


def test_totals_without_lines_stand_with_their_sum() -> None:
    totals = [
        {"name": "Airedale", "total": 250.25},
        {"name": "City", "total": 100},
        {"name": "Council"},
    ]
    results: list[Result] = []
    blocks = organisations.totals(plan(lines=[], organisations=totals), results)
    assert "spend £350k in 2025/26, Council not counted: no total is entered." in words(blocks)
    (table,) = [b for b in blocks if isinstance(b, Table)]
    assert table.rows[-1][:2] == ("All", 350.25) and table.rows[2][1] is None
    assert [(r.id, r.value, r.unit, r.period) for r in results] == [
        ("budget.organisations.total", 350.25, "£000s", "2025/26")
    ]
    assert organisations.totals(plan(lines=[]), []) == []


def words(blocks: list[Block]) -> str:
    return " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)
