"""Option appraisal: options scored by many people against weighted criteria.

Scores run from 1 to 5 (Likert). A score of 5 is good unless the criterion is
named in ``reversed``, where 5 is bad and counts as 1. Weighted scores run from
0 (all 1s) to 100 (all 5s).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

LOWEST, HIGHEST = 1, 5
FLAT_FROM = 4  # scores that are all the same say nothing from so many on
_TIE = 9  # decimals: scores that agree this far are tied


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
    frame = frame[frame["score"].notna()]
    frame.insert(1, "rank", frame["score"].round(_TIE).rank(method="min", ascending=False).astype(int))
    return frame.rename_axis("option").sort_values("rank", kind="stable").reset_index()


def means(scores: pd.DataFrame, weights: Mapping[str, float], reversed: Iterable[str] = ()) -> pd.DataFrame:
    """Mean score of each option (rows, as they first occur) on each criterion (columns), 1 to 5, 5 always good.

    NaN where nobody scored it. Only criteria with a weight, also one of nought. Errors as in :func:`appraise`.
    """
    clean = _clean(scores, weights, set(reversed))
    table = clean.pivot_table(index="option", columns="criterion", values="score", aggfunc="mean", sort=False)
    rows = [option for option in dict.fromkeys(scores["option"]) if option in table.index]
    return table.reindex(rows)[[c for c in weights if c in table.columns]]


def personal(
    scores: pd.DataFrame, weights: Mapping[str, float], reversed: Iterable[str] = ()
) -> pd.DataFrame:
    """Each person's own weighted score of each option, 0 to 100: people are rows, options columns.

    NaN where a person scored nothing of an option that carries a weight. A
    person who scored an option on some criteria only is taken at those.
    """
    clean = _clean(scores, weights, set(reversed))
    own = _weighted(clean, ["respondent", "option"], weights).unstack("option")
    rows = [p for p in dict.fromkeys(scores["respondent"]) if p in own.index]
    columns = [o for o in dict.fromkeys(scores["option"]) if o in own.columns]
    return own.reindex(index=rows, columns=columns)


def sensitivity(
    scores: pd.DataFrame, weights: Mapping[str, float], reversed: Iterable[str] = ()
) -> pd.DataFrame:
    """Whether the winner stays when weights change.

    One row a change: each criterion's weight halved and doubled, then all
    weights equal. Columns ``criterion`` ("" for all equal), ``change``
    ("halved", "doubled", "all equal"), ``winner`` (joined by " and " where
    several tie) and ``changes`` (bool, against the weights as given).
    """
    table = means(scores, weights, reversed)
    usual = _winner(table, weights)
    rows = []
    for criterion in weights:
        for change, factor in (("halved", 0.5), ("doubled", 2.0)):
            moved = {**weights, criterion: weights[criterion] * factor}
            rows.append((criterion, change, _winner(table, moved)))
    rows.append(("", "all equal", _winner(table, dict.fromkeys(weights, 1.0))))
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
    table = means(scores, weights, reversed)
    found: dict[str, list[str]] = {}
    for option in table.index:
        for other in table.index.drop(option):
            gap = (table.loc[other] - table.loc[option]).dropna()
            if len(gap) and (gap >= -1e-9).all() and (gap > 1e-9).any():
                found.setdefault(str(option), []).append(str(other))
    return found


# --- why one is ahead of another ------------------------------------------------


def gap_by_criterion(
    table: pd.DataFrame, weights: Mapping[str, float], option: str, other: str
) -> dict[str, float]:
    """What each criterion adds to the lead of ``option`` over ``other``, in points of 100; they add up to the lead.

    ``table`` as from :func:`means`. Each option's score is parted into its criteria: weight over the
    weights of the criteria that it was scored on, times its score; the difference of the parts is given.
    """
    weight = np.array([float(weights[c]) for c in table.columns])
    parts = []
    for name in (option, other):
        marks = (table.loc[name].to_numpy(dtype=float) - LOWEST) / (HIGHEST - LOWEST) * 100
        shares = np.where(np.isfinite(marks), weight, 0.0)
        shares = shares / shares.sum() if shares.sum() > 0 else shares
        parts.append(shares * np.nan_to_num(marks))
    return dict(zip(map(str, table.columns), (parts[0] - parts[1]).tolist(), strict=True))


class Tipping(NamedTuple):
    """The smallest change of one weight with which another option draws level, all other weights as they are."""

    criterion: str
    weight: float
    needed: float
    option: str

    @property
    def change(self) -> float:
        return self.needed - self.weight


def tipping(table: pd.DataFrame, weights: Mapping[str, float]) -> list[Tipping]:
    """For each criterion the smallest change of its weight that ends the lead of the winner, smallest change first.

    ``table`` as from :func:`means`. With ``a`` and ``b`` the weighted sum and the sum of the weights of all other
    criteria, an option scores (a + w s)/(b + w) under the weight w; where that equals the winner's is a quadratic
    equation in w (linear where both were scored on the same criteria). Criteria whose weight, however large or
    small, leaves the winner first are left out. Empty where there is no single winner or only one option.
    """
    names = [str(o) for o in table.index]
    marks = table.to_numpy(dtype=float)
    weight = np.array([float(weights[c]) for c in table.columns])
    best = _best(marks, weight)
    if len(names) < 2 or best.sum() != 1:
        return []
    winner = int(np.flatnonzero(best)[0])
    found = []
    for column, criterion in enumerate(table.columns):
        crossings = [
            (w, names[other])
            for other in range(len(names))
            if other != winner
            for w in _crossings(marks, weight, column, winner, other)
        ]
        if crossings:
            now = float(weight[column])
            needed, challenger = min(crossings, key=lambda c: abs(c[0] - now))
            found.append(Tipping(str(criterion), now, needed, challenger))
    return sorted(found, key=lambda t: abs(t.change))


def _crossings(marks: np.ndarray, weight: np.ndarray, column: int, one: int, two: int) -> list[float]:
    """The weights of one criterion, nought or more, with which two options draw level."""
    rest = weight.copy()
    rest[column] = 0.0
    (a1, b1, s1, k1), (a2, b2, s2, k2) = (_parted(marks[row], rest, column) for row in (one, two))
    # (a1 + w s1)(b2 + w k2) = (a2 + w s2)(b1 + w k1)
    terms = [s1 * k2 - s2 * k1, a1 * k2 + s1 * b2 - a2 * k1 - s2 * b1, a1 * b2 - a2 * b1]
    terms = [0.0 if abs(t) < 1e-12 else t for t in terms]
    if not any(terms[:2]):
        return []
    roots = np.roots(np.trim_zeros(terms, "f"))
    real = [float(r.real) for r in roots if abs(r.imag) < 1e-9 and r.real >= -1e-9]
    scored = [(b1 + w * k1 > 1e-9 and b2 + w * k2 > 1e-9) for w in real]
    return [max(w, 0.0) for w, fine in zip(real, scored, strict=True) if fine]


def _parted(marks: np.ndarray, rest: np.ndarray, column: int) -> tuple[float, float, float, float]:
    """Of one option: weighted sum and sum of weights without one criterion, its score there, and 1 if it has one."""
    known = np.isfinite(marks)
    return (
        float((np.nan_to_num(marks) * rest).sum()),
        float((known * rest).sum()),
        float(np.nan_to_num(marks)[column]),
        float(known[column]),
    )


# --- agreement ---------------------------------------------------------------------


class Agreement(NamedTuple):
    """Kendall's coefficient of concordance and what it rests on."""

    w: float
    people: int
    options: int


