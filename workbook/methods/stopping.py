"""The money of stopping services, year by year: released, cashed, stranded, falling away later, moved to others.

Arrays have one row a service and one column a financial year; amounts keep the
unit they come in. What each function works out adds up: released = cashed +
stranded + falls away later, in every year and for every service.

Source: National Audit Office, Decommissioning public services (full cost of
ending: what is released, what stays, what is paid once, what falls on others).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

FOR_EVER = np.inf


class Stopped(NamedTuple):
    """What stopping does to the money, each of shape (services, years)."""

    released: np.ndarray
    cashed: np.ndarray
    stranded: np.ndarray
    later: np.ndarray


def in_effect(years: Sequence[int], last_year: Sequence[float], months_left: Sequence[float]) -> np.ndarray:
    """The share of each year in which a service has stopped, 0 to 1; shape (services, years).

    ``last_year``: the financial year of its last day, NaN where it has none,
    and then nothing is in effect. ``months_left``: the whole months of that
    year after the last day, which are its share of the year.
    """
    year = np.asarray(years, dtype=float)[None, :]
    last = np.asarray(last_year, dtype=float)[:, None]
    months = np.asarray(months_left, dtype=float)[:, None]
    return np.where(year > last, 1.0, np.where(year == last, months / 12, 0.0))


def stopped(
    years: Sequence[int],
    last_year: Sequence[float],
    months_left: Sequence[float],
    released: Sequence[float],
    cashable: Sequence[float],
    stranded_years: Sequence[float],
) -> Stopped:
    """Released money split into what is cashed, what is stranded and what falls away later.

    - ``released`` = capacity no longer used x share of the year in which it is not.
    - ``cashed`` = its cashable part.
    - ``stranded`` = the rest (released - cashable), paid on for ``stranded_years``
      from the last day by whoever bears it; ``FOR_EVER`` (or NaN) is without end.
    - ``later`` = the rest once those years are over. It is no longer paid and
      nobody has yet said that it may be spent: it is not counted as cashed.

    A cashable part above what is released, which the workbook reports, strands
    nothing: the rest is never below zero.
    """
    effect = in_effect(years, last_year, months_left)
    part = np.asarray(cashable, dtype=float)[:, None]
    whole = np.maximum(np.asarray(released, dtype=float)[:, None], part)
    over = _over(years, last_year, months_left, stranded_years)
    rest = whole - part
    return Stopped(whole * effect, part * effect, rest * (effect - over), rest * over)


def _over(
    years: Sequence[int],
    last_year: Sequence[float],
    months_left: Sequence[float],
    stranded_years: Sequence[float],
) -> np.ndarray:
    """The share of each year in which the stranded cost has come to its end."""
    lasts = np.asarray(stranded_years, dtype=float)
    ends = np.where(np.isfinite(lasts), np.asarray(last_year, dtype=float) + lasts, np.nan)
    return in_effect(years, ends.tolist(), months_left)


def once(years: Sequence[int], last_year: Sequence[float], amount: Sequence[float]) -> np.ndarray:
    """A cost that is paid once, in the year of the last day; shape (services, years)."""
    year = np.asarray(years, dtype=float)[None, :]
    last = np.asarray(last_year, dtype=float)[:, None]
    return np.where(year == last, np.asarray(amount, dtype=float)[:, None], 0.0)


def by_owner(amounts: np.ndarray, owner: Sequence[int], owners: int) -> np.ndarray:
    """Amounts of (services, years) summed by who bears them; shape (owners, years).

    ``owner`` holds a row number for each row of ``amounts``. The column sums stay what they were.
    """
    found = np.zeros((owners, amounts.shape[1]))
    np.add.at(found, np.asarray(owner, dtype=int), amounts)
    return found


def net(
    released: np.ndarray, stranded: np.ndarray, transition: np.ndarray, shunted: np.ndarray
) -> np.ndarray:
    """What stopping leaves with each owner: released - stranded - paid once - moved onto it.

    Each of shape (owners, years), by whose money it is. Summed over all owners
    it is what the system as a whole gains: cashed + later - paid once - moved.
    """
    return released - stranded - transition - shunted
