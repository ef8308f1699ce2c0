"""Rules on people and sign-off: owners, roles, dates."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps.thread.context import Context, finding, is_set, rule


@rule()
def owner_missing(c: Context) -> Iterator[Finding]:
    plan = c.plan
    places = [
        ("needs", f"/needs/priorities/{n}/owner", f"The priority “{p.title}”", p.owner)
        for n, p in enumerate(plan.needs.priorities)
    ]
    places += [
        ("ambitions", f"/ambitions/items/{n}/owner", f"Ambition {a.number}", a.owner)
        for n, a in enumerate(plan.ambitions.items)
        if is_set(a)
    ]
    places += [
        ("budget", f"/budget/schemes/{n}/owner", f"The funded scheme “{s.name}”", s.owner)
        for n, s in enumerate(plan.budget.schemes)
        if s.funded
    ]
    places += [
        (
            "decommissioning",
            f"/decommissioning/services/{n}/owner",
            f"The service “{s.name}”" if s.name else "A service without a name",
            s.owner,
        )
        for n, s in enumerate(plan.decommissioning.services)
    ]
    for step, path, what, owner in places:
        if not owner:
            yield finding(
                "owner-missing",
                "doubt",
                f"{what} has no owner.",
                "Name the role that answers for it.",
                step,
                path,
            )


@rule()
def assurer_is_analyst(c: Context) -> Iterator[Finding]:
    sign = c.plan.sign_off
    if sign.assurer.name and sign.assurer.name.casefold() == sign.analyst.name.casefold():
        yield finding(
            "assurer-is-analyst",
            "doubt",
            "The plan is assured by the person who did the work.",
            "Ask somebody else to check it.",
            "plan",
            "/sign_off/assurer",
        )


@rule()
def valid_until_missing(c: Context) -> Iterator[Finding]:
    if c.plan.sign_off.approver.signed and not c.plan.sign_off.review_by:
        yield finding(
            "valid-until-missing",
            "doubt",
            "The plan is signed and does not say until when it holds.",
            "Enter the date after which it must not be used without review.",
            "plan",
            "/sign_off/review_by",
        )
