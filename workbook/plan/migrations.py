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


MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _outcomes_of_citizens}


def migrate(data: dict[str, Any]) -> dict[str, Any]:
    """Plan data of any earlier schema as data of the present one."""
    while (step := MIGRATIONS.get(data["schema_version"])) is not None:
        data = step(data)
    return data
