"""A population by age and sex."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.charts.parts import (
    INK,
    MUTED,
    SMALL,
    TEXT,
    WIDTH,
    Rows,
    Spec,
    chart,
    is_number,
    layer,
    placed_at,
    text_mark,
)
from workbook.charts.scales import TITLE_ON_TOP, Scale, lean_axis


def pyramid(rows: Rows) -> Spec:
    """A population by age and sex: males to the left, females to the right.

    Rows: age, sex, population, year; ages from the youngest up. With two years
    the earlier is filled and the later is outlined; more years than two are not drawn.
    """
    years = sorted({r["year"] for r in rows})
    shown = years[:1] + years[1:][-1:]
    ages = list(dict.fromkeys(str(r["age"]) for r in rows))
    data = [_pyramid_row(r) for r in rows if r["year"] in shown and is_number(r.get("population"))]
    scale = Scale([0.0, *(abs(d["people"]) for d in data)], "people", zero=True, ticks=4)
    return chart(_pyramid_layers(data, ages, shown, scale), WIDTH - 60, max(15 * len(ages), 60))


def _pyramid_row(row: Mapping[str, Any]) -> Spec:
    male = str(row["sex"]).strip().lower().startswith("m")
    people = float(row["population"])
    return {"age": str(row["age"]), "people": -people if male else people, "year": row["year"]}


def _pyramid_layers(data: list[Spec], ages: list[str], years: list[int], scale: Scale) -> list[Spec]:
    ticks = sorted({sign * t for t in scale.ticks for sign in (-1, 1)})
    axis = lean_axis(ticks, title="people") | {"labelExpr": "format(abs(datum.value), ',')"}
    x = {
        "field": "people",
        "type": "quantitative",
        "scale": {"domain": [-scale.high, scale.high], "nice": False},
        "axis": axis,
    }
    y_axis = lean_axis([]) | {"grid": False, "title": "age"} | TITLE_ON_TOP
    for switch in ("values", "tickCount", "format"):
        y_axis.pop(switch)
    y = {
        "field": "age",
        "type": "ordinal",
        "sort": ages[::-1],
        "scale": {"paddingInner": 0.12},
        "axis": y_axis,
    }
    layers = []
    for i, year in enumerate(years):
        colour = {"condition": {"test": "datum.people < 0", "value": "#5b93c7"}, "value": "#d9853b"}
        mark: Spec = {"type": "bar"}
        if i:
            mark |= {"filled": False, "stroke": INK, "strokeWidth": 1.4}
        encoding: Spec = {"x": x, "y": y} | ({} if i else {"color": colour})
        layers.append(layer([d for d in data if d["year"] == year], mark, encoding))
    return layers + _sides(years)


def _sides(years: list[int]) -> list[Spec]:
    """Males and females above their sides; the years between, as filled and outlined."""
    style = text_mark(color=INK, baseline="bottom", size=TEXT) | {"fontWeight": "bold"}
    width = WIDTH - 60
    layers = [
        layer([{"words": words}], style | {"align": "center"}, placed_at(width * at, -8))
        for words, at in (("Males", 0.25), ("Females", 0.75))
    ]
    if len(years) > 1:
        words = f"filled: {years[0]}, outlined: {years[-1]}"
        note = text_mark(color=MUTED, align="center", baseline="bottom", size=SMALL)
        layers.append(layer([{"words": words}], note, placed_at(width / 2, -8)))
    return layers
