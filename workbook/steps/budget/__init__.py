"""Step 3: which budgets are planned together, the pooled fund, five years of money, schemes, value."""

from __future__ import annotations

from functools import cached_property

from workbook.blocks import Block
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
from workbook.steps.money import Money, money
from workbook.steps.parts import Assembly, Desk, Part


class _Desk(Desk):
    """What the parts share: the five-year money."""

    @cached_property
    def money(self) -> Money:
        return money(self.plan, self.reference)


_PARTS = (
    Part("scope", lambda d, results: scope.part(d.plan, d.reference, results)),
    Part("five-years", lambda d, results: five_years.part(d.plan, d.reference, d.money, results)),
    Part("uncertainty", lambda d, results: uncertainty.part(d.plan, d.reference, d.money, results)),
    Part("triangulation", lambda d, results: triangulation.part(d.plan, d.reference, d.money, results)),
    Part("schemes", lambda d, results: schemes.part(d.plan, d.reference, d.money, results)),
    Part("service-model", lambda d, results: service_model.part(d.plan, d.reference, results)),
    Part("library", lambda d, results: library.part(d.plan, d.reference, results)),
    Part("value", lambda d, results: value_page.part(d.plan, d.reference, results)),
    Part("fund", lambda d, results: fund.part(d.plan, d.reference, results)),
    Part("assumptions", lambda d, _: assumptions.part(d.plan, d.reference, d.money)),
    Part("local", lambda d, _: asking.local(d.plan, d.reference, "budget")),
    Part("findings", lambda d, _: _findings(d)),
)


def _findings(desk: Desk) -> list[Block]:
    from workbook.steps.thread import of_step

    return of_step(desk.plan, desk.reference, "budget")


#: The scope, the roll-forward with its assumptions, the schemes and what they leave of the gap.
budget = Assembly("budget", "Budget scope and five-year money", _Desk, lambda desk: _PARTS)
