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
from workbook.steps.thread.context import RULES, Context, is_set, rule

# isort: off
from workbook.steps.thread import needs, ambitions, scope, schemes, money, stopping, sign_off  # noqa: F401
# isort: on

__all__ = ["RULES", "Context", "findings", "is_set", "of_service", "of_step", "rule"]

_ORDER = list(SEVERITIES)


def findings(plan: Plan, reference: Reference) -> list[Finding]:
    """Every broken or doubtful link of a plan, the blocking ones first."""
    return list(_findings(plan.model_dump_json(), reference, reference.stamp))


@lru_cache(maxsize=4)
def _findings(plan_json: str, reference: Reference, stamp: object) -> tuple[Finding, ...]:
    context = Context(Plan.model_validate_json(plan_json), reference)
    found = [finding for each in RULES for finding in each(context)]
    return tuple(sorted(found, key=lambda f: _ORDER.index(f.severity)))


def of_step(plan: Plan, reference: Reference, step: str) -> list[Block]:
    """The findings of one step under their heading, for the end of its page."""
    own = [f for f in findings(plan, reference) if f.step == step]
    if own:
        return [Heading("What is broken or in doubt", f"{step}-findings"), *own]
    return [
        Heading("What is broken or in doubt", f"{step}-findings"),
        Words(("Nothing that the workbook can see. It checks links and figures, not judgement.",)),
    ]


def of_service(plan: Plan, reference: Reference, service: Service) -> list[Finding]:
    """The findings that concern one service considered for stopping."""
    index = plan.decommissioning.services.index(service)
    here = f"/decommissioning/services/{index}"
    return [f for f in findings(plan, reference) if f.path == here or f.path.startswith(here + "/")]
