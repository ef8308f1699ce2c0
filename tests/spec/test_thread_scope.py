"""The rules on scope: one planted fault for each, and silence where nothing is wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.spec.test_thread import SCHEME, append, at, sound
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import thread

RUNGS = [f"ODR-12.r{n}" for n in range(1, 7)]
CRITERIA = [f"ODR-12.c{n}" for n in range(1, 9)]
LINE = ("budget", "lines", 0)
SCOPE = ("budget", "scope")
BOARD = {"name": "Board", "total": 100_000, "status": "confirmed"}


def given(*columns: int) -> dict[str, dict[str, int]]:
    """Scores of the six rungs: on each the same for all criteria, but for the first, which tells them apart."""
    return {
        rung: dict.fromkeys(CRITERIA, score) | {CRITERIA[6]: 6 - score}
        for rung, score in zip(RUNGS, columns, strict=False)
    }


BEST_FIRST = {"respondent": "Chief finance officer", "scores": given(5, 4, 3, 2, 2, 1)}
BEST_SECOND = {"respondent": "Director of public health", "scores": given(4, 5, 3, 2, 2, 1)}
OTHER = {"id": "roads", "name": "Damp homes", "organisation": "Board", "amount": 10}

PLANTED: list[tuple[str, str, str, Callable[[dict[str, Any]], None]]] = [
    (
        "option-without-score",
        "doubt",
        "/budget/scope/responses",
        at(*SCOPE, responses=[{"respondent": "CFO", "scores": given(5, 4, 3, 2, 2)}]),
    ),
    (
        "scored-all-alike",
        "doubt",
        "/budget/scope/responses/1",
        at(*SCOPE, responses=[BEST_FIRST, {"respondent": "x", "scores": {r: dict.fromkeys(CRITERIA, 3) for r in RUNGS}}]),
    ),
    (
        "scored-in-part",
        "doubt",
        "/budget/scope/responses/1",
        at(*SCOPE, responses=[BEST_FIRST, {"respondent": "x", "scores": given(5, 4)}]),
    ),
    (
        "response-without-score",
        "note",
        "/budget/scope/responses/1",
        at(*SCOPE, responses=[BEST_FIRST, {"respondent": "x"}]),
    ),
    ("weights-all-zero", "doubt", "/budget/scope/weights", at(*SCOPE, weights=dict.fromkeys(CRITERIA, 0))),
    (
        "scores-set-aside",
        "note",
        "/budget/scope/responses",
        at(*SCOPE, responses=[BEST_FIRST], options_out=[RUNGS[5]]),
    ),
    ("scope-unlike-scores", "doubt", "/budget/scope/reason", at(*SCOPE, responses=[BEST_SECOND], reason="")),
    ("scope-dominated", "note", "/budget/scope/chosen", at(*SCOPE, responses=[BEST_SECOND])),
    ("scope-dominated", "doubt", "/budget/scope/chosen", at(*SCOPE, responses=[BEST_SECOND], reason="")),
    (
        "scope-without-harm",
        "doubt",
        "/budget/scope/chosen",
        lambda d: (
            at(*SCOPE, chosen=RUNGS[1])(d),
            at("budget", answers={f"ODR-10.{n}": {"answer": "no"} for n in range(1, 9)})(d),
        )[0],
    ),
    ("scope-not-there", "doubt", "/budget/scope/chosen", at(*SCOPE, options_out=[RUNGS[0]])),
    (
        "driver-outside-scope",
        "note",
        "/budget/scope/chosen",
        at("needs", "priorities", 0, determinants=["ODR-11.d2"]),
    ),
    ("scheme-outside-scope", "doubt", "/budget/schemes/0/line", at(*LINE, rung=RUNGS[4])),
    ("line-without-rung", "doubt", "/budget/lines/0/rung", at(*LINE, rung="")),
    ("line-without-rung", "doubt", "/budget/lines/1/rung", append("budget", "lines", **OTHER, rung="gone")),
    ("line-moved-without-reason", "doubt", "/budget/lines/0/scope_reason", at(*LINE, scope="out")),
    (
        "lines-above-organisation",
        "doubt",
        "/budget/organisations/0/total",
        at("budget", organisations=[BOARD | {"total": 99_999.999}]),
    ),
    (
        "lines-below-organisation",
        "doubt",
        "/budget/organisations/0/outside",
        at("budget", organisations=[BOARD | {"total": 100_000.001}]),
    ),
    (
        "organisation-twice",
        "doubt",
        "/budget/organisations/1/name",
        at("budget", organisations=[BOARD | {"total": 60_000}, BOARD | {"name": "board", "total": 40_000}]),
    ),
    (
        "organisation-without-lines",
        "doubt",
        "/budget/organisations/1/name",
        at("budget", organisations=[BOARD, BOARD | {"name": "Bord"}]),
    ),
]  # fmt: skip

SILENT: list[tuple[str, str, Callable[[dict[str, Any]], None]]] = [
    ("a full set of scores for the scope chosen", "", at(*SCOPE, responses=[BEST_FIRST, BEST_FIRST])),
    ("a reason for another scope", "scope-unlike-scores", at(*SCOPE, responses=[BEST_SECOND])),
    ("one weight above nought", "weights-all-zero", at(*SCOPE, weights=dict.fromkeys(CRITERIA[1:], 0))),
    (
        "no harm seen and the narrowest scope",
        "scope-without-harm",
        at("budget", answers={f"ODR-10.{n}": {"answer": "no"} for n in range(1, 9)}),
    ),
    ("a line moved with a reason", "", at(*LINE, rung=RUNGS[4], scope="in", scope_reason="Decided together")),
    ("a line out that is out anyway", "line-moved-without-reason", at(*LINE, rung=RUNGS[4], scope="out")),
    ("a scheme that is not funded", "scheme-outside-scope", at(*LINE, rung=RUNGS[4])),
    ("a total that the lines meet to the pound", "", at("budget", organisations=[BOARD])),
    ("the rest is explained", "", at("budget", organisations=[BOARD | {"total": 150_000, "outside": "Roads"}])),
    (
        "a driver that a wider scope reaches",
        "driver-outside-scope",
        lambda d: (
            at("needs", "priorities", 0, determinants=["ODR-11.d2"])(d),
            at(*SCOPE, chosen=RUNGS[3])(d),
        )[0],
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def found(data: dict[str, Any], reference: Reference) -> list[tuple[str, str, str]]:
    return [(f.code, f.severity, f.path) for f in thread.findings(Plan.model_validate(data), reference)]


@pytest.mark.parametrize(
    ("code", "severity", "path", "plant"), PLANTED, ids=[f"{c}-{n}" for n, (c, *_) in enumerate(PLANTED)]
)
def test_a_fault_is_found_and_said(
    code: str, severity: str, path: str, plant: Callable[..., None], reference: Reference
) -> None:
    data = copy.deepcopy(sound())
    assert code not in {c for c, _, _ in found(data, reference)}
    plant(data)
    assert (code, severity, path) in found(data, reference)


@pytest.mark.parametrize(("what", "code", "change"), SILENT, ids=[what for what, _, _ in SILENT])
def test_what_is_sound_is_left_alone(
    what: str, code: str, change: Callable[..., None], reference: Reference
) -> None:
    data = copy.deepcopy(sound())
    before = {c for c, _, _ in found(data, reference)}
    change(data)
    if what == "a scheme that is not funded":
        at(*SCHEME, funded=False)(data)
    codes = {c for c, _, _ in found(data, reference)}
    if code:
        assert code not in codes
    else:
        assert codes <= before


def test_sentences_say_what_how_much_and_whose(reference: Reference) -> None:
    data = copy.deepcopy(sound())
    at("budget", organisations=[BOARD | {"total": 99_999.999}])(data)
    at(*LINE, scope="out")(data)
    said = {f.code: f.sentence for f in thread.findings(Plan.model_validate(data), reference)}
    assert said["lines-above-organisation"] == (
        "The lines of Board come to £100,000k, £1 more than its whole spend of £99,999,999."
    )
    assert "“Acute” (£100,000k, Board) is left out of scope" in said["line-moved-without-reason"]
    assert "“Health checks” is funded" in said["scheme-outside-scope"]


def test_the_rules_on_money_and_need_join_two_parts_of_the_plan() -> None:
    joined = {r.name: r.joins for r in thread.RULES if r.look.__module__.endswith("thread.scope")}
    assert {name for name, parts in joined.items() if len(parts) >= 2} == {
        "driver_outside_scope",
        "scheme_outside_scope",
        "line_without_rung",
        "line_moved_without_reason",
        "organisation_does_not_add_up",
    }
