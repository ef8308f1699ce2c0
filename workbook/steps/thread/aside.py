"""Rules on what stands in the plan and does nothing there: money of other years, versions of one, answers nobody asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from workbook.blocks import Finding
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import financial_year, listed, number, plural


@rule()
def income_outside_the_years(c: Context) -> Iterator[Finding]:
    """Income of a year that is neither the base year nor one of the plan."""
    for n, entry in enumerate(c.plan.budget.income):
        if not c.plan.base_year <= entry.year <= c.plan.last_year:
            yield finding(
                "income-outside-years",
                "doubt",
                f"The income of {entry.organisation or 'an organisation without a name'} in {financial_year(entry.year)} "
                f"({number(entry.amount, 0, '£000s')}) lies outside the plan, which runs from {financial_year(c.plan.base_year)} "
                f"to {financial_year(c.plan.last_year)}: it does not count.",
                "Correct the year, or leave it for a plan that reaches it.",
                "budget",
                f"/budget/income/{n}/year",
            )


@rule()
def variant_alone(c: Context) -> Iterator[Finding]:
    """A scheme that is called a variant where no other scheme is one: often one name spelt two ways."""
    groups = Counter(s.variant_of for s in c.plan.budget.schemes)
    for n, scheme in enumerate(c.plan.budget.schemes):
        if scheme.variant_of and groups[scheme.variant_of] == 1:
            yield finding(
                "variant-alone",
                "note",
                f"“{scheme.name}” is a variant of “{scheme.variant_of}”, and no other scheme is: it has nothing to be "
                "chosen against.",
                "Write the same words at all its versions, or empty the field.",
                "budget",
                f"/budget/schemes/{n}/variant_of",
            )


@rule()
def sent_back_to_what_stops(c: Context) -> Iterator[Finding]:
    """People who are to go to the very service that stops."""
    for n, service in enumerate(c.plan.decommissioning.services):
        names = {service.name.strip().casefold(), service.id} - {""}
        back = [k for k, d in enumerate(service.destinations) if d.goes_to.strip().casefold() in names]
        if back and service.decision == "stop":
            groups = listed([f"“{service.destinations[k].group}”" for k in back])
            yield finding(
                "sent-back-to-what-stops",
                "doubt",
                f"“{service.name}” is to stop, and {groups} {'is' if len(back) == 1 else 'are'} sent to that very service.",
                "Name another place, or leave it empty where nobody takes them up.",
                "decommissioning",
                f"/decommissioning/services/{n}/destinations/{back[0]}/goes_to",
            )


@rule()
def bands_alike(c: Context) -> Iterator[Finding]:
    """Bands of the quality matrix that begin at one score, so that one of them is never reached, or have no name."""
    bands = c.plan.decommissioning.quality.bands
    doubled = [score for score, times in Counter(b.first for b in bands).items() if times > 1]
    nameless = sum(not b.name for b in bands)
    if doubled or nameless:
        why = [f"more than one begins at {listed([str(d) for d in sorted(doubled)])}"] if doubled else []
        why += [f"{plural(nameless, 'band has', 'bands have')} no name"] if nameless else []
        yield finding(
            "bands-alike",
            "doubt",
            f"Of the bands of the quality matrix {listed(why)}: a score cannot be told by them.",
            "Give each band a name and a first score of its own.",
            "decommissioning",
            "/decommissioning/quality/bands",
        )


@rule()
def kept_but_not_asked(c: Context) -> Iterator[Finding]:
    """Answers to questions that no step asks, and impacts on groups that are not among those asked about."""
    asked = {i.id for framework in c.reference.frameworks() for i in framework.items}
    groups = {g.id for g in c.reference.equality_groups()}
    places: list[tuple[str, str, Collection[str], set[str], str]] = [
        ("needs", "/needs/answers", c.plan.needs.answers, asked, "answer to a question"),
        ("ambitions", "/ambitions/answers", c.plan.ambitions.answers, asked, "answer to a question"),
        ("budget", "/budget/answers", c.plan.budget.answers, asked, "answer to a question"),
    ]
    for n, scheme in enumerate(c.plan.budget.schemes):
        here = f"/budget/schemes/{n}/answers"
        places.append(("budget", here, scheme.answers, asked, f"answer of “{scheme.name}” to a question"))
    for n, service in enumerate(c.plan.decommissioning.services):
        here = f"/decommissioning/services/{n}"
        said = f"answer of “{service.name}” to a question"
        places.append(("decommissioning", f"{here}/answers", service.answers, asked, said))
        said = f"impact of “{service.name}” on a group"
        places.append(("decommissioning", f"{here}/equality", service.equality, groups, said))
    for step, path, held, known, what in places:
        strange = sorted(set(held) - known)
        if strange:
            yield finding(
                "kept-but-not-asked",
                "note",
                f"The plan keeps {plural(len(strange), what, what.replace('answer', 'answers', 1).replace('impact', 'impacts', 1))} "
                f"that is not asked here ({listed(strange[:5])}{' and others' if len(strange) > 5 else ''}): it is not shown.",
                "Nothing needs doing; take it out of the file, or correct its id, if it was meant for another.",
                step,
                path,
            )
