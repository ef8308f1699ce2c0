"""Step 3: which budgets are planned together, the pooled fund, five-year money, schemes, value."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbook.plan.sections.base import (
    PERHAPS,
    PERSON,
    Amount,
    Answers,
    Count,
    Day,
    Distinct,
    Id,
    LongText,
    Money,
    Ramp,
    Section,
    Share,
    Status,
    Text,
    Year,
    ask,
)

Score = Annotated[int, Field(ge=1, le=5)]
Percent = Annotated[float, Field(ge=-100, le=100)]
Rate = Annotated[float, Field(ge=-50, le=100)]
Evidence = Literal["strong", "some", "weak", "none"]


# --- scope --------------------------------------------------------------------


class ScopeOption(Section):
    """A budget of our own to take in, above the rungs of the ladder."""

    id: Id = ask("Short name")
    name: Text = ask("What it adds", "For instance: plus transport.", required=True)
    help: LongText = ask("Which budgets these are", default="")


class Criterion(Section):
    """A criterion of our own to score a scope by."""

    id: Id = ask("Short name")
    name: Text = ask("Criterion", required=True)
    help: LongText = ask("What is asked", default="")
    kind: Literal["impact", "practical"] = ask("Impact or practicality", default="impact")
    reverse: bool = ask(
        "A high score is worse", "As with legal complexity: the score is turned round.", default=False
    )


class Response(Section):
    """One person's scores: for each option and criterion, 1 (does not meet it) to 5 (meets it fully)."""

    respondent: Text = ask("Scored by", "A role.", default="", required=True, extra=PERSON)
    scores: dict[str, dict[str, Score]] = ask(
        "Scores", "Option, then criterion: 1 does not meet it, 5 meets it fully.", default_factory=dict
    )


class Scope(Section):
    """Which budgets are planned together."""

    options_out: list[str] = ask(
        "Rungs left out",
        "Rungs of the ladder that are no question here.",
        default_factory=list,
        extra={"refers": "ladder"},
    )
    options: Annotated[list[ScopeOption], Distinct] = ask(
        "Rungs of our own",
        "They stand above the ladder, each on top of the one before.",
        default_factory=list,
    )
    criteria_out: list[str] = ask(
        "Criteria left out", default_factory=list, extra={"refers": "ladder_criteria"}
    )
    criteria: Annotated[list[Criterion], Distinct] = ask("Criteria of our own", default_factory=list)
    weights: dict[str, Annotated[float, Field(ge=0, le=100)]] = ask(
        "Weights", "How much each criterion counts here; equal unless changed.", default_factory=dict
    )
    ladder_reason: LongText = ask(
        "Why these options, criteria and weights",
        "Needed where a rung or a criterion is left out or added, or a weight is changed: who agreed it, and when.",
        default="",
    )
    responses: list[Response] = ask("Scores", source="ODR-12", default_factory=list)
    chosen: str = ask("Scope chosen", default="", required=True, extra={"refers": "scope_options"})
    reason: LongText = ask("Why this scope", default="", required=True)


class Organisation(Section):
    """The whole spend of one organisation, to which its budget lines have to add up."""

    name: Text = ask("Organisation", "As on its budget lines.", required=True)
    total: Amount | None = ask("Whole spend in the base year", unit="£000s", default=None)
    status: Status = ask("Confirmed or assumed", default="assumed")
    outside: LongText = ask(
        "Budgets that are not entered as lines",
        "What the rest is, and why it stays apart: roads, waste, planning, education.",
        source="ODR-09",
        default="",
    )
    source: Text = ask(
        "Source and scope of the total", "Two published totals may differ in what they take in.", default=""
    )


# --- money --------------------------------------------------------------------


class Income(Section):
    """Money an organisation brings in one financial year."""

    organisation: Text = ask("Organisation", required=True)
    year: Year = ask("Financial year", "The year it starts: 2025 for 2025/26.")
    amount: Money = ask("Income", unit="£000s")
    status: Status = ask("Confirmed or assumed", default="assumed")
    source: Text = ask("Source", "The letter or settlement that it comes from.", default="")


