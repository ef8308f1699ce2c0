"""What each partner may have to find, from fund and contracts together: seeded draws, never sums of percentiles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.methods import draws, risk_share
from workbook.plan import Plan
from workbook.plan.sections import Contract, Fund
from workbook.steps.budget import contracts
from workbook.words import financial_year, listed, number, plural
from workbook.words import money as pounds

FUND, TOGETHER, NOBODY = "Pooled fund", "Together", "Nobody yet"


@dataclass(frozen=True)
class Exposures:
    """The draws of each partner by part (above zero is money to find, £000s a year), and what could not be drawn.

    ``parts``: the parts that were drawn, in order. ``of``: partner, then part. ``missing``: sentences.
    """

    parts: list[str] = field(default_factory=list)
    of: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def together(self, partner: str) -> np.ndarray:
        """All parts of one partner, draw by draw."""
        return np.asarray(np.sum(list(self.of[partner].values()), axis=0))

    def add(self, partner: str, part: str, drawn: np.ndarray) -> None:
        """Add draws to one part of one partner."""
        own = self.of.setdefault(partner, {})
        own[part] = own[part] + drawn if part in own else drawn


def exposures(plan: Plan) -> Exposures:
    """Every partner's exposure to the fund and to each contract, as far as ranges and shares are given."""
    found = Exposures()
    fund, size = plan.budget.fund, fund_size(plan.budget.fund)
    if lacking := fund_missing(fund):
        if is_entered(fund):
            found.missing.append(f"The pooled fund is not drawn: {listed(lacking)} {_is(lacking)} missing.")
    else:
        _draw_fund(fund, size, found)
    for contract in plan.budget.contracts:
        lacking = contracts.missing(contract)
        if contract.pool and not contracts.shares_given(contract):
            lacking = [*lacking, "the shares of those who fill its pool"]
        if lacking:
            found.missing.append(f"{contract.name} is not drawn: {listed(lacking)} {_is(lacking)} missing.")
        else:
            _draw_contract(contract, fund, found)
    return found


def is_entered(fund: Fund) -> bool:
    """Whether anything of a fund has been entered."""
    return bool(fund.contributions or fund.partners or fund.pots or fund.total)


def fund_size(fund: Fund) -> float:
    """The size as agreed, else its pots as agreed, else all contributions (£000s); 0 where none is given."""
    pots = [p.amount for p in fund.pots]
    agreed = sum(a for a in pots if a is not None) if pots and None not in pots else 0.0
    return fund.total or agreed or sum(c.amount for c in fund.contributions)


def fund_missing(fund: Fund) -> list[str]:
    """What keeps the fund from being drawn."""
    found = []
    if not fund_size(fund):
        found.append("its size")
    if fund.spend_low is None or fund.spend_high is None:
        found.append("the range of spend against plan")
    elif fund.spend_low > fund.spend_high:
        found.append("a range of spend that runs from low to high")
    if not any(p.overspend for p in fund.partners):
        found.append("who bears an overspend")
    return found


def shared_out(fund: Fund, over: np.ndarray | float, most: list[float | None]) -> risk_share.Shared:
    """Spend beyond plan (£000s, below zero under plan) by the shares of the fund's partners."""
    bears = contracts.agreed([p.overspend for p in fund.partners])
    gains = contracts.agreed([p.underspend for p in fund.partners])
    return risk_share.against_plan(over, bears, gains, most)


def _is(lacking: list[str]) -> str:
    return "is" if len(lacking) == 1 and "," not in lacking[0] and " and " not in lacking[0] else "are"


def _draw_fund(fund: Fund, size: float, found: Exposures) -> None:
    """The middle of the range is halfway between its ends: no middle is asked for."""
    low, high = fund.spend_low or 0.0, fund.spend_high or 0.0
    over = size / 100 * draws.three_points(low, (low + high) / 2, high, draws.uniform("fund: spend"))
    shared = shared_out(fund, over, [p.most for p in fund.partners])
    found.parts.append(FUND)
    for n, partner in enumerate(fund.partners):
        found.add(partner.partner, FUND, shared.parts[:, n])
    _add_rest(found, FUND, shared.unborne)


def _draw_contract(contract: Contract, fund: Fund, found: Exposures) -> None:
    part = contract.name
    cost = draws.three_points(
        *(contract.cost_low or 0.0, contract.cost or 0.0, contract.cost_high or 0.0),
        draws.uniform(f"contract {contract.id}: cost"),
    )
    earned = (
        draws.three_points(
            *(contract.earned_low or 0.0, contract.earned or 0.0, contract.earned_high or 0.0),
            draws.uniform(f"contract {contract.id}: outcomes"),
        )
        if contract.outcome_part
        else np.ones_like(cost)
    )
    settled = contracts.settled(contract, earned, np.maximum(cost, 0))
    found.parts.append(part)
    found.add(contract.provider or "Provider not named", part, -settled.provider)
    if contract.outcome_part:
        _charge(contract.payer or "Payer not named", part, settled.payer, fund, found)
    for n, filler in enumerate(contract.shares):
        _charge(filler.partner, part, settled.fillers[:, n], fund, found)
    _add_rest(found, part, settled.unborne)


