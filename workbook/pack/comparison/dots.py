"""One dot an area along one scale: where the areas lie, and which lie apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_BINS = 60
_WIDTH, _TALLEST = 620, 150  # pixels
_AMONG, _APART = "among the others", "stands out"


def strip(values: Sequence[float | None], outside: Iterable[int], title: str) -> dict[str, Any] | None:
    """The dots as a Vega-Lite specification; None where fewer than two areas have a figure.

    Equal figures are piled up; areas that stand out are drawn as diamonds, so that colour is not needed.
    """
    apart = set(outside)
    known = sorted((v, n in apart) for n, v in enumerate(values) if v is not None)
    if len(known) < 2:
        return None
    rows = _piled(known)
    most = max(row["y"] for row in rows)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": _WIDTH,
        "height": max(40, min(_TALLEST, 12 * most)),
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "opacity": 1, "size": 45 if most < 15 else 16},
        "encoding": {
            "x": {
                "field": "x",
                "type": "quantitative",
                "title": title,
                "scale": {"zero": False, "nice": True},
            },
            "y": {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [0, most + 1]}},
            "shape": _told_by(["circle", "diamond"]),
            "color": _told_by(["#4a535c", "#b45309"]),
        },
    }


def _piled(known: Sequence[tuple[float, bool]]) -> list[dict[str, Any]]:
    """A dot for each figure, in order of size: those that lie near each other one above another."""
    low, high = known[0][0], known[-1][0]
    width = (high - low) / _BINS or 1.0
    piles: dict[int, int] = {}
    rows = []
    for value, out in known:
        bin_ = int((value - low) / width)
        piles[bin_] = piles.get(bin_, 0) + 1
        rows.append({"x": float(f"{value:.6g}"), "y": piles[bin_], "is": _APART if out else _AMONG})
    return rows


def _told_by(looks: list[str]) -> dict[str, Any]:
    """The encoding that tells those that stand out from the others by shapes or by colours."""
    return {
        "field": "is",
        "type": "nominal",
        "scale": {"domain": [_AMONG, _APART], "range": looks},
        "legend": {"orient": "top", "title": None},
    }
