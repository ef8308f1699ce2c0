"""Block and fixed-income contracts: the terms, and what they come to in a good, a middle and a bad year."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.methods import risk_share
from workbook.plan import Plan
from workbook.plan.sections import Contract
from workbook.reference import Reference
from workbook.steps import asking
from workbook.words import financial_year, listed, number
from workbook.words import money as pounds

_SLACK = 5e-4  # three printed decimals of a share


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """The contracts of the plan, settled for their ranges; what is missing is said in place of figures."""
    blocks: list[Block] = [Heading("Block and fixed-income contracts", "contracts", 3)]
    if plan.budget.contracts:
        blocks.append(Words((_WHAT,)))
        blocks.append(Words(tuple(said_of(c) for c in plan.budget.contracts), "list"))
        for contract in plan.budget.contracts:
            if years := _worked(contract):
                blocks.append(_table(plan, contract, years))
                results += [_result(plan, row) for row in years]
    else:
        blocks.append(Words(("No block or fixed-income contract has been entered.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/budget/contracts", detail=True)]


_WHAT = (
    "A block or fixed-income contract pays a sum for the year and not for each contact, so fewer contacts save the payer nothing "
    "until the sum is changed. Part of it may depend on outcomes, and a shared pool may meet part of a loss."
)


# --- what a contract holds --------------------------------------------------------


def settled(contract: Contract, earned: Any, cost: Any) -> risk_share.Settlement:
    """The contract's terms applied to what is earned and what the work costs, one figure or one for each draw."""
    return risk_share.settle(
        contract.value,
        min(contract.outcome_part, contract.value),
        earned,
        cost,
        bears_first=contract.bears_first,
        pool=contract.pool,
        shares=agreed([s.share for s in contract.shares]),
        gain_share=contract.gain_share,
    )


def missing(contract: Contract) -> list[str]:
    """What keeps the contract from being drawn, in words; nothing where it can be."""
    found = []
    if not contract.value:
        found.append("its value a year")
    if None in (contract.cost_low, contract.cost, contract.cost_high):
        found.append("the low, middle and high cost to the provider")
    elif not ordered(contract.cost_low, contract.cost, contract.cost_high):
        found.append("costs in order: low, middle, high")
    if contract.outcome_part:
        if None in (contract.earned_low, contract.earned, contract.earned_high):
            found.append("the low, middle and high share of the outcomes earned")
        elif not ordered(contract.earned_low, contract.earned, contract.earned_high):
            found.append("shares earned in order: low, middle, high")
    return found


def ordered(*points: float | None) -> bool:
    """Whether the points that are given run from low to high."""
    known = [p for p in points if p is not None]
    return all(a <= b for a, b in pairwise(known))


def shares_given(contract: Contract) -> bool:
    """Whether anybody's share of the pool has been entered."""
    return any(s.share for s in contract.shares)


def whole(shares: list[float]) -> bool:
    """Whether shares add up to one, each allowed half of its third decimal."""
    return abs(sum(shares) - 1) <= _SLACK * max(len(shares), 1)


def agreed(shares: list[float]) -> list[float]:
    """Shares as they were meant: three printed thirds of 0.333 are a whole, and nothing is left for nobody."""
    return [s / sum(shares) for s in shares] if whole(shares) else shares


def said_of(contract: Contract) -> str:
    """The terms of one contract in a sentence or two."""
    between = (
        f" between {contract.payer or 'a payer not named'} and {contract.provider or 'a provider not named'}"
    )
    terms = [f"{contract.name}{between}: {_value_words(contract)}."]
    if contract.pool:
        terms.append(_pool_words(contract))
    if contract.gain_share:
        terms.append(
            f"Of a surplus, {number(100 * contract.gain_share, None, '%')} goes back to those who fill the pool."
        )
    if contract.source:
        terms.append(f"Ranges from: {contract.source.rstrip('.')}.")
    return " ".join(terms)


def _value_words(contract: Contract) -> str:
    on = f"{pounds(contract.outcome_part)} of it depends on outcomes" if contract.outcome_part else ""
    if not contract.value:
        given = "its value is not given"
        return f"{given}; {pounds(contract.outcome_part)} depends on outcomes" if on else given
    return f"{pounds(contract.value)} a year" + (f", {on}" if on else "")


