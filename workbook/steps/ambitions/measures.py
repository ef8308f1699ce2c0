"""What an ambition is measured by: the measures of 2014 and today, and a figure that stands in where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Indicator, Reference
from workbook.reference.ambition_measures import AmbitionMeasure, of_ambition
from workbook.steps.lines import name_of
from workbook.steps.naming import called
from workbook.steps.standing import Peers, Standing, interval_words, standing
from workbook.words import in_unit, listed, number

# Ambitions that no local series shows, at some level or anywhere: METHODS section 3.
IN_WORDS = (4, 7)
_BOARDS = ("icb", "ccg", "sub-icb")
_COUNCILS_ONLY = 4
_STATUS = {
    "live": "published",
    "successor": "published, follows an older one",
    "replaced": "replaced",
    "discontinued": "no longer published",
    "proxy": "can stand in",
    "none": "no series",
}
_NO_SERIES = "none"


def title_of(reference: Reference, number_: int) -> str:
    """The wording of one of the seven ambitions."""
    items = {item.id: item.label for item in reference.framework("CFO-02").items}
    return items.get(f"CFO-02.{number_}", f"Ambition {number_}")


def then_and_now(plan: Plan, reference: Reference) -> list[Block]:
    """The measures of all ambitions of the plan, those of 2014 and those of today, in one table."""
    held = set(reference.available(plan.area.code))
    numbers = dict.fromkeys(a.number for a in plan.ambitions.items)
    bound = {a.measure for a in plan.ambitions.items if a.measure}
    found = [m for n in numbers for m in _measures(plan, reference, n)]
    if not found:
        return []
    return [
        Heading("Measures then and now", "measures"),
        table(
            "measures",
            "What the ambitions were measured by in 2014, and what can serve today",
            [
                Column("number", "Ambition"),
                Column("name", "Measure"),
                Column("level", "Published for"),
                Column("status", "Then and now"),
                Column("held", "Here"),
            ],
            [_row(reference, same, bound, held) for same in _by_name(found)],
            source="; ".join(_sources(found)),
            note="Any other imported figure may be bound instead. Here: whether this area's figures are on hand.",
        ),
    ]


def _sources(found: Sequence[AmbitionMeasure]) -> list[str]:
    """Each source once; a measure may name several, of which another names one."""
    named = (part for m in found for part in m.source.partition(", indicator ")[0].split("; "))
    return list(dict.fromkeys(named))


def introduced(plan: Plan, reference: Reference, ambition: Ambition) -> str:
    """The outcome domain, and whether a local series exists."""
    said = (_domain(reference, ambition), _none_local(plan, reference, ambition))
    return " ".join(filter(None, said))


def _domain(reference: Reference, ambition: Ambition) -> str:
    """ "Outcome domain 2, Quality of life with long-term conditions: ambitions 2 and 3." """
    items = reference.framework("CFO-02").items
    own = next((i.group for i in items if i.id == f"CFO-02.{ambition.number}"), "")
    digit, _, name = own.partition(" ")
    others = [i.id.split(".")[1] for i in items if i.group == own and i.id != f"CFO-02.{ambition.number}"]
    shared = f", which it shares with ambition {listed(others)}" if others else ""
    return f"Outcome domain {digit}: {name}{shared}." if name else ""


def _none_local(plan: Plan, reference: Reference, ambition: Ambition) -> str:
    """Where no local series exists, what to do instead."""
    if ambition.number == _COUNCILS_ONLY and plan.area.kind not in _BOARDS:
        return ""
    said = [
        m.note for m in of_ambition(reference, ambition.number) if m.status == _NO_SERIES and not m.measure
    ]
    if not said:
        return ""
    bound = " The figure bound to it below only stands in." if ambition.measure else ""
    return f"{said[0]} A proxy is a figure that would move with it.{bound}"


def _measures(plan: Plan, reference: Reference, number_: int) -> list[AmbitionMeasure]:
    """Those with a measure, the ones of 2014 first; synthetic ones only where the area is synthetic too."""
    found = [m for m in of_ambition(reference, number_) if m.measure]
    fitting = [m for m in found if m.status != "synthetic" or plan.area.synthetic]
    return sorted(fitting, key=lambda m: not m.used_in_2014)


def _by_name(found: list[AmbitionMeasure]) -> list[list[AmbitionMeasure]]:
    """Those that differ only in the kind of area they were published for, together."""
    kinds: dict[tuple[Any, ...], list[AmbitionMeasure]] = {}
    for m in found:
        key = (m.number, m.name, m.used_in_2014, m.status, m.successor, m.break_years)
        kinds.setdefault(key, []).append(m)
    return list(kinds.values())


def _row(
    reference: Reference, same: list[AmbitionMeasure], bound: set[str], held: set[str]
) -> dict[str, Any]:
    m, ids = same[0], {m.measure for m in same}
    said = ["used in 2014"] if m.used_in_2014 else []
    said += [_STATUS.get(m.status, m.status)]
    said += [f"followed by: {name_of(reference, m.successor)}"] if m.successor else []
    said += [f"broken in {listed(m.break_years)}"] if m.break_years else []
    return {
        "number": str(m.number),
        "name": m.name,
        "level": listed(m.level for m in same),
        "status": "; ".join(said),
        "held": "bound" if ids & bound else "on hand" if ids & held else "no",
    }


def without_figures(plan: Plan, reference: Reference, ambition: Ambition) -> Words:
    """What an ambition says where no line can be drawn."""
    if not ambition.measure:
        how = "it stands in words." if ambition.in_words else "it says nothing yet."
        return Words((f"No measure is bound to this ambition: {how}",), "note")
    name = name_of(reference, ambition.measure)
    words = [f"{name} is not on hand for {plan.area.name} up to {plan.base_year}, so no line can be drawn."]
    if hidden := _hidden(plan, reference, ambition.measure):
        words.append(f"Its figure of {listed(hidden)} is suppressed or missing in the file.")
    if recorded := ambition.baseline:
        words.append(
            f"Recorded when the level was chosen: {number(recorded.value, None, recorded.unit)} ({recorded.period}; {recorded.source})."
        )
    if ambition.levels:
        levels = "; ".join(f"{level.year}: {number(level.value)}" for level in ambition.levels)
        words.append(f"Levels chosen: {levels}.")
    return Words(tuple(words), "note")


def _hidden(plan: Plan, reference: Reference, measure: str) -> list[int]:
    if measure not in reference.available():
        return []
    rows = reference.series(measure, area=plan.area.code)
    return sorted({int(y) for y in rows[rows["value"].isna() & (rows["year"] <= plan.base_year)]["year"]})


# --- a figure that stands in ----------------------------------------------------


def stand_in(plan: Plan, reference: Reference, ambition: Ambition, anchor: str, group: Peers) -> list[Block]:
    """The trend of the figure that stands in for an ambition in words, if it is on hand."""
    if not ambition.proxy:
        return []
    name = name_of(reference, ambition.proxy)
    found = (
        standing(plan, reference, ambition.proxy, group) if ambition.proxy in reference.available() else None
    )
    if found is None:
        return [Words((f"Stands in for it: {name}, which is not on hand for {plan.area.name}.",), "note")]
    trend = f"{found.trend.direction}{f', {found.trend.judgement}' if found.trend.judgement else ''}"
    d = found.indicator.decimals
    own = found.own
    words = (
        f"Stands in for it: {name}, {number(own.value, d, found.indicator.unit)} in {own.period} (95% interval: "
        f"{interval_words(own.lower, own.upper, d, own.approximate)}). Trend: {trend}. {found.trend.reason} "
        "It is watched, and not the ambition itself."
    )
    return [Words((words,)), _trend_figure(plan, found, called(plan, found.indicator), anchor)]


def _trend_figure(plan: Plan, found: Standing, i: Indicator, anchor: str) -> Figure:
    rows = [
        {"year": r.year, "value": r.value, "lower": r.lower, "upper": r.upper, "series": plan.area.name}
        for r in found.history
    ]
    ends = f"{found.history[0].period} to {found.own.period}"
    return Figure(
        f"stand-in-{anchor}",
        f"{i.name}, which stands in: {ends}",
        charts.trend(rows, unit=i.unit, breaks=i.break_years),
        f"{i.name} in {plan.area.name}, {ends}: from {number(found.history[0].value, i.decimals)} to "
        f"{number(found.own.value, i.decimals)}. {i.unit}.",
        table(
            f"stand-in-{anchor}",
            f"{i.name}, year by year",
            [
                Column("period", "Period"),
                Column("value", "Value", decimals=i.decimals),
                Column("interval", "95% interval"),
            ],
            [
                {
                    "period": r.period,
                    "value": r.value,
                    "interval": interval_words(r.lower, r.upper, i.decimals, r.approximate),
                }
                for r in found.history
            ],
            source=i.source,
            note=f"Values {in_unit(i.unit)}.",
        ),
        i.source,
    )
