"""Rules on people and sign-off: owners, roles, dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from workbook.blocks import Finding, Severity
from workbook.steps.thread.context import Context, finding, is_set, rule
from workbook.words import day, plural


@rule()
def owner_missing(c: Context) -> Iterator[Finding]:
    """A priority, ambition, funded scheme or service without an owner."""
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
    """The plan is assured by the person who did the work."""
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
    """The plan is signed and does not say until when it holds."""
    if c.plan.sign_off.approver.signed and not c.plan.sign_off.review_by:
        yield finding(
            "valid-until-missing",
            "doubt",
            "The plan is signed and does not say until when it holds.",
            "Enter the date after which it must not be used without review.",
            "plan",
            "/sign_off/review_by",
        )


@rule("schemes", "sign-off")
def signer_owns_scheme(c: Context) -> Iterator[Finding]:
    """The plan is assured or approved by a role that owns a funded scheme."""
    owners = {s.owner.casefold(): s for s in c.funded if s.owner}
    for role, weight in (("assurer", "doubt"), ("approver", "note")):
        signature = getattr(c.plan.sign_off, role)
        named = [w.casefold() for w in (signature.post, signature.name) if w]
        scheme = next((owners[w] for w in named if w in owners), None)
        if scheme:
            yield finding(
                "signer-owns-scheme",
                cast(Severity, weight),
                f"The {role} of the plan, {scheme.owner}, also owns the funded scheme “{scheme.name}”.",
                "Ask somebody who has nothing to gain or lose, or record the interest with the decision.",
                "plan",
                f"/sign_off/{role}",
            )


@rule()
def decision_without_taker(c: Context) -> Iterator[Finding]:
    """A decision in the log that nobody is named to have taken."""
    for n, decision in enumerate(c.plan.decisions):
        if not decision.taken_by:
            what = decision.what.rstrip(".") or "without words"
            yield finding(
                "decision-without-taker",
                "doubt",
                f"The decision “{what[:120]}” names nobody who took it.",
                "Name the body with the power to decide: a group that meets is not always one.",
                "plan",
                f"/decisions/{n}/taken_by",
            )


_FEW = 3  # owners that may well be one and the same


@rule("needs", "ambitions", "schemes", "stopping")
def one_owner(c: Context) -> Iterator[Finding]:
    """The same role owns every priority, ambition, scheme and service."""
    plan = c.plan
    lists = (plan.needs.priorities, plan.ambitions.items, c.funded, plan.decommissioning.services)
    owners = [str(owner) for entries in lists for entry in entries if (owner := getattr(entry, "owner", ""))]
    if len(owners) > _FEW and len({o.casefold() for o in owners}) == 1:
        yield finding(
            "one-owner",
            "note",
            f"{owners[0]} owns all {len(owners)} priorities, ambitions, schemes and services that have an owner.",
            "Share them out among those who can really move each of them.",
            "plan",
            "/needs/priorities/0/owner" if plan.needs.priorities else "/sign_off",
        )


@rule("needs", "ambitions", "money", "schemes", "stopping", "sign-off")
def signed_while_blocked(c: Context) -> Iterator[Finding]:
    """The plan is signed while findings stand that block sign-off; this rule comes after all others."""
    blocking = sum(f.severity == "blocks" for f in c.so_far)
    if c.plan.sign_off.approver.signed and blocking:
        yield finding(
            "signed-while-blocked",
            "blocks",
            f"The plan was signed on {day(c.plan.sign_off.approver.signed)} while {plural(blocking, 'finding')} "
            f"{'blocks' if blocking == 1 else 'block'} sign-off.",
            "Mend what blocks it and sign again, or take the signature back.",
            "plan",
            "/sign_off/approver",
        )
