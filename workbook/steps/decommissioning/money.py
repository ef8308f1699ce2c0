"""The money of stopping: what is released, who can spend it, what stays behind, what is paid once, who pays more.

All money in £000s, in the prices of the budget lines, by financial year. The five-year
money (``steps/money.py``) counts the cashable part of services to be stopped and their
cost of closing; the figures here agree with it to the pound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Table, Words, table
from workbook.methods import stopping as method
from workbook.plan import Plan
from workbook.plan.sections import Scheme, Service
from workbook.steps.money import counts_itself, financial_year_of, months_left
from workbook.words import day, financial_year, listed, plural
from workbook.words import money as pounds

NO_LINE = "The commissioner (no budget line named)"
NO_PROVIDER = "The provider (not named)"
_SMALL = 0.5  # £000s: what rounds to nought is not spoken of


@dataclass(frozen=True)
class Stopping:
    """The money of services that have a last day, year by year (£000s).

    ``services`` are their places in the plan, the rows of ``released``,
    ``cashed``, ``stranded``, ``later``, ``once`` and ``moved``; ``counted``
    says which of them the five-year money counts with the service and not with
    a scheme. ``net`` is what stopping leaves with each organisation of
    ``owners``: (services, owners, years).
    """

    years: tuple[int, ...]
    services: tuple[int, ...]
    released: np.ndarray
    cashed: np.ndarray
    stranded: np.ndarray
    later: np.ndarray
    once: np.ndarray
    moved: np.ndarray
    counted: np.ndarray
    owners: tuple[str, ...]
    net: np.ndarray

    def row(self, index: int) -> int | None:
        """The row of the service at a place of the plan; None where it has no last day."""
        return self.services.index(index) if index in self.services else None


def payer(plan: Plan, service: Service) -> str:
    """Who pays for the service today: the organisation of its budget line."""
    return next(
        (line.organisation for line in plan.budget.lines if line.id == service.line and line.organisation),
        NO_LINE,
    )


def paid_by(plan: Plan, service: Service) -> list[Scheme]:
    """The funded schemes that cost money and count the saving of a stopped service as their own: it pays for them."""
    if counts_itself(plan, service):
        return []
    own = [s for s in plan.budget.schemes if s.funded and s.stops == service.id]
    return [s for s in own if s.recurrent_cost and s.gross_saving * s.cashable_share > 0]


def pays(cash: float, schemes: Sequence[Scheme]) -> str:
    """Whether cashable money covers what the schemes cost a year, or only part of it."""
    return "pays for" if cash + _SMALL >= sum(s.recurrent_cost for s in schemes) else "goes towards"


def stranded_with(service: Service) -> str:
    """Who goes on paying what is released but not cashable."""
    return service.stranded_with or service.provider or NO_PROVIDER


def transition_with(plan: Plan, service: Service) -> str:
    """Who pays what is paid once: who the plan names, else who pays for the service."""
    return service.transition_with or payer(plan, service)


def stopping(plan: Plan) -> Stopping:
    """The money of every service that has a last day and is not kept, over the plan's years with the base year."""
    years = (plan.base_year, *plan.years)
    held = [
        (n, s) for n, s in enumerate(plan.decommissioning.services) if s.stop_date and s.decision != "keep"
    ]
    services = [s for _, s in held]
    last = [financial_year_of(s.stop_date) for s in services if s.stop_date]
    months = [months_left(s.stop_date) for s in services if s.stop_date]
    parts = method.stopped(
        years,
        last,
        months,
        [s.released for s in services],
        [s.cashable for s in services],
        [method.FOR_EVER if s.stranded_years is None else s.stranded_years for s in services],
    )
    once = method.once(years, last, [s.transition_cost for s in services])
    effect = method.in_effect(years, last, months)
    names = _owners(plan, services)
    shunted = np.array([sum(x.amount for x in s.shunted) for s in services]).reshape(-1, 1) * effect
    counted = np.array([counts_itself(plan, s) for s in services], dtype=bool)
    net = _net(plan, services, names, parts, once, effect)
    return Stopping(years, tuple(n for n, _ in held), *parts, once, shunted, counted, tuple(names), net)


