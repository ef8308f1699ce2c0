"""The money of a plan by plain arithmetic, month by month and line by line, from the plan's JSON and the files that ship.

Nothing of the workbook is used. Money is in thousands of pounds, years are financial years by the year they start.
"""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
from scipy.stats import norm, qmc

DATA = Path(__file__).resolve().parents[2] / "data"
FACTORS = ("demographic", "other", "price", "efficiency")


# --- assumptions ------------------------------------------------------------------------


@functools.cache
def assumptions() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in _rows(DATA / "assumptions.csv"):
        found.setdefault(row["id"], []).append(row)
    return found


def shipped(id: str, year: int) -> dict[str, str]:
    """The row of an assumption that holds in a year."""
    return next(
        row
        for row in assumptions()[id]
        if int(row["from_year"] or 0) <= year and (not row["to_year"] or year <= int(row["to_year"]))
    )


def points(id: str, year: int) -> tuple[float, float, float]:
    """P10, middle and P90 of an assumption as printed, the same three times where it is confirmed or has no range."""
    row = shipped(id, year)
    value = float(row["value"])
    if row["status"] == "confirmed" or not row["low"] or not row["high"]:
        return value, value, value
    return float(row["low"]), value, float(row["high"])


def rate(plan: dict, line: dict, factor: str, year: int, grown: dict | None = None) -> float:
    """The yearly rate of a line, as a fraction: ``grown`` is the growth of the people of an area by setting and year."""
    if factor == "demographic":
        if grown:
            setting = line["growth"].split("-")[0] if line["growth"].startswith("acute") else line["growth"]
            return grown.get(setting, grown[""])[year]
        return float(shipped("demographic-growth-default", year)["value"]) / 100
    id = {"price": "price-uplift", "efficiency": "efficiency"}.get(factor, f"other-growth-{line['growth']}")
    own = {"price": "own_price", "efficiency": "own_efficiency", "other": "own_growth"}[factor]
    if line[own] is not None:
        return line[own] / 100
    return float(shipped(id, year)["value"]) / 100


# --- spend, schemes, services -------------------------------------------------------------


def spend(plan: dict, year: int, *, only: Iterable[str] | None = None, grown: dict | None = None) -> float:
    """What the lines cost in a year if nothing changes; ``only`` the lines named."""
    total = 0.0
    for line in plan["budget"]["lines"]:
        if only is not None and line["id"] not in only:
            continue
        amount = line["amount"]
        for y in range(plan["base_year"] + 1, year + 1):
            amount *= 1 + rate(plan, line, "demographic", y, grown)
            amount *= 1 + rate(plan, line, "other", y, grown)
            amount *= 1 + rate(plan, line, "price", y, grown)
            amount *= 1 - rate(plan, line, "efficiency", y, grown)
        total += amount
    return total


