"""Which schemes deliver an ambition, how far they carry it, and which scheme serves which."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Question, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Scheme
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.ambitions.desk import level_of
from workbook.steps.ambitions.measures import title_of
from workbook.steps.delivery import Delivery
from workbook.steps.lines import Outlook, better
from workbook.words import financial_year, in_unit, listed, number, plural

_EVIDENCE = {"strong": "strong", "some": "some", "weak": "weak", "none": "none named"}


def delivered(found: Outlook, anchor: str) -> list[Block]:
    """The schemes whose effects count; nothing where none does."""
    return [_table(found, anchor)] if found.delivering else []


def _table(found: Outlook, anchor: str) -> Table:
    s, last = found.standing, found.years[-1]
    counted = found.events(0) is not None
    events = Column("events", f"In {last}, counted", found.events_label, 0)
    return table(
        f"schemes-{anchor}",
        f"Funded schemes whose effects count for ambition {found.ambition.number}",
        [
            Column("scheme", "Scheme"),
            Column("evidence", "Evidence"),
            Column("effect", "Effect at full scale"),
            Column("full", "In full from"),
            Column("amount", f"Changes the figure in {last}", "", max(s.indicator.decimals, 1)),
            *([events] if counted else []),
        ],
        [_scheme(found, d) for d in found.delivering],
        source="Schemes of this plan",
        note=f"Change of the figure {in_unit(s.indicator.unit)}.",
        missing="not on hand",
    )


def _scheme(found: Outlook, d: Delivery) -> dict:
    scheme, amount = d.scheme, d.amounts[-1]
    return {
        "scheme": scheme.name,
        "evidence": _EVIDENCE[scheme.evidence],
        "effect": _effect(d),
        "full": _in_full(d, found.years[-1]),
        "amount": amount,
        "events": found.events(amount),
    }


def _effect(d: Delivery) -> str:
    """ "2% down (1% to 3%)" """
    effect = _percent(d)
    return f"{abs(effect):g}% {'down' if effect < 0 else 'up'} ({_range(d)})"


def _percent(d: Delivery) -> float:
    return (d.effect.percent or 0.0) if d.effect else 0.0


def _range(d: Delivery) -> str:
    """The range of an effect, without signs where both ends lie on its own side."""
    low, high = (d.effect.low, d.effect.high) if d.effect else (None, None)
    effect = _percent(d)
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


def carried(found: Outlook) -> str:
    """How far the schemes carry the figure, what is left, and who counts for nothing and why."""
    if not found.delivery:
        return "No scheme names this ambition yet."
    if not found.delivering:
        return (
            "No funded scheme states an effect on this measure with its source, so nothing can be said of what the plan "
            f"delivers. {_silent(found)}"
        )
    s, built, nothing, d = (
        found.standing,
        found.lines["schemes"],
        found.lines["do-nothing"],
        found.standing.indicator.decimals,
    )
    band = (
        f" (80% band: {number(built.lower[-1], d)} to {number(built.upper[-1], d)})" if built.banded else ""
    )
    said = (
        f"By {found.years[-1]} they bring the figure to {level_of(s, built.last)}{band}, from {level_of(s, nothing.last)} "
        "if nothing is done."
    )
    return " ".join(filter(None, [said, *gap_words(found), _bare(found), _silent(found)]))


def gap_words(found: Outlook) -> list[str]:
    """The gap between what the schemes deliver and the level chosen, in the measure and in events."""
    chosen, built, s = found.chosen, found.lines["schemes"], found.standing
    if chosen is None:
        return ["No level has been chosen to hold that against."]
    if s.indicator.polarity == "none":
        return [f"The level chosen is {level_of(s, chosen.last)}."]
    if not better(found, chosen.last, built.last):
        return [f"That is enough for the level chosen ({level_of(s, chosen.last)}){_sure(found)}."]
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


def _sure(found: Outlook) -> str:
    """Whether the level is reached at the worse end of the band too."""
    built, chosen = found.lines["schemes"], found.chosen
    assert chosen
    if not built.banded:
        return ""
    worse = built.upper[-1] if found.standing.indicator.polarity == "low" else built.lower[-1]
    if better(found, chosen.last, worse):
        return " in the middle of the band, and not at its worse end"
    return " even at the worse end of the band"


def _bare(found: Outlook) -> str:
    """The schemes that say nothing of how far their effect may lie from the one stated."""
    bare = [f"“{d.scheme.name}”" for d in found.delivering if not d.ranged]
    if not bare or not found.lines["schemes"].banded:
        return ""
    return f"{listed(bare)} {'states' if len(bare) == 1 else 'state'} no range, so the band is narrower than it should be."


def _silent(found: Outlook) -> str:
    """The schemes that serve the ambition and count for nothing, with the reason."""
    silent = [f"“{d.scheme.name}” ({d.missing})" for d in found.delivery if not d.counts]
    return (
        f"{'Counts' if len(silent) == 1 else 'Count'} for nothing here: {listed(silent)}." if silent else ""
    )


def waterfall(found: Outlook, anchor: str) -> list[Block]:
    """From the gap that doing nothing leaves, scheme by scheme, to what is left of it.

    Where one scheme counts, or nothing is left, the table says as much.
    """
    if found.chosen is None or len(found.delivering) < 2:
        return []
    if not better(found, found.chosen.last, found.lines["schemes"].last):
        return []
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
        {"label": "Gap that is left", "amount": rest, "total": True},
    ]
    d = max(s.indicator.decimals, 1)
    figure = Figure(
        f"waterfall-{anchor}",
        f"{plural(len(found.delivering), 'funded scheme').capitalize()} against the gap to the level chosen for {last}: {number(rest, d)} left to find",
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
    return [figure]


# --- which scheme serves which ambition -----------------------------------------


def which(plan: Plan, reference: Reference) -> list[Block]:
    """For each scheme the ambitions that it serves: the same question as in the budget step."""
    blocks: list[Block] = [Heading("Which scheme serves which ambition", "schemes-and-ambitions")]
    if not plan.budget.schemes:
        return [*blocks, Words(("The plan has no scheme yet: they are entered in the budget step.",), "note")]
    said = (
        "A level without a scheme is a wish. Each scheme names the ambitions that it serves, by their numbers. The budget "
        "step asks the same: one answer serves both."
    )
    order = sorted(enumerate(plan.budget.schemes), key=lambda pair: not pair[1].funded)
    return [
        *blocks,
        Words((said,)),
        _by_ambition(plan, reference),
        *(_asked(plan, reference, n, scheme) for n, scheme in order),
    ]


def _asked(plan: Plan, reference: Reference, index: int, scheme: Scheme) -> Question:
    """One line a scheme: the ambitions by their numbers, whose wording stands in the table above."""
    asked = asking.ask(plan, reference, f"/budget/schemes/{index}/ambitions", detail=True)
    state = "" if scheme.funded else " (not funded)"
    return replace(
        asked,
        prompt=f"{scheme.name or 'Scheme without a name'}{state}",
        help="",
        source="",
        choices=tuple(replace(c, label=c.value) for c in asked.choices),
    )


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
