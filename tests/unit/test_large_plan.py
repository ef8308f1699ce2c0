"""A plan of 200 schemes and 60 services: every page stands, and the plan page stays short enough to read."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from workbook.blocks import Finding, Step, Tree
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import TITLES, run, thread

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.fixture(scope="module")
def plan(reference: Reference) -> Plan:
    spec = importlib.util.spec_from_file_location("large_plan", ROOT / "benchmarks" / "large_plan.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Plan = module.large_plan(reference)
    return made


@pytest.fixture(scope="module")
def pages(plan: Plan, reference: Reference) -> dict[str, Step]:
    return {name: run(name, plan, reference) for name in TITLES}


def test_it_is_as_large_as_it_says(plan: Plan) -> None:
    assert (len(plan.budget.schemes), len(plan.decommissioning.services)) == (200, 60)
    assert len({s.respondent for s in plan.budget.value.scores}) == 12


def test_every_page_stands(pages: dict[str, Step]) -> None:
    assert all(page.blocks for page in pages.values())


def test_hundreds_of_findings_are_told_in_few(
    plan: Plan, reference: Reference, pages: dict[str, Step]
) -> None:
    found = thread.findings(plan, reference)
    told = [b for b in pages["plan"].blocks if isinstance(b, Finding)]
    assert len(found) > 300 and len(told) < 100
    assert {f.code for f in told} == {f.code for f in found}


def test_the_nested_list_stays_short_enough_to_be_heard(pages: dict[str, Step]) -> None:
    (tree,) = (b for b in pages["plan"].blocks if isinstance(b, Tree))

    def count(branches: tuple) -> int:
        return sum(1 + count(b.branches) for b in branches)

    assert count(tree.branches) < 200
