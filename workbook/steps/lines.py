"""The lines of an ambition: where its measure could go, side by side, none of them "the answer"."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from workbook.errors import UnknownIndicator
from workbook.methods import projection
from workbook.methods.projection import EarlyWarning, Plausibility
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Indicator, Reference
from workbook.steps import past_moves
from workbook.steps.delivery import Delivery, deliver, how
from workbook.steps.kept import kept, once
from workbook.steps.naming import called
from workbook.steps.standing import Peers, Standing, panel, standing
from workbook.words import plural, signed

LABELS = {
    "do-nothing": "Do nothing",
    "hold": "Hold the baseline",
    "peer-median": "Reach the peer median",
    "best-quintile": "Reach the best fifth",
    "pledge": "A pledge",
    "schemes": "Do nothing plus the funded schemes",
    "own": "Chosen level",
}


# The pledge of 2014 was made for years of life lost: it makes sense for a rate of that ambition, and no percentage.
_PLEDGED = 1

# No figure in such a unit can be higher.
_CEILINGS = {"%": 100.0, "out of 100": 100.0, "out of 1": 1.0}

# The year of the plan at which it is asked whether its last year can still be reached.
WARNING_YEAR = 2


@dataclass(frozen=True)
class Line:
    """The level of a measure for each year, perhaps with an 80 % interval, and how it was made.

    ``lower`` and ``upper`` are empty, or NaN throughout, where there is no interval.
    """

    id: str
    label: str
    values: tuple[float, ...]
    how: str
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()

    @property
    def last(self) -> float:
        return self.values[-1]

    @property
    def banded(self) -> bool:
        return bool(self.lower) and math.isfinite(self.lower[-1]) and math.isfinite(self.upper[-1])


@dataclass(frozen=True)
class Outlook:
    """One ambition's baseline, its lines over the years of the plan, and the level chosen.

    ``past`` says of each line (the level chosen under "own") how often
    comparable areas made such a change over ``ahead`` years; ``areas`` how many
    areas' figures the do-nothing line could draw on; ``drift`` the relative
    change a year that they had in common, of which half is carried on (NaN
    where the last value is held). ``warnings`` has one entry a year of the plan,
    the last left out where there is a second; none while nothing is chosen.
    """

    ambition: Ambition
    standing: Standing
    years: tuple[int, ...]
    lines: dict[str, Line]
    chosen: Line | None
    plausibility: str
    share_achieved: float | None
    ahead: int = 5
    areas: int = 0
    past: dict[str, Plausibility] = field(default_factory=dict)
    delivery: tuple[Delivery, ...] = ()
    drift: float = math.nan
    warnings: tuple[EarlyWarning, ...] = ()

    @property
    def warning(self) -> EarlyWarning | None:
        """The values of the second year that put the last in doubt."""
        return self.warnings[WARNING_YEAR - 1] if self.warnings else None

    @property
    def baseline(self) -> float:
        return self.standing.own.value

    @property
    def drawn(self) -> list[Line]:
        """Every line, the level chosen at the end."""
        return [*self.lines.values(), *([self.chosen] if self.chosen else [])]

    @property
    def delivering(self) -> tuple[Delivery, ...]:
        """The schemes whose effect counts."""
        return tuple(d for d in self.delivery if d.counts)

    @property
    def _by_count(self) -> bool:
        return not (self.standing.own.denominator and self.standing.indicator.per)

    @property
    def events_label(self) -> str:
        """What a gap is counted in: "deaths", "admissions", "years of life"."""
        indicator = self.standing.indicator
        return (self._by_count and indicator.count_label) or indicator.counted_in

    def events(self, gap: float) -> float | None:
        """A gap in the measure as people or events a year, where a denominator or a count is known.

        The "count" of a mean is a sum of scores, and stands for nobody.
        """
        own, indicator = self.standing.own, self.standing.indicator
        if not self._by_count:
            return gap * float(own.denominator or 0) / indicator.per
        if own.count and own.value and indicator.value_type != "mean":
            return gap * own.count / own.value
        return None


def better(found: Outlook, one: float, other: float) -> bool:
    """Whether ``one`` is better than ``other`` in the measure's direction."""
    polarity = found.standing.indicator.polarity
    return (polarity == "low" and one < other) or (polarity == "high" and one > other)


def outlook(plan: Plan, reference: Reference, ambition: Ambition, group: Peers) -> Outlook | None:
    """The lines of one ambition; None where its measure is not bound or has no figure for the area.

    Two steps and the thread ask for the same ones, and a change seldom touches more than one of them.
    """
    if not ambition.measure or ambition.measure not in reference.available():
        return None
    schemes = once(
        plan,
        reference,
        ("schemes as text",),
        lambda: tuple(scheme.model_dump_json() for scheme in plan.budget.schemes),
    )
    read = (plan.base_year, plan.horizon, plan.area.model_dump_json(), ambition.model_dump_json(), schemes)
    return kept(reference, ("outlook", group, *read), lambda: _outlook(plan, reference, ambition, group))


