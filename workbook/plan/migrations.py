"""Plans of earlier schemas, brought to the present one step at a time.

A change of schema adds a function here that takes the data of version n and
returns that of n + 1; plans are never rewritten on disk by being read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def migrate(data: dict[str, Any]) -> dict[str, Any]:
    """Plan data of any earlier schema as data of the present one."""
    while (step := MIGRATIONS.get(data["schema_version"])) is not None:
        data = step(data)
    return data
