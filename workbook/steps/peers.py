"""The areas an area is compared with: how they are found, and what makes them alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from workbook.errors import UnknownArea, UnknownIndicator
from workbook.methods import peers as method
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.kept import once
from workbook.words import listed

# What stands in for the official variables: on hand for every clinical commissioning group once the
# allocation table is imported, and for councils and boards once the indices of deprivation are.
_FOUND_BY = ("population-mid-year", "allocation")
_A_HEAD = "allocation-per-head"
_DEPRIVATION = "imd-2025-score"
_AT_LEAST = 5
MANY = 30  # more areas than that are no group that anybody chose
OFFICIAL = "the official method of 2021 (Similar 10)"

# The locations of 2022 took over the codes of the groups, so one year's figures hold both kinds.
_ONE_KIND = ("ccg", "sub-icb")
_COUNTY, _DISTRICT = "E10", "E07"
_OF_A_NATION = re.compile(r"[ENSW]\d{8}")


@dataclass(frozen=True)
class Variable:
    """A figure by which areas are alike: its share of the weight (0 to 1) and the year it was taken from."""

    indicator: str
    label: str
    unit: str
    decimals: int
    share: float
    year: int | None


@dataclass(frozen=True)
class Alike:
    """One area with its distance from the plan's (0 is the same) and its figures, one a variable."""

    code: str
    distance: float
    values: tuple[float, ...]


@dataclass(frozen=True)
class Peers:
    """The areas an area is compared with, and how they were found.

    ``series`` are the indicators they were found by. ``variables``, ``own`` (the
    area's figures) and ``alike`` are blank where nobody knows what they were
    chosen by. ``provisional``: found by something less than a list or a full set of variables.
    """

    codes: tuple[str, ...]
    how: str
    provisional: bool
    series: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    own: tuple[float, ...] = ()
    alike: tuple[Alike, ...] = ()


def known_code(reference: Reference, code: str) -> str:
    """The code that an area is filed under, from any code it is known by; "" where it is not known."""
    try:
        return reference.area(code).code
    except UnknownArea:
        return ""


def peers_of(plan: Plan, reference: Reference) -> Peers:
    """The plan's own peers, else those its own variables find, else the list that was imported or ships,
    else the areas most alike by the official variables, by two that stand in for them, or all of the kind."""
    return once(plan, reference, ("peers",), lambda: _peers_of(plan, reference))


def _peers_of(plan: Plan, reference: Reference) -> Peers:
    if chosen := _apart(plan, reference, filter(None, (known_code(reference, c) for c in plan.needs.peers))):
        reason = "for the reason below" if plan.needs.peers_reason else "and no reason is given"
        return Peers(chosen, f"locally, {reason}", False)
    if plan.needs.peer_variables and (found := _by_own_variables(plan, reference)):
        return found
    if listed_ones := reference.peers(plan.area.code):
        source = reference.peers_from(plan.area.code)
        return Peers(_apart(plan, reference, listed_ones), f"by {source}" if source else "by a list", False)
    for find in (_by_official_variables, _by_size_and_allocation, _by_deprivation):
        if found := find(plan, reference):
            return found
    everyone = tuple(code for code in of_kind(plan, reference) if code != plan.area.code)
    return Peers(everyone, "every area of the same kind, because no list of peers is on hand", True)


