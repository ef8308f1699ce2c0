"""What stands out between the areas of a batch, in sentences. None calls an area good or bad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workbook.pack.comparison.figures import Pack
from workbook.pack.comparison.groups import (
    DEVIATIONS,
    FEWEST,
    Group,
    Purse,
    Spread,
    same_levels,
    spread,
)
from workbook.words import financial_year, number, plural, some

RULE = (
    f"An area stands out on a figure where it lies more than {DEVIATIONS:.0f} scaled median absolute deviations "
    f"from the median of the areas it can be compared with, at least {FEWEST}. Scaled, such a deviation is as large "
    "as a standard deviation where figures are spread normally; of 1,000 areas about 3 lie beyond by chance alone, "
    "and more where the spread is lopsided. To stand out is no fault: look whether the figure or the choice explains it. "
    "Only areas of one kind, with the same ambition, measure, unit, period of the baseline and years of the plan, are "
    "compared; made-up areas are never compared with real ones."
)
AMBITION = {"baseline": "Baseline", "change": "Change chosen a year"}
MONEY = {"share": "Left over or missing, share of spend in the last year"}
MOST = 12  # areas named in one sentence
_HARD = 10  # per cent of past moves


def level(value: float | None) -> str:
    """A figure to about three digits."""
    size = abs(value or 0)
    return number(value, 0 if size == 0 or size >= 1000 else 1 if size >= 10 else 2 if size >= 1 else 3)


def title(group: Group) -> str:
    """What a group is about: measure, unit, period of the baseline, kind of area, years."""
    words = f"{group.measure} ({group.unit}), baseline {group.period}, {_years(group)}, {kind(group)}"
    return f"Ambition {group.ambition}: {words}"


_KINDS = {
    "ccg": "clinical commissioning groups (CCGs)",
    "icb": "integrated care boards (ICBs)",
    "sub-icb": "locations within integrated care boards (sub-ICB locations)",
    "la": "councils",
    "region": "regions",
}


def kind(group: Group | Purse) -> str:
    """ "clinical commissioning groups (CCGs)", "areas of kind synthetic (made up)"."""
    words = _KINDS.get(group.kind, f"areas of kind {group.kind}" if group.kind else "areas")
    return f"{words} (made up)" if group.synthetic else words


def _years(group: Group) -> str:
    base, last = group.years
    return f"plan for {base + 1} to {last}" if base else f"plan to {last}"


def of_group(group: Group) -> list[str]:
    """What there is to say of an ambition's group."""
    return [*_spreads(group), *_plausible(group), *_same(group), *_without(group)]


def _spreads(group: Group) -> Iterator[str]:
    packs = [pack for pack, _ in group.members]
    for figure, label in AMBITION.items():
        unit = group.unit if figure == "baseline" else group.change_unit
        yield from of_spread(packs, group.values(figure), label, unit)


def of_spread(packs: Sequence[Pack], values: Sequence[float | None], label: str, unit: str) -> Iterator[str]:
    """Where the middle half lies, and which areas lie apart or why that is not said."""
    found = spread(values)
    if not found.count:
        return
    if found.count == 1:
        yield f"{label}: only one area has a figure, so there is nothing to compare."
        return
    yield _middle(found, label, unit)
    if found.problem:
        yield f"{label}: nobody is said to stand out, because {found.problem}."
    elif not found.outside:
        yield f"{label}: no area stands out."
    else:
        apart = sorted(
            found.outside, key=lambda n: (-abs((values[n] or 0) - (found.middle or 0)), packs[n].key)
        )
        named = [f"{packs[n].said} with {level(values[n])}" for n in apart]
        verb = "differs" if len(apart) == 1 else "differ"
        yield (f"{label}: {some(named, MOST)} {verb}; look whether the figure or the choice explains it.")


def _middle(found: Spread, label: str, unit: str) -> str:
    low, high = level(found.low), level(found.high)
    where = f"lie at {low}" if low == high else f"lie between {low} and {high}"
    return f"{label} ({unit}): half of {plural(found.count, 'area')} {where}; the median is {level(found.middle)}."


def _plausible(group: Group) -> Iterator[str]:
    """Levels seldom or never reached before, and levels that ask for less than doing nothing is expected to bring."""
    hard = [p for p, a in group.members if a["plausibility"] is not None and 0 < a["plausibility"] < _HARD]
    never = [p for p, a in group.members if a["plausibility"] == 0]
    easy = [p for p, a in group.members if _less(a["plausibility"], a["nothing_plausibility"])]
    told = (
        (never, "a level that no comparable area ever achieved over as many years"),
        (hard, f"a level that fewer than {_HARD}% of past moves of comparable areas achieved"),
        (easy, "a level that asks for less than is expected if nothing is done"),
    )
    for packs, words in told:
        if packs:
            names = some([p.said for p in packs], MOST)
            yield f"{plural(len(packs), 'area').capitalize()} of {len(group.members)} chose {words}: {names}."


