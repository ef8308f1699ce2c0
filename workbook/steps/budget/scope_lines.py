"""Which line of which organisation is in scope and which is not, down to the pound (ODR-09).

Amounts are typed in thousands of pounds. Here they are counted in whole pounds, so that a table adds up
to its totals exactly and nothing is lost to rounding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine
from workbook.reference import Reference
from workbook.steps import asking, ladder
from workbook.steps.budget.scope_why import folded
from workbook.words import financial_year, listed, number, plural

Place = Literal["in", "moved-in", "out", "moved-out", "no-rung"]
PLACES: dict[Place, str] = {
    "in": "in scope, by its kind",
    "moved-in": "in scope, by its own decision",
    "out": "outside, by its kind",
    "moved-out": "outside, by its own decision",
    "no-rung": "outside: no kind of budget given",
}
INSIDE: tuple[Place, ...] = ("in", "moved-in")
NOT_NAMED = "no organisation named"


def place_of(line: BudgetLine, inside: set[str]) -> Place:
    """Where one line stands: by its own decision where that differs from its rung, else by its rung."""
    by_rung = line.rung in inside
    if line.scope == "in" and not by_rung:
        return "moved-in"
    if line.scope == "out" and by_rung:
        return "moved-out"
    if by_rung:
        return "in"
    return "out" if line.rung else "no-rung"


def lines_in_scope(plan: Plan, reference: Reference) -> list[bool]:
    """Whether each budget line is planned together: by its rung, unless the line says otherwise."""
    inside = ladder.in_scope(plan, reference)
    return [place_of(line, inside) in INSIDE for line in plan.budget.lines]


def pounds(thousands: float) -> int:
    """An amount in thousands of pounds as whole pounds."""
    return round(thousands * 1000)


@dataclass
class Account:
    """One organisation's money in whole pounds: its lines by place, and its whole spend where it is given."""

    name: str
    places: dict[Place, int] = field(default_factory=lambda: dict.fromkeys(PLACES, 0))
    whole: int | None = None
    status: str = ""
    outside: str = ""
    lines: int = 0

    @property
    def entered(self) -> int:
        """Whole pounds in all its lines."""
        return sum(self.places.values())

    @property
    def inside(self) -> int:
        """Whole pounds in its lines in scope."""
        return sum(self.places[p] for p in INSIDE)

    @property
    def left(self) -> int | None:
        """What is not entered as lines; below zero where the lines come to more than the whole."""
        return None if self.whole is None else self.whole - self.entered


def accounts(plan: Plan, reference: Reference) -> list[Account]:
    """Every organisation of the lines or of the list of organisations, as they first occur, under one spelling.

    Two entries for one organisation add up.
    """
    inside = ladder.in_scope(plan, reference)
    found: dict[str, Account] = {}
    for line in plan.budget.lines:
        name = line.organisation or NOT_NAMED
        account = found.setdefault(name.casefold(), Account(name))
        account.places[place_of(line, inside)] += pounds(line.amount)
        account.lines += 1
    for entry in plan.budget.organisations:
        account = found.setdefault(entry.name.casefold(), Account(entry.name or NOT_NAMED))
        account.outside = "; ".join(words for words in (account.outside, entry.outside) if words)
        if entry.total is not None:
            account.whole = (account.whole or 0) + pounds(entry.total)
            account.status = "assumed" if "assumed" in (account.status, entry.status) else entry.status
    return list(found.values())


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """Budgets in and out: by organisation, by the budgets of the source, and line by line."""
    chosen = bool(ladder.in_scope(plan, reference))
    blocks: list[Block] = [Heading("Budgets in and out", "in-and-out", 3)]
    if not plan.budget.lines:
        blocks.append(Words(("No budget line has been entered yet, so nothing is in or out.",), "note"))
    elif not chosen:
        blocks.append(
            Words(("No scope has been chosen yet: choose one above and the lines are sorted by it.",), "note")
        )
    else:
        found = accounts(plan, reference)
        _record(plan, found, results)
        blocks += [
            Words(tuple(_in_words(plan, found))),
            _by_organisation(plan, found),
            _line_by_line(plan, reference),
        ]
    blocks.append(
        asking.ask(plan, reference, "/budget/organisations", detail=bool(plan.budget.organisations))
    )
    return [*blocks, *_budgets_of_the_source(plan, reference)]


