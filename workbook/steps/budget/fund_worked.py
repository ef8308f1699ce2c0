"""Over- and underspends of the fund worked out for each partner, in thousands of pounds."""

from __future__ import annotations

from typing import Any

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Fund
from workbook.steps.budget.contracts import whole
from workbook.steps.budget.fund_exposure import fund_size, shared_out
from workbook.words import financial_year, listed, number
from workbook.words import money as pounds

_CASES = (5, 2, 1, -1, -2, -5)  # per cent over plan
_EXAMPLE = 2  # the one that is said in words


def part(plan: Plan, results: list[Result]) -> list[Block]:
    """What each partner has to find or gets back, from 5% over plan to 5% under."""
    fund, size = plan.budget.fund, fund_size(plan.budget.fund)
    if not size or not any(p.overspend or p.underspend for p in fund.partners):
        return []
    rows = [_row(fund, size, percent) for percent in _CASES if _agreed(fund, percent)]
    results += _results(plan, rows)
    return [
        Heading("An over- or underspend, worked out", "worked", 3),
        *([Words(tuple(said))] if (said := said_of_shares(fund)) else []),
        _table(plan, fund, rows),
    ]


def _agreed(fund: Fund, percent: float) -> bool:
    """Whether anybody has agreed to share spend on that side of the plan."""
    return any(p.overspend if percent > 0 else p.underspend for p in fund.partners)


def said_of_shares(fund: Fund) -> list[str]:
    """What is to be known of the agreed shares: caps, shares that make no whole, a gain nobody has agreed on."""
    said = []
    for shares, what in (
        ([p.overspend for p in fund.partners], "overspend"),
        ([p.underspend for p in fund.partners], "underspend"),
    ):
        if not any(shares):
            if fund.partners:
                said.append(f"No shares of an {what} have been entered, so none is worked out.")
        elif not whole(shares):
            said.append(_not_whole(what, sum(shares)))
    capped = [f"{p.partner} {pounds(p.most)}" for p in fund.partners if p.most is not None]
    if capped:
        said.append(
            f"The most that a partner bears of an overspend: {listed(capped)}. What is above falls on nobody yet."
        )
    return said


def _not_whole(what: str, together: float) -> str:
    held = f"The shares of an {what} add up to {number(100 * together, 1, '%')}"
    if together > 1:
        return f"{held}: they are brought down in proportion here, so that nothing is paid twice."
    return f"{held}: the rest falls on nobody yet."


def _row(fund: Fund, size: float, percent: float) -> dict[str, Any]:
    over = size * percent / 100
    shared = shared_out(fund, over, [p.most for p in fund.partners])
    borne = {f"p{n}": float(amount) for n, amount in enumerate(shared.parts[0])}
    way = "over plan" if percent > 0 else "under plan"
    return {
        "percent": percent,
        "label": f"{abs(percent)}% {way}",
        "amount": over,
        **borne,
        "nobody": float(shared.unborne[0]),
    }


def example(fund: Fund) -> str:
    """What each partner finds where the fund spends a little more than planned; why not, where that cannot be said."""
    size = fund_size(fund)
    if not size:
        return "the fund has no size yet."
    if not _agreed(fund, _EXAMPLE):
        return "nobody has agreed to bear one."
    row = _row(fund, size, _EXAMPLE)
    parts = [row[f"p{n}"] for n, _ in enumerate(fund.partners)]
    bears = [f"{p.partner} finds {pounds(part)}" for p, part in zip(fund.partners, parts, strict=True)]
    if row["nobody"] >= 0.5:
        bears.append(f"{pounds(row['nobody'])} falls on nobody yet")
        parts.append(row["nobody"])
    rounded = "" if _adds_up(parts, row["amount"]) else " (each rounded)"
    return f"at {_EXAMPLE}% more than planned, {pounds(row['amount'])}, {listed(bears)}{rounded}."


def _adds_up(parts: list[float], whole: float) -> bool:
    """Whether the parts as printed add up to the whole as printed."""
    return sum(map(_printed, parts)) == _printed(whole)


def _printed(thousands: float) -> float:
    """An amount as a sentence prints it: in whole thousands, tenths of a million or hundredths of a billion."""
    size = abs(thousands)
    last = 1 if size < 999.5 else 100 if size < 999_950 else 10_000
    return float(round(thousands / last) * last)


def _table(plan: Plan, fund: Fund, rows: list[dict[str, Any]]) -> Table:
    nobody = any(abs(row["nobody"]) >= 0.5 for row in rows)
    return table(
        "fund-worked",
        f"What each partner has to find, by how far spend is from plan, {financial_year(plan.base_year)}",
        [
            Column("label", "The fund spends"),
            Column("amount", "Beyond plan", "£000s", 0, "below zero is an underspend"),
            *(Column(f"p{n}", p.partner, "£000s", 0) for n, p in enumerate(fund.partners)),
            *([Column("nobody", "Nobody yet", "£000s", 0)] if nobody else []),
        ],
        rows,
        source="Size and shares of the fund as entered",
        note="Above zero is money to find, below zero money that comes back. The columns add up to what is beyond plan.",
    )


def _results(plan: Plan, rows: list[dict[str, Any]]) -> list[Result]:
    fund = plan.budget.fund
    return [
        Result(
            f"budget.fund.worked.{'over' if row['percent'] > 0 else 'under'}-{abs(row['percent'])}.{n + 1}",
            f"{partner.partner}: to find where the fund is {row['label']}",
            row[f"p{n}"],
            "£000s",
            financial_year(plan.base_year),
            "Size of the fund times the change, by the agreed share, up to the cap",
            "Size and shares of the fund as entered",
        )
        for row in rows
        for n, partner in enumerate(fund.partners)
    ]
