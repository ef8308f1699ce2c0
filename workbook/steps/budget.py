"""Step 3: which budgets are planned together, five years of money, and the schemes."""

from __future__ import annotations

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Step, Table, Words, table
from workbook.methods import appraisal
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.money import FACTORS, Money, counted_share, money
from workbook.words import financial_year, listed, plural
from workbook.words import money as pounds

_FACTOR_LABELS = {
    "demographic": "Population",
    "other": "Other growth",
    "price": "Prices",
    "efficiency": "Efficiency",
}
_POTS = {"section-75": "Section 75, pooled", "aligned": "Aligned", "in-collaboration": "In collaboration"}


def budget(plan: Plan, reference: Reference) -> Step:
    """The scope ladder, the roll-forward with its assumptions, the schemes and what they leave of the gap."""
    from workbook.steps.thread import of_step

    found = money(plan, reference)
    results = _results(plan, found)
    blocks: list[Block] = [
        *_scope(plan, reference, results),
        *_in_and_out(plan, reference),
        *_five_years(plan, reference, found),
        *_schemes(plan, reference, found),
        *_pooled(plan, reference),
        *_assumptions(plan, reference, found),
        *of_step(plan, reference, "budget"),
    ]
    return Step("budget", "Budget scope and five-year money", tuple(blocks), tuple(results))


# --- scope ------------------------------------------------------------------------


def scores_of(plan: Plan) -> pd.DataFrame:
    """Every score as one row: respondent, option, criterion, score."""
    rows = [
        (f"{n} {r.respondent}", option, criterion, score)
        for n, r in enumerate(plan.budget.scope.responses, 1)
        for option, given in r.scores.items()
        for criterion, score in given.items()
    ]
    return pd.DataFrame(rows, columns=["respondent", "option", "criterion", "score"])


def appraised(plan: Plan, reference: Reference) -> pd.DataFrame:
    """The rungs of the ladder in order of their weighted score; empty where nobody has scored."""
    scores = scores_of(plan)
    return (
        scores
        if scores.empty
        else appraisal.appraise(scores, _weights(plan, reference), _reversed(reference))
    )


def _weights(plan: Plan, reference: Reference) -> dict[str, float]:
    given = plan.budget.scope.weights
    weights = {c.id: given.get(c.id, 1.0) for c in asking.criteria(reference)}
    return weights if any(weights.values()) else dict.fromkeys(weights, 1.0)


def _reversed(reference: Reference) -> list[str]:
    return [c.id for c in asking.criteria(reference) if c.reverse]