def _charge(who: str, part: str, drawn: np.ndarray, fund: Fund, found: Exposures) -> None:
    """What the fund itself has to find falls on its partners, by their shares."""
    if who != fund.name or not any(p.overspend for p in fund.partners):
        found.add(who, part, drawn)
        return
    shared = shared_out(fund, drawn, [None] * len(fund.partners))
    for n, partner in enumerate(fund.partners):
        found.add(partner.partner, part, shared.parts[:, n])
    _add_rest(found, part, shared.unborne)


def _add_rest(found: Exposures, part: str, rest: np.ndarray) -> None:
    if float(np.abs(rest).max(initial=0)) >= 0.5:
        found.add(NOBODY, part, rest)


# --- shown ------------------------------------------------------------------------


def part(plan: Plan, found: Exposures, results: list[Result]) -> list[Block]:
    """The table and picture of what each partner may have to find; what is missing in place of what cannot be drawn."""
    if not found.of and not found.missing:
        return []
    blocks: list[Block] = [Heading("What each partner may have to find", "exposure", 3)]
    if found.of:
        rows = _rows(plan, found)
        results += _results(plan, rows)
        blocks += [
            Words((_POINTS_MEAN,)),
            _figure(plan, rows),
            _chances(plan, rows),
            Words(_said(plan, found, rows), "note"),
        ]
    return [*blocks, Words(tuple(found.missing), "note")] if found.missing else blocks


def worst(plan: Plan, found: Exposures) -> str:
    """One year in ten, in a sentence; nothing where nothing could be drawn."""
    rows = [r for r in _rows(plan, found) if r["together"] and r["partner"] != NOBODY]
    bad = [r for r in rows if r["p90"] >= 0.5]
    finds = [
        f"{r['partner']}{'' if n else ' has to find'} {pounds(r['p90'])} or more" for n, r in enumerate(bad)
    ]
    if not rows:
        return ""
    if not finds:
        return "in nine years of ten no partner has to find money."
    whole = " from fund and contracts together" if len(found.parts) > 1 else ""
    same = "" if len(finds) == 1 else "; these need not be the same years"
    return f"one year in ten {listed(finds)}{whole}{same}."


def _rows(plan: Plan, found: Exposures) -> list[dict[str, Any]]:
    rows = []
    for partner, own in sorted(found.of.items(), key=lambda entry: entry[0] == NOBODY):
        whole = len(own) > 1
        for name, drawn in own.items():
            rows.append(_row(plan, partner, name, drawn, together=not whole))
        if whole:
            both = _row(plan, partner, TOGETHER, found.together(partner), together=True)
            rows.append(both | {"added": sum(r["p90"] for r in rows[-len(own) :])})
    return rows


def _row(plan: Plan, partner: str, name: str, drawn: np.ndarray, *, together: bool) -> dict[str, Any]:
    stake = _stake(plan, partner)
    return {
        "partner": partner,
        "part": name,
        **draws.percentiles(drawn)._asdict(),
        "find": 100 * float(np.mean(drawn > 0.5)),
        "sum": 0.01 * stake if stake else None,
        "above": 100 * float(np.mean(drawn > 0.01 * stake)) if stake else None,
        "together": together,
    }


def _stake(plan: Plan, partner: str) -> float:
    """What a partner puts into the fund, and what it is paid by the contracts (£000s a year)."""
    put = sum(c.amount for c in plan.budget.fund.contributions if c.partner == partner)
    return put + sum(c.value for c in plan.budget.contracts if c.provider == partner)


