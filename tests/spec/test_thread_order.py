"""The live thread on order within an entry: one change of a sound plan that turns two things round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.spec.test_thread import SCHEME, SERVICE, append, at, codes, sound
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import thread

ORDER = {"ends-before-it-starts", "assumption-for-no-year", "stopped-before-plan", "effect-out-of-order"}
EFFECT = {"ambition": 1, "percent": -4, "low": -6, "high": -1}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.mark.parametrize(
    ("code", "said", "change"),
    [
        (
            "ends-before-it-starts",
            "its contract began on 1 April 2026, and its contract ends on 31 March 2026, before that.",
            at(*SERVICE, contract_start="2026-04-01", contract_end="2026-03-31", stop_date="2026-06-30"),
        ),
        (
            "ends-before-it-starts",
            "its contract began on 1 April 2028, and its last day is 31 March 2027, before that.",
            at(*SERVICE, contract_start="2028-04-01", stop_date="2027-03-31"),
        ),
        (
            "ends-before-it-starts",
            "the decision on it was taken on 1 May 2025, and the decision is to be reviewed on 1 April 2025",
            at(*SERVICE, record={"taken_on": "2025-05-01", "review_on": "2025-04-01"}),
        ),
        (
            "assumption-for-no-year",
            "is for 2027/28 to 2025/26, which ends before it begins",
            append("assumptions", id="efficiency", value=0.01, from_year=2027, to_year=2025),
        ),
        (
            "assumption-for-no-year",
            "is for 2040/41 to 2041/42, which lies outside the years of the plan",
            append("assumptions", id="efficiency", value=0.01, from_year=2040, to_year=2041),
        ),
        (
            "stopped-before-plan",
            "has its last day on 31 March 2024, before the base year 2024/25 begins",
            at(*SERVICE, stop_date="2024-03-31"),
        ),
        (
            "effect-out-of-order",
            "on ambition 1 runs -1%, -4% and -6%, which is not from low to high",
            at(*SCHEME, effects=[EFFECT | {"low": -1, "high": -6}]),
        ),
        (
            "effect-out-of-order",
            "on ambition 1 runs -3% and -4%",
            at(*SCHEME, effects=[EFFECT | {"low": -3, "percent": -4, "high": None}]),
        ),
        (
            "effect-out-of-order",
            "The effect of “Ours” runs 5% and 2%",
            append("budget", "interventions", id="o", name="Ours", effect_low=5, effect_high=2),
        ),
    ],
)
def test_what_is_turned_round_is_told_with_its_figures(
    code: str, said: str, change: Callable[[dict[str, Any]], None], reference: Reference
) -> None:
    data = sound()
    data.setdefault("assumptions", [])
    data["budget"].setdefault("interventions", [])
    change(data)
    [found] = [f for f in thread.findings(Plan.model_validate(data), reference) if f.code == code]
    assert said in found.sentence.replace("\u2212", "-")
    assert found.severity == "doubt" and found.remedy and found.path


def test_a_sound_plan_is_in_order(reference: Reference) -> None:
    assert not ORDER & set(codes(sound(), reference))


@pytest.mark.parametrize(
    "change",
    [
        at(*SERVICE, contract_start="2026-04-01", contract_end="2026-04-01", stop_date="2026-04-01"),
        at(*SCHEME, effects=[EFFECT]),
        at(*SCHEME, effects=[EFFECT | {"low": -4, "high": -4}]),
        append("assumptions", id="efficiency", value=0.01, from_year=2025, to_year=2025),
        append("assumptions", id="efficiency", value=0.01),
    ],
)
def test_the_edge_is_no_fault(change: Callable[[dict[str, Any]], None], reference: Reference) -> None:
    data = sound()
    data.setdefault("assumptions", [])
    change(data)
    assert not ORDER & set(codes(data, reference))