class BudgetLine(Section):
    """What is spent on one programme by one organisation in the base year, and what is bought with it."""

    id: Id = ask("Short name")
    name: Text = ask("Budget line", required=True)
    organisation: Text = ask("Organisation that pays", default="", required=True)
    programme: Text = ask("Programme", "For instance: circulation, mental health, frailty.", default="")
    provider: Text = ask("Main provider", default="")
    rung: str = ask(
        "Kind of budget",
        "The rung of the scope ladder it belongs to.",
        default="",
        extra={"refers": "scope_options"},
    )
    scope: Literal["ladder", "in", "out"] = ask(
        "In scope", "By the rung it belongs to, or in or out against it.", default="ladder"
    )
    scope_reason: LongText = ask("Why against its rung", default="")
    amount: Amount = ask("Spend in the base year", unit="£000s")
    growth: Literal[
        "acute",
        "acute-ae",
        "acute-elective",
        "acute-non-elective",
        "acute-outpatients",
        "community",
        "mental-health",
        "primary-care",
        "prescribing",
        "social-care",
        "public-health",
        "other",
    ] = ask("Growth assumption", "Which set of dated growth assumptions applies.", default="other")
    own_growth: Rate | None = ask(
        "Other growth of this line",
        "In place of the dated assumption, in every year of the plan.",
        unit="% a year",
        default=None,
    )
    own_price: Rate | None = ask("Price uplift of this line", unit="% a year", default=None)
    own_efficiency: Rate | None = ask("Efficiency of this line", unit="% a year", default=None)
    own_reason: LongText = ask("Why these rates, and who confirmed them", default="")
    own_status: Status = ask("These rates are", default="assumed")
    prevention: bool = ask(
        "Prevention", "Counts towards the share spent on prevention.", source="CST-15", default=False
    )
    status: Status = ask("Confirmed or assumed", default="assumed")
    activity: Count | None = ask(
        "Activity a year", "Contacts, spells, packages: whatever is paid for.", default=None
    )
    activity_unit: Text = ask("What is counted", "For instance: spells, contacts, weeks of care.", default="")
    unit_price: Amount | None = ask("Price of one", unit="£", default=None)
    wte: Count | None = ask("Staff", unit="whole-time equivalents", default=None)
    wte_cost: Amount | None = ask("Cost of one whole-time equivalent a year", unit="£", default=None)
    pay_share: Share | None = ask("Share of the spend that is pay", "0 to 1.", default=None)
    beds: Count | None = ask("Beds", default=None)
    bed_days: Count | None = ask("Occupied bed days a year", default=None)
    capital: Amount = ask(
        "Capital in the base year", "Beside the spend, not part of it.", unit="£000s", default=0
    )
    people: Count | None = ask(
        "People who benefit a year", "For value for money.", unit="people", default=None
    )


class AmbitionEffect(Section):
    """What a scheme changes of the measure of one ambition, at full scale."""

    ambition: Annotated[int, Field(ge=1, le=7)] = ask("Ambition")
    percent: Percent | None = ask(
        "Effect on the measure at full scale",
        "Per cent change; below zero brings the figure down. Leave empty where nothing has been shown.",
        unit="%",
        default=None,
    )
    low: Percent | None = ask("Effect, lower end", unit="%", default=None)
    high: Percent | None = ask("Effect, upper end", unit="%", default=None)


class Pilot(Section):
    """What a pilot tests, what it costs, and when it is spread or stopped (CST-16)."""

    pilot: bool = ask("This is a pilot", default=False)
    tests: LongText = ask("What is tested, with which figures, at which points", default="")
    cost: Amount | None = ask("Cost of the pilot", unit="£000s", default=None)
    ends: Day | None = ask("Ends on", default=None)
    then: LongText = ask("What has to be shown for it to be spread, and what ends it", default="")


