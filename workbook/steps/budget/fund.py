"""The pooled fund: who pays in, which pot, who decides, and who bears what."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.words import financial_year

_POTS = {"section-75": "Section 75, pooled", "aligned": "Aligned", "in-collaboration": "In collaboration"}


_POT_WORDS = (
    "Section 75 of the NHS Act 2006 lets the NHS and councils manage money as one fund. Aligned money is planned "
    "together and held apart. Money in collaboration is planned together and decided by the body that holds it."
)


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    blocks: list[Block] = [Heading("Pooled fund", "pooled")]
    if sum(c.amount for c in plan.budget.fund.contributions):
        blocks += [Words((_POT_WORDS,)), _pooled_table(plan)]
    return [
        *blocks,
        asking.ask(plan, reference, "/budget/fund", detail=True),
        asking.about(reference.framework("TDC-08")),
        *asking.bank(plan, reference.framework("TDC-08"), "/budget/answers"),
    ]


def _pooled_table(plan: Plan) -> Table:
    """One row for each partner: what it puts into each pot, and what it bears."""
    fund = plan.budget.fund
    pooled, bears = fund.contributions, {p.partner: p.overspend for p in fund.partners}
    total = sum(c.amount for c in pooled)
    rows = []
    for partner in dict.fromkeys(c.partner for c in pooled):
        own = [c for c in pooled if c.partner == partner]
        amount = sum(c.amount for c in own)
        rows.append(
            {
                "partner": partner,
                **{pot: sum(c.amount for c in own if c.pot == pot) for pot in _POTS},
                "amount": amount,
                "share": 100 * amount / total,
                "risk": 100 * bears.get(partner, 0.0),
            }
        )
    return table(
        "pooled",
        f"Contributions and shares of risk, {financial_year(plan.base_year)}",
        [
            Column("partner", "Partner"),
            *(Column(pot, label, "£000s", 0) for pot, label in _POTS.items()),
            Column("amount", "Together", "£000s", 0),
            Column("share", "Share of the fund", "%", 1),
            Column("risk", "Share of an overspend", "%", 1),
        ],
        rows,
        note="Risk need not follow contribution; where they differ, the difference should be meant.",
    )
