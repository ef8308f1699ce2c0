"""The catalogue: what ships with the program and what was imported, behind one door."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from workbook import paths
from workbook.reference import areas as area_room
from workbook.reference import assumptions, figures, indicators, lineage, questions, records
from workbook.reference.areas import Area, AreaBook
from workbook.reference.assumptions import Assumption
from workbook.reference.comparison import PeerVariable, SpendAndOutcome
from workbook.reference.composition import Compositions
from workbook.reference.equality import EqualityGroup
from workbook.reference.figures import Figures
from workbook.reference.indicators import Indicator
from workbook.reference.interventions import Case, Intervention
from workbook.reference.lineage import Link
from workbook.reference.questions import Framework
from workbook.reference.store import NEED, POPULATION, SERIES, Store

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

_MOST_ANSWERS = 2_000  # a batch of areas asks for ever more; a page for some hundreds
_LINKS = "SELECT old, old_name, new, new_name, on_date, kind, source FROM lineage ORDER BY old, new"


class Reference:
    """What is known about areas: shipped tables and imported figures.

    Cheap to open, and safe to send to another process, which opens it anew.
    Frames that are given out are copies; changing one changes nothing here.
    """

    def __init__(self, home: Path, data: Path) -> None:
        self.home = home
        self.data = data
        self.store = Store(home)
        self._figures = Figures(self)
        self._answers: dict[tuple, Any] = {}
        self._book: AreaBook | None = None
        self._measures: dict[str, Indicator] | None = None
        self._links: list[Link] | None = None
        self._banks: dict[str, Framework] | None = None
        self._compositions = Compositions(self)
        self._stamp = self.store.stamp()

    @classmethod
    def open(cls, home: str | Path | None = None, data: str | Path | None = None) -> Reference:
        """The shipped tables in ``data`` with what was imported into ``home`` (WORKBOOK_HOME)."""
        return cls(Path(home) if home else paths.home(), Path(data) if data else paths.shipped("data"))

    def __reduce__(self) -> tuple:
        return (Reference, (self.home, self.data))

    def refresh(self) -> None:
        """Forget what was read from the store; an import calls this."""
        self._figures = Figures(self)
        self._answers.clear()
        self._book = self._measures = self._links = self._banks = None
        self._compositions = Compositions(self)
        self._stamp = self.store.stamp()

    @property
    def stamp(self) -> object:
        """Changes whenever an import changes what is known; for keeping what was worked out."""
        return self.store.stamp()

    def _see_changes(self) -> None:
        """Notice an import that another process made; a page stays open for hours."""
        if self.store.stamp() != self._stamp:
            self.refresh()

    def _once(self, key: tuple, work: Callable[[], T]) -> T:
        """What was worked out before for ``key``, else worked out now: a page asks the same many times over."""
        self._see_changes()
        if key not in self._answers:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = work()
        return self._answers[key]

    # --- areas ---

    @property
    def _areas(self) -> AreaBook:
        self._see_changes()
        if self._book is None:
            known = {a.code: a for a in (*self._shipped_areas, *self.store.areas())}
            self._book = AreaBook(known.values(), self.store.aliases())
        return self._book

    @functools.cached_property
    def _shipped_areas(self) -> list[Area]:
        return [a for part in ("", "demo") for a in records.load(Area, self.data / part / "areas.csv")]

    def area_book(self) -> AreaBook:
        """A fresh book of the known areas, for an import to write in."""
        return AreaBook(self._areas.areas.values(), self._areas.aliases)

    def _code(self, code: str) -> str:
        """The code that figures are filed under. A code that is not known here has no figures, and that is
        no fault: a plan may be read where its data are not."""
        found = self._areas.find(code)
        return found.code if found else code

    def area(self, code: str) -> Area:
        """The area with that code or ODS code.

        Raises:
            UnknownArea: nobody knows it; the remedy names the nearest.
        """
        found = self._areas.find(code)
        if found is None:
            raise area_room.unknown(code, self._areas.areas.values())
        return found

    def areas(self, kind: str | None = None, find: str | None = None, on: str | None = None) -> list[Area]:
        """The areas of a kind, with a text in code or name, that existed on a day (ISO); by kind and code."""
        found = [
            a
            for a in self._areas.areas.values()
            if (kind is None or a.kind == kind)
            and (find is None or area_room.matches(a, find))
            and (on is None or area_room.valid_on(a, on))
        ]
        return sorted(found, key=lambda a: (a.kind, a.code))

    def peers(self, code: str) -> tuple[str, ...]:
        """The area's peers, the most similar first, of an imported list before the shipped one; may be none."""
        area = self._code(code)
        imported = self.store.query("SELECT peer FROM peer WHERE area = ? ORDER BY rank, peer", (area,))
        return tuple(self._code(peer) for (peer,) in imported) or self._peers.get(area, ())

    def peers_from(self, code: str) -> str:
        """Where the area's list of peers comes from, in words; blank where there is none."""
        area = self._code(code)
        imported = self.store.query(
            "SELECT source, file FROM import WHERE id = (SELECT max(import) FROM peer WHERE area = ?)",
            (area,),
        )
        if imported:
            source, file = imported[0]
            return f"{source} (imported from {file})" if source else f"a list imported from {file}"
        if area not in self._peers:
            return ""
        known = self._areas.find(area)
        return "the synthetic system's own list" if known and known.synthetic else "the list that ships"

    @functools.cached_property
    def _peers(self) -> dict[str, tuple[str, ...]]:
        listed: dict[str, list[tuple[float, str]]] = {}
        for part in ("", "demo"):
            for row in records.rows(self.data / part / "peers.csv"):
                listed.setdefault(row["area"], []).append((float(row.get("rank") or 0), row["peer"]))
        return {area: tuple(peer for _, peer in sorted(peers)) for area, peers in listed.items()}

    @property
    def compositions(self) -> Compositions:
        """The areas that are put together from others, and their figures."""
        self._see_changes()
        return self._compositions

    def members(self, code: str) -> tuple[str, ...]:
        """The areas that a composed area is made of, by code; none for an area that is whole in itself.

        An imported composition comes first; else a board into which others merged whole is made of those.
        """
        return self.compositions.members(self._code(code))

    def refused(self, code: str) -> dict[str, str]:
        """The indicators that a composed area's members have and it cannot have, each with its reason."""
        return self.compositions.refused(self._code(code))

    def overlaps(self, code: str) -> set[str]:
        """The other areas that share people with an area; none of them may stand among its comparators."""
        return self.compositions.overlaps(self._code(code))

    def lineage(self, code: str) -> list[Link]:
        """What an area came from and, step by step, what it became and lies within; by date.

        Links that files brought, those that the list of areas tells (successors), and the codes that
        outlived a change. An unknown code has none, unless a file links it.
        """
        return lineage.reached({code, self._code(code)}, self.links())

    def links(self) -> list[Link]:
        """Every link that is known, imported ones first; codes are those that figures are filed under."""
        areas = self._areas.areas
        if self._links is None:
            imported = [Link(*row) for row in self.store.query(_LINKS)]
            resolved = [
                lineage.with_names(li, old, self._code(li.new), areas)
                for li in imported
                for old in self._codes_of_body(li.old)
            ]
            self._links = lineage.once([*resolved, *lineage.of_areas(areas.values())])
        return list(self._links)

    def _codes_of_body(self, code: str) -> list[str]:
        """A file that gives an ODS code means the body under each of the ONS codes that it had."""
        areas = self._areas.areas
        if code in areas:
            return [code]
        same = [a.code for a in areas.values() if a.ods and a.ods == code.upper()]
        return sorted(same) or [self._code(code)]

    def boundaries(self, codes: Iterable[str]) -> dict[str, list[list[list[float]]]]:
        """The outlines of those areas that have one: code as given, rings of [longitude, latitude].

        Outer rings only, simplified for a map on a page; imported ones stand before the shipped one.
        """
        areas = {code: self._code(code) for code in codes}
        rows = self.store.query(
            "SELECT area, rings FROM boundary WHERE area IN (SELECT value FROM json_each(?))",
            (json.dumps(list(areas.values())),),
        )
        imported = dict(rows)
        found = {}
        for code, area in areas.items():
            rings = json.loads(imported[area]) if area in imported else self._shipped_boundaries.get(area)
            rings = rings or self.compositions.rings(area)
            if rings:
                found[code] = rings
        return found

    @functools.cached_property
    def _shipped_boundaries(self) -> dict[str, list[list[list[float]]]]:
        path = self.data / "demo" / "boundaries.geojson"
        if not path.exists():
            return {}
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {f["properties"]["code"]: f["geometry"]["coordinates"] for f in features}

    # --- indicators ---

    @property
    def _indicators(self) -> dict[str, Indicator]:
        self._see_changes()
        if self._measures is None:
            # The catalogue is looked after; what an import registered gives way to it.
            self._measures = {i.id: i for i in self.store.indicators()} | self._shipped_indicators
        return self._measures

    @functools.cached_property
    def _shipped_indicators(self) -> dict[str, Indicator]:
        return {i.id: i for i in records.load(Indicator, self.data / "indicators.csv")}

    def indicators(self) -> list[Indicator]:
        """Every indicator: the catalogue's, then those that imports registered."""
        shipped = self._shipped_indicators
        return [*shipped.values(), *(i for i in self._indicators.values() if i.id not in shipped)]

    def indicator(self, id: str) -> Indicator:
        """The indicator with that id.

        Raises:
            UnknownIndicator: nobody knows it; the remedy names the nearest.
        """
        if id not in self._indicators:
            raise indicators.UnknownIndicator(
                f"There is no indicator {id!r}.", indicators.nearest(id, self._indicators.values())
            )
        return self._indicators[id]

    def find_indicator(self, text: str) -> Indicator:
        """The one indicator of that id or name.

        Raises:
            UnknownIndicator: none fits, or several do; the remedy names them.
        """
        return indicators.find(text, self._indicators.values())

    def available(self, code: str | None = None) -> list[str]:
        """Ids of the indicators that have a series, for one area if ``code`` is given; sorted."""
        return list(self._once(("available", code), lambda: self._figures.available(code)))

    def broken_down(self, code: str) -> list[str]:
        """Ids of the indicators with figures by category for one area, also where the whole has none; sorted."""
        self._see_changes()
        return self._figures.broken_down(code)

    # --- figures ---

    def series(
        self,
        indicator: str,
        *,
        area: str | None = None,
        areas: Iterable[str] | None = None,
        kind: str | None = None,
        sex: str | None = None,
        age: str | None = None,
    ) -> pd.DataFrame:
        """One indicator's figures, sorted by area and year; empty where there are none.

        ``sex`` and ``age`` None mean Persons and All ages where the indicator
        has them, or else the variant with the most figures. Breakdowns by
        category are left out; :meth:`breakdown` gives them.
        """
        group = None if areas is None else tuple(areas)
        key = ("series", indicator, area, group, kind, sex, age)
        return self._once(key, lambda: self._figures.series(indicator, area, group, kind, sex, age)).copy()

    def breakdown(self, indicator: str, area: str) -> pd.DataFrame:
        """An indicator's figures by category (deprivation decile, age, cause) for one area."""
        self._see_changes()
        return self._figures.breakdown(indicator, area)

    def parts(self, indicator: str, area: str) -> pd.DataFrame:
        """By which sexes, ages and kinds of category an area's figures are told apart: the distinct
        combinations of sex, age and category_type, blank for figures without a category."""
        self._see_changes()
        return self._figures.parts(indicator, area)

    def population(self, code: str) -> pd.DataFrame:
        """Columns year, sex, age_group and population of an area; empty where there is no projection."""
        self._see_changes()
        return self._figures.population(code)

    def need_index(self, code: str) -> pd.DataFrame:
        """Columns component, label and index (1.00 is England) of an area; empty where there is none."""
        self._see_changes()
        return self._figures.need_index(code)

    @functools.cached_property
    def _demo_series(self) -> pd.DataFrame:
        return figures.typed(figures.table(self.data / "demo" / "series.csv", SERIES))

    @functools.cached_property
    def _demo_population(self) -> pd.DataFrame:
        return figures.table(self.data / "demo" / "population.csv", POPULATION)

    @functools.cached_property
    def _shipped_need(self) -> pd.DataFrame:
        return figures.table(self.data / "need_index.csv", NEED)

    def places(self) -> pd.DataFrame:
        """The figures of places as the sources print them."""
        return figures.table(self.data / "places.csv").copy()

    @functools.cached_property
    def _age_weights(self) -> pd.DataFrame:
        return figures.table(self.data / "age_weights.csv")

    def age_weights(self) -> pd.DataFrame:
        """What a person of each age costs against others: setting, age_group, weight, status, source, reference."""
        return self._age_weights

    def segments(self) -> pd.DataFrame:
        """The segments of a population as the sources print them."""
        return figures.table(self.data / "segments.csv").copy()

    def backtests(self) -> pd.DataFrame:
        """How the do-nothing line did on published series: one row a series, errors and coverage as shares."""
        return self._backtests.copy()

    @functools.cached_property
    def _backtests(self) -> pd.DataFrame:
        return figures.table(self.data / "backtest.csv", ("series", "label"))

    # --- what areas are compared by ---

    @functools.cached_property
    def _peer_variables(self) -> list[PeerVariable]:
        return records.load(PeerVariable, self.data / "peer_variables.csv")

    def peer_variables(self) -> list[PeerVariable]:
        """The variables of the official Similar 10 method with their weights of 2021."""
        return list(self._peer_variables)

    @functools.cached_property
    def _quadrants(self) -> list[SpendAndOutcome]:
        return records.load(SpendAndOutcome, self.data / "quadrants.csv")

    def quadrants(self) -> list[SpendAndOutcome]:
        """Which spending per head stands beside which outcome."""
        return list(self._quadrants)

    # --- assumptions, questions, sources ---

    @functools.cached_property
    def _equality_groups(self) -> list[EqualityGroup]:
        return records.load(EqualityGroup, self.data / "equality_groups.csv")

    def equality_groups(self) -> list[EqualityGroup]:
        """The groups of people whom figures should be able to see: protected, inclusion, local."""
        return list(self._equality_groups)

    @functools.cached_property
    def _assumptions(self) -> list[Assumption]:
        return records.load(Assumption, self.data / "assumptions.csv")

    def assumptions(self) -> list[Assumption]:
        """Every dated assumption."""
        return list(self._assumptions)

    def assumption(self, id: str, year: int) -> Assumption:
        """The assumption that holds in a year.

        Raises:
            BadInput: no such assumption, or none for that year.
        """
        return assumptions.holding(id, year, self._assumptions)

    @functools.cached_property
    def _shipped_frameworks(self) -> dict[str, Framework]:
        return questions.load(self.data)

    @property
    def _frameworks(self) -> dict[str, Framework]:
        """The sources' frameworks, then the banks of the person's own, whose ids cannot be those of a source."""
        self._see_changes()
        if self._banks is None:
            self._banks = {b.id: b for b in self.store.banks()}
        return self._shipped_frameworks | self._banks

    def local_banks(self, step: str) -> list[Framework]:
        """The question banks of the person's own that the page of a step asks, by id; none where none was imported."""
        return [f for f in self.frameworks(step) if f.id.startswith(questions.LOCAL)]

    def framework(self, id: str) -> Framework:
        """One framework with its items.

        Raises:
            BadInput: no such framework.
        """
        return questions.one(id, self._frameworks)

    def frameworks(self, step: str | None = None) -> list[Framework]:
        """The frameworks, those of one step if it is named."""
        return [f for f in self._frameworks.values() if step is None or f.step == step]

    @functools.cached_property
    def _interventions(self) -> list[Intervention]:
        return records.load(Intervention, self.data / "interventions.csv")

    def interventions(self) -> list[Intervention]:
        """The library of interventions that ships, in its order; local entries stand in the plan."""
        return list(self._interventions)

    @functools.cached_property
    def _cases(self) -> list[Case]:
        return records.load(Case, self.data / "cases.csv")

    def cases(self, framework: str = "") -> list[Case]:
        """What the sources tell of places that tried something, those of one list if it is named."""
        return [c for c in self._cases if not framework or c.framework == framework]

    def sources(self, indicator_ids: Collection[str]) -> list[dict[str, str]]:
        """Name, source, licence and vintage of each indicator, as they are to be printed."""
        return [
            dict(self._once(("source", id), functools.partial(self._source, id)))
            for id in records.unique(indicator_ids)
        ]

    def _source(self, id: str) -> dict[str, str]:
        known = self._indicators.get(id) or Indicator(id, id)
        taken = self.store.query(
            "SELECT source, licence, vintage FROM import WHERE id IN "
            "(SELECT DISTINCT import FROM series WHERE indicator = ?) ORDER BY id DESC",
            (id,),
        )
        source, licence, vintage = taken[0] if taken else ("", "", "")
        return {
            "name": known.name,
            "source": known.source or source,
            "licence": known.licence or licence,
            # What was imported is what is shown; the catalogue tells of the publisher's latest.
            "vintage": f"figures for {vintage}" if vintage else known.vintage,
        }

    def imports(self) -> list[dict[str, Any]]:
        """The files that were imported, in their order."""
        return self.store.imports()