class Scheme(Section):
    """A change the plan pays for: what it costs, what it saves, whom and which ambition it serves."""

    id: Id = ask("Short name")
    name: Text = ask("Scheme", required=True)
    description: LongText = ask("What will change for people", default="")
    owner: Text = ask("Owner", "A role.", default="", required=True, extra=PERHAPS)
    funded: bool = ask("Funded", "Only funded schemes count in the money and in the thread.", default=False)
    priorities: list[str] = ask("Priorities it serves", default_factory=list, extra={"refers": "priorities"})
    ambitions: list[Annotated[int, Field(ge=1, le=7)]] = ask(
        "Ambitions it serves", default_factory=list, extra={"refers": "ambitions"}
    )
    intervention: str = ask(
        "Intervention it follows", "An entry of the library.", default="", extra={"refers": "interventions"}
    )
    segment: str = ask("Segment it is for", default="", extra={"refers": "segments"})
    people: Count | None = ask("People it reaches a year, at full scale", unit="people", default=None)
    line: str = ask("Budget line whose spend it changes", default="", extra={"refers": "lines"})
    set_up_cost: Amount = ask("Set-up cost, once", unit="£000s", default=0)
    recurrent_cost: Amount = ask("Running cost a year, in full", unit="£000s", default=0)
    capital: Amount = ask("Capital, once", "Beside the set-up cost, not part of it.", unit="£000s", default=0)
    gross_saving: Amount = ask(
        "Capacity released a year, in full", "What the freed capacity costs today.", unit="£000s", default=0
    )
    cashable_share: Share = ask(
        "Share that can be cashed", "0 to 1. Only capacity that is taken out saves money.", default=0
    )
    stops: str = ask(
        "Service that closes so that the money is released", default="", extra={"refers": "services"}
    )
    start_year: Year | None = ask(
        "Starts in financial year", "The year it starts: 2026 for 2026/27.", default=None, required=True
    )
    lead_time_months: Annotated[int, Field(ge=0, le=240)] | None = ask(
        "Lead time", "From the decision to the first person helped.", unit="months", default=None
    )
    ramp: Ramp = ask(
        "Share in effect, year by year from the start", "For instance 0.25, 0.75, 1.", default_factory=list
    )
    double_running_months: Annotated[int, Field(ge=0, le=60)] = ask(
        "Months of double running",
        "Old and new side by side after each step of the ramp; none where the ramp itself waits for the old side to close.",
        default=0,
    )
    effects: list[AmbitionEffect] = ask(
        "Effects", "One for each ambition whose measure it moves.", default_factory=list
    )
    evidence: Evidence = ask("Evidence", default="none")
    evidence_source: LongText = ask("Where the evidence comes from", default="")
    could_lose: LongText = ask("Who could lose by it", default="")
    prevention: bool = ask("Prevention", source="CST-15", default=False)
    after: list[str] = ask("Schemes that must come first", default_factory=list, extra={"refers": "schemes"})
    variant_of: Text = ask(
        "Variant of",
        "The same words for all versions of one scheme, of which only one can be chosen. Leave empty otherwise.",
        default="",
    )
    activity: Annotated[float, Field(ge=-1e9, le=1e9)] | None = ask(
        "Change of activity a year, at full scale", "Below zero where it takes activity away.", default=None
    )
    activity_unit: Text = ask("What is counted", default="")
    unit_price: Amount | None = ask("Price of one", unit="£", default=None)
    wte: Annotated[float, Field(ge=-1e6, le=1e6)] | None = ask(
        "Change of staff, at full scale", unit="whole-time equivalents", default=None
    )
    wte_cost: Amount | None = ask("Cost of one whole-time equivalent a year", unit="£", default=None)
    beds: Annotated[float, Field(ge=-1e5, le=1e5)] | None = ask(
        "Change of beds, at full scale", "Below zero closes beds.", default=None
    )
    pilot: Pilot = ask("Pilot", source="CST-16", default_factory=Pilot)
    answers: Answers = ask("Service model", source="CST-16", default_factory=dict)


class Intervention(Section):
    """A local entry of the library of interventions: what was done here, and what came of it."""

    id: Id = ask("Short name")
    name: Text = ask("Intervention", required=True)
    for_whom: Text = ask("For whom", default="")
    evidence: Evidence = ask("Evidence", default="none")
    measure: Text = ask("What it changes", "The measure on which the effect was seen.", default="")
    effect: Percent | None = ask(
        "Effect", "Leave empty where no evaluation was read.", unit="%", default=None
    )
    effect_low: Percent | None = ask("Effect, lower end", unit="%", default=None)
    effect_high: Percent | None = ask("Effect, upper end", unit="%", default=None)
    lead_time_months: Annotated[int, Field(ge=0, le=240)] | None = ask(
        "Lead time", unit="months", default=None
    )
    ramp: Ramp = ask("Share in effect, year by year from the start", default_factory=list)
    cost: Text = ask(
        "Cost", "In words: what one person or one place costs, in which year's prices.", default=""
    )
    cashability: Literal["none", "part", "most", "not-known"] = ask("Can be cashed", default="not-known")
    barriers: LongText = ask("Barriers", default="")
    could_lose: LongText = ask("Who could lose by it", default="")
    source: LongText = ask("Source", default="", required=True)


