"""The live thread on what does nothing in a plan: one change of a sound plan that puts in what counts nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.test_thread import SCHEME, SERVICE, append, at, sound
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import thread

CODES = {
    "income-outside-years",
    "variant-alone",
    "sent-back-to-what-stops",
    "bands-alike",
    "kept-but-not-asked",
}
BACK = {"group": "All", "people": 100, "goes_to": "old CLINIC", "capacity": "confirmed"}
BANDS = {"bands": [{"name": "low", "first": 1}, {"name": "", "first": 9}, {"name": "high", "first": 9}]}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def found(data: dict[str, Any], reference: Reference) -> list[tuple[str, str]]:
    said = thread.findings(Plan.model_validate(data), reference)
    assert all(f.remedy and f.path for f in said)
    return [(f.code, f.sentence) for f in said if f.code in CODES]


@pytest.mark.parametrize(
    ("code", "said", "change"),
    [
        (
            "income-outside-years",
            "The income of Board in 2090/91 (£5k) lies outside the plan, which runs from 2024/25 to 2029/30",
            append("budget", "income", organisation="Board", year=2090, amount=5),
        ),
        (
            "variant-alone",
            "“Health checks” is a variant of “checks”, and no other",
            at(*SCHEME, variant_of="checks"),
        ),
        (
            "sent-back-to-what-stops",
            "“Old clinic” is to stop, and “All” is sent to that very service.",
            at(*SERVICE, destinations=[BACK]),
        ),
        (
            "bands-alike",
            "more than one begins at 9 and 1 band has no name",
            at("decommissioning", quality=BANDS),
        ),
        (
            "kept-but-not-asked",
            "The plan keeps 1 answer to a question that is not asked here (XXX-99.z)",
            at("budget", answers={"XXX-99.z": {"answer": "yes"}}),
        ),
    ],
)
def test_what_does_nothing_is_told(code: str, said: str, change: Any, reference: Reference) -> None:
    data = sound()
    change(data)
    [(one, sentence)] = found(data, reference)
    assert one == code
    assert said in sentence


def test_an_impact_on_a_group_that_nobody_asks_about_is_kept_and_told(reference: Reference) -> None:
    data = sound()
    data["decommissioning"]["services"][0].setdefault("equality", {})["martians"] = {"effect": "worse"}
    assert [c for c, s in found(data, reference) if "(martians)" in s] == ["kept-but-not-asked"]


def test_a_sound_plan_and_the_edges_find_nothing(reference: Reference) -> None:
    data = sound()
    assert found(data, reference) == []
    append("budget", "income", organisation="Board", year=2029, amount=0)(data)
    data["decommissioning"]["quality"] = {
        "bands": [{"name": "b", "first": 9}, {"name": "a", "first": 1}],
        "gate": 25,
    }
    assert found(data, reference) == []
