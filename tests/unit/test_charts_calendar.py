"""The calendar of stopping and the strip of gates: valid, legible, and every date and count there in words."""

import json
import random
from datetime import date, timedelta

import altair as alt
import pytest

from tests.unit.chart_sight import assert_whole_and_apart, rows_of, svg, words
from workbook import charts
from workbook.charts.calendar import LOOKS

EVENTS = {
    "consulted": date(2026, 1, 22),
    "notified": date(2026, 2, 12),
    "decided": date(2026, 3, 26),
    "notice": date(2026, 12, 1),
    "earliest": date(2027, 6, 1),
    "last day": date(2027, 9, 30),
    "contract ends": date(2028, 3, 31),
    "review": date(2028, 9, 30),
}
GROUPS = ["Questions", "Tests and duties", "Quality and equality", "Where the need goes", "Money", "Notice and dates", "Record"]  # fmt: skip


def row(name="Ward 9, medical beds at Northmere General", **events):
    held = EVENTS if not events else {k.replace("_", " "): v for k, v in events.items()}
    return {"name": name, "events": [{"kind": k, "day": d} for k, d in held.items()]}


def many(count):
    dice = random.Random(count)
    rows = []
    for n in range(count):
        notice = date(2026, 4, 1) + timedelta(days=dice.randrange(900))
        dates = {"notice": notice, "earliest": notice + timedelta(days=183)}
        dates["last_day"] = notice + timedelta(days=dice.randrange(60, 500))
        rows.append(row(f"Service {n} with quite a long name of its own", **dates))
    return rows


def gates(count):
    dice = random.Random(count)
    cells = lambda: [{"group": g, "blocks": dice.randrange(3), "open": dice.randrange(4)} for g in GROUPS]  # noqa: E731
    return [
        {"name": f"Service {n} of a long list", "verdict": "ready with conditions", "cells": cells()}
        for n in range(count)
    ]


DRAWN = {
    "calendar of one": lambda: charts.calendar([row()]),
    "calendar of eight": lambda: charts.calendar([row(f"Service {n}") for n in range(8)]),
    "calendar of a page": lambda: charts.calendar(many(24)),
    "calendar of sixty": lambda: charts.calendar(many(60)),
    "calendar of one day": lambda: charts.calendar([row(last_day=date(2026, 3, 31))]),
    "calendar of forty years": lambda: charts.calendar(
        [row(notice=date(1990, 1, 1), last_day=date(2030, 1, 1))]
    ),
    "strip of one": lambda: charts.strip(gates(1), GROUPS),
    "strip of a page": lambda: charts.strip(gates(24), GROUPS),
    "strip of sixty": lambda: charts.strip(gates(60), GROUPS),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_it_is_valid_legible_and_no_wider_than_the_page(kind, capfd):
    spec = DRAWN[kind]()
    alt.Chart.from_dict(spec, validate=True)
    picture = svg(spec)
    assert capfd.readouterr().err == ""
    assert json.loads(json.dumps(spec)) == spec
    assert_whole_and_apart(picture)
    assert float(picture.split('width="')[1].split('"')[0]) <= 700


def test_nothing_to_draw_still_gives_a_chart():
    for spec in (charts.calendar([]), charts.calendar([{"name": "Bare"}]), charts.strip([], []), charts.strip([{"name": "Bare"}], GROUPS)):  # fmt: skip
        alt.Chart.from_dict(spec, validate=True)
        assert "<svg" in svg(spec)


def test_every_date_of_a_few_rows_stands_in_words():
    printed = " ".join(words(charts.calendar([row()])))
    for on in EVENTS.values():
        assert f"{on.day} {on:%b %Y}" in printed
    assert "31 Mar 2027" in printed


def test_each_kind_of_date_has_its_own_sign_besides_its_colour():
    assert len({(look["shape"], look["fill"] == "#ffffff") for look in LOOKS.values()}) == len(LOOKS)


def test_days_stand_in_order_of_time():
    placed = [r["x"] for r in rows_of(charts.calendar([row()]), "point")][: len(EVENTS)]
    assert placed == sorted(placed)


@pytest.mark.parametrize(("days", "said"), [(-1, True), (0, False), (1, False)])
def test_too_early_is_said_in_words(days, said):
    first = date(2027, 6, 1)
    spec = charts.calendar(
        [row(notice=date(2026, 12, 1), earliest=first, last_day=first + timedelta(days=days))]
    )
    assert ("too early" in words(spec)) is said


def test_a_cell_carries_its_number_and_its_shape():
    cells = [{"group": "Money", "blocks": 3, "open": 0}, {"group": "Record", "blocks": 0, "open": 2}]
    spec = charts.strip([{"name": "S", "verdict": "not ready", "cells": cells}], ["Money", "Record", "Dates"])
    printed = words(spec)
    assert {"3", "2", "not ready", "blocks", "condition"} <= set(printed)
