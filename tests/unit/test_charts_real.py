"""The pictures drawn from published figures: of real areas, at their real number and size."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from scipy.stats import chi2

from tests.unit.chart_sight import assert_whole_and_apart, rows_of, svg, words
from workbook import charts

pytestmark = pytest.mark.real


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def areas(real: Path) -> list[dict]:
    """Every CCG of 2018: its treatable mortality, and the population that rate and deaths imply."""
    found = []
    for row in _read(real / "ccg_outcomes/ccg_avoidable_mortality_2004_2019.csv"):
        if row["year"] == "2018" and row["treatable_mortality_rate"] and row["treatable_mortality_deaths"]:
            rate, deaths = float(row["treatable_mortality_rate"]), float(row["treatable_mortality_deaths"])
            name = f"NHS {row['ccg_name'].title()} CCG"
            place = {"area": name, "value": rate, "denominator": deaths / rate * 100_000, "deaths": deaths}
            found.append(place | {"own": "South Tyneside" in name, "peer": len(found) % 20 == 3})
    return found


def test_a_funnel_of_every_ccg(areas):
    rate = sum(a["deaths"] for a in areas) / sum(a["denominator"] for a in areas) * 100_000
    limits = []
    for n in range(5_000, 1_300_000, 25_000):
        expected = rate * n / 100_000
        limits.append({"denominator": n})
        for level, tail in (("95", 0.025), ("998", 0.001)):
            limits[-1][f"lower{level}"] = chi2.ppf(tail, 2 * expected) / 2 / n * 100_000
            limits[-1][f"upper{level}"] = chi2.ppf(1 - tail, 2 * expected + 2) / 2 / n * 100_000
    spec = charts.funnel(
        areas,
        limits,
        unit="deaths per 100,000",
        benchmark=rate,
        denominator_label="people",
        benchmark_label="All",
    )
    picture = svg(spec)
    assert_whole_and_apart(picture)
    assert len(json.dumps(spec)) < 150_000
    points = [r for r in rows_of(spec, "point") if "role" in r]
    assert len(points) == len(areas) > 150
    assert 20 < sum(p["outside"] for p in points) < 80
    assert "South Tyneside CCG" in words(spec)


@pytest.fixture(scope="module")
def boards(real: Path) -> list[dict]:
    held = json.loads((real / "boundaries/icb_april2023_BSC.geojson").read_text(encoding="utf-8"))
    found = []
    for feature in held["features"]:
        shape, what = feature["geometry"], feature["properties"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings = [ring for part in parts for ring in part]
        found.append({"code": what["ICB23CD"], "name": what["ICB23NM"], "rings": rings, "role": "other"})
    return found


@pytest.mark.parametrize("own", ["Bath and North East Somerset", "South East London", "Cornwall"])
def test_a_map_of_england_stays_small_and_names_every_peer(boards, own):
    rows = [
        b | {"role": "own" if own in b["name"] else "peer" if i % 4 == 0 else "other"}
        for i, b in enumerate(boards)
    ]
    spec = charts.map_(rows)
    assert len(json.dumps(spec)) < 100_000
    picture = svg(spec)
    assert len(picture) < 150_000
    assert_whole_and_apart(picture)
    printed = words(spec)
    peers = [r for r in rows if r["role"] == "peer"]
    assert {str(n) for n in range(1, len(peers) + 1)} <= set(printed) and "this area" in printed
    wide, tall = spec["width"], spec["height"]
    assert 1.1 < tall / wide < 1.5  # England is taller than it is wide


def test_the_segments_of_the_shipped_case_show_its_contradictions():
    rows = []
    for row in _read(Path("data/segments.csv")):
        people, spend, total = (
            float(row[k]) if row[k] else None for k in ("population_thousands", "spend_per_head", "total_m")
        )
        holds = None
        if people is not None and spend is not None and total is not None:
            slack = 0.05 * spend / 1000 + 0.5 * people / 1000 + 0.05
            holds = abs(people * spend / 1000 - total) <= slack
        cell = {"group": row["segment"], "age": row["age"], "population": people, "spend": spend}
        rows.append(cell | {"total": total, "holds": holds, "whole": row["total"] == "true"})
    spec = charts.segment_matrix(rows)
    assert_whole_and_apart(svg(spec))
    printed = words(spec)
    assert printed.count("\u2260") >= 1 and printed.count("no figure") == 1
