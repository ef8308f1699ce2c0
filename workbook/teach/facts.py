"""What a lesson is about: the figures of one indicator in one area, worked out when the lesson opens.

The words become the placeholders of a lesson, the figures its charts. Both are those
of the steps of a plan with one ambition, so a lesson teaches what the workbook does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.blocks import Figure
from workbook.methods import projection, trend
from workbook.teach import drawn
from workbook.teach.chance import chance
from workbook.teach.material import Material, known, material
from workbook.words import number

if TYPE_CHECKING:
    from workbook.reference import Reference


@dataclass(frozen=True)
class Facts:
    """Placeholders with their words, and the charts by name."""

    words: dict[str, str]
    figures: dict[str, Figure]


def facts(area: str, indicator: str, reference: Reference) -> Facts:
    """Everything a lesson may name about an indicator in an area.

    Raises:
        BadInput: the area has fewer than five yearly figures of the indicator.
    """
    m = material(area, indicator, reference)
    words = _history_words(m) | _comparison_words(m) | _line_words(m)
    by_chance, charts_of_chance = chance(m.plan, m.standing, m.say)
    return Facts(words | by_chance, dict(drawn.figures(m)) | charts_of_chance)


def _history_words(m: Material) -> dict[str, str]:
    found, short = m.standing.trend, _short_trend(m)
    first, last = m.own[0], m.own[-1]
    return {
        "area": m.area_name,
        "indicator": m.indicator.name,
        "unit": m.indicator.unit,
        "better": {"low": "lower", "high": "higher"}.get(m.indicator.polarity, "neither lower nor higher"),
        "first_year": str(first.year),
        "last_year": str(m.year),
        "first": m.say(first.value),
        "last": m.say(m.last),
        "last_plain": _plain(m.last),
        "lower": m.say(last.lower),
        "upper": m.say(last.upper),
        "interval": m.between(last.lower, last.upper),
        "change": _change(first.value, m.last),
        "points": str(len(m.own)),
        "direction": found.direction,
        "trend_judgement": found.judgement or "no change that could not be chance",
        "trend_reason": found.reason,
        "short_direction": short.direction,
        "short_reason": short.reason,
    }


def _comparison_words(m: Material) -> dict[str, str]:
    s = m.standing
    return {
        "country": s.benchmark_label,
        "country_value": m.say(s.benchmark),
        "judgement": s.versus_benchmark,
        "quintile": str(s.quintile) if s.quintile else "not formed",
        "areas": str(s.areas),
        "peers": str(len(s.peers)),
    }


def _line_words(m: Material) -> dict[str, str]:
    nothing = m.found.lines["do-nothing"]
    lower, upper = nothing.lower[-1], nothing.upper[-1]
    peers, best = known(m.standing.peer_median), known(m.standing.best_fifth)
    reached = m.found.past.get("best-quintile") or projection.Plausibility(math.nan, 0, math.nan)
    return {
        "target_year": str(m.found.years[-1]),
        "do_nothing": m.say(nothing.last),
        "do_nothing_plain": _plain(nothing.last),
        "do_nothing_lower": m.say(lower),
        "do_nothing_upper": m.say(upper),
        "do_nothing_interval": m.between(lower, upper),
        "do_nothing_lower_plain": _plain(lower),
        "do_nothing_upper_plain": _plain(upper),
        "do_nothing_change": _change(m.last, nothing.last),
        "do_nothing_method": nothing.how,
        "hold": m.say(m.last),
        "peer_median": m.say(peers),
        "peer_median_plain": _plain(peers),
        "best_fifth": m.say(best),
        "best_fifth_plain": _plain(best),
        "best_fifth_change": _change(m.last, best),
        "best_fifth_share": "none" if reached.share == 0 else number(100 * reached.share, 0, "%"),
        "past_moves": str(reached.moves),
        "best_move": _signed(reached.best),
    }


def _short_trend(m: Material) -> trend.Trend:
    """The trend asked of the short history alone."""
    years, values, lowers, uppers = zip(*m.own[-drawn.SHORT :], strict=True)
    i = m.indicator
    return trend.recent(
        years, values, lowers, uppers, i.polarity, breaks=i.break_years, period_years=i.period_years
    )


def _plain(value: float) -> str:
    """A number that can be compared with what somebody typed."""
    return f"{value:.6g}"


def _change(start: float, end: float) -> str:
    return _signed(end / start - 1) if start else _signed(math.nan)


def _signed(share: float) -> str:
    """ "12% lower", "3% higher", for a relative change."""
    if not math.isfinite(share):
        return "no change that can be given"
    size = number(100 * abs(share), 0, "%")
    return f"{size} {'lower' if share < 0 else 'higher'}" if size != "0%" else "the same"
