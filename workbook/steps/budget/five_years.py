"""Five years of money: what lines grow to, what is left of income, and what the plan changes of it."""

from __future__ import annotations

import math
from typing import Any

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.budget import organisations, uncertainty
from workbook.steps.budget.gap import gap_words
from workbook.steps.frames import records
from workbook.steps.money import COSTS, FACTORS, Money
from workbook.steps.money.chance import simulated
from workbook.words import financial_year, listed, number, plural
from workbook.words import money as pounds

_FACTOR_LABELS = {
    "demographic": "Population",
    "other": "Other growth",
    "price": "Prices",
    "efficiency": "Efficiency",
}


def part(plan: Plan, reference: Reference, found: Money, results: list[Result]) -> list[Block]:
    """The answer first, then its years, its organisations, and how it was worked out."""
    results += _results(plan, found)
    blocks: list[Block] = [Heading("Five years of money", "five-years")]
    if plan.budget.lines:
        blocks += [
            Words((uncertainty.answer(plan, found, simulated(plan, reference, found)),), "lead"),
            _gap_words(plan, found),
            _waterfall(plan, found),
            _summary_table(found),
            *organisations.part(plan, found, results),
            *_how(plan, found),
            *_prevention(plan, reference, found),
        ]
    else:
        blocks += [
            Words(("No budget lines have been entered yet.",), "note"),
            *organisations.totals(plan, results),
        ]
    return [
        *blocks,
        *asking.bank(plan, reference.framework("CST-15"), "/budget/answers"),
        asking.ask(plan, reference, "/budget/lines", detail=True),
        asking.ask(plan, reference, "/budget/income", detail=True),
    ]


def _how(plan: Plan, found: Money) -> list[Block]:
    return [
        Heading("How the lines grow", "lines-grow", 3),
        Words(
            (
                "Each budget line grows by the population, by other growth and by prices, and shrinks by efficiency; each is "
                "a dated assumption, listed at the end of this step. Money is in cash terms, by financial year, and covers "
                "every budget line, in scope or outside.",
                _people_words(plan, found),
            )
        ),
        _line_table(plan, found),
    ]


def _gap_words(plan: Plan, found: Money) -> Words:
    return Words(
        (before_schemes(plan, found), after_schemes(plan, found), assumed_words(plan, found)), "list"
    )


def before_schemes(plan: Plan, found: Money) -> str:
    """Spend without the plan, what it leaves of income, and the efficiency that this counts on."""
    first, last = found.year(plan.base_year), found.year(plan.last_year)
    year = financial_year(plan.last_year)
    grown = (
        f"Before any scheme, spend grows from {pounds(first['spend'])} in {financial_year(plan.base_year)} to "
        f"{pounds(last['spend'])} in {year}"
    )
    known = last["gap_before"] == last["gap_before"]
    said = f"{grown}: {gap_words(last['gap_before'])} against income." if known else f"{grown}."
    return said + _efficiency_words(plan, found)


def _efficiency_words(plan: Plan, found: Money) -> str:
    """Growth is shown after efficiency: how much that is, and what would be left without it."""
    final = found.lines[found.lines["year"] == plan.last_year]
    worth, last = -float(final["efficiency"].sum()), found.year(plan.last_year)
    if worth < 0.5:
        return ""
    used = [(value, changed, a.status) for a, _, value, changed in found.assumptions if a.id == "efficiency"]
    rates = sorted({number(100 * value, 1) for value, _, _ in used})
    how = listed(sorted({"set in this plan" if changed else status for _, changed, status in used}))
    at = (
        f"of {' to '.join([rates[0], *rates[1:][-1:]])}% a year ({how})"
        if rates
        else "at the rates of single lines"
    )
    said = f" That counts on efficiency {at}, worth {pounds(worth)} by then"
    without = last["gap_before"] - worth
    return (
        f"{said}; without any of it there would be {gap_words(without)}."
        if without == without
        else f"{said}."
    )


