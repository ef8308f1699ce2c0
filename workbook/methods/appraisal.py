"""Option appraisal: options scored by many people against weighted criteria.

Scores run from 1 to 5 (Likert). A score of 5 is good unless the criterion is
named in ``reversed``, where 5 is bad and counts as 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

LOWEST, HIGHEST = 1, 5


def appraise(
    scores: pd.DataFrame, weights: Mapping[str, float], reversed: Iterable[str] = ()
) -> pd.DataFrame:
    """The options in order, best first.

    ``scores`` is long: columns respondent, option, criterion, score (1 to 5; a
    missing score is left out). ``weights`` name the criteria that count; they
    need not add up to anything. Returns columns ``option``, ``score`` (weighted
    mean of the criteria's mean scores, 0 is all 1s and 100 all 5s), ``rank``
    (ties share the better rank), ``spread`` (standard deviation between
    respondents' own weighted scores, on the same scale; NaN with fewer than
    two), ``respondents``. A criterion that nobody scored for an option is left
    out there and the other weights stand for it. Ties keep the order in which
    the options first occur. ValueError for a score outside 1 to 5, or weights
    that are negative or all zero.
    """
    clean = _clean(scores, weights, set(reversed))
    order = list(dict.fromkeys(scores["option"]))
    means = clean.groupby(["option", "criterion"])["score"].mean().reset_index()
    total = _weighted(means, ["option"], weights)
    personal = _weighted(clean, ["option", "respondent"], weights).groupby("option")
    frame = pd.DataFrame(
        {
            "score": total,
            "spread": personal.std(ddof=1),
            "respondents": clean.groupby("option")["respondent"].nunique(),
        }
    ).reindex([option for option in order if option in total.index])
    frame.insert(1, "rank", frame["score"].round(9).rank(method="min", ascending=False).astype(int))
    return frame.rename_axis("option").sort_values("rank", kind="stable").reset_index()


def sensitivity(
    scores: pd.DataFrame, weights: Mapping[str, float], reversed: Iterable[str] = ()
) -> pd.DataFrame:
    """Whether the winner stays when weights change.

    One row a change: each criterion's weight halved and doubled, then all
    weights equal. Columns ``criterion`` ("" for all equal), ``change``
    ("halved", "doubled", "all equal"), ``winner`` (joined by " and " where
    several tie) and ``changes`` (bool, against the weights as given).
    """
    means = _means(scores, weights, set(reversed))
    usual = _winner(means, weights)
    rows = []
    for criterion in weights:
        for change, factor in (("halved", 0.5), ("doubled", 2.0)):
            moved = {**weights, criterion: weights[criterion] * factor}
            rows.append((criterion, change, _winner(means, moved)))
    rows.append(("", "all equal", _winner(means, dict.fromkeys(weights, 1.0))))
    frame = pd.DataFrame(rows, columns=["criterion", "change", "winner"])
    frame["changes"] = frame["winner"] != usual
    return frame


def dominated(
    scores: pd.DataFrame, weights: Mapping[str, float], reversed: Iterable[str] = ()
) -> dict[str, list[str]]:
    """Options that no weighting could make best: option -> those that beat it throughout.

    Another option dominates where its mean score is at least as good on every
    criterion that both were scored on, and better on one.
    """
    means = _means(scores, weights, set(reversed))
    found: dict[str, list[str]] = {}
    for option in means.index:
        for other in means.index.drop(option):
            gap = (means.loc[other] - means.loc[option]).dropna()
            if len(gap) and (gap >= -1e-9).all() and (gap > 1e-9).any():
                found.setdefault(str(option), []).append(str(other))
    return found


def _clean(scores: pd.DataFrame, weights: Mapping[str, float], turned: set[str]) -> pd.DataFrame:
    """The scores that count, reversed criteria turned round."""
    if any(w < 0 for w in weights.values()) or not any(w > 0 for w in weights.values()):
        raise ValueError("weights are zero or more, and at least one is above zero")
    kept = scores[scores["criterion"].isin(list(weights)) & scores["score"].notna()].copy()
    if not kept["score"].between(LOWEST, HIGHEST).all():
        raise ValueError(f"a score lies outside {LOWEST} to {HIGHEST}")
    flip = kept["criterion"].isin(turned)
    kept["score"] = kept["score"].astype(float).where(~flip, LOWEST + HIGHEST - kept["score"])
    return kept


def _weighted(frame: pd.DataFrame, by: list[str], weights: Mapping[str, float]) -> pd.Series:
    """Weighted mean score within each group, turned into 0 to 100."""
    weight = frame["criterion"].map(weights).astype(float)
    keys = [frame[name] for name in by]
    weighed = weight.groupby(keys).sum().replace(0, float("nan"))
    total = (frame["score"] * weight).groupby(keys).sum() / weighed
    return (total - LOWEST) / (HIGHEST - LOWEST) * 100


def _means(scores: pd.DataFrame, weights: Mapping[str, float], turned: set[str]) -> pd.DataFrame:
    """Mean score of each option (rows, as they first occur) on each criterion; NaN where nobody scored it."""
    clean = _clean(scores, weights, turned)
    table = clean.pivot_table(index="option", columns="criterion", values="score", aggfunc="mean", sort=False)
    return table.reindex([option for option in dict.fromkeys(scores["option"]) if option in table.index])


def _winner(means: pd.DataFrame, weights: Mapping[str, float]) -> str:
    """The option with the best weighted mean, several joined by " and "; see :func:`appraise`."""
    if means.empty:
        return ""
    values = means.to_numpy(dtype=float)
    weight = np.array([weights[c] for c in means.columns], dtype=float)
    known = np.isfinite(values) * weight
    with np.errstate(invalid="ignore"):
        total = np.nansum(values * weight, axis=1) / known.sum(axis=1)
    best = np.round(total, 9) == np.round(np.nanmax(total), 9)
    return " and ".join(means.index[best].astype(str))
