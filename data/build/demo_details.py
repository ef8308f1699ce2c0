"""What the synthetic system knows beyond its sixteen yearly series; everything here is invented.

Breakdowns by deprivation, sex, age and ethnic group (the parts add up to the figures of the series), a
mortality rate over three years together, spending by programme, and outlines like pieces of a jigsaw.
``demo_system.write`` appends these rows after the series, so that the older rows keep their bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import demo_system as system
from demo_system import COUNTRY, OWN, PLACES, YEARS, Cell, Measure, Place, Row

LATEST = YEARS[-1]
FIFTHS = ("1 most deprived", "2", "3", "4", "5 least deprived")
FEWEST_ANSWERS = 100  # a survey's figure on fewer people is kept back
HIDDEN = "Suppressed by the publisher: fewer than 100 answers."


@dataclass(frozen=True)
class Split:
    """How one indicator falls into parts: the share of people and the effect (log or logit) of each part.

    ``own`` is added in Northmere for each step away from the middle part.
    """

    indicator: str
    kind: str
    parts: tuple[str, ...]
    shares: tuple[float, ...]
    effects: tuple[float, ...]
    own: float = 0.0
    first: int = YEARS[0]
    everywhere: bool = True


def _fifths(indicator: str, slope: float, own: float = 0.0) -> Split:
    effects = tuple(slope * (2 - i) for i in range(5))
    return Split(indicator, "Deprivation quintile", FIFTHS, (0.2,) * 5, effects, own)


SPLITS = (
    _fifths("demo-smoking", 0.26, 0.05),
    _fifths("demo-avoidable-admissions", 0.19, 0.03),
    _fifths("demo-early-cancer", -0.10, -0.03),
    _fifths("demo-gp-experience", -0.05),
    _fifths("demo-flu-vaccination", 0.0),  # no gradient, so that one can be seen to be flat
    Split("demo-smoking", "Sex", ("Female", "Male"), (0.51, 0.49), (-0.09, 0.09)),
    Split(
        "demo-smoking",
        "Age",
        ("18-34 yrs", "35-49 yrs", "50-64 yrs", "65+ yrs"),
        (0.27, 0.24, 0.25, 0.24),
        (0.22, 0.16, 0.05, -0.62),
        first=2020,
        everywhere=False,
    ),
    Split(
        "demo-gp-experience",
        "Ethnic group",
        ("Asian", "Black", "Mixed", "Other", "White"),
        (0.052, 0.021, 0.016, 0.008, 0.903),
        (-0.46, -0.22, -0.30, -0.35, 0.04),
        first=2020,
        everywhere=False,
    ),
)

ROLLING = Measure(
    "demo-cvd-mortality",
    "rate",
    79.0,
    per=100_000,
    decimals=1,
    age="Under 75 yrs",
    base=0.917,
    drift=-0.018,
    need=0.15,
    spread=0.06,
    turn=0.003,
    own=0.10,
    own_drift=0.004,
    shocks={2020: 0.06, 2021: 0.04},
)
SPAN = 3  # years together


@dataclass(frozen=True)
class Programme:
    """Spending per resident on a programme in pounds: level, effect of need, spread, Northmere's own."""

    name: str
    level: float
    need: float
    spread: float
    own: float


PROGRAMMES = (
    Programme("cancer", 118, 0.02, 0.06, -0.05),
    Programme("mental-health", 236, 0.08, 0.07, -0.06),
    Programme("diabetes", 31, 0.10, 0.08, 0.07),
    Programme("falls", 42, 0.05, 0.10, 0.16),
    Programme("general-practice", 182, -0.02, 0.05, -0.09),
    Programme("reablement", 28, 0.03, 0.14, 0.05),
    Programme("prevention", 24, 0.06, 0.16, -0.15),
    Programme("circulation", 129, 0.07, 0.07, 0.10),
)
SPENT_IN = YEARS[-5:]
SPENDING_GROWTH = 0.032  # a year


def rows(series: Iterable[Row]) -> Iterator[Row]:
    """The further rows of ``series.csv``; ``series`` are those that are there."""
    whole = {
        (str(r["indicator"]), str(r["area"]), int(str(r["year"]))): r
        for r in series
        if r["sex"] == "Persons" and not r["category"]
    }
    for split in SPLITS:
        yield from _broken_down(split, whole)
    yield from _rolling()
    yield from _spending()


