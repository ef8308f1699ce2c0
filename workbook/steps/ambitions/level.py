"""The way to the level chosen: a waypoint for each year, and the figure from which the last year is in doubt."""

from __future__ import annotations

import math

from workbook.blocks import Block, Column, table
from workbook.methods.projection import EarlyWarning
from workbook.steps.lines import Outlook
from workbook.words import in_unit


def waypoints(found: Outlook, anchor: str) -> list[Block]:
    """The level of each year, what it means, and the early warning; nothing while no level is chosen."""
    if found.chosen is None:
        return []
    s, d = found.standing, found.standing.indicator.decimals
    counted = found.events(0) is not None
    warned = any(math.isfinite(w.hard) for w in found.warnings)
    worse = found.warnings[0].worse if warned else ""
    return [
        table(
            f"waypoints-{anchor}",
            f"{s.indicator.name}: waypoints to {found.years[-1]}"
            + (", with early warning" if warned else ""),
            [
                Column("year", "Year"),
                Column("level", "Level aimed at", decimals=d),
                *([Column("events", "Against do nothing", found.events_label, 0)] if counted else []),
                *([Column("hard", f"Hard to reach if {worse}", decimals=d)] if warned else []),
                *([Column("lost", f"Out of reach if {worse}", decimals=d)] if warned else []),
            ],
            [_row(found, n) for n in range(len(found.years))],
            note=_note(found, warned),
            missing="none",
        )
    ]


def _row(found: Outlook, n: int) -> dict[str, object]:
    assert found.chosen
    level, nothing = found.chosen.values[n], found.lines["do-nothing"].values[n]
    warning: EarlyWarning | None = (
        found.warnings[n] if n < min(len(found.warnings), len(found.years) - 1) else None
    )
    return {
        "year": str(found.years[n]),
        "level": level,
        "events": found.events(level - nothing),
        "hard": warning.hard if warning else None,
        "lost": warning.out_of_reach if warning else None,
    }


def _note(found: Outlook, warned: bool) -> str:
    owner = f" by {found.ambition.owner}" if found.ambition.owner else ""
    said = (
        f"Levels {in_unit(found.standing.indicator.unit)}. Each waypoint is looked at{owner} as soon as its figure is "
        "published."
    )
    if not warned:
        return said
    return (
        f"{said} Past the first figure only one in ten past moves managed what would be left; past the second, one in a "
        f"hundred or a single area. In {found.years[-1]} the level itself decides."
    )
