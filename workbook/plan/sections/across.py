"""What belongs to no one step: assumptions changed, decisions, sign-off."""

from __future__ import annotations

from workbook.plan.sections.base import PERHAPS, PERSON, Day, LongText, Section, Status, Text, Year, ask


class Override(Section):
    """A dated assumption that a person replaced, with the reason."""

    id: str = ask("Assumption", extra={"refers": "assumptions"})
    value: float = ask("Value used instead")
    from_year: Year | None = ask(
        "From financial year", "Leave empty for every year of the plan.", default=None
    )
    to_year: Year | None = ask("To financial year", default=None)
    status: Status = ask("Confirmed or assumed", default="assumed")
    reason: LongText = ask("Why", required=True, default="")
    by: Text = ask("By whom", required=True, default="", extra=PERSON)
    on: Day | None = ask("On", default=None)


class Decision(Section):
    """One decision: what, why, who made it and who took it."""

    what: LongText = ask("Decision", required=True)
    rationale: LongText = ask("Why", default="", required=True)
    on: Day | None = ask("On", default=None)
    made_by: Text = ask(
        "Made by", "The group that reached the view together.", source="TDC-09", default="", extra=PERHAPS
    )
    taken_by: Text = ask(
        "Taken by", "The body with the power to decide.", source="TDC-09", default="", extra=PERHAPS
    )
    dissent: LongText = ask("Dissent", default="")
    conflicts: LongText = ask("Conflicts of interest declared", default="")


class Signature(Section):
    """One of the four roles that stand behind a plan."""

    name: Text = ask("Name", default="", extra=PERSON)
    post: Text = ask("Post", default="")
    signed: Day | None = ask("Signed on", default=None)
    statement: LongText = ask("What was checked", default="")


class SignOff(Section):
    """Who stands behind the plan, how long it holds, and what it must not be used for."""

    commissioner: Signature = ask(
        "Commissioner", "Asked for the plan and says what it is for.", default_factory=Signature
    )
    analyst: Signature = ask("Analyst", "Did the work.", default_factory=Signature)
    assurer: Signature = ask("Assurer", "Checked it and is not the analyst.", default_factory=Signature)
    approver: Signature = ask("Approver", "Signs it off for use.", default_factory=Signature)
    version: Text = ask("Version", default="")
    review_by: Day | None = ask(
        "Valid until", "The date after which the plan must not be used without review.", default=None
    )
    limits: LongText = ask("Limits of use", default="")
    uncertainty: LongText = ask("Uncertainty", "What could make the plan wrong, in plain words.", default="")
