"""How plausible a change is, in words: what comparable areas really achieved over as many years."""

from __future__ import annotations

from workbook.methods.projection import Plausibility
from workbook.words import signed

# The moves overlap, so no more exact reading is due than these.
_OFTEN = (
    (0.02, "has hardly ever been achieved"),
    (0.1, "has seldom been achieved"),
    (1 / 3, "has been achieved now and then"),
)


def sentence(change: float, past: Plausibility, years: int, of: str = "") -> str:
    """How often such a relative change (-0.1 is 10 % down) was achieved over as many years in the past.

    ``of``: of what the change is so many per cent, where the figure itself is in per cent.
    """
    if not past.moves:
        return "No comparable area has a series long enough to say how plausible this is."
    held = abs(change) < 0.0005
    asked = (
        f"Holding the level for {years} years"
        if held
        else f"A change of {signed(100 * change)}{f' of {of}' if of else ''} in {years} years"
    )
    moves = f"{past.moves:,} past {years}-year moves"
    if past.share == 0:
        best = f"the best of {moves} was {signed(100 * past.best)}"
        return f"{asked} is more than any comparable area ever achieved: {best}."
    return f"{asked} {_often(past.share)}: {percent(past.share)} of {moves} of comparable areas were as good or better."


def percent(share: float) -> str:
    """A share of past moves: whole per cent, and "less than 1%" where it is not nought."""
    return "less than 1%" if 0 < share < 0.01 else f"{100 * share:.0f}%"


def _often(share: float) -> str:
    return next((words for most, words in _OFTEN if share < most), "has often been achieved")
