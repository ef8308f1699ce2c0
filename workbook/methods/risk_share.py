"""Who bears what: an over- or underspend shared by agreed shares, and a fixed-income contract settled.

Money is in one unit throughout (the workbook uses £000s a year). A burden is above
zero and a gain below it, as an overspend is: what a partner has to find beyond its
plan. Nothing is lost on the way: what partners bear and what no partner bears always
add up to what there was to share.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

_SLACK = 1e-9  # shares such as 0.1 + 0.2 + 0.7 add up to one only in decimals


class Shared(NamedTuple):
    """What each partner bears, and what no partner bears.

    ``parts``: one row for each amount and one column for each partner. ``unborne``: one for each amount; it and the
    row of parts add up to the amount.
    """

    parts: np.ndarray
    unborne: np.ndarray


class Settlement(NamedTuple):
    """A fixed-income contract for one year, one entry for each draw.

    ``income``: what the payer pays the provider. ``result``: the provider's income less its cost, before the pool.
    ``met``: what the pool is called on for. ``returned``: the part of a surplus that goes back. ``fillers``: what
    each of those who fill the pool bears, one column each, below zero where a surplus comes back. ``unborne``: the
    part of ``met`` and ``returned`` that no share covers. ``provider``: its result after the pool. ``payer``: what the
    payer pays beyond the contract's value, never above zero.
    """

    income: np.ndarray
    result: np.ndarray
    met: np.ndarray
    returned: np.ndarray
    fillers: np.ndarray
    unborne: np.ndarray
    provider: np.ndarray
    payer: np.ndarray


def share(amount: ArrayLike, shares: Sequence[float], most: Sequence[float | None] | None = None) -> Shared:
    """An amount by agreed shares, no partner above its cap.

    ``amount``: one or many, above or below zero. ``shares``: 0 to 1 each. Where they
    add up to less than one, the rest falls on nobody; where they add up to more, they are
    brought down in proportion, so that nothing is paid twice. ``most``: the most that each partner bears, None
    for no cap; what is above it falls on nobody and is never moved to another partner. A cap holds back a burden and not a
    gain.
    """
    amounts = np.atleast_1d(np.asarray(amount, dtype=float))
    agreed = np.asarray(shares, dtype=float)
    together = float(agreed.sum())
    if together > 1 + _SLACK:
        agreed = agreed / together
    parts = amounts[:, None] * agreed[None, :]
    if most is not None:
        caps = np.array([np.inf if cap is None else cap for cap in most], dtype=float)
        parts = np.minimum(parts, caps[None, :])
    return Shared(parts, _rest(amounts, parts, together, most))


def _rest(
    amounts: np.ndarray, parts: np.ndarray, together: float, most: Sequence[float | None] | None
) -> np.ndarray:
    """What is left of each amount; exactly nothing where the shares make a whole and no cap held anything back."""
    rest = amounts - parts.sum(axis=1)
    whole = together >= 1 - _SLACK
    return np.where(whole & (np.abs(rest) <= 1e-9 * np.abs(amounts)), 0.0, rest)


def against_plan(
    over: ArrayLike,
    bears: Sequence[float],
    gains: Sequence[float],
    most: Sequence[float | None] | None = None,
) -> Shared:
    """Spend beyond plan (below zero for an underspend) by the shares that hold for each.

    ``bears``: shares of an overspend. ``gains``: shares of an underspend. ``most``: caps on
    what a partner bears of an overspend.
    """
    amounts = np.atleast_1d(np.asarray(over, dtype=float))
    above, below = share(np.maximum(amounts, 0), bears, most), share(np.minimum(amounts, 0), gains)
    return Shared(above.parts + below.parts, above.unborne + below.unborne)


def settle(
    value: float,
    outcome_part: float,
    earned: ArrayLike,
    cost: ArrayLike,
    *,
    bears_first: float = 0.0,
    pool: float = 0.0,
    shares: Sequence[float] = (),
    gain_share: float = 0.0,
) -> Settlement:
    """A block or fixed-income contract with a part that depends on outcomes and a shared risk pool.

    ``value``: a year's income with all outcomes reached, ``outcome_part`` of it depends on them. ``earned``: the share
    reached, held between 0 and 1. ``cost``: what the work costs the provider. Of a loss the
    provider bears ``bears_first`` itself; the pool meets the rest up to ``pool``, filled by
    ``shares``. Of a surplus ``gain_share`` goes back to those who fill the pool, in the same shares. ``earned`` and ``cost``
    may be one figure or one for each draw.

    What all of them bear adds up to the cost less the contract's value:
    ``payer - provider + fillers + unborne = cost - value``.
    """
    reached, costs = np.broadcast_arrays(
        np.clip(np.atleast_1d(np.asarray(earned, dtype=float)), 0, 1),
        np.atleast_1d(np.asarray(cost, dtype=float)),
    )
    income = value - outcome_part + reached * outcome_part
    result = income - costs
    met = np.clip(-result - bears_first, 0, pool)
    returned = gain_share * np.maximum(result, 0)
    filled = share(met - returned, shares)
    provider = result + met - returned
    return Settlement(income, result, met, returned, filled.parts, filled.unborne, provider, income - value)
