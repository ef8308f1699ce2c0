"""Step 4: services considered for stopping: the gate, the notice, the money, the need, the record."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial

from workbook.blocks import Block, Heading, Question, Result, Words
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.decommissioning import (
    banks,
    calendar,
    candidates,
    drivers,
    equality,
    money,
    need,
    quality,
    record,
    side_by_side,
)
from workbook.steps.decommissioning.calendar import earliest
from workbook.steps.decommissioning.gate import GROUPS, Gate, gate_of, gates, tree
from workbook.steps.decommissioning.money import Stopping, stopping
from workbook.steps.decommissioning.money import words as _money_words
from workbook.steps.decommissioning.need import placed_words as _placed_words  # noqa: F401 (asked for by name)
from workbook.steps.decommissioning.need import unmet
from workbook.steps.parts import Assembly, Desk, Part, Results

__all__ = [
    "GROUPS",
    "Gate",
    "checks",
    "decommissioning",
    "earliest",
    "gate",
    "gate_of",
    "gates",
    "named",
    "stopping",
    "unmet",
]


class _Desk(Desk):
    """What the parts share: the services, all with a name; where each stands at the gate; the money of stopping."""

    @cached_property
    def named(self) -> Plan:
        return _all_named(self.plan)

    @property
    def services(self) -> list[Service]:
        return self.named.decommissioning.services

    @cached_property
    def gates(self) -> list[Gate]:
        return gates(self.plan, self.reference)

    @cached_property
    def flow(self) -> Stopping:
        return stopping(self.named)


def _parts(desk: _Desk) -> list[Part]:
    """The services as they are entered, side by side with calendar and money, then each of them, the records."""
    ids = [service.id for service in desk.services]
    each = [
        Part(f"service-{id}" if ids.index(id) == n else f"service-{id}-{n}", partial(_one, index=n))
        for n, id in enumerate(ids)
    ]
    return [*_BEFORE, *(_ACROSS if ids else ()), *each, *_AFTER]


_BEFORE = (
    Part("entered", lambda d, _: _entered(d)),
    Part("candidates", lambda d, _: candidates.part(d.named, d.reference)),
)
# Everything that is read across services.
_ACROSS = (
    Part("side-by-side", lambda d, _: _side_by_side(d)),
    Part("calendar", lambda d, _: calendar.overview(d.named, d.reference)),
    Part("money", lambda d, _: money.overview(d.named, d.flow)),
    Part("impact", lambda d, _: _impact(d.named, d.reference)),
)
_AFTER = (
    Part("sources", lambda d, _: _sources(d)),
    Part("records", lambda d, _: record.part(d.named, d.reference, d.gates)),
    Part("findings", lambda d, _: _findings(d)),
)


def _entered(desk: _Desk) -> list[Block]:
    return [
        *_opening(desk.named),
        Heading("Services considered", "services"),
        _services_form(desk.plan, desk.reference),
        asking.ask(desk.named, desk.reference, "/decommissioning/quality", detail=True),
        *([] if desk.services else [banks.about(desk.reference)]),
    ]


def _side_by_side(desk: _Desk) -> list[Block]:
    said = need.overview(desk.named)
    return [
        Heading("Services side by side", "overview"),
        *side_by_side.part(desk.named, desk.reference, desk.gates),
        *([Words((said,))] if said else []),
    ]


def _one(desk: _Desk, results: Results, index: int) -> list[Block]:
    service, stood = desk.services[index], desk.gates[index]
    results += _results(desk.named, desk.reference, desk.flow, index, service, stood)
    return _service(desk.named, desk.reference, desk.flow, index, service, stood)


def _sources(desk: _Desk) -> list[Block]:
    if not desk.services:
        return []
    return [Heading("Where the questions come from", "stopping-sources"), banks.about(desk.reference)]


def _findings(desk: _Desk) -> list[Block]:
    from workbook.steps.thread import of_step

    return of_step(desk.named, desk.reference, "decommissioning")


decommissioning = Assembly("decommissioning", "Decommissioning checks", _Desk, _parts)


def named(service: Service, index: int) -> Service:
    """The service as sentences call it: by its place where it has no name."""
    return (
        service
        if service.name.strip()
        else service.model_copy(update={"name": f"Service {index + 1} (without a name)"})
    )


def _all_named(plan: Plan) -> Plan:
    """The plan with a name for every service; the same plan where all have one."""
    own = plan.decommissioning
    if all(s.name.strip() for s in own.services):
        return plan
    called = [named(s, n) for n, s in enumerate(own.services)]
    return plan.model_copy(update={"decommissioning": own.model_copy(update={"services": called})})


def _services_form(plan: Plan, reference: Reference) -> Question:
    """The services as they are entered; what a table of the page shows in full is marked, so that no document says it twice."""
    form = asking.ask(plan, reference, "/decommissioning/services", detail=True)
    services = plan.decommissioning.services
    items = tuple(
        replace(item, questions=tuple(_marked(q, service) for q in item.questions))
        for item, service in zip(form.items, services, strict=True)
    )
    return replace(form, items=items)


def _marked(question: Question, service: Service) -> Question:
    field = question.path.rpartition("/")[2]
    shown = banks.is_asked(service) and (
        field in ("destinations", "quality")
        or (field == "record" and service.decision in record.DECIDED and not record.is_shortened(service))
    )
    return replace(question, detail=True) if shown else question


def checks(plan: Plan, reference: Reference, service: Service) -> dict[str, list[str]]:
    """The questions that count, by answer: "yes", "partly", "no", and "" for those without one."""
    return banks.standing(reference, service)


def gate(plan: Plan, reference: Reference, service: Service) -> tuple[str, list[str]]:
    """ "ready", "ready with conditions" or "not ready", with the sentences that stand in the way."""
    found = gate_of(plan, reference, service)
    return found.verdict, found.sentences


def _opening(plan: Plan) -> list[Block]:
    """What the step is for."""
    blocks: list[Block] = [
        Words(
            (
                "Stopping a service releases money only if its capacity closes, and it moves the need somewhere. Each "
                "service is asked the same questions; the answers are a gate, not a score.",
            )
        )
    ]
    if plan.decommissioning.services:
        return blocks
    none = Words(("No service has been considered for stopping yet.",), "note")
    return [*blocks, none]


def _impact(plan: Plan, reference: Reference) -> list[Block]:
    found = quality.overview(plan, reference)
    return [Heading("Quality impact of all services", "quality-impact"), *found] if found else []


def _service(
    plan: Plan, reference: Reference, flow: Stopping, index: int, service: Service, stood: Gate
) -> list[Block]:
    """One service: its gate first, then its money, need and impact, then what is asked."""
    decision = side_by_side.DECISIONS[service.decision].capitalize()
    heading = Heading(service.name, f"service-{service.id}")
    if not banks.is_asked(service):
        return [
            heading,
            Words(
                (
                    f"{decision}. {service.reason}".strip(),
                    "A service that is kept is not put through the gate.",
                )
            ),
        ]
    return [
        heading,
        Words((stood.headline,), "lead"),
        *([tree(service, stood)] if stood.points else []),
        Words(
            (
                f"{decision}. {_money_words(service)}",
                calendar.words(plan, reference, service),
                banks.summary(reference, service),
            )
        ),
        *money.part(plan, flow, index, service),
        *need.part(plan, service),
        *quality.part(plan, reference, service),
        *equality.part(reference, service),
        *drivers.part(reference, service),
        *_asked(plan, reference, index, service),
    ]


def _asked(plan: Plan, reference: Reference, index: int, service: Service) -> list[Block]:
    """What is asked of one service; bank by bank."""
    name = service.name
    return [
        *banks.questions(plan, reference, index, service),
        Heading(f"{name}: what should count, and what drives it", f"drivers-of-{service.id}", 3),
        *drivers.questions(plan, reference, index),
        Heading(f"{name}: equality", f"impact-{service.id}", 3),
        *equality.questions(plan, reference, index, service),
    ]


def _results(
    plan: Plan, reference: Reference, flow: Stopping, index: int, service: Service, stood: Gate
) -> list[Result]:
    stem, source = f"decommissioning.{service.id}", "Inputs of this plan"

    def result(name: str, label: str, value: str | float, unit: str, method: str) -> Result:
        return Result(f"{stem}.{name}", f"{service.name}, {label}", value, unit, "", method, source)

    left, first = need.unmet(service), earliest(plan, reference, service)
    rest = max(service.released - service.cashable, 0)
    rows = [
        result("gate", "gate", stood.verdict, "", "The questions asked of it and the findings of the thread"),
        result(
            "unmet", "need left unmet", left, "people a year", "Users less those with a place that has room"
        ),
        result("stranded", "released but not cashable", rest, "£000s a year", "Released less cashable"),
    ]
    if first:
        method = "Notice date plus the longest notice that applies, not before the end of a contract that cannot be broken"
        rows.append(result("earliest-end", "earliest end", first.date.isoformat(), "", method))
    row = flow.row(index)
    if row is not None and flow.net[row].any():
        value, method = (
            float(flow.net[row].sum()),
            "Released less stranded, paid once and moved onto others, over the plan's years",
        )
        rows.append(result("net", "left for all together over the plan's years", value, "£000s", method))
    return rows