def in_effect(scheme: dict, month: int) -> float:
    """The share of a scheme in effect in the months since its start, the first being 0."""
    if month < 0:
        return 0.0
    ramp = scheme["ramp"] or [1.0]
    return float(ramp[min(month // 12, len(ramp) - 1)])


def cashable(plan: dict, scheme: dict) -> float:
    """The share of a scheme that counts: none unless the service it names stops or changes."""
    stopped = {s["id"] for s in plan["decommissioning"]["services"] if s["decision"] in ("stop", "change")}
    return float(scheme["cashable_share"]) if scheme["stops"] in stopped else 0.0


def scheme(plan: dict, scheme: dict, year: int, late: int = 0) -> tuple[float, float]:
    """Cost and cashed savings of a funded scheme in a year, month by month."""
    cost = saved = 0.0
    if not scheme["funded"] or scheme["start_year"] is None:
        return cost, saved
    start = scheme["start_year"] + late
    worth = scheme["gross_saving"] * cashable(plan, scheme) / 12
    for month in range((year - start) * 12, (year - start + 1) * 12):
        share, before = (
            in_effect(scheme, month),
            in_effect(scheme, month - scheme["double_running_months"]),
        )
        cost += scheme["recurrent_cost"] / 12 * share + worth * max(share - before, 0.0)
        saved += worth * share
    return cost + (scheme["set_up_cost"] if year == start else 0.0), saved


def prevention(plan: dict, year: int, grown: dict | None = None) -> float:
    """Spend on prevention: lines and funded schemes marked so, double running left out."""
    lines = [line["id"] for line in plan["budget"]["lines"] if line["prevention"]]
    found = spend(plan, year, only=lines, grown=grown)
    for one in plan["budget"]["schemes"]:
        if one["prevention"] and one["funded"]:
            alone = one | {"double_running_months": 0}
            found += scheme(plan, alone, year)[0]
    return found


def months(year: int) -> list[date]:
    """The first days of the twelve months of a financial year."""
    return [date(year + (m < 4), m, 1) for m in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]


def stopped(service: dict, year: int) -> float:
    """The share of a year in which a service no longer runs: the months that begin after its last day."""
    if not service["stop_date"]:
        return 0.0
    last = date.fromisoformat(service["stop_date"])
    return sum(first > last for first in months(year)) / 12


def service(plan: dict, service: dict, year: int) -> tuple[float, float]:
    """Cost of closing and cashed savings of a service in a year, as the five-year money counts them."""
    if service["decision"] != "stop" or not service["stop_date"]:
        return 0.0, 0.0
    last = date.fromisoformat(service["stop_date"])
    closing = service["transition_cost"] if _year(last) == year else 0.0
    claimed = any(
        s["stops"] == service["id"] and s["funded"] and s["gross_saving"] > 0 and s["cashable_share"] > 0
        for s in plan["budget"]["schemes"]
    )
    return closing, 0.0 if claimed else service["cashable"] * stopped(service, year)


def stranded(service: dict, year: int) -> float:
    """What nobody can cash and somebody goes on paying, month by month."""
    if not service["stop_date"]:
        return 0.0
    last, total = date.fromisoformat(service["stop_date"]), 0.0
    rest = max(service["released"] - service["cashable"], 0) / 12
    for first in months(year):
        since = (first.year - last.year) * 12 + first.month - last.month
        if first > last and (service["stranded_years"] is None or since <= 12 * service["stranded_years"]):
            total += rest
    return total


def left(plan: dict, year: int, grown: dict | None = None) -> dict[str, float]:
    """Income, spend, cost of schemes and closing, savings, and what is left before and after them."""
    income = sum(i["amount"] for i in plan["budget"]["income"] if i["year"] == year)
    parts = [scheme(plan, s, year) for s in plan["budget"]["schemes"]]
    parts += [service(plan, s, year) for s in plan["decommissioning"]["services"]]
    cost, saving = (sum(amounts) for amounts in zip(*parts, strict=True))
    spent = spend(plan, year, grown=grown)
    planned = spent + cost - saving
    return {
        "income": income,
        "spend": spent,
        "scheme-cost": cost,
        "saving": saving,
        "spend-after": planned,
        "gap-before": income - spent,
        "gap-after": income - planned,
    }


# --- the draws by another route -------------------------------------------------------------


def bent(low: float, middle: float, high: float, z: np.ndarray) -> np.ndarray:
    """Two halves of normal curves that meet in the middle, with these P10 and P90."""
    to_p90 = norm.ppf(0.9)
    return middle + np.where(z < 0, (middle - low) * z, (high - middle) * z) / to_p90


def drawn(plan: dict, grown: dict | None = None, power: int = 14) -> dict[str, np.ndarray]:
    """What is left over in the last year, do nothing and as planned, over quasi-random points (Sobol), line by line.

    Every assumption as it ships, none replaced, no rates of a line's own and no risks.
    """
    year, base = plan["base_year"] + plan["horizon"], plan["base_year"]
    lines, funded = plan["budget"]["lines"], [s for s in plan["budget"]["schemes"] if s["funded"]]
    services = plan["decommissioning"]["services"]
    kinds = sorted({line["growth"] for line in lines})
    bodies = sorted({i["organisation"] for i in plan["budget"]["income"]})
    names = ["price", "people", "efficiency", "delay"]
    names += [f"other {k}" for k in kinds] + [f"{what} {b}" for what in ("income", "follows") for b in bodies]
    names += [f"{what} {s['id']}" for what in ("cost", "saving") for s in (*funded, *services)]
    sobol = qmc.Sobol(len(names), scramble=True, seed=5).random_base2(power)
    z = dict(zip(names, norm.ppf(np.clip(sobol, 1e-12, 1 - 1e-12)).T, strict=True))

    spent, priced = np.zeros(1 << power), np.zeros(1 << power)  # all varies; prices alone vary
    for line in lines:
        amount = np.full(1 << power, line["amount"])
        alone = amount.copy()
        for y in range(base + 1, year + 1):
            for factor, stream in (
                ("demographic", "people"),
                ("other", f"other {line['growth']}"),
                ("price", "price"),
                ("efficiency", "efficiency"),
            ):
                point = rate(plan, line, factor, y, grown)
                yearly = point + _off(line, factor, y, z[stream], bool(grown))
                amount *= 1 - yearly if factor == "efficiency" else 1 + yearly
                only = yearly if factor == "price" else point
                alone *= 1 - only if factor == "efficiency" else 1 + only
        spent += amount
        priced += alone
    moved = priced / spend(plan, year, grown=grown) - 1

    came = np.zeros(1 << power)
    for entry in plan["budget"]["income"]:
        if entry["year"] == year:
            drift = bent(
                *(p / 100 for p in points("income-drift", base + 1)), z[f"income {entry['organisation']}"]
            )
            follows = np.minimum(
                _times("income-follows-price", base, z[f"follows {entry['organisation']}"]), 1
            )
            factor = 1.0
            if entry["status"] == "assumed":
                factor = (1 + drift) ** (year - base) + follows * moved
            came += entry["amount"] * factor

    late = np.maximum(bent(*points("scheme-delay", base + 1), z["delay"]), 0) / 12
    net = np.zeros(1 << power)
    for one in funded:
        amounts = np.array([scheme(plan, one, year, k) for k in range(math.ceil(late.max()) + 2)])
        net += _between(amounts[:, 0], late) * _times("scheme-cost-range", base, z[f"cost {one['id']}"])
        net -= _between(amounts[:, 1], late) * _times("savings-delivered", base, z[f"saving {one['id']}"])
    for one in services:
        closing, cashed = service(plan, one, year)
        net += closing * _times("scheme-cost-range", base, z[f"cost {one['id']}"])
        net -= cashed * _times("savings-delivered", base, z[f"saving {one['id']}"])
    return {"before": came - spent, "after": came - spent - net}


def _off(line: dict, factor: str, year: int, z: np.ndarray, projected: bool) -> np.ndarray:
    id = {"price": "price-uplift", "efficiency": "efficiency"}.get(factor, f"other-growth-{line['growth']}")
    if factor == "demographic":
        id = "population-growth-error" if projected else "demographic-growth-default"
    low, middle, high = (p / 100 for p in points(id, year))
    if factor == "efficiency" and low == middle == high:
        low, mean, high = (middle * p / 100 for p in points("efficiency-delivered", year))
        return bent(low, mean, high, z) - middle
    return bent(low - middle, 0.0, high - middle, z)


def _times(id: str, base: int, z: np.ndarray) -> np.ndarray:
    return np.maximum(bent(*(p / 100 for p in points(id, base + 1)), z), 0)


def _between(by_year_late: np.ndarray, late: np.ndarray) -> np.ndarray:
    return np.interp(late, np.arange(len(by_year_late)), by_year_late)


# --- people ---------------------------------------------------------------------------------


def people(real: Path, code: str) -> dict[int, dict[str, float]]:
    """The projected people of a board by year and age band, men and women together."""
    found: dict[int, dict[str, float]] = {}
    for row in _rows(real / "populations" / "snpp2018_principal_icb_england_quinary.csv"):
        if row["area_code"] == code:
            bands = found.setdefault(int(row["year"]), {})
            bands[row["age_group"]] = bands.get(row["age_group"], 0.0) + float(row["population"])
    return found


def growth(people: dict[int, dict[str, float]]) -> dict[str, dict[int, float]]:
    """Growth on the year before by setting, and under "" with every person alike."""
    weights: dict[str, dict[str, float]] = {}
    for row in _rows(DATA / "age_weights.csv"):
        weights.setdefault(row["setting"], {})[row["age_group"]] = float(row["weight"])
    found: dict[str, dict[int, float]] = {}
    for setting in ("", *weights):
        need = {
            year: sum(count * (weights[setting][band] if setting else 1.0) for band, count in bands.items())
            for year, bands in people.items()
        }
        found[setting] = {year: need[year] / need[year - 1] - 1 for year in need if year - 1 in need}
    return found


def _year(day: date) -> int:
    return day.year - (day.month < 4)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
