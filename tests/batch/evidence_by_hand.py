"""What the needs and ambitions pages say of real areas, worked out with plain arithmetic.

Nothing of the workbook is used. The publishers' files are read with the csv
module (and openpyxl), and every formula is written out from the description
of its method, in another way than the workbook's where there is one.
"""

import csv
import json
import math
from pathlib import Path
from statistics import NormalDist, mean, median, pstdev
from typing import NamedTuple

import numpy as np
from openpyxl import load_workbook
from scipy.stats import chi2

Z = NormalDist().inv_cdf(0.975)
WIDE = 3.92  # standard errors in a 95 % interval, as the profiles round it
CRITICAL = 9.5495  # chi-square, 99.8 %, 1 degree of freedom
Series = dict[str, dict[int, float]]


def rows(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


# --- the files ------------------------------------------------------------------


def years_of_life(real: Path) -> dict[str, dict[int, dict[str, float]]]:
    """Years of life lost by area ("England", or the code of a council) and year: figure, limits, people, deaths."""
    found: dict[str, dict[int, dict[str, float]]] = {}
    for row in rows(real / "nhsof" / "NHSOF_1a.i_I01954_D.csv"):
        if row["Gender"] != "Person" or row["Breakdown"] not in ("England", "Lower tier local authority"):
            continue
        if len(row["Level"]) not in (7, 9) or row["Indicator value"] == "*":  # two councils put together
            continue
        found.setdefault(row["Level"], {})[int(row["Year"])] = _figures(row)
    return found


def deciles(real: Path, year: int) -> list[dict[str, float]]:
    """The ten tenths of England's small areas in ``year``, the most deprived first."""
    held = {
        int(row["Level"]): _figures(row)
        for row in rows(real / "nhsof" / "NHSOF_1a.i_I01954_D.csv")
        if (row["Breakdown"], row["Gender"], row["Year"]) == ("Deprivation decile", "Person", str(year))
    }
    return [held[n] for n in range(1, 11)]


def _figures(row: dict[str, str]) -> dict[str, float]:
    names = {
        "value": "Indicator value",
        "lower": "Lower CI",
        "upper": "Upper CI",
        "people": "Population",
        "deaths": "Observed deaths",
    }
    return {k: float(row[v].replace(",", "")) if row[v] != "*" else math.nan for k, v in names.items()}


def treatable(real: Path) -> dict[str, dict[int, dict[str, float]]]:
    """Treatable mortality by clinical commissioning group and year, with the deaths behind it."""
    held = rows(real / "ccg_outcomes" / "ccg_avoidable_mortality_2004_2019.csv")
    by_name = {row["ccg_name"].casefold(): row["ccg19cd"] for row in held if row["ccg19cd"]}
    found: dict[str, dict[int, dict[str, float]]] = {}
    for row in held:
        if row["treatable_mortality_rate"]:
            code = row["ccg19cd"] or by_name[row["ccg_name"].casefold()]  # one row has no code
            deaths = row["treatable_mortality_deaths"]
            found.setdefault(code, {})[int(row["year"])] = {
                "value": float(row["treatable_mortality_rate"]),
                "deaths": float(deaths) if deaths else math.nan,
            }
    return found


def smoking(real: Path, period: str) -> dict[str, dict[str, float]]:
    """Smoking recorded by general practice in England and the 42 boards, by code."""
    return {
        row["Area Code"].removeprefix("n"): {  # the codes of the profiles' own areas begin with an n
            "value": float(row["Value"]),
            "lower": float(row["Lower CI 95.0 limit"]),
            "upper": float(row["Upper CI 95.0 limit"]),
            "count": float(row["Count"]),
            "people": float(row["Denominator"]),
        }
        for row in rows(real / "fingertips" / "smok_qof_prev_noGP.csv")
        if row["Time period"] == period and row["Area Type"] in ("England", "ICBs")
    }


def projected(real: Path, area: str, year: int) -> dict[str, float]:
    """The people of an area in ``year`` by five-year band, both sexes together."""
    found: dict[str, float] = {}
    for row in rows(real / "populations" / "snpp2018_principal_icb_england_quinary.csv"):
        if (row["area_code"], row["year"]) == (area, str(year)):
            found[row["age_group"]] = found.get(row["age_group"], 0.0) + float(row["population"])
    return found


def outlined(real: Path) -> set[str]:
    """The codes of the boards that have an outline."""
    held = json.loads((real / "boundaries" / "icb_april2023_BSC.geojson").read_text(encoding="utf-8"))
    return {feature["properties"]["ICB23CD"] for feature in held["features"]}


def deprivation(real: Path, kind: str) -> dict[str, float]:
    """The score of 2025 by area: "ltla" or "icb"."""
    return {
        row[f"{kind}24_code"]: float(row["imd_average_score"])
        for row in rows(real / "deprivation" / f"imd2025_england_{kind}24.csv")
    }


def similar_inputs(real: Path) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """The inputs of Similar 10 by three-character code, and the weight of each variable, from the file itself."""
    book = load_workbook(real / "peers" / "April2021_Similar10CCG_InputData_HD.xlsx", data_only=True)
    data, described = book["Variable Data"], book["Variable Descriptions"]
    head, *body = data.iter_rows(values_only=True)
    figures = {str(row[0]): dict(zip(head[2:], map(float, row[2:]), strict=True)) for row in body}
    weights = {
        row[0]: float(row[1]) for row in described.iter_rows(min_row=2, values_only=True) if row[0] in head
    }
    return figures, weights


def list_of_2016(real: Path) -> dict[str, list[str]]:
    """The ten peers of each group in the list of 2016, by three-character code."""
    return {
        row["CCG16CDH"]: [row[f"similar_ccg_{n}"] for n in range(1, 11)]
        for row in rows(real / "peers" / "ccg_mappings_similar10_2016.csv")
    }


# --- how an area stands ---------------------------------------------------------


def compared(value: float, lower: float, upper: float, benchmark: float) -> str:
    """For a figure of which less is better."""
    if upper < benchmark:
        return "better"
    return "worse" if lower > benchmark else "similar"


def trend(points: list[tuple[float, float, float]]) -> str:
    """The direction over five years' (value, lower, upper), by NumPy's own weighted least squares."""
    slope, chi_square, steady = trend_test(points)
    if chi_square < CRITICAL or not steady:
        return "no significant change"
    return "increasing" if slope > 0 else "decreasing"


def trend_test(points: list[tuple[float, float, float]]) -> tuple[float, float, bool]:
    """Slope a year, its chi-square, and whether the slope keeps its sign without any one point."""
    x = np.arange(5.0)
    y = np.array([p[0] for p in points])
    error = np.array([(p[2] - p[1]) / WIDE for p in points])
    slope = float(np.polyfit(x, y, 1, w=1 / error)[0])
    middle = float(np.average(x, weights=error**-2))
    chi_square = slope**2 * float(((x - middle) ** 2 / error**2).sum())
    without = []
    for n in range(5):
        kept = np.arange(5) != n
        without.append(float(np.polyfit(x[kept], y[kept], 1, w=1 / error[kept])[0]))
    return slope, chi_square, all(part * slope > 0 for part in without)


def fifth(value: float, values: list[float]) -> int:
    """The fifth where less is better: ranked areas dealt into five groups, the first ones one larger."""
    groups = np.array_split(np.sort(values), 5)
    return next(n for n, group in enumerate(groups, 1) if value <= group[-1])


def best_fifth(values: list[float]) -> float:
    return float(np.array_split(np.sort(values), 5)[0][-1])


def alike(figures: dict[str, dict[str, float]], weights: dict[str, float], area: str) -> list[str]:
    """The ten areas most like ``area``: cap at five deviations, root, score, weigh the squared differences."""
    scores: dict[str, dict[str, float]] = {code: {} for code in figures}
    for name in weights:
        held = [figures[code][name] for code in figures]
        most = mean(held) + 5 * pstdev(held)
        rooted = {code: math.sqrt(min(figures[code][name], most)) for code in figures}
        middle, spread = mean(rooted.values()), pstdev(rooted.values())
        for code in figures:
            scores[code][name] = (rooted[code] - middle) / spread
    distance = {
        code: sum(w * (scores[code][name] - scores[area][name]) ** 2 for name, w in weights.items())
        for code in figures
        if code != area
    }
    return sorted(distance, key=lambda code: (distance[code], code))[:10]


def of_deaths(rate: float, deaths: float) -> tuple[float, float]:
    """Limits of a rate from its deaths by Byar's approximation (10 deaths or more)."""
    low = deaths * (1 - 1 / (9 * deaths) - Z / (3 * math.sqrt(deaths))) ** 3
    more = deaths + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    return rate * low / deaths, rate * high / deaths


def beyond_funnel(rate: float, deaths: float, benchmark: float) -> bool:
    """Whether the exact Poisson interval of the deaths leaves out what the benchmark would give."""
    expected = deaths * benchmark / rate
    low = chi2.ppf(0.025, 2 * deaths) / 2
    high = chi2.ppf(0.975, 2 * (deaths + 1)) / 2
    return not low <= expected <= high


def to_best_five(
    own: tuple[float, float], peers: list[tuple[float, float]], people: float, per: float = 100_000
) -> tuple[float, float, float]:
    """The gap to the mean of the best five in people, with limits; (value, standard error) each; less is better."""
    best = sorted(peers)[:5]
    gap = own[0] - mean(value for value, _ in best)
    error = math.sqrt(own[1] ** 2 + sum(se**2 for _, se in best) / 25)
    low, high = gap - Z * error, gap + Z * error
    return max(gap, 0) * people / per, max(low, 0) * people / per, max(high, 0) * people / per


def to_median(own: float, peers: list[float], people: float, per: float = 100_000) -> float:
    return max(own - median(peers), 0) * people / per


def slope_index(groups: list[dict[str, float]]) -> tuple[float, float]:
    """Ends of the weighted line through the logarithms of the groups' rates, placed at their share of the people."""
    people = np.array([g["people"] for g in groups])
    share = people / people.sum()
    at = np.cumsum(share) - share / 2
    line = np.polynomial.Polynomial.fit(
        at, np.log([g["value"] for g in groups]), 1, w=np.sqrt(share), domain=[0, 1], window=[0, 1]
    )
    return float(np.exp(line(0.0))), float(np.exp(line(1.0)))


# --- where it could go ----------------------------------------------------------


def moves(series: Series, over: int, last: int) -> list[float]:
    """Every area's relative change over so many years, from every start, up to ``last``."""
    return [
        years[year + over] / years[year] - 1
        for years in series.values()
        for year in years
        if year + over in years and year + over <= last
    ]


class Trial(NamedTuple):
    """One base year of a back-test: errors as a share of the mean of what came; whether the band held each figure."""

    missed: float
    missed_by_holding: float
    held: list[bool]


def trial(series: Series, base: int, ahead: int = 5) -> Trial:
    """The do-nothing line of every area with five figures up to ``base``, and what came ``ahead`` years later."""
    logs, line = _drawn(series, base)
    start, drift, factors = _ahead(logs, line, base, ahead)
    came, errors, holding, held = [], [], [], []
    for code, years in logs.items():
        if len(years) < 5 or base + ahead not in series[code]:
            continue
        value = math.exp(start + drift / 2 * ahead + _standing(years, line))
        actual = series[code][base + ahead]
        came.append(actual)
        errors.append(abs(value - actual))
        holding.append(abs(series[code][max(years)] - actual))
        held.append(value / factors[-1] <= actual <= value * factors[-1])
    return Trial(sum(errors) / sum(came), sum(holding) / sum(came), held)


def nothing_changes(series: Series, area: str, base: int, ahead: int = 5) -> list[tuple[float, float, float]]:
    """The do-nothing line with its 80 % band: (value, lower, upper) a year.

    What all areas share goes on by half its slope; the area keeps its standing
    of five years; the band is made of how areas moved apart and how uncertain
    the shared line is.
    """
    logs, line = _drawn(series, base)
    start, drift, factors = _ahead(logs, line, base, ahead)
    standing = _standing(logs[area], line)
    values = [math.exp(start + drift / 2 * n + standing) for n in range(1, ahead + 1)]
    return [(v, v / factor, v * factor) for v, factor in zip(values, factors, strict=True)]


def _drawn(series: Series, base: int) -> tuple[Series, dict[int, float]]:
    """The logarithms up to ``base``, and the line that the areas with five of the last seven years share."""
    logs = {
        code: {y: math.log(v) for y, v in years.items() if y <= base and v > 0}
        for code, years in series.items()
    }
    logs = {code: years for code, years in logs.items() if years}
    return logs, _shared(logs, _whole(logs, base), base)


def _whole(logs: Series, base: int) -> list[str]:
    return [code for code, years in logs.items() if sum(y > base - 7 for y in years) >= 5]


def _ahead(logs: Series, line: dict[int, float], base: int, ahead: int) -> tuple[float, float, list[float]]:
    """Where the shared line starts, its slope a year, and the factor from line to limit for each year ahead."""
    start = (line[base] + mean(line[y] for y in (base - 2, base - 1, base))) / 2
    drift = _slope([(y, line[y]) for y in range(base - 6, base + 1) if y in line])
    apart = {c: {y: v - line[y] for y, v in logs[c].items()} for c in _whole(logs, base)}
    spreads = [
        math.sqrt(_own(apart, min(line), base, n) + _common(line, drift, n)) for n in range(1, ahead + 1)
    ]
    return start, drift, [math.exp(NormalDist().inv_cdf(0.9) * spread) for spread in spreads]


def _standing(years: dict[int, float], line: dict[int, float]) -> float:
    """How far an area stood from the shared line over the five years that end with its latest figure."""
    return mean(v - line[y] for y, v in years.items() if y > max(years) - 5)


def _shared(logs: Series, whole: list[str], base: int) -> dict[int, float]:
    """The median area each year, once each area's own mean distance from that line is taken off; in turns."""
    years = range(min(min(logs[code]) for code in whole), base + 1)
    own = dict.fromkeys(whole, 0.0)
    line: dict[int, float] = {}
    for _ in range(4):
        line = {y: median(logs[code][y] - own[code] for code in whole if y in logs[code]) for y in years}
        own = {code: mean(v - line[y] for y, v in logs[code].items()) for code in whole}
    return line


def _slope(points: list[tuple[float, float]]) -> float:
    middle = mean(x for x, _ in points)
    return sum((x - middle) * y for x, y in points) / sum((x - middle) ** 2 for x, _ in points)


def _own(apart: Series, first: int, base: int, ahead: int) -> float:
    """Variance of an area about its standing: chance of single years, and a slow walk away."""
    length = base - first + 1
    points = []
    for span in range(1, min(7, length - 1) + 1):
        sizes = [
            abs(years[y + span] - v)
            for years in apart.values()
            for y, v in years.items()
            if y + span in years
        ]
        points.append(
            (span, (float(np.quantile(sizes, 0.8)) / NormalDist().inv_cdf(0.9)) ** 2, length - span)
        )
    total = sum(w for *_, w in points)
    x, y = sum(p[0] * p[2] for p in points) / total, sum(p[1] * p[2] for p in points) / total
    walk = sum(w * (s - x) * (v - y) for s, v, w in points) / sum(w * (s - x) ** 2 for s, _, w in points)
    walk = min(max(walk, 0.0), y / x)
    chance = y - walk * x
    areas = len(apart)
    return areas / (areas - 1) * (chance / 2 * (1 + 1 / 5) + walk * (ahead + 36 / 30))


def _common(shared: dict[int, float], drift: float, ahead: int) -> float:
    """Variance of the shared line: any share of the drift, its wobble, and what such lines missed elsewhere."""
    changes = [shared[y + 1] - shared[y] for y in sorted(shared)[:-1]]
    typical = 1.4826 * median(abs(c - median(changes)) for c in changes)
    shown = (drift * ahead) ** 2 / 12 + typical**2 * ahead
    return (len(changes) * shown + 4 * (0.01 * ahead) ** 2) / (len(changes) + 4)


def ages(bands: dict[str, float]) -> dict[str, float]:
    """People of a projection in four broad ages and in all, by the first year of each five-year band."""
    found = {"0-19": 0.0, "20-64": 0.0, "65-84": 0.0, "85+": 0.0}
    for band, people in bands.items():
        first = int(band.split("-")[0].rstrip("+"))
        found["0-19" if first < 20 else "20-64" if first < 65 else "65-84" if first < 85 else "85+"] += people
    return {**found, "All ages": sum(bands.values())}
