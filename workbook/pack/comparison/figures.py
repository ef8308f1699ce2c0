"""What is compared of one pack: a small record, taken from its results once, in the worker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_BASELINE = re.compile(r"ambition-([^.]+)\.baseline")
Record = dict[str, Any]


@dataclass(frozen=True)
class Pack:
    """One pack as the comparison knows it; ``figures`` is the record of :func:`of_results`, empty where it failed."""

    key: str
    code: str
    name: str
    status: str
    synthetic: bool
    figures: Record

    @property
    def said(self) -> str:
        """The area in a sentence: name and code; the folder too where it is not the code."""
        words = f"{self.name} ({self.code})" if self.name and self.name != self.code else self.code
        return words if self.key == self.code else f"{words} [{self.key}]"


def of_results(results: Mapping[str, Any], stated: Mapping[str, Any]) -> Record:
    """The record of a pack from its results.json and its manifest; JSON-ready, a few kilobytes.

    ``ambitions``: one record each with levels in its own unit; one without a measure is left out. ``money``: [year, left over, spend] in
    £000s for each year planned for, the base year left out. ``findings``: counts by step and severity.
    """
    plan = results.get("plan", {})
    last = plan.get("last_year") or stated["plan"]["last_year"]
    base = plan.get("base_year")
    found = {r["id"]: r for r in results["results"]}
    return {
        "kind": results.get("area", {}).get("kind", ""),
        "base_year": base,
        "last_year": last,
        "ambitions": [
            _ambition(found, m[1], base, last)
            for id, r in found.items()
            if (m := _BASELINE.fullmatch(id)) and (r.get("unit") or r.get("value") is not None)
        ],
        "money": _money(found, base, last),
        "findings": _findings(results.get("findings", ())),
        "series": len(stated.get("data") or ()),
        "without": sum(r.get("value") is None for r in results["results"]),
    }


def _ambition(found: Mapping[str, Any], anchor: str, base: int | None, last: int) -> Record:
    stem = f"ambition-{anchor}"
    baseline = found[f"{stem}.baseline"]
    value, unit = baseline.get("value"), baseline.get("unit", "")
    chosen = _value(found, f"{stem}.chosen.{last}")
    change, relative = _yearly(value, chosen, unit, last - base if base else None)
    return {
        "ambition": anchor,
        "measure": baseline.get("label", "").removesuffix(", baseline"),
        "unit": unit,
        "baseline": value,
        "baseline_period": str(baseline.get("period", "")),
        "chosen": chosen,
        "change": change,
        "change_unit": "% a year"
        if relative
        else "percentage points a year"
        if unit == "%"
        else f"a year, {unit}",
        "do_nothing": _value(found, f"{stem}.do-nothing.{last}"),
        "plausibility": _value(found, f"{stem}.plausibility"),
        "nothing_plausibility": _value(found, f"{stem}.do-nothing.plausibility"),
    }


def _value(found: Mapping[str, Any], id: str) -> float | None:
    value = found.get(id, {}).get("value")
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _yearly(baseline: Any, chosen: float | None, unit: str, years: int | None) -> tuple[float | None, bool]:
    """The change chosen a year, and whether it is relative.

    A rate changes by so many per cent a year, compounded: 100 (chosen / baseline)^(1 / years) - 100. A
    measure that is a share of something already changes by so many points a year, in equal steps. A
    baseline or level of nought or below has no relative change: no figure.
    """
    relative = unit != "%" and not unit.startswith("out of")
    if baseline is None or chosen is None or not years:
        return None, relative
    if not relative:
        return (chosen - baseline) / years, False
    if baseline <= 0 or chosen <= 0:
        return None, True
    return 100 * ((chosen / baseline) ** (1 / years) - 1), True


def _money(found: Mapping[str, Any], base: int | None, last: int) -> list[list[Any]]:
    years = range(base + 1 if base else last, last + 1)
    money = [
        [y, _value(found, f"budget.gap-after.{y}"), _value(found, f"budget.spend-after.{y}")] for y in years
    ]
    return money if any(gap is not None for _, gap, _ in money) else []


def _findings(found: Any) -> dict[str, dict[str, int]]:
    """Counts by the link of the thread (the step) and by what they do (blocks, doubt, note)."""
    counted = Counter((f["step"], f["severity"]) for f in found)
    steps = sorted({step for step, _ in counted})
    return {s: {k: n for (step, k), n in sorted(counted.items()) if step == s} for s in steps}