def _apart(plan: Plan, reference: Reference, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes without the area itself, its parts, and whatever shares people with it."""
    kin = kin_of(reference, plan.area.code)
    return tuple(code for code in codes if code not in kin)


def kin_of(reference: Reference, code: str) -> set[str]:
    """The area, the parts it is composed of, and the areas that share people with it: never its comparators."""
    own = known_code(reference, code) or code
    return {own, code, *reference.members(code), *reference.overlaps(code)}


# --- which areas may stand beside one another ---------------------------------------------


def comparable(area: str, codes: Iterable[str]) -> list[str]:
    """Those of ``codes`` that may stand beside ``area``: of its nation, and none that lies within another.

    A county and its own districts are never compared, nor counted twice. A
    unitary authority, borough or city stands among counties where the figures
    are known for counties, else among districts.
    """
    near = [c for c in codes if _nation(c) == _nation(area)]
    with_districts = area.startswith(_DISTRICT) or not any(c.startswith(_COUNTY) for c in (area, *near))
    other_tier = _COUNTY if with_districts else _DISTRICT
    return [c for c in near if not c.startswith(other_tier)]


def _nation(code: str) -> str:
    """The letter of the nation in a nine-character code; "" for codes of people's own."""
    return code[0] if _OF_A_NATION.fullmatch(code) else ""


def of_kind(plan: Plan, reference: Reference) -> list[str]:
    """The areas of the plan's kind: the kind that is known here, since a plan edited by hand may have lost it.

    An area that is composed of others stands among areas of their kind. The
    parts of an area, what it came from and what it became are left out.
    """
    known = {area.code: area.kind for area in reference.areas()}
    own = known.get(plan.area.code, plan.area.kind)
    parts = {known[member] for member in reference.members(plan.area.code) if member in known}
    kinds = parts if own == "composed" else {own}
    kinds |= set(_ONE_KIND) if kinds & set(_ONE_KIND) else set()
    kin = kin_of(reference, plan.area.code)
    mine = {plan.area.code, known_code(reference, plan.area.code)}
    return [c for c, kind in known.items() if c in mine or (kind in kinds and c not in kin)]


def beside(plan: Plan, reference: Reference, codes: Iterable[str]) -> list[str]:
    """Those of ``codes`` that the plan's area may be compared with, by nation and tier.

    A composed area has a code of its own making: it is of the nation and tier of its first part.
    """
    codes = list(codes)
    own = known_code(reference, plan.area.code) or plan.area.code
    members = [] if _nation(own) else list(reference.members(own))
    if not members or not _nation(members[0]):
        return comparable(own, codes)
    return [c for c in codes if c == own or c in comparable(members[0], codes)]


# --- the method of the official list -------------------------------------------------------


def _by_own_variables(plan: Plan, reference: Reference) -> Peers | None:
    weights = {v.indicator: v.weight for v in plan.needs.peer_variables if v.indicator and v.weight > 0}
    return _found(
        plan, reference, weights, "by the official method with the figures and weights chosen here", False
    )


def _by_official_variables(plan: Plan, reference: Reference) -> Peers | None:
    weights = {v.indicator: v.weight for v in reference.peer_variables()}
    if not weights or not set(weights) <= set(reference.available(plan.area.code)):
        return None
    return _found(plan, reference, weights, f"by {OFFICIAL} with its {len(weights)} variables", False)


def _found(
    plan: Plan, reference: Reference, weights: dict[str, float], how: str, provisional: bool
) -> Peers | None:
    """The ten areas most alike in the figures that ``weights`` name; None where too few areas have them.

    Figures that the area lacks, and figures below zero (the method takes square
    roots), are left out and named.
    """
    columns: dict[str, pd.Series] = {}
    years: dict[str, int] = {}
    left_out = []
    for id in weights:
        column, year = _figures(plan, reference, id)
        if year is None or (column < 0).any():
            left_out.append(_name(reference, id))
        else:
            columns[id], years[id] = column, year
    frame = pd.DataFrame(columns).dropna()
    own = known_code(reference, plan.area.code) or plan.area.code
    if own not in frame.index or len(frame) <= _AT_LEAST:
        return None
    used = {id: weights[id] for id in frame.columns}
    said = f"; left out, without usable figures: {listed(left_out)}" if left_out else ""
    return _most_alike(reference, frame, used, own, f"{how}{said}", provisional, years)


def _most_alike(
    reference: Reference,
    frame: pd.DataFrame,
    weights: dict[str, float],
    own: str,
    how: str,
    provisional: bool,
    years: dict[str, int],
) -> Peers:
    far = method.distances(frame, weights, own).head(10)
    total = sum(weights.values())
    variables = tuple(_variable(reference, id, weights[id] / total, years.get(id)) for id in weights)
    rows = frame[list(weights)]
    alike = tuple(Alike(str(c), float(d), tuple(map(float, rows.loc[str(c)]))) for c, d in far.items())
    codes = tuple(a.code for a in alike)
    return Peers(codes, how, provisional, tuple(weights), variables, tuple(map(float, rows.loc[own])), alike)


def _variable(reference: Reference, id: str, share: float, year: int | None) -> Variable:
    if id == _A_HEAD:
        return Variable(id, "Allocation a head", "£", 0, share, year)
    known = reference.indicator(id)
    return Variable(id, known.name, known.unit, known.decimals, share, year)


def _figures(plan: Plan, reference: Reference, id: str) -> tuple[pd.Series, int | None]:
    """One figure of every comparable area, by code, in the area's latest year up to the base year, or else in
    its first after it: what makes areas alike changes slowly, and the official figures are of one year."""
    own = known_code(reference, plan.area.code) or plan.area.code
    rows = reference.series(id, areas=of_kind(plan, reference)).dropna(subset=["value"])
    years = rows.loc[rows["area"] == own, "year"]
    if years.empty:
        return pd.Series(dtype=float), None
    before = years[years <= plan.base_year]
    year = int(years.min() if before.empty else before.max())
    rows = rows[(rows["year"] == year) & rows["area"].isin(beside(plan, reference, rows["area"].unique()))]
    return rows.drop_duplicates("area").set_index("area")["value"], year


def _by_deprivation(plan: Plan, reference: Reference) -> Peers | None:
    how = "the ten areas most alike in deprivation alone (provisional: no list of peers is on hand)"
    if _DEPRIVATION not in reference.available():
        return None
    return _found(plan, reference, {_DEPRIVATION: 1.0}, how, True)


def _name(reference: Reference, id: str) -> str:
    try:
        return reference.indicator(id).name
    except UnknownIndicator:  # the plan was made where the figure was on hand
        return f"“{id}”"


def _by_size_and_allocation(plan: Plan, reference: Reference) -> Peers | None:
    """By population and allocation a head, half and half: what the allocation table of the groups holds."""
    if not set(_FOUND_BY) <= set(reference.available()):
        return None
    people, year = _figures(plan, reference, _FOUND_BY[0])
    money, other = _figures(plan, reference, _FOUND_BY[1])
    if year is None or year != other:
        return None
    frame = pd.DataFrame({_FOUND_BY[0]: people, _A_HEAD: 1000 * money / people}).dropna()
    own = known_code(reference, plan.area.code) or plan.area.code
    if own not in frame.index or len(frame) <= _AT_LEAST:
        return None
    how = (
        "the ten areas most alike in population and allocation a head (provisional: the official "
        "list weighs eleven variables that are not on hand)"
    )
    found = _most_alike(
        reference,
        frame,
        {_FOUND_BY[0]: 0.5, _A_HEAD: 0.5},
        own,
        how,
        True,
        {_FOUND_BY[0]: year, _A_HEAD: year},
    )
    return Peers(found.codes, how, True, _FOUND_BY, found.variables, found.own, found.alike)


def name_of(reference: Reference, code: str) -> str:
    try:
        return reference.area(code).name
    except UnknownArea:
        return f"“{code}”"
