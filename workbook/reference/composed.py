"""Figures of an area that is put together from others: a merged board, a cluster, a place of councils.

What may be put together, and how:

===========================  ==============================================================================
figure                       rule
===========================  ==============================================================================
count, money, population     summed
crude rate, proportion       numerators and denominators summed; the figure and its interval worked out anew
                             (Wilson for a proportion, Byar for a rate). Where the publisher's own intervals
                             are of another kind (a survey), theirs are combined instead
mean                         weighted by the number measured; interval from the members' intervals
indirectly standardised      events observed and events expected summed, Byar's interval
directly standardised        only where events and people in each age band are on hand, else refused
life expectancy, median,     refused: the members' figures do not say it
rank, score, index
anything else                refused: nobody said how the figure is made up
===========================  ==============================================================================

A period counts only where every member has its figure. A suppressed figure is never taken as nothing: its
period is left out, and the reason is said. Members are taken as independent of each other and as having
nobody in common, which :mod:`workbook.reference.composition` sees to.

Sources: Office for Health Improvement and Disparities, Technical guides on DSRs and confidence intervals;
Zou and Donner 2008 for combining intervals that are not symmetric.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from workbook.methods import intervals, standardise
from workbook.reference.indicators import Indicator
from workbook.reference.store import SERIES
from workbook.words import listed

if TYPE_CHECKING:
    import pandas as pd

NOTHING = float("nan")
# Publishers round counts, to the nearest 5 for instance: this much may lie between a count and its figure.
ROUNDING = 3
AGREES = 0.02
# Widths of a published interval and of the formula's, between which they count as the same method.
SAME_WIDTH = (0.8, 1.25)
_SHOWN = 4
_AGE_BAND = re.compile(r"^(\d+)\s*(?:-|to)\s*\d+|^(90)\s*(?:\+|and over)", re.IGNORECASE)
_BY_AGE = ("age", "age band", "age group")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of one member; what is not known is NaN."""

    member: str
    value: float
    lower: float
    upper: float
    count: float
    denominator: float
    note: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure put together."""

    value: float
    lower: float = NOTHING
    upper: float = NOTHING
    count: float = NOTHING
    denominator: float = NOTHING


class Refused(Exception):
    """A figure that cannot be put together; the text is the reason. It never leaves this module."""


@dataclass(frozen=True)
class Composed:
    """One indicator of an area that is put together from others.

    ``rows`` has the columns of a series; empty where ``refused`` says why nothing could be put together.
    ``left_out`` are the periods of the main series that could not be, each with its reason.
    """

    rows: pd.DataFrame
    refused: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether there are figures of the whole area, not of its groups only."""
        return bool(len(self.rows)) and bool((self.rows["category_type"] == "").any())


Rule = Callable[[Indicator, Sequence[Point]], Figure]


def compose(
    indicator: Indicator, rows: pd.DataFrame, code: str, members: Sequence[str], names: Mapping[str, str]
) -> Composed:
    """One indicator of the area ``code`` from the series of its members.

    ``rows`` holds the members' figures, with the columns of a series, breakdowns among them. ``names`` are
    the members' names, for the sentences. One member gives its own figures, whatever they are. The order
    of members and rows makes no difference.
    """
    if len(members) == 1:
        return Composed(_frame([row | {"area": code} for row in _records(rows)]))
    work = _Work(indicator, code, tuple(sorted(members)), names)
    return work.put_together(_records(rows))


