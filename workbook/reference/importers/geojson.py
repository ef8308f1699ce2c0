"""A GeoJSON collection as a table: one row an area with its code, its name and its outer rings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbook.errors import BadInput, FaultyFile
from workbook.reference import check
from workbook.reference.areas import is_ons

CODE, NAME, RINGS = "boundary_code", "boundary_name", "boundary_rings"
_WEST, _EAST, _SOUTH, _NORTH = -15.0, 10.0, 49.0, 62.0  # the United Kingdom and the sea round it
_LARGEST = 150_000_000  # bytes
_MOST_POINTS = 2_000_000  # minutes of work; super-generalised boundaries of a country have some ten thousand
_PLAIN_CODES = {"code", "areacd", "area", "areacode"}
_WGS84 = "Download the boundaries as GeoJSON in degrees (WGS84, EPSG:4326), super-generalised if offered."


def is_one(content: bytes) -> bool:
    """Whether a file's content is, or begins like, a GeoJSON collection."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"FeatureCollection"' in content


def rows(name: str, content: bytes) -> list[list[str]]:
    """The header and one row an area; the rings are JSON, [[longitude, latitude], ...] each.

    Raises:
        BadInput: the file broke off, holds no areas, names no codes, or counts in metres.
    """
    if len(content) > _LARGEST:
        raise _too_fine(name)
    try:
        collection = json.loads(content.decode("utf-8-sig"))
        features = [
            (_object(f.get("properties")), _object(f.get("geometry"))) for f in collection["features"]
        ]
        shapes = [(p, _outer_rings(g)) for p, g in features]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput(
            f"{name} cannot be read as GeoJSON.", "The download probably broke off; download it again."
        ) from None
    _refuse_people(name, [p for p, _ in shapes])
    shapes = [(p, rings) for p, rings in shapes if rings]
    if not shapes:
        raise BadInput(
            f"{name} is GeoJSON without the outline of any area.",
            "Download the boundaries (polygons) and not points or lines.",
        )
    _in_degrees(name, [rings for _, rings in shapes])
    if sum(len(ring) for _, rings in shapes for ring in rings) > _MOST_POINTS:
        raise _too_fine(name)
    code = _code_property(name, [p for p, _ in shapes])
    title = _name_property([p for p, _ in shapes], code)
    found = [[str(p.get(code) or ""), str(p.get(title) or ""), json.dumps(rings)] for p, rings in shapes]
    return [[CODE, NAME, RINGS], *found]


def _refuse_people(name: str, properties: list[dict[str, Any]]) -> None:
    """Points on a map may be patients; their properties are looked at like the columns of a table."""
    plain = [{k: str(v) for k, v in p.items() if isinstance(v, str | int)} for p in properties]
    found = check.people(pd.DataFrame(plain).fillna("").astype(str))
    if found:
        raise FaultyFile(name, found)


def _too_fine(name: str) -> BadInput:
    return BadInput(
        f"{name} draws its outlines with millions of points, far more than a page can show.",
        "Download the super-generalised (BSC) or ultra-generalised (BUC) boundaries.",
    )


def _object(part: Any) -> dict[str, Any]:
    """A part of the file that is absent or an object; ValueError for anything else."""
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise ValueError
    return part


def _outer_rings(geometry: Mapping[str, Any]) -> list[Any]:
    """The outer rings that enclose anything; ValueError where the coordinates are no lists."""
    kind, parts = geometry.get("type"), geometry.get("coordinates") or []
    polygons = [parts] if kind == "Polygon" else parts if kind == "MultiPolygon" else []
    if not (isinstance(polygons, list) and all(isinstance(p, list) for p in polygons)):
        raise ValueError
    rings = [polygon[0] for polygon in polygons if polygon]
    if not all(isinstance(r, list) for r in rings):
        raise ValueError
    return [ring for ring in rings if len(ring) >= 4 and len({json.dumps(point) for point in ring}) >= 3]


def _in_degrees(name: str, shapes: list[list[Any]]) -> None:
    for rings in shapes:
        for ring in rings:
            try:
                known = all(math.isfinite(p[0]) and math.isfinite(p[1]) for p in ring)
            except (TypeError, IndexError, KeyError, OverflowError):
                known = False
            if not known:
                raise BadInput(f"{name} holds a point that is no pair of numbers.", "Download it again.")
            if any(not (abs(p[0]) <= 180 and abs(p[1]) <= 90) for p in ring):
                raise BadInput(
                    f"{name} counts in metres of a grid ({ring[0][0]:g}, {ring[0][1]:g}), not in degrees.",
                    _WGS84,
                )
            if any(not (_WEST <= p[0] <= _EAST and _SOUTH <= p[1] <= _NORTH) for p in ring):
                raise BadInput(
                    f"{name} draws an area outside the United Kingdom ({ring[0][0]:g}, {ring[0][1]:g}).",
                    "GeoJSON gives the longitude first, then the latitude; the two may be exchanged. "
                    + _WGS84,
                )


def _code_property(name: str, properties: list[dict[str, Any]]) -> str:
    """The property that holds an ONS code in every area, whatever it is called; or else one called code."""
    keys = list(dict.fromkeys(k for p in properties for k in p))
    for key in keys:
        if all(is_ons(str(p.get(key) or "")) for p in properties):
            return key
    for key in keys:
        values = [str(p.get(key) or "") for p in properties]
        if (
            key.casefold().replace("_", "") in _PLAIN_CODES
            and all(values)
            and len(set(values)) == len(values)
        ):
            return key
    shown = ", ".join(keys[:8]) or "none"
    raise BadInput(
        f"{name} names no code in every area; its properties are {shown}.",
        "Download boundaries that carry ONS codes, such as ICB23CD, or name the codes 'code'.",
    )


def _name_property(properties: list[dict[str, Any]], code: str) -> str:
    stem = code.upper().removesuffix("CD").removesuffix("CODE")
    texts = [k for k, v in properties[0].items() if isinstance(v, str) and k != code]
    named = [k for k in texts if k.upper() in (f"{stem}NM", f"{stem}NAME", "NAME", "AREANM")]
    return (named or [k for k in texts if k.upper().endswith(("NM", "NAME"))] or [""])[0]
