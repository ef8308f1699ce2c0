"""Income and spend by organisation and year, adding up to the totals; spend by programme and by provider."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.steps.frames import records
from workbook.steps.money import COSTS, Money
from workbook.words import financial_year, listed, number, plural, some
from workbook.words import money as pounds

NOBODY = "No organisation named"
_POUND = 0.001  # of a thousand pounds


def part(plan: Plan, found: Money, results: list[Result]) -> list[Block]:
    """Income, spend and what is left by organisation; nothing without budget lines."""
    if not plan.budget.lines:
        return []
    results += _results(found)
    return [
        Heading("By organisation", "organisations", 3),
        Words(tuple(_said(plan, found))),
        _last_table(plan, found),
        *_split(plan, found, "programme", "Programme"),
        _year_table(found),
        *_split(plan, found, "provider", "Main provider", detail=True),
    ]


def totals(plan: Plan, results: list[Result]) -> list[Block]:
    """The whole spend of each organisation as entered, and its sum, where there are no lines below it yet."""
    known = [o for o in plan.budget.organisations if o.total is not None]
    if not known:
        return []
    year, whole = financial_year(plan.base_year), sum(o.total or 0.0 for o in known)
    how, source = "Sum of the organisations' whole spend as entered", "Organisations of this plan"
    label = "Whole spend of the organisations"
    results.append(Result("budget.organisations.total", label, whole, "£000s", year, how, source))
    unknown = [o.name for o in plan.budget.organisations if o.total is None]
    said = f"Without lines nothing can be rolled forward. Together the organisations spend {number(whole, 0, '£000s')} in {year}"
    said += f", {some(unknown)} not counted: no total is entered." if unknown else "."
    rows: list[dict[str, Any]] = [
        {"name": o.name, "total": o.total, "status": o.status, "outside": o.outside, "source": o.source}
        for o in plan.budget.organisations
    ]
    columns = [
        Column("name", "Organisation"),
        Column("total", f"Whole spend {year}", "£000s", 0),
        Column("status", "Confirmed or assumed"),
        Column("outside", "Not entered as lines"),
        Column("source", "Source"),
    ]
    rows.append({"name": "All", "total": whole, "status": "sum"})
    title = f"Whole spend of each organisation, {year}"
    return [Words((said,)), table("totals", title, columns, rows, source=source, missing="not entered")]


def unplaced(plan: Plan, found: Money) -> list[str]:
    """The names of what costs or saves money and belongs to no organisation."""
    pays = {line.id: line.organisation for line in plan.budget.lines}
    named = [line.name for line in plan.budget.lines if not line.organisation and line.amount]
    schemes = found.schemes[found.schemes["organisation"] == ""]
    moved = schemes.groupby("name", sort=False)[[*COSTS, "cashed"]].sum()
    named += [str(name) for name in moved.index[(moved != 0).any(axis=1)]]
    for service in plan.decommissioning.services:
        counted = found.services[found.services["service"] == service.id]
        loose = not pays.get(service.line) and counted["cashable"].any()
        homeless = (counted["paid_by"] == "").any() and counted["transition"].any()
        if loose or homeless:
            named.append(service.name)
    return named


def differences(found: Money) -> dict[tuple[int, str], float]:
    """By year and column, how far the organisations added up are from the totals, in £000s; only a pound or more."""
    split = found.organisations.groupby("year")[["income", "spend", "scheme_cost", "saving"]].sum()
    totals = found.summary.set_index("year")
    off: dict[tuple[int, str], float] = {}
    for column in split.columns:
        difference = split[column] - totals[column].fillna(0.0)
        off |= {(int(y), str(column)): float(d) for y, d in difference.items() if abs(d) >= _POUND}  # type: ignore[call-overload]
    return off


def _said(plan: Plan, found: Money) -> list[str]:
    off = differences(found)
    said = [
        "A scheme and a stopped service stand with the organisation of their budget line; the cost of closing stands with "
        "whoever is named to pay it."
    ]
    if off:
        said.append(f"The organisations do not add up to the totals in {number(len(off))} places.")
    else:
        said.append("In every year the organisations add up to the totals above, to the pound.")
    nowhere = unplaced(plan, found)
    if nowhere:
        said.append(f"Without an organisation: {some(nowhere)}.")
    return [*said, *_below_zero(plan, found), *_stopping(plan, found)]


def _below_zero(plan: Plan, found: Money) -> list[str]:
    """The years in which an organisation ends below zero: the table below shows the last year alone."""
    return [
        f"{name} ends below zero: by {listed(f'{pounds(by)} in {financial_year(year)}' for year, by in short)}."
        for name, short in _short(plan, found)
    ]


def years_below_zero(plan: Plan, found: Money) -> list[str]:
    """The same in short where there are organisations, who may fare otherwise than all of them together."""
    if len(_by_name(found)) < 2:
        return []
    said = []
    for name, short in _short(plan, found):
        worst, by = max(short, key=lambda pair: pair[1])
        least = f", by {pounds(by)} in {financial_year(worst)}" + (" at worst" if len(short) > 1 else "")
        said.append(
            f"{name} ends below zero in {len(short)} of the {plural(len(plan.years), 'year')}{least}."
        )
    return said


def _short(plan: Plan, found: Money) -> list[tuple[str, list[tuple[int, float]]]]:
    """The organisations that end below zero, with the years and by how much (£000s)."""
    named = [(rows[0]["organisation"] or "What belongs to no organisation", rows) for rows in _by_name(found)]
    short = [
        (
            name,
            [
                (int(r["year"]), -float(r["left"]))
                for r in rows
                if r["year"] in plan.years and r["left"] <= -0.5
            ],
        )
        for name, rows in named
    ]
    return [(name, years) for name, years in short if years]


def _stopping(plan: Plan, found: Money) -> list[str]:
    """Why step 4 shows more for an organisation than is counted here: only what can be cashed is money to spend."""
    frame: pd.DataFrame = found.services[found.services["year"] == plan.last_year]
    year, said = financial_year(plan.last_year), []
    for payer in dict.fromkeys(map(str, frame["organisation"])):
        of_payer = frame[frame["organisation"] == payer]
        ids = set(of_payer["service"])
        released, counted = float(of_payer["released"].sum()), _counted(plan, found, ids)
        if not payer or abs(released - counted) < 0.5:
            continue
        bears = [
            s.stranded_with or s.provider or "the provider"
            for s in plan.decommissioning.services
            if s.id in ids and s.released > s.cashable
        ]
        rest = (
            f"The other {pounds(released - counted)} is not money to spend: {listed(dict.fromkeys(bears)) or 'somebody'} "
            "goes on bearing it, or it has fallen away and nobody has said what it may be spent on."
            if released > counted
            else f"That is {pounds(counted - released)} more than is released: the schemes claim too much."
        )
        said.append(
            f"Step 4 shows that services which stop release {pounds(released)} of what {payer} pays in {year}. Counted as saved "
            f"here: {pounds(counted)}. {rest}"
        )
    moved = float(frame["moved"].sum())
    if moved >= 0.5:
        said.append(
            f"Stopping moves {pounds(moved)} a year onto others by {year}; step 4 names them, and no line here holds it."
        )
    return said


def _counted(plan: Plan, found: Money, services: set[str]) -> float:
    """What the last year counts as saved for these services, with the service or with the scheme that names it."""
    own = found.services[
        (found.services["year"] == plan.last_year) & found.services["service"].isin(services)
    ]
    claims = [s.id for s in plan.budget.schemes if s.stops in services]
    schemes = found.schemes[(found.schemes["year"] == plan.last_year) & found.schemes["scheme"].isin(claims)]
    return float(own["cashable"].sum() + schemes["cashed"].sum())


_MONEY = (
    Column("income", "Income", "£000s", 0),
    Column("spend", "Spend, do nothing", "£000s", 0),
    Column("scheme_cost", "Cost of schemes and closing", "£000s", 0),
    Column("saving", "Cashed savings", "£000s", 0),
    Column("left", "Left over, as planned", "£000s", 0, "below zero is a gap"),
)


def _last_table(plan: Plan, found: Money) -> Table:
    """The last year by organisation, their sum, and how far it is from the totals of the plan."""
    last: pd.DataFrame = found.organisations[found.organisations["year"] == plan.last_year]
    rows: list[dict[str, Any]] = [{**row, "name": row["organisation"] or NOBODY} for row in records(last)]
    keys = [column.name for column in _MONEY]
    added = {key: float(last[key].sum(min_count=1)) for key in keys}
    whole = found.year(plan.last_year)
    whole = {**whole, "left": whole["gap_after"]}
    if last["income"].isna().any():
        added["left"] = added["income"] - added["spend"] - added["scheme_cost"] + added["saving"]
    rows.append({"name": "All, added up", **added})
    rows.append({"name": "Apart from the plan's totals", **{k: _apart(added[k], whole[k]) for k in keys}})
    return table(
        "organisations",
        f"Income and spend by organisation, {financial_year(plan.last_year)}",
        [Column("name", "Organisation"), *_MONEY],
        rows,
        source="Budget lines, income, schemes and services of this plan",
        missing="no income given",
    )


def _apart(added: float, whole: float) -> float:
    """What is left between two sums; less than a pound is nothing."""
    return 0.0 if abs(added - whole) < _POUND else added - whole


def _year_table(found: Money) -> Table:
    rows: list[dict[str, Any]] = [
        {**row, "name": row["organisation"] or NOBODY, "label": financial_year(int(row["year"]))}
        for row in records(found.organisations)
    ]
    rows += [
        {**r, "name": "All", "label": financial_year(int(r["year"])), "left": r["gap_after"]}
        for r in records(found.summary)
    ]
    return table(
        "organisations-years",
        "Income and spend by organisation and financial year",
        [Column("name", "Organisation"), Column("label", "Financial year"), *_MONEY],
        rows,
        source="Budget lines, income, schemes and services of this plan",
        note="Shown to a thousand pounds; the spreadsheet holds the exact figures.",
        missing="no income given",
        detail=True,
    )


def _split(plan: Plan, found: Money, field: str, title: str, detail: bool = False) -> list[Block]:
    """Spend of the first and last year by programme or by provider; nothing where no line names one."""
    if not found.lines[field].astype(bool).any():
        return []
    first, last = (found.lines[found.lines["year"] == y] for y in (plan.base_year, plan.last_year))
    of_line = {line.id: getattr(line, field) for line in plan.budget.lines}
    moved = _moved(plan, found, of_line)
    before = first.groupby(field, sort=False)["total"].sum()
    after = last.groupby(field, sort=False)["total"].sum()
    names = list(dict.fromkeys([*before.index, *(n for n, amount in moved.items() if amount)]))
    rows: list[dict[str, Any]] = []
    for name in names:
        spend, then = float(before.get(name, 0.0)), float(after.get(name, 0.0))
        change = moved.get(name, 0.0)
        rows.append({"name": name or "none named", "first": spend, "then": then, "change": change})
    total = {key: sum(row[key] for row in rows) for key in ("first", "then", "change")}
    rows.append({"name": "All", **total})
    base, end = financial_year(plan.base_year), financial_year(plan.last_year)
    columns = [
        Column("name", title),
        Column("first", f"Spend {base}", "£000s", 0),
        Column("then", f"Do nothing {end}", "£000s", 0),
        Column("change", f"Schemes and stopping {end}", "£000s", 0, "below zero saves"),
        Column("planned", f"As planned {end}", "£000s", 0),
    ]
    rows = [{**row, "planned": row["then"] + row["change"]} for row in rows]
    source = "Budget lines, schemes and services of this plan"
    title = f"Spend by {title.lower()}"
    return [table(f"by-{field}", title, columns, rows, source=source, detail=detail)]


def _moved(plan: Plan, found: Money, of_line: dict[str, str]) -> dict[str, float]:
    """What schemes and stopping add in the last year, by the programme or provider of their budget line."""
    line_of = {s.id: s.line for s in plan.budget.schemes}
    moved: dict[str, float] = {}
    schemes: pd.DataFrame = found.schemes[found.schemes["year"] == plan.last_year]
    for id, net in zip(schemes["scheme"], schemes["net"], strict=True):
        name = of_line.get(line_of[id], "")
        moved[name] = moved.get(name, 0.0) - float(net)
    services = found.services[found.services["year"] == plan.last_year]
    lines = {s.id: s.line for s in plan.decommissioning.services}
    for id, cashed, once in zip(
        services["service"], services["cashable"], services["transition"], strict=True
    ):
        name = of_line.get(lines[id], "")
        moved[name] = moved.get(name, 0.0) + float(once) - float(cashed)
    return moved


def _results(found: Money) -> list[Result]:
    labels = {
        "income": "Income",
        "spend": "Spend, do nothing",
        "scheme_cost": "Cost of schemes and closing",
        "saving": "Cashed savings",
        "left": "Left over, as planned",
    }
    return [
        Result(
            f"budget.organisation.{key.replace('_', '-')}.{n}.{int(row['year'])}",
            f"{label}: {row['organisation'] or NOBODY}",
            None if row[key] != row[key] else float(row[key]),
            "£000s",
            financial_year(int(row["year"])),
            "Sum over the lines, schemes and services of the organisation",
            "Inputs of this plan and dated assumptions",
        )
        for n, rows in enumerate(_by_name(found), start=1)
        for row in rows
        for key, label in labels.items()
    ]


def _by_name(found: Money) -> list[list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in records(found.organisations):
        grouped.setdefault(str(row["organisation"]), []).append(row)
    return list(grouped.values())