def _owners(plan: Plan, services: list[Service]) -> dict[str, int]:
    """Every organisation that the money of stopping touches, with its row."""
    names: dict[str, int] = {}
    for service in services:
        touched = [payer(plan, service), stranded_with(service), transition_with(plan, service)]
        for name in (*touched, *(x.organisation for x in service.shunted)):
            names.setdefault(name, len(names))
    return names


def _net(
    plan: Plan,
    services: list[Service],
    names: dict[str, int],
    parts: method.Stopped,
    once: np.ndarray,
    effect: np.ndarray,
) -> np.ndarray:
    """What stopping leaves with each organisation: shape (services, owners, years)."""
    net = np.zeros((len(services), len(names), effect.shape[1] if len(services) else 0))
    for row, service in enumerate(services):
        count = len(names)
        gains = method.by_owner(parts.released[[row]], [names[payer(plan, service)]], count)
        stays = method.by_owner(parts.stranded[[row]], [names[stranded_with(service)]], count)
        paid = method.by_owner(once[[row]], [names[transition_with(plan, service)]], count)
        amounts = np.array([x.amount for x in service.shunted]).reshape(-1, 1) * effect[[row]]
        falls = method.by_owner(amounts, [names[x.organisation] for x in service.shunted], count)
        net[row] = method.net(gains, stays, paid, falls)
    return net


# --- one service ------------------------------------------------------------------


def words(service: Service) -> str:
    """What is released and what stays behind; then what of the released money can be spent elsewhere."""
    if not service.annual_cost and not service.released:
        return "What it costs and releases has not been entered."
    act = "the change" if service.decision == "change" else "stopping"
    stays = max(service.annual_cost - service.released, 0)
    left = max(service.released - service.cashable, 0)
    cashed = (
        f"{pounds(service.cashable)} can be cashed" if round(service.cashable) else "nothing can be cashed"
    )
    return (
        f"Of {pounds(service.annual_cost)} a year, {act} releases {pounds(service.released)}"
        f"{f' and leaves {pounds(stays)} in costs that do not go away' if round(stays) else ''}. "
        f"Of what is released, {cashed}{f' and {pounds(left)} cannot' if round(left) and round(service.cashable) else ''}. "
        f"{f'It costs {pounds(service.transition_cost)} once.' if service.transition_cost else 'No cost of closing is given.'}"
    )


def part(plan: Plan, found: Stopping, index: int, service: Service) -> list[Block]:
    """One service's money by year and organisation, with what it does to each of them in words."""
    row = found.row(index)
    if row is None:
        return (
            []
            if service.decision == "keep"
            else [Words(("Its money is laid out by year once it has a last day.",))]
        )
    if not found.released[row].any() and not found.once[row].any() and not found.moved[row].any():
        return []
    said = [_counted(plan, found, row, service), *_moved_words(found, row)]
    return [_table(plan, found, row, service), Words(tuple(s for s in said if s))]


def _table(plan: Plan, found: Stopping, row: int, service: Service) -> Table:
    lines: list[tuple[str, str, np.ndarray]] = [
        ("Released", payer(plan, service), found.released[row]),
        ("of which cashable", "", found.cashed[row]),
        ("of which stranded", stranded_with(service), found.stranded[row]),
        ("of which falls away later", "", found.later[row]),
        ("Paid once", transition_with(plan, service), -found.once[row]),
        *(
            ("Moved onto another", x.organisation, -x.amount * _effect(found, row, service))
            for x in service.shunted
        ),
        *(
            ("Net effect", name, found.net[row, n])
            for n, name in enumerate(found.owners)
            if found.net[row, n].any()
        ),
        ("Net effect", "all together", found.net[row].sum(axis=0)),
    ]
    shown = [line for line in lines if line[2].any() or line[0] in ("Released", "of which cashable")]
    return _by_year(
        f"money-{service.id}",
        f"{service.name}: the money of {'the change' if service.decision == 'change' else 'stopping'}, year by year",
        found,
        shown,
        _first_year(service),
        detail=True,
    )


