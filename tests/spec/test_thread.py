"""The live thread as a table of worked examples: a sound plan, and one change that breaks one link."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tools import thread_page
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import thread

YES = {"answer": "yes", "evidence": "Minutes of the board", "owner": "Director of commissioning"}
# Every question of the banks of step 4.
CHECKS = [
    *(f"CST-13.{n}" for n in range(1, 10)),
    *(f"CST-14.{n}" for n in range(1, 6)),
    *(f"NAO-01.{n}" for n in range(1, 20)),
    *(f"SCT-01.{n}" for n in (1, 2, 3, 4, "b1", "b2", "b3")),
    *(f"SCT-02.{n}" for n in range(1, 7)),
]

SCORED = {"area": "Safety", "likelihood": 2, "impact": 2, "likelihood_after": 1, "impact_after": 2}
NOBODY = {g.id: {"effect": "none", "evidence": "Users by group"} for g in Reference.open().equality_groups()}


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
                # grows by 4.9% a year, a little faster than spend: below what is asked about
                {
                    "organisation": "Board",
                    "year": y,
                    "amount": 100_000 * 1.049 ** (y - 2024),
                    "status": "assumed",
                }
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
                    "ramp": [1],
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
                    "quality": [SCORED],
                    "equality": dict(NOBODY),
                    "answers": dict.fromkeys(CHECKS, YES),
                }
            ]
        },
        "sign_off": {"analyst": {"name": "A"}, "assurer": {"name": "B"}},
    }


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def all_codes(data: dict[str, Any], reference: Reference) -> dict[str, str]:
    """The codes found, each with its severity; of one code the heaviest."""
    found = thread.findings(Plan.model_validate(data), reference)
    return {f.code: f.severity for f in reversed(found)}


def codes(data: dict[str, Any], reference: Reference) -> dict[str, str]:
    """The same without what is only for information."""
    found = all_codes(data, reference)
    return {code: severity for code, severity in found.items() if severity != "note"}


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


def both(*changes: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Several changes, one after another."""

    def change(data: dict[str, Any]) -> None:
        for each in changes:
            each(data)

    return change


LINE = ("budget", "lines", 0)
PRIORITY = ("needs", "priorities", 0)
SIGNED = {"approver": {"name": "D", "signed": "2025-05-01"}, "review_by": "2027-03-31"}
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
    ("scheme-too-late", "doubt", at(*SCHEME, start_year=2029, ramp=[0.5, 1])),
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
    ("saving-before-stop", "doubt", at(*SERVICE, stop_date="2027-01-31")),  # two months closed, half counted
    ("saving-after-stop", "note", at(*SCHEME, ramp=[0.5, 0.8, 1])),
    ("double-running-after-stop", "doubt", at(*SCHEME, double_running_months=6)),
    ("owner-missing", "doubt", at(*SCHEME, owner="")),
    ("assurer-is-analyst", "doubt", at("sign_off", "assurer", name="a")),
    ("valid-until-missing", "doubt", at("sign_off", approver={"name": "D", "signed": "2025-01-01"})),
    ("need-without-money", "doubt", at(*SCHEME, recurrent_cost=0)),
    (
        "figure-of-another-ambition",
        "doubt",
        both(
            append("needs", "priorities", **OTHER),
            at(*AMBITION, priorities=["early"]),
            append("ambitions", "items", number=2, measure="demo-eq5d", line="hold", priorities=["b"]),
        ),
    ),
    ("voice-without-priority", "note", at("needs", voices=[VOICE | {"priority": ""}])),
    ("ambition-without-need", "doubt", at(*AMBITION, priorities=[])),
    (
        "outcome-without-ambition",
        "doubt",
        at("ambitions", citizens=[{"outcome": "Company", "ambitions": [2]}]),
    ),
    (
        "level-on-weak-evidence",
        "doubt",
        at(*SCHEME, effects=EFFECT(-40), evidence="weak", evidence_source="A letter"),
    ),
    ("signer-owns-scheme", "doubt", at("sign_off", "assurer", post="director of primary care")),
    ("decision-without-taker", "doubt", at(decisions=[{"what": "Close it.", "on": "2025-05-01"}])),
    ("one-owner", "note", both(*(at(*place, owner="X") for place in (SERVICE, SCHEME, AMBITION, PRIORITY)))),
    ("signed-while-blocked", "blocks", both(at(*SERVICE, destinations=[]), at("sign_off", **SIGNED))),
    ("segments-above-area", "doubt", at("needs", "segments", 0, population=5000.0)),
    ("segments-below-area", "note", append("needs", "segments", id="more", name="More", population=1.0)),
    ("scheme-above-people", "doubt", at(*SCHEME, people=200_000, segment="all")),
    ("scheme-above-people", "doubt", at(*SCHEME, people=5_000_000)),
    ("line-above-people", "doubt", at(*LINE, people=5_000_000)),
    ("service-above-line", "doubt", at(*LINE, people=50)),
    ("segment-spend-unlike-budget", "doubt", at("needs", "segments", 0, total=150_000.0)),
    (
        "signed-before-decided",
        "doubt",
        both(at("sign_off", **SIGNED), at(*SERVICE, record={"taken_on": "2025-06-01"})),
    ),
    (
        "signed-before-decided",
        "doubt",
        both(
            at("sign_off", **SIGNED),
            at(decisions=[{"what": "Close it.", "taken_by": "Board", "on": "2025-06-01"}]),
        ),
    ),
    ("review-too-early", "note", at("sign_off", review_by="2025-12-31")),
    ("review-too-late", "doubt", at("sign_off", review_by="2034-12-31")),
    ("warning-before-review", "note", at("sign_off", review_by="2029-12-31")),
    ("baseline-after-base-year", "doubt", at(*AMBITION, baseline={"value": 5, "period": "2026"})),
    ("scheme-before-plan", "doubt", at(*SCHEME, start_year=2024)),
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
    assert all_codes(data, reference).get(code) == severity


