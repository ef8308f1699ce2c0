"""How pooled money and shared risk went elsewhere: accounts of the sources, each with its year."""

from __future__ import annotations

from workbook.blocks import Block, Words
from workbook.reference import Framework, Reference
from workbook.words import listed


def part(reference: Reference) -> list[Block]:
    """Two places that shared money and risk, and what failed and why, in short; the library has the accounts in full."""
    places = listed(_dated(reference.framework(id)) for id in ("TDC-06", "TDC-07"))
    said = f"How {places} shared money and risk stands among the accounts of the library; none is a measured effect."
    return [Words((said, _failures(reference.framework("PVW-04"))), "note")]


def _dated(framework: Framework) -> str:
    return f"{framework.title} ({framework.source_year})"


def _failures(framework: Framework) -> str:
    named = listed(_sentence(i.label) for i in framework.items)
    return f"{_dated(framework)}: {named}. {framework.today}"


def _sentence(label: str) -> str:
    """A label inside a sentence: a small first letter, unless it is a name or an abbreviation."""
    head = label.split()[0]
    return label[:1].lower() + label[1:] if head == "Non-emergency" else label
