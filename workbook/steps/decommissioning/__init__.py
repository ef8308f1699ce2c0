"""Step 4: services considered for stopping, the checks before it, the notice, the money and the need."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Question, Result, Step, Table, Words, table
from workbook.methods import notice
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.steps import asking
from workbook.words import day, number, plural
from workbook.words import money as pounds

BANKS = ("CST-13", "CST-14")
_DECISIONS = {
    "considering": "being considered",
    "stop": "to be stopped",
    "change": "to be changed",
    "keep": "to be kept",
}


def decommissioning(plan: Plan, reference: Reference) -> Step:
    """Every service with its checks, its earliest lawful date, its money, and where the need goes."""
    from workbook.steps.thread import of_step

    services = plan.decommissioning.services
    results = [r for s in services for r in _results(plan, reference, s)]
    blocks: list[Block] = [
        Words(
            (
                "Stopping a service releases money only if its capacity closes, and it moves the need somewhere. "
                "The nine principles of the National Audit Office and five questions from NHS England's 2014 guide "
                "are asked of each service; the answers are a gate, not a score.",
            )
        ),
        asking.about(*(reference.framework(name) for name in BANKS)),
    ]
    if services:
        blocks.append(_side_by_side(plan, reference))
    else:
        blocks.append(Words(("No service has been considered for stopping yet.",), "note"))
    for index, service in enumerate(services):
        blocks += _service(plan, reference, index, service)
    blocks += [
        Heading("Services considered", "services"),
        asking.ask(plan, reference, "/decommissioning/services", detail=True),
        *of_step(plan, reference, "decommissioning"),
    ]
    return Step("decommissioning", "Decommissioning checks", tuple(blocks), tuple(results))


def earliest(plan: Plan, reference: Reference, service: Service) -> notice.Earliest | None:
    """The first day the service may end after its notice; None where no notice has been given."""
    if service.notice_date is None:
        return None
    year = service.notice_date.year
    return notice.earliest_end(
        service.notice_date,
        service.notice_months,
        staff_transfer=service.staff_transfer,
        residential=service.residential,
        assets=service.assets,
        contract_end=service.contract_end,
        minimum_months=int(reference.assumption("minimum-notice-months", year).value),
        longer_months=int(reference.assumption("minimum-notice-months-complex", year).value),
    )


def unmet(service: Service) -> float:
    """People a year whose need nobody takes up: users less those with a place to go that has capacity."""
    placed = sum(d.people for d in service.destinations if d.goes_to and d.capacity != "none")
    return max(service.users - placed, 0)


def checks(plan: Plan, reference: Reference, service: Service) -> dict[str, list[str]]:
    """The items of the two banks by answer: "yes", "partly", "no", and "" for those without one."""
    sorted_: dict[str, list[str]] = {"yes": [], "partly": [], "no": [], "": []}
    for name in BANKS:
        for item in reference.framework(name).items:
            given = service.answers.get(item.id)
            answer = given.answer.strip().lower() if given else ""
            sorted_[answer if answer in sorted_ else ""].append(item.id)
    return sorted_


def gate(plan: Plan, reference: Reference, service: Service) -> tuple[str, list[str]]:
    """ "ready", "ready with conditions" or "not ready", with the sentences that stand in the way."""
    from workbook.steps.thread import of_service

    found = of_service(plan, reference, service)
    given = checks(plan, reference, service)
    words = [f.sentence for f in found]
    if given["partly"]:
        words.append(f"{plural(len(given['partly']), 'check is', 'checks are')} met only in part.")
    if any(f.severity == "blocks" for f in found) or given["no"] or given[""]:
        if given["no"]:
            words.append(f"{plural(len(given['no']), 'check is', 'checks are')} answered no.")
        if given[""]:
            words.append(f"{plural(len(given['']), 'check has', 'checks have')} no answer yet.")
        return "not ready", list(dict.fromkeys(words))
    return ("ready with conditions" if words else "ready"), list(dict.fromkeys(words))


def _side_by_side(plan: Plan, reference: Reference) -> Table:
    rows = []
    for service in plan.decommissioning.services:
        verdict, words = gate(plan, reference, service)
        first = earliest(plan, reference, service)
        rows.append(
            {
                "name": service.name,
                "decision": _DECISIONS[service.decision],
                "gate": verdict,
                "open": len(words),
                "earliest": day(first.date) if first else "no notice set",
                "stop": day(service.stop_date) if service.stop_date else "not set",
                "cost": service.annual_cost,
                "released": service.released,
                "cashable": service.cashable,
                "unmet": unmet(service),
            }
        )
    return table(
        "services",
        "The services side by side",
        [
            Column("name", "Service"),
            Column("decision", "Decision"),
            Column("gate", "Gate"),
            Column("open", "Points open", "", 0),
            Column("earliest", "Earliest end"),
            Column("stop", "Planned end"),
            Column("cost", "Cost a year", "£000s", 0),
            Column("released", "Released a year", "£000s", 0),
            Column("cashable", "Cashable a year", "£000s", 0),
            Column("unmet", "Need left unmet", "people a year", 0),
        ],
        rows,
        source="Services of this plan",
        note="Three months' notice at least; longer where staff transfer, people live there, or buildings are involved.",
    )


def _service(plan: Plan, reference: Reference, index: int, service: Service) -> list[Block]:
    verdict, words = gate(plan, reference, service)
    base = f"/decommissioning/services/{index}/answers"
    blocks: list[Block] = [
        Heading(service.name or f"Service {index + 1}", f"service-{service.id}"),
        Words(
            (
                f"{_DECISIONS[service.decision].capitalize()}. Gate: {verdict}. {_money_words(service)} {_notice_words(plan, reference, service)}",
            )
        ),
    ]
    if words:
        blocks += [Words(("What stands in the way:",)), Words(tuple(words), "list")]
    if service.destinations:
        blocks.append(_destinations(service))
    questions: list[Question] = [
        q for name in BANKS for q in asking.bank(plan, reference.framework(name), base)
    ]
    return [*blocks, *questions]


def _money_words(service: Service) -> str:
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


def _notice_words(plan: Plan, reference: Reference, service: Service) -> str:
    first = earliest(plan, reference, service)
    if first is None or service.notice_date is None:
        return "No date of notice is set."
    return f"Notice on {day(service.notice_date)}; the service may end on {day(first.date)} at the earliest. {' '.join(first.reasons)}"


def _destinations(service: Service) -> Table:
    rows = [
        {
            "group": d.group,
            "people": d.people,
            "to": d.goes_to or "nobody takes it up",
            "capacity": d.capacity,
        }
        for d in service.destinations
    ]
    return table(
        f"destinations-{service.id}",
        f"{service.name}: where the need goes",
        [
            Column("group", "Group of users"),
            Column("people", "People a year", "", 0),
            Column("to", "Goes to"),
            Column("capacity", "Capacity there"),
        ],
        rows,
        note=_placed_words(service),
    )


def _placed_words(service: Service) -> str:
    left = round(unmet(service))
    if not left:
        return f"Every one of the {number(service.users, 0)} users a year has a place to go."
    return (
        f"Of {number(service.users, 0)} users a year, {number(left, 0)} {'has' if left == 1 else 'have'} no place with "
        "capacity: the need goes back to step 1."
    )


def _results(plan: Plan, reference: Reference, service: Service) -> list[Result]:
    stem, source = f"decommissioning.{service.id}", "Inputs of this plan"
    first = earliest(plan, reference, service)
    rows = [
        Result(
            f"{stem}.gate",
            f"{service.name}, gate",
            gate(plan, reference, service)[0],
            "",
            "",
            "The checks of CST-13 and CST-14 and the findings of the thread",
            source,
        ),
        Result(
            f"{stem}.unmet",
            f"{service.name}, need left unmet",
            unmet(service),
            "people a year",
            "",
            "Users less those with a place to go that has capacity",
            source,
        ),
        Result(
            f"{stem}.stranded",
            f"{service.name}, released but not cashable",
            max(service.released - service.cashable, 0),
            "£000s a year",
            "",
            "Released less cashable",
            source,
        ),
    ]
    if first:
        rows.append(
            Result(
                f"{stem}.earliest-end",
                f"{service.name}, earliest end",
                first.date.isoformat(),
                "",
                "",
                "Notice date plus the longest notice that applies",
                source,
            )
        )
    return rows
