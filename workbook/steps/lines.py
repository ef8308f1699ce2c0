"""The lines of an ambition: where its measure could go, side by side, none of them "the answer"."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from workbook.errors import UnknownIndicator
from workbook.methods import phasing, projection
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Indicator, Reference
from workbook.steps.standing import Peers, Standing, panel, standing
from workbook.words import plural

LABELS = {
    "do-nothing": "Do nothing",
    "hold": "Hold the baseline",
    "peer-median": "Reach the peer median",
    "best-quintile": "Reach the best fifth",
    "pledge": "A pledge",
    "schemes": "Do nothing plus the funded schemes",
    "own": "Chosen level",
}


# The pledge of 2014 was made for years of life lost, and makes sense for no other measure.
_PLEDGED = 1

# No figure in such a unit can be higher.
_CEILINGS = {"%": 100.0, "out of 100": 100.0, "out of 1": 1.0}


@dataclass(frozen=True)
class Line:
    """The level of a measure for each year, perhaps with an 80 % interval, and how it was made."""

    id: str
    label: str
    values: tuple[float, ...]
    how: str
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()

    @property
    def last(self) -> float:
        return self.values[-1]


@dataclass(frozen=True)
class Outlook:
    """One ambition's baseline, its lines over the years of the plan, and the level chosen."""

    ambition: Ambition
    standing: Standing
    years: tuple[int, ...]
    lines: dict[str, Line]
    chosen: Line | None
    plausibility: str
    share_achieved: float | None

    @property
    def baseline(self) -> float:
        return self.standing.own.value

    @property
    def events_label(self) -> str:
        """What a gap is counted in: "deaths", "admissions", "years of life"."""
        return self.standing.counted_in

    def events(self, gap: float) -> float | None:
        """A gap in the measure as people or events a year, where a denominator is known."""
        own, per = self.standing.own, self.standing.indicator.per
        if own.denominator and per:
            return gap * own.denominator / per
        if own.count and own.value:
            return gap * own.count / own.value
        return None


def better(found: Outlook, one: float, other: float) -> bool:
    """Whether ``one`` is better than ``other`` in the measure's direction."""
    polarity = found.standing.indicator.polarity
    return (polarity == "low" and one < other) or (polarity == "high" and one > other)


def outlook(plan: Plan, reference: Reference, ambition: Ambition, group: Peers) -> Outlook | None:
    """The lines of one ambition; None where its measure is not bound or has no figure for the area."""
    if not ambition.measure or ambition.measure not in reference.available():
        return None
    now = standing(plan, reference, ambition.measure, group)
    if now is None:
        return None
    ahead = tuple(range(now.own.year + 1, plan.last_year + 1))
    if not ahead:
        return None
    everyone = panel(plan, reference, ambition.measure)
    lines = _lines(plan, reference, ambition, now, ahead, everyone)
    years = tuple(plan.years)
    chosen = _chosen(ambition, lines, years, now)
    share, words = _plausibility(now, everyone, chosen, len(ahead))
    return Outlook(ambition, now, years, lines, chosen, words, share)


def name_of(reference: Reference, measure: str) -> str:
    """The name of a measure; its id in quotation marks where it is not known here."""
    try:
        return reference.indicator(measure).name
    except UnknownIndicator:  # the plan was made where the figure was on hand
        return f"“{measure}”"


def pledge_rate(reference: Reference, year: int) -> float:
    """The yearly change of the pledge line as a fraction, from the dated assumptions."""
    return reference.assumption("pledge-rate", year).value / 100


def _pledge_source(reference: Reference, year: int) -> str:
    return reference.assumption("pledge-rate", year).source


def _lines(
    plan: Plan,
    reference: Reference,
    ambition: Ambition,
    now: Standing,
    ahead: tuple[int, ...],
    everyone: pd.DataFrame,
) -> dict[str, Line]:
    start, polarity, years = now.own.value, now.indicator.polarity, tuple(plan.years)
    lines = {
        "do-nothing": _cut(_nothing(now, ahead, everyone), ahead, years),
        "hold": Line("hold", LABELS["hold"], (start,) * len(years), f"{now.own.period} carried on"),
    }
    for name, target, words in (
        ("peer-median", now.peer_median, f"the median of {len(now.peers)} peers"),
        ("best-quintile", now.best_fifth, f"the threshold of the best fifth of {now.areas} areas"),
    ):
        if target is not None and polarity != "none":
            lines[name] = _towards(name, start, target, years, polarity, words)
    if ambition.number == _PLEDGED and polarity == "low":
        lines["pledge"] = _pledge(reference, start, years)
    lines["schemes"] = _with_schemes(plan, ambition, lines["do-nothing"], now.indicator)
    return lines


