"""Rules on money: the gap, the balance of each organisation, assumptions, and what the money buys."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from workbook.blocks import Finding
from workbook.steps.budget import organisations, triangulation
from workbook.steps.money import assumed
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import financial_year, listed, number, some
from workbook.words import money as pounds

_POUND = 0.001  # of a thousand pounds
_NEAR = 0.01  # share of an amount below which a difference is told to the pound


@rule("money", "schemes", "stopping")
def gap_not_closed(c: Context) -> Iterator[Finding]:
    """Spend above income in the last year, schemes and stopped services included."""
    if not c.plan.budget.lines:
        return
    last = c.money.year(c.plan.last_year)
    if last["gap_after"] < -0.5:
        yield finding(
            "gap-not-closed",
            "doubt",
            f"In {financial_year(c.plan.last_year)} spend is {pounds(-last['gap_after'])} above income, "
            "schemes and stopped services included.",
            "Stop more, spend less, or agree with the bodies that pay how the gap is carried.",
            "budget",
            "/budget/lines",
        )


@rule("money")
def income_missing(c: Context) -> Iterator[Finding]:
    """Years of the plan without income."""
    if not c.plan.budget.lines:
        return
    given = {i.year for i in c.plan.budget.income}
    without = [financial_year(y) for y in c.plan.years if y not in given]
    if without:
        yield finding(
            "income-missing",
            "doubt",
            f"No income is given for {listed(without)}, so the gap of those years is not known.",
            "Give each organisation's income for each year, confirmed or assumed.",
            "budget",
            "/budget/income",
        )


@rule("money")
def base_year_does_not_reconcile(c: Context) -> Iterator[Finding]:
    """Income and spend of each organisation in the base year."""
    income: dict[str, float] = {}
    for entry in c.plan.budget.income:
        if entry.year == c.plan.base_year:
            income[entry.organisation] = income.get(entry.organisation, 0) + entry.amount
    for organisation, amount in income.items():
        spend = sum(line.amount for line in c.plan.budget.lines if line.organisation == organisation)
        if spend and abs(spend - amount) >= _POUND:
            # Rounded, two nearly equal amounts would look alike, or further apart than they are.
            said = _exact if abs(spend - amount) < _NEAR * abs(amount) else pounds
            yield finding(
                "base-year-does-not-reconcile",
                "doubt",
                f"{organisation} brings in {said(amount)} in {financial_year(c.plan.base_year)} and its lines add up to "
                f"{said(spend)}: {_exact(abs(spend - amount))} apart.",
                "Enter the lines that are missing, or name the surplus or deficit.",
                "budget",
                "/budget/lines",
            )


def _exact(thousands: float) -> str:
    """To the pound: what reconciles has no rest."""
    return f"£{number(1000 * thousands, 0)}"


@rule("money", "assumptions")
def assumed_shown_as_confirmed(c: Context) -> Iterator[Finding]:
    """Income marked confirmed for a year whose price uplift is only assumed."""
    for n, income in enumerate(c.plan.budget.income):
        if income.status != "confirmed" or income.year <= c.plan.base_year:
            continue
        uplift = c.reference.assumption("price-uplift", income.year)
        if uplift.status == "assumed":
            yield finding(
                "assumed-shown-as-confirmed",
                "doubt",
                f"The income of {income.organisation} for {financial_year(income.year)} is marked confirmed, "
                "but the price uplift of that year is only assumed.",
                "Mark it assumed until the settlement is published, or name the letter that confirms it.",
                "budget",
                f"/budget/income/{n}/status",
            )


@rule("assumptions")
def override_without_reason(c: Context) -> Iterator[Finding]:
    """An assumption changed without a reason or a name."""
    for n, override in enumerate(c.plan.assumptions):
        if not (override.reason and override.by):
            yield finding(
                "override-without-reason",
                "doubt",
                f"The assumption “{override.id}” was changed without a reason or a name.",
                "Say why it was changed, and by whom.",
                "budget",
                f"/assumptions/{n}",
            )


@rule("money")
def money_from_pattern(c: Context) -> Iterator[Finding]:
    """A budget that is still that of the pattern the plan was made from."""
    origin = c.plan.origin
    if origin and c.plan.budget.lines:
        how = (
            f"multiplied by {origin.money_factor:.3f} so that its NHS commissioner's income is this area's allocation"
            if origin.money_factor
            else "unchanged, because no allocation of this area is on hand"
        )
        yield finding(
            "money-from-pattern",
            "doubt",
            f"The budget is that of the pattern “{origin.title}”, {how}.",
            "Replace it by the area's own budget lines and income.",
            "budget",
            "/budget/lines",
        )


# --- organisations ---------------------------------------------------------------


@rule("money", "schemes", "stopping")
def money_without_organisation(c: Context) -> Iterator[Finding]:
    """Spend, cost or savings that belong to no organisation, so that the organisations do not add up alone."""
    nowhere = organisations.unplaced(c.plan, c.money) if c.plan.budget.lines else []
    if not nowhere:
        return
    moved = c.money.organisations[c.money.organisations["organisation"] == ""]
    last = moved[moved["year"] == c.plan.last_year]
    amount = float((last["spend"] + last["scheme_cost"] - last["saving"]).sum())
    yield finding(
        "money-without-organisation",
        "doubt",
        f"No organisation pays for {some(nowhere)}: {pounds(amount)} in {financial_year(c.plan.last_year)}, so the year "
        "totals of the organisations do not add up to the plan's.",
        "Name the budget line of each scheme and service, and the organisation of each line.",
        "budget",
        "/budget/lines",
    )


@rule("money")
def organisation_without_income(c: Context) -> Iterator[Finding]:
    """An organisation that pays for lines and brings in nothing, where others do: often one name spelt two ways."""
    bring = {entry.organisation for entry in c.plan.budget.income}
    pay = dict.fromkeys(
        line.organisation for line in c.plan.budget.lines if line.organisation and line.amount
    )
    without = [name for name in pay if name not in bring]
    if bring and without:
        spare = [name for name in dict.fromkeys(bring) if name not in pay]
        hint = f" {listed(sorted(spare))} has income and no line." if len(spare) == 1 else ""
        yield finding(
            "organisation-without-income",
            "doubt",
            f"{some(without)} pays for budget lines and no income is given for it.{hint}",
            "Give its income, or use one name for one organisation.",
            "budget",
            "/budget/income",
        )


@rule("money")
def income_entered_twice(c: Context) -> Iterator[Finding]:
    """Income of one organisation and year that is entered more than once."""
    seen: dict[tuple[str, int, float], int] = {}
    for n, entry in enumerate(c.plan.budget.income):
        key = (entry.organisation, entry.year, entry.amount)
        if entry.amount and key in seen:
            yield finding(
                "income-entered-twice",
                "doubt",
                f"The income of {entry.organisation} for {financial_year(entry.year)}, {pounds(entry.amount)}, is entered "
                "twice and counts twice.",
                "Take one of the two away, or say in its source what the second one is.",
                "budget",
                f"/budget/income/{n}",
            )
        seen[key] = n


@rule("money", "assumptions")
def income_grows_fast(c: Context) -> Iterator[Finding]:
    """Assumed income that outgrows what the workbook lets pass, from the last figure that is confirmed."""
    limit = assumed(c.plan, c.reference, "income-growth-high", c.plan.last_year)[1]
    income: dict[str, dict[int, tuple[float, bool]]] = {}
    for entry in c.plan.budget.income:
        amount, sure = income.setdefault(entry.organisation, {}).get(entry.year, (0.0, True))
        income[entry.organisation][entry.year] = (amount + entry.amount, sure and entry.status == "confirmed")
    for organisation, years in income.items():
        last, before = max(years), [y for y, (amount, sure) in years.items() if sure and amount > 0]
        if years[last][1] or not before or max(before) >= last:
            continue
        known = max(before)
        rate = (max(years[last][0], 0.0) / years[known][0]) ** (1 / (last - known)) - 1
        if rate > limit:
            yield finding(
                "income-grows-fast",
                "doubt",
                f"The assumed income of {organisation} grows by {number(100 * rate, 1)}% a year from {financial_year(known)}, "
                f"the last year confirmed, to {financial_year(last)}; more than {number(100 * limit, 1)}% is asked about.",
                "Say which settlement is expected, or enter less.",
                "budget",
                "/budget/income",
            )


@rule("money", "schemes", "stopping")
def negative_spend(c: Context) -> Iterator[Finding]:
    """Savings on a budget line that come to more than the line spends."""
    saved: dict[tuple[str, int], float] = {}
    line_of = {s.id: s.line for s in c.plan.budget.schemes} | {
        f"service {s.id}": s.line for s in c.plan.decommissioning.services
    }
    _add(saved, c.money.schemes, "scheme", "cashed", line_of, "")
    _add(saved, c.money.services, "service", "cashable", line_of, "service ")
    spend = dict(
        zip(
            zip(c.money.lines["line"], c.money.lines["year"], strict=True),
            c.money.lines["total"],
            strict=True,
        )
    )
    place = {line.id: n for n, line in enumerate(c.plan.budget.lines)}
    said: set[str] = set()
    for (line, year), amount in sorted(saved.items(), key=lambda item: item[0][1]):
        if line in place and line not in said and amount - spend[line, year] >= _POUND:
            said.add(line)
            yield finding(
                "negative-spend",
                "blocks",
                f"In {financial_year(year)} schemes and services save {pounds(amount)} on “{c.plan.budget.lines[place[line]].name}”, "
                f"which spends {pounds(float(spend[line, year]))}: spend would fall below zero.",
                "Correct the savings, or name the other lines that they come from.",
                "budget",
                f"/budget/lines/{place[line]}/amount",
            )


def _add(
    saved: dict[tuple[str, int], float],
    frame: pd.DataFrame,
    id: str,
    column: str,
    line_of: dict[str, str],
    prefix: str,
) -> None:
    for name, year, amount in zip(frame[id], frame["year"], frame[column], strict=True):
        if amount:
            key = (line_of[prefix + name], int(year))
            saved[key] = saved.get(key, 0.0) + float(amount)


# --- assumptions ------------------------------------------------------------------


@rule("money", "assumptions")
def own_rates_without_reason(c: Context) -> Iterator[Finding]:
    """Growth, price or efficiency of a line's own, without a reason."""
    for n, line in enumerate(c.plan.budget.lines):
        own = {
            "growth": line.own_growth,
            "price uplift": line.own_price,
            "efficiency": line.own_efficiency,
        }
        given = [f"{name} of {number(rate)}% a year" for name, rate in own.items() if rate is not None]
        if given and not line.own_reason:
            yield finding(
                "own-rates-without-reason",
                "doubt",
                f"“{line.name}” has its own {listed(given)} in place of the dated assumption, and no reason is given.",
                "Say why, and who confirmed it, or leave the dated assumption.",
                "budget",
                f"/budget/lines/{n}/own_reason",
            )