def _less(chosen: float | None, nothing: float | None) -> bool:
    return chosen is not None and nothing is not None and chosen > nothing


def _same(group: Group) -> Iterator[str]:
    for value, packs in same_levels(group)[:5]:
        yield (
            f"{plural(len(packs), 'area').capitalize()} chose exactly the same level, {level(value)}, from different "
            f"baselines: {some([p.said for p in packs], MOST)}. It may come from a common pattern, a common "
            "threshold or common peers; look whether each area chose it for itself."
        )


def _without(group: Group) -> Iterator[str]:
    for figure, words in (("baseline", "no figure for the baseline"), ("chosen", "no level chosen")):
        packs = [p for p, a in group.members if a[figure] is None]
        if packs:
            verb = "has" if len(packs) == 1 else "have"
            yield f"{plural(len(packs), 'area').capitalize()} {verb} {words}: {some([p.said for p in packs], MOST)}."


def of_purse(purse: Purse) -> list[str]:
    """What there is to say of the money of areas that may be compared."""
    packs = [pack for pack, _ in purse.members]
    short = sum((record["gap"] or 0) < -0.5 for _, record in purse.members)
    said = [
        f"In the last year, {financial_year(purse.years[-1])}, money is missing in {short or 'none'} of {plural(len(packs), 'area')}."
    ]
    for figure, label in MONEY.items():
        said += of_spread(packs, purse.values(figure), label, "%")
    return said


def of_batch(packs: Sequence[Pack], found: Sequence[Group]) -> list[str]:
    """What cannot be compared and why."""
    good = [p for p in packs if p.status != "failed"]
    if not good:
        return ["No pack was made, so there is nothing to compare."]
    if len(good) == 1:
        return ["Only one pack was made, so there is nothing to compare it with; its figures stand below."]
    return [*_split(found), *_unbound(good, found)]


def _split(found: Sequence[Group]) -> Iterator[str]:
    by: dict[str, list[Group]] = {}
    for group in found:
        by.setdefault(group.ambition, []).append(group)
    for ambition, several in by.items():
        if len(several) > 1:
            differ = [what for what, seen in _differences(several) if len(seen) > 1]
            yield (
                f"Ambition {ambition}: {plural(sum(len(g.members) for g in several), 'area')} fall into "
                f"{len(several)} groups that are not compared with each other, because they differ in "
                f"{some(differ)}."
            )


def _differences(several: Iterable[Group]) -> list[tuple[str, set[object]]]:
    several = list(several)
    return [
        ("the measure", {g.measure for g in several}),
        ("the unit", {g.unit for g in several}),
        ("the period of the baseline", {g.period for g in several}),
        ("the years of the plan", {g.years for g in several}),
        ("the kind of area", {g.kind for g in several}),
        ("real or made up", {g.synthetic for g in several}),
    ]


def _unbound(good: Sequence[Pack], found: Sequence[Group]) -> Iterator[str]:
    """Ambitions that some areas have given a measure and others have not; those of the NHS that nobody has."""
    wanted = [str(n) for n in range(1, 8)]
    have = {w: {p.key for g in found if g.ambition == w for p, _ in g.members} for w in wanted}
    if nobody := [w for w in wanted if not have[w]]:
        yield f"No area has given a measure to {'ambition' if len(nobody) == 1 else 'ambitions'} {some(nobody)}."
    for w in wanted:
        bound = [p.said for p in good if p.key in have[w]]
        without = [p.said for p in good if p.key not in have[w]]
        if bound and len(bound) < len(without):
            yield f"Only {len(bound)} of {plural(len(good), 'area')} gave a measure to ambition {w}: {some(bound, MOST)}."
        elif bound and without:
            yield f"Ambition {w} has no measure in {plural(len(without), 'area')}: {some(without, MOST)}."


def outside(found: Group | Purse) -> dict[str, list[str]]:
    """The labels of the figures on which each pack of a group stands out, by the pack's key."""
    labels = AMBITION if isinstance(found, Group) else MONEY
    apart: dict[str, list[str]] = {}
    for figure, label in labels.items():
        for n in spread(found.values(figure)).outside:
            apart.setdefault(found.members[n][0].key, []).append(label)
    return apart
