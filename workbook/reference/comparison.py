"""What areas are compared by: the variables that make peers alike, and the spending that stands beside an outcome."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PeerVariable:
    """One variable of the official Similar 10 method, with its weight of 2021."""

    indicator: str
    label: str
    weight: float


@dataclass(frozen=True)
class SpendAndOutcome:
    """A programme: the indicator of its spending per head and that of its outcome, by id."""

    programme: str
    spend: str
    outcome: str
    note: str = ""
