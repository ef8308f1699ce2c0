"""The pooled fund and its contracts on the page: shares, worked sums, exposure that is drawn and never added."""

from __future__ import annotations

import copy
import math
from typing import Any

import altair as alt
import numpy as np
import pytest
from scipy import stats

from tests.spec.test_thread_fund import whole
from tests.unit.chart_sight import assert_whole_and_apart, svg
from workbook import charts
from workbook.blocks import Block, Figure, Result, Table, Words
from workbook.methods import draws
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.budget import fund, fund_exposure, fund_worked


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def shown(data: dict[str, Any], reference: Reference) -> tuple[list[Block], list[Result]]:
    results: list[Result] = []
    return fund.part(Plan.model_validate(data), reference, results), results


def the_table(blocks: list[Block], id: str) -> list[dict[str, Any]]:
    tables = [b.table if isinstance(b, Figure) else b for b in blocks if isinstance(b, Figure | Table)]
    found = next(t for t in tables if t.id == id)
    return [dict(zip([c.name for c in found.columns], row, strict=True)) for row in found.rows]


def words(blocks: list[Block]) -> str:
    return "\n".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)


def test_a_plan_without_a_fund_says_so_and_asks(reference: Reference) -> None:
    blocks, results = shown({"area": {"code": "SYN01", "name": "x"}, "base_year": 2024}, reference)
    assert "No pooled fund has been entered." in words(blocks)
    assert "No block or fixed-income contract has been entered." in words(blocks)
    assert not [b for b in blocks if isinstance(b, Table | Figure)] and not results