@rule("money", "assumptions")
def efficiency_above_achieved(c: Context) -> Iterator[Finding]:
    """Efficiency beyond the best year on record, by line or for all; a note where it is beyond the long-run average."""
    known = c.reference.assumption("efficiency-achieved", c.plan.last_year)
    best = known.high if known.high is not None else known.value
    for n, line in enumerate(c.plan.budget.lines):
        if line.own_efficiency is not None and line.own_efficiency > best:
            yield _too_efficient(
                f"“{line.name}” counts on efficiency of {number(line.own_efficiency)}% a year",
                best,
                known.value,
                f"/budget/lines/{n}/own_efficiency",
            )
    used = {use.year: use for use in c.money.used if use.assumption.id == "efficiency"}
    if not used:
        return
    year, use = max(used.items(), key=lambda item: item[1].value)
    if 100 * use.value > best + 1e-9:
        changed = [
            n for n, own in enumerate(c.plan.assumptions) if own.id == "efficiency" and own.value > best
        ]
        path = f"/assumptions/{changed[0]}/value" if changed else "/assumptions"
        words = f"The plan counts on efficiency of {number(100 * use.value)}% in {financial_year(year)}"
        yield _too_efficient(words, best, known.value, path)
        return
    mean = 100 * (math.prod(1 + u.value for u in used.values()) ** (1 / len(used)) - 1)
    if mean > known.value:
        yield finding(
            "efficiency-above-average",
            "note",
            f"The plan counts on efficiency of {number(mean, 1)}% a year; publicly funded healthcare achieved "
            f"{number(known.value)}% a year over the long run ({known.source.split(':')[0]}).",
            "Say what is different here, or show the gap with less.",
            "budget",
            "/assumptions",
        )


