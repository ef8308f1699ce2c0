"""Rules on what schemes claim to do: an effect counted twice, more people than there are, more than was shown."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.plan.sections import Scheme
from workbook.steps.budget import library
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import listed, number, plural, signed, some


@rule("schemes", "ambitions")
def effect_counted_twice(c: Context) -> Iterator[Finding]:
    """Two funded schemes that do the same for the same people and both count on one ambition."""
    known = {i.id: i.name for i in library.entries(c.plan, c.reference)}
    same: dict[tuple[str, ...], list[tuple[int, Scheme, str]]] = {}
    for n, scheme in enumerate(c.plan.budget.schemes):
        if not (scheme.funded and scheme.evidence_source):
            continue
        for e in scheme.effects:
            if not e.percent or e.ambition not in scheme.ambitions:
                continue
            if scheme.intervention:
                why = f"follow “{known.get(scheme.intervention, scheme.intervention)}”"
                key: tuple[str, ...] = ("intervention", scheme.intervention, scheme.segment, str(e.ambition))
            elif e.low is not None and e.high is not None:
                why = f"state {signed(e.percent)} ({signed(e.low)} to {signed(e.high)})"
                key = ("effect", f"{e.percent} {e.low} {e.high}", scheme.segment, str(e.ambition))
            else:
                continue
            same.setdefault(key, []).append((n, scheme, why))
    for key, entries in same.items():
        if len(entries) > 1:
            names = listed(f"“{s.name}”" for _, s, _ in entries)
            segment = next((g.name for g in c.plan.needs.segments if g.id == key[2]), "")
            people = (
                f"for the segment “{segment}”" if segment else "for the same people, as far as the plan says"
            )
            yield finding(
                "effect-counted-twice",
                "doubt",
                f"{names} all {entries[0][2]} {people}, and each counts on ambition {key[3]}: one effect is counted {plural(len(entries), 'time')}."
                if len(entries) > 2
                else f"{names} both {entries[0][2]} {people}, and both count on ambition {key[3]}: one effect is counted twice.",
                "Say which different people each is for, or leave the effect with one of them.",
                "budget",
                f"/budget/schemes/{entries[-1][0]}/effects",
            )  # fmt: skip


@rule("schemes", "needs")
def reaches_more_than_there_are(c: Context) -> Iterator[Finding]:
    """Funded schemes that between them reach more people than their segment holds."""
    segments = {s.id: s for s in c.plan.needs.segments}
    reached: dict[str, list[tuple[int, Scheme]]] = {}
    for n, scheme in enumerate(c.plan.budget.schemes):
        if scheme.funded and scheme.people and scheme.segment in segments:
            reached.setdefault(scheme.segment, []).append((n, scheme))
    for id, entries in reached.items():
        segment = segments[id]
        there = (segment.population or 0) * 1000
        people = sum(s.people or 0 for _, s in entries)
        if 0 < there < people:
            many = len(entries) > 1
            yield finding(
                "reaches-more-than-there-are",
                "doubt",
                f"{some([f'“{s.name}”' for _, s in entries], 4)} {'reach' if many else 'reaches'} {number(people, 0)} people a year"
                f"{' between them' if many else ''}, {number(100 * people / there, 0)}% of the {number(there, 0)} in the segment “{segment.name}”.",
                "Check the people of each; where the same people are reached more than once, lower the later effect.",
                "budget",
                f"/budget/schemes/{entries[-1][0]}/people",
            )  # fmt: skip


@rule("schemes", "ambitions")
def effect_above_library(c: Context) -> Iterator[Finding]:
    """An effect beyond what the entry of the library shows that the scheme follows."""
    known = {i.id: i for i in library.entries(c.plan, c.reference)}
    for n, scheme in enumerate(c.plan.budget.schemes):
        entry = known.get(scheme.intervention)
        if not scheme.funded or entry is None:
            continue
        mine, shown = library.largest_effect(scheme), library.strongest(entry)
        if mine is not None and shown is not None and abs(mine) > abs(shown):
            yield finding(
                "effect-above-library",
                "doubt",
                f"“{scheme.name}” states an effect of {signed(mine)}; the most that is shown for “{entry.name}” is {signed(shown)} "
                f"({entry.measure or 'its own measure'}).",
                "State an effect within what was shown, or name the evaluation that shows more.",
                "budget",
                f"/budget/schemes/{n}/effects",
            )
