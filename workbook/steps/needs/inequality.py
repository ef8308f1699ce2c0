"""Question 2, who is left out: which groups the figures cannot see, and how figures run with deprivation."""

from __future__ import annotations

import math
from collections.abc import Iterable

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Table, Words, table
from workbook.methods import change
from workbook.plan import Plan
from workbook.reference import Reference, equality
from workbook.reference.equality import EqualityGroup
from workbook.steps import asking
from workbook.steps.kept import kept
from workbook.steps.naming import called, first_few
from workbook.steps.needs.gradients import Gradient
from workbook.steps.standing import Standing, interval_words
from workbook.words import listed, number, plural, some

_MOST_CHARTS = 1
_MOST_ROWS = 8
_PROTECTED = "protected characteristic"
_IMPORT = (
    "No figure on hand is broken down by deprivation, so how far apart the best and the worst off are cannot be "
    "told. Import one that is: a Fingertips file with its category columns, or the workbook's own template "
    "('workbook data template') with 'category_type' and 'category' filled in."
)


def part(
    plan: Plan,
    reference: Reference,
    standings: list[Standing],
    gradients: list[Gradient],
    results: list[Result],
) -> list[Block]:
    """Who is left out: the gradients, then the groups that no figure tells apart."""
    figures = _figures(plan, reference, standings)
    if not figures:
        return [
            Heading("Who is left out", "left-out", 3),
            Words((_IMPORT,), "note"),
            asking.ask(plan, reference, "/needs/unseen"),
        ]
    seen = seen_by_figure(plan, reference, figures)
    groups = reference.equality_groups()
    results += [r for g in gradients for r in _results(g)]
    return [
        Heading("Who is left out", "left-out", 3),
        *([] if gradients else [Words((_IMPORT,), "note")]),
        *([Words((_gradients_in_short(gradients),))] if gradients else []),
        *([_gradient_table(gradients)] if len(gradients) > 1 else []),
        *[
            block
            for g in _charted(gradients)
            for block in (_figure(plan, g, gradients), Words((meaning(g),)))
        ],
        Words(tuple(_in_short(plan, groups, seen))),
        *_group_table(figures, groups, seen),
        asking.ask(plan, reference, "/needs/unseen"),
    ]


def _figures(plan: Plan, reference: Reference, standings: list[Standing]) -> dict[str, str]:
    """The figures looked at, name by id: those compared, and those that are on hand by category only."""
    found = {s.indicator.id: s.indicator.name for s in standings}
    for id in reference.broken_down(plan.area.code):
        if not plan.needs.indicators or id in plan.needs.indicators:
            found.setdefault(id, called(plan, reference.indicator(id)).name)
    return found


# --- which groups a figure sees ----------------------------------------------


def seen_by_figure(plan: Plan, reference: Reference, indicators: Iterable[str]) -> dict[str, set[str]]:
    """For each figure, by id, the groups of people that its breakdowns for this area tell apart."""
    groups = reference.equality_groups()
    return {id: _seen(plan, reference, id, groups) for id in indicators}


def _seen(plan: Plan, reference: Reference, indicator: str, groups: list[EqualityGroup]) -> set[str]:
    kinds = kept(
        reference,
        ("told apart", indicator, plan.area.code),
        lambda: _told_apart(reference, indicator, plan.area.code),
    )
    return {group.id for group in groups if any(group.seen_in(kind) for kind in kinds)}


def _told_apart(reference: Reference, indicator: str, area: str) -> tuple[str, ...]:
    """By what a figure's rows are told apart; the page and its findings both ask."""
    parts = reference.parts(indicator, area)
    return tuple(
        equality.told_apart(
            (str(k) for k in parts["category_type"] if k), map(str, parts["sex"]), map(str, parts["age"])
        )
    )


def unseen(groups: list[EqualityGroup], seen: dict[str, set[str]]) -> list[EqualityGroup]:
    """The groups that no figure on hand tells apart."""
    told = set().union(*seen.values())
    return [group for group in groups if group.id not in told]