# --- by organisation ------------------------------------------------------------------


def _decimals(amounts: list[int]) -> int:
    """Decimals of thousands with which a column of whole pounds adds up as printed."""
    return 3 if any(a % 1000 for a in amounts) else 0


def _by_organisation(plan: Plan, found: list[Account]) -> Table:
    rows = [_row(a) for a in found]
    total: dict[str, Any] = {"organisation": "All organisations"}
    for key in rows[0]:
        if key not in ("organisation", "status"):
            known = [r[key] for r in rows]
            total[key] = None if None in known else sum(known)
    given = {a.status for a in found if a.status}
    total["status"] = "confirmed" if given == {"confirmed"} else "assumed in part" if given else ""
    columns = [
        Column("organisation", "Organisation"),
        Column("inside", "In scope", "£000s", None, "By kind of budget, or by the line's own decision."),
        Column("out", "Outside by kind of budget", "£000s"),
        Column("moved", "Outside by own decision", "£000s"),
        Column("no_rung", "Outside: kind not given", "£000s"),
        Column("left", "Not entered as lines", "£000s", None, "Below zero: the lines exceed the whole."),
        Column("whole", "Whole spend", "£000s"),
        Column("status", "Whole spend is"),
    ]
    if not total["no_rung"]:
        columns = [c for c in columns if c.name != "no_rung"]
    shown = [*rows, total]
    decimals = _decimals([v for r in shown for v in r.values() if isinstance(v, int)])
    return table(
        "in-and-out",
        f"Each organisation's spend in and out of the chosen scope, {financial_year(plan.base_year)}",
        [replace(c, decimals=decimals) if c.unit else c for c in columns],
        [{k: v / 1000 if isinstance(v, int) else v for k, v in row.items()} for row in shown],
        source="Budget lines and organisations of this plan, counted in whole pounds",
        missing="not given",
    )


def _row(account: Account) -> dict[str, Any]:
    """One organisation in whole pounds; what the columns after the first hold adds up to the last."""
    return {
        "organisation": account.name,
        "inside": account.inside,
        "out": account.places["out"],
        "moved": account.places["moved-out"],
        "no_rung": account.places["no-rung"],
        "left": account.left,
        "whole": account.whole,
        "status": account.status,
    }


def _in_words(plan: Plan, found: list[Account]) -> list[str]:
    """How much is planned together, and where the lines exceed or fall short of an organisation's whole spend."""
    inside, entered = sum(a.inside for a in found), sum(a.entered for a in found)
    said = (
        f"Of {exact(entered)} entered as {plural(len(plan.budget.lines), 'line')} for "
        f"{financial_year(plan.base_year)}, {exact(inside)} is in scope"
        f"{f' ({100 * inside / entered:.0f}%)' if entered else ''} and {exact(entered - inside)} is not."
    )
    moved_in, moved_out = (sum(a.places[p] for a in found) for p in ("moved-in", "moved-out"))
    moves = [f"{exact(moved_in)} comes in"] if moved_in else []
    moves += [f"{exact(moved_out)} stays out"] if moved_out else []
    if moves:
        said += f" Of that, {listed(moves)} by the line's own decision, against its kind of budget."
    return [said, *_fit(found)]


def _fit(found: list[Account]) -> list[str]:
    """Whose lines add up to the whole spend, whose fall short, whose exceed it, and whose whole is not given."""
    said = []
    whole = [a.name for a in found if a.left == 0]
    if whole:
        verb = "'s lines add up to its" if len(whole) == 1 else " have lines that add up to their"
        said.append(f"{listed(whole)}{verb} whole spend, to the pound.")
    for a in found:
        if a.left is not None and a.whole is not None and a.left > 0:
            why = f": {a.outside.rstrip('.')}" if a.outside else ", and nothing says what that is"
            said.append(f"{a.name}: {exact(a.left)} of {exact(a.whole)} is not entered as lines{why}.")
        elif a.left is not None and a.whole is not None and a.left < 0:
            said.append(
                f"{a.name}: the lines come to {exact(a.entered)}, {exact(-a.left)} more than the whole spend given."
            )
    without = [a.name for a in found if a.whole is None]
    if without:
        said.append(f"No whole spend is given for {listed(without)}, so nobody can tell what is missing.")
    return [" ".join(said)] if said else []


