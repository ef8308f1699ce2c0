"""Which areas are put together from others, and their figures."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.errors import BadInput, FaultyFile
from workbook.reference import composed
from workbook.reference.areas import Area, family
from workbook.reference.composed import Composed
from workbook.reference.store import SERIES
from workbook.words import listed, plural

if TYPE_CHECKING:
    import pandas as pd

    from workbook.reference.catalogue import Reference

FORMAT = "composition"
_COUNTY = "E10"
_MOST_NAMED = 10
_NOT_NAME = re.compile(r"[^A-Za-z0-9]+")
_SERIES_OF = "SELECT {columns} FROM series WHERE area IN ({marks})"


@dataclass(frozen=True)
class Composition:
    """What an area is made of. ``refused`` says in a sentence why its figures cannot be put together."""

    members: tuple[str, ...]
    source: str
    refused: str = ""


# --- boards that merged ---------------------------------------------------------


def derived(area: Area, areas: Iterable[Area]) -> Composition | None:
    """An area as its predecessors, from the list of areas; None where it has none.

    Only predecessors that went into it whole can be added up. One that was shared out among several
    successors takes the whole with it: what part of its figures came here is not known.
    """
    before = [a for a in areas if area.code in a.successors and family(a.kind) == family(area.kind)]
    before = _one_tier(sorted(before, key=lambda a: a.code))
    if not before:
        return None
    source = f"its predecessors: {listed(a.name for a in before)}"
    parts = [a.name for a in before if len(a.successors) > 1]
    if not parts:
        return Composition(tuple(a.code for a in before), source)
    return Composition(
        (),
        source,
        f"{area.name} took over parts of {listed(parts)}. What part of their figures came with them is not known, so "
        "its figures cannot be put together from those of its predecessors.",
    )


def _one_tier(before: list[Area]) -> list[Area]:
    """A county that became the new area whole is all of it; one that was shared out gives way to its districts."""
    counties = [a for a in before if a.code.startswith(_COUNTY)]
    others = [a for a in before if a not in counties]
    if len(counties) == 1 and len(counties[0].successors) == 1:
        return counties
    return others or counties


# --- figures --------------------------------------------------------------------


class Compositions:
    """The areas of a reference that are put together, and their figures, worked out when first asked for."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._known: dict[str, Composition] | None = None
        self._figures: dict[str, dict[str, Composed]] = {}

    @property
    def known(self) -> Mapping[str, Composition]:
        """Every area that is put together, or cannot be, by code; what a person imported comes first."""
        if self._known is None:
            reference = self._reference
            self._known = {}
            areas = reference.areas()
            before = {new for a in areas for new in a.successors}
            for area in areas:
                if area.code in before and (made := derived(area, areas)):
                    self._known[area.code] = made
            imported: dict[str, list[str]] = {}
            for whole, member in reference.store.query(
                "SELECT area, member FROM member ORDER BY area, member"
            ):
                imported.setdefault(reference._code(whole), []).append(reference._code(member))
            for whole, members in imported.items():
                self._known[whole] = Composition(tuple(members), "a composition that was brought in")
        return self._known

    def members(self, code: str) -> tuple[str, ...]:
        """The members of an area; none for an area that is whole in itself, or cannot be put together."""
        made = self.known.get(code)
        return made.members if made else ()

    def overlaps(self, code: str) -> set[str]:
        """Every other area that shares people with this one, as far as compositions, successors and links tell."""
        mine = {code, *self.members(code)}
        found = mine | {other for other, made in self.known.items() if mine & {other, *made.members}}
        for area in self._reference.areas():
            if mine & set(area.successors):
                found.add(area.code)
            if area.code in mine:
                found |= set(area.successors)
        for link in self._reference.links():  # the same body under another code
            if link.kind in ("continued", "renamed") and mine & {link.old, link.new}:
                found |= {link.old, link.new}
        return found - {code}

    def asked(self, codes: Iterable[str]) -> list[str]:
        """Those of ``codes`` that are put together and stand by themselves.

        Where a member is asked for too, its people would count twice among the areas: the whole gives way.
        """
        asked = set(codes)
        return sorted(c for c in asked if (members := self.members(c)) and not asked & set(members))

    def of(self, code: str) -> Mapping[str, Composed]:
        """Every indicator of an area that is put together, by id, refused ones among them."""
        if code not in self._figures:
            self._figures[code] = self._work_out(code)
        return self._figures[code]

    def rows(self, indicator: str, codes: Iterable[str], own: Collection[str] = ()) -> pd.DataFrame | None:
        """The figures of one indicator for those of ``codes`` that are put together; None if there are none.

        Areas of ``own`` have figures that somebody published for them, which come first.
        """
        import pandas as pd

        found = [self.of(code).get(indicator) for code in self.asked(codes) if code not in own]
        frames = [c.rows for c in found if c is not None and not c.rows.empty]
        return pd.concat(frames, ignore_index=True) if frames else None

    def _work_out(self, code: str) -> dict[str, Composed]:
        members = self.members(code)
        if not members:
            return {}
        reference = self._reference
        figures = self._figures_of(members)
        names = {m: a.name for m in members if (a := reference._areas.find(m))}
        return {
            str(id): composed.compose(reference.indicator(str(id)), rows, code, members, names)
            for id, rows in figures.groupby("indicator", sort=True)
            if id in reference._indicators
        }

    def _figures_of(self, codes: Sequence[str]) -> pd.DataFrame:
        import pandas as pd

        reference = self._reference
        query = _SERIES_OF.format(columns=", ".join(SERIES), marks=", ".join("?" for _ in codes))
        frame = pd.DataFrame(reference.store.query(query, tuple(codes)), columns=list(SERIES))
        shipped = reference._demo_series
        shipped = shipped[shipped["area"].isin(codes)]
        return shipped if frame.empty else frame if shipped.empty else pd.concat([shipped, frame])

    def refused(self, code: str) -> dict[str, str]:
        """The indicators that the area's members have and it cannot, each with its reason."""
        made = self.known.get(code)
        if made is None:
            return {}
        if made.refused:
            before = [a.code for a in self._reference.areas() if code in a.successors]
            return {str(id): made.refused for id in sorted(self._figures_of(before)["indicator"].unique())}
        return {id: c.refused for id, c in self.of(code).items() if c.refused}

    def rings(self, code: str) -> list[list[list[float]]]:
        """The outlines of the members; none unless every member has one, for a part would look like all."""
        members = self.members(code)
        if not members:
            return []
        found = self._reference.boundaries(members)
        return [ring for rings in found.values() for ring in rings] if len(found) == len(members) else []

    def population(self, code: str) -> pd.DataFrame | None:
        """Year, sex, age group and people of the members together; only what every member has."""
        import pandas as pd

        members = self.members(code)
        if not members:
            return None
        parts = [self._reference.population(m) for m in members]
        every = pd.concat(parts, ignore_index=True)
        bands = every.groupby(["year", "sex", "age_group"], as_index=False)["population"].agg(["sum", "size"])
        # A year of which one band is missing somewhere would look like fewer people.
        short = set(bands.loc[bands["size"] < len(members), "year"])
        bands = bands[~bands["year"].isin(short)].rename(columns={"sum": "population"})
        return bands[["year", "sex", "age_group", "population"]].reset_index(drop=True)

    def need_index(self, code: str) -> pd.DataFrame | None:
        """The members' indices of need, weighted by their people: registered where known, else resident.

        Index = (weighted / registered people) / (the same of England), so the whole's is the mean of its
        members' weighted by registered people. None where a member's index or people are not on hand.
        """
        import pandas as pd

        members = self.members(code)
        weights = {m: self._people(m) for m in members}
        if not members or not all(weights.values()):
            return None
        parts = [self._reference.need_index(m).assign(people=weights[m]) for m in members]
        every = pd.concat(parts, ignore_index=True)
        every["weighted"] = every["index"] * every["people"]
        groups = every.groupby("component", sort=False)
        made = groups.agg(
            label=("label", "first"),
            weighted=("weighted", "sum"),
            people=("people", "sum"),
            n=("index", "count"),
        )
        made = made[made["n"] == len(members)]
        made["index"] = made["weighted"] / made["people"]
        return made.reset_index()[["component", "label", "index"]]

    def _people(self, code: str) -> float:
        """Registered people of the shipped index of need, else the latest resident population; 0 if unknown."""
        shipped = self._reference._shipped_need
        if "registered" in shipped:
            mine = shipped.loc[shipped["area"] == code, "registered"].dropna()
            if len(mine):
                return float(mine.iloc[0])
        people = self._reference.population(code)
        if people.empty:
            return 0.0
        latest = people[people["year"] == people["year"].min()]
        return float(latest["population"].sum())


