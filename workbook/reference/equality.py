"""Groups of people whom figures may or may not be able to see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Where a group of areas stands from 1, the most deprived, to 10: the words of the profiles for tenths and fifths.
_PLACES = (
    (r"second most deprived", 2.0),
    (r"third more deprived", 3.0),
    (r"fourth more deprived", 4.0),
    (r"fifth more deprived", 5.0),
    (r"average|middle", 5.5),
    (r"fifth less deprived", 6.0),
    (r"fourth less deprived", 7.0),
    (r"third less deprived", 8.0),
    (r"second least deprived", 9.0),
    (r"most deprived", 1.0),
    (r"least deprived", 10.0),
)
_EVERYBODY = {"", "all ages", "persons", "not stated", "unknown"}


@dataclass(frozen=True)
class EqualityGroup:
    """One group: a protected characteristic, an inclusion group or one of local concern.

    ``told_by`` holds the words by which a breakdown is known to tell the group
    apart ("ethnic" stands in "Ethnic groups, broad").
    """

    id: str
    label: str
    kind: str
    told_by: tuple[str, ...] = ()
    source: str = ""
    note: str = ""

    def seen_in(self, category_type: str) -> bool:
        """Whether a breakdown of that kind tells this group apart.

        A word counts where one begins with it ("depriv" in "Deprivation decile"); one of three
        letters or fewer only whole, so that "sex" is not found in "sexuality".
        """
        text = category_type.casefold()
        return any(
            re.search(rf"\b{re.escape(w)}" + (r"\b" if len(w) < 4 else ""), text) for w in self.told_by
        )


def told_apart(
    category_types: Iterable[str], sexes: Iterable[str] = (), ages: Iterable[str] = ()
) -> tuple[str, ...]:
    """The kinds of breakdown of a series: those by category, and sex and age where it holds two or more of them.

    A figure for women only, or for people over 65 only, tells neither apart.
    """
    kinds = list(dict.fromkeys(category_types))
    for kind, values in (("Sex", sexes), ("Age", ages)):
        if len({v.casefold() for v in values} - _EVERYBODY) > 1:
            kinds.append(kind)
    return tuple(kinds)


def by_deprivation(category_type: str) -> bool:
    """Whether a breakdown is by how deprived the place is where people live."""
    return bool(re.search(r"\bdepriv|\bimd\b", category_type.casefold()))


def most_deprived_first(categories: Iterable[str]) -> list[str]:
    """The groups of a breakdown by deprivation from most to least deprived; [] where their order cannot be told.

    Known by the words of the profiles ("Second most deprived decile") or by
    number. Numbers run from the most deprived, as in the English indices, unless
    a label says otherwise ("10 most deprived").
    """
    names = list(dict.fromkeys(categories))
    for places in ({n: _place(n) for n in names}, _numbered(names)):
        if all(places.values()) and len(set(places.values())) == len(names):
            return sorted(names, key=lambda name: places[name])
    return []


def _numbered(names: list[str]) -> dict[str, float]:
    """Each label's number, turned round where the highest is called the most deprived; 0 where there is none."""
    found = {n: re.search(r"\d+", re.sub(r"imd ?\d+", "", n.casefold())) for n in names}
    numbers = {name: float(match[0]) if match else 0.0 for name, match in found.items()}
    ordered = sorted(names, key=lambda name: numbers[name])
    turned = ordered and ("most" in ordered[-1].casefold() or "least" in ordered[0].casefold())
    return {name: 1 / n if turned and n else n for name, n in numbers.items()}


def _place(name: str) -> float:
    text = name.casefold()
    return next((place for words, place in _PLACES if re.search(words, text)), 0.0)
