"""The outcomes sheet: every ambition with its measure, baseline, level chosen, and where it goes if nothing is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbook.blocks import Result, Step
from workbook.pack.submission.common import NO_FIGURE, Line, by_year, figure, status
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Reference
from workbook.render.sheets import Grid, Value
from workbook.render.text import decimals_of
from workbook.steps.ambitions import title_of

_FRONT = (
    *("Ambition", "Measure", "Unit", "Baseline", "Period of the baseline", "Source"),
    *("Line", "Owner", "Status"),
)
_LINES = (
    ("chosen", "Level chosen"),
    ("do-nothing", "Do nothing"),
    ("schemes", "Do nothing plus the funded schemes"),
    ("early-warning.hard", "Early warning: past it the last year is hard to reach"),
)
_MOST = 3  # decimals

Found = Mapping[str, Result]


def grids(plan: Plan, steps: Mapping[str, Step], reference: Reference) -> tuple[Grid, ...]:
    """One table: four rows an ambition that has a figure, one for an ambition in words."""
    step = steps.get("ambitions")
    found = {result.id: result for result in step.results} if step else {}
    lines = [
        line
        for ambition, anchor in zip(plan.ambitions.items, anchors(plan), strict=True)
        for line in _of(plan, ambition, f"ambition-{anchor}", found, reference)
    ]
    return (
        by_year(
            *("outcomes", "Ambitions: baseline, level chosen and what is to be expected", _FRONT),
            [str(year) for year in plan.years],
            lines,
            above=(
                "Years are those of the measure. Do nothing is a projection, not a forecast of any one year.",
                "A baseline that was recorded in the plan stands where its series is not on hand.",
            ),
            nothing="The plan holds no ambition.",
        ),
    )


def anchors(plan: Plan) -> list[str]:
    """The number of each ambition; one that stands twice is told apart by its place, as in the results."""
    numbers = [a.number for a in plan.ambitions.items]
    return [f"{n}-{i}" if n in numbers[:i] else str(n) for i, n in enumerate(numbers)]


def _of(plan: Plan, ambition: Ambition, stem: str, found: Found, reference: Reference) -> Iterator[Line]:
    called = f"{ambition.number} {title_of(reference, ambition.number)}"
    about = _about(ambition, found.get(f"{stem}.baseline"))
    chosen = {level.year: level.value for level in ambition.levels}
    places = _places([about.get("value"), *chosen.values()])
    shown = figure(about.get("value"), places)
    words: tuple[Value, ...] = (
        *(called, about["measure"], about["unit"], shown, about["period"], about["source"]),
    )
    nothing: list[float | None] = []
    for key, label in _LINES:
        values = [_value(found, f"{stem}.{key}.{year}") for year in plan.years]
        if key == "chosen":
            values = [chosen.get(y) if v is None else v for y, v in zip(plan.years, values, strict=True)]
        if key == "schemes" and values == nothing:
            continue  # no funded scheme states an effect: what the plan delivers is not known, and not nothing
        nothing = values if key == "do-nothing" else nothing
        if key == "chosen" or any(v is not None for v in values):
            said = (
                ambition.in_words if key == "chosen" and not ambition.measure and ambition.in_words else label
            )
            kind = status(plan, ("chosen" if any(v is not None for v in values) else "not chosen",))
            how = kind if key == "chosen" else status(plan, ("worked out",))
            yield Line((*words, said, ambition.owner, how), tuple(values), places)


def _about(ambition: Ambition, baseline: Result | None) -> dict[str, Any]:
    """What is known of the measure: from the results, else as the plan recorded it."""
    if baseline is not None and isinstance(baseline.value, (int, float)):
        name = baseline.label.removesuffix(", baseline")
        return {
            "measure": name,
            "unit": baseline.unit,
            "value": float(baseline.value),
            "period": baseline.period,
            "source": baseline.source,
        }
    kept = ambition.baseline
    none = {
        "measure": ambition.measure or "in words",
        "unit": NO_FIGURE,
        "period": NO_FIGURE,
        "source": NO_FIGURE,
    }
    if kept is None:
        return none
    return none | {
        "unit": kept.unit,
        "value": kept.value,
        "period": kept.period,
        "source": f"{kept.source} (recorded in the plan)".strip(),
    }


def _value(found: Found, id: str) -> float | None:
    result = found.get(id)
    return float(result.value) if result and isinstance(result.value, (int, float)) else None


def _places(values: list[float | None]) -> int:
    return max((min(decimals_of(v), _MOST) for v in values if v is not None), default=0)