def exact(amount: int) -> str:
    """Whole pounds as a reader says them: in thousands where that is exact, else to the pound."""
    if amount % 1000:
        return number(amount, 0, "£")
    return number(amount / 1000, 0, "£000s")


def _record(plan: Plan, found: list[Account], results: list[Result]) -> None:
    """What is in and out, for all and by organisation."""
    source, method = "Budget lines of this plan", "Sum of the lines in whole pounds, by rung or own decision"
    period = financial_year(plan.base_year)
    sides = [("in-scope", "In scope", sum(a.inside for a in found))]
    sides.append(("out-of-scope", "Outside the scope", sum(a.entered - a.inside for a in found)))
    for side, label, amount in sides:
        results.append(Result(f"budget.{side}", label, amount / 1000, "£000s", period, method, source))
    for slug, a in zip(_slugs([a.name for a in found]), found, strict=True):
        factors = {PLACES[p]: v / 1000 for p, v in a.places.items() if v}
        if a.left is not None:
            factors["not entered as lines"] = a.left / 1000
        results.append(
            Result(
                f"budget.in-scope.{slug}",
                f"In scope, {a.name}",
                a.inside / 1000,
                "£000s",
                period,
                method,
                source,
                factors,
            )
        )


def _slugs(names: list[str]) -> list[str]:
    """A short name for each, no two alike."""
    made: list[str] = []
    for n, name in enumerate(names, 1):
        slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "organisation"
        made.append(slug if slug not in made else f"{slug}-{n}")
    return made


# --- line by line ---------------------------------------------------------------------


def _line_by_line(plan: Plan, reference: Reference) -> Table:
    inside = ladder.in_scope(plan, reference)
    rungs = {r.id: r.label for r in ladder.rungs(plan, reference)}
    order = {name: n for n, name in enumerate(dict.fromkeys(x.organisation for x in plan.budget.lines))}
    sort = list(PLACES)
    rows: list[dict[str, Any]] = sorted(
        (
            {
                "organisation": line.organisation or NOT_NAMED,
                "line": line.name,
                "rung": rungs.get(line.rung, "left out of the ladder" if line.rung else ""),
                "place": place_of(line, inside),
                "why": line.scope_reason.rstrip("."),
                "amount": pounds(line.amount),
                "order": order[line.organisation],
            }
            for line in plan.budget.lines
        ),
        key=lambda r: (r["order"], sort.index(r["place"])),
    )
    decimals = _decimals([int(r["amount"]) for r in rows])
    columns = [
        Column("organisation", "Organisation"),
        Column("line", "Budget line"),
        Column("rung", "Kind of budget"),
        Column("place", "In or out"),
        Column("amount", "Spend", "£000s", decimals),
    ]
    for row in rows:
        row["place"] = _place_words(row["place"], row["why"])
        row["amount"] = row["amount"] / 1000
    return table(
        "scope-lines",
        f"Budget lines in and out of scope, {financial_year(plan.base_year)}",
        columns,
        rows,
        source="Budget lines of this plan",
        missing="not given",
        detail=True,
    )


def _place_words(place: Place, why: str) -> str:
    """ "in", "out", "out, by its own decision: one contract for five systems"."""
    if place in ("moved-in", "moved-out"):
        return f"{'in' if place in INSIDE else 'out'}, by its own decision: {why or 'no reason given'}"
    return {"in": "in", "out": "out", "no-rung": "out: no kind of budget given"}[place]


# --- the budgets of the source -----------------------------------------------------------

