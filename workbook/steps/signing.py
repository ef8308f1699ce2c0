"""What stands behind a plan: what could make it wrong, what it must not be used for, how long it holds, who signs."""

from __future__ import annotations

from workbook.blocks import Block, Heading, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, thread
from workbook.steps.in_short import ROLES, finding_counts, signed_words
from workbook.steps.on_a_page import until_words
from workbook.words import listed


def part(plan: Plan, reference: Reference) -> list[Block]:
    """Four sections, each with a sentence where the plan leaves it empty, and the questions that fill it."""
    return [
        Heading("Uncertainty", "uncertainty-statement"),
        *_unless(plan.sign_off.uncertainty, "Nobody has said in plain words what could make the plan wrong."),
        asking.ask(plan, reference, "/sign_off/uncertainty"),
        Heading("Limits of use", "limits"),
        *_unless(plan.sign_off.limits, "Nobody has said what the plan must not be used for."),
        asking.ask(plan, reference, "/sign_off/limits"),
        Heading("Version and how long it holds", "validity"),
        Words((_version(plan),)),
        asking.ask(plan, reference, "/sign_off/version"),
        asking.ask(plan, reference, "/sign_off/review_by"),
        Heading("Sign-off", "sign-off"),
        Words((" ".join([signed_words(plan), *_who_signs(plan)]), *_beside(plan, reference))),
        *(asking.ask(plan, reference, f"/sign_off/{role}") for role in ROLES),
    ]


def _unless(said: str, otherwise: str) -> list[Block]:
    return [] if said else [Words((otherwise,), "note")]


def _version(plan: Plan) -> str:
    version = f"Version {plan.sign_off.version}." if plan.sign_off.version else "The plan has no version."
    until = until_words(plan)
    return f"{version} {f'Valid until {until}' if plan.sign_off.review_by else until}"


def _who_signs(plan: Plan) -> list[str]:
    """The posts that have still to sign, and the roles that nobody holds."""
    open_ = [(role, getattr(plan.sign_off, role)) for role in ROLES]
    open_ = [(role, s) for role, s in open_ if not s.signed]
    named = [f"the {role} ({s.post or s.name})" for role, s in open_ if s.post or s.name]
    empty = [f"the {role}" for role, s in open_ if not (s.post or s.name)]
    said = [f"Still to sign: {listed(named)}."] if named else []
    return [*said, *([f"Nobody is named as {listed(empty, 'or')}."] if empty else [])]


def _beside(plan: Plan, reference: Reference) -> list[str]:
    """What was open while somebody signed: a signature does not settle it."""
    if not any(getattr(plan.sign_off, role).signed for role in ROLES):
        return []
    found = [f for f in thread.findings(plan, reference) if f.severity != "note"]
    if not found:
        return []
    return [f"Signed with this open: {_lower(finding_counts(found))} A signature does not settle them."]


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
