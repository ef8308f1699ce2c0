"""Areas that are alike: the official Similar 10 method.

Source: NHS England, Similar 10 CCG Explorer Tool, 2021. Each variable is capped
at its mean plus five standard deviations, square-rooted, and turned into a
z-score; the distance of two areas is the weighted sum of squared differences.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

CAP = 5  # standard deviations above the mean

# The weights of 2021, by the names of the official input file.
WEIGHTS_2021: dict[str, float] = {
    "IMDscore": 0.25,
    "poptot": 0.15,
    "pc_pop_rural_sparse": 0.15,
    "pop_18_39": 0.10,
    "pop_65_84": 0.10,
    "pop_85plus": 0.10,
    "pc_White_other": 0.03,
    "pc_Mixed": 0.03,
    "pc_Asian": 0.03,
    "pc_Black": 0.03,
    "pc_OtherEth": 0.03,
}


def distances(frame: pd.DataFrame, weights: Mapping[str, float], area: str) -> pd.Series:
    """The distance of every other area from ``area``, nearest first, indexed by code.

    ``frame`` has one row an area (index: code) and at least the columns that
    ``weights`` names, none of them negative (they are square-rooted). An area
    with a missing variable is left out; ties stand in the order of their codes.
    Raises KeyError for an unknown area or column, ValueError for a negative figure.
    """
    used = frame.loc[:, list(weights)].astype(float)
    if area not in used.index:
        raise KeyError(area)
    if (used < 0).any().any():
        raise ValueError("the variables of the Similar 10 method may not be negative")
    scored = _z_scores(used.dropna())
    if area not in scored.index:
        raise ValueError(f"area {area} lacks a variable of the Similar 10 method")
    weight = pd.Series(weights, dtype=float)
    gaps = ((scored - scored.loc[area]) ** 2 * weight).sum(axis=1).drop(area)
    return gaps.sort_index().sort_values(kind="stable")


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
    return (rooted - rooted.mean()) / deviation.where(deviation > 0, np.inf)