# The rungs of ODR-12 that hold the budgets of ODR-09; the first three share the core rung.
_RUNG_OF = {
    "ODR-12.r2": "ODR-09.4",
    "ODR-12.r3": "ODR-09.5",
    "ODR-12.r4": "ODR-09.3",
    "ODR-12.r5": "ODR-09.3",
    "ODR-12.r6": "ODR-09.6",
}
# Left out by consensus in the source; found here by whole words in the names of lines.
LEFT_OUT: dict[str, str] = {
    "Budgets for places: waste, roads, environment, planning": r"waste|roads?|highways?|environment\w*|planning",
    "Education, most of it passed through to schools": r"education|schools",
}


def _budgets_of_the_source(plan: Plan, reference: Reference) -> list[Block]:
    """The six budgets that may be in scope and the two left out by consensus, with the lines there are."""
    bank = reference.framework("ODR-09")
    blocks: list[Block] = [Heading("Budgets that may be in scope", "budgets-in-question", 3)]
    blocks.append(
        Words(
            (
                "Being in scope means at least that the outcomes of the plan cover a budget. It need not mean that "
                "the budget joins a contract or a pooled fund.",
            )
        )
    )
    if plan.budget.lines:
        blocks.append(_source_table(plan, reference))
    return [
        *blocks,
        asking.about(bank),
        *folded(asking.bank(plan, bank, "/budget/answers")),
    ]


def _source_table(plan: Plan, reference: Reference) -> Table:
    bank = reference.framework("ODR-09")
    inside = ladder.in_scope(plan, reference)
    sorted_: dict[str, list[BudgetLine]] = {}
    health = _health_bodies(plan)
    for line in plan.budget.lines:
        sorted_.setdefault(_budget_of(line, health), []).append(line)
    labels = {item.id: item.label for item in bank.items} | {name: f"Left out: {name}" for name in LEFT_OUT}
    if "" in sorted_:
        labels[""] = "None of these, or not known"
    rows: list[dict[str, Any]] = []
    for id, label in labels.items():
        own = sorted_.get(id, [])
        within = sum(pounds(x.amount) for x in own if place_of(x, inside) in INSIDE)
        rows.append(
            {
                "budget": label,
                "lines": len(own),
                "inside": within,
                "outside": sum(pounds(x.amount) for x in own) - within,
            }
        )
    decimals = _decimals([r[k] for r in rows for k in ("inside", "outside")])
    for row in rows:
        row["inside"], row["outside"] = row["inside"] / 1000, row["outside"] / 1000
    return table(
        "budgets-in-question",
        "The six budgets that may be in scope and the two left out by consensus, with this plan's lines",
        [
            Column("budget", "Budget"),
            Column("lines", "Lines", "", 0),
            Column("inside", "In scope", "£000s", decimals),
            Column("outside", "Outside", "£000s", decimals),
        ],
        rows,
        source=f"{bank.source}; budget lines of this plan",
        note=(
            "Told apart by the kind of budget of each line. Within the core, public health by its growth group, and "
            "health from council budgets by whether the organisation also pays for hospital or primary care. Budgets "
            "left out by consensus are known by words in the names of lines."
        ),
        detail=True,
    )


def _health_bodies(plan: Plan) -> set[str]:
    """The organisations that pay for hospital, specialised or primary care: no council does."""
    return {
        line.organisation
        for line in plan.budget.lines
        if line.growth.startswith("acute")
        or line.growth in ("primary-care", "prescribing")
        or line.rung in ("ODR-12.r2", "ODR-12.r3")
    }


def _budget_of(line: BudgetLine, health: set[str]) -> str:
    """The budget of ODR-09 that a line belongs to, one that is left out, or nothing where neither can be told."""
    if line.rung == "ODR-12.r1":
        if line.growth == "public-health":
            return "ODR-09.2"
        return "ODR-09.1" if line.organisation in health else "ODR-09.3"
    for name, words in LEFT_OUT.items():
        if re.search(rf"\b({words})\b", line.name, re.IGNORECASE):
            return name
    if line.rung == "ODR-12.r6" and not re.search(r"\btransport", line.name, re.IGNORECASE):
        return ""
    return _RUNG_OF.get(line.rung, "")
