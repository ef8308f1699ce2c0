"""The thread on schemes and value: one planted fault for each rule, on a plan in which every link holds."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.spec.test_thread import append, at, codes, sound
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import thread
from workbook.steps.thread.pace import rings

EFFECT = [{"ambition": 1, "percent": -10, "low": -15, "high": -5}]
FIRST = {
    "ramp": [0.5, 1],
    "lead_time_months": 6,
    "segment": "all",
    "people": 40_000,
    "effects": EFFECT,
    "evidence": "some",
    "evidence_source": "A trial",
    "set_up_cost": 500,
    "variant_of": "Checks",
}
SECOND: dict[str, Any] = {
    "id": "classes",
    "name": "Balance classes",
    "owner": "Director of public health",
    "funded": True,
    "priorities": ["early"],
    "ambitions": [1],
    "line": "acute",
    "segment": "all",
    "people": 20_000,
    "recurrent_cost": 300,
    "start_year": 2025,
    "ramp": [1],
    "effects": [{"ambition": 1, "percent": -4, "low": -6, "high": -2}],
    "evidence": "some",
    "evidence_source": "Another trial",
    "intervention": "falls-exercise",
    "lead_time_months": 3,
}
DEARER = {
    "id": "checks-dearer",
    "name": "Health checks with a van",
    "owner": "Director of primary care",
    "funded": False,
    "variant_of": "Checks",
    "people": 40_000,
    "recurrent_cost": 900,
    "start_year": 2026,
}
OWN = {
    "id": "local",
    "name": "A local one",
    "effect": -8,
    "effect_low": -12,
    "lead_time_months": 10,
    "source": "Audit",
}
BENEFIT = {"checks": 40, "classes": 50, "checks-dearer": 35}
PILOT = {"pilot": True, "ends": "2027-03-31", "tests": "One town", "then": "Half come back"}


def scores(who: str = "Chief finance officer", **benefits: float) -> list[dict[str, Any]]:
    return [
        {"respondent": who, "option": f"scheme:{id.replace('_', '-')}", "benefit": b, "chance": 0.5}
        for id, b in benefits.items()
    ]


def whole() -> dict[str, Any]:
    """The sound plan with a second scheme, a variant, scores of two people and a local intervention."""
    data = copy.deepcopy(sound())
    budget = data["budget"]
    budget["schemes"][0] |= FIRST
    budget["schemes"] += [copy.deepcopy(SECOND), copy.deepcopy(DEARER)]
    budget["interventions"] = [dict(OWN)]
    budget["value"] = {
        "money": 1_000,
        "scores": [
            s
            for who, more in (("Chief finance officer", 0), ("Patients' forum", 5))
            for s in scores(who, **{id: b + more for id, b in BENEFIT.items()})
        ],
    }
    return data


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


A, B, C = (("budget", "schemes", n) for n in range(3))
VALUE = ("budget", "value")
Plant = Callable[[dict[str, Any]], None]


def both(*plants: Plant) -> Plant:
    def change(data: dict[str, Any]) -> None:
        for plant in plants:
            plant(data)

    return change


WAITS = {**DEARER, "id": "waits", "name": "Waiting scheme", "variant_of": "", "recurrent_cost": 20}

PLANTED: list[tuple[str, str, Plant]] = [
    ("effect-counted-twice", "doubt", at(*B, effects=EFFECT, intervention="")),
    ("effect-counted-twice", "doubt", at(*A, intervention="falls-exercise")),
    ("reaches-more-than-there-are", "doubt", at(*B, people=70_000)),
    ("effect-above-library", "doubt", at(*A, intervention="local", effects=[{"ambition": 1, "percent": -30}])),
    ("schemes-in-a-ring", "blocks", both(at(*A, after=["classes"]), at(*B, after=["checks"]))),
    ("schemes-in-a-ring", "blocks", at(*A, after=["checks"])),
    ("forerunner-not-funded", "doubt", at(*B, after=["checks-dearer"])),
    ("forerunner-starts-later", "doubt", at(*B, after=["checks"])),
    ("pilot-without-end", "doubt", at(*B, pilot=PILOT | {"ends": None})),
    ("pilot-dates-cross", "doubt", at(*B, pilot=PILOT | {"ends": "2025-01-31"})),
    ("pilot-dates-cross", "doubt", at(*B, pilot=PILOT | {"ends": "2032-01-31"})),
    ("pilot-counted-in-full", "doubt", at(*B, pilot=PILOT)),
    ("starts-before-it-can", "doubt", at(*B, lead_time_months=30)),
    ("lead-time-short", "doubt", at(*A, intervention="local", effects=[])),
    ("two-variants-funded", "doubt", at(*C, funded=True, priorities=["early"])),
    ("funded-though-dominated", "doubt", both(at(*A, funded=False), at(*C, funded=True, priorities=["early"]))),
    ("better-value-waits", "doubt", both(append("budget", "schemes", **WAITS), lambda d: d["budget"]["value"]["scores"].extend(scores(waits=80)))),
    ("schemes-above-the-money", "doubt", at(*VALUE, money=700)),
    ("scores-missing", "doubt", at(*VALUE, scores=scores(checks=40, checks_dearer=35))),
    ("benefits-nobody", "doubt", at(*B, people=0)),
    ("benefits-nobody", "doubt", at(*B, people=None)),
    ("scores-all-alike", "doubt", at(*VALUE, scores=scores(checks=40, classes=40, checks_dearer=40))),
    ("scored-twice", "doubt", lambda d: d["budget"]["value"]["scores"].extend(scores(classes=60))),
    ("link-to-nothing", "blocks", at(*A, after=["gone"])),
    ("link-to-nothing", "blocks", at(*A, segment="gone")),
    ("link-to-nothing", "blocks", at(*A, intervention="gone")),
    ("link-to-nothing", "blocks", lambda d: d["budget"]["value"]["scores"].extend(scores(gone=60))),
]  # fmt: skip


def test_the_whole_plan_holds(reference: Reference) -> None:
    assert codes(whole(), reference) == {}


@pytest.mark.parametrize(
    ("code", "severity", "plant"), PLANTED, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(PLANTED)]
)
def test_a_broken_link_is_found_and_said(
    code: str, severity: str, plant: Plant, reference: Reference
) -> None:
    data = whole()
    plant(data)
    found = thread.findings(Plan.model_validate(data), reference)
    assert {f.code: f.severity for f in found}.get(code) == severity
    for finding in found:
        assert finding.sentence.endswith(".") and finding.remedy.endswith(".")
        assert finding.path.startswith("/") and " nan" not in finding.sentence


def said(data: dict[str, Any], reference: Reference, code: str) -> str:
    found = thread.findings(Plan.model_validate(data), reference)
    return next((f.sentence for f in found if f.code == code), "")


def test_a_ring_is_named_from_one_to_the_next(reference: Reference) -> None:
    data = whole()
    data["budget"]["schemes"][0]["after"] = ["classes"]
    data["budget"]["schemes"][1]["after"] = ["checks"]
    sentence = said(data, reference, "schemes-in-a-ring")
    assert "“Health checks” after “Balance classes” after “Health checks”" in sentence


def test_rings_are_found_once_and_chains_are_none() -> None:
    assert rings({"a": ["b"], "b": ["c"], "c": []}) == []
    assert rings({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []
    assert rings({"x": ["a"], "a": ["b"], "b": ["c"], "c": ["a"]}) == [["a", "b", "c"]]
    chain = {f"s{n}": [f"s{n + 1}"] for n in range(5_000)} | {"s5000": []}
    assert rings(chain) == []  # long, and no recursion


def test_a_decision_that_names_the_scheme_is_a_reason(reference: Reference) -> None:
    data = whole()
    data["budget"]["schemes"].append(WAITS)
    data["budget"]["value"]["scores"] += scores(waits=80)
    assert "“Waiting scheme”" in said(data, reference, "better-value-waits")
    data["decisions"] = [{"what": "Leave Waiting scheme for next year", "rationale": "No staff"}]
    assert said(data, reference, "better-value-waits") == ""


def test_a_major_change_in_under_five_years_is_noted_until_somebody_answers_for_it(
    reference: Reference,
) -> None:
    data = whole()
    assert "1.5 years" in said(data, reference, "major-change-fast")
    data["budget"]["answers"] = {"PVW-05.1": {"answer": "A neighbour did it in two years"}}
    assert said(data, reference, "major-change-fast") == ""


def test_schemes_that_start_as_early_as_they_can_are_sound(reference: Reference) -> None:
    data = whole()
    data["budget"]["schemes"][1] |= {"lead_time_months": 11}
    assert said(data, reference, "starts-before-it-can") == ""
    data["budget"]["schemes"][1] |= {"lead_time_months": 12}
    assert "in 2026/27 at the earliest" in said(data, reference, "starts-before-it-can")
