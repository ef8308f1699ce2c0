"""The figures the demonstration plan quotes, read from the synthetic series and never typed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from workbook import paths, words

OWN = "SYN01"
COUNTRY = "SYN00"
LATEST = 2024
PER_100K = "per 100,000"


@cache
def answer_kind(item: str) -> str:
    """How the question bank of an item such as CST-13.1 is answered, as ``data/frameworks.csv`` says."""
    with (paths.shipped("data") / "frameworks.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["id"]: row["answer_kind"] for row in csv.DictReader(file)}
    return kinds[item.split(".")[0]]


@dataclass(frozen=True)
class Figure:
    """One figure of the series with its 95% interval, where it has one."""

    value: float
    lower: float | None
    upper: float | None
    count: float | None
    denominator: float | None
    period: str


# How the texts of the plan print a figure: decimals and unit.
PRINTED = {
    "demo-pyll": (0, PER_100K),
    "demo-eq5d": (3, ""),
    "demo-avoidable-admissions": (0, PER_100K),
    "demo-reablement": (1, "%"),
    "demo-inpatient-experience": (1, "out of 100"),
    "demo-gp-experience": (1, "%"),
    "demo-hospital-deaths": (1, ""),
    "demo-smoking": (1, "%"),
    "demo-obesity": (1, "%"),
    "demo-early-cancer": (1, "%"),
    "demo-emergency-bed-days": (0, "per 1,000"),
    "demo-loneliness": (1, "%"),
    "demo-diabetes-care": (1, "%"),
    "demo-flu-vaccination": (1, "%"),
    "demo-mental-health-access": (0, PER_100K),
    "demo-falls-65": (0, PER_100K),
}


class Facts:
    """The synthetic series, asked by indicator, area, year and deprivation group."""

    def __init__(self, folder: Path) -> None:
        self._figures: dict[tuple[str, str, int, str], Figure] = {}
        with (folder / "series.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["sex"] == "Persons" and row["value"]:
                    key = (row["indicator"], row["area"], int(row["year"]), row["category"])
                    self._figures[key] = _figure(row)
        with (paths.shipped("data") / "indicators.csv").open(encoding="utf-8", newline="") as file:
            self._units = {row["id"]: row["unit"] for row in csv.DictReader(file)}
        with (folder / "peers.csv").open(encoding="utf-8", newline="") as file:
            self.peers = [row["peer"] for row in csv.DictReader(file) if row["area"] == OWN]

    def figure(self, indicator: str, area: str = OWN, year: int = LATEST, group: str = "") -> Figure:
        """The figure; KeyError where there is none."""
        return self._figures[indicator, area, year, group]

    def value(self, indicator: str, area: str = OWN, year: int = LATEST, group: str = "") -> float:
        """The value alone."""
        return self.figure(indicator, area, year, group).value

    def peer_median(self, indicator: str, year: int = LATEST) -> float:
        """The median of Northmere's ten peers."""
        held = [self._figures.get((indicator, peer, year, "")) for peer in self.peers]
        return median(f.value for f in held if f)

    def say(self, indicator: str, area: str = OWN, year: int = LATEST, group: str = "") -> str:
        """The value as the plan's texts print it."""
        return self.print(indicator, self.value(indicator, area, year, group))

    def say_peers(self, indicator: str) -> str:
        """The median of the peers as the plan's texts print it."""
        return self.print(indicator, self.peer_median(indicator))

    def bare(self, indicator: str, area: str = OWN, year: int = LATEST) -> str:
        """The value without its unit, where the sentence says the unit."""
        return words.number(self.value(indicator, area, year), PRINTED[indicator][0])

    def bare_peers(self, indicator: str) -> str:
        """The median of the peers without its unit."""
        return words.number(self.peer_median(indicator), PRINTED[indicator][0])

    def span(self, indicator: str, area: str = OWN, year: int = LATEST, group: str = "") -> str:
        """The 95% interval in words, "2,111 to 2,428"."""
        found = self.figure(indicator, area, year, group)
        decimals = PRINTED[indicator][0]
        return f"{words.number(found.lower, decimals)} to {words.number(found.upper, decimals)}"

    def print(self, indicator: str, value: float) -> str:
        """Any value of an indicator in its decimals and unit."""
        decimals, unit = PRINTED[indicator]
        return words.number(value, decimals, unit)

    def apart(self, indicator: str, benchmark: float) -> bool:
        """Whether Northmere's interval lies wholly on one side of the benchmark."""
        own = self.figure(indicator)
        return own.lower is not None and own.upper is not None and not own.lower <= benchmark <= own.upper

    def path(self, indicator: str, target: float, years: list[int]) -> list[dict[str, float]]:
        """Levels in equal steps over the years of the plan, from the latest figure to the target."""
        start, decimals = self.value(indicator), PRINTED[indicator][0]
        return [
            {"year": y, "value": round(start + (target - start) * n / len(years), decimals)}
            for n, y in enumerate(years, 1)
        ]

    def baseline(self, indicator: str) -> dict[str, object]:
        """The figure an ambition was chosen on, as the plan records it."""
        found = self.figure(indicator)
        return {
            "value": found.value,
            "unit": self._units[indicator],
            "period": found.period,
            "source": "Synthetic demonstration system",
        }


def _figure(row: dict[str, str]) -> Figure:
    number = {k: float(row[k]) if row[k] else None for k in ("lower", "upper", "count", "denominator")}
    return Figure(float(row["value"]), period=row["period"], **number)