@dataclass
class _Work:
    """One indicator on its way."""

    indicator: Indicator
    code: str
    members: tuple[str, ...]
    names: Mapping[str, str]
    left_out: dict[tuple, dict[str, str]] = field(default_factory=dict)

    def put_together(self, rows: list[dict[str, Any]]) -> Composed:
        """Every variant (sex, age, category) and period of the indicator."""
        try:
            rule = _rule(self.indicator)
            made = self._rows(rows, rule)
        except Refused as reason:
            return Composed(_frame([]), str(reason))
        main = [row for row in made if row["category_type"] == ""]
        left_out = self.left_out.get(self._main(rows), {})
        if not main:
            return Composed(_frame([]), self._why(rows), left_out)
        return Composed(_frame(made), "", left_out)

    def _rows(self, rows: list[dict[str, Any]], rule: Rule) -> list[dict[str, Any]]:
        bands = _AgeBands(rows) if rule is _direct else None
        points: dict[tuple, dict[tuple, list[dict[str, Any]]]] = {}
        for row in rows:
            by_period = points.setdefault(_variant(row), {})
            by_period.setdefault((row["year"], row["period"]), []).append(row)
        made: list[dict[str, Any]] = []
        for variant, periods in points.items():
            found = []
            for (year, period), there in sorted(periods.items()):
                try:
                    figure = self._figure(there, rule, bands, period, variant)
                except Refused as reason:
                    self.left_out.setdefault(variant, {})[period] = str(reason)
                    continue
                found.append(self._row(variant, period, year, figure, there))
            if found:
                found[-1]["note"] += self._gaps(variant)
            made += found
        return made

    def _figure(
        self, there: list[dict[str, Any]], rule: Rule, bands: _AgeBands | None, period: str, variant: tuple
    ) -> Figure:
        points = [_point(row) for row in sorted(there, key=lambda row: row["area"])]
        missing = set(self.members) - {p.member for p in points}
        if missing:
            raise Refused(f"no figure for {self._named(missing)}")
        if hidden := {p.member for p in points if math.isnan(p.value) and "suppressed" in p.note.lower()}:
            raise Refused(f"suppressed for {self._named(hidden)}")
        if blank := {p.member for p in points if math.isnan(p.value)}:
            raise Refused(f"not available for {self._named(blank)}")
        if bands is not None:
            return bands.figure(self.indicator, points, period, variant[0])
        return rule(self.indicator, points)

    def _row(
        self, variant: tuple, period: str, year: int, figure: Figure, there: list[dict[str, Any]]
    ) -> dict[str, Any]:
        sex, age, category_type, category = variant
        said = {row["note"]: row["area"] for row in there if row["note"]}
        own = "".join(f"; {self._named([area])}: {note}" for note, area in sorted(said.items()))
        return {
            "indicator": self.indicator.id,
            "area": self.code,
            "sex": sex,
            "age": age,
            "category_type": category_type,
            "category": category,
            "period": period,
            "year": year,
            **asdict(figure),
            "note": f"put together from {self._named(self.members)}{own}",
        }

    def _gaps(self, variant: tuple) -> str:
        """The periods that are left out, for the note of the latest one that is not."""
        gaps = self.left_out.get(variant, {})
        shown = [f"{period} ({reason})" for period, reason in list(gaps.items())[-_SHOWN:]]
        if len(gaps) > _SHOWN:
            shown.append(f"{len(gaps) - _SHOWN} earlier ones")
        return f"; left out: {listed(shown)}" if shown else ""

    def _why(self, rows: list[dict[str, Any]]) -> str:
        """Why no period at all could be put together, in a sentence."""
        if not rows:
            return "None of its members has a figure for it."
        absent = set(self.members) - {row["area"] for row in rows if row["category_type"] == ""}
        if absent:
            return f"There are no figures for {self._named(absent)}."
        reasons = self.left_out.get(self._main(rows), {})
        if not reasons:
            return "Its members have no period, sex and age group in common."
        period, reason = list(reasons.items())[-1]
        if len(set(reasons.values())) == 1:
            return f"No period can be put together: {reason}."
        return f"No period can be put together; in {period}: {reason}."

    @staticmethod
    def _main(rows: list[dict[str, Any]]) -> tuple:
        """The variant that a reader sees first: everyone, of all ages, or else the one with most figures."""
        whole = [_variant(row) for row in rows if row["category_type"] == ""]
        if not whole:
            return ()
        return max(sorted(set(whole)), key=lambda v: (v[0] == "Persons", v[1] == "All ages", whole.count(v)))

    def _named(self, codes: Iterable[str]) -> str:
        return listed(self.names.get(code, code) for code in sorted(codes))


# --- rules ----------------------------------------------------------------------


_REASONS = {
    "dsr": (
        "A rate that is standardised for age can be put together only from the events and the people of each "
        "age band, and those are not on hand; an average of the members' rates would not be its rate."
    ),
    "years": (
        "A life expectancy comes out of a life table of the whole area; those of its members can be neither "
        "added nor averaged."
    ),
    "median": "A median of the whole cannot be told from the medians of its members.",
    "rank": "A rank says where an area stands among others; the ranks of members say nothing of the whole.",
    "index": (
        "A score or an index made of several measures is worked out for the whole area by its publisher; "
        "an average of its members' scores would be another figure."
    ),
}
_SAYS_NOTHING = (
    "Nothing says how this figure is made up (a count, a rate, a standardised rate...), so its members' "
    "figures are not put together."
)


