"""The pooled fund: who pays in, which pot, who decides, who bears what, and what each may have to find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Contribution, Fund
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget import contracts, fund_accounts, fund_exposure, fund_worked
from workbook.steps.budget.fund_exposure import fund_size, is_entered
from workbook.words import financial_year, listed, number, plural
from workbook.words import money as pounds

POTS = {"section-75": "Section 75, pooled", "aligned": "Aligned", "in-collaboration": "In collaboration"}
_POT_WORDS = (
    "Section 75 of the NHS Act 2006 lets the NHS and councils manage money as one fund. Aligned money is planned "
    "together and held apart. Money in collaboration is planned together and decided by the body that holds it."
)
#: Percentage points by which a share of risk may differ from a share of the money before it is said.
APART = 5.0


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """Who pays, decides, ratifies and bears what; then the tables behind it, the contracts, the questions."""
    blocks: list[Block] = [Heading("Pooled fund", "pooled")]
    drawn = fund_exposure.exposures(plan)
    if entered := is_entered(plan.budget.fund):
        results += _results(plan)
        blocks += [
            Words(tuple(_answers(plan, drawn)), "list"),
            *_pots(plan),
            *_partners(plan),
            Words((*_said(plan), _POT_WORDS)),
        ]
    else:
        blocks.append(Words(("No pooled fund has been entered.",), "note"))
    return [
        *blocks,
        *(fund_worked.part(plan, results) if entered else []),
        *fund_exposure.part(plan, drawn, results),
        *contracts.part(plan, reference, results),
        asking.ask(plan, reference, "/budget/fund", detail=True),
        asking.about(reference.framework("TDC-08")),
        *asking.bank(plan, reference.framework("TDC-08"), "/budget/answers"),
        *fund_accounts.part(reference),
    ]


# --- the answer --------------------------------------------------------------------


def _answers(plan: Plan, drawn: fund_exposure.Exposures) -> Iterator[str]:
    """What a board asks of a fund, each in a sentence: who pays, who decides, who bears an overspend, how bad it can be."""
    fund = plan.budget.fund
    yield f"Who pays: {_payers(plan)}"
    yield f"Who decides: {_deciders(fund)}"
    yield f"Who bears an overspend: {fund_worked.example(fund)}"
    if worst := fund_exposure.worst(plan, drawn):
        yield f"How bad a year can be: {worst}"


def _payers(plan: Plan) -> str:
    fund, year = plan.budget.fund, financial_year(plan.base_year)
    name, size, put = fund.name or "the fund", fund_size(fund), paid_in(fund)
    whole = sum(put.values())
    if not whole:
        held = f"{name} is {pounds(size)} in {year}; " if size else ""
        return f"{held}no contributions are entered."
    each = [f"{partner} {pounds(amount)} ({amount / whole:.0%})" for partner, amount in put.items()]
    return f"{listed(each)} of the {pounds(whole)} paid into {name} in {year}."


def _deciders(fund: Fund) -> str:
    rows = [row for pot in POTS if (row := _pot(fund, pot))]
    if not any(row["decides"] != _NOT_SAID for row in rows):
        return "nobody is named yet."
    return " ".join(f"{_decides(row)}." for row in rows)


def _decides(row: dict[str, Any]) -> str:
    """One pot: its size, who decides on it, and who has to agree."""
    size = f" ({pounds(row['size'])})" if row["size"] is not None else ""
    agrees = {_NOT_SAID: "", AT_ONCE: "; nobody need ratify"}.get(
        row["ratifies"], f"; who ratifies: {_lower(row['ratifies'])}"
    )
    return f"“{row['pot']}”{size}: {_lower(row['decides'])}{agrees}"


def _lower(text: str) -> str:
    """A label inside a sentence, without its capital where it begins with a plain word."""
    head = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if head.istitle() and head.lower() in _LITTLE else text


# --- the fund in words ---------------------------------------------------------


def paid_in(fund: Fund) -> dict[str, float]:
    """What each partner puts in, all pots together (£000s)."""
    found: dict[str, float] = {}
    for c in fund.contributions:
        found[c.partner] = found.get(c.partner, 0.0) + c.amount
    return found


def _said(plan: Plan) -> list[str]:
    fund = plan.budget.fund
    said = [_size_words(plan), *_partner_words(fund)]
    host = f"{fund.host} keeps the books" if fund.host else "No host has been named"
    leave = (
        f"a partner leaves with {plural(fund.exit_months, 'month')} of notice"
        if fund.exit_months is not None
        else "no notice to leave has been agreed"
    )
    end = (
        f" {fund.exit.rstrip('.')}."
        if fund.exit
        else " What happens to staff, contracts and balances when a partner leaves is not written down."
    )
    return [*said, f"{host}; {leave}.{end}"]


def _size_words(plan: Plan) -> str:
    """The size as agreed beside what is paid in, and what it counts."""
    fund, year = plan.budget.fund, financial_year(plan.base_year)
    name, put = fund.name or "The fund", sum(c.amount for c in fund.contributions)
    counts = f" What the size counts: {_lower(fund.basis).rstrip('.')}." if fund.basis else ""
    if not fund.total:
        size = fund_size(fund)
        said = f"{name} holds {pounds(size)} in {year}" if size else f"{name} has no size yet"
        return f"{said}.{counts}" if put or not size else f"{said}, as its pots were agreed.{counts}"
    if not put:
        return (
            f"{name} is {pounds(fund.total)} in {year}, as agreed. No contributions are entered, so no share of the money is shown; "
            f"none is worked out from the shares of risk.{counts}"
        )
    differ = fund.total - put
    match = (
        "the contributions add up to it"
        if abs(differ) < 0.5
        else f"the contributions add up to {pounds(put)}, {pounds(abs(differ))} {'less' if differ > 0 else 'more'}"
    )
    return f"{name} is {pounds(fund.total)} in {year}, as agreed; {match}.{counts}"


def _partner_words(fund: Fund) -> list[str]:
    """Where the shares of risk differ from the shares of the money, in words, with the reason given."""
    put = paid_in(fund)
    total = sum(put.values())
    if not total:
        return []
    bears = {p.partner: p for p in fund.partners}
    apart = [
        f"{name} puts in {amount / total:.0%} and bears {bears[name].overspend:.0%} of an overspend"
        for name, amount in put.items()
        if name in bears and abs(100 * (bears[name].overspend - amount / total)) > APART
    ]
    if not apart:
        return []
    why = (
        f"The reason given: {fund.shares_reason.rstrip('.')}."
        if fund.shares_reason
        else "No reason is given."
    )
    return [f"Risk does not follow the money: {listed(apart)}. {why}"]


_LITTLE = {"both", "gross", "net", "all", "the", "a", "an", "what", "money", "spend", "only", "joint", "each"}
_NOT_SAID, AT_ONCE = "not said", "nobody: it binds at once"


# --- pots ------------------------------------------------------------------------


def _pots(plan: Plan) -> list[Block]:
    """The three pots: their size and share, who decides, who ratifies."""
    fund = plan.budget.fund
    rows = [row for pot in POTS if (row := _pot(fund, pot))]
    total = sum(row["size"] or 0 for row in rows)
    if not rows:
        return []
    for row in rows:
        row["share"] = 100 * row["size"] / total if total and row["size"] is not None else None
    return [
        table(
            "fund-pots",
            f"The pots of the fund, {financial_year(plan.base_year)}",
            [
                Column("pot", "Pot"),
                Column("amount", "Size as agreed", "£000s", 0),
                Column("paid", "Contributions", "£000s", 0),
                Column("share", "Share of all pots", "%", 0),
                Column("decides", "Who decides"),
                Column("ratifies", "Who ratifies"),
            ],
            rows,
            source="Pooled fund of this plan",
            note="The share is of the sizes as agreed, or of the contributions where none is given.",
            missing="not entered",
        )
    ]


def _pot(fund: Fund, pot: str) -> dict[str, Any] | None:
    paid = [c.amount for c in fund.contributions if c.pot == pot]
    agreed = [p for p in fund.pots if p.pot == pot]
    if not paid and not agreed:
        return None
    sizes = [p.amount for p in agreed if p.amount is not None]
    amount = sum(sizes) if sizes else None
    put = sum(paid) if paid else None
    return {
        "pot": POTS[pot],
        "amount": amount,
        "paid": put,
        "size": amount if amount is not None else put,
        "decides": listed(p.decides for p in agreed if p.decides) or _NOT_SAID,
        "ratifies": listed(p.ratifies for p in agreed if p.ratifies) or _at_once(agreed),
    }


def _at_once(agreed: list[Any]) -> str:
    """A pot whose decision needs nobody else; where nobody is said to decide, nothing is known of that either."""
    return AT_ONCE if any(p.decides for p in agreed) else _NOT_SAID


# --- partners ----------------------------------------------------------------------


def _partners(plan: Plan) -> list[Block]:
    fund = plan.budget.fund
    if not fund.partners and not fund.contributions:
        return []
    return [_pooled_table(plan)]


def _pooled_table(plan: Plan) -> Table:
    """One row for each partner: what it puts into each pot, and what it bears and gains."""
    fund = plan.budget.fund
    put, total = paid_in(fund), sum(c.amount for c in fund.contributions)
    whole = {} if total else {o.name: o.total for o in plan.budget.organisations if o.total}
    rows = [_partner(fund, name, put.get(name), total) for name in partners_of(fund)]
    for row in rows if fund.total else ():
        row["whole"] = whole.get(row["partner"])
        row["of_fund"] = 100 * row["whole"] / fund.total if row["whole"] and fund.total else None
    spends = any(row.get("whole") for row in rows)
    pots = [pot for pot in POTS if any(c.pot == pot for c in fund.contributions)]
    capped = any(p.most is not None for p in fund.partners)
    money = [
        *(Column(pot, POTS[pot], "£000s", 0) for pot in pots),
        Column("amount", "Together", "£000s", 0),
        Column("share", "Share of the contributions", "%", 1),
    ]
    return table(
        "fund-shares",
        f"Contributions and shares of risk, {financial_year(plan.base_year)}",
        [
            Column("partner", "Partner"),
            *(money if total else [Column("amount", "Contribution", "£000s", 0)]),
            *(
                [
                    Column("whole", "Its whole spend", "£000s", 0, "not what it contributes"),
                    Column("of_fund", "Whole spend as a share of the fund", "%", 1),
                ]
                if spends
                else []
            ),
            Column("risk", "Share of an overspend", "%", 1),
            *([Column("apart", "Risk less money", "percentage points", 1)] if total else []),
            Column("gain", "Share of an underspend", "%", 1),
            *([Column("most", "Bears at most", "£000s", 0)] if capped else []),
        ],
        rows,
        source="Pooled fund of this plan",
        note="Risk need not follow contribution; where they differ, the difference should be meant.",
        missing="not entered",
    )


def risk_apart(fund: Fund) -> Iterator[tuple[str, float, float]]:
    """The partners that bear another share of an overspend than they pay in: name, and both shares in per cent.

    None where nothing is paid in or no share of an overspend is agreed; apart is more than :data:`APART`.
    """
    put = paid_in(fund)
    total = sum(put.values())
    if not total or not any(p.overspend for p in fund.partners):
        return
    bears = {p.partner: p.overspend for p in fund.partners}
    for partner in partners_of(fund):
        share, risk = 100 * put.get(partner, 0.0) / total, 100 * bears.get(partner, 0.0)
        if abs(share - risk) > APART:
            yield partner, share, risk


def partners_of(fund: Fund) -> list[str]:
    """Everybody who pays in or shares the risk, in the order of entry."""
    return list(
        dict.fromkeys([*(c.partner for c in fund.contributions), *(p.partner for p in fund.partners)])
    )


def _partner(fund: Fund, name: str, amount: float | None, total: float) -> dict[str, Any]:
    shares = next((p for p in fund.partners if p.partner == name), None)
    own: list[Contribution] = [c for c in fund.contributions if c.partner == name]
    share = 100 * (amount or 0) / total if total else None
    risk = 100 * shares.overspend if shares and any(p.overspend for p in fund.partners) else None
    gain = 100 * shares.underspend if shares and any(p.underspend for p in fund.partners) else None
    return {
        "partner": name,
        **{pot: sum(c.amount for c in own if c.pot == pot) for pot in POTS},
        "amount": amount,
        "share": share,
        "risk": risk,
        "apart": risk - share if risk is not None and share is not None else None,
        "gain": gain,
        "most": shares.most if shares else None,
    }


def _results(plan: Plan) -> list[Result]:
    fund, year = plan.budget.fund, financial_year(plan.base_year)
    if not (size := fund_size(fund)):
        return []
    how = "As agreed, else the sum of the pots, else of the contributions"
    found = [
        Result(
            "budget.fund.size",
            "Size of the pooled fund",
            size,
            "£000s",
            year,
            how,
            "Pooled fund of this plan",
        )
    ]
    total = sum(c.amount for c in fund.contributions)
    for n, (name, amount) in enumerate(paid_in(fund).items() if total else ()):
        found.append(
            Result(
                f"budget.fund.share.{n + 1}",
                f"{name}: share of the contributions",
                100 * amount / total,
                "%",
                year,
                f"{number(amount, 0, '£000s')} over {number(total, 0, '£000s')}",
                "Contributions of this plan",
            )
        )
    return found