def _scope(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    blocks: list[Block] = [
        Heading("Which budgets to plan together", "scope"),
        Words(
            (
                "Each rung of the ladder adds a budget to the ones before. It is scored against eight criteria, four "
                "on impact and four on practicality; one of them, legal complexity, runs the other way (a high score "
                "is worse) and is turned round before it counts. Weights are local.",
            )
        ),
    ]
    ranked = appraised(plan, reference)
    if len(ranked):
        blocks += _appraisal(plan, reference, ranked, results)
    else:
        blocks.append(Words(("Nobody has scored the options yet.",), "note"))
    blocks += [_weights_question(plan, reference), _responses_question(plan, reference)]
    blocks += [
        asking.ask(plan, reference, "/budget/scope/chosen"),
        asking.ask(plan, reference, "/budget/scope/reason"),
    ]
    blocks += [
        Heading("Why plan them together", "why-together", 3),
        Words(
            (
                "Eight harms of budgets that are planned apart. Integrate in proportion to what depends on what.",
            )
        ),
        *asking.bank(plan, reference.framework("ODR-10"), "/budget/answers"),
    ]
    return blocks


def _appraisal(plan: Plan, reference: Reference, ranked: pd.DataFrame, results: list[Result]) -> list[Block]:
    labels = {r.id: r.label for r in asking.rungs(reference)}
    people = len(plan.budget.scope.responses)
    rows = [
        {**row, "name": _capital(labels.get(str(row["option"]), row["option"]))}
        for row in ranked.to_dict("records")
    ]
    for row in rows:
        results.append(
            Result(
                f"budget.scope.{row['option']}",
                f"Scope score, {row['name']}",
                row["score"],
                "of 100",
                "",
                "Weighted mean of the criteria's mean scores, legal complexity reversed",
                f"Scores of {plural(people, 'respondent')}",
            )
        )
    behind = table(
        "scope",
        "The ladder of budgets, best first",
        [
            Column("name", "Scope"),
            Column("score", "Score", "of 100", 0),
            Column("rank", "Rank", "", 0),
            Column("spread", "Spread between people", "points", 0),
            Column("respondents", "People", "", 0),
        ],
        rows,
        source=f"Scores of {plural(people, 'respondent')}, weights as set in this plan",
    )
    winner = rows[0]
    return [
        Figure(
            "scope",
            f"Highest score: {winner['name']}, {winner['score']:.0f} of 100",
            charts.bars(
                [{"category": r["name"], "value": r["score"], "series": "Score"} for r in rows],
                unit="of 100",
                stacked=False,
            ),
            "Scores of the options: " + "; ".join(f"{r['name']} {r['score']:.0f}" for r in rows) + ".",
            behind,
        ),
        _stability(plan, reference, labels),
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stability(plan: Plan, reference: Reference, labels: dict[str, str]) -> Words:
    scores, weights, turned = scores_of(plan), _weights(plan, reference), _reversed(reference)
    moved = appraisal.sensitivity(scores, weights, turned)
    changes = moved[moved["changes"]]
    names = {c.id: c.label for c in asking.criteria(reference)}
    if changes.empty:
        said = "The winner stays the same when any one weight is halved or doubled, and when all weights are equal."
    else:
        cases = [
            f"{names[row.criterion]} {row.change}" if row.criterion else "all weights equal"
            for row in changes.itertuples()
        ]
        said = f"The ranking is not firm: the winner changes with {listed(cases)}."
    beaten = appraisal.dominated(scores, weights, turned)
    dominated = f" Beaten on every criterion: {listed(labels.get(o, o) for o in beaten)}." if beaten else ""
    return Words((said + dominated,))


def _weights_question(plan: Plan, reference: Reference):
    from workbook.blocks import Item, Question

    weights = _weights(plan, reference)
    questions = tuple(
        Question(
            path=f"/budget/scope/weights/{c.id}",
            prompt=c.label,
            kind="number",
            answer=weights[c.id],
            help=c.help + (" Runs the other way: a high score is worse." if c.reverse else ""),
            source="ODR-12",
        )
        for c in asking.criteria(reference)
    )
    return Question(
        path="/budget/scope/weights",
        prompt="Weights of the criteria",
        kind="group",
        help="How much each criterion counts here. Equal unless changed.",
        source="ODR-12",
        items=(Item("Weights", questions),),
    )


def _responses_question(plan: Plan, reference: Reference):
    """The scores of each person: one group for every rung, one number for every criterion."""
    from dataclasses import replace

    from workbook.blocks import Item

    question = asking.ask(plan, reference, "/budget/scope/responses")
    items = tuple(
        Item(item.label, (*item.questions, *_score_groups(plan, reference, n)))
        for n, item in enumerate(question.items)
    )
    return replace(
        question,
        items=items,
        detail=True,
        help="1 does not meet the criterion, 5 meets it fully; for legal complexity 5 is the most complex.",
    )


def _score_groups(plan: Plan, reference: Reference, index: int):
    from workbook.blocks import Item, Question

    given = plan.budget.scope.responses[index].scores
    base = f"/budget/scope/responses/{index}/scores"
    return tuple(
        Question(
            path=f"{base}/{rung.id}",
            prompt=rung.label,
            kind="group",
            items=(
                Item(
                    rung.label,
                    tuple(
                        Question(
                            path=f"{base}/{rung.id}/{c.id}",
                            prompt=c.label,
                            kind="integer",
                            answer=given.get(rung.id, {}).get(c.id),
                            unit="1 to 5",
                        )
                        for c in asking.criteria(reference)
                    ),
                ),
            ),
        )
        for rung in asking.rungs(reference)
    )


def in_scope(plan: Plan, reference: Reference) -> set[str]:
    """The rungs that the chosen scope takes in: the ladder is cumulative."""
    ladder = [r.id for r in asking.rungs(reference)]
    chosen = plan.budget.scope.chosen
    return set(ladder[: ladder.index(chosen) + 1]) if chosen in ladder else set()


def _in_and_out(plan: Plan, reference: Reference) -> list[Block]:
    inside = in_scope(plan, reference)
    blocks: list[Block] = [Heading("Budgets in and out", "in-and-out", 3)]
    if plan.budget.lines and inside:
        rows = []
        for organisation in dict.fromkeys(line.organisation or "not named" for line in plan.budget.lines):
            own = [line for line in plan.budget.lines if (line.organisation or "not named") == organisation]
            within = sum(line.amount for line in own if line.rung in inside)
            total = sum(line.amount for line in own)
            rows.append(
                {"organisation": organisation, "inside": within, "outside": total - within, "total": total}
            )
        rows.append(
            {"organisation": "All organisations"}
            | {key: sum(row[key] for row in rows) for key in ("inside", "outside", "total")}
        )
        blocks.append(
            table(
                "in-and-out",
                f"Budgets in and out of the chosen scope, {financial_year(plan.base_year)}",
                [
                    Column("organisation", "Organisation"),
                    Column("inside", "In scope", "£000s", 0),
                    Column("outside", "Outside", "£000s", 0),
                    Column("total", "Total", "£000s", 0),
                ],
                rows,
                source="Budget lines of this plan",
            )
        )
    return [*blocks, *asking.bank(plan, reference.framework("ODR-09"), "/budget/answers")]


# --- five years -------------------------------------------------------------------


def _five_years(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    blocks: list[Block] = [
        Heading("Five years of money", "five-years"),
        Words(
            (
                "Each budget line grows by the population, by other growth and by prices, and shrinks by efficiency. "
                "Each of these is a dated assumption, confirmed or assumed, listed at the end of this step. Money is "
                "in cash terms, by financial year.",
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


def _row(found: Money, year: int) -> dict:
    return found.summary.set_index("year").loc[year].to_dict()


def gap_words(gap: float) -> str:
    """A gap or a surplus in words."""
    if gap != gap:
        return "unknown, because no income is given"
    return f"{'a gap' if gap < 0 else 'a surplus'} of {pounds(abs(gap))}"


def _gap_words(plan: Plan, found: Money) -> Words:
    last = _row(found, plan.last_year)
    first = _row(found, plan.base_year)
    year = financial_year(plan.last_year)
    return Words(
        (
            f"Spend goes from {pounds(first['spend'])} in {financial_year(plan.base_year)} to {pounds(last['spend'])} in "
            f"{year} if nothing changes: {gap_words(last['gap_before'])} against income. With the funded schemes and "
            f"the stopped services it is {gap_words(last['gap_after'])}.",
        )
    )


def _waterfall(plan: Plan, found: Money) -> Figure:
    first, last = _row(found, plan.base_year), _row(found, plan.last_year)
    final = found.lines[found.lines["year"] == plan.last_year]
    moves = {factor: float(final[factor].sum()) for factor in FACTORS}
    rows = [{"label": f"Spend {financial_year(plan.base_year)}", "amount": first["spend"], "total": True}]
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
            for r in found.summary.to_dict("records")
        ],
        source="Budget lines, income, schemes and services of this plan",
        note="Only savings whose capacity really closes are counted as cashed.",
    )


def _line_table(plan: Plan, found: Money) -> Table:
    wide = found.lines.pivot_table(index=["line", "name"], columns="year", values="total", sort=False)
    details = {line.id: line for line in plan.budget.lines}
    rows = [
        {
            "name": name,
            "organisation": details[line].organisation,
            "status": details[line].status,
            **{str(year): amount for year, amount in amounts.items()},
        }
        for (line, name), amounts in wide.iterrows()
    ]
    rows.append({"name": "All lines", **{str(y): float(wide[y].sum()) for y in found.years}})
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
    first, last = _row(found, plan.base_year), _row(found, plan.last_year)
    return Words(
        (
            f"Prevention takes {100 * first['prevention_share']:.1f}% of spend in {financial_year(plan.base_year)} and "
            f"{100 * last['prevention_share']:.1f}% in {financial_year(plan.last_year)}. NHS England's 2014 guide gives "
            "about 4% as its estimate for the whole health budget.",
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
                "owner": scheme.owner,
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
    )


def _scheme_chart(plan: Plan, found: Money) -> Figure:
    names = {"set_up": "Set-up", "running": "Running", "double_running": "Double running"}
    totals = found.schemes.groupby("year")[[*names, "cashed"]].sum()
    rows = [
        {"category": financial_year(int(year)), "value": float(row[key]) / 1000, "series": label}
        for year, row in totals.iterrows()
        for key, label in names.items()
        if int(year) in plan.years
    ]
    funded = sum(s.funded for s in plan.budget.schemes)
    cost = totals.loc[plan.last_year, list(names)].sum()
    return Figure(
        "scheme-cost",
        f"{plural(funded, 'funded scheme')} cost {pounds(cost)} in {financial_year(plan.last_year)}",
        charts.bars(rows, unit="£ million", stacked=True),
        "Cost of the funded schemes by financial year: "
        + "; ".join(
            f"{financial_year(int(y))} {pounds(float(r[list(names)].sum()))}"
            for y, r in totals.iterrows()
            if int(y) in plan.years
        )
        + ".",
        table(
            "scheme-cost",
            "Cost and cashed savings of the funded schemes",
            [
                Column("label", "Financial year"),
                *(Column(key, label, "£000s", 0) for key, label in names.items()),
                Column("cashed", "Cashed savings", "£000s", 0),
            ],
            [{"label": financial_year(int(y)), **r.to_dict()} for y, r in totals.iterrows()],
        ),
        "Schemes of this plan",
    )


# --- pooled fund, assumptions -------------------------------------------------------


def _pooled(plan: Plan, reference: Reference) -> list[Block]:
    blocks: list[Block] = [Heading("Pooled fund", "pooled")]
    total = sum(c.amount for c in plan.budget.pooled)
    if total:
        blocks.append(
            table(
                "pooled",
                f"Contributions and shares of risk, {financial_year(plan.base_year)}",
                [
                    Column("partner", "Partner"),
                    Column("pot", "Pot"),
                    Column("amount", "Contribution", "£000s", 0),
                    Column("share", "Share of the fund", "%", 1),
                    Column("risk", "Share of an overspend", "%", 1),
                ],
                [
                    {
                        "partner": c.partner,
                        "pot": _POTS[c.pot],
                        "amount": c.amount,
                        "share": 100 * c.amount / total,
                        "risk": 100 * c.risk_share,
                    }
                    for c in plan.budget.pooled
                ],
                note="Risk need not follow contribution; where they differ, the difference should be meant.",
            )
        )
    return [
        *blocks,
        asking.ask(plan, reference, "/budget/pooled", detail=True),
        *asking.bank(plan, reference.framework("TDC-08"), "/budget/answers"),
    ]


def _assumptions(plan: Plan, reference: Reference, found: Money) -> list[Block]:
    blocks: list[Block] = [Heading("Assumptions", "assumptions")]
    if found.assumptions:
        blocks.append(_assumption_table(plan, found))
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
        for r in found.summary.to_dict("records")
        for key, label in labels.items()
    ]
    return rows


def _factors(found: Money, year: int) -> dict[str, float]:
    rows = found.lines[found.lines["year"] == year]
    return {name: float(rows[name].sum()) for name in ("baseline", *FACTORS)}
