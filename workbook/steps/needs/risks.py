"""Levels of risk within segments, and what an offer to each could avoid: who would gain most (CST-09)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbook.blocks import Block, Column, Result, Table, Words, table
from workbook.methods import gain
from workbook.plan import Plan
from workbook.plan.sections import RiskLevel, Segment
from workbook.words import listed, number, plural

GOVERNANCE = "CST-09.3"


@dataclass(frozen=True)
class Offer:
    """One level of risk of one segment with what is expected of an offer to it; NaN where that is not known.

    ``avoided`` with low and high in events a year; ``per_1000`` with ``low`` and
    ``high`` in events a year for each 1,000 people reached. ``why``: what is missing.
    """

    segment: Segment
    level: RiskLevel
    why: str
    reached: float
    avoided: float
    avoided_low: float
    avoided_high: float
    per_1000: float
    low: float
    high: float


def part(plan: Plan, results: list[Result]) -> list[Block]:
    """Who would gain most, in words, then the levels by expected gain."""
    found = offers(plan)
    if not found:
        return [
            Words(
                (
                    "The people at highest risk are not always those who gain most. Give a segment its levels of "
                    "risk above, with how many people stand at each, how many of 100 have the event in a year, and "
                    "what an offer has been shown to avoid. Published rates by age and deprivation will do; no "
                    "person's record comes into this workbook.",
                )
            )
        ]
    results += [_result(o) for o in found if not np.isnan(o.per_1000)]
    return [Words(tuple(_said(plan, found))), _table(plan, found)]


def offers(plan: Plan) -> list[Offer]:
    """Every level of risk in the plan, the highest gain per 1,000 people reached first; unknown gains last."""
    found = [offer for segment in plan.needs.segments for offer in of_segment(segment)]
    return sorted(found, key=lambda o: (np.isnan(o.per_1000), -np.nan_to_num(o.per_1000)))


def of_segment(segment: Segment) -> list[Offer]:
    """The levels of one segment in the plan's order, each with its expected gain."""
    if not segment.levels:
        return []
    worked = gain.expected(*_figures(segment.levels))
    columns = zip(
        worked.reached, worked.avoided, worked.low, worked.high,
        worked.per_1000, worked.per_1000_low, worked.per_1000_high, strict=True,
    )  # fmt: skip
    return [
        Offer(segment, level, why_not(level), *(float(v) for v in row))
        for level, row in zip(segment.levels, columns, strict=True)
    ]


def _figures(levels: list[RiskLevel]) -> list[list[float]]:
    """People, risk, reach and the three ends of what is avoided, as shares; an end not given is the middle."""
    rows = [
        (
            level.people,
            _share(level.risk),
            level.reached,
            _share(level.reduction),
            _share(level.reduction if level.reduction_low is None else level.reduction_low),
            _share(level.reduction if level.reduction_high is None else level.reduction_high),
        )
        for level in levels
    ]
    return [[float("nan") if v is None else float(v) for v in column] for column in zip(*rows, strict=True)]


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def why_not(level: RiskLevel) -> str:
    """What is missing before a gain can be worked out; "" where nothing is."""
    needed = {
        "people": level.people,
        "the risk": level.risk,
        "the share reached": level.reached,
        "what has been shown to be avoided": level.reduction,
    }
    missing = [name for name, value in needed.items() if value is None]
    return f"not known: {listed(missing)}" if missing else ""


def in_order(level: RiskLevel) -> bool:
    """Whether what is avoided lies between its two ends, as far as they are given."""
    ends = [v for v in (level.reduction_low, level.reduction, level.reduction_high) if v is not None]
    return ends == sorted(ends)


