"""Rules on ambitions: a measure, a level, a reason, and schemes that deliver it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps import lines
from workbook.steps.ambitions import doubts
from workbook.steps.thread.context import Context, finding, is_set, rule
from workbook.words import listed, number, some


@rule("ambitions", "schemes")
def ambition_without_scheme(c: Context) -> Iterator[Finding]:
    """An ambition that no funded scheme serves."""
    served = {number_ for s in c.funded for number_ in s.ambitions}
    for n, ambition in enumerate(c.plan.ambitions.items):
        if ambition.number not in served and is_set(ambition):
            waiting = [
                s.name for s in c.plan.budget.schemes if ambition.number in s.ambitions and not s.funded
            ]
            are = "is" if len(waiting) == 1 else "are"
            hint = f" ({some(waiting, 3)} would, but {are} not funded)" if waiting else ""
            yield finding(
                "ambition-without-scheme",
                "doubt",
                f"No funded scheme serves ambition {ambition.number}{hint}.",
                "Fund a scheme that serves it, or lower the ambition to what will happen anyway.",
                "ambitions",
                f"/ambitions/items/{n}",
            )


@rule()
def measure_not_on_hand(c: Context) -> Iterator[Finding]:
    """An ambition is bound to a figure that is not on hand for the area."""
    for n, ambition in enumerate(c.plan.ambitions.items):
        if ambition.measure and c.outlooks[n] is None:
            yield finding(
                "measure-not-on-hand",
                "doubt",
                f"Ambition {ambition.number} is bound to {lines.name_of(c.reference, ambition.measure)}, which is not "
                f"on hand for {c.plan.area.name} up to {c.plan.base_year}, the base year.",
                "Import the file it comes from, bind another figure, or plan from a later base year.",
                "ambitions",
                f"/ambitions/items/{n}/measure",
            )


@rule()
def ambition_without_measure(c: Context) -> Iterator[Finding]:
    """An ambition in words beside which a figure is watched has what it needs."""
    for n, ambition in enumerate(c.plan.ambitions.items):
        if not ambition.measure and not (ambition.in_words and ambition.proxy):
            said = bool(ambition.in_words)
            yield finding(
                "ambition-without-measure",
                "note" if said else "doubt",
                f"Ambition {ambition.number} has no measure{' and stands in words only' if said else ' and says nothing yet'}.",
                "Bind a figure to it where one exists."
                if said
                else "Bind a figure to it, or say it in words.",
                "ambitions",
                f"/ambitions/items/{n}/measure",
            )


@rule()
def proxy_missing(c: Context) -> Iterator[Finding]:
    """An ambition in words needs a figure that would move with it, or nobody can tell whether it comes true."""
    held = c.reference.available(c.plan.area.code)
    for n, ambition in enumerate(c.plan.ambitions.items):
        here = f"/ambitions/items/{n}/proxy"
        if ambition.in_words and not ambition.measure and not ambition.proxy:
            yield finding(
                "proxy-missing",
                "note",
                f"Ambition {ambition.number} stands in words, and no figure stands in for it.",
                "Name a figure that would move with it, and say what it cannot show.",
                "ambitions",
                here,
            )
        elif ambition.proxy and ambition.proxy not in held:
            yield finding(
                "proxy-not-on-hand",
                "doubt",
                f"The figure that stands in for ambition {ambition.number}, "
                f"{lines.name_of(c.reference, ambition.proxy)}, is not on hand for {c.plan.area.name}.",
                "Import the file it comes from, or name another figure.",
                "ambitions",
                here,
            )


@rule()
def level_in_another_unit(c: Context) -> Iterator[Finding]:
    """The levels of an ambition look to be in another unit than its measure."""
    for n, found in c.outlooks.items():
        if not found:
            continue
        for sentence in doubts.level_units(found):
            yield finding(
                "level-unit-suspected",
                "doubt",
                f"Ambition {found.ambition.number}: {sentence[:1].lower()}{sentence[1:]}",
                "Type the levels in the unit of the measure, or say why they differ so much.",
                "ambitions",
                f"/ambitions/items/{n}/levels",
            )


@rule()
def ambition_not_chosen(c: Context) -> Iterator[Finding]:
    """An ambition has a measure and no level."""
    for n, ambition in enumerate(c.plan.ambitions.items):
        if ambition.measure and not ambition.levels and not ambition.line:
            yield finding(
                "ambition-not-chosen",
                "doubt",
                f"Ambition {ambition.number} has a measure and no chosen level.",
                "Choose a line or set levels by year.",
                "ambitions",
                f"/ambitions/items/{n}/line",
            )


@rule()
def ambition_below_nothing(c: Context) -> Iterator[Finding]:
    """An ambition aims at no more than what happens anyway."""
    for n, found in c.outlooks.items():
        if found and found.chosen and lines.better(found, found.lines["do-nothing"].last, found.chosen.last):
            d = found.standing.indicator.decimals
            aim, nothing = (number(v, d) for v in (found.chosen.last, found.lines["do-nothing"].last))
            yield finding(
                "ambition-below-nothing",
                "doubt",
                f"Ambition {found.ambition.number} aims at {aim}, which is {'no better' if aim == nothing else 'worse'} "
                f"than doing nothing ({nothing}) by {found.years[-1]}.",
                "Aim higher, or say why the do-nothing line is too hopeful.",
                "ambitions",
                f"/ambitions/items/{n}/levels",
            )


@rule()
def ambition_never_achieved(c: Context) -> Iterator[Finding]:
    """An ambition asks for more than any comparable area achieved, and gives no second reason."""
    for n, found in c.outlooks.items():
        if found and found.share_achieved == 0 and not found.ambition.second_reason:
            yield finding(
                "ambition-never-achieved",
                "doubt",
                f"Ambition {found.ambition.number} asks for more than any comparable area ever achieved in as many years.",
                "Give a second reason why it can be done here, or choose another level.",
                "ambitions",
                f"/ambitions/items/{n}/second_reason",
            )


@rule("ambitions", "schemes")
def schemes_fall_short(c: Context) -> Iterator[Finding]:
    """The effects of the funded schemes do not reach the level chosen."""
    for n, found in c.outlooks.items():
        if not found or not found.chosen or found.lines["schemes"].values == found.lines["do-nothing"].values:
            continue
        delivered = found.lines["schemes"].last
        if lines.better(found, found.chosen.last, delivered):
            d = found.standing.indicator.decimals
            yield finding(
                "schemes-fall-short",
                "doubt",
                f"The funded schemes would bring ambition {found.ambition.number} to {number(delivered, d)}, "
                f"short of the {number(found.chosen.last, d)} chosen for {found.years[-1]}.",
                "Say what closes the rest, fund more, or choose another level.",
                "ambitions",
                f"/ambitions/items/{n}/must_be_true",
            )


@rule()
def break_in_baseline(c: Context) -> Iterator[Finding]:
    """The measure of an ambition breaks within the years that its level rests on."""
    for n, found in c.outlooks.items():
        if not found:
            continue
        i = found.standing.indicator
        late = [y for y in i.break_years if found.standing.own.year - 4 <= y <= found.standing.own.year]
        if late:
            yield finding(
                "break-in-baseline",
                "doubt",
                f"{i.name}, the measure of ambition {found.ambition.number}, breaks in {listed(late)}: "
                "figures before and after do not compare.",
                "Set the level from the figures after the break, or bind another measure.",
                "ambitions",
                f"/ambitions/items/{n}/measure",
            )


@rule()
def baseline_moved(c: Context) -> Iterator[Finding]:
    """The figure an ambition was set on is not the figure on hand any more."""
    for n, found in c.outlooks.items():
        recorded = found.ambition.baseline if found else None
        if not found or not recorded or not recorded.value:
            continue
        if abs(found.baseline / recorded.value - 1) > 0.005:
            d = found.standing.indicator.decimals
            yield finding(
                "baseline-moved",
                "doubt",
                f"Ambition {found.ambition.number} was set on a baseline of {number(recorded.value, d)} "
                f"({recorded.period}); the figure on hand is now {number(found.baseline, d)} ({found.standing.own.period}).",
                "Look at the level again on the figure as it is now.",
                "ambitions",
                f"/ambitions/items/{n}/levels",
            )


@rule("needs", "ambitions")
def ambition_without_need(c: Context) -> Iterator[Finding]:
    """An ambition that serves no priority."""
    known = {p.id for p in c.plan.needs.priorities}
    for n, ambition in enumerate(c.plan.ambitions.items):
        if known and is_set(ambition) and not known.intersection(ambition.priorities):
            yield finding(
                "ambition-without-need",
                "doubt",
                f"Ambition {ambition.number} serves no priority of the plan.",
                "Link it to the need that it answers, or name that need in step 1.",
                "ambitions",
                f"/ambitions/items/{n}/priorities",
            )


@rule("needs", "ambitions")
def outcome_without_ambition(c: Context) -> Iterator[Finding]:
    """An outcome that people named for themselves goes with no ambition that is set."""
    set_ = {a.number for a in c.plan.ambitions.items if is_set(a)}
    for n, outcome in enumerate(c.plan.ambitions.citizens):
        if outcome.outcome and not set_.intersection(outcome.ambitions):
            yield finding(
                "outcome-without-ambition",
                "doubt",
                f"“{outcome.outcome}” matters to people, and "
                + (
                    "no ambition that is set goes with it."
                    if outcome.ambitions
                    else "it has not been linked to an ambition."
                ),
                "Link an ambition to it, or set one in words.",
                "ambitions",
                f"/ambitions/citizens/{n}/ambitions",
            )


@rule("ambitions", "schemes")
def level_on_weak_evidence(c: Context) -> Iterator[Finding]:
    """The level chosen is reached only by schemes whose evidence is weak or none."""
    for n, found in c.outlooks.items():
        if not found or not found.chosen or not found.delivering:
            continue
        nothing, delivered = found.lines["do-nothing"].last, found.lines["schemes"].last
        needed = lines.better(found, found.chosen.last, nothing)
        reached = not lines.better(found, found.chosen.last, delivered)
        if needed and reached and all(d.scheme.evidence in ("weak", "none") for d in found.delivering):
            names = some([f"“{d.scheme.name}”" for d in found.delivering])
            yield finding(
                "level-on-weak-evidence",
                "doubt",
                f"The level chosen for ambition {found.ambition.number} is reached only by {names}, and the evidence for "
                f"{'it' if len(found.delivering) == 1 else 'each of them'} is weak or none.",
                "Test before it is relied on, add a scheme with better evidence, or choose a level with room.",
                "ambitions",
                f"/ambitions/items/{n}/must_be_true",
            )
