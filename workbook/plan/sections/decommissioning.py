"""Step 4: what to stop, and whether it may be stopped."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbook.plan.sections.base import (
    PERHAPS,
    Amount,
    Answers,
    Count,
    Day,
    Distinct,
    Id,
    LongText,
    Section,
    Text,
    ask,
)

Step5 = Annotated[int, Field(ge=1, le=5)]


class Destination(Section):
    """Where the need of one group of users goes when a service stops."""

    group: Text = ask("Group of users", required=True)
    people: Count = ask("People a year", default=0)
    goes_to: Text = ask("Goes to", "A service or scheme; empty where nobody takes it up.", default="")
    scheme: str = ask("Scheme that takes it up", default="", extra={"refers": "schemes"})
    capacity: Literal["confirmed", "assumed", "none"] = ask("Capacity there", default="assumed")
    room: Count | None = ask(
        "Room there",
        "How many more people a year it can take; leave empty where room for all is meant.",
        unit="people a year",
        default=None,
    )


class Shunted(Section):
    """A cost that does not go away but falls on somebody else."""

    organisation: Text = ask("Falls on", required=True)
    amount: Amount = ask("Cost a year", unit="£000s", default=0)
    why: LongText = ask("How it gets there", default="")


class QualityImpact(Section):
    """What stopping does to one area of quality: likelihood times impact, before and after mitigation."""

    area: Text = ask(
        "Area of quality", "Safety, effectiveness, experience, or one of your own.", required=True
    )
    effect: LongText = ask("What could happen", default="")
    likelihood: Step5 | None = ask("Likelihood", "1 rare, 5 almost certain.", default=None)
    impact: Step5 | None = ask("Impact", "1 negligible, 5 catastrophic.", default=None)
    recorded: Annotated[int, Field(ge=1, le=25)] | None = ask(
        "Score on the form it comes from", "It has to be likelihood times impact.", default=None
    )
    mitigation: LongText = ask("What is done about it", default="")
    likelihood_after: Step5 | None = ask("Likelihood after that", default=None)
    impact_after: Step5 | None = ask("Impact after that", default=None)
    recorded_after: Annotated[int, Field(ge=1, le=25)] | None = ask("Score after, on that form", default=None)


class EqualityImpact(Section):
    """What stopping does to one group of people, or why that is not known."""

    effect: Literal["", "better", "none", "worse", "not-known"] = ask("Effect on this group", default="")
    evidence: LongText = ask("What shows it", default="")
    missing: LongText = ask("Why there is no evidence, and what will be done", default="")
    mitigation: LongText = ask("What is done about it", default="")


class Record(Section):
    """The decision on one service as it is kept: why, against what, by whom."""

    rationale: LongText = ask("Why this decision", default="")
    alternatives: LongText = ask("What else was considered, and why not", default="")
    dissent: LongText = ask("Dissent", "Who disagreed, and why. Write “none” where nobody did.", default="")
    conflicts: LongText = ask("Conflicts of interest declared", "Write “none” where none was.", default="")
    made_by: Text = ask(
        "Made by", "The group that reached the view together.", source="TDC-09", default="", extra=PERHAPS
    )
    taken_by: Text = ask(
        "Taken by", "The body with the power to decide.", source="TDC-09", default="", extra=PERHAPS
    )
    taken_on: Day | None = ask("Taken on", default=None)
    review_on: Day | None = ask("To be reviewed on", default=None)


class Service(Section):
    """A service considered for stopping."""

    id: Id = ask("Short name")
    name: Text = ask("Service", required=True)
    provider: Text = ask("Provider", default="", required=True)
    line: str = ask("Budget line it is paid from", default="", extra={"refers": "lines"})
    owner: Text = ask("Owner", "A role.", default="", required=True, extra=PERHAPS)
    decision: Literal["considering", "stop", "change", "keep"] = ask("Decision", default="considering")
    reason: LongText = ask("Why", default="", required=True)
    annual_cost: Amount = ask("Cost a year", unit="£000s", default=0)
    released: Amount = ask(
        "Released a year when it stops",
        "What the capacity costs that is no longer used.",
        unit="£000s",
        default=0,
    )
    cashable: Amount = ask(
        "Of that, cashable", "Money that can really be spent elsewhere.", unit="£000s", default=0
    )
    stranded_with: Text = ask(
        "Who bears what is released and cannot be cashed",
        "Overheads, leases, shared staff. The provider, where nothing is said.",
        default="",
    )
    stranded_years: Annotated[int, Field(ge=0, le=30)] | None = ask(
        "For how many years", "Leave empty for as long as the plan runs.", unit="years", default=None
    )
    transition_cost: Amount = ask("Cost of closing, once", unit="£000s", default=0)
    transition_with: Text = ask(
        "Who pays the cost of closing",
        "The organisation of the budget line, where nothing is said.",
        default="",
    )
    shunted: list[Shunted] = ask("Costs that fall on others", default_factory=list)
    users: Count = ask("People who use it a year", default=0)
    stop_date: Day | None = ask("Last day of the service", default=None)
    notice_date: Day | None = ask("Date of notice", "When notice is given, or is to be given.", default=None)
    notice_months: Annotated[int, Field(ge=0, le=60)] = ask(
        "Notice the contract asks for", unit="months", default=3
    )
    contract_start: Day | None = ask("Contract began on", default=None)
    contract_end: Day | None = ask("Contract ends on", default=None)
    contract_break: Literal["", "yes", "no"] = ask(
        "The contract may be ended before it runs out",
        "Where nothing is said, it is assumed that its notice clause allows it.",
        default="",
    )
    staff_transfer: bool = ask("Staff transfer to another employer", default=False)
    residential: bool = ask("People live there", default=False)
    assets: bool = ask("Buildings or equipment are involved", default=False)
    beds_closed: Annotated[int, Field(ge=0)] = ask("Hospital beds closed", default=0)
    bed_condition: Literal["", "alternative", "treatment", "efficiency"] = ask(
        "Condition of the bed test that holds",
        "Enough alternative provision in place beforehand; new treatment that lessens admissions; or beds used "
        "less well than elsewhere with a credible plan to mend that.",
        default="",
    )
    substantial: bool = ask("Substantial change of service", default=False)
    urgent: bool = ask(
        "Urgent for safety", "Exempt from notice beforehand; say so afterwards.", default=False
    )
    consulted: Day | None = ask("Council's health scrutiny consulted on", default=None)
    notified: Day | None = ask("Secretary of State notified on", default=None)
    destinations: list[Destination] = ask("Where the need goes", default_factory=list)
    unmet_priority: str = ask(
        "Priority that takes up what is left",
        "The need that nobody takes up goes back to step 1.",
        default="",
        extra={"refers": "priorities"},
    )
    quality: list[QualityImpact] = ask("Quality impact", default_factory=list)
    assessed: Day | None = ask("Full quality assessment made on", default=None)
    equality: dict[str, EqualityImpact] = ask("Equality impact", default_factory=dict)
    answers: Answers = ask("Checks", default_factory=dict)
    record: Record = ask("Record of the decision", source="TDC-14", default_factory=Record)


class Band(Section):
    """From which score a band of the quality matrix begins."""

    name: Text = ask("Band", required=True)
    first: Annotated[int, Field(ge=1, le=25)] = ask("From a score of", default=1)


class QualityMatrix(Section):
    """The matrix of the quality impact as it is used here; each organisation has its own."""

    bands: list[Band] = ask(
        "Bands", "Leave empty for the four that most organisations use.", default_factory=list
    )
    gate: Annotated[int, Field(ge=1, le=25)] = ask(
        "A full assessment is asked for above",
        "A local rule: 8 in one organisation, 9 in another.",
        default=8,
    )
    reason: LongText = ask("Where the bands and the gate come from", default="")


class Decommissioning(Section):
    """Step 4: what to stop, and whether it may be stopped."""

    services: Annotated[list[Service], Distinct] = ask("Services considered", default_factory=list)
    quality: QualityMatrix = ask("Quality matrix", default_factory=QualityMatrix)
