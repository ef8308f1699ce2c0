"""Departures from what the workbook suggests that have no note to say why, where no other rule asks for one."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps import departures
from workbook.steps.thread.context import Context, finding, rule

# The places of the notes that only this rule asks for: what a scope, a line or a share of risk needs is asked in its own room.
_HERE = (
    "/needs/peers_reason",
    "/needs/shortlist/reason",
    "/budget/scope/ladder_reason",
    "/decommissioning/quality/reason",
)


@rule()
def departure_without_note(c: Context) -> Iterator[Finding]:
    """Peers, weights, the ladder or the matrix of quality changed, and no note says why."""
    for found in departures.departures(c.plan, c.reference, findings=False):
        if not found.note and found.path in _HERE:
            yield finding(
                "departure-without-note",
                "doubt",
                f"{found.what}: this plan has “{found.chosen}” instead of “{found.suggested}”, and no note says why.",
                "Write down why, who agreed it and when.",
                found.step,
                found.path,
            )
