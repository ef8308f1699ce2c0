"""What the area wants for its people."""

from __future__ import annotations

from workbook.plan.sections.base import LongText, Section, Text, ask


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