def _too_efficient(words: str, best: float, average: float, path: str) -> Finding:
    return finding(
        "efficiency-above-achieved",
        "doubt",
        f"{words}. The best single year of publicly funded healthcare on record gave {number(best)}%, the long run "
        f"{number(average)}% a year.",
        "Show where it has been achieved, or count on less.",
        "budget",
        path,
    )


# --- what the money buys --------------------------------------------------------------


@rule("money", "schemes", "assumptions")
def products_unlike_money(c: Context) -> Iterator[Finding]:
    """Activity times price, or staff times cost, that is far from the money of the same line or scheme."""
    tolerance = assumed(c.plan, c.reference, "triangulation-tolerance", c.plan.base_year)[1]
    for check in triangulation.checks(c.plan, tolerance):
        if not check.agrees:
            yield _unlike(check, tolerance)


def _unlike(check: triangulation.Check, tolerance: float) -> Finding:
    code = "activity-unlike-spend" if check.field == "activity" else "staff-unlike-pay"
    how = "more than its" if check.ceiling else "against"
    off = f" ({number(100 * check.share, 0)}% apart)" if math.isfinite(check.share) else ""
    whole = "spend" if check.against == "spend" else check.against
    return finding(
        code,
        "doubt",
        f"“{check.name}”: {number(check.count, 0)} {check.unit} at £{number(check.each)} each come to "
        f"{pounds(check.product)}, {how} {whole} of {pounds(check.given)}{off}; up to {number(100 * tolerance, 1)}% is let pass.",
        "Correct the count, the price or the money, or say in the entry what else the money pays for.",
        "budget",
        f"/budget/{check.kind}/{check.index}/{check.field}",
    )


