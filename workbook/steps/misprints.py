"""What the printed tables say against themselves, found once for all pages until an import."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.reference import Reference, printed
from workbook.reference.printed import Contradiction
from workbook.steps.kept import kept


def contradictions(reference: Reference) -> Sequence[Contradiction]:
    """As :func:`workbook.reference.printed.contradictions` gives them."""
    return kept(reference, ("misprints",), lambda: tuple(printed.contradictions(reference)))