def _in_short(plan: Plan, groups: list[EqualityGroup], seen: dict[str, set[str]]) -> list[str]:
    lines = []
    missing = unseen(groups, seen)
    protected = [_lower(g.label) for g in missing if g.kind == _PROTECTED]
    others = [_lower(g.label) for g in missing if g.kind != _PROTECTED]
    if protected:
        lines.append(
            f"No figure on hand tells apart {listed(protected, 'or')}: all of them are characteristics that "
            "the Equality Act 2010 protects."
        )
    if others:
        lines.append(
            f"None tells apart {listed(others, 'or')} either."
            if protected
            else f"No figure on hand tells apart {listed(others, 'or')}."
        )
    if missing:
        spoken = {u.group for u in plan.needs.unseen if u.known or u.action}
        told = [_lower(g.label) for g in missing if g.id in spoken]
        lines.append(
            f"The plan speaks of {len(told)} of these {len(missing)} groups: {listed(told)}."
            if told
            else f"Of these {len(missing)} groups the plan says nothing yet: what is known of them stands in people's "
            "words, services and studies, not in the figures."
        )
    return lines


def _gradients_in_short(gradients: list[Gradient]) -> str:
    drawn = [g for g in gradients if g.found]
    worse = [g.indicator.name for g in drawn if g.worse_at_most_deprived]
    said = f"{plural(len(gradients), 'figure is', 'figures are')} broken down by deprivation. "
    if not drawn:
        return said + f"How steeply {'it runs' if len(gradients) == 1 else 'they run'} cannot be worked out."
    if len(drawn) < len(gradients):
        said += f"For {len(drawn)} of them it can be worked out how steeply they run. "
    if worse:
        return said + f"{_count(worse)} worse, beyond chance, where people are most deprived."
    return said + "None is worse, beyond chance, where people are most deprived."


def _count(worse: list[str]) -> str:
    return f"{worse[0]} is" if len(worse) == 1 else f"{len(worse)} are"


def _lower(label: str) -> str:
    """A group's name inside a sentence; names of peoples keep their capitals."""
    return label if label.startswith("Gypsy") else label[:1].lower() + label[1:]


def _group_table(
    figures: dict[str, str], groups: list[EqualityGroup], seen: dict[str, set[str]]
) -> list[Table]:
    """The groups that some figure tells apart, and which figures; all other groups are named in the words above."""
    rows = []
    for group in groups:
        telling = [name for id, name in figures.items() if group.id in seen[id]]
        if telling:
            rows.append(
                {
                    "group": group.label,
                    "count": f"{len(telling)} of {len(figures)}",
                    "names": first_few(telling),
                    "note": group.note,
                }
            )
    if not rows:
        return []
    return [
        table(
            "equality-groups",
            "Which groups the figures can see: every figure not named is blind to the group",
            [
                Column("group", "Group of people"),
                Column("count", "Figures that tell it apart"),
                Column("names", "Which"),
                *([Column("note", "To know")] if any(r["note"] for r in rows) else []),
            ],
            rows,
            source=listed(dict.fromkeys(g.source.split(", section")[0] for g in groups if g.source)),
            note="A figure tells a group apart where its file holds a breakdown by it for this area. Telling it apart is "
            "not yet knowing its need: numbers may be small, and the records behind them incomplete.",
            missing="",
        )
    ]


# --- gradients ----------------------------------------------------------------


def _charted(gradients: list[Gradient]) -> list[Gradient]:
    """The first ones with a line; where none has one, the first."""
    return ([g for g in gradients if g.found] or gradients)[:_MOST_CHARTS]


def _figure(plan: Plan, g: Gradient, every: list[Gradient]) -> Figure:
    """The gradient of one figure; behind it the groups of all figures that are broken down."""
    i = g.indicator
    rows = [
        {
            "category": name,
            "value": r.value,
            "lower": r.lower,
            "upper": r.upper,
            "share": None if g.even else r.denominator,
        }
        for name, r in g.groups
    ]
    most, least = ends(g)
    where = "at the most deprived end" if g.found else "in the most deprived group"
    return Figure(
        f"gradient-{i.id}",
        f"{i.name}: {most} {where}, {least} {where.split()[0]} the least",
        charts.gradient(rows, unit=i.unit, line=g.line),
        f"{i.name} in {plan.area.name}, {g.period}, by deprivation, from the most deprived group: "
        + "; ".join(f"{name} {_value(g, r.value)}" for name, r in g.groups)
        + ". "
        + meaning(g),
        _groups_of(g, every),
        i.source,
    )


