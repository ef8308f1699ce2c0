"""Ranking a shortlist by several criteria, and how stable the order is.

Scores are numbers from 0 (least reason to act) to 1 (most). Weights are a
judgement, so the order is tried under many others near them: an option that
stays on top under all of them is a safer choice than one that needs exactly
these. Source: weighted sum of multi-criteria analysis (Department for Communities
and Local Government 2009, Multi-criteria analysis: a manual); stability by draws
of weights as in stochastic multicriteria acceptability analysis (Lahdelma and
others 1998).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

DRAWS = 2000
CONCENTRATION = 20.0  # of the Dirichlet draws: a weight of 25 % moves between about 11 and 42 %
TOP = 3
TIE = 9  # decimals: scores that agree this far are tied


def left_out(scores: pd.DataFrame, weights: Mapping[str, float]) -> list[str]:
    """Criteria that carry a weight but say nothing: no column, or no option has a score.

    They are left out and the other weights stand for them; say so beside the ranking.
    """
    return [c for c, w in weights.items() if w > 0 and (c not in scores or scores[c].isna().all())]


def weighted(scores: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """The weighted mean score of each option, 0 to 1, in the order of the rows.

    ``scores`` has one row an option and one column a criterion; columns without
    a weight do not count. Weights need not add up to one. Where an option lacks
    a criterion, its other criteria stand for it (their weights are scaled up);
    NaN where it has none. ValueError for scores outside 0 to 1, a negative or
    missing weight, or weights that are all zero.
    """
    matrix, weight = _clean(scores, weights)
    return pd.Series(_totals(matrix, weight[None, :])[0], index=scores.index, name="score")


def rank(scores: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """The rank of each option, 1 for the highest score; ties share their average rank.

    Input and errors as in :func:`weighted`; NaN for an option without a score.
    """
    return pd.Series(
        _ranks(weighted(scores, weights).to_numpy()[None, :])[0], index=scores.index, name="rank"
    )


def stability(
    scores: pd.DataFrame,
    weights: Mapping[str, float],
    draws: int = DRAWS,
    seed: int = 1,
    concentration: float = CONCENTRATION,
    top: int = TOP,
) -> pd.DataFrame:
    """How each option fares when the weights move around those chosen.

    ``draws`` sets of weights come from a Dirichlet distribution whose mean is
    the chosen weights (a weight of 0 stays 0); ``concentration`` says how close
    they stay. One row an option, in the order of ``scores``, with columns

    - ``rank``: under the weights as chosen
    - ``share_first``, ``share_top``: share of draws in which it comes first, or
      among the first ``top`` (a tie for first counts in equal parts)
    - ``low``, ``high``: best and worst rank in the middle 90 % of draws
    - ``one_low``, ``one_high``: best and worst rank when any one weight is
      halved or doubled

    The same seed gives the same table. All NaN for an option without a score.
    """
    matrix, weight = _clean(scores, weights)
    chosen = _ranks(_totals(matrix, weight[None, :]))[0]
    totals = _totals(matrix, _drawn(weight, draws, seed, concentration))
    ranks = _ranks(totals)
    single = _ranks(_totals(matrix, np.vstack([weight, *_one_at_a_time(weight)])))
    known = np.isfinite(chosen)
    best = np.round(totals, TIE) == np.round(np.max(totals[:, known], axis=1, initial=-1, keepdims=True), TIE)
    low, high = np.quantile(ranks, [0.05, 0.95], axis=0, method="nearest")
    frame = pd.DataFrame(
        {
            "rank": chosen,
            "share_first": (best / np.maximum(best.sum(axis=1, keepdims=True), 1)).mean(axis=0),
            "share_top": (ranks <= top).mean(axis=0),
            "low": low,
            "high": high,
            "one_low": single.min(axis=0),
            "one_high": single.max(axis=0),
        },
        index=scores.index,
    )
    frame.loc[~known, :] = np.nan
    return frame


def sensitivity(scores: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Whether the first place changes when one weight is halved or doubled, or all are equal.

    One row a change: ``criterion`` ("" for all equal), ``change``, ``first``
    (the options in first place, in the order of ``scores``) and ``changes``.
    """
    matrix, weight = _clean(scores, weights)
    names = [c for c in weights if c in scores]
    used = [name for name, w in zip(names, weight, strict=True) if w > 0]
    tried = [(name, change) for name in used for change in ("halved", "doubled")]
    rows = np.vstack([weight, *_one_at_a_time(weight), (weight > 0).astype(float)])
    firsts = [
        tuple(scores.index[np.flatnonzero(r == np.nanmin(r))]) if np.isfinite(r).any() else ()
        for r in _ranks(_totals(matrix, rows))
    ]
    return pd.DataFrame(
        [(*label, first, first != firsts[0]) for label, first in zip([*tried, ("", "all equal")], firsts[1:], strict=True)],
        columns=["criterion", "change", "first", "changes"],
    )  # fmt: skip


def _clean(scores: pd.DataFrame, weights: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Scores (options, criteria) of the criteria that are there, and their weights, which sum to one."""
    if not all(w >= 0 for w in weights.values()) or not any(w > 0 for w in weights.values()):
        raise ValueError("weights are zero or more, and at least one is above zero")
    names = [c for c in weights if c in scores]
    matrix = scores[names].to_numpy(dtype=float)
    if ((matrix < 0) | (matrix > 1)).any():
        raise ValueError("a score lies outside 0 to 1")
    weight = np.array([float(weights[c]) for c in names])
    weight = np.where(np.isnan(matrix).all(axis=0), 0.0, weight)
    return matrix, weight / weight.sum() if weight.sum() > 0 else weight


def _totals(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean of each option (columns) under each row of weights."""
    known = np.isfinite(matrix)
    shares = weights @ known.T.astype(float)
    return weights @ np.where(known, matrix, 0.0).T / np.where(shares > 0, shares, np.nan)


def _ranks(totals: np.ndarray) -> np.ndarray:
    """Ranks within each row, 1 for the highest; ties by average, NaN where there is no score."""
    rounded = np.round(totals, TIE)
    higher = (rounded[:, None, :] > rounded[:, :, None]).sum(axis=2)
    alike = (rounded[:, None, :] == rounded[:, :, None]).sum(axis=2)
    return np.where(np.isfinite(totals), higher + (alike + 1) / 2, np.nan)


def _drawn(weight: np.ndarray, draws: int, seed: int, concentration: float) -> np.ndarray:
    """Sets of weights around the chosen ones, by gamma draws scaled to one."""
    if not weight.any():
        return np.zeros((draws, len(weight)))
    shape = np.maximum(weight * concentration, 1e-12)
    drawn = np.random.default_rng(seed).gamma(shape, size=(draws, len(weight))) * (weight > 0)
    total = drawn.sum(axis=1, keepdims=True)
    return np.where(total > 0, drawn / np.where(total > 0, total, 1), weight)


def _one_at_a_time(weight: np.ndarray) -> list[np.ndarray]:
    """The weights with one of them halved, then doubled, in turn; weights of zero stay."""
    return [
        np.where(np.arange(len(weight)) == i, weight * factor, weight)
        for i in np.flatnonzero(weight > 0)
        for factor in (0.5, 2.0)
    ]
