"""Budget lines rolled forward together: the yearly rates of each, and what they make of its spend."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbook.methods import growth
from workbook.plan import Plan
from workbook.plan.sections import BudgetLine
from workbook.reference import Reference
from workbook.steps.money.assumed import Use, in_use, replaced, spread
from workbook.steps.money.people import growth_by_setting, has_profile, setting_of

FACTORS = growth.FACTORS
DEFAULT_GROWTH = "demographic-growth-default"
PROJECTION_ERROR = "population-growth-error"


@dataclass(frozen=True)
class Rates:
    """Yearly fractions of every line (rows, in the plan's order) and year (columns), by factor.

    ``value``: what the figures use. ``low`` and ``high``: how far below and above it the 10th and 90th
    percentile lie; nought where a rate is confirmed or no range is known. ``profile``: for each line the
    setting of its age profile, "" where its people are counted alike or no projection is on hand.
    ``people``: by setting ("" for every person alike) the growth taken from the projection, by year.
    """

    value: dict[str, np.ndarray]
    low: dict[str, np.ndarray]
    high: dict[str, np.ndarray]
    profile: tuple[str, ...]
    people: dict[str, dict[int, float]]
    used: tuple[Use, ...]


class _Known:
    """Assumptions looked up once, with the lines that use each."""

    def __init__(self, plan: Plan, reference: Reference) -> None:
        self.plan, self.reference = plan, reference
        self.uses: dict[tuple[str, int], Use] = {}
        self.users: dict[tuple[str, int], list[str]] = {}

    def __call__(self, id: str, year: int, line: str) -> Use:
        key = (id, year)
        if key not in self.uses:
            self.uses[key] = in_use(self.plan, self.reference, id, year)
        self.users.setdefault(key, []).append(line)
        return self.uses[key]

    def listed(self) -> tuple[Use, ...]:
        """Every assumption that was used, with the lines that used it."""
        return tuple(dataclasses.replace(use, lines=tuple(self.users[key])) for key, use in self.uses.items())


Cell = tuple[float, float, float]  # the rate, and how far below and above it the 10th and 90th percentile lie


def rates_of(plan: Plan, reference: Reference) -> Rates:
    """The yearly rates of every budget line."""
    known = _Known(plan, reference)
    settings = {line.growth: setting_of(line.growth) for line in plan.budget.lines}
    profiles = {s: s if has_profile(reference, s) else "" for s in dict.fromkeys(settings.values())}
    people = growth_by_setting(plan, reference, dict.fromkeys(["", *profiles.values()]))
    rows: dict[str, list[list[Cell]]] = {name: [] for name in FACTORS}
    for line in plan.budget.lines:
        counted = people.get(profiles[settings[line.growth]], {})
        for name in FACTORS:
            rows[name].append([_cell(name, line, year, counted, known) for year in plan.years])
    shape = (len(plan.budget.lines), len(plan.years), 3)
    cells = {name: np.array(found, dtype=float).reshape(shape) for name, found in rows.items()}
    return Rates(
        {name: found[..., 0] for name, found in cells.items()},
        {name: found[..., 1] for name, found in cells.items()},
        {name: found[..., 2] for name, found in cells.items()},
        tuple(profiles[settings[line.growth]] if people else "" for line in plan.budget.lines),
        people,
        known.listed(),
    )


_OWN = {"other": "own_growth", "price": "own_price", "efficiency": "own_efficiency"}
_DATED = {"price": "price-uplift", "efficiency": "efficiency"}


def _cell(name: str, line: BudgetLine, year: int, people: dict[int, float], known: _Known) -> Cell:
    if name == "demographic":
        return _of_people(line, year, people, known)
    own = getattr(line, _OWN[name])
    id = _DATED.get(name, f"other-growth-{line.growth}")
    if own is None:
        use = known(id, year, line.name)
        return (use.value, *spread(use))
    if line.own_status == "confirmed":
        return (own / 100, 0.0, 0.0)
    # Its own rate, as unsure as the one that it stands in place of.
    return (own / 100, *spread(in_use(known.plan, known.reference, id, year)))


def _of_people(line: BudgetLine, year: int, people: dict[int, float], known: _Known) -> Cell:
    # An override of the default stands over the projection: a person decided it.
    if year in people and replaced(known.plan, DEFAULT_GROWTH, year) is None:
        error = in_use(known.plan, known.reference, PROJECTION_ERROR, year)
        low, high = (end / 100 for end in spread(error))
        return people[year], low, high
    use = known(DEFAULT_GROWTH, year, line.name)
    return (use.value, *spread(use))


def forward(plan: Plan, rates: Rates) -> pd.DataFrame:
    """The spend of every line and year with the money of each factor; the base year first."""
    listed = plan.budget.lines
    years = [plan.base_year, *plan.years]
    base = np.array([line.amount for line in listed], dtype=float)
    money = growth.rolled(base, *(rates.value[name] for name in FACTORS))
    nothing = np.zeros((len(listed), 1))
    columns: dict[str, object] = {
        column: np.repeat(np.array([getattr(line, field) for line in listed], dtype=object), len(years))
        for column, field in (
            ("line", "id"),
            ("name", "name"),
            ("organisation", "organisation"),
            ("programme", "programme"),
            ("provider", "provider"),
        )
    }
    columns["prevention"] = np.repeat(np.array([line.prevention for line in listed], dtype=bool), len(years))
    columns["year"] = np.tile(np.array(years), len(listed))
    columns["baseline"] = np.repeat(base, len(years))
    for name in FACTORS:
        columns[name] = np.hstack([nothing, money[name]]).ravel()
    columns["total"] = np.hstack([base[:, None], money["total"]]).ravel()
    return pd.DataFrame(columns)
