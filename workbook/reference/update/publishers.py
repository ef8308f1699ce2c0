"""Who publishes which figures, where: addresses, types of area and series are data (``data/publishers.csv``)."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbook.errors import UnknownArea, UnknownIndicator, UsageError
from workbook.reference import indicators, records
from workbook.reference.areas import Area, kind_of
from workbook.words import listed

if TYPE_CHECKING:
    from workbook.reference.catalogue import Reference

MIRROR = "WORKBOOK_MIRROR"


@dataclass(frozen=True)
class Publisher:
    """One open service. ``address`` holds ``{series}``, ``{area_type}`` and ``{parent}`` to be filled in;
    ``about`` is the address of what is said about a file, or blank. ``hosts`` are the only other hosts that
    a download may be sent on to. ``tried`` says whether the address was tried against the live service."""

    id: str
    name: str
    prefix: str
    address: str
    about: str
    hosts: tuple[str, ...]
    by_hand: str
    licence: str
    tried: bool
    note: str = ""


@dataclass(frozen=True)
class AreaType:
    """What a publisher calls a kind of area; ``code_prefix`` narrows it to codes that start so."""

    publisher: str
    kind: str
    code_prefix: str
    area_type: str
    parent: str
    words: str
    note: str = ""


@dataclass(frozen=True)
class Served:
    """One indicator of the catalogue and the publisher's own name for it."""

    publisher: str
    indicator: str
    series: str


@dataclass(frozen=True)
class Download:
    """One file to bring: all areas of one type, all years. ``name`` is what it is kept under."""

    publisher: Publisher
    series: str
    area_type: str
    words: str
    indicators: tuple[str, ...]
    address: str
    about: str
    hosts: tuple[str, ...]

    @property
    def name(self) -> str:
        """A file name that says what is in it."""
        plain = re.sub(r"[^A-Za-z0-9-]+", "-", f"{self.publisher.id}-{self.series}-{self.area_type}")
        return f"{plain}.csv"


@dataclass(frozen=True)
class Wanted:
    """What to bring, and sentences on what nobody publishes."""

    downloads: tuple[Download, ...]
    said: tuple[str, ...] = ()