def _pool_words(contract: Contract) -> str:
    first = (
        f"The provider bears the first {pounds(contract.bears_first)} of a loss; "
        if contract.bears_first
        else ""
    )
    pool = f"{first}a risk pool of {pounds(contract.pool)}"
    pool = pool[:1].upper() + pool[1:]
    names = [s.partner for s in contract.shares]
    if not names:
        return f"{pool} that nobody has agreed to fill yet."
    if not shares_given(contract):
        return f"{pool} is shared among {listed(names)}; their shares are not given, so what each would bear is not worked out."
    filled = listed(f"{s.partner} ({_percent(s.share)})" for s in contract.shares)
    rest = 1 - sum(s.share for s in contract.shares)
    short = (
        f" {_percent(rest)} of it is filled by nobody."
        if rest > 0 and not whole([s.share for s in contract.shares])
        else ""
    )
    return f"{pool} is filled by {filled}.{short}"


def _percent(share: float) -> str:
    """A share in per cent, with a decimal only where it has one."""
    return number(round(100 * share, 1), None, "%")


# --- a good, a middle and a bad year ------------------------------------------------


def _worked(contract: Contract) -> list[dict[str, Any]]:
    """Three years: cheap and well done, the middle, dear and badly done; nothing where figures are missing."""
    if missing(contract):
        return []
    earned = (contract.earned_high, contract.earned, contract.earned_low)
    costs = (contract.cost_low, contract.cost, contract.cost_high)
    reached = earned if contract.outcome_part else (1.0, 1.0, 1.0)
    found = settled(contract, np.array(reached, dtype=float), np.array(costs, dtype=float))
    return [
        {
            "id": contract.id,
            "contract": contract.name,
            "year": year,
            "earned": 100 * float(reached[n] or 0) if contract.outcome_part else None,
            "income": found.income[n],
            "cost": costs[n],
            "result": found.result[n],
            "pool": found.met[n] - found.returned[n],
            "provider": found.provider[n],
            "payer": found.payer[n],
            **{f"filler {i}": found.fillers[n, i] for i in range(len(contract.shares))},
            "unborne": found.unborne[n],
        }
        for n, year in enumerate(("Good", "Middle", "Bad"))
    ]


def _table(plan: Plan, contract: Contract, years: list[dict[str, Any]]) -> Table:
    """The three years side by side, line by line."""
    lines = [
        ("income", "Income of the provider"),
        ("cost", "Its cost"),
        ("result", "Result of the provider before the pool"),
        *([("pool", "From the pool")] if contract.pool or contract.gain_share else []),
        ("provider", "Result of the provider"),
        *([("payer", f"{contract.payer or 'The payer'}, beyond the value")] if contract.outcome_part else []),
        *(
            (f"filler {n}", f"{share.partner}, into the pool")
            for n, share in enumerate(contract.shares)
            if contract.pool or contract.gain_share
        ),
        *([("unborne", "Into the pool, nobody yet")] if _on_nobody(years) else []),
    ]
    return table(
        f"contract-{contract.id}",
        f"{contract.name}: a good, a middle and a bad year, at {financial_year(plan.base_year)} terms",
        [
            Column("line", "Line"),
            *(Column(y["year"].lower(), f"{y['year']} year", "£000s", 0, _earned_words(y)) for y in years),
        ],
        [{"line": label} | {y["year"].lower(): y[key] for y in years} for key, label in lines],
        source="Contracts of this plan",
        note="A good year has the low cost and the high share of outcomes, a bad year the high cost and the low share. Each of "
        "them comes once in ten years; both in the same year come less often. From the pool, below zero: a surplus given back.",
        detail=True,
    )


def _on_nobody(years: list[dict[str, Any]]) -> bool:
    return any(abs(year["unborne"]) >= 0.5 for year in years)


def _earned_words(year: dict[str, Any]) -> str:
    return "" if year["earned"] is None else f"{number(year['earned'], 0, '%')} of the outcomes earned"


def _result(plan: Plan, row: dict[str, Any]) -> Result:
    return Result(
        f"budget.contract.{row['id']}.{row['year'].lower()}",
        f"{row['contract']}: result of the provider in a {row['year'].lower()} year",
        float(row["provider"]),
        "£000s",
        financial_year(plan.base_year),
        "Income less cost, with what the pool meets, without what is given back",
        "Contracts of this plan",
    )
