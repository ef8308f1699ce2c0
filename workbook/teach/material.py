"""What the words and charts of a lesson are made from: a plan of one ambition for the area, and its series."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbook.errors import BadInput
from workbook.methods import projection
from workbook.plan import Plan
from workbook.plan.model import AreaRef
from workbook.plan.sections import Ambition, Ambitions
from workbook.steps.lines import Outlook, outlook
from workbook.steps.standing import Standing, panel, peers_of
from workbook.words import number

if TYPE_CHECKING:
    import pandas as pd

    from workbook.reference import Indicator, Reference

HORIZON = 5
_ANY = 7  # the number of the ambition; only that of ambition 1 would change its lines


class Point(NamedTuple):
    """One yearly figure with its 95% limits."""

    year: int
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Material:
    """What a plan would say of the area, and the series behind the charts."""

    plan: Plan
    found: Outlook
    nation: list[Point]
    alike: pd.DataFrame  # the comparable areas' figures of the base year

    @property
    def area_name(self) -> str:
        return self.plan.area.name

    @property
    def standing(self) -> Standing:
        return self.found.standing

    @property
    def indicator(self) -> Indicator:
        return self.standing.indicator

    @property
    def own(self) -> list[Point]:
        return [point(r.year, r.value, r.lower, r.upper) for r in self.standing.history]

    @property
    def year(self) -> int:
        """The base year: the last with a figure."""
        return self.standing.own.year

    @property
    def last(self) -> float:
        return self.standing.own.value

    def say(self, value: float | None) -> str:
        """A figure in the indicator's unit."""
        return number(value, self.indicator.decimals, self.indicator.unit)

    def between(self, low: float, high: float) -> str:
        """A range with its unit once, "2,111 to 2,428 per 100,000"; a pound sign stands before both."""
        first = self.say(low) if self.indicator.unit.startswith("£") else number(low, self.indicator.decimals)
        return f"{first} to {self.say(high)}"


def material(code: str, id: str, reference: Reference) -> Material:
    """The plan, its lines and its series for an indicator ``id`` in the area ``code``.

    Raises:
        BadInput: the area has fewer than five yearly figures of the indicator.
    """
    plan = _plan(code, id, reference)
    found = outlook(plan, reference, plan.ambitions.items[0], peers_of(plan, reference))
    assert found, "the plan was made for figures that are there"
    comparable = panel(plan, reference, id)
    alike = reference.series(id, areas=list(comparable.columns)).dropna(subset=["value"])
    return Material(
        plan=plan,
        found=found,
        nation=_nation(plan, id, reference),
        alike=alike[alike["year"] == plan.base_year],
    )


def _plan(code: str, id: str, reference: Reference) -> Plan:
    """A plan of one ambition for the area: whatever a lesson says of it, a plan would say too."""
    area, indicator = reference.area(code), reference.indicator(id)
    years = reference.series(id, area=code).dropna(subset=["value"])["year"]
    if len(years) < projection.POINTS:
        raise BadInput(
            f"{area.name} has {len(years)} yearly figures of {indicator.name}, and a lesson needs "
            f"{projection.POINTS}.",
            "Choose another indicator or area in the lesson's file.",
        )
    return Plan(
        area=AreaRef(code=area.code, name=area.name, kind=area.kind, synthetic=area.synthetic),
        base_year=int(years.max()),
        horizon=HORIZON,
        ambitions=Ambitions(items=[Ambition(number=_ANY, measure=id)]),
    )


def _nation(plan: Plan, id: str, reference: Reference) -> list[Point]:
    """The history of the country the area is compared with; none where it has no figures."""
    countries = [a for a in reference.areas(kind="country") if a.synthetic == plan.area.synthetic]
    return points_of(reference.series(id, area=countries[0].code)) if countries else []


def point(year: int, value: float, lower: float | None, upper: float | None) -> Point:
    return Point(year, value, known(lower), known(upper))


def known(value: float | None) -> float:
    """The figure, or NaN where there is none."""
    return math.nan if value is None else value


def points_of(frame: pd.DataFrame) -> list[Point]:
    """The rows that have a figure, as plain numbers."""
    columns = frame.dropna(subset=["value"])[["year", "value", "lower", "upper"]]
    return [Point(int(year), *rest) for year, *rest in columns.to_numpy(float).tolist()]
