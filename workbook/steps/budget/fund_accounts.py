"""How pooled money and shared risk went elsewhere: accounts of the sources, each with its year."""

from __future__ import annotations

from workbook.blocks import Block, Words
from workbook.reference import Framework, Reference
from workbook.words import listed


def part(reference: Reference) -> list[Block]:
    """Two places that shared money and risk, and what failed and why, in short; the library has the accounts in full."""
    failed = reference.framework("PVW-04")
    places = [_account(reference.framework(id)) for id in ("TDC-06", "TDC-07")]
    lead = "Elsewhere, as others told it in the year given; none of it is a measured effect:"
    return [Words((lead, *places, _failures(failed)), "note")]


def _account(framework: Framework) -> str:
    item = framework.items[0]
    return f"{framework.title} ({framework.source_year}): {item.help or item.label}"


def _failures(framework: Framework) -> str:
    named = listed(_sentence(i.label) for i in framework.items)
    return f"{framework.title} ({framework.source_year}): {named}. {framework.today}"


def _sentence(label: str) -> str:
    """A label inside a sentence: a small first letter, unless it is a name or an abbreviation."""
    head = label.split()[0]
    return label[:1].lower() + label[1:] if head == "Non-emergency" else label