@pytest.mark.parametrize(("days", "said"), [(-1, "begins"), (0, "has ended"), (300, "has ended")])
def test_a_plan_that_lapses_before_its_first_year_is_told_from_one_that_lapses_in_it(
    days: int, said: str, reference: Reference
) -> None:
    data = sound()
    until = date(data["base_year"] + 1, 4, 1) + timedelta(days=days)
    at("sign_off", review_by=until.isoformat())(data)
    found = thread.findings(Plan.model_validate(data), reference)
    (early,) = (f for f in found if f.code == "review-too-early")
    assert early.sentence.endswith(f", {said}.")


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


def test_a_peer_that_shares_people_is_left_out(reference: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook.steps.thread.needs.kin_of", lambda *_: {"SYN03"})
    data = sound()
    data["needs"]["peers"] = ["SYN03"]
    assert codes(data, reference)["peer-shares-people"] == "doubt"


def test_every_finding_says_where_and_what_to_do(reference: Reference) -> None:
    for _, _, plant in PLANTED:
        data = copy.deepcopy(sound())
        plant(data)
        for finding in thread.findings(Plan.model_validate(data), reference):
            assert finding.sentence.endswith(".")
            assert finding.remedy.endswith(".")
            assert finding.path.startswith("/")
            assert finding.step in ("needs", "ambitions", "budget", "decommissioning", "plan")


def planted() -> set[str]:
    """The codes that the worked examples name, one module a subject."""
    found = {code for code, _, _ in PLANTED} | {"scope-unlike-scores"}
    for module in Path(__file__).parent.glob("test_*.py"):
        found |= set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', module.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("rule", thread.RULES, ids=[r.name for r in thread.RULES])
def test_every_rule_has_a_planted_fault_and_says_what_it_looks_for(rule: Any) -> None:
    assert rule.look.__doc__ and rule.says.endswith("."), "its first line stands in docs/thread.md"
    given = set(thread_page.codes(rule))
    assert given, "its codes are words in its source"
    assert given <= planted(), f"plant {given - planted()} in tests/spec/test_thread*.py"


def test_at_least_twenty_rules_join_two_parts_of_a_plan() -> None:
    links = [rule for rule in thread.RULES if rule.is_link]
    assert len(links) >= 20
    assert {part for rule in links for part in rule.joins} >= {
        "needs",
        "ambitions",
        "schemes",
        "money",
        "stopping",
    }


def test_more_than_eight_of_a_kind_become_one_that_names_them_all(reference: Reference) -> None:
    data = sound()
    data["needs"]["priorities"] += [OTHER | {"id": f"n{n}", "title": f"Need {n}"} for n in range(12)]
    found = thread.findings(Plan.model_validate(data), reference)
    alone = [f for f in found if f.code == "need-without-scheme"]
    assert len(alone) == 12
    (one,) = (f for f in thread.joined(found) if f.code == "need-without-scheme")
    assert one.sentence.startswith(
        "No funded scheme serves the priority “Need 0”. The same kind is found 11 times more: "
    )
    assert all(f"“Need {n}”" in one.sentence for n in range(12)) and one.path == alone[0].path
    assert thread.joined(alone[:8]) == alone[:8]
    assert thread.joined(alone[:3], alone=3) == alone[:3] and len(thread.joined(alone[:4], alone=3)) == 1


def test_findings_stand_under_the_link_they_concern(reference: Reference) -> None:
    data = sound()
    at(*AMBITION, priorities=[])(data)
    at(*SCHEME, stops="")(data)
    links = {link.title: link for link in thread.links(Plan.model_validate(data), reference)}
    assert {f.code for f in links["Between needs and ambitions"].findings} >= {
        "need-without-ambition",
        "ambition-without-need",
    }
    everything = thread.findings(Plan.model_validate(data), reference)
    assert sum(len(link.findings) for link in links.values()) == len(everything)
    table = thread.counted(list(links.values()))
    assert sum(row[-1] for row in table.rows) == len(everything)


def test_the_page_on_the_rules_is_what_the_tool_writes() -> None:
    assert thread_page.PAGE.read_text(encoding="utf-8") == thread_page.text(), (
        "run 'uv run python tools/thread_page.py'"
    )
