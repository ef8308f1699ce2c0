"""The live thread on services that stop: one change of a sound plan that breaks one link."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.spec.test_thread import SCHEME, SCORED, SERVICE, append, at, codes, sound
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import decommissioning, thread

Plant = Callable[[dict[str, Any]], None]

GROUP = {"group": "Everyone", "people": 100, "goes_to": "Health checks", "capacity": "confirmed"}
RECORD = {
    "rationale": "Replaced",
    "dissent": "None",
    "conflicts": "None",
    "made_by": "Joint committee",
    "taken_by": "Board",
    "taken_on": "2025-05-01",
    "review_on": "2027-03-31",
}
SUBSTANTIAL = {"substantial": True, "notified": "2025-02-01", "consulted": "2025-01-10"}


def service(**changes: Any) -> Plant:
    return at(*SERVICE, **changes)


def recorded(**changes: Any) -> Plant:
    return service(record=RECORD | changes)


def group(**changes: Any) -> Plant:
    return service(destinations=[GROUP | changes])


def both(*plants: Plant) -> Plant:
    def change(data: dict[str, Any]) -> None:
        for plant in plants:
            plant(data)

    return change


def another(**changes: Any) -> Plant:
    """A second service like the first, under another name."""

    def change(data: dict[str, Any]) -> None:
        first = copy.deepcopy(data["decommissioning"]["services"][0])
        data["decommissioning"]["services"].append(first | {"id": "ward", "name": "Second ward"} | changes)

    return change


def answered(item: str, answer: str) -> Plant:
    return at(*SERVICE, "answers", **{item: {"answer": answer}})


def equal(group: str, **entry: Any) -> Plant:
    return at(*SERVICE, "equality", **{group: entry})


PLANTED: list[tuple[str, str, Plant]] = [
    # where the need goes
    ("unmet-without-priority", "doubt", group(people=60)),
    ("unmet-without-priority", "doubt", both(group(people=60), service(unmet_priority="gone"))),
    ("unmet-without-priority", "doubt", group(room=40)),
    ("destination-not-funded", "doubt", both(group(goes_to="", scheme="checks"), at(*SCHEME, funded=False))),
    ("destination-too-late", "doubt", at(*SCHEME, start_year=2027)),
    ("room-too-small", "doubt", group(room=40)),
    ("room-too-small", "doubt", at(*SCHEME, people=80)),
    ("room-too-small", "doubt", both(group(room=150), another())),
    ("people-sent-beyond-users", "doubt", group(people=130)),
    ("people-sent-beyond-users", "doubt", service(users=0)),
    ("destination-stops-too", "doubt", both(group(goes_to="Second ward"), another())),
    ("destination-of-scheme-stops", "doubt", at(*SCHEME, description="Works with the old clinic", stops="")),
    # dates
    ("contract-runs-on", "blocks", service(contract_end="2027-03-31", contract_break="no")),
    ("contract-runs-on", "doubt", service(contract_end="2027-03-31", contract_break="no", decision="change")),
    ("left-to-year-end", "doubt", service(notice_date="2026-02-20", stop_date="2026-03-31")),
    ("decision-after-stop", "blocks", recorded(taken_on="2026-05-01")),
    ("decision-after-notice", "doubt", recorded(taken_on="2025-07-01")),
    ("decision-review-too-early", "doubt", recorded(review_on="2026-01-31")),
    # money
    ("shunted-not-carried", "doubt", service(shunted=[{"organisation": "Council", "amount": 20}])),
    (
        "shunted-not-carried",
        "doubt",
        both(
            service(shunted=[{"organisation": "Board", "amount": 20}]),
            at(
                "budget",
                income=[{"organisation": "Board", "year": y, "amount": 100_000} for y in range(2024, 2030)],
            ),
        ),
    ),
    ("shunted-beyond-saving", "doubt", service(shunted=[{"organisation": "Board", "amount": 450}])),
    ("transition-unpaid", "doubt", service(transition_cost=50, transition_with="A charity")),
    ("transition-unpaid", "doubt", service(transition_cost=50, line="")),
    ("service-twice", "doubt", another(name="Old clinic ")),
    ("saving-beyond-plan", "doubt", both(service(stop_date="2030-03-31"), at(*SCHEME, gross_saving=0))),
    # quality and equality
    ("quality-not-scored", "doubt", service(quality=[])),
    ("quality-above-gate", "blocks", service(quality=[SCORED | {"likelihood": 3, "impact": 3}])),
    (
        "quality-assessed-late",
        "doubt",
        service(quality=[SCORED | {"likelihood": 3, "impact": 3}], assessed="2026-06-01"),
    ),
    ("quality-contradicts", "doubt", service(quality=[SCORED | {"recorded": 6}])),
    ("quality-contradicts", "doubt", service(quality=[SCORED | {"recorded_after": 4}])),
    ("quality-raised", "doubt", service(quality=[SCORED | {"likelihood_after": 4}])),
    ("equality-not-answered", "doubt", service(equality={})),
    ("equality-not-answered", "doubt", equal("age", effect="not-known")),
    ("equality-not-mitigated", "doubt", equal("age", effect="worse", evidence="Users by age")),
    ("drivers-unbalanced", "doubt", both(answered("DRV-01.6", "yes"), answered("DRV-01.5", "no"))),
    # tests, duties and the decision
    ("not-notified", "blocks", service(**SUBSTANTIAL | {"notified": None})),
    ("notified-after-stop", "blocks", service(**SUBSTANTIAL | {"notified": "2026-04-01"})),
    ("not-consulted", "doubt", service(**SUBSTANTIAL | {"consulted": None})),
    (
        "not-consulted-in-time",
        "doubt",
        both(service(**SUBSTANTIAL | {"consulted": "2025-05-20"}), recorded()),
    ),
    ("bed-test-missing", "doubt", service(beds_closed=12)),
    (
        "bed-test-contradicts",
        "blocks",
        both(service(beds_closed=12, bed_condition="alternative"), answered("SCT-01.b1", "no")),
    ),
    (
        "substantial-without-engagement",
        "doubt",
        both(service(**SUBSTANTIAL), answered("SCT-01.1", "no"), answered("SCT-02.1", "no")),
    ),
    ("decision-without-record", "doubt", recorded(dissent="")),
    ("decision-without-record", "doubt", recorded(conflicts="")),
    ("decision-made-and-taken", "doubt", recorded(taken_by="Joint Committee")),
]

# Changes that leave every link whole: what a rule must not mistake for a fault.
SOUND: list[tuple[str, Plant]] = [
    ("a full record", recorded()),
    ("need that a priority takes up", both(group(people=60), service(unmet_priority="early"))),
    ("room enough", group(room=100)),
    ("a scheme that reaches enough", at(*SCHEME, people=100)),
    ("a contract with a break", service(contract_end="2027-03-31", contract_break="yes")),
    ("a contract that ends on the last day", service(contract_end="2026-03-31", contract_break="no")),
    ("a cost that the board can carry", service(shunted=[{"organisation": "Board", "amount": 20}])),
    ("a cost of closing that the board pays", service(transition_cost=50)),
    ("a cost of closing that the provider pays", service(transition_cost=50, transition_with="Trust")),
    ("a score at the gate", service(quality=[SCORED | {"likelihood": 2, "impact": 4, "recorded": 8}])),
    (
        "a score above the gate, assessed",
        service(quality=[SCORED | {"likelihood": 3, "impact": 3, "recorded": 9}], assessed="2025-02-01"),
    ),
    (
        "a gate set higher here",
        both(
            service(quality=[SCORED | {"likelihood": 3, "impact": 3}]),
            at("decommissioning", quality={"gate": 9, "reason": "Agreed by the board in March"}),
        ),
    ),
    ("missing evidence explained", equal("age", effect="not-known", missing="Nobody asks; we will from May")),
    ("worse, and something is done", equal("age", effect="worse", evidence="Count", mitigation="A minibus")),
    ("a substantial change in order", service(**SUBSTANTIAL)),
    ("an urgent one", service(substantial=True, urgent=True)),
    ("beds on a condition", service(beds_closed=12, bed_condition="treatment")),
    ("a service that is kept", both(another(decision="keep", stop_date=None, answers={}, quality=[]))),
    ("money and evidence both count", both(answered("DRV-01.6", "yes"), answered("DRV-01.5", "yes"))),
]  # fmt: skip


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.mark.parametrize(
    ("code", "severity", "plant"), PLANTED, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(PLANTED)]
)
def test_a_broken_link_is_found_and_said(
    code: str, severity: str, plant: Plant, reference: Reference
) -> None:
    data = copy.deepcopy(sound())
    plant(data)
    found = [f for f in thread.findings(Plan.model_validate(data), reference) if f.code == code]
    assert {f.severity for f in found} == {severity}
    for finding in found:
        assert finding.sentence.endswith(".")
        assert finding.remedy.endswith(".")
        assert finding.step in ("decommissioning", "budget")
        assert finding.path.startswith(("/decommissioning/services", "/budget/"))


@pytest.mark.parametrize(("what", "plant"), SOUND, ids=[what for what, _ in SOUND])
def test_a_whole_link_is_left_alone(what: str, plant: Plant, reference: Reference) -> None:
    data = copy.deepcopy(sound())
    plant(data)
    before = codes(copy.deepcopy(sound()), reference)
    assert set(codes(data, reference)) - set(before) == set()


def test_every_blocking_finding_of_a_service_stands_in_the_way_at_its_gate(reference: Reference) -> None:
    for _, severity, plant in PLANTED:
        data = copy.deepcopy(sound())
        plant(data)
        plan = Plan.model_validate(data)
        verdicts = [g.verdict for g in decommissioning.gates(plan, reference)]
        own = [
            f for f in thread.findings(plan, reference) if f.path.startswith("/decommissioning/services/0")
        ]
        assert ("not ready" in verdicts) == any(f.severity == "blocks" for f in own) or _answered_no(data), (
            severity
        )


def _answered_no(data: dict[str, Any]) -> bool:
    answers = data["decommissioning"]["services"][0]["answers"]
    return any(a.get("answer") == "no" for a in answers.values())


def test_a_sound_plan_is_ready(reference: Reference) -> None:
    plan = Plan.model_validate(sound())
    assert decommissioning.gate(plan, reference, plan.decommissioning.services[0]) == ("ready", [])


def test_a_second_voice_is_no_engagement_of_users(reference: Reference) -> None:
    data = copy.deepcopy(sound())
    service(**SUBSTANTIAL)(data)
    answered("SCT-01.1", "no")(data)
    answered("SCT-02.1", "no")(data)
    voice = {"who": "A trust", "kind": "providers", "said": "Fine", "priority": "early"}
    data["needs"]["voices"] = [voice]
    assert "substantial-without-engagement" in codes(data, reference)
    append("needs", "voices", **voice | {"kind": "patients"})(data)
    assert "substantial-without-engagement" not in codes(data, reference)
