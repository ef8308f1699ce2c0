"""Make the synthetic demonstration system: areas, peers, ten years of figures, population, outlines.

Everything here is invented. No figure, name or code describes a real place.
The same seed gives the same bytes on every machine: the draws come from
``random.Random.random`` (whose stream Python keeps stable between versions),
turned into normal deviates by ``statistics.NormalDist``, and every figure is rounded.

Run ``python data/build/demo_system.py [FOLDER]``; the folder is ``data/demo`` unless given.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import NormalDist

from workbook.methods import intervals

SEED = "northmere-1"
YEARS = tuple(range(2015, 2025))
PROJECTED = tuple(range(2024, 2045))
COUNTRY = "SYN00"
OWN = "SYN01"
SOURCE = "Synthetic demonstration system"
NORMAL = NormalDist()

# A death from a treatable condition costs this many years of life, on average and in spread.
YEARS_LOST_MEAN = 18.0
YEARS_LOST_SD = 12.0


@dataclass(frozen=True)
class Place:
    """A synthetic area: people in 2024, need (0 is the country's average), how old it is, growth a year."""

    code: str
    name: str
    people: int
    need: float
    older: float
    growth: float


PLACES = (
    Place("SYN01", "Northmere (synthetic)", 902_400, 0.70, 0.05, 0.0048),
    Place("SYN02", "Brackenholt (synthetic)", 871_300, 0.62, 0.04, 0.0045),
    Place("SYN03", "Elderwick Vale (synthetic)", 934_800, 0.78, 0.06, 0.0040),
    Place("SYN04", "Kestrelmoor (synthetic)", 812_600, 0.66, 0.09, 0.0038),
    Place("SYN05", "Saltmarrow (synthetic)", 988_100, 0.80, 0.01, 0.0055),
    Place("SYN06", "Hollowdene (synthetic)", 765_900, 0.58, 0.07, 0.0050),
    Place("SYN07", "Wyrebourne (synthetic)", 1_042_700, 0.71, 0.00, 0.0058),
    Place("SYN08", "Fennhaven (synthetic)", 724_500, 0.85, 0.11, 0.0031),
    Place("SYN09", "Ravensmarsh (synthetic)", 1_103_200, 0.55, -0.02, 0.0060),
    Place("SYN10", "Grenlow (synthetic)", 688_400, 0.90, 0.08, 0.0029),
    Place("SYN11", "Tarnbeck (synthetic)", 1_176_000, 0.50, 0.03, 0.0052),
    Place("SYN12", "Aldercombe (synthetic)", 1_420_300, -0.90, 0.02, 0.0071),
    Place("SYN13", "Birchenhythe (synthetic)", 1_265_800, -0.60, 0.10, 0.0064),
    Place("SYN14", "Corvenham (synthetic)", 2_034_500, 0.15, -0.16, 0.0083),
    Place("SYN15", "Dunmarrow (synthetic)", 611_200, -0.20, 0.18, 0.0036),
    Place("SYN16", "Eastlode (synthetic)", 1_688_900, 0.30, -0.12, 0.0079),
    Place("SYN17", "Foxcombe Dales (synthetic)", 548_700, -1.10, 0.20, 0.0042),
    Place("SYN18", "Glimmerford (synthetic)", 1_874_600, -0.75, -0.04, 0.0068),
    Place("SYN19", "Hawksholt (synthetic)", 1_319_400, -0.35, 0.05, 0.0057),
    Place("SYN20", "Ivenbury (synthetic)", 2_310_800, -0.10, -0.08, 0.0075),
    Place("SYN21", "Juniper Wolds (synthetic)", 742_900, -1.25, 0.16, 0.0047),
    Place("SYN22", "Kingsfallow (synthetic)", 1_556_100, 0.05, -0.03, 0.0066),
    Place("SYN23", "Lowenstoke (synthetic)", 1_011_500, 0.02, 0.13, 0.0044),
)


@dataclass(frozen=True)
class Measure:
    """How one indicator is made.

    ``scale`` says what the value is: "rate" (events over people), "years" (years of
    life lost over people), "days" (bed days over people, no interval: the days of one
    stay are not independent), "share" (per cent), "ratio" (observed over expected,
    100 is as expected) or "mean" (mean score). ``base`` is the share of people under
    observation, or their number where it is above one (a survey's sample, a register); ``sd`` is the
    spread of single scores about a mean.
    Effects are on the log scale for rates and ratios, on the logit scale for shares,
    in points for means: ``drift`` a year, ``need`` for each unit of need, ``spread``
    and ``turn`` the standard deviation between areas of level and of drift, ``wobble``
    from year to year. ``own`` and ``own_drift`` make Northmere's story.
    """

    id: str
    scale: str
    level: float
    per: int = 100
    decimals: int = 1
    age: str = "All ages"
    base: float = 1.0
    sd: float = 0.0
    drift: float = 0.0
    need: float = 0.0
    spread: float = 0.05
    turn: float = 0.004
    wobble: float = 0.01
    own: float = 0.0
    own_drift: float = 0.0
    shocks: dict[int, float] = field(default_factory=dict)
    split: str = ""
    slope: float = 0.0
    own_slope: float = 0.0
    financial_year: bool = False


MEASURES = (
    Measure(
        "demo-pyll",
        "years",
        2060,
        per=100_000,
        decimals=0,
        drift=-0.011,
        need=0.13,
        spread=0.05,
        own=0.07,
        own_drift=0.003,
        shocks={2020: 0.07, 2021: 0.03},
        split="sex",
    ),
    Measure(
        "demo-eq5d",
        "mean",
        0.742,
        decimals=3,
        age="18+ yrs",
        base=6200,
        sd=0.28,
        drift=-0.0012,
        need=-0.014,
        spread=0.004,
        turn=0.0004,
        wobble=0.002,
        own=-0.003,
        shocks={2020: -0.006, 2021: -0.003},
    ),
    Measure(
        "demo-avoidable-admissions",
        "rate",
        2210,
        per=100_000,
        decimals=0,
        drift=0.008,
        need=0.11,
        spread=0.07,
        own=0.09,
        own_drift=0.004,
        shocks={2020: -0.24, 2021: -0.12, 2022: -0.05},
        financial_year=True,
    ),
    Measure(
        "demo-reablement",
        "share",
        82.0,
        age="65+ yrs",
        base=880,
        drift=0.004,
        need=-0.06,
        spread=0.10,
        turn=0.008,
        wobble=0.05,
        own=-0.02,
        shocks={2020: -0.08},
        financial_year=True,
    ),
    Measure(
        "demo-inpatient-experience",
        "mean",
        76.5,
        age="16+ yrs",
        base=3400,
        sd=19.0,
        drift=0.07,
        need=-0.6,
        spread=0.9,
        turn=0.06,
        wobble=0.25,
        own=-0.2,
        shocks=dict.fromkeys(range(2020, 2025), 5.0),
    ),
    Measure(
        "demo-gp-experience",
        "share",
        84.6,
        age="16+ yrs",
        base=7600,
        drift=-0.075,
        need=-0.07,
        spread=0.08,
        turn=0.006,
        wobble=0.02,
        own=0.27,
        own_drift=0.006,
    ),
    Measure(
        "demo-hospital-deaths",
        "ratio",
        100,
        base=0.0061,
        need=0.02,
        spread=0.05,
        turn=0.005,
        wobble=0.02,
        own=0.015,
        financial_year=True,
    ),
    Measure(
        "demo-smoking",
        "share",
        17.9,
        age="18+ yrs",
        base=4100,
        drift=-0.050,
        need=0.13,
        spread=0.05,
        turn=0.004,
        wobble=0.03,
        own=0.05,
        own_drift=-0.014,
    ),
    Measure(
        "demo-obesity",
        "share",
        23.4,
        age="18+ yrs",
        base=4100,
        drift=0.016,
        need=0.14,
        spread=0.06,
        wobble=0.03,
        own=0.01,
    ),
    Measure(
        "demo-early-cancer",
        "share",
        52.6,
        base=0.0043,
        drift=0.012,
        need=-0.06,
        spread=0.05,
        turn=0.004,
        wobble=0.02,
        own=-0.05,
        shocks={2020: -0.11, 2021: -0.03},
    ),
    Measure(
        "demo-emergency-bed-days",
        "days",
        462,
        per=1000,
        decimals=0,
        drift=0.006,
        need=0.09,
        spread=0.06,
        own=0.05,
        shocks={2020: -0.17, 2021: -0.08, 2022: -0.02},
        financial_year=True,
    ),
    Measure(
        "demo-loneliness",
        "share",
        6.3,
        age="16+ yrs",
        base=3900,
        drift=0.010,
        need=0.06,
        spread=0.05,
        wobble=0.03,
        own=0.00,
        shocks={2020: 0.16, 2021: 0.10},
        split="quintile",
        slope=0.20,
        own_slope=0.17,
    ),
    Measure(
        "demo-diabetes-care",
        "share",
        54.0,
        age="17+ yrs",
        base=0.061,
        drift=0.020,
        need=-0.05,
        spread=0.12,
        turn=0.006,
        wobble=0.04,
        own=-0.06,
        shocks={2020: -0.70, 2021: -0.36, 2022: -0.12},
        financial_year=True,
    ),
    Measure(
        "demo-flu-vaccination",
        "share",
        70.8,
        age="65+ yrs",
        base=0.19,
        drift=0.010,
        need=-0.10,
        spread=0.07,
        wobble=0.02,
        own=0.01,
        shocks={2020: 0.42, 2021: 0.45, 2022: 0.31, 2023: 0.20, 2024: 0.10},
        financial_year=True,
    ),
    Measure(
        "demo-mental-health-access",
        "rate",
        1480,
        per=100_000,
        decimals=0,
        age="18+ yrs",
        base=0.79,
        drift=0.022,
        need=0.06,
        spread=0.12,
        turn=0.006,
        wobble=0.03,
        own=-0.08,
        shocks={2020: -0.16, 2021: -0.04},
        financial_year=True,
    ),
    Measure(
        "demo-falls-65",
        "rate",
        2080,
        per=100_000,
        decimals=0,
        age="65+ yrs",
        base=0.19,
        drift=0.007,
        need=0.06,
        spread=0.06,
        turn=0.003,
        own=0.14,
        own_drift=0.006,
        shocks={2020: -0.09, 2021: -0.04},
        financial_year=True,
    ),
)

# The publisher kept this figure back, as publishers do with small counts.
SUPPRESSED = {("demo-reablement", "SYN10", 2019)}
BREAK_NOTE = "New questionnaire from 2020: not comparable with earlier years."

DAYS_NOTE = "No interval: the days of one stay are not independent of one another."

AGE_GROUPS = tuple([f"{a:02d}-{a + 4:02d}" for a in range(0, 90, 5)] + ["90+"])
# Share of people, female share and deaths a year in each age group: round figures of a country like this.
AGE_SHARE = (5.3, 5.8, 6.1, 5.8, 6.1, 6.7, 7.0, 6.9, 6.6, 6.0, 6.6, 6.6, 6.0, 5.0, 4.4, 4.1, 2.6, 1.6, 0.8)
FEMALE = (
    0.49,
    0.49,
    0.49,
    0.49,
    0.49,
    0.50,
    0.51,
    0.51,
    0.51,
    0.51,
    0.51,
    0.51,
    0.51,
    0.515,
    0.52,
    0.53,
    0.55,
    0.59,
    0.66,
)
DEATHS = (
    0.0008,
    0.0001,
    0.0001,
    0.0003,
    0.0004,
    0.0005,
    0.0007,
    0.0010,
    0.0015,
    0.0023,
    0.0034,
    0.0052,
    0.0084,
    0.0130,
    0.0205,
    0.036,
    0.066,
    0.118,
    0.22,
)
BIRTHS_A_WOMAN = 0.052  # a year, women aged 20 to 39
MOVERS = (4, 5, 6, 7, 8)  # the age groups, 20 to 44, in which people who move in arrive


# --- chance -------------------------------------------------------------------


def draw(*key: object) -> float:
    """A standard normal deviate that depends on the key alone, so one change moves one figure."""
    chance = random.Random("/".join(str(k) for k in (SEED, *key))).random()
    return NORMAL.inv_cdf(min(max(chance, 1e-9), 1 - 1e-9))


def events(expected: float, *key: object) -> int:
    """A count of events about its expectation, as a Poisson count varies."""
    return max(0, round(expected + math.sqrt(expected) * draw("count", *key)))


def successes(chance: float, number: int, *key: object) -> int:
    """How many of a number say yes, as a binomial count varies."""
    spread = math.sqrt(number * chance * (1 - chance))
    return min(number, max(0, round(number * chance + spread * draw("count", *key))))


# --- population ---------------------------------------------------------------


@cache
def population(code: str) -> dict[tuple[int, str, str], int]:
    """People by year, sex and age group, 2024 to 2044: deaths, births and movers, a year at a time."""
    place = next(p for p in PLACES if p.code == code)
    tilted = [share * math.exp(place.older * (i * 5 - 40) / 20) for i, share in enumerate(AGE_SHARE)]
    whole = sum(tilted)
    women = [place.people * t / whole * f for t, f in zip(tilted, FEMALE, strict=True)]
    men = [place.people * t / whole * (1 - f) for t, f in zip(tilted, FEMALE, strict=True)]
    people: dict[tuple[int, str, str], int] = {}
    for year in PROJECTED:
        for sex, numbers in (("Female", women), ("Male", men)):
            people.update({(year, sex, age): round(n) for age, n in zip(AGE_GROUPS, numbers, strict=True)})
        births = BIRTHS_A_WOMAN * sum(women[4:8])
        incoming = place.growth * place.people * 1.6
        women, men = (
            _next_year(numbers, births * part, incoming / 2, milder)
            for numbers, part, milder in ((women, 0.488, 0.87), (men, 0.512, 1.13))
        )
    return people


def _next_year(numbers: list[float], births: float, incoming: float, mortality: float) -> list[float]:
    """One sex a year on: a fifth of each age group moves up, the last group stays."""
    alive = [n * (1 - d * mortality) for n, d in zip(numbers, DEATHS, strict=True)]
    last = len(alive) - 1
    moved = [
        alive[i] * (1 if i == last else 0.8) + (births if i == 0 else alive[i - 1] * 0.2)
        for i in range(len(alive))
    ]
    for i in MOVERS:
        moved[i] += incoming / len(MOVERS)
    return moved


def people_in(place: Place, year: int) -> int:
    """People of all ages in a year up to 2024, rolled back by the area's growth."""
    now = sum(n for (y, _, _), n in population(place.code).items() if y == 2024)
    return round(now * (1 + place.growth) ** (year - 2024))


def older_people(place: Place, year: int) -> int:
    """People aged 65 and over in a year up to 2024."""
    groups = AGE_GROUPS[13:]
    now = sum(n for (y, _, age), n in population(place.code).items() if y == 2024 and age in groups)
    return round(now * 1.014 ** (year - 2024))


# --- figures ------------------------------------------------------------------

Row = dict[str, object]
SERIES_COLUMNS = (
    "indicator", "area", "period", "year", "sex", "age", "category_type", "category",
    "value", "lower", "upper", "count", "denominator", "note",
)  # fmt: skip


def observed_number(measure: Measure, place: Place, year: int) -> int:
    """The people, register or sample a figure of this measure is about."""
    if measure.base > 1:
        return round(measure.base * (1 + 0.12 * draw("sample", measure.id, place.code, year)))
    if measure.age == "65+ yrs":
        return older_people(place, year)
    return round(people_in(place, year) * measure.base)


def underlying(measure: Measure, place: Place, year: int, tilt: float) -> float:
    """The figure before chance: level, need, the area's own level and drift, the year's shock."""
    since = year - YEARS[0]
    own = place.code == OWN
    effect = measure.need * place.need + measure.drift * since + measure.shocks.get(year, 0.0) + tilt
    effect += measure.own if own else measure.spread * draw("level", measure.id, place.code)
    effect += (measure.own_drift if own else measure.turn * draw("drift", measure.id, place.code)) * since
    effect += measure.wobble * draw("year", measure.id, place.code, year)
    if measure.scale == "mean":
        return measure.level + effect
    if measure.scale == "share":
        odds = measure.level / (100 - measure.level) * math.exp(effect)
        return 100 * odds / (1 + odds)
    return measure.level * math.exp(effect)


@dataclass(frozen=True)
class Cell:
    """What was counted: events (or the sum of scores) among a number."""

    sex: str
    category: str
    count: float
    number: int


def cells(measure: Measure, place: Place, year: int) -> list[Cell]:
    """The counts of an area and year, in the parts the measure is published by."""
    number = observed_number(measure, place, year)
    if measure.split == "sex":
        parts = [("Female", "", 0.505, -0.19), ("Male", "", 0.495, 0.16)]
    elif measure.split == "quintile":
        slope = measure.slope + (measure.own_slope if place.code == OWN else 0.0)
        parts = [("Persons", str(q), 0.2, slope * (3 - q)) for q in range(1, 6)]
    else:
        parts = [("Persons", "", 1.0, 0.0)]
    return [
        Cell(
            sex,
            category,
            _counted(measure, place, year, round(number * share), tilt, sex + category),
            round(number * share),
        )
        for sex, category, share, tilt in parts
    ]


def _counted(measure: Measure, place: Place, year: int, number: int, tilt: float, part: str) -> float:
    level = underlying(measure, place, year, tilt)
    key = (measure.id, place.code, year, part)
    if measure.scale == "mean":
        return number * (level + measure.sd / math.sqrt(number) * draw("count", *key))
    if measure.scale == "share":
        return successes(level / 100, number, *key)
    if measure.scale == "years":
        return events(level / measure.per * number / YEARS_LOST_MEAN, *key)
    return events(level / measure.per * number, *key)


def figure(measure: Measure, count: float, number: int) -> tuple[float, float | None, float | None]:
    """Value and 95% interval from what was counted, by the method that fits the measure."""
    if measure.scale == "mean":
        return intervals.mean(count / number, measure.sd, number)
    if measure.scale == "share":
        value, lower, upper = intervals.proportion(count, number)
        return 100 * value, 100 * lower, 100 * upper
    if measure.scale == "days":
        return measure.per * count / number, None, None
    if measure.scale == "years":
        # The variance counts years, not deaths: sum of squared years lost over people squared.
        value = measure.per * count * YEARS_LOST_MEAN / number
        spread = math.sqrt(count * (YEARS_LOST_MEAN**2 + YEARS_LOST_SD**2))
        half = intervals.z_value() * measure.per * spread / number
        return value, value - half, value + half
    return intervals.rate(count, number, measure.per)


def _row(measure: Measure, area: str, year: int, cell: Cell) -> Row:
    value, lower, upper = figure(measure, cell.count, cell.number)
    note = BREAK_NOTE if measure.id == "demo-inpatient-experience" and year == 2020 else ""
    note = DAYS_NOTE if measure.scale == "days" else note
    row: Row = {
        "indicator": measure.id,
        "area": area,
        "period": f"{year}/{(year + 1) % 100:02d}" if measure.financial_year else str(year),
        "year": year,
        "sex": cell.sex,
        "age": measure.age,
        "category_type": "Deprivation quintile" if cell.category else "",
        "category": {"1": "1 most deprived", "5": "5 least deprived"}.get(cell.category, cell.category),
        "value": _digits(value, measure.decimals),
        "lower": _digits(lower, measure.decimals),
        "upper": _digits(upper, measure.decimals),
        # Bed days are no independent events, and a count would invite an interval.
        "count": "" if measure.scale in ("mean", "days") else f"{cell.count:.0f}",
        "denominator": str(cell.number),
        "note": note,
    }
    if (measure.id, area, year) in SUPPRESSED:
        row |= dict.fromkeys(("value", "lower", "upper", "count"), "")
        row["note"] = "Suppressed by the publisher: fewer than eight people."
    return row


def _digits(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def _together(parts: Iterable[Cell]) -> Cell:
    """Parts added up; what they have in common (sex, category) stays."""
    parts = list(parts)
    sexes = {c.sex for c in parts}
    categories = {c.category for c in parts}
    return Cell(
        sexes.pop() if len(sexes) == 1 else "Persons",
        categories.pop() if len(categories) == 1 else "",
        sum(c.count for c in parts),
        sum(c.number for c in parts),
    )


def _against_expected(found: dict[str, list[Cell]]) -> dict[str, list[Cell]]:
    """Expected deaths scaled so that the country's observed deaths equal them, as publishers do."""
    every = [c for parts in found.values() for c in parts]
    scale = sum(c.count for c in every) / sum(c.number for c in every)
    return {
        area: [Cell(c.sex, c.category, c.count, round(c.number * scale)) for c in parts]
        for area, parts in found.items()
    }


def series() -> Iterator[Row]:
    """Every figure of every area; the country is all areas together."""
    for measure in MEASURES:
        for year in YEARS:
            found = {p.code: cells(measure, p, year) for p in PLACES}
            if measure.scale == "ratio":
                found = _against_expected(found)
            found[COUNTRY] = [_together(group) for group in zip(*found.values(), strict=True)]
            for area in sorted(found):
                yield _row(measure, area, year, _together(found[area]))
                if measure.split:
                    yield from (_row(measure, area, year, cell) for cell in found[area])


# --- areas and peers ----------------------------------------------------------


def areas() -> Iterator[Row]:
    """The area list: the country, Northmere, and the others."""
    blank = dict.fromkeys(("region", "ods", "valid_from", "valid_to", "successors"), "")
    common = blank | {"synthetic": "true", "source": SOURCE}
    yield {"code": COUNTRY, "name": "Synthetic country", "kind": "country"} | common
    for place in PLACES:
        yield {"code": place.code, "name": place.name, "kind": "synthetic"} | common


def peers() -> Iterator[Row]:
    """The ten nearest areas of each area by need, age and size; squared distances, weights 0.5, 0.3, 0.2."""
    for place in PLACES:
        others = sorted((p for p in PLACES if p is not place), key=lambda p: (_distance(place, p), p.code))
        for rank, other in enumerate(others[:10], start=1):
            yield {"area": place.code, "peer": other.code, "rank": rank}


def _distance(one: Place, other: Place) -> float:
    size = math.log(one.people / other.people)
    return (
        0.5 * (one.need - other.need) ** 2 / 0.45
        + 0.3 * (one.older - other.older) ** 2 / 0.008
        + 0.2 * size**2 / 0.16
    )


def projected() -> Iterator[Row]:
    """The population table of Northmere and its peers."""
    for place in PLACES[:11]:
        for (year, sex, age), number in population(place.code).items():
            yield {"area": place.code, "year": year, "sex": sex, "age_group": age, "population": number}


AREA_COLUMNS = (
    "code", "name", "kind", "region", "ods", "valid_from", "valid_to", "successors", "synthetic", "source",
)  # fmt: skip


def write(folder: Path) -> None:
    """Write the four tables and the outlines into the folder."""
    import demo_details

    folder.mkdir(parents=True, exist_ok=True)
    made = list(series())
    _write(folder / "areas.csv", AREA_COLUMNS, areas())
    _write(folder / "peers.csv", ("area", "peer", "rank"), peers())
    _write(folder / "series.csv", SERIES_COLUMNS, [*made, *demo_details.rows(made)])
    (folder / "boundaries.geojson").write_text(demo_details.outlines(), encoding="utf-8", newline="\n")
    _write(folder / "population.csv", ("area", "year", "sex", "age_group", "population"), projected())


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    import demo_system  # under its name, as demo_details knows it

    demo_system.write(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "demo"
    )
