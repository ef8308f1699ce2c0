"""What is wrong, missing or suspicious about a measure, each in a sentence: bad data gets words."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.methods import doubt, projection
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.frames import records
from workbook.steps.lines import Outlook
from workbook.steps.standing import Standing, counted
from workbook.words import listed, number, plural

_SMALL = 10  # events; fewer say little from one year to the next
_LATE = 4  # years before the baseline within which a break still shapes what is drawn


def of_outlook(plan: Plan, reference: Reference, found: Outlook) -> list[str]:
    """Every doubt about the figures of one ambition, in the order a reader meets them."""
    return [
        *_hidden(plan, reference, found.standing),
        *_zero(found.standing),
        *_short(found.standing),
        *_small(found.standing),
        *_alone(found),
        *_no_direction(found.standing),
        *_measure_unit(found.standing),
        *level_units(found),
    ]


def _hidden(plan: Plan, reference: Reference, s: Standing) -> Iterator[str]:
    """Years without a figure: suppressed, missing, or not published yet."""
    rows = reference.series(s.indicator.id, area=plan.area.code)
    hidden = {int(r["year"]) for r in records(rows[rows["value"].isna()])} - {r.year for r in s.history}
    later = sorted(year for year in hidden if s.own.year < year <= plan.base_year)
    earlier = sorted(year for year in hidden if s.own.year - projection.POINTS < year < s.own.year)
    if later:
        yield (
            f"The figure of {listed(later)} is suppressed or missing, so the baseline is that of {s.own.period}."
        )
    if earlier:
        figures = "figures" if len(earlier) > 1 else "figure"
        yield f"The {figures} of {listed(earlier)} {'are' if len(earlier) > 1 else 'is'} suppressed or missing and left out."


def _zero(s: Standing) -> Iterator[str]:
    """A relative change knows no nought."""
    if s.own.value == 0:
        yield (
            f"The baseline is zero ({s.own.period}): no relative change can be worked out from it, so there is no "
            "plausibility, and the lines that are made of such changes say little."
        )
    nought = [r.year for r in s.history[:-1] if r.value == 0]
    if nought:
        many = len(nought) > 1
        yield (
            f"The {'figures' if many else 'figure'} of {listed(nought)} {'are' if many else 'is'} zero: left out of the "
            "do-nothing line, which is made of relative changes."
        )


def _short(s: Standing) -> Iterator[str]:
    """Too few yearly points to see a drift, perhaps because the series was broken."""
    breaks = [b for b in s.indicator.break_years if s.history[0].year < b <= s.own.year]
    since = max(breaks, default=s.history[0].year)
    points = [r for r in s.history if r.year >= since and r.value > 0]
    if breaks and since >= s.own.year - _LATE:
        yield (
            f"The series was broken in {since}: figures before and after do not compare, and only the "
            f"{plural(len(points), 'yearly figure')} from then on {'is' if len(points) == 1 else 'are'} used."
        )
    if len(points) < projection.POINTS:
        yield (
            f"{plural(len(points), 'comparable yearly figure').capitalize()} up to {s.own.year}: fewer than the "
            f"{projection.POINTS} that a drift needs. So doing nothing is drawn as the last value held, without an interval."
        )


def _small(s: Standing) -> Iterator[str]:
    count = s.own.count
    if count is not None and 0 < count < _SMALL and s.indicator.value_type != "mean":
        yield (
            f"Only {counted(count)} {s.indicator.count_label or 'people'} stand behind the baseline: chance alone can "
            "move it far from one year to the next."
        )


def _alone(found: Outlook) -> Iterator[str]:
    s = found.standing
    if not s.peers:
        yield f"No peer has a figure for {s.own.period}, so there is no line to the peers."
    if s.best_fifth is None:
        yield f"{plural(s.areas, 'comparable area').capitalize()} with a figure for {s.own.period}: too few to say where the best fifth begins."
    if found.areas == 1 and found.lines["do-nothing"].banded:
        yield "No other area's figures are on hand, so the do-nothing line rests on this area alone and is rough."


def _no_direction(s: Standing) -> Iterator[str]:
    if s.indicator.polarity == "none":
        yield (
            "Nobody has said which direction of this figure is better. So there is no line to the peers or the best "
            "fifth, no plausibility, and the workbook cannot tell whether the schemes reach the level chosen."
        )


# --- the wrong unit -------------------------------------------------------------


def _measure_unit(s: Standing) -> Iterator[str]:
    found = s.suspicion
    if found:
        yield (
            f"The figure of {found.period} ({_said(s, found.value)}) looks {_times(found.factor)} beside {found.others}. "
            "Is it in another unit? Nothing was changed, so every line below rests on it as it is."
        )


def level_units(found: Outlook) -> Iterator[str]:
    """Levels that were typed in another unit than the measure's, in a sentence; none where none looks so."""
    s = found.standing
    known = [r.value for r in (*s.everyone, *s.history)]
    odd = [
        (level, factor)
        for level in found.ambition.levels
        if (factor := doubt.factor_suspected(level.value, known, fewest=1))
    ]
    if odd:
        level, factor = odd[0]
        yield (
            f"The level of {listed(lv.year for lv, _ in odd)} ({number(level.value)}) looks {_times(factor)} beside the "
            f"baseline of {_said(s, s.own.value)}. Was it typed in another unit? Nothing was changed."
        )


def _said(s: Standing, value: float) -> str:
    return number(value, s.indicator.decimals, s.indicator.unit)


def _times(factor: float) -> str:
    return f"{factor:,.0f} times too large" if factor > 1 else f"{1 / factor:,.0f} times too small"