def _effect(found: Stopping, row: int, service: Service) -> np.ndarray:
    assert service.stop_date
    last = financial_year_of(service.stop_date)
    return method.in_effect(found.years, [last], [months_left(service.stop_date)])[0]


def _first_year(service: Service) -> str:
    if service.stop_date is None:
        return ""
    months = months_left(service.stop_date)
    year = financial_year(financial_year_of(service.stop_date))
    of_it = f"{plural(months, 'month')} of {year}" if months else f"nothing of {year}"
    return f"Last day {day(service.stop_date)}: {of_it} {'counts' if months < 2 else 'count'}."


def _by_year(
    id: str,
    title: str,
    found: Stopping,
    lines: list[tuple[str, str, np.ndarray]],
    note: str,
    *,
    detail: bool = False,
) -> Table:
    rows = [
        {"what": what, "who": who} | {str(y): float(v) for y, v in zip(found.years, amounts, strict=True)}
        for what, who, amounts in lines
    ]
    return table(
        id,
        title,
        [
            Column("what", "What"),
            Column("who", "With whom"),
            *(Column(str(y), financial_year(y), "£000s", 0) for y in found.years),
        ],
        rows,
        source="Inputs of this plan",
        note=f"{note} Released is cashable, stranded and what falls away later. Below zero: costs more.".strip(),
        missing="",
        detail=detail,
    )


def _counted(plan: Plan, found: Stopping, row: int, service: Service) -> str:
    """Where the cashable money is counted in the five-year money, if at all."""
    if service.decision != "stop":
        return "Not decided, or not to be stopped: the five-year money counts none of this."
    if found.counted[row]:
        return "The five-year money counts the cashable part and what is paid once."
    claims = [s.name for s in plan.budget.schemes if s.funded and s.stops == service.id]
    return f"The five-year money counts the saving with {listed(f'“{n}”' for n in claims)}, so not here a second time; it does count what is paid once."


def _moved_words(found: Stopping, row: int) -> list[str]:
    """A saving for one that is a cost for another, said in the last year."""
    last = found.net[row, :, -1]
    gain = [(found.owners[n], v) for n, v in enumerate(last) if v > _SMALL]
    loss = [(found.owners[n], -v) for n, v in enumerate(last) if v < -_SMALL]
    if not (gain and loss):
        return []
    year = financial_year(found.years[-1])
    return [
        f"In {year} {_less(gain)}, and {_more(loss)}: all together it leaves {pounds(float(last.sum()))} a year."
    ]


def _less(gain: list[tuple[str, float]]) -> str:
    return listed(f"{name} pays {pounds(v)} less" for name, v in gain)


def _more(loss: list[tuple[str, float]]) -> str:
    return listed(f"{name} is left with {pounds(v)} more" for name, v in loss)


# --- all services together -----------------------------------------------------------


def overview(plan: Plan, found: Stopping) -> list[Block]:
    """The services to be stopped taken together: a picture, the table by year, and who gains and who pays."""
    services = plan.decommissioning.services
    rows = [r for r, n in enumerate(found.services) if services[n].decision == "stop"]
    if not rows or not (found.released[rows].any() or found.once[rows].any()):
        return []
    lines = _together(found, rows)
    shown = _by_year(
        "money-of-stopping",
        f"The money of {plural(len(rows), 'service')} to be stopped, year by year",
        found,
        lines,
        _elsewhere(plan, found, rows),
        detail=True,
    )
    return [
        Heading("The money of stopping", "stopping-money"),
        _picture(plan, found, rows, shown),
        *([shown] if len(rows) > 1 else []),  # that of one service alone stands with the service
        *_gainers(found, rows),
    ]


