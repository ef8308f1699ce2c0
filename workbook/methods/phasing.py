"""What a scheme costs and saves, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd


def scheme(
    years: Iterable[int],
    start_year: int | None,
    ramp: Sequence[float],
    set_up: float,
    recurrent: float,
    gross_saving: float,
    cashable_share: float,
    double_running_months: int = 0,
) -> pd.DataFrame:
    """One row a year with what the scheme costs and saves, in the unit of the amounts.

    - ``set_up`` falls in the start year.
    - ``running`` cost and ``released`` capacity follow the ramp: the share in
      effect in the first, second, ... year; its last value holds on, and an
      empty ramp means full effect at once.
    - ``cashed`` is the part of the released capacity that can be taken out:
      released x cashable share. Only this counts as a saving.
    - ``double_running`` is the cost of keeping the old side open for that many
      months after each step of the ramp, in money that would otherwise be
      cashed: savings in effect come that much later. With a ramp that rises to
      1 it adds up to gross saving x cashable share x months / 12.
    - ``net`` = cashed - set_up - running - double_running; below zero it costs.

    Years before the start, and every year where there is no start year, are
    zero. A start before the first of ``years`` keeps its place on the ramp;
    its set-up cost then lies outside the table.
    """
    listed = list(years)
    effect = np.array([_share(ramp, _age(year, start_year)) for year in listed])
    delayed = np.array([_delayed(ramp, _age(year, start_year), double_running_months) for year in listed])
    released = gross_saving * effect
    cashed = released * cashable_share
    # A ramp that falls again leaves nothing open on the old side, hence the floor at zero.
    double_running = gross_saving * cashable_share * np.maximum(effect - delayed, 0.0)
    set_ups = np.array([set_up if year == start_year else 0.0 for year in listed], dtype=float)
    running = recurrent * effect
    return pd.DataFrame(
        {
            "year": listed,
            "set_up": set_ups,
            "running": running,
            "double_running": double_running,
            "released": released,
            "cashed": cashed,
            "net": cashed - set_ups - running - double_running,
        }
    )


def effect(years: Iterable[int], start_year: int | None, ramp: Sequence[float]) -> np.ndarray:
    """The share of full effect (0 to 1) in each of ``years``."""
    return np.array([_share(ramp, _age(year, start_year)) for year in years])


def _age(year: int, start_year: int | None) -> int:
    """Whole years since the start; negative before it, or where there is none."""
    return -1 if start_year is None else year - start_year


def _share(ramp: Sequence[float], age: int) -> float:
    if age < 0:
        return 0.0
    return float(ramp[min(age, len(ramp) - 1)]) if ramp else 1.0


def _delayed(ramp: Sequence[float], age: int, months: int) -> float:
    """The share in effect when everything comes ``months`` later, as the mean over the year."""
    whole, part = divmod(months, 12)
    return (part / 12) * _share(ramp, age - whole - 1) + (1 - part / 12) * _share(ramp, age - whole)
