"""Whether a gap could be chance, for lessons: the funnel, the peers and the opportunity of the needs page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbook.blocks import Figure, Words
from workbook.plan import Plan
from workbook.steps.needs.opportunities import gap_to_peers
from workbook.steps.needs.pictures import funnel_figure, ranked_figure
from workbook.steps.standing import Standing
from workbook.words import number

Say = Callable[[float | None], str]  # a figure in the indicator's unit


def chance(plan: Plan, s: Standing, say: Say) -> tuple[dict[str, str], dict[str, Figure]]:
    """Placeholders and charts by name, as :mod:`workbook.teach.facts` gives them.

    What cannot be worked out is "not available" or says why; a figure that can have no
    funnel plot brings no chart of that name.
    """
    blocks = funnel_figure(plan, [s])
    funnel = next((b for b in blocks if isinstance(b, Figure)), None)
    said = " ".join(line for b in blocks if isinstance(b, Words) for line in b.paragraphs)
    words = _gap_words(s, say) | _funnel_words(funnel, say) | {"funnel_words": said}
    return words, {"peers": ranked_figure(plan, s)} | ({"funnel": funnel} if funnel else {})


def _gap_words(s: Standing, say: Say) -> dict[str, str]:
    gap = gap_to_peers(s)
    return {
        "counted_in": s.indicator.counted_in,
        "measured": number(s.own.denominator, 0),
        "judgement_peers": s.versus_peers,
        "best_five": say(gap.best_five),
        "gap": say(gap.gap),
        "gap_people": number(gap.people, 0),
        "gap_people_plain": f"{gap.people:.0f}",
        "gap_interval": f"{number(gap.lower, 0)} to {number(gap.upper, 0)}",
        "gap_median_people": number(gap.median_people, 0),
        "gap_shrunken_people": number(gap.shrunken_people, 0),
        "gap_verdict": gap.reason or ("this could be chance" if gap.chance else "beyond chance"),
    }


def _funnel_words(funnel: Figure | None, say: Say) -> dict[str, str]:
    """The area's place in the funnel, as the table behind the picture gives it."""
    if funnel is None:
        return {"funnel_place": "not drawn", "funnel_low": say(None), "funnel_high": say(None)}
    own = _own_row(funnel)
    return {
        "funnel_place": str(own["place"]),
        "funnel_low": say(own["lower"]),
        "funnel_high": say(own["upper"]),
    }


def _own_row(funnel: Figure) -> dict[str, Any]:
    names = [column.name for column in funnel.table.columns]
    rows = (dict(zip(names, row, strict=True)) for row in funnel.table.rows)
    return next(row for row in rows if row["kind"] == "the area")
