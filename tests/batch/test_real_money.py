"""Steps 3 and 4 for real areas, held against arithmetic written anew (``money_by_hand``).

Twenty-four clinical commissioning groups plan from 2014/15 with the income they were really
allocated to 2019/20; a board plans from 2024/25 with the projection of its people.
"""

import csv
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm, qmc

from tests.batch import money_by_hand as by_hand
from workbook import steps
from workbook.paths import shipped
from workbook.plan import Plan, store
from workbook.reference import Reference, importers
from workbook.steps.new import new_plan

pytestmark = [pytest.mark.real, pytest.mark.slow]

BASE, GROUPS = 2014, 24
BOARDS = ["E54000050", "E54000029"]  # North East and North Cumbria, and North East London: old and young
ALLOCATIONS = "allocations/ccg_allocations_2013-14_to_2019-20.csv"
FILES = [
    "ccg_outcomes/ccg_avoidable_mortality_2004_2019.csv",
    ALLOCATIONS,
    "populations/snpp2018_principal_icb_england_quinary.csv",
    "boundaries/icb_april2023_BSC.geojson",
]
COMMISSIONER, COUNCIL, HOSPITAL = "Clinical commissioning group", "Council", "Acute hospitals"
FUND_RANGE = (-2.0, 4.0)  # per cent against plan, one year in ten below and above


