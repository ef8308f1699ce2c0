"""Rules on the decision to stop: tests and duties, who was heard, who made it and who took it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.plan.sections import Service
from workbook.steps.decommissioning.banks import answer_of
from workbook.steps.thread.context import Context, rule
from workbook.steps.thread.stopping import ending, said, services, severity
from workbook.words import day, listed, plural

_USERS = {"patients", "carers", "residents"}
_ENGAGED = ("SCT-01.1", "SCT-02.1")  # the questions on engagement and on involvement
_CONDITIONS = ("SCT-01.b1", "SCT-01.b2", "SCT-01.b3")


@rule("stopping")
def not_notified(c: Context) -> Iterator[Finding]:
    """A substantial change of which the Secretary of State was not notified, or too late."""
    for here, service in ending(c):
        if not service.substantial or service.urgent:
            continue
        if service.notified is None and service.decision == "stop":
            yield said(
                "not-notified",
                "blocks",
                f"Stopping “{service.name}” is a substantial change of service, and the Secretary of State has not been notified.",
                "Notify, as has been asked since 31 January 2024, unless safety makes it urgent; enter the date.",
                f"{here}/notified",
            )
        elif service.notified and service.stop_date and service.notified > service.stop_date:
            yield said(
                "notified-after-stop",
                severity(service),
                f"The Secretary of State was notified of “{service.name}” on {day(service.notified)}, after its last day ({day(service.stop_date)}).",
                "Notify before the change is made; correct the date if it is wrong.",
                f"{here}/notified",
            )


@rule("stopping")
def not_consulted(c: Context) -> Iterator[Finding]:
    """A substantial change on which health scrutiny was not consulted, or too late."""
    for here, service in ending(c):
        if not service.substantial or service.urgent:
            continue
        if service.consulted is None:
            yield said(
                "not-consulted",
                "doubt",
                f"“{service.name}” is a substantial change of service, and the council's health scrutiny has not been consulted.",
                "Consult it while the decision is still open, and enter the date; say so if safety makes it urgent.",
                f"{here}/consulted",
            )
        elif service.record.taken_on and service.consulted > service.record.taken_on:
            yield said(
                "not-consulted-in-time",
                "doubt",
                f"The decision on “{service.name}” was taken on {day(service.record.taken_on)}, "
                f"before health scrutiny was consulted ({day(service.consulted)}).",
                "Consult before the decision is taken, or take it anew with what was said.",
                f"{here}/consulted",
            )


@rule("schemes", "stopping")
def bed_test_without_condition(c: Context) -> Iterator[Finding]:
    """Beds that close without one of the three conditions, or on one that its own question does not bear out."""
    by_condition = dict(zip(("alternative", "treatment", "efficiency"), _CONDITIONS, strict=True))
    for here, service in ending(c):
        if not service.beds_closed:
            continue
        beds = plural(service.beds_closed, "hospital bed")
        if not service.bed_condition:
            yield said(
                "bed-test-missing",
                "doubt",
                f"“{service.name}” closes {beds}, and none of the three conditions of the bed test is named.",
                "Name the condition that holds: enough care in place beforehand, new treatment, or beds used less well than elsewhere.",
                f"{here}/bed_condition",
            )
        elif answer_of(service, by_condition[service.bed_condition]) == "no":
            yield said(
                "bed-test-contradicts",
                "blocks" if service.decision == "stop" else "doubt",
                f"“{service.name}” closes {beds} on a condition of the bed test that its own question answers with no.",
                "Settle the condition, or name another that holds.",
                f"{here}/bed_condition",
            )


@rule("needs", "stopping")
def substantial_without_engagement(c: Context) -> Iterator[Finding]:
    """A substantial change, and neither the voices of step 1 nor the tests show that users were heard."""
    heard = any(v.kind in _USERS for v in c.plan.needs.voices)
    for here, service in ending(c):
        engaged = any(answer_of(service, item) in ("yes", "partly") for item in _ENGAGED)
        if service.substantial and not heard and not engaged:
            yield said(
                "substantial-without-engagement",
                "doubt",
                f"“{service.name}” is a substantial change, and neither step 1 nor the tests show that its users were heard.",
                "Ask them while options are open, and enter what they said under what people want.",
                f"{here}/substantial",
            )


@rule("stopping")
def decision_after_stop(c: Context) -> Iterator[Finding]:
    """A last day or a notice before the decision was taken."""
    for here, service in ending(c):
        taken = service.record.taken_on
        if not taken:
            continue
        last, given = service.stop_date, service.notice_date
        if last and last < taken:
            yield said(
                "decision-after-stop",
                severity(service),
                f"The last day of “{service.name}” ({day(last)}) is before the decision was taken ({day(taken)}).",
                "Take the decision first, or correct the date.",
                f"{here}/stop_date",
            )
        if given and given < taken:
            yield said(
                "decision-after-notice",
                "doubt",
                f"Notice of “{service.name}” ({day(given)}) is before the decision was taken ({day(taken)}).",
                "Take the decision first, or correct the date.",
                f"{here}/notice_date",
            )


@rule("stopping", "sign-off")
def decision_without_record(c: Context) -> Iterator[Finding]:
    """A decision that was taken without dissent and conflicts on record, or by the group that made it."""
    for here, service in ending(c):
        record = service.record
        if not (record.taken_on or record.taken_by or record.made_by):
            continue
        missing = _missing(service)
        if missing:
            yield said(
                "decision-without-record",
                "doubt",
                f"The decision on “{service.name}” is recorded without {listed(missing)}.",
                "Write down what was said, or “none”: what is left blank cannot be told from what was left out.",
                f"{here}/record",
            )
        if record.made_by and record.made_by.casefold() == record.taken_by.casefold():
            yield said(
                "decision-made-and-taken",
                "doubt",
                f"The decision on “{service.name}” is said to have been made and taken by the same body ({record.taken_by}).",
                "Name the group that reached the view together and, apart from it, the body with the power to decide.",
                f"{here}/record/taken_by",
            )


def _missing(service: Service) -> list[str]:
    named = {
        "a rationale": service.record.rationale or service.reason,
        "dissent": service.record.dissent,
        "conflicts of interest": service.record.conflicts,
        "the body that took it": service.record.taken_by,
    }
    return [what for what, words in named.items() if not words]


@rule("stopping", "sign-off")
def decision_without_review(c: Context) -> Iterator[Finding]:
    """A review that lies before the end it is to review."""
    for here, service in services(c, "stop", "change"):
        review, last = service.record.review_on, service.stop_date
        if review and last and review < last:
            yield said(
                "decision-review-too-early",
                "doubt",
                f"The decision on “{service.name}” is to be reviewed on {day(review)}, before the service ends ({day(last)}).",
                "Review after the service has ended, when its effect can be seen.",
                f"{here}/record/review_on",
            )