# --- writing --------------------------------------------------------------------


def write(reference: Reference, code: str, name: str, members: Sequence[str]) -> str:
    """Keep that an area is made of others; gives back what was done, in a sentence.

    It goes in as the template ``composition`` does, so the same checks hold.

    Raises:
        BadInput: the members cannot be put together; says every reason.
    """
    from workbook.reference import importers
    from workbook.reference.importers.composition import is_name

    code, name = code.strip().upper(), name.strip()
    if not is_name(name):
        raise BadInput(
            f"{name[:60]!r} is no name for an area." if name else f"{code[:60]} was given no name.",
            "Give it a name of one line, as pages and documents will print it.",
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"composition-{_NOT_NAME.sub('-', code[:60])}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("code", "name", "member"))
            rows.writerows((code, name, member.strip()) for member in members)
        try:
            importers.take([path], reference, FORMAT)
        except FaultyFile as error:
            refusing = [f for f in error.faults if f.severity == "refuses"]
            reasons = dict.fromkeys(f"{f.problem} {f.remedy}" for f in refusing)
            raise BadInput(f"{name} was not put together. {' '.join(reasons)}") from None
    names = [reference.area(member).name for member in reference.members(code)]
    shown = (
        names if len(names) <= _MOST_NAMED + 1 else [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} more"]
    )
    return f"{code} is {name}, put together from {plural(len(names), 'area')}: {listed(shown)}."
