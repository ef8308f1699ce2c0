"""Which schemes deliver an ambition, how far they carry it, and which scheme serves which."""

from __future__ import annotations

from typing import Any

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.ambitions.desk import level_of
from workbook.steps.ambitions.measures import title_of
from workbook.steps.delivery import Delivery
from workbook.steps.lines import Outlook, better
from workbook.words import financial_year, in_unit, listed, number, plural

_EVIDENCE = {"strong": "strong", "some": "some", "weak": "weak", "none": "none named"}


def delivered(plan: Plan, found: Outlook, anchor: str) -> list[Block]:
    """The schemes that serve one ambition, what they change, and what is left of the way."""
    blocks: list[Block] = [Heading("What the schemes deliver", f"delivered-{anchor}", 3)]
    if not found.delivery:
        return [*blocks, Words(("No scheme names this ambition yet.",), "note")]
    blocks += [_table(plan, found, anchor), Words(tuple(_words(found)))]
    if figure := _waterfall(found, anchor):
        blocks.append(figure)
    return blocks


def _table(plan: Plan, found: Outlook, anchor: str) -> Table:
    s, last = found.standing, found.years[-1]
    counted = found.events(0) is not None
    events = Column("events", f"In {last}, counted", found.events_label, 0)
    return table(
        f"schemes-{anchor}",
        f"Schemes that serve ambition {found.ambition.number}",
        [
            Column("scheme", "Scheme"),
            Column("funded", "Funded"),
            Column("evidence", "Evidence"),
            Column("effect", "Effect at full scale"),
            Column("full", "In full from"),
            Column("amount", f"Changes the figure in {last}", "", max(s.indicator.decimals, 1)),
            *([events] if counted else []),
        ],
        [_scheme(plan, found, d) for d in found.delivery],
        source="Schemes of this plan",
        note=f"Change of the figure {in_unit(s.indicator.unit)}; an effect acts on what the schemes above it have left.",
        missing="none counted",
    )


def _scheme(plan: Plan, found: Outlook, d: Delivery) -> dict:
    scheme, amount = d.scheme, d.amounts[-1]
    return {
        "scheme": scheme.name,
        "funded": "yes" if scheme.funded else "no",
        "evidence": _EVIDENCE[scheme.evidence],
        "effect": _effect(d),
        "full": _in_full(d, found.years[-1]),
        "amount": amount if d.counts else None,
        "events": found.events(amount) if d.counts else None,
    }


def _effect(d: Delivery) -> str:
    """ "2% down (1% to 3%)", and why it does not count where it does not."""
    scheme = d.scheme
    if not scheme.effect:
        return "none stated"
    said = f"{abs(scheme.effect):g}% {'down' if scheme.effect < 0 else 'up'} ({_range(d)})"
    return said if d.counts or not scheme.funded else f"{said}: {d.missing}"


def _range(d: Delivery) -> str:
    """The range of an effect, without signs where both ends lie on its own side."""
    low, high, effect = d.scheme.effect_low, d.scheme.effect_high, d.scheme.effect or 0.0
    if low is None or high is None:
        return "no range"
    if min(low * effect, high * effect) >= 0:
        return f"{min(abs(low), abs(high)):g}% to {max(abs(low), abs(high)):g}%"
    words = [f"{abs(end):g}% {'down' if end < 0 else 'up'}" for end in sorted((low, high))]
    return " to ".join(words)


def _in_full(d: Delivery, last: int) -> str:
    """When the whole effect is there, and how much of it is by the end of the plan where that is less."""
    if d.scheme.start_year is None:
        return "no start"
    said = financial_year(d.scheme.start_year + max(len(d.scheme.ramp) - 1, 0))
    return said if d.reach[-1] == 1 else f"{said} ({number(100 * d.reach[-1], 0, '%')} in {last})"


# --- the gap ------------------------------------------------------------------


def _words(found: Outlook) -> list[str]:
    """How far the schemes carry the figure, what is left, and who counts for nothing."""
    said = [_silent(found)]
    if not found.delivering:
        none = "No funded scheme states an effect on this measure with its source, so nothing can be said of what the plan delivers."
        return [none, *filter(None, said)]
    s, built, nothing = found.standing, found.lines["schemes"], found.lines["do-nothing"]
    band = (
        f" (80% interval: {number(built.lower[-1], s.indicator.decimals)} to {number(built.upper[-1], s.indicator.decimals)})"
        if built.banded
        else ""
    )
    carried = (
        f"By {found.years[-1]} the funded schemes bring the figure from {level_of(s, nothing.last)}, where doing nothing "
        f"would leave it, to {level_of(s, built.last)}{band}."
    )
    return [" ".join([carried, *gap_words(found)]), *filter(None, said)]


