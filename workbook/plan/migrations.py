"""Plans of earlier schemas, brought to the present one step at a time.

A change of schema adds a function here that takes the data of version n and
returns that of n + 1; plans are never rewritten on disk by being read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _outcomes_of_citizens(data: dict[str, Any]) -> dict[str, Any]:
    """Version 2 keeps with each outcome of citizens who named it and what it goes with."""
    ambitions = data.get("ambitions")
    if isinstance(ambitions, dict) and isinstance(ambitions.get("citizens"), list):
        told = [{"outcome": t} if isinstance(t, str) else t for t in ambitions["citizens"]]
        data = {**data, "ambitions": {**ambitions, "citizens": told}}
    return {**data, "schema_version": 2}


def _effects_and_funds(data: dict[str, Any]) -> dict[str, Any]:
    """Version 3 states an effect for each ambition of a scheme, and parts a fund's shares of risk from what is paid in."""
    budget = data.get("budget")
    if isinstance(budget, dict):
        budget = dict(budget)
        if isinstance(budget.get("schemes"), list):
            budget["schemes"] = [_effects(s) if isinstance(s, dict) else s for s in budget["schemes"]]
        if "pooled" in budget:
            budget["fund"] = _fund(budget.pop("pooled"))
        data = {**data, "budget": budget}
    return {**data, "schema_version": 3}


def _effects(scheme: dict[str, Any]) -> dict[str, Any]:
    """One percentage served every ambition of the scheme: each of them now has it as its own."""
    kept = {k: v for k, v in scheme.items() if k not in ("effect", "effect_low", "effect_high")}
    stated = {new: scheme.get(old) for new, old in _EFFECT.items()}
    if all(value is None for value in stated.values()):
        return kept
    return {**kept, "effects": [{"ambition": n, **stated} for n in scheme.get("ambitions", [])]}


def _notes_on_departures(data: dict[str, Any]) -> dict[str, Any]:
    """Version 4 has a note wherever a plan may depart from what the workbook suggests; an earlier one has none there."""
    return {**data, "schema_version": 4}


_EFFECT = {"percent": "effect", "low": "effect_low", "high": "effect_high"}


def _fund(pooled: Any) -> Any:
    """A partner with several entries gave its share of an overspend with any of them; gains had no share."""
    if not isinstance(pooled, list) or not all(isinstance(entry, dict) for entry in pooled):
        return {"contributions": pooled}
    shares: dict[str, float] = {}
    for entry in pooled:
        if partner := entry.get("partner"):
            shares[partner] = max(shares.get(partner, 0), entry.get("risk_share", 0))
    paid = [{k: v for k, v in entry.items() if k != "risk_share"} for entry in pooled]
    partners = (
        [{"partner": p, "overspend": share} for p, share in shares.items()] if any(shares.values()) else []
    )
    return {"contributions": paid, "partners": partners}


MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: _outcomes_of_citizens,
    2: _effects_and_funds,
    3: _notes_on_departures,
}


def migrate(data: dict[str, Any]) -> dict[str, Any]:
    """Plan data of any earlier schema as data of the present one."""
    while (step := MIGRATIONS.get(data["schema_version"])) is not None:
        data = step(data)
    return data
