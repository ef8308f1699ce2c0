"""What may be compared, and what stands out in it.

Two levels are compared where ambition, measure, unit, period of the baseline, years of the plan, kind
of area and "made up or real" are the same. Within such a group an area stands out on a figure where it
lies more than three scaled median absolute deviations from the median. The scale is 1.4826, so that
the unit is a standard deviation where figures are spread normally: of 1,000 such, about 3 lie beyond.

Source of the rule: Leys and others (2013), Journal of Experimental Social Psychology 49(4), 764-766,
https://doi.org/10.1016/j.jesp.2013.03.013.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from workbook.pack.comparison.figures import Pack

FEWEST = 8  # areas; with fewer, a median absolute deviation says little
DEVIATIONS = 3.0
SCALE = 1.4826
ALIKE = 0.002  # of the median: figures as near as that are printed alike, and nobody stands out among them
SAME_LEVEL = 3  # areas with exactly the same level are worth a sentence


@dataclass(frozen=True)
class Spread:
    """The middle of a group's figures and what lies beyond the rule: indices of those that stand out.

    ``problem`` says why the rule was not applied, else it is empty.
    """

    count: int
    middle: float | None = None
    low: float | None = None  # a quarter of the areas lie below
    high: float | None = None
    outside: tuple[int, ...] = ()
    problem: str = ""


def spread(values: Sequence[float | None]) -> Spread:
    """The spread of figures; missing ones do not count."""
    known = [v for v in values if v is not None]
    if not known:
        return Spread(0, problem="no area has a figure")
    middle = median(known)
    low, _, high = quantiles(known, n=4, method="inclusive") if len(known) > 1 else (middle,) * 3
    if len(known) < FEWEST:
        return Spread(len(known), middle, low, high, problem=f"fewer than {FEWEST} areas have a figure")
    limit = DEVIATIONS * SCALE * median(abs(v - middle) for v in known)
    if limit <= max(1e-9, ALIKE * abs(middle)):
        return Spread(
            len(known),
            middle,
            low,
            high,
            problem="at least half of the areas have the same figure, or nearly",
        )
    outside = tuple(n for n, v in enumerate(values) if v is not None and abs(v - middle) > limit)
    return Spread(len(known), middle, low, high, outside)


@dataclass(frozen=True)
class Group:
    """Areas that may be compared on an ambition, in the order of the batch, each with its record."""

    ambition: str
    measure: str
    unit: str
    period: str  # of the baseline
    years: tuple[int | None, int]
    kind: str
    synthetic: bool
    members: tuple[tuple[Pack, Mapping[str, Any]], ...]

    def values(self, figure: str) -> list[float | None]:
        return [record[figure] for _, record in self.members]

    @property
    def change_unit(self) -> str:
        return str(self.members[0][1]["change_unit"])


def groups(packs: Iterable[Pack]) -> list[Group]:
    """Every group, by ambition, then the largest first, then by name: the order of the packs plays no part."""
    found: dict[tuple[Any, ...], list[tuple[Pack, Mapping[str, Any]]]] = defaultdict(list)
    for pack in packs:
        f = pack.figures
        for a in f.get("ambitions", ()):
            years = (f["base_year"], f["last_year"])
            key = (
                a["ambition"],
                a["measure"],
                a["unit"],
                a["baseline_period"],
                years,
                f["kind"],
                pack.synthetic,
            )
            found[key].append((pack, a))
    made = [Group(*(*key, tuple(members))) for key, members in found.items()]
    return sorted(made, key=_place)


def _place(g: Group) -> tuple[Any, ...]:
    anchor = (int(g.ambition), "") if g.ambition.isdecimal() else (1000, g.ambition)
    return (*anchor, -len(g.members), g.measure, g.unit, g.period, str(g.years), g.kind, g.synthetic)


@dataclass(frozen=True)
class Purse:
    """Areas whose money may be compared: the same years, kind, and real or made up."""

    years: tuple[int, ...]
    kind: str
    synthetic: bool
    members: tuple[tuple[Pack, Mapping[str, float | None]], ...]

    def values(self, figure: str) -> list[float | None]:
        return [record[figure] for _, record in self.members]


def purses(packs: Iterable[Pack]) -> list[Purse]:
    """The money of the areas that have any, the largest group first."""
    found: dict[tuple[Any, ...], list[tuple[Pack, Mapping[str, float | None]]]] = defaultdict(list)
    for pack in packs:
        if money := pack.figures.get("money"):
            key = (tuple(y for y, _, _ in money), pack.figures["kind"], pack.synthetic)
            found[key].append((pack, money_of(money)))
    made = [Purse(*(*key, tuple(members))) for key, members in found.items()]
    return sorted(made, key=lambda p: (-len(p.members), p.years, p.kind, p.synthetic))


def money_of(money: Sequence[Sequence[Any]]) -> dict[str, float | None]:
    """Left over (+) or missing (-): in the last year, all years together, the lowest year; and as % of spend.

    Money in £000s. All years together has a figure only where every year has; a spend of nought gives no share.
    """
    gaps = [gap for _, gap, _ in money]
    spends = [spend for _, _, spend in money]
    known = [g for g in gaps if g is not None]
    whole = len(known) == len(gaps)
    total = sum(known) if whole else None
    spent = sum(spends) if None not in spends else 0
    worst = min(range(len(money)), key=lambda n: float("inf") if gaps[n] is None else gaps[n])
    return {
        "gap": gaps[-1],
        "share": 100 * gaps[-1] / spends[-1] if gaps[-1] is not None and spends[-1] else None,
        "total": total,
        "total_share": 100 * total / spent if total is not None and spent else None,
        "lowest": gaps[worst],
        "lowest_year": money[worst][0],
    }


def same_levels(group: Group) -> list[tuple[float, list[Pack]]]:
    """Levels that at least three areas chose exactly though they start apart, the commonest first."""
    found: dict[float, list[tuple[Pack, Any]]] = defaultdict(list)
    for pack, record in group.members:
        if record["chosen"] is not None:
            found[record["chosen"]].append((pack, record["baseline"]))
    made = [
        (level, [pack for pack, _ in members])
        for level, members in found.items()
        if len(members) >= SAME_LEVEL and len({b for _, b in members}) > 1
    ]
    return sorted(made, key=lambda one: (-len(one[1]), one[0]))