def gap_words(found: Outlook) -> list[str]:
    """The gap between what the schemes deliver and the level chosen, in the measure and in events."""
    chosen, built, s = found.chosen, found.lines["schemes"], found.standing
    if chosen is None:
        return ["No level has been chosen to hold that against."]
    if s.indicator.polarity == "none":
        return [f"The level chosen is {level_of(s, chosen.last)}."]
    if not better(found, chosen.last, built.last):
        return [f"That is enough for the level chosen ({level_of(s, chosen.last)})."]
    gap = abs(built.last - chosen.last)
    events = found.events(gap)
    counted = f", about {number(events, 0)} {found.events_label} in {found.years[-1]}" if events else ""
    said = [
        f"That is {number(gap, s.indicator.decimals)} short of the level chosen ({level_of(s, chosen.last)}){counted}."
    ]
    if built.banded:
        inside = built.lower[-1] <= chosen.last <= built.upper[-1]
        said.append(
            "The level chosen lies inside that interval: the schemes might do, with luck."
            if inside
            else "The level chosen lies outside that interval: these schemes alone are unlikely to do."
        )
    return said


def _silent(found: Outlook) -> str:
    """The schemes that serve the ambition and count for nothing, with the reason."""
    silent = [f"“{d.scheme.name}” ({d.missing})" for d in found.delivery if not d.counts]
    return (
        f"{'Counts' if len(silent) == 1 else 'Count'} for nothing here: {listed(silent)}." if silent else ""
    )


def _waterfall(found: Outlook, anchor: str) -> Figure | None:
    """From the gap that doing nothing leaves, scheme by scheme, to what is left of it."""
    if found.chosen is None or not found.delivering:
        return None
    if not better(found, found.chosen.last, found.lines["do-nothing"].last):
        return None
    s, last = found.standing, found.years[-1]
    sign = 1.0 if found.chosen.last < found.lines["do-nothing"].last else -1.0
    rest = sign * (found.lines["schemes"].last - found.chosen.last)
    rows: list[dict[str, Any]] = [
        {
            "label": "Gap if nothing is done",
            "amount": sign * (found.lines["do-nothing"].last - found.chosen.last),
            "total": True,
        },
        *({"label": d.scheme.name, "amount": sign * d.amounts[-1], "total": False} for d in found.delivering),
        {"label": "Gap that is left" if rest > 0 else "More than asked for", "amount": rest, "total": True},
    ]
    d = max(s.indicator.decimals, 1)
    left = f"{number(rest, d)} left to find" if rest > 0 else f"{number(-rest, d)} more than the level asks"
    return Figure(
        f"waterfall-{anchor}",
        f"{plural(len(found.delivering), 'funded scheme').capitalize()} against the gap to the level chosen for {last}: {left}",
        charts.waterfall(rows, unit=s.indicator.unit),
        f"The gap to the level chosen for {last} and what each scheme takes off it: "
        + "; ".join(f"{row['label']} {number(row['amount'], d)}" for row in rows)
        + f". {s.indicator.unit}.",
        table(
            f"waterfall-{anchor}",
            f"{s.indicator.name}: the gap in {last}, scheme by scheme",
            [Column("label", "Part"), Column("amount", "Amount", decimals=d)],
            rows,
            note=f"Values {in_unit(s.indicator.unit)}; above zero is what is still to be won.",
        ),
    )


# --- which scheme serves which ambition -----------------------------------------


def which(plan: Plan, reference: Reference) -> list[Block]:
    """For each scheme the ambitions that it serves: the same question as in the budget step."""
    blocks: list[Block] = [Heading("Which scheme serves which ambition", "schemes-and-ambitions")]
    if not plan.budget.schemes:
        return [*blocks, Words(("The plan has no scheme yet: they are entered in the budget step.",), "note")]
    blocks.append(
        Words(
            (
                "A level without a scheme is a wish. The same is asked in the budget step: one answer serves both.",
            )
        )
    )
    blocks.append(_by_ambition(plan, reference))
    return blocks + [
        asking.ask(
            plan,
            reference,
            f"/budget/schemes/{n}/ambitions",
            prompt=f"{scheme.name or 'Scheme without a name'}: ambitions it serves",
            detail=True,
        )
        for n, scheme in enumerate(plan.budget.schemes)
    ]


def _by_ambition(plan: Plan, reference: Reference) -> Table:
    """One row an ambition: who serves it."""
    numbers = sorted(
        {a.number for a in plan.ambitions.items} | {n for s in plan.budget.schemes for n in s.ambitions}
    )

    def serving(number_: int, funded: bool) -> str:
        names = [s.name for s in plan.budget.schemes if number_ in s.ambitions and s.funded is funded]
        return "; ".join(names) or "none"

    return table(
        "schemes-and-ambitions",
        "Schemes and the ambitions they serve",
        [
            Column("ambition", "Ambition"),
            Column("funded", "Funded schemes that serve it"),
            Column("waiting", "Schemes without funds"),
        ],
        [
            {
                "ambition": f"{n} {title_of(reference, n)}",
                "funded": serving(n, True),
                "waiting": serving(n, False),
            }
            for n in numbers
        ],
        source="Schemes of this plan",
    )
