"""The figures of ambition 1 for a clinical commissioning group, worked out with plain arithmetic.

Nothing of the workbook is used: the publishers' files are read with the csv
module, and every formula is written out from the description of the method.
"""

import csv
import math
from pathlib import Path
from statistics import median, pstdev

BASE = 2018
AHEAD = 5


def rates(real: Path) -> dict[str, dict[int, float]]:
    """Treatable mortality by area code and year."""
    found: dict[str, dict[int, float]] = {}
    rows = _rows(real / "ccg_outcomes" / "ccg_avoidable_mortality_2004_2019.csv")
    by_name = {row["ccg_name"].casefold(): row["ccg19cd"] for row in rows if row["ccg19cd"]}
    for row in rows:
        if row["treatable_mortality_rate"]:
            code = row["ccg19cd"] or by_name[row["ccg_name"].casefold()]  # one row has no code
            found.setdefault(code, {})[int(row["year"])] = float(row["treatable_mortality_rate"])
    return found


def codes_by_ods(real: Path) -> dict[str, str]:
    """The nine-character code of each three-character one."""
    old = {
        row["CCG13CDH"]: row["CCG13CD"] for row in _rows(real / "geography" / "CCG_APR_2013.csv", "cp1252")
    }
    mortality = _rows(real / "ccg_outcomes" / "ccg_avoidable_mortality_2004_2019.csv")
    return old | {row["ods_code"]: row["ccg19cd"] for row in mortality if row["ods_code"]}


def peers(real: Path, area: str) -> list[str]:
    """The ten areas most alike in population and allocation a head of 2018/19.

    Each variable is capped at its mean plus five standard deviations, square-rooted and made a
    z-score; the distance is half the squared difference of the one plus half that of the other.
    """
    codes = codes_by_ods(real)
    people, money = {}, {}
    for row in _rows(real / "allocations" / "ccg_allocations_2013-14_to_2019-20.csv"):
        if (
            row["financial_year"] == "2018/19"
            and row["ons_mid_year_population"]
            and row["allocation_gbp_000s"]
        ):
            code = codes[row["ods_code"]]
            people[code] = float(row["ons_mid_year_population"])
            money[code] = 1000 * float(row["allocation_gbp_000s"]) / people[code]
    one, two = _scores(people), _scores(money)
    distance = {
        code: 0.5 * (one[code] - one[area]) ** 2 + 0.5 * (two[code] - two[area]) ** 2
        for code in one
        if code != area
    }
    return sorted(distance, key=lambda code: (distance[code], code))[:10]


def ambition(real: Path, area: str) -> dict[str, float]:
    """Every figure of the first ambition that the test compares, by its id in results.json."""
    series = rates(real)
    own = series[area]
    found = {
        "ambition-1.baseline": own[BASE],
        "ambition-1.peer-median-now": median(
            series[peer][BASE] for peer in peers(real, area) if BASE in series.get(peer, {})
        ),
        "ambition-1.best-fifth-now": _best_fifth([years[BASE] for years in series.values() if BASE in years]),
    }
    line = _common(series)
    start = (line[BASE] + (line[BASE] + line[BASE - 1] + line[BASE - 2]) / 3) / 2
    standing = _mean([math.log(own[year]) - line[year] for year in range(BASE - 4, BASE + 1)])
    for n in range(1, AHEAD + 1):
        found[f"ambition-1.hold.{BASE + n}"] = own[BASE]
        found[f"ambition-1.pledge.{BASE + n}"] = own[BASE] * 0.968**n
        found[f"ambition-1.do-nothing.{BASE + n}"] = math.exp(start + 0.5 * _slope(line) * n + standing)
    return found


def _common(series: dict[str, dict[int, float]]) -> dict[int, float]:
    """The median area's log rate each year, once each area's own mean distance from that line is taken off.

    Not every area has every year, so the line and the distances are worked out in turns.
    """
    logs = {
        (area, year): math.log(rate)
        for area, years in series.items()
        for year, rate in years.items()
        if year <= BASE and rate > 0
    }
    areas = {area for area in series if sum(year > BASE - 7 for own, year in logs if own == area) >= 5}
    first = min(year for _, year in logs)
    own = dict.fromkeys(areas, 0.0)
    for _ in range(4):
        line = {
            year: median(logs[area, year] - own[area] for area in areas if (area, year) in logs)
            for year in range(first, BASE + 1)
        }
        own = {
            area: _mean([logs[area, year] - line[year] for year in line if (area, year) in logs])
            for area in areas
        }
    return line


def _slope(line: dict[int, float]) -> float:
    """The least-squares slope through the last seven years."""
    years = range(BASE - 6, BASE + 1)
    middle = BASE - 3
    return sum((year - middle) * line[year] for year in years) / sum((year - middle) ** 2 for year in years)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _best_fifth(values: list[float]) -> float:
    """The last value of the lowest fifth; a rest that five does not divide goes to the first fifths."""
    size = len(values) // 5 + (1 if len(values) % 5 else 0)
    return sorted(values)[size - 1]


def _scores(values: dict[str, float]) -> dict[str, float]:
    mean = sum(values.values()) / len(values)
    cap = mean + 5 * pstdev(values.values())
    rooted = {code: math.sqrt(min(value, cap)) for code, value in values.items()}
    middle, spread = sum(rooted.values()) / len(rooted), pstdev(rooted.values())
    return {code: (value - middle) / spread for code, value in rooted.items()}


def _rows(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))