@rule("money", "assumptions")
def beds_too_full(c: Context) -> Iterator[Finding]:
    """Occupied bed days that the beds cannot hold, or hardly."""
    high = assumed(c.plan, c.reference, "bed-occupancy-high", c.plan.base_year)[1]
    for beds in triangulation.bedded(c.plan):
        path = f"/budget/lines/{beds.index}/bed_days"
        year = financial_year(c.plan.base_year)
        if beds.bed_days and not beds.beds:
            words = f"“{beds.name}” has {number(beds.bed_days, 0)} occupied bed days in {year} and no beds."
            yield finding("occupancy-impossible", "blocks", words, "Enter its beds.", "budget", path)
        elif beds.occupancy > 1:
            yield finding(
                "occupancy-impossible",
                "blocks",
                f"“{beds.name}” has {number(beds.bed_days, 0)} occupied bed days in {number(beds.beds, 0)} beds in {year}: "
                f"{number(100 * beds.occupancy, 0)}% full, which cannot be.",
                "Correct the beds or the bed days; both count a whole year.",
                "budget",
                path,
            )
        elif beds.occupancy > high:
            yield finding(
                "occupancy-high",
                "doubt",
                f"“{beds.name}” is {number(100 * beds.occupancy, 1)}% full in {year}; above {number(100 * high, 0)}% is asked about.",
                "Say how a full week is met, or plan for more beds or fewer stays.",
                "budget",
                path,
            )


