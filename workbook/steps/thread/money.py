"""Rules on money: the gap, the balance of each organisation, assumptions and risk."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import financial_year, listed
from workbook.words import money as pounds


@rule()
def gap_not_closed(c: Context) -> Iterator[Finding]:
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


@rule()
def income_missing(c: Context) -> Iterator[Finding]:
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


@rule()
def base_year_does_not_reconcile(c: Context) -> Iterator[Finding]:
    """Income and spend of each organisation in the base year."""
    income: dict[str, float] = {}
    for entry in c.plan.budget.income:
        if entry.year == c.plan.base_year:
            income[entry.organisation] = income.get(entry.organisation, 0) + entry.amount
    for organisation, amount in income.items():
        spend = sum(line.amount for line in c.plan.budget.lines if line.organisation == organisation)
        if spend and abs(spend - amount) > max(0.001 * amount, 0.5):
            yield finding(
                "base-year-does-not-reconcile",
                "doubt",
                f"{organisation} brings in {pounds(amount)} in {financial_year(c.plan.base_year)} and its lines add up to {pounds(spend)}.",
                "Enter the lines that are missing, or name the surplus or deficit.",
                "budget",
                "/budget/lines",
            )


@rule()
def assumed_shown_as_confirmed(c: Context) -> Iterator[Finding]:
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


@rule()
def override_without_reason(c: Context) -> Iterator[Finding]:
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


@rule()
def money_from_pattern(c: Context) -> Iterator[Finding]:
    origin = c.plan.origin
    if origin and c.plan.budget.lines:
        how = (
            f"multiplied by {origin.money_factor:.3f} to fit this area's allocation"
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
