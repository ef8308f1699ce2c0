"""The case for change: what partners and public have to be told that no other part of a plan holds."""

from __future__ import annotations

from workbook.plan.sections.base import PERHAPS, Answers, Day, LongText, Section, Text, ask


class Binding(Section):
    """What one partner organisation commits itself to, and whether it has agreed."""

    partner: Text = ask("Partner", "An organisation.", required=True)
    commits: LongText = ask("What it commits itself to", "Money, staff, a decision, a date.", default="")
    agreed_by: Text = ask("Agreed by", "The body with the power to bind it.", default="", extra=PERHAPS)
    agreed_on: Day | None = ask("Agreed on", "Leave empty until it has agreed.", default=None)


class Case(Section):
    """How the case for change invites comment and challenge, and who is bound by it."""

    comments_to: Text = ask(
        "Where to send comments",
        "A post with an address, telephone number or page. Someone without internet must be able to answer.",
        default="",
        extra=PERHAPS,
    )
    comments_until: Day | None = ask("Comments until", default=None)
    questions: list[Text] = ask(
        "Questions to those who read it",
        "What you most want to hear, one question each.",
        default_factory=list,
    )
    comments_use: LongText = ask(
        "What becomes of the comments",
        "Who reads them, by when, and where the reply can be read.",
        default="",
    )
    involvement: LongText = ask(
        "Involvement and consultation",
        "Whether the public is to be involved or formally consulted at this stage, who judged so, and why.",
        source="ODR-21",
        default="",
    )
    bound: list[Binding] = ask("Partners bound", source="ODR-21", default_factory=list)
    answers: Answers = ask("The five items in words of our own", default_factory=dict)
