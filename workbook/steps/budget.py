"""Step 3: which budgets are planned together, five years of money, and the schemes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Step, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, scope
from workbook.steps.frames import by_year, records
from workbook.steps.money import FACTORS, Money, counted_share, money
from workbook.words import financial_year, listed, number, plural
from workbook.words import money as pounds

_FACTOR_LABELS = {
    "demographic": "Population",
    "other": "Other growth",
    "price": "Prices",
    "efficiency": "Efficiency",
}
_POTS = {"section-75": "Section 75, pooled", "aligned": "Aligned", "in-collaboration": "In collaboration"}


_POT_WORDS = (
    "Section 75 of the NHS Act 2006 lets the NHS and councils manage money as one fund. Aligned money is planned "
    "together and held apart. Money in collaboration is planned together and decided by the body that holds it."
)


def budget(plan: Plan, reference: Reference) -> Step:
    """The scope ladder, the roll-forward with its assumptions, the schemes and what they leave of the gap."""
    from workbook.steps.thread import of_step

    found = money(plan, reference)
    results = _results(plan, found)
    blocks: list[Block] = [
        *scope.choice(plan, reference, results),
        *scope.in_and_out(plan, reference),
        *_five_years(plan, reference, found),
        *_schemes(plan, reference, found),
        *_pooled(plan, reference),
        *_assumptions(plan, reference, found),
        *of_step(plan, reference, "budget"),
    ]
    return Step("budget", "Budget scope and five-year money", tuple(blocks), tuple(results))


# --- five years -------------------------------------------------------------------


def _five_years(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    blocks: list[Block] = [
        Heading("Five years of money", "five-years"),
        Words(
            (
                "Each budget line grows by the population, by other growth and by prices, and shrinks by efficiency. "
                "Each of these is a dated assumption, confirmed or assumed, listed at the end of this step. Money is "
                "in cash terms, by financial year, and covers every budget line, in scope or outside.",
            )
        ),
    ]
    if plan.budget.lines:
        blocks += [
            _gap_words(plan, found),
            _waterfall(plan, found),
            _summary_table(found),
            _line_table(plan, found),
        ]
        blocks.append(_prevention_words(plan, reference, found))
    else:
        blocks.append(Words(("No budget lines have been entered yet.",), "note"))
    return [
        *blocks,
        asking.ask(plan, reference, "/budget/lines", detail=True),
        asking.ask(plan, reference, "/budget/income", detail=True),
    ]


def gap_words(gap: float) -> str:
    """A gap or a surplus in words."""
    if gap != gap:
        return "unknown, because no income is given"
    return f"{'a gap' if gap < 0 else 'a surplus'} of {pounds(abs(gap))}"


def _gap_words(plan: Plan, found: Money) -> Words:
    return Words((before_schemes(plan, found), after_schemes(plan, found), assumed_words(plan, found)))


def before_schemes(plan: Plan, found: Money) -> str:
    """Spend without the plan, what it leaves of income, and the efficiency that this counts on."""
    first, last = found.year(plan.base_year), found.year(plan.last_year)
    year = financial_year(plan.last_year)
    said = (
        f"Before any scheme, spend grows from {pounds(first['spend'])} in {financial_year(plan.base_year)} to "
        f"{pounds(last['spend'])} in {year}: {gap_words(last['gap_before'])}"
        f"{' against income' if last['gap_before'] == last['gap_before'] else ''}."
    )
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
    said = f" That counts on efficiency of {' to '.join([rates[0], *rates[1:][-1:]])}% a year ({how}), worth {pounds(worth)} by then"
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
    if not who:
        left = f"No scheme is funded and no service is to stop. That leaves {gap_words(last['gap_after'])}"
        return f"{left} in {year}.{_on_the_way(plan, found)}"
    cashed = f"against {pounds(last['saving'])} of" if round(last["saving"]) else "and no"
    return (
        f"{who} {pounds(last['scheme_cost'])} in {year}, {cashed} savings that can be cashed. "
        f"That leaves {gap_words(last['gap_after'])} in that year.{_on_the_way(plan, found)}"
    )


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
    rows += [
        {"label": "Schemes: cost", "amount": last["scheme_cost"], "total": False},
        {"label": "Cashed savings", "amount": -last["saving"], "total": False},
        {"label": f"Spend {financial_year(plan.last_year)}", "amount": last["spend_after"], "total": True},
    ]
    return Figure(
        "waterfall",
        f"What moves spend from {pounds(first['spend'])} to {pounds(last['spend_after'])} by {financial_year(plan.last_year)}",
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
        "lines",
        "Budget lines rolled forward, if nothing changes",
        [
            Column("name", "Budget line"),
            Column("organisation", "Organisation"),
            Column("status", "Base year is"),
            *(Column(str(y), financial_year(y), "£000s", 0) for y in found.years),
        ],
        rows,
        source="Budget lines and dated assumptions of this plan",
    )


def _prevention_words(plan: Plan, reference: Reference, found: Money) -> Words:
    first, last = found.year(plan.base_year), found.year(plan.last_year)
    shares = [f"{100 * row['prevention_share']:.1f}%" for row in (first, last)]
    then = "the same" if shares[0] == shares[1] else shares[1]
    return Words(
        (
            f"Prevention takes {shares[0]} of spend in {financial_year(plan.base_year)} and {then} in "
            f"{financial_year(plan.last_year)}. NHS England's 2014 guide gives about 4% as its estimate for the whole "
            "health budget.",
        )
    )


# --- schemes ----------------------------------------------------------------------


def _schemes(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    blocks: list[Block] = [
        Heading("Schemes", "schemes"),
        Words(
            (
                "What the plan pays for. A saving counts only where a service really stops, because capacity that "
                "stays open goes on costing what it costs.",
            )
        ),
    ]
    if plan.budget.schemes:
        blocks.append(_scheme_table(plan, found))
        if len(found.schemes):
            blocks.append(_scheme_chart(plan, found))
    else:
        blocks.append(Words(("No schemes have been entered yet.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/budget/schemes", detail=True)]


def _scheme_table(plan: Plan, found: Money) -> Table:
    net = found.schemes.groupby("scheme")["net"].sum() if len(found.schemes) else pd.Series(dtype=float)
    rows = []
    for scheme in plan.budget.schemes:
        counted = counted_share(plan, scheme)
        rows.append(
            {
                "name": scheme.name,
                "funded": "funded" if scheme.funded else "not funded",
                "ambitions": listed(scheme.ambitions) or "none",
                "start": financial_year(scheme.start_year) if scheme.start_year else "not set",
                "set_up": scheme.set_up_cost,
                "running": scheme.recurrent_cost,
                "released": scheme.gross_saving,
                "cashable": scheme.gross_saving * counted,
                "net": float(net[scheme.id]) if scheme.id in net.index else None,
                "evidence": scheme.evidence,
                "owner": scheme.owner or "none named",
            }
        )
    return table(
        "schemes",
        "Schemes: cost, capacity released and what counts as saved",
        [
            Column("name", "Scheme"),
            Column("funded", "Funded?"),
            Column("ambitions", "Serves ambition"),
            Column("start", "Starts"),
            Column("set_up", "Set-up, once", "£000s", 0),
            Column("running", "Running cost a year", "£000s", 0),
            Column("released", "Capacity released a year", "£000s", 0),
            Column("cashable", "Counted as cashable a year", "£000s", 0),
            Column("net", f"Net over the plan, to {financial_year(plan.last_year)}", "£000s", 0),
            Column("evidence", "Evidence"),
            Column("owner", "Owner"),
        ],
        rows,
        source="Schemes of this plan",
        note="Net is cashed savings less set-up, running and double-running costs; below zero it costs.",
        missing="not funded",
    )


def _scheme_chart(plan: Plan, found: Money) -> Figure:
    names = {"set_up": "Set-up", "running": "Running", "double_running": "Double running"}
    totals = by_year(found.schemes.groupby("year")[[*names, "cashed"]].sum().reset_index())
    costs = {year: sum(row[name] for name in names) for year, row in totals.items() if year in plan.years}
    bars = [
        {"category": financial_year(year), "value": totals[year][key] / 1000, "series": label}
        for year in costs
        for key, label in names.items()
    ]
    funded = sum(s.funded for s in plan.budget.schemes)
    return Figure(
        "scheme-cost",
        f"{plural(funded, 'funded scheme')} cost {pounds(costs[plan.last_year])} in {financial_year(plan.last_year)}",
        charts.bars(bars, unit="£ million", stacked=True),
        "Cost of the funded schemes by financial year: "
        + "; ".join(f"{financial_year(year)} {pounds(cost)}" for year, cost in costs.items())
        + ".",
        table(
            "scheme-cost",
            "Cost and cashed savings of the funded schemes",
            [
                Column("label", "Financial year"),
                *(Column(key, label, "£000s", 0) for key, label in names.items()),
                Column("cashed", "Cashed savings", "£000s", 0),
            ],
            [{"label": financial_year(year), **row} for year, row in totals.items()],
        ),
        "Schemes of this plan",
    )


# --- pooled fund, assumptions -------------------------------------------------------


def _pooled(plan: Plan, reference: Reference) -> list[Block]:
    blocks: list[Block] = [Heading("Pooled fund", "pooled")]
    if sum(c.amount for c in plan.budget.pooled):
        blocks += [Words((_POT_WORDS,)), _pooled_table(plan)]
    return [
        *blocks,
        asking.ask(plan, reference, "/budget/pooled", detail=True),
        asking.about(reference.framework("TDC-08")),
        *asking.bank(plan, reference.framework("TDC-08"), "/budget/answers"),
    ]


def _pooled_table(plan: Plan) -> Table:
    """One row for each partner: what it puts into each pot, and what it bears."""
    pooled = plan.budget.pooled
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
                "risk": 100 * max(c.risk_share for c in own),
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


def _assumptions(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    blocks: list[Block] = [Heading("Assumptions", "assumptions")]
    if found.assumptions:
        blocks.append(_assumption_table(plan, found))
    else:
        blocks.append(Words(("None is used while there are no budget lines.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/assumptions")]


def _assumption_table(plan: Plan, found: Money) -> Table:
    rows: dict[str, dict] = {}
    for assumption, year, value, changed in sorted(found.assumptions, key=lambda used: used[0].label):
        row = rows.setdefault(
            assumption.id, {"label": assumption.label, "unit": assumption.unit, "status": set()}
        )
        row[str(year)] = 100 * value if assumption.unit.startswith("%") else value
        row["status"].add("changed in this plan" if changed else assumption.status)
        row["source"] = "the reason given below" if changed else assumption.source
    return table(
        "assumptions",
        "Assumptions used, by financial year",
        [
            Column("label", "Assumption"),
            Column("unit", "Unit"),
            *(Column(str(year), financial_year(year), decimals=2) for year in plan.years),
            Column("status", "Confirmed or assumed"),
            Column("source", "Source"),
        ],
        [{**row, "status": listed(sorted(row["status"]))} for row in rows.values()],
    )


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
    return rows


def _factors(found: Money, year: int) -> dict[str, float]:
    rows = found.lines[found.lines["year"] == year]
    return {name: float(rows[name].sum()) for name in ("baseline", *FACTORS)}
