"""What a scheme costs and saves, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

AMOUNTS = ("set_up", "running", "double_running", "released", "cashed", "net")


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
    found = many(
        listed,
        [start_year],
        [ramp],
        [set_up],
        [recurrent],
        [gross_saving],
        [cashable_share],
        [double_running_months],
    )
    return pd.DataFrame({"year": listed} | {name: found[name][0] for name in AMOUNTS})


def many(
    years: Sequence[int],
    start_years: Sequence[int | None],
    ramps: Sequence[Sequence[float]],
    set_up: ArrayLike,
    recurrent: ArrayLike,
    gross_saving: ArrayLike,
    cashable_share: ArrayLike,
    double_running_months: ArrayLike,
) -> dict[str, np.ndarray]:
    """:func:`scheme` of n schemes at once: each argument has n entries, each result n rows and one column a year."""
    age = _ages(years, start_years)
    table = _ramps(ramps)
    once, each, gross, cashable = (
        np.asarray(a, dtype=float)[:, None] for a in (set_up, recurrent, gross_saving, cashable_share)
    )
    whole, months = np.divmod(np.asarray(double_running_months, dtype=int)[:, None], 12)
    share = _shares(table, age)
    part = months / 12
    delayed = part * _shares(table, age - whole - 1) + (1 - part) * _shares(table, age - whole)
    released = gross * share
    cashed = released * cashable
    # A ramp that falls again leaves nothing open on the old side, hence the floor at zero.
    double_running = gross * cashable * np.maximum(share - delayed, 0.0)
    set_ups = once * (age == 0)
    running = each * share
    net = cashed - set_ups - running - double_running
    return dict(zip(AMOUNTS, (set_ups, running, double_running, released, cashed, net), strict=True))


def effect(years: Iterable[int], start_year: int | None, ramp: Sequence[float]) -> np.ndarray:
    """The share of full effect (0 to 1) in each of ``years``."""
    return _shares(_ramps([ramp]), _ages(list(years), [start_year]))[0]


def delayed(by_whole_years: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Amounts by year where everything comes some months late, in each of many draws.

    ``by_whole_years``: the amounts where it comes 0, 1, 2, ... whole years late: draws x delays x years, or
    delays x years where they are the same in every draw. ``months``: the delay in each draw, nought or
    more; a delay of part of a year lies between the two, and none is longer than the last one given.
    Returns draws x years.
    """
    last = by_whole_years.shape[-2] - 1
    late = np.clip(months / 12, 0, last)
    whole = np.minimum(late.astype(int), max(last - 1, 0))
    part = (late - whole)[:, None]
    after = np.minimum(whole + 1, last)
    if by_whole_years.ndim == 2:
        return (1 - part) * by_whole_years[whole] + part * by_whole_years[after]
    row = np.arange(len(months))
    return (1 - part) * by_whole_years[row, whole] + part * by_whole_years[row, after]


_NEVER = -1_000_000


def _ages(years: Sequence[int], start_years: Sequence[int | None]) -> np.ndarray:
    """Whole years since the start: schemes x years; far below zero where there is no start."""
    starts = np.array([_NEVER if s is None else s for s in start_years], dtype=int)[:, None]
    return np.where(starts == _NEVER, _NEVER, np.asarray(years, dtype=int)[None, :] - starts)


def _ramps(ramps: Sequence[Sequence[float]]) -> np.ndarray:
    """The ramps as rows of one length: the last value holds on, an empty ramp is full effect at once."""
    longest = max((len(r) for r in ramps), default=1) or 1
    filled = [list(r) or [1.0] for r in ramps]
    return np.array([r + [r[-1]] * (longest - len(r)) for r in filled], dtype=float).reshape(-1, longest)


def _shares(ramps: np.ndarray, age: np.ndarray) -> np.ndarray:
    found = np.take_along_axis(ramps, np.clip(age, 0, ramps.shape[1] - 1), axis=1)
    return np.where(age < 0, 0.0, found)
