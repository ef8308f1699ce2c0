"""Indicators: what a series measures, which way is better, and how far it can be trusted over time."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from workbook.errors import UnknownIndicator


@dataclass(frozen=True)
class Indicator:
    """One measure of the catalogue.

    ``polarity`` says which is better: "low", "high" or "none" (no judgement is
    due). ``per`` is the multiplier of the rate (100000, 1000, 100 for a
    percentage, 0 for none). ``period_years`` above 1 means that periods
    overlap, so neighbouring points are not independent. ``break_years`` are
    the first years after a break in the series. ``status`` is "live",
    "successor", "replaced", "discontinued", "synthetic" or "local".
    """

    id: str
    name: str
    unit: str = ""
    polarity: str = "none"
    decimals: int = 1
    per: int = 0
    status: str = "live"
    break_years: tuple[int, ...] = ()
    ambition: int | None = None
    successor: str = ""
    geography_vintage: str = ""
    period_years: int = 1
    count_label: str = ""
    value_type: str = ""
    source: str = ""
    licence: str = ""
    vintage: str = ""
    note: str = ""
    synthetic: bool = False

    @property
    def counted_in(self) -> str:
        """What a gap in the figure is counted in: "deaths", "admissions", "years of life"."""
        if self.unit.startswith("years per"):
            return "years of life"
        return self.count_label or "people"


def find(text: str, known: Iterable[Indicator]) -> Indicator:
    """The one indicator whose id is ``text``, or whose name is or contains it.

    Raises:
        UnknownIndicator: none, or several; names the nearest, or those that fit.
    """
    known = list(known)
    wanted = text.strip().casefold()
    same_id = [i for i in known if i.id.casefold() == wanted]
    same_name = [i for i in known if i.name.casefold() == wanted]
    parts = [i for i in known if wanted and (wanted in i.name.casefold() or wanted in i.id.casefold())]
    for fits in (same_id, same_name, parts):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise UnknownIndicator(
                f"{len(fits)} indicators fit {text!r}.", f"Say which one by its id: {_some(fits)}."
            )
    raise UnknownIndicator(f"There is no indicator {text!r}.", nearest(text, known))


def nearest(text: str, known: Iterable[Indicator]) -> str:
    """A remedy that names the indicators whose id or name is nearest to ``text``."""
    names = {i.id.casefold(): i for i in known} | {i.name.casefold(): i for i in known}
    close = difflib.get_close_matches(text.strip().casefold(), names, n=6, cutoff=0.5)
    if not close:
        return "'workbook data list' shows the indicators that are known; import a file to add more."
    found = list({names[c].id: names[c] for c in close}.values())[:3]
    return f"Did you mean {_some(found)}?"


def _some(indicators: list[Indicator]) -> str:
    shown = ", ".join(f"{i.id} ({i.name})" for i in indicators[:5])
    return f"{shown} and {len(indicators) - 5} more" if len(indicators) > 5 else shown