def _rule(indicator: Indicator) -> Rule:
    """The rule for an indicator; Refused where there is none."""
    kind = indicator.value_type.casefold()
    if kind in ("count", "money") or (not kind and _plainly_counted(indicator.unit)):
        return _weighted if " per " in f" {indicator.unit} " else _sum
    if kind in ("crude rate", "proportion") or (not kind and indicator.unit == "%"):
        return _ratio
    if kind in _RULES:
        return _RULES[kind]
    raise Refused(_REASONS.get(kind, _SAYS_NOTHING))


def _plainly_counted(unit: str) -> bool:
    return unit.startswith("£") or unit in ("people", "deaths", "admissions", "events")


def _sum(indicator: Indicator, points: Sequence[Point]) -> Figure:
    """Counts and money: added; limits, where every member has them, combined as of independent counts."""
    ones = [1.0] * len(points)
    value = math.fsum(p.value for p in points)
    return Figure(
        value, *_combined(value, points, ones), _total(points, "count"), _total(points, "denominator")
    )


def _ratio(indicator: Indicator, points: Sequence[Point]) -> Figure:
    """Crude rates and proportions: numerators over denominators."""
    share = indicator.unit == "%" or indicator.value_type == "proportion"
    per = _per(indicator)
    count, people = _total(points, "count"), _total(points, "denominator")
    if math.isnan(count) or math.isnan(people):
        raise Refused("its numerators and denominators are not all published")
    if any(p.denominator <= 0 for p in points):
        raise Refused("a denominator is zero")
    for p in points:
        if abs(p.count - p.value * p.denominator / per) > max(ROUNDING, AGREES * p.count):
            raise Refused(
                "the published figure is not its count over its denominator: it is weighted or adjusted, or the "
                "count is of something else"
            )
    if share and count > people:
        raise Refused("its count exceeds its denominator")
    made = [_ratio_limits(share, p.count, p.denominator, per) for p in points]
    value, lower, upper = _ratio_limits(share, count, people, per)
    if not _same_method(points, made):
        lower, upper = _combined(value, points, [p.denominator / people for p in points])
    return Figure(value, lower, upper, count, people)


def _ratio_limits(share: bool, count: float, people: float, per: float) -> tuple[float, float, float]:
    if share:
        value, lower, upper = (per * x for x in intervals.proportion(min(count, people), people))
        return value, lower, upper
    value, lower, upper = intervals.rate(count, people, per)
    return value, lower, upper


def _weighted(indicator: Indicator, points: Sequence[Point]) -> Figure:
    """Means, and amounts a head: weighted by how many were measured."""
    people = _total(points, "denominator")
    if math.isnan(people) or any(p.denominator <= 0 for p in points):
        raise Refused("it is a mean, and how many were measured is not published for every member")
    shares = [p.denominator / people for p in points]
    value = math.fsum(p.value * share for p, share in zip(points, shares, strict=True))
    return Figure(value, *_combined(value, points, shares), _total(points, "count"), people)


def _indirect(indicator: Indicator, points: Sequence[Point]) -> Figure:
    """Observed over expected. What was expected follows from the published ratio and the count:
    expected = count x scale / ratio, so the scale (100, or the country's rate) cancels out."""
    observed = _total(points, "count")
    if math.isnan(observed):
        raise Refused("the number of events observed is not published for every member")
    if any(p.count <= 0 or p.value <= 0 for p in points):
        raise Refused("a member had no event, so what was expected there cannot be worked out")
    expected = [p.count / p.value for p in points]
    total = math.fsum(expected)
    value = observed / total
    made = [(p.value, *intervals.from_count(p.value, p.count)) for p in points]
    lower, upper = intervals.from_count(value, observed)
    if not _same_method(points, made):
        lower, upper = _combined(value, points, [e / total for e in expected])
    return Figure(value, lower, upper, observed, _total(points, "denominator"))


def _direct(indicator: Indicator, points: Sequence[Point]) -> Figure:
    """Directly standardised rates take :class:`_AgeBands`; this stands in the table of rules."""
    raise Refused(_REASONS["dsr"])


_RULES: dict[str, Rule] = {"mean": _weighted, "isr": _indirect, "dsr": _direct}