def after_schemes(plan: Plan, found: Money) -> str:
    """What schemes and closing cost and cash in the last year, and what is left in it and on the way."""
    last, year = found.year(plan.last_year), financial_year(plan.last_year)
    who = _who_pays(plan)
    known = last["gap_after"] == last["gap_after"]
    if not who:
        nothing = "No scheme is funded and no service is to stop."
        if not known:
            return nothing
        return f"{nothing} That leaves {gap_words(last['gap_after'])} in {year}.{_on_the_way(plan, found)}"
    cashed = f"against {pounds(last['saving'])} of" if round(last["saving"]) else "and no"
    cost = f"{who} {pounds(last['scheme_cost'])} in {year}, {cashed} savings that can be cashed."
    if not known:
        return cost
    return f"{cost} That leaves {gap_words(last['gap_after'])} in that year.{_on_the_way(plan, found)}"


def _who_pays(plan: Plan) -> str:
    """What costs money beside the budget lines, up to its verb; nothing where there is nothing."""
    funded = sum(s.funded for s in plan.budget.schemes)
    closing = any(s.decision == "stop" for s in plan.decommissioning.services)
    schemes = plural(funded, "funded scheme")
    if funded and closing:
        return f"{schemes} and the closing of services cost"
    if funded:
        return f"{schemes} {'costs' if funded == 1 else 'cost'}"
    return "No scheme is funded; the closing of services costs" if closing else ""


def _on_the_way(plan: Plan, found: Money) -> str:
    """The worst year and the sum of all years, where any of them has a gap."""
    left = {year: found.year(year)["gap_after"] for year in plan.years}
    if any(gap != gap for gap in left.values()) or min(left.values()) > -0.5:
        return ""
    worst = min(left, key=lambda year: left[year])
    return (
        f" The largest gap is {pounds(-left[worst])}, in {financial_year(worst)}; the {plural(len(left), 'year')} of the "
        f"plan together leave {gap_words(sum(left.values()))}."
    )


def assumed_words(plan: Plan, found: Money) -> str:
    """How much of the money is assumed and not confirmed: the base year's spend, the last year's income."""
    spend = sum(line.amount for line in plan.budget.lines)
    loose = sum(line.amount for line in plan.budget.lines if line.status == "assumed")
    income = [i for i in plan.budget.income if i.year == plan.last_year]
    open_ = sum(i.amount for i in income if i.status == "assumed")
    said = [f"{_part(loose, spend)} spent in {financial_year(plan.base_year)}"]
    if income:
        said.append(
            f"{_part(open_, sum(i.amount for i in income))} of income in {financial_year(plan.last_year)}"
        )
    return f"Assumed and not confirmed: {listed(said)}."


def _part(amount: float, whole: float) -> str:
    """ "£2m of the £5m", "all £5m", "none of the £5m"."""
    if amount >= whole - 0.5:
        return f"all {pounds(whole)}"
    return f"{pounds(amount) if amount >= 0.5 else 'none'} of the {pounds(whole)}"


def _waterfall(plan: Plan, found: Money) -> Figure:
    first, last = found.year(plan.base_year), found.year(plan.last_year)
    final = found.lines[found.lines["year"] == plan.last_year]
    moves = {factor: float(final[factor].sum()) for factor in FACTORS}
    rows: list[dict[str, Any]] = [
        {"label": f"Spend {financial_year(plan.base_year)}", "amount": first["spend"], "total": True}
    ]
    rows += [{"label": _FACTOR_LABELS[f], "amount": moves[f], "total": False} for f in FACTORS]
    rows += [step for step in _changed(plan, found) if abs(step["amount"]) >= 0.5]
    rows.append(
        {"label": f"Spend {financial_year(plan.last_year)}", "amount": last["spend_after"], "total": True}
    )
    return Figure(
        "waterfall",
        _moved_most(rows),
        charts.waterfall([{**r, "amount": r["amount"] / 1000} for r in rows], unit="£ million"),
        "Steps from the base year's spend to the last year's: "
        + "; ".join(f"{r['label']} {pounds(r['amount'])}" for r in rows)
        + ".",
        table(
            "waterfall",
            "What moves spend over the plan",
            [Column("label", "Step"), Column("amount", "Amount", "£000s", 0)],
            rows,
        ),
        "Budget lines and assumptions of this plan",
    )


