"""Groups of people whom figures may or may not be able to see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EqualityGroup:
    """One group: a protected characteristic, an inclusion group or one of local concern.

    ``told_by`` holds the words by which a breakdown is known to tell the group
    apart ("ethnic" stands in "Ethnic groups, broad").
    """

    id: str
    label: str
    kind: str
    told_by: tuple[str, ...] = ()
    source: str = ""
    note: str = ""

    def seen_in(self, category_type: str) -> bool:
        """Whether a breakdown of that kind tells this group apart."""
        text = category_type.casefold()
        return any(word in text.split() if len(word) < 4 else word in text for word in self.told_by)
