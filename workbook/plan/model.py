"""The plan: one JSON file that holds everything people decided."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from workbook.plan.sections import (
    Ambition,
    Ambitions,
    Budget,
    Case,
    Decision,
    Decommissioning,
    LongText,
    Needs,
    Override,
    Section,
    SignOff,
    Text,
    Vision,
    ask,
)
from workbook.plan.sections.base import PERSON

SCHEMA_VERSION = 4


class AreaRef(Section):
    """The area a plan is for, as recorded when the plan was made."""

    code: Annotated[str, Field(min_length=1, max_length=40)] = ask("Area code")
    name: Text = ask("Area")
    kind: Text = ask("Kind of area", default="")
    synthetic: bool = ask("Synthetic", "The area is made up, for demonstration or teaching.", default=False)


class Saved(Section):
    """Who saved this revision, and when. Every printed date comes from here."""

    by: Text = ask("Saved by", default="", extra=PERSON)
    verified: bool = ask("Name given by the hub", default=False)
    at: datetime = ask("Saved at")


class Origin(Section):
    """The pattern a plan was made from, and the factor its money was multiplied by."""

    title: Text = ask("Pattern")
    area: Text = ask("Area of the pattern", default="")
    revision: int = ask("Revision of the pattern", default=0)
    money_factor: float | None = ask(
        "Money multiplied by",
        "The area's own allocation over the income of the pattern's NHS commissioner in the base year; empty where no allocation is known.",
        default=None,
    )


class Plan(Section):
    """A commissioning plan: inputs only, never a derived figure."""

    schema_version: Literal[4] = ask("Schema version", default=SCHEMA_VERSION)
    revision: Annotated[int, Field(ge=0)] = ask("Revision", default=0)
    saved: Saved | None = ask("Saved", default=None)
    title: Text = ask("Title of the plan", default="", required=True)
    area: AreaRef = ask("Area")
    origin: Origin | None = ask("Made from", default=None)
    base_year: Annotated[int, Field(ge=1990, le=2100)] = ask(
        "Base year", "The last year before the plan; money starts from its budget."
    )
    horizon: Annotated[int, Field(ge=1, le=15)] = ask("Years ahead", default=5)
    purpose: LongText = ask("What the plan is for", default="")
    vision: Vision = ask("Vision", default_factory=Vision)
    needs: Needs = ask("Needs", default_factory=Needs)
    ambitions: Ambitions = ask("Ambitions", default_factory=Ambitions)
    budget: Budget = ask("Budget", default_factory=Budget)
    decommissioning: Decommissioning = ask("Decommissioning", default_factory=Decommissioning)
    case: Case = ask("Case for change", default_factory=Case)
    assumptions: list[Override] = ask("Assumptions changed", default_factory=list)
    decisions: list[Decision] = ask("Decisions", default_factory=list)
    sign_off: SignOff = ask("Sign-off", default_factory=SignOff)

    def __repr__(self) -> str:
        """One line: the whole plan is thousands of fields."""
        return f"<Plan {self.title!r} for {self.area.name}, base year {self.base_year}, revision {self.revision}>"

    __str__ = __repr__

    @property
    def years(self) -> list[int]:
        """The years planned for, base year left out."""
        return list(range(self.base_year + 1, self.base_year + self.horizon + 1))

    @property
    def last_year(self) -> int:
        return self.base_year + self.horizon

    def ambition(self, number: int) -> Ambition | None:
        """The ambition of that number, where the plan has one."""
        return next((a for a in self.ambitions.items if a.number == number), None)
