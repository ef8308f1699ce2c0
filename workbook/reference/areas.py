"""Areas: the shipped list and the areas that imports brought, found by code, ODS code or name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from workbook.errors import UnknownArea

ENGLAND = "E92000001"


@dataclass(frozen=True)
class Area:
    """One area. ``kind`` is "icb", "ccg", "sub-icb", "la", "region", "country", "place",
    "practice", "composed" (made of others, its members) or "synthetic"; dates are ISO, and blank where the area has no known start or end."""

    code: str
    name: str
    kind: str
    region: str = ""
    ods: str = ""
    valid_from: str = ""
    valid_to: str = ""
    successors: tuple[str, ...] = ()
    synthetic: bool = False
    source: str = ""


@dataclass(frozen=True)
class Sighting:
    """An area as a file names it; any of code, ODS code and name may be blank, not all of them."""

    kind: str
    code: str = ""
    ods: str = ""
    name: str = ""
    region: str = ""
    synthetic: bool = False


# The day the list of areas is shown for unless another is asked for: the need index that ships is that
# of 2025/26, and the boards that merged since have no figures of their own yet.
LISTED_ON = "2025-10-01"

_LITTLE = {"and", "of", "on", "the", "in", "by", "under", "upon", "with", "le", "for", "cum"}
_SHORT = {"NHS", "ICB", "CCG", "STP", "PCN", "UK"}
_CCG = {"ccg", "sub-icb"}  # they share codes: the locations took over from the groups in July 2022
# Letters, hyphens and digits only: a code becomes the name of a folder in a batch.
_NOT_CODE = re.compile(r"[^A-Z0-9]+")


def plain_name(name: str) -> str:
    """A name for comparing: no case, no punctuation, "&" as "and", without NHS, CCG, ICB or region words."""
    text = re.sub(r"\s+-\s+[A-Z0-9]{3,5}\s*$", "", name.strip())
    text = text.replace("&", " and ").casefold()
    text = re.sub(r"\b(nhs|ccg|icb|clinical commissioning group|integrated care board)\b", " ", text)
    text = re.sub(r"\(statistical\)|\bregion\b", " ", text)
    return re.sub(r"[^a-z0-9]+", "", text)


def friendly_name(name: str, kind: str = "") -> str:
    """A name as a reader writes it: "SOUTH TYNESIDE" is "South Tyneside"."""
    shouted = name.isupper()
    text = re.sub(r"\s+", " ", name.replace(" & ", " and ")).strip()
    text = "".join(letter for letter in text if letter.isprintable())  # no sign that moves a screen's cursor
    if kind == "ccg":
        text = re.sub(r"^NHS | CCG$", "", text)
    if kind in ("ccg", "icb"):
        text = re.sub(r"\s+-\s+[A-Z0-9]{3,5}$", "", text)
        text = text.replace("Integrated Care Board", "ICB")
    words = text.split(" ")
    return " ".join(_word(w, first=i == 0, shouted=shouted) for i, w in enumerate(words))


def _word(word: str, *, first: bool, shouted: bool) -> str:
    if word in _SHORT:
        return word
    if word.lower() in _LITTLE and not first:
        return word.lower()
    if not shouted:
        return word
    return "-".join(
        part if part.isdigit() else part[:1].upper() + part[1:].lower() for part in word.split("-")
    )


class AreaBook:
    """The areas that are known, and what a run of imports adds to them.

    ``meet`` says which area a file means. It links what two files say of the
    same area (one knows the ONS code, the other the ODS code, a third only the
    name), so the order of the files does not matter. ``changed`` holds the areas
    to be saved and ``renamed`` the codes that gave way to a better one.
    """

    def __init__(self, areas: Iterable[Area], aliases: dict[str, str] | None = None) -> None:
        self.areas: dict[str, Area] = {}
        self.aliases = dict(aliases or {})
        self.changed: dict[str, Area] = {}
        self.renamed: dict[str, str] = {}
        self._by_ods: dict[str, list[str]] = {}
        self._by_name: dict[tuple[str, str], list[str]] = {}
        for area in areas:
            self._put(area)

    def find(self, code: str) -> Area | None:
        """The area with that code, alias or ODS code; None if there is none."""
        wanted = code.strip().upper()
        for candidate in (code.strip(), wanted, self.aliases.get(wanted, "")):
            if candidate in self.areas:
                return self.areas[candidate]
        same_ods = [self.areas[c] for c in self._by_ods.get(wanted, ())]
        # An ODS code outlives a change of boundary: the shipped list (which has dates) comes before a
        # file's, of those the area that still stands; or else the first of its codes, which is the one
        # that tables without ONS codes are filed under.
        return min(
            same_ods,
            key=lambda a: (not a.valid_from, bool(a.valid_to), a.kind == "sub-icb", a.code),
            default=None,
        )

    def named(self, name: str, kind: str) -> Area | None:
        """The area of that kind with that name; of several the one with the first code."""
        codes = self._by_name.get((family(kind), plain_name(name)), ())
        return self.areas[min(codes)] if codes else None

    def meet(self, seen: Sighting, source: str = "") -> str:
        """The code of the area a file means; it is added, or completed, where it has to be."""
        known = self._known(seen)
        if known is None:
            area = Area(
                code=seen.code or seen.ods or made_code(seen),
                name=friendly_name(seen.name, seen.kind) or seen.code or seen.ods,
                kind=seen.kind,
                region=seen.region,
                ods=seen.ods or self._shared_ods(seen),
                synthetic=seen.synthetic,
                source=source,
            )
            self._save(area)
            return area.code
        completed = self._complete(known, seen)
        self._absorb(completed.code, seen)
        return completed.code

    def _shared_ods(self, seen: Sighting) -> str:
        """The ODS code of a body of the same name under another ONS code: only its boundary changed."""
        twin = self.named(seen.name, seen.kind) if seen.name and is_ons(seen.code) else None
        return twin.ods if twin and is_ons(twin.code) else ""

    def _absorb(self, code: str, seen: Sighting) -> None:
        """Stand-ins for the same area, made when less was known of it, give way to ``code``."""
        same = set(self._by_ods.get(seen.ods.upper(), ())) if seen.ods else set()
        same |= set(self._by_name.get((family(seen.kind), plain_name(seen.name)), ())) if seen.name else set()
        for other in same - {code}:
            if not is_ons(other) and is_ons(code) and self._same_body(self.areas[other], self.areas[code]):
                self._rename(other, code)

    @staticmethod
    def _same_body(one: Area, two: Area) -> bool:
        return family(one.kind) == family(two.kind) and (not one.ods or not two.ods or one.ods == two.ods)

    def _known(self, seen: Sighting) -> Area | None:
        if seen.code and (found := self.find(seen.code)):
            return found
        # The ODS code of the same kind, then the name; a sub-ICB location of that ODS code comes last,
        # because its boundary may be a later one than the file's.
        for found in (
            self._with_ods(seen, {seen.kind}),
            self._by_seen_name(seen),
            self._with_ods(seen, _CCG),
        ):
            if found is not None and self._may_be(found, seen):
                return found
        return None

    def _by_seen_name(self, seen: Sighting) -> Area | None:
        return self.named(seen.name, seen.kind) if seen.name else None

    def _with_ods(self, seen: Sighting, kinds: Collection[str]) -> Area | None:
        """The area of these kinds with that ODS code; of several the one of the same name, the shipped one, the first."""
        if not seen.ods or seen.kind not in kinds:
            return None
        same = [self.areas[c] for c in self._by_ods.get(seen.ods.upper(), ())]
        name = plain_name(seen.name)
        return min(
            (a for a in same if a.kind in kinds),
            key=lambda a: (plain_name(a.name) != name, not a.valid_from, a.code),
            default=None,
        )

    @staticmethod
    def _may_be(found: Area, seen: Sighting) -> bool:
        """A link by ODS code or name holds unless both have an ONS code, or an ODS code, that differ."""
        other_code = seen.code and is_ons(found.code) and found.code != seen.code
        other_ods = seen.ods and found.ods and found.ods != seen.ods
        return not (other_code or other_ods)

    def _complete(self, area: Area, seen: Sighting) -> Area:
        better = replace(area, ods=area.ods or seen.ods, region=area.region or seen.region)
        if area.kind == "sub-icb" and seen.kind == "ccg":  # the same body before July 2022
            better = replace(better, kind="ccg", name=friendly_name(seen.name, "ccg") or area.name)
        if seen.kind == area.kind == "composed" and seen.name not in ("", area.name):
            _drop(self._by_name, (area.kind, plain_name(area.name)), area.code)
            better = replace(
                better, name=friendly_name(seen.name, seen.kind)
            )  # its owner calls it otherwise now
        if area.name in (area.code, area.ods) and seen.name:
            better = replace(better, name=friendly_name(seen.name, seen.kind))
        stand_in = seen.code if is_ons(seen.code) else seen.ods if area.code == made_code(seen) else ""
        if stand_in and not is_ons(area.code) and stand_in != area.code:
            self._rename(area.code, stand_in)
            better = replace(better, code=stand_in)
        if better != area:
            self._save(better)
        return better

    def _rename(self, old: str, new: str) -> None:
        gone = self.areas.pop(old)
        self.changed.pop(old, None)
        _drop(self._by_ods, gone.ods.upper(), old)
        _drop(self._by_name, (family(gone.kind), plain_name(gone.name)), old)
        self.renamed = {k: (new if v == old else v) for k, v in self.renamed.items()} | {old: new}
        self.aliases = {k: (new if v == old else v) for k, v in self.aliases.items()} | {old.upper(): new}

    def _save(self, area: Area) -> None:
        self._put(area)
        self.changed[area.code] = area

    def _put(self, area: Area) -> None:
        self.areas[area.code] = area
        if area.ods:
            _add(self._by_ods, area.ods.upper(), area.code)
        if area.kind != "sub-icb":  # named after their board, several alike
            _add(self._by_name, (family(area.kind), plain_name(area.name)), area.code)


def _add(index: dict, key: object, code: str) -> None:
    codes = index.setdefault(key, [])
    if code not in codes:
        codes.append(code)


def _drop(index: dict, key: object, code: str) -> None:
    if code in index.get(key, ()):
        index[key].remove(code)


def family(kind: str) -> str:
    """CCGs and the sub-ICB locations that followed them share codes, so they are looked up together."""
    return "ccg" if kind == "sub-icb" else kind


_KINDS_BY_PREFIX = {
    "country": ("E92", "W92", "S92", "N92", "K02", "K03", "K04", "J99"),
    "region": ("E12", "E40"),
    "la": ("E06", "E07", "E08", "E09", "E10", "E67", "W06", "S12", "N09"),
    "ccg": ("E38",),
    "icb": ("E54",),
    "place": ("E47",),
}
_KIND_OF = {prefix: kind for kind, prefixes in _KINDS_BY_PREFIX.items() for prefix in prefixes}


def kind_of(code: str) -> str:
    """The kind of area that an ONS code stands for, by its prefix; blank if the workbook has none for it."""
    return _KIND_OF.get(code[:3], "") if is_ons(code) else ""


def is_ons(code: str) -> bool:
    """Whether a code is one of the nine-character ONS codes."""
    return bool(re.fullmatch(r"[EWSNKJ]\d{8}", code))


def made_code(seen: Sighting) -> str:
    """The stand-in code of an area that a file gives by name only."""
    return f"{seen.kind.upper()}-{_NOT_CODE.sub('-', friendly_name(seen.name, seen.kind).upper()).strip('-')}"


def unknown(code: str, areas: Iterable[Area]) -> UnknownArea:
    """The error for a code nobody knows, with the nearest codes and names as the remedy."""
    close = nearest(code, areas)
    known = (
        "'workbook areas' lists those that are known; importing a publisher's file adds the areas it names."
    )
    remedy = f"Did you mean {close}? {known}" if close else known
    return UnknownArea(f"There is no area {code!r}.", remedy)


def nearest(text: str, areas: Iterable[Area], most: int = 3) -> str:
    """The areas whose code, ODS code or name comes nearest to ``text``, as words; blank if none does."""
    keys: dict[str, Area] = {}
    for area in areas:
        for key in (area.code, area.ods, area.name):
            if key:
                keys.setdefault(key.casefold(), area)
    wanted = text.strip().casefold()
    starts = [k for k in keys if wanted and k.startswith(wanted)][:most]
    close = difflib.get_close_matches(wanted, keys, n=most * 2, cutoff=0.6)
    found = {keys[k].code: keys[k] for k in [*starts, *close]}
    shown = [f"{a.code} ({a.name})" for a in list(found.values())[:most]]
    return " or ".join(shown)


def matches(area: Area, text: str) -> bool:
    """Whether a search text stands in the area's code, ODS code or name."""
    wanted = text.strip().casefold()
    return any(wanted in part.casefold() for part in (area.code, area.ods, area.name))


def valid_on(area: Area, day: str) -> bool:
    """Whether the area existed on that day (ISO); a blank start or end is open."""
    return (not area.valid_from or area.valid_from <= day) and (not area.valid_to or day <= area.valid_to)