def agreement(own: pd.DataFrame) -> Agreement:
    """How far people rank the options alike: 1 is the same order, 0 no common order (Kendall's W).

    ``own`` as from :func:`personal`. With m people, n options and R the sums of the options' ranks,
    W = 12 sum((R - mean R)^2) / (m^2 (n^3 - n) - m T), where T adds t^3 - t over each person's groups of
    t tied options. Only people who scored every option count. NaN with fewer than two people or options,
    or where everybody ties all options. Kendall and Babington Smith 1939; Siegel and Castellan 1988.
    """
    whole = own.dropna()
    people, options = whole.shape
    if people < 2 or options < 2:
        return Agreement(float("nan"), people, options)
    ranks = whole.round(_TIE).rank(axis=1)
    sums = ranks.sum()
    ties = sum(float((n**3 - n).sum()) for n in (row.value_counts() for _, row in ranks.iterrows()))
    below = people**2 * (options**3 - options) - people * ties
    above = 12 * float(((sums - sums.mean()) ** 2).sum())
    return Agreement(above / below if below > 0 else float("nan"), people, options)


def apart(scores: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """How far people's scores of one option on one criterion lie apart, the farthest first.

    Scores as people gave them, not turned round. Columns ``option``, ``criterion``, ``low``, ``high``,
    ``distance``, ``spread`` (standard deviation, n - 1) and ``people``; only where at least two scored.
    Sorted by distance, then spread; ties keep the order in which they first occur.
    """
    kept = scores[scores["criterion"].isin(list(weights)) & scores["score"].notna()]
    grouped = kept.groupby(["option", "criterion"], sort=False)["score"]
    frame = grouped.agg(["min", "max", "std", "count"]).reset_index()
    frame.columns = pd.Index(["option", "criterion", "low", "high", "spread", "people"])
    frame = frame[frame["people"] > 1].assign(distance=lambda f: f["high"] - f["low"])
    return frame.sort_values(["distance", "spread"], ascending=False, kind="stable").reset_index(drop=True)


# --- scores that cannot be relied on ---------------------------------------------------


def flat(scores: pd.DataFrame) -> list[str]:
    """The people who gave the same score to everything (four scores or more), as they first occur."""
    given = scores[scores["score"].notna()].groupby("respondent", sort=False)["score"]
    counts = given.agg(["nunique", "count"])
    return [str(p) for p in counts.index[(counts["nunique"] == 1) & (counts["count"] >= FLAT_FROM)]]


def given(scores: pd.DataFrame, options: Sequence[str], criteria: Sequence[str]) -> pd.DataFrame:
    """How many of the criteria each person scored for each option: people are rows, options columns, 0 for none."""
    kept = scores[
        scores["option"].isin(list(options))
        & scores["criterion"].isin(list(criteria))
        & scores["score"].notna()
    ]
    people = list(dict.fromkeys(scores["respondent"]))
    counts = kept.groupby(["respondent", "option"]).size().unstack("option")
    return counts.reindex(index=people, columns=list(options)).fillna(0).astype(int)


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


def _best(marks: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Which options have the best weighted mean; none where no option has a score that counts."""
    known = np.isfinite(marks) * weight
    with np.errstate(invalid="ignore", divide="ignore"):
        total = np.nansum(marks * weight, axis=1) / known.sum(axis=1)
    if not np.isfinite(total).any():
        return np.zeros(len(total), dtype=bool)
    best: np.ndarray = np.round(total, _TIE) == np.round(np.nanmax(total), _TIE)
    return best


def _winner(table: pd.DataFrame, weights: Mapping[str, float]) -> str:
    """The option with the best weighted mean, several joined by " and "; see :func:`appraise`."""
    if table.empty:
        return ""
    weight = np.array([float(weights[c]) for c in table.columns])
    return " and ".join(table.index[_best(table.to_numpy(dtype=float), weight)].astype(str))