def _said(plan: Plan, found: list[Offer]) -> list[str]:
    known = [o for o in found if not np.isnan(o.per_1000)]
    lines = []
    if known:
        first = known[0]
        lines.append(
            f"Most would be gained, for each 1,000 people reached, by an offer to {_named(first)}: "
            f"{_gained(first)} fewer events a year."
        )
    lines += [line for segment in plan.needs.segments if (line := highest_is_not_most(segment))]
    if len(found) > len(known):
        lines.append(
            f"For {plural(len(found) - len(known), 'level')} no gain is worked out, because a figure is missing "
            "or nothing has been shown."
        )
    if events := dict.fromkeys(o.segment.event for o in found if o.segment.event):
        lines.append(f"The events: {'; '.join(_lower(event) for event in events)}.")
    return lines


def highest_is_not_most(segment: Segment) -> str:
    """A sentence where, within a segment, another level than that of highest risk would gain most; else ""."""
    known = [o for o in of_segment(segment) if not np.isnan(o.per_1000)]
    if len(known) < 2:
        return ""
    riskiest = max(known, key=lambda o: o.level.risk or 0)
    most = max(known, key=lambda o: o.per_1000)
    if most.per_1000 <= riskiest.per_1000:
        return ""
    sure = most.low > riskiest.high
    return (
        f"In “{segment.name}” the highest risk is not the highest gain: “{riskiest.level.level}” has the highest risk "
        f"({number(riskiest.level.risk, 0)} of 100 a year) and an offer to it avoids {_gained(riskiest)} events for each "
        f"1,000 people reached, an offer to “{most.level.level}” avoids {_gained(most)}."
        + ("" if sure else " The two ranges overlap, so it could be the other way round.")
    )


def _named(o: Offer) -> str:
    return f"“{o.level.level}” in “{o.segment.name}”"


def _gained(o: Offer) -> str:
    if o.low == o.high:
        return number(o.per_1000, 0)
    return f"{number(o.per_1000, 0)} ({number(o.low, 0)} to {number(o.high, 0)})"


def _table(plan: Plan, found: list[Offer]) -> Table:
    schemes = {s.id: s.name for s in plan.budget.schemes}
    return table(
        "expected-gain",
        "Levels of risk by expected gain for each 1,000 people reached",
        [
            Column("segment", "Segment"),
            Column("level", "Level of risk"),
            Column("people", "People", "", 0),
            Column("risk", "Risk a year", "%", 1),
            Column("scheme", "Offer"),
            Column("reached", "People reached", "", 0),
            Column("avoided", "Events avoided a year"),
            Column("gain", "Per 1,000 reached"),
        ],
        [_row(o, schemes) for o in found],
        source=listed(dict.fromkeys(o.level.source for o in found if o.level.source)),
        note="People x risk x share reached x share avoided: expected numbers for groups, not forecasts for people. In "
        "brackets: with the lower and the upper end of what the offer avoids, where the plan gives them. Segments may "
        "overlap, so no total is shown.",
        missing="not known",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _row(o: Offer, schemes: dict[str, str]) -> dict:
    known = not np.isnan(o.per_1000)
    return {
        "segment": o.segment.name,
        "level": o.level.level,
        "people": o.level.people,
        "risk": o.level.risk,
        "scheme": schemes.get(o.level.scheme, "") or "none named",
        "reached": o.reached,
        "avoided": _range(o.avoided, o.avoided_low, o.avoided_high) if known else o.why,
        "gain": _gained(o) if known else None,
    }


def _range(value: float, low: float, high: float) -> str:
    if low == high:
        return number(value, 0)
    return f"{number(value, 0)} ({number(low, 0)} to {number(high, 0)})"


def _result(o: Offer) -> Result:
    at = o.segment.levels.index(o.level) + 1
    return Result(
        f"needs.gain.{o.segment.id}.{at}",
        f"Expected gain per 1,000 people reached, {o.segment.name}, {o.level.level}",
        o.per_1000,
        "events",
        "a year",
        "Risk times share of events avoided, times 1,000",
        o.level.source,
        {"people": o.level.people or 0, "risk": (o.level.risk or 0) / 100, "reached": o.level.reached or 0},
    )
