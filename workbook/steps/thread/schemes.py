"""Rules on schemes: what they serve, what they save, what shows that they work."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps import delivery
from workbook.steps.budget import library
from workbook.steps.budget.value import options
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import financial_year, listed
from workbook.words import money as pounds


@rule("schemes", "ambitions", "needs")
def scheme_without_ambition(c: Context) -> Iterator[Finding]:
    """A funded scheme that serves no ambition and no priority."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        if scheme.funded and not scheme.ambitions and not scheme.priorities:
            yield finding(
                "scheme-without-ambition",
                "doubt",
                f"The funded scheme “{scheme.name}” serves no ambition and no priority.",
                "Link it to what it is for, or stop funding it.",
                "budget",
                f"/budget/schemes/{n}/ambitions",
            )


@rule("schemes", "stopping")
def saving_without_stop(c: Context) -> Iterator[Finding]:
    """A cashable saving for which no service stops."""
    stopping = {s.id for s in c.plan.decommissioning.services if s.decision in ("stop", "change")}
    for n, scheme in enumerate(c.plan.budget.schemes):
        claimed = scheme.gross_saving * scheme.cashable_share
        if scheme.funded and claimed and scheme.stops not in stopping:
            named = "it names none" if not scheme.stops else "the one it names is not being stopped"
            yield finding(
                "saving-without-stop",
                "doubt",
                f"“{scheme.name}” claims a cashable saving of {pounds(claimed)} a year, but no service stops for it: {named}. "
                "The saving is not counted.",
                "Name the service whose capacity closes and take it through step 4, or drop the saving.",
                "budget",
                f"/budget/schemes/{n}/stops",
            )


@rule("schemes", "stopping")
def saving_above_service(c: Context) -> Iterator[Finding]:
    """Schemes that claim more from closing one service than it can release."""
    services = {s.id: s for s in c.plan.decommissioning.services}
    for service_id, service in services.items():
        claimed = sum(s.gross_saving * s.cashable_share for s in c.funded if s.stops == service_id)
        if claimed > max(service.cashable, service.released) > 0:
            index = c.plan.decommissioning.services.index(service)
            yield finding(
                "saving-counted-twice",
                "doubt",
                f"Schemes claim {pounds(claimed)} a year from closing “{service.name}”, which can release only {pounds(service.released)}.",
                "Share the saving out between the schemes so that it is counted once.",
                "decommissioning",
                f"/decommissioning/services/{index}/released",
            )


@rule("schemes", "ambitions")
def effect_without_evidence(c: Context) -> Iterator[Finding]:
    """An effect stated without a source, which counts for nothing."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        stated = [e.percent for e in scheme.effects if e.percent]
        if scheme.funded and stated and not scheme.evidence_source:
            many = len(stated) > 1
            yield finding(
                "effect-without-evidence",
                "doubt",
                f"“{scheme.name}” states {'effects' if many else 'an effect'} of {listed(f'{p:+g}%' for p in stated)} and no source, "
                f"so {'they count' if many else 'it counts'} for nothing.",
                "Name the publication or evaluation, or leave the effect empty.",
                "budget",
                f"/budget/schemes/{n}/evidence_source",
            )


@rule("schemes", "ambitions")
def effect_worsens(c: Context) -> Iterator[Finding]:
    """An effect that makes the measure of its ambition worse."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not (scheme.funded and scheme.evidence_source):
            continue
        for found in c.outlooks.values():
            if not found or found.ambition.number not in scheme.ambitions:
                continue
            polarity = found.standing.indicator.polarity
            effect = delivery.effect_on(scheme, found.ambition.number)
            percent = (effect.percent or 0.0) if effect else 0.0
            if (polarity == "low" and percent > 0) or (polarity == "high" and percent < 0):
                yield finding(
                    "effect-worsens",
                    "doubt",
                    f"The effect of “{scheme.name}” ({percent:+g}%) makes the measure of ambition "
                    f"{found.ambition.number} worse.",
                    "Check the sign: below zero brings a figure down, above zero brings it up.",
                    "budget",
                    f"/budget/schemes/{n}/effects",
                )


@rule("schemes", "money")
def scheme_too_late(c: Context) -> Iterator[Finding]:
    """A funded scheme without a start, or at full scale only after the plan has ended."""
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not scheme.funded:
            continue
        if scheme.start_year is None:
            sentence = f"The funded scheme “{scheme.name}” has no starting year, so neither its cost nor its effect counts."
        elif scheme.start_year + max(len(scheme.ramp) - 1, 0) > c.plan.last_year:
            sentence = f"“{scheme.name}” reaches full scale only after the plan ends in {financial_year(c.plan.last_year)}."
        else:
            continue
        yield finding(
            "scheme-too-late",
            "doubt",
            sentence,
            "Set or move the start, or plan with less than its full effect.",
            "budget",
            f"/budget/schemes/{n}/start_year",
        )


@rule("needs", "ambitions", "money", "schemes", "value", "stopping")
def link_to_nothing(c: Context) -> Iterator[Finding]:
    """A reference to an entry that is not in the plan (any more)."""
    plan = c.plan
    priorities = {p.id for p in plan.needs.priorities}
    budget_lines = {line.id for line in plan.budget.lines}
    services = {s.id for s in plan.decommissioning.services}
    schemes, segments = {s.id for s in plan.budget.schemes}, {s.id for s in plan.needs.segments}
    interventions = {i.id for i in library.entries(plan, c.reference)}
    valued = {o.key for o in options(plan, c.reference)}
    for n, ambition in enumerate(plan.ambitions.items):
        yield from _lost(
            f"Ambition {ambition.number}",
            ambition.priorities,
            priorities,
            "priority",
            "ambitions",
            f"/ambitions/items/{n}/priorities",
        )
    for n, scheme in enumerate(plan.budget.schemes):
        name, here = f"“{scheme.name}”", f"/budget/schemes/{n}"
        yield from _lost(name, scheme.priorities, priorities, "priority", "budget", f"{here}/priorities")
        yield from _lost(name, [scheme.line], budget_lines, "budget line", "budget", f"{here}/line")
        yield from _lost(name, [scheme.stops], services, "service", "budget", f"{here}/stops")
        yield from _lost(name, scheme.after, schemes, "scheme", "budget", f"{here}/after")
        yield from _lost(name, [scheme.segment], segments, "segment", "budget", f"{here}/segment")
        yield from _lost(
            name, [scheme.intervention], interventions, "intervention", "budget", f"{here}/intervention"
        )
    for n, score in enumerate(plan.budget.value.scores):
        who, here = f"A benefit score of {score.respondent or 'somebody'}", f"/budget/value/scores/{n}/option"
        yield from _lost(who, [score.option], valued, "option", "budget", here)
    for n, service in enumerate(plan.decommissioning.services):
        yield from _lost(
            f"“{service.name}”",
            [service.line],
            budget_lines,
            "budget line",
            "decommissioning",
            f"/decommissioning/services/{n}/line",
        )


def _lost(who: str, named: list[str], known: set[str], what: str, step: str, path: str) -> Iterator[Finding]:
    for name in named:
        if name and name not in known:
            yield finding(
                "link-to-nothing",
                "blocks",
                f"{who} points to the {what} “{name}”, which is not in the plan.",
                f"Choose {'an' if what[0] in 'aeiou' else 'a'} {what} that is there.",
                step,
                path,
            )