def _moved_most(rows: list[dict[str, Any]]) -> str:
    """From the first amount to the last, with the two steps between that move it most."""
    first, *steps, last = rows
    most = sorted((r for r in steps if abs(r["amount"]) >= 0.5), key=lambda r: -abs(r["amount"]))[:2]
    moved = [
        f"{r['label'][:1].lower()}{r['label'][1:]} {'add' if r['amount'] > 0 else 'take'} {pounds(abs(r['amount']))}"
        if r["label"] == "Prices"
        else f"{r['label'][:1].lower()}{r['label'][1:]} {'adds' if r['amount'] > 0 else 'takes'} {pounds(abs(r['amount']))}"
        for r in most
    ]
    said = f"{first['label']} {pounds(first['amount'])}, {last['label'][6:]} {pounds(last['amount'])}"
    return f"{said}: {listed(moved)}" if moved else said


def _changed(plan: Plan, found: Money) -> list[dict[str, Any]]:
    """What schemes and stopping add to and take from the spend of the last year."""
    schemes = found.schemes[found.schemes["year"] == plan.last_year]
    services = found.services[found.services["year"] == plan.last_year]
    cost = schemes[list(COSTS)].to_numpy(dtype=float).sum()
    steps = (
        ("Schemes: cost", cost),
        ("Closing: one-off cost", services["transition"].sum()),
        ("Schemes: cashed savings", -schemes["cashed"].sum()),
        ("Stopping: cashed savings", -services["cashable"].sum()),
    )
    return [{"label": label, "amount": float(amount), "total": False} for label, amount in steps]


def _summary_table(found: Money) -> Table:
    return table(
        "money",
        "Income, spend and gap by financial year",
        [
            Column("label", "Financial year"),
            Column("income", "Income", "£000s", 0),
            Column("spend", "Spend, do nothing", "£000s", 0),
            Column("gap_before", "Left over, do nothing", "£000s", 0, "below zero is a gap"),
            Column("scheme_cost", "Cost of schemes and closing", "£000s", 0),
            Column("saving", "Cashed savings", "£000s", 0),
            Column("spend_after", "Spend, as planned", "£000s", 0),
            Column("gap_after", "Left over, as planned", "£000s", 0, "below zero is a gap"),
            Column("prevention", "Prevention share", "%", 1),
        ],
        [
            {**r, "label": financial_year(int(r["year"])), "prevention": 100 * r["prevention_share"]}
            for r in records(found.summary)
        ],
        source="Budget lines, income, schemes and services of this plan",
        note="Only savings whose capacity really closes are counted as cashed.",
    )


def _line_table(plan: Plan, found: Money) -> Table:
    wide = found.lines.pivot_table(index="line", columns="year", values="total", sort=False)
    details = {line.id: line for line in plan.budget.lines}
    rows: list[dict[str, Any]] = [
        {
            "name": details[row["line"]].name,
            "organisation": details[row["line"]].organisation,
            "status": details[row["line"]].status,
            **{str(year): row[str(year)] for year in found.years},
        }
        for row in records(wide.reset_index())
    ]
    rows.append(
        {
            "name": "All lines",
            "organisation": "all",
            "status": "sum",
            **{str(y): float(wide[y].sum()) for y in found.years},
        }
    )
    return table(
        "lines-by-year",
        "Budget lines rolled forward, if nothing changes",
        [
            Column("name", "Budget line"),
            Column("organisation", "Organisation"),
            Column("status", "Base year is"),
            *(Column(str(y), financial_year(y), "£000s", 0) for y in found.years),
        ],
        rows,
        source="Budget lines and dated assumptions of this plan",
        detail=True,
    )


