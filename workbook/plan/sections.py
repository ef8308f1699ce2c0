"""The sections of a plan: what people decide, step by step, and nothing that is worked out.

Titles and descriptions are the labels and hints of the forms, so they are
written for the person who fills them in. Money is in thousands of pounds
(GBP 000s) a financial year unless a field says otherwise; a financial year
carries the calendar year in which it starts (2025 is 2025/26).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from workbook.words import listed

SHORT = 300
LONG = 10_000


class Section(BaseModel):
    """Common ground: unknown fields are refused, text is trimmed, numbers are finite."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, allow_inf_nan=False, validate_assignment=True
    )


Text = Annotated[str, Field(max_length=SHORT)]
LongText = Annotated[str, Field(max_length=LONG)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=-1e9, le=1e9)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31))]


def ask(
    title: str, help: str = "", *, unit: str = "", source: str = "", required: bool = False, **kw: Any
) -> Any:
    """A field with its label, hint, unit, source and whether a complete plan needs it."""
    extra: dict[str, Any] = {
        k: v for k, v in {"unit": unit, "source": source, "needed": required}.items() if v
    }
    extra |= kw.pop("extra", {})
    return Field(title=title, description=help, json_schema_extra=extra or None, **kw)


def _told_apart(rows: list[Any]) -> list[Any]:
    """Entries that others refer to by their short name: one name, one entry, or money counts twice."""
    ids = [row.id for row in rows]
    doubled = sorted({id for id in ids if ids.count(id) > 1})
    if doubled:
        raise ValueError(f"more than one entry has the short name {listed(doubled)}")
    return rows


Distinct = AfterValidator(_told_apart)


class Answer(Section):
    """The answer to one item of a question bank."""

    answer: LongText = ask("Answer", default="")
    evidence: LongText = ask("Evidence", "What shows it: a document, a figure, a meeting.", default="")
    owner: Text = ask("Owner", "The role that answers for it.", default="")
    due: Day | None = ask("Due", "When it will be settled.", default=None)
    priority: str = ask("Priority it speaks to", default="", extra={"refers": "priorities"})


