"""Outlines of areas (GeoJSON), made small enough for a page: shared borders stay shared."""

from __future__ import annotations

import itertools
import json
import math

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check
from workbook.reference.importers import base
from workbook.reference.importers.base import Format, Known, Parsed
from workbook.reference.importers.geojson import CODE, NAME, RINGS
from workbook.reference.importers.table import Table

Point = tuple[float, float]
Ring = list[Point]

TOLERANCE = 0.004  # degrees of latitude, some 450 metres: under a pixel on a map of England
_SMALLEST = 0.0005  # square degrees of longitude by latitude, some 4 square kilometres
_DECIMALS = 4


def read(table: Table, known: Known) -> Parsed:
    """The outer rings of every area of a kind the workbook knows, simplified; one outline an area."""
    frame, faults = table.frame, list[Fault]()
    check.filled(frame, [CODE], faults)
    twice = frame[frame[CODE].duplicated() & (frame[CODE] != "")]
    check.refuse(
        faults,
        twice,
        CODE,
        lambda c: f"{c[CODE]} has an outline already.",
        "Join the parts of one area into one feature.",
    )
    areas = {}
    for code, name in zip(frame[CODE], frame[NAME], strict=True):
        there = known.book.find(code)
        seen = base.sighting(code, name) or (base.Sighting(there.kind, there.code) if there else None)
        if seen:
            areas[code] = seen
    left = frame[~frame[CODE].isin(areas)]
    _say_left(left, len(frame), faults)
    kept = frame[frame[CODE].isin(areas)].drop_duplicates(CODE)
    outlines = simplified(
        {code: json.loads(text) for code, text in zip(kept[CODE], kept[RINGS], strict=True)}
    )
    tiny = kept[kept[CODE].map(lambda code: not outlines[code])]
    check.warn(
        faults,
        tiny.index,
        CODE,
        f"The outline of {tiny[CODE].iloc[0]} is smaller than a point on a map" if len(tiny) else "",
        "It is left out; nothing needs doing.",
    )
    outlines = {code: rings for code, rings in outlines.items() if rings}
    boundaries = pd.DataFrame(
        {
            "area": list(outlines),
            "rings": [json.dumps(rings, separators=(",", ":")) for rings in outlines.values()],
            "source": FORMAT.source,
        }
    )
    return Parsed(areas, boundaries=boundaries, faults=faults)


def _say_left(left: pd.DataFrame, whole: int, faults: list[Fault]) -> None:
    if left.empty:
        return
    severity = "refuses" if len(left) == whole else "warns"
    first = int(left.index[0])
    faults.append(
        Fault(
            f"{len(left)} of {whole} outlines are of a kind of area that the workbook does not know, "
            f"such as {left[CODE].iloc[0]}.",
            "Bring boundaries of boards, locations, councils or regions; the others are left out.",
            first,
            CODE,
            severity,
        )
    )


def simplified(shapes: dict[str, list[list[list[float]]]]) -> dict[str, list[list[list[float]]]]:
    """Outlines with fewer points. Islands too small to be seen go, but never the whole of an area.

    Borders are cut where the set of areas that share them changes, and each
    piece is simplified by itself (Douglas and Peucker 1973), so that two
    neighbours keep the same border and no gap opens between them.
    """
    rings = {
        code: [closed for ring in parts if len(closed := _closed(ring)) >= 4]
        for code, parts in shapes.items()
    }
    owners: dict[Point, set[str]] = {}
    for code, parts in rings.items():
        for ring in parts:
            for point in ring:
                owners.setdefault(point, set()).add(code)
    found = {}
    for code, parts in rings.items():
        largest = max(parts, key=_size, default=None)
        kept = [ring for ring in parts if ring is largest or _size(ring) >= _SMALLEST]
        made = [_simplified_ring(ring, owners) for ring in kept]
        found[code] = [[list(p) for p in ring] for ring in made if len(ring) >= 4]
    return found


def _closed(ring: list[list[float]]) -> Ring:
    """Each point once, the first again at the end."""
    points = [(round(float(p[0]), _DECIMALS), round(float(p[1]), _DECIMALS)) for p in ring]
    kept = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    return kept if kept[0] == kept[-1] else [*kept, kept[0]]


def _size(ring: Ring) -> float:
    """The area inside a ring, in square degrees of latitude at the ring's own latitude."""
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
    return abs(twice) / 2 * math.cos(math.radians(ring[0][1]))


def _simplified_ring(ring: Ring, owners: dict[Point, set[str]]) -> Ring:
    body = ring[:-1]
    count = len(body)
    cuts = [i for i in range(count) if owners[body[i]] != owners[body[i - 1]]]
    # A corner where the border changes hands belongs to both sides: the piece ends at a point of its own.
    cuts = sorted({*cuts, *((i - 1) % count for i in cuts)})
    if len(cuts) < 2:
        start = min(range(count), key=lambda i: body[i])  # the same for every area that shares the ring
        far = max(range(count), key=lambda i: math.dist(body[i], body[start]))
        cuts = sorted({start, far})
    made: Ring = []
    for here, there in zip(cuts, [*cuts[1:], cuts[0] + count], strict=True):
        piece = [body[i % count] for i in range(here, there + 1)]
        backwards = piece[0] > piece[-1]  # both neighbours simplify the piece the same way round
        line = _simplified_line(piece[::-1] if backwards else piece)
        made += (line[::-1] if backwards else line)[:-1]
    return [*made, made[0]]


def _simplified_line(line: Ring) -> Ring:
    """A line without the points that lie nearer than the tolerance to what is left of it."""
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    stretch = math.cos(math.radians(line[0][1]))
    while spans:
        first, last = spans.pop()
        far, at = 0.0, -1
        for i in range(first + 1, last):
            distance = _distance(line[i], line[first], line[last], stretch)
            if distance > far:
                far, at = distance, i
        if far > TOLERANCE:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [line[i] for i in sorted(keep)]


def _distance(point: Point, start: Point, end: Point, stretch: float) -> float:
    """From a point to a stretch of line, in degrees of latitude."""
    x, y = (point[0] - start[0]) * stretch, point[1] - start[1]
    dx, dy = (end[0] - start[0]) * stretch, end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else min(1.0, max(0.0, (x * dx + y * dy) / length))
    return math.hypot(x - along * dx, y - along * dy)


FORMAT = Format(
    id="boundaries",
    title="Boundaries of areas (GeoJSON)",
    required=(CODE, NAME, RINGS),
    read=read,
    source="Boundaries, Office for National Statistics; contains OS data, Crown copyright and database right",
)
