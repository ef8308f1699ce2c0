"""Step 2: ambitions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbook.plan.sections.base import PERHAPS, Answers, LongText, Section, Text, ask

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
    owner: Text = ask("Owner", "A role.", default="", required=True, extra=PERHAPS)
    priorities: list[str] = ask("Priorities it serves", default_factory=list, extra={"refers": "priorities"})
    baseline: Recorded | None = ask("Baseline the level was chosen on", default=None)


class CitizenOutcome(Section):
    """An outcome that people named for themselves, in their words."""

    outcome: Text = ask("What matters to people", "In their words; beyond health care too.", required=True)
    who: Text = ask("Who named it, and when", default="", extra=PERHAPS)
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
