"""The money of the plan many times over, each time with other growth, prices, schemes and risks.

What is common to all lines (prices, the error of the projection, what is delivered of the efficiency) and the delay
of schemes are drawn once a draw and hold for all of them; other growth is drawn once for each kind of care,
cost and savings once for each scheme, income once for each organisation. An error lasts: a draw in which
prices rise faster than assumed does so in every year, so the ranges are those of the mean over the plan. Income that
is only assumed follows a share of what prices add to spend or take from it. Only risks happen or not in each year
anew; how much one costs is drawn once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from workbook.methods import draws, growth, phasing
from workbook.plan import Plan
from workbook.plan.sections import Risk
from workbook.reference import Reference
from workbook.steps.kept import kept
from workbook.steps.money import FACTORS, Money, changes, read
from workbook.steps.money.assumed import Use, in_use, spread

LABELS = {
    "demographic": "Growth and ageing of the population",
    "other": "Other growth",
    "price": "Prices that income does not follow",
    "efficiency": "Efficiency delivered",
    "income": "Assumed income, for other reasons",
    "cost": "Cost of schemes and closing",
    "saving": "Savings delivered",
    "delay": "Delay of schemes",
    "risks": "Risks",
    "together": "Several of these at once",
}
_POUND = 0.001  # of a thousand pounds
FOLLOWS = "income-follows-price"
RANGES = (
    "efficiency-delivered",
    FOLLOWS,
    "income-drift",
    "scheme-cost-range",
    "savings-delivered",
    "scheme-delay",
)


@dataclass(frozen=True)
class Share:
    """What one named factor does to what is left over in the last year when it alone varies.

    ``low``, ``middle``, ``high``: its P10, P50 and P90 against the figure without uncertainty, £000s; below
    zero it widens the gap. ``share``: the part of the whole spread that comes with it.
    """

    factor: str
    low: float
    middle: float
    high: float
    share: float


@dataclass(frozen=True)
class Simulation:
    """What is left over (income less spend, £000s; below zero is a gap) in many draws.

    ``gaps``: by year P10, P50 and P90 as planned, for years with income; ``before``: the same if nothing is
    done, without schemes, stopping and risks. ``closed``: the share of draws in which income
    covers spend in the last year; None where its income is not known. ``factors``: the widest first, only
    those that vary. ``risk_cost``: what risks add to the last year's spend on average. ``not_counted``:
    names of risks without a chance or a cost. ``uses``: the ranges that belong to no line.
    """

    gaps: dict[int, draws.Percentiles]
    before: dict[int, draws.Percentiles]
    closed: float | None
    factors: tuple[Share, ...]
    risk_cost: float
    not_counted: tuple[str, ...]
    uses: tuple[Use, ...]


def simulated(plan: Plan, reference: Reference, found: Money) -> Simulation:
    """The draws of a plan; worked out once for the same money and risks."""
    risks = tuple((r.id, r.name, r.chance, r.cost_low, r.cost_high) for r in plan.budget.risks)
    return kept(reference, ("chance", *read(plan), *risks), lambda: _Draws(plan, reference, found).result())


def counts(risk: Risk) -> bool:
    """Whether a risk says how likely it is and what it costs."""
    return risk.chance is not None and (risk.cost_low is not None or risk.cost_high is not None)


@lru_cache(maxsize=1024)
def _strata(name: str) -> np.ndarray:
    """The strata of a name, kept in two bytes each: a page is worked out anew after every change."""
    return draws.strata(name).astype(np.int16)


class _Draws:
    """One simulation. Arrays are draws x years, £000s, unless said otherwise."""

    def __init__(self, plan: Plan, reference: Reference, found: Money) -> None:
        self.plan, self.found = plan, found
        self.years = list(plan.years)
        self.ranges = {id: in_use(plan, reference, id, self.years[0]) for id in RANGES}
        self._streams: dict[str, np.ndarray] = {}
        self._drifts: dict[tuple[str, bytes], np.ndarray] = {}
        self._factors: dict[str, np.ndarray] = {}
        self._steps: dict[str, np.ndarray] = {}

    def result(self) -> Simulation:
        """All draws, together and one cause at a time."""
        each = {name: self._alone(name) for name in LABELS if name != "together"}
        alone = {name: effect for name, effect in each.items() if effect is not None}
        point = self.found.summary.set_index("year").loc[self.years]
        income, known = np.nan_to_num(point["income"].to_numpy()), point["income"].notna().to_numpy()
        left = income - point["spend_after"].to_numpy() + self._off
        before = income - point["spend"].to_numpy() + self._untouched
        gaps, undone = (
            {year: draws.percentiles(drawn[:, n]) for n, year in enumerate(self.years) if known[n]}
            for drawn in (left, np.broadcast_to(before, left.shape))
        )
        closed = float(np.mean(left[:, -1] >= -_POUND)) if known[-1] else None
        return Simulation(
            gaps,
            undone,
            closed,
            self._shares(alone),
            float(self._risks[:, -1].mean()),
            tuple(r.name or r.id for r in self.plan.budget.risks if not counts(r)),
            tuple(self.ranges.values()),
        )

    @cached_property
    def _off(self) -> np.ndarray:
        """How far what is left over lies off the figures without uncertainty, everything varying."""
        return self._untouched - self._changes(True, True, True) - self._risks

    @cached_property
    def _untouched(self) -> np.ndarray:
        """The same if nothing is done: income and budget lines alone."""
        return self._income + self._followed - (self._spend(FACTORS) - self._spend(()))

    def _alone(self, name: str) -> np.ndarray | None:
        """The same in the last year with one factor varying alone (one number a draw); None where it cannot vary."""
        if name in FACTORS:
            off = (self._followed if name == "price" else 0.0) - (self._spend((name,)) - self._spend(()))
        elif name in ("cost", "saving", "delay"):
            off = -self._changes(name == "cost", name == "saving", name == "delay")
        else:
            off = self._income if name == "income" else -self._risks
        last = off[:, -1]
        return last if np.ptp(last) > 1e-9 else None

    def _shares(self, alone: dict[str, np.ndarray]) -> tuple[Share, ...]:
        parts = dict(alone)
        if len(alone) > 1:
            parts["together"] = self._off[:, -1] - np.sum(list(alone.values()), axis=0)
        shares = draws.shares_of_spread(parts) if parts else {}
        found = [Share(name, *draws.percentiles(values), shares[name]) for name, values in parts.items()]
        return tuple(sorted(found, key=lambda part: (part.factor == "together", part.low - part.high)))

    # --- streams --------------------------------------------------------------

    def _stream(self, name: str) -> np.ndarray:
        if name not in self._streams:
            self._streams[name] = draws.uniform(name)
        return self._streams[name]

    def _drawn(self, id: str, name: str) -> np.ndarray:
        """One value a draw of an assumption's range, from the stream of that name."""
        use = self.ranges[id]
        low, high = spread(use)
        return draws.three_points(use.value + low, use.value, use.value + high, self._stream(f"{id}: {name}"))

    def _stepped(self, id: str, name: str) -> np.ndarray:
        """:meth:`_drawn`, nought or more, read off at the middle of each of the equal strata: quick for many names."""
        if id not in self._steps:
            use = self.ranges[id]
            low, high = spread(use)
            middles = (np.arange(draws.DRAWS) + 0.5) / draws.DRAWS
            points = draws.three_points(use.value + low, use.value, use.value + high, middles)
            self._steps[id] = np.maximum(points, 0.0)
        return self._steps[id][_strata(f"{id}: {name}")]

    # --- budget lines -----------------------------------------------------------

    @cached_property
    def _groups(self) -> list[tuple[str, int, float]]:
        """Lines with the same rates and ranges together: the kind, one of them, what they spend in the base year."""
        rates = self.found.rates
        found: dict[tuple[object, ...], tuple[str, int, float]] = {}
        tables = [by[name] for by in (rates.value, rates.low, rates.high) for name in FACTORS]
        for n, line in enumerate(self.plan.budget.lines):
            key = (line.growth, *(table[n].tobytes() for table in tables))
            kind, first, amount = found.get(key, (line.growth, n, 0.0))
            found[key] = (kind, first, amount + line.amount)
        return list(found.values())

    def _spend(self, varying: Collection[str]) -> np.ndarray:
        """What all lines spend where only these factors vary."""
        total = np.zeros((1, len(self.years)))
        for kind, n, amount in self._groups:
            grown = np.ones((1, len(self.years)))
            for name in FACTORS:
                rate = self.found.rates.value[name][n][None, :]
                if name in varying:
                    rate = rate + self._drift(name, kind, n)
                grown = grown * (1 - rate if name == "efficiency" else 1 + rate)
            total = total + amount * np.cumprod(grown, axis=1)
        return total

    def _drift(self, name: str, kind: str, n: int) -> np.ndarray:
        """How far the yearly rates of a factor lie off: draws x years, or one row of noughts where they are sure."""
        rates = self.found.rates
        value, low, high = (by[name][n] for by in (rates.value, rates.low, rates.high))
        stream = f"other: {kind}" if name == "other" else name
        key = (stream, b"".join(part.tobytes() for part in (value, low, high)))
        if key not in self._drifts:
            self._drifts[key] = self._drift_of(name, stream, value, low, high)
        return self._drifts[key]

    def _drift_of(
        self, name: str, stream: str, value: np.ndarray, low: np.ndarray, high: np.ndarray
    ) -> np.ndarray:
        if name == "efficiency":
            # A figure without a range is confirmed as asked; what is delivered of it is not.
            use = self.ranges["efficiency-delivered"]
            below, above = spread(use)
            sure = (low == 0) & (high == 0)
            ends = np.sort([value * (use.value + below - 1), value * (use.value + above - 1)], axis=0)
            middle = np.where(sure, value * (use.value - 1), 0.0)
            low, high = np.where(sure, ends[0], low), np.where(sure, ends[1], high)
            return growth.drifting(low, middle, high, self._stream(stream))
        if not (low.any() or high.any()):
            return np.zeros((1, len(value)))
        return growth.drifting(low, np.zeros(len(value)), high, self._stream(stream))

    # --- income, schemes and services, risks --------------------------------------

    @cached_property
    def _loose(self) -> dict[str, np.ndarray]:
        """Income that is only assumed, by organisation and year."""
        found: dict[str, np.ndarray] = {}
        for entry in self.plan.budget.income:
            if entry.status == "assumed" and entry.year in self.years:
                row = found.setdefault(entry.organisation, np.zeros(len(self.years)))
                row[self.years.index(entry.year)] += entry.amount
        return found

    @cached_property
    def _income(self) -> np.ndarray:
        """How far assumed income lies off what is entered for other reasons than prices; it drifts from the base year on."""
        off = np.zeros((draws.DRAWS, len(self.years)))
        age = np.array(self.years) - self.plan.base_year
        for organisation, amounts in self._loose.items():
            drift = self._drawn("income-drift", organisation)[:, None]
            off += amounts * ((1 + drift) ** age - 1)
        return off

    @cached_property
    def _followed(self) -> np.ndarray:
        """How far assumed income follows prices: its share of the part by which they alone raise or lower spend."""
        point = self._spend(())
        if not self._loose or not (point > 0).all():
            return np.zeros((1, len(self.years)))
        moved = self._spend(("price",)) / point - 1
        if not moved.any():
            return np.zeros((1, len(self.years)))
        off = np.zeros((draws.DRAWS, len(self.years)))
        for organisation, amounts in self._loose.items():
            off += amounts * np.clip(self._drawn(FOLLOWS, organisation), 0.0, 1.0)[:, None] * moved
        return off

    @cached_property
    def _amounts(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Names of schemes, then of services; their cost and their savings: changes x whole years late x years."""
        latest = math.ceil(float(self._months.max()) / 12)
        funded = [s.id for s in self.plan.budget.schemes if s.funded]
        late = [changes.phased(self.plan, self.years, k) for k in range(latest + 1)]
        cost = np.stack([sum(a[part] for part in changes.COSTS) for a in late], axis=1)
        saving = np.stack([a["cashed"] for a in late], axis=1)
        table = self.found.services[self.found.services["year"].isin(self.years)]
        stopped = list(dict.fromkeys(table["service"]))
        once, cashed = (
            table[column]
            .to_numpy(dtype=float)
            .reshape(len(stopped), 1, len(self.years))
            .repeat(latest + 1, 1)
            for column in ("transition", "cashable")
        )
        names = [*(f"scheme {id}" for id in funded), *(f"service {id}" for id in stopped)]
        return names, np.concatenate([cost, once]), np.concatenate([saving, cashed])

    @cached_property
    def _months(self) -> np.ndarray:
        """By how many months schemes come late, one number a draw: they wait for the same people and buildings."""
        return np.maximum(self._drawn("scheme-delay", "all"), 0.0)

    def _changes(self, cost: bool, saving: bool, delay: bool) -> np.ndarray:
        """How far cost less savings lies off the figures, where these vary."""
        names, costs, savings = self._amounts
        if not names:
            return np.zeros((1, len(self.years)))
        net = self._factored(costs, "scheme-cost-range", names, cost)
        net = net - self._factored(savings, "savings-delivered", names, saving)
        point = (costs[:, 0] - savings[:, 0]).sum(axis=0)
        if delay:
            return phasing.delayed(net, self._months) - point
        return np.atleast_2d(net[..., 0, :]) - point

    def _factored(self, amounts: np.ndarray, id: str, names: list[str], varies: bool) -> np.ndarray:
        """The sum of amounts, each times its own draw: draws x delays x years; delays x years where nothing varies."""
        if not varies:
            return np.asarray(amounts.sum(axis=0))
        some = [n for n, amount in enumerate(amounts) if amount.any()]
        if not some:
            return np.zeros(amounts.shape[1:])
        if id not in self._factors:
            self._factors[id] = np.stack([self._stepped(id, names[n]) for n in some])
        summed = self._factors[id].T @ amounts[some].reshape(len(some), -1)
        return np.asarray(summed).reshape(-1, *amounts.shape[1:])

    @cached_property
    def _risks(self) -> np.ndarray:
        """What risks cost; each happens or not in each year anew."""
        return sum((self._risk(r) for r in self._counted()), np.zeros((draws.DRAWS, len(self.years))))

    def _counted(self) -> Iterable[Risk]:
        return (r for r in self.plan.budget.risks if counts(r))

    def _risk(self, risk: Risk) -> np.ndarray:
        given = [end for end in (risk.cost_low, risk.cost_high) if end is not None]
        low, high = min(given), max(given)
        cost = np.full(draws.DRAWS, low)
        if high > low:
            share = self._stream(f"risk cost: {risk.id}")
            cost = np.maximum(draws.three_points(low, (low + high) / 2, high, share), 0.0)
        # It happens in the lowest strata of a draw: as many of them as its chance says.
        happens = (risk.chance or 0.0) * draws.DRAWS
        columns = [cost * (_strata(f"risk: {risk.id} {year}") < happens) for year in self.years]
        return np.stack(columns, axis=1)
