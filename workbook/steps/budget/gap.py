"""What is left of income, in words: a gap, a surplus or neither."""

from __future__ import annotations

from workbook.words import money as pounds


def gap_words(gap: float) -> str:
    """A gap or a surplus in words."""
    if gap != gap:
        return "unknown, because no income is given"
    if abs(gap) < 0.5:
        return "no gap"
    return f"{'a gap' if gap < 0 else 'a surplus'} of {pounds(abs(gap))}"
