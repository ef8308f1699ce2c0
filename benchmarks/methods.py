"""The statistics of a needs assessment over many areas, years and indicators at once.

200 areas x 15 years x 30 indicators are 90,000 figures, about what a region with all its
indicators brings. Every method is called once for all of them, on made-up counts with a fixed
seed; the time is the median of the runs after one that is discarded::

    python benchmarks/methods.py --runs 5
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import machine
import numpy as np

from workbook.methods import compare, funnel, inequality, intervals, life_expectancy, standardise, trend

AREAS, YEARS, INDICATORS, BANDS = 200, 15, 30, 19
SHAPE = (INDICATORS, YEARS, AREAS)


def main() -> None:
    """Measure every method, print the table, keep the result."""
    options = _options()
    about = machine.machine()
    found = {name: _seconds(work, options.runs) for name, work in _methods().items()}
    print(machine.table([("method", "milliseconds"), *((n, f"{1000 * s:.0f}") for n, s in found.items())]))
    print(f"{AREAS * YEARS * INDICATORS:,} figures each; together {sum(found.values()):.2f} seconds.")
    kept = machine.keep(
        "methods",
        {
            "machine": about,
            "areas": AREAS,
            "years": YEARS,
            "indicators": INDICATORS,
            "runs": options.runs,
            "seconds": {name: round(seconds, 4) for name, seconds in found.items()},
            "together": round(sum(found.values()), 3),
        },
    )
    print(f"Kept in {kept.relative_to(machine.ROOT)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--runs", type=int, default=5, help="runs of each method; one more before is discarded"
    )
    return parser.parse_args()


def _methods() -> dict[str, Callable[[], Any]]:
    """Every method with the 90,000 figures it is to work on."""
    draws = np.random.default_rng(1)
    people = draws.integers(20_000, 400_000, SHAPE).astype(float)
    level = np.geomspace(2e-5, 5e-3, INDICATORS)[:, None, None]
    counts = draws.poisson(people * level).astype(float)
    counts[draws.random(SHAPE) < 0.02] = np.nan
    value, lower, upper = intervals.rate(counts, people)
    benchmark = np.nanmedian(value, axis=-1, keepdims=True)
    polarity = np.array(["low", "high", "none"] * (INDICATORS // 3))
    bands = draws.integers(500, 20_000, (*SHAPE, BANDS)).astype(float)
    banded = draws.poisson(bands * level[..., None]).astype(float)
    remaining = np.linspace(80, 5, BANDS)
    persons = np.stack([np.floor(banded * share) for share in (0.7, 0.1, 0.05)], axis=-1)
    living = np.concatenate([bands, bands[..., -1:]], axis=-1)
    dying = draws.poisson(living * np.geomspace(5e-4, 0.2, BANDS + 1)) + 1.0
    groups = draws.normal(np.linspace(300, 200, 10), 10, (AREAS, 10))
    by_year = tuple(np.moveaxis(part, 1, -1) for part in (value, lower, upper))
    years = np.arange(2010, 2010 + YEARS)
    return {
        "proportions (Wilson)": lambda: intervals.proportion(counts, people),
        "counts (exact, Byar)": lambda: intervals.count(counts),
        "crude rates": lambda: intervals.rate(counts, people),
        "means (Student's t)": lambda: intervals.mean(value, 3.0, people),
        "rates with a known count": lambda: intervals.from_count(value, counts),
        "indirectly standardised ratios": lambda: standardise.indirect(counts, people * level),
        "directly standardised rates, 19 bands": lambda: standardise.direct(banded, bands),
        "the same with repeated events": lambda: standardise.repeated(persons, [1, 2, 3], bands),
        "years of life lost, 19 bands": lambda: standardise.years_lost(banded, remaining, bands),
        "life expectancy, 20 bands": lambda: life_expectancy.life_expectancy(dying, living),
        "slope index of one year's areas, 10 groups": lambda: _slopes(groups),
        "comparison with a benchmark": lambda: compare.judgements(
            value, lower, upper, benchmark, polarity[:, None, None]
        ),
        "fifths within indicator and year": lambda: compare.quintiles(value, polarity[:, None]),
        "recent trend of every series": lambda: trend.recent_many(years, *by_year, polarity[:, None]),
        "funnel limits, proportions": lambda: funnel.limits(10, people, 100, "proportion"),
        "funnel limits, rates": lambda: _funnels(level, people, value),
    }


def _slopes(groups: np.ndarray) -> list[inequality.Inequality]:
    """The slope index of every area; each draws its own interval 10,000 times."""
    return [inequality.index(g, g - 20, g + 20, np.ones(g.size), "rate") for g in groups]


def _funnels(level: np.ndarray, people: np.ndarray, value: np.ndarray) -> list[np.ndarray]:
    """The place of every area in the funnel of its indicator."""
    return [
        funnel.places(value[i], funnel.limits(1e5 * float(level[i, 0, 0]), people[i], 1e5, "rate"))
        for i in range(INDICATORS)
    ]


def _seconds(work: Callable[[], Any], runs: int) -> float:
    times = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return median(times[1:])


if __name__ == "__main__":
    main()
