"""The look of every chart: calm, safe for colour-blind readers, and lean enough to draw quickly.

Measuring text is most of what a chart costs, so axes carry few labels and skip
the layout passes that measure each label again.
"""

from __future__ import annotations

from typing import Any

FONT = "Liberation Sans"  # the only family that the chart engine and the documents both carry
INK = "#1f2a33"
QUIET = "#4d5963"
RULE = "#dfe4e8"

# Told apart by lightness as well as by hue; each at least 3:1 against white.
SERIES = ["#0b5a94", "#c65a00", "#007d5b", "#8c4a86", "#8a6a00", "#5f6b76", "#3d87c9", "#a33b3b"]

_AXIS = {
    "domainColor": QUIET,
    "gridColor": RULE,
    "labelColor": INK,
    "labelFontSize": 12,
    "tickColor": QUIET,
    "tickCount": 5,
    "titleColor": INK,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "titlePadding": 8,
    "labelAngle": 0,
    "labelBound": False,
    "labelFlush": False,
    "labelLimit": 0,
    "labelOverlap": False,
    "titleLimit": 0,
}

_LEGEND = {
    "labelColor": INK,
    "labelFontSize": 12,
    "labelLimit": 0,
    "orient": "bottom",
    "direction": "horizontal",
    "symbolStrokeWidth": 2.5,
    "title": None,
}


def config() -> dict[str, Any]:
    """The Vega-Lite configuration shared by all charts."""
    return {
        "aria": False,  # the picture is described as a whole, by its title and its words
        "background": "white",
        "font": FONT,
        "padding": 6,
        "axis": dict(_AXIS),
        "axisX": {"grid": False},
        "legend": dict(_LEGEND),
        "range": {"category": list(SERIES), "ramp": ["#eaf1f7", "#0b5a94"], "heatmap": ["#eaf1f7", "#0b5a94"]},
        "view": {"stroke": None, "continuousWidth": 600, "continuousHeight": 280, "discreteWidth": 600},
        "line": {"strokeWidth": 2.5},
        "point": {"size": 45, "filled": True},
        "bar": {"color": SERIES[0]},
        "text": {"color": INK, "fontSize": 12},
        "header": {"labelColor": INK, "labelFontSize": 12, "titleColor": INK},
    }
