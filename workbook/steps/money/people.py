"""Growth of the population, and of demand by what people of each age cost."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from workbook.methods import growth
from workbook.plan import Plan
from workbook.reference import Reference

# Kinds of acute care share one profile.
_SHARED = "acute"
_OLDEST = 130


def setting_of(kind: str) -> str:
    """The age profile that a kind of growth asks for: acute-elective has that of acute."""
    return _SHARED if kind.startswith(_SHARED) else kind


def population_growth(plan: Plan, reference: Reference, setting: str = "") -> dict[int, float]:
    """Growth on the year before, as a fraction, from the projection of the area's population where one is on hand.

    With a ``setting`` that has an age profile, people count by what one of their age costs; otherwise every
    person counts the same. Mid-year figures: growth to mid-2026 moves the money of 2026/27. Where the
    projection leaves out years, the people in between lie on a straight line.
    """
    people = _people(plan, reference)
    return _grown(people, reference, setting) if len(people) else {}


def growth_by_setting(
    plan: Plan, reference: Reference, settings: Iterable[str]
) -> dict[str, dict[int, float]]:
    """:func:`population_growth` of several settings; nothing where there is no projection."""
    people = _people(plan, reference)
    return {s: _grown(people, reference, s) for s in settings} if len(people) else {}


def _people(plan: Plan, reference: Reference) -> pd.DataFrame:
    """People by year and age group, every year from the first to the last of the projection."""
    projected = reference.population(plan.area.code)
    if projected.empty:
        return pd.DataFrame()
    summed = projected.groupby(["year", "age_group"])["population"].sum().unstack(fill_value=0)
    return summed.reindex(range(int(summed.index.min()), int(summed.index.max()) + 1)).interpolate()


def _grown(people: pd.DataFrame, reference: Reference, setting: str) -> dict[int, float]:
    weights = weights_of(reference, setting, list(people.columns)) if setting else None
    found = growth.age_weighted(people, np.ones(people.shape[1]) if weights is None else weights)
    return dict(zip(people.index.tolist()[1:], found.tolist(), strict=True))


def weights_of(reference: Reference, setting: str, bands: list[str]) -> np.ndarray | None:
    """The relative cost of a person in each band of a projection; None without a profile or without age bands."""
    table = reference.age_weights()
    profile = table[table["setting"] == setting]
    ends = [_ends(band) for band in bands]
    if profile.empty or any(end is None for end in ends):
        return None
    known = [(_ends(str(band)) or (0, 0), float(w)) for band, w in profile[["age_group", "weight"]].values]
    return np.array([_weight(end, known) for end in ends if end is not None])


def has_profile(reference: Reference, setting: str) -> bool:
    """Whether there is an age profile for a setting."""
    table: pd.DataFrame = reference.age_weights()
    return bool((table["setting"] == setting).any()) if len(table) else False


def _ends(band: str) -> tuple[int, int] | None:
    """The first and last age of a band such as 05-09 or 90+; None where it is no band of ages."""
    found = re.fullmatch(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})|(\+))?\s*", band)
    if not found:
        return None
    first = int(found[1])
    return first, _OLDEST if found[3] else int(found[2] or first)


def _weight(ends: tuple[int, int], profile: list[tuple[tuple[int, int], float]]) -> float:
    """The plain mean of the weights of the profile's bands that a band reaches into."""
    inside = [w for (first, last), w in profile if first <= ends[1] and ends[0] <= last]
    return float(np.mean(inside)) if inside else 1.0