def _said(plan: Plan, found: Exposures, rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """How it was drawn; and what adding the parts' percentiles would wrongly have said."""
    how = (
        f"Drawn {number(draws.DRAWS, 0)} times from the ranges given: {listed(_factors(plan, found))}. The "
        "ranges are assumed independent of each other: if the "
        "same bad winter moves all of them, the worst years are worse than shown."
    )
    if FUND in found.parts and (source := plan.budget.fund.spend_source):
        how += f" Source of the fund's range: {source.rstrip('.')}."
    if FUND in found.parts and len(found.parts) > 1:
        how += " What the contracts settle has to be left out of the fund's range, or it counts twice."
    summed = [r for r in rows if "added" in r and r["p90"] > 0.5 and r["added"] - r["p90"] >= 0.5]
    if not summed:
        return (how,)
    row = max(summed, key=lambda r: r["added"] - r["p90"])
    return (
        how,
        f"Percentiles were not added: one year in ten, {row['partner']} has to find {pounds(row['p90'])} or more from all parts "
        f"together. Adding the figures of its parts would wrongly have said {pounds(row['added'])}, which is right only if "
        "everything always goes wrong in the same year.",
    )


def _factors(plan: Plan, found: Exposures) -> list[str]:
    fund = plan.budget.fund
    said = []
    if FUND in found.parts:
        ends = f"{_against(fund.spend_low or 0)} to {_against(fund.spend_high or 0)}"
        said.append(f"the fund's spend (from {ends}, the middle taken halfway between)")
    if count := len([p for p in found.parts if p != FUND]):
        said.append(f"the cost and the outcomes of {plural(count, 'contract')}")
    return said


def _against(percent: float) -> str:
    """ "2% under plan", "4% over plan", "plan"."""
    if not percent:
        return "plan"
    return f"{number(abs(percent), None, '%')} {'over' if percent > 0 else 'under'} plan"


def _figure(plan: Plan, rows: list[dict[str, Any]]) -> Figure:
    whole = _table(plan, rows)
    worst = max((r for r in rows if r["together"]), key=lambda r: r["p90"])
    rows = [r for r in rows if r["partner"] != NOBODY or r["p90"] >= 0.01 * worst["p90"]]
    title = (
        f"One year in ten, {worst['partner']} has to find {pounds(worst['p90'])} or more"
        if worst["p90"] >= 0.5
        else "In nine years of ten no partner has to find money"
    )
    return Figure(
        "exposure",
        title,
        charts.exposure(rows, unit="£000s"),
        "Ranges from P10 to P90 with a mark at P50, partner by partner: "
        + "; ".join(
            f"{r['partner']}, {r['part'].lower() if r['part'] in (FUND, TOGETHER) else r['part']}: "
            f"{pounds(r['p10'])} to {pounds(r['p90'])}, middle {pounds(r['p50'])}"
            for r in rows
        )
        + ".",
        whole,
        "Fund and contracts of this plan",
    )


def _chances(plan: Plan, rows: list[dict[str, Any]]) -> Table:
    """All parts of each partner together: the range, and how often it has to find money."""
    return table(
        "exposure-together",
        f"Fund and contracts together, {financial_year(plan.base_year)}: what each partner may have to find, and how often",
        [Column("partner", "Partner"), *_POINTS, *_OFTEN],
        [r for r in rows if r["together"]],
        source="Fund and contracts of this plan",
        note="Above zero is money to find beyond the plan; below zero comes back. A stake is what a partner puts into the fund and what "
        "its contracts pay it.",
        missing="does not apply",
    )


_POINTS_MEAN = (
    "P10, P50 and P90: one year in ten is below the first, half are below the second, one in ten is above the third. Above "
    "zero is money to find beyond the plan, below zero money that comes back."
)
_POINTS = (
    Column("p10", "P10", "£000s", 0),
    Column("p50", "P50", "£000s", 0),
    Column("p90", "P90", "£000s", 0),
)
_OFTEN = (
    Column("find", "Chance that it has to find money", "%", 0),
    Column("sum", "1% of its stake", "£000s", 0),
    Column("above", "Chance of more than that", "%", 0),
)


def _table(plan: Plan, rows: list[dict[str, Any]]) -> Table:
    added = any("added" in r for r in rows)
    return table(
        "exposure",
        f"What each partner may have to find in a year, at {financial_year(plan.base_year)} terms",
        [
            Column("partner", "Partner"),
            Column("part", "From"),
            *_POINTS,
            *([Column("added", "Wrong: P90s added", "£000s", 0, "for comparison only")] if added else []),
            *_OFTEN,
        ],
        rows,
        source="Fund and contracts of this plan",
        note="Above zero is money to find beyond the plan; below zero comes back.",
        missing="does not apply",
    )


def _results(plan: Plan, rows: list[dict[str, Any]]) -> list[Result]:
    found = []
    for n, row in enumerate(rows):
        for point in ("p10", "p50", "p90"):
            found.append(
                Result(
                    f"budget.exposure.{n + 1}.{point}",
                    f"{row['partner']}, {row['part']}: to find, {point.upper()}",
                    row[point],
                    "£000s",
                    financial_year(plan.base_year),
                    f"{number(draws.DRAWS, 0)} seeded draws, ranges assumed independent; percentiles read from the joint draws",
                    "Fund and contracts of this plan",
                )
            )
    return found
