"""The live thread as a table of worked examples: a sound plan, and one change that breaks one link."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import thread

YES = {"answer": "yes", "evidence": "Minutes of the board", "owner": "Director of commissioning"}
CHECKS = [f"CST-13.{n}" for n in range(1, 10)] + [f"CST-14.{n}" for n in range(1, 6)]


def sound() -> dict[str, Any]:
    """A small plan in which every link holds: the rules may find notes, but nothing broken or doubtful."""
    return {
        "title": "A sound plan",
        "area": {"code": "SYN01", "name": "Northmere (synthetic)", "kind": "synthetic", "synthetic": True},
        "base_year": 2024,
        "horizon": 5,
        "needs": {
            "segments": [
                {
                    "id": "all",
                    "name": "Everybody",
                    "population": 100.0,
                    "spend_per_head": 1500,
                    "total": 150.0,
                }
            ],
            "priorities": [
                {
                    "id": "early",
                    "title": "Earlier help",
                    "reason": "Far from peers",
                    "indicators": ["demo-pyll"],
                    "owner": "Director of public health",
                }
            ],
        },
        "ambitions": {
            "items": [
                {
                    "number": 1,
                    "measure": "demo-pyll",
                    "line": "peer-median",
                    "reason": "Peers do it",
                    "owner": "Director of public health",
                    "priorities": ["early"],
                }
            ]
        },
        "budget": {
            "scope": {"chosen": "ODR-12.r1", "reason": "Where the people are"},
            "income": [
                {"organisation": "Board", "year": y, "amount": 200_000, "status": "assumed"}
                for y in range(2025, 2030)
            ]
            + [{"organisation": "Board", "year": 2024, "amount": 100_000, "status": "confirmed"}],
            "lines": [
                {
                    "id": "acute",
                    "name": "Acute",
                    "organisation": "Board",
                    "rung": "ODR-12.r1",
                    "amount": 100_000,
                    "growth": "acute",
                }
            ],
            "schemes": [
                {
                    "id": "checks",
                    "name": "Health checks",
                    "owner": "Director of primary care",
                    "funded": True,
                    "priorities": ["early"],
                    "ambitions": [1],
                    "line": "acute",
                    "recurrent_cost": 500,
                    "gross_saving": 300,
                    "cashable_share": 0.5,
                    "stops": "clinic",
                    "start_year": 2026,
                    "ramp": [0.5, 1],
                }
            ],
            "fund": {
                "contributions": [
                    {"partner": "Board", "amount": 600},
                    {"partner": "Council", "amount": 400},
                ],
                "partners": [
                    {"partner": "Board", "overspend": 0.6, "underspend": 0.6},
                    {"partner": "Council", "overspend": 0.4, "underspend": 0.4},
                ],
            },
        },
        "decommissioning": {
            "services": [
                {
                    "id": "clinic",
                    "name": "Old clinic",
                    "provider": "Trust",
                    "line": "acute",
                    "owner": "Director of commissioning",
                    "decision": "stop",
                    "reason": "Replaced",
                    "annual_cost": 800,
                    "released": 400,
                    "cashable": 200,
                    "users": 100,
                    "notice_date": "2025-06-01",
                    "stop_date": "2026-03-31",
                    "destinations": [
                        {
                            "group": "Everyone",
                            "people": 100,
                            "goes_to": "Health checks",
                            "capacity": "confirmed",
                        }
                    ],
                    "answers": dict.fromkeys(CHECKS, YES),
                }
            ]
        },
        "sign_off": {"analyst": {"name": "A"}, "assurer": {"name": "B"}},
    }


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def codes(data: dict[str, Any], reference: Reference) -> dict[str, str]:
    found = thread.findings(Plan.model_validate(data), reference)
    return {f.code: f.severity for f in found if f.severity != "note"}


SCHEME = ("budget", "schemes", 0)
SERVICE = ("decommissioning", "services", 0)
AMBITION = ("ambitions", "items", 0)


def at(*place: str | int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    """A change of the entry at a place of the plan."""

    def change(data: dict[str, Any]) -> None:
        entry: Any = data
        for part in place:
            entry = entry[part]
        entry.update(changes)

    return change


def append(*place: str | int, **entry: Any) -> Callable[[dict[str, Any]], None]:
    """A new entry in a list of the plan."""

    def change(data: dict[str, Any]) -> None:
        rows: Any = data
        for part in place:
            rows = rows[part]
        rows.append(entry)

    return change


EFFECT = lambda percent: [{"ambition": 1, "percent": percent}]  # noqa: E731
LEVELS = lambda value: [{"year": y, "value": value} for y in range(2025, 2030)]  # noqa: E731
VOICE = {"who": "A forum", "kind": "residents", "said": "Come sooner", "priority": "early"}
LEVEL = {
    "level": "highest 5%",
    "people": 500,
    "risk": 40,
    "reached": 0.5,
    "reduction": 10,
    "source": "A trial",
}
OTHER = {"id": "b", "title": "Another need", "indicators": ["demo-pyll"], "owner": "x"}

PLANTED: list[tuple[str, str, Callable[[dict[str, Any]], None]]] = [
    ("no-priority", "blocks", at("needs", priorities=[])),
    ("no-ambition", "blocks", at(*AMBITION, line=None)),
    ("peer-unknown", "doubt", at("needs", peers=["SYN02", "", "X99"])),
    ("need-without-ambition", "doubt", at(*AMBITION, priorities=[])),
    ("need-without-figure", "doubt", at("needs", "priorities", 0, indicators=[])),
    ("need-without-scheme", "doubt", append("needs", "priorities", **OTHER)),
    ("segment-contradicts", "doubt", at("needs", "segments", 0, total=190.0)),
    ("voices-one-kind", "doubt", at("needs", voices=[VOICE])),
    ("risk-without-governance", "doubt", at("needs", "segments", 0, levels=[LEVEL])),
    ("gain-without-source", "doubt", at("needs", "segments", 0, levels=[LEVEL | {"source": ""}])),
    ("gain-range-contradicts", "doubt", at("needs", "segments", 0, levels=[LEVEL | {"reduction_low": 30}])),
    ("link-to-nothing", "blocks", at("needs", voices=[VOICE | {"priority": "gone"}])),
    ("link-to-nothing", "blocks", at("needs", unseen=[{"group": "gone"}])),
    ("link-to-nothing", "blocks", at("needs", "segments", 0, levels=[LEVEL | {"scheme": "gone"}])),
    ("link-to-nothing", "blocks", at("needs", "priorities", 0, determinants=["ODR-11.d9"])),
    ("link-to-nothing", "blocks", at("ambitions", citizens=[{"outcome": "Company", "priority": "gone"}])),
    ("ambition-without-scheme", "doubt", at(*SCHEME, funded=False)),
    ("measure-not-on-hand", "doubt", at(*AMBITION, measure="treatable-mortality")),
    ("ambition-without-measure", "doubt", append("ambitions", "items", number=2)),
    ("ambition-not-chosen", "doubt", at(*AMBITION, line=None)),
    ("proxy-not-on-hand", "doubt", at(*AMBITION, proxy="treatable-mortality")),
    ("level-unit-suspected", "doubt", at(*AMBITION, line="own", levels=LEVELS(2.04))),
    ("ambition-below-nothing", "doubt", at(*AMBITION, line="own", levels=LEVELS(9000))),
    ("ambition-never-achieved", "doubt", at(*AMBITION, line="own", levels=LEVELS(100))),
    ("schemes-fall-short", "doubt", at(*SCHEME, effects=EFFECT(-0.1), evidence_source="A trial")),
    ("break-in-baseline", "doubt", at(*AMBITION, measure="demo-inpatient-experience")),
    ("baseline-moved", "doubt", at(*AMBITION, baseline={"value": 5, "period": "2020"})),
    ("scheme-without-ambition", "doubt", at(*SCHEME, ambitions=[], priorities=[])),
    ("saving-without-stop", "doubt", at(*SCHEME, stops="")),
    ("saving-counted-twice", "doubt", at(*SCHEME, gross_saving=2000)),
    ("effect-without-evidence", "doubt", at(*SCHEME, effects=EFFECT(-5))),
    ("effect-worsens", "doubt", at(*SCHEME, effects=EFFECT(5), evidence_source="A trial")),
    ("scheme-too-late", "doubt", at(*SCHEME, start_year=2029)),
    ("scheme-too-late", "doubt", at(*SCHEME, start_year=None)),
    ("link-to-nothing", "blocks", at(*SCHEME, line="gone")),
    ("link-to-nothing", "blocks", at(*AMBITION, priorities=["early", "gone"])),
    ("gap-not-closed", "doubt", at("budget", "lines", 0, amount=900_000)),
    ("income-missing", "doubt", at("budget", "income", 4, year=2024, amount=0)),
    ("base-year-does-not-reconcile", "doubt", at("budget", "income", 5, amount=90_000)),
    ("assumed-shown-as-confirmed", "doubt", at("budget", "income", 4, status="confirmed")),
    ("override-without-reason", "doubt", at(assumptions=[{"id": "price-uplift", "value": 3}])),
    ("money-from-pattern", "doubt", at(origin={"title": "Pattern", "money_factor": 0.9})),
    ("risk-unlike-contribution", "doubt", at("budget", "fund", "partners", 0, overspend=0.3)),
    ("stop-without-destination", "blocks", at(*SERVICE, destinations=[])),
    ("stop-without-destination", "doubt", at(*SERVICE, "destinations", 0, people=60)),
    ("destination-not-funded", "doubt", at(*SCHEME, funded=False)),
    ("stop-before-notice", "blocks", at(*SERVICE, stop_date="2025-07-01")),
    ("stop-without-notice", "doubt", at(*SERVICE, notice_date=None)),
    ("stop-without-date", "doubt", at(*SERVICE, stop_date=None)),
    ("stop-against-checks", "blocks", at(*SERVICE, "answers", "CST-13.4", answer="no")),
    ("stop-without-checks", "blocks", at(*SERVICE, answers={})),
    ("money-of-stopping-contradicts", "blocks", at(*SERVICE, cashable=450)),
    ("stop-above-line", "blocks", at(*SERVICE, annual_cost=200_000)),
    ("not-notified", "blocks", at(*SERVICE, substantial=True)),
    ("saving-before-stop", "doubt", at(*SERVICE, stop_date="2027-06-30")),
    ("owner-missing", "doubt", at(*SCHEME, owner="")),
    ("assurer-is-analyst", "doubt", at("sign_off", "assurer", name="a")),
    ("valid-until-missing", "doubt", at("sign_off", approver={"name": "D", "signed": "2025-01-01"})),
]


def test_a_sound_plan_has_no_broken_or_doubtful_link(reference: Reference) -> None:
    assert codes(sound(), reference) == {}


@pytest.mark.parametrize(
    ("code", "severity", "plant"), PLANTED, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(PLANTED)]
)
def test_a_broken_link_is_found_and_said(
    code: str, severity: str, plant: Callable[[dict[str, Any]], None], reference: Reference
) -> None:
    data = copy.deepcopy(sound())
    plant(data)
    assert codes(data, reference).get(code) == severity


def test_a_scope_other_than_the_highest_needs_a_reason(reference: Reference) -> None:
    data = sound()
    scores = {f"ODR-12.r{n}": {"ODR-12.c1": n if n < 6 else 1} for n in range(1, 7)}
    data["budget"]["scope"] = {
        "chosen": "ODR-12.r1",
        "reason": "",
        "responses": [{"respondent": "CFO", "scores": scores}],
    }
    assert "scope-unlike-scores" in codes(data, reference)
    data["budget"]["scope"]["reason"] = "Primary care is not ready"
    assert "scope-unlike-scores" not in codes(data, reference)


def test_every_finding_says_where_and_what_to_do(reference: Reference) -> None:
    for _, _, plant in PLANTED:
        data = copy.deepcopy(sound())
        plant(data)
        for finding in thread.findings(Plan.model_validate(data), reference):
            assert finding.sentence.endswith(".")
            assert finding.remedy.endswith(".")
            assert finding.path.startswith("/")
            assert finding.step in ("needs", "ambitions", "budget", "decommissioning", "plan")


def test_every_rule_is_planted() -> None:
    planted = {code for code, _, _ in PLANTED} | {"scope-unlike-scores"}
    for path in Path(__file__).parent.glob("test_thread_*.py"):
        planted |= set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', path.read_text(encoding="utf-8")))
    assert len(planted) >= 20
    assert len(thread.RULES) <= len(planted)
