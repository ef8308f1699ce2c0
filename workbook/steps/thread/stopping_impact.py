"""Rules on what stopping does to people: quality, equality, and what is driving the decision."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps.decommissioning import drivers, equality, quality
from workbook.steps.thread.context import Context, rule
from workbook.steps.thread.stopping import ending, said, services
from workbook.words import day, listed, number, plural, some


@rule("stopping")
def quality_not_scored(c: Context) -> Iterator[Finding]:
    """A service that ends without any score of what that does to quality."""
    for here, service in ending(c):
        if not any(quality.before(e) is not None for e in service.quality):
            yield said(
                "quality-not-scored",
                "doubt",
                f"What ending “{service.name}” does to quality has not been scored.",
                "Score likelihood and impact for each area of quality, before and after what is done about it.",
                f"{here}/quality",
            )


@rule("stopping")
def quality_above_gate(c: Context) -> Iterator[Finding]:
    """A score above the gate without a full assessment, or with one that came too late."""
    found = quality.matrix(c.plan, c.reference)
    for here, service in ending(c):
        above = quality.above_gate(found, service)
        if above and service.assessed is None:
            areas = listed(f"{e.area.lower()} ({quality.before(e)})" for e in above)
            yield said(
                "quality-above-gate",
                "blocks" if service.decision == "stop" else "doubt",
                f"“{service.name}” scores above {number(found.gate, 0)} on {areas}, and no full quality assessment is recorded.",
                "Make the full assessment before the decision is carried out, and enter its date.",
                f"{here}/assessed",
            )
        elif above and service.assessed and service.stop_date and service.assessed > service.stop_date:
            yield said(
                "quality-assessed-late",
                "doubt",
                f"The full quality assessment of “{service.name}” is dated {day(service.assessed)}, after its last day ({day(service.stop_date)}).",
                "Assess before the service stops, while it can still change the decision.",
                f"{here}/assessed",
            )


@rule("stopping")
def quality_contradicts(c: Context) -> Iterator[Finding]:
    """A score on a form that is not the product of its two inputs."""
    for here, service in services(c):
        for n, entry in enumerate(service.quality):
            for problem in quality.contradictions(entry):
                yield said(
                    "quality-contradicts",
                    "doubt",
                    f"“{service.name}”, {entry.area.lower() or 'an area without a name'}: {problem}.",
                    "Correct the score on the form or the two figures it comes from.",
                    f"{here}/quality/{n}",
                )


@rule("stopping")
def quality_raised(c: Context) -> Iterator[Finding]:
    """A mitigation after which the score is higher."""
    for here, service in services(c):
        for n, entry in enumerate(service.quality):
            if quality.raised(entry):
                yield said(
                    "quality-raised",
                    "doubt",
                    f"“{service.name}”, {entry.area.lower() or 'an area without a name'}: "
                    f"the score rises from {quality.before(entry)} to {quality.after(entry)} with what is done about it.",
                    "Choose something that lowers it, or check whether the two scores were exchanged.",
                    f"{here}/quality/{n}",
                )


@rule("needs", "stopping")
def equality_not_answered(c: Context) -> Iterator[Finding]:
    """Groups of people for whom nothing is said and nothing is explained."""
    for here, service in ending(c):
        left = equality.open_groups(c.reference, service)
        if left:
            yield said(
                "equality-not-answered",
                "doubt",
                f"What ending “{service.name}” does is neither said "
                f"nor explained for {plural(len(left), 'group')} of people: {some([g.lower() for g in left], 4)}.",
                "Answer each group, or say why there is no evidence and what will be done about that.",
                f"{here}/equality",
            )


@rule("needs", "stopping")
def equality_worse_unmitigated(c: Context) -> Iterator[Finding]:
    """Groups left worse off for whom nothing is done."""
    for here, service in ending(c):
        worse = equality.worse_without_mitigation(c.reference, service)
        if worse:
            yield said(
                "equality-not-mitigated",
                "doubt",
                f"Ending “{service.name}” leaves {some([g.lower() for g in worse], 4)} worse off, and nothing is said to be done about it.",
                "Say what lessens it for them, or why it is justified in spite of that.",
                f"{here}/equality",
            )


@rule("money", "stopping")
def drivers_unbalanced(c: Context) -> Iterator[Finding]:
    """Money is said to count, and clinical evidence or people's views are said not to."""
    for here, service in ending(c):
        for sentence in drivers.money_alone(c.reference, service):
            yield said(
                "drivers-unbalanced",
                "doubt",
                f"“{service.name}”: {sentence[:1].lower()}{sentence[1:]}",
                "Weigh what is missing and write it into the reason. Where it is a decision about money, say so in the record: that is a fair reason.",
                f"{here}/answers",
            )