# --- breakdowns ---------------------------------------------------------------


def _broken_down(split: Split, whole: dict[tuple[str, str, int], Row]) -> Iterator[Row]:
    measure = next(m for m in system.MEASURES if m.id == split.indicator)
    for year in (y for y in YEARS if y >= split.first):
        found = {
            p.code: _parts(split, measure, p, year, whole[split.indicator, p.code, year]) for p in PLACES
        }
        found[COUNTRY] = [_sum(cells) for cells in zip(*found.values(), strict=True)]
        for area in sorted(found):
            if area in (COUNTRY, OWN) or (split.everywhere and year == LATEST):
                yield from (_row(split, measure, area, year, cell) for cell in found[area])


def _parts(split: Split, measure: Measure, place: Place, year: int, row: Row) -> list[Cell]:
    """The counts of an area in parts that add up to the whole."""
    count, number = int(str(row["count"])), int(str(row["denominator"]))
    key = (split.indicator, split.kind, place.code, year)
    shares = [s * (1 + 0.02 * system.draw("part", *key, i)) for i, s in enumerate(split.shares)]
    numbers = _shared_out(number, shares, [number] * len(shares))
    middle = (len(split.parts) - 1) / 2
    own = split.own if place.code == OWN else 0.0
    effects = [e + own * (middle - i) for i, e in enumerate(split.effects)]
    expected = [n * _chance(measure, count / number, e) for n, e in zip(numbers, effects, strict=True)]
    drawn = [max(0.0, e + math.sqrt(e) * system.draw("count", *key, i)) for i, e in enumerate(expected)]
    limits = numbers if measure.scale == "share" else [count] * len(numbers)
    counts = _shared_out(count, drawn, limits)
    return [
        Cell("Persons", name, float(c), n) for name, c, n in zip(split.parts, counts, numbers, strict=True)
    ]


def _chance(measure: Measure, overall: float, effect: float) -> float:
    if measure.scale != "share":
        return overall * math.exp(effect)
    odds = overall / (1 - overall) * math.exp(effect)
    return odds / (1 + odds)