class _AgeBands:
    """Events and people by five-year age band, of members whose breakdowns by age are on hand.

    A member's own published rate has to come out of its bands within 1 %, or the bands are not those the
    rate was made from. Bands are 0 to 4, 5 to 9 and so on, from birth without a gap, up to 90 and over.
    """

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._known: dict[tuple, dict[int, tuple[float, float]]] = {}
        for row in rows:
            start = _band(row["category"]) if row["category_type"].casefold() in _BY_AGE else None
            if start is not None:
                key = (row["area"], row["period"], row["sex"])
                known = _number(row["count"]), _number(row["denominator"])
                self._known.setdefault(key, {})[start] = known
        if not self._known:
            raise Refused(_REASONS["dsr"])

    def figure(self, indicator: Indicator, points: Sequence[Point], period: str, sex: str) -> Figure:
        """The rate of the members together in one period."""
        bands = [self._of(p.member, period, sex) for p in points]
        length = len(bands[0])
        if not length or any(len(b) != length for b in bands):
            raise Refused("events and people by age band are not on hand for every member")
        weights = standardise.ESP2013[:length]
        per = _per(indicator)
        for p, band in zip(points, bands, strict=True):
            again, _, _ = standardise.direct([x for x, _ in band], [n for _, n in band], weights, per)
            if not abs(again - p.value) <= 0.01 * abs(p.value):
                raise Refused("a member's rate does not come out of its own age bands")
        counts = [math.fsum(b[i][0] for b in bands) for i in range(length)]
        people = [math.fsum(b[i][1] for b in bands) for i in range(length)]
        value, lower, upper = standardise.direct(counts, people, weights, per)
        return Figure(value, lower, upper, math.fsum(counts), math.fsum(people))

    def _of(self, member: str, period: str, sex: str) -> list[tuple[float, float]]:
        known = self._known.get((member, period, sex), {})
        starts = sorted(known)
        if starts != list(range(0, 5 * len(starts), 5)) or any(
            math.isnan(x) for b in known.values() for x in b
        ):
            return []
        return [known[start] for start in starts]


def _band(label: str) -> int | None:
    found = _AGE_BAND.match(label.strip())
    return int(found[1] or found[2]) if found else None


# --- arithmetic shared by the rules -----------------------------------------------


def _combined(value: float, points: Sequence[Point], shares: Sequence[float]) -> tuple[float, float]:
    """Limits of a weighted sum of independent figures from their own limits (Zou and Donner 2008).

    NaN where a member has no limits.
    """
    if any(math.isnan(p.lower) or math.isnan(p.upper) for p in points):
        return NOTHING, NOTHING
    pairs = list(zip(points, shares, strict=True))
    below = math.sqrt(math.fsum((w * (p.value - p.lower)) ** 2 for p, w in pairs))
    above = math.sqrt(math.fsum((w * (p.upper - p.value)) ** 2 for p, w in pairs))
    return value - below, value + above


def _same_method(points: Sequence[Point], made: Sequence[tuple[float, float, float]]) -> bool:
    """Whether the published limits are, as far as their width tells, those of the formula (or are none)."""
    for p, (_, lower, upper) in zip(points, made, strict=True):
        width = upper - lower
        if math.isnan(p.upper - p.lower) or not width:
            continue
        if not SAME_WIDTH[0] <= (p.upper - p.lower) / width <= SAME_WIDTH[1]:
            return False
    return True


def _total(points: Sequence[Point], name: str) -> float:
    """The sum of a field; NaN where a member lacks it."""
    return math.fsum(getattr(p, name) for p in points)


def _per(indicator: Indicator) -> float:
    """The multiplier of a rate, from the catalogue or else from the words of the unit."""
    if indicator.per:
        return float(indicator.per)
    if indicator.unit == "%":
        return 100.0
    found = re.search(r"per ([\d,]+)", indicator.unit)
    if not found:
        raise Refused("what the rate is per is not known")
    return float(found[1].replace(",", ""))


# --- rows -----------------------------------------------------------------------


def _variant(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["sex"], row["age"], row["category_type"], row["category"]


def _point(row: Mapping[str, Any]) -> Point:
    return Point(
        row["area"],
        _number(row["value"]),
        _number(row["lower"]),
        _number(row["upper"]),
        _number(row["count"]),
        _number(row["denominator"]),
        row["note"],
    )


def _number(value: Any) -> float:
    return NOTHING if value is None else float(value)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(SERIES, row, strict=True)) for row in rows[list(SERIES)].itertuples(index=False)]


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(SERIES))