# --- pooled fund and contracts --------------------------------------------------

PotName = Literal["section-75", "aligned", "in-collaboration"]


class Pot(Section):
    """One of the three pots of a fund: who makes its decisions and who ratifies them."""

    pot: PotName = ask("Pot", source="TDC-08", default="section-75")
    amount: Amount | None = ask(
        "Size as agreed", "Where it is known apart from the contributions.", unit="£000s", default=None
    )
    decides: Text = ask("Who decides", default="", extra=PERHAPS)
    ratifies: Text = ask(
        "Who ratifies", "Leave empty where the decision binds at once.", default="", extra=PERHAPS
    )


class FundPartner(Section):
    """What one partner bears of an overspend and gains from an underspend."""

    partner: Text = ask("Partner", required=True)
    overspend: Share = ask("Share of an overspend it bears", "0 to 1.", default=0)
    underspend: Share = ask("Share of an underspend it gains", "0 to 1.", default=0)
    most: Amount | None = ask(
        "At most", "The rest falls on nobody yet, and the workbook says so.", unit="£000s", default=None
    )


class Contribution(Section):
    """What one partner puts into one pot of the fund."""

    partner: Text = ask("Partner", required=True)
    pot: PotName = ask("Pot", source="TDC-08", default="section-75")
    amount: Amount = ask("Contribution", unit="£000s")
    status: Status = ask("Confirmed or assumed", default="assumed")


class Fund(Section):
    """The pooled fund: its pots, its partners, its risk, and how it ends."""

    name: Text = ask("Name of the fund", default="")
    total: Amount | None = ask("Size of the fund as agreed", unit="£000s", default=None)
    basis: LongText = ask(
        "What the size counts", "Gross or net, with or without grants passed through.", default=""
    )
    host: Text = ask("Host", "The partner that keeps the books.", default="")
    contributions: list[Contribution] = ask("Contributions", source="TDC-08", default_factory=list)
    pots: list[Pot] = ask("Pots", source="TDC-08", default_factory=list)
    partners: list[FundPartner] = ask("Shares of risk and gain", source="TDC-08", default_factory=list)
    shares_reason: LongText = ask(
        "Why these shares", "Needed where they differ from the contributions.", default=""
    )
    spend_low: Rate | None = ask(
        "Spend against plan, one year in ten is below",
        "For instance -2: 2% under plan.",
        unit="%",
        default=None,
    )
    spend_high: Rate | None = ask(
        "Spend against plan, one year in ten is above",
        "For instance 4: 4% over plan.",
        unit="%",
        default=None,
    )
    spend_source: Text = ask("Where this range comes from", "The outturn of past years.", default="")
    exit_months: Annotated[int, Field(ge=0, le=60)] | None = ask(
        "Notice to leave", unit="months", default=None
    )
    exit: LongText = ask(
        "What happens when a partner leaves", "Staff, contracts, balances, debts.", default=""
    )


class PoolShare(Section):
    """What one partner puts into the risk pool of a contract."""

    partner: Text = ask("Partner", required=True)
    share: Share = ask("Share of the risk pool", "0 to 1.", default=0)