def _shared_out(total: int, weights: Sequence[float], limits: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total, none above its limit."""
    exact = [total * w / sum(weights) for w in weights]
    given = [min(limit, math.floor(e)) for e, limit in zip(exact, limits, strict=True)]
    order = sorted(range(len(exact)), key=lambda i: (given[i] - exact[i], i))
    while sum(given) < total:
        for i in order:
            if sum(given) < total and given[i] < limits[i]:
                given[i] += 1
    return given


def _sum(cells: Sequence[Cell]) -> Cell:
    return Cell(cells[0].sex, cells[0].category, sum(c.count for c in cells), sum(c.number for c in cells))


def _row(split: Split, measure: Measure, area: str, year: int, cell: Cell) -> Row:
    by_sex = split.kind == "Sex"
    made = system._row(measure, area, year, cell)
    made |= {
        "sex": cell.category if by_sex else "Persons",
        "category_type": "" if by_sex else split.kind,
        "category": "" if by_sex else cell.category,
    }
    if split.kind == "Ethnic group" and cell.number < FEWEST_ANSWERS:
        made |= dict.fromkeys(("value", "lower", "upper", "count"), "") | {"note": HIDDEN}
    return made


# --- three years together -----------------------------------------------------


def _rolling() -> Iterator[Row]:
    """Deaths of three years over the people of three years; neighbouring periods share two of them."""
    for start in range(YEARS[0] - SPAN + 1, LATEST - SPAN + 2):
        years = range(start, start + SPAN)
        found = {
            p.code: system._together(c for y in years for c in system.cells(ROLLING, p, y)) for p in PLACES
        }
        found[COUNTRY] = _sum(list(found.values()))
        for area in sorted(found):
            made = system._row(ROLLING, area, start, found[area])
            yield made | {"period": f"{start} - {(start + SPAN - 1) % 100:02d}"}


# --- spending -----------------------------------------------------------------


def _spending() -> Iterator[Row]:
    for programme in PROGRAMMES:
        for year in SPENT_IN:
            heads = {p.code: system.people_in(p, year) for p in PLACES}
            spent = {p.code: _per_head(programme, p, year) for p in PLACES}
            total = sum(heads.values())
            spent[COUNTRY] = sum(spent[code] * people for code, people in heads.items()) / total
            heads[COUNTRY] = total
            for area in sorted(spent):
                yield _spent(programme, area, year, spent[area], heads[area])


def _per_head(programme: Programme, place: Place, year: int) -> float:
    effect = programme.need * place.need + SPENDING_GROWTH * (year - SPENT_IN[0])
    own = (
        programme.own
        if place.code == OWN
        else programme.spread * system.draw("spend", programme.name, place.code)
    )
    wobble = 0.008 * system.draw("spend year", programme.name, place.code, year)
    return programme.level * math.exp(effect + own + wobble)


def _spent(programme: Programme, area: str, year: int, value: float, heads: int) -> Row:
    blank = dict.fromkeys(("category_type", "category", "lower", "upper", "count", "note"), "")
    return blank | {
        "indicator": f"demo-spend-{programme.name}",
        "area": area,
        "period": f"{year}/{(year + 1) % 100:02d}",
        "year": year,
        "sex": "Persons",
        "age": "All ages",
        "value": f"{value:.2f}",
        "denominator": str(heads),
    }


# --- outlines -----------------------------------------------------------------

# An invented island in the open North Sea: five by five pieces, two corners lost to the water.
WEST, SOUTH, WIDE, HIGH, SIDE = 2.2, 54.7, 0.62, 0.36, 5
LOST = {(0, 0), (4, 4)}
_TAB = ((0.38, 0.0), (0.33, 0.13), (0.5, 0.21), (0.67, 0.13), (0.62, 0.0))
_COAST = (0.2, 0.4, 0.6, 0.8)

Point = tuple[float, float]
Corner = tuple[int, int]


def outlines() -> str:
    """GeoJSON of the 23 areas: Northmere in the middle, its peers round it, shared borders exactly shared."""
    pieces = [(x, y) for x in range(SIDE) for y in range(SIDE) if (x, y) not in LOST]
    pieces.sort(key=lambda c: ((c[0] - 2) ** 2 + (c[1] - 2) ** 2, c))
    features = []
    for place, piece in zip(PLACES, pieces, strict=True):
        ring = [list(p) for p in _ring(piece, set(pieces))]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": place.code, "name": place.name, "note": "Made up: no real place."},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    lines = ",\n".join(json.dumps(f, separators=(",", ":")) for f in features)
    return f'{{"type":"FeatureCollection","name":"Synthetic outlines","features":[\n{lines}\n]}}\n'


def _ring(piece: Corner, pieces: set[Corner]) -> list[Point]:
    x, y = piece
    corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
    beyond = [(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)]
    ring: list[Point] = []
    for start, end, other in zip(corners, [*corners[1:], corners[0]], beyond, strict=True):
        edge = _edge(min(start, end), max(start, end), inland=other in pieces)
        ring += (edge if start < end else edge[::-1])[:-1]
    return [*ring, ring[0]]


def _edge(start: Corner, end: Corner, inland: bool) -> list[Point]:
    """From corner to corner: a jigsaw's tab between two areas, a ragged line along the sea."""
    (ax, ay), (bx, by) = _corner(start), _corner(end)
    if inland:
        side = 1 if system.draw("tab", start, end) > 0 else -1
        between = [(t, side * off) for t, off in _TAB]
    else:
        between = [(t, 0.05 * system.draw("coast", start, end, t)) for t in _COAST]
    made = [
        (ax + t * (bx - ax) - off * (by - ay), ay + t * (by - ay) + off * (bx - ax)) for t, off in between
    ]
    return [_placed(p) for p in ((ax, ay), *made, (bx, by))]


def _corner(corner: Corner) -> Point:
    x, y = corner
    return x + 0.07 * system.draw("corner x", x, y), y + 0.07 * system.draw("corner y", x, y)


def _placed(point: Point) -> Point:
    return round(WEST + WIDE * point[0], 4), round(SOUTH + HIGH * point[1], 4)