@pytest.fixture(scope="module")
def reference(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    held = Reference.open(tmp_path_factory.mktemp("money"))
    reports = importers.take([real / name for name in FILES], held)
    assert [r.taken for r in reports] == [True] * len(FILES)
    return held


@pytest.fixture(scope="module")
def pattern() -> Plan:
    return store.read(shipped("data") / "demo" / "ccg-pattern.plan.json")


def allocated(real: Path) -> dict[str, dict[int, float]]:
    """Allocation in £000s by three-character code and financial year."""
    found: dict[str, dict[int, float]] = {}
    with (real / ALLOCATIONS).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["allocation_gbp_000s"]:
                year = int(row["financial_year"][:4])
                found.setdefault(row["ods_code"], {})[year] = float(row["allocation_gbp_000s"])
    return found


def codes(real: Path) -> dict[str, str]:
    """The nine-character code of each three-character one of the groups of 2019."""
    with (real / FILES[0]).open(encoding="utf-8-sig", newline="") as file:
        return {
            row["ods_code"]: row["ccg19cd"]
            for row in csv.DictReader(file)
            if row["ods_code"] and row["ccg19cd"]
        }


@pytest.fixture(scope="module")
def groups(real: Path) -> dict[str, dict[int, float]]:
    """Groups spread over the list, with what each was allocated in every year from the base year."""
    code, money = codes(real), allocated(real)
    whole = {
        code[ods]: years
        for ods, years in sorted(money.items())
        if ods in code and set(range(BASE, BASE + 6)) <= set(years)
    }
    step = len(whole) // GROUPS
    return dict(list(whole.items())[::step][:GROUPS])


Made = tuple[dict, Any, Any]


@pytest.fixture(scope="module")
def made(reference: Reference, pattern: Plan, groups: dict) -> Callable[[str], Made]:
    """The plan of a group or board as JSON, with its budget and its decommissioning step."""
    kept: dict[str, Made] = {}

    def of(code: str) -> Made:
        if code not in kept:
            base = BASE if code in groups else 2024
            data = new_plan(code, reference, pattern=pattern, base_year=base).model_dump(mode="json")
            if code in groups:
                really(data, groups[code])
            risky(data)
            plan = Plan.model_validate(data)
            found = tuple(steps.run(name, plan, reference) for name in ("budget", "decommissioning"))
            kept[code] = (plan.model_dump(mode="json"), *found)
        return kept[code]

    return of


def really(data: dict, allocation: dict[int, float]) -> None:
    """The income that the group was really allocated, year by year, and the council's grown as in the pattern."""
    for entry in data["budget"]["income"]:
        if entry["organisation"] == COMMISSIONER:
            entry["amount"] = allocation[entry["year"]]
            entry["status"] = "confirmed" if entry["year"] <= BASE + 1 else "assumed"


def risky(data: dict) -> None:
    """A range for the fund, and a contract of the hospital with an outcome part and a pool."""
    fund = data["budget"]["fund"]
    fund["spend_low"], fund["spend_high"] = FUND_RANGE
    worth = round(0.2 * data["budget"]["lines"][0]["amount"])
    data["budget"]["contracts"] = [
        {
            "id": "block",
            "name": "Block",
            "payer": COMMISSIONER,
            "provider": HOSPITAL,
            "value": worth,
            "outcome_part": 0.05 * worth,
            "earned_low": 0.4,
            "earned": 0.7,
            "earned_high": 0.9,
            "cost_low": 0.95 * worth,
            "cost": worth,
            "cost_high": 1.08 * worth,
            "bears_first": 0.01 * worth,
            "pool": 0.04 * worth,
            "gain_share": 0.3,
            "shares": [{"partner": COMMISSIONER, "share": 0.7}, {"partner": COUNCIL, "share": 0.3}],
        }
    ]


def values(step: Any) -> dict[str, Any]:
    return {r.id: r.value for r in step.results}


@pytest.fixture(params=range(GROUPS))
def group(request: pytest.FixtureRequest, groups: dict, made: Callable[[str], Made]) -> Made:
    return made(list(groups)[request.param])


@pytest.fixture(params=BOARDS)
def board(request: pytest.FixtureRequest, made: Callable[[str], Made], real: Path) -> tuple[Made, dict]:
    return made(request.param), by_hand.growth(by_hand.people(real, request.param))


# --- five-year money ------------------------------------------------------------------------


def test_every_year_is_as_worked_out_line_by_line_and_month_by_month(group: Made) -> None:
    data, budget, _ = group
    found = values(budget)
    for year in range(BASE, BASE + 6):
        expected = by_hand.left(data, year)
        got = {name: found[f"budget.{name}.{year}"] for name in expected}
        assert got == pytest.approx(expected, rel=1e-9, abs=1e-6), year


def test_a_board_grows_by_the_age_and_number_of_its_own_people(board: tuple[Made, dict]) -> None:
    (data, budget, _), grown = board
    found = values(budget)
    for year in range(2024, 2030):
        expected = by_hand.left(data, year, grown)
        got = {name: found[f"budget.{name}.{year}"] for name in expected}
        assert got == pytest.approx(expected, rel=1e-9, abs=1e-6), year
    alike = {"": grown[""]}
    spent, by_number = (by_hand.spend(data, 2029, grown=g) for g in (grown, alike))
    # An ageing area needs more than its number of people says: between a half and four per cent in five years.
    assert 0.005 < spent / by_number - 1 < 0.04


def test_spend_on_prevention_is_its_share_of_spend_as_planned(group: Made) -> None:
    data, budget, _ = group
    (shown,) = [t for t in budget.tables() if t.id == "money"]
    place = [c.name for c in shown.columns].index("prevention")
    for n, year in enumerate(range(BASE, BASE + 6)):
        share = by_hand.prevention(data, year) / by_hand.left(data, year)["spend-after"]
        assert shown.rows[n][place] == pytest.approx(100 * share, rel=1e-9)
        assert 3 < 100 * share < 6


def test_organisations_add_up_to_the_pound(group: Made) -> None:
    _, budget, _ = group
    found = values(budget)
    for year in range(BASE, BASE + 6):
        for part, whole in (("income", "income"), ("spend", "spend"), ("scheme-cost",) * 2, ("saving",) * 2):
            rows = [
                v
                for id, v in found.items()
                if id.startswith(f"budget.organisation.{part}.") and id.endswith(str(year))
            ]
            pounds = sum(1000 * (v or 0) for v in rows)
            assert abs(pounds - 1000 * found[f"budget.{whole}.{year}"]) < 0.01
            if year == BASE:  # what was entered is whole pounds
                assert sum(round(1000 * (v or 0)) for v in rows) == round(
                    1000 * found[f"budget.{whole}.{year}"]
                )


# --- how sure -------------------------------------------------------------------------------


def test_the_range_is_ordered_and_its_causes_make_a_whole(group: Made) -> None:
    _, budget, _ = group
    found = {r.id: r for r in budget.results}
    widths = []
    for year in range(BASE + 1, BASE + 6):
        low, middle, high = (found[f"budget.gap-after-{p}.{year}"].value for p in ("p10", "p50", "p90"))
        assert low < middle < high
        widths.append(high - low)
    assert all(a < b for a, b in pairwise(widths))  # the further ahead, the less sure
    assert sum(found["budget.gap-spread"].factors.values()) == pytest.approx(100, abs=1e-6)
    assert 0 <= found["budget.gap-closed-chance"].value <= 100


@pytest.mark.parametrize("place", [0, 7, 16])
def test_ten_thousand_draws_agree_with_quasi_random_points(
    place: int, groups: dict, made: Callable[[str], Made]
) -> None:
    data, budget, _ = made(list(groups)[place])
    _assert_drawn(values(budget), by_hand.drawn(data), BASE + 5)


def test_the_draws_of_a_board_agree_too(board: tuple[Made, dict]) -> None:
    (data, budget, _), grown = board
    _assert_drawn(values(budget), by_hand.drawn(data, grown), 2029)


def _assert_drawn(found: dict[str, Any], expected: dict[str, np.ndarray], year: int) -> None:
    """Within two hundredths of the range: some three standard errors of the outer percentiles."""
    for name, left in expected.items():
        low, middle, high = np.percentile(left, (10, 50, 90))
        got = [found[f"budget.gap-{name}-{p}.{year}"] for p in ("p10", "p50", "p90")]
        assert got == pytest.approx([low, middle, high], abs=0.02 * (high - low)), name
    closed = 100 * float((expected["after"] >= 0).mean())
    assert found["budget.gap-closed-chance"] == pytest.approx(closed, abs=1.5)


def test_what_each_partner_may_have_to_find(group: Made) -> None:
    data, budget, _ = group
    rows = {_of(r.label): {} for r in budget.results if r.id.startswith("budget.exposure.")}
    for r in budget.results:
        if r.id.startswith("budget.exposure."):
            rows[_of(r.label)][r.id.rpartition(".")[2]] = r.value
    for row in rows.values():
        assert row["p10"] <= row["p50"] <= row["p90"]
    size = sum(c["amount"] for c in data["budget"]["fund"]["contributions"])
    low, high = FUND_RANGE
    for partner, share in ((COMMISSIONER, 0.6), (COUNCIL, 0.4)):
        expected = [share * size * p / 100 for p in (low, (low + high) / 2, high)]
        got = list(rows[f"{partner}, Pooled fund"].values())
        assert got == pytest.approx(expected, abs=2e-4 * size)
        apart = rows[f"{partner}, Pooled fund"]["p90"] + rows[f"{partner}, Block"]["p90"]
        assert rows[f"{partner}, Together"]["p90"] <= apart + 1e-6
    hospital, payer = _contract(data)
    spread = np.ptp(hospital)
    assert list(rows[f"{HOSPITAL}, Block"].values()) == pytest.approx(hospital.tolist(), abs=0.01 * spread)
    assert list(rows[f"{COMMISSIONER}, Block"].values()) == pytest.approx(
        payer.tolist(), abs=0.02 * np.ptp(payer)
    )


def _of(label: str) -> str:
    return label.partition(": to find")[0]


def _contract(data: dict) -> tuple[np.ndarray, np.ndarray]:
    """P10, P50 and P90 of what the hospital and the payer have to find of the contract, over quasi-random points."""
    c = data["budget"]["contracts"][0]
    z = norm.ppf(qmc.Sobol(2, scramble=True, seed=3).random_base2(15))
    cost = by_hand.bent(c["cost_low"], c["cost"], c["cost_high"], z[:, 0])
    earned = np.clip(by_hand.bent(c["earned_low"], c["earned"], c["earned_high"], z[:, 1]), 0, 1)
    paid = c["value"] - c["outcome_part"] * (1 - earned)
    loss = cost - paid
    pool = np.clip(loss - c["bears_first"], 0, c["pool"])
    back = c["gain_share"] * np.maximum(-loss, 0)
    payer = paid - c["value"] + 0.7 * (pool - back)
    return np.percentile(loss - pool + back, (10, 50, 90)), np.percentile(payer, (10, 50, 90))


# --- stopping -------------------------------------------------------------------------------


def test_the_money_of_stopping_is_laid_out_month_by_month_and_nothing_is_lost(group: Made) -> None:
    data, _, stopping = group
    (ward,) = data["decommissioning"]["services"]
    (shown,) = [t for t in stopping.tables() if t.id == f"money-{ward['id']}"]
    names = [c.name for c in shown.columns]
    rows = {(r[0], r[1]): r[2:] for r in shown.rows}
    what = {kind: np.array(amounts) for (kind, _), amounts in rows.items() if kind != "Net effect"}
    years = [int(name) for name in names[2:]]
    effect = np.array([by_hand.stopped(ward, y) for y in years])
    assert what["Released"] == pytest.approx(ward["released"] * effect)
    assert what["of which cashable"] == pytest.approx(ward["cashable"] * effect)
    assert what["of which stranded"] == pytest.approx([by_hand.stranded(ward, y) for y in years])
    assert what["Released"] == pytest.approx(what["of which cashable"] + what["of which stranded"])
    assert what["Paid once"] == pytest.approx([-by_hand.service(data, ward, y)[0] for y in years])
    net = {who: np.array(amounts) for (kind, who), amounts in rows.items() if kind == "Net effect"}
    assert net.pop("all together") == pytest.approx(sum(net.values()))
    assert sum(net.values()) == pytest.approx(what["of which cashable"] + what["Paid once"])


def test_the_scheme_and_its_ward_save_once_and_never_more_than_is_released(group: Made) -> None:
    data, budget, _ = group
    (ward,) = data["decommissioning"]["services"]
    (claims,) = [s for s in data["budget"]["schemes"] if s["stops"] == ward["id"]]
    found = values(budget)
    worth = claims["gross_saving"] * claims["cashable_share"]
    for year in range(BASE, BASE + 6):
        age = year - claims["start_year"]
        share = 0.0 if age < 0 else ([*claims["ramp"], 1.0])[min(age, len(claims["ramp"]))]
        assert found[f"budget.saving.{year}"] == pytest.approx(worth * share)
        assert found[f"budget.saving.{year}"] <= ward["released"] + 1e-9