def ends(g: Gradient) -> tuple[str, str]:
    """The most and the least deprived end: of the line, or where none is drawn, of the groups themselves."""
    if g.found:
        return _value(g, g.found.most), _value(g, g.found.least)
    return _value(g, g.groups[0][1].value), _value(g, g.groups[-1][1].value)


def _groups_of(drawn: Gradient, every: list[Gradient]) -> Table:
    """The groups of every figure by deprivation, those of the drawn one first."""
    ordered = [drawn, *(g for g in every if g.indicator.id != drawn.indicator.id)]
    return table(
        f"gradient-{drawn.indicator.id}",
        "Figures by deprivation, group by group",
        [
            Column("name", "Figure"),
            Column("unit", "Unit"),
            Column("period", "Period"),
            Column("group", "Group"),
            Column("value", "Value"),
            Column("interval", "95% interval"),
            Column("people", "People the figure counts among", "", 0),
            Column("source", "Source"),
        ],
        [
            {
                "name": g.indicator.name,
                "unit": g.indicator.unit,
                "period": g.period,
                "group": name,
                "value": round(r.value, g.indicator.decimals),
                "interval": interval_words(r.lower, r.upper, g.indicator.decimals, r.approximate),
                "people": r.denominator,
                "source": g.indicator.source,
            }
            for g in ordered
            for name, r in g.groups
        ],
        missing="not published",
    )


def meaning(g: Gradient) -> str:
    """What the gradient says, in words: the difference, how sure it is, and what it means in people."""
    if g.found is None:
        most, least = ends(g)
        chance = _ends_apart(g)
        return (
            f"{most} in the most deprived group, {least} in the least"
            f"{f', {chance}' if chance else ''}. No line is drawn: {g.why}."
        )
    f = g.found
    said = (
        f"On a line through the groups the figure runs from {_value(g, f.most)} at the most deprived end to "
        f"{_value(g, f.least)} at the least deprived: {_apart(g)}"
    )
    said += f", {times} times as high." if (times := _times(g)) else "."
    if not g.sure:
        return f"{said} This could be chance."
    return said + _in_people(g) + (" The groups were taken as equal in size." if g.even else "")


def _ends_apart(g: Gradient) -> str:
    """Whether the two end groups differ beyond chance, where they have intervals; "" where they have none."""
    first, last = g.groups[0][1], g.groups[-1][1]
    moved = change.between(first.value, (first.lower, first.upper), last.value, (last.lower, last.upper))
    return {True: "a difference that could be chance", False: "a difference beyond chance", None: ""}[
        moved.chance
    ]


def _apart(g: Gradient) -> str:
    """The difference between the ends with its interval; which end is higher in words, where that is sure."""
    f, d = g.found, g.indicator.decimals
    assert f is not None
    if not g.sure:
        return f"a difference of {_difference(g, -f.slope)} (95% interval {number(-f.slope_upper, d)} to {number(-f.slope_lower, d)})"
    low, high = sorted((abs(f.slope_lower), abs(f.slope_upper)))
    return (
        f"{_difference(g, abs(f.slope))} {'higher' if f.most > f.least else 'lower'} at the most deprived end "
        f"(95% interval {number(low, d)} to {number(high, d)})"
    )


def _times(g: Gradient) -> str:
    """How many times as high the most deprived end is, with its interval; "" where a ratio says nothing."""
    f = g.found
    if f is None or min(f.ratio, f.ratio_lower, f.ratio_upper) <= 0:
        return ""
    return f"{number(1 / f.ratio, 2)} ({number(1 / f.ratio_upper, 2)} to {number(1 / f.ratio_lower, 2)})"


def _in_people(g: Gradient) -> str:
    """How many events fewer there would be if every group did as well as the least deprived."""
    found, i = g.people, g.indicator
    if found is None or not g.worse_at_most_deprived:
        return ""
    sign = 1 if i.polarity == "low" else -1
    low, many, high = sorted(_round(sign * v) for v in (found.lower, found.events, found.upper))
    change = "fewer" if i.polarity == "low" else "more"
    among = sum(r.denominator or 0 for _, r in g.groups)
    return (
        f" If every group did as well as the least deprived one there would be about {number(many, 0)} {change} "
        f"({number(low, 0)} to {number(high, 0)}) {g.indicator.counted_in} in {g.period} among the "
        f"{number(among, 0)} people that the figure counts."
    )


