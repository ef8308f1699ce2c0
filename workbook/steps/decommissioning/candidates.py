"""What value for money weighs least among all that is funded: candidates to be looked at here."""

from __future__ import annotations

from workbook.blocks import Block, Heading, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.budget import value

_MOST = 5


def part(plan: Plan, reference: Reference) -> list[Block]:
    """Those not yet considered, the least value for each pound first, and how to add one; nothing where none is scored."""
    # A scheme of this plan is dropped in step 3; here stand services that run.
    found = [c for c in value.candidates(plan, reference) if not c.considered and c.kind != "scheme"]
    found = [c for c in found if c.beaten] or found
    if not found:
        return []
    return [
        Heading("Weighed least in value for money", "candidates"),
        Words(
            (
                "Of what is funded, these buy the least of the benefit that people scored for each pound, and nobody has "
                "looked yet at stopping them. It is a reason to ask, not to stop: add a service under “Services considered” "
                "to put it through the gate.",
            )
        ),
        Words(tuple(_sentence(c) for c in found[:_MOST]), "list"),
    ]


def _sentence(candidate: value.Candidate) -> str:
    return candidate.why if candidate.why.endswith(".") else f"{candidate.why}."
