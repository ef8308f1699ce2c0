"""Step 1: needs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbook.plan.sections.base import (
    PERHAPS,
    Answers,
    Distinct,
    Id,
    LongText,
    Money,
    Section,
    Share,
    Text,
    Weight,
    ask,
)


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

    who: Text = ask(
        "Who was asked", "For instance: carers in the north of the town.", required=True, extra=PERHAPS
    )
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
    owner: Text = ask(
        "Owner", "A role, for instance director of public health.", default="", required=True, extra=PERHAPS
    )


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


class ShortlistWeights(Section):
    """How much each criterion counts when needs are put in order; only the proportions count."""

    size: Weight = ask("Size", "How many people or events lie between the area and its peers.", default=20)
    significance: Weight = ask("Beyond chance", "How sure it is that the area differs.", default=20)
    inequality: Weight = ask("Inequality", "How much worse it is for those worst off.", default=20)
    trend: Weight = ask("Trend", "Whether it is getting worse.", default=20)
    voice: Weight = ask("Local voice", "Whether people who were asked spoke of it.", default=20)
    reason: LongText = ask(
        "Why these weights", "Needed where they are not all the same: who agreed them, and when.", default=""
    )


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