def _round(value: float) -> float:
    """Three figures are enough for what rests on a line through groups."""
    return round(value, 2 - math.floor(math.log10(abs(value)))) if abs(value) >= 1000 else value


def _value(g: Gradient, value: float) -> str:
    return number(value, g.indicator.decimals, g.indicator.unit)


def _difference(g: Gradient, value: float) -> str:
    i = g.indicator
    return (
        f"{number(value, i.decimals)} percentage points"
        if i.unit == "%"
        else number(value, i.decimals, i.unit)
    )


def _gradient_table(gradients: list[Gradient]) -> Table:
    shown = sorted(gradients, key=lambda g: g.found is None)[:_MOST_ROWS]
    reasons = {_gradient_row(g)["words"] for g in shown if not g.found}
    once = reasons.pop() if len(reasons) == 1 and not any(g.found for g in shown) else ""
    return table(
        "gradients",
        "How the figures run with deprivation",
        [
            Column("name", "Figure"),
            Column("period", "Period"),
            Column("most", "Most deprived end"),
            Column("least", "Least deprived end"),
            *(
                [
                    Column("slope", "Difference (95% interval)"),
                    Column("ratio", "Times as high (95% interval)"),
                ]
                if any(g.found for g in shown)
                else []
            ),
            *([] if once else [Column("words", "Where most deprived")]),
        ],
        [_gradient_row(g) for g in shown],
        source=some(list(dict.fromkeys(g.indicator.source for g in shown if g.indicator.source)), 6),
        note=_gradient_note(shown, once, len(gradients) - len(shown)),
        missing="",
    )


def _gradient_note(shown: list[Gradient], once: str, left: int) -> str:
    """How the ends were found; ``once``: the one reason why no line is drawn for any; ``left``: figures not shown."""
    said = []
    if any(g.found for g in shown):
        said.append(
            "Ends are those of a line fitted through the groups, weighted by their people (slope and relative index "
            "of inequality); the difference is in the unit of the figure, for a percentage in percentage points."
        )
    if once:
        said.append(f"The two groups themselves are shown; {once}.")
    elif not all(g.found for g in shown):
        said.append("Where no line is drawn, the two groups themselves are shown.")
    said.append("Groups are groups of places: not everybody in a deprived place is deprived.")
    if left:
        said.append(
            f"{plural(left, 'more figure is', 'more figures are')} broken down by deprivation; the table behind the chart "
            "has them all."
        )
    return " ".join(said)


def _gradient_row(g: Gradient) -> dict:
    i = g.indicator
    most, least = ends(g)
    row = {"name": i.name, "period": g.period, "most": most, "least": least}
    if (f := g.found) is None:
        return row | {"words": "; ".join(filter(None, (_ends_apart(g), f"no line: {g.why}")))}
    return row | {
        "slope": f"{number(-f.slope, i.decimals)} ({number(-f.slope_upper, i.decimals)} to {number(-f.slope_lower, i.decimals)})",
        "ratio": _times(g),
        "words": _verdict(g),
    }


def _verdict(g: Gradient) -> str:
    if not g.sure:
        return "could be chance"
    if g.indicator.polarity == "none":
        return "no judgement is due"
    return f"{'worse' if g.worse_at_most_deprived else 'better'}, beyond chance"


def _results(g: Gradient) -> list[Result]:
    if (f := g.found) is None:
        return []
    i = g.indicator
    rows = (
        ("inequality-slope", "slope index of inequality, most less least deprived", -f.slope, i.unit),
        ("inequality-slope-lower", "slope index of inequality, lower limit (95%)", -f.slope_upper, i.unit),
        ("inequality-slope-upper", "slope index of inequality, upper limit (95%)", -f.slope_lower, i.unit),
        (
            "inequality-ratio",
            "relative index of inequality, most over least deprived",
            1 / f.ratio if f.ratio else None,
            "",
        ),
    )
    method = "Weighted line through groups by deprivation; interval by seeded simulation"
    return [
        Result(f"needs.{i.id}.{name}", f"{i.name}, {label}", value, unit, g.period, method, i.source)
        for name, label, value, unit in rows
    ]
