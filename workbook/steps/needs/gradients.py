"""An area's figures by deprivation, worked out: the groups in order, the slope across them, what it means in people."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from workbook.methods import excess, inequality
from workbook.plan import Plan
from workbook.reference import Indicator, Reference, equality
from workbook.steps import standing
from workbook.steps.frames import records
from workbook.steps.kept import kept
from workbook.steps.naming import called
from workbook.steps.standing import Reading, Standing


@dataclass(frozen=True)
class Gradient:
    """One figure by deprivation, from the most to the least deprived group; the area need have no figure as a whole.

    ``found`` and ``people`` are None where they cannot be worked out; ``why``
    then says so in a sentence. ``even``: the groups were taken as equal in
    size, because the file does not say how many people are in each.
    """

    indicator: Indicator
    period: str
    groups: tuple[tuple[str, Reading], ...]
    found: inequality.Inequality | None
    people: excess.Excess | None
    line: tuple[tuple[float, float], ...]
    why: str
    even: bool

    @property
    def sure(self) -> bool:
        """Whether the interval of the slope leaves out no difference."""
        return self.found is not None and self.found.slope_lower * self.found.slope_upper > 0

    @property
    def worse_at_most_deprived(self) -> bool:
        """Whether the figure is worse, beyond chance, where people are most deprived."""
        polarity = self.indicator.polarity
        if self.found is None or not self.sure or polarity == "none":
            return False
        return (self.found.most > self.found.least) == (polarity == "low")


def gradients(plan: Plan, reference: Reference, standings: list[Standing]) -> list[Gradient]:
    """Every figure on hand with a breakdown by deprivation: those of the priorities first, in their order.

    Where the plan names the figures it compares, only those.
    """
    named = [i for p in plan.needs.priorities for i in p.indicators]
    held = reference.broken_down(plan.area.code)
    wanted = [i for i in held if i in plan.needs.indicators] if plan.needs.indicators else held
    ordered = dict.fromkeys([*named, *(s.indicator.id for s in standings), *wanted])
    found = [_gradient(plan, reference, called(plan, reference.indicator(i))) for i in ordered if i in wanted]
    return [g for g in found if g is not None]


def _gradient(plan: Plan, reference: Reference, indicator: Indicator) -> Gradient | None:
    key = ("gradient", plan.area.code, plan.base_year, indicator)
    return kept(reference, key, lambda: _of_breakdown(plan, reference, indicator))


def _of_breakdown(plan: Plan, reference: Reference, indicator: Indicator) -> Gradient | None:
    rows = reference.breakdown(indicator.id, plan.area.code)
    wanted = [kind for kind in rows["category_type"].unique() if equality.by_deprivation(kind)]
    rows = _latest(rows[rows["category_type"].isin(wanted) & (rows["year"] <= plan.base_year)])
    order = equality.most_deprived_first(rows["category"])
    if len(order) < 2:
        return None
    held = {str(row["category"]): row for row in records(rows)}
    read = {name: standing.readings(pd.DataFrame([held[name]]), plan.base_year, indicator) for name in order}
    groups = tuple((name, read[name][0]) for name in order if read[name])
    return _worked_out(indicator, groups, len(order)) if groups else None


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a group: the latest year, the finest breakdown of it, for all persons where there are such rows."""
    if rows.empty:
        return rows
    rows = rows[rows["year"] == rows["year"].max()]
    groups = rows.groupby("category_type")["category"].nunique()
    rows = rows[rows["category_type"] == groups.index[groups == groups.max()][-1]]
    for column, everybody in (("sex", "Persons"), ("age", "All ages")):
        kept = rows[rows[column] == everybody]
        rows = kept if len(kept) else rows[rows[column] == rows[column].mode().iloc[0]]
    return rows.drop_duplicates("category", keep="last")


def _worked_out(indicator: Indicator, groups: tuple[tuple[str, Reading], ...], expected: int) -> Gradient:
    readings = [r for _, r in groups]
    period, people = readings[0].period, [r.denominator or 0.0 for r in readings]
    even = not all(people)
    sizes = [1.0] * len(readings) if even else people
    values, lowers, uppers = (
        [float("nan") if v is None else v for v in column]
        for column in zip(*((r.value, r.lower, r.upper) for r in readings), strict=True)
    )
    nothing = Gradient(indicator, period, groups, None, None, (), "", even)
    if len(groups) < expected:
        return _because(nothing, f"{expected - len(groups)} of its {expected} groups have no figure")
    kind, scale = scale_of(indicator)
    y, low, high = ([v / scale for v in column] for column in (values, lowers, uppers))
    if reason := inequality.why_not(y, low, high, sizes, kind):
        return _because(nothing, reason[:1].lower() + reason[1:].rstrip("."))
    found = inequality.index(y, low, high, sizes, kind).times(scale)
    across, up = inequality.curve(y, sizes, kind, points=2 if kind == "mean" else 25)
    counted = None
    if not even and indicator.per and kind != "mean":
        counted = excess.over_last(values, lowers, uppers, people, indicator.per)
    line = tuple((float(x), float(v) * scale) for x, v in zip(across, up, strict=True))
    return Gradient(indicator, period, groups, found, counted, line, "", even)


def _because(gradient: Gradient, why: str) -> Gradient:
    return replace(gradient, why=why)


def scale_of(indicator: Indicator) -> tuple[inequality.Kind, float]:
    """On which scale the line is straight, and what a value is divided by to stand on it."""
    if indicator.value_type == "mean":
        return "mean", 1.0
    if indicator.unit == "%" or indicator.value_type == "proportion":
        return "proportion", float(indicator.per or 100)
    return ("rate", 1.0) if indicator.per else ("mean", 1.0)