def _people_words(plan: Plan, found: Money) -> str:
    """By whose growth the lines grow: people weighted by what their age costs, or every person alike."""
    people = found.rates.people
    if not people:
        return "No projection of this area's population is on hand, so lines grow by the assumption for that."
    weighted = [s for s in people if s]
    years = [y for y in plan.years if y in people[""]]
    if not years:
        return "The projection of this area's population does not reach into the plan, so lines grow by the assumption."
    alike = _a_year(people[""], years)
    if not weighted:
        return f"The population of the area grows by {alike} a year over these years."
    by_rate: dict[str, list[str]] = {}
    for setting in weighted:
        by_rate.setdefault(_a_year(people[setting], years), []).append(called(setting))
    each = listed([f"{rate} a year for {listed(names)}" for rate, names in by_rate.items()])
    return (
        f"The population of the area grows by {alike} a year over these years. Older people cost more, and their number "
        f"grows faster: weighted by what people of each age cost, demand grows by {each}. These age profiles "
        "are assumed; lines of other kinds grow with the number of people."
    )


def called(setting: str) -> str:
    """The setting of an age profile in words."""
    return "hospital care" if setting == "acute" else setting.replace("-", " ")


def _a_year(growth: dict[int, float], years: list[int]) -> str:
    """Growth a year over some years, compounded."""
    whole = math.prod(1 + growth[y] for y in years)
    return f"{100 * (whole ** (1 / len(years)) - 1):.1f}%"


def _prevention(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    heading = Heading("Spent on prevention", "prevention", 3)
    if found.summary["prevention_share"].isna().any():
        unknown = (
            "In a year without any spend there is no share of it, so the share for prevention is not shown."
        )
        return [heading, Words((unknown,), "note")]
    first, last = found.year(plan.base_year), found.year(plan.last_year)
    shares = [f"{100 * row['prevention_share']:.1f}%" for row in (first, last)]
    then = "the same" if shares[0] == shares[1] else shares[1]
    known = number(reference.assumption("prevention-share", plan.base_year).value)
    said = (
        f"Prevention takes {shares[0]} of spend in {financial_year(plan.base_year)} and {then} in "
        f"{financial_year(plan.last_year)}; each year stands in the table above. NHS England's 2014 guide gives about {known}% "
        "as its estimate for the whole health budget. It is no target, and it counts other things than this plan does: "
        "budget lines and schemes marked as prevention, of all spend in the plan, councils' included."
    )
    return [heading, Words((said,))]


def _results(plan: Plan, found: Money) -> list[Result]:
    labels = {
        "income": "Income",
        "spend": "Spend, do nothing",
        "gap_before": "Left over, do nothing",
        "scheme_cost": "Cost of schemes and closing",
        "saving": "Cashed savings",
        "spend_after": "Spend, as planned",
        "gap_after": "Left over, as planned",
    }
    if not plan.budget.lines:
        return []
    rows = [
        Result(
            f"budget.{key.replace('_', '-')}.{int(r['year'])}",
            label,
            None if r[key] != r[key] else float(r[key]),
            "£000s",
            financial_year(int(r["year"])),
            "Sum over the plan's lines, schemes and services",
            "Inputs of this plan and dated assumptions",
            _factors(found, int(r["year"])) if key == "spend" else {},
        )
        for r in records(found.summary)
        for key, label in labels.items()
    ]
    return [*rows, *_prevention_results(found)]


def _prevention_results(found: Money) -> list[Result]:
    return [
        Result(
            f"budget.prevention-share.{int(r['year'])}",
            "Share of spend on prevention",
            None if r["prevention_share"] != r["prevention_share"] else 100 * r["prevention_share"],
            "%",
            financial_year(int(r["year"])),
            "Lines and funded schemes marked as prevention over spend as planned",
            "Inputs of this plan and dated assumptions",
        )
        for r in records(found.summary)
    ]


def _factors(found: Money, year: int) -> dict[str, float]:
    rows = found.lines[found.lines["year"] == year]
    return {name: float(rows[name].sum()) for name in ("baseline", *FACTORS)}
