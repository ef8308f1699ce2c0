"""A GeoJSON collection as a table: one row an area with its code, its name and its outer rings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbook.errors import BadInput
from workbook.reference.areas import is_ons

CODE, NAME, RINGS = "boundary_code", "boundary_name", "boundary_rings"
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
    try:
        collection = json.loads(content.decode("utf-8-sig"))
        features = [(f.get("properties") or {}, f.get("geometry") or {}) for f in collection["features"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput(
            f"{name} cannot be read as GeoJSON.", "The download probably broke off; download it again."
        ) from None
    shapes = [(p, _outer_rings(g)) for p, g in features]
    shapes = [(p, rings) for p, rings in shapes if rings]
    if not shapes:
        raise BadInput(
            f"{name} is GeoJSON without the outline of any area.",
            "Download the boundaries (polygons) and not points or lines.",
        )
    _in_degrees(name, [rings for _, rings in shapes])
    code = _code_property(name, [p for p, _ in shapes])
    title = _name_property([p for p, _ in shapes], code)
    found = [[str(p.get(code) or ""), str(p.get(title) or ""), json.dumps(rings)] for p, rings in shapes]
    return [[CODE, NAME, RINGS], *found]


def _outer_rings(geometry: Mapping[str, Any]) -> list[Any]:
    kind, parts = geometry.get("type"), geometry.get("coordinates") or []
    polygons = [parts] if kind == "Polygon" else parts if kind == "MultiPolygon" else []
    return [polygon[0] for polygon in polygons if polygon and len(polygon[0]) >= 4]


def _in_degrees(name: str, shapes: list[list[Any]]) -> None:
    for rings in shapes:
        for ring in rings:
            try:
                wrong = any(not (abs(p[0]) <= 180 and abs(p[1]) <= 90) for p in ring)
            except (TypeError, IndexError):
                raise BadInput(
                    f"{name} holds a point that is no pair of numbers.", "Download it again."
                ) from None
            if wrong:
                raise BadInput(
                    f"{name} counts in metres of a grid ({ring[0][0]:g}, {ring[0][1]:g}), not in degrees.",
                    _WGS84,
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