@dataclass
class Publishers:
    """The publishers of ``data``; ``mirror`` is an address that stands in for all of them."""

    data: Path
    mirror: str = field(default_factory=lambda: os.environ.get(MIRROR, ""))

    def __post_init__(self) -> None:
        self.mirror = self.mirror.rstrip("/")
        if self.mirror and urlsplit(self.mirror).scheme not in ("http", "https"):
            raise UsageError(
                f"{self.mirror} is no address of a mirror.", "Write it as https://figures.example.org/mirror."
            )

    @cached_property
    def known(self) -> dict[str, Publisher]:
        """Every publisher by its id."""
        return {p.id: p for p in records.load(Publisher, self.data / "publishers.csv")}

    @cached_property
    def area_types(self) -> list[AreaType]:
        """Every type of area, in the order in which they are tried."""
        return records.load(AreaType, self.data / "publisher_areas.csv")

    @cached_property
    def served(self) -> list[Served]:
        """Every indicator that somebody publishes."""
        return records.load(Served, self.data / "publisher_series.csv")

    def wanted(
        self,
        reference: Reference,
        codes: Sequence[str],
        only: Collection[str] = (),
        source: str | None = None,
    ) -> Wanted:
        """The files for some areas and their peers.

        Raises:
            UnknownArea: an area that nobody knows.
            UnknownIndicator: an indicator that no publisher serves.
        """
        series = self._chosen(reference, only, source)
        areas = _with_peers(reference, codes)
        found: dict[str, Download] = {}
        for publisher in {s.publisher: self.known[s.publisher] for s in series}.values():
            for area_type in self._types(publisher, areas):
                for one in self._files(publisher, area_type, series):
                    found.setdefault(one.name, one)
        return Wanted(tuple(found.values()), tuple(self._unserved(series, areas)))

    def all_files(
        self, reference: Reference, only: Collection[str] = (), source: str | None = None
    ) -> list[Download]:
        """Every file that any publisher serves, for every type of area."""
        series = self._chosen(reference, only, source)
        found: dict[str, Download] = {}
        for area_type in self.area_types:
            for one in self._files(self.known[area_type.publisher], area_type, series):
                found.setdefault(one.name, one)
        return list(found.values())

    def _chosen(self, reference: Reference, only: Collection[str], source: str | None) -> list[Served]:
        if source and source not in self.known:
            raise UsageError(f"There is no publisher {source!r}.", f"They are {listed(self.known)}.")
        offered = [s for s in self.served if source in (None, s.publisher)]
        if not only:
            return offered
        chosen = []
        for id in records.unique(only):
            mine = [s for s in offered if s.indicator == id] or self._unlisted(id, source)
            if not mine:
                near = indicators.nearest(id, [reference.indicator(s.indicator) for s in offered])
                whose = self.known[source].name if source else "No publisher that the workbook knows"
                verb = "does not serve" if source else "serves"
                raise UnknownIndicator(f"{whose} {verb} the indicator {id!r}.", near)
            chosen += mine
        return chosen

    def _unlisted(self, id: str, source: str | None) -> list[Served]:
        """An indicator that the catalogue does not hold, but whose id says the publisher's own number."""
        for publisher in self.known.values():
            number = id.removeprefix(publisher.prefix) if publisher.prefix else ""
            if number.isdigit() and number != id and source in (None, publisher.id):
                return [Served(publisher.id, id, number)]
        return []

    def _types(self, publisher: Publisher, areas: Iterable[Area]) -> list[AreaType]:
        found = (self._type(publisher, area) for area in areas)
        return list(dict.fromkeys(t for t in found if t))

    def _type(self, publisher: Publisher, area: Area) -> AreaType | None:
        for area_type in self.area_types:
            fits = (area_type.publisher, area_type.kind) == (publisher.id, area.kind)
            if fits and area.code.startswith(area_type.code_prefix):
                return area_type
        return None

    def _unserved(self, series: list[Served], areas: list[Area]) -> Iterable[str]:
        for id in dict.fromkeys(s.publisher for s in series):
            publisher = self.known[id]
            names = [a.name for a in areas if self._type(publisher, a) is None]
            if names:
                shown = [*names[:3], f"{len(names) - 3} more"] if len(names) > 4 else names
                yield f"{publisher.name} publishes nothing for {listed(shown)}, as far as the workbook knows."

    def _files(self, publisher: Publisher, area_type: AreaType, series: list[Served]) -> Iterable[Download]:
        mine: dict[str, list[str]] = {}
        for one in series:
            if one.publisher == publisher.id:
                mine.setdefault(one.series, []).append(one.indicator)
        for name, ids in mine.items():
            filled = {"series": name, "area_type": area_type.area_type, "parent": area_type.parent}
            yield Download(
                publisher,
                name,
                area_type.area_type,
                area_type.words,
                tuple(ids),
                self._address(publisher, publisher.address.format(**filled)),
                self._address(publisher, publisher.about.format(**filled)) if publisher.about else "",
                self._hosts(publisher),
            )

    def _address(self, publisher: Publisher, address: str) -> str:
        """The address, on the mirror if there is one: MIRROR/fingertips/api/..., MIRROR/ons/..."""
        if not self.mirror:
            return address
        parts = urlsplit(address)
        return f"{self.mirror}/{publisher.id}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def _hosts(self, publisher: Publisher) -> tuple[str, ...]:
        own = urlsplit(self.mirror or publisher.address).netloc
        return (own, *publisher.hosts)


def _with_peers(reference: Reference, codes: Sequence[str]) -> list[Area]:
    """The areas, the members of those that are put together, and the peers of each."""
    found: dict[str, Area] = {}
    for code in codes:
        area = _area(reference, code)
        parts = reference.members(area.code) or (area.code,)
        for part in (*parts, *reference.peers(area.code)):
            known = _area(reference, part)
            if not known.synthetic:
                found[known.code] = known
    return list(found.values())


def _area(reference: Reference, code: str) -> Area:
    """The area of that code. One that is not known yet may be asked for all the same by its ONS code, which
    says its kind: a fresh home knows no councils, and the download is what brings their names.

    Raises:
        UnknownArea: nobody knows it, and the code says no kind of area that anybody publishes for.
    """
    try:
        return reference.area(code)
    except UnknownArea:
        plain = code.strip().upper()
        kind = kind_of(plain)
        if not kind:
            raise
        return Area(plain, plain, "sub-icb" if kind == "ccg" else kind)
