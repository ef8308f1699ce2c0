"""The past of a figure: its trend as a picture, and the years behind it."""

from __future__ import annotations

from workbook import charts
from workbook.blocks import Column, Figure, Table, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.standing import Standing, alongside, whole
from workbook.words import listed, number


def short_trend(s: Standing) -> str:
    """The recent trend in a few words, without the reason why none can be told."""
    if s.trend.direction == "cannot be calculated":
        return "cannot be told"
    if s.trend.judgement in ("getting better", "getting worse"):
        return f"{s.trend.direction}, {s.trend.judgement}"
    return s.trend.direction


def trend_figure(plan: Plan, reference: Reference, s: Standing) -> Figure:
    """The series with its intervals and breaks, beside those of the benchmark and of the peers' median."""
    first, last = s.history[0], s.history[-1]
    d = s.indicator.decimals
    breaks = tuple(y for y in s.indicator.break_years if first.year < y <= last.year)
    beside = alongside(reference, s)
    return Figure(
        f"trend-{s.indicator.id}",
        f"{s.indicator.name}: {_title(s)}",
        charts.trend(_rows(plan, s, beside), unit=s.indicator.unit, breaks=breaks),
        f"{s.indicator.name} in {plan.area.name}, {s.indicator.unit}: {number(first.value, d)} in {first.period}, "
        f"{number(last.value, d)} in {last.period}"
        + (", each with its 95% interval" if last.lower is not None else "")
        + (f"; {s.benchmark_label}: {number(s.benchmark, d)}" if s.benchmark is not None else "")
        + (f"; peer median: {number(s.peer_median, d)}" if s.peer_median is not None else "")
        + (f"; the series breaks in {listed(breaks)}" if breaks else "")
        + ".",
        _table(s, _few_areas(s, beside)),
        s.indicator.source,
    )


def _title(s: Standing) -> str:
    if s.trend.judgement:
        return short_trend(s)
    return f"from {s.history[0].period} to {s.history[-1].period}"


def _few_areas(s: Standing, beside: tuple[dict[int, float], ...]) -> str:
    """Why a line beside the area's is shorter than its own: of a few of the areas it would be a median of others."""
    if all(not line or line.keys() >= {r.year for r in s.history} for line in beside):
        return ""
    return "A median is drawn only in years in which nine in ten or more of the areas of the latest year have a figure."


def _rows(plan: Plan, s: Standing, beside: tuple[dict[int, float], ...]) -> list[dict]:
    """The area first, then the benchmark and the peers' median over the same years."""
    rows = [
        {"year": r.year, "value": r.value, "lower": r.lower, "upper": r.upper, "series": plan.area.name}
        for r in s.history
    ]
    label = s.benchmark_label.partition(" (")[0]
    for name, line in zip((label, "Peer median"), beside, strict=True):
        rows += [
            {"year": year, "value": value, "series": name}
            for year, value in line.items()
            if year >= s.history[0].year
        ]
    return rows


def _table(s: Standing, cut: str) -> Table:
    d, unit = s.indicator.decimals, s.indicator.unit
    made = "Limits are approximate: made from the count, because the publisher gives none."
    notes = [made] if any(r.approximate for r in s.history) else []
    return table(
        f"trend-{s.indicator.id}",
        f"{s.indicator.name}, year by year",
        [
            Column("period", "Period"),
            Column("value", "Value", unit, d),
            Column("lower", "Lower limit, 95%", unit, d),
            Column("upper", "Upper limit, 95%", unit, d),
            _behind(s),
        ],
        [
            {
                "period": r.period,
                "value": r.value,
                "lower": r.lower,
                "upper": r.upper,
                "count": None if r.count is None else whole(r.count),
                "people": r.denominator,
            }
            for r in s.history
        ],
        source=s.indicator.source,
        note=" ".join(filter(None, [*notes, cut])),
    )


def _behind(s: Standing) -> Column:
    """What stands behind a year's figure: the events, or for a mean the people (its "count" is a sum of scores)."""
    if s.indicator.value_type == "mean":
        return Column("people", "People asked", "", 0)
    return Column("count", s.indicator.count_label.capitalize() or "Count", "", 0)