def _outlook(plan: Plan, reference: Reference, ambition: Ambition, group: Peers) -> Outlook | None:
    found = standing(plan, reference, ambition.measure, group)
    if found is None:
        return None
    now = replace(found, indicator=called(plan, found.indicator))
    ahead = tuple(range(now.own.year + 1, plan.last_year + 1))
    if not ahead:
        return None
    everyone = _with_own(panel(plan, reference, ambition.measure), now)
    lines, delivery, drift = _lines(plan, reference, ambition, now, ahead, everyone)
    years = tuple(plan.years)
    chosen = _chosen(ambition, lines, years, now)
    drawn = {**lines, **({"own": chosen} if chosen else {})}
    past = {name: p for name, line in drawn.items() if (p := _past(now, everyone, line, len(ahead)))}
    share, words = _plausible(now, chosen, past.get("own"), len(ahead))
    warnings = _warnings(now, everyone, chosen, len(years)) if chosen else ()
    return Outlook(
        ambition=ambition,
        standing=now,
        years=years,
        lines=lines,
        chosen=chosen,
        plausibility=words,
        share_achieved=share,
        ahead=len(ahead),
        areas=everyone.shape[1],
        past=past,
        delivery=delivery,
        drift=drift,
        warnings=warnings,
    )


def _with_own(everyone: pd.DataFrame, now: Standing) -> pd.DataFrame:
    """The panel, or the area's own figures alone where they are of another kind than the others' (say, of one sex)."""
    if now.own.area in everyone.columns:
        return everyone
    return pd.DataFrame({now.own.area: {r.year: r.value for r in now.history}})


def name_of(reference: Reference, measure: str) -> str:
    """The name of a measure; its id in quotation marks where it is not known here."""
    try:
        return reference.indicator(measure).name
    except UnknownIndicator:  # the plan was made where the figure was on hand
        return f"“{measure}”"


def pledge_rate(reference: Reference, year: int) -> float:
    """The yearly change of the pledge line as a fraction, from the dated assumptions."""
    return reference.assumption("pledge-rate", year).value / 100


def pledge_source(reference: Reference, year: int) -> str:
    """Where the rate of the pledge comes from."""
    return reference.assumption("pledge-rate", year).source


def _lines(
    plan: Plan,
    reference: Reference,
    ambition: Ambition,
    now: Standing,
    ahead: tuple[int, ...],
    everyone: pd.DataFrame,
) -> tuple[dict[str, Line], tuple[Delivery, ...], float]:
    start, polarity, years = now.own.value, now.indicator.polarity, tuple(plan.years)
    untouched, drift = _nothing(now, ahead, everyone)
    lines = {
        "do-nothing": _cut(untouched, ahead, years),
        "hold": Line("hold", LABELS["hold"], (start,) * len(years), f"{now.own.period} carried on"),
    }
    for name, target, words in (
        ("peer-median", now.peer_median, f"the median of {plural(len(now.peers), 'peer')}"),
        ("best-quintile", now.best_fifth, f"the threshold of the best fifth of {plural(now.areas, 'area')}"),
    ):
        if target is not None and polarity != "none":
            lines[name] = _towards(name, start, target, years, polarity, words)
    if ambition.number == _PLEDGED and polarity == "low" and now.indicator.unit not in _CEILINGS:
        lines["pledge"] = _pledge(reference, start, years)
    nothing = lines["do-nothing"]
    built, delivery = deliver(plan, ambition.number, nothing.values, *_limits(nothing))
    ceiling, said = _ceiling(now.indicator), how(delivery, nothing.banded)
    value, lower, upper = (_tuple(np.minimum(x, ceiling)) for x in built[:3])
    lines["schemes"] = Line("schemes", LABELS["schemes"], value, said, lower, upper)
    return lines, delivery, drift


def _limits(line: Line) -> tuple[tuple[float, ...], tuple[float, ...]]:
    unknown = (math.nan,) * len(line.values)
    return line.lower or unknown, line.upper or unknown


def _nothing(now: Standing, ahead: tuple[int, ...], everyone: pd.DataFrame) -> tuple[Line, float]:
    """The do-nothing line, and the drift of which it carries on half."""
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
    line = Line(
        "do-nothing",
        LABELS["do-nothing"],
        _tuple(path.value),
        how,
        _tuple(path.lower),
        _tuple(path.upper),
    )
    return line, path.drift


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
    how = f"{signed(100 * change)} every year, compounded ({pledge_source(reference, years[0])})"
    return Line("pledge", LABELS["pledge"], _tuple(values), how)


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


def _past(now: Standing, everyone: pd.DataFrame, line: Line, horizon: int) -> Plausibility | None:
    """How often areas made such a change over as many years; None where no direction is better, or from nought."""
    if now.indicator.polarity == "none" or not now.own.value:
        return None
    change = line.last / now.own.value - 1
    return projection.plausibility(
        everyone, change, horizon, now.indicator.polarity, now.indicator.break_years
    )


def _plausible(
    now: Standing, chosen: Line | None, past: Plausibility | None, horizon: int
) -> tuple[float | None, str]:
    """The share of past moves that were at least as good as the level chosen, and a sentence."""
    if chosen is None or past is None:
        return None, ""
    of = "the baseline" if now.indicator.unit == "%" else ""
    words = past_moves.sentence(chosen.last / now.own.value - 1, past, horizon, of)
    return (float(past.share) if past.moves else None), words


def _warnings(now: Standing, everyone: pd.DataFrame, chosen: Line, horizon: int) -> tuple[EarlyWarning, ...]:
    """For each year but the last, from where its figure would put the last year in doubt."""
    indicator = now.indicator
    return tuple(
        projection.early_warning(
            everyone, chosen.last, now.own.value, horizon, at, indicator.polarity, indicator.break_years
        )
        for at in range(1, max(horizon, WARNING_YEAR + 1))
    )


def _tuple(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