Answers = dict[Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{2}[A-Za-z0-9.\-]*$")], Answer]


# --- vision -------------------------------------------------------------------


class Vision(Section):
    """What the area wants for its people, and by what means."""

    statement: LongText = ask(
        "Vision", "One or two sentences that a resident would understand.", default="", required=True
    )
    wants: list[Text] = ask(
        "What we want",
        "What would be better for people in five years.",
        source="CFO-13",
        default_factory=list,
    )
    means: list[Text] = ask(
        "How we will get there", "The means that serve those wants.", source="CFO-13", default_factory=list
    )


# --- needs --------------------------------------------------------------------


class RiskLevel(Section):
    """Part of a segment by its risk of one event, and what an offer to it could avoid; counts only, no person."""

    level: Text = ask("Level of risk", "For instance: the highest 5%, the next 15%, the rest.", required=True)
    people: Annotated[float, Field(ge=0)] | None = ask("People at this level", unit="people", default=None)
    risk: Annotated[float, Field(ge=0, le=100)] | None = ask(
        "Of 100 people, how many have the event in a year", unit="%", default=None
    )
    scheme: str = ask("Scheme that could be offered", default="", extra={"refers": "schemes"})
    reached: Share | None = ask("Share who would be reached", "0 to 1.", default=None)
    reduction: Annotated[float, Field(ge=0, le=100)] | None = ask(
        "Of their events, how many it avoids",
        "Leave empty where nothing has been shown: no gain is then worked out.",
        unit="%",
        default=None,
    )
    reduction_low: Annotated[float, Field(ge=-100, le=100)] | None = ask(
        "Avoided, lower end", unit="%", default=None
    )
    reduction_high: Annotated[float, Field(ge=0, le=100)] | None = ask(
        "Avoided, upper end", unit="%", default=None
    )
    source: Text = ask(
        "Source of the risk and of what is avoided",
        "For instance: admission rates by age and deprivation, 2024; trial of a falls class, 2019.",
        default="",
    )


class Segment(Section):
    """A group of people with like needs: how many, what is spent on them, and who would gain most."""

    id: Id = ask("Short name")
    name: Text = ask("Segment", required=True)
    age: Text = ask("Age band", "For a table of age by group, for instance 16-69.", default="")
    group: Text = ask("Group of need", "The same words for every age, for instance: dementia.", default="")
    need: LongText = ask("What this group needs", default="")
    population: Annotated[float, Field(ge=0)] | None = ask("People", unit="thousands", default=None)
    spend_per_head: Money | None = ask("Spend a head", unit="£", default=None)
    total: Money | None = ask("Total spend", unit="£ million", default=None)
    source: Text = ask("Source and year", default="")
    event: Text = ask(
        "Event to be avoided",
        "For instance an emergency admission. Published rates by age and deprivation will do.",
        source="CST-09",
        default="",
    )
    levels: list[RiskLevel] = ask("Levels of risk", source="CST-09", default_factory=list)


class Voice(Section):
    """What people said, who was asked, and who was not heard."""

    who: Text = ask("Who was asked", "For instance: carers in the north of the town.", required=True)
    kind: Literal["residents", "patients", "carers", "staff", "voluntary-sector", "providers", "other"] = ask(
        "Kind of people", default="other"
    )
    how: Text = ask("How they were asked", "Survey, meeting, interviews, complaints.", default="")
    asked: Annotated[int, Field(ge=0)] | None = ask("How many were asked", unit="people", default=None)
    said: LongText = ask("What they said", default="")
    not_heard: LongText = ask("Who was not heard", default="")
    when: Text = ask("When", "Month and year.", default="")
    priority: str = ask("Priority it speaks to", default="", extra={"refers": "priorities"})


class Priority(Section):
    """A need that the plan puts first, with the reason."""

    id: Id = ask("Short name")
    title: Text = ask("Priority", required=True)
    reason: LongText = ask(
        "Why this, and why now", "Size, inequality, trend, what people said.", default="", required=True
    )
    indicators: list[str] = ask(
        "Figures that show the need", default_factory=list, extra={"refers": "indicators"}
    )
    segments: list[str] = ask("Segments it concerns", default_factory=list, extra={"refers": "segments"})
    determinants: list[str] = ask(
        "What drives it", source="ODR-11", default_factory=list, extra={"refers": "determinants"}
    )
    action_levels: list[str] = ask(
        "Levels at which it is acted on",
        source="ODR-11",
        default_factory=list,
        extra={"refers": "action_levels"},
    )
    focus: str = ask("Whom the action is for", source="ODR-11", default="", extra={"refers": "focus"})
    owner: Text = ask("Owner", "A role, for instance director of public health.", default="", required=True)


class PeerVariable(Section):
    """One figure by which areas are alike, and how much it counts."""

    indicator: str = ask("Figure", default="", extra={"refers": "known_indicators"})
    weight: Annotated[float, Field(ge=0, le=100)] = ask("Weight", "Only the proportions count.", default=1)


class EventCost(Section):
    """What one event of a figure costs, so that an opportunity can be said in pounds."""

    indicator: str = ask("Figure", default="", extra={"refers": "indicators"})
    amount: Annotated[float, Field(ge=0, le=1e7)] | None = ask(
        "Cost of one event",
        "From a published cost collection or tariff; what the event is worth, not what would be saved in cash.",
        unit="£",
        default=None,
    )
    source: Text = ask("Source and year", default="", required=True)


Weight = Annotated[float, Field(ge=0, le=100)]


class ShortlistWeights(Section):
    """How much each criterion counts when needs are put in order; only the proportions count."""

    size: Weight = ask("Size", "How many people or events lie between the area and its peers.", default=20)
    significance: Weight = ask("Beyond chance", "How sure it is that the area differs.", default=20)
    inequality: Weight = ask("Inequality", "How much worse it is for those worst off.", default=20)
    trend: Weight = ask("Trend", "Whether it is getting worse.", default=20)
    voice: Weight = ask("Local voice", "Whether people who were asked spoke of it.", default=20)


class Unseen(Section):
    """A group that the figures cannot see, what else is known of it, and what will be done about it."""

    group: str = ask(
        "Group",
        "One that the figures above do not tell apart.",
        default="",
        extra={"refers": "equality_groups"},
    )
    known: LongText = ask("What is known of them here", "From people, services, studies.", default="")
    action: LongText = ask("What will be done to see them", default="")
    priority: str = ask("Priority it speaks to", default="", extra={"refers": "priorities"})


class Needs(Section):
    """Step 1: what the population wants and needs, and how services do."""

    indicators: list[str] = ask(
        "Figures to compare",
        "Leave empty for every figure on hand.",
        default_factory=list,
        extra={"refers": "indicators"},
    )
    peers: list[str] = ask(
        "Peers", "Areas to compare with; leave empty for the suggested ones.", default_factory=list
    )
    peers_reason: LongText = ask("Why these peers", "Needed where you change them.", default="")
    peer_variables: list[PeerVariable] = ask(
        "Find peers by",
        "Figures and weights of your own for the method of the official list; leave empty for the suggested peers.",
        default_factory=list,
    )
    costs: list[EventCost] = ask(
        "Cost of an event", "Without it an opportunity is counted in people only.", default_factory=list
    )
    segments: Annotated[list[Segment], Distinct] = ask("Segments", source="CST-08", default_factory=list)
    voices: list[Voice] = ask("What people said", source="CST-04", default_factory=list, required=True)
    unseen: list[Unseen] = ask("Groups the figures cannot see", default_factory=list)
    shortlist: ShortlistWeights = ask("Weights of the shortlist", default_factory=ShortlistWeights)
    priorities: Annotated[list[Priority], Distinct] = ask("Priorities", default_factory=list, required=True)
    answers: Answers = ask("Questions of this step", default_factory=dict)


# --- ambitions ----------------------------------------------------------------

LINES = ("do-nothing", "hold", "peer-median", "best-quintile", "pledge", "own")
Line = Literal["do-nothing", "hold", "peer-median", "best-quintile", "pledge", "own"]


class Recorded(Section):
    """The figure a decision was made on, kept so that the plan can be read without its data."""

    value: float = ask("Value")
    unit: Text = ask("Unit", default="")
    period: Text = ask("Period", default="")
    source: Text = ask("Source", default="")


class Level(Section):
    """The level aimed at for one year."""

    year: Annotated[int, Field(ge=1990, le=2100)] = ask("Year")
    value: float = ask("Level")


class Ambition(Section):
    """One of the seven ambitions: its measure, the level chosen for each year, and why."""

    number: Annotated[int, Field(ge=1, le=7)] = ask("Ambition", source="CFO-02")
    measure: str = ask(
        "Measure",
        "The figure that will show it; leave empty for an ambition in words.",
        default="",
        extra={"refers": "indicators"},
    )
    line: Line | None = ask(
        "Level chosen",
        "Which of the lines above the plan aims at, or levels of our own, typed below.",
        default=None,
    )
    levels: list[Level] = ask(
        "Levels by year",
        "Filled in when a line is chosen; type over them for levels of your own.",
        default_factory=list,
    )
    in_words: LongText = ask(
        "Ambition in words", "What will be different, where no figure can say it.", default=""
    )
    reason: LongText = ask("Why this level", default="", required=True)
    second_reason: LongText = ask(
        "Why beyond what others achieved", "Needed where no comparable area ever changed as much.", default=""
    )
    must_be_true: LongText = ask(
        "What must be true",
        "What has to happen for this level to be reached, so that you notice when it does not.",
        default="",
    )
    proxy: str = ask(
        "Figure that stands in",
        "Where the ambition is in words: a figure that would move with it.",
        default="",
        extra={"refers": "indicators"},
    )
    proxy_reason: LongText = ask(
        "Why that figure, and what it cannot show",
        "For instance: it counts complaints, not harm.",
        default="",
    )
    owner: Text = ask("Owner", "A role.", default="", required=True)
    priorities: list[str] = ask("Priorities it serves", default_factory=list, extra={"refers": "priorities"})
    baseline: Recorded | None = ask("Baseline the level was chosen on", default=None)


class CitizenOutcome(Section):
    """An outcome that people named for themselves, in their words."""

    outcome: Text = ask("What matters to people", "In their words; beyond health care too.", required=True)
    who: Text = ask("Who named it, and when", default="")
    sign: Text = ask("How we would know", "A figure, or what people would say.", default="")
    ambitions: list[Annotated[int, Field(ge=1, le=7)]] = ask(
        "Ambitions it goes with", default_factory=list, extra={"refers": "ambitions"}
    )
    priority: str = ask("Priority it speaks to", default="", extra={"refers": "priorities"})


class Ambitions(Section):
    """Step 2: five-year ambitions."""

    items: list[Ambition] = ask("Ambitions", default_factory=list)
    citizens: list[CitizenOutcome] = ask(
        "Citizens' own outcomes",
        "What matters to people beyond health care, beside the seven ambitions.",
        source="CFO-01",
        default_factory=list,
    )
    answers: Answers = ask("Questions of this step", default_factory=dict)


# --- budget -------------------------------------------------------------------


Score = Annotated[int, Field(ge=1, le=5)]


class Response(Section):
    """One person's scores: for each option and criterion, 1 (does not meet it) to 5 (meets it fully)."""

    respondent: Text = ask("Scored by", "A role.", default="", required=True)
    scores: dict[str, dict[str, Score]] = ask(
        "Scores", "Option, then criterion: 1 does not meet it, 5 meets it fully.", default_factory=dict
    )


class Scope(Section):
    """Which budgets are planned together."""

    weights: dict[str, Annotated[float, Field(ge=0, le=100)]] = ask(
        "Weights", "How much each criterion counts here; equal unless changed.", default_factory=dict
    )
    responses: list[Response] = ask("Scores", source="ODR-12", default_factory=list)
    chosen: str = ask("Scope chosen", default="", required=True, extra={"refers": "scope_options"})
    reason: LongText = ask("Why this scope", default="", required=True)


class Income(Section):
    """Money an organisation brings in one financial year."""

    organisation: Text = ask("Organisation", required=True)
    year: Annotated[int, Field(ge=1990, le=2100)] = ask(
        "Financial year", "The year it starts: 2025 for 2025/26."
    )
    amount: Money = ask("Income", unit="£000s")
    status: Literal["confirmed", "assumed"] = ask("Confirmed or assumed", default="assumed")


class BudgetLine(Section):
    """What is spent on one programme by one organisation in the base year."""

    id: Id = ask("Short name")
    name: Text = ask("Budget line", required=True)
    organisation: Text = ask("Organisation that pays", default="", required=True)
    provider: Text = ask("Main provider", default="")
    rung: str = ask(
        "Kind of budget",
        "The rung of the scope ladder it belongs to.",
        default="",
        extra={"refers": "scope_options"},
    )
    amount: Annotated[float, Field(ge=0, le=1e9)] = ask("Spend in the base year", unit="£000s")
    growth: Literal[
        "acute",
        "community",
        "mental-health",
        "primary-care",
        "prescribing",
        "social-care",
        "public-health",
        "other",
    ] = ask("Growth assumption", "Which set of dated growth assumptions applies.", default="other")
    prevention: bool = ask(
        "Prevention", "Counts towards the share spent on prevention.", source="CST-15", default=False
    )
    status: Literal["confirmed", "assumed"] = ask("Confirmed or assumed", default="assumed")


class Scheme(Section):
    """A change the plan pays for: what it costs, what it saves, whom and which ambition it serves."""

    id: Id = ask("Short name")
    name: Text = ask("Scheme", required=True)
    description: LongText = ask("What will change for people", default="")
    owner: Text = ask("Owner", "A role.", default="", required=True)
    funded: bool = ask("Funded", "Only funded schemes count in the money and in the thread.", default=False)
    priorities: list[str] = ask("Priorities it serves", default_factory=list, extra={"refers": "priorities"})
    ambitions: list[Annotated[int, Field(ge=1, le=7)]] = ask(
        "Ambitions it serves", default_factory=list, extra={"refers": "ambitions"}
    )
    line: str = ask("Budget line whose spend it changes", default="", extra={"refers": "lines"})
    set_up_cost: Annotated[float, Field(ge=0, le=1e9)] = ask("Set-up cost, once", unit="£000s", default=0)
    recurrent_cost: Annotated[float, Field(ge=0, le=1e9)] = ask(
        "Running cost a year, in full", unit="£000s", default=0
    )
    gross_saving: Annotated[float, Field(ge=0, le=1e9)] = ask(
        "Capacity released a year, in full", "What the freed capacity costs today.", unit="£000s", default=0
    )
    cashable_share: Share = ask(
        "Share that can be cashed", "0 to 1. Only capacity that is taken out saves money.", default=0
    )
    stops: str = ask(
        "Service that closes so that the money is released", default="", extra={"refers": "services"}
    )
    start_year: Annotated[int, Field(ge=1990, le=2100)] | None = ask(
        "Starts in financial year", "The year it starts: 2026 for 2026/27.", default=None, required=True
    )
    ramp: list[Share] = ask(
        "Share in effect, year by year from the start", "For instance 0.25, 0.75, 1.", default_factory=list
    )
    double_running_months: Annotated[int, Field(ge=0, le=60)] = ask(
        "Months of double running", "Old and new side by side.", default=0
    )
    effect: Annotated[float, Field(ge=-100, le=100)] | None = ask(
        "Effect on the measure at full scale",
        "Per cent change; leave empty where nothing has been shown.",
        unit="%",
        default=None,
    )
    effect_low: Annotated[float, Field(ge=-100, le=100)] | None = ask(
        "Effect, lower end", unit="%", default=None
    )
    effect_high: Annotated[float, Field(ge=-100, le=100)] | None = ask(
        "Effect, upper end", unit="%", default=None
    )
    evidence: Literal["strong", "some", "weak", "none"] = ask("Evidence", default="none")
    evidence_source: LongText = ask("Where the evidence comes from", default="")
    could_lose: LongText = ask("Who could lose by it", default="")
    prevention: bool = ask("Prevention", source="CST-15", default=False)


class Contribution(Section):
    """What one partner puts into the pooled fund, and the share of an overspend it bears."""

    partner: Text = ask("Partner", required=True)
    pot: Literal["section-75", "aligned", "in-collaboration"] = ask(
        "Pot", source="TDC-08", default="section-75"
    )
    amount: Annotated[float, Field(ge=0, le=1e9)] = ask("Contribution", unit="£000s")
    risk_share: Share = ask("Share of an overspend it bears", default=0)


class Budget(Section):
    """Step 3: which budgets, five-year money, schemes."""

    scope: Scope = ask("Scope", default_factory=Scope)
    income: list[Income] = ask("Income", default_factory=list, required=True)
    lines: Annotated[list[BudgetLine], Distinct] = ask("Budget lines", default_factory=list, required=True)
    schemes: Annotated[list[Scheme], Distinct] = ask("Schemes", default_factory=list, required=True)
    pooled: list[Contribution] = ask("Pooled fund", source="TDC-08", default_factory=list)
    answers: Answers = ask("Questions of this step", default_factory=dict)


# --- decommissioning ----------------------------------------------------------


class Destination(Section):
    """Where the need of one group of users goes when a service stops."""

    group: Text = ask("Group of users", required=True)
    people: Annotated[float, Field(ge=0)] = ask("People a year", default=0)
    goes_to: Text = ask("Goes to", "A service or scheme; empty where nobody takes it up.", default="")
    capacity: Literal["confirmed", "assumed", "none"] = ask("Capacity there", default="assumed")


class Service(Section):
    """A service considered for stopping."""

    id: Id = ask("Short name")
    name: Text = ask("Service", required=True)
    provider: Text = ask("Provider", default="", required=True)
    line: str = ask("Budget line it is paid from", default="", extra={"refers": "lines"})
    owner: Text = ask("Owner", "A role.", default="", required=True)
    decision: Literal["considering", "stop", "change", "keep"] = ask("Decision", default="considering")
    reason: LongText = ask("Why", default="", required=True)
    annual_cost: Annotated[float, Field(ge=0, le=1e9)] = ask("Cost a year", unit="£000s", default=0)
    released: Annotated[float, Field(ge=0, le=1e9)] = ask(
        "Released a year when it stops", unit="£000s", default=0
    )
    cashable: Annotated[float, Field(ge=0, le=1e9)] = ask(
        "Of that, cashable", "Money that can really be spent elsewhere.", unit="£000s", default=0
    )
    transition_cost: Annotated[float, Field(ge=0, le=1e9)] = ask(
        "Cost of closing, once", unit="£000s", default=0
    )
    users: Annotated[float, Field(ge=0)] = ask("People who use it a year", default=0)
    stop_date: Day | None = ask("Last day of the service", default=None)
    notice_date: Day | None = ask("Date of notice", "When notice is given, or is to be given.", default=None)
    notice_months: Annotated[int, Field(ge=0, le=60)] = ask(
        "Notice the contract asks for", unit="months", default=3
    )
    contract_end: Day | None = ask("Contract ends on", default=None)
    staff_transfer: bool = ask("Staff transfer to another employer", default=False)
    residential: bool = ask("People live there", default=False)
    assets: bool = ask("Buildings or equipment are involved", default=False)
    beds_closed: Annotated[int, Field(ge=0)] = ask("Hospital beds closed", default=0)
    substantial: bool = ask("Substantial change of service", default=False)
    notified: Day | None = ask("Secretary of State notified on", default=None)
    destinations: list[Destination] = ask("Where the need goes", default_factory=list)
    answers: Answers = ask("Checks", default_factory=dict)


class Decommissioning(Section):
    """Step 4: what to stop, and whether it may be stopped."""

    services: Annotated[list[Service], Distinct] = ask("Services considered", default_factory=list)


# --- across the steps ---------------------------------------------------------


class Override(Section):
    """A dated assumption that a person replaced, with the reason."""

    id: str = ask("Assumption", extra={"refers": "assumptions"})
    value: float = ask("Value used instead", "It holds in every year of the plan.")
    reason: LongText = ask("Why", required=True, default="")
    by: Text = ask("By whom", required=True, default="")
    on: Day | None = ask("On", default=None)


class Decision(Section):
    """One decision: what, why, who made it and who took it."""

    what: LongText = ask("Decision", required=True)
    rationale: LongText = ask("Why", default="", required=True)
    on: Day | None = ask("On", default=None)
    made_by: Text = ask("Made by", "The group that reached the view together.", source="TDC-09", default="")
    taken_by: Text = ask("Taken by", "The body with the power to decide.", source="TDC-09", default="")
    dissent: LongText = ask("Dissent", default="")
    conflicts: LongText = ask("Conflicts of interest declared", default="")


class Signature(Section):
    """One of the four roles that stand behind a plan."""

    name: Text = ask("Name", default="")
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
