"""Devon and the three places of the case studies run through every step, with the figures of their sources."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workbook import cli
from workbook.blocks import Figure, Step, Table, Words
from workbook.errors import BLOCKED
from workbook.pack import make, verify
from workbook.plan import Plan, store
from workbook.reference import Reference
from workbook.steps import TITLES, run, thread

DATA = Path(__file__).resolve().parents[2] / "data"
CASES = {path.name.removesuffix(".plan.json"): path for path in sorted((DATA / "cases").glob("*.plan.json"))}
PLACES = ["bradford-district-and-craven", "devon", "south-tyneside", "tameside-and-glossop"]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """What ships and nothing imported: the places have no figures of their own."""
    return Reference.open(tmp_path_factory.mktemp("empty-home"))


def plan_of(place: str) -> Plan:
    return store.read(CASES[place])


def tables(step: Step) -> dict[str, list[dict]]:
    """The rows of every table of a step, those behind pictures too, by id."""
    found = [b.table if isinstance(b, Figure) else b for b in step.blocks if isinstance(b, Figure | Table)]
    return {t.id: [dict(zip([c.name for c in t.columns], row, strict=True)) for row in t.rows] for t in found}


def words(step: Step) -> str:
    return "\n".join(p for b in step.blocks if isinstance(b, Words) for p in b.paragraphs)


def sentences(place: str, reference: Reference) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in thread.findings(plan_of(place), reference):
        found.setdefault(finding.code, []).append(finding.sentence)
    return found


# --- all of them ---------------------------------------------------------------------


def test_the_four_plans_are_what_their_script_writes(tmp_path: Path) -> None:
    assert sorted(CASES) == PLACES
    subprocess.run([sys.executable, str(DATA / "build" / "cases.py"), str(tmp_path)], check=True)
    for path in CASES.values():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), (
            f"{path.name}: run data/build/cases.py"
        )


@pytest.mark.parametrize("place", PLACES)
def test_a_case_says_that_it_is_historical_and_where_it_is_from(place: str) -> None:
    plan = plan_of(place)
    assert plan.title.endswith("(historical)") and plan.purpose.startswith("Historical: figures of 20")
    assert plan.area.code == f"PLACE-{place}"
    source = "South West AHSN" if place == "devon" else "The King's Fund"
    assert source in plan.purpose


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_invented(place: str) -> None:
    """No contribution, effect, level, line, scheme or ambition: none is printed."""
    plan = plan_of(place)
    assert not plan.budget.fund.contributions
    assert not (plan.budget.lines or plan.budget.schemes or plan.budget.income or plan.ambitions.items)
    assert not plan.decommissioning.services


@pytest.mark.parametrize("place", PLACES)
def test_every_step_has_something_to_read(place: str, reference: Reference) -> None:
    for name in TITLES:
        step = run(name, plan_of(place), reference)
        assert words(step).strip() or tables(step)
        assert not [t for t in step.tables() if not t.rows]
        assert not re.search(r"\bnan\b|\{|\bNone\.", words(step))


@pytest.mark.parametrize("place", PLACES)
def test_a_case_makes_a_whole_pack(place: str, tmp_path: Path, home: Path) -> None:
    made = make.make(CASES[place], tmp_path / "pack")
    assert made.exit_code == BLOCKED  # no priority and no ambition are printed
    assert {"plan.pdf", "plan.docx", "plan.html", "tables.xlsx", "results.json"} <= set(made.files)
    assert verify.verify(tmp_path / "pack").whole


def test_the_command_line_opens_a_case(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert cli.main(["check", str(CASES["devon"]), "--json"]) == BLOCKED
    found = json.loads(capsys.readouterr().out)
    assert "segment-contradicts" in json.dumps(found)


# --- Devon (ODR-14) --------------------------------------------------------------------


def test_exactly_two_of_devons_cells_are_flagged_and_no_sound_one(reference: Reference) -> None:
    found = sentences("devon", reference)["segment-contradicts"]
    assert len(plan_of("devon").needs.segments) == 20
    assert len(found) == 2
    assert "Physical disability, 16-69" in found[0] and "£36.9m" in found[0]
    assert "Cancer, 70+" in found[1] and "£64.5m" in found[1]
    rows = tables(run("needs", plan_of("devon"), reference))["segment-matrix"]
    wrong = [(r["group"], r["age"]) for r in rows if r["checked"] != "yes"]
    assert wrong == [("Physical disability", "16-69"), ("Cancer", "70+")]


def test_devons_figures_are_those_of_the_shipped_table() -> None:
    rows = [
        r for r in csv.DictReader((DATA / "segments.csv").open(encoding="utf-8")) if r["total"] == "false"
    ]
    printed = [
        (float(r["population_thousands"]), float(r["spend_per_head"]), float(r["total_m"]))
        for r in rows
        if r["total_m"]
    ]
    assert [(s.population, s.spend_per_head, s.total) for s in plan_of("devon").needs.segments] == printed


def test_the_mislabelled_cell_and_the_double_age_are_noted_on_the_page(reference: Reference) -> None:
    said = words(run("needs", plan_of("devon"), reference))
    assert (
        "Severe and enduring mental illness, 16-69: Labelled as children in the source although the row is adults."
        in said
    )
    assert "Age 16 stands in two bands." in said


# --- Tameside and Glossop (TDC-08, TDC-16) -----------------------------------------------


def test_the_three_pots_and_the_thirds_are_shown_and_no_contribution_is_derived(reference: Reference) -> None:
    found = tables(run("budget", plan_of("tameside-and-glossop"), reference))
    assert [(r["amount"], r["paid"]) for r in found["fund-pots"]] == [
        (475_000, None),
        (380_000, None),
        (95_000, None),
    ]
    assert all(r["decides"] and r["ratifies"] for r in found["fund-pots"])
    shares = {r["partner"]: r for r in found["fund-shares"]}
    assert shares["Tameside Council"]["risk"] == pytest.approx(100 / 3)
    assert shares["Tameside and Glossop CCG"]["risk"] == pytest.approx(200 / 3)
    assert all(r["amount"] is None for r in shares.values())
    assert shares["Tameside and Glossop CCG"]["of_fund"] == pytest.approx(51.35, abs=0.01)
    assert shares["Tameside Council"]["of_fund"] is None


def test_one_per_cent_over_is_nine_and_a_half_million_in_thirds(reference: Reference) -> None:
    rows = {
        r["label"]: r
        for r in tables(run("budget", plan_of("tameside-and-glossop"), reference))["fund-worked"]
    }
    assert [round(rows["1% over plan"][k]) for k in ("amount", "p0", "p1")] == [9500, 3167, 6333]
    assert not [label for label in rows if "under" in label]  # who gains of an underspend is not printed


def test_both_mismatches_of_the_case_are_flagged(reference: Reference) -> None:
    found = sentences("tameside-and-glossop", reference)
    [share] = found["risk-unlike-spend"]
    assert "two thirds" in share and "51% of the fund" in share and "£487.8m in 2019/20" in share
    [totals] = found["two-totals"]
    assert "£487.8m" in totals and "£373.5m" in totals
    said = words(run("needs", plan_of("tameside-and-glossop"), reference))
    assert "two thirds" in said and "51% of the fund" in said and "£373.5m" in said


def test_the_outcome_part_is_shown_and_nothing_is_drawn(reference: Reference) -> None:
    said = words(run("budget", plan_of("tameside-and-glossop"), reference))
    assert "its value is not given; £1.0m depends on outcomes" in said
    assert "The pooled fund is not drawn" in said


# --- South Tyneside and Bradford ----------------------------------------------------------


def test_south_tynesides_pool_is_shown_without_the_shares_that_are_not_printed(reference: Reference) -> None:
    said = words(run("budget", plan_of("south-tyneside"), reference))
    assert "risk pool of £5.0m is shared among South Tyneside and Sunderland NHS Foundation Trust" in said
    assert "their shares are not given" in said
    found = sentences("south-tyneside", reference)
    assert "£332.8m" in found["two-totals"][0] and "£263.5m" in found["two-totals"][0]
    assert "are not given: nobody fills it" in found["pool-shares-not-one"][0]


def test_bradfords_three_budgets_add_up_to_the_printed_total(reference: Reference) -> None:
    plan = plan_of("bradford-district-and-craven")
    assert [o.total for o in plan.budget.organisations] == [283_134, 225_001, 592_609]
    places = reference.places()
    rows = places[(places["measure"] == "ccg-budget") & (places["place"] == plan.area.code)]
    assert sum(o.total or 0 for o in plan.budget.organisations) == 1_100_744
    assert float(rows.loc[rows["part"] == "total", "value"].iloc[0]) == 1_100_744
    assert not [
        code for code in sentences(plan.area.code.removeprefix("PLACE-"), reference) if "total" in code
    ]


def test_totals_without_lines_show_with_their_sum(reference):
    step = run("budget", plan_of("bradford-district-and-craven"), reference)
    rows = tables(step)["totals"]
    assert [r["total"] for r in rows] == [283_134, 225_001, 592_609, 1_100_744]
    said = " ".join(p for b in step.blocks if isinstance(b, Words) for p in b.paragraphs)
    assert "Together the organisations spend £1,100,744k in 2019/20." in said
    assert {r.id: r.value for r in step.results}["budget.organisations.total"] == 1_100_744
