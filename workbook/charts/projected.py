"""Boundaries on a plane: projected, simplified to what a screen shows, and hatched."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

Point = tuple[float, float]
Ring = list[Point]

_MERIDIAN = -2.0  # degrees: the central meridian of the National Grid
_STEP = 0.5  # pixels to which places are rounded: no screen or page shows less
_LEAST = 5  # square pixels below which an island is left out


def projected(ring: Iterable[Sequence[float]]) -> Ring:
    """Longitude and latitude (degrees) on the plane of a transverse Mercator map about 2 degrees west.

    The shape that readers know from British maps, on a sphere of radius 1; y runs
    downwards. Source: Snyder, Map Projections: a working manual (1987), section 8.
    """
    return [_plane(float(p[0]), float(p[1])) for p in ring]


def _plane(longitude: float, latitude: float) -> Point:
    turn, up = math.radians(longitude - _MERIDIAN), math.radians(latitude)
    return math.atanh(math.cos(up) * math.sin(turn)), -math.atan2(math.tan(up), math.cos(turn))


def fitted(shapes: Sequence[list[Ring]], width: float, height: float) -> tuple[list[list[Ring]], Point]:
    """The shapes enlarged to fill the room (pixels), and the width and height that they take."""
    points = [p for rings in shapes for ring in rings for p in ring]
    if not points:
        return [[] for _ in shapes], (width, height)
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide, tall = max(x for x, _ in points) - left, max(y for _, y in points) - top
    scale = min(width / wide if wide else math.inf, height / tall if tall else math.inf)
    scale = scale if math.isfinite(scale) else 1.0
    placed = [
        [[((x - left) * scale, (y - top) * scale) for x, y in ring] for ring in rings] for rings in shapes
    ]
    return placed, (wide * scale, tall * scale)


def simplified(rings: list[Ring], tolerance: float = 0.5) -> list[Ring]:
    """Rings (pixels) with no more points than can be seen; islands too small to see are left out.

    The largest ring of an area always stays, as far as it has three different points.
    """
    thin = [_rounded(_thinned(ring, tolerance)) for ring in rings]
    kept = [ring for ring in thin if len(ring) > 2 and abs(area(ring)) >= _LEAST]
    if not kept and rings:
        largest = max(rings, key=lambda ring: abs(area(ring)))
        kept = [_rounded(largest)] if len(_rounded(largest)) > 2 else []
    return kept


def area(ring: Ring) -> float:
    """The area that a ring encloses; below zero where it runs the other way round."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, *ring[:1]])) / 2


def inner_point(rings: list[Ring]) -> Point:
    """A point well inside the largest ring: with room both across and up and down."""
    if not rings:
        return (0.0, 0.0)
    largest = max(rings, key=lambda ring: abs(area(ring)))
    return _well_inside(tuple(largest))


@lru_cache(maxsize=512)  # outlines stay while the figures on them change
def _well_inside(outline: tuple[Point, ...]) -> Point:
    largest = list(outline)
    top, bottom = min(y for _, y in largest), max(y for _, y in largest)
    best = (-1.0, largest[0])
    for number in range(1, 12):
        y = top + number / 12 * (bottom - top) + 1e-6
        for start, end in _runs([largest], y):
            for part in (0.25, 0.375, 0.5, 0.625, 0.75):
                at = (start + part * (end - start), y)
                free = min(at[0] - start, end - at[0], *_up_and_down(largest, at), _nearest(largest, at))
                best = max(best, (free, at))
    return best[1]


def _nearest(ring: Ring, at: Point) -> float:
    """How far the nearest corner is."""
    return min(_apart(corner, at) for corner in ring)


def level_run(rings: list[Ring], at: Point) -> tuple[float, float]:
    """From where to where the area reaches across at a point inside it, in pixels."""
    runs = _runs(rings, at[1])
    return next(((start, end) for start, end in runs if start <= at[0] <= end), (at[0], at[0]))


def _up_and_down(ring: Ring, at: Point) -> tuple[float, float]:
    """How far the edge is above and below a point."""
    for start, end in _runs([[(y, x) for x, y in ring]], at[0] + 1e-6):
        if start <= at[1] <= end:
            return (at[1] - start, end - at[1])
    return (0.0, 0.0)


def hatched(rings: list[Ring], gap: float = 6) -> list[tuple[Point, Point]]:
    """Slanting lines, ``gap`` pixels apart, over what the rings enclose; holes stay free."""
    turned = [[(x + y, y - x) for x, y in ring] for ring in rings]
    levels = [v for ring in turned for _, v in ring]
    if not levels:
        return []
    step = gap * math.sqrt(2)
    lines = []
    for number in range(math.ceil(min(levels) / step), math.floor(max(levels) / step) + 1):
        level = number * step + 1e-6  # never exactly through a corner
        for start, end in _runs(turned, level):
            lines.append(tuple(((u - level) / 2, (u + level) / 2) for u in (start, end)))
    return [(a, b) for a, b in lines]


def path(rings: list[Ring]) -> str:
    """The rings as the outline of one shape, as SVG writes it, each place from the one before."""
    found = []
    for ring in rings:
        found.append(f"M{ring[0][0]:g},{ring[0][1]:g}l")
        found.append(" ".join(f"{b[0] - a[0]:g},{b[1] - a[1]:g}" for a, b in pairwise(ring)) + "Z")
    return "".join(found)


def strokes(lines: list[tuple[Point, Point]]) -> str:
    """Straight lines, as SVG writes them."""
    return "".join("M" + "L".join(f"{round(x, 1):g},{round(y, 1):g}" for x, y in line) for line in lines)


def _runs(rings: list[Ring], y: float) -> list[tuple[float, float]]:
    """Where a level line lies inside the rings: from one crossing to the next."""
    crossings = sorted(
        a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for ring in rings
        for a, b in pairwise([*ring, *ring[:1]])
        if (a[1] <= y) != (b[1] <= y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _rounded(ring: Ring) -> Ring:
    """The ring on a fine grid, without points that fall together."""
    found: Ring = []
    for x, y in ring:
        point = (round(x / _STEP) * _STEP, round(y / _STEP) * _STEP)
        if not found or point != found[-1]:
            found.append(point)
    return found[:-1] if len(found) > 1 and found[0] == found[-1] else found


def _thinned(ring: Ring, tolerance: float) -> Ring:
    """Ramer, Douglas and Peucker's thinning: no point left out lies farther off than the tolerance."""
    if len(ring) < 4:
        return ring
    far = max(range(len(ring)), key=lambda i: _apart(ring[i], ring[0]))
    return _between(ring[: far + 1], tolerance)[:-1] + _between(ring[far:], tolerance)


def _between(line: Ring, tolerance: float) -> Ring:
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        far, gap = _farthest(line, first, last)
        if gap > tolerance:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [line[i] for i in sorted(keep)]


def _apart(a: Point, b: Point) -> float:
    return math.hypot(a[0] - b[0], a[1] - b[1])


def _farthest(line: Ring, first: int, last: int) -> tuple[int, float]:
    """The point between two others that lies farthest from the straight line through them, and how far."""
    (ax, ay), (bx, by) = line[first], line[last]
    wide, tall = bx - ax, by - ay
    long = math.hypot(wide, tall)
    between = line[first + 1 : last]
    if long:
        off = [abs(wide * (ay - y) - (ax - x) * tall) for x, y in between]
        gap = max(off)
        return first + 1 + off.index(gap), gap / long
    off = [math.hypot(x - ax, y - ay) for x, y in between]
    gap = max(off)
    return first + 1 + off.index(gap), gap