class Contract(Section):
    """A block or fixed-income contract, its part that depends on outcomes, and its shared risk pool."""

    id: Id = ask("Short name")
    name: Text = ask("Contract", required=True)
    payer: Text = ask("Who pays", default="")
    provider: Text = ask("Provider", default="")
    value: Amount = ask("Value a year, outcomes included", unit="£000s", default=0)
    outcome_part: Amount = ask("Of that, depends on outcomes", unit="£000s", source="TDC-07", default=0)
    earned_low: Share | None = ask("Share earned, one year in ten is below", default=None)
    earned: Share | None = ask("Share earned, the middle", default=None)
    earned_high: Share | None = ask("Share earned, one year in ten is above", default=None)
    cost_low: Amount | None = ask(
        "Cost to the provider, one year in ten is below", unit="£000s", default=None
    )
    cost: Amount | None = ask("Cost to the provider, the middle", unit="£000s", default=None)
    cost_high: Amount | None = ask(
        "Cost to the provider, one year in ten is above", unit="£000s", default=None
    )
    bears_first: Amount = ask(
        "The provider bears first",
        "Cost above income that it carries before the pool pays.",
        unit="£000s",
        default=0,
    )
    pool: Amount = ask(
        "Risk pool", "The most that the pool pays in a year.", unit="£000s", source="TDC-06", default=0
    )
    shares: list[PoolShare] = ask("Who fills the pool", default_factory=list)
    gain_share: Share = ask(
        "Share of the provider's surplus that it gives back",
        "It goes to those who fill the pool, in their shares.",
        default=0,
    )
    source: LongText = ask("Where these ranges come from", default="")


# --- value for money and risk -----------------------------------------------------


class BenefitScore(Section):
    """One person's view of what one option does for a person who gets it."""

    respondent: Text = ask("Scored by", "A role.", default="", required=True, extra=PERSON)
    option: str = ask("Option", default="", extra={"refers": "valued"})
    benefit: Annotated[float, Field(ge=0, le=100)] | None = ask(
        "Benefit to one person", "100 is the most that any option does, 0 nothing.", default=None
    )
    chance: Share | None = ask("Chance that it works here", "0 to 1.", default=None)


class Value(Section):
    """What to fund first: benefit, people and chance against cost (STAR), and the money there is."""

    money: Amount | None = ask("Money for new schemes a year", unit="£000s", default=None)
    scores: list[BenefitScore] = ask("Benefit scores", source="CST-06", default_factory=list)


Step5 = Annotated[int, Field(ge=1, le=5)]


class Risk(Section):
    """Something that could go wrong, before and after what is done about it."""

    id: Id = ask("Short name")
    name: Text = ask("Risk", required=True)
    owner: Text = ask("Owner", "A role.", default="", required=True, extra=PERHAPS)
    scheme: str = ask("Scheme it concerns", default="", extra={"refers": "schemes"})
    service: str = ask("Service it concerns", default="", extra={"refers": "services"})
    likelihood: Step5 | None = ask("Likelihood now", "1 rare, 5 almost certain.", default=None)
    impact: Step5 | None = ask("Impact now", "1 negligible, 5 catastrophic.", default=None)
    mitigation: LongText = ask("What is done about it", default="")
    likelihood_after: Step5 | None = ask("Likelihood after that", default=None)
    impact_after: Step5 | None = ask("Impact after that", default=None)
    chance: Share | None = ask("Chance that it costs money in a year", "0 to 1.", default=None)
    cost_low: Amount | None = ask("Cost if it happens, low", unit="£000s", default=None)
    cost_high: Amount | None = ask("Cost if it happens, high", unit="£000s", default=None)


class Budget(Section):
    """Step 3: which budgets, five-year money, schemes."""

    scope: Scope = ask("Scope", default_factory=Scope)
    organisations: list[Organisation] = ask("Organisations", source="ODR-09", default_factory=list)
    income: list[Income] = ask("Income", default_factory=list, required=True)
    lines: Annotated[list[BudgetLine], Distinct] = ask("Budget lines", default_factory=list, required=True)
    schemes: Annotated[list[Scheme], Distinct] = ask("Schemes", default_factory=list, required=True)
    interventions: Annotated[list[Intervention], Distinct] = ask(
        "Local interventions", "Entries of your own beside the library's.", default_factory=list
    )
    fund: Fund = ask("Pooled fund", source="TDC-08", default_factory=Fund)
    contracts: Annotated[list[Contract], Distinct] = ask(
        "Block and fixed-income contracts", source="TDC-08", default_factory=list
    )
    value: Value = ask("Value for money", source="CST-06", default_factory=Value)
    risks: Annotated[list[Risk], Distinct] = ask("Risks", default_factory=list)
    answers: Answers = ask("Questions of this step", default_factory=dict)