@rule("schemes", "stopping")
def beds_unlike(c: Context) -> Iterator[Finding]:
    """The beds that schemes close against those that the services they name close."""
    places = {s.id: n for n, s in enumerate(c.plan.decommissioning.services)}
    for id, (closed, claimed) in triangulation.beds_by_service(c.plan).items():
        if not claimed or math.isclose(closed, claimed):
            continue
        if not id:
            yield finding(
                "beds-unlike-services",
                "doubt",
                f"Funded schemes close {number(claimed, 0)} beds without a service that stops.",
                "Name the service whose beds close, or leave the beds open.",
                "budget",
                "/budget/schemes",
            )
            continue
        name = c.plan.decommissioning.services[places[id]].name
        yield finding(
            "beds-unlike-services",
            "doubt",
            f"“{name}” closes {number(closed, 0)} beds, and the funded schemes that name it count on {number(claimed, 0)}.",
            "Let the scheme and the service close the same beds.",
            "decommissioning",
            f"/decommissioning/services/{places[id]}/beds_closed",
        )


@rule("schemes", "stopping")
def beds_added_by_closing(c: Context) -> Iterator[Finding]:
    """A scheme that opens beds with the money of a service that closes some: most often a minus left out."""
    closing = {s.id: s for s in c.stopping if s.beds_closed}
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not scheme.funded or scheme.stops not in closing or (scheme.beds or 0) <= 0:
            continue
        service = closing[scheme.stops]
        yield finding(
            "beds-added-by-closing",
            "doubt",
            f"“{scheme.name}” is entered with {number(scheme.beds or 0, 0)} more beds, and “{service.name}”, which stops for it, "
            f"closes {number(service.beds_closed, 0)}.",
            "Enter beds that close below zero, or say why new ones open.",
            "budget",
            f"/budget/schemes/{n}/beds",
        )


@rule("money", "stopping")
def more_beds_closed_than_there_are(c: Context) -> Iterator[Finding]:
    """Services that close more beds than the budget lines have."""
    have = sum(beds.beds for beds in triangulation.bedded(c.plan))
    closed = sum(s.beds_closed for s in c.stopping)
    if have and closed > have:
        yield finding(
            "beds-closed-beyond",
            "blocks",
            f"Services close {number(closed, 0)} beds, and the budget lines have {number(have, 0)}.",
            "Correct the beds of the lines or of the services.",
            "decommissioning",
            "/decommissioning/services",
        )


@rule("money", "schemes")
def capital_without_year(c: Context) -> Iterator[Finding]:
    """Capital of a funded scheme that falls in no year of the plan."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not (scheme.funded and scheme.capital):
            continue
        if scheme.start_year is None or scheme.start_year not in c.money.years:
            start = scheme.start_year
            when = (
                "has no start year"
                if start is None
                else f"starts in {financial_year(start)}, outside the plan"
            )
            yield finding(
                "capital-without-year",
                "doubt",
                f"“{scheme.name}” needs capital of {pounds(scheme.capital)} and {when}: no year of the plan holds it.",
                "Give the year in which it starts, or leave the capital to the plan of that year.",
                "budget",
                f"/budget/schemes/{n}/start_year",
            )


@rule("money", "risks")
def risk_cost_doubtful(c: Context) -> Iterator[Finding]:
    """A cost of a risk whose low end is above its high end, or a cost without a chance."""
    for n, risk in enumerate(c.plan.budget.risks):
        if risk.cost_low is not None and risk.cost_high is not None and risk.cost_low > risk.cost_high:
            yield finding(
                "risk-cost-turned",
                "doubt",
                f"The risk “{risk.name}” costs {pounds(risk.cost_low)} at the low end and {pounds(risk.cost_high)} at the high "
                "end; the draws take them the other way round.",
                "Swap the two.",
                "budget",
                f"/budget/risks/{n}/cost_low",
            )
        elif risk.chance is None and (risk.cost_low or risk.cost_high):
            yield finding(
                "risk-without-chance",
                "doubt",
                f"The risk “{risk.name}” has a cost of up to {pounds(max(risk.cost_low or 0, risk.cost_high or 0))} and no "
                "chance, so the money does not count it.",
                "Say how likely it is in a year, from 0 to 1.",
                "budget",
                f"/budget/risks/{n}/chance",
            )