def test_shares_of_money_stand_beside_shares_of_risk(reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"]["partners"][0]["overspend"] = 0.7
    data["budget"]["fund"]["partners"][1]["overspend"] = 0.3
    blocks, _ = shown(data, reference)
    board = the_table(blocks, "fund-shares")[0]
    assert (board["share"], board["risk"], board["apart"]) == pytest.approx((60, 70, 10))
    assert "Board puts in 60% and bears 70% of an overspend" in words(blocks)
    assert "No reason is given." in words(blocks)


def test_the_answer_comes_first_who_pays_decides_and_bears(reference: Reference) -> None:
    blocks, _ = shown(whole(), reference)
    first = next(b for b in blocks if isinstance(b, Words))
    for said in (
        "Who pays: ",
        "Who decides: ",
        "Who bears an overspend: at 2% more than planned, £",
        "one year in ten ",
    ):
        assert any(said in p for p in first.paragraphs), said


def test_a_fund_with_a_size_alone_says_what_is_not_agreed(reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"] = {"name": "Fund", "total": 1000}
    blocks, _ = shown(data, reference)
    first = next(b for b in blocks if isinstance(b, Words))
    assert first.paragraphs[:3] == (
        "Who pays: Fund is £1.0m in 2024/25; no contributions are entered.",
        "Who decides: nobody is named yet.",
        "Who bears an overspend: nobody has agreed to bear one.",
    )


def test_pots_say_who_decides_and_who_ratifies(reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"]["pots"] += [
        {"pot": "aligned", "decides": "The board recommends", "ratifies": "Each"}
    ]
    rows = the_table(shown(data, reference)[0], "fund-pots")
    assert [(r["pot"], r["decides"], r["ratifies"]) for r in rows] == [
        ("Section 75, pooled", "Joint board", "nobody: it binds at once"),
        ("Aligned", "The board recommends", "Each"),
    ]
    assert rows[1]["amount"] is None


def test_an_overspend_is_worked_out_for_each_partner(reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"]["partners"][1]["most"] = 15
    blocks, results = shown(data, reference)
    rows = {r["label"]: r for r in the_table(blocks, "fund-worked")}
    assert [rows["5% over plan"][k] for k in ("amount", "p0", "p1", "nobody")] == pytest.approx(
        [50, 30, 15, 5]
    )
    assert [rows["2% under plan"][k] for k in ("amount", "p0", "p1", "nobody")] == pytest.approx(
        [-20, -12, -8, 0]
    )
    for row in rows.values():
        assert row["amount"] == pytest.approx(row["p0"] + row["p1"] + row["nobody"])
    assert {r.id: r.value for r in results}["budget.fund.worked.over-5.2"] == pytest.approx(15)


def test_shares_that_make_no_whole_are_handled_and_said(reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"]["partners"][0]["overspend"] = 0.5
    blocks, _ = shown(data, reference)
    assert "add up to 90.0%: the rest falls on nobody yet" in words(blocks)
    data["budget"]["fund"]["partners"][0]["overspend"] = 0.8
    blocks, _ = shown(data, reference)
    assert "brought down in proportion" in words(blocks)
    row = the_table(blocks, "fund-worked")[0]
    assert row["p0"] + row["p1"] == pytest.approx(50)


def test_three_printed_thirds_leave_nothing_for_nobody(reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"]["partners"] = [
        {"partner": p, "overspend": 0.333, "underspend": 0.333} for p in ("Board", "Council", "County")
    ]
    rows = the_table(shown(data, reference)[0], "fund-worked")
    assert "nobody" not in rows[0] and rows[0]["p2"] == pytest.approx(50 / 3)


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (1000, "£20k, Board finds £12k and Council finds £8k."),
        (22_575, "£452k, Board finds £271k and Council finds £181k."),
        (22_560, "£451k, Board finds £271k and Council finds £180k."),
        (22_535, "£451k, Board finds £270k and Council finds £180k (each rounded)."),
    ],
)
def test_parts_of_an_overspend_that_do_not_add_up_are_called_rounded(total: float, said: str) -> None:
    data = whole()
    data["budget"]["fund"] |= {"total": total, "contributions": [], "pots": []}
    assert said in fund_worked.example(Plan.model_validate(data).budget.fund)


def test_a_side_nobody_has_agreed_on_is_not_worked_out(reference: Reference) -> None:
    data = whole()
    for partner in data["budget"]["fund"]["partners"]:
        partner["underspend"] = 0
    blocks, _ = shown(data, reference)
    assert [r["label"] for r in the_table(blocks, "fund-worked")] == [
        "5% over plan",
        "2% over plan",
        "1% over plan",
    ]
    assert "No shares of an underspend have been entered" in words(blocks)


# --- exposure -----------------------------------------------------------------------


def test_a_partner_of_the_fund_alone_has_the_percentiles_of_its_share(reference: Reference) -> None:
    """By hand: 60% of £1,000k times -2%, 1% and 4%."""
    data = whole()
    data["budget"]["contracts"] = []
    board = the_table(shown(data, reference)[0], "exposure")[0]
    assert (board["p10"], board["p50"], board["p90"]) == pytest.approx((-12, 6, 24), abs=0.05)
    chance = 100 * stats.norm(1, 3 / stats.norm.ppf(0.9)).sf(0)
    assert board["find"] == pytest.approx(
        chance, abs=1.5
    )  # more than nothing, to the nearest thousand pounds


def test_fund_and_contract_together_are_drawn_and_not_added(reference: Reference) -> None:
    """By a second route: independent normal spreads add as squares."""
    data = whole()
    data["budget"]["fund"] |= {"total": 100_000, "pots": []}
    data["budget"]["contracts"][0] |= {
        "outcome_part": 0, "cost_low": 57_000, "cost": 60_000, "cost_high": 63_000, "bears_first": 0, "pool": 0,
        "provider": "Council", "shares": [],
    }  # fmt: skip
    blocks, _ = shown(data, reference)
    rows = {(r["partner"], r["part"]): r for r in the_table(blocks, "exposure")}
    together = rows["Council", "Together"]
    own = math.hypot(3_000, 0.4 * 3_000)
    assert together["p90"] == pytest.approx(400 + own, rel=0.02)
    assert together["p10"] == pytest.approx(400 - own, rel=0.03)
    parts = rows["Council", "Pooled fund"]["p90"] + rows["Council", "Hospital contract"]["p90"]
    assert together["added"] == pytest.approx(parts) and parts > together["p90"] + 500
    assert "Percentiles were not added" in words(blocks) and "wrongly" in words(blocks)


def test_what_all_bear_is_what_the_fund_and_the_contracts_cost_beyond_plan() -> None:
    data = whole()
    data["budget"]["fund"]["partners"][0]["most"] = 10
    data["budget"]["contracts"][0]["shares"] = [{"partner": "Board", "share": 0.5}]
    found = fund_exposure.exposures(Plan.model_validate(data))
    borne = np.sum([found.together(p) for p in found.of], axis=0)
    over = 10 * draws.three_points(-2, 1, 4, draws.uniform("fund: spend"))
    cost = draws.three_points(59_000, 60_000, 62_000, draws.uniform("contract block: cost"))
    assert fund_exposure.NOBODY in found.of
    assert borne == pytest.approx(over + cost - 60_000, abs=1e-6)


def test_what_the_fund_itself_pays_falls_on_its_partners() -> None:
    data = whole()
    data["budget"]["contracts"][0] |= {"payer": "Fund", "shares": [{"partner": "Fund", "share": 1}]}
    found = fund_exposure.exposures(Plan.model_validate(data))
    assert set(found.of) == {"Board", "Council", "Trust"}
    own = found.of["Board"]["Hospital contract"]
    assert own == pytest.approx(1.5 * found.of["Council"]["Hospital contract"])  # 0.6 and 0.4


def test_what_is_missing_is_said_and_nothing_is_drawn(reference: Reference) -> None:
    data = whole()
    data["budget"]["fund"]["spend_high"] = None
    data["budget"]["contracts"][0] |= {"cost": None, "earned_low": None}
    blocks, _ = shown(data, reference)
    assert not [b for b in blocks if isinstance(b, Figure)]
    assert "The pooled fund is not drawn: the range of spend against plan is missing." in words(blocks)
    assert "Hospital contract is not drawn: the low, middle and high cost" in words(blocks)


def test_a_pool_without_shares_is_not_drawn(reference: Reference) -> None:
    data = whole()
    data["budget"]["contracts"][0]["shares"] = [{"partner": "Trust"}, {"partner": "Board"}]
    blocks, _ = shown(data, reference)
    assert "shared among Trust and Board; their shares are not given" in words(blocks)
    assert "the shares of those who fill its pool" in words(blocks)


def test_another_contract_leaves_the_draws_of_the_first_alone() -> None:
    data = whole()
    before = fund_exposure.exposures(Plan.model_validate(data))
    other = copy.deepcopy(data["budget"]["contracts"][0]) | {
        "id": "other",
        "name": "Other",
        "provider": "Else",
    }
    data["budget"]["contracts"].append(other)
    after = fund_exposure.exposures(Plan.model_validate(data))
    assert np.array_equal(before.of["Trust"]["Hospital contract"], after.of["Trust"]["Hospital contract"])


def test_a_contract_is_settled_for_three_years(reference: Reference) -> None:
    blocks, results = shown(whole(), reference)
    rows = {r["line"]: [r["good"], r["middle"], r["bad"]] for r in the_table(blocks, "contract-block")}
    assert rows["Income of the provider"] == pytest.approx([59_970, 59_880, 59_760])
    assert rows["Result of the provider before the pool"] == pytest.approx([970, -120, -2240])
    assert rows["From the pool"] == pytest.approx(
        [0, 0, 1000]
    )  # the middle loss is within what it bears first
    assert rows["Result of the provider"] == pytest.approx([970, -120, -1240])
    assert rows["Board, beyond the value"] == pytest.approx([-30, -120, -240])
    assert rows["Board, into the pool"] == rows["Trust, into the pool"] == pytest.approx([0, 0, 500])
    assert {r.id: r.value for r in results}["budget.contract.block.bad"] == pytest.approx(-1240)


def test_accounts_of_elsewhere_carry_their_year(reference: Reference) -> None:
    said = words(shown({"area": {"code": "SYN01", "name": "x"}, "base_year": 2024}, reference)[0])
    assert "South Tyneside (2020)" in said and "Tameside and Glossop (2020)" in said
    assert "(2017): Cambridgeshire older people's contract" in said and "risk moved without" in said


# --- the picture ---------------------------------------------------------------------


ROWS = [
    {"partner": "Board", "part": "Pooled fund", "p10": -3757, "p50": 3816, "p90": 12_211, "together": False},
    {"partner": "Board", "part": "A contract with a name that runs over two lines", "p10": -1776, "p50": -598, "p90": 2180},
    {"partner": "Board", "part": "Together", "p10": -4135, "p50": 3662, "p90": 12_330, "together": True},
    {"partner": "Council with a very long name indeed", "part": "Pooled fund", "p10": 0, "p50": 0, "p90": 0, "together": True},
    {"partner": "None", "part": "Unknown", "p10": None, "p50": 1, "p90": 2},
]  # fmt: skip


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], [{**ROWS[0], "p10": 5, "p90": 9_000}], []])
def test_the_picture_is_valid_and_legible(rows: list[dict[str, Any]]) -> None:
    spec = charts.exposure(rows, unit="£000s")
    alt.Chart.from_dict(spec, validate=True)
    picture = svg(spec)
    if rows:
        assert_whole_and_apart(picture)
        assert "£ million" in picture or "£ thousand" in picture