def _nothing(now: Standing, ahead: tuple[int, ...], everyone: pd.DataFrame) -> Line:
    indicator = now.indicator
    path = projection.do_nothing(
        everyone,
        now.own.area,
        now.own.year,
        len(ahead),
        breaks=indicator.break_years,
        ceiling=_ceiling(indicator),
        period_years=indicator.period_years,
    )
    how = f"{path.method} {path.interval_note}" if indicator.period_years > 1 else path.method
    return Line(
        "do-nothing",
        LABELS["do-nothing"],
        _tuple(path.value),
        how,
        _tuple(path.lower),
        _tuple(path.upper),
    )


def _ceiling(indicator: Indicator) -> float:
    return _CEILINGS.get(indicator.unit, math.inf)


def _towards(
    name: str, start: float, target: float, years: tuple[int, ...], polarity: str, words: str
) -> Line:
    """A straight way to a target; an area that is better already is not asked to get worse.

    The way begins with the plan, whatever the age of the baseline: nobody is pledged to a past year.
    """
    better = target < start if polarity == "low" else target > start
    goal = target if better else start
    how = f"in equal steps to {words} in the latest year" if better else f"better than {words} already: held"
    return Line(name, LABELS[name], _tuple(projection.straight(start, goal, len(years))), how)


def _pledge(reference: Reference, start: float, years: tuple[int, ...]) -> Line:
    change = pledge_rate(reference, years[0])
    values = projection.pledge(start, change, len(years))
    how = f"{100 * change:+.1f}% every year, compounded ({_pledge_source(reference, years[0])})"
    return Line("pledge", LABELS["pledge"], _tuple(values), how)


def _with_schemes(plan: Plan, ambition: Ambition, nothing: Line, indicator: Indicator) -> Line:
    """The do-nothing line times the effect of each funded scheme; effects that overlap multiply.

    A scheme counts only with an effect whose source is named.
    """
    years = plan.years
    values = pd.Series(nothing.values, index=years, dtype=float)
    counted = 0
    for scheme in plan.budget.schemes:
        if not (
            scheme.funded and ambition.number in scheme.ambitions and scheme.effect and scheme.evidence_source
        ):
            continue
        reach = phasing.effect(years, scheme.start_year, scheme.ramp)
        values = values * (1 + scheme.effect / 100 * reach)
        counted += 1
    how = (
        f"the do-nothing line times the {'effect' if counted == 1 else 'effects'} of {plural(counted, 'funded scheme')}"
        if counted
        else "no funded scheme states an effect with its source, so this is the do-nothing line"
    )
    return Line("schemes", LABELS["schemes"], _tuple(values.clip(upper=_ceiling(indicator))), how)


def _cut(line: Line, years: tuple[int, ...], keep: tuple[int, ...]) -> Line:
    """The line from the first year of the plan on; the baseline may be older than the base year."""
    skip = len(years) - len(keep)
    return Line(line.id, line.label, line.values[skip:], line.how, line.lower[skip:], line.upper[skip:])


def _chosen(ambition: Ambition, lines: dict[str, Line], years: tuple[int, ...], now: Standing) -> Line | None:
    """The levels the plan holds, else those of the line it aims at; None while nothing is chosen."""
    line = lines.get(ambition.line or "")
    typed = {level.year: level.value for level in ambition.levels}
    if typed:
        base = years[0] - 1
        known = pd.Series({base: now.own.value, **typed}, dtype=float)
        filled = known.reindex(range(base, years[-1] + 1)).interpolate()
        from_line = f", from the line: {line.label.lower()}" if line else ""
        between = "" if all(year in typed for year in years) else "; years between interpolated"
        how = f"levels set in the plan{from_line}{between}"
        return Line("own", LABELS["own"], _tuple(filled.loc[list(years)]), how)
    return Line("own", LABELS["own"], line.values, f"{line.label.lower()}: {line.how}") if line else None


def _plausibility(
    now: Standing, everyone: pd.DataFrame, chosen: Line | None, horizon: int
) -> tuple[float | None, str]:
    """How many comparable areas ever changed as much over as many years."""
    if chosen is None or now.indicator.polarity == "none" or not now.own.value:
        return None, ""
    change = chosen.last / now.own.value - 1
    share, moves, best = projection.plausibility(
        everyone, change, horizon, now.indicator.polarity, now.indicator.break_years
    )
    if not moves:
        return None, "No comparable area has a series long enough to say how plausible this is."
    held = abs(change) < 0.0005
    asked = (
        f"Holding the level for {horizon} years"
        if held
        else f"A change of {100 * change:+.1f}% in {horizon} years"
    )
    if share == 0:
        return (
            0.0,
            f"{asked} is more than any comparable area ever achieved (best of {moves:,} past moves: {100 * best:+.1f}%).",
        )
    return (
        float(share),
        f"{asked} was achieved in {_percent(share)} of {moves:,} past {horizon}-year moves of comparable areas.",
    )


def _percent(share: float) -> str:
    return "less than 1%" if 0 < share < 0.01 else f"{100 * share:.0f}%"


def _tuple(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
