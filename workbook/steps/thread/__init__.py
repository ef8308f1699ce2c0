"""The live thread: need, ambition, scheme, money, stopped service and outcome as one plan.

Each rule looks for one kind of broken or doubtful link and says it in a
sentence, with what to do and where. A rule is a function of the context that
yields findings; its name is not shown, its code is. "blocks" stands in the way
of sign-off, "doubt" needs a second look, "note" is for information. The rules
stand in one module for each link of the thread; the order of the modules here
is the order of their findings within one severity.
"""

from __future__ import annotations

from functools import lru_cache

from workbook.blocks import SEVERITIES, Block, Finding, Heading, Words
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.steps.kept import settled, text_of
from workbook.steps.thread.alike import Found, Link, by_link, counted, joined, left_out
from workbook.steps.thread.context import RULES, Context, is_set, rule

# isort: off
from workbook.steps.thread import (  # noqa: F401
    needs,
    ambitions,
    scope,
    schemes,
    effects,
    pace,
    value,
    money,
    fund,
    stopping,
    denominators,
    dates,
    order,
    aside,
    departed,
    sign_off,
)
# isort: on

__all__ = [
    "RULES",
    "Context",
    "Link",
    "counted",
    "findings",
    "is_set",
    "joined",
    "left_out",
    "links",
    "of_service",
    "of_step",
    "rule",
]

_ORDER = list(SEVERITIES)


def findings(plan: Plan, reference: Reference) -> list[Finding]:
    """Every broken or doubtful link of a plan, the blocking ones first."""
    return [finding for _, finding in _held(plan, reference)[0]]


def links(plan: Plan, reference: Reference) -> list[Link]:
    """The same findings grouped by the parts of the plan between which something is broken."""
    return by_link(_held(plan, reference)[0])


def of_step(plan: Plan, reference: Reference, step: str) -> list[Block]:
    """The findings of one step under their heading, for the end of its page; many alike as one."""
    own = [f for f in findings(plan, reference) if f.step == step]
    if own:
        return [Heading("What is broken or in doubt", f"{step}-findings"), *joined(own)]
    return [
        Heading("What is broken or in doubt", f"{step}-findings"),
        Words(("Nothing that the workbook can see. It checks links and figures, not judgement.",)),
    ]


def of_service(plan: Plan, reference: Reference, service: Service) -> list[Finding]:
    """The findings that concern one service considered for stopping."""
    return list(_held(plan, reference)[1].get(service.id, ()))


Held = tuple[tuple[Found, ...], dict[str, list[Finding]]]  # all findings; those of each service


def _held(plan: Plan, reference: Reference) -> Held:
    return _found(text_of(plan), reference, reference.stamp)


@lru_cache(maxsize=4)
def _found(plan_json: str, reference: Reference, stamp: object) -> Held:
    with settled(plan_json) as plan:
        context = Context(plan, reference)
        found: list[Found] = []
        for each in RULES:
            found += [(each, finding) for finding in each(context)]
            context.so_far[:] = [finding for _, finding in found]
        found.sort(key=lambda pair: _ORDER.index(pair[1].severity))
        return tuple(found), _by_service(plan, found)


def _by_service(plan: Plan, found: list[Found]) -> dict[str, list[Finding]]:
    services = plan.decommissioning.services
    own: dict[str, list[Finding]] = {}
    for _, finding in found:
        place = finding.path.split("/")
        if place[1:3] == ["decommissioning", "services"] and len(place) > 3 and place[3].isdigit():
            own.setdefault(services[int(place[3])].id, []).append(finding)
    return own
