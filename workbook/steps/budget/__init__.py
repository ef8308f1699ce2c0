"""Step 3: which budgets are planned together, the pooled fund, five years of money, schemes, value."""

from __future__ import annotations

from workbook.blocks import Block, Result, Step
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget import (
    assumptions,
    five_years,
    fund,
    library,
    schemes,
    scope,
    service_model,
    triangulation,
    uncertainty,
    value_page,
)
from workbook.steps.money import money


def budget(plan: Plan, reference: Reference) -> Step:
    """The scope, the roll-forward with its assumptions, the schemes and what they leave of the gap."""
    from workbook.steps.thread import of_step

    found = money(plan, reference)
    results: list[Result] = []
    blocks: list[Block] = [
        *scope.part(plan, reference, results),
        *five_years.part(plan, reference, found, results),
        *uncertainty.part(plan, reference, found, results),
        *triangulation.part(plan, reference, found, results),
        *schemes.part(plan, reference, found, results),
        *service_model.part(plan, reference, results),
        *library.part(plan, reference, results),
        *value_page.part(plan, reference, results),
        *fund.part(plan, reference, results),
        *assumptions.part(plan, reference, found),
        *asking.local(plan, reference, "budget"),
        *of_step(plan, reference, "budget"),
    ]
    return Step("budget", "Budget scope and five-year money", tuple(blocks), tuple(results))
