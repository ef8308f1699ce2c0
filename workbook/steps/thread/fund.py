"""Rules on the pooled fund and on contracts: who pays in, who bears what, and whether budget lines carry it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.plan.sections import BudgetLine, Contract
from workbook.steps import ladder, misprints
from workbook.steps.budget import contracts, fund_exposure
from workbook.steps.budget.fund import APART, POTS, paid_in, partners_of, risk_apart
from workbook.steps.thread.context import Context, finding, is_set, rule
from workbook.words import financial_year, listed, number, plural
from workbook.words import money as pounds

_FUND = "/budget/fund"
_HALF = 0.5  # thousand pounds: half of the last digit that a plan holds


def _doubt(code: str, sentence: str, remedy: str, path: str) -> Finding:
    return finding(code, "doubt", sentence, remedy, "budget", path)


def _note(code: str, sentence: str, remedy: str, path: str) -> Finding:
    return finding(code, "note", sentence, remedy, "budget", path)


# --- shares and contributions -----------------------------------------------------


@rule("fund")
def risk_unlike_contribution(c: Context) -> Iterator[Finding]:
    """A share of risk that does not follow the money; with a reason given it is for information."""
    fund = c.plan.budget.fund
    for partner, share, risk in risk_apart(fund):
        yield finding(
            "risk-unlike-contribution",
            "note" if fund.shares_reason else "doubt",
            f"{partner} puts in {share:.0f}% of the pooled fund and bears {risk:.0f}% of an overspend.",
            "Agree it and write down why, or bring the two together.",
            "budget",
            f"{_FUND}/partners",
        )


@rule("fund", "money")
def risk_unlike_spend(c: Context) -> Iterator[Finding]:
    """Where no contributions are known, the whole spend of a partner beside its share of risk; neither is derived."""
    fund = c.plan.budget.fund
    if not fund.total or fund.contributions:
        return
    totals = {o.name: o.total for o in c.plan.budget.organisations if o.total}
    for n, partner in enumerate(fund.partners):
        whole = totals.get(partner.partner)
        if not whole or not partner.overspend:
            continue
        share = whole / fund.total
        if abs(100 * (partner.overspend - share)) > APART:
            year = financial_year(c.plan.base_year)
            yield _doubt(
                "risk-unlike-spend",
                f"{partner.partner} bears {_in_words(partner.overspend)} of an overspend, and its whole spend of {pounds(whole)} "
                f"in {year} is {100 * share:.0f}% of the fund of {pounds(fund.total)}.",
                "Say what the size of the fund counts, and enter the contributions; neither figure can be worked out from the other.",
                f"{_FUND}/partners/{n}/overspend",
            )


def _in_words(share: float) -> str:
    """A third and two thirds as people agree on them, any other share in per cent."""
    thirds = {1: "one third", 2: "two thirds"}
    near = round(3 * share)
    if near in thirds and abs(share - near / 3) < 0.005:
        return f"{thirds[near]} ({100 * share:.1f}%)"
    return number(100 * share, None, "%")


@rule("fund")
def shares_not_one(c: Context) -> Iterator[Finding]:
    """Shares of an overspend, or of an underspend, that do not add up to one."""
    partners = c.plan.budget.fund.partners
    for name, shares in (
        ("overspend", [p.overspend for p in partners]),
        ("underspend", [p.underspend for p in partners]),
    ):
        if any(shares) and not contracts.whole(shares):
            together = number(100 * sum(shares), 1, "%")
            rest = "the rest falls on nobody" if sum(shares) < 1 else "more is shared out than there is"
            yield _doubt(
                "shares-not-one",
                f"The shares of an {name} of the pooled fund add up to {together}: {rest}.",
                "Agree shares that add up to 1.",
                f"{_FUND}/partners",
            )


@rule("fund")
def contributions_unlike_size(c: Context) -> Iterator[Finding]:
    """Contributions against the size of the fund and of each pot, and the pots against the fund."""
    fund = c.plan.budget.fund
    put, agreed = sum(p.amount for p in fund.contributions), [p.amount for p in fund.pots]
    if fund.total and put and abs(put - fund.total) >= _HALF:
        yield _unlike(f"The contributions add up to {_exact(put)}", "the fund", fund.total, "total")
    if fund.total and agreed and None not in agreed:
        pots = sum(a for a in agreed if a is not None)
        if abs(pots - fund.total) >= _HALF:
            yield _unlike(f"The pots add up to {_exact(pots)}", "the fund", fund.total, "pots")
    for pot in dict.fromkeys(p.pot for p in fund.pots):
        size = sum(p.amount for p in fund.pots if p.pot == pot and p.amount is not None)
        paid = sum(p.amount for p in fund.contributions if p.pot == pot)
        if put and size and abs(paid - size) >= _HALF:
            named = f"the pot “{POTS[pot]}”"
            yield _unlike(f"The contributions to {named} add up to {_exact(paid)}", named, size, "pots")


def _unlike(what: str, of: str, size: float, field: str) -> Finding:
    return _doubt(
        "contributions-unlike-size",
        f"{what}, and {of} is {_exact(size)} as agreed.",
        "Enter what is missing, or correct the size.",
        f"{_FUND}/{field}",
    )


def _exact(amount: float) -> str:
    return number(amount, None, "£000s")


@rule("fund")
def partner_in_half(c: Context) -> Iterator[Finding]:
    """A partner that pays in and bears nothing, or the reverse; silent while one of the two lists is empty."""
    fund = c.plan.budget.fund
    put, shared = paid_in(fund), {p.partner: p for p in fund.partners}
    if not put or not shared:
        return
    for partner in partners_of(fund):
        if partner not in shared:
            yield _doubt(
                "partner-without-share",
                f"{partner} pays {pounds(put[partner])} into the pooled fund and has no share of its risk or gain.",
                "Enter its shares, nought included, or say that it bears nothing.",
                f"{_FUND}/partners",
            )
        elif partner not in put and shared[partner].overspend:
            yield _doubt(
                "share-without-contribution",
                f"{partner} bears {number(100 * shared[partner].overspend, 1, '%')} of an overspend and pays nothing into the pooled fund.",
                "Enter its contribution, or take it out of the shares.",
                f"{_FUND}/contributions",
            )


@rule("fund", "money", "scope")
def contribution_above_lines(c: Context) -> Iterator[Finding]:
    """What a partner puts in has to stand in its budget lines, and in those in scope."""
    lines = c.plan.budget.lines
    if not lines:
        return
    inside = ladder.in_scope(c.plan, c.reference)
    for partner, amount in paid_in(c.plan.budget.fund).items():
        own = [line for line in lines if line.organisation == partner]
        if not own:
            yield _note(
                "contribution-without-lines",
                f"{partner} pays {pounds(amount)} into the pooled fund, and no budget line is entered under that name.",
                "Enter its lines, or use the same name in both places.",
                f"{_FUND}/contributions",
            )
        elif amount - (held := sum(x.amount for x in own if _inside(x, inside))) >= _HALF:
            yield _doubt(
                "contribution-above-lines",
                f"{partner} pays {pounds(amount)} into the pooled fund, and its budget lines in scope come to {pounds(held)} "
                f"in {financial_year(c.plan.base_year)}.",
                "Take more of its lines into scope, or lower the contribution.",
                f"{_FUND}/contributions",
            )


def _inside(line: BudgetLine, inside: set[str]) -> bool:
    """A line without a rung, or in a plan without a chosen scope, may be in."""
    if line.scope != "ladder":
        return line.scope == "in"
    return not inside or not line.rung or line.rung in inside


@rule("fund")
def host_not_partner(c: Context) -> Iterator[Finding]:
    """A host that is none of those who pay in or share the risk."""
    fund = c.plan.budget.fund
    partners = partners_of(fund)
    if fund.host and partners and fund.host not in partners:
        yield _doubt(
            "host-not-partner",
            f"The host of the pooled fund is “{fund.host}”, which is none of its partners: {listed(partners)}.",
            "Name one of the partners, in the same words.",
            f"{_FUND}/host",
        )


@rule("fund")
def fund_without_exit(c: Context) -> Iterator[Finding]:
    """Contributions alone are a sketch; a fund with a name, a size or a host is meant to be set up."""
    fund = c.plan.budget.fund
    if (fund.name or fund.total or fund.host) and (fund.exit_months is None or not fund.exit):
        lacking = [
            *(["how much notice it gives"] if fund.exit_months is None else []),
            *(["what happens to staff, contracts, balances and debts"] if not fund.exit else []),
        ]
        yield _doubt(
            "fund-without-exit",
            f"Nothing says, for a partner that leaves the pooled fund, {listed(lacking)}.",
            "Write the way out into the agreement before money goes in.",
            f"{_FUND}/{'exit_months' if fund.exit_months is None else 'exit'}",
        )


@rule("fund")
def fund_range_out_of_order(c: Context) -> Iterator[Finding]:
    """A range of spend against plan whose lower end is above its upper."""
    fund = c.plan.budget.fund
    low, high = fund.spend_low, fund.spend_high
    if low is not None and high is not None and low > high:
        yield _doubt(
            "ranges-out-of-order",
            f"The fund's spend against plan runs from {number(low, None, '%')} to {number(high, None, '%')}: the lower end is above the upper.",
            "Change the two round.",
            f"{_FUND}/spend_low",
        )


# --- contracts -----------------------------------------------------------------------


@rule("fund", "money")
def contract_unlike_lines(c: Context) -> Iterator[Finding]:
    """The value of the contracts of a payer with a provider against the budget lines they are paid from."""
    if not c.plan.budget.lines:
        return
    bought: dict[tuple[str, str], list[tuple[int, Contract]]] = {}
    for n, contract in enumerate(c.plan.budget.contracts):
        if contract.value and contract.payer in _payers(c):
            bought.setdefault((contract.payer, contract.provider), []).append((n, contract))
    for (payer, provider), own in bought.items():
        lines = [x for x in c.plan.budget.lines if x.organisation == payer and x.provider == provider]
        held, value = sum(x.amount for x in lines), sum(contract.value for _, contract in own)
        year = financial_year(c.plan.base_year)
        if value - held >= _HALF:
            yield _doubt(
                "contract-unlike-lines",
                f"{listed(f'“{x.name}”' for _, x in own)} {'is' if len(own) == 1 else 'are'} worth {pounds(value)} a year, "
                f"and the budget lines of {payer} with {provider or 'that provider'} come to {pounds(held)} in {year}.",
                "Enter the lines it is paid from, with the same provider, or correct the value.",
                f"/budget/contracts/{own[0][0]}/value",
            )


def _payers(c: Context) -> set[str]:
    return {line.organisation for line in c.plan.budget.lines if line.organisation}


@rule("fund", "money")
def payer_unknown(c: Context) -> Iterator[Finding]:
    """A payer that is no organisation of the plan, and not the fund itself."""
    fund = c.plan.budget.fund
    known = _payers(c) | {o.name for o in c.plan.budget.organisations} | set(partners_of(fund))
    known |= {fund.name} if fund.name else set()
    for n, contract in enumerate(c.plan.budget.contracts):
        if contract.payer not in known:
            who = f"“{contract.payer}”, which pays for no budget line" if contract.payer else "nobody"
            yield _doubt(
                "payer-unknown",
                f"The contract “{contract.name}” is paid by {who}.",
                "Name the organisation whose budget pays it, in the same words.",
                f"/budget/contracts/{n}/payer",
            )


@rule("fund")
def outcome_part_above_value(c: Context) -> Iterator[Finding]:
    """More money that depends on outcomes than the contract holds."""
    for n, contract in enumerate(c.plan.budget.contracts):
        if contract.value and contract.outcome_part - contract.value >= _HALF:
            yield _doubt(
                "outcome-part-above-value",
                f"Of “{contract.name}”, {pounds(contract.outcome_part)} depends on outcomes, and the whole contract is worth {pounds(contract.value)}.",
                "Correct one of the two; the value includes the outcomes.",
                f"/budget/contracts/{n}/outcome_part",
            )


@rule("fund", "money")
def pool_above_stake(c: Context) -> Iterator[Finding]:
    """A pool larger than the contract it stands behind, or a part of it larger than the budget of who fills it."""
    held: dict[str, float] = {}
    for line in c.plan.budget.lines:
        held[line.organisation] = held.get(line.organisation, 0.0) + line.amount
    for n, contract in enumerate(c.plan.budget.contracts):
        path = f"/budget/contracts/{n}/pool"
        if contract.value and contract.pool - contract.value >= _HALF:
            yield _doubt(
                "pool-above-stake",
                f"The risk pool of “{contract.name}” is {pounds(contract.pool)}, more than the contract of "
                f"{pounds(contract.value)} that it stands behind.",
                "Lower the pool to what can be lost.",
                path,
            )
        for share in contract.shares:
            owes, budget = share.share * contract.pool, held.get(share.partner)
            if budget is not None and owes - budget >= _HALF:
                yield _doubt(
                    "pool-above-stake",
                    f"{share.partner} fills {pounds(owes)} of the risk pool of “{contract.name}”, and its budget lines come to {pounds(budget)}.",
                    "Lower the pool or its share to what it can bear.",
                    path,
                )


@rule("fund")
def pool_shares_not_one(c: Context) -> Iterator[Finding]:
    """A risk pool that nobody fills, or that is filled by more or less than one."""
    for n, contract in enumerate(c.plan.budget.contracts):
        shares = [s.share for s in contract.shares]
        if not contract.pool or contracts.whole(shares):
            continue
        said = (
            f"add up to {number(100 * sum(shares), 1, '%')}"
            if any(shares)
            else "are not given: nobody fills it"
        )
        yield _doubt(
            "pool-shares-not-one",
            f"The shares of the risk pool of “{contract.name}”, {pounds(contract.pool)}, {said}.",
            "Agree who fills the pool, in shares that add up to 1.",
            f"/budget/contracts/{n}/shares",
        )


@rule("fund")
def contract_range_doubtful(c: Context) -> Iterator[Finding]:
    """Ranges without a source, and ranges out of order."""
    for n, contract in enumerate(c.plan.budget.contracts):
        costs = (contract.cost_low, contract.cost, contract.cost_high)
        earned = (contract.earned_low, contract.earned, contract.earned_high)
        given = any(v is not None for v in (*costs, *earned))
        if given and not contract.source:
            yield _doubt(
                "range-without-source",
                f"“{contract.name}” has ranges of cost or of outcomes earned, and nothing says where they come from.",
                "Name the outturn, the model or the people they come from.",
                f"/budget/contracts/{n}/source",
            )
        for points, field, what in ((costs, "cost", "cost"), (earned, "earned", "share earned")):
            if not contracts.ordered(*points):
                said = listed(number(p) for p in points if p is not None)
                yield _doubt(
                    "ranges-out-of-order",
                    f"The {what} of “{contract.name}” runs {said}, which is not from low to high.",
                    "Put the low, the middle and the high end in order; nothing is drawn before.",
                    f"/budget/contracts/{n}/{field}",
                )


@rule("fund", "schemes", "money")
def block_saving_not_cashable(c: Context) -> Iterator[Finding]:
    """Fewer contacts save nothing in cash where the sum for the year is fixed."""
    fixed = {(x.payer, x.provider): x for x in c.plan.budget.contracts if x.payer and x.provider}
    lines = {line.id: line for line in c.plan.budget.lines}
    for n, scheme in enumerate(c.plan.budget.schemes):
        line = lines.get(scheme.line)
        if line is None or not scheme.funded or not (scheme.activity or 0) < 0:
            continue
        contract = fixed.get((line.organisation, line.provider))
        cashed = scheme.gross_saving * scheme.cashable_share
        if contract is not None and cashed >= _HALF:
            yield _doubt(
                "block-saving-not-cashable",
                f"“{scheme.name}” counts {pounds(cashed)} a year as saved on {number(-(scheme.activity or 0))} fewer "
                f"{scheme.activity_unit or 'units of activity'}, but “{contract.name}” pays {line.provider} the same sum "
                "whatever the activity.",
                "Lower the value of the contract by agreement, or count the saving as capacity and not as cash.",
                f"/budget/schemes/{n}/cashable_share",
            )


@rule("fund", "stopping", "money")
def stop_under_block_contract(c: Context) -> Iterator[Finding]:
    """A service that ends saves its payer nothing while the sum for the year still pays for it."""
    fixed = {(x.payer, x.provider): x for x in c.plan.budget.contracts if x.payer and x.provider}
    lines = {line.id: line for line in c.plan.budget.lines}
    for service in c.stopping:
        line = lines.get(service.line)
        contract = fixed.get((line.organisation, service.provider)) if line else None
        if contract is not None and service.cashable >= _HALF:
            n = c.plan.decommissioning.services.index(service)
            yield _note(
                "stop-under-block-contract",
                f"“{service.name}” counts {pounds(service.cashable)} a year as cash once it ends, and “{contract.name}” pays "
                f"{service.provider} the same sum with or without it.",
                "Agree by how much the contract falls, and from when.",
                f"/decommissioning/services/{n}/cashable",
            )


@rule("fund")
def partner_twice(c: Context) -> Iterator[Finding]:
    """Two entries of shares for one partner: only one of them was agreed."""
    names = [p.partner for p in c.plan.budget.fund.partners]
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        yield _doubt(
            "partner-twice",
            f"{name or 'A partner without a name'} stands {names.count(name)} times among those who share the risk of the pooled fund.",
            "Keep the entry that was agreed.",
            f"{_FUND}/partners",
        )


@rule("fund", "ambitions")
def outcomes_paid_not_measured(c: Context) -> Iterator[Finding]:
    """Money that depends on outcomes needs at least one ambition whose measure says whether they were reached."""
    if any(a.measure and is_set(a) for a in c.plan.ambitions.items):
        return
    paying = [(n, x) for n, x in enumerate(c.plan.budget.contracts) if x.outcome_part]
    for n, contract in paying:
        yield _doubt(
            "outcomes-paid-not-measured",
            f"{pounds(contract.outcome_part)} of “{contract.name}” depends on outcomes, and no ambition of the plan "
            "has a measure and a level to judge them by.",
            "Set the ambitions that the money depends on.",
            f"/budget/contracts/{n}/outcome_part",
        )


@rule("fund", "risks")
def exposure_without_risk(c: Context) -> Iterator[Finding]:
    """What fund and contracts may cost has to stand in the list of risks, once such a list is kept."""
    if not c.plan.budget.risks or any(
        word in f"{r.name} {r.mitigation}".lower()
        for r in c.plan.budget.risks
        for word in ("fund", "pool", "overspend", "contract")
    ):
        return
    drawn = fund_exposure.exposures(c.plan).parts
    if drawn:
        yield _note(
            "exposure-without-risk",
            f"Of {plural(len(c.plan.budget.risks), 'risk')} listed none is an overspend of the fund or a loss under a contract, "
            f"although the ranges of {listed(drawn)} say that partners can have to find money.",
            "Add it with its owner.",
            "/budget/risks",
        )


# --- what was printed ---------------------------------------------------------------


@rule("money")
def two_totals(c: Context) -> Iterator[Finding]:
    """Two published totals of one body and year: which one the plan means has to be said."""
    if c.plan.area.code not in set(c.reference.places()["place"]):
        return
    for found in misprints.contradictions(c.reference):
        if found.kind != "two-totals" or found.place != c.plan.area.code:
            continue
        yield _doubt(
            "two-totals",
            f"{found.where}: {found.sentence.removesuffix(' Name which one is meant.')}",
            "Say in the source of the total which of the two it is and what it takes in; never mix them.",
            "/budget/organisations",
        )
