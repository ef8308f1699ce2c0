"""Areas that are alike: the official Similar 10 method.

Source: NHS England, Similar 10 CCG Explorer Tool, 2021. Each variable is capped
at its mean plus five standard deviations, square-rooted, and turned into a
z-score; the distance of two areas is the weighted sum of squared differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

CAP = 5  # standard deviations above the mean


@dataclass(frozen=True)
class Similar:
    """The areas most like one area, and what was not looked at.

    ``distances``: of every other area, nearest first, by code; its first ``n`` are
    ``codes``. ``parts``: how much of each distance each variable makes (same rows,
    one column a variable). ``missing``: areas left out, with the variables that
    they lack. ``constant``: variables that are the same everywhere and so tell
    nothing. ``reason`` says why there are no peers at all, otherwise "".
    """

    codes: tuple[str, ...]
    distances: pd.Series
    parts: pd.DataFrame
    missing: dict[str, tuple[str, ...]]
    constant: tuple[str, ...]
    reason: str = ""


def find(frame: pd.DataFrame, weights: Mapping[str, float], area: str, n: int = 10) -> Similar:
    """The ``n`` areas most like ``area`` on any set of variables and weights, itself left out.

    ``frame`` has one row an area (index: code) and one column a variable, none of
    it negative (values are square-rooted); other columns do not count. Weights
    need not add up to one: only their ratios decide who is near, and distances are
    in their unit. A variable with weight 0 is not looked at. Areas that lack a
    variable are left out and named; ties stand in the order of their codes. Never
    raises for bad figures: ``reason`` says what is wrong.
    """
    names = [name for name, weight in weights.items() if weight != 0]
    reason = _why_not(frame, weights, names, area)
    if reason:
        return Similar((), pd.Series(dtype=float), pd.DataFrame(), {}, (), reason)
    used = frame.loc[:, names].astype(float)
    lacking = {
        str(code): tuple(used.columns[row])
        for code, row in zip(used.index, used.isna().to_numpy(), strict=True)
    }
    scored = _z_scores(used.dropna())
    constant = tuple(name for name in names if (scored[name] == 0).all())
    weight = pd.Series({name: float(weights[name]) for name in names})
    parts = ((scored - scored.loc[area]) ** 2 * weight).drop(area)
    gaps = parts.sum(axis=1).sort_index().sort_values(kind="stable")
    return Similar(
        tuple(str(code) for code in gaps.index[:n]),
        gaps,
        parts.loc[gaps.index],
        {code: lacks for code, lacks in lacking.items() if lacks},
        constant,
    )


def _why_not(frame: pd.DataFrame, weights: Mapping[str, float], names: list[str], area: str) -> str:
    """Why no peers can be found, as a sentence; "" where they can."""
    if not names or not all(weight >= 0 for weight in weights.values()):
        return "Weights are zero or more, and at least one is above zero."
    absent = [name for name in names if name not in frame]
    if absent:
        return f"No figures on hand for {', '.join(absent)}."
    if area not in frame.index:
        return f"Area {area} is not among the areas with figures."
    if not frame.index.is_unique:
        return "An area stands in the figures more than once."
    used = frame.loc[:, names].astype(float)
    negative = [name for name in names if (used[name] < 0).any()]
    if negative:
        return f"The variables of the Similar 10 method may not be negative: {', '.join(negative)}."
    lacks = list(used.columns[used.loc[[area]].isna().to_numpy()[0]])
    if lacks:
        return f"Area {area} lacks a variable of the Similar 10 method: {', '.join(lacks)}."
    return ""


def distances(frame: pd.DataFrame, weights: Mapping[str, float], area: str) -> pd.Series:
    """The distance of every other area from ``area``, nearest first, indexed by code.

    Input as in :func:`find`. KeyError for an unknown area or column, ValueError
    for figures or weights that cannot be.
    """
    if area not in frame.index or not set(weights) <= set(frame.columns):
        raise KeyError(area if area not in frame.index else sorted(set(weights) - set(frame.columns)))
    found = find(frame, weights, area)
    if found.reason:
        raise ValueError(found.reason)
    return found.distances


def similar(frame: pd.DataFrame, weights: Mapping[str, float], area: str, n: int = 10) -> list[str]:
    """The codes of the ``n`` areas most like ``area``, nearest first, itself left out.

    See :func:`distances` for the input; fewer than ``n`` come back where there are fewer.
    """
    return [str(code) for code in distances(frame, weights, area).index[:n]]


def _z_scores(frame: pd.DataFrame) -> pd.DataFrame:
    """Capped, square-rooted, standardised by the population's deviation; a constant column scores 0."""
    capped = frame.clip(upper=frame.mean() + CAP * frame.std(ddof=0), axis=1)
    rooted = np.sqrt(capped)
    deviation = rooted.std(ddof=0)
    # A column whose figures differ by no more than their last bits is constant, too.
    differs = deviation > 1e-12 * rooted.max()
    return (rooted - rooted.mean()) / deviation.where(differs, np.inf)
