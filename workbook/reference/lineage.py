"""Old codes and their successors: links that files bring, and links that the list of areas tells of itself."""

from __future__ import annotations

import datetime
import itertools
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from workbook.reference.areas import Area, family, is_ons, plain_name

#: The day on which sub-ICB locations took over the codes of the clinical commissioning groups.
LOCATIONS_FROM = "2022-07-01"
_LAST_GROUP = "E38000257"  # codes after it were first given to locations
_CONTINUITY = "ONS code history: sub-ICB locations kept the codes of the clinical commissioning groups"
_SAME_ODS = "the same ODS code under a later ONS code: the boundary changed"
_SAME_NAME = "the same name under a later ONS code: the boundary or the council's duties changed"


@dataclass(frozen=True)
class Link:
    """One step from an area to another.

    ``kind`` is "merged" (several into one), "split" (one into several), "renamed", "continued" (the same
    body under another code, boundary or form) or "within" (the old area is a part of the new one).
    ``on`` is the ISO day of the change, or blank where it is not known; ``source`` says who says so.
    """

    old: str
    old_name: str
    new: str
    new_name: str
    on: str
    kind: str
    source: str


KINDS = ("merged", "split", "renamed", "continued", "within")


def of_areas(areas: Iterable[Area]) -> list[Link]:
    """The links that the list of areas tells: successors, codes that outlived a change, CCG to sub-ICB."""
    known = {a.code: a for a in areas}
    return [*_successions(known), *_same_body(known.values()), *_locations(known.values())]


def _successions(known: dict[str, Area]) -> list[Link]:
    coming: dict[str, int] = {}
    for area in known.values():
        for new in area.successors:
            coming[new] = coming.get(new, 0) + 1
    return [
        _succession(area, known.get(new) or Area(new, new, area.kind), coming[new])
        for area in known.values()
        for new in area.successors
    ]


def _succession(old: Area, new: Area, predecessors: int) -> Link:
    if len(old.successors) > 1:
        kind = "split"
    elif predecessors > 1:
        kind = "merged"
    else:
        kind = "continued" if plain_name(old.name) == plain_name(new.name) else "renamed"
    on = new.valid_from or (_day_after(old.valid_to) if old.valid_to else "")
    return Link(old.code, old.name, new.code, new.name, on, kind, old.source)


def _day_after(day: str) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()


def _same_body(areas: Collection[Area]) -> list[Link]:
    """One body under several ONS codes of a kind, told by its ODS code, or a council's by its name.

    The Office for National Statistics gives a new code when a boundary moves, if only by a few houses, or a
    council takes on other duties. So the codes stay apart, each with its own figures, and are linked.
    """
    bodies: dict[tuple[str, str], list[Area]] = {}
    for area in areas:
        same = area.ods or (plain_name(area.name) if area.kind == "la" else "")
        if same and is_ons(area.code):
            bodies.setdefault((family(area.kind), same), []).append(area)
    links = []
    for codes in bodies.values():
        codes.sort(key=_by_age)
        for old, new in itertools.pairwise(codes):
            if not old.successors:
                # The start of the later area is that of the body, not of its boundary.
                on = _day_after(old.valid_to) if old.valid_to else ""
                source = _SAME_ODS if old.ods else _SAME_NAME
                links.append(Link(old.code, old.name, new.code, new.name, on, "continued", source))
    return links


def _by_age(area: Area) -> tuple[bool, str]:
    """Codes of a kind are numbered as they are given out; a county came before the council that took its place."""
    return (not area.code.startswith(("E10", "E07")), area.code)


def _locations(areas: Collection[Area]) -> list[Link]:
    return [
        Link(
            a.code,
            f"clinical commissioning group {a.ods or a.code}",
            a.code,
            a.name,
            LOCATIONS_FROM,
            "continued",
            _CONTINUITY,
        )
        for a in areas
        if a.kind == "sub-icb" and is_group_code(a.code)
    ]


def is_group_code(code: str) -> bool:
    """Whether a code of a sub-ICB location was that of a clinical commissioning group before July 2022."""
    return is_ons(code) and code[:3] == "E38" and code <= _LAST_GROUP


def with_names(link: Link, old: str, new: str, areas: Mapping[str, Area]) -> Link:
    """The link between those codes, with the names of the areas where the link itself has none."""
    names = {code: areas[code].name if code in areas else "" for code in (old, new)}
    return replace(
        link,
        old=old,
        new=new,
        old_name=link.old_name or names[old],
        new_name=link.new_name or names[new],
    )


def once(links: Iterable[Link]) -> list[Link]:
    """Each pair of codes of one kind once, the first that says so."""
    found: dict[tuple[str, str, str], Link] = {}
    for link in links:
        found.setdefault((link.old, link.new, link.kind), link)
    return list(found.values())


def reached(codes: Collection[str], links: Iterable[Link]) -> list[Link]:
    """The links that lead on from an area, step by step to what stands today, and those that led to it.

    What lies within an area is left out: a region would list all its districts.
    """
    onward: dict[str, list[Link]] = {}
    found: dict[Link, None] = {}
    for li in sorted(links, key=lambda li: (li.on, li.old)):
        onward.setdefault(li.old, []).append(li)
        if li.new in codes and li.old not in codes and li.kind != "within":
            found[li] = None
    ahead, seen = deque(codes), set[str]()
    while ahead:
        code = ahead.popleft()
        if code in seen:
            continue
        seen.add(code)
        steps = sorted(onward.get(code, ()), key=_in_order)
        found.update(dict.fromkeys(steps))
        ahead.extend(li.new for li in steps)
    return list(found)


def onward_from(code: str, onward: Mapping[str, Collection[str]]) -> set[str]:
    """Every code that one leads to, step by step; itself only if the steps run in a circle."""
    found, ahead = set[str](), [code]
    while ahead:
        for new in onward.get(ahead.pop(), ()):
            if new not in found:
                found.add(new)
                ahead.append(new)
    return found


def _in_order(link: Link) -> tuple:
    """Changes by day before what an area lies within."""
    return (link.kind == "within", link.on or "9999", link.new)