def _together(found: Stopping, rows: list[int]) -> list[tuple[str, str, np.ndarray]]:
    def total(array: np.ndarray) -> np.ndarray:
        return np.asarray(array[rows].sum(axis=0))

    net = total(found.net)
    lines = [
        ("Released", "", total(found.released)),
        ("of which cashable", "", total(found.cashed)),
        ("of which stranded", "", total(found.stranded)),
        ("of which falls away later", "", total(found.later)),
        ("Paid once", "", -total(found.once)),
        ("Moved onto others", "", -total(found.moved)),
        *(("Net effect", name, net[n]) for n, name in enumerate(found.owners) if net[n].any()),
        ("Net effect", "all together", np.asarray(net.sum(axis=0))),
    ]
    return [line for line in lines if line[2].any()]


def _elsewhere(plan: Plan, found: Stopping, rows: list[int]) -> str:
    """How much of the cashable money schemes count instead."""
    claimed = [r for r in rows if not found.counted[r]]
    amount = float(found.cashed[claimed].sum(axis=0)[-1]) if claimed else 0.0
    if not round(amount):
        return ""
    return f"Of the cashable part {pounds(amount)} in {financial_year(found.years[-1])} is that of services whose saving a scheme counts."


def _picture(plan: Plan, found: Stopping, rows: list[int], shown: Table) -> Figure:
    parts = (
        ("Cashable", found.cashed),
        ("Stranded", found.stranded),
        ("Falls away later", found.later),
        ("Paid once", -found.once),
        ("Moved onto others", -found.moved),
    )
    drawn = [
        {"category": financial_year(y), "series": name, "value": float(v)}
        for name, array in parts
        if array[rows].any()
        for y, v in zip(found.years, array[rows].sum(axis=0), strict=True)
    ]
    last = financial_year(found.years[-1])
    released, cashed = (float(a[rows].sum(axis=0)[-1]) for a in (found.released, found.cashed))
    title = f"Stopping releases {pounds(released)} in {last}, of which {pounds(cashed)} {_used(plan, found, rows)}"
    alt = (
        "Stacked bars by year: what is released, parted into cashable, stranded and falling away later, above the "
        "line; what is paid once or moved onto others below it."
    )
    return Figure(
        "money-of-stopping-chart", title, charts.bars(drawn, unit="£000s"), alt, shown, "Inputs of this plan"
    )


def _used(plan: Plan, found: Stopping, rows: list[int]) -> str:
    """What becomes of the cashable money: the saving that a scheme counts as its own pays for that scheme."""
    services = plan.decommissioning.services
    cashed = {r: float(found.cashed[r][-1]) for r in rows if round(float(found.cashed[r][-1]))}
    claims = {r: own for r in cashed if (own := paid_by(plan, services[found.services[r]]))}
    if not claims:
        return "can be spent elsewhere"
    schemes = [s for own in claims.values() for s in own]
    used = sum(cashed[r] for r in claims)
    names = listed(dict.fromkeys(f"“{s.name}”" for s in schemes))
    rest = f"{pays(used, schemes)} {names}"
    return (
        f"is in cash and {rest}" if len(claims) == len(cashed) else f"is in cash; {pounds(used)} of it {rest}"
    )


def _gainers(found: Stopping, rows: list[int]) -> list[Block]:
    """Who gains and who pays, all years taken together: a saving for one that costs another is said."""
    total = found.net[rows].sum(axis=(0, 2))
    gain = [(found.owners[n], v) for n, v in enumerate(total) if v > _SMALL]
    loss = [(found.owners[n], -v) for n, v in enumerate(total) if v < -_SMALL]
    span = f"{financial_year(found.years[0])} to {financial_year(found.years[-1])}"
    if not loss:
        return []
    if not gain:
        return [Words((f"Over {span}, {_more(loss)}, and nobody pays less.",))]
    whole = pounds(float(total.sum()))
    return [Words((f"Over {span}, {_less(gain)}, and {_more(loss)}: all together stopping leaves {whole}.",))]
