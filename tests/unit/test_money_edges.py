"""The pages of the money with as good as nothing, or with nonsense, in them: sentences, and no figure that is none."""

from __future__ import annotations

import re
from typing import Any

import pytest

from workbook.blocks import Block, Figure, Result, Table, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.render import svg
from workbook.steps.budget import assumptions, five_years, triangulation, uncertainty
from workbook.steps.money import money

SYNTHETIC = {"code": "SYN01", "name": "Northmere", "kind": "synthetic", "synthetic": True}
LINE = {"id": "a", "name": "Acute", "organisation": "Board", "amount": 10, "growth": "acute"}
NOUGHT = dict.fromkeys(("amount", "beds", "activity", "unit_price", "wte", "wte_cost", "pay_share"), 0)
RISK = {"id": "r", "name": "Strike", "chance": 1, "cost_low": 0, "cost_high": 0}


def incomes(amount: float) -> list[dict[str, Any]]:
    return [{"organisation": "Board", "year": y, "amount": amount} for y in range(2025, 2031)]


def overrides(**values: float) -> list[dict[str, Any]]:
    return [{"id": id.replace("_", "-"), "value": value} for id, value in values.items()]


PLANS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no spend": {"budget": {"lines": [LINE | {"amount": 0}], "income": incomes(5)}},
    "income alone": {"budget": {"income": incomes(5)}},
    "income below nought": {"budget": {"lines": [LINE], "income": incomes(-5)}},
    "one year": {"horizon": 1, "budget": {"lines": [LINE], "income": incomes(5)}},
    "noughts and bed days without beds": {
        "area": {"code": "E54000010", "name": "Elsewhere", "kind": "icb"},
        "budget": {"lines": [LINE | NOUGHT | {"bed_days": 5}, LINE | {"id": "b"}]},
    },
    "a scheme alone": {
        "budget": {
            "schemes": [{"id": "s", "name": "S", "funded": True, "start_year": 2026, "recurrent_cost": 5}]
        }
    },
    "a risk that costs nothing": {"budget": {"lines": [LINE], "risks": [RISK], "income": incomes(11)}},
    "rates beyond sense": {
        "budget": {"lines": [LINE | {"own_efficiency": 100, "own_growth": -50}]},
        "assumptions": overrides(
            efficiency=900, scheme_delay=-3, savings_delivered=-50, efficiency_delivered=0, gone=1
        ),
    },
}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def read(plan: Plan, reference: Reference) -> tuple[list[Block], list[Result]]:
    found, results = money(plan, reference), list[Result]()
    blocks = [
        *five_years.part(plan, reference, found, results),
        *uncertainty.part(plan, reference, found, results),
        *triangulation.part(plan, reference, found, results),
        *assumptions.part(plan, reference, found),
    ]
    return blocks, results


@pytest.mark.parametrize("name", PLANS)
def test_every_sentence_and_figure_can_be_read(name: str, reference: Reference) -> None:
    plan = Plan.model_validate({"area": SYNTHETIC, "base_year": 2025, "horizon": 5} | PLANS[name])
    blocks, results = read(plan, reference)
    said = [p for b in blocks if isinstance(b, Words) for p in b.paragraphs]
    said += [b.title for b in blocks if isinstance(b, Figure | Table)]
    assert not [s for s in said if re.search(r"\b(nan|inf|None)\b", s.replace("None ", ""))]
    assert all(r.value is None or r.value == r.value for r in results)
    for block in blocks:
        if isinstance(block, Figure):
            assert svg.draw(block.spec, title=block.title, alt=block.alt, uid=block.id)


def test_a_share_of_no_spend_is_a_sentence(reference: Reference) -> None:
    plan = Plan.model_validate({"area": SYNTHETIC, "base_year": 2025} | PLANS["no spend"])
    blocks, _ = read(plan, reference)
    said = " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)
    assert "the share for prevention is not shown" in said
    assert "prevention-share" not in {b.id for b in blocks if isinstance(b, Figure)}
