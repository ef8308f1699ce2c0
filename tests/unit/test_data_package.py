"""The shipped tables: they hold what their description says, and what the sources count."""

from __future__ import annotations

import csv
import dataclasses
import importlib.util
import json
import re
import types
from collections import Counter
from pathlib import Path

import pytest
from frictionless import Package

from workbook.reference import Area, Assumption, Framework, FrameworkItem, Indicator
from workbook.reference.interventions import Case, Intervention

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
PRACTICES = ROOT.parent / "shared" / "data" / "allocations" / "ICB_tool_2025_2026.csv"
DESCRIPTION = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))

# Items of each framework, group by group in the order of the source.
COUNTS: dict[str, tuple[int, ...]] = {
    "CST-01": (2, 2, 2, 1), "CST-02": (6,), "CST-03": (3,), "CST-04": (6,), "CST-05": (4,), "CST-06": (2,),
    "CST-07": (7,), "CST-08": (3,), "CST-09": (3,), "CST-10": (6,), "CST-12": (3,), "CST-13": (9,),
    "CST-14": (5,), "CST-15": (3,), "CST-16": (8,), "CST-17": (4,), "CST-18": (5,), "CST-19": (2, 2),
    "CST-20": (3,), "CST-21": (6,), "CST-22": (3,), "CST-23": (4,), "CST-24": (6,), "CST-25": (3,),
    "CFO-02": (1, 2, 1, 2, 1), "CFO-03": (2, 3, 2, 3, 2), "CFO-05": (3, 5), "CFO-06": (3,),
    "CFO-07": (5, 5, 3), "CFO-08": (3, 3, 3), "CFO-09": (9,), "CFO-11": (10,), "CFO-12": (14,),
    "CFO-13": (5, 4), "CFO-14": (4,), "CFO-15": (4,),
    "ODR-01": (6,), "ODR-02": (2,), "ODR-03": (2,), "ODR-04": (10,), "ODR-07": (5, 4, 4), "ODR-08": (7,),
    "ODR-09": (6,), "ODR-10": (8,), "ODR-11": (5, 5, 3), "ODR-12": (6, 4, 4), "ODR-13": (13,),
    "ODR-14": (7, 7, 7), "ODR-15": (6, 8), "ODR-16": (7, 4), "ODR-17": (4,), "ODR-18": (5, 6),
    "ODR-20": (5, 4), "ODR-21": (5,), "ODR-22": (11,), "ODR-23": (3,), "ODR-24": (4, 4), "ODR-25": (8,),
    "ODR-26": (7, 14),
    "PVW-01": (5,), "PVW-02": (5,), "PVW-03": (6,), "PVW-04": (4,), "PVW-06": (6,), "PVW-07": (5,),
    "TDC-01": (5,), "TDC-02": (3, 4), "TDC-03": (3,), "TDC-04": (8,), "TDC-05": (6,), "TDC-08": (3,),
    "TDC-10": (8,), "TDC-11": (5,), "TDC-12": (3, 2, 3, 2, 2, 5), "TDC-13": (11,), "TDC-14": (5, 4),
    "TDC-16": (3,),
}  # fmt: skip
# Question banks of the decommissioning gate, beside the 91 of the five documents: the stages of the National
# Audit Office's toolkit, the tests of a service change, the duties beside them, and what should count and what
# drives a decision (sixteen and eight in table 2 of the research).
BESIDE: dict[str, tuple[int, ...]] = {
    "NAO-01": (5, 5, 5, 4), "SCT-01": (4, 3), "SCT-02": (6,), "DRV-01": (16,), "DRV-02": (8,),
}  # fmt: skip
# Frameworks for which the sources count nothing: cases, prose, pictures.
UNCOUNTED = {
    "CST-11", "CST-26", "CFO-01", "CFO-04", "CFO-10", "ODR-05", "ODR-06", "ODR-19", "PVW-05",
    "TDC-06", "TDC-07", "TDC-09", "TDC-15", "TDC-17",
}  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def script(name: str) -> types.ModuleType:
    """One of the scripts in ``data/build``, as a module."""
    spec = importlib.util.spec_from_file_location(name, DATA / "build" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FRAMEWORKS = {row["id"]: row for row in table("frameworks.csv")}
QUESTIONS = table("questions.csv")


def test_every_table_holds_what_the_data_package_says() -> None:
    report = Package(str(DATA / "datapackage.json")).validate()
    faults = [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
    assert not faults, "\n".join(faults)
    assert report.valid


def test_every_shipped_csv_is_described() -> None:
    described = {resource["path"] for resource in DESCRIPTION["resources"]}
    assert {str(p.relative_to(DATA)) for p in DATA.rglob("*.csv")} <= described


@pytest.mark.parametrize("resource", DESCRIPTION["resources"], ids=lambda r: r["name"])
def test_every_table_names_its_licence_source_vintage_and_unit(resource: dict) -> None:
    assert all(resource[part] for part in ("licenses", "sources", "vintage", "unit"))


@pytest.mark.parametrize("resource", DESCRIPTION["resources"], ids=lambda r: r["name"])
def test_every_column_is_described(resource: dict) -> None:
    bare = [field["name"] for field in resource["schema"]["fields"] if not field.get("description")]
    assert not bare


@pytest.mark.parametrize(
    ("name", "kind", "apart"),
    [
        ("areas.csv", Area, set()),
        ("demo/areas.csv", Area, set()),
        ("indicators.csv", Indicator, set()),
        ("assumptions.csv", Assumption, set()),
        ("frameworks.csv", Framework, {"items"}),
        ("questions.csv", FrameworkItem, set()),
        ("interventions.csv", Intervention, {"local"}),
        ("cases.csv", Case, set()),
    ],
)
def test_columns_are_the_fields_of_the_record(name: str, kind: type, apart: set[str]) -> None:
    assert set(table(name)[0]) == {field.name for field in dataclasses.fields(kind)} - apart


def test_files_are_utf8_with_unix_line_ends() -> None:
    for path in DATA.rglob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert not content.startswith(b"\xef\xbb\xbf"), path.name
        content.decode("utf-8")


# --- frameworks ---------------------------------------------------------------


def test_every_framework_of_the_sources_is_there_and_no_other() -> None:
    assert len(COUNTS) + len(UNCOUNTED) == 91
    assert set(FRAMEWORKS) == set(COUNTS) | UNCOUNTED | set(BESIDE)


@pytest.mark.parametrize("framework", sorted(COUNTS | BESIDE))
def test_a_framework_has_the_items_its_source_counts(framework: str) -> None:
    groups = Counter(q["group"] for q in QUESTIONS if q["framework"] == framework)
    assert tuple(groups.values()) == (COUNTS | BESIDE)[framework]
    assert int(FRAMEWORKS[framework]["count"]) == sum(groups.values())


@pytest.mark.parametrize("framework", sorted(UNCOUNTED))
def test_a_framework_without_a_count_has_at_least_one_item(framework: str) -> None:
    items = [q for q in QUESTIONS if q["framework"] == framework]
    assert len(items) == int(FRAMEWORKS[framework]["count"]) >= 1


def test_sub_items_have_the_counts_of_the_source() -> None:
    parts = {q["id"]: len(q["sub_aims"].split(";")) for q in QUESTIONS if q["sub_aims"]}
    assert [parts[f"CST-25.{n}"] for n in (1, 2, 3)] == [6, 2, 2]
    assert [parts["CST-20.1"], parts["CST-20.3"]] == [4, 4]
    assert parts["CST-16.3"] == 5
    assert parts["CFO-15.4"] == 5
    assert [parts["ODR-15.c1"], parts["ODR-15.c2"]] == [3, 3]


def test_ids_are_well_formed_and_belong_to_their_framework() -> None:
    for question in QUESTIONS:
        assert re.fullmatch(r"[A-Z]{3}-\d{2}[A-Za-z0-9.\-]*", question["id"])
        assert question["id"].startswith(question["framework"] + ".")


def test_every_item_has_text_and_source() -> None:
    for question in QUESTIONS:
        assert question["label"].strip(), question["id"]
        assert question["sources"].strip(), question["id"]


@pytest.mark.parametrize("framework", ["CST-13", "CST-14", *BESIDE])
def test_a_decommissioning_check_is_a_question_with_everything_a_hurried_person_needs(framework: str) -> None:
    for question in (q for q in QUESTIONS if q["framework"] == framework):
        assert question["label"].endswith("?"), question["id"]
        assert all(question[part] for part in ("help", "good", "risk", "short_of_time")), question["id"]


def test_only_legal_complexity_runs_the_other_way() -> None:
    assert [q["id"] for q in QUESTIONS if q["reverse"] == "true"] == ["ODR-12.c7"]


def test_what_is_replaced_or_historical_says_what_holds_today() -> None:
    for framework in FRAMEWORKS.values():
        assert framework["today"], framework["id"]
        assert framework["checked_on"] >= "2026-11-22", framework["id"]


def test_the_documentation_page_is_current() -> None:
    module = script("frameworks_page")
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run data/build/frameworks_page.py"


# --- areas and need -----------------------------------------------------------


def standing(day: str) -> list[dict[str, str]]:
    return [
        a for a in table("areas.csv")
        if a["kind"] == "icb" and a["valid_from"] <= day and (not a["valid_to"] or day <= a["valid_to"])
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "boards"), [("2025-10-01", 42), ("2026-03-31", 42), ("2026-04-01", 36)])
def test_the_integrated_care_boards_of_a_day(day: str, boards: int) -> None:
    assert len(standing(day)) == boards
    assert len({a["ods"] for a in standing(day)}) == boards


def test_a_board_that_ended_names_boards_that_took_over_the_next_day() -> None:
    areas = {a["code"]: a for a in table("areas.csv")}
    ended = [a for a in areas.values() if a["kind"] == "icb" and a["valid_to"]]
    assert len(ended) == 13
    for area in ended:
        assert area["successors"]
        assert {areas[code]["valid_from"] for code in area["successors"].split(";")} == {"2026-04-01"}


def test_the_need_index_of_england_is_one() -> None:
    rows = table("need_index.csv")
    assert Counter(Counter(r["component"] for r in rows).values()) == {42: 9}
    assert {r["area"] for r in rows} == {a["code"] for a in standing("2025-10-01")}
    for component in {r["component"] for r in rows}:
        own = [r for r in rows if r["component"] == component]
        people = sum(float(r["registered"]) for r in own)
        assert people == pytest.approx(63_849_324, abs=50)
        mean = sum(float(r["index"]) * float(r["registered"]) for r in own) / people
        assert mean == pytest.approx(1, abs=2e-4)


def test_a_need_index_by_hand() -> None:
    """Two boards of 100 people each; A weighs 120 and B 80: A is 1.2 and B is 0.8."""
    module = script("need_index")
    practices = [
        {"ICB": icb, "Population": "50"} | {column: weighted for _, column in module.COMPONENTS.values()}
        for icb, weighted in (("A", "70"), ("A", "50"), ("B", "40"), ("B", "40"))
    ]
    rows = module.index_rows(module.sums_by_icb(practices), {"A": "E1", "B": "E2"})
    assert {(r["area"], r["index"]) for r in rows} == {("E1", "1.2000"), ("E2", "0.8000")}
    assert {r["registered"] for r in rows} == {"100"}


@pytest.mark.skipif(not PRACTICES.exists(), reason="the practice file ../shared/data is not here")
def test_the_need_index_is_what_the_practice_file_gives() -> None:
    module = script("need_index")
    with PRACTICES.open(encoding="utf-8-sig", newline="") as handle:
        sums = module.sums_by_icb(csv.DictReader(handle))
    assert module.index_rows(sums, module.icb_codes()) == table("need_index.csv")


# --- figures of the sources ---------------------------------------------------


def half_digit(printed: str) -> float:
    """Half of the last printed digit: 0.05 for "13.0", 0.5 for "550"."""
    return 0.5 * 10 ** -len(printed.partition(".")[2])


def contradicts_itself(cell: dict[str, str]) -> bool:
    """No true values that round to the printed ones can give people x spend = total."""
    people, spend, total = (cell[c] for c in ("population_thousands", "spend_per_head", "total_m"))
    low, high = (
        (float(people) + sign * half_digit(people)) * (float(spend) + sign * half_digit(spend)) / 1000
        for sign in (-1, 1)
    )
    return float(total) + half_digit(total) < low or float(total) - half_digit(total) > high


def test_exactly_two_of_twenty_segments_contradict_themselves() -> None:
    cells = [r for r in table("segments.csv") if r["total"] == "false"]
    filled = [r for r in cells if r["total_m"]]
    assert (len(cells), len(filled)) == (21, 20)
    wrong = [(r["age"], r["segment"]) for r in filled if contradicts_itself(r)]
    assert wrong == [("16-69", "Physical disability"), ("70+", "Cancer")]


@pytest.mark.parametrize(("column", "england"), [("population_thousands", 877.5), ("total_m", 1556.9)])
def test_segment_totals_are_the_sums_of_their_cells(column: str, england: float) -> None:
    rows = table("segments.csv")
    for total in (r for r in rows if r["total"] == "true"):
        cells = [
            float(r[column]) for r in rows
            if r["total"] == "false" and r[column] and total["age"] in (r["age"], "All ages")
        ]  # fmt: skip
        assert sum(cells) == pytest.approx(float(total[column]))
    assert float(rows[-1][column]) == england


@pytest.mark.parametrize("measure", ["registered-population", "ccg-budget", "gp-practices"])
def test_the_parts_of_bradford_add_up(measure: str) -> None:
    rows = [r for r in table("places.csv") if r["measure"] == measure and "bradford" in r["place"]]
    parts = [float(r["value"]) for r in rows if r["part"] != "total"]
    (total,) = (float(r["value"]) for r in rows if r["part"] == "total")
    assert len(parts) == 3
    assert sum(parts) == total


def test_the_risk_share_of_the_pooled_fund_does_not_follow_from_the_printed_budget() -> None:
    value = {
        (r["measure"], r["part"]): float(r["value"] or "nan")
        for r in table("places.csv")
        if "tameside" in r["place"]
    }
    share = value["ccg-budget", "total"] / value["pooled-fund", "total"]
    assert share == pytest.approx(0.51, abs=0.005)
    assert value["overspend-risk-share", "ccg"] / 100 - share > 0.15
    pots = ("section-75", "aligned", "in-collaboration")
    assert sum(value["pooled-fund-share", pot] for pot in pots) == 100


# --- assumptions and indicators -----------------------------------------------

GROWTH = (
    "acute",
    "community",
    "mental-health",
    "primary-care",
    "prescribing",
    "social-care",
    "public-health",
    "other",
)
NEEDED = ["price-uplift", "efficiency", "demographic-growth-default", "pledge-rate", "minimum-notice-months",
          "prevention-share", *(f"other-growth-{kind}" for kind in GROWTH)]  # fmt: skip


@pytest.mark.parametrize("id", NEEDED)
def test_an_assumption_holds_in_every_year_a_plan_may_need(id: str) -> None:
    rows = [r for r in table("assumptions.csv") if r["id"] == id]
    for year in range(2010, 2051):
        holding = [r for r in rows if int(r["from_year"]) <= year <= int(r["to_year"] or 9999)]
        assert len(holding) == 1, year


def test_what_is_confirmed_names_a_publisher_and_what_is_assumed_a_range_that_holds_it() -> None:
    for row in table("assumptions.csv"):
        if row["status"] == "confirmed":
            assert "this workbook" not in row["source"], row["id"]
        if row["low"]:
            assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row["id"]


def test_only_2025_26_has_a_confirmed_uplift_and_efficiency() -> None:
    confirmed = {
        (r["id"], r["from_year"], r["value"]) for r in table("assumptions.csv")
        if r["id"] in ("price-uplift", "efficiency") and r["status"] == "confirmed"
    }  # fmt: skip
    assert confirmed == {("price-uplift", "2025", "4.15"), ("efficiency", "2025", "2")}


def test_each_of_the_seven_ambitions_has_a_measure_and_a_synthetic_one() -> None:
    rows = table("indicators.csv")
    for kind in ("true", "false"):
        assert {r["ambition"] for r in rows if r["synthetic"] == kind and r["ambition"]} == set("1234567")


def test_synthetic_indicators_are_called_so() -> None:
    for row in table("indicators.csv"):
        assert (row["synthetic"] == "true") == row["id"].startswith("demo-") == (row["status"] == "synthetic")
        assert row["synthetic"] == "false" or "synthetic" in row["name"]


# --- peers, ambitions, spend and outcome ----------------------------------------


def test_the_weights_of_the_peer_variables_are_the_official_ones() -> None:
    weights = {row["column"]: float(row["weight"]) for row in table("peer_variables.csv")}
    assert sum(weights.values()) == pytest.approx(1)
    assert (weights["IMDscore"], weights["poptot"], weights["pc_pop_rural_sparse"]) == (0.25, 0.15, 0.15)
    assert [weights[c] for c in ("pop_18_39", "pop_65_84", "pop_85plus")] == [0.1] * 3
    assert sorted(weights.values())[:5] == [0.03] * 5


def test_every_ambition_has_its_measures_of_2014_and_4_and_7_say_what_is_missing() -> None:
    rows = table("ambition_measures.csv")
    assert {r["number"] for r in rows if r["used_in_2014"] == "true"} == set("1234567")
    assert [r["number"] for r in rows if not r["measure"]] == ["4", "7"]
    assert not [r["name"] for r in rows if r["number"] == "4" and r["level"] == "CCG"]
    catalogue = {r["id"]: r for r in table("indicators.csv")}
    for row in rows:
        if row["measure"]:
            of = catalogue[row["measure"]]
            assert of["ambition"] in (row["number"], "")
            assert of["synthetic"] == str(row["status"] == "synthetic").lower()


def test_spend_stands_beside_an_outcome_with_a_known_better() -> None:
    catalogue = {r["id"]: r for r in table("indicators.csv")}
    for row in table("quadrants.csv"):
        assert catalogue[row["spend"]]["unit"] == "£ per head"
        assert catalogue[row["outcome"]]["polarity"] in ("low", "high")
