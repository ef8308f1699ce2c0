"""The look of every chart: calm, safe for colour-blind readers, and lean enough to draw quickly.

Measuring text is most of what a chart costs, so axes carry few labels and skip
the layout passes that measure each label again.
"""

from __future__ import annotations

from typing import Any

from workbook.charts import parts as charts

FONT = "Liberation Sans"  # the only family that the chart engine and the documents both carry
_SERIES = list(charts.PALETTE)
_RAMP = ["#eaf1f7", charts.PALETTE[0]]

_AXIS = {
    "domainColor": charts.MUTED,
    "gridColor": charts.FAINT,
    "labelColor": charts.INK,
    "labelFontSize": 12,
    "tickColor": charts.MUTED,
    "tickCount": 5,
    "titleColor": charts.INK,
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
    "labelColor": charts.INK,
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
        "padding": {
            "left": 6,
            "top": 6,
            "right": 12,
            "bottom": 6,
        },  # some readers of Word files set words wider
        "axis": dict(_AXIS),
        "axisX": {"grid": False},
        "legend": dict(_LEGEND),
        "range": {"category": _SERIES, "ramp": _RAMP, "heatmap": _RAMP},
        "view": {"stroke": None, "continuousWidth": 600, "continuousHeight": 280, "discreteWidth": 600},
        "line": {"strokeWidth": 2.5},
        "point": {"size": 45, "filled": True},
        "bar": {"color": _SERIES[0]},
        "text": {"color": charts.INK, "fontSize": 12},
        "header": {"labelColor": charts.INK, "labelFontSize": 12, "titleColor": charts.INK},
    }
